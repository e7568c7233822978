package rule_test

import (
	"sync"
	"testing"

	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/rule"
	"lodestone/internal/when"
	"lodestone/lawdata"
)

var book = sync.OnceValue(func() *law.Book {
	files, err := lawdata.Files()
	if err != nil {
		panic(err)
	}
	b, err := law.Compile(files)
	if err != nil {
		panic(err)
	}
	return b
})

type columns = map[string]string

// caseOf reads columns as a row and makes the case of a day.
func caseOf(t *testing.T, facts columns) *rule.Case {
	t.Helper()
	it, problems := fact.NewReader(book().Vocab, fact.Defaults{}).ReadFacts(facts)
	if problems.Refusals() > 0 {
		t.Fatal(problems)
	}
	c := &rule.Case{On: when.Day(2026, 3, 1)}
	c.Prepare(book().Vocab, &it)
	c.CodeOutside = book().Outside(it.HS, c.On)
	c.Caught = rule.Caught{Groups: make([]rule.Truth, len(book().Vocab.Groups)+1), Norms: make([]rule.Truth, len(book().Norms))}
	return c
}

// What each leaf answers: yes, no, and when it cannot tell.
func TestLeaves(t *testing.T) {
	dy := rule.Spec{Element: &rule.ElementSpec{Of: "Dy"}}
	heavy := rule.Spec{Element: &rule.ElementSpec{Of: "W", Bounds: rule.Bounds{AtLeast: "97"}}}
	magnet := rule.Spec{Form: []string{"magnet"}}
	wafer := rule.Spec{Kind: []string{"gallium_arsenide"}}
	pure := rule.Spec{Param: &rule.ParamSpec{Name: "purity", Unit: "percent", Bounds: rule.Bounds{Over: "99.9"}}}
	atLeast := rule.Spec{Param: &rule.ParamSpec{Name: "purity", Unit: "percent", Bounds: rule.Bounds{AtLeast: "99.99"}}}
	block := rule.Spec{Param: &rule.ParamSpec{Name: "dimensions", Unit: "mm", Sizes: []string{"120", "120", "50"}}}
	eu := rule.Spec{Destination: []string{"group:EU"}}
	silver := rule.Spec{HS: []string{"710610"}}
	seal := rule.Spec{Named: []string{"reinforced_graphite_seal"}}
	aboutMagnets := rule.Spec{About: []string{"ndfeb_magnet", "Dy"}}
	technology := rule.Spec{Form: []string{"technology"}}
	wmd := rule.Spec{Knowledge: []string{"wmd_suspected"}}
	military := rule.Spec{EndUse: []string{"military"}}
	share := rule.Spec{Share: &rule.ShareSpec{Of: []string{"group:annex1_part1"}, By: "value", Bounds: rule.Bounds{AtLeast: "0.1"}}}

	for _, c := range []struct {
		name  string
		spec  rule.Spec
		facts columns
		want  rule.Truth
	}{
		{"present in any amount", dy, columns{"composition": "Dy 0.15%"}, rule.Yes},
		{"said to be none", dy, columns{"composition": "Nd 30%; Dy none"}, rule.No},
		{"not in a closed list", dy, columns{"composition": "Nd 30%; Fe 70%; rest none"}, rule.No},
		{"not stated", dy, columns{"composition": "Nd 30%; Fe 69%"}, rule.Unknown},
		{"a sum of 100 is not none", dy, columns{"composition": "Nd 30%; Fe 70%"}, rule.Unknown},
		{"less than a little may be nothing", dy, columns{"composition": "Dy <0.01%"}, rule.Unknown},
		{"nor does a closed list make it none", dy, columns{"composition": "Dy <0.01%; rest none"}, rule.Unknown},
		{"contained in a named kind", dy, columns{"description": "氧化镝"}, rule.Yes},
		{"by its formula", dy, columns{"description": "Dy2O3 powder"}, rule.Yes},

		{"the limit itself is within at least", heavy, columns{"composition": "W 97%"}, rule.Yes},
		{"below it", heavy, columns{"composition": "W 96.9%"}, rule.No},
		{"a range astride", heavy, columns{"composition": "W 95-98%"}, rule.Unknown},
		{"what others leave cannot reach it", heavy, columns{"composition": "Ni 4%"}, rule.No},
		{"present, amount unknown", heavy, columns{"composition": "W present"}, rule.Unknown},

		{"stated form", magnet, columns{"form": "magnet"}, rule.Yes},
		{"a form that excludes it", magnet, columns{"form": "oxide"}, rule.No},
		{"a form that may go with it", magnet, columns{"form": "powder"}, rule.Unknown},
		{"no form", magnet, columns{"description": "parts"}, rule.Unknown},
		{"form of a named kind", magnet, columns{"description": "钕铁硼磁体"}, rule.Yes},

		{"named", wafer, columns{"description": "GaAs wafers"}, rule.Yes},
		{"in Korean", wafer, columns{"description": "비화갈륨 웨이퍼"}, rule.Yes},
		{"a wider name", wafer, columns{"description": "compound semiconductor wafers"}, rule.Unknown},
		{"another kind is named", wafer, columns{"description": "graphite blocks, isostatic graphite"}, rule.No},
		{"an unknown word proves nothing", wafer, columns{"description": "semi-finished plates"}, rule.Unknown},
		{"but together with a code outside the directory", wafer, columns{"description": "semi-finished plates", "hs": "7318159090"}, rule.No},
		{"the code alone proves nothing", wafer, columns{"hs": "7318159090"}, rule.Unknown},
		{"an element of it is none", wafer, columns{"composition": "Ga none"}, rule.No},
		{"a technology about it is not it", wafer, columns{"description": "gallium arsenide crystal growth process", "form": "technology"}, rule.No},

		{"about what the words name", aboutMagnets, columns{"description": "sintering of NdFeB", "form": "technology"}, rule.Unknown},
		{"the thing itself", aboutMagnets, columns{"description": "钕铁硼磁体"}, rule.Unknown},
		{"about an element", aboutMagnets, columns{"description": "dysprosium alloy melting", "form": "technology"}, rule.Unknown},
		{"about something else", aboutMagnets, columns{"description": "gallium arsenide crystal growth", "form": "technology"}, rule.No},
		{"about nobody knows what", aboutMagnets, columns{"form": "technology"}, rule.Unknown},
		{"a word for technology beside a thing", technology, columns{"description": "sintering technology for NdFeB magnets"}, rule.Unknown},
		{"a column says that it is the thing", technology, columns{"description": "sintering technology for NdFeB magnets", "form": "magnet"}, rule.No},

		{"over is not at least", pure, columns{"params": "purity=99.9 %"}, rule.No},
		{"just over", pure, columns{"params": "purity=99.901 %"}, rule.Yes},
		{"a range that touches the limit", pure, columns{"params": "purity=99.9-99.95 %"}, rule.Unknown},
		{"at least is met by the limit", atLeast, columns{"params": "purity=99.99 %"}, rule.Yes},
		{"known not to have it", pure, columns{"params": "purity=none"}, rule.No},
		{"not stated, nothing assumed", pure, columns{}, rule.Unknown},

		{"sides in any order", block, columns{"params": "dimensions=50x130x125 mm"}, rule.Yes},
		{"one side short", block, columns{"params": "dimensions=49.9x130x125 mm"}, rule.No},

		{"a country of a group", eu, columns{"destination": "DE"}, rule.Yes},
		{"outside it on that day", eu, columns{"destination": "GB"}, rule.No},
		{"no destination", eu, columns{}, rule.Unknown},

		{"code begins so", silver, columns{"hs": "7106101100"}, rule.Yes},
		{"code begins otherwise", silver, columns{"hs": "7106911000"}, rule.No},
		{"code too short to tell", silver, columns{"hs": "7106"}, rule.Unknown},

		{"a description that names it", seal, columns{"description": "metal-reinforced graphite gasket"}, rule.Yes},
		{"a description that does not", seal, columns{"description": "graphite blocks"}, rule.No},
		{"no description", seal, columns{}, rule.Unknown},

		{"declared", wmd, columns{"knowledge": "wmd_suspected"}, rule.Yes},
		{"an empty column declares nothing", wmd, columns{}, rule.No},
		{"end use stated otherwise", military, columns{"end_use": "civil"}, rule.No},
		{"end use not stated", military, columns{}, rule.Unknown},
		{"end use said to be unknown", military, columns{"end_use": "unknown"}, rule.Unknown},

		{"no content of that sort at all", share, columns{"composition": "Fe 100%; rest none"}, rule.No},
		{"content of unknown value", share, columns{"composition": "Dy 3%"}, rule.Unknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, err := rule.Compile(&c.spec, rule.Scope{Vocab: book().Vocab})
			if err != nil {
				t.Fatal(err)
			}
			if got := n.Eval(caseOf(t, c.facts)); got != c.want {
				t.Errorf("%s for %v is %s, not %s", rule.Text(n), c.facts, got, c.want)
			}
		})
	}
}

