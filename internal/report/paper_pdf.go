package report

import (
	"io"

	"lodestone/internal/report/pdf"
)

// pdf prints the paper on sheets: what a page shows, with its charts. What leads on from a page is printed as its address.
func (p *Paper) pdf(w io.Writer) error {
	d, err := pdf.New(p.speaker.Lang, p.Title, p.Title, p.Day)
	if err != nil {
		return err
	}
	d.Title(p.Title)
	for i := range p.Sections {
		s := &p.Sections[i]
		if s.Title != "" {
			d.Heading(s.Title, s.Grade)
		}
		for _, line := range s.Lines {
			d.Sentence(line)
		}
		for _, c := range s.Charts {
			d.Figure(c)
		}
		for _, g := range s.Grids {
			p.pdfGrid(d, g)
		}
		if s.Foot != "" {
			d.Small(s.Foot)
		}
	}
	if n := d.Left(); n > 0 {
		d.Small(Say(p.speaker.Lang, "dossier.left", "n", plainCell(n)))
	}
	return d.Write(w)
}

func (p *Paper) pdfGrid(d *pdf.Document, g *Grid) {
	if len(g.Rows) == 0 {
		return
	}
	caption, numeric := "", make([]bool, len(g.Columns))
	if g.Name != "" {
		caption = p.speaker.Say("grid." + g.Name)
	}
	for i := range numeric {
		numeric[i] = g.numeric(i)
	}
	rows := p.shown(g)
	d.Table(caption, rows[0], numeric, rows[1:])
}
