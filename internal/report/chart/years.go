package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Layer is one thing over the years, or over other steps of equal length.
type Layer struct {
	Name   string
	Values []float64 // one a step; NaN: not known
	Text   string    // the last value as people read it; it stands beside the name
}

// The field of a chart over steps: axis to the left, names to the right.
const (
	fieldRight            = 440
	fieldTop, fieldBottom = 12, 200
	fieldHigh             = 230
)

// field is where the steps of a chart stand.
type field struct {
	left float64
	last int // step
}

// newField leaves room for the texts of the axis.
func newField(steps int, axis ...string) field { return field{widest(axis) + 10, steps - 1} }

func (f field) x(i int) float64 {
	return f.left + float64(i)*(fieldRight-f.left)/float64(f.last)
}

// Areas stacks shares, from 0 to 1; what the layers leave up to the whole is the rest, by its name. The names of the layers stand at the right, each at
// the height of its band. restText is the figure of the rest at the last step.
func Areas(title string, steps []string, layers []Layer, rest string, restText func(share float64) string) Drawing {
	if len(steps) < 2 {
		return Drawing{}
	}
	others := Layer{Name: rest, Values: make([]float64, len(steps))}
	for i := range steps {
		sum := 0.0
		for _, l := range layers {
			sum += level(l.Values[i])
		}
		others.Values[i] = math.Max(0, 1-sum)
	}
	f, last := newField(len(steps), "100 %"), len(steps)-1
	others.Text = restText(others.Values[last])

	d := Drawing{Title: title, Wide: wide, High: fieldHigh}
	base, marks, said := make([]float64, len(steps)), []mark{}, []string{}
	for n, l := range append(slices.Clone(layers), others) {
		ink := Series(n)
		if n == len(layers) {
			ink = Rest
		}
		band := Area{Fill: ink, Opacity: 1, Edge: true, Tip: l.Name}
		for i := range steps {
			band.Points = append(band.Points, Point{f.x(last - i), shareY(base[last-i])})
		}
		low := base[last]
		for i := range steps {
			base[i] = math.Min(1, base[i]+level(l.Values[i]))
			band.Points = append(band.Points, Point{f.x(i), shareY(base[i])})
		}
		d.add(band)
		if n < len(layers) || l.Values[last] >= 0.005 {
			marks, said = append(marks, mark{l.Name, l.Text, ink, 0, (shareY(low) + shareY(base[last])) / 2}), append(said, l.Name+" "+l.Text)
		}
	}
	d.Desc = steps[last] + ": " + list(said)
	d.placed(marks)
	d.steps(f, steps)
	for _, v := range []float64{0, 0.5, 1} {
		d.text(f.left-6, shareY(v)+4, End, fmt.Sprintf("%.0f %%", 100*v))
	}
	return d
}

// Lines draws values over the steps, from zero to the top that scale gives. Each line has its own dashes and its name at its end.
func Lines(title string, steps []string, lines []Layer, scale Scale) Drawing {
	top, some := scale.Top, false
	for _, l := range lines {
		for _, v := range l.Values {
			if known(v) {
				top, some = math.Max(top, v), true
			}
		}
	}
	if len(steps) < 2 || !some || top <= 0 {
		return Drawing{}
	}
	top = round(top)
	f := newField(len(steps), scale.Text(0), scale.Text(top/2), scale.Text(top))
	y := func(v float64) float64 { return shareY(v / top) }
	d := Drawing{Title: title, Wide: wide, High: fieldHigh}
	for _, v := range []float64{0, top / 2, top} {
		d.line(Soft, 0.5, Point{f.left, y(v)}, Point{fieldRight, y(v)})
		d.text(f.left-6, y(v)+4, End, scale.Text(v))
	}
	var marks []mark
	var said []string
	for n, l := range lines {
		dash := float64(3 * n)
		end := d.broken(l, Series(n), dash, f, y)
		if end < 0 {
			continue
		}
		marks, said = append(marks, mark{l.Name, l.Text, Series(n), dash, y(l.Values[end])}), append(said, l.Name+" "+l.Text)
	}
	d.Desc = list(said)
	d.placed(marks)
	d.steps(f, steps)
	return d
}

