package store

import (
	"context"
	"database/sql"
	"errors"
)

// Licence is a version of a licence that is held.
type Licence struct {
	N          int64 // place in the log
	ID         string
	Version    int64
	No         string // as printed on it
	State      string
	Body       string // JSON
	RecordedAt string
	RecordedBy string
}

var licences = ledger{"licence", "licence", []string{"id", "version", "no", "state", "body"}}

func scanLicence(row interface{ Scan(...any) error }) (l Licence, err error) {
	err = row.Scan(&l.N, &l.ID, &l.Version, &l.No, &l.State, &l.Body, &l.RecordedAt, &l.RecordedBy)
	return l, noneIf(err)
}

// PutLicence records a licence: a new one where it has no ID, else its next version. ErrTaken: another one bears the number.
func (tx *Tx) PutLicence(l *Licence) (err error) {
	verb := "changed"
	if l.ID == "" {
		verb, l.ID = "entered", NewID()
	}
	var other string
	switch err := tx.query("SELECT id FROM licence WHERE no = ? AND id <> ? LIMIT 1", l.No, l.ID).Scan(&other); {
	case err == nil:
		return ErrTaken
	case !errors.Is(err, sql.ErrNoRows):
		return err
	}
	l.Version++
	l.RecordedAt = stamp(tx.At)
	l.N, err = tx.add(&licences, verb, l.RecordedBy, l.State, l.ID, l.Version, l.No, l.State, l.Body)
	return err
}

const newestLicence = "version = (SELECT MAX(version) FROM licence q WHERE q.id = s.id)"

func selectLicences(where string) string {
	return "SELECT " + licences.list() + " FROM licence s WHERE " + where
}

// Licence gives a licence as it stands, or ErrNone.
func (s *Store) Licence(ctx context.Context, id string) (Licence, error) {
	return scanLicence(s.query(ctx, selectLicences("id = ? ORDER BY version DESC LIMIT 1"), id))
}

// Licence gives a licence as it stands, or ErrNone.
func (tx *Tx) Licence(id string) (Licence, error) {
	return scanLicence(tx.query(selectLicences("id = ? ORDER BY version DESC LIMIT 1"), id))
}

// Licences lists licences as they stand, the one last changed first, before a place in the log.
func (s *Store) Licences(ctx context.Context, before int64, limit int) ([]Licence, error) {
	return s.licences(ctx, selectLicences("n < ? AND "+newestLicence+" ORDER BY n DESC LIMIT ?"), before, limit)
}

// LicenceVersions lists the versions of a licence, oldest first.
func (s *Store) LicenceVersions(ctx context.Context, id string) ([]Licence, error) {
	return s.licences(ctx, selectLicences("id = ? ORDER BY version"), id)
}

func (s *Store) licences(ctx context.Context, statement string, args ...any) ([]Licence, error) {
	list := []Licence{}
	err := s.rows(ctx, statement, args, func(rows *sql.Rows) error {
		l, err := scanLicence(rows)
		list = append(list, l)
		return err
	})
	return list, err
}

// Draw is what was shipped on a licence, or the taking back of such a draw.
type Draw struct {
	N          int64
	ID         string
	Licence    string
	Record     string // id of the determination of what was shipped
	Reverses   string // id of the draw that is taken back; empty: it is a draw
	Quantity   string // exact decimal in the unit of the licence
	Words      string // reason; empty: none
	RecordedAt string
	RecordedBy string
}

var licenceDraws = ledger{"licence_draw", "draw", []string{"id", "licence", "record", "reverses", "quantity", "words"}}

const draws = "SELECT n, id, licence, record, reverses, quantity, words, recorded_at, recorded_by FROM licence_draw WHERE "

func scanDraw(row interface{ Scan(...any) error }) (d Draw, err error) {
	err = row.Scan(&d.N, &d.ID, &d.Licence, &d.Record, &d.Reverses, &d.Quantity, &d.Words, &d.RecordedAt, &d.RecordedBy)
	return d, noneIf(err)
}

func gatherDraws(list *[]Draw) func(*sql.Rows) error {
	return func(rows *sql.Rows) error {
		d, err := scanDraw(rows)
		*list = append(*list, d)
		return err
	}
}

