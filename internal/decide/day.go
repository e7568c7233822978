package decide

import (
	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/rule"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// Day is the day whose law applies to an item: for goods the day on which customs accepts the declaration, for technology the day of
// supply, for goods that leave another country than the law's own the day on which they leave. Zero: the item states no day.
func (d *Decider) Day(it *fact.Item) when.Date {
	if it.ShipDate != 0 && !d.declared(it) {
		return it.ShipDate
	}
	return it.Day()
}

// declared says that customs of the law's own country accepts a declaration for the item.
func (d *Decider) declared(it *fact.Item) bool {
	if it.From != (vocab.Country{}) && d.home != (vocab.Country{}) && it.From != d.home {
		return false
	}
	if it.Procedure != 0 && it.Procedure == d.words.intangible {
		return false
	}
	forms := it.Forms
	for _, m := range it.Mentions {
		forms |= d.book.Vocab.KindForms(m.Kind)
	}
	return forms&d.words.technology == 0
}

// supervised lets bans count that begin after customs has accepted a declaration and before the goods leave: until then they stay under
// customs supervision, and a listing stops what is under way. Such a ban is a matter for review.
func (d *Decider) supervised(it *fact.Item) {
	r := &d.result
	day := r.At.Effective
	if it.DeclarationDate == 0 || day < it.DeclarationDate || day >= it.ShipDate || !d.declared(it) {
		return
	}
	if d.book.LastChange(it.ShipDate) <= day {
		return // nothing changed between the two days
	}
	then := d.aheadOf().again(it.ShipDate, it, d)
	for i := range then.Findings {
		f := then.Findings[i]
		if f.May != law.Prohibited || f.Truth == rule.No || f.State.Truth() == rule.No || d.stands(f.Norm) {
			continue
		}
		f.Effect, f.BeforeExit = law.Review, true
		r.Findings = append(r.Findings, f)
	}
}

// stands says that a norm raised a finding that is not no and is in force, or may be, on the day of the result.
func (d *Decider) stands(n int) bool {
	for i := range d.result.Findings {
		f := &d.result.Findings[i]
		if f.Norm == n && f.Truth != rule.No && f.State.Truth() != rule.No {
			return true
		}
	}
	return false
}

// aheadOf is the Decider that looks at later days.
func (d *Decider) aheadOf() *Decider {
	if d.ahead == nil {
		d.ahead = New(d.book)
		d.ahead.snapshots = d.snapshots
	}
	return d.ahead
}
