package cli

import (
	"archive/zip"
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"lodestone/internal/app"
)

// securityHeaders are those that every answer has, whatever it is.
var securityHeaders = []string{"Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Cache-Control", "X-Request-Id"}

func TestSecurityHeadersOnEveryAnswer(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	check := func(what string, r reply) {
		for _, name := range securityHeaders {
			if r.header.Get(name) == "" && (name != "Cache-Control" || !strings.Contains(what, "/static/")) {
				t.Errorf("%s: %d without %s", what, r.status, name)
			}
		}
		if csp := r.header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: %s", what, csp)
		}
	}
	statuses := map[int]bool{}
	for _, o := range s.operations() {
		if o.method == "DELETE" && o.path == "/api/v1/session" {
			continue
		}
		for name, c := range map[string]*caller{"a stranger": s.stranger(), "an administrator": boss} {
			for _, body := range []string{"{}", "{"} {
				r := c.do(o.method, o.address(), body)
				statuses[r.status] = true
				check(name+" "+o.method+" "+o.path, r)
			}
		}
	}
	for _, path := range []string{"/", "/sign-in", "/set-up?key=x", "/nothing", "/static/page.css", "/static/nothing", "/healthz", "/readyz", "/metrics", "/api/v1/nothing", "//", "/api/v1/../v1/law"} {
		for name, c := range map[string]*caller{"a stranger": s.stranger(), "an administrator": boss} {
			r := c.do("GET", path, "")
			statuses[r.status] = true
			check(name+" "+path, r)
		}
	}
	check("another site", boss.do("POST", "/api/v1/screen", "{}", "Origin", "https://elsewhere.example"))
	for _, status := range []int{200, 303, 400, 401, 403, 404, 410, 422} {
		if status != 403 && !statuses[status] {
			t.Errorf("no answer was %d: the test walks too little", status)
		}
	}
	secure := httptest.NewServer((&house{i: s.instance, version: "test", base: "https://lodestone.example", log: slog.New(slog.DiscardHandler)}).handler())
	defer secure.Close()
	s.url = secure.URL
	if r := s.stranger().do("GET", "/sign-in", ""); r.header.Get("Strict-Transport-Security") == "" {
		t.Error("behind TLS there is no Strict-Transport-Security")
	}
	signed := s.stranger().do("POST", "/api/v1/session", fmt.Sprintf(`{"login":"administrator","password":%q}`, password)).want(t, 200, nil)
	if c := signed.header.Get("Set-Cookie"); !strings.Contains(c, "Secure") || !strings.Contains(c, "HttpOnly") || !strings.Contains(c, "SameSite=Lax") {
		t.Errorf("the cookie of a session: %s", c)
	}
}

// Nothing that changes something is taken from another site, whoever's browser sends it.
func TestNothingIsTakenFromAnotherSite(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	paths := map[string]string{"/sign-in": "POST", "/sign-out": "POST", "/set-up": "POST"}
	for _, o := range s.operations() {
		if o.method != "GET" {
			paths[o.address()] = o.method
		}
	}
	for path, method := range paths {
		for _, from := range [][]string{{"Origin", "https://elsewhere.example"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "null"}} {
			if r := boss.do(method, path, "{}", from...); r.status != 403 {
				t.Errorf("%s %s with %v: %d", method, path, from, r.status)
			}
		}
	}
	boss.do("GET", "/api/v1/session", "").want(t, 200, nil)
}

// raw sends bytes as they are and reads the answer, within a time.
func (s *server) raw(text string, within time.Duration) (*http.Response, error) {
	c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		return nil, err
	}
	s.t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(within)); err != nil {
		return nil, err
	}
	if _, err := io.WriteString(c, text); err != nil {
		return nil, err
	}
	return http.ReadResponse(bufio.NewReader(c), nil)
}

