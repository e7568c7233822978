package trade

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lodestone/internal/exposure"
)

// sameFlow compares two flows to the last bit; a mass that is not given equals itself.
func sameFlow(a, b exposure.Flow) bool {
	return a.Year == b.Year && a.From == b.From && a.To == b.To && a.Line == b.Line && a.Value == b.Value && (a.Mass == b.Mass || math.IsNaN(a.Mass) && math.IsNaN(b.Mass))
}

func byLetters(code string) int { return int(code[0])<<8 | int(code[1]) }

func TestPackedFlowsComeBackToTheLastBit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scale := rapid.SampledFrom([]packedScale{{0, 1}, {3, 1000}}).Draw(t, "scale of values")
		code := rapid.SampledFrom([]string{"CN", "KR", "NA", "TW", "US", "ZZ"})
		flow := rapid.Custom(func(t *rapid.T) exposure.Flow {
			f := exposure.Flow{Year: rapid.IntRange(2002, 2006).Draw(t, "year"), From: code.Draw(t, "from"), To: code.Draw(t, "to"), Line: "050400",
				Value: scale.of(rapid.Uint64Range(1, 1<<40).Draw(t, "value")), Mass: math.NaN()}
			if rapid.Bool().Draw(t, "has a mass") {
				f.Mass = packedScale{3, 1}.of(rapid.Uint64Range(0, 1<<40).Draw(t, "mass"))
			}
			return f
		})
		flows := rapid.SliceOf(flow).Draw(t, "flows")
		data, err := PackFlows(50400, flows, byLetters)
		if err != nil {
			t.Fatal(err)
		}
		got, err := unpackFlows(data)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortStableFunc(flows, func(a, b exposure.Flow) int { return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.To, b.To)) })
		if !slices.EqualFunc(got, flows, sameFlow) {
			t.Fatalf("packed\n%v\ncame back as\n%v", flows, got)
		}
	})
}

func TestPackingRefusesWhatItWouldRound(t *testing.T) {
	for name, f := range map[string]exposure.Flow{
		"a value of many decimals": {Year: 2024, From: "CN", To: "KR", Value: 1.0 / 3},
		"a value below zero":       {Year: 2024, From: "CN", To: "KR", Value: -1},
		"a value too large":        {Year: 2024, From: "CN", To: "KR", Value: 1e300},
		"a mass of many decimals":  {Year: 2024, From: "CN", To: "KR", Value: 1, Mass: 0.00001},
	} {
		if _, err := PackFlows(811010, []exposure.Flow{f}, byLetters); err == nil {
			t.Errorf("%s is packed", name)
		}
	}
}

func TestUnpackingRefusesBrokenParts(t *testing.T) {
	data, err := PackFlows(811010, []exposure.Flow{{Year: 2024, From: "CN", To: "KR", Line: "811010", Value: 5, Mass: 1}, {Year: 2024, From: "JP", To: "KR", Line: "811010", Value: 7, Mass: math.NaN()}}, byLetters)
	if err != nil {
		t.Fatal(err)
	}
	for n := range data {
		if flows, err := unpackFlows(data[:n]); err == nil {
			t.Errorf("%d of %d bytes are read as %v", n, len(data), flows)
		}
	}
	if _, err := unpackFlows(append(slices.Clone(data), 1)); err == nil || !strings.Contains(err.Error(), "do not end") {
		t.Errorf("a byte too many: %v", err)
	}
}

// TestCarriedFlowsAreGrouped keeps what makes questions quick: flows of a line stand year by year, and importer by importer within a year.
func TestCarriedFlowsAreGrouped(t *testing.T) {
	l, err := OpenLibrary("")
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range []string{NameFlows, NameFlows2022, NamePanel} {
		source, _ := l.Source(set)
		rows := 0
		for _, part := range l.files[set] {
			flows, err := unpackPart(part)
			if err != nil {
				t.Fatalf("%s: %v", part.Name, err)
			}
			rows += len(flows)
			seen := map[exposure.Flow]bool{}
			for i, f := range flows {
				group := exposure.Flow{Year: f.Year, To: f.To}
				if i > 0 && f.Year == flows[i-1].Year && f.To == flows[i-1].To {
					continue
				}
				if seen[group] || i > 0 && f.Year < flows[i-1].Year {
					t.Fatalf("%s: imports of %s in %d stand in two places", part.Name, f.To, f.Year)
				}
				seen[group] = true
			}
		}
		if rows != source.Rows {
			t.Errorf("%s holds %d rows, its source %d", set, rows, source.Rows)
		}
	}
}

// TestChaptersAreTheWholeTable holds the parts of a table that is asked by chapter against the table read whole.
func TestChaptersAreTheWholeTable(t *testing.T) {
	l, err := OpenLibrary("")
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range []string{NameUSGS, NameUSGSOld} {
		all, _, err := l.USGS(set)
		if err != nil {
			t.Fatal(err)
		}
		source, _ := l.Source(set)
		if set == NameUSGS && len(all) != source.Rows {
			t.Errorf("%s: %d rows of %d", set, len(all), source.Rows)
		}
		for _, chapter := range []string{"TUNGSTEN", "RARE EARTHS"} {
			some, whole, err := l.USGSChapters(set, func(c, _ string) bool { return c == chapter })
			if err != nil || whole {
				t.Fatal(err, whole)
			}
			var want []Statistic
			for _, s := range all {
				if s.Chapter == chapter {
					want = append(want, s)
				}
			}
			if len(want) == 0 || !slices.Equal(some, want) {
				t.Errorf("%s: chapter %s has %d rows, not the %d of the whole table", set, chapter, len(some), len(want))
			}
		}
	}
}

func FuzzUnpackFlows(f *testing.F) {
	data, err := PackFlows(811010, []exposure.Flow{{Year: 2024, From: "CN", To: "KR", Line: "811010", Value: 5, Mass: 1}}, byLetters)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		flows, err := unpackFlows(data)
		if err != nil {
			return
		}
		for _, x := range flows {
			if x.Year > 9999 || len(x.From) > 16 || len(x.To) > 16 || math.IsInf(x.Value, 0) {
				t.Fatalf("%+v", x)
			}
		}
	})
}
