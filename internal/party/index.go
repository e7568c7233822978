package party

import (
	"cmp"
	"slices"
	"strings"
)

// Index finds listed parties by name without looking at every one. It is made once and may be used by several goroutines.
type Index struct {
	parties  []Party
	names    []indexed
	words    []word   // every word of the names once
	quick    []uint32 // of each word: its mask, or maskless where that says nothing
	ids      []uint32 // words of the names, one name after another
	postFrom []uint32 // where the names of a word begin in posts; one more than words
	posts    []uint32
	keys     keyTable  // words by their keys
	same     []sameKey // names by the key of their letters, in order
	byID     map[string][]int32
}

// sameKey is the key of a name, as printed or with what stands behind a comma put first.
type sameKey struct {
	key  uint64
	name uint32
}

// indexed is a name of a party, made ready.
type indexed struct {
	key, comma uint64
	from       uint32 // in ids
	party      int32
	weight     float32 // of all its words
	number     uint16  // of the name among those of its party
	forms      uint16
	count      uint8
	script     script
}

// NewIndex makes parties ready to be searched. The slice is the index's from now on.
func NewIndex(parties []Party) *Index {
	x := &Index{parties: parties, byID: map[string][]int32{}}
	total := 0
	for i := range parties {
		total += len(parties[i].Names)
	}
	x.names, x.ids = make([]indexed, 0, total), make([]uint32, 0, wordsAName*total)
	seen := map[wordKey]uint32{}
	for i := range parties {
		x.addParty(int32(i), seen)
	}
	x.pack()
	x.keys.gather(x.words)
	x.finish()
	return x
}

const wordsAName = 4 // to make room for; real lists have a little fewer

// pack lays the letters of a word side by side, since they are looked at together.
func (x *Index) pack() {
	size := 0
	for i := range x.words {
		w := &x.words[i]
		size += len(w.text) + len(w.sound) + len(w.bones)
	}
	var b strings.Builder
	b.Grow(size)
	for i := range x.words {
		w := &x.words[i]
		b.WriteString(w.text)
		b.WriteString(w.sound)
		b.WriteString(w.bones)
	}
	all := b.String()
	for i := range x.words {
		w := &x.words[i]
		for _, part := range []*string{&w.text, &w.sound, &w.bones} {
			*part, all = all[:len(*part)], all[len(*part):]
		}
	}
}

// finish makes what follows from parties, words, names and keys.
func (x *Index) finish() {
	x.quick = make([]uint32, len(x.words))
	for i := range x.words {
		w := &x.words[i]
		if x.quick[i] = w.mask; !comparedByLetters(w) {
			x.quick[i] |= maskless
		}
	}
	x.post()
	x.keys.part()
	for i := range x.parties {
		for _, id := range x.parties[i].Identifiers {
			key := identifierKey(id.Value)
			if strings.Contains(strings.ToLower(id.Kind), "tail") {
				key = squeeze(id.Value) // registrations of aircraft may be all letters
			}
			if key != "" {
				x.byID[key] = append(x.byID[key], int32(i))
			}
		}
	}
	for n := range x.names {
		e := &x.names[n]
		x.same = append(x.same, sameKey{e.key, uint32(n)})
		if e.comma != 0 {
			x.same = append(x.same, sameKey{e.comma, uint32(n)})
		}
	}
	slices.SortFunc(x.same, func(a, b sameKey) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.name, b.name)) })
}

// eachSame calls f with the names of a key.
func (x *Index) eachSame(key uint64, f func(name uint32)) {
	if key == 0 {
		return
	}
	from, _ := slices.BinarySearchFunc(x.same, key, func(e sameKey, key uint64) int { return cmp.Compare(e.key, key) })
	for _, e := range x.same[from:] {
		if e.key != key {
			return
		}
		f(e.name)
	}
}

// Parties are the parties of the index.
func (x *Index) Parties() []Party { return x.parties }

// wordKey tells words of the dictionary apart.
type wordKey struct {
	text   string
	kind   kind
	script script
	sound  string
	weight float32 // between brackets a word weighs less
	opens  bool
}

func (x *Index) addParty(i int32, seen map[wordKey]uint32) {
	p := &x.parties[i]
	for number := range p.Names {
		n := readName(p.Names[number].Text)
		if n.key == 0 {
			continue
		}
		entry := indexed{key: n.key, comma: n.comma, from: uint32(len(x.ids)), party: i, number: uint16(number), forms: uint16(n.forms),
			count: uint8(len(n.words)), script: n.script}
		for _, w := range n.words {
			x.ids = append(x.ids, x.intern(w, seen))
		}
		x.names = append(x.names, entry)
	}
}

func (x *Index) intern(w *word, seen map[wordKey]uint32) uint32 {
	key := wordKey{w.text, w.kind, w.script, w.sound, w.weight, w.opens}
	if n, ok := seen[key]; ok {
		return n
	}
	n := uint32(len(x.words))
	seen[key] = n
	x.words = append(x.words, *w)
	return n
}

// maskless marks words that may be alike without sharing letters.
const maskless = 1 << 31

// comparedByLetters says that a word is alike to another such word only if they share most of their letters.
func comparedByLetters(w *word) bool {
	return w.kind == plain && w.means == nil && !w.script.vowelless()
}

