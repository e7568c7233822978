package enforcement

import (
	"strings"
	"testing"
)

func TestEmbeddedFilesLoad(t *testing.T) {
	tables, err := Tables()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(tables.Offices.Supervising); n != 42 {
		t.Errorf("%d directly subordinate customs; there are 42", n)
	}
	records, err := Collection()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for i := range records {
		r := &records[i]
		if seen[r.ID] || r.Collected == nil || r.Collected.Frame != CollectionFrame || len(r.Sources) == 0 {
			t.Errorf("%s: twice, without a source, or not of frame %s", r.ID, CollectionFrame)
		}
		seen[r.ID] = true
		for _, p := range r.Parties {
			if p.Kind == "individual" && !strings.HasPrefix(*p.Name, "某") {
				t.Errorf("%s names a natural person", r.ID)
			}
		}
	}
}
