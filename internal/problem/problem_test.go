package problem

import (
	"strings"
	"testing"
)

func TestError(t *testing.T) {
	p := Problem{Place: Place{File: "a.csv", Line: 3, Column: 7}, Field: "hs", Text: `"85" has 2 digits`, Meant: "4 to 10 digits"}
	for want, p := range map[string]Problem{
		`a.csv:3:7: hs: "85" has 2 digits (4 to 10 digits)`: p,
		`a.csv:3: hs: wrong`: {Place: Place{File: "a.csv", Line: 3}, Field: "hs", Text: "wrong"},
		`a.csv: empty`:       {Place: Place{File: "a.csv"}, Text: "empty"},
		`empty`:              {Text: "empty"},
	} {
		if got := p.Error(); got != want {
			t.Errorf("got %s\nwant %s", got, want)
		}
	}
	list := List{p, {Text: "set aside", Warning: true}}
	if list.Refusals() != 1 || strings.Count(list.Error(), "\n") != 1 {
		t.Errorf("%d refusals in %s", list.Refusals(), list.Error())
	}
}

func TestNearest(t *testing.T) {
	columns := []string{"destination", "description", "origin", "form", "from", "hs", "id", "unit"}
	for word, want := range map[string]string{
		"destinaton": "destination", "DESTINATIONS": "destination", "descriptoin": "description", "orgin": "origin", "fomr": "form",
		"form": "form", "frmo": "from", "unti": "unit", "h": "hs", "colour": "", "": "", "weight": "",
		strings.Repeat("destination", 1000): "",
	} {
		if got := Nearest(word, columns); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
	if got := Nearest("군살", []string{"군사"}); got != "군사" {
		t.Errorf("letters are counted, not bytes: %q", got)
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"ab", "ba", 1}, {"kitten", "sitting", 3}, {"nd", "Nd", 1}, {"abc", "abc", 0}} {
		if got := distance([]rune(c.a), []rune(c.b), 10); got != c.want {
			t.Errorf("%q to %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
