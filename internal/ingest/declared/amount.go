package declared

import (
	"errors"
	"fmt"
	"math/big"
	"strings"

	"lodestone/internal/ingest/markup"
)

// amount is a mass, or a share of the mass of the homogeneous material.
type amount struct {
	low, high *big.Rat // high nil: not bounded
	grams     *big.Rat // of one unit; nil: it is a share
	percent   *big.Rat // of one unit, where it is a share
}

var units = map[string]struct{ grams, percent *big.Rat }{
	"mg": {grams: big.NewRat(1, 1000)}, "g": {grams: big.NewRat(1, 1)}, "kg": {grams: big.NewRat(1000, 1)}, "ug": {grams: big.NewRat(1, 1_000_000)},
	"µg": {grams: big.NewRat(1, 1_000_000)}, "μg": {grams: big.NewRat(1, 1_000_000)}, "t": {grams: big.NewRat(1_000_000, 1)},
	"masspercent": {percent: big.NewRat(1, 1)}, "%": {percent: big.NewRat(1, 1)}, "percent": {percent: big.NewRat(1, 1)}, "wt%": {percent: big.NewRat(1, 1)},
	"ppm": {percent: big.NewRat(1, 10_000)}, "ppb": {percent: big.NewRat(1, 10_000_000)}, "mg/kg": {percent: big.NewRat(1, 10_000)},
}

// amountIn finds the amount that an element states: as a mass rather than as a concentration, which is rounded.
func amountIn(e *markup.Element) (a amount, found bool, err error) {
	for _, c := range e.Children {
		unit := ""
		switch strings.ToLower(c.Name) {
		case "amount":
		case "mass":
			unit = "g"
		case "concentration", "masspercent":
			unit = "massPercent"
		default:
			continue
		}
		if s := either(c, "UOM", "unitOfMeasure", "unit"); s != "" {
			unit = s
		}
		value := either(c, "value", "mass", "massPercent", "amount")
		if low, high := either(c, "minValue", "min", "lower"), either(c, "maxValue", "max", "upper"); value == "" && low+high != "" {
			value = low + "-" + high
		}
		if value == "" {
			value = c.Text
		}
		if value == "" || found && strings.EqualFold(c.Name, "concentration") {
			continue
		}
		if a, err = parseAmount(value, unit); err != nil {
			return a, true, err
		}
		found = true
	}
	return a, found, nil
}

// parseAmount reads 2.5, <0.1, >3 or 1-2 in a unit.
func parseAmount(value, unit string) (a amount, err error) {
	u, ok := units[strings.ToLower(strings.TrimSpace(unit))]
	if !ok {
		return a, fmt.Errorf("%q is no unit of mass, ppm or massPercent", clip(unit))
	}
	a.grams, a.percent = u.grams, u.percent
	value = strings.TrimSuffix(strings.TrimSpace(value), "%")
	low, high, isRange := strings.Cut(value, "-")
	isRange = isRange && low != "" && !strings.HasSuffix(strings.ToLower(low), "e") // 1e-5 is one number
	switch {
	case strings.HasPrefix(value, "<"):
		a.low = new(big.Rat)
		a.high, err = number(strings.TrimLeft(value, "<= "))
	case strings.HasPrefix(value, ">"):
		a.low, err = number(strings.TrimLeft(value, ">= "))
	case isRange:
		if a.low, err = number(low); err == nil && high != "" {
			a.high, err = number(high)
		}
		if err == nil && a.high != nil && a.high.Cmp(a.low) < 0 {
			err = fmt.Errorf("the range %q ends before it begins", clip(value))
		}
	default:
		a.low, err = number(value)
		a.high = a.low
	}
	return a, err
}

// number reads a decimal number that is not below zero. A comma is refused: it may part thousands or be decimal.
func number(s string) (*big.Rat, error) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 40 || strings.Trim(s, "0123456789.eE+-") != "" {
		return nil, fmt.Errorf("%q is not a number", clip(s))
	}
	if i := strings.IndexAny(s, "eE"); i >= 0 && len(s)-i > 4 { // an exponent of three digits takes as many places
		return nil, fmt.Errorf("%q is out of range", clip(s))
	}
	r, ok := new(big.Rat).SetString(s)
	switch {
	case !ok:
		return nil, fmt.Errorf("%q is not a number", clip(s))
	case r.Sign() < 0:
		return nil, fmt.Errorf("%q is below zero", clip(s))
	}
	return r, nil
}

// of is the amount in percent of a material of so many grams. Where the mass of the material is not stated, a mass says no share.
func (a amount) of(material *big.Rat) (low, high *big.Rat, err error) {
	factor := a.percent
	if a.grams != nil {
		if material == nil || material.Sign() == 0 {
			if a.high != nil && a.high.Sign() == 0 {
				return new(big.Rat), new(big.Rat), nil
			}
			return nil, nil, nil
		}
		factor = new(big.Rat).Quo(new(big.Rat).Mul(a.grams, hundred), material)
	}
	low = new(big.Rat).Mul(a.low, factor)
	if low.Cmp(new(big.Rat).Add(hundred, slack)) > 0 {
		return nil, nil, errors.New("it is more than the whole material")
	}
	if a.high != nil {
		high = new(big.Rat).Mul(a.high, factor)
	}
	return low, high, nil
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
