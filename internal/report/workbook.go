package report

import (
	"archive/zip"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"lodestone/internal/when"
)

// workbook is an Excel workbook that is written row by row: rows go to temporary files, so that memory does not grow with them.
type workbook struct {
	file   *excelize.File
	sheets []*sheet
	head   int // styles
	text   int
	day    int
	answer int
}

// column is a column of a sheet.
type column struct {
	title string
	width float64
	key   bool // for the program: hidden
	free  bool // may be filled in where the sheet is protected
}

// sheet is a sheet with a heading; rows beyond what a sheet holds go to further sheets with a number behind the name.
type sheet struct {
	book    *workbook
	name    string
	columns []column
	above   [][]any // rows before the heading; the first is for the program, and hidden, where it begins with a key column
	limit   int     // most rows of one sheet
	stream  *excelize.StreamWriter
	current string              // name of the sheet that is being written
	parts   int                 // sheets begun
	row     int                 // last row written
	rows    int                 // rows written in all, without headings
	filters bool                // over the columns
	locked  bool                // only free columns may be changed
	choices map[string][]string // lists of choices, with the cells that have them
}

// maxSheetRows is what Excel holds on one sheet.
const maxSheetRows = excelize.TotalRows

// maxCell bounds the text of a cell: Excel holds 32,767 characters.
const maxCell = 32_000

