package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Counts say how a database stands.
type Counts struct {
	Queued, Running int64         // jobs
	Waited          time.Duration // since the job that waits longest was queued; zero: none waits
	Entries         int64         // of the log
	Transactions    int64         // committed since it was opened
}

// Counts looks how the database stands.
func (s *Store) Counts(ctx context.Context) (Counts, error) {
	c := Counts{Transactions: s.commits.Load()}
	err := s.query(ctx, "SELECT COALESCE(MAX(n) + 1, 0) FROM log_entry").Scan(&c.Entries)
	if err != nil {
		return c, err
	}
	err = s.rows(ctx, `SELECT s.state, COUNT(*), MIN(s.recorded_at) FROM job_state s WHERE s.state IN ('queued', 'running')
		AND NOT EXISTS (SELECT 1 FROM job_state q WHERE q.job = s.job AND q.version > s.version) GROUP BY s.state`, nil, func(rows *sql.Rows) error {
		var state, since string
		var n int64
		if err := rows.Scan(&state, &n, &since); err != nil {
			return err
		}
		if state == Running {
			c.Running = n
			return nil
		}
		from, err := time.Parse(time.RFC3339, since)
		c.Queued, c.Waited = n, s.now().Sub(from)
		return err
	})
	return c, err
}

// errTakenBack undoes what Writable writes.
var errTakenBack = errors.New("taken back")

// Writable writes to the database and takes that back. It goes the way of all writing, so it finds out as well whether that way is open.
func (s *Store) Writable(ctx context.Context) error {
	select {
	case s.probe <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	found := make(chan error, 1)
	go func() {
		defer func() { <-s.probe }()
		var wrote error
		err := s.Write(ctx, func(tx *Tx) error {
			wrote = tx.exec("INSERT INTO session (token, data, expires) VALUES (?, ?, ?)", NewID(), "", stamp(tx.At))
			return errTakenBack
		})
		if errors.Is(err, errTakenBack) {
			err = wrote
		}
		found <- err
	}()
	select {
	case err := <-found:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
