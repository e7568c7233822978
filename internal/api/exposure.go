package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"lodestone/internal/app"
	"lodestone/internal/exposure"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

// Sides are the two sides of a question of dependence.
type Sides struct {
	Importer string `query:"importer" required:"true" maxLength:"60" doc:"The country that depends: two letters or a name." example:"KR"`
	Supplier string `query:"supplier" default:"CN" maxLength:"60" doc:"The country it depends on."`
}

// Bands say where grades begin.
type Bands struct {
	Moderate float64 `query:"moderate" default:"0.3" exclusiveMinimum:"0" maximum:"1" doc:"Effective dependence from which it is moderate."`
	High     float64 `query:"high" default:"0.65" exclusiveMinimum:"0" maximum:"1" doc:"Effective dependence from which it is high."`
}

func (b Bands) bands() (exposure.Bands, error) {
	if b.Moderate >= b.High {
		return exposure.Bands{}, huma.Error422UnprocessableEntity("moderate must lie below high")
	}
	return exposure.Bands{Moderate: b.Moderate, High: b.High, Scale: exposure.DefaultBands.Scale}, nil
}

type dependenceQuestion struct {
	At
	Sides
	Bands
	Mineral string `query:"mineral" required:"true" maxLength:"60" doc:"A mineral, or a six-digit customs line." example:"graphite"`
	Year    int    `query:"year" default:"2024" doc:"Year of the flows."`
	Law     bool   `query:"law" default:"true" doc:"Join the law in force."`
}

type trendQuestion struct {
	Lang
	Sides
	Minerals []string `query:"mineral,explode" required:"true" minItems:"1" maxItems:"40" doc:"Minerals or six-digit customs lines." example:"[\"graphite\"]"`
	From     int      `query:"from" default:"2008" doc:"First year."`
	To       int      `query:"to" default:"2024" doc:"Last year."`
	Basis    string   `query:"basis" enum:"value,mass" default:"value"`
}

type rerouteQuestion struct {
	Lang
	Sides
	Mineral string `query:"mineral" required:"true" maxLength:"60" doc:"A mineral, or a six-digit customs line." example:"graphite"`
	From    int    `query:"from" default:"2018" doc:"Year compared with."`
	Year    int    `query:"year" default:"2024" doc:"Year of the flows."`
}

type criticalityQuestion struct {
	Lang
	Material string `query:"material" maxLength:"60" doc:"A material of the study; all if left out." example:"Gallium"`
	Edition  int    `query:"edition" default:"2023" doc:"2017 or 2023."`
}

type countryQuestion struct {
	At
	Sides
	Bands
	Minerals []string `query:"mineral,explode" maxItems:"40" doc:"Minerals or six-digit customs lines; every mineral with flows if left out." example:"[\"graphite\"]"`
	Year     int      `query:"year" default:"2024" doc:"Year of the flows."`
}

type mineralQuestion struct {
	At
	Mineral  string `query:"mineral" required:"true" maxLength:"60" doc:"A mineral, or a six-digit customs line." example:"graphite"`
	Supplier string `query:"supplier" default:"CN" maxLength:"60"`
	Year     int    `query:"year" default:"2024" doc:"Year of the flows."`
}

// scenario is a disruption as it is asked about, with the chances of its draws; what is left out is as on the command line.
type scenario struct {
	Kind         exposure.Kind          `json:"kind,omitempty" enum:"stop,quota,delay,price" doc:"delay if left out." example:"delay"`
	Demand       float64                `json:"demand_per_year" example:"1200"`
	Stock        float64                `json:"stock,omitempty" doc:"On hand, in the same unit." example:"100"`
	Share        float64                `json:"share,omitempty" doc:"Of the demand, from the source that is cut; 1 if left out." example:"0.9"`
	Quota        float64                `json:"quota,omitempty" doc:"Fraction still delivered."`
	Wait         float64                `json:"licence_wait_days,omitempty" doc:"Median; 60 if left out."`
	Spread       float64                `json:"licence_wait_sigma,omitempty" doc:"Sigma of the lognormal; 0.5 if left out."`
	Refused      float64                `json:"refused,omitempty" doc:"Share of applications refused."`
	Transport    float64                `json:"transport_days,omitempty"`
	Qualify      float64                `json:"qualification_days,omitempty"`
	Alternatives []exposure.Alternative `json:"alternatives,omitempty" maxItems:"50"`
	Margin       float64                `json:"margin,omitempty" doc:"Lost for each unit of demand not met."`
	Supply       float64                `json:"elasticity_supply,omitempty"`
	Price        float64                `json:"elasticity_demand,omitempty" doc:"As a positive number; no price is told without elasticities."`
	WorldShare   float64                `json:"world_share,omitempty" doc:"Of world supply that is lost, for the price."`
	Horizon      int                    `json:"horizon_days,omitempty" doc:"730 if left out."`
	Draws        int                    `json:"draws,omitempty" maximum:"100000" doc:"Of the Monte Carlo; 10000 if left out."`
	Seed         uint64                 `json:"seed,omitempty" doc:"The same seed gives the same bytes; 1 if left out."`
	StockSpread  float64                `json:"stock_spread,omitempty" doc:"0.1 if left out."`
	DemandSpread float64                `json:"demand_spread,omitempty" doc:"0.1 if left out."`
	ShareWeight  float64                `json:"share_weight,omitempty" doc:"0: the share is fixed; 100 if left out."`
	Start        when.Date              `json:"start,omitempty" format:"date" doc:"First day of the disruption; today if left out." example:"2026-03-01"`
}

