package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"lodestone/internal/app"
	"lodestone/internal/exposure"
	"lodestone/internal/ingest/trade"
	"lodestone/internal/law"
	"lodestone/internal/report"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

type exposureCmd struct {
	Compute     exposureComputeCmd     `cmd:"" help:"Recompute the rows of a target file from carried data."`
	Load        exposureLoadCmd        `cmd:"" help:"Read trade and production files and tell what was kept and what was set aside."`
	Dependence  exposureDependenceCmd  `cmd:"" help:"How dependent is a country on a supplier for a mineral."`
	Trend       exposureTrendCmd       `cmd:"" help:"How has the supplier's share moved, and is it a trend."`
	Whatif      exposureWhatifCmd      `cmd:"" help:"What happens when a source stops, is rationed, waits for licences or gets dearer."`
	Network     exposureNetworkCmd     `cmd:"" help:"How long does a supply network of your own meet its demand when a country or one of its sites stops."`
	Losses      exposureLossesCmd      `cmd:"" help:"How does a loss of some sectors spread over an input-output table of yours."`
	Reroute     exposureRerouteCmd     `cmd:"" help:"Do the supplier's goods come by way of others: origin traced, candidates, gaps."`
	Criticality exposureCriticalityCmd `cmd:"" help:"EU supply risk and economic importance, every term, beside what was printed."`
	Sources     exposureSourcesCmd     `cmd:"" help:"List the data sets the program carries, with source, licence and edition."`
	Report      exposureReportCmd      `cmd:"" help:"One sheet on a country and its minerals, or on a mineral across countries: HTML with charts, XLSX, CSV, JSON."`
}

// dataFlags say where data come from.
type dataFlags struct {
	DataFrom string `help:"Folder whose files go before the carried data sets of the same name." placeholder:"DIR" type:"existingdir"`
}

func (f dataFlags) open(r *run) (*app.Exposure, *law.Book, error) {
	book, err := r.book()
	if err != nil {
		return nil, nil, err
	}
	e, err := app.NewExposure(f.DataFrom, book.Vocab, r.flags.Lang)
	if err != nil {
		return nil, nil, exit{exitUse, err}
	}
	return e, book, nil
}

// exposureFormats are what every exposure command prints.
var exposureFormats = []string{"table", "jsonl", "json", "csv", "xlsx", "html", "pdf", "markdown"}

// printAnswer prints documents as JSON or JSON Lines, or lays them out for people.
func printAnswer[T any](r *run, v *vocab.Vocab, docs []T, paper func(report.Speaker) report.Paper) error {
	format := r.format()
	if !slices.Contains(exposureFormats, format) {
		return use("output %q: this command prints %s", format, strings.Join(exposureFormats, ", "))
	}
	return r.write(func(w io.Writer) error {
		switch format {
		case "jsonl":
			return report.WriteNumbers(w, docs)
		case "json":
			b, err := report.AppendNumbers(nil, docs)
			if err == nil {
				_, err = w.Write(append(b, '\n'))
			}
			return err
		}
		p := paper(report.Speaker{Lang: r.flags.Lang, Vocab: v})
		p.Day = r.env.Today
		return p.Write(w, format)
	})
}

type exposureComputeCmd struct {
	dataFlags
	Targets string `arg:"" help:"Target file (JSON); - is standard input."`
}

func (c exposureComputeCmd) Run(r *run) error {
	e, book, err := c.open(r)
	if err != nil {
		return err
	}
	in, name := io.Reader(r.env.In), "standard input"
	if c.Targets != "-" {
		f, err := os.Open(c.Targets)
		if err != nil {
			return exit{exitUse, err}
		}
		defer f.Close()
		in, name = f, c.Targets
	}
	rows, err := e.Compute(name, in)
	if err != nil {
		return exit{exitUse, err}
	}
	refused := 0
	for i := range rows {
		if p := rows[i].Problem; p != nil {
			refused++
			r.refused(*p)
		}
	}
	err = printAnswer(r, book.Vocab, rows, func(s report.Speaker) report.Paper { return report.ComputedPaper(rows, s) })
	if err == nil && refused > 0 {
		return exit{exitRefused, nil}
	}
	return err
}

