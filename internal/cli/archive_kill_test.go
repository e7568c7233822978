//go:build system

package cli

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"lodestone/internal/app"
	"lodestone/internal/when"
)

// Archiving that is killed at any moment leaves each record in its table or in a file that is whole, and the log verifies; what was begun is finished by the next run.
func TestArchivingIsKilled(t *testing.T) {
	program := build(t)
	t.Run("sqlite", func(t *testing.T) { archivingKilled(t, program, "", kills) })
	t.Run("postgres", func(t *testing.T) {
		server := os.Getenv("LODESTONE_TEST_POSTGRES")
		if server == "" {
			t.Skip("LODESTONE_TEST_POSTGRES is not set: ./test.sh system starts a server and sets it")
		}
		archivingKilled(t, program, schemaOf(t, server), kills/2)
	})
}

func archivingKilled(t *testing.T, program, db string, lives int) {
	data := t.TempDir()
	book, _, err := app.LoadBook("")
	if err != nil {
		t.Fatal(err)
	}
	clock := when.Day(2020, 1, 1).Begins()
	inside := func(f func(*app.Instance)) {
		t.Helper()
		i, err := app.OpenInstance(t.Context(), app.InstanceOptions{Data: data, DB: db, Book: book, Now: func() time.Time { return clock }})
		if err != nil {
			t.Fatal(err)
		}
		defer i.Close()
		f(i)
	}
	by := &app.Actor{Person: "p"}
	inside(func(i *app.Instance) {
		key, err := i.FirstLink(t.Context())
		if err == nil {
			_, err = i.Accept(t.Context(), key, "officer", "", password)
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	var ids []string
	asked := func(i *app.Instance, n int) {
		for range n {
			q := &app.Question{Item: map[string]string{"id": fmt.Sprint(len(ids)), "description": "steel screws", "from": "CN", "destination": "DE"}, On: when.Day(2020, 1, 1), Dated: true, Lang: "en"}
			r, err := i.Answer(t.Context(), by, q, "")
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, r.ID)
		}
	}
	args := []string{"records", "archive", "--data", data, "--as", "officer"}
	if db != "" {
		args = append(args, "--db", db)
	}
	whole := func(life int) (archived int64) {
		inside(func(i *app.Instance) {
			v, err := i.Verify(t.Context())
			if err != nil || v.Altered != "" || v.Determinations+v.Archived != int64(len(ids)) || v.Archives != v.ArchivesHere {
				t.Fatalf("life %d: %+v %v", life, v, err)
			}
			for _, at := range []int{0, len(ids) / 2, len(ids) - 1} {
				if r, err := i.Record(t.Context(), ids[at]); err != nil || r.ID != ids[at] {
					t.Fatalf("life %d: record %s: %v", life, ids[at], err)
				}
			}
			asked(i, 20)
			archived = v.Archived
		})
		return archived
	}
	inside(func(i *app.Instance) { asked(i, 400) })
	began := time.Now()
	if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	takes := time.Since(began)
	random := rand.New(rand.NewPCG(5, 6))
	ended, moved := 0, map[int64]bool{}
	for life := range lives {
		moved[whole(life)] = true
		if life%10 == 0 {
			inside(func(i *app.Instance) { asked(i, 400) })
		}
		c := exec.Command(program, args...)
		var out bytes.Buffer
		c.Stdout, c.Stderr = &out, &out
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		kill := time.AfterFunc(takes/8+time.Duration(random.Int64N(int64(takes)*3/4)), func() { c.Process.Kill() })
		if err := c.Wait(); err == nil {
			ended++
		} else if out.Len() > 0 {
			t.Fatalf("life %d: %s", life, out.String())
		}
		kill.Stop()
	}
	whole(lives)
	if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if got, want := whole(lives+1), int64(len(ids)-20); got != want { // those asked about just now are not archived yet
		t.Errorf("%d records of %d are archived in the end", got, want)
	}
	if ended == lives {
		t.Error("no run was killed")
	}
	t.Logf("measured: %d records, %d runs of which %d were killed, %d counts of archived records between them", len(ids), lives, lives-ended, len(moved))
}
