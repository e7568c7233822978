package app

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unicode"
	"unicode/utf8"

	"lodestone/internal/ingest/tables"
	"lodestone/internal/party"
	"lodestone/internal/problem"
	"lodestone/internal/report"
	"lodestone/internal/sentence"
	"lodestone/internal/store"
	"lodestone/internal/when"
)

// Upload says what is to be done with the rows of an uploaded file; a record keeps it, so the same file gives the same bytes again.
type Upload struct {
	From        string        `json:"from,omitempty"`        // exporting country for rows that name none
	Destination string        `json:"destination,omitempty"` // destination for rows that name none
	On          when.Date     `json:"on,omitzero"`           // effective day for rows that name none; zero: a comparison, which has two
	KnownBy     when.Date     `json:"known_by,omitzero"`
	Lang        string        `json:"lang"`
	Role        string        `json:"role,omitempty"` // whose duties are wanted; empty: the exporter's
	Explain     bool          `json:"explain,omitempty"`
	Timeline    bool          `json:"timeline,omitempty"`
	Sheet       string        `json:"sheet,omitempty"`     // of a workbook; empty: the first with known headings
	Encoding    string        `json:"encoding,omitempty"`  // of a text; empty: told from the bytes
	Map         []string      `json:"map,omitempty"`       // column=heading
	Output      report.Format `json:"output,omitempty"`    // of the result; empty: JSON Lines
	Compare     *Between      `json:"compare,omitempty"`   // nil: rows are answered, not compared
	Names       *NamesAsked   `json:"names,omitempty"`     // nil: rows are items, not names of parties
	Lists       string        `json:"lists,omitempty"`     // revision of the loaded party lists; empty: there are none
	Catalogue   *catalogueRun `json:"catalogue,omitempty"` // the file is a catalogue; nil: it is not

	Once Once `json:"-"` // sending it again gives what came of it the first time
}

// Between are the two points in time that rows are compared between.
type Between struct {
	From when.At `json:"from"`
	To   when.At `json:"to"`
	All  bool    `json:"all,omitempty"` // unchanged rows are printed too
}

// NamesAsked says what is a hit where rows are names of parties.
type NamesAsked struct {
	Threshold float64 `json:"threshold"`
	Limit     int     `json:"limit"`
}

// Kinds of jobs, as they are shown.
const (
	screenJob    = "screen"
	impactJob    = "impact"
	partiesJob   = "parties"
	catalogueJob = "catalogue"
)

func (u *Upload) kind() string {
	switch {
	case u.Compare != nil:
		return impactJob
	case u.Names != nil:
		return partiesJob
	case u.Catalogue != nil:
		return catalogueJob
	}
	return screenJob
}

// hasLines says that the result is answers to items, a line each: those can be looked through.
func (u *Upload) hasLines() bool { return u.kind() == screenJob && u.format() == report.JSONL }

// format of the result.
func (u *Upload) format() report.Format { return cmp.Or(u.Output, report.JSONL) }

// MaxUpload bounds an uploaded file, in bytes.
const MaxUpload = 16 << 30

// ErrLarge says that an upload is too large.
var ErrLarge = sentence.Error("the file is larger than %d GB; cut it, or screen it on the command line", MaxUpload>>30)

// ErrSpace says that there is no room for an upload.
var ErrSpace = errors.New("there is not enough free space on the server for this file and its answers; tell whoever runs it")

// jobs are what an instance keeps of jobs beside the database.
type jobs struct {
	files   fileStore
	running sync.Map     // id of a job: *runningJob
	rows    atomic.Int64 // answered since the start
	working atomic.Bool  // queued jobs are being done
}

// runningJob is a job that is being done.
type runningJob struct {
	rows   atomic.Int64
	cancel context.CancelCauseFunc
}

