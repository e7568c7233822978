package report

import (
	"cmp"
	_ "embed"
	"html/template"
	"io"
	"slices"

	"lodestone/internal/exposure"
)

//go:embed exposure.html
var exposurePage string

var exposureTemplate = template.Must(template.New("exposure").Funcs(template.FuncMap{
	"num": num, "span": numRange, "area": areaChart, "tornado": func(d WhatIf) template.HTML { return tornado(&d) }, "shares": countryShares,
	"pct":   func(x float64) string { return num(100*x, 1) },
	"musd":  func(x float64) string { return num(x/1e6, 2) },
	"spark": func(x []float64) string { return sparkline(x) },
	"fact":  func(low, high float64) string { return numRange(exposure.Range{Low: low, High: high}, -1) },
}).Parse(exposurePage))

// WriteHTML prints a sheet as one page that needs no other file.
func (d *Sheet) WriteHTML(w io.Writer) error {
	return exposureTemplate.ExecuteTemplate(w, "sheet", struct {
		*Sheet
		Sankey, Treemap template.HTML
	}{d, sankey(d.ImporterName, d.Flows), treemap("Import value by line; the darker, the larger the supplier's share", d.tiles())})
}

// tiles are the lines of a sheet by import value, each once.
func (d *Sheet) tiles() []tile {
	var tiles []tile
	seen := map[string]bool{}
	for _, m := range d.Minerals {
		for _, l := range m.Lines {
			if !seen[l.Line] {
				seen[l.Line] = true
				tiles = append(tiles, tile{l.Line + " " + m.Mineral, l.Imports.USD, l.ShareValue})
			}
		}
	}
	slices.SortStableFunc(tiles, func(a, b tile) int { return cmp.Compare(b.value, a.value) })
	return tiles
}

// WriteHTML prints a company's items as one page that needs no other file.
func (d *Company) WriteHTML(w io.Writer) error {
	return exposureTemplate.ExecuteTemplate(w, "company", d)
}
