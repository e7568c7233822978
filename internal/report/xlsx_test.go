package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"lodestone/internal/when"
)

// printed prints documents through a workbook printer and opens what came out.
func printed(t *testing.T, p *xlsxPrinter, docs ...*Determination) *excelize.File {
	t.Helper()
	var out, rows bytes.Buffer
	w, err := p.Open(&out)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range docs {
		if err := p.Row(&rows, d); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Refused(&rows, &Refused{ID: "bad", Line: 99}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(rows.Bytes()); err != nil {
		t.Fatal(err)
	}
	s := &Summary{Rows: len(docs), Refused: 1, Outcomes: map[string]int{"licence": len(docs)}, KnownBy: when.Day(2026, 10, 9)}
	if err := p.Close(&out, s); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func sample(id string) *Determination {
	return &Determination{ID: id, Line: 7, Outcome: "licence", MayBe: "deny", At: when.At{Effective: when.Day(2026, 3, 2), KnownBy: when.Day(2026, 10, 9)},
		Requirements: []Requirement{{Layer: "dual_use", Effect: "licence", Standing: "in_force", Certainty: "yes", Norm: "X-1/a", Cite: "No. 1, 1",
			Because: []Reason{{Fact: "form", Value: "magnet", Source: "column", Test: "magnet", Truth: "yes"}, {Fact: "from", Value: "CN", Source: "column", Test: "CN", Truth: "yes"}}}},
		Asks:  []Ask{{Fact: "composition.Tb", Question: "Tb?", Supplier: "=cmd()", Leads: []Lead{{Answer: "none", Outcome: "review"}}}},
		Given: &Given{Description: "+magnets", Supplier: "=cmd()"}, Extra: []ExtraField{{"note", "@x"}}}
}

func TestWorkbookHasItsSheetsTypesAndFilters(t *testing.T) {
	f := printed(t, &xlsxPrinter{lang: "en", extra: []string{"note"}}, sample("-1"))
	if got := strings.Join(f.GetSheetList(), " "); got != "summary lines reasons asks" {
		t.Errorf("sheets are %s", got)
	}
	for cell, want := range map[string]string{"A2": "'-1", "B2": "7", "C2": "'+magnets", "H2": "licence required", "K2": "2026-03-02", "V1": "note", "V2": "'@x", "A3": "bad", "H3": "refused"} {
		if got, err := f.GetCellValue("lines", cell); got != want || err != nil {
			t.Errorf("lines!%s is %q, not %q (%v)", cell, got, want, err)
		}
	}
	raw := excelize.Options{RawCellValue: true}
	for cell, want := range map[string]string{"B2": "7", "K2": "46083", "O2": "1"} {
		kind, _ := f.GetCellType("lines", cell)
		if got, _ := f.GetCellValue("lines", cell, raw); got != want || kind != excelize.CellTypeNumber && kind != excelize.CellTypeUnset {
			t.Errorf("lines!%s is %q of type %v, not the number %s", cell, got, kind, want)
		}
	}
	if rows, _ := f.GetRows("reasons"); len(rows) != 3 {
		t.Errorf("%d rows of reasons, not a heading and two", len(rows))
	}
	if got, _ := f.GetCellValue("asks", "G2"); got != "none → to be reviewed" {
		t.Errorf("asks!G2 is %q", got)
	}
	for _, sheet := range []string{"lines", "reasons", "asks"} {
		panes, err := f.GetPanes(sheet)
		if err != nil || !panes.Freeze || panes.YSplit != 1 {
			t.Errorf("the heading of %s is not frozen", sheet)
		}
	}
	if width, _ := f.GetColWidth("lines", "C"); width != 44 {
		t.Errorf("goods are %v wide", width)
	}
	names := fmt.Sprint(f.GetDefinedName())
	if strings.Count(names, "_FilterDatabase") != 3 {
		t.Errorf("filters: %s", names)
	}
}

// Excel holds 1,048,576 rows on a sheet; what is beyond goes to further sheets, and the summary says so.
func TestRowsBeyondASheetGoToFurtherSheets(t *testing.T) {
	var docs []*Determination
	for i := range 7 {
		docs = append(docs, sample(fmt.Sprint("L", i)))
	}
	f := printed(t, &xlsxPrinter{lang: "en", limit: 4}, docs...)
	if got := strings.Join(f.GetSheetList(), ", "); got != "summary, lines, reasons, asks, reasons 2, lines 2, reasons 3, asks 2, reasons 4, lines 3, reasons 5, asks 3" {
		t.Errorf("sheets are %s", got)
	}
	seen := 0
	for _, sheet := range []string{"lines", "lines 2", "lines 3"} {
		rows, err := f.GetRows(sheet)
		if err != nil || len(rows) > 4 || rows[0][0] != "id" {
			t.Errorf("%s: %d rows, heading %v (%v)", sheet, len(rows), rows[0], err)
		}
		seen += len(rows) - 1
	}
	if seen != len(docs)+1 {
		t.Errorf("%d lines, not %d", seen, len(docs)+1)
	}
	summary, _ := f.GetRows("summary")
	if !strings.Contains(fmt.Sprint(summary), "8 rows on 3 sheets: Excel holds 1048576 rows on one sheet") {
		t.Errorf("the summary does not speak of further sheets: %v", summary)
	}
}

func TestSheetNames(t *testing.T) {
	taken := map[string]bool{}
	for _, c := range []struct{ name, want string }{
		{"Ningbo magnet plant", "Ningbo magnet plant"}, {"ningbo MAGNET plant", "ningbo MAGNET plant (2)"}, {"A/B: [x]*?\\", "A B   x"}, {"'quoted'", "quoted"},
		{"", "–"}, {"history", "history (2)"}, {strings.Repeat("磁", 50), strings.Repeat("磁", 28)}, {strings.Repeat("😀", 20), strings.Repeat("😀", 14)},
	} {
		if got := sheetName(c.name, taken); got != c.want {
			t.Errorf("%q becomes %q, not %q", c.name, got, c.want)
		}
	}
}

func TestLimitsReadAsPeopleWriteThem(t *testing.T) {
	for in, want := range map[string]string{">= 0.7 %": "≥ 0.7 %", "<= 0.00000275 per_C": "≤ 2.75 × 10⁻⁶ /°C", "> 1.73 g/cm3": "> 1.73 g/cm³", "< 0.002 ratio": "< 0.002",
		"magnet": "magnet", "> 0.00001 mm": "> 1 × 10⁻⁵ mm", ">1.72 <=1.73 g/cm3": "> 1.72, ≤ 1.73 g/cm³"} {
		if got := limit(in); got != want {
			t.Errorf("%q is shown %q, not %q", in, got, want)
		}
	}
}
