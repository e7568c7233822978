package tables

import (
	"bytes"

	"lodestone/internal/problem"
)

// csvRows splits CSV: RFC 4180 quotes, fields with line breaks, LF or CRLF.
//
// It is not encoding/csv, which reads a record of any length into memory, cannot go on behind a quote that is never closed, and makes a
// string for every record. Rows here are bounded, a row that cannot be split costs only itself, and a batch makes one string.
type csvRows struct {
	in        *input
	delimiter byte
	columns   int // of the heading line; -1: not yet known

	// Bytes looked at for rows whose quote was never closed, and then again line by line. Where quotes are opened on every line of a large
	// file that would be the square of its size; past a share of what has been read, a quoted field may not cross a line break any more.
	looked, read int64
}

// openCSV finds the delimiter and reads the heading line.
func (t *Table) openCSV(in *input) error {
	t.skipTitles(in)
	n, _ := in.lineEnd()
	if n > maxRow {
		return t.unreadable(in.line, "a heading line and a row an item", "the heading line is longer than a row may be")
	}
	line := in.pending()[:n]
	if bytes.IndexByte(bytes.TrimRight(line, "\r"), '\r') >= 0 {
		return t.unreadable(in.line, "save the file with line ends LF or CRLF", "lines end with CR alone")
	}
	t.Delimiter = t.delimiterOf(line)
	rows := &csvRows{in: in, delimiter: t.Delimiter, columns: -1}
	var b Batch
	if err := rows.next(&b); err != nil {
		return err
	}
	b.finish()
	if p := b.Rows[0].Problem; p != nil {
		return problem.List{*p}
	}
	if err := t.setColumns(b.Rows[0].Cells, b.Rows[0].Line); err != nil {
		return err
	}
	rows.columns = len(t.Columns)
	t.rows = rows
	return nil
}

// delimiterOf picks the delimiter that gives the most known headings, of equal ones that which stands most often.
func (t *Table) delimiterOf(line []byte) byte {
	best, bestKnown, bestCount := byte(','), -1, -1
	for _, d := range []byte{',', ';', '\t'} {
		known := t.knownIn(line, d)
		count := bytes.Count(line, []byte{d})
		if known > bestKnown || known == bestKnown && count > bestCount {
			best, bestKnown, bestCount = d, known, count
		}
	}
	return best
}

// next adds a row to the batch. Blank lines are passed over.
func (c *csvRows) next(b *Batch) error {
	for {
		n, whole := c.in.lineEnd()
		line := c.in.pending()[:n]
		switch {
		case n == 0 && !whole:
			return c.in.atEnd()
		case bytes.IndexByte(line, '"') >= 0:
			return c.quoted(b)
		case n > maxRow:
			start := c.in.line
			b.refuse(c.in.tooLong(start, c.in.skipLong()))
			return nil
		case blank(line, c.delimiter):
			c.in.takeLine(n, whole)
			continue
		}
		c.plain(b, line, whole)
		c.read += int64(n)
		c.in.takeLine(n, whole)
		return nil
	}
}

// blank says whether a line holds nothing, not even a delimiter.
func blank(line []byte, delimiter byte) bool {
	for _, ch := range line {
		if ch != ' ' && ch != '\r' && (ch != '\t' || delimiter == '\t') {
			return false
		}
	}
	return true
}

// plain splits a line without quotes.
func (c *csvRows) plain(b *Batch, line []byte, whole bool) {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	if p, bad := c.in.spoilt(c.in.line, line); bad {
		b.refuse(p)
		return
	}
	first := len(b.spans)
	at := uint32(len(b.arena))
	b.arena = append(b.arena, line...)
	for {
		i := bytes.IndexByte(line, c.delimiter)
		if i < 0 {
			b.spans = append(b.spans, span{at, at + uint32(len(line))})
			break
		}
		b.spans = append(b.spans, span{at, at + uint32(i)})
		at += uint32(i) + 1
		line = line[i+1:]
	}
	c.close(b, first, c.in.line, whole)
}

// close ends a row whose cells begin at first, and refuses it where they are not as many as the headings.
func (c *csvRows) close(b *Batch, first, line int, whole bool) {
	n := len(b.spans) - first
	if c.columns < 0 || n == c.columns {
		b.marks = append(b.marks, mark{line: line, cells: n})
		return
	}
	b.spans = b.spans[:first]
	switch {
	case !whole && n < c.columns:
		b.refuse(c.in.problem(line, "the file may be incomplete; fetch it again", "the text ends in the middle of this row: %d of %d cells", n, c.columns))
	case n < c.columns:
		b.refuse(c.in.problem(line, "a delimiter for every column, also where cells are empty", "the row has %d cells, the heading line %d", n, c.columns))
	default:
		b.refuse(c.in.problem(line, "quotes around cells that contain the delimiter", "the row has %d cells, the heading line %d", n, c.columns))
	}
}

