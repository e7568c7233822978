package fact

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"lodestone/internal/problem"
	"lodestone/internal/quant"
	"lodestone/internal/vocab"
)

// maxEntries bounds the entries of a composition or of parameters: a list this long is no list of what a thing consists of.
const maxEntries = 200

// composition reads the notation of mass fractions into it.Contents:
//
//	Nd 29.5%; Dy 0.1-0.3%; Tb <0.01%; Co present; Sm none; balance Fe; rest none
//
// Elements are named by symbol or in one of three languages; an oxide or other formula ("Dy2O3 0.15%") states its elements as present
// and leaves their shares unknown, because a share computed from atomic weights is not exact; a warning says so. An entry that cannot be read is
// set aside with a warning; entries that contradict one another refuse the list.
func (r *Reader) composition(it *Item, text string) *fault {
	it.Contents, it.Closed, it.BalanceOf, it.Unread = it.Contents[:0], false, 0, false
	c := compositionReader{r: r, it: it, decimalComma: r.DecimalComma || strings.ContainsAny(text, ";；、\n")}
	n := 0
	for rest := text; rest != ""; {
		var entry string
		entry, rest = c.cut(rest)
		if entry = trim(entry); entry == "" {
			continue
		}
		if n++; n > maxEntries {
			return faultf("", "more than %d entries", maxEntries)
		}
		if f := c.entry(entry); f != nil {
			it.Contents = it.Contents[:0]
			return f
		}
	}
	it.Closed = it.Closed && !it.Unread
	return c.sums()
}

// compositionReader is the state of reading one composition.
type compositionReader struct {
	r            *Reader
	it           *Item
	decimalComma bool
	ambiguous    bool           // a comma between two digits, where it is not known to be decimal
	derived      vocab.Elements // stated only by a formula
	supposed     vocab.Elements // may be contained: named only by their family, or with an amount that cannot be read
	formulaSum   quant.Decimal  // lower bounds of what formulas name
	otherSum     quant.Decimal  // lower bounds of "others"
}

// cut takes the next entry off s. Entries end at a separator, or after a percent sign that another element follows ("钕30%镝3%").
func (c *compositionReader) cut(s string) (entry, rest string) {
	for i, ch := range s {
		n := utf8.RuneLen(ch)
		switch ch {
		case ';', '；', '、', '\n', '\r', '。':
			return s[:i], s[i+n:]
		case ',', '，':
			if i > 0 && isDigit(s[i-1]) && i+n < len(s) && isDigit(s[i+n]) {
				if c.decimalComma && ch == ',' {
					continue
				}
				c.ambiguous = true
			}
			return s[:i], s[i+n:]
		case '%', '％':
			if i > 0 && c.r.beginsEntry(s[i+n:]) && !startsWithDigit(s) {
				return s[:i+n], s[i+n:]
			}
		}
	}
	return s, ""
}

func startsWithDigit(s string) bool {
	s = trim(s)
	return s != "" && isDigit(s[0])
}

// beginsEntry says whether an element's name follows at once, as after the sign in "30%镝3%".
func (r *Reader) beginsEntry(s string) bool {
	s = trim(s)
	ch, _ := utf8.DecodeRuneInString(s)
	if !unicode.IsUpper(ch) && ch < 0x2e80 {
		return false
	}
	if n := letters(s); n > 0 {
		_, ok := vocab.ElementOf(s[:n])
		return ok
	}
	_, rest, ok := r.namedAtStart(s)
	return ok && rest != ""
}

// entry reads one entry.
func (c *compositionReader) entry(words string) *fault {
	s := strings.TrimSpace(ordinary(words))
	if c.ambiguous {
		return faultf("a decimal point, or semicolons between the entries", "the comma after %q can part two entries or be decimal", clip(words))
	}
	if i := numberEnd(s); i > 0 && isDigit(s[0]) {
		s = turned(s)
	}
	what, rest, f := c.r.subject(s)
	if f != nil {
		return c.noSubject(words, s, f)
	}
	value := strings.TrimSpace(strings.TrimLeft(rest, " :=()"))
	if !strings.Contains(value, "(") {
		value = strings.TrimRight(value, " )")
	}
	if what.rest {
		return c.remainder(words, value, what.impurities)
	}
	return c.state(what, words, value)
}

