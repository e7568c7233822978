package rule

import (
	"math/bits"
	"slices"

	"lodestone/internal/vocab"
)

// Needs is what a condition cannot do without, derived from its tree: an item that is known to lack one of these makes it no.
type Needs struct {
	Forms    vocab.FormSet  // one of these forms; all bits: any
	Elements vocab.Elements // each of these elements
	Kinds    []vocab.KindID // one of these kinds; nil: any
	Codes    []string       // customs code begins with one of these; nil: any
	Left     bool           // stays out of the index
}

// NeedsOf derives the needs of a condition; a nil condition needs nothing.
func NeedsOf(n Node) Needs {
	needs := Needs{Forms: ^vocab.FormSet(0)}
	gather(n, &needs)
	return needs
}

func gather(n Node, needs *Needs) {
	switch n := n.(type) {
	case All:
		for _, m := range n {
			gather(m, needs)
		}
	case Any:
		either(n, needs)
	case Leaf:
		n.necessary(needs)
	}
	// Of a negation or a count nothing is necessary that a bitmap could use.
}

// either needs what every branch needs.
func either(n Any, needs *Needs) {
	if len(n) == 0 {
		return
	}
	common := NeedsOf(n[0])
	for _, m := range n[1:] {
		b := NeedsOf(m)
		common.Forms |= b.Forms
		common.Elements[0] &= b.Elements[0]
		common.Elements[1] &= b.Elements[1]
		common.Kinds = unite(common.Kinds, b.Kinds)
		common.Codes = unite(common.Codes, b.Codes)
	}
	needs.narrowForms(common.Forms)
	needs.Elements.Union(common.Elements)
	if common.Kinds != nil {
		needs.narrowKinds(common.Kinds)
	}
	if common.Codes != nil {
		needs.narrowCodes(common.Codes)
	}
}

// unite joins two sets of which nil is everything.
func unite[T any](a, b []T) []T {
	if a == nil || b == nil {
		return nil
	}
	return append(slices.Clone(a), b...)
}

// narrowForms keeps the smaller of two sets. Not what both share: a powder may meet "alloy" and "powder" each, though no form is both.
func (n *Needs) narrowForms(set vocab.FormSet) {
	if bits.OnesCount64(uint64(set)) < bits.OnesCount64(uint64(n.Forms)) {
		n.Forms = set
	}
}

// narrowKinds and narrowCodes keep the first need of that sort; a second one would only narrow further, which the index may ignore.
func (n *Needs) narrowKinds(ids []vocab.KindID) {
	if n.Kinds == nil {
		n.Kinds = ids
	}
}

func (n *Needs) narrowCodes(codes []string) {
	if n.Codes == nil {
		n.Codes = codes
	}
}

// Set is a set of numbered conditions.
type Set []uint64

func newSet(n int) Set { return make(Set, (n+63)/64) }

// Add puts i into the set.
func (s Set) Add(i int) { s[i>>6] |= 1 << (i & 63) }

// at returns the set in a place of a table, made when first needed.
func at(s *Set, n int) Set {
	if *s == nil {
		*s = newSet(n)
	}
	return *s
}

// Has says whether i is in the set.
func (s Set) Has(i int) bool { return s[i>>6]>>(i&63)&1 == 1 }

// Each calls f with every number in the set, in order.
func (s Set) Each(f func(int)) {
	for w, word := range s {
		for word != 0 {
			f(w<<6 + bits.TrailingZeros64(word))
			word &= word - 1
		}
	}
}

// Index finds the conditions that may not be no for an item: bitmaps over what conditions need. An unknown field is not asked about.
type Index struct {
	n       int
	all     Set
	byForm  [64]Set // conditions that a thing of this form may meet
	anyKind Set     // conditions that need no kind
	byKind  []Set   // by kind: conditions that need one related to it; nil: none
	element []elementNeed
	needed  vocab.Elements // those in element
	anyCode Set            // conditions that need no customs code
	byCode  map[string]Set // conditions that need a code that begins so
	lengths []int          // of the codes in byCode
	byShort map[string]Set // the same by the beginnings of those codes, for codes in files that are shorter
	vocab   *vocab.Vocab
}

type elementNeed struct {
	of  vocab.Element
	set Set
}

