package app

import (
	"context"
	"errors"

	"lodestone/internal/store"
)

// Once makes sending a file again harmless: what came of it the first time comes back. The zero value does not.
type Once struct {
	Key     string // that the person chose; empty: sending again is something new
	Request string // what is asked about the file: the same words mean the same
}

// key is the key of a person for a file.
func (o Once) key(by *Actor, digest string) *store.UploadKey {
	return &store.UploadKey{Key: o.Key, Asked: store.Digest(o.Request + "\n" + digest), By: by.Person}
}

// came gives what came of sending a file under the key before; empty: nothing was sent under it. ErrKeyUsed says that something else was.
func (o Once) came(ctx context.Context, i *Instance, by *Actor, digest string) (string, error) {
	if o.Key == "" {
		return "", nil
	}
	k := o.key(by, digest)
	asked := k.Asked
	switch err := i.store.UploadKey(ctx, k); {
	case errors.Is(err, store.ErrNone):
		return "", nil
	case err != nil:
		return "", err
	case k.Asked != asked:
		return "", ErrKeyUsed
	}
	return k.Came, nil
}

// put notes what came of sending a file.
func (o Once) put(tx *store.Tx, by *Actor, digest, came string) error {
	if o.Key == "" {
		return nil
	}
	k := o.key(by, digest)
	k.Came = came
	return tx.PutUploadKey(k)
}

// write does work that ends with put. Where somebody else was first with the key, what came of that is given.
func (o Once) write(ctx context.Context, i *Instance, by *Actor, digest string, work func(*store.Tx) error) (came string, err error) {
	if err = i.store.Write(ctx, work); err == nil || o.Key == "" {
		return "", err
	}
	if came, e := o.came(ctx, i, by, digest); e != nil || came != "" {
		return came, e
	}
	return "", err
}
