package fact

import (
	"strings"
	"testing"
)

// answered reads an item from columns, puts answers into it, and returns the first problem.
func answered(t *testing.T, cells map[string]string, name, value string) (Item, string) {
	t.Helper()
	r := NewReader(testVocab(t), Defaults{})
	it, problems := r.ReadFacts(cells)
	if problems.Refusals() > 0 {
		t.Fatal(problems)
	}
	says := ""
	if p := r.Answer(&it, name, value, value+", someone"); p != nil {
		says = p.Error()
	}
	r.Finish(&it)
	return it, says
}

func TestAnswersBecomeFacts(t *testing.T) {
	magnet := map[string]string{"description": "NdFeB magnets", "form": "magnet"}
	for _, c := range []struct{ fact, value, want string }{
		{"composition.Dy", "none", "Dy none"}, {"composition.Dy", "不含", "Dy none"}, {"composition.Dy", "없음", "Dy none"}, {"composition.Dy", "No.", "Dy none"}, {"composition.Dy", "0", "Dy none"},
		{"composition.Dy", "present", "Dy present"}, {"composition.Dy", "是", "Dy present"}, {"composition.Dy", "예", "Dy present"},
		{"composition.Dy", "3", "Dy 3%"}, {"composition.Dy", "0.1-0.3 %", "Dy 0.1-0.3%"}, {"composition.Dy", "<0.01%", "Dy <0.01%"}, {"composition.Dy", " 2,5 % ", "Dy 2.5%"},
	} {
		it, says := answered(t, magnet, c.fact, c.value)
		if got := string(AppendComposition(nil, &it)); got != c.want || says != "" {
			t.Errorf("%s %q: %q, not %q; %s", c.fact, c.value, got, c.want, says)
		}
		if len(it.Answers) != 1 || it.Contents[0].Source != Answer {
			t.Errorf("%s %q: does not say that it comes from an answer", c.fact, c.value)
		}
	}
	it, says := answered(t, map[string]string{"description": "isostatic graphite"}, "params.density", "1.82 g/cm³")
	if says != "" || len(it.Params) != 1 || it.Params[0].Value.String() != "1.82" || it.Params[0].Source != Answer {
		t.Errorf("density: %+v %s", it.Params, says)
	}
	if it, says = answered(t, magnet, "destination", "US"); it.Destination.String() != "US" || says != "" {
		t.Errorf("destination: %s %s", it.Destination, says)
	}
	if it, says = answered(t, magnet, "end_use", "military"); it.EndUse == 0 || says != "" {
		t.Errorf("end use: %d %s", it.EndUse, says)
	}
	if it, says = answered(t, map[string]string{"hs": "8505111000"}, "kind", "烧结钕铁硼"); len(it.Mentions) == 0 || says != "" {
		t.Errorf("kind: %v %s", it.Mentions, says)
	}
	if it, says = answered(t, magnet, "kind", "No"); len(it.Answers) != 0 || says != "" {
		t.Errorf("that it is none of what was asked for is a fact: %+v %s", it.Answers, says)
	}
	if it, says = answered(t, magnet, "composition.Dy", "unknown"); len(it.Contents) != 0 || len(it.Answers) != 0 || says != "" {
		t.Errorf("an answer that nothing is known is a fact: %+v %s", it.Answers, says)
	}
}

func TestAnswersOnAmounts(t *testing.T) {
	row := map[string]string{"description": "magnets", "unit": "pcs"}
	for _, c := range []struct{ fact, value, want string }{
		{"value", "12.5 CNY", "12.5 CNY of one"}, {"value", "usd12.50", "12.5 USD of one"}, {"value", "3-4 EUR / pcs", "3-4 EUR of one"}, {"value", "JPY 1500", "1500 JPY of one"},
		{"quantity", "4 pcs", "4 pcs"}, {"quantity", "4", "4 pcs"}, {"quantity", "0.5-0.6", "0.5-0.6 pcs"}, {"quantity", "≥２", ">=2 pcs"},
		{"parts", "Fe 98 %; C 2 %; rest none", "Fe 98%; C 2%; rest none"}, {"parent", "ASSY-1", "in ASSY-1"},
	} {
		it, says := answered(t, row, c.fact, c.value)
		got := map[bool]string{true: it.Value.String() + " " + it.Currency + " of one"}[it.Value.HasLow && it.ValueIsUnit]
		if it.Quantity.HasLow {
			got = it.Quantity.String() + " " + it.Unit
		}
		got += string(AppendComposition(nil, &it))
		if it.Parent != "" {
			got += "in " + it.Parent
		}
		if got != c.want || says != "" || len(it.Answers) != 1 {
			t.Errorf("%s %q: %q, not %q; %s", c.fact, c.value, got, c.want, says)
		}
	}
	for _, c := range []struct {
		cells       map[string]string
		fact, value string
	}{
		{map[string]string{"value": "10", "currency": "CNY"}, "value", "12 CNY"}, {map[string]string{"unit_value": "10", "currency": "CNY"}, "value", "12 CNY"},
		{map[string]string{"currency": "CNY"}, "value", "12 USD"}, {map[string]string{"quantity": "10", "unit": "kg"}, "quantity", "12 kg"},
		{map[string]string{"unit": "kg"}, "quantity", "12 g"}, {map[string]string{"parent": "A"}, "parent", "B"},
	} {
		if _, says := answered(t, c.cells, c.fact, c.value); !strings.Contains(says, "contradicts") {
			t.Errorf("%v: %s %q is not contradicted: %s", c.cells, c.fact, c.value, says)
		}
	}
	r := NewReader(testVocab(t), Defaults{})
	if x, p := r.ReadRate("1 USD = 7.12 CNY"); p != nil || x.From != "USD" || x.To != "CNY" || x.Worth.String() != "7.12" {
		t.Errorf("rate: %+v %v", x, p)
	}
	for _, bad := range []string{"", "7.12", "USD 7.12", "2 USD = 14 CNY", "1 USD = CNY", "1 $ = 7 CNY"} {
		if _, p := r.ReadRate(bad); p == nil {
			t.Errorf("%q is taken for a rate", bad)
		}
	}
}

