package bom

import (
	"math/big"
	"math/bits"
	"strconv"

	"lodestone/internal/quant"
	"lodestone/internal/rule"
)

// Share is the part that a content makes up of a whole, as an interval in parts of one; it never exceeds one.
type Share struct{ held, whole Interval }

// Share is the share of a content in a part: what its parts hold of it over its own value, or mass. The part itself is not counted.
func (t *Tree) Share(n int32, content int) Share {
	m := t.measure(n, content)
	s := t.totals[m]
	if t.holding(n, content).is == rule.No { // then what counts of it is what is inside
		return Share{s.of(n), t.own(n, m)}
	}
	return Share{t.inside(n, m, s), t.own(n, m)}
}

// measure is what a content is measured in within a part: the money of the part, or any where it has no value.
func (t *Tree) measure(n int32, content int) measured {
	if t.contents[content].ByMass {
		return measured{content, byMass}
	}
	return measured{content, int(max(t.parts[n].money, 0))}
}

// None says that the share is exactly zero.
func (s *Share) None() bool { return s.held.nothing() }

// Exceeds says that the content is worth more than the whole, which cannot be: one of the values is wrong.
func (s *Share) Exceeds() bool { return !s.whole.open && s.held.low.cmp(s.whole.high) > 0 }

// low rounds the lower end down to so many decimal places, in units of the last, and says whether that is exact.
func (s *Share) low(places int) (n uint64, exact bool) {
	if s.whole.open || s.held.low.sign() == 0 {
		return 0, true
	}
	return ratio(s.held.low, s.whole.high, places, false)
}

// high rounds the upper end up.
func (s *Share) high(places int) (n uint64, exact bool) {
	switch {
	case s.None():
		return 0, true
	case s.held.open || s.whole.low.sign() == 0:
		return powers[places], true
	}
	return ratio(s.held.high, s.whole.low, places, true)
}

// powers are those of ten that fit.
var powers = func() (p [20]uint64) {
	p[0] = 1
	for i := range p[1:] {
		p[i+1] = 10 * p[i]
	}
	return p
}()

// ratio is a/b, at most one, in units of the last of at most seventeen decimal places, rounded down or up; exact says that it was not.
func ratio(a, b number, places int, up bool) (n uint64, exact bool) {
	one := powers[places]
	if b.sign() == 0 || a.cmp(b) >= 0 {
		return one, true
	}
	var rest bool
	if p := places + a.exp - b.exp; a.r == nil && b.r == nil && a.hi|b.hi == 0 && p >= 0 && p < len(powers) {
		hi, lo := bits.Mul64(a.lo, powers[p])
		q, r := bits.Div64(hi, lo, b.lo) // a < b, so the quotient is at most one
		n, rest = q, r > 0
	} else {
		q, r := a.scaledOver(b, one)
		n, rest = q.Uint64(), r.Sign() > 0
	}
	if up && rest {
		n++
	}
	return n, !rest
}

// scaledOver divides so many times a by b.
func (a number) scaledOver(b number, times uint64) (q, rest *big.Int) {
	x, y := a.rat(), b.rat()
	n := new(big.Int).Mul(x.Num(), y.Denom())
	d := new(big.Int).Mul(x.Denom(), y.Num())
	return n.QuoRem(n.Mul(n, new(big.Int).SetUint64(times)), d, new(big.Int))
}

// percentPlaces is finer than any limit of law is stated.
const percentPlaces = 15

// Percent is the share in percent. An end that is no decimal of fifteen places lies between two of them: the range then reaches to the outer one
// and excludes it, so that a comparison with a limit is as exact as one of fractions.
func (s *Share) Percent() quant.Range {
	low, exactLow := s.low(percentPlaces + 2)
	high, exactHigh := s.high(percentPlaces + 2)
	return quant.Range{Low: percent(low), High: percent(high), HasLow: true, HasHigh: true, Over: !exactLow, Under: !exactHigh}
}

func percent(n uint64) quant.Decimal {
	d, err := quant.New(int64(n), -percentPlaces)
	if err != nil {
		panic(err) // at most one hundred, which has eighteen digits
	}
	return d
}

// Text prints the ends of the share in parts of one, exactly where they have at most nine decimal places, else rounded outward to nine.
func (s *Share) Text() (low, high string) {
	const places = 9
	l, _ := s.low(places)
	h, _ := s.high(places)
	return placed(strconv.FormatUint(l, 10), places), placed(strconv.FormatUint(h, 10), places)
}

// width is how far apart the ends are, for ranking only.
func (s *Share) width() float64 {
	const places = 17
	l, _ := s.low(places)
	h, _ := s.high(places)
	return float64(h-l) / float64(powers[places])
}
