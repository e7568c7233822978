package fact

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lodestone/internal/quant"
	"lodestone/internal/vocab"
)

// readComposition reads a composition alone and returns it in canonical notation with its problems, one a line.
func readComposition(t testing.TB, r *Reader, text string) (got, problems string) {
	t.Helper()
	var it Item
	var lines []string
	if p := r.Set(&it, colComposition, text); p != nil {
		lines = append(lines, p.Error())
	}
	for _, p := range it.pending {
		lines = append(lines, p.Error())
	}
	return string(AppendComposition(nil, &it)), strings.Join(lines, "\n")
}

func TestComposition(t *testing.T) {
	r := NewReader(testVocab(t), Defaults{})
	for _, c := range []struct{ text, want string }{
		{"Nd 29.5%; Dy 0.1-0.3%; Tb <0.01%; Co present; Sm none", "Nd 29.5%; Dy 0.1-0.3%; Tb <0.01%; Co present; Sm none"},
		{"Nd 29.5, Dy 0.1～0.3, Tb ≤ 0.01", "Nd 29.5%; Dy 0.1-0.3%; Tb <=0.01%"},
		{"钕30%,镝3%,铁65%", "Nd 30%; Dy 3%; Fe 65%"},
		{"钕30%镝3%铁65%", "Nd 30%; Dy 3%; Fe 65%"},
		{"钕：30％、镝：3％；余量铁", "Nd 30%; Dy 3%; balance Fe"},
		{"钕(Nd) 30%; 镝含量 3%; 含铽0.5%", "Nd 30%; Dy 3%; Tb 0.5%"},
		{"네오디뮴 30%\n디스프로슘 3% 이하\n철 잔부", "Nd 30%; Dy <=3%; balance Fe"},
		{"neodymium 30 wt%; Iron bal.", "Nd 30%; balance Fe"},
		{"Nd=30; balance Fe; rest none", "Nd 30%; balance Fe; rest none"},
		{"Nd 30; Fe 余量; 其余无", "Nd 30%; balance Fe; rest none"},
		{"Fe 65%; balance Fe", "Fe 65%; balance Fe"},
		{"Dy 300 ppm", "Dy 0.03%"},
		{"Dy 300-500ppm", "Dy 0.03-0.05%"},
		{"Dy 300ppm to 0.1%", "Dy 0.03-0.1%"},
		{"Dy 0.1至0.3%", "Dy 0.1-0.3%"},
		{"Dy >0.1 <0.3", "Dy >0.1 <0.3%"},
		{"Dy 0.2±0.05%", "Dy 0.15-0.25%"},
		{"Dy max 0.3; Tb 0.2% max; Nd min. 29", "Dy <=0.3%; Tb <=0.2%; Nd >=29%"},
		{"镝不大于0.3%；铽至少0.1%；钕30%以上", "Dy <=0.3%; Tb >=0.1%; Nd >=30%"},
		{"Nd 29,5%; Dy 0,3%", "Nd 29.5%; Dy 0.3%"},
		{"29.5% Nd; 0.3 % Dy", "Nd 29.5%; Dy 0.3%"},
		{"Nd, Fe, B", "Nd present; Fe present; B present"},
		{"Tb 0%", "Tb none"},
		{"不含镝；no Tb", "Dy none; Tb none"},
		{"Nd30Fe65", "Fe present; Nd present"}, // the figures of a formula count atoms
		{"镝 无; 铽 不含", "Dy none; Tb none"},
		{"WC 94%; Co 6%", "C present; W present; Co 6%"},
		{"三氧化二镝 3%", "O present; Dy present"},
		{"NdFeB 95%", "B present; Fe present; Nd present"},
	} {
		got, problems := readComposition(t, r, c.text)
		if got != c.want {
			t.Errorf("%s:\n got %s\nwant %s\n%s", c.text, got, c.want, problems)
		}
	}
}

