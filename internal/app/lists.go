package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf8"

	"lodestone/internal/ingest/parties"
	"lodestone/internal/law"
	"lodestone/internal/party"
	"lodestone/internal/report"
	"lodestone/internal/sentence"
	"lodestone/internal/store"
	"lodestone/internal/when"
)

// Party lists that are loaded into an instance stand beside those of the law. Each file is kept under its digest for good; the ledger party_list says
// which was loaded when and by whom. All of them as of one moment have a revision: answers name it, so that they can be given again.

// Limits of the lists of an instance.
const (
	MaxListFile = 1 << 30 // bytes of a file
	mostParties = 300_000 // of a file
	mostNames   = 500_000 // of all lists together
)

// ErrLargeList says that a list is too large.
var ErrLargeList = sentence.Error("the list is larger than %d GB; no list of parties that a server can hold is", MaxListFile>>30)

// loadedLists are the lists as of one moment, ready to be asked. They are not changed: others take their place. Nil: none is loaded.
type loadedLists struct {
	revision string
	rows     []store.PartyList // in the order of their names
	index    *party.Index
	finder   *party.Finder // of these and of those of the law
	desks    sync.Pool     // for single questions
}

// lists are what an instance keeps of loaded lists.
type lists struct {
	now     atomic.Pointer[taken] // as they were last taken up; nil: they were not yet
	loading sync.Mutex            // held by whoever reads lists: they take memory
	changed chan struct{}         // wakes who watches
}

// taken are lists as of a place in the log.
type taken struct {
	n      int64
	loaded *loadedLists // nil: none is loaded
}

// ListsError says that lists which were loaded cannot be asked. Answering as if they were not there would clear everybody who stands on them.
type ListsError struct{ error }

// Unwrap gives what went wrong.
func (e ListsError) Unwrap() error { return e.error }

// standing are the lists that rows leave in force, by name.
func standing(rows []store.PartyList) []store.PartyList {
	last := map[string]store.PartyList{}
	for _, l := range rows {
		if last[l.Name] = l; l.Ended {
			delete(last, l.Name)
		}
	}
	return slices.SortedFunc(maps.Values(last), func(a, b store.PartyList) int { return cmp.Compare(a.Name, b.Name) })
}

// revisionOf names lists by their names and bytes, and by what reads them; of none it is empty.
func revisionOf(rows []store.PartyList) string {
	if len(rows) == 0 {
		return ""
	}
	sum := sha256.New()
	fmt.Fprintln(sum, "party lists", parties.Version, party.IndexVersion)
	for i := range rows {
		fmt.Fprintf(sum, "%q %s\n", rows[i].Name, rows[i].Digest)
	}
	return "sha256:" + hex.EncodeToString(sum.Sum(nil))
}

// listsNow are the loaded lists as they were last taken up, and taken up where they were not yet.
func (i *Instance) listsNow(ctx context.Context) (*loadedLists, error) {
	if t := i.lists.now.Load(); t != nil {
		return t.loaded, nil
	}
	return i.takeUp(ctx)
}

// ListsTaken is the place in the log up to which party lists were taken up; -1: none were.
func (i *Instance) ListsTaken() int64 {
	if t := i.lists.now.Load(); t != nil {
		return t.n
	}
	return -1
}

// takeUp makes the lists ready that the database names, unless they are already.
func (i *Instance) takeUp(ctx context.Context) (*loadedLists, error) {
	i.lists.loading.Lock()
	defer i.lists.loading.Unlock()
	n, err := i.store.NewestPartyList(ctx)
	if err != nil {
		return nil, err
	}
	had := i.lists.now.Load()
	if had != nil && had.n == n {
		return had.loaded, nil
	}
	rows, err := i.store.PartyLists(ctx)
	if err != nil {
		return nil, err
	}
	t := &taken{n: n}
	rows = standing(rows)
	if had != nil && had.loaded != nil && had.loaded.revision == revisionOf(rows) { // the same lists were loaded once more
		t.loaded = had.loaded.as(rows)
	} else if t.loaded, err = i.load(rows); err != nil {
		return nil, err
	}
	i.lists.now.Store(t)
	return t.loaded, nil
}

