package web

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"lodestone/internal/app"
	"lodestone/internal/enforce"
	"lodestone/internal/gate"
	"lodestone/internal/law"
	"lodestone/internal/party"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

// site is a running instance with its pages, and a browser without script.
type site struct {
	*httptest.Server
	t        *testing.T
	instance *app.Instance
	client   *http.Client
	log      *bytes.Buffer
}

var book = func() *law.Book {
	b, _, err := app.LoadBook("")
	if err != nil {
		panic(err)
	}
	return b
}()

var testToday = when.Day(2026, 11, 20)

func newSite(t *testing.T) *site {
	t.Helper()
	i, err := app.OpenInstance(t.Context(), app.InstanceOptions{Data: t.TempDir(), Book: book, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, instance: i, log: &bytes.Buffer{}}
	log := slog.New(slog.NewTextHandler(s.log, nil))
	g := gate.New(gate.Options{Instance: i, Now: time.Now, Log: log})
	mux := http.NewServeMux()
	New(mux, Options{Instance: i, Gate: g, Version: "test", Log: log, Today: func() when.Date { return testToday }})
	s.Server = httptest.NewServer(g.Handler(Open, mux))
	s.client = s.browser()
	ctx, stop := context.WithCancel(context.Background())
	worked := make(chan error)
	go func() { worked <- i.Work(ctx, log) }()
	t.Cleanup(func() {
		s.Close()
		stop()
		if err := <-worked; err != nil {
			t.Error(err)
		}
		i.Close()
	})
	return s
}

func (s *site) browser() *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// answered is what came of a request.
type answered struct {
	t      *testing.T
	what   string
	status int
	header http.Header
	body   string
}

func (s *site) send(r *http.Request) answered {
	s.t.Helper()
	resp, err := s.client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if resp.StatusCode >= 500 {
		s.t.Logf("the log: %s", s.log)
	}
	return answered{s.t, r.Method + " " + r.URL.String(), resp.StatusCode, resp.Header, string(b)}
}

func (s *site) get(path string) answered {
	s.t.Helper()
	r, err := http.NewRequest("GET", s.URL+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.send(r)
}

func (s *site) post(path string, values url.Values) answered {
	s.t.Helper()
	r, err := http.NewRequest("POST", s.URL+path, strings.NewReader(values.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.send(r)
}

// want fails unless an answer has a status and holds some texts.
func (a answered) want(status int, texts ...string) answered {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s: status %d, want %d: %.600s", a.what, a.status, status, a.body)
	}
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			a.t.Errorf("%s lacks %q", a.what, text)
		}
	}
	return a
}

const password = "a password of the tests"

// enter makes the browser that of a new person with a role; the first person is the administrator, whatever is asked for.
func (s *site) enter(role app.Role) {
	s.t.Helper()
	key, err := s.instance.FirstLink(s.t.Context())
	if err == nil && key == "" {
		key, err = s.instance.Invite(s.t.Context(), role, &app.Actor{Person: "instance"})
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.client = s.browser()
	s.post("/set-up", url.Values{"key": {key}, "login": {fmt.Sprintf("%s-%d", role, time.Now().UnixNano())}, "password": {password}}).want(303)
}

// upload sends a file by the form and starts to screen it; it gives the page of the job once that has ended.
func (s *site) upload(name, text string) string {
	s.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	w, err := m.CreateFormFile("file", name)
	if err == nil {
		_, err = io.WriteString(w, text)
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	r, err := http.NewRequest("POST", s.URL+"/screen", &body)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	return s.send(r).want(303).header.Get("Location")
}

// start screens a file that was uploaded.
func (s *site) start(look string, more url.Values) string {
	s.t.Helper()
	u, err := url.Parse(look)
	if err != nil {
		s.t.Fatal(err)
	}
	values := url.Values{"f": {u.Query().Get("f")}, "name": {u.Query().Get("name")}, "do": {"start"}, "on": {"2026-11-20"}}
	for k, v := range more {
		values[k] = v
	}
	return s.ended(s.post("/screen/file", values).want(303).header.Get("Location"))
}

// ended waits until a job has ended.
func (s *site) ended(job string) string {
	s.t.Helper()
	for range 200 {
		if page := s.get(job); !strings.Contains(page.body, `id="progress"`) {
			return job
		}
		time.Sleep(20 * time.Millisecond)
	}
	s.t.Fatal("the job does not end")
	return ""
}

const shipment = `id,description,hs,from,destination,supplier
P-1,烧结钕铁硼磁体 钕30%,8505111000,CN,DE,Magnet plant
P-2,Gallium arsenide wafers,,CN,US,
P-3,T-shirt,6109100000,CN,DE,
=P-4,<script>window.taken=1</script> silver ingots,7106919090,CN,GB,
P-5,graphite,,XX,DE,
`

func TestAFileIsLookedAtScreenedAndRead(t *testing.T) {
	s := newSite(t)
	s.enter(app.Administrator)
	look := s.upload("shipment.csv", shipment)
	s.get(look).want(200, "烧结钕铁硼磁体", "Magnet plant", "<code>description</code>")
	job := s.start(look, nil)
	page := s.get(job).want(200, "P-1", "8505111000", "&lt;script&gt;", "XLSX")
	if strings.Contains(page.body, "<script>window") {
		t.Error("a description is taken for script")
	}
	s.get(job+"?outcome=refused").want(200, "P-5")
	if page := s.get(job+"?q=WAFERS").want(200, "P-2"); strings.Contains(page.body, ">P-1<") {
		t.Error("the search does not select")
	}
	s.get(job+"?q=nothing+of+the+kind").want(200, "No line matches")
	s.get(job + "?sort=loud").want(422)
	line := s.get(job+"/lines/1").want(200, "<mark>", "Magnet plant", "Over time")
	part := s.get(job+"/lines/1?part=1").want(200, "<mark>")
	if strings.Contains(part.body, "<html") || !strings.Contains(line.body, "<html") {
		t.Error("a part of a page brings the frame, or a page lacks it")
	}
	s.get(job+"/lines/5").want(200, "XX")
	s.get(job + "/lines/6").want(404)
	s.get(job + "/lines/0").want(404)
	table := s.get(job+"?format=csv").want(200, "'=P-4", "P-5,refused")
	if !strings.HasPrefix(table.body, "\ufeff") {
		t.Error("spreadsheets are not told that this is UTF-8")
	}
	s.get(job+"?format=json&outcome=refused").want(200, `"matching": 1`, `"outcome": "refused"`)
	s.get(job+"/lines/1?format=json").want(200, `"id":"P-1"`)
	s.get(job + "?format=pdf").want(422)
	book := s.get(job+"/asks?supplier=Magnet+plant").want(200, "PK")
	if !strings.Contains(book.header.Get("Content-Disposition"), "Magnet%20plant") {
		t.Errorf("the workbook is called %s", book.header.Get("Content-Disposition"))
	}
	again := s.post(job+"/again", url.Values{"output": {"xlsx"}}).want(303).header.Get("Location")
	s.ended(again)
	s.get(again).want(200, "/result")
	s.get(again + "/lines/1").want(404)
	s.post(job+"/again", url.Values{"output": {"docx"}}).want(422)
	s.get("/").want(200, "shipment.csv")
}

// A heading that is not known is given its meaning by the form, and the record of the job keeps that.
func TestColumnsAreMapped(t *testing.T) {
	s := newSite(t)
	s.enter(app.Administrator)
	look := s.upload("odd.csv", "Nr,Was\n1,Gallium arsenide wafers\n")
	s.get(look).want(422, "Was", "cannot be read as it stands")
	u, _ := url.Parse(look)
	mapped := url.Values{"f": {u.Query().Get("f")}, "name": {"odd.csv"}, "do": {"look"}, "heading0": {"Nr"}, "column0": {""}, "heading1": {"Was"}, "column1": {"description"}}
	again := s.post("/screen/file", mapped).want(303).header.Get("Location")
	s.get(again).want(200, "Gallium arsenide wafers", "can be read")
	job := s.start(look, url.Values{"heading1": {"Was"}, "column1": {"description"}, "destination": {"US"}, "from": {"CN"}})
	s.get(job).want(200, "Gallium arsenide wafers", "o-licence")
	s.get(job+"?format=json").want(200, `"description": "Gallium arsenide wafers"`)
	s.post("/screen/file", url.Values{"f": {"../../instance.key"}, "name": {"x"}, "do": {"start"}}).want(404)
	s.get("/screen/file?f=" + strings.Repeat("0", 64) + "&name=x").want(404)
	s.post("/screen/file", url.Values{"f": {u.Query().Get("f")}, "name": {"odd.csv"}, "from": {"Atlantis"}}).want(422)
}

func TestAStructureIsShownByWhatWasAnswered(t *testing.T) {
	s := newSite(t)
	s.enter(app.Administrator)
	job := s.start(s.upload("tree.csv", "id,parent,quantity,unit,description,unit_value,currency\nM,,1,pcs,Motor,100,USD\nA,M,2,pcs,烧结钕铁硼磁体 镝3%,5,USD\n"), nil)
	s.get(job).want(200, "Motor")
	s.get(job+"/lines/2").want(200, "烧结钕铁硼磁体", "<mark>")
	id := strings.TrimPrefix(job, "/jobs/")
	s.get("/products").want(200, "tree.csv")
	s.get("/products/"+id).want(200, "Motor", `class="tree"`)
	s.get("/products/"+id+"?format=csv").want(200, "1,A,")
	s.post("/products/"+id, url.Values{"on": {"2026-12-15"}}).want(303)
	s.post("/products/"+id, url.Values{"on": {"soon"}}).want(422)
	flat := s.start(s.upload("flat.csv", "id,description\n1,T-shirt\n"), nil)
	s.get("/products/" + strings.TrimPrefix(flat, "/jobs/")).want(404)
}

func TestASingleItemIsRecorded(t *testing.T) {
	s := newSite(t)
	s.enter(app.Administrator)
	s.get("/screen/item?description=x").want(200, `value="x"`)
	s.post("/screen/item", url.Values{}).want(422, "say something")
	s.post("/screen/item", url.Values{"description": {"wafers"}, "value": {"1,2,3"}, "currency": {"USD"}}).want(422, `value="wafers"`)
	record := s.post("/screen/item", url.Values{"description": {"Gallium arsenide wafers"}, "from": {"CN"}, "destination": {"US"}, "on": {"2026-12-01"}}).want(303).header.Get("Location")
	s.get(record).want(200, "<mark>", "entry 2 of the log", "/law/show/")
	s.get(record+"?format=json").want(200, `"question"`)
	s.get("/records").want(200, "Gallium arsenide wafers", record)
	s.get("/records?outcome=not_covered").want(200, "No record here")
	s.get("/records?format=csv").want(200, "Gallium arsenide wafers")
	s.get("/records/log").want(200, "person.new", "determination")
	s.post("/records/verify", nil).want(200, "each is what was recorded")
	s.get("/records/none").want(404)
}

// Every page can be asked for by whoever may, in every language, and is refused to others; none breaks.
// The determination file of a record comes on paper and for programs, and the second holds wherever it is taken.
func TestTheFileOfARecord(t *testing.T) {
	s := newSite(t)
	s.enter(app.Administrator)
	record := s.post("/screen/item", url.Values{"description": {"Gallium arsenide wafers"}, "destination": {"US"}}).want(303).header.Get("Location")
	s.get(record).want(200, record+"/dossier")
	s.get(record+"/dossier?lang=ko").want(200, "%PDF-")
	text := s.get(record + "/dossier?as=json").want(200).body
	book, _, err := app.LoadBook("")
	if err != nil {
		t.Fatal(err)
	}
	if found, err := app.CheckDossier(book, "dossier.json", strings.NewReader(text), ""); err != nil || !found.Holds || found.Lines != 1 {
		t.Errorf("%+v (%v)", found, err)
	}
	s.get("/records/none/dossier").want(404)
}

func TestEveryPageInEveryLanguage(t *testing.T) {
	s := newSite(t)
	s.enter(app.Administrator)
	job := s.start(s.upload("shipment.csv", shipment), nil)
	record := s.post("/screen/item", url.Values{"description": {"Gallium arsenide wafers"}}).want(303).header.Get("Location")
	for _, lang := range []string{"en", "zh", "ko"} {
		for _, path := range append(pagesOf(), job, job+"/lines/1", record) {
			join := "?"
			if strings.Contains(path, "?") {
				join = "&"
			}
			page := s.get(path+join+"lang="+lang).want(200, fmt.Sprintf(`<html lang="%s"`, lang), `aria-current="true"`)
			if size := len(page.body); size > 1_500_000 {
				t.Errorf("%s sends %d bytes", path, size)
			}
			if strings.Contains(page.body, " style=") || strings.Contains(page.body, "<style") || strings.Contains(page.body, " onclick=") {
				t.Errorf("%s has inline style or script, which the policy shuts out", path)
			}
		}
	}
	s.enter(app.Viewer)
	for path, status := range map[string]int{"/": 200, "/screen": 200, "/screen/item": 403, "/people": 403, "/records": 200, "/account": 200, job: 200} {
		s.get(path).want(status)
	}
	s.post("/screen/item", url.Values{"description": {"x"}}).want(403)
	s.post("/records/verify", nil).want(403)
	if text := s.log.String(); text != "" {
		t.Errorf("logged: %s", text)
	}
}

// pagesOf are the pages that stand by themselves.
func pagesOf() []string {
	return []string{"/", "/begin", "/screen", "/screen/item", "/products", "/exposure", "/exposure?importer=KR&mineral=antimony", "/exposure/whatif", "/exposure/whatif?kind=stop&demand=1200&stock=200", "/exposure/company", "/enforcement", "/enforcement?by=basis&period=year", "/enforcement/decision", "/enforcement/estimate", "/enforcement/estimate?conduct=no_licence&value=500000&ground=cooperated", "/parties", "/parties?name=Raytheon", "/law", "/law?q=dysprosium", "/law?q=8505111000", "/law?on=2025-10-15", "/law/show/CN-2025-18", "/law/show/CN-2025-18/1C905.a.4", "/law/changes", "/law/changes?from=2025-11-09&to=2025-11-12", "/records", "/records/log", "/cases", "/cases?state=all&mine=yes", "/licences", "/catalogues", "/alerts", "/alerts?kind=catalogue.outcome&unseen=yes", "/alerts/delivery", "/people", "/account", "/docs", "/docs/tutorial", "/docs/commands", "/docs/how-to/classify", "/docs/statistics/exposure-hhi"}
}

func TestTheLanguageIsKept(t *testing.T) {
	s := newSite(t)
	s.get("/sign-in?lang=ko").want(200, `<html lang="ko"`)
	s.get("/sign-in").want(200, `<html lang="ko"`)
	s.get("/sign-in?theme=dark").want(200, `data-theme="dark"`)
	s.get("/sign-in").want(200, `data-theme="dark"`)
	s.client = s.browser()
	r, _ := http.NewRequest("GET", s.URL+"/sign-in", nil)
	r.Header.Set("Accept-Language", "fr-FR, zh-CN;q=0.8, en;q=0.5")
	s.send(r).want(200, `<html lang="zh"`)
}

func TestPeopleAreInvitedByPage(t *testing.T) {
	s := newSite(t)
	s.enter(app.Administrator)
	page := s.post("/people/invite", url.Values{"role": {"approver"}}).want(200, "/set-up?key=")
	_, rest, _ := strings.Cut(page.body, "/set-up?key=")
	key, _, _ := strings.Cut(rest, "<")
	s.client = s.browser()
	s.get("/set-up?key="+key).want(200, "approver")
	s.post("/set-up", url.Values{"key": {key}, "login": {"approver"}, "password": {"short"}}).want(422, `value="approver"`)
	s.post("/set-up", url.Values{"key": {key}, "login": {"approver"}, "password": {password}}).want(303)
	s.get("/people").want(403)
	s.post("/account/tokens", url.Values{"name": {"ERP"}, "days": {"30"}, "scope": {"read"}}).want(200, "lodestone_")
	s.get("/set-up?key=" + key).want(410)
}

func TestACaseTakesTwoPersons(t *testing.T) {
	s := newSite(t)
	s.enter(app.Administrator)
	first := s.client
	record := s.post("/screen/item", url.Values{"id": {"P-1"}, "description": {"Gallium arsenide wafers"}, "from": {"CN"}, "destination": {"US"}, "on": {"2026-11-20"}}).want(303).header.Get("Location")
	address := s.post("/cases", url.Values{"record": {strings.TrimPrefix(record, "/records/")}}).want(303).header.Get("Location")
	s.get("/cases").want(200, address, "Gallium arsenide")
	s.get("/cases?state=released").want(200, "No case stands so")
	s.get("/cases?state=asleep").want(422)
	s.get("/cases?format=csv&state=all").want(200, "P-1")
	s.post(address, url.Values{"do": {"propose"}, "kind": {"release"}}).want(422, "reason") // without a reason
	s.post(address, url.Values{"do": {"propose"}, "kind": {"release"}, "words": {"the licence <was> seen"}}).want(303)
	page := s.get(address).want(200, "c-awaiting_approval", "&lt;was&gt;")
	if strings.Contains(page.body, `value="approve"`) {
		t.Error("who proposed is shown a way to approve")
	}
	_, rest, _ := strings.Cut(s.get(address+"?format=json").body, `"version": `)
	version, _, _ := strings.Cut(rest, ",")
	s.post(address, url.Values{"do": {"approve"}, "version": {version}, "words": {"seen"}}).want(422)
	s.enter(app.Screener)
	s.post(address, url.Values{"do": {"approve"}, "version": {version}, "words": {"seen"}}).want(403)
	s.enter(app.Approver)
	s.get(address).want(200, `value="approve"`)
	s.post(address, url.Values{"do": {"approve"}, "version": {"1"}, "words": {"seen"}}).want(422) // not what stands there now
	s.post(address, url.Values{"do": {"approve"}, "version": {version}, "words": {"seen as well"}}).want(303)
	s.get(address).want(200, "c-released", "It may go today")
	s.client = first
	s.post(address, url.Values{"do": {"dance"}}).want(422)
	s.get("/records/log").want(200, "case.approved")
	s.get("/cases/none").want(404)
}

func TestLicencesAndApplications(t *testing.T) {
	s := newSite(t)
	s.enter(app.Administrator)
	held := url.Values{"kind": {"individual"}, "no": {"26-000001"}, "items": {"3C001.e"}, "end_user": {"Example Foundry Inc."}, "destination": {"US"}, "quantity": {"lots"}, "unit": {"kg"}, "from": {"2026-01-01"}, "to": {"2027-01-31"}}
	s.post("/licences", held).want(422, "quantity", `value="26-000001"`)
	held.Set("quantity", "500")
	licence := s.post("/licences", held).want(303).header.Get("Location")
	s.get(licence).want(200, "26-000001", "Example Foundry", "500 / 500 kg")
	s.get("/licences?format=csv").want(200, "26-000001")
	s.post(licence+"/draw", url.Values{"record": {"NONE"}}).want(422)
	held.Set("version", "1")
	held.Set("state", "amending")
	held.Set("quantity", "600")
	held.Set("words", "the buyer needs <more>")
	s.post(licence, held).want(303)
	s.get(licence).want(200, "600 / 600 kg", `value="26-000001"`, "the buyer needs &lt;more&gt;", `value="amending" selected`)
	s.get("/licences?lang=ko").want(200)
	s.post(licence, held).want(422, "허가가 1판 이후 2판으로 바뀜", "the buyer needs &lt;more&gt;") // it has gone on, and what was entered is not lost
	s.get("/licences?lang=en").want(200)
	paper := s.post("/applications", url.Values{"type": {"individual"}, "s_end_user": {"Example Foundry Inc."}, "s_quantity": {"500 kg"}}).want(303).header.Get("Location")
	page := s.get(paper).want(200, "Example Foundry", "/papers/")
	_, rest, _ := strings.Cut(page.body, `action="`+paper+`/papers/`)
	name, _, _ := strings.Cut(rest, `"`)
	s.post(paper+"/papers/"+name, url.Values{"version": {"1"}, "state": {"drafted"}}).want(303)
	s.post(paper+"/papers/"+name, url.Values{"version": {"1"}, "state": {"ready"}, "s_price": {"9 <CNY>"}}).want(422, "9 &lt;CNY&gt;") // it has gone on
	s.post(paper+"/papers/"+name, url.Values{"version": {"2"}, "state": {"drafted"}, "s_quantity": {"0.5 t"}, "s_end_user": {"Example  Foundry Inc"}}).want(303)
	if page := s.get(paper).want(200, "spelt in different ways", "0.5 t"); strings.Contains(page.body, ">differs<") {
		t.Error("half a tonne is another amount than 500 kg")
	}
	s.post(paper+"/papers/"+name, url.Values{"version": {"3"}, "state": {"drafted"}, "s_quantity": {"400 kg"}}).want(303)
	s.get(paper).want(200, ">differs<", "400 kg")
	s.post(paper+"/statements", url.Values{"version": {"4"}, "reference": {"A-1"}, "s_quantity": {"400 kg"}}).want(303)
	if page := s.get(paper).want(200, "A-1"); strings.Contains(page.body, ">differs<") {
		t.Error("what was made alike still differs")
	}
	s.post(paper, url.Values{"version": {"5"}, "state": {"lost"}, "on": {"2026-11-02"}}).want(422)
	if page := s.get(paper); !strings.Contains(page.body, `<option value="filed">`) || strings.Contains(page.body, `<option value="granted">`) {
		t.Error("what cannot be next is offered, or what can be is not")
	}
	s.get("/licences").want(200, paper)
	s.enter(app.Viewer)
	s.get("/licences").want(200)
	s.post("/licences", held).want(403)
}

func TestAHitIsSetAsideWithAReason(t *testing.T) {
	s := newSite(t)
	s.enter(app.Administrator)
	name := party.OfBook(book)[0].Names[0].Text
	found, err := s.instance.SearchParties(t.Context(), []party.Query{{Name: name}}, testToday, testToday, "en", app.NamesAsked{Limit: 1})
	if err != nil || len(found[0].Matches) == 0 {
		t.Fatalf("%q is not found: %v", name, err)
	}
	m := found[0].Matches[0]
	hit := url.Values{"names": {name}, "query": {name}, "list": {m.List}, "name": {m.Name}, "matched_name": {m.MatchedName}, "measure": {m.Measure}, "until": {"2027-01-31"}}
	s.get("/parties?name="+url.QueryEscape(name)).want(200, "Set this hit aside", "<mark>")
	s.post("/parties/clear", hit).want(422, "Reason: say in up to")
	hit.Set("reason", "another company of this name: <register>")
	to := s.post("/parties/clear", hit).want(303).header.Get("Location")
	s.get(to).want(200, "&lt;register&gt;", "2027-01-31")
	s.get(to+"&on=2027-02-01").want(200, "Set this hit aside") // it is back
	s.get("/records/log").want(200, "party.cleared")
	hit.Set("until", "2026-01-01")
	s.post("/parties/clear", hit).want(303)
	if again := s.get(to); strings.Contains(again.body, "&lt;register&gt;") {
		t.Error("a clearance that was taken back still holds")
	}
	s.enter(app.Screener)
	s.post("/parties/clear", hit).want(403)
	if page := s.get("/parties?name=" + url.QueryEscape(name)); strings.Contains(page.body, "/parties/clear") {
		t.Error("a form is shown that may not be sent")
	}
}

func TestADecisionIsReadWithItsPlaces(t *testing.T) {
	s := newSite(t)
	s.enter(app.Viewer)
	text := "中华人民共和国上海浦东国际机场海关行政处罚决定书\n沪浦机关缉违字〔2025〕0001号\n当事人于2025年3月1日向海关申报出口至德国一般贸易项下<b>氧化镝</b>。经海关核定,违法货物价值人民币50万元。决定对当事人作出如下行政处罚:科处罚款人民币40000元。"
	s.post("/enforcement/decision", url.Values{"text": {text}}).want(200, "<mark", "40000", "&lt;b&gt;")
	s.post("/enforcement/decision?format=json", url.Values{"text": {text}}).want(200, `"spans"`)
	s.post("/enforcement/decision", url.Values{"text": {""}}).want(422)
	s.get("/enforcement/estimate?conduct=no_such_thing").want(422)
	s.get("/enforcement/estimate?conduct=no_licence&value=x").want(422)
	s.get("/enforcement?by=weather").want(422)
}

func TestExposureIsAskedByPage(t *testing.T) {
	s := newSite(t)
	s.enter(app.Viewer)
	s.get("/exposure?importer=Atlantis").want(422, `value="Atlantis"`)
	s.get("/exposure?importer=KR&mineral=antimony&format=json").want(200, `"mineral"`)
	s.get("/exposure?importer=KR&mineral=antimony&format=csv").want(200, "\ufeff")
	page := s.get("/exposure?importer=KR").want(200, `<svg class="chart"`, "data-rest=", "whole=yes#antimony")
	if len(page.body) > 200_000 || strings.Contains(page.body, `id="antimony"`) || strings.Contains(page.body, "{[{") {
		t.Errorf("the beginning of a sheet holds more than its beginning, or a chart that is not drawn: %d bytes", len(page.body))
	}
	s.get("/exposure?importer=KR&whole=yes").want(200, `id="antimony"`, `id="tungsten"`)
	s.get("/exposure?importer=KR&format=csv").want(200, "antimony", "tungsten")
	s.get("/exposure/whatif?demand=lots").want(422, "Demand", "is no number")
	s.get("/exposure/whatif?demand=100&kind=magic").want(422)
}

func TestSpansOf(t *testing.T) {
	parts, values := spansOf("罚款人民币40000元。", map[string]enforce.Span{"fine": {2, 10}, "sum": {5, 10}, "odd": {8, 99}, "end": {10, 11}})
	var got []string
	for _, p := range parts {
		got = append(got, p.Text+"="+p.Of)
	}
	if want := "罚款= 人民币40000=fine, sum 元=end 。="; strings.Join(got, " ") != want || len(values) != 3 {
		t.Errorf("%q and %v, want %q", got, values, want)
	}
}

func TestShareBars(t *testing.T) {
	for _, x := range []struct {
		share report.Share
		want  shareBar
	}{
		{report.Share{Low: "0.0005", High: "0.0015", Threshold: ">= 0.001"}, shareBar{"25.00%", "50.00%", "50.00%", "0.05 % – 0.15 %", "≥ 0.1 %"}},
		{report.Share{Low: "0.01", High: "0.01", Threshold: "> 0.1"}, shareBar{"5.00%", "1.00%", "50.00%", "1 %", "> 10 %"}},
		{report.Share{Low: "0", High: "no bound", Threshold: ">= 0.001"}, shareBar{"0.00%", "100.00%", "50.00%", "0 % – no bound", "≥ 0.1 %"}},
		{report.Share{Low: "?", High: "?", Threshold: "?"}, shareBar{"", "", "", "?", "?"}},
	} {
		if got := barOf(x.share); got != x.want {
			t.Errorf("%+v is drawn %+v, want %+v", x.share, got, x.want)
		}
	}
}

func TestMarkedWords(t *testing.T) {
	for _, x := range []struct {
		text  string
		words []string
		want  string
	}{
		{"sintered NdFeB magnet", []string{"NdFeB", "sintered NdFeB"}, "[sintered NdFeB] magnet"},
		{"镝3% 镝", []string{"镝", "镝3%"}, "[镝3%] [镝]"},
		{"nothing", nil, "nothing"},
		{"all", []string{"all", ""}, "[all]"},
		{"", []string{"x"}, ""},
	} {
		var b strings.Builder
		for _, s := range marked(x.text, x.words) {
			if s.Marked {
				b.WriteString("[" + s.Text + "]")
			} else {
				b.WriteString(s.Text)
			}
		}
		if b.String() != x.want {
			t.Errorf("%q with %q: %s, want %s", x.text, x.words, b.String(), x.want)
		}
	}
}
