package report

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"lodestone/internal/law"
	"lodestone/internal/rule"
	"lodestone/lawdata"
)

// unnamed are tests of the law whose words have no names in its vocabularies: they are shown as the law file has them.
var unnamed = []string{"params.lining", "params.parts_material"}

// Every fact that a condition of the law reads, and every test of it, is said in words, in each language: no id, no sign of the law files.
func TestFactsAndTestsOfTheLawAreSaidInWords(t *testing.T) {
	files, err := lawdata.Files()
	if err != nil {
		t.Fatal(err)
	}
	book, err := law.Compile(files)
	if err != nil {
		t.Fatal(err)
	}
	ids := regexp.MustCompile(`[a-z]_[a-z]|group:|CN-[0-9]|>=|<=|[0-9] and `)
	latin := regexp.MustCompile(`[a-z]{4,}`) // but units, which are the same in every language
	units := strings.NewReplacer("mrad", "", "inch", "", "dtex", "")
	seen := 0
	for _, lang := range Languages {
		m := &Maker{Book: book, Lang: lang}
		for i := range book.Norms {
			for _, n := range []rule.Node{book.Norms[i].When, book.Norms[i].Scope} {
				rule.Leaves(n, func(l rule.Leaf) {
					name, test := m.FactName(l.Fact()), m.reasonText(l.Fact(), l.Test())
					seen++
					switch {
					case slices.Contains(unnamed, l.Fact()):
					case strings.Contains(name, "_") || ids.MatchString(test):
						t.Errorf("%s: %s %s is said as %s: %s", lang, l.Fact(), l.Test(), name, test)
					case lang != "en" && (latin.MatchString(name) || latin.MatchString(units.Replace(test))):
						t.Errorf("%s: %s %s is said in English: %s: %s", lang, l.Fact(), l.Test(), name, test)
					}
				})
			}
		}
	}
	if seen < 3000 {
		t.Fatalf("only %d conditions were looked at", seen)
	}
}
