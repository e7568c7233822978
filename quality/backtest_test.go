package main

import (
	"testing"

	"lodestone/internal/app"
)

func TestBackTest(t *testing.T) {
	path := findBeside(labelsPath)
	if path == "" {
		t.Skipf("there is no %s beside the repository", labelsPath)
	}
	cases, err := readCases(path)
	if err != nil {
		t.Fatal(err)
	}
	book, _, err := app.LoadBook("")
	if err != nil {
		t.Fatal(err)
	}
	r, err := screen(book, cases)
	if err != nil {
		t.Fatal(err)
	}
	r.print(t.Output())
	if err := r.check(); err != nil {
		t.Error(err)
	}
}

func TestRatesNameWhatIsMissing(t *testing.T) {
	r := result{
		{testCase: testCase{violation: true}, Outcome: "licence"},
		{testCase: testCase{violation: true}, Outcome: "not_covered"},
		{testCase: testCase{}, Outcome: "not_controlled"},
		{testCase: testCase{}, Outcome: "suspended", MayBe: "licence"},
	}
	caught, firm, alarms := r.figures(everything)
	if caught != (rate{1, 2}) || firm != (rate{1, 2}) || alarms != (rate{1, 2}) {
		t.Error(caught, firm, alarms)
	}
	if r.check() == nil || (result{}).check() == nil {
		t.Error("half caught, and nothing tested, pass the gate")
	}
}
