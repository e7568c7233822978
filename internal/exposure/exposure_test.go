package exposure

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s is %v, want %v within %v", what, got, want, within)
	}
}

func TestMeasure(t *testing.T) {
	c := Measure([]Part{{"CN", 60}, {"JP", 20}, {"KR", 0}, {"DE", math.NaN()}}, 20)
	if c.Suppliers != 2 || c.Top != "CN" || c.Total != 100 {
		t.Errorf("got %+v", c)
	}
	near(t, "HHI without the rest", c.HHI, 0.40, 1e-12)
	near(t, "HHI with the rest as one country", c.HHIUpper, 0.44, 1e-12)
	near(t, "effective suppliers", c.Effective, 2.5, 1e-12)
	near(t, "Yale score at a monopoly", YaleConcentration(1), 100, 0.01)
	if c := Measure(nil, 0); Known(c.HHI) || Known(c.TopShare) {
		t.Errorf("an empty whole has no concentration, got %+v", c)
	}
	one := Measure([]Part{{"CN", 5}}, 0)
	near(t, "normalised HHI of one supplier", one.Normalised, 1, 0)
	near(t, "Theil of one supplier", one.Theil, 0, 1e-12)
}

// TestSumsDoNotDependOnOrder: the same flows in another order give the same bytes.
func TestSumsDoNotDependOnOrder(t *testing.T) {
	var flows []Flow
	for i := range 50 {
		flows = append(flows, Flow{Year: 2024, From: string(rune('A'+i%26)) + string(rune('A'+i/26)), To: "KR", Line: "811010", Value: 1 / float64(i+3)})
	}
	a, _ := Origins(flows, Select{To: "KR"}, ByValue)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(flows), func(i, j int) { flows[i], flows[j] = flows[j], flows[i] })
	b, _ := Origins(flows, Select{To: "KR"}, ByValue)
	if !reflect.DeepEqual(a, b) {
		t.Error("sums moved with the order of the flows")
	}
}

func TestTrendTests(t *testing.T) {
	rising := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	r := TestTrend(rising)
	near(t, "slope", r.Sen, 1, 0)
	near(t, "S", r.S, 45, 0)
	near(t, "p", r.P, math.Erfc(45/math.Sqrt(125)/math.Sqrt2), 1e-12)
	if r.Direction() != "rising" || !(r.PContinuity > r.P) {
		t.Errorf("got %+v", r)
	}
	if d := TestTrend([]float64{3, 3, 3, 3}).Direction(); d != "flat" {
		t.Errorf("a constant series is %s", d)
	}
	at, p := Pettitt([]float64{1, 1, 1, 1, 9, 9, 9, 9})
	if at != 4 {
		t.Errorf("the break stands before %d, want 4", at)
	}
	near(t, "p of the break", p, 2*math.Exp(-6*256.0/(512+64)), 1e-12)
	q := BenjaminiHochberg([]float64{0.01, 0.04, 0.03, 0.5})
	for i, want := range []float64{0.04, 0.16 / 3, 0.16 / 3, 0.5} {
		near(t, "q", q[i], want, 1e-12)
	}
	if x := TheilSen(nil); Known(x) {
		t.Errorf("no points have no slope, got %v", x)
	}
}

func TestHHIChangeAddsUp(t *testing.T) {
	total, drivers := HHIChange([]Part{{"CN", 90}, {"TH", 10}}, []Part{{"CN", 40}, {"TH", 40}, {"VN", 20}})
	sum := 0.0
	for _, d := range drivers {
		sum += d.Delta
	}
	near(t, "sum over countries", sum, total, 1e-15)
	if drivers[0].Who != "CN" {
		t.Errorf("China drove the fall, not %s", drivers[0].Who)
	}
}

