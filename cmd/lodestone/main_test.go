//go:build system

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// build compiles the program as the README does.
func build(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "lodestone")
	cmd := exec.Command("go", "build", "-o", name, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return name
}

// A process that is killed while it writes leaves the old file whole; one that is interrupted leaves nothing else behind either.
func TestAKilledScreeningLeavesTheOldFile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("signals are sent on Unix only")
	}
	program := build(t)
	for _, signal := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM} {
		dir := t.TempDir()
		out := filepath.Join(dir, "answers.jsonl")
		if err := os.WriteFile(out, []byte("old\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(program, "screen", "-", "--output", "jsonl", "--out", out)
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		go feed(in)
		waitForOutput(t, dir)
		if err := cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		cmd.Wait()
		if text, _ := os.ReadFile(out); string(text) != "old\n" {
			t.Errorf("after %v the file holds %.40q", signal, text)
		}
		if names := files(dir); signal == syscall.SIGTERM && len(names) != 1 {
			t.Errorf("after %v there stand %v", signal, names)
		}
	}
}

// feed writes rows until the program no longer reads.
func feed(w interface{ Write([]byte) (int, error) }) {
	fmt.Fprintln(w, "id,description,from,destination,ship_date")
	rows := strings.Repeat("x,dysprosium oxide,CN,DE,2026-03-01\n", 1000)
	for {
		if _, err := w.Write([]byte(rows)); err != nil {
			return
		}
	}
}

// waitForOutput waits until the new file has grown.
func waitForOutput(t *testing.T, dir string) {
	t.Helper()
	for range 500 {
		for _, name := range files(dir) {
			if info, err := os.Stat(filepath.Join(dir, name)); err == nil && strings.HasPrefix(name, ".answers") && info.Size() > 1<<20 {
				return
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("nothing was written")
}

func files(dir string) []string {
	entries, _ := os.ReadDir(dir)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
