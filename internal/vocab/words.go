package vocab

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Mention is a kind named in a text: the words from Start to End, in bytes of the text.
type Mention struct {
	Kind       KindID
	Start, End int
}

// Words finds the names and formulas of kinds in running text. Longest match wins; text once matched is not matched again. Latin words
// match between word bounds (a plural s may follow), Korean ones where a word begins (particles follow), Chinese ones anywhere.
type Words struct {
	names    trie // lower case
	formulas trie // as written
}

// limit on the text that is read for words: more than any description of goods, little enough to stay quick.
const maxText = 100_000

func newWords(d Data) *Words {
	w := &Words{}
	for i, k := range d.Kinds {
		k.Names.Each(func(s string) { w.names.add(foldText(s, true).text, KindID(i+1)) })
		for _, s := range append(slices.Clone(k.Formulas), k.CAS...) {
			w.formulas.add(foldText(s, false).text, KindID(i+1))
		}
	}
	return w
}

// Find appends the mentions of kinds in text to dst, in order. A word that names several kinds gives several mentions.
func (w *Words) Find(dst []Mention, text string) []Mention {
	if len(text) > maxText {
		text = text[:maxText]
	}
	f := foldText(text, true)
	n := len(dst)
	dst = w.names.find(dst, f)
	if hasUpperOrDigit(text) {
		dst = w.formulas.find(dst, foldText(text, false))
		dst = keepLongest(dst, n)
	}
	return dst
}

func hasUpperOrDigit(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.IsUpper(r) || unicode.IsDigit(r) }) >= 0
}

// keepLongest drops mentions that lie within longer ones.
func keepLongest(m []Mention, from int) []Mention {
	part := m[from:]
	slices.SortStableFunc(part, func(a, b Mention) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return b.End - a.End
	})
	kept := m[:from]
	end := -1
	var last Mention
	for _, x := range part {
		if x.End > end || (x.Start == last.Start && x.End == last.End && x.Kind != last.Kind) {
			kept = append(kept, x)
			if x.End > end {
				end, last = x.End, x
			}
		}
	}
	return kept
}

// folded is a text made comparable, with the place in the original of each of its bytes.
type folded struct {
	text string
	at   []int32 // at[i] is where byte i came from; one more entry for the end. nil: the same place
}

// foldText narrows full-width forms, lowers capitals if asked to, and drops blanks between Chinese characters.
func foldText(s string, lower bool) folded {
	if isASCII(s) {
		if lower {
			s = strings.ToLower(s)
		}
		return folded{text: s}
	}
	var b strings.Builder
	b.Grow(len(s))
	at := make([]int32, 0, len(s)+1)
	var last rune
	for i, r := range s {
		r = narrow(r)
		if lower {
			r = unicode.ToLower(r)
		}
		if unicode.IsSpace(r) {
			r = ' '
			if next, _ := nextNonSpace(s[i:]); last == ' ' || unicode.Is(unicode.Han, last) && unicode.Is(unicode.Han, next) {
				continue
			}
		}
		before := b.Len()
		b.WriteRune(r)
		for range b.Len() - before {
			at = append(at, int32(i))
		}
		last = r
	}
	return folded{text: b.String(), at: append(at, int32(len(s)))}
}

func nextNonSpace(s string) (rune, int) {
	for i, r := range s {
		if !unicode.IsSpace(r) {
			return r, i
		}
	}
	return 0, len(s)
}

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

// trie holds words byte by byte: nodes of sixteen bytes in one slice, the children of a node in a list. Most nodes have one child; the root,
// which has many, has a table.
type trie struct {
	nodes []trieNode
	kinds [][]KindID // of the nodes at which a word ends
	first [256]int32 // children of the root
}

type trieNode struct {
	b     byte
	child int32 // first child; 0: none
	next  int32 // next child of the same parent; 0: none
	word  int32 // 1 + place in kinds; 0: no word ends here
}

func (t *trie) add(word string, k KindID) {
	if word == "" {
		return
	}
	if t.nodes == nil {
		t.nodes = make([]trieNode, 1, 1<<16)
	}
	at := t.first[word[0]]
	if at == 0 {
		at = t.grow(word[0], 0)
		t.first[word[0]] = at
	}
	for i := 1; i < len(word); i++ {
		next := t.child(at, word[i])
		if next == 0 {
			next = t.grow(word[i], t.nodes[at].child)
			t.nodes[at].child = next
		}
		at = next
	}
	n := &t.nodes[at]
	if n.word == 0 {
		t.kinds = append(t.kinds, nil)
		n.word = int32(len(t.kinds))
	}
	if kinds := &t.kinds[n.word-1]; !slices.Contains(*kinds, k) {
		*kinds = append(*kinds, k)
	}
}

func (t *trie) grow(b byte, next int32) int32 {
	t.nodes = append(t.nodes, trieNode{b: b, next: next})
	return int32(len(t.nodes) - 1)
}

func (t *trie) child(at int32, b byte) int32 {
	for n := t.nodes[at].child; n != 0; n = t.nodes[n].next {
		if t.nodes[n].b == b {
			return n
		}
	}
	return 0
}

func (t *trie) find(dst []Mention, f folded) []Mention {
	s := f.text
	for i := 0; i < len(s); {
		at := t.first[s[i]]
		if at == 0 || !startsWord(s, i) {
			i++
			continue
		}
		end, hit := 0, int32(0)
		for j := i + 1; ; j++ {
			if t.nodes[at].word != 0 {
				if e := wordEnd(s, j); e > 0 {
					end, hit = e, at
				}
			}
			if j == len(s) {
				break
			}
			if at = t.child(at, s[j]); at == 0 {
				break
			}
		}
		if hit == 0 {
			i++
			continue
		}
		start, stop := i, end
		if f.at != nil {
			start, stop = int(f.at[i]), int(f.at[end])
		}
		for _, k := range t.kinds[t.nodes[hit].word-1] {
			dst = append(dst, Mention{Kind: k, Start: start, End: stop})
		}
		i = end
	}
	return dst
}

// startsWord says whether a word may begin at byte i: Chinese anywhere, others where no letter or digit stands before.
func startsWord(s string, i int) bool {
	if i == 0 {
		return true
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	if r == utf8.RuneError || unicode.Is(unicode.Han, r) {
		return r != utf8.RuneError
	}
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	if unicode.Is(unicode.Han, before) {
		return true
	}
	return !unicode.IsLetter(before) && !unicode.IsDigit(before)
}

// wordEnd returns where the word that has been matched up to byte j ends, or 0 where no word ends there.
func wordEnd(s string, j int) int {
	last, _ := utf8.DecodeLastRuneInString(s[:j])
	if unicode.Is(unicode.Han, last) || unicode.Is(unicode.Hangul, last) {
		return j
	}
	if bound(s, j) {
		return j
	}
	if j < len(s) && s[j] == 's' && bound(s, j+1) {
		return j + 1
	}
	return 0
}

func bound(s string, j int) bool {
	if j >= len(s) {
		return true
	}
	r, _ := utf8.DecodeRuneInString(s[j:])
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) || r >= 0x1100 // letters of another script bound a Latin word
}
