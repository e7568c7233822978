package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
)

// Person is somebody who may sign in, as of the newest version.
type Person struct {
	ID         string
	Version    int
	Login      string
	Name       string
	Role       string
	Password   string // argon2id in its usual text form; empty: signs in elsewhere
	Disabled   bool   // may not sign in
	RecordedAt string
	RecordedBy string // id of a person; "instance": came by a one-time link
}

const personColumns = "id, version, login, name, role, password, disabled, recorded_at, recorded_by"

// newest keeps the newest version of each person.
const newest = "version = (SELECT MAX(version) FROM person q WHERE q.id = p.id)"

func scanPerson(row interface{ Scan(...any) error }) (p Person, err error) {
	var disabled int
	err = row.Scan(&p.ID, &p.Version, &p.Login, &p.Name, &p.Role, &p.Password, &disabled, &p.RecordedAt, &p.RecordedBy)
	p.Disabled = disabled != 0
	return p, noneIf(err)
}

// Person gives a person by id, or ErrNone.
func (s *Store) Person(ctx context.Context, id string) (Person, error) {
	return scanPerson(s.query(ctx, "SELECT "+personColumns+" FROM person p WHERE id = ? AND "+newest, id))
}

// PersonOf gives a person by login, or ErrNone.
func (s *Store) PersonOf(ctx context.Context, login string) (Person, error) {
	return scanPerson(s.query(ctx, "SELECT "+personColumns+" FROM person p WHERE login = ? AND "+newest, fold(login)))
}

// People lists persons by login.
func (s *Store) People(ctx context.Context) (list []Person, err error) {
	err = s.rows(ctx, "SELECT "+personColumns+" FROM person p WHERE "+newest+" ORDER BY login", nil, func(rows *sql.Rows) error {
		p, err := scanPerson(rows)
		list = append(list, p)
		return err
	})
	return list, err
}

// fold makes two spellings of one login the same.
func fold(login string) string { return strings.ToLower(strings.TrimSpace(login)) }

// PutPerson records a new person (no ID) or a new version of one. ErrTaken: the login is another's.
func (tx *Tx) PutPerson(p *Person) error {
	kind := "person.change"
	p.Login, p.RecordedAt = fold(p.Login), stamp(tx.At)
	if p.ID == "" {
		kind, p.ID = "person.new", NewID()
		var holder string
		switch err := tx.query("SELECT person FROM login WHERE login = ?", p.Login).Scan(&holder); {
		case err == nil:
			return ErrTaken
		case !errors.Is(err, sql.ErrNoRows):
			return err
		}
		if err := tx.exec("INSERT INTO login (login, person) VALUES (?, ?)", p.Login, p.ID); err != nil {
			return err
		}
	}
	p.Version++
	disabled := 0
	if p.Disabled {
		disabled = 1
	}
	err := tx.exec("INSERT INTO person ("+personColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		p.ID, p.Version, p.Login, p.Name, p.Role, p.Password, disabled, p.RecordedAt, p.RecordedBy)
	if err != nil {
		return err
	}
	state := p.Role
	if p.Disabled {
		state += ", disabled"
	}
	_, err = tx.Log(Entry{Who: p.RecordedBy, Kind: kind, Subject: p.ID, Note: state})
	return err
}

// Administered says whether a person who is an administrator has ever been recorded.
func (s *Store) Administered(ctx context.Context, role string) (bool, error) {
	var n int
	err := s.query(ctx, "SELECT COUNT(*) FROM person WHERE role = ?", role).Scan(&n)
	return n > 0, err
}

// OthersInRole counts who has a role and may sign in, besides one person.
func (tx *Tx) OthersInRole(role, id string) (n int, err error) {
	err = tx.query("SELECT COUNT(*) FROM person p WHERE "+newest+" AND role = ? AND disabled = 0 AND id <> ?", role, id).Scan(&n)
	return n, err
}

// Invite records a one-time link by the digest of its key.
func (tx *Tx) Invite(key, role, by string, expires time.Time) error {
	err := tx.exec("INSERT INTO invitation (digest, role, expires_at, recorded_at, recorded_by) VALUES (?, ?, ?, ?, ?)",
		Digest(key), role, stamp(expires), stamp(tx.At), by)
	if err != nil {
		return err
	}
	_, err = tx.Log(Entry{Who: by, Kind: "invitation.new", Subject: Digest(key)[:16], Note: role})
	return err
}

