package main

import (
	"io"

	"lodestone/internal/app"
	"lodestone/internal/ingest/decision/measure"
	"lodestone/internal/law"
)

// readDecisions reads the texts that the labels name, prints how well each field is read, and fails below the level that was reached.
func readDecisions(book *law.Book, labels string, w io.Writer) error {
	reader, err := app.DecisionReader(book)
	if err != nil {
		return err
	}
	report, err := measure.Decisions(labels, reader.Read)
	if err != nil {
		return err
	}
	report.Print(w)
	return report.Check()
}
