package decide

import (
	"lodestone/internal/law"
	"lodestone/internal/rule"
)

// noticed lists the flags whose condition holds by what is stated; what is left empty raises none.
func (d *Decider) noticed() []int {
	var norms []int
	for _, n := range d.notices {
		c := &d.book.Norms[n]
		if d.state(n) == law.InForce && c.When.Eval(&d.c) == rule.Yes && (c.Scope == nil || c.Scope.Eval(&d.c) == rule.Yes) {
			norms = append(norms, n)
		}
	}
	return norms
}
