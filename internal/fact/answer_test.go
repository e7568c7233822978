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

func TestBadAnswersSayWhatWasMeant(t *testing.T) {
	for _, c := range []struct{ fact, value, want string }{
		{"composition.Dy", "purple", "none, present, or an amount"}, {"composition.Dy", "3 %; Tb none", "more than one amount"}, {"composition.Dy", "130 %", "more than 100 %"},
		{"composition.Xx", "none", "no element"}, {"params.density", "1.82", "no unit"}, {"params.density", "heavy", "g/cm3"}, {"params.density", "1,820 kg/m3", "1.820"},
		{"params.nonsense", "1", "no parameter"}, {"destination", "Atlantis", "no country"}, {"end_use", "militray", "military"}, {"form", "magnt", "magnet"},
		{"kind", "thingamajig", "names no kind of goods"}, {"hs", "12", "4 to 10 digits"}, {"quantity", "3", "no fact that an answer can give"}, {"id", "x", "no fact that an answer can give"},
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
	}
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
