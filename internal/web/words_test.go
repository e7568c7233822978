package web

import (
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lodestone/internal/report"
)

var hole = regexp.MustCompile(`\{\w+\}`)

// Every text stands in every language, with the same places to fill in.
func TestCataloguesHaveTheSameKeys(t *testing.T) {
	for _, lang := range report.Languages {
		for key, english := range catalogues()["en"] {
			text, ok := catalogues()[lang][key]
			if !ok || text == "" {
				t.Errorf("catalogue/%s.json lacks %s", lang, key)
				continue
			}
			want, got := hole.FindAllString(english, -1), hole.FindAllString(text, -1)
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(want, got) {
				t.Errorf("catalogue/%s.json: %s fills in %v, English %v", lang, key, got, want)
			}
		}
		for key := range catalogues()[lang] {
			if _, ok := catalogues()["en"][key]; !ok {
				t.Errorf("catalogue/%s.json has %s, which English has not", lang, key)
			}
		}
	}
}

// asked finds keys in templates and code: (t "key", (t (print "family." and a.t("key".
var asked = regexp.MustCompile(`\bt "([a-z][\w.-]+)"|\bprint "([a-z][\w.-]+\.)"|\.t\("([a-z][\w.-]+)"|\bsay\(lang, "([a-z][\w.-]+)"|"([a-z][\w-]+\.)" ?\+|\+ ?"(\.[\w.]+)"`)

// Every key that a page asks for has its text, and every text is asked for.
func TestKeysAreThereAndUsed(t *testing.T) {
	var all strings.Builder
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".html") && (!strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go")) {
			return err
		}
		b, err := os.ReadFile(name)
		all.Write(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	used, families := map[string]bool{}, map[string]bool{}
	for _, m := range asked.FindAllStringSubmatch(all.String(), -1) {
		for _, key := range m[1:] {
			switch {
			case strings.HasSuffix(key, "."):
				families[key] = true
			case key != "" && !strings.HasPrefix(key, "."):
				used[key] = true
			}
		}
	}
	for key := range used {
		if _, ok := catalogues()["en"][key]; !ok && !report.Has(key) {
			t.Errorf("%s is asked for and stands nowhere", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(catalogues()["en"])) {
		family := key[:strings.IndexByte(key, '.')+1]
		if used[key] || families[family] || families[key[:strings.LastIndexByte(key, '.')+1]] || strings.HasSuffix(key, ".title") {
			continue
		}
		t.Errorf("nothing asks for %s", key)
	}
}
