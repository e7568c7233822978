package vocab

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"lodestone/internal/quant"
	"lodestone/internal/when"
)

func testData() Data {
	return Data{
		Forms: []Form{
			{ID: "metal", Names: Names{En: []string{"metal"}, Zh: []string{"金属"}}, Column: []string{"单质"}},
			{ID: "powder", Names: Names{En: []string{"powder"}, Zh: []string{"粉末", "粉"}}, With: []string{"metal"}},
			{ID: "finished_product", Names: Names{En: []string{"finished product"}}},
		},
		Kinds: []Kind{
			{ID: "semiconductor", Names: Names{En: []string{"semiconductor"}}, Generic: true},
			{ID: "gaas", Names: Names{En: []string{"gallium arsenide"}, Zh: []string{"砷化镓"}, Ko: []string{"갈륨비소"}}, Formulas: []string{"GaAs"}, CAS: []string{"1303-00-0"}, Elements: []string{"Ga", "As"}, IsA: []string{"semiconductor"}},
			{ID: "gallium", Names: Names{En: []string{"gallium"}, Zh: []string{"镓"}}, Elements: []string{"Ga"}, Forms: []string{"metal"}},
			{ID: "magnet", Names: Names{En: []string{"magnet"}, Zh: []string{"磁铁"}, Ko: []string{"자석"}}},
			{ID: "ndfeb", Names: Names{Zh: []string{"钕铁硼"}}, Formulas: []string{"NdFeB"}},
			{ID: "twin", Names: Names{En: []string{"magnet"}}},
		},
		Countries:     []CountryDef{{Code: "CN", Names: Names{En: []string{"China"}, Zh: []string{"中国"}}}, {Code: "GB", Names: Names{En: []string{"United Kingdom", "UK"}}}, {Code: "FR"}},
		CountryGroups: []CountryGroup{{ID: "EU", Members: []Member{{Code: "FR"}, {Code: "GB", From: when.Day(1973, 1, 1), To: when.Day(2020, 1, 31)}}}},
		Elements:      []ElementNames{{Symbol: "Ga", Names: Names{En: []string{"Gallium"}, Zh: []string{"镓"}}}},
		Params: []ParamDef{
			{ID: "flexural_strength", Units: []string{"MPa"}, Names: Names{En: []string{"flexural strength"}, Zh: []string{"抗折强度"}}},
			{ID: "shape", Words: []Term{{ID: "cylinder", Names: Names{En: []string{"round bar"}}}}},
		},
		Units: []UnitDef{
			{ID: "MPa", Dimension: "pressure", Factor: quant.MustDecimal("1000000"), Spellings: []string{"N/mm2", "兆帕"}},
			{ID: "GPa", Dimension: "pressure", Factor: quant.MustDecimal("1000000000")},
			{ID: "mW", Dimension: "power", Factor: quant.MustDecimal("0.001")}, {ID: "MW", Dimension: "power", Factor: quant.MustDecimal("1000000")},
			{ID: "mm", Dimension: "length", Factor: quant.Int(1), Spellings: []string{"MM"}}, {ID: "inch", Dimension: "length", Factor: quant.MustDecimal("25.4")},
			{ID: "T", Dimension: "flux", Factor: quant.Int(1)}, {ID: "t", Dimension: "mass", Factor: quant.Int(1000), Spellings: []string{"T"}},
			{ID: "percent", Dimension: "fraction", Factor: quant.Int(1), Spellings: []string{"%"}},
		},
		EndUses: []Term{{ID: "semiconductor_14nm", Names: Names{En: []string{"logic at 14 nm"}, Zh: []string{"14纳米逻辑芯片"}}}},
		Columns: []Column{{ID: "hs", Names: Names{En: []string{"hs code"}, Zh: []string{"商品编码", "HS编码"}}}},
	}
}

func testVocab(t testing.TB) *Vocab {
	t.Helper()
	v, err := Compile(testData())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestWords(t *testing.T) {
	v := testVocab(t)
	for _, c := range []struct{ text, want string }{
		{"gallium arsenide wafer", "gaas:gallium arsenide"},
		{"Gallium  Arsenide", "gallium:Gallium"}, // two blanks: another text to a Latin reader
		{"GALLIUM ARSENIDE", "gaas:GALLIUM ARSENIDE"},
		{"magnets and a magnet", "magnet:magnets twin:magnets magnet:magnet twin:magnet"},
		{"magnetic", ""},
		{"electromagnet", ""},
		{"砷化镓晶片", "gaas:砷化镓"},
		{"砷 化 镓晶片", "gaas:砷 化 镓"},
		{"砷　化镓", "gaas:砷　化镓"},
		{"镓", "gallium:镓"},
		{"갈륨비소를 포함", "gaas:갈륨비소"},
		{"고갈륨비소", ""},
		{"NdFeB magnet", "ndfeb:NdFeB magnet:magnet twin:magnet"},
		{"NDFEB", ""},
		{"ＮｄＦｅＢ", "ndfeb:ＮｄＦｅＢ"},
		{"GaAs, 1303-00-0", "gaas:GaAs gaas:1303-00-0"},
		{"砷化鎵", "gaas:砷化鎵"}, // traditional
		{"ＧＡＬＬＩＵＭ", "gallium:ＧＡＬＬＩＵＭ"},
		{"磁鐵 砷 化 鎵 ", "magnet:磁鐵 gaas:砷 化 鎵"},
		{"烧结NdFeB磁铁", "ndfeb:NdFeB magnet:磁铁"},
		{"", ""},
	} {
		var got []string
		for _, m := range v.Words().Find(nil, c.text) {
			got = append(got, v.Kinds[m.Kind-1].ID+":"+c.text[m.Start:m.End])
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.text, s, c.want)
		}
	}
}

