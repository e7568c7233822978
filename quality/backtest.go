package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lodestone/internal/app"
	"lodestone/internal/law"
	"lodestone/internal/problem"
	"lodestone/internal/when"
)

// labelsPath is where the labels stand, beside a folder above the working directory.
const labelsPath = "shared/data/enforcement/labels.json"

// findBeside looks for a file or folder upwards from the working directory; empty: there is none.
func findBeside(name string) string {
	dir := ".."
	for range 4 {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if _, err := os.Stat(path); err == nil {
			return path
		}
		dir = filepath.Join(dir, "..")
	}
	return ""
}

// labelled is what the back-test reads of a labelled record.
type labelled struct {
	ID            string   `json:"id"`
	RecordType    string   `json:"record_type"`
	ExportControl bool     `json:"export_control"`
	ItemClass     string   `json:"item_class"`
	Category      string   `json:"goods_category"` // empty: the record names no goods
	Declarations  []string `json:"declaration_dates"`
	Decision      string   `json:"decision_date"`
	Published     string   `json:"publication_date"`
	Destination   string   `json:"destination"`
	Declared      []goods  `json:"declared"`
	Actual        []goods  `json:"actual"`
}

type goods struct {
	Text string `json:"goods"`
	HS   string `json:"hs"`
}

// testCase is one row of the back-test.
type testCase struct {
	id        string
	category  string
	violation bool
	columns   map[string]string
}

// Decisions whose control stands outside the law data, by the README of the labels: precursors to named destinations, the goods licence
// for vehicles, acts before those of the law data, monitored chemicals, ozone-depleting substances, military goods.
var outside = []string{
	"ecd-2aed55", "ecd-3b35e4", "ecd-47b394", "ecd-4e4da1", "ecd-54f3b3", "ecd-9cc0eb", "ecd-ad79a6", "ecd-d101c7", "ecd-e045cf",
}

// unfit are decisions that are no controls: their goods are restricted by other law.
var unfit = []string{"ecd-366255", "ecd-4f3a41", "ecd-661a0a", "ecd-963dc8"}

// Goods that a decision on others treats as free, and a text that names no goods.
var free = map[string]int{"ecd-3b35e4": 1}

const bareWaste = "固体废物"

// Of records without a day or destination.
const (
	defaultDay         = "2025-06-01"
	defaultDestination = "DE"
)

// readCases makes the rows of the back-test from the labels.
func readCases(path string) ([]testCase, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var records []labelled
	if err := json.Unmarshal(text, &records); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var cases []testCase
	for i := range records {
		cases = append(cases, casesOf(&records[i])...)
	}
	return cases, nil
}

// casesOf makes a row for each kind of goods of a decision; records that are no decision give none.
func casesOf(r *labelled) []testCase {
	if !strings.HasSuffix(r.RecordType, "decision") {
		return nil
	}
	if n, ok := free[r.ID]; ok {
		return r.rows(r.Actual[n:n+1], false)
	}
	switch {
	case slices.Contains(outside, r.ID) || slices.Contains(unfit, r.ID):
		return nil
	case !r.ExportControl:
		return r.rows(append(slices.Clone(r.Declared), r.Actual...), false)
	case r.ItemClass != "dual_use":
		return nil
	case len(r.Actual) > 0:
		return r.rows(r.Actual, true)
	}
	return r.rows(r.Declared, true)
}

func (r *labelled) rows(list []goods, violation bool) []testCase {
	var cases []testCase
	var seen []string
	for _, g := range list {
		if g.Text == "" || g.Text == bareWaste || slices.Contains(seen, g.Text) {
			continue
		}
		seen = append(seen, g.Text)
		cases = append(cases, testCase{r.ID, r.Category, violation, map[string]string{
			"id": r.ID, "description": g.Text, "hs": g.HS, "destination": r.destination(), "ship_date": r.day(),
			"from": "CN", "origin": "CN", "end_user_kind": "civil", "end_use": "civil",
		}})
	}
	return cases
}

func (r *labelled) day() string {
	days := append(slices.Clone(r.Declarations), r.Decision, r.Published, defaultDay)
	return days[slices.IndexFunc(days, func(s string) bool { return s != "" })]
}

// destination is the first of those that are named.
func (r *labelled) destination() string {
	first, _, _ := strings.Cut(r.Destination, "、")
	if first == "" {
		return defaultDestination
	}
	return first
}

// answer is what the program says of a row.
type answer struct {
	testCase
	Outcome string
	MayBe   string
	refused problem.List
}

// result is the back-test, row by row.
type result []answer

