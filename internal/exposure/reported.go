package exposure

import "slices"

// Figure is a number that somebody reported for a year.
type Figure struct {
	Who    string // the producer of an output; the supplier of a share
	Year   int    // zero: not told, and so never near
	Amount Range
	Bound  bool // a capacity: it bounds from above only
}

// nearYears is how far from the year asked a reported figure may lie.
const nearYears = 5

func (f *Figure) distance(year int) int {
	if f.Year > year {
		return f.Year - year
	}
	return year - f.Year
}

// Nearest is the range over the figures of the year that is asked, or of the nearest year that has any; used tells which. Figures more than five years away
// are not taken.
func Nearest(figures []Figure, year int) (r Range, used []int) {
	r = Range{Unknown(), Unknown()}
	best := nearYears
	for i := range figures {
		best = min(best, figures[i].distance(year))
	}
	for i := range figures {
		f := &figures[i]
		if f.distance(year) != best {
			continue
		}
		if used == nil {
			r = f.Amount
		}
		r, used = Range{min(r.Low, f.Amount.Low), max(r.High, f.Amount.High)}, append(used, i)
	}
	return r, used
}

// AddUp adds producers up, each with its figure nearest to the year, the first of equal ones; used tells which. A capacity adds to the upper end only.
func AddUp(figures []Figure, year int) (sum Range, used []int) {
	for i := range figures {
		f := &figures[i]
		if f.distance(year) > nearYears {
			continue
		}
		k := slices.IndexFunc(used, func(u int) bool { return figures[u].Who == f.Who })
		switch {
		case k < 0:
			used = append(used, i)
		case f.distance(year) < figures[used[k]].distance(year):
			used[k] = i
		}
	}
	for _, i := range used {
		sum.High += figures[i].Amount.High
		if !figures[i].Bound {
			sum.Low += figures[i].Amount.Low
		}
	}
	return sum, used
}

// Joined is the range over two sources of the same output. An upper bound alone gives way to a figure.
func Joined(a, b Range) Range {
	if a.Low == 0 {
		return Range{b.Low, max(a.High, b.High)}
	}
	return Range{min(a.Low, b.Low), max(a.High, b.High)}
}

// World is a table of world output.
type World struct {
	Parts    []Part
	Rest     float64  // lumped; zero: none
	Withheld []string // countries whose output is not published
}

// Total is the output of all.
func (w *World) Total() float64 { return Total(w.Parts) + w.Rest }

// Of is the output of a country: a table lists all that count, so that one it does not name has between nothing and the lumped rest. Withheld is not known.
func (w *World) Of(country string) Range {
	if slices.Contains(w.Withheld, country) {
		return Range{Unknown(), Unknown()}
	}
	for _, p := range w.Parts {
		if p.Who == country {
			return Exactly(p.Amount)
		}
	}
	return Range{0, w.Rest}
}
