package report

import (
	"fmt"

	"lodestone/internal/exposure"
	"lodestone/internal/report/chart"
)

// TrendPaper lays trends out.
func TrendPaper(docs []TrendDoc, s Speaker) Paper {
	p := Paper{Title: s.Say("trend.title", "importer", s.Country(docs[0].Importer), "supplier", s.Country(docs[0].Supplier)), speaker: s, Files: []*Grid{seriesGrid(docs), trendGrid(docs)}}
	p.Sections = append(p.Sections, Section{Grids: []*Grid{trendGrid(docs)}, Foot: s.Say("trend.note") + " " + s.sources(docs[0].From)})
	for i := range docs {
		d := &docs[i]
		p.Sections = append(p.Sections, Section{Title: s.lineOf(d), Grade: s.Word(d.Verdict), Lines: d.lines(s), Charts: []chart.Figure{s.area(&d.Suppliers, d.Importer)}, Foot: d.Edition})
	}
	return p
}

// lineOf names a line with its mineral; a line that was asked for by itself may have none.
func (s Speaker) lineOf(d *TrendDoc) string {
	if d.Mineral == d.Line {
		return d.Line
	}
	return d.Line + " " + s.Mineral(d.Mineral)
}

func (d *TrendDoc) lines(s Speaker) []string {
	lines := []string{
		s.Say("trend.verdict", "supplier", s.Country(d.Supplier), "importer", s.Country(d.Importer), "basis", string(d.Basis), "from", fmt.Sprint(d.FirstYear), "to", fmt.Sprint(d.LastYear), "n", fmt.Sprint(d.N), "verdict", d.Verdict,
			"basket", d.Basket, "sen", num(100*d.Test.Sen, 2), "p", num(d.Test.P, 4), "corrected", num(d.Test.PContinuity, 4), "q", num(d.Q, 4)),
		s.Say("trend.ends", "early", exposure.Percent(d.EarlyShare), "late", exposure.Percent(d.LateShare), "dci", num(d.DCI, 3), "one", num(d.DCIOneStep, 3)),
		s.Say("trend.break", "year", fmt.Sprint(d.BreakYear), "p", num(d.Test.PBreak, 4)),
	}
	if d.Whole != d.Verdict {
		lines = append(lines, s.Say("trend.whole", "n", fmt.Sprint(d.WholeN), "verdict", d.Whole, "p", num(d.WholeP, 4)))
	}
	if x := d.Split; x != nil {
		lines = append(lines, s.Say("trend.split", "from", exposure.Percent(x.From), "to", exposure.Percent(x.To), "within", num(100*x.Within, 1), "basket", num(100*x.Basket, 1)))
	}
	for _, x := range d.Drivers[:min(3, len(d.Drivers))] {
		lines = append(lines, s.Say("trend.driver", "country", s.Country(x.Who), "from", exposure.Percent(x.From), "to", exposure.Percent(x.To), "delta", num(x.Delta, 3), "whole", num(d.HHIChange, 3)))
	}
	return append(lines, s.Say("trend.margin", "n", fmt.Sprint(d.Margin.Above), "new", fmt.Sprint(d.Margin.New), "survival", exposure.Percent(d.Margin.Survival)))
}

func trendGrid(docs []TrendDoc) *Grid {
	g := &Grid{Name: "trends", Columns: columns("hs6 mineral basket d_basis n series early_pct:1 late_pct:1 sen_pct:2 mk_p:4 q:4 trend break break_p:3")}
	for i := range docs {
		d := &docs[i]
		g.add(d.Line, d.Mineral, d.Basket, string(d.Basis), d.N, d.Shares, 100*d.EarlyShare, 100*d.LateShare, 100*d.Test.Sen, d.Test.P, d.Q, d.Verdict, fmt.Sprint(d.BreakYear), d.Test.PBreak)
	}
	return g
}

// seriesGrid is for files: a year a row.
func seriesGrid(docs []TrendDoc) *Grid {
	g := &Grid{Name: "series", Columns: columns("importer supplier mineral hs6 basis basket edition year share hhi n verdict sen mk_p q")}
	for i := range docs {
		d := &docs[i]
		for y := range d.Shares {
			g.add(d.Importer, d.Supplier, d.Mineral, d.Line, string(d.Basis), d.Basket, d.Edition, d.FirstYear+y, d.Shares[y], d.HHI[y], d.N, d.Verdict, d.Test.Sen, d.Test.P, d.Q)
		}
	}
	return g
}

// ReroutePaper lays the evidence on rerouting out, line by line.
func ReroutePaper(docs []Reroute, s Speaker) Paper {
	p := Paper{Title: s.Say("reroute.title", "importer", s.Country(docs[0].Importer), "supplier", s.Country(docs[0].Supplier), "from", fmt.Sprint(docs[0].FromYear), "year", fmt.Sprint(docs[0].Year)), speaker: s}
	origin := &Grid{Name: "origin", Columns: columns("hs6 mineral year direct_pct:1 one_step_pct:1 traced_pct:1 hubs_pct:1 flows_without_mass output_from")}
	connectors := &Grid{Name: "connectors", Columns: columns("hs6 country candidate d_basis more_bought:0 more_sold:0 exports_over_imports:2 unit_value_ratio:2 tests_met tests_made")}
	gaps := &Grid{Name: "origin_gaps", Columns: columns("hs6 country export_share_pct:1 output_share_pct:1 gap_pct:1 refiner_or_hub")}
	mirror := &Grid{Name: "mirror", Columns: columns("hs6 country declared_by_importer:0 declared_by_exporter:0 gap:2 cause")}
	var filled []string
	for i := range docs {
		d := &docs[i]
		origin.add(d.Line, d.Mineral, fmt.Sprint(d.Year), 100*d.Direct, 100*d.OneStep, 100*d.Traced, 100*d.HubShare, d.NoMass, d.OutputFrom)
		for _, c := range d.Connectors {
			connectors.add(d.Line, c.Country, c.Candidate, string(d.ConnectorBasis), c.FromSupply, c.ToImporter, c.Pass, c.UnitValues, c.Tests, c.Made)
		}
		for _, x := range d.OriginGaps {
			gaps.add(d.Line, x.Country, 100*x.ExportShare, 100*x.OutputShare, 100*x.Gap, x.RefinerOrHub)
		}
		for _, m := range d.Mirror {
			mirror.add(d.Line, m.Partner, m.Imported, m.Exported, exposure.Range{Low: m.Low, High: m.High}, m.Cause)
		}
		if len(d.Filled) > 0 {
			filled = append(filled, s.Say("reroute.filled", "line", d.Line, "n", fmt.Sprint(len(d.Filled))))
		}
	}
	p.Sections = []Section{{Lines: append([]string{s.Say("reroute.note")}, filled...), Grids: []*Grid{origin, connectors, gaps, mirror}, Foot: s.Say("reroute.mirror", "source", docs[0].MirrorSource) + " " + s.sources(docs[0].From)}}
	return p
}
