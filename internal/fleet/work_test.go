package fleet

import (
	"context"
	"io"
	"testing"

	"lodestone/internal/app"
)

// A worker that is told to stop brings the shard that it is at to an end, and begins no other.
func TestAWorkerStopsBetweenShards(t *testing.T) {
	m := NewMemory(SystemClock{})
	c := Coordinator{Queue: m, Record: m, Blobs: m, Clock: SystemClock{}, Window: Window, Patience: Patience}
	err := c.Submit(t.Context(), app.FleetRun{ID: "run", Stamp: "s"}, func(give func(app.Shard) error) error {
		for _, text := range []string{"one", "two"} {
			if err := give(app.Shard{Rows: 1, Texts: [3][]byte{2: []byte(text)}}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var answered []string
	w := Worker{Name: "worker", Stamp: "s", Queue: m, Record: m, Blobs: m, Clock: SystemClock{}, Tries: Tries, Overdue: Overdue, Beat: Beat,
		Answer: func(text []byte, _ io.Writer) ([]byte, error) {
			stop()
			answered = append(answered, string(text))
			return nil, nil
		}}
	if err := w.Work(ctx); err != nil {
		t.Fatal(err)
	}
	count, err := m.Count(t.Context(), "run", SystemClock{}.Now())
	if err != nil || len(answered) != 1 || count.Done != 1 {
		t.Errorf("answered %q, %d are recorded, %v; want one", answered, count.Done, err)
	}
	parts, err := m.Parts(t.Context(), "run", 0, 2)
	if err != nil || parts[1].Begun != 0 {
		t.Errorf("%+v, %v; the second was not to be begun", parts, err)
	}
}
