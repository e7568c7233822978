package rule

import (
	"fmt"
	"slices"
	"strings"

	"lodestone/internal/fact"
	"lodestone/internal/quant"
	"lodestone/internal/vocab"
)

// share: named content makes up so much of the thing, in percent by value or by mass. It reads what the parts add up to; without parts,
// a closed composition that holds none of the content's elements is a share of zero, and anything else is unknown.
type share struct {
	said
	within    quant.Range
	threshold string
	content   Content
}

// Content is what a share counts, or a contains leaf looks for, in the parts of a thing. Two leaves that count the same have the same Key,
// whatever their bounds.
type Content struct {
	Key      string
	Fact     string          // that a norm asks for
	Presence bool            // it is looked for, and not counted
	ByMass   bool            // counted by mass; else by value
	Groups   []vocab.GroupID // the norms of these groups say what it is; empty: anything
	Elements vocab.Elements  // of the groups; empty: it is not told by elements
	Origin   Node            // a part counts only with this origin; nil: any
	Where    Node            // what else a part must meet; nil: nothing
}

// ShareTest is a share leaf as the roll-up and the printers need it.
type ShareTest struct {
	*Content
	Within    quant.Range // bounds in percent
	Threshold string      // the same in parts of one: ">= 0.001"
}

// ContentOf returns what a leaf looks for or counts in parts; nil: it is another leaf.
func ContentOf(l Leaf) *Content {
	switch l := l.(type) {
	case *share:
		return &l.content
	case *contains:
		return &l.content
	}
	return nil
}

// ShareOf returns what a leaf counts and requires, where it is a share leaf.
func ShareOf(l Leaf) (ShareTest, bool) {
	s, ok := l.(*share)
	if !ok {
		return ShareTest{}, false
	}
	return ShareTest{&s.content, s.within, s.threshold}, true
}

// ofOne prints bounds in percent in parts of one.
func (b Bounds) ofOne() string {
	shift := func(percent string) string {
		d, err := quant.ParseDecimal(percent)
		if err == nil {
			d, err = d.Quo(quant.Int(100))
		}
		if err != nil {
			return "" // an empty bound; the others were read before
		}
		return d.String()
	}
	return Bounds{shift(b.Over), shift(b.AtLeast), shift(b.Under), shift(b.AtMost), shift(b.Equals)}.Test("")
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
	named := strings.Join(append(slices.Clone(s.Of), s.Origin...), ",")
	l := &share{said: said{"shares." + named, s.Bounds.Test("percent") + " by " + s.By}, within: r, threshold: s.Bounds.ofOne(), content: Content{ByMass: s.By == "mass"}}
	if err := l.content.nameGroups(s.Of, in); err != nil {
		return nil, err
	}
	if err := l.content.nameParts(s, in); err != nil {
		return nil, err
	}
	l.content.Key, l.content.Fact = l.content.key(s), l.Fact()
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
	if m := MarksOf(k.Where); m.RestsOnOthers() || m.Share || m.Contains != nil || m.Party {
		return fmt.Errorf("where: a part is judged by its own facts, not by caught, share, contains or party")
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
	case *outside:
		return written(Negation{n.inside})
	case Count:
		return fmt.Sprint("at_least ", n.N) + writtenAll(n.Of)
	case *prefix:
		return n.fact + " " + strings.Join(n.codes, " ")
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
	if l.content.closedOut(c) {
		return Is(quant.Exactly(quant.Decimal{}).Within(l.within))
	}
	return Unknown
}

// closedOut says that a composition names all there is, and no element of the content.
func (k *Content) closedOut(c *Case) bool {
	return c.ListClosed && !k.Elements.Empty() && !c.Present.Meets(k.Elements) && !c.Maybe.Meets(k.Elements)
}

func (l *share) Found(c *Case) Found {
	for i := range c.Shares {
		if c.Shares[i].Key == l.content.Key {
			return Found{Value: c.Shares[i].Range.String() + " %", Source: fact.Parts}
		}
	}
	return Found{}
}

func (l *share) necessary(n *Needs) {}