// NewIndex makes the index of conditions, by their numbers.
func NewIndex(v *vocab.Vocab, needs []Needs) *Index {
	x := &Index{n: len(needs), all: newSet(len(needs)), anyKind: newSet(len(needs)), byKind: make([]Set, len(v.Kinds)+1), vocab: v,
		anyCode: newSet(len(needs)), byCode: map[string]Set{}, byShort: map[string]Set{}}
	for i := range x.byForm {
		x.byForm[i] = newSet(x.n)
	}
	for i := range needs {
		if !needs[i].Left {
			x.put(i, &needs[i])
		}
	}
	return x
}

func (x *Index) put(i int, n *Needs) {
	x.all.Add(i)
	for f := range x.byForm {
		if n.Forms>>f&1 == 1 {
			x.byForm[f].Add(i)
		}
	}
	if n.Codes == nil {
		x.anyCode.Add(i)
	}
	for _, code := range n.Codes {
		setIn(x.byCode, code, x.n).Add(i)
		x.lengths = withLength(x.lengths, len(code))
		for k := 1; k < len(code); k++ {
			setIn(x.byShort, code[:k], x.n).Add(i)
		}
	}
	if n.Kinds == nil {
		x.anyKind.Add(i)
	} else {
		x.putKinds(i, n.Kinds)
	}
	n.Elements.Each(func(e vocab.Element) { x.elementSet(e).Add(i) })
}

func (x *Index) putKinds(i int, kinds []vocab.KindID) {
	for _, want := range kinds {
		for _, k := range x.vocab.Related(want) {
			at(&x.byKind[k], x.n).Add(i)
		}
	}
}

func (x *Index) elementSet(e vocab.Element) Set {
	for _, n := range x.element {
		if n.of == e {
			return n.set
		}
	}
	x.needed.Add(e)
	x.element = append(x.element, elementNeed{e, newSet(x.n)})
	return x.element[len(x.element)-1].set
}

// Candidates fills dst with the conditions that the case does not plainly exclude: a superset of those that do not answer no.
// Countries are not asked about: what a thing is does not depend on where it goes. dst must come from NewSet.
func (x *Index) Candidates(dst Set, c *Case) {
	copy(dst, x.all)
	if c.Forms != 0 && !c.Clash {
		x.keepForms(dst, c.Possible)
	}
	if c.Specific || c.CodeOutside && c.Description != "" {
		x.keepKinds(dst, c)
	}
	if lacks := c.LacksOf(x.needed); !lacks.Empty() {
		for i := range x.element {
			if e := &x.element[i]; lacks.Has(e.of) {
				for w := range dst {
					dst[w] &^= e.set[w]
				}
			}
		}
	}
	if c.HS != "" {
		x.keepCodes(dst, c.HS)
	}
}

// NewSet returns an empty set of the index's size.
func (x *Index) NewSet() Set { return newSet(x.n) }

func (x *Index) keepForms(dst Set, possible vocab.FormSet) {
	for w := range dst {
		var word uint64
		for f := possible; f != 0; f &= f - 1 {
			word |= x.byForm[bits.TrailingZeros64(uint64(f))][w]
		}
		dst[w] &= word
	}
}

func (x *Index) keepCodes(dst Set, code string) {
	var sets [12]Set // codes have at most ten digits
	found := append(sets[:0], x.anyCode)
	if s := x.byShort[code]; s != nil {
		found = append(found, s)
	}
	for _, n := range x.lengths {
		if n <= len(code) {
			if s := x.byCode[code[:n]]; s != nil {
				found = append(found, s)
			}
		}
	}
	for w := range dst {
		var word uint64
		for _, s := range found {
			word |= s[w]
		}
		dst[w] &= word
	}
}

// withLength adds a length of codes; there are few: 4, 6, 8 and 10 digits.
func withLength(lengths []int, n int) []int {
	if slices.Contains(lengths, n) {
		return lengths
	}
	return append(lengths, n)
}

func (x *Index) keepKinds(dst Set, c *Case) {
	for w := range dst {
		word := x.anyKind[w]
		for _, m := range c.Mentions {
			if s := x.byKind[m.Kind]; s != nil {
				word |= s[w]
			}
		}
		dst[w] &= word
	}
}
