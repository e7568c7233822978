package fact

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// ordinary writes full-width forms, blanks, dashes and signs of comparison in their ASCII form. It allocates only where there are any.
func ordinary(s string) string {
	for i, r := range s {
		if r >= utf8.RuneSelf {
			if _, ok := plainRune(r); ok {
				return ordinaryFrom(s, i)
			}
		}
	}
	return s
}

func ordinaryFrom(s string, from int) string {
	var b strings.Builder
	b.Grow(len(s) + 8)
	b.WriteString(s[:from])
	for _, r := range s[from:] {
		if p, ok := plainRune(r); ok {
			b.WriteString(p)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// plainRune is the ASCII form of a sign, where it has one.
func plainRune(r rune) (string, bool) {
	switch r {
	case '\u00a0', '\u3000', '\u2009', '\u202f', '\ufeff':
		return " ", true
	case '–', '—', '−', '‐', '‑', '－':
		return "-", true
	case '～', '〜', '∼', '至', '到':
		return "~", true
	case '≤', '≦', '⩽':
		return "<=", true
	case '≥', '≧', '⩾':
		return ">=", true
	case '×', '✕', '╳':
		return "x", true
	case '、':
		return ";", true
	}
	if r >= 0xff01 && r <= 0xff5e {
		if n := width.LookupRune(r).Narrow(); n != 0 && n < utf8.RuneSelf {
			return asciiOf[n], true
		}
	}
	return "", false
}

// asciiOf holds each ASCII character as a text, so that plainRune makes none.
var asciiOf = func() (t [utf8.RuneSelf]string) {
	for i := range t {
		t[i] = string(rune(i))
	}
	return t
}()

// trim takes blanks of every width off both ends.
func trim(s string) string {
	if len(s) > 0 && s[0] > ' ' && s[0] < utf8.RuneSelf && s[len(s)-1] > ' ' && s[len(s)-1] < utf8.RuneSelf {
		return s
	}
	return strings.Trim(s, " \t\r\n\u00a0\u3000\ufeff")
}
