package bom

import (
	"slices"

	"lodestone/internal/rule"
)

// Contains says whether a content is among the parts of a part, on whatever level.
func (t *Tree) Contains(n int32, content int) rule.Truth { return t.present[content][n] }

// look finds a content among the parts of each part.
func (t *Tree) look(content int) []rule.Truth {
	in := make([]rule.Truth, len(t.ids))
	for n := range t.ids {
		in[n] = t.among(int32(n), content, in)
	}
	return in
}

// among says whether a content is among the parts of one part. A part of which a row states no quantity is there; one of which there may be
// none may be.
func (t *Tree) among(n int32, content int, in []rule.Truth) rule.Truth {
	if t.Leaf(n) {
		return t.holding(n, content).inside
	}
	found := rule.No
	for _, l := range t.linksOf(n) {
		if l.amount < 0 || t.amounts[l.amount].nothing() {
			continue
		}
		child := rule.Or(t.holding(l.child, content).is, in[l.child])
		if amount := &t.amounts[l.amount]; child == rule.Yes && amount.low.sign() == 0 && !amount.open {
			child = rule.Unknown
		}
		found = rule.Or(found, child)
	}
	if found == rule.No && t.incomplete(n, content) {
		return rule.Unknown
	}
	return found
}

// Unsettled lists facts of parts, at most so many, that leave open whether a content is among the parts of a part: those nearest to it first.
func (t *Tree) Unsettled(n int32, content int, most int) []Ask {
	var asks []Ask
	seen := map[int32]bool{n: true}
	for queue := []int32{n}; len(queue) > 0 && len(asks) < most && len(seen) <= maxSteps; queue = queue[1:] {
		part := queue[0]
		h := t.holding(part, content)
		switch {
		case part != n && h.is == rule.Unknown:
			asks = append(asks, Ask{Part: part, Fact: t.facts[h.fact]})
		case part != n && t.Leaf(part) && h.inside == rule.Unknown, !t.Leaf(part) && t.incomplete(part, content):
			asks = append(asks, Ask{Part: part, Fact: AskParts})
		}
		t.EachChild(part, func(child int32) {
			open := t.holding(child, content).is == rule.Unknown || t.present[content][child] == rule.Unknown
			if open && !seen[child] {
				seen[child] = true
				queue = append(queue, child)
			}
		})
	}
	slices.SortStableFunc(asks, func(a, b Ask) int { return int(t.parts[a.Part].line) - int(t.parts[b.Part].line) })
	return asks
}