func TestSplitShareAddsUp(t *testing.T) {
	flows := []Flow{
		{2010, "CN", "KR", "111111", 90, 1}, {2010, "JP", "KR", "111111", 10, 1}, {2010, "CN", "KR", "222222", 5, 1}, {2010, "US", "KR", "222222", 95, 1},
		{2020, "CN", "KR", "111111", 300, 1}, {2020, "JP", "KR", "111111", 100, 1}, {2020, "US", "KR", "222222", 50, 1},
	}
	c := SplitShare(flows, "KR", "CN", []string{"111111", "222222"}, 2010, 2020, ByValue)
	near(t, "parts", c.Within+c.Basket, c.To-c.From, 1e-12)
	if !(c.Basket > 0 && c.Within < 0) {
		t.Errorf("the basket moved towards China's line while China lost within both: %+v", c)
	}
}

// TestSupplyRisk works the two examples of the EU studies: gallium 2023, and a stage with EU data only.
func TestSupplyRisk(t *testing.T) {
	sr, err := SupplyRiskTerms{GlobalAndEU, 5.00, 2.75, 0.98, 0, 0.98}.SupplyRisk()
	if err != nil {
		t.Fatal(err)
	}
	near(t, "gallium", sr, 3.78, 0.01)
	if _, err := (SupplyRiskTerms{GlobalAndEU, 5, math.NaN(), 0.98, 0, 0.98}).SupplyRisk(); err == nil {
		t.Error("a missing term must be named")
	}
	sr, err = SupplyRiskTerms{EUOnly, math.NaN(), 1.45, math.NaN(), 0, 0.96}.SupplyRisk()
	if err != nil {
		t.Fatal(err)
	}
	near(t, "hafnium", sr, 1.392, 1e-9)
	near(t, "geometric risk", GeometricRisk(0.125, 1, 1), 0.5, 1e-12)
}

// TestSurvivalInClosedForm: with constant demand and one alternative at once, TTS is I/(d − a).
func TestSurvivalInClosedForm(t *testing.T) {
	s := Scenario{Kind: Stop, Demand: 3650, Stock: 100, Share: 1, Horizon: 400, Alternatives: []Alternative{{Capacity: 1825}}, Margin: 2}
	o := s.Run()
	near(t, "time to survive", o.Survive, 20, 1e-9)
	near(t, "cover", o.Cover, 10, 1e-9)
	near(t, "unmet", o.Unmet, 400*5-100, 1e-6)
	near(t, "loss", o.Loss, 2*o.Unmet, 1e-9)
	if !o.Act {
		t.Error("a stop that outlasts the stock calls for action")
	}
	s.Supply, s.Price, s.WorldShare = 0.2, 0.3, 0.5
	near(t, "price factor", s.Run().PriceFactor, 4, 1e-9)
	s.Kind, s.Wait = Delay, 5
	if o := s.Run(); o.Act || o.Survive != Never() {
		t.Errorf("a wait shorter than the stock lasts does no harm: %+v", o)
	}
	s.Kind, s.Quota = QuotaK, 0.5
	near(t, "gap under a quota of half, met by the alternative", s.Run().Gap, 0, 1e-9)
}

// TestStretchesAreDays: taking a stretch of days at once comes to what day by day comes to. A second source that never delivers within the horizon,
// but might, keeps the run day by day.
func TestStretchesAreDays(t *testing.T) {
	for _, s := range []Scenario{
		{Kind: Stop, Demand: 1000, Stock: 70, Share: 0.8, Horizon: 400},
		{Kind: Delay, Demand: 1000, Stock: 70, Share: 0.8, Wait: 61.7, Transport: 20, Horizon: 400},
		{Kind: Delay, Demand: 1000, Stock: 70, Share: 0.8, Wait: 60, Horizon: 400},
		{Kind: Delay, Demand: 1000, Stock: 0, Share: 1, Wait: 0.4, Horizon: 400},
		{Kind: QuotaK, Demand: 1000, Stock: 70, Share: 0.8, Quota: 0.3, Horizon: 400},
	} {
		a := s.Run()
		s.Alternatives = []Alternative{{Capacity: 1, Lead: 5000}}
		b := s.Run()
		for _, x := range [][2]float64{{a.Gap, b.Gap}, {a.Unmet, b.Unmet}, {a.PeakGap, b.PeakGap}} {
			near(t, string(s.Kind), x[0], x[1], 1e-9*(1+x[1]))
		}
		if a.Survive != b.Survive && !(math.Abs(a.Survive-b.Survive) < 1e-6) {
			t.Errorf("%s: survives %v days, day by day %v", s.Kind, a.Survive, b.Survive)
		}
	}
}

