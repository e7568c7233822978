package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"lodestone/internal/app"
	"lodestone/internal/store"
	"lodestone/internal/when"
)

// Records are exported over HTTP by who may read them, and checked on another machine; the page has a form for it.
func TestRecordsAreExportedAndCheckedElsewhere(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	record := boss.screened(wafers("=P-1", ""))
	dir, reader := t.TempDir(), boss.invite(app.Viewer)
	for format, kind := range map[string]string{"jsonl": "application/x-ndjson", "csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"} {
		r := reader.do("GET", "/api/v1/records/export?output="+format, "").want(t, 200, nil)
		if got := r.header.Get("Content-Type"); got != kind {
			t.Errorf("%s comes as %s", format, got)
		}
		file := filepath.Join(dir, "records."+format)
		if err := os.WriteFile(file, r.body, 0o600); err != nil {
			t.Fatal(err)
		}
		out, _ := ran(t, exitDone, "verify", file)
		if !strings.Contains(out, `"holds":true`) || !strings.Contains(out, `"answers":1,"steps":1`) || !strings.Contains(out, `"replayed":1`) {
			t.Errorf("%s: %s", format, out)
		}
		ran(t, exitFailed, "verify", "--signed-by", "0123456789abcdef", file)
		page := boss.do("GET", "/records/export?output="+format+"&from=2020-01-01", "").want(t, 200, nil)
		if name := page.header.Get("Content-Disposition"); !strings.Contains(name, "lodestone-records."+format) || len(page.body) != len(r.body) {
			t.Errorf("%s by the page: %s, %d bytes, not %d", format, name, len(page.body), len(r.body))
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "records.jsonl"))
	if err != nil || !strings.Contains(string(text), record) {
		t.Fatal(err)
	}
	bad := filepath.Join(dir, "bad.jsonl")
	if err := os.WriteFile(bad, []byte(strings.Replace(string(text), `"outcome":"licence"`, `"outcome":"review"`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, _ := ran(t, exitFailed, "verify", bad, "--output", "table"); !strings.Contains(out, "ALTERED: row 1 (record "+record) {
		t.Error(out)
	}
	for _, query := range []string{"output=xlsx", "from=yesterday", "from=2026-03-02&to=2026-03-01", "form=2026-01-01"} {
		boss.do("GET", "/api/v1/records/export?"+query, "").want(t, 422, nil)
	}
	boss.do("GET", "/records/export?output=csv&from=yesterday", "").want(t, 422, nil)
	s.stranger().do("GET", "/api/v1/records/export", "").want(t, 401, nil)
	if r := boss.do("GET", "/records", "").want(t, 200, nil); !strings.Contains(string(r.body), `action="/records/export"`) {
		t.Error("the page has no form for an export")
	}
}

func TestTheCommandThatExportsRecords(t *testing.T) {
	data, file := t.TempDir(), filepath.Join(t.TempDir(), "records.csv")
	instanceIn(t, data, func(i *app.Instance, by *app.Actor) {
		q := &app.Question{Item: map[string]string{"id": "P-1", "description": "gallium arsenide wafers", "from": "CN", "destination": "US"}, On: when.Day(2026, 3, 1), Lang: "en"}
		if _, err := i.Answer(t.Context(), by, q, ""); err != nil {
			t.Fatal(err)
		}
	})
	ran(t, exitDone, "records", "export", "--data", data, "--output", "csv", "--out", file)
	if out, _ := ran(t, exitDone, "verify", file, "--output", "table"); !strings.Contains(out, "holds: 2 rows, 1 answers and 1 steps of cases") || !strings.Contains(out, "1 answers came out again to the byte") {
		t.Error(out)
	}
	out, _ := ran(t, exitDone, "records", "export", "--data", data, "--digests")
	if strings.Contains(out, "wafers") || !strings.Contains(out, `"login":"officer"`) {
		t.Errorf("digests: %s", out)
	}
	for _, args := range [][]string{{"--output", "xlsx"}, {"--from", "x"}, {"--from", "2026-03-02", "--to", "2026-03-01"}} {
		ran(t, exitUse, append([]string{"records", "export", "--data", data}, args...)...)
	}
}

// Proving the log reads everything: one at a time is done, and others are told to wait.
func TestOneCheckOfTheLogAtATime(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	for n := range 100 {
		boss.screened(wafers(fmt.Sprintf("P-%d", n), ""))
	}
	waited := 0
	for try := 0; waited == 0 && try < 20; try++ {
		var wait sync.WaitGroup
		replies := make([]reply, 6)
		for n := range replies {
			path := []string{"/api/v1/verify", "/records/verify"}[n%2]
			wait.Go(func() { replies[n] = boss.do("POST", path, "") })
		}
		wait.Wait()
		done := 0
		for n, r := range replies {
			switch {
			case r.status == 200:
				done++
			case r.status != 429 || n%2 == 0 && r.header.Get("Retry-After") == "" || !strings.Contains(string(r.body), "one"):
				t.Errorf("%d %s", r.status, r.body)
			default:
				waited++
			}
		}
		if done == 0 {
			t.Fatal("all were told to wait")
		}
	}
	if waited == 0 {
		t.Error("six checks were done at once")
	}
	var v store.Verified
	if boss.do("POST", "/api/v1/verify", "").want(t, 200, &v); v.Altered != "" || v.Replayed != 100 {
		t.Errorf("afterwards: %+v", v)
	}
}

func TestTheCommandsThatArchiveRecords(t *testing.T) {
	data, to := t.TempDir(), filepath.Join(t.TempDir(), "archives")
	record := ""
	instanceIn(t, data, func(i *app.Instance, by *app.Actor) {
		q := &app.Question{Item: map[string]string{"id": "P-1", "description": "steel screws", "from": "CN"}, On: when.Day(2026, 3, 1), Lang: "en"}
		r, err := i.Answer(t.Context(), by, q, "")
		if err != nil {
			t.Fatal(err)
		}
		record = r.ID
	})
	do := func(want int, args ...string) string {
		t.Helper()
		out, problems := ran(t, want, append([]string{"records"}, append(args, "--data", data, "--output", "table")...)...)
		return out + problems
	}
	if out := do(exitDone, "retention"); out != "Records stay at hand for 5 years.\n" {
		t.Error(out)
	}
	if out := do(exitUse, "retention", "--years", "4", "--as", "officer"); !strings.Contains(out, "give 5 to 100") {
		t.Error(out)
	}
	if out := do(exitDone, "retention", "--years", "6", "--as", "officer"); !strings.Contains(out, "6 years") {
		t.Error(out)
	}
	do(exitDone, "hold", record, "--as", "officer", "--words", "inquiry pending")
	do(exitDone, "release", record, "--as", "officer", "--words", "inquiry closed")
	do(exitUse, "hold", "none", "--as", "officer", "--words", "x")
	do(exitUse, "archive", "--as", "nobody")
	if out := do(exitDone, "archive", "--as", "officer", "--to", to); !strings.Contains(out, "0 records in the tables are older") || !strings.Contains(out, "0 records were removed") {
		t.Error(out)
	}
	if out, _ := ran(t, exitDone, "verify", "--data", data, "--archives", to); !strings.Contains(out, `"archived":0,"archives":0`) {
		t.Error(out)
	}
}
