package sheets

import (
	"archive/zip"
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

// open opens a part within a limit.
func (b *xlsx) open(name string, most int64) (*xml.Decoder, io.Closer, error) {
	f := b.parts[strings.ToLower(name)]
	if f == nil {
		return nil, nil, fmt.Errorf("the part %s is missing", name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	d := xml.NewDecoder(limit(r, most, name))
	d.Strict = true
	return d, r, nil
}

// each calls start and end with the elements of a part; text holds the text directly before an end.
func (b *xlsx) each(name string, most int64, start func(xml.StartElement), end func(name, text string) error) error {
	d, c, err := b.open(name, most)
	if err != nil {
		return err
	}
	defer c.Close()
	var text []byte
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
			text = text[:0]
		case xml.CharData:
			text = append(text, t...)
		case xml.EndElement:
			if err := end(t.Name.Local, string(text)); err != nil {
				return err
			}
			text = text[:0]
		case xml.Directive:
			return fmt.Errorf("%s declares entities or a document type, which no workbook does", name)
		}
	}
}

func noEnd(string, string) error { return nil }

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
	err := b.each("xl/_rels/workbook.xml.rels", maxSmall, func(e xml.StartElement) {
		if e.Name.Local == "Relationship" {
			targets[attr(e, "Id")] = attr(e, "Target")
		}
	}, noEnd)
	if err != nil {
		return err
	}
	err = b.each("xl/workbook.xml", maxSmall, func(e xml.StartElement) {
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
	return b.each("xl/styles.xml", maxSmall, func(e xml.StartElement) {
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
	}, func(name, _ string) error {
		inCells = inCells && name != "cellXfs"
		return nil
	})
}

// readTexts reads the texts that cells share. The reading of a word in another script (rPh) is no part of its text.
func (b *xlsx) readTexts() error {
	const part = "xl/sharedStrings.xml"
	if b.parts[strings.ToLower(part)] == nil {
		return nil
	}
	var text strings.Builder
	reading := false
	return b.each(part, maxTexts, func(e xml.StartElement) {
		switch e.Name.Local {
		case "si":
			text.Reset()
		case "rPh":
			reading = true
		}
	}, func(name, s string) error {
		switch name {
		case "t":
			if !reading && text.Len()+len(s) <= maxCell {
				text.WriteString(s)
			}
		case "rPh":
			reading = false
		case "si":
			b.texts = append(b.texts, unescaped(text.String()))
		}
		return nil
	})
}

// unescaped reads the signs that workbooks write as _x000D_; a carriage return is dropped.
func unescaped(s string) string {
	if !strings.Contains(s, "_x") {
		return strings.Clone(s)
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
	d, c, err := b.open(b.paths[sheet], maxSheet)
	if err != nil {
		return nil, err
	}
	return &xlsxRows{Closer: c, b: b, d: d}, nil
}

// xlsxRows is a sheet being read.
type xlsxRows struct {
	io.Closer
	b    *xlsx
	d    *xml.Decoder
	row  Row
	cell xlsxCell
	text []byte
}

// xlsxCell is a cell being read.
type xlsxCell struct {
	column  int // from 0
	style   int
	typ     string
	value   string
	inline  []byte // the text of an inline cell
	reading bool   // within the reading of a word (rPh)
}

func (x *xlsxRows) Next() (Row, error) {
	for {
		t, err := x.d.RawToken()
		if err != nil {
			return Row{}, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if err := x.start(t); err != nil {
				return Row{}, err
			}
		case xml.CharData:
			if len(x.text) <= maxCell {
				x.text = append(x.text, t...)
			}
		case xml.Directive:
			return Row{}, errors.New("the sheet declares entities or a document type, which no workbook does")
		case xml.EndElement:
			switch x.end(t.Name.Local); t.Name.Local {
			case "row":
				return x.row, nil
			case "sheetData":
				return Row{}, io.EOF
			}
		}
	}
}

func (x *xlsxRows) start(e xml.StartElement) error {
	x.text = x.text[:0]
	switch e.Name.Local {
	case "row":
		n, err := strconv.Atoi(attr(e, "r"))
		if err != nil {
			n = x.row.Number + 1
		}
		if n <= x.row.Number || n > maxRows {
			return fmt.Errorf("row %d of the sheet stands after row %d", n, x.row.Number)
		}
		x.row = Row{Number: n, Cells: x.row.Cells[:0]}
		x.cell.column = -1
	case "c":
		x.cell = xlsxCell{column: x.cell.column + 1, inline: x.cell.inline[:0]}
		for _, a := range e.Attr {
			switch a.Name.Local {
			case "r":
				if n := columnOf(a.Value); n >= 0 {
					x.cell.column = n
				}
			case "s":
				x.cell.style, _ = strconv.Atoi(a.Value)
			case "t":
				x.cell.typ = a.Value
			}
		}
	case "rPh":
		x.cell.reading = true
	}
	return nil
}

func (x *xlsxRows) end(name string) {
	c := &x.cell
	switch name {
	case "v":
		c.value = string(x.text)
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
func columnOf(name string) int {
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
		n, err := strconv.Atoi(strings.TrimSpace(c.value))
		if err != nil || n < 0 || n >= len(b.texts) {
			return ""
		}
		return b.texts[n]
	case "inlineStr":
		return unescaped(string(c.inline))
	case "str":
		return unescaped(c.value)
	case "b":
		if c.value == "" {
			return ""
		}
		if yes(strings.TrimSpace(c.value)) {
			return "TRUE"
		}
		return "FALSE"
	case "e":
		return c.value
	case "d":
		return strings.TrimSuffix(c.value, "T00:00:00")
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(c.value), 64)
	if err != nil {
		return c.value
	}
	if c.style < 0 || c.style >= len(b.forms) {
		return form{}.text(v, b.since1904)
	}
	return b.forms[c.style].text(v, b.since1904)
}
