package bom

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
	"strings"

	"lodestone/internal/rule"
)

// Ask is a fact of a part whose answer would narrow a share.
type Ask struct {
	Part    int32
	Fact    string  // value, quantity, parts, currency, unit, or the fact that a Holding names
	Removes float64 // how much of the width of the share, in parts of one, it removes at most
}

// Facts that the structure itself asks for.
const (
	AskValue    = "value"
	AskQuantity = "quantity"
	AskParts    = "parts"    // what the part holds: its structure is not known, or not whole
	AskCurrency = "currency" // a rate between its currency and that of the whole
	AskUnit     = "unit"     // its mass
)

// maxSteps bounds the search below one part; what counts most is reached first.
const maxSteps = 1000

// Asks lists what to ask about the share of a content in a part, the fact that removes most of its width first, at most so many. The
// removals of several asks do not add up: each is what that answer alone removes, at most. In a large structure ways down that matter less than
// the asks already found are not followed to their end.
func (t *Tree) Asks(n int32, content int, most int) []Ask {
	m := t.measure(n, content)
	s := asking{t: t, m: m, totals: t.totals[m], most: most, pending: map[int32]float64{}}
	own := t.own(n, m)
	if !own.Known() {
		s.found = append(s.found, Ask{n, t.valueAsked(n, m), math.Inf(1)})
	}
	s.search(n)
	slices.SortFunc(s.found, func(a, b Ask) int {
		return cmp.Or(cmp.Compare(b.Removes, a.Removes), cmp.Compare(t.ids[a.Part], t.ids[b.Part]), cmp.Compare(a.Fact, b.Fact))
	})
	s.found = s.found[:min(len(s.found), most)]
	share := t.Share(n, content)
	s.scale(share.width(), own)
	return s.found
}

// valueAsked is what is missing where the value of a part is: the value, or a rate for its currency.
func (t *Tree) valueAsked(n int32, m measured) string {
	if m.money == byMass {
		return AskUnit
	}
	if p := &t.parts[n]; p.money >= 0 && int(p.money) != m.money {
		return AskCurrency
	}
	return AskValue
}

// asking searches below a part, the widest contributions first.
type asking struct {
	t       *Tree
	m       measured
	totals  *totals
	most    int
	queue   widest
	pending map[int32]float64 // by part in the queue: how much of it the ways found so far put into the whole
	found   []Ask             // Removes: how wide the fact leaves the content
}

// way is all ways down to a part that are known when it is put into the queue.
type way struct {
	part  int32
	width float64 // how wide they leave the content of the whole
	id    string
}

type widest []way

func (q widest) Len() int { return len(q) }
func (q widest) Less(i, j int) bool {
	return q[i].width > q[j].width || q[i].width == q[j].width && strings.Compare(q[i].id, q[j].id) < 0
}
func (q widest) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *widest) Push(x any)   { *q = append(*q, x.(way)) }
func (q *widest) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

func (s *asking) search(root int32) {
	s.below(root, 1)
	for step := 0; len(s.queue) > 0 && step < maxSteps; step++ {
		w := heap.Pop(&s.queue).(way)
		times, waits := s.pending[w.part]
		if !waits {
			continue // a wider way to the same part took it along
		}
		if s.enough(w.width) {
			return
		}
		delete(s.pending, w.part)
		s.open(w.part, times)
	}
}

// enough says that as many asks are found as are wanted, none of them narrower than a width.
func (s *asking) enough(width float64) bool {
	wider := 0
	for i := range s.found {
		if s.found[i].Removes >= width {
			wider++
		}
	}
	return wider >= s.most
}

// open asks about a part itself, and goes on below it where what it holds counts.
func (s *asking) open(n int32, times float64) {
	h := s.t.holding(n, s.m.content)
	switch h.is {
	case rule.Yes:
		s.put(n, s.t.valueAsked(n, s.m), product(times, s.t.own(n, s.m).width()))
		return
	case rule.Unknown:
		s.put(n, s.t.facts[h.fact], product(times, s.totals.of(n).width()))
	}
	s.below(n, times)
}

// below follows the links of a part that leave something open.
func (s *asking) below(n int32, times float64) {
	t := s.t
	if t.Leaf(n) {
		if h := t.holding(n, s.m.content); h.is == rule.No && h.inside != rule.No {
			s.put(n, AskParts, product(times, s.reach(n)))
		}
		return
	}
	if t.incomplete(n, s.m.content) {
		s.put(n, AskParts, product(times, s.reach(n)))
	}
	for _, l := range t.linksOf(n) {
		if l.amount < 0 || s.totals.at[l.child] == 0 {
			continue
		}
		amount, total := t.amounts[l.amount], s.totals.of(l.child)
		if !amount.Known() {
			s.put(l.child, AskQuantity, product(times, product(amount.width(), most(total))))
		}
		s.follow(l.child, product(times, most(amount)), total.width())
	}
}

// follow puts a part into the queue, with all ways to it that still wait there.
func (s *asking) follow(n int32, times, width float64) {
	if width > 0 {
		times += s.pending[n]
		s.pending[n] = times
		heap.Push(&s.queue, way{n, product(times, width), s.t.ids[n]})
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
	if width == 0 {
		return
	}
	at := slices.IndexFunc(s.found, func(a Ask) bool { return a.Part == n && a.Fact == fact })
	if at < 0 {
		at = len(s.found)
		s.found = append(s.found, Ask{Part: n, Fact: fact})
	}
	s.found[at].Removes += width
}

// scale turns widths of the content into widths of the share: over the least that the whole is worth, and no more than the share is wide.
func (s *asking) scale(share float64, own Interval) {
	least := own.low.float()
	for i := range s.found {
		a := &s.found[i]
		if least == 0 {
			a.Removes = share // anything over next to nothing
			continue
		}
		a.Removes = min(share, a.Removes/least)
	}
}
