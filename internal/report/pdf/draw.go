package pdf

import (
	"codeberg.org/go-pdf/fpdf"

	"lodestone/internal/report/chart"
)

// chartLetters is the size of a chart's letters in the chart's own measure.
const chartLetters = 13

// Figure draws a chart under its caption, as broad as the text. One without shapes is left out.
func (d *Document) Figure(c chart.Figure) {
	if len(c.Shapes) == 0 || c.Wide <= 0 {
		return
	}
	scale := min(inner/c.Wide, (sheetHigh-top-bottom-30)/max(c.High, 1))
	d.f.Ln(2)
	d.keep(c.High*scale + 16)
	d.paragraph(c.Caption, 0, subSize, ink)
	d.paragraph(c.Note, 0, small, soft)
	p := pen{d: d, x: margin, y: d.f.GetY() + 1.5, scale: scale}
	for _, s := range c.Shapes {
		switch s := s.(type) {
		case chart.Area:
			p.area(&s)
		case chart.Stroke:
			p.stroke(&s)
		case chart.Text:
			p.text(&s)
		}
	}
	d.f.SetAlpha(1, "Normal")
	d.f.SetDashPattern(nil, 0)
	d.f.SetXY(margin, p.y+c.High*scale+2)
}

// pen draws shapes from an upper left corner on.
type pen struct {
	d     *Document
	x, y  float64
	scale float64
}

func (p *pen) points(list []chart.Point) []fpdf.PointType {
	out := make([]fpdf.PointType, len(list))
	for i, q := range list {
		out[i] = fpdf.PointType{X: p.x + q.X*p.scale, Y: p.y + q.Y*p.scale}
	}
	return out
}

func (p *pen) area(a *chart.Area) {
	f := p.d.f
	r, g, b := a.Fill.RGB()
	f.SetFillColor(int(r), int(g), int(b))
	f.SetAlpha(a.Opacity, "Normal")
	style := "F"
	if a.Edge {
		style = "DF"
		f.SetDrawColor(255, 255, 255)
		f.SetLineWidth(1.5 * p.scale)
	}
	f.Polygon(p.points(a.Points), style)
}

func (p *pen) stroke(s *chart.Stroke) {
	f := p.d.f
	r, g, b := s.Ink.RGB()
	f.SetDrawColor(int(r), int(g), int(b))
	f.SetLineWidth(s.Width * p.scale)
	f.SetAlpha(s.Opacity, "Normal")
	f.SetDashPattern(nil, 0)
	if s.Dash > 0 {
		f.SetDashPattern([]float64{s.Dash * p.scale}, 0)
	}
	q := p.points(s.Points)
	if s.Curved && len(q) == 4 {
		f.MoveTo(q[0].X, q[0].Y)
		f.CurveBezierCubicTo(q[1].X, q[1].Y, q[2].X, q[2].Y, q[3].X, q[3].Y)
		f.DrawPath("D")
		return
	}
	for i, at := range q {
		if i == 0 {
			f.MoveTo(at.X, at.Y)
		} else {
			f.LineTo(at.X, at.Y)
		}
	}
	if len(q) > 1 {
		f.DrawPath("D")
	}
}

func (p *pen) text(t *chart.Text) {
	f := p.d.f
	r, g, b := t.Ink.RGB()
	size := chartLetters * p.scale * millimetre
	text := p.d.plain(t.Text)
	p.d.style(size, colour{int(r), int(g), int(b)})
	f.SetAlpha(1, "Normal")
	x := p.x + t.At.X*p.scale
	switch t.Anchor {
	case chart.Middle:
		x -= p.d.wide(text, size) / 2
	case chart.End:
		x -= p.d.wide(text, size)
	}
	p.d.style(size, colour{int(r), int(g), int(b)}) // measuring sets another size
	f.Text(x, p.y+t.At.Y*p.scale, text)
}
