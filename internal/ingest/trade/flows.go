package trade

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"sync"

	"lodestone/internal/exposure"
	"lodestone/internal/problem"
)

// RawFlow is a row of a BACI file or a panel made of it, before codes become text. Millions of them pass through.
type RawFlow struct {
	Value, Mass float64 // US dollars, tonnes; Mass NaN: not given
	Line        uint32  // six digits
	Year        uint16
	From, To    uint16 // places in the code table, plus one
}

// Limits of flow files: rows are short, and a file is bounded by its rows.
const (
	firstBlock  = 1 << 15
	blockSize   = 1 << 20
	maxFlowRow  = 1 << 10 // bytes
	maxFlowRows = 1 << 30
	maxLines    = 20_000 // customs lines in one file; the Harmonized System has about 5,600
)

// flowLayout is where the columns of a flow file stand, and their units.
type flowLayout struct {
	name                        string
	year, from, to, line, value int
	mass                        int // -1: none
	columns                     int
	scale                       float64 // of the value, to US dollars
	numeric                     bool    // country codes are numbers
}

// flowLayoutOf reads a heading line; nil: no flow file.
func flowLayoutOf(head []byte) *flowLayout {
	at := map[string]int{}
	cells := bytes.Split(bytes.TrimRight(head, "\r\n"), []byte{','})
	for i, c := range cells {
		at[string(bytes.Trim(c, `" `))] = i
	}
	for _, l := range []struct {
		name, year, from, to, line, value, mass string
		scale                                   float64
		numeric                                 bool
	}{
		{"BACI", "t", "i", "j", "k", "v", "q", 1000, true},
		{"panel", "year", "exporter_iso2", "importer_iso2", "hs6", "value_usd", "qty_t", 1, false},
	} {
		f := &flowLayout{name: l.name, columns: len(cells), scale: l.scale, numeric: l.numeric, mass: -1}
		all := true
		for _, c := range []struct {
			name string
			to   *int
		}{{l.year, &f.year}, {l.from, &f.from}, {l.to, &f.to}, {l.line, &f.line}, {l.value, &f.value}} {
			i, ok := at[c.name]
			*c.to, all = i, all && ok
		}
		if i, ok := at[l.mass]; ok {
			f.mass = i
		}
		if all && f.columns <= maxFlowColumns {
			return f
		}
	}
	return nil
}

const maxFlowColumns = 32

// release is the edition in a BACI file name.
var release = regexp.MustCompile(`BACI_HS\d+_Y\d{4}_V(\d{6})`)

// ScanFlows reads a flow file in blocks on several goroutines and hands each block's rows to fold: worker counts from 0 to workers-1 and
// calls fold for one block at a time; blocks are numbered in the order of the file and come in any order. Memory does not grow with the file.
func ScanFlows(name string, r io.Reader, codes *Codes, workers int, fold func(worker, block int, rows []RawFlow)) (Reading, error) {
	s := &flowScan{name: name, codes: codes, fold: fold}
	reading := Reading{Source: name, Currency: "USD"}
	if m := release.FindStringSubmatch(name); m != nil {
		reading.Edition = m[1]
	}
	in := &blockReader{r: r, line: 1}
	head, err := in.header()
	if err != nil {
		return reading, fail(name, err)
	}
	if s.layout = flowLayoutOf(head); s.layout == nil {
		return reading, unreadable(name, 1, "is no flow file: the heading is "+clip(string(head)), "t,i,j,k,v,q (BACI) or year,exporter_iso2,importer_iso2,hs6,value_usd,qty_t")
	}
	reading.Layout = s.layout.name
	err = s.run(in, max(1, workers), &reading)
	if err != nil {
		return reading, fail(name, err)
	}
	return reading, nil
}

type flowScan struct {
	name   string
	codes  *Codes
	layout *flowLayout
	fold   func(worker, block int, rows []RawFlow)
}

// block is some whole lines of a file.
type block struct {
	data   []byte
	line   int // of its first byte
	number int
}

