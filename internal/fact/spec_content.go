package fact

import (
	"bytes"
	"slices"
	"strings"

	"lodestone/internal/quant"
	"lodestone/internal/vocab"
)

// element reads an element and what stands beside it: a share ("Dy 3%"), a word that it is none ("镝:无"), or nothing, which says that it
// is contained. Weak names and symbols (iron, In) count only beside a share or in a list that "contains" began.
func (s *specReader) element(i int) int {
	w := &s.words[i]
	e := vocab.Element(w.ID)
	s.named = s.named || !w.Weak
	next := s.alias(i)
	if s.isPhrase(next, vocab.Balance) && isLink(s.gap(next)) {
		s.takesRest(e, s.text(w.Start, s.words[next].End))
		return next + 1
	}
	if s.isPhrase(next, vocab.Lacks) && isLink(s.gap(next)) && s.endsHere(next) { // 镝:无
		s.none(e, s.text(w.Start, s.words[next].End))
		return next + 1
	}
	if after, share, end, ok := s.shareAt(next); ok {
		s.add(Content{Element: e, Share: share, None: isZero(share), Source: s.source(), Words: s.text(w.Start, end)})
		s.listed = len(s.found)
		return after
	}
	if s.counts(i) || s.isPhrase(next, vocab.Free) || s.isPhrase(next, vocab.Undetected) { // those take it back
		s.add(Content{Element: e, Source: s.source(), Words: s.text(w.Start, s.words[next-1].End)})
	}
	s.metalPiece(i, next)
	return next
}

// alias passes over a second name of the element at i ("钕(Nd)") and over words such as "content".
func (s *specReader) alias(i int) int {
	next := i + 1
	for next < len(s.words) && isLink(s.gap(next)) {
		w := &s.words[next]
		switch {
		case w.Sort == vocab.ElementWord && w.ID == s.words[i].ID:
		case s.isPhrase(next, vocab.Filler) && s.numberAfter(next):
		default:
			return next
		}
		next++
	}
	return next
}

// numberAfter says whether an amount follows the word i.
func (s *specReader) numberAfter(i int) bool {
	for i++; i < len(s.words) && isLink(s.gap(i)); i++ {
		switch {
		case s.isSort(i, vocab.NumberWord):
			return true
		case !s.isPhrase(i, vocab.Filler) && !s.isPhrase(i, vocab.Compare):
			return false
		}
	}
	return false
}

// endsHere says that after the word i the entry ends.
func (s *specReader) endsHere(i int) bool {
	rest := bytes.TrimLeft(s.reading.Text[s.words[i].End:], " )")
	return len(rest) == 0 || bytes.IndexByte([]byte(",;|\n"), rest[0]) >= 0 || bytes.HasPrefix(rest, []byte("、")) || bytes.HasPrefix(rest, []byte("。"))
}

// counts says whether an element that stands alone is said to be contained.
func (s *specReader) counts(i int) bool {
	w := &s.words[i]
	if s.strong || i > 0 && s.isPhrase(i-1, vocab.Holds) && touches(s.gap(i)) {
		return true
	}
	if w.Weak {
		return false
	}
	return !w.Symbol || !s.hyphened(i)
}

// hyphened says whether a symbol is joined with a word that is no element (Bi-colour).
func (s *specReader) hyphened(i int) bool {
	w, text := &s.words[i], s.reading.Text
	joined := func(at int32, j int) bool {
		return at >= 0 && int(at) < len(text) && text[at] == '-' && !(j >= 0 && s.isSort(j, vocab.ElementWord))
	}
	return joined(w.Start-1, i-1) || joined(w.End, i+1)
}

// metalPiece notes that the thing is a metal where one metal is named directly before a shape: 铋块, germanium ingot.
func (s *specReader) metalPiece(i, next int) {
	e := vocab.Element(s.words[i].ID)
	if next >= len(s.words) || !s.metals.Has(e) || s.words[i].Symbol || !touches(s.gap(next)) || !s.piece(&s.words[next]) {
		return
	}
	if i > 0 && s.isSort(i-1, vocab.ElementWord) && touches(s.gap(i)) { // two elements: an alloy, or a compound
		return
	}
	if before := s.reading.Text[:s.words[i].Start]; bytes.HasSuffix(before, []byte("酸")) || bytes.HasSuffix(before, []byte("化")) {
		return // of an acid or of a halogen: 钛酸钡粉, 硫化镝粉
	}
	s.say(s.metal, &s.words[next])
}

