package party

import (
	"math"
	"math/bits"
	"slices"
)

// costs say how much each way in which two names differ takes from the score. The score is e to the minus of their sum. They were fitted to
// the labelled pairs and queries (docs/parties.md); quality_test.go holds what they reach.
type costs struct {
	Spell    float64 // a word that is written otherwise, times the share of its weight
	SpellW   float64 // the word that is written most unlike, against the weight of one rare word
	SpellOrg float64 // times, where one of the names has a legal form: companies are spelt with more care
	SpellOne float64 // times, where only one word was matched
	InitialW float64 // the part of a name that an initial leaves out
	Curve    float64 // power of the unlikeness of two words
	Contra   float64 // words that stand against other words
	ContraW  float64 // the same, against the weight of one rare word
	MoreQ    float64 // words that only the query has
	MoreL    float64 // words that only the listed name has
	Number   float64 // numbers that stand against other numbers
	NumberQ  float64 // a number that only one of the names has
	Form     float64 // another legal form
	FormGone float64 // a legal form that only one of the names has
	Order    float64 // another order of words
	Syllable float64 // times, for words not matched where one name is in characters: every syllable counts
	OneWord  float64 // one word for a whole name in characters
	Shuffle  float64 // another order of characters than surname last
	Initial  float64 // an initial for a name
	Joined   float64 // words run together
	Thin     float64 // little that was matched at all
	ThinAt   float64 // weight from which a match is no longer thin
	Least    float32 // likeness below which two words are different words
	Short    float32 // what words of up to three letters must be more alike
	Vowels   float32 // likeness lost where one of the names is written without vowels
	Read     float32 // likeness lost where a character was read
	AcrossF  float64 // share of the costs of words not matched that counts where one name is in characters: it is translated in part
	AcrossM  float64 // share of the costs of words that only one name has that counts there
	AcrossS  float64 // share of the costs of spelling that counts there
}

var cost = costs{
	Spell: 2.12, SpellW: 0.63, SpellOrg: 1.35, SpellOne: 1.11, InitialW: 0.38, Curve: 1.3, Contra: 1.48, ContraW: 0.23, MoreQ: 0.67, MoreL: 0.61,
	Number: 0.64, NumberQ: 0.2, Form: 0.045, FormGone: 0.026, Order: 0.03, Syllable: 1.5, OneWord: 0.19, Shuffle: 0.17, Initial: 0.07, Joined: 0.02, Thin: 0.6,
	ThinAt: 9.15, Least: 0.637, Short: 0.094, Vowels: 0.056, Read: 0.03, AcrossF: 0.3, AcrossM: 0.25, AcrossS: 0.2,
}

// link pairs words of one name with words of the other.
type link struct {
	i, j   int8 // first word of either
	ni, nj int8 // how many words
	like   float32
	weight float32
	lang   int8 // language in which characters were read; -1: none were
}

// scorer compares names. It keeps its memory; use one a goroutine.
type scorer struct {
	likes  likenesses
	links  []link
	chosen []link
	a, b   *name
	buffer []byte
	costs  breakdown
	spoken map[aloudKey]*aloud
	read   [languages]bool // some link reads characters in the language
	lang   int             // of the links chosen
	usedA  uint32
	usedB  uint32
}

// forget lets go of the names at hand.
func (s *scorer) forget() { clear(s.spoken) }

// likenesses gives the likeness of two words of the names at hand; nil: it is computed.
type likenesses interface {
	like(i, j int) float32
}

// breakdown is the score in parts.
type breakdown struct {
	exact                                        bool
	spell, contra, moreQ, moreL, number, form    float64
	order, initial, joined, thin                 float64
	formGone, formOther, numberOne, orderDiffers bool
}

func (c *breakdown) sum() float64 {
	return c.spell + c.contra + c.moreQ + c.moreL + c.number + c.form + c.order + c.initial + c.joined + c.thin
}

