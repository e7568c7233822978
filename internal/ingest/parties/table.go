package parties

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// table reads rows by the names of their columns.
type table struct {
	csv    *csv.Reader
	header []string
	column map[string]int
	row    []string
	line   int
}

// newTable reads the heading line. Further lines that may stand before it are skipped until one has the column wanted.
func newTable(in io.Reader, comma rune, wanted string) (*table, error) {
	t := &table{csv: csv.NewReader(in), column: map[string]int{}}
	t.csv.Comma, t.csv.FieldsPerRecord, t.csv.ReuseRecord = comma, -1, true
	for range 5 {
		row, err := t.csv.Read()
		if err != nil {
			return nil, tableError(err)
		}
		for i, h := range row {
			h = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")))
			t.header = append(t.header, h)
			if _, twice := t.column[h]; !twice {
				t.column[h] = i
			}
		}
		if _, ok := t.column[wanted]; ok {
			return t, nil
		}
		t.header, t.column = nil, map[string]int{}
	}
	return nil, fmt.Errorf("no column %q in the heading line", wanted)
}

// next reads a row; io.EOF after the last. A heading line inside the file and a row that is too short say that the file is broken.
func (t *table) next() error {
	row, err := t.csv.Read()
	if err == io.EOF {
		return io.EOF
	}
	if err != nil {
		return tableError(err)
	}
	t.line, _ = t.csv.FieldPos(0)
	t.row = row
	if len(row) > 1 && len(row) == len(t.header) && t.isHeader() {
		return fmt.Errorf("line %d: a second heading line: two files run together, or one broken off and begun again; fetch it again", t.line)
	}
	if len(row) != len(t.header) {
		if _, err := t.csv.Read(); err == io.EOF {
			return fmt.Errorf("line %d: the last row has %d of %d columns: the file is cut off; fetch it again", t.line, len(row), len(t.header))
		}
		return fmt.Errorf("line %d: %d columns, the heading line has %d", t.line, len(row), len(t.header))
	}
	return nil
}

func (t *table) isHeader() bool {
	for i, cell := range t.row {
		if strings.ToLower(strings.TrimSpace(cell)) != t.header[i] {
			return false
		}
	}
	return true
}

// get is the cell of a column; empty where there is no such column.
func (t *table) get(column string) string {
	if i, ok := t.column[column]; ok {
		return strings.Clone(strings.TrimSpace(t.row[i]))
	}
	return ""
}

// first is the first of several columns that is filled.
func (t *table) first(columns ...string) string {
	for _, c := range columns {
		if v := t.get(c); v != "" {
			return v
		}
	}
	return ""
}

// tableError words an error of the CSV reader.
func tableError(err error) error {
	var p *csv.ParseError
	if errors.As(err, &p) {
		if errors.Is(p.Err, csv.ErrQuote) {
			return fmt.Errorf("line %d: a quote is not closed where it should be; the file is cut off or damaged: fetch it again", p.StartLine)
		}
		return fmt.Errorf("line %d, column %d: %w", p.Line, p.Column, p.Err)
	}
	return cutOff(err)
}

// list parts a cell of several values.
func list(cell, sep string) []string {
	var out []string
	for _, v := range strings.Split(cell, sep) {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}
