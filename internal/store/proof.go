package store

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Proof shows, away from the database, that a line stands in the log of an instance.
type Proof struct {
	Entry string // the line, as it was hashed
	Path  string // hashes from the line up to the head, base64 parted by blanks; empty: the line is the whole log
	Head  string // signed head of the tree
	Key   string // of the instance, public, base64
}

// Recorded is a row that the log vouches for: an answer, or a step of a case.
type Recorded struct {
	N             int64
	Determination *Determination // nil: it is a step
	Step          *CaseStep      // nil: it is an answer
	Vouched       string         // the text whose digest the entry of the log has
	Proof
}

// Wanted says which rows are wanted, by when they were recorded.
type Wanted struct {
	From, Before time.Time // zero: from the first, to the last
	Steps        bool      // of cases as well
}

// window is how many places of the log are read at once.
const window = 200

// Records calls f for each answer and each step of a case, in the order of the log, with its proof under the head that is the newest when it begins. A
// row that is not the one that was recorded ends it.
func (s *Store) Records(ctx context.Context, w Wanted, f func(*Recorded) error) error {
	return s.proved(ctx, func(low, high int64) ([]Recorded, error) { return s.recorded(ctx, w, low, high) }, f)
}

// proved calls f for each of the rows that read gives of the places from one to before another.
func (s *Store) proved(ctx context.Context, read func(low, high int64) ([]Recorded, error), f func(*Recorded) error) error {
	p, err := s.prover(ctx)
	if errors.Is(err, ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	for low := int64(0); low < p.tree.N; low += window {
		list, err := read(low, min(low+window, p.tree.N))
		if err != nil {
			return err
		}
		for i := range list {
			if err := p.prove(&list[i]); err != nil {
				return err
			}
			if err := f(&list[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// recorded are the rows with places from one to before another, without their proofs.
func (s *Store) recorded(ctx context.Context, w Wanted, low, high int64) ([]Recorded, error) {
	where, args := "n >= ? AND n < ?", []any{low, high}
	if !w.From.IsZero() {
		where, args = where+" AND recorded_at >= ?", append(args, stamp(w.From))
	}
	if !w.Before.IsZero() {
		where, args = where+" AND recorded_at < ?", append(args, stamp(w.Before))
	}
	list, err := s.determinationsOf(ctx, where, args)
	if err != nil || !w.Steps {
		return list, err
	}
	steps, err := s.cases(ctx, selectCases(where+" ORDER BY n"), args...)
	for i := range steps {
		text, e := steps[i].vouched()
		err = errors.Join(err, e)
		list = append(list, Recorded{N: steps[i].N, Step: &steps[i], Vouched: text})
	}
	slices.SortFunc(list, func(a, b Recorded) int { return int(a.N - b.N) })
	return list, err
}

func (s *Store) determinationsOf(ctx context.Context, where string, args []any) (list []Recorded, err error) {
	err = s.rows(ctx, "SELECT "+determinationColumns+" FROM determination WHERE "+where+" ORDER BY n", args, func(rows *sql.Rows) error {
		d, err := scanDetermination(rows)
		list = append(list, Recorded{N: d.N, Determination: &d, Vouched: d.vouched()})
		return err
	})
	return list, err
}

// prover proves rows under one head.
type prover struct {
	s    *Store
	ctx  context.Context
	tree tlog.Tree
	head string
	key  string
	kept map[int64]tlog.Hash
}

// prover begins under the newest head, or gives ErrNone: the log is empty.
func (s *Store) prover(ctx context.Context) (*prover, error) {
	key := s.key.Public().(ed25519.PublicKey)
	p := &prover{s: s, ctx: ctx, key: base64.StdEncoding.EncodeToString(key), kept: map[int64]tlog.Hash{}}
	err := s.query(ctx, "SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1").Scan(&p.head)
	if err != nil {
		return nil, noneIf(err)
	}
	p.tree, err = openHead(p.head, key)
	return p, err
}

// openHead checks the signature of a head.
func openHead(head string, key ed25519.PublicKey) (tlog.Tree, error) {
	n, err := note.Open([]byte(head), note.VerifierList(verifier{key}))
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("the head of the log is not signed by the key: %w", err)
	}
	return tlog.ParseTree([]byte(n.Text))
}

// ReadHashes gives stored hashes; those high up in the tree are asked for again and again.
func (p *prover) ReadHashes(at []int64) ([]tlog.Hash, error) {
	stored := hashReader(func(i int64) (string, error) {
		var h string
		return h, p.s.query(p.ctx, "SELECT hash FROM log_hash WHERE n = ?", i).Scan(&h)
	})
	hashes := make([]tlog.Hash, len(at))
	for i, n := range at {
		h, ok := p.kept[n]
		if !ok {
			read, err := stored.ReadHashes([]int64{n})
			if err != nil {
				return nil, err
			}
			if len(p.kept) >= maxHashes {
				clear(p.kept)
			}
			h = read[0]
			p.kept[n] = h
		}
		hashes[i] = h
	}
	return hashes, nil
}

// prove fills in the proof of a row, and checks it.
func (p *prover) prove(r *Recorded) error {
	if err := p.s.query(p.ctx, "SELECT entry FROM log_entry WHERE n = ?", r.N).Scan(&r.Entry); err != nil {
		return fmt.Errorf("%s has no entry in the log: %w", r.name(), err)
	}
	path, err := tlog.ProveRecord(p.tree.N, r.N, p)
	if err != nil {
		return err
	}
	hashes := make([]string, len(path))
	for i, h := range path {
		hashes[i] = base64.StdEncoding.EncodeToString(h[:])
	}
	r.Path, r.Head, r.Key = strings.Join(hashes, " "), p.head, p.key
	e, err := checkPath(&r.Proof, r.N, p.tree)
	if err == nil {
		err = r.Check(e)
	}
	if err != nil {
		return fmt.Errorf("%s is not the one that was recorded (%w); lodestone verify says more", r.name(), err)
	}
	return nil
}

func (r *Recorded) name() string {
	if r.Step != nil {
		return fmt.Sprintf("step %d of case %s", r.Step.Version, r.Step.ID)
	}
	return "determination " + r.Determination.ID
}

// Check compares a row, and the text that is vouched for, with the entry. Of an answer without question and document that text says the rest.
func (r *Recorded) Check(e Entry) error {
	want := Entry{Digest: Digest(r.Vouched), Note: e.Note}
	vouched := r.Vouched
	if d := r.Determination; d != nil {
		want.At, want.Who, want.Kind, want.Subject = d.RecordedAt, d.RecordedBy, kindDetermination, d.ID
		if vouched = d.vouched(); d.Question == "" && d.Answer == "" {
			vouched = d.stated() + r.Vouched[min(len(d.stated()), len(r.Vouched)):]
		}
	} else {
		want.At, want.Who, want.Kind, want.Subject = r.Step.RecordedAt, r.Step.RecordedBy, caseSteps.kind+"."+r.Step.Kind, r.Step.ID
	}
	switch {
	case want.Digest != e.Digest:
		return errors.New("its entry in the log vouches for another text")
	case e != want:
		return errors.New("its entry in the log says otherwise")
	case vouched != r.Vouched:
		return errors.New("its columns are not what its entry in the log vouches for")
	}
	return nil
}

// Checker checks proofs, of which many have the same head.
type Checker struct {
	head, key string // those that were opened last
	tree      tlog.Tree
}

// Check says what is wrong with the proof of the line at a place, and gives the line.
func (c *Checker) Check(p *Proof, n int64) (Entry, error) {
	if c.head != p.Head || c.key != p.Key || c.head == "" {
		key, err := base64.StdEncoding.DecodeString(p.Key)
		if err != nil || len(key) != ed25519.PublicKeySize {
			return Entry{}, errors.New("the key is none")
		}
		if c.tree, err = openHead(p.Head, key); err != nil {
			return Entry{}, err
		}
		c.head, c.key = p.Head, p.Key
	}
	return checkPath(p, n, c.tree)
}

// maxPath bounds the hashes of a proof: no log is longer than the highest power of two that a place can be.
const maxPath = 64

// checkPath says whether a line stands in a tree, by the hashes between them.
func checkPath(p *Proof, n int64, tree tlog.Tree) (e Entry, err error) {
	var path tlog.RecordProof
	for _, text := range strings.Fields(p.Path) {
		b, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(b) != tlog.HashSize || len(path) == maxPath {
			return e, errors.New("the path is no list of hashes")
		}
		path = append(path, tlog.Hash(b))
	}
	if n < 0 || n >= tree.N {
		return e, fmt.Errorf("the head is of %d lines, and has none at place %d", tree.N, n)
	}
	if err := tlog.CheckRecord(path, tree.N, tree.Hash, n, tlog.RecordHash([]byte(p.Entry))); err != nil {
		return e, errors.New("the entry does not stand in the log that was signed")
	}
	return e, json.Unmarshal([]byte(p.Entry), &e)
}
