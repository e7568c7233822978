package app

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"lodestone/internal/report"
	"lodestone/internal/store"
)

// archiveName is the folder of archives below a data folder, unless another is named.
const archiveName = "archive"

// archiveEnding is that of an archive's file, which is called by its digest.
const archiveEnding = ".parquet"

// archiveRows bounds the records of a file.
const archiveRows = 50_000

// retentionName is the name of the setting that says for how long records stay at hand.
const retentionName = "retention"

// Bounds on the time for which records stay at hand. The least is what the law asks: papers on exports are kept for five years at least.
const (
	minRetention = 5
	maxRetention = 100
)

// Retention says for how long records stay at hand.
func (i *Instance) Retention(ctx context.Context) (report.Retention, error) {
	text, err := i.store.Setting(ctx, retentionName)
	if errors.Is(err, store.ErrNone) {
		return report.Retention{Years: minRetention}, nil
	}
	var r report.Retention
	if err == nil {
		err = json.Unmarshal([]byte(text), &r)
	}
	r.Years = max(r.Years, minRetention)
	return r, err
}

// SetRetention says for how long records stay at hand from now on.
func (i *Instance) SetRetention(ctx context.Context, by *Actor, r report.Retention) (report.Retention, error) {
	if r.Years < minRetention || r.Years > maxRetention {
		return r, invalid("years", "give %d to %d: papers on exports are kept for five years at least", minRetention, maxRetention)
	}
	text, err := json.Marshal(r)
	if err != nil {
		return r, err
	}
	return r, i.store.Write(ctx, func(tx *store.Tx) error {
		if err := allowed(tx, by, Govern); err != nil {
			return err
		}
		return tx.SetSetting(retentionName, string(text), by.Person)
	})
}

// HoldRecord keeps a record at hand whatever its age, or lets it go again.
func (i *Instance) HoldRecord(ctx context.Context, by *Actor, record string, held bool, words string) error {
	if err := checkWords("words", words); err != nil {
		return err
	}
	if words = strings.TrimSpace(words); words == "" {
		return invalid("words", "say why")
	}
	return unknownIf(i.store.Write(ctx, func(tx *store.Tx) error {
		if err := allowed(tx, by, Govern); err != nil {
			return err
		}
		return tx.HoldRecord(record, held, words, by.Person)
	}))
}

// age says from when on records are old today.
func (i *Instance) age(ctx context.Context) (store.Age, error) {
	r, err := i.Retention(ctx)
	today := i.today()
	day := today.Months(-12 * r.Years)
	return store.Age{Cutoff: day.Begins(), Day: day.String(), Today: today.String()}, err
}

// Archive moves old records out of the tables into files that are named by their digests, each record with its proof. A file is written whole, read back and
// compared with the log before a row goes, so that whenever the process dies the rows are there, or the file, or both; what was begun is finished the next
// time. Try: only tell what would go.
func (i *Instance) Archive(ctx context.Context, by *Actor, try bool) (doc report.ArchiveRun, err error) {
	age, err := i.age(ctx)
	if err != nil {
		return doc, err
	}
	doc.Cutoff = age.Day
	count, err := i.store.Aged(ctx, age)
	doc.Old, doc.Case, doc.Licence, doc.Hold, doc.Movable = count.Old, count.Case, count.Licence, count.Hold, count.Movable
	if err != nil || try {
		return doc, err
	}
	if !by.May(Govern) {
		return doc, conflict("this needs the scope %s", string(Govern))
	}
	if err := os.MkdirAll(i.archives, 0o700); err != nil {
		return doc, err
	}
	lock, err := store.LockFor(ctx, i.archives, "another run of records archive")
	if err != nil {
		return doc, err
	}
	defer lock.Close()
	if err := i.store.DropLooseMembers(ctx); err != nil {
		return doc, err
	}
	for {
		a, err := i.writeArchive(ctx, by, age)
		if err != nil {
			return doc, err
		}
		if a == nil {
			break
		}
		doc.Written = append(doc.Written, report.ArchiveFile{File: a.Digest + archiveEnding, Records: a.Records})
	}
	return doc, i.removeArchived(ctx, age, &doc)
}

// errEnough ends a file that is full.
var errEnough = errors.New("enough")

// writeArchive writes the next file and records it; nil: there is nothing to write.
func (i *Instance) writeArchive(ctx context.Context, by *Actor, age store.Age) (*store.Archive, error) {
	files, err := newFileStore(i.archives, true)
	if err != nil {
		return nil, err
	}
	files.ending = archiveEnding
	part, err := files.create()
	if err != nil {
		return nil, err
	}
	defer part.drop()
	members, err := i.writeMovable(ctx, age, part)
	if err != nil || len(members) == 0 {
		return nil, err
	}
	digest, err := part.keep()
	if err != nil {
		return nil, err
	}
	a := &store.Archive{Digest: digest, Records: int64(len(members)), Cutoff: age.Day, RecordedBy: by.Person}
	sum := store.NewMembers()
	for _, m := range members {
		if err := sum.Add(m); err != nil {
			return nil, err
		}
	}
	a.Members = sum.Digest()
	if _, err := i.checkArchive(a, true); err != nil {
		return nil, fmt.Errorf("the archive that was just written, %s: %w; nothing was removed", digest, err)
	}
	return a, i.recordArchive(ctx, by, a, members)
}

