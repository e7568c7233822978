package chart

import "math"

// Bar is one counted thing.
type Bar struct {
	Name  string
	Value float64 // at least zero; NaN: not known, which leaves the name without a bar
	Text  string  // the value as people read it
}

// Bars draws lengths below one another, in the order given.
func Bars(title string, bars []Bar) Drawing {
	d := Drawing{Title: title, Wide: wide, High: 12 + 20*float64(len(bars))}
	most, names, texts, said := 0.0, []string{}, []string{}, []string{}
	for _, b := range bars {
		if known(b.Value) {
			most = math.Max(most, b.Value)
		}
		names, texts, said = append(names, b.Name), append(texts, b.Text), append(said, b.Name+" "+b.Text)
	}
	if most == 0 {
		return Drawing{}
	}
	d.Desc = list(said)
	left := math.Min(widest(names), wide/2-8)
	room := wide - left - 8 - 8 - widest(texts)
	for i, b := range bars {
		y, long := 6+20*float64(i), 0.0
		d.text(left, y+12, End, clip(b.Name, left))
		if known(b.Value) {
			long = b.Value / most * room
			bar := box(left+8, y, long, 14, Main)
			bar.Tip = b.Name + ": " + b.Text
			d.add(bar)
		}
		d.text(left+14+long, y+12, Start, b.Text)
	}
	return d
}

// Swing is how far a result moves with one input.
type Swing struct {
	Name      string
	Low, High float64 // the result at the low and at the high input
	Text      string  // both as people read them
}

// Tornado draws swings below one another, and the result that they start from as a line through all.
func Tornado(title string, swings []Swing, base float64, baseText string) Drawing {
	d := Drawing{Title: title, Wide: wide, High: 40 + 28*float64(len(swings))}
	most, names, texts, said := base, []string{}, []string{}, []string{}
	for _, s := range swings {
		most = math.Max(most, math.Max(s.Low, s.High))
		names, texts, said = append(names, s.Name), append(texts, s.Text), append(said, s.Name+" "+s.Text)
	}
	if !(most > 0) || !known(most) || len(swings) == 0 {
		return Drawing{}
	}
	d.Desc = list(said)
	left := math.Min(widest(names), wide/3)
	room := wide - left - 12 - 8 - widest(texts)
	x := func(v float64) float64 { return left + 12 + v/most*room }
	for i, s := range swings {
		y := 14 + 28*float64(i)
		from, to := math.Min(s.Low, s.High), math.Max(s.Low, s.High)
		bar := box(x(from), y, math.Max(1, x(to)-x(from)), lineHigh, Main)
		bar.Tip = s.Name + ": " + s.Text
		d.add(bar)
		d.text(left, y+13, End, clip(s.Name, left))
		d.text(x(to)+6, y+13, Start, s.Text)
	}
	low := 20 + 28*float64(len(swings))
	d.line(Mark, 2, Point{x(base), 6}, Point{x(base), low - 4})
	d.text(x(base), low+12, Middle, baseText)
	return d
}
