//go:build system

package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"lodestone/internal/app"
	"lodestone/internal/store"
	"lodestone/internal/when"
)

// The pages of the server in a real browser: a person comes in by the link, screens a file, reads the reasons and finds the records; every page
// passes the accessibility check in light and dark and is pictured at two widths in three languages.

// wait waits until a script says yes, over pages that come and go meanwhile.
func wait(t *testing.T, ctx context.Context, script string) {
	t.Helper()
	var last error
	for from := time.Now(); time.Since(from) < 40*time.Second; time.Sleep(30 * time.Millisecond) {
		yes, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("document.readyState === 'complete' && ("+script+")"))
		if yes && err == nil {
			return
		}
		last = err
	}
	t.Fatalf("%s never holds: %v", script, last)
}

// comeIn uses a one-time link.
func comeIn(t *testing.T, ctx context.Context, s *server, key, login string) {
	t.Helper()
	do(t, ctx, chromedp.Navigate(s.url+"/set-up?key="+key), chromedp.SendKeys(chromedp.CSS("#login"), login), chromedp.SendKeys(chromedp.CSS("#name"), "Officer "+login),
		chromedp.SendKeys(chromedp.CSS("#password"), password), chromedp.Click(chromedp.CSS("form.stack button")))
	wait(t, ctx, `location.pathname !== "/set-up"`)
}

func (s *server) firstKey() string {
	s.t.Helper()
	key, err := s.instance.FirstLink(s.t.Context())
	if err != nil || key == "" {
		s.t.Fatalf("no first link: %q %v", key, err)
	}
	return key
}

func (s *server) keyOf(role app.Role) string {
	s.t.Helper()
	key, err := s.instance.Invite(s.t.Context(), role, &app.Actor{Person: "instance"})
	if err != nil {
		s.t.Fatal(err)
	}
	return key
}

// screenFile gives a file by the form and waits until its lines are there.
func screenFile(t *testing.T, ctx context.Context, s *server, name string) {
	t.Helper()
	name, err := filepath.Abs(name) // the browser stands elsewhere
	if err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Navigate(s.url+"/screen"), chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{name}), chromedp.Click(chromedp.CSS(".drop button")))
	wait(t, ctx, `location.pathname === "/screen/file"`)
	s.seen = evaluate[string](t, ctx, "location.pathname + location.search")
	do(t, ctx, chromedp.Click(chromedp.CSS(`button[value="start"]`)))
	wait(t, ctx, `location.pathname.startsWith("/jobs/")`)
}

func TestAPersonComesInAndScreensTenThousandLines(t *testing.T) {
	s := newServer(t)
	ctx := chromium(t)
	look(t, ctx, 1440, "light")
	comeIn(t, ctx, s, s.firstKey(), "one")
	wait(t, ctx, `location.pathname === "/begin"`)
	screenFile(t, ctx, s, manyLines(t, 10_000))
	seen := evaluate[string](t, ctx, `document.querySelector("#progress, #rows").id`)
	t.Logf("after the start the page shows %s", seen)
	wait(t, ctx, `document.querySelectorAll("#rows tbody tr").length === 50`)
	if n := evaluate[string](t, ctx, `document.querySelector(".pager .num").textContent`); !strings.Contains(n, "10\u202f000") {
		t.Errorf("the list says %q", n)
	}
	do(t, ctx, chromedp.Click(chromedp.CSS("#rows a.more")), chromedp.WaitVisible(chromedp.CSS(".opened .detail mark")))
	for what, found := range map[string]string{"marked words": ".opened mark", "citations": ".opened .norm a[href^=https]", "questions": ".opened .asks > li", "ends of answers": ".opened .leads > li", "turns in time": ".opened ol.line > li"} {
		if evaluate[int](t, ctx, fmt.Sprintf("document.querySelectorAll(%q).length", found)) == 0 {
			t.Errorf("the open line shows no %s", what)
		}
	}
	do(t, ctx, chromedp.Click(chromedp.CSS(`.tiles a[href*="outcome=deny"]`)))
	wait(t, ctx, `location.search.includes("outcome=deny") && document.querySelectorAll("#rows tbody tr.o-deny").length === 50`)
	address := evaluate[string](t, ctx, "location.href")
	for range 3 {
		do(t, ctx, chromedp.Navigate(address))
		wait(t, ctx, `performance.getEntriesByName("first-contentful-paint").length > 0`)
		took := evaluate[float64](t, ctx, `performance.getEntriesByName("first-contentful-paint")[0].startTime`)
		t.Logf("measured: a page of lines of a job of 10000 is painted after %.0f ms", took)
	}

	do(t, ctx, chromedp.Navigate(s.url+"/screen/item"), chromedp.SendKeys(chromedp.CSS(`input[name="description"]`), "Gallium arsenide wafers"), chromedp.SendKeys(chromedp.CSS(`input[name="destination"]`), "US"),
		chromedp.Click(chromedp.CSS("main form button")))
	wait(t, ctx, `location.pathname.startsWith("/records/") && document.querySelector(".said mark") !== null`)
	do(t, ctx, chromedp.Navigate(s.url+"/records"))
	wait(t, ctx, `document.querySelectorAll("table.lines tbody tr").length === 1`)
}

