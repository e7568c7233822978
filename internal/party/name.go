package party

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// kind is what a word of a name is for.
type kind uint8

const (
	plain    kind = iota
	number        // tells parties apart: institutes, hulls, funds
	initial       // one letter for a name
	particle      // of, and, al, von: says little
	syllable      // a character that is read, of Chinese, Japanese or Korean
)

// word is a word of a name, made ready to compare.
type word struct {
	text    string // small Latin letters and digits; of a character: itself in folded form
	sound   string
	bones   string
	weight  float32 // how much it tells: the rarer, the more
	kind    kind
	script  script
	mask    uint32   // letters of the sound
	means   []string // of a translated word: other ways to put it
	meant   bool     // translated by the table of words
	shown   string   // as it stood in the name; empty: text
	opens   bool     // a syllable that begins a run: it may be a surname
	reading *reading // of a syllable
}

// reading is how a character may be read, each reading as sounds. The places are languages.
type reading [languages][]string

const (
	mandarin = iota
	wadeGiles
	cantonese
	korean
	japanese
	languages
)

var languageNames = [languages]string{"Mandarin", "Wade-Giles", "Cantonese", "Korean", "Japanese"}

// name is a name made ready to compare.
type name struct {
	key    uint64 // of the letters and digits alone, to see that two names are the same; 0: there are none
	comma  uint64 // key with the part behind the comma put first; 0: no comma, or several
	words  []*word
	forms  uint32 // classes of legal forms, one bit each
	script script // of its first word
	cut    bool   // longer than longestName: the rest was not looked at
}

const (
	longestName = 300 // letters of a name that are looked at
	mostWords   = 24  // words of a name that are compared
)

// readName makes a name ready. It never fails: a name without letters and digits has no words.
func readName(text string) name {
	var n name
	text, n.cut = clean(text)
	n.key = hash(squeeze(text))
	if before, behind, ok := strings.Cut(text, ","); ok && !strings.Contains(behind, ",") {
		n.comma = hash(squeeze(behind) + squeeze(before))
	}
	r := reader{t: known(), n: &n}
	r.read(text)
	r.findForms()
	r.settle()
	return n
}

// hash is FNV-1a, and 0 for nothing.
func hash(text string) uint64 {
	if text == "" {
		return 0
	}
	h := uint64(14695981039346656037)
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 1099511628211
	}
	return h
}

// clean folds width and compatibility forms, drops marks of direction and joiners, and cuts what is too long.
func clean(text string) (string, bool) {
	cut := false
	if len(text) > longestName {
		count := 0
		for i := range text {
			if count++; count > longestName {
				text, cut = text[:i], true
				break
			}
		}
	}
	ascii := true
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		return text, cut
	}
	text = norm.NFKC.String(text)
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r) && scriptOf(r) != thai && scriptOf(r) != other || r == utf8.RuneError || r == 'ـ' {
			return -1
		}
		return r
	}, text), cut
}