func TestReading(t *testing.T) {
	v := testVocab(t)
	var r Reading
	for _, c := range []struct{ text, want string }{
		{"Ga 3% 不含镓", "2:Ga 7:3 6:不含 1:镓 2:镓"},
		{"Ga3%", "2:Ga 7:3"},
		{"Ga3", "8:Ga3"},
		{"0.5-1,000 mm", "7:0.5 7:1,000"},
		{"LaB6(Ga) Ca(OH)2", "8:LaB6 2:Ga 8:Ca(OH)2"},
		{"gallium metal powder", "1:gallium 2:gallium 3:metal 3:powder"},
		{"抗折强度≥３０MPa", "5:抗折强度 7:30"},
	} {
		v.Words().Read(&r, c.text)
		var got []string
		for _, w := range r.Words {
			got = append(got, fmt.Sprintf("%d:%s", w.Sort, r.Text[w.Start:w.End]))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.text, s, c.want)
		}
	}
}

func FuzzWords(f *testing.F) {
	for _, s := range []string{"gallium arsenide", "砷 化 镓", "NdFeB磁铁", "ＧａＡｓ", "İGaAs", "\xff砷化镓"} {
		f.Add(s)
	}
	v := testVocab(f)
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		for _, m := range v.Words().Find(nil, text) {
			if m.Start < at || m.End <= m.Start || m.End > len(text) {
				t.Fatalf("%q: mention from %d to %d after %d", text, m.Start, m.End, at)
			}
			at = m.Start
			if utf8.ValidString(text) && !utf8.ValidString(text[m.Start:m.End]) {
				t.Fatalf("%q: the mention %q is cut within a letter", text, text[m.Start:m.End])
			}
		}
	})
}

func TestKinds(t *testing.T) {
	v := testVocab(t)
	gaas, _ := v.Kind("gaas")
	wide, _ := v.Kind("semiconductor")
	if !v.IsA(gaas, wide) || v.IsA(wide, gaas) || !v.IsA(gaas, gaas) || v.Generic(gaas) || !v.Generic(wide) {
		t.Error("gallium arsenide is a semiconductor, and not the other way round")
	}
	var elements []string
	v.KindElements(gaas).Each(func(e Element) { elements = append(elements, e.String()) })
	if !slices.Equal(elements, []string{"Ga", "As"}) {
		t.Error(elements)
	}
	circle := testData()
	circle.Kinds[0].IsA = []string{"gaas"}
	if _, err := Compile(circle); err == nil || !strings.Contains(err.Error(), "a kind of itself") {
		t.Error(err)
	}
}

func TestForms(t *testing.T) {
	v := testVocab(t)
	metal, _ := v.FormOf("单质")
	powder, _ := v.FormOf("Powder")
	product, ok := v.FormOf("FINISHED-PRODUCT")
	if !ok || v.Possible(metal|powder)&powder == 0 || v.Possible(metal)&product != 0 || v.Possible(0) != ^FormSet(0) {
		t.Error("metal goes with powder, and not with a finished product")
	}
	if words := v.FormWords(metal | powder); !slices.Equal(words, []string{"metal", "powder"}) {
		t.Error(words)
	}
	if _, ok := v.FormOf("gas"); ok {
		t.Error("gas is no form here")
	}
}

func TestLookUps(t *testing.T) {
	v := testVocab(t)
	for _, s := range []string{"flexural_strength", "Flexural Strength", "抗折强度", "FLEXURAL-STRENGTH", "ｆｌｅｘｕｒａｌ strength"} {
		if _, ok := v.Param(s); !ok {
			t.Errorf("%s is a parameter", s)
		}
	}
	for _, s := range []string{"semiconductor_14nm", "Logic at 14 nm", "14纳米逻辑芯片"} {
		if id, ok := v.Term("end_use", s); !ok || v.TermWord("end_use", id) != "semiconductor_14nm" {
			t.Errorf("%s is an end use", s)
		}
	}
	for _, s := range []string{"hs", "HS Code", "商品编码", "ＨＳ编码", "hs_code"} {
		if id, ok := v.Column(s); !ok || id != "hs" {
			t.Errorf("%s is a column", s)
		}
	}
	for _, s := range []string{"CN", "cn", "China", "中国"} {
		if c, ok := v.CountryOf(s); !ok || c.String() != "CN" {
			t.Errorf("%s is a country", s)
		}
	}
	if c, ok := v.CountryOf("UK"); !ok || c.String() != "GB" {
		t.Error("UK is a name of GB")
	}
	if e, ok := v.ElementNamed("gallium"); !ok || e.String() != "Ga" {
		t.Error("gallium is an element")
	}
	if id, ok := v.Params[1].Word("Round Bar"); !ok || id != "cylinder" {
		t.Error("a round bar is a cylinder")
	}
}