func TestGroupsOfCountriesAreDated(t *testing.T) {
	spec := rule.Spec{Destination: []string{"group:EU"}}
	n, err := rule.Compile(&spec, rule.Scope{Vocab: book().Vocab})
	if err != nil {
		t.Fatal(err)
	}
	c := caseOf(t, columns{"destination": "GB"})
	for day, want := range map[when.Date]rule.Truth{when.Day(2020, 1, 31): rule.Yes, when.Day(2020, 2, 1): rule.No} {
		c.On = day
		if got := n.Eval(c); got != want {
			t.Errorf("on %s the United Kingdom is in the EU: %s, not %s", day, got, want)
		}
	}
}

// The leaves on which an answer rests, and no others.
func TestDeciding(t *testing.T) {
	spec := rule.Spec{All: []rule.Spec{
		{Form: []string{"magnet"}},
		{Element: &rule.ElementSpec{Of: "Dy"}},
		{Any: []rule.Spec{{EndUse: []string{"military"}}, {EndUserKind: []string{"military"}}}},
	}}
	n, err := rule.Compile(&spec, rule.Scope{Vocab: book().Vocab})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		facts columns
		want  string
	}{
		"what makes it yes":           {columns{"form": "magnet", "composition": "Dy 3%", "end_use": "military"}, "form composition.Dy end_use"},
		"what makes it no":            {columns{"form": "oxide", "composition": "Dy 3%", "end_use": "military"}, "form"},
		"what leaves it open":         {columns{"form": "magnet", "composition": "Dy 3%"}, "end_use end_user_kind"},
		"only what is open is listed": {columns{"form": "magnet", "end_use": "military"}, "composition.Dy"},
	} {
		got := ""
		rule.Deciding(n, caseOf(t, c.facts), func(l rule.Leaf, _ rule.Truth) { got += " " + l.Fact() })
		if got != " "+c.want {
			t.Errorf("%s: %q, not %q", name, got, c.want)
		}
	}
}