// Submit keeps an uploaded file and queues it to be screened.
func (i *Instance) Submit(ctx context.Context, by *Actor, name string, file io.Reader, u Upload) (report.Job, error) {
	if err := i.checkUpload(ctx, name, &u); err != nil {
		return report.Job{}, err
	}
	input, size, err := i.Keep(file)
	if err != nil {
		return report.Job{}, err
	}
	return i.queue(ctx, by, store.Job{Name: name, Size: size, Input: input}, &u)
}

// checkUpload fills in what is left open and says what cannot be done, before anything is kept.
func (i *Instance) checkUpload(ctx context.Context, name string, u *Upload) error {
	if name == "" || len(name) > maxWord || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return invalid("name", "say what the file is called, in up to %d bytes, on one line", maxWord)
	}
	return i.prepare(ctx, u)
}

// Keep keeps a file that somebody has sent, under its digest.
func (i *Instance) Keep(file io.Reader) (digest string, size int64, err error) {
	p, err := i.jobs.files.create()
	if err != nil {
		return "", 0, err
	}
	defer p.drop()
	if err := i.receive(p, file); err != nil {
		return "", 0, err
	}
	digest, err = p.keep()
	return digest, p.size, err
}

// Kept opens a file that was kept.
func (i *Instance) Kept(digest string) (*os.File, error) {
	if !isDigest.MatchString(digest) {
		return nil, ErrUnknown
	}
	f, err := i.jobs.files.open(digest)
	if errors.Is(err, os.ErrNotExist) {
		err = ErrUnknown
	}
	return f, err
}

// SubmitKept queues a file that was kept to be screened.
func (i *Instance) SubmitKept(ctx context.Context, by *Actor, name, digest string, u Upload) (report.Job, error) {
	if err := i.checkUpload(ctx, name, &u); err != nil {
		return report.Job{}, err
	}
	f, err := i.Kept(digest)
	if err != nil {
		return report.Job{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return report.Job{}, err
	}
	return i.queue(ctx, by, store.Job{Name: name, Input: digest, Size: info.Size()}, &u)
}

// stretch is how much of a file is taken before the free space is looked at again.
const stretch = 64 << 20

// receive takes a file as it comes.
func (i *Instance) receive(p *part, file io.Reader) error {
	for {
		if !i.HasRoom(0) {
			return ErrSpace
		}
		_, err := io.CopyN(p, file, stretch)
		switch {
		case p.size > MaxUpload:
			return ErrLarge
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, syscall.ENOSPC):
			return ErrSpace
		case err != nil:
			return err
		}
	}
}

// Again queues the file of a job once more, with a result of another format.
func (i *Instance) Again(ctx context.Context, by *Actor, id string, output report.Format) (report.Job, error) {
	old, err := i.store.Job(ctx, id)
	if err != nil {
		return report.Job{}, unknownIf(err)
	}
	var u Upload
	if err := json.Unmarshal([]byte(old.Question), &u); err != nil {
		return report.Job{}, err
	}
	u.Output = output
	if err := i.prepare(ctx, &u); err != nil {
		return report.Job{}, err
	}
	return i.queue(ctx, by, store.Job{Name: old.Name, Size: old.Size, Input: old.Input}, &u)
}

func (i *Instance) queue(ctx context.Context, by *Actor, j store.Job, u *Upload) (report.Job, error) {
	question, err := json.Marshal(u)
	if err != nil {
		return report.Job{}, err
	}
	came, err := u.Once.came(ctx, i, by, j.Input)
	if came == "" && err == nil {
		j.Question, j.RecordedBy = string(question), by.Person
		came, err = u.Once.write(ctx, i, by, j.Input, func(tx *store.Tx) error {
			if err := tx.PutJob(&j); err != nil {
				return err
			}
			return u.Once.put(tx, by, j.Input, j.ID)
		})
	}
	if err != nil || came == "" {
		return i.jobOf(&j), err
	}
	return i.Job(ctx, came)
}

