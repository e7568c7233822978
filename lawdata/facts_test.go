package lawdata_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"lodestone/internal/law"
	"lodestone/internal/quant"
	"lodestone/internal/rule"
)

// fullEntry is an entry of the facts with all that the law data has to carry of it.
type fullEntry struct {
	entry
	NameKo     string          `json:"name_ko"`
	Limits     json.RawMessage `json:"criteria"`
	From       string          `json:"in_force_from"`
	Confidence string          `json:"confidence"`
	Sources    []string        `json:"sources"`
	Codes      []struct {
		Code  string `json:"code"`
		Grade string `json:"verified"`
		From  string `json:"valid_from"`
		To    string `json:"valid_to"`
	} `json:"hs_codes"`
}

// limit is one leaf of the technical limits of the facts.
type limit struct {
	Parameter string `json:"parameter"`
	Operator  string `json:"operator"`
	Value     any    `json:"value"`
	Unit      string `json:"unit"`
}

// limitsOf gathers the leaves of a tree of criteria, whatever joins them.
func limitsOf(tree json.RawMessage) (limits []limit) {
	var list []json.RawMessage
	if json.Unmarshal(tree, &list) == nil {
		for _, part := range list {
			limits = append(limits, limitsOf(part)...)
		}
		return limits
	}
	var leaf limit
	var inner map[string]json.RawMessage
	if json.Unmarshal(tree, &inner) != nil {
		return nil // a word: an item, a shape, a note
	}
	exact := json.NewDecoder(bytes.NewReader(tree))
	exact.UseNumber()
	if exact.Decode(&leaf) == nil && leaf.Parameter != "" {
		return []limit{leaf}
	}
	for _, key := range slices.Sorted(maps.Keys(inner)) {
		limits = append(limits, limitsOf(inner[key])...)
	}
	return limits
}

// number is a decimal in one spelling: 2.75e-06 and 0.00000275 are the same.
func number(text string) string {
	d, err := quant.ParseDecimal(text)
	if err != nil {
		return text
	}
	return d.String()
}

