package rule

import (
	"strings"

	"lodestone/internal/fact"
)

// contains: some part of the thing is what norms of these groups speak of. It reads the structure; without parts, a closed composition that
// holds none of the groups' elements is no, and anything else is unknown.
type contains struct {
	words   []string
	content Content
}

func newContains(words []string, in Scope) (Node, error) {
	l := &contains{words: words, content: Content{Key: "part of " + strings.Join(words, " "), Presence: true}}
	l.content.Fact = l.Fact()
	return l, l.content.nameGroups(words, in)
}

func (l *contains) Eval(c *Case) Truth {
	for i := range c.Contained {
		if c.Contained[i].Key == l.content.Key {
			return c.Contained[i].Truth
		}
	}
	if l.content.closedOut(c) {
		return No
	}
	return Unknown
}

func (l *contains) Fact() string { return "contains." + strings.Join(l.words, ",") }
func (l *contains) Test() string { return "present" }

func (l *contains) Found(c *Case) Found {
	for i := range c.Contained {
		if x := &c.Contained[i]; x.Key == l.content.Key && x.Truth != Unknown {
			return Found{Value: x.Truth.String(), Source: fact.Parts}
		}
	}
	return Found{}
}

func (l *contains) necessary(n *Needs) {}
