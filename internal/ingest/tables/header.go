package tables

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"lodestone/internal/fact"
	"lodestone/internal/problem"
	"lodestone/internal/sentence"
	"lodestone/internal/vocab"
)

// setColumns finds out what the headings mean. A misspelt or doubled heading makes the file unreadable: a column that is passed over in
// silence would leave its facts unknown in every row.
func (t *Table) setColumns(headings []string, line int) error {
	var problems problem.List
	say := func(column int, meant, format string, args ...any) {
		problems = append(problems, problem.Problem{
			Place: problem.Place{File: t.Name, Line: line, Column: column + 1}, Field: clip(headings[column]), Meant: meant,
		}.Saying(sentence.Of(format, args...)))
	}
	if len(headings) > maxColumns {
		return t.unreadable(line, "", "%d columns; at most %d are read", len(headings), maxColumns)
	}
	known := 0
	seen := make(map[string]int, len(headings))
	for i, h := range headings {
		h = trimHeading(h)
		c := Column{Heading: h, Number: -1}
		if first, twice := seen[strings.ToLower(h)]; twice && h != "" {
			say(i, "rename or remove one", "the heading stands twice, in columns %d and %d", first+1, i+1)
		}
		seen[strings.ToLower(h)] = i
		id, ok := t.mapped(h)
		if !ok {
			id, ok = t.v.Column(h)
		}
		if ok {
			c.ID = id
			if n, ok := fact.ColumnNumber(id); ok {
				c.Number = n
			}
			known++
		} else if meant := misspelt(t.v, h); meant != "" {
			say(i, meant, "no such column")
		}
		t.Columns = append(t.Columns, c)
	}
	if known == 0 {
		problems = append(problems, problem.Problem{
			Place: problem.Place{File: t.Name, Line: line}, Text: "no known column in the heading line",
			Meant: t.suchHeadings(),
		})
	}
	if problems != nil {
		return problems
	}
	if err := t.checkMap(headings, line); err != nil {
		return err
	}
	t.keepOneEach(line)
	t.suggest(line)
	return nil
}

// keepOneEach leaves one heading for each known column, that which the vocabulary names first, and passes the others through with a note.
// Only descriptions may be several: name and specification of goods are often parted, and their texts are joined.
func (t *Table) keepOneEach(line int) {
	best := map[string]int{}
	for i, c := range t.Columns {
		if c.ID == "" || c.ID == "description" && t.opt.Map["description"] == "" {
			continue
		}
		if j, ok := best[c.ID]; !ok || t.rank(c) < t.rank(t.Columns[j]) {
			best[c.ID] = i
		}
	}
	for i := range t.Columns {
		c := &t.Columns[i]
		if j, ok := best[c.ID]; ok && j != i {
			t.Notes = append(t.Notes, problem.Problem{
				Place: problem.Place{File: t.Name, Line: line, Column: i + 1}, Field: c.Heading, Warning: true,
			}.Saying(sentence.Of("%s is read from the column %q; this one is passed through", c.ID, t.Columns[j].Heading)))
			c.ID, c.Number = "", -1
		}
	}
}

// suchHeadings names some of the headings that are looked for: of items those that say most, else the first ones.
func (t *Table) suchHeadings() string {
	if _, ok := t.v.Column("composition"); ok {
		return "headings such as id, description, hs, composition, form, params, destination, end_user"
	}
	var names []string
	for _, c := range t.v.Columns[:min(8, len(t.v.Columns))] {
		names = append(names, c.ID)
	}
	return "headings such as " + strings.Join(names, ", ")
}

// skipTitles passes over what stands above the heading line of a text: where its first line has no known heading, a line within the first 60 that
// has two of them, whatever parts them, is the heading line.
func (t *Table) skipTitles(in *input) {
	for len(in.pending()) < sniffed && in.more() {
	}
	skip, lines := 0, 0
	for n := 0; n < lookedAt; n++ {
		line, _, more := bytes.Cut(in.pending()[skip:], []byte{'\n'})
		known := 0
		for _, d := range []byte{',', ';', '\t'} {
			known = max(known, t.knownIn(line, d))
		}
		if known > 0 && n == 0 || !more {
			return
		}
		if known > 1 {
			for range lines {
				end := bytes.IndexByte(in.pending(), '\n')
				in.takeLine(end, true)
			}
			t.note(in.line, "", "the heading line is read here; %d lines above it are passed over", lines)
			return
		}
		skip, lines = skip+len(line)+1, lines+1
	}
}

// knownIn counts the known headings of a line whose cells are parted by a delimiter.
func (t *Table) knownIn(line []byte, delimiter byte) (known int) {
	for h := range bytes.SplitSeq(line, []byte{delimiter}) {
		if t.known(string(bytes.Trim(h, "\" \r\ufeff"))) {
			known++
		}
	}
	return known
}

// rank is the place of a heading among the names of its column; the name of the column itself comes first.
func (t *Table) rank(c Column) int {
	if _, ok := t.mapped(c.Heading); ok {
		return -2
	}
	if strings.EqualFold(c.Heading, c.ID) {
		return -1
	}
	n, at := 0, 1<<20
	for _, def := range t.v.Columns {
		if def.ID != c.ID {
			continue
		}
		def.Names.Each(func(name string) {
			if strings.EqualFold(name, c.Heading) {
				at = min(at, n)
			}
			n++
		})
	}
	return at
}

// misspelt returns the heading that an unknown one was probably meant to be, or "". It is stricter than problem.Nearest, because a file is
// refused for it. Words that differ by a number, and Chinese and Korean ones, where one character makes another word (数量, 重量), are
// taken for what they say; so are short words (po number, hs number) and words of four letters, unless two are swapped (firm, fomr).
func misspelt(v *vocab.Vocab, heading string) string {
	if len(heading) < 4 || len(heading) > 40 {
		return ""
	}
	for i := 0; i < len(heading); i++ {
		if heading[i] >= utf8.RuneSelf {
			return ""
		}
	}
	plain := strings.TrimRight(heading, "0123456789")
	if _, ok := v.Column(plain); ok {
		return ""
	}
	words := headingWords(plain)
	for _, name := range v.ColumnNames() {
		if alike(words, headingWords(name)) {
			return name
		}
	}
	return ""
}

func headingWords(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ' ' || r == '_' || r == '-' || r == '.' })
}

// alike says whether one heading is the other, misspelt.
func alike(heading, name []string) bool {
	if len(heading) != len(name) {
		a, b := strings.Join(heading, ""), strings.Join(name, "")
		return len(b) >= 6 && a != b && problem.Within(a, b, 1)
	}
	wrong := false
	for i, meant := range name {
		if heading[i] == meant {
			continue
		}
		if wrong = true; !misspeltWord(heading[i], meant) {
			return false
		}
	}
	return wrong
}

func misspeltWord(word, meant string) bool {
	switch {
	case len(meant) < 4:
		return false
	case len(meant) == 4 && len(word) == 4:
		return sameLetters(word, meant)
	case len(meant) < 8:
		return problem.Within(word, meant, 1)
	}
	return problem.Within(word, meant, 2)
}

func sameLetters(a, b string) bool {
	for i := 0; i < len(a); i++ {
		if strings.Count(a, a[i:i+1]) != strings.Count(b, a[i:i+1]) {
			return false
		}
	}
	return len(a) == len(b)
}

func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	cut := most
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}
