package cli

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"lodestone/internal/app"
	"lodestone/internal/gate"
	"lodestone/internal/meter"
	"lodestone/internal/when"
)

// server is a running instance and somebody who talks to it.
type server struct {
	t        *testing.T
	data     string // its folder
	url      string
	instance *app.Instance
	log      *lockedBuffer
	seen     string // page of a file before it was screened, in a browser
}

func newServer(t *testing.T) *server {
	t.Helper()
	return serverOn(t, t.TempDir())
}

// serverOn is a server on a data folder that may hold something.
func serverOn(t *testing.T, data string) *server {
	t.Helper()
	book, _, err := app.LoadBook("")
	if err != nil {
		t.Fatal(err)
	}
	i, err := app.OpenInstance(t.Context(), app.InstanceOptions{Data: data, Book: book, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, data: data, instance: i, log: &lockedBuffer{}}
	log := slog.New(meter.Log(slog.NewTextHandler(s.log, nil)))
	listening := httptest.NewServer((&house{i: i, version: "test", base: "http://127.0.0.1", log: log}).handler())
	s.url = listening.URL
	ctx, stop := context.WithCancel(context.Background())
	worked := make(chan error)
	go func() { worked <- i.Work(ctx, log) }()
	for i.Ready(t.Context()) != nil { // work begins in a moment
		time.Sleep(time.Millisecond)
	}
	t.Cleanup(func() {
		listening.Close()
		stop()
		if err := <-worked; err != nil {
			t.Error(err)
		}
		i.Close()
	})
	return s
}

// lockedBuffer may be written by several goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// caller is a person at a browser, or a program with a token.
type caller struct {
	s      *server
	client *http.Client
	token  string // empty: a person
}

func (s *server) stranger() *caller {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &caller{s: s, client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// reply is an answer.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func (c *caller) do(method, path, body string, headers ...string) reply {
	c.s.t.Helper()
	r, err := http.NewRequest(method, c.s.url+path, strings.NewReader(body))
	if err != nil {
		c.s.t.Fatal(err)
	}
	if strings.HasPrefix(body, "{") {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := c.client.Do(r)
	if err != nil {
		c.s.t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		c.s.t.Fatal(err)
	}
	return reply{answer.StatusCode, answer.Header, b}
}

// want fails the test unless the answer has a status; the body is then read into to.
func (r reply) want(t *testing.T, status int, to any) reply {
	t.Helper()
	if r.status != status {
		t.Fatalf("status %d, want %d: %s", r.status, status, r.body)
	}
	if to != nil {
		if err := json.Unmarshal(r.body, to); err != nil {
			t.Fatalf("%v: %s", err, r.body)
		}
	}
	return r
}

const password = "a password of the tests"

// join makes a person of a role and signs it in.
func (s *server) join(role app.Role, key string) *caller {
	c := s.stranger()
	c.do("POST", "/api/v1/set-up", fmt.Sprintf(`{"key":%q,"login":%q,"password":%q}`, key, role, password)).want(s.t, 200, nil)
	return c
}

// administrator is the first person.
func (s *server) administrator() *caller {
	s.t.Helper()
	key, err := s.instance.FirstLink(s.t.Context())
	if err != nil || key == "" {
		s.t.Fatal("no first link:", err)
	}
	return s.join(app.Administrator, key)
}

func (c *caller) invite(role app.Role) *caller {
	c.s.t.Helper()
	var i struct{ Key string }
	c.do("POST", "/api/v1/invitations", fmt.Sprintf(`{"role":%q}`, role)).want(c.s.t, 200, &i)
	return c.s.join(role, i.Key)
}

// operation is a line of the description.
type operation struct {
	method, path, scope string
	in                  struct {
		Parameters []struct {
			Name, In string
			Required bool
			Schema   struct{ Examples []any }
		}
		RequestBody struct {
			Content map[string]struct {
				Schema struct {
					Ref string `json:"$ref"`
				}
			}
		}
		Scope string `json:"x-scope"`
	}
}

// examples are values for parameters that only the law or the instance knows.
var examples = map[string]string{"what": "CN-2025-18", "act": "CN-2025-18", "norm": "1C902.a.1", "id": "NONE", "paper": "contract", "draw": "NONE", "text": "notice"}

func (s *server) operations() (all []operation) {
	s.t.Helper()
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]json.RawMessage
	}
	s.stranger().do("GET", "/api/v1/openapi.json", "").want(s.t, 200, &doc)
	if !strings.HasPrefix(doc.OpenAPI, "3.1") {
		s.t.Errorf("OpenAPI %s", doc.OpenAPI)
	}
	for path, methods := range doc.Paths {
		for method, raw := range methods {
			o := operation{method: strings.ToUpper(method), path: path}
			if err := json.Unmarshal(raw, &o.in); err != nil {
				s.t.Fatal(err)
			}
			o.scope = o.in.Scope
			all = append(all, o)
		}
	}
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return all
}

// address fills the parameters of an operation with their examples.
func (o *operation) address() string {
	path, q := o.path, url.Values{}
	for _, p := range o.in.Parameters {
		value := ""
		if len(p.Schema.Examples) > 0 {
			if list, ok := p.Schema.Examples[0].([]any); ok {
				value = fmt.Sprint(list[0])
			} else {
				value = fmt.Sprint(p.Schema.Examples[0])
			}
		}
		if v := examples[p.Name]; v != "" {
			value = v
		}
		switch {
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(value))
		case p.In == "query" && value != "":
			q.Set(p.Name, value)
		}
	}
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return path
}

