package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// benchFleet screens the same file in one process and by a fleet on the same two cores: a broker and a worker that are up already, and the process that
// submits and fetches. The record is PostgreSQL where LODESTONE_TEST_POSTGRES names a server, else SQLite. Then it looks at what a line costs as files grow.
func benchFleet(t *table, o options) error {
	dir, err := os.MkdirTemp("", "lodestone-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary, err := build(dir)
	if err != nil {
		return err
	}
	f := &fleetProcesses{dir: dir, binary: binary}
	defer f.stop()
	if err := f.startAll(); err != nil {
		return err
	}
	sizes := []int{o.lines / 10, o.lines}
	if o.fleetMore > 0 {
		sizes = append(sizes, o.fleetMore)
	}
	costs, curve := make([]cost, len(sizes)), curveHead
	for i, n := range sizes {
		repeat := o.repeat
		if n > o.lines {
			repeat = 1
		}
		one, many, err := f.race(n, repeat)
		if err != nil {
			return err
		}
		costs[i] = many
		curve += f.curve(n, one, many)
		what := "fleet, " + thousands(n) + " lines"
		most := bar{}
		if n >= o.lines {
			most = bar{1 / leastShare, "ratio"}
		}
		t.add(row{what, seconds, many.wall, "one process", one.wall, most})
		t.add(row{what + ", processor of all processes", seconds, many.cpu, "one process", one.cpu, bar{}})
	}
	for i := 1; i < len(sizes); i++ {
		t.add(row{"fleet, a line of " + thousands(sizes[i]), nanoseconds, costs[i].wall / float64(sizes[i]) * 1e9, "of " + thousands(sizes[0]),
			costs[0].wall / float64(sizes[0]) * 1e9, bar{1.25, "ratio"}})
	}
	t.note("The throughput of the fleet is to be at least %.0f %% of one process: a ratio of times up to %.2f. The record is %s. Each pair ran one after the other; the median counts.",
		leastShare*100, 1/leastShare, f.record)
	t.note("The curve, as docs/scale.md has it:\n\n%s", curve)
	return nil
}

const curveHead = `| lines | fleet, on the wall | one process | throughput | processor time, fleet | one process | a line, on the wall | processor time | memory: submitter | worker | broker |
|---|---|---|---|---|---|---|---|---|---|---|
`

// curve is the line of a size in the table of docs/scale.md.
func (f *fleetProcesses) curve(lines int, one, many cost) string {
	of := func(seconds float64) string { return fmt.Sprintf("%.1f µs", seconds/float64(lines)*1e6) }
	return fmt.Sprintf("| %s | %.2f s | %.2f s | %.0f %% | %.2f s | %.2f s | %s | %s | %.0f MB | %.0f MB | %.0f MB |\n", thousands(lines), many.wall, one.wall, one.wall/many.wall*100,
		many.cpu, one.cpu, of(many.wall), of(many.cpu), many.peak, highWater(f.worker.Process.Pid), highWater(f.broker.Process.Pid))
}

// leastShare is the least throughput of a fleet, of that of one process on the same cores.
const leastShare = 0.75

// fleetProcesses are the processes of a fleet on this machine.
type fleetProcesses struct {
	dir, binary     string
	url, db, record string
	broker          *exec.Cmd
	worker          *exec.Cmd
}

func (f *fleetProcesses) startAll() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	address := l.Addr().String()
	l.Close()
	f.url, f.db, f.record = "nats://"+address, os.Getenv("LODESTONE_TEST_POSTGRES"), "PostgreSQL"
	if f.db == "" {
		f.db, f.record = "sqlite:"+filepath.Join(f.dir, "fleet.db"), "SQLite"
	}
	config := filepath.Join(f.dir, "nats.conf")
	text := fmt.Sprintf("listen: %s\nserver_name: bench\njetstream { store_dir: %q }\n", address, filepath.Join(f.dir, "broker"))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return err
	}
	if f.broker, err = f.start(cores, "fleet", "broker", "--config", config); err != nil {
		return err
	}
	small, err := linesFile(f.dir, 1, repeated)
	if err == nil {
		err = f.run("fleet", "submit", small, "--db", f.db, "--nats", f.url) // makes tables, stream and store
	}
	if err != nil {
		return err
	}
	if f.worker, err = f.start(cores, "fleet", "work", "--db", f.db, "--nats", f.url); err != nil {
		return err
	}
	time.Sleep(2 * time.Second) // until it waits for shards
	return nil
}

func (f *fleetProcesses) run(args ...string) error {
	if out, err := exec.Command(f.binary, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}

func (f *fleetProcesses) start(cores int, args ...string) (*exec.Cmd, error) {
	c := exec.Command(f.binary, args...)
	c.Env = append(os.Environ(), fmt.Sprintf("GOMAXPROCS=%d", cores))
	log, err := os.OpenFile(filepath.Join(f.dir, "log"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	c.Stdout, c.Stderr = log, log
	return c, c.Start()
}

func (f *fleetProcesses) stop() {
	for _, c := range []*exec.Cmd{f.worker, f.broker} {
		if c != nil {
			c.Process.Kill()
			c.Wait() // it was killed
		}
	}
}

// race lets one process and the fleet take turns on a file, and gives the median of each.
func (f *fleetProcesses) race(lines, repeat int) (one, many cost, err error) {
	name, err := linesFile(f.dir, lines, repeated)
	if err != nil {
		return one, many, err
	}
	var ones, manies []cost
	for n := range max(1, repeat) {
		a, err := screen(f.binary, name)
		if err != nil {
			return one, many, err
		}
		before, err := f.spent()
		if err != nil {
			return one, many, err
		}
		// Another default destination makes other shards: what is answered already would not be answered again. The lines name theirs.
		b, err := program(f.binary, "screen", name, "--on", "2026-10-01", "--destination", [...]string{"FR", "IT", "ES", "PT", "AT", "PL"}[n%6], "--fleet", "--nats", f.url, "--db", f.db)
		if err != nil {
			return one, many, fmt.Errorf("%w\n%s", err, f.log())
		}
		after, err := f.spent()
		if err != nil {
			return one, many, err
		}
		b.cpu += after - before
		ones, manies = append(ones, a), append(manies, b)
	}
	return median(ones), median(manies), os.Remove(name)
}

func (f *fleetProcesses) log() string {
	text, err := os.ReadFile(filepath.Join(f.dir, "log"))
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// spent is the processor time of broker and worker so far, in seconds.
func (f *fleetProcesses) spent() (sum float64, err error) {
	for _, c := range []*exec.Cmd{f.worker, f.broker} {
		if err := c.Process.Signal(syscall.Signal(0)); err != nil {
			return 0, errors.Join(fmt.Errorf("a process of the fleet has ended: %w", err), errors.New(f.log()))
		}
		sum += processorOf(c.Process.Pid)
	}
	return sum, nil
}

// benchFaults runs the system test in which the parts of a fleet fail one after another, with more lines and a longer pause than each change is tested with.
func benchFaults(t *table, o options) error {
	c := exec.Command("go", "test", "-tags", "system", "-count", "1", "-timeout", "2h", "-v", "-run", "^TestAFleetOutlivesItsParts$", "./cmd/lodestone",
		"-fleet-lines", fmt.Sprint(o.faultLines), "-fleet-pause", o.faultPause.String())
	c.Dir = ".."
	out, err := c.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		for _, mark := range []string{"measured: ", "left out: "} {
			if _, said, ok := strings.Cut(line, mark); ok {
				t.note("A fleet whose parts fail: %s.", strings.TrimSpace(said))
			}
		}
	}
	return nil
}
