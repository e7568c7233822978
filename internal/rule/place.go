package rule

import (
	"lodestone/internal/fact"
	"lodestone/internal/vocab"
)

// from, destination, origin, made_in, tech_origin, recipient_nationality: a country is among these on the day of the case. Groups are
// dated, so the day counts. Not stated is unknown.
type placeLeaf struct {
	said
	column int    // place in placeColumns
	bit    uint64 // of places, among the sets that are asked for of the column
	places vocab.Places
}

const placesAsked = 6 // columns of places

var placeColumns = [placesAsked]struct {
	name string
	get  func(*Case) vocab.Country
}{
	{"from", func(c *Case) vocab.Country { return c.From }},
	{"destination", func(c *Case) vocab.Country { return c.Destination }},
	{"origin", func(c *Case) vocab.Country { return c.Origin }},
	{"made_in", func(c *Case) vocab.Country { return c.madeIn() }},
	{"tech_origin", func(c *Case) vocab.Country { return c.TechOrigin }},
	{"recipient_nationality", func(c *Case) vocab.Country { return c.Recipient }},
}

func placeColumn(name string) int {
	for i := range placeColumns {
		if placeColumns[i].name == name {
			return i
		}
	}
	panic(name + " is no column of places")
}

// madeIn is the country of manufacture, which is the origin where no other is given.
func (c *Case) madeIn() vocab.Country {
	if c.MadeIn != (vocab.Country{}) {
		return c.MadeIn
	}
	return c.Origin
}

func newPlace(column string, words []string, in Scope) (Node, error) {
	p, err := in.Vocab.PlacesOf(words)
	return placeIn(column, p, in), err
}

func placeIn(column string, p vocab.Places, in Scope) *placeLeaf {
	l := &placeLeaf{said: said{column, p.String()}, column: placeColumn(column), places: p}
	if in.Places != nil {
		l.bit = in.Places.bit(l.column, p)
	}
	return l
}

func (l *placeLeaf) Eval(c *Case) Truth {
	c.Asked.sets[l.column] |= l.bit
	at := placeColumns[l.column].get(c)
	if at == (vocab.Country{}) {
		return Unknown
	}
	return Is(l.places.Has(at, c.On))
}

func (l *placeLeaf) Found(c *Case) Found {
	at := placeColumns[l.column].get(c)
	c.Quoted |= 1 << l.column
	switch {
	case at == (vocab.Country{}):
		return Found{}
	case l.fact == "from" && c.FromFlag || l.fact == "destination" && c.DestinationFlag:
		return Found{Value: at.String(), Source: fact.Flag}
	}
	return Found{Value: at.String(), Source: fact.Column}
}

func (l *placeLeaf) necessary(n *Needs) {}
