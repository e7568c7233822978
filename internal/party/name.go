package party

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-unidecode"
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

// particles say next to nothing.
var particles = wordSet("and of the for de del la las los el le les du des di da do dos van von der den al ul ad ar as bin ibn ben bint e i y et und za im imeni named after a in at ur")

// titles go before names and are left out as one likes.
var titles = wordSet("haji hajji hajj hadji sheikh shaikh sheik cheikh shaykh mullah mulla maulavi mawlawi maulvi mawlavi dr mr mrs ms prof colonel sayyid seyyed sayed seyed hafiz qari ustad mv mt ms ss")

func wordSet(text string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(text) {
		set[w] = true
	}
	return set
}

const (
	particleWeight = 0.4
	titleWeight    = 1.5
	initialWeight  = 2
	numberWeight   = 6
	syllableWeight = 4.5
)

// servants begin Arabic names made of "servant of" and an attribute. The two are written in many ways, so they are parted and the first is
// always written as "abdul". Longer ones come first.
var servants = []string{"abdoul", "abdool", "abdul", "abdel", "abdal", "abdil", "abdur", "abdus", "abdu", "abd"}

// latinWord adds a word of Latin letters, or one that was romanised.
func (r *reader) latinWord(text, heard string, s script) {
	if n, ok := numberOf(text); ok {
		r.add(newWord(n, n, number, s, numberWeight))
		return
	}
	if slices.Contains(servants, text) {
		text, heard = "abdul", "abdul"
	}
	if s == latin && len(text) >= 8 {
		if rest, ok := servantOf(text); ok {
			r.latinWord("abdul", "abdul", s)
			r.latinWord(rest, rest, s)
			return
		}
	}
	if last := len(r.n.words) - 1; text == "allah" && last >= 0 && r.n.words[last].text == "abdul" {
		r.n.words[last] = newWord("abdullah", "abdullah", plain, s, r.t.weightOf("abdullah"))
		return
	}
	switch {
	case particles[text]:
		r.add(newWord(text, heard, particle, s, particleWeight))
	case titles[text]:
		r.add(newWord(text, heard, particle, s, titleWeight))
	case len(text) == 1:
		r.add(newWord(text, heard, initial, s, initialWeight))
	default:
		w := newWord(text, heard, plain, s, r.t.weightOf(text))
		w.means = abbreviations[text]
		if r.aside && len(text) <= longestAside && len(r.n.words) > 1 {
			w.weight *= asideFactor
		}
		r.add(w)
	}
}

// A short word in brackets is an abbreviation of what stands before it, and is left out as one likes.
const (
	longestAside = 5
	asideFactor  = 0.2
)

// abbreviations of words that organisations are called by, and of one name.
var abbreviations = map[string][]string{
	"intl": {"international"}, "int": {"international"}, "tech": {"technology", "technologies", "technical"}, "univ": {"university"}, "inst": {"institute"},
	"mfg": {"manufacturing"}, "eng": {"engineering"}, "dev": {"development"}, "natl": {"national"}, "govt": {"government"}, "assoc": {"association"},
	"ind": {"industries", "industrial", "industry"}, "inds": {"industries"}, "svcs": {"services"}, "grp": {"group"}, "mgmt": {"management"}, "ctr": {"center"},
	"dept": {"department"}, "sci": {"science", "sciences"}, "res": {"research"}, "hldg": {"holding"}, "hldgs": {"holdings"}, "trans": {"transport", "transportation"},
	"hk": {"hongkong"}, "elec": {"electric", "electronic"}, "admin": {"administration"}, "bros": {"brothers"}, "muh": {"muhammad", "mohammad"}, "mohd": {"mohammed", "mohammad"},
	"md": {"mohammed", "mohammad"}, "reps": {"republic"}, "petrochem": {"petrochemical"}, "pharma": {"pharmaceutical", "pharmaceuticals"}, "equip": {"equipment"},
	"hi": {"high"}, "hitech": {"hightech"}, "aero": {"aircraft", "aviation"}, "avia": {"aviation"},
}

// servantOf parts "abdulrahman" and its like.
func servantOf(text string) (string, bool) {
	for _, p := range servants {
		rest, ok := strings.CutPrefix(text, p)
		if !ok {
			continue
		}
		if len(rest) < 4 || strings.HasPrefix(rest, "la") && strings.HasSuffix(rest, "ah") || strings.HasPrefix(rest, "lla") {
			return "", false
		}
		return rest, true
	}
	return "", false
}

