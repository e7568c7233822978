package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
)

// vouched is a row that an entry of the log vouches for.
type vouched struct {
	what string // names the row to people
	n    int64  // its entry
	want Entry  // what the entry must say; its note is not compared
}

// verifyRow compares a row with its entry.
func (s *Store) verifyRow(ctx context.Context, v vouched) error {
	var text string
	var e Entry
	err := s.query(ctx, "SELECT entry FROM log_entry WHERE n = ?", v.n).Scan(&text)
	if err == nil {
		err = json.Unmarshal([]byte(text), &e)
	}
	if err != nil || e.Subject != v.want.Subject || e.Kind != v.want.Kind {
		return errAltered(v.what + " has no entry in the log")
	}
	if v.want.Note = e.Note; e != v.want {
		return errAltered(v.what + " is not the one that was recorded")
	}
	return nil
}

// verifyNone says whether a row that an entry of a kind vouches for is gone from its table.
func (s *Store) verifyNone(ctx context.Context, table, kind string) error {
	var gone string
	err := s.query(ctx, "SELECT e.entry FROM log_entry e LEFT JOIN "+table+" t ON t.n = e.n WHERE t.n IS NULL AND e.entry LIKE ? ORDER BY e.n LIMIT 1",
		`%"kind":"`+kind+`"%`).Scan(&gone)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	var e Entry
	if err := json.Unmarshal([]byte(gone), &e); err != nil {
		return err
	}
	return errAltered(fmt.Sprintf("a row of %s about %s is gone", table, e.Subject))
}

// verifyCatalogues checks each version of each catalogue against its entry, and its file.
func (s *Store) verifyCatalogues(ctx context.Context, v *Verified, check func(digest string) error) error {
	all, err := s.catalogues(ctx, "ORDER BY n")
	if err != nil {
		return err
	}
	for i := range all {
		c := &all[i]
		v.Catalogues++
		what := fmt.Sprintf("catalogue %s, version %d,", c.ID, c.Version)
		if err := s.verifyRow(ctx, vouched{what, c.N, Entry{At: c.RecordedAt, Who: c.RecordedBy, Kind: kindCatalogue, Subject: c.ID, Digest: c.digest()}}); err != nil {
			return err
		}
		if err := check(c.Input); err != nil {
			return errAltered(what + " " + err.Error())
		}
	}
	return s.verifyNone(ctx, "catalogue", kindCatalogue)
}

// verifyAlerts checks each alert and each acknowledgement against its entry.
func (s *Store) verifyAlerts(ctx context.Context, v *Verified) error {
	for after := int64(-1); ; {
		page, err := s.Alerts(ctx, AlertQuery{After: after, Limit: 500})
		if err != nil {
			return err
		}
		if len(page) == 0 {
			break
		}
		for i := range page {
			a := &page[i]
			after = a.N
			v.Alerts++
			if err := s.verifyRow(ctx, vouched{"alert " + a.ID, a.N, Entry{At: a.RecordedAt, Who: a.RecordedBy, Kind: kindAlert, Subject: a.ID, Digest: a.digest()}}); err != nil {
				return err
			}
			for _, k := range a.Acks {
				what := "the acknowledgement of alert " + a.ID + " by " + k.Person
				if err := s.verifyRow(ctx, vouched{what, k.N, Entry{At: k.RecordedAt, Who: k.Person, Kind: kindAck, Subject: a.ID, Digest: Digest(k.Note)}}); err != nil {
					return err
				}
			}
		}
	}
	if err := s.verifyNone(ctx, "alert", kindAlert); err != nil {
		return err
	}
	return s.verifyNone(ctx, "alert_ack", kindAck)
}