// shareAt reads the mass fraction that begins at the word i, with a comparison before it. Several shares in a list ("0.18%、0.24%") are of
// several things in one line: the range from the least to the most. What is no mass fraction ("3 at%", "30 mm") is none.
func (s *specReader) shareAt(i int) (next int, share quant.Range, end int32, ok bool) {
	if !isLink(s.gap(i)) {
		return i, share, 0, false
	}
	next, share, end, ok = s.oneShare(i)
	if !ok {
		return i, share, end, false
	}
	for s.isSort(next, vocab.NumberWord) && next > i && onlyIn(s.gapFrom(end, next), " 、,/") {
		after, more, moreEnd, good := s.oneShare(next)
		if !good || s.isSort(after, vocab.ElementWord) && onlyIn(s.gapFrom(moreEnd, after), " ") {
			break
		}
		next, share, end = after, spanned(share, more), moreEnd
	}
	return next, share, end, true
}

// gapFrom is what stands between a place and the word i.
func (s *specReader) gapFrom(from int32, i int) []byte {
	if to := s.words[i].Start; from < to {
		return s.reading.Text[from:to]
	}
	return nil
}

// spanned is the range that holds both.
func spanned(a, b quant.Range) quant.Range {
	r := a
	switch {
	case !b.HasLow:
		r.HasLow, r.Low, r.Over = false, quant.Decimal{}, false
	case a.HasLow && b.Low.Cmp(a.Low) < 0:
		r.Low, r.Over = b.Low, b.Over
	case a.HasLow && b.Low.Cmp(a.Low) == 0:
		r.Over = a.Over && b.Over
	}
	switch {
	case !b.HasHigh:
		r.HasHigh, r.High, r.Under = false, quant.Decimal{}, false
	case a.HasHigh && b.High.Cmp(a.High) > 0:
		r.High, r.Under = b.High, b.Under
	case a.HasHigh && b.High.Cmp(a.High) == 0:
		r.Under = a.Under && b.Under
	}
	return r
}

// oneShare reads one mass fraction, with a comparison before it.
func (s *specReader) oneShare(i int) (next int, share quant.Range, end int32, ok bool) {
	number := i
	if s.isPhrase(i, vocab.Compare) {
		number++
	}
	if !s.isSort(number, vocab.NumberWord) || number > i && !isLink(s.gap(number)) {
		return i, share, 0, false
	}
	start := s.words[number].Start
	if number > i {
		start = s.words[i].Start
	}
	start = s.signsBefore(start)
	end = s.fractionEnd(s.words[number].End)
	if end == 0 {
		return i, share, 0, false
	}
	if share, ok = s.share(start, end); !ok {
		return i, share, 0, false
	}
	return s.after(number, end), share, end, true
}

// share reads a mass fraction; most are a number and a percent sign.
func (s *specReader) share(start, end int32) (quant.Range, bool) {
	text := s.text(start, end)
	if last := len(text) - 1; text[last] == '%' && digitsEnd([]byte(text), 0) == last {
		d, err := quant.ParseDecimal(text[:last])
		return quant.Exactly(d), err == nil && d.Cmp(quant.Int(100)) <= 0
	}
	share, f := s.r.share(ordinary(text), false)
	return share, f == nil
}

// after is the number of the first word that begins at a place or later.
func (s *specReader) after(i int, place int32) int {
	for i < len(s.words) && s.words[i].Start < place {
		i++
	}
	return i
}

// signsBefore moves a place back over signs of comparison.
func (s *specReader) signsBefore(at int32) int32 {
	head := s.reading.Text[:at]
	if at == 0 || head[at-1] < 0x80 && head[at-1] != ' ' && (head[at-1] < '<' || head[at-1] > '>') {
		return at
	}
	blank := bytes.TrimRight(head, " ")
	signs := bytes.TrimRight(blank, "<>=≤≥≦≧⩽⩾")
	if len(signs) == len(blank) || bytes.Equal(blank[len(signs):], []byte("=")) {
		return at
	}
	return int32(len(signs))
}

// fractionEnd is where a mass fraction ends whose first number ends at a place; zero where it is none. A second number ("0.1-0.3%") and words
// for a bound ("30%以上") belong to it.
func (s *specReader) fractionEnd(at int32) int32 {
	t := s.reading.Text
	i := int(at)
	for range 2 {
		j := skipBlanks(t, i)
		if n := massUnit(t[j:]); n > 0 {
			return int32(boundEnd(t, j+n))
		}
		n := rangeSign(t[j:])
		if n == 0 {
			return 0
		}
		j = skipBlanks(t, j+n)
		if i = digitsEnd(t, j); i == j {
			return 0
		}
	}
	return 0
}

func skipBlanks(t []byte, i int) int {
	for i < len(t) && t[i] == ' ' {
		i++
	}
	return i
}

func digitsEnd(t []byte, i int) int {
	for i < len(t) && (isDigit(t[i]) || t[i] == '.' && i+1 < len(t) && isDigit(t[i+1])) {
		i++
	}
	return i
}

var massUnits = [...]string{"wt%", "wt.%", "wt %", "ppm", "重量%", "质量%"}

