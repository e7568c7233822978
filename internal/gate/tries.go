package gate

import (
	"sync"
	"sync/atomic"
	"time"
)

// Bounds on failed sign-ins.
const (
	maxFailures = 10
	forget      = 15 * time.Minute
	maxWatched  = 20_000 // names and addresses watched at once; beyond it half are forgotten
)

// tries counts failed sign-ins by login and by address.
type tries struct {
	mu    sync.Mutex
	now   func() time.Time
	since map[string]*failures
	total atomic.Int64
}

// failures are those of one name within a stretch of time.
type failures struct {
	from time.Time
	n    int
}

func newTries(now func() time.Time) *tries { return &tries{now: now, since: map[string]*failures{}} }

// allowed says whether none of the names has failed too often of late.
func (t *tries) allowed(names ...string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, name := range names {
		if f := t.since[name]; f != nil && t.now().Sub(f.from) < forget && f.n >= maxFailures {
			return false
		}
	}
	return true
}

func (t *tries) failed(names ...string) {
	t.total.Add(1)
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	if len(t.since) > maxWatched {
		for name := range t.since { // half at once, so that it is seldom done
			if delete(t.since, name); len(t.since) <= maxWatched/2 {
				break
			}
		}
	}
	for _, name := range names {
		f := t.since[name]
		if f == nil || now.Sub(f.from) >= forget {
			f = &failures{from: now}
			t.since[name] = f
		}
		f.n++
	}
}
