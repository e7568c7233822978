package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"lodestone/internal/app"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

// law adds the pages of the law: acts over time, one entry, words found, and what changes between two days.
func (p *pages) law(mux *http.ServeMux) {
	mux.HandleFunc("GET /law", p.page(app.Read, p.lawPage))
	mux.HandleFunc("GET /law/show/{what...}", p.page(app.Read, p.entryPage))
	mux.HandleFunc("GET /law/changes", p.page(app.Read, p.changesPage))
}

// lawDoc is the acts as they stand at two times, and what words find.
type lawDoc struct {
	Pack   *report.LawPack `json:"pack,omitempty"`
	At     when.At         `json:"at"`
	Acts   []actOverTime   `json:"acts"`
	Query  string          `json:"query,omitempty"`
	Found  []report.Found  `json:"found,omitempty"`
	Code   *report.CodeUse `json:"customs_code,omitempty"` // nil: the query is no customs code
	Scale  scale           `json:"-"`
	States []string        `json:"-"`
	First  when.Date       `json:"-"` // of the sliders
	Last   when.Date       `json:"-"`
}

// actOverTime is an act with the standing of its norms from day to day.
type actOverTime struct {
	report.ActLine
	Spans []report.Span `json:"spans"`
	Bars  []bar         `json:"-"`
}

// foundMost bounds what a search shows.
const foundMost = 50

func (p *pages) lawPage(a *ask) (*answer, error) {
	at, err := p.at(a)
	if err != nil {
		return nil, err
	}
	book := p.Instance.Book
	maker := report.Maker{Book: book, Lang: a.Lang}
	snapshot := book.At(at)
	pack, err := p.Instance.Pack()
	if err != nil {
		return nil, err
	}
	doc := &lawDoc{At: at, Query: a.q("q"), States: standings, Pack: pack}
	doc.Scale = newScale(firstShown, book.Assessed.Horizon+lookAhead, at.Effective)
	doc.First, doc.Last = doc.Scale.from, doc.Scale.to
	overTime := app.ActSpans(book, at.KnownBy)
	for _, line := range maker.ActLines(snapshot) {
		spans := overTime[line.ID]
		doc.Acts = append(doc.Acts, actOverTime{line, spans, doc.Scale.bars(spans)})
	}
	slices.SortStableFunc(doc.Acts, func(x, y actOverTime) int { return cmp.Compare(y.Published, x.Published) })
	if doc.Query != "" {
		doc.Found = maker.Search(doc.Query, snapshot, foundMost)
		if code, err := app.CustomsCode(book, doc.Query, at, a.Lang); err == nil {
			doc.Code = &code
		}
	}
	return &answer{page: "law", data: doc, json: document(doc), csv: rows([]string{"act", "kind", "published", "title", "norms", "standings"}, doc.Acts, func(x *actOverTime) []string {
		return []string{x.ID, x.Kind, x.Published.String(), x.Title.In(a.Lang), number(x.Norms), standingCounts(a.Lang, x.Standings)}
	})}, nil
}

// standings in the order in which they are shown.
var standings = []string{"in_force", "suspended", "not_established", "not_yet", "ended", "unknown"}

func standingCounts(lang string, of map[string]int) string {
	var parts []string
	for _, s := range standings {
		if n := of[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, say(lang, "standing."+s)))
		}
	}
	return strings.Join(parts, ", ")
}

// The stretch of time that is shown: from before the first act that still matters to some time after the newest day that was assessed.
var firstShown = when.Day(2020, 1, 1)

const lookAhead = 550 // days

// scale puts days on a line.
type scale struct {
	from, to when.Date
	Years    []yearMark
	On       string // where the day asked about stands
}

type yearMark struct {
	Year int
	At   string
}

// bar is a span on the line.
type bar struct {
	At, Wide, State, Says string
}

func newScale(from, to, on when.Date) scale {
	from, to = min(from, on-90), max(to, on+90)
	s := scale{from: from, to: to}
	s.On = s.at(on)
	for year := from.Year() + 1; year <= to.Year(); year++ {
		s.Years = append(s.Years, yearMark{year, s.at(when.Day(year, 1, 1))})
	}
	return s
}

