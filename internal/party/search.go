package party

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// Searcher answers questions of an index. It keeps its memory from one question to the next; use one a goroutine.
type Searcher struct {
	x      *Index
	scorer scorer
	query  name

	gained     []float32 // weight a name has matched, by number
	touched    []uint32  // names with some
	found      []candidate
	looked     map[string][]hit // like words by word, and by characters read in a language
	remembered int              // hits in there
	known      [mostWords][]float32
	dirty      [mostWords][]uint32
	ids        []uint32 // words of the candidate at hand
	listed     name     // the candidate at hand
	best       map[int32]candidate
	visited    []uint32 // by word: the look-up that saw it last
	visit      uint32
}

// hit is a word of the index that is like a word of the query.
type hit struct {
	word uint32
	like float32
}

// candidate is a name on its way to a match.
type candidate struct {
	name  uint32
	score float64
}

const (
	mostCandidates  = 250       // names that are scored for a question
	rememberedWords = 50_000    // words and readings whose like words are remembered
	rememberedHits  = 1_000_000 // of them all
)

// NewSearcher makes a searcher for an index.
func NewSearcher(x *Index) *Searcher {
	return &Searcher{x: x, gained: make([]float32, len(x.names)), looked: map[string][]hit{}, best: map[int32]candidate{}, visited: make([]uint32, len(x.words))}
}

// Search finds the listings that the name or an alias of a query may mean: at most limit, with a score of at least threshold, best first, one
// match a listing.
func (s *Searcher) Search(q Query, threshold float64, limit int) []Match {
	clear(s.best)
	s.identifiers(identifierKey(q.Name))
	for _, n := range q.Numbers {
		s.identifiers(squeeze(n))
		s.identifiers(identifierKey(n))
	}
	s.one(q.Name, q.Type, threshold)
	for _, alias := range q.Aliases {
		s.one(alias, q.Type, threshold)
	}
	order := make([]candidate, 0, len(s.best))
	for p, c := range s.best {
		exact := c.score == 1
		if c.name&identifierName == 0 && (q.Born != "" || q.Country != "") {
			c.score = weighFacts(c.score, &q, &s.x.parties[p])
		}
		if exact || c.score >= threshold {
			order = append(order, c)
		}
	}
	slices.SortFunc(order, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.name, b.name))
	})
	order = order[:min(len(order), limit)]
	matches := make([]Match, len(order))
	for i, c := range order {
		matches[i] = s.match(q, c)
	}
	return matches
}

// identifierName marks a candidate found by its identifier; the other bits are the party.
const identifierName = 1 << 31

func (s *Searcher) identifiers(key string) {
	if key == "" {
		return
	}
	for _, p := range s.x.byID[key] {
		s.best[p] = candidate{identifierName | uint32(p), 1}
	}
}

// one scores the candidates for one name.
func (s *Searcher) one(text string, t Type, threshold float64) {
	s.query = readName(text)
	if s.query.key == 0 {
		return
	}
	s.gather()
	s.pick(threshold)
	s.scorer.likes = s
	for _, c := range s.found {
		e := &s.x.names[c.name]
		c.score = s.scoreOf(c.name, t)
		if have, ok := s.best[e.party]; c.score >= threshold && (!ok || c.score > have.score) {
			s.best[e.party] = c
		}
	}
	s.forget()
}

// forget drops the likenesses of the query at hand.
func (s *Searcher) forget() {
	s.scorer.forget()
	for i, words := range s.dirty {
		for _, w := range words {
			s.known[i][w] = 0
		}
		s.dirty[i] = words[:0]
	}
}

// scoreOf scores the query at hand against a name of the index.
func (s *Searcher) scoreOf(n uint32, t Type) float64 {
	s.load(n)
	score := s.scorer.score(&s.query, &s.listed)
	e := &s.x.names[n]
	p := &s.x.parties[e.party]
	if score < 1 && p.Names[e.number].Weak {
		score *= weakFactor
	}
	if score < 1 && typesDiffer(t, p.Type) {
		score *= typeFactor
	}
	return score
}

const (
	weakFactor = 0.9  // a weak alias that is not met exactly
	typeFactor = 0.93 // the types that both sides give differ
)

func typesDiffer(a, b Type) bool { return a != "" && b != "" && a != b }

