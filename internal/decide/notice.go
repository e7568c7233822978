package decide

import (
	"lodestone/internal/law"
	"lodestone/internal/rule"
)

// noticesOf lists the norms of kind flag: they point something out where their condition holds, and never change an outcome.
func noticesOf(b *law.Book) []int {
	var norms []int
	for n := range b.Norms {
		if b.Norms[n].Kind == "flag" {
			norms = append(norms, n)
		}
	}
	return norms
}

// noticed lists the flags whose condition holds by what is stated; what is left empty raises none.
func (d *Decider) noticed() []int {
	var norms []int
	for _, n := range d.notices {
		c := &d.book.Norms[n]
		if d.result.Snapshot.Standings[n].State == law.InForce && c.When.Eval(&d.c) == rule.Yes && (c.Scope == nil || c.Scope.Eval(&d.c) == rule.Yes) {
			norms = append(norms, n)
		}
	}
	return norms
}
