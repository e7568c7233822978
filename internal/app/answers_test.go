package app

import (
	"testing"

	"lodestone/internal/fact"
	"lodestone/internal/report"
)

// Every answer that people can choose is understood when it comes back, in each language.
func TestEveryChoiceCanBeTaken(t *testing.T) {
	book, _, err := LoadBook("")
	if err != nil {
		t.Fatal(err)
	}
	facts := map[string][]string{"composition.Dy": {"none", "present"}, "form": {"magnet"}, "end_use": {"military"}, "end_user_kind": nil, "procedure": {"sample"},
		"kind": {"sintered_ndfeb"}, "destination": {"US"}, "us_licence_required": {"yes", "no"}}
	for i := range book.Vocab.Params {
		if p := &book.Vocab.Params[i]; p.Unit == "" {
			facts["params."+p.ID] = nil
			if p.Kind == "flag" {
				facts["params."+p.ID] = []string{"yes", "no"}
			}
		}
	}
	tried := 0
	for _, lang := range report.Languages {
		m := report.Maker{Book: book, Lang: lang}
		r := fact.NewReader(book.Vocab, fact.Defaults{})
		for name, answers := range facts {
			for _, choice := range m.Choices(name, answers) {
				var it fact.Item
				if p := r.Answer(&it, name, choice, choice); p != nil || len(it.Answers) != 1 {
					t.Errorf("%s: %s %q: %v", lang, name, choice, p)
				}
				tried++
			}
		}
	}
	if tried < 200 {
		t.Errorf("only %d choices were tried", tried)
	}
}
