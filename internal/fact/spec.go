package fact

import (
	"bytes"
	"slices"
	"unicode"
	"unicode/utf8"

	"lodestone/internal/vocab"
)

// What people write in a description is read in one pass over its words (vocab.Words). Names of kinds become mentions; an element beside a
// mass fraction, after "contains" or "free of", or alone becomes a content; a parameter beside an amount becomes a parameter; words for a
// form are kept as said. What a column states is not touched: where the words say otherwise, a warning does.
//
// Words speak of the thing itself. Those in a field that says what it is for ("用途:…"), and those after "used for" where the thing has
// been named before, are passed over.

// specReader is the state of reading one description. Its memory is used again.
type specReader struct {
	r       *Reader
	it      *Item
	reading vocab.Reading
	words   []vocab.Word

	found   []Content     // contents that the words state, one an element
	listed  int           // those from here on stand in one list: "free" after it speaks of all of them
	balance vocab.Element // takes the remainder; zero: none does
	said    vocab.FormSet // forms that words say
	saidAt  vocab.Word    // the first of those words
	grade   vocab.Word    // a trade grade in nines; End is zero where none stands
	field   fieldKind     // the field that is read
	purpose bool          // after "used for"
	strong  bool          // in a list that "contains" began: weak names and symbols count as well
	named   bool          // a kind or an element has been named

	metals    vocab.Elements // elements that are metals
	metal     vocab.FormSet  // the form metal
	stuff     vocab.FormSet  // forms that a piece of metal may have besides
	notMetal  vocab.FormSet  // forms beside which the word metal says nothing: metal oxide
	compound  vocab.FormSet  // the form compound
	purity    vocab.ParamID
	byUnit    []vocab.ParamID // parameters that their unit tells
	units     map[rune]bool   // characters with which a unit begins
	inference []vocab.Inference
}

type fieldKind uint8

const (
	freeText  fieldKind = iota
	specField           // says what the thing consists of
	useField            // says what it is for, or who sells it
)

// nonmetals are elements whose name before a shape is no metal (carbon rod, 碘粒).
var nonmetals = []string{"H", "He", "B", "C", "N", "O", "F", "Ne", "Si", "P", "S", "Cl", "Ar", "Se", "Br", "Kr", "I", "Xe", "At", "Rn", ""}

func (r *Reader) newSpec() {
	s := &r.spec
	s.r, s.inference = r, r.v.Inferences()
	s.purity, _ = r.v.Param("purity")
	for e := range vocab.Element(119) {
		if !slices.Contains(nonmetals, e.String()) {
			s.metals.Add(e)
		}
	}
	s.units = map[rune]bool{}
	for _, u := range r.v.Units {
		for _, spelling := range append([]string{u.ID}, u.Spellings...) {
			first, _ := utf8.DecodeRuneInString(spelling)
			s.units[unicode.ToLower(first)], s.units[unicode.ToUpper(first)] = true, true
		}
	}
	set := func(words ...string) (forms vocab.FormSet) {
		for _, w := range words {
			f, _ := r.v.FormOf(w)
			forms |= f
		}
		return forms
	}
	for i := range r.v.Params {
		if r.v.Params[i].ByUnit {
			s.byUnit = append(s.byUnit, vocab.ParamID(i+1))
		}
	}
	s.compound = set("compound")
	s.metal, s.stuff = set("metal"), set("powder", "crystal", "material", "target", "substrate")
	s.notMetal = set("alloy", "oxide", "compound", "ore", "ceramic", "phosphor")
}

// readDescription fills the item with what its description says.
func (r *Reader) readDescription(it *Item) {
	it.Mentions, it.Worded, it.WordedBy = it.Mentions[:0], 0, ""
	if it.Description == "" {
		return
	}
	s := &r.spec
	r.v.Words().Read(&s.reading, it.Description)
	s.it, s.words, s.found, s.listed, s.balance = it, s.reading.Words, s.found[:0], 0, 0
	s.said, s.saidAt, s.grade = 0, vocab.Word{}, vocab.Word{}
	s.field, s.purpose, s.strong, s.named = freeText, false, false, false
	for i := 0; i < len(s.words); {
		i = s.next(i)
	}
	s.join()
}

// next reads the word i and returns the number of the one to read next.
func (s *specReader) next(i int) int {
	s.cross(i)
	w := &s.words[i]
	if w.Sort == vocab.PhraseWord {
		return s.phrase(i)
	}
	if s.field == useField || s.purpose {
		return i + 1
	}
	switch w.Sort {
	case vocab.KindWord:
		return s.kind(i)
	case vocab.ElementWord:
		return s.element(i)
	case vocab.NumberWord:
		return s.number(i)
	case vocab.ParamWord:
		return s.param(i)
	case vocab.FormWord:
		if i == 0 || s.words[i-1].Start != w.Start { // a kind of that name says it already
			s.form(i)
		}
	case vocab.RunWord:
		s.formula(i)
	}
	return i + 1
}

// cross looks at what stands between the word i and the one before: a field, a clause or a list may end there.
func (s *specReader) cross(i int) {
	gap := s.gap(i)
	if len(gap) == 0 {
		return
	}
	if bytes.ContainsAny(gap, ";|\n\r") || bytes.Contains(gap, []byte("。")) {
		s.field, s.purpose, s.strong, s.listed = freeText, false, false, len(s.found)
		return
	}
	s.purpose = s.purpose && bytes.IndexByte(gap, ',') < 0
	if !isList(gap) {
		s.strong = s.strong && s.field == specField
		s.listed = len(s.found)
	}
}