// A case needs two persons: the one who proposes sees no way to approve, the second finds the case, reads it and releases it, and the log has both.
func TestASecondPersonReleasesACase(t *testing.T) {
	s := newServer(t)
	ctx := chromium(t)
	look(t, ctx, 1440, "light")
	comeIn(t, ctx, s, s.firstKey(), "one")
	do(t, ctx, chromedp.Navigate(s.url+"/screen/item?id=P-1&description=Gallium+arsenide+wafers&from=CN&destination=US"), chromedp.Click(chromedp.CSS("main form button")))
	wait(t, ctx, `location.pathname.startsWith("/records/")`)
	do(t, ctx, chromedp.Navigate(s.url+"/cases"))
	wait(t, ctx, `document.querySelectorAll("table.lines tbody tr").length === 1`)
	do(t, ctx, chromedp.Click(chromedp.CSS("table.lines a")))
	wait(t, ctx, `document.querySelector(".c-open") !== null && document.querySelector(".said mark") !== null`)
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#pw"), "the licence of the customer was seen"), chromedp.Click(chromedp.CSS(`button[value="propose"]`)))
	wait(t, ctx, `document.querySelector("h1 .c-awaiting_approval") !== null`)
	if n := evaluate[int](t, ctx, `document.querySelectorAll('button[value="approve"]').length`); n != 0 {
		t.Error("who proposed is shown a way to approve")
	}
	address := evaluate[string](t, ctx, "location.pathname")
	do(t, ctx, chromedp.Click(chromedp.CSS(`form[action="/sign-out"] button`)))
	wait(t, ctx, `location.pathname === "/sign-in"`)
	comeIn(t, ctx, s, s.keyOf(app.Approver), "two")
	do(t, ctx, chromedp.Navigate(s.url+address))
	wait(t, ctx, `document.querySelector('button[value="approve"]') !== null`)
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#aw"), "seen as well"), chromedp.Click(chromedp.CSS(`button[value="approve"]`)))
	wait(t, ctx, `document.querySelector("h1 .c-released") !== null && document.querySelector(".note.good") !== null`)
	do(t, ctx, chromedp.Navigate(s.url+"/records/log"))
	wait(t, ctx, `document.querySelectorAll("tbody tr").length > 4`)
	for _, kind := range []string{"case.proposed", "case.approved", "determination"} {
		if !evaluate[bool](t, ctx, fmt.Sprintf("[...document.querySelectorAll('td code')].some(e => e.textContent === %q)", kind)) {
			t.Errorf("the log has no %s", kind)
		}
	}
}

