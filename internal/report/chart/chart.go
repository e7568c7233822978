// Package chart turns figures into plain shapes: bars, lines, stacked areas, a Sankey diagram, a treemap, a tornado, a map of equal tiles and a spark
// for a table. Reports, paper and pages draw with it and nothing else, so that a chart looks alike wherever it stands.
//
// Data go in, a Drawing comes out: closed areas, strokes and texts, in the order in which they are painted. SVG prints it for a page; whoever prints for
// paper walks over the same shapes and takes the colours from Ink.RGB. Start with Bars, then read Drawing.
//
// A chart knows nothing of the field: names and figures come as text, in the reader's language. Every part bears its name and figure, so that nothing
// rests on colour, and Desc says the figures to readers who do not see the shapes. What is not known (NaN) is left open, never drawn as zero.
//
// Limits: texts are measured by the number of their characters, wide ones double, and clipped where they would leave the drawing; a treemap with hundreds
// of tiles names only those with room.
package chart

import (
	"math"
	"strings"

	"github.com/mattn/go-runewidth"
)

// Drawing is a chart as shapes. The origin is the upper left corner, y grows downwards.
type Drawing struct {
	Title      string
	Desc       string // the figures in words; empty: the title says all
	Wide, High float64
	Shapes     []Shape // none: there was nothing to draw
}

// Shape is an Area, a Stroke or a Text.
type Shape interface{ shape() }

// Point is a place in a drawing.
type Point struct{ X, Y float64 }

// Area is a closed polygon, filled.
type Area struct {
	Points  []Point
	Fill    Ink
	Opacity float64 // 0 to 1
	Edge    bool    // a thin edge in the colour of the paper parts it from its neighbours
	Tip     string  // shown where a pointer rests on it; empty: nothing
}

// Stroke is an open line through its points; a curved one has four, of which the middle two pull it (a cubic Bézier).
type Stroke struct {
	Points  []Point
	Curved  bool
	Ink     Ink
	Width   float64
	Opacity float64 // 0 to 1
	Dash    float64 // length of dashes and gaps; 0: whole
	Tip     string  // shown where a pointer rests on it; empty: nothing
}

// Text stands on its point.
type Text struct {
	At     Point
	Anchor Anchor
	Ink    Ink
	Text   string
	Small  bool // a sixth smaller
}

func (Area) shape()   {}
func (Stroke) shape() {}
func (Text) shape()   {}

// Anchor says which end of a text stands at its point.
type Anchor string

const (
	Start  Anchor = "start"
	Middle Anchor = "middle"
	End    Anchor = "end"
)

// Ink is a colour by what it is for. A page sets what each looks like in light, dark and print (Style); paper takes RGB.
type Ink string

const (
	Words Ink = "ink"   // text
	Soft  Ink = "soft"  // axes and leaders
	Paper Ink = "paper" // text on dark areas
	Main  Ink = "bar"   // the one thing that is counted
	Mark  Ink = "mark"  // the value that the others are held against
	Rest  Ink = "rest"  // others, lumped together
)

// series are the inks of things that stand beside one another.
var series = []Ink{"s0", "s1", "s2", "s3", "s4", "s5"}

// Series is the ink of the n-th of several things, from 0; the seventh takes the first again.
func Series(n int) Ink { return series[n%len(series)] }

var light = map[Ink][3]uint8{Words: {0x1c, 0x21, 0x28}, Soft: {0x57, 0x60, 0x6a}, Paper: {0xff, 0xff, 0xff}, Main: {0x1f, 0x4e, 0x79}, Mark: {0xb3, 0x59, 0x00}, Rest: {0xb9, 0xbe, 0xc4},
	"s0": {0x1f, 0x4e, 0x79}, "s1": {0xd9, 0x83, 0x24}, "s2": {0x5b, 0x8c, 0x5a}, "s3": {0xa0, 0x43, 0x6c}, "s4": {0x7a, 0x7f, 0xb5}, "s5": {0xb8, 0xa0, 0x4a}}

// RGB is the colour on white paper.
func (i Ink) RGB() (r, g, b uint8) {
	c := light[i]
	return c[0], c[1], c[2]
}

// wide is the width of every drawing but a spark; heights follow from what is drawn.
const wide = 640

// A text of the size that Style sets is about so high and, per narrow character, so wide.
const (
	lineHigh = 16
	charWide = 7.4
)

func known(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// width is about how wide a text is.
func width(text string) float64 { return charWide * float64(runewidth.StringWidth(text)) }

// clip shortens a text to a width.
func clip(text string, most float64) string {
	return runewidth.Truncate(text, int(most/charWide), "…")
}

// widest is the width of the widest name, so that a column can be made for all.
func widest(names []string) float64 {
	most := 0.0
	for _, n := range names {
		most = math.Max(most, width(n))
	}
	return most
}

func (d *Drawing) add(s ...Shape) { d.Shapes = append(d.Shapes, s...) }

func (d *Drawing) text(x, y float64, a Anchor, text string) {
	d.add(Text{At: Point{x, y}, Anchor: a, Ink: Words, Text: text})
}

func (d *Drawing) line(ink Ink, width float64, points ...Point) {
	d.add(Stroke{Points: points, Ink: ink, Width: width, Opacity: 1})
}

// box is a rectangle as an area.
func box(x, y, w, h float64, fill Ink) Area {
	return Area{Points: []Point{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}, Fill: fill, Opacity: 1}
}

// described is the most that a description lists; the table beside the chart has all.
const described = 12

// list says parts in one sentence.
func list(parts []string) string {
	if len(parts) > described {
		parts = append(parts[:described:described], "…")
	}
	return strings.Join(parts, "; ")
}
