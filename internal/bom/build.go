package bom

import (
	"slices"

	"lodestone/internal/quant"
	"lodestone/internal/rule"
	"lodestone/internal/vocab"
)

// Content is something that is counted in the parts.
type Content struct {
	ByMass   bool           // counted by mass; else by value
	Elements vocab.Elements // what it is told by; empty: not by elements
}

// Holding is what a part's own facts say of one content.
type Holding struct {
	Is     rule.Truth // the part itself is such content
	Inside rule.Truth // a part without parts of its own holds such content: no, or unknown
	Fact   string     // the fact that is missing where one of the two is unknown
	Speaks bool       // some stated fact speaks of the content
}

// Unit is a unit of quantity: its class (only units of one class convert) and its factor to the base of the class.
type Unit struct {
	Class  string // empty: none is stated
	Factor quant.Decimal
}

// MassClass is the class of units of mass; its base is one kilogram.
const MassClass = "mass"

// Facts is what is stated of a part, whichever its parents are.
type Facts struct {
	Line     int      // line of the row that states it
	Class    string   // class of its unit
	Value    Interval // of one base unit
	Valued   bool     // a value is stated
	Currency string
	Certain  vocab.Elements // that it holds for certain
	Maybe    vocab.Elements // that it holds or may hold
	Holdings []Holding      // one a content
}

// part is a part in a tree.
type part struct {
	value    Interval // of one base unit, in the base of its money; unknown where none is stated
	money    int16    // class of money that the value is in; -1: no value is stated
	mass     bool     // its base unit is one kilogram
	stated   bool     // some row states it
	open     bool     // parts of it could not be read, or lie on a circle
	line     int32
	currency int16
	certain  vocab.Elements // as stated
	within   vocab.Elements // as stated or held by its parts for certain
	maybe    vocab.Elements // as stated or held by its parts, for certain or not
	speaks   uint64         // contents that it or its parts speak of, a bit each
}

// holding is a Holding with the fact as a number.
type holding struct {
	is, inside rule.Truth
	fact       uint16
}

type link struct {
	child  int32
	amount int32 // number of the amount
}

// amount is a quantity per parent as rows state it.
type amount struct {
	quantity quant.Range
	factor   quant.Decimal
}

// Builder gathers parts and links. It serves one goroutine.
type Builder struct {
	contents   []Content
	ids        []string
	numbers    map[string]int32
	parts      []part
	holdings   []holding
	parents    []int32 // of links, in the order given
	links      []link
	amounts    []Interval
	amountOf   map[amount]int32
	currencies []string
	facts      []string // names of missing facts
}

// MaxContents bounds the contents of one tree.
const MaxContents = 64

// NewBuilder makes an empty builder for some contents, at most MaxContents.
func NewBuilder(contents []Content) *Builder {
	return &Builder{contents: contents, numbers: map[string]int32{}, amountOf: map[amount]int32{}, facts: []string{""}}
}

// Part is the number of the part with an id, and whether facts of it are stated already. The builder keeps the id.
func (b *Builder) Part(id string) (n int32, stated bool) {
	if n, ok := b.numbers[id]; ok {
		return n, b.parts[n].stated
	}
	n = int32(len(b.ids))
	b.numbers[id] = n
	b.ids = append(b.ids, id)
	b.parts = append(b.parts, part{value: Unknown(), money: -1})
	b.holdings = append(b.holdings, make([]holding, len(b.contents))...)
	return n, false
}

// State gives a part its facts, in the place of those given before.
func (b *Builder) State(n int32, f *Facts) {
	p := &b.parts[n]
	p.stated, p.line, p.mass = true, int32(f.Line), f.Class == MassClass
	p.certain, p.within, p.maybe, p.speaks = f.Certain, f.Certain, f.Maybe, 0
	p.value, p.money = Unknown(), -1
	if f.Valued {
		p.value, p.money, p.currency = f.Value, 0, int16(index(&b.currencies, f.Currency))
	}
	for i := range b.contents {
		h := f.Holdings[i]
		b.holdings[int(n)*len(b.contents)+i] = holding{h.Is, h.Inside, uint16(index(&b.facts, h.Fact))}
		if h.Speaks {
			p.speaks |= 1 << i
		}
	}
}

// Stated is the value of one base unit that a part was given, and whether it was given any.
func (b *Builder) Stated(n int32) (Interval, bool) { return b.parts[n].value, b.parts[n].money >= 0 }

func index(list *[]string, word string) int {
	i := slices.Index(*list, word)
	if i < 0 {
		i = len(*list)
		*list = append(*list, word)
	}
	return i
}

// Link puts a child under a parent: so much of it in one base unit of the parent. A quantity that is not stated is unknown. Two links
// between the same parts add up.
func (b *Builder) Link(parent, child int32, quantity quant.Range, factor quant.Decimal) {
	key := amount{quantity, factor}
	n, ok := b.amountOf[key]
	if !ok {
		n = int32(len(b.amounts))
		b.amounts = append(b.amounts, Of(quantity).Times(Exactly(factor)))
		b.amountOf[key] = n
	}
	b.parents = append(b.parents, parent)
	b.links = append(b.links, link{child, n})
}

