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

// Say returns the sentence of a key in a language, with {names} replaced by the pairs of name and value. Where the first of them is n and it is 1,
// the sentence of key.one stands, if there is one.
func Say(lang, key string, pairs ...string) string {
	if len(pairs) > 1 && pairs[0] == "n" && pairs[1] == "1" && Has(key+".one") {
		key += ".one"
	}
	s, ok := catalogues[lang][key]
	if !ok {
		if s, ok = catalogues["en"][key]; !ok {
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
