package report

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"lodestone/internal/exposure"
	"lodestone/internal/ingest/trade"
	"lodestone/internal/report/chart"
)

// grade is a grade in words, with the worst still open.
func (s Speaker) grade(j *Judged, evidence string) string {
	text := s.gradeMark(j.Grade) + " " + s.Word(string(j.Grade))
	if j.MayBe != "" {
		text += " (" + s.Say("may_be", "grade", string(j.MayBe)) + ")"
	}
	return text + ", " + s.Word(evidence)
}

// LineNames says lines such as "261710 ore".
func (s Speaker) LineNames(lines []string) string {
	var names []string
	for _, l := range lines {
		line, stage, _ := strings.Cut(l, " ")
		names = append(names, line+" "+s.Word(stage))
	}
	return strings.Join(names, ", ")
}

func (s Speaker) line(l *DependenceLine) string { return l.Line + " " + s.Word(l.Stage) }

func (s Speaker) sources(from []From) string {
	var all []string
	for _, f := range from {
		all = append(all, f.Set+" ("+f.Edition+")")
	}
	return s.Say("sources", "sources", strings.Join(all, ", "))
}

// Paper lays a dependence out.
func (d *Dependence) Paper(s Speaker) Paper {
	title := s.Say("dependence.title", "importer", s.Country(d.Importer), "supplier", s.Country(d.Supplier), "mineral", s.Mineral(d.Mineral), "year", fmt.Sprint(d.Year))
	docs := []*Dependence{d}
	return Paper{Title: title + ": " + s.grade(&d.Judged, d.Evidence), Sections: d.sections(s), speaker: s,
		Files: []*Grid{lineGrid(docs, nil), supplierGrid(docs), screenGrid(docs), d.balanceGrid(s), d.outputGrid(), d.riskGrid(s), reportedGrid(docs), controlGrid(d.Controls)}}
}

func (d *Dependence) sections(s Speaker) []Section {
	why := Section{Lines: slices.Clone(d.Because)}
	for _, x := range d.Missing {
		why.Lines = append(why.Lines, s.Say("would_settle", "what", x))
	}
	held := Section{Grids: []*Grid{d.tradeGrid(s), d.shareGrid(s), d.balanceGrid(s), d.outputGrid(), d.riskGrid(s)}}
	for i := range d.Lines {
		l := &d.Lines[i]
		held.Lines = append(held.Lines, s.Say("suppliers", "line", s.line(l), "year", fmt.Sprint(d.Year), "suppliers", s.supplierNames(l)))
		if text := s.flagged(l); text != "" {
			held.Lines = append(held.Lines, s.Say("screens", "line", l.Line, "screens", text))
		}
	}
	for _, x := range d.World {
		held.Lines = append(held.Lines, s.Say("world_exports", "line", x.Line, "year", fmt.Sprint(x.Year), "supplier", s.Country(d.Supplier), "share", exposure.Percent(x.Share), "hhi", num(x.HHI, 3)))
	}
	held.Lines = append(held.Lines, d.Notes...)
	held.Foot = s.sources(d.From)
	if len(d.Lines) > 0 {
		held.Foot = s.Say("share_note") + " " + held.Foot
	}
	shown, more := s.controls(d.Controls)
	law := Section{Grids: []*Grid{shown}, Foot: more}
	return []Section{why, held, {Grids: []*Grid{reportedGrid([]*Dependence{d})}}, law}
}

func (s Speaker) supplierNames(l *DependenceLine) string {
	var all []string
	for _, x := range l.Suppliers[:min(5, len(l.Suppliers))] {
		all = append(all, s.Country(x.Country)+" "+exposure.Percent(x.Value))
	}
	return strings.Join(all, ", ")
}

// flagged names the screens that flag a line, with how long they have.
func (s Speaker) flagged(l *DependenceLine) string {
	var all []string
	for _, x := range l.Screens {
		if x.Flagged {
			all = append(all, fmt.Sprintf("%s (%d/%d)", x.ID, x.Years, x.Of))
		}
	}
	return strings.Join(all, ", ")
}

