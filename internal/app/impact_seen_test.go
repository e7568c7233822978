package app

import (
	"bytes"
	"encoding/csv"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"lodestone/internal/fact"
	"lodestone/internal/ingest/tables"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

// A comparison that passes over rows which say the same prints the bytes of one that judges each row, and counts the same; and what it leaves out is the
// same at both points in time when every row is judged at both. The rows are goods that the law itself gives as witnesses, between many places, with what
// keeps a row from being passed over thrown in: parties on lists, cells that cannot be read, rows that are no rows, quotes.
func TestRowsPassedOverAreTheSame(t *testing.T) {
	book, _, err := LoadBook("")
	if err != nil {
		t.Fatal(err)
	}
	text := impactRows(newRowMaker(book), 1500)
	at := func(y, m, d int) when.At { return when.At{Effective: when.Day(y, m, d)} }
	for _, c := range []struct {
		before, after when.At
		all           bool
	}{
		{at(2024, 9, 14), at(2024, 9, 15), false}, {at(2024, 9, 14), at(2024, 9, 15), true}, {at(2024, 12, 2), at(2024, 12, 3), false},
		{at(2025, 10, 8), at(2025, 11, 10), false}, {at(2026, 1, 5), at(2026, 1, 7), false}, {at(2026, 11, 27), at(2026, 11, 28), true},
		{when.At{Effective: when.Day(2025, 12, 15), KnownBy: when.Day(2025, 10, 20)}, at(2025, 12, 15), false},
	} {
		s := &Impact{Screening: Screening{Book: book, Lang: "en", Format: report.JSONL, Destination: "US"}, Before: c.before, After: c.after, All: c.all}
		got, passed := compareRows(t, s, text, true)
		want, none := compareRows(t, s, text, false)
		if got != want {
			t.Errorf("%s to %s: %s", c.before, c.after, firstDifference(got, want))
		}
		if passed == 0 || none > 0 {
			t.Errorf("%s to %s: %d rows were passed over, and %d where none is to be: the test shows nothing", c.before, c.after, passed, none)
		}
		if c.all {
			continue
		}
		s.All = true
		all, _ := compareRows(t, s, text, false)
		lines := func(text string) []string {
			return slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool {
				return line == "" || line[0] != '{' || strings.Contains(line, `"changed":false`)
			})
		}
		if got, want := lines(got), lines(all); !slices.Equal(got, want) {
			t.Errorf("%s to %s, every row judged twice: %s", c.before, c.after, firstDifference(strings.Join(got, "\n"), strings.Join(want, "\n")))
		}
	}
}

// compareRows is what a comparison prints, and in a last line what it counts. passed is how many rows were not read.
func compareRows(t *testing.T, s *Impact, text string, remember bool) (printed string, passed int) {
	t.Helper()
	table, err := tables.Open("rows.csv", strings.NewReader(text), s.Book.Vocab, tables.Options{Encoding: "utf-8"})
	if err != nil {
		t.Fatal(err)
	}
	var sum report.ImpactSummary
	desks, printer, err := s.comparers(&sum)
	if err != nil {
		t.Fatal(err)
	}
	desks = desks[:1]
	l, err := s.lineOf(table, printer, desks)
	if err != nil {
		t.Fatal(err)
	}
	if remember {
		l.rememberRows()
	}
	var out bytes.Buffer
	if err := l.run(&out, true, func(j *job) { s.count(&sum, j) }); err != nil {
		t.Fatal(err)
	}
	sum.Finish()
	if seen := desks[0].impact.seen; seen != nil {
		passed = seen.passed
	}
	return out.String() + "\ntouched " + sum.Text("en"), passed
}

// impactRows is a CSV file of rows that often say the same.
func impactRows(m *rowMaker, n int) string {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	var headings []string
	for _, c := range memoryColumns() {
		headings = append(headings, c.Heading)
	}
	_ = w.Write(headings) // a buffer takes what it is given
	r := rand.New(rand.NewPCG(5, 6))
	quantity := slices.Index(fact.Columns(), "quantity") - 1 // without the column parent
	for i := range n {
		row := m.next(i)
		switch r.IntN(60) {
		case 0:
			row[quantity] = "1,234"
		case 1:
			row[quantity] = "-3"
		case 2:
			row[0] = "  P 7 "
		case 3:
			row[0] = "零件-7"
		case 4:
			row[len(row)-1] = "\xff"
		case 5:
			row[0] = `6" pipe`
		case 6:
			row[0] = strings.Repeat("9", 201)
		}
		_ = w.Write(row)
		if r.IntN(90) == 0 {
			w.Flush()
			b.WriteString([]string{"\n", "too,few\n", "\"never closed,x\n", "P-1,\"two\nlines\"\n"}[r.IntN(4)])
		}
	}
	w.Flush()
	return b.String()
}