// as are the same lists with what was recorded of them since.
func (l *loadedLists) as(rows []store.PartyList) *loadedLists {
	x := &loadedLists{revision: l.revision, rows: rows, index: l.index, finder: l.finder}
	x.desks.New = l.desks.New
	return x
}

// load reads lists and makes them ready; of none it gives nil.
func (i *Instance) load(rows []store.PartyList) (*loadedLists, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	files := make([]parties.File, len(rows))
	for n := range rows {
		files[n] = i.listFile(&rows[n])
	}
	p, err := loadFiles(files, 0, filepath.Join(i.data, indexesName), "en")
	if err != nil {
		return nil, ListsError{sentence.Error("the party lists cannot be read: %s; load that list again, or take it out", err)}
	}
	names := 0
	for _, l := range p.lists {
		names += l.Names
	}
	if names > mostNames {
		return nil, ListsError{sentence.Error("the party lists have %d names, more than the %d that a server holds; take one out", names, mostNames)}
	}
	return newLoaded(i.Book, rows, p.index), nil
}

func newLoaded(book *law.Book, rows []store.PartyList, x *party.Index) *loadedLists {
	l := &loadedLists{revision: revisionOf(rows), rows: rows, index: x, finder: party.NewFinder(book).Beside(x)}
	l.desks.New = func() any {
		d, _ := (&Screening{Book: book, Lang: "en", lists: l}).desk() // no default countries, so nothing to refuse
		return d
	}
	return l
}

// listFile is the file of a list, which opens only if it is what was loaded.
func (i *Instance) listFile(l *store.PartyList) parties.File {
	return parties.File{Name: l.Name, Most: mostParties, Open: func() (io.ReadCloser, error) {
		if err := i.jobs.files.check(l.Digest); err != nil {
			return nil, err
		}
		return i.jobs.files.open(l.Digest)
	}}
}

// listsAt are the lists of a revision, of which answers and jobs were given; empty: none. ErrOtherLists says that they are not at hand.
func (i *Instance) listsAt(ctx context.Context, revision string) (*loadedLists, error) {
	if revision == "" {
		return nil, nil
	}
	now, err := i.listsNow(ctx)
	if err != nil {
		return nil, err
	}
	if now == nil || now.revision != revision {
		if now, err = i.takeUp(ctx); err != nil {
			return nil, err
		}
	}
	if now != nil && now.revision == revision {
		return now, nil
	}
	return i.listsOnce(ctx, revision)
}

// ErrOtherLists says that an answer rests on party lists that are not at hand.
var ErrOtherLists = sentence.Error("it rests on party lists that are not here any more, or that another version of the program read; ask again")

// listsOnce makes lists ready that were loaded once and have been replaced.
func (i *Instance) listsOnce(ctx context.Context, revision string) (*loadedLists, error) {
	rows, err := i.store.PartyLists(ctx)
	if err != nil {
		return nil, err
	}
	for n := len(rows); n > 0; n-- {
		once := standing(rows[:n])
		if revisionOf(once) != revision {
			continue
		}
		i.lists.loading.Lock()
		defer i.lists.loading.Unlock()
		l, err := i.load(once)
		if errors.Is(err, store.ErrGone) {
			err = ErrOtherLists
		}
		return l, err
	}
	return nil, ErrOtherLists
}

// ref names the lists in an answer; nil: there are none.
func (l *loadedLists) ref() *report.ListsRef {
	if l == nil {
		return nil
	}
	return &report.ListsRef{Revision: l.revision}
}

// notes are what every answer has to say of the lists as of a day: that one is old.
func (l *loadedLists) notes(day when.Date, lang string) (notes []string) {
	if l == nil {
		return nil
	}
	for n := range l.rows {
		if doc := listOf(&l.rows[n], day); doc.Stale {
			notes = append(notes, report.Say(lang, "party.stale", "list", doc.Name, "day", (day-when.Date(doc.AgeDays)).String(), "days", fmt.Sprint(doc.AgeDays)))
		}
	}
	return notes
}

