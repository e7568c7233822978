package trade

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"regexp"
	"strings"
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
	reading.Layout, reading.Head = s.layout.name, strings.Split(strings.TrimRight(string(head), "\r"), ",")
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
				r.drop(bad.why, problem.Problem{Place: problem.Place{Line: line}, Field: bad.field, Text: bad.text(), Meant: bad.meant}, strings.Split(string(text), ","))
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
				Meant: "remove one, or it is counted twice"}, nil)
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
