package chart

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// areasOf are the closed areas of a drawing that have a tip: those that stand for data.
func areasOf(d Drawing) (all []Area) {
	for _, s := range d.Shapes {
		if a, ok := s.(Area); ok && a.Tip != "" {
			all = append(all, a)
		}
	}
	return all
}

func textsOf(d Drawing) (all []Text) {
	for _, s := range d.Shapes {
		if t, ok := s.(Text); ok {
			all = append(all, t)
		}
	}
	return all
}

// extent is the left, right, upper and lower end of an area.
func extent(a Area) (left, right, top, bottom float64) {
	left, top = math.Inf(1), math.Inf(1)
	right, bottom = math.Inf(-1), math.Inf(-1)
	for _, p := range a.Points {
		left, right = math.Min(left, p.X), math.Max(right, p.X)
		top, bottom = math.Min(top, p.Y), math.Max(bottom, p.Y)
	}
	return left, right, top, bottom
}

func long(a Area) float64 { left, right, _, _ := extent(a); return right - left }

func size(a Area) float64 {
	left, right, top, bottom := extent(a)
	return (right - left) * (bottom - top)
}

// inside checks that nothing leaves the drawing: no place, and no text by its measure.
func inside(t interface{ Errorf(string, ...any) }, d Drawing) {
	const play = 0.05
	for _, s := range d.Shapes {
		var points []Point
		switch s := s.(type) {
		case Area:
			points = s.Points
		case Stroke:
			points = s.Points
		case Text:
			from, to := s.At.X, s.At.X+width(s.Text)
			switch s.Anchor {
			case Middle:
				from, to = s.At.X-width(s.Text)/2, s.At.X+width(s.Text)/2
			case End:
				from, to = s.At.X-width(s.Text), s.At.X
			}
			points = []Point{{from, s.At.Y}, {to, s.At.Y}}
		}
		for _, p := range points {
			if !(p.X >= -play && p.X <= d.Wide+play && p.Y >= -play && p.Y <= d.High+play) {
				t.Errorf("%s: %+v leaves the drawing of %v by %v", d.Title, s, d.Wide, d.High)
				return
			}
		}
	}
}

func TestBarsAreAsLongAsTheirValues(t *testing.T) {
	d := Bars("decisions", []Bar{{"2023", 4, "4"}, {"2024", 8, "8"}, {"not known", math.NaN(), "–"}, {"2022", 0, "0"}})
	bars := areasOf(d)
	if len(bars) != 3 {
		t.Fatalf("%d bars; a value that is not known has none", len(bars))
	}
	if a, b := long(bars[0]), long(bars[1]); math.Abs(2*a-b) > 1e-9 || a == 0 {
		t.Errorf("bars of 4 and 8 are %v and %v long", a, b)
	}
	if long(bars[2]) != 0 {
		t.Errorf("the bar of zero is %v long", long(bars[2]))
	}
	if !strings.Contains(d.Desc, "2023 4; 2024 8; not known –") {
		t.Errorf("the description is %q", d.Desc)
	}
	inside(t, d)
	if Bars("nothing", []Bar{{"2023", 0, "0"}}).SVG() != "" {
		t.Error("bars without a count are drawn")
	}
}

func TestTornadoSpansBothEnds(t *testing.T) {
	d := Tornado("unmet", []Swing{{"demand", 80, 120, "80 – 120"}, {"stock", 105, 95, "95 – 105"}}, 100, "100")
	bars := areasOf(d)
	if ratio := long(bars[0]) / long(bars[1]); math.Abs(ratio-4) > 1e-9 {
		t.Errorf("a swing of 40 is %v times as long as one of 10", ratio)
	}
	left, right, _, _ := extent(bars[0])
	for _, s := range d.Shapes {
		if line, ok := s.(Stroke); ok && math.Abs(line.Points[0].X-(left+right)/2) > 1e-9 {
			t.Errorf("the base of 100 stands at %v, a swing of 80 to 120 reaches from %v to %v", line.Points[0].X, left, right)
		}
	}
	inside(t, d)
}

