package decide_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lodestone/internal/decide"
	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/when"
)

// answerOf is all of an answer that impact compares.
func answerOf(b *law.Book, d *decide.Decider, at when.At, it *fact.Item) string {
	r := d.Decide(at, it)
	e := d.Explain(it, false)
	var lines []string
	for i := range e.Requirements {
		q := &e.Requirements[i]
		lines = append(lines, fmt.Sprint(b.Norms[q.Norm].Ref, " ", q.Effect, " ", q.State, " ", q.Truth))
	}
	for _, n := range e.Duties {
		lines = append(lines, b.Norms[n].Ref)
	}
	slices.Sort(lines)
	return fmt.Sprint(r.Outcome, r.MayBe, r.Open, r.Policy, lines)
}

// What Moved leaves out has the same answer at both points in time: for the facts of every witness and case, and for plain goods.
func TestUntouchedItemsDoNotChange(t *testing.T) {
	b := realLaw()
	var facts []law.Facts
	for n := range b.Norms {
		facts = append(append(facts, b.Norms[n].Holds...), b.Norms[n].Fails...)
	}
	for i := range b.Cases {
		facts = append(facts, b.Cases[i].Facts)
	}
	facts = append(facts, law.Facts{"description": "men's cotton T-shirt, knitted", "hs": "6109100021", "from": "CN", "destination": "US"},
		law.Facts{"description": "hex bolt M8x40", "from": "CN", "destination": "KR"}, law.Facts{"description": "hex bolt", "form": "component"},
		law.Facts{"description": "control board", "from": "KR", "destination": "KH", "made_in": "KR"}, law.Facts{})
	known := b.Assessed.Horizon
	at := func(y, m, d int) when.At { return when.At{Effective: when.Day(y, m, d), KnownBy: known} }
	for _, p := range [][2]when.At{
		{at(2023, 7, 31), at(2023, 8, 1)}, {at(2024, 9, 14), at(2024, 9, 15)}, {at(2024, 11, 30), at(2024, 12, 1)}, {at(2024, 12, 2), at(2024, 12, 3)},
		{at(2025, 2, 3), at(2025, 2, 4)}, {at(2025, 4, 3), at(2025, 4, 4)}, {at(2025, 10, 20), at(2025, 12, 15)}, {at(2025, 12, 31), at(2026, 1, 1)},
		{at(2026, 2, 2), at(2026, 2, 3)}, {at(2026, 11, 10), at(2026, 11, 11)},
		{when.At{Effective: when.Day(2025, 12, 15), KnownBy: when.Day(2025, 10, 20)}, at(2025, 12, 15)},
	} {
		m, d := decide.NewMoved(b, p[0], p[1]), decide.New(b)
		left := 0
		for _, f := range facts {
			it := read(b, f)
			it.ShipDate, it.DeclarationDate = 0, 0
			if m.Touches(&it, d.Parts) {
				continue
			}
			left++
			if before, after := answerOf(b, d, p[0], &it), answerOf(b, d, p[1], &it); before != after {
				t.Errorf("%s to %s, left out: %v\n%s\n%s", p[0], p[1], f, before, after)
			}
		}
		if left == 0 {
			t.Errorf("%s to %s: nothing is left out", p[0], p[1])
		}
	}
}

// The same for things that nobody thought of, between any two days.
func TestUntouchedRandomItemsDoNotChange(t *testing.T) {
	b := realLaw()
	d := decide.New(b)
	rapid.Check(t, func(t *rapid.T) {
		from, to := drawDay(t, b), drawDay(t, b)
		it := read(b, drawItem(t, b))
		it.ShipDate, it.DeclarationDate = 0, 0
		if decide.NewMoved(b, from, to).Touches(&it, d.Parts) {
			return
		}
		if before, after := answerOf(b, d, from, &it), answerOf(b, d, to, &it); before != after {
			t.Fatalf("%s to %s, left out\n%s\n%s", from, to, before, after)
		}
	})
}