// writeMovable writes records until the file is full.
func (i *Instance) writeMovable(ctx context.Context, age store.Age, w io.Writer) (members []store.Member, err error) {
	out, err := report.NewRecordWriter(report.Parquet, w)
	if err != nil {
		return nil, err
	}
	logins := map[string]string{}
	err = i.store.Movable(ctx, age, func(r *store.Recorded) error {
		row, err := recordRow(r, false)
		if err == nil {
			row.Login, err = i.login(ctx, logins, row.RecordedBy)
		}
		if err == nil {
			err = out.Write(row)
		}
		members = append(members, store.Member{N: r.N, ID: r.Determination.ID})
		if err == nil && len(members) == archiveRows {
			err = errEnough
		}
		return err
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	return members, out.Close()
}

// membersAtOnce is how many members a transaction notes.
const membersAtOnce = 400

// recordArchive notes the members of a file and then the file, which counts from then on.
func (i *Instance) recordArchive(ctx context.Context, by *Actor, a *store.Archive, members []store.Member) error {
	for len(members) > 0 {
		some := members[:min(membersAtOnce, len(members))]
		err := i.store.Write(ctx, func(tx *store.Tx) error {
			for _, m := range some {
				if err := tx.PutMember(a.Digest, m); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		members = members[len(some):]
	}
	return i.store.Write(ctx, func(tx *store.Tx) error {
		if err := allowed(tx, by, Govern); err != nil {
			return err
		}
		return tx.PutArchive(a)
	})
}

// removeArchived removes from the tables what files hold that are here and whole.
func (i *Instance) removeArchived(ctx context.Context, age store.Age, doc *report.ArchiveRun) error {
	all, err := i.store.Archives(ctx)
	if err != nil {
		return err
	}
	for n := range all {
		a := &all[n]
		left, err := i.store.HasMembers(ctx, age, a.Digest)
		if err != nil {
			return err
		}
		if !left {
			continue
		}
		here, err := i.checkArchive(a, true)
		if err != nil {
			return fmt.Errorf("archive %s: %w; its records stay at hand", a.Digest, err)
		}
		if !here {
			doc.Missing = append(doc.Missing, a.Digest+archiveEnding)
			continue
		}
		removed, err := i.store.RemoveMembers(ctx, age, a.Digest)
		doc.Removed += removed
		if err != nil {
			return err
		}
	}
	return nil
}

// archivePath is the file of an archive.
func (i *Instance) archivePath(digest string) string {
	return filepath.Join(i.archives, digest+archiveEnding)
}

// checkArchive says whether the file of an archive is here, and what is wrong with it. A file that is not what was recorded is read row by row, to name the row; each: any file is.
func (i *Instance) checkArchive(a *store.Archive, each bool) (here bool, wrong error) {
	f, err := os.Open(i.archivePath(a.Digest))
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return true, err
	}
	defer f.Close()
	sum := sha256.New()
	size, err := io.Copy(sum, f)
	if err != nil {
		return true, err
	}
	same := hex.EncodeToString(sum.Sum(nil)) == a.Digest
	if same && !each {
		return true, nil
	}
	if err := i.checkArchiveRows(a, f, size); err != nil {
		return true, err
	}
	if !same {
		return true, errors.New("the file is not what was recorded, though each of its rows is")
	}
	return true, nil
}

// checkArchiveRows compares each row with the log by its proof, and all of them with what was recorded of the file.
func (i *Instance) checkArchiveRows(a *store.Archive, r io.ReaderAt, size int64) error {
	own := report.Fingerprint(base64.StdEncoding.EncodeToString(i.key.Public().(ed25519.PublicKey)))
	x, members := recordCheck{last: -1}, store.NewMembers()
	err := report.ReadRecords(r, size, func(row *report.RecordRow) error {
		if err := x.row(row); err != nil {
			return err
		}
		return members.Add(store.Member{N: row.N, ID: row.Record})
	})
	switch {
	case err != nil:
		return err
	case x.doc.Key != own:
		return fmt.Errorf("it is signed with the key %s, not with that of the instance, %s", x.doc.Key, own)
	case members.Count() != a.Records || members.Digest() != a.Members:
		return fmt.Errorf("it holds %d records, which are not the %d that were recorded", members.Count(), a.Records)
	}
	return nil
}

// ErrArchived says that a record is in an archive whose file is not here.
type ErrArchived struct{ File string }

func (e ErrArchived) Error() string {
	return fmt.Sprintf("the record was archived in %s, which is not in the folder of archives; put it back there to see the record", e.File)
}

// Unwrap says that there is no such record at hand.
func (e ErrArchived) Unwrap() error { return ErrUnknown }

// determination gives a record, from the tables or from an archive.
func (i *Instance) determination(ctx context.Context, id string) (store.Determination, error) {
	d, err := i.store.Determination(ctx, id)
	if !errors.Is(err, store.ErrNone) {
		return d, err
	}
	digest, n, err := i.store.ArchiveOf(ctx, id)
	if err != nil {
		return d, unknownIf(err)
	}
	f, err := os.Open(i.archivePath(digest))
	if errors.Is(err, os.ErrNotExist) {
		return d, ErrArchived{digest + archiveEnding}
	}
	if err != nil {
		return d, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return d, err
	}
	row, err := report.FindRecord(f, info.Size(), n)
	if err != nil {
		return d, fmt.Errorf("archive %s: %w", digest, err)
	}
	x := recordCheck{last: -1}
	if err := x.row(row); err != nil {
		return d, fmt.Errorf("archive %s: %w; lodestone verify says more", digest, err)
	}
	r, err := recordedOf(row)
	if err != nil || r.Determination == nil || r.Determination.ID != id {
		return d, fmt.Errorf("archive %s does not hold record %s; lodestone verify says more", digest, id)
	}
	return *r.Determination, nil
}
