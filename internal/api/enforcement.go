package api

import (
	"context"
	"fmt"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"lodestone/internal/app"
	"lodestone/internal/enforce"
	"lodestone/internal/report"
)

type statsQuestion struct {
	By       []string `query:"by,explode" enum:"period,class,category,customs,basis,leniency,conduct" doc:"Breakdowns; all if left out."`
	Date     string   `query:"date" enum:"decision,publication,declaration" default:"decision" doc:"What a case is dated by."`
	Period   string   `query:"period" enum:"year,half,quarter" default:"half"`
	From     day      `query:"from" format:"date" doc:"First day; cases without a date are left out."`
	To       day      `query:"to" format:"date" doc:"Last day; cases without a date are left out."`
	KnownBy  day      `query:"known_by" format:"date" doc:"The table as the collection stood on a day."`
	All      bool     `query:"all" doc:"Count decisions that are not export control as well."`
	Separate bool     `query:"separate" doc:"Count pages, not cases: nothing is merged."`
	Apart    []string `query:"apart,explode" doc:"Records that stay cases of their own."`
}

type estimateQuestion struct {
	Conduct  []string `query:"conduct,explode" doc:"What was done, main conduct first." example:"[\"no_licence\"]"`
	Value    string   `query:"value" maxLength:"40" doc:"Value of the goods in yuan." example:"1200000"`
	Basis    []string `query:"basis,explode" doc:"Article: an id (ecl-34-1) or a law and an article (出口管制法 34)."`
	Class    string   `query:"class" doc:"Class of the goods: dual_use, military, restricted_or_prohibited."`
	Category string   `query:"category" doc:"Shelf of goods: graphite, rare_earth_magnet, rare_metals …"`
	Ground   []string `query:"ground,explode" doc:"Ground of leniency that is claimed."`
	On       day      `query:"on" format:"date" doc:"Day of the act; today if left out."`
}

type published struct {
	Sent
	Lang
}

func (s *service) enforcement() {
	const tag = "Enforcement"
	look(s, "/enforcement/stats", "Count the collected penalty decisions and measure fines, each figure with its number and definition",
		func(_ context.Context, in *statsQuestion) (enforce.Stats, error) {
			tables, records, err := collection()
			if err != nil {
				return enforce.Stats{}, err
			}
			return enforce.Compute(tables, records, enforce.Question{By: in.By, Date: in.Date, Period: in.Period, From: in.From.Date, To: in.To.Date,
				KnownBy: in.KnownBy.Date, All: in.All, Separate: in.Separate, Apart: in.Apart}), nil
		}, tag)
	look(s, "/enforcement/estimate", "What a case would cost: the band of the law, and the range seen in collected decisions", s.estimate, tag)
	receive(s, app.Read, maxPublished, "/enforcement/audit", "Check published figures (JSON as the body) for arithmetic, and what would fit",
		func(_ context.Context, in *published) (*body[[]report.AuditFinding], error) {
			findings, err := app.AuditFile(in.Name, in.file, in.Lang.Lang)
			if err != nil {
				return nil, huma.Error422UnprocessableEntity(err.Error())
			}
			return &body[[]report.AuditFinding]{findings}, nil
		}, tag)
	receive(s, app.Read, app.MaxDecision, "/enforcement/read", "Read a penalty decision (text, HTML or PDF as the body) into a record; natural persons are masked",
		func(ctx context.Context, in *Sent) (*body[*enforce.Record], error) {
			r, _, err := s.Instance.ReadDecision(ctx, in.Name, in.file)
			return &body[*enforce.Record]{r}, err
		}, tag)
}

// maxPublished bounds a file of published figures.
const maxPublished = 1 << 20

func collection() (*enforce.Tables, []enforce.Record, error) {
	tables, err := app.DecisionTables()
	if err != nil {
		return nil, nil, err
	}
	records, _, err := app.LoadDecisions(nil)
	return tables, records, err
}

func (s *service) estimate(_ context.Context, in *estimateQuestion) (o enforce.Outlook, err error) {
	f := enforce.Facts{Conduct: in.Conduct, Basis: in.Basis, Class: in.Class, Category: in.Category, Grounds: in.Ground, On: in.On.Date}
	if len(f.Conduct)+len(f.Basis) == 0 {
		return o, huma.Error422UnprocessableEntity("say what was done with conduct, or under which article with basis")
	}
	if f.On == 0 {
		f.On = s.Today()
	}
	if in.Value != "" {
		n, err := enforce.ParseNumber(strings.ReplaceAll(in.Value, ",", ""))
		if err != nil || n.Sign() < 0 {
			return o, huma.Error422UnprocessableEntity(fmt.Sprintf("value: %q is no sum of yuan", in.Value))
		}
		f.Value = &n
	}
	tables, records, err := collection()
	if err != nil {
		return o, err
	}
	if o, err = enforce.Estimate(tables, records, f); err != nil {
		err = huma.Error422UnprocessableEntity(err.Error())
	}
	return o, err
}
