package decide_test

import (
	"testing"

	"pgregory.net/rapid"

	"lodestone/internal/decide"
	"lodestone/internal/when"
)

// The stretches of a timeline follow one another without a gap, no two neighbours are the same, and the one that holds the day of the question
// is its answer.
func TestTheTimelineHoldsTheAnswer(t *testing.T) {
	b := realLaw()
	rapid.Check(t, func(t *rapid.T) {
		at := drawDay(t, b)
		it := read(b, drawItem(t, b))
		it.ShipDate, it.DeclarationDate = 0, 0
		d := decide.New(b)
		r := d.Decide(at, &it)
		list := d.Timeline(&it)
		if list[0].On != 0 || list[len(list)-1].To != 0 {
			t.Fatalf("it does not reach all days: %+v", list)
		}
		met := false
		for i, s := range list {
			if i > 0 {
				before := list[i-1]
				if before.To != s.On-1 || before.Outcome == s.Outcome && before.MayBe == s.MayBe && before.Policy == s.Policy {
					t.Fatalf("%+v follows %+v", s, before)
				}
			}
			if s.On <= at.Effective && (s.To == 0 || at.Effective <= s.To) {
				met = true
				if s.Outcome != r.Outcome || s.MayBe != r.MayBe || s.Policy != r.Policy {
					t.Fatalf("on %s the answer is %s may be %s, the timeline has %+v", at, r.Outcome, r.MayBe, s)
				}
			}
		}
		if !met {
			t.Fatalf("%s is on no stretch", at)
		}
	})
}

// What was known on a day shapes the whole of it.
func TestTheTimelineAsItWasKnown(t *testing.T) {
	b := realLaw()
	d := decide.New(b)
	it := read(b, map[string]string{"description": "dysprosium oxide", "origin": "CN", "from": "JP", "destination": "KR", "end_use": "civil", "end_user_kind": "civil"})
	show := func(known when.Date) (words []string) {
		d.Decide(when.At{Effective: when.Day(2026, 3, 1), KnownBy: known}, &it)
		for _, s := range d.Timeline(&it) {
			words = append(words, s.On.String()+" "+s.Outcome.String())
		}
		return words
	}
	if got := show(when.Day(2025, 10, 20)); got[len(got)-1] != "2025-10-09 licence" {
		t.Errorf("as known in October 2025: %v", got)
	}
	if got := show(b.Assessed.Horizon); got[len(got)-1] != "2026-11-11 not_established" || got[len(got)-2] != "2025-11-07 suspended" {
		t.Errorf("as known at the horizon: %v", got)
	}
}
