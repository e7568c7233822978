package app

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"lodestone/internal/exposure"
	"lodestone/internal/ingest/trade"
	"lodestone/internal/law"
	"lodestone/internal/report"
	"lodestone/internal/sentence"
	"lodestone/internal/when"
)

// DependenceQuestion asks how dependent a country is on a supplier for a mineral.
type DependenceQuestion struct {
	Importer string // two letters or a name
	Mineral  string // a mineral of the table, or a six-digit customs line
	Supplier string
	Year     int
	Bands    exposure.Bands // zero: the default bands
	Own      float64        // share of the supplier from which a screen of one's own flags; zero: none
	Risk     bool           // GeoPolRisk and the concentration of world output as well
	Book     *law.Book      // nil: the law is not joined
	At       when.At
}

// Dependence answers from what is held: computed where flows of the mineral's own lines allow it, else from reported figures.
func (e *Exposure) Dependence(q DependenceQuestion) (report.Dependence, error) {
	doc := report.Dependence{Year: q.Year, Bands: q.Bands}
	if doc.Bands == (exposure.Bands{}) {
		doc.Bands = exposure.DefaultBands
	}
	var err error
	if doc.Importer, err = e.country(q.Importer); err != nil {
		return doc, sentence.Of("importer: %v", err)
	}
	if doc.Supplier, err = e.country(q.Supplier); err != nil {
		return doc, sentence.Of("supplier: %v", err)
	}
	if doc.Supplier == doc.Importer {
		return doc, sentence.Of("importer and supplier are the same country, %s", doc.Importer)
	}
	if doc.Mineral, err = e.mineralNamed(q.Mineral); err != nil {
		return doc, err
	}
	lines, err := e.mineralLines(doc.Mineral)
	if err != nil {
		return doc, err
	}
	doc.Output, doc.Reported = []report.Output{}, []trade.Fact{}
	doc.ReportedShare = exposure.Range{Low: exposure.Unknown(), High: exposure.Unknown()}
	if !isLine(doc.Mineral) || lines[0].Exact { // figures on a mineral say nothing of a line that holds others too
		if doc.Output, err = e.outputs(doc.Importer, lines[0].Mineral, q.Year); err != nil {
			return doc, err
		}
	}
	if !isLine(doc.Mineral) {
		if doc.Reported, err = e.reported(doc.Importer, lines[0].Mineral); err != nil {
			return doc, err
		}
	}
	if err := e.dependenceLines(&doc, lines, q.Own); err != nil {
		return doc, err
	}
	e.judge(&doc)
	if q.Risk {
		if err := e.risks(&doc); err != nil {
			return doc, err
		}
	}
	if q.Book != nil {
		if doc.Controls, err = e.controls(q.Book, q.At, doc.Supplier, doc.Mineral, lines); err != nil {
			return doc, err
		}
	}
	return doc, nil
}

func (e *Exposure) dependenceLines(doc *report.Dependence, lines []trade.MineralLine, own float64) error {
	set := yearFile(doc.Year)
	doc.LinesNone = []string{}
	for _, l := range lines {
		flows, err := e.trade(set, l.HS2017)
		if err != nil {
			return err
		}
		if len(flows.To(doc.Year, doc.Importer)) == 0 {
			doc.LinesNone = append(doc.LinesNone, l.HS2017+" "+l.Stage)
			continue
		}
		d := e.dependenceLine(doc, l, lines, flows)
		if d.Screens, err = e.screens(doc, flows, &d, own); err != nil {
			return err
		}
		doc.Lines = append(doc.Lines, d)
	}
	if s, _ := e.Library.Source(set); s.Provisional == doc.Year && len(doc.Lines) > 0 {
		doc.Notes = append(doc.Notes, e.say("provisional", "year", strconv.Itoa(doc.Year), "edition", s.Source+" "+s.Edition))
	}
	doc.From = e.from(set, trade.NameUSGS, trade.NameUSGSOld)
	if err := e.worldExports(doc); err != nil {
		return err
	}
	if len(doc.Reported) > 0 {
		doc.From = append(doc.From, e.from(trade.NameReported)...)
	}
	return nil
}

