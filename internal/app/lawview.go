package app

import (
	"slices"
	"strings"

	"lodestone/internal/law"
	"lodestone/internal/problem"
	"lodestone/internal/report"
	"lodestone/internal/sentence"
	"lodestone/internal/when"
)

// ShowLaw gives the acts that a word names, with the norms it names, as they stand at a time. A word is an act, a norm (ACT/NORM) or a control code.
func ShowLaw(b *law.Book, what string, at when.At, lang string) ([]report.Act, error) {
	norms, err := findNorms(b, what)
	if err != nil {
		return nil, err
	}
	maker, snapshot := report.Maker{Book: b, Lang: lang}, b.At(at)
	var docs []report.Act
	for i := range b.Acts {
		a := &b.Acts[i]
		mine := func(n int) bool { return slices.Contains(norms, n) }
		if a.ID == what || slices.ContainsFunc(norms, func(n int) bool { return b.Norms[n].Act == a }) {
			docs = append(docs, maker.Act(a, snapshot, mine))
		}
	}
	return docs, nil
}

// LawTimeline gives the standing over time of what a word names. Suspensions are left out: they show in what they suspend.
func LawTimeline(b *law.Book, what string, knownBy when.Date, lang string) (report.Timeline, error) {
	norms, err := findNorms(b, what)
	if err != nil {
		return report.Timeline{}, err
	}
	norms = slices.DeleteFunc(norms, func(n int) bool { return b.Norms[n].Kind == "suspension" })
	return (&report.Maker{Book: b, Lang: lang}).Timeline(norms, knownBy), nil
}

// CustomsCode gives the norms and directories that print a customs code of four to ten digits; dots and blanks are allowed.
func CustomsCode(b *law.Book, code string, at when.At, lang string) (report.CodeUse, error) {
	digits := strings.NewReplacer(".", "", " ", "").Replace(code)
	if len(digits) < 4 || len(digits) > 10 || strings.Trim(digits, "0123456789") != "" {
		return report.CodeUse{}, sentence.Of("%q is no customs code; give four to ten digits, for example 8505.11", code)
	}
	return (&report.Maker{Book: b, Lang: lang}).CodeUse(digits, b.At(at)), nil
}

// findNorms lists the norms that a word names: an act, a norm, or a control code and what stands under it.
func findNorms(b *law.Book, what string) ([]int, error) {
	var norms []int
	for n := range b.Norms {
		c := &b.Norms[n]
		if c.Act.ID == what || c.Ref == what || underCode(c, what) {
			norms = append(norms, n)
		}
	}
	if norms != nil || b.Act(what) != nil {
		return norms, nil
	}
	var known []string
	for i := range b.Acts {
		known = append(known, b.Acts[i].ID)
	}
	for n := range b.Norms {
		known = append(known, b.Norms[n].Ref, b.Norms[n].Code)
	}
	meant := problem.Nearest(what, known)
	if meant == "" {
		return nil, sentence.Of("%q is no act, norm or control code in the law data; \"lodestone law list\" shows the acts", what)
	}
	return nil, sentence.Of("%q is no act, norm or control code in the law data; %s was probably meant", what, meant)
}

func underCode(c *law.Compiled, what string) bool {
	codes := []string{c.Code}
	for _, x := range c.Carried {
		codes = append(codes, x.Code)
	}
	return slices.ContainsFunc(codes, func(code string) bool {
		return code == what || strings.HasPrefix(code, what+".") || strings.HasPrefix(code, what+"#")
	})
}

// ActSpans gives, by act, how its norms stand over time, each stretch by the standing that weighs most: suspended or not established before in force,
// since that is what a reader must not miss, then not yet, ended, unknown.
func ActSpans(b *law.Book, knownBy when.Date) map[string][]report.Span {
	byAct := map[string][]report.TimelineRow{}
	all := make([]int, 0, len(b.Norms))
	for n := range b.Norms {
		if b.Norms[n].Kind != "suspension" {
			all = append(all, n)
		}
	}
	over := (&report.Maker{Book: b}).Timeline(all, knownBy)
	for i, row := range over.Norms {
		act := b.Norms[all[i]].Act.ID
		byAct[act] = append(byAct[act], row)
	}
	spans := map[string][]report.Span{}
	for act, rows := range byAct {
		spans[act] = together(rows)
	}
	return spans
}

// weighs orders standings, the heaviest first.
var weighs = []string{"suspended", "not_established", "in_force", "not_yet", "ended", "unknown"}

// together joins the spans of norms into those of their act.
func together(rows []report.TimelineRow) (joined []report.Span) {
	var days []when.Date
	for _, r := range rows {
		for _, s := range r.Span {
			days = append(days, s.From)
		}
	}
	slices.Sort(days)
	days = slices.Compact(days)
	for i, day := range days {
		x := report.Span{From: day, Standing: "unknown"}
		if i+1 < len(days) {
			x.Until = days[i+1]
		}
		for _, r := range rows {
			for _, s := range r.Span {
				if s.From <= day && (s.Until == 0 || day < s.Until) && slices.Index(weighs, s.Standing) < slices.Index(weighs, x.Standing) {
					x.Standing, x.By = s.Standing, s.By
				}
			}
		}
		if last := len(joined) - 1; last >= 0 && joined[last].Standing == x.Standing && joined[last].By == x.By {
			joined[last].Until = x.Until
			continue
		}
		joined = append(joined, x)
	}
	return joined
}