// score compares a query with a listed name: 1 the same, towards 0 nothing in common.
func (s *scorer) score(a, b *name) float64 {
	s.a, s.b = a, b
	s.costs = breakdown{}
	s.chosen = s.chosen[:0]
	if a.key == 0 || b.key == 0 {
		return 0
	}
	if a.key == b.key || a.comma == b.key || b.comma == a.key || a.comma != 0 && a.comma == b.comma {
		s.costs.exact = true
		return 1
	}
	if len(a.words) == 0 || len(b.words) == 0 {
		return 0
	}
	s.link()
	lang, least := -1, s.attempt(-1)
	for l := range languages {
		if !s.read[l] {
			continue
		}
		if sum := s.attempt(l); sum < least {
			lang, least = l, sum
		}
	}
	if s.lang != lang {
		s.attempt(lang)
	}
	return min(math.Exp(-least), 0.995)
}

// attempt pairs the words, with characters read in one language (-1: in none), and adds up the costs.
func (s *scorer) attempt(lang int) float64 {
	s.lang = lang
	s.costs = breakdown{}
	s.choose()
	s.weigh()
	return s.costs.sum()
}

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
	return best
}

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

// link finds all pairs of words that are alike, and pairs of words run together.
func (s *scorer) link() {
	s.links = s.links[:0]
	s.read = [languages]bool{}
	persons := s.a.forms|s.b.forms == 0
	for i, a := range s.a.words {
		for j, b := range s.b.words {
			if !persons && a.kind != b.kind && (a.kind == initial || b.kind == initial) {
				continue // companies are not called by initials of their words
			}
			var like float32
			if s.likes != nil {
				like = s.likes.like(i, j)
			} else {
				like = wordLikeness(a, b)
			}
			if like > 0 {
				s.links = append(s.links, link{int8(i), int8(j), 1, 1, like, min(a.weight, b.weight), -1})
			}
		}
	}
	s.joins(s.a.words, s.b.words, false)
	s.joins(s.b.words, s.a.words, true)
}

// shortPart is the length up to which a word that is run together with another may be misspelt with it.
const shortPart = 3

// joins links neighbouring words of one name with one word of the other. swap says that the first is the listed name.
func (s *scorer) joins(parts, wholes []*word, swap bool) {
	for i := 0; i+1 < len(parts); i++ {
		if parts[i].kind == syllable {
			s.readings(parts, i, wholes, swap)
			continue
		}
		if parts[i+1].kind == syllable || parts[i+1].kind == number {
			continue
		}
		size := len(parts[i].text) + len(parts[i+1].text)
		for j, w := range wholes {
			if parts[i].script.vowelless() != w.script.vowelless() && w.kind == plain && len(w.bones) >= 2 {
				s.joinByBones(parts, i, j, w, swap)
				continue
			}
			if w.kind == syllable || w.kind == number && parts[i].kind != number || size < 4 || len(w.text) < size-1 || len(w.text) > size+1 || w.text[0] != parts[i].text[0] {
				continue
			}
			s.buffer = append(append(s.buffer[:0], parts[i].text...), parts[i+1].text...)
			like := typing(string(s.buffer), w.text, 0.8)
			if like < 1 && min(len(parts[i].text), len(parts[i+1].text)) > shortPart {
				continue // the index finds long words run together only as they are
			}
			if like > 0 {
				s.put(i, 2, j, 1, like, min(parts[i].weight+parts[i+1].weight, max(w.weight, rare)), -1, swap)
			}
		}
	}
	if n := len(parts); n > 0 && parts[n-1].kind == syllable {
		s.readings(parts, n-1, wholes, swap)
	}
}

// joinByBones links two neighbouring words with one, where one side is written without vowels.
func (s *scorer) joinByBones(parts []*word, i, j int, w *word, swap bool) {
	if boneOf[w.sound[0]] != boneOf[parts[i].sound[0]] || parts[i].bones == "" {
		return
	}
	text := parts[i].text + parts[i+1].text
	both := newWord(text, text, plain, parts[i].script, rare)
	if like := bonesLikeness(both, w, 0.8); like >= 0.8 {
		s.put(i, 2, j, 1, like, min(parts[i].weight+parts[i+1].weight, max(w.weight, rare)), -1, swap)
	}
}

