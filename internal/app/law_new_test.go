package app

import (
	"strings"
	"testing"

	"lodestone/internal/when"
)

// A scaffold is a whole law file: what law check says of it is what is still to be filled in.
func TestANewActChecksUpToItsToDos(t *testing.T) {
	today := when.Day(2026, 11, 25)
	for _, id := range []string{"KR-2026-12", "EU-2026-1", "CN-2026-99", "ACME-2026-1"} {
		dir := t.TempDir()
		names, err := NewAct(dir, id, "item_control", today)
		if err != nil || len(names) != 2 {
			t.Fatalf("%s: %v %v", id, names, err)
		}
		c, err := CheckLaw(dir)
		if err != nil || c.Cases != 1 || len(c.Problems) == 0 {
			t.Fatalf("%s: %+v %v", id, c, err)
		}
		for _, p := range c.Problems {
			if !strings.HasPrefix(p.Text, "to be filled in: ") {
				t.Errorf("%s: %v", id, p)
			}
		}
		if _, err := NewAct(dir, id, "item_control", today); err == nil || !strings.Contains(err.Error(), "is there already") {
			t.Errorf("%s is written over: %v", id, err)
		}
	}
}
