package app

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"lodestone/internal/store"
)

// Names in a data folder and in its backup.
const (
	databaseName = "lodestone.db"
	keyName      = "instance.key"
	filesName    = "files"
	indexesName  = "indexes" // made anew from the files of party lists; no backup holds them
	pdfName      = "pdf"     // what reading PDFs keeps; it can be made anew, and no backup holds it
)

// HasRecords says whether a folder is the data folder of an instance with SQLite.
func HasRecords(data string) bool {
	_, err := os.Stat(filepath.Join(data, databaseName))
	return err == nil
}

// Backup writes a data folder as a compressed tar while a server may be using it: first the database as of one moment, then the key and the files, of
// which all that the database names were there at that moment. Whoever has the backup has the key.
func Backup(ctx context.Context, data string, w io.Writer) error {
	if !HasRecords(data) {
		return fmt.Errorf("%s holds no database; a PostgreSQL database is backed up with pg_dump, and the data folder copied", data)
	}
	dir, err := os.MkdirTemp(data, ".backup-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	copied := filepath.Join(dir, databaseName)
	if err := store.CopySQLite(ctx, filepath.Join(data, databaseName), copied); err != nil {
		return err
	}
	z := gzip.NewWriter(w)
	t := tar.NewWriter(z)
	if err := addFile(t, copied, databaseName); err != nil {
		return err
	}
	if err := addFile(t, filepath.Join(data, keyName), keyName); err != nil {
		return err
	}
	if err := addLaw(t, data); err != nil {
		return err
	}
	for _, folder := range []string{filesName, archiveName} {
		files, err := os.ReadDir(filepath.Join(data, folder))
		if err != nil && !(folder == archiveName && errors.Is(err, os.ErrNotExist)) {
			return err
		}
		for _, f := range files {
			name := path.Join(folder, f.Name())
			if !belongs(name) {
				continue
			}
			if err := addFile(t, filepath.Join(data, folder, f.Name()), name); err != nil {
				return err
			}
		}
	}
	return errors.Join(t.Close(), z.Close())
}

// addLaw adds the installed pack of law, and which it is, as it was when it began: a pack that is installed meanwhile is not in the backup.
func addLaw(t *tar.Writer, data string) error {
	in, found, err := readInstalled(data)
	if err != nil || !found {
		return err
	}
	in.Previous = "" // there is nothing to go back to in a new folder
	if err := addFile(t, filepath.Join(data, packsName, in.Pack), path.Join(packsName, in.Pack)); err != nil {
		return err
	}
	text, err := json.Marshal(in)
	if err != nil {
		return err
	}
	if err := t.WriteHeader(&tar.Header{Name: path.Join(packsName, installedName), Mode: 0o600, Size: int64(len(text))}); err != nil {
		return err
	}
	_, err = t.Write(text)
	return err
}

// belongs says whether a file below a folder is one of a backup: it is called by its digest.
func belongs(name string) bool {
	folder, file := path.Split(name)
	switch folder {
	case filesName + "/":
		return isDigest.MatchString(file)
	case packsName + "/":
		return isDigest.MatchString(file) || file == installedName
	case archiveName + "/":
		digest, ok := strings.CutSuffix(file, archiveEnding)
		return ok && isDigest.MatchString(digest)
	}
	return false
}

// isDigest is the name of a file that is kept under its digest.
var isDigest = regexp.MustCompile(`^[0-9a-f]{64}$`)

func addFile(t *tar.Writer, from, name string) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := t.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: info.Size(), ModTime: info.ModTime()}); err != nil {
		return err
	}
	_, err = io.CopyN(t, f, info.Size())
	return err
}

// Restore makes a data folder from a backup, which may unpack to so many bytes. The folder must be empty or not there, and appears whole or not at all.
func Restore(r io.Reader, data string, limit int64) error {
	if left, err := os.ReadDir(data); err == nil && len(left) > 0 {
		return fmt.Errorf("%s is not empty; give a folder that is, or that does not exist", data)
	} else if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(data), 0o700); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(filepath.Dir(data), ".restore-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := unpackBackup(r, dir, limit); err != nil {
		return fmt.Errorf("the backup: %w", err)
	}
	if err := os.Remove(data); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return os.Rename(dir, data)
}

// unpackBackup writes the files of a backup, and no others, below a folder.
func unpackBackup(r io.Reader, dir string, limit int64) error {
	z, err := gzip.NewReader(r)
	if err != nil {
		return err
	}
	for _, folder := range []string{filesName, archiveName, packsName} {
		if err := os.Mkdir(filepath.Join(dir, folder), 0o700); err != nil {
			return err
		}
	}
	t := tar.NewReader(z)
	seen := map[string]bool{}
	for {
		h, err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		ours := h.Name == databaseName || h.Name == keyName || belongs(h.Name)
		if !ours || h.Typeflag != tar.TypeReg || seen[h.Name] {
			return fmt.Errorf("holds %q, which does not belong there", h.Name)
		}
		if limit -= h.Size; limit < 0 {
			return fmt.Errorf("unpacks to more than the limit; if it is yours and right, raise --limit")
		}
		seen[h.Name] = true
		if err := unpackFile(t, filepath.Join(dir, filepath.FromSlash(h.Name))); err != nil {
			return err
		}
	}
	if !seen[databaseName] || !seen[keyName] {
		return errors.New("lacks the database or the key: it is cut off, or no backup")
	}
	return nil
}

func unpackFile(r io.Reader, name string) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Sync(), f.Close())
}
