package rule

import (
	"fmt"
	"slices"
	"strings"

	"lodestone/internal/fact"
	"lodestone/internal/quant"
	"lodestone/internal/vocab"
)

// param: a technical parameter lies within bounds, is one of some words, or has sizes that reach given ones. Known not to have the
// parameter (graphite powder has no flexural strength) is no; not stated is unknown; a stated range answers where it can.
type param struct {
	said
	id     vocab.ParamID
	words  []string // one of which it is; nil: it is a number or sizes
	within quant.Range
	sizes  []quant.Decimal // largest first
}

func newParam(s *ParamSpec, in Scope) (Node, error) {
	id, ok := in.Vocab.Param(s.Name)
	if !ok {
		return nil, fmt.Errorf("%q is no parameter of vocab/params", s.Name)
	}
	p := &param{said: said{"params." + s.Name, s.test()}, id: id, words: s.Is}
	def := in.Vocab.ParamDef(id)
	r, bounded, err := s.Bounds.Range()
	if err != nil {
		return nil, err
	}
	if bounded {
		p.within, err = in.Vocab.Convert(r, s.Unit, def.Unit)
		return p, err
	}
	for _, text := range s.Sizes {
		d, err := quant.ParseDecimal(text)
		if err != nil {
			return nil, err
		}
		r, err := in.Vocab.Convert(quant.Exactly(d), s.Unit, def.Unit)
		if err != nil {
			return nil, err
		}
		p.sizes = append(p.sizes, r.Low)
	}
	slices.SortFunc(p.sizes, func(a, b quant.Decimal) int { return b.Cmp(a) })
	if p.sizes == nil && s.Is == nil {
		return nil, fmt.Errorf("%s: give bounds, is or sizes", s.Name)
	}
	return p, nil
}

func (l *param) Eval(c *Case) Truth {
	p := c.Param(l.id)
	switch {
	case p == nil:
		return Unknown
	case p.None:
		return No
	case l.sizes != nil:
		return reaches(p.Sizes, l.sizes)
	case l.words != nil:
		return l.is(p.Text)
	}
	if yes, settled := p.Value.Compare(l.within); settled {
		return Is(yes)
	}
	return Unknown
}

// reaches says whether a piece, as exported, has sides of at least the given lengths: the largest against the largest.
func reaches(stated, wanted []quant.Decimal) Truth {
	if len(stated) != len(wanted) || len(stated) > 3 {
		return Unknown
	}
	var sides [3]quant.Decimal
	n := copy(sides[:], stated)
	slices.SortFunc(sides[:n], func(a, b quant.Decimal) int { return b.Cmp(a) })
	for i := range n {
		if sides[i].Cmp(wanted[i]) < 0 {
			return No
		}
	}
	return Yes
}

func (l *param) is(text string) Truth {
	if text == "" {
		return Unknown
	}
	for _, w := range l.words {
		if strings.EqualFold(w, text) {
			return Yes
		}
	}
	return No
}

func (s *ParamSpec) test() string {
	switch {
	case s.Sizes != nil:
		return ">= " + strings.Join(s.Sizes, " x ") + " " + s.Unit
	case s.Is != nil:
		return strings.Join(s.Is, ", ")
	}
	return s.Bounds.Test(s.Unit)
}

func (l *param) Found(c *Case) Found {
	p := c.Param(l.id)
	if p == nil {
		return Found{}
	}
	return Found{Value: ParamText(p, c.Vocab.ParamDef(l.id).Unit), Source: p.Source, Words: p.Words}
}

// ParamText prints a stated parameter: "99.95 %", "none", "120 x 120 x 50 mm".
func ParamText(p *fact.Param, unit string) string {
	switch {
	case p.None:
		return "none"
	case p.Text != "":
		return p.Text
	case p.Sizes != nil:
		sides := make([]string, len(p.Sizes))
		for i, s := range p.Sizes {
			sides[i] = s.String()
		}
		return strings.Join(sides, " x ") + " " + unit
	}
	return strings.TrimSpace(p.Value.String() + " " + unitSign(unit))
}

func (l *param) necessary(n *Needs) {}
