package app

import (
	"bytes"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"lodestone/internal/fact"
	"lodestone/internal/ingest/tables"
	"lodestone/internal/law"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

// A remembered answer must be the bytes that a new one would be: over the goods that the law itself gives as witnesses, sent on days around every
// change of law, between many places, with what keeps a row from sharing an answer thrown in.
func TestRememberedAnswersAreTheSame(t *testing.T) {
	book, _, err := LoadBook("")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*Screening{
		{Book: book, On: when.Day(2026, 3, 1), Lang: "en", Format: report.JSONL},
		{Book: book, On: when.Day(2026, 3, 1), Lang: "zh", Format: report.JSON, From: "CN", Destination: "US", KnownBy: when.Day(2025, 11, 20)},
	} {
		if !s.sharesAnswers() {
			t.Fatal("such rows share no answers")
		}
		fresh, remembering := deskOf(t, s), deskOf(t, s)
		remembering.remember(newRemembered())
		table := &tables.Table{Name: "rows.csv", Columns: memoryColumns()}
		line := &line{table: table, printer: fresh.printer}
		rows := newRowMaker(book)
		shared := 0
		for n := range memoryRows {
			row := tables.Row{Line: n + 2, Cells: rows.next(n)}
			if isShared(remembering, table, &row) {
				shared++
			}
			got, want := give(t, remembering, line, row), give(t, fresh, line, row)
			if !bytes.Equal(got, want) {
				t.Fatalf("%q\nremembered %s\nanew       %s", row.Cells, got, want)
			}
		}
		t.Logf("%d of %d rows shared an answer", shared, memoryRows)
		if shared < memoryRows/5 {
			t.Errorf("only %d of %d rows shared an answer: the test shows little", shared, memoryRows)
		}
	}
}

const memoryRows = 30_000

// isShared says whether a row would be given the answer of an earlier one.
func isShared(d *desk, t *tables.Table, row *tables.Row) bool {
	if d.memory.recall(d, t, row) {
		return true
	}
	if _, refusal := d.readRow(t, row); refusal != nil {
		return false
	}
	return d.memory.recognise(d, t, row)
}

func deskOf(t *testing.T, s *Screening) *desk {
	t.Helper()
	d, err := s.desk()
	if err != nil {
		t.Fatal(err)
	}
	if d.printer, err = report.NewPrinter(s.Format, s.Lang, nil, 0); err != nil {
		t.Fatal(err)
	}
	return d
}

func give(t *testing.T, d *desk, l *line, row tables.Row) []byte {
	t.Helper()
	j := &job{}
	j.batch.Rows = []tables.Row{row}
	if err := d.work(j, l); err != nil {
		t.Fatal(err)
	}
	return j.out.Bytes()
}

// memoryColumns are all columns but that of structures, and one that is not known.
func memoryColumns() []tables.Column {
	var columns []tables.Column
	for n, id := range fact.Columns() {
		if id != "parent" {
			columns = append(columns, tables.Column{Heading: id, ID: id, Number: n})
		}
	}
	return append(columns, tables.Column{Heading: "order", Number: -1})
}

// rowMaker makes rows that often say the same.
type rowMaker struct {
	*rand.Rand
	goods []map[string]string
	days  []string
}

var destinations = []string{"KR", "DE", "HK", "AE", "SG", "US", "JP", "TW", "VN", "RU", "IR", "CN", ""}

func newRowMaker(book *law.Book) *rowMaker {
	m := &rowMaker{Rand: rand.New(rand.NewPCG(3, 4))}
	for n := range book.Norms {
		for _, facts := range append(append([]law.Facts{}, book.Norms[n].Holds...), book.Norms[n].Fails...) {
			m.goods = append(m.goods, facts)
		}
	}
	m.goods = append(m.goods, map[string]string{"description": "hex bolt M8x40", "hs": "7318151090"}, map[string]string{"description": "citric acid"},
		map[string]string{"description": "ferrite NdFeB magnet", "form": "magnet"}, map[string]string{"description": "a thing", "hs": "12x"}, map[string]string{})
	for _, day := range append([]when.Date{book.Assessed.Horizon}, book.Changes()...) {
		for _, d := range []when.Date{day - 1, day, day + 1, day + 2} {
			m.days = append(m.days, d.String())
		}
	}
	for year := 2023; year < 2029; year++ {
		m.days = append(m.days, when.Day(year, 1, 1).String(), when.Day(year-1, 12, 31).String())
	}
	return m
}

func (m *rowMaker) one(of ...string) string { return of[m.IntN(len(of))] }

// near is one of some that stand together, which move on with n.
func (m *rowMaker) near(n int, of []string, some int) string {
	return of[(n/300*3+m.IntN(some))%len(of)]
}

// seldom is one of these in one row of sixty, and usual else.
func (m *rowMaker) seldom(usual string, of ...string) string {
	if m.IntN(60) == 0 {
		return m.one(of...)
	}
	return usual
}

// next makes row n. Goods and days are drawn from a window that moves slowly, so that rows often say the same.
func (m *rowMaker) next(n int) []string {
	good := m.goods[(n/300+m.IntN(3))%len(m.goods)]
	cells := map[string]string{
		"from": m.one("CN", "CN", "CN", "CN", "JP", ""), "destination": m.near(n, destinations, 4),
		"origin": m.one("CN", "CN", "CN", "JP", ""), "made_in": m.seldom("", "JP", "CN"), "tech_origin": m.seldom("", "CN", "US"),
		"recipient_nationality": m.seldom("", "JP", "US", "CN"), "end_use": m.seldom("civil", "military", "unknown", ""),
		"end_user_kind": m.seldom("civil", "military", ""), "end_user": m.one("Rheintal Werkstoffe GmbH", ""),
		"consignee": m.seldom("Hanbit", "General Dynamics", "General Dynamic", ""), "knowledge": m.seldom("", "diversion_suspected"),
		"procedure": m.seldom("", "repair", "sample", "intangible"), "supplier": m.seldom("", "Blue Harbor"),
		"licence_held": m.seldom("", "kind=individual; no=1; valid=2025-01-01..2027-01-01"), "us_licence_required": m.seldom("", "yes"),
		"ship_date": m.near(n, m.days, 4), "declaration_date": m.seldom("", m.days[m.IntN(len(m.days))]),
	}
	if n%50 == 0 { // places that the law does not tell apart and that the answer names; the last day that was assessed and the one after
		cells = map[string]string{"from": "CN", "destination": m.one("HK", "AE"), "end_use": "civil", "ship_date": m.one(m.days[1], m.days[2])}
		good = map[string]string{"description": "sintered NdFeB magnet", "form": "magnet", "hs": "8505111000"}
	}
	for name, value := range good {
		cells[name] = value
	}
	if cells["description"] != "" && m.IntN(3) == 0 { // other words, of which the same is read
		cells["description"] += "; art. " + strconv.Itoa(n)
	}
	cells["id"], cells["quantity"], cells["unit"] = m.seldom("P-"+strconv.Itoa(n), ""), strconv.Itoa(m.IntN(900)), m.one("kg", "pcs")
	cells["value"], cells["unit_value"] = strconv.Itoa(m.IntN(60_000)), m.seldom("", "7")
	cells["currency"], cells["shipment"] = m.seldom("CNY", "RMB"), m.seldom("", "S-1")
	var row []string
	for _, id := range fact.Columns() {
		if id != "parent" {
			row = append(row, cells[id])
		}
	}
	return append(row, "PO-"+strconv.Itoa(n))
}

// Files of one screening may write numbers otherwise: the same cells then say other things.
func TestFilesWithOtherDecimalSignsShareNothing(t *testing.T) {
	book, _, err := LoadBook("")
	if err != nil {
		t.Fatal(err)
	}
	s := &Screening{Book: book, On: when.Day(2026, 3, 1), Lang: "en", Format: report.JSONL}
	d := deskOf(t, s)
	d.remember(newRemembered())
	number := func(column string) int { n, _ := fact.ColumnNumber(column); return n }
	table := &tables.Table{Name: "rows.csv", Columns: []tables.Column{{Heading: "description", Number: number("description")}, {Heading: "params", Number: number("params")},
		{Heading: "from", Number: number("from")}}}
	line := &line{table: table, printer: d.printer}
	row := tables.Row{Line: 2, Cells: []string{"isostatic graphite", "density=1,75 g/cm3", "CN"}}
	d.Reader.DecimalComma = true
	read := string(give(t, d, line, row))
	d.Reader.DecimalComma = false
	if refused := string(give(t, d, line, row)); refused == read || !strings.Contains(refused, "1,75") {
		t.Errorf("with a decimal comma %s\nwithout %s", read, refused)
	}
}
