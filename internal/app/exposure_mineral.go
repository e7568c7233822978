package app

import (
	"cmp"
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

// MineralQuestion asks for one sheet on a mineral across countries.
type MineralQuestion struct {
	Mineral  string
	Supplier string
	Year     int
	Book     *law.Book
	At       when.At
}

// MineralSheet gathers who makes, sells and buys a mineral, and how far each importer leans on the supplier.
func (e *Exposure) MineralSheet(q MineralQuestion) (report.MineralSheet, error) {
	doc := report.MineralSheet{Year: q.Year, LinesNone: []string{}, From: e.from(yearFile(q.Year), trade.NamePanel, trade.NameUSGS)}
	var err error
	if doc.Supplier, err = e.country(q.Supplier); err != nil {
		return doc, sentence.Of("supplier: %v", err)
	}
	if doc.Mineral, err = e.mineralNamed(q.Mineral); err != nil {
		return doc, err
	}
	lines, err := e.mineralLines(doc.Mineral)
	if err != nil {
		return doc, err
	}
	for _, l := range lines {
		line, ok, err := e.mineralLine(&doc, l)
		if err != nil {
			return doc, err
		}
		if ok {
			doc.Lines = append(doc.Lines, line)
		} else {
			doc.LinesNone = append(doc.LinesNone, l.HS2017+" "+l.Stage)
		}
	}
	if !isLine(doc.Mineral) {
		if doc.Output, err = e.worldOutputs(doc.Supplier, lines[0].Mineral, q.Year); err != nil {
			return doc, err
		}
		if doc.Prices, err = e.prices(lines[0].Mineral); err != nil {
			return doc, err
		}
	}
	if q.Book != nil {
		if doc.Controls, err = e.controls(q.Book, q.At, doc.Supplier, doc.Mineral, lines); err != nil {
			return doc, err
		}
	}
	if len(doc.Lines) == 0 && len(doc.Output) == 0 {
		return doc, sentence.Of("nothing is held on %s in %d: neither flows nor world output", doc.Mineral, q.Year)
	}
	return doc, nil
}

func (e *Exposure) mineralLine(doc *report.MineralSheet, l trade.MineralLine) (x report.MineralLine, ok bool, err error) {
	set, _ := e.Library.Source(yearFile(doc.Year))
	flows, err := e.trade(yearFile(doc.Year), l.HS2017)
	if err != nil {
		return x, false, err
	}
	exporters, _ := flows.Imports(doc.Year, "", exposure.ByValue)
	importers, _ := exposure.Customers(flows.Year(doc.Year), exposure.Select{}, exposure.ByValue)
	if len(exporters) == 0 {
		return x, false, nil
	}
	byMass, _ := flows.Imports(doc.Year, "", exposure.ByMass)
	x = report.MineralLine{Line: l.HS2017, Stage: l.Stage, Basket: "bundle", Edition: set.Source + " " + set.Edition, Traded: report.Amount{USD: exposure.Total(exporters), Tonnes: massOf(byMass)},
		Exporters: exposure.Measure(exporters, 0), Share: exposure.ShareOf(exporters, 0, doc.Supplier)}
	if l.Exact {
		x.Basket = "exact"
	}
	x.Flows = append(partnerFlows(exporters, true), partnerFlows(importers, false)...)
	for _, p := range importers {
		x.Importers = append(x.Importers, importerRow(flows, doc.Year, p, doc.Supplier))
	}
	slices.SortStableFunc(x.Importers, func(a, b report.ImporterRow) int { return cmp.Compare(b.Imports.USD, a.Imports.USD) })
	years, err := e.trade(trade.NamePanel, l.HS2017)
	if err != nil {
		return x, false, err
	}
	x.Series = seriesOf(years, l.HS2017, "", e.edition(trade.NamePanel))
	x.Shares, x.N, x.Trend, x.Verdict = exportShares(years, doc.Supplier)
	return x, true, nil
}

// importerRow is one importer's part in a line and its supply.
func importerRow(flows *exposure.Trade, year int, p exposure.Part, supplier string) report.ImporterRow {
	byValue, _ := flows.Imports(year, p.Who, exposure.ByValue)
	byMass, _ := flows.Imports(year, p.Who, exposure.ByMass)
	k := exposure.Measure(byValue, 0)
	_, one := exposure.OneStep(flows, year, p.Who, supplier, exposure.ByValue)
	return report.ImporterRow{Importer: p.Who, Imports: report.Amount{USD: p.Amount, Tonnes: massOf(byMass)}, ShareValue: exposure.ShareOf(byValue, 0, supplier), ShareMass: exposure.ShareOf(byMass, 0, supplier),
		OneStep: one, HHI: k.HHI, Top: k.Top, TopShare: k.TopShare}
}

// exportShares is the supplier's share in the exports of a line, by value, from the first year that trends are tested from.
func exportShares(flows *exposure.Trade, supplier string) (shares []float64, n int, t exposure.Trend, verdict string) {
	shares, held := exposure.Shares(flows, "", supplier, trendFrom, panelTo, exposure.ByValue)
	t = exposure.TestTrend(held)
	if len(held) < 4 {
		return shares, len(held), t, ""
	}
	return shares, len(held), t, t.Direction()
}

// prices are the prices that the survey prints of a mineral, with those of its chapter.
func (e *Exposure) prices(mineral string) ([]report.Price, error) {
	all, err := e.chapters(trade.NameUSGS, mineral)
	if err != nil {
		return nil, err
	}
	var out []report.Price
	for i := range all {
		s := &all[i]
		year, err := strconv.Atoi(strings.TrimSuffix(s.Year, "e"))
		if err != nil || s.Kind != "Price" || !chapterOf(s, mineral) {
			continue
		}
		n := slices.IndexFunc(out, func(p report.Price) bool { return p.Statistic == s.Detail })
		if n < 0 {
			n = len(out)
			out = append(out, report.Price{Statistic: s.Detail, Unit: s.Unit, Edition: s.Edition})
		}
		x, cell := s.Number()
		if cell != trade.CellNumber {
			x = exposure.Unknown()
		}
		out[n].Years, out[n].Prices = append(out[n].Years, year), append(out[n].Prices, x)
	}
	for i := range out {
		out[i].Change = lastOverFirst(out[i].Prices)
	}
	return out, nil
}

// lastOverFirst divides the last known number by the first.
func lastOverFirst(x []float64) float64 {
	known := slices.DeleteFunc(slices.Clone(x), func(v float64) bool { return !exposure.Known(v) })
	if len(known) < 2 {
		return exposure.Unknown()
	}
	return known[len(known)-1] / known[0]
}

// worldOutputs are the world tables of a mineral for a year, the newest edition of each statistic.
func (e *Exposure) worldOutputs(supplier, mineral string, year int) ([]report.WorldOutput, error) {
	codes, err := e.Library.Codes()
	if err != nil {
		return nil, err
	}
	all, err := e.chapters(trade.NameUSGS, mineral)
	if err != nil {
		return nil, err
	}
	var out []report.WorldOutput
	for _, t := range worldTables(all, mineral, year) {
		w, err := gatherWorld(all, trade.NameUSGS, t.Chapter, t.Detail, t.Year)
		if err != nil {
			return nil, err
		}
		var parts []exposure.Part
		for _, p := range w.Parts {
			who := strings.TrimSpace(p.Who)
			if code, ok := codes.ByName(who); ok {
				who = code
			}
			parts = append(parts, exposure.Part{Who: who, Amount: p.Amount})
		}
		k := exposure.Measure(parts, w.Rest)
		o := report.WorldOutput{Statistic: strings.TrimSpace(t.Commodity) + ": " + strings.TrimSpace(t.Detail), Unit: w.Unit, Year: t.Year, Edition: w.Edition, Total: k.Total, Share: exposure.ShareOf(parts, w.Rest, supplier),
			HHI: exposure.Range{Low: k.HHI, High: k.HHIUpper}, Top: k.Top, TopShare: k.TopShare, Withheld: w.Withheld}
		slices.SortStableFunc(parts, func(a, b exposure.Part) int { return cmp.Compare(b.Amount, a.Amount) })
		for _, p := range parts[:min(6, len(parts))] {
			if p.Amount > 0 {
				o.Makers = append(o.Makers, report.CountryShare{Country: p.Who, Share: p.Amount / k.Total})
			}
		}
		out = append(out, o)
	}
	return out, nil
}