func (s *flowScan) run(in *blockReader, workers int, reading *Reading) error {
	full, free := make(chan *block, workers), make(chan *block, workers+1)
	for range workers + 1 {
		free <- &block{}
	}
	parts := make([]Reading, workers)
	var wait sync.WaitGroup
	for w := range workers {
		parts[w] = Reading{Source: s.name}
		wait.Go(func() {
			var rows []RawFlow
			for b := range full {
				rows = s.parse(b, rows[:0], &parts[w])
				s.fold(w, b.number, rows)
				free <- b
			}
		})
	}
	var err error
	long := Reading{Source: s.name} // rows that never came to a worker
	for number := 0; err == nil; number++ {
		b := <-free
		b.number = number
		if err = in.next(b, &long); err == nil {
			full <- b
		}
	}
	close(full)
	wait.Wait()
	reading.merge(&long)
	for w := range parts {
		reading.merge(&parts[w])
	}
	if err == io.EOF {
		err = nil
	}
	return err
}

// blockReader cuts a stream at line breaks.
type blockReader struct {
	r    io.Reader
	rest []byte // begun line of the block before
	line int
	rows int
	size int // of the next block: small files take small blocks
	done bool
}

func (in *blockReader) header() ([]byte, error) {
	var b block
	if err := in.fill(&b); err != nil {
		if err == io.EOF {
			return nil, fmt.Errorf("is empty")
		}
		return nil, err
	}
	data := bytes.TrimPrefix(b.data, []byte("\xef\xbb\xbf"))
	head, rest, _ := bytes.Cut(data, []byte{'\n'})
	in.rest = append([]byte(nil), rest...)
	in.line = 2
	return head, nil
}

// fill reads up to a block, without regard to lines.
func (in *blockReader) fill(b *block) error {
	if in.size == 0 {
		in.size = firstBlock
	}
	if cap(b.data) < in.size+maxFlowRow {
		b.data = make([]byte, 0, in.size+maxFlowRow)
	}
	in.size = min(2*in.size, blockSize)
	b.data = append(b.data[:0], in.rest...)
	in.rest = in.rest[:0]
	if in.done {
		if len(b.data) == 0 {
			return io.EOF
		}
		return nil
	}
	have := len(b.data)
	if cap(b.data)-have < in.size/2 {
		b.data = append(make([]byte, 0, have+in.size), b.data...)
	}
	n, err := io.ReadFull(in.r, b.data[have:cap(b.data)])
	b.data = b.data[:have+n]
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		in.done, err = true, nil
	}
	if err == nil && len(b.data) == 0 {
		return io.EOF
	}
	return err
}

// next fills a block with whole lines. A line that is longer than a block is set aside.
func (in *blockReader) next(b *block, r *Reading) error {
	for {
		if err := in.fill(b); err != nil {
			return err
		}
		b.line = in.line
		end := bytes.LastIndexByte(b.data, '\n') + 1
		if in.done {
			end = len(b.data)
		}
		if end == 0 {
			r.Rows++
			r.drop("row too long", problem.Problem{Place: problem.Place{Line: in.line}, Text: fmt.Sprintf("a row longer than %d bytes", maxFlowRow)})
			if err := in.skipLine(); err != nil {
				return err
			}
			continue
		}
		in.rest = append(in.rest[:0], b.data[end:]...)
		b.data = b.data[:end]
		lines := bytes.Count(b.data, []byte{'\n'})
		in.line += lines
		if in.rows += lines; in.rows > maxFlowRows {
			return fmt.Errorf("more than %d rows", maxFlowRows)
		}
		return nil
	}
}

func (in *blockReader) skipLine() error {
	var b block
	for !in.done {
		if err := in.fill(&b); err != nil {
			return err
		}
		if i := bytes.IndexByte(b.data, '\n'); i >= 0 {
			in.rest = append(in.rest[:0], b.data[i+1:]...)
			in.line++
			return nil
		}
	}
	return io.EOF
}

