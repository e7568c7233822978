package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// SQLite parses a statement anew each time it is run, which costs more than most of them take to run; so statements are kept prepared. The
// driver of PostgreSQL does that by itself.

// prepared keeps statements for reading, on whichever connection they are asked; nil: none is kept.
type prepared struct {
	db   *sql.DB
	kept sync.Map // text: *sql.Stmt
}

// statement is the prepared form of a text; nil: there is none, and running the text says why.
func (p *prepared) statement(ctx context.Context, text string) *sql.Stmt {
	if p == nil {
		return nil
	}
	if s, ok := p.kept.Load(text); ok {
		return s.(*sql.Stmt)
	}
	s, err := p.db.PrepareContext(ctx, text)
	if err != nil {
		return nil
	}
	if first, there := p.kept.LoadOrStore(text, s); there {
		s.Close()
		return first.(*sql.Stmt)
	}
	return s
}

// writer holds the connection on which all is written, where the engine wants one, and the statements prepared on it. One goroutine uses it.
type writer struct {
	db    *sql.DB
	keeps bool      // a connection and statements
	conn  *sql.Conn // nil: none is open
	kept  map[string]*sql.Stmt
}

func (w *writer) begin() (*sql.Tx, error) {
	if !w.keeps {
		return w.db.Begin()
	}
	if w.conn == nil {
		conn, err := w.db.Conn(context.Background())
		if err != nil {
			return nil, err
		}
		if _, err := conn.ExecContext(context.Background(), "PRAGMA wal_autocheckpoint = 0"); err != nil { // bringHome does that
			return nil, errors.Join(err, conn.Close())
		}
		w.conn, w.kept = conn, map[string]*sql.Stmt{}
	}
	tx, err := w.conn.BeginTx(context.Background(), nil)
	if err != nil { // the next one gets a fresh connection
		w.conn.Close()
		w.conn = nil
	}
	return tx, err
}

// statement is the prepared form of a text, within the transaction that was begun; nil: there is none.
func (w *writer) statement(text string) *sql.Stmt {
	if !w.keeps {
		return nil
	}
	s, ok := w.kept[text]
	if !ok {
		var err error
		if s, err = w.conn.PrepareContext(context.Background(), text); err != nil {
			return nil // running the text says why
		}
		w.kept[text] = s
	}
	return s
}

func (w *writer) exec(tx *sql.Tx, text string, args ...any) (sql.Result, error) {
	if s := w.statement(text); s != nil {
		return s.Exec(args...)
	}
	return tx.Exec(text, args...)
}

func (w *writer) query(tx *sql.Tx, text string, args ...any) *sql.Row {
	if s := w.statement(text); s != nil {
		return s.QueryRow(args...)
	}
	return tx.QueryRow(text, args...)
}

func (w *writer) close() {
	if w.conn != nil {
		w.conn.Close()
	}
}
