package decision

import (
	"os"
	"path/filepath"
	"testing"

	"lodestone/internal/ingest/decision/measure"
	"lodestone/lawdata"
	"lodestone/lawdata/enforcement"
)

// labelled is the folder of labelled decisions beside the checkout. They are not part of the project.
const labelled = "../../../../shared/data/enforcement"

func testReader(t testing.TB) *Reader {
	t.Helper()
	tables, err := enforcement.Tables()
	if err != nil {
		t.Fatal(err)
	}
	files, err := lawdata.Files()
	if err != nil {
		t.Fatal(err)
	}
	var countries []string
	for _, c := range files.Vocab.Countries {
		countries = append(countries, c.Names.Zh...)
	}
	return NewReader(tables, countries)
}

// TestQuality compares every field of every labelled text with what is read, prints accuracy by field and each miss, and keeps the level.
func TestQuality(t *testing.T) {
	labels := filepath.Join(labelled, "labels.json")
	if _, err := os.Stat(labels); err != nil {
		t.Skipf("the labelled decisions are not beside this checkout (%s): reading is not measured", labelled)
	}
	report, err := measure.Decisions(labels, testReader(t).Read)
	if err != nil {
		t.Fatal(err)
	}
	report.Print(t.Output())
	if err := report.Check(); err != nil {
		t.Error(err)
	}
}
