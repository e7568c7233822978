package trade

import (
	"bytes"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func codes(t testing.TB) *Codes {
	t.Helper()
	l, err := OpenLibrary("")
	if err != nil {
		t.Fatal(err)
	}
	c, err := l.Codes()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A row that cannot be read is set aside with its reason and its line; the rest is kept, and nothing is lost: rows read are rows kept and set aside.
func TestFlowsSetBadRowsAside(t *testing.T) {
	for name, c := range map[string]struct {
		text       string
		kept, bad  int
		unreadable bool
	}{
		"good rows":        {"t,i,j,k,v,q\n2024,156,410,811292,1000.5,12.5\n2024,156,410,280530,10,NA\n", 2, 0, false},
		"a word for value": {"t,i,j,k,v,q\n2024,156,410,811292,much,12.5\n2024,156,410,280530,10,1\n", 1, 1, false},
		"an unknown place": {"t,i,j,k,v,q\n2024,156,1,811292,10,12.5\n2024,156,410,280530,10,1\n", 1, 1, false},
		"a shifted row":    {"t,i,j,k,v,q\n2024,156,410,811292\n2024,156,410,280530,10,1\n", 1, 1, false},
		"no heading":       {"2024,156,410,811292,10,12.5\n", 0, 0, true},
		"nothing":          {"", 0, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			flows, r, err := ReadFlows("flows.csv", strings.NewReader(c.text), codes(t), nil)
			if (err != nil) != c.unreadable {
				t.Fatalf("error %v", err)
			}
			if err != nil {
				if !strings.Contains(err.Error(), "flows.csv") {
					t.Errorf("%v does not name the file", err)
				}
				return
			}
			if len(flows) != c.kept || r.Kept != c.kept || r.Refused() != c.bad || r.Rows != r.Kept+r.Refused() {
				t.Errorf("%d flows, %+v", len(flows), r)
			}
		})
	}
}

// Namibia's code NA is a country, not a missing value.
func TestNamibiaIsACountry(t *testing.T) {
	flows, r, err := ReadFlows("panel.csv", strings.NewReader("year,exporter_iso2,importer_iso2,hs6,value_usd,qty_t\n2024,NA,CN,261220,100,1\n"), codes(t), nil)
	if err != nil || len(flows) != 1 || r.Refused() != 0 {
		t.Fatalf("%v %+v %v", flows, r, err)
	}
}

const comtradeHead = "typeCode,refYear,refMonth,period,reporterCode,flowCode,partnerCode,partner2Code,classificationCode,cmdCode,customsCode,motCode,netWgt,primaryValue,isAggregate\n"

const comtradeV1 = comtradeHead +
	"C,2023,52,2023,410,M,156,0,H6,811292,C00,0,2000,5000,False\n" + // kept
	"C,2023,52,2023,410,M,0,0,H6,811292,C00,0,9000,9000,False\n" + // world total
	"C,2023,52,2023,410,M,156,0,H6,811292,C00,1000,800,2000,False\n" + // part by transport
	"C,2023,52,2023,410,M,156,0,H6,811292,C04,0,800,2000,False\n" + // part by customs procedure
	"C,2023,52,2023,410,M,156,842,H6,811292,C00,0,800,2000,False\n" + // part by second partner
	"C,2023,52,2023,410,RM,156,0,H6,811292,C00,0,1,1,False\n" + // re-import
	"C,2023,52,2023,410,M,899,0,H6,811292,C00,0,1,1,False\n" + // no place
	"C,2023,52,2023,410,M,156,0,H6,8112,C00,0,1,1,False\n" + // total of four digits
	"C,2023,52,2023,410,X,251,0,H6,811292,C00,0,0,700,False,\n" // kept, with the extra comma of the portal; no weight

// TestComtradeGuards: what would be counted twice, or names no origin, is set aside with its reason, and the extra comma shifts nothing.
func TestComtradeGuards(t *testing.T) {
	d, r, err := ReadComtrade("x.csv", strings.NewReader(comtradeV1), codes(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Imports) != 1 || d.Imports[0].From != "CN" || d.Imports[0].To != "KR" || d.Imports[0].Mass != 2 || d.Imports[0].Value != 5000 {
		t.Errorf("imports %+v", d.Imports)
	}
	if len(d.Exports) != 1 || d.Exports[0].To != "FR" || d.Exports[0].Mass == 0 || d.Exports[0].Value != 700 {
		t.Errorf("exports %+v", d.Exports)
	}
	if r.Refused() != 7 || len(r.Dropped) != 7 || r.Edition != "HS2022" {
		t.Errorf("%+v", r)
	}
	twice := comtradeHead + strings.Repeat("C,2023,52,2023,410,M,156,0,H6,811292,C00,0,2000,5000,False\n", 2)
	if d, r, _ := ReadComtrade("x.csv", strings.NewReader(twice), codes(t)); len(d.Imports) != 1 || r.Dropped[0].Why != "the same flow twice" {
		t.Errorf("a doubled total: %+v %+v", d, r)
	}
}

const comext = "REPORTER,PARTNER,PRODUCT_NC,FLOW,STAT_PROCEDURE,PERIOD,VALUE_EUR,QUANTITY_KG\nDE,CN,81129289,1,1,202352,1000,5\nDE,QX,81129289,1,1,202352,7,1\n" +
	"DE,QA,81129289,1,1,202352,7,1\nDE,CN,81129289,1,4,202352,7,1\nDE,CN,81129289,1,1,202303,7,1\nDE,US,81129289,2,1,202352,9,\nDE,CN,8112,1,1,202352,7,1\n"

func TestComextGuards(t *testing.T) {
	d, r, err := ReadComext("x.dat", strings.NewReader(comext))
	if err != nil || len(d.Imports) != 2 || len(d.Exports) != 1 || r.Refused() != 4 {
		t.Fatalf("%+v %+v %v", d, r, err)
	}
	if d.Imports[1].From != "QA" || d.Exports[0].From != "DE" || d.Imports[0].Mass != 0.005 {
		t.Errorf("%+v", d)
	}
}

// TestPrintedNumbers: the letters and dashes of the survey mean different things.
func TestPrintedNumbers(t *testing.T) {
	for text, want := range map[string]struct {
		x    float64
		cell Cell
	}{"3,510": {3510, CellNumber}, "—": {0, CellNumber}, ">50": {50, CellBound}, "<1,000": {1000, CellBound}, "W": {0, CellWithheld}, "NA": {0, CellWithheld}, "E": {0, CellExporter}, "": {0, CellEmpty}, "Large": {0, CellWithheld}} {
		x, cell := (&Statistic{Text: text}).Number()
		if cell != want.cell || (cell == CellNumber || cell == CellBound) && x != want.x {
			t.Errorf("%q is %v, %v; want %v", text, x, cell, want)
		}
	}
}

func TestLostZeroIsNamed(t *testing.T) {
	_, r, err := ReadFlows("BACI_HS17_Y2024_V202601.csv", strings.NewReader("t,i,j,k,v,q\n2024,156,410,11292,1,1\n2024,156,410,811292,1,1\n2024,156,410,811292,1,1\n"), codes(t), nil)
	if err != nil || r.Edition != "202601" || r.Kept != 1 {
		t.Fatalf("%+v %v", r, err)
	}
	if got := r.Dropped[0].First; !strings.Contains(got.Meant, "011292") {
		t.Errorf("%+v", got)
	}
}

func TestSuppliers(t *testing.T) {
	rows, r, err := ReadSuppliers("own.csv", strings.NewReader("Vendor,原产国,mass,hs,stock\nA,CN,100,8505.11.10,20\nB,Nowhere,1,,\nC,JP,,,\n"), codes(t).ByName)
	if err != nil || len(rows) != 1 || rows[0].HS != "85051110" || rows[0].Made != "CN" || r.Refused() != 2 {
		t.Fatalf("%+v %+v %v", rows, r, err)
	}
}

// TestSupplierHeadings: tables in Chinese and Korean, parted by semicolon or tab, as people keep them.
func TestSupplierHeadings(t *testing.T) {
	for _, text := range []string{
		"供应商,物料名称,商品编码,原产国,加工国,年采购量,单位,金额,币种,库存量,在途,恢复天数\n甲,磁体,8505.11.10,CN,VN,1200,kg,60000,cny,150,20,90\n",
		"공급업체;품목명;HS코드;원산지;가공국;연간구매량;단위;금액;통화;재고량;운송중;복구일수\n갑;자석;8505.11.10;CN;VN;1200;kg;60000;CNY;150;20;90\n",
		"Supplier\tItem\tHS code\tCountry of origin\tMade_in\tAnnual quantity\tUoM\tSpend\tCurrency\tInventory\tTransit\tRecover_days\nA\tMagnet\t8505.11.10\tCN\tVN\t1200\tkg\t60000\tCNY\t150\t20\t90\n",
	} {
		rows, r, err := ReadSuppliers("own.csv", strings.NewReader(text), codes(t).ByName)
		if err != nil || len(rows) != 1 || r.Refused() != 0 {
			t.Errorf("%q: %+v %v", text[:20], r, err)
			continue
		}
		x := rows[0]
		x.Supplier, x.Item, x.Margin, x.Spare, x.Lead, x.Ramp, x.Cost = "", "", 0, 0, 0, 0, 0
		if want := (SupplierRow{Line: 2, HS: "85051110", Origin: "CN", Made: "VN", Mass: 1200, Unit: "kg", Value: 60000, Currency: "CNY", Stock: 150, Transit: 20, Recover: 90}); x != want {
			t.Errorf("%+v, want %+v", x, want)
		}
	}
	_, _, err := ReadSuppliers("own.csv", strings.NewReader("供应商,供应商名称,原产国,数量\n甲,乙,CN,1\n"), codes(t).ByName)
	if err == nil || !strings.Contains(err.Error(), "both mean supplier") {
		t.Errorf("two headings of one column: %v", err)
	}
}

// workbook makes an Excel workbook with one sheet.
func workbook(t testing.TB, rows [][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, r := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &r); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestWorkbook: cells are what is stored, and empty cells at the end of a row are not lost.
func TestWorkbook(t *testing.T) {
	text, err := Workbook("own.xlsx", bytes.NewReader(workbook(t, [][]any{{"supplier", "origin", "mass", "stock"}, {"A", "CN", 1234.5}, {}, {"B", "JP", 7, 2}})))
	if err != nil {
		t.Fatal(err)
	}
	rows, r, err := ReadSuppliers("own.xlsx", text, codes(t).ByName)
	if err != nil || len(rows) != 2 || rows[0].Mass != 1234.5 || rows[1].Stock != 2 || r.Refused() != 0 {
		t.Errorf("%+v %+v %v", rows, r, err)
	}
	if _, err := Workbook("own.xlsx", strings.NewReader("PK\x03\x04no")); err == nil || !strings.Contains(err.Error(), "own.xlsx") {
		t.Errorf("a broken workbook: %v", err)
	}
}

const comtradeJSON = `{"elapsedTime":"0.1 secs","count":3,"data":[
 {"typeCode":"C","refYear":2023,"refMonth":52,"period":"2023","reporterCode":410,"flowCode":"M","partnerCode":156,"partner2Code":0,"classificationCode":"H6","cmdCode":"811292","customsCode":"C00","motCode":0,"netWgt":2000.0,"isNetWgtEstimated":true,"primaryValue":5000.5,"isAggregate":false},
 {"refYear":2023,"refMonth":52,"period":"2023","reporterCode":410,"flowCode":"M","partnerCode":0,"cmdCode":"811292","primaryValue":9000},
 {"refYear":2023,"reporterCode":410,"flowCode":"X","partnerCode":842,"cmdCode":"811292","netWgt":null,"primaryValue":700}],"error":""}`

// TestComtradeJSON: the answer of the API is read as its CSV is, and says where it may be cut off.
func TestComtradeJSON(t *testing.T) {
	d, r, err := ReadComtrade("x.json", strings.NewReader("\ufeff "+comtradeJSON), codes(t))
	if err != nil || len(d.Imports) != 1 || len(d.Exports) != 1 || r.Refused() != 1 || r.Layout != "Comtrade v1, JSON" {
		t.Fatalf("%+v %+v %v", d, r, err)
	}
	if f := d.Imports[0]; f.From != "CN" || f.Value != 5000.5 || f.Mass != 2 || d.Exports[0].To != "US" || d.Exports[0].Mass == 0 {
		t.Errorf("%+v %+v", f, d.Exports[0])
	}
	if len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "1 of 2 weights are estimates") {
		t.Errorf("notes %q", r.Notes)
	}
	long := `{"data":[{"cmdDesc":"` + strings.Repeat("x", maxRecord) + `"},` + comtradeJSON[strings.Index(comtradeJSON, `{"typeCode"`):]
	if d, r, err := ReadComtrade("x.json", strings.NewReader(long), codes(t)); err != nil || len(d.Imports) != 1 || r.Refused() != 2 {
		t.Errorf("a record that is too long: %+v %+v %v", d, r, err)
	}
	for name, c := range map[string]struct{ text, want string }{
		"an error":        {`{"data":[],"error":"access denied"}`, "access denied"},
		"cut off":         {comtradeJSON[:300], "ends in the middle"},
		"data is no list": {`{"data":{}}`, "data is no list"},
	} {
		if _, _, err := ReadComtrade("x.json", strings.NewReader(c.text), codes(t)); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "x.json") {
			t.Errorf("%s: %v", name, err)
		}
	}
	list := comtradeJSON[strings.IndexByte(comtradeJSON, '['):strings.LastIndexByte(comtradeJSON, ',')]
	if d, r, err := ReadComtrade("x.json", strings.NewReader(list), codes(t)); err != nil || len(d.Imports) != 1 || r.Refused() != 1 {
		t.Errorf("data by themselves: %+v %+v %v", d, r, err)
	}
	if _, r, err := ReadComtrade("x.json", strings.NewReader(`{"count":7,"data":[]}`), codes(t)); err != nil || len(r.Notes) != 1 {
		t.Errorf("a count that is not met: %+v %v", r, err)
	}
}

// TestComtradeMonths: months add up to a year, and are left out beside the year itself; nomenclatures are not mixed in silence.
func TestComtradeMonths(t *testing.T) {
	months := comtradeHead + "C,2023,1,202301,410,M,156,0,H6,811292,C00,0,2000,5000,False\nC,2023,2,202302,410,M,156,0,H6,811292,C00,0,2000,7000,False\n"
	d, r, err := ReadComtrade("x.csv", strings.NewReader(months), codes(t))
	if err != nil || len(d.Imports) != 2 || r.Refused() != 0 {
		t.Errorf("%+v %+v %v", d, r, err)
	}
	d, r, err = ReadComtrade("x.csv", strings.NewReader(months+"C,2023,52,2023,410,M,156,0,H5,811292,C00,0,9000,90000,False\n"), codes(t))
	if err != nil || len(d.Imports) != 1 || d.Imports[0].Value != 90000 || r.Refused() != 2 || r.Kept != 1 || r.Edition != "HS2017, HS2022" || len(r.Notes) != 1 {
		t.Errorf("%+v %+v %v", d, r, err)
	}
}

// TestTotalsAgree: totals of many goroutines are those of one, and of a plain sum.
func TestTotalsAgree(t *testing.T) {
	text := big(20_000)
	one, r, err := Totals("x.csv", strings.NewReader(text), codes(t), 1)
	if err != nil || r.Kept != 20_000 {
		t.Fatal(r, err)
	}
	many, _, err := Totals("x.csv", strings.NewReader(text), codes(t), 4)
	if err != nil || !reflect.DeepEqual(one, many) {
		t.Error("totals move with the number of goroutines")
	}
}

// big is a BACI file of n rows.
func big(n int) string {
	var b strings.Builder
	b.WriteString("t,i,j,k,v,q\n")
	for i := range n {
		fmt.Fprintf(&b, "2024,%d,410,8112%02d,%d.%03d,%d.5\n", []int{156, 392, 842}[i%3], i%40, i+1, i%1000, i%77)
	}
	return b.String()
}

func BenchmarkTotals(b *testing.B) {
	const rows = 1_000_000
	text := big(rows)
	c := codes(b)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, _, err := Totals("x.csv", strings.NewReader(text), c, runtime.GOMAXPROCS(0)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
}

// Rows that were set aside are kept as they stand and in the order of the file, however many goroutines read it; of too many the first are kept.
func TestRejectedRows(t *testing.T) {
	const rows = MaxRejected + 5_000
	var text strings.Builder
	text.WriteString("t,i,j,k,v,q\n")
	for range rows {
		text.WriteString("2024,156,410,811292,x,1\n")
	}
	for _, workers := range []int{1, 4} {
		r, err := ScanFlows("x.csv", strings.NewReader(text.String()), codes(t), workers, func(int, int, []RawFlow) {})
		if err != nil {
			t.Fatal(err)
		}
		if r.Refused() != rows || len(r.Rejected) != MaxRejected {
			t.Fatalf("%d set aside, %d of them at hand", r.Refused(), len(r.Rejected))
		}
		for i, x := range r.Rejected {
			if x.Line != 2+i || strings.Join(x.Cells, ",") != "2024,156,410,811292,x,1" || x.File != "x.csv" {
				t.Fatalf("%d workers, row %d: line %d, %q", workers, i, x.Line, x.Cells)
			}
		}
	}
}