// massUnit is the length of the unit of a mass fraction at the start of t. A percentage of atoms, moles or volume is none.
func massUnit(t []byte) int {
	if len(t) == 0 {
		return 0
	}
	n := 0
	if t[0] == '%' {
		n = 1
	} else if isDigit(t[0]) || t[0] == ',' || t[0] == ')' {
		return 0
	}
	for _, unit := range massUnits[:] {
		if n == 0 && hasPrefixFold(t, unit) {
			n = len(unit)
		}
	}
	if n == 0 {
		return 0
	}
	rest := bytes.TrimLeft(t[n:], " (")
	if len(rest) == 0 || rest[0] < 0x80 && !isLetter(rest[0]) {
		return n
	}
	for _, other := range []string{"at", "mol", "vol", "v/v", "原子", "体积", "摩尔"} {
		if hasPrefixFold(rest, other) {
			return 0
		}
	}
	if n == 3 && len(t) > 3 && isLetter(t[3]) { // ppm
		return 0
	}
	return n
}

// rangeSign is the length of the sign between two ends of a range at the start of t.
func rangeSign(t []byte) int {
	for _, sign := range []string{"-", "~", "–", "—", "±", "+/-", "至", "到", "to "} {
		if bytes.HasPrefix(t, []byte(sign)) {
			return len(sign)
		}
	}
	return 0
}

// boundEnd takes a word that makes a bound of the amount before it.
func boundEnd(t []byte, i int) int {
	j := skipBlanks(t, i)
	if j == len(t) || t[j] < 0x80 && !isLetter(t[j]) {
		return i
	}
	for k := range after {
		w := after[k].word
		if hasPrefixFold(t[j:], w) && (w[0] >= 0x80 || j+len(w) == len(t) || !isLetter(t[j+len(w)])) {
			return j + len(w)
		}
	}
	return i
}

func hasPrefixFold(t []byte, word string) bool {
	return len(t) >= len(word) && bytes.EqualFold(t[:len(word)], []byte(word))
}

// number reads an amount that stands before what it is an amount of: "3% Dy", "99.95 % purity", "99.99%氧化锑".
func (s *specReader) number(i int) int {
	w := &s.words[i]
	s.grades(w)
	if next, ok := s.amountOfParam(i); ok {
		return next
	}
	next, share, end, ok := s.oneShare(i)
	if !ok {
		if next = s.amountByUnit(i); next > i {
			return next
		}
		return s.sizes(i)
	}
	for s.isPhrase(next, vocab.Filler) && touches(s.gapFrom(end, next)) {
		end = s.words[next].End
		next++
	}
	switch {
	case next >= len(s.words) || !onlyIn(s.gapFrom(end, next), " "):
	case s.isSort(next, vocab.ElementWord):
		e := vocab.Element(s.words[next].ID)
		s.add(Content{Element: e, Share: share, None: isZero(share), Source: s.source(), Words: s.text(w.Start, s.words[next].End)})
		s.listed, s.named = len(s.found), true
		return s.alias(next)
	case s.isSort(next, vocab.KindWord):
		s.pureShare(&s.words[next], share, w.Start, s.words[next].End)
		return next
	}
	if i > 0 && s.isSort(i-1, vocab.KindWord) && onlyIn(s.gap(i), " ,:(≥>=") {
		s.pureShare(&s.words[i-1], share, s.words[i-1].Start, end)
	}
	return max(next, i+1)
}

// formula reads the elements of a chemical formula that is no known kind (LaB6). Capitals and digits alone (USB3) are none.
func (s *specReader) formula(i int) {
	w := &s.words[i]
	text := s.text(w.Start, w.End)
	small := false
	for _, b := range []byte(text) {
		small = small || b >= 'a' && b <= 'z'
	}
	if !small {
		return
	}
	set, ok := parseFormula(text)
	if !ok || set.Meets(shortLived) {
		return
	}
	s.named = true
	set.Each(func(e vocab.Element) { s.add(Content{Element: e, Source: s.source(), Words: text}) })
	if s.isSalt(text, set) {
		s.say(s.compound, w)
	}
}

// halogens and salts are what makes a formula that holds a metal one of a compound, whatever the thing is used as. An oxide of several
// metals is left open: it may as well be a ceramic or a phosphor, which the lists set apart.
var (
	halogens = func() (set vocab.Elements) {
		for _, e := range [...]vocab.Element{9, 17, 35, 53} {
			set.Add(e)
		}
		return set
	}()
	salts = []string{"NO3", "SO4", "CO3", "PO4", "OH", "C2O4", "C2H3O2", "CH3COO"}
)

