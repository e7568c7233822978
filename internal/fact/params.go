package fact

import (
	"slices"
	"strings"

	"lodestone/internal/problem"
	"lodestone/internal/quant"
	"lodestone/internal/sentence"
	"lodestone/internal/vocab"
)

// params reads the notation of technical parameters into it.Params:
//
//	purity=99.95 %; density>=1.75 g/cm3; flexural_strength=none; shape=cylinder; dimensions=120x130x50 mm
//
// Values are brought into the unit of the parameter's definition. An unknown parameter is a warning and its fact unknown; a value
// that cannot be read is refused. A number without a unit is set aside, because 1750 may be kg/m3: only percent and ratios go without.
func (r *Reader) params(it *Item, text string) *fault {
	it.Params = it.Params[:0]
	n := 0
	for rest := text; rest != ""; {
		var entry string
		entry, rest = cutParam(rest)
		if entry = trim(entry); entry == "" {
			continue
		}
		if n++; n > maxEntries {
			return faultf("", "more than %d entries", maxEntries)
		}
		if f := r.param(it, entry); f != nil {
			it.Params = it.Params[:0]
			return f
		}
	}
	return nil
}

// cutParam takes the next entry off s. A comma ends an entry only where another name with a sign follows.
func cutParam(s string) (entry, rest string) {
	for i, ch := range s {
		switch ch {
		case ';', '；', '\n', '\r':
			return s[:i], s[i+len(string(ch)):]
		case ',', '，', '、':
			after := s[i+len(string(ch)):]
			next := after
			if end := strings.IndexAny(after, ",，、;；\n"); end >= 0 {
				next = after[:end]
			}
			if t := trim(next); t != "" && !isDigit(t[0]) && strings.ContainsAny(t, signs) {
				return s[:i], after
			}
		}
	}
	return s, ""
}

// signs part a name from its value; maxName bounds the names that are tried.
const (
	signs   = "=:<>≤≥≦≧＝：＜＞~～≈"
	maxName = 100
)

func (r *Reader) param(it *Item, words string) *fault {
	name, value := r.cutName(words)
	id, ok := r.v.Param(name)
	if !ok {
		r.warn(it, colParams, problem.Nearest(name, r.v.ParamNames()), "%q is no parameter; left unknown", clip(name))
		return nil
	}
	if value == "" || unstated(value) {
		return nil
	}
	p := Param{ID: id, Source: Column, Words: words}
	if f := r.paramValue(it, &p, ordinary(value)); f != nil {
		if f == errSetAside {
			return nil
		}
		f.said = sentence.Of("%s: %s", name, f.said)
		return f
	}
	for i := range it.Params {
		if it.Params[i].ID == id {
			return faultf("one entry a parameter; a range as 1-2", "%s stands twice: %s, %s", name, clip(it.Params[i].Words), clip(words))
		}
	}
	it.Params = append(it.Params, p)
	return nil
}

// cutName parts the name from the value: at the first sign before which a known name stands, else at the longest name that is known
// ("纯度99.95%"), else at the first sign or digit. The value keeps a sign of comparison.
func (r *Reader) cutName(s string) (name, value string) {
	first := -1
	for i, ch := range s {
		if i == 0 || !strings.ContainsRune(signs, ch) {
			continue
		}
		if i > maxName {
			break
		}
		if first < 0 {
			first = i
		}
		if name := trim(s[:i]); r.isParam(name) {
			return name, dropEquals(s[i:])
		}
	}
	if n, v := r.knownPrefix(s); n != "" {
		return n, v
	}
	if first < 0 {
		first = strings.IndexAny(s, "0123456789")
	}
	if first > 0 {
		return trim(s[:first]), dropEquals(s[first:])
	}
	return s, ""
}

func (r *Reader) isParam(name string) bool {
	_, ok := r.v.Param(name)
	return ok
}

func dropEquals(value string) string {
	for _, sign := range []string{"=", "＝", ":", "："} {
		if rest, ok := strings.CutPrefix(value, sign); ok {
			return trim(rest)
		}
	}
	return trim(value)
}