func (d *Dependence) tradeGrid(s Speaker) *Grid {
	g := &Grid{Name: "trade", Columns: columns("line basket imports_musd:2 imports_t:1 exports_musd:2 exports_t:1 cover:1 output_t:0 status evidence_grade")}
	for i := range d.Lines {
		l := &d.Lines[i]
		g.add(s.line(l), l.Basket, l.Imports.USD/1e6, l.Imports.Tonnes, l.Exports.USD/1e6, l.Exports.Tonnes, l.Reliance.ImportCover, l.Output, l.Status, l.Quality)
	}
	return g
}

func (d *Dependence) shareGrid(s Speaker) *Grid {
	g := &Grid{Name: "shares", Columns: columns("line share_value_pct:1 share_mass_pct:1 d_pct:1 d_basis one_step_pct:1 hhi:3 effective_suppliers:2 edition")}
	for i := range d.Lines {
		l := &d.Lines[i]
		g.add(s.line(l), 100*l.ShareValue, 100*l.ShareMass, percent(l.Reliance.Dependence), string(l.Basis), 100*l.OneStep, l.Concentration.HHI, l.Concentration.Effective, l.Edition)
	}
	return g
}

// balanceGrid has the reliance of the lines on which own output is held.
func (d *Dependence) balanceGrid(s Speaker) *Grid {
	g := &Grid{Name: "balance", Columns: columns("line consumption:0 nir_pct:1 eu_reliance_pct:1 d_upper_pct:1 d_basis")}
	for i := range d.Lines {
		if r := &d.Lines[i].Reliance; exposure.Known(r.Consumption.Low) || exposure.Known(r.Consumption.High) {
			g.add(s.line(&d.Lines[i]), r.Consumption, percent(r.NetImport), percent(r.EUReliance), percent(r.Upper), string(d.Lines[i].Basis))
		}
	}
	return g
}

// outputGrid has what each source gives of own output: editions that revise one another stand below one another.
func (d *Dependence) outputGrid() *Grid {
	g := &Grid{Name: "own_output", Columns: columns("stage year output_t:0 world_t:0 source")}
	for _, o := range d.Output {
		g.add(o.Stage, o.Year, o.Amount, o.World, o.From)
	}
	return g
}

func (d *Dependence) riskGrid(s Speaker) *Grid {
	g := &Grid{Name: "risk", Columns: columns("line import_risk:3 hhi_output:3 score:3 yale:1 governance_year without")}
	for i := range d.Lines {
		if r := d.Lines[i].Risk; r != nil {
			g.add(s.line(&d.Lines[i]), r.ImportRisk, r.HHI, r.Score, r.Yale, fmt.Sprint(r.Year), strings.Join(r.Without, ", "))
		}
	}
	return g
}

// percent is a range of shares in percent.
func percent(r exposure.Range) exposure.Range {
	return exposure.Range{Low: 100 * r.Low, High: 100 * r.High}
}

// lineGrid is for files: a customs line a row; minerals without flows have a row without a line.
func lineGrid(docs []*Dependence, trends []TrendDoc) *Grid {
	g := &Grid{Name: "lines", Columns: columns(`importer supplier mineral grade may_be evidence hs6 stage basket edition year imports_usd imports_t exports_usd exports_t
		share_value share_mass d d_basis hhi effective_suppliers status evidence_grade output_t one_step flows_without_mass trend trend_n trend_q`)}
	none := exposure.Range{Low: exposure.Unknown(), High: exposure.Unknown()}
	for _, d := range docs {
		head := []any{d.Importer, d.Supplier, d.Mineral, string(d.Grade), string(d.MayBe), d.Evidence}
		if len(d.Lines) == 0 {
			g.add(append(head, nil, nil, nil, nil, d.Year, nil, nil, nil, nil, nil, nil, none, nil, nil, nil, nil, nil, none, nil, nil, nil, nil, nil)...)
		}
		for i := range d.Lines {
			l := &d.Lines[i]
			row := append(slices.Clone(head), l.Line, l.Stage, l.Basket, l.Edition, d.Year, l.Imports.USD, l.Imports.Tonnes, l.Exports.USD, l.Exports.Tonnes, l.ShareValue, l.ShareMass, l.Reliance.Dependence,
				string(l.Basis), l.Concentration.HHI, l.Concentration.Effective, l.Status, l.Quality, l.Output, l.OneStep, l.NoMass)
			k := slices.IndexFunc(trends, func(t TrendDoc) bool { return t.Line == l.Line })
			if k < 0 {
				g.add(append(row, nil, nil, nil)...)
			} else {
				g.add(append(row, trends[k].Verdict, trends[k].N, trends[k].Q)...)
			}
		}
	}
	return g
}

