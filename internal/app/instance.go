package app

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"lodestone/internal/law"
	"lodestone/internal/report"
	"lodestone/internal/store"
	"lodestone/internal/when"
)

// Instance is a running Lodestone with its database: what serve and verify work on.
type Instance struct {
	Book      *law.Book
	Outward   Outward // how alerts leave the house; set before Work
	store     *store.Store
	key       ed25519.PrivateKey // signs the log and determination files
	data      string             // its folder
	archives  string             // folder of archives
	name      string             // under which it does jobs: one and the same at each start
	answerer  *answerer
	jobs      jobs
	lawLists  func() *lawIndex // party lists of the law, indexed when first asked for
	noticing  sync.Mutex       // held by whoever queues screenings of catalogues, so that none is queued twice
	lists     lists            // loaded beside those
	trade     *tradeDesk
	decisions *decisionDesk
	lock      io.Closer // nil: others may use the data folder as well
	verifying sync.Mutex
	pack      func() (*report.LawPack, error) // installed when it was first asked for
	now       func() time.Time
	pace      deliveryPace
}

// InstanceOptions say where an instance lives.
type InstanceOptions struct {
	Data string // folder of the database and of the key; needed
	DB   string // database; empty: SQLite in the data folder
	Book *law.Book
	Now  func() time.Time // the clock
	Sole bool             // keep other servers away from the data folder

	Archives string // folder of archives; empty: in the data folder
}

// OpenInstance opens the database, making folder, key and schema on first use.
func OpenInstance(ctx context.Context, o InstanceOptions) (*Instance, error) {
	if err := os.MkdirAll(o.Data, 0o700); err != nil {
		return nil, err
	}
	i := &Instance{Book: o.Book, data: o.Data, answerer: newAnswerer(o.Book), lawLists: sync.OnceValue(func() *lawIndex { return indexLaw(o.Book) }), trade: newTradeDesk(),
		decisions: newDecisionDesk(o.Book, o.Data), lists: lists{changed: make(chan struct{}, 1)}, now: o.Now, pace: usualPace}
	i.pack = sync.OnceValues(func() (*report.LawPack, error) { return InstalledPack(o.Data) })
	if i.archives = o.Archives; i.archives == "" {
		i.archives = filepath.Join(o.Data, archiveName)
	}
	if err := i.open(ctx, o); err != nil {
		return nil, errors.Join(err, i.Close())
	}
	return i, nil
}

func (i *Instance) open(ctx context.Context, o InstanceOptions) (err error) {
	if o.Sole {
		if i.lock, err = store.Lock(ctx, o.Data); err != nil {
			return err
		}
	}
	if i.key, err = InstanceKey(o.Data); err != nil {
		return err
	}
	i.name = store.Digest(string(i.key.Public().(ed25519.PublicKey)))[:16]
	if i.jobs.files, err = newFileStore(filepath.Join(o.Data, filesName), o.Sole); err != nil {
		return err
	}
	if o.DB == "" {
		o.DB = "sqlite:" + filepath.Join(o.Data, databaseName)
	}
	i.store, err = store.Open(ctx, o.DB, store.Options{Now: o.Now, Key: i.key})
	return err
}

// Pack tells of the pack of law in the data folder; nil: there is none.
func (i *Instance) Pack() (*report.LawPack, error) { return i.pack() }

// LawStatus says how old the law data are, and whether an installed pack is used.
func (i *Instance) LawStatus(lang string, on when.Date, within int) (report.Status, error) {
	doc := (&report.Maker{Book: i.Book, Lang: lang}).Status(on, within)
	var err error
	doc.Pack, err = i.pack()
	return doc, err
}

// Sessions is where the session library keeps sessions.
func (i *Instance) Sessions() store.Sessions { return i.store.Sessions() }

// Close closes the database and lets the data folder go.
func (i *Instance) Close() (err error) {
	if i.store != nil {
		err = i.store.Close()
	}
	if i.lock != nil {
		err = errors.Join(err, i.lock.Close())
	}
	return err
}

// InstanceKey is the key that the instance of a data folder signs with. The folder and the key are made on first use.
func InstanceKey(data string) (ed25519.PrivateKey, error) {
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, err
	}
	return SigningKey(filepath.Join(data, keyName))
}

// SigningKey reads the key that signs the log, or makes it. The file is written whole before it has its name, so a key is never half there.
func SigningKey(name string) (ed25519.PrivateKey, error) {
	text, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return newInstanceKey(name)
	}
	if err != nil {
		return nil, err
	}
	seed, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("%s holds no key; put the one of this database back, for with another its log cannot be verified", name)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

func newInstanceKey(name string) (ed25519.PrivateKey, error) {
	key, err := store.NewKey()
	if err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".instance-*")
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	_, err = fmt.Fprintln(f, base64.StdEncoding.EncodeToString(key.Seed()))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(f.Name(), name); errors.Is(err, os.ErrExist) { // another process was first
		return SigningKey(name)
	} else if err != nil {
		return nil, err
	}
	return key, nil
}
