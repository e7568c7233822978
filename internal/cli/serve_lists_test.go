package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lodestone/internal/app"
	"lodestone/internal/report"
)

// A list that is loaded counts at once for whoever asks, whichever way it comes, and the server is not started again for it.
func TestPartyListsOfARunningServer(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	ask := func(to string) report.Determination {
		t.Helper()
		var r struct{ Determination report.Determination }
		boss.do("POST", "/api/v1/screen", `{"item":{"description":"T-shirt","from":"CN","destination":"DE","end_user":"`+to+`"}}`).want(t, 200, &r)
		return r.Determination
	}
	plain := ask("Example Pump Works")
	tag := boss.do("GET", "/api/v1/parties/lists", "").want(t, 200, nil).header.Get("ETag")

	var l report.LoadedList
	boss.do("POST", "/api/v1/parties/lists?name=own_2026-01-01.csv", "name,list\nExample Pump Works,OWN\n").want(t, 200, &l)
	if l.Parties != 1 || l.LoadedBy == "" || !l.Stale || l.Digest == "" {
		t.Errorf("%+v", l)
	}
	if doc := ask("Example Pump Works"); doc.Outcome != "review" || len(doc.Parties) != 1 || doc.Parties[0].List != "OWN" || !strings.Contains(strings.Join(doc.Notes, "\n"), "2026-01-01") {
		t.Errorf("%+v", doc)
	}
	var all []report.PartyList
	boss.do("GET", "/api/v1/parties/lists", "", "If-None-Match", tag).want(t, 200, &all)
	if last := all[len(all)-1]; last.File != "own_2026-01-01.csv" || last.LoadedAt == "" {
		t.Errorf("%+v", all)
	}
	if text := string(boss.do("GET", "/metrics", "").body); !strings.Contains(text, `lodestone_party_list_age_days{file="own_2026-01-01.csv"`) || strings.Contains(text, "lodestone_party_lists_stale 0\n") || !strings.Contains(text, "lodestone_party_lists_stale ") {
		t.Errorf("%s", text)
	}
	for name, x := range map[string]struct {
		query, body string
		status      int
	}{
		"cut off":   {"name=own_2026-01-01.csv", "name,list\nExample Pump Wor", 422},
		"no list":   {"name=own_2026-01-01.csv", "{}", 422},
		"a path":    {"name=..%2Fown.csv", "name,list\nX Works,OWN\n", 422},
		"no name":   {"", "name,list\nX Works,OWN\n", 422},
		"misspelt":  {"name=x.csv&smaler=true", "name,list\nX Works,OWN\n", 422},
		"of a form": {"name=x.csv", "--x\r\n", 415},
	} {
		headers := []string{}
		if x.status == 415 {
			headers = []string{"Content-Type", "multipart/form-data; boundary=x"}
		}
		if r := boss.do("POST", "/api/v1/parties/lists?"+x.query, x.body, headers...); r.status != x.status {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	if doc := ask("Example Pump Works"); doc.Outcome != "review" {
		t.Errorf("what was refused took the place of the good list: %+v", doc)
	}

	file := filepath.Join(t.TempDir(), "more.csv")
	if err := os.WriteFile(file, []byte("name,list\nOther Sample Works,MORE\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := ran(t, 0, "party", "refresh", "--data", s.data, "--as", string(app.Administrator), "--output", "jsonl", file)
	if err := json.Unmarshal([]byte(out), &l); err != nil || l.File != "more.csv" || l.Parties != 1 {
		t.Errorf("%s %v", out, err)
	}
	for until := time.Now().Add(20 * time.Second); ask("Other Sample Works").Outcome != "review"; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("the server does not take up what the command line loaded")
		}
	}
	boss.invite(app.Screener)
	_, problems := ran(t, 2, "party", "refresh", "--data", s.data, "--as", string(app.Screener), file)
	if !strings.Contains(problems, "administrator") {
		t.Errorf("%s", problems)
	}
	ran(t, 2, "party", "end", "--data", s.data, "--as", string(app.Administrator), "none.csv")
	ran(t, 0, "party", "end", "--data", s.data, "--as", string(app.Administrator), "more.csv")
	boss.do("DELETE", "/api/v1/parties/lists/own_2026-01-01.csv", "").want(t, 204, nil)
	boss.do("DELETE", "/api/v1/parties/lists/own_2026-01-01.csv", "").want(t, 404, nil)
	if doc := ask("Example Pump Works"); doc.Outcome != plain.Outcome || doc.PartyLists != nil {
		t.Errorf("all lists were taken out: %+v", doc)
	}
	var v report.Verified
	boss.do("POST", "/api/v1/verify", "").want(t, 200, &v)
	if v.Altered != "" || v.Replayed != v.Determinations || v.OtherLists != 0 {
		t.Errorf("%+v", v)
	}
}
