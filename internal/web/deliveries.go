package web

import (
	"fmt"
	"net/http"

	"lodestone/internal/app"
	"lodestone/internal/report"
)

// deliveries adds the page of where alerts are sent.
func (p *pages) deliveries(mux *http.ServeMux) {
	mux.HandleFunc("GET "+deliveriesPath, p.page(app.Govern, p.deliveriesPage))
	mux.HandleFunc("POST "+deliveriesPath, p.page(app.Govern, p.addTarget))
	mux.HandleFunc("POST "+deliveriesPath+"/{id}", p.page(app.Govern, p.changeTarget))
}

const (
	deliveriesPath   = "/alerts/delivery"
	deliveriesAPage  = 50
	targetOfDelivery = "target" // in the address: whose deliveries are shown
)

type deliveriesDoc struct {
	Targets    []report.DeliveryTarget `json:"targets"`
	Deliveries []report.Delivery       `json:"deliveries"`
	Next       int64                   `json:"next,omitempty"` // zero: these are the oldest
	Kinds      []string                `json:"-"`
	Older      string                  `json:"-"` // empty: these are the oldest
	NoMail     bool                    `json:"-"` // the server was started without a mail server
	New        report.DeliveryTarget   `json:"-"` // just made; its secret is shown once
}

// To is the address of a target; of one that has ended, its id.
func (d deliveriesDoc) To(target string) string {
	for _, t := range d.Targets {
		if t.ID == target {
			return t.Address
		}
	}
	return target
}

func (p *pages) deliveriesPage(a *ask) (*answer, error) {
	before, err := a.before()
	if err != nil {
		return nil, err
	}
	doc := deliveriesDoc{Kinds: report.AlertKinds(), NoMail: p.Instance.Outward.Mail == nil}
	if doc.Targets, err = p.Instance.Targets(a.Context()); err != nil {
		return nil, err
	}
	if doc.Deliveries, err = p.Instance.Deliveries(a.Context(), a.q(targetOfDelivery), before, deliveriesAPage, a.Lang); err != nil {
		return nil, err
	}
	if n := len(doc.Deliveries); n == deliveriesAPage {
		doc.Next = doc.Deliveries[n-1].N
		doc.Older = a.here("before", fmt.Sprint(doc.Next))
	}
	head := []string{"delivery", "target", "kind", "alerts", "state", "tries", "at", "problem", "code"}
	return &answer{page: "deliveries", data: doc, json: document(doc), csv: rows(head, doc.Deliveries, func(d *report.Delivery) []string {
		last := d.Steps[len(d.Steps)-1]
		return []string{d.ID, d.Target, d.Kind, number(d.Alerts), d.State, number(last.Try), last.At, last.Problem, number(last.Code)}
	})}, nil
}

// addTarget has alerts sent to another target, and shows the secret of a webhook, this once.
func (p *pages) addTarget(a *ask) (*answer, error) {
	if err := a.ParseForm(); err != nil {
		return nil, app.InvalidBy("form", err)
	}
	t, err := p.Instance.AddTarget(a.Context(), a.Actor, a.PostFormValue("address"), a.PostFormValue("speaks"), a.PostForm["kind"])
	if err != nil {
		return nil, err
	}
	if t.Secret == "" {
		return &answer{to: deliveriesPath}, nil
	}
	x, err := p.deliveriesPage(a)
	if err != nil {
		return nil, err
	}
	doc := x.data.(deliveriesDoc)
	doc.New = t
	x.data, x.json, x.csv = doc, nil, nil
	return x, nil
}

// changeTarget tests a target, or has it stand otherwise: the buttons bear the names of the states.
func (p *pages) changeTarget(a *ask) (*answer, error) {
	id, do := a.PathValue("id"), a.PostFormValue("do")
	var err error
	if do == "test" {
		_, err = p.Instance.TestTarget(a.Context(), a.Actor, id, a.Lang)
	} else {
		_, err = p.Instance.SetTarget(a.Context(), a.Actor, id, do)
	}
	return &answer{to: deliveriesPath}, err
}