func (s *scorer) put(i, ni, j, nj int, like, weight float32, lang int, swap bool) {
	if swap {
		i, ni, j, nj = j, nj, i, ni
	}
	s.links = append(s.links, link{int8(i), int8(j), int8(ni), int8(nj), like, weight, int8(lang)})
}

// readings links one to four characters, read in one language, with a word.
func (s *scorer) readings(parts []*word, i int, wholes []*word, swap bool) {
	for j, w := range wholes {
		if w.kind == syllable && w.script != parts[i].script {
			s.sameReading(parts, i, w, j, swap)
		}
	}
	if parts[i].reading == nil {
		return
	}
	for lang := range languages {
		var ways [4]*aloud
		most := 0
		for most < len(ways) && i+most < len(parts) && parts[i+most].kind == syllable {
			ways[most] = s.aloud(parts[i:i+most+1], lang)
			most++
		}
		for j, w := range wholes {
			if w.kind == syllable || w.kind == number || w.kind == initial || w.kind == particle && len(w.text) > 3 {
				continue
			}
			var best float32
			bestN := 0
			for n, r := range ways[:most] {
				if like := r.like(w); like > best {
					best, bestN = like, n+1
				}
			}
			if best > 0 {
				s.read[lang] = true
				weight := min(syllableWeight*float32(bestN), max(w.weight, syllableWeight))
				s.put(i, bestN, j, 1, best-cost.Read, weight, lang, swap)
			}
		}
	}
}

// sameReading links a Korean syllable with a Han character that is read so.
func (s *scorer) sameReading(parts []*word, i int, w *word, j int, swap bool) {
	if parts[i].reading == nil || w.reading == nil {
		return
	}
	for _, x := range parts[i].reading[korean] {
		if slices.Contains(w.reading[korean], x) {
			s.read[korean] = true
			s.put(i, 1, j, 1, 0.95, syllableWeight, korean, swap)
			return
		}
	}
}

// aloud is how characters may be read in a language.
type aloud struct {
	texts    []string // as sounds, each once
	surnames []string // ways of its own in which a Japanese surname is read
	opens    uint32   // classes of the first sounds, one bit each: a word must begin like the reading
	least    float32  // how like a word they must sound
	moraic   bool     // only words built as Japanese ones are come into question
}

// like says how well the characters sound like a word.
func (r *aloud) like(w *word) float32 {
	if r.opens>>(boneOf[w.sound[0]]&31)&1 == 0 || r.moraic && !moraic(w.sound) {
		return 0
	}
	if slices.Contains(r.surnames, w.sound) {
		return 1
	}
	var best float32
	for _, t := range r.texts {
		if n := len(t); 2*n+2 >= len(w.sound) && n <= 2*len(w.sound)+2 {
			best = max(best, likeness(t, w.sound, max(best, r.least-0.01))) // a little under the least, for what is lost in rounding
		}
	}
	if best < r.least {
		return 0
	}
	return best
}

// aloudKey names characters of a name at hand.
type aloudKey struct {
	first *word
	count int
	lang  int
}

// aloud tells how characters are read; it remembers that for as long as the names are at hand.
func (s *scorer) aloud(chars []*word, lang int) *aloud {
	key := aloudKey{chars[0], len(chars), lang}
	if r := s.spoken[key]; r != nil {
		return r
	}
	r := &aloud{least: leastRead[lang], moraic: lang == japanese}
	if len(chars) == 1 {
		r.least = leastReadAlone
	}
	for _, way := range chars[0].reading[lang] {
		if way != "" {
			r.opens |= 1 << (boneOf[way[0]] & 31)
		}
	}
	if lang == japanese && len(chars) > 1 {
		r.surnames = surnameSounds(chars)
	}
	var buffer [64]byte
	r.read(chars, lang, buffer[:0], 7)
	if s.spoken == nil {
		s.spoken = map[aloudKey]*aloud{}
	}
	s.spoken[key] = r
	return r
}

