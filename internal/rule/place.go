package rule

import (
	"lodestone/internal/fact"
	"lodestone/internal/vocab"
)

// from, destination, origin, made_in, tech_origin, recipient_nationality: a country is among these on the day of the case. Groups are
// dated, so the day counts. Not stated is unknown.
type placeLeaf struct {
	said
	column int // place in placeColumns
	places vocab.Places
}

// placeColumns are the columns of places.
var placeColumns = [...]struct {
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
	return &placeLeaf{said{column, p.String()}, placeColumn(column), p}, err
}

func (l *placeLeaf) Eval(c *Case) Truth {
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
