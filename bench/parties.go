package main

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"lodestone/internal/ingest/parties"
	"lodestone/internal/party"
)

// Files of the folder of lists. The US list and the queries are those that the labelled data speaks of.
const (
	usList      = "us_csl_2026-07-31.jsonl.gz"
	queriesFile = "queries_dev.csv"
	personsFile = "clean_persons.csv.gz"
)

var allLists = []string{usList, "eu_consolidated_2026-05-01.jsonl.gz", "uk_sanctions_list_2026-08-22.jsonl.gz", "un_consolidated_2026-02-27.xml.gz",
	"jp_meti_end_user_list_2025-09-29.csv.gz", "cn_mofcom_lists_2026-07-19.csv.gz"}

// benchParties measures the screening of names: one by one in this process, and by the built program as a user runs it. It is left out where the lists
// are not there. The baselines: every listed name by edit distance, for a name; reading the same file as JSON, for loading; one core, for two.
func benchParties(t *table, o options) error {
	if _, err := os.Stat(filepath.Join(o.parties, usList)); err != nil {
		t.note("Parties: left out, there is no %s in %s (-parties).", usList, o.parties)
		return nil
	}
	queries, err := readQueries(filepath.Join(o.parties, queriesFile))
	if err != nil {
		return err
	}
	if err := benchNames(t, o, queries); err != nil {
		return err
	}
	return benchPartyProgram(t, o, queries)
}

func readQueries(name string) ([]party.Query, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	column := func(name string) int { return slices.Index(rows[0], name) }
	var queries []party.Query
	for _, row := range rows[1:] {
		queries = append(queries, party.Query{Name: row[column("query")], Type: party.Type(row[column("type")])})
	}
	return queries, nil
}

// benchNames asks for names one by one, on one core.
func benchNames(t *table, o options, queries []party.Query) error {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	path := filepath.Join(o.parties, usList)
	lists, err := parties.Read([]parties.File{{Name: usList, Open: func() (io.ReadCloser, error) { return os.Open(path) }}})
	if err != nil {
		return err
	}
	x := party.NewIndex(lists[0].Parties)
	runtime.GC()
	scan := editScan(x.Parties(), queries)
	var took []time.Duration
	var spent []float64
	for range max(1, o.repeat) {
		s := party.NewSearcher(x) // remembers nothing yet
		cpu := processor()
		for _, q := range queries {
			from := time.Now()
			s.Search(q, party.DefaultThreshold, party.DefaultLimit)
			took = append(took, time.Since(from))
		}
		spent = append(spent, (processor()-cpu)/float64(len(queries)))
	}
	slices.Sort(took)
	slices.Sort(spent)
	each := spent[len(spent)/2]
	t.add(row{"party: a name against the US list, processor", nanoseconds, each * 1e9, "edit distance to every name", scan, bar{250_000, "ours"}})
	t.add(row{"party: the same, 99 of 100 names", nanoseconds, float64(took[len(took)*99/100]), "", 0, bar{2e6, "ours"}})
	t.note("Parties: %.0f names a second of processor time on one core, %s queries against %d listed names.", 1/each, thousands(len(queries)), lists[0].Names)
	return nil
}

// editScan is the baseline: the processor time in nanoseconds that it takes to compare a name with every listed one by edit distance.
func editScan(listed []party.Party, queries []party.Query) float64 {
	var names []string
	for i := range listed {
		for _, n := range listed[i].Names {
			names = append(names, party.Folded(n.Text))
		}
	}
	const sample = 20
	cpu, least := processor(), 0
	for i := range sample {
		q := party.Folded(queries[i*len(queries)/sample].Name)
		best := len(q)
		for _, n := range names {
			best = min(best, distance(q, n))
		}
		least += best
	}
	runtime.KeepAlive(least)
	return (processor() - cpu) / sample * 1e9
}

// distance is the plain number of edits between two texts.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := before
			if a[i] != b[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j]+1, before+1)
		}
	}
	return row[len(b)]
}

