package fact

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"lodestone/internal/quant"
	"lodestone/internal/vocab"
)

// param reads a parameter and the amount after it: "纯度≥99.99%", "density 1.8 g/cm3". A name without an amount says nothing.
func (s *specReader) param(i int) int {
	next := i + 1
	for (s.isPhrase(next, vocab.Filler) || s.isPhrase(next, vocab.Compare)) && isLink(s.gap(next)) {
		next++
	}
	if !s.isSort(next, vocab.NumberWord) || !isLink(s.gap(next)) {
		return i + 1
	}
	w, number := &s.words[i], &s.words[next]
	def := &s.r.v.Params[w.ID-1]
	start := number.Start
	if s.isPhrase(next-1, vocab.Compare) {
		start = s.words[next-1].Start
	}
	start = s.signsBefore(start)
	p := Param{ID: vocab.ParamID(w.ID), Source: s.source()}
	var end int32
	if def.Kind == "sizes" {
		end = s.readSides(&p, def, number)
	} else {
		end = s.readAmount(&p, def, start, number)
	}
	if end == 0 {
		return i + 1
	}
	p.Words = s.text(w.Start, end)
	s.addParam(p)
	return s.after(next, end)
}

// readAmount reads a number with its unit, or a range of them, and returns where it ends; zero where it is none.
func (s *specReader) readAmount(p *Param, def *vocab.ParamDef, start int32, number *vocab.Word) int32 {
	if def.Kind != "number" {
		return 0
	}
	if def.Grades {
		if end := s.gradeEnd(number); end > 0 {
			low, ok := nines(s.text(number.Start, end))
			p.Value = quant.AtLeast(low, false)
			if ok {
				return end
			}
		}
	}
	end := s.amountEnd(def, int(number.End))
	if end == 0 {
		return 0
	}
	m := measure{v: s.r.v, dimension: def.Dimension, to: def.Unit, signed: true, bare: def.Unit == "ratio"}
	value, f := m.read(ordinary(s.text(start, end)))
	if f != nil {
		return 0
	}
	p.Value = value
	return end
}

// amountEnd is where an amount of a dimension ends whose first number ends at i.
func (s *specReader) amountEnd(def *vocab.ParamDef, i int) int32 {
	t := s.reading.Text
	for range 2 {
		j := skipBlanks(t, i)
		if n := s.unit(def, j); n > 0 {
			return int32(boundEnd(t, j+n))
		}
		n := rangeSign(t[j:])
		if n == 0 {
			break
		}
		j = skipBlanks(t, j+n)
		if i = digitsEnd(t, j); i == j {
			return 0
		}
	}
	if def.Unit == "ratio" {
		return int32(i)
	}
	return 0
}

// maxUnit bounds the length of a unit.
const maxUnit = 16

// unit is the length of the longest unit of the parameter's dimension at i.
func (s *specReader) unit(def *vocab.ParamDef, i int) int {
	t := s.reading.Text
	if first, _ := utf8.DecodeRune(t[i:]); !s.units[first] && !joined(first) {
		return 0
	}
	end := min(len(t), i+maxUnit)
	for j := i; j < end; j++ {
		if bytes.IndexByte([]byte(",;|:\n"), t[j]) >= 0 {
			end = j
		}
	}
	for j := end; j > i; j-- {
		if j < len(t) && (t[j]&0xc0 == 0x80 || isLetter(t[j]) && isLetter(t[j-1])) || t[j-1] == ' ' {
			continue
		}
		if _, ok := s.r.v.UnitIn(def.Dimension, s.text(int32(i), int32(j))); ok {
			return j - i
		}
	}
	return 0
}

// joined says whether a character may be a unit of several letters written as one (㎜, ℃).
func joined(r rune) bool { return r >= 0x2100 && r < 0x2150 || r >= 0x3300 && r < 0x3400 }

// amountOfParam reads an amount that stands before its parameter: "99.95 % purity", "35 MPa flexural strength".
func (s *specReader) amountOfParam(i int) (next int, ok bool) {
	number := &s.words[i]
	for next = i + 1; next < len(s.words) && next <= i+3 && s.words[next].Start-number.End <= maxUnit+4; next++ {
		if !s.isSort(next, vocab.ParamWord) {
			continue
		}
		w := &s.words[next]
		p := Param{ID: vocab.ParamID(w.ID), Source: s.source()}
		start := s.signsBefore(number.Start)
		if i > 0 && s.isPhrase(i-1, vocab.Compare) {
			start = s.words[i-1].Start
		}
		end := s.readAmount(&p, &s.r.v.Params[w.ID-1], start, number)
		if end == 0 || !onlyIn(s.gapFrom(end, next), " ") || s.numberAfter(next) {
			return i, false
		}
		p.Words = s.text(start, w.End)
		s.addParam(p)
		return next + 1, true
	}
	return i, false
}

