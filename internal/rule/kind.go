package rule

import (
	"fmt"
	"strings"

	"lodestone/internal/fact"
	"lodestone/internal/vocab"
)

// kind: the thing is of a named kind. Yes where the words name it or a kind that is one. No where the facts exclude every kind asked for:
// an element of it is known to be none, a stated form does not go with its forms, the words name another kind that is not related to
// it, or a description is given that names no kind related to it and the customs code lies outside the year's dual-use directory.
// Otherwise unknown: that no word was recognised proves nothing.
type kind struct {
	said
	ids   []vocab.KindID
	vocab *vocab.Vocab
}

func kindsOf(words []string, in Scope) ([]vocab.KindID, error) {
	var ids []vocab.KindID
	for _, w := range words {
		id, ok := in.Vocab.Kind(w)
		if !ok {
			return nil, fmt.Errorf("%q is no kind of vocab/kinds", w)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

func newKind(words []string, in Scope) (Node, error) {
	ids, err := kindsOf(words, in)
	return &kind{said{"kind", strings.Join(words, ", ")}, ids, in.Vocab}, err
}

func (l *kind) Eval(c *Case) Truth {
	open := false
	for _, k := range l.ids {
		if c.Named(k) != nil {
			return Yes
		}
		open = open || !excluded(k, c)
	}
	if open {
		return Unknown
	}
	return No
}

func excluded(k vocab.KindID, c *Case) bool {
	elements, forms := c.Vocab.KindElements(k), c.Vocab.KindForms(k)
	if c.LacksAny(elements) {
		return true
	}
	if c.Forms != 0 && !c.Clash && forms&^c.Possible != 0 {
		return true
	}
	if !c.Specific && !(c.CodeOutside && c.Description != "") {
		return false
	}
	for _, m := range c.Mentions {
		if c.Vocab.IsA(k, m.Kind) {
			return false // the words name a wider kind
		}
	}
	return true
}

func (l *kind) Found(c *Case) Found {
	for _, k := range l.ids {
		if m := c.Named(k); m != nil {
			return Found{Value: c.Vocab.Kinds[m.Kind-1].ID, Source: fact.Description, Words: c.Description[m.Start:m.End]}
		}
	}
	return foundKinds(c)
}

func foundKinds(c *Case) Found {
	var ids []string
	for _, m := range c.Mentions {
		ids = append(ids, c.Vocab.Kinds[m.Kind-1].ID)
	}
	if ids == nil {
		return Found{}
	}
	m := c.Mentions[0]
	return Found{Value: strings.Join(ids, ", "), Source: fact.Description, Words: c.Description[m.Start:m.End]}
}

func (l *kind) necessary(n *Needs) {
	n.narrowKinds(l.ids)
	var all vocab.FormSet
	var common vocab.Elements
	for i, k := range l.ids {
		forms := l.vocab.KindForms(k)
		if forms == 0 {
			all = ^vocab.FormSet(0)
		}
		all |= forms
		if i == 0 {
			common = l.vocab.KindElements(k)
			continue
		}
		e := l.vocab.KindElements(k)
		common[0], common[1] = common[0]&e[0], common[1]&e[1]
	}
	n.narrowForms(all)
	n.Elements.Union(common)
}

// named: the words of the description name a kind. Unlike kind it takes a description at its word: one that does not name it is no. It is
// for what an act takes out, which defeats only where it is stated.
type named struct {
	said
	ids []vocab.KindID
}

func newNamed(words []string, in Scope) (Node, error) {
	ids, err := kindsOf(words, in)
	return &named{said{"description", "names " + strings.Join(words, ", ")}, ids}, err
}

func (l *named) Eval(c *Case) Truth {
	for _, k := range l.ids {
		if c.Named(k) != nil {
			return Yes
		}
	}
	if c.Description == "" {
		return Unknown
	}
	return No
}

func (l *named) Found(c *Case) Found { return foundKinds(c) }
func (l *named) necessary(n *Needs)  {}
