package app

import (
	"runtime"
	"sync/atomic"
	"time"
)

// turns keep the goroutines of a job, those that read and write among them, from taking all processors: with every processor busy a request waits until
// one of their goroutines is interrupted, some ten milliseconds at each step of its way. While others ask, a job rests besides. Nil: no bound, as on the
// command line.
type turns struct {
	slots chan struct{} // held by whoever works
	asked *atomic.Int64 // counts what others ask
}

// resting is for how much of the time that it has worked a job rests while others ask.
const resting = 0.5

// turns are those of a job.
func (i *Instance) turns() *turns {
	return &turns{make(chan struct{}, max(1, runtime.GOMAXPROCS(0)-1)), &i.answerer.asked}
}

// atOnce is how many goroutines may answer.
func (t *turns) atOnce() int {
	if t == nil {
		return max(1, runtime.GOMAXPROCS(0))
	}
	return cap(t.slots)
}

// do works when it is its turn.
func (t *turns) do(work func()) {
	if t == nil {
		work()
		return
	}
	t.slots <- struct{}{}
	defer func() { <-t.slots }()
	asked, began := t.asked.Load(), time.Now()
	work()
	if t.asked.Load() != asked {
		time.Sleep(time.Duration(resting * float64(time.Since(began))))
	}
}
