package web

import (
	"errors"

	"lodestone/internal/app"
	"lodestone/internal/problem"
	"lodestone/internal/report"
	"lodestone/internal/sentence"
)

// fieldNames are the keys of what people call the fields of forms; a field that is a column of items has the name of the column.
var fieldNames = map[string]string{"no": "licences.no", "items": "licences.items", "kind": "licences.kind", "batches": "licences.batches", "from": "licences.from", "to": "licences.to", "words": "case.words",
	"record": "licence.record", "state": "jobs.state", "on": "application.on", "licence": "application.licence", "reference": "applications.reference", "name": "people.name", "login": "people.login",
	"password": "people.password", "role": "people.role", "days": "account.days", "scopes": "account.may", "file": "screen.file", "until": "case.until", "reason": "case.reason", "outcome": "case.outcome",
	"assignee": "cases.assignee", "year": "exposure.page.year", "note": "alerts.note", "confirmed": "application.papers", "states": "application.stated"}

// says is what an error says to a person who reads a language.
func (p *pages) says(lang string, err error) string {
	var refusal app.Refusal
	var list problem.List
	switch {
	case errors.As(err, &refusal):
		return report.ProblemsIn(lang, refusal.Problems).Error()
	case errors.As(err, &list):
		return report.ProblemsIn(lang, list).Error()
	}
	var invalid app.Invalid
	var said sentence.Sentence
	if !errors.As(err, &invalid) {
		return report.In(lang, sentence.OfError(err))
	}
	if !errors.As(err, &said) {
		err = errors.New(invalid.Text)
	}
	text := report.In(lang, sentence.OfError(err))
	if name := p.field(lang, invalid.Field); name != "" {
		text = name + say(lang, "error.colon") + text
	}
	return text
}

// field is what people call a field of a form; empty: it has no name of its own.
func (p *pages) field(lang, id string) string {
	if key, ok := fieldNames[id]; ok {
		return say(lang, key)
	}
	for _, c := range p.Instance.Book.Vocab.Columns {
		if c.ID == id {
			return c.Names.First().In(lang)
		}
	}
	return ""
}