// stated are the limits of a condition: "purity > 99.9 percent".
func stated(s *rule.Spec) (limits []string) {
	if s == nil {
		return nil
	}
	bounds := func(name, unit string, b rule.Bounds) {
		for _, x := range []struct{ op, value string }{{">", b.Over}, {">=", b.AtLeast}, {"<", b.Under}, {"<=", b.AtMost}, {"=", b.Equals}} {
			if x.value != "" {
				limits = append(limits, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", name, x.op, number(x.value), unit)))
			}
		}
	}
	if p := s.Param; p != nil {
		bounds(p.Name, p.Unit, p.Bounds)
		for _, w := range p.Is {
			limits = append(limits, fmt.Sprintf("%s = %s", p.Name, w))
		}
		if p.Sizes != nil {
			limits = append(limits, fmt.Sprintf("%s >= %s %s", p.Name, strings.Join(p.Sizes, "x"), p.Unit))
		}
	}
	if e := s.Element; e != nil {
		bounds(e.Of+"_content", "wt_percent", e.Bounds)
	}
	for _, part := range slices.Concat(s.All, s.Any) {
		limits = append(limits, stated(&part)...)
	}
	if s.Not != nil {
		limits = append(limits, stated(s.Not)...)
	}
	if s.AtLeast != nil {
		for i := range s.AtLeast.Of {
			limits = append(limits, stated(&s.AtLeast.Of[i])...)
		}
	}
	return limits
}

// spelt are the limits that a leaf of the facts stands for, as stated spells them. Of words only the parameter is told: the facts describe them.
func (l limit) spelt() (limits []string) {
	add := func(name, op, value string) {
		limits = append(limits, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", name, op, number(value), l.Unit)))
	}
	sides := strings.Split(strings.TrimPrefix(l.Parameter, "size_"), "_x_")
	each := func(op, value string) {
		values := strings.Split(value, "x")
		if len(sides) != len(values) {
			sides, values = []string{l.Parameter}, []string{value}
		}
		for i := range sides {
			add(sides[i], op, values[i])
		}
	}
	list, _ := l.Value.([]any)
	switch {
	case l.Operator == "between":
		each(">=", fmt.Sprint(list[0]))
		each("<=", fmt.Sprint(list[1]))
	case l.Operator == "in":
		for _, v := range list {
			each("=", fmt.Sprint(v))
		}
	case list != nil:
		var sizes []string
		for _, v := range list {
			sizes = append(sizes, fmt.Sprint(v))
		}
		limits = append(limits, fmt.Sprintf("%s %s %s %s", l.Parameter, l.Operator, strings.Join(sizes, "x"), l.Unit))
	case l.Unit == "":
		limits = append(limits, l.Parameter+" = ")
	default:
		each(l.Operator, fmt.Sprint(l.Value))
	}
	return limits
}

// compared calls check with every entry of the facts that is carried, and its norms.
func compared(t *testing.T, check func(e *fullEntry, act *law.Act, norms []*law.Norm)) {
	t.Helper()
	var facts struct {
		Entries []fullEntry `json:"entries"`
	}
	shared(t, "regime/entries.json", &facts)
	files, seen := embedded(t), 0
	for i := range facts.Entries {
		e := &facts.Entries[i]
		a := slices.IndexFunc(files.Acts, func(a law.Act) bool { return a.ID == e.Instrument })
		if norms := normsOf(files, &e.entry); len(norms) > 0 {
			seen++
			check(e, &files.Acts[a], norms)
		}
	}
	if seen < len(facts.Entries)*9/10 {
		t.Errorf("only %d of %d entries are carried", seen, len(facts.Entries))
	}
}

func TestTheLimitsOfTheFactsAreCarried(t *testing.T) {
	compared(t, func(e *fullEntry, _ *law.Act, norms []*law.Norm) {
		var have, want []string
		for _, n := range norms {
			have = append(have, stated(n.When)...)
		}
		for _, l := range limitsOf(e.Limits) {
			want = append(want, l.spelt()...)
		}
		for _, w := range want {
			if !slices.ContainsFunc(have, func(h string) bool { return h == w || strings.HasSuffix(w, "= ") && strings.HasPrefix(h, w) }) {
				t.Errorf("%s: the limit %q is not among %q", e.ID, w, have)
			}
		}
		for _, h := range have {
			word := strings.Contains(h, " = ") // a word of a vocabulary, which the facts may describe otherwise
			if !word && len(norms) == 1 && !slices.Contains(want, h) {
				t.Errorf("%s: the limit %q is not in the facts, which have %q", e.ID, h, want)
			}
		}
	})
}

func TestTheNamesOfTheFactsAreCarried(t *testing.T) {
	plain := strings.NewReplacer("、", "", "（", "", "）", "", "(", "", ")", "")
	compared(t, func(e *fullEntry, _ *law.Act, norms []*law.Norm) {
		found := false
		for _, n := range norms {
			zh := plain.Replace(n.Names.Zh)
			found = found || n.Names.En == e.NameEn || zh != "" && strings.Contains(zh, plain.Replace(e.NameZh))
			if n.Names.En == "" || n.Names.Zh == "" || n.Names.Ko == "" {
				t.Errorf("%s: %s/%s has no name in one of three languages", e.ID, e.Instrument, n.ID)
			}
		}
		if !found {
			t.Errorf("%s: no norm is called %q or %s", e.ID, e.NameEn, e.NameZh)
		}
	})
}

func TestTheReadingOfTheFactsIsCarried(t *testing.T) {
	trust := []string{"low", "medium", "high"}
	compared(t, func(e *fullEntry, a *law.Act, norms []*law.Norm) {
		want := map[string]string{"none": "complete", "complete": "complete", "partial": "partial", "unread": "unread"}[e.Criteria]
		least := len(trust)
		known := slices.ContainsFunc(norms, func(n *law.Norm) bool {
			confidence := n.Confidence
			if confidence == "" {
				confidence = a.Confidence
			}
			least = min(least, slices.Index(trust, confidence))
			return n.State == want || n.State == "" && want == "complete" || n.State == "unread" && want == "partial"
		})
		if !known {
			t.Errorf("%s: its limits are %s in the facts, no norm of it is", e.ID, e.Criteria)
		}
		if least > slices.Index(trust, e.Confidence) {
			t.Errorf("%s: of confidence %s, its norms claim %s", e.ID, e.Confidence, trust[least])
		}
		for _, s := range e.Sources {
			if !slices.ContainsFunc(a.Sources, func(have law.Source) bool { return have.ID == s }) {
				t.Errorf("%s: the source %s is not among those of %s", e.ID, s, a.ID)
			}
		}
	})
}

func TestTheDaysOfTheFactsAreCarried(t *testing.T) {
	compared(t, func(e *fullEntry, a *law.Act, norms []*law.Norm) {
		for _, n := range norms {
			from := n.From
			for _, part := range a.Effective {
				if from == 0 && (part.Part == n.Part || n.Part == "" && part.Part == "whole") {
					from = part.From
				}
			}
			if from != 0 && !strings.Contains(e.From, from.String()) {
				t.Errorf("%s: %s begins on %s, the facts have %s", e.ID, n.ID, from, e.From)
			}
		}
		for _, h := range e.Codes {
			if !slices.ContainsFunc(norms, func(n *law.Norm) bool {
				return slices.ContainsFunc(n.HS, func(have law.HS) bool {
					begins := h.From == "" || strings.HasPrefix(h.From, have.From.String()) // "2026-01-01 or earlier"
					return have.Code == h.Code && have.Grade == h.Grade && begins && (h.To == "") == (have.To == 0)
				})
			}) {
				t.Errorf("%s: customs code %s of grade %q from %q to %q is not carried so", e.ID, h.Code, h.Grade, h.From, h.To)
			}
		}
	})
}

func TestTheInstrumentsOfTheFactsAreCarried(t *testing.T) {
	type source struct {
		URL  string `json:"url"`
		Kind string `json:"kind"`
	}
	var facts struct {
		Sources     map[string]source `json:"sources"`
		Instruments []struct {
			ID         string `json:"id"`
			NumberZh   string `json:"number_zh"`
			Kind       string `json:"kind"`
			Published  string `json:"published"`
			Confidence string `json:"confidence"`
			Effective  []struct {
				Date string `json:"date"`
			} `json:"effective"`
			Sources []string `json:"sources"`
			Changes []struct {
				Date   string `json:"date"`
				Change string `json:"change"`
				By     string `json:"by"`
				Until  string `json:"until"`
			} `json:"status_changes"`
		} `json:"instruments"`
	}
	var others struct {
		Sources map[string]source `json:"sources"`
	}
	shared(t, "regime/instruments.json", &facts)
	shared(t, "regime/entries.json", &others)
	maps.Copy(facts.Sources, others.Sources)
	files := embedded(t)
	for _, x := range facts.Instruments {
		i := slices.IndexFunc(files.Acts, func(a law.Act) bool { return a.ID == x.ID })
		if i < 0 {
			continue // an announcement of a list, or excluded: TestEveryInstrumentOfTheFactsIsKnown
		}
		a := &files.Acts[i]
		if a.Kind != x.Kind || a.Confidence != x.Confidence || a.Published != 0 && a.Published.String() != x.Published || x.NumberZh != "" && a.Number.Zh != x.NumberZh {
			t.Errorf("%s: %s of %s, confidence %s, called %s: the facts have %+v", a.ID, a.Kind, a.Published, a.Confidence, a.Number.Zh, x)
		}
		for _, e := range x.Effective {
			if !slices.ContainsFunc(a.Effective, func(p law.Effective) bool { return p.From.String() == e.Date }) {
				t.Errorf("%s: no part of it begins on %s", a.ID, e.Date)
			}
		}
		for _, id := range x.Sources {
			f := facts.Sources[id]
			if !slices.ContainsFunc(a.Sources, func(s law.Source) bool { return s.ID == id && s.Grade == f.Kind && s.URL == f.URL }) {
				t.Errorf("%s: the source %s (%s, %s) is not carried so", a.ID, id, f.Kind, f.URL)
			}
		}
		for _, c := range x.Changes {
			switch c.Change {
			case "repealed":
				if a.Ended == nil || a.Ended.On.String() != c.Date || a.Ended.By != c.By {
					t.Errorf("%s: the facts have its end on %s by %s", a.ID, c.Date, c.By)
				}
			case "suspended":
				if !suspends(&files, c.By, a.ID, c.Date, c.Until) {
					t.Errorf("%s: no norm of %s suspends it from %s to %s", a.ID, c.By, c.Date, c.Until)
				}
			}
		}
	}
}

// suspends says that an act makes another, or a part or norm of it, sleep from a day to another.
func suspends(files *law.Files, by, act, from, to string) bool {
	for i := range files.Acts {
		for j := range files.Acts[i].Norms {
			n := &files.Acts[i].Norms[j]
			if files.Acts[i].ID == by && n.Kind == "suspension" && n.From.String() == from && n.To.String() == to &&
				slices.ContainsFunc(n.Targets, func(target string) bool { return strings.HasPrefix(target, act) }) {
				return true
			}
		}
	}
	return false
}
