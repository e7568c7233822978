package app

import (
	"errors"
	"os"
	"slices"

	"lodestone/internal/ingest/tables"
	"lodestone/internal/problem"
	"lodestone/internal/report"
)

// previewRows is how many rows of a file are shown before it is screened.
const previewRows = 5

// Preview shows a file that was kept as it would be read: what its headings mean, and its first rows. What is wrong with the file is part of the answer.
func (i *Instance) Preview(name, digest string, pairs []string, lang string) (report.Preview, error) {
	doc := report.Preview{Name: name, Digest: digest}
	m, err := tables.ParseMap(pairs, i.Book.Vocab)
	if err != nil {
		return doc, InvalidBy("map", err)
	}
	f, err := i.Kept(digest)
	if err != nil {
		return doc, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil {
		doc.Size = info.Size()
	}
	for _, c := range i.Book.Vocab.Columns {
		doc.Known = append(doc.Known, report.KnownColumn{ID: c.ID, Name: c.Names.First().In(lang)})
	}
	t, err := tables.Open(name, f, i.Book.Vocab, tables.Options{Map: m, BatchRows: previewRows})
	var refused problem.List
	if errors.As(err, &refused) {
		doc.Problems = report.ProblemsIn(lang, refused)
		return doc, i.headings(&doc, f, m)
	}
	if err != nil {
		return doc, err
	}
	defer t.Close()
	doc.Ready, doc.Notes = true, report.ProblemsIn(lang, t.Notes)
	doc.Structured = columnsOf(t).parent >= 0 || columnsOf(t).level >= 0
	var b tables.Batch
	if err := t.Next(&b); err != nil {
		b.Rows = nil // a table without rows, or one that breaks off, has nothing to show; the screening says which
	}
	for n, c := range t.Columns {
		column := report.PreviewColumn{Heading: c.Heading, ID: c.ID}
		for _, row := range b.Rows {
			cell := ""
			if n < len(row.Cells) {
				cell = row.Cells[n]
			}
			column.Samples = append(column.Samples, cell)
		}
		if t.Headed() || slices.ContainsFunc(column.Samples, func(s string) bool { return s != "" }) {
			doc.Columns = append(doc.Columns, column)
		}
	}
	return doc, nil
}

// headings fills in the columns of a file that is refused as it stands.
func (i *Instance) headings(doc *report.Preview, f *os.File, m map[string]string) error {
	if _, err := f.Seek(0, 0); err != nil {
		return err
	}
	columns, _ := tables.Headings(doc.Name, f, i.Book.Vocab, tables.Options{Map: m}) // why it is refused stands in the answer already
	for _, c := range columns {
		doc.Columns = append(doc.Columns, report.PreviewColumn{Heading: c.Heading, ID: c.ID})
	}
	return nil
}
