package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The law that the program carries says nothing wrong of itself: every witness, every case, every day of change.
func TestTheLawChecksItself(t *testing.T) {
	c, err := CheckLaw("")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range c.Problems {
		t.Error(p.Error())
	}
	if c.Acts < 47 || c.Witnesses < 1200 || c.Cases < 120 || c.Days < 50 {
		t.Errorf("checked only %d acts, %d witnesses, %d cases, %d days", c.Acts, c.Witnesses, c.Cases, c.Days)
	}
}

const policy = `id: XX-2026-1
kind: regulation
number: {en: "Company policy 1"}
title: {en: "No antimony without a second look"}
issuers: [Board]
published: "2026-01-01"
effective:
  - {part: whole, from: "2026-01-01"}
assessed_until: "2026-10-09"
confidence: high
sources: [{id: board, url: "https://intranet.example/policy", grade: advisor}]
norms:
  - id: antimony
    kind: control
    layer: dual_use
    effect: review
    names: {en: antimony in any form, zh: 锑, ko: 안티모니}
    when: {element: Sb}
    holds: [{composition: "Sb 5%"}]
    fails: [{composition: "Pb 100%; rest none"}]
`

func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestAFurtherLawFolder(t *testing.T) {
	dir := folder(t, map[string]string{"acts/XX/2026-1.yaml": policy})
	c, err := CheckLaw(dir)
	if err != nil || len(c.Problems) > 0 {
		t.Fatalf("%v %v", err, c.Problems)
	}
	book, problems, err := LoadBook(dir)
	if err != nil || problems.Refusals() > 0 {
		t.Fatalf("%v %v", err, problems)
	}
	if _, ok := book.NormNumber("XX-2026-1/antimony"); !ok {
		t.Error("the norm of the folder is not in the book")
	}
	carried, _, err := LoadBook("")
	if err != nil {
		t.Fatal(err)
	}
	if book.Revision == carried.Revision {
		t.Error("the revision does not tell the further folder from the law carried")
	}
}

// What is wrong in a law file is said with its place and what was probably meant.
func TestBadLawFoldersAreLocated(t *testing.T) {
	for name, c := range map[string]struct{ from, to, want string }{
		"key":     {"effect: review", "efect: review", "effect"},
		"form":    {"when: {element: Sb}", "when: {form: [powdr]}", "powder"},
		"date":    {`from: "2026-01-01"`, `from: "2026-13-01"`, "2026-13-01"},
		"country": {"when: {element: Sb}", "when: {destination: [NO]}", "quote"},
		"witness": {`fails: [{composition: "Pb 100%; rest none"}]`, `fails: [{composition: "Pb 100%"}]`, "is unknown, not no"},
		"target":  {"    kind: control\n", "    kind: control\n    targets: [CN-1999-99]\n", "CN-1999-99"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, map[string]string{"acts/XX/2026-1.yaml": strings.Replace(policy, c.from, c.to, 1)})
			check, err := CheckLaw(dir)
			if err != nil {
				t.Fatal(err)
			}
			text := check.Problems.Error()
			if !strings.Contains(text, "acts/XX/2026-1.yaml") || !strings.Contains(text, c.want) {
				t.Errorf("%q names neither the file nor %q", text, c.want)
			}
		})
	}
}