type exposureLoadCmd struct {
	Files []string `arg:"" help:"BACI, panels, Comtrade (CSV or JSON), Comext, USGS, national monthly flows, WGI, supplier tables, supply networks; plain or gzip."`
	As    string   `help:"Layout where the headings leave it open: flows, comtrade, comext, usgs, monthly, wgi, suppliers, network." placeholder:"LAYOUT"`
	rejectFlags
}

func (c exposureLoadCmd) Run(r *run) error {
	e, book, err := dataFlags{}.open(r)
	if err != nil {
		return err
	}
	var docs []report.Loaded
	refused := 0
	for _, name := range c.Files {
		doc, err := e.Load(name, c.As)
		if err != nil {
			return exit{exitUse, err}
		}
		for _, d := range doc.Reading.Dropped {
			fmt.Fprintf(r.env.Err, "lodestone: set aside: %d rows, %s; first: %s\n", d.Rows, d.Why, d.First.Error())
		}
		for _, n := range doc.Reading.Notes {
			fmt.Fprintf(r.env.Err, "lodestone: note: %s: %s\n", name, n)
		}
		refused += doc.Reading.Refused()
		docs = append(docs, doc)
	}
	readings := make([]*trade.Reading, len(docs))
	for i := range docs {
		readings[i] = &docs[i].Reading
	}
	if err := c.setAside(r, readings...); err != nil {
		return err
	}
	err = printAnswer(r, book.Vocab, docs, func(s report.Speaker) report.Paper { return report.LoadedPaper(docs, s) })
	if err == nil && refused > 0 {
		return exit{exitRefused, nil}
	}
	return err
}

// setAside writes the rows that readings have set aside to the file that the flags name.
func (f rejectFlags) setAside(r *run, readings ...*trade.Reading) error {
	var headings []string
	for _, x := range readings {
		headings = append(headings, x.Head...)
	}
	out, err := f.open(r, headings)
	if err != nil || out.file == nil {
		return err
	}
	for _, x := range readings {
		for i := range x.Rejected {
			row := report.Reject{Problem: x.Rejected[i].Problem}
			for k, cell := range x.Rejected[i].Cells {
				heading := "" // the row has more cells than the file has headings
				if k < len(x.Head) {
					heading = x.Head[k]
				}
				row.Cells = append(row.Cells, report.ExtraField{Name: heading, Value: cell})
			}
			if err = out.file.Add(&row); err != nil {
				return out.close(err)
			}
		}
		if n := x.Refused(); n > len(x.Rejected) {
			fmt.Fprintf(r.env.Err, "lodestone: note: %s: of %d rows set aside the first %d are in %s\n", x.Source, n, len(x.Rejected), f.Rejects)
		}
	}
	return out.close(nil)
}

// tradeFlags name the two sides of a question.
type tradeFlags struct {
	dataFlags
	Importer string `help:"The country that depends: two letters or a name." required:"" placeholder:"COUNTRY"`
	Supplier string `help:"The country it depends on." default:"CN" placeholder:"COUNTRY"`
}

type exposureDependenceCmd struct {
	tradeFlags
	atFlags
	Mineral string `help:"A mineral, or a six-digit customs line." required:"" placeholder:"NAME"`
	Year    int    `help:"Year of the flows." default:"2024"`
	NoLaw   bool   `help:"Do not join the law in force."`
	bandFlags
}

// bandFlags say where grades begin.
type bandFlags struct {
	Moderate float64 `help:"Effective dependence from which it is moderate." default:"0.3"`
	High     float64 `help:"Effective dependence from which it is high." default:"0.65"`
	OwnShare float64 `help:"A screen of your own, beside the published ones: flagged from this share of the supplier by value, 0 to 1." placeholder:"SHARE"`
}

func (f bandFlags) bands() (exposure.Bands, error) {
	b := exposure.Bands{Moderate: f.Moderate, High: f.High, Scale: exposure.DefaultBands.Scale}
	if !(b.Moderate > 0 && b.Moderate < b.High && b.High <= 1) {
		return b, use("--moderate %v and --high %v: give fractions, the first below the second", f.Moderate, f.High)
	}
	if !(f.OwnShare >= 0 && f.OwnShare <= 1) {
		return b, use("--own-share %v: give a fraction", f.OwnShare)
	}
	return b, nil
}

