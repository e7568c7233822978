package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"lodestone/internal/store"
)

func records(t *testing.T, s *store.Store, w store.Wanted) (list []store.Recorded) {
	t.Helper()
	if err := s.Records(t.Context(), w, func(r *store.Recorded) error {
		list = append(list, *r)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return list
}

// Each row comes with what proves it away from the database, and a proof holds for its own place, line, head and key only.
func TestRecordsAreProved(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		now := day
		s := open(t, address, store.Options{Now: func() time.Time { return now }})
		if got := records(t, s, store.Wanted{}); got != nil {
			t.Errorf("an empty log: %+v", got)
		}
		fill(t, s, 250)
		c := store.CaseStep{Subject: "s", Kind: "opened", State: "open", Words: "line\r\nbreak, 镝", Record: "r", RecordedBy: store.Instance}
		write(t, s, func(tx *store.Tx) error { return tx.PutCase(&c) })
		now = now.Add(time.Hour)
		fill(t, s, 30)
		all := records(t, s, store.Wanted{Steps: true})
		if len(all) != 281 {
			t.Fatalf("%d rows", len(all))
		}
		var checker store.Checker
		for i := range all {
			r := &all[i]
			e, err := checker.Check(&r.Proof, r.N)
			if err == nil {
				err = r.Check(e)
			}
			if err != nil || r.N != int64(i) {
				t.Fatalf("row %d: %v", i, err)
			}
		}
		step := all[250]
		if again, err := store.ParseStep(step.Vouched); err != nil || again.Words != c.Words || again.Record != "r" || again.Version != 1 {
			t.Errorf("%+v %v", again, err)
		}
		if n := len(records(t, s, store.Wanted{})); n != 280 {
			t.Errorf("without steps: %d", n)
		}
		if n := len(records(t, s, store.Wanted{Before: now})); n != 250 {
			t.Errorf("before the hour: %d", n)
		}
		if n := len(records(t, s, store.Wanted{From: now})); n != 30 {
			t.Errorf("from the hour on: %d", n)
		}
		other := open(t, "sqlite:"+t.TempDir()+"/other.db", store.Options{})
		fill(t, other, 3)
		alien := records(t, other, store.Wanted{})[0]
		for name, change := range map[string]func(p *store.Proof, n *int64){
			"place": func(_ *store.Proof, n *int64) { *n = 8 },
			"line":  func(p *store.Proof, _ *int64) { p.Entry = strings.Replace(p.Entry, `"p"`, `"q"`, 1) },
			"path":  func(p *store.Proof, _ *int64) { p.Path = strings.Join(strings.Fields(p.Path)[1:], " ") },
			"long":  func(p *store.Proof, _ *int64) { p.Path = strings.Repeat(strings.Fields(p.Path)[0]+" ", 100) },
			"none":  func(p *store.Proof, _ *int64) { p.Path = "x" },
			"head":  func(p *store.Proof, _ *int64) { p.Head = alien.Head },
			"key":   func(p *store.Proof, _ *int64) { p.Key = alien.Key },
			"both":  func(p *store.Proof, _ *int64) { p.Head, p.Key = alien.Head, alien.Key },
			"no":    func(p *store.Proof, _ *int64) { *p = store.Proof{} },
			"out":   func(_ *store.Proof, n *int64) { *n = -1 },
		} {
			p, n := all[7].Proof, all[7].N
			change(&p, &n)
			if _, err := checker.Check(&p, n); err == nil {
				t.Errorf("%s: a changed proof holds", name)
			}
		}
	})
}

// A row that was changed behind the program's back is given to nobody.
func TestAlteredRecordsAreNotGiven(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		s := open(t, address, store.Options{})
		ids := fill(t, s, 5)
		if _, err := direct(t, address).Exec(fmt.Sprintf("UPDATE determination SET outcome = 'not_controlled' WHERE id = '%s'", ids[2])); err != nil {
			t.Fatal(err)
		}
		err := s.Records(t.Context(), store.Wanted{}, func(*store.Recorded) error { return nil })
		if err == nil || !strings.Contains(err.Error(), "determination "+ids[2]) {
			t.Error(err)
		}
		enough := errors.New("enough")
		if err := s.Records(t.Context(), store.Wanted{}, func(*store.Recorded) error { return enough }); !errors.Is(err, enough) && err == nil {
			t.Error(err)
		}
	})
}
