package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lodestone/internal/party"
	"lodestone/internal/report"
	"lodestone/internal/store"
	"lodestone/internal/when"
)

// ownList is a list as a company keeps it: nobody's real name stands in it.
const ownList = `id,name,aliases,list,country,listed,ended
1,Example Pump Works,Examplia Pumpenwerk,OWN,DE,,
2,Second Sample Trading,,OWN,DE,,2026-06-30
3,Third Specimen Shipping,,OWN,DE,2026-12-15,
`

func load(t *testing.T, i *Instance, name, text string) report.LoadedList {
	t.Helper()
	l, err := i.LoadList(t.Context(), officer, name, strings.NewReader(text), false, Once{})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// ask answers a question about goods that go to somebody on a day.
func ask(t *testing.T, i *Instance, goods, to string, on when.Date) (report.Record, report.Determination) {
	t.Helper()
	q := &Question{Item: map[string]string{"description": goods, "from": "CN", "destination": "DE", "end_user": to}, On: on, Dated: true, Lang: "en"}
	r, err := i.Answer(t.Context(), officer, q, "")
	if err != nil {
		t.Fatal(err)
	}
	var doc report.Determination
	if err := json.Unmarshal(r.Determination, &doc); err != nil {
		t.Fatal(err)
	}
	return r, doc
}

var november = when.Day(2026, 11, 1)

// A listing of a loaded list never lowers an answer: whoever stands on it is a matter for review, whoever may stand on it leaves the answer open.
func TestALoadedListInAnswers(t *testing.T) {
	i := instanceOn(t, november)
	_, plain := ask(t, i, "T-shirt", "Example Pump Works", november)
	_, licensed := ask(t, i, "gallium arsenide wafers", "Example Pump Works", november)
	if plain.PartyLists != nil || len(plain.Parties) != 0 {
		t.Fatalf("%+v", plain)
	}
	load(t, i, "own.csv", ownList)
	later := when.Day(2026, 12, 20)
	for _, x := range []struct {
		goods, to      string
		on             when.Date
		outcome, mayBe string
		standing       string // of the hit; empty: there is none
	}{
		{"T-shirt", "Example Pump Works", november, "review", "", "in_force"},
		{"T-shirt", "EXAMPLIA PUMPENWERK", november, "review", "", "in_force"},
		{"T-shirt", "Exampel Pump Work", november, "cannot_tell", "review", "in_force"},
		{"T-shirt", "Another Firm", november, plain.Outcome, plain.MayBe, ""},
		{"T-shirt", "", november, plain.Outcome, plain.MayBe, ""},
		{"T-shirt", "Second Sample Trading", november, plain.Outcome, plain.MayBe, "ended"},
		{"T-shirt", "Second Sample Trading", when.Day(2026, 6, 30), "review", "", "in_force"},
		{"T-shirt", "Third Specimen Shipping", november, plain.Outcome, plain.MayBe, "not_yet"},
		{"T-shirt", "Third Specimen Shipping", later, "review", "", "in_force"},
		{"gallium arsenide wafers", "Example Pump Works", november, licensed.Outcome, licensed.MayBe, "in_force"},
	} {
		_, doc := ask(t, i, x.goods, x.to, x.on)
		if doc.Outcome != x.outcome || doc.MayBe != x.mayBe {
			t.Errorf("%s to %q on %s: %s, may be %q; want %s, %q", x.goods, x.to, x.on, doc.Outcome, doc.MayBe, x.outcome, x.mayBe)
		}
		if doc.PartyLists == nil || !strings.HasPrefix(doc.PartyLists.Revision, "sha256:") {
			t.Errorf("the answer names no lists: %+v", doc.PartyLists)
		}
		if x.standing == "" {
			if len(doc.Parties) != 0 {
				t.Errorf("%s to %q: %+v", x.goods, x.to, doc.Parties)
			}
			continue
		}
		if len(doc.Parties) != 1 || !doc.Parties[0].Loaded || doc.Parties[0].List != "OWN" || doc.Parties[0].Standing != x.standing || doc.Parties[0].Field != "end_user" {
			t.Errorf("%s to %q: %+v", x.goods, x.to, doc.Parties)
		}
		flagged := slices.Contains(doc.Notes, report.Say("en", "note.loaded")) && slices.Contains(doc.Notes, report.Say("en", "flag.party"))
		if flagged != (x.standing == "in_force") {
			t.Errorf("%s to %q: notes %q", x.goods, x.to, doc.Notes)
		}
	}
	if _, doc := ask(t, i, "T-shirt", "Third Specimen Shipping", november); doc.NextChange == nil || doc.NextChange.On != when.Day(2026, 12, 15) || doc.NextChange.Outcome != "review" {
		t.Errorf("the day on which the listing begins is not named: %+v", doc.NextChange)
	}
	found, err := i.SearchParties(t.Context(), []party.Query{{Name: "Example Pump Works"}}, november, november, "en", NamesAsked{Limit: 3})
	if err != nil || len(found[0].Matches) != 1 || found[0].Matches[0].Score != 1 || *found[0].Matches[0].EntryID != "1" {
		t.Errorf("%+v %v", found, err)
	}
	if err := i.EndList(t.Context(), officer, "own.csv"); err != nil {
		t.Fatal(err)
	}
	if _, doc := ask(t, i, "T-shirt", "Example Pump Works", november); doc.Outcome != plain.Outcome || doc.PartyLists != nil {
		t.Errorf("the list was taken out: %+v", doc)
	}
	if err := i.EndList(t.Context(), officer, "own.csv"); !errors.Is(err, ErrUnknown) {
		t.Errorf("taken out twice: %v", err)
	}
}

// What is not to be believed is refused by name, and the list that is there stays.
func TestAListThatIsNotBelieved(t *testing.T) {
	i := instanceOn(t, november)
	many := "name,country\n"
	for n := range 10 {
		many += fmt.Sprintf("Specimen Number %d Works,DE\n", n)
	}
	load(t, i, "own.csv", many)
	for _, x := range []struct{ why, name, text, says string }{
		{"empty", "own.csv", "", "empty"},
		{"no party", "own.csv", "name\n", "no party"},
		{"a second heading", "own.csv", many + many, "heading"},
		{"half", "own.csv", strings.Join(strings.SplitAfter(many, "\n")[:6], ""), "suspiciously few"},
		{"cut off", "own.csv", many[:len(many)-5], "cut off"},
		{"no list", "own.csv", "what,is,this\n1,2,3\n", "no list of parties"},
		{"a path", "../own.csv", many, "name"},
		{"hidden", ".own.csv", many, "name"},
		{"no name", "", many, "name"},
	} {
		_, err := i.LoadList(t.Context(), officer, x.name, strings.NewReader(x.text), false, Once{})
		var invalid Invalid
		if !errors.As(err, &invalid) || !strings.Contains(err.Error(), x.says) {
			t.Errorf("%s: %v", x.why, err)
		}
		if _, doc := ask(t, i, "T-shirt", "Specimen Number 3 Works", november); doc.Outcome != "review" {
			t.Errorf("%s: the good list is gone: %s", x.why, doc.Outcome)
		}
	}
	l, err := i.LoadList(t.Context(), officer, "own.csv", strings.NewReader("name,country\nSpecimen Number 3 Works,DE\nA New One,DE\n"), true, Once{})
	if err != nil || l.Before != 10 || l.Parties != 2 || l.Added != 1 || l.Removed != 9 || !l.Changed {
		t.Errorf("%+v %v", l, err)
	}
	if l.LoadedBy != officer.Person || l.LoadedAt == "" || l.Digest == "" || l.Size == 0 {
		t.Errorf("who loaded what, when: %+v", l)
	}
	if again := load(t, i, "own.csv", "name,country\nSpecimen Number 3 Works,DE\nA New One,DE\n"); again.Changed || again.Added+again.Differ+again.Removed != 0 {
		t.Errorf("the same bytes: %+v", again)
	}
	if v, err := i.Verify(t.Context()); err != nil || v.Altered != "" {
		t.Errorf("%+v %v", v, err)
	}
}

// Records are answered again by the lists that they rest on, whatever was loaded since; where those are gone, that is said.
func TestRecordsRestOnTheirLists(t *testing.T) {
	i := instanceOn(t, november)
	ask(t, i, "T-shirt", "Example Pump Works", november)
	first := load(t, i, "own.csv", ownList)
	ask(t, i, "T-shirt", "Example Pump Works", november)
	load(t, i, "other.csv", "name,list\nOther Sample Works,OTHER\n")
	ask(t, i, "T-shirt", "Other Sample Works", november)
	load(t, i, "own.csv", strings.ReplaceAll(ownList, "Example Pump", "Renamed Pump"))
	r, _ := ask(t, i, "T-shirt", "Renamed Pump Works", november)
	check := func(replayed, otherLists int64, gone int, altered string) {
		t.Helper()
		v, err := i.Verify(t.Context())
		if err != nil || v.Replayed != replayed || v.OtherLists != otherLists || len(v.ListsGone) != gone || !strings.Contains(v.Altered, altered) || (altered == "") != (v.Altered == "") {
			t.Errorf("%+v %v", v, err)
		}
	}
	check(4, 0, 0, "")
	if _, _, err := i.RecordDossier(t.Context(), r.ID, "en", "test", november); !errors.Is(err, ErrLoadedHits) {
		t.Errorf("a determination file that leaves out a hit: %v", err)
	}
	path := i.jobs.files.path(strings.TrimPrefix(first.Digest, "sha256:"))
	if err := os.Rename(path, path+".away"); err != nil {
		t.Fatal(err)
	}
	check(2, 2, 1, "")
	if err := os.WriteFile(path, []byte(ownList+" "), 0o600); err != nil {
		t.Fatal(err)
	}
	check(0, 0, 0, "party list own.csv")
}

// A list in force whose file is gone stops the answers: to answer without it would clear whoever stands on it.
func TestAListThatIsGone(t *testing.T) {
	data := t.TempDir()
	i := openInstance(t, data)
	l := load(t, i, "own.csv", ownList)
	if err := i.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(data, filesName, strings.TrimPrefix(l.Digest, "sha256:"))); err != nil {
		t.Fatal(err)
	}
	i = openInstance(t, data)
	defer i.Close()
	q := &Question{Item: map[string]string{"description": "T-shirt", "end_user": "Example Pump Works"}, On: november, Lang: "en"}
	var unreadable ListsError
	if _, err := i.Answer(t.Context(), officer, q, ""); !errors.As(err, &unreadable) || !strings.Contains(err.Error(), "own.csv") {
		t.Errorf("answered as if the list were not there: %v", err)
	}
	var why NotReady
	i.jobs.working.Store(true)
	if err := i.Ready(t.Context()); !errors.As(err, &why) || !strings.Contains(string(why), "party lists") {
		t.Errorf("ready: %v", err)
	}
	load(t, i, "own.csv", ownList) // without a restart
	if _, err := i.Answer(t.Context(), officer, q, ""); err != nil {
		t.Error(err)
	}
}

