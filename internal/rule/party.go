package rule

import (
	"fmt"
	"strings"

	"lodestone/internal/fact"
)

// party: a stated party stands on one of these lists, with this measure, on the day of the case. Yes where the listing is in force,
// unknown where its standing is not established, else no. Where no party is stated there is nobody to look up: the leaf is no, and the
// determination says that the party layer was not assessed.
type party struct {
	said
	lists   []int // nil: any
	measure uint64
}

func newParty(s *PartySpec, in Scope) (Node, error) {
	p := &party{said: said{"end_user", s.test()}}
	for _, id := range s.Lists {
		n, ok := in.List(id)
		if !ok {
			return nil, fmt.Errorf("%q is no party list", id)
		}
		p.lists = append(p.lists, n)
	}
	if s.Measure != "" {
		set, err := termsOf("measure", []string{s.Measure}, in)
		if err != nil {
			return nil, err
		}
		p.measure = set
	}
	return p, nil
}

func (l *party) about(p Party) bool {
	if l.measure != 0 && p.Measures&l.measure == 0 {
		return false
	}
	for _, n := range l.lists {
		if n == p.List {
			return true
		}
	}
	return l.lists == nil
}

func (l *party) Eval(c *Case) Truth {
	t := No
	for _, p := range c.Parties {
		if l.about(p) {
			t = Or(t, p.State)
		}
	}
	return t
}

func (s *PartySpec) test() string {
	test := "on a list"
	if s.Lists != nil {
		test = "on " + strings.Join(s.Lists, ", ")
	}
	if s.Measure != "" {
		test += " with " + s.Measure
	}
	return test
}

func (l *party) Found(c *Case) Found {
	for _, p := range c.Parties {
		if l.about(p) {
			hit := c.Listed[p.Listed]
			return Found{Value: hit.Name, Source: fact.Column, Words: hit.Field}
		}
	}
	c.Quoted |= quotedNames
	for _, name := range [...]string{c.EndUser, c.Consignee} {
		if name != "" {
			return Found{Value: name, Source: fact.Column}
		}
	}
	return Found{}
}

func (l *party) necessary(n *Needs) {}
