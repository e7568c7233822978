package party

import "unicode"

// script is the writing a word came from.
type script uint8

const (
	latin script = iota
	cyrillic
	greek
	georgian
	armenian
	arabic
	hebrew
	hangul
	kana
	han
	thai
	other
)

// scripts are the words for evidence.
var scripts = [...]string{"Latin", "Cyrillic", "Greek", "Georgian", "Armenian", "Arabic", "Hebrew", "Korean", "Japanese", "Chinese", "Thai", "other"}

func scriptOf(r rune) script {
	switch {
	case r < 0x250, 0x1E00 <= r && r <= 0x1EFF, 0xA720 <= r && r <= 0xA7FF:
		return latin
	case r <= 0x2AF:
		return latin
	case 0x370 <= r && r <= 0x3FF, 0x1F00 <= r && r <= 0x1FFF:
		return greek
	case 0x400 <= r && r <= 0x52F:
		return cyrillic
	case 0x530 <= r && r <= 0x58F:
		return armenian
	case 0x590 <= r && r <= 0x5FF:
		return hebrew
	case 0x600 <= r && r <= 0x77F, 0xFB50 <= r && r <= 0xFDFF, 0xFE70 <= r && r <= 0xFEFF:
		return arabic
	case 0xE00 <= r && r <= 0xE7F:
		return thai
	case 0x10A0 <= r && r <= 0x10FF, 0x1C90 <= r && r <= 0x1CBF:
		return georgian
	case 0xAC00 <= r && r <= 0xD7A3:
		return hangul
	case 0x3040 <= r && r <= 0x30FF, r == 0x30FC:
		return kana
	case unicode.Is(unicode.Han, r):
		return han
	}
	return other
}

// eastern says that words are written without blanks between them.
func (s script) eastern() bool { return s == hangul || s == kana || s == han }

// vowelless says that the script leaves most vowels out.
func (s script) vowelless() bool { return s == arabic || s == hebrew }

// latinLetters gives letters beyond a to z: the letters to compare as typed, and the letters to compare as heard.
var latinLetters = map[rune][2]string{
	'č': {"c", "ch"}, 'ć': {"c", "ch"}, 'š': {"s", "sh"}, 'ś': {"s", "sh"}, 'ş': {"s", "sh"}, 'ș': {"s", "sh"}, 'ŝ': {"s", "sh"},
	'ž': {"z", "zh"}, 'ź': {"z", "zh"}, 'ż': {"z", "zh"}, 'ç': {"c", "ch"}, 'ţ': {"t", "ts"}, 'ț': {"t", "ts"}, 'ł': {"l", "l"},
	'ø': {"o", "o"}, 'đ': {"d", "d"}, 'ð': {"d", "d"}, 'þ': {"th", "t"}, 'ß': {"ss", "s"}, 'æ': {"ae", "a"}, 'œ': {"oe", "o"}, 'ı': {"i", "i"},
	'ə': {"a", "a"}, 'ħ': {"h", "h"}, 'ŋ': {"ng", "ng"}, 'ĸ': {"k", "k"}, 'ŧ': {"t", "t"}, 'ŀ': {"l", "l"}, 'ơ': {"o", "o"}, 'ư': {"u", "u"},
}

