package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"lodestone/internal/app"
	"lodestone/internal/report"
)

// today adds the page that a person opens in the morning, and the first steps of a new instance.
func (p *pages) today(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", p.page(app.Read, p.todayPage))
	mux.HandleFunc("GET /begin", p.page(app.Read, p.begin))
}

// soonDays is how far Today looks ahead.
const soonDays = 120

// shownJobs is how many of the newest jobs Today shows.
const shownJobs = 8

// todayDoc is what Today shows: what ends soon in the law, how old the data are, and what is being worked on.
type todayDoc struct {
	Law   report.Status      `json:"law"`
	Lists []report.PartyList `json:"lists"`
	Jobs  []jobLine          `json:"jobs"`

	Cases        []report.Case               `json:"cases"` // to be done, the one last touched first
	Licences     []report.HeldLicence        `json:"licences"`
	Applications []report.LicenceApplication `json:"applications"` // with a clock that runs
	People       names                       `json:"-"`

	Catalogues []catalogueLine `json:"catalogues"` // that are screened, each as it stood in its last screening

	Alerts []report.Alert `json:"alerts"` // the newest that the asker has not acknowledged
	Unseen string         `json:"-"`      // how many there are; empty: none
}

// shownWork bounds each list of what is to be done.
const shownWork = 8

// catalogueLine is a catalogue with its last screening.
type catalogueLine struct {
	report.Catalogue
	Last report.CatalogueScreening `json:"last"` // not ahead of its day
}

// Stops counts the rows that some rule keeps from going, for certain.
func (c catalogueLine) Stops() int { return stops(c.Last.Summary.Outcomes) }

// jobLine is a job with its counts, for a list.
type jobLine struct {
	report.Job
	Counts *report.Summary `json:"-"` // nil: it has not ended well
}

// Stops counts the rows that some rule keeps from going, for certain.
func (j jobLine) Stops() int { return stops(j.Counts.Outcomes) }

func stops(outcomes map[string]int) (n int) {
	for _, word := range []string{"prohibited", "deny", "licence", "goods_licence"} {
		n += outcomes[word]
	}
	return n
}

func linesOf(jobs []report.Job) []jobLine {
	list := make([]jobLine, len(jobs))
	for i, j := range jobs {
		list[i].Job = j
		var s report.Summary
		if len(j.Summary) > 0 && json.Unmarshal(j.Summary, &s) == nil {
			list[i].Counts = &s
		}
	}
	return list
}

func (p *pages) todayPage(a *ask) (*answer, error) {
	jobs, err := p.Instance.FileJobs(a.Context(), newest, shownJobs)
	if err != nil {
		return nil, err
	}
	law, err := p.Instance.LawStatus(a.Lang, a.Today, soonDays)
	if err != nil {
		return nil, err
	}
	doc := todayDoc{Law: law, Jobs: linesOf(jobs)}
	if doc.Lists, err = p.Instance.PartyLists(a.Context(), a.Today, a.Lang); err != nil {
		return nil, err
	}
	if err := errors.Join(p.work(a, &doc), p.unseen(a, &doc), p.watched(a, &doc)); err != nil {
		return nil, err
	}
	return &answer{page: "today", data: doc, json: document(doc),
		csv: rows([]string{"last_day", "days", "ended", "act", "what", "touches"}, doc.Law.Windows, func(w *report.Window) []string {
			return []string{w.Last.String(), number(w.Days), yesNo(w.Ended), w.Act, w.What.In(a.Lang), strings.Join(w.Touches, " ")}
		})}, nil
}

// work fills in what somebody has to do: cases, licences that run out, applications whose clock runs.
func (p *pages) work(a *ask, doc *todayDoc) (err error) {
	if doc.People, err = p.names(a); err != nil {
		return err
	}
	if doc.Cases, err = p.Instance.Cases(a.Context(), app.CaseQuery{States: openStates, Limit: shownWork}); err != nil {
		return err
	}
	if doc.Licences, err = p.Instance.HeldLicences(a.Context(), 0, shownWork, soonDays, a.Lang); err != nil {
		return err
	}
	applied, err := p.Instance.Applications(a.Context(), 0, licencesShown, a.Lang)
	for _, x := range applied {
		if x.Due != nil && len(doc.Applications) < shownWork {
			doc.Applications = append(doc.Applications, x)
		}
	}
	return err
}

// unseen fills in the alerts that the asker has not acknowledged.
func (p *pages) unseen(a *ask, doc *todayDoc) (err error) {
	doc.Alerts, err = p.Instance.Alerts(a.Context(), a.Actor, app.AlertQuery{Unseen: true, Limit: countedAlerts + 1, Lang: a.Lang})
	if n := len(doc.Alerts); n > countedAlerts {
		doc.Unseen = number(countedAlerts) + "+"
	} else if n > 0 {
		doc.Unseen = number(n)
	}
	doc.Alerts = doc.Alerts[:min(len(doc.Alerts), shownAlerts)]
	return err
}

// watched fills in the catalogues that are screened again whenever the law changes.
func (p *pages) watched(a *ask, doc *todayDoc) error {
	all, err := p.Instance.Catalogues(a.Context())
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.Ended || len(doc.Catalogues) == shownWork {
			continue
		}
		if c, err = p.Instance.Catalogue(a.Context(), c.ID); err != nil {
			return err
		}
		line := catalogueLine{Catalogue: c}
		if n := slices.IndexFunc(c.Screenings, func(s report.CatalogueScreening) bool { return !s.Ahead }); n >= 0 {
			line.Last = c.Screenings[n]
		}
		line.Screenings, line.Versions = nil, nil
		doc.Catalogues = append(doc.Catalogues, line)
	}
	return nil
}

// Today counts so many alerts, and shows so many of them.
const countedAlerts, shownAlerts = 100, 5

// newest is a place in the log after every other.
const newest = 1 << 53

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// beginDoc is what the first steps check.
type beginDoc struct {
	Law   report.Status
	Acts  int
	Norms int
	Lists []report.PartyList
	Jobs  int
}

func (p *pages) begin(a *ask) (*answer, error) {
	jobs, err := p.Instance.Jobs(a.Context(), newest, 1)
	if err != nil {
		return nil, err
	}
	lists, err := p.Instance.PartyLists(a.Context(), a.Today, a.Lang)
	if err != nil {
		return nil, err
	}
	b := p.Instance.Book
	maker := report.Maker{Book: b, Lang: a.Lang}
	return &answer{page: "begin", data: beginDoc{maker.Status(a.Today, soonDays), len(b.Acts), len(b.Norms), lists, len(jobs)}}, nil
}
