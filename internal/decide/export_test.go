package decide

import (
	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/rule"
	"lodestone/internal/when"
)

// Missed lists the norms about things that a full scan does not answer no and the index leaves out.
func Missed(b *law.Book, at when.At, it *fact.Item) []string {
	d := New(b)
	d.Decide(at, it)
	var missed []string
	for n := range b.Norms {
		c := &b.Norms[n]
		if !c.Marks.Thing || c.Marks.Share || c.Marks.RestsOnOthers() || c.Kind == "exception" || c.Kind == "duty" || c.Kind == "flag" || d.candidate.Has(n) {
			continue
		}
		if c.When.Eval(&d.c) != rule.No {
			missed = append(missed, c.Ref)
		}
	}
	return missed
}
