package report

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/parquet-go/parquet-go"

	"lodestone/internal/ingest/tables"
)

// RecordRow is a row of a file of records: something that was answered or decided, and what proves it away from the instance. Every row carries its own
// proof, so that one that is cut out of the file can be checked as well.
type RecordRow struct {
	Kind       string `json:"kind" parquet:"kind,dict"`               // determination; case: a step of one
	N          int64  `json:"n" parquet:"n"`                          // place in the log
	RecordedAt string `json:"recorded_at" parquet:"recorded_at"`      // UTC
	RecordedBy string `json:"recorded_by" parquet:"recorded_by,dict"` // id of a person; instance: the program itself
	Login      string `json:"login,omitempty" parquet:"login,dict"`   // of that person as of the export; empty: the program itself
	Record     string `json:"record" parquet:"record"`                // the answer; of a step: the one on which the case rested then
	Case       string `json:"case,omitempty" parquet:"case,dict"`     // empty: it is an answer
	Step       string `json:"step,omitempty" parquet:"step,dict"`     // opened, proposed, approved, …; empty: it is an answer
	Item       string `json:"item" parquet:"item"`                    // the id that the asker gave
	Effective  string `json:"effective" parquet:"effective,dict"`     // day
	KnownBy    string `json:"known_by" parquet:"known_by,dict"`       // knowledge date
	Revision   string `json:"revision" parquet:"revision,dict"`       // of the law
	Outcome    string `json:"outcome" parquet:"outcome,dict"`
	MayBe      string `json:"may_be,omitempty" parquet:"may_be,dict"`           // empty: nothing is open
	Facts      string `json:"facts" parquet:"facts"`                            // digest of what was stated of the item
	Decision   string `json:"decision,omitempty" parquet:"decision,dict"`       // release, override, block; empty: none is proposed or taken
	Decided    string `json:"decided,omitempty" parquet:"decided,dict"`         // outcome that the decision goes by
	Until      string `json:"until,omitempty" parquet:"until,dict"`             // last day of the decision
	ProposedBy string `json:"proposed_by,omitempty" parquet:"proposed_by,dict"` // id of a person
	ApprovedBy string `json:"approved_by,omitempty" parquet:"approved_by,dict"` // id of another person
	Words      string `json:"words,omitempty" parquet:"words"`                  // comment or reason
	Question   string `json:"question,omitempty" parquet:"question"`            // JSON, to the byte; empty: it is a step, or only digests were wanted
	Answer     string `json:"answer,omitempty" parquet:"answer"`                // the document, to the byte; empty likewise
	Vouched    string `json:"vouched" parquet:"vouched"`                        // the text of which the entry has the digest
	Entry      string `json:"entry" parquet:"entry"`                            // line of the log
	Path       string `json:"path,omitempty" parquet:"path"`                    // hashes from the line to the head
	Head       string `json:"head" parquet:"head,dict"`                         // signed head of the log
	Key        string `json:"key" parquet:"key,dict"`                           // that signed it, public
}

// Kinds of rows of a file of records.
const (
	RecordAnswer = "determination"
	RecordStep   = "case"
)

// recordColumns are the columns of a file of records in order.
var recordColumns = []string{"kind", "n", "recorded_at", "recorded_by", "login", "record", "case", "step", "item", "effective", "known_by", "revision", "outcome", "may_be", "facts",
	"decision", "decided", "until", "proposed_by", "approved_by", "words", "question", "answer", "vouched", "entry", "path", "head", "key"}

// cells are the values in the order of recordColumns; n, which is a number, has none.
func (r *RecordRow) cells() []*string {
	return []*string{&r.Kind, nil, &r.RecordedAt, &r.RecordedBy, &r.Login, &r.Record, &r.Case, &r.Step, &r.Item, &r.Effective, &r.KnownBy, &r.Revision, &r.Outcome, &r.MayBe, &r.Facts,
		&r.Decision, &r.Decided, &r.Until, &r.ProposedBy, &r.ApprovedBy, &r.Words, &r.Question, &r.Answer, &r.Vouched, &r.Entry, &r.Path, &r.Head, &r.Key}
}

// RecordFormats are the formats of a file of records.
var RecordFormats = []Format{JSONL, CSV, Parquet}

// Parquet is the format of that name.
const Parquet Format = "parquet"

