// Package decide answers what the law asks of an item at a given At.
//
// Start with New and Decider.Decide: norms in force × facts → Result, an interval of outcome and may_be with its findings. Explain gives
// the reasons of a result, its asks, near misses and next change by evaluating the same trees again. The package is pure: it takes no clock,
// disk, network or logger, and the same book, At and facts give the same result. Decide does not allocate once warm.
//
// How an answer comes about: the index names the norms that a full scan would not answer no; those on which some stated fact bears are
// evaluated first, then the norms that rest on them (destination rules, content rules, party bans). A norm that is not in force adds nothing
// but its standing. Limits: a Decider serves one goroutine.
package decide

import (
	"math/bits"
	"slices"

	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/party"
	"lodestone/internal/rule"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// Finding is what one norm answers for an item.
type Finding struct {
	Norm     int
	Thing    rule.Truth // is the item what the norm speaks of, exceptions counted?
	Truth    rule.Truth // the same within the norm's scope (whence, where to)
	State    law.State
	Effect   law.Outcome // what it demands; Review where guidance turns it into a matter for review
	May      law.Outcome // the most severe it may come to
	Excepted int         // exception that defeats or softens it; -1: none
	Bears    bool        // a stated fact speaks of the norm

	BeforeExit bool // it begins after the day of the answer and before the goods leave customs supervision
}

// Gap is a layer that could not be judged, and what is missing.
type Gap struct {
	Layer string
	Norm  int    // stub that names who decides; -1: none
	Need  string // what is missing: "end_user", "kind", "hs", …; empty where Norm, a stub, says it
}

// Result is the determination of one item. Its memory is used again by the Decider's next question.
type Result struct {
	At       when.At
	Outcome  law.Outcome
	MayBe    law.Outcome // the most severe still open; equal to Outcome where nothing is
	Open     bool        // something is open: MayBe differs from Outcome
	Policy   law.Policy  // strictest among licences in force
	Flags    Flags       // what the stated facts warn of
	Findings []Finding   // norms that bear and are not plainly no, and near misses; in order of the book
	Gaps     []Gap
	Snapshot *law.Snapshot
	Case     *rule.Case
}

// Decider answers questions on one book. It keeps scratch memory and the snapshots it has made.
type Decider struct {
	Parts rule.Parts // what the structure says of the parts of the items asked about

	book      *law.Book
	snapshots map[when.At]*law.Snapshot
	last      *law.Snapshot // the one used last
	c         rule.Case
	result    Result
	candidate rule.Set
	bearing   rule.Set
	answers   []answer    // of norms about things, for later days
	bears     []bool      // by norm: bears and is not no
	groupBear []bool      // by group: such a norm is of it
	anyBear   bool        // such a norm is a dual-use control
	touched   []int       // norms whose entries above are to be cleared
	later     []when.Date // days on which the answer may change
	ahead     *Decider    // looks at later days, so that the result stays; nil until needed
	words     words
	explained Explanation // memory for the next one
	because   []Reason    // of its requirements, one after the other
	asks      askList
	home      vocab.Country // whose customs accepts declarations; zero: the law does not say
	order     []uint8       // by norm: its legal order
	byCode    []bool        // by layer of Assessed.Layers: customs codes decide it, and not all of them were read
	catchAlls []int         // norms that rest on a declaration alone
	notices   []int         // norms that only point something out
	partied   []int         // norms that ask for a listed party
	classes   [][]string    // countries that no rule tells apart on a day; nil: not asked for yet
	classesOn when.Date
	counting  []int // norms that ask for a share of content
	seeking   []int // norms that look for something among the parts

	stood rule.Set // norms whose standing was asked for since this was cleared
}

// normsWith lists the norms that are of some sort.
func normsWith(b *law.Book, of func(*law.Compiled) bool) []int {
	var norms []int
	for n := range b.Norms {
		if of(&b.Norms[n]) {
			norms = append(norms, n)
		}
	}
	return norms
}

// maxSnapshots bounds what a Decider keeps: all stretches between changes of law, for several knowledge dates.
const maxSnapshots = 400

// New makes a Decider on a book.
func New(b *law.Book) *Decider {
	d := &Decider{book: b, snapshots: map[when.At]*law.Snapshot{}, last: &law.Snapshot{}}
	d.words, d.order, d.catchAlls = wordsOf(b.Vocab), ordersOf(b), catchAllsOf(b)
	d.notices = normsWith(b, func(c *law.Compiled) bool { return c.Kind == "flag" })
	d.counting = normsWith(b, func(c *law.Compiled) bool { return c.Marks.Share })
	d.seeking = normsWith(b, func(c *law.Compiled) bool { return c.Marks.Contains != nil })
	d.partied = normsWith(b, func(c *law.Compiled) bool { return c.Marks.Party })
	d.byCode = byCodeOf(b)
	d.home, _ = b.Vocab.CountryOf(b.Assessed.Home)
	d.candidate, d.bearing, d.stood = b.Index.NewSet(), b.Index.NewSet(), b.Index.NewSet()
	d.bears = make([]bool, len(b.Norms))
	groups := len(b.Vocab.Groups) + 1
	d.groupBear = make([]bool, groups)
	d.c.Caught = rule.Caught{Groups: make([]rule.Truth, groups), Norms: make([]rule.Truth, len(b.Norms)), Any: rule.No}
	fill(d.c.Caught.Groups, rule.No)
	fill(d.c.Caught.Norms, rule.No)
	return d
}

// Snapshot is the law at an At; a zero knowledge date means the newest day that was assessed. Days between two changes of the law share one.
func (d *Decider) Snapshot(at when.At) *law.Snapshot {
	if at.KnownBy == 0 {
		at.KnownBy = d.book.Assessed.Horizon
	}
	at.Effective = d.book.LastChange(at.Effective)
	if at == d.last.At && d.last.Book != nil {
		return d.last
	}
	s, ok := d.snapshots[at]
	if !ok {
		if len(d.snapshots) >= maxSnapshots {
			clear(d.snapshots)
		}
		s = d.book.At(at)
		d.snapshots[at] = s
	}
	d.last = s
	return s
}

// Decide determines an item at an At. The result is valid until the next call.
func (d *Decider) Decide(at when.At, it *fact.Item) *Result {
	if at.KnownBy == 0 {
		at.KnownBy = d.book.Assessed.Horizon
	}
	d.c.Asked = rule.Asked{}
	clear(d.stood)
	if d.ahead != nil {
		d.ahead.c.Asked = rule.Asked{}
	}
	return d.decide(at, it, d.book.Outside(it.HS, at.Effective))
}

// decide determines an item whose customs code is, or is not, known to lie outside the directory.
func (d *Decider) decide(at when.At, it *fact.Item, outside bool) *Result {
	d.open(at, it, outside)
	d.things()
	d.layers()
	d.supervised(it)
	d.fold()
	return &d.result
}

// again determines the item of another Decider's result for a later day. What the item is does not change with the day, so the answers to
// that are taken over; only standings, exceptions and the norms that rest on others are judged anew.
func (d *Decider) again(day when.Date, it *fact.Item, from *Decider) *Result {
	d.Parts = from.Parts
	d.open(when.At{Effective: day, KnownBy: from.result.At.KnownBy}, it, from.c.CodeOutside)
	copy(d.bearing, from.bearing)
	for i := range from.answers {
		d.judge(&from.answers[i])
	}
	d.layers()
	d.supervised(it)
	d.fold()
	return &d.result
}

// open prepares the case and clears the scratch memory.
func (d *Decider) open(at when.At, it *fact.Item, outside bool) {
	r, s := &d.result, d.Snapshot(at)
	*r = Result{At: at, Snapshot: s, Case: &d.c, Findings: r.Findings[:0], Gaps: r.Gaps[:0]}
	c := &d.c
	c.Known.Prepare(s.Vocab, it)
	c.On, c.CodeOutside, c.Parties, c.Parts = at.Effective, outside, c.Parties[:0], d.Parts
	for i := range it.Listed {
		l := &s.Listings[it.Listed[i].Listing]
		state := s.Lists[l.Announcement].Truth()
		state = rule.And(state, Same(it.Listed[i].Score))
		c.Parties = append(c.Parties, rule.Party{List: l.List, Measures: l.Measures, State: state, Listed: i})
	}
	d.forget()
}

// Same says whether a party and the listing that its name matches with a score are one.
func Same(score float64) rule.Truth {
	if score < party.Sure {
		return rule.Unknown
	}
	return rule.Yes
}

// onLoaded says whether a stated party stands on a list that was loaded beside those of the law on the day of the case: yes where the hit is sure,
// unknown where it may be another.
func (d *Decider) onLoaded() rule.Truth {
	t := rule.No
	for i := range d.c.Loaded {
		if l := &d.c.Loaded[i]; l.StandsOn(d.c.On) {
			t = rule.Or(t, Same(l.Score))
		}
	}
	return t
}

// forget clears what the last question left in the tables: only the entries that it touched.
func (d *Decider) forget() {
	for _, n := range d.touched {
		d.bears[n], d.c.Caught.Norms[n] = false, rule.No
		for _, g := range d.book.Norms[n].Groups {
			d.groupBear[g], d.c.Caught.Groups[g] = false, rule.No
		}
	}
	d.touched, d.anyBear, d.c.Caught.Any = d.touched[:0], false, rule.No
}

func fill[T any](s []T, v T) {
	for i := range s {
		s[i] = v
	}
}

// answer is what a norm's condition says of the item, whatever the day: exceptions and standing are judged for a day.
type answer struct {
	norm  int
	thing rule.Truth
	scope rule.Truth
	bears bool
}

// things evaluates what the item is: every norm about things that the index does not exclude. Where no norm bears, and nothing else is
// stated on which one could rest, the first that cannot be excluded settles that the item is not covered; without a customs code only the norms
// that ask for one are looked at after that, since the answer says which layers lack it.
func (d *Decider) things() {
	d.book.Index.Candidates(d.candidate, &d.c)
	clear(d.bearing)
	bears := d.book.Bearing.Fill(d.bearing, &d.c)
	bears = d.contained() || bears
	d.answers = d.answers[:0]
	enough, settled := !bears && len(d.c.Parties) == 0 && !d.knows(), false
	for w, word := range d.candidate {
		for word != 0 {
			n := w<<6 + bits.TrailingZeros64(word)
			word &= word - 1
			if settled && !d.lacksCode(&d.book.Norms[n]) {
				continue
			}
			if a := d.evaluate(n, d.bearing.Has(n)); a.thing != rule.No || a.bears {
				d.answers = append(d.answers, a)
				d.judge(&a)
				settled = settled || enough && len(d.result.Findings) > 0 && d.uncertain()
				if settled && d.c.HS != "" {
					return
				}
			}
		}
	}
}

// contained adds the norms to those that bear that look for a part which is, or may be, there.
func (d *Decider) contained() (any bool) {
	for _, f := range d.c.Contained {
		if f.Truth == rule.No {
			continue
		}
		for _, n := range d.seeking {
			if slices.Contains(d.book.Norms[n].Marks.Contains, f.Key) {
				d.bearing[n>>6] |= 1 << (n & 63)
				any = true
			}
		}
	}
	return any
}

// lacksCode says that a norm asks for a customs code, and none is given.
func (d *Decider) lacksCode(c *law.Compiled) bool { return d.c.HS == "" && c.Marks.Codes != nil }

// uncertain says that the newest finding keeps an item on which nothing bears from being called not controlled.
func (d *Decider) uncertain() bool {
	f := &d.result.Findings[len(d.result.Findings)-1]
	c := &d.book.Norms[f.Norm]
	if !c.Speaks || f.Truth == rule.No || d.lacksCode(c) || d.aside(c) {
		return false
	}
	established, reason, _ := weigh(f)
	return established != law.NotCovered || reason != law.NotCovered
}

// evaluate asks the condition of one norm.
func (d *Decider) evaluate(n int, bears bool) answer {
	c := &d.book.Norms[n]
	a := answer{norm: n, thing: rule.Yes, scope: rule.Yes, bears: bears}
	if c.When != nil {
		a.thing = c.When.Eval(&d.c)
	}
	if a.thing == rule.Yes && c.Unread() {
		a.thing = rule.Unknown
	}
	if c.Scope != nil && a.thing != rule.No {
		a.scope = c.Scope.Eval(&d.c)
	}
	return a
}

// judge makes the finding of an answer on the day of the case, and passes it on to the norms that rest on it.
func (d *Decider) judge(a *answer) {
	state := d.state(a.norm)
	if state == law.Unknown {
		return
	}
	c := &d.book.Norms[a.norm]
	f := Finding{Norm: a.norm, State: state, Effect: c.Effect, May: c.May, Excepted: -1, Bears: a.bears, Thing: a.thing}
	if a.thing != rule.No && c.Exceptions != nil {
		f.Thing = d.except(c, &f, a.thing)
	}
	f.Truth = rule.And(f.Thing, a.scope)
	if f.Thing != rule.No {
		d.touched = append(d.touched, a.norm)
		d.bears[a.norm] = a.bears
		d.pass(c, a.norm, f.Thing, state)
	}
	if a.bears || f.Truth != rule.No {
		d.result.Findings = append(d.result.Findings, f)
	}
}

// state is the state of a norm on the day of the result.
func (d *Decider) state(n int) law.State {
	d.stood.Add(n)
	return d.result.Snapshot.Standings[n].State
}

// except lets exceptions defeat a norm, or soften it to a matter for review.
func (d *Decider) except(c *law.Compiled, f *Finding, t rule.Truth) rule.Truth {
	for _, x := range c.Exceptions {
		e := &d.book.Norms[x]
		applies := rule.Yes
		for _, n := range [...]rule.Node{e.When, e.Scope} {
			if n != nil && applies != rule.No {
				applies = rule.And(applies, n.Eval(&d.c))
			}
		}
		if applies != rule.No {
			applies = rule.And(applies, d.state(x).Truth())
		}
		if applies == rule.Unknown && d.c.Procedure == 0 && e.OnProcedure {
			continue // an empty procedure is the general one
		}
		if applies == rule.Yes && e.Unread() {
			applies = rule.Unknown
		}
		switch {
		case applies == rule.No:
			continue
		case applies == rule.Unknown:
			t = rule.And(t, rule.Unknown)
		case e.Effect == law.Review:
			f.Effect, f.Excepted = law.Review, x
		default:
			f.Excepted = x
			return rule.No
		}
	}
	return t
}

// pass tells norms with a caught leaf what this one found. Only norms in force catch; one that is not established may.
func (d *Decider) pass(c *law.Compiled, n int, t rule.Truth, state law.State) {
	t = rule.And(t, state.Truth())
	if t == rule.No || c.DualUse && !d.bears[n] && d.c.HS == "" && c.Marks.Codes != nil {
		return // a directory of codes only hints, and no code is given
	}
	caught := &d.c.Caught
	caught.Norms[n] = rule.Or(caught.Norms[n], t)
	for _, g := range c.Groups {
		caught.Groups[g] = rule.Or(caught.Groups[g], t)
		d.groupBear[g] = d.groupBear[g] || d.bears[n]
	}
	if c.DualUse && c.Speaks && !c.Marks.RestsOnOthers() {
		caught.Any = rule.Or(caught.Any, t)
		d.anyBear = d.anyBear || d.bears[n]
	}
}

// layers evaluates the norms that rest on others, or on the case alone, one layer after another.
func (d *Decider) layers() {
	for _, layer := range d.book.Order {
		for _, n := range layer {
			if m := &d.book.Norms[n].Marks; !d.idle(m) {
				if a := d.evaluate(n, false); a.thing != rule.No {
					a.bears = d.restBears(m)
					d.judge(&a)
				}
			}
		}
	}
}

// knows says that knowledge is declared, or that a file of holdings says something of the owners.
func (d *Decider) knows() bool { return len(d.c.Knowledge)+len(d.c.Owned) > 0 }

// idle says that a norm cannot answer other than no: nothing is caught, and it asks for nothing else that is stated.
func (d *Decider) idle(m *rule.Marks) bool {
	if m.Party && len(d.c.Parties) > 0 || m.Declared && d.knows() {
		return false
	}
	if m.Share && !m.RestsOnOthers() {
		return !d.shared(m)
	}
	if !m.RestsOnOthers() {
		return m.Party || m.Declared
	}
	return d.caught(m) == rule.No
}

func (d *Decider) caught(m *rule.Marks) rule.Truth {
	t := rule.No
	if m.AnyGroup {
		t = d.c.Caught.Any
	}
	for _, g := range m.Groups {
		t = rule.Or(t, d.c.Caught.Groups[g])
	}
	for _, n := range m.Norms {
		t = rule.Or(t, d.c.Caught.Norms[n])
	}
	return t
}

// restBears says whether a norm that rests on others bears: what it rests on does, or a stated party or declaration speaks of it.
func (d *Decider) restBears(m *rule.Marks) bool {
	if m.Party && len(d.c.Parties) > 0 || m.Declared && d.knows() {
		return true
	}
	if m.AnyGroup && d.anyBear || m.Share && !m.RestsOnOthers() && d.shared(m) {
		return true
	}
	for _, g := range m.Groups {
		if d.groupBear[g] {
			return true
		}
	}
	for _, n := range m.Norms {
		if d.bears[n] {
			return true
		}
	}
	return false
}

// identified says whether the item is known to be something: an element, a form or a kind is stated.
func identified(c *rule.Case) bool {
	return c.Forms != 0 || len(c.Mentions) > 0 || len(c.Contents) > 0
}
