package report

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"lodestone/internal/report/pdf"
	"lodestone/internal/when"
)

func TestFirstDifference(t *testing.T) {
	for _, c := range []struct{ a, b, at string }{
		{`{"x":1,"y":[1,2]}`, `{ "x": 1,"y":[1,2]}`, ""},
		{`{"x":1,"y":[1,2]}`, `{"x":1,"y":[1,3]}`, ".y[1]"},
		{`{"x":1,"y":[1,2]}`, `{"x":1,"y":[1]}`, ".y[1]"},
		{`{"x":1}`, `{"x":1,"y":null}`, ".y"},
		{`{"x":{"deep":"a"},"z":1}`, `{"x":{"deep":"b"},"z":2}`, ".x.deep"},
		{`{"x":1,"y":2}`, `{"y":2}`, ".x"},
		{`[1]`, `{"a":1}`, ""}, // at the top
	} {
		d := FirstDifference(json.RawMessage(c.a), json.RawMessage(c.b))
		switch {
		case d == nil && c.a[0] == c.b[0] && c.at == "":
		case d == nil || d.At != c.at:
			t.Errorf("%s and %s differ at %+v, want %q", c.a, c.b, d, c.at)
		}
	}
}

var testKey = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))

func signedDossier(t testing.TB) string {
	t.Helper()
	d := Dossier{Kind: DossierKind, Made: when.Day(2026, 3, 1), Question: DossierQuestion{Columns: []string{"id", "description"}, Rows: [][]string{{"1", "Dy < 3 % & more"}}}}
	s, err := d.Sign(testKey)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := s.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A signature stands for the text, however it is laid out, and for nothing else.
func TestSignatureOfADossier(t *testing.T) {
	text := signedDossier(t)
	var laidOut bytes.Buffer
	if err := json.Indent(&laidOut, []byte(text), "", "  "); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text   string
		signed bool
	}{
		"as written":  {text, true},
		"laid out":    {laidOut.String(), true},
		"fact":        {strings.Replace(text, "Dy < 3", "Dy < 4", 1), false},
		"day":         {strings.Replace(text, "2026-03-01", "2026-03-02", 1), false},
		"added":       {strings.Replace(text, `"kind"`, `"decision":"go","kind"`, 1), false},
		"no key":      {strings.Replace(text, `"key":"`, `"key":"A`, 1), false},
		"no envelope": {`{"dossier":` + text[len(`{"dossier":`):strings.Index(text, `,"key"`)] + `}`, false},
	} {
		_, d, signed, err := ReadDossier(strings.NewReader(c.text))
		if err != nil || signed != c.signed || d.Question.Columns[1] != "description" {
			t.Errorf("%s: signed %v (%v), want %v", name, signed, err, c.signed)
		}
	}
	for _, no := range []string{"", "{}", "[1]", `{"dossier":{"kind":"other/9"}}`, `{"dossier":7}`} {
		if _, _, _, err := ReadDossier(strings.NewReader(no)); !errors.Is(err, ErrDossier) {
			t.Errorf("%q: %v", no, err)
		}
	}
}

func FuzzReadDossier(f *testing.F) {
	f.Add(signedDossier(f))
	f.Add(`{"dossier":{"kind":"lodestone-dossier/1","answered":{"lines":[{"answer":{}}]}},"key":"","signature":""}`)
	f.Fuzz(func(t *testing.T, text string) {
		s, d, signed, err := ReadDossier(strings.NewReader(text))
		if err != nil {
			return
		}
		if signed && s.Fingerprint() == "" {
			t.Error("signed by no key")
		}
		FirstDifference(s.Dossier, json.RawMessage(`{"kind":"x"}`))
		d.Summary()
	})
}

// Whatever the program says in three languages can be printed: no letter comes out as a question mark.
func TestThePaperHasEveryLetterOfTheCatalogues(t *testing.T) {
	for _, lang := range Languages {
		for key, text := range catalogues[lang]() {
			text = strings.ReplaceAll(text, "░", "") // drawn on terminals only
			if lacks, err := pdf.Lacks(text); err != nil || len(lacks) > 0 {
				t.Errorf("%s: %s: the font lacks %q (%v)", lang, key, lacks, err)
			}
		}
	}
}