func (c exposureDependenceCmd) Run(r *run) error {
	bands, err := c.bands()
	if err != nil {
		return err
	}
	e, book, err := c.open(r)
	if err != nil {
		return err
	}
	q := app.DependenceQuestion{Importer: c.Importer, Mineral: c.Mineral, Supplier: c.Supplier, Year: c.Year, Bands: bands, Own: c.OwnShare, Risk: true}
	if !c.NoLaw {
		q.Book = book
		if q.At, err = c.at(r, book); err != nil {
			return err
		}
	}
	doc, err := e.Dependence(q)
	if err != nil {
		return exit{exitUse, err}
	}
	return printAnswer(r, book.Vocab, []report.Dependence{doc}, doc.Paper)
}

type exposureTrendCmd struct {
	tradeFlags
	Mineral []string `help:"Minerals or six-digit lines; may be given several times." required:"" placeholder:"NAME"`
	From    int      `help:"First year (default: the first after the customs nomenclature of 2007, which moved germanium and others between lines)." default:"2008"`
	To      int      `help:"Last year." default:"2024"`
	Basis   string   `help:"value or mass." enum:"value,mass" default:"value"`
}

func (c exposureTrendCmd) Run(r *run) error {
	e, book, err := c.open(r)
	if err != nil {
		return err
	}
	var docs []report.TrendDoc
	for _, m := range c.Mineral {
		more, err := e.Trend(app.TrendQuestion{Importer: c.Importer, Supplier: c.Supplier, Mineral: m, From: c.From, To: c.To, Basis: exposure.Basis(c.Basis)})
		if err != nil {
			return exit{exitUse, err}
		}
		docs = append(docs, more...)
	}
	app.AdjustTrends(docs)
	return printAnswer(r, book.Vocab, docs, func(s report.Speaker) report.Paper { return report.TrendPaper(docs, s) })
}

type exposureWhatifCmd struct {
	dataFlags
	atFlags
	rejectFlags
	File         string   `arg:"" optional:"" help:"A supplier table; without one the flags describe a single item."`
	Supplier     string   `help:"The country that cuts, with a supplier table." default:"CN" placeholder:"COUNTRY"`
	Kind         string   `help:"stop, quota, delay or price." enum:"stop,quota,delay,price" default:"delay"`
	Demand       float64  `help:"Demand a year, in any unit."`
	Stock        float64  `help:"Stock on hand, in the same unit."`
	Share        float64  `help:"Share of demand from the source that is cut, 0 to 1." default:"1"`
	Quota        float64  `help:"Fraction still delivered (quota)."`
	Wait         float64  `help:"Median licence wait in days (an assumption: reports name 45 to 60)." default:"60"`
	Sigma        float64  `help:"Spread of the wait: sigma of the lognormal." default:"0.5"`
	Refused      float64  `help:"Share of applications refused, 0 to 1."`
	Transport    float64  `help:"Days of transport after the licence."`
	Qualify      float64  `help:"Days of qualification after transport."`
	Alternative  []string `help:"name,capacity a year,lead days,ramp days[,cost]; may be given several times." sep:"none" placeholder:"TEXT"`
	Margin       float64  `help:"Lost for each unit of demand not met."`
	ElasticityS  float64  `help:"Elasticity of supply; no price is told without elasticities." name:"elasticity-supply"`
	ElasticityD  float64  `help:"Elasticity of demand, as a positive number." name:"elasticity-demand"`
	WorldShare   float64  `help:"Share of world supply that is lost, for the price."`
	Horizon      int      `help:"Days looked ahead." default:"730"`
	Draws        int      `help:"Draws of the Monte Carlo; 0: none." default:"10000"`
	Seed         uint64   `help:"Seed: the same seed gives the same bytes." default:"1"`
	StockSpread  float64  `help:"Triangular spread of the stock, as a fraction." default:"0.1"`
	DemandSpread float64  `help:"Triangular spread of the demand, as a fraction." default:"0.1"`
	ShareWeight  float64  `help:"Dirichlet weight of the share; 0: the share is fixed." default:"100"`
	Start        string   `help:"First day of the disruption (default: --on)." placeholder:"DATE"`
}

