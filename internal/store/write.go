package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

const (
	maxRows = 500 // that a transaction may write
	signed  = 1   // of them: the signed head of the log
)

// errFull says that a transaction cannot take the rows of one more writer.
var errFull = fmt.Errorf("one transaction writes at most %d rows; write them in parts", maxRows-signed)

// write is one writer's work on its way into a transaction.
type write struct {
	work func(*Tx) error
	err  chan error
}

// Tx is a transaction as a writer sees it.
type Tx struct {
	s    *Store
	tx   *sql.Tx
	log  *logWriter
	rows int       // written so far
	most int       // that may be written
	At   time.Time // when the transaction began: the recorded time of all its rows
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
	var next *write     // did not fit into the last transaction
	var began time.Time // the last transaction
	for {
		ok := true
		time.Sleep(pace - time.Since(began))
		if next == nil {
			select {
			case next, ok = <-s.writes:
			case <-s.pause:
				s.writer.bringRestHome()
				continue
			}
		}
		if !ok {
			return
		}
		began = time.Now()
		next = s.commit(next)
	}
}

// pace is the least time from one transaction to the next: those who write meanwhile share one, for that costs much less.
const pace = 2 * time.Millisecond

// commit does a writer's work and that of those who wait, as far as a transaction takes it; the first that does not fit is returned. Where the
// transaction as a whole fails, all of it fails.
func (s *Store) commit(first *write) (next *write) {
	var done []*write
	var errs []error
	err := s.transact(func(tx *Tx) error {
		for w := first; w != nil; w = s.waiting(tx) {
			err, fatal := tx.alone(w.work)
			if errors.Is(err, errFull) && len(done) > 0 {
				next = w
				break
			}
			done, errs = append(done, w), append(errs, err)
			if fatal != nil {
				return fatal
			}
		}
		tx.most = maxRows
		return tx.log.sign()
	})
	for i, w := range done {
		w.err <- cmp.Or(err, errs[i])
	}
	if len(done) == 0 && next == nil { // the transaction did not begin
		first.err <- err
	}
	return next
}

// waiting is the next writer that waits, if the transaction still has room; nil: there is none.
func (s *Store) waiting(tx *Tx) *write {
	if tx.rows >= tx.most {
		return nil
	}
	select {
	case w := <-s.writes:
		return w // nil: the channel is closed
	default:
		return nil
	}
}

// alone runs one writer's work so that it leaves nothing behind where it fails. The second error ends the transaction.
func (tx *Tx) alone(work func(*Tx) error) (err, fatal error) {
	if err := tx.run("SAVEPOINT one"); err != nil {
		return err, err
	}
	log, rows := *tx.log, tx.rows
	if err = work(tx); err != nil {
		*tx.log, tx.rows = log, rows
		return err, tx.run("ROLLBACK TO SAVEPOINT one")
	}
	return nil, tx.run("RELEASE SAVEPOINT one")
}

// logLock names the lock that orders the log where several processes write to PostgreSQL.
const logLock = 7150321

func (s *Store) transact(work func(*Tx) error) error {
	tx, err := s.writer.begin()
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after Commit
	if s.postgres() {
		if _, err := tx.Exec("SELECT pg_advisory_xact_lock($1)", logLock); err != nil {
			return err
		}
	}
	t := &Tx{s: s, tx: tx, most: maxRows - signed, At: s.now()}
	if t.log, err = openLog(t); err != nil {
		return err
	}
	if err := work(t); err != nil {
		return err
	}
	err = tx.Commit()
	if err == nil {
		s.commits.Add(1)
		t.log.committed()
	}
	return err
}

// exec writes rows.
func (tx *Tx) exec(statement string, args ...any) error {
	result, err := tx.s.writer.exec(tx.tx, tx.s.numbered(statement), args...)
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err != nil {
		return err
	}
	return tx.wrote(int(n))
}

// wrote counts rows of the transaction.
func (tx *Tx) wrote(n int) error {
	if tx.rows += n; tx.rows > tx.most {
		return errFull
	}
	return nil
}

// run runs a statement that writes no rows.
func (tx *Tx) run(statement string) error {
	_, err := tx.s.writer.exec(tx.tx, statement)
	return err
}

func (tx *Tx) query(statement string, args ...any) *sql.Row {
	return tx.s.writer.query(tx.tx, tx.s.numbered(statement), args...)
}
