package trade

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"lodestone/internal/exposure"
)

const networkTable = `site,country,makes,needs,per_unit,capacity,stock,recover_days,demand,margin
Source,CN,oxide,,,,,60,,
Store,KR,oxide,,,0,90,,,
Plant,KR,magnet,oxide,3,,10,20,365,100
Plant,KR,magnet,boron,0.1,,,20,,
Boron,US,boron,,,,,,,
`

func TestNetworkIsJoinedFromItsRows(t *testing.T) {
	rows, reading, err := ReadNetwork("net.csv", strings.NewReader(networkTable), codes(t).ByName)
	if err != nil || reading.Kept != 5 {
		t.Fatal(reading, err)
	}
	n, err := NetworkOf("net.csv", rows)
	if err != nil {
		t.Fatal(err)
	}
	if len(n.Sites) != 4 || !reflect.DeepEqual(n.Sites[2].Needs, []exposure.Need{{Item: "oxide", PerUnit: 3}, {Item: "boron", PerUnit: 0.1}}) {
		t.Errorf("sites: %+v", n.Sites)
	}
	if s := n.Sites[0]; !math.IsInf(s.Capacity, 1) || s.Stock != 0 || s.Recover != 60 {
		t.Errorf("a capacity that is not given is not bounded, a stock is none: %+v", s)
	}
	if s := n.Sites[3]; !math.IsNaN(s.Recover) {
		t.Errorf("a time to recover that is not given is not known: %+v", s)
	}
	if !reflect.DeepEqual(n.Demands, []exposure.Demand{{Item: "magnet", Year: 365, Margin: 100}}) {
		t.Errorf("demands: %+v", n.Demands)
	}
}

func TestNetworkRefusesWhatItCannotMean(t *testing.T) {
	for name, c := range map[string]struct{ table, says string }{
		"no column of what is made":   {"site,country\nA,KR\n", `no column "makes"`},
		"a need without an amount":    {"site,country,makes,needs\nA,KR,magnet,oxide\n", "per_unit"},
		"no country":                  {"site,country,makes\nA,Atlantis,magnet\n", "no country"},
		"a stock that changes":        {"site,country,makes,needs,per_unit,stock\nA,KR,m,a,1,5\nA,KR,m,b,1,6\n", "6 here, 5 before"},
		"a site in two countries":     {"site,country,makes,needs,per_unit\nA,KR,m,a,1\nA,JP,m,b,1\n", "in KR and in JP"},
		"a demand that changes":       {"site,country,makes,demand\nA,KR,m,5\nB,KR,m,6\n", "told twice"},
		"a capacity below zero":       {"site,country,makes,capacity\nA,KR,m,-1\n", "below zero"},
		"headings that mean the same": {"site,plant,country,makes\nA,B,KR,m\n", "both mean site"},
	} {
		rows, _, err := ReadNetwork("net.csv", strings.NewReader(c.table), codes(t).ByName)
		if err == nil {
			_, err = NetworkOf("net.csv", rows)
		}
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

const salesTable = `sector,metals,electronics,cars,output,value_added
metals,0,40,0,100,60
electronics,0,0,60,200,120
cars,0,0,0,400,250
`

func TestInputOutputTable(t *testing.T) {
	table, _, err := ReadInputOutput("io.csv", strings.NewReader(salesTable))
	if err != nil {
		t.Fatal(err)
	}
	want := exposure.InputOutput{Sectors: []string{"metals", "electronics", "cars"}, Sales: [][]float64{{0, 40, 0}, {0, 0, 60}, {0, 0, 0}}, Output: []float64{100, 200, 400}, Added: []float64{60, 120, 250}}
	if !reflect.DeepEqual(table, want) {
		t.Errorf("%+v", table)
	}
	// The columns may stand in another order.
	turned, _, err := ReadInputOutput("io.csv", strings.NewReader("sector;output;cars;metals;electronics\nmetals;100;0;0;40\nelectronics;200;60;0;0\ncars;400;0;0;0\n"))
	if err != nil || !reflect.DeepEqual(turned.Sales, want.Sales) || turned.Added != nil {
		t.Errorf("%+v %v", turned, err)
	}
	for name, c := range map[string]struct{ table, says string }{
		"no output":            {"sector,a\na,1\n", `no column "output"`},
		"a sector not a buyer": {"sector,a,output\na,1,5\nb,1,5\n", `no column of "b"`},
		"final demand":         {"sector,a,final,output\na,1,4,5\n", `no row of "final"`},
		"no number":            {"sector,a,output\na,x,5\n", "no number"},
		"a sector twice":       {"sector,a,output\na,1,5\na,1,5\n", "two rows"},
		"a column twice":       {"sector,a,a,output\na,1,1,5\n", "two columns"},
	} {
		if _, _, err := ReadInputOutput("io.csv", strings.NewReader(c.table)); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
