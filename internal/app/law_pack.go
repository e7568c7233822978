package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"lodestone/internal/law"
	"lodestone/internal/lawfile"
	"lodestone/internal/problem"
	"lodestone/internal/report"
	"lodestone/internal/store"
	"lodestone/internal/when"
	"lodestone/lawdata"
)

// Names below a data folder: the packs under their digests, and which of them is used.
const (
	packsName     = "law"
	installedName = "installed.json"
	maxInstalled  = 64 << 10
)

// installed says which pack of a data folder is used.
type installed struct {
	Pack     string `json:"pack"`               // SHA-256 of its file, which is also its name
	Trusted  string `json:"trusted"`            // verifier key of who signed it
	Previous string `json:"previous,omitempty"` // the pack before it, which stays in the folder; empty: none
	Forced   bool   `json:"forced,omitempty"`   // it may be older than the law that the program carries
}

// PackLaw checks a law folder and makes a signed pack of it, with the verifier key to hand out. The key is made on first use. Problems, warnings
// among them, mean that there is no pack.
func PackLaw(dir, keyFile string, made when.Date) (pack []byte, verifier string, problems problem.List, err error) {
	c, err := CheckLaw(dir)
	if err != nil || len(c.Problems) > 0 {
		return nil, "", c.Problems, err
	}
	fsys := os.DirFS(dir)
	own, _ := lawfile.Read(fsys)
	if len(own.Acts)+len(own.Lists)+len(own.Tariffs)+len(own.Vocab.Kinds) == 0 {
		return nil, "", nil, fmt.Errorf("%s holds no law files", dir)
	}
	key, err := SigningKey(keyFile)
	if err != nil {
		return nil, "", nil, err
	}
	if verifier, err = lawfile.PackVerifier(key); err != nil {
		return nil, "", nil, err
	}
	full, err := filepath.Abs(dir)
	if err != nil {
		return nil, "", nil, err
	}
	pack, err = lawfile.Pack(fsys, lawfile.Stamp{Name: filepath.Base(full), Made: made, Horizon: own.Assessed.Horizon}, key)
	return pack, verifier, nil, err
}

// openPack is a pack together with the law it makes: a whole law in place of the one carried, anything else beside it.
type openPack struct {
	stamp lawfile.Stamp
	files law.Files
	whole bool
}

func unpackLaw(pack []byte, trusted string) (openPack, problem.List, error) {
	stamp, fsys, err := lawfile.Unpack(pack, trusted)
	if err != nil {
		return openPack{}, nil, err
	}
	own, problems := lawfile.Read(fsys)
	if own.Assessed.Horizon != stamp.Horizon {
		return openPack{}, nil, fmt.Errorf("the note says that the law is assessed to %s, its files %s", stamp.Horizon, own.Assessed.Horizon)
	}
	if isWhole(&own) {
		return openPack{stamp, own, true}, problems, nil
	}
	base, found := lawfile.Read(lawdata.Text())
	merged, clash := lawfile.Merge(base, own)
	return openPack{stamp, merged, false}, append(append(found, problems...), clash...), nil
}

// compiled lints and compiles files. Problems that are not warnings mean that there is no book.
func compiled(files law.Files, problems problem.List) (*law.Book, problem.List, error) {
	problems = append(problems, lawfile.Lint(files)...)
	if problems.Refusals() > 0 {
		return nil, problems, nil
	}
	book, err := law.Compile(files)
	return book, problems, err
}

// LoadInstalledBook loads the law as LoadBook does, from the pack installed in a data folder if there is one. An empty data has none. When a newer program
// carries a whole law that was assessed to a later day than the pack, that one counts, unless the pack was installed by force.
func LoadInstalledBook(data, dir string) (*law.Book, problem.List, error) {
	in, found, err := readInstalled(data)
	if err != nil {
		return nil, nil, err
	}
	if !found {
		return LoadBook(dir)
	}
	pack, err := in.read(data)
	if err != nil {
		return nil, nil, err
	}
	p, problems, err := unpackLaw(pack, in.Trusted) // verified once more
	if err != nil {
		return nil, nil, fmt.Errorf("the installed pack: %w", err)
	}
	if in.yields(&p) {
		return LoadBook(dir)
	}
	if dir == "" {
		return compiled(p.files, problems)
	}
	if err := isFolder(dir); err != nil {
		return nil, nil, err
	}
	more, wrong := lawfile.Read(os.DirFS(dir))
	files, clash := lawfile.Merge(p.files, more)
	return compiled(files, append(append(problems, wrong...), clash...))
}

// yields says that the law carried is used in the place of a pack: it was assessed to a later day.
func (in installed) yields(p *openPack) bool {
	if !p.whole || in.Forced {
		return false
	}
	carried, err := lawdata.Files()
	return err != nil || carried.Assessed.Horizon > p.stamp.Horizon
}

// InstalledPack tells of the pack that is installed in a data folder, and whether its law is used; nil: there is none.
func InstalledPack(data string) (*report.LawPack, error) {
	in, found, err := readInstalled(data)
	if err != nil || !found {
		return nil, err
	}
	pack, err := in.read(data)
	if err != nil {
		return nil, err
	}
	p, _, err := unpackLaw(pack, in.Trusted)
	if err != nil {
		return nil, fmt.Errorf("the installed pack: %w", err)
	}
	return &report.LawPack{Name: p.stamp.Name, Made: p.stamp.Made, Horizon: p.stamp.Horizon, Trusted: in.Trusted, Whole: p.whole, Yields: in.yields(&p)}, nil
}

