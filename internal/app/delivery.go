package app

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/netip"
	"slices"
	"strings"
	"time"

	"lodestone/internal/delivery"
	"lodestone/internal/report"
	"lodestone/internal/store"
)

// Outward says how alerts leave the house. The zero value: no mail is sent, webhooks go to the public network alone, and messages carry no link.
type Outward struct {
	Mail     *delivery.MailServer // nil: there is none
	Networks []netip.Prefix       // that are not public and may be sent webhooks all the same
	Base     string               // address under which people reach the server; empty: not known
}

// deliveryPace is how fast deliveries go.
type deliveryPace struct {
	mail   time.Duration   // from the first alert to the mail, which takes those that come meanwhile
	hook   time.Duration   // the same of a webhook
	paused time.Duration   // until it is looked again whether a target goes on
	waits  []time.Duration // after each try that does not succeed; one more ends the delivery
}

var usualPace = deliveryPace{mail: time.Minute, hook: 5 * time.Second, paused: 30 * time.Second,
	waits: []time.Duration{30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour}}

// Bounds of deliveries.
const (
	mostTargets = 20
	hookAlerts  = 100 // in one webhook; of more, the next one follows at once
	mailAlerts  = 50  // that stand in one mail; of more it says how many
	tryWithin   = 30 * time.Second
	failingFrom = 3 // tries that failed one after another
)

func isHook(address string) bool { return strings.Contains(address, "://") }

// AddTarget has alerts go to a mail address or to a webhook from now on: those of some kinds, or of those that begin with one of them and a point; none: all.
// The secret of a webhook is shown this once.
func (i *Instance) AddTarget(ctx context.Context, by *Actor, address, lang string, kinds []string) (report.DeliveryTarget, error) {
	t := store.Target{Address: strings.TrimSpace(address), Lang: lang, State: store.Active, RecordedBy: by.Person}
	if err := checkTarget(&t, kinds); err != nil {
		return report.DeliveryTarget{}, err
	}
	all, err := i.store.Targets(ctx)
	if err != nil {
		return report.DeliveryTarget{}, err
	}
	switch {
	case len(all) >= mostTargets:
		return report.DeliveryTarget{}, conflict("there are %d targets already; end one", len(all))
	case slices.ContainsFunc(all, func(x store.Target) bool { return x.Address == t.Address }):
		return report.DeliveryTarget{}, conflict("alerts go there already; end that target first")
	}
	err = i.store.Write(ctx, func(tx *store.Tx) error {
		if err := allowed(tx, by, Govern); err != nil {
			return err
		}
		return tx.PutTarget(&t)
	})
	doc := targetOf(&t, store.TargetRecord{})
	if err != nil || !isHook(t.Address) {
		return doc, err
	}
	secret, err := i.hookSecret(t.ID)
	doc.Secret = delivery.SecretText(secret)
	return doc, err
}

func checkTarget(t *store.Target, kinds []string) error {
	check := delivery.CheckMail
	if isHook(t.Address) {
		check = delivery.CheckHook
	}
	if err := check(t.Address); err != nil {
		return InvalidBy("address", err)
	}
	if !slices.Contains(report.Languages, t.Lang) {
		return invalid("lang", "give one of %s", strings.Join(report.Languages, ", "))
	}
	known := report.AlertKinds()
	for _, k := range kinds {
		if !slices.ContainsFunc(known, func(x string) bool { return x == k || strings.HasPrefix(x, k+".") }) {
			return invalid("kinds", "%q is no kind of alert; there are %s", k, strings.Join(known, ", "))
		}
	}
	if len(kinds) > len(known) {
		return invalid("kinds", "name each kind once")
	}
	if t.Kinds = strings.Join(kinds, " "); t.Kinds != "" {
		t.Kinds = " " + t.Kinds + " "
	}
	return nil
}

// hookSecret is the secret of a webhook: it follows from the key of the instance, so no database holds it.
func (i *Instance) hookSecret(target string) ([]byte, error) {
	return hkdf.Key(sha256.New, i.key.Seed(), nil, "lodestone webhook "+target, sha256.Size)
}

// SetTarget pauses a target, has it go on, or ends it. What comes while it is paused waits, and goes out when it goes on.
func (i *Instance) SetTarget(ctx context.Context, by *Actor, id, state string) (report.DeliveryTarget, error) {
	if state != store.Active && state != store.Paused && state != store.TargetEnded {
		return report.DeliveryTarget{}, invalid("state", "give %s, %s or %s", store.Active, store.Paused, store.TargetEnded)
	}
	var t store.Target
	err := i.store.Write(ctx, func(tx *store.Tx) (err error) {
		if t, err = governed(tx, by, id); err != nil || t.State == state {
			return err
		}
		t.State, t.RecordedBy = state, by.Person
		return tx.PutTarget(&t)
	})
	if err != nil {
		return report.DeliveryTarget{}, err
	}
	records, err := i.store.TargetRecords(ctx)
	return targetOf(&t, records[id]), err
}