// squeeze keeps letters and digits, in small letters without marks. "&" reads as "and".
func squeeze(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range text {
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			b.WriteByte(byte(r))
		case 'A' <= r && r <= 'Z':
			b.WriteByte(byte(r + 'a' - 'A'))
		case r == '&':
			b.WriteString("and")
		case r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			r = unicode.ToLower(r)
			if to, ok := known().hanForm[r]; ok {
				r = to
			}
			if r < 0x250 || 0x1E00 <= r && r <= 0x1EFF {
				typed, _ := foldLatin(r)
				b.WriteString(typed)
				continue
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// foldLatin writes a small Latin letter as typed without marks, and as heard.
func foldLatin(r rune) (typed, heard string) {
	if to, ok := latinLetters[r]; ok {
		return to[0], to[1]
	}
	base := first(norm.NFD.String(string(r)))
	if base >= utf8.RuneSelf {
		if to, ok := latinLetters[base]; ok {
			return to[0], to[1]
		}
		return string(base), string(base)
	}
	return string(base), string(base)
}

// reader parts a name into words.
type reader struct {
	t *tables
	n *name

	typed, heard []byte // of the Latin word at hand
	native       []rune // of a word in another script, folded
	script       script // of the word at hand
	letters      int    // since the last dot of an abbreviation
	aside        bool   // between brackets
}

func (r *reader) read(text string) {
	runes := []rune(text)
	for i, c := range runes {
		c = unicode.ToLower(c)
		switch {
		case unicode.IsLetter(c) || unicode.IsDigit(c) || c == 'ー' || unicode.Is(unicode.Mn, c) || unicode.Is(unicode.Mc, c):
			s := scriptOf(c)
			if unicode.IsDigit(c) {
				s = latin
			}
			if s != r.script && r.letters > 0 && (s == latin && r.script == cyrillic || s == cyrillic && r.script == latin) {
				c, s = r.lookalike(c, s)
			}
			if s != r.script && r.letters > 0 && !(s == kana && c == 'ー') {
				r.end()
			}
			r.script = s
			r.letters++
			r.put(c)
		case c == '\'' || c == '’' || c == '‘' || c == 'ʼ' || c == 'ʻ' || c == '`' || c == '´':
			// inside a word an apostrophe is no more than a mark
		case c == '.' && r.letters == 1 && i+1 < len(runes) && unicode.IsLetter(runes[i+1]) && !(i+2 < len(runes) && unicode.IsLetter(runes[i+2])):
			r.letters = 0 // an abbreviation goes on: S.A.
			if len(r.typed)+len(r.native) > 0 {
				continue
			}
		case r.script.eastern() && unicode.IsSpace(c) && i+1 < len(runes) && scriptOf(runes[i+1]) == r.script:
			// these scripts put blanks where they like
			if r.script == hangul && r.shortPiece(runes[i+1:]) {
				r.end()
			}
		case c == '&':
			r.end()
			r.typed = append(r.typed, "and"...)
			r.heard = append(r.heard, "and"...)
			r.script = latin
			r.end()
		default:
			r.end()
			if c == '(' || c == ')' {
				r.aside = c == '('
			}
		}
	}
	r.end()
}

// cyrillicLike are the Latin letters that look like Cyrillic ones, by typing error or to hide a name.
var cyrillicLike = map[rune]rune{
	'a': 'а', 'b': 'в', 'c': 'с', 'e': 'е', 'h': 'н', 'i': 'і', 'j': 'ј', 'k': 'к', 'm': 'м', 'o': 'о', 'p': 'р', 's': 'ѕ', 't': 'т', 'x': 'х', 'y': 'у', 'ĸ': 'к', 'ï': 'ї', 'ë': 'ё',
}

// lookalike takes a letter of a word that mixes Latin and Cyrillic for Cyrillic, where it looks so; the word at hand is turned with it.
func (r *reader) lookalike(c rune, s script) (rune, script) {
	if s == latin {
		if to, ok := cyrillicLike[c]; ok {
			return to, cyrillic
		}
		return c, s
	}
	var turned []rune
	for _, x := range string(r.typed) {
		to, ok := cyrillicLike[x]
		if !ok {
			return c, s
		}
		turned = append(turned, to)
	}
	r.typed, r.heard, r.native, r.script = r.typed[:0], r.heard[:0], turned, cyrillic
	return c, cyrillic
}

// shortPiece says that the Korean words before and behind a blank are those of a person: a surname apart from the given name.
func (r *reader) shortPiece(rest []rune) bool {
	n := 0
	for n < len(rest) && scriptOf(rest[n]) == hangul {
		n++
	}
	return len(r.native) <= 3 && n <= 3
}

func (r *reader) put(c rune) {
	if r.script != latin {
		if to, ok := r.t.hanForm[c]; ok {
			c = to
		}
		r.native = append(r.native, c)
		return
	}
	if c < utf8.RuneSelf {
		r.typed = append(r.typed, byte(c))
		r.heard = append(r.heard, byte(c))
		return
	}
	typed, heard := foldLatin(c)
	r.typed = append(r.typed, typed...)
	r.heard = append(r.heard, heard...)
}

// end finishes the word at hand.
func (r *reader) end() {
	r.letters = 0
	switch {
	case len(r.typed) > 0:
		r.latinWord(string(r.typed), string(r.heard), latin)
	case len(r.native) > 0 && r.script.eastern():
		r.easternRun(r.native)
	case len(r.native) > 0:
		r.nativeWord(string(r.native))
	}
	r.typed, r.heard, r.native = r.typed[:0], r.heard[:0], r.native[:0]
}

func (r *reader) full() bool { return len(r.n.words) >= mostWords }

func (r *reader) add(w *word) {
	if r.full() {
		r.n.cut = true
		return
	}
	if len(r.n.words) == 0 {
		r.n.script = w.script
	}
	r.n.words = append(r.n.words, w)
}

func newWord(text, heard string, k kind, s script, weight float32) *word {
	w := &word{text: text, kind: k, script: s, weight: weight, sound: sound(heard)}
	w.bones, w.mask = bones(w.sound), maskOf(w.sound)
	return w
}

// maskOf has a bit for every letter of a sound.
func maskOf(sound string) (mask uint32) {
	for i := range len(sound) {
		mask |= 1 << (sound[i] & 31)
	}
	return mask
}

const (
	particleWeight = 0.4
	titleWeight    = 1.5
	initialWeight  = 2
	numberWeight   = 6
	syllableWeight = 4.5
)

// settle drops "No." before numbers.
func (r *reader) settle() {
	words := r.n.words
	kept := words[:0]
	for i, w := range words {
		if (w.text == "no" || w.text == "nr" || w.text == "num" || w.text == "number") && i+1 < len(words) && words[i+1].kind == number {
			continue
		}
		kept = append(kept, w)
	}
	r.n.words = kept
}
