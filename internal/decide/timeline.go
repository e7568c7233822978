package decide

import (
	"slices"

	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/when"
)

// Stretch is a run of days on which the answer for an item is the same.
type Stretch struct {
	Change           // On is its first day; zero: the stretch reaches back before all that was read
	To     when.Date // its last day; zero: nothing read ends it
	Policy law.Policy
}

// Timeline lists the answers for the item of the last result, one stretch of days after another, as the law was known on the knowledge date of
// that result. Every day on which anything in the law changes is looked at; the customs directory of the day of the result is held fixed, since a
// new year's list is no change of law.
func (d *Decider) Timeline(it *fact.Item) []Stretch {
	days := d.book.Changes()
	if len(days) == 0 {
		return nil
	}
	if loaded := loadedDays(it); loaded != nil {
		days = slices.Concat(days, loaded)
		slices.Sort(days)
		days = slices.Compact(days)
	}
	ahead := d.aheadOf()
	ahead.Parts = d.Parts
	var list []Stretch
	var was []Finding
	for i, day := range append([]when.Date{days[0] - 1}, days...) {
		then := ahead.decide(when.At{Effective: day, KnownBy: d.result.At.KnownBy}, it, d.c.CodeOutside)
		next := Stretch{Change: Change{Outcome: then.Outcome, MayBe: then.MayBe, Open: then.Open}, Policy: then.Policy}
		if i > 0 {
			last := &list[len(list)-1]
			if last.Outcome == next.Outcome && last.MayBe == next.MayBe && last.Policy == next.Policy {
				was = append(was[:0], then.Findings...)
				continue
			}
			last.To, next.On = day-1, day
			next.By, next.State = d.cause(was, then)
		}
		list = append(list, next)
		was = append(was[:0], then.Findings...)
	}
	return list
}
