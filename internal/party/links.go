package party

import "slices"

// Which words of one name stand for which of the other: pairs that are alike, words run together, and the best choice among them.

// link pairs words of one name with words of the other.
type link struct {
	i, j   int8 // first word of either
	ni, nj int8 // how many words
	like   float32
	weight float32
	lang   int8 // language in which characters were read; -1: none were
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
