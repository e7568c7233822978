package party

import "slices"

// Characters read aloud in a language, held against words in letters.

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
