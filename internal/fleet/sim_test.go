package fleet

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"lodestone/internal/app"
)

// The simulation runs the coordinator and the workers of the program as coroutines on a clock of its own, with a queue, a record and a store that fail as
// their kind does. A seed decides which of them goes on at each step and what fails, so a schedule that breaks is run again with -seed N.

var (
	oneSeed   = flag.Uint64("seed", 0, "run one schedule of the simulation and print what happens in it")
	schedules = flag.Int("schedules", 10_000, "schedules of the simulation")
)

func TestNoScheduleLosesOrDoublesALine(t *testing.T) {
	if *oneSeed != 0 {
		if _, err := simulate(*oneSeed, t.Logf); err != nil {
			t.Fatal(err)
		}
		return
	}
	var all tally
	for seed := uint64(1); seed <= uint64(*schedules); seed++ {
		did, err := simulate(seed, nil)
		if err != nil {
			t.Fatalf("%v\nrun it again with: go test ./internal/fleet -run NoSchedule -v -seed %d", err, seed)
		}
		all.add(did)
	}
	t.Logf("measured: %d schedules, %s", *schedules, &all)
	// A simulation in which nothing goes wrong shows nothing.
	for what, n := range map[string]int{"lost": all.lost, "doubled": all.doubled, "delayed": all.delayed, "died": all.died, "failed": all.failed,
		"unanswered": all.unanswered, "again": all.again, "aside": all.aside} {
		if n < *schedules/20 {
			t.Errorf("only %d times in %d schedules: %s", n, *schedules, what)
		}
	}
}

// tally counts what befell.
type tally struct {
	lost, doubled, delayed int // calls
	failed, unanswered     int // statements that were not done, and that were done without an answer
	died                   int // processes
	again                  int // shards that were answered more than once
	aside                  int // shards set aside, as they should
}

func (a *tally) add(b tally) {
	a.lost, a.doubled, a.delayed = a.lost+b.lost, a.doubled+b.doubled, a.delayed+b.delayed
	a.failed, a.unanswered, a.died = a.failed+b.failed, a.unanswered+b.unanswered, a.died+b.died
	a.again, a.aside = a.again+b.again, a.aside+b.aside
}

func (a *tally) String() string {
	return fmt.Sprintf("%d calls lost, %d doubled, %d delayed; %d statements failed, %d succeeded unheard; %d processes died; %d answers made again, %d shards set aside",
		a.lost, a.doubled, a.delayed, a.failed, a.unanswered, a.died, a.again, a.aside)
}

// world is a schedule.
type world struct {
	*rand.Rand
	now     time.Time
	memory  *Memory
	calls   []*simCall
	procs   []*proc
	faults  int // still to come; without an end to them nothing would be shown
	likely  float64
	tries   int // of a shard before it is set aside
	tally   tally
	log     func(string, ...any)
	answers map[string]int // how often each shard was answered
	runs    int
	current string // run that is being submitted, or was; empty: its submitter died
	output  simOutput
	follows bool // submitter and fetcher are one process, which fetches while it submits
	done    bool
	broken  error
}

const (
	simStart   = 1_000_000
	simAckWait = 5 * time.Second
	simWindow  = 3
)