// defaults are what is left out.
var defaults = scenario{Kind: exposure.Delay, Share: 1, Wait: 60, Spread: 0.5, Horizon: 730, Draws: 10_000, Seed: 1, StockSpread: 0.1, DemandSpread: 0.1, ShareWeight: 100}

// UnmarshalJSON takes what is left out as on the command line: zero is an answer of its own.
func (c *scenario) UnmarshalJSON(b []byte) error {
	type plain scenario
	*c = defaults
	return json.Unmarshal(b, (*plain)(c))
}

func (c *scenario) scenario() exposure.Scenario {
	return exposure.Scenario{Kind: c.Kind, Demand: c.Demand, Stock: c.Stock, Share: c.Share, Quota: c.Quota, Wait: c.Wait, Spread: c.Spread, Refused: c.Refused,
		Transport: c.Transport, Qualify: c.Qualify, Alternatives: c.Alternatives, Margin: c.Margin, Supply: c.Supply, Price: c.Price, WorldShare: c.WorldShare,
		Horizon: c.Horizon}
}

func (c *scenario) chance() exposure.Chance {
	return exposure.Chance{Draws: c.Draws, Seed: c.Seed, Stock: c.StockSpread, Demand: c.DemandSpread, Shares: c.ShareWeight}
}

type whatIf struct {
	Lang
	Body scenario
}

// companyTable asks what a disruption does to each item of a supplier table, which gives demand, stock and further sources.
type companyTable struct {
	At
	Sent
	Supplier string  `query:"supplier" default:"CN" maxLength:"60" doc:"The country that cuts."`
	Kind     string  `query:"kind" enum:"stop,quota,delay,price" default:"delay"`
	Quota    float64 `query:"quota" doc:"Fraction still delivered."`
	Wait     float64 `query:"licence_wait_days" default:"60" doc:"Median."`
	Spread   float64 `query:"licence_wait_sigma" default:"0.5" doc:"Sigma of the lognormal."`
	Start    day     `query:"start" format:"date" doc:"First day of the disruption; the effective day if left out."`
}

// of has a question answered by the one desk that keeps trade data, and says what of it makes no sense.
func of[T any](s *service, ctx context.Context, lang string, ask func(*app.Exposure) (T, error)) (n numbers[T], err error) {
	err = s.Instance.Exposure(ctx, lang, func(e *app.Exposure) error {
		n.of, err = ask(e)
		return err
	})
	if err != nil && ctx.Err() == nil {
		err = huma.Error422UnprocessableEntity(err.Error())
	}
	return n, err
}

// lookUp adds an operation that needs no question.
func lookUp[T any](s *service, path, summary string, ask func(*app.Exposure) T, tag string) {
	look(s, path, summary, func(ctx context.Context, in *Lang) (numbers[T], error) {
		return of(s, ctx, in.Lang, func(e *app.Exposure) (T, error) { return ask(e), nil })
	}, tag)
}

