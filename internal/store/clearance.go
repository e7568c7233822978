package store

import (
	"context"
	"database/sql"
	"strings"
)

// Clearance is a hit on a party list that a person looked into and set aside.
type Clearance struct {
	ID          string
	N           int64  // its entry in the log
	Query       string // the name asked for
	List        string
	Name        string // primary name of the listing
	MatchedName string
	Measure     string
	Reason      string
	Until       string // last day
	RecordedAt  string
	RecordedBy  string // id of a person
}

// PutClearance records a clearance; ID, N and RecordedAt are filled in.
func (tx *Tx) PutClearance(c *Clearance) (err error) {
	c.ID, c.RecordedAt = NewID(), stamp(tx.At)
	digest := Digest(strings.Join([]string{c.Query, c.List, c.Name, c.MatchedName, c.Measure, c.Reason, c.Until}, "\n"))
	c.N, err = tx.Log(Entry{Who: c.RecordedBy, Kind: "party.cleared", Subject: c.ID, Digest: digest})
	if err != nil {
		return err
	}
	return tx.exec("INSERT INTO clearance ("+clearanceColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		c.ID, c.N, c.Query, c.List, c.Name, c.MatchedName, c.Measure, c.Reason, c.Until, c.RecordedAt, c.RecordedBy)
}

const clearanceColumns = "id, n, query, list, name, matched_name, measure, reason, until, recorded_at, recorded_by"

// Clearances lists all clearances, oldest first.
func (s *Store) Clearances(ctx context.Context) (list []Clearance, err error) {
	err = s.rows(ctx, "SELECT "+clearanceColumns+" FROM clearance ORDER BY n", nil, func(rows *sql.Rows) error {
		var c Clearance
		err := rows.Scan(&c.ID, &c.N, &c.Query, &c.List, &c.Name, &c.MatchedName, &c.Measure, &c.Reason, &c.Until, &c.RecordedAt, &c.RecordedBy)
		list = append(list, c)
		return err
	})
	return list, err
}
