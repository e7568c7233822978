package pdf

import (
	"bytes"
	"math"
	"testing"

	"lodestone/internal/report/chart"
	"lodestone/internal/when"
)

// Charts of every sort go on paper; one that holds nothing leaves no trace, and what stands below it begins under it.
func TestFigures(t *testing.T) {
	d, err := New("zh", "图", "", when.Day(2026, 3, 1))
	if err != nil {
		t.Fatal(err)
	}
	before := d.f.GetY()
	d.Figure(chart.Drawing{}.Figure("nothing", ""))
	if d.f.GetY() != before {
		t.Error("an empty chart takes room")
	}
	bars := chart.Bars("bars", []chart.Bar{{Name: "镝", Value: 3, Text: "3"}, {Name: "?", Value: math.NaN(), Text: "–"}})
	d.Figure(bars.Figure("含镝", "n = 3"))
	if grown := d.f.GetY() - before; grown < bars.High*inner/bars.Wide {
		t.Errorf("the chart takes %.1f mm, less than it is high", grown)
	}
	d.Figure(chart.Drawing{Title: "strokes", Wide: 100, High: 20, Shapes: []chart.Shape{
		chart.Stroke{Points: []chart.Point{{X: 0, Y: 0}, {X: 30, Y: 0}, {X: 60, Y: 20}, {X: 90, Y: 20}}, Curved: true, Ink: chart.Main, Width: 2, Opacity: 0.5},
		chart.Stroke{Points: []chart.Point{{X: 0, Y: 10}}, Ink: chart.Soft, Width: 1, Opacity: 1, Dash: 3},
		chart.Text{At: chart.Point{X: 50, Y: 10}, Anchor: chart.Middle, Ink: chart.Words, Text: "😀 mid"},
	}}.Figure("", ""))
	var b bytes.Buffer
	if err := d.Write(&b); err != nil || b.Len() == 0 {
		t.Error(err)
	}
}
