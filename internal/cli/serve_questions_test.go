package cli

import (
	"archive/zip"
	"bytes"
	"database/sql"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lodestone/internal/when"
)

// printed is what the command line prints, with another name for standard input.
func printed(t *testing.T, in, name string, args ...string) string {
	t.Helper()
	var out, problems bytes.Buffer
	code := Run(args, Env{In: strings.NewReader(in), Out: &out, Err: &problems, Today: when.Of(time.Now())})
	if code == exitFailed || code == exitUse {
		t.Fatalf("lodestone %s: %s", strings.Join(args, " "), &problems)
	}
	return strings.ReplaceAll(out.String(), "standard input", name)
}

// compact is JSON without blanks between its parts.
func compact(t *testing.T, text []byte) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, text); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return b.String()
}

// A feature exists once: what the API answers is the document that the command line prints.
func TestTheAPIAnswersAsTheCommandLinePrints(t *testing.T) {
	s := newServer(t)
	c := s.administrator()
	for _, x := range []struct{ path, command string }{
		{"/law?on=2026-03-01", "law list --on 2026-03-01 --output json"},
		{"/law/show/CN-2025-18?on=2026-03-01&lang=zh", "law show CN-2025-18 --on 2026-03-01 --lang zh --output json"},
		{"/law/status?on=2026-10-20&within=30", "law status --on 2026-10-20 --within 30 --output json"},
		{"/exposure/dependence?importer=KR&mineral=graphite&on=2026-03-01", "exposure dependence --importer KR --mineral graphite --on 2026-03-01 --output jsonl"},
		{"/exposure/dependence?importer=JP&mineral=gallium&law=false&moderate=0.2&high=0.5&lang=ko", "exposure dependence --importer JP --mineral gallium --no-law --moderate 0.2 --high 0.5 --lang ko --output jsonl"},
		{"/exposure/trend?importer=KR&mineral=graphite&mineral=gallium&from=2012", "exposure trend --importer KR --mineral graphite --mineral gallium --from 2012 --output json"},
		{"/exposure/reroute?importer=KR&mineral=gallium", "exposure reroute --importer KR --mineral gallium --output json"},
		{"/exposure/criticality?material=Gallium", "exposure criticality --material Gallium --output json"},
		{"/exposure/sources", "exposure sources --output json"},
		{"/exposure/mineral?mineral=gallium&on=2026-03-01", "exposure report --mineral gallium --on 2026-03-01 --output jsonl"},
		{"/enforcement/stats?by=class&by=leniency&period=year", "enforcement stats --by class,leniency --period year --output jsonl"},
		{"/enforcement/estimate?conduct=no_licence&value=1,200,000&on=2026-03-01", "enforcement estimate --conduct no_licence --value 1200000 --on 2026-03-01 --output jsonl"},
	} {
		want := printed(t, "", "", strings.Fields(x.command)...)
		if got := c.do("GET", "/api/v1"+x.path, "").want(t, 200, nil); compact(t, got.body) != compact(t, []byte(want)) {
			t.Errorf("GET %s is not what %q prints:\n%.600s\n%.600s", x.path, x.command, got.body, want)
		}
	}
}

// What is left out of a scenario is what the command line takes for it, and zero is an answer of its own.
func TestWhatIfTakesTheSameForWhatIsLeftOut(t *testing.T) {
	c := newServer(t).administrator()
	for _, x := range []struct{ body, command string }{
		{`{"demand_per_year":1200,"stock":100,"start":"2026-03-01"}`, "exposure whatif --demand 1200 --stock 100 --start 2026-03-01 --output jsonl"},
		{`{"kind":"stop","demand_per_year":1200,"share":0,"draws":0,"start":"2026-03-01"}`, "exposure whatif --kind stop --demand 1200 --share 0 --draws 0 --start 2026-03-01 --output jsonl"},
	} {
		want := printed(t, "", "", strings.Fields(x.command)...)
		if got := c.do("POST", "/api/v1/exposure/whatif", x.body).want(t, 200, nil); compact(t, got.body) != compact(t, []byte(want)) {
			t.Errorf("%s is not what %q prints:\n%s\n%s", x.body, x.command, got.body, want)
		}
	}
	table := "supplier,item,mineral,origin,mass,unit,stock\nwest works,anode,graphite,CN,100,t,10\n"
	name := filepath.Join(t.TempDir(), "suppliers.csv")
	if err := os.WriteFile(name, []byte(table), 0o600); err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(printed(t, "", "", "exposure", "whatif", name, "--kind", "stop", "--on", "2026-03-01", "--output", "jsonl"), name, "suppliers.csv")
	got := c.do("POST", "/api/v1/exposure/company?name=suppliers.csv&kind=stop&on=2026-03-01", table).want(t, 200, nil)
	if compact(t, got.body) != compact(t, []byte(want)) {
		t.Errorf("the table is answered otherwise:\n%s\n%s", got.body, want)
	}
}

