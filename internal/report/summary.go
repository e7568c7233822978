package report

import (
	"fmt"
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
		b.WriteString("\n" + Say(lang, "summary.refused", "n", strconv.Itoa(s.Refused)))
	}
	b.WriteString("\n" + Say(lang, "summary.law", "revision", short(s.Law.Revision), "horizon", s.Law.AssessedUntil.String(), "known", s.KnownBy.String()))
	b.WriteString("\n" + Disclaimer(lang, s.Acts, s.Law.AssessedUntil))
	return b.String()
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
