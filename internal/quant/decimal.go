// Package quant holds exact decimals, intervals of them, and units.
//
// Limits in law are exact (99.9 is not 99.90001), so nothing here is a float. A Decimal is a small value that compares without
// allocating, because every line of a file is compared with limits; that is why this is not a big-number library. Start with
// ParseDecimal and Range. Limits: 18 digits, and exponents from -18 to 18.
package quant

import (
	"errors"
	"math/bits"
	"strconv"
	"strings"

	"lodestone/internal/sentence"
)

// Decimal is coef × 10^exp, exactly. The zero Decimal is 0. Use Cmp, not ==: 1.0 and 1.00 differ as structs.
type Decimal struct {
	coef int64
	exp  int8
}

const (
	maxDigits = 18
	maxExp    = 18
)

// Int returns n as a Decimal.
func Int(n int64) Decimal { return Decimal{coef: n} }

// ErrRange says that a number has more digits, or a larger exponent, than any figure of trade or law.
var ErrRange = errors.New("the number has more than 18 digits or is out of range")

// New returns coef × 10^exp, or ErrRange.
func New(coef int64, exp int) (Decimal, error) { return narrow(wide{coef, exp}) }

// ParseDecimal reads digits with an optional sign, one decimal point and an optional exponent ("-1.5e-6"). It takes no blanks and
// no thousands separators; whoever reads a file decides about those.
func ParseDecimal(s string) (Decimal, error) {
	d, ok := parse(s)
	if !ok {
		return Decimal{}, sentence.Of("%q is not a number", strings.Clone(clip(s))) // s may lie in memory that is used again
	}
	if d.exp < -maxExp || d.exp > maxExp {
		return Decimal{}, ErrRange
	}
	return Decimal{coef: d.coef, exp: int8(d.exp)}, nil
}

// MustDecimal is ParseDecimal for constants of the program and of tests.
func MustDecimal(s string) Decimal {
	d, err := ParseDecimal(s)
	if err != nil {
		panic(err)
	}
	return d
}

type wide struct {
	coef int64
	exp  int
}

func parse(s string) (wide, bool) {
	var w wide
	neg := false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		neg = s[0] == '-'
		s = s[1:]
	}
	digits, zeros, seen, point := 0, 0, false, false // zeros: since the last other digit, not yet in coef
	i := 0
	for ; i < len(s); i++ {
		c := s[i]
		if c == '.' && !point {
			point = true
			continue
		}
		if c < '0' || c > '9' {
			break
		}
		seen = true
		if point {
			w.exp--
		}
		switch {
		case c == '0' && digits > 0:
			zeros++
		case c != '0':
			if digits += zeros + 1; digits > maxDigits {
				return wide{exp: tooFar}, isNumber(s[i:], point)
			}
			for ; zeros > 0; zeros-- {
				w.coef *= 10
			}
			w.coef = w.coef*10 + int64(c-'0')
		}
	}
	w.exp += zeros
	if !seen {
		return w, false
	}
	if i < len(s) {
		if s[i] != 'e' && s[i] != 'E' {
			return w, false
		}
		e, err := strconv.Atoi(s[i+1:])
		if err != nil || e > 1000 || e < -1000 {
			return w, false
		}
		w.exp += e
	}
	if neg {
		w.coef = -w.coef
	}
	return w.trimmed(), true
}

// tooFar is an exponent that no Decimal has: it tells a number that is out of range from a text that is no number.
const tooFar = 1000

// isNumber says whether the rest of a number whose digits are too many is written as numbers are.
func isNumber(rest string, point bool) bool {
	digits := strings.TrimLeft(rest, "0123456789")
	if !point && strings.HasPrefix(digits, ".") {
		digits = strings.TrimLeft(digits[1:], "0123456789")
	}
	if digits == "" {
		return true
	}
	_, err := strconv.Atoi(digits[1:])
	return err == nil && (digits[0] == 'e' || digits[0] == 'E')
}

// trimmed takes zeros off the end of the coefficient, so that equal numbers are equal structs.
func (w wide) trimmed() wide {
	if w.coef == 0 {
		return wide{}
	}
	for w.coef%10 == 0 {
		w.coef /= 10
		w.exp++
	}
	return w
}

func clip(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}

// Cmp returns -1, 0 or 1 as d is less than, equal to or greater than e.
func (d Decimal) Cmp(e Decimal) int {
	if s, t := d.Sign(), e.Sign(); s != t || s == 0 {
		return cmp64(int64(s), int64(t))
	}
	if d.exp == e.exp {
		return cmp64(d.coef, e.coef)
	}
	sign := d.Sign()
	a, b := magnitude(d.coef), magnitude(e.coef)
	if d.exp > e.exp {
		return sign * cmpScaled(a, int(d.exp)-int(e.exp), b)
	}
	return -sign * cmpScaled(b, int(e.exp)-int(d.exp), a)
}

