package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"lodestone/internal/store"
)

// caseOf is a first step of the tests.
func caseOf(subject string) *store.CaseStep {
	return &store.CaseStep{Subject: subject, Kind: "opened", State: "open", Record: "r", Item: "P-1", Party: "acme", Facts: "f", Norms: " A/1 B/2_x ", Outcome: "licence",
		Substance: "s", Revision: "r1", Effective: "2026-03-01", KnownBy: "2026-10-09", RecordedBy: store.Instance}
}

func TestCases(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		s := open(t, address, store.Options{})
		ctx := t.Context()
		a, b := caseOf("a"), caseOf("b")
		b.Item, b.Party, b.Facts, b.Norms = "P-2", "", "g", " B/2_x "
		write(t, s, func(tx *store.Tx) error { return errors.Join(tx.PutCase(a), tx.PutCase(b)) })
		if err := s.Write(ctx, func(tx *store.Tx) error { return tx.PutCase(caseOf("a")) }); err == nil {
			t.Error("a second case of one subject")
		}
		step := *a
		step.Kind, step.State, step.Decision, step.Until, step.RecordedBy = "approved", "released", "release", "2026-04-01", "p"
		write(t, s, func(tx *store.Tx) error {
			now, err := tx.CaseOf("a")
			if err != nil || now.ID != a.ID || now.Version != 1 {
				t.Errorf("%+v %v", now, err)
			}
			return tx.PutCase(&step)
		})
		stale := *a
		if err := s.Write(ctx, func(tx *store.Tx) error { return tx.PutCase(&stale) }); err == nil {
			t.Error("two second steps of one case")
		}
		if now, err := s.Case(ctx, a.ID); err != nil || now != step || now.Version != 2 {
			t.Errorf("%+v %v", now, err)
		}
		if _, err := s.Case(ctx, "none"); !errors.Is(err, store.ErrNone) {
			t.Error(err)
		}
		steps, err := s.CaseSteps(ctx, a.ID)
		if err != nil || len(steps) != 2 || steps[0].State != "open" {
			t.Errorf("%+v %v", steps, err)
		}
		for _, x := range []struct {
			filter store.CaseFilter
			want   string
		}{
			{store.CaseFilter{}, "P-1 P-2"},
			{store.CaseFilter{Before: step.N}, "P-2"},
			{store.CaseFilter{States: []string{"open", "blocked"}}, "P-2"},
			{store.CaseFilter{States: []string{"released"}, Item: "P-1"}, "P-1"},
			{store.CaseFilter{Assignee: "nobody"}, ""},
			{store.CaseFilter{Item: "' OR '1'='1"}, ""},
		} {
			if x.filter.Before == 0 {
				x.filter.Before = 1000
			}
			x.filter.Limit = 10
			list, err := s.Cases(ctx, x.filter)
			var items []string
			for _, c := range list {
				items = append(items, c.Item)
			}
			if got := strings.Join(items, " "); err != nil || got != x.want {
				t.Errorf("%+v: %q %v, want %q", x.filter, got, err, x.want)
			}
		}
		changes, err := s.CaseChanges(ctx, a.N, []string{"opened", "approved"}, 10)
		if err != nil || len(changes) != 2 || changes[1].Kind != "approved" {
			t.Errorf("%+v %v", changes, err)
		}
		found, err := s.Precedents(ctx, b, []string{"approved"}, 10)
		if err != nil || len(found) != 1 || found[0].ID != a.ID {
			t.Errorf("by its norm: %+v %v", found, err)
		}
		other := *b
		other.Norms, other.Facts, other.Item = " B/2%x ", "z", "P-9"
		if found, err := s.Precedents(ctx, &other, []string{"approved"}, 10); err != nil || len(found) != 0 {
			t.Errorf("by a sign of LIKE: %+v %v", found, err)
		}
		for _, x := range []struct{ ack, want int64 }{{3, 3}, {1, 3}, {4, 4}} {
			write(t, s, func(tx *store.Tx) error { return tx.Ack("erp", x.ack, "p") })
			if got, err := s.Acked(ctx, "erp"); got != x.want || err != nil {
				t.Errorf("acknowledged %d: %d %v", x.ack, got, err)
			}
		}
		if got, err := s.Acked(ctx, "other"); got != -1 || err != nil {
			t.Errorf("%d %v", got, err)
		}
		write(t, s, func(tx *store.Tx) error {
			return errors.Join(tx.SetSetting("x", "1", "p"), tx.SetSetting("x", "2", "p"))
		})
		if got, err := s.Setting(ctx, "x"); got != "2" || err != nil {
			t.Errorf("%s %v", got, err)
		}
		if _, err := s.Setting(ctx, "y"); !errors.Is(err, store.ErrNone) {
			t.Error(err)
		}
		if v := verify(t, s); v.Altered != "" || v.Rows != 7 {
			t.Errorf("%+v", v)
		}
	})
}