func screen(book *law.Book, cases []testCase) (result, error) {
	s := &app.Screening{Book: book, On: when.Day(2025, 6, 1), Lang: "en", Format: "jsonl"}
	var all result
	for _, c := range cases {
		a := answer{testCase: c}
		var out strings.Builder
		_, problems, err := s.One(c.columns, func(print func(io.Writer) error) error { return print(&out) })
		if err != nil {
			return nil, err
		}
		if problems.Refusals() > 0 {
			a.refused = problems
		} else if err := a.read(out.String()); err != nil {
			return nil, fmt.Errorf("%s: %w", c.id, err)
		}
		all = append(all, a)
	}
	return all, nil
}

func (a *answer) read(text string) error {
	var doc struct {
		Outcome string `json:"outcome"`
		MayBe   string `json:"may_be"`
	}
	err := json.Unmarshal([]byte(text), &doc)
	a.Outcome, a.MayBe = doc.Outcome, doc.MayBe
	return err
}

var (
	severe   = []string{"licence", "deny", "prohibited"}
	stopping = []string{"review", "cannot_tell"}
)

// firm: a licence is needed, or the export is barred.
func (a *answer) firm() bool { return slices.Contains(severe, a.Outcome) }

// stops: firm, open for want of facts or of a rule, or it may still come to a licence.
func (a *answer) stops() bool {
	return a.firm() || slices.Contains(stopping, a.Outcome) || slices.Contains(severe, a.MayBe)
}

// caught: the goods would have been stopped, or their rule named as one whose standing is not established.
func (a *answer) caught() bool { return a.stops() || a.Outcome == "not_established" }

// alarm on lawful goods: they would have been stopped, or no answer was given.
func (a *answer) alarm() bool { return a.stops() || a.refused != nil }

// rate is so many of n.
type rate struct{ hits, n int }

func (r *rate) add(hit bool) {
	r.n++
	if hit {
		r.hits++
	}
}

func (r rate) percent() float64 { return 100 * float64(r.hits) / float64(max(r.n, 1)) }
func (r rate) String() string   { return fmt.Sprintf("%d of %d (%.1f %%)", r.hits, r.n, r.percent()) }

// figures are the rates of the rows that a filter picks.
func (r result) figures(pick func(*answer) bool) (caught, firm, alarms rate) {
	for i := range r {
		switch a := &r[i]; {
		case !pick(a):
		case a.violation:
			caught.add(a.caught())
			firm.add(a.firm())
		default:
			alarms.add(a.alarm())
		}
	}
	return caught, firm, alarms
}

func everything(*answer) bool { return true }

// print names each miss, then gives the figures by kind of goods and together.
func (r result) print(w io.Writer) {
	for i := range r {
		if why := r[i].miss(); why != "" {
			fmt.Fprintf(w, "%-12s %s  %s: outcome %s, may be %s\n", why, r[i].id, r[i].columns["description"], r[i].Outcome, r[i].MayBe)
			for _, p := range r[i].refused {
				fmt.Fprintf(w, "             refused: %s\n", p.Error())
			}
		}
	}
	var categories []string
	for i := range r {
		if !slices.Contains(categories, r[i].category) {
			categories = append(categories, r[i].category)
		}
	}
	slices.Sort(categories)
	for _, c := range categories {
		caught, firm, alarms := r.figures(func(a *answer) bool { return a.category == c })
		fmt.Fprintf(w, "%-20s violations caught %s, firm %s; alarms on controls %s\n", c, caught, firm, alarms)
	}
	caught, firm, alarms := r.figures(everything)
	fmt.Fprintf(w, "all kinds of goods   violations caught %s, firm %s; alarms on controls %s\n", caught, firm, alarms)
}

// miss says what is wrong with an answer, or nothing.
func (a *answer) miss() string {
	switch {
	case a.violation && !a.caught():
		return "NOT CAUGHT"
	case a.violation && !a.firm():
		return "not firm"
	case !a.violation && a.alarm():
		return "FALSE ALARM"
	}
	return ""
}

// The gate: what the rates must come to, in percent.
const (
	leastCaught = 95
	leastFirm   = 75
	mostAlarms  = 10
)

func (r result) check() error {
	caught, firm, alarms := r.figures(everything)
	var problems []error
	if caught.n == 0 || alarms.n == 0 {
		problems = append(problems, errors.New("the labels give no violations or no controls: nothing was tested"))
	}
	if caught.percent() < leastCaught {
		problems = append(problems, fmt.Errorf("caught %s, at least %d %% are needed", caught, leastCaught))
	}
	if firm.percent() < leastFirm {
		problems = append(problems, fmt.Errorf("firm %s, at least %d %% are needed", firm, leastFirm))
	}
	if alarms.percent() > mostAlarms {
		problems = append(problems, fmt.Errorf("alarms %s, at most %d %% are allowed", alarms, mostAlarms))
	}
	return errors.Join(problems...)
}
