package bom

import (
	"cmp"
	"math"
	"math/big"
	"math/bits"
	"strings"

	"lodestone/internal/quant"
)

// number is an exact number that is not below zero: a decimal of up to 38 digits where it fits, else a fraction. Twelve levels of quantities
// with decimals outgrow the 18 digits of quant.Decimal, and a fraction costs thirty times as much.
type number struct {
	hi, lo uint64   // the coefficient of a decimal
	exp    int      // of ten
	r      *big.Rat // nil: the number is the decimal
}

var one = number{lo: 1}

// decimalOf takes over a decimal; one below zero is taken as zero.
func decimalOf(d quant.Decimal) number {
	coef, exp := d.Parts()
	if coef <= 0 {
		return number{}
	}
	return number{lo: uint64(coef), exp: exp}
}

func (a number) rat() *big.Rat {
	if a.r != nil {
		return a.r
	}
	coef := new(big.Int).SetUint64(a.hi)
	coef.Lsh(coef, 64).Or(coef, new(big.Int).SetUint64(a.lo))
	if a.exp >= 0 {
		return new(big.Rat).SetInt(coef.Mul(coef, power(a.exp)))
	}
	return new(big.Rat).SetFrac(coef, power(-a.exp))
}

func power(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

func (a number) sign() int {
	switch {
	case a.r != nil:
		return a.r.Sign()
	case a.hi|a.lo == 0:
		return 0
	}
	return 1
}

// times10 multiplies the coefficient by a power of ten and keeps the number; it says whether that fits.
func (a number) times10(n int) (number, bool) {
	for ; n > 0; n-- {
		over, lo := bits.Mul64(a.lo, 10)
		more, hi := bits.Mul64(a.hi, 10)
		hi, carry := bits.Add64(hi, over, 0)
		if more != 0 || carry != 0 {
			return a, false
		}
		a.hi, a.lo, a.exp = hi, lo, a.exp-1
	}
	return a, true
}

// aligned gives two decimals one exponent, where they fit.
func aligned(a, b number) (number, number, bool) {
	if a.r != nil || b.r != nil {
		return a, b, false
	}
	if a.exp == b.exp {
		return a, b, true
	}
	if a.sign() == 0 {
		a.exp = b.exp
		return a, b, true
	}
	if b.sign() == 0 {
		b.exp = a.exp
		return a, b, true
	}
	ok := true
	if a.exp > b.exp {
		a, ok = a.times10(a.exp - b.exp)
	} else {
		b, ok = b.times10(b.exp - a.exp)
	}
	return a, b, ok
}

func (a number) cmp(b number) int {
	x, y, ok := aligned(a, b)
	switch {
	case !ok:
		return a.rat().Cmp(b.rat())
	case x.hi != y.hi:
		return cmp.Compare(x.hi, y.hi)
	}
	return cmp.Compare(x.lo, y.lo)
}

func (a number) add(b number) number {
	if x, y, ok := aligned(a, b); ok {
		lo, carry := bits.Add64(x.lo, y.lo, 0)
		hi, over := bits.Add64(x.hi, y.hi, carry)
		if over == 0 {
			return number{hi: hi, lo: lo, exp: x.exp}
		}
	}
	return number{r: new(big.Rat).Add(a.rat(), b.rat())}
}

func (a number) mul(b number) number {
	if a.r == nil && b.r == nil && (a.hi == 0 || b.hi == 0) {
		if a.hi == 0 {
			a, b = b, a
		}
		hi, lo := bits.Mul64(a.lo, b.lo)
		over, more := bits.Mul64(a.hi, b.lo)
		hi, carry := bits.Add64(hi, more, 0)
		if over == 0 && carry == 0 {
			return number{hi: hi, lo: lo, exp: a.exp + b.exp}
		}
	}
	return number{r: new(big.Rat).Mul(a.rat(), b.rat())}
}

// quo divides by a number that is not zero.
func (a number) quo(b number) number {
	if a.r == nil && b.r == nil && b.hi == 0 {
		for n := range 19 { // as a decimal, where the division ends soon
			x, ok := a.times10(n)
			if !ok {
				break
			}
			hi, rest := x.hi/b.lo, x.hi%b.lo
			lo, rest := bits.Div64(rest, x.lo, b.lo)
			if rest == 0 {
				return number{hi: hi, lo: lo, exp: x.exp - b.exp}
			}
		}
	}
	return number{r: new(big.Rat).Quo(a.rat(), b.rat())}
}

// float is close to the number, for ranking only.
func (a number) float() float64 {
	if a.r != nil {
		f, _ := a.r.Float64()
		return f
	}
	return (float64(a.hi)*(1<<64) + float64(a.lo)) * math.Pow10(a.exp)
}

// Bounds of the numbers that are reckoned with. Beyond them, which only deep structures with broken or absurd quantities reach, a number is rounded
// outward: a fraction of more than maxBits to keepBits, a size beyond ten to the power of maxSize to that power or to no bound at all.
const (
	maxBits  = 2048
	keepBits = 512
	maxSize  = 300
)

// size is about the power of ten that a number over zero has, within forty.
func (a number) size() int {
	if a.r != nil {
		return (a.r.Num().BitLen() - a.r.Denom().BitLen()) * 3 / 10
	}
	return a.exp
}

// modest says quickly of a decimal that it is within bounds.
func (a number) modest() bool { return a.r == nil && a.exp <= maxSize && a.exp >= -maxSize }

// outward rounds a number that is out of bounds, down or up; over says that up there is no bound any more.
func (a number) outward(up bool) (rounded number, over bool) {
	if a.modest() || a.sign() == 0 {
		return a, false
	}
	switch size := a.size(); {
	case size > maxSize:
		return number{lo: 1, exp: maxSize}, up
	case size < -maxSize-40 && up:
		return number{lo: 1, exp: -maxSize}, false
	case size < -maxSize-40:
		return number{}, false
	}
	if a.r == nil || a.r.Num().BitLen()+a.r.Denom().BitLen() <= maxBits {
		return a, false
	}
	shift := keepBits - (a.r.Num().BitLen() - a.r.Denom().BitLen()) // so that the quotient has about keepBits bits
	n, d := new(big.Int).Set(a.r.Num()), new(big.Int).Set(a.r.Denom())
	if shift >= 0 {
		n.Lsh(n, uint(shift))
	} else {
		d.Lsh(d, uint(-shift))
	}
	q, rest := n.QuoRem(n, d, new(big.Int))
	if up && rest.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	r := new(big.Rat).SetInt(q)
	scale := new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), uint(max(shift, -shift))))
	if shift >= 0 {
		return number{r: r.Quo(r, scale)}, false
	}
	return number{r: r.Mul(r, scale)}, false
}

