// Package sheets reads the cells of workbooks: XLSX (Office Open XML) and the older XLS (BIFF8), row by row, as texts.
//
// A number is given as it was typed, to the fifteen digits that spreadsheets keep; a percent cell as percent, a date as YYYY-MM-DD (a time of day
// beside a date is dropped), a code formatted with leading zeros with them. Formulas give the results that were saved with them. What the rows
// mean is the business of package tables. Start with OpenXLSX or OpenXLS. Every part of a file is read within a limit, and what is not a
// workbook gives an error, never a panic.
package sheets

import (
	"errors"
	"fmt"
	"io"
)

// Limits on what a workbook may hold.
const (
	maxParts   = 10_000    // files in the zip
	maxSmall   = 64 << 20  // bytes of the parts that are read whole, but for the texts
	maxTexts   = 512 << 20 // bytes of the shared texts
	maxHeld    = 256 << 20 // bytes of memory that they take
	textHeader = 16        // bytes that each takes besides
	maxSheet   = 4 << 30   // bytes of a sheet, which is read as a stream
	maxSheets  = 1000
	maxColumns = 16_384 // as spreadsheets have
	maxRows    = 1 << 20
	maxCell    = 1 << 20 // bytes of a cell
	maxXLS     = 1 << 30 // bytes of the workbook stream of an XLS file

	// A part of some size that is packed tighter than this is a bomb: markup of real tables is packed some ten to fifty times.
	unsuspected = 32 << 20 // bytes
	mostRatio   = 200
)

// Book is an open workbook.
type Book interface {
	// Sheets lists the sheets in the order of the workbook.
	Sheets() []Sheet
	// Rows begins to read a sheet by its place in Sheets.
	Rows(sheet int) (Rows, error)
}

// Sheet is one sheet of a workbook.
type Sheet struct {
	Name   string
	Hidden bool
}

// Rows gives the rows of a sheet in order; rows without cells may be left out.
type Rows interface {
	// Next returns the row that follows; io.EOF behind the last. Its cells are valid until the next call.
	Next() (Row, error)
	Close() error
}

// Row is one row of a sheet.
type Row struct {
	Number int      // as the spreadsheet counts it, from 1
	Cells  []string // from column A on; empty where a cell is
}

// ErrLocked is the error of a workbook that a password protects.
var ErrLocked = errors.New("is locked with a password")

// limited fails where a part is longer than it may be: a small zip can hold a text of any length.
type limited struct {
	r    io.Reader
	left int64
	what string
	most int64
}

func limit(r io.Reader, most int64, what string) *limited { return &limited{r, most, what, most} }

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, fmt.Errorf("%s is longer than %d MB", l.what, l.most>>20)
	}
	n, err := l.r.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	return n, err
}
