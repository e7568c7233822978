package trade

import (
	"bytes"
	"errors"
	"testing"
)

// Each reader has a fuzz target. None may panic, and none may lose a row: rows read are rows kept and rows set aside, each with a reason.

func whole(t *testing.T, r Reading, err error) {
	t.Helper()
	if err == nil && r.Rows != r.Kept+r.Refused() {
		t.Errorf("rows are lost: %+v", r)
	}
	for _, d := range r.Dropped {
		if d.Why == "" || d.First.Text == "" {
			t.Errorf("a row was set aside without a reason: %+v", d)
		}
	}
}

func fuzzReader(f *testing.F, read func(b *bytes.Reader, c *Codes) (Reading, error), seeds ...string) {
	for _, s := range append(seeds, "", "a;b\n\"x", "\xef\xbb\xbft,i\n", "\x1f\x8b") {
		f.Add([]byte(s))
	}
	c := codes(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := read(bytes.NewReader(b), c)
		whole(t, r, err)
	})
}

func FuzzFlows(f *testing.F) {
	fuzzReader(f, func(b *bytes.Reader, c *Codes) (Reading, error) {
		_, r, err := ReadFlows("x.csv", b, c, nil)
		return r, err
	}, "t,i,j,k,v,q\n2024,156,410,811292,1000.5,12.5\n2024,0,410,811292,1,NA\n2024,156,410,11292,1,\n",
		"year,exporter_iso2,importer_iso2,hs6,value_usd,qty_t\n2024,NA,CN,261220,100,1\n2024,,CN,261220,100,1\n", "t,i,j,k,v\n2022,156,410,811292,1e300\n")
}

func FuzzTotals(f *testing.F) {
	fuzzReader(f, func(b *bytes.Reader, c *Codes) (Reading, error) {
		_, r, err := Totals("x.csv", b, c, 2)
		return r, err
	}, "t,i,j,k,v,q\n2024,156,410,811292,1000.5,12.5\n2024,156,392,811292,1,1\n")
}

func FuzzComtrade(f *testing.F) {
	fuzzReader(f, func(b *bytes.Reader, c *Codes) (Reading, error) {
		_, r, err := ReadComtrade("x.csv", b, c)
		return r, err
	}, comtradeV1, comtradeJSON, `{"data":[{"refYear":2023,"cmdCode":"81}{12\"92"},{"x":[{}]}],"count":1,"error":""}`, `{"count":2,"data":[],"error":"denied"}`, "Classification,Year,Trade Flow,Reporter Code,Partner Code,Commodity Code,Netweight (kg),Trade Value (US$)\nH5,2020,Import,410,156,811292,5,10\n")
}

func FuzzComext(f *testing.F) {
	fuzzReader(f, func(b *bytes.Reader, _ *Codes) (Reading, error) {
		_, r, err := ReadComext("x.csv", b)
		return r, err
	}, comext, "DECLARANT_ISO,PARTNER_ISO,PRODUCT_NC,FLOW,PERIOD,VALUE_IN_EUROS\nAT,AE,25041000,1,2022,16413\n")
}

func FuzzMonthly(f *testing.F) {
	fuzzReader(f, func(b *bytes.Reader, c *Codes) (Reading, error) {
		_, r, err := ReadMonthly("x.csv", b, c)
		return r, err
	}, "source,period,reporter,partner,flow,native_code,hs6,value_usd,qty_kg\nhmrc,202501,GBR,ZZZ,import,81129295,811292,1.00,1.000\n")
}

func FuzzUSGS(f *testing.F) {
	fuzzReader(f, func(b *bytes.Reader, _ *Codes) (Reading, error) {
		all, r, err := ReadUSGS("mcs2026.csv", b)
		for i := range all {
			all[i].Number()
			all[i].Tonnes()
		}
		return r, err
	}, "MCS chapter,Section,Commodity,Country,Statistics,Statistics_detail,Unit,Year,Value\nSILVER,World Mine Production,Silver,Peru,Production,Mine production,metric tons,2024,\"3,510\"\n",
		"SOURCE,COMMODITY,COUNTRY,TYPE,UNIT_MEAS,PROD_2023,PROD_EST_ 2024,CAP_2023\nMCS2025,Gallium ,Japan,Primary production,kilograms,3000,>50,10000\n")
}

func FuzzWGI(f *testing.F) {
	fuzzReader(f, func(b *bytes.Reader, _ *Codes) (Reading, error) {
		_, r, err := ReadWGI("x.csv", b)
		return r, err
	}, "iso3,country,year,va,pv,ge,rq,rl,cc\nABW,Aruba,2004,0.7,0.9,1.2,0.7,,1.1\n")
}