func TestNothingIsOpenButTheDoor(t *testing.T) {
	s := newServer(t)
	for _, stage := range []string{"before set-up", "after"} {
		c := s.stranger()
		for _, o := range s.operations() {
			status := c.do(o.method, o.address(), "{}").status
			if o.scope != "" && status != 401 || o.scope == "" && status == 401 && o.path != "/api/v1/session" {
				t.Errorf("%s: %s %s gives a stranger %d", stage, o.method, o.path, status)
			}
		}
		for path, want := range map[string]int{"/": 303, "/x": 303, "/api/v1/x": 401, "/api/v1/openapi.yaml": 401, "/metrics": 401, "/healthz": 200, "/readyz": 200, "/sign-in": 200,
			"/static/frame.css": 200, "/static/../../go.mod": 307, "/set-up?key=x": 410, "/api/v1/openapi.json": 200, "//api/v1/law": 303, "/api/v1/../v1/law": 401} {
			r := c.do("GET", path, "")
			if r.status != want {
				t.Errorf("%s: %s gives %d, want %d", stage, path, r.status, want)
			}
			if r.header.Get("Content-Security-Policy") == "" || r.header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s lacks security headers", path)
			}
		}
		if stage == "before set-up" {
			s.administrator()
		}
	}
	if key, err := s.instance.FirstLink(t.Context()); key != "" || err != nil {
		t.Errorf("a second first link: %q %v", key, err)
	}
}

func TestRolesAndRoutes(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	callers := map[app.Role]*caller{app.Administrator: boss}
	for _, role := range app.Roles()[:4] {
		callers[role] = boss.invite(role)
	}
	may := map[app.Role]string{app.Viewer: "read", app.Screener: "read screen", app.Approver: "read screen approve", app.LicenceManager: "read screen licence",
		app.Administrator: "read screen approve licence govern"}
	for _, o := range s.operations() {
		if o.method == "DELETE" && o.path == "/api/v1/session" || o.scope == "" {
			continue
		}
		for role, c := range callers {
			status := c.do(o.method, o.address(), "{}").status
			allowed := slices.Contains(strings.Fields(may[role]), o.scope)
			if (status == 403) == allowed || status == 401 || status >= 500 {
				t.Errorf("%s %s gives a %s %d", o.method, o.path, role, status)
			}
		}
	}
	for role, c := range callers {
		if status := c.do("GET", "/metrics", "").status; (status == 200) != (role == app.Administrator) || status >= 500 {
			t.Errorf("/metrics gives a %s %d", role, status)
		}
	}
	if text := s.log.String(); text != "" {
		t.Errorf("logged: %s", text)
	}
}

// files are the bodies of operations that take a file as it is.
var files = map[string]string{
	"/api/v1/jobs": uploaded, "/api/v1/catalogues": uploaded, "/api/v1/impact": uploaded, "/api/v1/parties/screen": "id,name\n1,Example Trading\n", "/api/v1/parties/lists": "name,country\nExample Trading,DE\n", "/api/v1/enforcement/audit": `{"reports":[]}`,
	"/api/v1/enforcement/read": penalty, "/api/v1/exposure/company": "supplier,item,mineral,origin,mass,unit,stock\nwest works,anode,graphite,CN,100,t,10\n",
}

