package app

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"lodestone/internal/exposure"
	"lodestone/internal/ingest/trade"
	"lodestone/internal/law"
	"lodestone/internal/problem"
	"lodestone/internal/report"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// DependenceQuestion asks how dependent a country is on a supplier for a mineral.
type DependenceQuestion struct {
	Importer string // two letters or a name
	Mineral  string // a mineral of the table, or a six-digit customs line
	Supplier string
	Year     int
	Bands    exposure.Bands // zero: the default bands
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
		return doc, fmt.Errorf("importer: %w", err)
	}
	if doc.Supplier, err = e.country(q.Supplier); err != nil {
		return doc, fmt.Errorf("supplier: %w", err)
	}
	if doc.Supplier == doc.Importer {
		return doc, fmt.Errorf("importer and supplier are the same country, %s", doc.Importer)
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
	if err := e.dependenceLines(&doc, lines); err != nil {
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

// isLine says that a question names a six-digit customs line.
func isLine(mineral string) bool {
	return len(mineral) == 6 && strings.Trim(mineral, "0123456789") == ""
}

// country reads a code or a name.
func (e *Exposure) country(s string) (string, error) {
	place, err := e.places()
	if err != nil {
		return "", err
	}
	if code, ok := place(s); ok {
		return code, nil
	}
	if meant := problem.Nearest(s, e.Vocab.CountryNames()); meant != "" {
		return "", fmt.Errorf("%q is no country; %s was probably meant", s, meant)
	}
	return "", fmt.Errorf("%q is no country; give two letters (ISO 3166) or a name in English, Chinese or Korean", s)
}

// places finds countries by code, by the spellings of the trade files, and by names in three languages.
func (e *Exposure) places() (func(string) (string, bool), error) {
	codes, err := e.Library.Codes()
	return func(s string) (string, bool) {
		if code, ok := codes.ByName(s); ok {
			return code, true
		}
		if code, ok := codes.ByName(strings.ToUpper(s)); ok {
			return code, true
		}
		c, ok := e.Vocab.CountryOf(s)
		return c.String(), ok
	}, err
}

// mineralLines are the customs lines of a mineral, each once. A six-digit code stands for itself. A line that holds a mineral only in the newer
// nomenclature is a bundle in the older one, in which the flows are, where other minerals lead to it as well.
func (e *Exposure) mineralLines(mineral string) ([]trade.MineralLine, error) {
	all, err := e.lines()
	if err == nil {
		mineral, err = e.mineralNamed(mineral)
	}
	if err != nil {
		return nil, err
	}
	code := isLine(mineral)
	var lines []trade.MineralLine
	for _, l := range all {
		if l.Mineral != mineral && !(code && (l.HS2017 == mineral || l.HS2022 == mineral)) {
			continue
		}
		if !slices.ContainsFunc(lines, func(x trade.MineralLine) bool { return x.HS2017 == l.HS2017 }) {
			l.Exact = l.Exact && !slices.ContainsFunc(all, func(x trade.MineralLine) bool { return x.HS2017 == l.HS2017 && x.Mineral != l.Mineral })
			if code && !l.Exact {
				l.Mineral = mineral // figures on one of its minerals say nothing of the line
			}
			lines = append(lines, l)
		}
	}
	if len(lines) == 0 { // a line that the table does not name
		lines = []trade.MineralLine{{Mineral: mineral, Stage: "line", HS2022: mineral, HS2017: mineral, Exact: true}}
	}
	return lines, nil
}

// mineralNamed finds a mineral of the customs table by its name in any of the three languages; a customs line stays as it is, and so does "".
func (e *Exposure) mineralNamed(name string) (string, error) {
	plain := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), " ", "_")
	if plain == "" || isLine(plain) {
		return plain, nil
	}
	all, err := e.Minerals()
	if err != nil || slices.Contains(all, plain) {
		return plain, err
	}
	for _, m := range all {
		for _, lang := range report.Languages {
			s := report.Speaker{Lang: lang, Vocab: e.Vocab}
			if strings.EqualFold(s.Mineral(m), strings.TrimSpace(name)) {
				return m, nil
			}
		}
	}
	if el, ok := e.Vocab.ElementNamed(strings.TrimSpace(name)); ok {
		for _, m := range all {
			if other, ok := e.Vocab.ElementNamed(m); ok && other == el {
				return m, nil
			}
		}
	}
	if meant := problem.Nearest(plain, all); meant != "" {
		return "", fmt.Errorf("%q is no mineral of the table; %s was probably meant", name, meant)
	}
	return "", fmt.Errorf("%q is no mineral of the table; there are: %s; or give a six-digit customs line", name, strings.Join(all, ", "))
}

