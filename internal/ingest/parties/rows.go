package parties

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"lodestone/internal/problem"
)

// Rows reads a user's file of names row by row: CSV (comma, semicolon, tab) or JSON Lines, as UTF-8. A row that cannot be read is a row with
// a problem; reading goes on behind it. Start with OpenRows.
type Rows struct {
	name   string
	source *source
	csv    *csv.Reader      // nil: JSON Lines
	column map[string][]int // places in the file of each known column
	count  int              // columns of the heading line
	line   int
	wanted []string
	other  func() (Row, error) // gives the rows of a file that this package does not read; nil: it does
}

// Name is the file that the rows stand in.
func (r *Rows) Name() string { return r.name }

// RowsOf makes rows of what another reader gives.
func RowsOf(name string, next func() (Row, error)) *Rows { return &Rows{name: name, other: next} }

// Row is a row of a file of names.
type Row struct {
	Line    int
	Cells   map[string]string // by known column; absent where empty
	Problem *problem.Problem  // why the row was refused; nil: it was not
}

// OpenRows reads the heading. Columns are the known ones, each with its names; needed lists those of which one at least must be there. JSON
// Lines need no heading. The error is a problem.Problem.
func OpenRows(name string, in io.Reader, columns map[string][]string, needed ...string) (*Rows, error) {
	refuse := func(text, meant string) error {
		return problem.Problem{Place: problem.Place{File: name}, Text: text, Meant: meant}
	}
	s, err := open(name, in)
	if err != nil {
		return nil, refuse(err.Error(), "")
	}
	r := &Rows{name: name, source: s, column: map[string][]int{}, wanted: needed}
	for c := range columns {
		r.column[c] = nil
	}
	if text := bytes.TrimSpace(s.head); text[0] == '{' {
		return r, nil
	}
	r.csv = csv.NewReader(s)
	r.csv.Comma, r.csv.FieldsPerRecord, r.csv.ReuseRecord, r.csv.LazyQuotes = commaOf(firstLine(s.head)), -1, true, true
	header, err := r.csv.Read()
	if err != nil {
		return nil, refuse(tableError(err).Error(), "")
	}
	r.count = len(header)
	var seen []string
	for i, h := range header {
		h = strings.ToLower(strings.TrimSpace(h))
		seen = append(seen, h)
		for column, names := range columns {
			for _, n := range names {
				if h == n {
					r.column[column] = append(r.column[column], i)
				}
			}
		}
	}
	for _, n := range needed {
		if len(r.column[n]) > 0 {
			return r, nil
		}
	}
	meant := "a heading line with " + strings.Join(needed, " or ")
	if near := problem.Nearest(needed[0], seen); near != "" {
		meant = fmt.Sprintf("is %q meant to be %q?", near, needed[0])
	}
	return nil, refuse(fmt.Sprintf("no column %q in the heading line", needed[0]), meant)
}

// commaOf tells by the heading line what parts cells.
func commaOf(line string) rune {
	best, most := ',', strings.Count(line, ",")
	for _, c := range ";\t" {
		if n := strings.Count(line, string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

// Next reads a row; io.EOF after the last. Another error is one of reading the file as a whole.
func (r *Rows) Next() (Row, error) {
	if r.other != nil {
		return r.other()
	}
	if r.csv == nil {
		return r.nextJSON()
	}
	cells, err := r.csv.Read()
	if err == io.EOF {
		return Row{}, io.EOF
	}
	var syntax *csv.ParseError
	if err != nil && !errors.As(err, &syntax) {
		return Row{}, cutOff(err)
	}
	if err != nil {
		return r.refuse(syntax.StartLine, tableError(err).Error()), nil
	}
	line, _ := r.csv.FieldPos(0)
	if len(cells) > r.count {
		return r.refuse(line, fmt.Sprintf("%d cells under %d headings; put cells with commas in quotes", len(cells), r.count)), nil
	}
	row := Row{Line: line, Cells: map[string]string{}}
	for column, places := range r.column {
		for _, i := range places {
			if i < len(cells) && row.Cells[column] == "" {
				if v := strings.TrimSpace(cells[i]); v != "" {
					row.Cells[column] = strings.Clone(v)
				}
			}
		}
	}
	return row, nil
}

func (r *Rows) refuse(line int, text string) Row {
	return Row{Line: line, Problem: &problem.Problem{Place: problem.Place{File: r.name, Line: line}, Text: text}}
}

func (r *Rows) nextJSON() (Row, error) {
	for {
		data, err := r.source.line()
		r.line++
		if err != nil {
			return Row{}, err
		}
		if len(bytes.TrimSpace(data)) == 0 {
			continue
		}
		var keys map[string]any
		if err := json.Unmarshal(data, &keys); err != nil {
			return r.refuse(r.line, "no JSON object: "+err.Error()), nil
		}
		row := Row{Line: r.line, Cells: map[string]string{}}
		for key, v := range keys {
			if _, known := r.column[strings.ToLower(key)]; known {
				row.Cells[strings.ToLower(key)] = cellOf(v)
			}
		}
		return row, nil
	}
}

// cellOf writes a JSON value as a cell; lists are parted by semicolons.
func cellOf(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case nil:
		return ""
	case []any:
		var parts []string
		for _, x := range v {
			parts = append(parts, cellOf(x))
		}
		return strings.Join(parts, ";")
	case map[string]any:
		return ""
	}
	return fmt.Sprint(v)
}
