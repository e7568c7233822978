package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lodestone/internal/law"
	"lodestone/internal/when"
)

// Summary counts the rows of a screening.
type Summary struct {
	Rows     int            `json:"rows"`
	Refused  int            `json:"refused"`
	Outcomes map[string]int `json:"outcomes"`
	Open     int            `json:"open"` // rows with a may_be
	Law      LawRef         `json:"law"`
	KnownBy  when.Date      `json:"known_by"`
	Acts     int            `json:"acts"`
	Note     string         `json:"note"`
	Worst    law.Outcome    `json:"-"` // most severe of may_be, or of outcome where nothing is open

	Shipments     []Shipment `json:"shipments,omitempty"` // lines joined by their shipment number; empty: none is stated
	MoreShipments bool       `json:"more_shipments,omitempty"`
}

// Shipment is the lines of one declaration together. Its outcome is that of its worst line: one controlled line holds all of it.
type Shipment struct {
	ID        string   `json:"id"`
	Lines     int      `json:"lines"`
	Outcome   string   `json:"outcome"`
	MayBe     string   `json:"may_be,omitempty"`
	By        string   `json:"by"`                   // id of the line that is worst
	SplitWith []string `json:"split_with,omitempty"` // other shipments with the same controlled goods to the same party on the same day

	outcome, worst law.Outcome
}

// Add counts a line in.
func (s *Shipment) Add(id string, outcome, worst law.Outcome) {
	if s.Lines == 0 || worst > s.worst || worst == s.worst && outcome > s.outcome {
		s.By = id
	}
	s.Lines++
	s.outcome, s.worst = max(s.outcome, outcome), max(s.worst, worst)
	s.Outcome, s.MayBe = s.outcome.String(), ""
	if s.worst > s.outcome {
		s.MayBe = s.worst.String()
	}
}

// Text is the summary in words, with the line that says what an answer is not.
func (s *Summary) Text(lang string) string {
	var parts []string
	words := law.OutcomeWords()
	for i := len(words) - 1; i >= 0; i-- {
		if n := s.Outcomes[words[i]]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, words[i]))
		}
	}
	var b strings.Builder
	b.WriteString(Say(lang, "summary.rows", "n", strconv.Itoa(s.Rows), "list", strings.Join(parts, ", ")))
	if s.Refused > 0 {
		b.WriteString("\n" + refusedText(lang, s.Rows, s.Refused))
	}
	s.shipments(&b, lang)
	b.WriteString("\n" + Say(lang, "summary.law", "revision", short(s.Law.Revision), "horizon", s.Law.AssessedUntil.String(), "known", s.KnownBy.String()))
	b.WriteString("\n" + Disclaimer(lang, s.Acts, s.Law.AssessedUntil))
	return b.String()
}

// refusedText says that nothing was lost: what was read was answered or refused.
func refusedText(lang string, rows, refused int) string {
	return Say(lang, "summary.refused", "n", strconv.Itoa(refused), "rows", strconv.Itoa(rows), "total", strconv.Itoa(rows+refused))
}

func short(revision string) string {
	if len(revision) > 19 {
		return revision[:19]
	}
	return revision
}

// Disclaimer says, once in a document, what an answer is and is not.
func Disclaimer(lang string, acts int, horizon when.Date) string {
	return Say(lang, "disclaimer", "acts", strconv.Itoa(acts), "horizon", horizon.String())
}

// shownShipments bounds the shipments that the summary spells out.
const shownShipments = 5

// shipments writes the worst shipments, and those whose goods stand in several declarations.
func (s *Summary) shipments(b *strings.Builder, lang string) {
	if len(s.Shipments) == 0 {
		return
	}
	worst := slices.Clone(s.Shipments)
	slices.SortStableFunc(worst, func(x, y Shipment) int { return int(y.worst) - int(x.worst) })
	var parts []string
	for _, x := range worst[:min(shownShipments, len(worst))] {
		outcome := x.Outcome
		if x.MayBe != "" {
			outcome += " / " + x.MayBe
		}
		parts = append(parts, Say(lang, "summary.shipment", "id", x.ID, "outcome", outcome, "by", x.By))
	}
	b.WriteString("\n" + Say(lang, "summary.shipments", "n", strconv.Itoa(len(s.Shipments)), "list", strings.Join(parts, "; ")))
	for _, x := range s.Shipments {
		if len(x.SplitWith) > 0 {
			b.WriteString("\n" + x.ID + ": " + Say(lang, "flag.split", "list", strings.Join(x.SplitWith, ", ")))
		}
	}
}
