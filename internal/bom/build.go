package bom

import (
	"slices"

	"lodestone/internal/quant"
	"lodestone/internal/rule"
	"lodestone/internal/vocab"
)

// Content is something that is counted in the parts.
type Content struct {
	Presence bool           // looked for, and not counted
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

// block holds parts while they are gathered: blocks of one size need not be copied when more come.
type block struct {
	ids      [blockSize]string
	parts    [blockSize]part
	holdings []holding // some for each part, one a content
}

const blockSize = 1 << 10

// Builder gathers parts and links. It serves one goroutine.
type Builder struct {
	contents   []Content
	blocks     []*block
	count      int // of parts
	numbers    map[string]int32
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
		return n, b.part(n).stated
	}
	n = int32(b.count)
	if n%blockSize == 0 {
		b.blocks = append(b.blocks, &block{holdings: make([]holding, blockSize*len(b.contents))})
	}
	b.count++
	b.numbers[id] = n
	b.blocks[n/blockSize].ids[n%blockSize] = id
	*b.part(n) = part{value: Unknown(), money: -1}
	return n, false
}

// Number is the number of the part with an id, where it has one already.
func (b *Builder) Number(id string) (n int32, ok bool) {
	n, ok = b.numbers[id]
	return n, ok
}

func (b *Builder) part(n int32) *part { return &b.blocks[n/blockSize].parts[n%blockSize] }

func (b *Builder) id(n int32) string { return b.blocks[n/blockSize].ids[n%blockSize] }

func (b *Builder) holdings(n int32) []holding {
	k := int32(len(b.contents))
	return b.blocks[n/blockSize].holdings[n%blockSize*k : (n%blockSize+1)*k]
}

// State gives a part its facts, in the place of those given before.
func (b *Builder) State(n int32, f *Facts) {
	p, holdings := b.part(n), b.holdings(n)
	p.stated, p.line, p.mass = true, int32(f.Line), f.Class == MassClass
	p.certain, p.within, p.maybe, p.speaks = f.Certain, f.Certain, f.Maybe, 0
	p.value, p.money = Unknown(), -1
	if f.Valued {
		p.value, p.money, p.currency = f.Value, 0, int16(index(&b.currencies, f.Currency))
	}
	for i := range b.contents {
		h := f.Holdings[i]
		holdings[i] = holding{h.Is, h.Inside, uint16(index(&b.facts, h.Fact))}
		if h.Speaks {
			p.speaks |= 1 << i
		}
	}
}

// Stated is the value of one base unit that a part was given, and whether it was given any.
func (b *Builder) Stated(n int32) (Interval, bool) { return b.part(n).value, b.part(n).money >= 0 }

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
func (b *Builder) Unread(parent int32) { b.part(parent).open = true }

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
	present    map[int][]rule.Truth // by content that is looked for: whether it is among the parts of a part
	masses     *masses              // nil: no content is counted by mass
}

// Build joins what was gathered, and empties the builder. Values are turned into one money as far as the rates go; currencies that no rate joins stay apart.
func (b *Builder) Build(rates *Rates) *Tree {
	t := &Tree{contents: b.contents, facts: b.facts, currencies: b.currencies, amounts: b.amounts}
	t.arrange(b)
	t.gather()
	t.special = make([]bool, len(t.parts))
	for n := range t.parts {
		t.special[n] = t.parts[n].open || !t.parts[n].certain.Empty()
	}
	t.convert(rates)
	*b = Builder{}
	return t
}

// arrange numbers the parts so that children come before parents, and finds the circles: Tarjan's strongly connected components, without
// recursion, since a structure may be as deep as its file is long.
func (t *Tree) arrange(b *Builder) {
	a := arranging{b: b, index: make([]int32, b.count), low: make([]int32, b.count), on: make([]bool, b.count), order: make([]int32, 0, b.count)}
	a.sortLinks()
	for n := range b.count {
		if a.index[n] == 0 {
			a.visit(int32(n))
		}
	}
	t.take(&a)
	if a.circleOf != nil {
		t.cut()
	}
}

