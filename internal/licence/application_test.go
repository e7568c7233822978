package licence_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"lodestone/internal/law"
	"lodestone/internal/licence"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
	"lodestone/lawdata"
)

var loaded = sync.OnceValues(lawdata.Files)

func vocabulary(t *testing.T) *vocab.Vocab {
	t.Helper()
	files, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	book, err := law.Compile(files)
	if err != nil {
		t.Fatal(err)
	}
	return book.Vocab
}

func application() licence.Application {
	return licence.Application{Type: "individual", Clock: "review", States: map[string]string{"item": "3C001.e gallium arsenide wafers", "quantity": "500 kg",
		"end_user": "Example Foundry Inc.", "destination": "DE"}}
}

// ready puts in all papers with all their checks.
func ready(t *testing.T, a *licence.Application) {
	t.Helper()
	r := rules(t)
	for _, l := range a.Checklist(r) {
		f := licence.Filed{Paper: l.Paper.ID, State: "ready"}
		for _, c := range l.Paper.Checks {
			f.Confirmed = append(f.Confirmed, c.En)
		}
		if !l.Required {
			f.State = "not_needed"
		}
		if err := a.Put(r, f); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheChecklist(t *testing.T) {
	r, v := rules(t), vocabulary(t)
	a := application()
	names := func(wanted bool) string {
		var list []string
		for _, l := range a.Checklist(r) {
			if l.Required == wanted {
				list = append(list, l.Paper.ID)
			}
		}
		return strings.Join(list, " ")
	}
	if got := names(true); got != "application_form identity_documents contract technical_description_or_test_report end_user_end_use_certificate importer_and_end_user_profile" {
		t.Errorf("required: %s", got)
	}
	if got := names(false); got != "risk_assessment_report written_commitment other_on_request" {
		t.Errorf("to be told by a person: %s", got)
	}
	if a.Ready(r, v) {
		t.Error("ready without papers")
	}
	ready(t, &a)
	if !a.Ready(r, v) {
		t.Errorf("%+v", a.Checklist(r))
	}
	if err := a.Put(r, licence.Filed{Paper: "end_user_end_use_certificate", State: "ready"}); err != nil || a.Ready(r, v) {
		t.Errorf("ready with checks that nobody made: %v", err)
	}
	if err := a.Put(r, licence.Filed{Paper: "contract", State: "not_needed"}); err != nil || a.Ready(r, v) {
		t.Errorf("ready without a contract: %v", err)
	}
	for _, f := range []licence.Filed{{Paper: "passport", State: "ready"}, {Paper: "contract", State: "lost"}, {Paper: "contract", State: "ready", Confirmed: []string{"looks good"}},
		{Paper: "contract", State: "ready", States: map[string]string{"colour": "red"}}, {Paper: "contract", State: "ready", States: map[string]string{"item": strings.Repeat("x", 501)}}} {
		if err := a.Put(r, f); err == nil {
			t.Errorf("taken: %+v", f)
		}
	}
}

func TestPapersMustStateTheSame(t *testing.T) {
	r, v := rules(t), vocabulary(t)
	for _, c := range []struct {
		name, statement, value string
		differs, spelling      bool
	}{
		{"the same", "end_user", "Example Foundry Inc.", false, false},
		{"spelt otherwise", "end_user", "EXAMPLE FOUNDRY, INC", true, true},
		{"another", "end_user", "Example Foundries Ltd.", true, false},
		{"another unit", "quantity", "0.5 t", false, false},
		{"a wrong quantity", "quantity", "50 kg", true, false},
		{"without a unit", "quantity", "500", true, false},
		{"the country by name", "destination", "Germany", false, false},
		{"another country", "destination", "AT", true, false},
		{"left out", "end_user", " ", false, false},
		{"not compared with anything", "price", "12 EUR", false, false},
	} {
		a := application()
		ready(t, &a)
		p := a.Papers[0]
		p.States = map[string]string{c.statement: c.value}
		if err := a.Put(r, p); err != nil {
			t.Fatal(err)
		}
		d := a.Differences(v)
		if (len(d) > 0) != c.differs || c.differs && d[0].Spelling != c.spelling || a.Ready(r, v) == c.differs {
			t.Errorf("%s: %+v", c.name, d)
		}
	}
}

func TestWhatHappensToAnApplication(t *testing.T) {
	r, c := rules(t), calendar(t)
	a := application()
	ready(t, &a)
	today := date(t, "2026-06-30")
	happen := func(state, on string) error { return a.Happen(licence.Event{State: state, On: date(t, on)}, today) }
	var wrong licence.Wrong
	for _, x := range []struct {
		state, on, field, due string
	}{
		{"granted", "2026-03-02", "state", ""},
		{"filed", "2026-07-01", "on", ""},
		{"filed", "2026-03-02", "", ""},
		{"accepted", "2026-03-01", "on", ""},
		{"accepted", "2026-03-05", "", "2026-05-12"},
		{"stopped", "2026-03-10", "", ""},
		{"accepted", "2026-03-17", "", "2026-05-19"},
		{"granted", "2026-05-15", "", ""},
		{"withdrawn", "2026-05-16", "state", ""},
	} {
		err := happen(x.state, x.on)
		if wrong = (licence.Wrong{}); errors.As(err, &wrong) != (x.field != "") || wrong.Field != x.field {
			t.Fatalf("%s on %s: %v", x.state, x.on, err)
		}
		if err != nil {
			continue
		}
		due, runs := a.Due(r, c)
		if due.On.String() != x.due || runs != (x.state == "accepted" || x.state == "stopped") || due.Stands != (x.state == "stopped") {
			t.Errorf("%s on %s: %+v", x.state, x.on, due)
		}
	}
	if err := a.Put(r, licence.Filed{Paper: "contract", State: "ready"}); !errors.Is(err, licence.ErrFiled) {
		t.Errorf("a paper changed after filing: %v", err)
	}
}

func TestClocksInDaysOfTheCalendar(t *testing.T) {
	a := application()
	a.Clock = "precursor_review"
	a.Events = []licence.Event{{State: "filed", On: when.Day(2027, 3, 1)}, {State: "accepted", On: when.Day(2027, 3, 1)}}
	if due, runs := a.Due(rules(t), calendar(t)); !runs || due.On.String() != "2027-03-21" {
		t.Errorf("%+v", due)
	}
}
