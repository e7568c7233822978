package party

import (
	"slices"
	"strings"

	"github.com/mozillazg/go-unidecode"
)

// Words in letters: titles and particles, servants and abbreviations, numbers, and words of other alphabets romanised.

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
