package vocab

import (
	"fmt"
	"strings"

	"golang.org/x/text/unicode/norm"

	"lodestone/internal/quant"
)

// unitKey keeps capitals (mN is not MN), drops blanks, and folds signs that Unicode holds twice (％ is %, ㎜ is mm, ² is 2).
func unitKey(s string) string {
	s = strings.TrimSpace(s)
	if !isASCII(s) {
		s = norm.NFKC.String(s)
	}
	return strings.ReplaceAll(s, " ", "")
}

// Unit finds a unit by its symbol or a spelling. A spelling that units of two dimensions share (G: gram, gauss) names none.
func (v *Vocab) Unit(s string) (UnitDef, bool) {
	if found := v.unitsSpelt(s); len(found) == 1 {
		return v.Units[found[0]], true
	}
	return UnitDef{}, false
}

// UnitIn finds a unit of a dimension by its symbol or a spelling.
func (v *Vocab) UnitIn(dimension, s string) (UnitDef, bool) {
	for _, i := range v.unitsSpelt(s) {
		if v.Units[i].Dimension == dimension {
			return v.Units[i], true
		}
	}
	return UnitDef{}, false
}

func (v *Vocab) unitsSpelt(s string) []int {
	key := unitKey(s)
	if found := v.units[key]; found != nil {
		return found
	}
	return v.units[strings.ToLower(key)]
}

// Convert turns a range stated in one unit into another, named by its symbol, of the same dimension, exactly. An empty unit means
// that it is the wanted one.
func (v *Vocab) Convert(r quant.Range, from, to string) (_ quant.Range, err error) {
	if from == "" || from == to {
		return r, nil
	}
	i, ok := v.unitByID[to]
	if !ok {
		return r, fmt.Errorf("unit %q is not known", to)
	}
	t := v.Units[i]
	f, ok := v.UnitIn(t.Dimension, from)
	if !ok {
		if found := v.unitsSpelt(from); len(found) > 0 {
			return r, fmt.Errorf("%s is a unit of %s, %s is wanted", from, v.Units[found[0]].Dimension, t.Dimension)
		}
		return r, fmt.Errorf("unit %q is not known", from)
	}
	if r.Low, err = scaled(r.Low, f.Factor, t.Factor); err != nil {
		return r, err
	}
	r.High, err = scaled(r.High, f.Factor, t.Factor)
	return r, err
}

func scaled(d, up, down quant.Decimal) (quant.Decimal, error) {
	d, err := d.Mul(up)
	if err != nil {
		return d, err
	}
	return d.Quo(down)
}
