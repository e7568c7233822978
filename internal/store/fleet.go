package store

import (
	"context"
	"crypto/x509"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
)

// States of a run, and of a shard.
const (
	RunCutting   = "cutting" // its input is still being cut
	RunCut       = "cut"
	RunCancelled = "cancelled"

	ShardOpen     = "open"
	ShardDone     = "done"
	ShardSetAside = "set_aside"
)

// FleetRun is a screening that workers share.
type FleetRun struct {
	ID          string
	Name        string // of the files
	Question    string // JSON
	Stamp       string // of version and law, which a worker must have
	State       string
	SubmittedAt string
}

// FleetShard is a part of an input and what has become of it.
type FleetShard struct {
	Name    string
	Stamp   string
	Rows    int
	State   string
	Begun   int    // how often a worker has begun it
	Result  string // digest; empty: there is none
	Problem string // empty: it was not set aside
}

// FleetCount is how far a run is.
type FleetCount struct {
	Shards, Done, SetAside int
	Rows, DoneRows         int
	Lately                 int // rows done since a given time
}

// Fleet is the record of screenings that many workers share. It keeps no log and needs no key, so that a worker gets along with the rights to read and
// change its three tables.
type Fleet struct{ s Store }

// OpenFleet opens the record. With migrate the schema is brought up to date, for which the database must allow it.
func OpenFleet(ctx context.Context, address string, now func() time.Time, migrate bool) (*Fleet, error) {
	f := &Fleet{Store{now: now}}
	err := f.s.connect(address)
	if err == nil && migrate {
		err = f.s.migrate(ctx)
	} else if err == nil {
		err = f.check(ctx)
	}
	if err != nil {
		if f.s.db != nil {
			f.s.db.Close()
		}
		return nil, fmt.Errorf("%s: %w", redacted(address), remedied(err))
	}
	if f.s.engine == goose.DialectSQLite3 {
		f.s.db.SetMaxOpenConns(1) // writers of one process wait here and not for the lock of the file
	}
	return f, nil
}

// check says whether the tables are there.
func (f *Fleet) check(ctx context.Context) error {
	var n int
	err := f.s.query(ctx, "SELECT COUNT(*) FROM fleet_run").Scan(&n)
	if codeOf(err) == undefinedTable || err != nil && !f.s.postgres() {
		err = fmt.Errorf("the tables of the fleet cannot be read; lodestone fleet submit makes them: %w", err)
	}
	return err
}

// Codes of PostgreSQL.
const (
	undefinedTable = "42P01"
	lacksRight     = "42501"
	wrongPassword  = "28" // the class of what is wrong with user or password
)

func codeOf(err error) string {
	var p *pgconn.PgError
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}

// ErrDenied says that the user of the database lacks a right, which does not come by waiting.
var ErrDenied = errors.New("the user of --db lacks a right; docs/scale.md lists those that each needs")

func denied(err error) error {
	if codeOf(err) == lacksRight {
		return fmt.Errorf("%w: %w", ErrDenied, err)
	}
	return err
}

// remedied says of an error of the first connection what is to be done about it.
func remedied(err error) error {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	switch {
	case errors.As(err, &unknown):
		return fmt.Errorf("name the certificate of its authority in --db, sslrootcert=FILE: %w", err)
	case errors.As(err, &name):
		return fmt.Errorf("name the server in --db as its certificate does: %w", err)
	case strings.HasPrefix(codeOf(err), wrongPassword):
		return fmt.Errorf("look at user, password and sslmode in --db: %w", err)
	}
	return denied(err)
}

// Close closes the database.
func (f *Fleet) Close() error { return f.s.db.Close() }