// consigned are goods of which two go to whom a list may come to hold.
const consigned = `id,description,from,destination,end_user
T-1,T-shirt,CN,DE,Example Pump Works
W-1,gallium arsenide wafers,CN,US,Example Pump Works
T-2,T-shirt,CN,DE,Another Firm
`

func TestListsHaveCataloguesScreenedAgain(t *testing.T) {
	i := instanceOn(t, november)
	c := keep(t, i, "our goods", consigned, november)
	for doQueued(t, i, c.ID)+noticed(t, i, c.ID, november) > 0 {
	}
	before := len(alerts(t, i, "catalogue"))
	load(t, i, "own.csv", ownList)
	for noticed(t, i, c.ID, november) > 0 {
	}
	all := alerts(t, i, "catalogue")
	all = all[:len(all)-before]
	if got := told(all); !slices.Contains(got, "outcome T-1 2026-11-01") || !slices.Contains(got, "party W-1 2026-11-01") || slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "T-2") }) {
		t.Fatal(got)
	}
	for _, a := range all {
		if a.Facts["acts"] != "OWN" || !strings.Contains(a.Text, "OWN") {
			t.Errorf("who made the difference is not said: %+v", a)
		}
	}
	if err := i.Notice(t.Context(), november); err != nil || doQueued(t, i, c.ID) != 0 {
		t.Errorf("screened again though nothing is new: %v", err)
	}
	load(t, i, "own.csv", ownList) // the same bytes once more
	if n := noticed(t, i, c.ID, november); n != 0 {
		t.Errorf("%d screenings for the same list", n)
	}
}

