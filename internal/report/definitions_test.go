package report

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lodestone/docs"
	"lodestone/internal/enforce"
	"lodestone/internal/exposure"
)

// plainColumns are columns that show no statistic: names, places, days, sources and what the user gave.
var plainColumns = map[string]string{
	"exposure": `month side outcome method day demand statistic supply_used missing application mitigation sector rows source line hs6 basket stage year country supplier importer mineral material edition basis d_basis origin period measure publisher norm name standing on joined_by
		file currency set title licence packed_bytes digest key result why first site item input controlled controls value unit`,
	"enforcement": "group why claim printed here published_group",
}

// Every column of enforcement and of exposure that shows a statistic is defined in a document.
func TestEveryStatisticShownIsDefined(t *testing.T) {
	text, err := catalogueFiles.ReadFile("catalogue/en.json")
	if err != nil {
		t.Fatal(err)
	}
	var words map[string]string
	if err := json.Unmarshal(text, &words); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, area := range []string{"enforcement", "exposure"} {
		plain := strings.Fields(plainColumns[area])
		for key := range words {
			column, ok := strings.CutPrefix(key, area+".col.")
			if !ok {
				continue
			}
			seen++
			switch defined := docs.Definition(area, column) != ""; {
			case defined && slices.Contains(plain, column):
				t.Errorf("%s: column %s is defined, and named as plain here", area, column)
			case !defined && !slices.Contains(plain, column):
				t.Errorf("%s: no document in docs/statistics names the column %s", area, column)
			}
		}
	}
	if seen < 150 {
		t.Errorf("only %d columns were found", seen)
	}
}

// plainNumbers are numbers of the documents that are no statistic of their own: what the user gave, limits, and ends and parts of what holds them.
const plainNumbers = `value mass trade limit low high from to basket cost margin quota refused cut capacity_per_year demand_per_year demand_spread stock_spread share_weight licence_wait_days licence_wait_sigma
	transport_days qualification_days recover_days_given adjust_per_day world_share lead_days ramp_days`

// Every number that an answer on exposure or enforcement holds is defined in a document.
func TestEveryNumberIsDefined(t *testing.T) {
	plain := strings.Fields(plainNumbers)
	for area, documents := range map[string][]any{
		"exposure":    {Dependence{}, TrendDoc{}, Reroute{}, WhatIf{}, Company{}, Network{}, Losses{}, Criticality{}, Sheet{}, MineralSheet{}, GeometricRisk{}},
		"enforcement": {enforce.Stats{}, enforce.Outlook{}},
	} {
		for _, d := range documents {
			for name, holder := range numbersOf(reflect.TypeOf(d), map[reflect.Type]bool{}) {
				if docs.Definition(area, name) == "" && !slices.Contains(plain, name) {
					t.Errorf("%s: no document in docs/statistics names %s, which %s holds", area, name, holder)
				}
			}
		}
	}
}

// What the documents of statistics name is there: a column, or a name in the JSON of an answer.
func TestDefinitionsNameWhatIsShown(t *testing.T) {
	names, err := filepath.Glob("../../docs/statistics/*-*.md")
	if err != nil || len(names) < 40 {
		t.Fatal(names, err)
	}
	inJSON := map[string]bool{}
	for _, d := range []any{Dependence{}, TrendDoc{}, Reroute{}, WhatIf{}, Company{}, Network{}, Losses{}, Criticality{}, Sheet{}, MineralSheet{}, enforce.Stats{}, enforce.Outlook{}, GeometricRisk{}} {
		for name := range jsonNames(reflect.TypeOf(d), map[reflect.Type]bool{}) {
			inJSON[name] = true
		}
	}
	for _, name := range names {
		area, _, _ := strings.Cut(filepath.Base(name), "-")
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range regexp.MustCompile(`(?m)^\| (columns|in JSON) \|(.*)\|$`).FindAllStringSubmatch(string(text), -1) {
			for _, word := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(row[2], -1) {
				if _, shown := worded("en", area+".col."+word[1]); row[1] == "columns" && !shown || row[1] == "in JSON" && !inJSON[word[1]] {
					t.Errorf("%s: there is nothing named %s in %s", name, word[1], row[1])
				}
			}
		}
	}
}

// numbersOf are the names under which the JSON of a type has fractions and ranges of them, and what holds each.
func numbersOf(t reflect.Type, seen map[reflect.Type]bool) map[string]string {
	all := jsonNames(t, seen)
	for name, holder := range all {
		if !strings.HasPrefix(holder, "number of ") {
			delete(all, name)
		}
	}
	return all
}

// jsonNames are the names in the JSON of a type, and what holds each.
func jsonNames(t reflect.Type, seen map[reflect.Type]bool) map[string]string {
	all := map[string]string{}
	if t = elementOf(t); t.Kind() != reflect.Struct || seen[t] || t == reflect.TypeFor[exposure.Range]() {
		return all
	}
	seen[t] = true
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || !f.IsExported() {
			continue
		}
		for name, holder := range jsonNames(f.Type, seen) {
			all[name] = holder
		}
		switch e := elementOf(f.Type); {
		case name == "":
		case e.Kind() == reflect.Float64, e == reflect.TypeFor[exposure.Range]():
			all[name] = "number of " + t.Name()
		default:
			all[name] = t.Name()
		}
	}
	return all
}

// elementOf is what lists, maps and pointers of a type hold.
func elementOf(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	return t
}
