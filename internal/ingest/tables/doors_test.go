package tables

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"lodestone/internal/problem"
	"lodestone/internal/vocab"
	"lodestone/lawdata"
)

// book writes a workbook: a list of sheets, each its name and its rows.
func book(t testing.TB, sheets ...[][]any) string {
	t.Helper()
	f := excelize.NewFile()
	for i, rows := range sheets {
		name := rows[0][0].(string)
		if i == 0 {
			if err := f.SetSheetName("Sheet1", name); err != nil {
				t.Fatal(err)
			}
		} else if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for r, row := range rows[1:] {
			if err := f.SetSheetRow(name, fmt.Sprintf("A%d", r+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// read reads a table whole: its columns, its rows or problems, its notes.
func read(t testing.TB, data string, opt Options) string {
	t.Helper()
	table, err := Open("t", strings.NewReader(data), testVocab(t), opt)
	if err != nil {
		return "unreadable: " + err.Error()
	}
	defer table.Close()
	var lines []string
	var heads []string
	for _, c := range table.Columns {
		heads = append(heads, c.ID+":"+c.Heading)
	}
	lines = append(lines, strings.Join(heads, "|"))
	var b Batch
	for {
		err := table.Next(&b)
		if err == io.EOF {
			break
		}
		if err != nil {
			lines = append(lines, "error: "+err.Error())
			break
		}
		for _, row := range b.Rows {
			lines = append(lines, dumpRow(table, row))
		}
	}
	for _, n := range table.Notes {
		lines = append(lines, "note: "+n.Error())
	}
	return strings.Join(lines, "\n")
}

// realVocab is the vocabulary of the law data.
func realVocab(t testing.TB) *vocab.Vocab {
	t.Helper()
	files, err := lawdata.Files()
	if err != nil {
		t.Fatal(err)
	}
	v, err := vocab.Compile(files.Vocab)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

type rows = [][]any

func TestWorkbook(t *testing.T) {
	items := rows{{"Items"}, {"id", "description", "hs"}, {"1", "magnet", 8505}, {}, {"2", "motor"}}
	const read3 = "id:id|description:description|hs:hs\n2 1|magnet|8505\n4 2|motor|"
	for _, c := range []struct {
		name string
		data string
		opt  Options
		want string
	}{
		{"plain", book(t, items), Options{}, read3},
		{"title rows", book(t, rows{{"S"}, {"出口货物清单"}, {"2026-03-01", "", "No. 7"}, {}, {"序号", "品名", "批次"}, {1, "磁铁", "B7"}}), Options{},
			"id:序号|description:品名|:批次\n5 1|磁铁|B7"},
		{"merged headings", book(t, rows{{"S"}, {"清单"}, {"序号", "品名", "数量", nil, "总价"}, {nil, nil, "数值", "包装", nil}, {1, "磁铁", 3, "箱", 99.5}}), Options{},
			"id:序号|description:品名|quantity:数量|:数量 包装|value:总价\n4 1|磁铁|3|箱|99.5"},
		{"headings below a common one", book(t, rows{{"S"}, {"货物", nil, nil, "去向"}, {"序号", "品名", "商品编码", "目的国"}, {1, "磁铁", "0102", "KR"}}), Options{},
			"id:序号|description:品名|hs:商品编码|destination:目的国\n3 1|磁铁|0102|KR"},
		{"a column without heading", book(t, rows{{"S"}, {"id", nil, "description"}, {1, "x", "magnet", "beyond"}}), Options{}, "id:id|:|description:description\n2 1|x|magnet"},
		{"the first sheet that has items", book(t, rows{{"Cover"}, {"Form", "A"}}, items, rows{{"Old"}, {"id", "hs"}, {1, 2}}), Options{},
			read3 + "\nnote: t!Items: this sheet is read; Old could be read as well (--sheet NAME)"},
		{"the sheet named", book(t, items, rows{{"Old"}, {"id", "hs"}, {"7", 2}}), Options{Sheet: "old"}, "id:id|hs:hs\n2 7|2"},
		{"no such sheet", book(t, items, rows{{"Old"}}), Options{Sheet: "Bill"}, `unreadable: t: no sheet "Bill" (its sheets are Items, Old)`},
		{"no items", book(t, rows{{"S"}, {"colour"}, {"red"}}), Options{}, "unreadable: t: no known column in a heading line among the first 60 rows of a sheet (its sheets: S) (headings such as id, description, hs, composition, form, params, destination, end_user)"},
		{"misspelt", book(t, rows{{"S"}, {"id", "destinaton"}, {"1", "US"}}), Options{}, "unreadable: t:1:2: destinaton: no such column (destination)"},
		{"long cell", book(t, rows{{"S"}, {"id", "description", "note", "note2", "note3"}, {"1"}}), Options{}, "id:id|description:description|:note|:note2|:note3\n2 1||||"},
	} {
		if got := read(t, c.data, c.opt); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestMap(t *testing.T) {
	v := testVocab(t)
	with := func(pairs ...string) Options {
		m, err := ParseMap(pairs, v)
		if err != nil {
			t.Fatal(err)
		}
		return Options{Map: m}
	}
	text := "Ref,Tariff item,hs,Beschreibung\n1,8505,x,Magnet\n"
	for _, c := range []struct{ name, text, want string }{
		{"csv", text, "id:Ref|hs:Tariff item|:hs|description:Beschreibung\n2 1|8505|x|Magnet\nnote: t:1:3: hs: hs is read from the column \"Tariff item\"; this one is passed through"},
		{"workbook", book(t, rows{{"S"}, {"Ref", "Tariff item", "Beschreibung"}, {1, 8505, "Magnet"}}), "id:Ref|hs:Tariff item|description:Beschreibung\n2 1|8505|Magnet"},
		{"a heading that is not there", "Ref,Tarif item,Beschreibung\n", "unreadable: t:1: --map hs: no heading \"Tariff item\" (Tarif item)"},
	} {
		if got := read(t, c.text, with("id=ref", "hs=Tariff item", "description=Beschreibung")); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
	if got := dumpReader(t, strings.NewReader(`{"Ref":1,"Tariff item":8505,"hs":"x"}`), with("id=Ref", "hs=Tariff item")); sortCells(got) != sortCells("1 id=1|hs=8505|hs:x") {
		t.Error(got)
	}
	if got := read(t, "Ref,Ebene\n1,2\n", Options{Map: map[string]string{"id": "Ref", "level": "Ebene"}}); got != "id:Ref|level:Ebene\n2 1|2" {
		t.Error(got) // level is a column, but no fact of the item
	}
	for pair, want := range map[string]string{"hs": "is not column=heading", "hss=x": "meant hs", "hs=": "is not column=heading"} {
		if _, err := ParseMap([]string{pair}, v); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", pair, err)
		}
	}
	if _, err := ParseMap([]string{"hs=a", "HS code=b"}, v); err == nil || !strings.Contains(err.Error(), "hs is given twice") {
		t.Error(err)
	}
}

// A text may have titles above its heading line, as a sheet has; only then is it looked for further down.
func TestTitlesAboveText(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"出口货物清单\n\n日期;2026\n序号;品名;商品编码\n1;磁铁;8505\n", "id:序号|description:品名|hs:商品编码\n5 1|磁铁|8505\nnote: t:4: the heading line is read here; 3 lines above it are passed over"},
		{"id,weight\nid,hs\n", "id:id|:weight\n2 id|hs"},
		{"List,x\nid,weight\n1,2\n", "unreadable: t:1: no known column in the heading line (headings such as id, description, hs, composition, form, params, destination, end_user)"},
		{strings.Repeat("x\n", 100) + "id,hs\n1,2\n", "unreadable: t:1: no known column in the heading line (headings such as id, description, hs, composition, form, params, destination, end_user)"},
	} {
		if got := read(t, c.text, Options{}); got != c.want {
			t.Errorf("%.40q:\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

// Chinese and Korean headings one sign away from a known one are passed through with a suggestion; one sign can make another word.
func TestSuggestions(t *testing.T) {
	got := read(t, "序号,商品编玛,品목\n1,8505,x\n", Options{})
	if !strings.Contains(got, "note: t:1:2: 商品编玛: no known heading; it is passed through (商品编码? then --map hs=商品编玛)") {
		t.Error(got)
	}
	if got := read(t, "번호,품목번오,수령\n1,8505,3\n", Options{}); !strings.Contains(got, "품목번호? then --map hs=품목번오") || strings.Contains(got, "수령?") {
		t.Error(got)
	}
	if got := read(t, "序号,商品编码,商品编玛\n1,8505,3\n", Options{}); strings.Contains(got, "note") {
		t.Error(got) // the table has the column already
	}
}

func TestForeignFiles(t *testing.T) {
	noise := string([]byte{0xfe, 1, 2, 3, 0, 0, 0, 0, 5, 6, 7, 0x90, 0x91})
	for _, c := range []struct{ name, data, want string }{
		{"pdf", "%PDF-1.7\n", "is a PDF document (export the table that it was printed from: CSV or XLSX)"},
		{"gzip", "\x1f\x8b\x08\x00\x00\x00\x00\x00", "is compressed with gzip (unpack it first: gzip -d)"},
		{"png", "\x89PNG\r\n\x1a\n....", "is a picture (PNG)"},
		{"jpeg", "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x02\x00", "is a picture (JPEG)"},
		{"sqlite", "SQLite format 3\x00", "is a SQLite database"},
		{"zip", zipOf(t, "a.csv", "id\n"), "is a zip archive (unpack it and give the files in it)"},
		{"docx", zipOf(t, "word/document.xml", ""), "is a Word document"},
		{"ods", zipOf(t, "META-INF/manifest.xml", ""), "is an OpenDocument file (save it as XLSX or CSV)"},
		{"cut off zip", zipOf(t, "xl/workbook.xml", "x")[:60], "is a workbook or a zip archive, damaged or cut off"},
		{"old document", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), "the container of the workbook is damaged"},
		{"parquet", "PAR1....PAR1", "the Parquet file cannot be read"},
		{"html", "<html><table><tr><td>id</td></tr></table></html>", "is an HTML page, as some systems name XLS (open it in a spreadsheet and save it as XLSX or CSV)"},
		{"xml", "<?xml version='1.0'?>\n<Invoice/>", "is an XML document <Invoice> that is not read"},
		{"noise", noise + strings.Repeat(noise, 30) + "\r", "is no text, and no form that is read: it begins with fe 01 02 03 00 00 00 00"},
	} {
		if got := read(t, c.data, Options{}); !strings.HasPrefix(got, "unreadable: t: "+c.want) {
			t.Errorf("%s: %s", c.name, short(got))
		}
	}
}

func zipOf(t testing.TB, name, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What was guessed is said, and only that.
func TestGuessOfEncodingIsSaid(t *testing.T) {
	zh := "序号,品名\n1,烧结钕铁硼磁铁\n"
	raw := encode(t, simplifiedchinese.GB18030, zh)
	if got := read(t, raw, Options{}); !strings.HasSuffix(got, "note: t: is read as gb18030, as its bytes seem to say (--encoding NAME says another)") {
		t.Error(got)
	}
	for _, c := range []struct {
		data string
		opt  Options
	}{{raw, Options{Encoding: "gb18030"}}, {zh, Options{}}} {
		if got := read(t, c.data, c.opt); strings.Contains(got, "note") {
			t.Error(got)
		}
	}
	plain := encode(t, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "id,description\n1,magnet\n2,motor\n")
	if got := read(t, plain, Options{}); !strings.HasPrefix(got, "id:id|description:description\n2 1|magnet") || !strings.Contains(got, "utf-16le") {
		t.Error(got)
	}
}

const declarationXML = `<?xml version="1.0" encoding="UTF-8"?>
<DecMessage Version="3.1" xmlns="http://www.chinaport.gov.cn/dec">
 <DecHead><IEFlag>E</IEFlag><EntryId>2202026000000001</EntryId><TradeName>Exporter Co</TradeName><OverseasConsigneeEname>Buyer AG</OverseasConsigneeEname>
  <TradeMode>0110</TradeMode><LicenseNo/><DDate>20260302</DDate><CustomMaster>2248</CustomMaster></DecHead>
 <DecLists>
  <DecList><GNo>1</GNo><CodeTS>8505111000</CodeTS><GName>钕铁硼磁铁</GName><GModel>0|0|钕30%，镝3%，铁65%</GModel><GQty>533</GQty><GUnit>035</GUnit>
   <DeclPrice>10</DeclPrice><DeclTotal>5330</DeclTotal><TradeCurr>USD</TradeCurr><OriginCountry>CHN</OriginCountry><DestinationCountry>DEU</DestinationCountry></DecList>
  <DecList><GNo>2</GNo><CodeTS>3801100090</CodeTS><GName>石墨</GName><GUnit>999</GUnit><TradeCurr>502</TradeCurr><OriginCountry>142</OriginCountry><DestinationCountry>304</DestinationCountry></DecList>
 </DecLists>
 <DecLicenseDocus><LicenseDocu><DocuCode>3</DocuCode><CertCode>26-DU-1</CertCode></LicenseDocu></DecLicenseDocus>
</DecMessage>`

func TestDeclaration(t *testing.T) {
	table, err := Open("t", strings.NewReader(declarationXML), realVocab(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var b Batch
	if err := table.Next(&b); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range b.Rows {
		for i, c := range row.Cells {
			if c != "" {
				got = append(got, fmt.Sprintf("%d %s=%s", row.Line, table.Columns[i].ID+"("+table.Columns[i].Heading+")", c))
			}
		}
	}
	want := `1 id(GNo)=2202026000000001-1
1 hs(CodeTS)=8505111000
1 description(GName)=钕铁硼磁铁
1 description(GModel)=0|0|钕30%，镝3%，铁65%
1 quantity(GQty)=533
1 unit(GUnit)=kg
1 value(DeclTotal)=5330
1 unit_value(DeclPrice)=10
1 currency(TradeCurr)=USD
1 origin(OriginCountry)=CN
1 from(From)=CN
1 destination(DestinationCountry)=DE
1 procedure(TradeMode)=general
1 licence_held(LicenseNo)=no=26-DU-1
1 shipment(EntryId)=2202026000000001
1 exporter(Exporter)=Exporter Co
1 consignee(Consignee)=Buyer AG
1 declaration_date(DDate)=20260302
1 (TradeMode code)=0110
1 (GUnit code)=035
1 (CustomMaster)=2248
2 id(GNo)=2202026000000001-2
2 hs(CodeTS)=3801100090
2 description(GName)=石墨
2 currency(TradeCurr)=USD
2 origin(OriginCountry)=CN
2 from(From)=CN
2 destination(DestinationCountry)=DE
2 procedure(TradeMode)=general
2 licence_held(LicenseNo)=no=26-DU-1
2 shipment(EntryId)=2202026000000001
2 exporter(Exporter)=Exporter Co
2 consignee(Consignee)=Buyer AG
2 declaration_date(DDate)=20260302
2 (TradeMode code)=0110
2 (GUnit code)=999
2 (CustomMaster)=2248`
	if joined := strings.Join(got, "\n"); joined != want {
		t.Errorf("got\n%s", joined)
	}
}

func TestDeclarationProblems(t *testing.T) {
	for _, c := range []struct{ data, want string }{
		{"<DecMessage><DecHead/></DecMessage>", "the declaration has no items (DecLists)"},
		{"<DecMessage><DecLists><DecList>", "the declaration cannot be read: XML syntax error on line 1: unexpected EOF"},
		{"<!DOCTYPE x [<!ENTITY a 'b'>]><DecMessage/>", "declares a document type or entities"},
		{"<DecMessage>" + strings.Repeat("<a>", 200), "elements stand more than 100 deep"},
	} {
		if got := read(t, c.data, Options{}); !strings.HasPrefix(got, "unreadable: t") || !strings.Contains(got, c.want) {
			t.Errorf("%.60s: %s", c.data, short(got))
		}
	}
}

type parquetItem struct {
	ID          string   `parquet:"id,dict"`
	Description *string  `parquet:"description,optional"`
	Quantity    int64    `parquet:"quantity"`
	Value       int64    `parquet:"value,decimal(2:18)"`
	Share       float64  `parquet:"share"`
	Shipped     int32    `parquet:"shipped,date"`
	Tags        []string `parquet:"tags,list"`
}

func parquetData(t testing.TB, n int, options ...parquet.WriterOption) string {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[parquetItem](&b, append(options, parquet.MaxRowsPerRowGroup(100))...)
	text := "烧结钕铁硼"
	for i := range n {
		item := parquetItem{ID: fmt.Sprint("P-", i), Quantity: int64(-i), Value: 334825, Share: 0.295, Shipped: 20513, Tags: []string{"a", "b"}}
		if i%2 == 0 {
			item.Description = &text
		}
		if _, err := w.Write([]parquetItem{item}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestParquet(t *testing.T) {
	got := strings.Split(read(t, parquetData(t, 250), Options{}), "\n")
	want := []string{"id:id|description:description|quantity:quantity|value:value|:share|:shipped",
		"1 P-0|烧结钕铁硼|0|3348.25|0.295|2026-03-01", "2 P-1||-1|3348.25|0.295|2026-03-01"}
	if len(got) != 252 || strings.Join(got[:3], "\n") != strings.Join(want, "\n") || got[250] != "250 P-249||-249|3348.25|0.295|2026-03-01" {
		t.Errorf("%d lines: %s … %s", len(got), strings.Join(got[:3], "\n"), got[len(got)-2])
	}
	if !strings.Contains(got[251], "nested columns are passed over: tags.list.element") {
		t.Error(got[251])
	}
	for _, codec := range []compress.Codec{&parquet.Snappy, &parquet.Gzip, &parquet.Zstd, &parquet.Lz4Raw, &parquet.Brotli} {
		for version := 1; version <= 2; version++ {
			data := parquetData(t, 250, parquet.Compression(codec), parquet.DataPageVersion(version), parquet.PageBufferSize(200))
			if again := strings.Split(read(t, data, Options{}), "\n"); strings.Join(again, "\n") != strings.Join(got, "\n") {
				t.Errorf("%s, pages of version %d: %d lines", codec, version, len(again))
			}
		}
	}
	if d := scaled(unscaled(parquet.FixedLenByteArrayValue([]byte{0xff, 0x85})), 3); d != "-0.123" {
		t.Error(d)
	}
}

// Every container that Open takes may be damaged anywhere; it then says so, or its rows do.
func FuzzContainers(f *testing.F) {
	f.Add([]byte(parquetData(f, 3)))
	f.Add([]byte(book(f, rows{{"S"}, {"id", "hs"}, {1, 2}})))
	f.Add([]byte(declarationXML))
	v := testVocab(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := Open("t", bytes.NewReader(data), v, Options{})
		if err != nil {
			if list, ok := err.(problem.List); !ok || len(list) == 0 || list[0].File != "t" && !strings.HasPrefix(list[0].File, "t!") {
				t.Fatalf("%v does not say where", err)
			}
			return
		}
		defer table.Close()
		var b Batch
		for table.Next(&b) == nil {
			if len(b.Rows) == 0 {
				t.Fatal("a batch without rows")
			}
		}
	})
}
