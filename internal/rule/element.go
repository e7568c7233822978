package rule

import (
	"fmt"

	"lodestone/internal/fact"
	"lodestone/internal/quant"
	"lodestone/internal/vocab"
)

// element: contains a chemical element, at all or within bounds of mass percent. It reads the composition and what named kinds are
// certain to contain. Known to be none, or a closed composition without it, is no; not stated is unknown, though what the stated
// shares leave bounds it.
type element struct {
	said
	of      vocab.Element
	bounded bool
	within  quant.Range
}

func newElement(s *ElementSpec) (Node, error) {
	e, ok := vocab.ElementOf(s.Of)
	if !ok {
		return nil, fmt.Errorf("%q is no element symbol", s.Of)
	}
	r, bounded, err := s.Bounds.Range()
	test := "present"
	if bounded {
		test = s.Bounds.Test("percent")
	}
	return &element{said{"composition." + e.String(), test}, e, bounded, r}, err
}

func (l *element) Eval(c *Case) Truth {
	if !l.bounded {
		switch {
		case c.Present.Has(l.of):
			return Yes
		case c.Lacks(l.of):
			return No
		}
		return Unknown
	}
	share, known := c.Share(l.of)
	if !known {
		return Unknown
	}
	if yes, settled := share.Compare(l.within); settled {
		return Is(yes)
	}
	return Unknown
}

func (l *element) Found(c *Case) Found {
	for i := range c.Contents {
		if x := &c.Contents[i]; x.Element == l.of {
			return Found{Value: ShareText(x), Source: x.Source, Words: x.Words}
		}
	}
	for _, m := range c.Mentions {
		if c.Vocab.KindElements(m.Kind).Has(l.of) {
			return Found{Value: "present", Source: fact.Description, Words: c.Description[m.Start:m.End]}
		}
	}
	if c.ListClosed {
		return Found{Value: "none", Source: fact.Column, Words: "rest none"}
	}
	return Found{}
}

// ShareText prints what is stated of an element: "3 %", "present", "none".
func ShareText(x *fact.Content) string {
	switch {
	case x.None:
		return "none"
	case !x.Share.HasLow && !x.Share.HasHigh:
		return "present"
	}
	return x.Share.String() + " %"
}

func (l *element) necessary(n *Needs) {
	zero := quant.Exactly(quant.Decimal{})
	if l.bounded && zero.Within(l.within) {
		return // holds for none, so none does not exclude it
	}
	n.Elements.Add(l.of)
}
