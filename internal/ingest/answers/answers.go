// Package answers reads the workbooks in which suppliers have answered questions, as "lodestone screen --asks" writes them.
//
// The first row of a sheet, hidden, names the columns for the program, so that columns may be moved, and headings may stand in any language. Start
// with Read. A row that cannot be read is a problem that names its cell; the rest is read. What an answer says is the business of package fact.
package answers

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"lodestone/internal/problem"
	"lodestone/internal/sentence"
	"lodestone/internal/when"
)

// Headings of the hidden first row.
const (
	Line   = "lodestone:line"
	Fact   = "lodestone:fact"
	Value  = "lodestone:answer"
	By     = "lodestone:by"
	On     = "lodestone:on"
	maxRow = 500_000  // rows that are read of one workbook
	maxAll = 20 << 20 // cells of them, empty ones in between too
)

// Limits on what is unpacked: a workbook is a zip file, and a small one may hold much.
const (
	maxFile = 64 << 20
	maxZip  = 512 << 20
	maxPart = 16 << 20 // of XML held in memory; larger sheets go to temporary files
	maxText = 2_000    // bytes of one answer
)

// Answer is one filled cell.
type Answer struct {
	Line, Fact string // what it is about
	Value      string
	By         string    // who gave it; empty: not stated
	On         when.Date // zero: not stated
	Place      problem.Place
	Cell       string // "Sheet!G5"
}

// Words are the answer with who gave it when, as a reason shows them.
func (a *Answer) Words() string {
	words := a.Value
	if a.By != "" {
		words += ", " + a.By
	}
	if a.On != 0 {
		words += ", " + a.On.String()
	}
	return words + " (" + a.Cell + ")"
}

// Read reads the filled answers of a workbook, in order. Problems name cells whose rows were set aside; the error means that nothing can be read.
func Read(name string, r io.Reader) ([]Answer, problem.List, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	switch {
	case err != nil:
		return nil, nil, unreadable(name, "cannot be read: "+err.Error(), "")
	case len(data) > maxFile:
		return nil, nil, unreadable(name, fmt.Sprintf("is larger than %d MB", maxFile>>20), "answers in several files")
	}
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxZip, UnzipXMLSizeLimit: maxPart})
	if err != nil {
		return nil, nil, unreadable(name, "is no Excel workbook that can be read: "+err.Error(), "the .xlsx file that --asks wrote, filled in and saved as .xlsx")
	}
	defer f.Close()
	b := &reader{name: name, file: f, first: map[[2]string]int{}}
	known := false
	for _, sheet := range f.GetSheetList() {
		ours, err := b.sheet(sheet)
		if err != nil {
			return nil, nil, unreadable(name, fmt.Sprintf("sheet %q cannot be read: %v", sheet, err), "")
		}
		known = known || ours
	}
	if !known {
		return nil, nil, unreadable(name, "has no sheet with questions", "the file that --asks wrote, with its hidden first row")
	}
	return b.answers, b.problems, nil
}

func unreadable(name, text, meant string) error {
	return problem.List{{Place: problem.Place{File: name}, Text: text, Meant: meant}}
}

type reader struct {
	name     string
	file     *excelize.File
	answers  []Answer
	problems problem.List
	first    map[[2]string]int // answer by line and fact
	rows     int
	cells    int
}

// columns are the places of the columns that are read; -1: the sheet has none.
type columns struct{ line, fact, value, by, on int }

// sheet reads one sheet, and says whether it holds questions.
func (b *reader) sheet(name string) (bool, error) {
	rows, err := b.file.Rows(name)
	if err != nil {
		if errors.As(err, new(excelize.ErrSheetNotExist)) {
			return false, nil // a chart
		}
		return false, err
	}
	defer rows.Close()
	var c columns
	for n := 1; rows.Next(); n++ {
		if b.rows++; b.rows > maxRow {
			return false, fmt.Errorf("more than %d rows", maxRow)
		}
		cells, err := rows.Columns()
		if err != nil {
			return false, err
		}
		if b.cells += len(cells); b.cells > maxAll {
			return false, fmt.Errorf("more than %d cells", maxAll)
		}
		if n == 1 {
			c = columns{find(cells, Line), find(cells, Fact), find(cells, Value), find(cells, By), find(cells, On)}
			if c.line < 0 || c.fact < 0 || c.value < 0 {
				return false, rows.Error()
			}
			continue
		}
		b.row(name, n, cells, c)
	}
	return c.value > 0, rows.Error()
}

func find(cells []string, heading string) int {
	for i, c := range cells {
		if strings.TrimSpace(c) == heading {
			return i
		}
	}
	return -1
}

func (b *reader) row(sheet string, n int, cells []string, c columns) {
	a := Answer{Line: bare(at(cells, c.line)), Fact: bare(at(cells, c.fact)), Value: strings.TrimSpace(bare(at(cells, c.value))), By: strings.TrimSpace(at(cells, c.by))}
	corner, _ := excelize.CoordinatesToCellName(c.value+1, n)
	a.Cell, a.Place = sheet+"!"+corner, problem.Place{File: b.name, Line: n, Column: c.value + 1}
	switch {
	case a.Value == "", a.Line == "" && a.Fact == "" && n <= 3: // not answered, or a heading
		return
	case a.Line == "" || a.Fact == "":
		b.wrong(&a, "a row of the file that --asks wrote; answers cannot be moved to other rows", "the hidden columns do not say which line and fact it is about")
		return
	case len(a.Value) > maxText || !utf8.ValidString(a.Value):
		b.wrong(&a, "one fact in a few words", "is no answer: %d bytes long", len(a.Value))
		return
	}
	if on := strings.TrimSpace(at(cells, c.on)); on != "" {
		day, err := when.ParseDate(on)
		if err != nil {
			b.problems = append(b.problems, problem.Problem{Place: a.Place, Field: a.Cell, Text: err.Error(), Meant: "2026-03-01; the answer is taken without its day", Warning: true})
		}
		a.On = day
	}
	key := [2]string{a.Line, a.Fact}
	if i, twice := b.first[key]; twice {
		if first := &b.answers[i]; !strings.EqualFold(first.Value, a.Value) {
			b.wrong(&a, "one answer; the first is taken", "answers %q, and %s answers %q to the same question", a.Value, first.Cell, first.Value)
		}
		return
	}
	b.first[key] = len(b.answers)
	b.answers = append(b.answers, a)
}

func (b *reader) wrong(a *Answer, meant, format string, args ...any) {
	b.problems = append(b.problems, problem.Problem{Place: a.Place, Field: a.Cell, Meant: meant}.Saying(sentence.Of(format, args...)))
}

func at(cells []string, i int) string {
	if i < 0 || i >= len(cells) {
		return ""
	}
	return cells[i]
}

// bare takes off the apostrophe that keeps a spreadsheet from taking a text for a formula.
func bare(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.ContainsRune("=+-@\t\r", rune(s[1])) {
		return s[1:]
	}
	return s
}
