package rule

import (
	"encoding/binary"
	"slices"

	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// PlaceSets are the sets of countries that conditions ask for, by column: each once, with a number.
type PlaceSets [placesAsked][]vocab.Places

// maxSets bounds the sets of a column that have a number; where there are more, each country is told apart from every other.
const maxSets = 62

// bit gives a set its bit: the first is that of a country being stated at all.
func (s *PlaceSets) bit(column int, p vocab.Places) uint64 {
	n := slices.IndexFunc(s[column], func(q vocab.Places) bool { return q.String() == p.String() })
	if n < 0 {
		n = len(s[column])
		s[column] = append(s[column], p)
	}
	return 2 << min(n, maxSets-1)
}

// Asked is what conditions have asked of a case's ways and amounts: all that their answers can depend on besides what the thing is and is for.
type Asked struct {
	sets  [placesAsked]uint64 // of countries, one bit each
	value bool                // the value of the line
}

// Join is what was asked here or there.
func (a Asked) Join(b Asked) Asked {
	for i := range a.sets {
		a.sets[i] |= b.sets[i]
	}
	a.value = a.value || b.value
	return a
}

// Alike tells what of the places and amounts of a case conditions can tell apart. They ask whether a country belongs to a set, how a value lies to a
// bound, and whether a party is named at all (listings are Case.Parties): two cases in which those answers are the same get the same answer from every
// condition, but for the countries and names that it quotes.
type Alike struct {
	sets   PlaceSets
	always Asked // what is asked of every case outside the conditions
	values []*lineValue
	seen   map[placeOn]uint64
}

// placeOn is a country in a column in a stretch of days.
type placeOn struct {
	country vocab.Country
	column  uint8
	stretch int32
}

const maxSeen = 10_000 // classes that are remembered

// Quoted is what an answer has named of a case: one bit for each column of places, one for the names of parties, one for the value.
type Quoted uint8

const (
	QuotedDestination Quoted = 1 << 1
	quotedNames       Quoted = 1 << placesAsked
	quotedValue       Quoted = quotedNames << 1
)

// NewAlike makes the Alike of conditions that ask for these sets.
func NewAlike(sets *PlaceSets) *Alike {
	a := &Alike{sets: *sets}
	for i := range a.sets {
		a.sets[i] = slices.Clip(a.sets[i])
	}
	return a
}

// Learn takes up what a condition asks of values; nil asks for none.
func (a *Alike) Learn(n Node) {
	Leaves(n, func(l Leaf) {
		if l, ok := l.(*lineValue); ok {
			a.values = append(a.values, l)
		}
	})
}

// LearnPlaces takes up a set that is asked for outside the conditions, of every case.
func (a *Alike) LearnPlaces(column string, p vocab.Places) {
	i := placeColumn(column)
	a.always.sets[i] |= a.sets.bit(i, p)
}

const (
	stated = uint64(1)       // of a class: a country is
	alone  = uint64(1) << 63 // the class is of one country
)

// Append adds to key how the case answers what was asked. The number is that of the stretch of days in which its day lies: within one, no country joins
// or leaves a set.
func (a *Alike) Append(key []byte, c *Case, stretch int, asked *Asked) []byte {
	for i := range placeColumns {
		class := uint64(0)
		if at := placeColumns[i].get(c); at != (vocab.Country{}) {
			class = stated
			if mask := asked.sets[i] | a.always.sets[i]; mask != 0 {
				if class = a.class(placeOn{at, uint8(i), int32(stretch)}, c.On); class&alone == 0 {
					class &= mask | stated
				}
			}
		}
		key = binary.AppendUvarint(key, class)
	}
	named := byte(0)
	for i, said := range [...]bool{c.FromFlag, c.DestinationFlag, c.Consignee != "", c.EndUser != ""} {
		if said {
			named |= 1 << i
		}
	}
	for _, l := range a.values {
		const untold = 0xff
		if asked.value {
			key = append(key, byte(l.Eval(c)))
		} else {
			key = append(key, untold)
		}
	}
	return append(key, named)
}

// AppendQuoted adds to key what an answer has named of a case.
func AppendQuoted(key []byte, c *Case, q Quoted) []byte {
	key = append(key, byte(q))
	for i := range placeColumns {
		if q>>i&1 == 1 {
			at := placeColumns[i].get(c)
			key = append(key, at[:]...)
		}
	}
	if q&quotedNames != 0 {
		key = append(binary.AppendUvarint(key, uint64(len(c.Consignee))), c.Consignee...)
		key = append(binary.AppendUvarint(key, uint64(len(c.EndUser))), c.EndUser...)
	}
	if q&quotedValue != 0 {
		key = append(c.Value.Append(key), c.Currency...)
	}
	return key
}

// class says in which sets a country lies on a day, one bit each. It is of that country alone where that does not say all: with more sets than bits,
// and where the country joins or leaves one later, since the next change of an answer is looked for on later days.
func (a *Alike) class(p placeOn, on when.Date) uint64 {
	if class, ok := a.seen[p]; ok {
		return class
	}
	if a.seen == nil || len(a.seen) >= maxSeen {
		a.seen = map[placeOn]uint64{}
	}
	sets := a.sets[p.column]
	single := alone | uint64(p.country[0])<<8 | uint64(p.country[1])
	class := stated
	for i := range sets {
		switch {
		case len(sets) > maxSets, sets[i].Moves(p.country, on):
			class = single
		case class&alone == 0 && sets[i].Has(p.country, on):
			class |= 2 << i
		}
	}
	a.seen[p] = class
	return class
}
