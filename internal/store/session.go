package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"time"
)

// Sessions keeps sessions for the session library. They are the one thing that is overwritten and removed, and are not in the log.
type Sessions struct{ s *Store }

// Sessions gives the place of sessions.
func (s *Store) Sessions() Sessions { return Sessions{s} }

// FindCtx gives the data of a session that has not expired.
func (x Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var data string
	err := x.s.query(ctx, "SELECT data FROM session WHERE token = ? AND expires > ?", token, stamp(x.s.now())).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	b, err := base64.StdEncoding.DecodeString(data)
	return b, err == nil, err
}

// CommitCtx keeps the data of a session, and drops some of those that have expired.
func (x Sessions) CommitCtx(ctx context.Context, token string, data []byte, expires time.Time) error {
	return x.s.Write(ctx, func(tx *Tx) error {
		if err := tx.exec("DELETE FROM session WHERE token = ? OR token IN (SELECT token FROM session WHERE expires <= ? LIMIT 100)", token, stamp(tx.At)); err != nil {
			return err
		}
		return tx.exec("INSERT INTO session (token, data, expires) VALUES (?, ?, ?)", token, base64.StdEncoding.EncodeToString(data), stamp(expires))
	})
}

// DeleteCtx ends a session.
func (x Sessions) DeleteCtx(ctx context.Context, token string) error {
	return x.s.Write(ctx, func(tx *Tx) error { return tx.exec("DELETE FROM session WHERE token = ?", token) })
}

// Find, Commit and Delete are what the library asks for beside the above; it does not call them.
func (x Sessions) Find(token string) ([]byte, bool, error) {
	return x.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (x Sessions) Commit(token string, data []byte, expires time.Time) error {
	return x.CommitCtx(context.Background(), token, data, expires)
}

// Delete is DeleteCtx without a context.
func (x Sessions) Delete(token string) error { return x.DeleteCtx(context.Background(), token) }
