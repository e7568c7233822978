package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// Catalogue is a file of items that is screened again whenever the law changes, as of one version.
type Catalogue struct {
	ID         string
	Version    int
	N          int64 // its entry in the log
	Name       string
	Input      string // digest of the file
	Size       int64  // of the file, in bytes
	Question   string // canonical JSON: how its rows are to be read and answered
	Ended      bool   // no longer screened
	RecordedAt string
	RecordedBy string // id of a person
}

const kindCatalogue = "catalogue"

// digest is over what the entry of the log vouches for.
func (c *Catalogue) digest() string {
	return Digest(fmt.Sprintf("%s\n%d\n%s\n%s\n%v", Digest(c.Name), c.Version, c.Input, Digest(c.Question), c.Ended))
}

const catalogueColumns = "id, version, n, name, input, size, question, ended, recorded_at, recorded_by"

// newestCatalogue keeps the newest version of each catalogue.
const newestCatalogue = "version = (SELECT MAX(version) FROM catalogue q WHERE q.id = c.id)"

func scanCatalogue(row interface{ Scan(...any) error }) (c Catalogue, err error) {
	var ended int
	err = row.Scan(&c.ID, &c.Version, &c.N, &c.Name, &c.Input, &c.Size, &c.Question, &ended, &c.RecordedAt, &c.RecordedBy)
	c.Ended = ended != 0
	return c, noneIf(err)
}

// PutCatalogue records a catalogue: a new version of the one that has its name, or a new one. All but Name, Input, Size, Question, Ended and RecordedBy is
// filled in.
func (tx *Tx) PutCatalogue(c *Catalogue) (err error) {
	last, err := scanCatalogue(tx.query("SELECT "+catalogueColumns+" FROM catalogue c WHERE name = ? AND "+newestCatalogue, c.Name))
	switch {
	case errors.Is(err, ErrNone):
		c.ID = NewID()
	case err != nil:
		return err
	default:
		c.ID = last.ID
	}
	c.Version, c.RecordedAt = last.Version+1, stamp(tx.At)
	state := fmt.Sprintf("version %d", c.Version)
	ended := 0
	if c.Ended {
		ended, state = 1, "ended"
	}
	if c.N, err = tx.Log(Entry{Who: c.RecordedBy, Kind: kindCatalogue, Subject: c.ID, Digest: c.digest(), Note: state}); err != nil {
		return err
	}
	return tx.exec("INSERT INTO catalogue ("+catalogueColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		c.ID, c.Version, c.N, c.Name, c.Input, c.Size, c.Question, ended, c.RecordedAt, c.RecordedBy)
}

// Catalogue gives the newest version of a catalogue, or ErrNone.
func (s *Store) Catalogue(ctx context.Context, id string) (Catalogue, error) {
	return scanCatalogue(s.query(ctx, "SELECT "+catalogueColumns+" FROM catalogue c WHERE id = ? AND "+newestCatalogue, id))
}

// Catalogues lists the newest versions by name.
func (s *Store) Catalogues(ctx context.Context) ([]Catalogue, error) {
	return s.catalogues(ctx, "WHERE "+newestCatalogue+" ORDER BY name")
}

// CatalogueVersions lists the versions of a catalogue, newest first.
func (s *Store) CatalogueVersions(ctx context.Context, id string) ([]Catalogue, error) {
	return s.catalogues(ctx, "WHERE id = ? ORDER BY version DESC", id)
}

func (s *Store) catalogues(ctx context.Context, where string, args ...any) (list []Catalogue, err error) {
	err = s.rows(ctx, "SELECT "+catalogueColumns+" FROM catalogue c "+where, args, func(rows *sql.Rows) error {
		c, err := scanCatalogue(rows)
		list = append(list, c)
		return err
	})
	return list, err
}

// Screening is a job that screens a catalogue.
type Screening struct {
	Job       Job
	Catalogue string
	Version   int
	Law       string // revision
	Effective string
	KnownBy   string
	Lists     string // revision of the loaded party lists; empty: there were none
	Before    string // job whose answers are compared with; empty: the first of its version
	Ahead     bool   // as of a day that was still to come
}

// PutScreening records a screening and hands its job to the queue.
func (tx *Tx) PutScreening(s *Screening) error {
	if err := tx.PutJob(&s.Job); err != nil {
		return err
	}
	ahead := 0
	if s.Ahead {
		ahead = 1
	}
	return tx.exec("INSERT INTO catalogue_screening (job, catalogue, version, law, lists, effective, known_by, before, ahead) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		s.Job.ID, s.Catalogue, s.Version, s.Law, s.Lists, s.Effective, s.KnownBy, s.Before, ahead)
}

// Screenings lists the screenings of a catalogue, newest first.
func (s *Store) Screenings(ctx context.Context, catalogue string, limit int) (list []Screening, err error) {
	columns, from, _ := strings.Cut(jobColumns, "\n")
	err = s.rows(ctx, "SELECT "+columns+", c.catalogue, c.version, c.law, c.lists, c.effective, c.known_by, c.before, c.ahead "+from+
		" JOIN catalogue_screening c ON c.job = j.id WHERE c.catalogue = ? ORDER BY j.n DESC LIMIT ?", []any{catalogue, limit}, func(rows *sql.Rows) error {
		var x Screening
		var ahead int
		job, err := scanJob(trailing{rows, []any{&x.Catalogue, &x.Version, &x.Law, &x.Lists, &x.Effective, &x.KnownBy, &x.Before, &ahead}})
		x.Job, x.Ahead = job, ahead != 0
		list = append(list, x)
		return err
	})
	return list, err
}

// trailing scans further columns behind those that a scan function names.
type trailing struct {
	rows *sql.Rows
	more []any
}

// Scan scans all columns.
func (t trailing) Scan(to ...any) error { return t.rows.Scan(append(to, t.more...)...) }
