package chart

import "math"

// Flow is one stream into the middle of a Sankey diagram, or out of it.
type Flow struct {
	Value float64
	Text  string // name and value as people read them
	Out   bool   // false: it comes in from the left
	Rest  bool   // others, lumped together
}

// Sankey draws flows into a middle from the left and out of it to the right, each as broad as its value.
func Sankey(title, middle string, flows []Flow) Drawing {
	in, out, said := 0.0, 0.0, []string{}
	for _, f := range flows {
		if f.Out {
			out += f.Value
		} else {
			in += f.Value
		}
		arrow := "→ "
		if !f.Out {
			arrow = "← "
		}
		said = append(said, arrow+f.Text)
	}
	most := math.Max(in, out)
	if !(most > 0) || !known(most) {
		return Drawing{}
	}
	const tall, top = 230, 40
	d := Drawing{Title: title, Desc: middle + ": " + list(said), Wide: wide}
	left, right := side{edge: 12, centre: top, text: 200, from: 206, to: 306, anchor: End}, side{edge: 12, centre: top, text: 440, from: 434, to: 334, anchor: Start}
	for _, f := range flows {
		s := &left
		if f.Out {
			s = &right
		}
		s.draw(&d, f, f.Value*tall/most)
	}
	d.add(box(306, top, 28, math.Max(tall, 2), Main))
	d.text(320, top+tall+18, Middle, clip(middle, 2*charWide*20))
	d.High = math.Max(math.Max(left.edge, right.edge), top+tall+18) + 8
	return d
}

// side is one side of a Sankey diagram: where its next flow begins at the edge and in the middle.
type side struct {
	edge, centre   float64
	text, from, to float64
	anchor         Anchor
	n              int
}

func (s *side) draw(d *Drawing, f Flow, high float64) {
	y, mid := s.edge+high/2, (s.from+s.to)/2
	ink := Series(s.n)
	if f.Rest {
		ink = Rest
	}
	d.add(Stroke{Points: []Point{{s.from, y}, {mid, y}, {mid, s.centre + high/2}, {s.to, s.centre + high/2}}, Curved: true, Ink: ink, Width: math.Max(high, 0.7), Opacity: 0.75, Tip: f.Text})
	d.text(s.text, y+4.5, s.anchor, clip(f.Text, 200))
	s.edge += math.Max(high, lineHigh+1) + 3
	s.centre += high
	s.n++
}
