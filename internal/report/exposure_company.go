package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"lodestone/internal/exposure"
	"lodestone/internal/report/chart"
)

// Paper lays a what-if run out.
func (d *WhatIf) Paper(s Speaker) Paper {
	back := Section{Grids: []*Grid{d.licensed(), d.episode()}}
	if d.Licensed != nil {
		title := s.Say("whatif.licensed")
		back.Charts = []chart.Figure{s.licensed(title, d).Figure(title, s.Say("whatif.licensed_note"))}
	}
	return Paper{Title: s.Say("whatif.title", "kind", string(d.Scenario.Kind), "start", orNone(d.Start.String())), speaker: s, Sections: []Section{d.section(s, "", ""), back},
		Files: []*Grid{d.outcomes(s), d.mitigations(), d.sensitivity(s), d.course(), d.licensed(), d.episode()}}
}

func (d *WhatIf) section(s Speaker, unit, currency string) Section {
	title, stock := s.Say("whatif.tornado"), s.Say("whatif.stock_chart")
	return Section{Lines: d.lines(s, unit, currency), Grids: []*Grid{d.outcomes(s), d.mitigations(), d.sensitivity(s)},
		Charts: []chart.Figure{s.stock(stock, d, unit).Figure(stock, s.Say("whatif.stock_chart_note")), s.tornado(title, d).Figure(title, s.Say("whatif.tornado_note", "unmet", num(d.Outcome.Unmet, 1), "unit", unit))}}
}

// lines tell a run in sentences: what was assumed, what comes of it, what to do.
func (d *WhatIf) lines(s Speaker, unit, currency string) []string {
	c, o := &d.Scenario, &d.Outcome
	amount := func(x float64) string { return strings.TrimSpace(grouped(num(x, 1)) + " " + unit) }
	pairs := []string{"demand", amount(c.Demand), "stock", amount(c.Stock), "share", exposure.Percent(c.Share), "quota", exposure.Percent(c.Quota), "wait", num(c.Wait, 0), "sigma", num(c.Spread, 2),
		"refused", exposure.Percent(c.Refused), "transport", num(c.Transport, 0), "qualify", num(c.Qualify, 0), "horizon", fmt.Sprint(c.Horizon), "cover", num(o.Cover, 1), "survive", num(o.Survive, 1),
		"on", d.StockOut.String(), "recover", num(o.Recover, 0), "gap", amount(o.Gap), "unmet", amount(o.Unmet), "of", exposure.Percent(o.Unmet / (c.Demand * float64(c.Horizon) / 365)),
		"loss", strings.TrimSpace(grouped(num(o.Loss, 2)) + " " + currency), "factor", num(o.PriceFactor, 2), "world", exposure.Percent(c.WorldShare)}
	lines := []string{s.Say("whatif.kind."+string(c.Kind), pairs...)}
	if c.Kind == exposure.Delay {
		lines = append(lines, s.Say("whatif.assumed"))
	}
	lines = append(lines, s.Say("whatif.stock", pairs...))
	switch {
	case o.Gap == 0:
		lines = append(lines, s.Say("whatif.no_gap", pairs...))
	case o.Survive == exposure.Never():
		lines = append(lines, s.Say("whatif.survives", pairs...))
	case o.Recover == exposure.Never():
		lines = append(lines, s.Say("whatif.out_for_good", pairs...))
	case o.Act:
		lines = append(lines, s.Say("whatif.act", pairs...))
	default:
		lines = append(lines, s.Say("whatif.in_time", pairs...))
	}
	if o.Gap > 0 {
		lines = append(lines, s.Say("whatif.unmet", pairs...))
	}
	if o.Loss > 0 {
		lines = append(lines, s.Say("whatif.loss", pairs...))
	}
	if exposure.Known(o.PriceFactor) && c.WorldShare > 0 {
		lines = append(lines, s.Say("whatif.price", pairs...))
	}
	if x := d.Drawn; x != nil {
		lines = append(lines, s.Say("whatif.drawn", "n", fmt.Sprint(x.N), "seed", fmt.Sprint(x.Seed), "chance", exposure.Percent(x.StockOut), "act", exposure.Percent(x.Early)))
	}
	return lines
}

