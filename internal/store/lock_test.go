package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A folder that another server uses and one that cannot be written are two things, and are told apart.
func TestLock(t *testing.T) {
	dir := t.TempDir()
	first, err := Lock(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "in use by another server") {
		t.Errorf("a second lock: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Lock(t.Context(), dir)
	if err != nil {
		t.Fatalf("after the first was closed: %v", err)
	}
	again.Close()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(t.Context(), file); err == nil || !strings.Contains(err.Error(), "cannot be written") {
		t.Errorf("no folder: %v", err)
	}
}
