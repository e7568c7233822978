//go:build system

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

var (
	fleetLines = flag.Int("fleet-lines", 100_000, "lines that the fleet answers while its parts fail")
	fleetPause = flag.Duration("fleet-pause", 5*time.Second, "how long a worker of it is stopped meanwhile")
)

// fleetFor is over how long the lines come in: the worker that is stopped goes on before they end.
func fleetFor() time.Duration { return max(16*time.Second, 2**fleetPause) }

// Three nodes of a broker, a database and three workers are processes of their own. While lines come in, workers are killed one a second, one is paused, the
// node that leads the stream is killed and stays away, and the database is restarted in the middle of what it does. The answers are the bytes of one process.
func TestAFleetOutlivesItsParts(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("signals are sent on Unix only")
	}
	bin := postgresBin()
	if bin == "" {
		t.Skip("left out: a fleet, since this machine has no PostgreSQL")
	}
	dir := scratch(t)
	f := &fleetUnderTest{T: t, dir: dir, program: build(t), pg: startDatabase(t, bin, dir), brokers: map[string]*exec.Cmd{}, workers: map[string]*exec.Cmd{}}
	t.Cleanup(f.stop)
	lines := fleetInput()
	want := f.oneProcess(lines)
	f.startBrokers()
	submit := f.command("fleet", "submit", "-", "--on", "2026-03-01", "--shard-rows", "500")
	in, err := submit.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	submit.Stdout = &said
	f.start(submit)
	const first = 2500 // enough for the program to tell what the file is
	if _, err := io.WriteString(in, strings.Join(lines[:first], "")); err != nil {
		t.Fatal(err)
	}
	run := f.run()
	for n := range 3 {
		f.startWorker(fmt.Sprint("worker ", n))
	}
	got := filepath.Join(dir, "got.jsonl")
	fetch := f.command("fleet", "fetch", run, "--out", got, "--quiet")
	f.start(fetch)
	from := time.Now()
	end := f.killWorkers()
	f.feed(in, lines[first:])
	if err := submit.Wait(); err != nil {
		t.Fatalf("submit: %v", err)
	}
	end()
	if err := fetch.Wait(); err != nil && fetch.ProcessState.ExitCode() != 4 { // some rows are refused
		t.Fatalf("fetch: %v", err)
	}
	took := time.Since(from)
	answers := f.compare(got, want)
	if answers != *fleetLines {
		t.Fatalf("%d answers to %d lines", answers, *fleetLines)
	}
	t.Logf("measured: %d lines in %.0f s, the bytes of one process; %d workers killed, 1 paused for %s, the leader %s killed, the database restarted", answers,
		took.Seconds(), f.killed, *fleetPause, f.led)
}

// compare reads two outputs side by side, since they may be large, and gives the number of their lines.
func (f *fleetUnderTest) compare(got, want string) (lines int) {
	f.Helper()
	var next [2]*bufio.Reader
	for i, name := range []string{got, want} {
		file, err := os.Open(name)
		if err != nil {
			f.Fatal(err)
		}
		defer file.Close()
		next[i] = bufio.NewReaderSize(file, 1<<20)
	}
	for {
		ours, err := next[0].ReadString('\n')
		theirs, theirErr := next[1].ReadString('\n')
		if ours != theirs || err != theirErr {
			f.Fatalf("line %d is\n%s%v\nand of one process\n%s%v", lines+1, ours, err, theirs, theirErr)
		}
		if err != nil {
			return lines
		}
		lines++
	}
}

// fleetUnderTest is a fleet of processes.
type fleetUnderTest struct {
	*testing.T
	dir, program string
	pg           *database
	urls         []string
	brokers      map[string]*exec.Cmd
	led          string // the node that led the stream

	mu      sync.Mutex
	workers map[string]*exec.Cmd
	paused  string // worker that is not killed
	killed  int
}

func (f *fleetUnderTest) command(args ...string) *exec.Cmd {
	c := exec.Command(f.program, append(args, "--db", f.pg.url, "--nats", strings.Join(f.urls, ","))...)
	c.Stderr = f.log()
	return c
}

// log is where the processes say what troubles them; it is shown where the test fails.
func (f *fleetUnderTest) log() *os.File {
	log, err := os.OpenFile(filepath.Join(f.dir, "log"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { log.Close() })
	return log
}

func (f *fleetUnderTest) start(c *exec.Cmd) {
	f.Helper()
	if err := c.Start(); err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { c.Process.Kill() })
}

// stop ends what still runs, and shows the log of a test that failed.
func (f *fleetUnderTest) stop() {
	for _, c := range f.workers {
		end(c)
	}
	for _, c := range f.brokers {
		end(c)
	}
	if text, err := os.ReadFile(filepath.Join(f.dir, "log")); err == nil && f.Failed() {
		for line := range strings.Lines(string(text)) {
			if !strings.Contains(line, ": refused:") {
				f.Log(strings.TrimSpace(line))
			}
		}
	}
}

