package fact

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"lodestone/internal/problem"
	"lodestone/internal/quant"
	"lodestone/internal/sentence"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// Limits on what a cell may hold.
const (
	maxDescription = 100_000 // bytes; the rest is cut, with a warning
	maxText        = 2_000   // bytes of names and other texts; cut, with a warning
	maxWords       = 50      // words of the column form
	maxKey         = 200     // bytes of id, parent and shipment; longer ones are refused, because cutting would join what is apart
)

// Defaults are given by flags for all rows; what a row says wins. Zero: not given.
type Defaults struct {
	From, Destination vocab.Country
	On                when.Date // day of export
}

// Reader turns columns of a row into an Item. It belongs to one goroutine. Use it so:
//
//	it.Reset()
//	it.Line = line
//	p := r.Set(&it, column, cell) // for each cell; p is nil, a warning, or a refusal of the row
//	list := r.Finish(&it)         // further problems
//
// Strings of the item may share the memory of the cells.
type Reader struct {
	DecimalComma bool // a single comma in a number is decimal (semicolon and tab files)

	v        *vocab.Vocab
	defaults Defaults
	unknown  map[string]vocab.TermID // the word for "unknown" of each vocabulary: the same as an empty cell
	codes    map[string]string       // customs codes written with dots, to their digits; bounded by maxCodes
	scratch  []byte
	sides    [3]vocab.ParamID // length, width or thickness, height
	thick    vocab.ParamID
	sizes    vocab.ParamID
	shares   []shareParam
	spec     specReader
}

// maxCodes bounds the memory for customs codes seen; a file with more of them allocates for the rest.
const maxCodes = 4096

// NewReader makes a reader for one goroutine.
func NewReader(v *vocab.Vocab, d Defaults) *Reader {
	r := &Reader{v: v, defaults: d, unknown: map[string]vocab.TermID{}, codes: map[string]string{}}
	for _, name := range []string{"end_use", "end_user_kind", "procedure", "knowledge"} {
		if t, ok := v.Term(name, "unknown"); ok {
			r.unknown[name] = t
		}
	}
	r.findSizes()
	r.newSpec()
	return r
}

// Set reads one cell into the item. The column is a number from ColumnNumber. It returns nil, a warning (the fact is left unknown
// and the row stays) or the reason why the row is refused; the caller fills in the place.
func (r *Reader) Set(it *Item, column int, value string) *problem.Problem {
	value = trim(value)
	if value == "" {
		return nil
	}
	if !utf8.ValidString(value) {
		return &problem.Problem{Field: columns[column], Text: "is not UTF-8 text"}
	}
	n := len(it.pending)
	if f := r.set(it, column, value); f != nil {
		return f.problem(columns[column])
	}
	if len(it.pending) > n {
		p := it.pending[n]
		it.pending = slices.Delete(it.pending, n, n+1)
		return &p
	}
	return nil
}

// warn notes a warning; the first of a cell is returned by Set, further ones by Finish.
func (r *Reader) warn(it *Item, column int, meant, format string, args ...any) {
	it.pending = append(it.pending, problem.Problem{Field: columns[column], Meant: meant, Warning: true}.Saying(sentence.Of(format, args...)))
}

func (r *Reader) set(it *Item, column int, value string) *fault {
	switch column {
	case colID:
		return key(&it.ID, value)
	case colParent:
		return key(&it.Parent, value)
	case colShipment:
		return key(&it.Shipment, value)
	case colDescription:
		r.describe(it, value)
		return nil
	case colUSLicence:
		it.Extra = append(it.Extra, ExtraField{columns[column], value})
		return nil
	}
	if unstated(value) {
		return nil
	}
	if text := textOf(it, column); text != nil {
		*text = r.text(it, column, value, maxText)
		return nil
	}
	if country := countryOf(it, column); country != nil {
		return r.country(country, value)
	}
	return r.fact(it, column, value)
}

