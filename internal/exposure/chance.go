package exposure

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Chance says how a scenario is drawn. Zero fields take no chance: the input stays as given.
type Chance struct {
	Draws  int     `json:"draws"`
	Seed   uint64  `json:"seed"`
	Stock  float64 `json:"stock_spread"`  // triangular, ± this fraction around the stock
	Demand float64 `json:"demand_spread"` // triangular, ± this fraction around the demand
	Shares float64 `json:"share_weight"`  // Dirichlet: how many observations the share is worth; 0: the share is fixed
}

// maxDraws bounds a run.
const maxDraws = 1_000_000

// Check says what of the chance makes no sense.
func (c *Chance) Check() error {
	switch {
	case c.Draws < 0 || c.Draws > maxDraws:
		return fmt.Errorf("0 to %d draws; not %d", maxDraws, c.Draws)
	case !(c.Stock >= 0 && c.Stock <= 1), !(c.Demand >= 0 && c.Demand < 1):
		return fmt.Errorf("spreads are fractions from 0 up to 1; they are %v and %v", c.Stock, c.Demand)
	case !(c.Shares >= 0) || math.IsInf(c.Shares, 0):
		return fmt.Errorf("the weight of the share must be zero or more; it is %v", c.Shares)
	}
	return nil
}

// Quantiles are the middle and the ends of what was drawn.
type Quantiles struct {
	P10 float64 `json:"p10"`
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
}

// Drawn is the outcome of many draws. Times beyond the horizon count as the horizon in the quantiles.
type Drawn struct {
	N        int       `json:"n"`
	Seed     uint64    `json:"seed"`
	Survive  Quantiles `json:"time_to_survive_days"`
	Recover  Quantiles `json:"time_to_recover_days"`
	Unmet    Quantiles `json:"unmet"`
	Gap      Quantiles `json:"gap"`
	Loss     Quantiles `json:"loss"`
	StockOut float64   `json:"stock_out_chance"`     // share of draws in which the stock runs out within the horizon
	Early    float64   `json:"act_chance"`           // share of draws with TTS before TTR
	FirstOut Quantiles `json:"first_stock_out_days"` // among draws that run out; NaN: none does
}

// Draw runs a scenario many times: the licence wait lognormal around its median (never, for the share refused), stock and demand triangular,
// the source's share Dirichlet. The draws are the points of a lattice in four dimensions, shifted by the seed: they fill the cube evenly,
// which makes the quantiles many times steadier than independent draws. The same seed gives the same bytes.
func (s *Scenario) Draw(c Chance) Drawn {
	n := c.Draws
	points, share := newLattice(c.Seed), s.shares(c.Shares)
	d := Drawn{N: n, Seed: c.Seed}
	columns := make([][]float64, 6)
	for i := range n {
		u := points.at(i)
		o := s.run(s.drawWait(u[0]), share(u[3]), s.Stock*triangular(u[1], c.Stock), s.Demand*triangular(u[2], c.Demand), s.Horizon)
		end := float64(s.Horizon)
		for k, x := range []float64{math.Min(o.Survive, end), math.Min(o.Recover, end), o.Unmet, o.Gap, o.Loss} {
			columns[k] = append(columns[k], x)
		}
		if o.Survive != Never() {
			d.StockOut++
			columns[5] = append(columns[5], o.Survive)
		}
		if o.Act {
			d.Early++
		}
	}
	d.StockOut /= float64(n)
	d.Early /= float64(n)
	for k, q := range []*Quantiles{&d.Survive, &d.Recover, &d.Unmet, &d.Gap, &d.Loss, &d.FirstOut} {
		*q = quantiles(columns[k])
	}
	return d
}

// lattice is the additive sequence of the generalised golden ratio (Roberts 2018) in four dimensions, shifted at random.
type lattice struct{ shift, step [4]float64 }

func newLattice(seed uint64) lattice {
	rng := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))
	ratio := 1.0 // the root of x^5 = x + 1
	for range 60 {
		ratio = math.Pow(1+ratio, 1.0/5)
	}
	var l lattice
	for k := range l.step {
		l.shift[k], l.step[k] = rng.Float64(), math.Pow(ratio, -float64(k+1))
	}
	return l
}

// at is the i-th point; each number lies strictly between 0 and 1.
func (l *lattice) at(i int) (u [4]float64) {
	for k := range u {
		_, u[k] = math.Modf(l.shift[k] + float64(i)*l.step[k])
		u[k] = min(max(u[k], 1e-12), 1-1e-12)
	}
	return u
}

// drawWait turns a number in (0, 1) into a wait for a licence: the lowest are refused and wait for ever.
func (s *Scenario) drawWait(u float64) float64 {
	if s.Kind == Stop || u < s.Refused {
		return Never()
	}
	return s.Wait * math.Exp(s.Spread*normalQuantile((u-s.Refused)/(1-s.Refused)))
}

// shares turns a number in (0, 1) into a share of the source under control, which is worth so many observations: a Dirichlet distribution of
// two parts, that source and all others.
func (s *Scenario) shares(weight float64) func(u float64) float64 {
	if weight <= 0 || s.Share <= 0 || s.Share >= 1 {
		return func(float64) float64 { return s.Share }
	}
	return betaQuantile(s.Share*weight, (1-s.Share)*weight)
}

// betaCells is how finely the distribution of a share is summed up: well below what anyone knows of a share.
const betaCells = 20_000

// betaQuantile inverts the beta distribution by summing its density over cells of equal width.
func betaQuantile(a, b float64) func(u float64) float64 {
	logs, top := make([]float64, betaCells), math.Inf(-1)
	for i := range logs {
		x := (float64(i) + 0.5) / betaCells
		logs[i] = (a-1)*math.Log(x) + (b-1)*math.Log1p(-x)
		top = max(top, logs[i])
	}
	sum, total := logs, 0.0
	for i := range sum {
		total += math.Exp(logs[i] - top)
		sum[i] = total
	}
	return func(u float64) float64 {
		want := u * total
		i, _ := slices.BinarySearch(sum, want)
		i = min(i, betaCells-1)
		before := 0.0
		if i > 0 {
			before = sum[i-1]
		}
		return (float64(i) + (want-before)/(sum[i]-before)) / betaCells
	}
}

// triangular turns a number in (0, 1) into a factor around 1, at most spread away.
func triangular(u, spread float64) float64 {
	if u < 0.5 {
		return 1 + spread*(math.Sqrt(2*u)-1)
	}
	return 1 + spread*(1-math.Sqrt(2*(1-u)))
}

func normalQuantile(u float64) float64 { return math.Sqrt2 * math.Erfinv(2*u-1) }

// quantiles takes the nearest ranks; it sorts its argument.
func quantiles(x []float64) Quantiles {
	if len(x) == 0 {
		return Quantiles{Unknown(), Unknown(), Unknown()}
	}
	slices.Sort(x)
	at := func(q float64) float64 { return x[min(len(x)-1, int(q*float64(len(x))))] }
	return Quantiles{at(0.10), at(0.50), at(0.90)}
}

// Licensed is the share of normal trade that licences let through on a day after the start: those approved, once their wait is over.
func Licensed(day, median, sigma, approved float64) float64 {
	if day <= 0 {
		return 0
	}
	return approved * (1 + math.Erf(math.Log(day/median)/(sigma*math.Sqrt2))) / 2
}