func end(c *exec.Cmd) {
	c.Process.Kill()
	c.Wait() // it was killed
}

// oneProcess is the file of what one process answers.
func (f *fleetUnderTest) oneProcess(lines []string) string {
	name := filepath.Join(f.dir, "want.jsonl")
	c := exec.Command(f.program, "screen", "-", "--on", "2026-03-01", "--quiet", "--output", "jsonl", "--out", name)
	c.Stdin, c.Stderr = strings.NewReader(strings.Join(lines, "")), f.log()
	if err := c.Run(); err != nil && c.ProcessState.ExitCode() != 4 { // some rows are refused
		f.Fatalf("screen: %v", err)
	}
	return name
}

// startBrokers starts the nodes of a cluster.
func (f *fleetUnderTest) startBrokers() {
	var clients, routes []int
	for range 3 {
		clients, routes = append(clients, freePort(f.T)), append(routes, freePort(f.T))
	}
	var others []string
	for _, p := range routes {
		others = append(others, fmt.Sprintf("nats://127.0.0.1:%d", p))
	}
	for n := range 3 {
		name := fmt.Sprint("node", n)
		f.urls = append(f.urls, fmt.Sprintf("nats://127.0.0.1:%d", clients[n]))
		config := fmt.Sprintf("server_name: %s\nlisten: 127.0.0.1:%d\njetstream { store_dir: %q }\ncluster { name: fleet, listen: 127.0.0.1:%d, routes: [%s] }\nlogfile: %q\n", name,
			clients[n], filepath.Join(f.dir, name), routes[n], strings.Join(others, ", "), filepath.Join(f.dir, name+".log"))
		file := filepath.Join(f.dir, name+".conf")
		if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
			f.Fatal(err)
		}
		c := exec.Command(f.program, "fleet", "broker", "--config", file)
		c.Stderr = f.log()
		f.start(c)
		f.brokers[name] = c
	}
}

func (f *fleetUnderTest) startWorker(name string) {
	c := f.command("fleet", "work", "--workers", "1", "--name", name)
	f.start(c)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.workers[name] = c
}

// run waits until a run is recorded, and gives its name.
func (f *fleetUnderTest) run() string {
	for range 300 {
		out, err := exec.Command(f.program, "fleet", "status", "--db", f.pg.url, "--output", "jsonl").Output()
		var doc struct {
			ID string `json:"run"`
		}
		if err == nil && json.Unmarshal(out, &doc) == nil {
			return doc.ID
		}
		time.Sleep(100 * time.Millisecond)
	}
	f.Fatal("no run is recorded")
	return ""
}

// killWorkers kills a worker a second, whichever, and starts it again; end stops that.
func (f *fleetUnderTest) killWorkers() (end func()) {
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			case <-time.After(time.Second):
			}
			f.mu.Lock()
			name := fmt.Sprint("worker ", rand.IntN(3))
			c := f.workers[name]
			if name == f.paused {
				f.mu.Unlock()
				continue
			}
			c.Process.Kill()
			f.killed++
			f.mu.Unlock()
			c.Wait() // it was killed
			f.startWorker(name)
		}
	}()
	return func() {
		close(stop)
		<-stopped
	}
}

// feed sends the lines over a while, and has the rest befall on the way.
func (f *fleetUnderTest) feed(in io.WriteCloser, lines []string) {
	w := bufio.NewWriter(in)
	happens := map[int]func(){len(lines) / 5: f.pauseWorker, len(lines) / 2: f.killLeader, len(lines) * 7 / 10: f.pg.restart}
	for i, line := range lines {
		if befall := happens[i]; befall != nil {
			befall()
		}
		if _, err := w.WriteString(line); err != nil {
			f.Fatal(err)
		}
		if i%500 == 0 {
			if err := w.Flush(); err != nil {
				f.Fatal(err)
			}
			time.Sleep(fleetFor() / time.Duration(*fleetLines/500))
		}
	}
	if err := w.Flush(); err != nil {
		f.Fatal(err)
	}
	in.Close()
}

// pauseWorker stops a worker for a while.
func (f *fleetUnderTest) pauseWorker() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.paused = "worker 1"
	p := f.workers[f.paused].Process
	if err := p.Signal(syscall.SIGSTOP); err != nil {
		f.Fatal(err)
	}
	time.AfterFunc(*fleetPause, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		p.Signal(syscall.SIGCONT)
		f.paused = ""
	})
}

