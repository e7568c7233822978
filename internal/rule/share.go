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
	spec    ShareSpec
	within  quant.Range
	content Content
}

// Content is what a share counts in the parts of a thing. Two leaves that count the same have the same Key, whatever their bounds.
type Content struct {
	Key      string
	ByMass   bool            // counted by mass; else by value
	Groups   []vocab.GroupID // the norms of these groups say what it is; empty: anything
	Elements vocab.Elements  // of the groups; empty: it is not told by elements
	Origin   Node            // a part counts only with this origin; nil: any
	Where    Node            // what else a part must meet; nil: nothing
}

// ShareTest is a share leaf as the roll-up and the printers need it.
type ShareTest struct {
	*Content
	Within quant.Range // bounds in percent
	Bounds Bounds      // the same as the law file has them
}

// ShareOf returns what a leaf counts and requires, where it is a share leaf.
func ShareOf(l Leaf) (ShareTest, bool) {
	s, ok := l.(*share)
	if !ok {
		return ShareTest{}, false
	}
	return ShareTest{&s.content, s.within, s.spec.Bounds}, true
}

// Threshold prints the bounds in parts of one: ">= 0.001".
func (t ShareTest) Threshold() string {
	ofOne := func(percent string) string {
		d, err := quant.ParseDecimal(percent)
		if err != nil {
			return ""
		}
		d, err = d.Quo(quant.Int(100))
		if err != nil {
			return percent + " %"
		}
		return d.String()
	}
	b := t.Bounds
	return Bounds{ofOne(b.Over), ofOne(b.AtLeast), ofOne(b.Under), ofOne(b.AtMost), ofOne(b.Equals)}.Test("")
}

func newShare(s *ShareSpec, in Scope) (Node, error) {
	r, ok, err := s.Bounds.Range()
	if err != nil {
		return nil, err
	}
	if !ok || s.By != "value" && s.By != "mass" {
		return nil, fmt.Errorf("give by: value or mass, and a bound")
	}
	if len(s.Of) == 0 && s.Where == nil && len(s.Origin) == 0 {
		return nil, fmt.Errorf("say what is counted: of, where or origin")
	}
	l := &share{spec: *s, within: r, content: Content{ByMass: s.By == "mass"}}
	if err := l.content.nameGroups(s.Of, in); err != nil {
		return nil, err
	}
	if err := l.content.nameParts(s, in); err != nil {
		return nil, err
	}
	l.content.Key = l.content.key(s)
	return l, nil
}

func (k *Content) nameGroups(of []string, in Scope) error {
	for _, word := range of {
		id, isGroup := strings.CutPrefix(word, "group:")
		g, ok := in.Vocab.Group(id)
		if !isGroup || !ok {
			return fmt.Errorf("%q is no group of content", word)
		}
		k.Groups = append(k.Groups, g)
		for _, symbol := range in.Vocab.Groups[g-1].Elements {
			if e, ok := vocab.ElementOf(symbol); ok {
				k.Elements.Add(e)
			}
		}
	}
	return nil
}

func (k *Content) nameParts(s *ShareSpec, in Scope) (err error) {
	if len(s.Origin) > 0 {
		if k.Origin, err = newPlace("origin", s.Origin, in); err != nil {
			return err
		}
	}
	if s.Where == nil {
		return nil
	}
	if k.Where, err = Compile(s.Where, in); err != nil {
		return fmt.Errorf("where: %w", err)
	}
	if m := MarksOf(k.Where); m.RestsOnOthers() || m.Share || m.Party {
		return fmt.Errorf("where: a part is judged by its own facts, not by caught, share or party")
	}
	return nil
}

// key is the same for leaves that count the same.
func (k *Content) key(s *ShareSpec) string {
	return strings.Join([]string{s.By, "of " + strings.Join(s.Of, " "), "origin " + strings.Join(s.Origin, " "), "where " + written(k.Where)}, ";")
}

// written spells a condition out, so that two that differ differ.
func written(n Node) string {
	switch n := n.(type) {
	case All:
		return "all" + writtenAll(n)
	case Any:
		return "any" + writtenAll(n)
	case Negation:
		return "not" + writtenAll([]Node{n.Of})
	case Count:
		return fmt.Sprint("at_least ", n.N) + writtenAll(n.Of)
	case *prefix:
		return n.column + " " + strings.Join(n.codes, " ")
	case Leaf:
		return n.Fact() + " " + n.Test()
	}
	return ""
}

func writtenAll(nodes []Node) string {
	parts := make([]string, len(nodes))
	for i, n := range nodes {
		parts[i] = written(n)
	}
	return "(" + strings.Join(parts, ",") + ")"
}

func (l *share) Eval(c *Case) Truth {
	for i := range c.Shares {
		if c.Shares[i].Key == l.content.Key {
			if yes, settled := c.Shares[i].Range.Compare(l.within); settled {
				return Is(yes)
			}
			return Unknown
		}
	}
	elements := l.content.Elements
	if c.ListClosed && !elements.Empty() && !c.Present.Meets(elements) && !c.Maybe.Meets(elements) {
		return Is(quant.Exactly(quant.Decimal{}).Within(l.within))
	}
	return Unknown
}

func (l *share) Fact() string {
	named := append(append([]string{}, l.spec.Of...), l.spec.Origin...)
	return "shares." + strings.Join(named, ",")
}

func (l *share) Test() string { return l.spec.Bounds.Test("percent") + " by " + l.spec.By }

func (l *share) Found(c *Case) Found {
	for i := range c.Shares {
		if c.Shares[i].Key == l.content.Key {
			return Found{Value: c.Shares[i].Range.String() + " %", Source: fact.Parts}
		}
	}
	return Found{}
}

func (l *share) necessary(n *Needs) {}
