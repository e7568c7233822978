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
	return filled(s, pairs)
}

// filled replaces each {name} in s; braces around anything else stand as they are.
func filled(s string, pairs []string) string {
	b := make([]byte, 0, 256)
	for {
		open := strings.IndexByte(s, '{')
		if open < 0 {
			return string(append(b, s...))
		}
		b, s = append(b, s[:open]...), s[open+1:]
		name, rest, closed := strings.Cut(s, "}")
		value, known := valueOf(name, pairs)
		if !closed || !known {
			b = append(b, '{')
			continue
		}
		b, s = append(b, value...), rest
	}
}

func valueOf(name string, pairs []string) (value string, ok bool) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == name {
			return pairs[i+1], true
		}
	}
	return "", false
}
