package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"lodestone/internal/store"
)

// The variable names a PostgreSQL server for tests; ./test.sh starts one.
const postgresVariable = "LODESTONE_TEST_POSTGRES"

// engines runs a test on an empty database of each engine.
func engines(t *testing.T, test func(t *testing.T, address string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, "sqlite:"+filepath.Join(t.TempDir(), "test.db")) })
	t.Run("postgres", func(t *testing.T) {
		server := os.Getenv(postgresVariable)
		if server == "" {
			t.Skipf("%s is not set: ./test.sh store starts a server and sets it", postgresVariable)
		}
		test(t, schema(t, server))
	})
}

// schema makes an empty schema that goes with the test.
func schema(t *testing.T, server string) string {
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name := "t" + strings.ToLower(store.NewID())
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

var day = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

func open(t *testing.T, address string, o store.Options) *store.Store {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return day }
	}
	if o.Key == nil {
		key, err := store.NewKey()
		if err != nil {
			t.Fatal(err)
		}
		o.Key = key
	}
	s, err := store.Open(t.Context(), address, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func write(t *testing.T, s *store.Store, work func(*store.Tx) error) {
	t.Helper()
	if err := s.Write(t.Context(), work); err != nil {
		t.Fatal(err)
	}
}

func TestPeople(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		now := day
		s := open(t, address, store.Options{Now: func() time.Time { return now }})
		ctx := t.Context()
		write(t, s, func(tx *store.Tx) error { return tx.Invite("key", "administrator", store.Instance, day.Add(time.Hour)) })
		p := store.Person{Login: " Officer ", Name: "Officer", Password: "x"}
		write(t, s, func(tx *store.Tx) error { return tx.Accept("key", &p) })
		if p.Role != "administrator" || p.Login != "officer" {
			t.Errorf("accepted as %+v", p)
		}
		again := store.Person{Login: "second"}
		if err := s.Write(ctx, func(tx *store.Tx) error { return tx.Accept("key", &again) }); !errors.Is(err, store.ErrNone) {
			t.Errorf("a link was used twice: %v", err)
		}
		if err := s.Write(ctx, func(tx *store.Tx) error { return tx.PutPerson(&store.Person{Login: "OFFICER"}) }); !errors.Is(err, store.ErrTaken) {
			t.Errorf("a login was given twice: %v", err)
		}
		now = day.Add(time.Minute)
		p.Role, p.Disabled = "viewer", true
		write(t, s, func(tx *store.Tx) error { return tx.PutPerson(&p) })
		got, err := s.PersonOf(ctx, "Officer")
		if err != nil || got.Version != 2 || !got.Disabled || got.Role != "viewer" || got.RecordedAt != "2026-03-01T08:01:00.000Z" {
			t.Errorf("%+v %v", got, err)
		}
		write(t, s, func(tx *store.Tx) error { return tx.Invite("late", "viewer", p.ID, now.Add(time.Hour)) })
		now = now.Add(2 * time.Hour)
		if _, err := s.Invited(ctx, "late"); !errors.Is(err, store.ErrNone) {
			t.Errorf("a link outlived its hour: %v", err)
		}
		if all, err := s.People(ctx); err != nil || len(all) != 1 {
			t.Errorf("%v %v", all, err)
		}
	})
}