// fact reads the columns that have a notation of their own.
func (r *Reader) fact(it *Item, column int, value string) (f *fault) {
	switch column {
	case colHS:
		it.HS, f = r.customsCode(value)
	case colComposition:
		f = r.composition(it, value)
	case colForm:
		r.forms(it, value)
	case colParams:
		f = r.params(it, value)
	case colQuantity:
		it.Quantity, f = r.count(value, "put the unit into the column unit")
	case colValue:
		it.Value, f = r.count(value, "put the currency into the column currency")
	case colUnitValue:
		it.unitValue, f = r.count(value, "put the currency into the column currency")
	case colCurrency:
		it.Currency, f = currency(value)
	case colShipDate:
		it.ShipDate, f = date(ordinary(value))
	case colDeclarationDate:
		it.DeclarationDate, f = date(ordinary(value))
	case colEndUse:
		it.EndUse, f = r.term("end_use", value)
	case colEndUserKind:
		it.EndUserKind, f = r.term("end_user_kind", value)
	case colProcedure:
		it.Procedure, f = r.term("procedure", value)
	case colKnowledge:
		f = r.knowledge(it, value)
	case colLicenceHeld:
		it.Licence, f = r.licence(value)
	}
	return f
}

// textOf is where a column of free text goes; nil for other columns.
func textOf(it *Item, column int) *string {
	switch column {
	case colUnit:
		return &it.Unit
	case colControlCode:
		return &it.ControlCode
	case colConsignee:
		return &it.Consignee
	case colEndUser:
		return &it.EndUser
	case colExporter:
		return &it.Exporter
	case colSupplier:
		return &it.Supplier
	}
	return nil
}

// countryOf is where a column of a country goes; nil for other columns.
func countryOf(it *Item, column int) *vocab.Country {
	switch column {
	case colOrigin:
		return &it.Origin
	case colMadeIn:
		return &it.MadeIn
	case colTechOrigin:
		return &it.TechOrigin
	case colFrom:
		return &it.From
	case colDestination:
		return &it.Destination
	case colRecipient:
		return &it.Recipient
	}
	return nil
}

// unstated says whether a cell only says that nothing is known.
func unstated(value string) bool {
	switch value {
	case "-", "--", "?", "/", "unknown", "Unknown", "UNKNOWN", "n/a", "N/A", "未知", "不详", "미상", "불명":
		return true
	}
	return false
}

func key(to *string, value string) *fault {
	if len(value) > maxKey {
		return faultf("", "%d bytes long; at most %d", len(value), maxKey)
	}
	*to = value
	return nil
}

// text cuts a text to a limit, at the end of a letter.
func (r *Reader) text(it *Item, column int, value string, limit int) string {
	if len(value) <= limit {
		return value
	}
	cut := limit
	for !utf8.RuneStart(value[cut]) {
		cut--
	}
	r.warn(it, column, "", "%d bytes long; cut to the first %d", len(value), cut)
	return value[:cut]
}

// describe sets the description, or adds to it where a table has several columns for it (name, specification).
func (r *Reader) describe(it *Item, value string) {
	if it.Description != "" {
		value = it.Description + "; " + value
	}
	it.Description = r.text(it, colDescription, value, maxDescription)
}

func (r *Reader) country(to *vocab.Country, value string) *fault {
	c, ok := r.v.CountryOf(value)
	if !ok {
		c, ok = r.v.CountryOf(ordinary(value))
	}
	if ok {
		*to = c
		return nil
	}
	if near := problem.Nearest(value, r.v.CountryNames()); near != "" && len(value) > 2 {
		return faultf(near, "%q is no country", clip(value))
	}
	return faultf("two letters of ISO 3166, such as CN or KR", "%q is no country", clip(value))
}

// customsCode takes 4 to 10 digits, with dots, hyphens (Korean codes) and blanks between them.
func (r *Reader) customsCode(value string) (string, *fault) {
	value = ordinary(value)
	digits := r.scratch[:0]
	for i := 0; i < len(value); i++ {
		switch b := value[i]; {
		case isDigit(b):
			digits = append(digits, b)
		case b != '.' && b != ' ' && b != '-':
			return "", faultf("4 to 10 digits", "%q is no customs code", clip(value))
		}
	}
	r.scratch = digits
	switch {
	case len(digits) < 4 || len(digits) > 10:
		return "", faultf("4 to 10 digits", "%q has %d digits", clip(value), len(digits))
	case len(digits) == len(value):
		return value, nil
	}
	if code, ok := r.codes[string(digits)]; ok {
		return code, nil
	}
	code := string(digits)
	if len(r.codes) < maxCodes {
		r.codes[code] = code
	}
	return code, nil
}

