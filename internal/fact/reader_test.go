package fact

import (
	"strconv"
	"strings"
	"testing"

	"lodestone/internal/quant"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

func TestColumnNumber(t *testing.T) {
	for i, id := range Columns() {
		if n, ok := ColumnNumber(id); !ok || n != i || id == "" {
			t.Errorf("column %d, %q: number %d, %v", i, id, n, ok)
		}
	}
	if _, ok := ColumnNumber("colour"); ok {
		t.Error("colour is no column")
	}
}

// show prints what a column made of its cell.
func show(v *vocab.Vocab, it *Item, column int) string {
	switch column {
	case colHS:
		return it.HS
	case colQuantity:
		return it.Quantity.String()
	case colValue:
		return it.Value.String()
	case colUnitValue:
		return it.unitValue.String()
	case colCurrency:
		return it.Currency
	case colOrigin:
		return it.Origin.String()
	case colShipDate:
		return it.ShipDate.String()
	case colForm:
		return strings.Join(v.FormWords(it.Forms), " ")
	case colEndUse:
		return v.TermWord("end_use", it.EndUse)
	case colProcedure:
		return v.TermWord("procedure", it.Procedure)
	case colKnowledge:
		var words []string
		for _, k := range it.Knowledge {
			words = append(words, v.TermWord("knowledge", k))
		}
		return strings.Join(words, " ")
	}
	return ""
}

func TestSet(t *testing.T) {
	v := testVocab(t)
	for _, c := range []struct {
		column        int
		cell          string
		want, problem string // problem: part of it; a warning begins with "warning: "
	}{
		{colHS, "8505.11.10.00", "8505111000", ""},
		{colHS, "8505.11-1000", "8505111000", ""},
		{colHS, " ８５０５ 11 ", "850511", ""},
		{colHS, "850", "", `"850" has 3 digits (4 to 10 digits)`},
		{colHS, "85051110001", "", "has 11 digits"},
		{colHS, "8.50511E+09", "", `is no customs code (4 to 10 digits)`},
		{colHS, "unknown", "", ""},

		{colQuantity, "533", "533", ""},
		{colQuantity, "1,234.5", "1234.5", ""},
		{colQuantity, "1,234,567", "1234567", ""},
		{colQuantity, "1.234,5", "1234.5", ""},
		{colQuantity, "1 234 567.25", "1234567.25", ""},
		{colQuantity, "1,234", "", "1,234 can be 1234 or 1.234"},
		{colQuantity, "29,5", "", "(29.5)"},
		{colQuantity, "1,23,4", "", `"1,23,4" is not a number`},
		{colQuantity, "-3", "", "-3 is below zero"},
		{colQuantity, "100-200", "100-200", ""},
		{colQuantity, "<5", ">=0 <5", ""},
		{colQuantity, "<0", "", "is not a number"},
		{colQuantity, "533 kg", "", "put the unit into the column unit"},
		{colQuantity, "many", "", `"many" is not a number`},
		{colValue, "3348.25", "3348.25", ""},
		{colValue, "1e30", "", "more than 18 digits"},
		{colCurrency, "cny", "CNY", ""},
		{colCurrency, "RMB", "", `"RMB" is no currency code of ISO 4217 (CNY)`},

		{colOrigin, "cn", "CN", ""},
		{colOrigin, "中国", "CN", ""},
		{colOrigin, "south korea", "KR", ""},
		{colOrigin, "Chinia", "", `"Chinia" is no country (China)`},
		{colOrigin, "XX", "", "two letters of ISO 3166"},

		{colShipDate, "2026-03-01", "2026-03-01", ""},
		{colShipDate, "2026/3/1", "2026-03-01", ""},
		{colShipDate, "20260301", "2026-03-01", ""},
		{colShipDate, "2026年3月1日", "2026-03-01", ""},
		{colShipDate, "2026. 3. 1.", "2026-03-01", ""},
		{colShipDate, "2026-03-01 00:00:00", "2026-03-01", ""},
		{colShipDate, "2026-02-30", "", "2026-02-30 is not in the calendar"},
		{colShipDate, "01/03/2026", "", "(2026-03-01 or 2026-01-03)"},
		{colShipDate, "13/03/2026", "", "(2026-03-13)"},
		{colShipDate, "spring", "", "YYYY-MM-DD"},

		{colForm, "metal; powder", "metal powder", ""},
		{colForm, "粉末/金属", "metal powder", ""},
		{colForm, "Finished Product", "finished_product", ""},
		{colForm, "powdr, metal", "metal", `warning: form: "powdr" is no form; left unknown (powder)`},

		{colEndUse, "民用", "civil", ""},
		{colEndUse, "not known", "", ""},
		{colEndUse, "militray", "", `"militray" is no end use (military)`},
		{colEndUse, "gardening", "", "one of civil, military"},
		{colProcedure, "hand-carry", "hand_carry", ""},
		{colKnowledge, "wmd_suspected; informed_by_authority", "wmd_suspected informed_by_authority", ""},
		{colKnowledge, "wmd_suspect", "", `is no knowledge (wmd_suspected)`},

		{colID, strings.Repeat("x", 201), "", "201 bytes long; at most 200"},
		{colConsignee, strings.Repeat("名", 1000), "", "warning: consignee: 3000 bytes long; cut to the first 1998"},
		{colDescription, "\xff", "", "is not UTF-8 text"},
	} {
		var it Item
		r := NewReader(v, Defaults{})
		p := r.Set(&it, c.column, c.cell)
		problem := ""
		if p != nil {
			problem = p.Error()
			if p.Warning {
				problem = "warning: " + problem
			}
		}
		if got := show(v, &it, c.column); got != c.want {
			t.Errorf("%s %q: got %q, want %q", columns[c.column], clip(c.cell), got, c.want)
		}
		if (c.problem == "") != (p == nil) || !strings.Contains(problem, c.problem) {
			t.Errorf("%s %q: problem %q, want %q", columns[c.column], clip(c.cell), problem, c.problem)
		}
	}
}

func TestDecimalComma(t *testing.T) {
	r := NewReader(testVocab(t), Defaults{})
	r.DecimalComma = true
	for cell, want := range map[string]string{
		"1,234": "1.234", "29,5": "29.5", "1.234.567,5": "1234567.5", "1,234,567": "1234567", "1 234,5": "1234.5", "12.5": "12.5", "1.234.567": "1234567",
	} {
		var it Item
		if p := r.Set(&it, colValue, cell); p != nil || it.Value.String() != want {
			t.Errorf("%s: %s, want %s (%v)", cell, it.Value, want, p)
		}
	}
	var it Item
	if p := r.Set(&it, colComposition, "Nd 29,5%"); p != nil || it.Contents[0].Share.String() != "29.5" {
		t.Error(p, it.Contents)
	}
}

func read(t *testing.T, d Defaults, cells map[string]string) (Item, string) {
	t.Helper()
	it, problems := NewReader(testVocab(t), d).ReadFacts(cells)
	return it, problems.Error()
}

func TestReadFacts(t *testing.T) {
	it, problems := read(t, Defaults{}, map[string]string{
		"id": "P-100", "parent": "ASSY-1", "品名": "烧结钕铁硼 NdFeB magnet", "composition": "Nd 30%; Dy 3%", "destination": "US",
		"unit_value": "12.5", "quantity": "10", "licence_held": "kind=individual; no=A-1; items=1C905.a.4, 1C904; end_user=X Co; quantity=500 kg; valid=2026-01-01..2026-12-31",
		"us_licence_required": "no",
	})
	if problems != "" {
		t.Fatal(problems)
	}
	if it.ID != "P-100" || it.Parent != "ASSY-1" || len(it.Mentions) != 2 || len(it.Contents) != 2 || it.Destination.String() != "US" || it.DestinationFlag {
		t.Errorf("%+v", it)
	}
	if !it.ValueIsUnit || it.Value.String() != "12.5" {
		t.Errorf("value %s, of one unit: %v", it.Value, it.ValueIsUnit)
	}
	l := it.Licence
	if l.No != "A-1" || len(l.Items) != 2 || l.EndUser != "X Co" || l.Quantity.String() != "500" || l.Unit != "kg" || l.Kind == 0 ||
		l.Valid != (when.Interval{From: when.Day(2026, 1, 1), Until: when.Day(2027, 1, 1)}) {
		t.Errorf("licence %+v", l)
	}
	if len(it.Extra) != 1 || it.Extra[0].Name != "us_licence_required" {
		t.Errorf("extra %v", it.Extra)
	}
}

func TestReadFactsProblems(t *testing.T) {
	for want, cells := range map[string]map[string]string{
		`"destinaton" is no column (destination)`:    {"destinaton": "US"},
		"id: given twice":                            {"id": "1", "序号": "2"},
		"P-1 is part of itself":                      {"id": "P-1", "parent": "P-1"},
		"lies before the day of the declaration":     {"ship_date": "2026-01-01", "declaration_date": "2026-02-01"},
		"2.5 × 100 is 250, and value says 300":       {"unit_value": "2.5", "quantity": "100", "value": "300"},
		"licence_held: \"knd\" is no part":           {"licence_held": "knd=individual"},
		"is no licence kind (individual)":            {"licence_held": "kind=indivdual"},
		"ends before it begins":                      {"licence_held": "valid=2026-02-01..2026-01-01"},
		"adds up to 110 %":                           {"composition": "Nd 60; Fe 50"},
		"Dy2O3 0.15%: its elements are read as":      {"composition": "Dy2O3 0.15%; others 1%"},
		"composition: others 1%: not said of what":   {"composition": "Dy2O3 0.15%; others 1%"},
		"120004 bytes long; cut to the first 100000": {"description": strings.Repeat("four", 30001)},
	} {
		if _, problems := read(t, Defaults{}, cells); !strings.Contains(problems, want) {
			t.Errorf("%v:\n got %s\nwant %s", clip(want), problems, want)
		}
	}
	if _, problems := read(t, Defaults{}, map[string]string{"unit_value": "2.49", "quantity": "100", "value": "250"}); problems != "" {
		t.Errorf("a rounded price is no problem: %s", problems)
	}
}

func TestDefaults(t *testing.T) {
	d := Defaults{From: vocab.Country{'C', 'N'}, Destination: vocab.Country{'K', 'R'}, On: when.Day(2026, 3, 1)}
	it, _ := read(t, d, map[string]string{"id": "1"})
	if it.From != d.From || !it.FromFlag || it.Destination != d.Destination || !it.DestinationFlag || it.Day() != d.On {
		t.Errorf("%+v", it)
	}
	it, _ = read(t, d, map[string]string{"from": "JP", "destination": "US", "declaration_date": "2026-02-27"})
	if it.From.String() != "JP" || it.FromFlag || it.DestinationFlag || it.Day() != when.Day(2026, 2, 27) || it.ShipDate != 0 {
		t.Errorf("the row does not win: %+v", it)
	}
}

func TestDescriptionOfSeveralColumns(t *testing.T) {
	r := NewReader(testVocab(t), Defaults{})
	var it Item
	r.Set(&it, colDescription, "砷化镓")
	r.Set(&it, colDescription, "6 inch")
	if it.Description != "砷化镓; 6 inch" {
		t.Error(it.Description)
	}
}

// A row that was refused leaves nothing behind for the next one.
func TestReset(t *testing.T) {
	r := NewReader(testVocab(t), Defaults{})
	var it Item
	r.Set(&it, colComposition, "Dy2O3 1%; others 1%; impurities none")
	r.Set(&it, colUnitValue, "5")
	it.Reset()
	it.Line = 7
	if list := r.Finish(&it); list != nil || it.ID != "7" || it.Value.HasLow || len(it.Contents) > 0 {
		t.Errorf("%v %+v", list, it)
	}
}

func TestSetDoesNotAllocate(t *testing.T) {
	r := NewReader(testVocab(t), Defaults{From: vocab.Country{'C', 'N'}})
	row := map[int]string{
		colID: "P-100", colHS: "8505.11.10.00", colComposition: "Nd 29.5%; Dy 0.1-0.3%; Tb <0.01%; Co present; Sm none; balance Fe",
		colForm: "powder", colParams: "purity=99.95 %; density=1.75 g/cm3; flexural_strength=35 MPa", colOrigin: "CN", colDestination: "US",
		colEndUse: "civil", colProcedure: "hand_carry", colShipDate: "2026-03-01", colQuantity: "533", colValue: "3348.25", colCurrency: "CNY",
		colDescription: "sintered magnet blocks",
	}
	var it Item
	fill := func() {
		it.Reset()
		for column, cell := range row {
			if p := r.Set(&it, column, cell); p != nil {
				t.Fatal(p)
			}
		}
		r.Finish(&it)
	}
	fill()
	if n := testing.AllocsPerRun(100, fill); n > 0 {
		t.Errorf("%v allocations a row", n)
	}
}

func BenchmarkReadRow(b *testing.B) {
	r := NewReader(testVocab(b), Defaults{})
	cells := [...]struct {
		column int
		text   string
	}{
		{colID, "P-100"}, {colDescription, "sintered magnet blocks, coated"}, {colHS, "8505.11.10.00"},
		{colComposition, "Nd 29.5%; Dy 0.1-0.3%; Tb <0.01%; balance Fe"}, {colForm, "magnet"}, {colParams, "density=7.5 g/cm3"},
		{colOrigin, "CN"}, {colDestination, "US"}, {colQuantity, "533"}, {colValue, "3348.25"}, {colShipDate, "2026-03-01"},
	}
	var it Item
	b.ReportAllocs()
	for b.Loop() {
		it.Reset()
		for _, c := range cells {
			r.Set(&it, c.column, c.text)
		}
		r.Finish(&it)
	}
}

func FuzzSet(f *testing.F) {
	for _, s := range []string{
		"8505.11.10.00", "2026-03-01", "2026年3月1日", "1,234.5", "<5", "100-200", "2026/13/45", "metal; powder", "kind=individual; valid=2026-01-01..",
		"１２３", "1.2.3,4", "20260301", "29 ±1", "中国", "civil", "wmd_suspected;x", "\xff",
	} {
		for column := range columns {
			f.Add(column, s)
		}
	}
	v := testVocab(f)
	f.Fuzz(func(t *testing.T, column int, cell string) {
		if column < 0 || column >= len(columns) {
			return
		}
		var it Item
		r := NewReader(v, Defaults{})
		p := r.Set(&it, column, cell)
		if p != nil && (p.Field != columns[column] || p.Text == "") {
			t.Fatalf("%q: problem %+v", cell, p)
		}
		if it.HS != "" {
			if _, err := strconv.ParseUint(it.HS, 10, 64); err != nil || len(it.HS) < 4 || len(it.HS) > 10 {
				t.Fatalf("%q read as customs code %q", cell, it.HS)
			}
		}
		for _, n := range []quant.Range{it.Quantity, it.Value, it.unitValue} {
			if n.Empty() || n.HasLow && n.Low.Sign() < 0 {
				t.Fatalf("%q read as %s", cell, n)
			}
		}
		for _, d := range []when.Date{it.ShipDate, it.DeclarationDate} {
			if back, err := when.ParseDate(d.String()); d != 0 && (err != nil || back != d) {
				t.Fatalf("%q read as the day %s", cell, d)
			}
		}
		r.Finish(&it)
	})
}