func TestAreasStackToTheWhole(t *testing.T) {
	percent := func(v float64) string { return fmt.Sprintf("%.0f %%", 100*v) }
	d := Areas("suppliers", []string{"2022", "2023", "2024"}, []Layer{{"China", []float64{0.5, 0.6, 0.7}, "70 %"}, {"Japan", []float64{0.3, math.NaN(), 0.1}, "10 %"}}, "others", percent)
	bands := areasOf(d)
	if len(bands) != 3 {
		t.Fatalf("%d bands, not two and the rest", len(bands))
	}
	for i, want := range []float64{0.7, 0.1, 0.2} { // at the last step
		points := bands[i].Points
		if got := (points[0].Y - points[len(points)-1].Y) / (fieldBottom - fieldTop); math.Abs(got-want) > 1e-9 {
			t.Errorf("the last step of band %d is %v high, not %v", i, got, want)
		}
	}
	if rest := bands[2]; rest.Fill != Rest || math.Abs(rest.Points[4].Y-fieldTop) > 1e-9 {
		t.Errorf("the rest of the step where a share is not known does not reach the whole: %+v", rest)
	}
	if d.Desc != "2024: China 70 %; Japan 10 %; others 20 %" {
		t.Errorf("the description is %q", d.Desc)
	}
	inside(t, d)
}

func TestLinesBreakWhereAValueIsNotKnown(t *testing.T) {
	nan := math.NaN()
	d := Lines("prices", []string{"1", "2", "3", "4", "5"}, []Layer{{"gallium", []float64{10, 20, nan, 15, 30}, "30"}, {"germanium", []float64{nan, nan, 5, nan, nan}, "5"}, {"none", []float64{nan, nan, nan, nan, nan}, ""}},
		Scale{Text: func(v float64) string { return fmt.Sprint(v) }})
	runs := map[string]int{}
	for _, s := range d.Shapes {
		if line, ok := s.(Stroke); ok && line.Tip != "" {
			runs[line.Tip]++
			if line.Tip == "gallium" && len(line.Points) != 2 {
				t.Errorf("a run of %d points over the gap", len(line.Points))
			}
		}
	}
	if runs["gallium"] != 2 || runs["germanium"] != 0 {
		t.Errorf("runs: %v; want two of gallium, and a dot alone for germanium", runs)
	}
	all := ""
	for _, x := range textsOf(d) {
		all += x.Text + "|"
	}
	if !strings.Contains(all, "gallium 30|") || !strings.Contains(all, "germanium 5|") || strings.Contains(all, "none") || !strings.Contains(all, "40|") {
		t.Errorf("texts are %s; the scale rounds 30 up to 40, and what has no value has no name", all)
	}
	inside(t, d)
}

func TestScaleIsRound(t *testing.T) {
	for x, want := range map[float64]float64{0.03: 0.04, 1: 1, 1.2: 2, 37: 40, 45: 50, 72: 100, 100: 100, 101: 200} {
		if got := round(x); math.Abs(got-want) > 1e-9 {
			t.Errorf("round(%v) = %v, not %v", x, got, want)
		}
	}
}

func TestSankeyIsAsBroadAsItsFlows(t *testing.T) {
	d := Sankey("trade", "Korea", []Flow{{60, "China 60", false, false}, {40, "others 40", false, true}, {50, "Japan 50", true, false}})
	var broad []float64
	for _, s := range d.Shapes {
		if f, ok := s.(Stroke); ok {
			broad = append(broad, f.Width)
			if !f.Curved || len(f.Points) != 4 {
				t.Errorf("a flow is no curve: %+v", f)
			}
		}
	}
	if len(broad) != 3 || math.Abs(broad[0]/broad[2]-1.2) > 1e-9 || math.Abs(broad[0]/broad[1]-1.5) > 1e-9 {
		t.Errorf("flows of 60, 40 and 50 are %v broad", broad)
	}
	inside(t, d)
}

