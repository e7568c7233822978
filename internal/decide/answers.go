package decide

import (
	"slices"
	"strings"

	"lodestone/internal/rule"
	"lodestone/internal/when"
)

// Answers lists the answers to a question of the last explanation that may lead to different ends on a day; nil: they cannot be listed, as with a
// name or a customs code.
func (d *Decider) Answers(a *Ask, on when.Date) []rule.Answer {
	if a.leaves == nil {
		return nil
	}
	return rule.Answers(a.leaves, d.book.Vocab, d.countries(on))
}

// countries are the countries of the world, those together that no rule tells apart on a day: a country that a rule names stands by itself, the
// others by the groups that they are in.
func (d *Decider) countries(on when.Date) [][]string {
	if d.classes != nil && d.classesOn == on {
		return d.classes
	}
	named := map[string]bool{}
	for n := range d.book.Norms {
		for _, node := range []rule.Node{d.book.Norms[n].When, d.book.Norms[n].Scope} {
			rule.PlacesNamed(node, func(code string) { named[code] = true })
		}
	}
	v := d.book.Vocab
	var classes [][]string
	place := map[string]int{}
	for i := range v.Countries {
		code := v.Countries[i].Code
		var in strings.Builder
		if named[code] {
			in.WriteString(code)
		}
		for g := range v.CountryGroups {
			for _, m := range v.CountryGroups[g].Members {
				if m.Code == code && on >= m.From && (m.To == 0 || on <= m.To) {
					in.WriteString(" " + v.CountryGroups[g].ID)
				}
			}
		}
		at, met := place[in.String()]
		if !met {
			at = len(classes)
			place[in.String()] = at
			classes = append(classes, nil)
		}
		classes[at] = append(classes[at], code)
	}
	slices.SortStableFunc(classes, func(a, b []string) int { return len(a) - len(b) })
	d.classes, d.classesOn = classes, on
	return classes
}
