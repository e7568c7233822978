// Package pdf lays text, tables and charts out on A4 paper, in English, Chinese and Korean alike, with one font that the file carries.
//
// Start with New; write title, headings, sentences, tables and drawings in their order; Write gives the file. The same calls give the same bytes: the
// only day in the file is the one that New is given. Letters that the font has not come out as a question mark in a box's place, never as a box.
//
// Limits: one column, upright; no pictures; letters outside the basic plane of Unicode are not in the font.
package pdf

import (
	"io"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"lodestone/internal/when"
)

// The sheet, in millimetres, and the sizes of letters, in points.
const (
	sheetWide, sheetHigh   = 210, 297
	margin, top, bottom    = 18, 20, 20
	inner                  = sheetWide - 2*margin
	body, small, cellSize  = 9.5, 7.5, 8
	headSize, subSize      = 12, 10.5
	titleSize              = 17
	leading                = 1.42 // of lines to the size of their letters
	pad                    = 1.2  // of cells
	millimetre             = 72 / 25.4
	family                 = "text"
	mostRows, mostCellText = 5000, 4000
)

// Document is a PDF file being written.
type Document struct {
	f      *fpdf.Fpdf
	font   *font
	widths map[rune]float64 // of letters of one point, in millimetres
	left   int              // rows of tables that had no room
}

// colour is red, green and blue.
type colour [3]int

var (
	ink  = colour{0x1c, 0x21, 0x28}
	soft = colour{0x57, 0x60, 0x6a}
	line = colour{0xd0, 0xd7, 0xde}
	tint = colour{0xf3, 0xf5, 0xf7}
)

// New begins a document. The foot stands on every page beside the page number, day is when it was made.
func New(lang, title, foot string, day when.Date) (*Document, error) {
	font, err := theFont()
	if err != nil {
		return nil, err
	}
	f := fpdf.New("P", "mm", "A4", "")
	d := &Document{f: f, font: font, widths: map[rune]float64{}}
	f.SetCatalogSort(true)
	made := time.Unix(int64(max(day, 1)-1)*86400, 0).UTC()
	f.SetCreationDate(made)
	f.SetModificationDate(made)
	f.SetProducer("Lodestone", true)
	f.SetTitle(title, true)
	f.SetLang(lang)
	f.SetMargins(margin, top, margin)
	f.SetCellMargin(0)
	f.SetAutoPageBreak(false, bottom)
	f.AddUTF8FontFromBytes(family, "", font.data)
	f.AliasNbPages("")
	f.SetFooterFunc(func() {
		d.style(small, soft)
		f.SetXY(margin, sheetHigh-12)
		f.CellFormat(inner-30, 4, d.clip(d.plain(foot), inner-30, small), "", 0, "L", false, 0, "")
		f.CellFormat(30, 4, strings.Replace("n / {nb}", "n", number(f.PageNo()), 1), "", 0, "R", false, 0, "")
	})
	f.AddPage()
	return d, f.Error()
}

// Title is the largest line.
func (d *Document) Title(text string) {
	d.paragraph(text, 0, titleSize, ink)
	d.f.Ln(2)
}

// Heading begins a section; aside stands behind it in a softer colour. It is not left alone at the foot of a page.
func (d *Document) Heading(text, aside string) {
	const room = 28
	d.f.Ln(4)
	d.keep(room)
	y := d.f.GetY()
	d.draw(line)
	d.f.Line(margin, y, sheetWide-margin, y)
	d.f.Ln(2.2)
	if text = d.plain(text); aside != "" {
		text += "   "
	}
	if aside = d.plain(aside); d.wide(text+aside, headSize) > inner {
		d.paragraph(text, 0, headSize, ink)
		d.paragraph(aside, 0, body, soft)
		return
	}
	d.style(headSize, ink)
	high := headSize / millimetre * leading
	wide := d.wide(text, headSize)
	d.f.CellFormat(wide, high, text, "", 0, "L", false, 0, "")
	d.f.SetX(margin + wide)
	d.style(headSize, soft)
	d.f.CellFormat(0, high, aside, "", 1, "L", false, 0, "")
}

