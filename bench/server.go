package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// The load that a server has to bear.
const (
	rate        = 1000 // single questions a second
	connections = 64   // that ask them
	quietFor    = 10 * time.Second
	asked       = 2000 // different questions
	mostWait    = 25   // milliseconds, at the 99th percentile
	mostMemory  = 700  // MB
)

// benchServer starts the built program as a server with SQLite, asks single questions at a steady rate, and again while an uploaded file is
// screened from its first line to its last. Each wait counts from the moment at which the question was due, not from when it could be sent, so a
// server that stalls is not spared. The baseline is the same load on the same server when it does nothing else.
func benchServer(t *table, o options) error {
	dir, err := os.MkdirTemp("", "lodestone-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary, err := build(dir)
	if err != nil {
		return err
	}
	name, err := linesFile(dir, o.lines, repeated)
	if err != nil {
		return err
	}
	s, err := startServer(binary, filepath.Join(dir, "data"))
	if err != nil {
		return err
	}
	defer s.stop()
	questions, err := s.questions(asked)
	if err != nil {
		return err
	}
	if _, err := s.load(questions, time.After(2*time.Second)); err != nil { // warm
		return err
	}
	quiet, err := s.load(questions, time.After(quietFor))
	if err != nil {
		return err
	}
	busy, job, err := s.whileScreening(name, questions)
	if err != nil {
		return err
	}
	against, what := "idle server", "while "+thousands(o.lines)+" lines are screened"
	t.add(row{"questions " + what, perSecond, busy.rate(), against, quiet.rate(), bar{rate * 0.99, "least"}})
	t.add(row{"  half of them wait at most", milliseconds, busy.wait(0.5), against, quiet.wait(0.5), bar{}})
	t.add(row{"  99 in a hundred at most", milliseconds, busy.wait(0.99), against, quiet.wait(0.99), bar{mostWait, "ours"}})
	t.add(row{"  all at most", milliseconds, busy.wait(1), against, quiet.wait(1), bar{}})
	t.add(row{"the upload, from its first byte to its result", seconds, job.Seconds(), "", 0, bar{}})
	t.add(row{"memory of the server", megabytes, highWater(s.cmd.Process.Pid), "", 0, bar{mostMemory, "ours"}})
	t.note("%d questions were answered meanwhile. Server, load and database share the machine; /proc/loadavg said %s at the end.", len(busy.waits), loadAverage())
	return nil
}

func loadAverage() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "nothing"
	}
	return strings.Join(strings.Fields(string(b))[:3], " ")
}

// server is the program as a process of its own.
type server struct {
	cmd   *exec.Cmd
	base  string // http://HOST:PORT
	token string
}

func startServer(binary, data string) (*server, error) {
	s := &server{cmd: exec.Command(binary, "serve", "--listen", "127.0.0.1:0", "--data", data)}
	s.cmd.Env = append(os.Environ(), fmt.Sprintf("GOMAXPROCS=%d", cores))
	said, err := s.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	lines, key := bufio.NewScanner(said), ""
	for key == "" && lines.Scan() {
		if base, ok := strings.CutPrefix(lines.Text(), "Lodestone listens on "); ok {
			s.base = base
		}
		_, key, _ = strings.Cut(lines.Text(), "/set-up?key=")
	}
	go func() { // what the server complains of belongs to the run
		for lines.Scan() {
			if line := lines.Bytes(); !bytes.Contains(line, []byte(`"msg":"request"`)) {
				fmt.Fprintf(os.Stderr, "%s\n", line)
			}
		}
	}()
	if key == "" {
		s.stop()
		return nil, errors.New("the server did not start")
	}
	return s, s.enrol(key)
}

// stop ends the server.
func (s *server) stop() {
	s.cmd.Process.Kill()
	s.cmd.Wait()
}

// enrol makes the administrator, and a token for the questions.
func (s *server) enrol(key string) error {
	r, err := http.Post(s.base+"/api/v1/set-up", "application/json", strings.NewReader(fmt.Sprintf(`{"key":%q,"login":"bench","password":"a password of the bench"}`, key)))
	if err != nil {
		return err
	}
	r.Body.Close()
	if len(r.Cookies()) == 0 {
		return fmt.Errorf("set-up: %s", r.Status)
	}
	request, err := http.NewRequest(http.MethodPost, s.base+"/api/v1/tokens", strings.NewReader(`{"name":"bench","scopes":["read","screen"]}`))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.AddCookie(r.Cookies()[0])
	var made struct{ Key string }
	err = s.do(request, &made)
	s.token = made.Key
	return err
}

