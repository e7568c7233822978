package tables

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"lodestone/internal/fact"
	"lodestone/internal/problem"
)

// jsonRows reads JSON Lines: an object a line whose values are text, numbers, true, false or null. It has a reader of its own because
// encoding/json makes a map of every row, and cannot say at which byte a nested value stands.
type jsonRows struct {
	in   *input
	keys map[string]int // what keys mean: the place of a column, or one of the numbers below
	row  jsonLine       // the row being read; here so that it is not made anew for each
}

const (
	extraKey    = -1
	misspeltKey = -2

	maxKeys = 10_000 // keys remembered; further ones are looked up each time
)

// openJSON prepares for JSON Lines and looks at the keys of the first row: misspelt ones make the file unreadable, as headings do.
func (t *Table) openJSON(in *input) error {
	for i, id := range fact.Columns() {
		t.Columns = append(t.Columns, Column{Heading: id, ID: id, Number: i})
	}
	rows := &jsonRows{in: in, keys: map[string]int{}}
	t.rows = rows
	n, whole := in.lineEnd()
	if n > maxRow || !whole && in.err != nil {
		return nil // Next says so
	}
	var b Batch
	p := rows.parse(&b, in.pending()[:n], in.line)
	if p != nil && p.Text == noSuchColumn {
		return problem.List{*p}
	}
	if p != nil {
		return nil
	}
	for _, k := range rows.keys {
		if k >= 0 {
			return nil
		}
	}
	return t.unreadable(in.line, "keys such as id, description, hs, composition, form, params, destination, end_user", "no known key in the first row")
}

const noSuchColumn = "no such column"

// next adds a row to the batch. Blank lines are passed over.
func (j *jsonRows) next(b *Batch) error {
	for {
		n, whole := j.in.lineEnd()
		line, at := j.in.pending()[:n], j.in.line
		switch {
		case n == 0 && !whole:
			return j.in.atEnd()
		case n > maxRow:
			b.refuse(j.in.tooLong(at, j.in.skipLong()))
			return nil
		case blank(line, 0):
			j.in.takeLine(n, whole)
			continue
		}
		spans, names, arena := len(b.spans), len(b.names), len(b.arena)
		if p := j.parse(b, line, at); p != nil {
			b.spans, b.names, b.values, b.arena = b.spans[:spans], b.names[:names], b.values[:names], b.arena[:arena]
			if !whole && p.Column > n {
				p.Text, p.Meant = "the text ends in the middle of this row", "the file may be incomplete; fetch it again"
			}
			b.refuse(*p)
		}
		j.in.takeLine(n, whole)
		return nil
	}
}

// jsonLine is a row being read.
type jsonLine struct {
	in   *input
	b    *Batch
	data []byte
	i    int
	line int
}

// parse adds the row of a line to the batch, or returns why it cannot. What it has then added to spans and arena is the caller's to drop.
func (j *jsonRows) parse(b *Batch, line []byte, at int) *problem.Problem {
	if p, bad := j.in.spoilt(at, line); bad {
		bad := p // a copy: the address of p itself would put it on the heap for every row
		return &bad
	}
	columns := j.in.table.Columns
	first, firstExtra := len(b.spans), len(b.names)
	for range columns {
		b.spans = append(b.spans, span{})
	}
	cells := b.spans[first:]
	j.row = jsonLine{in: j.in, b: b, data: line, line: at}
	l := &j.row
	if !l.skip('{') {
		return l.wrong("an object is wanted: {\"id\": …}")
	}
	var given [64]bool // columns that have stood in this row
	for n := 0; ; n++ {
		if n == 0 && l.skip('}') {
			break
		}
		key, p := l.key()
		if p != nil {
			return p
		}
		value, null, p := l.value(key)
		if p != nil {
			return p
		}
		switch k := j.meaning(l.text(key)); {
		case n >= maxColumns:
			return l.wrong("more keys than a row may have")
		case k == misspeltKey:
			p := j.in.problem(at, misspelt(j.in.table.v, string(l.text(key))), noSuchColumn)
			p.Field = string(l.text(key))
			return &p
		case k == extraKey:
			b.names, b.values = append(b.names, key), append(b.values, value)
		case given[k]:
			p := j.in.problem(at, "once each", "the key stands twice")
			p.Field = columns[k].ID
			return &p
		default:
			if given[k] = true; !null {
				cells[k] = value
			}
		}
		if l.skip('}') {
			break
		}
		if !l.skip(',') {
			return l.wrong("a comma or a closing brace is wanted")
		}
	}
	if l.blank(); l.i < len(l.data) {
		return l.wrong("text behind the object")
	}
	b.marks = append(b.marks, mark{line: at, cells: len(columns), extras: len(b.names) - firstExtra})
	return nil
}

// meaning is the column of a key, extraKey or misspeltKey.
func (j *jsonRows) meaning(key []byte) int {
	if k, ok := j.keys[string(key)]; ok {
		return k
	}
	name, k := string(key), extraKey
	t := j.in.table
	if id, ok := t.mapped(name); ok {
		if n, ok := fact.ColumnNumber(id); ok {
			k = n
		}
	} else if id, ok := t.v.Column(name); ok && t.opt.Map[id] != "" {
		k = extraKey // the user names another key for it
	} else if ok {
		if n, ok := fact.ColumnNumber(id); ok {
			k = n
		}
	} else if n, ok := fact.ColumnNumber(name); ok {
		k = n
	} else if misspelt(j.in.table.v, name) != "" {
		k = misspeltKey
	}
	if len(j.keys) < maxKeys {
		j.keys[name] = k
	}
	return k
}

