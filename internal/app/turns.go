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
	slots  chan struct{} // held by whoever works
	others *others
}

// others are those who ask single questions.
type others struct {
	asked atomic.Int64 // questions so far
	wait  atomic.Int64 // how long the last ones took, in nanoseconds: each counts a sixteenth
}

// answered notes how long a question took.
func (o *others) answered(took time.Duration) {
	was := o.wait.Load()
	o.wait.Store(was + (int64(took)-was)/16) // that one of two at the same time is lost does no harm
}

// A job rests for half of the time that it has worked while others ask, and for longer where they wait longer: then somebody else wants the
// processors as well.
const (
	resting     = 0.5
	restingMost = 4
	usualWait   = 4 * time.Millisecond
)

// rest is for how much of the time that it has worked a job rests.
func (o *others) rest() float64 {
	return min(max(resting, resting*float64(o.wait.Load())/float64(usualWait)), restingMost)
}

// turns are those of a job.
func (i *Instance) turns() *turns {
	return &turns{make(chan struct{}, max(1, runtime.GOMAXPROCS(0)-1)), &i.answerer.others}
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
	asked, began := t.others.asked.Load(), time.Now()
	work()
	if t.others.asked.Load() != asked {
		time.Sleep(time.Duration(t.others.rest() * float64(time.Since(began))))
	}
}
