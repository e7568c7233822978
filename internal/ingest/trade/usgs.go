package trade

import (
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"

	"lodestone/internal/problem"
)

// Statistic is a row of the Mineral Commodity Summaries: one number for one commodity, country, statistic and year.
type Statistic struct {
	Chapter, Commodity, Section string
	Country                     string // as printed
	Kind, Detail                string // Production; Mine production: …
	Unit                        string
	Year                        string // 2024; 2021–24
	Text                        string // as printed
	Edition                     string
}

// Cell is what a printed number means.
type Cell uint8

const (
	CellNumber   Cell = iota
	CellBound         // >50, <1,000: a bound, no number
	CellWithheld      // W, NA, s and words: withheld, not available
	CellExporter      // E: net exporter
	CellEmpty
)

// Number reads a printed value: thousands commas, an em dash for zero, bounds, and letters for what is not published.
func (s *Statistic) Number() (float64, Cell) {
	t := strings.ReplaceAll(strings.TrimSpace(s.Text), ",", "")
	switch t {
	case "":
		return math.NaN(), CellEmpty
	case "—", "–", "-":
		return 0, CellNumber
	case "E":
		return math.NaN(), CellExporter
	}
	if x, err := strconv.ParseFloat(t, 64); err == nil && !math.IsNaN(x) && !math.IsInf(x, 0) {
		return x, CellNumber
	}
	if t[0] == '>' || t[0] == '<' {
		if x, err := strconv.ParseFloat(t[1:], 64); err == nil && !math.IsInf(x, 0) {
			return x, CellBound
		}
	}
	return math.NaN(), CellWithheld
}

// World says that the row is of a world table and not of the salient statistics of the United States, whose words may be the same.
func (s *Statistic) World() bool { return strings.HasPrefix(s.Section, "World") }

// IsTotal and IsRest tell the total and the lumped rest from countries.
func (s *Statistic) IsTotal() bool { return strings.HasPrefix(s.Country, "World total") }
func (s *Statistic) IsRest() bool  { return strings.HasPrefix(s.Country, "Other ") }

// Tonnes is how many tonnes one unit is; zero where the unit is no mass.
func (s *Statistic) Tonnes() float64 {
	u := strings.ToLower(s.Unit)
	switch {
	case strings.HasPrefix(u, "metric tons"):
		return 1
	case strings.HasPrefix(u, "thousand metric tons"):
		return 1e3
	case strings.HasPrefix(u, "million metric tons"):
		return 1e6
	case strings.HasPrefix(u, "kilograms"):
		return 1e-3
	}
	return 0
}

var mcsEdition = regexp.MustCompile(`mcs(20\d\d)`)

// ReadUSGS reads a data release of the Mineral Commodity Summaries: the long layout of 2026 (MCS chapter, Section, …, Year, Value) or the
// world tables of 2025 (SOURCE, COMMODITY, COUNTRY, TYPE, UNIT_MEAS, PROD_2023, …). Editions revise each other: keep it with the number.
func ReadUSGS(name string, r io.Reader) ([]Statistic, Reading, error) {
	reading := Reading{Source: name, Layout: "USGS Mineral Commodity Summaries"}
	if m := mcsEdition.FindStringSubmatch(strings.ToLower(name)); m != nil {
		reading.Edition = "MCS " + m[1]
	}
	s, err := openSheet(name, r)
	if err != nil {
		return nil, reading, err
	}
	switch {
	case s.has("MCS chapter") && s.has("Statistics_detail") && s.has("Year") && s.has("Value"):
		all, err := readLong(s, &reading)
		return all, reading, err
	case s.has("COMMODITY") && s.has("COUNTRY") && s.has("TYPE") && s.has("UNIT_MEAS"):
		all, err := readWide(s, &reading)
		return all, reading, err
	}
	return nil, reading, unreadable(name, 1, "is no data release of the Mineral Commodity Summaries", "columns MCS chapter … Value (2026) or SOURCE, COMMODITY, COUNTRY, TYPE (2025)")
}