func TestTreemapFillsWithoutOverlap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(0.01, 1000), 1, 40).Draw(t, "values")
		var tiles []Tile
		total := 0.0
		for i, v := range values {
			tiles = append(tiles, Tile{Code: fmt.Sprint(i), Name: "tile", Value: v, Shade: 0.5, Text: "50 %", Tip: fmt.Sprint(i)})
			total += v
		}
		d := Treemap("tiles", tiles)
		areas := areasOf(d)
		sum := 0.0
		for i, a := range areas {
			sum += size(a)
			if want := values[i] / total * d.Wide * d.High; math.Abs(size(a)-want) > 1e-6*d.Wide*d.High {
				t.Fatalf("tile %d is %v large, not %v", i, size(a), want)
			}
			for _, b := range areas[:i] {
				l1, r1, t1, b1 := extent(a)
				l2, r2, t2, b2 := extent(b)
				if math.Min(r1, r2)-math.Max(l1, l2) > 1e-6 && math.Min(b1, b2)-math.Max(t1, t2) > 1e-6 {
					t.Fatalf("tiles %s and %s overlap", a.Tip, b.Tip)
				}
			}
		}
		if math.Abs(sum-d.Wide*d.High) > 1e-3 {
			t.Fatalf("tiles fill %v of %v", sum, d.Wide*d.High)
		}
		inside(t, d)
	})
}

func TestNamesAtTheSideNeverCoverOneAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shares := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 6).Draw(t, "shares")
		var layers []Layer
		for i, s := range shares {
			layers = append(layers, Layer{fmt.Sprint("a rather long name of a country ", i), []float64{0, s / float64(len(shares))}, "9.9 %"})
		}
		d := Areas("stack", []string{"1", "2"}, layers, "others", func(float64) string { return "1 %" })
		last := math.Inf(-1)
		for _, x := range textsOf(d) {
			if x.At.X == fieldRight+30 {
				if x.At.Y-last < lineHigh-1e-9 {
					t.Fatalf("%q stands %v below the one above it", x.Text, x.At.Y-last)
				}
				last = x.At.Y
			}
		}
		inside(t, d)
	})
}

func TestMapFillsByShareAndNamesWhatItLeavesOut(t *testing.T) {
	d, left := Map("origins", []Country{{Code: "CN", Name: "China", Share: 0.5, Text: "50 %"}, {Code: "HK", Name: "Hong Kong", Share: 0.1, Text: "10 %", Marked: true},
		{Code: "KP", Name: "not known", Share: math.NaN(), Text: "–"}, {Code: "TK", Name: "Tokelau", Share: 0.4, Text: "40 %"}})
	if len(left) != 1 || left[0].Name != "Tokelau" {
		t.Errorf("without a tile: %+v", left)
	}
	var high []float64
	for _, a := range areasOf(d) {
		if strings.HasPrefix(a.Tip, "China") {
			_, _, top, bottom := extent(a)
			high = append(high, bottom-top)
		}
	}
	if len(high) != 2 || math.Abs(high[1]/high[0]-0.5) > 1e-9 {
		t.Errorf("China's tile and its level are %v high", high)
	}
	if !strings.HasPrefix(d.Desc, "China 50 %; Tokelau 40 %; Hong Kong 10 %") {
		t.Errorf("the description is %q", d.Desc)
	}
	inside(t, d)
	if d, _ := Map("nowhere", []Country{{Code: "TK"}}); d.SVG() != "" {
		t.Error("a map without a country on it is drawn")
	}
}

func TestWorldHasEachCountryOnce(t *testing.T) {
	seen := map[string]bool{}
	rows := strings.Split(strings.TrimSpace(world), "\n")
	for i, row := range rows {
		codes := strings.Fields(row)
		if len(codes) != len(strings.Fields(rows[0])) {
			t.Errorf("row %d has %d tiles", i+1, len(codes))
		}
		for _, c := range codes {
			if c == ".." {
				continue
			}
			if len(c) != 2 || strings.ToUpper(c) != c || seen[c] {
				t.Errorf("row %d: %q is no code, or stands twice", i+1, c)
			}
			seen[c] = true
		}
	}
	if len(seen) < 200 {
		t.Errorf("only %d countries", len(seen))
	}
}

