package party

import "math/bits"

// How alike two words are: by their letters, their sounds, their consonants, or what they mean.

// wordLikeness says how alike two single words are.
func wordLikeness(a, b *word) float32 {
	if a.kind == number || b.kind == number {
		if a.kind == b.kind && a.text == b.text || numberWords[a.text] == b.text || numberWords[b.text] == a.text {
			return 1
		}
		return 0
	}
	if a.kind == syllable || b.kind == syllable {
		if a.kind == b.kind && a.text == b.text {
			return 1
		}
		return 0
	}
	if a.text == b.text {
		return 1
	}
	if a.kind == initial || b.kind == initial {
		if a.text[0] == b.text[0] && a.kind != particle && b.kind != particle {
			return initialLike
		}
		return 0
	}
	best := latinLikeness(a, b)
	for _, x := range a.means {
		best = max(best, meansLikeness(x, b))
	}
	for _, x := range b.means {
		best = max(best, meansLikeness(x, a))
	}
	if best < sameMeaning && (a.translated() || b.translated()) {
		return 0
	}
	return best
}

// sameMeaning is the least likeness to what a word of another script means: it may be inflected (technology, technologies), but nobody
// writes a translation with the slips of a name (heavy is not Huawei).
const sameMeaning = 0.8

// numberWords are numbers written out.
var numberWords = map[string]string{
	"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
	"first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6", "seventh": "7", "eighth": "8", "ninth": "9", "tenth": "10",
}

// initialLike marks the likeness of an initial with a name; it has a cost of its own.
const initialLike = 0.85

func meansLikeness(x string, b *word) float32 {
	if x == b.text {
		return 1
	}
	for _, y := range b.means {
		if x == y {
			return 1
		}
	}
	return typing(x, b.text, 0.7)
}

func latinLikeness(a, b *word) float32 {
	least := cost.Least
	shorter := min(len(a.text), len(b.text))
	if shorter <= 3 {
		least += cost.Short
	}
	if a.script.vowelless() != b.script.vowelless() {
		return bonesLikeness(a, b, least)
	}
	if bits.OnesCount32(a.mask^b.mask) > mostOther {
		return 0
	}
	best := likeness(a.sound, b.sound, least)
	if best < 0.98 {
		best = max(best, typing(a.text, b.text, max(best, least)))
	}
	if best >= 1 {
		best = 0.985 // they sound the same and are written otherwise
		if shorter <= 3 {
			best -= cost.Short / 2
		}
	}
	if a.text[0] != b.text[0] && a.sound[0] != b.sound[0] && changeCost[a.sound[0]&127][b.sound[0]&127] > 45 {
		best -= 0.04
	}
	if shorter <= 3 && best < 0.98 {
		best -= cost.Short
	}
	if best < cost.Least {
		return 0
	}
	return best
}

// mostOther is how many letters may stand in one of two like words only.
const mostOther = 5

// bonesLikeness compares a word written without vowels with one that has them, by their consonants. A v may stand for u.
func bonesLikeness(a, b *word, least float32) float32 {
	if a.bones == "" || b.bones == "" {
		if len(a.sound) > 0 && len(b.sound) > 0 {
			return likeness(a.sound, b.sound, least)
		}
		return 0
	}
	var x, y [longestWord]byte
	best := max(likeness(consonants(x[:0], a.sound, true), consonants(y[:0], b.sound, true), least),
		likeness(consonants(x[:0], a.sound, false), consonants(y[:0], b.sound, false), least)-0.03, likeness(a.sound, b.sound, least))
	if vowel(a.sound[0]) != vowel(b.sound[0]) {
		best -= 0.1
	}
	if min(len(a.bones), len(b.bones)) < 2 {
		best = min(best, likeness(a.sound, b.sound, 0.3)+0.25)
	}
	return max(0, best-cost.Vowels)
}

func vowel(c byte) bool {
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'
}

// consonants keeps the consonants of a word, with or without v.
func consonants(to []byte, sounds string, v bool) string {
	for i := 0; i < len(sounds) && len(to) < cap(to); i++ {
		switch c := sounds[i]; c {
		case 'a', 'e', 'i', 'o', 'u', 'J':
		case 'v':
			if v || i == 0 {
				to = append(to, c)
			}
		default:
			if n := len(to); n == 0 || to[n-1] != c {
				to = append(to, c)
			}
		}
	}
	return string(to)
}
