package report

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/csv"
	"fmt"
	"html/template"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/mattn/go-runewidth"
	"github.com/xuri/excelize/v2"

	"lodestone/docs"
	"lodestone/internal/exposure"
	"lodestone/internal/report/chart"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// Paper is an answer laid out for people: sections of sentences, charts and tables. One layout serves terminal, page, workbook and CSV.
type Paper struct {
	Title    string
	Sections []Section
	Day      when.Date // on which it was made, for files that say so; zero: they say the first day there is
	Files    []*Grid   // what a workbook holds, a sheet each, and CSV the first of; none: the tables of the sections

	speaker Speaker
}

// Section is a part of a paper.
type Section struct {
	ID     string // where links lead; empty: nowhere
	Title  string // empty: it goes on under the one before
	Grade  string // shown beside the title; empty: none
	Lines  []string
	Charts []chart.Figure // on pages only
	Grids  []*Grid
	Foot   string // sources and definitions, in small print
}

// Grid is a table whose columns are known by key. A cell is text, a number, a truth, a day, a range (two columns in files), a series
// (a sparkline; left out in files) or a link.
type Grid struct {
	Name    string // key of its title
	Columns []Column
	Rows    [][]any
}

// Column is a column of a grid. Its heading for people stands in the catalogues; in CSV the key is the heading.
type Column struct {
	Key    string
	Digits int // after the point, for people
}

// verbatim is text of the user's, which is never taken for a word of the catalogue.
type verbatim string

// Link is text that leads somewhere, on a page.
type Link struct{ Text, To string }

// columns makes columns of "key" or "key:digits".
func columns(keys string) []Column {
	var all []Column
	for _, k := range strings.Fields(keys) {
		key, digits, _ := strings.Cut(k, ":")
		n, _ := strconv.Atoi(digits) // none: no digits
		all = append(all, Column{key, n})
	}
	return all
}

func (g *Grid) add(cells ...any) { g.Rows = append(g.Rows, cells) }

// Speaker says the words of an area of the catalogue in one language.
type Speaker struct {
	Lang  string
	Vocab *vocab.Vocab
	Area  string // empty: exposure
}

func (s Speaker) catalogue() string { return cmp.Or(s.Area, "exposure") }

// Say is the sentence of a key of the area. Values that are words of the catalogue are said in the language.
func (s Speaker) Say(key string, pairs ...string) string {
	for i := 1; i < len(pairs); i += 2 {
		pairs[i] = s.Word(pairs[i])
	}
	return Say(s.Lang, s.catalogue()+"."+key, pairs...)
}

// Word is a code as people say it; what the catalogue does not know stays as it is.
func (s Speaker) Word(code string) string {
	if w, ok := worded(s.Lang, "exposure.word."+code); ok {
		return w
	}
	return code
}

// head is the heading of a column; a year is its own.
func (s Speaker) head(key string) string {
	if strings.Trim(key, "0123456789") == "" {
		return key
	}
	return s.Say("col." + key)
}

// Reasons are the sentences of a judgement.
func (s Speaker) Reasons(list []exposure.Reason) []string {
	out := make([]string, len(list))
	for i, r := range list {
		out[i] = s.Say(r.Key, append([]string{}, r.Pairs...)...)
	}
	return out
}

// Country is the name of a country's code.
func (s Speaker) Country(code string) string {
	for i := range s.Vocab.Countries {
		if c := &s.Vocab.Countries[i]; c.Code == code {
			return c.Names.First().In(s.Lang)
		}
	}
	return s.Word(code)
}

// Mineral is the name of a mineral of the customs table.
func (s Speaker) Mineral(name string) string {
	for i := range s.Vocab.Elements {
		if e := &s.Vocab.Elements[i]; len(e.Names.En) > 0 && e.Names.En[0] == name {
			return e.Names.First().In(s.Lang)
		}
	}
	return s.Word(name)
}

// Write prints the paper as table, CSV, workbook or page.
func (p *Paper) Write(w io.Writer, format string) error {
	switch format {
	case "table":
		return p.text(w)
	case "csv":
		return p.csv(w)
	case "xlsx":
		return p.workbook(w)
	case "html":
		return p.page(w)
	case "markdown":
		return p.markdown(w)
	case "pdf":
		return p.pdf(w)
	}
	return fmt.Errorf("output %q is none of table, jsonl, json, csv, xlsx, html, pdf, markdown", format)
}

