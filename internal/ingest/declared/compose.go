package declared

import (
	"math/big"
	"regexp"
	"strings"
	"unicode"

	"lodestone/internal/vocab"
)

// content is what one line adds to a composition, in percent of the whole that is composed.
type content struct {
	elements vocab.Elements // contained for certain, where the line is there at all
	open     bool           // it may hold others besides
	low      *big.Rat       // not nil
	high     *big.Rat       // nil: up to all of it
	maybe    bool           // it may be none at all
}

// may says whether an element may be in there.
func (c *content) may(e vocab.Element) bool { return c.open || c.elements.Has(e) }

// resolve finds out what a substance is made of: by its CAS number, else by its name. What neither tells may hold anything.
func resolve(v *vocab.Vocab, s *Substance) (elements vocab.Elements, open bool) {
	if stuff, ok := v.Stuff(s.CAS); ok {
		return stuff.Elements, stuff.Open
	}
	name := strings.TrimSpace(s.Name)
	if e, ok := v.ElementNamed(name); ok {
		elements.Add(e)
		return elements, s.CAS != "" // a number that is not known is no element's
	}
	for _, m := range v.Words().Find(nil, name) {
		elements.Union(v.KindElements(m.Kind))
	}
	return elements, true
}

// contents turns the lines of a material into what they add, as far as the share of the material goes.
func (m *Material) contents(v *vocab.Vocab) []content {
	list := make([]content, 0, len(m.Substances))
	for i := range m.Substances {
		s := &m.Substances[i]
		c := content{low: zero, high: s.High, maybe: s.Maybe}
		if s.Low != nil {
			c.low = s.Low
		}
		if c.high != nil && c.high.Sign() == 0 {
			c.maybe = true // declared to be none
		}
		c.elements, c.open = resolve(v, s)
		if s.Unread {
			c.low, c.high, c.open, c.maybe = zero, nil, true, true
		}
		list = append(list, c)
	}
	return list
}

// Compose is the composition of the material, in the notation of the column composition.
func (m *Material) Compose(v *vocab.Vocab) string {
	return compose(m.contents(v), m.Full)
}

// Compose is the composition of the part: that of its materials by their shares in the part. Where masses are missing, the elements of its
// materials are present, and no more is said.
func (p *Part) Compose(v *vocab.Vocab) string {
	all, full := flagged(v, p.Flags), len(p.Materials) > 0
	shares, complete := p.shares()
	for i := range p.Materials {
		m := &p.Materials[i]
		full = full && m.Full
		for _, c := range m.contents(v) {
			all = append(all, scaled(c, shares[i]))
		}
		if len(m.Substances) == 0 {
			full = false
		}
	}
	return compose(all, full && complete)
}

// shares is the share of each material in the part; nil: not known. complete says that they make up all of it.
func (p *Part) shares() (shares []*big.Rat, complete bool) {
	shares = make([]*big.Rat, len(p.Materials))
	if len(p.Materials) == 1 && (p.Mass == nil || p.Materials[0].Mass == nil) && p.Materials[0].Fraction == nil {
		return []*big.Rat{big.NewRat(1, 1)}, true
	}
	sum, known := new(big.Rat), true
	for i := range p.Materials {
		m := &p.Materials[i]
		if m.Mass == nil {
			known = false
			continue
		}
		sum.Add(sum, m.Mass)
	}
	whole := sum
	if p.Mass != nil && p.Mass.Cmp(sum) >= 0 {
		whole = p.Mass
	}
	total := new(big.Rat)
	for i := range p.Materials {
		m := &p.Materials[i]
		switch {
		case m.Fraction != nil:
			shares[i] = m.Fraction
		case m.Mass != nil && whole.Sign() > 0 && (known || p.Mass != nil && whole == p.Mass):
			shares[i] = new(big.Rat).Quo(m.Mass, whole)
		default:
			return shares, false
		}
		total.Add(total, shares[i])
	}
	missing := new(big.Rat).Sub(hundred, total.Mul(total, hundred))
	return shares, missing.Abs(missing).Cmp(slack) <= 0
}

// scaled is a content of a material as one of the part.
func scaled(c content, share *big.Rat) content {
	if share == nil {
		c.low, c.high = zero, nil
		return c
	}
	c.low = new(big.Rat).Mul(c.low, share)
	if c.high == nil {
		c.high = hundred
	}
	c.high = new(big.Rat).Mul(c.high, share)
	return c
}