// load makes the name of a number the candidate at hand.
func (s *Searcher) load(n uint32) {
	e := &s.x.names[n]
	s.ids = s.x.ids[e.from : e.from+uint32(e.count)]
	s.listed.key, s.listed.comma, s.listed.forms, s.listed.script = e.key, e.comma, uint32(e.forms), e.script
	s.listed.words = s.listed.words[:0]
	for _, id := range s.ids {
		s.listed.words = append(s.listed.words, &s.x.words[id])
	}
}

// like remembers the likeness of each word of the query with each word of the index while a question lasts.
func (s *Searcher) like(i, j int) float32 {
	id := s.ids[j]
	if s.known[i] == nil {
		s.known[i] = make([]float32, len(s.x.words))
	}
	if v := s.known[i][id]; v != 0 {
		return v - 1
	}
	v := wordLikeness(s.query.words[i], &s.x.words[id])
	s.note(i, id, v)
	return v
}

func (s *Searcher) note(i int, id uint32, like float32) {
	s.known[i][id] = like + 1
	s.dirty[i] = append(s.dirty[i], id)
}

// gather adds up, for every name that shares a like word with the query, the weight of what it shares.
func (s *Searcher) gather() {
	words := s.query.words
	onlyParticles := plainWords(words) == 0
	for i, w := range words {
		if w.kind == particle && i+1 < len(words) {
			s.joined(w, words[i+1])
		}
		if w.kind == particle && w.weight <= particleWeight && !onlyParticles {
			continue
		}
		s.gain(s.like1(w), w.weight)
		if w.kind == plain && len(w.text) >= 5 {
			s.split(w)
		}
		if i+1 < len(words) && w.kind == plain {
			s.joined(w, words[i+1])
		}
		if w.kind == syllable {
			s.read(words[i:])
		}
	}
}

func (s *Searcher) gain(hits []hit, weight float32) {
	for _, h := range hits {
		w := min(weight, s.x.words[h.word].weight) * h.like
		for _, n := range s.x.posts[s.x.postFrom[h.word]:s.x.postFrom[h.word+1]] {
			if s.gained[n] == 0 {
				s.touched = append(s.touched, n)
			}
			s.gained[n] += w
		}
	}
}

// like1 finds the words of the index that are like a word.
func (s *Searcher) like1(w *word) []hit {
	key := w.text
	if w.script != latin {
		key = w.shown + "\x00" + w.text
	}
	if hits, ok := s.looked[key]; ok {
		return hits
	}
	hits := s.lookUp(w)
	s.remember(key, hits)
	return hits
}

func (s *Searcher) lookUp(w *word) []hit {
	var hits []hit
	s.visit++
	letters := comparedByLetters(w)
	look := func(id uint32) {
		if s.visited[id] == s.visit {
			return
		}
		s.visited[id] = s.visit
		if quick := s.x.quick[id]; letters && quick&maskless == 0 && bits.OnesCount32(quick^w.mask) > mostOther {
			return
		}
		if like := wordLikeness(w, &s.x.words[id]); like > 0 {
			hits = append(hits, hit{id, like})
		}
	}
	eachKey(w, true, func(key uint32) { s.x.keys.find(key, look) })
	return hits
}

// exactly finds a word of the index as typed.
func (s *Searcher) exactly(text string, f func(id uint32)) {
	s.x.keys.find(keyOf(asTyped, text), func(id uint32) {
		if s.x.words[id].text == text {
			f(id)
		}
	})
}

// split looks for two words of the index that were run together.
func (s *Searcher) split(w *word) {
	for k := 2; k <= len(w.text)-2; k++ {
		var left, right []hit
		s.exactly(w.text[:k], func(id uint32) { left = append(left, hit{id, 0.9}) })
		if left == nil {
			continue
		}
		s.exactly(w.text[k:], func(id uint32) { right = append(right, hit{id, 0.9}) })
		if right != nil {
			s.gain(left, rare)
			s.gain(right, rare)
		}
	}
}

// joined looks for a word of the index that two words of the query are parts of.
func (s *Searcher) joined(a, b *word) {
	if b.kind == syllable || b.kind == number {
		return
	}
	text := a.text + b.text
	if min(len(a.text), len(b.text)) <= shortPart && len(text) >= 6 {
		s.gain(s.like1(newWord(text, text, plain, latin, rare)), rare) // short words are run together most, and then may be misspelt too
		return
	}
	s.exactly(text, func(id uint32) { s.gain([]hit{{id, 0.95}}, rare) })
}

