package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"lodestone/internal/app"
	"lodestone/internal/gate"
	"lodestone/internal/report"
)

type recordPage struct {
	After int64 `query:"after" default:"-1" minimum:"-1" doc:"Records after this place in the log: what came since you last asked." example:"-1"`
	Limit int   `query:"limit" default:"50" minimum:"1" maximum:"500"`
}

type logPage struct {
	From  int64 `query:"from" default:"0" minimum:"0" doc:"First place in the log." example:"0"`
	Limit int   `query:"limit" default:"100" minimum:"1" maximum:"500"`
}

type recordFile struct {
	From    day    `query:"from" doc:"First day on which they were recorded, in Beijing; the first of all if left out." format:"date" example:"2026-01-01"`
	To      day    `query:"to" doc:"Last day on which they were recorded; the last of all if left out." format:"date"`
	Output  string `query:"output" enum:"jsonl,csv,parquet" default:"jsonl" doc:"Format of the file."`
	Digests bool   `query:"digests" doc:"Leave questions and answers out: their digests stand in the proof."`
}

type holding struct {
	ByID
	Body struct {
		Held  bool   `json:"held" doc:"On hold."`
		Words string `json:"words" minLength:"1" maxLength:"2000" doc:"Why." example:"inquiry pending"`
	}
}

// page is a stretch of a list; ask again with what next names.
type page[T any] struct {
	Items []T    `json:"items"`
	Next  *int64 `json:"next,omitempty" doc:"Where to go on; left out at the end."`
}

func (s *service) records() {
	const tag = "Records"
	add(s, app.Read, http.MethodGet, "/records", "Recorded answers, oldest first", func(ctx context.Context, in *recordPage) (*body[page[report.Record]], error) {
		all, err := s.Instance.Records(ctx, in.After, in.Limit)
		p := page[report.Record]{Items: all}
		if len(all) == in.Limit {
			p.Next = &all[len(all)-1].N
		}
		return &body[page[report.Record]]{p}, err
	}, tag)
	add(s, app.Read, http.MethodGet, "/records/{id}", "One recorded answer, with its question", func(ctx context.Context, in *ByID) (*body[report.Record], error) {
		r, err := s.Instance.Record(ctx, in.ID)
		return &body[report.Record]{r}, err
	}, tag)
	add(s, app.Read, http.MethodGet, "/records/export", "Answers and steps of cases that were recorded in a stretch of time, a row each with the proof that the log holds it", s.export, tag)
	add(s, app.Read, http.MethodGet, "/records/retention", "For how long records stay at hand before they may be archived", func(ctx context.Context, _ *struct{}) (*body[report.Retention], error) {
		r, err := s.Instance.Retention(ctx)
		return &body[report.Retention]{r}, err
	}, tag)
	add(s, app.Govern, http.MethodPut, "/records/retention", "Set for how long records stay at hand, five years at least", func(ctx context.Context, in *body[report.Retention]) (*body[report.Retention], error) {
		r, err := s.Instance.SetRetention(ctx, gate.Actor(ctx), in.Body)
		return &body[report.Retention]{r}, err
	}, tag)
	add(s, app.Govern, http.MethodPut, "/records/{id}/hold", "Keep a record at hand whatever its age, or let it go when it is old", func(ctx context.Context, in *holding) (*struct{}, error) {
		return nil, s.Instance.HoldRecord(ctx, gate.Actor(ctx), in.ID, in.Body.Held, in.Body.Words)
	}, tag)
	add(s, app.Read, http.MethodGet, "/audit", "The log: who did what, and when", func(ctx context.Context, in *logPage) (*body[page[report.LogLine]], error) {
		all, err := s.Instance.Log(ctx, in.From, in.Limit)
		p := page[report.LogLine]{Items: all}
		if len(all) == in.Limit {
			next := all[len(all)-1].N + 1
			p.Next = &next
		}
		return &body[page[report.LogLine]]{p}, err
	}, tag)
	add(s, app.Govern, http.MethodPost, "/verify", "Prove the log and answer every recorded question again", func(ctx context.Context, _ *struct{}) (*body[report.Verified], error) {
		v, err := s.Instance.Verify(ctx)
		return &body[report.Verified]{v}, err
	}, tag)
}

func (s *service) export(ctx context.Context, in *recordFile) (*file, error) {
	write, err := s.Instance.ExportRecords(ctx, app.RecordExport{From: in.From.Date, To: in.To.Date, Format: report.Format(in.Output), Digests: in.Digests})
	if err != nil {
		return nil, err
	}
	return &file{ContentType: app.RecordMedia(report.Format(in.Output)), Name: `attachment; filename="lodestone-records.` + in.Output + `"`, Body: func(out huma.Context) {
		if err := write(out.BodyWriter()); err != nil {
			s.Log.Warn("answer broke off", "error", err)
			panic(http.ErrAbortHandler) // what is cut off must not look whole
		}
	}}, nil
}