func TestTokens(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		now := day
		s := open(t, address, store.Options{Now: func() time.Time { return now }})
		ctx := t.Context()
		tok := store.Token{Person: "p", Name: "ERP", Scopes: []string{"read", "screen"}}
		write(t, s, func(tx *store.Tx) error { return tx.PutToken(&tok, "secret", day.Add(time.Hour)) })
		if got, err := s.TokenOf(ctx, "secret"); err != nil || len(got.Scopes) != 2 {
			t.Errorf("%+v %v", got, err)
		}
		for _, key := range []string{"", "Secret", tok.ID} {
			if _, err := s.TokenOf(ctx, key); !errors.Is(err, store.ErrNone) {
				t.Errorf("%q opens: %v", key, err)
			}
		}
		write(t, s, func(tx *store.Tx) error { return tx.EndToken(tok.ID, "p") })
		if _, err := s.TokenOf(ctx, "secret"); !errors.Is(err, store.ErrNone) {
			t.Errorf("an ended token opens: %v", err)
		}
		if err := s.Write(ctx, func(tx *store.Tx) error { return tx.EndToken(tok.ID, "p") }); !errors.Is(err, store.ErrNone) {
			t.Errorf("a token ended twice: %v", err)
		}
		write(t, s, func(tx *store.Tx) error { return tx.PutToken(&store.Token{Person: "p"}, "short", day.Add(time.Minute)) })
		now = day.Add(time.Minute)
		if _, err := s.TokenOf(ctx, "short"); !errors.Is(err, store.ErrNone) {
			t.Errorf("an expired token opens: %v", err)
		}
	})
}

// record is a determination of the tests; its answer follows from its question.
func record(i int) store.Determination {
	q := fmt.Sprintf(`{"description":"item %d"}`, i)
	return store.Determination{Item: fmt.Sprint(i), Effective: "2026-03-01", KnownBy: "2026-10-09", Revision: "r1", Outcome: "licence", Question: q, Answer: "answer to " + q, RecordedBy: "p"}
}

// replay answers again as record does.
func replay(d *store.Determination) (store.Replayed, error) {
	switch {
	case d.Revision != "r1":
		return store.OtherLaw, nil
	case d.Answer != "answer to "+d.Question:
		return store.Differs, nil
	}
	return store.Same, nil
}

func fill(t *testing.T, s *store.Store, n int) []string {
	t.Helper()
	ids := make([]string, n)
	var wait sync.WaitGroup
	for i := range ids {
		wait.Add(1)
		go func() {
			defer wait.Done()
			d := record(i)
			if err := s.Write(context.Background(), func(tx *store.Tx) error { return tx.PutDetermination(&d) }); err != nil {
				t.Error(err)
			}
			ids[i] = d.ID
		}()
	}
	wait.Wait()
	return ids
}

// away says of each archive that its file is not here.
func away(*store.Archive) (bool, error) { return false, nil }

func verify(t *testing.T, s *store.Store) store.Verified {
	t.Helper()
	v, err := s.Verify(t.Context(), replay, func(string) error { return nil }, away)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestTheLogHoldsWhatManyWritersRecord(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		s := open(t, address, store.Options{})
		if v := verify(t, s); v.Altered != "" || v.Entries != 0 {
			t.Errorf("an empty log: %+v", v)
		}
		fill(t, s, 120)
		if err := s.Write(t.Context(), func(tx *store.Tx) error {
			d := record(1000)
			return errors.Join(tx.PutDetermination(&d), errors.New("changed my mind"))
		}); err == nil {
			t.Error("a failing writer was told that all is well")
		}
		fill(t, s, 7)
		v := verify(t, s)
		if v.Altered != "" || v.Entries != 127 || v.Replayed != 127 || v.Checkpoints == 0 {
			t.Errorf("%+v", v)
		}
		page, err := s.Determinations(t.Context(), 99, 20)
		if err != nil || len(page) != 20 || page[0].N != 100 {
			t.Errorf("%d records from %d: %v", len(page), page[0].N, err)
		}
	})
}

func TestIdempotency(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		s := open(t, address, store.Options{})
		d := record(1)
		d.Key = "order 7"
		write(t, s, func(tx *store.Tx) error { return tx.PutDetermination(&d) })
		if got, err := s.Asked(t.Context(), "p", "order 7"); err != nil || got.ID != d.ID || got.Key != "order 7" {
			t.Errorf("%+v %v", got, err)
		}
		if _, err := s.Asked(t.Context(), "q", "order 7"); !errors.Is(err, store.ErrNone) {
			t.Errorf("another person's key answers: %v", err)
		}
		twice := d
		if err := s.Write(t.Context(), func(tx *store.Tx) error { return tx.PutDetermination(&twice) }); err == nil {
			t.Error("a key was used twice")
		}
		if v := verify(t, s); v.Entries != 1 || v.Altered != "" {
			t.Errorf("%+v", v)
		}
	})
}