// outputs gathers the output of a country from the world tables, newest edition first.
func (e *Exposure) outputs(country, mineral string, year int) ([]report.Output, error) {
	codes, err := e.Library.Codes()
	if err != nil {
		return nil, err
	}
	var out []report.Output
	for _, set := range []string{trade.NameUSGS, trade.NameUSGSOld} {
		all, err := e.chapters(set, mineral)
		if err != nil {
			return nil, err
		}
		for _, t := range worldTables(all, mineral, year) {
			w, err := gatherWorld(all, set, t.Chapter, t.Detail, t.Year)
			if err != nil || w.Tonnes == 0 {
				continue
			}
			o := report.Output{Stage: stageOf(t.Detail), Year: t.Year, From: w.Edition + ", " + strings.TrimSpace(t.Commodity) + ": " + t.Detail, World: (exposure.Total(w.Parts) + w.Rest) * w.Tonnes,
				Amount: exposure.Range{Low: 0, High: w.Rest * w.Tonnes}}
			for _, p := range w.Parts {
				if c, ok := codes.ByName(strings.TrimSpace(p.Who)); ok && c == country {
					o.Amount = exposure.Exactly(p.Amount * w.Tonnes)
				}
			}
			for _, name := range w.Withheld {
				if c, ok := codes.ByName(strings.TrimSpace(name)); ok && c == country {
					o.Amount = exposure.Range{Low: exposure.Unknown(), High: exposure.Unknown()}
				}
			}
			out = append(out, o)
		}
	}
	return out, nil
}

// worldTables lists the production tables of a mineral for a year, one row of each.
func worldTables(all []trade.Statistic, mineral string, year int) []trade.Statistic {
	var found []trade.Statistic
	for i := range all {
		s := &all[i]
		if !s.World() || s.Kind != "Production" || s.IsTotal() || strings.TrimSuffix(s.Year, "e") != strconv.Itoa(year) {
			continue
		}
		if !chapterOf(s, mineral) {
			continue
		}
		if !slices.ContainsFunc(found, func(x trade.Statistic) bool { return x.Chapter == s.Chapter && x.Detail == s.Detail }) {
			found = append(found, *s)
		}
	}
	return found
}

// chapterOf says that a row is of a mineral's chapter, or of the mineral within the chapter of several.
func chapterOf(s *trade.Statistic, mineral string) bool {
	return inChapter(s.Chapter, s.Commodity, mineral)
}

func inChapter(chapter, commodity, mineral string) bool {
	name := strings.ToUpper(strings.ReplaceAll(mineral, "_", " "))
	if other, ok := chapterSpelling[mineral]; ok {
		name = other
	}
	chapter = strings.TrimSpace(chapter)
	return chapter == name || strings.HasPrefix(chapter, name+" ") || strings.EqualFold(strings.TrimSpace(commodity), name)
}

// chapterSpelling is how the survey spells minerals that the customs table spells otherwise.
var chapterSpelling = map[string]string{"baryte": "BARITE", "phosphorus": "PHOSPHATE ROCK"}

// stageOf is mine or refined, by the words of a statistic.
func stageOf(detail string) string {
	d := strings.ToLower(detail)
	if strings.Contains(d, "mine") {
		return "mine"
	}
	return "refined"
}

// stageFor says which output serves a customs line of a stage.
func stageFor(stage string) string {
	switch stage {
	case "ore", "mineral":
		return "mine"
	case "metal", "element", "gas", "alloy", "line":
		return "refined"
	}
	return "" // compounds and articles: no output table is of that stage
}

// reported are the facts on an importer and mineral, in the order of the file.
func (e *Exposure) reported(importer, mineral string) ([]trade.Fact, error) {
	all, err := e.facts(trade.NameReported)
	if err != nil {
		return nil, err
	}
	facts := []trade.Fact{}
	for _, f := range all {
		if f.Importer == importer && f.Mineral == mineral {
			facts = append(facts, f)
		}
	}
	return facts, nil
}