// grid rounds to so many decimal places, down or up, and says whether that was exact.
func (a number) grid(places int, up bool) (n *big.Int, exact bool) {
	r := a.rat()
	n, rest := new(big.Int).QuoRem(new(big.Int).Mul(r.Num(), power(places)), r.Denom(), new(big.Int))
	exact = rest.Sign() == 0
	if up && !exact {
		n.Add(n, big.NewInt(1))
	}
	return n, exact
}

// placed prints whole digits × 10^-places without zeros at its end.
func placed(s string, places int) string {
	if len(s) <= places {
		s = strings.Repeat("0", places-len(s)+1) + s
	}
	whole, part := s[:len(s)-places], strings.TrimRight(s[len(s)-places:], "0")
	if part == "" {
		return whole
	}
	return whole + "." + part
}

// Interval is what is known of a number that is not below zero. The zero Interval is exactly zero.
type Interval struct {
	low, high number
	open      bool // no upper bound; high means nothing
}

// Unknown is any number from zero upwards.
func Unknown() Interval { return Interval{open: true} }

// Exactly is one number.
func Exactly(d quant.Decimal) Interval { return Interval{low: decimalOf(d), high: decimalOf(d)} }

// Of takes over a stated range; what is not stated is unknown, and an end that is itself excluded is taken in.
func Of(r quant.Range) Interval {
	i := Interval{open: !r.HasHigh}
	if r.HasLow {
		i.low = decimalOf(r.Low)
	}
	if r.HasHigh {
		i.high = decimalOf(r.High)
	}
	return i
}

