package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"lodestone/internal/law"
	"lodestone/internal/when"
)

// xlsxPrinter writes a workbook with the sheets summary, lines, reasons and asks. Rows are prepared by those who answer them and written in
// order by the one who writes; the workbook is put together at the end.
type xlsxPrinter struct {
	lang      string
	extra     []string
	suppliers supplierCounts
	book      *workbook
	limit     int // most rows of a sheet; zero: what Excel holds
	summary   *sheet
	sheets    [3]*sheet // lines, reasons, asks
}

const (
	linesSheet = iota
	reasonsSheet
	asksSheet
)

func (p *xlsxPrinter) say(key string, pairs ...string) string {
	return Say(p.lang, "xlsx."+key, pairs...)
}

// columns makes columns of titles, each with its width behind a colon.
func (p *xlsxPrinter) columns(list string) []column {
	var columns []column
	for _, x := range strings.Fields(list) {
		key, width, _ := strings.Cut(x, ":")
		n, _ := strconv.ParseFloat(width, 64)
		columns = append(columns, column{title: p.say(key), width: n})
	}
	return columns
}

func (p *xlsxPrinter) Open(w io.Writer) (rows io.Writer, err error) {
	if p.book, err = newWorkbook(); err != nil {
		return nil, err
	}
	p.summary = p.book.sheet(p.say("summary"), []column{{title: p.say("title"), width: 34}, {width: 60}, {width: 16}})
	if err := p.summary.begin(); err != nil { // it comes first; its rows come last
		return nil, err
	}
	lines := p.columns("id:14 line:8 goods:44 hs:14 supplier:22 from:8 destination:12 outcome:26 may_be:26 policy:14 effective:12 known_by:12 " +
		"norm:28 because:60 questions:10 next_on:12 next_outcome:26 next_by:16 not_assessed:40 notes:40 problem:40")
	for _, name := range p.extra {
		lines = append(lines, column{title: name, width: 18})
	}
	reasons := p.columns("id:14 outcome:26 norm:28 name:40 cite:26 code:14 layer:14 effect:26 standing:16 holds:12 fact:24 value:24 source:14 words:30 test:24 truth:10")
	asks := p.columns("id:14 supplier:22 part:14 fact:24 question:60 why:60 leads:60 mildest:40")
	for i, x := range []struct {
		name    string
		columns []column
	}{{"lines", lines}, {"reasons", reasons}, {"asks", asks}} {
		p.sheets[i] = p.book.sheet(p.say(x.name), x.columns)
		p.sheets[i].filters = true
		if p.limit > 0 {
			p.sheets[i].limit = p.limit
		}
		if err := p.sheets[i].begin(); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *xlsxPrinter) Between() string { return "" }

// Row prepares the rows of a line: a JSON list a row, of the number of the sheet and the cells, each with a letter for its type.
func (p *xlsxPrinter) Row(b *bytes.Buffer, d *Determination) error {
	g := d.Given
	if g == nil {
		g = &Given{}
	}
	p.suppliers.add(d)
	outcome := Say(p.lang, "outcome."+d.Outcome)
	first := Requirement{}
	if len(d.Requirements) > 0 {
		first = d.Requirements[0]
	}
	next := Change{}
	if d.NextChange != nil {
		next = *d.NextChange
	}
	row := []string{text(d.ID), number(d.Line), text(g.Description), text(g.HS), text(g.Supplier), text(g.From), text(g.Destination),
		text(outcome), text(p.outcome(d.MayBe)), text(p.policy(d.Policy)), day(d.At.Effective), day(d.At.KnownBy), text(first.Cite), text(because(d, p.lang)), number(len(d.Asks)),
		day(next.On), text(p.outcome(next.Outcome)), text(next.By), text(joined(d.NotAssessed, func(g *Gap) string { return Say(p.lang, "layer."+g.Layer) + ": " + g.Missing })),
		text(strings.Join(append(d.Notes, warned(d)...), "\n")), text("")}
	for _, name := range p.extra {
		row = append(row, text(extraValue(d, name)))
	}
	put(b, linesSheet, row)
	for i := range d.Requirements {
		r := &d.Requirements[i]
		start := []string{text(d.ID), text(outcome), text(r.Norm), text(r.Name.In(p.lang)), text(r.Cite), text(r.Code), text(Say(p.lang, "layer."+r.Layer)), text(p.outcome(r.Effect)),
			text(Say(p.lang, "standing."+r.Standing)), text(Say(p.lang, "truth."+r.Certainty))}
		if r.Because == nil {
			put(b, reasonsSheet, append(start, text(""), text(p.outcome(r.If)), text(""), text(r.Why), text(""), text("")))
		}
		for j := range r.Because {
			x := &r.Because[j]
			put(b, reasonsSheet, append(start[:len(start):len(start)], text(d.factName(x.Fact)), text(saidOf(d, x.Fact, x.Value)), text(Say(p.lang, "source."+x.Source)), text(x.Words), text(saidOf(d, x.Fact, x.Test)),
				text(Say(p.lang, "truth."+x.Truth))))
		}
	}
	for i := range d.Asks {
		a := &d.Asks[i]
		put(b, asksSheet, []string{text(d.ID), text(a.Supplier), text(a.Part), text(a.Fact), text(a.Question), text(a.Why), text(leadsText(p.lang, a.Leads)), text(mildestText(p.lang, d.Mildest))})
	}
	return nil
}

func warned(d *Determination) []string {
	var list []string
	for i := range d.Warnings {
		list = append(list, d.Warnings[i].Error())
	}
	return list
}

func (p *xlsxPrinter) outcome(word string) string {
	if word == "" {
		return ""
	}
	return Say(p.lang, "outcome."+word)
}

func (p *xlsxPrinter) policy(word string) string {
	if word == "" {
		return ""
	}
	return Say(p.lang, "policy."+word)
}

// leadsText says in one line an answer where each answer leads.
func leadsText(lang string, leads []Lead) string {
	lines := make([]string, len(leads))
	for i, l := range leads {
		lines[i] = l.Answer + " → " + l.words(lang)
	}
	return strings.Join(lines, "\n")
}

func mildestText(lang string, l *Lead) string {
	if l == nil {
		return ""
	}
	return l.Answer + " → " + l.words(lang)
}

func (l *Lead) words(lang string) string {
	words := Say(lang, "outcome."+l.Outcome)
	if l.MayBe != "" {
		words = Say(lang, "lead.may_be", "outcome", words, "may_be", Say(lang, "outcome."+l.MayBe))
	}
	return words
}

func (p *xlsxPrinter) Refused(b *bytes.Buffer, r *Refused) error {
	row := make([]string, 21+len(p.extra))
	for i := range row {
		row[i] = text("")
	}
	row[0], row[1], row[7], row[20] = text(r.ID), number(r.Line), text(Say(p.lang, "table.refused")), text(r.Problem.Error())
	put(b, linesSheet, row)
	return nil
}

// Cells on their way to the sheet carry their type as their first letter.
func text(s string) string   { return "t" + s }
func number(n int) string    { return "n" + strconv.Itoa(n) }
func day(d when.Date) string { return "d" + strconv.Itoa(int(d)) }
func cellOf(coded string) any {
	n, _ := strconv.Atoi(coded[1:])
	switch coded[0] {
	case 'n':
		return n
	case 'd':
		return when.Date(n)
	}
	return coded[1:]
}

func put(b *bytes.Buffer, sheet int, cells []string) {
	line := append(strconv.AppendInt(append(b.AvailableBuffer(), `["`...), int64(sheet), 10), '"')
	for _, c := range cells {
		line = appendString(append(line, ','), c)
	}
	b.Write(append(line, "]\n"...))
}

// Write takes prepared rows, whole ones, to their sheets.
func (p *xlsxPrinter) Write(rows []byte) (int, error) {
	for line := range bytes.Lines(rows) {
		var coded []string
		if err := json.Unmarshal(line, &coded); err != nil {
			return 0, err
		}
		n, err := strconv.Atoi(coded[0])
		if err != nil {
			return 0, err
		}
		cells := make([]any, len(coded)-1)
		for i, c := range coded[1:] {
			cells[i] = cellOf(c)
		}
		if err := p.sheets[n].add(cells...); err != nil {
			return 0, err
		}
	}
	return len(rows), nil
}

func (p *xlsxPrinter) Close(w io.Writer, s *Summary) error {
	add := p.summary.add
	rows := [][]any{{p.say("rows"), s.Rows + s.Refused}}
	for i := len(law.OutcomeWords()) - 1; i >= 0; i-- {
		if word := law.OutcomeWords()[i]; s.Outcomes[word] > 0 {
			rows = append(rows, []any{Say(p.lang, "outcome."+word), s.Outcomes[word]})
		}
	}
	if s.Refused > 0 {
		rows = append(rows, []any{Say(p.lang, "table.refused"), s.Refused})
	}
	rows = append(rows, []any{p.say("open"), s.Open}, []any{""}, []any{p.say("known_by"), s.KnownBy}, []any{p.say("assessed_until"), s.Law.AssessedUntil},
		[]any{p.say("revision"), s.Law.Revision}, []any{p.say("not_advice"), s.Note}, []any{""})
	for _, x := range p.sheets {
		if x.parts > 1 {
			rows = append(rows, []any{x.name, p.say("further", "rows", strconv.Itoa(x.rows), "sheets", strconv.Itoa(x.parts), "limit", strconv.Itoa(maxSheetRows))})
		}
	}
	if list := p.suppliers.list(); len(list) > 0 {
		rows = append(rows, []any{p.say("by_supplier"), p.say("lines"), p.say("asks")})
		for _, x := range list {
			rows = append(rows, []any{supplierName(p.lang, x.Name), x.Lines, x.Asks})
		}
	}
	if len(s.Shipments) > 0 {
		rows = append(rows, []any{""}, []any{p.say("shipment"), p.say("outcome"), p.say("lines")})
		for _, x := range s.Shipments {
			rows = append(rows, []any{x.ID, shipmentText(p.lang, &x), x.Lines})
		}
	}
	for _, row := range rows {
		if err := add(row...); err != nil {
			return err
		}
	}
	return p.book.write(w)
}

func shipmentText(lang string, x *Shipment) string {
	words := (&Lead{Outcome: x.Outcome, MayBe: x.MayBe}).words(lang)
	return fmt.Sprintf("%s (%s)", words, x.By)
}

func supplierName(lang, name string) string {
	if name == "" {
		return Say(lang, "xlsx.no_supplier")
	}
	return name
}
