package app

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"lodestone/internal/exposure"
	"lodestone/internal/ingest/tables"
	"lodestone/internal/ingest/trade"
	"lodestone/internal/law"
	"lodestone/internal/report"
	"lodestone/internal/sentence"
	"lodestone/internal/when"
)

// CompanyQuestion asks what a disruption does to the items of a company's supplier table.
type CompanyQuestion struct {
	Supplier string // the country whose controls and cuts are asked about
	Scenario exposure.Scenario
	Chance   exposure.Chance
	Start    when.Date
	Book     *law.Book
	At       when.At
}

// Company reads a supplier table (CSV in any of the encodings of item tables, or an Excel workbook) and answers item by item: shares by origin
// and by place of processing, controls in force on the day, spend at risk, stock cover, time to survive against time to recover.
func (e *Exposure) Company(name string, r io.Reader, q CompanyQuestion) (report.Company, error) {
	doc := report.Company{Supplier: q.Supplier, Start: q.Start, Portfolio: []report.Spent{}}
	var err error
	if doc.Supplier, err = e.country(q.Supplier); err != nil {
		return doc, err
	}
	text, place, err := e.ownTable(name, r)
	if err != nil {
		return doc, err
	}
	rows, reading, err := trade.ReadSuppliers(name, text, place)
	doc.Reading = reading
	if err != nil {
		return doc, err
	}
	for i := range rows {
		written := rows[i].Mineral
		if rows[i].Mineral, err = e.mineralNamed(written); err == nil {
			continue
		}
		if _, ok := e.Vocab.ElementNamed(strings.TrimSpace(written)); ok {
			rows[i].Mineral = strings.TrimSpace(written) // the law is about elements that have no customs lines of their own, such as dysprosium
			continue
		}
		doc.Notes = append(doc.Notes, fmt.Sprintf("%s:%d: %v", name, rows[i].Line, err)) // the row stays, its mineral unknown
	}
	for _, group := range e.items(rows) {
		item, err := e.companyItem(group, doc.Supplier, q)
		if err != nil {
			return doc, sentence.Of("%s:%d: %s: %v", name, group[0].Line, itemName(&group[0]), err)
		}
		doc.Items = append(doc.Items, item)
	}
	doc.Totals = spending(rows, doc.Items, doc.Supplier)
	doc.Spend, doc.SpendAtRisk = exposure.Unknown(), exposure.Unknown()
	if len(doc.Totals) == 1 {
		doc.Spend, doc.SpendAtRisk = doc.Totals[0].Spend, doc.Totals[0].SpendAtRisk
		doc.Portfolio = portfolio(rows)
	}
	return doc, nil
}

// ownTable opens the two forms in which a company's own tables come, and gives what finds countries in them.
func (e *Exposure) ownTable(name string, r io.Reader) (text io.Reader, place func(string) (string, bool), err error) {
	if place, err = e.places(); err != nil {
		return nil, nil, err
	}
	in := bufio.NewReader(r)
	if head, _ := in.Peek(4); trade.IsWorkbook(head) {
		text, err = trade.Workbook(name, in)
	} else {
		text, err = tables.Recode(name, in, e.Vocab)
	}
	return text, place, err
}

// items groups the rows of one item: the item named, else its customs code, else its mineral. Amounts in other units of mass are turned into
// the unit of its first row; what cannot be turned stands as an item of its own.
func (e *Exposure) items(rows []trade.SupplierRow) [][]trade.SupplierRow {
	var groups [][]trade.SupplierRow
	at := map[string][]int{}
	for _, r := range rows {
		name, found := itemName(&r), false
		for _, n := range at[name] {
			factor, ok := e.unitFactor(r.Unit, groups[n][0].Unit)
			if !ok {
				continue
			}
			r.Unit = groups[n][0].Unit
			for _, x := range []*float64{&r.Mass, &r.Stock, &r.Transit, &r.Spare} {
				*x *= factor
			}
			r.Margin /= factor
			groups[n], found = append(groups[n], r), true
			break
		}
		if !found {
			at[name] = append(at[name], len(groups))
			groups = append(groups, []trade.SupplierRow{r})
		}
	}
	return groups
}