func TestRankAndTornado(t *testing.T) {
	s := Scenario{Kind: Stop, Demand: 365, Stock: 50, Share: 1, Horizon: 365, Alternatives: []Alternative{{Name: "late", Capacity: 365, Lead: 300}, {Name: "soon", Capacity: 365, Lead: 10}}}
	if g := s.Rank(); g[0].Name != "soon" {
		t.Errorf("the source that is there in time comes first: %+v", g)
	}
	if w := s.Tornado(0.2); w[0].Input != "demand" && w[0].Input != "share" {
		t.Errorf("got %+v", w)
	}
}

var licensed = Scenario{Kind: Delay, Demand: 1000, Stock: 150, Share: 0.9, Wait: 60, Spread: 0.5, Refused: 0.05, Transport: 20, Horizon: 365}

// A loss is told only where a margin is given.
func TestLossNeedsAMargin(t *testing.T) {
	s := licensed
	if o := s.Run(); Known(o.Loss) {
		t.Errorf("a loss of %v without a margin", o.Loss)
	}
	s.Margin = 2
	if o := s.Run(); o.Loss != 2*o.Unmet || o.Unmet == 0 {
		t.Errorf("%+v", o)
	}
}

// TestDrawsAreSteady: the same seed gives the same numbers, and another seed moves P90 by less than 1 % at 10,000 draws.
func TestDrawsAreSteady(t *testing.T) {
	c := Chance{Draws: 10_000, Seed: 1, Stock: 0.1, Demand: 0.1, Shares: 100}
	licensed := licensed
	licensed.Margin = 2 // without one the loss is not known, and equals nothing
	a, b := licensed.Draw(c), licensed.Draw(c)
	if !reflect.DeepEqual(a, b) {
		t.Fatal("the same seed gave other numbers")
	}
	for seed := uint64(2); seed < 8; seed++ {
		c.Seed = seed
		d := licensed.Draw(c)
		for _, q := range []struct {
			name      string
			got, want float64
		}{{"unmet", d.Unmet.P90, a.Unmet.P90}, {"gap", d.Gap.P90, a.Gap.P90}, {"time to survive", d.Survive.P90, a.Survive.P90}, {"time to recover", d.Recover.P90, a.Recover.P90}} {
			near(t, "P90 of "+q.name, q.got, q.want, 0.01*q.want)
		}
	}
	near(t, "median wait and transport", a.Recover.P50, 82, 3)
}

func TestTraceOrigin(t *testing.T) {
	// China makes 100 and sells 40 to Vietnam, which makes nothing and sells 20 on to Korea; Korea also buys 30 from China and makes 50.
	flows := []Flow{{2024, "CN", "VN", "811010", 1, 40}, {2024, "VN", "KR", "811010", 1, 20}, {2024, "CN", "KR", "811010", 1, 30}}
	share, filled := TraceOrigin(flows, []Part{{"CN", 100}, {"KR", 50}}, "CN", Select{Year: 2024}, ByMass)
	near(t, "China in Vietnam's supply", share["VN"], 1, 1e-12)
	near(t, "China in Korea's supply", share["KR"], 0.5, 1e-12)
	if filled != nil {
		t.Errorf("nobody sells more than it has, yet %v", filled)
	}
	direct, one := OneStep(NewTrade(flows), 2024, "KR", "CN", ByMass)
	near(t, "direct", direct, 0.6, 1e-12)
	near(t, "with one step", one, 1, 1e-12)
	_, filled = TraceOrigin(flows, nil, "CN", Select{Year: 2024}, ByMass)
	if !reflect.DeepEqual(filled, []string{"CN"}) {
		t.Errorf("China sells without output held: filled %v", filled)
	}
}

