package fact

import (
	"strings"

	"lodestone/internal/problem"
	"lodestone/internal/quant"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

var licenceKeys = []string{"kind", "no", "items", "end_user", "quantity", "valid"}

// licence reads the notation of a held licence:
//
//	kind=individual; no=…; items=1C905.a.4, 1C904; end_user=…; quantity=500 kg; valid=2026-01-01..2026-12-31
//
// A missing key is not stated; either end of valid may be missing, and the last day is included.
func (r *Reader) licence(value string) (*Licence, *fault) {
	l := &Licence{}
	f := each(value, ";；\n", func(entry string) *fault {
		key, text, ok := strings.Cut(entry, "=")
		if !ok {
			return faultf("kind=individual; no=…", "%q has no =", clip(entry))
		}
		return r.licenceKey(l, strings.ToLower(trim(key)), trim(text))
	})
	if f != nil {
		return nil, f
	}
	return l, nil
}

func (r *Reader) licenceKey(l *Licence, key, text string) (f *fault) {
	if text == "" {
		return nil
	}
	switch key {
	case "kind":
		var t vocab.TermID
		t, f = r.term("licence_kind", text)
		l.Kind = t
	case "no":
		l.No = text
	case "items":
		return each(text, ",，、/ ", func(item string) *fault {
			l.Items = append(l.Items, item)
			return nil
		})
	case "end_user":
		l.EndUser = text
	case "quantity":
		var d quant.Decimal
		d, l.Unit, f = r.quantityUnit(text)
		l.Quantity = quant.Exactly(d)
	case "valid":
		l.Valid, f = validity(text)
	default:
		return faultf(problem.Nearest(key, licenceKeys), "%q is no part of a licence", clip(key))
	}
	return f
}

func (r *Reader) quantityUnit(text string) (quant.Decimal, string, *fault) {
	d, unit, f := numberPrefix(ordinary(text), r.DecimalComma)
	if f == nil && d.Sign() < 0 {
		f = faultf("", "%s is below zero", d)
	}
	return d, strings.TrimSpace(unit), f
}

// validity reads from..to; the last day is included.
func validity(text string) (when.Interval, *fault) {
	from, to, ok := strings.Cut(text, "..")
	if !ok {
		return when.Interval{}, faultf("valid=2026-01-01..2026-12-31", "%q is no span of days", clip(text))
	}
	var i when.Interval
	var f *fault
	if from = trim(from); from != "" {
		if i.From, f = date(from); f != nil {
			return i, f
		}
	}
	if to = trim(to); to != "" {
		if i.Until, f = date(to); f != nil {
			return i, f
		}
		i.Until++
	}
	if i.Until != 0 && i.Until <= i.From {
		return i, faultf("", "%s ends before it begins", text)
	}
	return i, nil
}