// count reads a number that is not below zero, or a range of them.
func (r *Reader) count(value, remedy string) (quant.Range, *fault) {
	value = ordinary(value)
	if d, f := number(value, r.DecimalComma); f == nil {
		if d.Sign() < 0 {
			return quant.Range{}, faultf("", "%s is below zero", d)
		}
		return quant.Exactly(d), nil
	} else if numberEnd(value) == len(value) {
		return quant.Range{}, f
	}
	m := measure{v: r.v, bare: true, decimalComma: r.DecimalComma}
	n, f := m.read(value)
	if f != nil {
		return quant.Range{}, faultf(remedy, "%q is not a number", clip(value))
	}
	if !n.HasLow {
		n.HasLow = true // no count is below zero, and a range without a lower end would read as not stated
	}
	return n, nil
}

// oldCurrency names codes that people write in place of the ISO 4217 ones.
var oldCurrency = map[string]string{
	"RMB": "CNY", "¥": "CNY or JPY", "￥": "CNY or JPY", "$": "USD", "€": "EUR", "₩": "KRW", "WON": "KRW", "YEN": "JPY", "人民币": "CNY", "美元": "USD",
}

func currency(value string) (string, *fault) {
	code := strings.ToUpper(ordinary(value))
	if meant, ok := oldCurrency[code]; ok {
		return "", faultf(meant, "%q is no currency code of ISO 4217", value)
	}
	if len(code) != 3 || letters(code) != 3 {
		return "", faultf("three letters of ISO 4217, such as CNY", "%q is no currency code", clip(value))
	}
	return code, nil
}

// term reads a word of a closed vocabulary; zero is "unknown".
func (r *Reader) term(vocabulary, value string) (vocab.TermID, *fault) {
	t, ok := r.v.Term(vocabulary, value)
	if !ok {
		words := r.v.TermWords(vocabulary)
		meant := problem.Nearest(value, words)
		if meant == "" {
			meant = "one of " + strings.Join(words, ", ")
		}
		return 0, faultf(meant, "%q is no %s", clip(value), sentence.Sentence{Format: strings.ReplaceAll(vocabulary, "_", " ")})
	}
	if t == r.unknown[vocabulary] {
		return 0, nil
	}
	return t, nil
}

// each calls f with the words of a list, parted by any of the separators.
func each(list, separators string, f func(word string) *fault) *fault {
	for list != "" {
		word := list
		if i := strings.IndexAny(list, separators); i >= 0 {
			_, n := utf8.DecodeRuneInString(list[i:])
			word, list = list[:i], list[i+n:]
		} else {
			list = ""
		}
		if word = trim(word); word == "" {
			continue
		}
		if fault := f(word); fault != nil {
			return fault
		}
	}
	return nil
}

func (r *Reader) knowledge(it *Item, value string) *fault {
	it.Knowledge = it.Knowledge[:0]
	return each(value, ";,；，、\n", func(word string) *fault {
		t, f := r.term("knowledge", word)
		if f == nil && t != 0 && !slices.Contains(it.Knowledge, t) {
			it.Knowledge = append(it.Knowledge, t)
		}
		return f
	})
}

// forms reads the words of the column form. A word that is not known is named and set aside; the row stays.
func (r *Reader) forms(it *Item, value string) {
	it.Forms, it.FormText = 0, ""
	if set, ok := r.v.FormOf(value); ok {
		it.Forms = set
		return
	}
	n := 0
	each(value, ";,/；，、\n", func(word string) *fault {
		if n++; n > maxWords {
			return errSetAside
		}
		set, ok := r.v.FormOf(word)
		if !ok {
			it.FormText = word
			r.warn(it, colForm, problem.Nearest(word, r.v.FormNames()), "%q is no form; left unknown", clip(word))
		}
		it.Forms |= set
		return nil
	})
}

