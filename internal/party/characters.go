package party

import (
	"slices"
	"strings"
)

// Words in characters: Chinese, Japanese and Korean runs cut into known words, numbers, and characters that are read.

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
