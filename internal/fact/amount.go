package fact

import (
	"strings"

	"lodestone/internal/problem"
	"lodestone/internal/quant"
	"lodestone/internal/vocab"
)

// measure reads amounts with units: "29.5%", "0.1-0.3 %", "<100 ppm", ">29 <30.5", "35±5 MPa", "max 0.1", "30%以上". What it reads
// lies in the unit To.
type measure struct {
	v            *vocab.Vocab
	dimension    string // of the units that are read; empty: none is known, every unit is refused
	to           string
	bare         bool // a number without a unit is meant in To
	decimalComma bool
	signed       bool // numbers may be below zero
}

// comparison is a word or sign that makes a bound of a number.
type comparison struct {
	word      string
	low, open bool // a lower bound; the number itself is excluded
}

// Signs first, longer words before those that they contain. The 至 of 至少 and 至多 has become ~ among the ordinary signs.
var before = []comparison{
	{">=", true, false}, {"=>", true, false}, {"<=", false, false}, {"=<", false, false}, {">", true, true}, {"<", false, true},
	{"at least", true, false}, {"at most", false, false}, {"not less than", true, false}, {"not more than", false, false},
	{"no less than", true, false}, {"no more than", false, false}, {"less than", false, true}, {"more than", true, true},
	{"up to", false, false}, {"under", false, true}, {"below", false, true}, {"over", true, true}, {"above", true, true},
	{"min.", true, false}, {"min", true, false}, {"max.", false, false}, {"max", false, false},
	{"不小于", true, false}, {"不少于", true, false}, {"不低于", true, false}, {"大于等于", true, false}, {"~少", true, false},
	{"不大于", false, false}, {"不超过", false, false}, {"不高于", false, false}, {"小于等于", false, false}, {"~多", false, false},
	{"大于", true, true}, {"高于", true, true}, {"超过", true, true}, {"小于", false, true}, {"低于", false, true}, {"少于", false, true},
	{"최소", true, false}, {"최대", false, false},
}

var after = []comparison{
	{"min.", true, false}, {"min", true, false}, {"max.", false, false}, {"max", false, false}, {"or more", true, false}, {"or less", false, false},
	{"及以上", true, false}, {"以上", true, false}, {"及以下", false, false}, {"以下", false, false}, {"以内", false, false},
	{"이상", true, false}, {"이하", false, false}, {"미만", false, true}, {"초과", true, true},
}

// about are words that make a number no amount: nobody says how far it reaches.
var about = []string{"~", "≈", "about", "approx.", "approx", "circa", "ca.", "ca ", "约", "大约", "약", "around"}

// errAbout says that the amount is only nearly so; the callers leave the fact unknown and say so.
var errAbout = faultf("", "about is no amount")

// errNoUnit says that a number stands without a unit where one is needed.
var errNoUnit = faultf("", "no unit")

func saysAbout(s string) bool {
	for _, w := range about {
		if rest, ok := cutPrefixFold(s, w); ok && rest != "" {
			return true
		}
	}
	return strings.HasSuffix(s, "左右")
}

// maxAmount bounds what is read as one amount, in bytes.
const maxAmount = 200

// read reads the whole of s, which is in ordinary signs.
func (m *measure) read(s string) (quant.Range, *fault) {
	s = strings.TrimSpace(s)
	if len(s) > maxAmount {
		return quant.Range{}, faultf("", "%q is too long for an amount", clip(s))
	}
	if c, rest := cutComparison(s, before); c != nil {
		return m.bound(c, rest)
	}
	if saysAbout(s) {
		return quant.Range{}, errAbout
	}
	d, unit, f := m.numberUnit(s)
	if f != nil {
		return quant.Range{}, f
	}
	if unit == "" || m.knows(unit) { // before the words: min is also a unit
		return m.convert(d, unit)
	}
	if c, rest := cutComparisonAfter(s); c != nil {
		return m.one(c, rest)
	}
	return m.span(s, d, unit)
}

// bound reads what follows a comparison: one number, or a number and the other bound.
func (m *measure) bound(c *comparison, s string) (quant.Range, *fault) {
	at := strings.IndexAny(s, "<>")
	if at <= 0 {
		return m.one(c, s)
	}
	other, rest := cutComparison(s[at:], before)
	if other == nil || other.low == c.low {
		return quant.Range{}, faultf("one lower and one upper bound", "%q has two bounds on one side", clip(s))
	}
	first, second := strings.TrimRight(s[:at], " ,&"), strings.TrimSpace(rest)
	return m.pair(first, second, c, other)
}

// one reads a number with its unit and makes the bound c of it.
func (m *measure) one(c *comparison, s string) (quant.Range, *fault) {
	d, unit, f := m.numberUnit(s)
	if f != nil {
		return quant.Range{}, f
	}
	r, f := m.convert(d, unit)
	if f != nil {
		return r, f
	}
	if c.low {
		return quant.AtLeast(r.Low, c.open), nil
	}
	if c.open && !m.signed && d.Sign() == 0 {
		return quant.Range{}, faultf("", "nothing is below zero")
	}
	return quant.AtMost(r.High, c.open), nil
}

