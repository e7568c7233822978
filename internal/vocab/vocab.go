// Package vocab holds the closed vocabularies of the law data: forms, kinds of goods and their words, groups, countries,
// parameters and units, uses. The words themselves are law data (lawdata/vocab); here are their types, their compiled numbers and
// the look-ups by name. Start with Vocab and Compile. Limits: 64 forms, 118 elements.
package vocab

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"lodestone/internal/quant"
	"lodestone/internal/when"
)

// Text is one text in up to three languages; an empty language falls back to English, then Chinese.
type Text struct {
	En string `yaml:"en" json:"en,omitempty"`
	Zh string `yaml:"zh" json:"zh,omitempty"`
	Ko string `yaml:"ko" json:"ko,omitempty"`
}

// In returns the text in a language ("en", "zh", "ko"), or the nearest there is.
func (t Text) In(lang string) string {
	for _, s := range []string{map[string]string{"en": t.En, "zh": t.Zh, "ko": t.Ko}[lang], t.En, t.Zh, t.Ko} {
		if s != "" {
			return s
		}
	}
	return ""
}

// Empty says that no language has a text.
func (t Text) Empty() bool { return t.En == "" && t.Zh == "" && t.Ko == "" }

// Names are the names of a thing in each language; the first of a language is the one shown, the rest are synonyms.
type Names struct {
	En []string `yaml:"en" json:"en,omitempty"`
	Zh []string `yaml:"zh" json:"zh,omitempty"`
	Ko []string `yaml:"ko" json:"ko,omitempty"`
}

// First is the shown name in each language.
func (n Names) First() Text {
	first := func(s []string) string {
		if len(s) == 0 {
			return ""
		}
		return s[0]
	}
	return Text{En: first(n.En), Zh: first(n.Zh), Ko: first(n.Ko)}
}

// Each calls f with every name.
func (n Names) Each(f func(string)) {
	for _, list := range [][]string{n.En, n.Zh, n.Ko} {
		for _, s := range list {
			f(s)
		}
	}
}

// Term is a word of a closed vocabulary: an end use, a kind of end user, a procedure, what an exporter knows.
type Term struct {
	ID    string `yaml:"id"`
	Names Names  `yaml:"names"`
	Note  string `yaml:"note"` // what the term covers; empty: the names say it

	Releases bool     `yaml:"releases"` // of a parameter: an article so declared is judged by the stuff built into it
	Unfit    []string `yaml:"unfit"`    // of an end use: groups of goods that nobody puts to it; empty: any may be
	SaidBy   []string `yaml:"said_by"`  // of what an exporter knows: the end uses that say so, since who states one knows of it; empty: none does
}

// Form is what a thing is by its making: metal, oxide, magnet, equipment, technology.
type Form struct {
	ID       string   `yaml:"id"`
	Names    Names    `yaml:"names"`
	Column   []string `yaml:"column"`   // read in the column form only: in running text they say too little
	With     []string `yaml:"with"`     // forms that a thing of this form may have besides
	Article  bool     `yaml:"article"`  // what has this form is more than the stuff it holds or is about: words that name stuff name a part of it
	Said     bool     `yaml:"said"`     // people say so where a thing has it: one stated to have other forms, and not this, has it not
	Suggests bool     `yaml:"suggests"` // the form by itself raises the questions of the norms that name it
	Shapes   bool     `yaml:"shapes"`   // the words of Column name shapes of stuff: directly after the name of a metal they say that it is that metal

	Intangible bool `yaml:"intangible"` // no thing: a word for it beside the name of a thing leaves open whether that is meant or what is known of it
}