func (c exposureWhatifCmd) Run(r *run) error {
	s, chance, err := c.scenario()
	if err != nil {
		return err
	}
	e, book, err := c.dataFlags.open(r)
	if err != nil {
		return err
	}
	at, err := c.at(r, book)
	if err != nil {
		return err
	}
	start := at.Effective
	if c.Start != "" {
		if start, err = when.ParseDate(c.Start); err != nil {
			return use("--start: %v", err)
		}
	}
	if c.File == "" && c.Rejects != "" {
		return use("whatif: --rejects is for a supplier table")
	}
	if c.File == "" {
		doc, err := e.WhatIf(s, chance, start)
		if err != nil {
			return exit{exitUse, fmt.Errorf("whatif: %w", err)}
		}
		return printAnswer(r, book.Vocab, []report.WhatIf{doc}, doc.Paper)
	}
	if c.Demand != 0 || c.Stock != 0 || c.Alternative != nil {
		return use("whatif: --demand, --stock and --alternative describe a single item; the table gives mass, stock, spare_capacity, lead_days and ramp_days itself")
	}
	return c.company(r, e, app.CompanyQuestion{Supplier: c.Supplier, Scenario: s, Chance: chance, Start: start, Book: book, At: at})
}

func (c exposureWhatifCmd) company(r *run, e *app.Exposure, q app.CompanyQuestion) error {
	var doc report.Company
	err := trade.OpenFile(c.File, func(_ string, in io.Reader) (err error) {
		doc, err = e.Company(c.File, in, q)
		return err
	})
	if err != nil {
		return exit{exitUse, err}
	}
	for _, d := range doc.Reading.Dropped {
		fmt.Fprintf(r.env.Err, "lodestone: refused: %d rows, %s; first: %s\n", d.Rows, d.Why, d.First.Error())
	}
	if err := c.setAside(r, &doc.Reading); err != nil {
		return err
	}
	err = printAnswer(r, e.Vocab, []report.Company{doc}, doc.Paper)
	if err == nil && doc.Reading.Refused() > 0 {
		return exit{exitRefused, nil}
	}
	return err
}

func (c exposureWhatifCmd) scenario() (exposure.Scenario, exposure.Chance, error) {
	s := exposure.Scenario{Kind: exposure.Kind(c.Kind), Demand: c.Demand, Stock: c.Stock, Share: c.Share, Quota: c.Quota, Wait: c.Wait, Spread: c.Sigma,
		Refused: c.Refused, Transport: c.Transport, Qualify: c.Qualify, Margin: c.Margin, Supply: c.ElasticityS, Price: c.ElasticityD,
		WorldShare: c.WorldShare, Horizon: c.Horizon}
	for _, text := range c.Alternative {
		a, err := alternative(text)
		if err != nil {
			return s, exposure.Chance{}, err
		}
		s.Alternatives = append(s.Alternatives, a)
	}
	chance := exposure.Chance{Draws: c.Draws, Seed: c.Seed, Stock: c.StockSpread, Demand: c.DemandSpread, Shares: c.ShareWeight}
	if err := chance.Check(); err != nil {
		return s, chance, use("whatif: %v", err)
	}
	return s, chance, nil
}

func alternative(text string) (exposure.Alternative, error) {
	cells := strings.Split(text, ",")
	if len(cells) < 4 || len(cells) > 5 {
		return exposure.Alternative{}, use("--alternative %q: give name,capacity a year,lead days,ramp days[,cost]", text)
	}
	a := exposure.Alternative{Name: strings.TrimSpace(cells[0])}
	for i, to := range []*float64{&a.Capacity, &a.Lead, &a.Ramp, &a.Cost}[:len(cells)-1] {
		x, err := strconv.ParseFloat(strings.TrimSpace(cells[i+1]), 64)
		if err != nil {
			return a, use("--alternative %q: %q is no number", text, cells[i+1])
		}
		*to = x
	}
	return a, nil
}

type exposureNetworkCmd struct {
	dataFlags
	File     string  `arg:"" help:"A supply network (CSV or XLSX): site, country, makes; and needs, per_unit, capacity, stock, recover_days, demand, margin."`
	Supplier string  `help:"The country whose sites are cut at once." default:"CN" placeholder:"COUNTRY"`
	Recover  float64 `help:"Days until a site delivers again whose row does not say; none is assumed." placeholder:"DAYS"`
	Horizon  int     `help:"Days looked ahead." default:"730"`
	Start    string  `help:"First day of the disruption (default: today)." placeholder:"DATE"`
}

