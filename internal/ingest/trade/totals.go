package trade

import (
	"fmt"
	"io"
)

// Total is what one exporter sold in one line.
type Total struct {
	Line     string
	Exporter string
	Value    float64 // US dollars, whole
	Mass     float64 // tonnes, over the rows that have one
	Rows     int
}

// Totals adds a flow file of any length up by line and exporter. Sums are kept as whole dollars and kilograms, which is what BACI gives, so that they do not
// depend on the order in which goroutines meet the rows.
func Totals(name string, r io.Reader, codes *Codes, workers int) ([]Total, Reading, error) {
	workers = max(1, workers)
	sums := make([]*totals, workers)
	for w := range sums {
		sums[w] = &totals{index: make([]uint16, 1_000_000), places: len(codes.places) + 1}
	}
	reading, err := ScanFlows(name, r, codes, workers, func(w, _ int, rows []RawFlow) { sums[w].add(rows) })
	if err != nil {
		return nil, reading, err
	}
	for _, s := range sums[1:] {
		sums[0].merge(s)
	}
	if len(sums[0].lines) > maxLines {
		return nil, reading, unreadable(name, 0, fmt.Sprintf("more than %d different customs lines", maxLines), "six-digit codes of one edition")
	}
	return sums[0].list(codes), reading, nil
}

type sum struct {
	value, mass int64 // dollars, kilograms
	rows        int32
}

type totals struct {
	index  []uint16 // of a line in sums, plus one
	lines  []uint32
	sums   [][]sum
	places int
}

func (t *totals) line(k uint32) []sum {
	n := t.index[k]
	if n == 0 && len(t.lines) > maxLines {
		n = uint16(maxLines) // Totals refuses such a file; until then its sums need a place
	}
	if n == 0 {
		t.lines = append(t.lines, k)
		t.sums = append(t.sums, make([]sum, t.places))
		n = uint16(len(t.lines))
		t.index[k] = n
	}
	return t.sums[n-1]
}

func (t *totals) add(rows []RawFlow) {
	for i := range rows {
		f := &rows[i]
		s := &t.line(f.Line)[f.From]
		s.value += int64(f.Value + 0.5)
		if f.Mass == f.Mass {
			s.mass += int64(f.Mass*1000 + 0.5)
		}
		s.rows++
	}
}

func (t *totals) merge(o *totals) {
	for i, k := range o.lines {
		mine := t.line(k)
		for p, s := range o.sums[i] {
			mine[p].value += s.value
			mine[p].mass += s.mass
			mine[p].rows += s.rows
		}
	}
}

func (t *totals) list(codes *Codes) []Total {
	var out []Total
	for k := range t.index {
		if t.index[k] == 0 {
			continue
		}
		for p, s := range t.sums[t.index[k]-1] {
			if s.rows > 0 {
				out = append(out, Total{Line: fmt.Sprintf("%06d", k), Exporter: codes.places[p-1].Code, Value: float64(s.value), Mass: float64(s.mass) / 1000, Rows: int(s.rows)})
			}
		}
	}
	return out
}
