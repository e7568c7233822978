package rule

import (
	"fmt"
	"strings"

	"lodestone/internal/quant"
	"lodestone/internal/vocab"
)

// Scope is what a condition may name besides the vocabulary.
type Scope struct {
	Vocab  *vocab.Vocab
	Norm   func(id string) (int, bool) // number of a norm by its full id
	List   func(id string) (int, bool) // number of a party list
	Places *PlaceSets                  // gathers the sets of countries that are asked for; nil: nobody tells cases apart by them
}

// Compile turns a condition of a law file into a Node. The error names the leaf and what in it is unknown.
func Compile(s *Spec, in Scope) (Node, error) {
	var node Node
	for _, k := range keys {
		if !k.set(s) {
			continue
		}
		if node != nil {
			return nil, fmt.Errorf("a condition holds one key; join several with all or any")
		}
		n, err := k.make(s, in)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", k.key, err)
		}
		node = n
	}
	if node == nil {
		return nil, fmt.Errorf("an empty condition: name one leaf, or all, any, not")
	}
	return node, nil
}

type specKey struct {
	key  string
	set  func(*Spec) bool
	make func(*Spec, Scope) (Node, error)
}

// keys is every key of a Spec, whether it is set, and how it is compiled.
var keys []specKey

func init() { // a variable initialised in place would refer to itself by way of Compile
	keys = []specKey{
		{"all", func(s *Spec) bool { return len(s.All) > 0 }, func(s *Spec, in Scope) (Node, error) { n, err := compileAll(s.All, in); return All(n), err }},
		{"any", func(s *Spec) bool { return len(s.Any) > 0 }, func(s *Spec, in Scope) (Node, error) { n, err := compileAll(s.Any, in); return Any(n), err }},
		{"not", func(s *Spec) bool { return s.Not != nil }, func(s *Spec, in Scope) (Node, error) { n, err := Compile(s.Not, in); return Negation{n}, err }},
		{"at_least", func(s *Spec) bool { return s.AtLeast != nil }, func(s *Spec, in Scope) (Node, error) { return newCount(s.AtLeast, in) }},
		{"element", func(s *Spec) bool { return s.Element != nil }, func(s *Spec, _ Scope) (Node, error) { return newElement(s.Element) }},
		{"kind", func(s *Spec) bool { return s.Kind != nil }, func(s *Spec, in Scope) (Node, error) { return newKind(s.Kind, in) }},
		{"about", func(s *Spec) bool { return s.About != nil }, func(s *Spec, in Scope) (Node, error) { return newAbout(s.About, in) }},
		{"named", func(s *Spec) bool { return s.Named != nil }, func(s *Spec, in Scope) (Node, error) { return newNamed(s.Named, in) }},
		{"form", func(s *Spec) bool { return s.Form != nil }, func(s *Spec, in Scope) (Node, error) { return newForm(s.Form, in) }},
		{"param", func(s *Spec) bool { return s.Param != nil }, func(s *Spec, in Scope) (Node, error) { return newParam(s.Param, in) }},
		{"hs", func(s *Spec) bool { return s.HS != nil }, func(s *Spec, _ Scope) (Node, error) { return newPrefix("hs", s.HS) }},
		{"hs_elsewhere", func(s *Spec) bool { return s.HSElsewhere != nil }, func(s *Spec, _ Scope) (Node, error) { return newElsewhere(s.HSElsewhere) }},
		{"control_code", func(s *Spec) bool { return s.ControlCode != nil }, func(s *Spec, _ Scope) (Node, error) { return newPrefix("control_code", s.ControlCode) }},
		words("exported", func(s *Spec) []string { return s.Exported }, newExport(true)),
		words("leaving", func(s *Spec) []string { return s.Leaving }, newExport(false)),
		words("from", func(s *Spec) []string { return s.From }, newPlace),
		words("destination", func(s *Spec) []string { return s.Destination }, newPlace),
		words("origin", func(s *Spec) []string { return s.Origin }, newPlace),
		words("made_in", func(s *Spec) []string { return s.MadeIn }, newPlace),
		words("tech_origin", func(s *Spec) []string { return s.TechOrigin }, newPlace),
		words("recipient_nationality", func(s *Spec) []string { return s.Recipient }, newPlace),
		words("end_use", func(s *Spec) []string { return s.EndUse }, newTerm),
		words("end_user_kind", func(s *Spec) []string { return s.EndUserKind }, newTerm),
		words("procedure", func(s *Spec) []string { return s.Procedure }, newTerm),
		{"knowledge", func(s *Spec) bool { return s.Knowledge != nil }, func(s *Spec, in Scope) (Node, error) { return newKnowledge(s.Knowledge, in) }},
		{"us_licence_required", func(s *Spec) bool { return s.USLicence != nil }, func(s *Spec, _ Scope) (Node, error) { return newUSLicence(s.USLicence) }},
		{"line_value", func(s *Spec) bool { return s.LineValue != nil }, func(s *Spec, in Scope) (Node, error) { return newLineValue(s.LineValue, in) }},
		{"party", func(s *Spec) bool { return s.Party != nil }, func(s *Spec, in Scope) (Node, error) { return newParty(s.Party, in) }},
		{"share", func(s *Spec) bool { return s.Share != nil }, func(s *Spec, in Scope) (Node, error) { return newShare(s.Share, in) }},
		{"contains", func(s *Spec) bool { return s.Contains != nil }, func(s *Spec, in Scope) (Node, error) { return newContains(s.Contains, in) }},
		{"caught", func(s *Spec) bool { return s.Caught != nil }, func(s *Spec, in Scope) (Node, error) { return newCaught(s.Caught, in) }},
	}
}

