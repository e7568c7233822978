package vocab

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

//go:embed traditional.txt
var traditional string

// foldTable says what characters of the basic plane are read as: full-width forms as ordinary ones, traditional Chinese characters as
// simplified ones, capitals beyond ASCII as small letters. Pages of 256 characters; nil: all stand for themselves.
type foldTable [256]*[256]rune

// folding is made once, when the first vocabulary is compiled.
var folding = sync.OnceValue(func() *foldTable {
	t := &foldTable{}
	for line := range strings.Lines(traditional) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		simple, n := utf8.DecodeRuneInString(line)
		for _, r := range strings.TrimSpace(line[n:]) {
			t.set(r, simple)
		}
	}
	for r := rune(0x80); r < 0x600; r++ {
		t.set(r, unicode.ToLower(r))
	}
	for r := rune(0xff01); r <= 0xff5e; r++ {
		t.set(r, narrow(r))
	}
	t.set('\u00a0', ' ')
	t.set('\u3000', ' ')
	return t
})

func (t *foldTable) set(from, to rune) {
	if from == to || from > 0xffff {
		return
	}
	page := t[from>>8]
	if page == nil {
		page = &[256]rune{}
		t[from>>8] = page
	}
	page[from&0xff] = to
}

func (t *foldTable) of(r rune) rune {
	if r > 0xffff {
		return r
	}
	if page := t[r>>8]; page != nil && page[r&0xff] != 0 {
		return page[r&0xff]
	}
	return r
}

// script is what a character is for the bounds of words.
type script uint8

const (
	noScript script = iota // signs and blanks
	latin                  // Latin letters, digits and the letters of other alphabets: a word ends where they end
	han
	hangul
)

func scriptOf(r rune) script {
	switch {
	case r < utf8.RuneSelf:
		return asciiScript[r]
	case r >= 0x3400 && r < 0xa000 || r >= 0xf900 && r < 0xfb00 || r >= 0x20000:
		return han
	case r >= 0xac00 && r < 0xd7b0 || r >= 0x1100 && r < 0x1200 || r >= 0x3130 && r < 0x3190:
		return hangul
	case r < 0x1100 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
		return latin
	}
	return noScript
}

var asciiScript = func() (t [utf8.RuneSelf]script) {
	for b := range t {
		if unicode.IsLetter(rune(b)) || unicode.IsDigit(rune(b)) {
			t[b] = latin
		}
	}
	return t
}()

// narrow turns a full-width form into its ordinary one.
func narrow(r rune) rune {
	if r < 0x2000 {
		return r
	}
	if n := width.LookupRune(r).Narrow(); n != 0 && width.LookupRune(r).Kind() == width.EastAsianFullwidth {
		return n
	}
	if r == '\u3000' {
		return ' '
	}
	return r
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// fold fills the reading with text made comparable: full-width forms narrowed, traditional characters simplified, blanks between Chinese
// characters dropped. ASCII keeps its capitals, which formulas need; names are matched without regard to them.
func (r *Reading) fold(t *foldTable, text string) {
	r.Text, r.at, r.from = r.Text[:0], r.at[:0], text
	if isASCII(text) {
		r.Text = append(r.Text, text...)
		return
	}
	last := noScript
	for i := 0; i < len(text); {
		if b := text[i]; b < utf8.RuneSelf {
			if isBlank(rune(b)) {
				i = r.blank(t, text, i, last)
				last = noScript
				continue
			}
			r.Text, r.at = append(r.Text, b), append(r.at, int32(i))
			last = noScript
			i++
			continue
		}
		ch, size := utf8.DecodeRuneInString(text[i:])
		ch = t.of(ch)
		if isBlank(ch) {
			i = r.blank(t, text, i, last)
			last = noScript
			continue
		}
		before := len(r.Text)
		r.Text = utf8.AppendRune(r.Text, ch)
		for range len(r.Text) - before {
			r.at = append(r.at, int32(i))
		}
		last = scriptOf(ch)
		i += size
	}
	r.at = append(r.at, int32(len(text)))
}

func isBlank(r rune) bool {
	return r == ' ' || r == '\t' || r >= utf8.RuneSelf && unicode.IsSpace(r) && r != '\u2028' && r != '\u2029'
}

// blank writes one blank for a run of them that begins at i, none between Chinese characters, and returns where the run ends.
func (r *Reading) blank(t *foldTable, text string, i int, last script) int {
	from := i
	for i < len(text) {
		ch, size := utf8.DecodeRuneInString(text[i:])
		ch = t.of(ch)
		if !isBlank(ch) {
			if last == han && scriptOf(ch) == han {
				return i
			}
			break
		}
		i += size
	}
	r.Text, r.at = append(r.Text, ' '), append(r.at, int32(from))
	return i
}

// Start and End are where a stretch of the folded text begins and ends in the text that was read; a blank after it does not belong to it.
func (r *Reading) Start(i int) int {
	if len(r.at) == 0 {
		return i
	}
	return int(r.at[i])
}

// End is where what ends before byte i of the folded text ends.
func (r *Reading) End(i int) int {
	if len(r.at) == 0 || i == 0 {
		return i
	}
	last := int(r.at[i-1])
	_, size := utf8.DecodeRuneInString(r.from[last:])
	return last + size
}
