package rule

import (
	"fmt"
	"strings"

	"lodestone/internal/fact"
	"lodestone/internal/vocab"
)

// end_use, end_user_kind, procedure: one of the words of a closed vocabulary. Not stated is unknown, but for procedure, where an empty
// column means the general procedure wherever that settles it: unknown only where it matters.
type termLeaf struct {
	said
	set uint64 // one bit a term
}

func termsOf(column string, words []string, in Scope) (uint64, error) {
	var set uint64
	for _, w := range words {
		id, ok := in.Vocab.Term(column, w)
		if !ok {
			return 0, fmt.Errorf("%q is no word of vocab/uses %s", w, column)
		}
		if id > 63 {
			return 0, fmt.Errorf("%s has more than 63 words", column)
		}
		set |= 1 << id
	}
	return set, nil
}

func newTerm(column string, words []string, in Scope) (Node, error) {
	set, err := termsOf(column, words, in)
	return &termLeaf{said{column, strings.Join(words, ", ")}, set}, err
}

func (l *termLeaf) term(c *Case) vocab.TermID {
	switch l.fact {
	case "end_use":
		return c.EndUse
	case "end_user_kind":
		return c.EndUserKind
	}
	return c.Procedure
}

func (l *termLeaf) Eval(c *Case) Truth {
	t := l.term(c)
	if t == 0 {
		return Unknown
	}
	return Is(l.set>>t&1 == 1)
}

func (l *termLeaf) Found(c *Case) Found {
	if t := l.term(c); t != 0 {
		return Found{Value: c.Vocab.TermWord(l.fact, t), Source: fact.Column}
	}
	return Found{}
}

func (l *termLeaf) necessary(n *Needs) {}

// knowledge: the exporter declares that it knows, or was told, one of these. An empty column means that none is declared, and the answer says
// once that it rests on that; so this leaf is unknown only where a file of holdings leaves open who owns a stated party.
type knowledge struct {
	said
	set uint64
}

func newKnowledge(words []string, in Scope) (Node, error) {
	set, err := termsOf("knowledge", words, in)
	return &knowledge{said{"knowledge", strings.Join(words, ", ")}, set}, err
}

func (l *knowledge) Eval(c *Case) Truth {
	for _, t := range c.Knowledge {
		if l.set>>t&1 == 1 {
			return Yes
		}
	}
	owned := No
	for _, o := range c.Owned {
		if o.Knowledge == 0 || l.set>>o.Knowledge&1 == 0 {
			continue
		}
		if o.Certain {
			return Yes
		}
		owned = Unknown
	}
	return owned
}

func (l *knowledge) Found(c *Case) Found {
	var words []string
	for _, t := range c.Knowledge {
		words = append(words, c.Vocab.TermWord("knowledge", t))
	}
	for _, o := range c.Owned {
		if o.Knowledge != 0 && l.set>>o.Knowledge&1 == 1 {
			return Found{Value: c.Vocab.TermWord("knowledge", o.Knowledge), Source: fact.Holdings, Words: o.Says}
		}
	}
	if words == nil {
		return Found{Value: "none declared", Source: fact.Column}
	}
	return Found{Value: strings.Join(words, ", "), Source: fact.Column}
}

func (l *knowledge) necessary(n *Needs) {}
