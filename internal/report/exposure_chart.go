package report

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"strings"
)

// The charts are plain SVG text: no script, no font, no file beside it. Colours are told apart by hue and by lightness.
var chartColours = []string{"#1f4e79", "#d98324", "#5b8c5a", "#8c3b5e", "#7a7fb5", "#b8a04a", "#b9bec4"}

const chartWide, chartHigh = 640, 220

func svg(title string, high int, body string) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg viewBox="0 0 %d %d" role="img" aria-label="%s"><title>%s</title>%s</svg>`, chartWide, high, html.EscapeString(title), html.EscapeString(title), body))
}

func label(x, y float64, anchor, text string) string {
	return fmt.Sprintf(`<text x="%.1f" y="%.1f" text-anchor="%s">%s</text>`, x, y, anchor, html.EscapeString(text))
}

// areaChart stacks yearly shares; what the series leave is the rest.
func areaChart(s Series) template.HTML {
	if len(s.Years) < 2 {
		return ""
	}
	x := func(i int) float64 { return 40 + float64(i)*(chartWide-150)/float64(len(s.Years)-1) }
	y := func(v float64) float64 { return 190 - 170*v }
	base := make([]float64, len(s.Years))
	var b strings.Builder
	layer := func(colour, name string, shares func(i int) float64, n int) {
		var up, down strings.Builder
		for i := range s.Years {
			fmt.Fprintf(&down, "%.1f,%.1f ", x(len(s.Years)-1-i), y(base[len(s.Years)-1-i]))
		}
		for i := range s.Years {
			base[i] = math.Min(1, base[i]+shares(i))
			fmt.Fprintf(&up, "%.1f,%.1f ", x(i), y(base[i]))
		}
		fmt.Fprintf(&b, `<polygon points="%s%s" fill="%s"><title>%s</title></polygon>`, up.String(), down.String(), colour, html.EscapeString(name))
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="10" height="10" fill="%s"/>`, chartWide-100, 22+18*n, colour)
		b.WriteString(label(chartWide-84, float64(31+18*n), "start", name))
	}
	for n, c := range s.Countries {
		layer(chartColours[n%(len(chartColours)-1)], c.Country, func(i int) float64 { return c.Shares[i] }, n)
	}
	layer(chartColours[len(chartColours)-1], "others", func(i int) float64 { return 1 - base[i] }, len(s.Countries))
	b.WriteString(label(40, 208, "middle", fmt.Sprint(s.Years[0])))
	b.WriteString(label(chartWide-110, 208, "middle", fmt.Sprint(s.Years[len(s.Years)-1])))
	b.WriteString(label(36, 24, "end", "100 %"))
	b.WriteString(label(36, 193, "end", "0"))
	return svg("Import shares by value, line "+s.Line, chartHigh, b.String())
}

// sankey draws imports from the left into the country and exports out to the right.
func sankey(country string, flows []PartnerFlow) template.HTML {
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
	const high = 320
	scale := (high - 90) / most
	var b strings.Builder
	fmt.Fprintf(&b, `<rect x="310" y="10" width="20" height="%.1f" fill="#333"/>`, most*scale)
	b.WriteString(label(320, most*scale+26, "middle", country))
	left, right, centreIn, centreOut, nIn, nOut := 10.0, 10.0, 10.0, 10.0, 0, 0
	for _, f := range flows {
		h := f.USD * scale
		text := fmt.Sprintf("%s %s M USD", f.Partner, num(f.USD/1e6, 1))
		if f.Imports {
			fmt.Fprintf(&b, `<path d="M140,%.1f C220,%.1f 220,%.1f 310,%.1f" stroke="%s" stroke-width="%.2f" fill="none" opacity="0.7"><title>%s</title></path>`, left+h/2, left+h/2, centreIn+h/2, centreIn+h/2,
				chartColours[nIn%len(chartColours)], math.Max(h, 0.5), html.EscapeString(text))
			b.WriteString(label(134, left+h/2+4, "end", text))
			left, centreIn, nIn = left+math.Max(h, 12)+4, centreIn+h, nIn+1
			continue
		}
		fmt.Fprintf(&b, `<path d="M330,%.1f C420,%.1f 420,%.1f 500,%.1f" stroke="%s" stroke-width="%.2f" fill="none" opacity="0.7"><title>%s</title></path>`, centreOut+h/2, centreOut+h/2, right+h/2, right+h/2,
			chartColours[nOut%len(chartColours)], math.Max(h, 0.5), html.EscapeString(text))
		b.WriteString(label(506, right+h/2+4, "start", text))
		right, centreOut, nOut = right+math.Max(h, 12)+4, centreOut+h, nOut+1
	}
	return svg("Imports and exports of "+country+" over all lines of this sheet", high+80, b.String())
}

// tile is one rectangle of a treemap.
type tile struct {
	name  string
	value float64
	share float64 // of the supplier: the darker the larger
}

// treemap slices a rectangle by value, alternately across and down, largest first.
func treemap(title string, tiles []tile) template.HTML {
	total := 0.0
	for _, t := range tiles {
		total += t.value
	}
	if total <= 0 {
		return ""
	}
	var b strings.Builder
	x, y, w, h := 0.0, 0.0, float64(chartWide), float64(chartHigh)
	for _, t := range tiles {
		part := t.value / total
		tw, th := w, h*part
		if w >= h {
			tw, th = w*part, h
		}
		fmt.Fprintf(&b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="#1f4e79" fill-opacity="%.2f" stroke="#fff"><title>%s: %s M USD, %s %% from the supplier</title></rect>`, x, y, tw, th, 0.15+0.75*known0(t.share),
			html.EscapeString(t.name), num(t.value/1e6, 1), num(100*t.share, 0))
		if tw > 60 && th > 16 {
			b.WriteString(fmt.Sprintf(`<text class="tile" x="%.1f" y="%.1f">%s</text>`, x+4, y+14, html.EscapeString(t.name)))
		}
		if w >= h {
			x, w = x+tw, w-tw
		} else {
			y, h = y+th, h-th
		}
		total -= t.value
		if total <= 0 {
			break
		}
	}
	return svg(title, chartHigh, b.String())
}

func known0(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}

// tornado draws how far the unmet demand moves with each input.
func tornado(d *WhatIf) template.HTML {
	most := d.Outcome.Unmet
	for _, t := range d.Tornado {
		most = math.Max(most, math.Max(t.Low, t.High))
	}
	if most <= 0 {
		return ""
	}
	x := func(v float64) float64 { return 120 + v/most*(chartWide-200) }
	var b strings.Builder
	for i, t := range d.Tornado {
		y := float64(14 + 26*i)
		from, to := math.Min(t.Low, t.High), math.Max(t.Low, t.High)
		fmt.Fprintf(&b, `<rect x="%.1f" y="%.1f" width="%.1f" height="16" fill="%s"/>`, x(from), y, math.Max(1, x(to)-x(from)), chartColours[0])
		b.WriteString(label(112, y+13, "end", t.Input))
		b.WriteString(label(x(to)+4, y+13, "start", num(from, 1)+" to "+num(to, 1)))
	}
	high := 20 + 26*len(d.Tornado)
	fmt.Fprintf(&b, `<line x1="%.1f" x2="%.1f" y1="6" y2="%d" stroke="#d98324" stroke-width="2"/>`, x(d.Outcome.Unmet), x(d.Outcome.Unmet), high-6)
	return svg("Unmet demand when one input moves 20 % down or up", high, b.String())
}
