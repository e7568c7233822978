package web

import (
	"cmp"
	"slices"
	"strings"

	"lodestone/internal/report"
)

// What templates ask of a determination, by the names that they call.

// segment is a part of a text; marked: an answer rests on it.
type segment struct {
	Text   string
	Marked bool
}

// marked parts a text at the words from which facts were read.
func marked(text string, words []string) (list []segment) {
	type span struct{ from, to int }
	var spans []span
	for _, w := range words {
		for from := 0; w != ""; {
			i := strings.Index(text[from:], w)
			if i < 0 {
				break
			}
			spans = append(spans, span{from + i, from + i + len(w)})
			from += i + len(w)
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to)) })
	at := 0
	for _, s := range spans {
		s.from = max(s.from, at)
		if s.to <= s.from {
			continue
		}
		if s.from > at {
			list = append(list, segment{text[at:s.from], false})
		}
		list, at = append(list, segment{text[s.from:s.to], true}), s.to
	}
	if at < len(text) {
		list = append(list, segment{text[at:], false})
	}
	return list
}

// normOf is a norm as people find it.
func normOf(d *report.Determination, ref string) report.NormRef {
	if d.Legend != nil {
		if n, ok := d.Legend.Norms[ref]; ok && n.Name != "" {
			return n
		}
	}
	return report.NormRef{Name: ref, Cite: ref}
}

// factOf is what a fact is called.
func factOf(d *report.Determination, fact string) string {
	if d.Legend != nil && d.Legend.Facts[fact] != "" {
		return d.Legend.Facts[fact]
	}
	return fact
}

// valueOf is how a value or a test of a fact is said.
func valueOf(d *report.Determination, fact, raw string) string {
	if d.Legend != nil {
		if text, ok := d.Legend.Texts[fact+"="+raw]; ok {
			return text
		}
	}
	return raw
}

// actOf is the number of an act.
func actOf(d *report.Determination, act string) string {
	if d.Legend != nil && d.Legend.Acts[act] != "" {
		return d.Legend.Acts[act]
	}
	return act
}

// nearMiss is a norm that was close, its test parted from its fact.
type nearMiss struct {
	report.Near
	Fact, Test string
}

func nearOf(d *report.Determination) []nearMiss {
	list := make([]nearMiss, len(d.Near))
	for i, n := range d.Near {
		list[i].Near = n
		if n.Except == "" {
			list[i].Fact, list[i].Test, _ = strings.Cut(n.Failed, " ")
		}
	}
	return list
}

// nowIn says whether a stretch of the timeline holds the day of the answer.
func nowIn(d *report.Determination, s report.Stretch) bool {
	day := d.At.Effective
	return (s.From == 0 || day >= s.From) && (s.To == 0 || day <= s.To)
}