func TestLicences(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		s := open(t, address, store.Options{})
		ctx := t.Context()
		l := store.Licence{No: "26-1", State: "held", Body: "{}", RecordedBy: "p"}
		write(t, s, func(tx *store.Tx) error { return tx.PutLicence(&l) })
		l.State = "ended"
		write(t, s, func(tx *store.Tx) error { return tx.PutLicence(&l) })
		if err := s.Write(ctx, func(tx *store.Tx) error { return tx.PutLicence(&store.Licence{No: "26-1"}) }); !errors.Is(err, store.ErrTaken) {
			t.Errorf("a number twice: %v", err)
		}
		if got, err := s.Licence(ctx, l.ID); err != nil || got != l || got.Version != 2 {
			t.Errorf("%+v %v", got, err)
		}
		d := store.Draw{Licence: l.ID, Record: "r", Quantity: "2.5", RecordedBy: "p"}
		write(t, s, func(tx *store.Tx) error { return tx.PutDraw(&d) })
		back := store.Draw{Licence: l.ID, Record: "r", Quantity: "2.5", Reverses: d.ID, Words: "not shipped", RecordedBy: "p"}
		write(t, s, func(tx *store.Tx) error { return tx.PutDraw(&back) })
		again := back
		if err := s.Write(ctx, func(tx *store.Tx) error { return tx.PutDraw(&again) }); err == nil {
			t.Error("a draw was taken back twice")
		}
		list, err := s.Draws(ctx, l.ID)
		if err != nil || len(list) != 2 || list[1] != back {
			t.Errorf("%+v %v", list, err)
		}
		write(t, s, func(tx *store.Tx) error {
			of, err := tx.DrawsOf("r")
			if on, err := tx.Draws(l.ID); err != nil || len(on) != 2 {
				t.Errorf("%+v %v", on, err)
			}
			if len(of) != 2 {
				t.Errorf("%+v", of)
			}
			return err
		})
		a := store.Application{Kind: "entered", State: "draft", Body: "{}", RecordedBy: "p"}
		write(t, s, func(tx *store.Tx) error { return tx.PutApplication(&a) })
		a.Kind, a.State = "filed", "filed"
		write(t, s, func(tx *store.Tx) error { return tx.PutApplication(&a) })
		if all, err := s.Applications(ctx, 1000, 10); err != nil || len(all) != 1 || all[0] != a {
			t.Errorf("%+v %v", all, err)
		}
		if all, err := s.ApplicationVersions(ctx, a.ID); err != nil || len(all) != 2 {
			t.Errorf("%+v %v", all, err)
		}
		if all, err := s.Licences(ctx, 1000, 10); err != nil || len(all) != 1 || all[0] != l {
			t.Errorf("%+v %v", all, err)
		}
		if v := verify(t, s); v.Altered != "" || v.Rows != 6 {
			t.Errorf("%+v", v)
		}
	})
}