func supplierGrid(docs []*Dependence) *Grid {
	g := &Grid{Name: "suppliers", Columns: columns("importer mineral hs6 year country share_value:3 share_mass:3")}
	for _, d := range docs {
		for i := range d.Lines {
			for _, x := range d.Lines[i].Suppliers {
				g.add(d.Importer, d.Mineral, d.Lines[i].Line, d.Year, x.Country, x.Value, x.Mass)
			}
		}
	}
	return g
}

func screenGrid(docs []*Dependence) *Grid {
	g := &Grid{Name: "screens", Columns: columns("importer mineral hs6 year screen rule value:3 limit:2 flagged mean_three_years:3 years_flagged years_held")}
	for _, d := range docs {
		for i := range d.Lines {
			for _, x := range d.Lines[i].Screens {
				g.add(d.Importer, d.Mineral, d.Lines[i].Line, d.Year, x.ID, x.Rule, x.Value, x.Limit, x.Flagged, x.Mean, x.Years, x.Of)
			}
		}
	}
	return g
}

func reportedGrid(docs []*Dependence) *Grid {
	g := &Grid{Name: "reported", Columns: columns("mineral period measure origin value:-1 unit basis publisher source")}
	for _, d := range docs {
		for _, f := range d.Reported {
			g.add(f.Mineral, f.Period, f.Measure, f.Origin, exposure.Range{Low: f.Low, High: f.High}, f.Unit, f.Basis, f.Publisher, Link{place(f.Source), f.Source})
		}
	}
	return g
}

// place is the host of an address, which is enough to read.
func place(address string) string {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		return address
	}
	host, _, _ := strings.Cut(rest, "/")
	return strings.TrimPrefix(host, "www.")
}

// shownControls is how many norms an answer for people lists; files hold all.
const shownControls = 20

// controls are the first norms, those in force before others, with what to know of them.
func (s Speaker) controls(all []Control) (*Grid, string) {
	if len(all) == 0 {
		return controlGrid(nil), ""
	}
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b Control) int {
		return cmp.Compare(inForceFirst(a.Standing), inForceFirst(b.Standing))
	})
	foot := s.Say("control_note")
	if len(all) > shownControls {
		foot = s.Say("control_more", "shown", fmt.Sprint(shownControls), "n", fmt.Sprint(len(all))) + " " + foot
	}
	return controlGrid(sorted[:min(shownControls, len(sorted))]), foot
}

func inForceFirst(standing string) int {
	if standing == "in_force" {
		return 0
	}
	return 1
}

func controlGrid(controls []Control) *Grid {
	g := &Grid{Name: "controls", Columns: columns("norm name standing on joined_by")}
	for _, c := range controls {
		g.add(c.Norm, c.Name, c.Standing, c.On, c.By)
	}
	return g
}

