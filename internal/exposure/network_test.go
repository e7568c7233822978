package exposure

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestMaximiseIsBest proves each answer by its dual: a feasible point and feasible prices of the same worth are both best.
func TestMaximiseIsBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns, rows := rapid.IntRange(1, 6).Draw(t, "columns"), rapid.IntRange(1, 6).Draw(t, "rows")
		size := rapid.SampledFrom([]float64{1e-3, 1, 1e6}).Draw(t, "size")
		number := rapid.Custom(func(t *rapid.T) float64 { return float64(rapid.IntRange(-4, 9).Draw(t, "number")) })
		c := rapid.SliceOfN(number, columns, columns).Draw(t, "gains")
		var a [][]float64
		var b []float64
		for range rows {
			a, b = append(a, rapid.SliceOfN(number, columns, columns).Draw(t, "row")), append(b, size*float64(rapid.IntRange(0, 9).Draw(t, "right")))
		}
		for j := range columns { // bounded, as every programme here
			row := make([]float64, columns)
			row[j] = 1
			a, b = append(a, row), append(b, 10*size)
		}
		s := maximise(c, a, b)
		within := 1e-7 * size
		worth, price := 0.0, 0.0
		for j, x := range s.x {
			if x < -within {
				t.Fatalf("x%d is %v", j, x)
			}
			worth += c[j] * x
		}
		for i := range a {
			sum := 0.0
			for j, x := range s.x {
				sum += a[i][j] * x
			}
			if sum > b[i]+within || s.worth[i] < -1e-7 {
				t.Fatalf("row %d: %v of %v, worth %v", i, sum, b[i], s.worth[i])
			}
			price += s.worth[i] * b[i]
		}
		for j := range c {
			sum := 0.0
			for i := range a {
				sum += s.worth[i] * a[i][j]
			}
			if sum < c[j]-1e-7 {
				t.Fatalf("column %d gains %v for %v", j, c[j], sum)
			}
		}
		if math.Abs(worth-price) > 100*within || math.Abs(worth-s.best) > 100*within {
			t.Fatalf("worth %v, prices %v, told %v", worth, price, s.best)
		}
	})
}

// magnets is a chain: an oxide from China and, within bounds, from elsewhere; a store of it; a plant that makes magnets of it, three units of oxide each.
func magnets(elsewhere float64) Network {
	return Network{Sites: []Site{
		{Name: "source", Country: "CN", Makes: "oxide", Capacity: math.Inf(1), Recover: 60},
		{Name: "other", Country: "AU", Makes: "oxide", Capacity: elsewhere, Recover: 30},
		{Name: "store", Country: "KR", Makes: "oxide", Stock: 90},
		{Name: "plant", Country: "KR", Makes: "magnet", Needs: []Need{{"oxide", 3}}, Capacity: math.Inf(1), Stock: 10, Recover: 20},
	}, Demands: []Demand{{"magnet", 365, 100}}}
}

func TestNetworkSurvivesAsItsStocksSay(t *testing.T) {
	for _, c := range []struct {
		name             string
		elsewhere        float64
		cut              int
		survive, lost    float64
		scarceDays, acts float64
	}{
		{"no other source: ten magnets and oxide for thirty", 0, 0, 40, 20, 1.0 / 3, 1},
		{"another source for half: I/(d - a)", 1.5 * 365, 0, 80, 0, 2.0 / 3, 0},
		{"the plant: its own magnets do not count", 0, 3, 0, 20, 0, 1},
		{"a source that nobody waits for", 100, 1, math.Inf(1), 0, 0, 0},
	} {
		n := magnets(c.elsewhere)
		if err := n.Check(); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		cut := make([]bool, len(n.Sites))
		cut[c.cut] = true
		s := n.Cut(cut, 730)
		if s.Survive != c.survive {
			near(t, c.name+": time to survive", s.Survive, c.survive, 1e-6)
		}
		near(t, c.name+": margin lost", s.Margin, 100*c.lost, 1e-4)
		if s.Act != (c.acts == 1) {
			t.Errorf("%s: act is %v", c.name, s.Act)
		}
		for _, x := range s.Scarce {
			if x.Item == "oxide" {
				near(t, c.name+": days of a unit of oxide", 1/x.PerDay, c.scarceDays, 1e-6)
			}
		}
	}
}

