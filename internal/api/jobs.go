package api

import (
	"context"
	"mime"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/danielgtaylor/huma/v2/sse"

	"lodestone/internal/app"
	"lodestone/internal/gate"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

type jobPage struct {
	Before int64 `query:"before" minimum:"0" doc:"Jobs before this place in the log; the newest if left out."`
	Limit  int   `query:"limit" default:"50" minimum:"1" maximum:"500"`
}

// newest is a place after every other.
const newest = 1 << 53

// Rows say how the rows of an uploaded table are read and printed.
type Rows struct {
	SentOnce
	Lang
	FromCountry string   `query:"from_country" maxLength:"60" doc:"Exporting country of rows that name none." example:"CN"`
	Destination string   `query:"destination" maxLength:"60" doc:"Destination of rows that name none."`
	Sheet       string   `query:"sheet" maxLength:"100" doc:"Sheet of a workbook; the first with known headings if left out."`
	Encoding    string   `query:"encoding" enum:"utf-8,utf-16,gb18030,cp949" doc:"Of a text; told from its bytes if left out."`
	Map         []string `query:"map,explode" maxItems:"100" doc:"What a heading means: column=heading."`
}

func (r *Rows) upload(output string) app.Upload {
	return app.Upload{From: r.FromCountry, Destination: r.Destination, Sheet: r.Sheet, Encoding: r.Encoding, Map: r.Map, Lang: r.Lang.Lang, Output: report.Format(output), Once: r.once()}
}

// screenUpload is an upload to be screened; the body is the file itself.
type screenUpload struct {
	Rows
	On       day    `query:"on" format:"date" doc:"Effective day of rows that name none; today if left out."`
	KnownBy  day    `query:"known_by" format:"date" doc:"Knowledge date; the newest day that was assessed if left out."`
	Role     string `query:"role" maxLength:"60" doc:"Whose duties to print; the exporter's if left out."`
	Explain  bool   `query:"explain" doc:"Add the whole trace of every requirement."`
	Timeline bool   `query:"timeline" doc:"Add the answer over time."`
	Output   string `query:"output" enum:"jsonl,json,csv,xlsx,html" default:"jsonl" doc:"Format of the result."`
}

// impactUpload is an upload to be compared between two points in time.
type impactUpload struct {
	Rows
	From      day    `query:"from" required:"true" format:"date" doc:"The one point in time." example:"2025-11-09"`
	FromKnown day    `query:"from_known_by" format:"date" doc:"Up to when the law was known then; the newest day that was assessed if left out."`
	To        day    `query:"to" required:"true" format:"date" doc:"The other point in time." example:"2026-12-01"`
	ToKnown   day    `query:"to_known_by" format:"date"`
	All       bool   `query:"all" doc:"Print the unchanged rows too."`
	Output    string `query:"output" enum:"jsonl,json,html" default:"jsonl" doc:"Format of the result."`
}

type again struct {
	ByID
	Output string `query:"output" required:"true" enum:"jsonl,json,csv,xlsx,html" doc:"Format of the result." example:"xlsx"`
}

// tick is how often progress is told.
const tick = 200 * time.Millisecond

func (s *service) jobs() {
	const tag = "Jobs"
	submit := func(ctx context.Context, r *Rows, u app.Upload) (*body[report.Job], error) {
		j, err := s.Instance.Submit(ctx, gate.Actor(ctx), r.Name, r.file, u)
		return &body[report.Job]{j}, err
	}
	receive(s, app.Screen, app.MaxUpload, "/jobs", "Screen an uploaded file: send it as the body", func(ctx context.Context, in *screenUpload) (*body[report.Job], error) {
		u := in.upload(in.Output)
		u.On, u.KnownBy, u.Role, u.Explain, u.Timeline = s.on(in.On), in.KnownBy.Date, in.Role, in.Explain, in.Timeline
		return submit(ctx, &in.Rows, u)
	}, tag)
	receive(s, app.Screen, app.MaxUpload, "/impact", "Which rows of an uploaded file change between two points in time, and by which act, as a job", func(ctx context.Context, in *impactUpload) (*body[report.Job], error) {
		u := in.upload(in.Output)
		u.Compare = &app.Between{From: when.At{Effective: in.From.Date, KnownBy: in.FromKnown.Date}, To: when.At{Effective: in.To.Date, KnownBy: in.ToKnown.Date}, All: in.All}
		return submit(ctx, &in.Rows, u)
	}, tag)
	add(s, app.Screen, http.MethodPost, "/jobs/{id}/again", "Answer the file of a job again, with a result of another format", func(ctx context.Context, in *again) (*body[report.Job], error) {
		j, err := s.Instance.Again(ctx, gate.Actor(ctx), in.ID, report.Format(in.Output))
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
	add(s, app.Read, http.MethodGet, "/jobs/{id}", "One job as it stands", func(ctx context.Context, in *ByID) (*body[report.Job], error) {
		j, err := s.Instance.Job(ctx, in.ID)
		return &body[report.Job]{j}, err
	}, tag)
	add(s, app.Screen, http.MethodDelete, "/jobs/{id}", "Cancel a job that has not ended", func(ctx context.Context, in *ByID) (*body[report.Job], error) {
		j, err := s.Instance.CancelJob(ctx, gate.Actor(ctx), in.ID)
		return &body[report.Job]{j}, err
	}, tag)
	add(s, app.Read, http.MethodGet, "/jobs/{id}/result", "What a job gave, in the format that was asked for", s.result, tag)
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
	Name        string `header:"Content-Disposition"`
	Digest      string `header:"ETag"`
	Cache       string `header:"Cache-Control"`
	Body        func(huma.Context)
}

func (s *service) result(ctx context.Context, in *ByID) (*file, error) {
	f, err := s.Instance.Result(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	name := mime.FormatMediaType("attachment", map[string]string{"filename": f.Name})
	return &file{f.MediaType, name, `"` + f.Digest + `"`, askAgain, func(out huma.Context) {
		defer f.Close()
		r, w := humago.Unwrap(out)
		http.ServeContent(w, r, "", time.Time{}, f.File) // parts of it, and If-None-Match, as the digest says
	}}, nil
}

// events tells how a job stands until it ends.
func (s *service) events(ctx context.Context, in *ByID, send sse.Sender) {
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
		case <-gate.Stopping(ctx):
			return
		}
	}
}
