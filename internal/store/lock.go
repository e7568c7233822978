package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Lock keeps other servers away from a data folder until it is closed or the process dies: a lock of the operating system, held by way of a
// small database file.
func Lock(ctx context.Context, dir string) (io.Closer, error) {
	l, err := LockFor(ctx, dir, "another server")
	if errors.Is(err, errInUse) {
		err = fmt.Errorf("%w; stop that one, or give another --data", err)
	}
	return l, err
}

var errInUse = errors.New("is in use")

// LockFor keeps others of a kind away from a folder.
func LockFor(ctx context.Context, dir, others string) (io.Closer, error) {
	db, err := sql.Open("sqlite", filepath.Join(dir, "lock.db"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if _, err = db.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
		db.Close()
		if e := (*sqlite.Error)(nil); errors.As(err, &e) && e.Code() == sqlite3.SQLITE_BUSY {
			return nil, fmt.Errorf("%s %w by %s", dir, errInUse, others)
		}
		return nil, fmt.Errorf("%s cannot be written: %w", dir, err)
	}
	return db, nil
}
