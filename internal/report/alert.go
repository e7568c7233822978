package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"lodestone/internal/when"
)

// Standing is how a row stands at one point in time, as impact compares it.
type Standing struct {
	ID      string `json:"id"`
	Line    int    `json:"line"`
	Product string `json:"product,omitempty"` // the part at the top that it is in; empty: the row stands by itself
	Stand   Stand  `json:"stand"`             // without an outcome: the row cannot be read
}

// CatalogueSummary counts what a screening of a catalogue found.
type CatalogueSummary struct {
	Rows     int            `json:"rows"`
	Refused  int            `json:"refused" doc:"Rows that cannot be read."`
	Open     int            `json:"open" doc:"Rows that may still come to something worse."`
	Outcomes map[string]int `json:"outcomes"`
	At       when.At        `json:"at"`
	Law      LawRef         `json:"law"`
	Impact   *ImpactSummary `json:"impact,omitempty" doc:"What changed since the screening before; left out for the first one of a version."`
	Note     string         `json:"note"`
}

// Catalogue is a file of items that is screened again whenever the law changes.
type Catalogue struct {
	ID         string               `json:"id"`
	Name       string               `json:"name"`
	Version    int                  `json:"version"`
	Size       int64                `json:"size" doc:"Of the file, in bytes."`
	Input      string               `json:"input" doc:"SHA-256 of the file."`
	Question   Document             `json:"question" doc:"How its rows are read and answered."`
	Ended      bool                 `json:"ended,omitempty" doc:"No longer screened."`
	RecordedAt string               `json:"recorded_at"`
	RecordedBy string               `json:"recorded_by" doc:"Id of a person."`
	Screenings []CatalogueScreening `json:"screenings,omitempty" doc:"Newest first; in lists the newest only."`
	Versions   []Catalogue          `json:"versions,omitempty" doc:"Newest first; left out in lists."`
}

// CatalogueScreening is one screening of a catalogue.
type CatalogueScreening struct {
	Job       string            `json:"job" doc:"Its result holds, for each row, how it stands."`
	Version   int               `json:"version"`
	State     string            `json:"state" enum:"queued,running,done,failed,cancelled"`
	Law       string            `json:"law" doc:"Revision of the law."`
	Effective string            `json:"effective"`
	KnownBy   string            `json:"known_by"`
	Before    string            `json:"before,omitempty" doc:"The job whose answers were compared with."`
	Ahead     bool              `json:"ahead,omitempty" doc:"As of a day that was still to come."`
	Summary   *CatalogueSummary `json:"summary,omitempty" doc:"Once it is done."`
	Problem   string            `json:"problem,omitempty" doc:"Why it failed."`
	ChangedAt string            `json:"changed_at"`
}

// WriteText prints a catalogue for people.
func (c *Catalogue) WriteText(w io.Writer, lang string) error {
	p := &printer{w: w}
	p.f("%s  %s\n", c.ID, Say(lang, "catalogue.head", "name", c.Name, "version", fmt.Sprint(c.Version), "at", c.RecordedAt))
	if c.Ended {
		p.f("  %s\n", Say(lang, "catalogue.ended"))
	}
	for i := range c.Screenings {
		x := &c.Screenings[i]
		p.f("  %s@%s  %s  %s\n", x.Effective, x.KnownBy, Say(lang, "job."+x.State), x.counts(lang))
	}
	return p.err
}

func (x *CatalogueScreening) counts(lang string) string {
	if x.Summary == nil {
		return x.Problem
	}
	words := []string{Say(lang, "catalogue.rows", "rows", fmt.Sprint(x.Summary.Rows), "refused", fmt.Sprint(x.Summary.Refused))}
	for _, o := range slices.Sorted(maps.Keys(x.Summary.Outcomes)) {
		words = append(words, fmt.Sprintf("%s %d", o, x.Summary.Outcomes[o]))
	}
	if i := x.Summary.Impact; i != nil {
		words = append(words, Say(lang, "catalogue.changed", "n", fmt.Sprint(i.Changed)))
	}
	return strings.Join(words, ", ")
}

// Alert is something that people should look at.
type Alert struct {
	ID         string            `json:"id"`
	N          int64             `json:"n" doc:"Its place in the log."`
	Kind       string            `json:"kind" doc:"What happened; catalogue.outcome: an item is answered otherwise than before."`
	Subject    string            `json:"subject" doc:"What it is about: kind of thing, a stroke, its id."`
	Facts      map[string]string `json:"facts"`
	Text       string            `json:"text" doc:"In words."`
	Seen       []AlertSeen       `json:"acknowledged" doc:"Who has seen it, oldest first."`
	RecordedAt string            `json:"recorded_at"`
	RecordedBy string            `json:"recorded_by"`
}

// AlertSeen is one acknowledgement.
type AlertSeen struct {
	Person string `json:"person" doc:"Id of a person."`
	At     string `json:"at"`
	Note   string `json:"note,omitempty"`
}

// AlertKinds lists the kinds of alerts, which the catalogues of texts have a sentence for each.
func AlertKinds() (kinds []string) {
	for key := range catalogues["en"]() {
		if kind, ok := strings.CutPrefix(key, "alert."); ok && strings.Contains(kind, ".") {
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds)
	return kinds
}

// AlertText says an alert in words. Among its facts may be outcomes: was and is, with what they may be.
func AlertText(lang, kind string, facts map[string]string) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(facts)) {
		pairs = append(pairs, name, facts[name])
	}
	pairs = append(pairs, "was", outcomeWords(lang, facts["was"], facts["was_may_be"]), "is", outcomeWords(lang, facts["is"], facts["is_may_be"]))
	return Say(lang, "alert."+kind, pairs...)
}

// outcomeWords is an outcome with what it may still be, for people; empty: none.
func outcomeWords(lang, outcome, mayBe string) string {
	if outcome == "" {
		return ""
	}
	words := Say(lang, "outcome."+outcome)
	if mayBe != "" {
		words += " (" + Say(lang, "page.may_be", "outcome", Say(lang, "outcome."+mayBe)) + ")"
	}
	return words
}

// WriteText prints an alert for people.
func (a *Alert) WriteText(w io.Writer, lang string) error {
	state := Say(lang, "alert.unseen")
	if len(a.Seen) > 0 {
		state = Say(lang, "alert.seen", "n", fmt.Sprint(len(a.Seen)))
	}
	_, err := fmt.Fprintf(w, "%s  %s  %s\n  %s\n", a.ID, a.RecordedAt, state, a.Text)
	return err
}