// Kind is a kind of goods with the words by which people name it, and what a thing so named is certain to contain and to be.
type Kind struct {
	ID       string   `yaml:"id"`
	Names    Names    `yaml:"names"`
	Formulas []string `yaml:"formulas"` // matched with their capitals
	CAS      []string `yaml:"cas"`
	Elements []string `yaml:"elements"` // contained for certain; empty: the words do not say
	Forms    []string `yaml:"forms"`    // its form, where the words say it; empty: they do not
	IsA      []string `yaml:"isa"`      // wider kinds
	Generic  bool     `yaml:"generic"`  // the words do not rule out other kinds
	Without  []string `yaml:"without"`  // elements that a thing so named does not hold, unless its composition says so
	MeantBy  MeantBy  `yaml:"meant_by"` // a wider kind that means this one together with a content; empty: none does
	Pure     bool     `yaml:"pure"`     // a thing so named holds no other element than these, unless its composition says so
	Ask      Text     `yaml:"ask"`      // what to ask of a thing so named, whatever the rules say of it; empty: nothing
	Sources  []string `yaml:"sources"`
	Note     string   `yaml:"note"`
	File     string   `yaml:"-"` // path below the law folder
	Line     int      `yaml:"-"` // line it begins on; 0: not read from text
}

// MeantBy says that a wider kind holding an element is taken for this kind, where its words name no other: a magnet with dysprosium is NdFeB.
type MeantBy struct {
	Kind    string `yaml:"kind"`
	Holding string `yaml:"holding"`
}

// Inference is a MeantBy by numbers.
type Inference struct {
	Of      KindID
	Holding Element
	Means   KindID
}

// Group joins norms of one subject.
type Group struct {
	ID            string    `yaml:"id"`
	Names         Text      `yaml:"names"`
	Elements      []string  `yaml:"elements"`       // a thing that contains one of them is a matter for this group
	Acts          []string  `yaml:"acts"`           // where the group comes from, for readers
	CompleteFrom  when.Date `yaml:"complete_from"`  // zero: not all norms on the group are in the law data
	CompleteUntil when.Date `yaml:"complete_until"` // last day of it; zero with CompleteFrom: to the knowledge horizon
	Earlier       string    `yaml:"earlier"`        // older act known to exist and not read
	Note          string    `yaml:"note"`
}

// CountryDef is a country or customs territory by its ISO 3166 letters.
type CountryDef struct {
	Code      string `yaml:"code"`
	ISO3      string `yaml:"iso3"`
	Names     Names  `yaml:"names"`
	ApartFrom string `yaml:"apart_from"` // a rule on that country does not mean this one; empty: it is part of none
	Note      string `yaml:"note"`
}

// OldCountry is a code that is no longer assigned.
type OldCountry struct {
	Code  string    `yaml:"code"`
	Names Names     `yaml:"names"`
	From  when.Date `yaml:"from"` // zero: not read
	To    when.Date `yaml:"to"`   // last day on which the country or its code stood
	Now   []string  `yaml:"now"`  // codes of today, one of which is meant
}

// ReservedCode is a code outside ISO 3166 that is met in practice; with neither ReadAs nor Group it stands for itself.
type ReservedCode struct {
	Code    string `yaml:"code"`
	Names   Names  `yaml:"names"`
	ReadAs  string `yaml:"read_as"` // the country that is meant
	Group   string `yaml:"group"`   // it is this group and no country: the member must be named
	Unknown bool   `yaml:"unknown"` // it says that the country is not known
	Note    string `yaml:"note"`
}

// CountryGroup is a dated set of countries.
type CountryGroup struct {
	ID      string   `yaml:"id"`
	Names   Names    `yaml:"names"`
	Members []Member `yaml:"members"`
	Note    string   `yaml:"note"`
}

// Member is a country in a group from one day to another (the last day included; zero: open).
type Member struct {
	Code string    `yaml:"country"`
	From when.Date `yaml:"from"`
	To   when.Date `yaml:"to"`
}

// ElementNames names a chemical element.
type ElementNames struct {
	Symbol    string   `yaml:"symbol"`
	Number    int      `yaml:"number"`
	Names     Names    `yaml:"names"`
	WordOnly  bool     `yaml:"word_only"` // the bare symbol in running text means something else too often (In, As, He)
	Ambiguous []string `yaml:"ambiguous"` // names that are not read when they stand alone in running text
}