// outcome is how splitting a row with quotes came out.
type outcome uint8

const (
	complete   outcome = iota
	unclosed           // a quote was not closed within what is at hand
	unfinished         // the line goes on beyond what is at hand
	stray              // text between a closing quote and the next delimiter
)

// quoted splits a row with quotes.
func (c *csvRows) quoted(b *Batch) error {
	in, first, start := c.in, len(b.spans), len(b.arena)
	line := in.line
	for {
		b.spans, b.arena = b.spans[:first], b.arena[:start]
		data := in.pending()
		confined := c.looked > 16<<20+4*c.read
		n, how := c.split(b, data, confined)
		if (how == unclosed || how == unfinished) && len(data) <= maxRow && !confined {
			if in.more() {
				continue
			}
			data = in.pending() // more has moved it
		}
		if how == unfinished && len(data) <= maxRow {
			how = complete // the last line of the text
		}
		if how != complete {
			b.spans, b.arena = b.spans[:first], b.arena[:start]
			c.failed(b, data, n, how, line)
			return nil
		}
		row := data[:n]
		p, bad := in.spoilt(line, row)
		if n > maxRow {
			p, bad = in.tooLong(line, int64(n)), true
		}
		if bad {
			b.spans, b.arena = b.spans[:first], b.arena[:start]
			b.refuse(p)
		} else {
			c.close(b, first, line, n < len(data))
		}
		c.read += int64(n)
		in.line += bytes.Count(row, []byte{'\n'})
		in.takeLine(n, n < len(data))
		return nil
	}
}

// failed refuses a row that cannot be split, and goes on at the line behind the one on which the row begins: the quote to blame is the first
// that runs over a line break, and the lines behind may be whole rows.
func (c *csvRows) failed(b *Batch, data []byte, n int, how outcome, line int) {
	in := c.in
	end := bytes.IndexByte(data, '\n')
	if end < 0 && len(data) > maxRow {
		b.refuse(in.tooLong(line, in.skipLong()))
		return
	}
	whole := end >= 0
	if !whole {
		end = len(data)
	}
	if how == stray && n < end {
		p := in.problem(line, `write quotes within a cell twice ("")`, "text after a closing quote")
		p.Column = n + 1
		b.refuse(p)
	} else {
		b.refuse(in.problem(line, `close the quote, or write quotes within a cell twice ("")`, "a quote that is opened on this line is not closed"))
		if how != stray {
			n = len(data)
		}
		c.looked += int64(n - end)
	}
	c.read += int64(end)
	in.takeLine(end, whole)
}

// split appends the cells of the row at the start of data. n is the length of the row without its line break where it is complete, the
// place of the opening quote where that is not closed, and of the text where some strays. Confined quotes end with their line.
func (c *csvRows) split(b *Batch, data []byte, confined bool) (n int, how outcome) {
	i := 0
	for {
		from := uint32(len(b.arena))
		if i < len(data) && data[i] == '"' {
			end, how := c.quotedCell(b, data, i, confined)
			if how != complete {
				return end, how
			}
			i = end
		} else {
			end := i + cellEnd(data[i:], c.delimiter)
			cell := data[i:end]
			if end < len(data) && data[end] == '\n' {
				cell = bytes.TrimSuffix(cell, []byte{'\r'})
			}
			b.arena = append(b.arena, cell...)
			i = end
		}
		b.spans = append(b.spans, span{from, uint32(len(b.arena))})
		if i == len(data) {
			return i, unfinished
		}
		if data[i] == '\n' {
			return i, complete
		}
		i++ // the delimiter
	}
}

// cellEnd is where a cell without quotes ends.
func cellEnd(data []byte, delimiter byte) int {
	for i, ch := range data {
		if ch == delimiter || ch == '\n' {
			return i
		}
	}
	return len(data)
}

// quotedCell appends the cell whose quote opens at data[open] and returns where it ends: at a delimiter, a line break or the end of data.
func (c *csvRows) quotedCell(b *Batch, data []byte, open int, confined bool) (end int, how outcome) {
	i := open + 1
	for {
		q := bytes.IndexByte(data[i:], '"')
		if q < 0 || confined && bytes.IndexByte(data[i:i+q], '\n') >= 0 {
			return open, unclosed
		}
		b.arena = append(b.arena, data[i:i+q]...)
		i += q + 1
		if i == len(data) || data[i] != '"' {
			break
		}
		b.arena = append(b.arena, '"')
		i++
	}
	if i+1 < len(data) && data[i] == '\r' && data[i+1] == '\n' || i+1 == len(data) && data[i] == '\r' {
		i++
	}
	if i < len(data) && data[i] != c.delimiter && data[i] != '\n' {
		return i, stray
	}
	return i, complete
}