// governed is a target that has not ended, for somebody who may change it.
func governed(tx *store.Tx, by *Actor, id string) (store.Target, error) {
	if err := allowed(tx, by, Govern); err != nil {
		return store.Target{}, err
	}
	t, err := tx.Target(id)
	if err == nil && t.State == store.TargetEnded {
		err = conflict("nothing goes to this target any more; add it anew")
	}
	return t, unknownIf(err)
}

// TestTarget has a message sent that says only that it is a test, once, also to a target that is paused.
func (i *Instance) TestTarget(ctx context.Context, by *Actor, id, lang string) (report.Delivery, error) {
	d := store.DeliveryStep{Target: id, Kind: store.OfTest, RecordedBy: by.Person}
	err := i.store.Write(ctx, func(tx *store.Tx) error {
		if _, err := governed(tx, by, id); err != nil {
			return err
		}
		return tx.PutDelivery(&d, 0)
	})
	return deliveryOf(&d, []store.DeliveryStep{d}, lang), err
}

// Targets lists where alerts go, oldest first, and how that is doing.
func (i *Instance) Targets(ctx context.Context) ([]report.DeliveryTarget, error) {
	all, err := i.store.Targets(ctx)
	if err != nil {
		return nil, err
	}
	records, err := i.store.TargetRecords(ctx)
	list := make([]report.DeliveryTarget, len(all))
	for n := range all {
		list[n] = targetOf(&all[n], records[all[n].ID])
	}
	return list, err
}

func targetOf(t *store.Target, r store.TargetRecord) report.DeliveryTarget {
	doc := report.DeliveryTarget{ID: t.ID, Kind: "mail", Address: t.Address, Lang: t.Lang, Kinds: append([]string{}, strings.Fields(t.Kinds)...), State: t.State,
		Failing: r.GivenUp > 0 || r.Failures >= failingFrom, Failures: r.Failures, DeliveredAt: r.DeliveredAt, RecordedAt: t.RecordedAt, RecordedBy: t.RecordedBy}
	if isHook(t.Address) {
		doc.Kind = "webhook"
	}
	return doc
}

// Deliveries lists deliveries with their steps, the one last touched first: of a target (empty: of all), before a place in the log (zero: the newest).
func (i *Instance) Deliveries(ctx context.Context, target string, before int64, limit int, lang string) ([]report.Delivery, error) {
	all, err := i.store.Deliveries(ctx, target, before, limit)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(all))
	for n := range all {
		ids[n] = all[n].ID
	}
	steps, err := i.store.DeliverySteps(ctx, ids)
	of := map[string][]store.DeliveryStep{}
	for _, s := range steps {
		of[s.ID] = append(of[s.ID], s)
	}
	list := make([]report.Delivery, len(all))
	for n := range all {
		list[n] = deliveryOf(&all[n], of[all[n].ID], lang)
	}
	return list, err
}

func deliveryOf(d *store.DeliveryStep, steps []store.DeliveryStep, lang string) report.Delivery {
	doc := report.Delivery{ID: d.ID, N: d.N, Target: d.Target, Kind: d.Kind, State: d.State, Alerts: d.Alerts, Steps: []report.DeliveryStep{}}
	for _, s := range steps {
		doc.Steps = append(doc.Steps, report.DeliveryStep{State: s.State, At: s.RecordedAt, Try: s.Try, Problem: s.Problem, Code: s.Code, Text: report.DeliveryProblem(lang, s.Problem, s.Code)})
	}
	return doc
}

// announce queues a delivery of alerts that were recorded just now to each target that wants one of them and has none that gathers them already.
func (i *Instance) announce(tx *store.Tx, targets []store.Target, fresh []*store.Alert) error {
	for n := range targets {
		t := &targets[n]
		at := slices.IndexFunc(fresh, func(a *store.Alert) bool { return wants(t, a.Kind) })
		if at < 0 {
			continue
		}
		if gathers, err := tx.Gathers(t.ID); err != nil {
			return err
		} else if gathers {
			continue
		}
		d := store.DeliveryStep{Target: t.ID, Kind: store.OfAlerts, First: fresh[at].N, RecordedBy: store.Instance}
		if err := tx.PutDelivery(&d, i.gatherFor(t)); err != nil {
			return err
		}
	}
	return nil
}

func (i *Instance) gatherFor(t *store.Target) time.Duration {
	if isHook(t.Address) {
		return i.pace.hook
	}
	return i.pace.mail
}

// wants says whether alerts of a kind go to a target.
func wants(t *store.Target, kind string) bool {
	kinds := strings.Fields(t.Kinds)
	return len(kinds) == 0 || slices.ContainsFunc(kinds, func(k string) bool { return kind == k || strings.HasPrefix(kind, k+".") })
}