// penalty is a decision about nobody.
const penalty = `中华人民共和国上海海关行政处罚决定书
沪关缉违字〔2025〕0001号
当事人：某公司。当事人于2025年3月3日委托申报出口石墨一批，未提交两用物项出口许可证，货物价值人民币10万元。
根据《中华人民共和国出口管制法》第三十四条，决定对当事人科处罚款人民币5万元。
2025年6月1日
`

// bodyOf is the example of an operation's body: that of its fields, which its description gives.
func (o *operation) bodyOf(schemas map[string]schema) string {
	if file, ok := files[o.path]; ok {
		return file
	}
	for _, c := range o.in.RequestBody.Content {
		fields := map[string]any{}
		for name, f := range schemas[strings.TrimPrefix(c.Schema.Ref, "#/components/schemas/")].Properties {
			if len(f.Examples) > 0 {
				fields[name] = f.Examples[0]
			}
		}
		text, _ := json.Marshal(fields) // what was JSON is JSON
		return string(text)
	}
	return ""
}

// schema is what the tests read of a schema.
type schema struct {
	Properties map[string]struct{ Examples []any }
}

func TestEveryExampleOfTheDescription(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	record := boss.screened(wafers("P-1", ""))
	j := boss.upload("name=shipment.csv", uploaded)
	var applied struct{ Application string }
	boss.do("POST", "/api/v1/applications", `{"type":"individual"}`).want(t, 200, &applied)
	catalogue := boss.catalogue(when.Day(2026, 11, 1), when.Day(2026, 12, 1))
	ids := map[string]string{"records": record, "jobs": j.ID, "cases": boss.onlyCase("P-1").ID, "licences": boss.generalLicence("26-1", "1", "").ID,
		"applications": applied.Application, "catalogues": catalogue.ID, "alerts": boss.anAlert(), "parties": "own.csv", "delivery-targets": boss.target("desk@receiver.example")} // by the first word of the path
	boss.do("POST", "/api/v1/parties/lists?name=own.csv", files["/api/v1/parties/lists"]).want(t, 200, nil)
	queries := map[string]string{"/api/v1/licences/fitting": "record=" + record, // that only the instance knows
		"/api/v1/catalogues/{id}/changes": "job=" + catalogue.Screenings[0].Job}
	var doc struct {
		Components struct{ Schemas map[string]schema }
	}
	boss.do("GET", "/api/v1/openapi.json", "").want(t, 200, &doc)
	var person, token struct{ ID string }
	boss.invite(app.Viewer).do("GET", "/api/v1/session", "").want(t, 200, &person)
	boss.do("POST", "/api/v1/tokens", `{"name":"test","scopes":["read"]}`).want(t, 200, &token)
	ids["people"], ids["tokens"] = person.ID, token.ID
	for _, o := range s.operations() {
		if o.scope == "" || o.method == "DELETE" && o.path == "/api/v1/session" { // the last would shut the door behind the test
			continue
		}
		if o.method == "PUT" && o.path != "/api/v1/people/{id}" { // others name the version that they change
			continue
		}
		path := strings.Replace(o.address(), "NONE", ids[strings.Split(o.path, "/")[3]], 1)
		if q := queries[o.path]; q != "" {
			path = strings.SplitN(path, "?", 2)[0] + "?" + q
		}
		text := strings.ReplaceAll(o.bodyOf(doc.Components.Schemas), "AAAAAAAAAAAAAAAAAAAAAAAAAA", record)
		if o.path == "/api/v1/cases/answers" {
			text = string(boss.do("GET", "/api/v1/cases/asks", "").body)
		}
		got := boss.do(o.method, path, text)
		if got.status == 409 && o.method != "GET" && slices.Contains([]string{"cases", "licences", "applications"}, strings.Split(o.path, "/")[3]) {
			continue // understood, and refused as things stand: which step may follow depends on those before
		}
		if got.status != 200 && got.status != 204 || got.status == 200 && len(got.body) == 0 {
			t.Errorf("%s %s: %d %s", o.method, path, got.status, got.body)
		}
	}
}