// listOf is a list as it is shown on a day. The age of one that does not say of which day it is counts from when it was loaded.
func listOf(l *store.PartyList, day when.Date) report.PartyList {
	doc := report.PartyList{Name: l.List, File: l.Name, Format: l.Format, Parties: l.Parties, Names: l.Names, Digest: "sha256:" + l.Digest, Size: l.Size, LoadedAt: l.RecordedAt, LoadedBy: l.RecordedBy}
	from := loadedOn(l)
	if on, err := when.ParseDate(l.Published); err == nil {
		doc.Date, from = on, on
	}
	doc.AgeDays = max(0, int(day)-int(from))
	doc.Stale = doc.AgeDays > StaleDays
	return doc
}

// loadedOn is the day on which a list was loaded.
func loadedOn(l *store.PartyList) when.Date {
	on, err := time.Parse(time.RFC3339, l.RecordedAt)
	if err != nil {
		return 0
	}
	return when.Of(on)
}

// LoadList loads a party list under a name, in the place of the one that has it. One that is cut off, empty, suspiciously small or otherwise not to be
// believed is refused by name, and the one that is there stays; smaller accepts one that has lost many of its parties.
func (i *Instance) LoadList(ctx context.Context, by *Actor, name string, file io.Reader, smaller bool, once Once) (doc report.LoadedList, err error) {
	if !goodListName(name) {
		return doc, invalid("name", "say what the file is called, in up to %d bytes, on one line, without a stroke", maxWord)
	}
	limited := &io.LimitedReader{R: file, N: MaxListFile + 1}
	digest, size, err := i.Keep(limited)
	if err != nil {
		return doc, err
	}
	if size > MaxListFile {
		return doc, ErrLargeList
	}
	i.lists.loading.Lock() // one after another: whoever sends a file twice at once gets the same answer twice
	defer i.lists.loading.Unlock()
	if came, err := once.came(ctx, i, by, digest); err != nil || came != "" {
		return doc, cmp.Or(err, json.Unmarshal([]byte(came), &doc))
	}
	row := store.PartyList{Name: name, Digest: digest, Size: size, RecordedBy: by.Person}
	err = i.replaceList(ctx, &row, smaller, func(tx *store.Tx, came *Refreshed) error {
		doc = report.LoadedList{PartyList: listOf(&row, i.today()), Before: came.Before, Changed: came.Changed, Added: came.Added, Differ: came.Differ, Removed: came.Removed}
		text, err := json.Marshal(doc)
		if err != nil {
			return err
		}
		return once.put(tx, by, digest, string(text))
	})
	if err != nil {
		return report.LoadedList{}, err
	}
	i.wakeLists()
	return doc, nil
}

