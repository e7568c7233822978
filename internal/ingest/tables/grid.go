package tables

import (
	"io"
	"strings"
	"unicode/utf8"

	"lodestone/internal/ingest/sheets"
	"lodestone/internal/problem"
	"lodestone/internal/sentence"
)

// gridRows are the rows of a table that comes in cells, not as text: a sheet, a Parquet file, the items of an XML document.
type gridRows struct {
	table *Table
	rows  sheets.Rows
	ahead []sheets.Row // read already, behind the heading line
	last  int          // number of the row given last
	width int          // of the heading line
}

// next adds a row to the batch. Rows without cells are passed over, and so are cells without a heading above them.
func (g *gridRows) next(b *Batch) error {
	for {
		row, err := g.take()
		if err == io.EOF {
			return err
		}
		if err != nil {
			return problem.List{{Place: problem.Place{File: g.table.Name, Line: g.last + 1}, Text: "reading broke off: " + err.Error()}}
		}
		g.last = row.Number
		cells := row.Cells[:min(len(row.Cells), g.width)]
		if empty(cells) {
			continue
		}
		g.add(b, row.Number, cells)
		return nil
	}
}

func (g *gridRows) take() (row sheets.Row, err error) {
	if len(g.ahead) > 0 {
		row, g.ahead = g.ahead[0], g.ahead[1:]
		return row, nil
	}
	return g.rows.Next()
}