func TestAnAnswerIsRecordedAndProved(t *testing.T) {
	s := newServer(t)
	c := s.administrator()
	ask := `{"item":{"id":"P-1","description":"gallium arsenide wafers","from":"CN","destination":"US","value":1200,"currency":"USD"},"on":"2026-12-01"}`
	type record struct {
		Record        string
		N             int64
		Determination struct {
			ID, Outcome string
			MayBe       string `json:"may_be"`
		}
	}
	var first, again record
	c.do("POST", "/api/v1/screen", ask, "Idempotency-Key", "order 7").want(t, 200, &first)
	if d := first.Determination; d.Outcome != "licence" || d.MayBe != "prohibited" && d.MayBe != "deny" || d.ID != "P-1" {
		t.Errorf("%+v", d)
	}
	if c.do("POST", "/api/v1/screen", ask, "Idempotency-Key", "order 7").want(t, 200, &again); again != first {
		t.Errorf("asking again under one key: %+v, first %+v", again, first)
	}
	c.do("POST", "/api/v1/screen", strings.Replace(ask, "P-1", "P-2", 1), "Idempotency-Key", "order 7").want(t, 409, nil)
	var page struct {
		Items []record
		Next  *int64
	}
	c.do("GET", "/api/v1/records?after=-1&limit=1", "").want(t, 200, &page)
	if len(page.Items) != 1 || page.Items[0] != first || page.Next == nil {
		t.Errorf("%+v", page)
	}
	next := fmt.Sprintf("/api/v1/records?after=%d&limit=1", *page.Next)
	page.Next = nil
	if c.do("GET", next, "").want(t, 200, &page); len(page.Items) != 0 || page.Next != nil {
		t.Errorf("after the last: %+v", page)
	}
	var v struct {
		Entries, Replayed int
		Altered           string
	}
	if c.do("POST", "/api/v1/verify", "").want(t, 200, &v); v.Altered != "" || v.Replayed != 1 || v.Entries < 3 {
		t.Errorf("%+v", v)
	}
	var audit struct{ Items []struct{ Kind string } }
	c.do("GET", "/api/v1/audit", "").want(t, 200, &audit)
	var kinds []string
	for _, e := range audit.Items {
		kinds = append(kinds, e.Kind)
	}
	if want := []string{"invitation.new", "person.new", "determination", "case.opened"}; !slices.Equal(kinds, want) {
		t.Errorf("log %v, want %v", kinds, want)
	}
}

func TestTokens(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	screener := boss.invite(app.Screener)
	screener.do("POST", "/api/v1/tokens", `{"name":"ERP","scopes":["govern"]}`).want(t, 422, nil)
	var made struct{ ID, Key string }
	screener.do("POST", "/api/v1/tokens", `{"name":"ERP","scopes":["screen"]}`).want(t, 200, &made)
	program := s.stranger()
	program.token = made.Key
	program.do("POST", "/api/v1/screen", `{"item":{"description":"T-shirt"}}`).want(t, 200, nil)
	program.do("GET", "/api/v1/law", "").want(t, 403, nil)
	boss.do("GET", "/api/v1/tokens", "").want(t, 200, nil)
	s.stranger().do("DELETE", "/api/v1/tokens/"+made.ID, "").want(t, 401, nil)
	boss.invite(app.Viewer).do("DELETE", "/api/v1/tokens/"+made.ID, "").want(t, 404, nil)
	screener.do("DELETE", "/api/v1/tokens/"+made.ID, "").want(t, 204, nil)
	program.do("POST", "/api/v1/screen", `{"item":{"description":"T-shirt"}}`).want(t, 401, nil)
}

// A role taken away, or a door shut, holds at once, for sessions and tokens alike; the last administrator stays.
func TestTakenAway(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	screener := boss.invite(app.Screener)
	var me, made struct{ ID, Key string }
	screener.do("GET", "/api/v1/session", "").want(t, 200, &me)
	screener.do("POST", "/api/v1/tokens", `{"name":"ERP","scopes":["read","screen"]}`).want(t, 200, &made)
	program := s.stranger()
	program.token = made.Key
	boss.do("PUT", "/api/v1/people/"+me.ID, `{"role":"viewer"}`).want(t, 200, nil)
	for _, c := range []*caller{screener, program} {
		c.do("POST", "/api/v1/screen", `{"item":{"description":"T-shirt"}}`).want(t, 403, nil)
		c.do("GET", "/api/v1/law", "").want(t, 200, nil)
	}
	boss.do("PUT", "/api/v1/people/"+me.ID, `{"role":"viewer","disabled":true}`).want(t, 200, nil)
	for _, c := range []*caller{screener, program} {
		c.do("GET", "/api/v1/law", "").want(t, 401, nil)
	}
	s.stranger().do("POST", "/api/v1/session", fmt.Sprintf(`{"login":"screener","password":%q}`, password)).want(t, 401, nil)
	var all []struct{ ID, Role string }
	boss.do("GET", "/api/v1/people", "").want(t, 200, &all)
	for _, p := range all {
		if p.Role == "administrator" {
			boss.do("PUT", "/api/v1/people/"+p.ID, `{"role":"viewer"}`).want(t, 422, nil)
		}
	}
}