// simulate runs a schedule to its end and checks the output.
func simulate(seed uint64, log func(string, ...any)) (tally, error) {
	w := &world{Rand: rand.New(rand.NewPCG(seed, 11)), now: time.Unix(simStart, 0), log: log, answers: map[string]int{}}
	w.memory = NewMemory(w)
	w.follows = w.IntN(2) == 0
	w.faults, w.likely = w.IntN(40), [...]float64{0, 0.02, 0.1, 0.3}[w.IntN(4)]
	shards := w.shards()
	w.tries = 100 // no schedule has so many faults that a shard which can be answered is given up
	if slices.ContainsFunc(shards, func(s string) bool { return strings.HasPrefix(s, "killer") }) {
		w.tries, w.faults = 8, min(w.faults, 3)
	}
	w.start("submitter", func(p *proc) { w.submit(p, shards) })
	w.start("fetcher", w.fetch)
	for n := range 2 + w.IntN(3) {
		w.start(fmt.Sprintf("worker %d", n), w.work)
	}
	defer w.stop()
	const most = 20_000
	for steps := 0; !w.done; steps++ {
		if steps > most {
			return w.tally, fmt.Errorf("seed %d: not done after %d steps, at %s", seed, most, w.now.Sub(time.Unix(simStart, 0)))
		}
		w.step()
		if w.broken != nil {
			return w.tally, fmt.Errorf("seed %d: %w", seed, w.broken)
		}
	}
	for _, n := range w.answers {
		w.tally.again += n - 1
	}
	if got, want := w.output.lines, expected(shards); !slices.Equal(got, want) {
		return w.tally, fmt.Errorf("seed %d: the output is\n%s\nand should be\n%s", seed, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	w.tally.aside += w.output.aside
	return w.tally, nil
}

// shards are the input: some that repeat one another, some that cannot be answered, some at which every worker dies.
func (w *world) shards() (texts []string) {
	for n := range 1 + w.IntN(6) {
		switch kind := w.IntN(20); {
		case kind == 0:
			texts = append(texts, fmt.Sprintf("poison %d", n))
		case kind == 1:
			texts = append(texts, fmt.Sprintf("killer %d", n))
		case kind < 4 && n > 0:
			texts = append(texts, texts[w.IntN(n)])
		default:
			texts = append(texts, fmt.Sprintf("rows %d", n))
		}
	}
	return texts
}

func expected(shards []string) (lines []string) {
	for _, s := range shards {
		if strings.HasPrefix(s, "rows") {
			lines = append(lines, "answer to "+s)
		} else {
			lines = append(lines, "refused "+s)
		}
	}
	return lines
}

// simOutput is the output of the fetcher that is alive.
type simOutput struct {
	lines []string
	aside int
}

func (o *simOutput) Add(_ []byte, rows io.WriterTo) error {
	var line strings.Builder
	_, err := rows.WriteTo(&line)
	o.lines = append(o.lines, line.String())
	return err
}

func (o *simOutput) Refuse(shard []byte, _ string) error {
	o.lines, o.aside = append(o.lines, "refused "+string(shard)), o.aside+1
	return nil
}

// submit submits the input; one that dies is begun again by its user, as a run of its own.
func (w *world) submit(p *proc, shards []string) {
	w.runs++
	w.current = fmt.Sprint(w.runs)
	c := Coordinator{Queue: p, Record: p, Blobs: p, Clock: p, Window: simWindow, Patience: time.Hour}
	err := c.Submit(context.Background(), app.FleetRun{ID: w.current, Stamp: "s"}, func(give func(app.Shard) error) error {
		for _, text := range shards {
			if err := give(app.Shard{Rows: 1, Texts: [3][]byte{2: []byte(text)}}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.broken = fmt.Errorf("submit: %w", err)
	}
	p.ended = err == nil
}

// fetch fetches the run that was submitted last, once it is there or once it is whole.
func (w *world) fetch(p *proc) {
	for !w.procs[0].ended && (!w.follows || w.memory.runs[w.current] == nil) {
		_ = p.Sleep(context.Background(), time.Second)
	}
	w.output = simOutput{}
	c := Coordinator{Queue: p, Record: p, Blobs: p, Clock: p, Window: simWindow, Patience: time.Hour}
	if err := c.Fetch(context.Background(), w.current, &w.output); err != nil {
		w.broken = fmt.Errorf("fetch: %w", err)
	}
	w.done = true
}

func (w *world) work(p *proc) {
	worker := Worker{Name: p.name, Stamp: "s", Queue: p, Record: p, Blobs: p, Clock: p, Tries: w.tries, Overdue: 2 * simAckWait, Answer: func(text []byte, rows io.Writer) ([]byte, error) {
		if strings.HasPrefix(string(text), "poison") {
			return nil, errors.New("poison")
		}
		w.answers[string(text)]++
		_, err := io.WriteString(rows, "answer to "+string(text))
		return nil, err
	}}
	w.broken = worker.Work(context.Background())
}

// proc is a process: a coroutine that goes on when its turn comes, on a machine whose network and disks fail.
type proc struct {
	*world
	name  string
	body  func(*proc)
	next  func() (struct{}, bool)
	kill  func()
	yield func(struct{}) bool
	wake  time.Time
	ended bool // it has nothing more to do

	doomed bool // it dies at its next step
}

// killed ends the coroutine of a process that dies.
type killed struct{}

func (w *world) start(name string, body func(*proc)) {
	p := &proc{world: w, name: name, body: body}
	w.procs = append(w.procs, p)
	p.boot()
}

func (p *proc) boot() {
	p.next, p.kill = iter.Pull(func(yield func(struct{}) bool) {
		defer func() {
			if v := recover(); v != nil && v != (killed{}) {
				panic(v)
			}
		}()
		p.yield = yield
		p.body(p)
	})
}

func (w *world) stop() {
	for _, p := range w.procs {
		p.kill()
	}
}

// step lets one process go on, or die, or time pass.
func (w *world) step() {
	var ready []*proc
	soonest := w.now.Add(time.Hour)
	for _, p := range w.procs {
		if p.ended {
			continue
		}
		if !p.wake.After(w.now) {
			ready = append(ready, p)
		} else if p.wake.Before(soonest) {
			soonest = p.wake
		}
	}
	if len(ready) == 0 {
		w.now = soonest
		return
	}
	p := ready[w.IntN(len(ready))]
	if p.doomed || w.strike(0.3) {
		p.die()
		for n, other := range w.procs[:2] {
			if w.follows && p == w.procs[1-n] && !other.ended {
				other.die()
			}
		}
		return
	}
	p.next()
}

// die ends a process; the one that looks after it starts it again a little later.
func (p *proc) die() {
	p.tally.died++
	p.say("dies")
	p.kill()
	p.doomed = false
	if p == p.procs[0] {
		p.current = ""
	}
	p.wake = p.now.Add(time.Duration(1+p.IntN(5000)) * time.Millisecond)
	p.boot()
}

// strike says whether something goes wrong now.
func (w *world) strike(share float64) bool {
	if w.faults == 0 || w.Float64() >= w.likely*share {
		return false
	}
	w.faults--
	return true
}

func (p *proc) say(format string, args ...any) {
	if p.log != nil {
		p.log("%8s %-10s %s", p.now.Sub(time.Unix(simStart, 0)), p.name, fmt.Sprintf(format, args...))
	}
}

// pause lets others go on.
func (p *proc) pause() {
	if !p.yield(struct{}{}) {
		panic(killed{})
	}
}

var errAway = errors.New("the connection is lost")

// do does something over the network: it may fail before or after it is done, and takes time.
func (p *proc) do(what string, effect func() error) error {
	p.wake = p.now.Add(time.Duration(p.IntN(20)) * time.Millisecond)
	if p.strike(0.2) {
		p.wake = p.now.Add(2 * simAckWait) // it hangs, and others take it for dead
	}
	p.pause()
	if p.strike(1) {
		p.tally.failed++
		p.say("%s fails", what)
		return errAway
	}
	err := effect()
	p.say("%s: %v", what, err)
	p.pause()
	if p.strike(1) {
		p.tally.unanswered++
		p.say("%s stays unanswered", what)
		return errAway
	}
	return err
}

// Now and Sleep are of Clock.
func (w *world) Now() time.Time { return w.now }

func (w *world) Sleep(context.Context, time.Duration) error { panic("only processes sleep") }

func (p *proc) Sleep(_ context.Context, d time.Duration) error {
	p.wake = p.now.Add(d)
	p.pause()
	return nil
}

// simCall is a message of the queue.
type simCall struct {
	shard string
	at    time.Time // from when on it may be delivered
	done  bool
}

// held is a message as the worker has it that it was delivered to.
type held struct {
	*simCall
	p *proc
}

// Publish is of Queue. A call that is lost was taken by the broker all the same.
func (p *proc) Publish(_ context.Context, _, shard string) error {
	return p.do("call", func() error {
		c := simCall{shard: shard, at: p.now}
		switch {
		case p.strike(3):
			p.tally.lost++
			return nil
		case p.strike(3):
			p.tally.doubled++
			twin := c
			p.calls = append(p.calls, &twin)
		case p.strike(3):
			p.tally.delayed++
			c.at = p.now.Add(time.Duration(p.IntN(20)) * time.Second)
		}
		p.calls = append(p.calls, &c)
		return nil
	})
}

// Next is of Queue. It delivers in any order.
func (p *proc) Next(context.Context, string) (Call, error) {
	var given Call
	err := p.do("wait", func() error {
		p.calls = slices.DeleteFunc(p.calls, func(c *simCall) bool { return c.done })
		var ready []*simCall
		for _, c := range p.calls {
			if !c.at.After(p.now) {
				ready = append(ready, c)
			}
		}
		if len(ready) == 0 {
			p.wake = p.now.Add(time.Second)
			return nil
		}
		c := ready[p.IntN(len(ready))]
		c.at = p.now.Add(simAckWait)
		given = held{c, p}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return given, nil
}

func (h held) Shard() string { return h.shard }

func (h held) Done(context.Context) error {
	return h.p.do("done", func() error {
		h.done = true
		return nil
	})
}

func (h held) Later(_ context.Context, after time.Duration) error {
	return h.p.do("later", func() error {
		h.at = h.p.now.Add(after)
		return nil
	})
}

func (h held) Working(context.Context) error {
	panic("workers of the simulation give no signs of life")
}

// AddRun and the methods below are of Record.
func (p *proc) AddRun(ctx context.Context, r app.FleetRun) error {
	return p.do("add run", func() error { return p.memory.AddRun(ctx, r) })
}

func (p *proc) Cut(ctx context.Context, run string) error {
	return p.do("cut", func() error { return p.memory.Cut(ctx, run) })
}

func (p *proc) Cancel(ctx context.Context, run string) error { return p.memory.Cancel(ctx, run) }

func (p *proc) Run(ctx context.Context, id string) (r app.FleetRun, err error) {
	err = p.do("run", func() (err error) {
		r, err = p.memory.Run(ctx, id)
		return err
	})
	return r, err
}

func (p *proc) Shard(ctx context.Context, name string) (s app.FleetShard, err error) {
	err = p.do("shard", func() (err error) {
		s, err = p.memory.Shard(ctx, name)
		return err
	})
	return s, err
}

func (p *proc) AddPart(ctx context.Context, run string, n int, s app.FleetShard, again bool) error {
	return p.do("add part", func() error { return p.memory.AddPart(ctx, run, n, s, again) })
}

func (p *proc) Parts(ctx context.Context, run string, n, limit int) (list []app.FleetShard, err error) {
	err = p.do("parts", func() (err error) {
		list, err = p.memory.Parts(ctx, run, n, limit)
		return err
	})
	return list, err
}

func (p *proc) Count(ctx context.Context, run string, since time.Time) (c app.FleetCount, err error) {
	err = p.do("count", func() (err error) {
		c, err = p.memory.Count(ctx, run, since)
		return err
	})
	return c, err
}

func (p *proc) Begin(ctx context.Context, name string) (s app.FleetShard, wanted bool, err error) {
	err = p.do("begin", func() (err error) {
		s, wanted, err = p.memory.Begin(ctx, name)
		return err
	})
	return s, wanted, err
}

func (p *proc) Leave(ctx context.Context, name string) error {
	return p.do("leave", func() error { return p.memory.Leave(ctx, name) })
}

func (p *proc) Finish(ctx context.Context, name, result, worker string) error {
	return p.do("finish", func() error { return p.memory.Finish(ctx, name, result, worker) })
}

func (p *proc) SetAside(ctx context.Context, name, problem, worker string) error {
	return p.do("set aside", func() error { return p.memory.SetAside(ctx, name, problem, worker) })
}

// Call is of Record.
func (p *proc) Call(ctx context.Context, name string, before time.Time) (mine bool, err error) {
	err = p.do("call again", func() (err error) {
		mine, err = p.memory.Call(ctx, name, before)
		return err
	})
	return mine, err
}

func (p *proc) Overdue(ctx context.Context, stamp string, before time.Time, limit int) (names []string, err error) {
	err = p.do("overdue", func() (err error) {
		names, err = p.memory.Overdue(ctx, stamp, before, limit)
		return err
	})
	return names, err
}

// Put and the methods below are of Blobs.
func (p *proc) Put(ctx context.Context, name string, data []byte) error {
	return p.do("put", func() error { return p.memory.Put(ctx, name, data) })
}

// Get kills the worker that gets a killer.
func (p *proc) Get(ctx context.Context, name string) (data []byte, err error) {
	err = p.do("get", func() (err error) {
		data, err = p.memory.Get(ctx, name)
		return err
	})
	if text, bad := unpack(nil, data); err == nil && bad == nil && strings.HasPrefix(string(text), "killer") && strings.HasPrefix(p.name, "worker") {
		p.doomed = true
		p.pause()
	}
	return data, err
}

func (p *proc) Has(ctx context.Context, name string) (has bool, err error) {
	err = p.do("has", func() (err error) {
		has, err = p.memory.Has(ctx, name)
		return err
	})
	return has, err
}

func (p *proc) Drop(ctx context.Context, name string) error { return p.memory.Drop(ctx, name) }