func (e *Exposure) dependenceLines(doc *report.Dependence, lines []trade.MineralLine) error {
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
		doc.Lines = append(doc.Lines, e.dependenceLine(doc, l, lines, flows))
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
	d.Screens = e.screens(doc, l, flows, &d)
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

// reportedOutput adds up the reported output of a country's producers, each with the figure nearest to the year. A capacity bounds the output
// from above only.
func (e *Exposure) reportedOutput(facts []trade.Fact, year int) (exposure.Range, string, bool) {
	var sum exposure.Range
	var names []string
	nearest := map[string]trade.Fact{}
	for _, f := range facts {
		if f.Measure != "domestic_output" || !exposure.Known(f.Low) || !strings.HasPrefix(f.Unit, "tonne") || distance(f, year) > nearYears {
			continue
		}
		old, ok := nearest[f.Origin]
		if !ok {
			names = append(names, f.Origin)
		}
		if !ok || distance(f, year) < distance(old, year) {
			nearest[f.Origin] = f
		}
	}
	for i, n := range names {
		f := nearest[n]
		names[i] = fmt.Sprintf("%s %s", n, f.Period)
		sum.High += f.High
		if strings.Contains(f.Basis, "capacity") {
			names[i] += " (" + report.Speaker{Lang: e.Lang}.Word(f.Basis) + ")"
			continue
		}
		sum.Low += f.Low
	}
	return sum, e.say("reported_output", "names", strings.Join(names, ", ")), len(names) > 0
}

// nearYears is how far from the year asked a reported figure may lie.
const nearYears = 5

func distance(f trade.Fact, year int) int {
	y, err := strconv.Atoi(f.Period[:min(4, len(f.Period))])
	if err != nil {
		return math.MaxInt32
	}
	if y > year {
		return y - year
	}
	return year - y
}

// reportedShare is the range of the import shares that were reported for the year, or for the nearest year that has any.
func reportedShare(facts []trade.Fact, supplierName string, year int) (r exposure.Range, periods []string) {
	r = exposure.Range{Low: exposure.Unknown(), High: exposure.Unknown()}
	best := nearYears
	for _, f := range facts {
		if f.Measure == "import_share" && f.Origin == supplierName && exposure.Known(f.Low) {
			best = min(best, distance(f, year))
		}
	}
	for _, f := range facts {
		if f.Measure != "import_share" || f.Origin != supplierName || !exposure.Known(f.Low) || distance(f, year) != best {
			continue
		}
		if periods == nil {
			r = exposure.Range{Low: f.Low / 100, High: f.High / 100}
		}
		r.Low, r.High = min(r.Low, f.Low/100), max(r.High, f.High/100)
		periods = append(periods, f.Period)
	}
	return r, periods
}

func (e *Exposure) screens(doc *report.Dependence, l trade.MineralLine, flows *exposure.Trade, d *report.DependenceLine) []exposure.Screen {
	back := flows.Exports(doc.Year, doc.Importer, doc.Supplier, exposure.ByValue)
	now := exposure.Screens(exposure.ScreenInput{HHI: d.Concentration.HHI, Share: d.ShareValue, TopShare: d.Concentration.TopShare,
		NetImport: d.Reliance.NetImport.Low, Imports: d.Imports.USD, Exports: d.Exports.USD, Bilateral: back - d.ShareValue*d.Imports.USD,
		FirstYears: e.firstYears(doc, l.HS2017, doc.Year)})
	years := make([][]exposure.Screen, screenYears)
	for age := range years {
		years[age] = e.screensOf(doc, l.HS2017, doc.Year-age)
	}
	exposure.Persist(now, years)
	return now
}

// screenYears is over how many years the persistence of a screen is told.
const screenYears = 5

// screensOf are the screens of one year of the panel; nil where the panel has no imports. Domestic output is not looked at.
func (e *Exposure) screensOf(doc *report.Dependence, line string, year int) []exposure.Screen {
	flows, err := e.trade(trade.NamePanel, line)
	if err != nil {
		return nil // a line that the panel does not hold
	}
	parts, _ := flows.Imports(year, doc.Importer, exposure.ByValue)
	k := exposure.Measure(parts, 0)
	if k.Total <= 0 {
		return nil
	}
	share := exposure.ShareOf(parts, 0, doc.Supplier)
	back := flows.Exports(year, doc.Importer, doc.Supplier, exposure.ByValue)
	return exposure.Screens(exposure.ScreenInput{HHI: k.HHI, Share: share, TopShare: k.TopShare, NetImport: exposure.Unknown(), Imports: k.Total,
		Exports: flows.Exports(year, doc.Importer, "", exposure.ByValue), Bilateral: back - share*k.Total, FirstYears: e.firstYears(doc, line, year)})
}

// firstYears counts the years in a row, up to one, in which the supplier came first in the panel; five at most.
func (e *Exposure) firstYears(doc *report.Dependence, line string, year int) int {
	flows, err := e.trade(trade.NamePanel, line)
	if err != nil {
		return 0
	}
	n := 0
	for y := year; y > year-5; y-- {
		parts, _ := flows.Imports(y, doc.Importer, exposure.ByValue)
		if exposure.Measure(parts, 0).Top != doc.Supplier {
			break
		}
		n++
	}
	return n
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

// weightOfLine is the share in the held imports from which a line counts for the grade of its mineral.
const weightOfLine = 0.1

func (e *Exposure) judgeComputed(doc *report.Dependence, exact []report.DependenceLine) {
	total := 0.0
	for _, l := range exact {
		total += l.Imports.USD
	}
	doc.Grade = exposure.CannotTell
	for _, l := range exact {
		if l.Imports.USD < weightOfLine*total {
			continue
		}
		doc.Grade = exposure.Worst(doc.Grade, l.Grade)
		doc.MayBe = exposure.Worst(doc.MayBe, l.MayBe)
		for _, why := range l.Because {
			doc.Because = append(doc.Because, e.say("why.line", "line", l.Line, "stage", l.Stage, "edition", l.Edition, "year", strconv.Itoa(doc.Year), "why", why))
		}
		for _, m := range l.Missing {
			if !slices.Contains(doc.Missing, m) {
				doc.Missing = append(doc.Missing, m)
			}
		}
	}
	if doc.MayBe != "" && exposure.Worst(doc.Grade, doc.MayBe) == doc.Grade && doc.Grade != exposure.CannotTell {
		doc.MayBe = ""
	}
}

func (e *Exposure) judgeReported(doc *report.Dependence, share exposure.Range, periods []string, output exposure.Range, source string, produced bool) {
	r := exposure.ReportedFacts{Share: share, Output: exposure.Range{Low: exposure.Unknown(), High: exposure.Unknown()}, World: exposure.Unknown(), MostImport: exposure.Unknown()}
	if produced {
		r.Output = output
	} else {
		source = ""
	}
	for _, o := range doc.Output {
		if !exposure.Known(o.World) || o.World <= 0 {
			continue
		}
		if !exposure.Known(r.World) || o.Stage == "refined" {
			r.World, r.WorldStage = o.World, o.Stage
		}
		if o.Stage == "refined" && o.Amount.Low > 0 {
			if !exposure.Known(r.Output.Low) {
				r.Output = o.Amount
			}
			r.Output = joined(r.Output, o.Amount)
			source = strings.TrimPrefix(source+"; "+o.From, "; ")
		}
	}
	for _, l := range doc.Lines {
		if l.Stage == "metal" && exposure.Known(l.Imports.Tonnes) && !(r.MostImport < l.Imports.Tonnes) {
			r.MostImport = l.Imports.Tonnes
		}
	}
	doc.Judged = e.judged(exposure.JudgeReported(r, doc.Bands))
	doc.Evidence = "reported"
	if exposure.Known(r.Output.Low) {
		doc.Because = append(doc.Because, e.say("why.output_after", "source", source))
	}
	doc.ReportedShare = share
	if periods != nil {
		slices.Sort(periods)
		doc.Because = append(doc.Because, e.say("why.shares_for", "periods", strings.Join(slices.Compact(periods), ", ")))
	}
	for _, l := range doc.Lines {
		doc.Because = append(doc.Because, e.say("why.beside", "line", l.Line, "stage", l.Stage, "basket", l.Basket, "share", exposure.Percent(l.ShareValue), "status", l.Status))
	}
}

// joined is the range over two sources of the same output. An upper bound alone gives way to a figure.
func joined(a, b exposure.Range) exposure.Range {
	if a.Low == 0 {
		return exposure.Range{Low: b.Low, High: max(a.High, b.High)}
	}
	return exposure.Range{Low: min(a.Low, b.Low), High: max(a.High, b.High)}
}

// controlQuestion asks which norms of a supplier's law bear on a mineral, on a day.
type controlQuestion struct {
	book     *law.Book
	at       when.At
	supplier string
	mineral  string // empty: customs lines alone are asked about
	lang     string
}

// controlsOf joins minerals and lines with the norms of a supplier's law: by customs code that a norm prints, or by an element that its group
// is about, where the norm is not about other elements only. Either is a hint, never a verdict.
func controlsOf(q controlQuestion, lines []trade.MineralLine) []report.Control {
	s := q.book.At(q.at)
	elements := elementsNamed(q.book.Vocab, q.mineral)
	out := []report.Control{}
	for n := range q.book.Norms {
		c := &q.book.Norms[n]
		if c.Kind != "control" || !strings.HasPrefix(c.Act.ID, q.supplier+"-") || s.Standings[n].State == law.Unknown {
			continue
		}
		if by := joinedBy(q, c, elements, lines); by != "" {
			out = append(out, q.control(n, s, by))
		}
	}
	return out
}

func (q *controlQuestion) control(n int, s *law.Snapshot, by string) report.Control {
	c := &q.book.Norms[n]
	code, _ := c.CodeOn(q.book, s.At)
	return report.Control{Norm: c.Ref, Code: code, Name: c.Names.In(q.lang), Standing: s.Standings[n].State.String(), Effect: c.Norm.Effect, On: q.at.Effective, By: by}
}

// controls are the norms that bear on a mineral, or on a line: where one mineral only has the line, on that mineral; else by customs code alone.
func (e *Exposure) controls(b *law.Book, at when.At, supplier, mineral string, lines []trade.MineralLine) ([]report.Control, error) {
	if isLine(mineral) {
		all, err := e.lines()
		if err != nil {
			return nil, err
		}
		mineral = onlyMineral(all, mineral)
	}
	return controlsOf(controlQuestion{b, at, supplier, mineral, e.Lang}, lines), nil
}

// elementsNamed are the elements of a mineral: itself where it is one, the seventeen of the rare earths (scandium, yttrium, lanthanum to
// lutetium), none for minerals that are not named for elements.
func elementsNamed(v *vocab.Vocab, mineral string) []string {
	if mineral == "rare_earths" {
		var all []string
		for _, e := range v.Elements {
			if e.Number == 21 || e.Number == 39 || e.Number >= 57 && e.Number <= 71 {
				all = append(all, e.Symbol)
			}
		}
		return all
	}
	if el, ok := v.ElementNamed(mineral); ok {
		return []string{el.String()}
	}
	return nil
}

func joinedBy(q controlQuestion, c *law.Compiled, elements []string, lines []trade.MineralLine) string {
	about, at := elementsOf(q.book, c), q.at
	var shared []string
	for _, e := range about {
		if slices.Contains(elements, e) {
			shared = append(shared, e)
		}
	}
	if elements != nil && len(about) > 0 && shared == nil {
		return "" // a line that several minerals share leads to the norms of the others
	}
	for _, h := range c.HS {
		if at.Effective < h.From || h.To != 0 && at.Effective > h.To {
			continue
		}
		for _, l := range lines {
			if elements != nil && len(about) == 0 && !l.Exact {
				continue // a line of several minerals leads to norms that are about none of them in particular
			}
			if strings.HasPrefix(h.Code, l.HS2022) || strings.HasPrefix(l.HS2022, h.Code) { // a company's own code may be longer
				return report.Say(q.lang, "exposure.joined.hs", "code", h.Code)
			}
		}
	}
	if shared != nil {
		return report.Say(q.lang, "exposure.joined.element", "element", strings.Join(shared, "/"))
	}
	return ""
}

// elementsOf lists the elements that the groups of a norm are about.
func elementsOf(b *law.Book, c *law.Compiled) []string {
	var all []string
	for _, g := range c.Groups {
		all = append(all, b.Vocab.Groups[g-1].Elements...)
	}
	return all
}

// Minerals lists the minerals that have customs lines, each once.
func (e *Exposure) Minerals() ([]string, error) {
	all, err := e.lines()
	var names []string
	for _, l := range all {
		names = append(names, l.Mineral)
	}
	slices.Sort(names)
	return slices.Compact(names), err
}
