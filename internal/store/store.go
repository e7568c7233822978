// Package store keeps what people enter and what the program answered: SQLite by default, PostgreSQL by URL, one schema and one set of
// tests for both.
//
// Open gives a Store. All writing goes through Write, which hands several writers' work to the database in one transaction and appends to the
// transparency log in the same one; nothing that a person entered is overwritten. Verify proves the log. Limits: one process writes at a time to
// a SQLite file; several may to PostgreSQL.
package store

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river"
	"golang.org/x/mod/sumdb/tlog"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

//go:embed migrations
var migrations embed.FS

// Store is an open database. It may be used by several goroutines.
type Store struct {
	db      *sql.DB
	reads   *prepared
	writer  writer
	hashes  map[int64]tlog.Hash // of the log, read or written of late; the writer alone uses them
	name    string              // data source of SQLite
	queue   *river.Client[*sql.Tx]
	engine  goose.Dialect
	now     func() time.Time
	key     ed25519.PrivateKey // signs heads of the log
	writes  chan *write
	pause   chan struct{} // asks the writer to bring new pages home
	probe   chan struct{} // held by who finds out whether the database can be written
	commits atomic.Int64
	done    chan struct{}
	ending  context.CancelFunc
}

// Options say how a database is opened.
type Options struct {
	Now func() time.Time   // the clock; needed
	Key ed25519.PrivateKey // of this instance; needed
}

// Open opens a database, "sqlite:FILE" or "postgres://…", and brings its schema up to date.
func Open(ctx context.Context, address string, o Options) (*Store, error) {
	s := &Store{now: o.Now, key: o.Key, writes: make(chan *write), pause: make(chan struct{}, 1), probe: make(chan struct{}, 1), hashes: map[int64]tlog.Hash{}, done: make(chan struct{})}
	err := s.connect(address)
	if err == nil {
		err = s.migrate(ctx)
	}
	if err == nil {
		err = s.openQueue(ctx)
	}
	if err != nil {
		if s.db != nil {
			s.db.Close()
		}
		return nil, fmt.Errorf("%s: %w", redacted(address), err)
	}
	s.writer.db = s.db
	until, end := context.WithCancel(context.Background())
	s.ending = end
	go s.write()
	if !s.postgres() {
		go s.bringHome(until)
	}
	return s, nil
}

// readers is how many connections to SQLite stay open: opening one costs more than most questions.
const readers = 16

// connect says where the database is; the first statement reaches it.
func (s *Store) connect(address string) (err error) {
	switch file, isFile := strings.CutPrefix(address, "sqlite:"); {
	case isFile:
		s.engine = goose.DialectSQLite3
		s.name = sqliteName(file)
		if s.db, err = sql.Open("sqlite", s.name); err == nil {
			s.db.SetMaxIdleConns(readers)
			s.reads, s.writer.keeps = &prepared{db: s.db}, true
		}
	case strings.HasPrefix(address, "postgres://"), strings.HasPrefix(address, "postgresql://"):
		s.engine = goose.DialectPostgres
		s.db, err = sql.Open("pgx", address)
	default:
		err = errors.New("--db: give sqlite:FILE or postgres://USER@HOST/DATABASE")
	}
	return err
}

// sqliteName adds the settings of a connection. A committed transaction survives the death of the process; only when the machine loses
// power can the newest ones be lost, and then whole.
func sqliteName(file string) string {
	q := url.Values{"_pragma": {"journal_mode(WAL)", "synchronous(NORMAL)", "busy_timeout(10000)", "foreign_keys(1)"}, "_txlock": {"immediate"}}
	return (&url.URL{Scheme: "file", Opaque: url.PathEscape(file), RawQuery: q.Encode()}).String()
}

// redacted is an address without its password.
func redacted(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "--db"
	}
	return u.Redacted()
}

// Close waits for writing in progress and closes the database.
func (s *Store) Close() error {
	s.ending()
	close(s.writes)
	<-s.done
	s.writer.close()
	return s.db.Close()
}

func (s *Store) migrate(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(s.engine, s.db, files)
	if err != nil {
		return err
	}
	if have, want, err := p.GetVersions(ctx); err != nil || have == want { // there is nothing to do, for which no right is needed
		return err
	} else if have > want {
		return fmt.Errorf("the database has schema %d, made by a newer version of the program, which knows %d", have, want)
	}
	_, err = p.Up(ctx)
	return err
}

func (s *Store) postgres() bool { return s.engine == goose.DialectPostgres }

// numbered turns ? into the $n of PostgreSQL. No statement here holds a question mark in a text.
func (s *Store) numbered(statement string) string {
	if !s.postgres() {
		return statement
	}
	var b strings.Builder
	n := 0
	for _, r := range statement {
		if r != '?' {
			b.WriteRune(r)
			continue
		}
		n++
		b.WriteString("$" + strconv.Itoa(n))
	}
	return b.String()
}

func (s *Store) query(ctx context.Context, statement string, args ...any) *sql.Row {
	statement = s.numbered(statement)
	if p := s.reads.statement(ctx, statement); p != nil {
		return p.QueryRowContext(ctx, args...)
	}
	return s.db.QueryRowContext(ctx, statement, args...)
}

// rows runs a query and calls f for each row.
func (s *Store) rows(ctx context.Context, statement string, args []any, f func(*sql.Rows) error) error {
	rows, err := s.queryRows(ctx, s.numbered(statement), args)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (s *Store) queryRows(ctx context.Context, statement string, args []any) (*sql.Rows, error) {
	if p := s.reads.statement(ctx, statement); p != nil {
		return p.QueryContext(ctx, args...)
	}
	return s.db.QueryContext(ctx, statement, args...)
}

// ErrNone says that there is no such row.
var ErrNone = errors.New("there is none")

func noneIf(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNone
	}
	return err
}

// stamp writes a time as the tables hold it: text that sorts as time does.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// CopySQLite copies a database as of one moment while others may be writing to it.
func CopySQLite(ctx context.Context, from, to string) error {
	db, err := sql.Open("sqlite", sqliteName(from))
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, "VACUUM INTO ?", to)
	return err
}