// Unread says that a row which would have been a part of parent could not be read: what the parent holds is open.
func (b *Builder) Unread(parent int32) { b.parts[parent].open = true }

// Tree is a finished structure. It is not changed any more but by Roll, and serves several goroutines after that. Its parts have new numbers:
// children come before parents, and what is used together lies together.
type Tree struct {
	Numbers []int32 // the number here of each part, by its number in the builder

	contents   []Content
	ids        []string
	parts      []part
	holdings   []holding
	facts      []string
	currencies []string
	first      []int32 // links of part n are links[first[n]:first[n+1]]
	links      []link
	amounts    []Interval
	special    []bool // by part: parts of it are open, or it states elements for certain
	circles    [][]int32
	circleOf   []int32 // number of the circle a part is on, from 1; 0: none. nil: there is no circle
	moneys     int     // classes of money
	totals     map[measured]*totals
	masses     *masses // nil: no content is counted by mass
}

// Build joins what was gathered. Values are turned into one money as far as the rates go; currencies that no rate joins stay apart.
func (b *Builder) Build(rates *Rates) *Tree {
	t := &Tree{contents: b.contents, ids: b.ids, parts: b.parts, holdings: b.holdings, facts: b.facts, currencies: b.currencies, amounts: b.amounts}
	t.sortLinks(b.parents, b.links)
	t.arrange()
	t.gather()
	t.special = make([]bool, len(t.parts))
	for n := range t.parts {
		t.special[n] = t.parts[n].open || !t.parts[n].certain.Empty()
	}
	t.convert(rates)
	b.numbers, b.parents, b.links, b.amountOf = nil, nil, nil, nil
	return t
}

// sortLinks lays the links of each part side by side.
func (t *Tree) sortLinks(parents []int32, links []link) {
	t.first = make([]int32, len(t.ids)+1)
	for _, p := range parents {
		t.first[p+1]++
	}
	for i := range t.ids {
		t.first[i+1] += t.first[i]
	}
	next := slices.Clone(t.first)
	t.links = make([]link, len(links))
	for i, p := range parents {
		t.links[next[p]] = links[i]
		next[p]++
	}
}

func (t *Tree) linksOf(n int32) []link { return t.links[t.first[n]:t.first[n+1]] }

// arrange numbers the parts so that children come before parents, and finds the circles: Tarjan's strongly connected components, without
// recursion, since a structure may be as deep as its file is long.
func (t *Tree) arrange() {
	a := arranging{t: t, index: make([]int32, len(t.ids)), low: make([]int32, len(t.ids)), on: make([]bool, len(t.ids))}
	a.order = make([]int32, 0, len(t.ids))
	for n := range t.ids {
		if a.index[n] == 0 {
			a.visit(int32(n))
		}
	}
	t.renumber(a.order)
	if t.circleOf != nil {
		t.cut()
	}
}

// renumber gives each part its place in an order as its number.
func (t *Tree) renumber(order []int32) {
	t.Numbers = make([]int32, len(order))
	for place, n := range order {
		t.Numbers[n] = int32(place)
	}
	k := len(t.contents)
	ids, parts, holdings := make([]string, len(order)), make([]part, len(order)), make([]holding, len(order)*k)
	first, links := make([]int32, 1, len(order)+1), make([]link, 0, len(t.links))
	var circleOf []int32
	for place, n := range order {
		ids[place], parts[place] = t.ids[n], t.parts[n]
		copy(holdings[place*k:], t.holdings[int(n)*k:int(n+1)*k])
		for _, l := range t.linksOf(n) {
			links = append(links, link{t.Numbers[l.child], l.amount})
		}
		first = append(first, int32(len(links)))
		if t.circleOf != nil {
			circleOf = append(circleOf, t.circleOf[n])
		}
	}
	for _, path := range t.circles {
		for i, n := range path {
			path[i] = t.Numbers[n]
		}
	}
	t.ids, t.parts, t.holdings, t.first, t.links, t.circleOf = ids, parts, holdings, first, links, circleOf
}

type arranging struct {
	t          *Tree
	order      []int32
	count      int32
	index, low []int32
	on         []bool
	stack      []int32
	calls      []call
}

type call struct{ n, next int32 }

func (a *arranging) enter(n int32) {
	a.count++
	a.index[n], a.low[n], a.on[n] = a.count, a.count, true
	a.stack = append(a.stack, n)
	a.calls = append(a.calls, call{n, a.t.first[n]})
}