// ParamDef is a technical parameter that limits are stated in.
type ParamDef struct {
	ID        string   `yaml:"name"`
	Kind      string   `yaml:"kind"` // number, sizes (several lengths of one piece), words, flag (yes or no)
	Dimension string   `yaml:"dimension"`
	Units     []string `yaml:"units"` // units that are accepted; empty: words, not numbers
	Names     Names    `yaml:"names"`
	Element   string   `yaml:"element"` // it is the mass fraction of that element; empty: of none
	Grades    bool     `yaml:"grades"`  // trade grades in nines are read as a lower bound
	ByUnit    bool     `yaml:"by_unit"` // an amount in its unit is one of it even where nothing names it
	Words     []Term   `yaml:"words"`   // the closed words of a parameter without unit; empty: free words
	Note      string   `yaml:"note"`
	Unit      string   `yaml:"-"` // the unit in which values are compared, the first of Units; set by Compile
}

// Dimension is what a unit measures; units of different dimensions never compare.
type Dimension struct {
	ID    string `yaml:"id"`
	Names Text   `yaml:"names"`
	Base  string `yaml:"base"` // the unit that factors lead to
}

// UnitDef is a unit of measure: one of it is Factor of the base unit of its dimension.
type UnitDef struct {
	ID        string        `yaml:"unit"`
	Dimension string        `yaml:"dimension"`
	Factor    quant.Decimal `yaml:"factor"`
	Spellings []string      `yaml:"spellings"`
}

// Column is an input column and the headings under which it is found.
type Column struct {
	ID    string `yaml:"column"`
	Reads string `yaml:"reads"` // text, number, date, country, composition, params, word, words, licence
	Names Names  `yaml:"names"`
}

// FormSet is a set of forms, one bit a form.
type FormSet uint64

// KindID, ParamID and GroupID number what they name; zero is none.
type (
	KindID  uint16
	ParamID uint16
	GroupID uint16
	TermID  uint8
)

// Data is the vocabularies as they stand in lawdata/vocab.
type Data struct {
	Forms         []Form
	Kinds         []Kind
	Groups        []Group
	Countries     []CountryDef
	OldCountries  []OldCountry
	ReservedCodes []ReservedCode
	CountryGroups []CountryGroup
	Elements      []ElementNames
	Params        []ParamDef
	Dimensions    []Dimension
	Units         []UnitDef
	EndUses       []Term
	EndUserKinds  []Term
	Procedures    []Term
	Knowledge     []Term
	Measures      []Term
	LicenceKinds  []Term
	Policies      []Term
	Roles         []Term // whose duties are asked for
	Columns       []Column
	Families      []Family
	Substances    []Substance

	DeclarationColumns []Column // of plain tables of substances
}

// Vocab is Data with its look-ups.
type Vocab struct {
	Data
	formWith  []FormSet // by form number: the form itself and what goes with it
	formByID  map[string]int
	articles  FormSet
	said      FormSet
	abstract  FormSet
	kinds     []compiledKind // by KindID; 0 is unused
	kindByID  map[string]KindID
	groupByID map[string]GroupID
	paramByID map[string]ParamID
	units     map[string][]int // by spelling; G is gram and gauss
	unitByID  map[string]int
	lists     map[string][]Term            // by vocabulary
	terms     map[string]map[string]TermID // vocabulary, word
	countries map[string]bool
	spelt     map[string]string // country names to codes
	knownBy   map[TermID]TermID // what stating an end use says that the exporter knows
	columns   map[string]string
	formNames map[string]int
	elements  map[string]Element // by name, in lower case
	words     *Words
	inferred  []Inference
	families  map[string]compiledFamily // by name, in lower case
	stuff     map[string]Stuff          // by CAS number
}

type compiledKind struct {
	up       []KindID // itself and every wider kind
	related  []KindID // every kind that is one of these, or that one of these is
	elements Elements
	without  Elements
	forms    FormSet
	generic  bool
	pure     bool
}