// parse turns the lines of a block into rows.
func (s *flowScan) parse(b *block, rows []RawFlow, r *Reading) []RawFlow {
	data, line := b.data, b.line
	for len(data) > 0 {
		end := bytes.IndexByte(data, '\n')
		if end < 0 {
			end = len(data)
		}
		text := data[:end]
		data = data[min(end+1, len(data)):]
		if len(text) > 0 && text[len(text)-1] == '\r' {
			text = text[:len(text)-1]
		}
		if len(text) > 0 {
			r.Rows++
			var f RawFlow
			if bad := s.row(text, &f); bad == nil {
				rows = append(rows, f)
				r.Kept++
			} else {
				r.drop(bad.why, problem.Problem{Place: problem.Place{Line: line}, Field: bad.field, Text: bad.text(), Meant: bad.meant})
			}
		}
		line++
	}
	return rows
}

// badFlow is why a row is set aside. Its text is made only when it is the first of its kind or shown.
type badFlow struct {
	why, field, meant string
	cell              []byte
}

func (b *badFlow) text() string {
	if b.cell == nil {
		return b.why
	}
	return fmt.Sprintf("%s: %q", b.why, clip(string(b.cell)))
}

func (s *flowScan) row(text []byte, f *RawFlow) *badFlow {
	if len(text) > maxFlowRow {
		return &badFlow{why: "row too long"}
	}
	var ends [maxFlowColumns + 1]int
	n := 0
	for i, c := range text {
		if c == ',' {
			if n == maxFlowColumns {
				return &badFlow{why: "too many cells", meant: "one comma between cells"}
			}
			ends[n] = i
			n++
		}
	}
	ends[n] = len(text)
	n++
	l := s.layout
	if n != l.columns && !(n == l.columns+1 && ends[n-1] == ends[n-2]+1) {
		return &badFlow{why: "wrong number of cells", meant: fmt.Sprintf("%d cells", l.columns), cell: text}
	}
	cell := func(i int) []byte {
		from := 0
		if i > 0 {
			from = ends[i-1] + 1
		}
		c := text[from:ends[i]]
		if len(c) >= 2 && c[0] == '"' && c[len(c)-1] == '"' {
			c = c[1 : len(c)-1]
		}
		return c
	}
	year, ok := digits(cell(l.year))
	if !ok || year < 1900 || year > 2100 {
		return &badFlow{"no year", "year", "four digits", cell(l.year)}
	}
	f.Year = uint16(year)
	code := cell(l.line)
	if f.Line, ok = digits(code); !ok || len(code) != 6 {
		meant := "six digits"
		if ok && len(code) == 5 {
			meant = "0" + string(code) + ": the leading zero was lost; keep the column as text"
		}
		return &badFlow{"no six-digit customs code", "line", meant, code}
	}
	if bad := s.place(cell(l.from), "exporter", &f.From); bad != nil {
		return bad
	}
	if bad := s.place(cell(l.to), "importer", &f.To); bad != nil {
		return bad
	}
	if f.Value, ok = decimal(cell(l.value)); !ok || !(f.Value > 0) {
		return &badFlow{"no value above zero", "value", "", cell(l.value)}
	}
	f.Value *= l.scale
	f.Mass = math.NaN()
	if l.mass >= 0 {
		m := bytes.TrimSpace(cell(l.mass))
		if len(m) > 0 && string(m) != "NA" {
			if f.Mass, ok = decimal(m); !ok || f.Mass < 0 {
				return &badFlow{"no quantity", "quantity", "tonnes, or empty", m}
			}
		}
	}
	return nil
}