// unitFactor turns amounts from one unit into another of the same dimension.
func (e *Exposure) unitFactor(from, to string) (float64, bool) {
	if from == to {
		return 1, true
	}
	f, ok := e.Vocab.UnitIn("mass", from)
	t, also := e.Vocab.UnitIn("mass", to)
	if !ok || !also {
		return 0, false
	}
	up, err := strconv.ParseFloat(f.Factor.String(), 64)
	down, err2 := strconv.ParseFloat(t.Factor.String(), 64)
	return up / down, err == nil && err2 == nil
}

func itemName(r *trade.SupplierRow) string {
	for _, s := range []string{r.Item, r.HS, r.Mineral, r.Control} {
		if s != "" {
			return s
		}
	}
	return r.Supplier
}

// spending adds up by currency.
func spending(rows []trade.SupplierRow, items []report.CompanyItem, country string) []report.Spending {
	var all []report.Spending
	for _, r := range rows {
		i := slices.IndexFunc(all, func(s report.Spending) bool { return s.Currency == r.Currency })
		if i < 0 {
			i = len(all)
			all = append(all, report.Spending{Currency: r.Currency})
		}
		s := &all[i]
		if !exposure.Known(r.Value) {
			s.NoValue++
			continue
		}
		s.Spend += r.Value
		if !isCut(&r, country) {
			continue
		}
		s.SpendAtRisk += r.Value
		if slices.ContainsFunc(items, func(it report.CompanyItem) bool { return it.Item == itemName(&r) && it.Controlled }) {
			s.Controlled += r.Value
		}
	}
	return all
}

// portfolio adds up what is spent by origin. A row without a value is counted as nothing, and said to be elsewhere.
func portfolio(rows []trade.SupplierRow) []report.Spent {
	var parts []exposure.Part
	for _, r := range rows {
		i := slices.IndexFunc(parts, func(p exposure.Part) bool { return p.Who == r.Origin })
		if i < 0 {
			i = len(parts)
			parts = append(parts, exposure.Part{Who: r.Origin})
		}
		parts[i].Amount += known(r.Value)
	}
	spent := []report.Spent{}
	for _, p := range largestFirst(parts) {
		if p.Amount > 0 {
			spent = append(spent, report.Spent{Country: p.Who, Spend: p.Amount, Share: p.Amount / exposure.Total(parts)})
		}
	}
	return spent
}

// isCut says that what a row buys is made or processed in the country that cuts.
func isCut(r *trade.SupplierRow, country string) bool {
	return r.Origin == country || r.Made == country
}

func (e *Exposure) companyItem(rows []trade.SupplierRow, country string, q CompanyQuestion) (report.CompanyItem, error) {
	item := report.CompanyItem{Item: itemName(&rows[0]), Unit: rows[0].Unit, Currency: rows[0].Currency, Recover: exposure.Unknown(), NoStock: true}
	s := q.Scenario
	var origin, made []exposure.Part
	for i := range rows {
		r := &rows[i]
		item.Demand += r.Mass
		origin, made = append(origin, exposure.Part{Who: r.Origin, Amount: r.Mass}), append(made, exposure.Part{Who: r.Made, Amount: r.Mass})
		item.NoStock = item.NoStock && !exposure.Known(r.Stock)
		item.Stock += known(r.Stock)
		item.Spend += known(r.Value)
		s.Margin = max(s.Margin, known(r.Margin))
		if r.Currency != item.Currency {
			item.Currency = ""
		}
		if isCut(r, country) {
			item.SpendAtRisk += known(r.Value)
			item.Cut += r.Mass
			item.Recover = later(item.Recover, r.Recover)
			continue
		}
		item.Stock += known(r.Transit)
		if r.Spare > 0 {
			s.Alternatives = append(s.Alternatives, exposure.Alternative{Name: r.Supplier, Capacity: r.Spare, Lead: known(r.Lead), Ramp: known(r.Ramp), Cost: known(r.Cost)})
		}
	}
	if item.Currency != rows[0].Currency {
		item.Spend, item.SpendAtRisk = exposure.Unknown(), exposure.Unknown() // of several currencies: the totals tell them apart
	}
	item.ByOrigin, item.ByProcessing = sharesOf(origin), sharesOf(made)
	if err := e.companyControls(&item, rows, country, q); err != nil {
		return item, err
	}
	s.Demand, s.Stock, s.Share = item.Demand, item.Stock, item.Cut/item.Demand
	if exposure.Known(item.Recover) && s.Kind == exposure.Delay {
		s.Wait = item.Recover
	}
	if err := s.Check(); err != nil {
		return item, err
	}
	item.Run = whatIf(s, q.Chance, q.Start)
	item.ExtraSpend = item.SpendAtRisk * (item.Run.Outcome.PriceFactor - 1)
	return item, nil
}

