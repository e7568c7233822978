package tables

import (
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// cutDump prints a table as dump does, by way of blocks, and looks at the cells of every row that can be split where it stands.
func cutDump(t interface {
	Helper()
	Fatalf(string, ...any)
}, table *Table) string {
	t.Helper()
	var lines []string
	var block Block
	var batch Batch
	for {
		err := table.Cut(&block)
		if err == io.EOF {
			return strings.Join(lines, "\n")
		}
		if err != nil {
			return strings.Join(append(lines, "error: "+err.Error()), "\n")
		}
		if block.Len() == 0 {
			t.Fatalf("a block without rows")
		}
		for i := range block.Len() {
			line, cells, whole := block.Cells(i, nil)
			row := *block.Row(i, &batch)
			if row.Line != block.Line(i) {
				t.Fatalf("row on line %d, cut on line %d", row.Line, block.Line(i))
			}
			if whole && row.Problem == nil && !slices.EqualFunc(cells, row.Cells, func(a Cell, b string) bool { return string(line[a.From:a.To]) == b }) {
				t.Fatalf("line %d: cells %v of %q, split %q", row.Line, cells, line, row.Cells)
			}
			lines = append(lines, dumpRow(table, row))
		}
	}
}

func TestCutRowsAreTheSame(t *testing.T) {
	pieces := []string{"1", "magnet", "8505", "烧结钕铁硼", ",", ",", ",", ";", "\t", "\n", "\n", "\r\n", "\r", `"`, `""`, `"a,b"`, "\"a\nb\"", `"x" y`, " ", "\x00", "\xff", "\uFFFD",
		"1,magnet,8505\n", "2,\"bolt, plated\",7318\r\n", "3,\"6\"\" pipe\",7304\n", "4,\"open,8505\n"}
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.SampledFrom([]string{"id,description,hs\n", "id;description;hs\r\n", "id\tdescription\ths\n"}).Draw(rt, "headings") +
			strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 40).Draw(rt, "pieces"), "")
		open := func() *Table {
			table, err := Open("t.csv", strings.NewReader(text), testVocab(t), Options{BatchRows: 3, Encoding: "utf-8"})
			if err != nil {
				return nil
			}
			return table
		}
		table := open()
		if table == nil {
			return
		}
		if !table.Cuts() {
			rt.Fatalf("%q cannot be cut", text)
		}
		var rows []string
		var b Batch
		err := table.Next(&b)
		for ; err == nil; err = table.Next(&b) {
			for _, row := range b.Rows {
				rows = append(rows, dumpRow(table, row))
			}
		}
		if err != io.EOF {
			rows = append(rows, "error: "+err.Error())
		}
		if got, want := cutDump(rt, open()), strings.Join(rows, "\n"); got != want {
			rt.Fatalf("%q\ncut   %s\nread  %s", text, got, want)
		}
	})
}