// benchPartyProgram runs the built program: loading, memory, cores, and a customer file.
func benchPartyProgram(t *table, o options, queries []party.Query) error {
	dir, err := os.MkdirTemp("", "lodestone-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary, err := build(dir)
	if err != nil {
		return err
	}
	us := filepath.Join(o.parties, usList)
	read, err := readAsJSON(us)
	if err != nil {
		return err
	}
	search := func(indexes string, lists ...string) (cost, error) {
		args := []string{"party", "search", "x", "--indexes", indexes, "--out", os.DevNull}
		for _, l := range lists {
			args = append(args, "--list", l)
		}
		return medianOf(o.repeat, func() (cost, error) { return runProgram(1, binary, args...) })
	}
	cold, err := search("none", us)
	if err != nil {
		return err
	}
	indexes := filepath.Join(dir, "indexes")
	if _, err = runProgram(1, binary, "party", "search", "x", "--indexes", indexes, "--out", os.DevNull, "--list", us); err != nil {
		return err
	}
	warm, err := search(indexes, us)
	if err != nil {
		return err
	}
	t.add(row{"party: load the US list, processor", seconds, cold.cpu, "encoding/json reads it", read, bar{1, "ours"}})
	t.add(row{"party: load it from a prebuilt index, processor", seconds, warm.cpu, "without", cold.cpu, bar{0.3, "ours"}})

	var lists []string
	for _, l := range allLists {
		lists = append(lists, filepath.Join(o.parties, l))
	}
	all, err := search("none", lists...)
	if err != nil {
		return err
	}
	t.add(row{"party: all lists loaded", megabytes, all.peak, "the US list", cold.peak, bar{120, "ours"}})
	if o.names == 0 {
		return nil
	}
	return benchCustomers(t, o, dir, binary, indexes, us)
}

// readAsJSON is the baseline of loading.
func readAsJSON(name string) (float64, error) {
	from := processor()
	f, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return 0, err
	}
	for d := json.NewDecoder(z); ; {
		var row map[string]any
		if err := d.Decode(&row); err == io.EOF {
			return processor() - from, nil
		} else if err != nil {
			return 0, err
		}
	}
}

func medianOf(repeat int, f func() (cost, error)) (cost, error) {
	var runs []cost
	for range max(1, repeat) {
		c, err := f()
		if err != nil {
			return c, err
		}
		runs = append(runs, c)
	}
	return median(runs), nil
}

// benchCustomers screens a file of customers on one core and on two, and a tenth of it for the memory.
func benchCustomers(t *table, o options, dir, binary, indexes, list string) error {
	persons, err := readNames(filepath.Join(o.parties, personsFile))
	if err != nil {
		return err
	}
	files := map[int]string{}
	for _, n := range []int{o.names / 10, o.names} {
		files[n] = filepath.Join(dir, fmt.Sprint(n, ".csv"))
		if err := writeCustomers(files[n], persons, n); err != nil {
			return err
		}
	}
	screen := func(cores, n int) (cost, error) {
		return runProgram(cores, binary, "party", "screen", files[n], "--list", list, "--indexes", indexes, "--output", "jsonl", "--out", os.DevNull, "--quiet")
	}
	one, err := screen(1, o.names/10)
	if err != nil {
		return err
	}
	two, err := screen(cores, o.names/10)
	if err != nil {
		return err
	}
	whole, err := screen(cores, o.names)
	if err != nil {
		return err
	}
	t.add(row{"party: " + thousands(o.names/10) + " customers, two cores", seconds, two.wall, "one core", one.wall, bar{1 / 1.8, "ratio"}})
	t.add(row{"party: " + thousands(o.names) + " customers", seconds, whole.wall, "a tenth of them", two.wall, bar{150 * float64(o.names) / 1e6, "ours"}})
	t.add(row{"party: " + thousands(o.names) + " customers, processor", seconds, whole.cpu, "a tenth of them", two.cpu, bar{cores * 150 * float64(o.names) / 1e6, "ours"}})
	t.add(row{"party: " + thousands(o.names) + " customers", megabytes, whole.peak, "a tenth of them", two.peak, bar{1.25, "ratio"}})
	return nil
}

func readNames(name string) ([]string, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, row := range rows[1:] {
		names = append(names, row[0])
	}
	return names, nil
}

// writeCustomers writes made-up names: the first word of one and the rest of another, so that few stand twice.
func writeCustomers(name string, persons []string, n int) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	fmt.Fprintln(w, "id,name")
	for i := range n {
		given, _, _ := strings.Cut(persons[i%len(persons)], " ")
		_, rest, _ := strings.Cut(persons[(i*7919+i/len(persons))%len(persons)], " ")
		fmt.Fprintf(w, "%d,%q\n", i, given+" "+rest)
	}
	err = w.Flush()
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}