func TestMirrorAndConnectors(t *testing.T) {
	for _, c := range []struct {
		in, out float64
		hub     bool
		want    string
	}{{110, 100, false, "none"}, {500, 100, false, "importer_above"}, {10, 100, false, "exporter_above"}, {500, 100, true, "hub_leg"}, {0, 100, false, "unexplained"}} {
		if m := MirrorGap(c.in, c.out, 0.02, 0.3, c.hub); m.Cause != c.want || m.Low > m.High {
			t.Errorf("%v against %v: %+v, want %s", c.in, c.out, m, c.want)
		}
	}
	flows := []Flow{{2020, "CN", "VN", "811010", 10, 10}, {2024, "CN", "VN", "811010", 100, 100}, {2024, "VN", "KR", "811010", 95, 90}, {2024, "TH", "KR", "811010", 50, 50}}
	c := Connectors(flows, "CN", "KR", "811010", 2020, 2024, ByMass)
	if len(c) != 1 || c[0].Country != "VN" || !c[0].Candidate {
		t.Errorf("Vietnam is the candidate: %+v", c)
	}
	if gap, hub := OriginGap(0.38, 0.01); !hub || gap < 0.36 {
		t.Errorf("a large exporter with almost no output is a refiner or hub: %v %v", gap, hub)
	}
}

func TestMargin(t *testing.T) {
	var flows []Flow
	for y, parts := range map[int][]Part{2021: {{"CN", 90}, {"JP", 10}}, 2022: {{"CN", 100}}, 2023: {{"CN", 100}}, 2024: {{"CN", 80}, {"VN", 20}}} {
		for _, p := range parts {
			flows = append(flows, Flow{y, p.Who, "KR", "811010", p.Amount, p.Amount})
		}
	}
	m := ExtensiveMargin(NewTrade(flows), "KR", 2024, 0.05, ByValue)
	if m.Above != 2 || m.New != 1 || m.Survival != 0.5 {
		t.Errorf("got %+v", m)
	}
}

func TestJudgeLine(t *testing.T) {
	for _, c := range []struct {
		name string
		f    LineFacts
		want Grade
		may  Grade
	}{
		{"net exporter", LineFacts{Balance: Balance{Imports: 100, Exports: 120, Supplier: 95}}, Low, ""},
		{"own output, little imported", LineFacts{Balance: Balance{Output: Exactly(2400), Imports: 200, Exports: 50, Supplier: 186}, OutputKnown: true}, Low, ""},
		{"own output within a range", LineFacts{Balance: Balance{Output: Range{0, 3500}, Imports: 1600, Exports: 1000, Supplier: 650}, OutputKnown: true}, Low, Moderate},
		{"all imported", LineFacts{Balance: Balance{Imports: 100, Exports: 1, Supplier: 99}}, High, ""},
		{"exports without output held", LineFacts{Balance: Balance{Imports: 100, Exports: 80, Supplier: 99}}, CannotTell, High},
		{"small share", LineFacts{Balance: Balance{Imports: 100, Exports: 80, Supplier: 2}}, Low, ""},
		{"nothing imported", LineFacts{}, CannotTell, ""},
		{"bases disagree", LineFacts{Balance: Balance{Imports: 100, Exports: 1, Supplier: 92}, Other: 0.07}, CannotTell, High},
		{"bases disagree, own output held", LineFacts{Balance: Balance{Output: Exactly(100), Imports: 100, Exports: 1, Supplier: 90}, Other: 0.5, OutputKnown: true}, Low, Moderate},
		{"own output in tonnes, imports in dollars", LineFacts{Balance: Balance{Imports: 100, Exports: 10, Supplier: 48}, OutputFrom: "a table"}, Low, Moderate},
		{"exports not known", LineFacts{Balance: Balance{Imports: 100, Exports: Unknown(), Supplier: 92}, Other: Unknown()}, CannotTell, High},
	} {
		if c.f.Other == 0 {
			c.f.Other = Unknown() // one basis is held
		}
		j := JudgeLine(c.f, DefaultBands)
		if j.Grade != c.want || j.MayBe != c.may || len(j.Because)+len(j.Missing) == 0 {
			t.Errorf("%s: %+v, want %s, may be %q", c.name, j, c.want, c.may)
		}
	}
}

