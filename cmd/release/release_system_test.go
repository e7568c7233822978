//go:build system

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// Two builds of one state, the second in another folder, are the same to the byte, and so are the bill
// and the licences.
func TestTwoReleasesAreIdentical(t *testing.T) {
	var out bytes.Buffer
	here, only := t.TempDir(), runtime.GOOS+"/"+runtime.GOARCH
	if err := release(here, "v0.0.0-test", only, &out); err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	if err := os.CopyFS(elsewhere, os.DirFS(".")); err != nil {
		t.Fatal(err)
	}
	there := t.TempDir()
	cmd := exec.Command("go", "run", "./cmd/release", "-dir", there, "-version", "v0.0.0-test", "-only", only)
	cmd.Dir = elsewhere
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	names, err := os.ReadDir(here)
	if err != nil || len(names) != 5 {
		t.Fatal(names, err)
	}
	for _, n := range names {
		if n.Name() == "image" { // empty folders
			continue
		}
		a, err := os.ReadFile(filepath.Join(here, n.Name()))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(there, n.Name()))
		if err != nil || !bytes.Equal(a, b) {
			t.Errorf("%s differs between two builds (%v)", n.Name(), err)
		}
	}
}
