package app

import (
	"encoding/binary"

	"lodestone/internal/fact"
	"lodestone/internal/ingest/tables"
	"lodestone/internal/problem"
)

// rows keeps the rows of a file as they were read, close together: a structure can only be judged once its last row is known, and a fact.Item
// for each row would take ten times as much memory.
type rows struct {
	chunks   []string           // the texts of batches
	at       []rowAt            // one a row
	problems map[int]rowTrouble // rows that could not be read as rows
}

type rowAt struct{ chunk, from uint32 }

type rowTrouble struct {
	line    int
	problem *problem.Problem
}

// pack writes a batch as one text: of each row its line, cells and further keys, each text with its length before it.
func pack(b *tables.Batch) (text string, from []uint32, troubles map[int]rowTrouble) {
	var buf []byte
	for i := range b.Rows {
		row := &b.Rows[i]
		from = append(from, uint32(len(buf)))
		if row.Problem != nil {
			if troubles == nil {
				troubles = map[int]rowTrouble{}
			}
			troubles[i] = rowTrouble{row.Line, row.Problem}
		}
		buf = packRow(buf, row)
	}
	return string(buf), from, troubles
}

func packRow(buf []byte, row *tables.Row) []byte {
	put := func(s string) { buf = append(binary.AppendUvarint(buf, uint64(len(s))), s...) }
	buf = binary.AppendUvarint(buf, uint64(row.Line))
	buf = binary.AppendUvarint(buf, uint64(len(row.Cells)))
	for _, cell := range row.Cells {
		put(cell)
	}
	buf = binary.AppendUvarint(buf, uint64(len(row.Extra)))
	for _, x := range row.Extra {
		put(x.Name)
		put(x.Value)
	}
	return buf
}

// add takes over a packed batch.
func (r *rows) add(text string, from []uint32, troubles map[int]rowTrouble) {
	for i, x := range troubles {
		if r.problems == nil {
			r.problems = map[int]rowTrouble{}
		}
		r.problems[len(r.at)+i] = x
	}
	for _, f := range from {
		r.at = append(r.at, rowAt{uint32(len(r.chunks)), f})
	}
	r.chunks = append(r.chunks, text)
}

// row unpacks row n into row, whose memory is used again. Its strings are parts of the packed text.
func (r *rows) row(n int, row *tables.Row) {
	at := r.at[n]
	unpack(r.chunks[at.chunk][at.from:], row)
	row.Problem = r.problems[n].problem
}

// line is the line of row n in its file.
func (r *rows) line(n int) int {
	text := r.chunks[r.at[n].chunk][r.at[n].from:]
	line, _ := counted(&text) // it was packed here
	return int(line)
}

func unpack(text string, row *tables.Row) { unpackNext(&text, row) }

// unpackNext takes a packed row off the front of a text, and says whether there is one.
func unpackNext(text *string, row *tables.Row) (ok bool) {
	line, ok := counted(text)
	row.Line = int(line)
	row.Cells, row.Extra, row.Problem = row.Cells[:0], row.Extra[:0], nil
	cells, there := counted(text)
	for range cells {
		cell, there := word(text)
		if !there {
			return false
		}
		row.Cells = append(row.Cells, cell)
	}
	extras, all := counted(text)
	for range extras {
		name, named := word(text)
		value, valued := word(text)
		if !named || !valued {
			return false
		}
		row.Extra = append(row.Extra, fact.ExtraField{Name: name, Value: value})
	}
	return ok && there && all
}

// counted takes a packed number off the front of a text.
func counted(text *string) (n uint64, ok bool) {
	for i := range min(len(*text), binary.MaxVarintLen64) {
		b := (*text)[i]
		n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			*text = (*text)[i+1:]
			return n, true
		}
	}
	return 0, false
}

func word(text *string) (s string, ok bool) {
	n, ok := counted(text)
	if !ok || n > uint64(len(*text)) {
		return "", false
	}
	s, *text = (*text)[:n], (*text)[n:]
	return s, true
}