// knownPrefix finds the longest name of a parameter that s begins with.
func (r *Reader) knownPrefix(s string) (name, value string) {
	for i := min(len(s), maxName); i > 0; i-- {
		if i < len(s) && !cuts(s, i) {
			continue
		}
		if n := trim(s[:i]); n != "" && r.isParam(n) {
			return n, trim(s[i:])
		}
	}
	return "", ""
}

// cuts says whether a name may end at byte i: before a blank, a digit, or after a letter that is not Latin.
func cuts(s string, i int) bool {
	return s[i] == ' ' || isDigit(s[i]) && !isDigit(s[i-1]) || s[i-1] >= 0x80 && s[i]&0xc0 != 0x80
}

// errSetAside says that a value was set aside with a warning.
var errSetAside = faultf("", "set aside")

func (r *Reader) paramValue(it *Item, p *Param, value string) *fault {
	def := &r.v.Params[p.ID-1]
	switch meaning := meaningOf(value); {
	case def.Kind == "flag":
		return flag(p, value, meaning)
	case meaning == wordNone:
		p.None = true
		return nil
	case def.Kind == "sizes":
		return r.readSizes(it, p, def, value)
	case def.Unit == "":
		return r.paramWord(it, p, def, value)
	case def.Grades:
		if low, ok := nines(value); ok {
			p.Value = quant.AtLeast(low, false)
			return nil
		}
	}
	return r.paramNumber(it, p, def, value)
}

func flag(p *Param, value string, meaning word) *fault {
	switch strings.ToLower(value) {
	case "yes", "true", "y", "是", "有", "예", "있음":
		p.Text = "yes"
		return nil
	case "no", "false", "n", "否", "无", "아니오", "없음":
		p.Text = "no"
		return nil
	}
	if meaning == wordNone {
		p.Text = "no"
		return nil
	}
	return faultf("yes or no", "%q", clip(value))
}

// paramWord reads a word: one of the closed list, or any where the definition has none.
func (r *Reader) paramWord(it *Item, p *Param, def *vocab.ParamDef, value string) *fault {
	if len(def.Words) == 0 {
		p.Text = value
		return nil
	}
	id, ok := def.Word(value)
	if ok {
		p.Text = id
		return nil
	}
	words := make([]string, len(def.Words))
	for i, w := range def.Words {
		words[i] = w.ID
	}
	meant := problem.Nearest(value, words)
	if meant == "" {
		meant = "one of " + strings.Join(words, ", ")
	}
	r.warn(it, colParams, meant, "%s: %q is not known; left unknown", def.ID, clip(value))
	return errSetAside
}

// nines reads a trade grade: 4N5 is at least 99.995 %.
func nines(s string) (quant.Decimal, bool) {
	s = strings.TrimRight(s, "+ ")
	if len(s) < 2 || len(s) > 3 || s[0] < '1' || s[0] > '9' || s[1]|0x20 != 'n' || len(s) == 3 && !isDigit(s[2]) {
		return quant.Decimal{}, false
	}
	digits := strings.Repeat("9", int(s[0]-'0')) + s[2:]
	for len(digits) < 3 {
		digits += "0"
	}
	d, err := quant.ParseDecimal(digits[:2] + "." + digits[2:])
	return d, err == nil
}

func (r *Reader) paramNumber(it *Item, p *Param, def *vocab.ParamDef, value string) *fault {
	m := measure{v: r.v, dimension: def.Dimension, to: def.Unit, decimalComma: r.DecimalComma, signed: true}
	m.bare = bareIsMeant(def, value)
	amount, f := m.read(value)
	switch {
	case f == errAbout:
		r.warn(it, colParams, "a range", "%s: about is no amount; left unknown", clip(p.Words))
		return errSetAside
	case f == errNoUnit:
		r.warn(it, colParams, value+" "+def.Unit, "%s: has no unit; left unknown", clip(p.Words))
		return errSetAside
	}
	p.Value = amount
	return f
}

// bareIsMeant says whether a number may stand without a unit: a ratio, or a percentage that cannot be taken for a fraction of one.
func bareIsMeant(def *vocab.ParamDef, value string) bool {
	if def.Unit == "ratio" {
		return true
	}
	if def.Dimension != "fraction" {
		return false
	}
	i := strings.IndexAny(value, "0123456789.")
	if i < 0 {
		return false
	}
	d, _, f := numberPrefix(value[i:], true)
	return f == nil && d.Cmp(quant.Int(1)) > 0
}