// span reads a number with a tolerance, or a range.
func (m *measure) span(s string, d quant.Decimal, unit string) (quant.Range, *fault) {
	if rest, ok := cutTolerance(unit); ok {
		return m.tolerance(d, rest)
	}
	if first, second, ok := m.splitRange(s); ok {
		closed := &comparison{low: true}
		return m.pair(first, second, closed, &comparison{})
	}
	return m.convert(d, unit) // names the unknown unit
}

// splitRange finds the sign between the two ends of a range.
func (m *measure) splitRange(s string) (first, second string, ok bool) {
	for i := numberEnd(s); i < len(s); i++ {
		n := 0
		switch {
		case s[i] == '-' || s[i] == '~':
			n = 1
		case strings.HasPrefix(s[i:], "to ") && s[i-1] == ' ':
			n = 3
		case strings.HasPrefix(s[i:], "..."):
			n = 3
		case strings.HasPrefix(s[i:], ".."):
			n = 2
		}
		if n == 0 {
			continue
		}
		first, second = strings.TrimSpace(s[:i]), strings.TrimSpace(s[i+n:])
		unit := strings.TrimSpace(first[numberEnd(first):])
		if numberEnd(second) > 0 && (unit == "" || m.knows(unit)) {
			return first, second, true
		}
	}
	return "", "", false
}

// pair reads two numbers that bound a range; a unit that only the second has is meant for both.
func (m *measure) pair(first, second string, a, b *comparison) (quant.Range, *fault) {
	d, unit, f := m.numberUnit(first)
	if f != nil {
		return quant.Range{}, f
	}
	e, unitE, f := m.numberUnit(second)
	if f != nil {
		return quant.Range{}, f
	}
	if unit == "" {
		unit = unitE
	}
	r, f := m.convert(d, unit)
	if f != nil {
		return r, f
	}
	s, f := m.convert(e, unitE)
	if f != nil {
		return s, f
	}
	low, high := r.Low, s.High
	if !a.low {
		low, high, a, b = high, low, b, a
	}
	whole := quant.Range{Low: low, High: high, HasLow: true, HasHigh: true, Over: a.open, Under: b.open}
	if whole.Empty() {
		return whole, faultf("", "the range %s to %s ends before it begins", low, high)
	}
	return whole, nil
}

func cutTolerance(s string) (string, bool) {
	for _, sign := range []string{"±", "+/-", "+-"} {
		if rest, ok := strings.CutPrefix(s, sign); ok {
			return strings.TrimSpace(rest), true
		}
	}
	return "", false
}

func (m *measure) tolerance(d quant.Decimal, s string) (quant.Range, *fault) {
	by, unit, f := m.numberUnit(s)
	if f != nil {
		return quant.Range{}, f
	}
	low, err := d.Sub(by)
	if err != nil {
		return quant.Range{}, faultf("", "%v", err)
	}
	high, err := d.Add(by)
	if err != nil || by.Sign() < 0 {
		return quant.Range{}, faultf("", "±%s cannot be added to %s", by, d)
	}
	if low.Sign() < 0 && !m.signed {
		return quant.Range{}, faultf("", "%s±%s reaches below zero", d, by)
	}
	r, f := m.convert(low, unit)
	if f != nil {
		return r, f
	}
	s2, f := m.convert(high, unit)
	return quant.Between(r.Low, s2.High), f
}

// numberUnit reads a number and takes the rest as its unit.
func (m *measure) numberUnit(s string) (quant.Decimal, string, *fault) {
	d, rest, f := numberPrefix(strings.TrimSpace(s), m.decimalComma)
	if f == nil && d.Sign() < 0 && !m.signed {
		f = faultf("", "%s is below zero", d)
	}
	return d, strings.TrimSpace(rest), f
}

func (m *measure) knows(unit string) bool {
	_, ok := m.v.UnitIn(m.dimension, unit)
	return ok
}

// convert brings a number into the unit To.
func (m *measure) convert(d quant.Decimal, unit string) (quant.Range, *fault) {
	r := quant.Exactly(d)
	if unit == "" {
		if m.bare {
			return r, nil
		}
		return r, errNoUnit
	}
	r, err := m.v.Convert(r, unit, m.to)
	if err != nil {
		return r, faultf(problem.Nearest(unit, m.v.UnitNames(m.dimension)), "%s %s: %v", d, clip(unit), err)
	}
	return r, nil
}

// cutComparison takes a comparison off the start of s.
func cutComparison(s string, list []comparison) (*comparison, string) {
	if s == "" || isDigit(s[0]) {
		return nil, s
	}
	for i := range list {
		if rest, ok := cutPrefixFold(s, list[i].word); ok {
			return &list[i], strings.TrimSpace(rest)
		}
	}
	return nil, s
}

// cutComparisonAfter takes a comparison off the end of s.
func cutComparisonAfter(s string) (*comparison, string) {
	if s == "" || s[len(s)-1] == '%' {
		return nil, s
	}
	for i := range after {
		w := after[i].word
		if len(s) > len(w) && strings.EqualFold(s[len(s)-len(w):], w) {
			rest := s[:len(s)-len(w)]
			if w[0] < 0x80 && rest[len(rest)-1] != ' ' && rest[len(rest)-1] != '%' {
				continue // the unit min, not the word
			}
			return &after[i], strings.TrimSpace(rest)
		}
	}
	return nil, s
}

func cutPrefixFold(s, word string) (string, bool) {
	if len(s) < len(word) || !strings.EqualFold(s[:len(word)], word) {
		return s, false
	}
	return s[len(word):], true
}
