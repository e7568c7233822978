package lawfile

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"
	"unicode"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/tools/txtar"

	"lodestone/internal/when"
)

// A pack is a tar of two files: a signed note (golang.org/x/mod/sumdb/note) that names the SHA-256 of the second, and the law files of a folder.
const (
	packFormat  = "lodestone law pack 1"
	packSigner  = "lodestone-law" // the name in every verifier key of packs
	noteName    = "note"
	archiveName = "law.tar.gz"

	// MaxPack is the largest file that is read as a pack.
	MaxPack      = 32 << 20
	maxNote      = 64 << 10
	maxUnpacked  = 128 << 20 // of all law files; with names and padding twice that
	maxPackName  = 100       // bytes
	ed25519InKey = 1         // how note writes the algorithm in a key
)

// Stamp is what the signed note of a pack says of it.
type Stamp struct {
	Name    string    // of the folder that was packed
	Made    when.Date // day on which it was packed
	Horizon when.Date // newest day that was assessed, by its own assessed.yaml; zero: it has none
	Archive string    // SHA-256 of the law files, in hexadecimal
}

func (s Stamp) text() string {
	horizon := "none"
	if s.Horizon != 0 {
		horizon = s.Horizon.String()
	}
	return fmt.Sprintf("%s\nname: %s\nmade: %s\nhorizon: %s\nsha256: %s\n", packFormat, s.Name, s.Made, horizon, s.Archive)
}

// parseStamp reads the text of a note: what is not written exactly as text writes it is refused.
func parseStamp(text string) (Stamp, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 6 || lines[0] != packFormat {
		return Stamp{}, fmt.Errorf("the note is not one of a %s", packFormat)
	}
	value := func(n int, key string) string { return strings.TrimPrefix(lines[n], key+": ") }
	s := Stamp{Name: value(1, "name"), Archive: value(4, "sha256")}
	var err error
	if s.Made, err = when.ParseDate(value(2, "made")); err != nil {
		return Stamp{}, fmt.Errorf("the note: made: %w", err)
	}
	if horizon := value(3, "horizon"); horizon != "none" {
		if s.Horizon, err = when.ParseDate(horizon); err != nil {
			return Stamp{}, fmt.Errorf("the note: horizon: %w", err)
		}
	}
	if err := s.checkName(); err != nil {
		return Stamp{}, err
	}
	if s.text() != text {
		return Stamp{}, errors.New("the note is not written as packs are")
	}
	return s, nil
}

func (s Stamp) checkName() error {
	if s.Name == "" || len(s.Name) > maxPackName || strings.ContainsFunc(s.Name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return fmt.Errorf("a pack cannot be called %q: a name has 1 to %d bytes that print", s.Name, maxPackName)
	}
	return nil
}

// PackVerifier is the public half of a key, as it is handed out and given to --trust.
func PackVerifier(key ed25519.PrivateKey) (string, error) {
	return note.NewEd25519VerifierKey(packSigner, key.Public().(ed25519.PublicKey))
}

// Pack writes the law files of a folder, and nothing else that stands there, as a pack. The digest of the stamp is filled in.
func Pack(fsys fs.FS, s Stamp, key ed25519.PrivateKey) ([]byte, error) {
	if err := s.checkName(); err != nil {
		return nil, err
	}
	archive, err := archiveOf(fsys)
	if err != nil {
		return nil, err
	}
	s.Archive = sumOf(archive)
	signer, err := packSignerOf(key)
	if err != nil {
		return nil, err
	}
	signed, err := note.Sign(&note.Note{Text: s.text()}, signer)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := errors.Join(addEntry(w, noteName, signed), addEntry(w, archiveName, archive), w.Close()); err != nil {
		return nil, err
	}
	if b.Len() > MaxPack {
		return nil, fmt.Errorf("the pack would be larger than %d MiB", MaxPack>>20)
	}
	return b.Bytes(), nil
}

// packSignerOf makes the signer of a key: note takes keys as text only.
func packSignerOf(key ed25519.PrivateKey) (note.Signer, error) {
	public, err := PackVerifier(key)
	if err != nil {
		return nil, err
	}
	_, rest, _ := strings.Cut(public, "+")
	hash, _, _ := strings.Cut(rest, "+")
	return note.NewSigner("PRIVATE+KEY+" + packSigner + "+" + hash + "+" + base64.StdEncoding.EncodeToString(append([]byte{ed25519InKey}, key.Seed()...)))
}

