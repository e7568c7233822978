package cli

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"lodestone/internal/app"
)

// Sending a file again under a key gives what came of it the first time; anything else under the key is refused; a key is one person's.
func TestUploadsUnderAKey(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	screener := boss.invite(app.Screener)
	const names, list = "id,name\n1,Example Trading\n", "name,list\nExample Pump Works,OWN\n"
	for path, file := range map[string]string{
		"/jobs?name=x.csv&on=2026-03-01": uploaded, "/impact?name=x.csv&from=2025-11-09&to=2026-12-01": uploaded, "/parties/screen?name=x.csv": names, "/catalogues?name=goods": uploaded,
		"/parties/lists?name=own.csv": list,
	} {
		send := func(c *caller, path, file, key string) (status int, id string) {
			t.Helper()
			r := c.do("POST", "/api/v1"+path, file, "Idempotency-Key", key)
			var doc struct {
				ID       string
				LoadedAt string `json:"loaded_at"`
			}
			if r.status == 200 {
				if err := json.Unmarshal(r.body, &doc); err != nil {
					t.Fatal(err)
				}
			}
			return r.status, doc.ID + doc.LoadedAt
		}
		_, first := send(boss, path, file, "k1 "+path)
		var wait sync.WaitGroup
		for range 3 {
			wait.Go(func() {
				if status, again := send(boss, path, file, "k1 "+path); status != 200 || again != first || first == "" {
					t.Errorf("%s sent again: %d, %s after %s", path, status, again, first)
				}
			})
		}
		wait.Wait()
		if status, _ := send(boss, path, file+"\n", "k1 "+path); status != 409 {
			t.Errorf("%s: another file under the key: %d", path, status)
		}
		if status, _ := send(boss, path+"&lang=zh", file, "k1 "+path); status != 409 && !strings.HasPrefix(path, "/parties/lists") {
			t.Errorf("%s: another question under the key: %d", path, status)
		}
		if status, other := send(boss, path, file, "k2 "+path); status != 200 || other == first && !strings.HasPrefix(path, "/catalogues") {
			t.Errorf("%s under another key: %d %s", path, status, other)
		}
		if status, other := send(screener, path, file, "k1 "+path); strings.HasPrefix(path, "/parties/lists") != (status == 403) || other == first && !strings.HasPrefix(path, "/catalogues") {
			t.Errorf("%s by somebody else: %d %s", path, status, other)
		}
	}
	if r := boss.do("POST", "/api/v1/jobs?name=x.csv", uploaded, "Idempotency-Key", strings.Repeat("k", 201)); r.status != 422 {
		t.Errorf("a key of 201 bytes: %d", r.status)
	}

	// what is kept survives the process
	i, err := app.OpenInstance(t.Context(), app.InstanceOptions{Data: s.data, Book: s.instance.Book, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	by, err := i.ActorNamed(t.Context(), string(app.Administrator))
	if err != nil {
		t.Fatal(err)
	}
	u := app.Upload{Lang: "en", On: 1, Once: app.Once{Key: "of two processes", Request: "x"}}
	one, err := s.instance.Submit(t.Context(), by, "x.csv", bytes.NewReader([]byte(uploaded)), u)
	if err != nil {
		t.Fatal(err)
	}
	if two, err := i.Submit(t.Context(), by, "x.csv", bytes.NewReader([]byte(uploaded)), u); err != nil || two.ID != one.ID {
		t.Errorf("%s and %s: %v", one.ID, two.ID, err)
	}
}
