package party

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lodestone/internal/quant"
	"lodestone/internal/rule"
)

func d(n int64) quant.Decimal { return quant.Int(n) }

var (
	half      = quant.AtLeast(quant.Int(50), false)
	overHalf  = quant.AtLeast(quant.Int(50), true)
	aggregate = OwnershipRule{Share: half, Together: true, Through: true}
)

// holdings reads "owner owned percent" lines; "?" is not known, "a-b" a range, ">a" a bound.
func holdings(t testing.TB, text string) []Holding {
	var all []Holding
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		h := Holding{Owner: f[0], Owned: f[1]}
		switch low, high, between := strings.Cut(f[2], "-"); {
		case f[2] == "?":
		case between:
			h.Percent = quant.Between(quant.MustDecimal(low), quant.MustDecimal(high))
		case f[2][0] == '>':
			h.Percent = quant.Range{Low: quant.MustDecimal(f[2][1:]), High: d(100), HasLow: true, HasHigh: true, Over: true}
		default:
			h.Percent = quant.Exactly(quant.MustDecimal(f[2]))
		}
		all = append(all, h)
	}
	return all
}

// reach judges holdings with X, Y and Z listed, and P perhaps.
func reach(o *Ownership, r OwnershipRule) *Reaches {
	listed := make([]rule.Truth, len(o.Names()))
	for n, name := range o.Names() {
		switch name {
		case "X", "Y", "Z":
			listed[n] = rule.Yes
		case "P":
			listed[n] = rule.Unknown
		default:
			listed[n] = rule.No
		}
	}
	return o.Reach(r, listed)
}

// TestOwnershipReaches holds what each rule makes of chains and sums. The first five are those by which OFAC explains "indirectly" and "in the
// aggregate" (FAQ 398, 401).
func TestOwnershipReaches(t *testing.T) {
	single := OwnershipRule{Share: half, Through: true}
	silent := OwnershipRule{Share: half}
	over := OwnershipRule{Share: overHalf, Together: true, Through: true}
	for _, c := range []struct {
		what, rows, of string
		rule           OwnershipRule
		want           rule.Truth
		share, along   string
	}{
		{"half of a half", "X A 50\nO A 50\nA B 50\nO B 50", "B", aggregate, rule.Yes, "50", "25"},
		{"two halves of quarters", "X A 50\nO A 50\nX B 50\nO B 50\nA C 25\nB C 25\nO C 50", "C", aggregate, rule.Yes, "50", "25"},
		{"through and beside", "X A 50\nX B 10\nA B 40\nO B 50", "B", aggregate, rule.Yes, "50", "30-50"},
		{"quarters reach nobody", "X A 25\nX B 25\nO A 75\nO B 75\nA C 50\nB C 50", "A", aggregate, rule.No, "25", "25"},
		{"two listed together", "X A 25\nY A 25\nO A 50", "A", aggregate, rule.Yes, "50", "50"},

		{"just below", "X A 49.999999\nO A 50.000001", "A", aggregate, rule.No, "49.999999", "50"},
		{"half is not over half", "X A 50\nO A 50", "A", over, rule.No, "50", "50"},
		{"more than half is over half", "X A >50", "A", over, rule.Yes, ">50 <=100", "50-100"},
		{"two together, one alone counts", "X A 30\nY A 30\nO A 40", "A", single, rule.Unknown, "60", "60"},
		{"chain where nothing is said of chains", "X A 60\nA B 60\nO B 40", "B", silent, rule.Unknown, "0-60", "36-60"},
		{"not known is neither", "X A ?", "A", aggregate, rule.Unknown, "0-100", "0-100"},
		{"not known, and little is left", "X A ?\nO A 60", "A", aggregate, rule.No, "0-40", "0-40"},
		{"a range on both sides", "X A 40-60", "A", aggregate, rule.Unknown, "40-60", "40-100"},
		{"a range above", "X A 50-75\nO A 25", "A", aggregate, rule.Yes, "50-75", "50-75"},
		{"who holds the rest is not said", "X A 30", "A", aggregate, rule.Unknown, "30", "30-100"},
		{"who holds the rest is said", "X A 30\nO A 70", "A", aggregate, rule.No, "30", "30"},
		{"perhaps listed", "P A 60\nO A 40", "A", aggregate, rule.Unknown, "0-60", "0-60"},
		{"listed and perhaps listed", "X A 30\nP A 30\nO A 40", "A", aggregate, rule.Unknown, "30-60", "30-60"},
		{"rows contradict one another", "X A 40\nX A 60\nO A 40", "A", aggregate, rule.Unknown, "40-60", "40-60"},
		{"rows twice count once", "X A 30\nX A 30\nO A 70", "A", aggregate, rule.No, "30", "30"},
		{"a circle with a listed owner", "X A 60\nB A 40\nA B 100", "B", aggregate, rule.Yes, "100", "100"},
		{"a circle below the share", "X A 30\nB A 60\nO A 10\nA B 100", "A", aggregate, rule.No, "30", "75"},
	} {
		o := NewOwnership(holdings(t, c.rows))
		got, any := reach(o, c.rule).At(o.numbers[Folded(c.of)])
		if !any || got.Truth != c.want || got.Share.String() != c.share {
			t.Errorf("%s: %v %v with %s, should be %v with %s", c.what, any, got.Truth, got.Share, c.want, c.share)
		}
		low, high := fmt.Sprintf("%.4g", got.Along[0]), fmt.Sprintf("%.4g", got.Along[1])
		if low != high {
			low += "-" + high
		}
		if low != c.along {
			t.Errorf("%s: along the chains %s, should be %s", c.what, low, c.along)
		}
	}
}

