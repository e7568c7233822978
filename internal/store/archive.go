package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"time"
)

// Archive is a file of records that were moved out of the tables.
type Archive struct {
	N          int64
	Digest     string // of the file, which is also its name
	Records    int64  // in the file
	Cutoff     string // all of them were recorded before
	Members    string // digest of the places and ids of them all
	RecordedAt string
	RecordedBy string
}

var (
	archives    = ledger{"archive", "archive", []string{"digest", "records", "cutoff", "members"}}
	recordHolds = ledger{"record_hold", "record_hold", []string{"record", "held", "words"}}
)

// Member is a record in an archive.
type Member struct {
	N  int64
	ID string
}

// Members reckons the digest of the records of an archive, which come in the order of the log.
type Members struct {
	sum  hash.Hash
	last int64
	n    int64
}

// NewMembers begins with none.
func NewMembers() *Members { return &Members{sum: sha256.New(), last: -1} }

// Add adds the next.
func (m *Members) Add(x Member) error {
	if x.N <= m.last {
		return fmt.Errorf("record %s does not follow the one before", x.ID)
	}
	m.last = x.N
	m.n++
	_, err := fmt.Fprintf(m.sum, "%d %s\n", x.N, x.ID)
	return err
}

// Count is how many there are.
func (m *Members) Count() int64 { return m.n }

// Digest is that of them all.
func (m *Members) Digest() string { return hex.EncodeToString(m.sum.Sum(nil)) }

// Age says from when on a record is old: it was recorded before the cutoff and is about an earlier day, nothing was drawn on a licence for it since, and no
// licence that it was drawn on is valid on the day.
type Age struct {
	Cutoff time.Time
	Day    string // of the cutoff: what is about this day or a later one stays
	Today  string
}

// Why a record stays though it is old.
const (
	restsOn = "EXISTS (SELECT 1 FROM case_step s WHERE s.record = determination.id AND s.version = (SELECT MAX(version) FROM case_step q WHERE q.id = s.id))"
	onHold  = "COALESCE((SELECT h.held FROM record_hold h WHERE h.record = determination.id ORDER BY h.n DESC LIMIT 1), 0) = 1"
)

// drawnOn says that a record was drawn on a licence of late, or on one that is valid still.
func (s *Store) drawnOn() string {
	to := "json_extract(l.body, '$.to')"
	if s.postgres() {
		to = "(l.body::json ->> 'to')"
	}
	return "EXISTS (SELECT 1 FROM licence_draw w WHERE w.record = determination.id AND (w.recorded_at >= ? OR EXISTS (SELECT 1 FROM licence l WHERE l.id = w.licence AND l.state <> 'ended'" +
		" AND l.version = (SELECT MAX(version) FROM licence q WHERE q.id = l.id) AND COALESCE(" + to + ", '9999') >= ?)))"
}

// old says that a record is old; movable, that it is and that nothing keeps it.
func (a Age) old() (string, []any) {
	return "recorded_at < ? AND effective < ?", []any{stamp(a.Cutoff), a.Day}
}

func (s *Store) movable(a Age) (string, []any) {
	where, args := a.old()
	return where + " AND NOT " + restsOn + " AND NOT (" + onHold + ") AND NOT " + s.drawnOn(), append(args, stamp(a.Cutoff), a.Today)
}

// Aged counts the old records in the tables.
type Aged struct {
	Old      int64 // of them all
	Movable  int64 // that nothing keeps
	Case     int64 // on which a case rests
	Licence  int64 // drawn on a licence of late, or on one that is valid
	Hold     int64 // on hold
	Archived int64 // that are in a file as well, and may go
}

// Aged counts old records and what keeps them.
func (s *Store) Aged(ctx context.Context, a Age) (c Aged, err error) {
	old, args := a.old()
	drawn := append(append([]any{}, args...), stamp(a.Cutoff), a.Today)
	movable, all := s.movable(a)
	for _, x := range []struct {
		to    *int64
		where string
		args  []any
	}{{&c.Old, old, args}, {&c.Case, old + " AND " + restsOn, args}, {&c.Hold, old + " AND " + onHold, args}, {&c.Licence, old + " AND " + s.drawnOn(), drawn}, {&c.Movable, movable, all},
		{&c.Archived, movable + " AND EXISTS (SELECT 1 FROM archived a WHERE a.n = determination.n)", all}} {
		err = errors.Join(err, s.query(ctx, "SELECT COUNT(*) FROM determination WHERE "+x.where, x.args...).Scan(x.to))
	}
	return c, err
}

// Movable calls f for each old record that nothing keeps and that is in no file yet, with its proof, as Records does.
func (s *Store) Movable(ctx context.Context, a Age, f func(*Recorded) error) error {
	where, args := s.movable(a)
	return s.proved(ctx, func(low, high int64) ([]Recorded, error) {
		return s.determinationsOf(ctx, "n >= ? AND n < ? AND "+where+" AND NOT EXISTS (SELECT 1 FROM archived a WHERE a.n = determination.n)", append([]any{low, high}, args...))
	}, f)
}

// PutMember notes that a file holds a record. The file counts once PutArchive was called.
func (tx *Tx) PutMember(archive string, m Member) error {
	return tx.exec("INSERT INTO archived (n, id, archive) VALUES (?, ?, ?)", m.N, m.ID, archive)
}

