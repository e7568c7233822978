package decide

import (
	"slices"

	"lodestone/internal/law"
	"lodestone/internal/rule"
)

// Share is a share of content that a norm asks for.
type Share struct {
	Norm  int
	Test  rule.ShareTest
	Truth rule.Truth
}

// shared says that the parts tell something of a content that a norm asks for.
func (d *Decider) shared(m *rule.Marks) bool {
	return slices.ContainsFunc(d.c.Shares, func(f rule.ShareFact) bool { return slices.Contains(m.Contents, f.Key) })
}

// shares lists the shares that norms ask for of the item, where nothing else keeps the norm from speaking of it: also those below the limit.
func (d *Decider) shares() []Share {
	if len(d.c.Shares) == 0 {
		return nil
	}
	var list []Share
	for _, n := range d.counting {
		c := &d.book.Norms[n]
		state := d.state(n)
		if state == law.Unknown || state == law.Over || !d.shared(&c.Marks) || d.otherwiseNo(c) {
			continue
		}
		rule.Leaves(c.When, func(l rule.Leaf) {
			if test, ok := rule.ShareOf(l); ok {
				list = append(list, Share{n, test, l.Eval(&d.c)})
			}
		})
	}
	return list
}

// otherwiseNo says that a norm would not speak of the item whatever the shares are.
func (d *Decider) otherwiseNo(c *law.Compiled) bool {
	known := d.c.Shares
	d.c.Shares = nil
	defer func() { d.c.Shares = known }()
	return c.When.Eval(&d.c) == rule.No || c.Scope != nil && c.Scope.Eval(&d.c) == rule.No
}
