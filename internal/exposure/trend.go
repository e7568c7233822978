package exposure

import (
	"cmp"
	"math"
	"slices"
)

// Trend holds the tests on a series of one number a year. P values are two-sided.
type Trend struct {
	N            int     `json:"n"`
	Sen          float64 `json:"sen"`            // Theil-Sen slope a year
	P            float64 `json:"mk_p"`           // Mann-Kendall, tie-corrected, normal approximation
	PContinuity  float64 `json:"mk_p_corrected"` // the same with the continuity correction
	S            float64 `json:"mk_s"`
	BreakAt      int     `json:"break_at"` // first place after the break, from 0
	PBreak       float64 `json:"break_p"`  // Pettitt
	significance float64
}

// TestTrend runs the three tests on a series.
func TestTrend(y []float64) Trend {
	t := Trend{N: len(y), significance: 0.05}
	t.Sen = TheilSen(y)
	t.S, t.P, t.PContinuity = MannKendall(y)
	t.BreakAt, t.PBreak = Pettitt(y)
	return t
}

// Direction is the verdict in a word: rising or falling where Mann-Kendall is significant at 5 %, else flat.
func (t Trend) Direction() string {
	switch {
	case !(t.P < t.significance), t.Sen == 0:
		return "flat"
	case t.Sen > 0:
		return "rising"
	}
	return "falling"
}

// TheilSen is the median of the slopes between all pairs of points, the points one step apart (Sen 1968). NaN below two points.
func TheilSen(y []float64) float64 {
	var slopes []float64
	for i := range y {
		for j := i + 1; j < len(y); j++ {
			slopes = append(slopes, (y[j]-y[i])/float64(j-i))
		}
	}
	return Median(slopes)
}

// Median of numbers; NaN of none. It sorts its argument.
func Median(x []float64) float64 {
	n := len(x)
	if n == 0 {
		return Unknown()
	}
	slices.Sort(x)
	return (x[n/2] + x[(n-1)/2]) / 2
}

// MannKendall gives S and its two-sided p by the normal approximation with the variance corrected for ties (Kendall 1975), once without
// and once with the continuity correction. Both are in use; they differ by a few hundredths for short series.
func MannKendall(y []float64) (s, p, corrected float64) {
	n := float64(len(y))
	for i := range y {
		for j := i + 1; j < len(y); j++ {
			s += float64(cmp.Compare(y[j], y[i]))
		}
	}
	variance := n * (n - 1) * (2*n + 5)
	for _, t := range ties(y) {
		variance -= t * (t - 1) * (2*t + 5)
	}
	variance /= 18
	if variance <= 0 {
		return s, 1, 1
	}
	tail := func(s float64) float64 { return math.Erfc(math.Abs(s) / math.Sqrt(2*variance)) }
	return s, tail(s), tail(math.Max(0, math.Abs(s)-1))
}

// ties counts the members of each group of equal numbers.
func ties(y []float64) (groups []float64) {
	sorted := slices.Clone(y)
	slices.Sort(sorted)
	for i := 0; i < len(sorted); {
		j := i
		for j < len(sorted) && sorted[j] == sorted[i] {
			j++
		}
		groups = append(groups, float64(j-i))
		i = j
	}
	return groups
}

// Pettitt finds the break that splits a series best by ranks, and its approximate p = 2·exp(−6K²/(n³+n²)), at most 1 (Pettitt 1979). The
// break stands before the place it returns; of equally good ones the first is taken.
func Pettitt(y []float64) (at int, p float64) {
	n := float64(len(y))
	if len(y) < 2 {
		return 0, 1
	}
	best := -1.0
	for t := 1; t < len(y); t++ {
		u := 0.0
		for i := range t {
			for j := t; j < len(y); j++ {
				u += float64(cmp.Compare(y[i], y[j]))
			}
		}
		if k := math.Abs(u); k > best {
			best, at = k, t
		}
	}
	return at, math.Min(1, 2*math.Exp(-6*best*best/(n*n*n+n*n)))
}

// BenjaminiHochberg adjusts p values for the number of tests; each result is the smallest false-discovery rate at which its test counts.
func BenjaminiHochberg(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	q := make([]float64, len(p))
	least := 1.0
	for rank := len(order); rank > 0; rank-- {
		i := order[rank-1]
		least = math.Min(least, p[i]*float64(len(p))/float64(rank))
		q[i] = least
	}
	return q
}

// Driver is what one country did to the change of concentration: s²(to) − s²(from).
type Driver struct {
	Who   string  `json:"country"`
	From  float64 `json:"share_from"`
	To    float64 `json:"share_to"`
	Delta float64 `json:"delta_hhi"`
}

// HHIChange splits the change of concentration between two years by country. The driver named first is the one that moved furthest in the
// direction of the whole; the rest follow by size.
func HHIChange(from, to []Part) (total float64, drivers []Driver) {
	at := map[string]int{}
	add := func(parts []Part, set func(*Driver, float64)) {
		sum := Total(parts)
		for _, p := range parts {
			n, ok := at[p.Who]
			if !ok {
				n = len(drivers)
				at[p.Who] = n
				drivers = append(drivers, Driver{Who: p.Who})
			}
			if sum > 0 {
				set(&drivers[n], p.Amount/sum)
			}
		}
	}
	add(from, func(d *Driver, s float64) { d.From = s })
	add(to, func(d *Driver, s float64) { d.To = s })
	slices.SortFunc(drivers, func(a, b Driver) int { return cmp.Compare(a.Who, b.Who) })
	for i := range drivers {
		d := &drivers[i]
		d.Delta = d.To*d.To - d.From*d.From
		total += d.Delta
	}
	slices.SortStableFunc(drivers, func(a, b Driver) int { return cmp.Compare(math.Abs(b.Delta), math.Abs(a.Delta)) })
	for i := range drivers {
		if drivers[i].Delta*total > 0 {
			first := drivers[i]
			copy(drivers[1:i+1], drivers[:i])
			drivers[0] = first
			break
		}
	}
	return total, drivers
}

// Margin counts the suppliers that matter and how they last.
type Margin struct {
	Above    int     `json:"suppliers_above"` // with at least the floor in the last year
	New      int     `json:"new"`             // of these, below the floor in every one of the three years before
	Survival float64 `json:"survival"`        // share of the suppliers three years earlier that are still above the floor; NaN: there were none
}

// ExtensiveMargin looks at the suppliers of an importer in one line with a share of at least floor (0.05 is usual).
func ExtensiveMargin(t *Trade, importer string, year int, floor float64, b Basis) Margin {
	above := func(y int) map[string]bool {
		parts, _ := t.Imports(y, importer, b)
		set := map[string]bool{}
		total := Total(parts)
		for _, p := range parts {
			if total > 0 && p.Amount/total >= floor {
				set[p.Who] = true
			}
		}
		return set
	}
	now, past := above(year), []map[string]bool{above(year - 1), above(year - 2), above(year - 3)}
	m := Margin{Above: len(now), Survival: Unknown()}
	for who := range now {
		if !past[0][who] && !past[1][who] && !past[2][who] {
			m.New++
		}
	}
	if old := past[2]; len(old) > 0 {
		still := 0
		for who := range old {
			if now[who] {
				still++
			}
		}
		m.Survival = float64(still) / float64(len(old))
	}
	return m
}
