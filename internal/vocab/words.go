package vocab

import (
	"slices"
	"unicode/utf8"
)

// Mention is a kind named in a text: the words from Start to End, in bytes of the text.
type Mention struct {
	Kind       KindID
	Start, End int
}

// Sort says what a word of a text is.
type Sort uint8

const (
	KindWord    Sort = iota + 1 // ID is a KindID
	ElementWord                 // name or symbol of an element; ID is its number
	FormWord                    // ID is the number of the form
	ShapeWord                   // says what shape a piece of stuff has (rod, 块)
	ParamWord                   // ID is a ParamID
	PhraseWord                  // ID is a Phrase
	NumberWord                  // digits with points and commas
	RunWord                     // Latin letters and digits with a capital, not known: perhaps a formula
)

// Word is a word found in a text. A word with several meanings stands once for each, with the same place.
type Word struct {
	Sort       Sort
	Symbol     bool // of an element: its symbol, not its name
	Weak       bool // of an element: says little when it stands alone (word_only, ambiguous)
	ID         uint16
	Start, End int32 // bytes of Reading.Text
}

// Reading is a text with the words found in it. Its memory is used again by the next text.
type Reading struct {
	Text  []byte // folded
	Words []Word
	at    []int32 // at[i] is where byte i of Text came from, one more entry for the end; empty: the same place
	from  string  // the text that was read
}

// Words finds names of the vocabulary in running text. Longest match wins; text once matched is not matched again. Latin words match
// between word bounds (a plural s may follow), Korean ones where a word begins or another ends (particles follow), Chinese ones anywhere.
// Formulas and symbols are matched with their capitals, other words without regard to them.
type Words struct {
	trie trie
	fold *foldTable
}

// limit on the text that is read for words: more than any description of goods, little enough to stay quick.
const maxText = 100_000

func newWords(d Data) *Words {
	w := &Words{fold: folding()}
	var r Reading
	add := func(name string, e entry) {
		r.fold(w.fold, name)
		w.trie.add(r.Text, e)
	}
	exact := func(name string, e entry) {
		r.fold(w.fold, name)
		e.exact = string(r.Text)
		w.trie.add(r.Text, e)
	}
	for i, k := range d.Kinds {
		e := entry{sort: KindWord, id: uint16(i + 1)}
		k.Names.Each(func(s string) { add(s, e) })
		for _, s := range append(slices.Clone(k.Formulas), k.CAS...) {
			exact(s, e)
		}
	}
	addElements(d.Elements, add, exact)
	for i, f := range d.Forms {
		f.Names.Each(func(s string) { add(s, entry{sort: FormWord, id: uint16(i)}) })
		if f.Shapes {
			for _, s := range f.Column {
				add(s, entry{sort: ShapeWord, id: uint16(i)})
			}
		}
	}
	for i, p := range d.Params {
		p.Names.Each(func(s string) { add(s, entry{sort: ParamWord, id: uint16(i + 1)}) })
	}
	for phrase, list := range phrases {
		for _, s := range list {
			add(s, entry{sort: PhraseWord, id: uint16(phrase)})
		}
	}
	return w
}

func addElements(elements []ElementNames, add, exact func(string, entry)) {
	for _, d := range elements {
		n, ok := ElementOf(d.Symbol)
		if !ok {
			continue
		}
		d.Names.Each(func(s string) {
			add(s, entry{sort: ElementWord, id: uint16(n), weak: slices.Contains(d.Ambiguous, s)})
		})
		exact(d.Symbol, entry{sort: ElementWord, id: uint16(n), symbol: true, weak: d.WordOnly})
	}
}

// Read fills the reading with the words of a text, in order.
func (w *Words) Read(r *Reading, text string) {
	if len(text) > maxText {
		text = text[:maxText]
	}
	r.Words = r.Words[:0]
	r.fold(w.fold, text)
	w.trie.find(r)
}

// Find appends the mentions of kinds in text to dst, in order. A word that names several kinds gives several mentions.
func (w *Words) Find(dst []Mention, text string) []Mention {
	var r Reading
	w.Read(&r, text)
	for i := range r.Words {
		if x := &r.Words[i]; x.Sort == KindWord {
			dst = append(dst, r.Mention(x))
		}
	}
	return dst
}