// turned puts the name before the amount where it stands behind it ("29.5% Nd").
func turned(s string) string {
	if i := strings.IndexByte(s, '%'); i > 0 && strings.TrimSpace(s[i+1:]) != "" {
		return strings.TrimSpace(s[i+1:]) + " " + s[:i+1]
	}
	return s
}

// state notes what an entry says of an element or a formula.
func (c *compositionReader) state(what subject, words, value string) *fault {
	content := Content{Element: what.element, Source: Column, Words: words}
	if what.without {
		if value != "" {
			return c.noAmount(what, words, faultf("Dy none, or an amount", "%q says both none and an amount", clip(words)))
		}
		value = "none"
	}
	switch meaning := meaningOf(value); {
	case value == "" || meaning == wordPresent:
	case meaning == wordNone:
		content.None = true
	case meaning == wordRest && what.element != 0:
		return c.balance(what.element, words)
	case meaning == wordUndetected:
		c.r.warn(c.it, colComposition, "the limit of detection as a bound: <0.01%",
			"%s: not detected is no amount; left unknown", clip(words))
		return nil
	default:
		share, f := c.r.share(value, c.decimalComma)
		if f == errAbout {
			c.r.warn(c.it, colComposition, "a range: 29-30%", "%s: about is no amount; read as present", clip(words))
			break
		}
		if f != nil {
			return c.noAmount(what, words, f)
		}
		content.Share = share
		content.None = isZero(share)
	}
	if what.element == 0 {
		return c.formula(what.formula, content)
	}
	return c.add(content)
}

func isZero(r quant.Range) bool {
	d, ok := r.Exact()
	return ok && d.Sign() == 0
}

// add puts the content of an element into the list. An element may stand once, or once beside a formula that contains it.
func (c *compositionReader) add(content Content) *fault {
	c.stated(content.Element)
	for i := range c.it.Contents {
		old := &c.it.Contents[i]
		if old.Element != content.Element {
			continue
		}
		switch {
		case c.derived.Has(content.Element) && !content.None:
			c.derived.Remove(content.Element)
			*old = content
			return nil
		case c.it.BalanceOf == content.Element && old.Share == (quant.Range{}) && !old.None && !content.None:
			*old = content // "balance Fe; Fe 65%"
			return nil
		case content.None && old.None:
			return nil
		}
		return faultf("one entry an element", "%s stands twice: %s, %s", content.Element, clip(old.Words), clip(content.Words))
	}
	c.it.Contents = append(c.it.Contents, content)
	return nil
}

// formula states the elements of a formula as present.
func (c *compositionReader) formula(elements vocab.Elements, content Content) *fault {
	if content.None || !content.Certain() {
		c.r.warn(c.it, colComposition, "the elements by their symbols",
			"%s: that it does not contain this, or may not, says nothing of the elements; left unknown", clip(content.Words))
		return nil
	}
	if content.Share.HasLow {
		c.formulaSum, _ = c.formulaSum.Add(content.Share.Low)
	}
	var f *fault
	elements.Each(func(e vocab.Element) {
		c.stated(e)
		for i := range c.it.Contents {
			if old := &c.it.Contents[i]; old.Element == e {
				if old.None {
					f = faultf("one of the two", "%s is none and stands in %s", e, clip(content.Words))
				}
				return
			}
		}
		c.derived.Add(e)
		c.it.Contents = append(c.it.Contents, Content{Element: e, Source: Column, Words: content.Words})
	})
	if f == nil && content.Share.HasLow {
		c.r.warn(c.it, colComposition, "the elements with their shares",
			"%s: its elements are read as present; their shares are not computed from a formula", clip(content.Words))
	}
	return f
}

// remainder reads "balance Fe", "rest none" and "others 0.5%".
func (c *compositionReader) remainder(words, value string, impurities bool) *fault {
	value = strings.TrimPrefix(value, "为")
	value = strings.TrimSpace(strings.TrimPrefix(value, "是"))
	if meaningOf(value) == wordNone {
		if !impurities {
			c.it.Closed = true
			return nil
		}
		c.r.warn(c.it, colComposition, "rest none", "%s: does not say of what; unlisted elements stay unknown", clip(words))
		return nil
	}
	if numberEnd(value) > 0 || strings.HasPrefix(value, "<") || strings.HasPrefix(value, ">") {
		share, f := c.r.share(value, c.decimalComma)
		if f != nil {
			return c.setAside(words, f)
		}
		if share.HasLow {
			c.otherSum, _ = c.otherSum.Add(share.Low)
		}
		c.r.warn(c.it, colComposition, "the elements by name", "%s: not said of what; those elements stay unknown", clip(words))
		return nil
	}
	what, rest, f := c.r.subject(value)
	if f != nil {
		return c.noSubject(words, value, f)
	}
	if what.element == 0 || strings.Trim(rest, " .") != "" {
		return c.setAside(words, faultf("balance Fe, or rest none", "%q does not name one element", clip(words)))
	}
	return c.balance(what.element, words)
}

