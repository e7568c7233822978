// Package exposure turns trade and production flows into indicators: dependence, concentration, supply risk, trends, rerouting evidence
// and what-if runs.
//
// It is pure: callers pass flows, production and shares in; no clock, disk, network or chance that is not seeded. Numbers are floats, since
// these are statistics; thresholds that law sets stay with the law packages. Every function says its formula, unit and source; the page
// docs/exposure.md defines each statistic in words. Start with Measure (shares of one whole), Balance (reliance of one country) and Grade.
//
// Shares are fractions from 0 to 1, values US dollars, masses tonnes, unless a name says otherwise. NaN stands for a number that is not
// known; it is never counted as zero.
package exposure

import "math"

// Flow is trade in one customs line from one country to another over a period, mostly a year.
type Flow struct {
	Year     int
	From, To string  // two letters; three or more where no two-letter code exists
	Line     string  // customs code, six digits or more
	Value    float64 // US dollars; NaN: not given
	Mass     float64 // tonnes; NaN: not given
}

// Basis says what a share is a share of.
type Basis string

const (
	ByValue Basis = "value"
	ByMass  Basis = "mass"
)

// of is the amount of a flow on a basis.
func (b Basis) of(f *Flow) float64 {
	if b == ByMass {
		return f.Mass
	}
	return f.Value
}

// Known says that a number is there.
func Known(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// Unknown is the number that is not known.
func Unknown() float64 { return math.NaN() }

// Range is an interval that holds a number; Low equals High where the number is known.
type Range struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Exactly is the range of a known number.
func Exactly(x float64) Range { return Range{x, x} }
