package rule

import "slices"

// AskedBy is all that a condition may ask of the ways and amounts of a case; nil asks for nothing.
func AskedBy(n Node) (a Asked) {
	Leaves(n, func(l Leaf) {
		switch l := l.(type) {
		case *placeLeaf:
			a.sets[l.column] |= l.bit
		case *lineValue:
			a.value = true
		}
	})
	return a
}

// Ways is what was asked but for values.
func (a Asked) Ways() Asked {
	a.value = false
	return a
}

// AppendWorth adds to key how the value of the case answers what conditions ask of it.
func (a *Alike) AppendWorth(key []byte, c *Case) []byte {
	for _, l := range a.values {
		key = append(key, byte(l.Eval(c)))
	}
	return key
}

// Counts says whether conditions ask for values in a currency; of any other AppendWorth always adds the same.
func (a *Alike) Counts(currency string) bool {
	return slices.ContainsFunc(a.values, func(l *lineValue) bool { return l.currency == currency })
}
