package fleet

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Folder is Blobs in a folder that all machines share, or that of one machine.
type Folder struct{ dir string }

// NewFolder makes the folder where it is not there.
func NewFolder(dir string) (Folder, error) {
	return Folder{dir}, os.MkdirAll(dir, 0o700)
}

// path spreads blobs over folders, since some file systems are slow with very many files in one.
func (f Folder) path(name string) (string, error) {
	if !isName(name) {
		return "", fmt.Errorf("%.80q: %w", name, errNoName)
	}
	return filepath.Join(f.dir, name[:2], name), nil
}

// Put is of Blobs. A blob has its name only once it is whole and on disk.
func (f Folder) Put(_ context.Context, name string, data []byte) error {
	path, err := f.path(name)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	part, err := os.CreateTemp(filepath.Dir(path), ".part-*")
	if err != nil {
		return err
	}
	defer os.Remove(part.Name()) // its name is gone where it was kept
	_, err = part.Write(data)
	if err = errors.Join(err, part.Sync(), part.Close()); err != nil {
		return err
	}
	return os.Rename(part.Name(), path)
}

// Get is of Blobs.
func (f Folder) Get(_ context.Context, name string) ([]byte, error) {
	path, err := f.path(name)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err == nil && info.Size() > maxBlob {
		return nil, fmt.Errorf("%s takes %d bytes; at most %d are read", path, info.Size(), maxBlob)
	}
	var data []byte
	if err == nil {
		data, err = os.ReadFile(path)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", f.dir, ErrGone)
	}
	return data, err
}

// Has is of Blobs.
func (f Folder) Has(_ context.Context, name string) (bool, error) {
	path, err := f.path(name)
	if err != nil {
		return false, err
	}
	_, err = os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// Drop is of Blobs.
func (f Folder) Drop(_ context.Context, name string) error {
	path, err := f.path(name)
	if err != nil {
		return err
	}
	err = os.Remove(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