// Compile numbers the vocabularies and checks that what they refer to exists.
func Compile(d Data) (*Vocab, error) {
	v := &Vocab{Data: d}
	for _, step := range []func() error{v.compileForms, v.compileKinds, v.compileInferences, v.compileNames, v.compileSpellings, v.compileSubstances} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	v.words = newWords(d)
	return v, nil
}

func (v *Vocab) compileForms() error {
	if len(v.Forms) > 64 {
		return fmt.Errorf("vocab/forms: %d forms, at most 64", len(v.Forms))
	}
	v.formByID = make(map[string]int, len(v.Forms))
	for i, f := range v.Forms {
		v.formByID[f.ID] = i
	}
	v.formWith = make([]FormSet, len(v.Forms))
	for i, f := range v.Forms {
		v.formWith[i] |= 1 << i
		if f.Said {
			v.said |= 1 << i
		}
		if f.Article {
			v.articles |= 1 << i
		}
		if f.Intangible {
			v.abstract |= 1 << i
		}
		for _, w := range f.With {
			j, ok := v.formByID[w]
			if !ok {
				return fmt.Errorf("vocab/forms: %s goes with %q, which is no form", f.ID, w)
			}
			v.formWith[i] |= 1 << j
			v.formWith[j] |= 1 << i
		}
	}
	return nil
}

func (v *Vocab) compileKinds() error {
	v.kinds = make([]compiledKind, len(v.Kinds)+1)
	v.kindByID = make(map[string]KindID, len(v.Kinds))
	for i, k := range v.Kinds {
		if _, twice := v.kindByID[k.ID]; twice {
			return fmt.Errorf("vocab/kinds: %s stands twice", k.ID)
		}
		v.kindByID[k.ID] = KindID(i + 1)
	}
	for i := range v.Kinds {
		if err := v.widen(KindID(i+1), KindID(i+1), 0); err != nil {
			return err
		}
	}
	for i := range v.Kinds {
		id := KindID(i + 1)
		for _, up := range v.kinds[id].up {
			v.kinds[id].related = append(v.kinds[id].related, up)
			if up != id {
				v.kinds[up].related = append(v.kinds[up].related, id)
			}
		}
	}
	return nil
}

func (v *Vocab) compileInferences() error {
	for i, k := range v.Kinds {
		if k.MeantBy == (MeantBy{}) {
			continue
		}
		of, ok := v.kindByID[k.MeantBy.Kind]
		if !ok {
			return fmt.Errorf("vocab/kinds: %s is meant by %q, which is no kind", k.ID, k.MeantBy.Kind)
		}
		e, ok := ElementOf(k.MeantBy.Holding)
		if !ok {
			return fmt.Errorf("vocab/kinds: %s: %q is no element", k.ID, k.MeantBy.Holding)
		}
		v.inferred = append(v.inferred, Inference{of, e, KindID(i + 1)})
	}
	return nil
}

// Inferences lists what wider kinds mean together with a content.
func (v *Vocab) Inferences() []Inference { return v.inferred }

// Related lists a kind, the wider ones and the narrower ones.
func (v *Vocab) Related(k KindID) []KindID { return v.kinds[k].related }

