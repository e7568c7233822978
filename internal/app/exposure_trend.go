package app

import (
	"fmt"
	"slices"
	"strings"

	"lodestone/internal/exposure"
	"lodestone/internal/ingest/trade"
	"lodestone/internal/report"
)

// TrendQuestion asks how the share of a supplier in an importer's lines has moved.
type TrendQuestion struct {
	Importer, Supplier string
	Mineral            string // a mineral or a six-digit line
	From, To           int    // years
	Basis              exposure.Basis
}

// Trend tests every line of a mineral that the panel holds. The false-discovery rate is taken over these lines.
func (e *Exposure) Trend(q TrendQuestion) ([]report.TrendDoc, error) {
	importer, err := e.country(q.Importer)
	if err != nil {
		return nil, fmt.Errorf("importer: %w", err)
	}
	supplier, err := e.country(q.Supplier)
	if err != nil {
		return nil, fmt.Errorf("supplier: %w", err)
	}
	if q.From < 1900 || q.To < q.From+3 || q.To > 2100 {
		return nil, fmt.Errorf("years %d to %d: a trend needs at least four years", q.From, q.To)
	}
	lines, err := e.mineralLines(q.Mineral)
	if err != nil {
		return nil, err
	}
	var docs []report.TrendDoc
	for _, l := range lines {
		flows, err := e.trade(trade.NamePanel, l.HS2017)
		if err != nil {
			return nil, err
		}
		if d, ok := trendOf(flows, l, importer, supplier, q); ok {
			set, _ := e.Library.Source(trade.NamePanel)
			d.Edition, d.From = set.Source+" "+set.Edition, e.from(trade.NamePanel)
			d.Suppliers = seriesOf(flows, l.HS2017, importer, d.Edition)
			docs = append(docs, d)
		}
	}
	if len(docs) > 1 {
		if err := e.splitShare(docs, importer, supplier, q); err != nil {
			return nil, err
		}
	}
	AdjustTrends(docs)
	switch {
	case docs == nil && q.Basis == exposure.ByMass:
		return nil, fmt.Errorf("the panel gives masses of imports by %s for fewer than four of the years %d to %d in the lines of %s (%s); ask by value", importer, q.From, q.To, q.Mineral, lineNames(lines))
	case docs == nil:
		return nil, fmt.Errorf("the panel holds imports by %s for fewer than four of the years %d to %d in the lines of %s: %s", importer, q.From, q.To, q.Mineral, lineNames(lines))
	}
	return docs, nil
}

// AdjustTrends takes the false-discovery rate over the lines of an answer. Several minerals may share a line, whose test counts once.
func AdjustTrends(docs []report.TrendDoc) {
	var lines []string
	var p []float64
	for _, d := range docs {
		if !slices.Contains(lines, d.Line) {
			lines, p = append(lines, d.Line), append(p, d.Test.P)
		}
	}
	q := exposure.BenjaminiHochberg(p)
	for i := range docs {
		docs[i].Q = q[slices.Index(lines, docs[i].Line)]
	}
}

// splitShare tells how much of the change of the share over all lines of a mineral lies within its lines, and how much in the basket. Each
// line's document carries it.
func (e *Exposure) splitShare(docs []report.TrendDoc, importer, supplier string, q TrendQuestion) error {
	var flows []exposure.Flow
	var lines []string
	for _, d := range docs {
		line, err := e.trade(trade.NamePanel, d.Line)
		if err != nil {
			return err
		}
		lines = append(lines, d.Line)
		flows = append(append(flows, line.Year(q.From)...), line.Year(q.To)...)
	}
	split := exposure.SplitShare(flows, importer, supplier, lines, q.From, q.To, q.Basis)
	for i := range docs {
		docs[i].Split = &split
	}
	return nil
}

func lineNames(lines []trade.MineralLine) string {
	var names []string
	for _, l := range lines {
		names = append(names, l.HS2017+" "+l.Stage)
	}
	return strings.Join(names, ", ")
}

func trendOf(flows *exposure.Trade, l trade.MineralLine, importer, supplier string, q TrendQuestion) (d report.TrendDoc, ok bool) {
	d = report.TrendDoc{Importer: importer, Supplier: supplier, Line: l.HS2017, Mineral: l.Mineral, Basis: q.Basis, Basket: "bundle", FirstYear: q.From, LastYear: q.To}
	if l.Exact {
		d.Basket = "exact"
	}
	var series, hhi, direct, oneStep []float64
	var years []int
	var first, last []exposure.Part
	for y := q.From; y <= q.To; y++ {
		parts, _ := flows.Imports(y, importer, q.Basis)
		share, k := exposure.ShareOf(parts, 0, supplier), exposure.Measure(parts, 0)
		d.Shares, d.HHI = append(d.Shares, share), append(d.HHI, k.HHI)
		if !exposure.Known(share) {
			continue
		}
		if years == nil {
			first = parts
		}
		last = parts
		one, two := exposure.OneStep(flows, y, importer, supplier, q.Basis)
		years, series, hhi = append(years, y), append(series, share), append(hhi, k.HHI)
		direct, oneStep = append(direct, one), append(oneStep, two)
	}
	if len(series) < 4 {
		return d, false
	}
	whole := exposure.TestTrend(sharesByYear(flows, importer, supplier, q.Basis))
	d.WholeN, d.WholeP, d.Whole = whole.N, whole.P, whole.Direction()
	d.N, d.Test, d.TestHHI = len(series), exposure.TestTrend(series), exposure.TestTrend(hhi)
	d.Verdict, d.BreakYear = d.Test.Direction(), years[d.Test.BreakAt]
	d.HHIChange, d.Drivers = exposure.HHIChange(first, last)
	d.Drivers = d.Drivers[:min(5, len(d.Drivers))]
	d.Margin = exposure.ExtensiveMargin(flows, importer, years[len(years)-1], 0.05, q.Basis)
	d.EarlyShare, d.LateShare = ends(direct)
	d.DCI = exposure.DependenceChange(d.EarlyShare, d.LateShare)
	early, late := ends(oneStep)
	d.DCIOneStep = exposure.DependenceChange(early, late)
	return d, true
}

// sharesByYear is the supplier's share in all years of the panel that have imports.
func sharesByYear(flows *exposure.Trade, importer, supplier string, b exposure.Basis) (series []float64) {
	for y := panelFrom; y <= panelTo; y++ {
		parts, _ := flows.Imports(y, importer, b)
		if share := exposure.ShareOf(parts, 0, supplier); exposure.Known(share) {
			series = append(series, share)
		}
	}
	return series
}

// ends are the means of the first and the last three numbers.
func ends(x []float64) (first, last float64) {
	n := min(3, len(x))
	for i := range n {
		first += x[i] / float64(n)
		last += x[len(x)-n+i] / float64(n)
	}
	return first, last
}
