package report

import (
	"fmt"
	"slices"
	"strings"

	"lodestone/internal/exposure"
	"lodestone/internal/report/chart"
)

// How the documents of exposure answers become charts: names and figures in the reader's language, shapes from the package chart.

// areas stacks the suppliers of a line over the years.
func (s Speaker) areas(title string, x *Series) chart.Drawing {
	var layers []chart.Layer
	for _, c := range x.Countries {
		layers = append(layers, chart.Layer{Name: s.Country(c.Country), Values: c.Shares, Text: exposure.Percent(c.Shares[len(c.Shares)-1])})
	}
	return chart.Areas(title, texts(x.Years), layers, s.Word("others"), exposure.Percent)
}

func texts(years []int) []string {
	var all []string
	for _, y := range years {
		all = append(all, fmt.Sprint(y))
	}
	return all
}

// flows are trade with partners, in millions of US dollars.
func (s Speaker) flows(list []PartnerFlow) []chart.Flow {
	var all []chart.Flow
	for _, f := range list {
		all = append(all, chart.Flow{Value: f.USD, Text: s.Country(f.Partner) + " " + num(f.USD/1e6, 1), Out: !f.Imports, Rest: f.Partner == "others"})
	}
	return all
}

// tile is a thing by its imports, darker the more of them come from the supplier.
func (s Speaker) tile(code, name string, usd, share float64) chart.Tile {
	t := chart.Tile{Code: code, Name: name, Value: usd, Shade: share, Text: exposure.Percent(share)}
	t.Tip = fmt.Sprintf("%s: %s M USD, %s", strings.TrimSpace(code+" "+name), num(usd/1e6, 1), t.Text)
	return t
}

// worldMap draws countries with a share each; those without a tile are named in the note. marked are those that the map is about.
func (s Speaker) worldMap(title, note string, shares []CountryShare, marked ...string) chart.Figure {
	var all []chart.Country
	for _, x := range shares {
		all = append(all, chart.Country{Code: x.Country, Name: s.Country(x.Country), Share: x.Share, Text: exposure.Percent(x.Share)})
	}
	for _, code := range marked {
		i := slices.IndexFunc(all, func(c chart.Country) bool { return c.Code == code })
		if i < 0 {
			i, all = len(all), append(all, chart.Country{Code: code, Name: s.Country(code), Share: exposure.Unknown(), Text: "–"})
		}
		all[i].Marked = true
	}
	d, left := chart.Map(title, all)
	var names []string
	for _, c := range left {
		names = append(names, c.Name+" "+c.Text)
	}
	if names != nil {
		note += " " + s.Say("map.left", "countries", strings.Join(names, ", "))
	}
	return d.Figure(title, note)
}

// stock draws the stock left and the demand not met so far, by day.
func (s Speaker) stock(title string, d *WhatIf, unit string) chart.Drawing {
	amount := func(x float64) string { return strings.TrimSpace(grouped(num(x, 0)) + " " + unit) }
	left, unmet := chart.Layer{Name: s.Word("stock_left")}, chart.Layer{Name: s.Word("unmet")}
	var days []string
	for _, x := range d.Course {
		days = append(days, fmt.Sprint(x.Day))
		left.Values, unmet.Values = append(left.Values, x.Stock), append(unmet.Values, x.Unmet)
		left.Text, unmet.Text = amount(x.Stock), amount(x.Unmet)
	}
	return chart.Lines(title, days, []chart.Layer{left, unmet}, chart.Scale{Text: amount})
}

// licensed draws how trade comes back by the licences assumed, and how it came back after the licence of 2023.
func (s Speaker) licensed(title string, d *WhatIf) chart.Drawing {
	assumed := chart.Layer{Name: s.Word("assumed")}
	var months []string
	for i, x := range d.Licensed {
		months = append(months, fmt.Sprint(i+1))
		assumed.Values, assumed.Text = append(assumed.Values, x.Share), exposure.Percent(x.Share)
	}
	layers := []chart.Layer{assumed}
	for _, x := range d.Episode {
		if x.Month > len(months) {
			continue
		}
		i := slices.IndexFunc(layers, func(l chart.Layer) bool { return l.Name == s.Mineral(x.Mineral) })
		if i < 0 {
			i = len(layers)
			layers = append(layers, chart.Layer{Name: s.Mineral(x.Mineral), Values: slices.Repeat([]float64{exposure.Unknown()}, len(months))})
		}
		layers[i].Values[x.Month-1], layers[i].Text = x.Share, exposure.Percent(x.Share)
	}
	return chart.Lines(title, months, layers, chart.Scale{Top: 1, Text: exposure.Percent})
}

// prices draws what the survey prints of prices, each over its first year.
func (s Speaker) prices(title string, all []Price) chart.Drawing {
	var years []int
	for _, p := range all {
		years = append(years, p.Years...)
	}
	slices.Sort(years)
	years = slices.Compact(years)
	var layers []chart.Layer
	for _, p := range all {
		l := chart.Layer{Name: strings.TrimPrefix(p.Statistic, "Price, "), Values: slices.Repeat([]float64{exposure.Unknown()}, len(years))}
		first := exposure.Unknown()
		for i, x := range p.Prices {
			if !exposure.Known(x) || x <= 0 {
				continue
			}
			if !exposure.Known(first) {
				first = x
			}
			l.Values[slices.Index(years, p.Years[i])], l.Text = x/first, num(x/first, 2)
		}
		layers = append(layers, l)
	}
	return chart.Lines(title, texts(years), layers, chart.Scale{Text: func(v float64) string { return num(v, 1) }})
}

// tornado draws how far the unmet demand moves with each input.
func (s Speaker) tornado(title string, d *WhatIf) chart.Drawing {
	var swings []chart.Swing
	for _, t := range d.Tornado {
		swings = append(swings, chart.Swing{Name: s.Word(t.Input), Low: t.Low, High: t.High, Text: num(t.Low, 1) + " – " + num(t.High, 1)})
	}
	return chart.Tornado(title, swings, d.Outcome.Unmet, num(d.Outcome.Unmet, 1))
}
