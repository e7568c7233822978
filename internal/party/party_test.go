package party

import (
	"math/rand"
	"strings"
	"testing"

	"lodestone/internal/sentence"
)

// TestTables reads every line of the embedded tables.
func TestTables(t *testing.T) {
	for name, c := range map[string]struct {
		text    string
		columns int
	}{
		"frequent": {frequentText, 2}, "forms": {formsText, 2}, "words": {wordsText, 2}, "han_forms": {hanFormsText, 2}, "han_readings": {hanReadingsText, 5}, "surnames": {hanSurnamesText, 2},
	} {
		if !strings.HasPrefix(c.text, "#") {
			t.Errorf("%s: the first line should say what it is and whence", name)
		}
		eachLine(c.text, func(f []string) {
			if len(f) != c.columns || f[0] == "" {
				t.Errorf("%s: %q has %d columns, should have %d", name, f, len(f), c.columns)
			}
		})
	}
	eachLine(formsText, func(f []string) {
		for _, class := range formNames {
			if class == f[0] {
				return
			}
		}
		t.Errorf("forms: %q is no class", f[0])
	})
	for word, weight := range known().weight {
		if weight <= 0 {
			t.Errorf("frequent: %q weighs %v", word, weight)
		}
	}
}

// TestCompare holds what the words of a score must say.
func TestCompare(t *testing.T) {
	for _, c := range []struct {
		query, listed string
		match         bool
		say           string
	}{
		{"Example Works Co., Ltd.", "EXAMPLE WORKS CO LTD", true, "same name"},
		{"Example Works Limited Liability Company", "Example Works LLC", true, "same words"},
		{"Example Works", "Works Example", true, "other order"},
		{"Example Works", "Exmaple Works", true, "like"},
		{"Trading ExampleWorks", "Example Works Trading", true, "written as"},
		{"Harbin Institute of Technology", "哈尔滨工业大学", true, "means"},
		{"哈爾濱工業大學", "哈尔滨工业大学", true, "same name"},
		{"哈爾浜工業大学", "哈尔滨工业大学", true, "same name"},
		{"삼성전자", "Samsung Electronics Co., Ltd.", true, "Korean"},
		{"Газпром", "Gazprom", true, ""},
		{"CETC 10th Research Institute", "CETC 20th Research Institute", false, "other number"},
		{"SMIC Beijing", "SMIC Tianjin", false, "stands against"},
		{"Beijing Institute of Technology", "Harbin Institute of Technology", false, "stands against"},
		{"Deutsche Trading AG", "Deutsche Shipping AG", false, "stands against"},
		{"Huawei Technologies", "三菱重工海洋技术株式会社", false, ""}, // heavy is what 重工 means, not how it is spelt
		{"", "Example", false, "without letters"},
	} {
		var comparer Comparer
		score, evidence := comparer.Compare(c.query, c.listed)
		if (score >= DefaultThreshold) != c.match || !strings.Contains(said(evidence), c.say) {
			t.Errorf("%s and %s: %.3f %q", c.query, c.listed, score, evidence)
		}
	}
}

func TestSearchAndCompareAgree(t *testing.T) {
	names := []string{"Example Works Co., Ltd.", "WORKS, Example", "Шестой завод «Пример»", "例子技术有限公司", "Example Shipping 7", "Exampel Works"}
	var parties []Party
	for _, n := range names {
		parties = append(parties, Party{List: "T", Names: []Name{{Text: n}}})
	}
	s := NewSearcher(NewIndex(parties))
	var c Comparer
	for _, query := range names {
		for _, m := range s.Search(Query{Name: query}, 0.3, 100) {
			if want, _ := c.Compare(query, m.Party.Names[0].Text); m.Score != want {
				t.Errorf("%s and %s: search says %v, compare %v", query, m.Party.Names[0].Text, m.Score, want)
			}
		}
	}
}

func TestAnswersDoNotDependOnWhatWasAskedBefore(t *testing.T) {
	var parties []Party
	r := rand.New(rand.NewSource(1))
	words := strings.Fields("north works trading example shipping seven blue star ocean lizi harbin")
	for range 300 {
		name := words[r.Intn(len(words))] + " " + words[r.Intn(len(words))] + " " + words[r.Intn(len(words))]
		parties = append(parties, Party{List: "T", Names: []Name{{Text: name}}})
	}
	x := NewIndex(parties)
	warm := NewSearcher(x)
	for range 200 {
		query := Query{Name: words[r.Intn(len(words))] + " " + words[r.Intn(len(words))]}
		a, b := warm.Search(query, 0.5, 20), NewSearcher(x).Search(query, 0.5, 20)
		if len(a) != len(b) {
			t.Fatalf("%s: %d and %d hits", query.Name, len(a), len(b))
		}
		for i := range a {
			if a[i].Number != b[i].Number || a[i].Score != b[i].Score {
				t.Fatalf("%s: hit %d differs", query.Name, i)
			}
		}
	}
}

func TestWhatMatches(t *testing.T) {
	s := NewSearcher(NewIndex([]Party{
		{List: "T", ID: "1", Type: Vessel, Names: []Name{{Text: "NORTH STAR"}, {Text: "POLARIS", Weak: true}}, Countries: []string{"CN"}, Identifiers: []Identifier{{"IMO", "9187629"}}},
		{List: "T", ID: "2", Type: Organization, Names: []Name{{Text: "NORTH STAR"}}},
	}))
	if m := s.Search(Query{Name: "North Star", Type: Organization}, DefaultThreshold, 10); len(m) != 2 || m[0].Score != 1 || m[1].Score != 1 {
		t.Errorf("an exact name scores 1 whatever the type: %v", m)
	}
	if m := s.Search(Query{Name: "IMO 9187629"}, DefaultThreshold, 10); len(m) != 1 || m[0].Party.ID != "1" || !strings.Contains(m[0].Evidence[0].String(), "identifier") {
		t.Errorf("by its identifier: %v", m)
	}
	if m := s.Search(Query{Name: "Polaris", Country: "CN"}, DefaultThreshold, 10); len(m) != 1 || m[0].Name != 1 || !strings.Contains(said(m[0].Evidence), "weak") || !strings.Contains(said(m[0].Evidence), "same country") {
		t.Errorf("by a weak alias: %v", m)
	}
	if m := s.Search(Query{Name: "Nothing Like It", Aliases: []string{"North Star"}}, DefaultThreshold, 1); len(m) != 1 || !strings.Contains(said(m[0].Evidence), "stated alias") {
		t.Errorf("by an alias of the query: %v", m)
	}
}

// said is evidence in one line of English.
func said(evidence []sentence.Sentence) string {
	texts := make([]string, len(evidence))
	for i, s := range evidence {
		texts[i] = s.String()
	}
	return strings.Join(texts, "; ")
}
