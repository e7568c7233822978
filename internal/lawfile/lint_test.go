package lawfile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// world is a small law without a problem; the tests change one thing in it.
var world = map[string]string{
	"acts/CN/2025-1.yaml": goodAct,
	"acts/CN/2025-70.yaml": `id: CN-2025-70
kind: suspension
number: {en: "2025 No. 70", zh: 公告2025年第70号}
title: {en: Suspension, zh: 暂停, ko: 중단}
issuers: [MOFCOM]
published: "2025-11-07"
effective: [{from: "2025-11-07"}]
assessed_until: "2026-10-09"
confidence: high
sources: [{id: s, url: "https://example.org", grade: official_text, lang: zh-TW}]
norms:
  - id: "1"
    kind: suspension
    targets: [CN-2025-1]
    from: "2025-11-07"
    to: "2026-11-10"
    after: [{standing: in_force, why: {en: none read, zh: 未读, ko: 미확인}}]
  - id: us
    kind: destination_rule
    layer: destination
    effect: deny
    when: {all: [{caught: ["group:gallium", CN-2025-1/gallium]}, {destination: ["US", "group:EU"]}, {end_use: [military]}]}
  - id: size
    kind: list_entry
    effect: none
    names: {en: block, zh: 块, ko: 블록}
    when: {all: [{param: {name: purity, over: "99.9", unit: percent}}, {param: {name: shape, is: [tube]}}, {kind: [gallium_metal]}]}
    state: partial
    missing: [the size]
    fails: [{composition: Ga none}]
`,
	"assessed.yaml": `knowledge_horizon: "2026-10-09"
layers: [{id: dual_use, state: partial, complete_groups: [gallium], directory: dir, lists: {cn_list: "2026-07-24"}, missing: {en: a, zh: b, ko: c}}]
open: [{on: "2026-11-11", acts: [CN-2025-1, CN-2025-21], by: CN-2025-70}]
`,
	"cases/a.yaml": `cases: [{case: plain, article: "1", facts: {composition: Ga none}, on: "2026-01-01", expect: {outcome: not_controlled}}]
`,
	"lists/CN/list.yaml": `id: cn_list
names: {en: List}
authority: MOFCOM
covered_to: "2026-07-24"
sources: [{id: s, grade: press}]
announcements:
  - id: CN-2025-21
    published: "2025-04-04"
    from: "2025-04-04"
    measures: [ban]
    suspended: [{from: "2025-05-14", to: "2025-08-12"}]
    ended: {on: "2025-11-10", kind: stopped}
    parties: [{id: p1, names: {en: A}, country: "US"}]
`,
	"tariffs/dir.yaml":     "id: dir\nact: CN-2025-1\nuse: directory\nvalid: {from: \"2026-01-01\", to: \"2026-12-31\"}\ncodes: [\"1211500011\"]\nunread: [\"1211500011\"]\n",
	"vocab/columns.yaml":   "[{column: composition}, {column: from}]\n",
	"vocab/countries.yaml": "countries: [{code: \"CN\"}, {code: \"NO\"}, {code: \"US\"}]\ngroups: [{id: EU, members: [{country: \"NO\", from: \"1994-01-01\"}]}]\n",
	"vocab/elements.yaml":  "[{symbol: Ga, number: 31}, {symbol: W, number: 74}]\n",
	"vocab/forms.yaml":     "[{id: metal}, {id: oxide, with: [metal]}]\n",
	"vocab/groups.yaml":    "[{id: gallium, names: {en: gallium}, elements: [Ga], acts: [CN-2025-1], complete_from: \"2023-08-01\"}]\n",
	"vocab/kinds/a.yaml":   "- id: gallium_metal\n  names: {en: [gallium metal]}\n  cas: [\"7440-55-3\"]\n  elements: [Ga]\n  forms: [metal]\n- {id: wide, names: {en: [wide]}}\n",
	"vocab/params.yaml":    "[{name: purity, kind: number, dimension: fraction, units: [percent]}, {name: shape, kind: words, words: [{id: tube}]}, {name: feature, kind: flag}]\n",
	"vocab/units.yaml":     "dimensions: [{id: fraction, base: percent}]\nunits: [{unit: percent, dimension: fraction, factor: \"1\"}]\n",
	"vocab/uses.yaml":      "end_use: [{id: military}]\nparty_measure: [{id: ban}]\n",
}