func empty(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// add puts the cells into the batch, or the reason why they cannot be read.
func (g *gridRows) add(b *Batch, line int, cells []string) {
	size := 0
	for i, c := range cells {
		size += len(c)
		if !utf8.ValidString(c) || strings.IndexByte(c, 0) >= 0 {
			p := g.table.rowProblem(line, "save the file again", "a cell holds bytes that are no text")
			p.Column, p.Field = i+1, clip(g.table.Columns[i].Heading)
			b.refuse(p)
			return
		}
	}
	if size > maxRow {
		b.refuse(g.table.rowProblem(line, "shorten its longest cell", "the row is %d bytes long; at most %d are read", size, maxRow))
		return
	}
	for i := range g.width {
		from := uint32(len(b.arena))
		if i < len(cells) {
			b.arena = append(b.arena, cells[i]...)
		}
		b.spans = append(b.spans, span{from, uint32(len(b.arena))})
	}
	b.marks = append(b.marks, mark{line: line, cells: g.width})
}

func (t *Table) rowProblem(line int, meant, format string, args ...any) problem.Problem {
	return problem.Problem{Place: problem.Place{File: t.Name, Line: line}, Meant: meant}.Saying(sentence.Of(format, args...))
}

// lookedAt is how many rows of a sheet are looked at for the heading line: titles and addresses stand above it.
const lookedAt = 60

// openSheet finds the sheet and its heading line.
func (t *Table) openSheet(book sheets.Book) error {
	list := book.Sheets()
	if t.opt.Sheet != "" {
		i := sheetNamed(list, t.opt.Sheet)
		if i < 0 {
			return t.unreadable(0, "its sheets are "+sheetNames(list), "no sheet %q", t.opt.Sheet)
		}
		found, err := t.trySheet(book, i, 1)
		if err == nil && !found {
			err = t.unreadable(0, t.suchHeadings(), "no known column in a heading line among the first %d rows of the sheet %q", lookedAt, list[i].Name)
		}
		return err
	}
	for _, least := range []int{2, 1} { // a page of addresses may have a word of the headings
		for i := range list {
			if list[i].Hidden {
				continue
			}
			if found, err := t.trySheet(book, i, least); found || err != nil {
				t.furtherSheets(book, i+1)
				return err
			}
		}
	}
	return t.unreadable(0, t.suchHeadings(), "no known column in a heading line among the first %d rows of a sheet (its sheets: %s)", lookedAt, sheetNames(list))
}

// furtherSheets says which sheets could have been read as well.
func (t *Table) furtherSheets(book sheets.Book, from int) {
	var further []string
	for i, s := range book.Sheets() {
		other := Table{Name: t.Name, v: t.v, opt: t.opt}
		if i < from || s.Hidden {
			continue
		}
		if found, _ := other.trySheet(book, i, 2); found {
			other.Close()
			further = append(further, s.Name)
		}
	}
	if further != nil {
		t.note(0, "--sheet NAME", "this sheet is read; %s could be read as well", strings.Join(further, ", "))
	}
}

// note adds a note about what was passed over or guessed.
func (t *Table) note(line int, meant, format string, args ...any) {
	t.Notes = append(t.Notes, problem.Problem{Place: problem.Place{File: t.Name, Line: line}, Meant: meant, Warning: true}.Saying(sentence.Of(format, args...)))
}

func sheetNamed(list []sheets.Sheet, name string) int {
	for i, s := range list {
		if strings.EqualFold(strings.TrimSpace(s.Name), strings.TrimSpace(name)) {
			return i
		}
	}
	return -1
}

func sheetNames(list []sheets.Sheet) string {
	var names []string
	for _, s := range list {
		if names = append(names, s.Name); len(names) == 20 && len(list) > 20 {
			return strings.Join(append(names, "…"), ", ")
		}
	}
	return strings.Join(names, ", ")
}

// trySheet opens a sheet where it has a heading line with at least so many known headings.
func (t *Table) trySheet(book sheets.Book, i, least int) (found bool, err error) {
	rows, err := book.Rows(i)
	if err != nil {
		return false, t.unreadable(0, "", "%v", err)
	}
	ahead, err := readAhead(rows)
	if err != nil {
		rows.Close()
		return false, t.unreadable(0, "save the workbook again", "the sheet %q cannot be read: %v", book.Sheets()[i].Name, err)
	}
	at, height, headings := t.findHeadings(ahead)
	if at < 0 || t.knownAmong(headings) < least {
		rows.Close()
		return false, nil
	}
	if len(book.Sheets()) > 1 {
		t.Name += "!" + book.Sheets()[i].Name
	}
	t.closer = rows
	if err := t.setColumns(headings, ahead[at].Number); err != nil {
		rows.Close()
		return false, err
	}
	t.rows = &gridRows{table: t, rows: rows, ahead: ahead[at+height:], last: ahead[at+height-1].Number, width: len(t.Columns)}
	return true, nil
}

// readAhead reads the first rows of a sheet.
func readAhead(rows sheets.Rows) (ahead []sheets.Row, err error) {
	for len(ahead) < lookedAt {
		row, err := rows.Next()
		if err == io.EOF {
			return ahead, nil
		}
		if err != nil {
			return nil, err
		}
		ahead = append(ahead, sheets.Row{Number: row.Number, Cells: append([]string(nil), row.Cells...)})
	}
	return ahead, nil
}

// findHeadings finds the heading line: the row, or two rows under one another, with the most known headings; of equal ones the first.
func (t *Table) findHeadings(rows []sheets.Row) (at, height int, headings []string) {
	at, best := -1, 0
	for i := range rows {
		one := trimmedRight(rows[i].Cells)
		if n := t.knownAmong(one); n > best {
			at, height, headings, best = i, 1, one, n
		}
		if i+1 < len(rows) && rows[i+1].Number == rows[i].Number+1 && len(one) > 0 {
			lower := trimmedRight(rows[i+1].Cells)
			if two := joined(one, lower, t.known); two != nil {
				if n := t.knownAmong(two); n > 0 && n >= best && (n > best || at == i) && n > t.knownAmong(lower) { // else the upper row is a title
					at, height, headings, best = i, 2, two, n
				}
			}
		}
	}
	return at, height, headings
}

func trimmedRight(cells []string) []string {
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

func (t *Table) knownAmong(headings []string) (n int) {
	if len(headings) > maxColumns {
		return 0
	}
	for _, h := range headings {
		if t.known(h) {
			n++
		}
	}
	return n
}

// known says whether a heading is that of a column, by the vocabulary or by the user's word.
func (t *Table) known(heading string) bool {
	heading = trimHeading(heading)
	if _, ok := t.mapped(heading); ok {
		return true
	}
	_, ok := t.v.Column(heading)
	return ok
}

// joined makes one heading line of two, as merged cells have them: a heading over several columns stands above the first of them, and the names
// of the columns stand below; a heading over both rows stands in the upper one. Nil: the lower row is no part of the heading line, because
// something stands below a heading of one column.
func joined(upper, lower []string, known func(string) bool) []string {
	headings := make([]string, max(len(upper), len(lower)))
	over, first, some := "", -1, false // the heading above, the column it stands in
	for i := range headings {
		top, sub := cellAt(upper, i), cellAt(lower, i)
		if top != "" {
			over, first = top, i
		}
		switch {
		case sub == "":
			headings[i] = top
			continue
		case over == "" || strings.Trim(sub, "0123456789.,") == "":
			return nil
		case first == i && cellAt(upper, i+1) != "" || first == i && i+1 >= len(headings):
			return nil
		case known(sub):
			headings[i] = sub
		case first == i && known(over):
			headings[i] = over
		default:
			headings[i] = over + " " + sub
		}
		some = true
	}
	if !some {
		return nil
	}
	return headings
}

func cellAt(cells []string, i int) string {
	if i >= len(cells) {
		return ""
	}
	return trimHeading(cells[i])
}
