package decide_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"lodestone/internal/decide"
	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/party"
	"lodestone/internal/rule"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
	"lodestone/lawdata"
)

// realLaw is the embedded law, loaded once.
var realLaw = sync.OnceValue(func() *law.Book {
	files, err := lawdata.Files()
	if err != nil {
		panic(err)
	}
	book, err := law.Compile(files)
	if err != nil {
		panic(err)
	}
	return book
})

// bounds is an answer as an interval. A layer that the answer names as not assessed may hold whatever it can demand; an item that is not
// covered has no upper end at all.
func bounds(r *decide.Result) (low, high law.Outcome) {
	low, high = r.Outcome, r.MayBe
	if low < law.GoodsLicence {
		low = law.NotCovered // no demand is established; a wrong "not controlled" shows in the upper end
	}
	for _, g := range r.Gaps {
		switch g.Layer {
		case "goods_licence":
			high = max(high, law.GoodsLicence)
		case "trade_stop":
			high = law.Prohibited
		}
	}
	return low, high
}

// widens checks the two laws of the house for an item and the same item with less known.
func widens(t *rapid.T, book *law.Book, at when.At, more, less map[string]string) {
	a, b := decide.New(book), decide.New(book)
	x, y := read(book, more), read(book, less)
	ra, rb := a.Decide(at, &x), b.Decide(at, &y)
	lowA, highA := bounds(ra)
	lowB, highB := bounds(rb)
	if lowB > lowA {
		t.Fatalf("hiding a fact establishes more: %s → %s\nmore %v\nless %v", ra.Outcome, rb.Outcome, more, less)
	}
	if ra.Flags != rb.Flags {
		return // a flag comes only from what is stated; like a declaration of knowledge it is no fact that could be left unknown
	}
	if rb.Outcome != law.NotCovered && highB < highA {
		t.Fatalf("hiding a fact lowers may_be: %s → %s (%s)\nmore %v\nless %v", highA, highB, rb.Outcome, more, less)
	}
}

func read(book *law.Book, columns map[string]string) fact.Item {
	it, _ := fact.NewReader(book.Vocab, fact.Defaults{}).ReadFacts(columns)
	if book == realLaw() {
		finder().Find(&it)
	}
	return it
}

// finder looks names up in the lists of the real law; random law has none.
var finder = sync.OnceValue(func() *party.Finder { return party.NewFinder(realLaw()) })

// item draws columns that do not contradict one another: what is hidden then was a fact and not half of a contradiction.
func drawItem(t *rapid.T, book *law.Book) map[string]string {
	v := book.Vocab
	columns := map[string]string{}
	maybe := func(column string, values []string) {
		if rapid.Bool().Draw(t, column+"?") {
			columns[column] = rapid.SampledFrom(values).Draw(t, column)
		}
	}
	countries := []string{"CN", "US", "JP", "DE", "KR", "HK", "TW"}
	maybe("from", []string{"CN", "CN", "CN", "DE", "KR"})
	maybe("destination", countries)
	if columns["destination"] == columns["from"] {
		maybe("recipient_nationality", countries)
	}
	maybe("origin", countries)
	maybe("tech_origin", countries)
	maybe("end_use", v.TermWords("end_use"))
	maybe("end_user_kind", v.TermWords("end_user_kind"))
	maybe("knowledge", v.TermWords("knowledge"))
	drawThing(t, book, columns)
	return columns
}

func drawThing(t *rapid.T, book *law.Book, columns map[string]string) {
	v := book.Vocab
	n := &book.Norms[rapid.IntRange(0, len(book.Norms)-1).Draw(t, "norm")]
	if len(n.Holds) > 0 && rapid.Bool().Draw(t, "witness") {
		maps.Copy(columns, n.Holds[rapid.IntRange(0, len(n.Holds)-1).Draw(t, "which")])
		return
	}
	if rapid.Bool().Draw(t, "described") {
		k := v.Kinds[rapid.IntRange(0, len(v.Kinds)-1).Draw(t, "kind")]
		columns["description"] = k.Names.First().In("en")
		if len(k.Forms) > 0 && rapid.Bool().Draw(t, "form too") {
			columns["form"] = k.Forms[0]
		}
	} else {
		columns["composition"] = drawComposition(t)
		columns["form"] = v.Forms[rapid.IntRange(0, len(v.Forms)-1).Draw(t, "form")].ID
	}
	if len(n.HS) > 0 && rapid.Bool().Draw(t, "code") {
		columns["hs"] = n.HS[0].Code
	} else if rapid.Bool().Draw(t, "other code") {
		columns["hs"] = rapid.SampledFrom([]string{"7318159090", "8505111090", "6109100010", "1211500011"}).Draw(t, "hs")
	}
	if rapid.Bool().Draw(t, "params") {
		columns["params"] = "purity=" + rapid.SampledFrom([]string{"99.9", "99.95", "99.99", "99.999", "90"}).Draw(t, "purity") +
			" %; flexural_strength=35 MPa; density=" + rapid.SampledFrom([]string{"1.73", "1.75", "2.5"}).Draw(t, "density") + " g/cm3"
	}
}

