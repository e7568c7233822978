package sheets

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// dump prints the rows of a sheet, a line each.
func dump(t testing.TB, b Book, sheet int) string {
	t.Helper()
	rows, err := b.Rows(sheet)
	if err != nil {
		return "error: " + err.Error()
	}
	defer rows.Close()
	var lines []string
	for {
		row, err := rows.Next()
		if err == io.EOF {
			if _, again := rows.Next(); again != io.EOF {
				t.Errorf("behind the end: %v", again)
			}
			return strings.Join(lines, "\n")
		}
		if err != nil {
			return strings.Join(append(lines, "error: "+err.Error()), "\n")
		}
		lines = append(lines, fmt.Sprintf("%d %s", row.Number, strings.Join(row.Cells, "|")))
	}
}

// typed is a workbook as a library writes it: texts, numbers, percent, dates, codes with leading zeros, a formula, a merged heading.
func typed(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	style := func(format string) int {
		id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	set := func(cell string, v any, format string) {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
		if format != "" {
			if err := f.SetCellStyle("Sheet1", cell, cell, style(format)); err != nil {
				t.Fatal(err)
			}
		}
	}
	set("A1", "出口货物清单", "")
	if err := f.MergeCell("Sheet1", "A1", "F1"); err != nil {
		t.Fatal(err)
	}
	set("A3", "0102.30", "")
	set("B3", 0.295, "0%")
	set("C3", time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), "yyyy/m/d")
	set("D3", 3348.25, "#,##0.0")
	set("E3", 102.0, "0000000000")
	set("F3", true, "")
	set("A4", "钕 & <镝>\n第二行", "")
	set("C4", time.Date(2026, 3, 1, 14, 30, 0, 0, time.UTC), `yyyy"年"m"月"d"日" h:mm`)
	set("D4", 1234567.891, "")
	set("B5", 0.1+0.2, "")
	set("F5", 0.999, "0.00%")
	if err := f.SetCellFormula("Sheet1", "D6", "1+1"); err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellRichText("Sheet1", "A6", []excelize.RichTextRun{{Text: "Dy"}, {Text: "2O3"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.NewSheet("Second"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const typedRows = "1 出口货物清单\n" +
	"3 0102.30|29.5%|2026-03-01|3348.25|0000000102|TRUE\n" +
	"4 钕 & <镝>\n第二行||2026-03-01|1234567.891\n" +
	"5 |0.3||||99.9%\n" +
	"6 Dy2O3"

func TestXLSX(t *testing.T) {
	data := typed(t)
	b, err := OpenXLSX(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(b.Sheets()); got != "[{Sheet1 false} {Second false}]" {
		t.Error(got)
	}
	if got := dump(t, b, 0); got != typedRows {
		t.Errorf("got\n%s\nwant\n%s", got, typedRows)
	}
	if got := dump(t, b, 1); got != "" {
		t.Error(got)
	}
}

// The same workbook, saved as XLS by an office program: formats by number and by text, shared texts, a formula with its result.
func TestRealXLS(t *testing.T) {
	data, err := os.ReadFile("testdata/office.xls")
	if err != nil {
		t.Fatal(err)
	}
	b, err := OpenXLS(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(b.Sheets()); got != "[{Sheet1 false} {Second false}]" {
		t.Error(got)
	}
	if got, want := dump(t, b, 0), typedRows+"|||2"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestXLS(t *testing.T) {
	texts := []string{"商品编码", "Pièce à usiner", "", "烧结钕铁硼永磁体，表面镀镍", "plain"}
	cells := func(w *xlsWriter) {
		for i := range texts {
			w.record(recLabelSST, le(uint16(0), uint16(i), uint16(0), uint32(i)))
		}
		w.record(recNumber, le(uint16(2), uint16(0), uint16(1), 0.295))
		w.record(recRK, le(uint16(2), uint16(1), uint16(0), uint32(8505<<2|2)))
		w.record(recMulRK, le(uint16(2), uint16(2), uint16(2), uint32(46082<<2|2), uint16(0), uint32(295<<2|3), uint16(3)))
		w.record(recFormula, le(uint16(2), uint16(4), uint16(0), []byte{0, 0, 0, 0, 0, 0, 0xff, 0xff}, uint16(0), uint32(0)))
		w.record(recString, unicodeText("由公式", 2, true))
		w.record(recFormula, le(uint16(2), uint16(5), uint16(0), 1.5, uint16(0), uint32(0)))
		w.record(recBoolErr, le(uint16(2), uint16(6), uint16(0), byte(0x2a), byte(1)))
		w.record(recFormula, le(uint16(2), uint16(7), uint16(0), []byte{1, 0, 1, 0, 0, 0, 0xff, 0xff}, uint16(0), uint32(0)))
		w.record(recLabel, append(le(uint16(1), uint16(1), uint16(0)), unicodeText("behind", 2, false)...)) // rows need not come in order
		w.record(recRK, le(uint16(3), uint16(0), uint16(3), uint32(102<<2|2)))
	}
	want := "1 商品编码|Pièce à usiner||烧结钕铁硼永磁体，表面镀镍|plain\n2 |behind\n3 29.5%|8505|2026-03-01|2.95|由公式|1.5|#N/A|TRUE\n4 0000000102"
	for piece := 8; piece < 40; piece++ {
		data := xlsFixture(texts, piece, []string{"0.00%", `yyyy"年"m"月"d"日"`, "0000000000"}, cells)
		b, err := OpenXLS(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(b.Sheets()); got != "[{hidden true} {物料 false}]" {
			t.Error(got)
		}
		if got := dump(t, b, 1); got != want {
			t.Fatalf("in pieces of %d:\n got %s\nwant %s", piece, got, want)
		}
	}
}

func TestNumbersAsTyped(t *testing.T) {
	for _, c := range []struct {
		format string
		value  float64
		want   string
	}{
		{"General", 0.29499999999999998, "0.295"}, {"General", 1e15, "1000000000000000"}, {"General", 8505111000, "8505111000"}, {"General", math.Copysign(0, -1), "0"},
		{"General", 1.0 / 3, "0.333333333333333"}, {"General", 1e300, "1e+300"}, {"General", 2.5e-7, "0.00000025"},
		{"0%", 0.07, "7%"}, {"0.0%", 0.0001, "0.01%"}, {"0%", 12, "1200%"}, {"0%", -0.5, "-50%"}, {"0.00%", 0.99995, "99.995%"},
		{`[$-804]yyyy"年"m"月"d"日";@`, 46082, "2026-03-01"}, {"m/d/yy h:mm", 46082.75, "2026-03-01"}, {"h:mm:ss", 0.75, "18:00:00"}, {"[h]:mm", 30, "30"},
		{"mmm-yy", 46082, "2026-03-01"}, {"yyyy-mm-dd", 59, "1900-02-28"}, {"yyyy-mm-dd", 60, "60"}, {"yyyy-mm-dd", 61, "1900-03-01"}, {"yyyy-mm-dd", -1, "-1"},
		{"0000", 12, "0012"}, {"0000", 12.5, "12.5"}, {`"HS "0`, 8505, "8505"}, {"#,##0.00_);[Red](#,##0.00)", 1234.5, "1234.5"}, {"0.00E+00", 12345, "12345"},
		{"@", 102, "102"}, {"0", math.Inf(1), "+Inf"},
	} {
		if got := formOf(c.format).text(c.value, false); got != c.want {
			t.Errorf("%v as %s is %s, want %s", c.value, c.format, got, c.want)
		}
	}
	if got := formOf("yyyy-mm-dd").text(0, true); got != "1904-01-01" {
		t.Error(got)
	}
}

// zipped makes a zip of parts.
func zipped(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func workbook(sheet string) map[string]string {
	return map[string]string{
		"xl/workbook.xml":            `<workbook xmlns:r="x"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   sheet,
	}
}

func TestHostileXLSX(t *testing.T) {
	open := func(p map[string]string) string {
		data := zipped(t, p)
		b, err := OpenXLSX(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return "unreadable: " + err.Error()
		}
		return dump(t, b, 0)
	}
	for _, c := range []struct{ name, sheet, want string }{
		{"cells without names", `<worksheet><sheetData><row><c t="inlineStr"><is><t>a</t></is></c><c><v>1</v></c></row></sheetData></worksheet>`, "1 a|1"},
		{"gaps", `<worksheet><sheetData><row r="2"><c r="C2"><v>5</v></c></row></sheetData></worksheet>`, "2 ||5"},
		{"entities", `<!DOCTYPE x [<!ENTITY a "b">]><worksheet><sheetData><row r="1"/></sheetData></worksheet>`, "error: the sheet declares entities or a document type, which no workbook does"},
		{"rows backwards", `<worksheet><sheetData><row r="3"/><row r="2"/></sheetData></worksheet>`, "3 \nerror: row 2 of the sheet stands after row 3"},
		{"cut off", `<worksheet><sheetData><row r="1"><c`, "error: the sheet ends in the middle; the file is cut off"},
		{"a shared text that is not there", `<worksheet><sheetData><row r="1"><c t="s"><v>7</v></c><c><v>x</v></c></row></sheetData></worksheet>`, "1 |x"},
		{"entities of the standard", `<worksheet><sheetData><row r="1"><c t="str"><v>a&lt;b&#x4e2d;&#20013;&amp;lt;&unknown;&</v></c></row></sheetData></worksheet>`, "1 a<b中中&lt;&unknown;&"},
		{"prefixes, comments, CDATA", `<x:worksheet><!-- <row r="9"> --><x:sheetData><x:row r="1"><x:c t="str" q='a>b'><x:v><![CDATA[<&]]></x:v></x:c></x:row></x:sheetData></x:worksheet>`, "1 <&"},
		{"an empty sheet", `<worksheet><sheetData/></worksheet>`, ""},
		{"a row cut off", `<worksheet><sheetData><row r="1"><c><v>1</v></c></row>`, "1 1\nerror: the sheet ends in the middle; the file is cut off"},
		{"escapes", `<worksheet><sheetData><row r="1"><c t="str"><v>a_x000D_b_x0041__xZZ_</v></c></row></sheetData></worksheet>`, "1 abA_xZZ_"},
	} {
		if got := open(workbook(c.sheet)); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	p := workbook("<worksheet/>")
	p["xl/styles.xml"] = strings.Repeat(" ", maxSmall+1)
	if got := open(p); !strings.Contains(got, "xl/styles.xml, which is packed tighter than workbooks are, is longer than 32 MB") {
		t.Error(got)
	}
	delete(p, "xl/_rels/workbook.xml.rels")
	if got := open(p); !strings.Contains(got, "xl/_rels/workbook.xml.rels is missing") {
		t.Error(got)
	}
	if got := open(map[string]string{"xl/workbook.bin": ""}); got != "unreadable: is a binary workbook (xlsb)" {
		t.Error(got)
	}
}

// Many small texts take more memory than their markup says.
func TestTextsThatTakeMuchMemory(t *testing.T) {
	p := workbook("<worksheet/>")
	p["xl/sharedStrings.xml"] = "<sst>" + strings.Repeat("<si><t/></si>", 10) + "</sst>"
	data := zipped(t, p)
	b, err := OpenXLSX(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	x := b.(*xlsx)
	x.held = maxHeld - 9*textHeader
	if err := x.readTexts(); err == nil || !strings.Contains(err.Error(), "take more than 256 MB") {
		t.Errorf("%v", err)
	}
}

func TestOtherCompoundFiles(t *testing.T) {
	for stream, want := range map[string]string{"Book": "Excel 95", "WordDocument": "Word document", "EncryptedPackage": ErrLocked.Error(), "Other": "holds no workbook"} {
		data := compound(stream, nil)
		if _, err := OpenXLS(bytes.NewReader(data), int64(len(data))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", stream, err)
		}
	}
	var w xlsWriter
	w.record(recBOF, le(uint16(0x0600), uint16(5), uint32(0)))
	w.record(recFilePass, le(uint16(1)))
	data := compound("Workbook", w.stream.Bytes())
	if _, err := OpenXLS(bytes.NewReader(data), int64(len(data))); !errors.Is(err, ErrLocked) {
		t.Error(err)
	}
}

// readAll reads whatever there is.
func readAll(b Book) {
	for i := range b.Sheets() {
		rows, err := b.Rows(i)
		if err != nil {
			continue
		}
		for last := 0; ; {
			row, err := rows.Next()
			if err != nil {
				break
			}
			if row.Number <= last {
				panic(fmt.Sprintf("row %d after row %d", row.Number, last))
			}
			last = row.Number
		}
		rows.Close()
	}
}

func FuzzXLS(f *testing.F) {
	office, err := os.ReadFile("testdata/office.xls")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(office)
	f.Add(xlsFixture([]string{"a", "烧结"}, 9, []string{"0%"}, func(w *xlsWriter) {
		w.record(recLabelSST, le(uint16(0), uint16(0), uint16(0), uint32(1)))
		w.record(recFormula, le(uint16(2), uint16(4), uint16(0), []byte{0, 0, 0, 0, 0, 0, 0xff, 0xff}, uint16(0), uint32(0)))
		w.record(recString, unicodeText("x", 2, true))
	}))
	f.Fuzz(func(t *testing.T, data []byte) {
		if b, err := OpenXLS(bytes.NewReader(data), int64(len(data))); err == nil {
			readAll(b)
		}
	})
}

// The zip around a workbook is the business of the standard library; here its sheet is what a stranger wrote.
func FuzzSheet(f *testing.F) {
	f.Add(`<worksheet><sheetData><row r="1"><c r="B1" t="inlineStr"><is><t>a</t><rPh><t>b</t></rPh></is></c></row></sheetData></worksheet>`, `<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>`)
	f.Fuzz(func(t *testing.T, sheet, styles string) {
		p := workbook(sheet)
		p["xl/styles.xml"] = styles
		data := zipped(t, p)
		if b, err := OpenXLSX(bytes.NewReader(data), int64(len(data))); err == nil {
			readAll(b)
		}
	})
}