func (p *Paper) text(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintln(&b, p.Title)
	for i := range p.Sections {
		s := &p.Sections[i]
		if s.Title != "" {
			b.WriteByte('\n')
			b.WriteString(s.Title)
			if s.Grade != "" {
				b.WriteString(": " + s.Grade)
			}
			b.WriteByte('\n')
		}
		for _, line := range s.Lines {
			fmt.Fprintf(&b, "  %s\n", line)
		}
		for _, g := range s.Grids {
			if len(g.Rows) > 0 {
				b.WriteByte('\n')
				p.textGrid(&b, g)
			}
		}
		if s.Foot != "" {
			fmt.Fprintf(&b, "  (%s)\n", s.Foot)
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

// markdown prints the paper for a wiki or a report: titles, lists and tables, without charts.
func (p *Paper) markdown(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s\n", unmarked(p.Title))
	for i := range p.Sections {
		s := &p.Sections[i]
		if s.Title != "" {
			fmt.Fprintf(&b, "\n## %s\n", unmarked(strings.TrimSuffix(s.Title+": "+s.Grade, ": ")))
		}
		for n, line := range s.Lines {
			if n == 0 {
				b.WriteByte('\n')
			}
			fmt.Fprintf(&b, "- %s\n", unmarked(line))
		}
		for _, g := range s.Grids {
			if len(g.Rows) > 0 {
				p.markdownGrid(&b, g)
			}
		}
		if s.Foot != "" {
			fmt.Fprintf(&b, "\n_%s_\n", unmarked(s.Foot))
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

func (p *Paper) markdownGrid(b *bytes.Buffer, g *Grid) {
	if g.Name != "" {
		fmt.Fprintf(b, "\n**%s**\n", unmarked(p.speaker.Say("grid."+g.Name)))
	}
	rows := p.shown(g)
	b.WriteByte('\n')
	for n, row := range rows {
		for _, c := range row {
			b.WriteString("| " + unmarked(c) + " ")
		}
		b.WriteString("|\n")
		if n > 0 {
			continue
		}
		for i := range row {
			if g.numeric(i) {
				b.WriteString("| --: ")
			} else {
				b.WriteString("| --- ")
			}
		}
		b.WriteString("|\n")
	}
}

// unmarked is text in which nothing is taken for a mark of Markdown or for an element.
func unmarked(text string) string {
	return strings.NewReplacer("\\", "\\\\", "|", "\\|", "*", "\\*", "_", "\\_", "`", "\\`", "[", "\\[", "]", "\\]", "#", "\\#", "<", "&lt;", "&", "&amp;", "\n", " ", "\r", " ").Replace(text)
}

// textGrid aligns columns by the width of their characters; numbers stand to the right.
func (p *Paper) textGrid(b *bytes.Buffer, g *Grid) {
	if g.Name != "" {
		fmt.Fprintf(b, "  %s\n", p.speaker.Say("grid."+g.Name))
	}
	rows, wide, numeric := p.shown(g), make([]int, len(g.Columns)), make([]bool, len(g.Columns))
	for i := range numeric {
		numeric[i] = g.numeric(i)
	}
	for _, r := range rows {
		for i, c := range r {
			wide[i] = max(wide[i], runewidth.StringWidth(c))
		}
	}
	for _, r := range rows {
		var line strings.Builder
		for i, c := range r {
			if numeric[i] {
				c = runewidth.FillLeft(c, wide[i])
			} else {
				c = runewidth.FillRight(c, wide[i])
			}
			line.WriteString("  " + c)
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

// shown are the heading and the rows of a grid as people see them.
func (p *Paper) shown(g *Grid) [][]string {
	head := make([]string, len(g.Columns))
	for i, c := range g.Columns {
		head[i] = p.speaker.head(c.Key)
	}
	rows := [][]string{head}
	for _, r := range g.Rows {
		row := make([]string, len(r))
		for i, v := range r {
			row[i] = p.cell(v, g.Columns[i])
			if link, ok := v.(Link); ok && !strings.HasPrefix(link.To, "#") {
				row[i] = link.To // a terminal has no other way to show it
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// numeric says that a column holds numbers, by its first cell that is there.
func (g *Grid) numeric(i int) bool {
	for _, r := range g.Rows {
		switch r[i].(type) {
		case float64, int, exposure.Range:
			return true
		case nil:
			continue
		}
		return false
	}
	return false
}

// cell is a value for people. Codes of countries and minerals are told by their columns.
func (p *Paper) cell(v any, c Column) string {
	switch x := v.(type) {
	case nil:
		return ""
	case float64:
		return grouped(num(x, c.Digits))
	case exposure.Range:
		return numRange(x, c.Digits)
	case []float64:
		return sparkline(x)
	case bool:
		if x {
			return p.speaker.Say("yes")
		}
		return "–"
	case Link:
		return x.Text
	case verbatim:
		return string(x)
	case string:
		switch c.Key {
		case "mineral":
			return p.speaker.Mineral(x)
		case "country", "importer", "supplier", "top":
			return p.speaker.Country(x)
		}
	}
	return p.speaker.Word(fmt.Sprint(v))
}

func (p *Paper) files() []*Grid {
	if p.Files != nil {
		return p.Files
	}
	var all []*Grid
	for i := range p.Sections {
		all = append(all, p.Sections[i].Grids...)
	}
	return all
}

func (p *Paper) csv(w io.Writer) error {
	all := p.files()
	if len(all) == 0 {
		return nil
	}
	c := csv.NewWriter(w)
	g := all[0]
	head, rows := g.flat(func(key string) string { return key })
	c.Write(head)
	for _, r := range rows {
		row := make([]string, len(r))
		for i, v := range r {
			row[i] = plainCell(v)
		}
		c.Write(row)
	}
	c.Flush()
	return c.Error()
}

// plainCell is a value for programs; empty where a number is not known. Text that a spreadsheet would take for a formula is made inert.
func plainCell(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case float64:
		return plainNumber(x)
	case string:
		return inert(x)
	case verbatim:
		return inert(string(x))
	}
	return fmt.Sprint(v)
}

// flat is a grid as files hold it: a range in two columns, no series, links by their address.
func (g *Grid) flat(head func(key string) string) (heads []string, rows [][]any) {
	const whole, ranged, series = 0, 1, 2
	kind := make([]int, len(g.Columns))
	for _, r := range g.Rows {
		for i, v := range r {
			switch v.(type) {
			case exposure.Range:
				kind[i] = ranged
			case []float64:
				kind[i] = series
			}
		}
	}
	for i, c := range g.Columns {
		switch kind[i] {
		case whole:
			heads = append(heads, head(c.Key))
		case ranged:
			heads = append(heads, head(c.Key)+"_low", head(c.Key)+"_high")
		}
	}
	for _, r := range g.Rows {
		var row []any
		for i, v := range r {
			switch x := v.(type) {
			case exposure.Range:
				row = append(row, x.Low, x.High)
			case Link:
				row = append(row, x.To)
			default:
				switch kind[i] {
				case whole:
					row = append(row, v)
				case ranged:
					row = append(row, nil, nil)
				}
			}
		}
		rows = append(rows, row)
	}
	return heads, rows
}

// workbook prints every table as a sheet. Numbers are numbers; what is not known is an empty cell.
func (p *Paper) workbook(w io.Writer) error {
	f := excelize.NewFile()
	defer f.Close()
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	used := map[string]int{}
	for n, g := range p.files() {
		name := p.sheetName(g, used)
		if n == 0 {
			err = f.SetSheetName("Sheet1", name)
		} else {
			_, err = f.NewSheet(name)
		}
		if err == nil {
			err = p.sheet(f, name, bold, g)
		}
		if err != nil {
			return err
		}
	}
	return f.Write(w)
}

// sheetName is a title within the 31 characters that a workbook allows, each once.
func (p *Paper) sheetName(g *Grid, used map[string]int) string {
	name := strings.NewReplacer(":", " ", "/", " ", "\\", " ", "?", " ", "*", " ", "[", "(", "]", ")").Replace(p.speaker.Say("grid." + g.Name))
	name = clipRunes(name, 27)
	if used[name]++; used[name] > 1 {
		name += fmt.Sprintf(" (%d)", used[name])
	}
	return name
}

func clipRunes(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

func (p *Paper) sheet(f *excelize.File, name string, bold int, g *Grid) error {
	s, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	heads, rows := g.flat(p.speaker.head)
	if err := s.SetColWidth(1, max(1, len(heads)), 16); err != nil {
		return err
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	line := make([]any, len(heads))
	for i, h := range heads {
		line[i] = excelize.Cell{StyleID: bold, Value: h}
	}
	for n, r := range append([][]any{line}, rows...) {
		for i, v := range r {
			r[i] = p.bookCell(v)
		}
		at, err := excelize.CoordinatesToCellName(1, n+1)
		if err != nil {
			return err
		}
		if err := s.SetRow(at, r); err != nil {
			return err
		}
	}
	return s.Flush()
}

// bookCell is a value that a workbook takes: a number that is not known is an empty cell.
func (p *Paper) bookCell(v any) any {
	switch x := v.(type) {
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil
		}
		return x
	case verbatim:
		return string(x)
	case nil, int, bool, excelize.Cell:
		return v
	}
	return p.speaker.Word(fmt.Sprint(v))
}

//go:embed page/paper.html
var paperPage string

//go:embed page/paper.css
var paperStyle string

var paperTemplate = parsed("paper", nil, headTemplate+paperPage)

// page prints the paper as one page that needs no other file.
func (p *Paper) page(w io.Writer) error {
	return paperTemplate().Execute(w, struct {
		*Paper
		Head pageHead
	}{p, pageHead{Lang: p.speaker.Lang, Title: p.Title, More: paperStyle + chart.Style}})
}

// Table is a grid as a page shows it.
func (p *Paper) Table(g *Grid) pageTable {
	t := pageTable{Numeric: make([]bool, len(g.Columns))}
	if g.Name != "" {
		t.Caption = p.speaker.Say("grid." + g.Name)
	}
	for i, c := range g.Columns {
		t.Numeric[i] = g.numeric(i)
		t.Heads = append(t.Heads, p.speaker.head(c.Key))
		t.Definitions = append(t.Definitions, docs.Definition(p.speaker.catalogue(), c.Key))
	}
	for _, r := range g.Rows {
		row := make([]pageCell, len(r))
		for i, v := range r {
			row[i] = pageCell{Text: p.cell(v, g.Columns[i]), Numeric: t.Numeric[i]}
			switch x := v.(type) {
			case Link:
				row[i].To = x.To
			case []float64:
				row[i].Chart = chart.Spark(x, sparkline(x)).InCell()
			case string:
				key := g.Columns[i].Key
				row[i].Whole = key == "line" || strings.HasPrefix(key, "first_out")
			case when.Date:
				row[i].Whole = true
			case exposure.Grade:
				row[i].Text, row[i].Whole = p.speaker.gradeMark(x)+" "+row[i].Text, true
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// pageTable is a grid ready for a page.
type pageTable struct {
	Caption     string
	Heads       []string
	Definitions []string // documents that define what stands below the heads; empty: none does
	Numeric     []bool
	Rows        [][]pageCell
}

type pageCell struct {
	Text    string
	To      string        // where it leads; empty: nowhere
	Chart   template.HTML // in the place of the text
	Numeric bool
	Whole   bool // never broken
}

// gradeMark tells grades apart without colour.
func (s Speaker) gradeMark(g exposure.Grade) string {
	return map[exposure.Grade]string{exposure.Low: "○", exposure.Moderate: "◐", exposure.High: "●", exposure.CannotTell: "?"}[g]
}

// num prints a number for people; a dash where it is not known, ∞ where it has no bound.
func num(x float64, digits int) string {
	switch {
	case math.IsInf(x, 1):
		return "∞"
	case !exposure.Known(x):
		return "–"
	}
	text := strconv.FormatFloat(x, 'f', digits, 64)
	if strings.Trim(text, "-0.") == "" {
		return strings.TrimPrefix(text, "-") // nothing has no sign
	}
	return text
}

// grouped parts the thousands of a printed number of five digits and more, with a thin space that does not break.
func grouped(s string) string {
	whole, rest, _ := strings.Cut(s, ".")
	if len(s) > len(whole) {
		rest = "." + rest
	}
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	if len(whole) < 5 || strings.Trim(whole, "0123456789") != "" {
		return s
	}
	var b strings.Builder
	for i, d := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteRune('\u202f')
		}
		b.WriteRune(d)
	}
	return sign + b.String() + rest
}

func numRange(r exposure.Range, digits int) string {
	low, high := grouped(num(r.Low, digits)), grouped(num(r.High, digits))
	if low == high {
		return low
	}
	return low + " – " + high
}

// sparkline draws a series of fractions in eight heights; a blank where a number is missing.
func sparkline(x []float64) string {
	var b strings.Builder
	for _, v := range x {
		if math.IsNaN(v) {
			b.WriteByte(' ')
			continue
		}
		b.WriteRune([]rune("▁▂▃▄▅▆▇█")[min(7, max(0, int(v*8)))])
	}
	return b.String()
}

// plainNumber prints a number for programs; empty where it is not known.
func plainNumber(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return ""
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}
