package report

import (
	"encoding/json"
	"sync"

	"lodestone/internal/problem"
	"lodestone/internal/sentence"
)

// formats are the sentences that packages below say, by language and English format: the same with the same holes. The file
// has them by English format and language.
var formats = sync.OnceValue(func() map[string]map[string]string {
	text, err := catalogueFiles.ReadFile("catalogue/sentences.json")
	if err != nil {
		panic(err)
	}
	var list map[string]map[string]string
	if err := json.Unmarshal(text, &list); err != nil {
		panic("catalogue/sentences.json: " + err.Error())
	}
	all := map[string]map[string]string{}
	for english, others := range list {
		for lang, format := range others {
			if all[lang] == nil {
				all[lang] = map[string]string{}
			}
			all[lang][english] = format
		}
	}
	return all
})

func formatsIn(lang string) sentence.Formats {
	if lang == "en" {
		return func(string) string { return "" }
	}
	return func(english string) string { return formats()[lang][english] }
}

// In is a sentence in a language.
func In(lang string, s sentence.Sentence) string { return s.In(formatsIn(lang)) }

// AllIn is each of several sentences in a language.
func AllIn(lang string, list []sentence.Sentence) []string {
	texts := make([]string, len(list))
	for i, s := range list {
		texts[i] = In(lang, s)
	}
	return texts
}

// ProblemIn is a problem in a language. What it quotes, and what readers of other formats say of damaged files, stays as it is.
func ProblemIn(lang string, p problem.Problem) problem.Problem {
	return p.In(formatsIn(lang))
}

// ProblemsIn is each of several problems in a language.
func ProblemsIn(lang string, list problem.List) problem.List {
	for i := range list {
		list[i] = ProblemIn(lang, list[i])
	}
	return list
}
