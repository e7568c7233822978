package decide

import (
	"slices"

	"lodestone/internal/fact"
)

// Timeline is how the last result stands over time, as known on its knowledge date: each change begins on the day on which outcome or may_be
// differ from the one before. The first has no day: so it stands before all others. What the item is, and the customs directory of the
// year, are held fixed, as for the next change of an Explanation. The last result stays valid.
func (d *Decider) Timeline(it *fact.Item) []Change {
	ahead := d.aheadOf()
	turns := slices.Clone(d.days(it, 0))
	if len(turns) == 0 {
		return nil
	}
	var list []Change
	var was []Finding
	for i := -1; i < len(turns); i++ {
		on := turns[0] - 1
		if i >= 0 {
			on = turns[i]
		}
		r := ahead.again(on, it, d)
		c := Change{On: on, Outcome: r.Outcome, MayBe: r.MayBe, Open: r.Open}
		if i < 0 {
			c.On = 0
		} else if last := &list[len(list)-1]; last.Outcome == c.Outcome && last.MayBe == c.MayBe {
			was = append(was[:0], r.Findings...)
			continue
		} else {
			c.By, c.State = d.cause(was, r)
		}
		list, was = append(list, c), append(was[:0], r.Findings...)
	}
	return list
}
