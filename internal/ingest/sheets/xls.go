package sheets

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"unicode/utf16"

	"github.com/richardlehane/mscfb"
)

// Records of BIFF8, the format of the workbook stream in XLS files: a number, a length, and at most 8,224 bytes that CONTINUE may go on with.
const (
	recFormula    = 0x0006
	recEOF        = 0x000a
	recDateMode   = 0x0022
	recFilePass   = 0x002f
	recContinue   = 0x003c
	recBoundSheet = 0x0085
	recMulRK      = 0x00bd
	recRString    = 0x00d6
	recXF         = 0x00e0
	recSST        = 0x00fc
	recLabelSST   = 0x00fd
	recNumber     = 0x0203
	recLabel      = 0x0204
	recBoolErr    = 0x0205
	recString     = 0x0207
	recRK         = 0x027e
	recFormat     = 0x041e
	recBOF        = 0x0809
)

// xls is an open XLS workbook. Its stream is held in memory: such a sheet has at most 65,536 rows.
type xls struct {
	data      []byte
	sheets    []Sheet
	offsets   []int // where sheets begin
	texts     []string
	forms     []form
	since1904 bool
}

// OpenXLS reads the globals of a workbook.
func OpenXLS(r io.ReaderAt, size int64) (b Book, err error) {
	defer func() {
		if v := recover(); v != nil { // a damaged container can lead the reader of containers out of its tables
			b, err = nil, fmt.Errorf("the container of the workbook is damaged: %v", v)
		}
	}()
	doc, err := mscfb.New(io.NewSectionReader(r, 0, size))
	if err != nil {
		return nil, fmt.Errorf("the container of the workbook is damaged: %w", err)
	}
	for entry, err := doc.Next(); err == nil; entry, err = doc.Next() {
		switch entry.Name {
		case "Workbook":
			data, err := io.ReadAll(limit(entry, maxXLS, "the workbook"))
			if err != nil {
				return nil, err
			}
			x := &xls{data: data}
			return x, x.globals()
		case "Book":
			return nil, errors.New("is a workbook of Excel 95 or older")
		case "EncryptedPackage":
			return nil, ErrLocked
		case "WordDocument":
			return nil, errors.New("is a Word document, not a workbook")
		}
	}
	return nil, errors.New("holds no workbook")
}

func (b *xls) Sheets() []Sheet { return b.sheets }

// record is one record of the stream.
type record struct {
	id   int
	data []byte
	next int // where the record behind it begins
}

// at reads the record at a place; ok is false where there is none.
func (b *xls) at(i int) (r record, ok bool) {
	if i < 0 || i+4 > len(b.data) {
		return r, false
	}
	n := int(binary.LittleEndian.Uint16(b.data[i+2:]))
	if i+4+n > len(b.data) {
		return r, false
	}
	return record{int(binary.LittleEndian.Uint16(b.data[i:])), b.data[i+4 : i+4+n], i + 4 + n}, true
}

var errDamaged = errors.New("the workbook is damaged or cut off; save it again")

// globals reads what the sheets share.
func (b *xls) globals() error {
	r, ok := b.at(0)
	if !ok || r.id != recBOF || len(r.data) < 4 {
		return errDamaged
	}
	if version := binary.LittleEndian.Uint16(r.data); version != 0x0600 {
		return errors.New("is a workbook of Excel 95 or older")
	}
	own := map[int]form{}
	for r.id != recEOF {
		if r, ok = b.at(r.next); !ok {
			return errDamaged
		}
		d := r.data
		switch r.id {
		case recFilePass:
			return ErrLocked
		case recDateMode:
			b.since1904 = len(d) >= 2 && d[0] == 1
		case recFormat:
			if len(d) >= 5 {
				p := b.parts(r)
				p.at = 2
				own[int(binary.LittleEndian.Uint16(d))] = formOf(p.text(2))
			}
		case recXF:
			if len(d) >= 4 {
				id := int(binary.LittleEndian.Uint16(d[2:]))
				f, ok := own[id]
				if !ok {
					f = builtIn(id)
				}
				b.forms = append(b.forms, f)
			}
		case recBoundSheet:
			if len(d) >= 8 && d[5] == 0 && len(b.sheets) < maxSheets { // a sheet of cells, not a chart
				p := b.parts(r)
				p.at = 6
				b.sheets = append(b.sheets, Sheet{p.text(1), d[4]&3 != 0})
				b.offsets = append(b.offsets, int(binary.LittleEndian.Uint32(d)))
			}
		case recSST:
			b.readTexts(b.parts(r))
		}
	}
	if len(b.sheets) == 0 {
		return errors.New("the workbook has no sheets")
	}
	return nil
}

