package exposure

import (
	"cmp"
	"math"
	"slices"
)

// Part is what one country or supplier has of a whole.
type Part struct {
	Who    string
	Amount float64
}

// Concentration describes how a whole is split. All fields but Total and Top are fractions or pure numbers.
type Concentration struct {
	Suppliers      int     `json:"suppliers"` // parts above zero
	Total          float64 `json:"total"`
	HHI            float64 `json:"hhi"`             // Σ s²; the rest, if any, left out of the squares
	HHIUpper       float64 `json:"hhi_upper"`       // with the lumped rest squared as one country
	Normalised     float64 `json:"hhi_normalised"`  // (HHI − 1/N)/(1 − 1/N); 1 where N is 1
	Effective      float64 `json:"effective"`       // 1/HHI
	EffectiveShare float64 `json:"effective_exp_h"` // exp(−Σ s ln s), the parts named only
	Theil          float64 `json:"theil"`           // ln N − H
	Top            string  `json:"top"`
	TopShare       float64 `json:"top_share"`
}

// Measure computes the concentration of parts and a rest that is lumped (0: none). Shares are over parts and rest together. Parts that are
// not known are left out; the first of equal parts is the top.
func Measure(parts []Part, rest float64) Concentration {
	c := Concentration{}
	for _, p := range parts {
		if Known(p.Amount) && p.Amount > 0 {
			c.Total += p.Amount
			c.Suppliers++
		}
	}
	c.Total += rest
	if c.Total <= 0 {
		return Concentration{HHI: Unknown(), HHIUpper: Unknown(), Normalised: Unknown(), Effective: Unknown(), EffectiveShare: Unknown(),
			Theil: Unknown(), TopShare: Unknown()}
	}
	entropy := 0.0
	for _, p := range parts {
		if !Known(p.Amount) || p.Amount <= 0 {
			continue
		}
		s := p.Amount / c.Total
		c.HHI += s * s
		entropy -= s * math.Log(s)
		if s > c.TopShare {
			c.Top, c.TopShare = p.Who, s
		}
	}
	r := rest / c.Total
	c.HHIUpper = c.HHI + r*r
	n := float64(c.Suppliers)
	c.Normalised, c.Effective, c.EffectiveShare, c.Theil = 1, 1/c.HHI, math.Exp(entropy), math.Log(n)-entropy
	if n > 1 {
		c.Normalised = (c.HHI - 1/n) / (1 - 1/n)
	}
	return c
}

// ShareOf is the share of one among parts and a rest; NaN where the whole is empty.
func ShareOf(parts []Part, rest float64, who string) float64 {
	total, mine := rest, 0.0
	for _, p := range parts {
		if !Known(p.Amount) {
			continue
		}
		total += p.Amount
		if p.Who == who {
			mine += p.Amount
		}
	}
	if total <= 0 {
		return Unknown()
	}
	return mine / total
}

// Select are the flows that a question is about. Empty fields do not restrict.
type Select struct {
	Year     int
	From, To string
	Line     string
}

func (s *Select) has(f *Flow) bool {
	return (s.Year == 0 || s.Year == f.Year) && (s.From == "" || s.From == f.From) && (s.To == "" || s.To == f.To) &&
		(s.Line == "" || s.Line == f.Line)
}

// Origins adds the flows up by exporter, in order of the country codes, so that sums are the same bytes whatever the order of the flows of
// different countries. Flows without a number on the basis are left out and counted.
func Origins(flows []Flow, s Select, b Basis) (parts []Part, missing int) {
	return gather(flows, s, b, func(f *Flow) string { return f.From })
}

// Customers adds the flows up by importer, as Origins does by exporter.
func Customers(flows []Flow, s Select, b Basis) (parts []Part, missing int) {
	return gather(flows, s, b, func(f *Flow) string { return f.To })
}

func gather(flows []Flow, s Select, b Basis, who func(*Flow) string) (parts []Part, missing int) {
	at := map[string]int{}
	for i := range flows {
		f := &flows[i]
		if !s.has(f) {
			continue
		}
		x := b.of(f)
		if !Known(x) {
			missing++
			continue
		}
		n, ok := at[who(f)]
		if !ok {
			n = len(parts)
			at[who(f)] = n
			parts = append(parts, Part{Who: who(f)})
		}
		parts[n].Amount += x
	}
	slices.SortFunc(parts, func(a, b Part) int { return cmp.Compare(a.Who, b.Who) })
	return parts, missing
}

// Sum adds the amounts of flows on a basis; NaN where no flow has a number.
func Sum(flows []Flow, s Select, b Basis) float64 {
	parts, missing := Origins(flows, s, b)
	if len(parts) == 0 && missing > 0 {
		return Unknown()
	}
	return Total(parts)
}

// Total adds the parts that are known.
func Total(parts []Part) float64 {
	total := 0.0
	for _, p := range parts {
		if Known(p.Amount) {
			total += p.Amount
		}
	}
	return total
}

// ShareChange splits the change of the share that one supplier has in a basket of lines, from one year to another: within the lines (each
// weighted with its mean weight in the basket) and by change of the basket (each line's mean share times the change of its weight). The
// two add up to the whole change.
type ShareChange struct {
	From   float64 `json:"from"`
	To     float64 `json:"to"`
	Within float64 `json:"within_lines"`
	Basket float64 `json:"basket"`
}

// SplitShare computes a ShareChange from the imports of one importer.
func SplitShare(flows []Flow, importer, supplier string, lines []string, from, to int, b Basis) ShareChange {
	type state struct{ share, weight float64 }
	at := func(year int) (out []state, whole float64) {
		totals := make([]float64, len(lines))
		mine := make([]float64, len(lines))
		sum := 0.0
		for i, line := range lines {
			parts, _ := Origins(flows, Select{Year: year, To: importer, Line: line}, b)
			totals[i] = Total(parts)
			for _, p := range parts {
				if p.Who == supplier {
					mine[i] += p.Amount
				}
			}
			sum += totals[i]
		}
		for i := range lines {
			s := state{}
			if totals[i] > 0 {
				s.share = mine[i] / totals[i]
			}
			if sum > 0 {
				s.weight = totals[i] / sum
			}
			out = append(out, s)
			whole += s.share * s.weight
		}
		return out, whole
	}
	a, shareA := at(from)
	z, shareZ := at(to)
	c := ShareChange{From: shareA, To: shareZ}
	for i := range lines {
		c.Within += (z[i].share - a[i].share) * (a[i].weight + z[i].weight) / 2
		c.Basket += (z[i].weight - a[i].weight) * (a[i].share + z[i].share) / 2
	}
	return c
}