func TestHostileRequests(t *testing.T) {
	s := newServer(t)
	c := s.administrator()
	long := strings.Repeat("镝", 400_000)
	for _, x := range []struct {
		name, method, path, body string
		headers                  []string
		want                     int
	}{
		{"another site", "POST", "/api/v1/screen", `{"item":{}}`, []string{"Origin", "https://elsewhere.example"}, 403},
		{"another site, by fetch metadata", "POST", "/sign-out", "", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"a forged token", "GET", "/api/v1/law", "", []string{"Authorization", "Bearer lodestone_AAAA"}, 401},
		{"an unknown parameter", "GET", "/api/v1/law?onn=2026-01-01", "", nil, 422},
		{"no day", "GET", "/api/v1/law?on=2026-02-30", "", nil, 422},
		{"SQL in a filter", "GET", "/api/v1/records?after=1%20OR%201=1", "", nil, 422},
		{"SQL in a name", "GET", "/api/v1/records/'%20OR%20'1'='1", "", nil, 404},
		{"an unknown field", "POST", "/api/v1/screen", `{"item":{},"itm":{}}`, nil, 422},
		{"no JSON", "POST", "/api/v1/screen", `{"item":`, nil, 400},
		{"a misspelt column", "POST", "/api/v1/screen", `{"item":{"descripton":"x"}}`, nil, 422},
		{"a bad number", "POST", "/api/v1/screen", `{"item":{"value":"1,2,3","currency":"USD"}}`, nil, 422},
		{"more than a megabyte", "POST", "/api/v1/screen", `{"item":{"description":"` + long + `"}}`, nil, 413},
		{"a nested value", "POST", "/api/v1/screen", `{"item":{"description":{"a":[1]}}}`, nil, 422},
		{"script", "POST", "/api/v1/screen", `{"item":{"description":"<script>alert(1)</script>"}}`, nil, 200},
		{"a path trick", "GET", "/static/..%2f..%2fgo.mod", "", nil, 404},
		{"a wrong method", "PATCH", "/api/v1/screen", "{}", nil, 404},
	} {
		r := c.do(x.method, x.path, x.body, x.headers...)
		if r.status != x.want {
			t.Errorf("%s: %d, want %d: %.200s", x.name, r.status, x.want, r.body)
		}
		if kind := r.header.Get("Content-Type"); r.status >= 400 && strings.HasPrefix(x.path, "/api/") && !strings.Contains(kind, "problem+json") {
			t.Errorf("%s: answered as %s", x.name, kind)
		}
	}
	if text := s.log.String(); text != "" {
		t.Errorf("logged: %.500s", text)
	}
}

func TestTheColumnThatIsWrongIsNamed(t *testing.T) {
	s := newServer(t)
	r := s.administrator().do("POST", "/api/v1/screen", `{"item":{"descripton":"x"}}`).want(t, 422, nil)
	if text := string(r.body); !strings.Contains(text, "body.item.descripton") || !strings.Contains(text, "description") {
		t.Error(text)
	}
}

func TestSignInIsShutAfterFailures(t *testing.T) {
	s := newServer(t)
	s.administrator()
	c := s.stranger()
	var last reply
	for range 11 {
		last = c.do("POST", "/api/v1/session", `{"login":"administrator","password":"wrong wrong wrong"}`)
	}
	last.want(t, 429, nil)
	if !strings.Contains(string(last.body), gate.ErrTooOften.Error()) {
		t.Errorf("%s", last.body)
	}
}