// readTexts reads the texts that cells share. Those behind a damaged one are lost; their cells come out empty, as unknown.
func (b *xls) readTexts(p *parts) {
	p.skip(4)
	for n := p.number(4); n > 0 && !p.done(); n-- {
		b.texts = append(b.texts, p.text(2))
	}
}

// parts reads a record with the CONTINUE records behind it.
type parts struct {
	b    *xls
	r    record
	at   int
	over bool // the records have ended before what they were to hold
}

func (b *xls) parts(r record) *parts { return &parts{b: b, r: r} }

func (p *parts) done() bool {
	if p.over {
		return true
	}
	if p.at < len(p.r.data) {
		return false
	}
	next, ok := p.b.at(p.r.next)
	return !ok || next.id != recContinue
}

// turn goes on in the record behind, where the one at hand is read out.
func (p *parts) turn() bool {
	for p.at >= len(p.r.data) {
		next, ok := p.b.at(p.r.next)
		if !ok || next.id != recContinue {
			p.over = true
			return false
		}
		p.r, p.at = next, 0
	}
	return true
}

func (p *parts) octet() byte {
	if !p.turn() {
		return 0
	}
	p.at++
	return p.r.data[p.at-1]
}

func (p *parts) number(octets int) (n int) {
	for i := range octets {
		n |= int(p.octet()) << (8 * i)
	}
	return n
}

func (p *parts) skip(n int) {
	for n > 0 && p.turn() {
		step := min(n, len(p.r.data)-p.at)
		p.at, n = p.at+step, n-step
	}
}

// text reads a text whose length is written in so many bytes. Its letters take one byte or two, and may change that where a CONTINUE begins.
func (p *parts) text(lengthOctets int) string {
	n := p.number(lengthOctets)
	flags := p.octet()
	runs, extra := 0, 0
	if flags&8 != 0 {
		runs = p.number(2)
	}
	if flags&4 != 0 {
		extra = p.number(4)
	}
	units := make([]uint16, 0, min(n, maxCell/2))
	for wide := flags&1 != 0; n > 0 && !p.over; n-- {
		if p.at >= len(p.r.data) {
			if !p.turn() {
				break
			}
			wide = p.octet()&1 != 0
		}
		if wide {
			units = append(units, uint16(p.number(2)))
		} else {
			units = append(units, uint16(p.octet()))
		}
	}
	p.skip(4 * runs)
	p.skip(extra)
	return string(utf16.Decode(units))
}

func (b *xls) Rows(sheet int) (Rows, error) {
	rows := &xlsRows{b: b}
	if err := rows.read(b.offsets[sheet]); err != nil {
		return nil, err
	}
	return rows, nil
}

// xlsRows is a sheet that was read: its cells stand in the file in blocks of rows, but need not.
type xlsRows struct {
	b     *xls
	cells [][]xlsCell // by row, from 0; few rows have all columns
	at    int
	open  *xlsCell // cell of a formula whose text follows in a record of its own; nil: none does
	row   Row
}

type xlsCell struct {
	column int
	text   string
}

func (x *xlsRows) Close() error { return nil }

func (x *xlsRows) Next() (Row, error) {
	for x.at < len(x.cells) {
		x.at++
		cells := x.cells[x.at-1]
		if cells == nil {
			continue
		}
		x.row.Number, x.row.Cells = x.at, x.row.Cells[:0]
		for _, c := range cells {
			for len(x.row.Cells) <= c.column {
				x.row.Cells = append(x.row.Cells, "")
			}
			x.row.Cells[c.column] = c.text
		}
		return x.row, nil
	}
	return Row{}, io.EOF
}