// What says of itself that it is too long is refused before a byte of it is read.
func TestDeclaredLengths(t *testing.T) {
	s := newServer(t)
	program := s.administrator().mint(`"read","screen","govern"`)
	for _, o := range s.operations() {
		if o.method == "GET" {
			continue
		}
		length := int64(10 << 30)
		if files[o.path] == uploaded || o.path == "/api/v1/parties/screen" {
			length = 20 << 30
		}
		path := o.path
		if i := strings.Index(o.address(), "?"); i >= 0 {
			path += o.address()[i:]
		}
		from := time.Now()
		r, err := s.raw(fmt.Sprintf("%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n{", o.method, strings.ReplaceAll(path, "{id}", "NONE"), program.token, length), 3*time.Second)
		if err != nil || r.StatusCode != 413 && r.StatusCode != 403 || time.Since(from) > 2*time.Second {
			t.Errorf("%s %s of %d GB: %v %v after %v", o.method, o.path, length>>30, r, err, time.Since(from))
		}
	}
	for name, text := range map[string]string{
		"a length below zero": "POST /api/v1/screen HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
		"two lengths":         "POST /api/v1/screen HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n{}}}",
		"no host":             "GET /api/v1/law HTTP/1.1\r\n\r\n",
		"a folded header":     "GET /healthz HTTP/1.1\r\nHost: x\r\nX: a\r\n b\x00\r\n\r\n",
		"long headers":        "GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("a", 1<<20+8192) + "\r\n\r\n",
	} {
		if r, err := s.raw(text, 3*time.Second); err == nil && (r.StatusCode < 400 || r.StatusCode >= 500) {
			t.Errorf("%s: %s", name, r.Status)
		}
	}
	// A body that breaks off, and one whose parts are no parts.
	head := "POST /api/v1/jobs?name=x.csv HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + program.token + "\r\n"
	if r, err := s.raw(head+"Transfer-Encoding: chunked\r\n\r\nzz\r\nid\r\n", 3*time.Second); err != nil || r.StatusCode != 400 {
		t.Errorf("parts that are none: %v %v", r, err)
	}
	c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, head+"Content-Length: 100\r\n\r\nid,"); err != nil {
		t.Fatal(err)
	}
	c.(*net.TCPConn).CloseWrite()
	if r, err := http.ReadResponse(bufio.NewReader(c), nil); err == nil && r.StatusCode != 400 {
		t.Errorf("a body that breaks off: %v", r.Status)
	}
	c.Close()
	var jobs struct{ Items []job }
	if program.do("GET", "/api/v1/jobs", "").want(t, 200, &jobs); len(jobs.Items) != 0 {
		t.Errorf("half a file was kept: %+v", jobs.Items)
	}
	if text := s.log.String(); text != "" {
		t.Errorf("logged: %.500s", text)
	}
}

func TestMalformedForms(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	form := "multipart/form-data; boundary=b"
	for _, body := range []string{"", "--b", "--b\r\nContent-Disposition: form-data; name=\"login\"\r\n\r\n", "--b\r\n\r\n--b--", "garbage", "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../../etc/passwd\"\r\n\r\nx\r\n--b--\r\n"} {
		for path := range files {
			boss.do("POST", path+"?name=x.csv", body, "Content-Type", form).want(t, 415, nil)
		}
		for _, path := range []string{"/sign-in", "/set-up"} {
			for _, kind := range []string{form, "multipart/form-data", "multipart/mixed; boundary=b", "application/x-www-form-urlencoded", "text/plain;;", "%%"} {
				if r := s.stranger().do("POST", path, body+"%zz=%", "Content-Type", kind); r.status < 400 || r.status >= 500 {
					t.Errorf("%s as %s: %d", path, kind, r.status)
				}
			}
		}
		for _, kind := range []string{form, "text/html", "application/xml"} {
			if r := boss.do("POST", "/api/v1/screen", body+"x", "Content-Type", kind); r.status < 400 || r.status >= 500 {
				t.Errorf("/screen as %s: %d", kind, r.status)
			}
		}
	}
	if text := s.log.String(); text != "" {
		t.Errorf("logged: %.500s", text)
	}
}

// drawn counts what is read of it.
type drawn struct {
	io.Reader
	n atomic.Int64
}

func (d *drawn) Read(b []byte) (int, error) {
	n, err := d.Reader.Read(b)
	d.n.Add(int64(n))
	return n, err
}

