package exposure

import "math"

// solution is where a linear programme is best.
type solution struct {
	x     []float64
	worth []float64 // of one unit more on the right of each row
	best  float64
}

// maximise solves: c·x as large as can be, with A·x ≤ b, x ≥ 0, and every b at least zero, so that x = 0 is a place to begin (simplex method on a dense
// table). The column that gains most per unit enters; once the table has stood still for long, the first that gains and the first row of the narrowest
// ratio (Bland's rule), so that it never turns in circles. The programme must be bounded: its callers bound every column that gains.
func maximise(c []float64, a [][]float64, b []float64) solution {
	p := newProgramme(c, a, b)
	for still := 0; ; {
		in := p.enters(still > len(p.table))
		if in < 0 {
			break
		}
		out := p.leaves(in)
		if out < 0 {
			break // unbounded: ruled out above
		}
		before := p.table[p.rows][p.width]
		p.pivot(out, in)
		if p.table[p.rows][p.width] > before {
			still = 0
		} else {
			still++
		}
	}
	return p.solution()
}

// programme is the table of the simplex method: a row for each bound with its slack, and one for the gains. Rows, columns and right sides are scaled to be
// near one.
type programme struct {
	table         [][]float64
	basis         []int
	rows, columns int // of A
	width         int // columns and slacks; the right side stands behind them
	rowScale      []float64
	columnScale   []float64
	rightScale    float64
	gainScale     float64
}

// tiny is what counts as nothing in a scaled table.
const tiny = 1e-10

func newProgramme(c []float64, a [][]float64, b []float64) *programme {
	p := &programme{rows: len(a), columns: len(c), width: len(a) + len(c), rightScale: 1, gainScale: 1}
	p.scale(a)
	largest := 0.0
	for i := range b {
		largest = math.Max(largest, b[i]*p.rowScale[i])
	}
	if largest > 0 {
		p.rightScale = largest
	}
	largest = 0
	for j := range c {
		largest = math.Max(largest, c[j]*p.columnScale[j])
	}
	if largest > 0 {
		p.gainScale = largest
	}
	for i := range a {
		row := make([]float64, p.width+1)
		for j, x := range a[i] {
			row[j] = x * p.rowScale[i] * p.columnScale[j]
		}
		row[p.columns+i], row[p.width] = 1, b[i]*p.rowScale[i]/p.rightScale
		p.table, p.basis = append(p.table, row), append(p.basis, p.columns+i)
	}
	gains := make([]float64, p.width+1)
	for j := range c {
		gains[j] = -c[j] * p.columnScale[j] / p.gainScale
	}
	p.table = append(p.table, gains)
	return p
}

// scale finds factors for rows and columns that bring the largest number of each near one.
func (p *programme) scale(a [][]float64) {
	p.rowScale, p.columnScale = make([]float64, p.rows), make([]float64, p.columns)
	for j := range p.columnScale {
		p.columnScale[j] = 1
	}
	for range 3 {
		for i := range a {
			most := 0.0
			for j, x := range a[i] {
				most = math.Max(most, math.Abs(x)*p.columnScale[j])
			}
			p.rowScale[i] = 1
			if most > 0 {
				p.rowScale[i] = 1 / most
			}
		}
		for j := range p.columnScale {
			most := 0.0
			for i := range a {
				most = math.Max(most, math.Abs(a[i][j])*p.rowScale[i])
			}
			if most > 0 {
				p.columnScale[j] = 1 / most
			}
		}
	}
}

// enters is the column to come in, -1 where none gains.
func (p *programme) enters(first bool) int {
	in, least := -1, -tiny
	for j, x := range p.table[p.rows][:p.width] {
		if x < least {
			in, least = j, x
			if first {
				break
			}
		}
	}
	return in
}

// leaves is the row whose bound is met first, -1 where none is.
func (p *programme) leaves(in int) int {
	out, least := -1, math.Inf(1)
	for i := range p.rows {
		if p.table[i][in] <= tiny {
			continue
		}
		ratio := p.table[i][p.width] / p.table[i][in]
		if ratio < least-tiny || ratio < least+tiny && out >= 0 && p.basis[i] < p.basis[out] {
			out, least = i, ratio
		}
	}
	return out
}

// pivot makes a column the unit vector of a row.
func (p *programme) pivot(out, in int) {
	row := p.table[out]
	by := row[in]
	var filled []int
	for j := range row {
		if row[j] != 0 {
			row[j] /= by
			filled = append(filled, j)
		}
	}
	for i, other := range p.table {
		f := other[in]
		if i == out || f == 0 {
			continue
		}
		for _, j := range filled {
			other[j] -= f * row[j]
		}
		other[in] = 0
	}
	p.basis[out] = in
}

func (p *programme) solution() solution {
	s := solution{x: make([]float64, p.columns), worth: make([]float64, p.rows)}
	for i, j := range p.basis {
		if j < p.columns {
			s.x[j] = p.table[i][p.width] * p.rightScale * p.columnScale[j]
		}
	}
	for i := range s.worth {
		s.worth[i] = p.table[p.rows][p.columns+i] * p.gainScale * p.rowScale[i]
	}
	s.best = p.table[p.rows][p.width] * p.gainScale * p.rightScale
	return s
}
