package report

import (
	"lodestone/internal/fact"
	"lodestone/internal/when"
)

// Sealed is an answer apart from the row to which it was given, as JSON: rows that say the same share it. Only JSON can be printed from it.
type Sealed struct {
	outcome, mayBe, policy string
	knownBy                when.Date
	body                   string // from "law" to "notes"
}

// AppendSealed adds the answer of a determination to b, apart from the row to which it is given: the text of which Seal makes a Sealed.
func (d *Determination) AppendSealed(b []byte) []byte {
	for _, word := range [...]string{d.Outcome, d.MayBe, d.Policy} {
		b = append(append(b, word...), 0)
	}
	return d.appendBody(b)
}

// Seal makes a Sealed of a determination and the text that AppendSealed gave for it. Equal texts are the same answer.
func (d *Determination) Seal(text string) *Sealed {
	head := len(d.Outcome) + len(d.MayBe) + len(d.Policy) + 3
	return &Sealed{d.Outcome, d.MayBe, d.Policy, d.At.KnownBy, text[head:]}
}

// Open fills d with the answer, for another row on its day.
func (s *Sealed) Open(d *Determination, it *fact.Item, day when.Date) {
	*d = Determination{
		ID: it.ID, Line: it.Line, Outcome: s.outcome, MayBe: s.mayBe, Policy: s.policy, At: when.At{Effective: day, KnownBy: s.knownBy},
		Requirements: d.Requirements[:0], Asks: d.Asks[:0], Parties: d.Parties[:0], Near: d.Near[:0], Duties: d.Duties[:0],
		NotAssessed: d.NotAssessed[:0], Notes: d.Notes[:0], Extra: extraFields(d.Extra[:0], it), sealed: s.body,
	}
}

func extraFields(to []ExtraField, it *fact.Item) []ExtraField {
	for _, x := range it.Extra {
		to = append(to, ExtraField(x))
	}
	return to
}