func TestJudgeReported(t *testing.T) {
	none := Range{Unknown(), Unknown()}
	for _, c := range []struct {
		name string
		r    ReportedFacts
		want Grade
		may  Grade
	}{
		{"own output of weight, no import share", ReportedFacts{none, Exactly(2400), 25000, "refined", Unknown()}, Low, ""},
		{"own output of weight and imports", ReportedFacts{Exactly(0.93), Exactly(150), 1090, "refined", Unknown()}, Moderate, High},
		{"the same, imports bounded and small", ReportedFacts{Exactly(0.93), Exactly(150), 1090, "refined", 20}, Low, ""},
		{"little own output", ReportedFacts{Exactly(0.98), Exactly(3), 850, "refined", Unknown()}, High, ""},
		{"sources disagree", ReportedFacts{Range{0.54, 0.82}, none, Unknown(), "refined", Unknown()}, Moderate, High},
		{"nothing", ReportedFacts{none, none, Unknown(), "refined", Unknown()}, CannotTell, High},
	} {
		if j := JudgeReported(c.r, DefaultBands); j.Grade != c.want || j.MayBe != c.may {
			t.Errorf("%s: %+v, want %s, may be %q", c.name, j, c.want, c.may)
		}
	}
}

// TestSilverCase: net import reliance and effective dependence put own output into the denominator; import share does not.
func TestSilverCase(t *testing.T) {
	r := Balance{Output: Exactly(2400), Imports: 300, Exports: 900, Supplier: 280}.Reliance()
	near(t, "import share", r.ImportShare, 0.933, 0.001)
	near(t, "effective dependence", r.Dependence.High, 280.0/2700, 1e-12)
	near(t, "net import reliance", r.NetImport.High, -600.0/1800, 1e-12)
	near(t, "EU import reliance", r.EUReliance.Low, 0, 0)
	near(t, "USGS form", NetImportReliance(1800, []float64{2400}), 100*(1800-2400)/1800.0, 1e-12)
	near(t, "DCI", DependenceChange(0.8, 0.2), 0.75, 1e-12)
}

func TestScreens(t *testing.T) {
	flagged := map[string]bool{}
	for _, s := range Screens(ScreenInput{HHI: 0.8, Share: 0.92, TopShare: 0.92, NetImport: Unknown(), Imports: 20e6, Exports: 1e6, Bilateral: -18e6, FirstYears: 2}) {
		flagged[s.ID] = s.Flagged
	}
	for id, want := range map[string]bool{"EC_CDI1": true, "EC_CDI2": true, "EC_CDI3": true, "CRMA_65": true, "KIET_70": true, "KITA": false, "MOTIE_90": true} {
		if flagged[id] != want {
			t.Errorf("%s is %v, want %v", id, flagged[id], want)
		}
	}
}

// FuzzScenario: no scenario that passes its check panics or gives a number below zero.
func FuzzScenario(f *testing.F) {
	f.Add(1000.0, 100.0, 0.9, 60.0, 0.5, 30.0, 10.0)
	f.Fuzz(func(t *testing.T, demand, stock, share, wait, sigma, lead, capacity float64) {
		s := Scenario{Kind: Delay, Demand: demand, Stock: stock, Share: share, Wait: wait, Spread: sigma, Horizon: 30, Alternatives: []Alternative{{Capacity: capacity, Lead: lead, Ramp: lead}}}
		if s.Check() != nil {
			return
		}
		o := s.Run()
		if o.Gap < 0 || o.Unmet < 0 || o.Survive < 0 {
			t.Errorf("%+v gives %+v", s, o)
		}
		s.Draw(Chance{Draws: 5, Seed: 1, Stock: 0.1, Demand: 0.1, Shares: 10})
		s.Rank()
		s.Tornado(0.2)
	})
}

func BenchmarkDraw(b *testing.B) {
	for b.Loop() {
		licensed.Draw(Chance{Draws: 10_000, Seed: 1, Stock: 0.1, Demand: 0.1, Shares: 100})
	}
}

