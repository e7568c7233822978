package enforce

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lodestone/internal/when"
)

// tables are small tables of the tests' own.
func tables() *Tables {
	t := &Tables{
		Laws:        []LawName{{Name: "出口管制法"}, {Name: "海关行政处罚裁量基准(一)"}, {Name: "行政处罚法"}},
		Leniency:    []Article{{Law: "海关行政处罚裁量基准(一)", Article: 8, Means: Mitigated}, {Law: "行政处罚法", Article: 33, Paragraph: 1, Means: None}, {Law: "行政处罚法", Article: 32, Means: LighterOrMitigate}},
		Floor:       Article{Law: "出口管制法", Article: 34},
		Crosswalk:   Crosswalk{Classes: map[string]string{"dual_use": "dual_use", "other": "none"}},
		ConductTags: map[string][]string{},
		LawClasses:  map[string][]string{"x": {"dual_use"}},
	}
	for _, c := range Conducts {
		t.ConductTags[c] = nil
	}
	t.ConductTags["no_licence"] = []string{"unlicensed"}
	t.Penalties = Penalties{
		Measures: []Measure{{ID: "turnover"}, {ID: "gains"}, {ID: "illegal_turnover"}},
		Laws:     []PenaltyLaw{{ID: "x", Zh: "出口管制法", InForce: "2020-12-01"}},
		Provisions: []Provision{{ID: "x-34-1", Law: "x", Article: 34, Item: 1, Tags: []string{"unlicensed"}, ConfiscateGains: true, Bands: []Band{
			{Measure: "illegal_turnover", AtLeast: 500000, Unit: "multiple", Of: "illegal_turnover", Low: 5, High: 10},
			{Measure: "illegal_turnover", Below: 500000, OrNone: true, Unit: "rmb", Low: 500000, High: 5000000}}}},
		Tiers: []Tier{{ID: Lighter, Grounds: []Ground{{ID: "cooperated", Basis: "benchmark 9(2)"}}}},
	}
	return t
}

// record is an export decision with a fine and a value; 0 leaves one out.
func record(id string, fine, value int64) Record {
	r := Record{ID: id, RecordType: PenaltyDecision, TextKind: "decision_full", Direction: "export", ItemClass: "dual_use", ExportControl: true, Conduct: []string{"no_licence"},
		GoodsCategory: ptr("graphite")}
	if fine > 0 {
		r.Penalty.Fines, r.Penalty.FineTotal = []Number{Whole(fine)}, ptr(Whole(fine))
	}
	if value > 0 {
		r.ViolationValue = ptr(Whole(value))
	}
	return r
}

func ptr[T any](v T) *T { return &v }

func five() []Record {
	return []Record{record("a", 10, 100), record("b", 20, 100), record("c", 30, 100), record("d", 40, 100), record("e", 1000, 10)}
}

func TestRatiosStandTogetherWithTheirNumber(t *testing.T) {
	s := Compute(tables(), five(), Question{})
	r := s.Ratio
	for _, c := range []struct {
		what string
		got  *float64
		want float64
	}{{"mean of ratios", r.MeanOfRatios, 20.2}, {"pooled", r.Pooled, 1100.0 / 410}, {"median", r.Median, 0.3}, {"first quartile", r.Q1, 0.2}, {"third quartile", r.Q3, 0.4}, {"low", r.Low, 0.1}, {"high", r.High, 100}} {
		if c.got == nil || math.Abs(*c.got-c.want) > 1e-9 {
			t.Errorf("%s is %v, want %v", c.what, c.got, c.want)
		}
	}
	if r.N != 5 {
		t.Errorf("n is %d", r.N)
	}
}

func TestNoRateUnderFive(t *testing.T) {
	s := Compute(tables(), five()[:4], Question{By: []string{"class"}})
	if s.Ratio.MeanOfRatios != nil || s.Ratio.Pooled != nil || s.Ratio.N != 4 || s.Tables[0].Rows[0].Share != nil || s.Tables[0].Rows[0].Why == "" {
		t.Errorf("four cases give rates: %+v", s)
	}
}

func TestPagesOfOneCaseAreMergedAndCanBeParted(t *testing.T) {
	a, b, c := record("a", 50, 100), record("b", 50, 100), record("c", 50, 100)
	c.DecisionNumber = ptr("甲关缉违字〔2025〕0012号")
	d := record("d", 70, 100)
	d.DecisionNumber = ptr("甲关缉违字[2025]12号")
	all := []Record{a, b, c, d}
	cases := Merge(all, nil)
	if len(cases) != 2 || cases[0].By != "fine, value and goods" || !slices.Equal(cases[1].Pages, []string{"c", "d"}) || cases[1].By != "number" {
		t.Errorf("cases: %+v", cases)
	}
	if n := len(Merge(all, []string{"b"})); n != 3 {
		t.Errorf("parted, there are %d cases, want 3", n)
	}
	if s := Compute(tables(), all, Question{}); len(s.Merged) != 2 || s.Units.Cases != 2 || s.Units.Pages != 4 {
		t.Errorf("merged: %+v, units %+v", s.Merged, s.Units)
	}
	if s := Compute(tables(), all, Question{Separate: true}); s.Units.Cases != 4 || s.Unit != "page" {
		t.Errorf("separate: %+v", s.Units)
	}
}