// Paper lays a sheet on a country out: all minerals in one view, then each by itself.
func (d *Sheet) Paper(s Speaker) Paper {
	pairs := []string{"importer", s.Country(d.Importer), "supplier", s.Country(d.Supplier), "year", fmt.Sprint(d.Year)}
	p := Paper{Title: s.Say("sheet.title", pairs...), speaker: s}
	edition := ""
	for i := range d.Minerals {
		if edition == "" && len(d.Minerals[i].Lines) > 0 {
			edition = d.Minerals[i].Lines[0].Edition
		}
	}
	note := s.Say("sheet.chart_note", "year", fmt.Sprint(d.Year), "edition", edition, "n", fmt.Sprint(len(d.tiles(s))))
	flow, tiles := s.Say("sheet.sankey", pairs...), s.Say("sheet.treemap", pairs...)
	p.Sections = append(p.Sections, Section{Lines: []string{s.Say("sheet.grades"), s.Say("sheet.basis"), s.Say("control_note")}, Grids: []*Grid{d.overview(s)},
		Charts: []template.HTML{chart.Sankey(flow, s.Country(d.Importer), s.flows(d.Flows)).Figure(flow, note), chart.Treemap(tiles, d.tiles(s)).Figure(tiles, note),
			s.worldMap(s.Say("sheet.map", pairs...), s.Say("map.note", "year", fmt.Sprint(d.Year), "edition", edition), d.Origins, d.Importer)}})
	var docs []*Dependence
	var trends []TrendDoc
	var controls []Control
	for i := range d.Minerals {
		m := &d.Minerals[i]
		docs, trends = append(docs, &m.Dependence), append(trends, m.Trends...)
		for _, c := range m.Controls {
			if !slices.Contains(controls, c) {
				controls = append(controls, c)
			}
		}
		parts := m.sections(s)
		parts[0].ID, parts[0].Title, parts[0].Grade = m.Mineral, s.Mineral(m.Mineral), s.grade(&m.Judged, m.Evidence)
		for j := range m.Series {
			parts[1].Charts = append(parts[1].Charts, s.area(&m.Series[j], d.Importer))
		}
		if len(m.Trends) > 0 {
			parts[1].Grids = append(parts[1].Grids, trendGrid(m.Trends))
		}
		p.Sections = append(p.Sections, parts...)
	}
	p.Files = []*Grid{lineGrid(docs, trends), trendGrid(trends), seriesGrid(trends), supplierGrid(docs), d.originGrid(), screenGrid(docs), reportedGrid(docs), controlGrid(controls)}
	return p
}

// originGrid is for files: where the imports of all lines together come from.
func (d *Sheet) originGrid() *Grid {
	g := &Grid{Name: "origins", Columns: columns("importer year country share_value:3")}
	for _, x := range d.Origins {
		g.add(d.Importer, d.Year, x.Country, x.Share)
	}
	return g
}

// area draws the suppliers of a line over the years.
func (s Speaker) area(x *Series, importer string) template.HTML {
	if len(x.Years) < 2 {
		return ""
	}
	title := s.Say("area.title", "line", x.Line, "importer", s.Country(importer))
	return s.areas(title, x).Figure(title, s.Say("area.note", "n", fmt.Sprint(len(x.Years)), "edition", x.Edition))
}

// overview has a row a mineral: the line with most imports stands for its numbers.
func (d *Sheet) overview(s Speaker) *Grid {
	g := &Grid{Name: "overview", Columns: columns("mineral grade may_be evidence reported_pct:1 line imports_musd:1 share_value_pct:1 d_pct:1 hhi:3 trend n series")}
	for i := range d.Minerals {
		m := &d.Minerals[i]
		row := []any{Link{s.Mineral(m.Mineral), "#" + m.Mineral}, m.Grade, string(m.MayBe), m.Evidence, percent(m.ReportedShare)}
		if len(m.Lines) == 0 {
			g.add(append(row, "–", nil, nil, nil, nil, nil, nil, nil)...)
			continue
		}
		l := slices.MaxFunc(m.Lines, func(a, b DependenceLine) int { return cmp.Compare(a.Imports.USD, b.Imports.USD) })
		row = append(row, s.line(&l), l.Imports.USD/1e6, 100*l.ShareValue, percent(l.Reliance.Dependence), l.Concentration.HHI)
		k := slices.IndexFunc(m.Trends, func(t TrendDoc) bool { return t.Line == l.Line })
		if k < 0 {
			g.add(append(row, nil, nil, nil)...)
			continue
		}
		g.add(append(row, m.Trends[k].Verdict, m.Trends[k].N, m.Trends[k].Shares)...)
	}
	return g
}

