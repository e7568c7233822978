package rule

import (
	"strings"
	"testing"

	"lodestone/internal/quant"
	"lodestone/internal/vocab"
)

// listed lists answers as "shown=value,value".
func listed(answers []Answer) string {
	var parts []string
	for _, a := range answers {
		parts = append(parts, a.Say+"="+strings.Join(a.Values, ","))
	}
	return strings.Join(parts, " | ")
}

func bounds(b Bounds) quant.Range {
	r, _, err := b.Range()
	if err != nil {
		panic(err)
	}
	return r
}

func TestAnswersAreWhatConditionsTellApart(t *testing.T) {
	dy, _ := vocab.ElementOf("Dy")
	present := &element{of: dy}
	share := func(b Bounds) Leaf { return &element{of: dy, bounded: true, within: bounds(b)} }
	for _, c := range []struct {
		leaves []Leaf
		want   string
	}{
		{[]Leaf{present}, "none=none | present=present"},
		{[]Leaf{share(Bounds{Over: "50"})}, "none=none | >0 <=50 %=50 % | >50 %=>50 %"},
		{[]Leaf{present, share(Bounds{AtLeast: "2"})}, "none=none | >0 <2 %=1 % | >=2 %=>=2 %"},
		{[]Leaf{share(Bounds{Over: "1"}), share(Bounds{AtLeast: "3"})}, "none=none | >0 <=1 %=1 % | >1 <3 %=2 % | >=3 %=>=3 %"},
		{[]Leaf{share(Bounds{Over: "1"}), share(Bounds{AtLeast: "1"})}, "none=none | >0 <1 %=0.5 % | 1 %=1 % | >1 %=>1 %"},
	} {
		if got := listed(elementAnswers(c.leaves)); got != c.want {
			t.Errorf("%s, not %s", got, c.want)
		}
	}
	density := vocab.ParamDef{ID: "density", Kind: "number", Unit: "g/cm3"}
	at := func(b Bounds) Leaf { return &param{within: bounds(b)} }
	if got, want := listed(paramAnswers([]Leaf{at(Bounds{Over: "1.73"}), at(Bounds{Over: "1.72"})}, density)), "<=1.72 g/cm3=<=1.72 g/cm3 | >1.72 <=1.73 g/cm3=1.73 g/cm3 | >1.73 g/cm3=>1.73 g/cm3 | none=none"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
	if got, want := listed(wordAnswers([]string{"b"}, []string{"a", "b", "c"})), "b=b | =a,c"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
}

// Each stretch of numbers answers every condition the same, whichever number of it is taken.
func TestStretchesAnswerEveryConditionAlike(t *testing.T) {
	dy, _ := vocab.ElementOf("Dy")
	var leaves []Leaf
	for _, b := range []Bounds{{Over: "1"}, {AtLeast: "1"}, {Under: "5"}, {AtMost: "5"}, {AtLeast: "2", Under: "7"}} {
		leaves = append(leaves, &element{said: said{test: b.Test("percent")}, of: dy, bounded: true, within: bounds(b)})
	}
	for i, a := range stretches(cutsOf(leaves, func(l Leaf) (quant.Range, bool) { return l.(*element).within, true }), "", false) {
		var whole quant.Range
		value := a.Values[0]
		if d, err := quant.ParseDecimal(value); err == nil {
			whole = quant.Exactly(d)
		} else if strings.HasPrefix(value, "<") {
			whole = quant.AtMost(quant.MustDecimal(strings.Trim(value, "<=")), !strings.Contains(value, "="))
		} else {
			whole = quant.AtLeast(quant.MustDecimal(strings.Trim(value, ">=")), !strings.Contains(value, "="))
		}
		for _, l := range leaves {
			if _, settled := whole.Compare(l.(*element).within); !settled {
				t.Errorf("stretch %d (%s): %s does not settle %s", i, a.Say, value, l.Test())
			}
		}
	}
}
