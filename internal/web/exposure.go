package web

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"lodestone/internal/app"
	"lodestone/internal/exposure"
	"lodestone/internal/report"
	"lodestone/internal/sentence"
	"lodestone/internal/when"
)

// exposure adds the pages of dependence: a country's sheet or one mineral of it, what a cut does, and that for a table of suppliers.
func (p *pages) exposure(mux *http.ServeMux) {
	mux.HandleFunc("GET /exposure", p.page(app.Read, p.exposurePage))
	mux.HandleFunc("GET /exposure/whatif", p.page(app.Read, p.whatIfPage))
	mux.HandleFunc("GET /exposure/company", p.page(app.Read, func(a *ask) (*answer, error) {
		return &answer{page: "company", data: &companyDoc{Supplier: "CN", On: a.Today}}, nil
	}))
	mux.HandleFunc("POST /exposure/company", p.page(app.Read, p.company))
}

// exposureDoc is the form and, once a country is named, the answer.
type exposureDoc struct {
	Importer, Supplier string
	Mineral            string // empty: all
	Year               string
	Minerals           []mineralName
	Countries          []report.KnownColumn
	Paper              *report.Paper // nil: no country is named
	Rest               string        // address of the whole sheet, where only its first section is shown; empty: all is
}

type mineralName struct{ ID, Name string }

// flowsUntil is the year that is asked about where nobody says: the last of the flows carried.
const flowsUntil = 2024

func (p *pages) exposurePage(a *ask) (*answer, error) {
	at, err := p.at(a)
	if err != nil {
		return nil, err
	}
	doc := &exposureDoc{Importer: a.q("importer"), Supplier: orElse(a.q("supplier"), "CN"), Mineral: a.q("mineral"), Year: orElse(a.q("year"), strconv.Itoa(flowsUntil))}
	year, err := strconv.Atoi(doc.Year)
	if err != nil {
		return nil, app.Invalid{Field: "year", Text: "is no year"}
	}
	speaker := report.Speaker{Lang: a.Lang, Vocab: p.Instance.Book.Vocab}
	doc.Countries = p.countries(a.Lang)
	x := &answer{page: "exposure", data: doc}
	err = p.Instance.Exposure(a.Context(), a.Lang, func(e *app.Exposure) error {
		minerals, err := e.Minerals()
		if err != nil {
			return err
		}
		for _, m := range minerals {
			doc.Minerals = append(doc.Minerals, mineralName{m, speaker.Mineral(m)})
		}
		if doc.Importer == "" {
			return nil
		}
		q := app.SheetQuestion{Importer: doc.Importer, Supplier: doc.Supplier, Year: year, Bands: exposure.DefaultBands, Book: p.Instance.Book, At: at}
		if doc.Mineral != "" {
			q.Minerals = []string{doc.Mineral}
		}
		s, err := e.Sheet(q)
		if err != nil {
			return app.InvalidBy("exposure", err)
		}
		p := s.Paper(speaker)
		x.paper(&p, s)
		doc.show(a, p)
		return nil
	})
	var invalid app.Invalid
	if errors.As(err, &invalid) {
		x.status, x.problem, err = http.StatusUnprocessableEntity, p.says(a.Lang, err), nil
	}
	return x, err
}

