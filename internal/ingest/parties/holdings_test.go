package parties

import (
	"strings"
	"testing"
)

func TestHoldings(t *testing.T) {
	for what, text := range map[string]string{
		"comma":      "owner,owned,percent,from,to\nAlpha,Beta,50 %,2020-01-01,\nBeta,Gamma,,,\nBeta,Delta,25-50,,2024-12-31\nBeta,Epsilon,>50,,\n",
		"Chinese":    "股东,被投资企业,持股比例,起始日期,截止日期\nAlpha,Beta,50％,2020-01-01,\nBeta,Gamma,未知,,\nBeta,Delta,25~50%,,2024-12-31\nBeta,Epsilon,>50%,,\n",
		"JSON Lines": `{"owner":"Alpha","owned":"Beta","percent":50,"from":"2020-01-01"}` + "\n" + `{"owner":"Beta","owned":"Gamma","percent":null}` + "\n" + `{"owner":"Beta","owned":"Delta","percent":"25-50","to":"2024-12-31"}` + "\n" + `{"owner":"Beta","owned":"Epsilon","percent":"> 50"}`,
	} {
		h, err := ReadHoldings("a", strings.NewReader(text))
		if err != nil || h.Refused != 0 || len(h.Rows) != 4 {
			t.Errorf("%s: %v, %+v", what, err, h)
			continue
		}
		if h.Rows[0].Percent.String() != "50" || h.Rows[0].From.String() != "2020-01-01" || h.Rows[1].Percent.HasLow || h.Rows[2].Percent.String() != "25-50" ||
			h.Rows[2].To.String() != "2024-12-31" || h.Rows[3].Percent.String() != ">50 <=100" || h.Small {
			t.Errorf("%s: %+v", what, h.Rows)
		}
	}
}

func TestBadHoldingsAreSetAside(t *testing.T) {
	for row, say := range map[string]string{
		"Alpha,Beta,150":                       "between 0 and 100",
		"Alpha,Beta,half":                      "not a number",
		"Alpha,Beta,-5":                        "between 0 and 100",
		"Alpha,Beta,60-40":                     "between 0 and 100",
		"Alpha,Beta,33.33333333":               "digits behind the point",
		"Alpha,,50":                            "no name",
		"Alpha,ALPHA.,50":                      "does not own itself",
		"Alpha,Beta,5,2020-13-01":              "not in the calendar",
		"Alpha,Beta,50,2024-01-02,2024-01-01,": "6 cells under 5 headings",
		"Alpha,Beta,50,2024-01-02,2024-01-01":  "lies before",
	} {
		h, err := ReadHoldings("a.csv", strings.NewReader("owner,owned,percent,from,to\nGamma,Delta,10,,\n"+row+"\n"))
		if err != nil || len(h.Rows) != 1 || len(h.Problems) != 1 {
			t.Errorf("%s: %v, %+v", row, err, h)
			continue
		}
		if p := h.Problems[0]; !strings.Contains(p.Error(), say) || p.Line != 3 || p.File != "a.csv" {
			t.Errorf("%s: %v", row, p)
		}
	}
}

func TestHoldingsWithoutARow(t *testing.T) {
	for text, say := range map[string]string{"owner,owned\n": "no holding in it", "owner,percent\nA,5\n": "no name in this cell", "ownr,owned\nA,B\n": "owner"} {
		if _, err := ReadHoldings("a", strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%q: %v", text, err)
		}
	}
	h, err := ReadHoldings("a", strings.NewReader("owner,owned,percent\nA,B,0.5\nC,D,1\n"))
	if err != nil || !h.Small {
		t.Errorf("shares that may be parts of one: %v, %+v", err, h)
	}
}

func FuzzReadHoldings(f *testing.F) {
	f.Add([]byte("owner,owned,percent,from,to\nAlpha,Beta,50 %,2020-01-01,\n"))
	f.Add([]byte(`{"owner":"A","owned":"B","percent":1e3}`))
	f.Add([]byte("owner;owned;percent\nA;B;>=-9e9\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		h, err := ReadHoldings("fuzz", strings.NewReader(string(content)))
		if err != nil {
			return
		}
		for _, row := range h.Rows {
			if row.Owner == "" || row.Owned == "" || row.Percent.Empty() {
				t.Errorf("%+v", row)
			}
		}
	})
}
