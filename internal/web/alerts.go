package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"lodestone/internal/app"
	"lodestone/internal/report"
)

// alerts adds the page of what the program noticed.
func (p *pages) alerts(mux *http.ServeMux) {
	mux.HandleFunc("GET /alerts", p.page(app.Read, p.alertsPage))
	mux.HandleFunc("POST /alerts/{id}", p.page(app.Read, p.acknowledge)) // whoever may read an alert may say that they have
}

const alertsAPage = 50

// alertKinds are the kinds of alerts about catalogues, without the word before their point.
var alertKinds = []string{"outcome", "requirement", "party", "coming_outcome", "coming_requirement", "coming_party", "unreadable", "more", "failed"}

type alertsDoc struct {
	Alerts []alertLine `json:"alerts"`
	Next   int64       `json:"next,omitempty"` // zero: these are the oldest
	Kinds  []string    `json:"-"`
	Older  string      `json:"-"` // empty: these are the oldest
	People names       `json:"-"`
}

// alertLine is an alert with the addresses that belong to it.
type alertLine struct {
	report.Alert
	About string `json:"-"` // page of what it is about; empty: there is none
	Ack   string `json:"-"` // where it is acknowledged; empty: the asker has done so
}

// aboutAlert is the page of what an alert is about; empty: it has none.
func aboutAlert(subject string) string {
	if id, ok := strings.CutPrefix(subject, "catalogue/"); ok {
		return "/catalogues/" + url.PathEscape(id)
	}
	if strings.HasPrefix(subject, "party_list/") {
		return "/parties"
	}
	return ""
}

func (p *pages) alertsPage(a *ask) (*answer, error) {
	before, err := a.before()
	if err != nil {
		return nil, err
	}
	q := app.AlertQuery{Kind: a.q("kind"), Subject: a.q("subject"), Unseen: a.q("unseen") != "", Before: before, Limit: alertsAPage, Lang: a.Lang}
	all, err := p.Instance.Alerts(a.Context(), a.Actor, q)
	if err != nil {
		return nil, err
	}
	doc := alertsDoc{Alerts: make([]alertLine, len(all)), Kinds: alertKinds}
	for n, x := range all {
		doc.Alerts[n] = alertLine{Alert: x, About: aboutAlert(x.Subject), Ack: address("/alerts/"+x.ID, a.URL.Query(), "lang", "", "theme", "")}
		for _, s := range x.Seen {
			if s.Person == a.Actor.Person {
				doc.Alerts[n].Ack = ""
			}
		}
	}
	if len(all) == alertsAPage {
		doc.Next = all[len(all)-1].N
		doc.Older = a.here("before", fmt.Sprint(doc.Next))
	}
	doc.People, err = p.names(a)
	return &answer{page: "alerts", data: doc, json: document(doc), csv: allRows([]string{"alert", "kind", "subject", "text", "acknowledged", "recorded_at"},
		func(before int64, limit int) ([]report.Alert, error) {
			q.Before, q.Limit = before, limit
			return p.Instance.Alerts(a.Context(), a.Actor, q)
		}, func(x *report.Alert) int64 { return x.N },
		func(x *report.Alert) []string {
			return []string{x.ID, x.Kind, x.Subject, x.Text, number(len(x.Seen)), x.RecordedAt}
		})}, err
}

// acknowledge records that somebody has seen an alert, and goes back to the list as it was filtered.
func (p *pages) acknowledge(a *ask) (*answer, error) {
	_, err := p.Instance.Acknowledge(a.Context(), a.Actor, a.PathValue("id"), strings.TrimSpace(a.PostFormValue("note")), a.Lang)
	return &answer{to: address("/alerts", a.URL.Query())}, err
}
