package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"lodestone/internal/enforce"
	"lodestone/internal/ingest/decision"
	"lodestone/internal/law"
	"lodestone/internal/problem"
	"lodestone/internal/report"
	"lodestone/internal/sentence"
	"lodestone/internal/when"
	"lodestone/lawdata/enforcement"
)

// DecisionReading reads penalty decisions from files.
type DecisionReading struct {
	Book        *law.Book           // for the names of countries, and to check the control codes that are cited
	Lang        string              // in which refusals are said; empty: English
	KeepPersons bool                // keep names of natural persons; otherwise they are 某
	Progress    func(done, all int) // called now and then; nil: nobody watches

	load decision.Loader
}

// UnreadDecision stands in the place of a record for a file that could not be read.
type UnreadDecision struct {
	ID      string          `json:"id"`
	Problem problem.Problem `json:"problem"`
}

// Run reads the files, and the files of the folders, in the order of their paths, and hands each record, or what was wrong with the file, to
// emit. It returns how many could not be read; the error is one of finding the files, or of emit.
func (d *DecisionReading) Run(paths []string, emit func(any) error) (unread int, err error) {
	all := 0 // looked up beforehand: where a folder cannot be read nothing is written
	if err := eachDecisionFile(paths, func(string) error { all++; return nil }); err != nil {
		return 0, err
	}
	if all == 0 {
		return 0, fmt.Errorf("no files in %s", strings.Join(paths, ", "))
	}
	reader, err := DecisionReader(d.Book)
	if err != nil {
		return 0, err
	}
	reader.KeepPersons = d.KeepPersons
	if dir, err := os.UserCacheDir(); err == nil {
		d.load.Cache = filepath.Join(dir, "lodestone", "pdf")
	}
	files, docs, done := make([]string, 0, batchFiles), make([]any, batchFiles), 0
	flush := func() error {
		for _, doc := range d.batch(reader, files, docs[:len(files)]) {
			if _, bad := doc.(*UnreadDecision); bad {
				unread++
			}
			if err := emit(doc); err != nil {
				return err
			}
		}
		done += len(files)
		files = files[:0]
		if d.Progress != nil {
			d.Progress(done, all)
		}
		return nil
	}
	err = eachDecisionFile(paths, func(name string) error {
		if files = append(files, name); len(files) < batchFiles {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	return unread, err
}

// DecisionReader is a reader of decisions with the tables of the program and the names of countries of the law data.
func DecisionReader(book *law.Book) (*decision.Reader, error) {
	tables, err := enforcement.Tables()
	if err != nil {
		return nil, err
	}
	var countries []string
	for _, c := range book.Vocab.Countries {
		countries = append(countries, c.Names.Zh...)
	}
	return decision.NewReader(tables, countries), nil
}

// batchFiles are read at a time, on all cores: enough to keep them busy, few enough that memory stays flat.
const batchFiles = 128

// batch reads files into records, or into what was wrong with them, in their order.
func (d *DecisionReading) batch(reader *decision.Reader, files []string, out []any) []any {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(files); i = int(next.Add(1)) - 1 {
				out[i] = d.one(reader, files[i])
			}
		})
	}
	wait.Wait()
	return out
}

func (d *DecisionReading) one(reader *decision.Reader, name string) any {
	id := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	f, err := os.Open(name)
	if err != nil {
		return d.unread(id, name, err)
	}
	defer f.Close()
	record, _, err := d.read(reader, name, f)
	if err != nil {
		return d.unread(id, name, err)
	}
	return record
}

func (d *DecisionReading) unread(id, name string, err error) *UnreadDecision {
	p := problem.Problem{Place: problem.Place{File: name}}.Saying(sentence.OfError(err))
	return &UnreadDecision{id, report.ProblemIn(d.Lang, p)}
}