// prepare fills in what is left open and says what cannot be done, before anything is kept.
func (i *Instance) prepare(ctx context.Context, u *Upload) error {
	if u.Output == report.JSONL {
		u.Output = ""
	}
	if _, ok := mediaTypes[u.format()]; !ok {
		return invalid("output", "%q is no format of a result; it is jsonl, json, csv, xlsx or html", u.Output)
	}
	if _, err := tables.ParseMap(u.Map, i.Book.Vocab); err != nil {
		return InvalidBy("map", err)
	}
	var err error
	if u.Lists, err = i.listsRevision(ctx); err != nil {
		return err
	}
	switch {
	case u.Names != nil:
		if u.Names.Threshold == 0 {
			u.Names.Threshold = party.DefaultThreshold
		}
		if u.Output != "" {
			err = errors.New("output: names of parties are answered as jsonl")
		}
	case u.Compare != nil:
		s := i.comparison(u)
		if err = s.Check(); err == nil {
			u.Compare.From, u.Compare.To = s.known(u.Compare.From), s.known(u.Compare.To)
		}
	default:
		err = i.screening(u).Check()
	}
	if u.KnownBy == 0 && u.Compare == nil {
		u.KnownBy = i.Book.Assessed.Horizon
	}
	if err != nil {
		return InvalidBy("query", err)
	}
	return nil
}

func (i *Instance) screening(u *Upload) *Screening {
	return &Screening{Book: i.Book, From: u.From, Destination: u.Destination, On: u.On, KnownBy: u.KnownBy, Lang: u.Lang, Role: u.Role, Explain: u.Explain,
		Timeline: u.Timeline, Format: u.format(), Turns: i.turns()}
}

func (i *Instance) comparison(u *Upload) *Impact {
	return &Impact{Screening: *i.screening(u), Before: u.Compare.From, After: u.Compare.To, All: u.Compare.All}
}

// fetchLists gives a screening the party lists that an upload is to be answered by.
func (i *Instance) fetchLists(ctx context.Context, u *Upload, s *Screening) (err error) {
	s.lists, err = i.listsAt(ctx, u.Lists)
	return inputErrorIf(err, ErrOtherLists)
}

// Job gives a job as it stands.
func (i *Instance) Job(ctx context.Context, id string) (report.Job, error) {
	j, err := i.store.Job(ctx, id)
	return i.jobOf(&j), unknownIf(err)
}

// Jobs lists jobs before a place in the log, newest first.
func (i *Instance) Jobs(ctx context.Context, before int64, limit int) ([]report.Job, error) {
	all, err := i.store.Jobs(ctx, before, limit)
	return i.jobsOf(all), err
}

// FileJobs lists those of them that somebody gave: not the screenings of catalogues.
func (i *Instance) FileJobs(ctx context.Context, before int64, limit int) ([]report.Job, error) {
	all, err := i.store.FileJobs(ctx, before, limit)
	return i.jobsOf(all), err
}

func (i *Instance) jobsOf(all []store.Job) []report.Job {
	list := make([]report.Job, len(all))
	for n := range all {
		list[n] = i.jobOf(&all[n])
	}
	return list
}

func (i *Instance) jobOf(j *store.Job) report.Job {
	doc := report.Job{ID: j.ID, N: j.N, Name: j.Name, Size: j.Size, State: j.State, Input: j.Input, Result: j.Result, Problem: j.Problem,
		Question: report.Document(j.Question), Kind: kindOf(j), RecordedAt: j.RecordedAt, RecordedBy: j.RecordedBy, ChangedAt: j.ChangedAt}
	if j.Summary != "" {
		doc.Summary = report.Document(j.Summary)
	}
	if r, ok := i.jobs.running.Load(j.ID); ok {
		doc.Rows = r.(*runningJob).rows.Load()
	}
	return doc
}

func kindOf(j *store.Job) string {
	var u Upload
	if json.Unmarshal([]byte(j.Question), &u) != nil { // verify says that the row is not what it was
		return ""
	}
	return u.kind()
}

