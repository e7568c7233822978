package bom

import (
	"cmp"
	"container/heap"
	"math"
	"slices"

	"lodestone/internal/rule"
)

// Ask is a fact of a part whose answer would narrow a share.
type Ask struct {
	Part    int32
	Fact    string  // value, quantity, parts, currency, or the fact that a Holding names
	Removes float64 // how much of the width of the share, in parts of one, it removes at most
}

// Facts that the structure itself asks for.
const (
	AskValue    = "value"
	AskQuantity = "quantity"
	AskParts    = "parts"    // what the part holds: its structure is not known, or not whole
	AskCurrency = "currency" // a rate between its currency and that of the whole
)

// maxSteps bounds the search below one part; what counts most is reached first.
const maxSteps = 20_000

// Asks lists what to ask about the share of a content in a part, the fact that removes most of its width first, at most so many. The
// removals of several asks do not add up: each is what that answer alone removes, at most.
func (t *Tree) Asks(n int32, content int, most int) []Ask {
	m := t.measure(n, content)
	s := asking{t: t, m: m, totals: t.totals[m], found: map[Ask]float64{}}
	share := t.Share(n, content).of
	own := t.own(n, m)
	s.search(n)
	width, whole := share.width(), own.high.float()
	if own.open {
		whole = math.Inf(1)
	}
	var asks []Ask
	for a, w := range s.found {
		a.Removes = min(width, w/whole)
		if whole == 0 || math.IsNaN(a.Removes) { // nothing, or anything, over anything
			a.Removes = width
		}
		asks = append(asks, a)
	}
	if fact := t.valueAsked(n, m); !own.Known() {
		asks = append(asks, Ask{Part: n, Fact: fact, Removes: width})
	}
	slices.SortFunc(asks, func(a, b Ask) int {
		return cmp.Or(cmp.Compare(b.Removes, a.Removes), cmp.Compare(s.found[bare(b)], s.found[bare(a)]),
			cmp.Compare(t.parts[a.Part].line, t.parts[b.Part].line), cmp.Compare(t.ids[a.Part], t.ids[b.Part]), cmp.Compare(a.Fact, b.Fact))
	})
	return asks[:min(len(asks), most)]
}

func bare(a Ask) Ask { return Ask{Part: a.Part, Fact: a.Fact} }

// valueAsked is what is missing where the value of a part is: the value, or a rate for its currency.
func (t *Tree) valueAsked(n int32, m measured) string {
	if p := &t.parts[n]; m.money != byMass && p.money >= 0 && int(p.money) != m.money {
		return AskCurrency
	}
	if m.money == byMass {
		return "unit"
	}
	return AskValue
}

// asking searches below a part, the widest contributions first.
type asking struct {
	t      *Tree
	m      measured
	totals *totals
	queue  widest
	found  map[Ask]float64 // by part and fact: how wide it leaves the content
}

// way is one way down to a part.
type way struct {
	part  int32
	times float64 // base units of it in the whole, along this way
	width float64 // how wide it leaves the content of the whole
}

type widest []way

func (q widest) Len() int           { return len(q) }
func (q widest) Less(i, j int) bool { return q[i].width > q[j].width }
func (q widest) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *widest) Push(x any)        { *q = append(*q, x.(way)) }
func (q *widest) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

func (s *asking) search(root int32) {
	s.below(root, 1)
	for step := 0; len(s.queue) > 0 && step < maxSteps; step++ {
		w := heap.Pop(&s.queue).(way)
		h := s.t.holding(w.part, s.m.content)
		own := s.t.own(w.part, s.m)
		switch {
		case h.is == rule.Yes:
			s.put(w.part, s.t.valueAsked(w.part, s.m), w.times*own.width())
			continue
		case h.is == rule.Unknown:
			s.put(w.part, s.t.facts[h.fact], w.width)
		}
		s.below(w.part, w.times)
	}
}

// below follows the links of a part that leave something open.
func (s *asking) below(n int32, times float64) {
	t := s.t
	if t.Leaf(n) {
		if h := t.holding(n, s.m.content); h.is == rule.No && h.inside != rule.No {
			s.put(n, AskParts, times*s.reach(n))
		}
		return
	}
	if t.incomplete(n, s.m.content) {
		s.put(n, AskParts, times*s.reach(n))
	}
	for _, l := range t.linksOf(n) {
		if l.amount < 0 || s.totals.at[l.child] == 0 {
			continue
		}
		amount, total := t.amounts[l.amount], s.totals.of(l.child)
		if !amount.Known() {
			s.put(l.child, AskQuantity, times*product(amount.width(), most(total)))
		}
		if w := product(times*most(amount), total.width()); w > 0 {
			heap.Push(&s.queue, way{l.child, times * most(amount), w})
		}
	}
}

// reach is the most that a part can hold of a content: its own value.
func (s *asking) reach(n int32) float64 { return most(s.t.own(n, s.m)) }

func most(i Interval) float64 {
	if i.open {
		return math.Inf(1)
	}
	return i.high.float()
}

// product is that of two widths; nothing times anything is nothing.
func product(a, b float64) float64 {
	if a == 0 || b == 0 {
		return 0
	}
	return a * b
}

func (s *asking) put(n int32, fact string, width float64) {
	if width > 0 {
		s.found[Ask{Part: n, Fact: fact}] += width
	}
}
