package app

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/lawfile"
	"lodestone/internal/report"
	"lodestone/internal/when"
	"lodestone/lawdata"
)

// caseAnswered answers the facts of a worked case with all that lookAhead adds.
func caseAnswered(t *rapid.T, d *desk, c law.Case) (fact.Item, *report.Determination) {
	it, problems := d.Reader.ReadFacts(c.Facts)
	if problems.Refusals() > 0 {
		t.Fatal(problems)
	}
	return it, d.answer(&it)
}

// values are answers that people might give to a question about a fact, of those that its reader takes.
func values(book *law.Book, name string) []string {
	family, rest, _ := strings.Cut(name, ".")
	v := book.Vocab
	switch family {
	case "composition":
		return []string{"none", "present", "0.01 %", "0.5 %", "1 %", "10 %", "50 %", "60 %", "99 %"}
	case "end_use", "end_user_kind", "procedure":
		return slices.DeleteFunc(v.TermWords(family), func(w string) bool { return w == "unknown" })
	case "destination", "from", "origin", "made_in", "tech_origin", "recipient_nationality":
		var codes []string
		for i := range v.Countries {
			codes = append(codes, v.Countries[i].Code)
		}
		return codes
	case "params":
		id, _ := v.Param(rest)
		if def := v.ParamDef(id); def.Kind == "number" {
			var amounts []string
			for _, n := range []string{"0", "0.001", "0.5", "1.5", "3", "20", "99.95", "5000"} {
				amounts = append(amounts, n+" "+def.Unit)
			}
			return append(amounts, "none")
		}
		return []string{"yes", "no"}
	}
	return nil
}

// drawQuestion draws a worked case and a question of its answer that tells where all answers lead, with those answers; nil: twenty cases had none.
func drawQuestion(t *rapid.T, d *desk, book *law.Book) (it fact.Item, doc *report.Determination, a report.Ask, all []string) {
	for range 20 {
		it, doc := caseAnswered(t, d, rapid.SampledFrom(book.Cases).Draw(t, "case"))
		if len(doc.Asks) == 0 {
			continue
		}
		a := rapid.SampledFrom(doc.Asks).Draw(t, "ask")
		all := values(book, a.Fact)
		other := slices.ContainsFunc(a.Leads, func(l report.Lead) bool { return l.Whatever || l.Answer == report.Say("en", "answer.other") })
		family, _, _ := strings.Cut(a.Fact, ".")
		if len(a.Leads) > 0 && a.Part == "" && (other || family == "composition" || family == "params") && all != nil {
			return it, doc, a, all
		}
	}
	return it, doc, a, nil
}

// Where a question is said to lead to one end whatever the answer, every answer leads there; where the ends of answers are told, no answer leads
// elsewhere than to one of them.
func TestEveryAnswerLeadsWhereItIsSaidTo(t *testing.T) {
	files, _ := lawfile.Read(lawdata.Text()) // only the text holds worked cases
	book, err := law.Compile(files)
	if err != nil {
		t.Fatal(err)
	}
	d, err := (&Screening{Book: book, On: when.Day(2026, 3, 2), Lang: "en", Explain: true, Format: report.HTML}).desk()
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	rapid.Check(t, func(t *rapid.T) {
		it, doc, a, all := drawQuestion(t, d, book)
		if all == nil {
			return
		}
		tried++
		value := rapid.SampledFrom(all).Draw(t, "answer")
		s := supposing{d: d, it: &it, at: doc.At}
		end, p := s.end(supposed{fact: a.Fact, value: value})
		if p != nil {
			return
		}
		if !slices.ContainsFunc(a.Leads, func(l report.Lead) bool { return l.Outcome == end.Outcome && l.MayBe == end.MayBe }) {
			t.Fatalf("%s %q leads to %s %s, which is none of %v", a.Fact, value, end.Outcome, end.MayBe, a.Leads)
		}
	})
	if tried == 0 {
		t.Error("no question was tried")
	}
}

// Questions for a customs code, for the name of a party and for what a technology is called tell where answers lead, too.
func TestCodesAndNamesLeadSomewhere(t *testing.T) {
	book, _, err := LoadBook("")
	if err != nil {
		t.Fatal(err)
	}
	d, err := (&Screening{Book: book, On: when.Day(2026, 3, 2), Lang: "en", Explain: true, Format: report.JSONL}).desk()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		fact  string
		row   map[string]string
		leads map[string]string // some of them: by the beginning of the answer, where it leads
	}{
		{"hs", map[string]string{"description": "silver powder", "from": "CN", "destination": "DE"},
			map[string]string{"7106101100": "goods_licence deny", "a code of the year's": "review licence", "a code outside": "review goods_licence"}},
		{"end_user", map[string]string{"description": "gallium arsenide wafer", "from": "CN", "destination": "HK", "end_use": "civil", "end_user_kind": "civil"},
			map[string]string{"a party on no list": "licence ", "a party on: Export Control Control List": "prohibited ", "a party on: Unreliable Entity List (measures left": "licence prohibited"}},
		{"description", map[string]string{"description": "gallium know-how", "form": "technology", "from": "CN", "destination": "DE"},
			map[string]string{"gallium extraction technology": "licence "}},
	} {
		it, problems := d.Reader.ReadFacts(c.row)
		if problems.Refusals() > 0 {
			t.Fatal(problems)
		}
		doc := d.answer(&it)
		n := slices.IndexFunc(doc.Asks, func(a report.Ask) bool { return a.Fact == c.fact })
		if n < 0 {
			t.Errorf("%v: nothing asks for %s", c.row, c.fact)
			continue
		}
		for answer, want := range c.leads {
			if !slices.ContainsFunc(doc.Asks[n].Leads, func(l report.Lead) bool { return strings.HasPrefix(l.Answer, answer) && l.Outcome+" "+l.MayBe == want }) {
				t.Errorf("%s: %q does not lead to %q: %v", c.fact, answer, want, doc.Asks[n].Leads)
			}
		}
	}
}