// Behind a proxy people are told apart by what the proxy has seen, not by what they say of themselves.
func TestSignInBehindAProxy(t *testing.T) {
	s := newServer(t)
	s.administrator()
	proxied := httptest.NewServer((&house{i: s.instance, version: "test", base: "https://lodestone.example", log: slog.New(slog.DiscardHandler), proxied: true}).handler())
	defer proxied.Close()
	s.url = proxied.URL
	try := func(login, from string) int {
		return s.stranger().do("POST", "/api/v1/session", fmt.Sprintf(`{"login":%q,"password":"wrong wrong wrong"}`, login), "X-Forwarded-For", from).status
	}
	for i := range 11 {
		try(fmt.Sprint("nobody", i), fmt.Sprintf("198.51.100.%d, 203.0.113.7", i))
	}
	if got := try("somebody", "198.51.100.99, 203.0.113.7"); got != 429 {
		t.Errorf("the address that failed: %d", got)
	}
	if got := try("somebody", "203.0.113.8"); got != 401 {
		t.Errorf("another address: %d", got)
	}
}

func TestPagesOfTheDoor(t *testing.T) {
	s := newServer(t)
	key, err := s.instance.FirstLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := s.stranger()
	form := func(path string, values url.Values) reply {
		return c.do("POST", path, values.Encode(), "Content-Type", "application/x-www-form-urlencoded")
	}
	if r := c.do("GET", "/set-up?key="+key, "").want(t, 200, nil); !bytes.Contains(r.body, []byte("administrator")) {
		t.Errorf("%s", r.body)
	}
	if r := form("/set-up", url.Values{"key": {key}, "login": {"officer"}, "password": {"short"}}).want(t, 422, nil); !bytes.Contains(r.body, []byte(`value="officer"`)) {
		t.Errorf("what was entered is gone: %s", r.body)
	}
	form("/set-up", url.Values{"key": {key}, "login": {"officer"}, "name": {"<b>Officer</b>"}, "password": {password}}).want(t, 303, nil)
	if r := c.do("GET", "/", "").want(t, 200, nil); !bytes.Contains(r.body, []byte("&lt;b&gt;Officer&lt;/b&gt;")) {
		t.Errorf("%s", r.body)
	}
	c.do("GET", "/set-up?key="+key, "").want(t, 410, nil)
	form("/sign-out", nil).want(t, 303, nil)
	c.do("GET", "/", "").want(t, 303, nil)
	form("/sign-in", url.Values{"login": {"officer"}, "password": {"not the password"}}).want(t, 401, nil)
	form("/sign-in", url.Values{"login": {"Officer "}, "password": {password}}).want(t, 303, nil)
	c.do("GET", "/", "").want(t, 200, nil)
	c.do("GET", "/nothing", "").want(t, 404, nil)
}

// job is what the tests look at of a job.
type job struct {
	ID, Kind, State, Input, Result, Problem string
	Summary                                 struct {
		Rows, Refused int
	}
}

// upload sends a file to be screened and waits until the job has ended.
func (c *caller) upload(query, file string) job {
	c.s.t.Helper()
	return c.job("/jobs?"+query, file)
}

// catalogue is what the tests look at of a catalogue.
type catalogue struct {
	ID         string
	Version    int
	Screenings []struct {
		Job, State, Before string
		Summary            struct {
			Rows   int
			Impact *struct{ Changed int }
		}
	}
}

// catalogue keeps a file and has it screened as of days, one after another.
func (c *caller) catalogue(days ...when.Date) (doc catalogue) {
	c.s.t.Helper()
	c.do("POST", "/api/v1/catalogues?name=goods.csv", uploaded, "Content-Type", "text/csv").want(c.s.t, 200, &doc)
	for _, day := range days {
		if err := c.s.instance.Notice(c.s.t.Context(), day); err != nil {
			c.s.t.Fatal(err)
		}
		c.do("GET", "/api/v1/catalogues/"+doc.ID, "").want(c.s.t, 200, &doc)
		c.do("GET", "/api/v1/jobs/"+doc.Screenings[0].Job+"/events", "") // ends with the job
	}
	c.do("GET", "/api/v1/catalogues/"+doc.ID, "").want(c.s.t, 200, &doc)
	return doc
}

// anAlert is the newest alert.
func (c *caller) anAlert() string {
	c.s.t.Helper()
	var page struct{ Items []struct{ ID string } }
	c.do("GET", "/api/v1/alerts", "").want(c.s.t, 200, &page)
	if len(page.Items) == 0 {
		c.s.t.Fatal("there is no alert")
	}
	return page.Items[0].ID
}

