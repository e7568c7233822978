package trade

import (
	"bufio"
	"fmt"
	"io"
	"math"

	"lodestone/internal/problem"
)

// StudyResult is a row of an EU criticality study: the printed terms of one material at one stage, and what was printed of its results. NaN:
// not printed.
type StudyResult struct {
	Material, Stage           string  // E extraction, P processing
	Used                      string  // which supply the risk rests on, as printed
	ImportReliance, Recycling float64 // fractions
	SISupply, SIImportance    float64
	HHIGlobal, HHIEU          float64 // printed in 2017 only
	SupplyRisk, Importance    float64
}

// ReadStudyResults reads the result tables of 2017 (one row a material) and 2023 (one row a material, two stages).
func ReadStudyResults(name string, r io.Reader) ([]StudyResult, Reading, error) {
	reading := Reading{Source: name, Layout: "EU study results"}
	s, err := openSheet(name, r, "material", "supply_risk", "economic_importance", "si_sr", "si_ei", "eol_rir_pct")
	if err != nil {
		return nil, reading, err
	}
	var all []StudyResult
	err = s.each(&reading, func() (string, *problem.Problem) {
		rows, p := studyRows(s)
		if p == nil {
			all = append(all, rows...)
		}
		return "", p
	})
	return all, reading, err
}

// Score is what one EU assessment printed of a material. NaN: not printed.
type Score struct {
	Material               string
	Year                   int
	SupplyRisk, Importance float64
}

// ReadScores reads material,year,supply_risk,economic_importance.
func ReadScores(name string, r io.Reader) ([]Score, Reading, error) {
	reading := Reading{Source: name, Layout: "EU scores"}
	s, err := openSheet(name, r, "material", "year", "supply_risk", "economic_importance")
	if err != nil {
		return nil, reading, err
	}
	var all []Score
	err = s.each(&reading, func() (string, *problem.Problem) {
		x := Score{Material: s.cell("material")}
		var p *problem.Problem
		if x.Year, p = s.year("year"); p != nil {
			return "no year", p
		}
		if x.SupplyRisk, p = s.number("supply_risk"); p != nil {
			return "no score", p
		}
		if x.Importance, p = s.number("economic_importance"); p != nil {
			return "no score", p
		}
		all = append(all, x)
		return "", nil
	})
	return all, reading, err
}

func studyRows(s *sheet) (rows []StudyResult, bad *problem.Problem) {
	get := func(column string) float64 {
		if text := s.cell(column); text == "NA" || text == "-" {
			return math.NaN()
		}
		x, p := s.number(column)
		if p != nil && bad == nil {
			bad = p
		}
		return x
	}
	base := StudyResult{Material: s.cell("material"), Recycling: get("eol_rir_pct") / 100, SISupply: get("si_sr"), SIImportance: get("si_ei"), Importance: get("economic_importance"),
		HHIGlobal: math.NaN(), HHIEU: math.NaN()}
	if base.Material == "" {
		return nil, s.problem("material", "is empty", "")
	}
	if s.has("hhi_wgi_t_gs") {
		base.Stage, base.Used = s.cell("stage")[:min(1, len(s.cell("stage")))], s.cell("supply_data_used")
		base.ImportReliance, base.HHIGlobal, base.HHIEU, base.SupplyRisk = get("import_reliance_pct")/100, get("hhi_wgi_t_gs"), get("hhi_wgi_t_eu"), get("supply_risk")
		return []StudyResult{base}, bad
	}
	for _, stage := range []string{"E", "P"} {
		x := base
		x.Stage, x.Used = stage, s.cell("supply_used_"+stage)
		if x.Used == "" {
			continue
		}
		x.ImportReliance, x.SupplyRisk = get(fmt.Sprintf("import_reliance_%s_pct", stage))/100, get("sr_"+stage)
		rows = append(rows, x)
	}
	return rows, bad
}

// ReadFactors reads a table of one number a country (country,factor), from 0 to 1. place finds a country by code or name.
func ReadFactors(name string, r io.Reader, place func(string) (string, bool)) (map[string]float64, Reading, error) {
	reading := Reading{Source: name, Layout: "country factors"}
	in := bufio.NewReaderSize(r, 64<<10)
	s, err := openSheetBy(name, in, delimiterOf(in), "country", "factor")
	if err != nil {
		return nil, reading, err
	}
	factors := map[string]float64{}
	err = s.each(&reading, func() (string, *problem.Problem) {
		code, ok := place(s.cell("country"))
		if !ok {
			return "", s.problem("country", fmt.Sprintf("%q is no country", clip(s.cell("country"))), "two letters of ISO 3166, or a name")
		}
		x, p := s.number("factor")
		if p != nil {
			return "", p
		}
		if !(x >= 0 && x <= 1) {
			return "", s.problem("factor", fmt.Sprintf("%q is no number from 0 to 1", clip(s.cell("factor"))), "0: sure to supply; 1: sure not to")
		}
		if _, twice := factors[code]; twice {
			return "", s.problem("country", fmt.Sprintf("%s stands twice", code), "one factor a country")
		}
		factors[code] = x
		return "", nil
	})
	if err == nil {
		err = complete(name, &reading)
	}
	return factors, reading, err
}