// outcomes are the numbers of a run, and beside them what was drawn.
func (d *WhatIf) outcomes(s Speaker) *Grid {
	g := &Grid{Name: "outcomes", Columns: columns("outcome median_run:1 p10:1 p50:1 p90:1")}
	o, x := &d.Outcome, d.Drawn
	none := exposure.Quantiles{P10: exposure.Unknown(), P50: exposure.Unknown(), P90: exposure.Unknown()}
	if x == nil {
		x = &exposure.Drawn{Survive: none, Recover: none, Gap: none, Unmet: none, Loss: none}
	}
	for _, row := range []struct {
		name string
		run  float64
		q    exposure.Quantiles
	}{{"cover", o.Cover, none}, {"survive", o.Survive, x.Survive}, {"recover", o.Recover, x.Recover}, {"peak_gap", 100 * o.PeakGap, none}, {"gap", o.Gap, x.Gap}, {"unmet", o.Unmet, x.Unmet}, {"loss", o.Loss, x.Loss}} {
		g.add(s.Say("outcome."+row.name), row.run, d.beyond(row.name, row.q.P10), d.beyond(row.name, row.q.P50), d.beyond(row.name, row.q.P90))
	}
	out := []any{s.Say("outcome.first_out"), orNone(d.StockOut.String())}
	for _, day := range []fmt.Stringer{d.StockOutP10, d.StockOutP50, d.StockOutP90} {
		out = append(out, orNone(day.String()))
	}
	g.add(out...)
	return g
}

// beyond tells a time that reaches the horizon, which stands for any later one, from a time within it.
func (d *WhatIf) beyond(outcome string, x float64) float64 {
	if (outcome == "survive" || outcome == "recover") && x >= float64(d.Scenario.Horizon) {
		return exposure.Never()
	}
	return x
}

// course is for files: a day a row.
func (d *WhatIf) course() *Grid {
	g := &Grid{Name: "stock_course", Columns: columns("day stock:1 unmet:1")}
	for _, x := range d.Course {
		g.add(x.Day, x.Stock, x.Unmet)
	}
	return g
}

func (d *WhatIf) licensed() *Grid {
	g := &Grid{Name: "licensed", Columns: columns("day licensed_pct:1")}
	for _, x := range d.Licensed {
		g.add(x.Day, 100*x.Share)
	}
	return g
}

func (d *WhatIf) episode() *Grid {
	g := &Grid{Name: "episode", Columns: columns("mineral month share_pct:1")}
	for _, x := range d.Episode {
		g.add(x.Mineral, x.Month, 100*x.Share)
	}
	return g
}

func (d *WhatIf) mitigations() *Grid {
	g := &Grid{Name: "mitigations", Columns: columns("mitigation days_gained:1 unmet_saved:1 days_per_cost:6")}
	for _, x := range d.Ranking {
		g.add(x.Name, x.DaysGained, x.UnmetSaved, x.DaysPerCost)
	}
	return g
}

func (d *WhatIf) sensitivity(s Speaker) *Grid {
	g := &Grid{Name: "sensitivity", Columns: columns("input unmet_low:1 unmet_high:1")}
	for _, x := range d.Tornado {
		g.add(s.Word(x.Input), x.Low, x.High)
	}
	return g
}

// Paper lays a company's items out: all in one view, then each by itself.
func (d *Company) Paper(s Speaker) Paper {
	p := Paper{Title: s.Say("company.title", "supplier", s.Country(d.Supplier), "start", orNone(d.Start.String())), speaker: s}
	overview := &Grid{Name: "items", Columns: columns("item currency spend:2 at_risk:2 cut_pct:1 controlled cover_days:1 survive:1 recover:1 act first_out first_out_p10")}
	var controls []Control
	var detail []Section
	for i := range d.Items {
		it := &d.Items[i]
		o := &it.Run.Outcome
		overview.add(verbatim(it.Item), it.Currency, it.Spend, it.SpendAtRisk, 100*it.Cut/it.Demand, it.Controlled, o.Cover, o.Survive, o.Recover, o.Act, orNone(it.Run.StockOut.String()), orNone(it.Run.StockOutP10.String()))
		controls = append(controls, it.Controls...)
		detail = append(detail, it.section(s, d.Supplier))
	}
	first := Section{Grids: []*Grid{overview, d.portfolio()}, Foot: s.Say("company.note") + " " + s.Say("control_note")}
	for _, t := range d.Totals {
		first.Lines = append(first.Lines, s.Say("company.spend", "currency", t.Currency, "spend", grouped(num(t.Spend, 2)), "risk", grouped(num(t.SpendAtRisk, 2)), "controlled", grouped(num(t.Controlled, 2)), "share", exposure.Percent(t.SpendAtRisk/t.Spend), "supplier", s.Country(d.Supplier)))
		if t.NoValue > 0 {
			first.Lines = append(first.Lines, s.Say("company.no_value", "n", fmt.Sprint(t.NoValue)))
		}
	}
	first.Lines = append(first.Lines, d.Notes...)
	for _, x := range d.Reading.Dropped {
		first.Lines = append(first.Lines, s.Say("company.aside", "n", fmt.Sprint(x.Rows), "why", x.First.Error()))
	}
	if title := s.Say("company.treemap", "supplier", s.Country(d.Supplier)); len(d.Totals) == 1 { // money of several currencies has no common size
		flow := s.Say("company.sankey", "currency", d.Totals[0].Currency)
		first.Charts = []chart.Figure{chart.Sankey(flow, d.Totals[0].Currency, d.flows(s)).Figure(flow, s.Say("company.sankey_note", "shown", fmt.Sprint(shownFlows))), chart.Treemap(title, d.tiles()).Figure(title, s.Say("company.treemap_note", "currency", d.Totals[0].Currency))}
	}
	p.Sections = append([]Section{first}, detail...)
	p.Files = []*Grid{overview, d.files(s), d.portfolio(), controlGrid(controls)}
	return p
}