// Each kind of upload gives the bytes that the command line gives, structures of parts among them.
func TestUploadsOfEachKind(t *testing.T) {
	s := newServer(t)
	c := s.administrator()
	assembly := "id,parent,description,quantity,unit_value,currency,from,destination\nA,,motor,1,1000,CNY,CN,US\nB,A,烧结钕铁硼磁体 钕30%镝3%铁65%,4,20,CNY,,\n"
	for _, x := range []struct {
		path, name, file string
		command          []string
	}{
		{"/jobs?on=2026-03-01&timeline=true&role=agent", "items.csv", uploaded, []string{"screen", "-", "--on", "2026-03-01", "--timeline", "--role", "agent"}},
		{"/jobs?on=2026-03-01", "motor.csv", assembly, []string{"screen", "-", "--on", "2026-03-01"}},
		{"/jobs?on=2026-03-01&output=csv&lang=zh", "items.csv", uploaded, []string{"screen", "-", "--on", "2026-03-01", "--output", "csv", "--lang", "zh"}},
		{"/jobs?on=2026-03-01&output=html", "items.csv", uploaded, []string{"screen", "-", "--on", "2026-03-01", "--output", "html"}},
		{"/jobs?on=2026-03-01&map=description%3DWas", "items.csv", "id,Was\n1,graphite\n", []string{"screen", "-", "--on", "2026-03-01", "--map", "description=Was"}},
		{"/impact?from=2025-11-09&to=2026-12-01&from_country=CN&destination=US", "motor.csv", assembly, []string{"impact", "-", "--from", "2025-11-09", "--to", "2026-12-01", "--from-country", "CN", "--destination", "US"}},
		{"/impact?from=2025-11-09&to=2026-12-01&all=true&output=html", "items.csv", uploaded, []string{"impact", "-", "--from", "2025-11-09", "--to", "2026-12-01", "--all", "--output", "html"}},
		{"/parties/screen?limit=3", "names.csv", "id,name\n1,Skydio\n2,nobody of note\n,\n", []string{"party", "screen", "-", "--limit", "3"}},
	} {
		j := c.job(x.path+"&name="+x.name, x.file)
		if j.State != "done" {
			t.Errorf("%s: %+v", x.path, j)
			continue
		}
		if want := map[string]string{"screen": "screen", "impact": "impact", "party": "parties"}[x.command[0]]; j.Kind != want {
			t.Errorf("%s is shown as %q", x.path, j.Kind)
		}
		r := c.do("GET", "/api/v1/jobs/"+j.ID+"/result", "").want(t, 200, nil)
		args := x.command
		if !strings.Contains(strings.Join(args, " "), "--output") {
			args = append(args, "--output", "jsonl")
		}
		if want := printed(t, x.file, x.name, args...); string(r.body) != want {
			t.Errorf("%s is not what %q prints:\n%.600s\n%.600s", x.path, args, r.body, want)
		}
	}
}

func TestAResultInAnotherFormat(t *testing.T) {
	s := newServer(t)
	c := s.administrator()
	first := c.job("/jobs?name=goods+list.csv&on=2026-03-01", uploaded)
	var j job
	c.do("POST", "/api/v1/jobs/"+first.ID+"/again?output=xlsx", "").want(t, 200, &j)
	if j = c.await(j.ID); j.State != "done" || j.Input != first.Input || j.Result == first.Result {
		t.Fatalf("%+v", j)
	}
	r := c.do("GET", "/api/v1/jobs/"+j.ID+"/result", "").want(t, 200, nil)
	if _, err := zip.NewReader(bytes.NewReader(r.body), int64(len(r.body))); err != nil {
		t.Errorf("no workbook: %v", err)
	}
	if d := r.header.Get("Content-Disposition"); d != `attachment; filename="goods list.screen.xlsx"` {
		t.Errorf("named %s", d)
	}
	tag := r.header.Get("ETag")
	c.do("GET", "/api/v1/jobs/"+j.ID+"/result", "", "If-None-Match", tag).want(t, http.StatusNotModified, nil)
	if part := c.do("GET", "/api/v1/jobs/"+j.ID+"/result", "", "Range", "bytes=0-1", "If-Range", tag).want(t, http.StatusPartialContent, nil); string(part.body) != "PK" {
		t.Errorf("a part of the result: %q", part.body)
	}
	c.do("POST", "/api/v1/jobs/"+first.ID+"/again?output=pdf", "").want(t, 422, nil)
	c.do("POST", "/api/v1/jobs/none/again?output=csv", "").want(t, 404, nil)
}

