package app

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestTurns(t *testing.T) {
	var working, most atomic.Int64
	var o others
	x := &turns{make(chan struct{}, 2), &o}
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			x.do(func() {
				if n := working.Add(1); n > most.Load() {
					most.Store(n)
				}
				time.Sleep(time.Millisecond)
				working.Add(-1)
			})
		})
	}
	wait.Wait()
	if n := most.Load(); n != 2 || x.atOnce() != 2 {
		t.Errorf("%d worked at once, of %d", n, x.atOnce())
	}
	const work = 20 * time.Millisecond
	took := func(others int64) time.Duration {
		from := time.Now()
		x.do(func() {
			time.Sleep(work)
			o.asked.Add(others)
		})
		return time.Since(from)
	}
	if d := took(1); d < work+work/4 {
		t.Errorf("it did not rest while others asked: %v for %v of work", d, work)
	}
	if o.rest() != resting {
		t.Errorf("rests for %v of its work while nobody waits", o.rest())
	}
	for range 100 {
		o.answered(2 * usualWait)
	}
	if r := o.rest(); r < 1.9*resting || r > 2*resting {
		t.Errorf("rests for %v of its work where questions take twice as long as usual", r)
	}
	for range 100 {
		o.answered(time.Minute)
	}
	if o.rest() != restingMost {
		t.Errorf("rests for %v of its work where questions take a minute", o.rest())
	}
	var none *turns
	done := false
	if none.do(func() { done = true }); !done || none.atOnce() < 1 {
		t.Error("without turns nothing is done")
	}
}
