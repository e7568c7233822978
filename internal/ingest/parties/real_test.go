package parties

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The real lists lie beside the checkout, so that they are not part of it.
const realLists = "../../../../shared/data/parties"

func real(t testing.TB, name string) File {
	path := filepath.Join(realLists, name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("left out: %v (the real lists are not part of the repository)", err)
	}
	return File{Name: name, Open: func() (io.ReadCloser, error) { return os.Open(path) }}
}

func TestRealLists(t *testing.T) {
	for _, c := range []struct {
		file           string
		name           string
		parties, names int
		date           string
	}{
		{"us_csl_2026-07-31.jsonl.gz", "US CSL", 25921, 57000, "2026-07-31"},
		{"eu_consolidated_2026-05-01.jsonl.gz", "EU", 5860, 29000, "2026-05-01"},
		{"uk_sanctions_list_2026-08-22.jsonl.gz", "UK", 6349, 19000, "2026-08-22"},
		{"un_consolidated_2026-02-27.xml.gz", "UN", 1003, 3000, "2026-02-27"},
		{"jp_meti_end_user_list_2025-09-29.csv.gz", "JP-END-USER-LIST", 818, 1500, "2025-09-29"},
		{"cn_mofcom_lists_2026-07-19.csv.gz", "", 240, 400, "2026-07-19"},
		{"ofac_sdn_2024-05-03.csv.gz", "OFAC", 14965, 18000, "2024-05-03"},
		{"ofac_nonsdn_2025-12_cons_prim.csv.gz", "OFAC", 442, 442, "2025-12-01"},
		{"bis_dpl_2019-07.txt.gz", "BIS DPL", 546, 546, "2019-07-01"},
		{"us_csl_native_sample_29col.csv.gz", "US CSL", 13, 13, "0000-00-00"},
	} {
		lists, err := Read([]File{real(t, c.file)})
		if err != nil {
			t.Error(err)
			continue
		}
		l := lists[0]
		t.Logf("%-40s %-18s %-20s %6d parties %6d names %s", c.file, l.Name, l.Format, len(l.Parties), l.Names, l.Date)
		if len(l.Parties) != c.parties || l.Names < c.names || c.name != "" && l.Name != c.name || l.Date != 0 && l.Date.String() != c.date {
			t.Errorf("%s: %s of %s with %d parties and %d names", c.file, l.Name, l.Date, len(l.Parties), l.Names)
		}
	}
}

func TestOFACFilesAreJoined(t *testing.T) {
	lists, err := Read([]File{real(t, "ofac_2021-07_sdn.csv.gz"), real(t, "ofac_2021-07_alt.csv.gz"), real(t, "ofac_2021-07_add.csv.gz"), real(t, "ofac_2021-07_sdn_comments.csv.gz")})
	if err != nil {
		t.Fatal(err)
	}
	if len(lists) != 1 || len(lists[0].Parties) != 8976 || lists[0].Names < 8975+11909 {
		t.Errorf("%d lists, %d parties, %d names", len(lists), len(lists[0].Parties), lists[0].Names)
	}
}

func TestTruncatedListIsRefused(t *testing.T) {
	_, err := Read([]File{real(t, "us_csl_native_2023-11_truncated.csv.gz")})
	if err == nil || !strings.Contains(err.Error(), "second heading line") {
		t.Errorf("got %v", err)
	}
}
