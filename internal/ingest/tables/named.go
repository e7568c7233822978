package tables

import (
	"bytes"
	"io"
	"maps"
	"slices"
	"strings"

	"lodestone/internal/ingest/parties"
	"lodestone/internal/problem"
	"lodestone/internal/vocab"
)

// OpenNamed opens a file of names as package parties has it: text in UTF-8 by that package, and what only this one reads (workbooks, Parquet, text
// in other encodings) as a table with those columns. Close gives back what reading holds.
func OpenNamed(name string, in io.Reader, columns map[string][]string, needed ...string) (rows *parties.Rows, close func(), err error) {
	head := make([]byte, sniffed)
	n, err := io.ReadFull(in, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, nil, problem.Problem{Place: problem.Place{File: name}, Text: "cannot be read: " + err.Error()}
	}
	head = head[:n]
	if f, ok := in.(io.Seeker); ok {
		_, err = f.Seek(0, io.SeekStart)
		ok = err == nil
		if !ok {
			in = io.MultiReader(bytes.NewReader(head), in)
		}
	} else {
		in = io.MultiReader(bytes.NewReader(head), in)
	}
	if containerOf(head) == plainText && !utf16Like(head) && looksUTF8(head) {
		rows, err = parties.OpenRows(name, in, columns, needed...)
		return rows, func() {}, err
	}
	table, err := openNamedTable(name, in, columns, needed)
	if err != nil {
		return nil, nil, err
	}
	return parties.RowsOf(table.Name, table.named()), table.Close, nil
}

func openNamedTable(name string, in io.Reader, columns map[string][]string, needed []string) (*Table, error) {
	var data vocab.Data
	for _, id := range slices.Sorted(maps.Keys(columns)) {
		data.Columns = append(data.Columns, vocab.Column{ID: id, Names: vocab.Names{En: columns[id]}})
	}
	v, err := vocab.Compile(data)
	if err != nil {
		return nil, err
	}
	table, err := Open(name, in, v, Options{})
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(table.Columns, func(c Column) bool { return slices.Contains(needed, c.ID) }) {
		table.Close()
		return nil, table.unreadable(0, "a heading line with "+strings.Join(needed, " or "), "no column %q in the heading line", needed[0])
	}
	return table, nil
}

// named gives the rows of a table one by one, by the names of their columns.
func (t *Table) named() func() (parties.Row, error) {
	var b Batch
	at := 0
	return func() (parties.Row, error) {
		for at >= len(b.Rows) {
			if err := t.Next(&b); err != nil {
				return parties.Row{}, err
			}
			at = 0
		}
		row := &b.Rows[at]
		at++
		out := parties.Row{Line: row.Line, Problem: row.Problem, Cells: map[string]string{}}
		for i, c := range row.Cells {
			if c = strings.TrimSpace(c); c != "" && t.Columns[i].ID != "" {
				out.Cells[t.Columns[i].ID] = strings.Clone(c)
			}
		}
		return out, nil
	}
}