func TestCompositionProblems(t *testing.T) {
	r := NewReader(testVocab(t), Defaults{})
	for _, c := range []struct{ text, want string }{
		{"Nd 70; Fe 34.2", "composition: adds up to 104.2 %"},
		{"Dy2O3 60%; Y2O3 50%", "composition: adds up to 110 %"},
		{"Nd 29,5%, Dy 3%", "the comma after"},
		{"Nd 130%", "is more than 100 %"},
		{"Nd 0.3-0.1", "ends before it begins"},
		{"Nd -3%", "is below zero"},
		{"Nd 30 furlongs", `30 furlongs: unit "furlongs" is not known`},
		{"Nd 30 at%", "at% is a unit of atomic_fraction"},
		{"Nd 30; Nd 31", "Nd stands twice"},
		{"balance Fe; balance Co", "both Fe and Co take the remainder"},
		{"Fe none; balance Fe", "is none and takes the remainder"},
		{"balance", `"" is no element`},
		{"不含镝 3%", "says both none and an amount"},
		{"Dy none; Dy2O3 0.15%", "Dy is none and stands in"},
		{"Nd 3" + strings.Repeat("0", 20), "more than 18 digits"},
		{strings.Repeat("Nd 0;", 201), "more than 200 entries"},
		// warnings
		{"ND 30%", `composition: "ND" is no element; the entry "ND 30%" is set aside, what it holds stays unknown (Nd)`},
		{"CO 30%", `"CO" is no element; the entry "CO 30%" is set aside, what it holds stays unknown (Co)`},
		{"nd 30%", `"nd" is no element; the entry "nd 30%" is set aside, what it holds stays unknown (Nd)`},
		{"neodimium 30%", `"neodimium" is no element; the entry "neodimium 30%" is set aside, what it holds stays unknown (neodymium)`},
		{"稀土 30%", "稀土 30%: does not say which; each of them may be contained (the elements by name)"},
		{"Dy2O3 0.15%", "Dy2O3 0.15%: its elements are read as present; their shares are not computed from a formula"},
		{"氧化镝 0.15%", "their shares are not computed"},
		{"Dy2O3 none", "says nothing of the elements"},
		{"Dy ~0.3%", "about is no amount; read as present"},
		{"Dy n.d.", "not detected is no amount"},
		{"others 0.5%", "not said of what"},
		{"impurities none", "does not say of what"},
	} {
		if _, problems := readComposition(t, r, c.text); !strings.Contains(problems, c.want) {
			t.Errorf("%s:\n got %s\nwant %s", clip(c.text), problems, c.want)
		}
	}
}

func TestCompositionKeepsWords(t *testing.T) {
	r := NewReader(testVocab(t), Defaults{})
	var it Item
	r.Set(&it, colComposition, "钕：３０％；Dy2O3 0.15%")
	want := []string{"钕：３０％", "Dy2O3 0.15%", "Dy2O3 0.15%"}
	for i, c := range it.Contents {
		if c.Words != want[i] {
			t.Errorf("words of %s are %q, want %q", c.Element, c.Words, want[i])
		}
	}
	if len(it.Contents) != 3 {
		t.Errorf("%d contents", len(it.Contents))
	}
}

// Elements that a formula also contains may be stated besides it, in either order.
func TestFormulaBesideElement(t *testing.T) {
	r := NewReader(testVocab(t), Defaults{})
	for _, text := range []string{"Dy 0.13%; Dy2O3 0.15%", "Dy2O3 0.15%; Dy 0.13%"} {
		if got, _ := readComposition(t, r, text); !strings.Contains(got, "Dy 0.13%") || !strings.Contains(got, "O present") {
			t.Errorf("%s: %s", text, got)
		}
	}
}

