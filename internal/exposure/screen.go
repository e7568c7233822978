package exposure

import "math"

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
	Own        float64 // share of the supplier from which a rule of the user's own flags; zero: there is none
}

// persist enters how long the screens of a year have stood: the same screens over the last five years, newest first, nil for a year that is
// not held. Screens of one year come and go: one in five flagged products drops out the next year.
func persist(now []Screen, years [][]Screen) {
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
	all := []Screen{
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
	if in.Own > 0 {
		all = append(all, atLeast("OWN", "supplier at least the share that was asked", in.Share, in.Own, true))
	}
	return all
}

// ScreensOf are the screens of one year of trade in a line; nil where the importer bought nothing. Domestic output is not looked at. own is a
// share from which a rule of the user's own flags (0: none).
func ScreensOf(t *Trade, importer, supplier string, year int, own float64) []Screen {
	parts, _ := t.Imports(year, importer, ByValue)
	k := Measure(parts, 0)
	if k.Total <= 0 {
		return nil
	}
	share := ShareOf(parts, 0, supplier)
	return Screens(ScreenInput{HHI: k.HHI, Share: share, TopShare: k.TopShare, NetImport: Unknown(), Imports: k.Total, Exports: t.Exports(year, importer, "", ByValue),
		Bilateral: t.Exports(year, importer, supplier, ByValue) - share*k.Total, FirstYears: FirstYears(t, importer, supplier, year), Own: own})
}

// FirstYears counts the years in a row, up to one, in which the supplier came first; five at most.
func FirstYears(t *Trade, importer, supplier string, year int) int {
	n := 0
	for y := year; y > year-5; y-- {
		parts, _ := t.Imports(y, importer, ByValue)
		if Measure(parts, 0).Top != supplier {
			break
		}
		n++
	}
	return n
}

// screenYears is over how many years the persistence of a screen is told.
const screenYears = 5

// Persisting adds to the screens of a year for how many of the last five they flagged, by the trade of those years.
func Persisting(now []Screen, t *Trade, importer, supplier string, year int, own float64) {
	years := make([][]Screen, screenYears)
	for age := range years {
		years[age] = ScreensOf(t, importer, supplier, year-age, own)
	}
	persist(now, years)
}
