package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"lodestone/internal/report"
)

//go:embed catalogue/*.json
var catalogueFiles embed.FS

// catalogues are the texts of the pages by language and key. What an answer says stands in those of package report.
var catalogues = sync.OnceValue(func() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, lang := range report.Languages {
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
})

func known(lang string) bool { return catalogues()[lang] != nil }

// say is the text of a key, with {names} replaced by the pairs of name and value. A key that the pages have no text for is one of package report.
func say(lang, key string, pairs ...string) string {
	text, ok := catalogues()[lang][key]
	if !ok {
		return report.Say(lang, key, pairs...)
	}
	holes := make([]string, 0, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		holes = append(holes, "{"+pairs[i]+"}", pairs[i+1])
	}
	return strings.NewReplacer(holes...).Replace(text)
}