func TestNobodyListedReachesNobody(t *testing.T) {
	o := NewOwnership(holdings(t, "A B 100\nB A 100\nC A ?\nA D 60"))
	r := reach(o, aggregate)
	for n, name := range o.Names() {
		if _, any := r.At(n); any {
			t.Errorf("%s is reached, and nobody is listed", name)
		}
	}
}

func TestChainsLeadToTheListed(t *testing.T) {
	o := NewOwnership(holdings(t, "X A 60\nA B 70\nB C 80\nY C 10\nC B 30\nO C 10"))
	got, _ := reach(o, aggregate).At(o.numbers["c"])
	if len(got.Chains) != 2 || !got.Circle {
		t.Fatalf("%+v", got)
	}
	var names []string
	for _, l := range got.Chains[0].Links {
		names = append(names, l.Owned+"<"+l.Owner)
	}
	if want := []string{"C<B", "B<A", "A<X"}; !slices.Equal(names, want) || o.Names()[got.Chains[0].Listed] != "X" || o.Names()[got.Chains[1].Listed] != "Y" {
		t.Errorf("%v, should be %v", names, want)
	}
}

func TestMoreThanAllIsSaid(t *testing.T) {
	o := NewOwnership(holdings(t, "X A 60\nO A 60"))
	if got, _ := reach(o, aggregate).At(o.numbers["a"]); !got.Excess || got.Truth != rule.Yes {
		t.Errorf("%+v", got)
	}
}

// TestOwnershipKnowsMoreByMore: a holding that becomes known never turns a yes into a no or a no into a yes.
func TestOwnershipKnowsMoreByMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := []string{"X", "P", "A", "B", "C", "D"}
		var known, hidden []Holding
		for range rapid.IntRange(1, 8).Draw(t, "rows") {
			owner, owned := rapid.SampledFrom(names).Draw(t, "owner"), rapid.SampledFrom(names[2:]).Draw(t, "owned")
			if owner == owned || slices.ContainsFunc(known, func(h Holding) bool { return h.Owner == owner && h.Owned == owned }) {
				continue
			}
			left := 100
			for _, h := range known {
				if h.Owned == owned {
					c, _ := h.Percent.Low.Parts()
					_, e := h.Percent.Low.Parts()
					for ; e > 0; e-- {
						c *= 10
					}
					left -= int(c)
				}
			}
			h := Holding{Owner: owner, Owned: owned, Percent: quant.Exactly(d(int64(rapid.IntRange(0, left).Draw(t, "percent"))))}
			known = append(known, h)
			if rapid.Bool().Draw(t, "hide") {
				h.Percent = quant.Range{}
			}
			hidden = append(hidden, h)
		}
		if len(known) == 0 {
			return
		}
		r := OwnershipRule{Share: rapid.SampledFrom([]quant.Range{half, overHalf}).Draw(t, "share"), Together: rapid.Bool().Draw(t, "together"), Through: rapid.Bool().Draw(t, "through")}
		all, some := NewOwnership(known), NewOwnership(hidden)
		a, b := reach(all, r), reach(some, r)
		for n := range all.Names() {
			if a.counts[n] != b.counts[n] && b.counts[n] != rule.Unknown {
				t.Errorf("%s: %v with a share hidden, %v with all known", all.Names()[n], b.counts[n], a.counts[n])
			}
		}
	})
}