// read looks for words that the characters at the beginning sound like.
func (s *Searcher) read(words []*word) {
	for n := 1; n <= 4 && n <= len(words) && words[n-1].kind == syllable; n++ {
		for lang := range languages {
			s.readAs(words[:n], lang)
		}
	}
}

func (s *Searcher) readAs(chars []*word, lang int) {
	var buffer [64]byte
	key := append(buffer[:0], 0, byte(lang)) // no word begins so
	for _, c := range chars {
		key = append(key, c.text...)
	}
	if chars[0].opens {
		key = append(key, 0)
	}
	hits, ok := s.looked[string(key)]
	if !ok {
		hits = s.lookUpReading(chars, lang)
		s.remember(string(key), hits)
	}
	s.gain(hits, syllableWeight*float32(len(chars)))
}

func (s *Searcher) remember(key string, hits []hit) {
	if len(s.looked) >= rememberedWords || s.remembered+len(hits) > rememberedHits {
		clear(s.looked)
		s.remembered = 0
	}
	s.looked[key] = hits
	s.remembered += len(hits)
}

// lookUpReading finds the words of the index that characters sound like, read in a language.
func (s *Searcher) lookUpReading(chars []*word, lang int) (hits []hit) {
	texts := []string{""}
	for _, c := range chars {
		var next []string
		for _, way := range c.reading[lang] {
			for _, t := range texts {
				if len(next) < 8 {
					next = append(next, t+way)
				}
			}
		}
		texts = next
	}
	if lang == japanese && len(chars) > 1 {
		texts = append(texts, surnameSounds(chars)...)
	}
	s.visit++
	aloud := s.scorer.aloud(chars, lang)
	look := func(id uint32) {
		if s.visited[id] == s.visit || s.x.words[id].kind == syllable {
			return
		}
		s.visited[id] = s.visit
		if like := aloud.like(&s.x.words[id]); like > 0 {
			hits = append(hits, hit{id, like})
		}
	}
	var buffer [longestWord]byte
	for _, t := range texts {
		rough := roughly(buffer[:0], t)
		s.x.keys.find(keyOf(asHeard, rough), look)
		if len(chars) > 1 {
			eachOmission(asHeard, rough, func(key uint32) { s.x.keys.find(key, look) })
		}
	}
	return hits
}

// surnameSounds are the sounds of a Japanese surname.
func surnameSounds(chars []*word) (sounds []string) {
	text := ""
	for _, c := range chars {
		text += c.text
	}
	for _, way := range known().hanSurnames[text] {
		sounds = append(sounds, sound(way))
	}
	return sounds
}

// slack is how much worse than the threshold the best case of a name may look and the name still be scored: the best case counts an
// unlike word as lost in part, which the score may do more kindly.
const slack = 1.7

// pick keeps the names that have gained most, measured by the best score they may still reach.
func (s *Searcher) pick(threshold float64) {
	var whole float32
	for _, w := range s.query.words {
		whole += w.weight
	}
	s.found = s.found[:0]
	floor := math.Log(max(threshold, 0.01)) * slack
	for _, n := range s.touched {
		e := &s.x.names[n]
		got := min(s.gained[n], whole, e.weight)
		s.gained[n] = 0
		if bound := bestCase(got, whole, e.weight); bound >= floor {
			s.found = append(s.found, candidate{n, bound})
		}
	}
	s.touched = s.touched[:0]
	slices.SortFunc(s.found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.name, b.name))
	})
	s.found = s.found[:min(len(s.found), mostCandidates)]
	add := func(n uint32) { s.found = append(s.found, candidate{name: n}) }
	s.x.eachSame(s.query.key, add)
	s.x.eachSame(s.query.comma, add)
}

// bestCase is the logarithm of the score of a name that has matched a weight, were every matched word the same.
func bestCase(got, query, listed float32) float64 {
	moreQ, moreL := float64(query-got), float64(listed-got)
	contra := min(moreQ, moreL)
	whole := float64(got) + max(moreQ, moreL)
	return -(cost.Contra*contra + cost.MoreQ*(moreQ-contra) + cost.MoreL*(moreL-contra)) / whole
}
