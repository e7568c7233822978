package app

import (
	"slices"
	"strings"

	"lodestone/internal/exposure"
	"lodestone/internal/ingest/trade"
	"lodestone/internal/report"
	"lodestone/internal/sentence"
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
		return nil, sentence.Of("importer: %v", err)
	}
	supplier, err := e.country(q.Supplier)
	if err != nil {
		return nil, sentence.Of("supplier: %v", err)
	}
	if q.From < 1900 || q.To < q.From+3 || q.To > 2100 {
		return nil, sentence.Of("years %d to %d: a trend needs at least four years", q.From, q.To)
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
		return nil, sentence.Of("the panel gives masses of imports by %s for fewer than four of the years %d to %d in the lines of %s (%s); ask by value", importer, q.From, q.To, q.Mineral, lineNames(lines))
	case docs == nil:
		return nil, sentence.Of("the panel holds imports by %s for fewer than four of the years %d to %d in the lines of %s: %s", importer, q.From, q.To, q.Mineral, lineNames(lines))
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
	t, ok := exposure.TrendOfShare(flows, importer, supplier, q.From, q.To, q.Basis)
	if !ok {
		return d, false
	}
	_, held := exposure.Shares(flows, importer, supplier, panelFrom, panelTo, q.Basis)
	whole := exposure.TestTrend(held)
	d.WholeN, d.WholeP, d.Whole = whole.N, whole.P, whole.Direction()
	d.Shares, d.HHI, d.N, d.Test, d.TestHHI = t.Shares, t.HHI, t.N, t.Test, t.TestHHI
	d.Verdict, d.BreakYear = t.Test.Direction(), t.Break
	d.HHIChange, d.Drivers, d.Margin = t.HHIChange, t.Drivers, t.Margin
	d.EarlyShare, d.LateShare, d.DCI, d.DCIOneStep = t.Early, t.Late, t.Change, t.ChangeOneStep
	return d, true
}
