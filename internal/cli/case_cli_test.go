package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lodestone/internal/app"
	"lodestone/internal/when"
)

// desk is the command line on an instance with people, each with a token.
type desk struct {
	t      *testing.T
	data   string
	record string
	tokens map[app.Role]string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	book, _, err := app.LoadBook("")
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, data: t.TempDir(), tokens: map[app.Role]string{}}
	i, err := app.OpenInstance(t.Context(), app.InstanceOptions{Data: d.data, Book: book, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	key, err := i.FirstLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var boss *app.Actor
	for _, role := range []app.Role{app.Administrator, app.Screener, app.Approver, app.LicenceManager} {
		if boss != nil {
			if key, err = i.Invite(t.Context(), role, boss); err != nil {
				t.Fatal(err)
			}
		}
		a, err := i.Accept(t.Context(), key, string(role), "", password)
		if err != nil {
			t.Fatal(err)
		}
		token, err := i.NewToken(t.Context(), a, "desk", role.Scopes(), 1)
		if err != nil {
			t.Fatal(err)
		}
		d.tokens[role] = token.Key
		if boss == nil {
			boss = a
		}
	}
	r, err := i.Answer(t.Context(), boss, &app.Question{Item: map[string]string{"id": "P-1", "description": "gallium arsenide wafers", "from": "CN", "destination": "DE", "end_user": foundry,
		"end_user_kind": "civil", "end_use": "civil", "hs": "3818009000", "quantity": "4", "unit": "kg"}, On: when.Of(time.Now()), Lang: "en"}, "")
	if err != nil {
		t.Fatal(err)
	}
	d.record = r.ID
	return d
}

// run runs a command as a role and gives what it printed; empty role: nobody.
func (d *desk) run(role app.Role, want int, args ...string) (out, problems string) {
	d.t.Helper()
	d.t.Setenv("LODESTONE_TOKEN", d.tokens[role])
	var o, e bytes.Buffer
	if code := Run(append(args, "--data", d.data), Env{Out: &o, Err: &e, Today: when.Of(time.Now()), Version: "test"}); code != want {
		d.t.Fatalf("%v exits with %d, want %d: %s", args, code, want, e.String())
	}
	return o.String(), e.String()
}

// doc is run where the answer is one document.
func (d *desk) doc(role app.Role, to any, args ...string) {
	d.t.Helper()
	out, _ := d.run(role, exitDone, append(args, "--output", "jsonl")...)
	if err := json.Unmarshal([]byte(out), to); err != nil {
		d.t.Fatalf("%v: %v: %s", args, err, out)
	}
}

func TestCasesOnTheCommandLine(t *testing.T) {
	d := newDesk(t)
	var c caseDoc
	d.doc("", &c, "case", "list", "--item", "P-1")
	if c.State != "open" {
		t.Fatalf("%+v", c)
	}
	id := c.ID
	if _, problems := d.run("", exitUse, "case", "block", id, "--reason", "x"); !strings.Contains(problems, "LODESTONE_TOKEN") {
		t.Error(problems)
	}
	d.run("", exitUse, "case", "show", "none")
	d.doc(app.Screener, &c, "case", "assign", id, "--to", "me")
	d.doc(app.Screener, &c, "case", "comment", id, "--reason", "asked the maker")
	d.doc(app.Screener, &c, "case", "propose", id, "--override", "not_controlled", "--reason", "test report")
	d.run(app.Screener, exitFailed, "case", "approve", id, "--version", "4", "--reason", "me too")
	d.run(app.Approver, exitFailed, "case", "approve", id, "--version", "1", "--reason", "agreed")
	d.doc(app.Approver, &c, "case", "approve", id, "--version", "4", "--reason", "agreed")
	if c.State != "released" || !c.Holds || c.Decision.Outcome != "not_controlled" || c.Outcome != "licence" {
		t.Errorf("%+v", c)
	}
	out, _ := d.run("", exitDone, "case", "show", id, "--output", "table", "--lang", "zh")
	for _, words := range []string{"已放行", "今日可放行", "test report", "approver", "批准"} {
		if !strings.Contains(out, words) {
			t.Errorf("the case does not say %q:\n%s", words, out)
		}
	}
	if out, _ := d.run(app.Screener, exitDone, "case", "changes", "--ack", "--output", "table"); strings.Count(out, "\n") != 3 {
		t.Error(out)
	}
	if out, _ := d.run(app.Screener, exitDone, "case", "changes", "--output", "jsonl"); out != "" {
		t.Error(out)
	}
	d.run(app.Screener, exitDone, "case", "reopen", id, "--reason", "the maker changed its process")
	if out, _ := d.run("", exitDone, "case", "policy", "--output", "table"); !strings.Contains(out, "licence required") {
		t.Error(out)
	}
	d.run(app.Approver, exitFailed, "case", "policy", "--days", "30")
	d.run(app.Administrator, exitUse, "case", "policy", "--days", "3000")
	d.run(app.Administrator, exitDone, "case", "policy", "--open-at", "never", "--days", "30")
	if out, _ := d.run("", exitDone, "case", "text", d.record, "--kind", "notice", "--lang", "ko", "--output", "table"); !strings.Contains(out, "3C001.e") {
		t.Error(out)
	}
	book := filepath.Join(t.TempDir(), "questions.xlsx")
	d.run("", exitDone, "case", "questions", "--out", book)
	d.run(app.Screener, exitUse, "case", "answers", book) // nothing is asked of this item, so there is nothing to fill in
	if out, _ := d.run("", exitDone, "case", "recheck", "--output", "table"); !strings.HasPrefix(out, "0 ") {
		t.Error(out)
	}
	if out, _ := d.run("", exitDone, "verify"); !strings.Contains(out, `"rows":8`) {
		t.Error(out)
	}
}

func TestLicencesOnTheCommandLine(t *testing.T) {
	d := newDesk(t)
	enter := []string{"licence", "enter", "--kind", "individual", "--no", "26-7", "--items", "3C001.e", "--end-user", foundry, "--destination", "DE", "--quantity", "10 kg", "--from", "2026-01-01"}
	d.run(app.LicenceManager, exitUse, enter...)
	d.run(app.Screener, exitFailed, append(enter, "--to", "2036-12-31")...)
	var l licenceDoc
	d.doc(app.LicenceManager, &l, append(enter, "--to", "2036-12-31")...)
	if out, _ := d.run("", exitDone, "licence", "fit", d.record, "--output", "table"); !strings.Contains(out, "fits") {
		t.Error(out)
	}
	d.run(app.LicenceManager, exitDone, "licence", "draw", d.record)
	d.run(app.LicenceManager, exitFailed, "licence", "draw", d.record)
	d.doc(app.LicenceManager, &l, "licence", "show", l.ID)
	if l.Left != "6" || len(l.Draws) != 1 {
		t.Errorf("%+v", l)
	}
	var draws struct{ Draws []struct{ Draw string } }
	d.doc("", &draws, "licence", "show", l.ID)
	d.run(app.LicenceManager, exitDone, "licence", "reverse", l.ID, draws.Draws[0].Draw, "--reason", "not shipped")
	d.run(app.LicenceManager, exitDone, "licence", "change", l.ID, "--version", "1", "--state", "ended", "--reason", "given back")
	if out, _ := d.run("", exitDone, "licence", "list", "--output", "table"); !strings.Contains(out, "ended") || !strings.Contains(out, "10 of 10 kg left") {
		t.Error(out)
	}
	var a struct {
		Application string
		State       string
		Version     int64
	}
	d.doc(app.LicenceManager, &a, "licence", "apply", "individual", "--states", "end_user="+foundry, "--states", "quantity=500 kg")
	d.doc(app.LicenceManager, &a, "licence", "paper", a.Application, "contract", "--version", "1", "--confirm", "all", "--states", "quantity=50 kg")
	out, _ := d.run("", exitDone, "licence", "application", a.Application, "--output", "table")
	for _, words := range []string{"Quantity is not the same", "■ contract ", "□ original with signature and seal"} {
		if !strings.Contains(out, words) {
			t.Errorf("the application does not say %q:\n%s", words, out)
		}
	}
	if strings.Contains(out, "its term has not run out") {
		t.Errorf("a check that is made is still shown as one to make:\n%s", out)
	}
	if _, said := d.run(app.LicenceManager, exitUse, "licence", "paper", a.Application, "agreement", "--version", "2"); !strings.Contains(said, "contract, technical_description_or_test_report") {
		t.Errorf("the papers that there are are not named: %s", said)
	}
	_, said := d.run(app.LicenceManager, exitUse, "licence", "event", a.Application, "filed", "--version", "2", "--on", "2026-01-05")
	if !strings.Contains(said, "--reason: papers are missing") {
		t.Errorf("the flag that is missing is not named: %s", said)
	}
	d.run(app.LicenceManager, exitDone, "licence", "event", a.Application, "filed", "--version", "2", "--on", "2026-01-05", "--reason", "the contract follows")
	if out, _ := d.run("", exitDone, "licence", "applications", "--output", "table", "--lang", "ko"); !strings.Contains(out, "제출") {
		t.Error(out)
	}
	d.run("", exitDone, "verify")
}

// A data folder that is not there is no instance in which all is well.
func TestNoInstanceIsMade(t *testing.T) {
	data := filepath.Join(t.TempDir(), "misspelt")
	for _, args := range [][]string{{"verify"}, {"licence", "list"}, {"case", "list"}, {"catalogue", "list"}, {"backup", filepath.Join(t.TempDir(), "x")}} {
		var o, e bytes.Buffer
		code := Run(append(args, "--data", data), Env{Out: &o, Err: &e, Today: when.Day(2026, 11, 25), Version: "test"})
		if code == exitDone || !strings.Contains(e.String(), "misspelt holds no") {
			t.Errorf("%v ends with %d: %s%s", args, code, o.String(), e.String())
		}
	}
	if _, err := os.Stat(data); err == nil {
		t.Error("the folder was made")
	}
}