func drawComposition(t *rapid.T) string {
	elements := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"Nd", "Fe", "B", "Dy", "Tb", "Sm", "Co", "Ga", "As", "Ge", "Sb", "O", "Gd", "Mg",
		"W", "C", "In", "P", "Bi", "Te", "Ho"}), 1, 5, rapid.ID[string]).Draw(t, "elements")
	var parts []string
	for _, e := range elements {
		parts = append(parts, e+" "+rapid.SampledFrom([]string{"none", "present", "<0.01%", "3%", "15%", "0.1-0.3%"}).Draw(t, e))
	}
	if rapid.Bool().Draw(t, "closed") {
		parts = append(parts, "rest none")
	}
	return strings.Join(parts, "; ")
}

// hide takes one fact away: a column, or one element of the composition. The description goes together with the customs code that
// supports its silence only one at a time.
func hide(t *rapid.T, columns map[string]string) map[string]string {
	less := maps.Clone(columns)
	keys := slices.Sorted(maps.Keys(columns))
	keys = slices.DeleteFunc(keys, func(k string) bool {
		return k == "knowledge" || // a declaration: empty means that none is made
			k == "destination" && columns[k] == columns["from"] && columns["recipient_nationality"] == "" // empty means abroad
	})
	if len(keys) == 0 {
		return less
	}
	key := rapid.SampledFrom(keys).Draw(t, "hidden")
	if key == "composition" && rapid.Bool().Draw(t, "one element") {
		parts := strings.Split(columns[key], "; ")
		i := rapid.IntRange(0, len(parts)-1).Draw(t, "element")
		if rest := slices.Delete(slices.Clone(parts), i, i+1); len(rest) > 0 && parts[len(parts)-1] != "rest none" || i == len(parts)-1 && len(rest) > 0 {
			less[key] = strings.Join(rest, "; ")
			return less
		}
	}
	delete(less, key)
	return less
}

func drawDay(t *rapid.T, book *law.Book) when.At {
	days := book.Changes()
	day := days[rapid.IntRange(0, len(days)-1).Draw(t, "day")]
	return when.At{Effective: day + when.Date(rapid.IntRange(-1, 1).Draw(t, "around")), KnownBy: book.Assessed.Horizon}
}

// contradicts says that the stated forms clash, that the words name a pure thing and the composition another element, or that technology has a
// customs code.
func contradicts(book *law.Book, columns map[string]string) bool {
	it := read(book, columns)
	technology, _ := book.Vocab.FormOf("technology")
	for _, m := range it.Mentions {
		if it.HS != "" && book.Vocab.KindForms(m.Kind)&technology != 0 {
			return true
		}
	}
	var k fact.Known
	k.Prepare(book.Vocab, &it)
	if k.Clash || k.Present.Meets(k.None) {
		return true
	}
	for _, m := range it.Mentions {
		for i := range it.Contents {
			if c := &it.Contents[i]; !book.Vocab.KindElements(m.Kind).Has(c.Element) && !c.None {
				return true
			}
		}
	}
	return false
}

func TestHidingAFactOnlyWidensTheAnswer(t *testing.T) {
	book := realLaw()
	rapid.Check(t, func(t *rapid.T) {
		more := drawItem(t, book)
		if contradicts(book, more) {
			t.Skip("contradictory facts")
		}
		widens(t, book, drawDay(t, book), more, hide(t, more))
	})
}

func TestIndexYieldsAllThatAFullScanDoesNotAnswerNo(t *testing.T) {
	book := realLaw()
	rapid.Check(t, func(t *rapid.T) {
		it := read(book, drawItem(t, book))
		at := drawDay(t, book)
		missing := decide.Missed(book, at, &it)
		if len(missing) > 0 {
			t.Fatalf("the index leaves out %v", missing)
		}
	})
}

