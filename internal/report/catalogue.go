package report

import (
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"strings"
	"sync"
)

//go:embed catalogue/*.json
var catalogueFiles embed.FS

// Languages are the languages that people can be shown.
var Languages = []string{"en", "zh", "ko"}

// catalogues are read when a language is first spoken: a start speaks one.
var catalogues = func() map[string]func() map[string]string {
	all := map[string]func() map[string]string{}
	for _, lang := range Languages {
		all[lang] = sync.OnceValue(func() map[string]string { return readCatalogue(lang) })
	}
	return all
}()

func readCatalogue(lang string) map[string]string {
	text, err := catalogueFiles.ReadFile("catalogue/" + lang + ".json")
	if err != nil {
		panic(err)
	}
	words := map[string]string{}
	if err := json.Unmarshal(text, &words); err != nil {
		panic(fmt.Sprintf("catalogue/%s.json: %v", lang, err))
	}
	return words
}

// worded gives that of a key in a language; a language that there is not has none.
func worded(lang, key string) (string, bool) {
	words := catalogues[lang]
	if words == nil {
		return "", false
	}
	s, ok := words()[key]
	return s, ok
}

// Has says whether there is a sentence of a key.
func Has(key string) bool {
	_, ok := worded("en", key)
	return ok
}

// Say returns the sentence of a key in a language, with {names} replaced by the pairs of name and value. Where the first of them is n and it is 1,
// the sentence of key.one stands, if there is one.
func Say(lang, key string, pairs ...string) string {
	if len(pairs) > 1 && pairs[0] == "n" && pairs[1] == "1" && Has(key+".one") {
		key += ".one"
	}
	s, ok := worded(lang, key)
	if !ok {
		if s, ok = worded("en", key); !ok {
			return key
		}
	}
	if len(pairs) == 0 {
		return s
	}
	return filled(s, pairs)
}

// filled puts values in the place of their names, in one pass: a value that holds braces stays as it is.
func filled(s string, pairs []string) string {
	b := make([]byte, 0, len(s)+64)
	for {
		open := strings.IndexByte(s, '{')
		if open < 0 {
			return string(append(b, s...))
		}
		end := strings.IndexByte(s[open:], '}')
		if end < 0 {
			return string(append(b, s...))
		}
		b = append(b, s[:open]...)
		name, whole := s[open+1:open+end], s[open:open+end+1]
		s = s[open+end+1:]
		value := whole
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == name {
				value = pairs[i+1]
			}
		}
		b = append(b, value...)
	}
}

// parsed gives a template that is parsed when first asked for: few starts print a page.
func parsed(name string, funcs template.FuncMap, text string) func() *template.Template {
	return sync.OnceValue(func() *template.Template { return template.Must(template.New(name).Funcs(funcs).Parse(text)) })
}