// A form with a file that no page asks for is not read to its end: reading it would put it on the disk, whoever sends it.
func TestFilesThatNobodyAskedFor(t *testing.T) {
	const size = 64 << 20
	s := newServer(t)
	boss := s.administrator()
	for _, path := range []string{"/sign-in", "/set-up", "/people", "/api/v1/session"} {
		for _, c := range []*caller{s.stranger(), boss} {
			body := &drawn{Reader: io.MultiReader(strings.NewReader("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n"), io.LimitReader(zeros{}, size))}
			request, err := http.NewRequest("POST", s.url+path, body)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", "multipart/form-data; boundary=b")
			if answer, err := c.client.Do(request); err == nil { // a connection that is closed before all was sent may show as an error
				if answer.Body.Close(); answer.StatusCode < 300 {
					t.Errorf("POST %s: %s", path, answer.Status)
				}
			}
			if n := body.n.Load(); n > size/2 {
				t.Errorf("POST %s: %d MB were read", path, n>>20)
			}
		}
	}
}

// zeros are without end.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// valuesEach is how many hostile values each parameter is given.
const valuesEach = 5

// Whatever stands in a filter is a value, never a part of a statement, a path or a page.
func TestEveryFilterTakesValuesOnly(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	boss.do("POST", "/api/v1/screen", `{"item":{"description":"T-shirt"}}`).want(t, 200, nil)
	boss.upload("name=x.csv", uploaded)
	before := s.rows()
	values := []string{`' OR '1'='1`, `1; DROP TABLE person; --`, `1) UNION SELECT password FROM person --`, `"`, "%", "_", "\x00", "../../instance.key", `..\..\instance.key`, "%2e%2e%2finstance.key", "<script>alert(1)</script>",
		"${jndi:ldap://x}", "{{7*7}}", strings.Repeat("9", 400), "-1", "NaN", "１", "\u202e", "\xff"}
	turn := 0
	for _, o := range s.operations() {
		if o.method != "GET" {
			continue
		}
		for _, p := range o.in.Parameters {
			if p.In == "header" {
				continue
			}
			for range valuesEach { // the parameters share them out
				path := o.with(p.Name, values[turn%len(values)])
				turn++
				r := boss.do("GET", path, "")
				if r.status >= 500 || bytes.Contains(r.body, []byte("$argon2id")) || bytes.Contains(r.body, []byte("no such column")) || bytes.Contains(r.body, []byte("SQL")) {
					t.Errorf("GET %s: %d %.300s", path, r.status, r.body)
				}
				if kind := r.header.Get("Content-Type"); strings.Contains(kind, "html") {
					t.Errorf("GET %s answers as %s", path, kind)
				}
			}
		}
	}
	for table, n := range s.rows() {
		if n != before[table] && table != "session" && !strings.HasPrefix(table, "river") {
			t.Errorf("%d rows of %s became %d", before[table], table, n)
		}
	}
	if text := s.log.String(); text != "" {
		t.Errorf("logged: %.500s", text)
	}
}

// with is the address of an operation with one parameter set, the others as in the examples.
func (o *operation) with(name, value string) string {
	changed := *o
	changed.in.Parameters = nil
	for _, p := range o.in.Parameters {
		if p.Name == name {
			if p.In == "path" {
				changed.path = strings.ReplaceAll(o.path, "{"+name+"}", url.PathEscape(value))
			}
			continue
		}
		changed.in.Parameters = append(changed.in.Parameters, p)
	}
	path := changed.address()
	if changed.path != o.path {
		return path
	}
	return path + ampersand(path) + url.Values{name: {value}}.Encode()
}

