package rule

import (
	"fmt"
	"strings"

	"lodestone/internal/quant"
	"lodestone/internal/vocab"
)

// Scope is what a condition may name besides the vocabulary.
type Scope struct {
	Vocab *vocab.Vocab
	Norm  func(id string) (int, bool) // number of a norm by its full id
	List  func(id string) (int, bool) // number of a party list
}

// Compile turns a condition of a law file into a Node. The error names the leaf and what in it is unknown.
func Compile(s *Spec, in Scope) (Node, error) {
	var nodes []Node
	add := func(key string, n Node, err error) error {
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		nodes = append(nodes, n)
		return nil
	}
	for _, leaf := range leaves(s) {
		if !leaf.set {
			continue
		}
		n, err := leaf.make(in)
		if err := add(leaf.key, n, err); err != nil {
			return nil, err
		}
	}
	switch len(nodes) {
	case 0:
		return nil, fmt.Errorf("an empty condition: name one leaf, or all, any, not")
	case 1:
		return nodes[0], nil
	}
	return nil, fmt.Errorf("a condition holds one key; join several with all or any")
}

type maker struct {
	key  string
	set  bool
	make func(Scope) (Node, error)
}

// leaves is every key of a Spec, whether it is set, and how it is compiled.
func leaves(s *Spec) []maker {
	return []maker{
		{"all", len(s.All) > 0, func(in Scope) (Node, error) { n, err := compileAll(s.All, in); return All(n), err }},
		{"any", len(s.Any) > 0, func(in Scope) (Node, error) { n, err := compileAll(s.Any, in); return Any(n), err }},
		{"not", s.Not != nil, func(in Scope) (Node, error) { n, err := Compile(s.Not, in); return Negation{n}, err }},
		{"at_least", s.AtLeast != nil, func(in Scope) (Node, error) {
			n, err := compileAll(s.AtLeast.Of, in)
			if err == nil && (s.AtLeast.N < 1 || s.AtLeast.N > len(n)) {
				err = fmt.Errorf("n is %d of %d conditions", s.AtLeast.N, len(n))
			}
			return Count{s.AtLeast.N, n}, err
		}},
		{"element", s.Element != nil, func(in Scope) (Node, error) { return newElement(s.Element) }},
		{"kind", s.Kind != nil, func(in Scope) (Node, error) { return newKind(s.Kind, in) }},
		{"named", s.Named != nil, func(in Scope) (Node, error) { return newNamed(s.Named, in) }},
		{"form", s.Form != nil, func(in Scope) (Node, error) { return newForm(s.Form, in) }},
		{"param", s.Param != nil, func(in Scope) (Node, error) { return newParam(s.Param, in) }},
		{"hs", s.HS != nil, func(in Scope) (Node, error) { return newPrefix("hs", s.HS) }},
		{"control_code", s.ControlCode != nil, func(in Scope) (Node, error) { return newPrefix("control_code", s.ControlCode) }},
		{"from", s.From != nil, place("from", s.From)},
		{"destination", s.Destination != nil, place("destination", s.Destination)},
		{"origin", s.Origin != nil, place("origin", s.Origin)},
		{"made_in", s.MadeIn != nil, place("made_in", s.MadeIn)},
		{"tech_origin", s.TechOrigin != nil, place("tech_origin", s.TechOrigin)},
		{"recipient_nationality", s.Recipient != nil, place("recipient_nationality", s.Recipient)},
		{"end_use", s.EndUse != nil, term("end_use", s.EndUse)},
		{"end_user_kind", s.EndUserKind != nil, term("end_user_kind", s.EndUserKind)},
		{"procedure", s.Procedure != nil, term("procedure", s.Procedure)},
		{"knowledge", s.Knowledge != nil, func(in Scope) (Node, error) { return newKnowledge(s.Knowledge, in) }},
		{"party", s.Party != nil, func(in Scope) (Node, error) { return newParty(s.Party, in) }},
		{"share", s.Share != nil, func(in Scope) (Node, error) { return newShare(s.Share, in) }},
		{"caught", s.Caught != nil, func(in Scope) (Node, error) { return newCaught(s.Caught, in) }},
	}
}

func place(column string, words []string) func(Scope) (Node, error) {
	return func(in Scope) (Node, error) { return newPlace(column, words, in) }
}

func term(column string, words []string) func(Scope) (Node, error) {
	return func(in Scope) (Node, error) { return newTerm(column, words, in) }
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

// rangeOf reads bounds; none set is not an error: ok is false.
func (b Bounds) rangeOf() (r quant.Range, ok bool, err error) {
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

// test prints bounds as the law states them: "> 99.9 percent".
func (b Bounds) test(unit string) string {
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