func (s *scale) share(d when.Date) float64 {
	return 100 * float64(max(s.from, min(s.to, d))-s.from) / float64(s.to-s.from)
}

func (s *scale) at(d when.Date) string { return fmt.Sprintf("%.2f%%", s.share(d)) }

// bars are the spans that lie on the line, but for those in which nothing stands.
func (s *scale) bars(spans []report.Span) []bar {
	var list []bar
	for _, x := range spans {
		until := cmp.Or(x.Until, s.to)
		if x.Standing == "unknown" || x.Standing == "ended" || until <= s.from || x.From >= s.to {
			continue
		}
		says := shownDay(x.From) + " –"
		if x.Until != 0 {
			says += " " + (x.Until - 1).String()
		}
		list = append(list, bar{s.at(x.From), fmt.Sprintf("%.2f%%", s.share(until)-s.share(x.From)), x.Standing, says})
	}
	return list
}

// entryDoc is an act, a norm or a control code as it stands.
type entryDoc struct {
	What  string
	At    when.At
	Acts  []report.Act
	Norms map[string]*normTime // by norm
	Scale scale
}

// normTime is the standing of a norm over time.
type normTime struct {
	Spans []report.Span
	Bars  []bar
}

func (p *pages) entryPage(a *ask) (*answer, error) {
	at, err := p.at(a)
	if err != nil {
		return nil, err
	}
	book, what := p.Instance.Book, a.PathValue("what")
	acts, err := app.ShowLaw(book, what, at, a.Lang)
	if err != nil {
		return nil, unknown{err}
	}
	over, err := app.LawTimeline(book, what, at.KnownBy, a.Lang)
	if err != nil {
		return nil, unknown{err}
	}
	doc := &entryDoc{What: what, At: at, Acts: acts, Norms: map[string]*normTime{}, Scale: newScale(firstShown, book.Assessed.Horizon+lookAhead, at.Effective)}
	for _, row := range over.Norms {
		doc.Norms[row.Norm] = &normTime{row.Span, doc.Scale.bars(row.Span)}
	}
	return &answer{page: "entry", title: what, data: doc, json: document(acts), csv: func(add table) error {
		if err := add("act", "norm", "code", "name", "standing", "by", "effect", "cite", "condition", "customs_codes"); err != nil {
			return err
		}
		for _, act := range acts {
			for _, n := range act.Norms {
				if err := add(act.ID, n.Norm, n.Code, n.Name.In(a.Lang), n.Standing, n.By, n.Effect, n.Cite, n.Condition, strings.Join(n.HS, " ")); err != nil {
					return err
				}
			}
		}
		return nil
	}}, nil
}

// unknown is an error that says that there is no such thing, and what was probably meant.
type unknown struct{ error }

func (u unknown) Unwrap() error { return app.ErrUnknown }

// changesDoc is what stands differently on two days.
type changesDoc struct {
	report.LawDiff
	Groups []report.NormGroup `json:"-"`
}

func (p *pages) changesPage(a *ask) (*answer, error) {
	book := p.Instance.Book
	from, to := when.At{}, when.At{}
	for _, x := range []struct {
		name  string
		to    *when.Date
		other when.Date
	}{{"from", &from.Effective, a.Today}, {"from_known_by", &from.KnownBy, book.Assessed.Horizon}, {"to", &to.Effective, a.Today + soonDays}, {"to_known_by", &to.KnownBy, book.Assessed.Horizon}} {
		var err error
		if *x.to, err = a.day(x.name, x.other); err != nil {
			return nil, err
		}
	}
	diff := (&report.Maker{Book: book, Lang: a.Lang}).LawDiff(book.At(from), book.At(to))
	return &answer{page: "changes", data: changesDoc{diff, diff.Groups()}, json: document(diff),
		csv: rows([]string{"act", "norm", "code", "name", "before", "after", "by"}, diff.Norms, func(n *report.NormDiff) []string {
			return []string{n.Act, n.Norm, n.Code, n.Name.In(a.Lang), n.Before, n.After, n.By}
		})}, nil
}
