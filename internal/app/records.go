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
	d, err := i.store.Determination(ctx, id)
	if err != nil {
		return report.Record{}, unknownIf(err)
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

// Verify proves the log and answers every recorded question again that rests on the law at hand. One at a time is done; whoever comes meanwhile gets ErrVerifying.
func (i *Instance) Verify(ctx context.Context) (report.Verified, error) {
	if !i.verifying.TryLock() {
		return report.Verified{}, ErrVerifying
	}
	defer i.verifying.Unlock()
	v, err := i.store.Verify(ctx, i.answerer.replay, i.jobs.files.check)
	return report.Verified(v), err
}

// replay answers a recorded question again, where the law at hand is that of the record.
func (a *answerer) replay(d *store.Determination) (same, known bool, err error) {
	if d.Revision != a.book.Revision {
		return false, false, nil
	}
	var q Question
	if err := json.Unmarshal([]byte(d.Question), &q); err != nil {
		return false, true, nil
	}
	again, _, err := a.answer(&q)
	var refused Refusal
	if errors.As(err, &refused) {
		return false, true, nil
	}
	return err == nil && again.Answer == d.Answer, true, err
}
