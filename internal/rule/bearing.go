package rule

import (
	"strings"

	"lodestone/internal/vocab"
)

// About is what a norm is about: what its condition speaks of, and the codes printed for it.
type About struct {
	Marks        Marks
	Subject      vocab.Elements // the elements that make a thing a matter for the norm
	Codes        []string       // customs codes
	ControlCodes []string
	Stub         bool // it raises no question: every form that it names leads to it
}

// Bearing finds the norms that bear on an item: some stated fact speaks of them. Only these raise questions; that something is unknown
// is no reason to ask about a thing that nothing connects with the rule.
type Bearing struct {
	n         int
	byKind    []Set          // by kind
	byElement []elementNeed  // norms with an element leaf for a subject element
	compounds []compound     // kinds known by their elements
	byForm    [64]Set        // only forms that suggest, and those that stubs name
	byCode    map[string]Set // customs codes, as printed
	lengths   []int          // of those codes
	byPrefix  map[string]Set // their beginnings of six digits or more, for shorter codes in files
	codes     []codeNeed
	suggests  vocab.FormSet
	led       vocab.FormSet // forms of byForm

	topics     *Bearing // what technologies are about; nil: this is that
	intangible vocab.FormSet
}

type compound struct {
	elements vocab.Elements
	subject  vocab.Elements
	norm     int
}

type codeNeed struct {
	code string
	norm int
}

// NewBearing makes the tables; norms about nothing (zero About) never bear.
func NewBearing(v *vocab.Vocab, about []About) *Bearing {
	b := emptyBearing(v, len(about))
	b.topics, b.intangible = emptyBearing(v, len(about)), v.Intangible()
	for i, f := range v.Forms {
		b.byForm[i] = newSet(b.n)
		if f.Suggests {
			b.suggests |= 1 << i
		}
	}
	for i := range about {
		a := &about[i]
		b.put(v, i, a)
		b.topics.put(v, i, &About{Marks: Marks{Kinds: a.Marks.TopicKinds, Elements: a.Marks.TopicElements}, Subject: a.Subject})
	}
	return b
}

func emptyBearing(v *vocab.Vocab, n int) *Bearing {
	return &Bearing{n: n, byKind: make([]Set, len(v.Kinds)+1), byCode: map[string]Set{}, byPrefix: map[string]Set{}}
}

func (b *Bearing) put(v *vocab.Vocab, i int, a *About) {
	for _, want := range a.Marks.Kinds {
		for _, k := range v.Related(want) {
			at(&b.byKind[k], b.n).Add(i)
		}
	}
	a.Marks.Elements.Each(func(e vocab.Element) {
		if a.Subject.Has(e) {
			b.element(e).Add(i)
		}
	})
	for _, k := range a.Marks.Kinds {
		e := v.KindElements(k)
		if e.Meets(a.Subject) {
			b.compounds = append(b.compounds, compound{e, a.Subject, i})
		}
	}
	led := a.Marks.Forms
	if !a.Stub {
		led &= b.suggests
	}
	b.led |= led
	for f := range v.Forms {
		if led>>f&1 == 1 {
			b.byForm[f].Add(i)
		}
	}
	for _, code := range a.Codes {
		setIn(b.byCode, code, b.n).Add(i)
		b.lengths = withLength(b.lengths, len(code))
		for n := 6; n < len(code); n++ {
			setIn(b.byPrefix, code[:n], b.n).Add(i)
		}
	}
	for _, code := range a.ControlCodes {
		b.codes = append(b.codes, codeNeed{code, i})
	}
}

func (b *Bearing) element(e vocab.Element) Set {
	for _, x := range b.byElement {
		if x.of == e {
			return x.set
		}
	}
	b.byElement = append(b.byElement, elementNeed{e, newSet(b.n)})
	return b.byElement[len(b.byElement)-1].set
}

func setIn[K comparable](m map[K]Set, k K, n int) Set {
	s, ok := m[k]
	if !ok {
		s = newSet(n)
		m[k] = s
	}
	return s
}

// Fill adds to dst the norms that bear on the case, and says whether there is any. dst must have the size of the index.
func (b *Bearing) Fill(dst Set, c *Case) bool {
	any := false
	add := func(s Set) {
		for w, word := range s {
			dst[w] |= word
			any = any || word != 0
		}
	}
	for _, m := range c.Mentions {
		add(b.byKind[m.Kind])
	}
	present := c.Present
	for i := range c.Contents {
		if x := &c.Contents[i]; !x.None {
			present.Add(x.Element) // "<0.01 %" speaks of the element as well
		}
	}
	for i := range b.byElement {
		if x := &b.byElement[i]; present.Has(x.of) {
			add(x.set)
		}
	}
	for i := range b.compounds {
		x := &b.compounds[i]
		if x.elements[0]&^present[0]|x.elements[1]&^present[1] == 0 {
			dst.Add(x.norm)
			any = true
		}
	}
	if forms := (c.Forms | c.HeldForms) & b.led; forms != 0 {
		for f := range b.byForm {
			if forms>>f&1 == 1 {
				add(b.byForm[f])
			}
		}
	}
	for _, n := range b.lengths {
		if n <= len(c.HS) {
			add(b.byCode[c.HS[:n]])
		}
	}
	if b.topics != nil && (c.Forms|c.Item.Worded)&b.intangible != 0 && b.topics.Fill(dst, c) {
		any = true
	}
	if len(c.HS) >= 6 && len(c.HS) < 10 {
		add(b.byPrefix[c.HS])
	}
	if c.ControlCode != "" {
		for _, x := range b.codes {
			if strings.HasPrefix(c.ControlCode, x.code) || strings.HasPrefix(x.code, c.ControlCode) {
				dst.Add(x.norm)
				any = true
			}
		}
	}
	return any
}
