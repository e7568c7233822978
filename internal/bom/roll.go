package bom

import "lodestone/internal/rule"

// measured is a content and the measure that it is added up in.
type measured struct {
	content int
	money   int // class of money; byMass: kilograms
}

const byMass = -1

// totals is what each part holds of a content. Most parts hold none, so only the others take memory.
type totals struct {
	at   []int32 // place in list of a part, plus one; 0: none
	list []Interval
}

func (s *totals) of(n int32) Interval {
	if at := s.at[n]; at > 0 {
		return s.list[at-1]
	}
	return Interval{}
}

// masses is the mass of one base unit of each part, in kilograms.
type masses []Interval

// Roll adds up every content, in one pass over the links for each content and class of money. Call it once, before Share and Asks.
//
// A part that is itself such content counts whole, and what it holds is not counted again. A part that may be counts as anything between that
// and what it holds. A part without parts of its own holds none, or, where its facts leave that open, anything up to its own value.
func (t *Tree) Roll() {
	t.totals, t.present = map[measured]*totals{}, map[int][]rule.Truth{}
	for c, content := range t.contents {
		if content.Presence {
			t.present[c] = t.look(c)
			continue
		}
		if content.ByMass {
			t.rollMass()
			t.totals[measured{c, byMass}] = t.roll(measured{c, byMass})
			continue
		}
		for money := range t.moneys {
			t.totals[measured{c, money}] = t.roll(measured{c, money})
		}
	}
}

// rollMass finds the mass of each part: its unit's where that is one of mass, else that of its parts.
func (t *Tree) rollMass() {
	if t.masses != nil {
		return
	}
	m := make(masses, len(t.ids))
	t.masses = &m
	for i := range t.parts {
		n := int32(i)
		switch {
		case t.parts[n].mass:
			m[n] = Interval{low: one, high: one}
		case t.Leaf(n):
			m[n] = Unknown()
		default:
			var sum Interval
			for _, l := range t.linksOf(n) {
				if l.amount >= 0 {
					sum.addTimes(&t.amounts[l.amount], &m[l.child])
				}
			}
			sum.open = sum.open || t.parts[n].open
			m[n] = sum
		}
	}
}

// own is the value, or mass, of one base unit of a part.
func (t *Tree) own(n int32, m measured) Interval {
	if m.money == byMass {
		return (*t.masses)[n]
	}
	if p := &t.parts[n]; int(p.money) == m.money {
		return p.value
	}
	return Unknown()
}

func (t *Tree) roll(m measured) *totals {
	s := &totals{at: make([]int32, len(t.ids)), list: make([]Interval, 0, len(t.ids)/8)}
	for n := range t.ids {
		if t.plainlyNone(n, m.content, s) {
			continue
		}
		if i := t.counted(int32(n), m, s); !i.nothing() {
			s.list = append(s.list, i)
			s.at[n] = int32(len(s.list))
		}
	}
	return s
}

// plainlyNone says quickly of most parts that they hold none of a content.
func (t *Tree) plainlyNone(n, content int, s *totals) bool {
	h := &t.holdings[n*len(t.contents)+content]
	from, to := t.first[n], t.first[n+1]
	if h.is != rule.No || t.special[n] || from == to && h.inside != rule.No {
		return false
	}
	for _, l := range t.links[from:to] {
		if s.at[l.child] != 0 {
			return false
		}
	}
	return true
}

// counted is how much of a content one base unit of a part counts for.
func (t *Tree) counted(n int32, m measured, s *totals) Interval {
	switch t.holding(n, m.content).is {
	case rule.Yes:
		return t.own(n, m)
	case rule.Unknown:
		return t.inside(n, m, s).hull(t.own(n, m))
	}
	return t.inside(n, m, s)
}

func (t *Tree) holding(n int32, content int) *holding {
	return &t.holdings[int(n)*len(t.contents)+content]
}

// inside is how much of a content the parts of a part come to.
func (t *Tree) inside(n int32, m measured, s *totals) Interval {
	if t.Leaf(n) {
		if t.holding(n, m.content).inside == rule.No {
			return Interval{}
		}
		return Interval{high: t.own(n, m).high, open: t.own(n, m).open}
	}
	var sum Interval
	for _, l := range t.linksOf(n) {
		if l.amount < 0 || s.at[l.child] == 0 {
			continue
		}
		sum.addTimes(&t.amounts[l.amount], &s.list[s.at[l.child]-1])
	}
	if t.incomplete(n, m.content) {
		own := t.own(n, m)
		sum = sum.plus(Interval{high: own.high, open: own.open})
	}
	return sum
}

// incomplete says that the parts listed cannot be all: some could not be read, or an element that tells the content is stated of the whole
// and no part holds it.
func (t *Tree) incomplete(n int32, content int) bool {
	if !t.special[n] {
		return false
	}
	p := &t.parts[n]
	if p.open {
		return true
	}
	if !p.certain.Meets(t.contents[content].Elements) {
		return false
	}
	missing := p.certain
	for _, l := range t.linksOf(n) {
		missing.Without(t.parts[l.child].maybe)
	}
	return missing.Meets(t.contents[content].Elements)
}
