package exposure

import (
	"cmp"
	"slices"
)

// ShareTrend is how the share of a supplier in an importer's line has moved, year by year.
type ShareTrend struct {
	Shares, HHI   []float64 // a year each; NaN: nothing was imported
	N             int       // years with imports
	Test, TestHHI Trend
	Break         int // year
	HHIChange     float64
	Drivers       []Driver // five at most
	Margin        Margin
	Early, Late   float64 // share in the first and the last three years
	Change        float64 // 1 − late/early
	ChangeOneStep float64 // the same with one step of origin
}

// drivers is how many countries are named for a change of concentration.
const drivers = 5

// leastYears is how many years a test of a trend needs.
const leastYears = 4

// TrendOfShare tests the years from first to last; ok is false where fewer than four of them have imports.
func TrendOfShare(t *Trade, importer, supplier string, first, last int, b Basis) (s ShareTrend, ok bool) {
	var series, hhi, direct, oneStep []float64
	var years []int
	var begin, end []Part
	for y := first; y <= last; y++ {
		parts, _ := t.Imports(y, importer, b)
		share, k := ShareOf(parts, 0, supplier), Measure(parts, 0)
		s.Shares, s.HHI = append(s.Shares, share), append(s.HHI, k.HHI)
		if !Known(share) {
			continue
		}
		if years == nil {
			begin = parts
		}
		end = parts
		one, two := OneStep(t, y, importer, supplier, b)
		years, series, hhi = append(years, y), append(series, share), append(hhi, k.HHI)
		direct, oneStep = append(direct, one), append(oneStep, two)
	}
	if s.N = len(series); s.N < leastYears {
		return s, false
	}
	s.Test, s.TestHHI = TestTrend(series), TestTrend(hhi)
	s.Break = years[s.Test.BreakAt]
	s.HHIChange, s.Drivers = HHIChange(begin, end)
	s.Drivers = s.Drivers[:min(drivers, len(s.Drivers))]
	s.Margin = ExtensiveMargin(t, importer, years[len(years)-1], 0.05, b)
	s.Early, s.Late = ends(direct)
	s.Change = DependenceChange(s.Early, s.Late)
	early, late := ends(oneStep)
	s.ChangeOneStep = DependenceChange(early, late)
	return s, true
}

// ends are the means of the first and the last three numbers.
func ends(x []float64) (first, last float64) {
	n := min(3, len(x))
	for i := range n {
		first += x[i] / float64(n)
		last += x[len(x)-n+i] / float64(n)
	}
	return first, last
}

// Shares is the supplier's share in what an importer bought (of "": in all trade), a year each; NaN: nothing was traded. known leaves those years out.
func Shares(t *Trade, importer, supplier string, first, last int, b Basis) (all, known []float64) {
	for y := first; y <= last; y++ {
		parts, _ := t.Imports(y, importer, b)
		share := ShareOf(parts, 0, supplier)
		all = append(all, share)
		if Known(share) {
			known = append(known, share)
		}
	}
	return all, known
}

// SupplierShares is one supplier's shares, a year each.
type SupplierShares struct {
	Country string    `json:"country"`
	Shares  []float64 `json:"shares"`
}

// Largest are the yearly shares, by value, of the suppliers that are largest over all years together, at most so many; of importer "" the shares in all trade.
// Years without trade are left out.
func Largest(t *Trade, importer string, first, last, most int) (years []int, suppliers []SupplierShares) {
	whole := map[string]float64{}
	var names []string
	bought := map[int][]Part{}
	for y := first; y <= last; y++ {
		parts, _ := t.Imports(y, importer, ByValue)
		if Total(parts) <= 0 {
			continue
		}
		bought[y] = parts
		years = append(years, y)
		for _, p := range parts {
			if _, ok := whole[p.Who]; !ok {
				names = append(names, p.Who)
			}
			whole[p.Who] += ShareOf(parts, 0, p.Who)
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(whole[b], whole[a]), cmp.Compare(a, b)) })
	for _, n := range names[:min(most, len(names))] {
		s := SupplierShares{Country: n}
		for _, y := range years {
			s.Shares = append(s.Shares, ShareOf(bought[y], 0, n))
		}
		suppliers = append(suppliers, s)
	}
	return years, suppliers
}