// Mention is a word that names a kind, by its place in the text that was read.
func (r *Reading) Mention(w *Word) Mention {
	return Mention{Kind: KindID(w.ID), Start: r.Start(int(w.Start)), End: r.End(int(w.End))}
}

// trie holds words byte by byte, in small letters: nodes of sixteen bytes in one slice, the children of a node in a list. Most nodes have one
// child; the root, which has many, has a table of first characters.
type trie struct {
	nodes   []trieNode
	entries [][]entry        // of the nodes at which a word ends
	first   [256]*[256]int32 // nodes of first characters, in pages of 256; nil: none
	rest    map[rune]int32   // the same beyond the basic plane
}

type trieNode struct {
	b     byte
	child int32 // first child; 0: none
	next  int32 // next child of the same parent; 0: none
	word  int32 // 1 + place in entries; 0: no word ends here
}

// entry is a meaning of a word.
type entry struct {
	sort   Sort
	symbol bool
	weak   bool
	id     uint16
	exact  string // the spelling with its capitals, where they matter; empty: they do not
}

func (t *trie) add(word []byte, e entry) {
	if len(word) == 0 {
		return
	}
	if t.nodes == nil {
		t.nodes = make([]trieNode, 1, 1<<16)
	}
	at, size := t.root(word)
	for _, b := range word[size:] {
		b = lower[b]
		next := t.child(at, b)
		if next == 0 {
			next = t.grow(b, t.nodes[at].child)
			t.nodes[at].child = next
		}
		at = next
	}
	n := &t.nodes[at]
	if n.word == 0 {
		t.entries = append(t.entries, nil)
		n.word = int32(len(t.entries))
	}
	if list := &t.entries[n.word-1]; !slices.Contains(*list, e) {
		*list = append(*list, e)
	}
}

// root is the node of a word's first character, made where there is none, and the length of that character.
func (t *trie) root(word []byte) (at int32, size int) {
	r, size := utf8.DecodeRune(word)
	if r < utf8.RuneSelf {
		r = rune(lower[r])
	}
	if at := t.begin(r); at != 0 {
		return at, size
	}
	at = t.grow(0, 0)
	if r > 0xffff {
		if t.rest == nil {
			t.rest = map[rune]int32{}
		}
		t.rest[r] = at
		return at, size
	}
	if t.first[r>>8] == nil {
		t.first[r>>8] = &[256]int32{}
	}
	t.first[r>>8][r&0xff] = at
	return at, size
}

