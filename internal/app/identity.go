package app

import (
	"context"
	"errors"
	"strings"

	"lodestone/internal/sentence"
	"lodestone/internal/store"
)

// Vouched is what a provider of sign-in says of a person.
type Vouched struct {
	Issuer  string
	Subject string // at the issuer, for ever
	Login   string // as the issuer calls it; empty: it does not say
	Name    string // empty: it does not say
	Role    Role   // that it grants here; empty: none
}

// ErrNoRole says that a provider vouches for somebody who is nobody here.
var ErrNoRole = sentence.Error("you are known, but have no role here; ask an administrator for a one-time link, or for a role where you signed in")

// SignInVouched gives the person that a provider vouches for. Whoever comes for the first time becomes a person by the role that the provider grants or by
// a one-time link (empty: none). A role that the provider grants is that of each sign-in; one that it grants no longer shuts the door to whoever came by it.
func (i *Instance) SignInVouched(ctx context.Context, v Vouched, key string) (*Actor, error) {
	known, err := i.store.IdentityOf(ctx, v.Issuer, v.Subject)
	switch {
	case errors.Is(err, store.ErrNone):
		return i.welcome(ctx, v, key)
	case err != nil:
		return nil, err
	}
	p, err := i.store.Person(ctx, known.Person)
	if err != nil {
		return nil, err
	}
	switch {
	case p.Disabled:
		return nil, ErrSignIn
	case known.ByClaim && Role(p.Role) != v.Role:
		if err := i.follow(ctx, &p, v.Role); err != nil {
			return nil, err
		}
	}
	return actorOf(&p), nil
}

// follow gives a person the role that the provider grants now. The last administrator stays one, whatever the provider says: nobody could make another. An
// alert tells of that, and once there is another the role follows.
func (i *Instance) follow(ctx context.Context, p *store.Person, role Role) error {
	last := false
	err := i.store.Write(ctx, func(tx *store.Tx) (err error) {
		switch last, err = isLastAdministrator(tx, p); {
		case err != nil || last:
			return err
		case role == "":
			return ErrNoRole
		}
		p.Role, p.RecordedBy = string(role), store.Instance
		return tx.PutPerson(p)
	})
	if err != nil || !last {
		return err
	}
	return i.Raise(ctx, newAlert("person.last_administrator", "person/"+p.ID, "person/"+p.ID+"/last/"+string(role), map[string]string{"login": p.Login}))
}

// isLastAdministrator says whether without a person there would be no administrator who may sign in.
func isLastAdministrator(tx *store.Tx, p *store.Person) (bool, error) {
	if Role(p.Role) != Administrator || p.Disabled {
		return false, nil
	}
	others, err := tx.OthersInRole(p.Role, p.ID)
	return others == 0, err
}

// welcome makes a person of whoever a provider vouches for. A login that is taken is never taken over: the other who has it may be somebody else.
func (i *Instance) welcome(ctx context.Context, v Vouched, key string) (*Actor, error) {
	if v.Role == "" && key == "" {
		return nil, ErrNoRole
	}
	for _, login := range []string{v.Login, "sso-" + strings.ToLower(store.Digest(v.Issuer + "\n" + v.Subject)[:16])} {
		if checkLogin(login) != nil {
			continue
		}
		p := store.Person{Login: login, Name: clipped(v.Name), Role: string(v.Role), RecordedBy: store.Instance}
		err := i.store.Write(ctx, func(tx *store.Tx) error {
			if key != "" {
				if err := tx.Accept(key, &p); err != nil {
					return err
				}
			} else if err := tx.PutPerson(&p); err != nil {
				return err
			}
			return tx.PutIdentity(&store.Identity{Issuer: v.Issuer, Subject: v.Subject, Person: p.ID, ByClaim: key == ""})
		})
		switch {
		case err == nil:
			return actorOf(&p), nil
		case errors.Is(err, store.ErrNone):
			return nil, ErrLink
		case !errors.Is(err, store.ErrTaken):
			return nil, err
		}
	}
	return nil, ErrTaken
}

// clipped is a name as long as names may be.
func clipped(name string) string {
	for len(name) > maxWord {
		r := []rune(name)
		name = string(r[:len(r)-1])
	}
	return name
}
