package rule

import "lodestone/internal/vocab"

// exported: what leaves one of these countries, or is handed to a foreign person within it, which the law treats alike.
// leaving: what leaves it; who receives it within is no matter for customs.
//
// Both compile into the leaves they read: from among the countries; not destination among them; for exported, or not
// recipient_nationality among them. An empty destination lies outside, since a line is a question about an export; with a recipient who is
// a national it is unknown.
func newExport(deemed bool) func(string, []string, Scope) (Node, error) {
	return func(_ string, words []string, in Scope) (Node, error) {
		p, err := in.Vocab.PlacesOf(words)
		leaf := func(column string) *placeLeaf { return placeIn(column, p, in) }
		var goes Node = &outside{inside: leaf("destination"), national: leaf("recipient_nationality")}
		if deemed {
			goes = Any{goes, Negation{leaf("recipient_nationality")}}
		}
		return All{leaf("from"), goes}, err
	}
}

// outside holds where the destination is not inside. It is no leaf: that an export goes abroad is no reason worth naming line after line, so
// only its no and its unknown rest on the destination (see Deciding).
type outside struct{ inside, national *placeLeaf }

func (o *outside) Eval(c *Case) Truth {
	if c.Destination == (vocab.Country{}) && o.national.Eval(c) != Yes {
		return Yes
	}
	return Not(o.inside.Eval(c))
}