func (c *compositionReader) balance(e vocab.Element, words string) *fault {
	if c.it.BalanceOf != 0 && c.it.BalanceOf != e {
		return faultf("one balance", "both %s and %s take the remainder", c.it.BalanceOf, e)
	}
	c.it.BalanceOf = e
	c.stated(e)
	for i := range c.it.Contents {
		if old := &c.it.Contents[i]; old.Element == e {
			if old.None {
				return faultf("one of the two", "%s is none and takes the remainder", e)
			}
			return nil
		}
	}
	return c.add(Content{Element: e, Source: Column, Words: words})
}

// sums refuses a list whose lower bounds add up to more than the whole.
func (c *compositionReader) sums() *fault {
	total := c.otherSum
	for i := range c.it.Contents {
		if share := &c.it.Contents[i].Share; share.HasLow {
			var err error
			if total, err = total.Add(share.Low); err != nil {
				return faultf("", "%v", err)
			}
		}
	}
	whole := quant.Int(100)
	for _, sum := range []quant.Decimal{total, c.formulaSum} {
		if sum.Cmp(whole) > 0 {
			c.it.Contents = c.it.Contents[:0]
			return faultf("mass fractions of at most 100 %", "adds up to %s %%", sum)
		}
	}
	return nil
}

// share reads a mass fraction in percent; a number without a sign is percent.
func (r *Reader) share(s string, decimalComma bool) (quant.Range, *fault) {
	m := measure{v: r.v, dimension: "fraction", to: "percent", bare: true, decimalComma: decimalComma}
	share, f := m.read(s)
	if f != nil {
		return share, f
	}
	whole := quant.Int(100)
	if share.HasLow && share.Low.Cmp(whole) > 0 || share.HasHigh && share.High.Cmp(whole) > 0 {
		return share, faultf("", "%s is more than 100 %%", clip(s))
	}
	return share, nil
}

// word is what a word in the place of an amount means.
type word uint8

const (
	noWord word = iota
	wordPresent
	wordNone
	wordRest // takes or names the remainder
	wordUndetected
)

var valueWords = map[string]word{
	"present": wordPresent, "yes": wordPresent, "contained": wordPresent, "contains": wordPresent, "trace": wordPresent, "traces": wordPresent,
	"含": wordPresent, "含有": wordPresent, "有": wordPresent, "微量": wordPresent, "痕量": wordPresent, "少量": wordPresent,
	"있음": wordPresent, "함유": wordPresent, "포함": wordPresent, "미량": wordPresent,

	"none": wordNone, "no": wordNone, "No": wordNone, "absent": wordNone, "free": wordNone, "not contained": wordNone,
	"无": wordNone, "不含": wordNone, "没有": wordNone, "无此元素": wordNone, "없음": wordNone, "불포함": wordNone, "미함유": wordNone,

	"balance": wordRest, "bal": wordRest, "remainder": wordRest, "rem": wordRest, "rest": wordRest, "the rest": wordRest,
	"余量": wordRest, "余": wordRest, "其余": wordRest, "剩余": wordRest, "잔부": wordRest, "잔량": wordRest, "나머지": wordRest,

	"nd": wordUndetected, "n.d": wordUndetected, "not detected": wordUndetected, "未检出": wordUndetected, "불검출": wordUndetected, "검출안됨": wordUndetected,
}

// meaningOf is what a value says in words. Amounts, which are most values, are passed over first.
func meaningOf(value string) word {
	if value == "" || isDigit(value[0]) || value[0] == '<' || value[0] == '>' || len(value) > 40 {
		return noWord
	}
	if w := valueWords[value]; w != noWord {
		return w
	}
	if _, ok := vocab.ElementOf(value); ok {
		return noWord
	}
	return valueWords[strings.TrimRight(strings.ToLower(value), ".")]
}

