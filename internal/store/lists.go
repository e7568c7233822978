package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// ErrGone says that a file which the database names is not there.
var ErrGone = errors.New("is gone")

// PartyList is a list of parties that was loaded, or taken out again.
type PartyList struct {
	N          int64  // its entry in the log
	Name       string // of the file, as people call it
	Digest     string // of the file
	Size       int64  // of the file, in bytes
	List       string // what the list is called
	Format     string // which reader read it
	Published  string // the day that the list is of; empty: it does not say
	Parties    int
	Names      int
	Ended      bool // taken out
	RecordedAt string
	RecordedBy string // id of a person
}

var partyLists = ledger{"party_list", "party_list", []string{"name", "digest", "size", "list", "format", "published", "parties", "names", "ended"}}

// ErrOvertaken says that somebody else was first.
var ErrOvertaken = errors.New("somebody else changed the same meanwhile; look again, and repeat it where that is still right")

// PutPartyList records a list, where nothing was recorded of lists after a place in the log. N is filled in.
func (tx *Tx) PutPartyList(l *PartyList, after int64) (err error) {
	var newest int64
	if err := tx.query(newestPartyList).Scan(&newest); err != nil {
		return err
	}
	if newest != after {
		return ErrOvertaken
	}
	verb, ended := "load", 0
	if l.Ended {
		verb, ended = "end", 1
	}
	l.RecordedAt = stamp(tx.At)
	l.N, err = tx.add(&partyLists, verb, l.RecordedBy, l.List, l.Name, l.Digest, l.Size, l.List, l.Format, l.Published, l.Parties, l.Names, ended)
	return err
}

const newestPartyList = "SELECT COALESCE(MAX(n), -1) FROM party_list"

// NewestPartyList is the place in the log of what was last recorded of party lists; -1: nothing was.
func (s *Store) NewestPartyList(ctx context.Context) (n int64, err error) {
	err = s.query(ctx, newestPartyList).Scan(&n)
	return n, err
}

// PartyLists lists all that was recorded of party lists, oldest first.
func (s *Store) PartyLists(ctx context.Context) (list []PartyList, err error) {
	err = s.rows(ctx, "SELECT "+partyLists.list()+" FROM party_list ORDER BY n", nil, func(rows *sql.Rows) error {
		var l PartyList
		var ended int
		err := rows.Scan(&l.N, &l.Name, &l.Digest, &l.Size, &l.List, &l.Format, &l.Published, &l.Parties, &l.Names, &ended, &l.RecordedAt, &l.RecordedBy)
		l.Ended = ended != 0
		list = append(list, l)
		return err
	})
	return list, err
}

// verifyListFiles checks the files of the party lists. One that is gone is named and is no alteration: what rests on it cannot be answered again, and is
// counted.
func (s *Store) verifyListFiles(ctx context.Context, v *Verified, check func(digest string) error) error {
	all, err := s.PartyLists(ctx)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for i := range all {
		l := &all[i]
		if seen[l.Digest] {
			continue
		}
		seen[l.Digest] = true
		switch err := check(l.Digest); {
		case errors.Is(err, ErrGone):
			v.ListsGone = append(v.ListsGone, l.Name+" "+l.Digest)
		case err != nil:
			return errAltered(fmt.Sprintf("party list %s: %v", l.Name, err))
		}
	}
	return nil
}
