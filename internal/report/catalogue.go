package report

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
)

//go:embed catalogue/*.json
var catalogueFiles embed.FS

// Languages are the languages that people can be shown.
var Languages = []string{"en", "zh", "ko"}

var catalogues = func() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, lang := range Languages {
		text, err := catalogueFiles.ReadFile("catalogue/" + lang + ".json")
		if err != nil {
			panic(err)
		}
		words := map[string]string{}
		if err := json.Unmarshal(text, &words); err != nil {
			panic(fmt.Sprintf("catalogue/%s.json: %v", lang, err))
		}
		all[lang] = words
	}
	return all
}()

// Has says whether there is a sentence of a key.
func Has(key string) bool {
	_, ok := catalogues["en"][key]
	return ok
}

// Say returns the sentence of a key in a language, with {names} replaced by the pairs of name and value.
func Say(lang, key string, pairs ...string) string {
	s, ok := catalogues[lang][key]
	if !ok {
		if s, ok = catalogues["en"][key]; !ok {
			return key
		}
	}
	if len(pairs) == 0 {
		return s
	}
	r := make([]string, len(pairs))
	for i, p := range pairs {
		if i%2 == 0 {
			p = "{" + p + "}"
		}
		r[i] = p
	}
	return strings.NewReplacer(r...).Replace(s)
}
