package report

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lodestone/internal/problem"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// AppendJSON must give the bytes of the standard encoder without HTML escapes.
func TestAppendJSONIsWhatTheStandardEncoderGives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		var want bytes.Buffer
		e := json.NewEncoder(&want)
		e.SetEscapeHTML(false)
		if err := e.Encode(d); err != nil {
			t.Fatal(err)
		}
		if got := string(d.AppendJSON(nil)) + "\n"; got != want.String() {
			t.Fatalf("got  %s\nwant %s", got, want.String())
		}
	})
}

func draw(t *rapid.T) *Determination {
	text := func(label string) string { return rapid.String().Draw(t, label) }
	maybe := func(label string) bool { return rapid.Bool().Draw(t, label) }
	d := &Determination{ID: text("id"), Line: rapid.IntRange(0, 9).Draw(t, "line"), Outcome: "licence",
		At: when.At{Effective: when.Day(2026, 3, 1), KnownBy: when.Day(2026, 10, 9)}, Law: LawRef{text("revision"), when.Day(2026, 10, 9)}}
	if maybe("same") {
		d.SameAs = 7
	}
	if maybe("open") {
		d.MayBe, d.Policy = "deny", "ordinary"
	}
	for range rapid.IntRange(0, 2).Draw(t, "requirements") {
		r := Requirement{Layer: text("layer"), Effect: text("effect"), Norm: text("norm"), Name: vocab.Text{En: text("en"), Zh: text("zh")}, Cite: text("cite")}
		if maybe("branch") {
			r.If, r.Why, r.Until = text("if"), text("why"), when.Day(2027, 1, 10)
		}
		r.Because = []Reason{{Fact: text("fact"), Value: text("value"), Words: text("words"), Test: text("test"), Truth: "yes"}}
		if maybe("trace") {
			r.Trace = &Trace{Op: "all", Truth: "yes", Steps: []Trace{{Fact: text("step")}}}
		}
		d.Requirements = append(d.Requirements, r)
	}
	if maybe("rest") {
		d.Asks = []Ask{{Fact: text("ask"), Question: text("question"), Settles: []string{text("settles")}, Supplier: text("supplier")}}
		d.Asks[0].Why, d.Asks[0].Leads = text("why"), []Lead{{Answer: text("answer"), Outcome: "licence", MayBe: "deny"}, {Outcome: "review"}}
		d.Mildest = &Lead{Answer: text("mildest"), Outcome: "licence"}
		d.Shares = []Share{{Rule: text("rule")}}
		d.Parties = []PartyHit{{Name: text("party"), Score: 0.97}, {Name: text("loaded"), Loaded: true, Measure: text("measure"), Source: text("source")}}
		d.PartyLists = &ListsRef{Revision: text("lists")}
		d.Near = []Near{{Norm: text("near"), Value: text("value")}}
		d.Duties = []Duty{{Kind: text("duty")}}
		d.NextChange = &Change{On: when.Day(2026, 11, 28), Outcome: "licence", By: text("by")}
		d.Timeline = []Stretch{{To: when.Day(2025, 10, 8), Outcome: text("stretch")}, {From: when.Day(2025, 10, 9), By: text("act"), MayBe: text("may")}}
		d.NotAssessed = []Gap{{Layer: text("gap"), Missing: text("missing")}}
		d.Notes = []string{text("note")}
		d.Warnings = problem.List{{Text: text("warning"), Warning: true}}
		d.Extra = []ExtraField{{text("name"), text("extra")}}
	}
	return d
}

// Every sentence stands in every language, with the same places to fill in.
func TestCataloguesHaveTheSameKeys(t *testing.T) {
	for _, lang := range Languages {
		if missing := difference(catalogues["en"](), catalogues[lang]()); missing != nil {
			t.Errorf("catalogue/%s.json lacks %v", lang, missing)
		}
		if extra := difference(catalogues[lang](), catalogues["en"]()); extra != nil {
			t.Errorf("catalogue/%s.json has %v, which English has not", lang, extra)
		}
		for key, english := range catalogues["en"]() {
			for _, hole := range holes(english) {
				if strings.HasPrefix(key, "ask.") && hole == "{tests}" {
					continue // what a question asks may need no limits in another language
				}
				if !strings.Contains(catalogues[lang]()[key], hole) {
					t.Errorf("catalogue/%s.json: %s lacks %s", lang, key, hole)
				}
			}
		}
	}
}

func difference(a, b map[string]string) []string {
	var only []string
	for _, key := range slices.Sorted(maps.Keys(a)) {
		if _, ok := b[key]; !ok {
			only = append(only, key)
		}
	}
	return only
}

func holes(s string) []string {
	var found []string
	for {
		i := strings.IndexByte(s, '{')
		if i < 0 {
			return found
		}
		j := strings.IndexByte(s[i:], '}')
		found = append(found, s[i:i+j+1])
		s = s[i+j+1:]
	}
}

func TestCSVCellsAreNoFormulas(t *testing.T) {
	for in, want := range map[string]string{"=1+1": "'=1+1", "+7 495": "'+7 495", "@x": "'@x", "plain": "plain", "": ""} {
		if got := inert(in); got != want {
			t.Errorf("%q is written %q, not %q", in, got, want)
		}
	}
}