// restWords begin an entry that is about what the list does not name. Longer ones stand before those they contain.
var restWords = []string{
	"remainder", "balance", "others", "other", "rest", "bal.", "bal",
	"余量", "其余", "其他", "其它", "剩余", "余", "잔부", "잔량", "나머지", "기타",
}

// impurityWords begin an entry about what ought not to be there; "impurities none" is a grade, not a closed list.
var impurityWords = []string{"impurities", "impurity", "杂质", "불순물"}

// subject is what an entry is about: an element, a formula, or the rest.
type subject struct {
	element vocab.Element
	formula vocab.Elements // where element is zero
	rest    bool

	impurities bool // rest, named as impurities
	without    bool // said not to be contained ("不含镝")
}

// subject reads what an entry begins with and returns what follows.
func (r *Reader) subject(s string) (subject, string, *fault) {
	s = strings.TrimLeft(s, " (")
	if rest, without := cutWithout(s); without {
		what, rest, f := r.subjectName(rest)
		what.without = true
		return what, rest, f
	}
	for _, w := range []string{"contains ", "含有", "含"} {
		if rest, ok := strings.CutPrefix(s, w); ok && rest != "" {
			s = strings.TrimSpace(rest)
			break
		}
	}
	for _, w := range restWords {
		if rest, ok := cutPrefixFold(s, w); ok && !continues(w, rest) {
			return subject{rest: true}, rest, nil
		}
	}
	for _, w := range impurityWords {
		if rest, ok := cutPrefixFold(s, w); ok {
			return subject{rest: true, impurities: true}, rest, nil
		}
	}
	what, rest, f := r.subjectName(s)
	if f != nil {
		return what, rest, f
	}
	return what, r.skipAlias(what, rest), nil
}

// continues says whether a Latin word goes on after what was matched of it.
func continues(w, rest string) bool {
	return w[0] < utf8.RuneSelf && letters(rest) > 0
}

func (r *Reader) subjectName(s string) (subject, string, *fault) {
	n := letters(s)
	if n == 0 {
		if what, rest, ok := r.namedAtStart(s); ok {
			return what, rest, nil
		}
		return subject{}, s, r.noElement(firstWord(s))
	}
	if run := formulaRun(s); run > n {
		if set, ok := parseFormula(s[:run]); ok {
			return subject{formula: set}, s[run:], nil
		}
	}
	if e, ok := vocab.ElementOf(s[:n]); ok {
		return subject{element: e}, s[n:], nil
	}
	if set, ok := parseFormula(s[:n]); ok {
		return subject{formula: set}, s[n:], nil
	}
	if e, ok := r.v.ElementNamed(s[:n]); ok {
		if rest, oxide := cutPrefixFold(strings.TrimLeft(s[n:], " "), "oxide"); oxide {
			return oxideOf(e), rest, nil
		}
		return subject{element: e}, s[n:], nil
	}
	return subject{}, s, r.noElement(s[:n])
}

// skipAlias passes over a second name of the same element ("钕(Nd)") and over the word content.
func (r *Reader) skipAlias(what subject, s string) string {
	for {
		t := strings.TrimLeft(s, " ()")
		for _, w := range []string{"content", "含量", "함량"} {
			t = strings.TrimLeft(strings.TrimPrefix(t, w), " ()")
		}
		if n := letters(t); n > 0 {
			e, ok := vocab.ElementOf(t[:n])
			if !ok {
				e, ok = r.v.ElementNamed(t[:n])
			}
			if ok && e == what.element {
				s = t[n:]
				continue
			}
		}
		if alias, rest, ok := r.namedAtStart(t); ok && alias == what {
			s = rest
			continue
		}
		return t
	}
}

const numerals = "一二三四五六七八九十"

// namedAtStart finds the longest Chinese or Korean name of an element, or of its oxide, at the start of s.
func (r *Reader) namedAtStart(s string) (subject, string, bool) {
	for _, w := range []string{"氧化", "산화"} { // 三氧化二镝: the numbers count atoms
		if rest, ok := strings.CutPrefix(strings.TrimLeft(s, numerals), w); ok {
			what, rest, ok := r.namedAtStart(strings.TrimLeft(rest, numerals))
			if ok && what.element != 0 {
				return oxideOf(what.element), rest, true
			}
		}
	}
	const longest = 8 // letters in a name
	var ends [longest]int
	n := 0
	for i, ch := range s {
		if ch < 0x1100 || n == longest {
			break
		}
		ends[n] = i + utf8.RuneLen(ch)
		n++
	}
	for ; n > 0; n-- {
		if e, ok := r.v.ElementNamed(s[:ends[n-1]]); ok {
			return subject{element: e}, s[ends[n-1]:], true
		}
	}
	return subject{}, s, false
}

