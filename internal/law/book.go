package law

import (
	"fmt"
	"slices"
	"strings"

	"lodestone/internal/quant"
	"lodestone/internal/rule"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// Book is the law, compiled: every norm with its condition, and what suspends, excepts and follows it.
type Book struct {
	Files
	Vocab       *vocab.Vocab
	Norms       []Compiled
	Index       *rule.Index    // over what things are: the conditions of Norms by number
	Bearing     *rule.Bearing  // which norms speak of an item
	Places      rule.PlaceSets // sets of countries that conditions ask for
	Order       [][]int        // norms that rest on other norms (caught), in layers that can be evaluated one after another
	Listings    []Listing
	changes     []when.Date
	stretches   []when.Date // first days
	actByID     map[string]*Act
	normByID    map[string]int
	listByID    map[string]int
	directories []*directory
	pointedOut  quant.Range // share of Assessed.Owned
}

// Compiled is a norm made ready.
type Compiled struct {
	// What every question asks of a norm stands first, close together.
	When        rule.Node // nil: holds for everything
	Scope       rule.Node // nil: no scope
	Exceptions  []int     // norms that defeat it
	Groups      []vocab.GroupID
	Effect      Outcome
	May         Outcome // the most severe it may come to: Effect, but for reviews
	Policy      Policy
	Speaks      bool // by itself it changes an outcome
	DualUse     bool // its layer is dual_use
	Stub        bool // it only says that an act which was not read decides
	OnProcedure bool // its condition does not hold under the general customs procedure: it is one procedure, perhaps with more
	unread      bool

	*Norm
	Act      *Act
	Ref      string // full id: act/norm
	Marks    rule.Marks
	Share    quant.Range // of an ownership rule: the share from which it reaches, in percent
	Sleepers []int       // suspensions that target it
	Duties   []int
	first    when.Date // first day; zero: open to the past
	last     when.Date // last day; zero: open
	turns    []when.Date
}

// Listing is a party on a list by an announcement.
type Listing struct {
	List         int
	Announcement *Announcement
	Party        *Party
	Measures     uint64
}

// directory is a tariff list as a set; codes are held whole and by their first eight digits.
type directory struct {
	valid Valid
	codes map[string]bool
}

// speaks says whether the norm by itself changes an outcome.
func (c *Compiled) speaks() bool {
	switch c.Kind {
	case "control", "destination_rule", "content_rule", "catch_all", "ban":
		return c.Effect != NotCovered
	}
	return false
}

// Unread says that no limit, or not every limit, was read: such a norm never answers yes.
func (c *Compiled) Unread() bool { return c.unread }

// CodeOn is the control code that the norm has on a day, and the list that carries it by then (nil: none does).
func (c *Compiled) CodeOn(b *Book, at when.At) (code string, list *Act) {
	code = c.Code
	var newest when.Date
	for i := range c.Carried {
		x := &c.Carried[i]
		by := b.actByID[x.Act]
		if at.Effective >= x.From && x.From >= newest && (by == nil || by.knownFrom() <= at.KnownBy) {
			code, list, newest = x.Code, by, x.From
		}
	}
	return code, list
}

// Compile joins the files of the law into a Book. The error names act, norm and leaf.
func Compile(f Files) (*Book, error) {
	v, err := vocab.Compile(f.Vocab)
	if err != nil {
		return nil, err
	}
	f.Acts = slices.Clone(f.Acts) // the directories add norms to theirs
	b := &Book{Files: f, Vocab: v, actByID: map[string]*Act{}, normByID: map[string]int{}, listByID: map[string]int{}}
	b.number()
	for _, step := range []func() error{b.compileNorms, b.compileTargets, b.compileLists, b.order} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	b.compileIndex()
	b.compileDirectories()
	b.findChanges()
	b.findStretches()
	return b, nil
}

// UnreadCodes is the id of the norm that a directory is given for its codes that belong to no norm in the law data.
const UnreadCodes = "unread_codes"

// unreadCodes gives the directory of a year a norm for the codes that belong to no norm in the law data: a thing under one of them may
// be a dual-use item whose text was not read.
func (b *Book) unreadCodes() {
	for _, t := range b.Tariffs {
		for i := range b.Acts {
			if a := &b.Acts[i]; a.ID == t.Act && len(t.Unread) > 0 {
				a.Norms = append(slices.Clip(a.Norms), Norm{
					ID: UnreadCodes, Kind: "control", Layer: "dual_use", Effect: "licence", State: "unread",
					Names:   vocab.Text{En: "item of the dual-use directory whose text was not read", Zh: "目录所列、条文未读的两用物项", Ko: "목록에 있으나 조문을 읽지 못한 이중용도 품목"},
					Missing: []string{"which item the code stands for"},
					When:    &rule.Spec{HS: t.Unread}, From: t.Valid.From, To: t.Valid.To,
				})
			}
		}
	}
}

func (b *Book) number() {
	b.unreadCodes()
	for i := range b.Acts {
		a := &b.Acts[i]
		b.actByID[a.ID] = a
		for j := range a.Norms {
			ref := a.ID + "/" + a.Norms[j].ID
			b.normByID[ref] = len(b.Norms)
			b.Norms = append(b.Norms, Compiled{Norm: &a.Norms[j], Act: a, Ref: ref})
		}
	}
	for i := range b.Lists {
		b.listByID[b.Lists[i].ID] = i
	}
}

func (b *Book) compileNorms() error {
	scope := rule.Scope{
		Vocab: b.Vocab,
		Norm:  func(id string) (int, bool) { n, ok := b.normByID[id]; return n, ok },
		List:  func(id string) (int, bool) { n, ok := b.listByID[id]; return n, ok },

		Places: &b.Places,
	}
	if o := b.Assessed.Owned; o != nil {
		var err error
		if b.pointedOut, err = o.share(b.Vocab); err != nil {
			return fmt.Errorf("assessed.yaml: owned: %w", err)
		}
	}
	for i := range b.Norms {
		if err := b.compileNorm(&b.Norms[i], scope); err != nil {
			return fmt.Errorf("%s: %s: %w", b.Norms[i].Act.File, b.Norms[i].Ref, err)
		}
	}
	return nil
}

func (b *Book) compileNorm(c *Compiled, in rule.Scope) (err error) {
	if c.Norm.When != nil {
		if c.When, err = rule.Compile(c.Norm.When, in); err != nil {
			return fmt.Errorf("when: %w", err)
		}
	}
	spec := c.Norm.Scope
	if spec == nil {
		spec = c.Act.Scope
	}
	if spec != nil {
		if c.Scope, err = rule.Compile(spec, in); err != nil {
			return fmt.Errorf("scope: %w", err)
		}
	}
	if c.Norm.Effect != "" && c.Norm.Effect != "none" {
		o, ok := OutcomeOf(c.Norm.Effect)
		if !ok {
			return fmt.Errorf("effect %q is none", c.Norm.Effect)
		}
		c.Effect, c.May = o, o
	}
	if c.Effect == Review {
		c.May = Licence
		if o, ok := OutcomeOf(c.Norm.May); ok {
			c.May = o
		}
	}
	p, ok := PolicyOf(c.Norm.Policy)
	if !ok {
		return fmt.Errorf("policy %q is none", c.Norm.Policy)
	}
	c.Policy = p
	for _, g := range c.Norm.Groups {
		id, ok := b.Vocab.Group(g)
		if !ok {
			return fmt.Errorf("group %q is not in vocab/groups", g)
		}
		c.Groups = append(c.Groups, id)
	}
	if c.Owned != nil {
		if c.Share, err = c.Owned.share(b.Vocab); err != nil {
			return fmt.Errorf("owned: %w", err)
		}
	}
	c.Marks = rule.MarksOf(c.When)
	c.Speaks, c.DualUse, c.Stub = c.speaks(), c.Layer == "dual_use", c.Kind == "stub"
	c.unread = c.State == "unread" || c.State == "partial"
	c.OnProcedure = onProcedure(c.When)
	c.first, c.last = c.days()
	return nil
}

// days is the first and last day of application that the text gives, suspensions apart.
func (c *Compiled) days() (first, last when.Date) {
	part := c.Part
	if part == "" {
		part = "whole"
	}
	for _, e := range c.Act.Effective {
		if e.Part == part || e.Part == "" && part == "whole" {
			first = e.From
		}
	}
	if c.Kind != "suspension" {
		if c.From != 0 {
			first = c.From
		}
		last = c.To
	}
	if e := c.Act.Ended; e != nil && e.On != 0 && (last == 0 || e.On <= last) {
		last = e.On - 1
	}
	return first, last
}

func (b *Book) compileTargets() error {
	for i := range b.Norms {
		c := &b.Norms[i]
		for _, t := range c.Targets {
			hit, err := b.target(t)
			if err != nil {
				return fmt.Errorf("%s: %s: %w", c.Act.File, c.Ref, err)
			}
			for _, n := range hit {
				b.attach(&b.Norms[n], i)
			}
		}
	}
	return nil
}

func (b *Book) attach(target *Compiled, by int) {
	list := map[string]*[]int{"suspension": &target.Sleepers, "exception": &target.Exceptions, "duty": &target.Duties}[b.Norms[by].Kind]
	if list != nil && b.normByID[target.Ref] != by && !slices.Contains(*list, by) {
		*list = append(*list, by)
	}
}

// target finds the norms that a target names: an act, act#part, act/norm, or group:name.
func (b *Book) target(t string) ([]int, error) {
	if n, ok := b.normByID[t]; ok {
		return []int{n}, nil
	}
	id, part, _ := strings.Cut(t, "#")
	group, isGroup := strings.CutPrefix(t, "group:")
	var hit []int
	for i := range b.Norms {
		c := &b.Norms[i]
		switch {
		case isGroup && (group == "*" && c.Layer == "dual_use" || slices.Contains(c.Norm.Groups, group)):
			hit = append(hit, i)
		case !isGroup && c.Act.ID == id && (part == "" || c.Part == part):
			hit = append(hit, i)
		}
	}
	if hit == nil {
		return nil, fmt.Errorf("target %q names no act, part, norm or group", t)
	}
	return hit, nil
}

func (b *Book) compileLists() error {
	for i := range b.Lists {
		l := &b.Lists[i]
		for j := range l.Announcements {
			a := &l.Announcements[j]
			var measures uint64
			for _, m := range a.Measures {
				t, ok := b.Vocab.Term("measure", m)
				if !ok {
					return fmt.Errorf("%s: %s: measure %q is not in vocab/uses", l.File, a.ID, m)
				}
				measures |= 1 << t
			}
			measures = b.unreadReach(a, measures)
			for k := range a.Parties {
				b.Listings = append(b.Listings, Listing{List: i, Announcement: a, Party: &a.Parties[k], Measures: measures})
			}
		}
	}
	return nil
}

// unreadReach replaces the ban on third-country transfers, where the notice was not read, by the measure that says so.
func (b *Book) unreadReach(a *Announcement, measures uint64) uint64 {
	ban, _ := b.Vocab.Term("measure", "dual_use_export_ban")
	reach, _ := b.Vocab.Term("measure", "third_country_transfer_ban_cn_origin")
	unread, _ := b.Vocab.Term("measure", "third_country_reach_not_read")
	if a.MeasuresRead == nil || *a.MeasuresRead || measures>>ban&1 == 0 {
		return measures
	}
	return measures&^(1<<reach) | 1<<unread
}

// order sorts the norms that rest on others into layers; a circle is an error that names it.
func (b *Book) order() error {
	depth := make([]int, len(b.Norms))
	var visit func(i, level int) (int, error)
	visit = func(i, level int) (int, error) {
		if level > 10 {
			return 0, fmt.Errorf("%s rests on itself by way of caught", b.Norms[i].Ref)
		}
		if depth[i] > 0 {
			return depth[i], nil
		}
		d := 0
		for _, n := range b.restsOn(i) {
			x, err := visit(n, level+1)
			if err != nil {
				return 0, err
			}
			d = max(d, x)
		}
		depth[i] = d + 1
		return d + 1, nil
	}
	for i := range b.Norms {
		d, err := visit(i, 0)
		if err != nil {
			return err
		}
		switch c := &b.Norms[i]; {
		case c.When == nil, d == 1 && c.Marks.Thing && !c.Marks.Share, c.Kind == "exception", c.Kind == "duty", c.Kind == "flag", c.Kind == "suspension":
			continue
		}
		for len(b.Order) < d {
			b.Order = append(b.Order, nil)
		}
		b.Order[d-1] = append(b.Order[d-1], i)
	}
	return nil
}

// restsOn lists the norms that the caught leaves of a norm name.
func (b *Book) restsOn(i int) []int {
	m := &b.Norms[i].Marks
	if m.Groups == nil && !m.AnyGroup {
		return m.Norms
	}
	on := slices.Clone(m.Norms)
	for j := range b.Norms {
		c := &b.Norms[j]
		if m.AnyGroup && !c.Marks.RestsOnOthers() && c.Layer == "dual_use" ||
			slices.ContainsFunc(m.Groups, func(g vocab.GroupID) bool { return slices.Contains(c.Groups, g) }) {
			on = append(on, j)
		}
	}
	return on
}

func (b *Book) compileIndex() {
	needs := make([]rule.Needs, len(b.Norms))
	about := make([]rule.About, len(b.Norms))
	for i := range b.Norms {
		c := &b.Norms[i]
		needs[i] = rule.NeedsOf(c.When)
		if !c.Marks.Thing || c.Marks.Share || c.Marks.RestsOnOthers() || c.Kind == "exception" || c.Kind == "duty" || c.Kind == "flag" || c.Kind == "suspension" {
			needs[i].Left = true
			continue
		}
		about[i] = rule.About{Marks: c.Marks, Codes: c.Marks.Codes, Subject: b.subject(c), Stub: c.Kind == "stub"}
		for _, h := range c.HS {
			about[i].Codes = append(about[i].Codes, h.Code)
		}
		about[i].ControlCodes = c.controlCodes()
	}
	b.Index = rule.NewIndex(b.Vocab, needs)
	b.Bearing = rule.NewBearing(b.Vocab, about)
}

func (c *Compiled) controlCodes() []string {
	var codes []string
	if c.Code != "" {
		codes = append(codes, c.Code)
	}
	for _, x := range c.Carried {
		codes = append(codes, x.Code)
	}
	return codes
}

// subject is the elements that make a thing a matter for the norm's groups.
func (b *Book) subject(c *Compiled) vocab.Elements {
	var set vocab.Elements
	for _, g := range c.Groups {
		for _, symbol := range b.Vocab.Groups[g-1].Elements {
			if e, ok := vocab.ElementOf(symbol); ok {
				set.Add(e)
			}
		}
	}
	return set
}

func (b *Book) compileDirectories() {
	for _, t := range b.Tariffs {
		if t.Use != "directory" || !t.Complete {
			continue
		}
		d := &directory{valid: t.Valid, codes: make(map[string]bool, 2*len(t.Codes))}
		for _, c := range t.Codes {
			d.codes[c] = true
			if len(c) > 8 {
				d.codes[c[:8]] = true
			}
		}
		b.directories = append(b.directories, d)
	}
}

// Outside says that a customs code of eight digits or more lies outside the dual-use directory of the day's year. A year whose
// directory was not read has no outside.
func (b *Book) Outside(code string, on when.Date) bool {
	if len(code) < 8 {
		return false
	}
	for _, d := range b.directories {
		if on >= d.valid.From && (d.valid.To == 0 || on <= d.valid.To) {
			return !d.codes[code[:min(len(code), 10)]]
		}
	}
	return false
}

// Act finds an act by its id, or nil.
func (b *Book) Act(id string) *Act { return b.actByID[id] }

// NormNumber finds a norm by its full id.
func (b *Book) NormNumber(ref string) (int, bool) {
	n, ok := b.normByID[ref]
	return n, ok
}

// LastChange is the last day on which a standing changed before or on a day; zero: none did.
func (b *Book) LastChange(on when.Date) when.Date {
	i, found := slices.BinarySearch(b.changes, on)
	switch {
	case found:
		return on
	case i == 0:
		return 0
	}
	return b.changes[i-1]
}

// Changes lists, in order, every day on which the standing of a norm or of a listing changes.
func (b *Book) Changes() []when.Date { return b.changes }

// CompleteOn says that all norms on a group are in the law data for a day.
func (b *Book) CompleteOn(g vocab.GroupID, on when.Date) bool {
	group := &b.Vocab.Groups[g-1]
	return group.CompleteFrom != 0 && on >= group.CompleteFrom
}

// onProcedure says that a condition asks for the customs procedure, whatever else it asks for.
func onProcedure(n rule.Node) bool {
	switch n := n.(type) {
	case rule.All:
		return slices.ContainsFunc(n, onProcedure)
	case rule.Any:
		return len(n) > 0 && !slices.ContainsFunc(n, func(x rule.Node) bool { return !onProcedure(x) })
	case rule.Leaf:
		return n.Fact() == "procedure"
	}
	return false
}
