package rule

import (
	"fmt"
	"slices"
	"strings"

	"lodestone/internal/fact"
)

// us_licence_required: what the row declares of whether the thing needs a United States licence to its destination. Empty is unknown, and so
// is a word that is neither yes nor no.
type usLicence struct {
	said
	yes, no bool // the answers that hold
}

const usLicenceColumn = "us_licence_required"

var yesNo = map[string]Truth{"yes": Yes, "y": Yes, "true": Yes, "1": Yes, "是": Yes, "需要": Yes, "예": Yes, "필요": Yes,
	"no": No, "n": No, "false": No, "0": No, "nlr": No, "否": No, "不需要": No, "아니오": No, "불필요": No}

func newUSLicence(words []string) (Node, error) {
	l := &usLicence{said{usLicenceColumn, "no"}, slices.Contains(words, "yes"), slices.Contains(words, "no")}
	if l.yes {
		l.test = "yes"
	}
	for _, w := range words {
		if w != "yes" && w != "no" {
			return nil, fmt.Errorf("%q is neither yes nor no", w)
		}
	}
	return l, nil
}

// YesNo reads a word that says yes or no in one of the three languages; other words are unknown.
func YesNo(word string) Truth { return yesNo[strings.ToLower(strings.TrimSpace(word))] }

func (l *usLicence) stated(c *Case) string {
	for i := range c.Extra {
		if strings.EqualFold(c.Extra[i].Name, usLicenceColumn) {
			return c.Extra[i].Value
		}
	}
	return ""
}

func (l *usLicence) Eval(c *Case) Truth {
	switch YesNo(l.stated(c)) {
	case Yes:
		return Is(l.yes)
	case No:
		return Is(l.no)
	}
	return Unknown
}

func (l *usLicence) Found(c *Case) Found {
	if said := l.stated(c); said != "" {
		return Found{Value: said, Source: fact.Column}
	}
	return Found{}
}

func (l *usLicence) necessary(n *Needs) {}
