package rule

import (
	"fmt"
	"strings"

	"lodestone/internal/vocab"
)

// caught: the thing is caught by one of these norms, or by a norm of one of these groups, and that norm is in force on the day. What
// counts is what the thing is, not whence it goes: a rule on passing goods on between third countries speaks of the same goods.
type caught struct {
	said
	groups []vocab.GroupID
	norms  []int
	any    bool
}

func newCaught(words []string, in Scope) (Node, error) {
	l := &caught{said: said{"caught", strings.Join(words, ", ")}}
	for _, w := range words {
		id, isGroup := strings.CutPrefix(w, "group:")
		switch {
		case w == "group:*":
			l.any = true
		case isGroup:
			g, ok := in.Vocab.Group(id)
			if !ok {
				return nil, fmt.Errorf("%q is no group of vocab/groups", id)
			}
			l.groups = append(l.groups, g)
		default:
			n, ok := in.Norm(w)
			if !ok {
				return nil, fmt.Errorf("%q is no norm", w)
			}
			l.norms = append(l.norms, n)
		}
	}
	return l, nil
}

func (l *caught) Eval(c *Case) Truth {
	t := No
	if l.any {
		t = c.Caught.Any
	}
	for _, g := range l.groups {
		t = Or(t, c.Caught.Groups[g])
	}
	for _, n := range l.norms {
		t = Or(t, c.Caught.Norms[n])
	}
	return t
}

func (l *caught) Found(c *Case) Found { return Found{} }
func (l *caught) necessary(n *Needs)  {}