func oxideOf(e vocab.Element) subject {
	var set vocab.Elements
	set.Add(e)
	oxygen, _ := vocab.ElementOf("O")
	set.Add(oxygen)
	return subject{formula: set}
}

func (r *Reader) noElement(w string) *fault {
	words := r.v.ElementWords()
	meant := ""
	for _, known := range words {
		if strings.EqualFold(known, w) {
			meant = known
			break
		}
	}
	if meant == "" {
		meant = problem.Nearest(w, words)
	}
	if meant == "" {
		meant = "elements by symbol or name: Nd 30%"
	}
	return faultf(meant, "%q is no element", clip(w))
}

// letters counts the Latin letters at the start of s.
func letters(s string) int {
	n := 0
	for n < len(s) && isLetter(s[n]) {
		n++
	}
	return n
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }
func isUpper(b byte) bool  { return b >= 'A' && b <= 'Z' }

// firstWord is the start of s up to a blank, a digit or a sign, for a message.
func firstWord(s string) string {
	if i := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }); i > 0 {
		return s[:i]
	}
	return s
}

// formulaRun is the length of what may be a formula at the start of s: letters, digits and brackets.
func formulaRun(s string) int {
	n := 0
	for n < len(s) && (isLetter(s[n]) || isDigit(s[n]) || s[n] == '(' || s[n] == ')') {
		n++
	}
	return n
}

// parseFormula reads a chemical formula of two elements or more ("Dy2O3", "Ca(OH)2", "NdFeB").
func parseFormula(s string) (vocab.Elements, bool) {
	var set vocab.Elements
	n, depth := 0, 0
	for i := 0; i < len(s); {
		switch {
		case s[i] == '(':
			depth++
			i++
		case s[i] == ')':
			depth--
			i++
		case isDigit(s[i]) && i > 0 && s[i-1] != '(':
			i++
		case isUpper(s[i]):
			size := 1
			if i+1 < len(s) && isLetter(s[i+1]) && !isUpper(s[i+1]) {
				size = 2
			}
			e, ok := vocab.ElementOf(s[i : i+size])
			if !ok || capitalsHide(s, i) {
				return set, false
			}
			if !set.Has(e) {
				set.Add(e)
				n++
			}
			i += size
		default:
			return set, false
		}
		if depth < 0 {
			return set, false
		}
	}
	return set, n >= 2 && depth == 0 && isLetter(s[0])
}

// capitalsHide says whether the capitals at s[i] may be one symbol written large: CO can be Co, FE is Fe.
func capitalsHide(s string, i int) bool {
	if i+1 >= len(s) || !isUpper(s[i+1]) || strings.ToUpper(s) != s {
		return false
	}
	_, ok := vocab.ElementOf(s[i:i+1] + strings.ToLower(s[i+1:i+2]))
	return ok
}

// AppendComposition prints the composition of an item in the notation that Set reads, and reads the same: exact numbers, ranges and
// bounds in percent, "present", "none", "balance Fe", "rest none".
func AppendComposition(b []byte, it *Item) []byte {
	start := len(b)
	next := func() {
		if len(b) > start {
			b = append(b, "; "...)
		}
	}
	for i := range it.Contents {
		next()
		c := &it.Contents[i]
		switch {
		case c.None:
			b = append(append(b, c.Element.String()...), " none"...)
		case c.Share == (quant.Range{}) && c.Element == it.BalanceOf:
			b = append(append(b, "balance "...), c.Element.String()...)
		case c.Share == (quant.Range{}):
			b = append(append(b, c.Element.String()...), " present"...)
		default:
			b = append(append(b, c.Element.String()...), ' ')
			b = append(c.Share.Append(b), '%')
			if c.Element == it.BalanceOf {
				b = append(append(b, "; balance "...), c.Element.String()...)
			}
		}
	}
	if it.Closed {
		next()
		b = append(b, "rest none"...)
	}
	return b
}