func (c exposureNetworkCmd) Run(r *run) error {
	const most = 3660
	if c.Recover < 0 || c.Recover > most || c.Horizon < 1 || c.Horizon > most {
		return use("network: --recover and --horizon are days, up to %d", most)
	}
	e, book, err := c.open(r)
	if err != nil {
		return err
	}
	q := app.NetworkQuestion{Supplier: c.Supplier, Recover: exposure.Unknown(), Horizon: c.Horizon, Start: r.env.Today}
	if c.Recover > 0 {
		q.Recover = c.Recover
	}
	if c.Start != "" {
		if q.Start, err = when.ParseDate(c.Start); err != nil {
			return use("--start: %v", err)
		}
	}
	var doc report.Network
	err = trade.OpenFile(c.File, func(_ string, in io.Reader) (err error) {
		doc, err = e.Network(c.File, in, q)
		return err
	})
	if err != nil {
		return exit{exitUse, err}
	}
	return printAnswer(r, book.Vocab, []report.Network{doc}, doc.Paper)
}

type exposureLossesCmd struct {
	dataFlags
	File   string   `arg:"" help:"An input-output table (CSV or XLSX): a row a selling sector, a column a buying one, and a column output; value_added if you have it."`
	Cut    []string `help:"sector=share of its output lost at first, 0 to 1; may be given several times." required:"" sep:"none" placeholder:"SECTOR=SHARE"`
	Adjust float64  `help:"Part of the way to the new balance that a sector goes in a day, 0 to 1: tells the course as well. None is assumed."`
	Days   int      `help:"Days that the cut lasts, for the course." default:"90"`
	Follow int      `help:"Days followed." default:"365"`
}

func (c exposureLossesCmd) Run(r *run) error {
	q := app.LossesQuestion{Adjust: c.Adjust, Days: c.Days, Follow: c.Follow}
	for _, text := range c.Cut {
		i := strings.LastIndexByte(text, '=')
		share, err := strconv.ParseFloat(text[i+1:], 64)
		if i < 1 || err != nil || !(share > 0 && share <= 1) {
			return use("--cut %q: give SECTOR=SHARE, the share above 0 and up to 1", text)
		}
		q.Cut = append(q.Cut, app.SectorCut{Sector: strings.TrimSpace(text[:i]), Share: share})
	}
	const most = 3660
	if !(c.Adjust >= 0 && c.Adjust <= 1) || c.Days < 1 || c.Follow < c.Days || c.Follow > most {
		return use("losses: --adjust lies from 0 to 1, --days is at least one, and --follow at least that, up to %d", most)
	}
	e, book, err := c.open(r)
	if err != nil {
		return err
	}
	var doc report.Losses
	err = trade.OpenFile(c.File, func(_ string, in io.Reader) (err error) {
		doc, err = e.Losses(c.File, in, q)
		return err
	})
	if err != nil {
		return exit{exitUse, err}
	}
	return printAnswer(r, book.Vocab, []report.Losses{doc}, doc.Paper)
}

type exposureRerouteCmd struct {
	tradeFlags
	Mineral  string `help:"A mineral, or a six-digit customs line." required:"" placeholder:"NAME"`
	From     int    `help:"Year compared with." default:"2018"`
	Year     int    `help:"Year of the flows." default:"2024"`
	Declared string `help:"UN Comtrade extract with the declarations of both sides (default: the carried monthly flows)." placeholder:"FILE" type:"existingfile"`
}

func (c exposureRerouteCmd) Run(r *run) error {
	e, book, err := c.open(r)
	if err != nil {
		return err
	}
	docs, err := e.Reroute(app.RerouteQuestion{Importer: c.Importer, Supplier: c.Supplier, Mineral: c.Mineral, From: c.From, Year: c.Year, Declared: c.Declared})
	if err != nil {
		return exit{exitUse, err}
	}
	return printAnswer(r, book.Vocab, docs, func(s report.Speaker) report.Paper { return report.ReroutePaper(docs, s) })
}

