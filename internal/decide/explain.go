package decide

import (
	"slices"
	"strings"

	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/rule"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// Reason is one fact on which an answer rests.
type Reason struct {
	Fact  string
	Test  string
	Truth rule.Truth
	Found rule.Found
}

// Requirement is a finding with its reasons.
type Requirement struct {
	Finding
	Because []Reason
	Trace   *rule.Step // the whole tree; nil unless asked for
}

// Ask is a fact that is missing, and the norms that its answer would settle.
type Ask struct {
	Fact    string
	Tests   []string // what the norms require of it
	Settles []int
	leaves  []rule.Leaf // that require it, one a test; nil: none alone does
}

// Near is a norm that bears and fails by a single test, or is defeated by an exception.
type Near struct {
	Norm     int
	Excepted int // -1: none
	Reason
}

// Change is the next day on which the answer differs.
type Change struct {
	On      when.Date
	Outcome law.Outcome
	MayBe   law.Outcome
	Open    bool
	By      *law.Act  // nil: not one act alone
	State   law.State // standing of the norm that makes the difference
}

// Explanation says why a result is what it is.
type Explanation struct {
	Requirements []Requirement
	Asks         []Ask
	Near         []Near
	Duties       []int
	Shares       []Share // asked for by norms that may speak of the item
	Notices      []int   // norms that point something out
	Held         *Held   // nil: no licence is declared, or none is required
	Early        int     // norm that bears and had not begun, where no dual-use control on such goods had; -1: none
	Unread       []int   // layers, as numbers of Assessed.Layers, of which something that bears on the item was not read
	Next         *Change // nil: no change is in the law data
	Holds        bool    // words name stuff that the article holds, and norms speak of that stuff
	Clash        bool    // stated forms contradict one another
	Knowledge    bool    // the answer rests on an empty declaration of knowledge
	Domestic     bool    // stated to stay in the country with a national: no export
	Abroad       bool    // no destination is stated, and it is taken to lie abroad
}

// Explain gives the reasons of the last result, which stays valid; they are valid until the next call. With trace, each requirement carries its
// whole tree.
func (d *Decider) Explain(it *fact.Item, trace bool) *Explanation {
	r, e := &d.result, &d.explained
	*e = Explanation{
		Clash: d.c.Clash, Knowledge: len(d.c.Knowledge) == 0,
		Requirements: e.Requirements[:0], Near: e.Near[:0], Duties: e.Duties[:0], Unread: e.Unread[:0],
	}
	d.because, d.c.Quoted = d.because[:0], 0
	top := d.beyondProcedure()
	asks := &d.asks
	asks.clear()
	for i := range r.Findings {
		f := &r.Findings[i]
		c := &d.book.Norms[f.Norm]
		switch {
		case !f.Bears || f.State == law.Over:
		case f.Truth == rule.No:
			if n, ok := d.near(f, c); ok {
				e.Near = append(e.Near, n)
			}
			if f.Excepted >= 0 && f.State == law.InForce && (c.Scope == nil || c.Scope.Eval(&d.c) == rule.Yes) {
				e.Duties = d.duties(e.Duties, &d.book.Norms[f.Excepted])
			}
		case d.requires(f, c, top):
			e.Requirements = append(e.Requirements, d.requirement(f, c, trace))
			if f.Truth == rule.Unknown {
				asks.add(d, f, c)
			}
			if f.Truth == rule.Yes && f.State == law.InForce {
				e.Duties = d.duties(e.Duties, c)
			}
		}
	}
	e.Near = d.excluded(e.Near)
	e.Holds = d.c.HeldForms != 0 && len(e.Near) > 0 && !d.noThing()
	slices.SortStableFunc(e.Requirements, moreSevere)
	e.Asks = d.hub(asks.sorted())
	e.Shares, e.Notices = d.shares(), d.noticed()
	e.Held = d.held(it, e.Requirements)
	e.Unread = d.unread(e.Unread, e.Requirements)
	e.Early = d.early()
	e.Domestic = d.domestic()
	e.Abroad = len(e.Requirements) > 0 && d.c.From == d.home && d.c.From != vocab.Country{} && d.c.Destination == vocab.Country{} && d.c.Recipient != d.home
	e.Next = d.next(it)
	return e
}

// requires says that a finding is one of the requirements of the answer.
func (d *Decider) requires(f *Finding, c *law.Compiled, top law.Outcome) bool {
	return f.Bears && f.State != law.Over && f.Truth != rule.No && c.Speaks && (f.State != law.NotYet || f.BeforeExit) && !(d.procedureOnly(f, c) && f.May <= top)
}

// Required lists the requirements of the last result and the duties that go with them, without reasons.
func (d *Decider) Required() (required []Finding, duties []int) {
	top := d.beyondProcedure()
	for i := range d.result.Findings {
		f := &d.result.Findings[i]
		c := &d.book.Norms[f.Norm]
		if !d.requires(f, c, top) {
			continue
		}
		required = append(required, *f)
		if f.Truth == rule.Yes && f.State == law.InForce {
			duties = d.duties(duties, c)
		}
	}
	return required, duties
}

// procedureOnly says that only an empty procedure leaves a norm open. The general procedure is then taken, unless another could make the
// answer worse.
func (d *Decider) procedureOnly(f *Finding, c *law.Compiled) bool {
	if f.Truth != rule.Unknown || d.c.Procedure != 0 || c.When == nil {
		return false
	}
	asked, other := false, false
	rule.Deciding(c.When, &d.c, func(l rule.Leaf, t rule.Truth) {
		asked = asked || l.Fact() == "procedure"
		other = other || l.Fact() != "procedure" && l.Fact() != "caught"
	})
	return asked && !other
}

// beyondProcedure is the most severe that the answer may come to without the norms that only an empty procedure leaves open.
func (d *Decider) beyondProcedure() law.Outcome {
	top := d.result.Outcome
	if !top.Established() {
		top = law.NotCovered
	}
	if d.c.Procedure != 0 {
		return top
	}
	for i := range d.result.Findings {
		f := &d.result.Findings[i]
		c := &d.book.Norms[f.Norm]
		if f.Bears && f.Truth != rule.No && c.Speaks && f.May > top && f.State.Truth() != rule.No && !d.procedureOnly(f, c) {
			top = f.May
		}
	}
	return top
}

// moreSevere puts what decides first: held before open, then the more severe.
func moreSevere(a, b Requirement) int {
	ea, _, _ := weigh(&a.Finding)
	eb, _, _ := weigh(&b.Finding)
	if ea != eb {
		return int(eb) - int(ea)
	}
	return int(b.May) - int(a.May)
}

func (d *Decider) requirement(f *Finding, c *law.Compiled, trace bool) Requirement {
	q, first := Requirement{Finding: *f}, len(d.because)
	for _, n := range [...]rule.Node{c.When, c.Scope} {
		if n != nil {
			rule.Deciding(n, &d.c, func(l rule.Leaf, t rule.Truth) { d.reason(first, l, t) })
		}
	}
	q.Because = d.because[first:len(d.because):len(d.because)]
	if trace && c.When != nil {
		step := rule.Explain(c.When, &d.c)
		q.Trace = &step
	}
	return q
}

// reason adds a leaf to the reasons from first on, once.
func (d *Decider) reason(first int, l rule.Leaf, t rule.Truth) {
	r := Reason{Fact: l.Fact(), Test: l.Test(), Truth: t, Found: l.Found(&d.c)}
	if r.Fact == "caught" {
		m := rule.MarksOf(l)
		r.Found.Value = d.catchers(&m)
	}
	if !slices.Contains(d.because[first:], r) {
		d.because = append(d.because, r)
	}
}

// catchers names the norms by which a thing is caught, at most three.
func (d *Decider) catchers(m *rule.Marks) string {
	var refs []string
	for i := range d.result.Findings {
		f := &d.result.Findings[i]
		c := &d.book.Norms[f.Norm]
		hit := m.AnyGroup && c.Layer == "dual_use" || slices.Contains(m.Norms, f.Norm)
		for _, g := range c.Groups {
			hit = hit || slices.Contains(m.Groups, g)
		}
		if hit && f.Bears && f.Thing != rule.No && !c.Marks.RestsOnOthers() {
			refs = append(refs, c.Ref)
		}
	}
	if len(refs) > 3 {
		refs = append(refs[:3], "…")
	}
	return strings.Join(refs, ", ")
}

// near reports a norm that fails by one test only, or is defeated by an exception.
func (d *Decider) near(f *Finding, c *law.Compiled) (Near, bool) {
	n := Near{Norm: f.Norm, Excepted: f.Excepted}
	if f.Excepted >= 0 || c.When == nil || f.State == law.NotYet || f.Thing != rule.No {
		return n, f.Excepted >= 0
	}
	failing := 0
	rule.Deciding(c.When, &d.c, func(l rule.Leaf, t rule.Truth) {
		failing++
		n.Reason = Reason{Fact: l.Fact(), Test: l.Test(), Truth: t, Found: l.Found(&d.c)}
	})
	return n, failing == 1 && n.Found.Value != "" && (measured(n.Fact) || n.Fact == "form" && d.result.Outcome < law.GoodsLicence)
}

// measured says that a fact is one of degree: those are where a near miss lies. That a compound is no metal is none.
func measured(fact string) bool {
	return strings.HasPrefix(fact, "composition.") || strings.HasPrefix(fact, "params.") || strings.HasPrefix(fact, "shares.")
}

// excluded adds the near misses among the norms that bear and that the index left out as plainly no.
func (d *Decider) excluded(to []Near) []Near {
	d.bearing.Each(func(n int) {
		c := &d.book.Norms[n]
		if d.candidate.Has(n) || !c.Speaks || c.Unread() {
			return
		}
		f := Finding{Norm: n, State: d.state(n), Excepted: -1, Thing: rule.No}
		if f.State == law.Unknown || f.State == law.Over {
			return
		}
		if x, ok := d.near(&f, c); ok {
			to = append(to, x)
		}
	})
	return to
}

func (d *Decider) duties(to []int, c *law.Compiled) []int {
	for _, n := range c.Duties {
		applies := rule.Yes
		if w := d.book.Norms[n].When; w != nil {
			applies = w.Eval(&d.c)
		}
		if applies == rule.Yes && d.state(n) == law.InForce && !slices.Contains(to, n) {
			to = append(to, n)
		}
	}
	return to
}

// next finds the next day on which the answer differs. Only days on which a norm that speaks of the item changes its standing are
// looked at; the customs directory of the year is held fixed, since a new year's list is no change of law.
func (d *Decider) next(it *fact.Item) *Change {
	r := &d.result
	ahead := d.aheadOf()
	for _, day := range d.days(it, r.At.Effective) {
		then := ahead.again(day, it, d)
		if then.Outcome != r.Outcome || then.MayBe != r.MayBe || then.Policy != r.Policy {
			change := &Change{On: day, Outcome: then.Outcome, MayBe: then.MayBe, Open: then.Open}
			change.By, change.State = d.cause(r.Findings, then)
			return change
		}
	}
	return nil
}

// days lists the days after one on which a norm that is not plainly no changes its standing, in order. A norm that rests on
// others and is left out because nothing is caught today can only matter once one of those changes.
func (d *Decider) days(it *fact.Item, after when.Date) []when.Date {
	r := &d.result
	d.later = d.later[:0]
	for i := range r.Findings {
		f := &r.Findings[i]
		if !f.Bears || f.Thing == rule.No && f.Excepted < 0 {
			continue
		}
		d.later = append(d.later, d.book.DaysOf(f.Norm)...)
		for _, x := range d.book.Norms[f.Norm].Exceptions {
			d.stood.Add(x)
			d.later = append(d.later, d.book.DaysOf(x)...)
		}
	}
	for _, l := range it.Listed {
		d.later = append(d.later, d.book.Listings[l.Listing].Announcement.Days()...)
	}
	d.later = append(d.later, loadedDays(it)...)
	d.later = slices.DeleteFunc(d.later, func(day when.Date) bool { return day <= after })
	slices.Sort(d.later)
	return slices.Compact(d.later)
}

// loadedDays are the days on which listings that an item's parties match begin and have ended, by what the loaded lists say of them.
func loadedDays(it *fact.Item) (days []when.Date) {
	for i := range it.Loaded {
		if first := it.Loaded[i].From; first != 0 {
			days = append(days, first)
		}
		if last := it.Loaded[i].To; last != 0 {
			days = append(days, last+1)
		}
	}
	return days
}

// cause finds the act whose change of standing makes the difference: of the norms whose state differs and that speak of the item, the most
// severe; the suspension where one is the reason.
func (d *Decider) cause(was []Finding, then *Result) (*law.Act, law.State) {
	best, severity := -1, law.NotCovered
	for i := range then.Findings {
		f := &then.Findings[i]
		if !f.Bears || f.Truth == rule.No {
			continue
		}
		before := law.Unknown
		for j := range was {
			if was[j].Norm == f.Norm {
				before = was[j].State
			}
		}
		if before != f.State && (best < 0 || f.May > severity) {
			best, severity = i, f.May
		}
	}
	if best < 0 {
		return nil, law.Unknown
	}
	f := &then.Findings[best]
	standing := then.Snapshot.Standings[f.Norm]
	if standing.By >= 0 {
		return d.book.Norms[standing.By].Act, f.State
	}
	return d.book.Norms[f.Norm].Act, f.State
}

// askList gathers what is missing. Its memory is used again.
type askList struct {
	asks  []Ask
	facts []string   // of all open norms, one after the other
	open  [][]string // for each open norm, the facts of which a no would settle it
	order []string
}

func (a *askList) clear() {
	a.asks, a.facts, a.open, a.order = a.asks[:0], a.facts[:0], a.open[:0], a.order[:0]
}

func (a *askList) add(d *Decider, f *Finding, c *law.Compiled) {
	first := len(a.facts)
	a.node(d, f, c.When)
	a.node(d, f, c.Scope)
	for _, x := range c.Exceptions {
		a.node(d, f, d.book.Norms[x].When)
	}
	if last := len(a.facts); last > first {
		a.open = append(a.open, a.facts[first:last:last])
	}
}

func (a *askList) node(d *Decider, f *Finding, n rule.Node) {
	if n == nil || n.Eval(&d.c) != rule.Unknown {
		return
	}
	rule.Deciding(n, &d.c, func(l rule.Leaf, t rule.Truth) {
		if m := rule.MarksOf(l); m.RestsOnOthers() {
			a.beneath(d, &m, f.Norm)
			return
		}
		a.put(l, f.Norm)
		if rule.Settles(n, l) {
			a.facts = append(a.facts, l.Fact())
		}
	})
}

// beneath asks what leaves open whether the thing is on a list that a norm rests on; norms that speak for themselves ask for themselves.
func (a *askList) beneath(d *Decider, m *rule.Marks, norm int) {
	for i := range d.result.Findings {
		f := &d.result.Findings[i]
		c := &d.book.Norms[f.Norm]
		listed := slices.Contains(m.Norms, f.Norm) || slices.ContainsFunc(c.Groups, func(g vocab.GroupID) bool { return slices.Contains(m.Groups, g) })
		if !listed || c.Speaks || !f.Bears || c.When == nil || c.When.Eval(&d.c) != rule.Unknown {
			continue
		}
		rule.Deciding(c.When, &d.c, func(l rule.Leaf, _ rule.Truth) { a.put(l, norm) })
	}
}

func (a *askList) put(l rule.Leaf, norm int) {
	for i := range a.asks {
		if x := &a.asks[i]; x.Fact == l.Fact() {
			if !slices.Contains(x.Tests, l.Test()) {
				x.Tests, x.leaves = append(x.Tests, l.Test()), append(x.leaves, l)
			}
			if !slices.Contains(x.Settles, norm) {
				x.Settles = append(x.Settles, norm)
			}
			return
		}
	}
	n := len(a.asks)
	a.asks = slices.Grow(a.asks, 1)[:n+1]
	x := &a.asks[n] // of an earlier list, whose memory is used again
	*x = Ask{Fact: l.Fact(), Tests: append(x.Tests[:0], l.Test()), Settles: append(x.Settles[:0], norm), leaves: append(x.leaves[:0], l)}
}

// sorted puts the smallest set of questions that can settle the answer first (greedily: the fact that settles most of what is still
// open), then the rest by how much they settle.
func (a *askList) sorted() []Ask {
	open := a.open
	for len(open) > 0 {
		best, most := "", 0
		for _, x := range a.asks {
			n := 0
			for _, facts := range open {
				if slices.Contains(facts, x.Fact) {
					n++
				}
			}
			if n > most {
				best, most = x.Fact, n
			}
		}
		a.order = append(a.order, best)
		open = slices.DeleteFunc(open, func(facts []string) bool { return slices.Contains(facts, best) })
	}
	rank := func(x Ask) int {
		if i := slices.Index(a.order, x.Fact); i >= 0 {
			return i
		}
		return len(a.order)
	}
	slices.SortStableFunc(a.asks, func(x, y Ask) int {
		if rx, ry := rank(x), rank(y); rx != ry {
			return rx - ry
		}
		return len(y.Settles) - len(x.Settles)
	})
	return a.asks
}

// hub puts the question for the end user first where goods on which norms bear go to a place where goods are mostly passed on and no end
// user is stated.
func (d *Decider) hub(asks []Ask) []Ask {
	if d.result.Flags&FlagHub == 0 || d.c.EndUser != "" || !d.spokenOf() {
		return asks
	}
	d.c.Quoted |= rule.QuotedDestination
	ask := Ask{Fact: "end_user", Tests: []string{d.c.Destination.String()}}
	for _, n := range d.partied {
		if d.state(n) == law.InForce {
			ask.Settles = append(ask.Settles, n)
		}
	}
	return slices.Insert(asks, 0, ask)
}

// byCodeOf marks the layers that are decided by customs codes of which not all were read. A directory of dual-use codes only hints.
func byCodeOf(b *law.Book) []bool {
	layers := make([]bool, len(b.Assessed.Layers))
	for i, l := range b.Assessed.Layers {
		layers[i] = l.State == "partial" && l.Layer != "dual_use" && slices.ContainsFunc(b.Norms, func(c law.Compiled) bool {
			return c.Layer == l.Layer && c.Marks.Codes != nil
		})
	}
	return layers
}

// unread adds the layers in which a requirement rests on a text that was not read, or on a standing that nothing read confirms. Where no control
// was found, it adds those as well whose codes were read in part: the item's own may be among the others.
func (d *Decider) unread(layers []int, required []Requirement) []int {
	free := d.result.Outcome == law.NotControlled && !d.domestic() && d.c.HS != "" && (d.c.From == d.home || d.c.From == vocab.Country{})
	for i, l := range d.book.Assessed.Layers {
		if free && d.byCode[i] || slices.ContainsFunc(required, func(q Requirement) bool {
			c := &d.book.Norms[q.Norm]
			open := c.Unread() && q.Truth == rule.Unknown || q.State == law.Unestablished
			return c.Layer == l.Layer && open && q.State != law.Sleeping
		}) {
			layers = append(layers, i)
		}
	}
	return layers
}

// early finds the norm by which goods of the item's kind first came under a dual-use control that was read, if that lies after the day of
// the result: what held before was not assessed. -1: there is none, or a stub says who decided then.
func (d *Decider) early() int {
	first := -1
	for i := range d.result.Findings {
		f := &d.result.Findings[i]
		c := &d.book.Norms[f.Norm]
		switch {
		case !c.DualUse || !f.Bears || f.Thing == rule.No || c.Marks.RestsOnOthers():
		case c.Stub && f.State == law.InForce, c.Speaks && f.State != law.NotYet && f.State != law.Over:
			return -1
		case c.Speaks && f.State == law.NotYet && (first < 0 || d.book.Begins(f.Norm) < d.book.Begins(first)):
			first = f.Norm
		}
	}
	return first
}