// tiles are the lines of a sheet by import value, each once.
func (d *Sheet) tiles(s Speaker) []chart.Tile {
	var tiles []chart.Tile
	seen := map[string]bool{}
	for i := range d.Minerals {
		for j := range d.Minerals[i].Lines {
			l := &d.Minerals[i].Lines[j]
			if !seen[l.Line] {
				seen[l.Line] = true
				name := s.Mineral(d.Minerals[i].Mineral)
				if l.Line == d.Minerals[i].Mineral {
					name = ""
				}
				tiles = append(tiles, s.tile(l.Line, name, l.Imports.USD, l.ShareValue))
			}
		}
	}
	slices.SortStableFunc(tiles, func(a, b chart.Tile) int { return cmp.Compare(b.Value, a.Value) })
	return tiles
}

// Paper lays a mineral out across countries.
func (d *MineralSheet) Paper(s Speaker) Paper {
	pairs := []string{"mineral", s.Mineral(d.Mineral), "supplier", s.Country(d.Supplier), "year", fmt.Sprint(d.Year)}
	p := Paper{Title: s.Say("mineral.title", pairs...), speaker: s}
	makers := &Grid{Name: "makers", Columns: columns("statistic year total:0 unit supplier_share_pct:1 hhi:3 makers withheld edition")}
	for _, o := range d.Output {
		makers.add(o.Statistic, o.Year, o.Total, o.Unit, 100*o.Share, o.HHI, s.countryShares(o.Makers), strings.Join(o.Withheld, ", "), o.Edition)
	}
	prices := priceGrid(d.Prices)
	title := s.Say("mineral.prices", pairs...)
	first := Section{Lines: []string{s.Say("mineral.note", pairs...)}, Grids: []*Grid{makers, prices}, Charts: []template.HTML{s.prices(title, d.Prices).Figure(title, s.Say("mineral.prices_note"))}, Foot: s.sources(d.From)}
	if len(d.LinesNone) > 0 {
		first.Lines = append(first.Lines, s.Say("would_settle", "what", s.Say("missing.flows", "lines", s.LineNames(d.LinesNone))))
	}
	p.Sections = append(p.Sections, first)
	var all Grid
	for i := range d.Lines {
		l := &d.Lines[i]
		p.Sections = append(p.Sections, l.section(s, d, pairs))
		all = Grid{Name: "importers", Columns: importerColumns, Rows: append(all.Rows, l.importers(d.Year, len(l.Importers)).Rows...)}
	}
	shown, more := s.controls(d.Controls)
	p.Sections = append(p.Sections, Section{Grids: []*Grid{shown}, Foot: more})
	p.Files = []*Grid{&all, makers, prices, controlGrid(d.Controls)}
	return p
}

// priceGrid has a year a column.
func priceGrid(prices []Price) *Grid {
	g := &Grid{Name: "prices", Columns: columns("statistic unit")}
	var years []int
	for _, p := range prices {
		years = append(years, p.Years...)
	}
	slices.Sort(years)
	years = slices.Compact(years)
	for _, y := range years {
		g.Columns = append(g.Columns, Column{Key: fmt.Sprint(y), Digits: -1})
	}
	g.Columns = append(g.Columns, columns("last_over_first:2 edition")...)
	for _, p := range prices {
		row := []any{p.Statistic, p.Unit}
		for _, y := range years {
			if i := slices.Index(p.Years, y); i >= 0 {
				row = append(row, p.Prices[i])
			} else {
				row = append(row, exposure.Unknown())
			}
		}
		g.add(append(row, p.Change, p.Edition)...)
	}
	return g
}

var importerColumns = columns("hs6 year importer imports_musd:2 imports_t:1 share_value_pct:1 share_mass_pct:1 one_step_pct:1 hhi:3 top top_share_pct:1")

// importers are the largest importers of a line.
func (l *MineralLine) importers(year, most int) *Grid {
	g := &Grid{Name: "importers", Columns: importerColumns}
	for _, x := range l.Importers[:min(most, len(l.Importers))] {
		g.add(l.Line, fmt.Sprint(year), x.Importer, x.Imports.USD/1e6, x.Imports.Tonnes, 100*x.ShareValue, 100*x.ShareMass, 100*x.OneStep, x.HHI, x.Top, 100*x.TopShare)
	}
	return g
}

// shownImporters is how many importers of a line a page and a terminal show; files hold all.
const shownImporters = 25

