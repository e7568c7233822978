package app

import (
	"io"
	"os"
	"testing"

	"lodestone/internal/ingest/tables"
	"lodestone/internal/when"
)

func BenchmarkScreenFile(b *testing.B) {
	name := os.Getenv("SCREEN_FILE")
	if name == "" {
		name = "../../examples/shipment.csv"
	}
	book, _, err := LoadBook("")
	if err != nil {
		b.Fatal(err)
	}
	s := &Screening{Book: book, On: when.Day(2026, 3, 1), Lang: "en", Format: "jsonl"}
	rows := 0
	for b.Loop() {
		f, err := os.Open(name)
		if err != nil {
			b.Fatal(err)
		}
		t, err := tables.Open(name, f, book.Vocab, tables.Options{})
		if err != nil {
			b.Fatal(err)
		}
		sum, err := s.Run([]*tables.Table{t}, io.Discard)
		if err != nil {
			b.Fatal(err)
		}
		rows += sum.Rows
		f.Close()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(rows), "ns/row")
}
