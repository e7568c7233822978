package lawfile

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"lodestone/internal/law"
	"lodestone/internal/when"
)

// folder makes a law folder of paths and texts.
func folder(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

// told is what a list of problems says, one a line.
func told(problems error) string { return problems.Error() }

const goodAct = `id: CN-2025-1
kind: item_control
number: {en: "2025 No. 1", zh: 公告2025年第1号}
title: {en: Test, zh: 测试, ko: 시험}
issuers: [MOFCOM]
published: "2025-01-02"
effective:
  - {from: "2025-01-03"}
assessed_until: "2026-10-09"
confidence: high
sources:
  - {id: s, url: "https://example.org", grade: official_text, lang: zh}
norms:
  - id: gallium
    kind: control
    layer: dual_use
    effect: licence
    code_confirmed: false
    names: {en: gallium, zh: 镓, ko: 갈륨}
    groups: [gallium]
    when:
      all:
        - element: Ga
        - {element: {of: W, at_least: "97"}}
        - {not: {form: [oxide]}}
        - {from: ["CN", "NO"]}
    hs:
      - {code: "8112929090", grade: two_sources, from: "2026-01-01"}
    holds: [{composition: Ga 99%}]
    fails: [{composition: Ga none}]
`

func TestReadFillsTheTypes(t *testing.T) {
	files, problems := Read(folder(map[string]string{"acts/CN/2025-1.yaml": goodAct}))
	if problems != nil {
		t.Fatal(problems)
	}
	act := files.Acts[0]
	if act.File != "acts/CN/2025-1.yaml" || act.Norms[0].Line != 14 || act.Published != when.Day(2025, 1, 2) {
		t.Errorf("file %q, line %d, published %s", act.File, act.Norms[0].Line, act.Published)
	}
	norm := act.Norms[0]
	if norm.CodeConfirmed == nil || *norm.CodeConfirmed {
		t.Errorf("code_confirmed is %v, want false", norm.CodeConfirmed)
	}
	all := norm.When.All
	if all[0].Element.Of != "Ga" || all[1].Element.Of != "W" || all[1].Element.AtLeast != "97" || all[2].Not.Form[0] != "oxide" {
		t.Errorf("the condition is %+v", all)
	}
	if diff := cmp.Diff([]string{"CN", "NO"}, all[3].From); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]law.Facts{{"composition": "Ga 99%"}}, norm.Holds); diff != "" {
		t.Error(diff)
	}
}

func TestReadRepeats(t *testing.T) {
	files, problems := Read(folder(map[string]string{"acts/a.yaml": `norms:
  - {id: one, say: &why {en: later, zh: 以后}, groups: &g [gallium]}
  - {id: two, say: *why, groups: *g}
`}))
	if problems != nil {
		t.Fatal(problems)
	}
	norms := files.Acts[0].Norms
	if diff := cmp.Diff(norms[0].Say, norms[1].Say) + cmp.Diff([]string{"gallium"}, norms[1].Groups); diff != "" {
		t.Error(diff)
	}
}