// TestTradeFindsWhatASearchFinds holds Trade against a search through all flows, whatever their order.
func TestTradeFindsWhatASearchFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.SampledFrom([]string{"CN", "JP", "KR", "US"})
		flows := rapid.SliceOf(rapid.Custom(func(t *rapid.T) Flow {
			return Flow{Year: rapid.IntRange(2020, 2023).Draw(t, "year"), From: code.Draw(t, "from"), To: code.Draw(t, "to"), Value: rapid.Float64Range(1, 9).Draw(t, "value"), Mass: 1}
		})).Draw(t, "flows")
		given := slices.Clone(flows)
		trade := NewTrade(flows)
		for year := 2019; year < 2024; year++ {
			for _, importer := range []string{"", "CN", "JP", "KR", "US"} {
				var want []Flow
				for _, f := range given {
					if f.Year == year && (importer == "" || f.To == importer) {
						want = append(want, f)
					}
				}
				if got := trade.To(year, importer); !slices.Equal(got, want) {
					t.Fatalf("%d to %q: %v, not %v", year, importer, got, want)
				}
			}
		}
		if !slices.Equal(flows, given) {
			t.Fatal("the flows given were changed")
		}
	})
}

func TestJudgeLines(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines []WeighedLine
		want  Grade
		may   Grade
	}{
		{"the worst counts", []WeighedLine{{Grade: Low, Imports: 60}, {Grade: High, Imports: 40}}, High, ""},
		{"a line of less than a tenth does not", []WeighedLine{{Grade: Low, Imports: 95}, {Grade: High, Imports: 5}}, Low, ""},
		{"what is open stays open", []WeighedLine{{Grade: Low, Imports: 50}, {Grade: Low, MayBe: High, Imports: 50}}, Low, High},
		{"what is open is no worse than what is told", []WeighedLine{{Grade: High, Imports: 50}, {Grade: Low, MayBe: Moderate, Imports: 50}}, High, ""},
		{"what cannot be told gives way", []WeighedLine{{Grade: CannotTell, MayBe: High, Imports: 50}, {Grade: Moderate, Imports: 50}}, Moderate, High},
		{"nothing", nil, CannotTell, ""},
	} {
		if got, may := JudgeLines(c.lines); got != c.want || may != c.may {
			t.Errorf("%s: %s, may be %q; want %s, %q", c.name, got, may, c.want, c.may)
		}
	}
}

func TestScreensOverTheYears(t *testing.T) {
	var flows []Flow
	for y, china := range map[int]float64{2020: 40, 2021: 95, 2022: 95, 2023: 95, 2024: 95} { // millions
		flows = append(flows, Flow{y, "CN", "KR", "811010", 1e6 * china, 1}, Flow{y, "JP", "KR", "811010", 1e6 * (100 - china), 1})
	}
	trade := NewTrade(flows)
	if n := FirstYears(trade, "KR", "CN", 2024); n != 4 {
		t.Errorf("China comes first for %d years, not four", n)
	}
	now := ScreensOf(trade, "KR", "CN", 2024, 0.96)
	Persisting(now, trade, "KR", "CN", 2024, 0.96)
	seen := map[string]Screen{}
	for _, s := range now {
		seen[s.ID] = s
	}
	if s := seen["MOTIE_90"]; !s.Flagged || s.Years != 4 || s.Of != 5 {
		t.Errorf("MOTIE: %+v; flagged in four years of five", s)
	}
	if s := seen["KITA"]; !s.Flagged {
		t.Errorf("KITA: %+v; first for three years, above 70 %%", s)
	}
	if s := seen["OWN"]; s.Flagged || s.Limit != 0.96 || s.Of != 5 {
		t.Errorf("own: %+v; 95 %% is below the limit asked", s)
	}
	if ScreensOf(trade, "KR", "CN", 2019, 0) != nil {
		t.Error("a year without imports has screens")
	}
}

