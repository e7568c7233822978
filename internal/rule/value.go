package rule

import (
	"fmt"

	"lodestone/internal/fact"
	"lodestone/internal/quant"
)

// line_value: what the line is worth, in one currency, lies within bounds. A line that states no shipment is a consignment by itself; one that states
// one may be only part of it, so that its value is a lower bound. Another currency is unknown: nothing is converted.
type lineValue struct {
	said
	currency string
	within   quant.Range
}

func newLineValue(s *ValueSpec, _ Scope) (Node, error) {
	r, bounded, err := s.Bounds.Range()
	if err == nil && (!bounded || len(s.Currency) != 3) {
		err = fmt.Errorf("give bounds and a currency of three letters")
	}
	return &lineValue{said{"value", s.Bounds.Test(s.Currency)}, s.Currency, r}, err
}

// worth is the value of what is shipped, as far as it is known.
func (l *lineValue) worth(c *Case) (r quant.Range, ok bool) {
	if c.Currency != l.currency || !c.Value.HasLow && !c.Value.HasHigh {
		return r, false
	}
	r = c.Value
	if c.ValueIsUnit {
		n, exact := c.Quantity.Exact()
		if !exact {
			return r, false
		}
		var err error
		if r, err = r.Scale(n); err != nil {
			return r, false
		}
	}
	if c.Shipment != "" {
		r.HasHigh = false
	}
	return r, true
}

func (l *lineValue) Eval(c *Case) Truth {
	c.Asked.value = true
	r, ok := l.worth(c)
	if !ok {
		return Unknown
	}
	if yes, settled := r.Compare(l.within); settled {
		return Is(yes)
	}
	return Unknown
}

func (l *lineValue) Found(c *Case) Found {
	if !c.Value.HasLow && !c.Value.HasHigh {
		return Found{}
	}
	c.Quoted |= quotedValue
	return Found{Value: c.Value.String() + " " + c.Currency, Source: fact.Column}
}

func (l *lineValue) necessary(n *Needs) {}
