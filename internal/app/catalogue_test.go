package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"lodestone/internal/ingest/tables"
	"lodestone/internal/report"
	"lodestone/internal/store"
	"lodestone/internal/when"
)

// goods are a catalogue: an oxide whose control sleeps until 2026-11-10, wafers that have a licence requirement and a ban that sleeps until
// 2026-11-27, a thing that nobody controls, and a row that cannot be read.
const goods = `id,description,from,destination
H-1,holmium oxide,CN,US
W-1,gallium arsenide wafers,CN,US
T-1,T-shirt,CN,DE
X-1,graphite,XX,DE
`

// instanceOn is an empty instance whose clock stands on a day.
func instanceOn(t *testing.T, day when.Date) *Instance {
	t.Helper()
	book, _, err := LoadBook("")
	if err != nil {
		t.Fatal(err)
	}
	clock, err := time.Parse(time.DateOnly, day.String())
	if err != nil {
		t.Fatal(err)
	}
	i, err := OpenInstance(t.Context(), InstanceOptions{Data: t.TempDir(), Book: book, Now: func() time.Time { return clock }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { i.Close() })
	return i
}

var officer = &Actor{Person: "officer one"}

func keep(t *testing.T, i *Instance, name, file string, on when.Date) report.Catalogue {
	t.Helper()
	c, err := i.KeepCatalogue(t.Context(), officer, name, strings.NewReader(file), Upload{Lang: "en"}, on)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// doQueued does the screenings of a catalogue that wait, oldest first, as the queue does.
func doQueued(t *testing.T, i *Instance, id string) (done int) {
	t.Helper()
	all, err := i.store.Screenings(t.Context(), id, 100)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(all)
	for _, x := range all {
		if x.Job.State == store.Queued || x.Job.State == store.Running {
			if err := i.do(t.Context(), x.Job.ID, true); err != nil {
				t.Fatal(err)
			}
			done++
		}
	}
	return done
}

// noticed looks on a day whether screenings are due, and does them.
func noticed(t *testing.T, i *Instance, id string, today when.Date) int {
	t.Helper()
	if err := i.Notice(t.Context(), today); err != nil {
		t.Fatal(err)
	}
	return doQueued(t, i, id)
}

func alerts(t *testing.T, i *Instance, kind string) []report.Alert {
	t.Helper()
	all, err := i.Alerts(t.Context(), officer, AlertQuery{Kind: kind, Limit: 500, Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// told is what alerts are about: kind, item, day.
func told(all []report.Alert) (list []string) {
	for _, a := range all {
		list = append(list, strings.TrimPrefix(a.Kind, "catalogue.")+" "+a.Facts["item"]+" "+a.Facts["on"])
	}
	return list
}

func TestACatalogueIsScreenedAgainWhenADayOfChangeComes(t *testing.T) {
	i := instanceOn(t, when.Day(2026, 9, 1))
	c := keep(t, i, "our goods", goods, when.Day(2026, 9, 1))
	if n := doQueued(t, i, c.ID); n != 1 {
		t.Fatalf("%d screenings of a new catalogue", n)
	}
	for _, day := range []when.Date{when.Day(2026, 9, 1), when.Day(2026, 9, 2)} {
		if n := noticed(t, i, c.ID, day); n != 0 || len(alerts(t, i, "")) != 0 {
			t.Fatalf("%d screenings on %s, when nothing is near; alerts %+v", n, day, alerts(t, i, ""))
		}
	}
	for noticed(t, i, c.ID, when.Day(2026, 11, 5)) > 0 { // how things stand, and then what is ahead
	}
	if got := told(alerts(t, i, "catalogue")); !slices.Equal(got, []string{"coming_requirement W-1 2026-11-28", "coming_outcome H-1 2026-11-11"}) {
		t.Fatal(got)
	}
	if n := noticed(t, i, c.ID, when.Day(2026, 11, 5)); n != 0 {
		t.Errorf("%d screenings when all was seen", n)
	}
	for noticed(t, i, c.ID, when.Day(2026, 11, 28)) > 0 { // the day itself, and then what is ahead of it
	}
	if got := told(alerts(t, i, "catalogue"))[:2]; !slices.Equal(got, []string{"requirement W-1 2026-11-28", "outcome H-1 2026-11-28"}) {
		t.Fatal(got)
	}
	a := alerts(t, i, "catalogue.outcome")[0]
	if a.Facts["was"] != "suspended" || a.Facts["is"] != "not_established" || a.Subject != "catalogue/"+c.ID {
		t.Errorf("%+v", a)
	}
	for _, word := range []string{"our goods", "H-1", "line 2", "rule suspended", "standing of the rule not established", "2026-11-28", a.Facts["acts"]} {
		if !strings.Contains(a.Text, word) {
			t.Errorf("%q is not said: %s", word, a.Text)
		}
	}
	doc, err := i.Catalogue(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(doc.Screenings, func(x report.CatalogueScreening) bool { return x.Effective == "2026-11-28" && !x.Ahead })
	if at < 0 {
		t.Fatalf("%+v", doc.Screenings)
	}
	s := doc.Screenings[at]
	if s.Summary == nil || s.Summary.Rows != 3 || s.Summary.Refused != 1 || s.Summary.Open != 2 || s.Summary.Impact == nil || s.Summary.Impact.Changed != 2 {
		t.Errorf("%+v", s.Summary)
	}
	testChanges(t, i, c.ID, s.Job)
	testSeen(t, i, a.ID)
}

// testChanges compares the changes of a screening with what impact prints for the same file and days.
func testChanges(t *testing.T, i *Instance, id, job string) {
	t.Helper()
	write, err := i.Changes(t.Context(), id, job)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	want := impactOf(t, i, goods, when.Day(2026, 11, 5), when.Day(2026, 11, 28))
	if b.String() != want {
		t.Errorf("changes\n%s\nimpact\n%s", b.String(), want)
	}
	if _, err := i.Changes(t.Context(), "another", job); err != ErrUnknown {
		t.Error(err)
	}
}

// impactOf is what the command impact prints of changed rows.
func impactOf(t *testing.T, i *Instance, file string, from, to when.Date) string {
	t.Helper()
	p, err := i.jobs.files.create()
	if err != nil {
		t.Fatal(err)
	}
	defer p.drop()
	p.Write([]byte(file))
	digest, err := p.keep()
	if err != nil {
		t.Fatal(err)
	}
	table, closer, err := i.tableOf(context.Background(), &store.Job{Name: "x", Input: digest}, &Upload{})
	if err != nil {
		t.Fatal(err)
	}
	defer closer.Close()
	var b bytes.Buffer
	m := &Impact{Screening: Screening{Book: i.Book, Lang: "en", Format: report.JSONL}, Before: when.At{Effective: from}, After: when.At{Effective: to}}
	if _, err := m.Run([]*tables.Table{table}, &b); err != nil {
		t.Fatal(err)
	}
	var kept strings.Builder
	for line := range strings.Lines(b.String()) {
		var doc struct{ Changed bool }
		if json.Unmarshal([]byte(line), &doc) == nil && doc.Changed {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

func testSeen(t *testing.T, i *Instance, id string) {
	t.Helper()
	unseen := func(by *Actor) int {
		all, err := i.Alerts(t.Context(), by, AlertQuery{Unseen: true, Limit: 500})
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	other := &Actor{Person: "officer two"}
	before := unseen(officer)
	for range 2 { // the second time changes nothing
		a, err := i.Acknowledge(t.Context(), officer, id, "asked the supplier", "en")
		if err != nil || len(a.Seen) != 1 || a.Seen[0].Person != officer.Person || a.Seen[0].Note != "asked the supplier" {
			t.Fatalf("%+v %v", a, err)
		}
	}
	if unseen(officer) != before-1 || unseen(other) != before {
		t.Errorf("unseen: %d, another person %d; before %d", unseen(officer), unseen(other), before)
	}
	if _, err := i.Acknowledge(t.Context(), officer, "none", "", "en"); err != ErrUnknown {
		t.Error(err)
	}
	v, err := i.Verify(t.Context())
	if err != nil || v.Altered != "" || v.Alerts < 2 || v.Catalogues != 1 {
		t.Errorf("%+v %v", v, err)
	}
}

// A screening that is done again after a crash makes no alert twice.
func TestAlertsAreMadeOnce(t *testing.T) {
	i := instanceOn(t, when.Day(2026, 9, 1))
	c := keep(t, i, "our goods", goods, when.Day(2026, 9, 1))
	doQueued(t, i, c.ID)
	if err := i.Notice(t.Context(), when.Day(2026, 11, 28)); err != nil {
		t.Fatal(err)
	}
	all, err := i.store.Screenings(t.Context(), c.ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	j := all[0].Job
	for range 2 {
		if err := i.answer(t.Context(), &j, &runningJob{}); err != nil {
			t.Fatal(err)
		}
	}
	if got := alerts(t, i, ""); len(got) != 2 {
		t.Errorf("%+v", got)
	}
}

// Many rows that change come as alerts within a bound, and one says how many more there are.
func TestAlertsAreBounded(t *testing.T) {
	i := instanceOn(t, when.Day(2026, 9, 1))
	sum := &report.ImpactSummary{}
	alarm := &catalogueAlarm{i: i, ctx: t.Context(), job: &store.Job{ID: "j", Name: "goods"}, run: &Upload{Catalogue: &catalogueRun{ID: "c"}}, sum: sum, turns: maxAlerts - 2}
	for line := range 5 {
		doc := &report.Impact{ID: fmt.Sprint(line), Line: line, Before: report.Stand{Outcome: "licence"}, After: report.Stand{Outcome: "deny"}}
		if err := alarm.row(doc, &stood{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := alarm.finish(); err != nil {
		t.Fatal(err)
	}
	more := alerts(t, i, "catalogue.more")
	if all := alerts(t, i, "catalogue"); len(all) != 3 || len(more) != 1 || more[0].Facts["n"] != "3" || sum.Changed != 5 {
		t.Errorf("%+v", all)
	}
}

func TestVersionsOfACatalogue(t *testing.T) {
	i := instanceOn(t, when.Day(2026, 9, 1))
	first := keep(t, i, "our goods", goods, when.Day(2026, 9, 1))
	doQueued(t, i, first.ID)
	second := keep(t, i, "our goods", "id,description,from\nW-1,T-shirt,CN\n", when.Day(2026, 9, 2))
	other := keep(t, i, "their goods", goods, when.Day(2026, 9, 2))
	if second.ID != first.ID || second.Version != 2 || other.ID == first.ID || len(second.Versions) != 2 {
		t.Errorf("%+v\n%+v", second, other)
	}
	doQueued(t, i, first.ID)
	if got := alerts(t, i, ""); len(got) != 0 {
		t.Errorf("a new version of the file is no change of law: %+v", got)
	}
	if _, err := i.EndCatalogue(t.Context(), officer, first.ID); err != nil {
		t.Fatal(err)
	}
	if n := noticed(t, i, first.ID, when.Day(2026, 12, 1)); n != 0 {
		t.Errorf("%d screenings of a catalogue that has ended", n)
	}
	if back := keep(t, i, "our goods", goods, when.Day(2026, 9, 3)); back.Ended || back.Version != 4 {
		t.Errorf("%+v", back)
	}
	for _, bad := range []string{"descripton,hs\nx,1\n", "%PDF-1.7"} {
		if _, err := i.KeepCatalogue(t.Context(), officer, "bad", strings.NewReader(bad), Upload{Lang: "en"}, when.Day(2026, 9, 1)); err == nil {
			t.Errorf("kept %q", bad)
		}
	}
	list, err := i.Catalogues(t.Context())
	if err != nil || len(list) != 2 || list[0].Name != "our goods" || len(list[0].Screenings) != 1 {
		t.Errorf("%+v %v", list, err)
	}
}

// A law that says otherwise, though the day is the same, has the catalogue screened again; what waited under the old law is overtaken.
func TestACatalogueIsScreenedAgainWhenTheLawIsAnother(t *testing.T) {
	i := instanceOn(t, when.Day(2026, 9, 1))
	c := keep(t, i, "our goods", goods, when.Day(2026, 9, 1))
	waiting := c.Screenings[0].Job
	law := *i.Book
	law.Revision = "sha256:another"
	i.Book = &law
	if err := i.do(t.Context(), waiting, false); err != nil {
		t.Fatal(err)
	}
	if j, err := i.Job(t.Context(), waiting); err != nil || j.State != store.Cancelled || j.Problem == "" {
		t.Errorf("%+v %v", j, err)
	}
	if n := noticed(t, i, c.ID, when.Day(2026, 9, 1)); n != 1 {
		t.Errorf("%d screenings under another law", n)
	}
}
