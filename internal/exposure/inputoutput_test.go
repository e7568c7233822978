package exposure

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// three is a chain: metals sell to electronics, electronics to cars.
func three() InputOutput {
	return InputOutput{Sectors: []string{"metals", "electronics", "cars"}, Output: []float64{100, 200, 400},
		Sales: [][]float64{{0, 40, 0}, {0, 0, 60}, {0, 0, 0}}}
}

func TestLossesTravelBothWays(t *testing.T) {
	table := three()
	if err := table.Check(); err != nil {
		t.Fatal(err)
	}
	// Cars lose a tenth: electronics lose 0.1·60/200 of their sales, metals 0.03·40/100.
	back, err := table.Spread([]float64{0, 0, 0.1}, Backward)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{0.012, 0.03, 0.1} {
		near(t, "backward to "+table.Sectors[i], back[i], want, 1e-12)
	}
	// Metals lose half: electronics lose 0.5·40/200 of their output, cars 0.1·60/400.
	ahead, err := table.Spread([]float64{0.5, 0, 0}, Forward)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{0.5, 0.1, 0.015} {
		near(t, "forward to "+table.Sectors[i], ahead[i], want, 1e-12)
	}
}

func TestSpreadMeetsItsFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "sectors")
		table := InputOutput{Sectors: make([]string, n), Output: make([]float64, n)}
		bought := make([]float64, n)
		for i := range n {
			row := rapid.SliceOfN(rapid.Float64Range(0, 10), n, n).Draw(t, "sales")
			table.Sales = append(table.Sales, row)
			for j, x := range row {
				table.Output[i] += x
				bought[j] += x
			}
		}
		for i := range n {
			table.Output[i] = 1 + 1.2*math.Max(table.Output[i], bought[i])
		}
		cut := rapid.SliceOfN(rapid.Float64Range(0, 1), n, n).Draw(t, "cut")
		for _, d := range []Direction{Backward, Forward} {
			q, err := table.Spread(cut, d)
			if err != nil {
				t.Fatal(err)
			}
			for i := range n {
				sum := cut[i]
				for j := range n {
					sum += table.coefficient(i, j, d) * q[j]
				}
				if math.Abs(sum-q[i]) > 1e-9 || q[i] < cut[i]-1e-12 {
					t.Fatalf("%s: q%d is %v, its formula gives %v, the cut is %v", d, i, q[i], sum, cut[i])
				}
			}
			course := table.Follow(cut, d, 0.5, 1000, 1000)
			want := 0.0
			for i := range n {
				want += q[i] * table.Output[i] / 365
			}
			if got := course.Daily[len(course.Daily)-1]; math.Abs(got-want) > 1e-6*(1+want) {
				t.Fatalf("%s: a cut that lasts comes to %v a day, not %v", d, got, want)
			}
		}
	})
}

func TestFollowEbbsAfterTheCut(t *testing.T) {
	table := three()
	c := table.Follow([]float64{0.5, 0, 0}, Forward, 0.2, 30, 365)
	most := 0
	for day, x := range c.Daily {
		if x > c.Daily[most] {
			most = day
		}
	}
	if most < 28 || most > 40 || c.Daily[364] > 1e-6 {
		t.Errorf("the loss is largest on day %d, and %v after a year", most, c.Daily[364])
	}
	if !(c.Lost[0] > c.Lost[1] && c.Lost[1] > c.Lost[2] && c.Lost[2] > 0) {
		t.Errorf("lost: %v", c.Lost)
	}
}

func TestTablesThatMakeNoSense(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*InputOutput)
		says   string
	}{
		"no output":            {func(t *InputOutput) { t.Output[1] = 0 }, "above zero"},
		"sells more than made": {func(t *InputOutput) { t.Sales[0][1] = 101 }, "less than what it sells"},
		"buys more than made":  {func(t *InputOutput) { t.Sales[2][0] = 101 }, "less than what it sells"},
		"below zero":           {func(t *InputOutput) { t.Sales[0][0] = -1 }, "zero or more"},
		"not square":           {func(t *InputOutput) { t.Sales = t.Sales[:2] }, "square"},
	} {
		table := three()
		c.change(&table)
		if err := table.Check(); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	closed := InputOutput{Sectors: []string{"a", "b"}, Output: []float64{10, 10}, Sales: [][]float64{{0, 10}, {10, 0}}}
	if _, err := closed.Spread([]float64{0.1, 0}, Backward); err == nil {
		t.Error("two sectors that only feed one another have an answer")
	}
}