// RecordWriter writes a file of records, a row after the other. Close ends the file, not what it is written to.
type RecordWriter interface {
	Write(*RecordRow) error
	Close() error
}

// NewRecordWriter begins a file of records.
func NewRecordWriter(format Format, w io.Writer) (RecordWriter, error) {
	switch format {
	case JSONL:
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		return jsonRecords{e}, nil
	case CSV:
		c := csv.NewWriter(w)
		return csvRecords{c}, c.Write(recordColumns)
	case Parquet:
		options := []parquet.WriterOption{parquet.Compression(&parquet.Zstd)}
		for _, long := range []string{"words", "question", "answer", "vouched", "entry", "path", "head"} { // nobody looks for the least of these, and all least and greatest are kept to the end
			options = append(options, parquet.SkipPageBounds(long))
		}
		return &parquetRecords{w: parquet.NewGenericWriter[RecordRow](w, options...)}, nil
	}
	return nil, fmt.Errorf("output %q: records are written as jsonl, csv or parquet", format)
}

// groupRows and groupSize bound the rows of a Parquet file that stand together, and in memory at once.
const (
	groupRows = 1000
	groupSize = 4 << 20
)

type jsonRecords struct{ e *json.Encoder }

func (w jsonRecords) Write(r *RecordRow) error { return w.e.Encode(r) }
func (w jsonRecords) Close() error             { return nil }

type csvRecords struct{ w *csv.Writer }

func (w csvRecords) Write(r *RecordRow) error {
	row := make([]string, len(recordColumns))
	for i, cell := range r.cells() {
		if cell == nil {
			row[i] = strconv.FormatInt(r.N, 10)
		} else {
			row[i] = disarmed(*cell)
		}
	}
	return w.w.Write(row)
}

// apostrophe keeps a spreadsheet from taking a cell for a formula.
const apostrophe = "'"

// disarmed is a cell of a file that is read again to the byte: an apostrophe stands before what a spreadsheet would take for a formula, and before another
// apostrophe; and the ends of lines are such that who reads CSV, where \r\n and \n are one and the same, gets them back.
func disarmed(cell string) string {
	if strings.HasPrefix(cell, apostrophe) || inert(cell) != cell {
		cell = apostrophe + cell
	}
	return strings.ReplaceAll(cell, "\r\n", "\r\r\n")
}

func (w csvRecords) Close() error {
	w.w.Flush()
	return w.w.Error()
}

type parquetRecords struct {
	w          *parquet.GenericWriter[RecordRow]
	rows, size int // of the group
}

func (w *parquetRecords) Write(r *RecordRow) error {
	if _, err := w.w.Write([]RecordRow{*r}); err != nil {
		return err
	}
	w.rows++
	for _, cell := range r.cells() {
		if cell != nil {
			w.size += len(*cell)
		}
	}
	if w.rows < groupRows && w.size < groupSize {
		return nil
	}
	w.rows, w.size = 0, 0
	return w.w.Flush()
}

func (w *parquetRecords) Close() error { return w.w.Close() }

// ErrRecords says that a file holds no records.
var ErrRecords = errors.New("is no file of records; \"lodestone records export\" writes one")

// maxRecord bounds a row of a file of records, in bytes.
const maxRecord = 16 << 20

// HoldsRecords says whether a file is one of records, by its beginning.
func HoldsRecords(r io.ReaderAt) bool {
	head := make([]byte, 200)
	n, _ := r.ReadAt(head, 0)
	head = head[:n]
	return bytes.HasPrefix(head, []byte(parquetMark)) || bytes.HasPrefix(head, []byte(`{"kind":"`+RecordAnswer+`"`)) || bytes.HasPrefix(head, []byte(`{"kind":"`+RecordStep+`"`)) ||
		bytes.HasPrefix(bytes.TrimPrefix(head, []byte(byteOrder)), []byte(strings.Join(recordColumns[:5], ",")))
}

const (
	parquetMark = "PAR1"
	byteOrder   = "\ufeff"
)