type exposureCriticalityCmd struct {
	dataFlags
	Method        string  `help:"eu: supply risk and economic importance of the EU studies. us: cube root of disruption, trade exposure and vulnerability, for the United States." enum:"eu,us" default:"eu"`
	Material      string  `help:"A material of the study (default: all); with us a mineral." placeholder:"NAME"`
	Edition       int     `help:"2017 or 2023." default:"2023"`
	Year          int     `help:"With us: year of output and reliance." default:"2024"`
	Vulnerability float64 `help:"With us: economic vulnerability, 0 to 1; none is assumed, the answer is then a range." default:"-1" placeholder:"NUMBER"`
	Factors       string  `help:"With us: table of country and factor (0 sure to supply, 1 sure not to); default: political instability." placeholder:"FILE" type:"existingfile"`
}

func (c exposureCriticalityCmd) Run(r *run) error {
	e, book, err := c.open(r)
	if err != nil {
		return err
	}
	if c.Method == "us" {
		return c.us(r, e, book)
	}
	docs, err := e.Criticality(c.Material, c.Edition)
	if err != nil {
		return exit{exitUse, err}
	}
	return printAnswer(r, book.Vocab, docs, func(s report.Speaker) report.Paper { return report.CriticalityPaper(docs, s) })
}

func (c exposureCriticalityCmd) us(r *run, e *app.Exposure, book *law.Book) error {
	q := app.GeometricQuestion{Mineral: c.Material, Year: c.Year, Vulnerability: exposure.Exactly(c.Vulnerability), FactorsFrom: filepath.Base(c.Factors)}
	switch {
	case c.Material == "":
		return use("criticality --method us: give a --material")
	case c.Vulnerability == -1:
		q.Vulnerability = exposure.Range{Low: 0, High: 1}
	case !(c.Vulnerability >= 0 && c.Vulnerability <= 1):
		return use("--vulnerability %v: give a number from 0 to 1", c.Vulnerability)
	}
	if c.Factors != "" {
		err := trade.OpenFile(c.Factors, func(_ string, in io.Reader) (err error) {
			q.Factors, err = e.Factors(c.Factors, in)
			return err
		})
		if err != nil {
			return exit{exitUse, err}
		}
	}
	docs, err := e.GeometricRisk(q)
	if err != nil {
		return exit{exitUse, err}
	}
	return printAnswer(r, book.Vocab, docs, func(s report.Speaker) report.Paper { return report.GeometricRiskPaper(docs, s) })
}

type exposureSourcesCmd struct{}

func (exposureSourcesCmd) Run(r *run) error {
	e, book, err := dataFlags{}.open(r)
	if err != nil {
		return err
	}
	return printAnswer(r, book.Vocab, e.Sources(), func(s report.Speaker) report.Paper { return report.SourcesPaper(e.Sources(), s) })
}

type exposureReportCmd struct {
	dataFlags
	atFlags
	Importer string   `help:"The country of the sheet; without one the sheet is on a mineral across countries." placeholder:"COUNTRY"`
	Supplier string   `help:"The country it depends on." default:"CN" placeholder:"COUNTRY"`
	Mineral  []string `help:"Minerals or six-digit lines (with --importer default: every mineral with flows)." placeholder:"NAME"`
	Year     int      `help:"Year of the flows." default:"2024"`
	bandFlags
}

func (c exposureReportCmd) Run(r *run) error {
	bands, err := c.bands()
	if err != nil {
		return err
	}
	e, book, err := c.open(r)
	if err != nil {
		return err
	}
	at, err := c.at(r, book)
	if err != nil {
		return err
	}
	if c.Importer == "" {
		if len(c.Mineral) != 1 {
			return use("report: give --importer for a sheet on a country, or one --mineral for a sheet on a mineral; exposure whatif TABLE --output html is the sheet on a company")
		}
		doc, err := e.MineralSheet(app.MineralQuestion{Mineral: c.Mineral[0], Supplier: c.Supplier, Year: c.Year, Book: book, At: at})
		if err != nil {
			return exit{exitUse, err}
		}
		return printAnswer(r, book.Vocab, []report.MineralSheet{doc}, doc.Paper)
	}
	doc, err := e.Sheet(app.SheetQuestion{Importer: c.Importer, Supplier: c.Supplier, Minerals: c.Mineral, Year: c.Year, Bands: bands, Own: c.OwnShare, Book: book, At: at})
	if err != nil {
		return exit{exitUse, err}
	}
	return printAnswer(r, book.Vocab, []report.Sheet{doc}, doc.Paper)
}
