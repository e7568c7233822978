package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"lodestone/internal/fact"
	"lodestone/internal/report"
	"lodestone/internal/store"
)

// JobLine gives line n of a job, from 1, with its reasons, in a language. What was answered is what stands in the result; where the line stands by itself
// it is answered again with where the answers to its questions lead, and that is shown as long as it comes to the same.
func (i *Instance) JobLine(ctx context.Context, id string, n int, lang string) (doc report.Line, err error) {
	err = i.withLines(ctx, id, func(x *lineIndex, j *store.Job) error {
		if n < 1 || n > x.about.Lines {
			return ErrUnknown
		}
		r, err := i.lineReader(ctx, x, j, lang)
		if err != nil {
			return err
		}
		defer r.result.Close()
		doc, err = r.line(n - 1)
		doc.Job, doc.Name, doc.All = id, j.Name, x.about.Lines
		return err
	})
	return doc, err
}

// lineReader reads lines of a job with their reasons. It belongs to one goroutine.
type lineReader struct {
	x      *lineIndex
	result *os.File
	desk   *desk // nil: lines cannot be answered by themselves
	maker  report.Maker
	upload Upload
}

func (i *Instance) lineReader(ctx context.Context, x *lineIndex, j *store.Job, lang string) (*lineReader, error) {
	r := &lineReader{x: x, maker: report.Maker{Book: i.Book, Lang: lang}}
	if err := json.Unmarshal([]byte(j.Question), &r.upload); err != nil {
		return nil, err
	}
	if !x.about.Structured {
		s := i.screening(&r.upload)
		if err := i.fetchLists(ctx, &r.upload, s); err != nil {
			return nil, err
		}
		s.Lang, s.Format = lang, report.HTML
		d, err := s.desk()
		if err != nil {
			return nil, err
		}
		d.Reader.DecimalComma = x.about.DecimalComma
		r.desk = d
	}
	var err error
	r.result, err = i.jobs.files.open(j.Result)
	return r, err
}

func (r *lineReader) line(n int) (report.Line, error) {
	at, err := r.x.record(n)
	if err != nil {
		return report.Line{}, err
	}
	text := make([]byte, at.Length)
	if _, err := r.result.ReadAt(text, at.From); err != nil {
		return report.Line{}, err
	}
	doc := report.Line{Recorded: text}
	var item map[string]string
	if doc.JobLine, item, err = r.x.line(n); err != nil {
		return doc, err
	}
	if at.Outcome == refusedLine {
		doc.Refused = &report.Refused{}
		return doc, json.Unmarshal(text, doc.Refused)
	}
	doc.Determination = &report.Determination{}
	if err := json.Unmarshal(text, doc.Determination); err != nil {
		return doc, err
	}
	if again := r.again(item, int(at.Line)); again != nil && again.Outcome == doc.Outcome && again.MayBe == doc.MayBe {
		again.Extra, again.Warnings = doc.Determination.Extra, doc.Determination.Warnings
		doc.Determination = again
		return doc, nil
	}
	r.maker.Told(doc.Determination)
	doc.Determination.Given = &report.Given{Description: item["description"], HS: item["hs"], Supplier: item["supplier"], From: item["from"], Destination: item["destination"],
		Shipment: item["shipment"], Composition: item["composition"], Words: doc.Determination.WordsRead()}
	return doc, nil
}

// again answers a row that stands by itself once more; nil: it cannot.
func (r *lineReader) again(item map[string]string, line int) *report.Determination {
	if r.desk == nil {
		return nil
	}
	known := map[string]string{}
	for column, value := range item {
		if _, ok := fact.ColumnNumber(column); ok {
			known[column] = value
		}
	}
	it, problems := r.desk.Reader.ReadFacts(known)
	if problems.Refusals() > 0 {
		return nil
	}
	it.Line = line
	if it.ID == "" {
		it.ID = fmt.Sprint(line)
	}
	r.desk.doc = report.Determination{}
	return r.desk.answer(&it)
}

// Explained answers a recorded question again, with where the answers to its questions lead. A record of another revision of the law, or one that comes to
// something else, is shown as it was recorded.
func (i *Instance) Explained(ctx context.Context, id, lang string) (doc report.Explained, err error) {
	d, err := i.determination(ctx, id)
	if err != nil {
		return doc, unknownIf(err)
	}
	var q Question
	if err := json.Unmarshal([]byte(d.Question), &q); err != nil {
		return doc, err
	}
	doc.Record, doc.Question = recordOf(&d), q.Item
	doc.Determination = &report.Determination{}
	if err := json.Unmarshal([]byte(d.Answer), doc.Determination); err != nil {
		return doc, err
	}
	maker := report.Maker{Book: i.Book, Lang: lang}
	if d.Revision == i.Book.Revision {
		s := &Screening{Book: i.Book, On: q.On, KnownBy: q.KnownBy, Lang: lang, Format: report.HTML}
		desk, err := s.desk()
		if err != nil {
			return doc, err
		}
		r := lineReader{desk: desk, maker: maker}
		if again := r.again(q.Item, 0); again != nil && again.Outcome == d.Outcome && again.MayBe == d.MayBe {
			again.ID, again.Warnings = doc.Determination.ID, doc.Determination.Warnings
			doc.Determination = again
			return doc, nil
		}
	}
	maker.Told(doc.Determination)
	doc.Determination.Given = &report.Given{Description: q.Item["description"], HS: q.Item["hs"], Supplier: q.Item["supplier"], From: q.Item["from"],
		Destination: q.Item["destination"], Composition: q.Item["composition"], Words: doc.Determination.WordsRead()}
	return doc, nil
}

// AskList writes the questions of a job as a workbook, a sheet for each supplier; with a supplier only its own.
func (i *Instance) AskList(ctx context.Context, id, supplier, lang string, w io.Writer) error {
	return i.withLines(ctx, id, func(x *lineIndex, j *store.Job) error {
		r, err := i.lineReader(ctx, x, j, lang)
		if err != nil {
			return err
		}
		defer r.result.Close()
		asks := &report.Asks{}
		for n := range x.about.Lines {
			at, err := x.record(n)
			if err != nil {
				return err
			}
			if at.Asks == 0 || supplier != "" && x.about.Suppliers[at.Supplier] != supplier {
				continue
			}
			if err := context.Cause(ctx); err != nil {
				return err
			}
			line, err := r.line(n)
			if err != nil {
				return err
			}
			asks.Add(line.Determination.AskRows(lang, fact.CanAnswer))
		}
		s := i.screening(&r.upload).summary()
		s.Note = report.Disclaimer(lang, len(i.Book.Acts), i.Book.Assessed.Horizon)
		return asks.WriteXLSX(w, lang, &s)
	})
}