func (l *MineralLine) section(s Speaker, d *MineralSheet, pairs []string) Section {
	pairs = append(slices.Clone(pairs), "line", l.Line, "basket", l.Basket, "usd", num(l.Traded.USD/1e6, 1), "tonnes", num(l.Traded.Tonnes, 0), "share", exposure.Percent(l.Share), "hhi", num(l.Exporters.HHI, 3),
		"effective", num(l.Exporters.Effective, 1), "edition", l.Edition, "n", fmt.Sprint(l.N), "verdict", l.Verdict, "p", num(l.Trend.P, 4), "sen", num(100*l.Trend.Sen, 2), "importers", fmt.Sprint(len(l.Importers)))
	x := Section{ID: "l" + l.Line, Title: l.Line + " " + s.Word(l.Stage), Lines: []string{s.Say("mineral.trade", pairs...)}}
	if l.Verdict != "" {
		x.Lines = append(x.Lines, s.Say("mineral.trend", pairs...))
	}
	note := s.Say("mineral.chart_note", pairs...)
	flow, tiles := s.Say("mineral.sankey", pairs...), s.Say("mineral.treemap", pairs...)
	var boxes []chart.Tile
	for _, i := range l.Importers {
		boxes = append(boxes, s.tile("", s.Country(i.Importer), i.Imports.USD, i.ShareValue))
	}
	area := s.Say("mineral.area", pairs...)
	x.Charts = []template.HTML{chart.Sankey(flow, l.Line, s.flows(l.Flows)).Figure(flow, note), chart.Treemap(tiles, boxes).Figure(tiles, note), s.worldMap(s.Say("mineral.map", pairs...), s.Say("map.note", pairs...), l.supplied(), d.Supplier),
		s.areas(area, &l.Series).Figure(area, s.Say("area.note", "n", fmt.Sprint(len(l.Series.Years)), "edition", l.Series.Edition))}
	x.Grids = []*Grid{l.importers(d.Year, shownImporters)}
	if len(l.Importers) > shownImporters {
		x.Foot = s.Say("mineral.more", "shown", fmt.Sprint(shownImporters), "n", fmt.Sprint(len(l.Importers)))
	}
	return x
}

// supplied is the supplier's share in the imports of each importer, by value.
func (l *MineralLine) supplied() (shares []CountryShare) {
	for _, x := range l.Importers {
		shares = append(shares, CountryShare{Country: x.Importer, Share: x.ShareValue})
	}
	return shares
}

