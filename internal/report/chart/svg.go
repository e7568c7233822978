package chart

import (
	_ "embed"
	"fmt"
	"html"
	"html/template"
	"strconv"
	"strings"
)

// Style is what the inks and texts look like in light, dark and print. A page has it once, in its own style.
//
//go:embed chart.css
var Style string

// SVG prints the drawing for a page: no script, no font, no file beside it. It is empty where there is nothing to draw.
func (d Drawing) SVG() template.HTML { return d.svg("chart") }

// InCell prints the drawing as small as a word.
func (d Drawing) InCell() template.HTML { return d.svg("chart spark") }

func (d Drawing) svg(class string) template.HTML {
	if len(d.Shapes) == 0 {
		return ""
	}
	var b strings.Builder
	title := html.EscapeString(d.Title)
	fmt.Fprintf(&b, `<svg class="%s" viewBox="0 0 %s %s" role="img" aria-label="%s"><title>%s</title>`, class, number(d.Wide), number(d.High), title, title)
	if d.Desc != "" {
		fmt.Fprintf(&b, "<desc>%s</desc>", html.EscapeString(d.Desc))
	}
	for _, s := range d.Shapes {
		switch s := s.(type) {
		case Area:
			s.svg(&b)
		case Stroke:
			s.svg(&b)
		case Text:
			s.svg(&b)
		}
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

// Figure is a drawing under its caption and a note on basis, edition and years.
type Figure struct {
	Drawing
	Caption, Note string
}

// Figure puts a caption and a note to the drawing.
func (d Drawing) Figure(caption, note string) Figure { return Figure{d, caption, note} }

// HTML prints the figure for a page; it is empty where there is nothing to draw. A chart that is broader than the screen is scrolled within it, with keys
// as well.
func (f Figure) HTML() template.HTML {
	chart := f.SVG()
	if chart == "" {
		return ""
	}
	return template.HTML(fmt.Sprintf(`<figure class="chart" tabindex="0"><figcaption>%s<small>%s</small></figcaption>%s</figure>`, html.EscapeString(f.Caption), html.EscapeString(f.Note), chart))
}

func (a Area) svg(b *strings.Builder) {
	class := "f-" + string(a.Fill)
	if a.Edge {
		class += " edge"
	}
	fmt.Fprintf(b, `<polygon class="%s" points="%s"`, class, points(a.Points))
	attribute(b, "fill-opacity", a.Opacity, 1)
	closed(b, "polygon", a.Tip)
}

func (s Stroke) svg(b *strings.Builder) {
	if s.Curved {
		fmt.Fprintf(b, `<path class="l-%s" d="M%sC%s"`, s.Ink, points(s.Points[:1]), points(s.Points[1:]))
	} else {
		fmt.Fprintf(b, `<polyline class="l-%s" points="%s"`, s.Ink, points(s.Points))
	}
	attribute(b, "stroke-width", s.Width, 1)
	attribute(b, "stroke-opacity", s.Opacity, 1)
	attribute(b, "stroke-dasharray", s.Dash, 0)
	if s.Curved {
		closed(b, "path", s.Tip)
	} else {
		closed(b, "polyline", s.Tip)
	}
}

func (t Text) svg(b *strings.Builder) {
	fmt.Fprintf(b, `<text x="%s" y="%s"`, number(t.At.X), number(t.At.Y))
	if t.Anchor != Start {
		fmt.Fprintf(b, ` text-anchor="%s"`, t.Anchor)
	}
	switch {
	case t.Small && t.Ink != Words:
		fmt.Fprintf(b, ` class="small f-%s"`, t.Ink)
	case t.Small:
		b.WriteString(` class="small"`)
	case t.Ink != Words:
		fmt.Fprintf(b, ` class="f-%s"`, t.Ink)
	}
	fmt.Fprintf(b, ">%s</text>", html.EscapeString(t.Text))
}

// attribute writes a number that is not the usual one.
func attribute(b *strings.Builder, name string, x, usual float64) {
	if x != usual {
		fmt.Fprintf(b, ` %s="%s"`, name, strconv.FormatFloat(x, 'f', 2, 64))
	}
}

// closed ends an element, with its tip where it has one.
func closed(b *strings.Builder, element, tip string) {
	if tip == "" {
		b.WriteString("/>")
		return
	}
	fmt.Fprintf(b, "><title>%s</title></%s>", html.EscapeString(tip), element)
}

func points(all []Point) string {
	var b strings.Builder
	for i, p := range all {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(number(p.X) + "," + number(p.Y))
	}
	return b.String()
}

// number prints a length to a tenth.
func number(x float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(x, 'f', 1, 64), ".0")
}