func newWorkbook() (*workbook, error) {
	b := &workbook{file: excelize.NewFile()}
	border := []excelize.Border{{Type: "bottom", Color: "C9D1D9", Style: 1}}
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	for _, x := range []struct {
		to    *int
		style excelize.Style
	}{
		{&b.head, excelize.Style{Font: &excelize.Font{Bold: true, Color: "1C2128"}, Alignment: top, Border: border,
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EAEEF2"}}}},
		{&b.text, excelize.Style{Alignment: top}},
		{&b.day, excelize.Style{Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "left"}, CustomNumFmt: pointer("yyyy-mm-dd")}},
		{&b.answer, excelize.Style{Alignment: top, NumFmt: 49, Protection: &excelize.Protection{Locked: false}, Border: []excelize.Border{
			{Type: "bottom", Color: "BF8700", Style: 1}, {Type: "top", Color: "BF8700", Style: 1}, {Type: "left", Color: "BF8700", Style: 1}, {Type: "right", Color: "BF8700", Style: 1}},
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFF8C5"}}}},
	} {
		id, err := b.file.NewStyle(&x.style)
		if err != nil {
			return nil, err
		}
		*x.to = id
	}
	return b, nil
}

func pointer[T any](v T) *T { return &v }

// sheet begins a sheet. The first takes the place of the empty one that every workbook has.
func (b *workbook) sheet(name string, columns []column) *sheet {
	s := &sheet{book: b, name: name, columns: columns, limit: maxSheetRows}
	b.sheets = append(b.sheets, s)
	return s
}

// begin opens the next sheet, with heading, widths and frozen panes.
func (s *sheet) begin() (err error) {
	s.parts++
	s.current = s.name
	if s.parts > 1 {
		s.current += " " + strconv.Itoa(s.parts)
	}
	f := s.book.file
	if first := f.GetSheetName(0); first == "Sheet1" {
		err = f.SetSheetName(first, s.current)
	} else {
		_, err = f.NewSheet(s.current)
	}
	if err != nil {
		return err
	}
	if err := s.onPaper(); err != nil {
		return err
	}
	if s.stream, err = f.NewStreamWriter(s.current); err != nil {
		return err
	}
	for i, c := range s.columns {
		if err := s.stream.SetColWidth(i+1, i+1, c.width); err != nil {
			return err
		}
		if c.key {
			if err := s.stream.SetColVisible(i+1, i+1, false); err != nil {
				return err
			}
		}
	}
	heading := len(s.above) + 1
	corner, _ := excelize.CoordinatesToCellName(1, heading+1)
	if err := s.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: heading, TopLeftCell: corner, ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	s.row = 0
	for i, row := range s.above {
		hidden := i == 0 && s.columns[0].key
		if err := s.put(row, s.book.text, excelize.RowOpts{Hidden: hidden, Height: noteHeight}); err != nil {
			return err
		}
		if !hidden {
			if err := s.across(); err != nil {
				return err
			}
		}
	}
	titles := make([]any, len(s.columns))
	for i, c := range s.columns {
		titles[i] = c.title
	}
	return s.put(titles, s.book.head)
}

// noteHeight is the height of rows above the heading, whose text runs over all columns and may need two lines.
const noteHeight = 32

// across joins the columns that are shown, in the row written last.
func (s *sheet) across() error {
	first := 1 + slices.IndexFunc(s.columns, func(c column) bool { return !c.key })
	from, _ := excelize.CoordinatesToCellName(first, s.row)
	to, _ := excelize.CoordinatesToCellName(len(s.columns), s.row)
	return s.stream.MergeCell(from, to)
}

// onPaper prints a sheet across, as wide as the paper.
func (s *sheet) onPaper() error {
	f := s.book.file
	if err := f.SetSheetProps(s.current, &excelize.SheetPropsOptions{FitToPage: pointer(true)}); err != nil {
		return err
	}
	return f.SetPageLayout(s.current, &excelize.PageLayoutOptions{Orientation: pointer("landscape"), Size: pointer(9), FitToWidth: pointer(1), FitToHeight: pointer(0)})
}

// add writes a row of text, numbers and days.
func (s *sheet) add(cells ...any) error {
	if s.stream == nil || s.row >= s.limit {
		if err := s.end(); err != nil {
			return err
		}
		if err := s.begin(); err != nil {
			return err
		}
	}
	s.rows++
	return s.put(cells, s.book.text)
}

func (s *sheet) put(cells []any, style int, opts ...excelize.RowOpts) error {
	s.row++
	out := make([]any, len(cells))
	for i, c := range cells {
		own := style
		if style == s.book.text && i < len(s.columns) && s.columns[i].free && s.row > len(s.above) {
			own = s.book.answer
		}
		switch c := c.(type) {
		case string:
			out[i] = excelize.Cell{StyleID: own, Value: clipCell(inert(c))}
		case when.Date:
			out[i] = excelize.Cell{StyleID: own, Value: ""}
			if c != 0 {
				out[i] = excelize.Cell{StyleID: s.book.day, Value: excelDay(c)}
			}
		default:
			out[i] = excelize.Cell{StyleID: own, Value: c}
		}
	}
	at, err := excelize.CoordinatesToCellName(1, s.row)
	if err != nil {
		return err
	}
	return s.stream.SetRow(at, out, opts...)
}

// excelDay is a day as Excel counts it: 1970-01-01 is 25,569.
func excelDay(d when.Date) int { return int(d) + 25_568 }

func clipCell(s string) string {
	if len(s) <= maxCell {
		return s
	}
	cut := maxCell
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// end closes the sheet that is being written: filters over its columns, and protection where it is locked.
func (s *sheet) end() error {
	if s.stream == nil {
		return nil
	}
	heading := len(s.above) + 1
	if err := s.validate(); err != nil {
		return err
	}
	from, _ := excelize.CoordinatesToCellName(1, heading)
	to, _ := excelize.CoordinatesToCellName(len(s.columns), max(s.row, heading+1))
	if s.filters {
		if err := s.book.file.AutoFilter(s.current, from+":"+to, nil); err != nil {
			return err
		}
	}
	if s.locked {
		err := s.book.file.ProtectSheet(s.current, &excelize.SheetProtectionOptions{SelectLockedCells: true, SelectUnlockedCells: true, AutoFilter: true,
			FormatColumns: true, FormatRows: true})
		if err != nil {
			return err
		}
	}
	err := s.stream.Flush()
	s.stream = nil
	return err
}

// maxChoices is what Excel takes as a list of choices, in characters.
const maxChoices = 255

// choose offers choices for a cell of the row written last; anything else can still be typed.
func (s *sheet) choose(column int, choices []string) {
	var fit []string
	length := 0
	for _, c := range choices {
		n := len([]rune(c)) + 1
		if strings.ContainsAny(c, ",\"") || length+n > maxChoices {
			continue
		}
		length += n
		fit = append(fit, c)
	}
	if fit == nil {
		return
	}
	if s.choices == nil {
		s.choices = map[string][]string{}
	}
	at, _ := excelize.CoordinatesToCellName(column, s.row)
	key := strings.Join(fit, ",")
	s.choices[key] = append(s.choices[key], at)
}

// validate hands the choices over to the sheet that is being written.
func (s *sheet) validate() error {
	for _, key := range slices.Sorted(maps.Keys(s.choices)) {
		v := excelize.NewDataValidation(true)
		v.Sqref = strings.Join(s.choices[key], " ")
		v.ShowErrorMessage = false
		if err := v.SetDropList(strings.Split(key, ",")); err != nil {
			return err
		}
		if err := s.book.file.AddDataValidation(s.current, v); err != nil {
			return err
		}
	}
	s.choices = nil
	return nil
}

// write ends all sheets and writes the workbook.
func (b *workbook) write(w io.Writer) error {
	for _, s := range b.sheets {
		if s.parts == 0 {
			if err := s.begin(); err != nil {
				return err
			}
		}
		if err := s.end(); err != nil {
			return err
		}
	}
	b.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(w) }) // and not to a buffer of the whole file first
	err := b.file.Write(w)
	if e := b.file.Close(); err == nil {
		err = e
	}
	return err
}

// sheetName makes a name that Excel takes for a sheet, and that none of the others has.
func sheetName(name string, taken map[string]bool) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) || r < ' ' {
			return ' '
		}
		return r
	}, name)
	name = strings.Trim(strings.TrimSpace(name), "'")
	if name == "" {
		name = "–"
	}
	for n := 1; ; n++ {
		end := ""
		if n > 1 {
			end = fmt.Sprintf(" (%d)", n)
		}
		short := cutRunes(name, 28-len(end)) + end
		if key := strings.ToLower(short); !taken[key] && key != "history" {
			taken[key] = true
			return short
		}
	}
}

// cutRunes cuts a text to so many UTF-16 units, which is how Excel counts.
func cutRunes(s string, most int) string {
	n := 0
	for i, r := range s {
		if n++; r > 0xffff {
			n++
		}
		if n > most {
			return strings.TrimSpace(s[:i])
		}
	}
	return s
}
