package exposure

import (
	"fmt"
	"math"
)

// Site is a place of a supply network that makes one thing. Quantities are in units of the thing it makes.
type Site struct {
	Name     string
	Country  string
	Makes    string
	Needs    []Need  // for one unit; none: it begins the chain
	Capacity float64 // units a year; +Inf: not bounded
	Stock    float64 // units made and lying there
	Recover  float64 // days until it delivers again after a cut (TTR); NaN: not known
}

// Need is what one unit takes of another thing.
type Need struct {
	Item    string
	PerUnit float64
}

// Demand is what is asked of the network from outside.
type Demand struct {
	Item   string
	Year   float64 // units
	Margin float64 // lost for each unit not delivered
}

// Network is sites, what they make of what, and the demand for it. Sites that make the same thing stand in for one another.
type Network struct {
	Sites   []Site
	Demands []Demand
}

// Stress is what a cut of some sites comes to (Simchi-Levi et al. 2015). Over the days of the cut, production and stocks are used in the way that serves
// best, without regard to the order of days: a plant with foresight would do no better. The stock of a cut site counts for nothing.
type Stress struct {
	Survive float64 // TTS: days over which all demand can still be met; Never: not bounded within the horizon
	Recover float64 // TTR: days until the last of the cut sites delivers again; NaN: not known
	Act     bool    // TTS lies before TTR, where that is known
	Scarce  []Scarce
	Lost    []Lost  // over TTR, by demand, where the margin lost is least; none: nothing is lost, or TTR is not known
	Margin  float64 // lost over TTR; NaN: TTR is not known
}

// Scarce is a thing of which more in stock would carry the demand longer, and how much of it one day more takes.
type Scarce struct {
	Item   string  `json:"item"`
	PerDay float64 `json:"units_for_one_day"`
}

// Lost is the demand for one thing that is not met.
type Lost struct {
	Item  string  `json:"item"`
	Units float64 `json:"units"`
	Share float64 `json:"share"` // of its demand over TTR
}

// Check says what in a network makes no sense.
func (n *Network) Check() error {
	made := map[string]bool{}
	for _, s := range n.Sites {
		made[s.Makes] = true
	}
	for _, s := range n.Sites {
		for _, need := range s.Needs {
			if !made[need.Item] {
				return fmt.Errorf("%s needs %s, which no site makes; give a row for its source, with its stock and capacity", s.Name, need.Item)
			}
		}
	}
	asked := 0.0
	for _, d := range n.Demands {
		if !made[d.Item] {
			return fmt.Errorf("%s is asked for, but no site makes it", d.Item)
		}
		asked += d.Year
	}
	if asked <= 0 {
		return fmt.Errorf("nothing is asked of the network: give a demand for what leaves it")
	}
	// One that does not meet its demand uncut would be told to survive for no day, whatever is cut.
	if days, _ := n.survive(make([]bool, len(n.Sites)), 365); days < 365 {
		return fmt.Errorf("even uncut the network meets its demand for %.0f days only; check capacities, needs and demands", days)
	}
	return nil
}

// Cut stops the sites for which cut is true and tells how long demand is met within a horizon of days, and what is lost until all deliver again.
func (n *Network) Cut(cut []bool, horizon float64) Stress {
	s := Stress{Recover: n.recover(cut), Margin: Unknown()}
	s.Survive, s.Scarce = n.survive(cut, horizon)
	s.Act = s.Survive < s.Recover
	if Known(s.Recover) {
		s.Lost, s.Margin = n.lost(cut, s.Recover)
	}
	return s
}

// recover is the latest time to recover of the cut sites.
func (n *Network) recover(cut []bool) float64 {
	last := 0.0
	for i := range n.Sites {
		if cut[i] {
			last = math.Max(last, n.Sites[i].Recover) // NaN where one is not known
		}
	}
	return last
}

// survive is the longest time over which the demand can be met.
func (n *Network) survive(cut []bool, horizon float64) (float64, []Scarce) {
	columns := len(n.Sites) + 1 // production of each site, and the time as a part of the horizon
	time := columns - 1
	items, at := n.numbered()
	a, b := n.balance(cut, at, columns)
	for _, d := range n.Demands {
		a[at[d.Item]][time] += d.Year / 365 * horizon
	}
	for i := range n.Sites {
		if cut[i] || math.IsInf(n.Sites[i].Capacity, 1) {
			continue
		}
		row := make([]float64, columns)
		row[i], row[time] = 1, -n.Sites[i].Capacity/365*horizon
		a, b = append(a, row), append(b, 0)
	}
	limit := make([]float64, columns)
	limit[time] = 1
	a, b = append(a, limit), append(b, 1)
	gain := make([]float64, columns)
	gain[time] = 1
	best := maximise(gain, a, b)
	if best.best >= 1-1e-9 {
		return Never(), nil
	}
	var scarce []Scarce
	for k, item := range items {
		if days := best.worth[k] * horizon; days > 1e-9 {
			scarce = append(scarce, Scarce{item, 1 / days})
		}
	}
	return math.Max(0, best.best*horizon), scarce
}

// lost is the demand that cannot be met over some days, chosen so that the least margin is lost.
func (n *Network) lost(cut []bool, days float64) ([]Lost, float64) {
	columns := len(n.Sites) + len(n.Demands) // production of each site, and what is delivered of each demand
	_, at := n.numbered()
	a, b := n.balance(cut, at, columns)
	gain := make([]float64, columns)
	least := 1.0 // what a unit without a margin counts: little beside one with a margin
	for _, d := range n.Demands {
		least = math.Max(least, d.Margin)
	}
	least *= 1e-6
	for k, d := range n.Demands {
		column := len(n.Sites) + k
		a[at[d.Item]][column] = 1
		row := make([]float64, columns)
		row[column] = 1
		a, b = append(a, row), append(b, d.Year/365*days)
		gain[column] = d.Margin + least
	}
	for i := range n.Sites {
		if cut[i] || math.IsInf(n.Sites[i].Capacity, 1) {
			continue
		}
		row := make([]float64, columns)
		row[i] = 1
		a, b = append(a, row), append(b, n.Sites[i].Capacity/365*days)
	}
	x := maximise(gain, a, b).x
	var all []Lost
	margin := 0.0
	for k, d := range n.Demands {
		asked := d.Year / 365 * days
		units := asked - x[len(n.Sites)+k]
		if units > 1e-9*asked {
			all = append(all, Lost{d.Item, units, units / asked})
			margin += d.Margin * units
		}
	}
	return all, margin
}

// balance has a row for each thing: what is used of it, less what is made, is at most the stock. Columns of cut sites stay at zero: they make nothing.
func (n *Network) balance(cut []bool, at map[string]int, columns int) (a [][]float64, b []float64) {
	for range at {
		a, b = append(a, make([]float64, columns)), append(b, 0)
	}
	for i, s := range n.Sites {
		if cut[i] {
			continue
		}
		k := at[s.Makes]
		a[k][i]--
		b[k] += s.Stock
		for _, need := range s.Needs {
			a[at[need.Item]][i] += need.PerUnit
		}
	}
	return a, b
}

// numbered gives the things that the sites make numbers, in the order in which they come first.
func (n *Network) numbered() (items []string, at map[string]int) {
	at = map[string]int{}
	for _, s := range n.Sites {
		if _, had := at[s.Makes]; !had {
			at[s.Makes] = len(items)
			items = append(items, s.Makes)
		}
	}
	return items, at
}