// read adds the ways to read characters behind what is written already; so many readings of each are tried.
func (r *aloud) read(chars []*word, lang int, written []byte, ways int) {
	if len(chars) == 0 {
		if t := string(written); !slices.Contains(r.texts, t) {
			r.texts = append(r.texts, t)
		}
		return
	}
	for i, way := range chars[0].reading[lang] {
		if i >= ways || len(written)+len(way) > cap(written) || way == "" {
			return
		}
		if n := len(written); n > 0 && way[0] == written[n-1] {
			way = way[1:] // double sounds count once
		}
		r.read(chars[1:], lang, append(written, way...), max(2, ways-2))
	}
}

// leastRead is how like a word characters must sound in a language, and leastReadAlone how like one character must: a syllable has few
// sounds, and one of them makes another name. In Japanese names the readings of the tables are bent more.
var leastRead = [languages]float32{0.82, 0.82, 0.82, 0.82, 0.76}

const leastReadAlone = 0.88

// choose takes the best links that do not share words.
func (s *scorer) choose() {
	slices.SortFunc(s.links, func(x, y link) int {
		vx, vy := worth(x), worth(y)
		switch {
		case vx > vy:
			return -1
		case vx < vy:
			return 1
		case x.i != y.i:
			return int(x.i) - int(y.i)
		}
		return int(x.j) - int(y.j)
	})
	s.usedA, s.usedB, s.chosen = 0, 0, s.chosen[:0]
	for _, l := range s.links {
		if l.lang >= 0 && int(l.lang) != s.lang {
			continue
		}
		a, b := span(l.i, l.ni), span(l.j, l.nj)
		if s.usedA&a == 0 && s.usedB&b == 0 {
			s.usedA |= a
			s.usedB |= b
			s.chosen = append(s.chosen, l)
		}
	}
}

// worth is what a link is chosen for: likeness counts most, then weight, then words in the same place.
func worth(l link) float32 {
	v := l.weight * (l.like*l.like*l.like - 0.15)
	if d := l.i - l.j; d == 0 {
		v += 0.01
	}
	return v
}

// span has a bit for each of some words.
func span(from, n int8) uint32 { return (1<<uint(n) - 1) << uint(from) }

// weigh adds up the costs.
func (s *scorer) weigh() {
	c := &s.costs
	var matched, spelled, worst, abbreviated float64
	across := s.a.script != s.b.script && (translated(s.a) || translated(s.b))
	for _, l := range s.chosen {
		w := float64(l.weight)
		matched += w
		if l.like < 1 {
			switch {
			case l.like == initialLike && (s.a.words[l.i].kind == initial || s.b.words[l.j].kind == initial):
				c.initial += cost.Initial
				abbreviated += float64(s.a.words[l.i].weight + s.b.words[l.j].weight - 2*l.weight)
			default:
				loss := math.Pow(float64(1-l.like), cost.Curve)
				spelled += w * loss
				worst = max(worst, w*loss)
			}
		}
		if l.lang < 0 && l.ni+l.nj > 2 {
			c.joined += cost.Joined
		}
	}
	moreQ, numQ := unused(s.a.words, s.usedA)
	moreL, numL := unused(s.b.words, s.usedB)
	contra := min(moreQ, moreL)
	whole := matched + max(moreQ, moreL)
	if whole == 0 {
		whole = 1
	}
	share, more := 1.0, 1.0
	if across {
		unread := max(unreadShare(s.a, s.usedA), unreadShare(s.b, s.usedB))
		share, more = 1-unread*(1-cost.AcrossF), 1-unread*(1-cost.AcrossM)
	}
	whole += abbreviated
	c.initial += cost.InitialW * abbreviated / whole
	c.spell = cost.Spell*spelled/whole + cost.SpellW*worst/float64(rare)
	switch {
	case across:
		c.spell *= cost.AcrossS
	case s.a.forms|s.b.forms != 0:
		c.spell *= cost.SpellOrg
	}
	if len(s.chosen) == 1 {
		c.spell *= cost.SpellOne
	}
	c.contra = share * (cost.Contra*contra/whole + cost.ContraW*min(1, contra/float64(rare)))
	c.moreQ = more * cost.MoreQ * (moreQ - contra) / whole
	c.moreL = more * cost.MoreL * (moreL - contra) / whole
	if characters(s.a) != characters(s.b) && !across {
		c.contra, c.moreQ, c.moreL = c.contra*cost.Syllable, c.moreQ*cost.Syllable, c.moreL*cost.Syllable
		if len(s.chosen) == 1 {
			c.thin += cost.OneWord
		}
	}
	switch {
	case numQ > 0 && numL > 0:
		c.number = cost.Number
	case numQ+numL > 0:
		c.number = cost.NumberQ
		c.numberOne = true
	}
	if matched < cost.ThinAt {
		c.thin += cost.Thin * (1 - matched/cost.ThinAt)
	}
	s.forms()
	s.order()
}

