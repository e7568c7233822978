package app

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lodestone/internal/store"
	"lodestone/internal/when"
)

func openInstance(t *testing.T, data string) *Instance {
	t.Helper()
	book, _, err := LoadBook("")
	if err != nil {
		t.Fatal(err)
	}
	i, err := OpenInstance(t.Context(), InstanceOptions{Data: data, Book: book, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestABackupIsTheInstance(t *testing.T) {
	data := t.TempDir()
	i := openInstance(t, data)
	defer i.Close()
	by := &Actor{Person: "p"}
	q := &Question{Item: map[string]string{"description": "gallium arsenide wafers", "from": "CN"}, On: when.Day(2026, 3, 1), Lang: "en"}
	r, err := i.Answer(t.Context(), by, q, "")
	if err != nil {
		t.Fatal(err)
	}
	j, err := i.Submit(t.Context(), by, "x.csv", strings.NewReader("description\nx\n"), Upload{On: when.Day(2026, 3, 1), Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := Backup(t.Context(), data, &b); err != nil { // while the instance is open
		t.Fatal(err)
	}
	whole := b.Bytes()
	again := filepath.Join(t.TempDir(), "restored")
	if err := Restore(bytes.NewReader(whole), again, 1<<30); err != nil {
		t.Fatal(err)
	}
	restored := openInstance(t, again)
	defer restored.Close()
	if v, err := restored.Verify(t.Context()); err != nil || v.Altered != "" || v.Replayed != 1 {
		t.Errorf("%+v %v", v, err)
	}
	if got, err := restored.Record(t.Context(), r.ID); err != nil || !bytes.Equal(got.Determination, r.Determination) {
		t.Errorf("%s %v", got.Determination, err)
	}
	if err := restored.jobs.files.check(j.Input); err != nil {
		t.Error(err)
	}
	if err := Restore(bytes.NewReader(whole), again, 1<<30); err == nil || !strings.Contains(err.Error(), "is not empty") {
		t.Errorf("over another instance: %v", err)
	}
	if err := Restore(bytes.NewReader(whole), filepath.Join(t.TempDir(), "small"), 4096); err == nil || !strings.Contains(err.Error(), "raise --limit") {
		t.Errorf("more than the limit: %v", err)
	}
	for name, bad := range map[string][]byte{"cut off": whole[:len(whole)/2], "empty": nil, "no archive": []byte("lodestone"), "a path out": archive(t, "../x"), "a twin": archive(t, keyName, keyName), "no database": archive(t, keyName)} {
		to := filepath.Join(t.TempDir(), "to")
		if err := Restore(bytes.NewReader(bad), to, 1<<30); err == nil {
			t.Errorf("%s: restored", name)
		}
		if _, err := os.Stat(to); err == nil {
			t.Errorf("%s: left a folder behind", name)
		}
	}
}

func archive(t *testing.T, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, name := range names {
		if err := w.WriteHeader(&tar.Header{Name: name, Size: 1, Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
		w.Write([]byte("x"))
	}
	w.Close()
	z.Close()
	return b.Bytes()
}

func TestKeysAreKept(t *testing.T) {
	data := t.TempDir()
	a := openInstance(t, data)
	name := a.name
	a.Close()
	b := openInstance(t, data)
	b.Close()
	if b.name != name {
		t.Error("the key was made anew")
	}
	if err := os.WriteFile(filepath.Join(data, keyName), []byte("none\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenInstance(t.Context(), InstanceOptions{Data: data, Book: a.Book, Now: time.Now}); err == nil || !strings.Contains(err.Error(), "put the one of this database back") {
		t.Error(err)
	}
}

func TestPasswords(t *testing.T) {
	hash := hashPassword("correct horse")
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") || hash == hashPassword("correct horse") {
		t.Error(hash)
	}
	for _, c := range []struct {
		hash, password string
		want           bool
	}{
		{hash, "correct horse", true}, {hash, "correct horse ", false}, {hash, "", false}, {nobody(), "", false}, {"", "", false}, {"$argon2id$v=19$m=99999999,t=2,p=1$YQ$YQ", "x", false},
		{strings.Replace(hash, "t=2", "t=0", 1), "correct horse", false},
	} {
		if got := samePassword(c.hash, c.password); got != c.want {
			t.Errorf("%q against %s: %v", c.password, c.hash, got)
		}
	}
}

// A file that was changed, or is gone, is named.
func TestFilesAreWhatTheirNamesSay(t *testing.T) {
	s, err := newFileStore(t.TempDir(), true)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.create()
	if err != nil {
		t.Fatal(err)
	}
	p.Write([]byte("abc"))
	digest, err := p.keep()
	if err != nil || digest != store.Digest("abc") {
		t.Fatal(digest, err)
	}
	p.drop()
	if err := s.check(digest); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(s.path(digest), []byte("abd"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.check(digest); err == nil {
		t.Error("a changed file passes")
	}
	if err := s.check(store.Digest("x")); err == nil {
		t.Error("a missing file passes")
	}
}