func (s *service) exposure() {
	const tag = "Exposure"
	look(s, "/exposure/dependence", "How dependent is a country on a supplier for a mineral", func(ctx context.Context, in *dependenceQuestion) (n numbers[report.Dependence], err error) {
		q := app.DependenceQuestion{Importer: in.Importer, Mineral: in.Mineral, Supplier: in.Supplier, Year: in.Year, Risk: true}
		if q.Bands, err = in.Bands.bands(); err != nil {
			return n, err
		}
		if in.Law {
			q.Book, q.At = s.Instance.Book, s.at(in.At)
		}
		return of(s, ctx, in.Lang.Lang, func(e *app.Exposure) (report.Dependence, error) { return e.Dependence(q) })
	}, tag)
	look(s, "/exposure/trend", "How has the supplier's share moved, and is it a trend", func(ctx context.Context, in *trendQuestion) (numbers[[]report.TrendDoc], error) {
		return of(s, ctx, in.Lang.Lang, func(e *app.Exposure) (docs []report.TrendDoc, err error) {
			for _, m := range in.Minerals {
				more, err := e.Trend(app.TrendQuestion{Importer: in.Importer, Supplier: in.Supplier, Mineral: m, From: in.From, To: in.To, Basis: exposure.Basis(in.Basis)})
				if err != nil {
					return nil, err
				}
				docs = append(docs, more...)
			}
			app.AdjustTrends(docs)
			return docs, nil
		})
	}, tag)
	look(s, "/exposure/reroute", "Do the supplier's goods come by way of others", func(ctx context.Context, in *rerouteQuestion) (numbers[[]report.Reroute], error) {
		return of(s, ctx, in.Lang.Lang, func(e *app.Exposure) ([]report.Reroute, error) {
			return e.Reroute(app.RerouteQuestion{Importer: in.Importer, Supplier: in.Supplier, Mineral: in.Mineral, From: in.From, Year: in.Year})
		})
	}, tag)
	look(s, "/exposure/criticality", "EU supply risk and economic importance, every term, beside what was printed", func(ctx context.Context, in *criticalityQuestion) (numbers[[]report.Criticality], error) {
		return of(s, ctx, in.Lang.Lang, func(e *app.Exposure) ([]report.Criticality, error) { return e.Criticality(in.Material, in.Edition) })
	}, tag)
	lookUp(s, "/exposure/sources", "List the data sets the program carries, with source, licence and edition", (*app.Exposure).Sources, tag)
	look(s, "/exposure/country", "One sheet on a country and its minerals", func(ctx context.Context, in *countryQuestion) (n numbers[report.Sheet], err error) {
		q := app.SheetQuestion{Importer: in.Importer, Supplier: in.Supplier, Minerals: in.Minerals, Year: in.Year, Book: s.Instance.Book, At: s.at(in.At)}
		if q.Bands, err = in.Bands.bands(); err != nil {
			return n, err
		}
		return of(s, ctx, in.Lang.Lang, func(e *app.Exposure) (report.Sheet, error) { return e.Sheet(q) })
	}, tag)
	look(s, "/exposure/mineral", "One sheet on a mineral across countries", func(ctx context.Context, in *mineralQuestion) (numbers[report.MineralSheet], error) {
		q := app.MineralQuestion{Mineral: in.Mineral, Supplier: in.Supplier, Year: in.Year, Book: s.Instance.Book, At: s.at(in.At)}
		return of(s, ctx, in.Lang.Lang, func(e *app.Exposure) (report.MineralSheet, error) { return e.MineralSheet(q) })
	}, tag)
	add(s, app.Read, http.MethodPost, "/exposure/whatif", "What happens to one item when a source stops, is rationed, waits for licences or gets dearer", s.whatIf, tag)
	receive(s, app.Read, app.MaxTable, "/exposure/company", "What happens to each item of a supplier table (CSV or XLSX as the body)", s.company, tag)
}

func (s *service) whatIf(ctx context.Context, in *whatIf) (*body[numbers[report.WhatIf]], error) {
	start, chance := in.Body.Start, in.Body.chance()
	if start == 0 {
		start = s.Today()
	}
	if err := chance.Check(); err != nil {
		return nil, huma.Error422UnprocessableEntity(err.Error())
	}
	doc, err := of(s, ctx, in.Lang.Lang, func(e *app.Exposure) (report.WhatIf, error) { return e.WhatIf(in.Body.scenario(), chance, start) })
	return &body[numbers[report.WhatIf]]{doc}, err
}

func (s *service) company(ctx context.Context, in *companyTable) (*body[numbers[report.Company]], error) {
	q := app.CompanyQuestion{Supplier: in.Supplier, Scenario: defaults.scenario(), Chance: defaults.chance(), Start: in.Start.Date, Book: s.Instance.Book, At: s.at(in.At)}
	q.Scenario.Kind, q.Scenario.Quota, q.Scenario.Wait, q.Scenario.Spread = exposure.Kind(in.Kind), in.Quota, in.Wait, in.Spread
	if q.Start == 0 {
		q.Start = q.At.Effective
	}
	doc, err := s.Instance.Company(ctx, in.Lang.Lang, in.Name, in.file, q)
	return &body[numbers[report.Company]]{numbers[report.Company]{doc}}, err
}