// licensed enters a licence and an application by the forms.
func (s *server) licensed(t *testing.T, ctx context.Context) (licence, application string) {
	t.Helper()
	fill := func(action string, values map[string]string) string {
		do(t, ctx, chromedp.Navigate(s.url+"/licences"), script(`document.querySelectorAll("details").forEach(d => d.open = true)`))
		for name, value := range values {
			do(t, ctx, script(fmt.Sprintf(`document.querySelector('form[action="%s"] [name="%s"]').value = %q`, action, name, value)))
		}
		do(t, ctx, chromedp.Click(chromedp.CSS(fmt.Sprintf(`form[action="%s"] button`, action))))
		wait(t, ctx, fmt.Sprintf(`location.pathname.startsWith("%s/")`, action))
		return evaluate[string](t, ctx, "location.pathname")
	}
	licence = fill("/licences", map[string]string{"no": "26-000001", "items": "3C001.e", "end_user": "Example Foundry Inc.", "destination": "US", "quantity": "500", "unit": "kg", "from": "2026-01-01", "to": "2026-12-31"})
	return licence, fill("/applications", map[string]string{"s_item": "gallium arsenide wafers", "s_end_user": "Example Foundry Inc.", "s_quantity": "500 kg"})
}

// catalogued keeps a file as a catalogue by the form and has it screened as of two days between which the law changes.
func (s *server) catalogued(t *testing.T, ctx context.Context) (catalogue, changes string) {
	t.Helper()
	name, err := filepath.Abs("../../examples/shipment.csv") // the browser stands elsewhere
	if err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Navigate(s.url+"/catalogues"), chromedp.SendKeys(chromedp.CSS(`.drop [name="name"]`), "our goods"),
		chromedp.SetUploadFiles(chromedp.CSS(`.drop [name="file"]`), []string{name}), chromedp.Click(chromedp.CSS(".drop button")))
	wait(t, ctx, `location.pathname === "/screen/file"`)
	do(t, ctx, chromedp.Click(chromedp.CSS(`button[value="start"]`)))
	wait(t, ctx, `location.pathname.startsWith("/catalogues/")`)
	catalogue = evaluate[string](t, ctx, "location.pathname")
	var last string
	for _, day := range []when.Date{when.Day(2026, 11, 1), when.Day(2026, 12, 1)} {
		if err := s.instance.Notice(t.Context(), day); err != nil {
			t.Fatal(err)
		}
		for from := time.Now(); ; time.Sleep(20 * time.Millisecond) {
			c, err := s.instance.Catalogue(t.Context(), filepath.Base(catalogue))
			if err != nil || time.Since(from) > 20*time.Second {
				t.Fatalf("the catalogue is not screened as of %s: %v", day, err)
			}
			if newest := c.Screenings[0]; newest.State == "done" && newest.Effective == day.String() {
				last = newest.Job
				break
			}
		}
	}
	return catalogue, catalogue + "?job=" + last
}

// addressed has alerts sent to a webhook and to a mail address by the form, and both tested: here neither can be sent to.
func (s *server) addressed(t *testing.T, ctx context.Context) {
	t.Helper()
	for _, address := range []string{"http://127.0.0.1:9/in", "officer@receiver.example"} {
		do(t, ctx, chromedp.Navigate(s.url+"/alerts"), chromedp.Click(chromedp.CSS(`.lead a[href="/alerts/delivery"]`)))
		wait(t, ctx, `location.pathname === "/alerts/delivery" && document.querySelector('[name="address"]') !== null`)
		do(t, ctx, chromedp.SendKeys(chromedp.CSS(`[name="address"]`), address), chromedp.Click(chromedp.CSS(`.drop [value="catalogue.failed"]`)), chromedp.Click(chromedp.CSS(".drop button")))
		wait(t, ctx, fmt.Sprintf(`[...document.querySelectorAll("tbody a")].some(e => e.textContent === %q)`, address))
		if shown := evaluate[bool](t, ctx, `document.querySelector(".note.good code") !== null`); shown != strings.HasPrefix(address, "http") {
			t.Errorf("%s: a secret is shown: %v", address, shown)
		}
	}
	checkAxe(t, ctx, "deliveries, with a secret")
	for n := range 2 {
		do(t, ctx, chromedp.Navigate(s.url+"/alerts/delivery"), chromedp.Click(chromedp.CSS(fmt.Sprintf(`tbody tr:nth-child(%d) [value="test"]`, n+1))))
		wait(t, ctx, fmt.Sprintf(`document.querySelectorAll("#sent tbody tr").length === %d`, n+1))
	}
	for from := time.Now(); evaluate[int](t, ctx, `document.querySelectorAll(".s-given_up").length`) < 2; time.Sleep(50 * time.Millisecond) {
		if time.Since(from) > 20*time.Second {
			t.Fatal("nothing comes of the tests")
		}
		do(t, ctx, chromedp.Navigate(s.url+"/alerts/delivery"))
		wait(t, ctx, `document.querySelector("#sent") !== null`)
	}
}

