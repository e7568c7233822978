package fleet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// Worker answers shards. Its methods may be called by several goroutines; each is then at one shard.
type Worker struct {
	Name   string // in the record: who did it
	Stamp  string // of its version and law
	Queue  Queue
	Record Record
	Blobs  Blobs
	Clock  Clock

	// Answer answers a shard: it writes the rows and gives what was counted in them. An error is the shard's own and would come again.
	Answer func(text []byte, rows io.Writer) (counts []byte, err error)

	Tries   int           // a shard that was begun so often, and never ended, is set aside
	Overdue time.Duration // after which an open shard is called again when there are no calls
	Beat    time.Duration // between signs of life while at a shard; zero: none are given
	Said    func(error)   // told of troubles on the way; nil: nobody is
}

// Bounds that suit. A worker that is killed once a second is seldom at the same shard again, so many tries mean that the shard kills.
const (
	Tries   = 20
	Overdue = time.Minute
	Beat    = 5 * time.Second
)

// goneTries is how often an input must be looked for in vain before it is taken for gone: a node of a broker that has only come back lacks what the others
// have.
const goneTries = 5

// grace is how long a worker that is told to stop may be at its shard; after that the shard is left to others.
const grace = 20 * time.Second

// Work answers shards until the context ends; then it brings the shard that it is at to an end. The error says that the worker lacks a right.
func (w *Worker) Work(ctx context.Context) error {
	for failures := 0; ctx.Err() == nil; {
		switch err := w.Step(ctx); {
		case err == nil:
			failures = 0
		case lacksRight(err):
			return err
		case ctx.Err() == nil:
			w.say(err)
			failures++
			_ = w.Clock.Sleep(ctx, pause(failures)) // the loop ends with the context
		}
	}
	return nil
}

// Step waits for one call and follows it, or looks after calls that were lost.
func (w *Worker) Step(ctx context.Context) error {
	c, err := w.Queue.Next(ctx, w.Stamp)
	switch {
	case err != nil:
		return fmt.Errorf("waiting for a shard: %w", err)
	case c == nil:
		return w.tend(ctx)
	}
	ctx, end := w.beyond(ctx)
	defer end()
	stop := w.beat(ctx, c)
	err = w.shard(ctx, c.Shard())
	stop()
	if err != nil {
		return errors.Join(fmt.Errorf("shard %.12s: %w", c.Shard(), err), c.Later(ctx, time.Second))
	}
	return c.Done(ctx) // where that is lost the call comes again, and finds the shard ended
}

// beyond gives a context that ends a while after another.
func (w *Worker) beyond(ctx context.Context) (context.Context, func()) {
	later, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		_ = w.Clock.Sleep(later, grace) // it fails where the shard is done
		cancel()
	})
	return later, func() {
		stop()
		cancel()
	}
}

// shard answers a shard and records it. An error means that it is to be tried again.
func (w *Worker) shard(ctx context.Context, name string) error {
	if !isName(name) {
		w.say(fmt.Errorf("a call to %.80q is passed over: %w", name, errNoName))
		return nil
	}
	s, wanted, err := w.Record.Begin(ctx, name)
	if err != nil || !wanted {
		return unlessNone(err)
	}
	if s.Begun > w.Tries {
		return w.Record.SetAside(ctx, name, fmt.Sprintf("%d workers began it and none came to an end; it may take more memory than they have", w.Tries), w.Name)
	}
	err = w.begun(ctx, name, s.Begun)
	if err != nil && !errors.Is(err, ErrGone) { // a broker or a database that is away says nothing about the shard
		err = errors.Join(err, w.Record.Leave(ctx, name))
	}
	return err
}

// begun does a shard that has been begun so often.
func (w *Worker) begun(ctx context.Context, name string, times int) error {
	data, err := w.Blobs.Get(ctx, name)
	if errors.Is(err, ErrGone) && times >= goneTries {
		return w.Record.SetAside(ctx, name, "its input is gone: "+err.Error(), w.Name)
	}
	if err != nil {
		return err
	}
	if digest(data) != name {
		return fmt.Errorf("its input is not what was submitted: %w", errors.Join(errDamaged, w.Blobs.Drop(ctx, name)))
	}
	space := texts.Get().(*[]byte)
	defer texts.Put(space)
	if *space, err = unpack(*space, data); err == nil {
		data, err = packAnswer(func(rows io.Writer) ([]byte, error) { return w.answer(*space, rows) })
	}
	if err != nil {
		return w.Record.SetAside(ctx, name, err.Error(), w.Name)
	}
	result := digest(data)
	if err := w.Blobs.Put(ctx, result, data); err != nil {
		return err
	}
	return w.Record.Finish(ctx, name, result, w.Name)
}

// texts are for shards that are being answered.
var texts = sync.Pool{New: func() any { return new([]byte) }}

// answer answers, and takes a fault of the program for the shard's own.
func (w *Worker) answer(text []byte, rows io.Writer) (counts []byte, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("a fault of the program: %v", v)
		}
	}()
	return w.Answer(text, rows)
}

// tend calls workers again to shards that nobody seems to be at: their calls were lost.
func (w *Worker) tend(ctx context.Context) error {
	before := w.Clock.Now().Add(-w.Overdue)
	names, err := w.Record.Overdue(ctx, w.Stamp, before, tended)
	if err != nil {
		return err
	}
	for _, name := range names {
		mine, err := w.Record.Call(ctx, name, before)
		if err == nil && mine {
			err = w.Queue.Publish(ctx, w.Stamp, name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// tended bounds the calls that are made again at a time.
const tended = 100

// beat says now and then that the worker lives, so that nobody else is called.
func (w *Worker) beat(ctx context.Context, c Call) (stop func()) {
	if w.Beat == 0 {
		return func() {}
	}
	ctx, stop = context.WithCancel(ctx)
	go func() {
		for w.Clock.Sleep(ctx, w.Beat) == nil {
			_, err := w.Record.Call(ctx, c.Shard(), w.Clock.Now())
			if err = errors.Join(err, c.Working(ctx)); err != nil && ctx.Err() == nil {
				w.say(err) // at worst another worker answers the shard as well
			}
		}
	}()
	return stop
}

func (w *Worker) say(err error) {
	if w.Said != nil {
		w.Said(err)
	}
}

// Pool answers some shards at a time until the context ends, or until a right is lacking.
func (w *Worker) Pool(ctx context.Context, n int) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	var working sync.WaitGroup
	for range n {
		working.Go(func() {
			if err := w.Work(ctx); err != nil {
				end(err)
			}
		})
	}
	working.Wait()
	if err := context.Cause(ctx); lacksRight(err) {
		return err
	}
	return nil
}