func TestPlaces(t *testing.T) {
	v := testVocab(t)
	p, err := v.PlacesOf([]string{"CN", "group:EU"})
	if err != nil {
		t.Fatal(err)
	}
	gb, fr, cn := Country{'G', 'B'}, Country{'F', 'R'}, Country{'C', 'N'}
	lastDay := when.Day(2020, 1, 31)
	if !p.Has(gb, lastDay) || p.Has(gb, lastDay+1) || !p.Has(fr, lastDay+1) || !p.Has(cn, 1) || p.Has(Country{}, lastDay) {
		t.Error("the last day of a membership belongs to it")
	}
	for _, words := range [][]string{{"group:XX"}, {"china"}, {""}} {
		if _, err := v.PlacesOf(words); err == nil {
			t.Errorf("%q is no place", words)
		}
	}
}

func TestConvert(t *testing.T) {
	v := testVocab(t)
	r := quant.Between(quant.MustDecimal("0.03"), quant.MustDecimal("0.04"))
	for _, c := range []struct{ from, to, want string }{
		{"GPa", "MPa", "30-40"}, {"", "MPa", "0.03-0.04"}, {"N/mm2", "GPa", "0.00003-0.00004"}, {"兆帕", "MPa", "0.03-0.04"}, {"㎫", "MPa", "0.03-0.04"},
		{"mW", "MW", "0.00000000003-0.00000000004"}, {"inch", "mm", "0.762-1.016"}, {"T", "T", "0.03-0.04"}, {"T", "t", "0.03-0.04"}, {"％", "percent", "0.03-0.04"},
	} {
		got, err := v.Convert(r, c.from, c.to)
		if err != nil || got.String() != c.want {
			t.Errorf("%s to %s: %s, %v", c.from, c.to, got, err)
		}
	}
	for _, c := range [][2]string{{"mm", "MPa"}, {"furlong", "mm"}, {"mm", "furlong"}} {
		if got, err := v.Convert(r, c[0], c[1]); err == nil {
			t.Errorf("%s to %s: %s", c[0], c[1], got)
		}
	}
	if _, err := v.Convert(r, "mm", "inch"); err == nil {
		t.Error("what does not end as a decimal is refused, not rounded")
	}
	if _, ok := v.Unit("T"); ok {
		t.Error("T alone is tesla or tonne")
	}
	if u, ok := v.UnitIn("mass", "T"); !ok || u.ID != "t" {
		t.Error("T of a mass is a tonne")
	}
}

func TestElements(t *testing.T) {
	var s Elements
	for _, symbol := range []string{"Og", "H", "Nd"} {
		e, ok := ElementOf(symbol)
		if !ok {
			t.Fatal(symbol)
		}
		s.Add(e)
	}
	h, _ := ElementOf("H")
	s.Remove(h)
	var got []string
	s.Each(func(e Element) { got = append(got, e.String()) })
	if !slices.Equal(got, []string{"Nd", "Og"}) || s.Has(h) || s.Empty() {
		t.Error(got)
	}
	if _, ok := ElementOf("nd"); ok {
		t.Error("symbols have their capitals")
	}
	if len(symbols) != 119 {
		t.Errorf("%d symbols", len(symbols)-1)
	}
}

func TestText(t *testing.T) {
	if got := (Text{En: "magnet", Zh: "磁铁"}).In("ko"); got != "magnet" {
		t.Error(got)
	}
	if got := (Text{Zh: "磁铁"}).In("en"); got != "磁铁" {
		t.Error(got)
	}
	if !(Text{}).Empty() || (Text{Ko: "자석"}).Empty() {
		t.Error("empty is no text in any language")
	}
}

func TestKnowledgeThatAUseDeclares(t *testing.T) {
	d := testData()
	d.Knowledge = []Term{{ID: "told"}, {ID: "suspected", SaidBy: []string{"semiconductor_14nm"}}}
	v, err := Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	use, _ := v.Term("end_use", "semiconductor_14nm")
	if k := v.KnownBy(use); v.TermWord("knowledge", k) != "suspected" {
		t.Errorf("the use declares %q", v.TermWord("knowledge", k))
	}
	d.Knowledge[1].SaidBy = []string{"semiconductors"}
	if _, err := Compile(d); err == nil || !strings.Contains(err.Error(), "semiconductors") {
		t.Errorf("a use that is no end use: %v", err)
	}
}
