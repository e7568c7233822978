package app

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"lodestone/internal/cases"
	"lodestone/internal/report"
	"lodestone/internal/store"
)

// reader is who acknowledges changes: a token, or the person where there is none.
func (a *Actor) reader() string {
	if a.Token != "" {
		return a.Token
	}
	return a.Person
}

// CaseChanges lists what was done in cases after a place in the log, oldest first. A negative place: after what the reader has acknowledged.
func (i *Instance) CaseChanges(ctx context.Context, by *Actor, after int64, limit int) ([]report.CaseChange, error) {
	if after < 0 {
		var err error
		if after, err = i.store.Acked(ctx, by.reader()); err != nil {
			return nil, err
		}
	}
	all, err := i.store.CaseChanges(ctx, after, kinds(cases.Changes()), limit)
	if err != nil {
		return nil, err
	}
	list := make([]report.CaseChange, len(all))
	for n := range all {
		now, err := i.store.Case(ctx, all[n].ID)
		if err != nil {
			return nil, err
		}
		list[n] = report.CaseChange{N: all[n].N, Kind: all[n].Kind, At: all[n].RecordedAt}
		if list[n].Case, err = i.caseOf(ctx, &now); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// AckChanges notes that a reader has all changes up to a place in the log.
func (i *Instance) AckChanges(ctx context.Context, by *Actor, upto int64) (int64, error) {
	size, err := i.store.LogSize(ctx)
	if err != nil {
		return 0, err
	}
	if upto < 0 || upto >= size {
		return 0, invalid("n", "there is no such place in the log; give the n of a change")
	}
	if err := i.store.Write(ctx, func(tx *store.Tx) error { return tx.Ack(by.reader(), upto, by.Person) }); err != nil {
		return 0, err
	}
	return i.store.Acked(ctx, by.reader())
}

// refresh answers the question of a case again, as of today. Where the answer is another one the case rests on that from now on, and what was
// decided or proposed is taken back, as it is where a decision is past its last day.
func (i *Instance) refresh(ctx context.Context, id string) error {
	c, err := i.store.Case(ctx, id)
	if err != nil {
		return unknownIf(err)
	}
	d, err := i.store.Determination(ctx, c.Record)
	if err != nil {
		return err
	}
	var q Question
	if err := json.Unmarshal([]byte(d.Question), &q); err != nil {
		return err
	}
	today := i.today()
	now, a, err := i.again(ctx, &q, today)
	var refused Refusal
	if errors.As(err, &refused) { // another law knows other columns; what was decided rested on the old one
		return i.change(ctx, &c, func(tx *store.Tx, c *store.CaseStep) error {
			return moveCase(tx, c, cases.Step{Kind: cases.Reopened, By: store.Instance, Words: reasonLaw}, nil, nil)
		})
	}
	if err != nil {
		return err
	}
	now.RecordedBy = store.Instance
	switch {
	case a.substance != c.Substance:
		return i.change(ctx, &c, func(tx *store.Tx, c *store.CaseStep) error {
			if err := tx.PutDetermination(&now); err != nil {
				return err
			}
			return renewCase(tx, c, otherBy(&d, &now), &now, &a)
		})
	case c.State == string(cases.Released) && !ruled(&c).Holds(today):
		return i.change(ctx, &c, func(tx *store.Tx, c *store.CaseStep) error {
			return moveCase(tx, c, cases.Step{Kind: cases.Reopened, By: store.Instance, Words: reasonExpired}, nil, nil)
		})
	case c.Revision != i.Book.Revision:
		return i.change(ctx, &c, func(tx *store.Tx, c *store.CaseStep) error {
			if err := tx.PutDetermination(&now); err != nil {
				return err
			}
			return moveCase(tx, c, cases.Step{Kind: cases.Confirmed, By: store.Instance, Words: reasonSame}, &now, &a)
		})
	}
	return nil
}

// change changes a case unless somebody else has meanwhile.
func (i *Instance) change(ctx context.Context, seen *store.CaseStep, do func(*store.Tx, *store.CaseStep) error) error {
	return i.store.Write(ctx, func(tx *store.Tx) error {
		c, err := tx.Case(seen.ID)
		if err != nil || c.Version != seen.Version {
			return err
		}
		return do(tx, &c)
	})
}

// Recheck answers the questions of all cases that are not closed again, as of today, and takes back decisions that no longer hold. It returns how many
// cases changed.
func (i *Instance) Recheck(ctx context.Context) (changed int, err error) {
	states := []string{}
	for _, s := range cases.States() {
		if s != cases.Closed {
			states = append(states, string(s))
		}
	}
	size, err := i.store.LogSize(ctx)
	if err != nil {
		return 0, err
	}
	for before := int64(lastPlace); ; {
		page, err := i.store.Cases(ctx, store.CaseFilter{States: states, Before: before, Limit: 200})
		if err != nil || len(page) == 0 {
			return changed, err
		}
		for n := range page {
			before = page[n].N
			if before >= size {
				continue // touched since this began, perhaps by this
			}
			if err := i.refresh(ctx, page[n].ID); err != nil {
				return changed, err
			}
			now, err := i.store.Case(ctx, page[n].ID)
			if err != nil {
				return changed, err
			}
			if now.Version != page[n].Version {
				changed++
			}
		}
	}
}

// recheckEvery is how often it is looked whether a new day has begun.
const recheckEvery = 10 * time.Minute

// WatchCases rechecks cases at once, and again on each new day, until the context ends.
func (i *Instance) WatchCases(ctx context.Context, log *slog.Logger) {
	t := time.NewTicker(recheckEvery)
	defer t.Stop()
	for checked := i.today() - 1; ; {
		if today := i.today(); today != checked {
			n, err := i.Recheck(ctx)
			switch {
			case ctx.Err() != nil:
				return
			case err != nil:
				log.Error("cases could not be rechecked", "error", err)
			default:
				checked = today
				if n > 0 {
					log.Info("cases rechecked", "changed", n)
				}
			}
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
	}
}
