package report

import (
	"io"
	"slices"
	"strings"
	"unicode"

	"lodestone/internal/law"
	"lodestone/internal/vocab"

	"golang.org/x/text/unicode/norm"
)

// Found is an act, a norm, a kind of goods or a listed party that words name.
type Found struct {
	What     string     `json:"what"` // act, norm, kind
	ID       string     `json:"id"`
	Name     vocab.Text `json:"name"`
	Code     string     `json:"code,omitempty"`
	Standing string     `json:"standing,omitempty"`
	Score    int        `json:"score"`   // hundredths: 100 is the very name
	Matched  string     `json:"matched"` // the name that matched best
}

// Search finds acts, norms and kinds whose names hold the words, in any of the three languages, best first, at most limit (0: all).
//
// The score of a name is the share of it that the words make up, so that the shortest name that holds all of them comes first; a name
// that holds only some of the words counts for less. Chinese and Korean words are found inside longer ones.
func (m *Maker) Search(words string, s *law.Snapshot, limit int) []Found {
	terms := strings.Fields(searched(words))
	var found []Found
	add := func(f Found, names []string) {
		for _, name := range names {
			if score := scoreOf(terms, searched(name)); score > f.Score {
				f.Score, f.Matched = score, name
			}
		}
		if f.Score > 0 {
			found = append(found, f)
		}
	}
	for i := range m.Book.Acts {
		a := &m.Book.Acts[i]
		add(Found{What: "act", ID: a.ID, Name: a.Title}, append(namesOf(a.Title, a.Number), a.ID))
	}
	for n := range m.Book.Norms {
		c := &m.Book.Norms[n]
		if c.Names.Empty() {
			continue
		}
		code, _ := c.CodeOn(m.Book, s.At)
		add(Found{What: "norm", ID: c.Ref, Name: c.Names, Code: code, Standing: s.Standings[n].State.String()}, append(namesOf(c.Names), code, c.Ref))
	}
	for i := range m.Book.Vocab.Kinds {
		k := &m.Book.Vocab.Kinds[i]
		names := append(slices.Concat(k.Names.En, k.Names.Zh, k.Names.Ko, k.Formulas, k.CAS), k.ID)
		add(Found{What: "kind", ID: k.ID, Name: k.Names.First()}, names)
	}
	slices.SortStableFunc(found, func(x, y Found) int { return y.Score - x.Score })
	if limit > 0 && len(found) > limit {
		found = found[:limit]
	}
	return found
}

func namesOf(texts ...vocab.Text) []string {
	var names []string
	for _, t := range texts {
		names = append(names, t.En, t.Zh, t.Ko)
	}
	return names
}

// searched folds text for searching: compatibility forms, lower case, everything but letters and digits a blank.
func searched(text string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '.' {
			return unicode.ToLower(r)
		}
		return ' '
	}, norm.NFKC.String(text))), " ")
}

// scoreOf says, in hundredths, how well words are held by a name: the share of the words that are found, times the share of the name
// that they make up. A Latin word is found at the beginning of a word, any other inside.
func scoreOf(words []string, name string) int {
	length := len([]rune(strings.ReplaceAll(name, " ", "")))
	if length == 0 || len(words) == 0 {
		return 0
	}
	hit, runes := 0, 0
	for _, w := range words {
		if strings.HasPrefix(name, w) || strings.Contains(name, " "+w) || !latin(w) && strings.Contains(name, w) {
			hit++
			runes += len([]rune(w))
		}
	}
	return 100 * hit * min(runes, length) / (len(words) * length)
}

func latin(word string) bool {
	return !strings.ContainsFunc(word, func(r rune) bool {
		return unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana)
	})
}

// WriteFound prints what was found for people.
func WriteFound(w io.Writer, found []Found, lang string) error {
	p := &printer{w: w}
	for _, f := range found {
		standing := ""
		if f.Standing != "" {
			standing = Say(lang, "standing."+f.Standing)
		}
		p.f("%s  %s  %s  %s  %s\n", cell(f.What, 5), cell(f.ID, 34), cell(f.Code, 12), cell(standing, 16), f.Name.In(lang))
	}
	if len(found) == 0 {
		p.f("%s\n", Say(lang, "search.none"))
	}
	return p.err
}
