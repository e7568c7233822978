package rule

import (
	"strings"

	"lodestone/internal/fact"
	"lodestone/internal/vocab"
)

// form: the thing has one of these forms. Yes where one of them is stated by column or words; no where no stated form can go together with
// any of them, which a word by itself never settles; unknown where no form is stated, or the stated ones cannot go together (a contradiction answers nothing).
type form struct {
	said
	set vocab.FormSet
}

func newForm(words []string, in Scope) (Node, error) {
	set, err := in.Vocab.FormsOf(words)
	return &form{said{"form", strings.Join(words, ", ")}, set}, err
}

func (l *form) Eval(c *Case) Truth {
	switch {
	case c.Clash:
		return Unknown
	case (c.Forms|c.Worded)&l.set != 0:
		return Yes
	case c.Forms == 0:
		return Unknown
	case c.Possible&l.set == 0:
		return No
	}
	return Unknown
}

func (l *form) Found(c *Case) Found {
	if c.Item.Forms != 0 {
		return Found{Value: strings.Join(c.Vocab.FormWords(c.Item.Forms), ", "), Source: fact.Column}
	}
	for _, m := range c.Mentions {
		if f := c.Vocab.KindForms(m.Kind); f != 0 {
			return Found{Value: strings.Join(c.Vocab.FormWords(f), ", "), Source: fact.Description, Words: c.Description[m.Start:m.End]}
		}
	}
	if c.Worded != 0 {
		return Found{Value: strings.Join(c.Vocab.FormWords(c.Worded), ", "), Source: fact.Description, Words: c.WordedBy}
	}
	return Found{}
}

func (l *form) necessary(n *Needs) { n.narrowForms(l.set) }