func drawShare(t *rapid.T) quant.Range {
	number := func(name string) quant.Decimal {
		return quant.MustDecimal(rapid.StringMatching(`[0-4](\.[0-9]{1,6})?`).Draw(t, name))
	}
	low, high := number("low"), number("high")
	if low.Cmp(high) > 0 {
		low, high = high, low
	}
	r := quant.Range{}
	switch rapid.IntRange(0, 4).Draw(t, "shape") {
	case 1:
		return quant.Exactly(high)
	case 2:
		r = quant.AtLeast(low, rapid.Bool().Draw(t, "over"))
	case 3:
		r = quant.AtMost(high, high.Sign() > 0 && rapid.Bool().Draw(t, "under")) // nothing is below zero
	case 4:
		r = quant.Between(low, high)
		r.Over, r.Under = rapid.Bool().Draw(t, "over"), rapid.Bool().Draw(t, "under")
		if r.Empty() {
			return quant.Exactly(high)
		}
	}
	return r
}

// What is printed reads the same.
func TestCompositionRoundTrip(t *testing.T) {
	reader := NewReader(testVocab(t), Defaults{})
	rapid.Check(t, func(t *rapid.T) {
		var it Item
		elements := rapid.SliceOfNDistinct(rapid.IntRange(1, 118), 0, 12, rapid.ID[int]).Draw(t, "elements")
		for _, e := range elements {
			c := Content{Element: vocab.Element(e), Source: Column, Share: drawShare(t)}
			if isZero(c.Share) || rapid.IntRange(0, 5).Draw(t, "none") == 0 {
				c.None, c.Share = true, quant.Range{}
			} else if it.BalanceOf == 0 && e != nobelium && rapid.IntRange(0, 9).Draw(t, "balance") == 0 {
				it.BalanceOf = c.Element
			}
			it.Contents = append(it.Contents, c)
		}
		it.Closed = rapid.Bool().Draw(t, "closed")
		checkRoundTrip(t, reader, &it)
	})
}

// nobelium is left out as a balance: "balance No" reads as "no balance". Nobody ships it.
const nobelium = 102

type failer interface{ Fatalf(string, ...any) }

func checkRoundTrip(t failer, r *Reader, it *Item) {
	text := string(AppendComposition(nil, it))
	var back Item
	if p := r.Set(&back, colComposition, text); p != nil {
		t.Fatalf("%s: %v", text, p)
	}
	if len(back.Contents) != len(it.Contents) || back.Closed != it.Closed || back.BalanceOf != it.BalanceOf {
		t.Fatalf("%s reads back as %s", text, AppendComposition(nil, &back))
	}
	for i, c := range back.Contents {
		was := it.Contents[i]
		if was.None {
			was.Share = quant.Range{}
		}
		if c.None {
			c.Share = quant.Range{}
		}
		if c.Element != was.Element || c.None != was.None || c.Share.String() != was.Share.String() {
			t.Fatalf("%s reads back as %s", text, AppendComposition(nil, &back))
		}
	}
}

func FuzzComposition(f *testing.F) {
	for _, s := range []string{
		"Nd 29.5%; Dy 0.1-0.3%; Tb <0.01%; Co present; Sm none", "钕30%,镝3%,铁65%", "Dy2O3 0.15%; balance Fe; rest none",
		"钕：30％、余量铁", "Nd 29,5%; Dy ≤0,3", "Fe bal.", "29.5% Nd", "Dy >0.1 <0.3", "Nd 30±1 wt%", "Ca(OH)2 3%", "其他 0.5%", "WC 94", "CO2",
	} {
		f.Add(s)
	}
	r := NewReader(testVocab(f), Defaults{})
	f.Fuzz(func(t *testing.T, text string) {
		var it Item
		if p := r.Set(&it, colComposition, text); p != nil && !p.Warning {
			return
		}
		if it.BalanceOf == nobelium {
			return
		}
		for _, c := range it.Contents {
			if c.Share.Empty() || !strings.Contains(text, c.Words) {
				t.Fatalf("%q: share %s of words %q", text, c.Share, c.Words)
			}
		}
		checkRoundTrip(t, r, &it)
	})
}