// take takes the parts over in their new order.
func (t *Tree) take(a *arranging) {
	b, k := a.b, len(t.contents)
	t.Numbers = make([]int32, b.count)
	for place, n := range a.order {
		t.Numbers[n] = int32(place)
	}
	t.ids, t.parts, t.holdings = make([]string, b.count), make([]part, b.count), make([]holding, b.count*k)
	t.first, t.links = make([]int32, 1, b.count+1), make([]link, 0, len(a.links))
	for place, n := range a.order {
		t.ids[place], t.parts[place] = b.id(n), *b.part(n)
		copy(t.holdings[place*k:], b.holdings(n))
		for _, l := range a.linksOf(n) {
			t.links = append(t.links, link{t.Numbers[l.child], l.amount})
		}
		t.first = append(t.first, int32(len(t.links)))
	}
	if a.circleOf == nil {
		return
	}
	t.circleOf, t.circles = make([]int32, b.count), a.circles
	for place, n := range a.order {
		t.circleOf[place] = a.circleOf[n]
	}
	for _, path := range t.circles {
		for i, n := range path {
			path[i] = t.Numbers[n]
		}
	}
}

// arranging is the search for an order, by the numbers of the builder.
type arranging struct {
	b          *Builder
	first      []int32 // links of part n are links[first[n]:first[n+1]]
	links      []link
	circles    [][]int32
	circleOf   []int32 // nil: there is no circle
	order      []int32
	count      int32
	index, low []int32
	on         []bool
	stack      []int32
	calls      []call
}

type call struct{ n, next int32 }

// sortLinks lays the links of each part side by side.
func (a *arranging) sortLinks() {
	parents, links := a.b.parents, a.b.links
	a.first = make([]int32, a.b.count+1)
	for _, p := range parents {
		a.first[p+1]++
	}
	for i := range a.b.count {
		a.first[i+1] += a.first[i]
	}
	next := slices.Clone(a.first)
	a.links = make([]link, len(links))
	for i, p := range parents {
		a.links[next[p]] = links[i]
		next[p]++
	}
}

func (a *arranging) linksOf(n int32) []link { return a.links[a.first[n]:a.first[n+1]] }

func (a *arranging) enter(n int32) {
	a.count++
	a.index[n], a.low[n], a.on[n] = a.count, a.count, true
	a.stack = append(a.stack, n)
	a.calls = append(a.calls, call{n, a.first[n]})
}

func (a *arranging) visit(root int32) {
	a.enter(root)
	for len(a.calls) > 0 {
		c := &a.calls[len(a.calls)-1]
		if c.next < a.first[c.n+1] {
			child := a.links[c.next].child
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
	if len(members) > 1 || slices.ContainsFunc(a.linksOf(n), func(l link) bool { return l.child == n }) {
		a.circle(members)
	}
}

// circle notes the members of a circle, and keeps the shortest walk from the one stated first back to itself.
func (a *arranging) circle(members []int32) {
	if a.circleOf == nil {
		a.circleOf = make([]int32, a.b.count)
	}
	number, start := int32(len(a.circles)+1), members[0]
	for _, m := range members {
		a.circleOf[m] = number
		if a.b.part(m).line < a.b.part(start).line {
			start = m
		}
	}
	from := map[int32]int32{}
	for queue := []int32{start}; len(queue) > 0; queue = queue[1:] {
		for _, l := range a.linksOf(queue[0]) {
			if _, seen := from[l.child]; seen || a.circleOf[l.child] != number {
				continue
			}
			from[l.child] = queue[0]
			if l.child == start {
				a.circles = append(a.circles, walk(from, start))
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

func (t *Tree) linksOf(n int32) []link { return t.links[t.first[n]:t.first[n+1]] }

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

// Circle is the path of ids that closes among the parts of the circle a part is on; nil where it is on none. Of a path longer than shownPath the
// middle is left out.
func (t *Tree) Circle(n int32) []string {
	if t.circleOf == nil || t.circleOf[n] == 0 {
		return nil
	}
	path := t.circles[t.circleOf[n]-1]
	if len(path) <= shownPath {
		return t.named(path)
	}
	const half = shownPath / 2
	return append(append(t.named(path[:half]), "…"), t.named(path[len(path)-half:])...)
}

// shownPath bounds the ids of a path: every row on the circle names it.
const shownPath = 24

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