// later is the later of two days, either of which may not be known.
func later(a, b float64) float64 {
	if !exposure.Known(a) || b > a {
		return b
	}
	return a
}

func known(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}

func sharesOf(parts []exposure.Part) []report.CountryShare {
	total := exposure.Total(parts)
	var out []report.CountryShare
	for _, p := range parts {
		i := slices.IndexFunc(out, func(s report.CountryShare) bool { return s.Country == p.Who })
		if i < 0 {
			out = append(out, report.CountryShare{Country: p.Who})
			i = len(out) - 1
		}
		out[i].Share += p.Amount / total
	}
	return out
}

// companyControls joins the rows of an item with the law: by control code, customs code, or mineral. Where a row gives none of them the law
// was not asked about it, and the item says so.
func (e *Exposure) companyControls(item *report.CompanyItem, rows []trade.SupplierRow, country string, q CompanyQuestion) error {
	item.Controls = []report.Control{}
	all, err := e.lines()
	if err != nil || q.Book == nil {
		return err
	}
	for _, r := range rows {
		if !isCut(&r, country) {
			continue
		}
		if r.Mineral == "" {
			r.Mineral = onlyMineral(all, r.HS)
		}
		ask := controlQuestion{q.Book, q.At, country, r.Mineral, e.Lang}
		var lines []trade.MineralLine
		if len(r.HS) >= 6 {
			lines = append(lines, trade.MineralLine{HS2022: r.HS, Exact: true}) // the company's own goods, not a basket
		}
		for _, l := range all {
			if l.Mineral == r.Mineral && r.HS == "" {
				lines = append(lines, l)
			}
		}
		found := ask.byCode(r.Control)
		if lines != nil || r.Mineral != "" {
			found = append(found, controlsOf(ask, lines)...)
		}
		item.NotAsked = item.NotAsked || lines == nil && r.Mineral == "" && r.Control == ""
		for _, c := range found {
			if !slices.ContainsFunc(item.Controls, func(x report.Control) bool { return x.Norm == c.Norm }) {
				item.Controls = append(item.Controls, c)
			}
			item.Controlled = item.Controlled || c.Standing == "in_force"
		}
	}
	return nil
}

// onlyMineral is the mineral whose lines a customs code falls in, where there is one only.
func onlyMineral(all []trade.MineralLine, code string) (mineral string) {
	for _, l := range all {
		if code == "" || !strings.HasPrefix(code, l.HS2022) || l.Mineral == mineral {
			continue
		}
		if mineral != "" {
			return ""
		}
		mineral = l.Mineral
	}
	return mineral
}

