package tables

import (
	"fmt"
	"io"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"lodestone/internal/ingest/sheets"
)

// openParquet reads the schema of a Parquet file. Columns that repeat or stand within others have no place in a table, and are named and passed over.
func (t *Table) openParquet(r io.ReaderAt, size int64) (err error) {
	t.Format = Parquet
	defer func() {
		if v := recover(); v != nil { // the library takes some damage for a fault of the program
			err = t.unreadable(0, "write it again", "the Parquet file is damaged: %v", v)
		}
	}()
	if err := CheckParquet(r, size); err != nil {
		return t.unreadable(0, "write it again", "the Parquet file cannot be read: %v", err)
	}
	f, err := parquet.OpenFile(r, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return t.unreadable(0, "write it again", "the Parquet file cannot be read: %v", err)
	}
	rows := &parquetRows{groups: f.RowGroups(), buffer: make([]parquet.Row, 64)}
	var headings, nested []string
	for _, path := range f.Schema().Columns() {
		leaf, ok := f.Schema().Lookup(path...)
		if !ok || len(path) != 1 || leaf.MaxRepetitionLevel > 0 {
			nested = append(nested, strings.Join(path, "."))
			rows.show = append(rows.show, nil)
			rows.place = append(rows.place, -1)
			continue
		}
		rows.place = append(rows.place, len(headings))
		rows.show = append(rows.show, showOf(leaf.Node.Type()))
		headings = append(headings, path[0])
	}
	if nested != nil {
		t.note(0, "a column of plain values for each", "nested columns are passed over: %s", clip(strings.Join(nested, ", ")))
	}
	if err := t.setColumns(headings, 0); err != nil {
		return err
	}
	rows.cells = make([]string, len(headings))
	t.rows, t.closer = &gridRows{table: t, rows: rows, width: len(headings)}, rows
	return nil
}

// parquetRows gives the rows of a Parquet file, a row group after the other.
type parquetRows struct {
	groups []parquet.RowGroup
	rows   parquet.Rows // of the group at hand; nil: none is
	buffer []parquet.Row
	ready  []parquet.Row
	show   []func(parquet.Value) string // of each leaf of the schema; nil: it is passed over
	place  []int                        // of each leaf, among the columns
	cells  []string
	number int
}

func (p *parquetRows) Close() error {
	if p.rows == nil {
		return nil
	}
	return p.rows.Close()
}

func (p *parquetRows) Next() (row sheets.Row, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("the Parquet file is damaged: %v", v)
		}
	}()
	for len(p.ready) == 0 {
		if err := p.more(); err != nil {
			return row, err
		}
	}
	clear(p.cells)
	for _, v := range p.ready[0] {
		if c := v.Column(); c >= 0 && c < len(p.show) && p.show[c] != nil && !v.IsNull() {
			p.cells[p.place[c]] = p.show[c](v)
		}
	}
	p.ready = p.ready[1:]
	p.number++
	return sheets.Row{Number: p.number, Cells: p.cells}, nil
}

// more reads further rows into the buffer.
func (p *parquetRows) more() error {
	if p.rows == nil {
		if len(p.groups) == 0 {
			return io.EOF
		}
		p.rows, p.groups = p.groups[0].Rows(), p.groups[1:]
	}
	n, err := p.rows.ReadRows(p.buffer)
	p.ready = p.buffer[:n]
	if err == io.EOF || err == nil && n == 0 {
		err = p.rows.Close()
		p.rows = nil
	}
	return err
}

// showOf says how values of a type are written in a table.
func showOf(typ parquet.Type) func(parquet.Value) string {
	logical := typ.LogicalType()
	if logical == nil {
		return plainValue
	}
	switch l := logical.Value.(type) {
	case *format.DecimalType:
		return func(v parquet.Value) string { return scaled(unscaled(v), int(l.Scale)) }
	case *format.DateType:
		return func(v parquet.Value) string { return time.Unix(int64(v.Int32())*86_400, 0).UTC().Format(time.DateOnly) }
	case *format.TimestampType:
		if l.Unit.Value == nil || l.Unit.Value.Duration() <= 0 {
			return plainValue
		}
		perSecond := int64(time.Second / l.Unit.Value.Duration())
		return func(v parquet.Value) string {
			return time.Unix(floorDiv(v.Int64(), perSecond), 0).UTC().Format(time.DateOnly)
		}
	case *format.IntType:
		if !l.IsSigned {
			return unsigned
		}
	}
	return plainValue
}

func unsigned(v parquet.Value) string {
	if v.Kind() == parquet.Int32 {
		return strconv.FormatUint(uint64(v.Uint32()), 10)
	}
	return strconv.FormatUint(v.Uint64(), 10)
}

// plainValue prints a value by its physical type. Floats are printed with the fewest digits that give them back.
func plainValue(v parquet.Value) string {
	switch v.Kind() {
	case parquet.Boolean:
		return strconv.FormatBool(v.Boolean())
	case parquet.Int32:
		return strconv.FormatInt(int64(v.Int32()), 10)
	case parquet.Int64:
		return strconv.FormatInt(v.Int64(), 10)
	case parquet.Float:
		return strconv.FormatFloat(float64(v.Float()), 'f', -1, 32)
	case parquet.Double:
		return strconv.FormatFloat(v.Double(), 'f', -1, 64)
	case parquet.ByteArray, parquet.FixedLenByteArray:
		return string(v.ByteArray())
	}
	return v.String()
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// unscaled is the whole number of a decimal: an integer, or bytes in two's complement.
func unscaled(v parquet.Value) *big.Int {
	switch v.Kind() {
	case parquet.Int32:
		return big.NewInt(int64(v.Int32()))
	case parquet.Int64:
		return big.NewInt(v.Int64())
	}
	b := v.ByteArray()
	n := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return n
}

// scaled prints a whole number with so many of its digits behind the point.
func scaled(n *big.Int, scale int) string {
	s, sign := n.String(), ""
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		s, sign = rest, "-"
	}
	if scale <= 0 || scale > 100 {
		return sign + s
	}
	if len(s) <= scale {
		s = strings.Repeat("0", scale-len(s)+1) + s
	}
	return sign + s[:len(s)-scale] + "." + s[len(s)-scale:]
}
