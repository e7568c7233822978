package bom

import "lodestone/internal/quant"

// Share is the part that a content makes up, as an interval in parts of one; it never exceeds one.
type Share struct{ of Interval }

// Share is the share of a content in a part: what its parts hold of it over its own value, or mass. The part itself is not counted.
func (t *Tree) Share(n int32, content int) Share {
	m := t.measure(n, content)
	held, own := t.inside(n, m, t.totals[m]), t.own(n, m)
	if held.nothing() {
		return Share{}
	}
	return Share{held.Over(own).capped()}
}

// measure is what a content is measured in within a part: the money of the part, or any where it has no value.
func (t *Tree) measure(n int32, content int) measured {
	if t.contents[content].ByMass {
		return measured{content, byMass}
	}
	return measured{content, int(max(t.parts[n].money, 0))}
}

func (i Interval) capped() Interval {
	if i.low.cmp(one) > 0 {
		i.low = one
	}
	if i.open || i.high.cmp(one) > 0 {
		i.open, i.high = false, one
	}
	return i
}

// percentPlaces is finer than any limit of law is stated.
const percentPlaces = 15

// Percent is the share in percent. An end that is no decimal of fifteen places lies between two of them: the range then reaches to the outer one
// and excludes it, so that a comparison with a limit is as exact as one of fractions.
func (s Share) Percent() quant.Range {
	low, exactLow := s.of.low.percent(false)
	high, exactHigh := s.of.high.percent(true)
	return quant.Range{Low: low, High: high, HasLow: true, HasHigh: true, Over: !exactLow, Under: !exactHigh}
}

// percent is a hundred times a number of at most one, as a decimal of at most percentPlaces, rounded down or up; exact says that it was not.
func (a number) percent(up bool) (d quant.Decimal, exact bool) {
	if a.r == nil && a.hi == 0 && a.lo < 1e18 && a.exp+2 >= -percentPlaces {
		if d, err := quant.New(int64(a.lo), a.exp+2); err == nil {
			return d, true
		}
	}
	n, exact := a.mul(number{lo: 1, exp: 2}).grid(percentPlaces, up)
	d, _ = quant.New(n.Int64(), -percentPlaces) // at most 100, which has 18 digits on the grid
	return d, exact
}

// Text prints the ends of the share in parts of one, exactly where they have at most nine decimal places, else rounded outward to nine.
func (s Share) Text() (low, high string) { return s.of.Text() }

// None says that the share is exactly zero.
func (s Share) None() bool { return s.of.nothing() }

// Value is the value of one base unit of a part in the base of its money, and whether any is stated.
func (t *Tree) Value(n int32) (Interval, bool) { return t.parts[n].value, t.parts[n].money >= 0 }

// Total is what one base unit of a part counts for of a content, in the measure of that part.
func (t *Tree) Total(n int32, content int) Interval {
	m := t.measure(n, content)
	return t.totals[m].of(n)
}
