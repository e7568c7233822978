package pdf

import (
	"strings"
	"unicode"
)

// wrap breaks a text into lines of a width: at blanks, between Chinese and Japanese letters, after hyphens and slashes, and within a word only where
// a whole line has no room for it. Korean is broken at blanks. What closes does not begin a line, what opens does not end one.
func wrap(text string, width float64, wide func(rune) float64) []string {
	var lines []string
	for _, part := range strings.Split(text, "\n") {
		lines = append(lines, wrapPart([]rune(strings.TrimRight(part, " \t\r")), width, wide)...)
	}
	return lines
}

func wrapPart(text []rune, width float64, wide func(rune) float64) (lines []string) {
	start, last, long := 0, 0, 0.0 // of the line; where it may be broken; its width
	for i := 0; i < len(text); i++ {
		r := text[i]
		if i > start && mayBreak(text[i-1], r) {
			last = i
		}
		w := wide(r)
		if long+w <= width || i == start || unicode.IsSpace(r) { // blanks at the end of a line have no width
			long += w
			continue
		}
		if last <= start {
			last = i
		}
		lines = append(lines, strings.TrimRight(string(text[start:last]), " "))
		for start = last; start < len(text) && text[start] == ' '; start++ {
		}
		i, long = start-1, 0
	}
	return append(lines, string(text[start:]))
}

// mayBreak says whether a line may end between two letters.
func mayBreak(a, b rune) bool {
	switch {
	case unicode.IsSpace(b) || strings.ContainsRune(closing, b) || strings.ContainsRune(opening, a):
		return false
	case unicode.IsSpace(a), a == '-', a == '/', a == ',' && b > 0x7f, a == ';':
		return true
	}
	return ideograph(a) || ideograph(b) && unicode.IsLetter(a) || strings.ContainsRune(closing, a) && a > 0x7f
}

const (
	closing = "、。，．：；！？）」』】》〉”’…·%％,.:;!?)]}"
	opening = "（「『【《〈“‘([{"
)

// ideograph says whether lines may be broken beside a letter whatever stands there.
func ideograph(r rune) bool {
	return unicode.Is(unicode.Han, r) || unicode.In(r, unicode.Hiragana, unicode.Katakana)
}
