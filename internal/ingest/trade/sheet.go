package trade

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"lodestone/internal/problem"
)

// Limits of the readers that go by encoding/csv. BACI files and panels have their own (flows.go).
const (
	maxSheet   = 1 << 30 // bytes of a file
	maxColumns = 500
	maxCell    = 64 << 10
)

// sheet reads a file row by row, columns by name: CSV with a heading line, or the records of a Comtrade answer.
type sheet struct {
	name string
	csv  *csv.Reader
	left *io.LimitedReader
	// record gives the cells of the next JSON record in the order of head, and its line; nil: the file is CSV. A record that cannot be read
	// is a problem; io.EOF ends it.
	record func() (cells []string, line int, bad *problem.Problem, err error)
	head   []string
	at     map[string]int
	row    []string
	line   int
}

// openSheet reads the heading line. Columns that are asked for must be there; a near spelling is suggested.
func openSheet(name string, r io.Reader, columns ...string) (*sheet, error) {
	return openSheetBy(name, r, ',', columns...)
}

func openSheetBy(name string, r io.Reader, delimiter rune, columns ...string) (*sheet, error) {
	left := &io.LimitedReader{R: r, N: maxSheet}
	in := bufio.NewReader(left)
	if bom, _ := in.Peek(3); string(bom) == "\xef\xbb\xbf" {
		in.Discard(3)
	}
	s := &sheet{name: name, csv: csv.NewReader(in), left: left, at: map[string]int{}}
	s.csv.Comma, s.csv.FieldsPerRecord = delimiter, -1
	head, err := s.csv.Read()
	if err == io.EOF {
		return nil, unreadable(name, 0, "is empty", "a heading line and a row a record")
	}
	if err != nil {
		return nil, unreadable(name, 1, "the heading line cannot be read: "+err.Error(), "")
	}
	if len(head) > maxColumns {
		return nil, unreadable(name, 1, fmt.Sprintf("%d columns; at most %d are read", len(head), maxColumns), "")
	}
	s.head = slices.Clone(head)
	for i, h := range head {
		if _, twice := s.at[strings.TrimSpace(h)]; !twice {
			s.at[strings.TrimSpace(h)] = i
		}
	}
	for _, c := range columns {
		if _, ok := s.at[c]; !ok {
			return nil, unreadable(name, 1, fmt.Sprintf("has no column %q", c), problem.Nearest(c, head))
		}
	}
	return s, nil
}

// has says whether a column is there.
func (s *sheet) has(column string) bool {
	_, ok := s.at[column]
	return ok
}

// next reads a row. A row of the wrong width is a problem, but for one empty cell too many at its end, which some portals write: a reader
// that trusted the count would shift every column. The error is one of the file as a whole; io.EOF at its end.
func (s *sheet) next() (bad *problem.Problem, err error) {
	if s.record != nil {
		s.row, s.line, bad, err = s.record()
		return bad, err
	}
	return s.nextCSV()
}

func (s *sheet) nextCSV() (*problem.Problem, error) {
	row, err := s.csv.Read()
	if err == io.EOF && s.left.N == 0 {
		return nil, unreadable(s.name, s.line, fmt.Sprintf("is longer than %d MB", maxSheet>>20), "split it")
	}
	var bad *csv.ParseError
	switch {
	case errors.As(err, &bad):
		s.line, s.row = bad.StartLine, nil
		return s.problem("", bad.Err.Error(), `write quotes within a cell twice ("")`), nil
	case err != nil:
		return nil, err
	}
	s.line, _ = s.csv.FieldPos(0)
	if len(row) == len(s.head)+1 && row[len(row)-1] == "" {
		row = row[:len(row)-1]
	}
	s.row = row
	if len(row) != len(s.head) {
		return s.problem("", fmt.Sprintf("%d cells under %d headings", len(row), len(s.head)), "quote cells that hold commas"), nil
	}
	for i, c := range row {
		if len(c) > maxCell {
			return s.problem(s.head[i], fmt.Sprintf("a cell of %d bytes; at most %d are read", len(c), maxCell), ""), nil
		}
	}
	return nil, nil
}

// cell is the text of a column; "" where there is no such column.
func (s *sheet) cell(column string) string {
	if i, ok := s.at[column]; ok {
		return strings.TrimSpace(s.row[i])
	}
	return ""
}

func (s *sheet) problem(field, text, meant string) *problem.Problem {
	return &problem.Problem{Place: problem.Place{File: s.name, Line: s.line}, Field: field, Text: text, Meant: meant}
}

// number reads a finite decimal; NaN where the cell is empty.
func (s *sheet) number(column string) (float64, *problem.Problem) {
	text := s.cell(column)
	if text == "" {
		return math.NaN(), nil
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return math.NaN(), s.problem(column, fmt.Sprintf("%q is no number", clip(text)), "digits with a decimal point, no thousands separators")
	}
	return x, nil
}

// year reads a year from 1900 to 2100.
func (s *sheet) year(column string) (int, *problem.Problem) {
	y, err := strconv.Atoi(s.cell(column))
	if err != nil || y < 1900 || y > 2100 {
		return 0, s.problem(column, fmt.Sprintf("%q is no year", clip(s.cell(column))), "four digits")
	}
	return y, nil
}

// each calls one for every row that could be split, and keeps the reading. one returns why it sets the row aside, or nil.
func (s *sheet) each(r *Reading, one func() (why string, p *problem.Problem)) error {
	r.Head = s.head
	for {
		p, err := s.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		r.Rows++
		why := "unreadable row"
		if p == nil {
			why, p = one()
		}
		if p != nil {
			if why == "" {
				why = "unreadable cell"
			}
			r.drop(why, *p, slices.Clone(s.row))
			continue
		}
		r.Kept++
	}
}