// Whatever is changed behind the program's back is named.
func TestAlterationsAreNamed(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		s := open(t, address, store.Options{})
		ids := fill(t, s, 20)
		behind := direct(t, address)
		var n int
		if err := behind.QueryRow("SELECT n FROM determination WHERE id = '" + ids[3] + "'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct{ change, back, want string }{
			{"UPDATE determination SET outcome = 'not_controlled' WHERE id = '%s'", "UPDATE determination SET outcome = 'licence' WHERE id = '%s'", "determination " + ids[3]},
			{"UPDATE determination SET answer = answer || ' ' WHERE id = '%s'", "UPDATE determination SET answer = TRIM(answer) WHERE id = '%s'", "determination " + ids[3]},
			{"UPDATE determination SET recorded_by = 'q' WHERE id = '%s'", "UPDATE determination SET recorded_by = 'p' WHERE id = '%s'", "determination " + ids[3]},
			{"UPDATE log_entry SET entry = REPLACE(entry, '\"p\"', '\"q\"') WHERE entry LIKE '%%%s%%'", "UPDATE log_entry SET entry = REPLACE(entry, '\"q\"', '\"p\"') WHERE entry LIKE '%%%s%%'", fmt.Sprintf("log_entry %d", n)},
			{"UPDATE checkpoint SET note = REPLACE(note, 'go.sum', 'go.sun') WHERE size = 20 -- %s", "UPDATE checkpoint SET note = REPLACE(note, 'go.sun', 'go.sum') WHERE size = 20 -- %s", "checkpoint 20"},
			{"DELETE FROM determination WHERE id = '%s'", "", "determination " + ids[3] + " is gone"},
		} {
			if _, err := behind.Exec(fmt.Sprintf(c.change, ids[3])); err != nil {
				t.Fatal(c.change, err)
			}
			if v := verify(t, s); !strings.HasPrefix(v.Altered, c.want) {
				t.Errorf("%s: %q, want %q", c.change, v.Altered, c.want)
			}
			if c.back == "" {
				continue
			}
			if _, err := behind.Exec(fmt.Sprintf(c.back, ids[3])); err != nil {
				t.Fatal(err)
			}
			if v := verify(t, s); v.Altered != "" {
				t.Errorf("after %s: %q", c.back, v.Altered)
			}
		}
	})
}

// A log whose last entries and heads were cut off, or that was written anew with another key, is not taken for whole.
func TestARewrittenLogIsNamed(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		s := open(t, address, store.Options{})
		fill(t, s, 3)
		behind := direct(t, address)
		if _, err := behind.Exec("DELETE FROM checkpoint"); err != nil {
			t.Fatal(err)
		}
		if v := verify(t, s); !strings.HasPrefix(v.Altered, "checkpoint 3 is missing") {
			t.Errorf("%q", v.Altered)
		}
		other := open(t, address, store.Options{})
		d := record(9)
		write(t, other, func(tx *store.Tx) error { return tx.PutDetermination(&d) })
		if v := verify(t, s); !strings.HasPrefix(v.Altered, "checkpoint 4") {
			t.Errorf("%q", v.Altered)
		}
	})
}

