package app

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"lodestone/internal/ingest/parties"
	"lodestone/internal/party"
	"lodestone/internal/report"
	"lodestone/internal/sentence"
	"lodestone/internal/when"
)

// Refreshed is what came of one list that was to be replaced.
type Refreshed struct {
	File    string `json:"file"`
	Format  string `json:"format"`
	Before  int    `json:"before"` // parties of the list that was there; 0: none was
	Parties int    `json:"parties"`
	Changed bool   `json:"changed"` // false: the same bytes were there already
	Added   int    `json:"added"`
	Differ  int    `json:"differ"` // listings that are there still and say something else
	Removed int    `json:"removed"`
}

// shrunken is the share of its parties below which a new list is not believed.
const shrunken = 0.7

// RefreshList puts a list file into a folder of lists, under a name. It replaces the file of that name only if the new one can be read whole
// and has not lost more than three parties in ten; otherwise the error says why and the old file stays as it was. Smaller accepts a shrunken
// list. What was added, changed and removed goes into the history of the folder, under the day.
func RefreshList(dir, name string, open func() (io.ReadCloser, error), smaller bool, day when.Date) (Refreshed, error) {
	r := Refreshed{File: filepath.Join(dir, name)}
	temp, err := copyTemp(dir, open)
	if err != nil {
		return r, fmt.Errorf("%s: %w; the list that is there stays", name, err)
	}
	defer os.Remove(temp) // gone already where it was renamed
	fresh, old, err := r.compare(fileAt(temp, name), fileAt(r.File, name), smaller)
	if err != nil {
		return r, fmt.Errorf("%s: %w", name, err)
	}
	if err := os.Rename(temp, r.File); err != nil {
		return r, err
	}
	if err := appendHistory(dir, r.changes(old.Parties, fresh.Parties, name, day)); err != nil {
		return r, fmt.Errorf("%s: it was replaced, but the history could not be written: %w", name, err)
	}
	return r, nil
}

// compare reads a new list and the one that it would replace, and says why it is not to be believed. An old one that cannot be read has as many parties
// as Before says already: anything whole is better than none.
func (r *Refreshed) compare(now, was parties.File, smaller bool) (fresh, old parties.List, err error) {
	fresh, n, err := parties.Inspect(now)
	if err != nil {
		return fresh, old, sentence.Error("%s; the list that is there stays", err)
	}
	r.Format, r.Parties = fresh.Format, n
	old, before, err := parties.Inspect(was)
	if err == nil {
		r.Before = before
	}
	if float64(n) < shrunken*float64(r.Before) && !smaller {
		return fresh, old, sentence.Error("%d parties where the list that is there has %d: suspiciously few, so it stays; if it is right, say so (smaller)", n, r.Before)
	}
	r.Changed = old.Digest == "" || old.Digest != fresh.Digest
	return fresh, old, nil
}

// changes counts and lists what a refresh changed. A list that was not there is one change.
func (r *Refreshed) changes(old, fresh []party.Party, name string, day when.Date) []report.PartyChange {
	switch {
	case !r.Changed || len(fresh) == 0:
		return nil
	case r.Before == 0:
		return []report.PartyChange{{On: day, File: name, Change: "loaded", Parties: r.Parties}}
	}
	all := changesBetween(old, fresh, name, day)
	for i := range all {
		switch all[i].Change {
		case "added":
			r.Added++
		case "changed":
			r.Differ++
		case "removed":
			r.Removed++
		}
	}
	return all
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
