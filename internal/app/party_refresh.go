package app

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"lodestone/internal/ingest/parties"
)

// Refreshed is what came of one list that was to be replaced.
type Refreshed struct {
	File    string `json:"file"`
	Format  string `json:"format"`
	Before  int    `json:"before"` // parties of the list that was there; 0: none was
	Parties int    `json:"parties"`
	Changed bool   `json:"changed"` // false: the same bytes were there already
}

// shrunken is the share of its parties below which a new list is not believed.
const shrunken = 0.7

// RefreshList puts a list file into a folder of lists, under a name. It replaces the file of that name only if the new one can be read whole
// and has not lost more than three parties in ten; otherwise the error says why and the old file stays as it was. Smaller accepts a shrunken
// list.
func RefreshList(dir, name string, open func() (io.ReadCloser, error), smaller bool) (Refreshed, error) {
	r := Refreshed{File: filepath.Join(dir, name)}
	temp, err := copyTemp(dir, open)
	if err != nil {
		return r, fmt.Errorf("%s: %w; the list that is there stays", name, err)
	}
	defer os.Remove(temp) // gone already where it was renamed
	fresh, n, err := parties.Inspect(fileAt(temp, name))
	if err != nil {
		return r, fmt.Errorf("%s: %w; the list that is there stays", name, err)
	}
	r.Format, r.Parties = fresh.Format, n
	// What is there and cannot be read counts as nothing: anything whole is better.
	old, before, err := parties.Inspect(fileAt(r.File, name))
	if err == nil {
		r.Before = before
	}
	if float64(n) < shrunken*float64(r.Before) && !smaller {
		return r, fmt.Errorf("%s: %d parties where the list that is there has %d: suspiciously few, so it stays; if it is right, say --smaller", name, n, r.Before)
	}
	r.Changed = old.Digest == "" || old.Digest != fresh.Digest
	if err := os.Rename(temp, r.File); err != nil {
		return r, err
	}
	return r, nil
}

func fileAt(path, name string) parties.File {
	return parties.File{Name: name, Open: func() (io.ReadCloser, error) { return os.Open(path) }}
}

// copyTemp copies what is opened into a hidden file of the folder, whole and on the disk.
func copyTemp(dir string, open func() (io.ReadCloser, error)) (path string, err error) {
	in, err := open()
	if err != nil {
		return "", err
	}
	defer in.Close()
	return writeTemp(dir, func(w io.Writer) error {
		_, err := io.Copy(w, in)
		return err
	})
}

// writeTemp writes a hidden file of a folder, whole and on the disk.
func writeTemp(dir string, write func(io.Writer) error) (path string, err error) {
	f, err := os.CreateTemp(dir, ".list.*")
	if err != nil {
		return "", err
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}
