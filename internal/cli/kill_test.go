//go:build system

package cli

import (
	"bufio"
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"lodestone/internal/store"
)

// kills is how often each engine's server is killed.
const kills = 50

// process is a server that runs as a process of its own.
type process struct {
	t       *testing.T
	program string
	args    []string
	cmd     *exec.Cmd
	base    string
	link    string // of the first administrator; empty: there is one
	token   string
	second  string // token of another person, who approves
}

func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "lodestone")
	if out, err := exec.Command("go", "build", "-o", program, "lodestone/cmd/lodestone").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// start starts the server and waits until it says where it listens.
func (p *process) start() {
	p.t.Helper()
	p.cmd = exec.Command(p.program, append([]string{"serve", "--listen", "127.0.0.1:0"}, p.args...)...)
	out, err := p.cmd.StderrPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	var said []string
	for lines.Scan() {
		line := lines.Text()
		said = append(said, line)
		if base, ok := strings.CutPrefix(line, "Lodestone listens on "); ok {
			p.base = base
			if p.token != "" {
				break
			}
		}
		if _, key, ok := strings.Cut(line, "/set-up?key="); ok {
			p.link = key
			break
		}
	}
	if p.base == "" {
		p.t.Fatalf("the server did not start: %s", said)
	}
	go io.Copy(io.Discard, out)
}

// kill ends the process as a power switch would end it.
func (p *process) kill() {
	p.cmd.Process.Kill()
	p.cmd.Wait()
}

