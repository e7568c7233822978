package trade

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"lodestone/internal/problem"
)

// SupplyShare is a country's share in world supply or EU sourcing of a material at a stage (E extraction, P processing).
type SupplyShare struct {
	Scope, Material, Stage string // scope: global, eu_sourcing
	Country, ISO3          string
	Share                  float64 // fraction; half of x where "<x" is printed
	Bound                  bool    // printed as "<x"
	Trade                  float64 // t
}

// ReadSupplyShares reads scope,material,stage,country,iso3,share_pct,below_bound,t.
func ReadSupplyShares(name string, r io.Reader) ([]SupplyShare, Reading, error) {
	reading := Reading{Source: name, Layout: "EU supply shares"}
	s, err := openSheet(name, r, "scope", "material", "stage", "iso3", "share_pct", "t")
	if err != nil {
		return nil, reading, err
	}
	var all []SupplyShare
	err = s.each(&reading, func() (string, *problem.Problem) {
		x := SupplyShare{Scope: s.cell("scope"), Material: s.cell("material"), Stage: s.cell("stage"), Country: s.cell("country"), ISO3: s.cell("iso3"),
			Bound: s.cell("below_bound") == "1"}
		pct, p := s.number("share_pct")
		if p != nil || !(pct >= 0 && pct <= 100) {
			return "no share", s.problem("share_pct", fmt.Sprintf("%q is no percentage from 0 to 100", clip(s.cell("share_pct"))), "")
		}
		x.Share = pct / 100
		if x.Bound {
			x.Share /= 2
		}
		if x.Trade, p = s.number("t"); p != nil {
			return "no trade parameter", p
		}
		if math.IsNaN(x.Trade) {
			x.Trade = 1 // the base value, where none is printed
		}
		all = append(all, x)
		return "", nil
	})
	return all, reading, err
}

// UseShare is one application of a material.
type UseShare struct {
	Material, Application, Sector string
	Share                         float64 // fraction
	Added                         float64 // gross value added of the sector, million EUR
}

// ReadUseShares reads material,application,share_pct,nace_sector,gva_million_eur.
func ReadUseShares(name string, r io.Reader) ([]UseShare, Reading, error) {
	reading := Reading{Source: name, Layout: "EU use shares"}
	s, err := openSheet(name, r, "material", "share_pct", "gva_million_eur")
	if err != nil {
		return nil, reading, err
	}
	var all []UseShare
	err = s.each(&reading, func() (string, *problem.Problem) {
		x := UseShare{Material: s.cell("material"), Application: s.cell("application"), Sector: s.cell("nace_sector")}
		pct, p := s.number("share_pct")
		if p != nil || !(pct >= 0 && pct <= 100) {
			return "no share", s.problem("share_pct", fmt.Sprintf("%q is no percentage from 0 to 100", clip(s.cell("share_pct"))), "")
		}
		x.Share = pct / 100
		if x.Added, p = s.number("gva_million_eur"); p != nil || !(x.Added >= 0) {
			return "no value added", s.problem("gva_million_eur", fmt.Sprintf("%q is no amount", clip(s.cell("gva_million_eur"))), "million EUR")
		}
		all = append(all, x)
		return "", nil
	})
	return all, reading, err
}

// Fact is a figure that somebody reported, with its source. Low equals High for one number; both are NaN where the cell is no number.
type Fact struct {
	Importer  string  `json:"importer,omitempty"` // two letters
	Mineral   string  `json:"mineral"`
	Period    string  `json:"period"`
	Measure   string  `json:"measure"`
	Low       float64 `json:"low"`
	High      float64 `json:"high"`
	Unit      string  `json:"unit"`
	Basis     string  `json:"basis,omitempty"`
	Origin    string  `json:"origin,omitempty"`
	Publisher string  `json:"publisher,omitempty"`
	Source    string  `json:"source,omitempty"`
}

// ReadFacts reads reported facts (mineral,period,measure,value,unit,…,source; importer where the file has it, else the one given).
func ReadFacts(name string, r io.Reader, importer string) ([]Fact, Reading, error) {
	reading := Reading{Source: name, Layout: "reported facts"}
	s, err := openSheet(name, r, "mineral", "period", "measure", "value", "unit", "source")
	if err != nil {
		return nil, reading, err
	}
	var all []Fact
	err = s.each(&reading, func() (string, *problem.Problem) {
		f := Fact{Importer: s.cell("importer"), Mineral: s.cell("mineral"), Period: s.cell("period"), Measure: s.cell("measure"), Unit: s.cell("unit"),
			Basis: s.cell("basis"), Origin: s.cell("origin"), Publisher: s.cell("publisher"), Source: s.cell("source"), Low: math.NaN(), High: math.NaN()}
		if f.Importer == "" {
			f.Importer = importer
		}
		if f.Mineral == "" || f.Measure == "" || f.Source == "" {
			return "no mineral, measure or source", s.problem("source", "mineral, measure or source is empty", "a figure without its source is not kept")
		}
		if text := s.cell("value"); text != "" {
			var ok bool
			if f.Low, f.High, ok = span(text); !ok {
				return "no number", s.problem("value", fmt.Sprintf("%q is neither a number nor a range", clip(text)), "92 or 100-200")
			}
		}
		all = append(all, f)
		return "", nil
	})
	return all, reading, err
}

