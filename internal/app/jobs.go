package app

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"
	"sync"
	"sync/atomic"

	"lodestone/internal/ingest/tables"
	"lodestone/internal/report"
	"lodestone/internal/store"
	"lodestone/internal/when"
)

// Upload says how the rows of an uploaded file are to be screened; a record keeps it, so the same file gives the same bytes again.
type Upload struct {
	From        string    `json:"from,omitempty"`        // exporting country for rows that name none
	Destination string    `json:"destination,omitempty"` // destination for rows that name none
	On          when.Date `json:"on"`                    // effective day for rows that name none
	KnownBy     when.Date `json:"known_by"`
	Lang        string    `json:"lang"`

	Catalogue *catalogueRun `json:"catalogue,omitempty"` // the file is a catalogue; nil: it is not
}

// maxUpload bounds an uploaded file.
const maxUpload = 16 << 30

// ErrLarge says that an upload is too large.
var ErrLarge = fmt.Errorf("the file is larger than %d GB; cut it, or screen it on the command line", maxUpload>>30)

// jobs are what an instance keeps of jobs beside the database.
type jobs struct {
	files   fileStore
	running sync.Map // id of a job: *runningJob
}

// runningJob is a job that is being done.
type runningJob struct {
	rows   atomic.Int64
	cancel context.CancelCauseFunc
}

// Submit keeps an uploaded file and queues it to be screened.
func (i *Instance) Submit(ctx context.Context, by *Actor, name string, file io.Reader, u Upload) (report.Job, error) {
	if name == "" || len(name) > maxWord {
		return report.Job{}, Invalid{"name", fmt.Sprintf("say what the file is called, in up to %d bytes", maxWord)}
	}
	if u.KnownBy == 0 {
		u.KnownBy = i.Book.Assessed.Horizon
	}
	if err := i.screening(u).Check(); err != nil {
		return report.Job{}, Invalid{"query", err.Error()}
	}
	question, err := json.Marshal(u)
	if err != nil {
		return report.Job{}, err
	}
	j := store.Job{Name: name, Question: string(question), RecordedBy: by.Person}
	if j.Input, j.Size, err = i.keepUpload(file); err != nil {
		return report.Job{}, err
	}
	err = i.store.Write(ctx, func(tx *store.Tx) error { return tx.PutJob(&j) })
	return i.jobOf(&j), err
}

// keepUpload keeps an uploaded file under its digest.
func (i *Instance) keepUpload(file io.Reader) (digest string, size int64, err error) {
	p, err := i.jobs.files.create()
	if err != nil {
		return "", 0, err
	}
	defer p.drop()
	if n, err := io.Copy(p, io.LimitReader(file, maxUpload+1)); err != nil {
		return "", 0, err
	} else if n > maxUpload {
		return "", 0, ErrLarge
	}
	digest, err = p.keep()
	return digest, p.size, err
}

func (i *Instance) screening(u Upload) *Screening {
	return &Screening{Book: i.Book, From: u.From, Destination: u.Destination, On: u.On, KnownBy: u.KnownBy, Lang: u.Lang, Format: report.JSONL,
		Workers: max(1, runtime.GOMAXPROCS(0)-1)} // single questions are answered meanwhile
}

// Job gives a job as it stands.
func (i *Instance) Job(ctx context.Context, id string) (report.Job, error) {
	j, err := i.store.Job(ctx, id)
	return i.jobOf(&j), unknownIf(err)
}

// Jobs lists jobs before a place in the log, newest first.
func (i *Instance) Jobs(ctx context.Context, before int64, limit int) ([]report.Job, error) {
	all, err := i.store.Jobs(ctx, before, limit)
	list := make([]report.Job, len(all))
	for n := range all {
		list[n] = i.jobOf(&all[n])
	}
	return list, err
}

func (i *Instance) jobOf(j *store.Job) report.Job {
	doc := report.Job{ID: j.ID, N: j.N, Name: j.Name, Size: j.Size, State: j.State, Input: j.Input, Result: j.Result, Problem: j.Problem,
		Question: report.Document(j.Question), RecordedAt: j.RecordedAt, RecordedBy: j.RecordedBy, ChangedAt: j.ChangedAt}
	if j.Summary != "" {
		doc.Summary = report.Document(j.Summary)
	}
	if r, ok := i.jobs.running.Load(j.ID); ok {
		doc.Rows = r.(*runningJob).rows.Load()
	}
	return doc
}

// Result opens what a job gave: JSON Lines, as screen prints them.
func (i *Instance) Result(ctx context.Context, id string) (*os.File, report.Job, error) {
	j, err := i.Job(ctx, id)
	if err != nil {
		return nil, j, err
	}
	if j.Result == "" {
		return nil, j, ErrUnknown
	}
	f, err := i.jobs.files.open(j.Result)
	return f, j, err
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

// Work does queued jobs until the context ends.
func (i *Instance) Work(ctx context.Context, log *slog.Logger) error {
	watching := make(chan struct{})
	go func() {
		defer close(watching)
		i.watch(ctx, log)
	}()
	err := i.store.Work(ctx, i.name, log, i.do)
	<-watching
	return err
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
	err = i.screen(ctx, &j, r)
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

// screen answers the rows of a job's file into a file, and fills in what came of it.
func (i *Instance) screen(ctx context.Context, j *store.Job, r *runningJob) error {
	var u Upload
	if err := json.Unmarshal([]byte(j.Question), &u); err != nil {
		return err
	}
	if u.Catalogue != nil {
		return i.screenCatalogue(ctx, j, r, u)
	}
	table, closer, err := i.tableOf(ctx, j)
	if err != nil {
		return err
	}
	defer closer.Close()
	out, err := i.jobs.files.create()
	if err != nil {
		return err
	}
	defer out.drop()
	s := i.screening(u)
	s.Progress = func(rows int) { r.rows.Store(int64(rows)) }
	w := bufio.NewWriterSize(out, 1<<20)
	sum, err := s.Run([]*tables.Table{table}, w)
	if err != nil {
		return inputError{err}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	text, err := json.Marshal(sum)
	if err != nil {
		return err
	}
	j.Summary = string(text)
	j.Result, err = out.keep()
	return err
}

// tableOf opens the file of a job as a table.
func (i *Instance) tableOf(ctx context.Context, j *store.Job) (*tables.Table, io.Closer, error) {
	in, err := i.jobs.files.open(j.Input)
	if err != nil {
		return nil, nil, inputError{fmt.Errorf("the uploaded file is gone: %w", err)}
	}
	table, err := tables.Open(j.Name, whileAsked{ctx, in}, i.Book.Vocab, tables.Options{})
	if err != nil {
		in.Close()
		return nil, nil, inputError{err}
	}
	return table, in, nil
}