func (s *server) do(r *http.Request, to any) error {
	if s.token != "" {
		r.Header.Set("Authorization", "Bearer "+s.token)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %s: %s", r.Method, r.URL.Path, answer.Status, b)
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(b, to)
}

// questions are realistic lines as requests, byte for byte.
func (s *server) questions(n int) (all [][]byte, err error) {
	var text bytes.Buffer
	if err := writeLines(&text, n, repeated); err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(&text).ReadAll()
	if err != nil {
		return nil, err
	}
	for _, cells := range rows[1:] {
		item := map[string]string{}
		for i, name := range header {
			if cells[i] != "" && name != "order" {
				item[name] = cells[i]
			}
		}
		body, err := json.Marshal(map[string]any{"item": item, "on": "2026-10-01"})
		if err != nil {
			return nil, err
		}
		all = append(all, fmt.Appendf(nil, "POST /api/v1/screen HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
			strings.TrimPrefix(s.base, "http://"), s.token, len(body), body))
	}
	return all, nil
}

// loaded is what came of a load.
type loaded struct {
	waits []time.Duration // sorted
	took  time.Duration
}

func (l *loaded) rate() float64 { return float64(len(l.waits)) / l.took.Seconds() }

// wait is a quantile of the waits, in milliseconds.
func (l *loaded) wait(share float64) float64 {
	n := int(share * float64(len(l.waits)))
	return l.waits[min(n, len(l.waits)-1)].Seconds() * 1000
}

// load asks at the rate until it is told to end.
func (s *server) load(questions [][]byte, end <-chan time.Time) (l loaded, err error) {
	var wait sync.WaitGroup
	var mu sync.Mutex
	var next atomic.Int64
	var over atomic.Bool
	from := time.Now()
	for range connections {
		wait.Go(func() {
			mine, e := s.ask(questions, from, &next, &over)
			mu.Lock()
			defer mu.Unlock()
			l.waits, err = append(l.waits, mine...), cmp.Or(err, e)
		})
	}
	<-end
	over.Store(true)
	wait.Wait()
	l.took = time.Since(from)
	slices.Sort(l.waits)
	if err == nil && len(l.waits) == 0 {
		err = errors.New("nothing was answered")
	}
	return l, err
}

// ask takes one question after another when it is due, over a connection of its own.
func (s *server) ask(questions [][]byte, from time.Time, next *atomic.Int64, over *atomic.Bool) (waits []time.Duration, err error) {
	c, err := net.Dial("tcp", strings.TrimPrefix(s.base, "http://"))
	if err != nil {
		return nil, err
	}
	defer c.Close()
	in := bufio.NewReaderSize(c, 64<<10)
	for !over.Load() {
		n := next.Add(1) - 1
		due := from.Add(time.Duration(n) * time.Second / rate)
		time.Sleep(time.Until(due))
		if _, err := c.Write(questions[int(n)%len(questions)]); err != nil {
			return waits, err
		}
		answer, err := http.ReadResponse(in, nil)
		if err != nil {
			return waits, err
		}
		b, err := io.ReadAll(answer.Body)
		if err == nil && answer.StatusCode != http.StatusOK {
			err = fmt.Errorf("%s: %s", answer.Status, b)
		}
		if err != nil {
			return waits, err
		}
		waits = append(waits, time.Since(due))
	}
	return waits, nil
}

// whileScreening asks while a file is uploaded and screened to its end.
func (s *server) whileScreening(name string, questions [][]byte) (l loaded, took time.Duration, err error) {
	end, done := make(chan time.Time, 1), make(chan error, 1)
	go func() {
		from := time.Now()
		err := s.screen(name)
		took = time.Since(from)
		end <- time.Now()
		done <- err
	}()
	l, err = s.load(questions, end)
	return l, took, cmp.Or(<-done, err)
}

// screen uploads a file and waits for its result.
func (s *server) screen(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	r, err := http.NewRequest(http.MethodPost, s.base+"/api/v1/jobs?name=lines.csv&on=2026-10-01", f)
	if err != nil {
		return err
	}
	var job struct {
		ID, State, Problem string
		Summary            struct{ Rows int }
	}
	for err = s.do(r, &job); err == nil; err = s.do(r, &job) {
		switch job.State {
		case "done":
			return nil
		case "failed", "cancelled":
			return fmt.Errorf("the job is %s: %s", job.State, job.Problem)
		}
		time.Sleep(200 * time.Millisecond)
		if r, err = http.NewRequest(http.MethodGet, s.base+"/api/v1/jobs/"+job.ID, nil); err != nil {
			return err
		}
	}
	return err
}
