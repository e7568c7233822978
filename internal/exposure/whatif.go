package exposure

import (
	"cmp"
	"math"
	"slices"

	"lodestone/internal/sentence"
)

// Scenario is what happens to one input of a plant or an economy. Quantities share one unit (kg, t, pieces); times are days.
type Scenario struct {
	Kind         Kind          `json:"kind"`
	Demand       float64       `json:"demand_per_year"`
	Stock        float64       `json:"stock"` // on hand, and in transit where not under the control
	Share        float64       `json:"share"` // of the demand that the source under control covers
	Quota        float64       `json:"quota,omitempty"`
	Wait         float64       `json:"licence_wait_days,omitempty"` // median where Monte Carlo draws it
	Spread       float64       `json:"licence_wait_sigma,omitempty"`
	Refused      float64       `json:"refused,omitempty"` // share of applications refused: never delivered
	Transport    float64       `json:"transport_days,omitempty"`
	Qualify      float64       `json:"qualification_days,omitempty"`
	Alternatives []Alternative `json:"alternatives,omitempty"`
	Margin       float64       `json:"margin,omitempty"` // lost for each unit of demand not met
	Supply       float64       `json:"elasticity_supply,omitempty"`
	Price        float64       `json:"elasticity_demand,omitempty"` // as a positive number; both zero: no price is told
	WorldShare   float64       `json:"world_share,omitempty"`       // of world supply that is lost, for the price
	Horizon      int           `json:"horizon_days"`
}

// Kind is a sort of disruption.
type Kind string

const (
	Stop   Kind = "stop"  // the source delivers nothing within the horizon
	QuotaK Kind = "quota" // it delivers a fraction
	Delay  Kind = "delay" // it delivers nothing until a licence is there, then as before
	PriceK Kind = "price" // it delivers, dearer
)

// Alternative is another source, a substitute or scrap: nothing before Lead, then rising to Capacity over Ramp.
type Alternative struct {
	Name     string  `json:"name"`
	Capacity float64 `json:"capacity_per_year"`
	Lead     float64 `json:"lead_days"`
	Ramp     float64 `json:"ramp_days"`
	Cost     float64 `json:"cost,omitempty"`
}

// at is the daily rate on day t: cap·min(1, max(0, (t − lead)/ramp)).
func (a *Alternative) at(t float64) float64 {
	rate := a.Capacity / 365
	switch {
	case t < a.Lead:
		return 0
	case a.Ramp <= 0 || t >= a.Lead+a.Ramp:
		return rate
	}
	return rate * (t - a.Lead) / a.Ramp
}

// maxHorizon is ten years of days.
const maxHorizon = 3660

// Check says what in a scenario makes no sense.
func (s *Scenario) Check() error {
	switch {
	case s.Kind != Stop && s.Kind != QuotaK && s.Kind != Delay && s.Kind != PriceK:
		return sentence.Of("kind %q is none of stop, quota, delay, price", s.Kind)
	case !(s.Demand > 0) || math.IsInf(s.Demand, 0):
		return sentence.Of("demand a year must be above zero; it is %v", s.Demand)
	case !(s.Stock >= 0) || math.IsInf(s.Stock, 0):
		return sentence.Of("stock must be zero or more; it is %v", s.Stock)
	case !(s.Share >= 0 && s.Share <= 1), !(s.Quota >= 0 && s.Quota <= 1), !(s.Refused >= 0 && s.Refused <= 1):
		return sentence.Of("share, quota and refused are fractions from 0 to 1; they are %v, %v and %v", s.Share, s.Quota, s.Refused)
	case s.Kind == PriceK && (s.Supply+s.Price <= 0 || s.WorldShare <= 0):
		return sentence.Of("a price needs the elasticities of supply and demand and the lost share of world supply; no default is assumed")
	case !(s.WorldShare >= 0 && s.WorldShare < 1):
		return sentence.Of("the lost share of world supply lies from 0 up to, not including, 1; it is %v", s.WorldShare)
	case s.Horizon < 1 || s.Horizon > maxHorizon:
		return sentence.Of("the horizon is 1 to %d days; it is %d", maxHorizon, s.Horizon)
	case !(s.Wait >= 0 && s.Spread >= 0 && s.Transport >= 0 && s.Qualify >= 0 && s.Supply >= 0 && s.Price >= 0 && s.Margin >= 0):
		return sentence.Of("days, spread, margin and elasticities must be zero or more")
	case math.IsInf(s.Wait+s.Spread+s.Transport+s.Qualify+s.Supply+s.Price+s.Margin, 0):
		return sentence.Of("days, spread, margin and elasticities must be finite")
	}
	for _, a := range s.Alternatives {
		if !(a.Capacity >= 0 && a.Lead >= 0 && a.Ramp >= 0 && a.Cost >= 0) || math.IsInf(a.Capacity+a.Lead+a.Ramp+a.Cost, 0) {
			return sentence.Of("alternative %q: capacity, lead, ramp and cost must be zero or more and finite", a.Name)
		}
	}
	return nil
}

