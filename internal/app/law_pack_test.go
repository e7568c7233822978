package app

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"lodestone/internal/lawfile"
	"lodestone/internal/report"
	"lodestone/internal/store"
	"lodestone/internal/when"
	"lodestone/lawdata"
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

// A whole law that is older than the one carried is not used, and that is said; by force it is.
func TestAPackThatYieldsSaysSo(t *testing.T) {
	data, key, today := t.TempDir(), filepath.Join(t.TempDir(), "publisher.key"), when.Day(2026, 11, 25)
	if p, err := InstalledPack(data); p != nil || err != nil {
		t.Fatalf("%+v %v", p, err)
	}
	file, trusted := packFile(t, policy, key, today)
	u := LawUpdate{Data: data, File: file, Trusted: trusted, On: today, Lang: "en"}
	if _, _, err := UpdateLaw(u); err != nil {
		t.Fatal(err)
	}
	if p, err := InstalledPack(data); err != nil || p.Whole || p.Yields || p.Trusted != trusted || !strings.Contains(p.Text("en"), "is used") {
		t.Errorf("a folder beside the law: %+v %v", p, err)
	}
	whole := t.TempDir()
	if err := os.CopyFS(whole, lawdata.Text()); err != nil {
		t.Fatal(err)
	}
	assessed := filepath.Join(whole, "assessed.yaml")
	text, err := os.ReadFile(assessed)
	if err != nil {
		t.Fatal(err)
	}
	carried, err := lawdata.Files()
	if err != nil {
		t.Fatal(err)
	}
	older := regexp.MustCompile(`(?m)^(knowledge_horizon: *"?)`+carried.Assessed.Horizon.String()).ReplaceAll(text, []byte("${1}"+(carried.Assessed.Horizon-1).String()))
	if bytes.Equal(older, text) {
		t.Fatalf("no horizon: %s", text)
	}
	if err := os.WriteFile(assessed, older, 0o600); err != nil {
		t.Fatal(err)
	}
	signing, err := SigningKey(key)
	if err != nil {
		t.Fatal(err)
	}
	pack, err := lawfile.Pack(os.DirFS(whole), lawfile.Stamp{Name: "older", Made: today, Horizon: carried.Assessed.Horizon - 1}, signing)
	if err != nil {
		t.Fatal(err)
	}
	for _, forced := range []bool{false, true} {
		in := installed{Pack: store.Digest(string(pack)), Trusted: trusted, Forced: forced}
		if err := in.install(data, pack); err != nil {
			t.Fatal(err)
		}
		p, err := InstalledPack(data)
		if err != nil || !p.Whole || p.Yields == forced || p.Name != "older" {
			t.Fatalf("%+v %v", p, err)
		}
		book, problems, err := LoadInstalledBook(data, "")
		if err != nil || problems.Refusals() > 0 {
			t.Fatal(problems, err)
		}
		if used := book.Assessed.Horizon < carried.Assessed.Horizon; used != forced {
			t.Errorf("forced %v: used %v", forced, used)
		}
		for lang, says := range map[string]string{"en": "NOT used", "zh": "未被使用", "ko": "사용하지 않음"} {
			if got := p.Text(lang); strings.Contains(got, says) == forced {
				t.Errorf("forced %v: %s", forced, got)
			}
		}
	}
}

// A backup holds the pack that is used, and a restored folder uses it.
func TestABackupHoldsTheInstalledPack(t *testing.T) {
	data, today := t.TempDir(), when.Day(2026, 11, 25)
	file, trusted := packFile(t, policy, filepath.Join(t.TempDir(), "publisher.key"), today)
	openInstance(t, data).Close()
	for range 2 {
		if _, _, err := UpdateLaw(LawUpdate{Data: data, File: file, Trusted: trusted, On: today, Lang: "en"}); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := Backup(t.Context(), data, &b); err != nil {
		t.Fatal(err)
	}
	again := filepath.Join(t.TempDir(), "restored")
	if err := Restore(&b, again, 1<<30); err != nil {
		t.Fatal(err)
	}
	book, problems, err := LoadInstalledBook(again, "")
	if err != nil || problems.Refusals() > 0 {
		t.Fatal(problems, err)
	}
	if _, ok := book.NormNumber("XX-2026-1/antimony"); !ok {
		t.Error("the restored folder does not use the pack")
	}
	if err := os.Remove(filepath.Join(data, packsName, mustInstalled(t, data).Pack)); err != nil {
		t.Fatal(err)
	}
	if err := Backup(t.Context(), data, &b); err == nil {
		t.Error("a backup without the pack that is used")
	}
}

func mustInstalled(t *testing.T, data string) installed {
	t.Helper()
	in, found, err := readInstalled(data)
	if err != nil || !found {
		t.Fatal(found, err)
	}
	return in
}
