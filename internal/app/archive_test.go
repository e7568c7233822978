package app

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lodestone/internal/report"
	"lodestone/internal/store"
	"lodestone/internal/when"
)

// oldInstance is an instance with an administrator, whose clock stands on a day and is turned by the test.
func oldInstance(t *testing.T, clock *time.Time) (*Instance, *Actor) {
	t.Helper()
	i := openInstanceAt(t, t.TempDir(), clock)
	t.Cleanup(func() { i.Close() })
	return i, firstPerson(t, i)
}

func firstPerson(t *testing.T, i *Instance) *Actor {
	t.Helper()
	key, err := i.FirstLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err = i.Accept(t.Context(), key, "boss", "", "correct horse battery"); err != nil {
		t.Fatal(err)
	}
	by, err := i.ActorNamed(t.Context(), "boss")
	if err != nil {
		t.Fatal(err)
	}
	return by
}

func askedOn(t *testing.T, i *Instance, by *Actor, id, goods, destination string, on when.Date) string {
	t.Helper()
	q := &Question{Item: map[string]string{"id": id, "description": goods, "from": "CN", "destination": destination}, On: on, Dated: true, Lang: "en"}
	r, err := i.Answer(t.Context(), by, q, "")
	if err != nil {
		t.Fatal(err)
	}
	return r.ID
}

