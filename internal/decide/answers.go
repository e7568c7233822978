package decide

import (
	"slices"
	"strings"

	"lodestone/internal/rule"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// Answers lists the answers to a question of the last explanation that may lead to different ends on a day; nil: they cannot be listed, as with a
// name or a customs code.
func (d *Decider) Answers(a *Ask, on when.Date) []rule.Answer {
	if a.leaves == nil {
		return nil
	}
	answers := rule.Answers(a.leaves, d.book.Vocab, d.countries(on))
	switch a.Fact {
	case "hs":
		return append(answers, d.otherCodes(a, on)...)
	case "description":
		if answers == nil { // which technology is meant: one of those of which the norms speak
			var kinds []vocab.KindID
			for _, n := range a.Settles {
				kinds = append(kinds, d.book.Norms[n].Marks.Kinds...)
			}
			return rule.KindAnswers(kinds, d.book.Vocab)
		}
	}
	return answers
}

// What codes that no condition of a question names are, as answers show it.
const (
	InDirectory      = "in_directory"
	OutsideDirectory = "outside_directory"
)

// noSuchCode is a customs code of a chapter that the nomenclature does not have.
const noSuchCode = "9900000000"

// otherCodes are customs codes that the conditions of a question do not name: one of the day's directory that no norm was read for, and one outside.
func (d *Decider) otherCodes(a *Ask, on when.Date) []rule.Answer {
	var answers []rule.Answer
	for i := range d.book.Tariffs {
		t := &d.book.Tariffs[i]
		if t.Use != "directory" || on < t.Valid.From || t.Valid.To != 0 && on > t.Valid.To {
			continue
		}
		if n := slices.IndexFunc(t.Unread, func(code string) bool { return !rule.Names(a.leaves, code) }); n >= 0 {
			answers = append(answers, rule.Answer{Say: InDirectory, Values: []string{t.Unread[n]}})
		}
		answers = append(answers, rule.Answer{Say: OutsideDirectory, Values: []string{noSuchCode}})
	}
	return answers
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