func TestBadAnswersSayWhatWasMeant(t *testing.T) {
	for _, c := range []struct{ fact, value, want string }{
		{"composition.Dy", "purple", "none, present, or an amount"}, {"composition.Dy", "3 %; Tb none", "more than one amount"}, {"composition.Dy", "130 %", "more than 100 %"},
		{"composition.Xx", "none", "no element"}, {"params.density", "1.82", "no unit"}, {"params.density", "heavy", "g/cm3"}, {"params.density", "1,820 kg/m3", "1.820"},
		{"params.nonsense", "1", "no parameter"}, {"destination", "Atlantis", "no country"}, {"end_use", "militray", "military"}, {"form", "magnt", "magnet"},
		{"kind", "thingamajig", "names no kind of goods"}, {"hs", "12", "4 to 10 digits"}, {"unit", "3 g", "no fact that an answer can give"}, {"value", "12", "names no currency"}, {"value", "12 RMB", "CNY"},
		{"value", "5 USD / kg", "counts in"}, {"value", "dear", "not a number"}, {"quantity", "few", "not a number"}, {"parts", "steel", "rest none"}, {"id", "x", "no fact that an answer can give"},
	} {
		it, says := answered(t, map[string]string{"description": "goods"}, c.fact, c.value)
		if !strings.Contains(says, c.want) {
			t.Errorf("%s %q: says %q, not of %q", c.fact, c.value, says, c.want)
		}
		if len(it.Answers) != 0 {
			t.Errorf("%s %q: is a fact all the same", c.fact, c.value)
		}
	}
}

func TestAnswersThatContradictTheRowAreWarnedOf(t *testing.T) {
	for _, c := range []struct {
		cells             map[string]string
		fact, value, kept string
	}{
		{map[string]string{"composition": "Dy 3%"}, "composition.Dy", "none", "Dy 3%"},
		{map[string]string{"composition": "Dy 3%"}, "composition.Dy", "5 %", "Dy 3%"},
		{map[string]string{"composition": "Dy none"}, "composition.Dy", "present", "Dy none"},
		{map[string]string{"description": "烧结钕铁硼 钕30%,镝3%"}, "composition.Dy", "none", "Nd 30%; Dy 3%"},
	} {
		it, says := answered(t, c.cells, c.fact, c.value)
		if got := string(AppendComposition(nil, &it)); got != c.kept || !strings.Contains(says, "contradicts") {
			t.Errorf("%v, answer %q: %q, not %q; says %q", c.cells, c.value, got, c.kept, says)
		}
	}
	if it, says := answered(t, map[string]string{"destination": "KR"}, "destination", "US"); it.Destination.String() != "KR" || !strings.Contains(says, "contradicts") {
		t.Errorf("destination %s, says %q", it.Destination, says)
	}
	if it, says := answered(t, map[string]string{"composition": "Dy present"}, "composition.Dy", "3 %"); string(AppendComposition(nil, &it)) != "Dy 3%" || says != "" {
		t.Errorf("an answer that is nearer than the row is not taken: %s", says)
	}
}

// An answer that is taken never makes a fact of another element or parameter.
func FuzzAnswer(f *testing.F) {
	for _, s := range []string{"none", "3 %", "<0.01%", "purple", "4N5", "120x130x50 mm", "是", "KR", "烧结钕铁硼", "0.1-0.3", "; rest none", "balance", "rest none"} {
		f.Add("composition.Dy", s)
		f.Add("params.purity", s)
		f.Add("kind", s)
		f.Add("destination", s)
		f.Add("value", s)
		f.Add("quantity", s)
		f.Add("parts", s)
	}
	f.Add("value", "USD 12.5 / kg")
	v := testVocab(f)
	f.Fuzz(func(t *testing.T, name, value string) {
		r := NewReader(v, Defaults{})
		var it Item
		p := r.Answer(&it, name, value, value)
		r.Finish(&it)
		if p != nil && len(it.Answers) > 0 {
			t.Fatal("refused, and a fact all the same")
		}
		if strings.HasPrefix(name, "composition.") && (len(it.Contents) > 1 || it.Closed || len(it.Params) > 1) {
			t.Fatalf("%s %q says more than was asked: %+v", name, value, it.Contents)
		}
	})
}