func (s *flowScan) place(cell []byte, field string, to *uint16) *badFlow {
	if s.layout.numeric {
		n, ok := digits(cell)
		if ok && n == 0 {
			return &badFlow{"world total", field, "leave totals out, or they are counted twice", cell}
		}
		if ok && n < uint32(len(s.codes.numeric)) {
			if *to = s.codes.numeric[n]; *to != 0 {
				return nil
			}
		}
		return &badFlow{"unknown country code", field, "a code of the BACI table", cell}
	}
	if len(cell) == 0 {
		return &badFlow{"empty country code", field, "NA is Namibia: a tool that reads it as missing has lost it; read codes as text", nil}
	}
	if len(cell) == 2 {
		if *to = s.codes.two[[2]byte{cell[0], cell[1]}]; *to != 0 {
			return nil
		}
	}
	if i, ok := s.codes.byISO3[string(cell)]; ok {
		*to = i
		return nil
	}
	return &badFlow{"unknown country code", field, "two letters of ISO 3166", cell}
}

func digits(b []byte) (uint32, bool) {
	if len(b) == 0 || len(b) > 9 {
		return 0, false
	}
	n := uint32(0)
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + uint32(c-'0')
	}
	return n, true
}

var powers = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// decimal reads a finite number. Up to fifteen digits take the quick way, which rounds as the long way does: both the digits and the power
// of ten are exact, and one division rounds once.
func decimal(b []byte) (float64, bool) {
	n, count, point := uint64(0), 0, -1
	for i, c := range b {
		switch {
		case c >= '0' && c <= '9':
			n = n*10 + uint64(c-'0')
			count++
		case c == '.' && point < 0:
			point = i
		default:
			return slowDecimal(b)
		}
		if count > 15 {
			return slowDecimal(b)
		}
	}
	switch {
	case count == 0:
		return 0, false
	case point < 0:
		return float64(n), true
	}
	return float64(n) / powers[len(b)-1-point], true
}

func slowDecimal(b []byte) (float64, bool) {
	x, err := strconv.ParseFloat(string(bytes.TrimSpace(b)), 64)
	return x, err == nil && !math.IsNaN(x) && !math.IsInf(x, 0)
}

// ReadFlows reads a flow file whole, keeping the lines wanted (none: all), in the order of the file. Rows that a key (year, exporter, importer, line)
// has already had are set aside: a file that holds them twice would count them twice.
func ReadFlows(name string, r io.Reader, codes *Codes, lines []string) ([]exposure.Flow, Reading, error) {
	want := map[uint32]bool{}
	for _, l := range lines {
		n, _ := digits([]byte(l))
		want[n] = true
	}
	var raw []RawFlow
	reading, err := ScanFlows(name, r, codes, 1, func(_, _ int, rows []RawFlow) {
		for _, f := range rows {
			if len(want) == 0 || want[f.Line] {
				raw = append(raw, f)
			}
		}
	})
	if err != nil {
		return nil, reading, err
	}
	return codes.flows(raw, &reading), reading, nil
}

// key is what only one row may have, in one number: six digits take 20 bits, years 12, and places 16 each.
func (f *RawFlow) key() uint64 {
	return uint64(f.Line)<<44 | uint64(f.Year)<<32 | uint64(f.From)<<16 | uint64(f.To)
}

// flows turns raw rows into flows with codes as text, without doubles.
func (c *Codes) flows(raw []RawFlow, reading *Reading) []exposure.Flow {
	seen := make(map[uint64]struct{}, len(raw))
	lines := map[uint32]string{}
	flows := make([]exposure.Flow, 0, len(raw))
	for i := range raw {
		f := &raw[i]
		k := f.key()
		if _, twice := seen[k]; twice {
			reading.Kept--
			reading.drop("the same flow twice", problem.Problem{Text: fmt.Sprintf("%d %s to %s, %06d stands twice", f.Year, c.places[f.From-1].Code, c.places[f.To-1].Code, f.Line),
				Meant: "remove one, or it is counted twice"})
			continue
		}
		seen[k] = struct{}{}
		line, ok := lines[f.Line]
		if !ok {
			line = fmt.Sprintf("%06d", f.Line)
			lines[f.Line] = line
		}
		flows = append(flows, exposure.Flow{Year: int(f.Year), From: c.places[f.From-1].Code, To: c.places[f.To-1].Code, Line: line, Value: f.Value, Mass: f.Mass})
	}
	return flows
}

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