// amountByUnit reads an amount that its unit names: 350 Wh/kg. It returns i where there is none.
func (s *specReader) amountByUnit(i int) int {
	number := &s.words[i]
	start := s.signsBefore(number.Start)
	if i > 0 && s.isPhrase(i-1, vocab.Compare) {
		start = s.words[i-1].Start
	}
	for _, id := range s.byUnit {
		p := Param{ID: id, Source: s.source()}
		if end := s.readAmount(&p, &s.r.v.Params[id-1], start, number); end > 0 {
			p.Words = s.text(start, end)
			s.addParam(p)
			return s.after(i, end)
		}
	}
	return i
}

// readSides reads lengths parted by x, and returns where they end; zero where a unit is missing.
func (s *specReader) readSides(p *Param, def *vocab.ParamDef, number *vocab.Word) int32 {
	t := s.reading.Text
	i, sides := int(number.Start), 0
	for {
		i = digitsEnd(t, i)
		sides++
		j := skipBlanks(t, i)
		n := timesSign(t[j:])
		if n == 0 {
			if size := s.unit(def, j); size > 0 {
				i = j + size
				j = skipBlanks(t, i)
				n = timesSign(t[j:])
			}
		}
		if n == 0 {
			break
		}
		if k := skipBlanks(t, j+n); k < len(t) && isDigit(t[k]) && sides <= 3 {
			i = k
			continue
		}
		break
	}
	if sides < 2 || sides > 3 || isDigit(t[i-1]) {
		return 0
	}
	if f := s.r.readSizes(s.it, p, def, ordinary(s.text(number.Start, int32(i)))); f != nil {
		return 0
	}
	return int32(i)
}

func timesSign(t []byte) int {
	for _, sign := range []string{"x", "X", "*", "×"} {
		if bytes.HasPrefix(t, []byte(sign)) {
			return len(sign)
		}
	}
	return 0
}

// sizes reads three lengths without a name: 120x130x50 mm. It returns the number of the word to read next.
func (s *specReader) sizes(i int) int {
	w, t := &s.words[i], s.reading.Text
	if j := skipBlanks(t, int(w.End)); s.r.sizes == 0 || timesSign(t[j:]) == 0 {
		return i + 1
	}
	p := Param{ID: s.r.sizes, Source: s.source()}
	end := s.readSides(&p, &s.r.v.Params[s.r.sizes-1], w)
	if end == 0 || len(p.Sizes) != 3 {
		return i + 1
	}
	p.Words = s.text(w.Start, end)
	s.addParam(p)
	return s.after(i, end)
}

// grades notes a trade grade in nines: 4N5.
func (s *specReader) grades(w *vocab.Word) {
	if end := s.gradeEnd(w); end > 0 && s.grade.End == 0 {
		s.grade = vocab.Word{Start: w.Start, End: end}
	}
}

// gradeEnd is where a trade grade ends that begins with a number; zero where it is none.
func (s *specReader) gradeEnd(w *vocab.Word) int32 {
	t, i := s.reading.Text, int(w.End)
	if w.End-w.Start != 1 || t[w.Start] < '3' || i >= len(t) || t[i] != 'N' {
		return 0
	}
	i++
	if i < len(t) && isDigit(t[i]) {
		i++
	}
	if i < len(t) && (isLetter(t[i]) || isDigit(t[i])) {
		return 0
	}
	return int32(i)
}

// pureShare reads a percentage that stands with the name of one substance as its purity: "99.95 % graphite". Less than nine tenths is no
// purity but a part of something.
func (s *specReader) pureShare(w *vocab.Word, share quant.Range, start, end int32) {
	k := vocab.KindID(w.ID)
	if s.purity == 0 || !share.HasLow || share.Low.Cmp(quant.Int(90)) < 0 {
		return
	}
	if !s.r.v.Pure(k) && s.r.v.KindForms(k)&s.metal == 0 {
		return
	}
	s.addParam(Param{ID: s.purity, Value: share, Source: s.source(), Words: s.text(start, end)})
}

// addParam puts a parameter into the item, unless it is there: what a column states wins, and a difference is said.
func (s *specReader) addParam(p Param) {
	old := s.it.param(p.ID)
	switch {
	case old == nil:
		s.it.Params = append(s.it.Params, p)
	case old.Source == Column && differs(old, &p):
		s.r.warn(s.it, colDescription, "", "says %q, params %q: the column is taken", clip(p.Words), clip(strings.TrimSpace(old.Words)))
	}
}

// differs says that two statements of a parameter cannot both be so.
func differs(a, b *Param) bool {
	switch {
	case a.None != b.None:
		return true
	case a.Sizes != nil || b.Sizes != nil || a.Text != "" || b.Text != "":
		return false
	}
	return apart(a.Value, b.Value)
}

// apart says that no number lies in both ranges.
func apart(a, b quant.Range) bool {
	return liesBelow(a, b) || liesBelow(b, a)
}

func liesBelow(a, b quant.Range) bool {
	if !a.HasHigh || !b.HasLow {
		return false
	}
	c := a.High.Cmp(b.Low)
	return c < 0 || c == 0 && (a.Under || b.Over)
}
