package fleet

import (
	"context"
	"slices"
	"sync"
	"time"

	"lodestone/internal/app"
)

// Memory is a queue, a record and a store in the memory of one process: what a pool of workers in the process itself needs, and no more outlives it.
type Memory struct {
	Clock Clock

	mu     sync.Mutex
	runs   map[string]*memoryRun
	shards map[string]*memoryShard
	blobs  map[string][]byte
	calls  map[string][]string // by stamp
	called chan struct{}       // closed when there is a new call
}

type memoryRun struct {
	app.FleetRun
	parts []string
}

type memoryShard struct {
	app.FleetShard
	called, ended time.Time
	runs          []string
}

// NewMemory makes an empty one.
func NewMemory(c Clock) *Memory {
	return &Memory{Clock: c, runs: map[string]*memoryRun{}, shards: map[string]*memoryShard{}, blobs: map[string][]byte{}, calls: map[string][]string{},
		called: make(chan struct{})}
}

// AddRun is of Record.
func (m *Memory) AddRun(_ context.Context, r app.FleetRun) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.runs[r.ID] == nil {
		r.State = app.RunCutting
		m.runs[r.ID] = &memoryRun{FleetRun: r}
	}
	return nil
}

// Cut is of Record.
func (m *Memory) Cut(_ context.Context, run string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r := m.runs[run]; r != nil && r.State == app.RunCutting {
		r.State = app.RunCut
	}
	return nil
}

// Cancel is of Record.
func (m *Memory) Cancel(_ context.Context, run string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r := m.runs[run]; r != nil {
		r.State = app.RunCancelled
	}
	return nil
}

// Run is of Record.
func (m *Memory) Run(_ context.Context, id string) (app.FleetRun, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r := m.runs[id]; r != nil {
		return r.FleetRun, nil
	}
	return app.FleetRun{}, app.ErrNoShard
}

// Shard is of Record.
func (m *Memory) Shard(_ context.Context, name string) (app.FleetShard, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s := m.shards[name]; s != nil {
		return s.FleetShard, nil
	}
	return app.FleetShard{}, app.ErrNoShard
}

// AddPart is of Record.
func (m *Memory) AddPart(_ context.Context, run string, n int, s app.FleetShard, again bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	known := m.shards[s.Name]
	if known == nil {
		known = &memoryShard{}
		m.shards[s.Name] = known
		again = true
	}
	if again {
		s.State, s.Begun, s.Result, s.Problem = app.ShardOpen, 0, "", ""
		known.FleetShard, known.called = s, m.Clock.Now()
	}
	if r := m.runs[run]; n == len(r.parts) {
		r.parts = append(r.parts, s.Name)
		if !slices.Contains(known.runs, run) {
			known.runs = append(known.runs, run)
		}
	}
	return nil
}

// Parts is of Record.
func (m *Memory) Parts(_ context.Context, run string, n, limit int) (list []app.FleetShard, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.runs[run]
	if r == nil || n >= len(r.parts) {
		return nil, nil
	}
	for _, name := range r.parts[n:min(n+limit, len(r.parts))] {
		list = append(list, m.shards[name].FleetShard)
	}
	return list, nil
}

// Count is of Record.
func (m *Memory) Count(_ context.Context, run string, since time.Time) (c app.FleetCount, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.runs[run]
	if r == nil {
		return c, nil
	}
	for _, name := range r.parts {
		s := m.shards[name]
		c.Shards++
		c.Rows += s.Rows
		switch s.State {
		case app.ShardOpen:
			continue
		case app.ShardDone:
			c.Done++
		case app.ShardSetAside:
			c.SetAside++
		}
		c.DoneRows += s.Rows
		if !s.ended.Before(since) {
			c.Lately += s.Rows
		}
	}
	return c, nil
}

// wanted says whether a run that is not cancelled holds a shard.
func (m *Memory) wanted(s *memoryShard) bool {
	return slices.ContainsFunc(s.runs, func(run string) bool { return m.runs[run].State != app.RunCancelled })
}