// A script that somebody enters is shown as text, wherever it is shown.
func TestScriptInEveryTextField(t *testing.T) {
	const script = `<script>alert(1)</script>`
	s := newServer(t)
	key, err := s.instance.FirstLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	boss := s.stranger()
	boss.do("POST", "/api/v1/set-up", fmt.Sprintf(`{"key":%q,"login":"<script>alert(1)</script>","name":%q,"password":%q}`, key, script, password)).want(t, 200, nil)
	boss.do("POST", "/api/v1/tokens", fmt.Sprintf(`{"name":%q,"scopes":["read"]}`, script)).want(t, 200, nil)
	var fields []string
	for _, f := range []string{"id", "description", "consignee", "end_user", "supplier", "exporter", "shipment", "quantity", "parent", "params", "composition", "licence_held"} {
		fields = append(fields, fmt.Sprintf("%q:%q", f, script))
		boss.do("POST", "/api/v1/screen", fmt.Sprintf(`{"item":{%q:%q}}`, f, script))
	}
	boss.do("POST", "/api/v1/screen", "{"+strings.Join(fields, ",")+"}")
	boss.do("POST", "/api/v1/parties/search", fmt.Sprintf(`{"names":[%q]}`, script)).want(t, 200, nil)
	table := "id,description,consignee,order" + script + "\n" + strings.Repeat(script+","+script+","+script+","+script+"\n", 2)
	for _, output := range []string{"html", "jsonl", "csv"} {
		j := boss.job("/jobs?output="+output+"&name="+url.QueryEscape(script+".csv"), table)
		r := boss.do("GET", "/api/v1/jobs/"+j.ID+"/result", "").want(t, 200, nil)
		if output == "html" && bytes.Contains(r.body, []byte("<script>alert")) {
			t.Error("the page of results runs what stands in a cell")
		}
		if d := r.header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment;") {
			t.Errorf("a result is shown, not saved: %s", d)
		}
	}
	for _, path := range []string{"/", "/sign-in?login=" + url.QueryEscape(script), "/set-up?key=" + url.QueryEscape(script), "/" + url.PathEscape(script), "/api/v1/" + url.PathEscape(script)} {
		if r := boss.do("GET", path, ""); strings.Contains(r.header.Get("Content-Type"), "html") && bytes.Contains(r.body, []byte("<script>alert")) {
			t.Errorf("%s runs what somebody entered: %s", path, r.body)
		}
	}
	for _, path := range []string{"/api/v1/people", "/api/v1/tokens", "/api/v1/records", "/api/v1/jobs", "/api/v1/audit"} {
		if r := boss.do("GET", path, "").want(t, 200, nil); !strings.Contains(r.header.Get("Content-Type"), "json") {
			t.Errorf("%s answers as %s", path, r.header.Get("Content-Type"))
		}
	}
}

// A file is called what somebody calls it, and kept under its digest: no name leads out of the folder.
func TestNamesOfFiles(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	for name, want := range map[string]string{"../../instance.key": "instance.screen.jsonl", `..\..\x.csv`: "x.screen.jsonl", "/etc/passwd": "passwd.screen.jsonl", "..": "", "商品.csv": "商品.screen.jsonl"} {
		j := boss.job("/jobs?name="+url.QueryEscape(name), uploaded)
		r := boss.do("GET", "/api/v1/jobs/"+j.ID+"/result", "").want(t, 200, nil)
		_, params, _ := strings.Cut(r.header.Get("Content-Disposition"), "; ")
		if want != "" && params != "filename="+want && params != `filename="`+want+`"` && params != "filename*=utf-8''"+url.PathEscape(want) || strings.Contains(params, "/") {
			t.Errorf("%s is offered as %s", name, params)
		}
	}
	for _, name := range []string{"x\r\nSet-Cookie: a=b", "x\x00", strings.Repeat("x", 200), "\xff"} {
		boss.do("POST", "/api/v1/jobs?name="+url.QueryEscape(name), uploaded).want(t, 422, nil)
	}
	for _, path := range []string{"/static/../../instance.key", "/static/%2e%2e/%2e%2e/instance.key", "/static/..%2f..%2finstance.key", "/static/%00", "/static/.", "/static//etc/passwd"} {
		if r := boss.do("GET", path, ""); r.status == 200 && bytes.Contains(r.body, []byte("=")) || r.status >= 500 {
			t.Errorf("%s: %d %.100s", path, r.status, r.body)
		}
	}
}