// numberOf reads a word that has digits, or is a Roman numeral: the number tells parties apart.
func numberOf(text string) (string, bool) {
	digits := 0
	for i := range len(text) {
		if '0' <= text[i] && text[i] <= '9' {
			digits++
		}
	}
	if digits == 0 {
		n, ok := romanNumbers[text]
		return n, ok
	}
	if digits == len(text) || digits == len(text)-2 && digits > 0 && ordinal(text[digits:]) {
		if n := strings.TrimLeft(text[:digits], "0"); n != "" {
			return n, true
		}
		return "0", true
	}
	return text, true
}

func ordinal(s string) bool { return s == "th" || s == "st" || s == "nd" || s == "rd" }

var romanNumbers = map[string]string{"ii": "2", "iii": "3", "iv": "4", "vii": "7", "viii": "8", "ix": "9", "xii": "12", "xiii": "13", "xiv": "14", "xv": "15"}

// nativeWord adds a word of an alphabet other than Latin.
func (r *reader) nativeWord(text string) {
	if n, ok := r.t.native[text]; ok && n.form == 0 {
		r.translated(text, n)
		return
	}
	var out, heard strings.Builder
	plain := text
	if r.script == arabic {
		plain = strings.TrimPrefix(plain, "ال")
		if plain == "" {
			return
		}
		if rest, ok := strings.CutPrefix(plain, "عبدال"); ok && len(rest) >= 4 && rest != "له" && rest != "لله" {
			r.romanised("abdul", "abdul", text)
			plain = rest
		}
	}
	for _, c := range plain {
		to, ok := letters[c]
		if !ok && c != 'ء' {
			to = squeeze(unidecode.Unidecode(string(c)))
		}
		if to == "h" {
			heard.WriteByte(apart)
		}
		out.WriteString(to)
		heard.WriteString(to)
	}
	if out.Len() > 0 {
		r.romanised(out.String(), heard.String(), text)
	}
}

func (r *reader) romanised(text, heard, shown string) {
	before := len(r.n.words)
	r.latinWord(text, heard, r.script)
	for _, w := range r.n.words[min(before, len(r.n.words)):] {
		w.shown = shown
		if r.script.vowelless() && w.kind == plain && w.weight > 8 {
			w.weight = 8
		}
	}
}

// translated adds the English words for one of another script.
func (r *reader) translated(shown string, n native) {
	for _, ways := range n.means {
		if num, ok := numberOf(ways[0]); ok {
			r.add(newWord(num, num, number, r.script, numberWeight))
			continue
		}
		w := newWord(ways[0], ways[0], plain, r.script, r.t.weightOf(ways[0]))
		w.meant, w.shown = true, shown
		if len(ways) > 1 {
			w.means = ways[1:]
		}
		r.add(w)
	}
}

// easternRun parts a run without blanks: known words by the longest match, numbers, and characters to be read.
func (r *reader) easternRun(run []rune) {
	unread := 0 // where characters begin that belong to no known word
	for i := 0; i < len(run); {
		if n, ok := r.hanNumber(run[i:]); ok {
			r.characters(run[unread:i])
			i += n
			unread = i
			continue
		}
		k, meaning := r.longest(run[i:])
		if k == 0 || k == 1 && r.script != han {
			i++
			continue
		}
		r.characters(run[unread:i])
		if meaning.form != 0 {
			r.n.forms |= 1 << meaning.form
		} else {
			r.translated(string(run[i:i+k]), meaning)
		}
		i += k
		unread = i
	}
	r.characters(run[unread:])
}

func (r *reader) longest(run []rune) (int, native) {
	for k := min(len(run), r.t.longest); k > 0; k-- {
		if n, ok := r.t.native[string(run[:k])]; ok && (k > 1 || len(run) > 0 && singleWords[run[0]]) {
			return k, n
		}
	}
	return 0, native{}
}

// singleWords are the characters that are a word by themselves wherever they stand; others are parts of names more often.
var singleWords = map[rune]bool{'厂': true, '所': true, '局': true, '部': true, '院': true, '港': true, '市': true, '的': true, '与': true, '及': true, '省': true}

