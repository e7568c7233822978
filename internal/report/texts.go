package report

import (
	"strings"
)

// Declaration is what is written on a customs declaration about goods, made from the answer to a question on them: controlled, with code and licence; or
// not controlled, with what shows it. Where the answer is open there is no such text, and the document says what is missing. Licences are the numbers
// of those on which the goods are drawn.
func Declaration(lang string, d *Determination, goods string, licences []string) TextDocument {
	t := textOf("declaration", lang, d)
	say := func(key string, pairs ...string) string { return Say(lang, "text."+key, pairs...) }
	t.line(say("goods", "goods", goods))
	switch {
	case stillOpen(d):
		t.open(say("declaration.open", "outcome", outcomesText(lang, d)), d)
	case d.Outcome == "prohibited" || d.Outcome == "deny":
		t.line(say("declaration.stop", "outcome", Say(lang, "outcome."+d.Outcome)))
	case d.Outcome == "licence" || d.Outcome == "goods_licence":
		t.Fit = len(licences) > 0
		t.controlled(d)
		if t.Fit {
			t.line(say("declaration.licence", "no", strings.Join(licences, ", ")))
		} else {
			t.line(say("declaration.no_licence"))
		}
	default:
		t.Fit = true
		t.line(say("declaration.not_controlled", "day", d.At.Effective.String()))
		for _, n := range d.Near {
			if n.Value != "" {
				t.line(say("declaration.near", "norm", n.Norm, "failed", n.Failed, "value", n.Value))
			}
		}
	}
	t.end(d)
	return t.TextDocument
}

// Notice is what a supplier tells the next in the chain of goods that are controlled: which they are, by which act, and what that asks of the buyer.
// Undertakings are what an end user undertakes, rules how a licence may be used.
func Notice(lang string, d *Determination, goods string, undertakings []string, rules []LicenceRule) TextDocument {
	t := textOf("notice", lang, d)
	say := func(key string, pairs ...string) string { return Say(lang, "text."+key, pairs...) }
	t.line(say("notice.head"))
	t.line(say("goods", "goods", goods))
	t.Fit = t.controlled(d)
	if !t.Fit {
		t.open(say("notice.none", "outcome", outcomesText(lang, d)), d)
		t.end(d)
		return t.TextDocument
	}
	t.line(say("notice.duties"))
	for _, u := range undertakings {
		t.line("- " + u)
	}
	for _, r := range rules {
		t.line("- " + r.Say + " (" + r.Cite + ")")
	}
	if stillOpen(d) {
		t.open(say("notice.open", "outcome", outcomesText(lang, d)), d)
	}
	t.end(d)
	return t.TextDocument
}

// writtenText is a text on its way.
type writtenText struct{ TextDocument }

func textOf(kind, lang string, d *Determination) writtenText {
	return writtenText{TextDocument{Kind: kind, Lang: lang, On: d.At.Effective}}
}

func (t *writtenText) line(s string) {
	if s != "" {
		t.Text += s + "\n"
	}
}

// open says that something is open, and asks for it.
func (t *writtenText) open(words string, d *Determination) {
	t.line(words)
	for i := range d.Asks {
		t.line("- " + d.Asks[i].Question)
	}
}

// controlled names each control in force that certainly holds, once, and says whether there is one.
func (t *writtenText) controlled(d *Determination) bool {
	seen := map[string]bool{}
	for i := range d.Requirements {
		r := &d.Requirements[i]
		if r.Standing != "in_force" || r.Certainty != "yes" || seen[r.Norm] {
			continue
		}
		seen[r.Norm] = true
		key := "text.controlled"
		if r.Code == "" {
			key = "text.controlled.no_code"
		}
		t.line(Say(t.Lang, key, "name", r.Name.In(t.Lang), "code", r.Code, "cite", r.Cite, "effect", Say(t.Lang, "outcome."+r.Effect)))
	}
	return len(seen) > 0
}

func (t *writtenText) end(d *Determination) {
	t.line(Say(t.Lang, "text.basis", "effective", d.At.Effective.String(), "known", d.At.KnownBy.String(), "revision", d.Law.Revision))
}

// stillOpen says that an answer may still become another.
func stillOpen(d *Determination) bool {
	if d.MayBe != "" && d.MayBe != d.Outcome {
		return true
	}
	switch d.Outcome {
	case "not_established", "review", "cannot_tell", "not_covered":
		return true
	}
	return false
}

func outcomesText(lang string, d *Determination) string {
	c := Case{Outcome: d.Outcome, MayBe: d.MayBe}
	return c.outcomes(lang)
}