func (e *Exposure) dependenceLine(doc *report.Dependence, l trade.MineralLine, lines []trade.MineralLine, flows *exposure.Trade) report.DependenceLine {
	set, _ := e.Library.Source(yearFile(doc.Year))
	byValue, _ := flows.Imports(doc.Year, doc.Importer, exposure.ByValue)
	byMass, noMass := flows.Imports(doc.Year, doc.Importer, exposure.ByMass)
	d := report.DependenceLine{Line: l.HS2017, Stage: l.Stage, Basket: "bundle", Edition: set.Source + " " + set.Edition, NoMass: noMass,
		Imports: report.Amount{USD: exposure.Total(byValue), Tonnes: massOf(byMass)}, Exports: report.Amount{USD: flows.Exports(doc.Year, doc.Importer, "", exposure.ByValue), Tonnes: flows.Exports(doc.Year, doc.Importer, "", exposure.ByMass)},
		ShareValue: exposure.ShareOf(byValue, 0, doc.Supplier), ShareMass: exposure.ShareOf(byMass, 0, doc.Supplier), Concentration: exposure.Measure(byValue, 0)}
	if l.Exact {
		d.Basket = "exact"
	}
	facts := exposure.LineFacts{Basis: exposure.ByMass, Other: d.ShareValue}
	parts, exports := byMass, d.Exports.Tonnes
	if len(byMass) == 0 || !exposure.Known(exports) {
		facts.Basis, facts.Other, parts, exports = exposure.ByValue, d.ShareMass, byValue, d.Exports.USD
	}
	supplied := exposure.ShareOf(parts, 0, doc.Supplier) * exposure.Total(parts)
	facts.Balance = exposure.Balance{Imports: exposure.Total(parts), Exports: exports, Supplier: supplied}
	d.Output = exposure.Range{Low: exposure.Unknown(), High: exposure.Unknown()}
	if o, from, ok := e.outputFor(doc, l, lines); ok && l.Exact {
		facts.OutputFrom = from
		if facts.Basis == exposure.ByMass {
			d.Output, facts.Balance.Output, facts.OutputKnown = o, o, true
		}
	}
	d.Basis, d.Reliance = facts.Basis, facts.Balance.Reliance()
	if !facts.OutputKnown {
		unknown := exposure.Range{Low: exposure.Unknown(), High: exposure.Unknown()}
		d.Reliance.Consumption, d.Reliance.NetImport, d.Reliance.EUReliance, d.Reliance.Upper = unknown, unknown, unknown, unknown
		d.Reliance.Dependence = exposure.Range{Low: 0, High: d.Reliance.ImportShare}
	}
	d.Judged = e.judged(exposure.JudgeLine(facts, doc.Bands))
	d.Status = exposure.Status(d.Concentration, d.Reliance, facts.OutputKnown)
	d.Quality = exposure.EvidenceGrade(d.ShareValue, d.ShareMass, d.Output)
	d.Direct, d.OneStep = exposure.OneStep(flows, doc.Year, doc.Importer, doc.Supplier, facts.Basis)
	d.Suppliers = suppliers(byValue, byMass)
	return d
}

// worldExports tells, for lines without flows between countries, what part of world exports the supplier has, from the exporter index.
func (e *Exposure) worldExports(doc *report.Dependence) error {
	if len(doc.LinesNone) == 0 {
		return nil
	}
	var lines []string
	for _, l := range doc.LinesNone {
		lines = append(lines, l[:6])
	}
	index, _, err := e.Library.ExportIndex(lines)
	if err != nil || len(index) == 0 {
		return err
	}
	doc.From = append(doc.From, e.from(trade.NameIndex)...)
	for _, line := range lines {
		last := 0
		for _, x := range index {
			if x.Line == line && x.Year <= doc.Year {
				last = max(last, x.Year)
			}
		}
		var parts []exposure.Part
		for _, x := range index {
			if x.Line == line && x.Year == last {
				parts = append(parts, exposure.Part{Who: x.Exporter, Amount: x.Value})
			}
		}
		if parts == nil {
			continue
		}
		k := exposure.Measure(parts, 0)
		doc.World = append(doc.World, report.WorldExport{Line: line, Year: last, Share: exposure.ShareOf(parts, 0, doc.Supplier), HHI: k.HHI, Top: k.Top, TopShare: k.TopShare})
	}
	return nil
}

func massOf(parts []exposure.Part) float64 {
	if len(parts) == 0 {
		return exposure.Unknown()
	}
	return exposure.Total(parts)
}

// suppliers lists the shares of the largest by value, at most eight.
func suppliers(byValue, byMass []exposure.Part) []report.SupplierShare {
	var all []report.SupplierShare
	total := exposure.Total(byValue)
	for _, p := range byValue {
		all = append(all, report.SupplierShare{Country: p.Who, Value: p.Amount / total, Mass: exposure.ShareOf(byMass, 0, p.Who)})
	}
	slices.SortStableFunc(all, func(a, b report.SupplierShare) int { return cmp.Compare(b.Value, a.Value) })
	return all[:min(8, len(all))]
}