func cmp64(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return uint64(-n)
	}
	return uint64(n)
}

// cmpScaled compares a×10^shift with b, both positive.
func cmpScaled(a uint64, shift int, b uint64) int {
	var hi uint64
	lo := a
	for ; shift > 0; shift-- {
		if hi != 0 || lo > b {
			return 1 // already larger, and scaling only grows it
		}
		hi, lo = bits.Mul64(lo, 10)
	}
	switch {
	case hi != 0 || lo > b:
		return 1
	case lo < b:
		return -1
	}
	return 0
}

// Sign returns -1, 0 or 1.
func (d Decimal) Sign() int { return cmp64(d.coef, 0) }

// Mul returns d×e, or ErrRange.
func (d Decimal) Mul(e Decimal) (Decimal, error) {
	hi, lo := bits.Mul64(magnitude(d.coef), magnitude(e.coef))
	exp := int(d.exp) + int(e.exp)
	for hi != 0 || lo >= 1e18 {
		quoHi, rem := hi/10, hi%10
		quoLo, last := bits.Div64(rem, lo, 10)
		if last != 0 {
			return Decimal{}, ErrRange
		}
		hi, lo, exp = quoHi, quoLo, exp+1
	}
	coef := int64(lo)
	if d.Sign()*e.Sign() < 0 {
		coef = -coef
	}
	return narrow(wide{coef, exp})
}

// Add returns d+e, or ErrRange.
func (d Decimal) Add(e Decimal) (Decimal, error) {
	switch {
	case d.coef == 0:
		return e, nil
	case e.coef == 0:
		return d, nil
	}
	if d.exp < e.exp {
		d, e = e, d
	}
	a := d.coef
	for shift := int(d.exp) - int(e.exp); shift > 0 && a != 0; shift-- {
		if a > 1e17 || a < -1e17 {
			return Decimal{}, ErrRange
		}
		a *= 10
	}
	return narrow(wide{a + e.coef, int(e.exp)}) // both below 10^18: no overflow
}

// Sub returns d-e, or ErrRange.
func (d Decimal) Sub(e Decimal) (Decimal, error) { return d.Add(Decimal{-e.coef, e.exp}) }

// Quo returns d/e where it ends within 18 digits, and ErrRange where it does not.
func (d Decimal) Quo(e Decimal) (Decimal, error) {
	if e.coef == 0 {
		return Decimal{}, errors.New("division by zero")
	}
	if d.coef == 0 {
		return Decimal{}, nil
	}
	g := gcd(magnitude(d.coef), magnitude(e.coef))
	a, b, exp := d.coef/int64(g), int64(magnitude(e.coef)/g), int(d.exp)-int(e.exp)
	if e.coef < 0 {
		a = -a
	}
	for b > 1 { // a decimal ends only where b is made of twos and fives
		times := int64(1)
		switch {
		case b%10 == 0:
			b /= 10
		case b%2 == 0:
			b, times = b/2, 5
		case b%5 == 0:
			b, times = b/5, 2
		default:
			return Decimal{}, ErrRange
		}
		if magnitude(a) >= 1e18/uint64(times) {
			return Decimal{}, ErrRange
		}
		a, exp = a*times, exp-1
	}
	return narrow(wide{a, exp})
}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func narrow(w wide) (Decimal, error) {
	w = w.trimmed()
	if magnitude(w.coef) >= 1e18 || w.exp < -maxExp || w.exp > maxExp {
		return Decimal{}, ErrRange
	}
	return Decimal{w.coef, int8(w.exp)}, nil
}

// Parts returns the coefficient and the exponent of ten, for packages that reckon with more digits.
func (d Decimal) Parts() (coef int64, exp int) { return d.coef, int(d.exp) }

// String prints the number without an exponent and without zeros at its end.
func (d Decimal) String() string { return string(d.Append(nil)) }

// Append adds the printed number to b.
func (d Decimal) Append(b []byte) []byte {
	if d.coef < 0 {
		b = append(b, '-')
	}
	var buf [20]byte
	digits := strconv.AppendUint(buf[:0], magnitude(d.coef), 10)
	switch {
	case d.exp >= 0:
		b = append(b, digits...)
		for range d.exp {
			b = append(b, '0')
		}
	case len(digits) > int(-d.exp):
		cut := len(digits) + int(d.exp)
		b = append(append(append(b, digits[:cut]...), '.'), digits[cut:]...)
	default:
		b = append(b, "0."...)
		for range int(-d.exp) - len(digits) {
			b = append(b, '0')
		}
		b = append(b, digits...)
	}
	return b
}

// MarshalText prints as String does.
func (d Decimal) MarshalText() ([]byte, error) { return d.Append(nil), nil }

// UnmarshalText reads as ParseDecimal does.
func (d *Decimal) UnmarshalText(b []byte) error {
	v, err := ParseDecimal(strings.TrimSpace(string(b)))
	if err != nil {
		return err
	}
	*d = v
	return nil
}
