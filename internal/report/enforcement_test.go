package report

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"lodestone/internal/enforce"
	"lodestone/lawdata/enforcement"
)

func someStats(t *testing.T, q enforce.Question) *enforce.Stats {
	t.Helper()
	tables, err := enforcement.Tables()
	if err != nil {
		t.Fatal(err)
	}
	records, err := enforcement.Collection()
	if err != nil {
		t.Fatal(err)
	}
	s := enforce.Compute(tables, records, q)
	return &s
}

// What the statistics say is there in every language; English is what is left where a sentence is not.
func TestStatisticsAreSaidInEveryLanguage(t *testing.T) {
	english := regexp.MustCompile(`[a-z]{4,}`)
	for _, lang := range Languages {
		if lang == "en" {
			continue
		}
		for _, word := range append(append([]string{enforce.Consistent, enforce.Inconsistent, enforce.CannotTell}, enforce.Conducts...), enforce.Classes...) {
			if said(lang, word) == word {
				t.Errorf("%s: %s is not in the catalogue", lang, word)
			}
		}
		for _, q := range []enforce.Question{{}, {All: true, Separate: true, Date: "declaration", Period: "year"}, {Date: "publication", From: 1, KnownBy: 20000}} {
			var out strings.Builder
			if err := WriteStats(&out, lang, someStats(t, q)); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(out.String()) {
				if left := english.FindString(line); left != "" {
					t.Errorf("%s: %q is left in English: %s", lang, left, strings.TrimSpace(line))
				}
			}
		}
	}
	if got := said("ko", "no growth: n = 3 in the year before"); !strings.HasSuffix(got, "n = 3") {
		t.Errorf("the number is lost: %s", got)
	}
	if got := said("zh", "2025H1"); got != "2025H1" {
		t.Errorf("a period is %s", got)
	}
}

// Every article of the tables, with a value and without, is told in every language.
func TestEstimatesAreSaidInEveryLanguage(t *testing.T) {
	tables, err := enforcement.Tables()
	if err != nil {
		t.Fatal(err)
	}
	check := func(texts ...string) {
		for _, lang := range []string{"zh", "ko"} {
			for _, text := range texts {
				if text != "" && said(lang, text) == text {
					t.Errorf("%s: %q is not in the catalogue", lang, text)
				}
			}
		}
	}
	for _, tier := range tables.Penalties.Tiers {
		check(tier.ID, tier.Meaning)
		for _, g := range tier.Grounds {
			check(strings.ReplaceAll(g.ID, "_", " "))
		}
	}
	value := enforce.Whole(9000)
	for _, v := range tables.Penalties.Provisions {
		for _, value := range []*enforce.Number{nil, &value} {
			o, err := enforce.Estimate(tables, nil, enforce.Facts{Basis: []string{v.ID}, Value: value})
			if err != nil {
				t.Fatal(err)
			}
			check(o.Statement, o.Comparable.By)
			check(o.Notes...)
			for _, b := range o.Bands {
				check(b.Rule, b.Severity, b.Missing, b.Grade)
			}
			for _, word := range append(o.Consequences.Also, o.Consequences.Serious...) {
				check(strings.ReplaceAll(word, "_", " "))
			}
			for _, x := range o.Consequences.Collateral {
				check(x.Effect)
			}
			for _, x := range o.Consequences.Criminal {
				check(x.Offence, x.Penalty)
			}
			for _, d := range o.OwnReport {
				check(d.Route, d.Effect)
			}
		}
	}
}

func TestStatisticsAsAWorkbook(t *testing.T) {
	s := someStats(t, enforce.Question{By: []string{"class", "period"}})
	var b bytes.Buffer
	if err := WriteStatsWorkbook(&b, "zh", s); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if got := strings.Join(book.GetSheetList(), " "); got != "概要 类别 期间 公开统计分组" {
		t.Errorf("sheets %s", got)
	}
	rows, err := book.GetRows("类别")
	if err != nil {
		t.Fatal(err)
	}
	table := s.Tables[0]
	const above = 2 // definition and heading
	if len(rows) != above+len(table.Rows) || rows[0][0] != "定义: 两用物项、军品、其他限制或禁止; n = "+num(float64(table.N), 0) {
		t.Fatalf("%d rows, above them %q", len(rows), rows[0])
	}
	for i, r := range table.Rows {
		cells := rows[above+i]
		if cells[0] != said("zh", r.Key) || cells[1] != num(float64(r.N), 0) || cells[13] != strings.Join(r.Evidence, "; ") {
			t.Errorf("row %d is %q for %+v", i, cells, r)
		}
		if r.Ratio.MeanOfRatios == nil && cells[5] != "" {
			t.Errorf("a mean that is withheld is %q", cells[5])
		}
	}
}
