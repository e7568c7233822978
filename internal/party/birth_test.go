package party

import (
	"strings"
	"testing"
)

func TestBirths(t *testing.T) {
	for text, want := range map[string]birth{
		"1962-09-03": {19620903, 19620903}, "03 Sep 1962": {19620903, 19620903}, "September 1962": {19620901, 19620931}, "1962": {19620101, 19621231},
		"circa 1962": {19600101, 19641231}, "1955 to 1958": {19550101, 19581231}, "1955-1958": {19550101, 19581231}, "13/09/1962": {19620913, 19620913}, "03/09/1962": {19620309, 19620903},
		"00/00/1962": {19620101, 19621231}, "dd/mm/1962": {19620101, 19621231}, "1962-09": {19620901, 19620931}, "about 03 Sep 1962": {19600903, 19640903}, "1962年": {19620101, 19621231},
	} {
		if got, ok := bornIn(text); !ok || got != want {
			t.Errorf("%s: %v %v, should be %v", text, ok, got, want)
		}
	}
	for _, text := range []string{"", "unknown", "12", "99999"} {
		if got, ok := bornIn(text); ok {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestFactsSpeakBothWays holds what birth and country do: they order hits, may set a like name aside, and neither hide an exact one nor make one of a name
// that is none.
func TestFactsSpeakBothWays(t *testing.T) {
	s := NewSearcher(NewIndex([]Party{{List: "T", Names: []Name{{Text: "Example Sampleson"}}, Type: Person, Born: []string{"circa 1962"}, Countries: []string{"CN"}}}))
	ask := func(q Query) Match {
		m := s.Search(q, DefaultThreshold, 1)
		if len(m) == 0 {
			return Match{}
		}
		return m[0]
	}
	plain := ask(Query{Name: "Exampel Sampelson"})
	for _, c := range []struct {
		what   string
		q      Query
		better int // than the name alone
		say    string
	}{
		{"same year", Query{Name: "Exampel Sampelson", Born: "1963-05-01"}, 1, "born 1963-05-01, listed circa 1962"},
		{"near", Query{Name: "Exampel Sampelson", Born: "1965-05-01"}, 0, "near"},
		{"another", Query{Name: "Exampel Sampelson", Born: "1988-05-01"}, -1, "speaks against"},
		{"not known", Query{Name: "Exampel Sampelson", Born: "unknown"}, 0, ""},
		{"same country", Query{Name: "Exampel Sampelson", Country: "cn"}, 1, "same country"},
		{"other country", Query{Name: "Exampel Sampelson", Country: "DE"}, -1, "countries listed"},
		{"a country in words", Query{Name: "Exampel Sampelson", Country: "Germany"}, 0, "countries listed"},
	} {
		m := ask(c.q)
		if d := m.Score - plain.Score; d > 0 != (c.better > 0) || d < 0 != (c.better < 0) || !strings.Contains(said(m.Evidence), c.say) {
			t.Errorf("%s: %.3f, the name alone %.3f; %q", c.what, m.Score, plain.Score, m.Evidence)
		}
	}
	exact := ask(Query{Name: "Example Sampleson", Born: "1988-05-01"})
	if exact.Score >= Sure || exact.Score < DefaultThreshold {
		t.Errorf("an exact name with another birth: %.3f", exact.Score)
	}
	if m := s.Search(Query{Name: "Example Sampleson", Born: "1988", Country: "DE"}, 0.99, 1); len(m) != 1 {
		t.Error("an exact name is hidden")
	}
	if m := s.Search(Query{Name: "Another Person", Born: "1962", Country: "CN"}, DefaultThreshold, 1); len(m) != 0 {
		t.Errorf("a birth makes a hit of another name: %v", m[0])
	}
}

func TestIdentifiersAreStrong(t *testing.T) {
	s := NewSearcher(NewIndex([]Party{
		{List: "T", ID: "1", Names: []Name{{Text: "NORTH STAR"}}, Identifiers: []Identifier{{"IMO", "9187629"}}},
		{List: "T", ID: "2", Names: []Name{{Text: "Example Works"}}, Identifiers: []Identifier{{"Unified Social Credit Code (USCC)", "91230100MA18XXXX0X"}, {"Legal Entity Number", "5299000J2N45DDNE4Y28"}}},
		{List: "T", ID: "3", Names: []Name{{Text: "Aircraft"}}, Identifiers: []Identifier{{"Aircraft Tail Number", "EP-GOM"}}},
		{List: "T", ID: "4", Names: []Name{{Text: "Somebody"}}, Identifiers: []Identifier{{"Passport", "A1234567"}}},
	}))
	for number, id := range map[string]string{"IMO 9187629": "1", "9187629": "1", "91230100ma18xxxx0x": "2", "5299 000J 2N45 DDNE 4Y28": "2", "EPGOM": "3", "A 1234567": "4"} {
		m := s.Search(Query{Name: "Quite Another Name", Numbers: []string{number}}, DefaultThreshold, 10)
		if len(m) != 1 || m[0].Party.ID != id || m[0].Score != 1 || !strings.Contains(m[0].Evidence[0].String(), "identifier") {
			t.Errorf("%s: %v", number, m)
		}
	}
	for _, number := range []string{"", "1", "9187630", "IMO"} {
		if m := s.Search(Query{Name: "Quite Another Name", Numbers: []string{number}}, DefaultThreshold, 10); len(m) != 0 {
			t.Errorf("%q finds %v", number, m[0].Party.Names)
		}
	}
}

func FuzzBirth(f *testing.F) {
	for _, text := range []string{"1962-09-03", "circa 1962", "dd/mm/1962", "03 Sep 1962 to 1964", "约1962"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if b, ok := bornIn(text); ok && b.first > b.last {
			t.Errorf("%q: %v", text, b)
		}
	})
}
