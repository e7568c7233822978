// Package tables reads item tables row by row: CSV (comma, semicolon, tab) and JSON Lines, in UTF-8, UTF-16, GB18030 or CP949; sheets of
// workbooks (XLSX, XLS), Parquet, and the export declarations of the Chinese single window. The form is told from the bytes, not from the name.
//
// Memory does not grow with the file: rows come in batches that reuse their memory, and a row is bounded. A row that cannot be read
// is a row with a problem; reading goes on behind it. What makes the whole file unreadable (no known column, a misspelt or doubled
// one) is said by Open, before anything is written. Start with Open. What cells mean is the business of package fact.
package tables

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"

	"lodestone/internal/fact"
	"lodestone/internal/ingest/declared"
	"lodestone/internal/ingest/sheets"
	"lodestone/internal/problem"
	"lodestone/internal/sentence"
	"lodestone/internal/vocab"
)

const (
	maxRow     = 1 << 20 // bytes of one row
	maxArena   = 4 << 20 // bytes of one batch; a batch that reaches it ends early
	maxColumns = 2000    // columns of a table, keys of a JSON row
	batchRows  = 500
)

// Options say how a table is read. The zero Options suit.
type Options struct {
	BatchRows int    // most rows in a batch; zero: 500
	Encoding  string // name of the encoding ("utf-8", "gb18030", "euc-kr", "utf-16"); empty: told from the first 64 kB
	Sheet     string // of a workbook; empty: the first sheet with known headings

	// Map says which columns headings mean, whatever the vocabulary says: known column to heading.
	Map map[string]string

	// Declared gives compositions to parts whose rows have none; nil: none are declared.
	Declared *declared.Index
}

// Format is the form of a table.
type Format uint8

const (
	CSV Format = iota
	JSONLines
	XLSX
	XLS
	Parquet
	Declaration // an XML declaration of the Chinese single window
	Materials   // a material declaration
)

// Column is a column of a table.
type Column struct {
	Heading string // as it stands in the file
	ID      string // name of the known column; empty: unknown, passed through
	Number  int    // fact.ColumnNumber of it; -1: unknown, passed through
}

// Table is an open table. It belongs to one goroutine; its batches do not.
type Table struct {
	Name      string
	Format    Format
	Encoding  string // as told from the text
	Delimiter byte   // of CSV
	// Columns of the cells of every row. For JSON Lines these are all known columns, and keys that are not known stand in Row.Extra.
	Columns []Column
	Notes   problem.List // what was passed over in the headings

	v      *vocab.Vocab
	opt    Options
	rows   source
	closer io.Closer // of what was opened within the file; nil: nothing was
}

// source splits the text into rows.
type source interface {
	// next adds one row to the batch; io.EOF at the end.
	next(b *Batch) error
}

// DecimalComma says whether a single comma in a number is decimal: in files that part their cells by something else.
func (t *Table) DecimalComma() bool { return t.Format == CSV && t.Delimiter != ',' }

// Headed says that all columns are known from the start: they are those of a heading line, not keys that differ from row to row.
func (t *Table) Headed() bool { return t.Format != JSONLines }

// Close gives back what reading holds, but for the reader that Open was given.
func (t *Table) Close() {
	if t.closer != nil {
		t.closer.Close()
	}
}

// Row is one row of a table. Its strings keep the memory of their batch alive, and are not changed when the batch is filled again.
type Row struct {
	Line    int               // physical line on which the row begins, counted from 1
	Cells   []string          // one a column; nil where the row was refused. Valid until the batch is filled again
	Extra   []fact.ExtraField // keys of a JSON row that are not known. Valid until the batch is filled again
	Problem *problem.Problem  // why the row was refused, with its place; nil: it was not
}

// Batch is some rows of a table, in order. Batches do not depend on one another: hand them to other goroutines, and give them back to
// Next (by way of a sync.Pool) when done.
type Batch struct {
	Rows []Row

	arena  []byte // the cells of all rows, one after the other
	spans  []span // of cells, in the arena
	names  []span // of keys of JSON rows that are not known
	values []span // of their values
	marks  []mark // one a row
	cells  []string
	extra  []fact.ExtraField
}

// span is a part of the arena.
type span struct{ from, to uint32 }

// mark is a row before its strings are made.
type mark struct {
	line          int
	cells, extras int // how many
	problem       *problem.Problem
}

// Open reads the beginning of a table: encoding, format, headings. The error is a problem.List; it names the file and the line.
func Open(name string, r io.Reader, v *vocab.Vocab, opt Options) (*Table, error) {
	t, err := open(name, r, v, opt)
	if err != nil {
		return nil, err
	}
	if opt.Declared != nil {
		if err := t.join(); err != nil {
			t.Close()
			return nil, err
		}
	}
	return t, nil
}

// Headings gives the columns of a table as far as they can be told, also where Open refuses it for its headings: whoever looks at them can say with
// Options.Map what they mean. The error is that of Open.
func Headings(name string, r io.Reader, v *vocab.Vocab, opt Options) ([]Column, error) {
	t, err := open(name, r, v, opt)
	if t == nil {
		return nil, err
	}
	t.Close()
	return t.Columns, err
}