// post lists the names of each word, and weighs the names.
func (x *Index) post() {
	x.postFrom = make([]uint32, len(x.words)+1)
	for _, id := range x.ids {
		x.postFrom[id+1]++
	}
	for i := 1; i < len(x.postFrom); i++ {
		x.postFrom[i] += x.postFrom[i-1]
	}
	x.posts = make([]uint32, len(x.ids))
	at := slices.Clone(x.postFrom)
	for n := range x.names {
		e := &x.names[n]
		for _, id := range x.ids[e.from : e.from+uint32(e.count)] {
			e.weight += x.words[id].weight
			x.posts[at[id]] = uint32(n)
			at[id]++
		}
	}
}

// identifierKey folds a number for look-up. Short ones tell nobody apart.
func identifierKey(text string) string {
	key := squeeze(text)
	key = strings.TrimPrefix(key, "imo")
	digits := 0
	for i := range len(key) {
		if '0' <= key[i] && key[i] <= '9' {
			digits++
		}
	}
	if len(key) < 6 || digits < 5 {
		return ""
	}
	return key
}

// keyTable finds words by keys of 32 bits: a word as typed, roughly as heard, its consonants, and each of these with one letter left out. A key may
// stand for several words by chance; whoever looks compares.
type keyTable struct {
	from    []uint32 // where the keys with the same upper bits begin
	entries []entry
}

// entry is a key and the word that has it, so that entries in order are keys in order.
type entry uint64

func entryOf(key, word uint32) entry { return entry(key)<<32 | entry(word) }

func (e entry) key() uint32  { return uint32(e >> 32) }
func (e entry) word() uint32 { return uint32(e) }

const keyBits = 16

// gather takes the keys of words, in order.
func (t *keyTable) gather(words []word) {
	room := 0
	for i := range words {
		room += len(words[i].text) + len(words[i].sound) + 4
	}
	t.entries = make([]entry, 0, room)
	for i := range words {
		eachKey(&words[i], false, func(key uint32) { t.entries = append(t.entries, entryOf(key, uint32(i))) })
	}
	slices.Sort(t.entries)
	t.entries = slices.Clone(slices.Compact(t.entries))
}

// part notes where the keys with the same upper bits begin.
func (t *keyTable) part() {
	t.from = make([]uint32, 1<<keyBits+1)
	for _, e := range t.entries {
		t.from[e.key()>>(32-keyBits)+1]++
	}
	for i := 1; i < len(t.from); i++ {
		t.from[i] += t.from[i-1]
	}
}

// find calls f with the words of a key.
func (t *keyTable) find(key uint32, f func(word uint32)) {
	bucket := key >> (32 - keyBits)
	for _, e := range t.entries[t.from[bucket]:t.from[bucket+1]] {
		if e.key() == key {
			f(e.word())
		}
	}
}

// Salts keep the kinds of keys apart.
const (
	asTyped = iota + 1
	asHeard
	asBones
	asVowelless // consonants of words written without vowels
)

func keyOf(salt byte, text string) uint32 { return keyWithout(salt, text, -1) }

// keyWithout is the key of a text with one letter left out.
func keyWithout(salt byte, text string, skip int) uint32 {
	h := (uint32(2166136261) ^ uint32(salt)) * 16777619
	for i := range len(text) {
		if i != skip {
			h = (h ^ uint32(text[i])) * 16777619
		}
	}
	h ^= h >> 15
	return h * 0x9E3779B1
}

const longestKeyed = 24 // letters of a word whose omissions are keyed

// eachKey calls f with the keys of a word: of the index, or asked for.
func eachKey(w *word, asked bool, f func(key uint32)) {
	f(keyOf(asTyped, w.text))
	for _, m := range w.means {
		f(keyOf(asTyped, m))
	}
	if n, ok := numberWords[w.text]; ok {
		f(keyOf(asTyped, n))
	}
	if w.kind != plain && w.kind != particle {
		return
	}
	var buffer [longestWord]byte
	rough := roughly(buffer[:0], w.sound)
	f(keyOf(asHeard, rough))
	eachOmission(asTyped, w.text, f)
	eachOmission(asHeard, rough, f)
	eachBones(w, asked, f)
}

// eachBones calls f with the keys of a word's consonants. Two words with vowels must share four to be looked at: three or fewer say little, and
// what is alike in such words is found by the other keys.
func eachBones(w *word, asked bool, f func(key uint32)) {
	n := len(w.bones)
	if n < 2 {
		return
	}
	vowelless := w.script.vowelless()
	if !asked || vowelless || n >= 4 {
		f(keyOf(asBones, w.bones))
		if w.kind == plain && n >= 4 {
			eachOmission(asBones, w.bones, f)
		}
	}
	if vowelless != asked {
		f(keyOf(asVowelless, w.bones))
	}
}

func eachOmission(salt byte, text string, f func(key uint32)) {
	if len(text) < 4 || len(text) > longestKeyed {
		return
	}
	for i := range len(text) {
		if i > 0 && text[i] == text[i-1] {
			continue // the same omission
		}
		f(keyWithout(salt, text, i))
	}
}
