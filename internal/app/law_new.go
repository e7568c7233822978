package app

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"lodestone/internal/lawfile"
	"lodestone/internal/when"
)

// NewAct writes the scaffold of an act into a law folder and returns the paths. Files that are there already are left as they are, and an error says so.
func NewAct(dir, id, kind string, today when.Date) ([]string, error) {
	files, err := lawfile.Scaffold(id, kind, today)
	if err != nil {
		return nil, err
	}
	names := slices.Sorted(maps.Keys(files))
	for i, name := range names {
		names[i] = filepath.Join(dir, filepath.FromSlash(name))
		if _, err := os.Stat(names[i]); err == nil {
			return nil, &fs.PathError{Op: "write", Path: names[i], Err: fmt.Errorf("is there already; choose another id or folder")}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, []byte(files[name]), 0o644); err != nil {
			return nil, err
		}
	}
	return names, nil
}