// begin is the node of a first character, in small letters; zero: no word begins so.
func (t *trie) begin(r rune) int32 {
	if r > 0xffff {
		return t.rest[r]
	}
	if page := t.first[r>>8]; page != nil {
		return page[r&0xff]
	}
	return 0
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

// lower is each byte with ASCII capitals made small.
var lower = func() (t [256]byte) {
	for b := range t {
		t[b] = byte(b)
		if 'A' <= b && b <= 'Z' {
			t[b] = byte(b) | 0x20
		}
	}
	return t
}()

// find reads r.Text from front to back.
func (t *trie) find(r *Reading) {
	s := r.Text
	before, matched := noScript, false // the character before i, and whether a word ended there
	for i := 0; i < len(s); {
		ch, size := rune(s[i]), 1
		if ch >= utf8.RuneSelf {
			ch, size = utf8.DecodeRune(s[i:])
		}
		here := scriptOf(ch)
		if here == before && (here == latin || here == hangul && !matched) {
			i += size
			continue
		}
		if end, ok := t.match(r, i, ch, size); ok {
			i, matched = end, true
			if last, _ := utf8.DecodeLastRune(s[:end]); scriptOf(last) != latin {
				before = scriptOf(last)
			} else {
				before = noScript // no Latin word goes on, but a share may follow a symbol at once
			}
			continue
		}
		matched = false
		if here == latin && ch < utf8.RuneSelf {
			i, before = r.run(i), latin
			continue
		}
		i, before = i+size, here
	}
}

// match takes the longest word that begins at byte i with the character ch.
func (t *trie) match(r *Reading, i int, ch rune, size int) (end int, ok bool) {
	s := r.Text
	if ch < utf8.RuneSelf {
		ch = rune(lower[ch])
	}
	at := t.begin(ch)
	if at == 0 {
		return 0, false
	}
	var hit int32
	for j := i + size; ; j++ {
		if n := t.nodes[at].word; n != 0 {
			if e := t.ends(s, i, j, n); e > 0 {
				end, hit = e, n
			}
		}
		if j == len(s) {
			break
		}
		if at = t.child(at, lower[s[j]]); at == 0 {
			break
		}
	}
	if hit == 0 {
		return 0, false
	}
	for k := range t.entries[hit-1] {
		e := &t.entries[hit-1][k]
		if e.fits(s, i, end) {
			r.Words = append(r.Words, Word{Sort: e.sort, Symbol: e.symbol, Weak: e.weak, ID: e.id, Start: int32(i), End: int32(end)})
		}
	}
	return end, true
}

// fits says whether a meaning goes with the capitals of s from i to end.
func (e *entry) fits(s []byte, i, end int) bool {
	return e.exact == "" || i+len(e.exact) <= end && string(s[i:i+len(e.exact)]) == e.exact
}

// ends returns where a word that has been matched from i up to j ends, or 0 where none of its meanings ends there.
func (t *trie) ends(s []byte, i, j int, word int32) int {
	end := wordEnd(s, j)
	for k := range t.entries[word-1] {
		e := &t.entries[word-1][k]
		switch {
		case !e.fits(s, i, j):
		case end > 0:
			return end
		case e.symbol && sharesFollow(s, j):
			return j
		}
	}
	return 0
}

// sharesFollow says whether a mass fraction begins at j, as after the symbol in "Nd30%".
func sharesFollow(s []byte, j int) bool {
	end := numberEnd(s, j)
	for end < len(s) && s[end] == ' ' {
		end++
	}
	return end > j && end < len(s) && (s[end] == '%' || s[end] == '-' || s[end] == '~')
}

// wordEnd returns where the word that has been matched up to byte j ends, or 0 where no word ends there.
func wordEnd(s []byte, j int) int {
	last, _ := utf8.DecodeLastRune(s[:j])
	if scriptOf(last) != latin || bound(s, j) {
		return j
	}
	if j < len(s) && s[j] == 's' && bound(s, j+1) {
		return j + 1
	}
	return 0
}

// bound says that no Latin word goes on at j; letters of another script bound it, a group of a formula does not: Dy(NO3)3.
func bound(s []byte, j int) bool {
	if j >= len(s) {
		return true
	}
	if s[j] == '(' {
		return j+1 == len(s) || s[j+1] < 'A' || s[j+1] > 'Z' || groupLen(s[j:]) == 0
	}
	r, _ := utf8.DecodeRune(s[j:])
	return scriptOf(r) != latin
}

// run takes a run of Latin letters and digits that is no known word, from byte i: a number, or what may be a formula. It returns where the run,
// or the number, ends.
func (r *Reading) run(i int) int {
	s := r.Text
	if end := numberEnd(s, i); end > i {
		r.Words = append(r.Words, Word{Sort: NumberWord, Start: int32(i), End: int32(end)})
		return end
	}
	end, capitals := i, false
	for end < len(s) {
		n := 1
		if s[end] == '(' {
			n = groupLen(s[end:])
		}
		if n == 0 || s[end] != '(' && (s[end] >= utf8.RuneSelf || asciiScript[s[end]] != latin) {
			break
		}
		capitals = capitals || 'A' <= s[end] && s[end] <= 'Z'
		end += n
	}
	if capitals && end-i <= maxRun {
		r.Words = append(r.Words, Word{Sort: RunWord, Start: int32(i), End: int32(end)})
	}
	return end
}

// groupLen is the length of a group of a formula at the start of s, with its number: "(OH)2"; zero where none stands.
func groupLen(s []byte) int {
	const most = 10
	for i := 1; i < min(len(s)-1, most); i++ {
		switch {
		case s[i] == ')' && i > 1 && isDigit(s[i+1]):
			return i + 2
		case s[i] >= utf8.RuneSelf || asciiScript[s[i]] != latin:
			return 0
		}
	}
	return 0
}

// maxRun bounds what may be a formula.
const maxRun = 40

// numberEnd is where the digits with points and commas at i end.
func numberEnd(s []byte, i int) int {
	for i < len(s) && (isDigit(s[i]) || (s[i] == '.' || s[i] == ',') && i+1 < len(s) && isDigit(s[i+1]) && i > 0 && isDigit(s[i-1])) {
		i++
	}
	return i
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }
