package report

import (
	"slices"
	"strconv"
	"strings"

	"lodestone/internal/decide"
)

// ShareOf is a share that a norm asks for, with what the parts say of it.
type ShareOf struct {
	decide.Share
	Low, High string    // in parts of one
	Exceeds   bool      // the content is worth more than the whole: one of the values is wrong
	Asks      []PartAsk // for a share that straddles its limit, the part that removes most first
}

// PartAsk is a question about one part of a structure.
type PartAsk struct {
	Part, Fact string
	Supplier   string
	Removes    float64 // zero: it is not about a share
}

// Shares puts shares into a determination. The question for a share as a whole gives way to those for the parts.
func (m *Maker) Shares(d *Determination, list []ShareOf) {
	var asks []Ask
	for i := range list {
		s := &list[i]
		ref := m.Book.Norms[s.Norm].Ref
		doc := Share{Rule: ref, Low: s.Low, High: s.High, Threshold: s.Test.Threshold, Truth: s.Truth.String()}
		if len(s.Asks) > 0 {
			doc.Ask = s.Asks[0].Part
		}
		d.Shares = append(d.Shares, doc)
		for j := range s.Asks {
			asks = m.partAsk(asks, &s.Asks[j], []string{ref})
		}
		if note := Say(m.Lang, "note.exceeds"); s.Exceeds && !slices.Contains(d.Notes, note) {
			d.Notes = append(d.Notes, note)
		}
	}
	replace(d, func(fact string) bool { return strings.HasPrefix(fact, "shares.") }, asks)
}

// Contained puts the questions for parts in the place of the one whether something is among them.
func (m *Maker) Contained(d *Determination, fact string, parts []PartAsk) {
	at := slices.IndexFunc(d.Asks, func(a Ask) bool { return a.Fact == fact && a.Part == "" })
	if at < 0 {
		return
	}
	var asks []Ask
	for i := range parts {
		asks = m.partAsk(asks, &parts[i], d.Asks[at].Settles)
	}
	replace(d, func(f string) bool { return f == fact }, asks)
}

// replace puts questions for parts in the place of those for the whole; where the whole is not asked about, the norm does not apply on the day, or
// is settled by something else. A part that is asked the same already is not asked twice.
func replace(d *Determination, whole func(fact string) bool, asks []Ask) {
	at := slices.IndexFunc(d.Asks, func(a Ask) bool { return a.Part == "" && whole(a.Fact) })
	if at < 0 || len(asks) == 0 {
		return
	}
	rest := slices.DeleteFunc(slices.Clone(d.Asks[at:]), func(a Ask) bool { return a.Part == "" && whole(a.Fact) })
	for _, a := range asks {
		if !slices.ContainsFunc(rest, func(b Ask) bool { return b.Part == a.Part && b.Fact == a.Fact }) &&
			!slices.ContainsFunc(d.Asks[:at], func(b Ask) bool { return b.Part == a.Part && b.Fact == a.Fact }) {
			d.Asks = append(d.Asks[:at], a)
			at++
		}
	}
	d.Asks = append(d.Asks[:at], rest...)
}

// partAsk adds a question about a part, or joins it to the same question for another norm.
func (m *Maker) partAsk(to []Ask, a *PartAsk, refs []string) []Ask {
	for i := range to {
		if x := &to[i]; x.Part == a.Part && x.Fact == a.Fact {
			for _, ref := range refs {
				if !slices.Contains(x.Settles, ref) {
					x.Settles = append(x.Settles, ref)
				}
			}
			return to
		}
	}
	ask := Ask{Fact: a.Fact, Part: a.Part, Question: Say(m.Lang, "ask.part", "part", a.Part, "question", m.question(&decide.Ask{Fact: a.Fact})), Settles: slices.Clone(refs), Supplier: a.Supplier}
	if a.Removes > 0 {
		ask.Removes = strconv.FormatFloat(a.Removes, 'g', 3, 64)
	}
	return append(to, ask)
}