// Letters of other alphabets, romanised the way English lists do it. Empty: silent.
var letters = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "yo", 'ж': "zh", 'з': "z", 'и': "i", 'й': "y", 'к': "k", 'л': "l", 'м': "m", 'н': "n",
	'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch", 'ъ': "", 'ы': "y", 'ь': "",
	'э': "e", 'ю': "yu", 'я': "ya", 'і': "i", 'ї': "yi", 'є': "ye", 'ґ': "g", 'ў': "u", 'ђ': "dj", 'ј': "j", 'љ': "lj", 'њ': "nj", 'ћ': "c", 'џ': "dzh", 'ѓ': "g",
	'ќ': "k", 'ѕ': "dz", 'қ': "q", 'ғ': "gh", 'ә': "a", 'ө': "o", 'ү': "u", 'ұ': "u", 'ң': "ng", 'һ': "h", 'ҳ': "h", 'ҷ': "j", 'ӣ': "i", 'ӯ': "u", 'ѣ': "e",

	'α': "a", 'β': "v", 'γ': "g", 'δ': "d", 'ε': "e", 'ζ': "z", 'η': "i", 'θ': "th", 'ι': "i", 'κ': "k", 'λ': "l", 'μ': "m", 'ν': "n", 'ξ': "x", 'ο': "o", 'π': "p",
	'ρ': "r", 'σ': "s", 'ς': "s", 'τ': "t", 'υ': "y", 'φ': "f", 'χ': "ch", 'ψ': "ps", 'ω': "o", 'ά': "a", 'έ': "e", 'ή': "i", 'ί': "i", 'ό': "o", 'ύ': "y", 'ώ': "o",
	'ϊ': "i", 'ϋ': "y", 'ΐ': "i", 'ΰ': "y",

	'ა': "a", 'ბ': "b", 'გ': "g", 'დ': "d", 'ე': "e", 'ვ': "v", 'ზ': "z", 'თ': "t", 'ი': "i", 'კ': "k", 'ლ': "l", 'მ': "m", 'ნ': "n", 'ო': "o", 'პ': "p", 'ჟ': "zh",
	'რ': "r", 'ს': "s", 'ტ': "t", 'უ': "u", 'ფ': "p", 'ქ': "k", 'ღ': "gh", 'ყ': "q", 'შ': "sh", 'ჩ': "ch", 'ც': "ts", 'ძ': "dz", 'წ': "ts", 'ჭ': "ch", 'ხ': "kh",
	'ჯ': "j", 'ჰ': "h",

	'ա': "a", 'բ': "b", 'գ': "g", 'դ': "d", 'ե': "e", 'զ': "z", 'է': "e", 'ը': "e", 'թ': "t", 'ժ': "zh", 'ի': "i", 'լ': "l", 'խ': "kh", 'ծ': "ts", 'կ': "k", 'հ': "h",
	'ձ': "dz", 'ղ': "gh", 'ճ': "ch", 'մ': "m", 'յ': "y", 'ն': "n", 'շ': "sh", 'ո': "o", 'չ': "ch", 'պ': "p", 'ջ': "j", 'ռ': "r", 'ս': "s", 'վ': "v", 'տ': "t",
	'ր': "r", 'ց': "ts", 'ւ': "v", 'փ': "p", 'ք': "k", 'օ': "o", 'ֆ': "f", 'և': "ev",

	'ا': "a", 'أ': "a", 'إ': "i", 'آ': "a", 'ٱ': "a", 'ﺁ': "a", 'ب': "b", 'ت': "t", 'ث': "th", 'ج': "j", 'ح': "h", 'خ': "kh", 'د': "d", 'ذ': "dh", 'ر': "r", 'ز': "z",
	'س': "s", 'ش': "sh", 'ص': "s", 'ض': "d", 'ط': "t", 'ظ': "z", 'ع': "a", 'غ': "gh", 'ف': "f", 'ق': "q", 'ك': "k", 'ک': "k", 'ل': "l", 'م': "m", 'ن': "n",
	'ه': "h", 'ة': "a", 'ۀ': "a", 'ھ': "h", 'ہ': "h", 'و': "w", 'ؤ': "w", 'ي': "y", 'ی': "y", 'ى': "a", 'ئ': "y", 'ء': "", 'پ': "p", 'چ': "ch", 'ژ': "zh",
	'گ': "g", 'ڤ': "v", 'ٹ': "t", 'ڈ': "d", 'ڑ': "r", 'ں': "n", 'ے': "e", 'ې': "e", 'ۍ': "y", 'ټ': "t", 'ډ': "d", 'ړ': "r", 'ږ': "g", 'ښ': "sh", 'ځ': "z",
	'څ': "ts", 'ګ': "g", 'ڼ': "n", 'ۇ': "u", 'ۆ': "o", 'ە': "a", 'ڭ': "ng",

	'א': "a", 'ב': "b", 'ג': "g", 'ד': "d", 'ה': "h", 'ו': "w", 'ז': "z", 'ח': "h", 'ט': "t", 'י': "y", 'כ': "k", 'ך': "k", 'ל': "l", 'מ': "m", 'ם': "m", 'נ': "n",
	'ן': "n", 'ס': "s", 'ע': "a", 'פ': "p", 'ף': "f", 'צ': "ts", 'ץ': "ts", 'ק': "k", 'ר': "r", 'ש': "sh", 'ת': "t",

	'ก': "k", 'ข': "kh", 'ค': "kh", 'ฆ': "kh", 'ง': "ng", 'จ': "ch", 'ฉ': "ch", 'ช': "ch", 'ซ': "s", 'ฌ': "ch", 'ญ': "y", 'ฎ': "d", 'ฏ': "t", 'ฐ': "th", 'ฑ': "th",
	'ฒ': "th", 'ณ': "n", 'ด': "d", 'ต': "t", 'ถ': "th", 'ท': "th", 'ธ': "th", 'น': "n", 'บ': "b", 'ป': "p", 'ผ': "ph", 'ฝ': "f", 'พ': "ph", 'ฟ': "f", 'ภ': "ph",
	'ม': "m", 'ย': "y", 'ร': "r", 'ล': "l", 'ว': "w", 'ศ': "s", 'ษ': "s", 'ส': "s", 'ห': "h", 'ฬ': "l", 'อ': "o", 'ฮ': "h", 'ะ': "a", 'า': "a", 'ำ': "am", 'เ': "e",
	'แ': "ae", 'โ': "o", 'ไ': "ai", 'ใ': "ai", 'ฤ': "rue",
}

