package fleet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"lodestone/internal/app"
	"lodestone/internal/law"
	"lodestone/internal/report"
)

// Fleet is what a screening by many workers rests on, and the workers of this process.
type Fleet struct {
	Queue   Queue
	Record  Record
	Blobs   Blobs
	Clock   Clock
	Book    *law.Book
	Version string      // of the program
	Workers int         // goroutines that answer shards in this process; zero: other processes do
	Rows    int         // most rows of a shard; zero: ShardRows
	Drops   bool        // nobody else wants the results
	Said    func(error) // told of troubles on the way; nil: nobody is
}

// Rows of a shard.
const (
	ShardRows = 10_000 // where nothing else is said
	leastRows = 500
	mostRows  = 10_000
)

// CheckRows says whether shards may have so many rows: fewer make more messages than answers, more cost too much when a worker is lost.
func CheckRows(n int) error {
	if n != 0 && (n < leastRows || n > mostRows) {
		return fmt.Errorf("a shard has %d to %d rows, not %d", leastRows, mostRows, n)
	}
	return nil
}

func (f *Fleet) stamp() string { return Stamp(f.Version, f.Book.Revision) }

func (f *Fleet) coordinator(follows bool) *Coordinator {
	c := &Coordinator{Queue: f.Queue, Record: f.Record, Blobs: f.Blobs, Clock: f.Clock, Window: Window, Follows: follows, Drops: f.Drops, Patience: Patience,
		Said: f.Said}
	if f.Workers > 0 && follows { // what waits is in the memory of this process
		c.Window = 8 * f.Workers
	}
	return c
}

// begin makes a run of an input.
func (f *Fleet) begin(in *app.ShardInput) (app.FleetRun, app.ShardQuestion, error) {
	q, err := in.Question(f.Version)
	if err != nil {
		return app.FleetRun{}, q, err
	}
	text, err := json.Marshal(q)
	return app.FleetRun{ID: app.NewFleetID(), Name: in.Name(), Question: string(text), Stamp: f.stamp()}, q, err
}

func (f *Fleet) submit(ctx context.Context, c *Coordinator, run app.FleetRun, q app.ShardQuestion, in *app.ShardInput) error {
	rows := f.Rows
	if rows == 0 {
		rows = ShardRows
	}
	return c.Submit(ctx, run, func(give func(app.Shard) error) error { return in.Cut(q, rows, give) })
}

// Submit records an input as a run, which began is told of first, and calls workers to it. Where the workers are those of this process it returns when all is answered.
func (f *Fleet) Submit(ctx context.Context, in *app.ShardInput, began func(id string)) (id string, err error) {
	run, q, err := f.begin(in)
	if err != nil {
		return "", err
	}
	began(run.ID)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := f.work(ctx, cancel)
	defer stop()
	if err = f.submit(ctx, f.coordinator(false), run, q, in); err != nil || f.Workers == 0 {
		return run.ID, causeOf(ctx, err)
	}
	for {
		c, err := f.Record.Count(ctx, run.ID, f.Clock.Now())
		if err != nil || c.Done+c.SetAside == c.Shards {
			return run.ID, causeOf(ctx, err)
		}
		if err := f.Clock.Sleep(ctx, longest); err != nil {
			return run.ID, causeOf(ctx, err)
		}
	}
}

// causeOf is why a context ended where that is why something failed.
func causeOf(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return cause
	}
	return err
}

// Fetch prints the answers of a run, in the order of its input and as soon as they are there. refused is told of each refused row.
func (f *Fleet) Fetch(ctx context.Context, id string, w io.Writer, refused func(report.Reject), progress func(rows int)) (report.Summary, error) {
	run, err := f.Record.Run(ctx, id)
	if err != nil {
		return report.Summary{}, fmt.Errorf("run %s: %w", id, err)
	}
	var q app.ShardQuestion
	if err := json.Unmarshal([]byte(run.Question), &q); err != nil {
		return report.Summary{}, fmt.Errorf("run %s: %w", id, err)
	}
	return f.fetch(ctx, f.coordinator(false), id, &q, w, &app.Screening{Refused: refused, Progress: progress})
}

// fetch prints the answers of a run. What is told of rows besides is told to those who listen to a screening.
func (f *Fleet) fetch(ctx context.Context, c *Coordinator, id string, q *app.ShardQuestion, w io.Writer, told *app.Screening) (sum report.Summary, err error) {
	s, err := q.Screening(f.Book, f.Version)
	if err != nil {
		return sum, err
	}
	s.Refused, s.Progress, s.Asks = told.Refused, told.Progress, told.Asks
	out, err := s.Assemble(q, w)
	if err != nil {
		return sum, err
	}
	if err := c.Fetch(ctx, id, out); err != nil {
		return sum, err
	}
	return out.Close()
}

// Screen submits an input and prints its answers as they come: the bytes that the screening would print in one process.
func (f *Fleet) Screen(ctx context.Context, in *app.ShardInput, w io.Writer) (report.Summary, error) {
	run, q, err := f.begin(in)
	if err != nil {
		return report.Summary{}, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := f.work(ctx, cancel)
	defer stop()
	c := f.coordinator(true)
	if err := c.Record.AddRun(ctx, run); err != nil { // so that it is there to be fetched
		return report.Summary{}, err
	}
	submitted := make(chan struct{})
	go func() {
		defer close(submitted)
		if err := f.submit(ctx, c, run, q, in); err != nil {
			cancel(err)
		}
	}()
	sum, err := f.fetch(ctx, c, run.ID, &q, w, in.Screening)
	err = causeOf(ctx, err)
	cancel(err)
	<-submitted // it reads the input until then
	if err != nil {
		err = errors.Join(err, f.Record.Cancel(context.WithoutCancel(ctx), run.ID))
	}
	return sum, err
}

// work starts the workers of this process; stop waits for them to end. failed is told where they cannot go on.
func (f *Fleet) work(ctx context.Context, failed func(error)) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := f.Worker("in process").Pool(ctx, f.Workers); err != nil {
			failed(err)
		}
	}()
	return func() {
		cancel()
		<-ended
	}
}

// Worker is a worker of this program and law.
func (f *Fleet) Worker(name string) *Worker {
	answerer := &app.ShardAnswerer{Book: f.Book, Version: f.Version}
	return &Worker{Name: name, Stamp: f.stamp(), Queue: f.Queue, Record: f.Record, Blobs: f.Blobs, Clock: f.Clock, Answer: answerer.Answer, Tries: Tries,
		Overdue: Overdue, Beat: Beat, Said: f.Said}
}

// CheckStamp says whether there is anything for a worker of a version and law to do, or may come to be: it is refused where all runs want another.
func (f *Fleet) CheckStamp(waiting []app.FleetRun) error {
	for _, r := range waiting {
		if r.Stamp == f.stamp() {
			return nil
		}
	}
	if len(waiting) == 0 {
		return nil
	}
	var q app.ShardQuestion
	if err := json.Unmarshal([]byte(waiting[0].Question), &q); err != nil {
		return err
	}
	return fmt.Errorf("run %s wants version %s with the law %s; this is version %s with the law %s: start the same program with the same --law", waiting[0].ID,
		q.Version, q.Revision, f.Version, f.Book.Revision)
}
