package store

import (
	"context"
	"errors"
)

// Identity is a person as a provider of sign-in knows it.
type Identity struct {
	Issuer  string
	Subject string
	Person  string // id
	ByClaim bool   // the provider says the role
}

// IdentityOf gives the identity of a subject, or ErrNone.
func (s *Store) IdentityOf(ctx context.Context, issuer, subject string) (Identity, error) {
	i := Identity{Issuer: issuer, Subject: subject}
	var byClaim int
	err := s.query(ctx, "SELECT person, by_claim FROM identity WHERE issuer = ? AND subject = ?", issuer, subject).Scan(&i.Person, &byClaim)
	i.ByClaim = byClaim != 0
	return i, noneIf(err)
}

// PutIdentity records an identity of a person that was recorded just before. ErrTaken: the subject is known already.
func (tx *Tx) PutIdentity(i *Identity) error {
	var person string
	err := tx.query("SELECT person FROM identity WHERE issuer = ? AND subject = ?", i.Issuer, i.Subject).Scan(&person)
	if err == nil {
		return ErrTaken
	}
	if err = noneIf(err); !errors.Is(err, ErrNone) {
		return err
	}
	byClaim := 0
	if i.ByClaim {
		byClaim = 1
	}
	if err := tx.exec("INSERT INTO identity (issuer, subject, person, by_claim, recorded_at) VALUES (?, ?, ?, ?, ?)", i.Issuer, i.Subject, i.Person, byClaim, stamp(tx.At)); err != nil {
		return err
	}
	_, err = tx.Log(Entry{Who: Instance, Kind: "identity.new", Subject: i.Person, Digest: Digest(i.Issuer + "\n" + i.Subject), Note: i.Issuer})
	return err
}