// direct is a connection behind the program's back.
func direct(t *testing.T, address string) *sql.DB {
	t.Helper()
	driver, name := "pgx", address
	if file, ok := strings.CutPrefix(address, "sqlite:"); ok {
		driver, name = "sqlite", file
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestSessions(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		now := day
		s := open(t, address, store.Options{Now: func() time.Time { return now }})
		x, ctx := s.Sessions(), t.Context()
		for _, data := range []string{"first", "second"} {
			if err := x.CommitCtx(ctx, "t", []byte(data), day.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		if b, ok, err := x.FindCtx(ctx, "t"); string(b) != "second" || !ok || err != nil {
			t.Errorf("%q %v %v", b, ok, err)
		}
		now = day.Add(time.Hour)
		if _, ok, err := x.FindCtx(ctx, "t"); ok || err != nil {
			t.Errorf("an expired session: %v %v", ok, err)
		}
	})
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, []byte(strings.Repeat("this is no database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	newer := "sqlite:" + filepath.Join(dir, "newer.db")
	open(t, newer, store.Options{})
	if _, err := direct(t, newer).Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ address, want string }{
		{"mysql://x", "--db"},
		{"sqlite:" + text, "not a database"},
		{newer, "made by a newer version"},
		{"postgres://u:secret@127.0.0.1:1/x", "u:xxxxx@"},
	} {
		_, err := store.Open(t.Context(), c.address, store.Options{Now: time.Now})
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, want %q", c.address, err, c.want)
		}
	}
}

func TestAlteredJobsAndFilesAreNamed(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		s := open(t, address, store.Options{})
		j := store.Job{Name: "x.csv", Input: store.Digest("x"), Question: "{}", RecordedBy: "p"}
		write(t, s, func(tx *store.Tx) error { return tx.PutJob(&j) })
		j.State, j.Result = store.Done, store.Digest("y")
		write(t, s, func(tx *store.Tx) error { return tx.SetJob(&j, store.Instance) })
		missing := ""
		check := func() string {
			v, err := s.Verify(t.Context(), replay, func(digest string) error {
				if digest == missing {
					return errors.New("the file is gone")
				}
				return nil
			}, away)
			if err != nil || v.Jobs != 1 && v.Altered == "" {
				t.Fatal(v, err)
			}
			return v.Altered
		}
		if altered := check(); altered != "" {
			t.Errorf("as recorded: %q", altered)
		}
		missing = j.Result
		if altered := check(); altered != "job "+j.ID+": the file is gone" {
			t.Errorf("without its result: %q", altered)
		}
		missing = ""
		if _, err := direct(t, address).Exec("UPDATE job_state SET result = input FROM job WHERE state = 'done'"); err != nil {
			t.Fatal(err)
		}
		if altered := check(); altered != "job "+j.ID+" is not the one that was recorded" {
			t.Errorf("with another result: %q", altered)
		}
		cancelled := j
		cancelled.State = store.Cancelled
		write(t, s, func(tx *store.Tx) error { return tx.SetJob(&cancelled, "p") })
		if cancelled.State != store.Done {
			t.Errorf("a job that is done became %s", cancelled.State)
		}
	})
}

// rowsOf counts the rows of each transaction: its entries, their hashes, its determinations and the signed head that ends it.
func rowsOf(t *testing.T, db *sql.DB) (rows []int) {
	t.Helper()
	heads, err := db.Query("SELECT size FROM checkpoint ORDER BY size")
	if err != nil {
		t.Fatal(err)
	}
	defer heads.Close()
	var sizes []int64
	for heads.Next() {
		var size int64
		if err := heads.Scan(&size); err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, size)
	}
	for from := int64(0); len(sizes) > 0; sizes = sizes[1:] {
		to := sizes[0]
		hashes := tlog.StoredHashIndex(0, to) - tlog.StoredHashIndex(0, from)
		var answers int
		if err := db.QueryRow(fmt.Sprintf("SELECT COUNT(*) FROM determination WHERE n >= %d AND n < %d", from, to)).Scan(&answers); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, int(to-from)+int(hashes)+answers+1)
		from = to
	}
	return rows
}

