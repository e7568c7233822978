package decide

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"lodestone/internal/fact"
	"lodestone/internal/rule"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// Alike tells which items get the same answer though they go elsewhere, to others, on other days. It holds for items that say the same of what
// they are and what they are for, and that state no listed party, no licence and no day of declaration. It belongs to one goroutine.
type Alike struct {
	d       *Decider
	rules   *rule.Alike
	c       rule.Case
	turns   []rule.Set // by norm: the stretches of days with which its standing may turn
	reading rule.Set   // the same of what was read, which every answer rests on
	asked   Asked      // memory for the next one
}

// Asked is what answers have asked of their items besides what these are and are for. Items that answer it alike get the same answer: whoever asks
// the same things in the same order, and hears the same, says the same.
type Asked struct {
	ways  rule.Asked
	turns rule.Set // stretches of days with which something that was asked for may turn; nil: nothing was
}

// Join is what was asked here or there; grown says whether the other adds anything.
func (a *Asked) Join(other *Asked) (joined *Asked, grown bool) {
	ways := a.ways.Join(other.ways)
	grown = ways != a.ways || len(a.turns) < len(other.turns)
	for i := range a.turns {
		grown = grown || other.turns[i]&^a.turns[i] != 0
	}
	if !grown {
		return a, false
	}
	joined = &Asked{ways, slices.Clone(other.turns)}
	for i, word := range a.turns {
		joined.turns[i] |= word
	}
	return joined, true
}

// Alike makes the Alike of what the Decider asks.
func (d *Decider) Alike() *Alike {
	a := &Alike{d: d, rules: d.alikeOf(), turns: make([]rule.Set, len(d.book.Norms))}
	words := (d.book.Stretches() + 63) / 64
	sets := make(rule.Set, words*(len(a.turns)+2))
	next := func() (s rule.Set) {
		s, sets = sets[:words:words], sets[words:]
		return s
	}
	a.reading, a.asked.turns = next(), next()
	d.book.TurnsOfReading(a.reading)
	for n := range d.book.Norms {
		a.turns[n] = next()
		d.book.TurnsOf(n, a.turns[n])
		a.rules.Learn(d.book.Norms[n].When)
		a.rules.Learn(d.book.Norms[n].Scope)
	}
	return a
}

// alikeOf is the rule.Alike of the book, with what is asked of every item outside the conditions.
func (d *Decider) alikeOf() *rule.Alike {
	a := rule.NewAlike(&d.book.Places)
	a.LearnPlaces("destination", d.words.hubs)
	if d.home != (vocab.Country{}) {
		home, _ := d.book.Vocab.PlacesOf([]string{d.home.String()})
		for _, column := range []string{"from", "destination", "recipient_nationality"} {
			a.LearnPlaces(column, home)
		}
	}
	return a
}

// Append adds to key how an item on a day answers what was asked of others.
func (a *Alike) Append(key []byte, it *fact.Item, day when.Date, asked *Asked) []byte {
	a.c.Item, a.c.On = it, day
	stretch := a.d.book.Stretch(day)
	key = binary.AppendUvarint(key, uint64(a.since(stretch, asked)))
	return a.rules.Append(key, &a.c, stretch, &asked.ways)
}

// since is the stretch with which something that was asked for turned last.
func (a *Alike) since(stretch int, asked *Asked) int {
	for w := stretch >> 6; w >= 0; w-- {
		turns := a.reading[w]
		if asked.turns != nil {
			turns |= asked.turns[w]
		}
		if w == stretch>>6 {
			turns &= 2<<(stretch&63) - 1
		}
		if turns != 0 {
			return w<<6 + 63 - bits.LeadingZeros64(turns)
		}
	}
	return 0
}

// Asked is what the last answer and its Explanation have asked of the item's ways, amounts and days. It is valid until the next call.
func (a *Alike) Asked() *Asked {
	a.asked.ways = a.d.c.Asked
	if a.d.ahead != nil { // it has answered for later days, which are the same ones for every day on which the same stands
		a.asked.ways = a.asked.ways.Join(a.d.ahead.c.Asked)
	}
	clear(a.asked.turns)
	a.d.stood.Each(func(n int) {
		for i, word := range a.turns[n] {
			a.asked.turns[i] |= word
		}
	})
	return &a.asked
}

// Quoted is what the last Explanation names of its item.
func (a *Alike) Quoted() rule.Quoted { return a.d.c.Quoted }

// AppendQuoted adds to key what an answer names of the item that Append was called with last.
func (a *Alike) AppendQuoted(key []byte, q rule.Quoted) []byte {
	return rule.AppendQuoted(key, &a.c, q)
}