// Begin is of Record.
func (m *Memory) Begin(_ context.Context, name string) (app.FleetShard, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.shards[name]
	if s == nil {
		return app.FleetShard{}, false, app.ErrNoShard
	}
	if s.State != app.ShardOpen || !m.wanted(s) {
		return s.FleetShard, false, nil
	}
	s.Begun++
	s.called = m.Clock.Now()
	return s.FleetShard, true, nil
}

// Leave is of Record.
func (m *Memory) Leave(_ context.Context, name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s := m.shards[name]; s != nil && s.State == app.ShardOpen && s.Begun > 0 {
		s.Begun--
	}
	return nil
}

// end ends an open shard.
func (m *Memory) end(name, state, result, problem string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s := m.shards[name]; s != nil && s.State == app.ShardOpen {
		s.State, s.Result, s.Problem, s.ended = state, result, problem, m.Clock.Now()
	}
	return nil
}

// Finish is of Record.
func (m *Memory) Finish(_ context.Context, name, result, _ string) error {
	return m.end(name, app.ShardDone, result, "")
}

// SetAside is of Record.
func (m *Memory) SetAside(_ context.Context, name, problem, _ string) error {
	return m.end(name, app.ShardSetAside, "", problem)
}

// Call is of Record.
func (m *Memory) Call(_ context.Context, name string, before time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.shards[name]
	if s == nil || s.State != app.ShardOpen || !s.called.Before(before) {
		return false, nil
	}
	s.called = m.Clock.Now()
	return true, nil
}

// Overdue is of Record.
func (m *Memory) Overdue(_ context.Context, stamp string, before time.Time, limit int) (names []string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, s := range m.shards {
		if s.Stamp == stamp && s.State == app.ShardOpen && s.called.Before(before) && m.wanted(s) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names[:min(limit, len(names))], nil
}

// Put is of Blobs.
func (m *Memory) Put(_ context.Context, name string, data []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.blobs[name] = data
	return nil
}

// Get is of Blobs.
func (m *Memory) Get(_ context.Context, name string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if data, ok := m.blobs[name]; ok {
		return data, nil
	}
	return nil, ErrGone
}

// Has is of Blobs.
func (m *Memory) Has(_ context.Context, name string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, ok := m.blobs[name]
	return ok, nil
}

// Drop is of Blobs.
func (m *Memory) Drop(_ context.Context, name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.blobs, name)
	return nil
}

// Publish is of Queue.
func (m *Memory) Publish(_ context.Context, stamp, shard string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls[stamp] = append(m.calls[stamp], shard)
	close(m.called)
	m.called = make(chan struct{})
	return nil
}

// Next is of Queue.
func (m *Memory) Next(ctx context.Context, stamp string) (Call, error) {
	patience, cancel := context.WithTimeout(ctx, idle)
	defer cancel()
	for {
		m.mu.Lock()
		list, called := m.calls[stamp], m.called
		if len(list) > 0 {
			m.calls[stamp] = list[1:]
			m.mu.Unlock()
			return &memoryCall{m, stamp, list[0]}, nil
		}
		m.mu.Unlock()
		select {
		case <-called:
		case <-patience.Done():
			return nil, ctx.Err()
		}
	}
}

// idle is how long a worker waits for a call before it looks after lost ones.
const idle = 2 * time.Second

// memoryCall is a call that was taken off the queue: no other worker has it, and none dies alone.
type memoryCall struct {
	m            *Memory
	stamp, shard string
}

// Shard is of Call.
func (c *memoryCall) Shard() string { return c.shard }

// Done is of Call.
func (c *memoryCall) Done(context.Context) error { return nil }

// Working is of Call.
func (c *memoryCall) Working(context.Context) error { return nil }

// Later is of Call.
func (c *memoryCall) Later(ctx context.Context, _ time.Duration) error {
	return c.m.Publish(ctx, c.stamp, c.shard)
}
