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
	Asks      []PartAsk // for a share that straddles its limit, the part that removes most first
}

// PartAsk is a question about one part of a structure.
type PartAsk struct {
	Part, Fact string
	Supplier   string
	Removes    float64
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
			asks = m.partAsk(asks, &s.Asks[j], ref)
		}
	}
	if asks == nil {
		return
	}
	whole := func(a Ask) bool { return strings.HasPrefix(a.Fact, "shares.") }
	at := slices.IndexFunc(d.Asks, whole)
	if at < 0 {
		return // the norm does not apply on the day, or is settled by something else
	}
	rest := slices.DeleteFunc(slices.Clone(d.Asks[at:]), whole)
	d.Asks = append(append(d.Asks[:at], asks...), rest...)
}

// partAsk adds a question about a part, or joins it to the same question for another norm.
func (m *Maker) partAsk(to []Ask, a *PartAsk, ref string) []Ask {
	for i := range to {
		if x := &to[i]; x.Part == a.Part && x.Fact == a.Fact {
			if !slices.Contains(x.Settles, ref) {
				x.Settles = append(x.Settles, ref)
			}
			return to
		}
	}
	question := m.question(&decide.Ask{Fact: a.Fact})
	for _, empty := range []string{" ()", "（）", "()"} { // no norm's test goes with it
		question = strings.ReplaceAll(question, empty, "")
	}
	return append(to, Ask{
		Fact: a.Fact, Part: a.Part, Question: Say(m.Lang, "ask.part", "part", a.Part, "question", question), Settles: []string{ref},
		Supplier: a.Supplier, Removes: strconv.FormatFloat(a.Removes, 'f', -1, 32),
	})
}