// AddRun records a run whose input is being cut.
func (f *Fleet) AddRun(ctx context.Context, r FleetRun) error {
	return f.exec(ctx, `INSERT INTO fleet_run (id, name, question, stamp, state, submitted_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
		r.ID, r.Name, r.Question, r.Stamp, RunCutting, f.at())
}

// Cut records that all of a run's input is cut.
func (f *Fleet) Cut(ctx context.Context, run string) error {
	return f.exec(ctx, "UPDATE fleet_run SET state = ? WHERE id = ? AND state = ?", RunCut, run, RunCutting)
}

// Cancel ends a run that nobody wants any more.
func (f *Fleet) Cancel(ctx context.Context, run string) error {
	return f.exec(ctx, "UPDATE fleet_run SET state = ? WHERE id = ?", RunCancelled, run)
}

const runColumns = "SELECT id, name, question, stamp, state, submitted_at FROM fleet_run"

func scanRun(row interface{ Scan(...any) error }) (r FleetRun, err error) {
	err = row.Scan(&r.ID, &r.Name, &r.Question, &r.Stamp, &r.State, &r.SubmittedAt)
	return r, denied(noneIf(err))
}

// Run gives a run, or ErrNone.
func (f *Fleet) Run(ctx context.Context, id string) (FleetRun, error) {
	return scanRun(f.s.query(ctx, runColumns+" WHERE id = ?", id))
}

// Runs lists the newest runs, newest first.
func (f *Fleet) Runs(ctx context.Context, limit int) (list []FleetRun, err error) {
	err = f.rows(ctx, runColumns+" ORDER BY submitted_at DESC, id DESC LIMIT ?", []any{limit}, func(rows *sql.Rows) error {
		r, err := scanRun(rows)
		list = append(list, r)
		return err
	})
	return list, err
}

const shardColumns = "s.name, s.stamp, s.rows, s.state, s.begun, s.result, s.problem"

func scanShard(row interface{ Scan(...any) error }) (s FleetShard, err error) {
	err = row.Scan(&s.Name, &s.Stamp, &s.Rows, &s.State, &s.Begun, &s.Result, &s.Problem)
	return s, denied(noneIf(err))
}

// Shard gives a shard, or ErrNone.
func (f *Fleet) Shard(ctx context.Context, name string) (FleetShard, error) {
	return scanShard(f.s.query(ctx, "SELECT "+shardColumns+" FROM fleet_shard s WHERE s.name = ?", name))
}

// AddPart records shard n of a run. A shard that is known already is left as it is; with again it is opened again.
func (f *Fleet) AddPart(ctx context.Context, run string, n int, s FleetShard, again bool) error {
	tx, err := f.s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after Commit
	known := "DO NOTHING"
	if again {
		known = "DO UPDATE SET state = excluded.state, begun = 0, result = '', problem = '', worker = '', called_at = excluded.called_at, ended_at = ''"
	}
	_, err = tx.ExecContext(ctx, f.s.numbered(`INSERT INTO fleet_shard (name, stamp, rows, state, begun, result, problem, worker, called_at, ended_at)
		VALUES (?, ?, ?, ?, 0, '', '', '', ?, '') ON CONFLICT (name) `+known), s.Name, s.Stamp, s.Rows, ShardOpen, f.at())
	if err == nil {
		_, err = tx.ExecContext(ctx, f.s.numbered("INSERT INTO fleet_part (run, n, shard) VALUES (?, ?, ?) ON CONFLICT (run, n) DO NOTHING"), run, n, s.Name)
	}
	if err != nil {
		return denied(err)
	}
	return tx.Commit()
}

// Begin records that a worker begins a shard, and gives the shard as it is then, or ErrNone. A shard that has ended, or that only cancelled runs hold, is
// not begun: wanted is false.
func (f *Fleet) Begin(ctx context.Context, name string) (s FleetShard, wanted bool, err error) {
	n, err := f.changed(ctx, `UPDATE fleet_shard SET begun = begun + 1, called_at = ? WHERE name = ? AND state = ?
		AND EXISTS (SELECT 1 FROM fleet_part p JOIN fleet_run r ON r.id = p.run WHERE p.shard = fleet_shard.name AND r.state <> ?)`,
		f.at(), name, ShardOpen, RunCancelled)
	if err == nil {
		s, err = f.Shard(ctx, name)
	}
	return s, n > 0, err
}

// Leave takes the beginning of an open shard back.
func (f *Fleet) Leave(ctx context.Context, name string) error {
	return f.exec(ctx, "UPDATE fleet_shard SET begun = begun - 1 WHERE name = ? AND state = ? AND begun > 0", name, ShardOpen)
}

// Finish records the result of a shard that is open.
func (f *Fleet) Finish(ctx context.Context, name, result, worker string) error {
	return f.exec(ctx, "UPDATE fleet_shard SET state = ?, result = ?, worker = ?, ended_at = ? WHERE name = ? AND state = ?", ShardDone, result, worker,
		f.at(), name, ShardOpen)
}

// SetAside records why an open shard cannot be answered.
func (f *Fleet) SetAside(ctx context.Context, name, problem, worker string) error {
	return f.exec(ctx, "UPDATE fleet_shard SET state = ?, problem = ?, worker = ?, ended_at = ? WHERE name = ? AND state = ?", ShardSetAside, problem, worker,
		f.at(), name, ShardOpen)
}

// Call notes that workers are called to an open shard, unless they were after a time: then another has done so.
func (f *Fleet) Call(ctx context.Context, name string, before time.Time) (bool, error) {
	n, err := f.changed(ctx, "UPDATE fleet_shard SET called_at = ? WHERE name = ? AND state = ? AND called_at < ?", f.at(), name, ShardOpen, stamp(before))
	return n > 0, err
}

// Overdue lists open shards to which nobody was called since a time, longest first.
func (f *Fleet) Overdue(ctx context.Context, mark string, before time.Time, limit int) (names []string, err error) {
	err = f.rows(ctx, `SELECT s.name FROM fleet_shard s WHERE s.stamp = ? AND s.state = ? AND s.called_at < ?
		AND EXISTS (SELECT 1 FROM fleet_part p JOIN fleet_run r ON r.id = p.run WHERE p.shard = s.name AND r.state <> ?)
		ORDER BY s.called_at LIMIT ?`, []any{mark, ShardOpen, stamp(before), RunCancelled, limit}, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		names = append(names, name)
		return err
	})
	return names, err
}

// Parts lists the shards of a run from number n on, in order.
func (f *Fleet) Parts(ctx context.Context, run string, n, limit int) (list []FleetShard, err error) {
	err = f.rows(ctx, "SELECT "+shardColumns+" FROM fleet_part p JOIN fleet_shard s ON s.name = p.shard WHERE p.run = ? AND p.n >= ? ORDER BY p.n LIMIT ?",
		[]any{run, n, limit}, func(rows *sql.Rows) error {
			s, err := scanShard(rows)
			list = append(list, s)
			return err
		})
	return list, err
}

// SetAsides lists the shards of a run that were set aside, in order.
func (f *Fleet) SetAsides(ctx context.Context, run string, limit int) (list []FleetShard, err error) {
	err = f.rows(ctx, "SELECT "+shardColumns+` FROM fleet_part p JOIN fleet_shard s ON s.name = p.shard WHERE p.run = ? AND s.state = ? ORDER BY p.n LIMIT ?`,
		[]any{run, ShardSetAside, limit}, func(rows *sql.Rows) error {
			s, err := scanShard(rows)
			list = append(list, s)
			return err
		})
	return list, err
}

// Count says how far a run is.
func (f *Fleet) Count(ctx context.Context, run string, since time.Time) (c FleetCount, err error) {
	err = f.s.query(ctx, `SELECT COUNT(*), COALESCE(SUM(CASE WHEN s.state = 'done' THEN 1 ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN s.state = 'set_aside' THEN 1 ELSE 0 END), 0), COALESCE(SUM(s.rows), 0),
		COALESCE(SUM(CASE WHEN s.state <> 'open' THEN s.rows ELSE 0 END), 0), COALESCE(SUM(CASE WHEN s.ended_at >= ? THEN s.rows ELSE 0 END), 0)
		FROM fleet_part p JOIN fleet_shard s ON s.name = p.shard WHERE p.run = ?`, stamp(since), run).
		Scan(&c.Shards, &c.Done, &c.SetAside, &c.Rows, &c.DoneRows, &c.Lately)
	return c, denied(err)
}

// Unanswered lists runs that hold open shards and are not cancelled, oldest first.
func (f *Fleet) Unanswered(ctx context.Context, limit int) (list []FleetRun, err error) {
	err = f.rows(ctx, runColumns+` r WHERE state <> ? AND EXISTS (SELECT 1 FROM fleet_part p JOIN fleet_shard s ON s.name = p.shard WHERE p.run = r.id AND s.state = ?)
		ORDER BY submitted_at LIMIT ?`, []any{RunCancelled, ShardOpen, limit}, func(rows *sql.Rows) error {
		r, err := scanRun(rows)
		list = append(list, r)
		return err
	})
	return list, err
}

func (f *Fleet) at() string { return stamp(f.s.now()) }

func (f *Fleet) exec(ctx context.Context, statement string, args ...any) error {
	_, err := f.changed(ctx, statement, args...)
	return err
}

// changed runs a statement and says how many rows it has changed.
func (f *Fleet) changed(ctx context.Context, statement string, args ...any) (int64, error) {
	r, err := f.s.db.ExecContext(ctx, f.s.numbered(statement), args...)
	if err != nil {
		return 0, denied(err)
	}
	return r.RowsAffected()
}

// rows runs a query and calls each for each row.
func (f *Fleet) rows(ctx context.Context, statement string, args []any, each func(*sql.Rows) error) error {
	return denied(f.s.rows(ctx, statement, args, each))
}
