package report

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func recordFile(t testing.TB, format Format, rows []RecordRow) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := NewRecordWriter(format, &b)
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		if err := w.Write(&rows[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What is written is read back to the byte in every format, whatever stands in the cells.
func TestRecordsAreReadAsTheyWereWritten(t *testing.T) {
	cell := rapid.SampledFrom([]string{"", "=1+1", "'=1", "'", "''x", "-5", "@", "\t", "a\r\nb", "a\r\r\nb", "a\nb\r", "\r", "\r\n", `"q",`, "镝", "{\"a\":\"=\"}", " x ", "+"})
	rapid.Check(t, func(t *rapid.T) {
		rows := make([]RecordRow, rapid.IntRange(0, 4).Draw(t, "rows"))
		for i := range rows {
			for _, c := range rows[i].cells() {
				if c != nil {
					*c = cell.Draw(t, "cell")
				}
			}
			rows[i].N = rapid.Int64Min(0).Draw(t, "n")
		}
		for _, format := range RecordFormats {
			var b bytes.Buffer
			w, err := NewRecordWriter(format, &b)
			if err != nil {
				t.Fatal(err)
			}
			for i := range rows {
				if err := w.Write(&rows[i]); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			got := []RecordRow{}
			if err := ReadRecords(bytes.NewReader(b.Bytes()), int64(b.Len()), func(r *RecordRow) error { got = append(got, *r); return nil }); err != nil {
				t.Fatalf("%s: %v", format, err)
			}
			if d := cmp.Diff(rows, got); d != "" {
				t.Fatalf("%s: %s", format, d)
			}
		}
	})
}

// Files that are none of records, or go past the limits, are refused and name the place.
func TestFilesThatAreNoRecords(t *testing.T) {
	whole := recordFile(t, CSV, []RecordRow{{Kind: RecordAnswer}})
	for _, c := range []struct{ name, text, want string }{
		{"a table of items", "id,description\n1,x\n", "no file of records"},
		{"a document of another kind", "{\"finding\":\"licence\"}\n", "line 1"},
		{"a long line", "{\"kind\":\"" + strings.Repeat("x", maxRecord) + "\"}\n", "line 1 is longer than 16 MB"},
		{"a long cell", string(whole) + `"` + strings.Repeat("x", 2*maxRecord), "a row is longer than 16 MB"},
		{"no place", strings.Replace(string(whole), "determination,0", "determination,=1", 1), "is no place in the log"},
		{"half a Parquet file", "PAR1xxxxxxxxxxxx", "the Parquet file"},
	} {
		err := ReadRecords(strings.NewReader(c.text), int64(len(c.text)), func(*RecordRow) error { return nil })
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	enough := errors.New("enough")
	for _, format := range RecordFormats {
		text := recordFile(t, format, make([]RecordRow, 3))
		if err := ReadRecords(bytes.NewReader(text), int64(len(text)), func(*RecordRow) error { return enough }); !errors.Is(err, enough) {
			t.Errorf("%s: %v", format, err)
		}
	}
}

func FuzzReadRecords(f *testing.F) {
	for _, format := range RecordFormats {
		f.Add(recordFile(f, format, []RecordRow{{Kind: RecordAnswer, N: 3, Question: "{}", Head: "h"}, {Kind: RecordStep, Words: "=x\r\n"}}))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		rows := 0
		_ = HoldsRecords(bytes.NewReader(text))
		_ = ReadRecords(bytes.NewReader(text), int64(len(text)), func(*RecordRow) error { rows++; return nil })
	})
}