func TestWhatIsCounted(t *testing.T) {
	notice, lawful, gone, late := record("n", 10, 100), record("i", 11, 100), record("g", 12, 100), record("l", 13, 100)
	notice.RecordType = SeizureNotice
	lawful.ExportControl = false
	gone.Collected = &Collected{Frame: "f", FirstSeen: when.Day(2026, 1, 1), Withdrawn: ptr(when.Day(2026, 3, 1))}
	late.Collected = &Collected{Frame: "f", FirstSeen: when.Day(2026, 5, 1)}
	all := []Record{notice, lawful, gone, late}
	for _, c := range []struct {
		q    Question
		want int
	}{{Question{}, 1}, {Question{All: true}, 2}, {Question{KnownBy: when.Day(2026, 2, 1)}, 1}, {Question{KnownBy: when.Day(2026, 6, 1), All: true}, 2}, {Question{From: when.Day(2020, 1, 1)}, 0}} {
		if s := Compute(tables(), all, c.q); s.Units.Cases != c.want {
			t.Errorf("%+v counts %d cases, want %d; left out %v", c.q, s.Units.Cases, c.want, s.LeftOut)
		}
	}
}

func TestGrowthNeedsOneFrame(t *testing.T) {
	var all []Record
	for i := range 12 {
		r := record(string(rune('a'+i)), int64(i+1), 100)
		r.DecisionDate = ptr(when.Day(2024+i/6, 3, 1+i))
		r.Collected = &Collected{Frame: "one"}
		all = append(all, r)
	}
	period := func() StatRow { return Compute(tables(), all, Question{By: []string{"period"}}).Tables[0].Rows[1] }
	if r := period(); r.Key != "2025H1" || r.Growth == nil || *r.Growth != 0 {
		t.Errorf("within a frame: %+v", r)
	}
	all[0].Collected.Frame = "two"
	if r := period(); r.Growth != nil || !strings.Contains(r.Why, "frame") {
		t.Errorf("across frames: %+v", r)
	}
}

func TestQuantilesLieInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		xs := rapid.SliceOfN(rapid.Float64Range(0, 1e6), 1, 50).Draw(t, "xs")
		slices.Sort(xs)
		last := xs[0]
		for _, at := range []float64{0, 0.25, 0.5, 0.75, 1} {
			v := Quantile(xs, at)
			if v < last || v > xs[len(xs)-1] {
				t.Fatalf("quantile %v of %v is %v, after %v", at, xs, v, last)
			}
			last = v
		}
	})
}

// Rows of an exclusive table add up to the number of cases, whatever the records.
func TestExclusiveTablesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []Record
		for i := range rapid.IntRange(0, 20).Draw(t, "n") {
			r := record(string(rune('a'+i)), rapid.Int64Range(0, 3).Draw(t, "fine"), rapid.Int64Range(0, 2).Draw(t, "value"))
			r.ItemClass = rapid.SampledFrom(Classes).Draw(t, "class")
			all = append(all, r)
		}
		s := Compute(tables(), all, Question{})
		for _, table := range s.Tables {
			sum := 0
			for _, r := range table.Rows {
				sum += r.N
			}
			if table.Exclusive && sum != s.Units.Cases {
				t.Fatalf("by %s: %d in rows, %d cases", table.By, sum, s.Units.Cases)
			}
		}
	})
}

func TestBandsOfALaw(t *testing.T) {
	for _, c := range []struct {
		value     *Number
		low, high float64
	}{{nil, 500000, 5000000}, {ptr(Whole(499999)), 500000, 5000000}, {ptr(Whole(500000)), 2500000, 5000000}} {
		o, err := Estimate(tables(), nil, Facts{Conduct: []string{"no_licence"}, Class: "dual_use", Value: c.value, On: when.Day(2026, 1, 1)})
		if err != nil {
			t.Fatal(err)
		}
		if len(o.Bands) != 1 || *o.Bands[0].Low != c.low || *o.Bands[0].High != c.high || !o.Consequences.ConfiscateGains {
			t.Errorf("value %v: %+v", c.value, o.Bands)
		}
	}
	before, _ := Estimate(tables(), nil, Facts{Conduct: []string{"no_licence"}, On: when.Day(2019, 1, 1)})
	if len(before.Bands) != 0 || len(before.Notes) == 0 {
		t.Errorf("before the law was in force: %+v", before.Bands)
	}
}

