package sheets

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"
)

// xlsx is an open XLSX workbook. Texts that cells share are held; sheets are read as they come.
//
// It reads the parts itself: a general library gives cells as they are shown, rounded and in the date style of a country, or raw, without the
// style that makes 0.295 percent or 46000 a day.
type xlsx struct {
	parts     map[string]*zip.File
	sheets    []Sheet
	paths     []string // of the sheets
	texts     []string
	held      int64  // bytes of the texts
	forms     []form // of cell styles
	since1904 bool
}

// OpenXLSX reads the parts of a workbook that its sheets share.
func OpenXLSX(r io.ReaderAt, size int64) (Book, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("the zip container is damaged: %w", err)
	}
	if len(z.File) > maxParts {
		return nil, fmt.Errorf("the zip container has %d parts; at most %d are read", len(z.File), maxParts)
	}
	b := &xlsx{parts: make(map[string]*zip.File, len(z.File))}
	for _, f := range z.File {
		b.parts[strings.ToLower(strings.TrimPrefix(f.Name, "/"))] = f
	}
	if b.parts["xl/workbook.bin"] != nil {
		return nil, errors.New("is a binary workbook (xlsb)")
	}
	for _, step := range []func() error{b.readWorkbook, b.readStyles, b.readTexts} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// IsXLSX says whether a zip file holds a workbook.
func IsXLSX(z *zip.Reader) bool {
	for _, f := range z.File {
		if name := strings.ToLower(strings.TrimPrefix(f.Name, "/")); name == "xl/workbook.xml" || name == "xl/workbook.bin" {
			return true
		}
	}
	return false
}

func (b *xlsx) Sheets() []Sheet { return b.sheets }

// part is a part of the zip being read, within a limit.
type part struct {
	io.Reader
	io.Closer
}

func (b *xlsx) stream(name string, most int64) (part, error) {
	f := b.parts[strings.ToLower(name)]
	if f == nil {
		return part{}, fmt.Errorf("the part %s is missing", name)
	}
	r, err := f.Open()
	if err != nil {
		return part{}, fmt.Errorf("%s: %w", name, err)
	}
	if lean := max(unsuspected, mostRatio*int64(f.CompressedSize64)); lean < most {
		return part{limit(r, lean, name+", which is packed tighter than workbooks are,"), r}, nil
	}
	return part{limit(r, most, name), r}, nil
}

// each calls start and end with the elements of a small part.
func (b *xlsx) each(name string, start func(xml.StartElement), end func(name string)) error {
	r, err := b.stream(name, maxSmall)
	if err != nil {
		return err
	}
	defer r.Close()
	d := xml.NewDecoder(r)
	for {
		t, err := d.RawToken()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			start(t)
		case xml.EndElement:
			end(t.Name.Local)
		case xml.Directive:
			return fmt.Errorf("%s %w", name, errDeclared)
		}
	}
}

func noEnd(string) {}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func yes(s string) bool { return s == "1" || s == "true" }

// readWorkbook lists the sheets.
func (b *xlsx) readWorkbook() error {
	targets := map[string]string{}
	err := b.each("xl/_rels/workbook.xml.rels", func(e xml.StartElement) {
		if e.Name.Local == "Relationship" {
			targets[attr(e, "Id")] = attr(e, "Target")
		}
	}, noEnd)
	if err != nil {
		return err
	}
	err = b.each("xl/workbook.xml", func(e xml.StartElement) {
		switch e.Name.Local {
		case "workbookPr":
			b.since1904 = yes(attr(e, "date1904"))
		case "sheet":
			id := ""
			for _, a := range e.Attr {
				if a.Name.Local == "id" && a.Name.Space != "" {
					id = a.Value
				}
			}
			target := targets[id]
			if rest, ok := strings.CutPrefix(target, "/"); ok {
				target = rest
			} else {
				target = path.Join("xl", target)
			}
			if b.parts[strings.ToLower(target)] == nil || len(b.sheets) == maxSheets || strings.Contains(target, "chartsheets/") {
				return
			}
			b.sheets = append(b.sheets, Sheet{attr(e, "name"), attr(e, "state") != "" && attr(e, "state") != "visible"})
			b.paths = append(b.paths, target)
		}
	}, noEnd)
	if err == nil && len(b.sheets) == 0 {
		err = errors.New("the workbook has no sheets")
	}
	return err
}

