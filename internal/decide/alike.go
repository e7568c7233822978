package decide

import (
	"lodestone/internal/fact"
	"lodestone/internal/rule"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// Alike tells which items get the same answer though they go elsewhere, to others, on other days. It holds for items that say the same of what
// they are and what they are for, and that state no listed party, no licence and no day of declaration. It belongs to one goroutine.
type Alike struct {
	d     *Decider
	rules rule.Alike
	c     rule.Case
}

// Alike makes the Alike of what the Decider asks.
func (d *Decider) Alike() *Alike {
	a := &Alike{d: d}
	for n := range d.book.Norms {
		c := &d.book.Norms[n]
		a.rules.Learn(c.When)
		a.rules.Learn(c.Scope)
	}
	a.rules.LearnPlaces("destination", d.words.hubs)
	if d.home != (vocab.Country{}) {
		home, _ := d.book.Vocab.PlacesOf([]string{d.home.String()})
		for _, column := range []string{"from", "destination", "recipient_nationality"} {
			a.rules.LearnPlaces(column, home)
		}
	}
	return a
}

// Append adds to key all that an answer on a day can depend on in the item's ways, parties and days.
func (a *Alike) Append(key []byte, it *fact.Item, day when.Date) []byte {
	a.c.Item, a.c.On = it, day
	return a.rules.Append(key, &a.c, a.d.book.Stretch(day))
}

// Quoted is what the last Explanation names of its item.
func (a *Alike) Quoted() rule.Quoted { return a.d.c.Quoted }

// AppendQuoted adds to key what an answer names of the item that Append was called with last.
func (a *Alike) AppendQuoted(key []byte, q rule.Quoted) []byte {
	return rule.AppendQuoted(key, &a.c, q)
}