func archived(t *testing.T, i *Instance, by *Actor) report.ArchiveRun {
	t.Helper()
	doc, err := i.Archive(t.Context(), by, false)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func verifiedWhole(t *testing.T, i *Instance) report.Verified {
	t.Helper()
	v, err := i.Verify(t.Context())
	if err != nil || v.Altered != "" {
		t.Fatalf("%+v %v", v, err)
	}
	return v
}

// Records that are past the retention go into a file that proves them, those that something rests on stay, and the log tells of all.
func TestOldRecordsAreArchived(t *testing.T) {
	clock := when.Day(2021, 3, 1).Begins()
	i, by := oldInstance(t, &clock)
	on := when.Day(2021, 3, 1)
	var plain []string
	for _, id := range []string{"a", "b", "c"} {
		plain = append(plain, askedOn(t, i, by, id, "steel screws", "DE", on))
	}
	resting := askedOn(t, i, by, "d", "gallium arsenide wafers", "US", when.Day(2026, 3, 1)) // opens a case, and is about a later day
	c, err := i.OpenCase(t.Context(), by, plain[1], "looked at")
	if err != nil {
		t.Fatal(err)
	}
	held := askedOn(t, i, by, "e", "steel screws", "DE", on)
	if err := i.HoldRecord(t.Context(), by, held, true, "inquiry pending"); err != nil {
		t.Fatal(err)
	}
	drawn := askedOn(t, i, by, "f", "steel screws", "DE", on)
	if err := i.store.Write(t.Context(), func(tx *store.Tx) error {
		l := store.Licence{No: "26-1", State: "held", Body: `{"to":"2026-06-30"}`, RecordedBy: by.Person}
		if err := tx.PutLicence(&l); err != nil {
			return err
		}
		return tx.PutDraw(&store.Draw{Licence: l.ID, Record: drawn, Quantity: "1", RecordedBy: by.Person})
	}); err != nil {
		t.Fatal(err)
	}

	clock = when.Day(2026, 3, 1).Begins() // five years to the day: not older than that
	if doc := archived(t, i, by); doc.Old != 0 || doc.Written != nil || doc.Removed != 0 {
		t.Errorf("on the day: %+v", doc)
	}
	clock = when.Day(2026, 3, 2).Begins()
	recent := askedOn(t, i, by, "g", "steel screws", "DE", on)
	if doc, err := i.Archive(t.Context(), by, true); err != nil || doc.Old != 5 || doc.Movable != 2 || doc.Case != 1 || doc.Hold != 1 || doc.Licence != 1 || doc.Removed != 0 || doc.Written != nil {
		t.Errorf("told: %+v %v", doc, err)
	}
	doc := archived(t, i, by)
	if len(doc.Written) != 1 || doc.Written[0].Records != 2 || doc.Removed != 2 {
		t.Fatalf("%+v", doc)
	}
	if v := verifiedWhole(t, i); v.Archived != 2 || v.Archives != 1 || v.ArchivesHere != 1 || v.Determinations != 5 {
		t.Errorf("%+v", v)
	}
	for _, id := range append([]string{resting, held, drawn, recent}, plain...) {
		r, err := i.Record(t.Context(), id)
		if err != nil || r.ID != id || len(r.Question) == 0 {
			t.Errorf("record %s: %v", id, err)
		}
	}
	if _, err := i.Case(t.Context(), c.ID); err != nil {
		t.Errorf("the case: %v", err)
	}
	if doc := archived(t, i, by); doc.Written != nil || doc.Removed != 0 {
		t.Errorf("again: %+v", doc)
	}

	file := filepath.Join(i.archives, doc.Written[0].File)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if c := checkedRecords(t, i, text, ""); !c.Holds || c.Answers != 2 || c.Key != report.Fingerprint(publicKey(i)) {
		t.Errorf("the file away from the instance: %+v", c)
	}
	for at := range text { // whichever byte is changed, the file is named
		if at%(len(text)/20) != 0 && at != len(text)-1 {
			continue
		}
		bad := bytes.Clone(text)
		bad[at] ^= 1
		if err := os.WriteFile(file, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if v, err := i.Verify(t.Context()); err != nil || !strings.HasPrefix(v.Altered, "archive "+strings.TrimSuffix(doc.Written[0].File, archiveEnding)) {
			t.Fatalf("byte %d: %+v %v", at, v, err)
		}
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if v := verifiedWhole(t, i); v.Archives != 1 || v.ArchivesHere != 0 {
		t.Errorf("moved away: %+v", v)
	}
	var away ErrArchived
	if _, err := i.Record(t.Context(), plain[0]); !errors.As(err, &away) || !errors.Is(err, ErrUnknown) {
		t.Errorf("a record whose file is away: %v", err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}

	clock = when.Day(2026, 7, 2).Begins() // the licence has run out, the hold is lifted
	if err := i.HoldRecord(t.Context(), by, held, false, "inquiry closed"); err != nil {
		t.Fatal(err)
	}
	if doc := archived(t, i, by); doc.Removed != 2 || len(doc.Written) != 1 {
		t.Errorf("later: %+v", doc)
	}
	if v := verifiedWhole(t, i); v.Archived != 4 || v.ArchivesHere != 2 {
		t.Errorf("%+v", v)
	}
	var b bytes.Buffer
	if err := Backup(t.Context(), i.data, &b); err != nil {
		t.Fatal(err)
	}
	again := filepath.Join(t.TempDir(), "restored")
	if err := Restore(&b, again, 1<<30); err != nil {
		t.Fatal(err)
	}
	restored := openInstanceAt(t, again, &clock)
	defer restored.Close()
	if v := verifiedWhole(t, restored); v.Archived != 4 || v.ArchivesHere != 2 {
		t.Errorf("restored: %+v", v)
	}
}

// Whatever step the process dies in, the next run finishes what was begun, and no record is in neither place.
func TestAnInterruptedArchiveIsFinished(t *testing.T) {
	clock := when.Day(2020, 1, 1).Begins()
	i, by := oldInstance(t, &clock)
	var ids []string
	for n := range 3 {
		ids = append(ids, askedOn(t, i, by, string(rune('a'+n)), "steel screws", "DE", when.Day(2020, 1, 1)))
	}
	clock = when.Day(2026, 1, 1).Begins()
	everywhere := func(step string) {
		t.Helper()
		verifiedWhole(t, i)
		for _, id := range ids {
			if _, err := i.Record(t.Context(), id); err != nil {
				t.Errorf("%s: %v", step, err)
			}
		}
	}
	age, err := i.age(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// Died with members noted, and no file.
	if err := i.store.Write(t.Context(), func(tx *store.Tx) error { return tx.PutMember(store.Digest("x"), store.Member{N: 2, ID: ids[0]}) }); err != nil {
		t.Fatal(err)
	}
	everywhere("members noted")
	if err := i.store.DropLooseMembers(t.Context()); err != nil {
		t.Fatal(err)
	}
	// Died after the file was recorded, with all rows still there.
	if err := os.MkdirAll(i.archives, 0o700); err != nil {
		t.Fatal(err)
	}
	a, err := i.writeArchive(t.Context(), by, age)
	if err != nil || a.Records != 3 {
		t.Fatalf("%+v %v", a, err)
	}
	everywhere("recorded")
	// The file is gone or broken: nothing is removed.
	whole, err := os.ReadFile(i.archivePath(a.Digest))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(i.archivePath(a.Digest)); err != nil {
		t.Fatal(err)
	}
	if doc := archived(t, i, by); len(doc.Missing) != 1 || doc.Removed != 0 || doc.Written != nil {
		t.Errorf("without the file: %+v", doc)
	}
	everywhere("the file is away")
	if err := os.WriteFile(i.archivePath(a.Digest), whole[:len(whole)-1], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := i.Archive(t.Context(), by, false); err == nil || !strings.Contains(err.Error(), "stay at hand") {
		t.Errorf("with half the file: %v", err)
	}
	if err := os.WriteFile(i.archivePath(a.Digest), whole, 0o600); err != nil {
		t.Fatal(err)
	}
	// A case that was opened meanwhile keeps its record, which is in both places then.
	if _, err := i.OpenCase(t.Context(), by, ids[1], "looked at"); err != nil {
		t.Fatal(err)
	}
	if doc := archived(t, i, by); doc.Removed != 2 || doc.Written != nil {
		t.Errorf("finished: %+v", doc)
	}
	everywhere("finished")
	if v := verifiedWhole(t, i); v.Archived != 2 || v.Determinations != 1 {
		t.Errorf("%+v", v)
	}
}

func TestRetention(t *testing.T) {
	clock := when.Day(2020, 1, 1).Begins()
	i, by := oldInstance(t, &clock)
	if r, err := i.Retention(t.Context()); err != nil || r.Years != 5 {
		t.Errorf("%+v %v", r, err)
	}
	for _, years := range []int{4, 0, 101} {
		if _, err := i.SetRetention(t.Context(), by, report.Retention{Years: years}); err == nil {
			t.Errorf("%d years are taken", years)
		}
	}
	if _, err := i.SetRetention(t.Context(), by, report.Retention{Years: 7}); err != nil {
		t.Fatal(err)
	}
	askedOn(t, i, by, "a", "steel screws", "DE", when.Day(2020, 1, 1))
	clock = when.Day(2026, 6, 1).Begins()
	if doc := archived(t, i, by); doc.Removed != 0 || doc.Cutoff != "2019-06-01" {
		t.Errorf("%+v", doc)
	}
	viewer := &Actor{Person: by.Person, Role: Viewer}
	if _, err := i.Archive(t.Context(), viewer, false); err == nil {
		t.Error("a viewer archives")
	}
	if err := i.HoldRecord(t.Context(), by, "none", true, "why"); !errors.Is(err, ErrUnknown) {
		t.Error(err)
	}
	if err := i.HoldRecord(t.Context(), by, "none", true, " "); err == nil {
		t.Error("held without a reason")
	}
}
