package fleet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"lodestone/internal/app"
)

// Coordinator submits runs and puts their answers together. One coordinator serves one run.
type Coordinator struct {
	Queue  Queue
	Record Record
	Blobs  Blobs
	Clock  Clock

	// Window bounds the shards that wait: of a run that is fetched meanwhile (Follows) those not yet fetched, of another those not yet answered.
	Window   int
	Follows  bool
	Drops    bool          // what is fetched is of no use to anybody else: drop it
	Patience time.Duration // how long database and broker may be away
	Said     func(error)   // told of troubles on the way; nil: nobody is

	taken atomic.Int64 // shards fetched
	space []byte       // for the text that is being given out
}

// Bounds that suit.
const (
	Window   = 1000
	Patience = 10 * time.Minute
)

// Output takes the answers of a run in the order of its input.
type Output interface {
	// Add takes the answer to the next shard: what was counted in it, and its rows.
	Add(counts []byte, rows io.WriterTo) error
	// Refuse takes the next shard, which could not be answered.
	Refuse(shard []byte, why string) error
}

// Submit records a run and calls workers to its shards, which cut gives one after another. Shards that are answered already are not answered again.
func (c *Coordinator) Submit(ctx context.Context, run app.FleetRun, cut func(give func(app.Shard) error) error) error {
	err := c.try(ctx, "recording the run", func() error { return c.Record.AddRun(ctx, run) })
	if err != nil {
		return err
	}
	n := 0
	err = cut(func(s app.Shard) error {
		if err := c.room(ctx, run.ID, n); err != nil {
			return err
		}
		err := c.part(ctx, run, n, s)
		n++
		return err
	})
	if err != nil {
		return err
	}
	return c.try(ctx, "recording the run", func() error { return c.Record.Cut(ctx, run.ID) })
}

// part submits shard n of a run. The input is there before the record says so, and the record before a worker is called.
func (c *Coordinator) part(ctx context.Context, run app.FleetRun, n int, s app.Shard) error {
	data, err := pack(s.Write)
	if err != nil {
		return err
	}
	shard := app.FleetShard{Name: digest(data), Stamp: run.Stamp, Rows: s.Rows}
	var known app.FleetShard
	answered := false
	err = c.try(ctx, "looking a shard up", func() (err error) {
		known, err = c.Record.Shard(ctx, shard.Name)
		if err == nil && known.State == app.ShardDone {
			answered, err = c.Blobs.Has(ctx, known.Result)
		}
		return unlessNone(err)
	})
	if err == nil && !answered {
		err = c.try(ctx, "storing a shard", func() error { return c.Blobs.Put(ctx, shard.Name, data) })
	}
	again := !answered && (known.State == app.ShardDone || known.State == app.ShardSetAside)
	if err == nil {
		err = c.try(ctx, "recording a shard", func() error { return c.Record.AddPart(ctx, run.ID, n, shard, again) })
	}
	if err == nil && !answered {
		err = c.try(ctx, "calling a worker", func() error { return c.Queue.Publish(ctx, run.Stamp, shard.Name) })
	}
	return err
}

// room waits until shard n of a run may be submitted.
func (c *Coordinator) room(ctx context.Context, run string, n int) error {
	for wait := shortest; n >= c.Window; wait = min(2*wait, longest) {
		if c.Follows {
			if n-int(c.taken.Load()) < c.Window {
				return nil
			}
		} else {
			var count app.FleetCount
			err := c.try(ctx, "counting shards", func() (err error) {
				count, err = c.Record.Count(ctx, run, c.Clock.Now())
				return err
			})
			if err != nil || n-count.Done-count.SetAside < c.Window {
				return err
			}
		}
		if err := c.Clock.Sleep(ctx, wait); err != nil {
			return err
		}
	}
	return nil
}

// Waits between looks at a record in which nothing new stands.
const (
	shortest = 2 * time.Millisecond
	longest  = 250 * time.Millisecond
)

// ErrCancelled says that a run was cancelled.
var ErrCancelled = errors.New("the run was cancelled")