// PutArchive records a file whose members are noted; from then on they may go from the tables. N and RecordedAt are filled in.
func (tx *Tx) PutArchive(a *Archive) (err error) {
	a.RecordedAt = stamp(tx.At)
	a.N, err = tx.add(&archives, "written", a.RecordedBy, fmt.Sprintf("%d records", a.Records), a.Digest, a.Records, a.Cutoff, a.Members)
	return err
}

// Archives lists the files, oldest first.
func (s *Store) Archives(ctx context.Context) (list []Archive, err error) {
	err = s.rows(ctx, "SELECT "+archives.list()+" FROM archive ORDER BY n", nil, func(rows *sql.Rows) error {
		var a Archive
		err := rows.Scan(&a.N, &a.Digest, &a.Records, &a.Cutoff, &a.Members, &a.RecordedAt, &a.RecordedBy)
		list = append(list, a)
		return err
	})
	return list, err
}

// ArchiveOf gives the file that holds a record, and its place, or ErrNone.
func (s *Store) ArchiveOf(ctx context.Context, id string) (digest string, n int64, err error) {
	err = s.query(ctx, "SELECT a.archive, a.n FROM archived a JOIN archive f ON f.digest = a.archive WHERE a.id = ?", id).Scan(&digest, &n)
	return digest, n, noneIf(err)
}

// atHand are the members of a file that are still in the table and that nothing keeps, at most so many.
func (s *Store) atHand(ctx context.Context, a Age, digest string, limit int) (list []int64, err error) {
	where, args := s.movable(a)
	err = s.rows(ctx, "SELECT n FROM determination WHERE "+where+" AND n IN (SELECT a.n FROM archived a JOIN archive f ON f.digest = a.archive WHERE a.archive = ?) ORDER BY n LIMIT ?",
		append(args, digest, limit), func(rows *sql.Rows) error {
			var n int64
			err := rows.Scan(&n)
			list = append(list, n)
			return err
		})
	return list, err
}

// removedAtOnce is how many records a transaction removes: it leaves room for those who write meanwhile.
const removedAtOnce = 400

// HasMembers says whether members of a file are still in the table and may go.
func (s *Store) HasMembers(ctx context.Context, a Age, digest string) (bool, error) {
	list, err := s.atHand(ctx, a, digest, 1)
	return len(list) > 0, err
}

// RemoveMembers removes from the table what a file holds, unless something keeps it by now, and says how many went. The caller has read the file and found it whole.
func (s *Store) RemoveMembers(ctx context.Context, a Age, digest string) (removed int64, err error) {
	where, args := s.movable(a)
	for {
		list, err := s.atHand(ctx, a, digest, removedAtOnce)
		if err != nil || len(list) == 0 {
			return removed, err
		}
		var gone int
		err = s.Write(ctx, func(tx *Tx) error {
			before := tx.rows
			for _, n := range list {
				if err := tx.exec("DELETE FROM determination WHERE "+where+" AND n = ?", append(append([]any{}, args...), n)...); err != nil {
					return err
				}
			}
			gone = tx.rows - before
			return nil
		})
		removed += int64(gone)
		if err != nil || gone == 0 {
			return removed, err
		}
	}
}

// DropLooseMembers removes what was noted of a file that was not recorded in the end: the process died meanwhile.
func (s *Store) DropLooseMembers(ctx context.Context) error {
	for {
		var left int64
		err := s.Write(ctx, func(tx *Tx) error {
			before := tx.rows
			if err := tx.exec("DELETE FROM archived WHERE n IN (SELECT a.n FROM archived a WHERE NOT EXISTS (SELECT 1 FROM archive f WHERE f.digest = a.archive) LIMIT ?)", removedAtOnce); err != nil {
				return err
			}
			left = int64(tx.rows - before)
			return nil
		})
		if err != nil || left == 0 {
			return err
		}
	}
}

// HoldRecord keeps a record at hand whatever its age, or lets it go again.
func (tx *Tx) HoldRecord(record string, held bool, words, by string) error {
	var known string
	if err := tx.query("SELECT id FROM determination WHERE id = ?", record).Scan(&known); err != nil {
		return noneIf(err)
	}
	verb, flag := "released", 0
	if held {
		verb, flag = "held", 1
	}
	_, err := tx.add(&recordHolds, verb, by, "", record, flag, words)
	return err
}

// Archived is what Verify asks of an archive: whether its file is here, and what is wrong with it.
type Archived func(*Archive) (here bool, wrong error)

// verifyArchives compares the members of each file with what was recorded, and has the files that are here checked.
func (s *Store) verifyArchives(ctx context.Context, v *Verified, file Archived) error {
	all, err := s.Archives(ctx)
	if err != nil {
		return err
	}
	for i := range all {
		a := &all[i]
		m := NewMembers()
		err := s.rows(ctx, "SELECT a.n, a.id, d.n FROM archived a LEFT JOIN determination d ON d.n = a.n WHERE a.archive = ? ORDER BY a.n", []any{a.Digest}, func(rows *sql.Rows) error {
			var x Member
			var still sql.NullInt64
			if err := rows.Scan(&x.N, &x.ID, &still); err != nil {
				return err
			}
			if !still.Valid {
				v.Archived++
			}
			return m.Add(x)
		})
		if err != nil {
			return err
		}
		if m.Count() != a.Records || m.Digest() != a.Members {
			return errAltered(fmt.Sprintf("archive %s: the list of its records is not the one that was recorded", a.Digest))
		}
		v.Archives++
		here, wrong := file(a)
		if wrong != nil {
			return errAltered(fmt.Sprintf("archive %s: %v", a.Digest, wrong))
		}
		if here {
			v.ArchivesHere++
		}
	}
	return nil
}
