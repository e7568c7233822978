package trade

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"lodestone/internal/exposure"
	"lodestone/internal/problem"
)

// NetworkRow is a row of a supply network: a site, what it makes, and one thing that it needs for it.
type NetworkRow struct {
	Line     int
	Site     string
	Country  string // two letters
	Makes    string
	Needs    string  // empty: nothing of the network
	PerUnit  float64 // of what it needs, for one unit of what it makes
	Capacity float64 // units a year; NaN: not given
	Stock    float64 // NaN: not given
	Recover  float64 // days; NaN: not given
	Demand   float64 // units a year asked of the network from outside, wherever they are made; NaN: not given
	Margin   float64 // lost for each unit not delivered; NaN: not given
}

// networkColumns are the headings with other spellings that are met.
var networkColumns = map[string][]string{
	"site":         {"node", "plant", "supplier", "工厂", "站点", "供应商", "사업장", "공장", "공급업체", "거점"},
	"country":      {"origin", "国家", "所在国", "국가", "소재국"},
	"makes":        {"product", "output", "产品", "产出", "생산품", "제품"},
	"needs":        {"input", "投入", "原料", "투입품", "원료"},
	"per_unit":     {"per unit", "usage", "单耗", "单位用量", "단위소요량", "소요량"},
	"capacity":     {"annual_capacity", "产能", "年产能", "생산능력", "연간생산능력"},
	"stock":        {"inventory", "库存", "库存量", "재고", "재고량"},
	"recover_days": {"ttr", "恢复天数", "복구일수"},
	"demand":       {"annual_demand", "需求", "年需求量", "수요", "연간수요"},
	"margin":       {"单位毛利", "단위마진"},
}

// ReadNetwork reads a supply network, CSV with comma, semicolon or tab: a row for each thing that a site needs, or one where it needs nothing. It needs site,
// country and makes. place finds a country by code or name.
func ReadNetwork(name string, r io.Reader, place func(string) (string, bool)) ([]NetworkRow, Reading, error) {
	reading := Reading{Source: name, Layout: "supply network"}
	in := bufio.NewReaderSize(r, 64<<10)
	s, err := openSheetBy(name, in, delimiterOf(in))
	if err != nil {
		return nil, reading, err
	}
	if err := s.rename(networkColumns); err != nil {
		return nil, reading, err
	}
	for _, c := range []string{"site", "country", "makes"} {
		if !s.has(c) {
			meant := problem.Nearest(c, s.head)
			if meant == "" {
				meant = "site, country, makes; and needs, per_unit, capacity, stock, recover_days, demand, margin"
			}
			return nil, reading, unreadable(name, 1, fmt.Sprintf("has no column %q", c), meant)
		}
	}
	var all []NetworkRow
	err = s.each(&reading, func() (string, *problem.Problem) {
		x, p := networkRow(s, place)
		if p == nil {
			all = append(all, x)
		}
		return "", p
	})
	if err == nil {
		err = complete(name, &reading) // a network that lacks a site would survive longer, or less long
	}
	return all, reading, err
}

func networkRow(s *sheet, place func(string) (string, bool)) (x NetworkRow, p *problem.Problem) {
	x = NetworkRow{Line: s.line, Site: s.cell("site"), Makes: s.cell("makes"), Needs: s.cell("needs")}
	for _, c := range []string{"site", "makes"} {
		if s.cell(c) == "" {
			return x, s.problem(c, "is empty", "a name")
		}
	}
	var ok bool
	if x.Country, ok = place(s.cell("country")); !ok {
		return x, s.problem("country", fmt.Sprintf("%q is no country", clip(s.cell("country"))), "two letters of ISO 3166, or a name")
	}
	for _, c := range []struct {
		column string
		to     *float64
	}{{"per_unit", &x.PerUnit}, {"capacity", &x.Capacity}, {"stock", &x.Stock}, {"recover_days", &x.Recover}, {"demand", &x.Demand}, {"margin", &x.Margin}} {
		if *c.to, p = s.number(c.column); p != nil {
			return x, p
		}
		if *c.to < 0 || *c.to > maxAmount {
			return x, s.problem(c.column, fmt.Sprintf("%v is below zero or beyond %v", *c.to, maxAmount), "")
		}
	}
	if x.Needs != "" && !(x.PerUnit > 0) {
		return x, s.problem("per_unit", "is empty or zero", fmt.Sprintf("how much %s one unit of %s takes", clip(x.Needs), clip(x.Makes)))
	}
	return x, nil
}