func archiveOf(fsys fs.FS) ([]byte, error) {
	names, problems := find(fsys)
	if len(problems) > 0 {
		return nil, problems
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, name := range names {
		text, err := load(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if err := addEntry(w, name, text); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// addEntry writes a file without clock, owner or rights: the same law gives the same bytes.
func addEntry(w *tar.Writer, name string, text []byte) error {
	err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(text)), ModTime: time.Unix(0, 0), Format: tar.FormatPAX})
	if err == nil {
		_, err = w.Write(text)
	}
	return err
}

// Unpack opens a pack that the key of the verifier signed. Nothing of it is unpacked before its signature and digest were found right.
func Unpack(pack []byte, verifier string) (Stamp, fs.FS, error) {
	known, err := note.NewVerifier(verifier)
	if err != nil {
		return Stamp{}, nil, errors.New("the trusted key is none; give the line that law pack printed: " + packSigner + "+…")
	}
	if len(pack) > MaxPack {
		return Stamp{}, nil, fmt.Errorf("the pack is larger than %d MiB", MaxPack>>20)
	}
	r := tar.NewReader(bytes.NewReader(pack))
	signed, err := entry(r, noteName, maxNote)
	if err != nil {
		return Stamp{}, nil, err
	}
	archive, err := entry(r, archiveName, MaxPack)
	if err != nil {
		return Stamp{}, nil, err
	}
	if _, err := r.Next(); err != io.EOF {
		return Stamp{}, nil, errors.New("the pack holds more than a note and the law, or is cut off")
	}
	s, err := verified(signed, known)
	if err != nil {
		return Stamp{}, nil, err
	}
	if sumOf(archive) != s.Archive {
		return Stamp{}, nil, errors.New("the law files are not those that were signed: their SHA-256 differs from that of the note")
	}
	fsys, err := unpackArchive(archive)
	return s, fsys, err
}

// verified reads a signed note.
func verified(signed []byte, known note.Verifier) (Stamp, error) {
	n, err := note.Open(signed, note.VerifierList(known))
	var other *note.UnverifiedNoteError
	switch {
	case errors.As(err, &other):
		return Stamp{}, errors.New("the pack is not signed by the trusted key")
	case err != nil:
		return Stamp{}, fmt.Errorf("the pack is not signed, or was altered: %w", err)
	}
	return parseStamp(n.Text)
}

// entry reads the next file of a pack, which must have a name.
func entry(r *tar.Reader, name string, limit int64) ([]byte, error) {
	h, err := r.Next()
	if err != nil || h.Typeflag != tar.TypeReg || h.Name != name {
		return nil, fmt.Errorf("this is no pack of law, or it is cut off: %s is missing", name)
	}
	if h.Size > limit {
		return nil, fmt.Errorf("%s is larger than %d bytes", name, limit)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("the pack is cut off in %s: %w", name, err)
	}
	return text, nil
}

// unpackArchive reads the law files into memory, within bounds, and refuses names that no law file has.
func unpackArchive(archive []byte) (fs.FS, error) {
	z, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", archiveName, err)
	}
	bounded := &io.LimitedReader{R: z, N: 2 * maxUnpacked}
	r := tar.NewReader(bounded)
	files, seen := &txtar.Archive{}, map[string]bool{}
	total := int64(0) // of the files: a sparse one is larger than what it takes in the archive
	for {
		h, err := r.Next()
		if h != nil {
			total += h.Size
		}
		if bounded.N <= 0 || total > maxUnpacked {
			return nil, fmt.Errorf("%s unpacks to more than %d MiB", archiveName, maxUnpacked>>20)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", archiveName, err)
		}
		if err := placed(h); err != nil {
			return nil, fmt.Errorf("%s: %w", archiveName, err)
		}
		if seen[h.Name] {
			return nil, fmt.Errorf("%s: %q stands there twice", archiveName, h.Name)
		}
		if len(files.Files) == maxFiles {
			return nil, fmt.Errorf("%s holds more than %d files", archiveName, maxFiles)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", archiveName, h.Name, err)
		}
		seen[h.Name] = true
		files.Files = append(files.Files, txtar.File{Name: h.Name, Data: text})
	}
	return txtar.FS(files)
}

// placed refuses what is no law file by its place, its kind or its size.
func placed(h *tar.Header) error {
	switch {
	case h.Typeflag != tar.TypeReg:
		return fmt.Errorf("%q is no plain file", h.Name)
	case !fs.ValidPath(h.Name), path.Ext(h.Name) != ".yaml", strings.ContainsAny(h.Name, `\:`):
		return fmt.Errorf("no law file is called %q", h.Name)
	case h.Size > maxSize:
		return fmt.Errorf("%q is larger than %d MiB", h.Name, maxSize>>20)
	}
	return nil
}

func sumOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