// pictures are the pages that are looked at, by name; the addresses of what was made for the test are filled in.
func pictures(job, record, product, theCase, theLicence, theApplication string) []struct{ name, path string } {
	return []struct{ name, path string }{
		{"today", "/"}, {"begin", "/begin"}, {"screen", "/screen"}, {"item", "/screen/item"}, {"job", job}, {"line", job + "/lines/1"}, {"cases", "/cases?state=all"}, {"case", theCase}, {"catalogues", "/catalogues"}, {"alerts", "/alerts"}, {"deliveries", "/alerts/delivery"}, {"licences", "/licences"}, {"licence", theLicence}, {"application", theApplication}, {"records", "/records"}, {"record", record},
		{"log", "/records/log"}, {"law", "/law"}, {"law-search", "/law?q=镝"}, {"act", "/law/show/CN-2025-70"}, {"entry", "/law/show/CN-2025-18/1C905.a.4"}, {"products", "/products"}, {"product", product}, {"parties", "/parties?name=" + url.QueryEscape("Lockheed Martin\nRaytheon Missiles\n홍길동")}, {"sheet", "/exposure?importer=KR"}, {"mineral", "/exposure?importer=KR&mineral=antimony"}, {"whatif", "/exposure/whatif?kind=delay&demand=1200&stock=200"}, {"company", "/exposure/company"}, {"stats", "/enforcement?by=basis"}, {"decision", "/enforcement/decision"}, {"estimate", "/enforcement/estimate?conduct=no_licence&value=500000&ground=cooperated"}, {"changes", "/law/changes?from=2026-11-09&to=2026-11-30"}, {"people", "/people"}, {"account", "/account"}, {"missing", "/nothing"},
	}
}

