// Package measure compares what a reader makes of labelled penalty decisions with the labels, field by field. The test of the reader and the
// quality gate share it.
//
// Start with Decisions; print the Report and ask it whether the level that was reached before is kept.
package measure

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lodestone/internal/enforce"
)

// Reached is the micro F1 that reading has reached; a change may not make it worse.
const Reached = 0.968

// notInText are the fields that a text cannot tell: they come from the page around it.
var notInText = []string{"sources", "notes", "repost_date", "compilation_month", "spans", "derived", "text_file", "id", "collected"}

// Report is what a reader got right and wrong.
type Report struct {
	total    tally
	byField  map[string]tally
	bySource map[string]tally
	byBoth   map[[2]string]tally // by field and source
	cases    map[string]int      // labelled texts by source
	misses   []string
}

// Decisions reads the texts that a file of labels names, relative to its folder, and compares every field.
func Decisions(labels string, read func(id, text string) enforce.Record) (*Report, error) {
	b, err := os.ReadFile(labels)
	if err != nil {
		return nil, err
	}
	var truth []enforce.Record
	if err := json.Unmarshal(b, &truth); err != nil {
		return nil, fmt.Errorf("%s: %w", labels, err)
	}
	r := &Report{byField: map[string]tally{}, bySource: map[string]tally{}, byBoth: map[[2]string]tally{}, cases: map[string]int{}}
	for i := range truth {
		want := &truth[i]
		text, err := os.ReadFile(filepath.Join(filepath.Dir(labels), filepath.FromSlash(want.TextFile)))
		if err != nil {
			return nil, fmt.Errorf("%s: the text of %s: %w", labels, want.ID, err)
		}
		got := read(want.ID, string(text))
		r.add(want, fields(want), fields(&got))
	}
	return r, nil
}

// Print writes precision, recall and F1 by field, each miss, the figure over all fields, and the figure without each source.
func (s *Report) Print(w io.Writer) {
	for _, k := range slices.Sorted(maps.Keys(s.byField)) {
		least, source := s.without(s.byField[k], func(source string) tally { return s.byBoth[[2]string{k, source}] })
		fmt.Fprintf(w, "%-42s %s  least without one source %.3f (%s)\n", k, s.byField[k], least, source)
	}
	for _, miss := range slices.Sorted(slices.Values(s.misses)) {
		fmt.Fprintln(w, miss)
	}
	least, source := s.without(s.total, func(source string) tally { return s.bySource[source] })
	fmt.Fprintf(w, "%-42s %s  least without one source %.3f (%s)\n", "micro average over all fields", s.total, least, source)
	fmt.Fprintln(w, "Without one source at a time. The reader is rules, trained on nothing, so leaving a source out changes which texts are averaged and not how they are")
	fmt.Fprintln(w, "read: a spread shows how far the figure hangs on one source. Every source was seen while the rules were written; unseen texts will read worse.")
	for _, source := range slices.Sorted(maps.Keys(s.bySource)) {
		rest := s.total.minus(s.bySource[source])
		fmt.Fprintf(w, "without %-28s n=%2d  F1 %.4f; on it alone %.4f\n", source, s.cases[source], rest.f1(), s.bySource[source].f1())
	}
}

// without is the least F1 that is left when one source is left out, and that source. A field that only one source has reads 1 without it.
func (s *Report) without(all tally, of func(source string) tally) (least float64, left string) {
	least = 2
	for _, source := range slices.Sorted(maps.Keys(s.bySource)) {
		rest := all.minus(of(source))
		f1 := rest.f1()
		if rest == (tally{}) {
			f1 = 1 // nothing is labelled, and nothing was read
		}
		if f1 < least {
			least, left = f1, source
		}
	}
	return least, left
}

// Check fails where reading has become worse than it was, or nothing was read.
func (s *Report) Check() error {
	if f1 := s.total.f1(); f1 < Reached {
		return fmt.Errorf("reading of penalty decisions: micro F1 is %.4f; %.3f was reached before", f1, Reached)
	}
	return nil
}

func (c tally) String() string {
	return fmt.Sprintf("precision %.3f  recall %.3f  F1 %.3f  right %4d  extra %2d  missed %2d", c.precision(), c.recall(), c.f1(), c.hit, c.extra, c.missed)
}

// host is the site that a labelled text was taken from.
func host(r *enforce.Record) string {
	if len(r.Sources) == 0 {
		return "no source named"
	}
	_, address, _ := strings.Cut(r.Sources[0], "://")
	site, _, _ := strings.Cut(address, "/")
	return strings.TrimPrefix(site, "www.")
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
	case string:
		if v != "" {
			out[key] = append(out[key], v)
		}
	case bool:
		if v || key == "licence_later_obtained" || key == "fine_below_statutory_minimum" {
			out[key] = append(out[key], fmt.Sprint(v))
		}
	default:
		out[key] = append(out[key], fmt.Sprint(v))
	}
}

type tally struct{ hit, extra, missed int }

// precision is how much of what was read is right, recall how much of what is labelled was read; both are 1 where there is nothing.
func (c tally) precision() float64 { return part(c.hit, c.hit+c.extra) }
func (c tally) recall() float64    { return part(c.hit, c.hit+c.missed) }

func part(n, of int) float64 {
	if of == 0 {
		return 1
	}
	return float64(n) / float64(of)
}

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

func (s *Report) add(want *enforce.Record, w, g map[string][]string) {
	keys := map[string]bool{}
	for k := range w {
		keys[k] = true
	}
	for k := range g {
		keys[k] = true
	}
	var mine tally
	host := host(want)
	for k := range keys {
		c, miss := compare(k, w[k], g[k])
		s.byField[k] = s.byField[k].plus(c)
		both := [2]string{k, host}
		s.byBoth[both] = s.byBoth[both].plus(c)
		mine = mine.plus(c)
		if miss != "" {
			s.misses = append(s.misses, fmt.Sprintf("%s %s: %s", want.ID, k, miss))
		}
	}
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
