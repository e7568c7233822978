package store

import (
	"context"
	"database/sql"
	"math"
	"strings"
	"time"

	"github.com/riverqueue/river"
)

// States of a target.
const (
	Active      = "active"
	Paused      = "paused" // what comes waits
	TargetEnded = "ended"
)

// Target is where alerts go, as of its newest version.
type Target struct {
	N          int64 // its entry in the log
	ID         string
	Version    int64
	Address    string // of mail or of a webhook
	Lang       string
	Kinds      string // of alerts, each between blanks; empty: all
	State      string
	Salt       string // drawn by lot for each version
	RecordedAt string
	RecordedBy string // id of a person
}

var targets = ledger{"delivery_target", "delivery_target", []string{"id", "version", "address", "lang", "kinds", "state", "salt"}}

func scanTarget(row interface{ Scan(...any) error }) (t Target, err error) {
	err = row.Scan(&t.N, &t.ID, &t.Version, &t.Address, &t.Lang, &t.Kinds, &t.State, &t.Salt, &t.RecordedAt, &t.RecordedBy)
	return t, noneIf(err)
}

// PutTarget records a target, a new one where it has no ID, else its next version. ID, Version, Salt, N and RecordedAt are filled in. The log is told that
// there is one, and nothing of the address.
func (tx *Tx) PutTarget(t *Target) (err error) {
	if t.ID == "" {
		t.ID = NewID()
	}
	t.Version++
	t.Salt, t.RecordedAt = NewID(), stamp(tx.At)
	t.N, err = tx.add(&targets, t.State, t.RecordedBy, "", t.ID, t.Version, t.Address, t.Lang, t.Kinds, t.State, t.Salt)
	return err
}

// newestTarget keeps the newest version of each target.
const newestTarget = "version = (SELECT MAX(version) FROM delivery_target q WHERE q.id = t.id)"

// Target gives a target as it stands, or ErrNone.
func (s *Store) Target(ctx context.Context, id string) (Target, error) {
	return scanTarget(s.query(ctx, "SELECT "+targets.list()+" FROM delivery_target t WHERE id = ? ORDER BY version DESC LIMIT 1", id))
}

// Target gives a target as it stands, or ErrNone.
func (tx *Tx) Target(id string) (Target, error) {
	return scanTarget(tx.query("SELECT "+targets.list()+" FROM delivery_target t WHERE id = ? ORDER BY version DESC LIMIT 1", id))
}

// Targets lists the targets that have not ended, oldest first.
func (s *Store) Targets(ctx context.Context) (list []Target, err error) {
	err = s.rows(ctx, "SELECT "+targets.list()+" FROM delivery_target t WHERE state <> ? AND "+newestTarget+" ORDER BY (SELECT MIN(q.n) FROM delivery_target q WHERE q.id = t.id)", []any{TargetEnded}, func(rows *sql.Rows) error {
		t, err := scanTarget(rows)
		list = append(list, t)
		return err
	})
	return list, err
}

// Kinds of deliveries.
const (
	OfAlerts = "alerts"
	OfTest   = "test"
)

// States of a delivery, besides Queued and Cancelled.
const (
	Sending   = "sending"  // it is known what it holds, and a try is being made
	Retrying  = "retrying" // a try did not succeed, and another follows
	Delivered = "delivered"
	GivenUp   = "given_up"
)

// DeliveryStep is what came of a message to a target, with how it stands after it.
type DeliveryStep struct {
	N          int64 // its entry in the log
	ID         string
	Version    int64
	Target     string
	Kind       string
	State      string
	First      int64 // place in the log of its first alert; zero: it is a test
	Last       int64 // of its last one; zero: it is queued, or a test
	Alerts     int   // how many it holds; zero: it is queued, or a test
	Try        int   // how many tries were made
	Problem    string
	Code       int
	RecordedAt string
	RecordedBy string // id of a person who asked for a test; "instance": the program itself
}

// Ended says that nothing more will come of the delivery.
func (d *DeliveryStep) Ended() bool {
	return d.State == Delivered || d.State == GivenUp || d.State == Cancelled
}

var deliverySteps = ledger{"delivery_step", "delivery", []string{"id", "version", "target", "kind", "state", "first", "last", "alerts", "try", "problem", "code"}}

