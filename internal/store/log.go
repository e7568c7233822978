package store

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Entry is a line of the transparency log: who did what to what, and when.
type Entry struct {
	At      string `json:"at"`
	Who     string `json:"who"`  // id of a person; "instance": the program itself
	Kind    string `json:"kind"` // person.new, person.change, invitation.new, token.new, token.end, session.begin, determination, case.…, licence.…
	Subject string `json:"subject"`
	Digest  string `json:"digest,omitempty"` // of what was recorded; empty: the line says it all
	Note    string `json:"note,omitempty"`
}

// Logged is an entry with its place in the log.
type Logged struct {
	N int64 `json:"n"`
	Entry
}

// logWriter appends within a transaction.
type logWriter struct {
	tx    *Tx
	first int64               // entries before the transaction
	size  int64               // entries now
	fresh map[int64]tlog.Hash // hashes written by the transaction
}

func openLog(tx *Tx) (*logWriter, error) {
	l := &logWriter{tx: tx, fresh: map[int64]tlog.Hash{}}
	err := tx.query("SELECT COALESCE(MAX(n) + 1, 0) FROM log_entry").Scan(&l.first)
	l.size = l.first
	return l, err
}

// Log appends an entry and returns its place.
func (tx *Tx) Log(e Entry) (n int64, err error) {
	e.At = stamp(tx.At)
	text, err := json.Marshal(e)
	if err != nil {
		return 0, err
	}
	l := tx.log
	n = l.size
	hashes, err := tlog.StoredHashes(n, text, l)
	if err != nil {
		return 0, err
	}
	if err := tx.exec("INSERT INTO log_entry (n, entry) VALUES (?, ?)", n, string(text)); err != nil {
		return 0, err
	}
	for i, h := range hashes {
		at := tlog.StoredHashIndex(0, n) + int64(i)
		if err := tx.exec("INSERT INTO log_hash (n, hash) VALUES (?, ?)", at, hex.EncodeToString(h[:])); err != nil {
			return 0, err
		}
		l.fresh[at] = h
	}
	l.size++
	return n, nil
}

// maxHashes bounds the hashes that are kept in memory: appending asks for a few dozen, again and again.
const maxHashes = 4096

// ReadHashes gives hashes that were written before, by the transaction or by earlier ones. What is committed never changes.
func (l *logWriter) ReadHashes(at []int64) ([]tlog.Hash, error) {
	stored := hashReader(func(i int64) (string, error) {
		var h string
		return h, l.tx.query("SELECT hash FROM log_hash WHERE n = ?", i).Scan(&h)
	})
	hashes := make([]tlog.Hash, len(at))
	for i, n := range at {
		h, ok := l.fresh[n]
		if !ok {
			h, ok = l.tx.s.hashes[n]
		}
		if !ok {
			read, err := stored.ReadHashes([]int64{n})
			if err != nil {
				return nil, err
			}
			h = read[0]
			l.tx.s.keep(n, h)
		}
		hashes[i] = h
	}
	return hashes, nil
}

// keep keeps a committed hash. Only the writer calls it.
func (s *Store) keep(n int64, h tlog.Hash) {
	if len(s.hashes) >= maxHashes {
		clear(s.hashes)
	}
	s.hashes[n] = h
}

// committed keeps what the transaction wrote. Hashes past the last entry are those of a writer whose work was taken back.
func (l *logWriter) committed() {
	end := tlog.StoredHashIndex(0, l.size)
	for n, h := range l.fresh {
		if n < end {
			l.tx.s.keep(n, h)
		}
	}
}

// hashReader reads stored hashes one by one; the tree asks for few.
type hashReader func(n int64) (string, error)

func (f hashReader) ReadHashes(at []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(at))
	for i, n := range at {
		text, err := f(n)
		if err != nil {
			return nil, fmt.Errorf("hash %d of the log: %w", n, err)
		}
		if b, err := hex.DecodeString(text); err != nil || copy(hashes[i][:], b) != tlog.HashSize {
			return nil, fmt.Errorf("hash %d of the log is no hash", n)
		}
	}
	return hashes, nil
}