// read reads the cells of the sheet that begins at a place; charts within it are passed over.
func (x *xlsRows) read(at int) error {
	r, ok := x.b.at(at)
	if !ok || r.id != recBOF {
		return errDamaged
	}
	for depth := 1; depth > 0; {
		if r, ok = x.b.at(r.next); !ok {
			return errDamaged
		}
		switch {
		case r.id == recBOF:
			depth++
		case r.id == recEOF:
			depth--
		case depth == 1:
			x.record(r)
		}
	}
	return nil
}

// record takes the cells of a record.
func (x *xlsRows) record(r record) {
	d := r.data
	if r.id == recString {
		if x.open != nil {
			x.open.text, x.open = x.b.parts(r).text(2), nil
		}
		return
	}
	if len(d) < 6 {
		return
	}
	row, column, style := int(binary.LittleEndian.Uint16(d)), int(binary.LittleEndian.Uint16(d[2:])), int(binary.LittleEndian.Uint16(d[4:]))
	d = d[6:]
	switch {
	case r.id == recLabelSST && len(d) >= 4:
		if n := binary.LittleEndian.Uint32(d); int64(n) < int64(len(x.b.texts)) {
			x.put(row, column, x.b.texts[n])
		}
	case r.id == recLabel || r.id == recRString:
		p := x.b.parts(r)
		p.at = 6
		x.put(row, column, p.text(2))
	case r.id == recNumber && len(d) >= 8:
		x.number(row, column, style, math.Float64frombits(binary.LittleEndian.Uint64(d)))
	case r.id == recRK && len(d) >= 4:
		x.number(row, column, style, rk(binary.LittleEndian.Uint32(d)))
	case r.id == recMulRK:
		for d := r.data[4:]; len(d) >= 8; d = d[6:] { // the last two bytes are the last column
			x.number(row, column, int(binary.LittleEndian.Uint16(d)), rk(binary.LittleEndian.Uint32(d[2:])))
			column++
		}
	case r.id == recBoolErr && len(d) >= 2:
		x.put(row, column, truthOrError(d[0], d[1] != 0))
	case r.id == recFormula && len(d) >= 8:
		x.formula(row, column, style, d)
	}
}

// formula takes the result of a formula, which is a number unless its last bytes say otherwise.
func (x *xlsRows) formula(row, column, style int, d []byte) {
	if d[6] != 0xff || d[7] != 0xff {
		x.number(row, column, style, math.Float64frombits(binary.LittleEndian.Uint64(d)))
		return
	}
	switch d[0] {
	case 0:
		if x.put(row, column, "?"); column <= lastXLSColumn {
			x.open = &x.cells[row][len(x.cells[row])-1]
			x.open.text = "" // where no text follows
		}
	case 1, 2:
		x.put(row, column, truthOrError(d[2], d[0] == 2))
	}
}

func truthOrError(v byte, isError bool) string {
	if !isError {
		return map[bool]string{true: "TRUE", false: "FALSE"}[v != 0]
	}
	if s, ok := map[byte]string{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0f: "#VALUE!", 0x17: "#REF!", 0x1d: "#NAME?", 0x24: "#NUM!", 0x2a: "#N/A"}[v]; ok {
		return s
	}
	return "#ERROR!"
}

// rk is a number in four bytes: the upper bits of a float, or an integer, either perhaps times 100.
func rk(n uint32) float64 {
	v := math.Float64frombits(uint64(n&^3) << 32)
	if n&2 != 0 {
		v = float64(int32(n) >> 2)
	}
	if n&1 != 0 {
		v /= 100
	}
	return v
}

func (x *xlsRows) number(row, column, style int, v float64) {
	f := form{}
	if style < len(x.b.forms) {
		f = x.b.forms[style]
	}
	x.put(row, column, f.text(v, x.b.since1904))
}

const lastXLSColumn = 255

func (x *xlsRows) put(row, column int, text string) {
	if text == "" || column > lastXLSColumn {
		return
	}
	for len(x.cells) <= row {
		x.cells = append(x.cells, nil)
	}
	x.cells[row] = append(x.cells[row], xlsCell{column, text})
}
