package rule

import (
	"fmt"
	"strings"

	"lodestone/internal/fact"
	"lodestone/internal/quant"
	"lodestone/internal/vocab"
)

// share: named content makes up so much of the thing, in percent by value or by mass. It reads what the parts add up to; without parts,
// a closed composition that holds none of the content's elements is a share of zero, and anything else is unknown.
type share struct {
	spec     ShareSpec
	within   quant.Range
	elements vocab.Elements // of the content; empty: not told by elements
	key      string
}

func newShare(s *ShareSpec, in Scope) (Node, error) {
	r, ok, err := s.Bounds.rangeOf()
	if err != nil {
		return nil, err
	}
	if !ok || s.By != "value" && s.By != "mass" {
		return nil, fmt.Errorf("give by: value or mass, and a bound")
	}
	l := &share{spec: *s, within: r, key: s.By + " " + strings.Join(s.Of, ",")}
	for _, of := range s.Of {
		id, isGroup := strings.CutPrefix(of, "group:")
		g, ok := in.Vocab.Group(id)
		if !isGroup || !ok {
			return nil, fmt.Errorf("%q is no group of content", of)
		}
		for _, symbol := range in.Vocab.Groups[g-1].Elements {
			if e, ok := vocab.ElementOf(symbol); ok {
				l.elements.Add(e)
			}
		}
	}
	return l, nil
}

func (l *share) Eval(c *Case) Truth {
	for i := range c.Shares {
		if c.Shares[i].Key == l.key {
			if yes, settled := c.Shares[i].Range.Compare(l.within); settled {
				return Is(yes)
			}
			return Unknown
		}
	}
	if c.ListClosed && !l.elements.Empty() && !c.Present.Meets(l.elements) && !c.Maybe.Meets(l.elements) {
		return Is(quant.Exactly(quant.Decimal{}).Within(l.within))
	}
	return Unknown
}

func (l *share) Fact() string { return "shares." + strings.Join(l.spec.Of, ",") }
func (l *share) Test() string { return l.spec.Bounds.test("percent") + " by " + l.spec.By }

func (l *share) Found(c *Case) Found {
	for i := range c.Shares {
		if c.Shares[i].Key == l.key {
			return Found{Value: c.Shares[i].Range.String() + " %", Source: fact.Parts}
		}
	}
	return Found{}
}

func (l *share) necessary(n *Needs) {}
