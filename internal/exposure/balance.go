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

// Screen is one published rule for a dependence that deserves a look.
type Screen struct {
	ID      string  `json:"screen"`
	Rule    string  `json:"rule"`
	Value   float64 `json:"value"` // the number compared; NaN: cannot be told
	Limit   float64 `json:"limit"`
	Flagged bool    `json:"flagged"`
	Mean    float64 `json:"mean_three_years"` // of the value over the years held among the last three; NaN: none
	Years   int     `json:"years_flagged"`    // among the last five
	Of      int     `json:"years_held"`
}

// ScreenInput is what the screens look at, for one importer and line.
type ScreenInput struct {
	HHI        float64
	Share      float64 // of the supplier in imports, by value
	TopShare   float64
	NetImport  float64 // NIR; NaN: not known
	Imports    float64 // US dollars
	Exports    float64
	Bilateral  float64 // trade balance with the supplier, US dollars; negative: deficit
	FirstYears int     // years in a row in which the supplier came first, up to this one
}

// Persist enters how long the screens of a year have stood: the same screens over the last five years, newest first, nil for a year that is
// not held. Screens of one year come and go: one in five flagged products drops out the next year.
func Persist(now []Screen, years [][]Screen) {
	for i := range now {
		sum, n := 0.0, 0
		for age, y := range years {
			if y == nil {
				continue
			}
			now[i].Of++
			if y[i].Flagged {
				now[i].Years++
			}
			if age < 3 && !math.IsNaN(y[i].Value) {
				sum += y[i].Value
				n++
			}
		}
		now[i].Mean = sum / float64(n) // NaN of none
	}
}

// Screens runs the published rules. The sources and their dates stand in docs/exposure.md.
func Screens(in ScreenInput) []Screen {
	over := func(id, rule string, value, limit float64) Screen {
		return Screen{ID: id, Rule: rule, Value: value, Limit: limit, Flagged: value > limit}
	}
	atLeast := func(id, rule string, value, limit float64, also bool) Screen {
		return Screen{ID: id, Rule: rule, Value: value, Limit: limit, Flagged: value >= limit && also}
	}
	cover := Unknown()
	switch {
	case in.Exports > 0:
		cover = in.Imports / in.Exports
	case in.Imports > 0:
		cover = math.Inf(1)
	}
	reliance, rule := in.NetImport, "net import reliance above 0.5"
	if !Known(reliance) {
		reliance, rule = in.Share, "supplier share above 0.5 (net import reliance not known)"
	}
	deficit := in.Bilateral < 0
	return []Screen{
		over("EC_CDI1", "HHI of imports above 0.4", in.HHI, 0.4),
		over("EC_CDI2", rule, reliance, 0.5),
		over("EC_CDI3", "imports above exports", cover, 1),
		over("CRMA_65", "one third country above 65 %", in.TopShare, 0.65),
		atLeast("KIET_50", "supplier at least 50 % and a deficit with it", in.Share, 0.5, deficit),
		atLeast("KIET_70", "supplier at least 70 % and a deficit with it", in.Share, 0.7, deficit),
		atLeast("KITA", "supplier first three years running, at least 70 %, imports of 5 M USD, deficit with the world", in.Share, 0.7,
			in.FirstYears >= 3 && in.Imports >= 5e6 && in.Imports > in.Exports),
		atLeast("MOTIE_90", "supplier at least 90 % and imports of 10 M USD", in.Share, 0.9, in.Imports >= 10e6),
	}
}