// sign writes the signed head of the tree where entries were added.
func (l *logWriter) sign() error {
	if l.size == l.first {
		return nil
	}
	root, err := tlog.TreeHash(l.size, l)
	if err != nil {
		return err
	}
	signed, err := note.Sign(&note.Note{Text: string(tlog.FormatTree(tlog.Tree{N: l.size, Hash: root}))}, signer{l.tx.s.key})
	if err != nil {
		return err
	}
	return l.tx.exec("INSERT INTO checkpoint (size, note) VALUES (?, ?)", l.size, string(signed))
}

// instance is the name under which heads of the log are signed.
const instance = "lodestone-instance"

// signer signs notes with the key of the instance.
type signer struct{ key ed25519.PrivateKey }

func (s signer) Name() string                    { return instance }
func (s signer) KeyHash() uint32                 { return keyHash(s.key.Public().(ed25519.PublicKey)) }
func (s signer) Sign(msg []byte) ([]byte, error) { return ed25519.Sign(s.key, msg), nil }

// verifier checks them.
type verifier struct{ key ed25519.PublicKey }

func (v verifier) Name() string                { return instance }
func (v verifier) KeyHash() uint32             { return keyHash(v.key) }
func (v verifier) Verify(msg, sig []byte) bool { return ed25519.Verify(v.key, msg, sig) }

func keyHash(key ed25519.PublicKey) uint32 {
	sum := sha256.Sum256(slices.Concat([]byte(instance+"\n"), key))
	return uint32(sum[0])<<24 | uint32(sum[1])<<16 | uint32(sum[2])<<8 | uint32(sum[3])
}

// NewKey makes the key of an instance.
func NewKey() (ed25519.PrivateKey, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	return key, err
}

// Verified is what Verify found.
type Verified struct {
	Entries        int64    `json:"entries"`
	Checkpoints    int64    `json:"checkpoints"`
	Determinations int64    `json:"determinations"`
	Jobs           int64    `json:"jobs"`
	Rows           int64    `json:"rows"`       // of cases, licences, settings and deliveries
	Catalogues     int64    `json:"catalogues"` // versions
	Alerts         int64    `json:"alerts"`
	Archived       int64    `json:"archived"`              // determinations that are in files and no longer in the tables
	Archives       int64    `json:"archives"`              // files
	ArchivesHere   int64    `json:"archives_here"`         // of these that were found, and are what was recorded
	Replayed       int64    `json:"replayed"`              // answered again, to the same bytes
	OtherLaw       int64    `json:"other_law,omitempty"`   // rest on another revision of the law than the one at hand, and were not answered again
	OtherLists     int64    `json:"other_lists,omitempty"` // rest on party lists that are not here any more, or that another version of the program read, and were not answered again
	ListsGone      []string `json:"lists_gone,omitempty"`  // files of party lists that are gone, by name and digest
	Altered        string   `json:"altered,omitempty"`     // the first row that is not what it was; empty: none
	Root           string   `json:"root,omitempty"`        // of the tree as it stands
}

// errAltered carries the first altered row out of a scan.
type errAltered string

func (e errAltered) Error() string { return string(e) }

// Verify computes the log anew from its entries, compares each stored hash, signed head and determination with it, and calls replay for each
// determination, which answers it again. Check says of a digest what is wrong with its file, archived the same of an archive. The first
// altered row or file is named in the result; the error is one of reading.
func (s *Store) Verify(ctx context.Context, replay Replay, check func(digest string) error, archived Archived) (Verified, error) {
	v := Verified{}
	steps := []func(context.Context, *Verified) error{s.verifyEntries, s.verifyCheckpoints}
	steps = append(steps, func(ctx context.Context, v *Verified) error { return s.verifyListFiles(ctx, v, check) }, // answering again reads them
		func(ctx context.Context, v *Verified) error { return s.verifyDeterminations(ctx, v, replay) },
		func(ctx context.Context, v *Verified) error { return s.verifyJobs(ctx, v, check) }, s.verifyLedgers,
		func(ctx context.Context, v *Verified) error { return s.verifyCatalogues(ctx, v, check) }, s.verifyAlerts,
		func(ctx context.Context, v *Verified) error { return s.verifyArchives(ctx, v, archived) })
	for _, step := range steps {
		err := step(ctx, &v)
		var altered errAltered
		if errors.As(err, &altered) {
			v.Altered = string(altered)
			return v, nil
		}
		if err != nil {
			return v, err
		}
	}
	return v, nil
}

