package report

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"slices"
	"strings"

	"github.com/mattn/go-runewidth"

	"lodestone/internal/exposure"
)

// The charts are plain SVG text: no script, no font, no file beside it. Every part bears its name, so that nothing rests on colour; a page sets
// the colours of the classes, for light, dark and print.
var chartColours = []string{"#1f4e79", "#d98324", "#5b8c5a", "#8c3b5e", "#7a7fb5", "#b8a04a", "#b9bec4"}

const chartWide, chartHigh = 640, 230

func svg(title string, high int, body string) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg class="chart" viewBox="0 0 %d %d" role="img" aria-label="%s"><title>%s</title>%s</svg>`, chartWide, high, html.EscapeString(title), html.EscapeString(title), body))
}

func label(x, y float64, anchor, text string) string {
	return fmt.Sprintf(`<text x="%.1f" y="%.1f" text-anchor="%s">%s</text>`, x, y, anchor, html.EscapeString(text))
}

// captioned puts a chart under its caption and a note on basis, edition and years.
func captioned(chart template.HTML, caption, note string) template.HTML {
	if chart == "" {
		return ""
	}
	return template.HTML(fmt.Sprintf(`<figure tabindex="0"><figcaption>%s<small>%s</small></figcaption>%s</figure>`, html.EscapeString(caption), html.EscapeString(note), chart))
}

// sparkChart draws a series of fractions as a line from 0 to 1; a missing number breaks it.
func sparkChart(x []float64) template.HTML {
	if len(x) < 2 {
		return ""
	}
	var b strings.Builder
	pen := "M"
	for i, v := range x {
		if !exposure.Known(v) {
			pen = "M"
			continue
		}
		fmt.Fprintf(&b, "%s%.1f,%.1f", pen, 2+float64(i)*96/float64(len(x)-1), 18-16*math.Min(1, math.Max(0, v)))
		pen = "L"
	}
	return template.HTML(fmt.Sprintf(`<svg class="spark" viewBox="0 0 100 20" role="img" aria-label="%s"><path d="M2,18H98" class="axis" opacity=".4"/><path d="%s" fill="none" stroke="currentColor" stroke-width="2" vector-effect="non-scaling-stroke"/></svg>`,
		sparkline(x), b.String()))
}

// layer is one band of an area chart.
type layer struct {
	name   string
	shares []float64
}

// areaChart stacks yearly shares; what the layers leave is the rest. Names stand at the right, each at the height of its band.
func areaChart(title string, years []int, layers []layer, rest string) template.HTML {
	if len(years) < 2 {
		return ""
	}
	const left, right, top, bottom = 46, 470, 12, 200
	x := func(i int) float64 { return left + float64(i)*(right-left)/float64(len(years)-1) }
	y := func(v float64) float64 { return bottom - (bottom-top)*v }
	base := make([]float64, len(years))
	others := layer{rest, make([]float64, len(years))}
	for i := range years {
		others.shares[i] = 1
		for _, l := range layers {
			others.shares[i] -= l.shares[i]
		}
		others.shares[i] = math.Max(0, others.shares[i])
	}
	var b strings.Builder
	var marks []mark
	for n, l := range append(slices.Clone(layers), others) {
		class := fmt.Sprintf("s%d", n)
		if n == len(layers) {
			class = "s6"
		}
		var up, down strings.Builder
		last := len(years) - 1
		for i := range years {
			fmt.Fprintf(&down, "%.1f,%.1f ", x(last-i), y(base[last-i]))
		}
		low := base[last]
		for i := range years {
			base[i] = math.Min(1, base[i]+l.shares[i])
			fmt.Fprintf(&up, "%.1f,%.1f ", x(i), y(base[i]))
		}
		now := l.shares[last]
		fmt.Fprintf(&b, `<polygon class="%s edge" points="%s%s"><title>%s</title></polygon>`, class, up.String(), down.String(), html.EscapeString(l.name))
		if n < len(layers) || now >= 0.005 {
			marks = append(marks, mark{fmt.Sprintf("%s %s", l.name, exposure.Percent(now)), class, (y(low) + y(base[last])) / 2})
		}
	}
	b.WriteString(placed(marks, right, top, bottom))
	for _, i := range []int{0, len(years) / 2, len(years) - 1} {
		b.WriteString(label(x(i), bottom+18, "middle", fmt.Sprint(years[i])))
	}
	for _, v := range []float64{0, 0.5, 1} {
		b.WriteString(label(left-6, y(v)+4, "end", fmt.Sprintf("%.0f %%", 100*v)))
	}
	return svg(title, chartHigh, b.String())
}

// mark is a name that belongs at a height.
type mark struct {
	name, class string
	y           float64
}

// placed writes names beside their heights, pushed apart so that none covers another, each with a line to its place.
func placed(marks []mark, x, top, bottom float64) string {
	const line = 16
	slices.SortStableFunc(marks, func(a, b mark) int { return int(math.Copysign(1, a.y-b.y)) })
	at := make([]float64, len(marks))
	for i, m := range marks {
		at[i] = m.y
		if i > 0 {
			at[i] = math.Max(at[i], at[i-1]+line)
		}
	}
	floor := bottom
	for i := len(at) - 1; i >= 0; i-- {
		at[i] = math.Min(at[i], floor)
		floor = at[i] - line
	}
	var b strings.Builder
	for i, m := range marks {
		fmt.Fprintf(&b, `<path class="axis" fill="none" d="M%.1f,%.1f L%.1f,%.1f"/><rect class="%s" x="%.1f" y="%.1f" width="9" height="9"/>`, x+2, m.y, x+14, at[i], m.class, x+16, at[i]-4.5)
		b.WriteString(label(x+30, at[i]+4.5, "start", m.name))
	}
	return b.String()
}

// sankey draws imports from the left into the country and exports out to the right.
func sankey(title, country string, flows []PartnerFlow, name func(code string) string) template.HTML {
	in, out := 0.0, 0.0
	for _, f := range flows {
		if f.Imports {
			in += f.USD
		} else {
			out += f.USD
		}
	}
	most := math.Max(in, out)
	if most <= 0 {
		return ""
	}
	const tall, line = 230, 17
	scale := tall / most
	var b strings.Builder
	left, right, centreIn, centreOut, nIn, nOut := 12.0, 12.0, 40.0, 40.0, 0, 0
	for _, f := range flows {
		h := f.USD * scale
		text := fmt.Sprintf("%s %s", name(f.Partner), num(f.USD/1e6, 1))
		edge, centre, n, from, to := &left, &centreIn, &nIn, 206.0, 306.0
		anchor, at := "end", 200.0
		if !f.Imports {
			edge, centre, n, from, to = &right, &centreOut, &nOut, 434.0, 334.0
			anchor, at = "start", 440
		}
		y, colour := *edge+h/2, *n%6
		if f.Partner == "others" {
			colour = 6
		}
		fmt.Fprintf(&b, `<path class="flow" d="M%.1f,%.1f C%.1f,%.1f %.1f,%.1f %.1f,%.1f" stroke="var(--s%d)" stroke-width="%.2f" fill="none"><title>%s M USD</title></path>`, from, y, (from+to)/2, y, (from+to)/2,
			*centre+h/2, to, *centre+h/2, colour, math.Max(h, 0.7), html.EscapeString(text))
		b.WriteString(label(at, y+4.5, anchor, text))
		*edge, *centre, *n = *edge+math.Max(h, line)+3, *centre+h, *n+1
	}
	fmt.Fprintf(&b, `<rect class="bar" x="306" y="40" width="28" height="%.1f"/>`, math.Max(most*scale, 2))
	b.WriteString(label(320, 40+most*scale+18, "middle", country))
	return svg(title, int(math.Max(math.Max(left, right), 40+most*scale+18)+8), b.String())
}

// tile is one rectangle of a treemap.
type tile struct {
	code  string // before the name; empty: none
	name  string
	value float64
	share float64 // of the supplier: the darker the larger; its figure is printed
}

// treemap fills a rectangle with tiles by value, largest first, in rows that keep them near to squares (Bruls et al. 2000).
func treemap(title string, tiles []tile) template.HTML {
	var whole []tile
	total := 0.0
	for _, t := range tiles {
		if t.value > 0 {
			whole = append(whole, t)
			total += t.value
		}
	}
	if total <= 0 {
		return ""
	}
	const high = 300
	area := chartWide * high / total
	var b strings.Builder
	x, y, w, h := 0.0, 0.0, float64(chartWide), float64(high)
	for len(whole) > 0 {
		n, side, across := 1, math.Min(w, h), w >= h
		for n < len(whole) && flattest(whole[:n+1], area, side) <= flattest(whole[:n], area, side) {
			n++
		}
		sum := 0.0
		for _, t := range whole[:n] {
			sum += t.value * area
		}
		deep, at := sum/side, 0.0
		for _, t := range whole[:n] {
			long := t.value * area / deep
			if across {
				b.WriteString(t.draw(x, y+at, deep, long))
			} else {
				b.WriteString(t.draw(x+at, y, long, deep))
			}
			at += long
		}
		if across {
			x, w = x+deep, w-deep
		} else {
			y, h = y+deep, h-deep
		}
		whole = whole[n:]
	}
	return svg(title, high, b.String())
}

// flattest is the worst ratio of sides in a row of tiles laid along a side.
func flattest(row []tile, area, side float64) float64 {
	sum := 0.0
	for _, t := range row {
		sum += t.value * area
	}
	deep, worst := sum/side, 0.0
	for _, t := range row {
		long := t.value * area / deep
		worst = math.Max(worst, math.Max(long/deep, deep/long))
	}
	return worst
}

func (t tile) full() string { return strings.TrimSpace(t.code + " " + t.name) }

func (t tile) draw(x, y, w, h float64) string {
	share := exposure.Percent(t.share)
	var b strings.Builder
	dark := t.share > 0.45
	fmt.Fprintf(&b, `<rect class="bar edge" x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill-opacity="%.2f"><title>%s: %s M USD, %s</title></rect>`, x, y, w, h, opacity(t.share), html.EscapeString(t.full()),
		num(t.value/1e6, 1), share)
	class := ""
	if dark {
		class = ` class="on"`
	}
	words := []string{t.full(), share}
	if !fits(t.full(), w) {
		words = []string{t.code, t.name, share}
	}
	down := y + 16
	for _, text := range words {
		switch {
		case text == "":
			continue
		case down > y+h-2 || !fits(text, w):
			return b.String() // a share without its name would tell nothing
		}
		fmt.Fprintf(&b, `<text%s x="%.1f" y="%.1f">%s</text>`, class, x+5, down, html.EscapeString(text))
		down += 16
	}
	return b.String()
}

// fits says that a text has room in a tile of a width; wide characters count double.
func fits(text string, w float64) bool { return 7.4*float64(runewidth.StringWidth(text))+8 <= w }

// opacity is how dark a tile is; one whose share is not known is light.
func opacity(share float64) float64 {
	if !exposure.Known(share) {
		return 0.1
	}
	if share > 0.45 {
		return 0.55 + 0.45*share // light words on dark
	}
	return 0.12 + 0.4*share
}

// tornado draws how far the unmet demand moves with each input.
func tornado(title string, d *WhatIf, say func(input string) string) template.HTML {
	most := d.Outcome.Unmet
	for _, t := range d.Tornado {
		most = math.Max(most, math.Max(t.Low, t.High))
	}
	if most <= 0 {
		return ""
	}
	x := func(v float64) float64 { return 150 + v/most*(chartWide-310) }
	var b strings.Builder
	for i, t := range d.Tornado {
		y := float64(14 + 28*i)
		from, to := math.Min(t.Low, t.High), math.Max(t.Low, t.High)
		fmt.Fprintf(&b, `<rect class="bar" x="%.1f" y="%.1f" width="%.1f" height="16"/>`, x(from), y, math.Max(1, x(to)-x(from)))
		b.WriteString(label(140, y+13, "end", say(t.Input)))
		b.WriteString(label(x(to)+6, y+13, "start", num(t.Low, 1)+" – "+num(t.High, 1)))
	}
	high := 20 + 28*len(d.Tornado)
	fmt.Fprintf(&b, `<line class="mark" x1="%.1f" x2="%.1f" y1="6" y2="%d"/>`, x(d.Outcome.Unmet), x(d.Outcome.Unmet), high-4)
	b.WriteString(label(x(d.Outcome.Unmet), float64(high+12), "middle", num(d.Outcome.Unmet, 1)))
	return svg(title, high+20, b.String())
}
