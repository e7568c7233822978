package tables

import "bytes"

// Block is some rows of a CSV file, cut at their ends and not yet split into cells: cutting is quick and is done in the order of the file, splitting is
// not and is for whoever looks at the rows. What Row gives is what Next would have given. Blocks do not depend on one another; give them back to Cut when done.
type Block struct {
	table *Table
	text  []byte
	rows  []cut
	odd   Batch // rows whose end only splitting can find; the block then holds nothing else
	in    input // of the row that is split
}

// cut is a row of a block: where it begins in the text, and its physical line.
type cut struct{ from, line int }

// Cuts says whether the rows of the table can be cut: those of CSV can.
func (t *Table) Cuts() bool {
	_, ok := t.rows.(*csvRows)
	return ok
}

// Cut fills a block with the rows that follow, as Next fills a batch.
func (t *Table) Cut(b *Block) error {
	rows := t.rows.(*csvRows)
	b.table, b.text, b.rows = t, b.text[:0], b.rows[:0]
	b.odd.clear()
	b.odd.Rows = b.odd.Rows[:0]
	for len(b.rows) < t.opt.BatchRows && len(b.text) < maxArena {
		whole, err := rows.cut(b)
		if whole {
			continue
		}
		if err == nil && len(b.rows) == 0 {
			if err = rows.next(&b.odd); err == nil {
				b.odd.finish()
				return nil
			}
		}
		if err != nil && len(b.rows) == 0 {
			return err
		}
		break // the row, or the error, comes with the next call
	}
	return nil
}

// cut adds the row at hand to a block, where it is a line that can be split by itself. It passes over blank lines.
func (c *csvRows) cut(b *Block) (bool, error) {
	for {
		n, whole := c.in.lineEnd()
		line := c.in.pending()[:n]
		switch {
		case n == 0 && !whole:
			return false, c.in.atEnd()
		case !whole || n > maxRow:
			return false, nil
		case bytes.IndexByte(line, '"') >= 0:
			if !c.closed(line) {
				return false, nil
			}
		case blank(line, c.delimiter):
			c.in.takeLine(n, whole)
			continue
		}
		b.rows = append(b.rows, cut{len(b.text), c.in.line})
		b.text = append(b.text, c.in.pending()[:n+1]...)
		c.read += int64(n)
		c.in.takeLine(n, whole)
		return true, nil
	}
}

// closed says whether all quotes of a line are closed within it, so that the row ends with it, as split would find.
func (c *csvRows) closed(line []byte) bool {
	line = bytes.TrimSuffix(line, []byte{'\r'})
	for i := 0; ; {
		open := bytes.IndexByte(line[i:], '"')
		if open < 0 {
			return true
		}
		if i += open + 1; i > 1 && line[i-2] != c.delimiter {
			continue // within a cell that does not begin with a quote
		}
		for {
			end := bytes.IndexByte(line[i:], '"')
			if end < 0 {
				return false
			}
			if i += end + 1; i == len(line) || line[i] != '"' {
				break
			}
			i++ // written twice
		}
		if i < len(line) && line[i] != c.delimiter {
			return false
		}
	}
}

// Len is how many rows the block has.
func (b *Block) Len() int { return len(b.rows) + len(b.odd.Rows) }

func (b *Block) lineOf(i int) []byte {
	to := len(b.text)
	if i+1 < len(b.rows) {
		to = b.rows[i+1].from
	}
	return b.text[b.rows[i].from:to]
}

// Cell is where a cell stands in the text of its row, without the quotes around it.
type Cell struct {
	From, To int
	Quoted   bool
}

// Cells gives the text of row i and appends to cells where they stand, if they stand there as they are: a row of as many cells as there are columns,
// none of which holds a quote that is written twice. Whether they are text at all is not looked at. The text is valid until the block is filled again.
func (b *Block) Cells(i int, cells []Cell) ([]byte, []Cell, bool) {
	if i >= len(b.rows) {
		return nil, cells, false
	}
	line := b.lineOf(i)
	line = bytes.TrimSuffix(line[:len(line)-1], []byte{'\r'})
	delimiter, first := b.table.Delimiter, len(cells)
	for at := 0; ; at++ {
		c := Cell{From: at, To: len(line)}
		if at < len(line) && line[at] == '"' {
			end := bytes.IndexByte(line[at+1:], '"')
			c.From, c.To, c.Quoted = at+1, at+1+end, true
			if at = c.To + 1; end < 0 || at < len(line) && line[at] != delimiter {
				return line, cells, false
			}
		} else {
			if end := bytes.IndexByte(line[at:], delimiter); end >= 0 {
				c.To = at + end
			}
			at = c.To
		}
		if cells = append(cells, c); at == len(line) {
			return line, cells, len(cells)-first == len(b.table.Columns)
		}
	}
}

// Between is the text from one cell to another, with what parts them.
func Between(line []byte, from, to Cell) []byte {
	if from.Quoted {
		from.From--
	}
	if to.Quoted {
		to.To++
	}
	return line[from.From:to.To]
}

// Line is the physical line on which row i begins.
func (b *Block) Line(i int) int {
	if i < len(b.rows) {
		return b.rows[i].line
	}
	return b.odd.Rows[i-len(b.rows)].Line
}

// Row splits row i into a batch of its own, whose memory is used again. Its strings stay.
func (b *Block) Row(i int, to *Batch) *Row {
	if i >= len(b.rows) {
		return &b.odd.Rows[i-len(b.rows)]
	}
	of := b.table.rows.(*csvRows)
	line := b.lineOf(i)
	b.in = input{table: b.table, legacy: of.in.legacy, buf: line, end: len(line), line: b.rows[i].line, done: true}
	rows := csvRows{in: &b.in, delimiter: of.delimiter, columns: of.columns}
	to.clear()
	_ = rows.next(to) // it was cut as a row, so there is one
	to.finish()
	return &to.Rows[0]
}
