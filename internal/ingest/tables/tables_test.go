package tables

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"lodestone/internal/fact"
	"lodestone/internal/vocab"
)

func testVocab(t testing.TB) *vocab.Vocab {
	t.Helper()
	names := func(en, zh, ko string) vocab.Names {
		return vocab.Names{En: strings.Split(en, "|"), Zh: strings.Split(zh, "|"), Ko: strings.Split(ko, "|")}
	}
	v, err := vocab.Compile(vocab.Data{Columns: []vocab.Column{
		{ID: "id", Names: names("item number|part no", "序号", "번호")},
		{ID: "description", Names: names("product|specification", "品名|规格型号", "품명|규격")},
		{ID: "hs", Names: names("hs code", "商品编码", "품목번호")},
		{ID: "composition", Names: names("composition", "成分", "성분")},
		{ID: "destination", Names: names("ship to country", "目的国", "목적국")},
		{ID: "quantity", Names: names("quantity|qty", "数量", "수량")},
		{ID: "value", Names: names("value|total price", "总价", "금액")},
		{ID: "form", Names: names("form|state", "形态", "형태")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// dump reads a whole table and prints a line a row: line number and cells, or the problem.
func dump(t testing.TB, text string) string {
	t.Helper()
	return dumpReader(t, strings.NewReader(text), Options{})
}

func dumpReader(t testing.TB, r io.Reader, opt Options) string {
	t.Helper()
	table, err := Open("t.csv", r, testVocab(t), opt)
	if err != nil {
		return "unreadable: " + err.Error()
	}
	var lines []string
	var b Batch
	for {
		err := table.Next(&b)
		if err == io.EOF {
			return strings.Join(lines, "\n")
		}
		if err != nil {
			return strings.Join(append(lines, "error: "+err.Error()), "\n")
		}
		for _, row := range b.Rows {
			lines = append(lines, dumpRow(table, row))
		}
	}
}

func dumpRow(table *Table, row Row) string {
	if row.Problem != nil {
		return row.Problem.Error()
	}
	cells := row.Cells
	if table.Format == JSONLines {
		cells = nil
		for i, c := range row.Cells {
			if c != "" {
				cells = append(cells, table.Columns[i].ID+"="+c)
			}
		}
		for _, e := range row.Extra {
			cells = append(cells, e.Name+":"+e.Value)
		}
	}
	return fmt.Sprintf("%d %s", row.Line, strings.Join(cells, "|"))
}

const lines3 = "2 1|magnet|8505\n3 2|motor|8501"

func TestCSV(t *testing.T) {
	long := strings.Repeat("x", maxRow)
	for _, c := range []struct{ name, text, want string }{
		{"comma", "id,description,hs\n1,magnet,8505\n2,motor,8501\n", lines3},
		{"semicolon", "id;description;hs\n1;magnet;8505\n2;motor;8501\n", lines3},
		{"tab", "id\tdescription\ths\n1\tmagnet\t8505\n2\tmotor\t8501\n", lines3},
		{"CRLF", "id,description,hs\r\n1,magnet,8505\r\n2,motor,8501\r\n", lines3},
		{"no last line break", "id,description,hs\n1,magnet,8505\n2,motor,8501", lines3},
		{"byte order mark", "\ufeffid,description,hs\n1,magnet,8505\n2,motor,8501\n", lines3},
		{"blank lines", "\n\nid,description,hs\n\n1,magnet,8505\r\n  \n\n", "5 1|magnet|8505"},
		{"headings alone", "id,description,hs\n", ""},
		{"empty cells", "id,description,hs\n,,\n1,,\n", "2 ||\n3 1||"},
		{"empty last column of tabs", "id\tdescription\ths\n1\t\t\n\t\t\n", "2 1||\n3 ||"},
		{"one column", "description\nmagnet\n\nmotor", "2 magnet\n4 motor"},
		{"quotes", "id,\"description\",hs\n1,\"a \"\"b\"\", c\",8505\n", `2 1|a "b", c|8505`},
		{"quotes with line breaks", "id,description,hs\n1,\"a\nb\r\nc\",8505\n2,x,8501\n", "2 1|a\nb\r\nc|8505\n5 2|x|8501"},
		{"quotes at the end of a line", "id,description,hs\r\n1,a,\"8505\"\r\n2,b,\"\"\r\n", "2 1|a|8505\n3 2|b|"},
		{"quotes at the end of the text", "id,description,hs\n1,a,\"8505\"", "2 1|a|8505"},
		{"a quote within a cell", "id,description,hs\n1,2\" wafer,8505\n", `2 1|2" wafer|8505`},
		{"unknown columns", "id,note,hs\n1,x,8505\n", "2 1|x|8505"},
		{"Chinese headings", "序号,品名,商品编码\n1,磁铁,8505\n", "2 1|磁铁|8505"},

		{"too few cells", "id,description,hs\n1,magnet\n2,motor,8501\n", "t.csv:2: the row has 2 cells, the heading line 3 (a delimiter for every column, also where cells are empty)\n3 2|motor|8501"},
		{"too many cells", "id,description,hs\n1,magnet, coated,8505\n2,motor,8501\n", "t.csv:2: the row has 4 cells, the heading line 3 (quotes around cells that contain the delimiter)\n3 2|motor|8501"},
		{"cut off", "id,description,hs\n1,magnet,8505\n2,mot", "2 1|magnet|8505\nt.csv:3: the text ends in the middle of this row: 2 of 3 cells (the file may be incomplete; fetch it again)"},
		{"quote never closed", "id,description,hs\n1,\"magnet,8505\n2,motor,8501\n3,pump,8413\n", "t.csv:2: a quote that is opened on this line is not closed (close the quote, or write quotes within a cell twice (\"\"))\n3 2|motor|8501\n4 3|pump|8413"},
		{"quote never closed, after one with a line break", "id,description,hs\n\"1\n1\",\"magnet,8505\n2,motor,8501\n", "t.csv:2: a quote that is opened on this line is not closed (close the quote, or write quotes within a cell twice (\"\"))\nt.csv:3: a quote that is opened on this line is not closed (close the quote, or write quotes within a cell twice (\"\"))\n4 2|motor|8501"},
		{"quote closed by that of the next line", "id,description,hs\n1,\"magnet,8505\n2,\"a, b\",8501\n", "t.csv:2: a quote that is opened on this line is not closed (close the quote, or write quotes within a cell twice (\"\"))\n3 2|a, b|8501"},
		{"quote never closed on the last line", "id,description,hs\n1,magnet,\"8505", "t.csv:2: a quote that is opened on this line is not closed (close the quote, or write quotes within a cell twice (\"\"))"},
		{"text after a quote", "id,description,hs\n1,\"a\"b,8505\n2,motor,8501\n", "t.csv:2:6: text after a closing quote (write quotes within a cell twice (\"\"))\n3 2|motor|8501"},
		{"zero byte", "id,description,hs\n1,a\x00b,8505\n2,motor,8501\n", "t.csv:2:4: a zero byte in the row (save the file as text again)\n3 2|motor|8501"},
		{"zero byte in quotes", "id,description,hs\n1,\"a\x00b\",8505\n2,motor,8501\n", "t.csv:2:5: a zero byte in the row (save the file as text again)\n3 2|motor|8501"},
		{"broken UTF-8", "id,description,hs\n1,磁铁磁铁磁铁磁铁磁铁磁铁,8505\n2,mot\xffor,8501\n3,pump,8413\n", "2 1|磁铁磁铁磁铁磁铁磁铁磁铁|8505\nt.csv:3:6: bytes that are not UTF-8 (save the file as UTF-8, or name its encoding)\n4 3|pump|8413"},
		{"Latin-1", "id,description,hs\n1,moul\xe9 en \xe9t\xe9,8505\n2,motor,8501\n", "t.csv:2:7: bytes that are not UTF-8 (save the file as UTF-8, or name its encoding)\n3 2|motor|8501"},
		{"long row", "id,description,hs\n1," + long + ",8505\n2,motor,8501\n", "t.csv:2: the row is 1048583 bytes long; at most 1048576 are read (check for a missing line break or quote)\n3 2|motor|8501"},
		{"long row in quotes", "id,description,hs\n1,\"" + long + "\",8505\n2,motor,8501\n", "t.csv:2: the row is 1048585 bytes long; at most 1048576 are read (check for a missing line break or quote)\n3 2|motor|8501"},
		{"long row of many lines", "id,description,hs\n1,\"" + strings.Repeat("x\n", maxRow) + "\",8505\n2,motor,8501\n", ""},
		{"quote open for longer than a row", "id,description,hs\n1,\"magnet,8505\n" + strings.Repeat("2,motor,8501\n", maxRow/10), ""},

		{"no known column", "colour,weight\nred,1\n", "unreadable: t.csv:1: no known column in the heading line (headings such as id, description, hs, composition, form, params, destination, end_user)"},
		{"misspelt column", "id,destinaton\n1,US\n", "unreadable: t.csv:1:2: destinaton: no such column (destination)"},
		{"misspelt columns", "id,compositoin,Descripton\n1,,\n", "unreadable: t.csv:1:2: compositoin: no such column (composition)\nt.csv:1:3: Descripton: no such column (description)"},
		{"doubled column", "id,note,hs,Note\n", "unreadable: t.csv:1:4: Note: the heading stands twice, in columns 2 and 4 (rename or remove one)"},
		{"empty", "", "unreadable: t.csv: is empty (a heading line and a row an item)"},
		{"blank", " \n\n", "unreadable: t.csv: is empty (a heading line and a row an item)"},
		{"CR alone", "id,hs\r1,8505\r", "unreadable: t.csv:1: lines end with CR alone (save the file with line ends LF or CRLF)"},
		{"unclosed heading", "id,\"hs\n1,8505\n", "unreadable: t.csv:1: a quote that is opened on this line is not closed (close the quote, or write quotes within a cell twice (\"\"))"},
		{"workbook", "PK\x03\x04....", "unreadable: t.csv: is a workbook or a zip archive, damaged or cut off (zip: not a valid zip file) (fetch it again)"},
		{"array", `[{"id":1}]`, "unreadable: t.csv:1: is a JSON array (JSON Lines: one object a line)"},
		{"long heading", "id," + long, "unreadable: t.csv:1: the heading line is longer than a row may be (a heading line and a row an item)"},
	} {
		got := dump(t, c.text)
		if c.want == "" && c.name != "headings alone" {
			checkLongRows(t, c.name, got)
			continue
		}
		if got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, short(got), c.want)
		}
	}
}

// checkLongRows looks at the rows of texts that are too long to print.
func checkLongRows(t *testing.T, name, got string) {
	rows := strings.Split(got, "\n")
	switch name {
	case "long row of many lines":
		// The row is given up where its quote has been open for longer than a row may be, so its lines count as rows of their own.
		if !strings.HasPrefix(rows[0], "t.csv:2: a quote that is opened on this line is not closed") || rows[len(rows)-1] != fmt.Sprint(maxRow+3, " 2|motor|8501") {
			t.Errorf("%s: %s … %s", name, rows[0], rows[len(rows)-1])
		}
	default:
		if !strings.HasPrefix(rows[0], "t.csv:2: a quote") || len(rows) != maxRow/10+1 || rows[1] != "3 2|motor|8501" {
			t.Errorf("%s: %s, and %d rows", name, rows[0], len(rows))
		}
	}
}

// The same text in pieces of every size gives the same rows.
func TestSmallReads(t *testing.T) {
	text := "id,description,hs\r\n1,\"a\n\"\"b\",8505\r\n2,x,8501\n3,\"c\n4,y,8413\n5,磁铁,8505"
	want := dump(t, text)
	for name, r := range map[string]io.Reader{
		"one byte": iotest.OneByteReader(strings.NewReader(text)), "half": iotest.HalfReader(strings.NewReader(text)),
		"data with the end": iotest.DataErrReader(strings.NewReader(text)),
	} {
		if got := dumpReader(t, r, Options{BatchRows: 1}); got != want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
	}
}

func TestBrokenReader(t *testing.T) {
	head := "id,hs\n1,8505\n" + strings.Repeat("2,8501\n", 20_000)
	r := io.MultiReader(strings.NewReader(head), iotest.ErrReader(errors.New("disk is gone")))
	got := dumpReader(t, r, Options{})
	if !strings.HasPrefix(got, "2 1|8505\n") || !strings.HasSuffix(got, "error: t.csv:20003: reading broke off: disk is gone") {
		t.Error(got[len(got)-100:])
	}
	if got := dumpReader(t, iotest.ErrReader(errors.New("disk is gone")), Options{}); got != "unreadable: t.csv: cannot be read: disk is gone" {
		t.Error(got)
	}
}

func TestJSONLines(t *testing.T) {
	long := strings.Repeat("x", maxRow)
	for _, c := range []struct{ name, text, want string }{
		{"values", `{"id":"P-1","quantity":4,"description":"a \"b\"\u00e9\ud83d\ude00\n","note":true,"hs":null}`, "1 id=P-1|quantity=4|description=a \"b\"é😀\n|note:true"},
		{"other headings", "{\"序号\":1,\"HS Code\":\"8505\"}\n\n{\"id\":2}\n", "1 id=1|hs=8505\n3 id=2"},
		{"numbers", `{"id":-1.5e+3,"hs":0}`, "1 id=-1.5e+3|hs=0"},
		{"blanks", " { \"id\" : 1 , \"hs\" : \"8505\" } \r\n", "1 id=1|hs=8505"},
		{"empty object", "{\"id\":1}\n{}\n", "1 id=1\n2 "},
		{"nested", "{\"id\":1}\n{\"id\":2,\"composition\":{\"Nd\":30}}\n{\"id\":3}", "1 id=1\nt.csv:2:23: composition: a nested value (text in the notation of the column)\n3 id=3"},
		{"misspelt later", "{\"id\":1}\n{\"id\":2,\"destinaton\":\"US\"}\n", "1 id=1\nt.csv:2: destinaton: no such column (destination)"},
		{"twice", "{\"id\":1}\n{\"id\":2,\"序号\":3}\n", "1 id=1\nt.csv:2: id: the key stands twice (once each)"},
		{"cut off", "{\"id\":1}\n{\"id\":2,\"hs\":\"85", "1 id=1\nt.csv:2:17: the text ends in the middle of this row (the file may be incomplete; fetch it again)"},
		{"no JSON", "{\"id\":1}\n{id:2}\n{\"id\":2}}\n{\"id\":02}\n{\"id\":2,}\nid,hs\n{\"id\":\"\\x\"}\n{\"id\":\"\\ud800\"}\n{\"id\":\"\\u0000\"}", "1 id=1\n" +
			"t.csv:2:2: no JSON: a key in quotes is wanted\n" +
			"t.csv:3:9: no JSON: text behind the object\n" +
			"t.csv:4:7: no JSON: a text in quotes, a number, true, false or null is wanted\n" +
			"t.csv:5:9: no JSON: a key in quotes is wanted\n" +
			"t.csv:6:1: no JSON: an object is wanted: {\"id\": …}\n" +
			"t.csv:7:8: no JSON: no such escape\n" +
			"t.csv:8:14: no JSON: an escape that is no character\n" +
			"t.csv:9:14: no JSON: an escape that is no character"},
		{"long", "{\"id\":1}\n{\"id\":\"" + long + "\"}\n{\"id\":3}\n", "1 id=1\nt.csv:2: the row is 1048585 bytes long; at most 1048576 are read (check for a missing line break or quote)\n3 id=3"},
		{"misspelt first", `{"id":1,"destinaton":"US"}`, "unreadable: t.csv:1: destinaton: no such column (destination)"},
		{"nothing known", `{"colour":"red"}`, "unreadable: t.csv:1: no known key in the first row (keys such as id, description, hs, composition, form, params, destination, end_user)"},
		{"first row broken", "{\"id\":\n{\"id\":2}\n", "t.csv:1:7: no JSON: a value is wanted\n2 id=2"},
	} {
		got := dump(t, c.text)
		want := c.want
		if c.name == "values" {
			want = "1 id=P-1|description=a \"b\"é😀\n|quantity=4|note:true"
			parts := strings.SplitN(got, " ", 2)
			if len(parts) == 2 && !strings.Contains(got, "quantity=4") {
				t.Errorf("%s: %s", c.name, got)
			}
			got = sortCells(got)
			want = sortCells(want)
		}
		if got != want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, short(got), want)
		}
	}
}

func short(s string) string { return s[:min(len(s), 1000)] }

func sortCells(s string) string {
	cells := strings.Split(strings.TrimPrefix(s, "1 "), "|")
	for i := range cells {
		for j := i + 1; j < len(cells); j++ {
			if cells[j] < cells[i] {
				cells[i], cells[j] = cells[j], cells[i]
			}
		}
	}
	return strings.Join(cells, "|")
}

func encode(t testing.TB, e encoding.Encoding, s string) string {
	t.Helper()
	b, err := e.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEncodings(t *testing.T) {
	zh := "序号,品名,商品编码\n1,烧结钕铁硼磁铁,8505\n2,石墨制品,3801\n"
	ko := "번호,품명,품목번호\n1,네오디뮴 자석,8505\n2,흑연 제품,3801\n"
	zhPlain := "id,description,hs\n1,烧结钕铁硼永磁体，表面镀镍，用于电机,8505\n2,高纯石墨制品，纯度百分之九十九,3801\n"
	koPlain := "id,description,hs\n1,소결 네오디뮴 자석 전동기용 니켈 도금 뷁,8505\n2,고순도 흑연 제품,3801\n"
	le, be := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	for _, c := range []struct{ name, text, raw, encoding string }{
		{"GB18030", zh, encode(t, simplifiedchinese.GB18030, zh), "gb18030"},
		{"CP949", ko, encode(t, korean.EUCKR, ko), "cp949"},
		{"GB18030 by its letters", zhPlain, encode(t, simplifiedchinese.GB18030, zhPlain), "gb18030"},
		{"CP949 by its letters", koPlain, encode(t, korean.EUCKR, koPlain), "cp949"},
		{"UTF-16 LE", zh, encode(t, le, zh), "utf-16le"},
		{"UTF-16 BE", ko, encode(t, be, ko), "utf-16be"},
		{"UTF-8", zh, zh, "utf-8"},
		{"UTF-8 with mark", ko, "\xef\xbb\xbf" + ko, "utf-8"},
		{"ASCII", "id,hs\n1,8505\n", "id,hs\n1,8505\n", "utf-8"},
		{"JSON in GB18030", "{\"序号\":1,\"品名\":\"磁铁\"}", encode(t, simplifiedchinese.GB18030, "{\"序号\":1,\"品名\":\"磁铁\"}"), "gb18030"},
	} {
		table, err := Open("t.csv", strings.NewReader(c.raw), testVocab(t), Options{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if table.Encoding != c.encoding {
			t.Errorf("%s is taken for %s", c.name, table.Encoding)
		}
		if got, want := dump(t, c.raw), dump(t, c.text); got != want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, want)
		}
	}
}

func TestEncodingOption(t *testing.T) {
	raw := "id,description\n1," + encode(t, simplifiedchinese.GB18030, "镓") + "\n"
	if got := dumpReader(t, strings.NewReader(raw), Options{Encoding: "GBK"}); got != "2 1|镓" {
		t.Error(got)
	}
	raw = strings.Repeat("1,plain\n", 20_000)
	raw = "id,description\n" + raw + "2," + encode(t, simplifiedchinese.GB18030, "镓") + "\n"
	if got := dumpReader(t, strings.NewReader(raw), Options{}); !strings.HasSuffix(got, "t.csv:20002:3: bytes that are not UTF-8 (save the file as UTF-8, or name its encoding)") {
		t.Error(got[len(got)-100:])
	}
	if got := dumpReader(t, strings.NewReader("id\n1\n"), Options{Encoding: "latin1"}); !strings.Contains(got, "encoding latin1 is not known (utf-8, utf-16, gb18030 or cp949)") {
		t.Error(got)
	}
	raw = encode(t, simplifiedchinese.GB18030, "序号,品名\n1,磁铁磁铁磁铁磁铁") + "\xff\xff\n2,b\n"
	if got := dump(t, raw); !strings.Contains(got, "bytes that are not gb18030") || !strings.HasSuffix(got, "3 2|b") {
		t.Error(got)
	}
}

func TestColumns(t *testing.T) {
	table, err := Open("t.csv", strings.NewReader("Part No;ID;规格型号;品名;weight\n"), testVocab(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Column{{"Part No", "", -1}, {"ID", "id", 0}, {"规格型号", "description", 4}, {"品名", "description", 4}, {"weight", "", -1}}
	for i, c := range table.Columns {
		if c != want[i] {
			t.Errorf("column %d: %+v, want %+v", i, c, want[i])
		}
	}
	if len(table.Notes) != 1 || !strings.Contains(table.Notes[0].Error(), `t.csv:1:1: Part No: id is read from the column "ID"; this one is passed through`) {
		t.Error(table.Notes)
	}
	if !table.DecimalComma() || table.Delimiter != ';' {
		t.Error("a comma is decimal in a file with semicolons")
	}
}

// Headings that people really have are not taken for misspelt ones.
func TestNotMisspelt(t *testing.T) {
	v := testVocab(t)
	for _, h := range []string{"status", "weight", "重量", "firm", "no", "price", "date", "value2", "remarks", "net weight", "原产省", "qt", "un code", "product id", "description_en"} {
		if meant := misspelt(v, h); meant != "" {
			t.Errorf("%s is taken for %s", h, meant)
		}
	}
	for h, want := range map[string]string{"desription": "description", "Quantitiy": "quantity", "hs-cod": "hs code", "fomr": "form", "itemnumbr": "item number", "ship to contry": "ship to country"} {
		if got := misspelt(v, h); got != want {
			t.Errorf("%s is taken for %q", h, got)
		}
	}
}

// Rows that were kept stay as they were when their batch is filled again.
func TestBatchesAreIndependent(t *testing.T) {
	var text strings.Builder
	text.WriteString("id,description\n")
	for i := range 2000 {
		fmt.Fprintf(&text, "%d,row %d\n", i, i)
	}
	table, err := Open("t.csv", strings.NewReader(text.String()), testVocab(t), Options{BatchRows: 7})
	if err != nil {
		t.Fatal(err)
	}
	pool := sync.Pool{New: func() any { return new(Batch) }}
	var wg sync.WaitGroup
	kept := make([][]string, 2000)
	for {
		b := pool.Get().(*Batch)
		if err := table.Next(b); err != nil {
			break
		}
		wg.Go(func() {
			for _, row := range b.Rows {
				kept[row.Line-2] = append([]string(nil), row.Cells...)
			}
			pool.Put(b)
		})
	}
	wg.Wait()
	for i, cells := range kept {
		if len(cells) != 2 || cells[1] != fmt.Sprint("row ", i) {
			t.Fatalf("row %d is %q", i, cells)
		}
	}
}

// repeat is a reader of n times the same bytes.
type repeat struct {
	piece []byte
	left  int64
}

func (r *repeat) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	n := 0
	for n < len(p) && r.left > 0 {
		m := copy(p[n:], r.piece[:min(int64(len(r.piece)), r.left)])
		n, r.left = n+m, r.left-int64(m)
	}
	return n, nil
}

// A line of 400 MB, in quotes or not, is refused with its length and never held.
func TestHugeLine(t *testing.T) {
	const size = 400 << 20
	for name, open := range map[string]string{"plain": "1,", "quoted": "1,\"", "JSON": "{\"id\":\""} {
		head := "id,description\n"
		if name == "JSON" {
			head = "{\"id\":1}\n"
		}
		tail := "\n2,after\n"
		if name == "JSON" {
			tail = "\n{\"id\":2}\n"
		}
		r := io.MultiReader(strings.NewReader(head+open), &repeat{bytes.Repeat([]byte("x"), 64<<10), size}, strings.NewReader(tail))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got := dumpReader(t, r, Options{})
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 20<<20 {
			t.Errorf("%s: %d MB allocated in all", name, used>>20)
		}
		want := fmt.Sprintf("t.csv:2: the row is %d bytes long", size+len(open))
		if !strings.Contains(got, want) || !strings.HasSuffix(got, "2|after") && !strings.HasSuffix(got, "3 id=2") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// A quote that opens on every line and is never closed on it costs time in step with the file, not with its square.
func TestQuotesOnEveryLine(t *testing.T) {
	text := "id,description\n" + strings.Repeat("x\",\"a\n", 1<<20)
	rows := strings.Count(dump(t, text), "\n") + 1
	if rows != 1<<20 {
		t.Errorf("%d rows", rows)
	}
}

// Reading does not allocate by the row: a batch makes one string.
func TestAllocations(t *testing.T) {
	text := "id,description,hs\n" + strings.Repeat("1,\"magnet, coated\",8505\n2,motor,8501\n", 50_000)
	table, err := Open("t.csv", strings.NewReader(text), testVocab(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var b Batch
	if n := testing.AllocsPerRun(100, func() {
		if err := table.Next(&b); err != nil {
			t.Fatal(err)
		}
	}); n > 2 {
		t.Errorf("%v allocations a batch", n)
	}
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{
		"id,description,hs\n1,magnet,8505\n", "id;hs\n1;\"a\n\"\"b\"\n", "id\ths\r\n\"1\"x\t2\r\n3\t\"4", "\xff\xfei\x00d\x00\n\x001\x00\n\x00", "序号,品名\n1,\x00\n2,\xff\n",
		"id,hs\n\n\n,\n", "{\"id\":1}\n{\"id\":{}}\n",
	} {
		f.Add([]byte(s))
	}
	v := testVocab(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		table, err := Open("t", bytes.NewReader(text), v, Options{BatchRows: 3})
		if err != nil {
			return
		}
		checkRows(t, table, text)
	})
}

// checkRows reads all rows and looks at what must hold of any.
func checkRows(t *testing.T, table *Table, text []byte) {
	var b Batch
	last, all := 0, bytes.Count(text, []byte{'\n'})+1
	for {
		err := table.Next(&b)
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(b.Rows) == 0 {
			t.Fatal("a batch without rows")
		}
		for _, row := range b.Rows {
			switch {
			case row.Line <= last && row.Problem == nil || row.Line < last:
				t.Fatalf("line %d after line %d of %q", row.Line, last, text)
			case table.Encoding == "utf-8" && row.Line > all:
				t.Fatalf("line %d of %d", row.Line, all)
			case (row.Problem == nil) != (len(row.Cells) == len(table.Columns)):
				t.Fatalf("line %d: %d cells, problem %v", row.Line, len(row.Cells), row.Problem)
			case row.Problem != nil && (row.Problem.Line != row.Line || row.Problem.Text == ""):
				t.Fatalf("line %d: problem %+v", row.Line, row.Problem)
			}
			last = row.Line
		}
	}
}

// Where encoding/csv can read a whole text, it reads the same cells.
func FuzzAgainstStandard(f *testing.F) {
	for _, s := range []string{"1,\"a\nb\",c\n", "\"\",\"\"\"\",x\r\n", "a,b,c\n\nd,e,f"} {
		f.Add(s)
	}
	v := testVocab(f)
	f.Fuzz(func(t *testing.T, body string) {
		text := "id,description,hs\n" + body
		if strings.ContainsAny(body, "\x00") || strings.Contains(strings.ReplaceAll(body, "\r\n", ""), "\r") {
			return // ours refuses the one and keeps the other
		}
		want, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil {
			return
		}
		table, err := Open("t", strings.NewReader(text), v, Options{Encoding: "utf-8"})
		if err != nil {
			t.Fatal(err)
		}
		var got [][]string
		var b Batch
		for table.Next(&b) == nil {
			for _, row := range b.Rows {
				if row.Problem != nil && !strings.Contains(row.Problem.Text, "UTF-8") {
					t.Fatalf("%q: %v", text, row.Problem)
				}
				if row.Problem != nil {
					return
				}
				got = append(got, append([]string(nil), row.Cells...))
			}
		}
		compare(t, text, got, want[1:])
	})
}

// compare allows for line breaks in quotes, which encoding/csv makes LF, and for lines of blanks, which are no rows here.
func compare(t *testing.T, text string, got, want [][]string) {
	if len(got) != len(want) {
		t.Fatalf("%q: %d rows, want %d", text, len(got), len(want))
	}
	for i := range got {
		for j := range got[i] {
			if strings.ReplaceAll(got[i][j], "\r\n", "\n") != want[i][j] {
				t.Fatalf("%q: row %d is %q, want %q", text, i, got[i], want[i])
			}
		}
	}
}

func FuzzJSONLines(f *testing.F) {
	for _, s := range []string{`{"id":1}`, `{"id":"\u00e9\ud83d\ude00","hs":null}` + "\n{}\n", `{"id":[1]}`, `{"id":1,"note":"x","note":"y"}`, `{"id":-0.1e+5}` + "\n{\"hs\":"} {
		f.Add(s)
	}
	v := testVocab(f)
	f.Fuzz(func(t *testing.T, s string) {
		text := "{\"id\":1}\n" + s
		table, err := Open("t", strings.NewReader(text), v, Options{})
		if err != nil {
			t.Fatal(err)
		}
		checkRows(t, table, []byte(text))
	})
}

func benchmarkText() string {
	var text strings.Builder
	text.WriteString("id,description,hs,composition,destination,quantity,value,note\n")
	for i := range 20_000 {
		fmt.Fprintf(&text, "P-%d,sintered magnet blocks,8505.11.10.00,Nd 29.5%%; Dy 0.1-0.3%%; balance Fe,US,%d,3348.25,batch %d\n", i, i, i/7)
	}
	return text.String()
}

func BenchmarkCSV(b *testing.B) {
	text := benchmarkText()
	v := testVocab(b)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	var batch Batch
	for b.Loop() {
		table, err := Open("t", strings.NewReader(text), v, Options{})
		if err != nil {
			b.Fatal(err)
		}
		for table.Next(&batch) == nil {
		}
	}
}

func BenchmarkStandardCSV(b *testing.B) {
	text := benchmarkText()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		r := csv.NewReader(strings.NewReader(text))
		r.ReuseRecord = true
		for {
			if _, err := r.Read(); err != nil {
				break
			}
		}
	}
}

func BenchmarkJSONLines(b *testing.B) {
	var text strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&text, "{\"id\":\"P-%d\",\"description\":\"sintered magnet blocks\",\"hs\":\"8505.11.10.00\",\"quantity\":%d,\"destination\":\"US\",\"note\":\"x\"}\n", i, i)
	}
	v := testVocab(b)
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	var batch Batch
	for b.Loop() {
		table, err := Open("t", strings.NewReader(text.String()), v, Options{})
		if err != nil {
			b.Fatal(err)
		}
		for table.Next(&batch) == nil {
		}
	}
}

// A row of a table and a reader of facts fit together.
func TestRowToFacts(t *testing.T) {
	v := testVocab(t)
	table, err := Open("t.csv", strings.NewReader("序号;品名;规格型号;商品编码;总价;批次\nP-1;磁铁;N52;8505.11.10.00;1,5;B7\n"), v, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var b Batch
	if err := table.Next(&b); err != nil {
		t.Fatal(err)
	}
	r := fact.NewReader(v, fact.Defaults{})
	r.DecimalComma = table.DecimalComma()
	var it fact.Item
	it.Line = b.Rows[0].Line
	for i, cell := range b.Rows[0].Cells {
		c := table.Columns[i]
		if c.Number < 0 {
			it.Extra = append(it.Extra, fact.ExtraField{Name: c.Heading, Value: cell})
		} else if p := r.Set(&it, c.Number, cell); p != nil {
			t.Fatal(p)
		}
	}
	if list := r.Finish(&it); list != nil {
		t.Fatal(list)
	}
	if it.ID != "P-1" || it.Description != "磁铁; N52" || it.HS != "8505111000" || it.Value.String() != "1.5" || it.Extra[0] != (fact.ExtraField{Name: "批次", Value: "B7"}) {
		t.Errorf("%+v", it)
	}
}