// readInstalled says which pack is installed, if any.
func readInstalled(data string) (in installed, found bool, err error) {
	if data == "" {
		return in, false, nil
	}
	name := filepath.Join(data, packsName, installedName)
	text, err := readBounded(name, maxInstalled)
	if errors.Is(err, os.ErrNotExist) {
		return in, false, nil
	}
	if err != nil {
		return in, false, err
	}
	if err := json.Unmarshal(text, &in); err != nil || !isDigest.MatchString(in.Pack) {
		return in, false, fmt.Errorf("%s names no pack; install one with law update --force, or remove the file to use the law that the program carries", name)
	}
	return in, true, nil
}

// read is the file of the pack, as it was installed.
func (in installed) read(data string) ([]byte, error) {
	name := filepath.Join(data, packsName, in.Pack)
	pack, err := readBounded(name, lawfile.MaxPack)
	if err == nil && store.Digest(string(pack)) != in.Pack {
		err = errors.New("it is not the file that was installed")
	}
	if err != nil {
		err = fmt.Errorf("the installed pack %s: %w; install it again with law update --force", name, err)
	}
	return pack, err
}

// readBounded reads a file that is at most so many bytes long.
func readBounded(name string, limit int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(text)) > limit {
		err = &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("is larger than %d bytes", limit)}
	}
	return text, err
}

// LawUpdate asks for a pack to be installed.
type LawUpdate struct {
	Data    string // folder to install it in; made where it is not there
	File    string
	Trusted string    // verifier key of the publisher
	Force   bool      // older law may take the place of newer
	On      when.Date // day for which the change is told
	Lang    string
}

// UpdateLaw verifies a pack, compiles it and installs it whole, or says why not and leaves all as it was. Problems that are not warnings mean that nothing
// was installed.
func UpdateLaw(u LawUpdate) (report.LawUpdate, problem.List, error) {
	var none report.LawUpdate
	pack, err := readBounded(u.File, lawfile.MaxPack)
	if err != nil {
		return none, nil, err
	}
	p, problems, err := unpackLaw(pack, u.Trusted)
	if err != nil {
		return none, nil, err
	}
	before, old, wrong, err := u.before()
	if err != nil || wrong.Refusals() > 0 {
		return none, wrong, err
	}
	if !u.Force {
		if err := u.forward(p, old, before); err != nil {
			return none, nil, err
		}
	}
	book, problems, err := compiled(p.files, problems)
	if err != nil || problems.Refusals() > 0 {
		return none, problems, err
	}
	in := installed{Pack: store.Digest(string(pack)), Trusted: u.Trusted, Previous: old.Pack, Forced: u.Force}
	if in.Pack == old.Pack { // the pack before it stays the pack before it
		in.Previous = old.Previous
	}
	if err := in.install(u.Data, pack); err != nil {
		return none, nil, err
	}
	at := func(b *law.Book) *law.Snapshot { return b.At(when.At{Effective: u.On, KnownBy: b.Assessed.Horizon}) }
	return (&report.Maker{Book: book, Lang: u.Lang}).LawUpdate(p.stamp, u.Trusted, at(before), at(book)), nil, nil
}

// before is the law that is used now, and the pack it comes from, if any. By force, the law carried stands for an installed pack that cannot be read.
func (u LawUpdate) before() (*law.Book, installed, problem.List, error) {
	old, _, err := readInstalled(u.Data)
	if err == nil {
		book, problems, err := LoadInstalledBook(u.Data, "")
		if !u.Force || err == nil && problems.Refusals() == 0 {
			return book, old, problems, err
		}
	}
	if !u.Force {
		return nil, old, nil, err
	}
	book, problems, err := LoadBook("")
	return book, installed{}, problems, err
}

// forward refuses a pack that is older than what is used.
func (u LawUpdate) forward(p openPack, old installed, before *law.Book) error {
	const remedy = "give --force to install it all the same"
	if p.stamp.Horizon != 0 && p.stamp.Horizon < before.Assessed.Horizon {
		return fmt.Errorf("the pack is assessed to %s, the law that is used to %s; %s", p.stamp.Horizon, before.Assessed.Horizon, remedy)
	}
	if old.Pack == "" {
		return nil
	}
	pack, err := old.read(u.Data)
	if err != nil {
		return err
	}
	last, _, err := lawfile.Unpack(pack, old.Trusted)
	if err != nil {
		return err
	}
	if p.stamp.Made < last.Made {
		return fmt.Errorf("the pack was made on %s, the one that is installed on %s; %s", p.stamp.Made, last.Made, remedy)
	}
	if p.stamp.Horizon < last.Horizon {
		return fmt.Errorf("the installed pack is a law assessed to %s, this one says nothing of that; %s", last.Horizon, remedy)
	}
	return nil
}

// install puts the pack into the folder and then, in one step, makes it the one that is used. The one before it is kept, older ones are removed.
func (in installed) install(data string, pack []byte) error {
	dir := filepath.Join(data, packsName)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := putWhole(filepath.Join(dir, in.Pack), pack); err != nil {
		return err
	}
	text, err := json.Marshal(in)
	if err != nil {
		return err
	}
	if err := putWhole(filepath.Join(dir, installedName), append(text, '\n')); err != nil {
		return err
	}
	return in.sweep(dir)
}

// sweep removes packs that are neither used nor the one before.
func (in installed) sweep(dir string) error {
	packs, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, f := range packs {
		if name := f.Name(); isDigest.MatchString(name) && name != in.Pack && name != in.Previous {
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// putWhole writes a file that has its name only once all of it is on the disk.
func putWhole(name string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".law-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // its name is gone where it was kept
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(name))
}