// hanNumber reads 第十四 and its like.
func (r *reader) hanNumber(run []rune) (int, bool) {
	i := 0
	if len(run) > 0 && run[0] == '第' {
		i++
	}
	value, part, digits := 0, 0, 0
	for ; i < len(run); i++ {
		d, ok := hanDigits[run[i]]
		if !ok {
			break
		}
		digits++
		if d >= 10 {
			value += max(part, 1) * d
			part = 0
		} else {
			part = part*10 + d
			if part > 10_000 {
				return 0, false
			}
		}
	}
	value += part
	if digits == 0 || run[0] != '第' && (digits < 2 || i >= len(run) || !singleWords[run[i]]) {
		return 0, false
	}
	text := decimal(value)
	r.add(newWord(text, text, number, r.script, numberWeight))
	return i, true
}

var hanDigits = map[rune]int{'〇': 0, '零': 0, '一': 1, '二': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9, '十': 10, '百': 100}

func decimal(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return decimal(n/10) + string(rune('0'+n%10))
}

// characters adds characters that are to be read one by one; kana make one word.
func (r *reader) characters(run []rune) {
	if len(run) == 0 {
		return
	}
	if r.script == kana {
		if text := readKana(run); text != "" {
			r.romanised(text, text, string(run))
		}
		return
	}
	for i, c := range run {
		w := &word{text: string(c), kind: syllable, script: r.script, weight: syllableWeight, reading: r.readingOf(c, i == 0), opens: i == 0}
		w.sound = w.text
		r.add(w)
	}
}

func (r *reader) readingOf(c rune, opens bool) *reading {
	var out reading
	if r.script == hangul {
		out[korean] = readHangul(c)
		if opens {
			out[korean] = append(append([]string{}, r.t.surnames[string(c)]...), out[korean]...)
		}
		return out.heard()
	}
	if opens {
		out[cantonese] = append(out[cantonese], r.t.hanSurnames[string(c)]...)
	}
	columns := r.t.readings[c]
	for i, column := range columns {
		for _, x := range strings.Fields(column) {
			switch i {
			case 0:
				out[mandarin] = append(out[mandarin], x)
				if wg := toWadeGiles(x); wg != x {
					out[wadeGiles] = append(out[wadeGiles], wg)
				}
			case 1:
				out[cantonese] = append(out[cantonese], toHongKong(x)...)
			case 2:
				if opens {
					out[korean] = append(out[korean], r.t.surnames[x]...)
				}
				out[korean] = append(out[korean], readHangul(first(x))...)
			case 3:
				out[japanese] = append(out[japanese], x)
			}
		}
	}
	return out.heard()
}

// heard turns readings in letters into readings in sounds, each once.
func (r *reading) heard() *reading {
	for lang, ways := range r {
		var sounds []string
		for _, way := range ways {
			if s := sound(way); !slices.Contains(sounds, s) {
				sounds = append(sounds, s)
			}
		}
		r[lang] = sounds
	}
	return r
}

// toWadeGiles writes a pinyin syllable in the way of Wade and Giles, without apostrophes.
func toWadeGiles(pinyin string) string {
	for _, x := range [...][2]string{{"zhi", "chih"}, {"chi", "chih"}, {"shi", "shih"}, {"ri", "jih"}, {"zi", "tzu"}, {"ci", "tzu"}, {"si", "szu"}} {
		if pinyin == x[0] {
			return x[1]
		}
	}
	rest, initial := pinyin, ""
	for _, x := range [...][2]string{{"zh", "ch"}, {"ch", "ch"}, {"sh", "sh"}, {"b", "p"}, {"d", "t"}, {"g", "k"}, {"j", "ch"}, {"q", "ch"}, {"x", "hs"}, {"z", "ts"}, {"c", "ts"}, {"r", "j"}} {
		if tail, ok := strings.CutPrefix(pinyin, x[0]); ok {
			rest, initial = tail, x[1]
			break
		}
	}
	switch {
	case rest == "ong":
		rest = "ung"
	case rest == "e" && (initial == "k" || initial == "ts"):
		rest = "o"
		if initial == "ts" {
			rest = "e"
		}
	case rest == "ian":
		rest = "ien"
	case rest == "ie":
		rest = "ieh"
	}
	return initial + rest
}

