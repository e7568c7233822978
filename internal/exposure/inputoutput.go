package exposure

import (
	"fmt"
	"math"
)

// InputOutput is what industries sell one another in a year, in money.
type InputOutput struct {
	Sectors []string
	Sales   [][]float64 // from the seller of a row to the buyer of a column
	Output  []float64   // all that each makes, sold to industries or not
	Added   []float64   // value added of each; nil: not given
}

// Direction is the way in which a loss travels.
type Direction string

const (
	// Backward: who makes less buys less. q = A*q + c*, A* = diag(x)⁻¹·A·diag(x), so that its elements are sales over the seller's output (Haimes and Santos,
	// inoperability input-output model).
	Backward Direction = "backward"
	// Forward: who gets less makes less, by the part of its output that the missing input is worth. Its elements are sales over the buyer's output (after
	// Ghosh). Nothing is substituted, so for an input without a substitute it is too little, and for others too much.
	Forward Direction = "forward"
)

// Check says what in a table makes no sense.
func (t *InputOutput) Check() error {
	n := len(t.Sectors)
	if n == 0 || len(t.Sales) != n || len(t.Output) != n {
		return fmt.Errorf("%d sectors with %d rows of sales and %d outputs: the table must be square, with an output for each sector", n, len(t.Sales), len(t.Output))
	}
	for i, s := range t.Sectors {
		if !(t.Output[i] > 0) {
			return fmt.Errorf("%s: output must be above zero; it is %v", s, t.Output[i])
		}
		sold, bought := 0.0, 0.0
		for j := range t.Sectors {
			if !(t.Sales[i][j] >= 0) {
				return fmt.Errorf("%s to %s: sales must be zero or more; they are %v", s, t.Sectors[j], t.Sales[i][j])
			}
			sold += t.Sales[i][j]
			bought += t.Sales[j][i]
		}
		if over := 1 + 1e-6; sold > t.Output[i]*over || bought > t.Output[i]*over {
			return fmt.Errorf("%s: output %v is less than what it sells to industries (%v) or buys of them (%v)", s, t.Output[i], sold, bought)
		}
	}
	return nil
}

// coefficient is by how much sector i loses for the whole of sector j.
func (t *InputOutput) coefficient(i, j int, d Direction) float64 {
	if d == Forward {
		return t.Sales[j][i] / t.Output[i]
	}
	return t.Sales[i][j] / t.Output[i]
}

// Spread is the share of output that each sector loses in the end, where cut is the share that each loses at first. It is linear: a share above 1 says that
// the cut lies beyond what such a table can tell.
func (t *InputOutput) Spread(cut []float64, d Direction) ([]float64, error) {
	n := len(t.Sectors)
	system := make([][]float64, n) // I − A* | c*
	for i := range system {
		system[i] = make([]float64, n+1)
		for j := range n {
			system[i][j] = -t.coefficient(i, j, d)
		}
		system[i][i]++
		system[i][n] = cut[i]
	}
	return solve(system)
}

// solve solves a square system by elimination with the largest pivot of each column.
func solve(system [][]float64) ([]float64, error) {
	n := len(system)
	for k := range n {
		best := k
		for i := k + 1; i < n; i++ {
			if math.Abs(system[i][k]) > math.Abs(system[best][k]) {
				best = i
			}
		}
		system[k], system[best] = system[best], system[k]
		p := system[k][k]
		if math.Abs(p) < 1e-12 {
			return nil, fmt.Errorf("the table has sectors that only feed one another: a loss among them would never end")
		}
		for i := k + 1; i < n; i++ {
			f := system[i][k] / p
			if f == 0 {
				continue
			}
			for j := k; j <= n; j++ {
				system[i][j] -= f * system[k][j]
			}
		}
	}
	x := make([]float64, n)
	for k := n - 1; k >= 0; k-- {
		x[k] = system[k][n]
		for j := k + 1; j < n; j++ {
			x[k] -= system[k][j] * x[j]
		}
		x[k] /= system[k][k]
	}
	return x, nil
}

// Course is how a loss spreads and ebbs, day by day.
type Course struct {
	Daily []float64 `json:"loss_by_day"`    // money, over all sectors
	Lost  []float64 `json:"loss_by_sector"` // money over all days, in the order of the table
}

// Follow follows a cut that lasts some days: q(t+1) = q(t) + K·[A*q(t) + c* − q(t)]. K, from 0 to 1, is the part of the way to the new balance that a sector
// goes in a day; it is the same for all.
func (t *InputOutput) Follow(cut []float64, d Direction, k float64, cutDays, days int) Course {
	n := len(t.Sectors)
	c := Course{Lost: make([]float64, n)}
	now := make([]float64, n)
	for day := range days {
		next := make([]float64, n)
		daily := 0.0
		for i := range n {
			to := 0.0
			if day < cutDays {
				to = cut[i]
			}
			for j := range n {
				to += t.coefficient(i, j, d) * now[j]
			}
			next[i] = now[i] + k*(to-now[i])
			lost := next[i] * t.Output[i] / 365
			daily += lost
			c.Lost[i] += lost
		}
		c.Daily = append(c.Daily, daily)
		now = next
	}
	return c
}