func (a *arranging) visit(root int32) {
	a.enter(root)
	for len(a.calls) > 0 {
		c := &a.calls[len(a.calls)-1]
		if c.next < a.t.first[c.n+1] {
			child := a.t.links[c.next].child
			c.next++
			switch {
			case a.index[child] == 0:
				a.enter(child)
			case a.on[child]:
				a.low[c.n] = min(a.low[c.n], a.index[child])
			}
			continue
		}
		n := c.n
		a.calls = a.calls[:len(a.calls)-1]
		if len(a.calls) > 0 {
			up := a.calls[len(a.calls)-1].n
			a.low[up] = min(a.low[up], a.low[n])
		}
		if a.low[n] == a.index[n] {
			a.leave(n)
		}
	}
}

// leave takes a finished component off the stack.
func (a *arranging) leave(n int32) {
	from := len(a.order)
	for {
		m := a.stack[len(a.stack)-1]
		a.stack = a.stack[:len(a.stack)-1]
		a.on[m] = false
		a.order = append(a.order, m)
		if m == n {
			break
		}
	}
	members := a.order[from:]
	if len(members) > 1 || slices.ContainsFunc(a.t.linksOf(n), func(l link) bool { return l.child == n }) {
		a.t.circle(members)
	}
}

// circle notes the members of a circle, and keeps the shortest walk from the one stated first back to itself.
func (t *Tree) circle(members []int32) {
	if t.circleOf == nil {
		t.circleOf = make([]int32, len(t.ids))
	}
	number, start := int32(len(t.circles)+1), members[0]
	for _, m := range members {
		t.circleOf[m] = number
		if t.parts[m].line < t.parts[start].line {
			start = m
		}
	}
	from := map[int32]int32{}
	for queue := []int32{start}; len(queue) > 0; queue = queue[1:] {
		for _, l := range t.linksOf(queue[0]) {
			if _, seen := from[l.child]; seen || t.circleOf[l.child] != number {
				continue
			}
			from[l.child] = queue[0]
			if l.child == start {
				t.circles = append(t.circles, walk(from, start))
				return
			}
			queue = append(queue, l.child)
		}
	}
}

// walk is the path from start back to itself, start at both ends.
func walk(from map[int32]int32, start int32) []int32 {
	path := []int32{start}
	for n := from[start]; n != start; n = from[n] {
		path = append(path, n)
	}
	path = append(path, start)
	slices.Reverse(path)
	return path
}

// cut takes the links within circles out: what the parts on them hold is open.
func (t *Tree) cut() {
	for n, circle := range t.circleOf {
		if circle == 0 {
			continue
		}
		t.parts[n].open = true
		links := t.linksOf(int32(n))
		for i := range links {
			if t.circleOf[links[i].child] == circle {
				links[i].amount = -1
			}
		}
	}
}

// gather says of every part what it holds and speaks of by way of its parts.
func (t *Tree) gather() {
	for n := range t.parts {
		p := &t.parts[n]
		for _, l := range t.linksOf(int32(n)) {
			if l.amount < 0 {
				continue
			}
			child := &t.parts[l.child]
			p.maybe.Union(child.maybe)
			p.speaks |= child.speaks
			if t.amounts[l.amount].low.sign() > 0 {
				p.within.Union(child.within)
			}
		}
	}
}

// Len is the number of parts.
func (t *Tree) Len() int { return len(t.ids) }

// ID is the id of a part.
func (t *Tree) ID(n int32) string { return t.ids[n] }

// Line is the line on which a part is stated; 0: no row states it.
func (t *Tree) Line(n int32) int { return int(t.parts[n].line) }

// Stated says that a row states the part; one that is only named as a parent is not.
func (t *Tree) Stated(n int32) bool { return t.parts[n].stated }

// Leaf says that no parts of the part are known.
func (t *Tree) Leaf(n int32) bool {
	return t.first[n] == t.first[n+1] && !(t.special[n] && t.parts[n].open)
}

// Within is the elements that a part holds for certain, by itself or by way of its parts.
func (t *Tree) Within(n int32) vocab.Elements { return t.parts[n].within }

// Speaks says whether a stated fact of a part, or of one below it, speaks of a content.
func (t *Tree) Speaks(n int32, content int) bool { return t.parts[n].speaks>>content&1 == 1 }

// EachChild calls f with the parts directly in a part, as often as they are linked.
func (t *Tree) EachChild(n int32, f func(child int32)) {
	for _, l := range t.linksOf(n) {
		if l.amount >= 0 {
			f(l.child)
		}
	}
}

// Circle is the path of ids that closes among the parts of the circle a part is on; nil where it is on none.
func (t *Tree) Circle(n int32) []string {
	if t.circleOf == nil || t.circleOf[n] == 0 {
		return nil
	}
	return t.named(t.circles[t.circleOf[n]-1])
}

// OneCircle says that two parts lie on the same circle.
func (t *Tree) OneCircle(a, b int32) bool {
	return t.circleOf != nil && t.circleOf[a] != 0 && t.circleOf[a] == t.circleOf[b]
}

func (t *Tree) named(path []int32) []string {
	ids := make([]string, len(path))
	for i, n := range path {
		ids[i] = t.ids[n]
	}
	return ids
}