// Outcome is what a run comes to. Days are counted from the start of the disruption; Never stands for: not within the horizon.
type Outcome struct {
	Survive     float64 `json:"time_to_survive_days"` // TTS: the day the stock is used up
	Recover     float64 `json:"time_to_recover_days"` // TTR: the day the cut source delivers again
	Act         bool    `json:"act"`                  // TTS lies before TTR
	Cover       float64 `json:"stock_cover_days"`     // I/(C/365), no supply at all
	PeakGap     float64 `json:"peak_gap_share"`       // largest daily gap over demand, before stock
	Gap         float64 `json:"gap"`                  // units that supply lacks over the horizon, before stock
	Unmet       float64 `json:"unmet"`                // units of demand not met after stock
	Loss        float64 `json:"loss"`                 // margin times unmet; NaN: no margin is given
	PriceFactor float64 `json:"price_factor"`         // P1/P0; NaN without elasticities
}

// Never is the day that does not come within the horizon.
func Never() float64 { return math.Inf(1) }

// Run computes a scenario day by day, with the median licence wait. Within a day the rates are taken as the mean of its two ends.
func (s *Scenario) Run() Outcome {
	wait := s.Wait
	if s.Kind == Stop {
		wait = Never()
	}
	return s.run(wait, s.Share, s.Stock, s.Demand, s.Horizon)
}

func (s *Scenario) run(wait, share, stock, demand float64, horizon int) Outcome {
	d := demand / 365
	o := Outcome{Survive: Never(), Recover: wait + s.Transport + s.Qualify, Cover: stock / d, PriceFactor: s.priceFactor()}
	if s.Kind == QuotaK || s.Kind == PriceK {
		o.Recover = Never()
	}
	used := 0.0
	for day := 0; day < horizon; {
		gap := (s.gap(float64(day), d, share, o.Recover) + s.gap(float64(day+1), d, share, o.Recover)) / 2
		next := min(horizon, max(day+1, s.steadyUntil(day, o.Recover)))
		lack := gap * float64(next-day)
		o.PeakGap = math.Max(o.PeakGap, gap/d)
		o.Gap += lack
		if gap > 0 && used+lack >= stock && o.Survive == Never() {
			o.Survive = float64(day) + (stock-used)/gap
		}
		if used+lack > stock {
			o.Unmet += used + lack - math.Max(stock, used)
		}
		used += lack
		day = next
	}
	o.Loss = Unknown()
	if s.Margin > 0 {
		o.Loss = s.Margin * o.Unmet
	}
	o.Act = o.Survive < o.Recover
	return o
}

// StockDay is where a run stands on a day.
type StockDay struct {
	Day   int     `json:"day"`
	Stock float64 `json:"stock"` // left
	Unmet float64 `json:"unmet"` // units of demand not met so far
}

// courseDays is about how many days of a run are told.
const courseDays = 60

// Course follows a run, with the median licence wait, until little happens any more or the horizon ends.
func (s *Scenario) Course() []StockDay {
	var all []StockDay
	end := s.settled()
	step := max(1, end/courseDays)
	for day := 0; day <= end; day += step {
		to := *s
		to.Horizon = day
		o := to.Run()
		all = append(all, StockDay{day, math.Max(0, s.Stock-o.Gap), o.Unmet})
	}
	return all
}

// settled is a day well after the last turn of a run: twice the day on which the source is back, or the stock out, or an alternative at its most.
func (s *Scenario) settled() int {
	o, turn := s.Run(), 0.0
	for _, day := range []float64{o.Survive, o.Recover} {
		if Known(day) {
			turn = math.Max(turn, day)
		}
	}
	for _, a := range s.Alternatives {
		turn = math.Max(turn, a.Lead+a.Ramp)
	}
	if turn == 0 {
		return s.Horizon
	}
	return int(math.Min(float64(s.Horizon), math.Ceil(2*turn)))
}

