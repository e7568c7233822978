package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"lodestone/internal/exposure"
	"lodestone/internal/report/chart"
)

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
		Charts: []chart.Figure{chart.Sankey(flow, s.Country(d.Importer), s.flows(d.Flows)).Figure(flow, note), chart.Treemap(tiles, d.tiles(s)).Figure(tiles, note),
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

// originGrid is for files: where the imports of all lines together come from.
func (d *Sheet) originGrid() *Grid {
	g := &Grid{Name: "origins", Columns: columns("importer year country share_value:3")}
	for _, x := range d.Origins {
		g.add(d.Importer, d.Year, x.Country, x.Share)
	}
	return g
}

// area draws the suppliers of a line over the years.
func (s Speaker) area(x *Series, importer string) chart.Figure {
	if len(x.Years) < 2 {
		return chart.Figure{}
	}
	title := s.Say("area.title", "line", x.Line, "importer", s.Country(importer))
	return s.areas(title, x).Figure(title, s.Say("area.note", "n", fmt.Sprint(len(x.Years)), "edition", x.Edition))
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
	first := Section{Lines: []string{s.Say("mineral.note", pairs...)}, Grids: []*Grid{makers, prices}, Charts: []chart.Figure{s.prices(title, d.Prices).Figure(title, s.Say("mineral.prices_note"))}, Foot: s.sources(d.From)}
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
	x.Charts = []chart.Figure{chart.Sankey(flow, l.Line, s.flows(l.Flows)).Figure(flow, note), chart.Treemap(tiles, boxes).Figure(tiles, note), s.worldMap(s.Say("mineral.map", pairs...), s.Say("map.note", pairs...), l.supplied(), d.Supplier),
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
