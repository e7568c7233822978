package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"lodestone/internal/store"
)

// Old records that nothing keeps are given for a file, go once the file is recorded, and the list of what a file holds cannot be changed unseen.
func TestArchives(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		now := day
		s := open(t, address, store.Options{Now: func() time.Time { return now }})
		ids := fill(t, s, 12)
		draw := func(record, licence, body, state string) {
			write(t, s, func(tx *store.Tx) error {
				l := store.Licence{No: licence, State: state, Body: body, RecordedBy: "p"}
				if err := tx.PutLicence(&l); err != nil {
					return err
				}
				return tx.PutDraw(&store.Draw{Licence: l.ID, Record: record, Quantity: "1", RecordedBy: "p"})
			})
		}
		draw(ids[0], "valid", `{"to":"2031-04-01"}`, "held")
		draw(ids[1], "run out", `{"to":"2031-03-01"}`, "held")
		draw(ids[2], "ended", `{"to":"2032-01-01"}`, "ended")
		draw(ids[3], "no end", `{}`, "held")
		write(t, s, func(tx *store.Tx) error {
			return tx.PutCase(&store.CaseStep{Subject: "s", Kind: "opened", State: "open", Record: ids[4], RecordedBy: "p"})
		})
		moved := store.CaseStep{Subject: "t", Kind: "opened", State: "open", Record: ids[5], RecordedBy: "p"}
		write(t, s, func(tx *store.Tx) error { return tx.PutCase(&moved) })
		moved.Record = ids[6]
		write(t, s, func(tx *store.Tx) error { return tx.PutCase(&moved) })
		for _, held := range []bool{true, false, true} {
			write(t, s, func(tx *store.Tx) error { return tx.HoldRecord(ids[7], held, "why", "p") })
		}
		for _, held := range []bool{true, false} {
			write(t, s, func(tx *store.Tx) error { return tx.HoldRecord(ids[8], held, "why", "p") })
		}
		later := record(99)
		later.Effective = "2026-06-01"
		write(t, s, func(tx *store.Tx) error { return tx.PutDetermination(&later) })

		age := store.Age{Cutoff: day.Add(24 * time.Hour), Day: "2026-03-02", Today: "2031-03-02"}
		c, err := s.Aged(t.Context(), age)
		if err != nil || c != (store.Aged{Old: 12, Movable: 7, Case: 2, Licence: 2, Hold: 1}) {
			t.Errorf("%+v %v", c, err)
		}
		early := age
		early.Cutoff, early.Day = day, "2026-03-01"
		if c, err := s.Aged(t.Context(), early); err != nil || c.Old != 0 {
			t.Errorf("before the cutoff: %+v %v", c, err)
		}
		kept := map[string]bool{ids[0]: true, ids[3]: true, ids[4]: true, ids[6]: true, ids[7]: true, later.ID: true}
		var members []store.Member
		sum := store.NewMembers()
		movable := func() (n int) {
			if err := s.Movable(t.Context(), age, func(r *store.Recorded) error {
				n++
				if kept[r.Determination.ID] {
					t.Errorf("%s is kept and given", r.Determination.ID)
				}
				members = append(members, store.Member{N: r.N, ID: r.Determination.ID})
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := movable(); n != 7 {
			t.Fatalf("%d records may go", n)
		}
		const file = "f"
		for _, m := range members {
			if err := sum.Add(m); err != nil {
				t.Fatal(err)
			}
			write(t, s, func(tx *store.Tx) error { return tx.PutMember(file, m) })
		}
		if n, err := s.RemoveMembers(t.Context(), age, file); err != nil || n != 0 {
			t.Errorf("removed before the file is recorded: %d %v", n, err)
		}
		a := store.Archive{Digest: file, Records: sum.Count(), Cutoff: age.Day, Members: sum.Digest(), RecordedBy: "p"}
		write(t, s, func(tx *store.Tx) error { return tx.PutArchive(&a) })
		if n := movable(); n != 0 {
			t.Errorf("%d are given again", n)
		}
		write(t, s, func(tx *store.Tx) error { return tx.HoldRecord(members[2].ID, true, "meanwhile", "p") })
		if n, err := s.RemoveMembers(t.Context(), age, file); err != nil || n != 6 {
			t.Errorf("%d removed, %v", n, err)
		}
		if v := verify(t, s); v.Altered != "" || v.Archived != 6 || v.Archives != 1 || v.ArchivesHere != 0 || v.Determinations != 7 {
			t.Errorf("%+v", v)
		}
		if got, n, err := s.ArchiveOf(t.Context(), members[0].ID); err != nil || got != file || n != members[0].N {
			t.Errorf("%s %d %v", got, n, err)
		}
		wrong, err := s.Verify(t.Context(), replay, func(string) error { return nil }, func(a *store.Archive) (bool, error) { return true, fmt.Errorf("byte of %s", a.Digest) })
		if err != nil || wrong.Altered != "archive f: byte of f" {
			t.Errorf("%+v %v", wrong, err)
		}

		behind := direct(t, address)
		for _, c := range []struct{ change, back, want string }{
			{"UPDATE archived SET id = 'other' WHERE n = " + fmt.Sprint(members[0].N), "UPDATE archived SET id = '" + members[0].ID + "' WHERE n = " + fmt.Sprint(members[0].N), "archive f: the list of its records"},
			{"UPDATE archive SET records = 8", "UPDATE archive SET records = 7", "archive f"},
			{"INSERT INTO archived (n, id, archive) SELECT n, id, 'f' FROM determination WHERE id = '" + ids[0] + "'", "DELETE FROM archived WHERE id = '" + ids[0] + "'", "archive f: the list of its records"},
			{"UPDATE archived SET archive = 'g' WHERE n = " + fmt.Sprint(members[0].N), "UPDATE archived SET archive = 'f'", members[0].ID + " is gone"},
			{"DELETE FROM determination WHERE id = '" + ids[0] + "'", "", ids[0] + " is gone"},
		} {
			if _, err := behind.Exec(c.change); err != nil {
				t.Fatal(err)
			}
			if v := verify(t, s); !strings.Contains(v.Altered, c.want) {
				t.Errorf("%s: %q", c.change, v.Altered)
			}
			if c.back != "" {
				if _, err := behind.Exec(c.back); err != nil {
					t.Fatal(err)
				}
				if v := verify(t, s); v.Altered != "" {
					t.Fatalf("%s: %q", c.back, v.Altered)
				}
			}
		}
	})
}

// Removing many records keeps to small transactions, and what was noted of a file that never came to be is dropped.
func TestManyAreRemovedInParts(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		s := open(t, address, store.Options{})
		fill(t, s, 950)
		age := store.Age{Cutoff: day.Add(24 * time.Hour), Day: "2026-03-02", Today: "2031-03-02"}
		note := func(file string) *store.Members {
			sum := store.NewMembers()
			var all []store.Member
			if err := s.Movable(t.Context(), age, func(r *store.Recorded) error {
				m := store.Member{N: r.N, ID: r.Determination.ID}
				all = append(all, m)
				return sum.Add(m)
			}); err != nil {
				t.Fatal(err)
			}
			for len(all) > 0 {
				some := all[:min(400, len(all))]
				write(t, s, func(tx *store.Tx) error {
					for _, m := range some {
						if err := tx.PutMember(file, m); err != nil {
							return err
						}
					}
					return nil
				})
				all = all[len(some):]
			}
			return sum
		}
		if sum := note("never"); sum.Count() != 950 {
			t.Fatal(sum.Count())
		}
		if err := s.DropLooseMembers(t.Context()); err != nil {
			t.Fatal(err)
		}
		sum := note("f")
		a := store.Archive{Digest: "f", Records: sum.Count(), Cutoff: age.Day, Members: sum.Digest(), RecordedBy: "p"}
		write(t, s, func(tx *store.Tx) error { return tx.PutArchive(&a) })
		if n, err := s.RemoveMembers(t.Context(), age, "f"); err != nil || n != 950 {
			t.Errorf("%d %v", n, err)
		}
		if v := verify(t, s); v.Altered != "" || v.Archived != 950 || v.Determinations != 0 {
			t.Errorf("%+v", v)
		}
	})
}