func open(name string, r io.Reader, v *vocab.Vocab, opt Options) (*Table, error) {
	if opt.BatchRows <= 0 {
		opt.BatchRows = batchRows
	}
	t := &Table{Name: name, v: v, opt: opt}
	head := make([]byte, sniffed)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, t.unreadable(0, "", "cannot be read: %v", err)
	}
	head = head[:n]
	if c := containerOf(head); c != plainText {
		return t, t.openContainer(c, r, head)
	}
	if what, remedy := foreign(head); what != "" {
		return nil, t.unreadable(0, remedy, "%s", sentence.Sentence{Format: what})
	}
	if root := rootOf(head); root != "" {
		return t, t.openXML(root, io.MultiReader(bytes.NewReader(head), r))
	}
	enc, err := t.encodingOf(head)
	if err != nil {
		return nil, err
	}
	t.Encoding = enc.name
	if t.opt.Encoding == "" && enc.enc != nil {
		t.note(0, "--encoding NAME says another", "is read as %s, as its bytes seem to say", enc.name)
	}
	in := &input{r: enc.reader(io.MultiReader(bytes.NewReader(head), r)), table: t, line: 1, legacy: enc.legacy()}
	if !in.skipBlankLines() {
		if in.err != nil {
			return nil, t.unreadable(0, "", "cannot be read: %v", in.err)
		}
		return nil, t.unreadable(0, "a heading line and a row an item", "is empty")
	}
	switch in.pending()[0] {
	case '{':
		t.Format = JSONLines
		return t, t.openJSON(in)
	case '[':
		return nil, t.unreadable(in.line, "JSON Lines: one object a line", "is a JSON array")
	}
	return t, t.openCSV(in)
}

// unreadable is a problem with the whole file.
func (t *Table) unreadable(line int, meant, format string, args ...any) error {
	return problem.List{problem.Problem{Place: problem.Place{File: t.Name, Line: line}, Meant: meant}.Saying(sentence.Of(format, args...))}
}

// openContainer opens a file that has to be looked at from its end.
func (t *Table) openContainer(c container, r io.Reader, head []byte) error {
	at, size, err := whole(r, head)
	if err != nil {
		return t.unreadable(0, "", "cannot be read: %v", err)
	}
	if c == parquetFile {
		return t.openParquet(at, size)
	}
	t.Format = XLS
	open := sheets.OpenXLS
	if c == zipped {
		t.Format, open = XLSX, sheets.OpenXLSX
		z, err := zip.NewReader(at, size)
		if err != nil {
			return t.unreadable(0, "fetch it again", "is a workbook or a zip archive, damaged or cut off (%v)", err)
		}
		if !sheets.IsXLSX(z) {
			return t.declaredIn(z)
		}
	}
	book, err := open(at, size)
	switch {
	case errors.Is(err, sheets.ErrLocked):
		return t.unreadable(0, "take the password off and save it again", "%v", err)
	case err != nil:
		return t.unreadable(0, "save it as XLSX or CSV again", "%v", err)
	}
	return t.openSheet(book)
}

// Next fills a batch with the rows that follow, reusing its memory. It returns io.EOF where there are none; another error means that
// reading broke off, after the rows already given.
func (t *Table) Next(b *Batch) error {
	b.clear()
	for len(b.marks) < t.opt.BatchRows && len(b.arena) < maxArena {
		err := t.rows.next(b)
		if err == nil {
			continue
		}
		if len(b.marks) == 0 {
			return err
		}
		break // the error comes again with the next call
	}
	b.finish()
	return nil
}

func (b *Batch) clear() {
	b.arena, b.spans, b.names, b.values, b.marks = b.arena[:0], b.spans[:0], b.names[:0], b.values[:0], b.marks[:0]
}

// refuse adds a row that could not be read.
func (b *Batch) refuse(p problem.Problem) {
	b.marks = append(b.marks, mark{line: p.Line, problem: &p})
}

// finish makes the strings. All cells of a batch share one: a string a cell would cost an allocation each, and strings over memory that is
// used again would change under the hands of whoever kept one.
func (b *Batch) finish() {
	text := string(b.arena)
	b.cells = resize(b.cells, len(b.spans))
	for i, s := range b.spans {
		b.cells[i] = text[s.from:s.to]
	}
	b.extra = resize(b.extra, len(b.names))
	for i, s := range b.names {
		b.extra[i] = fact.ExtraField{Name: text[s.from:s.to], Value: text[b.values[i].from:b.values[i].to]}
	}
	b.Rows = resize(b.Rows, len(b.marks))
	cell, extra := 0, 0
	for i := range b.marks {
		m := &b.marks[i]
		row := Row{Line: m.line, Problem: m.problem}
		if m.problem == nil {
			row.Cells = b.cells[cell : cell+m.cells : cell+m.cells]
			row.Extra = b.extra[extra : extra+m.extras : extra+m.extras]
		}
		cell, extra = cell+m.cells, extra+m.extras
		b.Rows[i] = row
	}
}

func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/4)
	}
	return s[:n]
}
