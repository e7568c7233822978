// Package fleet answers one screening with many workers, so that the output is the bytes of one process.
//
// A Coordinator cuts the input into shards, records them, and calls workers to them; a Worker answers one shard after another; the Coordinator puts the
// answers together in the order of the input. The record, an SQL database, is the only one that knows what is done. A shard is named by the digest of its
// rows and of all that its answer follows from, so it may be called, begun and finished any number of times and the bytes are the same: a message that is
// lost is sent again, one that comes twice finds the shard done, a worker that dies costs the shards it was at. What is said here rests on four small
// interfaces, Queue, Record, Blobs and Clock; the test that runs ten thousand schedules of faults and the program use the same code above them.
//
// Limits: the answers to structures of parts rest on whole products, so products that share parts are one shard however large it is.
package fleet

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"lodestone/internal/app"
)

// Record is where all that is known of runs and shards stands.
type Record interface {
	// AddRun records a run whose input is being cut, Cut that all of it is cut, Cancel that nobody wants it any more.
	AddRun(ctx context.Context, r app.FleetRun) error
	Cut(ctx context.Context, run string) error
	Cancel(ctx context.Context, run string) error
	// Run gives a run, or app.ErrNoShard.
	Run(ctx context.Context, id string) (app.FleetRun, error)

	// Shard gives a shard, or app.ErrNoShard.
	Shard(ctx context.Context, name string) (app.FleetShard, error)
	// AddPart records shard n of a run. A shard that is known already is left as it is; with again it is opened again.
	AddPart(ctx context.Context, run string, n int, s app.FleetShard, again bool) error
	// Parts lists the shards of a run from number n on, in order.
	Parts(ctx context.Context, run string, n, limit int) ([]app.FleetShard, error)
	// Count says how far a run is, and how many rows were done since a time.
	Count(ctx context.Context, run string, since time.Time) (app.FleetCount, error)

	// Begin records that a worker begins a shard. One that has ended, or that only cancelled runs hold, is not wanted.
	Begin(ctx context.Context, name string) (s app.FleetShard, wanted bool, err error)
	// Leave takes a beginning back: what kept the worker from the end was not the shard.
	Leave(ctx context.Context, name string) error
	// Finish and SetAside end an open shard; of one that has ended they change nothing.
	Finish(ctx context.Context, name, result, worker string) error
	SetAside(ctx context.Context, name, problem, worker string) error
	// Call notes that workers are called to an open shard, unless somebody has called them since a time.
	Call(ctx context.Context, name string, before time.Time) (bool, error)
	// Overdue lists the open shards of a stamp to which nobody was called since a time.
	Overdue(ctx context.Context, stamp string, before time.Time, limit int) ([]string, error)
}

// Queue calls workers to shards: each call reaches one of them, is made again until it is done with, and may come twice or be lost.
type Queue interface {
	Publish(ctx context.Context, stamp, shard string) error
	// Next waits a while for a call to workers of a stamp; nil: none came.
	Next(ctx context.Context, stamp string) (Call, error)
}

// Call is a call to a shard.
type Call interface {
	Shard() string
	Done(ctx context.Context) error                       // it need not be made again
	Later(ctx context.Context, after time.Duration) error // make it again
	Working(ctx context.Context) error                    // do not make it again yet
}

// Blobs keeps inputs and results.
type Blobs interface {
	Put(ctx context.Context, name string, data []byte) error
	// Get gives a blob, or ErrGone.
	Get(ctx context.Context, name string) ([]byte, error)
	Has(ctx context.Context, name string) (bool, error)
	Drop(ctx context.Context, name string) error
}

// ErrGone says that a blob is not there.
var ErrGone = errors.New("it is not in the store of inputs and results")

// Clock is the time.
type Clock interface {
	Now() time.Time
	// Sleep waits; it fails only when the context ends.
	Sleep(ctx context.Context, d time.Duration) error
}

// Stamp is what a worker must be of to answer the shards of a run: a version of the program and a revision of the law.
func Stamp(version, revision string) string { return digest([]byte(version + "\n" + revision))[:16] }

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// isName says whether a text can be the name of a shard or of a result: it is a digest. Names come from others, and become names of files.
func isName(name string) bool {
	if len(name) != hex.EncodedLen(sha256.Size) {
		return false
	}
	for _, c := range []byte(name) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// errNoName says that a text is not the name of a shard or a result.
var errNoName = errors.New("it is no digest, which names of shards and results are")

// pause says how long to wait after the n-th failure in a row.
func pause(n int) time.Duration { return min(50*time.Millisecond<<min(n, 10), 5*time.Second) }
