package decide

import (
	"math/bits"
	"slices"

	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/rule"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// Moved is what differs in the law between two points in time, turned the other way: of which things the answer may differ. It serves one
// goroutine.
type Moved struct {
	From, To when.At
	Norms    []int // norms that stand otherwise

	decider   *Decider
	moved     rule.Set // the same as a set
	steady    []bool   // norms that leave an item uncertain at both points in time
	things    rule.Set // norms about things: one of these must not be excluded for an item to be touched
	bearing   rule.Set // norms whose bearing alone can matter
	listings  map[*law.Announcement]bool
	countries []vocab.Country // whose membership in a group differs
	all       bool            // something differs on which every item may rest
	party     bool            // a norm on parties differs
	declared  bool            // a norm on declarations differs
	shares    bool            // a norm on shares of content differs
	settled   bool            // of the item asked about last
	seen      []bool
	candidate rule.Set
	bears     rule.Set
}

// NewMoved compares the law at two points in time.
func NewMoved(b *law.Book, from, to when.At) *Moved {
	m := &Moved{From: from, To: to, decider: New(b), moved: b.Index.NewSet(), things: b.Index.NewSet(), bearing: b.Index.NewSet(), listings: map[*law.Announcement]bool{},
		seen: make([]bool, len(b.Norms)), candidate: b.Index.NewSet(), bears: b.Index.NewSet()}
	before, after := b.At(from), b.At(to)
	for n := range b.Norms {
		x, y := &before.Standings[n], &after.Standings[n]
		if x.State != y.State || x.By != y.By || len(x.Branches) != len(y.Branches) {
			m.Norms = append(m.Norms, n)
			m.moved[n>>6] |= 1 << (n & 63)
			m.touch(b, n)
		}
	}
	for a, state := range before.Lists {
		if after.Lists[a] != state {
			m.listings[a] = true
		}
	}
	m.dated(b)
	m.steadyOf(b, before, after)
	return m
}

// touch adds the norms about things through which a norm that stands otherwise can matter.
func (m *Moved) touch(b *law.Book, n int) {
	if m.seen[n] {
		return
	}
	m.seen[n] = true
	c := &b.Norms[n]
	m.party, m.declared, m.shares = m.party || c.Marks.Party, m.declared || c.Marks.Declared, m.shares || c.Marks.Share
	switch {
	case c.Kind == "suspension", c.Kind == "flag", c.Kind == "ownership":
		return // it matters by what it makes sleep, which stands otherwise itself; a flag changes no answer, nor does ownership without a file
	case c.Kind == "exception", c.Kind == "duty":
		for i := range b.Norms {
			if x := &b.Norms[i]; slices.Contains(x.Exceptions, n) || slices.Contains(x.Duties, n) {
				m.touch(b, i)
			}
		}
	case c.Marks.RestsOnOthers():
		m.rests(b, c)
	case c.Marks.Share, c.Marks.Party, c.Marks.Declared:
	case c.Marks.Thing:
		m.things[n>>6] |= 1 << (n & 63)
	default:
		m.all = true
	}
}

// rests adds what a norm rests on.
func (m *Moved) rests(b *law.Book, c *law.Compiled) {
	for i := range b.Norms {
		x := &b.Norms[i]
		ofGroup := slices.ContainsFunc(c.Marks.Groups, func(g vocab.GroupID) bool { return slices.Contains(x.Groups, g) })
		if ofGroup || slices.Contains(c.Marks.Norms, i) || c.Marks.AnyGroup && x.DualUse {
			m.touch(b, i)
		}
	}
}

// dated adds what depends on the day besides standings: groups of goods that are complete from a day on, and groups of countries.
func (m *Moved) dated(b *law.Book) {
	a, z := m.From.Effective, m.To.Effective
	for g := range b.Vocab.Groups {
		id := vocab.GroupID(g + 1)
		if b.CompleteOn(id, a) == b.CompleteOn(id, z) {
			continue
		}
		for n := range b.Norms {
			if slices.Contains(b.Norms[n].Groups, id) {
				m.bearing[n>>6] |= 1 << (n & 63)
			}
		}
	}
	a, z = min(a, z), max(a, z)
	for _, g := range b.Vocab.CountryGroups {
		for _, x := range g.Members {
			if x.From > a && x.From <= z || x.To != 0 && x.To >= a && x.To < z {
				m.countries = append(m.countries, vocab.Country{x.Code[0], x.Code[1]})
			}
		}
	}
}

// moves says that an item names a country whose membership in a group differs.
func (m *Moved) moves(it *fact.Item) bool {
	return m.countries != nil && slices.ContainsFunc([]vocab.Country{it.From, it.Destination, it.Origin, it.MadeIn, it.TechOrigin, it.Recipient},
		func(c vocab.Country) bool { return slices.Contains(m.countries, c) })
}

// Touches says whether the answer for an item may differ; no is certain. Its parties must have been looked up.
func (m *Moved) Touches(it *fact.Item, parts rule.Parts) bool {
	d := m.decider
	b := d.book
	m.settled = m.countries == nil && len(m.listings) == 0 && !m.party && !m.declared && !m.shares
	if m.all || m.moves(it) || m.shares && len(parts.Shares) > 0 || b.Outside(it.HS, m.From.Effective) != b.Outside(it.HS, m.To.Effective) {
		return true
	}
	if len(it.Loaded) > 0 {
		return true
	}
	for i := range it.Listed {
		if m.party || m.listings[b.Listings[it.Listed[i].Listing].Announcement] {
			return true
		}
	}
	c := &d.c
	c.Known.Prepare(b.Vocab, it)
	c.On, c.Parties, c.Parts = m.From.Effective, c.Parties[:0], parts
	c.CodeOutside = b.Outside(it.HS, m.From.Effective)
	if m.declared && (len(it.Knowledge)+len(it.Owned) > 0 || d.flags() != 0 || len(d.words.unfit[c.EndUse]) > 0) {
		return true
	}
	b.Index.Candidates(m.candidate, c)
	clear(m.bears)
	bears := b.Bearing.Fill(m.bears, c)
	switch {
	case meets(m.bears, m.bearing), meets(m.bears, m.things), len(c.Contained) > 0:
		return true
	case !meets(m.candidate, m.things):
		return false
	}
	m.settled = false
	return len(it.Listed) > 0 || len(it.Knowledge) > 0 || bears && !c.Specific || !m.uncertain()
}

// Settled says that the last answer of Touches rests only on what the thing is: it is the same wherever such a thing goes, to whom, and whatever it is
// worth.
func (m *Moved) Settled() bool { return m.settled }

// uncertain says that a norm which stands as before leaves the item uncertain all the same. A norm on which nothing bears can then make no
// difference, unless another bears and the item's words do not say what it is.
func (m *Moved) uncertain() bool {
	d := m.decider
	for w, word := range m.candidate {
		for word &^= m.moved[w]; word != 0; word &= word - 1 {
			n := w<<6 + bits.TrailingZeros64(word)
			c := &d.book.Norms[n]
			if m.steady[n] && !d.lacksCode(c) && c.When.Eval(&d.c) == rule.Unknown && (c.Scope == nil || c.Scope.Eval(&d.c) != rule.No) {
				return true
			}
		}
	}
	return false
}

// steadyOf finds the norms about things that are in force at both points in time and, where nothing bears on them, always count.
func (m *Moved) steadyOf(b *law.Book, before, after *law.Snapshot) {
	m.steady = make([]bool, len(b.Norms))
	for n := range b.Norms {
		c := &b.Norms[n]
		layer := c.Layer != "technology" && c.Layer != "goods_licence" && c.Layer != "trade_stop"
		m.steady[n] = layer && c.Speaks && c.Kind != "stub" && c.When != nil && c.Exceptions == nil &&
			before.Standings[n].State == law.InForce && after.Standings[n].State == law.InForce
	}
}
