package pdf

import "strconv"

// Table writes rows under headings; the columns that numeric names stand to the right. Long cells are wrapped, a row may go on over the page, and the
// headings stand on every page. Beyond what a document can hold rows are left out and counted (Left).
func (d *Document) Table(caption string, heads []string, numeric []bool, rows [][]string) {
	if len(heads) == 0 {
		return
	}
	if len(rows) > mostRows {
		d.left += len(rows) - mostRows
		rows = rows[:mostRows]
	}
	d.f.Ln(1.5)
	d.keep(24)
	if caption != "" {
		d.paragraph(caption, 0, body, ink)
	}
	t := grid{d: d, numeric: numeric, heads: heads, wide: d.columns(heads, rows)}
	t.heading()
	for _, r := range rows {
		t.row(r)
	}
	d.f.Ln(2)
}

// grid is a table on its way.
type grid struct {
	d       *Document
	numeric []bool
	heads   []string
	wide    []float64
}

const cellHigh = cellSize / millimetre * leading

func (t *grid) heading() {
	f := t.d.f
	lines := t.wrapped(t.heads)
	f.SetFillColor(tint[0], tint[1], tint[2])
	high := float64(tallest(lines))*cellHigh + 1.2
	f.Rect(margin, f.GetY(), sum(t.wide), high, "F")
	y := f.GetY() + 0.6
	for k := range tallest(lines) {
		t.line(lines, k, y+float64(k)*cellHigh, soft)
	}
	f.SetXY(margin, y+high-0.6)
}

func (t *grid) row(cells []string) {
	f := t.d.f
	lines := t.wrapped(cells)
	n := tallest(lines)
	if high := float64(n)*cellHigh + 1.2; high < (sheetHigh-top-bottom)/2 && t.d.keep(high) { // what fits on half a page is not torn
		t.heading()
	}
	f.SetY(f.GetY() + 0.6)
	for k := range n {
		if t.d.keep(cellHigh) {
			t.heading()
		}
		y := f.GetY()
		t.line(lines, k, y, ink)
		f.SetXY(margin, y+cellHigh)
	}
	y := f.GetY() + 0.6
	t.d.draw(line)
	f.Line(margin, y, margin+sum(t.wide), y)
	f.SetXY(margin, y)
}

// line writes line k of every cell.
func (t *grid) line(lines [][]string, k int, y float64, c colour) {
	f := t.d.f
	x := float64(margin)
	t.d.style(cellSize, c)
	for i, w := range t.wide {
		if i < len(lines) && k < len(lines[i]) {
			align := "L"
			if i < len(t.numeric) && t.numeric[i] {
				align = "R"
			}
			f.SetXY(x+pad, y)
			f.CellFormat(w-2*pad, cellHigh, lines[i][k], "", 0, align, false, 0, "")
		}
		x += w
	}
}

func (t *grid) wrapped(cells []string) [][]string {
	lines := make([][]string, len(t.wide))
	for i, w := range t.wide {
		if i < len(cells) {
			text := cells[i]
			if runes := []rune(text); len(runes) > mostCellText {
				text = string(runes[:mostCellText]) + "…"
			}
			lines[i] = t.d.wrap(text, w-2*pad, cellSize)
		}
	}
	return lines
}

// columns shares the width out: every column gets what its widest cell needs, where that fits; else what is narrow stays whole and the rest is shared in
// the measure of what each needs.
func (d *Document) columns(heads []string, rows [][]string) []float64 {
	const narrow = 32
	want := make([]float64, len(heads))
	for i, h := range heads {
		want[i] = d.wide(d.plain(h), cellSize)
	}
	for _, r := range rows[:min(len(rows), 500)] {
		for i := range want {
			if i < len(r) {
				want[i] = max(want[i], min(d.wide(d.plain(r[i]), cellSize), 3*inner))
			}
		}
	}
	room, flexible := float64(inner), 0.0
	for i := range want {
		want[i] += 2*pad + 0.5
		if want[i] <= narrow {
			room -= want[i]
		} else {
			flexible += want[i]
		}
	}
	if flexible <= room {
		return want
	}
	least := min(narrow, room/float64(max(1, len(heads))))
	for range 4 { // columns that would come out too narrow are set, and the rest shared again
		for i := range want {
			if want[i] > narrow && want[i]*room/flexible < least {
				flexible -= want[i]
				room -= least
				want[i] = least
			}
		}
	}
	for i := range want {
		if want[i] > narrow {
			want[i] *= room / flexible
		}
	}
	if all := sum(want); all > inner { // many columns: all a little narrower
		for i := range want {
			want[i] *= inner / all
		}
	}
	return want
}

func sum(list []float64) (all float64) {
	for _, x := range list {
		all += x
	}
	return all
}

func tallest(lines [][]string) (most int) {
	for _, l := range lines {
		most = max(most, len(l))
	}
	return most
}

func number(n int) string { return strconv.Itoa(n) }