func TestLint(t *testing.T) {
	for name, test := range map[string]struct{ file, before, after, want string }{
		"nothing": {"acts/CN/2025-1.yaml", "", "", ""},

		"act in another file":   {"acts/CN/2025-70.yaml", "id: CN-2025-70\n", "id: CN-2025-71\n", "acts/CN/2025-70.yaml: id: CN-2025-71 stands in another file than its name says (acts/CN/2025-71.yaml)\nassessed.yaml: open.by: \"CN-2025-70\" is no act"},
		"act without a good id": {"acts/CN/2025-70.yaml", "id: CN-2025-70\n", "id: \"CN 2025\"\n", "acts/CN/2025-70.yaml: id: \"CN 2025\" is no id of an act (<jurisdiction>-<year>-<number>)\nassessed.yaml: open.by: \"CN-2025-70\" is no act"},
		"kind of act":           {"acts/CN/2025-1.yaml", "kind: item_control", "kind: item_controls", `acts/CN/2025-1.yaml: kind: "item_controls" is no kind of act (meant item_control?)`},
		"grade":                 {"acts/CN/2025-1.yaml", "grade: official_text", "grade: oficial_text", `acts/CN/2025-1.yaml: sources.grade: "oficial_text" is no grade of a source (meant official_text?)`},
		"confidence":            {"acts/CN/2025-1.yaml", "confidence: high", "confidence: hihg", `acts/CN/2025-1.yaml: confidence: "hihg" is no degree of confidence (meant high?)`},
		"no sources":            {"acts/CN/2025-70.yaml", "sources: [{id: s, url: \"https://example.org\", grade: official_text, lang: zh-TW}]\n", "", "acts/CN/2025-70.yaml: sources: it is missing"},
		"recorded too early":    {"acts/CN/2025-1.yaml", "effective:", "recorded: \"2024-01-01\"\neffective:", "acts/CN/2025-1.yaml: recorded: 2024-01-01 lies before 2025-01-02"},
		"ended before begun":    {"acts/CN/2025-1.yaml", "confidence:", "ended: {on: \"2025-01-02\", by: CN-2025-71}\nconfidence:", "acts/CN/2025-1.yaml: ended.on: 2025-01-02 lies before 2025-01-03\nacts/CN/2025-1.yaml: ended.by: \"CN-2025-71\" is no act"},

		"norm twice":          {"acts/CN/2025-70.yaml", "id: us", "id: size", "acts/CN/2025-70.yaml:23: id: size: the id stands in line 18 already"},
		"norm id":             {"acts/CN/2025-70.yaml", "id: us", "id: a/b", `acts/CN/2025-70.yaml:18: id: a/b: "a/b" is no id of a norm (letters, digits and . _ - #)`},
		"kind of norm":        {"acts/CN/2025-70.yaml", "kind: destination_rule", "kind: destination", `acts/CN/2025-70.yaml:18: kind: us: "destination" is no kind of norm`},
		"layer":               {"acts/CN/2025-70.yaml", "layer: destination", "layer: destinations", `acts/CN/2025-70.yaml:18: layer: us: "destinations" is no layer (meant destination?)`},
		"effect":              {"acts/CN/2025-1.yaml", "effect: licence", "effect: license", `acts/CN/2025-1.yaml:14: effect: gallium: "license" is no effect (meant licence?)`},
		"no condition":        {"acts/CN/2025-70.yaml", "    when: {all: [{caught: [\"group:gallium\", CN-2025-1/gallium]}, {destination: [\"US\", \"group:EU\"]}, {end_use: [military]}]}\n", "", "acts/CN/2025-70.yaml:18: when: us: it is missing"},
		"no caught leaf":      {"acts/CN/2025-70.yaml", "{caught: [\"group:gallium\", CN-2025-1/gallium]}, ", "", "acts/CN/2025-70.yaml:18: when: us: a destination rule speaks of things that other norms catch (add a caught leaf)"},
		"no witness":          {"acts/CN/2025-1.yaml", "    holds: [{composition: Ga 99%}]\n", "", "acts/CN/2025-1.yaml:14: holds: gallium: it is missing"},
		"unread, no witness":  {"acts/CN/2025-70.yaml", "    fails: [{composition: Ga none}]\n", "", "acts/CN/2025-70.yaml:23: fails: size: it is missing"},
		"witness column":      {"acts/CN/2025-1.yaml", "holds: [{composition:", "holds: [{compositon:", `acts/CN/2025-1.yaml:14: holds: gallium: "compositon" is no column (meant composition?)`},
		"no Korean name":      {"acts/CN/2025-1.yaml", ", ko: 갈륨}", "}", "acts/CN/2025-1.yaml:14: names.ko: gallium: it is missing"},
		"list with an effect": {"acts/CN/2025-70.yaml", "effect: none", "effect: licence", "acts/CN/2025-70.yaml:23: effect: size: what stands in a list has no effect of its own (effect: none)"},
		"not said what lacks": {"acts/CN/2025-70.yaml", "    missing: [the size]\n", "", "acts/CN/2025-70.yaml:23: missing: size: say what was not read"},
		"lacks, but complete": {"acts/CN/2025-70.yaml", "    state: partial\n", "", "acts/CN/2025-70.yaml:23: holds: size: it is missing\nacts/CN/2025-70.yaml:23: state: size: something is missing, so the reading is not complete (state: partial)"},
		"no last day":         {"acts/CN/2025-70.yaml", "    to: \"2026-11-10\"\n", "", "acts/CN/2025-70.yaml:12: to: 1: it is missing"},
		"last before first":   {"acts/CN/2025-70.yaml", "to: \"2026-11-10\"", "to: \"2025-11-06\"", "acts/CN/2025-70.yaml:12: to: 1: 2025-11-06 lies before 2025-11-07"},
		"after":               {"acts/CN/2025-70.yaml", "standing: in_force", "standing: inforce", `acts/CN/2025-70.yaml:12: after.standing: 1: "inforce" is no standing after a last day (meant in_force?)`},
		"target act":          {"acts/CN/2025-70.yaml", "targets: [CN-2025-1]", "targets: [CN-2025-2]", `acts/CN/2025-70.yaml:12: targets: 1: "CN-2025-2" is no act`},
		"target part":         {"acts/CN/2025-70.yaml", "targets: [CN-2025-1]", "targets: [\"CN-2025-1#two\"]", `acts/CN/2025-70.yaml:12: targets: 1: CN-2025-1 has no part "two"`},
		"target norm":         {"acts/CN/2025-70.yaml", "targets: [CN-2025-1]", "targets: [CN-2025-1/galium]", `acts/CN/2025-70.yaml:12: targets: 1: "CN-2025-1/galium" is no norm (meant CN-2025-1/gallium?)`},
		"target group":        {"acts/CN/2025-70.yaml", "targets: [CN-2025-1]", "targets: [\"group:galium\"]", `acts/CN/2025-70.yaml:12: targets: 1: "galium" is no group (meant gallium?)`},
		"part":                {"acts/CN/2025-70.yaml", "kind: list_entry", "kind: list_entry\n    part: two", `acts/CN/2025-70.yaml:23: part: size: the act has no part "two"`},
		"source":              {"acts/CN/2025-70.yaml", "kind: list_entry", "kind: list_entry\n    sources: [t]", `acts/CN/2025-70.yaml:23: sources: size: "t" is no source of the act (meant s?)`},
		"carried":             {"acts/CN/2025-70.yaml", "kind: list_entry", "kind: list_entry\n    carried: [{act: CN-2024-51, code: 3C001.e, from: \"2024-12-01\"}]", `acts/CN/2025-70.yaml:23: carried.act: size: "CN-2024-51" is no act`},
		"customs code":        {"acts/CN/2025-1.yaml", "8112929090", "8112.92", `acts/CN/2025-1.yaml:14: hs: gallium: "8112.92" is no customs code (four to ten digits)`},
		"group":               {"acts/CN/2025-1.yaml", "groups: [gallium]", "groups: [galium]", `acts/CN/2025-1.yaml:14: groups: gallium: "galium" is no group (meant gallium?)`},

		"element":           {"acts/CN/2025-1.yaml", "element: Ga", "element: GA", `acts/CN/2025-1.yaml:14: when.element: gallium: "GA" is no element (meant Ga?)`},
		"form":              {"acts/CN/2025-1.yaml", "form: [oxide]", "form: [oxid]", `acts/CN/2025-1.yaml:14: when.form: gallium: "oxid" is no form (meant oxide?)`},
		"country":           {"acts/CN/2025-1.yaml", `["CN", "NO"]`, `["XX", "group:EC"]`, `acts/CN/2025-1.yaml:14: when.from: gallium: "XX" is no country or group of countries` + "\n" + `acts/CN/2025-1.yaml:14: when.from: gallium: "group:EC" is no country or group of countries (meant group:EU?)`},
		"kind of goods":     {"acts/CN/2025-70.yaml", "kind: [gallium_metal]", "kind: [galium_metal]", `acts/CN/2025-70.yaml:23: when.kind: size: "galium_metal" is no kind (meant gallium_metal?)`},
		"parameter":         {"acts/CN/2025-70.yaml", "name: purity", "name: puritiy", `acts/CN/2025-70.yaml:23: when.param.name: size: "puritiy" is no parameter (meant purity?)`},
		"unit":              {"acts/CN/2025-70.yaml", "unit: percent", "unit: percnt", `acts/CN/2025-70.yaml:23: when.param.unit: size: "percnt" is no unit (meant percent?)`},
		"no unit":           {"acts/CN/2025-70.yaml", ", unit: percent", "", "acts/CN/2025-70.yaml:23: when.param.unit: size: it is missing"},
		"word of parameter": {"acts/CN/2025-70.yaml", "is: [tube]", "is: [tubes]", `acts/CN/2025-70.yaml:23: when.param.is: size: "tubes" is no word of shape (meant tube?)`},
		"flag":              {"acts/CN/2025-70.yaml", "{name: shape, is: [tube]}", "{name: feature, is: [\"true\"]}", `acts/CN/2025-70.yaml:23: when.param.is: size: "true" is no answer`},
		"end use":           {"acts/CN/2025-70.yaml", "end_use: [military]", "end_use: [militry]", `acts/CN/2025-70.yaml:18: when.end_use: us: "militry" is no end use (meant military?)`},
		"caught norm":       {"acts/CN/2025-70.yaml", "CN-2025-1/gallium]", "CN-2025-1/germanium]", `acts/CN/2025-70.yaml:18: when.caught: us: "CN-2025-1/germanium" is no norm (meant CN-2025-1/gallium?)`},
		"two leaves":        {"acts/CN/2025-1.yaml", "- element: Ga", "- element: Ga\n          form: [metal]", "acts/CN/2025-1.yaml:14: when: gallium: all: a condition holds one key; join several with all or any"},

		"kind twice":      {"vocab/kinds/a.yaml", "{id: wide,", "{id: gallium_metal,", "vocab/kinds/a.yaml:6: id: gallium_metal stands in vocab/kinds/a.yaml:1 already"},
		"kind of nothing": {"vocab/kinds/a.yaml", "{id: wide,", "{id: wide, isa: [wider],", `vocab/kinds/a.yaml:6: isa: wide: "wider" is no kind (meant wide?)`},
		"CAS number":      {"vocab/kinds/a.yaml", "7440-55-3", "7440553", `vocab/kinds/a.yaml:1: cas: gallium_metal: "7440553" is no CAS number`},
		"kind unnamed":    {"vocab/kinds/a.yaml", "{id: wide, names: {en: [wide]}}", "{id: wide}", "vocab/kinds/a.yaml:6: names: wide: it is missing"},
		"kind of itself":  {"vocab/kinds/a.yaml", "{id: wide,", "{id: wide, isa: [wide],", "vocab: vocab/kinds: wide is a kind of itself"},
		"atomic number":   {"vocab/elements.yaml", "number: 74", "number: 73", "vocab/elements.yaml: number: W: 73 is not its atomic number"},
		"member":          {"vocab/countries.yaml", "country: \"NO\", from", "country: \"SE\", from", `vocab/countries.yaml: country: EU: "SE" is no country`},
		"dimension":       {"vocab/units.yaml", "dimension: fraction", "dimension: fractions", `vocab/units.yaml: dimension: percent: "fractions" is no dimension (meant fraction?)`},

		"measure":         {"lists/CN/list.yaml", "measures: [ban]", "measures: [bann]", `lists/CN/list.yaml:7: measures: CN-2025-21: "bann" is no measure (meant ban?)`},
		"suspended":       {"lists/CN/list.yaml", "from: \"2025-05-14\"", "from: \"2025-03-14\"", "lists/CN/list.yaml:7: suspended.from: CN-2025-21: 2025-03-14 lies before 2025-04-04"},
		"end of listing":  {"lists/CN/list.yaml", "kind: stopped", "kind: over", `lists/CN/list.yaml:7: ended.kind: CN-2025-21: "over" is no end of a listing`},
		"party twice":     {"lists/CN/list.yaml", "[{id: p1,", "[{id: p1, names: {en: B}}, {id: p1,", "lists/CN/list.yaml:7: id: CN-2025-21/p1: the id stands twice in the list"},
		"party's country": {"lists/CN/list.yaml", `country: "US"`, `country: "UU"`, `lists/CN/list.yaml:7: country: CN-2025-21/p1: "UU" is no country or group of countries (meant US?)`},
		"code twice":      {"tariffs/dir.yaml", "codes: [", "codes: [\"1211500011\", ", "tariffs: codes: dir: 1211500011 stands twice"},
		"not in the list": {"tariffs/dir.yaml", "unread: [\"1211500011\"]", "unread: [\"1211500012\"]", `tariffs: unread: dir: "1211500012" is no code of the list`},
		"layer state":     {"assessed.yaml", "state: partial", "state: patrial", `assessed.yaml: state: dual_use: "patrial" is no state of a layer (meant partial?)`},
		"case outcome":    {"cases/a.yaml", "outcome: not_controlled", "outcome: uncontrolled", `cases/a.yaml:1: expect.outcome: "uncontrolled" is no outcome (meant not_controlled?)`},
	} {
		t.Run(name, func(t *testing.T) {
			changed := map[string]string{}
			for name, text := range world {
				changed[name] = text
			}
			if test.before != "" && !strings.Contains(changed[test.file], test.before) {
				t.Fatalf("%s does not hold %q", test.file, test.before)
			}
			changed[test.file] = strings.Replace(changed[test.file], test.before, test.after, 1)
			files, problems := Read(folder(changed))
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			if diff := cmp.Diff(test.want, told(Lint(files))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNoControlCodesBeforeThereWereAny(t *testing.T) {
	text := strings.NewReplacer("2025-01-02", "2023-07-03", "2025-01-03", "2023-08-01", "id: gallium\n", "id: 3C001.e\n").Replace(goodAct)
	files, _ := Read(folder(map[string]string{"acts/CN/2025-1.yaml": text}))
	want := "acts/CN/2025-1.yaml:14: id: 3C001.e: it shows a control code, and there was none before 2024-12-01 (name it in words)"
	if got := told(Lint(files)); !strings.Contains(got, want) {
		t.Errorf("lint says\n%s\nwithout\n%s", got, want)
	}
}