// Subheading begins a part of a section.
func (d *Document) Subheading(text string) {
	const room = 34 // for what stands under it
	d.f.Ln(2)
	d.keep(room)
	d.paragraph(text, 0, subSize, ink)
	d.f.Ln(0.6)
}

// Sentence is a line of text.
func (d *Document) Sentence(text string) {
	d.paragraph(text, 0, body, ink)
	d.f.Ln(0.8)
}

// Small is small print.
func (d *Document) Small(text string) { d.paragraph(text, 0, small, soft) }

// Field is a name with what it says, in two columns.
func (d *Document) Field(name, text string) {
	const names = 42
	high := body / millimetre * leading
	lines := d.wrap(text, inner-names, body)
	heads := d.wrap(name, names-3, body)
	for i := range max(len(lines), len(heads)) {
		d.keep(high)
		y := d.f.GetY()
		if i < len(heads) {
			d.style(body, soft)
			d.f.SetXY(margin, y)
			d.f.CellFormat(names, high, heads[i], "", 0, "L", false, 0, "")
		}
		if i < len(lines) {
			d.style(body, ink)
			d.f.SetXY(margin+names, y)
			d.f.CellFormat(inner-names, high, lines[i], "", 0, "L", false, 0, "")
		}
		d.f.SetXY(margin, y+high)
	}
}

// Blank is a line to be filled in by hand.
func (d *Document) Blank(name string) {
	d.keep(12)
	d.f.Ln(6)
	d.style(body, soft)
	y := d.f.GetY()
	name = d.plain(name)
	d.f.CellFormat(0, 5, name, "", 0, "L", false, 0, "")
	d.draw(soft)
	d.f.Line(margin+min(d.wide(name, body)+3, inner-40), y+4.6, sheetWide-margin, y+4.6)
	d.f.SetXY(margin, y+5)
}

// Left is how many rows of tables had no room in the document.
func (d *Document) Left() int { return d.left }

// Write ends the document and gives the file.
func (d *Document) Write(w io.Writer) error { return d.f.Output(w) }

// paragraph writes wrapped text from an indent on.
func (d *Document) paragraph(text string, indent, size float64, c colour) {
	high := size / millimetre * leading
	for _, l := range d.wrap(text, inner-indent, size) {
		d.keep(high)
		d.style(size, c)
		d.f.SetX(margin + indent)
		d.f.CellFormat(inner-indent, high, l, "", 1, "L", false, 0, "")
	}
}

// keep begins a page where a height has no room on this one.
func (d *Document) keep(high float64) (fresh bool) {
	if d.f.GetY()+high <= sheetHigh-bottom {
		return false
	}
	d.f.AddPage()
	return true
}

func (d *Document) style(size float64, c colour) {
	d.f.SetFont(family, "", size)
	d.f.SetTextColor(c[0], c[1], c[2])
}

func (d *Document) draw(c colour) {
	d.f.SetDrawColor(c[0], c[1], c[2])
	d.f.SetLineWidth(0.2)
}

// plain puts a question mark in the place of letters that the font has not, and blanks in the place of what cannot be printed.
func (d *Document) plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r < ' ', r == 0x7f, r == 0xa0, r == 0x2009, r == 0x202f:
			return ' '
		case !d.font.has(r):
			return '?'
		}
		return r
	}, text)
}

func (d *Document) wrap(text string, width, size float64) []string {
	return wrap(d.plain(text), width, func(r rune) float64 { return d.letter(r) * size })
}

func (d *Document) wide(text string, size float64) float64 {
	sum := 0.0
	for _, r := range text {
		sum += d.letter(r)
	}
	return sum * size
}

// letter is the width of a letter of one point.
func (d *Document) letter(r rune) float64 {
	w, ok := d.widths[r]
	if !ok {
		const measured = 100
		d.f.SetFont(family, "", measured)
		w = d.f.GetStringWidth(string(r)) / measured
		d.widths[r] = w
	}
	return w
}

// clip shortens a text to a width.
func (d *Document) clip(text string, width, size float64) string {
	if d.wide(text, size) <= width {
		return text
	}
	runes := []rune(text)
	for len(runes) > 0 && d.wide(string(runes)+"…", size) > width {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}
