package chart

import (
	"math"
	"strings"
)

// Tile is one rectangle of a treemap.
type Tile struct {
	Code  string // before the name; empty: none
	Name  string
	Value float64 // its size
	Shade float64 // 0 to 1: the darker the larger; NaN: not known
	Text  string  // the shade as people read it; it is printed in the tile
	Tip   string  // all figures
}

// Treemap fills a rectangle with tiles by value, in the order given (the largest first looks best), in rows that keep them near to squares (Bruls et al. 2000).
func Treemap(title string, tiles []Tile) Drawing {
	var whole []Tile
	var said []string
	total := 0.0
	for _, t := range tiles {
		if t.Value > 0 && known(t.Value) {
			whole, said = append(whole, t), append(said, t.Tip)
			total += t.Value
		}
	}
	if total <= 0 {
		return Drawing{}
	}
	const high = 300
	d := Drawing{Title: title, Desc: list(said), Wide: wide, High: high}
	area := wide * high / total
	x, y, w, h := 0.0, 0.0, float64(wide), float64(high)
	for len(whole) > 0 {
		n, side, across := 1, math.Min(w, h), w >= h
		for n < len(whole) && flattest(whole[:n+1], area, side) <= flattest(whole[:n], area, side) {
			n++
		}
		sum := 0.0
		for _, t := range whole[:n] {
			sum += t.Value * area
		}
		deep, at := sum/side, 0.0
		for _, t := range whole[:n] {
			long := t.Value * area / deep
			if across {
				d.tile(&t, x, y+at, deep, long)
			} else {
				d.tile(&t, x+at, y, long, deep)
			}
			at += long
		}
		if across {
			x, w = x+deep, w-deep
		} else {
			y, h = y+deep, h-deep
		}
		whole = whole[n:]
	}
	return d
}

// flattest is the worst ratio of sides in a row of tiles laid along a side.
func flattest(row []Tile, area, side float64) float64 {
	sum := 0.0
	for _, t := range row {
		sum += t.Value * area
	}
	deep, worst := sum/side, 0.0
	for _, t := range row {
		long := t.Value * area / deep
		worst = math.Max(worst, math.Max(long/deep, deep/long))
	}
	return worst
}

func (d *Drawing) tile(t *Tile, x, y, w, h float64) {
	ground := box(x, y, w, h, Main)
	ground.Opacity, ground.Edge, ground.Tip = opacity(t.Shade), true, t.Tip
	d.add(ground)
	full := strings.TrimSpace(t.Code + " " + t.Name)
	words := []string{full, t.Text}
	if !fits(full, w) {
		words = []string{t.Code, shortened(t.Name, w), t.Text}
	}
	down := y + lineHigh
	for _, text := range words {
		switch {
		case text == "":
			continue
		case down > y+h-2 || !fits(text, w):
			return // a share without its name would tell nothing
		}
		d.add(Text{At: Point{x + 5, down}, Anchor: Start, Ink: onShade(t.Shade), Text: text})
		down += lineHigh
	}
}

// shortened is a name cut to the width of a tile, where enough of it is left to be told.
func shortened(name string, w float64) string {
	if fits(name, w) || w < 8+6*charWide {
		return name
	}
	return clip(name, w-8)
}

// fits says that a text has room in a tile of a width.
func fits(text string, w float64) bool { return width(text)+8 <= w }

// dark is the shade from which words on it are light.
const dark = 0.45

// opacity is how dark an area of a shade is; one that is not known is light.
func opacity(shade float64) float64 {
	switch {
	case !known(shade):
		return 0.1
	case shade > dark:
		return 0.55 + 0.45*shade
	}
	return 0.12 + 0.4*shade
}

// onShade is the ink of words on an area of a shade.
func onShade(shade float64) Ink {
	if known(shade) && shade > dark {
		return Paper
	}
	return Words
}