func TestReadRefuses(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"unknown key":           {"kindd: law", "a.yaml:1:1: kindd: unknown key (meant kind?)"},
		"unknown key, nested":   {"norms:\n  - id: x\n    whne: {element: Ga}", "a.yaml:3:5: whne: unknown key (meant when?)"},
		"unknown leaf":          {"norms:\n  - when: {elment: Ga}", "a.yaml:2:12: elment: unknown key (meant element?)"},
		"unknown bound":         {"norms:\n  - when: {element: {of: Ga, atleast: \"1\"}}", "a.yaml:2:30: atleast: unknown key (meant at_least?)"},
		"key twice":             {"id: A\nkind: law\nid: B", "a.yaml:3:1: id: the key stands in line 1 already"},
		"day not quoted":        {"published: 2025-04-04", "a.yaml:1:12: published: dates and numbers that matter stand in quotes (write \"2025-04-04\")"},
		"day not in calendar":   {"published: \"2025-02-30\"", "a.yaml:1:12: published: 2025-02-30 is not in the calendar"},
		"day as a list":         {"published: [\"2025-02-03\"]", "a.yaml:1:12: published: one quoted value is expected, here stands a list"},
		"day empty":             {"published: \"\"", "a.yaml:1:12: published: an empty text (leave the key out where nothing was read)"},
		"Norway":                {"scope: {destination: [SE, NO]}", "a.yaml:1:23: destination: country codes stand in quotes: NO is a country, not false (write \"SE\")\na.yaml:1:27: destination: NO is read as true or false by many YAML readers (quote it: \"NO\")"},
		"threshold not quoted":  {"scope: {param: {name: purity, over: 99.9}}", "a.yaml:1:37: over: a text is expected, here stands the number 99.9 (quote it: \"99.9\")"},
		"code read as a float":  {"norms:\n  - code: 1E101", "a.yaml:2:11: code: 1E101 is read as a number by many YAML readers (quote it: \"1E101\")"},
		"customs code":          {"norms:\n  - hs: [{code: 2846901500}]", "a.yaml:2:17: code: a text is expected, here stands the number 2846901500 (quote it: \"2846901500\")"},
		"text instead of list":  {"issuers: MOFCOM", "a.yaml:1:10: issuers: a list ([…]) is expected, here stands \"MOFCOM\""},
		"list instead of text":  {"id: [A]", "a.yaml:1:5: id: a text is expected, here stands a list"},
		"text instead of map":   {"title: Test", "a.yaml:1:8: title: a map ({key: value}) is expected, here stands \"Test\""},
		"map instead of text":   {"notes: [more: less]", "a.yaml:1:9: notes: a text is expected, here stands a map (quote a text that holds a colon)"},
		"truth value":           {"norms:\n  - code_confirmed: \"no\"", "a.yaml:2:21: code_confirmed: true or false is expected, here stands \"no\""},
		"count":                 {"scope: {at_least: {n: two, of: []}}", "a.yaml:1:23: n: a count is expected, here stands \"two\""},
		"null":                  {"id: null", "a.yaml:1:5: id: a text is expected, here stands nothing"},
		"empty item":            {"issuers:\n  - MOFCOM\n  -", "a.yaml:3:5: issuers: an empty item in a list"},
		"condition not a map":   {"scope: {any: [Ga]}", "a.yaml:1:15: any: a map ({key: value}) is expected, here stands \"Ga\""},
		"alias of nothing":      {"id: *x", "a.yaml:1:5: &x does not stand above (quote a text that begins with *)"},
		"alias of itself":       {"issuers: &x [A, *x]", "a.yaml:1:17: &x does not stand above (quote a text that begins with *)"},
		"too many anchors":      {strings.Repeat("&a ", 1001) + "x", "a.yaml:1:3001: more than 1000 anchors"},
		"repeated too often":    {repeated(), "a.yaml:2:23: the file repeats too many values"},
		"deep by repeating":     {deep(), "a.yaml:2:13: not: conditions are nested too deep here"},
		"merge key":             {"<<: {id: A}", "a.yaml:1:1: merge keys are not read (write the keys out)"},
		"tag":                   {"id: !!str A", "a.yaml:1:5: tags are not read (quote a text that begins with !)"},
		"two documents":         {"id: A\n---\nid: B", "a.yaml:3:1: a second document begins here (one file holds one document)"},
		"no document":           {"# nothing\n", "a.yaml: the file is empty"},
		"not text":              {"id: A\nkind: \x00", "a.yaml:2: the file is not UTF-8 text"},
		"Latin-1":               {"id: caf\xe9", "a.yaml:1: the file is not UTF-8 text"},
		"bracket left open":     {"issuers: [MOFCOM", "a.yaml:1:10: sequence end token ']' not found"},
		"nested too deep":       {"scope: " + strings.Repeat("{not: ", 60), "a.yaml:1:362: lists and maps are nested too deep here"},
		"many keys":             {strings.Repeat("a: b\n", 2001), "a.yaml:2001:2: more than 2000 keys in one map"},
		"block nested too deep": {blocks(61), "a.yaml:61:64: lists and maps are nested too deep here"},
		"indented too far":      {strings.Repeat("- ", 100) + "x", "a.yaml:1:121: lists and maps are nested too deep here"},
		"list instead of a map": {"- id: A", "a.yaml:1:1: a map ({key: value}) is expected, here stands a list"},
	} {
		t.Run(name, func(t *testing.T) {
			_, problems := Read(folder(map[string]string{"acts/a.yaml": test.text}))
			if diff := cmp.Diff(test.want, strings.ReplaceAll(told(problems), "acts/", "")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadRefusesPlaces(t *testing.T) {
	_, problems := Read(folder(map[string]string{
		"act/CN/2025-1.yaml":      goodAct,
		"acts/CN/2025-1.yml":      goodAct,
		"vocab/form.yaml":         "[]",
		"README.md":               "not a law file",
		"excluded/CN/2025-9.yaml": "reason: not about goods",
		".git/x.yaml":             "x: y",
		"gen/main.go":             "package main",
		"acts/CN/2025-2.yaml":     strings.Repeat("#", maxSize+1),
	}))
	want := `act/CN/2025-1.yaml: no law file stands here (meant acts/CN/2025-1.yaml?)
acts/CN/2025-1.yml: no law file stands here (law files end in .yaml)
vocab/form.yaml: no law file stands here (meant forms.yaml?)
acts/CN/2025-2.yaml: the file is larger than 8 MiB`
	if diff := cmp.Diff(want, told(problems)); diff != "" {
		t.Error(diff)
	}
}

func TestRevision(t *testing.T) {
	revision := func(files map[string]string) string {
		f, _ := Read(folder(files))
		return f.Revision
	}
	base := revision(map[string]string{"acts/CN/2025-1.yaml": goodAct})
	for name, test := range map[string]struct {
		files map[string]string
		same  bool
	}{
		"cases":    {map[string]string{"acts/CN/2025-1.yaml": goodAct, "cases/a.yaml": "cases: []"}, true},
		"excluded": {map[string]string{"acts/CN/2025-1.yaml": goodAct, "excluded/a.yaml": "x: y"}, true},
		"Windows":  {map[string]string{"acts/CN/2025-1.yaml": strings.ReplaceAll(goodAct, "\n", "\r\n")}, true},
		"content":  {map[string]string{"acts/CN/2025-1.yaml": goodAct + "#"}, false},
		"path":     {map[string]string{"acts/CN/2025-2.yaml": goodAct}, false},
		"assessed": {map[string]string{"acts/CN/2025-1.yaml": goodAct, "assessed.yaml": "layers: []"}, false},
	} {
		if same := revision(test.files) == base; same != test.same {
			t.Errorf("%s: same revision is %v, want %v", name, same, test.same)
		}
	}
	if !strings.HasPrefix(base, "sha256:") || len(base) != len("sha256:")+64 {
		t.Errorf("the revision is %q", base)
	}
}

// FuzzAct reads any bytes as an act: whatever they are, there is an answer, and what reads without problem can be put into a book.
func FuzzAct(f *testing.F) {
	f.Add([]byte(goodAct))
	f.Add([]byte("norms: [{when: {any: [{element: {of: Ga, over: \"1\"}}]}}]"))
	f.Add([]byte("a: |\n  b\n- c\n? d\n{e: [f, g"))
	f.Fuzz(func(t *testing.T, text []byte) {
		files, problems := Read(fstest.MapFS{"acts/CN/2025-1.yaml": &fstest.MapFile{Data: text}})
		Lint(files)
		if len(problems) > 0 {
			return
		}
		book, err := Encode(files)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Decode(book)
		if err != nil {
			t.Fatal(err)
		}
		if second, err := Encode(again); err != nil || !bytes.Equal(book, second) {
			t.Fatalf("a book that was decoded encodes to other bytes (%v)", err)
		}
	})
}

// repeated is a small text of a great many values.
func repeated() string {
	var b strings.Builder
	b.WriteString("norms:\n- when: &n0 {element: Ga}\n")
	for i := 1; i < 10; i++ {
		fmt.Fprintf(&b, "- when: &n%d {any: [%s]}\n", i, strings.Repeat(fmt.Sprintf("*n%d,", i-1), 9))
	}
	return b.String()
}

// deep is a text of few levels whose repetitions make many.
func deep() string {
	var b strings.Builder
	b.WriteString("norms:\n- when: &n0 {element: Ga}\n")
	for i := 1; i < 63; i++ {
		fmt.Fprintf(&b, "- when: &n%d {not: *n%d}\n", i, i-1)
	}
	return b.String()
}

// blocks is a text of n maps within one another.
func blocks(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%snot:\n", strings.Repeat(" ", i))
	}
	return b.String()
}