// gap is what stands between the word i and the one before.
func (s *specReader) gap(i int) []byte {
	if i == 0 || i >= len(s.words) {
		return nil
	}
	from, to := s.words[i-1].End, s.words[i].Start
	if from >= to { // two meanings of one word
		return nil
	}
	return s.reading.Text[from:to]
}

// isList says that a gap holds only signs that part the members of a list.
func isList(gap []byte) bool { return onlyIn(gap, " ,/+&-()、·") }

// isLink says that a gap holds only signs that may stand between a name and its amount.
func isLink(gap []byte) bool { return onlyIn(gap, " :=()[]<>~≥≤≧≦≈-") }

// touches says that a gap is nothing but blanks and hyphens.
func touches(gap []byte) bool { return onlyIn(gap, " -") }

func onlyIn(gap []byte, signs string) bool {
	if len(gap) == 0 || len(gap) == 1 && gap[0] == ' ' {
		return true // every set of signs has the blank
	}
	for _, r := range string(gap) {
		if !containsRune(signs, r) {
			return false
		}
	}
	return true
}

func containsRune(signs string, r rune) bool {
	for _, x := range signs {
		if x == r {
			return true
		}
	}
	return false
}

// text is the part of the description that a stretch of the folded text was read from.
func (s *specReader) text(start, end int32) string {
	return s.it.Description[s.reading.Start(int(start)):s.reading.End(int(end))]
}

func (s *specReader) isPhrase(i int, p vocab.Phrase) bool {
	return i < len(s.words) && s.words[i].Sort == vocab.PhraseWord && vocab.Phrase(s.words[i].ID) == p
}

func (s *specReader) isSort(i int, sort vocab.Sort) bool {
	return i < len(s.words) && s.words[i].Sort == sort
}

// phrase reads a word of language.
func (s *specReader) phrase(i int) int {
	w := &s.words[i]
	p := vocab.Phrase(w.ID)
	if s.purpose && s.isOf(i) {
		s.purpose = false // 用于磁铁的钕: what is named now is the thing
	}
	switch p {
	case vocab.SpecLabel, vocab.UseLabel, vocab.SomeLabel:
		s.label(w, p)
	case vocab.Purpose:
		s.purpose = s.purpose || s.named
	case vocab.Holds:
		s.strong = true
	}
	if s.field == useField || s.purpose {
		return i + 1
	}
	switch p {
	case vocab.Lacks:
		return s.lacks(i)
	case vocab.Free, vocab.Undetected:
		s.withdraw(i, p == vocab.Free)
	case vocab.IsNot:
		return s.skipKinds(i + 1)
	case vocab.Balance:
		return s.remainder(i)
	}
	return i + 1
}

// label begins a field, where a colon follows.
func (s *specReader) label(w *vocab.Word, p vocab.Phrase) {
	rest := bytes.TrimLeft(s.reading.Text[w.End:], " ")
	if len(rest) == 0 || rest[0] != ':' {
		return
	}
	s.field, s.purpose, s.strong = freeText, false, false
	switch p {
	case vocab.SpecLabel:
		s.field, s.strong = specField, true
	case vocab.UseLabel:
		s.field = useField
	}
}

// kind takes a kind that is named, unless a word after it takes it back ("NdFeB-free").
func (s *specReader) kind(i int) int {
	w := &s.words[i]
	next := i + 1
	for s.isSort(next, vocab.KindWord) && s.words[next].Start == w.Start {
		next++
	}
	if s.isPhrase(next, vocab.Free) && touches(s.gap(next)) {
		return next
	}
	for _, w := range s.words[i:next] {
		if len(s.it.Mentions) < MaxMentions {
			s.it.Mentions = append(s.it.Mentions, s.reading.Mention(&w))
		}
	}
	s.named = true
	return next
}

// skipKinds passes over the kinds that stand directly at i: "not graphite".
func (s *specReader) skipKinds(i int) int {
	for s.isSort(i, vocab.KindWord) && touches(s.gap(i)) {
		i++
	}
	return i
}

// form takes a word for a form. "Metal" says little by itself (metal box): it counts beside an element, or before a word for a piece of stuff.
func (s *specReader) form(i int) {
	w := &s.words[i]
	set := vocab.FormSet(1) << w.ID
	if set == s.metal && !s.metalHere(i) {
		return
	}
	s.say(set, w)
}

func (s *specReader) say(set vocab.FormSet, w *vocab.Word) {
	if s.said == 0 {
		s.saidAt = *w
	}
	s.said |= set
}

func (s *specReader) metalHere(i int) bool {
	if i > 0 && (s.isSort(i-1, vocab.ElementWord) || s.isPhrase(i-1, vocab.EndOf)) && touches(s.gap(i)) {
		return true
	}
	if s.endsHere(i) {
		return true
	}
	if i+1 == len(s.words) || !touches(s.gap(i+1)) {
		return false
	}
	next := &s.words[i+1]
	return next.Sort == vocab.ElementWord || s.piece(next) || s.isPhrase(i+1, vocab.Article)
}

// piece says whether a word names a form or shape that a piece of metal may have.
func (s *specReader) piece(w *vocab.Word) bool {
	return w.Sort == vocab.ShapeWord || w.Sort == vocab.FormWord && s.stuff>>w.ID&1 == 1
}