// outputFor is what is held on a country's output at the stage of a line: world tables of that stage, and reported output for refined stages.
// Output that several lines share bounds that of each from above only.
func (e *Exposure) outputFor(doc *report.Dependence, l trade.MineralLine, lines []trade.MineralLine) (exposure.Range, string, bool) {
	stage := stageFor(l.Stage)
	low, high := math.Inf(1), math.Inf(-1)
	var from []string
	for _, o := range doc.Output {
		if o.Stage == stage && exposure.Known(o.Amount.High) {
			low, high = min(low, o.Amount.Low), max(high, o.Amount.High)
			from = append(from, o.From)
			break // newest edition
		}
	}
	if r, source, ok := e.reportedOutput(doc.Reported, doc.Year); ok && stage == "refined" {
		low, high = min(low, r.Low), max(high, r.High)
		from = append(from, source)
	}
	for _, other := range lines {
		if other.HS2017 != l.HS2017 && other.Exact && stageFor(other.Stage) == stage {
			low = 0
		}
	}
	return exposure.Range{Low: low, High: high}, strings.Join(from, "; "), from != nil
}

// screens are those of the year asked, with how long the panel shows them.
func (e *Exposure) screens(doc *report.Dependence, flows *exposure.Trade, d *report.DependenceLine, own float64) ([]exposure.Screen, error) {
	panel, err := e.trade(trade.NamePanel, d.Line)
	if err != nil {
		return nil, err
	}
	back := flows.Exports(doc.Year, doc.Importer, doc.Supplier, exposure.ByValue)
	now := exposure.Screens(exposure.ScreenInput{HHI: d.Concentration.HHI, Share: d.ShareValue, TopShare: d.Concentration.TopShare,
		NetImport: d.Reliance.NetImport.Low, Imports: d.Imports.USD, Exports: d.Exports.USD, Bilateral: back - d.ShareValue*d.Imports.USD,
		FirstYears: exposure.FirstYears(panel, doc.Importer, doc.Supplier, doc.Year), Own: own})
	exposure.Persisting(now, panel, doc.Importer, doc.Supplier, doc.Year, own)
	return now, nil
}

// judge makes the grade of the mineral from its lines and the reported figures. Reported figures decide where shares of the mineral itself were
// published and the lines held do not cover it, or where no line of its own is held.
func (e *Exposure) judge(doc *report.Dependence) {
	var exact []report.DependenceLine
	for _, l := range doc.Lines {
		if l.Basket == "exact" || l.Line == doc.Mineral { // a line asked for by its code stands for itself
			exact = append(exact, l)
		}
	}
	codes, _ := e.Library.Codes() // the table was read before
	share, periods := reportedShare(doc.Reported, codes.Name(doc.Supplier), doc.Year)
	output, source, produced := e.reportedOutput(doc.Reported, doc.Year)
	whole := len(doc.LinesNone) == 0 && len(exact) == len(doc.Lines)
	doc.Evidence = "computed"
	switch {
	case len(exact) > 0 && (whole || periods == nil):
		e.judgeComputed(doc, exact)
	case periods != nil || produced:
		e.judgeReported(doc, share, periods, output, source, produced)
	default:
		doc.Grade, doc.MayBe = exposure.CannotTell, exposure.High // nothing held bounds it
		doc.Because = append(doc.Because, e.say("why.nothing"))
		for _, l := range doc.Lines {
			doc.Because = append(doc.Because, e.say("why.bundle", "line", l.Line, "share", exposure.Percent(l.ShareValue)))
		}
		doc.Missing = append(doc.Missing, e.say("missing.everything"))
	}
	if len(doc.LinesNone) > 0 {
		doc.Missing = append(doc.Missing, e.say("missing.flows", "lines", report.Speaker{Lang: e.Lang}.LineNames(doc.LinesNone)))
	}
}

func (e *Exposure) judgeComputed(doc *report.Dependence, exact []report.DependenceLine) {
	lines := make([]exposure.WeighedLine, len(exact))
	for i, l := range exact {
		lines[i] = exposure.WeighedLine{Grade: l.Grade, MayBe: l.MayBe, Imports: l.Imports.USD}
	}
	doc.Grade, doc.MayBe = exposure.JudgeLines(lines)
	for i, l := range exact {
		if !lines[i].Counts {
			continue
		}
		for _, why := range l.Because {
			doc.Because = append(doc.Because, e.say("why.line", "line", l.Line, "stage", l.Stage, "edition", l.Edition, "year", strconv.Itoa(doc.Year), "why", why))
		}
		for _, m := range l.Missing {
			if !slices.Contains(doc.Missing, m) {
				doc.Missing = append(doc.Missing, m)
			}
		}
	}
}