// Replay answers a determination again and says what came of it.
type Replay func(*Determination) (Replayed, error)

// Replayed is what came of answering again.
type Replayed int

// What came of it.
const (
	Same       Replayed = iota // the same bytes
	Differs                    // others
	OtherLaw                   // it rests on another revision of the law than the one at hand
	OtherLists                 // it rests on party lists that are not at hand
)

// verifyEntries recomputes the hashes of all entries.
func (s *Store) verifyEntries(ctx context.Context, v *Verified) error {
	stored := hashReader(func(i int64) (string, error) {
		var h string
		return h, s.query(ctx, "SELECT hash FROM log_hash WHERE n = ?", i).Scan(&h)
	})
	err := s.rows(ctx, "SELECT n, entry FROM log_entry ORDER BY n", nil, func(rows *sql.Rows) error {
		var n int64
		var text string
		if err := rows.Scan(&n, &text); err != nil {
			return err
		}
		if n != v.Entries {
			return errAltered(fmt.Sprintf("log_entry %d is missing", v.Entries))
		}
		v.Entries++
		want, err := tlog.StoredHashes(n, []byte(text), stored)
		if err != nil {
			return errAltered(fmt.Sprintf("log_entry %d: %v", n, err))
		}
		at := make([]int64, len(want))
		for i := range at {
			at[i] = tlog.StoredHashIndex(0, n) + int64(i)
		}
		have, err := stored.ReadHashes(at)
		if err != nil {
			return errAltered(err.Error())
		}
		if !slices.Equal(have, want) {
			return errAltered(fmt.Sprintf("log_entry %d is not the one that was recorded", n))
		}
		return nil
	})
	if err != nil || v.Entries == 0 {
		return err
	}
	root, err := tlog.TreeHash(v.Entries, stored)
	v.Root = root.String()
	return err
}

// verifyCheckpoints checks that each signed head was a head of this log.
func (s *Store) verifyCheckpoints(ctx context.Context, v *Verified) error {
	stored := hashReader(func(i int64) (string, error) {
		var h string
		return h, s.query(ctx, "SELECT hash FROM log_hash WHERE n = ?", i).Scan(&h)
	})
	known := note.VerifierList(verifier{s.key.Public().(ed25519.PublicKey)})
	last := int64(0)
	err := s.rows(ctx, "SELECT size, note FROM checkpoint ORDER BY size", nil, func(rows *sql.Rows) error {
		var text string
		if err := rows.Scan(&last, &text); err != nil {
			return err
		}
		v.Checkpoints++
		n, err := note.Open([]byte(text), known)
		if err != nil {
			return errAltered(fmt.Sprintf("checkpoint %d: %v", last, err))
		}
		tree, err := tlog.ParseTree([]byte(n.Text))
		if err != nil || tree.N != last || last > v.Entries {
			return errAltered(fmt.Sprintf("checkpoint %d does not fit a log of %d entries", last, v.Entries))
		}
		root, err := tlog.TreeHash(last, stored)
		if err != nil || root != tree.Hash {
			return errAltered(fmt.Sprintf("an entry before %d is not what it was when checkpoint %d was signed", last, last))
		}
		return nil
	})
	if err == nil && last != v.Entries {
		return errAltered(fmt.Sprintf("checkpoint %d is missing", v.Entries))
	}
	return err
}

// verifyDeterminations checks each determination against its entry and answers it again.
func (s *Store) verifyDeterminations(ctx context.Context, v *Verified, replay Replay) error {
	after := int64(-1)
	for {
		page, err := s.Determinations(ctx, after, 500)
		if err != nil || len(page) == 0 {
			if err == nil {
				err = s.countLogged(ctx, v)
			}
			return err
		}
		for i := range page {
			d := &page[i]
			after = d.N
			v.Determinations++
			if err := s.verifyDetermination(ctx, d); err != nil {
				return err
			}
			came, err := replay(d)
			if err != nil {
				return err
			}
			switch came {
			case OtherLaw:
				v.OtherLaw++
			case OtherLists:
				v.OtherLists++
			case Differs:
				return errAltered(fmt.Sprintf("determination %s: the same question no longer gives the same bytes", d.ID))
			default:
				v.Replayed++
			}
		}
	}
}

