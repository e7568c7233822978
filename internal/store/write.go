package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// maxBatch bounds the writers whose work shares a transaction.
const maxBatch = 250

// write is one writer's work on its way into a transaction.
type write struct {
	work func(*Tx) error
	err  chan error
}

// Tx is a transaction as a writer sees it.
type Tx struct {
	s   *Store
	tx  *sql.Tx
	log *logWriter
	At  time.Time // when the transaction began: the recorded time of all its rows
}

// ErrClosed says that the database is being closed.
var ErrClosed = errors.New("the database is being closed")

// Write runs work in a transaction, perhaps together with that of others, and returns when it is committed. Work that returns an error leaves
// nothing behind; that of the others stands. It must not call Write.
func (s *Store) Write(ctx context.Context, work func(*Tx) error) (err error) {
	defer func() {
		if recover() != nil { // the channel is closed
			err = ErrClosed
		}
	}()
	w := &write{work, make(chan error, 1)}
	select {
	case s.writes <- w:
		return <-w.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// write is the one goroutine that writes: it takes what waits and commits it together, since a commit costs more than the rows in it.
func (s *Store) write() {
	defer close(s.done)
	for first := range s.writes {
		batch := []*write{first}
		for waiting := true; waiting && len(batch) < maxBatch; {
			select {
			case w, ok := <-s.writes:
				if waiting = ok; ok {
					batch = append(batch, w)
				}
			default:
				waiting = false
			}
		}
		s.commit(batch)
	}
}

// commit does a batch. Where the transaction as a whole fails, all of it fails.
func (s *Store) commit(batch []*write) {
	errs := make([]error, len(batch))
	err := s.transact(func(tx *Tx) error {
		for i, w := range batch {
			var fatal error
			if errs[i], fatal = tx.alone(w.work); fatal != nil {
				return fatal
			}
		}
		return tx.log.sign()
	})
	for i, w := range batch {
		w.err <- errors.Join(errs[i], err)
	}
}

// alone runs one writer's work so that it leaves nothing behind where it fails. The second error ends the transaction.
func (tx *Tx) alone(work func(*Tx) error) (err, fatal error) {
	if _, err := tx.tx.Exec("SAVEPOINT one"); err != nil {
		return nil, err
	}
	kept := *tx.log
	if err = work(tx); err != nil {
		*tx.log = kept
		_, fatal = tx.tx.Exec("ROLLBACK TO SAVEPOINT one")
		return err, fatal
	}
	_, fatal = tx.tx.Exec("RELEASE SAVEPOINT one")
	return nil, fatal
}

// logLock names the lock that orders the log where several processes write to PostgreSQL.
const logLock = 7150321

func (s *Store) transact(work func(*Tx) error) error {
	tx, err := s.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after Commit
	if s.postgres() {
		if _, err := tx.Exec("SELECT pg_advisory_xact_lock($1)", logLock); err != nil {
			return err
		}
	}
	t := &Tx{s: s, tx: tx, At: s.now()}
	if t.log, err = openLog(t); err != nil {
		return err
	}
	if err := work(t); err != nil {
		return err
	}
	return tx.Commit()
}

func (tx *Tx) exec(statement string, args ...any) error {
	_, err := tx.tx.Exec(tx.s.numbered(statement), args...)
	return err
}

func (tx *Tx) query(statement string, args ...any) *sql.Row {
	return tx.tx.QueryRow(tx.s.numbered(statement), args...)
}
