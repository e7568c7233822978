package app

import (
	"io"
	"math"
	"slices"
	"strings"

	"lodestone/internal/exposure"
	"lodestone/internal/ingest/trade"
	"lodestone/internal/law"
	"lodestone/internal/report"
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

// Company reads a supplier table and answers item by item: shares by origin and by place of processing, controls in force on the day, spend at
// risk, stock cover, time to survive against time to recover.
func (e *Exposure) Company(name string, r io.Reader, q CompanyQuestion) (report.Company, error) {
	doc := report.Company{Supplier: q.Supplier, Start: q.Start}
	codes, err := e.Library.Codes()
	if err != nil {
		return doc, err
	}
	if doc.Supplier, err = e.country(q.Supplier); err != nil {
		return doc, err
	}
	rows, reading, err := trade.ReadSuppliers(name, r, codes)
	doc.Reading = reading
	if err != nil {
		return doc, err
	}
	for _, group := range items(rows) {
		item, err := e.companyItem(group, doc.Supplier, q)
		if err != nil {
			return doc, err
		}
		doc.Items = append(doc.Items, item)
		doc.Spend += item.Spend
		doc.SpendAtRisk += item.SpendAtRisk
	}
	return doc, nil
}

// items groups the rows of one item: the item named, else its customs code, else its mineral.
func items(rows []trade.SupplierRow) [][]trade.SupplierRow {
	var groups [][]trade.SupplierRow
	at := map[string]int{}
	for _, r := range rows {
		key := itemName(&r) + "\x00" + r.Unit
		n, ok := at[key]
		if !ok {
			n = len(groups)
			at[key] = n
			groups = append(groups, nil)
		}
		groups[n] = append(groups[n], r)
	}
	return groups
}

func itemName(r *trade.SupplierRow) string {
	for _, s := range []string{r.Item, r.HS, r.Mineral} {
		if s != "" {
			return s
		}
	}
	return r.Supplier
}

func (e *Exposure) companyItem(rows []trade.SupplierRow, country string, q CompanyQuestion) (report.CompanyItem, error) {
	item := report.CompanyItem{Item: itemName(&rows[0]), Unit: rows[0].Unit, Recover: exposure.Unknown()}
	var origin, made []exposure.Part
	stock := 0.0
	margin := 0.0
	for _, r := range rows {
		item.Demand += r.Mass
		origin = append(origin, exposure.Part{Who: r.Origin, Amount: r.Mass})
		made = append(made, exposure.Part{Who: r.Made, Amount: r.Mass})
		stock += known(r.Stock)
		item.Spend += known(r.Value)
		margin = max(margin, known(r.Margin))
		cut := r.Origin == country || r.Made == country
		if !cut {
			stock += known(r.Transit)
			continue
		}
		item.SpendAtRisk += known(r.Value)
		item.Cut += r.Mass
		if exposure.Known(r.Recover) && !(item.Recover > r.Recover) {
			item.Recover = r.Recover
		}
	}
	item.Stock, item.ByOrigin, item.ByProcessing = stock, sharesOf(origin), sharesOf(made)
	controls, err := e.companyControls(rows, country, q)
	if err != nil {
		return item, err
	}
	item.Controls = controls
	for _, c := range controls {
		item.Controlled = item.Controlled || c.Standing == "in_force"
	}
	s := q.Scenario
	s.Demand, s.Stock, s.Share, s.Margin = item.Demand, stock, item.Cut/item.Demand, margin
	if exposure.Known(item.Recover) && s.Kind == exposure.Delay {
		s.Wait = item.Recover
	}
	if err := s.Check(); err != nil {
		return item, err
	}
	item.Run = whatIf(s, q.Chance, q.Start)
	return item, nil
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

// companyControls joins the rows of an item with the law: by control code, customs code, or mineral.
func (e *Exposure) companyControls(rows []trade.SupplierRow, country string, q CompanyQuestion) ([]report.Control, error) {
	if q.Book == nil {
		return nil, nil
	}
	all, _, err := e.Library.MineralLines()
	if err != nil {
		return nil, err
	}
	var out []report.Control
	add := func(more []report.Control) {
		for _, c := range more {
			if !slices.ContainsFunc(out, func(x report.Control) bool { return x.Norm == c.Norm }) {
				out = append(out, c)
			}
		}
	}
	for _, r := range rows {
		var lines []trade.MineralLine
		if len(r.HS) >= 6 {
			lines = append(lines, trade.MineralLine{HS2022: r.HS})
		}
		for _, l := range all {
			if l.Mineral == r.Mineral && r.HS == "" {
				lines = append(lines, l)
			}
		}
		if lines != nil || r.Mineral != "" {
			add(controlsOf(q.Book, q.At, country, r.Mineral, lines))
		}
		if r.Control != "" {
			add(controlsByCode(q.Book, q.At, country, r.Control))
		}
	}
	return out, nil
}

func controlsByCode(b *law.Book, at when.At, country, code string) []report.Control {
	s := b.At(at)
	var out []report.Control
	for n := range b.Norms {
		c := &b.Norms[n]
		carried, _ := c.CodeOn(b, s.At)
		if c.Kind == "control" && strings.EqualFold(carried, code) && strings.HasPrefix(c.Act.ID, country+"-") && s.Standings[n].State != law.Unknown {
			out = append(out, report.Control{Norm: c.Ref, Code: carried, Name: c.Names.In("en"), Standing: s.Standings[n].State.String(), Effect: c.Norm.Effect,
				On: at.Effective, By: "control code"})
		}
	}
	return out
}

// WhatIf runs one scenario.
func (e *Exposure) WhatIf(s exposure.Scenario, c exposure.Chance, start when.Date) (report.WhatIf, error) {
	if err := s.Check(); err != nil {
		return report.WhatIf{}, err
	}
	return whatIf(s, c, start), nil
}

func whatIf(s exposure.Scenario, c exposure.Chance, start when.Date) report.WhatIf {
	doc := report.WhatIf{Scenario: s, Start: start, Outcome: s.Run(), Ranking: s.Rank(), Tornado: s.Tornado(0.2)}
	doc.StockOut = dayAfter(start, doc.Outcome.Survive)
	if c.Draws > 0 {
		d := s.Draw(c)
		doc.Drawn, doc.Chance = &d, &c
		doc.StockOutP10 = dayAfter(start, d.FirstOut.P10)
		doc.StockOutP50 = dayAfter(start, d.FirstOut.P50)
		doc.StockOutP90 = dayAfter(start, d.FirstOut.P90)
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
