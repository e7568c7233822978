package exposure

import "math"

// Balance is one country's supply of one good in a year, in one unit throughout. NaN fields are not known; P may be a range.
type Balance struct {
	Output   Range   // P, primary and secondary
	Imports  float64 // M
	Exports  float64 // X
	Stock    float64 // ΔS, stock build; zero where nothing is known of it, and said so by the caller
	Supplier float64 // imports from the supplier in question
}

// Reliance is what a balance says. Ranges come from the range of the output.
type Reliance struct {
	Consumption  Range   `json:"apparent_consumption"` // C = P + M − X − ΔS
	NetImport    Range   `json:"net_import_reliance"`  // (M − X − ΔS)/C; below zero: net exporter
	EUReliance   Range   `json:"import_reliance_eu"`   // max(0, (M − X)/(P + M − X))
	Dependence   Range   `json:"effective_dependence"` // D = q/(P + M): exports leave in the same mix as supply comes in
	Upper        Range   `json:"dependence_upper"`     // min(1, q/C): nothing of the supplier's goods is re-exported
	ImportShare  float64 `json:"import_share"`         // q/M, printed beside D and never instead of it
	ImportCover  float64 `json:"imports_over_exports"` // M/X; NaN where nothing is exported
	NetExporting bool    `json:"net_exporter"`
}

// Reliance computes the shares of a balance (USGS for net import reliance, EU studies for their import reliance, GeoPolRisk for the
// denominator of D).
func (b Balance) Reliance() Reliance {
	at := func(p float64) (c, nir, ir, d, upper float64) {
		c = p + b.Imports - b.Exports - b.Stock
		nir, ir, upper = Unknown(), Unknown(), Unknown()
		if c > 0 {
			nir = (b.Imports - b.Exports - b.Stock) / c
			upper = math.Min(1, b.Supplier/c)
		} else if b.Supplier > 0 {
			upper = 1
		}
		if net := p + b.Imports - b.Exports; net > 0 {
			ir = math.Max(0, (b.Imports-b.Exports)/net)
		}
		d = b.Supplier / (p + b.Imports)
		return c, nir, ir, d, upper
	}
	c1, n1, i1, d1, u1 := at(b.Output.Low)
	c2, n2, i2, d2, u2 := at(b.Output.High)
	r := Reliance{Consumption: Range{c1, c2}, NetImport: between(n1, n2), EUReliance: between(i1, i2), Dependence: between(d1, d2),
		Upper: between(u1, u2), ImportShare: b.Supplier / b.Imports, ImportCover: Unknown(), NetExporting: b.Exports >= b.Imports}
	if b.Exports > 0 {
		r.ImportCover = b.Imports / b.Exports
	}
	return r
}

// between is the range over what comes of the least and the most output; not known where one end is not.
func between(a, b float64) Range { return Range{math.Min(a, b), math.Max(a, b)} }

// NetImportReliance is 100·(C − P)/C from apparent consumption and the terms of domestic output, the percentage that USGS prints.
func NetImportReliance(consumption float64, output []float64) float64 {
	own := 0.0
	for _, p := range output {
		own += p
	}
	return 100 * (consumption - own) / consumption
}

// DependenceChange is DCI = 1 − D(t)/D(0): how much of the dependence of the first year is gone; below zero it has grown.
func DependenceChange(first, last float64) float64 {
	if first == 0 {
		return Unknown()
	}
	return 1 - last/first
}
