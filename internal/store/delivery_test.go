package store_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"lodestone/internal/store"
)

const receiver = "officer@receiver.example"

func TestTargets(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		s := open(t, address, store.Options{})
		a := store.Target{Address: receiver, Lang: "ko", Kinds: " catalogue ", State: store.Active, RecordedBy: "p"}
		b := store.Target{Address: "https://hooks.example/in", Lang: "en", State: store.Active, RecordedBy: "p"}
		write(t, s, func(tx *store.Tx) error { return errors.Join(tx.PutTarget(&a), tx.PutTarget(&b)) })
		salt := a.Salt
		a.State = store.Paused
		write(t, s, func(tx *store.Tx) error { return tx.PutTarget(&a) })
		if all, err := s.Targets(t.Context()); err != nil || len(all) != 2 || all[0] != a || all[1] != b || a.Salt == salt {
			t.Errorf("oldest first: %+v %v", all, err)
		}
		b.State = store.TargetEnded
		write(t, s, func(tx *store.Tx) error { return tx.PutTarget(&b) })
		if all, err := s.Targets(t.Context()); err != nil || len(all) != 1 || all[0] != a || a.Version != 2 {
			t.Errorf("%+v %v", all, err)
		}
		if got, err := s.Target(t.Context(), b.ID); err != nil || got != b {
			t.Errorf("%+v %v", got, err)
		}
		stale := a
		stale.Version = 1
		if err := s.Write(t.Context(), func(tx *store.Tx) error { return tx.PutTarget(&stale) }); err == nil {
			t.Error("two second versions of one target")
		}
		log, err := s.Log(t.Context(), 0, 100)
		if err != nil || len(log) != 4 {
			t.Fatalf("%+v %v", log, err)
		}
		for _, e := range log { // the digest of the row without its salt would let everybody try addresses
			if e.Note != "" || strings.Contains(e.Subject, "@") || e.Digest == store.Digest(receiver) {
				t.Errorf("the log says %+v", e)
			}
		}
		if v := verify(t, s); v.Altered != "" || v.Rows != 4 {
			t.Errorf("%+v", v)
		}
	})
}

func TestDeliveriesStepByStep(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		s := open(t, address, store.Options{})
		ctx := t.Context()
		d := store.DeliveryStep{Target: "t", Kind: store.OfAlerts, First: 5, RecordedBy: store.Instance}
		other := store.DeliveryStep{Target: "u", Kind: store.OfTest, RecordedBy: "p"}
		write(t, s, func(tx *store.Tx) error { return errors.Join(tx.PutDelivery(&d, time.Hour), tx.PutDelivery(&other, 0)) })
		gathers := func(target string) (is bool) {
			write(t, s, func(tx *store.Tx) (err error) {
				is, err = tx.Gathers(target)
				return err
			})
			return is
		}
		if !gathers("t") || gathers("u") {
			t.Error("a queued delivery of alerts takes what comes, and a test does not")
		}
		for n, state := range []string{store.Sending, store.Retrying, store.GivenUp} {
			d.State, d.Try = state, n
			write(t, s, func(tx *store.Tx) error { return tx.PutDelivery(&d, 0) })
			if d.Ended() != (state == store.GivenUp) || gathers("t") {
				t.Errorf("%s: ended %v", state, d.Ended())
			}
		}
		if all, err := s.Deliveries(ctx, "", 0, 10); err != nil || len(all) != 2 || all[0] != d || all[1] != other {
			t.Errorf("%+v %v", all, err)
		}
		if all, err := s.Deliveries(ctx, "t", d.N, 10); err != nil || len(all) != 0 {
			t.Errorf("before the newest of the target: %+v %v", all, err)
		}
		steps, err := s.DeliverySteps(ctx, []string{d.ID, "none"})
		if err != nil || len(steps) != 4 || steps[0].State != store.Queued || steps[3] != d {
			t.Errorf("%+v %v", steps, err)
		}
		records, err := s.TargetRecords(ctx)
		if err != nil || records["t"] != (store.TargetRecord{Failures: 2, GivenUp: 1}) || records["u"] != (store.TargetRecord{}) {
			t.Errorf("%+v %v", records, err)
		}
		good := store.DeliveryStep{Target: "t", Kind: store.OfTest, RecordedBy: "p"}
		write(t, s, func(tx *store.Tx) error { return tx.PutDelivery(&good, 0) })
		good.State = store.Delivered
		write(t, s, func(tx *store.Tx) error { return tx.PutDelivery(&good, 0) })
		if records, err = s.TargetRecords(ctx); err != nil || records["t"] != (store.TargetRecord{DeliveredAt: "2026-03-01T08:00:00.000Z"}) {
			t.Errorf("after one that was delivered: %+v %v", records, err)
		}
		if counts, err := s.DeliveryCounts(ctx); err != nil || counts[store.GivenUp] != 1 || counts[store.Delivered] != 1 || counts[store.Queued] != 1 || len(counts) != 3 {
			t.Errorf("%v %v", counts, err)
		}
	})
}