// doubtful checks the control codes that a decision cites against the law on the day of declaration: a code that the law data do not have, one
// that was not in force, and one whose goods the text does not name. They stay in the record as cited.
func (d *DecisionReading) doubtful(r *enforce.Record, text string) (notes []string) {
	on := d.Book.Assessed.Horizon
	if len(r.DeclarationDates) > 0 {
		if day, err := when.ParseDate(r.DeclarationDates[0]); err == nil {
			on = day
		}
	}
	for _, code := range r.ControlCodes {
		if code[0] >= 0x80 {
			continue // a place in a list that has no such codes
		}
		if why := d.doubt(code, on, text); why != "" {
			notes = append(notes, "cited control code "+code+": "+why+".")
		}
	}
	return notes
}

func (d *DecisionReading) doubt(code string, on when.Date, text string) string {
	at := when.At{Effective: on, KnownBy: d.Book.Assessed.Horizon}
	known, standing := false, false
	var names []string
	for n := range d.Book.Norms {
		c := &d.Book.Norms[n]
		if c.Code != code && !strings.HasPrefix(c.Code, code+".") {
			continue
		}
		known = true
		names = append(names, c.Names.Zh)
		standing = standing || d.Book.Standing(n, at).State != law.NotYet
	}
	switch {
	case !known:
		return "not in the law data; check the citation"
	case !standing:
		return "not yet in force on " + on.String()
	}
	if e := decision.Elements(strings.Join(names, "")); e != "" && !strings.ContainsAny(decision.Elements(text), e) {
		return "it names " + e + ", which the text does not name; the citation may be wrong"
	}
	return ""
}

// read turns the document of a name into a record, and gives the text in which the spans of the record stand.
func (d *DecisionReading) read(reader *decision.Reader, name string, in io.Reader) (*enforce.Record, string, error) {
	b, err := io.ReadAll(io.LimitReader(in, decision.MaxFile+1))
	if err != nil {
		return nil, "", err
	}
	text, err := d.load.Load(b)
	if err != nil {
		return nil, "", err
	}
	base := filepath.Base(name)
	record := reader.Read(strings.TrimSuffix(base, filepath.Ext(base)), text.Text)
	record.TextFile = base
	notes := append(text.Notes, d.doubtful(&record, text.Text)...)
	record.Notes = strings.TrimSpace(strings.Join(append(notes, record.Notes), " "))
	return &record, text.Text, nil
}

// decisionDesk reads the decisions that are sent to an instance, one at a time: a PDF takes a processor and much memory.
type decisionDesk struct {
	turn    chan struct{} // held by whoever has one read
	reading DecisionReading
	reader  func() (*decision.Reader, error)
}

func newDecisionDesk(book *law.Book, data string) *decisionDesk {
	d := &decisionDesk{turn: make(chan struct{}, 1), reading: DecisionReading{Book: book},
		reader: sync.OnceValues(func() (*decision.Reader, error) { return DecisionReader(book) })}
	d.reading.load.Cache = filepath.Join(data, pdfName)
	return d
}

// MaxDecision bounds the file of a decision, in bytes.
const MaxDecision = decision.MaxFile

// ReadDecision reads one decision that was sent, and gives its record with the text in which the spans of the record stand. Natural persons are masked in
// the record, not in the text.
func (i *Instance) ReadDecision(ctx context.Context, name string, in io.Reader) (*enforce.Record, string, error) {
	reader, err := i.decisions.reader()
	if err != nil {
		return nil, "", err
	}
	b, err := io.ReadAll(io.LimitReader(in, decision.MaxFile+1)) // before others wait: a sender may be slow
	if err != nil {
		return nil, "", err
	}
	select {
	case i.decisions.turn <- struct{}{}:
		defer func() { <-i.decisions.turn }()
	case <-ctx.Done():
		return nil, "", ctx.Err()
	}
	record, text, err := i.decisions.reading.read(reader, name, bytes.NewReader(b))
	if err != nil {
		return nil, "", InvalidBy("document", err)
	}
	return record, text, nil
}

// eachDecisionFile visits files as named, and those of folders by path; names that begin with a dot are passed over. No list of them is kept: a folder
// may hold a hundred thousand.
func eachDecisionFile(paths []string, visit func(name string) error) error {
	for _, path := range paths {
		err := filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && name != path && strings.HasPrefix(entry.Name(), "."):
				return fs.SkipDir
			case entry.Type().IsRegular() && (name == path || !strings.HasPrefix(entry.Name(), ".")):
				return visit(name)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
