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
// the source's share Dirichlet. Waits, refusals, stocks and demands are spread evenly over the draws (Latin hypercube), which makes the
// quantiles several times steadier than independent draws. The same seed gives the same bytes.
func (s *Scenario) Draw(c Chance) Drawn {
	n := c.Draws
	rng := rand.New(rand.NewPCG(c.Seed, 0x9e3779b97f4a7c15))
	waits, refusals, stocks, demands := stratified(rng, n), stratified(rng, n), stratified(rng, n), stratified(rng, n)
	d := Drawn{N: n, Seed: c.Seed}
	columns := make([][]float64, 6)
	for i := range n {
		o := s.run(s.drawWait(waits[i], refusals[i]), s.drawShare(rng, c.Shares), s.Stock*triangular(stocks[i], c.Stock),
			s.Demand*triangular(demands[i], c.Demand), s.Horizon)
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

// stratified gives n numbers in (0, 1), one in each n-th, in random order.
func stratified(rng *rand.Rand, n int) []float64 {
	u := make([]float64, n)
	for i, p := range rng.Perm(n) {
		u[i] = (float64(p) + rng.Float64()) / float64(n)
	}
	return u
}

func (s *Scenario) drawWait(u, refusal float64) float64 {
	if s.Kind == Stop || refusal < s.Refused {
		return Never()
	}
	return s.Wait * math.Exp(s.Spread*normalQuantile(u))
}

// drawShare draws from the Dirichlet distribution of two parts, the source under control and all others.
func (s *Scenario) drawShare(rng *rand.Rand, weight float64) float64 {
	if weight <= 0 || s.Share <= 0 || s.Share >= 1 {
		return s.Share
	}
	a, b := gamma(rng, s.Share*weight), gamma(rng, (1-s.Share)*weight)
	return a / (a + b)
}

// gamma draws from the gamma distribution of a shape and scale 1 (Marsaglia and Tsang 2000).
func gamma(rng *rand.Rand, shape float64) float64 {
	if shape < 1 {
		return gamma(rng, shape+1) * math.Pow(1-rng.Float64(), 1/shape)
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := rng.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(1-rng.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v
		}
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