// NetworkOf joins rows into a network. A site that makes two things is two of its sites, cut together. What a site's rows say twice must be the same.
func NetworkOf(name string, rows []NetworkRow) (exposure.Network, error) {
	var n exposure.Network
	at, demanded := map[string]int{}, map[string]int{}
	for _, r := range rows {
		key := r.Site + "\x00" + r.Makes
		i, had := at[key]
		if !had {
			i = len(n.Sites)
			at[key] = i
			n.Sites = append(n.Sites, exposure.Site{Name: r.Site, Country: r.Country, Makes: r.Makes, Capacity: math.NaN(), Stock: math.NaN(), Recover: math.NaN()})
		}
		s := &n.Sites[i]
		if s.Country != r.Country {
			return n, unreadable(name, r.Line, fmt.Sprintf("%s lies in %s and in %s", clip(r.Site), s.Country, r.Country), "one country, or two names")
		}
		for _, c := range []struct {
			column string
			to     *float64
			now    float64
		}{{"capacity", &s.Capacity, r.Capacity}, {"stock", &s.Stock, r.Stock}, {"recover_days", &s.Recover, r.Recover}} {
			if err := once(c.to, c.now); err != nil {
				return n, unreadable(name, r.Line, fmt.Sprintf("%s of %s: %v", c.column, clip(r.Site), err), "give it once, or the same in every row")
			}
		}
		if r.Needs != "" {
			s.Needs = append(s.Needs, exposure.Need{Item: r.Needs, PerUnit: r.PerUnit})
		}
		if math.IsNaN(r.Demand) {
			continue
		}
		k, asked := demanded[r.Makes]
		if !asked {
			k = len(n.Demands)
			demanded[r.Makes] = k
			n.Demands = append(n.Demands, exposure.Demand{Item: r.Makes, Year: r.Demand, Margin: max(0, zeroed(r.Margin))})
			continue
		}
		if n.Demands[k].Year != r.Demand || n.Demands[k].Margin != zeroed(r.Margin) {
			return n, unreadable(name, r.Line, fmt.Sprintf("demand or margin of %s is told twice, and otherwise", clip(r.Makes)), "give the demand for a thing in one row")
		}
	}
	for i := range n.Sites {
		s := &n.Sites[i]
		s.Stock = zeroed(s.Stock)
		if math.IsNaN(s.Capacity) {
			s.Capacity = math.Inf(1)
		}
	}
	return n, nil
}

// once keeps a number that was given before and must not change.
func once(to *float64, now float64) error {
	switch {
	case math.IsNaN(now):
	case math.IsNaN(*to):
		*to = now
	case *to != now:
		return fmt.Errorf("%v here, %v before", now, *to)
	}
	return nil
}

func zeroed(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}

// ReadInputOutput reads an input-output table, CSV with comma, semicolon or tab: a row a selling sector with its name in the first column, a column a buying
// sector under the same name, and columns output and, if it is there, value_added.
func ReadInputOutput(name string, r io.Reader) (exposure.InputOutput, Reading, error) {
	var t exposure.InputOutput
	reading := Reading{Source: name, Layout: "input-output table"}
	in := bufio.NewReaderSize(r, 64<<10)
	s, err := openSheetBy(name, in, delimiterOf(in))
	if err != nil {
		return t, reading, err
	}
	s.at = map[string]int{}
	for i, h := range s.head {
		h = strings.TrimSpace(h)
		switch h {
		case "产出", "总产出", "총산출", "산출":
			h = "output"
		case "增加值", "부가가치":
			h = "value_added"
		}
		if _, twice := s.at[h]; twice && i > 0 {
			return t, reading, unreadable(name, 1, fmt.Sprintf("has two columns %q", clip(h)), "each buying sector once")
		}
		s.at[h] = i
	}
	if !s.has("output") {
		return t, reading, unreadable(name, 1, `has no column "output"`, "all that a sector makes in a year, in the money of its sales")
	}
	var sales []map[string]float64
	err = s.each(&reading, func() (string, *problem.Problem) {
		sector := strings.TrimSpace(s.row[0])
		bought, p := sectorRow(s, &t)
		if p != nil {
			return "", p
		}
		t.Sectors, sales = append(t.Sectors, sector), append(sales, bought)
		return "", nil
	})
	if err != nil {
		return t, reading, err
	}
	if err := complete(name, &reading); err != nil { // a table that lacks a sector would tell losses that are too small
		return t, reading, err
	}
	return t, reading, fill(name, &t, sales)
}

// sectorRow reads the sales of one sector by buyer.
func sectorRow(s *sheet, t *exposure.InputOutput) (map[string]float64, *problem.Problem) {
	if strings.TrimSpace(s.row[0]) == "" {
		return nil, s.problem("", "the sector has no name", "")
	}
	sales := map[string]float64{}
	for i, h := range s.head[1:] {
		h = strings.TrimSpace(h)
		if s.at["output"] == i+1 || s.has("value_added") && s.at["value_added"] == i+1 {
			continue
		}
		x, p := s.number(h)
		if p != nil {
			return nil, p
		}
		sales[h] = zeroed(x)
	}
	output, p := s.number("output")
	if p != nil {
		return nil, p
	}
	t.Output = append(t.Output, zeroed(output))
	if s.has("value_added") {
		added, p := s.number("value_added")
		if p != nil {
			return nil, p
		}
		t.Added = append(t.Added, added)
	}
	return sales, nil
}

// fill puts the sales of each sector in the order of the sectors.
func fill(name string, t *exposure.InputOutput, sales []map[string]float64) error {
	seen := map[string]bool{}
	for i, seller := range t.Sectors {
		if seen[seller] {
			return unreadable(name, 0, fmt.Sprintf("has two rows of %q", clip(seller)), "each selling sector once")
		}
		seen[seller] = true
		row := make([]float64, len(t.Sectors))
		for j, buyer := range t.Sectors {
			x, ok := sales[i][buyer]
			if !ok {
				return unreadable(name, 1, fmt.Sprintf("has a row, but no column of %q", clip(buyer)), "the same sectors as rows and as columns")
			}
			row[j] = x
		}
		for _, column := range slices.Sorted(maps.Keys(sales[i])) {
			if !slices.Contains(t.Sectors, column) {
				return unreadable(name, 1, fmt.Sprintf("has a column, but no row of %q", clip(column)), "the same sectors as rows and as columns; leave final demand out")
			}
		}
		t.Sales = append(t.Sales, row)
	}
	return nil
}
