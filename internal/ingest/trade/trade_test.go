package trade

import (
	"bytes"
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

func FuzzReaders(f *testing.F) {
	for _, seed := range []string{
		"t,i,j,k,v,q\n2024,156,410,811292,1000.5,12.5\n",
		"year,exporter_iso2,importer_iso2,hs6,value_usd,qty_t\n2024,NA,CN,261220,100,1\n",
		"refYear,reporterISO,partnerISO,flowCode,cmdCode,primaryValue,netWgt\n2024,KOR,CHN,M,811292,5,1\n",
		"a;b\n\"x", "\xff\xfe\x00", "supplier,mineral,value\n",
	} {
		f.Add([]byte(seed))
	}
	c := codes(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		open := func() *bytes.Reader { return bytes.NewReader(b) }
		_, flows, err := ReadFlows("x.csv", open(), c, FlowFilter{})
		if err == nil && flows.Rows != flows.Kept+flows.Refused() {
			t.Errorf("rows are lost: %+v", flows)
		}
		_, _, _ = ReadComtrade("x.csv", open(), c)
		_, _, _ = ReadComext("x.csv", open())
		_, _, _ = ReadMonthly("x.csv", open(), c)
		_, _, _ = ReadSuppliers("x.csv", open(), c)
		_, _, _ = ReadUSGS("x.csv", open())
		_, _, _ = ReadWGI("x.csv", open())
		_, _, _ = ReadSupplyShares("x.csv", open())
		_, _, _ = ReadUseShares("x.csv", open())
		_, _, _ = ReadCodes("x.csv", open())
	})
}
