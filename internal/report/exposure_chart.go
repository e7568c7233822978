package report

import (
	"fmt"
	"html/template"
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
		all = append(all, chart.Flow{Name: s.Country(f.Partner), Value: f.USD, Text: s.Country(f.Partner) + " " + num(f.USD/1e6, 1), Out: !f.Imports, Rest: f.Partner == "others"})
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
func (s Speaker) worldMap(title, note string, shares []CountryShare, marked ...string) template.HTML {
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

// tornado draws how far the unmet demand moves with each input.
func (s Speaker) tornado(title string, d *WhatIf) chart.Drawing {
	var swings []chart.Swing
	for _, t := range d.Tornado {
		swings = append(swings, chart.Swing{Name: s.Word(t.Input), Low: t.Low, High: t.High, Text: num(t.Low, 1) + " – " + num(t.High, 1)})
	}
	return chart.Tornado(title, swings, d.Outcome.Unmet, num(d.Outcome.Unmet, 1))
}
