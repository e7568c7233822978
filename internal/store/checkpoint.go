package store

import (
	"context"
	"time"
)

// SQLite writes what is new to a file beside the database, and brings it home from time to time, which waits for the disk. Here that is not done by
// whoever commits next, for all others wait for that one, but on a connection of its own.

const (
	bringHomeEvery = time.Second
	longWAL        = 16_384 // pages, 64 MB: from here on writing pauses for a moment so that the file can begin anew
)

// bringHome keeps the file of new pages short until the store is closed.
func (s *Store) bringHome(ctx context.Context) {
	t := time.NewTicker(bringHomeEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		var busy, pages, home int
		err := s.db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &pages, &home)
		if err == nil && pages > longWAL && home < pages { // an error comes back where somebody writes or reads
			select {
			case s.pause <- struct{}{}:
			default:
			}
		}
	}
}

// bringRestHome is done between two transactions: what was written since the last time is little.
func (w *writer) bringRestHome() {
	if w.conn != nil {
		var busy, pages, home int
		_ = w.conn.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &pages, &home) // done again later where it fails
	}
}
