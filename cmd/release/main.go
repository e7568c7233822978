// Command release builds what is given out: the program for six systems, the bill of its modules, their licences, and the digests of all.
//
// The same commit and the same Go give the same bytes, wherever it is built: no path, no time, no C compiler and no state of the repository gets into a
// binary. Start with main; the bill is read from the finished binaries (bill.go), not from what was meant to go into them.
package main

import (
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// target is a system that the program is built for.
type target struct{ os, arch string }

var targets = []target{{"linux", "amd64"}, {"linux", "arm64"}, {"darwin", "amd64"}, {"darwin", "arm64"}, {"windows", "amd64"}, {"windows", "arm64"}}

func (t target) file(version string) string {
	name := "lodestone_" + version + "_" + t.os + "_" + t.arch
	if t.os == "windows" {
		name += ".exe"
	}
	return name
}

func main() {
	dir := flag.String("dir", "dist", "folder to write into")
	version := flag.String("version", "", "version to stamp (default: the tag or commit of the repository)")
	only := flag.String("only", "", "build for one system only: os/arch")
	flag.Parse()
	if err := release(*dir, *version, *only, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func release(dir, version, only string, say io.Writer) error {
	if version == "" {
		out, err := exec.Command("git", "describe", "--tags", "--always", "--dirty").Output()
		if err != nil {
			return fmt.Errorf("there is no repository to take the version from (%w); give -version", err)
		}
		version = strings.TrimSpace(string(out))
	}
	if !regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z.+-]{0,99}$`).MatchString(version) {
		return fmt.Errorf("%q is no version: letters, digits, points, plus and minus", version)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	var files []string
	for _, t := range targets {
		if only != "" && only != t.os+"/"+t.arch {
			continue
		}
		name := t.file(version)
		fmt.Fprintln(say, "building", name)
		if err := build(t, version, filepath.Join(dir, name)); err != nil {
			return err
		}
		files = append(files, name)
	}
	if files == nil {
		return fmt.Errorf("-only %q is none of the systems that the program is built for", only)
	}
	if err := imageFolders(dir); err != nil {
		return err
	}
	modules, err := modulesOf(dir, files)
	if err != nil {
		return err
	}
	for name, write := range map[string]func(io.Writer) error{
		"sbom.cdx.json": func(w io.Writer) error { return writeBill(w, version, modules) },
		"LICENCES.txt":  func(w io.Writer) error { return writeLicences(w, modules) },
	} {
		if err := writeFile(filepath.Join(dir, name), write); err != nil {
			return err
		}
	}
	return writeFile(filepath.Join(dir, "SHA256SUMS"), func(w io.Writer) error { return writeSums(w, dir, append(files, "LICENCES.txt", "sbom.cdx.json")) })
}

// imageFolders makes the folders that the image copies: an image made from nothing has none, and its user may not make any.
func imageFolders(dir string) error {
	for name, mode := range map[string]os.FileMode{"data": 0o700, "tmp": 0o777 | os.ModeSticky} {
		folder := filepath.Join(dir, "image", name)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		if err := os.Chmod(folder, mode); err != nil {
			return err
		}
	}
	return nil
}

// build compiles the program so that nothing of this machine gets into it.
func build(t target, version, name string) error {
	full, err := filepath.Abs(name)
	if err != nil {
		return err
	}
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid= -X main.version="+version, "-o", full, "./cmd/lodestone")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+t.os, "GOARCH="+t.arch, "GOAMD64=v1", "GOARM64=v8.0", "GOFLAGS=", "GOEXPERIMENT=")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s/%s: %w\n%s", t.os, t.arch, err, out)
	}
	return nil
}

func writeFile(name string, write func(io.Writer) error) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

// writeSums writes digests as sha256sum reads them.
func writeSums(w io.Writer, dir string, files []string) error {
	for _, name := range files {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		sum := sha256.New()
		_, err = io.Copy(sum, f)
		if err = errors.Join(err, f.Close()); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%x  %s\n", sum.Sum(nil), name); err != nil {
			return err
		}
	}
	return nil
}
