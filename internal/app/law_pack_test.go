package app

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lodestone/internal/report"
	"lodestone/internal/when"
)

// packFile packs the company policy, made on a day, and returns the file and its key.
func packFile(t *testing.T, text, keyFile string, made when.Date) (file, trusted string) {
	t.Helper()
	dir := folder(t, map[string]string{"acts/XX/2026-1.yaml": text})
	pack, trusted, problems, err := PackLaw(dir, keyFile, made)
	if err != nil || len(problems) > 0 {
		t.Fatalf("%v %v", err, problems)
	}
	file = filepath.Join(t.TempDir(), "policy.pack")
	if err := os.WriteFile(file, pack, 0o644); err != nil {
		t.Fatal(err)
	}
	return file, trusted
}

func TestUpdateInstallsAPackWholeOrNotAtAll(t *testing.T) {
	data, key, today := t.TempDir(), filepath.Join(t.TempDir(), "publisher.key"), when.Day(2026, 11, 25)
	file, trusted := packFile(t, policy, key, today)
	older, again := packFile(t, strings.Replace(policy, "Sb 5%", "Sb 6%", 1), key, today-1)
	if again != trusted {
		t.Fatal("the key was made anew")
	}
	update := func(file string, force bool) (report.LawUpdate, error) {
		doc, problems, err := UpdateLaw(LawUpdate{Data: data, File: file, Trusted: trusted, Force: force, On: today, Lang: "en"})
		if problems.Refusals() > 0 {
			t.Fatal(problems)
		}
		return doc, err
	}
	inForce := func() bool {
		t.Helper()
		book, problems, err := LoadInstalledBook(data, "")
		if err != nil || problems.Refusals() > 0 {
			t.Fatalf("%v %v", err, problems)
		}
		_, ok := book.NormNumber("XX-2026-1/antimony")
		return ok
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(t.TempDir(), "broken.pack")
	if err := os.WriteFile(broken, bytes.Replace(whole, []byte("made: 2026-11-25"), []byte("made: 2026-11-26"), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := update(broken, true); err == nil {
		t.Fatal("an altered pack is taken")
	}
	if _, found, err := readInstalled(data); found || err != nil {
		t.Fatalf("an altered pack is installed: %v", err)
	}

	doc, err := update(file, false)
	if err != nil || !inForce() {
		t.Fatalf("not installed: %v", err)
	}
	if n := doc.Changes.Norms; len(n) != 1 || n[0].Norm != "XX-2026-1/antimony" || n[0].Before != "absent" || n[0].After != "in_force" {
		t.Errorf("changes %+v", n)
	}
	if doc.Before.Revision == doc.After.Revision {
		t.Error("the revision is the same")
	}

	if _, err := update(older, false); err == nil || !strings.Contains(err.Error(), "--force") {
		t.Errorf("an older pack: %v", err)
	}
	if _, err := update(older, true); err != nil {
		t.Error(err)
	}
	packs, err := filepath.Glob(filepath.Join(data, packsName, "*"))
	if err != nil || len(packs) != 3 {
		t.Errorf("the folder should hold the pack, the one before and which is used: %v %v", packs, err)
	}

	in, _, err := readInstalled(data)
	if err != nil || in.Previous == "" || in.Previous == in.Pack {
		t.Fatalf("%+v %v", in, err)
	}
	if err := os.WriteFile(filepath.Join(data, packsName, in.Pack), whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := LoadInstalledBook(data, ""); err == nil || !strings.Contains(err.Error(), "not the file that was installed") {
		t.Errorf("an exchanged pack is used: %v", err)
	}
	if _, err := update(file, false); err == nil {
		t.Error("what the pack replaces cannot be read, and nobody says so")
	}
	if _, err := update(file, true); err != nil || !inForce() {
		t.Errorf("not mended: %v", err)
	}
}

func TestWhatFailsTheCheckIsNotPacked(t *testing.T) {
	key := filepath.Join(t.TempDir(), "publisher.key")
	for name, files := range map[string]map[string]string{
		"witness": {"acts/XX/2026-1.yaml": strings.Replace(policy, `"Pb 100%; rest none"`, `"Pb 100%"`, 1)},
		"nothing": {"README.md": "no law"},
	} {
		pack, _, problems, err := PackLaw(folder(t, files), key, when.Day(2026, 11, 25))
		if pack != nil || err == nil && len(problems) == 0 {
			t.Errorf("%s: packed", name)
		}
	}
	if _, err := os.Stat(key); err == nil {
		t.Error("a key was made for nothing")
	}
}
