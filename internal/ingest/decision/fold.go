package decision

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"lodestone/internal/enforce"
)

// simplifiedPairs are characters in pairs, traditional and simplified: the table TSCharacters of OpenCC (Apache-2.0).
//
//go:embed simplified.txt
var simplifiedPairs string

const firstHan, lastHan = 0x2e80, 0x9fff

// simplified holds the simplified form of each character, or nil. It is an array because every character of every page goes through it.
var simplified = func() (to [lastHan - firstHan + 1]rune) {
	var from rune
	for i, r := range []rune(strings.TrimSpace(simplifiedPairs)) {
		if i%2 == 0 {
			from = r
		} else if from >= firstHan && from <= lastHan {
			to[from-firstHan] = r
		}
	}
	return to
}()

// folded is a text as it is read: simplified characters, half-width signs, without pinyin, and without the blanks that stand inside words. Each
// byte knows the character of the source that it came from.
type folded struct {
	s     string
	at    []int32 // character of the source, for each byte of s
	hant  int     // traditional characters met
	noise int     // pinyin in brackets taken out
}

// fold reads a text. Blanks stay, as one, only between two Latin letters or digits; empty lines go.
func fold(source string) *folded {
	f := &folded{at: make([]int32, 0, len(source))}
	var b strings.Builder
	b.Grow(len(source))
	last, blank, open, n := rune(0), false, false, int32(-1)
	add := func(r rune, at int32) {
		size := utf8.RuneLen(r)
		b.WriteRune(r)
		for range size {
			f.at = append(f.at, at)
		}
		last, blank = r, false
	}
	skip := 0 // bytes of pinyin to pass over
	for i, r := range source {
		n++
		if i < skip {
			continue
		}
		if r == '\n' {
			open = false
			if last != '\n' && last != 0 {
				add('\n', n)
			}
			continue
		}
		if unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' || r == '\u2060' {
			blank = true
			continue
		}
		if r = f.plain(r); r == '"' {
			open = !open && !closes(source[i:])
			r = '”'
			if open {
				r = '“'
			}
		}
		if r == '(' && unicode.Is(unicode.Han, last) {
			if size := pinyin(source[i:]); size > 0 {
				skip, f.noise = i+size, f.noise+1
				continue
			}
		}
		if blank && latin(last) && latin(r) {
			add(' ', n-1)
		}
		add(r, n)
	}
	f.s = b.String()
	return f
}

// plain turns one character into its simplified, half-width form.
func (f *folded) plain(r rune) rune {
	switch {
	case r < 0x80:
		return r
	case r >= 0xff01 && r <= 0xff5e:
		return r - 0xfee0
	case r >= firstHan && r <= lastHan:
		if to := simplified[r-firstHan]; to != 0 {
			f.hant++
			return to
		}
	}
	switch r {
	case '「', '『':
		return '“'
	case '」', '』':
		return '”'
	case '﹝':
		return '〔'
	case '﹞':
		return '〕'
	}
	return r
}

// closes says whether the straight quote at the start of s ends a quotation: none begins with a sign.
func closes(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	next, _ := utf8.DecodeRuneInString(s[size:])
	return r == '"' && strings.ContainsRune("、,，。;；)）", next)
}

func latin(r rune) bool {
	return r < 0x80 && (r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z')
}

// toneless are syllables that mirrors print without a tone.
const toneless = " de le men me ge zi zhe ma ne ba tou "

// pinyin is the length in bytes of a bracket that holds one syllable, at the start of s, or 0. A bracket of plain letters is a unit or a sign
// and stays, unless it is a toneless syllable.
func pinyin(s string) int {
	open := 1
	if s[0] != '(' {
		open = len("（")
	}
	tone := false
	for i, r := range s[open:] {
		switch {
		case r == ')' || r == '）':
			word := s[open : open+i]
			if i == 0 || !tone && !strings.Contains(toneless, " "+word+" ") {
				return 0
			}
			return open + i + utf8.RuneLen(r)
		case i > 10:
			return 0
		case r >= 'a' && r <= 'z':
		case strings.ContainsRune("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿɡ", r):
			tone = true
		default:
			return 0
		}
	}
	return 0
}

// span is the place in the source of a part of the folded text.
func (f *folded) span(from, to int) enforce.Span {
	if from >= to {
		return enforce.Span{}
	}
	return enforce.Span{int(f.at[from]), int(f.at[to-1]) + 1}
}

// script says in which characters the source is written.
func (f *folded) script() string {
	switch {
	case f.noise >= 3:
		return "hant_noisy"
	case f.hant >= 5 && f.hant*20 > len(f.s)/3:
		return "hant"
	}
	return "hans"
}
