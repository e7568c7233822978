package rule

import (
	"encoding/binary"
	"slices"

	"lodestone/internal/vocab"
)

// Alike tells what of the places and parties of a case conditions can tell apart. They ask whether a country belongs to a set, how a value lies to a bound, and whether a
// party is named at all (listings are Case.Parties): two cases in which those answers are the same get the same answer from every condition, but
// for the countries and names that it quotes.
type Alike struct {
	sets   [len(placeColumns)][]vocab.Places
	values []*lineValue
	seen   map[placeOn]uint64
}

// placeOn is a country in a column in a stretch of days.
type placeOn struct {
	country vocab.Country
	column  uint8
	stretch int32
}

const (
	maxSeen = 10_000 // classes that are remembered
	maxSets = 62     // sets of a column for which a class has bits
)

// Quoted is what an answer has named of a case: one bit for each column of places, one for the names of parties, one for the value.
type Quoted uint8

const (
	QuotedDestination Quoted = 1 << 1
	quotedNames       Quoted = 1 << len(placeColumns)
	quotedValue       Quoted = quotedNames << 1
)

// Learn takes up the sets that a condition asks for; nil asks for none.
func (a *Alike) Learn(n Node) {
	Leaves(n, func(l Leaf) {
		switch l := l.(type) {
		case *placeLeaf:
			a.learn(l.column, l.places)
		case *lineValue:
			a.values = append(a.values, l)
		}
	})
}

// LearnPlaces takes up a set that is asked for outside the conditions.
func (a *Alike) LearnPlaces(column string, p vocab.Places) {
	a.learn(placeColumn(column), p)
}

func (a *Alike) learn(column int, p vocab.Places) {
	same := func(q vocab.Places) bool { return q.String() == p.String() }
	if !slices.ContainsFunc(a.sets[column], same) {
		a.sets[column] = append(a.sets[column], p)
	}
}

// Append adds to key what conditions can tell apart in the case. The number of the stretch of days in which its day lies stands for the day.
func (a *Alike) Append(key []byte, c *Case, stretch int) []byte {
	for i := range placeColumns {
		class := uint64(0)
		if at := placeColumns[i].get(c); at != (vocab.Country{}) {
			class = a.class(placeOn{at, uint8(i), int32(stretch)}, c)
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
		key = append(key, byte(l.Eval(c)))
	}
	return append(binary.AppendUvarint(key, uint64(stretch)), named)
}

// AppendQuoted adds to key what an answer has named of a case.
func AppendQuoted(key []byte, c *Case, q Quoted) []byte {
	for i := range placeColumns {
		if q>>i&1 == 1 {
			at := placeColumns[i].get(c)
			key = append(key, at[:]...)
		}
	}
	if q&quotedNames != 0 {
		key = append(append(append(append(key, 0), c.Consignee...), 0), c.EndUser...)
	}
	if q&quotedValue != 0 {
		key = append(c.Value.Append(append(key, 0)), c.Currency...)
	}
	return key
}

// class says in which sets a country lies, one bit each; with more sets than bits each country is a class of its own. It is never zero.
func (a *Alike) class(p placeOn, c *Case) uint64 {
	sets := a.sets[p.column]
	if len(sets) > maxSets {
		return uint64(p.country[0])<<8 | uint64(p.country[1])
	}
	if class, ok := a.seen[p]; ok {
		return class
	}
	if a.seen == nil || len(a.seen) >= maxSeen {
		a.seen = map[placeOn]uint64{}
	}
	class := uint64(1)
	for i := range sets {
		if sets[i].Has(p.country, c.On) {
			class |= 2 << i
		}
	}
	a.seen[p] = class
	return class
}