// mediaTypes are those of the formats of results.
var mediaTypes = map[report.Format]string{
	report.JSONL: "application/x-ndjson", report.JSON: "application/json", report.CSV: "text/csv; charset=utf-8", report.HTML: "text/html; charset=utf-8",
	report.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// RecordMedia is the media type of a file of records.
func RecordMedia(f report.Format) string {
	if f == report.Parquet { // no result of a job is one
		return "application/vnd.apache.parquet"
	}
	return mediaTypes[f]
}

// JobResult is what a job gave, in the format it was asked for.
type JobResult struct {
	*os.File
	Name      string // as a file of a person
	MediaType string
	Digest    string
}

// Result opens what a job gave. The caller closes it.
func (i *Instance) Result(ctx context.Context, id string) (JobResult, error) {
	j, err := i.store.Job(ctx, id)
	if err != nil {
		return JobResult{}, unknownIf(err)
	}
	if j.Result == "" {
		return JobResult{}, ErrUnknown
	}
	var u Upload
	if err := json.Unmarshal([]byte(j.Question), &u); err != nil {
		return JobResult{}, err
	}
	f, err := i.jobs.files.open(j.Result)
	name := path.Base(strings.ReplaceAll(j.Name, `\`, "/")) // somebody may have called it ../x
	name = strings.TrimSuffix(name, path.Ext(name)) + "." + u.kind() + "." + string(u.format())
	return JobResult{File: f, Name: name, MediaType: mediaTypes[u.format()], Digest: j.Result}, err
}

// errCancelled ends a running job.
var errCancelled = errors.New("cancelled")

// CancelJob ends a job that has not ended.
func (i *Instance) CancelJob(ctx context.Context, by *Actor, id string) (report.Job, error) {
	j, err := i.store.Job(ctx, id)
	if err != nil {
		return report.Job{}, unknownIf(err)
	}
	j.State = store.Cancelled
	if err := i.store.Write(ctx, func(tx *store.Tx) error { return tx.SetJob(&j, by.Person) }); err != nil {
		return report.Job{}, err
	}
	if r, ok := i.jobs.running.Load(id); ok && j.State == store.Cancelled {
		r.(*runningJob).cancel(errCancelled)
	}
	return i.jobOf(&j), nil
}

// Work does queued jobs, delivers alerts, and keeps an eye on cases, until the context ends.
func (i *Instance) Work(ctx context.Context, log *slog.Logger) error {
	i.jobs.working.Store(true)
	defer i.jobs.working.Store(false)
	ctx, stop := context.WithCancel(ctx)
	var watching sync.WaitGroup
	watching.Go(func() { i.WatchCases(ctx, log) })
	watching.Go(func() { i.watchCatalogues(ctx, log) })
	watching.Go(func() { i.watchLists(ctx, log) })
	defer watching.Wait()
	defer stop()
	return i.store.Work(ctx, i.name, log, i.do, func(ctx context.Context, id string) (time.Duration, error) { return i.deliver(ctx, log, id) })
}

// do does one job. An error means that it is to be tried again; what is wrong with the file ends it, and so does the last try.
func (i *Instance) do(ctx context.Context, id string, last bool) error {
	j, err := i.store.Job(ctx, id)
	if err != nil || j.Ended() {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r := &runningJob{cancel: cancel}
	i.jobs.running.Store(id, r)
	defer i.jobs.running.Delete(id)
	j.State = store.Running
	if err := i.set(&j); err != nil || j.Ended() {
		return err
	}
	err = i.answer(ctx, &j, r)
	var unreadable inputError
	switch {
	case errors.Is(context.Cause(ctx), errCancelled):
		return nil
	case ctx.Err() != nil: // the process stops; the job is done again at the next start
		return ctx.Err()
	case errors.Is(err, errOvertaken):
		j.State, j.Problem = store.Cancelled, err.Error()
	case errors.As(err, &unreadable):
		j.State, j.Problem = store.Failed, unreadable.Error()
	case err != nil && last: // a job must not seem to run for ever
		j.State, j.Problem = store.Failed, "something failed on the server, whose log says what; send the file again once that is mended"
		return errors.Join(err, i.set(&j))
	case err != nil:
		return err
	default:
		j.State = store.Done
	}
	return i.set(&j)
}

func (i *Instance) set(j *store.Job) error {
	return i.store.Write(context.Background(), func(tx *store.Tx) error { return tx.SetJob(j, store.Instance) })
}

// inputError says what is wrong with a file: trying again does not help.
type inputError struct{ error }

// answer does what a job asks with the rows of its file, and fills in what came of it.
func (i *Instance) answer(ctx context.Context, j *store.Job, r *runningJob) error {
	var u Upload
	if err := json.Unmarshal([]byte(j.Question), &u); err != nil {
		return err
	}
	if u.Catalogue != nil {
		return i.screenCatalogue(ctx, j, r, u)
	}
	in, err := i.jobs.files.open(j.Input)
	if err != nil {
		return inputError{fmt.Errorf("the uploaded file is gone: %w", err)}
	}
	defer in.Close()
	out, err := i.jobs.files.create()
	if err != nil {
		return err
	}
	defer out.drop()
	w := bufio.NewWriterSize(out, 1<<20)
	sum, err := i.rows(ctx, &u, j.Name, whileAsked{in, ctx}, w, func(rows int) { i.jobs.rows.Add(int64(rows) - r.rows.Swap(int64(rows))) })
	if err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	text, err := json.Marshal(sum)
	if err != nil {
		return err
	}
	j.Summary = string(text)
	if j.Result, err = out.keep(); err != nil || !u.hasLines() {
		return err
	}
	return i.indexLines(ctx, j)
}

// rows answers, compares or looks up the rows of a file, and gives the summary.
func (i *Instance) rows(ctx context.Context, u *Upload, name string, in io.Reader, w io.Writer, progress func(int)) (sum any, err error) {
	if u.Names != nil {
		return i.screenNames(ctx, u, name, in, w, progress)
	}
	m, err := tables.ParseMap(u.Map, i.Book.Vocab)
	if err != nil {
		return nil, inputError{err}
	}
	table, err := tables.Open(name, in, i.Book.Vocab, tables.Options{Map: m, Sheet: u.Sheet, Encoding: u.Encoding})
	if err != nil {
		return nil, inputError{inLanguage(u.Lang, err)}
	}
	defer table.Close()
	if u.Compare != nil {
		s := i.comparison(u)
		if err := i.fetchLists(ctx, u, &s.Screening); err != nil {
			return nil, err
		}
		s.Progress = progress
		sum, err = s.Run([]*tables.Table{table}, w)
	} else {
		s := i.screening(u)
		if err := i.fetchLists(ctx, u, s); err != nil {
			return nil, err
		}
		s.Progress = progress
		sum, err = s.Run([]*tables.Table{table}, w)
	}
	return sum, asInputError(err)
}

// inLanguage says in a language why a file cannot be read.
func inLanguage(lang string, err error) error {
	var list problem.List
	if errors.As(err, &list) {
		return report.ProblemsIn(lang, list)
	}
	return err
}

func asInputError(err error) error {
	if err == nil {
		return nil
	}
	return inputError{err}
}

// inputErrorIf makes an error one of the file where it is one that comes again whenever the job is tried.
func inputErrorIf(err, is error) error {
	if errors.Is(err, is) {
		return inputError{err}
	}
	return err
}

// tableOf opens the file of a job as a table.
func (i *Instance) tableOf(ctx context.Context, j *store.Job, u *Upload) (*tables.Table, io.Closer, error) {
	in, err := i.jobs.files.open(j.Input)
	if err != nil {
		return nil, nil, inputError{fmt.Errorf("the uploaded file is gone: %w", err)}
	}
	m, err := tables.ParseMap(u.Map, i.Book.Vocab)
	if err != nil {
		in.Close()
		return nil, nil, inputError{err}
	}
	table, err := tables.Open(j.Name, whileAsked{in, ctx}, i.Book.Vocab, tables.Options{Map: m, Sheet: u.Sheet, Encoding: u.Encoding})
	if err != nil {
		in.Close()
		return nil, nil, inputError{err}
	}
	return table, in, nil
}