// Invited gives the role that an unused, unexpired link grants, or ErrNone.
func (s *Store) Invited(ctx context.Context, key string) (role string, err error) {
	err = s.query(ctx, invited, Digest(key), stamp(s.now())).Scan(&role)
	return role, noneIf(err)
}

const invited = "SELECT role FROM invitation i WHERE digest = ? AND expires_at > ? AND NOT EXISTS (SELECT 1 FROM invitation_use u WHERE u.digest = i.digest)"

// Accept uses a link up and records the person it makes, whose role the link gives. ErrNone: it is used, expired or none.
func (tx *Tx) Accept(key string, p *Person) error {
	if err := tx.query(invited, Digest(key), stamp(tx.At)).Scan(&p.Role); err != nil {
		return noneIf(err)
	}
	p.RecordedBy = Instance
	if err := tx.PutPerson(p); err != nil {
		return err
	}
	return tx.exec("INSERT INTO invitation_use (digest, person, recorded_at) VALUES (?, ?, ?)", Digest(key), p.ID, p.RecordedAt)
}

// Instance stands for the program itself where no person did something.
const Instance = "instance"

// Token lets a program act for a person.
type Token struct {
	ID         string
	Person     string
	Name       string
	Scopes     []string
	ExpiresAt  string
	RecordedAt string
	Ended      bool
}

// PutToken records a token by the digest of its key; ID and RecordedAt are filled in.
func (tx *Tx) PutToken(t *Token, key string, expires time.Time) error {
	t.ID, t.RecordedAt, t.ExpiresAt = NewID(), stamp(tx.At), stamp(expires)
	err := tx.exec("INSERT INTO token (id, digest, person, name, scopes, expires_at, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		t.ID, Digest(key), t.Person, t.Name, strings.Join(t.Scopes, " "), t.ExpiresAt, t.RecordedAt)
	if err != nil {
		return err
	}
	_, err = tx.Log(Entry{Who: t.Person, Kind: "token.new", Subject: t.ID, Note: strings.Join(t.Scopes, " ")})
	return err
}

// EndToken ends a token for good. ErrNone: there is none of that id that has not ended.
func (tx *Tx) EndToken(id, by string) error {
	var n int
	err := tx.query("SELECT COUNT(*) FROM token t WHERE id = ? AND NOT EXISTS (SELECT 1 FROM token_end e WHERE e.id = t.id)", id).Scan(&n)
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrNone
	}
	if err := tx.exec("INSERT INTO token_end (id, recorded_at, recorded_by) VALUES (?, ?, ?)", id, stamp(tx.At), by); err != nil {
		return err
	}
	_, err = tx.Log(Entry{Who: by, Kind: "token.end", Subject: id})
	return err
}

const tokenColumns = "t.id, t.person, t.name, t.scopes, t.expires_at, t.recorded_at, (SELECT COUNT(*) FROM token_end e WHERE e.id = t.id)"

func scanToken(row interface{ Scan(...any) error }) (t Token, err error) {
	var scopes string
	var ended int
	err = row.Scan(&t.ID, &t.Person, &t.Name, &scopes, &t.ExpiresAt, &t.RecordedAt, &ended)
	t.Scopes, t.Ended = strings.Fields(scopes), ended > 0
	return t, noneIf(err)
}

// TokenOf gives the token of a key that has neither ended nor expired, or ErrNone.
func (s *Store) TokenOf(ctx context.Context, key string) (Token, error) {
	t, err := scanToken(s.query(ctx, "SELECT "+tokenColumns+" FROM token t WHERE digest = ? AND expires_at > ?", Digest(key), stamp(s.now())))
	if err == nil && t.Ended {
		err = ErrNone
	}
	return t, err
}

// Tokens lists the tokens of a person, newest first.
func (s *Store) Tokens(ctx context.Context, person string) (list []Token, err error) {
	err = s.rows(ctx, "SELECT "+tokenColumns+" FROM token t WHERE person = ? ORDER BY t.recorded_at DESC, t.id", []any{person}, func(rows *sql.Rows) error {
		t, err := scanToken(rows)
		list = append(list, t)
		return err
	})
	return list, err
}