func TestTrendOfShareNeedsFourYears(t *testing.T) {
	var flows []Flow
	for i, china := range []float64{90, 80, 70, 60} {
		flows = append(flows, Flow{2020 + i, "CN", "KR", "811010", china, 1}, Flow{2020 + i, "VN", "KR", "811010", 100 - china, 1}, Flow{2020 + i, "CN", "VN", "811010", 50, 1})
	}
	trade := NewTrade(flows)
	s, ok := TrendOfShare(trade, "KR", "CN", 2019, 2023, ByValue)
	if !ok || s.N != 4 || len(s.Shares) != 5 || Known(s.Shares[0]) {
		t.Fatalf("%+v", s)
	}
	near(t, "slope", s.Test.Sen, -0.1, 1e-12)
	near(t, "share of the last three years", s.Late, 0.7, 1e-12)
	near(t, "with one step Vietnam's is Chinese", s.ChangeOneStep, 0, 1e-12)
	if s.Drivers[0].Who != "CN" {
		t.Errorf("China drove it: %+v", s.Drivers)
	}
	if _, ok := TrendOfShare(trade, "KR", "CN", 2021, 2023, ByValue); ok {
		t.Error("three years are a trend")
	}
	years, largest := Largest(trade, "", 2019, 2023, 1)
	if !reflect.DeepEqual(years, []int{2020, 2021, 2022, 2023}) || len(largest) != 1 || largest[0].Country != "CN" {
		t.Errorf("%v %v", years, largest)
	}
}

func TestCommonBasis(t *testing.T) {
	with, without := []Flow{{Mass: 1}, {Mass: 2}}, []Flow{{Mass: Unknown()}, {Mass: 2}}
	if CommonBasis(with, with) != ByMass || CommonBasis(with, without) != ByValue {
		t.Error("masses count only where both years have them")
	}
}

func TestGeoPolRangeNamesWhatIsNotEstimated(t *testing.T) {
	risk, score, without := GeoPolRange([]Part{{"CN", 60}, {"XX", 40}}, Range{0, 100}, Range{0.5, 0.6}, map[string]float64{"CN": 0.5})
	near(t, "least risk", risk.Low, 60*0.5/200, 1e-12)
	near(t, "most risk", risk.High, (60*0.5+40)/100, 1e-12)
	near(t, "most score", score.High, 0.6*risk.High, 1e-12)
	if !reflect.DeepEqual(without, []string{"XX"}) {
		t.Errorf("without an estimate: %v", without)
	}
}

func TestDisruptionOfProducers(t *testing.T) {
	parts := []Part{{"CN", 70}, {"US", 10}, {"XX", 10}}
	whole, terms := Disruption(parts, 10, map[string]float64{"CN": 0.5, "US": 0.9}, "US")
	near(t, "at least", whole.Low, 0.49*0.5, 1e-12)
	near(t, "at most: XX fails, and the rest as one country", whole.High, 0.49*0.5+0.01+0.01, 1e-12)
	if terms[0].Country != "CN" || terms[len(terms)-1].Country != "US" || terms[len(terms)-1].Factor != Exactly(0) {
		t.Errorf("terms: %+v", terms)
	}
	r := GeometricRiskRange(whole, Range{0.5, 1}, Range{0, 1})
	near(t, "nothing is known of the vulnerability", r.Low, 0, 1e-12)
	near(t, "most", r.High, math.Cbrt(whole.High), 1e-12)
	if none, _ := Disruption(nil, 0, nil, "US"); Known(none.Low) {
		t.Error("no producers, yet a disruption")
	}
}

func TestCourseOfTheStock(t *testing.T) {
	s := Scenario{Kind: Delay, Demand: 365, Stock: 30, Share: 1, Wait: 60, Horizon: 730}
	c := s.Course()
	if last := c[len(c)-1]; last.Day != 120 || last.Stock != 0 {
		t.Errorf("it ends on day %d with %v: twice the wait is enough", last.Day, last.Stock)
	}
	for i, d := range c {
		near(t, "stock", d.Stock, math.Max(0, 30-float64(d.Day)), 1e-9)
		near(t, "not met", d.Unmet, math.Min(30, math.Max(0, float64(d.Day)-30)), 0.51) // the day of the return counts half
		if i > 0 && d.Day <= c[i-1].Day {
			t.Fatal("days go back")
		}
	}
	s.Kind = PriceK
	if c := s.Course(); c[len(c)-1].Day > 730 || len(c) < 2 {
		t.Errorf("without a turn it is the horizon: %v", c[len(c)-1])
	}
}