// shownFlows is how many origins and items a diagram names; the rest stand together.
const shownFlows = 8

// flows are what is spent: in by origin, out by item.
func (d *Company) flows(s Speaker) []chart.Flow {
	amount := func(name string, x float64) string { return name + " " + grouped(num(x, 0)) }
	var in, out []chart.Flow
	for _, x := range d.Portfolio {
		in = append(in, chart.Flow{Value: x.Spend, Text: amount(s.Country(x.Country), x.Spend)})
	}
	for _, t := range d.tiles() {
		if t.Value > 0 {
			out = append(out, chart.Flow{Value: t.Value, Text: amount(t.Name, t.Value), Out: true})
		}
	}
	var all []chart.Flow
	for _, side := range [][]chart.Flow{in, out} {
		rest := 0.0
		for i, f := range side {
			if i < shownFlows {
				all = append(all, f)
			} else {
				rest += f.Value
			}
		}
		if rest > 0 {
			all = append(all, chart.Flow{Value: rest, Text: amount(s.Word("others"), rest), Out: side[0].Out, Rest: true})
		}
	}
	return all
}

// portfolio is what is spent by origin.
func (d *Company) portfolio() *Grid {
	g := &Grid{Name: "portfolio", Columns: columns("country spend:2 share_pct:1")}
	for _, x := range d.Portfolio {
		g.add(x.Country, x.Spend, 100*x.Share)
	}
	return g
}

// tiles are the items by spend, darker the more of each comes from the supplier.
func (d *Company) tiles() []chart.Tile {
	var tiles []chart.Tile
	for i := range d.Items {
		it := &d.Items[i]
		share := exposure.Percent(it.Cut / it.Demand)
		tiles = append(tiles, chart.Tile{Name: it.Item, Value: it.Spend, Shade: it.Cut / it.Demand, Text: share, Tip: fmt.Sprintf("%s: %s %s, %s", it.Item, grouped(num(it.Spend, 0)), it.Currency, share)})
	}
	slices.SortStableFunc(tiles, func(a, b chart.Tile) int { return cmp.Compare(b.Value, a.Value) })
	return tiles
}

// files has a row an item with all that is counted.
func (d *Company) files(s Speaker) *Grid {
	g := &Grid{Name: "item_details", Columns: columns("item unit currency demand from_supplier stock spend at_risk extra_spend by_origin by_processing unmet_p50 unmet_p90 stock_out_chance controls")}
	for i := range d.Items {
		it := &d.Items[i]
		x := it.Run.Drawn
		if x == nil {
			nan := exposure.Unknown()
			x = &exposure.Drawn{Unmet: exposure.Quantiles{P50: nan, P90: nan}, StockOut: nan}
		}
		var norms []string
		for _, c := range it.Controls {
			norms = append(norms, c.Norm+" "+c.Standing)
		}
		g.add(verbatim(it.Item), verbatim(it.Unit), it.Currency, it.Demand, it.Cut, it.Stock, it.Spend, it.SpendAtRisk, it.ExtraSpend, s.countryShares(it.ByOrigin), s.countryShares(it.ByProcessing), x.Unmet.P50, x.Unmet.P90, x.StockOut,
			strings.Join(norms, "; "))
	}
	return g
}

func (it *CompanyItem) section(s Speaker, supplier string) Section {
	x := it.Run.section(s, it.Unit, it.Currency)
	x.Title = it.Item
	head := []string{s.Say("company.shares", "origin", s.countryShares(it.ByOrigin), "processing", s.countryShares(it.ByProcessing))}
	if it.Cut == 0 {
		x = Section{Title: it.Item, Lines: append(head, s.Say("company.untouched", "supplier", s.Country(supplier)))}
		return x
	}
	if it.NotAsked {
		head = append(head, s.Say("company.not_asked"))
	}
	if it.NoStock {
		head = append(head, s.Say("company.no_stock"))
	}
	if exposure.Known(it.ExtraSpend) && it.ExtraSpend > 0 {
		head = append(head, s.Say("company.extra", "extra", strings.TrimSpace(grouped(num(it.ExtraSpend, 2))+" "+it.Currency)))
	}
	x.Lines = append(head, x.Lines...)
	shown, more := s.controls(it.Controls)
	x.Grids, x.Foot = append(x.Grids, shown), more
	return x
}

func (s Speaker) countryShares(shares []CountryShare) string {
	var all []string
	for _, x := range shares {
		all = append(all, s.Country(x.Country)+" "+exposure.Percent(x.Share))
	}
	return strings.Join(all, ", ")
}
