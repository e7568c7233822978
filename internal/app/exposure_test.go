package app

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"

	"lodestone/internal/report"
)

const devTargets = "../../../shared/data/trade/targets_dev.json"

// TestTargets recomputes every row of the development targets from inputs and carried data, prints row by row with -v, and asserts each.
func TestTargets(t *testing.T) {
	text, err := os.ReadFile(devTargets)
	if err != nil {
		t.Skip("left out: the recomputation targets are not beside the repository (../shared/data/trade)")
	}
	e := newExposure(t)
	rows, err := e.Compute("targets_dev.json", strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Sets []struct {
			ID   string
			Rule string `json:"tolerance_rule"`
			Rows []struct {
				Key       string
				Expected  map[string]any
				Tolerance any
			}
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, s := range file.Sets {
		good := 0
		for _, want := range s.Rows {
			got := rows[n]
			n++
			if got.Set != s.ID || got.Key != want.Key {
				t.Fatalf("row %d is %s %s, want %s %s", n, got.Set, got.Key, s.ID, want.Key)
			}
			if got.Problem != nil {
				t.Errorf("%s %s: %v", s.ID, want.Key, got.Problem)
				continue
			}
			c := comparison{relative: strings.HasPrefix(s.Rule, "relative"), tolerance: want.Tolerance}
			c.compare("", plain(t, got.Results), want.Expected)
			t.Logf("%-42s %-40s %v", s.ID, want.Key, verdict(c.wrong))
			if c.wrong != nil {
				t.Errorf("%s %s: %s", s.ID, want.Key, strings.Join(c.wrong, "; "))
				continue
			}
			good++
		}
		t.Logf("%s: %d of %d", s.ID, good, len(s.Rows))
	}
	if n != len(rows) {
		t.Errorf("%d rows were answered, %d asked", len(rows), n)
	}
}

func verdict(wrong []string) string {
	if wrong == nil {
		return "within tolerance"
	}
	return strings.Join(wrong, "; ")
}

func newExposure(t testing.TB) *Exposure {
	t.Helper()
	book, problems, err := LoadBook("")
	if err != nil || problems.Refusals() > 0 {
		t.Fatal(err, problems)
	}
	e, err := NewExposure("", book.Vocab, "en")
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// plain is a document as a program reads it.
func plain(t *testing.T, doc any) map[string]any {
	t.Helper()
	b, err := report.AppendNumbers(nil, doc)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	return m
}

type comparison struct {
	relative  bool
	tolerance any
	wrong     []string
}

func (c *comparison) compare(name string, got, want any) {
	switch w := want.(type) {
	case map[string]any:
		g, _ := got.(map[string]any)
		if len(g) != len(w) {
			c.wrong = append(c.wrong, fmt.Sprintf("%s has %d values, want %d", name, len(g), len(w)))
		}
		for k := range w {
			c.compare(strings.TrimPrefix(name+"."+k, "."), g[k], w[k])
		}
	case []any:
		g, _ := got.([]any)
		if len(g) != len(w) {
			c.wrong = append(c.wrong, fmt.Sprintf("%s has %d values, want %d", name, len(g), len(w)))
			return
		}
		for i := range w {
			c.compare(name, g[i], w[i])
		}
	case float64:
		g, ok := got.(float64)
		if limit := c.limit(name, w); !ok || math.Abs(g-w) > limit {
			c.wrong = append(c.wrong, fmt.Sprintf("%s is %v, want %v within %v", name, got, w, limit))
		}
	default:
		if !reflect.DeepEqual(got, want) {
			c.wrong = append(c.wrong, fmt.Sprintf("%s is %v, want %v", name, got, want))
		}
	}
}

// limit is the tolerance of one number. Sets name it by row, or by statistic; values are compared relatively.
func (c *comparison) limit(name string, want float64) float64 {
	if by, ok := c.tolerance.(map[string]any); ok {
		last := name[strings.LastIndexByte(name, '.')+1:]
		for key, names := range map[string][]string{"hhi": {"hhi", "dhhi"}, "china_share_pct": {"china_share_pct"}, "sen": {"sen"}, "p": {"mk_p", "brk_p"}} {
			for _, n := range names {
				if n == last {
					return by[key].(float64)
				}
			}
		}
		if last == "pct" {
			return 1
		}
		return 0
	}
	x, _ := c.tolerance.(float64)
	switch {
	case name == "import_value_usd":
		return 0.001 * math.Abs(want)
	case c.relative:
		return x * math.Abs(want)
	}
	return x * (1 + 1e-9)
}