// characters says that a name is made of characters to be read.
func characters(n *name) bool {
	for _, w := range n.words {
		if w.kind == syllable {
			return true
		}
	}
	return false
}

// translated says that a name in characters has words of organisations. What is left of it may be translated too, in ways no table knows.
func translated(n *name) bool {
	if !n.script.eastern() {
		return false
	}
	for _, w := range n.words {
		if w.meant {
			return true
		}
	}
	return n.forms != 0
}

// unreadShare is the part of the words not matched that are characters no table translates; they may be translated in the other name.
func unreadShare(n *name, used uint32) float64 {
	var unread, all float32
	for i, w := range n.words {
		if used&(1<<uint(i)) == 0 {
			all += w.weight
			if w.kind == syllable {
				unread += w.weight
			}
		}
	}
	if all == 0 {
		return 0
	}
	return float64(unread / all)
}

// unused adds up the weight of the words that were not matched, and counts the numbers among them.
func unused(words []*word, used uint32) (weight float64, numbers int) {
	for i, w := range words {
		if used&(1<<uint(i)) != 0 {
			continue
		}
		if w.kind == number {
			numbers++
			weight += 1
			continue
		}
		weight += float64(w.weight)
	}
	return weight, numbers
}

// forms compares the legal forms. "Company" and "corporation" stand for any.
func (s *scorer) forms() {
	a, b := s.a.forms, s.b.forms
	const loose = 1<<7 | 1<<5
	switch {
	case a == b:
	case a&^loose == 0 || b&^loose == 0:
		s.costs.form = cost.FormGone
		s.costs.formGone = true
	case a&b == 0:
		s.costs.form = cost.Form
		s.costs.formOther = true
	default:
		s.costs.form = cost.FormGone
	}
}

// order sees whether the matched words stand in another order; a turn (surname first) costs less than a shuffle.
func (s *scorer) order() {
	if len(s.chosen) < 2 {
		return
	}
	slices.SortFunc(s.chosen, func(x, y link) int { return int(x.i) - int(y.i) })
	falls := 0
	for k := 1; k < len(s.chosen); k++ {
		if s.chosen[k].j < s.chosen[k-1].j {
			falls++
		}
	}
	if falls == 0 {
		return
	}
	s.costs.orderDiffers = true
	s.costs.order = cost.Order
	if s.lang >= 0 && falls > 1 {
		s.costs.order = cost.Shuffle
	}
	if falls == 1 && s.chosen[len(s.chosen)-1].j < s.chosen[0].j {
		s.costs.order = cost.Order / 2
	}
}
