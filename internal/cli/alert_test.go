package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lodestone/internal/app"
	"lodestone/internal/store"
	"lodestone/internal/when"
)

// ran runs the program on a day and gives what it printed.
func ran(t *testing.T, want int, args ...string) (out, problems string) {
	t.Helper()
	var o, e bytes.Buffer
	if got := Run(args, Env{In: strings.NewReader(""), Out: &o, Err: &e, Today: when.Day(2026, 11, 1)}); got != want {
		t.Fatalf("%v: exit %d, want %d: %s%s", args, got, want, o.String(), e.String())
	}
	return o.String(), e.String()
}

// instanceIn makes an instance with an administrator whose login is officer, lets f use it, and closes it.
func instanceIn(t *testing.T, data string, f func(*app.Instance, *app.Actor)) {
	t.Helper()
	book, _, err := app.LoadBook("")
	if err != nil {
		t.Fatal(err)
	}
	i, err := app.OpenInstance(t.Context(), app.InstanceOptions{Data: data, Book: book, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	key, err := i.FirstLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	by, err := i.Accept(t.Context(), key, "officer", "", password)
	if err != nil {
		t.Fatal(err)
	}
	f(i, by)
}

func TestCataloguesAndAlertsOnTheCommandLine(t *testing.T) {
	data, file := t.TempDir(), filepath.Join(t.TempDir(), "goods.csv")
	if err := os.WriteFile(file, []byte(uploaded), 0o600); err != nil {
		t.Fatal(err)
	}
	var alert string
	instanceIn(t, data, func(i *app.Instance, by *app.Actor) {
		a := store.Alert{Kind: "catalogue.failed", Subject: "catalogue/c", Cause: "x", Facts: `{"catalogue":"goods","on":"2026-11-01","problem":"no columns"}`, RecordedBy: store.Instance}
		if err := i.Raise(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		all, err := i.Alerts(t.Context(), by, app.AlertQuery{Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		alert = all[0].ID
	})
	place := []string{"--data", data, "--output", "table"}
	do := func(want int, args ...string) string {
		out, problems := ran(t, want, append(args, place...)...)
		return out + problems
	}
	if out := do(0, "catalogue", "put", file, "--as", "Officer"); !strings.Contains(out, "goods.csv, version 1") || !strings.Contains(out, "queued") {
		t.Error(out)
	}
	do(2, "catalogue", "put", file, "--as", "nobody")
	do(2, "catalogue", "put", file, "--as", "officer", "--from-country", "Atlantis")
	list := do(0, "catalogue", "list")
	id, _, _ := strings.Cut(list, " ")
	if out := do(0, "catalogue", "end", id, "--as", "officer"); !strings.Contains(out, "no longer screened") {
		t.Error(out)
	}
	if out := do(0, "alert", "list", "--unseen", "officer"); !strings.Contains(out, "goods could not be screened") || !strings.Contains(out, "not acknowledged") {
		t.Error(out)
	}
	if out := do(0, "alert", "ack", alert, "--as", "officer", "--lang", "zh"); !strings.Contains(out, "1 人已确认") {
		t.Error(out)
	}
	if out := do(0, "alert", "list", "--unseen", "officer"); out != "" {
		t.Error(out)
	}
	do(2, "alert", "ack", "none", "--as", "officer")
	if out := do(0, "verify"); !strings.Contains(out, "is what was recorded") {
		t.Error(out)
	}
}