// randomLaw makes a book of random conditions over the real vocabulary.
func randomLaw(t *rapid.T, v vocab.Data) *law.Book {
	var norms []law.Norm
	for i := range rapid.IntRange(1, 12).Draw(t, "norms") {
		spec := drawSpec(t, v, 3)
		layer := "dual_use"
		if asksForCode(&spec) {
			layer = "trade_stop" // in the dual-use layer codes only hint
		}
		norms = append(norms, law.Norm{
			ID: fmt.Sprint(i), Kind: "control", Layer: layer, When: &spec,
			Effect: rapid.SampledFrom([]string{"licence", "deny", "prohibited", "review", "goods_licence"}).Draw(t, "effect"),
			Groups: []string{v.Groups[rapid.IntRange(0, 5).Draw(t, "group")].ID},
		})
	}
	norms = append(norms, law.Norm{ID: "x", Kind: "exception", Targets: []string{"T-1/0"}, When: ptr(drawSpec(t, v, 1))})
	norms = append(norms, law.Norm{ID: "us", Kind: "destination_rule", Layer: "destination", Effect: "prohibited",
		When: &rule.Spec{All: []rule.Spec{{Destination: []string{"US"}}, {Caught: []string{"group:*"}}}}})
	day := when.Day(2025, 1, 1)
	book, err := law.Compile(law.Files{Vocab: v, Assessed: law.Assessed{Horizon: when.Day(2026, 1, 1)}, Acts: []law.Act{{
		ID: "T-1", Published: day, Effective: []law.Effective{{From: day}}, Norms: norms}}})
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func asksForCode(s *rule.Spec) bool {
	if s.HS != nil || s.Not != nil && asksForCode(s.Not) {
		return true
	}
	parts := slices.Concat(s.All, s.Any)
	if s.AtLeast != nil {
		parts = append(parts, s.AtLeast.Of...)
	}
	return slices.ContainsFunc(parts, func(p rule.Spec) bool { return asksForCode(&p) })
}

func ptr[T any](v T) *T { return &v }

func drawSpec(t *rapid.T, v vocab.Data, depth int) rule.Spec {
	leaf := func() rule.Spec {
		switch rapid.IntRange(0, 7).Draw(t, "leaf") {
		case 0:
			return rule.Spec{Form: []string{v.Forms[rapid.IntRange(0, len(v.Forms)-1).Draw(t, "f")].ID}}
		case 1:
			return rule.Spec{Kind: []string{v.Kinds[rapid.IntRange(0, len(v.Kinds)-1).Draw(t, "k")].ID}}
		case 2:
			return rule.Spec{Element: &rule.ElementSpec{Of: rapid.SampledFrom([]string{"Dy", "Ga", "Fe", "Sb"}).Draw(t, "e")}}
		case 3:
			return rule.Spec{Element: &rule.ElementSpec{Of: "Dy", Bounds: rule.Bounds{AtLeast: rapid.SampledFrom([]string{"0", "1", "50"}).Draw(t, "bound")}}}
		case 4:
			return rule.Spec{Param: &rule.ParamSpec{Name: "purity", Unit: "percent", Bounds: rule.Bounds{Over: "99.9"}}}
		case 5:
			return rule.Spec{Destination: []string{rapid.SampledFrom([]string{"US", "JP"}).Draw(t, "d")}}
		case 6:
			return rule.Spec{EndUse: []string{"military"}}
		}
		return rule.Spec{HS: []string{rapid.SampledFrom([]string{"85", "7318", "1211500011"}).Draw(t, "hs")}}
	}
	if depth == 0 {
		return leaf()
	}
	sub := func() []rule.Spec {
		n := rapid.IntRange(1, 3).Draw(t, "n")
		out := make([]rule.Spec, n)
		for i := range out {
			out[i] = drawSpec(t, v, depth-1)
		}
		return out
	}
	switch rapid.IntRange(0, 4).Draw(t, "op") {
	case 0:
		return rule.Spec{All: sub()}
	case 1:
		return rule.Spec{Any: sub()}
	case 2:
		return rule.Spec{Not: ptr(drawSpec(t, v, depth-1))}
	case 3:
		of := sub()
		return rule.Spec{AtLeast: &rule.CountSpec{N: rapid.IntRange(1, len(of)).Draw(t, "count"), Of: of}}
	}
	return leaf()
}

func TestTheLawsOfTheHouseHoldForRandomLaw(t *testing.T) {
	data := realLaw().Vocab.Data
	rapid.Check(t, func(t *rapid.T) {
		book := randomLaw(t, data)
		more := drawItem(t, book)
		if contradicts(book, more) {
			t.Skip("contradictory facts")
		}
		at := when.At{Effective: when.Day(2025, 6, 1), KnownBy: when.Day(2026, 1, 1)}
		it := read(book, more)
		if missed := decide.Missed(book, at, &it); len(missed) > 0 {
			t.Fatalf("the index leaves out %v", missed)
		}
		widens(t, book, at, more, hide(t, more))
	})
}