func TestEveryPagePassesTheAccessibilityCheck(t *testing.T) {
	s := newServer(t)
	ctx := chromium(t)
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), 8*time.Minute)
	defer stop()
	asked := foreign(t, ctx, s.url)
	look(t, ctx, 1440, "light")
	do(t, ctx, chromedp.Navigate(s.url+"/sign-in"))
	checkAxe(t, ctx, "sign-in, light")
	comeIn(t, ctx, s, s.firstKey(), "one")
	screenFile(t, ctx, s, "../../examples/shipment.csv")
	wait(t, ctx, `document.querySelector("#rows") !== null`)
	job := evaluate[string](t, ctx, "location.pathname")
	screenFile(t, ctx, s, "../../examples/bom/motor.csv")
	wait(t, ctx, `document.querySelector("#rows") !== null`)
	product := strings.Replace(evaluate[string](t, ctx, "location.pathname"), "/jobs/", "/products/", 1)
	do(t, ctx, chromedp.Navigate(s.url+"/screen/item?description=Gallium+arsenide+wafers&from=CN&destination=US"), chromedp.Click(chromedp.CSS("main form button")))
	wait(t, ctx, `location.pathname.startsWith("/records/")`)
	record := evaluate[string](t, ctx, "location.pathname")
	do(t, ctx, chromedp.Click(chromedp.CSS(`form[action="/cases"] button`)))
	wait(t, ctx, `location.pathname.startsWith("/cases/")`)
	theCase := evaluate[string](t, ctx, "location.pathname")
	theLicence, theApplication := s.licensed(t, ctx)
	s.addressed(t, ctx)
	catalogue, changes := s.catalogued(t, ctx)
	shown := append(pictures(job, record, product, theCase, theLicence, theApplication), []struct{ name, path string }{{"file", s.seen}, {"catalogue", catalogue},
		{"catalogue-changes", changes}}...)
	only, widths := os.Getenv("LODESTONE_TEST_PAGE"), []int{360, 1440}
	if only != "" {
		widths = append(widths, 2560)
	}
	for _, page := range shown {
		if only != "" && !slices.Contains(strings.Fields(only), page.name) {
			continue
		}
		for _, scheme := range []string{"light", "dark"} {
			look(t, ctx, 1440, scheme)
			do(t, ctx, chromedp.Navigate(withLang(s.url+page.path, "en")))
			checkAxe(t, ctx, page.name+", "+scheme)
		}
		for _, lang := range []string{"en", "zh", "ko"} {
			for _, width := range widths {
				scheme := "light"
				if lang == "ko" {
					scheme = "dark"
				}
				look(t, ctx, width, scheme)
				do(t, ctx, chromedp.Navigate(withLang(s.url+page.path, lang)))
				wait(t, ctx, `document.querySelector("[data-rest]") === null`)
				if n := evaluate[int](t, ctx, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); n > 0 {
					wide := evaluate[string](t, ctx, `[...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll")).slice(0, 3).map(e => e.outerHTML.slice(0, 150)).join(" | ")`)
					t.Errorf("%s in %s at %d px is %d px too wide: %s", page.name, lang, width, n, wide)
				}
				picture(t, ctx, fmt.Sprintf("%s-%s-%d.png", page.name, lang, width))
			}
		}
	}
	for _, what := range asked() {
		t.Error(what)
	}
}

