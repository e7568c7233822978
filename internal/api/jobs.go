package api

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/sse"

	"lodestone/internal/app"
	"lodestone/internal/gate"
	"lodestone/internal/report"
)

type jobPage struct {
	Before int64 `query:"before" minimum:"0" doc:"Jobs before this place in the log; the newest if left out."`
	Limit  int   `query:"limit" default:"50" minimum:"1" maximum:"500"`
}

// newest is a place after every other.
const newest = 1 << 53

// upload is the part of an upload that stands in the address; the body is the file itself.
type upload struct {
	Name        string `query:"name" required:"true" maxLength:"100" doc:"What the file is called." example:"catalogue.csv"`
	From        string `query:"from" maxLength:"60" doc:"Exporting country of rows that name none." example:"CN"`
	Destination string `query:"destination" maxLength:"60" doc:"Destination of rows that name none."`
	On          day    `query:"on" format:"date" doc:"Effective day of rows that name none; today if left out."`
	KnownBy     day    `query:"known_by" format:"date" doc:"Knowledge date; the newest day that was assessed if left out."`
	Lang        string `query:"lang" enum:"en,zh,ko" default:"en"`
	file        io.Reader
}

// Resolve takes the body as it comes: it is not read whole.
func (u *upload) Resolve(ctx huma.Context) []error {
	u.file = ctx.BodyReader()
	return nil
}

// tick is how often progress is told.
const tick = 500 * time.Millisecond

func (s *service) jobs() {
	const tag = "Jobs"
	add(s, app.Screen, http.MethodPost, "/jobs", "Screen an uploaded file: send CSV or JSON Lines as the body", func(ctx context.Context, in *upload) (*body[report.Job], error) {
		u := app.Upload{From: in.From, Destination: in.Destination, On: in.On.Date, KnownBy: in.KnownBy.Date, Lang: in.Lang}
		if u.On == 0 {
			u.On = s.Today()
		}
		j, err := s.Instance.Submit(ctx, gate.Actor(ctx), in.Name, in.file, u)
		return &body[report.Job]{j}, err
	}, tag)
	add(s, app.Read, http.MethodGet, "/jobs", "List jobs, newest first", func(ctx context.Context, in *jobPage) (*body[page[report.Job]], error) {
		if in.Before == 0 {
			in.Before = newest
		}
		all, err := s.Instance.Jobs(ctx, in.Before, in.Limit)
		p := page[report.Job]{Items: all}
		if len(all) == in.Limit {
			p.Next = &all[len(all)-1].N
		}
		return &body[page[report.Job]]{p}, err
	}, tag)
	add(s, app.Read, http.MethodGet, "/jobs/{id}", "One job as it stands", func(ctx context.Context, in *byID) (*body[report.Job], error) {
		j, err := s.Instance.Job(ctx, in.ID)
		return &body[report.Job]{j}, err
	}, tag)
	add(s, app.Screen, http.MethodDelete, "/jobs/{id}", "Cancel a job that has not ended", func(ctx context.Context, in *byID) (*body[report.Job], error) {
		j, err := s.Instance.CancelJob(ctx, gate.Actor(ctx), in.ID)
		return &body[report.Job]{j}, err
	}, tag)
	add(s, app.Read, http.MethodGet, "/jobs/{id}/result", "What a job gave: JSON Lines", s.result, tag)
	events := s.operation(app.Read, http.MethodGet, "/jobs/{id}/events", "Progress of a job as server-sent events, until it ends", tag)
	events.Middlewares = append(events.Middlewares, s.isJob)
	sse.Register(s.api, events, map[string]any{"job": report.Job{}}, s.events)
}

// isJob answers at once where there is no such job: a stream has no status of its own.
func (s *service) isJob(ctx huma.Context, next func(huma.Context)) {
	if _, err := s.Instance.Job(ctx.Context(), ctx.Param("id")); err != nil {
		huma.WriteErr(s.api, ctx, http.StatusNotFound, err.Error()) // a reader who is gone is no error
		return
	}
	next(ctx)
}

// file is an answer that streams.
type file struct {
	ContentType string `header:"Content-Type"`
	Digest      string `header:"ETag"`
	Body        func(huma.Context)
}

func (s *service) result(ctx context.Context, in *byID) (*file, error) {
	f, j, err := s.Instance.Result(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &file{"application/x-ndjson", `"` + j.Result + `"`, func(out huma.Context) {
		defer f.Close()
		io.Copy(out.BodyWriter(), f) // a reader who is gone is no error
	}}, nil
}

// events tells how a job stands until it ends.
func (s *service) events(ctx context.Context, in *byID, send sse.Sender) {
	t := time.NewTicker(tick)
	defer t.Stop()
	for {
		j, err := s.Instance.Job(ctx, in.ID)
		if err != nil || send.Data(j) != nil {
			return
		}
		if j.State == "done" || j.State == "failed" || j.State == "cancelled" {
			return
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
	}
}