func goodListName(name string) bool {
	return name != "" && len(name) <= maxWord && utf8.ValidString(name) && !strings.HasPrefix(name, ".") && !strings.ContainsAny(name, `/\`) && !strings.ContainsFunc(name, unicode.IsControl)
}

// replaceList puts a list that was kept in the place of the one of its name, if it is whole and can be read beside the others. Done is called in the
// transaction that records it.
func (i *Instance) replaceList(ctx context.Context, row *store.PartyList, smaller bool, done func(*store.Tx, *Refreshed) error) error {
	all, err := i.store.PartyLists(ctx)
	if err != nil {
		return err
	}
	var came Refreshed
	n := int64(-1)
	if len(all) > 0 {
		n = all[len(all)-1].N
	}
	now := standing(all)
	if err := i.believe(row, now, smaller, &came); err != nil {
		return err
	}
	rows := standing(append(slices.Clone(now), *row))
	loaded, err := i.load(rows)
	if err != nil {
		return invalid("file", "%s; the list that is there stays", err)
	}
	err = i.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.PutPartyList(row, n); err != nil {
			return err
		}
		return done(tx, &came)
	})
	if err != nil {
		return overtakenIf(err)
	}
	for m := range loaded.rows { // what was filled in on the way
		if loaded.rows[m].Name == row.Name {
			loaded.rows[m] = *row
		}
	}
	i.lists.now.Store(&taken{row.N, loaded})
	return nil
}

// believe reads a list by itself, compares it with the one of its name among those in force, and fills in what it is.
func (i *Instance) believe(row *store.PartyList, now []store.PartyList, smaller bool, came *Refreshed) error {
	old := parties.File{Name: row.Name, Open: func() (io.ReadCloser, error) { return nil, store.ErrGone }}
	if at := slices.IndexFunc(now, func(l store.PartyList) bool { return l.Name == row.Name }); at >= 0 {
		old, came.Before = i.listFile(&now[at]), now[at].Parties
	}
	fresh, was, err := came.compare(i.listFile(row), old, smaller)
	if err != nil {
		return InvalidBy("file", sentence.Error("%s: %s", row.Name, err))
	}
	came.changes(was.Parties, fresh.Parties, row.Name, 0)
	row.List, row.Format, row.Parties, row.Names = fresh.Name, fresh.Format, came.Parties, fresh.Names
	if fresh.Date != 0 {
		row.Published = fresh.Date.String()
	}
	return nil
}

// EndList takes a list out; its file stays for what rests on it.
func (i *Instance) EndList(ctx context.Context, by *Actor, name string) error {
	all, err := i.store.PartyLists(ctx)
	if err != nil {
		return err
	}
	now := standing(all)
	at := slices.IndexFunc(now, func(l store.PartyList) bool { return l.Name == name })
	if at < 0 {
		return ErrUnknown
	}
	row := now[at]
	row.Ended, row.RecordedBy = true, by.Person
	if err := i.store.Write(ctx, func(tx *store.Tx) error { return tx.PutPartyList(&row, all[len(all)-1].N) }); err != nil {
		return overtakenIf(err)
	}
	i.wakeLists()
	_, err = i.takeUp(ctx)
	return err
}

func overtakenIf(err error) error {
	if errors.Is(err, store.ErrOvertaken) {
		return conflict("somebody else changed the lists meanwhile; look again, and repeat this where it is still right")
	}
	return err
}

// wakeLists has whoever watches the lists look now.
func (i *Instance) wakeLists() {
	select {
	case i.lists.changed <- struct{}{}:
	default:
	}
}

// lookAtLists is how often an instance looks whether another process has loaded a list.
const lookAtLists = 2 * time.Second

// watchLists takes up lists that were loaded, has catalogues screened and cases answered again where they are others, and alerts of lists that have
// grown old, until the context ends.
func (i *Instance) watchLists(ctx context.Context, log *slog.Logger) {
	t := time.NewTicker(lookAtLists)
	defer t.Stop()
	began := false
	for revision, day := "", when.Date(0); ; {
		loaded, err := i.takeUp(ctx)
		if err != nil && ctx.Err() == nil {
			log.Error("party lists could not be taken up", "error", err)
		}
		if err == nil {
			now, today := loaded.ref(), i.today()
			if now == nil {
				now = &report.ListsRef{}
			}
			if began && now.Revision != revision {
				log.Info("party lists taken up", "revision", now.Revision)
				debug.FreeOSMemory() // reading lists leaves much behind
				err = i.listsTurned(ctx, today)
			}
			if err == nil && (today != day || now.Revision != revision) {
				err = i.alertOfOldLists(ctx, loaded, today)
			}
			if err == nil {
				began, revision, day = true, now.Revision, today
			} else if ctx.Err() == nil {
				log.Error("what follows from other party lists could not be done", "error", err)
			}
		}
		select {
		case <-t.C:
		case <-i.lists.changed:
		case <-ctx.Done():
			return
		}
	}
}

// listsTurned does what follows from other lists.
func (i *Instance) listsTurned(ctx context.Context, today when.Date) error {
	_, err := i.Recheck(ctx)
	return errors.Join(i.Notice(ctx, today), err)
}

// alertOfOldLists tells people, once of each file, that a list has grown old.
func (i *Instance) alertOfOldLists(ctx context.Context, loaded *loadedLists, today when.Date) error {
	if loaded == nil {
		return nil
	}
	var alerts []store.Alert
	for n := range loaded.rows {
		l := &loaded.rows[n]
		if doc := listOf(l, today); doc.Stale {
			alerts = append(alerts, newAlert("list.stale", "party_list/"+l.Name, fmt.Sprintf("list/%s/%d/stale", l.Name, l.N),
				map[string]string{"list": doc.Name, "file": l.Name, "day": (today - when.Date(doc.AgeDays)).String(), "days": fmt.Sprint(doc.AgeDays)}))
		}
	}
	return i.Raise(ctx, alerts...)
}
