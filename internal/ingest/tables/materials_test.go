package tables

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"lodestone/internal/ingest/declared"
)

const declarations = "../declared/testdata/"

// A part of several homogeneous materials has a row for each below it; the only material of a part is the part.
func TestMaterials(t *testing.T) {
	for file, want := range map[string]string{
		"ipc1752a.xml": "6 MG-10||||rotor magnet|B 0.95-2.85%; Fe 61.75-63.65%; Ni 5-6.9%; Nd 27.55-29.45%; Dy 2.85-4.75%; Pb <=1.9%|Magnet Supplier Ltd\n" +
			"11 MG-10/1|MG-10|11.4|g|sintered NdFeB (magnet)|B 1-3%; Fe 65-67%; Nd 29-31%; Dy 3-5%|Magnet Supplier Ltd\n" +
			"24 MG-10/2|MG-10|0.6|g|nickel plating|Ni 100%; Pb <=0.5%|Magnet Supplier Ltd",
		"ipc1752b.xml": "5 TG-1||||oxide target; target|O >0 <=4%; Dy >0 <=4%; W 96%; rest none|\n14 SH-2||||shaft; steel|Fe >0 <=99%; Ga 1-100%|\n" +
			"23 SN-3||||sensor|Sb present; Pb <=100%|\n30 CH-4|SN-3|2||chip; die; Gallium arsenide|Ga present; As present|",
	} {
		data, err := os.ReadFile(declarations + file)
		if err != nil {
			t.Fatal(err)
		}
		for name, r := range map[string]io.Reader{"xml": bytes.NewReader(data), "zip": strings.NewReader(zipOf(t, "a.xml", string(data)))} {
			table, err := Open("t", r, realVocab(t), Options{})
			if err != nil {
				t.Fatal(err)
			}
			var lines []string
			var b Batch
			for table.Next(&b) == nil {
				for _, row := range b.Rows {
					lines = append(lines, dumpRow(table, row))
				}
			}
			if got := strings.Join(lines, "\n"); got != want || table.Format != Materials {
				t.Errorf("%s of %s:\n got %s\nwant %s", name, file, got, want)
			}
		}
	}
}

// A bill takes the composition of its parts from declarations where it states none, whatever form the bill has.
func TestJoin(t *testing.T) {
	v := realVocab(t)
	var list []*declared.Declaration
	for _, text := range []string{
		"Part No,Homogeneous Material,Substance,CAS No,ppm\nP-1,magnet,Neodymium,7440-00-8,300000\nP-1,magnet,Dysprosium,7429-91-6,30000\nP-2,x,Iron,7439-89-6,1000000\n",
		book(t, rows{{"S"}, {"Declaration of materials"}, {"料号", "均质材料名称", "物质名称", "CAS号", "含量(%)"}, {"P-3", "涂层", "Terbium", "7440-27-9", 2}}),
	} {
		d, err := ReadDeclaration("d", strings.NewReader(text), v)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, d)
	}
	index, problems := declared.NewIndex(v, list)
	if problems != nil {
		t.Fatal(problems)
	}
	bill := "part no,description\np-1,magnet\nP-3,wire\nP-9,case\n"
	want := "2 p-1|magnet|Nd 30-97%; Dy 3-70%\n3 P-3|wire|Tb 2-100%\n4 P-9|case|"
	for name, data := range map[string]string{"csv": bill, "workbook": book(t, rows{{"S"}, {"part no", "description"}, {"p-1", "magnet", "beyond"}, {"P-3", "wire"}, {"P-9", "case"}})} {
		table, err := Open("t", strings.NewReader(data), v, Options{Declared: index})
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		var b Batch
		for table.Next(&b) == nil {
			for _, row := range b.Rows {
				lines = append(lines, dumpRow(table, row))
			}
		}
		if got := strings.Join(lines, "\n"); got != want {
			t.Errorf("%s: got %s", name, got)
		}
	}
	for data, want := range map[string]string{
		"id,composition\nP-1,Fe 100%\nP-2,\n": "2 P-1|Fe 100%\n3 P-2|Fe 100%",
		"description\nmagnet\n":               "unreadable: t.csv: no column id (part number) to which declarations could be joined (--map id=HEADING)",
		"id,description\nP-1\nP-2,x\n":        "t.csv:2: the row has 1 cells, the heading line 2 (a delimiter for every column, also where cells are empty)\n3 P-2|x|Fe 100%",
	} {
		if got := dumpReader(t, strings.NewReader(data), Options{Declared: index}); got != want {
			t.Errorf("%q: %s", data, got)
		}
	}
	if got := dumpReader(t, strings.NewReader(`{"id":"P-2"}`), Options{Declared: index}); sortCells(got) != "composition=Fe 100%|id=P-2" {
		t.Error(got)
	}
}

func TestNoDeclaration(t *testing.T) {
	for data, want := range map[string]string{
		"id,description\n1,x\n":         "is no material declaration",
		"part,cas,substanse\nP-1,1,x\n": "substanse: no such column (substance)",
		"%PDF-1.4":                      "is a PDF document",
		"<Main/>":                       "names no product",
	} {
		if _, err := ReadDeclaration("d", strings.NewReader(data), realVocab(t)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", data, err)
		}
	}
}
