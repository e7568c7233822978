package decision

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"lodestone/internal/enforce"
	"lodestone/lawdata"
	"lodestone/lawdata/enforcement"
)

// labelled is the folder of labelled decisions beside the checkout. They are not part of the project.
const labelled = "../../../../shared/data/enforcement"

// reached is the micro F1 that reading has reached; a change may not make it worse.
const reached = 0.966

// The fields that a text cannot tell: they come from the page around it.
var notInText = []string{"sources", "notes", "repost_date", "compilation_month", "spans", "derived", "text_file", "id", "collected"}

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

func labels(t testing.TB) []enforce.Record {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(labelled, "labels.json"))
	if err != nil {
		t.Skipf("the labelled decisions are not beside this checkout (%s): reading is not measured", labelled)
	}
	var all []enforce.Record
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestQuality compares every field of every labelled text with what is read, prints accuracy by field and each miss, and keeps the level.
func TestQuality(t *testing.T) {
	truth := labels(t)
	reader := testReader(t)
	score := newScore()
	for i := range truth {
		want := &truth[i]
		text, err := os.ReadFile(filepath.Join(labelled, want.TextFile))
		if err != nil {
			t.Fatal(err)
		}
		got := reader.Read(want.ID, string(text))
		score.add(want, fields(want), fields(&got))
	}
	for _, line := range score.lines() {
		t.Log(line)
	}
	if f1 := score.total.f1(); f1 < reached {
		t.Errorf("micro F1 is %.4f; %.4f was reached before", f1, reached)
	}
	for _, source := range score.sources() {
		rest := score.total.minus(score.bySource[source])
		t.Logf("without %-28s n=%2d F1 %.4f; on it alone %.4f", source, score.cases[source], rest.f1(), score.bySource[source].f1())
	}
}

// fields flattens a record into pairs of field and value; a value that is null, empty or false says nothing and has no pair.
func fields(r *enforce.Record) map[string][]string {
	b, _ := json.Marshal(r)
	var top map[string]any
	_ = json.Unmarshal(b, &top)
	out := map[string][]string{}
	for key, v := range top {
		if !slices.Contains(notInText, key) {
			flatten(out, key, v)
		}
	}
	return out
}

func flatten(out map[string][]string, key string, v any) {
	switch v := v.(type) {
	case map[string]any:
		if key == "legal_basis" {
			b, _ := json.Marshal(v)
			out[key] = append(out[key], string(b))
			return
		}
		for k, x := range v {
			flatten(out, key+"."+k, x)
		}
	case []any:
		for _, x := range v {
			flatten(out, key, x)
		}
	case nil:
	case bool:
		if v || key == "licence_later_obtained" || key == "fine_below_statutory_minimum" {
			out[key] = append(out[key], fmt.Sprint(v))
		}
	default:
		out[key] = append(out[key], fmt.Sprint(v))
	}
}

type tally struct{ hit, extra, missed int }

func (c tally) f1() float64 {
	if c.hit == 0 {
		return 0
	}
	return 2 * float64(c.hit) / float64(2*c.hit+c.extra+c.missed)
}

func (c tally) minus(d tally) tally {
	return tally{c.hit - d.hit, c.extra - d.extra, c.missed - d.missed}
}
func (c tally) plus(d tally) tally {
	return tally{c.hit + d.hit, c.extra + d.extra, c.missed + d.missed}
}

type score struct {
	total    tally
	byField  map[string]tally
	bySource map[string]tally
	cases    map[string]int
	misses   []string
}

func newScore() *score {
	return &score{byField: map[string]tally{}, bySource: map[string]tally{}, cases: map[string]int{}}
}

func (s *score) add(want *enforce.Record, w, g map[string][]string) {
	keys := map[string]bool{}
	for k := range w {
		keys[k] = true
	}
	for k := range g {
		keys[k] = true
	}
	var mine tally
	for k := range keys {
		c, miss := compare(k, w[k], g[k])
		s.byField[k] = s.byField[k].plus(c)
		mine = mine.plus(c)
		if miss != "" {
			s.misses = append(s.misses, fmt.Sprintf("%s %s: %s", want.ID, k, miss))
		}
	}
	host := strings.TrimPrefix(strings.Split(strings.TrimPrefix(strings.TrimPrefix(want.Sources[0], "https://"), "http://"), "/")[0], "www.")
	s.bySource[host] = s.bySource[host].plus(mine)
	s.cases[host]++
	s.total = s.total.plus(mine)
}

// compare counts equal values of a field. Names of goods are phrases that an annotator worded: two that share most of their characters are the
// same.
func compare(key string, want, got []string) (c tally, miss string) {
	rest := slices.Clone(got)
	var missed []string
	for _, w := range want {
		i := slices.IndexFunc(rest, func(g string) bool { return sameValue(key, w, g) })
		if i < 0 {
			missed = append(missed, w)
			continue
		}
		rest = slices.Delete(rest, i, i+1)
		c.hit++
	}
	c.missed, c.extra = len(missed), len(rest)
	if len(missed)+len(rest) > 0 {
		miss = fmt.Sprintf("want %q, got %q", missed, rest)
	}
	return c, miss
}

func sameValue(key, w, g string) bool {
	if w == g {
		return true
	}
	switch key {
	case "declared.goods", "actual.goods", "violation_value_label", "leniency_reasons", "instruments", "other_values_rmb.label":
		return alike(w, g)
	}
	return false
}

// alike says whether the shorter of two phrases has most of its characters in the longer, in any order.
func alike(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	n, in := 0, 0
	for _, r := range a {
		n++
		if strings.ContainsRune(b, r) {
			in++
		}
	}
	return n > 0 && in*3 >= n*2
}

func (s *score) lines() (out []string) {
	var keys []string
	for k := range s.byField {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		c := s.byField[k]
		out = append(out, fmt.Sprintf("%-42s F1 %.3f  hit %3d  extra %2d  missed %2d", k, c.f1(), c.hit, c.extra, c.missed))
	}
	sort.Strings(s.misses)
	out = append(out, s.misses...)
	return append(out, fmt.Sprintf("all fields: micro F1 %.4f (hit %d, extra %d, missed %d)", s.total.f1(), s.total.hit, s.total.extra, s.total.missed))
}

func (s *score) sources() (out []string) {
	for k := range s.bySource {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