// words is the key of a leaf that compares one column with a list of words.
func words(column string, list func(*Spec) []string, compile func(string, []string, Scope) (Node, error)) specKey {
	return specKey{column, func(s *Spec) bool { return list(s) != nil }, func(s *Spec, in Scope) (Node, error) { return compile(column, list(s), in) }}
}

func newCount(s *CountSpec, in Scope) (Node, error) {
	of, err := compileAll(s.Of, in)
	if err == nil && (s.N < 1 || s.N > len(of)) {
		err = fmt.Errorf("n is %d of %d conditions", s.N, len(of))
	}
	return Count{s.N, of}, err
}

func compileAll(specs []Spec, in Scope) ([]Node, error) {
	nodes := make([]Node, len(specs))
	for i := range specs {
		n, err := Compile(&specs[i], in)
		if err != nil {
			return nil, err
		}
		nodes[i] = n
	}
	return nodes, nil
}

// Range reads bounds; none set is not an error: ok is false.
func (b Bounds) Range() (r quant.Range, ok bool, err error) {
	set := func(text string, f func(quant.Decimal)) {
		if text == "" || err != nil {
			return
		}
		d, e := quant.ParseDecimal(text)
		if e != nil {
			err = e
			return
		}
		ok = true
		f(d)
	}
	set(b.Over, func(d quant.Decimal) { r.Low, r.HasLow, r.Over = d, true, true })
	set(b.AtLeast, func(d quant.Decimal) { r.Low, r.HasLow = d, true })
	set(b.Under, func(d quant.Decimal) { r.High, r.HasHigh, r.Under = d, true, true })
	set(b.AtMost, func(d quant.Decimal) { r.High, r.HasHigh = d, true })
	set(b.Equals, func(d quant.Decimal) { r = quant.Exactly(d) })
	if err == nil && r.Empty() {
		err = fmt.Errorf("no number lies within the bounds")
	}
	return r, ok, err
}

// Test prints bounds as the law states them: "> 99.9 percent".
func (b Bounds) Test(unit string) string {
	var parts []string
	for _, p := range []struct{ op, v string }{{">", b.Over}, {">=", b.AtLeast}, {"<", b.Under}, {"<=", b.AtMost}, {"=", b.Equals}} {
		if p.v != "" {
			parts = append(parts, p.op+" "+p.v)
		}
	}
	s := strings.Join(parts, " and ")
	if unit == "" {
		return s
	}
	return s + " " + unitSign(unit)
}

func unitSign(unit string) string {
	switch unit {
	case "percent", "wt_percent":
		return "%"
	}
	return unit
}
