package quant

// Range is what is known of a number: that it lies between Low and High. A bound that is not Has… is open to infinity; an Over or
// Under bound excludes its end. The zero Range says nothing.
type Range struct {
	Low, High       Decimal
	HasLow, HasHigh bool
	Over, Under     bool // Low, or High, itself is excluded
}

// Exactly is the range that holds only d.
func Exactly(d Decimal) Range { return Range{Low: d, High: d, HasLow: true, HasHigh: true} }

// Between is the closed range from low to high.
func Between(low, high Decimal) Range {
	return Range{Low: low, High: high, HasLow: true, HasHigh: true}
}

// AtLeast is the range from low upwards; over excludes low itself.
func AtLeast(low Decimal, over bool) Range { return Range{Low: low, HasLow: true, Over: over} }

// AtMost is the range up to high; under excludes high itself.
func AtMost(high Decimal, under bool) Range { return Range{High: high, HasHigh: true, Under: under} }

// Exact returns the number where the range holds only one.
func (r Range) Exact() (Decimal, bool) {
	return r.Low, r.HasLow && r.HasHigh && !r.Over && !r.Under && r.Low.Cmp(r.High) == 0
}

// Empty says that no number lies in the range.
func (r Range) Empty() bool {
	if !r.HasLow || !r.HasHigh {
		return false
	}
	c := r.Low.Cmp(r.High)
	return c > 0 || c == 0 && (r.Over || r.Under)
}

// Within says that every number of r lies in s.
func (r Range) Within(s Range) bool {
	if s.HasLow {
		if !r.HasLow {
			return false
		}
		c := r.Low.Cmp(s.Low)
		if c < 0 || c == 0 && s.Over && !r.Over {
			return false
		}
	}
	if s.HasHigh {
		if !r.HasHigh {
			return false
		}
		c := r.High.Cmp(s.High)
		if c > 0 || c == 0 && s.Under && !r.Under {
			return false
		}
	}
	return true
}

// Apart says that no number lies in both.
func (r Range) Apart(s Range) bool { return r.below(s) || s.below(r) }

func (r Range) below(s Range) bool {
	if !r.HasHigh || !s.HasLow {
		return false
	}
	c := r.High.Cmp(s.Low)
	return c < 0 || c == 0 && (r.Under || s.Over)
}

// String prints the range as people write it: "3", "0.1-0.3", "<0.01", ">=99.9", ">0.1 <0.3".
func (r Range) String() string { return string(r.Append(nil)) }

// Append adds the printed range to b.
func (r Range) Append(b []byte) []byte {
	if d, ok := r.Exact(); ok {
		return d.Append(b)
	}
	if r.HasLow && r.HasHigh && !r.Over && !r.Under {
		return r.High.Append(append(r.Low.Append(b), '-'))
	}
	if r.HasLow {
		b = append(b, '>')
		if !r.Over {
			b = append(b, '=')
		}
		b = r.Low.Append(b)
	}
	if r.HasHigh {
		if r.HasLow {
			b = append(b, ' ')
		}
		b = append(b, '<')
		if !r.Under {
			b = append(b, '=')
		}
		b = r.High.Append(b)
	}
	return b
}

// Compare is Kleene's answer to "does the number lie in s?": yes where all of r does, no where none does.
func (r Range) Compare(s Range) (yes, known bool) {
	if r.Within(s) {
		return true, true
	}
	return false, r.Apart(s)
}

// Scale multiplies both bounds by a positive factor.
func (r Range) Scale(factor Decimal) (Range, error) {
	var err error
	if r.Low, err = r.Low.Mul(factor); err != nil {
		return r, err
	}
	r.High, err = r.High.Mul(factor)
	return r, err
}