func TestEstimateIsNeverARateWithoutItsNumber(t *testing.T) {
	f := Facts{Conduct: []string{"no_licence"}, Value: ptr(Whole(100)), On: when.Day(2026, 1, 1)}
	few, _ := Estimate(tables(), five()[:4], f)
	if few.Comparable.N != 4 || few.Comparable.Ratio.Median != nil || few.Comparable.Fines.Median != nil || !strings.Contains(few.Statement, "only") {
		t.Errorf("four decisions: %+v", few.Comparable)
	}
	enough, _ := Estimate(tables(), five(), f)
	if enough.Comparable.N != 5 || enough.Comparable.Ratio.Median == nil || !strings.Contains(enough.Statement, "not a forecast") {
		t.Errorf("five decisions: %+v", enough.Comparable)
	}
	if last := enough.Comparable.Cases[4]; last.Case != "e" {
		t.Errorf("the furthest in value is %s, want e", last.Case)
	}
	smuggled := five()
	for i := range smuggled {
		smuggled[i].Conduct = []string{"smuggling", "no_licence"}
	}
	if o, _ := Estimate(tables(), smuggled, f); o.Comparable.N != 0 {
		t.Error("smuggling is compared with what is none")
	}
}

func TestEstimateRefusesUnknownWords(t *testing.T) {
	for _, f := range []Facts{{Conduct: []string{"no_license"}}, {Basis: []string{"出口管制法 99"}}, {Basis: []string{"nonsense"}}, {Conduct: []string{"no_licence"}, Grounds: []string{"cooperatd"}}, {Conduct: []string{"no_licence"}, Class: "dual"}} {
		if _, err := Estimate(tables(), nil, f); err == nil {
			t.Errorf("%+v is taken", f)
		}
	}
	_, err := Estimate(tables(), nil, Facts{Conduct: []string{"no_licence"}, Grounds: []string{"cooperatd"}})
	if err == nil || !strings.Contains(err.Error(), "cooperated was probably meant") {
		t.Errorf("no suggestion: %v", err)
	}
}

func TestBelowTheFloor(t *testing.T) {
	for _, c := range []struct {
		fine, value int64
		below       bool
	}{{499999, 100, true}, {500000, 100, false}, {2999999, 600000, true}, {3000000, 600000, false}, {499999, 0, true}} {
		r := record("x", c.fine, c.value)
		r.LegalBasis = []Basis{{Law: "出口管制法", Article: 34}}
		r.Complete(tables())
		if r.BelowMinimum == nil || *r.BelowMinimum != c.below || len(r.Derived["fine_below_statutory_minimum"]) == 0 {
			t.Errorf("fine %d of %d: below %v, want %v", c.fine, c.value, r.BelowMinimum, c.below)
		}
	}
}

func TestLeniencyByArticle(t *testing.T) {
	basis := []Basis{{Law: "行政处罚法", Article: 32}, {Law: "海关行政处罚裁量基准(一)", Article: 8}}
	if word, at := tables().ByArticle(basis); word != Mitigated || at != 1 {
		t.Errorf("%s by citation %d", word, at)
	}
	if word, _ := tables().ByArticle(basis[:1]); word != LighterOrMitigate {
		t.Errorf("article 32 alone: %s", word)
	}
	if word, _ := tables().ByArticle([]Basis{{Law: "行政处罚法", Article: 33}}); word != "" {
		t.Errorf("article 33 without its paragraph: %s", word)
	}
}

func TestRecordsAreReadStrictly(t *testing.T) {
	good := record("a", 10, 100)
	good.Conduct, good.Leniency = []string{"no_licence"}, ptr(Unstated)
	line, err := json.Marshal(good)
	if err != nil {
		t.Fatal(err)
	}
	again, err := ReadRecord(line)
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := json.Marshal(again); string(b) != string(line) {
		t.Errorf("a record reads back as %s", b)
	}
	for _, c := range []struct{ from, to, says string }{
		{`"id":"a"`, `"id":""`, "no id"}, {`"no_licence"`, `"no_license"`, "no_licence was probably meant"}, {`"id":"a"`, `"id":"a","colour":1`, "colour"},
		{`"fine_total_rmb":10`, `"fine_total_rmb":"10"`, "not a number"},
	} {
		_, err := ReadRecord([]byte(strings.Replace(string(line), c.from, c.to, 1)))
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.to, err)
		}
	}
}

func FuzzReadRecord(f *testing.F) {
	f.Add([]byte(`{"id":"a","record_type":"penalty_decision","direction":"export","item_class":"other"}`))
	f.Add([]byte(`{"id":"a","problem":{}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := ReadRecord(b)
		if err != nil {
			return
		}
		Compute(tables(), []Record{r, r}, Question{All: true})
	})
}