// What has run out opens no door: sessions after twelve hours, tokens and links after their days.
func TestWhatHasRunOut(t *testing.T) {
	book, _, err := app.LoadBook("")
	if err != nil {
		t.Fatal(err)
	}
	var later atomic.Int64
	i, err := app.OpenInstance(t.Context(), app.InstanceOptions{Data: t.TempDir(), Book: book, Now: func() time.Time { return time.Now().Add(time.Duration(later.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	listening := httptest.NewServer((&house{i: i, version: "test", base: "http://x", log: slog.New(slog.DiscardHandler)}).handler())
	defer listening.Close()
	s := &server{t: t, url: listening.URL, instance: i, log: &lockedBuffer{}}
	boss := s.administrator()
	program := boss.mint(`"read"`)
	var link struct{ Key string }
	boss.do("POST", "/api/v1/invitations", `{"role":"viewer"}`).want(t, 200, &link)
	later.Store(int64(11 * time.Hour))
	boss.do("GET", "/api/v1/session", "").want(t, 200, nil)
	later.Store(int64(13 * time.Hour))
	boss.do("GET", "/api/v1/session", "").want(t, 401, nil)
	program.do("GET", "/api/v1/session", "").want(t, 200, nil)
	later.Store(int64(73 * time.Hour))
	s.stranger().do("GET", "/set-up?key="+link.Key, "").want(t, 410, nil)
	s.stranger().do("POST", "/api/v1/set-up", fmt.Sprintf(`{"key":%q,"login":"late","password":%q}`, link.Key, password)).want(t, 410, nil)
	later.Store(int64(91 * 24 * time.Hour))
	program.do("GET", "/api/v1/session", "").want(t, 401, nil)
}

func TestForgedTokens(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	program := boss.mint(`"read"`)
	for _, token := range []string{"", " ", "lodestone_", program.token[:len(program.token)-1], program.token + "A", strings.ToLower(program.token), strings.TrimPrefix(program.token, "lodestone_"), "' OR '1'='1", strings.Repeat("A", 4000)} {
		for _, auth := range []string{"Bearer " + token, "bearer" + token, "Basic " + token, token} {
			if r := s.stranger().do("GET", "/api/v1/session", "", "Authorization", auth); r.status != 401 {
				t.Errorf("Authorization: %.60s: %d", auth, r.status)
			}
		}
	}
	// A token that does not hold is not made good by a session: whoever sends one means it.
	boss.do("GET", "/api/v1/session", "", "Authorization", "Bearer lodestone_AAAA").want(t, 401, nil)
	for _, cookie := range []string{"lodestone=x", "lodestone=" + program.token, "lodestone=" + strings.Repeat("A", 4000), "lodestone=' OR '1'='1"} {
		s.stranger().do("GET", "/api/v1/session", "", "Cookie", cookie).want(t, 401, nil)
	}
}

// bomb is a workbook whose part unpacks to many times its size.
func bomb(t *testing.T, part string, mb int) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"[Content_Types].xml":        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>description</t></is></c></row></sheetData></worksheet>`,
	} {
		if name == part {
			continue
		}
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, text) // a buffer takes it
	}
	w, err := z.Create(part)
	if err != nil {
		t.Fatal(err)
	}
	blank := bytes.Repeat([]byte(" "), 1<<20)
	io.WriteString(w, "<worksheet><sheetData>")
	for range mb {
		w.Write(blank)
	}
	z.Close()
	return b.String()
}

func TestBombsAreRefused(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	laughs := `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>`
	bombs := map[string]struct{ file, want string }{
		"a sheet":       {bomb(t, "xl/worksheets/sheet1.xml", 40), "packed tighter"},
		"shared texts":  {bomb(t, "xl/sharedStrings.xml", 40), "packed tighter"},
		"styles":        {bomb(t, "xl/styles.xml", 40), "packed tighter"},
		"entities":      {laughs + `<DecMessage><DecHead>&c;</DecHead></DecMessage>`, ""},
		"a file of old": {laughs + `<MainDeclaration xmlns="http://webstds.ipc.org/175x/2.0">&c;</MainDeclaration>`, ""},
		"an outer file": {`<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><DecMessage><DecHead>&a;</DecHead></DecMessage>`, ""},
		"half a zip":    {bomb(t, "xl/styles.xml", 1)[:600], ""},
		"nested deeply": {strings.Repeat("[", 100_000), ""},
		"one long row":  {"description\n" + strings.Repeat("x", 3<<20), ""},
		"zeros":         {strings.Repeat("\x00", 1<<20), ""},
	}
	ids := map[string]string{}
	for name, x := range bombs {
		var j job
		boss.do("POST", "/api/v1/jobs?name=bomb", x.file).want(t, 200, &j)
		ids[name] = j.ID
	}
	for name, x := range bombs {
		j := boss.await(ids[name])
		if j.State != "failed" && (j.Summary.Rows > 0 || j.Summary.Refused == 0) || !strings.Contains(j.Problem, x.want) || strings.Contains(j.Problem, "root:") {
			t.Errorf("%s: %+v", name, j)
		}
		r := boss.do("POST", "/api/v1/exposure/company?name=bomb", x.file)
		if r.status != 422 {
			t.Errorf("%s as a supplier table: %d %.200s", name, r.status, r.body)
		}
	}
	if text := s.log.String(); text != "" {
		t.Errorf("logged: %.500s", text)
	}
}
