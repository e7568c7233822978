package report

import (
	"encoding/json"

	"lodestone/internal/problem"
)

// problemFormats are the sentences that say what is wrong with an input, by language and English format: the same with the same holes. The file
// has them by English format and language.
var problemFormats = func() map[string]map[string]string {
	text, err := catalogueFiles.ReadFile("catalogue/problems.json")
	if err != nil {
		panic(err)
	}
	var list map[string]map[string]string
	if err := json.Unmarshal(text, &list); err != nil {
		panic("catalogue/problems.json: " + err.Error())
	}
	formats := map[string]map[string]string{}
	for english, others := range list {
		for lang, format := range others {
			if formats[lang] == nil {
				formats[lang] = map[string]string{}
			}
			formats[lang][english] = format
		}
	}
	return formats
}()

// ProblemIn is a problem in a language. What it quotes, and what readers of other formats say of damaged files, stays as it is.
func ProblemIn(lang string, p problem.Problem) problem.Problem {
	return p.In(func(english string) string { return problemFormats[lang][english] })
}

// ProblemsIn is each of several problems in a language.
func ProblemsIn(lang string, list problem.List) problem.List {
	for i := range list {
		list[i] = ProblemIn(lang, list[i])
	}
	return list
}
