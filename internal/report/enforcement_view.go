package report

import (
	"html/template"
	"strings"

	"lodestone/internal/enforce"
)

// EnforcementView says statistics and estimates in a language, for pages that lay them out themselves.
type EnforcementView struct{ Lang string }

// Said is a word or a sentence of the statistics in the language.
func (v EnforcementView) Said(text string) string { return said(v.Lang, text) }

// Word is a code such as no_licence in words.
func (v EnforcementView) Word(code string) string {
	return said(v.Lang, strings.ReplaceAll(code, "_", " "))
}

// Heading are the lines that say what was counted.
func (v EnforcementView) Heading(s *enforce.Stats) []string { return statsHeading(v.Lang, s) }

// Ratio is fine to value in all its ways, with the number behind it.
func (v EnforcementView) Ratio(r enforce.RatioSummary) string { return ratioText(v.Lang, r) }

// Bars draws the counts of a table.
func (v EnforcementView) Bars(t enforce.StatTable) template.HTML { return bars(v.Lang, t) }

// Figure is a number that may be withheld.
func (v EnforcementView) Figure(x *float64, digits int) string { return grouped(figure(x, digits)) }

// Amount is a number of a decision; a dash where the text gives none.
func (v EnforcementView) Amount(n *enforce.Number) string { return grouped(orDash(n)) }

// Article names the article of a band, with its paragraph where it has one.
func (v EnforcementView) Article(b *enforce.BandLine) string { return articleOf(v.Lang, b) }

// Beside are the consequences beside the fine, a sentence each.
func (v EnforcementView) Beside(c *enforce.Consequences) []string {
	var b strings.Builder
	p := &printer{w: &b}
	p.consequences(v.Lang, c)
	var list []string
	for line := range strings.Lines(b.String()) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list[min(1, len(list)):] // the first is the heading
}