// readSizes reads lengths parted by x: 120x130x50 mm, 120 mm × 13 cm. A unit that only a later one has is meant for those before it.
func (r *Reader) readSizes(it *Item, p *Param, def *vocab.ParamDef, value string) *fault {
	if len(value) > maxAmount {
		return faultf("", "%q is too long for an amount", clip(value))
	}
	parts := strings.FieldsFunc(value, func(ch rune) bool { return ch == 'x' || ch == 'X' || ch == '*' })
	unit := ""
	sizes := make([]quant.Decimal, len(parts))
	m := measure{v: r.v, dimension: def.Dimension, to: def.Unit, decimalComma: r.DecimalComma}
	for i, part := range slices.Backward(parts) {
		d, own, f := m.numberUnit(part)
		if f != nil {
			return f
		}
		if own != "" {
			unit = own
		}
		if unit == "" {
			r.warn(it, colParams, value+" "+def.Unit, "%s: has no unit; left unknown", clip(p.Words))
			return errSetAside
		}
		length, f := m.convert(d, unit)
		if f != nil {
			return f
		}
		if length.Low.Sign() == 0 {
			return faultf("", "a side of zero")
		}
		sizes[i] = length.Low
	}
	p.Sizes = sizes
	return nil
}

// findSizes looks up the parameters that together are the dimensions of a piece.
func (r *Reader) findSizes() {
	r.sizes, _ = r.v.Param("dimensions")
	for i, name := range []string{"length", "width", "height"} {
		r.sides[i], _ = r.v.Param(name)
	}
	r.thick, _ = r.v.Param("thickness")
	for i, def := range r.v.Params {
		if e, ok := vocab.ElementOf(def.Element); ok {
			r.shares = append(r.shares, shareParam{vocab.ParamID(i + 1), e})
		}
	}
}

// joinSizes lets length, width (or thickness) and height together answer dimensions.
func (r *Reader) joinSizes(it *Item) {
	if r.sizes == 0 || len(it.Params) < 3 || it.param(r.sizes) != nil {
		return
	}
	var given [3]*Param
	for i, id := range r.sides {
		given[i] = it.param(id)
	}
	for i := 1; i < 3; i++ {
		if given[i] == nil {
			given[i] = it.param(r.thick)
			break
		}
	}
	if slices.Contains(given[:], nil) {
		return
	}
	sizes := make([]quant.Decimal, 3)
	for i, p := range given {
		length, err := r.v.Convert(p.Value, r.v.ParamDef(p.ID).Unit, r.v.ParamDef(r.sizes).Unit)
		exact, ok := length.Exact()
		if err != nil || !ok {
			return
		}
		sizes[i] = exact
	}
	it.Params = append(it.Params, Param{ID: r.sizes, Sizes: sizes, Source: Column, Words: given[0].Words + "; " + given[1].Words + "; " + given[2].Words})
}

// param returns what is stated of a parameter, or nil.
func (it *Item) param(id vocab.ParamID) *Param {
	for i := range it.Params {
		if it.Params[i].ID == id && id != 0 {
			return &it.Params[i]
		}
	}
	return nil
}

// shareParam is a parameter that is the mass fraction of an element.
type shareParam struct {
	id      vocab.ParamID
	element vocab.Element
}

// joinShares lets a composition answer the parameter that is a mass fraction, and the parameter the composition.
func (r *Reader) joinShares(it *Item) {
	if len(it.Contents) == 0 && len(it.Params) == 0 {
		return
	}
	for _, s := range r.shares {
		p := it.param(s.id)
		i := slices.IndexFunc(it.Contents, func(c Content) bool { return c.Element == s.element })
		switch {
		case p == nil && i >= 0:
			if c := &it.Contents[i]; c.Share != (quant.Range{}) {
				it.Params = append(it.Params, Param{ID: s.id, Value: c.Share, Source: c.Source, Words: c.Words})
			}
		case p != nil && i < 0 && !p.None && p.Value != (quant.Range{}):
			it.Contents = append(it.Contents, Content{
				Element: s.element, Share: p.Value, None: isZero(p.Value), Source: p.Source, Words: p.Words,
			})
		}
	}
}
