package cli

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"lodestone/internal/app"
	"lodestone/internal/meter"
)

// mint makes a token for what somebody may do.
func (c *caller) mint(scopes string) *caller {
	c.s.t.Helper()
	var made struct{ Key string }
	c.do("POST", "/api/v1/tokens", `{"name":"test","scopes":[`+scopes+`]}`).want(c.s.t, 200, &made)
	program := c.s.stranger()
	program.token = made.Key
	return program
}

func TestFigures(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	boss.do("POST", "/api/v1/screen", `{"item":{"id":"secret order 7","description":"T-shirt"}}`).want(t, 200, nil)
	boss.do("GET", "/api/v1/records/secret-record", "").want(t, 404, nil)
	s.stranger().do("POST", "/api/v1/session", `{"login":"administrator","password":"wrong wrong wrong"}`).want(t, 401, nil)
	s.stranger().do("BREW", "/x", "")
	s.stranger().do("GET", "/metrics", "").want(t, 401, nil)
	boss.mint(`"read","govern"`).do("GET", "/metrics", "").want(t, 403, nil)
	text := string(boss.mint(`"observe"`).do("GET", "/metrics", "").want(t, 200, nil).body)
	for _, line := range []string{
		`lodestone_http_requests_total{method="POST",route="POST /api/v1/screen",status="200"} 1`,
		`lodestone_http_requests_total{method="GET",route="GET /api/v1/records/{id}",status="404"} 1`,
		`lodestone_http_requests_total{method="other",route="none",status="401"} 1`,
		`lodestone_http_request_seconds_count{route="POST /api/v1/screen"} 1`,
		`lodestone_sign_in_failures_total 1`, `lodestone_questions_total 1`, `lodestone_jobs{state="queued"} 0`, `lodestone_log_entries 5`,
		`lodestone_free_bytes `, `lodestone_info{assessed_until="`, `go_goroutines `, `process_open_fds `,
	} {
		if !strings.Contains(text, "\n"+line) {
			t.Errorf("no line %s", line)
		}
	}
	for _, secret := range []string{"secret", "administrator", "T-shirt"} {
		if strings.Contains(text, secret) {
			t.Errorf("the figures name %s", secret)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

// running is a server as serve runs it.
type running struct {
	*server
	stop  func()
	ended chan error
	lines *lockedBuffer // log of requests
}

// startServing starts a server on a data folder.
func startServing(t *testing.T, data string, patience time.Duration) *running {
	t.Helper()
	book, _, err := app.LoadBook("")
	if err != nil {
		t.Fatal(err)
	}
	i, err := app.OpenInstance(t.Context(), app.InstanceOptions{Data: data, Book: book, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &running{server: &server{t: t, data: data, instance: i, log: &lockedBuffer{}, url: "http://" + listener.Addr().String()}, ended: make(chan error, 1), lines: &lockedBuffer{}}
	ctx, stop := context.WithCancel(context.Background())
	r.stop = stop
	h := &house{i: i, version: "test", base: r.url, log: slog.New(meter.Log(slog.NewJSONHandler(r.log, nil))), requests: slog.New(slog.NewJSONHandler(r.lines, nil)), patience: patience}
	go func() {
		err := serve(ctx, h, listener)
		i.Close()
		r.ended <- err
	}()
	return r
}

// end stops it and waits.
func (r *running) end() {
	r.t.Helper()
	r.stop()
	select {
	case err := <-r.ended:
		if err != nil {
			r.t.Error(err)
		}
	case <-time.After(20 * time.Second):
		r.t.Fatal("the server does not stop")
	}
}

func TestRequestsAreLoggedWithoutSecrets(t *testing.T) {
	r := startServing(t, t.TempDir(), time.Second)
	key, err := r.instance.FirstLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r.stranger().do("GET", "/set-up?key="+key, "").want(t, 200, nil)
	boss := r.join(app.Administrator, key)
	program := boss.mint(`"read","screen"`)
	asked := program.do("POST", "/api/v1/screen", `{"item":{"description":"secret magnets"}}`, "X-Request-Id", "order-7").want(t, 200, nil)
	if id := asked.header.Get("X-Request-Id"); id != "order-7" {
		t.Errorf("the id of the asker became %q", id)
	}
	if id := program.do("GET", "/api/v1/law/show/CN-2025-18", "", "X-Request-Id", "bad\tid "+strings.Repeat("x", 100)).header.Get("X-Request-Id"); len(id) != 26 {
		t.Errorf("an id that is none became %q", id)
	}
	r.end()
	var found bool
	for line := range strings.Lines(r.lines.String()) {
		var l struct {
			Request, Method, Route, Person string
			Status                         int
			Took                           int64
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil || l.Request == "" || l.Route == "" || l.Status == 0 {
			t.Errorf("%v: %s", err, line)
		}
		if l.Request == "order-7" {
			found = l.Route == "POST /api/v1/screen" && l.Status == 200 && l.Person != "" && l.Took > 0
		}
	}
	if !found {
		t.Errorf("the question is not logged as it was asked:\n%s", r.lines)
	}
	for _, secret := range []string{key, program.token, password, "secret magnets", "CN-2025-18"} {
		if strings.Contains(r.lines.String()+r.log.String(), secret) {
			t.Errorf("logged: %s", secret)
		}
	}
}

func TestReady(t *testing.T) {
	r := startServing(t, t.TempDir(), 200*time.Millisecond)
	c := r.stranger()
	for i := 0; c.do("GET", "/readyz", "").status != 200; i++ {
		if i > 100 {
			t.Fatal("never ready")
		}
		time.Sleep(10 * time.Millisecond)
	}
	if err := r.instance.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	r.end()
	if err := r.instance.Ready(t.Context()); err == nil || !strings.Contains(err.Error(), "database") {
		t.Errorf("with the database closed: %v", err)
	}
	book, _, err := app.LoadBook("")
	if err != nil {
		t.Fatal(err)
	}
	i, err := app.OpenInstance(t.Context(), app.InstanceOptions{Data: r.data, Book: book, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	if err := i.Ready(t.Context()); err == nil || !strings.Contains(err.Error(), "not being worked on") {
		t.Errorf("while no jobs are done: %v", err)
	}
}

// slowly sends a file to a server: the first part at once, the rest when it is told to.
func (c *caller) slowly(path, first string) (rest *io.PipeWriter, answer chan reply) {
	from, rest := io.Pipe()
	answer = make(chan reply, 1)
	request, err := http.NewRequest("POST", c.s.url+path, from)
	if err != nil {
		c.s.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	go func() {
		got, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			answer <- reply{body: []byte(err.Error())}
			return
		}
		defer got.Body.Close()
		b, _ := io.ReadAll(got.Body) // a body that breaks off shows in the comparison
		answer <- reply{got.StatusCode, got.Header, b}
	}()
	if _, err := io.WriteString(rest, first); err != nil {
		c.s.t.Fatal(err)
	}
	return rest, answer
}

// A server that is told to stop takes nothing new, lets an upload end, refuses one that does not, and does at its next start what it did not end.
func TestStop(t *testing.T) {
	data := t.TempDir()
	r := startServing(t, data, 700*time.Millisecond)
	program := r.administrator().mint(`"read","screen"`)
	ends, ended := program.slowly("/api/v1/jobs?name=ends.csv&on=2026-03-01", "id,description\n1,gra")
	_, refused := program.slowly("/api/v1/jobs?name=never.csv", "id,description\n")
	var long job
	program.do("POST", "/api/v1/jobs?name=long.csv&on=2026-03-01", "id,description\n"+strings.Repeat("1,isostatic graphite blocks\n", 40_000)).want(t, 200, &long)
	events := make(chan reply, 1)
	go func() { events <- program.do("GET", "/api/v1/jobs/"+long.ID+"/events", "") }()
	time.Sleep(300 * time.Millisecond)
	r.stop()
	time.Sleep(100 * time.Millisecond)
	if _, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://")); err == nil {
		t.Error("a server that stops takes another connection")
	}
	if _, err := io.WriteString(ends, "phite\n"); err != nil {
		t.Error(err)
	}
	ends.Close()
	var j job
	(<-ended).want(t, 200, &j)
	if got := <-refused; got.status != 503 || got.header.Get("Retry-After") == "" || !strings.Contains(string(got.body), "stopping") {
		t.Errorf("the upload that does not end: %d %s", got.status, got.body)
	}
	if got := <-events; got.status != 200 {
		t.Errorf("progress: %d", got.status)
	}
	r.end()
	if text := r.log.String(); text != "" {
		t.Errorf("logged: %s", text)
	}
	again := startServing(t, data, time.Second)
	defer again.end()
	program.s = again.server
	for _, x := range []struct {
		id   string
		rows int
	}{{j.ID, 1}, {long.ID, 40_000}} {
		if got := program.await(x.id); got.State != "done" || got.Summary.Rows != x.rows {
			t.Errorf("after the next start: %+v", got)
		}
	}
}
