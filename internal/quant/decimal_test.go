package quant

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// decimals draws numbers of every size that a Decimal holds, small coefficients more often than large ones.
func decimals() *rapid.Generator[Decimal] {
	return rapid.Custom(func(t *rapid.T) Decimal {
		digits := rapid.StringMatching(`-?[0-9]{1,17}`).Draw(t, "digits")
		if rapid.Bool().Draw(t, "small") {
			digits = rapid.StringMatching(`-?[0-9]{1,3}`).Draw(t, "few digits")
		}
		d, err := ParseDecimal(digits + "e" + rapid.StringMatching(`-?[0-9]|-1[0-8]`).Draw(t, "exponent"))
		if err != nil {
			return Decimal{}
		}
		return d
	})
}

func rat(d Decimal) *big.Rat {
	r, ok := new(big.Rat).SetString(d.String())
	if !ok {
		panic(d.String())
	}
	return r
}

func TestCmpAgainstRat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := decimals().Draw(t, "a"), decimals().Draw(t, "b")
		if got, want := a.Cmp(b), rat(a).Cmp(rat(b)); got != want {
			t.Fatalf("%s against %s: %d, want %d", a, b, got, want)
		}
		if a.Sign() != rat(a).Sign() {
			t.Fatalf("sign of %s: %d", a, a.Sign())
		}
	})
}

// Neighbours differ in the last digit only: the case that a float would get wrong.
func TestCmpNeighbours(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := decimals().Draw(t, "a")
		b, err := a.Add(Decimal{coef: 1, exp: a.exp})
		if err != nil {
			return
		}
		if a.Cmp(b) != -1 || b.Cmp(a) != 1 || a.Cmp(a) != 0 {
			t.Fatalf("%s and %s", a, b)
		}
	})
}

func TestArithmeticAgainstRat(t *testing.T) {
	ops := []struct {
		name string
		do   func(a, b Decimal) (Decimal, error)
		want func(z, a, b *big.Rat) *big.Rat
	}{
		{"Add", Decimal.Add, (*big.Rat).Add},
		{"Sub", Decimal.Sub, (*big.Rat).Sub},
		{"Mul", Decimal.Mul, (*big.Rat).Mul},
		{"Quo", Decimal.Quo, (*big.Rat).Quo},
	}
	for _, op := range ops {
		t.Run(op.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				a, b := decimals().Draw(t, "a"), decimals().Draw(t, "b")
				if op.name == "Quo" && b.Sign() == 0 {
					if _, err := op.do(a, b); err == nil {
						t.Fatal("division by zero has a result")
					}
					return
				}
				want := op.want(new(big.Rat), rat(a), rat(b))
				got, err := op.do(a, b)
				switch {
				case err == nil && rat(got).Cmp(want) != 0:
					t.Fatalf("%s of %s and %s: %s, want %s", op.name, a, b, got, want.FloatString(20))
				case err != nil && !errors.Is(err, ErrRange):
					t.Fatalf("%s of %s and %s: %v", op.name, a, b, err)
				case err != nil && fits(want):
					t.Fatalf("%s of %s and %s is refused, and %s fits", op.name, a, b, want.FloatString(20))
				}
			})
		})
	}
}

// fits says whether a number has at most 17 digits and an exponent within the limits. With 18 digits an operation may give up, as
// its operands must be brought to one exponent.
func fits(r *big.Rat) bool {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(maxExp), nil)
	scaled := new(big.Rat).Mul(r, new(big.Rat).SetInt(scale))
	if !scaled.IsInt() {
		return false
	}
	text := strings.TrimLeft(scaled.Num().String(), "-")
	digits := strings.TrimRight(text, "0")
	return len(digits) <= 17 && len(text)-len(digits)-maxExp <= maxExp
}

func TestParsePrintRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := decimals().Draw(t, "a")
		b, err := ParseDecimal(a.String())
		if err != nil || a != b {
			t.Fatalf("%s reads back as %s, %v", a, b, err)
		}
	})
}

// Zeros at the end say nothing: the numbers are equal as structs too.
func TestTrimmed(t *testing.T) {
	for _, pair := range [][2]string{{"1.0", "1"}, {"1.00", "1"}, {"100", "1e2"}, {"0.10", "1e-1"}, {"-0", "0"}, {"0.000", "0"}, {"+5", "5"}, {"5.", "5"}, {".5", "0.5"}} {
		if a, b := MustDecimal(pair[0]), MustDecimal(pair[1]); a != b || a.Cmp(b) != 0 {
			t.Errorf("%s is %#v, %s is %#v", pair[0], a, pair[1], b)
		}
	}
}

func TestParseDecimalRefuses(t *testing.T) {
	for s, ranged := range map[string]bool{
		"": false, ".": false, "-": false, "1,5": false, "1 5": false, "1.2.3": false, "0x10": false, "1e": false, "e5": false, "NaN": false, "Inf": false,
		"1e5000": false, "１": false, "1_000": false, "--1": false,
		"1234567890123456789": true, "1e19": true, "1e-19": true, "0.1234567890123456789": true,
	} {
		_, err := ParseDecimal(s)
		if err == nil || errors.Is(err, ErrRange) != ranged {
			t.Errorf("%q: %v", s, err)
		}
	}
	if len(func() string { _, err := ParseDecimal(strings.Repeat("x", 1000)); return err.Error() }()) > 100 {
		t.Error("the message repeats all of a long value")
	}
}

func TestString(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "-0.5": "-0.5", "1e3": "1000", "1e-3": "0.001", "123.456": "123.456", "99.90": "99.9", "1e18": "1000000000000000000",
	} {
		if got := MustDecimal(in).String(); got != want {
			t.Errorf("%s prints %s", in, got)
		}
	}
}

func TestTextMarshalling(t *testing.T) {
	var d Decimal
	if err := d.UnmarshalText([]byte(" 99.9 ")); err != nil || d != MustDecimal("99.9") {
		t.Error(d, err)
	}
	if err := d.UnmarshalText([]byte("high")); err == nil || d != MustDecimal("99.9") {
		t.Error("a number that cannot be read changes the old one", d, err)
	}
	if b, err := d.MarshalText(); err != nil || string(b) != "99.9" {
		t.Error(string(b), err)
	}
}

func FuzzParseDecimal(f *testing.F) {
	for _, s := range []string{"0", "-1.5e-6", "99.90", "1e18", "000000000000000000001", "0.000000000000000001", "1e-18", "123456789012345678"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDecimal(s)
		if err != nil {
			return
		}
		want, ok := new(big.Rat).SetString(s)
		if !ok || rat(d).Cmp(want) != 0 {
			t.Fatalf("%q reads as %s", s, d)
		}
	})
}

func BenchmarkCmp(b *testing.B) {
	x, y := MustDecimal("99.9"), MustDecimal("99.90001")
	b.ReportAllocs()
	for b.Loop() {
		if x.Cmp(y) >= 0 {
			b.Fatal("99.9 is less")
		}
	}
}