// ReadRecords reads a file of records in any of its formats and calls f for each row.
func ReadRecords(r io.ReaderAt, size int64, f func(*RecordRow) error) error {
	head := make([]byte, 4)
	n, err := r.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return err
	}
	switch text := io.NewSectionReader(r, 0, size); {
	case n == 0: // no row was recorded
		return nil
	case string(head[:n]) == parquetMark:
		return readParquetRecords(r, size, f)
	case n > 0 && head[0] == '{':
		return readJSONRecords(text, f)
	default:
		return readCSVRecords(text, f)
	}
}

func readJSONRecords(r io.Reader, f func(*RecordRow) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxRecord)
	line := 0
	for lines.Scan() {
		line++
		d := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		d.DisallowUnknownFields()
		var row RecordRow
		if err := d.Decode(&row); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
		if err := f(&row); err != nil {
			return err
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return fmt.Errorf("line %d is longer than %d MB", line+1, maxRecord>>20)
	}
	return lines.Err()
}

// atMost ends a text of which so much is read without a row coming to its end.
type atMost struct {
	r    io.Reader
	left int
}

func (a *atMost) Read(b []byte) (int, error) {
	if a.left <= 0 {
		return 0, fmt.Errorf("a row is longer than %d MB", maxRecord>>20)
	}
	n, err := a.r.Read(b[:min(len(b), a.left)])
	a.left -= n
	return n, err
}

func readCSVRecords(r io.Reader, f func(*RecordRow) error) error {
	bounded := &atMost{r, maxRecord}
	in := bufio.NewReader(bounded)
	if mark, err := in.Peek(len(byteOrder)); err == nil && string(mark) == byteOrder {
		in.Discard(len(mark))
	}
	c := csv.NewReader(in)
	head, err := c.Read()
	if err != nil || !slices.Equal(head, recordColumns) {
		return ErrRecords
	}
	c.ReuseRecord = true
	for {
		bounded.left = maxRecord
		cells, err := c.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		row, err := csvRecord(cells)
		if err != nil {
			line, _ := c.FieldPos(0)
			return fmt.Errorf("line %d: %w", line, err)
		}
		if err := f(row); err != nil {
			return err
		}
	}
}

func csvRecord(cells []string) (row *RecordRow, err error) {
	row = &RecordRow{}
	for i, to := range row.cells() {
		if to != nil {
			*to = strings.Clone(strings.TrimPrefix(cells[i], apostrophe))
		} else if row.N, err = strconv.ParseInt(cells[i], 10, 64); err != nil {
			return nil, fmt.Errorf("n: %q is no place in the log", clipRunes(cells[i], 40))
		}
	}
	return row, nil
}