// ask sends a request; an error means that no whole answer came back.
func (p *process) ask(method, path, body string, to any) (int, error) {
	r, err := http.NewRequest(method, p.base+path, strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	if strings.HasPrefix(body, "{") {
		r.Header.Set("Content-Type", "application/json")
	}
	if p.token != "" {
		r.Header.Set("Authorization", "Bearer "+p.token)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err == nil && to != nil {
		err = json.Unmarshal(b, to)
	}
	return answer.StatusCode, err
}

// must is ask where nothing may fail.
func (p *process) must(method, path, body string, to any) {
	p.t.Helper()
	if status, err := p.ask(method, path, body, to); status != 200 || err != nil {
		p.t.Fatalf("%s %s: %d %v", method, path, status, err)
	}
}

// enrol makes the first administrator and a token of all that the test does, and a second person who approves.
func (p *process) enrol() {
	p.t.Helper()
	p.token = p.member(p.link, "boss", `["read","screen","govern"]`)
	var invited struct{ Key string }
	p.must("POST", "/api/v1/invitations", `{"role":"approver"}`, &invited)
	p.second = p.member(invited.Key, "second", `["read","approve"]`)
}

// member makes a person by a link, and a token for that person.
func (p *process) member(link, login, scopes string) string {
	p.t.Helper()
	r, err := http.Post(p.base+"/api/v1/set-up", "application/json", strings.NewReader(fmt.Sprintf(`{"key":%q,"login":%q,"password":%q}`, link, login, password)))
	if err != nil || r.StatusCode != 200 {
		p.t.Fatal(r, err)
	}
	defer r.Body.Close()
	request, err := http.NewRequest("POST", p.base+"/api/v1/tokens", strings.NewReader(`{"name":"test","scopes":`+scopes+`}`))
	if err != nil {
		p.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.AddCookie(r.Cookies()[0])
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	var made struct{ Key string }
	if err := json.NewDecoder(answer.Body).Decode(&made); err != nil || made.Key == "" {
		p.t.Fatal(answer.Status, err)
	}
	return made.Key
}

// release has two persons release a new case, and gives its id once the server has said that it is released; else it is empty.
func (p *process) release(item string) string {
	var page struct{ Items []caseDoc }
	if status, err := p.ask("POST", "/api/v1/screen", fmt.Sprintf(`{"item":{"id":%q,"description":"gallium arsenide wafers","from":"CN","destination":"DE"}}`, item), nil); err != nil || status != 200 {
		return ""
	}
	if status, err := p.ask("GET", "/api/v1/cases?item="+item, "", &page); err != nil || status != 200 || len(page.Items) != 1 {
		return ""
	}
	c := page.Items[0]
	if status, err := p.ask("POST", "/api/v1/cases/"+c.ID+"/proposal", `{"kind":"release","words":"licence on file"}`, &c); err != nil || status != 200 {
		return ""
	}
	two := *p
	two.token = p.second
	if status, err := two.ask("POST", "/api/v1/cases/"+c.ID+"/approval", fmt.Sprintf(`{"version":%d,"words":"papers seen"}`, c.Version), &c); err != nil || status != 200 {
		return ""
	}
	return c.ID
}

// A server that is killed at any moment has lost nothing that it said was done: answers are there, uploads go on, the log verifies.
func TestKilled(t *testing.T) {
	program := build(t)
	t.Run("sqlite", func(t *testing.T) { killed(t, program) })
	t.Run("postgres", func(t *testing.T) {
		server := os.Getenv("LODESTONE_TEST_POSTGRES")
		if server == "" {
			t.Skip("LODESTONE_TEST_POSTGRES is not set: ./test.sh system starts a server and sets it")
		}
		killed(t, program, "--db", server)
	})
}

func killed(t *testing.T, program string, args ...string) {
	p := &process{t: t, program: program, args: append(args, "--data", t.TempDir())}
	p.start()
	defer func() { p.kill() }()
	p.enrol()
	random := rand.New(rand.NewPCG(1, 2))
	var mu sync.Mutex
	records, jobs, released := map[string]bool{}, map[string]int{}, map[string]bool{}
	if id := p.release("release"); id != "" { // while nobody kills
		released[id] = true
	}
	for n := range kills {
		var wait sync.WaitGroup
		for worker := range 3 {
			wait.Add(1)
			go func() { // asks until the server is gone
				defer wait.Done()
				for i := 0; ; i++ {
					var r struct{ Record string }
					status, err := p.ask("POST", "/api/v1/screen", fmt.Sprintf(`{"item":{"id":"%d-%d-%d","description":"gallium arsenide wafers","from":"CN","destination":"US"}}`, n, worker, i), &r)
					if err != nil {
						return
					}
					if status != 200 {
						t.Errorf("asking: %d", status)
						return
					}
					mu.Lock()
					records[r.Record] = true
					mu.Unlock()
				}
			}()
		}
		wait.Go(func() { // two persons release cases until the server is gone
			for i := 0; ; i++ {
				id := p.release(fmt.Sprintf("release-%d-%d", n, i))
				if id == "" {
					return
				}
				mu.Lock()
				released[id] = true
				mu.Unlock()
			}
		})
		rows := 200 + random.IntN(3000)
		wait.Add(1)
		go func() {
			defer wait.Done()
			var j job
			if status, err := p.ask("POST", "/api/v1/jobs?name=kill.csv&on=2026-03-01", "id,description\n"+strings.Repeat("1,isostatic graphite blocks\n", rows), &j); err == nil && status == 200 {
				mu.Lock()
				jobs[j.ID] = rows
				mu.Unlock()
			}
		}()
		time.Sleep(time.Duration(random.IntN(250)) * time.Millisecond)
		p.kill()
		wait.Wait()
		p.start()
	}
	if len(records) == 0 || len(jobs) == 0 || len(released) == 0 {
		t.Fatal("nothing was acknowledged: the test asks for nothing")
	}
	for id := range records {
		p.must("GET", "/api/v1/records/"+id, "", nil)
	}
	for id := range released {
		var c caseDoc
		if p.must("GET", "/api/v1/cases/"+id, "", &c); c.State != "released" || !c.Holds || c.Decision.Proposed == c.Decision.Approved || c.kinds() != "opened proposed approved" {
			t.Errorf("a release that was acknowledged: %+v", c)
		}
	}
	results := map[int]string{}
	for id, rows := range jobs {
		j := p.await(id)
		if j.State != "done" || j.Summary.Rows != rows {
			t.Errorf("job %s of %d rows: %+v", id, rows, j)
		}
		if results[rows] != "" && results[rows] != j.Result {
			t.Errorf("the same file gave other bytes")
		}
		results[rows] = j.Result
	}
	var v store.Verified
	p.must("POST", "/api/v1/verify", "", &v)
	if v.Altered != "" || v.Replayed < int64(len(records)) {
		t.Errorf("%+v, of %d acknowledged", v, len(records))
	}
	t.Logf("%d answers, %d uploads and %d releases acknowledged in %d lives, %d entries", len(records), len(jobs), len(released), kills+1, v.Entries)
}

func (p *process) await(id string) (j job) {
	p.t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		p.must("GET", "/api/v1/jobs/"+id, "", &j)
		if j.Result != "" || j.Problem != "" || time.Now().After(end) {
			return j
		}
	}
}

// Two processes on one SQLite file: the second says why it cannot, rather than writing beside the first.
func TestOneServerAFolder(t *testing.T) {
	p := &process{t: t, program: build(t), args: []string{"--data", t.TempDir()}}
	p.start()
	defer p.kill()
	out, err := exec.Command(p.program, append([]string{"serve", "--listen", "127.0.0.1:0"}, p.args...)...).CombinedOutput()
	var failed *exec.ExitError
	if !errors.As(err, &failed) || failed.ExitCode() != 2 || !bytes.Contains(out, []byte("is in use")) {
		t.Errorf("%v: %s", err, out)
	}
}

// A server that is killed while it makes its folder, its key and its tables, again and again, starts in the end as if nothing had been.
func TestKilledWhileItStarts(t *testing.T) {
	program := build(t)
	t.Run("sqlite", func(t *testing.T) { killedEarly(t, program) })
	t.Run("postgres", func(t *testing.T) {
		server := os.Getenv("LODESTONE_TEST_POSTGRES")
		if server == "" {
			t.Skip("LODESTONE_TEST_POSTGRES is not set: ./test.sh system starts a server and sets it")
		}
		killedEarly(t, program, "--db", schemaOf(t, server))
	})
}

// schemaOf makes an empty schema on a server, which goes with the test, and gives its address.
func schemaOf(t *testing.T, server string) string {
	t.Helper()
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name := "k" + strings.ToLower(store.NewID())
	if _, err := db.Exec("CREATE SCHEMA " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		db.Exec("DROP SCHEMA " + name + " CASCADE")
		db.Close()
	})
	return server + "&search_path=" + name
}

func killedEarly(t *testing.T, program string, args ...string) {
	random := rand.New(rand.NewPCG(3, 4))
	p := &process{t: t, program: program, args: append(args, "--data", t.TempDir())}
	for range kills {
		c := exec.Command(program, append([]string{"serve", "--listen", "127.0.0.1:0"}, p.args...)...)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.IntN(250)) * time.Millisecond)
		c.Process.Kill()
		c.Wait()
	}
	p.start()
	defer func() { p.kill() }()
	p.enrol()
	p.must("POST", "/api/v1/screen", `{"item":{"description":"gallium arsenide wafers","from":"CN","destination":"US"}}`, nil)
	var v store.Verified
	if p.must("POST", "/api/v1/verify", "", &v); v.Altered != "" || v.Replayed != 1 {
		t.Errorf("%+v", v)
	}
}