func (s *Store) verifyDetermination(ctx context.Context, d *Determination) error {
	var text string
	var e Entry
	err := s.query(ctx, "SELECT entry FROM log_entry WHERE n = ?", d.N).Scan(&text)
	if err == nil {
		err = json.Unmarshal([]byte(text), &e)
	}
	if err != nil || e.Subject != d.ID || e.Kind != kindDetermination {
		return errAltered(fmt.Sprintf("determination %s has no entry in the log", d.ID))
	}
	if e.Digest != d.digest() || e.At != d.RecordedAt || e.Who != d.RecordedBy {
		return errAltered(fmt.Sprintf("determination %s is not the one that was recorded", d.ID))
	}
	return nil
}

// verifyJobs checks each job against its entries, and its files.
func (s *Store) verifyJobs(ctx context.Context, v *Verified, check func(digest string) error) error {
	ended := map[string]string{} // digests of results, as the log has them
	err := s.rows(ctx, "SELECT entry FROM log_entry WHERE entry LIKE ?", []any{`%"kind":"job.%`}, func(rows *sql.Rows) error {
		var text string
		var e Entry
		if err := rows.Scan(&text); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			return err
		}
		if e.Kind == kindJob {
			ended[e.Subject+" asked"] = e.Digest
		} else {
			ended[e.Subject] = e.Digest
		}
		return nil
	})
	if err != nil {
		return err
	}
	for before := int64(math.MaxInt64); ; {
		page, err := s.Jobs(ctx, before, 500)
		if err != nil || len(page) == 0 {
			return err
		}
		for i := range page {
			j := &page[i]
			before = j.N
			v.Jobs++
			if ended[j.ID+" asked"] != j.digest() || j.Ended() && ended[j.ID] != j.Result {
				return errAltered(fmt.Sprintf("job %s is not the one that was recorded", j.ID))
			}
			for _, digest := range []string{j.Input, j.Result} {
				if digest == "" {
					continue
				}
				if err := check(digest); err != nil {
					return errAltered(fmt.Sprintf("job %s: %v", j.ID, err))
				}
			}
		}
	}
}

// countLogged says whether a determination of the log is gone.
func (s *Store) countLogged(ctx context.Context, v *Verified) error {
	var gone string
	err := s.query(ctx, "SELECT e.entry FROM log_entry e LEFT JOIN determination d ON d.n = e.n WHERE d.n IS NULL AND e.entry LIKE ? "+
		"AND NOT EXISTS (SELECT 1 FROM archived a JOIN archive f ON f.digest = a.archive WHERE a.n = e.n) ORDER BY e.n LIMIT 1",
		`%"kind":"`+kindDetermination+`"%`).Scan(&gone)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	var e Entry
	if err := json.Unmarshal([]byte(gone), &e); err != nil {
		return err
	}
	return errAltered(fmt.Sprintf("determination %s is gone", e.Subject))
}

// Log lists entries from a place on, oldest first.
func (s *Store) Log(ctx context.Context, from int64, limit int) ([]Logged, error) {
	list := []Logged{}
	err := s.rows(ctx, "SELECT n, entry FROM log_entry WHERE n >= ? ORDER BY n LIMIT ?", []any{from, limit}, func(rows *sql.Rows) error {
		var text string
		var l Logged
		if err := rows.Scan(&l.N, &text); err != nil {
			return err
		}
		if err := json.NewDecoder(strings.NewReader(text)).Decode(&l.Entry); err != nil {
			return fmt.Errorf("log_entry %d: %w", l.N, err)
		}
		list = append(list, l)
		return nil
	})
	return list, err
}

// LogSize is the number of entries of the log.
func (s *Store) LogSize(ctx context.Context) (n int64, err error) {
	err = s.query(ctx, "SELECT COALESCE(MAX(n) + 1, 0) FROM log_entry").Scan(&n)
	return n, err
}