func scanDelivery(row interface{ Scan(...any) error }) (d DeliveryStep, err error) {
	err = row.Scan(&d.N, &d.ID, &d.Version, &d.Target, &d.Kind, &d.State, &d.First, &d.Last, &d.Alerts, &d.Try, &d.Problem, &d.Code, &d.RecordedAt, &d.RecordedBy)
	return d, noneIf(err)
}

// PutDelivery records a step: of a new delivery where it has no ID, which is handed to the queue in the same transaction and begun after a while, else the
// next of its delivery. ID, Version, N and RecordedAt are filled in.
func (tx *Tx) PutDelivery(d *DeliveryStep, after time.Duration) (err error) {
	begun := d.ID != ""
	if !begun {
		d.ID, d.State = NewID(), Queued
	}
	d.Version++
	d.RecordedAt = stamp(tx.At)
	if d.N, err = tx.add(&deliverySteps, d.State, d.RecordedBy, "", d.ID, d.Version, d.Target, d.Kind, d.State, d.First, d.Last, d.Alerts, d.Try, d.Problem, d.Code); err != nil || begun {
		return err
	}
	o := &river.InsertOpts{Queue: deliveryQueue, MaxAttempts: river.MaxAttemptsDefault}
	if after > 0 {
		o.ScheduledAt = time.Now().Add(after) // the queue goes by the clock of the machine
	}
	if _, err := tx.s.queue.InsertTx(context.Background(), tx.tx, deliveryArgs{d.ID}, o); err != nil {
		return err
	}
	return tx.wrote(1)
}

// newestDelivery keeps the newest step of each delivery.
const newestDelivery = "version = (SELECT MAX(version) FROM delivery_step q WHERE q.id = d.id)"

// Delivery gives a delivery as it stands, or ErrNone.
func (tx *Tx) Delivery(id string) (DeliveryStep, error) {
	return scanDelivery(tx.query("SELECT "+deliverySteps.list()+" FROM delivery_step d WHERE id = ? ORDER BY version DESC LIMIT 1", id))
}

// Gathers says whether a target has a delivery of alerts that is queued: it takes what comes until it is begun.
func (tx *Tx) Gathers(target string) (bool, error) {
	var n int
	err := tx.query("SELECT COUNT(*) FROM delivery_step d WHERE target = ? AND kind = ? AND state = ? AND "+newestDelivery, target, OfAlerts, Queued).Scan(&n)
	return n > 0, err
}

// Deliveries lists deliveries as they stand, the one last touched first: of a target (empty: of all), before a place in the log.
func (s *Store) Deliveries(ctx context.Context, target string, before int64, limit int) ([]DeliveryStep, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	return s.deliveries(ctx, "(? = '' OR target = ?) AND n < ? AND "+newestDelivery+" ORDER BY n DESC LIMIT ?", target, target, before, limit)
}

// DeliverySteps lists what came of some deliveries, oldest first.
func (s *Store) DeliverySteps(ctx context.Context, ids []string) ([]DeliveryStep, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	return s.deliveries(ctx, "id IN (?"+strings.Repeat(", ?", len(ids)-1)+") ORDER BY n", args...)
}

func (s *Store) deliveries(ctx context.Context, where string, args ...any) (list []DeliveryStep, err error) {
	err = s.rows(ctx, "SELECT "+deliverySteps.list()+" FROM delivery_step d WHERE "+where, args, func(rows *sql.Rows) error {
		d, err := scanDelivery(rows)
		list = append(list, d)
		return err
	})
	return list, err
}

// ofKinds is the condition that an alert is of some kinds, or of those that begin with one of them and a point; none: any alert.
func ofKinds(kinds []string) (condition string, args []any) {
	if len(kinds) == 0 {
		return "1 = 1", nil
	}
	var each []string
	for _, k := range kinds {
		each = append(each, "a.kind = ? OR SUBSTR(a.kind, 1, LENGTH(?)) = ?")
		args = append(args, k, k+".", k+".")
	}
	return "(" + strings.Join(each, " OR ") + ")", args
}