func FuzzSuppliers(f *testing.F) {
	fuzzReader(f, func(b *bytes.Reader, c *Codes) (Reading, error) {
		_, r, err := ReadSuppliers("x.csv", b, c.ByName)
		return r, err
	}, "supplier,item,hs,origin,processed_in,mass,unit,value,stock\nA,NdFeB,8505.11,CN,VN,1200,kg,60000,150\n", "供应商,原产国,数量\n甲,CN,5\n")
}

func FuzzNetwork(f *testing.F) {
	fuzzReader(f, func(b *bytes.Reader, c *Codes) (Reading, error) {
		rows, r, err := ReadNetwork("x.csv", b, c.ByName)
		if err == nil {
			_, _ = NetworkOf("x.csv", rows)
		}
		return r, err
	}, networkTable, "工厂;国家;产品;原料;单耗\n甲;CN;磁;氧;3\n乙;CN;氧;;\n", "site,country,makes\nA,ZZ,b\n")
}

func FuzzInputOutput(f *testing.F) {
	fuzzReader(f, func(b *bytes.Reader, c *Codes) (Reading, error) {
		t, r, err := ReadInputOutput("x.csv", b)
		if err == nil && (len(t.Sales) != len(t.Sectors) || len(t.Output) != len(t.Sectors)) {
			return r, errors.New("the table is not square")
		}
		return r, err
	}, salesTable, "sector,output\na,1\n", ",a,a,output\na,1,1,2\n", "x;a;产出;增加值\na;0,5;1;0\n")
}

func FuzzFactors(f *testing.F) {
	fuzzReader(f, func(b *bytes.Reader, c *Codes) (Reading, error) {
		_, r, err := ReadFactors("x.csv", b, c.ByName)
		return r, err
	}, "country,factor\nCN,0.7\nAustralia,0.1\n", "country;factor\nCN;2\n")
}

// FuzzWorkbook: a workbook that can be read gives CSV that can be read.
func FuzzWorkbook(f *testing.F) {
	fuzzReader(f, func(b *bytes.Reader, c *Codes) (Reading, error) {
		text, err := Workbook("x.xlsx", b)
		if err != nil {
			return Reading{}, err
		}
		_, r, err := ReadSuppliers("x.xlsx", text, c.ByName)
		return r, err
	}, string(workbook(f, [][]any{{"supplier", "origin", "mass"}, {"A", "CN", 5.5}, {}, {"B", "JP", "1,200"}})), "PK\x03\x04")
}

func FuzzTables(f *testing.F) {
	fuzzReader(f, func(b *bytes.Reader, c *Codes) (Reading, error) {
		for _, read := range []func(b *bytes.Reader) (Reading, error){
			func(b *bytes.Reader) (Reading, error) { _, r, err := ReadUseShares("x.csv", b); return r, err },
			func(b *bytes.Reader) (Reading, error) { _, r, err := ReadFacts("x.csv", b, "KR"); return r, err },
			func(b *bytes.Reader) (Reading, error) { _, r, err := ReadMineralLines("x.csv", b); return r, err },
			func(b *bytes.Reader) (Reading, error) { _, r, err := ReadIndex("x.csv", b, c, nil); return r, err },
			func(b *bytes.Reader) (Reading, error) { _, r, err := ReadCodes("x.csv", b); return r, err },
			func(b *bytes.Reader) (Reading, error) { _, r, err := ReadGroups("x.csv", b); return r, err },
			func(b *bytes.Reader) (Reading, error) { _, r, err := ReadStudyResults("x.csv", b); return r, err },
			func(b *bytes.Reader) (Reading, error) { _, r, err := ReadScores("x.csv", b); return r, err },
			func(b *bytes.Reader) (Reading, error) { return newCodes().ReadAliases("x.csv", b) },
		} {
			b.Seek(0, 0)
			if r, err := read(b); err == nil && r.Rows != r.Kept+r.Refused() {
				return r, nil
			}
		}
		b.Seek(0, 0)
		_, r, err := ReadSupplyShares("x.csv", b)
		return r, err
	}, "scope,material,stage,country,iso3,share_pct,below_bound,t\nglobal,Gallium,P,China,CHN,94,0,1.0\n", "mineral,period,measure,value,unit,source\nsilver,2024,domestic_output,100-200,tonne,x\n",
		"material,stage,supply_risk,economic_importance,import_reliance_pct,eol_rir_pct,supply_data_used,si_ei,si_sr,hhi_wgi_t_gs,hhi_wgi_t_eu\nGallium,P,1,2,3,4,GS+EU,0.9,0.9,1,2\n",
		"country_code,country_name,country_iso2,country_iso3\n516,Namibia,NA,NAM\n", "name,iso3\nBurma,MMR\n")
}