// A job is answered by the lists that were loaded when it was sent, also when it is done again later.
func TestJobsKeepTheirLists(t *testing.T) {
	i := instanceOn(t, november)
	load(t, i, "own.csv", ownList)
	var jobs []report.Job
	for _, u := range []Upload{{On: november, Lang: "en"}, {On: november, Lang: "en", Names: &NamesAsked{Limit: 3}}} {
		file := consigned
		if u.Names != nil {
			file = "id,name\n1,Example Pump Works\n"
		}
		j, err := i.Submit(t.Context(), officer, "x.csv", strings.NewReader(file), u)
		if err != nil {
			t.Fatal(err)
		}
		jobs = append(jobs, j)
	}
	load(t, i, "own.csv", strings.ReplaceAll(ownList, "Example Pump", "Renamed Pump"))
	for n, want := range []string{`"outcome":"review"`, `"score":1,`} {
		if err := i.do(t.Context(), jobs[n].ID, true); err != nil {
			t.Fatal(err)
		}
		f, err := i.Result(t.Context(), jobs[n].ID)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		b.ReadFrom(f)
		f.Close()
		if !strings.Contains(b.String(), want) || !strings.Contains(b.String(), "OWN") {
			t.Errorf("%s", b.String())
		}
	}
	line, err := i.JobLine(t.Context(), jobs[0].ID, 1, "en")
	if err != nil || len(line.Determination.Parties) != 1 {
		t.Errorf("%+v %v", line.Determination.Parties, err)
	}
}