// AlertsFrom counts the alerts of some kinds from a place in the log on, up to a limit, and gives the place of the last of them.
func (tx *Tx) AlertsFrom(kinds []string, first int64, limit int) (count int, last int64, err error) {
	condition, args := ofKinds(kinds)
	err = tx.query("SELECT COUNT(*), COALESCE(MAX(n), 0) FROM (SELECT a.n FROM alert a WHERE a.n >= ? AND "+condition+" ORDER BY a.n LIMIT ?) found",
		append(append([]any{first}, args...), limit)...).Scan(&count, &last)
	return count, last, err
}

// AlertsAmong lists the alerts of some kinds between two places in the log, oldest first, without who has seen them.
func (s *Store) AlertsAmong(ctx context.Context, kinds []string, first, last int64, limit int) (list []Alert, err error) {
	condition, args := ofKinds(kinds)
	err = s.rows(ctx, "SELECT "+alertColumns+" FROM alert a WHERE a.n BETWEEN ? AND ? AND "+condition+" ORDER BY a.n LIMIT ?", append(append([]any{first, last}, args...), limit),
		func(rows *sql.Rows) error {
			a, err := scanAlert(rows)
			list = append(list, a)
			return err
		})
	return list, err
}

// TargetRecord is how a target has been doing.
type TargetRecord struct {
	Failures    int    // tries that did not succeed since the last that did
	GivenUp     int    // deliveries given up since then
	DeliveredAt string // empty: nothing has been delivered
}

// TargetRecords says how each target has been doing, by its id. Those of which nothing is known are left out.
func (s *Store) TargetRecords(ctx context.Context) (map[string]TargetRecord, error) {
	all := map[string]TargetRecord{}
	err := s.rows(ctx, `SELECT d.target, SUM(CASE WHEN d.state IN ('retrying', 'given_up') AND d.n > COALESCE(l.n, -1) THEN 1 ELSE 0 END),
		SUM(CASE WHEN d.state = 'given_up' AND d.n > COALESCE(l.n, -1) THEN 1 ELSE 0 END), COALESCE(MAX(CASE WHEN d.state = 'delivered' THEN d.recorded_at END), '')
		FROM delivery_step d LEFT JOIN (SELECT target, MAX(n) AS n FROM delivery_step WHERE state = 'delivered' GROUP BY target) l ON l.target = d.target
		GROUP BY d.target`, nil, func(rows *sql.Rows) error {
		var target string
		var r TargetRecord
		err := rows.Scan(&target, &r.Failures, &r.GivenUp, &r.DeliveredAt)
		all[target] = r
		return err
	})
	return all, err
}

// DeliveryCounts counts deliveries by how they stand.
func (s *Store) DeliveryCounts(ctx context.Context) (map[string]int64, error) {
	counts := map[string]int64{}
	err := s.rows(ctx, "SELECT state, COUNT(*) FROM delivery_step d WHERE "+newestDelivery+" GROUP BY state", nil, func(rows *sql.Rows) error {
		var state string
		var n int64
		err := rows.Scan(&state, &n)
		counts[state] = n
		return err
	})
	return counts, err
}

// deliveryQueue is the queue of deliveries: they do not wait for files that are screened.
const deliveryQueue = "delivery"

// deliveryArgs is what the queue keeps of a delivery.
type deliveryArgs struct {
	ID string `json:"id"`
}

// Kind names deliveries in the queue.
func (deliveryArgs) Kind() string { return "deliver" }

// Delivering makes a try at the delivery of an id, and says after how long it is to be called again; zero: no more.
type Delivering func(ctx context.Context, id string) (again time.Duration, err error)

// courier makes deliveries of the queue.
type courier struct {
	river.WorkerDefaults[deliveryArgs]
	deliver Delivering
}

// Work makes one try. One that is given up since the process stops is made again at the next start.
func (c *courier) Work(ctx context.Context, job *river.Job[deliveryArgs]) error {
	again, err := c.deliver(ctx, job.Args.ID)
	switch {
	case err != nil && ctx.Err() != nil:
		return river.JobSnooze(0)
	case err != nil:
		return err
	case again > 0:
		return river.JobSnooze(again)
	}
	return nil
}

// Timeout bounds a try with all that belongs to it; the try itself has less.
func (c *courier) Timeout(*river.Job[deliveryArgs]) time.Duration { return 2 * time.Minute }