// widen adds kind and all it is to the kind at.
func (v *Vocab) widen(at, kind KindID, depth int) error {
	k, c := v.Kinds[kind-1], &v.kinds[at]
	if depth > 20 {
		return fmt.Errorf("vocab/kinds: %s is a kind of itself", k.ID)
	}
	c.up = append(c.up, kind)
	if at == kind {
		c.generic = k.Generic
	}
	c.pure = c.pure || k.Pure
	for _, s := range k.Elements {
		e, ok := ElementOf(s)
		if !ok {
			return fmt.Errorf("vocab/kinds: %s: %q is no element", k.ID, s)
		}
		c.elements.Add(e)
	}
	for _, s := range k.Without {
		e, ok := ElementOf(s)
		if !ok {
			return fmt.Errorf("vocab/kinds: %s: %q is no element", k.ID, s)
		}
		c.without.Add(e)
	}
	forms, err := v.FormsOf(k.Forms)
	if err != nil {
		return fmt.Errorf("vocab/kinds: %s: %w", k.ID, err)
	}
	c.forms |= forms
	for _, wider := range k.IsA {
		id, ok := v.kindByID[wider]
		if !ok {
			return fmt.Errorf("vocab/kinds: %s is a %q, which is no kind", k.ID, wider)
		}
		if err := v.widen(at, id, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (v *Vocab) compileNames() error {
	v.groupByID = make(map[string]GroupID, len(v.Groups))
	for i, g := range v.Groups {
		v.groupByID[g.ID] = GroupID(i + 1)
	}
	v.paramByID = make(map[string]ParamID, 4*len(v.Params))
	v.Params = slices.Clone(v.Params)
	for i, p := range v.Params {
		if len(p.Units) > 0 {
			v.Params[i].Unit = p.Units[0]
		}
		v.paramByID[fold(p.ID)] = ParamID(i + 1)
		v.paramByID[p.ID] = ParamID(i + 1) // found without folding
		p.Names.Each(func(s string) { v.paramByID[fold(s)] = ParamID(i + 1) })
	}
	v.countries = make(map[string]bool, len(v.Countries))
	v.spelt = make(map[string]string, 6*len(v.Countries))
	for _, c := range v.Countries {
		v.countries[c.Code] = true
		c.Names.Each(func(s string) { v.spelt[fold(s)] = c.Code })
	}
	v.lists, v.terms = v.vocabularies(), map[string]map[string]TermID{}
	for name, list := range v.lists {
		words := make(map[string]TermID, 4*len(list))
		for i, t := range list {
			words[fold(t.ID)] = TermID(i + 1)
			words[t.ID] = TermID(i + 1) // found without folding
			t.Names.Each(func(s string) { words[fold(s)] = TermID(i + 1) })
		}
		v.terms[name] = words
	}
	v.knownBy = map[TermID]TermID{}
	for i, k := range v.Knowledge {
		for _, use := range k.SaidBy {
			t, ok := v.terms["end_use"][use]
			if !ok {
				return fmt.Errorf("vocab/uses: %s is said by %q, which is no end use", k.ID, use)
			}
			v.knownBy[t] = TermID(i + 1)
		}
	}
	v.columns = make(map[string]string, 8*len(v.Columns))
	for _, c := range v.Columns {
		v.columns[fold(c.ID)] = c.ID
		c.Names.Each(func(s string) { v.columns[fold(s)] = c.ID })
	}
	return nil
}

func (v *Vocab) vocabularies() map[string][]Term {
	return map[string][]Term{
		"end_use": v.EndUses, "end_user_kind": v.EndUserKinds, "procedure": v.Procedures, "knowledge": v.Knowledge,
		"measure": v.Measures, "licence_kind": v.LicenceKinds, "policy": v.Policies, "role": v.Roles,
	}
}

// fold makes two spellings of a heading or a closed word alike: lower case, ordinary width, no blanks, hyphens, underscores or dots.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch r = narrow(r); r {
		case ' ', '\t', '-', '_', '.', '\u00a0':
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

// FormsOf makes a set of form words.
func (v *Vocab) FormsOf(words []string) (FormSet, error) {
	var set FormSet
	for _, w := range words {
		i, ok := v.formByID[w]
		if !ok {
			return 0, fmt.Errorf("%q is no form", w)
		}
		set |= 1 << i
	}
	return set, nil
}

// Possible is every form a thing may have that has all forms of the set; every form where the set is empty.
func (v *Vocab) Possible(set FormSet) FormSet {
	if set == 0 {
		return ^FormSet(0)
	}
	return v.Together(set) &^ (v.said &^ set)
}

// Together is every form that goes together with all forms of the set.
func (v *Vocab) Together(set FormSet) FormSet {
	together := ^FormSet(0)
	for i := 0; set>>i != 0; i++ {
		if set>>i&1 == 1 {
			together &= v.formWith[i]
		}
	}
	return together
}

// FormWords lists the words of a set.
func (v *Vocab) FormWords(set FormSet) []string {
	var words []string
	for i, f := range v.Forms {
		if set>>i&1 == 1 {
			words = append(words, f.ID)
		}
	}
	return words
}

// Kind returns the number of a kind.
func (v *Vocab) Kind(id string) (KindID, bool) {
	k, ok := v.kindByID[id]
	return k, ok
}

// KindElements and KindForms are what a thing so named is certain to contain and to be.
func (v *Vocab) KindElements(k KindID) Elements { return v.kinds[k].elements }
func (v *Vocab) KindForms(k KindID) FormSet     { return v.kinds[k].forms }

// Without is what a thing so named does not hold, unless its composition says so.
func (v *Vocab) Without(k KindID) Elements { return v.kinds[k].without }

// Articles is the set of forms of things that are more than the stuff they hold.
func (v *Vocab) Articles() FormSet { return v.articles }

// Releases says that an article of which a parameter says so is judged by the stuff built into it.
func (v *Vocab) Releases(p ParamID, word string) bool {
	words := v.Params[p-1].Words
	for i := range words {
		if words[i].Releases && words[i].ID == word {
			return true
		}
	}
	return false
}

// Intangible is the set of forms of what is no thing: technology, software.
func (v *Vocab) Intangible() FormSet { return v.abstract }

// Generic says that the words of a kind do not rule out other kinds.
func (v *Vocab) Generic(k KindID) bool { return v.kinds[k].generic }

// Pure says that a thing so named holds no other element than the kind's, unless its composition says so.
func (v *Vocab) Pure(k KindID) bool { return v.kinds[k].pure }

// IsA says that everything of kind k is also of kind wider.
func (v *Vocab) IsA(k, wider KindID) bool {
	for _, up := range v.kinds[k].up {
		if up == wider {
			return true
		}
	}
	return false
}

// Group returns the number of a group.
func (v *Vocab) Group(id string) (GroupID, bool) {
	g, ok := v.groupByID[id]
	return g, ok
}

// Param finds a parameter by its name or a synonym.
func (v *Vocab) Param(name string) (ParamID, bool) {
	p, ok := v.paramByID[name]
	if !ok {
		p, ok = v.paramByID[fold(name)]
	}
	return p, ok
}

// ParamDef returns the definition of a parameter.
func (v *Vocab) ParamDef(p ParamID) ParamDef { return v.Params[p-1] }

// Term finds a word of a closed vocabulary ("end_use", "procedure", …).
func (v *Vocab) Term(vocabulary, word string) (TermID, bool) {
	words := v.terms[vocabulary]
	t, ok := words[word]
	if !ok {
		t, ok = words[fold(word)]
	}
	return t, ok
}

// KnownBy is what stating an end use says that the exporter knows; zero: nothing.
func (v *Vocab) KnownBy(use TermID) TermID { return v.knownBy[use] }

// TermWord returns the word of a term.
func (v *Vocab) TermWord(vocabulary string, t TermID) string {
	list := v.lists[vocabulary]
	if t == 0 || int(t) > len(list) {
		return ""
	}
	return list[t-1].ID
}

// TermName is what people call a word of a vocabulary; empty: there is no such word. Where the first English name is the word as files have it, joined by
// lines, the second stands.
func (v *Vocab) TermName(vocabulary, word string) Text {
	for i := range v.lists[vocabulary] {
		if t := &v.lists[vocabulary][i]; t.ID == word {
			name := t.Names.First()
			if name.En == word && strings.Contains(word, "_") && len(t.Names.En) > 1 {
				name.En = t.Names.En[1]
			}
			return name
		}
	}
	return Text{}
}

// TermWords lists the words of a vocabulary, for suggestions.
func (v *Vocab) TermWords(vocabulary string) []string {
	var words []string
	for _, t := range v.lists[vocabulary] {
		words = append(words, t.ID)
	}
	return words
}

// Column finds an input column by its heading.
func (v *Vocab) Column(heading string) (string, bool) {
	c, ok := v.columns[fold(heading)]
	return c, ok
}

// Words finds the names of kinds in running text.
func (v *Vocab) Words() *Words { return v.words }
