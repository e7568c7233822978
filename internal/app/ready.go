package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"lodestone/internal/report"
	"lodestone/internal/store"
)

// Condition is how an instance stands.
type Condition struct {
	Queued       int64              // jobs that wait
	Running      int64              // jobs that are being done
	Rows         int64              // of jobs, answered since the start
	Asked        int64              // single questions, answered since the start
	Entries      int64              // of the log
	Transactions int64              // committed since the start
	Free         int64              // bytes where the data folder is
	Lists        []report.PartyList // that names are looked for on

	Targets    map[string]int64 // of alerts, by state; failing: those that are active and fail
	Deliveries map[string]int64 // of alerts, by how they stand
}

// Condition looks how the instance stands.
func (i *Instance) Condition(ctx context.Context) (Condition, error) {
	c, err := i.store.Counts(ctx)
	if err != nil {
		return Condition{}, err
	}
	lists, err := i.PartyLists(ctx, i.today(), "en")
	if err != nil {
		return Condition{}, err
	}
	targets, err := i.Targets(ctx)
	if err != nil {
		return Condition{}, err
	}
	how := map[string]int64{store.Active: 0, store.Paused: 0, failing: 0}
	for _, t := range targets {
		if t.Failing && t.State == store.Active {
			how[failing]++
		} else {
			how[t.State]++
		}
	}
	deliveries, err := i.store.DeliveryCounts(ctx)
	if err != nil {
		return Condition{}, err
	}
	free, err := freeBytes(i.data)
	return Condition{Lists: lists, Queued: c.Queued, Running: c.Running, Rows: i.jobs.rows.Load(), Asked: i.answerer.others.asked.Load(), Entries: c.Entries, Transactions: c.Transactions, Free: free,
		Targets: how, Deliveries: deliveries}, err
}

// failing is how a target stands that is active and keeps failing.
const failing = "failing"

// NotReady says in a sentence what keeps an instance from working.
type NotReady string

func (e NotReady) Error() string { return string(e) }

const (
	leastFree   = 256 << 20 // bytes
	longestWait = time.Minute
)

// Ready says what keeps the instance from doing all that it is for: a NotReady. It writes to the database, and takes that back.
func (i *Instance) Ready(ctx context.Context) error {
	if len(i.Book.Norms) == 0 {
		return NotReady("The law is not loaded.")
	}
	if err := i.store.Writable(ctx); err != nil {
		return errors.Join(NotReady("The database cannot be written."), err)
	}
	if !i.jobs.working.Load() {
		return NotReady("Uploads are not being worked on.")
	}
	if _, err := i.listsNow(ctx); err != nil {
		return errors.Join(NotReady("The party lists that were loaded cannot be read: load them again, or take them out."), err)
	}
	c, err := i.store.Counts(ctx)
	switch {
	case err != nil:
		return errors.Join(NotReady("The database cannot be read."), err)
	case c.Waited > longestWait && c.Running == 0:
		return NotReady("An upload waits, and none is being worked on.")
	}
	free, err := freeBytes(i.data)
	if err != nil {
		return errors.Join(NotReady("The free space cannot be told."), err)
	}
	if free < leastFree {
		return NotReady(fmt.Sprintf("Less than %d MB are free where the data folder is.", leastFree>>20))
	}
	return nil
}

// HasRoom says whether so many bytes find room where the data folder is, and leave enough for the database.
func (i *Instance) HasRoom(n int64) bool {
	free, err := freeBytes(i.data)
	return err != nil || free-n > leastFree // where it cannot be told, writing finds out
}