// PutDraw records a draw or its reversal; ID, N, RecordedAt are filled in. Whether the licence bears it is the caller's to say, from Draws.
func (tx *Tx) PutDraw(d *Draw) (err error) {
	verb := "drawn"
	if d.Reverses != "" {
		verb = "reversed"
	}
	d.ID, d.RecordedAt = NewID(), stamp(tx.At)
	d.N, err = tx.add(&licenceDraws, verb, d.RecordedBy, d.Quantity, d.ID, d.Licence, d.Record, d.Reverses, d.Quantity, d.Words)
	return err
}

// Draws lists the draws on a licence and their reversals, oldest first.
func (s *Store) Draws(ctx context.Context, licence string) (list []Draw, err error) {
	err = s.rows(ctx, draws+"licence = ? ORDER BY n", []any{licence}, gatherDraws(&list))
	return list, err
}

// DrawsOf lists the draws for a recorded determination and their reversals, oldest first.
func (s *Store) DrawsOf(ctx context.Context, record string) (list []Draw, err error) {
	err = s.rows(ctx, draws+"record = ? ORDER BY n", []any{record}, gatherDraws(&list))
	return list, err
}

// Draws lists the draws on a licence and their reversals, as of the transaction, oldest first.
func (tx *Tx) Draws(licence string) ([]Draw, error) { return tx.draws("licence = ?", licence) }

// DrawsOf lists the draws for a recorded determination and their reversals, as of the transaction, oldest first.
func (tx *Tx) DrawsOf(record string) ([]Draw, error) { return tx.draws("record = ?", record) }

func (tx *Tx) draws(where, value string) (list []Draw, err error) {
	rows, err := tx.tx.Query(tx.s.numbered(draws+where+" ORDER BY n"), value)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	gather := gatherDraws(&list)
	for rows.Next() {
		if err := gather(rows); err != nil {
			return nil, err
		}
	}
	return list, rows.Err()
}

// Application is a version of an application for a licence.
type Application struct {
	N          int64
	ID         string
	Version    int64
	Kind       string // what changed
	State      string
	Body       string // JSON: the application as it stands
	RecordedAt string
	RecordedBy string
}

var applicationSteps = ledger{"application_step", "application", []string{"id", "version", "kind", "state", "body"}}

func scanApplication(row interface{ Scan(...any) error }) (a Application, err error) {
	err = row.Scan(&a.N, &a.ID, &a.Version, &a.Kind, &a.State, &a.Body, &a.RecordedAt, &a.RecordedBy)
	return a, noneIf(err)
}

// PutApplication records a version: of a new application where it has no ID, else the next.
func (tx *Tx) PutApplication(a *Application) (err error) {
	if a.ID == "" {
		a.ID = NewID()
	}
	a.Version++
	a.RecordedAt = stamp(tx.At)
	a.N, err = tx.add(&applicationSteps, a.Kind, a.RecordedBy, a.State, a.ID, a.Version, a.Kind, a.State, a.Body)
	return err
}

func selectApplications(where string) string {
	return "SELECT " + applicationSteps.list() + " FROM application_step s WHERE " + where
}

// Application gives an application as it stands, or ErrNone.
func (s *Store) Application(ctx context.Context, id string) (Application, error) {
	return scanApplication(s.query(ctx, selectApplications("id = ? ORDER BY version DESC LIMIT 1"), id))
}

// Application gives an application as it stands, or ErrNone.
func (tx *Tx) Application(id string) (Application, error) {
	return scanApplication(tx.query(selectApplications("id = ? ORDER BY version DESC LIMIT 1"), id))
}

// Applications lists applications as they stand, the one last changed first, before a place in the log.
func (s *Store) Applications(ctx context.Context, before int64, limit int) ([]Application, error) {
	return s.applications(ctx, selectApplications("n < ? AND version = (SELECT MAX(version) FROM application_step q WHERE q.id = s.id) ORDER BY n DESC LIMIT ?"), before, limit)
}

// ApplicationVersions lists the versions of an application, oldest first.
func (s *Store) ApplicationVersions(ctx context.Context, id string) ([]Application, error) {
	return s.applications(ctx, selectApplications("id = ? ORDER BY version"), id)
}

func (s *Store) applications(ctx context.Context, statement string, args ...any) ([]Application, error) {
	list := []Application{}
	err := s.rows(ctx, statement, args, func(rows *sql.Rows) error {
		a, err := scanApplication(rows)
		list = append(list, a)
		return err
	})
	return list, err
}
