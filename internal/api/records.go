package api

import (
	"context"
	"net/http"

	"lodestone/internal/app"
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
