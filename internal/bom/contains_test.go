package bom

import (
	"testing"

	"pgregory.net/rapid"

	"lodestone/internal/quant"
	"lodestone/internal/rule"
)

// naiveContains walks every way down.
func (s *spec) naiveContains(n int) rule.Truth {
	found, leaf := rule.No, true
	for _, l := range s.links {
		if l.parent != n {
			continue
		}
		leaf = false
		if exact, ok := l.quantity.Exact(); ok && exact.Sign() == 0 {
			continue
		}
		child := rule.Or(s.is[l.child], s.naiveContains(l.child))
		if child == rule.Yes && l.quantity.HasLow && l.quantity.Low.Sign() == 0 {
			child = rule.Unknown // perhaps none of it
		}
		found = rule.Or(found, child)
	}
	if leaf {
		return s.inside[n]
	}
	return found
}

func (s *spec) buildPresence() *Tree {
	b := NewBuilder([]Content{{Presence: true}})
	s.fill(b)
	t := b.Build(nil)
	t.Roll()
	return t
}

func TestContainsEqualsFullExpansion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSpec(t)
		tree := s.buildPresence()
		for n := range s.values {
			if want, got := s.naiveContains(n), tree.Contains(tree.Numbers[n], 0); want != got {
				t.Fatalf("%s: %s, expanded %s", id(n), got, want)
			}
		}
	})
}

func TestHidingLeavesWhatIsContainedOrMakesItUnknown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSpec(t)
		more, less := s.buildPresence(), s.hide(t).buildPresence()
		for n := range s.values {
			// A quantity that is hidden may make a part that was listed with none one that is there.
			if a, b := more.Contains(more.Numbers[n], 0), less.Contains(less.Numbers[n], 0); a == rule.Yes && b == rule.No {
				t.Fatalf("%s: %s becomes %s when something is hidden", id(n), a, b)
			}
		}
	})
}

func TestUnsettledNamesThePart(t *testing.T) {
	one := quant.Exactly(plain)
	s := &spec{values: make([]quant.Range, 4), is: []rule.Truth{rule.No, rule.No, rule.Unknown, rule.No}, inside: []rule.Truth{rule.No, rule.No, rule.No, rule.Unknown},
		links: []specLink{{0, 1, one}, {1, 2, one}, {1, 3, one}}}
	tree := s.buildPresence()
	asks := tree.Unsettled(tree.Numbers[0], 0, 5)
	if len(asks) != 2 || tree.ID(asks[0].Part) != "P2" || asks[0].Fact != "origin" || tree.ID(asks[1].Part) != "P3" || asks[1].Fact != AskParts {
		t.Errorf("asks %+v", asks)
	}
}
