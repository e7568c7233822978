package rule

import (
	"fmt"

	"lodestone/internal/vocab"
)

// about: the words name such stuff, by kind or by element, be it the thing itself or what a technology is about. It is never yes, since words
// that name the stuff do not say which technology about it is meant; no where a description names nothing of it.
type about struct {
	kinds    []vocab.KindID
	elements vocab.Elements
}

func newAbout(words []string, in Scope) (Node, error) {
	l := &about{}
	for _, w := range words {
		if e, ok := vocab.ElementOf(w); ok {
			l.elements.Add(e)
			continue
		}
		id, ok := in.Vocab.Kind(w)
		if !ok {
			return nil, fmt.Errorf("%q is no kind of vocab/kinds and no element symbol", w)
		}
		l.kinds = append(l.kinds, id)
	}
	return l, nil
}

func (l *about) Eval(c *Case) Truth {
	if c.Description == "" || c.Present.Meets(l.elements) {
		return Unknown
	}
	for _, m := range c.Mentions {
		for _, k := range l.kinds {
			if c.Vocab.IsA(m.Kind, k) {
				return Unknown
			}
		}
	}
	return No
}

func (l *about) Fact() string        { return "description" }
func (l *about) Test() string        { return "which technology is meant" }
func (l *about) Found(c *Case) Found { return foundKinds(c) }
func (l *about) necessary(n *Needs)  {}