const uploaded = `id,description,from,destination
1,gallium arsenide wafers,CN,US
2,T-shirt,CN,DE
3,graphite,XX,DE
`

func TestAnUploadIsScreened(t *testing.T) {
	s := newServer(t)
	c := s.administrator()
	j := c.upload("name=shipment.csv&on=2026-03-01", uploaded)
	if j.State != "done" || j.Summary.Rows != 2 || j.Summary.Refused != 1 {
		t.Fatalf("%+v", j)
	}
	result := c.do("GET", "/api/v1/jobs/"+j.ID+"/result", "").want(t, 200, nil)
	var out, problems bytes.Buffer
	Run([]string{"screen", "-", "--on", "2026-03-01", "--output", "jsonl"}, Env{In: strings.NewReader(uploaded), Out: &out, Err: &problems})
	want := strings.ReplaceAll(out.String(), "standard input", "shipment.csv")
	if string(result.body) != want {
		t.Errorf("the command line gives other bytes:\n%s\n%s", result.body, want)
	}
	if other := c.upload("name=other.csv", "id,description\n1,T-shirt\n"); other.Input == j.Input || other.Summary.Rows != 1 {
		t.Errorf("another file: %+v", other)
	}
	if sum := sha256.Sum256([]byte(uploaded)); j.Input != hex.EncodeToString(sum[:]) {
		t.Errorf("the digest of the file is given as %s", j.Input)
	}
	if again := c.upload("name=shipment.csv&on=2026-03-01", uploaded); again.Result != j.Result || again.ID == j.ID {
		t.Errorf("the same file again: %+v, first %+v", again, j)
	}
	var v struct {
		Jobs    int
		Altered string
	}
	if c.do("POST", "/api/v1/verify", "").want(t, 200, &v); v.Altered != "" || v.Jobs != 3 {
		t.Errorf("%+v", v)
	}
	var page struct{ Items []job }
	if c.do("GET", "/api/v1/jobs?limit=1", "").want(t, 200, &page); len(page.Items) != 1 || page.Items[0].Result != j.Result {
		t.Errorf("%+v", page)
	}
}

func TestUploadsThatFail(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	if j := boss.upload("name=x.csv", "descripton,hs\nx,1\n"); j.State != "failed" || !strings.Contains(j.Problem, "description") {
		t.Errorf("%+v", j)
	}
	if j := boss.upload("name=x.csv", "%PDF-1.7 \x00\x01"); j.State != "failed" {
		t.Errorf("%+v", j)
	}
	boss.do("POST", "/api/v1/jobs", uploaded).want(t, 422, nil)
	boss.do("POST", "/api/v1/jobs?name=x&from_country=Atlantis", uploaded).want(t, 422, nil)
	viewer := boss.invite(app.Viewer)
	viewer.do("POST", "/api/v1/jobs?name=x", uploaded).want(t, 403, nil)
	viewer.do("GET", "/api/v1/jobs/none", "").want(t, 404, nil)
	viewer.do("GET", "/api/v1/jobs/none/result", "").want(t, 404, nil)
}

func TestAJobIsCancelled(t *testing.T) {
	s := newServer(t)
	c := s.administrator()
	var j job
	long := "id,description\n" + strings.Repeat("1,isostatic graphite blocks\n", 200_000)
	c.do("POST", "/api/v1/jobs?name=long.csv", long).want(t, 200, &j)
	c.do("DELETE", "/api/v1/jobs/"+j.ID, "").want(t, 200, &j)
	if j.State != "cancelled" {
		t.Errorf("%+v", j)
	}
	if next := c.upload("name=shipment.csv", uploaded); next.State != "done" {
		t.Errorf("the job after it: %+v", next)
	}
	if c.do("GET", "/api/v1/jobs/"+j.ID, "").want(t, 200, &j); j.State != "cancelled" || j.Result != "" {
		t.Errorf("%+v", j)
	}
}

// hostileTexts are texts that break what is not careful.
var hostileTexts = []string{"<script>alert(1)</script>", "'; DROP TABLE case_step; --", `"kind":"case.gone"`, "=cmd|' /C calc'!A0", "\u202egnp.exe", "%_\\", "../../etc/passwd", "許可 허가 🚫"}

// quoted is a text as JSON.
func quoted(t *testing.T, text string) string {
	t.Helper()
	b, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