// flagged reads what is declared of a part as a whole: that an element, or a compound of it, is there above a threshold, or is not.
func flagged(v *vocab.Vocab, flags []Substance) (list []content) {
	for i := range flags {
		f := &flags[i]
		elements, _ := resolve(v, f)
		for _, word := range strings.FieldsFunc(f.Name, func(r rune) bool { return !unicode.IsLetter(r) }) {
			if e, ok := v.ElementNamed(word); ok {
				elements.Add(e)
			}
		}
		if !elements.Empty() {
			list = append(list, content{elements: elements, open: true, low: zero, high: f.High, maybe: f.Maybe})
		}
	}
	return list
}

// compose says of each element that is named how much of it there is at least and at most. What a line without any doubt cannot hold bounds it
// from above; what it may hold does where the list is a full one. A full list of substances that hide nothing is closed. Only what is declared to
// be none is none: that others make up the whole is a sum of rounded numbers.
func compose(list []content, full bool) string {
	sum, hides := new(big.Rat), false
	for i := range list {
		sum.Add(sum, list[i].low)
		hides = hides || list[i].open
	}
	over := new(big.Rat).Sub(sum, hundred)
	switch {
	case over.Cmp(slack) > 0: // the amounts contradict one another: only that the substances are there remains
		for i := range list {
			list[i].low, list[i].high = zero, nil
		}
		full = false
	case over.Sign() > 0: // rounded amounts
		for i := range list {
			list[i].low = new(big.Rat).Quo(new(big.Rat).Mul(list[i].low, hundred), sum)
		}
	default:
		full = full && over.Neg(over).Cmp(slack) <= 0
	}
	var named vocab.Elements
	for i := range list {
		named.Union(list[i].elements)
	}
	var entries []string
	named.Each(func(e vocab.Element) { entries = append(entries, e.String()+" "+amountOf(list, e, full)) })
	if full && !hides {
		entries = append(entries, "rest none")
	}
	return strings.Join(entries, "; ")
}

// amountOf is what a list says of one element.
func amountOf(list []content, e vocab.Element, full bool) string {
	low, others, most := new(big.Rat), new(big.Rat), new(big.Rat)
	present, bounded, denied := false, full, true
	for i := range list {
		c := &list[i]
		if !c.may(e) {
			others.Add(others, c.low)
			continue
		}
		if c.high == nil {
			bounded = false
		} else {
			most.Add(most, c.high)
		}
		if c.elements.Has(e) {
			present = present || !c.maybe
			denied = denied && c.high != nil && c.high.Sign() == 0
			var only vocab.Elements
			only.Add(e)
			if c.elements == only && !c.open {
				low.Add(low, c.low)
			}
		}
	}
	high := new(big.Rat).Sub(hundred, others)
	if bounded && most.Cmp(high) < 0 {
		high = most
	}
	lowText, highText := decimal(low, false), decimal(high, true)
	switch {
	case present && high.Sign() == 0: // it is there, although the rest makes up the whole
		return "present"
	case high.Sign() == 0 && denied:
		return "none"
	case high.Sign() == 0: // amounts are rounded
		return "<=" + slack.FloatString(1) + "%"
	case low.Sign() > 0 && lowText == highText:
		return lowText + "%"
	case low.Sign() > 0 && lowText != "0":
		return lowText + "-" + highText + "%"
	case present && high.Cmp(hundred) >= 0:
		return "present"
	case present:
		return ">0 <=" + highText + "%"
	}
	return "<=" + highText + "%"
}

// places are the decimal places that shares are written with; beyond them a lower bound is rounded down and an upper one up.
const places = 8

func decimal(x *big.Rat, up bool) string {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(places), nil)
	n, rest := new(big.Int).QuoRem(new(big.Int).Mul(x.Num(), scale), x.Denom(), new(big.Int))
	if up && rest.Sign() > 0 {
		n.Add(n, big.NewInt(1))
	}
	s := new(big.Rat).SetFrac(n, scale).FloatString(places)
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

var casInText = regexp.MustCompile(`\d{2,7}-\d{2}-\d`)

// casOf finds a CAS number in what stands in its place; empty: there is none (0000-00-0, "system", "proprietary").
func casOf(s string) string {
	s = casInText.FindString(s)
	if !vocab.ValidCAS(s) || strings.Trim(s, "0-") == "" {
		return ""
	}
	return s
}
