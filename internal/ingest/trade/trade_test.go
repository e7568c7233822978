package trade

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"
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
			flows, r, err := ReadFlows("flows.csv", strings.NewReader(c.text), codes(t), FlowFilter{})
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
	flows, r, err := ReadFlows("panel.csv", strings.NewReader("year,exporter_iso2,importer_iso2,hs6,value_usd,qty_t\n2024,NA,CN,261220,100,1\n"), codes(t), FlowFilter{})
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
	if r.Refused() != 7 || len(r.Dropped) != 7 || r.Edition != "H6" {
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
	_, r, err := ReadFlows("BACI_HS17_Y2024_V202601.csv", strings.NewReader("t,i,j,k,v,q\n2024,156,410,11292,1,1\n2024,156,410,811292,1,1\n2024,156,410,811292,1,1\n"), codes(t), FlowFilter{})
	if err != nil || r.Edition != "202601" || r.Kept != 1 {
		t.Fatalf("%+v %v", r, err)
	}
	if got := r.Dropped[0].First; !strings.Contains(got.Meant, "011292") {
		t.Errorf("%+v", got)
	}
}

func TestSuppliers(t *testing.T) {
	rows, r, err := ReadSuppliers("own.csv", strings.NewReader("Vendor,原产国,mass,hs,stock\nA,CN,100,8505.11.10,20\nB,Nowhere,1,,\nC,JP,,,\n"), codes(t))
	if err != nil || len(rows) != 1 || rows[0].HS != "85051110" || rows[0].Made != "CN" || r.Refused() != 2 {
		t.Fatalf("%+v %+v %v", rows, r, err)
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
