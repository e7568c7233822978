package answers

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// sheet is a sheet with its rows.
type sheet struct {
	name string
	rows [][]any
}

// book makes a workbook of sheets.
func book(t testing.TB, sheets ...sheet) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for _, s := range sheets {
		if _, err := f.NewSheet(s.name); err != nil {
			t.Fatal(err)
		}
		for i, row := range s.rows {
			at, _ := excelize.CoordinatesToCellName(1, i+1)
			if err := f.SetSheetRow(s.name, at, &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var head = []any{Line, Fact, "", Value, By, On}

func TestReadFindsItsColumnsAndNamesCells(t *testing.T) {
	data := book(t,
		sheet{"A", [][]any{head, {"", "", "please fill in"}, {"", "", "question", "answer", "by", "on"},
			{"M-3", "composition.Dy", "Dy?", "none", "Lab", "2026-03-01"},
			{"M-3", "composition.Tb", "Tb?", ""},
			{"'=1+1", "params.density", "?", 1.82},
			{"M-3", "composition.Ho", "Ho?", 0.03, "", "March"},
			{"", "", "moved", "none"},
			{"M-3", "composition.Dy", "Dy?", "3 %"}}},
		sheet{"B", [][]any{{On, Value, Fact, Line}, {}, {}, {"2026-04-01", "DE", "destination", "X"}}},
		sheet{"notes", [][]any{{"nothing", "for", "us"}, {"M-3", "composition.Dy", "none"}}})
	list, problems, err := Read("asks.xlsx", bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range list {
		got = append(got, a.Line+" "+a.Fact+" "+a.Words())
	}
	want := []string{"M-3 composition.Dy none, Lab, 2026-03-01 (A!D4)", "=1+1 params.density 1.82 (A!D6)", "M-3 composition.Ho 0.03 (A!D7)", "X destination DE, 2026-04-01 (B!B4)"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("read:\n%s\nwanted:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, part := range []string{`A!D7: "March" is not a day`, "A!D8: the hidden columns do not say", `A!D9: answers "3 %", and A!D4 answers "none"`} {
		if !strings.Contains(problems.Error(), part) {
			t.Errorf("the problems do not say %q:\n%s", part, problems.Error())
		}
	}
}

func TestReadRefusesWhatIsNoAnswers(t *testing.T) {
	for what, data := range map[string][]byte{
		"no Excel workbook": []byte("id,answer\n1,none\n"), "no sheet with questions": book(t, sheet{"A", [][]any{{"id", "answer"}, {"1", "none"}}}),
		"larger than": bytes.Repeat([]byte("x"), maxFile+1),
	} {
		if _, _, err := Read("asks.xlsx", bytes.NewReader(data)); err == nil || !strings.Contains(err.Error(), "asks.xlsx") || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// Whatever a sheet holds, reading ends, and an answer that is given out names its line, fact and cell.
func FuzzRead(f *testing.F) {
	data := book(f, sheet{"A", [][]any{head, {}, {}, {"M-3", "composition.Dy", "Dy?", "none", "Lab", "2026-03-01"}}})
	const part = "xl/worksheets/sheet2.xml"
	f.Add(partOf(f, data, part))
	f.Add([]byte(`<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>lodestone:line</t></is></c></row><row r="1048576"><c r="XFD1048576"/></row></sheetData></worksheet>`))
	f.Add([]byte(`<worksheet><sheetData><row r="2"/><row r="1"><c r="ZZZZ1" s="9"><v>1</v></c><c t="s"><v>7</v></c></row>`))
	f.Fuzz(func(t *testing.T, xml []byte) {
		list, _, _ := Read("fuzz.xlsx", bytes.NewReader(with(t, data, part, xml)))
		for _, a := range list {
			if a.Line == "" || a.Fact == "" || a.Value == "" || a.Cell == "" {
				t.Fatalf("half an answer: %+v", a)
			}
		}
	})
}

// partOf is a part of a workbook.
func partOf(t testing.TB, data []byte, name string) []byte {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := fs.ReadFile(z, name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// with is a workbook with another text in one of its parts.
func with(t testing.TB, data []byte, name string, text []byte) []byte {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range z.File {
		part := text
		if f.Name != name {
			part = partOf(t, data, f.Name)
		}
		to, err := w.CreateHeader(&zip.FileHeader{Name: f.Name})
		if err == nil {
			_, err = to.Write(part)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