// recorded fills a data folder with recorded answers: one is asked for, the others are the same about other items and go straight into the store, many to
// a transaction.
func recorded(t *testing.T, data string, n int) {
	t.Helper()
	book, _, err := app.LoadBook("")
	if err != nil {
		t.Fatal(err)
	}
	i, err := app.OpenInstance(t.Context(), app.InstanceOptions{Data: data, Book: book, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	q := app.Question{Item: map[string]string{"id": "R-0", "description": "Gallium arsenide wafers", "destination": "US"}, On: when.Day(2026, 11, 20), Lang: "en"}
	_, err = i.Answer(t.Context(), &app.Actor{Person: "p"}, &q, "")
	key, keyErr := app.InstanceKey(data)
	if err := errors.Join(err, keyErr, i.Close()); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(data, "lodestone.db"), store.Options{Now: time.Now, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	first, err := db.Determinations(t.Context(), -1, 1)
	if err != nil || len(first) != 1 {
		t.Fatal(len(first), err)
	}
	const atOnce = 100
	for at := 1; at < n; at += atOnce {
		err := db.Write(t.Context(), func(tx *store.Tx) error {
			for k := at; k < min(at+atOnce, n); k++ {
				d := first[0]
				d.Item = fmt.Sprint("R-", k)
				rename := strings.NewReplacer(`"R-0"`, strconv.Quote(d.Item))
				d.Question, d.Answer = rename.Replace(d.Question), rename.Replace(d.Answer)
				if err := tx.PutDetermination(&d); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestPagesAreQuickWithMuch paints each page with a job of 100,000 lines and 100,000 recorded answers behind it. LODESTONE_TEST_RECORDS says another number
// of records.
func TestPagesAreQuickWithMuch(t *testing.T) {
	records, err := strconv.Atoi(cmp.Or(os.Getenv("LODESTONE_TEST_RECORDS"), "100000"))
	if err != nil {
		t.Fatal(err)
	}
	data, from := t.TempDir(), time.Now()
	recorded(t, data, records)
	t.Logf("measured: %d answers are recorded in %.1f s", records, time.Since(from).Seconds())
	s := serverOn(t, data)
	ctx := chromium(t)
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), 8*time.Minute)
	defer stop()
	const lines, wanted, largest = 100_000, 300.0, 1_500_000
	look(t, ctx, 1440, "light")
	comeIn(t, ctx, s, s.firstKey(), "one")
	screenFile(t, ctx, s, "../../examples/bom/motor.csv")
	wait(t, ctx, `document.querySelector("#rows") !== null`)
	product := strings.Replace(evaluate[string](t, ctx, "location.pathname"), "/jobs/", "/products/", 1)
	from = time.Now()
	screenFile(t, ctx, s, manyLines(t, lines))
	for range 10 { // longer than one wait
		if evaluate[bool](t, ctx, `document.querySelector("#rows") !== null`) {
			break
		}
		time.Sleep(2 * time.Second)
	}
	wait(t, ctx, `document.querySelector("#rows") !== null`)
	t.Logf("measured: %d lines are sent, screened and shown in %.1f s", lines, time.Since(from).Seconds())
	job := evaluate[string](t, ctx, "location.pathname")
	do(t, ctx, chromedp.Navigate(s.url+"/records"))
	record := evaluate[string](t, ctx, `document.querySelector("table.lines a").getAttribute("href")`)
	do(t, ctx, chromedp.Navigate(s.url+record), chromedp.Click(chromedp.CSS(`form[action="/cases"] button`)))
	wait(t, ctx, `location.pathname.startsWith("/cases/")`)
	theCase := evaluate[string](t, ctx, "location.pathname")
	theLicence, theApplication := s.licensed(t, ctx)
	pages := pictures(job, record, product, theCase, theLicence, theApplication)
	pages = append(pages, struct{ name, path string }{"job-search", job + "?q=wafers&sort=severe"}, struct{ name, path string }{"job-end", job + "?from=99950"})
	for _, page := range pages {
		best, size := 1e9, 0
		for range 3 {
			do(t, ctx, chromedp.Navigate(s.url+page.path))
			wait(t, ctx, `performance.getEntriesByName("first-contentful-paint").length > 0`)
			best = min(best, evaluate[float64](t, ctx, `performance.getEntriesByName("first-contentful-paint")[0].startTime`))
			size = evaluate[int](t, ctx, `performance.getEntriesByType("navigation")[0].decodedBodySize + performance.getEntriesByType("resource").reduce((n, r) => n + r.decodedBodySize, 0)`)
		}
		t.Logf("measured: %s is painted after %.0f ms (%.2f of the %.0f wanted), %d kB", page.name, best, best/wanted, wanted, size/1000)
		if best > 5*wanted || size > largest {
			t.Errorf("%s takes %.0f ms and %d bytes", page.name, best, size)
		}
	}
}

func withLang(address, lang string) string {
	if strings.Contains(address, "?") {
		return address + "&lang=" + lang
	}
	return address + "?lang=" + lang
}

// foreign notes requests that leave the server, and what the policy of a page shuts out.
func foreign(t *testing.T, ctx context.Context, base string) func() []string {
	t.Helper()
	var wrong lockedBuffer
	err := chromedp.Listen(ctx, func(event any) {
		if e, ok := event.(*network.EventRequestWillBeSent); ok && !strings.HasPrefix(e.Request.URL, base) && !strings.HasPrefix(e.Request.URL, "data:") {
			fmt.Fprintf(&wrong, "asks for %s\n", e.Request.URL)
		}
	})
	if err == nil {
		_, err = chromedp.Call(ctx, network.Enable, network.EnableParams{})
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() []string { return strings.FieldsFunc(wrong.String(), func(r rune) bool { return r == '\n' }) }
}
