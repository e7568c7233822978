package app

import (
	"testing"

	"lodestone/internal/report"
	"lodestone/internal/when"
)

// The standing of an act over time is that of its norms on each day: heaviest first, with no day left out and none twice.
func TestActSpansFollowTheirNorms(t *testing.T) {
	b, _, err := LoadBook("")
	if err != nil {
		t.Fatal(err)
	}
	known := b.Assessed.Horizon
	for act, spans := range ActSpans(b, known) {
		for i, s := range spans {
			if i > 0 && spans[i-1].Until != s.From || i == 0 && s.From != 0 || i == len(spans)-1 && s.Until != 0 {
				t.Errorf("%s: span %d of %+v does not follow the one before", act, i, spans)
			}
		}
		for _, day := range []when.Date{when.Day(2024, 6, 1), when.Day(2025, 10, 15), when.Day(2026, 3, 1), when.Day(2026, 11, 20)} {
			at, want := when.At{Effective: day, KnownBy: known}, "unknown"
			for n := range b.Norms {
				if b.Norms[n].Act.ID != act || b.Norms[n].Kind == "suspension" {
					continue
				}
				if s := b.Standing(n, at).State.String(); rank(s) < rank(want) {
					want = s
				}
			}
			if got := standingOn(spans, day); got != want {
				t.Errorf("%s on %s is shown %s, its norms say %s", act, day, got, want)
			}
		}
	}
}

func rank(state string) int {
	for i, s := range weighs {
		if s == state {
			return i
		}
	}
	return len(weighs)
}

func standingOn(spans []report.Span, day when.Date) string {
	for _, s := range spans {
		if s.From <= day && (s.Until == 0 || day < s.Until) {
			return s.Standing
		}
	}
	return "none"
}
