package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"lodestone/internal/app"
	"lodestone/internal/gate"
	"lodestone/internal/report"
)

type catalogueChanges struct {
	ByID
	Job string `query:"job" required:"true" maxLength:"60" doc:"A screening, as the catalogue lists it." example:"NONE"`
}

type alertPage struct {
	Lang
	Before  int64  `query:"before" minimum:"0" doc:"Alerts before this place in the log; the newest if left out."`
	After   int64  `query:"after" minimum:"0" doc:"Alerts after this place in the log, oldest first: what came since you last asked."`
	Limit   int    `query:"limit" default:"50" minimum:"1" maximum:"500"`
	Kind    string `query:"kind" maxLength:"60" doc:"Only alerts of this kind, or of those that begin with it and a point." example:"catalogue"`
	Subject string `query:"subject" maxLength:"200" doc:"Only alerts about this."`
	Unseen  bool   `query:"unseen" doc:"Only alerts that you have not acknowledged."`
}

type acknowledge struct {
	ByID
	Lang
	Body struct {
		Note string `json:"note,omitempty" maxLength:"2000" doc:"What you did about it."`
	}
}

func (s *service) change() {
	const catalogues, alerts = "Catalogues", "Alerts"
	receive(s, app.Screen, app.MaxUpload, "/catalogues", "Keep a file of items under a name and have it screened now and whenever the law changes: send it as the body. Another file under the name is a new version",
		func(ctx context.Context, in *Rows) (*body[report.Catalogue], error) {
			c, err := s.Instance.KeepCatalogue(ctx, gate.Actor(ctx), in.Name, in.file, in.upload(""), s.Today())
			return &body[report.Catalogue]{c}, err
		}, catalogues)
	add(s, app.Read, http.MethodGet, "/catalogues", "List catalogues by name, each with its newest screening", func(ctx context.Context, _ *struct{}) (*body[[]report.Catalogue], error) {
		all, err := s.Instance.Catalogues(ctx)
		return &body[[]report.Catalogue]{all}, err
	}, catalogues)
	add(s, app.Read, http.MethodGet, "/catalogues/{id}", "One catalogue with its versions and screenings", func(ctx context.Context, in *ByID) (*body[report.Catalogue], error) {
		c, err := s.Instance.Catalogue(ctx, in.ID)
		return &body[report.Catalogue]{c}, err
	}, catalogues)
	add(s, app.Screen, http.MethodDelete, "/catalogues/{id}", "Screen a catalogue no longer; what was found stays", func(ctx context.Context, in *ByID) (*body[report.Catalogue], error) {
		c, err := s.Instance.EndCatalogue(ctx, gate.Actor(ctx), in.ID)
		return &body[report.Catalogue]{c}, err
	}, catalogues)
	add(s, app.Read, http.MethodGet, "/catalogues/{id}/changes", "The rows that stand otherwise than in the screening before: JSON Lines, as impact prints them", s.changes, catalogues)
	add(s, app.Read, http.MethodGet, "/alerts", "List alerts, newest first", func(ctx context.Context, in *alertPage) (*body[page[report.Alert]], error) {
		all, err := s.Instance.Alerts(ctx, gate.Actor(ctx), app.AlertQuery{Kind: in.Kind, Subject: in.Subject, Unseen: in.Unseen, Before: in.Before, After: in.After,
			Limit: in.Limit, Lang: in.Lang.Lang})
		p := page[report.Alert]{Items: all}
		if len(all) == in.Limit {
			p.Next = &all[len(all)-1].N
		}
		return &body[page[report.Alert]]{p}, err
	}, alerts)
	add(s, app.Read, http.MethodPost, "/alerts/{id}/acknowledgement", "Say that you have seen an alert", func(ctx context.Context, in *acknowledge) (*body[report.Alert], error) {
		a, err := s.Instance.Acknowledge(ctx, gate.Actor(ctx), in.ID, in.Body.Note, in.Lang.Lang)
		return &body[report.Alert]{a}, err
	}, alerts)
}

func (s *service) changes(ctx context.Context, in *catalogueChanges) (*file, error) {
	changes, err := s.Instance.Changes(ctx, in.ID, in.Job)
	if err != nil {
		return nil, err
	}
	return &file{ContentType: "application/x-ndjson", Body: func(out huma.Context) {
		if err := changes(out.BodyWriter()); err != nil && ctx.Err() == nil { // the status is on its way already
			s.Log.Error("changes could not be written", "error", err)
		}
	}}, nil
}