// deliver makes a try at a delivery, and says after how long it is to be called again; zero: no more.
func (i *Instance) deliver(ctx context.Context, log *slog.Logger, id string) (again time.Duration, err error) {
	var d store.DeliveryStep
	var t store.Target
	err = i.store.Write(ctx, func(tx *store.Tx) (err error) {
		d, t, err = begin(tx, id)
		return err
	})
	switch {
	case err != nil || d.Ended():
		return 0, err
	case waits(&d, &t):
		return i.pace.paused, nil
	}
	within, cancel := context.WithTimeout(ctx, tryWithin)
	defer cancel()
	err = i.send(within, &d, &t)
	var failure delivery.Failure
	switch {
	case ctx.Err() != nil: // the process stops; the try is made again at the next start
		return 0, ctx.Err()
	case err != nil && !errors.As(err, &failure):
		return 0, err
	}
	d.Try++
	d.Problem, d.Code, d.RecordedBy = string(failure.Reason), failure.Code, store.Instance
	switch {
	case err == nil:
		d.State = store.Delivered
	case failure.Final, d.Kind == store.OfTest, d.Try > len(i.pace.waits):
		d.State = store.GivenUp
	default:
		d.State, again = store.Retrying, i.pace.waits[d.Try-1]
	}
	if err != nil {
		log.Warn("delivery failed", "delivery", d.ID, "target", d.Target, "reason", failure.Error(), "try", d.Try, "state", d.State)
	}
	return again, i.store.Write(context.Background(), func(tx *store.Tx) error { return tx.PutDelivery(&d, 0) })
}

// waits says whether nothing goes out at present. A test does all the same: it finds out whether the target can go on.
func waits(d *store.DeliveryStep, t *store.Target) bool {
	return t.State == store.Paused && d.Kind == store.OfAlerts
}

// begin looks how a delivery stands, and before its first try fixes what it holds: all that has come since it was queued.
func begin(tx *store.Tx, id string) (d store.DeliveryStep, t store.Target, err error) {
	if d, err = tx.Delivery(id); err != nil || d.Ended() {
		return d, t, err
	}
	if t, err = tx.Target(d.Target); err != nil {
		return d, t, err
	}
	d.RecordedBy = store.Instance
	switch {
	case t.State == store.TargetEnded:
		d.State = store.Cancelled
	case waits(&d, &t), d.State != store.Queued:
		return d, t, nil
	default:
		d.State = store.Sending
		if d.Kind == store.OfAlerts {
			err = gather(tx, &d, &t)
		}
	}
	return d, t, errors.Join(err, tx.PutDelivery(&d, 0))
}

// gather fills in what a delivery holds. For what has no room in a webhook the next one is queued.
func gather(tx *store.Tx, d *store.DeliveryStep, t *store.Target) (err error) {
	kinds, limit := strings.Fields(t.Kinds), math.MaxInt32
	if isHook(t.Address) {
		limit = hookAlerts
	}
	if d.Alerts, d.Last, err = tx.AlertsFrom(kinds, d.First, limit); err != nil || d.Alerts < limit {
		return err
	}
	more, _, err := tx.AlertsFrom(kinds, d.Last+1, 1)
	if err != nil || more == 0 {
		return err
	}
	return tx.PutDelivery(&store.DeliveryStep{Target: t.ID, Kind: store.OfAlerts, First: d.Last + 1, RecordedBy: store.Instance}, 0)
}

// send makes one try.
func (i *Instance) send(ctx context.Context, d *store.DeliveryStep, t *store.Target) error {
	notice, err := i.noticeOf(ctx, d, t)
	if err != nil {
		return err
	}
	if !isHook(t.Address) {
		if i.Outward.Mail == nil {
			return delivery.Failure{Reason: delivery.NoServer}
		}
		at, err := time.Parse(time.RFC3339, notice.QueuedAt)
		if err != nil {
			return err
		}
		m := delivery.Message{ID: d.ID, At: at}
		m.Subject, m.Text = notice.Mail(t.Lang)
		return i.Outward.Mail.Send(ctx, t.Address, m)
	}
	body, err := json.Marshal(notice)
	if err != nil {
		return err
	}
	secret, err := i.hookSecret(t.ID)
	if err != nil {
		return err
	}
	return (&delivery.Hooks{Networks: i.Outward.Networks}).Post(ctx, t.Address, secret, d.ID, i.now(), body)
}

// noticeOf is what a delivery says, the same on every try.
func (i *Instance) noticeOf(ctx context.Context, d *store.DeliveryStep, t *store.Target) (*report.AlertNotice, error) {
	steps, err := i.store.DeliverySteps(ctx, []string{d.ID})
	if err != nil {
		return nil, err
	}
	x := &report.AlertNotice{Delivery: d.ID, Kind: d.Kind, QueuedAt: steps[0].RecordedAt, Alerts: []report.NoticedAlert{}}
	if i.Outward.Base != "" {
		x.Page = i.Outward.Base + "/alerts"
	}
	if d.Kind == store.OfTest {
		return x, nil
	}
	limit := mailAlerts
	if isHook(t.Address) {
		limit = hookAlerts
	}
	all, err := i.store.AlertsAmong(ctx, strings.Fields(t.Kinds), d.First, d.Last, limit)
	if err != nil {
		return nil, err
	}
	for n := range all {
		a, err := alertOf(&all[n], t.Lang)
		if err != nil {
			return nil, err
		}
		x.Alerts = append(x.Alerts, a.Noticed())
	}
	x.More = d.Alerts - len(all)
	return x, nil
}
