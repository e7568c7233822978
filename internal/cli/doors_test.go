package cli

import (
	"archive/zip"
	"encoding/csv"
	"fmt"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// doorCommands make the files of the scripts that are no text.
var doorCommands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"workbook": workbookCommand, "encode": encodeCommand, "zipped": zipCommand, "replace": replaceCommand, "runof": runOfCommand,
}

// replaceCommand alters the first of some words in a file: replace OLD NEW FILE.
func replaceCommand(ts *testscript.TestScript, _ bool, args []string) {
	name := ts.MkAbs(args[2])
	old, err := os.ReadFile(name)
	ts.Check(err)
	altered := strings.Replace(string(old), args[0], args[1], 1)
	if altered == string(old) {
		ts.Fatalf("%s does not hold %q", args[2], args[0])
	}
	ts.Check(os.WriteFile(name, []byte(altered), 0o600))
}

// workbookCommand writes a workbook: workbook FILE SHEET CSV…; every cell is a text.
func workbookCommand(ts *testscript.TestScript, _ bool, args []string) {
	f := excelize.NewFile()
	for i := 1; i+1 < len(args); i += 2 {
		sheet := args[i]
		if i == 1 {
			ts.Check(f.SetSheetName("Sheet1", sheet))
		} else {
			_, err := f.NewSheet(sheet)
			ts.Check(err)
		}
		in, err := os.Open(ts.MkAbs(args[i+1]))
		ts.Check(err)
		r := csv.NewReader(in)
		r.FieldsPerRecord = -1
		rows, err := r.ReadAll()
		ts.Check(err)
		ts.Check(in.Close())
		for n, row := range rows {
			ts.Check(f.SetSheetRow(sheet, fmt.Sprintf("A%d", n+1), &row))
		}
	}
	out, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(f.Write(out))
	ts.Check(out.Close())
}

// encodeCommand writes a text in another encoding: encode NAME FROM TO.
func encodeCommand(ts *testscript.TestScript, _ bool, args []string) {
	e := map[string]encoding.Encoding{"gb18030": simplifiedchinese.GB18030, "cp949": korean.EUCKR,
		"utf-16": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)}[args[0]]
	b, err := e.NewEncoder().Bytes([]byte(ts.ReadFile(args[1])))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), b, 0o600))
}

// zipCommand puts a file into a zip: zipped ZIP FILE.
func zipCommand(ts *testscript.TestScript, _ bool, args []string) {
	out, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	z := zip.NewWriter(out)
	w, err := z.Create(args[1])
	ts.Check(err)
	_, err = w.Write([]byte(ts.ReadFile(args[1])))
	ts.Check(err)
	ts.Check(z.Close())
	ts.Check(out.Close())
}
