package app

import (
	"context"
	"encoding/json"
	"errors"

	"lodestone/internal/report"
	"lodestone/internal/store"
)

func recordOf(d *store.Determination) report.Record {
	return report.Record{ID: d.ID, N: d.N, RecordedAt: d.RecordedAt, RecordedBy: d.RecordedBy, Determination: report.Document(d.Answer)}
}

// Records lists recorded answers after a place in the log, oldest first, without their questions.
func (i *Instance) Records(ctx context.Context, after int64, limit int) ([]report.Record, error) {
	all, err := i.store.Determinations(ctx, after, limit)
	list := make([]report.Record, len(all))
	for n := range all {
		list[n] = recordOf(&all[n])
	}
	return list, err
}

// RecordFilter narrows a list of records.
type RecordFilter store.Filter

// NewestRecords lists recorded answers before a place in the log, newest first, without their documents.
func (i *Instance) NewestRecords(ctx context.Context, before int64, limit int, f RecordFilter) ([]report.RecordLine, error) {
	all, err := i.store.NewestDeterminations(ctx, before, limit, store.Filter(f))
	list := make([]report.RecordLine, len(all))
	for n := range all {
		d := &all[n]
		var q Question
		if e := json.Unmarshal([]byte(d.Question), &q); e != nil { // it stays in the list, and verify says what is wrong
			q.Item = nil
		}
		list[n] = report.RecordLine{ID: d.ID, N: d.N, Item: d.Item, Description: q.Item["description"], Effective: d.Effective, KnownBy: d.KnownBy, Outcome: d.Outcome, MayBe: d.MayBe,
			Revision: d.Revision, RecordedAt: d.RecordedAt, RecordedBy: d.RecordedBy}
	}
	return list, err
}

// LogSize is the number of lines of the transparency log.
func (i *Instance) LogSize(ctx context.Context) (int64, error) { return i.store.LogSize(ctx) }

// Record gives one recorded answer with its question.
func (i *Instance) Record(ctx context.Context, id string) (report.Record, error) {
	d, err := i.determination(ctx, id)
	if err != nil {
		return report.Record{}, err
	}
	r := recordOf(&d)
	r.Question = json.RawMessage(d.Question)
	return r, nil
}

// unknownIf says ErrUnknown where the store has no such row.
func unknownIf(err error) error {
	if errors.Is(err, store.ErrNone) {
		return ErrUnknown
	}
	return err
}

// Log lists lines of the transparency log from a place on, oldest first.
func (i *Instance) Log(ctx context.Context, from int64, limit int) ([]report.LogLine, error) {
	all, err := i.store.Log(ctx, from, limit)
	list := make([]report.LogLine, len(all))
	for n, l := range all {
		list[n] = report.LogLine{N: l.N, At: l.At, Who: l.Who, Kind: l.Kind, Subject: l.Subject, Digest: l.Digest, Note: l.Note}
	}
	return list, err
}

// ErrVerifying says that the log is being proved already.
var ErrVerifying = errors.New("a check of the log is going on; it reads everything, so one is done at a time: ask again when it has ended")

// Verify proves the log and answers every recorded question again that rests on the law at hand and on party lists that are. One at a time is done;
// whoever comes meanwhile gets ErrVerifying.
func (i *Instance) Verify(ctx context.Context) (report.Verified, error) {
	if !i.verifying.TryLock() {
		return report.Verified{}, ErrVerifying
	}
	defer i.verifying.Unlock()
	v, err := i.store.Verify(ctx, (&replayer{i: i, ctx: ctx}).replay, i.jobs.files.check, func(a *store.Archive) (here bool, wrong error) { return i.checkArchive(a, false) })
	return report.Verified(v), err
}

// replayer answers recorded questions again. It keeps the lists of the last one: records of one time rest on the same.
type replayer struct {
	i      *Instance
	ctx    context.Context
	lists  *loadedLists
	absent string // revision of lists that are not at hand; empty: none is known
}

func (r *replayer) replay(d *store.Determination) (store.Replayed, error) {
	if d.Revision != r.i.Book.Revision {
		return store.OtherLaw, nil
	}
	rested, err := restedOn(d)
	if err != nil {
		return store.Differs, nil
	}
	switch err := r.fetch(rested); {
	case errors.Is(err, ErrOtherLists):
		return store.OtherLists, nil
	case err != nil:
		return store.Same, err
	}
	return r.i.answerer.again(d, r.lists)
}

// again answers a recorded question once more, by the law at hand and by the party lists that the record rests on.
func (a *answerer) again(d *store.Determination, lists *loadedLists) (store.Replayed, error) {
	var q Question
	if err := json.Unmarshal([]byte(d.Question), &q); err != nil {
		return store.Differs, nil
	}
	again, _, err := a.answer(&q, lists)
	var refused Refusal
	switch {
	case errors.As(err, &refused), err == nil && again.Answer != d.Answer:
		return store.Differs, nil
	}
	return store.Same, err
}

// fetch makes the lists of a revision ready.
func (r *replayer) fetch(revision string) (err error) {
	switch {
	case revision == "":
		r.lists = nil
	case revision == r.absent:
		return ErrOtherLists
	case r.lists == nil || r.lists.revision != revision:
		if r.lists, err = r.i.listsAt(r.ctx, revision); errors.Is(err, ErrOtherLists) {
			r.absent = revision
		}
	}
	return err
}

// listsOf is what an answer says of party lists.
type listsOf struct {
	PartyLists *report.ListsRef `json:"party_lists"`
	Parties    []struct {
		Loaded bool `json:"loaded"`
	} `json:"parties"`
}

// restedOn is the revision of the loaded party lists on which a record rests; empty: there were none.
func restedOn(d *store.Determination) (string, error) {
	var said listsOf
	if err := json.Unmarshal([]byte(d.Answer), &said); err != nil || said.PartyLists == nil {
		return "", err
	}
	return said.PartyLists.Revision, nil
}

// loadedHits says whether a party of a record stands, or may stand, on a loaded list.
func loadedHits(d *store.Determination) (bool, error) {
	var said listsOf
	err := json.Unmarshal([]byte(d.Answer), &said)
	for _, p := range said.Parties {
		if p.Loaded {
			return true, err
		}
	}
	return false, err
}

// restsOnWhatIs says whether a record rests on the law and the party lists as they are now.
func (i *Instance) restsOnWhatIs(ctx context.Context, d *store.Determination) (bool, error) {
	rested, err := restedOn(d)
	if err != nil || d.Revision != i.Book.Revision {
		return false, err
	}
	now, err := i.listsRevision(ctx)
	return now == rested, err
}

// listsRevision is the revision of the loaded party lists; empty: there are none.
func (i *Instance) listsRevision(ctx context.Context) (string, error) {
	now, err := i.listsNow(ctx)
	if err != nil || now == nil {
		return "", err
	}
	return now.revision, nil
}