// kanaSyllables is Hepburn for hiragana; katakana is folded to it.
var kanaSyllables = map[rune]string{
	'あ': "a", 'い': "i", 'う': "u", 'え': "e", 'お': "o", 'か': "ka", 'き': "ki", 'く': "ku", 'け': "ke", 'こ': "ko", 'が': "ga", 'ぎ': "gi", 'ぐ': "gu", 'げ': "ge", 'ご': "go",
	'さ': "sa", 'し': "shi", 'す': "su", 'せ': "se", 'そ': "so", 'ざ': "za", 'じ': "ji", 'ず': "zu", 'ぜ': "ze", 'ぞ': "zo", 'た': "ta", 'ち': "chi", 'つ': "tsu", 'て': "te", 'と': "to",
	'だ': "da", 'ぢ': "ji", 'づ': "zu", 'で': "de", 'ど': "do", 'な': "na", 'に': "ni", 'ぬ': "nu", 'ね': "ne", 'の': "no", 'は': "ha", 'ひ': "hi", 'ふ': "fu", 'へ': "he", 'ほ': "ho",
	'ば': "ba", 'び': "bi", 'ぶ': "bu", 'べ': "be", 'ぼ': "bo", 'ぱ': "pa", 'ぴ': "pi", 'ぷ': "pu", 'ぺ': "pe", 'ぽ': "po", 'ま': "ma", 'み': "mi", 'む': "mu", 'め': "me", 'も': "mo",
	'や': "ya", 'ゆ': "yu", 'よ': "yo", 'ら': "ra", 'り': "ri", 'る': "ru", 'れ': "re", 'ろ': "ro", 'わ': "wa", 'ゐ': "i", 'ゑ': "e", 'を': "o", 'ん': "n", 'ゔ': "vu",
	'ぁ': "a", 'ぃ': "i", 'ぅ': "u", 'ぇ': "e", 'ぉ': "o", 'ゎ': "wa",
}

// smallKana change the syllable before them.
var smallKana = map[rune]string{'ゃ': "ya", 'ゅ': "yu", 'ょ': "yo", 'ぁ': "a", 'ぃ': "i", 'ぅ': "u", 'ぇ': "e", 'ぉ': "o"}

// readKana romanises hiragana and katakana.
func readKana(text []rune) string {
	out := make([]byte, 0, 3*len(text))
	double := false
	for _, r := range text {
		if 'ァ' <= r && r <= 'ヶ' {
			r -= 'ァ' - 'ぁ'
		}
		if small, ok := smallKana[r]; ok && len(out) > 0 {
			out = out[:len(out)-1]
			if n := len(out); small[0] == 'y' && n > 0 && (out[n-1] == 'h' || out[n-1] == 'j') {
				small = small[1:]
			}
			out = append(out, small...)
			continue
		}
		if r == 'っ' {
			double = true
			continue
		}
		s := kanaSyllables[r]
		if double && s != "" {
			out = append(out, s[0])
		}
		double = false
		out = append(out, s...)
	}
	return string(out)
}

// Korean syllables by their parts, in Revised Romanisation. McCune-Reischauer differs in voicing and in eo and eu, which sounds fold.
var (
	hangulFirst  = [...]string{"g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"}
	hangulMiddle = [...]string{"a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i"}
	hangulLast   = [...]string{"", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t"}
	// In McCune-Reischauer a first consonant is unvoiced.
	hangulUnvoiced = [...]string{"k", "kk", "n", "t", "tt", "r", "m", "p", "pp", "s", "ss", "", "ch", "tch", "ch", "k", "t", "p", "h"}
	hangulPlain    = [...]string{"a", "ae", "ya", "yae", "o", "e", "yo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "u", "ui", "i"}
)

// readHangul gives the readings of a Korean syllable: Revised, and McCune-Reischauer without its marks.
func readHangul(r rune) []string {
	n := int(r - 0xAC00)
	first, middle, last := n/588, n/28%21, n%28
	revised := hangulFirst[first] + hangulMiddle[middle] + hangulLast[last]
	mccune := hangulUnvoiced[first] + hangulPlain[middle] + hangulLast[last]
	out := []string{revised}
	if mccune != revised {
		out = append(out, mccune)
	}
	if first == 5 { // North Korean ㄹ at the beginning is silent or n in the South
		out = append(out, "n"+hangulMiddle[middle]+hangulLast[last], hangulMiddle[middle]+hangulLast[last])
	}
	return out
}