func TestAlertsOfADelivery(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		s := open(t, address, store.Options{})
		var places []int64
		for i, kind := range []string{"catalogue.outcome", "catalogue.failed", "other", "catalogue.outcome", "catalogued"} {
			a := alert(i)
			a.Kind = kind
			raise(t, s, &a)
			places = append(places, a.N)
		}
		for _, c := range []struct {
			kinds       []string
			first       int64
			limit       int
			count, last int
		}{{nil, 0, 10, 5, 4}, {nil, places[1], 2, 2, 2}, {[]string{"catalogue"}, 0, 10, 3, 3}, {[]string{"catalogue.outcome", "other"}, 1, 10, 2, 3}, {[]string{"none"}, 0, 10, 0, -1}} {
			var count int
			var last, want int64
			write(t, s, func(tx *store.Tx) (err error) {
				count, last, err = tx.AlertsFrom(c.kinds, c.first, c.limit)
				return err
			})
			if c.last >= 0 {
				want = places[c.last]
			}
			if count != c.count || last != want {
				t.Errorf("%v from %d: %d up to %d, want %d up to %d", c.kinds, c.first, count, last, c.count, want)
			}
			list, err := s.AlertsAmong(t.Context(), c.kinds, c.first, last, 10)
			if err != nil || len(list) != count {
				t.Errorf("%v: %d %v", c.kinds, len(list), err)
			}
			if !slices.IsSortedFunc(list, func(a, b store.Alert) int { return int(a.N - b.N) }) {
				t.Error("not oldest first")
			}
		}
	})
}

// A delivery is called again after the while that it asks for, not before it is due, and again where a process left it.
func TestDeliveriesAreCalledAgain(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		s := open(t, address, store.Options{Now: time.Now})
		d := store.DeliveryStep{Target: "t", Kind: store.OfTest, RecordedBy: "p"}
		write(t, s, func(tx *store.Tx) error { return tx.PutDelivery(&d, 0) })
		later := store.DeliveryStep{Target: "t", Kind: store.OfTest, RecordedBy: "p"}
		write(t, s, func(tx *store.Tx) error { return tx.PutDelivery(&later, time.Hour) })
		var mu sync.Mutex
		var called []string
		for life := range 2 {
			ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
			err := s.Work(ctx, "instance", slog.New(slog.DiscardHandler), nil, func(doing context.Context, id string) (time.Duration, error) {
				mu.Lock()
				called = append(called, id)
				n := len(called)
				mu.Unlock()
				switch {
				case life == 0: // the process ends while a try is made
					stop()
					<-doing.Done()
					return 0, doing.Err()
				case n < 4:
					return 10 * time.Millisecond, nil
				}
				time.AfterFunc(600*time.Millisecond, stop) // so that one too many would be noticed
				return 0, nil
			})
			stop()
			if err != nil {
				t.Fatal(err)
			}
		}
		if want := []string{d.ID, d.ID, d.ID, d.ID}; !slices.Equal(called, want) {
			t.Errorf("called %v", called)
		}
	})
}
