package store

import (
	"context"
	"database/sql"
	"strings"
)

// Alert is something that people should look at.
type Alert struct {
	ID         string
	N          int64  // its entry in the log
	Cause      string // one and the same where one and the same thing is noticed twice
	Kind       string // names the sentence
	Subject    string // what it is about: kind of thing, a stroke, its id
	Facts      string // canonical JSON: what is filled into the sentence
	RecordedAt string
	RecordedBy string
	Acks       []Ack // oldest first
}

// Ack says that somebody has seen an alert.
type Ack struct {
	Alert      string
	Person     string
	N          int64  // its entry in the log
	Note       string // empty: none
	RecordedAt string
}

const (
	kindAlert = "alert.new"
	kindAck   = "alert.ack"
)

// digest is over what the entry of the log vouches for.
func (a *Alert) digest() string {
	return Digest(strings.Join([]string{a.Kind, a.Subject, Digest(a.Cause), Digest(a.Facts)}, "\n"))
}

const alertColumns = "a.id, a.n, a.cause, a.kind, a.subject, a.facts, a.recorded_at, a.recorded_by"

func scanAlert(row interface{ Scan(...any) error }) (a Alert, err error) {
	err = row.Scan(&a.ID, &a.N, &a.Cause, &a.Kind, &a.Subject, &a.Facts, &a.RecordedAt, &a.RecordedBy)
	return a, noneIf(err)
}

// PutAlert records an alert, unless one of the same cause was recorded: then it becomes that one, and is not fresh. ID, N and RecordedAt are filled in.
func (tx *Tx) PutAlert(a *Alert) (fresh bool, err error) {
	first, err := scanAlert(tx.query("SELECT "+alertColumns+" FROM alert a WHERE a.cause = ?", a.Cause))
	if err == nil {
		*a = first
		return false, nil
	}
	if err != ErrNone {
		return false, err
	}
	a.ID, a.RecordedAt = NewID(), stamp(tx.At)
	if a.N, err = tx.Log(Entry{Who: a.RecordedBy, Kind: kindAlert, Subject: a.ID, Digest: a.digest(), Note: a.Kind}); err != nil {
		return false, err
	}
	return true, tx.exec("INSERT INTO alert (id, n, cause, kind, subject, facts, recorded_at, recorded_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		a.ID, a.N, a.Cause, a.Kind, a.Subject, a.Facts, a.RecordedAt, a.RecordedBy)
}

// AckAlert records that a person has seen an alert; the second time changes nothing. ErrNone: there is no such alert.
func (tx *Tx) AckAlert(k *Ack) error {
	if _, err := scanAlert(tx.query("SELECT "+alertColumns+" FROM alert a WHERE a.id = ?", k.Alert)); err != nil {
		return err
	}
	var n int
	if err := tx.query("SELECT COUNT(*) FROM alert_ack WHERE alert = ? AND person = ?", k.Alert, k.Person).Scan(&n); n > 0 || err != nil {
		return err
	}
	k.RecordedAt = stamp(tx.At)
	var err error
	if k.N, err = tx.Log(Entry{Who: k.Person, Kind: kindAck, Subject: k.Alert, Digest: Digest(k.Note)}); err != nil {
		return err
	}
	return tx.exec("INSERT INTO alert_ack (alert, person, n, note, recorded_at) VALUES (?, ?, ?, ?, ?)", k.Alert, k.Person, k.N, k.Note, k.RecordedAt)
}

// AlertQuery says which alerts are wanted; zero values mean all.
type AlertQuery struct {
	Kind    string // only of this kind, or of the kinds that begin with it and a point
	Subject string // only about this
	Unseen  string // id of a person: only those that this person has not acknowledged
	Before  int64  // before this place in the log
	After   int64  // after this place in the log, and then oldest first
	Limit   int    // needed
}

// Alert gives an alert, or ErrNone.
func (s *Store) Alert(ctx context.Context, id string) (Alert, error) {
	a, err := scanAlert(s.query(ctx, "SELECT "+alertColumns+" FROM alert a WHERE a.id = ?", id))
	if err != nil {
		return a, err
	}
	list := []Alert{a}
	err = s.readAcks(ctx, list)
	return list[0], err
}

// Alerts lists alerts, newest first, or after a place oldest first.
func (s *Store) Alerts(ctx context.Context, q AlertQuery) (list []Alert, err error) {
	where, args, order := []string{"1 = 1"}, []any{}, "DESC"
	only := func(condition string, values ...any) {
		where, args = append(where, condition), append(args, values...)
	}
	if q.Kind != "" {
		only("(a.kind = ? OR SUBSTR(a.kind, 1, LENGTH(?)) = ?)", q.Kind, q.Kind+".", q.Kind+".")
	}
	if q.Subject != "" {
		only("a.subject = ?", q.Subject)
	}
	if q.Unseen != "" {
		only("NOT EXISTS (SELECT 1 FROM alert_ack k WHERE k.alert = a.id AND k.person = ?)", q.Unseen)
	}
	if q.Before != 0 {
		only("a.n < ?", q.Before)
	}
	if q.After != 0 {
		only("a.n > ?", q.After)
		order = "ASC"
	}
	statement := "SELECT " + alertColumns + " FROM alert a WHERE " + strings.Join(where, " AND ") + " ORDER BY a.n " + order + " LIMIT ?"
	err = s.rows(ctx, statement, append(args, q.Limit), func(rows *sql.Rows) error {
		a, err := scanAlert(rows)
		list = append(list, a)
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, s.readAcks(ctx, list)
}

// readAcks fills in who has seen the alerts of a page.
func (s *Store) readAcks(ctx context.Context, list []Alert) error {
	if len(list) == 0 {
		return nil
	}
	at, low, high := map[string]int{}, list[0].N, list[0].N
	for i, a := range list {
		at[a.ID], low, high = i, min(low, a.N), max(high, a.N)
	}
	return s.rows(ctx, `SELECT k.alert, k.person, k.n, k.note, k.recorded_at FROM alert_ack k JOIN alert a ON a.id = k.alert
		WHERE a.n BETWEEN ? AND ? ORDER BY k.n`, []any{low, high}, func(rows *sql.Rows) error {
		k, err := scanAck(rows)
		if i, ok := at[k.Alert]; ok && err == nil {
			list[i].Acks = append(list[i].Acks, k)
		}
		return err
	})
}

func scanAck(row interface{ Scan(...any) error }) (k Ack, err error) {
	return k, row.Scan(&k.Alert, &k.Person, &k.N, &k.Note, &k.RecordedAt)
}
