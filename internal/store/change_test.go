package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"lodestone/internal/store"
)

func alert(i int) store.Alert {
	return store.Alert{Cause: fmt.Sprintf("cause %d", i), Kind: "catalogue.outcome", Subject: "catalogue/c", Facts: fmt.Sprintf(`{"line":"%d"}`, i), RecordedBy: store.Instance}
}

// raise records an alert and says whether it is a new one.
func raise(t *testing.T, s *store.Store, a *store.Alert) (fresh bool) {
	t.Helper()
	write(t, s, func(tx *store.Tx) (err error) {
		fresh, err = tx.PutAlert(a)
		return err
	})
	return fresh
}

func TestAlerts(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		s := open(t, address, store.Options{})
		ctx := t.Context()
		var ids []string
		for i := range 6 {
			a := alert(i / 2) // each cause twice
			if fresh := raise(t, s, &a); fresh != (i%2 == 0) {
				t.Errorf("alert %d is fresh: %v", i, fresh)
			}
			ids = append(ids, a.ID)
		}
		if ids[0] != ids[1] || ids[0] == ids[2] {
			t.Errorf("ids %v", ids)
		}
		other := alert(9)
		other.Kind, other.Subject = "catalogueother", "licence/l"
		raise(t, s, &other)
		for range 2 {
			write(t, s, func(tx *store.Tx) error { return tx.AckAlert(&store.Ack{Alert: ids[2], Person: "p", Note: "seen"}) })
		}
		if err := s.Write(ctx, func(tx *store.Tx) error { return tx.AckAlert(&store.Ack{Alert: "none", Person: "p"}) }); !errors.Is(err, store.ErrNone) {
			t.Error(err)
		}
		a, err := s.Alert(ctx, ids[2])
		if err != nil || len(a.Acks) != 1 || a.Acks[0].Person != "p" || a.Acks[0].Note != "seen" {
			t.Errorf("%+v %v", a, err)
		}
		for _, c := range []struct {
			q    store.AlertQuery
			want string // causes
		}{
			{store.AlertQuery{}, "9 2 1 0"},
			{store.AlertQuery{Kind: "catalogue"}, "2 1 0"},
			{store.AlertQuery{Kind: "catalogue.outcome"}, "2 1 0"},
			{store.AlertQuery{Kind: "catalog%"}, ""},
			{store.AlertQuery{Subject: "licence/l"}, "9"},
			{store.AlertQuery{Unseen: "p"}, "9 2 0"},
			{store.AlertQuery{Unseen: "q"}, "9 2 1 0"},
			{store.AlertQuery{Before: a.N}, "0"},
			{store.AlertQuery{After: a.N}, "2 9"},
			{store.AlertQuery{Limit: 1}, "9"},
		} {
			if c.q.Limit == 0 {
				c.q.Limit = 100
			}
			all, err := s.Alerts(ctx, c.q)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, a := range all {
				got = append(got, strings.TrimPrefix(a.Cause, "cause "))
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("%+v: %v, want %s", c.q, got, c.want)
			}
		}
	})
}

func TestCatalogues(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		s := open(t, address, store.Options{})
		ctx := t.Context()
		c := store.Catalogue{Name: "goods", Input: store.Digest("x"), Question: "{}", RecordedBy: "p"}
		for range 2 {
			write(t, s, func(tx *store.Tx) error { return tx.PutCatalogue(&c) })
		}
		if got, err := s.Catalogue(ctx, c.ID); err != nil || got != c || got.Version != 2 {
			t.Errorf("%+v %v, want %+v", got, err, c)
		}
		x := store.Screening{Job: store.Job{Name: "goods", Input: c.Input, Question: "{}", RecordedBy: store.Instance}, Catalogue: c.ID, Version: 2, Law: "r1",
			Effective: "2026-03-01", KnownBy: "2026-10-09"}
		write(t, s, func(tx *store.Tx) error { return tx.PutScreening(&x) })
		y := x
		y.Before, y.Ahead = x.Job.ID, true
		write(t, s, func(tx *store.Tx) error { return tx.PutScreening(&y) })
		all, err := s.Screenings(ctx, c.ID, 10)
		if err != nil || len(all) != 2 || all[0] != y || all[1] != x {
			t.Errorf("%+v %v", all, err)
		}
	})
}

// Whatever is changed of catalogues and alerts behind the program's back is named.
func TestAlteredAlertsAndCataloguesAreNamed(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		s := open(t, address, store.Options{})
		c := store.Catalogue{Name: "goods", Input: store.Digest("x"), Question: "{}", RecordedBy: "p"}
		write(t, s, func(tx *store.Tx) error { return tx.PutCatalogue(&c) })
		a, b := alert(1), alert(2)
		raise(t, s, &a)
		raise(t, s, &b)
		write(t, s, func(tx *store.Tx) error { return tx.AckAlert(&store.Ack{Alert: a.ID, Person: "p", Note: "seen"}) })
		behind := direct(t, address)
		for _, x := range []struct{ change, back, want string }{
			{"UPDATE catalogue SET input = 'y'", "UPDATE catalogue SET input = '" + c.Input + "'", "catalogue " + c.ID + ", version 1,"},
			{"UPDATE catalogue SET ended = 1", "UPDATE catalogue SET ended = 0", "catalogue " + c.ID + ", version 1,"},
			{"UPDATE alert SET facts = '{}' WHERE cause = 'cause 1'", "UPDATE alert SET facts = '" + a.Facts + "' WHERE cause = 'cause 1'", "alert " + a.ID},
			{"UPDATE alert_ack SET note = 'not seen'", "UPDATE alert_ack SET note = 'seen'", "the acknowledgement of alert " + a.ID},
			{"UPDATE alert_ack SET person = 'q'", "UPDATE alert_ack SET person = 'p'", "the acknowledgement of alert " + a.ID},
			{"DELETE FROM alert WHERE cause = 'cause 2'", "", "a row of alert about " + b.ID + " is gone"},
		} {
			if _, err := behind.Exec(x.change); err != nil {
				t.Fatal(x.change, err)
			}
			if v := verify(t, s); !strings.HasPrefix(v.Altered, x.want) {
				t.Errorf("%s: %q, want %q", x.change, v.Altered, x.want)
			}
			if x.back == "" {
				continue
			}
			if _, err := behind.Exec(x.back); err != nil {
				t.Fatal(err)
			}
			if v := verify(t, s); v.Altered != "" || v.Alerts != 2 || v.Catalogues != 1 {
				t.Errorf("after %s: %+v", x.back, v)
			}
		}
	})
}
