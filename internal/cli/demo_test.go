package cli

import (
	"context"
	"log/slog"
	"math"
	"testing"
	"time"

	"lodestone/internal/app"
	"lodestone/internal/when"
)

// The example data hold what the demo promises: open questions, a listed party, a rule that sleeps and returns, a licence that runs out.
func TestTheDemoHoldsWhatItPromises(t *testing.T) {
	book, _, err := app.LoadBook("")
	if err != nil {
		t.Fatal(err)
	}
	ctx, today := t.Context(), when.Day(2026, 11, 5) // days before suspensions run out
	i, err := app.OpenInstance(ctx, app.InstanceOptions{Data: t.TempDir(), Book: book, Now: func() time.Time { return time.Date(2026, 11, 5, 3, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	if err := fillDemo(ctx, i, "a password of some length", today, "en"); err != nil {
		t.Fatal(err)
	}
	working, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- i.Work(working, slog.New(slog.DiscardHandler)) }()
	defer func() { stop(); <-done }()
	records, err := i.Records(ctx, 0, 10)
	if err != nil || len(records) != 2 {
		t.Fatal(len(records), err)
	}
	all, err := i.Cases(ctx, app.CaseQuery{Limit: 10})
	if err != nil || len(all) != 2 {
		t.Error(len(all), "cases", err)
	}
	held, err := i.HeldLicences(ctx, 0, 10, 30, "en")
	if err != nil || len(held) != 1 {
		t.Error(len(held), "licences run out within 30 days", err)
	}
	open := 0
	for deadline := time.Now().Add(8 * time.Second); time.Now().Before(deadline) && open == 0; time.Sleep(50 * time.Millisecond) {
		jobs, err := i.Jobs(ctx, math.MaxInt64, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range jobs {
			if j.State == "done" {
				open++
			}
		}
	}
	if open == 0 {
		t.Error("no file of the demo was answered")
	}
}
