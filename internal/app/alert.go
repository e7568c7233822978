package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"lodestone/internal/report"
	"lodestone/internal/store"
)

// newAlert makes an alert of the program itself. Cause is one and the same where one and the same thing is noticed twice; kind names the sentence of the
// catalogues of texts, alert.KIND, into which the facts are filled.
func newAlert(kind, subject, cause string, facts map[string]string) store.Alert {
	text, err := json.Marshal(facts)
	if err != nil { // texts always can be
		panic(err)
	}
	return store.Alert{Kind: kind, Subject: subject, Cause: cause, Facts: string(text), RecordedBy: store.Instance}
}

// alertsAtOnce bounds the alerts of one transaction; there is room left for a delivery to each target.
const alertsAtOnce = 80

// Raise records alerts, each cause once, and queues those that are new to be delivered.
func (i *Instance) Raise(ctx context.Context, alerts ...store.Alert) error {
	targets, err := i.store.Targets(ctx)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(alerts, alertsAtOnce) {
		err := i.store.Write(ctx, func(tx *store.Tx) error {
			var fresh []*store.Alert
			for n := range some {
				if is, err := tx.PutAlert(&some[n]); err != nil {
					return err
				} else if is {
					fresh = append(fresh, &some[n])
				}
			}
			return i.announce(tx, targets, fresh)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// AlertQuery says which alerts are wanted; zero values mean all.
type AlertQuery struct {
	Kind    string // only of this kind, or of the kinds that begin with it and a point
	Subject string // only about this
	Unseen  bool   // only those that the asker has not acknowledged
	Before  int64  // before this place in the log
	After   int64  // after this place in the log, and then oldest first
	Limit   int    // needed
	Lang    string // of the sentences
}

// Alerts lists alerts, newest first, or after a place oldest first.
func (i *Instance) Alerts(ctx context.Context, by *Actor, q AlertQuery) ([]report.Alert, error) {
	s := store.AlertQuery{Kind: q.Kind, Subject: q.Subject, Before: q.Before, After: q.After, Limit: q.Limit}
	if q.Unseen {
		s.Unseen = by.Person
	}
	all, err := i.store.Alerts(ctx, s)
	list := make([]report.Alert, len(all))
	for n := range all {
		var e error
		if list[n], e = alertOf(&all[n], q.Lang); e != nil && err == nil {
			err = e
		}
	}
	return list, err
}

// Acknowledge records that somebody has seen an alert.
func (i *Instance) Acknowledge(ctx context.Context, by *Actor, id, note, lang string) (report.Alert, error) {
	if len(note) > maxNote {
		return report.Alert{}, invalid("note", "give up to %d bytes", maxNote)
	}
	err := i.store.Write(ctx, func(tx *store.Tx) error { return tx.AckAlert(&store.Ack{Alert: id, Person: by.Person, Note: note}) })
	if err != nil {
		return report.Alert{}, unknownIf(err)
	}
	a, err := i.store.Alert(ctx, id)
	if err != nil {
		return report.Alert{}, err
	}
	return alertOf(&a, lang)
}

// maxNote bounds what a person writes to an acknowledgement.
const maxNote = 2000

func alertOf(a *store.Alert, lang string) (report.Alert, error) {
	doc := report.Alert{ID: a.ID, N: a.N, Kind: a.Kind, Subject: a.Subject, Seen: []report.AlertSeen{}, RecordedAt: a.RecordedAt, RecordedBy: a.RecordedBy}
	if err := json.Unmarshal([]byte(a.Facts), &doc.Facts); err != nil {
		return doc, fmt.Errorf("alert %s: %w", a.ID, err)
	}
	doc.Text = report.AlertText(lang, a.Kind, doc.Facts)
	for _, k := range a.Acks {
		doc.Seen = append(doc.Seen, report.AlertSeen{Person: k.Person, At: k.RecordedAt, Note: k.Note})
	}
	return doc, nil
}