// Every column of every ledger is vouched for: whichever is changed behind the program's back, the row is named; so is one that is gone.
func TestAlteredLedgersAreNamed(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		s := open(t, address, store.Options{})
		c, l := caseOf("a"), store.Licence{No: "26-1", State: "held", Body: "{}", RecordedBy: "p"}
		to, sent := store.Target{Address: "officer@receiver.example", Lang: "en", State: store.Active, RecordedBy: "p"}, store.DeliveryStep{Target: "t", Kind: store.OfAlerts, RecordedBy: "p"}
		d, a := store.Draw{Record: "r", Quantity: "2.5", Reverses: "x", RecordedBy: "p"}, store.Application{Kind: "entered", State: "draft", Body: "{}", RecordedBy: "p"}
		write(t, s, func(tx *store.Tx) error {
			return errors.Join(tx.PutCase(c), tx.PutLicence(&l), tx.PutDraw(&d), tx.PutApplication(&a), tx.SetSetting("x", "1", "p"), tx.Ack("erp", 1, "p"), tx.PutTarget(&to), tx.PutDelivery(&sent, time.Hour),
				tx.PutPartyList(&store.PartyList{Name: "sdn.csv", Digest: "d", Size: 3, List: "SDN", Format: "f", Parties: 1, Names: 2, RecordedBy: "p"}, -1), tx.PutUploadKey(&store.UploadKey{Key: "k", Asked: "a", Came: "c", By: "p"}))
		})
		r := record(1)
		write(t, s, func(tx *store.Tx) error {
			err := errors.Join(tx.PutDetermination(&r), tx.HoldRecord(r.ID, true, "why", "p"))
			m, sum := store.Member{N: r.N, ID: r.ID}, store.NewMembers()
			return errors.Join(err, sum.Add(m), tx.PutMember("f", m), tx.PutArchive(&store.Archive{Digest: "f", Records: 1, Cutoff: "2026-01-01", Members: sum.Digest(), RecordedBy: "p"}))
		})
		behind := direct(t, address)
		for table, columns := range store.LedgerColumns() {
			for _, column := range append(columns, "recorded_at", "recorded_by") {
				text := "'7'"
				switch column {
				case "version", "upto", "size", "parties", "names", "ended", "first", "last", "alerts", "try", "code", "records", "held":
					text = "7"
				}
				var was any
				if err := behind.QueryRow(fmt.Sprintf("SELECT %s FROM %s", column, table)).Scan(&was); err != nil {
					t.Fatal(err)
				}
				if _, err := behind.Exec(fmt.Sprintf("UPDATE %s SET %s = %s", table, column, text)); err != nil {
					t.Fatal(err)
				}
				if v := verify(t, s); !strings.HasPrefix(v.Altered, table+" ") {
					t.Errorf("%s.%s: %q", table, column, v.Altered)
				}
				back := fmt.Sprintf("'%v'", was)
				if text == "7" {
					back = fmt.Sprint(was)
				}
				if _, err := behind.Exec(fmt.Sprintf("UPDATE %s SET %s = %s", table, column, back)); err != nil {
					t.Fatal(err)
				}
			}
			if v := verify(t, s); v.Altered != "" {
				t.Fatalf("after %s: %q", table, v.Altered)
			}
			if _, err := behind.Exec("CREATE TABLE kept AS SELECT * FROM " + table + "; DELETE FROM " + table); err != nil {
				t.Fatal(err)
			}
			if v := verify(t, s); !strings.HasPrefix(v.Altered, table+" ") || !strings.HasSuffix(v.Altered, " is gone") {
				t.Errorf("%s without its row: %q", table, v.Altered)
			}
			if _, err := behind.Exec("INSERT INTO " + table + " SELECT * FROM kept; DROP TABLE kept"); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestPartyLists(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		s := open(t, address, store.Options{})
		ctx := t.Context()
		if n, err := s.NewestPartyList(ctx); n != -1 || err != nil {
			t.Errorf("%d %v before anything was loaded", n, err)
		}
		first := store.PartyList{Name: "sdn.csv", Digest: "one", Size: 3, List: "SDN", Format: "OFAC CSV", Published: "2026-11-01", Parties: 1, Names: 2, RecordedBy: "p"}
		write(t, s, func(tx *store.Tx) error { return tx.PutPartyList(&first, -1) })
		second := first
		second.Digest, second.Ended = "two", true
		if err := s.Write(ctx, func(tx *store.Tx) error { return tx.PutPartyList(&second, -1) }); !errors.Is(err, store.ErrOvertaken) {
			t.Errorf("somebody was first, and it was recorded all the same: %v", err)
		}
		write(t, s, func(tx *store.Tx) error { return tx.PutPartyList(&second, first.N) })
		all, err := s.PartyLists(ctx)
		if err != nil || len(all) != 2 || all[0] != first || all[1] != second {
			t.Errorf("%+v %v", all, err)
		}
		if n, err := s.NewestPartyList(ctx); n != second.N || err != nil {
			t.Errorf("%d %v", n, err)
		}
		for _, x := range []struct {
			broken        error
			altered, gone string
		}{{nil, "", ""}, {fmt.Errorf("the file %w", store.ErrGone), "", "sdn.csv two"}, {errors.New("the file two is not what was recorded"), "party list sdn.csv", ""}} {
			v, err := s.Verify(ctx, replay, func(digest string) error {
				if digest == "two" {
					return x.broken
				}
				return nil
			}, away)
			if err != nil || !strings.HasPrefix(v.Altered, x.altered) || (x.altered == "") != (v.Altered == "") || strings.Join(v.ListsGone, "") != x.gone {
				t.Errorf("%v: %+v %v", x.broken, v, err)
			}
		}
	})
}

func TestUploadKeysAreOnePersons(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		s := open(t, address, store.Options{})
		put := func(k store.UploadKey) error {
			return s.Write(t.Context(), func(tx *store.Tx) error { return tx.PutUploadKey(&k) })
		}
		if err := errors.Join(put(store.UploadKey{Key: "k", Asked: "a", Came: "1", By: "p"}), put(store.UploadKey{Key: "k", Asked: "b", Came: "2", By: "q"})); err != nil {
			t.Fatal(err)
		}
		if put(store.UploadKey{Key: "k", Asked: "a", Came: "3", By: "p"}) == nil {
			t.Error("a key was used twice")
		}
		for _, want := range []store.UploadKey{{Key: "k", Asked: "a", Came: "1", By: "p"}, {Key: "k", Asked: "b", Came: "2", By: "q"}} {
			got := store.UploadKey{Key: want.Key, By: want.By}
			if err := s.UploadKey(t.Context(), &got); err != nil || got != want {
				t.Errorf("%+v %v", got, err)
			}
		}
		if err := s.UploadKey(t.Context(), &store.UploadKey{Key: "l", By: "p"}); !errors.Is(err, store.ErrNone) {
			t.Error(err)
		}
		if v := verify(t, s); v.Altered != "" || v.Rows != 2 {
			t.Errorf("%+v", v)
		}
	})
}