// byCode finds the norms that carry a control code.
func (q *controlQuestion) byCode(code string) []report.Control {
	if code == "" {
		return nil
	}
	s := q.book.At(q.at)
	var out []report.Control
	for n := range q.book.Norms {
		c := &q.book.Norms[n]
		carried, _ := c.CodeOn(q.book, s.At)
		if c.Kind == "control" && strings.EqualFold(carried, code) && strings.HasPrefix(c.Act.ID, q.supplier+"-") && s.Standings[n].State != law.Unknown {
			out = append(out, q.control(n, s, report.Say(q.lang, "exposure.joined.code", "code", code)))
		}
	}
	return out
}

// WhatIf runs one scenario.
func (e *Exposure) WhatIf(s exposure.Scenario, c exposure.Chance, start when.Date) (report.WhatIf, error) {
	if err := s.Check(); err != nil {
		return report.WhatIf{}, err
	}
	doc := whatIf(s, c, start)
	if s.Kind == exposure.Delay {
		var err error
		if doc.Episode, err = e.episode(); err != nil {
			return doc, err
		}
	}
	return doc, nil
}

// episode is how exports came back after the licence on gallium and germanium: each month over the same month a year before. A month with a
// kilogram or nothing was dead, whatever the year before was.
func (e *Exposure) episode() ([]report.EpisodeMonth, error) {
	facts, err := e.facts(trade.NameEpisode)
	if err != nil {
		return nil, err
	}
	export := map[string]float64{}
	begun := map[string]int{} // months since year 0
	for _, f := range facts {
		switch f.Measure {
		case "export":
			export[f.Mineral+f.Period] = f.Low
		case "licence_required_from":
			if month, ok := monthOf(f.Period); ok {
				begun[f.Mineral] = month
			}
		}
	}
	var months []report.EpisodeMonth
	for _, f := range facts {
		start, ok := begun[f.Mineral]
		month, dated := monthOf(f.Period)
		if f.Measure != "export" || !ok || !dated || len(f.Period) > 7 { // two months together say nothing of either
			continue
		}
		n := month - start + 1
		before, also := export[f.Mineral+fmt.Sprintf("%04d-%02d", (month-13)/12, (month-1)%12+1)]
		switch {
		case n < 1:
		case f.Low <= 1:
			months = append(months, report.EpisodeMonth{Mineral: f.Mineral, Month: n})
		case also:
			months = append(months, report.EpisodeMonth{Mineral: f.Mineral, Month: n, Share: f.Low / before})
		}
	}
	return months, nil
}

// monthOf counts the months of 2023-10, or of a day in it, from year 0: 12 times the year and the month.
func monthOf(period string) (int, bool) {
	var year, month int
	n, err := fmt.Sscanf(period, "%4d-%2d", &year, &month)
	return 12*year + month, err == nil && n == 2
}

func whatIf(s exposure.Scenario, c exposure.Chance, start when.Date) report.WhatIf {
	doc := report.WhatIf{Scenario: s, Start: start, Outcome: s.Run(), Ranking: s.Rank(), Tornado: s.Tornado(0.2), Course: s.Course()}
	doc.StockOut = dayAfter(start, doc.Outcome.Survive)
	if c.Draws > 0 {
		d := s.Draw(c)
		doc.Drawn, doc.Chance = &d, &c
		doc.StockOutP10 = dayAfter(start, d.FirstOut.P10)
		doc.StockOutP50 = dayAfter(start, d.FirstOut.P50)
		doc.StockOutP90 = dayAfter(start, d.FirstOut.P90)
	}
	if s.Kind == exposure.Delay && s.Wait > 0 && s.Spread > 0 {
		for day := 30; day <= 180; day += 30 {
			doc.Licensed = append(doc.Licensed, report.LicensedShare{Day: day, Share: exposure.Licensed(float64(day), s.Wait, s.Spread, 1-s.Refused)})
		}
	}
	return doc
}

// dayAfter is the day some days after another; zero where the days have no end.
func dayAfter(start when.Date, days float64) when.Date {
	if !exposure.Known(days) || start == 0 {
		return 0
	}
	return start + when.Date(math.Floor(days))
}