// killLeader kills the node that leads the stream of calls.
func (f *fleetUnderTest) killLeader() {
	nc, err := nats.Connect(strings.Join(f.urls, ","))
	if err != nil {
		f.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		f.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	s, err := js.Stream(ctx, "LODESTONE_SHARDS")
	if err != nil {
		f.Fatal(err)
	}
	info := s.CachedInfo()
	if info.Config.Replicas != 3 || info.Cluster == nil {
		f.Fatalf("the stream has %d copies", info.Config.Replicas)
	}
	f.led = info.Cluster.Leader
	end(f.brokers[f.led])
}

// fleetInput is lines of which some repeat, some are refused, and none says who is who.
func fleetInput() []string {
	r := rand.New(rand.NewPCG(1, 2))
	goods := [][2]string{{"GaAs wafer", "3818009020"}, {"sintered NdFeB magnet", "8505111000"}, {"hex bolt M8x40", "7318151090"},
		{"tungsten carbide powder", "2849902000"}, {"artificial graphite block", "3801100090"}, {"citric acid", "2918140000"}}
	lines := []string{"id,description,hs,from,destination,quantity,unit,ship_date,order\n"}
	for n := range *fleetLines {
		g := goods[r.IntN(len(goods))]
		to := [...]string{"US", "KR", "JP", "DE", "HK", "Atlantis"}[min(r.IntN(600)/100, r.IntN(7))%6]
		lines = append(lines, fmt.Sprintf("P-%d,%s,%s,CN,%s,%d,pcs,2026-0%d-1%d,O-%d\n", n, g[0], g[1], to, 1+r.IntN(500), 1+r.IntN(9), r.IntN(9), r.IntN(9000)))
	}
	return lines
}

// scratch is a folder in which a server of another user may work.
func scratch(t *testing.T) string {
	dir := t.TempDir()
	if os.Getuid() == 0 {
		for d := dir; d != filepath.Dir(os.TempDir()) && strings.HasPrefix(d, os.TempDir()) && d != os.TempDir(); d = filepath.Dir(d) {
			if err := os.Chmod(d, 0o711); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

func freePort(t *testing.T) int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// postgresBin is the folder of the programs of PostgreSQL; empty: there are none.
func postgresBin() string {
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // the pattern is a good one
	if slices.Sort(dirs); len(dirs) > 0 {
		return dirs[len(dirs)-1]
	}
	if path, err := exec.LookPath("pg_ctl"); err == nil {
		return filepath.Dir(path)
	}
	return ""
}

// database is a server of PostgreSQL that belongs to a test.
type database struct {
	*testing.T
	bin, dir, url string
	port          int
	options       string // further ones of the server
}

func startDatabase(t *testing.T, bin, dir string) *database {
	d := makeDatabase(t, bin, dir)
	d.begin()
	return d
}

// makeDatabase makes a server that does not run yet.
func makeDatabase(t *testing.T, bin, dir string) *database {
	d := &database{T: t, bin: bin, dir: filepath.Join(dir, "pg"), port: freePort(t)}
	d.url = fmt.Sprintf("postgres://lodestone@127.0.0.1:%d/postgres?sslmode=disable&connect_timeout=5", d.port)
	if err := os.Mkdir(d.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 {
		if out, err := exec.Command("chown", "postgres", d.dir).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	d.do("initdb", "-D", d.dir+"/data", "-U", "lodestone", "--auth=trust", "--no-sync")
	return d
}

func (d *database) begin() {
	d.up()
	d.Cleanup(func() { d.do("pg_ctl", "-D", d.dir+"/data", "-m", "immediate", "stop") })
}

func (d *database) up() {
	d.do("pg_ctl", "-D", d.dir+"/data", "-l", d.dir+"/log", "-w", "-o",
		fmt.Sprintf("-c listen_addresses=127.0.0.1 -c port=%d -c unix_socket_directories= %s", d.port, d.options), "start")
}

// restart ends the server as a crash does, and starts it again a second later.
func (d *database) restart() {
	d.do("pg_ctl", "-D", d.dir+"/data", "-m", "immediate", "stop")
	time.Sleep(time.Second)
	d.up()
}

// do runs a program of PostgreSQL, which refuses to be run by root.
func (d *database) do(program string, args ...string) {
	d.Helper()
	args = append([]string{filepath.Join(d.bin, program)}, args...)
	if os.Getuid() == 0 {
		args = append([]string{"runuser", "-u", "postgres", "--"}, args...)
	}
	c := exec.Command(args[0], args[1:]...)
	c.Dir = "/"
	out, err := os.Create(filepath.Join(filepath.Dir(d.dir), "pg_ctl.log")) // no pipe: the server would hold it
	if err != nil {
		d.Fatal(err)
	}
	defer out.Close()
	c.Stdout, c.Stderr = out, out
	if err := c.Run(); err != nil {
		text, _ := os.ReadFile(out.Name()) // the error below says enough
		d.Fatalf("%s: %v\n%s", program, err, text)
	}
}
