package decision

import (
	"encoding/json"
	"os"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Texts of our own in the house styles of offices, a digest and a mirror. What is not named here is checked by the spans.
func TestReadsTheHouseStyles(t *testing.T) {
	r := testReader(t)
	for _, c := range []struct{ file, path, want string }{
		{"shanghai", "issuing_customs", `"吴淞海关"`},
		{"shanghai", "supervising_customs_from", `"text"`},
		{"shanghai", "decision_date", `"2025-09-30"`}, // Chinese numerals
		{"shanghai", "declared.0.value", `2419000`},   // EUR241.9万
		{"shanghai", "declared.0.currency", `"EUR"`},
		{"shanghai", "violation_value_rmb", `3198174.8`}, // a blank inside the number
		{"shanghai", "actual.0.hs", `"8108901020"`},
		{"shanghai", "penalty.fines_rmb", `[319000]`}, // 31.9万元整
		{"shanghai", "licence_later_obtained", `false`},
		{"shanghai", "leniency", `"lighter"`}, // by article 9, not by a word
		{"shanghai", "leniency_evidence", `"article"`},
		{"shanghai", "leniency_reasons", `[]`}, // a paper among the evidence is no reason given
		{"shanghai", "court", `"上海市第三中级人民法院"`},
		{"ningbo", "decision_number", `"甬北关缉违字〔2025〕0999号"`},
		{"ningbo", "parties.0.customs_code", `"3302000000"`},
		{"ningbo", "declaration_dates", `["2025-05-06","2025-05-09"]`}, // a span by its ends
		{"ningbo", "declared.1.quantity", `620`},                       // 分别为
		{"ningbo", "declared.1.value", `31000`},
		{"ningbo", "violation_value_label", `"违法经营额"`},
		{"ningbo", "other_values_rmb.0.value", `1200.5`},
		{"ningbo", "control_codes", `["1C117.d"]`},
		{"ningbo", "legal_basis.1", `{"article":34,"item":1,"law":"出口管制法","paragraph":null}`}, // 同法
		{"ningbo", "leniency", `"mitigated"`},
		{"ningbo", "penalty.confiscated_gains_rmb", `35000`},
		{"ningbo", "penalty.warning", `true`},
		{"ningbo", "fine_below_statutory_minimum", `true`},
		{"digest", "parties.0.name", `"东莞示例电子科技有限公司"`},
		{"digest", "actual.0.goods", `"金属镓"`},
		{"digest", "declared.0.quantity", `null`}, // what was confiscated is not what was declared
		{"digest", "penalty.confiscated_goods", `["金属镓20千克"]`},
		{"digest", "fine_to_value_ratio", `1.5625`},
		{"tianjin", "issuing_customs", `"天津新港海关"`}, // the heading runs over two lines
		{"tianjin", "parties.0.name", `"天津示例国际贸易有限公司"`},
		{"tianjin", "penalty.fine_total_rmb", `13000`},
		{"tianjin", "penalty.other_measures", `["责令改正"]`}, // cells of a table that run together
		{"rights", "issuing_customs", `"首都机场海关"`},
		{"rights", "penalty.confiscated_goods", `["侵权手机壳300个"]`},
		{"rights", "penalty.fines_rmb", `[2700]`}, // 0.27 万元
		{"rights", "conduct", `["other"]`},
		{"court", "record_type", `"criminal"`},
		{"court", "penalty.fines_rmb", `null`}, // a court's fine is no penalty of customs
		{"court", "conduct", `["smuggling"]`},
		{"nopenalty", "record_type", `"no_penalty_decision"`},
		{"nopenalty", "penalty.fines_rmb", `[]`},
		{"nopenalty", "publication_date", `"2026-05-20"`},
		{"nopenalty", "leniency", `"none"`},
		{"mirror", "script", `"hant_noisy"`},
		{"mirror", "parties.0.name", `"示例贸易(大连)有限公司"`},
		{"mirror", "declared.0.terms", `"C&F"`},
		{"mirror", "destination", `"波兰"`},
		{"mirror", "penalty.fine_total_rmb", `3000`}, // 叁仟元整
		{"mirror", "item_class", `"restricted_or_prohibited"`},
	} {
		text, err := os.ReadFile("testdata/" + c.file + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		record := r.Read(c.file, string(text))
		b, _ := json.Marshal(record)
		var doc any
		_ = json.Unmarshal(b, &doc)
		got, _ := at(doc, c.path)
		if b, _ := json.Marshal(got); unescaped(b) != c.want {
			t.Errorf("%s: %s is %s, want %s", c.file, c.path, unescaped(b), c.want)
		}
	}
}

func unescaped(b []byte) string {
	var v any
	_ = json.Unmarshal(b, &v)
	if s, ok := v.(string); ok {
		return `"` + s + `"`
	}
	return string(b)
}

// What breaks off is unknown, never zero.
func TestBrokenOffIsUnknown(t *testing.T) {
	record := testReader(t).Read("x", "经我关调查,当事人有以下违法行为:2025年4月30日,当事人向海关申报出口磁钢一批,货物价值人民币3000元。根据《中华人民共和国海关行政处罚实施条例》第十四条第一款之规定,……")
	if record.Penalty.Fines != nil || record.Penalty.FineTotal != nil || record.Leniency != nil || record.FineToValue != nil || record.HasPenalty {
		t.Errorf("a text that breaks off before the penalty gives %+v, leniency %v", record.Penalty, record.Leniency)
	}
}

func TestPersonsAreMasked(t *testing.T) {
	const text = "当事人:某甲\n2025年4月30日,当事人携带货物出境,未向海关申报。决定对当事人作出如下行政处罚:科处罚款人民币1000元。"
	r := testReader(t)
	if p := r.Read("x", text).Parties; len(p) != 1 || p[0].Kind != "individual" || *p[0].Name != "某" {
		t.Errorf("a person stays unmasked: %+v", p)
	}
	kept := *r
	kept.KeepPersons = true
	if p := kept.Read("x", text).Parties; len(p) != 1 || *p[0].Name != "某甲" {
		t.Errorf("--keep-persons masks: %+v", p)
	}
}

func TestLoadTellsEncodings(t *testing.T) {
	var load Loader
	const text = "当事人:示例公司。罚款1000元。"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	page := "<html><head><meta charset=utf-8></head><body><p>" + gb + "</p></body></html>"
	for name, c := range map[string]struct {
		bytes, note string
	}{
		"UTF-8": {text, ""}, "with a mark": {"\xef\xbb\xbf" + text, ""}, "GB18030": {gb, "read as GB18030: the bytes are no UTF-8"},
		"GB18030 that says UTF-8": {page, "read as GB18030, though the file says it is UTF-8"},
	} {
		got, err := load.Load([]byte(c.bytes))
		if err != nil || got.Text != text {
			t.Errorf("%s: %q, %v", name, got.Text, err)
		}
		if c.note != "" && (len(got.Notes) != 1 || got.Notes[0] != c.note) {
			t.Errorf("%s: notes %q, want %q", name, got.Notes, c.note)
		}
	}
	for name, b := range map[string][]byte{"empty": nil, "blank": []byte(" \n"), "zip": []byte("PK\x03\x04xx"), "zero bytes": []byte("当事人\x00"), "neither": []byte("\xff\xffx"),
		"English": []byte("no Chinese here"), "too large": make([]byte, MaxFile+1), "broken PDF": []byte("%PDF-1.7\ngarbage")} {
		if _, err := load.Load(b); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestReadsPDF(t *testing.T) {
	b, err := os.ReadFile("testdata/decision.pdf")
	if err != nil {
		t.Fatal(err)
	}
	load := Loader{Cache: t.TempDir()}
	text, err := load.Load(b)
	if err != nil {
		t.Fatal(err)
	}
	record := testReader(t).Read("x", text.Text)
	if record.DecisionNumber == nil || *record.DecisionNumber != "津东丽关缉违字〔2026〕0009号" || record.Penalty.FineTotal == nil || record.Penalty.FineTotal.String() != "12000" {
		t.Errorf("the PDF gives %q", text.Text)
	}
	for _, bad := range [][]byte{b[:300], append([]byte("%PDF-1.4\n"), b[600:]...)} {
		if _, err := load.Load(bad); err == nil {
			t.Error("a damaged PDF is read without an error")
		}
	}
	if _, err := load.Load(b); err != nil {
		t.Errorf("after a damaged PDF a good one is not read: %v", err)
	}
}

func BenchmarkRead(b *testing.B) {
	r := testReader(b)
	text, err := os.ReadFile("testdata/shanghai.txt")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		r.Read("x", string(text))
	}
}