// However many write at once, a transaction holds at most 500 rows, and those who do not fit come into the next one.
func TestTransactionsAreBounded(t *testing.T) {
	const most = 500
	engines(t, func(t *testing.T, address string) {
		s := open(t, address, store.Options{})
		var wait sync.WaitGroup
		for i := range 600 {
			wait.Go(func() {
				d := record(i)
				if err := s.Write(t.Context(), func(tx *store.Tx) error { return tx.PutDetermination(&d) }); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		shared := 0
		for _, n := range rowsOf(t, direct(t, address)) {
			if n > most {
				t.Errorf("a transaction holds %d rows", n)
			}
			if n > most/2 {
				shared++
			}
		}
		if shared == 0 {
			t.Error("no transaction was shared by many")
		}
		if v := verify(t, s); v.Determinations != 600 || v.Altered != "" {
			t.Errorf("%+v", v)
		}
	})
}

// Work that no transaction can take is refused whole; work that fills one does not harm those who write beside it.
func TestWorkThatIsTooLarge(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		s := open(t, address, store.Options{})
		many := func(n int) error {
			return s.Write(t.Context(), func(tx *store.Tx) error {
				for i := range n {
					d := record(i)
					if err := tx.PutDetermination(&d); err != nil {
						return err
					}
				}
				return nil
			})
		}
		if err := many(200); err == nil || !strings.Contains(err.Error(), "in parts") {
			t.Errorf("200 answers at once: %v", err)
		}
		if v := verify(t, s); v.Entries != 0 {
			t.Errorf("it left something: %+v", v)
		}
		var wait sync.WaitGroup
		for range 5 {
			wait.Go(func() {
				if err := many(100); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if v := verify(t, s); v.Determinations != 500 || v.Altered != "" {
			t.Errorf("%+v", v)
		}
		for _, n := range rowsOf(t, direct(t, address)) {
			if n > 500 {
				t.Errorf("a transaction holds %d rows", n)
			}
		}
	})
}

// A job is done again as often as the process stops: that it was given up then is no failure.
func TestAJobOutlivesManyStops(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		s := open(t, address, store.Options{Now: time.Now})
		j := store.Job{Name: "x.csv", Input: store.Digest("x"), Question: "{}", RecordedBy: "p"}
		write(t, s, func(tx *store.Tx) error { return tx.PutJob(&j) })
		for life := range 8 {
			ctx, stop := context.WithCancel(t.Context())
			failsafe := time.AfterFunc(20*time.Second, stop)
			begun := false
			err := s.Work(ctx, "instance", slog.New(slog.DiscardHandler), func(doing context.Context, id string, last bool) error {
				begun = true
				if id != j.ID || last {
					t.Errorf("life %d: job %s, its last try: %v", life, id, last)
				}
				if life == 7 {
					time.AfterFunc(50*time.Millisecond, stop)
					return nil
				}
				stop()
				<-doing.Done()
				return doing.Err()
			}, nil)
			if failsafe.Stop(); !begun || err != nil {
				t.Fatalf("life %d: begun %v, %v", life, begun, err)
			}
		}
	})
}

func TestNewestRecordsAreNarrowed(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		s := open(t, address, store.Options{})
		fill(t, s, 3)
		odd := record(7)
		odd.Item = "50%_A!"
		write(t, s, func(tx *store.Tx) error { return tx.PutDetermination(&odd) })
		for item, want := range map[string]int{"": 4, "50%_a!": 1, "%": 1, "_": 1, "none": 0} {
			list, err := s.NewestDeterminations(t.Context(), 1<<53, 10, store.Filter{Item: item})
			if err != nil || len(list) != want {
				t.Errorf("%q finds %d records, want %d: %v", item, len(list), want, err)
			}
		}
		list, err := s.NewestDeterminations(t.Context(), odd.N, 2, store.Filter{Outcome: odd.Outcome})
		if err != nil || len(list) != 2 || list[0].N < list[1].N || list[0].N >= odd.N {
			t.Errorf("before %d: %+v %v", odd.N, list, err)
		}
		if n, err := s.LogSize(t.Context()); err != nil || n != odd.N+1 {
			t.Errorf("the log has %d entries: %v", n, err)
		}
	})
}