// Scale is the upright axis of lines.
type Scale struct {
	Top  float64                // at least so high; 0: as high as the values
	Text func(v float64) string // a value as people read it
}

// broken draws a line, broken where a value is not known, and a dot where one stands alone; it tells the last step that has one, -1 for none.
func (d *Drawing) broken(l Layer, ink Ink, dash float64, f field, y func(float64) float64) int {
	var run []Point
	end := -1
	flush := func() {
		if len(run) == 1 {
			d.add(box(run[0].X-2, run[0].Y-2, 4, 4, ink))
		} else if run != nil {
			d.add(Stroke{Points: run, Ink: ink, Width: 2, Opacity: 1, Dash: dash, Tip: l.Name})
		}
		run = nil
	}
	for i, v := range l.Values {
		if !known(v) {
			flush()
			continue
		}
		run, end = append(run, Point{f.x(i), y(v)}), i
	}
	flush()
	return end
}

// Spark is a series of fractions as one line for a cell of a table; a missing number breaks it. said is the series in words.
func Spark(values []float64, said string) Drawing {
	if len(values) < 2 {
		return Drawing{}
	}
	d := Drawing{Title: said, Wide: 100, High: 20}
	d.add(Stroke{Points: []Point{{2, 18}, {98, 18}}, Ink: Soft, Width: 1, Opacity: 0.4})
	x := func(i int) float64 { return 2 + float64(i)*96/float64(len(values)-1) }
	var run []Point
	for i, v := range append(slices.Clone(values), math.NaN()) {
		if known(v) {
			run = append(run, Point{x(i), 18 - 16*math.Min(1, math.Max(0, v))})
			continue
		}
		if run != nil {
			d.line(Words, 2, run...)
		}
		run = nil
	}
	return d
}

func shareY(v float64) float64 { return fieldBottom - (fieldBottom-fieldTop)*v }

// level is a share in a stack; one that is not known takes no room.
func level(v float64) float64 {
	if !known(v) {
		return 0
	}
	return v
}

// steps writes the first, the middle and the last step below the field.
func (d *Drawing) steps(f field, steps []string) {
	for _, i := range slices.Compact([]int{0, (f.last + 1) / 2, f.last}) {
		d.text(f.x(i), fieldBottom+18, Middle, steps[i])
	}
}

// round is the next number above x that people count in: 1, 2, 4, 5 or 10 times a power of ten.
func round(x float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(x)))
	for _, n := range []float64{1, 2, 4, 5} {
		if x <= n*power {
			return n * power
		}
	}
	return 10 * power
}

// mark is a name with its figure that belongs at a height.
type mark struct {
	name, text string
	ink        Ink
	dash       float64
	y          float64
}

// placed writes names beside the field at their heights, pushed apart so that none covers another, each with a leader to its place.
func (d *Drawing) placed(marks []mark) {
	slices.SortStableFunc(marks, func(a, b mark) int { return cmp.Compare(a.y, b.y) })
	at := make([]float64, len(marks))
	for i, m := range marks {
		at[i] = m.y
		if i > 0 {
			at[i] = math.Max(at[i], at[i-1]+lineHigh)
		}
	}
	floor := float64(fieldBottom)
	for i := len(at) - 1; i >= 0; i-- {
		at[i] = math.Min(at[i], floor)
		floor = at[i] - lineHigh
	}
	const names = fieldRight + 30
	for i, m := range marks {
		d.line(Soft, 1, Point{fieldRight + 2, m.y}, Point{fieldRight + 14, at[i]})
		if m.dash > 0 {
			d.add(Stroke{Points: []Point{{fieldRight + 14, at[i]}, {fieldRight + 28, at[i]}}, Ink: m.ink, Width: 2, Opacity: 1, Dash: m.dash})
		} else {
			d.add(box(fieldRight+16, at[i]-4.5, 9, 9, m.ink))
		}
		d.text(names, at[i]+4.5, Start, clip(m.name, wide-names-width(" "+m.text))+" "+m.text) // the name gives way, not the figure
	}
}
