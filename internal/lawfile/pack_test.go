package lawfile

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/mod/sumdb/note"

	"lodestone/internal/when"
)

// keyOf is a key for tests.
func keyOf(n byte) (ed25519.PrivateKey, string) {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize))
	public, err := PackVerifier(key)
	if err != nil {
		panic(err)
	}
	return key, public
}

var someLaw = fstest.MapFS{
	"acts/XX/2026-1.yaml": {Data: []byte("id: XX-2026-1\n")},
	"cases/policy.yaml":   {Data: []byte("cases: []\n")},
	"README.md":           {Data: []byte("is no law file\n")},
}

var someStamp = Stamp{Name: "policy", Made: when.Day(2026, 11, 25), Horizon: when.Day(2026, 10, 9)}

func packed(t testing.TB, fsys fs.FS) []byte {
	t.Helper()
	key, _ := keyOf(1)
	pack, err := Pack(fsys, someStamp, key)
	if err != nil {
		t.Fatal(err)
	}
	return pack
}

func TestPackCarriesTheLawFiles(t *testing.T) {
	_, public := keyOf(1)
	pack := packed(t, someLaw)
	if !bytes.Equal(pack, packed(t, someLaw)) {
		t.Error("the same law gives other bytes")
	}
	s, fsys, err := Unpack(pack, public)
	if err != nil {
		t.Fatal(err)
	}
	if s.Name != someStamp.Name || s.Made != someStamp.Made || s.Horizon != someStamp.Horizon || len(s.Archive) != 64 {
		t.Errorf("stamp %+v", s)
	}
	for name, f := range someLaw {
		text, err := fs.ReadFile(fsys, name)
		if name == "README.md" {
			if !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s was packed: %v", name, err)
			}
		} else if err != nil || !bytes.Equal(text, f.Data) {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
}

// Whatever byte is altered, the pack is refused or says just the same: what is not signed bears on nothing.
func TestAlteredPacksAreRefused(t *testing.T) {
	_, public := keyOf(1)
	pack := packed(t, someLaw)
	want, _, _ := Unpack(pack, public)
	refused := 0
	for i := range pack {
		altered := bytes.Clone(pack)
		altered[i] ^= 1
		s, fsys, err := Unpack(altered, public)
		if err != nil {
			refused++
			continue
		}
		text, _ := fs.ReadFile(fsys, "acts/XX/2026-1.yaml")
		if s != want || string(text) != "id: XX-2026-1\n" {
			t.Errorf("byte %d altered: %+v %q", i, s, text)
		}
	}
	if refused < len(want.Archive) {
		t.Errorf("only %d of %d altered packs were refused", refused, len(pack))
	}
	for _, n := range []int{0, 100, 512, 600, 1024, len(pack) / 2, len(pack) - 1500} {
		if _, _, err := Unpack(pack[:n], public); err == nil {
			t.Errorf("cut off after %d of %d bytes it is taken", n, len(pack))
		}
	}
}

// file is an entry of a made archive.
type file struct {
	name string
	text string
	kind byte // zero: a plain file
}

func archive(t testing.TB, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	w := tar.NewWriter(z)
	for _, f := range files {
		h := &tar.Header{Name: f.name, Typeflag: f.kind, Size: int64(len(f.text)), Mode: 0o644}
		if f.kind == tar.TypeSymlink {
			h.Linkname = "/etc"
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(f.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// signedPack is what a publisher who means ill, and whose key is trusted, could make of an archive and the text of a note.
func signedPack(t testing.TB, archive []byte, text string) []byte {
	t.Helper()
	key, _ := keyOf(1)
	signer, err := packSignerOf(key)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		t.Fatal(err)
	}
	return container(t, file{name: noteName, text: string(signed)}, file{name: archiveName, text: string(archive)})
}

func container(t testing.TB, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		if err := addEntry(w, f.name, []byte(f.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestBadPacksAreRefused(t *testing.T) {
	_, public := keyOf(1)
	_, other := keyOf(2)
	good := packed(t, someLaw)
	with := func(files ...file) []byte {
		a := archive(t, files...)
		s := someStamp
		s.Archive = sumOf(a)
		return signedPack(t, a, s.text())
	}
	act := file{name: "acts/XX/2026-1.yaml", text: "id: XX-2026-1\n"}
	many := make([]file, maxFiles+1)
	for i := range many {
		many[i].name = fmt.Sprintf("acts/XX/%d.yaml", i)
	}
	large := strings.Repeat("\n", maxSize)
	var bomb []file
	for i := range maxUnpacked/maxSize + 1 {
		bomb = append(bomb, file{name: fmt.Sprintf("acts/XX/%d.yaml", i), text: large})
	}
	empty := archive(t)
	for name, c := range map[string]struct {
		pack      []byte
		key, want string
	}{
		"another key":      {good, other, "not signed by the trusted key"},
		"no key":           {good, "lodestone", "law pack printed"},
		"no pack":          {[]byte("id: XX-2026-1\n"), public, "no pack of law"},
		"unsigned":         {container(t, file{name: noteName, text: someStamp.text()}, file{name: archiveName}), public, "not signed"},
		"other law":        {signedPack(t, empty, someStampOf(strings.Repeat("0", 64))), public, "SHA-256"},
		"other note":       {signedPack(t, empty, "hello\n"), public, packFormat},
		"other words":      {signedPack(t, empty, strings.Replace(someStampOf(sumOf(empty)), "name: policy", "names: policy", 1)), public, "not written as packs are"},
		"no day":           {signedPack(t, empty, strings.Replace(someStampOf(sumOf(empty)), "2026-11-25", "2026-13-25", 1)), public, "made"},
		"a third file":     {container(t, entriesOf(t, good, file{name: "more", text: "x"})...), public, "more than a note and the law"},
		"a path above":     {with(file{name: "../acts/XX/1.yaml"}), public, "no law file is called"},
		"a path from root": {with(file{name: "/acts/XX/1.yaml"}), public, "no law file is called"},
		"a path of DOS":    {with(file{name: `acts\..\..\1.yaml`}), public, "no law file is called"},
		"another kind":     {with(file{name: "acts/run.sh"}), public, "no law file is called"},
		"a link":           {with(file{name: "acts/XX/1.yaml", kind: tar.TypeSymlink}), public, "no plain file"},
		"twice":            {with(act, act), public, "twice"},
		"a file and a dir": {with(file{name: "acts.yaml"}, file{name: "acts.yaml/1.yaml"}), public, "acts.yaml"},
		"too many files":   {with(many...), public, "more than 10000 files"},
		"too large a file": {with(file{name: "acts/XX/1.yaml", text: large + "\n"}), public, "larger than 8 MiB"},
		"a bomb":           {with(bomb...), public, "unpacks to more than 128 MiB"},
		"too large":        {make([]byte, MaxPack+1), public, "larger than 32 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := Unpack(c.pack, c.key); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, not %q", err, c.want)
			}
		})
	}
}

func someStampOf(sum string) string {
	s := someStamp
	s.Archive = sum
	return s.text()
}

// entriesOf are the two files of a pack, and more.
func entriesOf(t testing.TB, pack []byte, more ...file) []file {
	t.Helper()
	r := tar.NewReader(bytes.NewReader(pack))
	signed, err := entry(r, noteName, maxNote)
	if err != nil {
		t.Fatal(err)
	}
	law, err := entry(r, archiveName, MaxPack)
	if err != nil {
		t.Fatal(err)
	}
	return append([]file{{name: noteName, text: string(signed)}, {name: archiveName, text: string(law)}}, more...)
}

// FuzzUnpack reads any bytes as the archive of a pack that is signed, and as a whole pack: they are refused, or every file of them can be read.
func FuzzUnpack(f *testing.F) {
	_, public := keyOf(1)
	f.Add(archive(f, file{name: "acts/XX/2026-1.yaml", text: "id: XX-2026-1\n"}))
	f.Add(packed(f, someLaw))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, pack := range [][]byte{text, signedPack(t, text, someStampOf(sumOf(text)))} {
			_, fsys, err := Unpack(pack, public)
			if err != nil {
				continue
			}
			if err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				_, err = fs.ReadFile(fsys, name)
				return err
			}); err != nil {
				t.Error(err)
			}
		}
	})
}