// TrendPaper lays trends out.
func TrendPaper(docs []TrendDoc, s Speaker) Paper {
	p := Paper{Title: s.Say("trend.title", "importer", s.Country(docs[0].Importer), "supplier", s.Country(docs[0].Supplier)), speaker: s, Files: []*Grid{seriesGrid(docs), trendGrid(docs)}}
	p.Sections = append(p.Sections, Section{Grids: []*Grid{trendGrid(docs)}, Foot: s.Say("trend.note") + " " + s.sources(docs[0].From)})
	for i := range docs {
		d := &docs[i]
		p.Sections = append(p.Sections, Section{Title: s.lineOf(d), Grade: s.Word(d.Verdict), Lines: d.lines(s), Charts: []template.HTML{s.area(&d.Suppliers, d.Importer)}, Foot: d.Edition})
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

// CriticalityPaper lays the terms of the EU assessment out, a stage a row.
func CriticalityPaper(docs []Criticality, s Speaker) Paper {
	p := Paper{Title: s.Say("criticality.title", "edition", fmt.Sprint(docs[0].Edition)), speaker: s}
	risk := &Grid{Name: "supply_risk", Columns: columns("material stage supply_used hhi_gs:2 hhi_eu:2 import_reliance:2 recycling:2 si:2 supply_risk:2 printed:1 gap:2 bottleneck critical")}
	importance := &Grid{Name: "importance", Columns: columns("material si:2 economic_importance:2 printed:1 gap:2 missing")}
	earlier := &Grid{Name: "earlier", Columns: columns("material year supply_risk_printed:1 importance_printed:1")}
	seen := ""
	for i := range docs {
		d := &docs[i]
		risk.add(d.Material, d.Stage, d.Used, d.HHIGlobal, d.HHIEU, d.ImportReliance, d.Recycling, d.SISupply, d.SupplyRisk, d.Printed, d.Gap, d.Bottleneck, d.Critical)
		if d.Material != seen {
			importance.add(d.Material, d.SIImportance, d.Importance, d.PrintedImportance, d.ImportanceGap, strings.Join(d.Missing, "; "))
			for _, x := range d.Earlier {
				earlier.add(d.Material, fmt.Sprint(x.Year), x.SupplyRisk, x.Importance)
			}
		}
		seen = d.Material
	}
	p.Sections = []Section{{Lines: []string{s.Say("criticality.risk"), s.Say("criticality.importance"), s.Say("criticality.gap")}, Grids: []*Grid{risk, importance, earlier}, Foot: s.sources(docs[0].From)}}
	supply, uses := criticalityTerms(docs)
	p.Files = []*Grid{risk, importance, earlier, supply, uses}
	if docs[0].Material == docs[len(docs)-1].Material {
		p.Sections[0].Lines = append(p.Sections[0].Lines, arithmetic(docs)...)
		p.Sections = append(p.Sections, Section{Grids: []*Grid{supply, uses}})
	}
	return p
}

// criticalityTerms are the countries and uses that concentration and importance are summed over.
func criticalityTerms(docs []Criticality) (supply, uses *Grid) {
	supply = &Grid{Name: "supply_terms", Columns: columns("material stage supply_used country share_pct:1 governance:2 t:1 weighed:4")}
	uses = &Grid{Name: "use_terms", Columns: columns("material application share_pct:1 added:0 share_of_added:0")}
	seen := ""
	for i := range docs {
		d := &docs[i]
		for _, side := range []struct {
			name    string
			sources []exposure.Sourcing
		}{{"GS", d.Global}, {"EU", d.EU}} {
			sorted := slices.SortedStableFunc(slices.Values(side.sources), func(a, b exposure.Sourcing) int { return cmp.Compare(b.Share, a.Share) })
			for _, x := range sorted {
				supply.add(d.Material, d.Stage, side.name, x.Country, 100*x.Share, x.Governance, x.Trade, x.Share*x.Share*x.Governance*x.Trade)
			}
		}
		if d.Material != seen {
			for _, x := range d.Uses {
				uses.add(d.Material, x.Application, 100*x.Share, x.Added, x.Share*x.Added)
			}
		}
		seen = d.Material
	}
	return supply, uses
}

// arithmetic writes supply risk and importance out with their numbers.
func arithmetic(docs []Criticality) (lines []string) {
	for i := range docs {
		d := &docs[i]
		rest := fmt.Sprintf("·(1 − %s)·%s = %s", num(d.Recycling, 2), num(d.SISupply, 2), num(d.SupplyRisk, 2))
		use, err := exposure.SupplyOf(d.Used)
		switch {
		case err != nil || !exposure.Known(d.SupplyRisk):
			continue
		case use == exposure.GlobalOnly:
			lines = append(lines, fmt.Sprintf("SR %s %s = %s%s", d.Material, d.Stage, num(d.HHIGlobal, 2), rest))
		case use == exposure.EUOnly:
			lines = append(lines, fmt.Sprintf("SR %s %s = %s%s", d.Material, d.Stage, num(d.HHIEU, 2), rest))
		default:
			half := num(d.ImportReliance, 2) + "/2"
			lines = append(lines, fmt.Sprintf("SR %s %s = [%s·%s + %s·(1 − %s)]%s", d.Material, d.Stage, num(d.HHIGlobal, 2), half, num(d.HHIEU, 2), half, rest))
		}
	}
	if d := &docs[0]; d.Uses != nil {
		sum := 0.0
		for _, x := range d.Uses {
			sum += x.Share * x.Added
		}
		lines = append(lines, fmt.Sprintf("EI %s = 10/%s·%s·%s = %s", d.Material, num(d.Largest, 0), num(sum, 0), num(d.SIImportance, 2), num(d.Importance, 2)))
	}
	return lines
}

// GeometricRiskPaper lays the risk for the United States out, with every term.
func GeometricRiskPaper(docs []GeometricRisk, s Speaker) Paper {
	p := Paper{Title: s.Say("us.title", "mineral", s.Mineral(docs[0].Mineral), "year", fmt.Sprint(docs[0].Year)), speaker: s}
	risk := &Grid{Name: "us_risk", Columns: columns("production reliance disruption:3 trade_exposure:2 vulnerability:2 risk:3 withheld")}
	terms := &Grid{Name: "us_terms", Columns: columns("production country share_pct:1 factor:3 term:4")}
	seen := ""
	for i := range docs {
		d := &docs[i]
		risk.add(d.Production, d.Reliance, d.Disruption, d.Exposure, d.Vulnerability, d.Risk, strings.Join(d.Withheld, ", "))
		if d.Production == seen {
			continue
		}
		seen = d.Production
		for _, t := range d.Terms {
			terms.add(d.Production, t.Country, 100*t.Share, t.Factor, t.Term)
		}
	}
	p.Sections = []Section{{Lines: []string{s.Say("us.formula"), s.Say("us.factor", "factors", docs[0].Factors)}, Grids: []*Grid{risk, terms}, Foot: s.Say("us.note") + " " + s.sources(docs[0].From)}}
	return p
}

// LoadedPaper lays out what came of reading files.
func LoadedPaper(docs []Loaded, s Speaker) Paper {
	p := Paper{Title: s.Say("load.title"), speaker: s}
	lines := &Grid{Name: "loaded", Columns: columns("file hs6 side rows value:0 currency tonnes:1 hhi:3 top top_share_pct:1")}
	dropped := &Grid{Name: "set_aside", Columns: columns("file rows why first")}
	var about []string
	for i := range docs {
		r := &docs[i].Reading
		about = append(about, s.Say("load.reading", "file", r.Source, "layout", r.Layout, "edition", orNone(r.Edition), "rows", fmt.Sprint(r.Rows), "kept", fmt.Sprint(r.Kept), "aside", fmt.Sprint(r.Refused())))
		about = append(about, r.Notes...)
		for _, l := range docs[i].Lines {
			lines.add(r.Source, l.Line, l.Side, l.Rows, l.Value, r.Currency, l.Tonnes, l.HHI, l.Top, 100*l.TopShare)
		}
		for _, x := range r.Dropped {
			dropped.add(r.Source, x.Rows, x.Why, x.First.Error())
		}
	}
	p.Sections = []Section{{Lines: about, Grids: []*Grid{lines, dropped}}}
	return p
}

func orNone(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// SourcesPaper lays the carried data sets out.
func SourcesPaper(sources []trade.Source, s Speaker) Paper {
	g := &Grid{Name: "sources", Columns: columns("set title source licence edition period units rows packed_bytes digest")}
	for _, x := range sources {
		g.add(x.Name, x.Title, x.Source, x.Licence, x.Edition, x.Period, x.Units, x.Rows, int(x.Packed), x.Digest)
	}
	return Paper{Title: s.Say("sources.title"), Sections: []Section{{Grids: []*Grid{g}}}, speaker: s}
}

// ComputedPaper lays recomputed rows out, a result a row.
func ComputedPaper(rows []Computed, s Speaker) Paper {
	g := &Grid{Name: "computed", Columns: columns("set key result value:6 method")}
	for _, r := range rows {
		if r.Problem != nil {
			g.add(r.Set, r.Key, s.Word("problem"), r.Problem.Error(), r.Method)
		}
		for _, f := range r.Results {
			g.add(r.Set, r.Key, f.Name, plainResult(f.Value), r.Method)
		}
	}
	return Paper{Title: s.Say("computed.title", "n", fmt.Sprint(len(rows))), Sections: []Section{{Grids: []*Grid{g}}}, speaker: s}
}

// plainResult is a result as one cell: text and numbers as they are, lists and objects as JSON.
func plainResult(v any) any {
	switch v.(type) {
	case float64, int, string:
		return v
	}
	text, err := AppendNumbers(nil, v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
