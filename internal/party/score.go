package party

import (
	"math"
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