// readStyles finds out how cell styles show numbers.
func (b *xlsx) readStyles() error {
	if b.parts["xl/styles.xml"] == nil {
		return nil
	}
	own, inCells := map[int]form{}, false
	return b.each("xl/styles.xml", func(e xml.StartElement) {
		switch e.Name.Local {
		case "numFmt":
			if id, err := strconv.Atoi(attr(e, "numFmtId")); err == nil {
				own[id] = formOf(attr(e, "formatCode"))
			}
		case "cellXfs":
			inCells = true
		case "xf":
			if inCells {
				id, _ := strconv.Atoi(attr(e, "numFmtId"))
				f, ok := own[id]
				if !ok {
					f = builtIn(id)
				}
				b.forms = append(b.forms, f)
			}
		}
	}, func(name string) { inCells = inCells && name != "cellXfs" })
}

// readTexts reads the texts that cells share. The reading of a word in another script (rPh) is no part of its text.
func (b *xlsx) readTexts() error {
	const part = "xl/sharedStrings.xml"
	if b.parts[strings.ToLower(part)] == nil {
		return nil
	}
	r, err := b.stream(part, maxTexts)
	if err != nil {
		return err
	}
	defer r.Close()
	s := scanner{r: r}
	var text, piece []byte
	reading := false
	for {
		t, err := s.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", part, err)
		}
		switch {
		case t == chars:
			piece = append(piece, s.text...)
		case t == opening:
			switch string(s.name) {
			case "si":
				text = text[:0]
			case "rPh":
				reading = true
			}
			piece = piece[:0]
		default:
			switch string(s.name) {
			case "t":
				if !reading && len(text)+len(piece) <= maxCell {
					text = append(text, piece...)
				}
			case "rPh":
				reading = false
			case "si":
				b.texts = append(b.texts, unescaped(string(text)))
				if b.held += int64(len(text)) + textHeader; b.held > maxHeld {
					return fmt.Errorf("%s: the texts that cells share take more than %d MB; save the table as CSV", part, maxHeld>>20)
				}
			}
			piece = piece[:0]
		}
	}
}

// unescaped reads the signs that workbooks write as _x000D_; a carriage return is dropped.
func unescaped(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, "_x")
		if i < 0 || i+7 > len(s) {
			b.WriteString(s)
			return b.String()
		}
		n, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
		if err != nil || s[i+6] != '_' {
			b.WriteString(s[:i+2])
			s = s[i+2:]
			continue
		}
		b.WriteString(s[:i])
		if r := rune(n); r != '\r' && utf8.ValidRune(r) {
			b.WriteRune(r)
		}
		s = s[i+7:]
	}
}

func (b *xlsx) Rows(sheet int) (Rows, error) {
	r, err := b.stream(b.paths[sheet], maxSheet)
	if err != nil {
		return nil, err
	}
	return &xlsxRows{Closer: r, b: b, s: scanner{r: r}}, nil
}

// xlsxRows is a sheet being read.
type xlsxRows struct {
	io.Closer
	b    *xlsx
	s    scanner
	row  Row
	open bool // the row has begun and not ended
	done bool // the rows have ended; what stands behind them is not looked at
	cell xlsxCell
	text []byte // since the last tag
}

// xlsxCell is a cell being read.
type xlsxCell struct {
	column  int // from 0
	style   int
	typ     string
	value   []byte
	inline  []byte // the text of an inline cell
	reading bool   // within the reading of a word (rPh)
}

func (x *xlsxRows) Next() (Row, error) {
	for {
		if x.done {
			return Row{}, io.EOF
		}
		t, err := x.s.next()
		if err == io.EOF {
			err = cut(err) // sheetData has not ended
		}
		if err != nil {
			return Row{}, fmt.Errorf("the sheet %w", err)
		}
		switch t {
		case chars:
			if len(x.text) <= maxCell {
				x.text = append(x.text, x.s.text...)
			}
		case opening:
			if err := x.start(); err != nil {
				return Row{}, err
			}
		case closing:
			switch x.end(); string(x.s.name) {
			case "row":
				if x.open {
					x.open = false
					return x.row, nil
				}
			case "sheetData", "worksheet":
				x.done = true
				return Row{}, io.EOF
			}
		}
	}
}