// Finish fills in what flags give and finds the words of the description and what does not fit together. It returns the problems that
// Set has not returned; their place is filled in by the caller.
func (r *Reader) Finish(it *Item) problem.List {
	if it.ID == "" && it.Line > 0 {
		it.ID = strconv.Itoa(it.Line)
	}
	r.readDescription(it)
	r.fillDefaults(it)
	r.joinValue(it)
	r.joinShares(it)
	r.joinSizes(it)
	if k := r.v.KnownBy(it.EndUse); k != 0 && !slices.Contains(it.Knowledge, k) {
		it.Knowledge = append(it.Knowledge, k)
	}
	if it.Parent != "" && it.Parent == it.ID {
		it.pending = append(it.pending, problem.Problem{Field: columns[colParent], Meant: "empty at the top"}.Saying(sentence.Of("%s is part of itself", it.ID)))
	}
	if it.DeclarationDate != 0 && it.ShipDate != 0 && it.ShipDate < it.DeclarationDate {
		r.warn(it, colShipDate, "", "%s lies before the day of the declaration, %s", it.ShipDate, it.DeclarationDate)
	}
	if len(it.pending) == 0 {
		return nil
	}
	list := slices.Clone(it.pending)
	it.pending = it.pending[:0]
	return list
}

func (r *Reader) fillDefaults(it *Item) {
	if it.From == (vocab.Country{}) && r.defaults.From != (vocab.Country{}) {
		it.From, it.FromFlag = r.defaults.From, true
	}
	if it.Destination == (vocab.Country{}) && r.defaults.Destination != (vocab.Country{}) {
		it.Destination, it.DestinationFlag = r.defaults.Destination, true
	}
	if it.Day() == 0 {
		it.ShipDate = r.defaults.On
	}
}

// joinValue takes the value of one unit where none of the line is stated, and compares the two where both are.
func (r *Reader) joinValue(it *Item) {
	if !it.unitValue.HasLow {
		return
	}
	if !it.Value.HasLow {
		it.Value, it.ValueIsUnit = it.unitValue, true
		return
	}
	value, ok1 := it.Value.Exact()
	each, ok2 := it.unitValue.Exact()
	n, ok3 := it.Quantity.Exact()
	if !ok1 || !ok2 || !ok3 {
		return
	}
	product, err := each.Mul(n)
	if err != nil {
		return
	}
	if !near(product, value) {
		r.warn(it, colUnitValue, "the value of the line is taken", "%s × %s is %s, and value says %s", each, n, product, value)
	}
}

// near says that two numbers differ by at most 1 %: prices of a unit are rounded.
func near(a, b quant.Decimal) bool {
	difference, err := a.Sub(b)
	if err != nil {
		return true // too far apart in digits to say
	}
	if difference.Sign() < 0 {
		difference, _ = b.Sub(a)
	}
	hundred, err := difference.Mul(quant.Int(100))
	return err != nil || hundred.Cmp(a) <= 0 || hundred.Cmp(b) <= 0
}

// ReadFacts reads one item from columns and their cells: the witnesses of law files, and an item on the command line. Columns are named
// as in docs/columns.md or by a heading; an unknown one is refused. Problems come in the order of the columns.
func (r *Reader) ReadFacts(cells map[string]string) (Item, problem.List) {
	var it Item
	var problems problem.List
	byColumn := make(map[int]string, len(cells))
	names := make([]string, 0, len(cells))
	for name := range cells {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		n, ok := r.columnOf(name)
		if !ok {
			problems = append(problems, problem.Problem{Field: name, Meant: problem.Nearest(name, columns[:])}.Saying(sentence.Of("%q is no column", clip(name))))
			continue
		}
		if _, twice := byColumn[n]; twice {
			problems = append(problems, problem.Problem{Field: columns[n], Text: "given twice"})
			continue
		}
		byColumn[n] = cells[name]
	}
	for n := range columns {
		if p := r.Set(&it, n, byColumn[n]); p != nil {
			problems = append(problems, *p)
		}
	}
	return it, append(problems, r.Finish(&it)...)
}

func (r *Reader) columnOf(name string) (int, bool) {
	if n, ok := ColumnNumber(name); ok {
		return n, true
	}
	id, ok := r.v.Column(name)
	if !ok {
		return 0, false
	}
	return ColumnNumber(id)
}