// Fetch gives the answers of a run to out, in the order of its input and as soon as they are there, and returns after the last.
func (c *Coordinator) Fetch(ctx context.Context, id string, out Output) error {
	wait := shortest
	for n := 0; ; {
		var run app.FleetRun
		var parts []app.FleetShard
		err := c.try(ctx, "looking at the run", func() (err error) {
			if run, err = c.Record.Run(ctx, id); err == nil { // before the shards: where it is cut, they are all
				parts, err = c.Record.Parts(ctx, id, n, page)
			}
			return err
		})
		switch {
		case err != nil:
			return err
		case run.State == app.RunCancelled:
			return ErrCancelled
		case run.State == app.RunCut && len(parts) == 0:
			return nil
		}
		from := n
		for _, s := range parts {
			if s.State == app.ShardOpen {
				break
			}
			if err := c.take(ctx, n, s, out); err != nil {
				return err
			}
			n++
			c.taken.Add(1)
		}
		if n > from {
			wait = shortest
			continue
		}
		if err := c.Clock.Sleep(ctx, wait); err != nil {
			return err
		}
		wait = min(2*wait, longest)
	}
}

// page bounds the shards that are looked at together.
const page = 32

// take gives shard n, which has ended, to out.
func (c *Coordinator) take(ctx context.Context, n int, s app.FleetShard, out Output) error {
	name := s.Result
	if s.State == app.ShardSetAside {
		name = s.Name
	}
	data, err := c.get(ctx, name)
	switch {
	case errors.Is(err, ErrGone):
		return fmt.Errorf("shard %d of the run: %w; submit the same files again: what is still there is not answered again", n+1, err)
	case err != nil:
		return err
	case s.State == app.ShardSetAside:
		if c.space, err = unpack(c.space, data); err != nil {
			return fmt.Errorf("shard %d of the run: %w", n+1, err)
		}
		return out.Refuse(c.space, s.Problem)
	}
	counts, r, err := unpackAnswer(c.space, data)
	if err == nil {
		err = out.Add(counts, r)
		c.space = r.space
	}
	if err != nil {
		return fmt.Errorf("shard %d of the run: %w", n+1, err)
	}
	if c.Drops {
		return errors.Join(c.Blobs.Drop(ctx, s.Name), c.Blobs.Drop(ctx, s.Result))
	}
	return nil
}

// get gets a blob that was stored. One that is damaged is of no use to anybody; dropped, it is made again when the same is submitted.
func (c *Coordinator) get(ctx context.Context, name string) (data []byte, err error) {
	for n := range goneTries {
		err = c.try(ctx, "fetching a result", func() (err error) {
			data, err = c.Blobs.Get(ctx, name)
			return err
		})
		if !errors.Is(err, ErrGone) || c.Clock.Sleep(ctx, pause(n)) != nil {
			break
		}
	}
	if err == nil && digest(data) != name {
		err = errors.Join(errDamaged, ErrGone, c.Blobs.Drop(ctx, name))
	}
	return data, err
}

// try does something that rests on the database or the broker until it succeeds, or until they have been away for too long. What is not there, or not
// allowed, does not come by waiting.
func (c *Coordinator) try(ctx context.Context, what string, do func() error) error {
	from := c.Clock.Now()
	for n := 0; ; n++ {
		err := do()
		if err == nil || errors.Is(err, ErrGone) || errors.Is(err, app.ErrNoShard) {
			return err
		}
		if err = fmt.Errorf("%s: %w", what, err); ctx.Err() != nil || lacksRight(err) || c.Clock.Now().Sub(from) >= c.Patience {
			return err
		}
		if c.Said != nil && n > 0 {
			c.Said(err)
		}
		if c.Clock.Sleep(ctx, pause(n)) != nil {
			return err
		}
	}
}

// lacksRight says that broker or database do not let their user do something.
func lacksRight(err error) bool { return errors.Is(err, ErrRefused) || errors.Is(err, app.ErrDenied) }

// unlessNone is an error other than that there is none.
func unlessNone(err error) error {
	if errors.Is(err, app.ErrNoShard) {
		return nil
	}
	return err
}