// toHongKong writes a Jyutping syllable as Hong Kong papers do; there are two ways for some.
func toHongKong(jyutping string) []string {
	rest, initials := jyutping, []string{""}
	for _, x := range [...]struct {
		from string
		to   []string
	}{{"gw", []string{"kw"}}, {"kw", []string{"kw"}}, {"ng", []string{"ng"}}, {"z", []string{"ch", "ts"}}, {"c", []string{"ch", "ts"}}, {"j", []string{"y"}}, {"g", []string{"k"}}, {"s", []string{"s", "sh"}}} {
		if tail, ok := strings.CutPrefix(jyutping, x.from); ok && tail != "" {
			rest, initials = tail, x.to
			break
		}
	}
	for _, x := range [...][2]string{{"oeng", "eung"}, {"eoi", "ui"}, {"eon", "un"}, {"oek", "euk"}, {"aa", "a"}, {"yu", "u"}, {"ou", "o"}} {
		if strings.Contains(rest, x[0]) {
			rest = strings.Replace(rest, x[0], x[1], 1)
			break
		}
	}
	var out []string
	for _, i := range initials {
		out = append(out, i+rest)
	}
	if jyutping == "ng" {
		out = append(out, "wu", "go")
	}
	return out
}

// findForms takes legal forms out of the words, and notes their classes. A long word may have a slip of the pen.
func (r *reader) findForms() {
	n := r.n
	var kept []*word
	for i := 0; i < len(n.words); {
		k, class := r.formAt(n.words[i:], len(kept) == 0)
		if k == 0 {
			k, class = r.nativeFormAt(n.words[i:])
		}
		if k == 0 {
			kept = append(kept, n.words[i])
			i++
			continue
		}
		n.forms |= 1 << class
		i += k
	}
	if plainWords(kept) > 0 || len(n.words) == 0 {
		n.words = kept
	} else {
		n.forms = 0 // a name that is all form keeps its words
	}
}

func plainWords(words []*word) int {
	n := 0
	for _, w := range words {
		if w.kind != particle {
			n++
		}
	}
	return n
}

func (r *reader) formAt(words []*word, opens bool) (length int, class uint8) {
	length, class = r.t.forms.longest(words, r.t, 0)
	if length == 1 && len(words[0].text) <= 3 && !opens && length < len(words) && !r.allForms(words[1:]) {
		return 0, 0 // within a name, a short form is more likely a word
	}
	return length, class
}

// allForms says that nothing but legal forms follows.
func (r *reader) allForms(words []*word) bool {
	for len(words) > 0 {
		n, _ := r.t.forms.longest(words, r.t, 0)
		if n == 0 {
			return false
		}
		words = words[n:]
	}
	return true
}

// longest finds the longest legal form that words begin with. A word of a form may have a slip of the pen if it is long, or if it is one
// of several.
func (p *phrases) longest(words []*word, t *tables, depth int) (length int, class uint8) {
	if p.form != 0 {
		class = p.form
	}
	if len(words) == 0 || len(p.next) == 0 || words[0].kind == number || words[0].kind == syllable {
		return 0, class
	}
	text := words[0].text
	take := func(next *phrases) {
		if n, c := next.longest(words[1:], t, depth+1); c != 0 && n+1 > length {
			length, class = n+1, c
		}
	}
	if next := p.next[text]; next != nil {
		take(next)
		return length, class
	}
	if len(text) < 5 || t.weight[text] != 0 {
		return length, class
	}
	for _, slip := range p.words {
		if len(slip) >= 5 && edits(slip, text, 1) <= 1 {
			next := p.next[slip]
			if n, c := next.longest(words[1:], t, depth+1); c != 0 && n+1 > length && (n+depth > 0 || len(slip) >= 7) {
				length, class = n+1, c
			}
		}
	}
	return length, class
}

// nativeFormAt finds a legal form of several words in another alphabet.
func (r *reader) nativeFormAt(words []*word) (int, uint8) {
	if words[0].shown == "" || words[0].script == latin {
		return 0, 0
	}
	phrase, length, class := "", 0, uint8(0)
	for i, w := range words {
		if w.shown == "" || i == 6 {
			break
		}
		if i > 0 {
			phrase += " "
		}
		phrase += w.shown
		if n, ok := r.t.native[phrase]; ok && n.form != 0 {
			length, class = i+1, n.form
		}
	}
	return length, class
}

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
