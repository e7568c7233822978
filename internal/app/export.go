package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"lodestone/internal/law"
	"lodestone/internal/report"
	"lodestone/internal/store"
	"lodestone/internal/when"
)

// RecordExport says which records are exported, and how.
type RecordExport struct {
	From, To when.Date     // first and last Beijing day on which they were recorded; zero: from the first, to the last
	Format   report.Format // JSONL, CSV or Parquet
	Digests  bool          // questions and answers are left out; their digests stand in what the log vouches for
}

// ExportRecords gives what writes the answers and the steps of cases that were recorded in a stretch of time, a row each with its proof. It holds a few hundred
// rows at once, however many there are.
func (i *Instance) ExportRecords(ctx context.Context, x RecordExport) (func(io.Writer) error, error) {
	if x.From != 0 && x.To != 0 && x.To < x.From {
		return nil, invalid("to", "the last day lies before the first")
	}
	if !slices.Contains(report.RecordFormats, x.Format) {
		return nil, invalid("output", "records are written as jsonl, csv or parquet, not as %q", string(x.Format))
	}
	wanted := store.Wanted{Steps: true}
	if x.From != 0 {
		wanted.From = x.From.Begins()
	}
	if x.To != 0 {
		wanted.Before = (x.To + 1).Begins()
	}
	return func(w io.Writer) error {
		out, err := report.NewRecordWriter(x.Format, w)
		if err != nil {
			return err
		}
		logins := map[string]string{} // by id; empty: not that of a person
		err = i.store.Records(ctx, wanted, func(r *store.Recorded) error {
			row, err := recordRow(r, x.Digests)
			if err == nil {
				row.Login, err = i.login(ctx, logins, row.RecordedBy)
			}
			if err != nil {
				return err
			}
			return out.Write(row)
		})
		if err != nil {
			return err
		}
		return out.Close()
	}, nil
}

// recordRow is a record as a row, but for the login of who recorded it.
func recordRow(r *store.Recorded, digests bool) (*report.RecordRow, error) {
	row := &report.RecordRow{N: r.N, Vouched: r.Vouched, Entry: r.Entry, Path: r.Path, Head: r.Head, Key: r.Key}
	if c := r.Step; c != nil {
		row.Kind, row.RecordedAt, row.RecordedBy, row.Record, row.Case, row.Step, row.Item = report.RecordStep, c.RecordedAt, c.RecordedBy, c.Record, c.ID, c.Kind, c.Item
		row.Effective, row.KnownBy, row.Revision, row.Outcome, row.MayBe, row.Facts = c.Effective, c.KnownBy, c.Revision, c.Outcome, c.MayBe, c.Facts
		row.Decision, row.Decided, row.Until, row.ProposedBy, row.ApprovedBy, row.Words = c.Decision, c.Decided, c.Until, c.ProposedBy, c.ApprovedBy, c.Words
		return row, nil
	}
	d := r.Determination
	row.Kind, row.RecordedAt, row.RecordedBy, row.Record, row.Item = report.RecordAnswer, d.RecordedAt, d.RecordedBy, d.ID, d.Item
	row.Effective, row.KnownBy, row.Revision, row.Outcome, row.MayBe = d.Effective, d.KnownBy, d.Revision, d.Outcome, d.MayBe
	if !digests {
		row.Question, row.Answer = d.Question, d.Answer
	}
	if d.Question == "" { // it came from a file of digests
		return row, nil
	}
	var err error
	if row.Facts, err = factsOf(d.Question); err != nil {
		err = fmt.Errorf("determination %s: %w", d.ID, err)
	}
	return row, err
}

// factsOf is the digest of what a question states of its item, as cases know it.
func factsOf(question string) (string, error) {
	var q Question
	if err := json.Unmarshal([]byte(question), &q); err != nil {
		return "", err
	}
	return q.facts()
}

// login is the login of a person by id, kept among those asked for before.
func (i *Instance) login(ctx context.Context, kept map[string]string, person string) (string, error) {
	login, known := kept[person]
	if known {
		return login, nil
	}
	found, err := i.logins(ctx, []string{person})
	kept[person] = found[person]
	return found[person], err
}

