package fleet

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lodestone/internal/app"
	"lodestone/internal/store"
)

// The simulation rests on the record in memory; the program on the one in SQL. Both are taken through the same steps and must say the same after each.
func TestRecordsSayTheSame(t *testing.T) {
	addresses := map[string]string{"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "fleet.db")}
	if server := os.Getenv("LODESTONE_TEST_POSTGRES"); server != "" {
		addresses["postgres"] = schema(t, server)
	}
	for engine, address := range addresses {
		t.Run(engine, func(t *testing.T) {
			now := time.Unix(simStart, 0).UTC()
			clock := steppedClock{&now}
			s, err := store.OpenFleet(context.Background(), address, clock.Now, true)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			for seed := range uint64(4) {
				compareRecords(t, s, NewMemory(clock), &now, seed)
			}
		})
	}
}

// steppedClock stands still between steps.
type steppedClock struct{ now *time.Time }

func (c steppedClock) Now() time.Time { return *c.now }

func (c steppedClock) Sleep(context.Context, time.Duration) error { return nil }

func compareRecords(t *testing.T, s *store.Fleet, m *Memory, now *time.Time, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 12))
	ctx := context.Background()
	run := func() string { return fmt.Sprintf("run %d/%d", seed, r.IntN(3)) }
	shard := func() string { return fmt.Sprintf("shard %d/%d", seed, r.IntN(5)) }
	stamp, parts := fmt.Sprint("stamp ", seed), map[string]int{}
	for step := range 150 {
		*now = now.Add(time.Duration(r.IntN(3000)) * time.Millisecond)
		before := now.Add(-time.Duration(r.IntN(9)) * time.Second)
		run, shard := run(), shard()
		var what string
		var do func(Record) (any, error)
		switch kind := r.IntN(15); kind {
		case 0:
			what, do = "add run", func(x Record) (any, error) {
				return nil, x.AddRun(ctx, app.FleetRun{ID: run, Name: "n", Question: "{}", Stamp: stamp})
			}
		case 1:
			what, do = "cut", func(x Record) (any, error) { return nil, x.Cut(ctx, run) }
		case 2:
			if what, do = "cancel", (func(x Record) (any, error) { return nil, x.Cancel(ctx, run) }); r.IntN(4) > 0 {
				continue
			}
		case 3, 4, 5:
			if m.runs[run] == nil {
				continue
			}
			n, again := parts[run], r.IntN(5) == 0
			parts[run]++
			what, do = "add part", func(x Record) (any, error) {
				return nil, x.AddPart(ctx, run, n, app.FleetShard{Name: shard, Stamp: stamp, Rows: 7}, again)
			}
		case 6, 7:
			what, do = "begin", func(x Record) (any, error) {
				s, wanted, err := x.Begin(ctx, shard)
				return []any{s, wanted}, err
			}
		case 8:
			what, do = "finish", func(x Record) (any, error) { return nil, x.Finish(ctx, shard, "result", "w") }
		case 9:
			what, do = "set aside", func(x Record) (any, error) { return nil, x.SetAside(ctx, shard, "why", "w") }
		case 10:
			what, do = "call", func(x Record) (any, error) { return x.Call(ctx, shard, before) }
		case 11:
			what, do = "overdue", func(x Record) (any, error) {
				names, err := x.Overdue(ctx, stamp, before, 100)
				slices.Sort(names)
				return names, err
			}
		case 12:
			what, do = "count", func(x Record) (any, error) { return x.Count(ctx, run, before) }
		case 13:
			what, do = "parts", func(x Record) (any, error) { return x.Parts(ctx, run, 1, 3) }
		case 14:
			what, do = "leave", func(x Record) (any, error) { return nil, x.Leave(ctx, shard) }
		}
		for _, look := range []func(Record) (any, error){
			do,
			func(x Record) (any, error) { return x.Shard(ctx, shard) },
			func(x Record) (any, error) {
				run, err := x.Run(ctx, run)
				run.SubmittedAt = "" // memory keeps none
				return run, err
			},
		} {
			a, errA := look(s)
			b, errB := look(m)
			if errors.Is(errA, app.ErrNoShard) != errors.Is(errB, app.ErrNoShard) || (errA == nil) != (errB == nil) {
				t.Fatalf("seed %d, step %d, %s: SQL says %v, memory %v", seed, step, what, errA, errB)
			}
			if difference := cmp.Diff(a, b); errA == nil && difference != "" {
				t.Fatalf("seed %d, step %d, %s: SQL (-) and memory (+) differ:\n%s", seed, step, what, difference)
			}
		}
	}
}

// schema makes an empty schema that goes with the test.
func schema(t *testing.T, server string) string {
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name := "f" + strings.ToLower(app.NewFleetID())
	if _, err := db.Exec("CREATE SCHEMA " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.Exec("DROP SCHEMA " + name + " CASCADE"); err != nil {
			t.Error(err)
		}
		db.Close()
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}