// rows counts the rows of each table of the database.
func (s *server) rows() map[string]int {
	s.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(s.data, "lodestone.db"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	names, err := db.Query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
	if err != nil {
		s.t.Fatal(err)
	}
	defer names.Close()
	counts := map[string]int{}
	for names.Next() {
		var name string
		var n int
		if err := names.Scan(&name); err != nil {
			s.t.Fatal(err)
		}
		if err := db.QueryRow("SELECT COUNT(*) FROM " + name).Scan(&n); err != nil {
			s.t.Fatal(err)
		}
		counts[name] = n
	}
	return counts
}

// The answers of an upload are a file named by its digest, however many there are: the database holds the job, not its lines.
func TestLinesOfAnUploadAreNoRows(t *testing.T) {
	s := newServer(t)
	c := s.administrator()
	before := s.rows()
	j := c.job("/jobs?name=long.csv&on=2026-03-01", "id,description\n"+strings.Repeat("1,isostatic graphite blocks\n", 5000))
	result, err := os.ReadFile(filepath.Join(s.data, "files", j.Result))
	if err != nil || bytes.Count(result, []byte("\n")) != 5000 {
		t.Fatalf("%d lines: %v", bytes.Count(result, []byte("\n")), err)
	}
	for table, n := range s.rows() {
		if more := n - before[table]; more > 10 {
			t.Errorf("an upload of 5000 lines makes %d rows of %s", more, table)
		}
	}
}

// What rests on law and carried data alone is asked for once: it stands until the law or the day changes.
func TestWhatStandsIsNotSentAgain(t *testing.T) {
	s := newServer(t)
	c := s.administrator()
	for _, path := range []string{"/law?on=2026-03-01", "/law/search?q=dysprosium", "/exposure/sources", "/exposure/dependence?importer=KR&mineral=graphite", "/enforcement/stats", "/parties/lists"} {
		r := c.do("GET", "/api/v1"+path, "").want(t, 200, nil)
		tag := r.header.Get("ETag")
		if tag == "" || !strings.Contains(r.header.Get("Cache-Control"), "no-cache") {
			t.Errorf("%s: ETag %q, Cache-Control %q", path, tag, r.header.Get("Cache-Control"))
		}
		again := c.do("GET", "/api/v1"+path, "", "If-None-Match", `"other", W/`+tag).want(t, http.StatusNotModified, nil)
		if len(again.body) != 0 || again.header.Get("ETag") != tag || again.header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s asked again: %v %s", path, again.header, again.body)
		}
		if other := c.do("GET", "/api/v1"+path+ampersand(path)+"lang=zh", "", "If-None-Match", tag); other.status == http.StatusNotModified {
			t.Errorf("%s in another language is said to be the same", path)
		}
		s.stranger().do("GET", "/api/v1"+path, "", "If-None-Match", tag).want(t, 401, nil)
	}
	if r := c.do("GET", "/api/v1/law/show/NONE-1", "").want(t, 404, nil); r.header.Get("ETag") != "" {
		t.Error("an error has an ETag")
	}
	if r := c.do("GET", "/api/v1/records", "").want(t, 200, nil); r.header.Get("ETag") != "" || r.header.Get("Cache-Control") != "no-store" {
		t.Errorf("records may be kept: %v", r.header)
	}
}

func ampersand(path string) string {
	if strings.Contains(path, "?") {
		return "&"
	}
	return "?"
}

func TestPartiesWithWhatIsKnownOfThem(t *testing.T) {
	c := newServer(t).administrator()
	type answer struct {
		Query   string
		Matches []struct {
			Name  string
			Score float64
		}
	}
	var all []answer
	c.do("POST", "/api/v1/parties/search", `{"names":["Skydio"],"parties":[{"name":"Skydio, Inc.","country":"US","type":"organization"}]}`).want(t, 200, &all)
	if len(all) != 2 || len(all[0].Matches) == 0 || len(all[1].Matches) == 0 {
		t.Errorf("%+v", all)
	}
	c.do("POST", "/api/v1/parties/search", `{}`).want(t, 422, nil)
	c.do("POST", "/api/v1/parties/search", `{"parties":[{"name":"x","typ":"person"}]}`).want(t, 422, nil)
}

// job sends a file to an operation that makes a job of it, and waits until that has ended.
func (c *caller) job(path, file string) job {
	c.s.t.Helper()
	var j job
	c.do("POST", "/api/v1"+path, file, "Content-Type", "application/octet-stream").want(c.s.t, 200, &j)
	return c.await(j.ID)
}

// await waits until a job has ended.
func (c *caller) await(id string) (j job) {
	c.s.t.Helper()
	events := c.do("GET", "/api/v1/jobs/"+url.PathEscape(id)+"/events", "").want(c.s.t, 200, nil)
	lines := bytes.Split(bytes.TrimSpace(events.body), []byte("\n\n"))
	last := bytes.TrimPrefix(lines[len(lines)-1], []byte("event: job\n"))
	if err := json.Unmarshal(bytes.TrimPrefix(last, []byte("data: ")), &j); err != nil {
		c.s.t.Fatalf("%v: %s", err, events.body)
	}
	return j
}
