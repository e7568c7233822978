package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"lodestone/internal/ingest/parties"
	"lodestone/internal/party"
)

// partiesPath is where lists of parties and labelled names stand, beside a folder above the working directory.
const partiesPath = "shared/data/parties"

// What the screening of names must reach on the labelled data, all at the default threshold.
const (
	leastQueries    = 0.95 // F1 of names against the US list
	mostFalse       = 40   // clean names with a hit
	leastLatin      = 0.87 // F1 of pairs, both in Latin letters
	leastOther      = 0.72 // F1 of pairs across scripts
	leastBenchmark  = 0.82 // F1 of the pairs of the open name benchmark
	mostIdentifying = 0.15 // pairs that differ by a number or a place, and match
)

// leastFound is the share of queries of a kind whose listing must be among the ten best.
var leastFound = map[string]float64{"exact_primary": 1, "reorder": 1, "legal_form": 0.99}

// tally counts judgements of one kind.
type tally struct{ hits, misses, falses, trues int }

func (c *tally) add(match, said bool) {
	switch {
	case match && said:
		c.hits++
	case match:
		c.misses++
	case said:
		c.falses++
	default:
		c.trues++
	}
}

func (c *tally) rates() (precision, recall, f1 float64) {
	if c.hits == 0 {
		return 0, 0, 0
	}
	precision = float64(c.hits) / float64(c.hits+c.falses)
	recall = float64(c.hits) / float64(c.hits+c.misses)
	return precision, recall, 2 * precision * recall / (precision + recall)
}

// screenParties judges the labelled names of a folder, prints every kind, and says what was missed.
func screenParties(dir string, w io.Writer) error {
	fmt.Fprintf(w, "\nparties: labelled names of %s, threshold %.2f\n", partiesPath, party.DefaultThreshold)
	return errors.Join(screenQueries(dir, w), comparePairs(dir, w))
}

func screenQueries(dir string, w io.Writer) error {
	const list = "us_csl_2026-07-31.jsonl.gz"
	lists, err := parties.Read([]parties.File{{Name: list, Open: func() (io.ReadCloser, error) { return os.Open(filepath.Join(dir, list)) }}})
	if err != nil {
		return err
	}
	rows, err := labelledRows(filepath.Join(dir, "queries_dev.csv"))
	if err != nil {
		return err
	}
	s := party.NewSearcher(party.NewIndex(lists[0].Parties))
	kinds, all := map[string]*tally{}, &tally{}
	for _, row := range rows {
		matches := s.Search(party.Query{Name: row["query"], Type: party.Type(row["type"])}, party.DefaultThreshold, party.DefaultLimit)
		listed := row["target_name"] != ""
		said := len(matches) > 0
		if listed {
			said = slices.ContainsFunc(matches, func(m party.Match) bool {
				return m.Party.List == row["target_list"] && m.Party.Names[0].Text == row["target_name"] && m.Party.ID == row["target_entity_number"]
			})
		}
		all.add(listed, said)
		of(kinds, row["kind"]).add(listed, said)
	}
	p, r, f := all.rates()
	fmt.Fprintf(w, "%d names against %d of the US list: precision %.3f, recall %.3f, F1 %.3f; false alerts %d of %d\n", len(rows), lists[0].Names, p, r, f, all.falses, all.falses+all.trues)
	printKinds(w, kinds, "found among the ten best", "false alerts")
	if f < leastQueries || all.falses > mostFalse {
		err = fmt.Errorf("names against the US list: F1 %.3f with %d false alerts; at least %.2f with at most %d are wanted", f, all.falses, leastQueries, mostFalse)
	}
	for _, kind := range slices.Sorted(maps.Keys(leastFound)) {
		if k := of(kinds, kind); float64(k.hits) < leastFound[kind]*float64(k.hits+k.misses) {
			err = errors.Join(err, fmt.Errorf("%s: %d of %d found, at least %.0f %% are wanted", kind, k.hits, k.hits+k.misses, 100*leastFound[kind]))
		}
	}
	return err
}

func comparePairs(dir string, w io.Writer) error {
	rows, err := labelledRows(filepath.Join(dir, "pairs_dev.csv"))
	if err != nil {
		return err
	}
	var c party.Comparer
	kinds, groups := map[string]*tally{}, map[string]*tally{}
	for _, row := range rows {
		score, _ := c.Compare(row["query"], row["list_name"])
		match, said := row["match"] == "yes", score >= party.DefaultThreshold
		of(kinds, row["kind"]).add(match, said)
		group := "other scripts"
		if latin(row["query"]) && latin(row["list_name"]) {
			group = "both Latin"
		}
		of(groups, group).add(match, said)
		if strings.Contains(row["source"], "name_bench") {
			of(groups, "open name benchmark").add(match, said)
		}
	}
	fmt.Fprintf(w, "%d pairs of names\n", len(rows))
	for _, x := range []struct {
		group string
		least float64
	}{{"both Latin", leastLatin}, {"other scripts", leastOther}, {"open name benchmark", leastBenchmark}} {
		g := of(groups, x.group)
		p, r, f := g.rates()
		fmt.Fprintf(w, "  %-36s precision %.3f, recall %.3f, F1 %.3f (%d pairs)\n", x.group, p, r, f, g.hits+g.misses+g.falses+g.trues)
		if f < x.least {
			err = errors.Join(err, fmt.Errorf("pairs, %s: F1 %.3f, at least %.2f is wanted", x.group, f, x.least))
		}
	}
	printKinds(w, kinds, "matched", "false alarms")
	for _, kind := range []string{"number_differs", "place_differs"} {
		if k := of(kinds, kind); float64(k.falses) > mostIdentifying*float64(k.falses+k.trues) {
			err = errors.Join(err, fmt.Errorf("%s: %d false alarms of %d, at most %.0f %% are wanted", kind, k.falses, k.falses+k.trues, 100*mostIdentifying))
		}
	}
	return err
}

func printKinds(w io.Writer, kinds map[string]*tally, found, alarms string) {
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		k := kinds[kind]
		if n := k.hits + k.misses; n > 0 {
			fmt.Fprintf(w, "  %-36s %4d of %4d %s\n", kind, k.hits, n, found)
		}
		if n := k.falses + k.trues; n > 0 {
			fmt.Fprintf(w, "  %-36s %4d of %4d %s\n", kind, k.falses, n, alarms)
		}
	}
}

func of(tallies map[string]*tally, key string) *tally {
	if tallies[key] == nil {
		tallies[key] = &tally{}
	}
	return tallies[key]
}

// latin says that all letters of a name are Latin.
func latin(name string) bool {
	return strings.IndexFunc(name, func(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) }) < 0
}

func labelledRows(path string) ([]map[string]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s: no heading line", path)
	}
	var all []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, heading := range rows[0] {
			m[heading] = row[i]
		}
		all = append(all, m)
	}
	return all, nil
}
