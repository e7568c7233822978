package decide

import (
	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/rule"
	"lodestone/internal/when"
)

// MovedAlike is Alike for what Moved and both points in time answer, reasons apart. It belongs to one goroutine.
type MovedAlike struct {
	m     *Moved
	rules *rule.Alike
	asked rule.Asked
	c     rule.Case
}

// Alike makes the MovedAlike. Exceptions and duties that are in force at neither point, and norms that were known at neither, can make no difference.
func (m *Moved) Alike() *MovedAlike {
	d := m.decider
	a := &MovedAlike{m: m, rules: d.alikeOf()}
	before, after := d.book.At(m.From), d.book.At(m.To)
	for n := range d.book.Norms {
		c := &d.book.Norms[n]
		x, y := before.Standings[n].State, after.Standings[n].State
		matters := x != law.Unknown || y != law.Unknown
		if c.Kind == "exception" || c.Kind == "duty" {
			matters = x.Truth() != rule.No || y.Truth() != rule.No
		}
		if !matters {
			continue
		}
		for _, condition := range []rule.Node{c.When, c.Scope} {
			a.rules.Learn(condition)
			a.asked = a.asked.Join(rule.AskedBy(condition))
		}
	}
	a.asked = a.asked.Ways()
	return a
}

// AppendWays adds to key all that answers can depend on in an item's ways, and whether parties are named. AppendWorth adds the same of its value; Counts
// says whether that can differ for a currency.
func (a *MovedAlike) AppendWays(key []byte, it *fact.Item) []byte {
	a.c.Item = it
	for _, day := range []when.Date{a.m.From.Effective, a.m.To.Effective} {
		a.c.On = day
		key = a.rules.Append(key, &a.c, a.m.decider.book.Stretch(a.c.On), &a.asked)
	}
	if a.m.moves(it) {
		return append(key, 1)
	}
	return append(key, 0)
}

func (a *MovedAlike) AppendWorth(key []byte, it *fact.Item) []byte {
	a.c.Item = it
	return a.rules.AppendWorth(key, &a.c)
}

func (a *MovedAlike) Counts(currency string) bool { return a.rules.Counts(currency) }