func (l *jsonLine) text(s span) []byte { return l.b.arena[s.from:s.to] }

func (l *jsonLine) blank() {
	for l.i < len(l.data) && (l.data[l.i] == ' ' || l.data[l.i] == '\t' || l.data[l.i] == '\r') {
		l.i++
	}
}

// skip passes over blanks and one sign, and says whether it stood there.
func (l *jsonLine) skip(sign byte) bool {
	l.blank()
	if l.i < len(l.data) && l.data[l.i] == sign {
		l.i++
		return true
	}
	return false
}

// wrong is a problem at the byte at hand.
func (l *jsonLine) wrong(text string) *problem.Problem {
	p := l.in.problem(l.line, "", "no JSON: %s", text)
	p.Column = l.i + 1
	return &p
}

func (l *jsonLine) key() (span, *problem.Problem) {
	l.blank()
	if l.i == len(l.data) || l.data[l.i] != '"' {
		return span{}, l.wrong("a key in quotes is wanted")
	}
	key, p := l.quoted()
	if p == nil && !l.skip(':') {
		p = l.wrong("a colon is wanted")
	}
	return key, p
}

// value reads a value as text.
func (l *jsonLine) value(key span) (s span, null bool, p *problem.Problem) {
	l.blank()
	if l.i == len(l.data) {
		return s, false, l.wrong("a value is wanted")
	}
	switch l.data[l.i] {
	case '"':
		s, p = l.quoted()
		return s, false, p
	case '{', '[':
		p := l.in.problem(l.line, "text in the notation of the column", "a nested value")
		p.Field, p.Column = clip(string(l.text(key))), l.i+1
		return s, false, &p
	}
	n := l.i
	for n < len(l.data) && !bytes.ContainsRune([]byte(",}] \t\r"), rune(l.data[n])) {
		n++
	}
	word := l.data[l.i:n]
	switch {
	case string(word) == "null":
		null = true
	case string(word) == "true" || string(word) == "false" || isJSONNumber(word):
		s = l.add(word)
	default:
		return s, false, l.wrong("a text in quotes, a number, true, false or null is wanted")
	}
	l.i = n
	return s, null, nil
}

func (l *jsonLine) add(b []byte) span {
	from := uint32(len(l.b.arena))
	l.b.arena = append(l.b.arena, b...)
	return span{from, uint32(len(l.b.arena))}
}

// isJSONNumber says whether a word is a number as JSON writes them.
func isJSONNumber(b []byte) bool {
	i := 0
	digits := func() bool {
		from := i
		for i < len(b) && '0' <= b[i] && b[i] <= '9' {
			i++
		}
		return i > from
	}
	if i < len(b) && b[i] == '-' {
		i++
	}
	whole := i
	if !digits() || b[whole] == '0' && i > whole+1 {
		return false
	}
	if i < len(b) && b[i] == '.' {
		if i++; !digits() {
			return false
		}
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		if i++; i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		if !digits() {
			return false
		}
	}
	return i == len(b)
}

// quoted reads the text whose opening quote is at hand into the arena.
func (l *jsonLine) quoted() (span, *problem.Problem) {
	l.i++
	s := span{from: uint32(len(l.b.arena))}
	for {
		from := l.i
		for l.i < len(l.data) && l.data[l.i] != '"' && l.data[l.i] != '\\' && l.data[l.i] >= ' ' {
			l.i++
		}
		l.b.arena = append(l.b.arena, l.data[from:l.i]...)
		switch {
		case l.i == len(l.data):
			return s, l.wrong("the text is not closed")
		case l.data[l.i] == '"':
			l.i++
			s.to = uint32(len(l.b.arena))
			return s, nil
		case l.data[l.i] != '\\':
			return s, l.wrong("a control character in a text")
		}
		if p := l.escape(); p != nil {
			return s, p
		}
	}
}

// escape reads the escape whose backslash is at hand.
func (l *jsonLine) escape() *problem.Problem {
	if l.i+1 == len(l.data) {
		l.i++
		return l.wrong("the text is not closed")
	}
	c := l.data[l.i+1]
	if c == 'u' {
		return l.unicode()
	}
	at := bytes.IndexByte([]byte(`"\/bfnrt`), c)
	if at < 0 {
		return l.wrong("no such escape")
	}
	l.b.arena = append(l.b.arena, "\"\\/\b\f\n\r\t"[at])
	l.i += 2
	return nil
}

// unicode reads \u and its four digits, or two of them that are one character.
func (l *jsonLine) unicode() *problem.Problem {
	r, ok := l.fourDigits()
	if ok && utf16.IsSurrogate(r) {
		second, ok2 := l.fourDigits()
		r = utf16.DecodeRune(r, second)
		ok = ok2 && r != utf8.RuneError
	}
	if !ok || r == 0 {
		return l.wrong("an escape that is no character")
	}
	l.b.arena = utf8.AppendRune(l.b.arena, r)
	return nil
}

func (l *jsonLine) fourDigits() (rune, bool) {
	if l.i+6 > len(l.data) || l.data[l.i] != '\\' || l.data[l.i+1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(l.data[l.i+2:l.i+6]), 16, 32)
	if err != nil {
		return 0, false
	}
	l.i += 6
	return rune(n), true
}
