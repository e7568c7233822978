package party

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The labelled truth lies beside the checkout, so that it is not part of it.
const labelled = "../../../shared/data/parties"

// unlessShort leaves thousands of names to the plain run: under the race detector they take a minute and find no more races.
func unlessShort(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short")
	}
}

type pair struct {
	id, query, listed, kind, entity, source string
	match                                   bool
}

func readCSV(t testing.TB, name string) []map[string]string {
	f, err := os.Open(filepath.Join(labelled, name))
	if err != nil {
		t.Skipf("left out: %v (the labelled data is not part of the repository)", err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, h := range rows[0] {
			m[h] = row[i]
		}
		out = append(out, m)
	}
	return out
}

func readPairs(t testing.TB) (out []pair) {
	for _, m := range readCSV(t, "pairs_dev.csv") {
		out = append(out, pair{m["id"], m["query"], m["list_name"], m["kind"], m["entity"], m["source"], m["match"] == "yes"})
	}
	return out
}

func readCSL(t testing.TB) (out []Party) {
	f, err := os.Open(filepath.Join(labelled, "us_csl_2026-07-31.jsonl.gz"))
	if err != nil {
		t.Skipf("left out: %v (the labelled data is not part of the repository)", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	types := map[string]Type{"Individual": Person, "Entity": Organization, "Vessel": Vessel, "Aircraft": Aircraft}
	for d := json.NewDecoder(z); d.More(); {
		var row struct {
			List, Name, Type string
			Alt              []string `json:"alt_names"`
			Number           string   `json:"entity_number"`
			Countries        []string
		}
		if err := d.Decode(&row); err != nil {
			t.Fatal(err)
		}
		p := Party{List: row.List, ID: row.Number, Type: types[row.Type], Countries: row.Countries}
		for _, n := range append([]string{row.Name}, row.Alt...) {
			p.Names = append(p.Names, Name{Text: n})
		}
		out = append(out, p)
	}
	return out
}

// The bars are what has been reached, with a little room: a change may not make it worse. The project wants 0.87, 0.72 and 0.82 of pairs; 0.95,
// 40 false alerts and a recall of 0.90 of queries; every exact name found with a score of 1.
var pairBars = map[string]float64{"=Latin": 0.89, "=other scripts": 0.865, "=name benchmark": 0.87}

const (
	falseNumbers  = 1     // of 34 pairs whose numbers differ
	retrievalF1   = 0.975 // of 2,400 queries
	retrievalHits = 1175  // of 1,200 listed names
	falseAlerts   = 30    // of 1,200 clean names
	falseScripts  = 30    // of 800 clean names in other scripts
)

// kindBars are the queries of each kind, of 150, whose target must be among the ten best.
var kindBars = map[string]int{"exact_primary": 150, "exact_alias": 149, "reorder": 150, "legal_form": 149, "joined": 149, "typo1": 147, "typo2": 147, "drop_token": 135}

type tally struct{ hits, misses, falses, trues int }

func (c tally) f1() (p, r, f float64) {
	if c.hits == 0 {
		return
	}
	p = float64(c.hits) / float64(c.hits+c.falses)
	r = float64(c.hits) / float64(c.hits+c.misses)
	return p, r, 2 * p * r / (p + r)
}

func isLatin(s string) bool {
	for _, r := range s {
		if scriptOf(r) != latin {
			switch r {
			case '’', '“', '”', '‘', '–', '，':
			default:
				return false
			}
		}
	}
	return true
}

func TestPairsQuality(t *testing.T) {
	unlessShort(t)
	pairs := readPairs(t)
	var c Comparer
	groups := map[string]*tally{}
	add := func(group string, match, said bool) {
		g := groups[group]
		if g == nil {
			g = &tally{}
			groups[group] = g
		}
		switch {
		case match && said:
			g.hits++
		case match:
			g.misses++
		case said:
			g.falses++
		default:
			g.trues++
		}
	}
	show := os.Getenv("SHOW")
	for _, p := range pairs {
		score, ev := c.Compare(p.query, p.listed)
		said := score >= DefaultThreshold
		script := "=other scripts"
		if isLatin(p.query) && isLatin(p.listed) {
			script = "=Latin"
		}
		add(script, p.match, said)
		add("=all", p.match, said)
		if strings.Contains(p.source, "name_bench") {
			add("=name benchmark", p.match, said)
		}
		if p.match {
			add(p.kind+" yes", p.match, said)
		} else {
			add(p.kind+" no", p.match, said)
		}
		if show != "" && said != p.match && (show == "all" || show == p.kind) {
			t.Logf("%.3f %v %s %s | %s  %q", score, p.match, p.kind, p.query, p.listed, ev)
		}
	}
	for group, bar := range pairBars {
		if _, _, f := groups[group].f1(); f < bar {
			t.Errorf("%s: F1 %.3f, it was %.3f", group, f, bar)
		}
	}
	if g := groups["number_differs no"]; g.falses > falseNumbers {
		t.Errorf("%d false alarms where numbers differ, it was %d", g.falses, falseNumbers)
	}
	var keys []string
	for k := range groups {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		g := *groups[k]
		pr, r, f := g.f1()
		if k[0] == '=' {
			t.Logf("%-34s P %.3f R %.3f F1 %.3f  %+v", k, pr, r, f, g)
		} else {
			t.Logf("%-44s %3d of %3d wrong", k, g.misses+g.falses, g.hits+g.misses+g.falses+g.trues)
		}
	}
}

func TestSearchQuality(t *testing.T) {
	unlessShort(t)
	start := time.Now()
	parties := readCSL(t)
	t.Logf("read %v", time.Since(start))
	start = time.Now()
	x := NewIndex(parties)
	t.Logf("index %v words %d names %d keys %d", time.Since(start), len(x.words), len(x.names), len(x.keys.entries))
	s := NewSearcher(x)
	queries := readCSV(t, "queries_dev.csv")
	groups := map[string]*[4]int{}
	falses, hits := 0, 0
	show := os.Getenv("SHOW")
	var took []time.Duration
	start = time.Now()
	for _, q := range queries {
		from := time.Now()
		m := s.Search(Query{Name: q["query"], Type: Type(q["type"])}, DefaultThreshold, 10)
		took = append(took, time.Since(from))
		g := groups[q["kind"]]
		if g == nil {
			g = &[4]int{}
			groups[q["kind"]] = g
		}
		g[0]++
		if q["target_name"] == "" {
			if len(m) > 0 {
				falses++
				g[1]++
				if show == q["kind"] {
					t.Logf("%s -> %s %.3f %q", q["query"], m[0].Party.Names[m[0].Name].Text, m[0].Score, m[0].Evidence)
				}
			}
			continue
		}
		ok := false
		for i, h := range m {
			if h.Party.List == q["target_list"] && h.Party.Names[0].Text == q["target_name"] && h.Party.ID == q["target_entity_number"] {
				ok = true
				if i == 0 {
					g[2]++
				}
				if h.Score == 1 {
					g[3]++
				}
			}
		}
		if ok {
			hits++
			g[1]++
		} else if show == q["kind"] {
			best := "nothing"
			if len(m) > 0 {
				best = m[0].Party.Names[m[0].Name].Text + " " + strconv.FormatFloat(m[0].Score, 'f', 3, 64)
			}
			score, ev := (&Comparer{}).Compare(q["query"], q["target_name"])
			t.Logf("%s -> %s; target %s %.3f %q", q["query"], best, q["target_name"], score, ev)
		}
	}
	total := time.Since(start)
	sort.Slice(took, func(i, j int) bool { return took[i] < took[j] })
	t.Logf("%.0f names/s p50 %v p99 %v max %v", float64(len(queries))/total.Seconds(), took[len(took)/2], took[len(took)*99/100], took[len(took)-1])
	var keys []string
	for k := range groups {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		t.Logf("%-16s of %d: found/false %d first %d exactly1 %d", k, groups[k][0], groups[k][1], groups[k][2], groups[k][3])
	}
	for kind, bar := range kindBars {
		if found := groups[kind][1]; found < bar {
			t.Errorf("%s: %d found, it was %d", kind, found, bar)
		}
	}
	p := float64(hits) / float64(hits+falses)
	r := float64(hits) / 1200
	if f := 2 * p * r / (p + r); f < retrievalF1 || hits < retrievalHits || falses > falseAlerts {
		t.Errorf("F1 %.3f, %d found, %d false alerts; it was %.3f, %d, %d", f, hits, falses, retrievalF1, retrievalHits, falseAlerts)
	}
	t.Logf("P %.3f R %.3f F1 %.3f false %d", p, r, 2*p*r/(p+r), falses)
}

// TestCleanNamesInOtherScripts screens names of no listed party, written in other scripts, against the US list.
func TestCleanNamesInOtherScripts(t *testing.T) {
	unlessShort(t)
	s := NewSearcher(NewIndex(readCSL(t)))
	names := 0
	falses := map[script]int{}
	total := map[script]int{}
	for i, name := range readCleanPersons(t) {
		if isLatin(name) || i%7 != 0 {
			continue
		}
		if names++; names > 800 {
			break
		}
		k := readName(name).script
		total[k]++
		if m := s.Search(Query{Name: name, Type: Person}, DefaultThreshold, 1); len(m) > 0 {
			falses[k]++
			if os.Getenv("SHOW") == "scripts" {
				t.Logf("%s -> %s %.3f %q", name, m[0].Party.Names[m[0].Name].Text, m[0].Score, m[0].Evidence)
			}
		}
	}
	all := 0
	for _, n := range falses {
		all += n
	}
	if all > falseScripts {
		t.Errorf("%d false alerts, it was %d", all, falseScripts)
	}
	for k, n := range total {
		t.Logf("%-10s %3d of %3d are false alerts", scripts[k], falses[k], n)
	}
}

func readCleanPersons(t testing.TB) (out []string) {
	f, err := os.Open(filepath.Join(labelled, "clean_persons.csv.gz"))
	if err != nil {
		t.Skipf("left out: %v (the labelled data is not part of the repository)", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		out = append(out, row[0])
	}
	return out
}
