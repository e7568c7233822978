package app

import (
	"testing"

	"lodestone/internal/store"
)

// A job that cannot be done for a reason outside its file is tried again, and says so at the last try instead of seeming to run for ever.
func TestTheLastTryEndsAJob(t *testing.T) {
	i := openInstance(t, t.TempDir())
	defer i.Close()
	j := store.Job{Name: "x.csv", Input: store.Digest("x"), Question: "no JSON", RecordedBy: "p"}
	if err := i.store.Write(t.Context(), func(tx *store.Tx) error { return tx.PutJob(&j) }); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		last bool
		want string
	}{{false, store.Running}, {true, store.Failed}} {
		err := i.do(t.Context(), j.ID, c.last)
		got, e := i.store.Job(t.Context(), j.ID)
		if err == nil || e != nil || got.State != c.want || (got.Problem != "") != c.last {
			t.Errorf("last try %v: %s %q (%v, %v)", c.last, got.State, got.Problem, err, e)
		}
	}
}
