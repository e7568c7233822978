package fleet

import (
	"context"
	"time"

	"lodestone/internal/app"
	"lodestone/internal/report"
)

// History is a record that can be looked through: what Status shows.
type History interface {
	Run(ctx context.Context, id string) (app.FleetRun, error)
	Runs(ctx context.Context, limit int) ([]app.FleetRun, error)
	Count(ctx context.Context, run string, since time.Time) (app.FleetCount, error)
	SetAsides(ctx context.Context, run string, limit int) ([]app.FleetShard, error)
}

const (
	lately   = time.Minute // over which the rate is told
	listed   = 50          // runs
	troubles = 10          // shards set aside
)

// Status says how far a run is, or, of no name, how far the newest runs are.
func Status(ctx context.Context, h History, now time.Time, id string) (docs []report.FleetRun, err error) {
	var runs []app.FleetRun
	if id == "" {
		runs, err = h.Runs(ctx, listed)
	} else {
		runs = make([]app.FleetRun, 1)
		runs[0], err = h.Run(ctx, id)
	}
	for _, r := range runs {
		if err != nil {
			break
		}
		var doc report.FleetRun
		doc, err = status(ctx, h, now, r)
		docs = append(docs, doc)
	}
	return docs, err
}

func status(ctx context.Context, h History, now time.Time, r app.FleetRun) (report.FleetRun, error) {
	doc := report.FleetRun{ID: r.ID, Name: r.Name, State: r.State, SubmittedAt: r.SubmittedAt}
	c, err := h.Count(ctx, r.ID, now.Add(-lately))
	if err != nil {
		return doc, err
	}
	doc.Shards, doc.Done, doc.SetAside, doc.Rows, doc.RowsDone = c.Shards, c.Done, c.SetAside, c.Rows, c.DoneRows
	if r.State == app.RunCut && c.Done+c.SetAside == c.Shards {
		doc.State = "done"
	}
	over := lately
	if from, err := time.Parse(time.RFC3339, r.SubmittedAt); err == nil {
		over = max(time.Second, min(over, now.Sub(from)))
	}
	doc.Rate = int(float64(c.Lately) / over.Seconds())
	if left := c.Rows - c.DoneRows; r.State == app.RunCut && left > 0 && doc.Rate > 0 {
		doc.ExpectedEnd = now.Add(time.Duration(left/doc.Rate) * time.Second).UTC().Format(time.RFC3339)
	}
	if c.SetAside == 0 {
		return doc, nil
	}
	list, err := h.SetAsides(ctx, r.ID, troubles)
	for _, s := range list {
		doc.Problems = append(doc.Problems, report.ShardSetAside{Shard: s.Name, Rows: s.Rows, Problem: s.Problem})
	}
	return doc, err
}