// steadyUntil is the day up to which the gap of a day stays the same, so that a stretch of days is taken at once; zero: it may change tomorrow.
func (s *Scenario) steadyUntil(day int, recover float64) int {
	for i := range s.Alternatives {
		if a := &s.Alternatives[i]; a.Capacity > 0 && float64(day) < a.Lead+a.Ramp {
			return 0
		}
	}
	if s.Kind == Delay && float64(day) < recover {
		return int(math.Min(math.Ceil(recover)-1, maxHorizon))
	}
	return maxHorizon
}

// gap is the daily demand that no source meets on day t.
func (s *Scenario) gap(t, d, share, recover float64) float64 {
	supply := d * (1 - share)
	switch {
	case s.Kind == QuotaK:
		supply += d * share * s.Quota
	case s.Kind == PriceK, s.Kind == Delay && t >= recover:
		supply += d * share
	}
	for i := range s.Alternatives {
		supply += s.Alternatives[i].at(t)
	}
	return math.Max(0, d-supply)
}

// priceFactor is (1 − σ)^(−1/(ε_s + |ε_d|)).
func (s *Scenario) priceFactor() float64 {
	if s.Supply+s.Price <= 0 {
		return Unknown()
	}
	return math.Pow(1-s.WorldShare, -1/(s.Supply+s.Price))
}

// Gain is what one alternative brings by itself.
type Gain struct {
	Name        string  `json:"name"`
	DaysGained  float64 `json:"days_gained"`   // of time to survive; Never: it closes the gap
	UnmetSaved  float64 `json:"unmet_saved"`   // units
	DaysPerCost float64 `json:"days_per_cost"` // NaN without a cost
}

// Rank compares each alternative with none, best first: by days gained for each unit of cost where costs are given, else by days.
func (s *Scenario) Rank() []Gain {
	bare := *s
	bare.Alternatives = nil
	base := bare.Run()
	var gains []Gain
	for i := range s.Alternatives {
		one := *s
		one.Alternatives = s.Alternatives[i : i+1]
		o := one.Run()
		g := Gain{Name: s.Alternatives[i].Name, DaysGained: math.Min(o.Survive, float64(s.Horizon)) - math.Min(base.Survive, float64(s.Horizon)),
			UnmetSaved: base.Unmet - o.Unmet, DaysPerCost: Unknown()}
		if c := s.Alternatives[i].Cost; c > 0 {
			g.DaysPerCost = g.DaysGained / c
		}
		gains = append(gains, g)
	}
	score := func(g Gain) float64 {
		if Known(g.DaysPerCost) {
			return g.DaysPerCost
		}
		return g.DaysGained
	}
	slices.SortStableFunc(gains, func(a, b Gain) int { return cmp.Compare(score(b), score(a)) })
	return gains
}

// Swing is how far the unmet demand moves when one input moves from low to high, the others kept.
type Swing struct {
	Input string  `json:"input"`
	Low   float64 `json:"unmet_low"` // unmet demand at the low input
	High  float64 `json:"unmet_high"`
}

// Tornado moves demand, stock, share, and the wait or the quota where there is one, by a fraction down and up, widest swing first.
func (s *Scenario) Tornado(by float64) []Swing {
	type input struct {
		name string
		move func(*Scenario, float64)
	}
	inputs := []input{
		{"demand", func(c *Scenario, f float64) { c.Demand *= f }},
		{"stock", func(c *Scenario, f float64) { c.Stock *= f }},
		{"share", func(c *Scenario, f float64) { c.Share = math.Min(1, c.Share*f) }},
	}
	switch s.Kind {
	case Delay:
		inputs = append(inputs, input{"wait", func(c *Scenario, f float64) { c.Wait *= f }})
	case QuotaK:
		inputs = append(inputs, input{"quota", func(c *Scenario, f float64) { c.Quota = math.Min(1, c.Quota*f) }})
	}
	var swings []Swing
	for _, in := range inputs {
		low, high := *s, *s
		in.move(&low, 1-by)
		in.move(&high, 1+by)
		swings = append(swings, Swing{in.name, low.Run().Unmet, high.Run().Unmet})
	}
	slices.SortStableFunc(swings, func(a, b Swing) int {
		return cmp.Compare(math.Abs(b.High-b.Low), math.Abs(a.High-a.Low))
	})
	return swings
}
