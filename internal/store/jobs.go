package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

// States of a job.
const (
	Queued    = "queued"
	Running   = "running"
	Done      = "done"
	Failed    = "failed"
	Cancelled = "cancelled"
)

// Job is a file to be screened, as of its newest state.
type Job struct {
	ID         string
	N          int64  // its entry in the log
	Name       string // of the file, as the person calls it
	Input      string // digest of the file
	Size       int64  // of the file, in bytes
	Question   string // canonical JSON
	RecordedAt string
	RecordedBy string // id of a person
	State      string
	Result     string // digest of the result; empty: there is none
	Summary    string // JSON; empty: there is none
	Problem    string // why it failed; empty: it did not
	ChangedAt  string
}

const kindJob = "job.new"

// digest is over what the entry of the log vouches for.
func (j *Job) digest() string { return Digest(j.Input + "\n" + j.Question) }

// Ended says that nothing more will come of the job.
func (j *Job) Ended() bool { return j.State == Done || j.State == Failed || j.State == Cancelled }

const jobColumns = `j.id, j.n, j.name, j.input, j.size, j.question, j.recorded_at, j.recorded_by, s.state, s.result, s.summary, s.problem, s.recorded_at
	FROM job j JOIN job_state s ON s.job = j.id AND s.version = (SELECT MAX(version) FROM job_state q WHERE q.job = j.id)`

func scanJob(row interface{ Scan(...any) error }) (j Job, err error) {
	err = row.Scan(&j.ID, &j.N, &j.Name, &j.Input, &j.Size, &j.Question, &j.RecordedAt, &j.RecordedBy, &j.State, &j.Result, &j.Summary, &j.Problem, &j.ChangedAt)
	return j, noneIf(err)
}

// Job gives a job, or ErrNone.
func (s *Store) Job(ctx context.Context, id string) (Job, error) {
	return scanJob(s.query(ctx, "SELECT "+jobColumns+" WHERE j.id = ?", id))
}

// Jobs lists jobs before a place in the log, newest first.
func (s *Store) Jobs(ctx context.Context, before int64, limit int) ([]Job, error) {
	return s.jobs(ctx, "j.n < ?", before, limit)
}

// FileJobs lists those of them that somebody gave: not the screenings of catalogues, which come by themselves.
func (s *Store) FileJobs(ctx context.Context, before int64, limit int) ([]Job, error) {
	return s.jobs(ctx, "j.n < ? AND NOT EXISTS (SELECT 1 FROM catalogue_screening c WHERE c.job = j.id)", before, limit)
}

func (s *Store) jobs(ctx context.Context, where string, before int64, limit int) (list []Job, err error) {
	err = s.rows(ctx, "SELECT "+jobColumns+" WHERE "+where+" ORDER BY j.n DESC LIMIT ?", []any{before, limit}, func(rows *sql.Rows) error {
		j, err := scanJob(rows)
		list = append(list, j)
		return err
	})
	return list, err
}