func readLong(s *sheet, reading *Reading) (all []Statistic, err error) {
	err = s.each(reading, func() (string, *problem.Problem) {
		x := Statistic{Chapter: s.cell("MCS chapter"), Commodity: s.cell("Commodity"), Section: s.cell("Section"), Country: s.cell("Country"),
			Kind: s.cell("Statistics"), Detail: s.cell("Statistics_detail"), Unit: s.cell("Unit"), Year: s.cell("Year"), Text: s.cell("Value"),
			Edition: reading.Edition}
		if x.Chapter == "" || x.Detail == "" {
			return "no commodity or statistic", s.problem("MCS chapter", "chapter or statistic is empty", "")
		}
		all = append(all, x)
		return "", nil
	})
	return all, err
}

// wideColumn is a heading such as PROD_2023 or PROD_EST_ 2024 (the blank is the publisher's).
var wideColumn = regexp.MustCompile(`^(PROD|CAP)_(?:EST_)? ?(\d{4})$`)

func readWide(s *sheet, reading *Reading) (all []Statistic, err error) {
	kinds := map[string]string{"PROD": "Production", "CAP": "Capacity"}
	err = s.each(reading, func() (string, *problem.Problem) {
		if s.cell("COMMODITY") == "" || s.cell("TYPE") == "" {
			return "no commodity or statistic", s.problem("COMMODITY", "commodity or type is empty", "")
		}
		for i, h := range s.head {
			m := wideColumn.FindStringSubmatch(h)
			if m == nil {
				continue
			}
			detail := s.cell("TYPE")
			if m[1] == "CAP" {
				detail += ", capacity" // one type stands for output and capacity, in columns of their own
			}
			all = append(all, Statistic{Chapter: strings.ToUpper(s.cell("COMMODITY")), Commodity: s.cell("COMMODITY"), Section: "World", Country: s.cell("COUNTRY"),
				Kind: kinds[m[1]], Detail: detail, Unit: s.cell("UNIT_MEAS"), Year: m[2], Text: strings.TrimSpace(s.row[i]), Edition: reading.Edition})
		}
		return "", nil
	})
	return all, err
}

// Governance is one country's estimates in a year.
type Governance struct {
	Country string // ISO3
	Year    int
	Given   int     // of six
	Sum     float64 // of the estimates given, each about −2.5 to 2.5
	Stable  float64 // political stability (pv); NaN: not given
}

// ReadWGI reads the Worldwide Governance Indicators (iso3,country,year,va,pv,ge,rq,rl,cc).
func ReadWGI(name string, r io.Reader) ([]Governance, Reading, error) {
	reading := Reading{Source: name, Layout: "WGI"}
	columns := []string{"va", "pv", "ge", "rq", "rl", "cc"}
	s, err := openSheet(name, r, append([]string{"iso3", "year"}, columns...)...)
	if err != nil {
		return nil, reading, err
	}
	var all []Governance
	err = s.each(&reading, func() (string, *problem.Problem) {
		g := Governance{Country: s.cell("iso3"), Stable: math.NaN()}
		if len(g.Country) != 3 {
			return "no country code", s.problem("iso3", fmt.Sprintf("%q is no code of three letters", clip(g.Country)), "")
		}
		var p *problem.Problem
		if g.Year, p = s.year("year"); p != nil {
			return "no year", p
		}
		for _, c := range columns {
			x, p := s.number(c)
			if p != nil {
				return "no estimate", p
			}
			if math.Abs(x) > 10 {
				return "no estimate", s.problem(c, fmt.Sprintf("%v lies far outside -2.5 to 2.5", x), "estimates, not ranks")
			}
			if c == "pv" {
				g.Stable = x
			}
			if !math.IsNaN(x) {
				g.Sum += x
				g.Given++
			}
		}
		if g.Given == 0 {
			return "no estimate", s.problem("va", "none of the six estimates is given", "")
		}
		all = append(all, g)
		return "", nil
	})
	return all, reading, err
}