// CheckRecords says whether each row of a file of records is what the log of an instance vouches for, and answers again the questions that rest on the law at
// hand. A key, by its fingerprint, is the one that must have signed; empty: any, but one for all rows.
func CheckRecords(book *law.Book, name string, r io.ReaderAt, size int64, key string) (report.CheckedRecords, error) {
	x := recordCheck{answerer: newAnswerer(book), last: -1, doc: report.CheckedRecords{File: name, Expect: key}}
	err := report.ReadRecords(r, size, x.row)
	var altered alteredRow
	switch {
	case errors.As(err, &altered):
		x.doc.Altered = string(altered)
	case err != nil && x.doc.Rows == 0:
		return x.doc, fmt.Errorf("%s: %w", name, err)
	case err != nil: // it is cut off, or was changed where its form is broken
		x.doc.Altered = err.Error()
	}
	x.doc.Holds = x.doc.Altered == "" && (key == "" || key == x.doc.Key)
	return x.doc, nil
}

// alteredRow says which row is not what the log vouches for, and why.
type alteredRow string

func (e alteredRow) Error() string { return string(e) }

// recordCheck checks a file of records row by row.
type recordCheck struct {
	answerer *answerer // nil: nothing is answered again
	checker  store.Checker
	doc      report.CheckedRecords
	last     int64 // place of the row before
}

func (x *recordCheck) row(r *report.RecordRow) error {
	doc := &x.doc
	doc.Rows++
	altered := func(what string) error {
		return alteredRow(fmt.Sprintf("row %d (record %s, n %d): %s", doc.Rows, r.Record, r.N, what))
	}
	e, err := x.checker.Check(&store.Proof{Entry: r.Entry, Path: r.Path, Head: r.Head, Key: r.Key}, r.N)
	if err != nil {
		return altered(err.Error())
	}
	switch key := report.Fingerprint(r.Key); {
	case doc.Rows == 1:
		doc.Key, doc.First = key, r.RecordedAt
	case key != doc.Key:
		return altered("another instance signed it than the rows before")
	case r.N <= x.last:
		return altered("it does not follow the row before")
	}
	x.last, doc.Last = r.N, r.RecordedAt
	recorded, err := recordedOf(r)
	if err == nil {
		err = recorded.Check(e)
	}
	if err != nil {
		return altered(err.Error())
	}
	again, err := recordRow(recorded, r.Question == "" && r.Answer == "")
	if err != nil {
		return altered(err.Error())
	}
	if again.Login = r.Login; r.Question == "" { // nothing at hand vouches for these
		again.Facts = r.Facts
	}
	if *again != *r {
		return altered("its columns are not what its entry in the log vouches for")
	}
	if r.Kind == report.RecordStep {
		doc.Steps++
		return nil
	}
	doc.Answers++
	return x.again(recorded.Determination, altered)
}

// recordedOf is the record that a row tells of.
func recordedOf(r *report.RecordRow) (*store.Recorded, error) {
	to := &store.Recorded{N: r.N, Vouched: r.Vouched, Proof: store.Proof{Entry: r.Entry, Path: r.Path, Head: r.Head, Key: r.Key}}
	switch r.Kind {
	case report.RecordStep:
		c, err := store.ParseStep(r.Vouched)
		c.N, c.RecordedAt, c.RecordedBy = r.N, r.RecordedAt, r.RecordedBy
		to.Step = &c
		return to, err
	case report.RecordAnswer:
		to.Determination = &store.Determination{ID: r.Record, N: r.N, Item: r.Item, Effective: r.Effective, KnownBy: r.KnownBy, Revision: r.Revision, Outcome: r.Outcome, MayBe: r.MayBe,
			Question: r.Question, Answer: r.Answer, RecordedAt: r.RecordedAt, RecordedBy: r.RecordedBy}
		return to, nil
	}
	return nil, fmt.Errorf("%q is no kind of record", r.Kind)
}

// again answers a question once more where the law is at hand.
func (x *recordCheck) again(d *store.Determination, altered func(string) error) error {
	if x.answerer == nil {
		return nil
	}
	if d.Question == "" && d.Answer == "" {
		x.doc.Digests++
		return nil
	}
	came := store.OtherLaw
	if d.Revision == x.answerer.book.Revision {
		rested, err := restedOn(d)
		switch {
		case err != nil:
			came = store.Differs
		case rested != "": // an instance has lists, a file has none
			came = store.OtherLists
		default:
			if came, err = x.answerer.again(d, nil); err != nil {
				return err
			}
		}
	}
	switch came {
	case store.Same:
		x.doc.Replayed++
	case store.Differs:
		return altered("the same question no longer gives the same bytes")
	case store.OtherLaw:
		x.doc.OtherLaw++
	case store.OtherLists:
		x.doc.OtherLists++
	}
	return nil
}
