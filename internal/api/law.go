package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"lodestone/internal/app"
	"lodestone/internal/law"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

// Lang is the language of sentences.
type Lang struct {
	Lang string `query:"lang" enum:"en,zh,ko" default:"en" doc:"Language of sentences."`
}

// At are the two times of a question about the law.
type At struct {
	Lang
	On      day `query:"on" doc:"Effective day; today if left out." format:"date" example:"2026-03-01"`
	KnownBy day `query:"known_by" doc:"Knowledge date; the newest day that was assessed if left out." format:"date" example:"2026-10-09"`
}

// day is a day in a query.
type day struct{ when.Date }

// Schema is that of a date.
func (day) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date"}
}

func (s *service) at(a At) when.At {
	t := when.At{Effective: a.On.Date, KnownBy: a.KnownBy.Date}
	if t.Effective == 0 {
		t.Effective = s.Today()
	}
	if t.KnownBy == 0 {
		t.KnownBy = s.Instance.Book.Assessed.Horizon
	}
	return t
}

func (s *service) maker(l Lang) *report.Maker {
	return &report.Maker{Book: s.Instance.Book, Lang: l.Lang}
}

type lawWhat struct {
	At
	What string `path:"what" doc:"An act or a control code, as GET /law lists them."`
}

type lawNorm struct {
	At
	Act  string `path:"act"`
	Norm string `path:"norm"`
}

type customsCode struct {
	At
	Code string `path:"code" doc:"Four to ten digits." example:"8505111000"`
}

type lawSearch struct {
	At
	Q     string `query:"q" required:"true" maxLength:"200" doc:"Words of a name, in English, Chinese or Korean." example:"dysprosium"`
	Limit int    `query:"limit" default:"20" minimum:"1" maximum:"200"`
}

type lawDiff struct {
	Lang
	From      day `query:"from" required:"true" format:"date" example:"2025-11-09"`
	FromKnown day `query:"from_known_by" format:"date" doc:"Knowledge date of the first point; the newest day that was assessed if left out."`
	To        day `query:"to" required:"true" format:"date" example:"2025-11-12"`
	ToKnown   day `query:"to_known_by" format:"date"`
}

func (s *service) law() {
	const tag = "Law"
	book := s.Instance.Book
	add(s, app.Read, http.MethodGet, "/law", "List the acts and how their norms stand", func(_ context.Context, in *At) (*body[[]report.ActLine], error) {
		return &body[[]report.ActLine]{s.maker(in.Lang).ActLines(book.At(s.at(*in)))}, nil
	}, tag)
	show := func(what string, t At) (*body[[]report.Act], error) {
		docs, err := app.ShowLaw(book, what, s.at(t), t.Lang.Lang)
		return &body[[]report.Act]{docs}, notFound(err)
	}
	add(s, app.Read, http.MethodGet, "/law/show/{what}", "Show an act or a control code as it stands", func(_ context.Context, in *lawWhat) (*body[[]report.Act], error) {
		return show(in.What, in.At)
	}, tag)
	add(s, app.Read, http.MethodGet, "/law/show/{act}/{norm}", "Show a norm as it stands", func(_ context.Context, in *lawNorm) (*body[[]report.Act], error) {
		return show(in.Act+"/"+in.Norm, in.At)
	}, tag)
	add(s, app.Read, http.MethodGet, "/law/timeline/{what}", "The standing of a control code or act over time", func(_ context.Context, in *lawWhat) (*body[report.Timeline], error) {
		doc, err := app.LawTimeline(book, in.What, s.at(in.At).KnownBy, in.Lang.Lang)
		return &body[report.Timeline]{doc}, notFound(err)
	}, tag)
	add(s, app.Read, http.MethodGet, "/law/customs-code/{code}", "The norms and directories that print a customs code", func(_ context.Context, in *customsCode) (*body[report.CodeUse], error) {
		doc, err := app.CustomsCode(book, in.Code, s.at(in.At), in.Lang.Lang)
		return &body[report.CodeUse]{doc}, notFound(err)
	}, tag)
	add(s, app.Read, http.MethodGet, "/law/search", "Find acts, norms and kinds of goods by words", func(_ context.Context, in *lawSearch) (*body[[]report.Found], error) {
		return &body[[]report.Found]{s.maker(in.Lang).Search(in.Q, book.At(s.at(in.At)), in.Limit)}, nil
	}, tag)
	add(s, app.Read, http.MethodGet, "/law/diff", "What stands differently at two points in time, and by which act", func(_ context.Context, in *lawDiff) (*body[report.LawDiff], error) {
		from, to := s.snapshot(in.From, in.FromKnown), s.snapshot(in.To, in.ToKnown)
		return &body[report.LawDiff]{s.maker(in.Lang).LawDiff(from, to)}, nil
	}, tag)
	add(s, app.Read, http.MethodGet, "/law/coverage", "What of the law was read, and what was not", func(_ context.Context, in *Lang) (*body[report.Coverage], error) {
		return &body[report.Coverage]{s.maker(*in).Coverage()}, nil
	}, tag)
}

// snapshot is the law at two times, with the newest knowledge where none is named.
func (s *service) snapshot(effective, known day) *law.Snapshot {
	return s.Instance.Book.At(s.at(At{On: effective, KnownBy: known}))
}

// notFound says that a path names nothing, in the words of the error.
func notFound(err error) error {
	if err == nil {
		return nil
	}
	return huma.Error404NotFound(err.Error())
}