func TestNetworkGivesUpTheLeastMargin(t *testing.T) {
	n := Network{Sites: []Site{
		{Name: "source", Country: "CN", Makes: "oxide", Capacity: math.Inf(1), Recover: 100},
		{Name: "store", Country: "KR", Makes: "oxide", Stock: 100},
		{Name: "a", Country: "KR", Makes: "motor", Needs: []Need{{"oxide", 1}}, Capacity: math.Inf(1)},
		{Name: "b", Country: "KR", Makes: "speaker", Needs: []Need{{"oxide", 1}}, Capacity: math.Inf(1)},
	}, Demands: []Demand{{"speaker", 365, 5}, {"motor", 365, 50}}}
	s := n.Cut([]bool{true, false, false, false}, 730)
	near(t, "both last", s.Survive, 50, 1e-6)
	if len(s.Lost) != 1 || s.Lost[0].Item != "speaker" {
		t.Fatalf("lost: %+v", s.Lost)
	}
	near(t, "speakers", s.Lost[0].Units, 100, 1e-6)
	near(t, "margin", s.Margin, 500, 1e-4)
}

func TestNetworkOfUnknownRecoveryTellsNoLoss(t *testing.T) {
	n := magnets(0)
	n.Sites[0].Recover = Unknown()
	s := n.Cut([]bool{true, false, false, false}, 730)
	near(t, "time to survive", s.Survive, 40, 1e-6)
	if Known(s.Recover) || Known(s.Margin) || s.Lost != nil || s.Act {
		t.Errorf("%+v", s)
	}
}

func TestNetworkThatMakesNoSense(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Network)
		says   string
	}{
		"a need without a source": {func(n *Network) { n.Sites[3].Needs[0].Item = "alloy" }, "no site makes"},
		"a demand for nothing":    {func(n *Network) { n.Demands[0].Item = "motor" }, "no site makes"},
		"no demand":               {func(n *Network) { n.Demands = nil }, "nothing is asked"},
		"too little capacity":     {func(n *Network) { n.Sites[3].Capacity = 100 }, "even uncut"},
	} {
		n := magnets(0)
		c.change(&n)
		if err := n.Check(); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestNetworkCutsAddUp: a wider cut never survives longer; what is lost begins where survival ends.
func TestNetworkCutsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := Network{Demands: []Demand{{"c", 365, 1}}}
		for i, makes := range []string{"a", "a", "b", "b", "c"} {
			s := Site{Name: string(rune('0' + i)), Makes: makes, Capacity: math.Inf(1), Stock: float64(rapid.IntRange(0, 200).Draw(t, "stock")), Recover: float64(rapid.IntRange(0, 300).Draw(t, "recover"))}
			if i%2 == 1 {
				s.Capacity = float64(rapid.IntRange(0, 800).Draw(t, "capacity"))
			}
			switch makes {
			case "b":
				s.Needs = []Need{{"a", 2}}
			case "c":
				s.Needs = []Need{{"b", 0.5}, {"a", 1}}
			}
			n.Sites = append(n.Sites, s)
		}
		if err := n.Check(); err != nil {
			t.Fatal(err)
		}
		few := rapid.SliceOfN(rapid.Bool(), 5, 5).Draw(t, "cut")
		more := append([]bool{}, few...)
		more[rapid.IntRange(0, 4).Draw(t, "one more")] = true
		a, b := n.Cut(few, 1000), n.Cut(more, 1000)
		if b.Survive > a.Survive+1e-6 || b.Margin < a.Margin-1e-6 {
			t.Fatalf("a wider cut does less: %+v, then %+v", a, b)
		}
		if (a.Margin > 1e-5) != (a.Recover > a.Survive+1e-5) && math.Abs(a.Recover-a.Survive) > 1e-3 {
			t.Fatalf("lost %v, though it survives %v of %v days", a.Margin, a.Survive, a.Recover)
		}
		if !reflect.DeepEqual(a, n.Cut(few, 1000)) {
			t.Fatal("the same cut, another answer")
		}
	})
}
