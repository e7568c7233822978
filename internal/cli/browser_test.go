package cli

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestBrowser(t *testing.T) {
	for _, c := range []struct{ system, variable, want string }{
		{"linux", "", ""},
		{"linux", "DISPLAY", "xdg-open ADDRESS"},
		{"linux", "WAYLAND_DISPLAY", "xdg-open ADDRESS"},
		{"freebsd", "DISPLAY", "xdg-open ADDRESS"},
		{"darwin", "", "open ADDRESS"},
		{"darwin", "SSH_CONNECTION", ""},
		{"windows", "", "rundll32 url.dll,FileProtocolHandler ADDRESS"},
	} {
		getenv := func(name string) string { return map[string]string{c.variable: "set"}[name] }
		if got := strings.Join(opener(c.system, getenv, "ADDRESS"), " "); got != c.want {
			t.Errorf("%s with %s: %q, want %q", c.system, c.variable, got, c.want)
		}
	}
}

// The opener is run with the address, and one that is missing is said and stops nothing.
func TestBrowse(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the opener is a shell script here")
	}
	dir := t.TempDir()
	desktop := func(name string) string { return map[string]string{"DISPLAY": ":0"}[name] }
	t.Setenv("PATH", dir)
	if err := browse("linux", desktop, "http://127.0.0.1:1/sign-in"); err == nil {
		t.Error("an opener that is not there was run")
	}
	if err := browse("linux", os.Getenv, ""); err != nil && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		t.Errorf("without a desktop: %v", err)
	}
	opened := filepath.Join(dir, "opened")
	if err := os.WriteFile(filepath.Join(dir, "xdg-open"), []byte("#!/bin/sh\nprintf '%s' \"$1\" >'"+opened+"'\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := browse("linux", desktop, "http://127.0.0.1:1/sign-in"); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if got, err := os.ReadFile(opened); err == nil && string(got) == "http://127.0.0.1:1/sign-in" {
			return
		}
	}
	t.Error("the browser was not opened")
}
