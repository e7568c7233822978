package sheets

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"github.com/xuri/excelize/v2"
)

// longSheet is a workbook of many rows of a dozen cells, as a library writes it.
func longSheet(t testing.TB, n int) []byte {
	t.Helper()
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		row := []any{fmt.Sprintf("P-%d", i), "sintered magnet blocks", "8505.11.10.00", "Nd 29.5%; Dy 0.1-0.3%; balance Fe", "US", i, 3348.25, "CNY", 0.295,
			"Buyer AG", "civil", fmt.Sprintf("batch %d", i/7)}
		if err := w.SetRow(fmt.Sprintf("A%d", i+1), row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func BenchmarkXLSX(b *testing.B) {
	const n = 20_000
	data := longSheet(b, n)
	b.ReportAllocs()
	for b.Loop() {
		book, err := OpenXLSX(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			b.Fatal(err)
		}
		readAll(book)
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkLibraryXLSX is the baseline: the same sheet by a general library, without the formats of numbers.
func BenchmarkLibraryXLSX(b *testing.B) {
	const n = 20_000
	data := longSheet(b, n)
	b.ReportAllocs()
	for b.Loop() {
		f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true})
		if err != nil {
			b.Fatal(err)
		}
		rows, err := f.Rows("Sheet1")
		if err != nil {
			b.Fatal(err)
		}
		for rows.Next() {
			if _, err := rows.Columns(); err != nil && err != io.EOF {
				b.Fatal(err)
			}
		}
		if err := rows.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "rows/s")
}