// Known says whether the interval is one number.
func (i Interval) Known() bool { return !i.open && i.low.cmp(i.high) == 0 }

// Equal says whether two intervals are the same.
func (i Interval) Equal(j Interval) bool {
	return i.open == j.open && i.low.cmp(j.low) == 0 && (i.open || i.high.cmp(j.high) == 0)
}

// nothing says that the interval is exactly zero.
func (i Interval) nothing() bool { return !i.open && i.high.sign() == 0 }

// single says quickly that the interval is one number: most are, and then one end is reckoned for both.
func (i *Interval) single() bool { return !i.open && i.low == i.high }

// bounded rounds the ends outward where they are out of bounds.
func (i Interval) bounded() Interval {
	i.low, _ = i.low.outward(false)
	if i.open {
		i.high = number{}
		return i
	}
	i.high, i.open = i.high.outward(true)
	return i
}

func (i Interval) plus(j Interval) Interval {
	if i.single() && j.single() {
		if sum := i.low.add(j.low); sum.modest() {
			return Interval{low: sum, high: sum}
		}
	}
	r := Interval{low: i.low.add(j.low), open: i.open || j.open}
	if !r.open {
		r.high = i.high.add(j.high)
	}
	return r.bounded()
}

// Times multiplies; nothing times anything, even without a bound, is nothing.
func (i Interval) Times(j Interval) Interval {
	if i.nothing() || j.nothing() {
		return Interval{}
	}
	if i.single() && j.single() {
		if product := i.low.mul(j.low); product.modest() {
			return Interval{low: product, high: product}
		}
	}
	r := Interval{low: i.low.mul(j.low), open: i.open || j.open}
	if !r.open {
		r.high = i.high.mul(j.high)
	}
	return r.bounded()
}

// addTimes adds a times b, which a roll-up does more than anything else.
func (i *Interval) addTimes(a, b *Interval) {
	if i.single() && a.single() && b.single() {
		if sum := i.low.add(a.low.mul(b.low)); sum.modest() {
			i.low, i.high = sum, sum
			return
		}
	}
	*i = i.plus(a.Times(*b))
}

// Over divides. Where the divisor may be zero there is no upper bound.
func (i Interval) Over(j Interval) Interval {
	r := Interval{open: i.open || j.low.sign() == 0}
	if !j.open && j.high.sign() > 0 {
		r.low = i.low.quo(j.high)
	}
	if !r.open {
		r.high = i.high.quo(j.low)
	}
	return r.bounded()
}

// hull is the smallest interval that holds both.
func (i Interval) hull(j Interval) Interval {
	if j.low.cmp(i.low) < 0 {
		i.low = j.low
	}
	if i.open = i.open || j.open; !i.open && j.high.cmp(i.high) > 0 {
		i.high = j.high
	}
	return i
}

// width is how far the interval reaches, for ranking only.
func (i Interval) width() float64 {
	if i.open {
		return math.Inf(1)
	}
	return i.high.float() - i.low.float()
}

// Text prints both ends, exactly where they have at most nine decimal places, else rounded outward to nine; high is empty where there is no
// upper bound.
func (i Interval) Text() (low, high string) {
	const places = 9
	n, _ := i.low.grid(places, false)
	low = placed(n.String(), places)
	if !i.open {
		n, _ = i.high.grid(places, true)
		high = placed(n.String(), places)
	}
	return low, high
}
