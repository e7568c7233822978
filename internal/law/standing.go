package law

import (
	"slices"

	"lodestone/internal/rule"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// Standing is the state of a norm for one At, and why.
type Standing struct {
	State    State
	By       int     // suspension that makes it sleep or leaves it unestablished; -1: none
	Branches []After // what may hold where it is not established
}

// knownFrom is the first day on which one could know of an act: recorded, else published, else its first day.
func (a *Act) knownFrom() when.Date {
	switch {
	case a.Recorded != 0:
		return a.Recorded
	case a.Published != 0:
		return a.Published
	}
	var first when.Date
	for _, e := range a.Effective {
		if first == 0 || e.From != 0 && e.From < first {
			first = e.From
		}
	}
	return first
}

// Standing answers for one norm. The rules: an act recorded after the knowledge date does not exist; a suspension wins over the text; a
// suspension whose last day has passed but lay beyond what was known leaves what follows not established, with both branches; one whose
// last day lay within what was known, with no further one in the data, leaves the text in force again. A norm that runs to a last day beyond
// what was known, and says what may come after it, is not established from then on.
func (b *Book) Standing(n int, at when.At) Standing {
	c := &b.Norms[n]
	if c.Act.knownFrom() > at.KnownBy {
		return Standing{State: Unknown, By: -1}
	}
	if c.last != 0 && at.Effective > c.last && b.endKnown(c, at) {
		if len(c.After) > 0 && c.Kind != "suspension" && c.last > b.knownTo(at) {
			return Standing{State: Unestablished, By: -1, Branches: b.branches(c, at)}
		}
		return Standing{State: Over, By: -1}
	}
	lapsed := -1
	for _, s := range c.Sleepers {
		sleep := &b.Norms[s]
		if sleep.Act.knownFrom() > at.KnownBy || at.Effective < sleep.From {
			continue
		}
		if sleep.To == 0 || at.Effective <= sleep.To {
			return Standing{State: Sleeping, By: s}
		}
		if sleep.To > b.knownTo(at) {
			lapsed = s
		}
	}
	switch {
	case at.Effective < c.first:
		return Standing{State: NotYet, By: -1}
	case lapsed >= 0:
		return Standing{State: Unestablished, By: lapsed, Branches: b.branches(&b.Norms[lapsed], at)}
	}
	return Standing{State: InForce, By: -1}
}

// endKnown says whether the end of a norm was known by the knowledge date: an end in the norm's own text always, the act's end by
// another act once that act was known.
func (b *Book) endKnown(c *Compiled, at when.At) bool {
	e := c.Act.Ended
	if e == nil || c.To != 0 && at.Effective > c.To {
		return true
	}
	if by := b.actByID[e.By]; by != nil {
		return by.knownFrom() <= at.KnownBy
	}
	return e.On <= at.KnownBy
}

// knownTo is the newest day of which anything can be known for a question: its knowledge date, but never beyond what was assessed.
func (b *Book) knownTo(at when.At) when.Date {
	if b.Assessed.Horizon != 0 && b.Assessed.Horizon < at.KnownBy {
		return b.Assessed.Horizon
	}
	return at.KnownBy
}

// branches is what may hold, as far as it was known: for a suspension always both, that the text applies again and that it was renewed.
func (b *Book) branches(c *Compiled, at when.At) []After {
	var open []After
	has := map[string]bool{}
	for _, a := range c.After {
		if a.Known <= at.KnownBy {
			open = append(open, a)
			has[a.Standing] = true
		}
	}
	if c.Kind != "suspension" {
		return open
	}
	if !has["in_force"] {
		open = append(open, After{Standing: "in_force", Why: textApplies})
	}
	if !has["suspended"] {
		open = append(open, After{Standing: "suspended", Why: mayBeRenewed})
	}
	return open
}

var (
	textApplies = vocab.Text{
		En: "the suspension has run out by its own words, so the text applies again by itself",
		Zh: "暂停期限届满，原文自行恢复适用",
		Ko: "정지 기간이 끝나 원래 조문이 다시 적용됨",
	}
	mayBeRenewed = vocab.Text{
		En: "a further suspension may have been issued that was not known by the knowledge date",
		Zh: "可能已另行发布延长暂停的公告，但截至所知日期尚未见到",
		Ko: "알고 있는 날짜까지 확인되지 않은 정지 연장 공고가 있을 수 있음",
	}
)

// ListingState is the standing of an announcement's measures for one At.
func (b *Book) ListingState(a *Announcement, at when.At) State {
	known := a.Published
	if known == 0 {
		known = a.From
	}
	if known > at.KnownBy {
		return Unknown
	}
	if e := a.Ended; e != nil && at.Effective >= e.On && max(e.Known, min(e.On, at.KnownBy)) <= at.KnownBy && (e.Known != 0 || e.On <= at.KnownBy) {
		return Over
	}
	lapsed := false
	for _, s := range a.Suspended {
		from := s.Known
		if from == 0 {
			from = s.From
		}
		if from > at.KnownBy || at.Effective < s.From {
			continue
		}
		if s.To == 0 || at.Effective <= s.To {
			return Sleeping
		}
		lapsed = lapsed || s.To > b.knownTo(at)
	}
	switch {
	case at.Effective < a.From:
		return NotYet
	case lapsed:
		return Unestablished
	}
	return InForce
}

// Truth of a state: does a norm of this state apply?
func (s State) Truth() rule.Truth {
	switch s {
	case InForce:
		return rule.Yes
	case Unestablished:
		return rule.Unknown
	}
	return rule.No
}

// findChanges gathers every day on which a standing may change.
func (b *Book) findChanges() {
	set := map[when.Date]bool{}
	add := func(d when.Date) {
		if d != 0 {
			set[d] = true
		}
	}
	for i := range b.Norms {
		b.Norms[i].turns = b.turns(i)
		for _, d := range b.Norms[i].turns {
			add(d)
		}
	}
	for i := range b.Lists {
		for j := range b.Lists[i].Announcements {
			for _, d := range b.Lists[i].Announcements[j].Days() {
				add(d)
			}
		}
	}
	b.changes = make([]when.Date, 0, len(set))
	for d := range set {
		b.changes = append(b.changes, d)
	}
	slices.Sort(b.changes)
}

// findStretches gathers every day on which something begins or has ended that the book dates: standings, countries in their groups, complete
// groups, directories of codes, and what was read.
func (b *Book) findStretches() {
	days := slices.Clone(b.changes)
	span := func(from, last when.Date) {
		if from != 0 {
			days = append(days, from)
		}
		if last != 0 {
			days = append(days, last+1)
		}
	}
	for i := range b.Vocab.CountryGroups {
		for _, m := range b.Vocab.CountryGroups[i].Members {
			span(m.From, m.To)
		}
	}
	b.readSpans(span)
	slices.Sort(days)
	b.stretches = slices.Compact(days)
}

// readSpans calls f with the first and the last day of what was read: complete groups, directories of codes, and all of it. Zero: it is open there.
func (b *Book) readSpans(f func(from, last when.Date)) {
	for i := range b.Vocab.Groups {
		f(b.Vocab.Groups[i].CompleteFrom, b.Vocab.Groups[i].CompleteUntil)
	}
	for _, d := range b.directories {
		f(d.valid.From, d.valid.To)
	}
	f(0, b.Assessed.Horizon)
}

// Stretch numbers the stretch of days in which a day lies. Within one, nothing that the book dates begins or ends: for the same facts the answers
// on two of its days differ in nothing but the day.
func (b *Book) Stretch(on when.Date) int {
	i, found := slices.BinarySearch(b.stretches, on)
	if found {
		i++
	}
	return i
}

// Stretches is how many stretches there are.
func (b *Book) Stretches() int { return len(b.stretches) + 1 }

// TurnsOf adds to a set the stretches that begin on a day on which the standing of a norm may change.
func (b *Book) TurnsOf(n int, to rule.Set) {
	for _, day := range b.Norms[n].turns {
		to.Add(b.Stretch(day))
	}
}

// TurnsOfReading adds to a set the stretches that begin where what was read begins or has ended.
func (b *Book) TurnsOfReading(to rule.Set) {
	b.readSpans(func(from, last when.Date) {
		if from != 0 {
			to.Add(b.Stretch(from))
		}
		if last != 0 {
			to.Add(b.Stretch(last + 1))
		}
	})
}

// DaysOf lists, in order, the days on which the standing of a norm may change: its first, the day after its last, and those of what makes it
// sleep. The list belongs to the book.
func (b *Book) DaysOf(n int) []when.Date { return b.Norms[n].turns }

// Begins is the first day of a norm by its text, suspended or not; zero: not read.
func (b *Book) Begins(n int) when.Date { return b.Norms[n].first }

func (b *Book) turns(n int) []when.Date {
	c := &b.Norms[n]
	var days []when.Date
	if c.first != 0 {
		days = append(days, c.first)
	}
	if c.last != 0 {
		days = append(days, c.last+1)
	}
	if c.To != 0 && c.To != c.last { // its act ends earlier, which was not always known
		days = append(days, c.To+1)
	}
	for _, x := range c.Carried {
		days = append(days, x.From)
	}
	for _, s := range c.Sleepers {
		days = append(days, b.Norms[s].From)
		if to := b.Norms[s].To; to != 0 {
			days = append(days, to+1)
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// Days lists the days on which the standing of the announcement's listings may change.
func (a *Announcement) Days() []when.Date {
	days := []when.Date{a.From}
	for _, s := range a.Suspended {
		days = append(days, s.From)
		if s.To != 0 {
			days = append(days, s.To+1)
		}
	}
	if a.Ended != nil {
		days = append(days, a.Ended.On)
	}
	return days
}

// Snapshot is the law for one At.
type Snapshot struct {
	*Book
	At        when.At
	Standings []Standing // by number of the norm
	Lists     map[*Announcement]State
}

// At makes the snapshot of one effective day and one knowledge date. A zero knowledge date means the newest day that was assessed.
func (b *Book) At(at when.At) *Snapshot {
	if at.KnownBy == 0 {
		at.KnownBy = b.Assessed.Horizon
	}
	s := &Snapshot{Book: b, At: at, Standings: make([]Standing, len(b.Norms)), Lists: map[*Announcement]State{}}
	for i := range b.Norms {
		s.Standings[i] = b.Standing(i, at)
	}
	for i := range b.Lists {
		for j := range b.Lists[i].Announcements {
			a := &b.Lists[i].Announcements[j]
			s.Lists[a] = b.ListingState(a, at)
		}
	}
	return s
}
