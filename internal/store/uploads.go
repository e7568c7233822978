package store

import "context"

// UploadKey says what came of something that was sent under a key, so that sending it again is harmless.
type UploadKey struct {
	Key   string // that the person chose
	Asked string // digest of the request and the file
	Came  string // id of a job or a catalogue, or what was answered of a party list
	By    string // id of the person
}

var uploadKeys = ledger{"upload_key", "upload_key", []string{"key", "asked", "came"}}

// of is the key as the table has it: that of one person.
func (k *UploadKey) of() string { return Digest(k.By + " " + k.Key) }

// PutUploadKey records what came of a key. It fails where the person has used the key before.
func (tx *Tx) PutUploadKey(k *UploadKey) error {
	_, err := tx.add(&uploadKeys, "use", k.By, "", k.of(), k.Asked, k.Came)
	return err
}

// UploadKey fills in what was asked under a key of a person and what came of it, or gives ErrNone.
func (s *Store) UploadKey(ctx context.Context, k *UploadKey) error {
	return noneIf(s.query(ctx, "SELECT asked, came FROM upload_key WHERE key = ?", k.of()).Scan(&k.Asked, &k.Came))
}