// hostile is a name that would break out of text, of an attribute, or of the picture.
const hostile = `</text><script>alert("1")</script> 한국 & 中国 ` + "'"

// drawings are all charts, with names that are hostile, wide or long.
func drawings() []Drawing {
	name, text := hostile+strings.Repeat("中", 80), "1 %"
	world, _ := Map(hostile, []Country{{Code: "CN", Name: name, Share: 0.5, Text: text, Marked: true}})
	return []Drawing{
		world,
		Bars(hostile, []Bar{{name, 1, text}}),
		Tornado(hostile, []Swing{{name, 1, 2, text}}, 1.5, text),
		Areas(hostile, []string{"1", "2"}, []Layer{{name, []float64{0.5, 0.5}, text}}, name, func(float64) string { return text }),
		Lines(hostile, []string{"1", "2"}, []Layer{{name, []float64{1, 2}, text}, {name, []float64{2, 1}, text}}, Scale{Text: func(float64) string { return "1 000 000 kg" }}),
		Sankey(hostile, name, []Flow{{1, name, false, false}, {1, name, true, true}}),
		Treemap(hostile, []Tile{{"1", name, 1, 0.9, text, name}, {"", "x", 1, math.NaN(), text, name}}),
		Spark([]float64{0, math.NaN(), 1, 0.5}, hostile),
	}
}

func TestSVGIsWellFormedAndStaysInside(t *testing.T) {
	for _, d := range drawings() {
		inside(t, d)
		text := string(d.Figure(hostile, hostile).HTML())
		if strings.Contains(text, "<script") || strings.Contains(text, "style=") {
			t.Errorf("a name became an element, or a style stands in the text:\n%s", text)
		}
		var seen []string
		for dec := xml.NewDecoder(strings.NewReader(text)); ; {
			token, err := dec.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%v in\n%s", err, text)
			}
			if e, ok := token.(xml.StartElement); ok {
				seen = append(seen, e.Name.Local)
			}
		}
		if len(seen) < 5 {
			t.Errorf("elements are %v", seen)
		}
	}
}

// TestInksHaveStyleAndColour keeps the three places together in which an ink is told: its name, its colour on paper, its rules for pages.
func TestInksHaveStyleAndColour(t *testing.T) {
	for ink := range light {
		r, g, b := ink.RGB()
		if ink != Words && !strings.Contains(Style, fmt.Sprintf("--c-%s:#%02x%02x%02x", ink, r, g, b)) && !(ink == Paper && strings.Contains(Style, "--c-paper:#fff")) {
			t.Errorf("%s is #%02x%02x%02x on paper, but not on a light page", ink, r, g, b)
		}
	}
	for _, d := range drawings() {
		for _, s := range d.Shapes {
			rule := ""
			switch s := s.(type) {
			case Area:
				rule = ".f-" + string(s.Fill)
			case Stroke:
				rule = ".l-" + string(s.Ink)
			case Text:
				if s.Ink == Words {
					continue // texts are in the ink of the page
				}
				rule = ".f-" + string(s.Ink)
			}
			if !strings.Contains(Style, rule+"{") {
				t.Errorf("the style has no rule %s", rule)
			}
		}
	}
}

func TestNothingToDrawIsNothing(t *testing.T) {
	for name, d := range map[string]Drawing{
		"one step":      Areas("", []string{"2024"}, nil, "", nil),
		"no values":     Lines("", []string{"1", "2"}, []Layer{{"x", []float64{math.NaN(), math.NaN()}, ""}}, Scale{}),
		"no flows":      Sankey("", "", nil),
		"no tiles":      Treemap("", []Tile{{Value: math.NaN()}, {Value: -1}}),
		"no swings":     Tornado("", nil, 1, ""),
		"one value":     Spark([]float64{1}, ""),
		"no inputs":     Bars("", nil),
		"unknown base":  Tornado("", []Swing{{"a", 1, 2, ""}}, math.NaN(), ""),
		"endless flows": Sankey("", "", []Flow{{Value: math.Inf(1)}}),
	} {
		if out := d.Figure("caption", "note").HTML(); out != "" {
			t.Errorf("%s: %s", name, out)
		}
	}
}
