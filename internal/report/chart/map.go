package chart

import (
	"cmp"
	_ "embed"
	"slices"
	"strings"
)

// world lays countries and customs areas out as equal tiles, about where they lie. It shows no outlines and so draws no borders, and small places that
// trade much have the room of large ones. Two letters of ISO 3166 a tile, ".." for none.
//
//go:embed world.txt
var world string

// Country is a country on a map.
type Country struct {
	Code   string // two letters
	Name   string
	Share  float64 // 0 to 1: how far its tile is filled; NaN: not known, which leaves it empty
	Text   string  // the share as people read it
	Marked bool    // the country that the map is about
}

// Map draws countries as equal tiles, each filled from below by its share, so that height tells what colour tells. Places without figures stand there by
// their letters alone. left are the countries that have no tile; they have to be named beside the map.
func Map(title string, countries []Country) (d Drawing, left []Country) {
	byCode := map[string]*Country{}
	for i := range countries {
		byCode[countries[i].Code] = &countries[i]
	}
	rows := strings.Split(strings.TrimSpace(world), "\n")
	size := wide / float64(len(strings.Fields(rows[0])))
	d = Drawing{Title: title, Wide: wide, High: size * float64(len(rows))}
	placed := 0
	for y, row := range rows {
		for x, code := range strings.Fields(row) {
			if code == ".." {
				continue
			}
			c := byCode[code]
			if c != nil {
				delete(byCode, code)
				placed++
			}
			d.place(code, c, size*float64(x), size*float64(y), size)
		}
	}
	for i := range countries {
		if byCode[countries[i].Code] != nil {
			left = append(left, countries[i])
		}
	}
	if placed == 0 {
		return Drawing{}, left
	}
	d.Desc = largest(countries)
	return d, left
}

// place draws one tile; of a country without figures only its letters.
func (d *Drawing) place(code string, c *Country, x, y, size float64) {
	const gap = 1
	x, y, size = x+gap, y+gap, size-2*gap
	letters := Text{At: Point{x + size/2, y + size/2 + 4}, Anchor: Middle, Ink: Words, Text: code, Small: true}
	ground := box(x, y, size, size, Main)
	ground.Opacity = 0.03
	if c == nil {
		letters.Ink = Soft
		d.add(ground, letters)
		return
	}
	ground.Opacity, ground.Tip = 0.12, c.Name+": "+c.Text
	d.add(ground)
	if known(c.Share) {
		high := size * min(1, max(0, c.Share))
		level := box(x, y+size-high, size, high, Main)
		level.Opacity, level.Tip = 0.5, ground.Tip
		d.add(level)
	}
	if c.Marked {
		d.line(Mark, 2.5, Point{x, y}, Point{x + size, y}, Point{x + size, y + size}, Point{x, y + size}, Point{x, y})
	}
	d.add(letters)
}

// largest says the countries with the largest shares, the largest first.
func largest(countries []Country) string {
	sorted := slices.Clone(countries)
	slices.SortStableFunc(sorted, func(a, b Country) int { return cmp.Compare(level(b.Share), level(a.Share)) })
	var said []string
	for _, c := range sorted {
		said = append(said, c.Name+" "+c.Text)
	}
	return list(said)
}