// span reads 92 or 100-200.
func span(s string) (low, high float64, ok bool) {
	a, b, two := strings.Cut(s, "-")
	low, err := strconv.ParseFloat(strings.TrimSpace(a), 64)
	high = low
	if err == nil && two {
		high, err = strconv.ParseFloat(strings.TrimSpace(b), 64)
	}
	return low, high, err == nil && low >= 0 && high >= low && !math.IsInf(high, 0)
}

// MineralLine says which customs lines a mineral is traded under.
type MineralLine struct {
	Mineral string
	Stage   string // ore, compound, metal, article, scrap, alloy, magnet …
	HS2022  string
	HS2017  string
	Exact   bool // the line holds this mineral only; else it is a bundle of several
}

// ReadMineralLines reads mineral,stage,hs2022,hs2017_correlated,hs2017_conversion,specificity.
func ReadMineralLines(name string, r io.Reader) ([]MineralLine, Reading, error) {
	reading := Reading{Source: name, Layout: "minerals and their customs lines"}
	s, err := openSheet(name, r, "mineral", "stage", "hs2022", "hs2017_conversion", "specificity")
	if err != nil {
		return nil, reading, err
	}
	var all []MineralLine
	err = s.each(&reading, func() (string, *problem.Problem) {
		x := MineralLine{s.cell("mineral"), s.cell("stage"), s.cell("hs2022"), s.cell("hs2017_conversion"), s.cell("specificity") == "exact"}
		if _, ok := digits([]byte(x.HS2017)); !ok || len(x.HS2017) != 6 || x.Mineral == "" {
			return "", s.problem("hs2017_conversion", fmt.Sprintf("%q is no six-digit line", clip(x.HS2017)), "")
		}
		all = append(all, x)
		return "", nil
	})
	return all, reading, err
}

// Index is an exporter's value in a line and year as a percentage of the largest exporter's: shares, but no amounts.
type Index struct {
	Year     int
	Exporter string // two letters where known, else ISO3
	Line     string
	Value    float64
}

// ReadIndex reads year,exporter_iso3,hs6,index_max100, keeping the lines wanted (none: all).
func ReadIndex(name string, r io.Reader, codes *Codes, lines []string) ([]Index, Reading, error) {
	reading := Reading{Source: name, Layout: "exporter index"}
	s, err := openSheet(name, r, "year", "exporter_iso3", "hs6", "index_max100")
	if err != nil {
		return nil, reading, err
	}
	var all []Index
	err = s.each(&reading, func() (string, *problem.Problem) {
		x := Index{Line: s.cell("hs6"), Exporter: s.cell("exporter_iso3")}
		if x.Exporter == "" {
			return "no country code", s.problem("exporter_iso3", "is empty", "")
		}
		if code, ok := codes.ByISO3(x.Exporter); ok {
			x.Exporter = code
		}
		var p *problem.Problem
		if x.Year, p = s.year("year"); p != nil {
			return "no year", p
		}
		if x.Value, p = s.number("index_max100"); p != nil || !(x.Value >= 0) {
			return "no index", s.problem("index_max100", fmt.Sprintf("%q is no index", clip(s.cell("index_max100"))), "")
		}
		if len(lines) == 0 || slices.Contains(lines, x.Line) {
			all = append(all, x)
		}
		return "", nil
	})
	return all, reading, err
}

// ReadCodes reads the country table of BACI (country_code,country_name,country_iso2,country_iso3).
func ReadCodes(name string, r io.Reader) (*Codes, Reading, error) {
	reading := Reading{Source: name, Layout: "country codes"}
	s, err := openSheet(name, r, "country_code", "country_name", "country_iso2", "country_iso3")
	if err != nil {
		return nil, reading, err
	}
	c := newCodes()
	err = s.each(&reading, func() (string, *problem.Problem) {
		n, ok := digits([]byte(s.cell("country_code")))
		if !ok || n >= uint32(len(c.numeric)) || s.cell("country_iso3") == "" {
			return "", s.problem("country_code", fmt.Sprintf("%q is no code below 1000, or has no ISO3", clip(s.cell("country_code"))), "")
		}
		if len(c.places) >= math.MaxUint16-1 {
			return "too many countries", s.problem("", "more countries than there are", "")
		}
		two := s.cell("country_iso2")
		if two != "" && len(two) != 2 {
			return "", s.problem("country_iso2", fmt.Sprintf("%q has not two letters", clip(two)), "NA is Namibia: read codes as text")
		}
		c.add(Place{Code: two, ISO3: s.cell("country_iso3"), Name: s.cell("country_name"), Numeric: int(n)})
		return "", nil
	})
	return c, reading, err
}

// ReadAliases adds spellings (name,iso3) to a code table.
func (c *Codes) ReadAliases(name string, r io.Reader) (Reading, error) {
	reading := Reading{Source: name, Layout: "country spellings"}
	s, err := openSheet(name, r, "name", "iso3")
	if err != nil {
		return reading, err
	}
	err = s.each(&reading, func() (string, *problem.Problem) {
		spelling, iso3 := s.cell("name"), s.cell("iso3")
		if spelling == "" || iso3 == "" {
			return "", s.problem("name", "name or iso3 is empty", "")
		}
		if _, ok := c.byISO3[iso3]; !ok {
			if len(c.places) >= math.MaxUint16-1 {
				return "too many countries", s.problem("", "more countries than there are", "")
			}
			c.add(Place{ISO3: iso3, Name: spelling})
		}
		c.byName[spelling] = c.byISO3[iso3]
		return "", nil
	})
	return reading, err
}
