package decide_test

import (
	"testing"

	"pgregory.net/rapid"

	"lodestone/internal/decide"
	"lodestone/internal/fact"
	"lodestone/internal/rule"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// A wafer of gallium arsenide to the United States: before the rule, under it, under the ban, and as the ban sleeps and wakes.
func TestTimelineTellsEveryTurn(t *testing.T) {
	d := decide.New(realLaw())
	it := read(realLaw(), map[string]string{"description": "gallium arsenide wafer", "from": "CN", "destination": "US", "end_use": "civil", "end_user_kind": "civil"})
	was := *d.Decide(when.At{Effective: when.Day(2026, 3, 2)}, &it)
	var got []string
	for _, c := range d.Timeline(&it) {
		words := c.Outcome.String()
		if c.On != 0 {
			words = c.On.String() + " " + words
		}
		if c.Open {
			words += " or " + c.MayBe.String()
		}
		got = append(got, words)
	}
	want := []string{"2023-08-01 licence", "2024-12-03 deny", "2025-11-09 licence", "2026-11-28 licence or deny"}
	if len(got) != len(want)+1 {
		t.Fatalf("turns are %v", got)
	}
	for i, w := range want {
		if got[i+1] != w {
			t.Errorf("turn %d is %q, not %q", i+1, got[i+1], w)
		}
	}
	if r := d.Decide(when.At{Effective: when.Day(2026, 3, 2)}, &it); r.Outcome != was.Outcome || r.MayBe != was.MayBe {
		t.Error("the result has changed")
	}
}

// On each day of a turn the answer is the one that the timeline gives, where the customs directory of the year plays no part.
func TestTimelineIsWhatEachDayAnswers(t *testing.T) {
	d, other := decide.New(realLaw()), decide.New(realLaw())
	rapid.Check(t, func(t *rapid.T) {
		columns := drawDescribed(t, drawClauses(t))
		delete(columns, "hs")
		it := read(realLaw(), columns)
		day := rapid.SampledFrom(realLaw().Changes()).Draw(t, "day")
		d.Decide(when.At{Effective: day}, &it)
		for _, c := range d.Timeline(&it) {
			if c.On == 0 {
				continue
			}
			if r := other.Decide(when.At{Effective: c.On}, &it); r.Outcome != c.Outcome || r.MayBe != c.MayBe {
				t.Fatalf("%v on %s: %s or %s, by the timeline %s or %s", columns, c.On, r.Outcome, r.MayBe, c.Outcome, c.MayBe)
			}
		}
	})
}

// Countries that no rule tells apart have one answer.
func TestCountriesOfOneClassHaveOneAnswer(t *testing.T) {
	b := realLaw()
	d := decide.New(b)
	rapid.Check(t, func(t *rapid.T) {
		columns := drawDescribed(t, drawClauses(t))
		delete(columns, "destination")
		it := read(realLaw(), columns)
		at := when.At{Effective: rapid.SampledFrom(b.Changes()).Draw(t, "day")}
		d.Decide(at, &it)
		e := d.Explain(&it, false)
		for i := range e.Asks {
			if e.Asks[i].Fact == "destination" {
				classes := d.Answers(&e.Asks[i], at.Effective)
				sameWithin(t, b.Vocab, d, at, it, classes)
				return
			}
		}
	})
}

func sameWithin(t *rapid.T, v *vocab.Vocab, d *decide.Decider, at when.At, it fact.Item, answers []rule.Answer) {
	told := map[vocab.Country]bool{}
	for _, a := range answers {
		for _, code := range a.Values {
			c, _ := v.CountryOf(code)
			told[c] = true
		}
	}
	ends := map[string]bool{}
	end := func(c vocab.Country) string {
		it.Destination = c
		r := d.Decide(at, &it)
		return r.Outcome.String() + " " + r.MayBe.String()
	}
	for c := range told {
		ends[end(c)] = true
	}
	other := rapid.SampledFrom(v.Countries).Draw(t, "country")
	c, _ := v.CountryOf(other.Code)
	if !ends[end(c)] {
		t.Fatalf("%s leads to %s, where none of those that stand for all others does", other.Code, end(c))
	}
}