// isSalt says whether a formula is that of a metal with a halogen or an acid: TbF3, Dy(NO3)3.
func (s *specReader) isSalt(text string, set vocab.Elements) bool {
	if !set.Meets(s.metals) {
		return false
	}
	return set.Meets(halogens) || slices.ContainsFunc(salts, func(salt string) bool { return strings.Contains(text, salt) })
}

// shortLived are elements that no goods are made of: their symbols in a run of letters are something else (LiPo).
var shortLived = func() (set vocab.Elements) {
	for e := vocab.Element(84); e < 119; e++ {
		if e != 90 && e != 92 {
			set.Add(e)
		}
	}
	return set
}()

// lacks reads "free of Dy and Tb", "不含镝、铽", "无重稀土".
func (s *specReader) lacks(i int) int {
	from := s.words[i].Start
	first := i + 1
	for i = first; i < len(s.words); i++ {
		w := &s.words[i]
		gap := s.gap(i)
		if !isList(gap) || i == first && !onlyIn(gap, " :") {
			return i
		}
		switch {
		case w.Sort == vocab.ElementWord && !s.numberAfter(i):
			s.none(vocab.Element(w.ID), s.text(from, w.End))
		case w.Sort == vocab.KindWord && w.Start == s.words[first].Start: // that it is not made of a kind says nothing of the elements
		case s.isPhrase(i, vocab.RareEarths) || s.isPhrase(i, vocab.HeavyRareEarths):
			s.noneOf(i, s.text(from, w.End))
		case s.isPhrase(i, vocab.EndOf) || s.isPhrase(i, vocab.Filler) && !s.isOf(i):
		default:
			return i
		}
	}
	return i
}

// isOf says whether the word i is the Chinese particle after which the thing itself is named.
func (s *specReader) isOf(i int) bool {
	w := &s.words[i]
	return string(s.reading.Text[w.Start:w.End]) == "的"
}

// Rare earths by atomic number. All are scandium, yttrium and the lanthanides; heavy ones, in every use of the word, terbium to lutetium.
const (
	scandium, yttrium, lanthanum, terbium, lutetium = 21, 39, 57, 65, 71
)

// noneOf reads "no rare earths". Where elements follow ("无重稀土镝、铽") those are meant.
func (s *specReader) noneOf(i int, words string) {
	if s.isSort(i+1, vocab.ElementWord) && isList(s.gap(i+1)) {
		return
	}
	first := vocab.Element(terbium)
	if s.isPhrase(i, vocab.RareEarths) {
		s.none(scandium, words)
		s.none(yttrium, words)
		first = lanthanum
	}
	for e := first; e <= lutetium; e++ {
		s.none(e, words)
	}
}

func (s *specReader) none(e vocab.Element, words string) {
	s.add(Content{Element: e, None: true, Source: s.source(), Words: words})
	s.listed = len(s.found)
}

// withdraw reads a word that stands after a list: "Dy, Tb free" makes them none, "not detected" leaves them unknown.
func (s *specReader) withdraw(i int, none bool) {
	if !onlyIn(s.gap(i), " :=-()") {
		return
	}
	for k := s.listed; k < len(s.found); k++ {
		s.found[k].None = none
	}
	if !none {
		s.found = s.found[:s.listed]
	}
	s.listed = len(s.found)
}

// remainder reads "balance Fe"; "铁余量" is read with the element.
func (s *specReader) remainder(i int) int {
	from := s.words[i].Start
	for i++; s.isPhrase(i, vocab.Filler) && isLink(s.gap(i)); i++ {
	}
	if s.isSort(i, vocab.ElementWord) && isLink(s.gap(i)) {
		s.takesRest(vocab.Element(s.words[i].ID), s.text(from, s.words[i].End))
		return s.alias(i)
	}
	return i
}

func (s *specReader) takesRest(e vocab.Element, words string) {
	s.add(Content{Element: e, Source: s.source(), Words: words})
	s.balance, s.listed = e, len(s.found)
}

// add puts a content into what was found, once an element. Where one statement says that it is there, one that leaves it open does not
// take that back; shares that differ are of several things in one line and make a range.
func (s *specReader) add(c Content) {
	for i := range s.found {
		if old := &s.found[i]; old.Element == c.Element {
			*old = both(old, &c)
			return
		}
	}
	s.found = append(s.found, c)
}

// both is what two statements of one element say together.
func both(a, b *Content) Content {
	certain := a.Certain() || b.Certain()
	c := *a
	switch {
	case a.None != b.None:
		if a.None {
			c = *b
		}
	case a.Share == (quant.Range{}):
		c = *b
	case b.Share != (quant.Range{}):
		c.Share = spanned(a.Share, b.Share)
	}
	if certain && !c.Certain() {
		c.None, c.Share = false, quant.Range{}
	}
	return c
}

func (s *specReader) source() Source {
	if s.field == specField {
		return Spec
	}
	return Description
}
