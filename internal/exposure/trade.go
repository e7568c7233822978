package exposure

// Trade is the flows of one customs line. Questions are mostly about one importer in one year, and look at those flows only.
type Trade struct {
	flows []Flow
	years map[int]*tradeYear
}

// tradeYear is the flows of a year, and the same in stretches of one importer each: as a rule one an importer.
type tradeYear struct {
	flows     []Flow
	stretches [][]Flow
}

// NewTrade takes the flows of one line in any order and keeps them. Where they stand year by year and importer by importer nothing is copied.
func NewTrade(flows []Flow) *Trade {
	t := &Trade{flows: flows, years: map[int]*tradeYear{}}
	for i := 0; i < len(flows); {
		end := i
		year := flows[i].Year
		y := t.years[year]
		if y == nil {
			y = &tradeYear{}
			t.years[year] = y
		}
		for end < len(flows) && flows[end].Year == year {
			start := end
			for end < len(flows) && flows[end].Year == year && flows[end].To == flows[start].To {
				end++
			}
			y.stretches = append(y.stretches, flows[start:end:end])
		}
		y.flows = grown(y.flows, flows[i:end:end])
		i = end
	}
	return t
}

// grown adds a stretch to what there is; the first is taken as it is. A stretch has no room behind it, so that nothing is written into its neighbours.
func grown(have, more []Flow) []Flow {
	if have == nil {
		return more
	}
	return append(have, more...)
}

// All are the flows as they were given.
func (t *Trade) All() []Flow { return t.flows }

// Year are the flows of a year.
func (t *Trade) Year(year int) []Flow {
	if y := t.years[year]; y != nil {
		return y.flows
	}
	return nil
}

// To are the flows of a year to one importer; to "" all of the year.
func (t *Trade) To(year int, importer string) []Flow {
	y := t.years[year]
	if y == nil || importer == "" {
		return t.Year(year)
	}
	var all []Flow
	for _, s := range y.stretches {
		if s[0].To == importer {
			all = grown(all, s)
		}
	}
	return all
}

// Imports adds up what an importer bought in a year, by exporter; of "" what all bought.
func (t *Trade) Imports(year int, importer string, b Basis) (parts []Part, missing int) {
	return Origins(t.To(year, importer), Select{}, b)
}

// Exports adds up what an exporter sold in a year to one importer, or to all where it is "".
func (t *Trade) Exports(year int, exporter, importer string, b Basis) float64 {
	return Sum(t.To(year, importer), Select{From: exporter}, b)
}