func (x *xlsxRows) start() error {
	x.text = x.text[:0]
	switch string(x.s.name) {
	case "row":
		n := x.row.Number + 1
		for name, value, rest, ok := attribute(x.s.attrs); ok; name, value, rest, ok = attribute(rest) {
			if string(name) == "r" {
				if given, err := strconv.Atoi(string(value)); err == nil {
					n = given
				}
			}
		}
		if n <= x.row.Number || n > maxRows {
			return fmt.Errorf("row %d of the sheet stands after row %d", n, x.row.Number)
		}
		x.row, x.open = Row{Number: n, Cells: x.row.Cells[:0]}, true
		x.cell.column = -1
	case "c":
		x.startCell()
	case "rPh":
		x.cell.reading = true
	}
	return nil
}

func (x *xlsxRows) startCell() {
	x.cell = xlsxCell{column: x.cell.column + 1, inline: x.cell.inline[:0], value: x.cell.value[:0]}
	for name, value, rest, ok := attribute(x.s.attrs); ok; name, value, rest, ok = attribute(rest) {
		switch string(name) {
		case "r":
			if n := columnOf(value); n >= 0 {
				x.cell.column = n
			}
		case "s":
			x.cell.style, _ = strconv.Atoi(string(value))
		case "t":
			x.cell.typ = cellType(value)
		}
	}
}

// cellType is the type of a cell, without a string for each.
func cellType(value []byte) string {
	switch string(value) {
	case "s":
		return "s"
	case "n":
		return "n"
	case "str":
		return "str"
	}
	return string(value)
}

func (x *xlsxRows) end() {
	c := &x.cell
	switch string(x.s.name) {
	case "v":
		c.value = append(c.value[:0], x.text...)
	case "t":
		if !c.reading && len(c.inline) <= maxCell {
			c.inline = append(c.inline, x.text...)
		}
	case "rPh":
		c.reading = false
	case "c":
		x.put(c.column, x.b.textOf(c))
	}
	x.text = x.text[:0]
}

func (x *xlsxRows) put(column int, text string) {
	if text == "" || column >= maxColumns {
		return
	}
	for len(x.row.Cells) <= column {
		x.row.Cells = append(x.row.Cells, "")
	}
	x.row.Cells[column] = text
}

// columnOf is the number of a column from a name of a cell (AB12), from 0; -1: it is no such name.
func columnOf(name []byte) int {
	n := 0
	for i := 0; i < len(name) && name[i] >= 'A'; i++ {
		if n = n*26 + int(name[i]|0x20-'a') + 1; name[i]|0x20 > 'z' || n > maxColumns {
			return -1
		}
	}
	return n - 1
}

// textOf is the text of a cell.
func (b *xlsx) textOf(c *xlsxCell) string {
	switch c.typ {
	case "s":
		n, err := strconv.Atoi(string(bytes.TrimSpace(c.value)))
		if err != nil || n < 0 || n >= len(b.texts) {
			return ""
		}
		return b.texts[n]
	case "inlineStr":
		return unescaped(string(c.inline))
	case "str":
		return unescaped(string(c.value))
	case "b":
		switch value := string(bytes.TrimSpace(c.value)); {
		case value == "":
			return ""
		case yes(value):
			return "TRUE"
		}
		return "FALSE"
	case "e":
		return string(c.value)
	case "d":
		return strings.TrimSuffix(string(c.value), "T00:00:00")
	}
	if len(c.value) == 0 {
		return ""
	}
	value := string(bytes.TrimSpace(c.value))
	v, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return value
	}
	if c.style < 0 || c.style >= len(b.forms) {
		return form{}.text(v, b.since1904)
	}
	return b.forms[c.style].text(v, b.since1904)
}
