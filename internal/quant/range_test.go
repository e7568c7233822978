package quant

import (
	"testing"

	"pgregory.net/rapid"
)

// ranges draws ranges over a few numbers, so that ends often meet.
func ranges() *rapid.Generator[Range] {
	return rapid.Custom(func(t *rapid.T) Range {
		r := Range{
			HasLow: rapid.Bool().Draw(t, "has low"), HasHigh: rapid.Bool().Draw(t, "has high"),
		}
		if r.HasLow {
			r.Low, r.Over = Int(rapid.Int64Range(0, 4).Draw(t, "low")), rapid.Bool().Draw(t, "over")
		}
		if r.HasHigh {
			r.High, r.Under = Int(rapid.Int64Range(0, 4).Draw(t, "high")), rapid.Bool().Draw(t, "under")
		}
		return r
	})
}

// has says whether a number lies in a range: the plain meaning that the rest is tested against.
func has(r Range, d Decimal) bool {
	if r.HasLow && (d.Cmp(r.Low) < 0 || r.Over && d.Cmp(r.Low) == 0) {
		return false
	}
	return !r.HasHigh || d.Cmp(r.High) < 0 || !r.Under && d.Cmp(r.High) == 0
}

// samples are numbers at, between and beyond all ends that ranges draws.
func samples() (all []Decimal) {
	for n := int64(-2); n <= 12; n++ {
		half, _ := Int(n).Quo(Int(2))
		all = append(all, half)
	}
	return all
}

func TestRangeAgainstItsMeaning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, s := ranges().Draw(t, "r"), ranges().Draw(t, "s")
		empty, within, apart := true, true, true
		for _, d := range samples() {
			inR, inS := has(r, d), has(s, d)
			empty = empty && !inR
			within = within && (!inR || inS)
			apart = apart && !(inR && inS)
		}
		if r.Empty() != empty {
			t.Fatalf("%s empty: %v, want %v", r, r.Empty(), empty)
		}
		if empty || s.Empty() {
			return // of an empty range both can be said
		}
		if r.Within(s) != within {
			t.Fatalf("%s within %s: %v, want %v", r, s, r.Within(s), within)
		}
		if r.Apart(s) != apart || s.Apart(r) != apart {
			t.Fatalf("%s apart from %s: %v, want %v", r, s, r.Apart(s), apart)
		}
		yes, known := r.Compare(s)
		if yes != within || known != (within || apart) {
			t.Fatalf("%s in %s: yes %v, known %v", r, s, yes, known)
		}
	})
}

// Widening a range never turns yes into no, or no into yes.
func TestCompareUnderWidening(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, s := ranges().Draw(t, "r"), ranges().Draw(t, "s")
		if r.Empty() || s.Empty() {
			return
		}
		wide := r
		if rapid.Bool().Draw(t, "drop low") {
			wide.HasLow, wide.Over = false, false
		} else {
			wide.Over = false
		}
		if rapid.Bool().Draw(t, "drop high") {
			wide.HasHigh, wide.Under = false, false
		}
		yes, known := r.Compare(s)
		wideYes, wideKnown := wide.Compare(s)
		if wideKnown && (!known || wideYes != yes) {
			t.Fatalf("%s in %s is (%v, %v), and the wider %s is (%v, %v)", r, s, yes, known, wide, wideYes, wideKnown)
		}
	})
}

func TestExact(t *testing.T) {
	if d, ok := Exactly(Int(3)).Exact(); !ok || d != Int(3) {
		t.Error(d, ok)
	}
	for _, r := range []Range{{}, AtLeast(Int(3), false), AtMost(Int(3), false), Between(Int(3), Int(4)), {Low: Int(3), High: Int(3), HasLow: true, HasHigh: true, Over: true}} {
		if _, ok := r.Exact(); ok {
			t.Errorf("%s is no single number", r)
		}
	}
	if d, ok := Between(MustDecimal("1.0"), MustDecimal("1.00")).Exact(); !ok || d != Int(1) {
		t.Error(d, ok)
	}
}

func TestRangeString(t *testing.T) {
	open := Between(MustDecimal("0.1"), MustDecimal("0.3"))
	open.Over = true
	for want, r := range map[string]Range{
		"": {}, "3": Exactly(Int(3)), "0.1-0.3": Between(MustDecimal("0.1"), MustDecimal("0.3")), "<0.01": AtMost(MustDecimal("0.01"), true),
		"<=1": AtMost(Int(1), false), ">=99.9": AtLeast(MustDecimal("99.9"), false), ">0": AtLeast(Int(0), true), ">0.1 <=0.3": open,
	} {
		if got := r.String(); got != want {
			t.Errorf("%q prints %q", want, got)
		}
	}
}

func TestScale(t *testing.T) {
	r, err := Between(Int(300), Int(500)).Scale(MustDecimal("0.0001"))
	if err != nil || r.String() != "0.03-0.05" {
		t.Error(r, err)
	}
	if _, err := Exactly(MustDecimal("1e18")).Scale(Int(10)); err == nil {
		t.Error("a number out of range is scaled in silence")
	}
}