// PutJob records a job and hands it to the queue in the same transaction; ID, N, RecordedAt and State are filled in.
func (tx *Tx) PutJob(j *Job) (err error) {
	j.ID, j.RecordedAt = NewID(), stamp(tx.At)
	j.N, err = tx.Log(Entry{Who: j.RecordedBy, Kind: kindJob, Subject: j.ID, Digest: j.digest(), Note: j.Name})
	if err != nil {
		return err
	}
	err = tx.exec("INSERT INTO job (id, n, name, input, size, question, recorded_at, recorded_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		j.ID, j.N, j.Name, j.Input, j.Size, j.Question, j.RecordedAt, j.RecordedBy)
	if err == nil {
		j.State = Queued
		err = tx.putState(j, j.RecordedBy)
	}
	if err != nil {
		return err
	}
	if _, err = tx.s.queue.InsertTx(context.Background(), tx.tx, jobArgs{j.ID}, nil); err != nil {
		return err
	}
	return tx.wrote(1)
}

// SetJob records a new state of a job, unless it has ended meanwhile: then the job becomes what it is, and nothing is recorded.
func (tx *Tx) SetJob(j *Job, by string) error {
	now, err := scanJob(tx.query("SELECT "+jobColumns+" WHERE j.id = ?", j.ID))
	if err != nil {
		return err
	}
	if now.Ended() {
		*j = now
		return nil
	}
	if j.Ended() {
		if _, err := tx.Log(Entry{Who: by, Kind: "job." + j.State, Subject: j.ID, Digest: j.Result}); err != nil {
			return err
		}
	}
	return tx.putState(j, by)
}

func (tx *Tx) putState(j *Job, by string) error {
	j.ChangedAt = stamp(tx.At)
	return tx.exec(`INSERT INTO job_state (job, version, state, result, summary, problem, recorded_at, recorded_by)
		VALUES (?, (SELECT COALESCE(MAX(version), 0) + 1 FROM job_state WHERE job = ?), ?, ?, ?, ?, ?, ?)`,
		j.ID, j.ID, j.State, j.Result, j.Summary, j.Problem, j.ChangedAt, by)
}

// jobArgs is what the queue keeps of a job.
type jobArgs struct {
	ID string `json:"id"`
}

// Kind names the jobs in the queue.
func (jobArgs) Kind() string { return "screen" }

// Doing does the job of an id. An error has it tried again later, unless this was the last try.
type Doing func(ctx context.Context, id string, last bool) error

// worker does the jobs of the queue.
type worker struct {
	river.WorkerDefaults[jobArgs]
	do Doing
}

// Work does one job. One that is given up since the process stops has not failed: it is done again at the next start.
func (w *worker) Work(ctx context.Context, job *river.Job[jobArgs]) error {
	err := w.do(ctx, job.Args.ID, job.Attempt >= job.MaxAttempts)
	if err != nil && ctx.Err() != nil {
		return river.JobSnooze(0)
	}
	return err
}

// Timeout is none: a large file takes as long as it takes.
func (w *worker) Timeout(*river.Job[jobArgs]) time.Duration { return -1 }

// openQueue brings the tables of the queue up to date.
func (s *Store) openQueue(ctx context.Context) error {
	m, err := rivermigrate.New(s.driver(s.db), nil)
	if err != nil {
		return err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("the tables of the queue: %w", err)
	}
	s.queue, err = river.NewClient(s.driver(s.db), &river.Config{Logger: slog.New(slog.DiscardHandler)}) // it only inserts
	return err
}

func (s *Store) driver(db *sql.DB) riverdriver.Driver[*sql.Tx] {
	if s.postgres() {
		return riverdatabasesql.New(db)
	}
	return riversqlite.New(db)
}

// rescueAfter is how long a job of another process may seem to run before it counts as left behind.
const rescueAfter = 24 * time.Hour

// Work does queued jobs one at a time, and makes deliveries beside them, until the context ends, and returns when the last is done or given up. What was
// running when the process named by instance died is done again. The name must be the same at each start and no other process's.
func (s *Store) Work(ctx context.Context, instance string, log *slog.Logger, do Doing, deliver Delivering) error {
	db := s.db
	if !s.postgres() { // the queue wants a connection of its own
		var err error
		if db, err = sql.Open("sqlite", s.name); err != nil {
			return err
		}
		db.SetMaxOpenConns(1)
		defer db.Close()
	}
	if err := s.takeBack(ctx, instance); err != nil {
		return err
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{do: do})
	river.AddWorker(workers, &courier{deliver: deliver})
	client, err := river.NewClient(s.driver(db), &river.Config{
		ID: instance, Logger: quietly(log), Workers: workers, Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 1}, deliveryQueue: {MaxWorkers: couriers}},
		JobTimeout: -1, RescueStuckJobsAfter: rescueAfter, MaxAttempts: maxAttempts, FetchPollInterval: lookEvery,
	})
	if err != nil {
		return err
	}
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	<-ctx.Done()
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	if err := client.StopAndCancel(patience); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

const (
	maxAttempts = 5 // of a job that fails for a reason outside its file
	couriers    = 4 // at once: who answers slowly does not hold up the others
	stopWithin  = 10 * time.Second
	lookEvery   = 250 * time.Millisecond // for queued jobs: somebody waits for a small file
)

// takeBack makes jobs that this instance left running ready to be done again.
func (s *Store) takeBack(ctx context.Context, instance string) error {
	_, err := s.db.ExecContext(ctx, s.numbered(`UPDATE river_job SET state = 'available' WHERE state = 'running' AND CAST(attempted_by AS TEXT) LIKE ?`), "%"+instance+"%")
	return err
}

// quietly drops what the queue says when all is well.
func quietly(log *slog.Logger) *slog.Logger { return slog.New(warnings{log.Handler()}) }

// warnings is a handler of warnings and errors only, and not of what ends with the process.
type warnings struct{ slog.Handler }

// Enabled says which are handled.
func (h warnings) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelWarn }

// Handle leaves out jobs that were given up because the process stops: they are taken back at the next start.
func (h warnings) Handle(ctx context.Context, r slog.Record) error {
	if strings.Contains(r.Message, "context canceled") {
		return nil
	}
	return h.Handler.Handle(ctx, r)
}
