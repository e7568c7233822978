package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// ledger is a table to which rows are only added. Each row is vouched for by an entry of the log, whose digest is over its columns.
type ledger struct {
	table   string
	kind    string   // of its entries, which begin with it and a point
	columns []string // besides n, recorded_at and recorded_by; the first is the subject of the entry
}

// ledgers are all such tables: what Verify looks at.
var ledgers = []*ledger{&settings, &caseSteps, &changeAcks, &licences, &licenceDraws, &applicationSteps, &partyLists, &targets, &deliverySteps, &archives, &recordHolds, &uploadKeys}

// list is the columns for a statement, n first.
func (l *ledger) list() string {
	return "n, " + strings.Join(l.columns, ", ") + ", recorded_at, recorded_by"
}

// digest is over the values of a row in the order of the columns, as text.
func (l *ledger) digest(values []string) (string, error) {
	text, err := json.Marshal(values)
	return Digest(string(text)), err
}

// texts are values as the digest takes them.
func texts(values []any) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = fmt.Sprint(v)
	}
	return list
}

// add adds a row and its entry, and returns its place in the log.
func (tx *Tx) add(l *ledger, verb, by, note string, values ...any) (n int64, err error) {
	own := texts(values)
	digest, err := l.digest(own)
	if err != nil {
		return 0, err
	}
	if n, err = tx.Log(Entry{Who: by, Kind: l.kind + "." + verb, Subject: own[0], Digest: digest, Note: note}); err != nil {
		return 0, err
	}
	row := append(append([]any{n}, values...), stamp(tx.At), by)
	return n, tx.exec("INSERT INTO "+l.table+" ("+l.list()+") VALUES (?"+strings.Repeat(", ?", len(row)-1)+")", row...)
}

// verifyLedgers compares each row of the ledgers with its entry, and looks for entries whose row is gone.
func (s *Store) verifyLedgers(ctx context.Context, v *Verified) error {
	for _, l := range ledgers {
		if err := s.verifyLedger(ctx, l, v); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) verifyLedger(ctx context.Context, l *ledger, v *Verified) error {
	statement := "SELECT t." + strings.Join(append(append([]string{"n"}, l.columns...), "recorded_at", "recorded_by"), ", t.") + ", e.entry FROM " + l.table +
		" t LEFT JOIN log_entry e ON e.n = t.n ORDER BY t.n"
	values := make([]string, len(l.columns)+3)
	var text sql.NullString
	to := make([]any, 0, len(values)+1)
	for i := range values {
		to = append(to, &values[i])
	}
	err := s.rows(ctx, statement, nil, func(rows *sql.Rows) error {
		if err := rows.Scan(append(to, &text)...); err != nil {
			return err
		}
		v.Rows++
		own := values[1 : len(values)-2]
		digest, err := l.digest(own)
		if err != nil {
			return err
		}
		var e Entry
		if err := json.Unmarshal([]byte(text.String), &e); err != nil || !strings.HasPrefix(e.Kind, l.kind+".") {
			return errAltered(fmt.Sprintf("%s %s (n %s) has no entry in the log", l.table, own[0], values[0]))
		}
		if e.Digest != digest || e.Subject != own[0] || e.At != values[len(values)-2] || e.Who != values[len(values)-1] {
			return errAltered(fmt.Sprintf("%s %s (n %s) is not the one that was recorded", l.table, own[0], values[0]))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.verifyNoneGone(ctx, l)
}

// verifyNoneGone says whether a row of which the log tells is gone. In an entry the marks around a kind cannot come from what people enter:
// theirs are escaped.
func (s *Store) verifyNoneGone(ctx context.Context, l *ledger) error {
	var n int64
	var text string
	err := s.query(ctx, "SELECT e.n, e.entry FROM log_entry e LEFT JOIN "+l.table+" t ON t.n = e.n WHERE t.n IS NULL AND e.entry LIKE ? ESCAPE '\\' ORDER BY e.n LIMIT 1",
		`%"kind":"`+strings.ReplaceAll(l.kind, "_", `\_`)+`.%`).Scan(&n, &text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	var e Entry
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		return err
	}
	return errAltered(fmt.Sprintf("%s %s (n %d) is gone", l.table, e.Subject, n))
}

// settings are what the people of an instance have set for all of it.
var settings = ledger{"setting", "setting", []string{"name", "value"}}

// SetSetting records a setting, which holds from now on.
func (tx *Tx) SetSetting(name, value, by string) error {
	_, err := tx.add(&settings, "set", by, value, name, value)
	return err
}

const setting = "SELECT value FROM setting WHERE name = ? ORDER BY n DESC LIMIT 1"

// Setting gives a setting as it stands, or ErrNone.
func (s *Store) Setting(ctx context.Context, name string) (value string, err error) {
	err = s.query(ctx, setting, name).Scan(&value)
	return value, noneIf(err)
}

// Setting gives a setting as it stands, or ErrNone.
func (tx *Tx) Setting(name string) (value string, err error) {
	err = tx.query(setting, name).Scan(&value)
	return value, noneIf(err)
}