func readParquetRecords(r io.ReaderAt, size int64, f func(*RecordRow) error) (err error) {
	defer func() {
		if v := recover(); v != nil { // the library takes some damage for a fault of the program
			err = fmt.Errorf("the Parquet file is damaged: %v", v)
		}
	}()
	if err := tables.CheckParquet(r, size); err != nil {
		return fmt.Errorf("the Parquet file cannot be read: %w", err)
	}
	file, err := parquet.OpenFile(r, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return fmt.Errorf("the Parquet file cannot be read: %w", err)
	}
	if !parquet.EqualNodes(file.Schema(), parquet.SchemaOf(RecordRow{})) {
		return ErrRecords
	}
	rows := parquet.NewGenericReader[RecordRow](file)
	defer rows.Close()
	batch := make([]RecordRow, 64)
	for {
		n, err := rows.Read(batch)
		for i := range n {
			if err := f(&batch[i]); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err == nil && n == 0 {
			err = io.ErrNoProgress
		}
		if err != nil {
			return fmt.Errorf("the Parquet file cannot be read: %w", err)
		}
	}
}

// CheckedRecords is what a check of a file of records found.
type CheckedRecords struct {
	File       string `json:"file"`
	Holds      bool   `json:"holds"` // every row is what the log vouches for, under one key
	Key        string `json:"key"`   // fingerprint
	Expect     string `json:"expected_key,omitempty"`
	Rows       int64  `json:"rows"` // read; up to the altered one, where there is one
	Answers    int64  `json:"answers"`
	Steps      int64  `json:"steps"`                  // of cases
	First      string `json:"first,omitempty"`        // when the first row was recorded
	Last       string `json:"last,omitempty"`         // and the last
	Replayed   int64  `json:"replayed"`               // answered again, to the same bytes
	OtherLaw   int64  `json:"other_law,omitempty"`    // rest on another revision of the law than the one at hand, and were not answered again
	OtherLists int64  `json:"other_lists,omitempty"`  // rest on party lists of the instance, and were not answered again
	Digests    int64  `json:"digests_only,omitempty"` // came without question and answer
	Altered    string `json:"altered,omitempty"`      // the first row that is not what was recorded, and why
}

// Good says that all is as it should be.
func (c *CheckedRecords) Good() bool { return c.Holds }

// WriteText says it in words.
func (c *CheckedRecords) WriteText(w io.Writer, lang string) error {
	p := &printer{w: w}
	n := func(x int64) string { return strconv.FormatInt(x, 10) }
	say := func(key string, pairs ...string) string { return Say(lang, "records.check."+key, pairs...) }
	if c.Altered != "" {
		p.f("%s: %s\n", c.File, say("altered", "what", c.Altered))
	} else {
		p.f("%s: %s\n", c.File, say("holds", "rows", n(c.Rows), "answers", n(c.Answers), "steps", n(c.Steps), "first", c.First, "last", c.Last, "key", c.Key))
		p.f("  %s\n", say("replayed", "replayed", n(c.Replayed), "other", n(c.OtherLaw), "lists", n(c.OtherLists), "digests", n(c.Digests)))
	}
	if c.Expect != "" && c.Expect != c.Key {
		p.f("  %s\n", Say(lang, "dossier.check.other_key", "key", c.Key, "want", c.Expect))
	}
	return p.err
}

// Retention says for how long records stay at hand before they may be archived.
type Retention struct {
	Years int `json:"years" minimum:"5" maximum:"100" doc:"Five, which the law asks for at least, if nothing is set." example:"5"`
}

// WriteText says it in words.
func (r *Retention) WriteText(w io.Writer, lang string) error {
	_, err := fmt.Fprintln(w, Say(lang, "retention.years", "years", strconv.Itoa(r.Years)))
	return err
}

// ArchiveRun says what was archived, and what stays though it is old.
type ArchiveRun struct {
	Cutoff  string        `json:"cutoff"`            // records before this day are old
	Old     int64         `json:"old"`               // in the tables
	Movable int64         `json:"movable"`           // that nothing keeps
	Case    int64         `json:"kept_by_case"`      // a case rests on them
	Licence int64         `json:"kept_by_licence"`   // drawn on a licence of late, or on one that is valid
	Hold    int64         `json:"kept_by_hold"`      // on hold
	Written []ArchiveFile `json:"written,omitempty"` // files of this run
	Removed int64         `json:"removed"`           // from the tables
	Missing []string      `json:"missing,omitempty"` // files of earlier runs that are not here, so what they hold was not removed
}

// ArchiveFile is a file of archived records.
type ArchiveFile struct {
	File    string `json:"file"`
	Records int64  `json:"records"`
}

// WriteText says it in words.
func (a *ArchiveRun) WriteText(w io.Writer, lang string) error {
	p := &printer{w: w}
	n := func(x int64) string { return strconv.FormatInt(x, 10) }
	p.f("%s\n", Say(lang, "archive.old", "cutoff", a.Cutoff, "old", n(a.Old), "movable", n(a.Movable), "case", n(a.Case), "licence", n(a.Licence), "hold", n(a.Hold)))
	for _, f := range a.Written {
		p.f("  %s\n", Say(lang, "archive.written", "file", f.File, "n", n(f.Records)))
	}
	for _, f := range a.Missing {
		p.f("  %s\n", Say(lang, "archive.missing", "file", f))
	}
	p.f("%s\n", Say(lang, "archive.removed", "n", n(a.Removed)))
	return p.err
}

// FindRecord gives the row of a place in the log out of a Parquet file of records.
func FindRecord(r io.ReaderAt, size, n int64) (*RecordRow, error) {
	var found *RecordRow
	done := errors.New("found")
	err := readParquetRecords(r, size, func(row *RecordRow) error {
		if row.N != n {
			return nil
		}
		for _, cell := range row.cells() { // the reader uses the memory of its pages again
			if cell != nil {
				*cell = strings.Clone(*cell)
			}
		}
		found = row
		return done
	})
	if err == nil {
		err = fmt.Errorf("it has no record at place %d", n)
	} else if errors.Is(err, done) {
		err = nil
	}
	return found, err
}