// show shows a sheet. One of all minerals begins with what is said of all: the minerals, which are most of it, follow from the address of the whole.
func (d *exposureDoc) show(a *ask, p report.Paper) {
	if d.Mineral == "" && a.q("whole") == "" && len(p.Sections) > 1 {
		p.Sections, d.Rest = p.Sections[:1], a.here("whole", "yes")
		for _, g := range p.Sections[0].Grids {
			for _, row := range g.Rows {
				for n, cell := range row {
					if l, ok := cell.(report.Link); ok && strings.HasPrefix(l.To, "#") {
						row[n] = report.Link{Text: l.Text, To: d.Rest + l.To}
					}
				}
			}
		}
	}
	d.Paper = &p
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// paper gives the page the data of an answer that is laid out as a paper.
func (x *answer) paper(p *report.Paper, doc any) {
	x.json = func(w io.Writer) error {
		b, err := report.AppendNumbers(nil, []any{doc})
		if err == nil {
			_, err = w.Write(append(b, '\n'))
		}
		return err
	}
	x.text = func(w io.Writer) error { return p.Write(w, "csv") }
}

// whatIfDoc is a scenario and what it comes to.
type whatIfDoc struct {
	Kinds []string
	Paper *report.Paper // nil: nothing was asked yet
}

// The scenario where nobody says: what the command line assumes as well.
var whatIfDefaults = map[string]float64{"share": 1, "wait": 60, "sigma": 0.5, "horizon": 730}

const (
	draws     = 2000 // of a page; the command line makes more
	drawsSeed = 1
)

func (p *pages) whatIfPage(a *ask) (*answer, error) {
	doc := &whatIfDoc{Kinds: []string{"delay", "stop", "quota", "price"}}
	x := &answer{page: "whatif", data: doc}
	if a.q("demand") == "" {
		return x, nil
	}
	s, chance, start, err := scenarioOf(a, doc.Kinds)
	if err == nil {
		err = p.Instance.Exposure(a.Context(), a.Lang, func(e *app.Exposure) error {
			w, err := e.WhatIf(s, chance, start)
			if err != nil {
				return err
			}
			paper := w.Paper(report.Speaker{Lang: a.Lang, Vocab: p.Instance.Book.Vocab})
			doc.Paper = &paper
			x.paper(&paper, w)
			return nil
		})
	}
	if err != nil {
		x.status, x.problem = http.StatusUnprocessableEntity, p.says(a.Lang, err)
	}
	return x, nil
}

// scenarioOf reads a scenario from the address.
func scenarioOf(a *ask, kinds []string) (s exposure.Scenario, c exposure.Chance, start when.Date, err error) {
	s.Kind = exposure.Kind(orElse(a.q("kind"), kinds[0]))
	if !slices.Contains(kinds, string(s.Kind)) {
		return s, c, 0, app.InvalidBy("kind", sentence.Of("is none of %s", strings.Join(kinds, ", ")))
	}
	horizon := 0.0
	for _, f := range []struct {
		name string
		to   *float64
	}{{"demand", &s.Demand}, {"stock", &s.Stock}, {"share", &s.Share}, {"quota", &s.Quota}, {"wait", &s.Wait}, {"sigma", &s.Spread}, {"refused", &s.Refused}, {"transport", &s.Transport},
		{"qualify", &s.Qualify}, {"horizon", &horizon}} {
		*f.to = whatIfDefaults[f.name]
		if text := a.q(f.name); text != "" {
			if *f.to, err = strconv.ParseFloat(strings.ReplaceAll(text, ",", ""), 64); err != nil {
				return s, c, 0, app.Invalid{Field: f.name, Text: "is no number"}
			}
		}
	}
	s.Horizon = int(min(horizon, 3660))
	start, err = a.day("start", a.Today)
	return s, exposure.Chance{Draws: draws, Seed: drawsSeed, Stock: 0.1, Demand: 0.1, Shares: 100}, start, err
}

// companyDoc is what a table of suppliers comes to.
type companyDoc struct {
	Supplier string
	On       when.Date
	Dropped  []string
	Paper    *report.Paper // nil: no table was sent
}

// company reads a table of suppliers. Nothing of it is kept.
func (p *pages) company(a *ask) (*answer, error) {
	parts, err := a.files()
	if err != nil {
		return nil, app.Invalid{Field: "file", Text: a.t("screen.choose")}
	}
	doc := &companyDoc{Supplier: "CN", On: a.Today}
	x := &answer{page: "company", data: doc}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil, app.Invalid{Field: "file", Text: a.t("screen.choose")}
		}
		if part.FormName() == "supplier" {
			text, err := io.ReadAll(io.LimitReader(part, 100))
			if err != nil {
				return nil, app.InvalidBy("supplier", err)
			}
			doc.Supplier = orElse(strings.TrimSpace(string(text)), doc.Supplier)
		}
		if part.FormName() != "file" || part.FileName() == "" {
			continue
		}
		q := app.CompanyQuestion{Supplier: doc.Supplier, Scenario: exposure.Scenario{Kind: "delay", Share: 1, Wait: whatIfDefaults["wait"], Spread: whatIfDefaults["sigma"], Horizon: int(whatIfDefaults["horizon"])},
			Chance: exposure.Chance{Draws: draws, Seed: drawsSeed, Stock: 0.1, Demand: 0.1, Shares: 100}, Start: a.Today, Book: p.Instance.Book,
			At: when.At{Effective: a.Today, KnownBy: p.Instance.Book.Assessed.Horizon}}
		d, err := p.Instance.Company(a.Context(), a.Lang, clipBytes(part.FileName(), 100), part, q)
		var invalid app.Invalid
		if errors.As(err, &invalid) {
			x.status, x.problem = http.StatusUnprocessableEntity, p.says(a.Lang, err)
			return x, nil
		}
		if err != nil {
			return nil, err
		}
		for _, r := range d.Reading.Dropped {
			doc.Dropped = append(doc.Dropped, a.t("company.dropped", "n", number(r.Rows), "why", r.Why))
		}
		paper := d.Paper(report.Speaker{Lang: a.Lang, Vocab: p.Instance.Book.Vocab})
		doc.Paper = &paper
		return x, nil
	}
}
