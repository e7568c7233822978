package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"lodestone/internal/store"
)

// fileStore keeps files under their digests: inputs and results of jobs. A file has its name only once it is whole and on disk.
type fileStore struct {
	dir    string
	ending string // of the names; empty: they are the digests alone
}

// newFileStore makes the folder and, where nobody else uses it, removes what a process that died left half written.
func newFileStore(dir string, sole bool) (fileStore, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil || !sole {
		return fileStore{dir: dir}, err
	}
	left, err := filepath.Glob(filepath.Join(dir, ".part-*"))
	for _, name := range left {
		err = errors.Join(err, os.RemoveAll(name))
	}
	return fileStore{dir: dir}, err
}

// part is a file that is being written. The file is no embedded one: its ReadFrom would go past the digest.
type part struct {
	file  *os.File
	store fileStore
	sum   hash.Hash
	size  int64
}

func (s fileStore) create() (*part, error) {
	f, err := os.CreateTemp(s.dir, ".part-*")
	return &part{file: f, store: s, sum: sha256.New()}, err
}

// Write writes and reckons the digest.
func (p *part) Write(b []byte) (int, error) {
	n, err := p.file.Write(b)
	p.sum.Write(b[:n])
	p.size += int64(n)
	return n, err
}

// keep gives the file its name, which is its digest.
func (p *part) keep() (digest string, err error) {
	digest = hex.EncodeToString(p.sum.Sum(nil))
	if err := errors.Join(p.file.Sync(), p.file.Close()); err != nil {
		return "", err
	}
	if err := os.Rename(p.file.Name(), p.store.path(digest)); err != nil {
		return "", err
	}
	return digest, syncFolder(p.store.dir)
}

// syncFolder has the names of a folder's files written to the disk. Where the system knows no such thing, the names are as safe as it makes them.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	if err := d.Sync(); err != nil && runtime.GOOS != "windows" {
		return errors.Join(err, d.Close())
	}
	return d.Close()
}

// drop removes the file, unless it was kept.
func (p *part) drop() {
	p.file.Close()
	os.Remove(p.file.Name()) // its name is gone where it was kept
}

func (s fileStore) path(digest string) string { return filepath.Join(s.dir, digest+s.ending) }

func (s fileStore) open(digest string) (*os.File, error) { return os.Open(s.path(digest)) }

// check says whether a file is still what its name says.
func (s fileStore) check(digest string) error {
	f, err := s.open(digest)
	if err != nil {
		return fmt.Errorf("the file %s %w", digest, store.ErrGone)
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return err
	}
	if hex.EncodeToString(sum.Sum(nil)) != digest {
		return fmt.Errorf("the file %s is not what was recorded", digest)
	}
	return nil
}

// whileAsked reads a file until a context ends.
type whileAsked struct {
	*os.File
	ctx context.Context
}

// Read fails once the context has ended.
func (r whileAsked) Read(b []byte) (int, error) {
	if err := context.Cause(r.ctx); err != nil {
		return 0, err
	}
	return r.File.Read(b)
}

// ReadAt fails once the context has ended.
func (r whileAsked) ReadAt(b []byte, at int64) (int, error) {
	if err := context.Cause(r.ctx); err != nil {
		return 0, err
	}
	return r.File.ReadAt(b, at)
}
