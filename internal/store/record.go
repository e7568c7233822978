package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"strings"
)

const kindDetermination = "determination"

// Determination is an answer as it was given out, with the question: enough to answer again.
type Determination struct {
	ID         string
	N          int64  // its entry in the log
	Item       string // the id that the asker gave
	Effective  string
	KnownBy    string
	Revision   string // of the law
	Outcome    string
	MayBe      string // empty: nothing is open
	Question   string // canonical JSON
	Answer     string // the document, byte for byte
	RecordedAt string
	RecordedBy string // id of a person
	Key        string // idempotency key of the asker; empty: none
}

// vouched is all that the entry of the log vouches for: a line for each, question and answer by their digests.
func (d *Determination) vouched() string {
	return d.stated() + Digest(d.Question) + "\n" + Digest(d.Answer)
}

// stated is the part of it that stands for itself.
func (d *Determination) stated() string {
	return strings.Join([]string{d.Item, d.Effective, d.KnownBy, d.Revision, d.Outcome, d.MayBe, ""}, "\n")
}

func (d *Determination) digest() string { return Digest(d.vouched()) }

// Digest is the SHA-256 of a text as the tables hold it.
func Digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// NewID is a name that nobody can guess and nothing else has.
func NewID() string { return rand.Text() }

// PutDetermination records an answer; ID, N, RecordedAt are filled in.
func (tx *Tx) PutDetermination(d *Determination) (err error) {
	d.ID, d.RecordedAt = NewID(), stamp(tx.At)
	d.N, err = tx.Log(Entry{Who: d.RecordedBy, Kind: kindDetermination, Subject: d.ID, Digest: d.digest()})
	if err != nil {
		return err
	}
	return tx.exec(`INSERT INTO determination (id, n, item, effective, known_by, revision, outcome, may_be, question, answer,
		recorded_at, recorded_by, idempotency) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		d.ID, d.N, d.Item, d.Effective, d.KnownBy, d.Revision, d.Outcome, d.MayBe, d.Question, d.Answer,
		d.RecordedAt, d.RecordedBy, sql.NullString{String: d.RecordedBy + " " + d.Key, Valid: d.Key != ""})
}

const determinationColumns = "id, n, item, effective, known_by, revision, outcome, may_be, question, answer, recorded_at, recorded_by, idempotency"

func scanDetermination(row interface{ Scan(...any) error }) (d Determination, err error) {
	var key sql.NullString
	err = row.Scan(&d.ID, &d.N, &d.Item, &d.Effective, &d.KnownBy, &d.Revision, &d.Outcome, &d.MayBe, &d.Question, &d.Answer, &d.RecordedAt, &d.RecordedBy, &key)
	_, d.Key, _ = strings.Cut(key.String, " ")
	return d, noneIf(err)
}

// Determination gives one record, or ErrNone.
func (s *Store) Determination(ctx context.Context, id string) (Determination, error) {
	return scanDetermination(s.query(ctx, "SELECT "+determinationColumns+" FROM determination WHERE id = ?", id))
}

// Determination gives one record, or ErrNone.
func (tx *Tx) Determination(id string) (Determination, error) {
	return scanDetermination(tx.query("SELECT "+determinationColumns+" FROM determination WHERE id = ?", id))
}

// Asked gives the record of a question that a person asked under an idempotency key, or ErrNone.
func (s *Store) Asked(ctx context.Context, person, key string) (Determination, error) {
	return scanDetermination(s.query(ctx, "SELECT "+determinationColumns+" FROM determination WHERE idempotency = ?", person+" "+key))
}

// Determinations lists records after a place in the log, oldest first: what a host system fetches since it last asked.
func (s *Store) Determinations(ctx context.Context, after int64, limit int) ([]Determination, error) {
	list := []Determination{}
	err := s.rows(ctx, "SELECT "+determinationColumns+" FROM determination WHERE n > ? ORDER BY n LIMIT ?", []any{after, limit}, func(rows *sql.Rows) error {
		d, err := scanDetermination(rows)
		if err == nil {
			list = append(list, d)
		}
		return err
	})
	return list, err
}

// Filter narrows a list of records. The zero value of a field does not.
type Filter struct {
	Item    string // part of the id that the asker gave
	Outcome string
	Person  string // who asked
}

// NewestDeterminations lists records before a place in the log, newest first: what a person looks through.
func (s *Store) NewestDeterminations(ctx context.Context, before int64, limit int, f Filter) ([]Determination, error) {
	where, args := "n < ?", []any{before}
	for _, x := range []struct{ column, value string }{{"outcome", f.Outcome}, {"recorded_by", f.Person}} {
		if x.value != "" {
			where, args = where+" AND "+x.column+" = ?", append(args, x.value)
		}
	}
	if f.Item != "" {
		where, args = where+` AND LOWER(item) LIKE ? ESCAPE '!'`, append(args, "%"+likeLiteral.Replace(strings.ToLower(f.Item))+"%")
	}
	list := []Determination{}
	err := s.rows(ctx, "SELECT "+determinationColumns+" FROM determination WHERE "+where+" ORDER BY n DESC LIMIT ?", append(args, limit), func(rows *sql.Rows) error {
		d, err := scanDetermination(rows)
		if err == nil {
			list = append(list, d)
		}
		return err
	})
	return list, err
}

// likeLiteral takes the meaning from what a LIKE pattern would read as a sign.
var likeLiteral = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// ErrTaken says that a name or key is in use already.
var ErrTaken = errors.New("is taken")