func TestOldListsAreSaidToBeOld(t *testing.T) {
	i := instanceOn(t, november)
	load(t, i, "own_2026-09-01.csv", ownList)
	load(t, i, "undated.csv", "name,list\nOther Sample Works,OTHER\n")
	want := report.Say("en", "party.stale", "list", "list", "day", "2026-09-01", "days", "61")
	lists, err := i.PartyLists(t.Context(), november, "en")
	if err != nil {
		t.Fatal(err)
	}
	var old []report.PartyList
	for _, l := range lists {
		if l.LoadedAt != "" && l.Stale {
			old = append(old, l)
		}
	}
	if len(old) != 1 || old[0].File != "own_2026-09-01.csv" || old[0].AgeDays != 61 {
		t.Fatalf("%+v", lists)
	}
	want = strings.Replace(want, "list list", "list "+old[0].Name, 1)
	if _, doc := ask(t, i, "T-shirt", "Another Firm", november); !slices.Contains(doc.Notes, want) {
		t.Errorf("%q is not said: %q", want, doc.Notes)
	}
	found, err := i.SearchParties(t.Context(), []party.Query{{Name: "Another Firm"}}, november, november, "en", NamesAsked{Limit: 3})
	if err != nil || !slices.Contains(found[0].Notes, want) {
		t.Errorf("%+v %v", found, err)
	}
	for range 2 { // once a file
		now, err := i.listsNow(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := i.alertOfOldLists(t.Context(), now, november); err != nil {
			t.Fatal(err)
		}
	}
	if all := alerts(t, i, "list"); len(all) != 1 || !strings.Contains(all[0].Text, "own_2026-09-01.csv") || !strings.Contains(all[0].Text, "61") {
		t.Errorf("%+v", all)
	}
	if v, err := i.Verify(t.Context()); err != nil || v.Altered != "" || v.Replayed != 1 {
		t.Errorf("%+v %v", v, err)
	}
}

// A list that another process loads is taken up, and a backup has it.
func TestListsOfAnotherProcessAndOfABackup(t *testing.T) {
	data := t.TempDir()
	server, other := openInstance(t, data), openInstance(t, data)
	defer server.Close()
	defer other.Close()
	if _, doc := ask(t, server, "T-shirt", "Example Pump Works", november); doc.PartyLists != nil {
		t.Fatalf("%+v", doc)
	}
	load(t, other, "own.csv", ownList)
	if _, err := server.takeUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, doc := ask(t, server, "T-shirt", "Example Pump Works", november); doc.Outcome != "review" {
		t.Errorf("%+v", doc)
	}
	row := store.PartyList{Name: "own.csv"}
	if err := server.store.Write(t.Context(), func(tx *store.Tx) error { return tx.PutPartyList(&row, -1) }); !errors.Is(err, store.ErrOvertaken) {
		t.Errorf("%v", err)
	}
	var b bytes.Buffer
	if err := Backup(t.Context(), data, &b); err != nil {
		t.Fatal(err)
	}
	again := filepath.Join(t.TempDir(), "restored")
	if err := Restore(&b, again, 1<<30); err != nil {
		t.Fatal(err)
	}
	restored := openInstance(t, again)
	defer restored.Close()
	if v, err := restored.Verify(t.Context()); err != nil || v.Altered != "" || v.Replayed != 2 || v.OtherLists != 0 {
		t.Errorf("%+v %v", v, err)
	}
	if _, doc := ask(t, restored, "T-shirt", "Example Pump Works", november); doc.Outcome != "review" {
		t.Errorf("%+v", doc)
	}
}

// A release rests on the lists too: where the other party comes onto one, the case is opened again.
func TestAReleaseEndsWhenAPartyIsListed(t *testing.T) {
	o := newOffice(t)
	for id, to := range map[string]string{"P-1": "Example Pump Works", "P-2": "Another Firm"} {
		item := wafersTo("DE", id)
		item["end_user"] = to
		o.ask(item)
		o.release(o.the(id).ID, o.today()+60)
	}
	load(t, o.Instance, "own.csv", ownList)
	if c := o.the("P-1"); c.Holds || c.WhyNot != otherAnswer {
		t.Errorf("a release holds though the end user is listed: %+v", c)
	}
	if c := o.the("P-2"); !c.Holds {
		t.Errorf("nothing changed for %s: %s", c.Item, c.WhyNot)
	}
	o.recheck(1)
	if c := o.the("P-1"); c.State != "open" || c.Decision != nil || c.Steps[len(c.Steps)-1].Words != reasonLists {
		t.Errorf("after the recheck: %+v", c.Steps[len(c.Steps)-1])
	}
}
