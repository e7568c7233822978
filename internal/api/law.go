package api

import (
	"cmp"
	"context"

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
	return when.At{Effective: s.on(a.On), KnownBy: cmp.Or(a.KnownBy.Date, s.Instance.Book.Assessed.Horizon)}
}

// on is a day, or today.
func (s *service) on(d day) when.Date { return cmp.Or(d.Date, s.Today()) }

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

type lawStatus struct {
	Lang
	On     day `query:"on" format:"date" doc:"Day to look from; today if left out."`
	Within int `query:"within" default:"60" minimum:"0" maximum:"36500" doc:"What ends within so many days."`
}

func (s *service) law() {
	const tag = "Law"
	book := s.Instance.Book
	look(s, "/law", "List the acts and how their norms stand", func(_ context.Context, in *At) ([]report.ActLine, error) {
		return s.maker(in.Lang).ActLines(book.At(s.at(*in))), nil
	}, tag)
	show := func(what string, t At) ([]report.Act, error) {
		docs, err := app.ShowLaw(book, what, s.at(t), t.Lang.Lang)
		return docs, notFound(err)
	}
	look(s, "/law/show/{what}", "Show an act or a control code as it stands", func(_ context.Context, in *lawWhat) ([]report.Act, error) {
		return show(in.What, in.At)
	}, tag)
	look(s, "/law/show/{act}/{norm}", "Show a norm as it stands", func(_ context.Context, in *lawNorm) ([]report.Act, error) {
		return show(in.Act+"/"+in.Norm, in.At)
	}, tag)
	look(s, "/law/timeline/{what}", "The standing of a control code or act over time", func(_ context.Context, in *lawWhat) (report.Timeline, error) {
		doc, err := app.LawTimeline(book, in.What, s.at(in.At).KnownBy, in.Lang.Lang)
		return doc, notFound(err)
	}, tag)
	look(s, "/law/customs-code/{code}", "The norms and directories that print a customs code", func(_ context.Context, in *customsCode) (report.CodeUse, error) {
		doc, err := app.CustomsCode(book, in.Code, s.at(in.At), in.Lang.Lang)
		return doc, notFound(err)
	}, tag)
	look(s, "/law/search", "Find acts, norms and kinds of goods by words", func(_ context.Context, in *lawSearch) ([]report.Found, error) {
		return s.maker(in.Lang).Search(in.Q, book.At(s.at(in.At)), in.Limit), nil
	}, tag)
	look(s, "/law/diff", "What stands differently at two points in time, and by which act", func(_ context.Context, in *lawDiff) (report.LawDiff, error) {
		return s.maker(in.Lang).LawDiff(s.snapshot(in.From, in.FromKnown), s.snapshot(in.To, in.ToKnown)), nil
	}, tag)
	look(s, "/law/coverage", "What of the law was read, and what was not", func(_ context.Context, in *Lang) (report.Coverage, error) {
		return s.maker(*in).Coverage(), nil
	}, tag)
	look(s, "/law/status", "How old the law data are, and what in them has ended or ends soon", func(_ context.Context, in *lawStatus) (report.Status, error) {
		return s.Instance.LawStatus(in.Lang.Lang, s.on(in.On), in.Within)
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
