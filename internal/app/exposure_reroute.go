package app

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"

	"lodestone/internal/exposure"
	"lodestone/internal/ingest/trade"
	"lodestone/internal/report"
)

// RerouteQuestion asks whether a supplier's goods reach an importer by way of others.
type RerouteQuestion struct {
	Importer, Supplier, Mineral string
	From, Year                  int    // years compared; Year is the later
	Declared                    string // Comtrade extract with both sides' declarations; empty: the carried monthly flows
}

// Reroute gathers the evidence line by line: origin followed by one step and by all, countries between the two that are candidates, exporters
// that export more than they make, and what the two sides declare. It names candidates and gaps, never an evasion.
func (e *Exposure) Reroute(q RerouteQuestion) ([]report.Reroute, error) {
	importer, err := e.country(q.Importer)
	if err != nil {
		return nil, fmt.Errorf("importer: %w", err)
	}
	supplier, err := e.country(q.Supplier)
	if err != nil {
		return nil, fmt.Errorf("supplier: %w", err)
	}
	if q.From >= q.Year {
		return nil, fmt.Errorf("years %d and %d: the first must lie before the second", q.From, q.Year)
	}
	lines, err := e.mineralLines(q.Mineral)
	if err != nil {
		return nil, err
	}
	declared, source, err := e.declared(q.Declared)
	if err != nil {
		return nil, err
	}
	var docs []report.Reroute
	for _, l := range lines {
		doc := report.Reroute{Importer: importer, Supplier: supplier, Mineral: l.Mineral, Line: l.HS2017, Stage: l.Stage, FromYear: q.From, Year: q.Year, Basis: exposure.ByMass,
			MirrorSource: source}
		ok, err := e.reroute(&doc, l)
		if err != nil {
			return nil, err
		}
		if ok {
			doc.Mirror = mirrors(declared, importer, l.HS2017)
			docs = append(docs, doc)
		}
	}
	if docs == nil {
		return nil, fmt.Errorf("no flows to %s in %d are held in the lines of %s: %s", importer, q.Year, q.Mineral, lineNames(lines))
	}
	return docs, nil
}

func (e *Exposure) reroute(doc *report.Reroute, l trade.MineralLine) (bool, error) {
	set := yearFile(doc.Year)
	flows, err := e.trade(set, l.HS2017)
	if err != nil {
		return false, err
	}
	panel, err := e.trade(trade.NamePanel, l.HS2017)
	if err != nil {
		return false, err
	}
	parts, noMass := flows.Imports(doc.Year, doc.Importer, exposure.ByMass)
	if len(parts) == 0 {
		return false, nil
	}
	doc.NoMass = noMass
	doc.From = e.from(set, trade.NamePanel, trade.NameUSGS)
	doc.Direct, doc.OneStep = exposure.OneStep(flows, doc.Year, doc.Importer, doc.Supplier, doc.Basis)
	output, from, err := e.worldOutput(l, doc.Year)
	if err != nil {
		return false, err
	}
	doc.OutputFrom = from
	traced, filled := exposure.TraceOrigin(flows.Year(doc.Year), output, doc.Supplier, exposure.Select{}, doc.Basis)
	doc.Traced, doc.Filled = traced[doc.Importer], filled
	doc.ConnectorBasis = exposure.CommonBasis(panel.Year(doc.FromYear), panel.Year(doc.Year))
	doc.Connectors = exposure.Connectors(slices.Concat(panel.Year(doc.FromYear), panel.Year(doc.Year)), doc.Supplier, doc.Importer, l.HS2017, doc.FromYear, doc.Year, doc.ConnectorBasis)
	exports, _ := flows.Imports(doc.Year, "", doc.Basis)
	doc.OriginGaps = exposure.OriginGaps(exports, parts, output)
	doc.HubShare = exposure.HubShare(parts)
	return true, nil
}

// declared reads what both sides declare: a Comtrade extract, or the carried monthly flows, month by month.
func (e *Exposure) declared(path string) (trade.Declared, string, error) {
	var d trade.Declared
	if path == "" {
		all, _, err := e.Library.Monthly()
		return monthlyPairs(all), trade.NameMonthly, err
	}
	codes, err := e.Library.Codes()
	if err != nil {
		return d, "", err
	}
	err = trade.OpenFile(path, func(_ string, r io.Reader) (err error) {
		d, _, err = trade.ReadComtrade(path, r, codes)
		return err
	})
	return d, path, err
}

// monthlyPairs keeps the flows of those months and pairs of countries that both sides report for.
func monthlyPairs(all []trade.Monthly) trade.Declared {
	type reporterMonth struct {
		country     string
		year, month int
	}
	reported := map[reporterMonth]bool{}
	for _, m := range all {
		who := m.From
		if m.Imported {
			who = m.To
		}
		reported[reporterMonth{who, m.Year, m.Month}] = true
	}
	var d trade.Declared
	for _, m := range all {
		if !reported[reporterMonth{m.From, m.Year, m.Month}] || !reported[reporterMonth{m.To, m.Year, m.Month}] {
			continue
		}
		if m.Imported {
			d.Imports = append(d.Imports, m.Flow)
		} else {
			d.Exports = append(d.Exports, m.Flow)
		}
	}
	return d
}

// The CIF markups between which mirror gaps are given: the range of robust medians by product.
const markupLow, markupHigh = 0.02, 0.30

// mirrors compares, partner by partner, what an importer and its suppliers declare in a line, by value, over all periods that both declare.
func mirrors(d trade.Declared, importer, line string) []report.MirrorPair {
	in, _ := exposure.Origins(d.Imports, exposure.Select{To: importer, Line: line}, exposure.ByValue)
	out, _ := exposure.Origins(d.Exports, exposure.Select{To: importer, Line: line}, exposure.ByValue)
	var pairs []report.MirrorPair
	for _, p := range in {
		i := slices.IndexFunc(out, func(x exposure.Part) bool { return x.Who == p.Who })
		if i < 0 {
			continue
		}
		m := exposure.MirrorGap(p.Amount, out[i].Amount, markupLow, markupHigh, slices.Contains(exposure.Hubs, p.Who) || slices.Contains(exposure.Hubs, importer))
		pairs = append(pairs, report.MirrorPair{Partner: p.Who, Imported: p.Amount, Exported: out[i].Amount, Mirror: m})
	}
	slices.SortStableFunc(pairs, func(a, b report.MirrorPair) int { return cmp.Compare(math.Abs(b.High), math.Abs(a.High)) })
	return pairs
}
