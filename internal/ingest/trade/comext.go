package trade

import (
	"fmt"
	"io"
	"math"
	"strings"

	"lodestone/internal/exposure"
	"lodestone/internal/problem"
)

// ReadComext reads Eurostat Comext files: the bulk layout (REPORTER, PARTNER, PRODUCT_NC, FLOW, STAT_PROCEDURE, PERIOD, VALUE_EUR, QUANTITY_KG)
// and the extract with DECLARANT_ISO, PARTNER_ISO, VALUE_IN_EUROS. Values are euros. Partner codes stay as Eurostat prints them (XS is
// Serbia); those that begin with Q are confidential or no place, but for Qatar.
func ReadComext(name string, r io.Reader) (Declared, Reading, error) {
	var d Declared
	reading := Reading{Source: name, Layout: "Comext", Currency: "EUR"}
	s, err := openSheet(name, r, "PRODUCT_NC", "FLOW", "PERIOD")
	if err != nil {
		return d, reading, err
	}
	reporter, partner, value := "REPORTER", "PARTNER", "VALUE_EUR"
	if s.has("DECLARANT_ISO") {
		reporter, partner, value = "DECLARANT_ISO", "PARTNER_ISO", "VALUE_IN_EUROS"
	}
	for _, c := range []string{reporter, partner, value} {
		if !s.has(c) {
			return d, reading, unreadable(name, 1, fmt.Sprintf("has no column %q", c), problem.Nearest(c, s.head))
		}
	}
	err = s.each(&reading, func() (string, *problem.Problem) {
		var f exposure.Flow
		if p := s.cell("STAT_PROCEDURE"); p != "" && p != "1" {
			return "not normal trade", s.problem("STAT_PROCEDURE", fmt.Sprintf("%q is not normal trade (1)", clip(p)), "")
		}
		if why, p := comextPlaces(s, reporter, partner, &f); p != nil {
			return why, p
		}
		f.Line = s.cell("PRODUCT_NC")
		if _, ok := digits([]byte(f.Line)); !ok || len(f.Line) != 8 {
			return "product code not of eight digits", s.problem("PRODUCT_NC", fmt.Sprintf("%q has not eight digits", clip(f.Line)), "totals are left out")
		}
		period := s.cell("PERIOD")
		if len(period) == 6 && !strings.HasSuffix(period, "52") {
			return "month in a file of years", s.problem("PERIOD", fmt.Sprintf("%q is a month", clip(period)), "yyyy52 or yyyy is the year")
		}
		y, ok := digits([]byte(period[:min(4, len(period))]))
		if !ok || y < 1900 || y > 2100 || len(period) != 4 && len(period) != 6 {
			return "no year", s.problem("PERIOD", fmt.Sprintf("%q is no period", clip(period)), "yyyy52 or yyyy")
		}
		f.Year = int(y)
		v, p := s.number(value)
		if p != nil || !(v >= 0) {
			return "no value", s.problem(value, fmt.Sprintf("%q is no value", clip(s.cell(value))), "")
		}
		kg, p := s.number("QUANTITY_KG")
		if p != nil {
			return "no quantity", p
		}
		f.Value, f.Mass = v, kg/1000
		return "", comextFlow(s, &d, f)
	})
	return d, reading, err
}

func comextPlaces(s *sheet, reporter, partner string, f *exposure.Flow) (string, *problem.Problem) {
	f.To, f.From = s.cell(reporter), s.cell(partner)
	for _, x := range []struct{ column, code string }{{reporter, f.To}, {partner, f.From}} {
		if len(x.code) != 2 {
			return "no country code", s.problem(x.column, fmt.Sprintf("%q is no code of two letters", clip(x.code)), "NA is Namibia: read codes as text")
		}
		if x.code[0] == 'Q' && x.code != "QA" {
			return "confidential or no place", s.problem(x.column, x.code+" stands for no country", "set aside: it names no origin")
		}
	}
	return "", nil
}

func comextFlow(s *sheet, d *Declared, f exposure.Flow) *problem.Problem {
	switch s.cell("FLOW") {
	case "1":
		d.add(f, true)
	case "2":
		f.From, f.To = f.To, f.From
		d.add(f, false)
	default:
		return s.problem("FLOW", fmt.Sprintf("%q is neither 1 (import) nor 2 (export)", clip(s.cell("FLOW"))), "")
	}
	return nil
}

// Group is a product's group in a classification of a study.
type Group struct {
	Code, Group, Stage string
}

// ReadGroups reads code, group and stage (cn8,group,stage).
func ReadGroups(name string, r io.Reader) ([]Group, Reading, error) {
	reading := Reading{Source: name, Layout: "groups"}
	s, err := openSheet(name, r, "cn8", "group")
	if err != nil {
		return nil, reading, err
	}
	var groups []Group
	err = s.each(&reading, func() (string, *problem.Problem) {
		g := Group{s.cell("cn8"), s.cell("group"), s.cell("stage")}
		if g.Code == "" || g.Group == "" {
			return "", s.problem("cn8", "code or group is empty", "")
		}
		groups = append(groups, g)
		return "", nil
	})
	return groups, reading, err
}

// Monthly is a flow of one month, declared by one side.
type Monthly struct {
	exposure.Flow
	Month    int // 1 to 12
	Native   string
	Imported bool // declared by the importer
}

// ReadMonthly reads national monthly flows (source,period,reporter,partner,flow,native_code,hs6,value_usd,qty_kg). Partner ZZZ means that
// none was given; such rows are kept under that code, so that shares have the right denominator.
func ReadMonthly(name string, r io.Reader, codes *Codes) ([]Monthly, Reading, error) {
	reading := Reading{Source: name, Layout: "national monthly flows", Currency: "USD"}
	s, err := openSheet(name, r, "source", "period", "reporter", "partner", "flow", "hs6", "value_usd")
	if err != nil {
		return nil, reading, err
	}
	var all []Monthly
	err = s.each(&reading, func() (string, *problem.Problem) {
		m, why, p := monthlyRow(s, codes)
		if p == nil {
			all = append(all, m)
		}
		return why, p
	})
	return all, reading, err
}

func monthlyRow(s *sheet, codes *Codes) (m Monthly, why string, p *problem.Problem) {
	period, ok := digits([]byte(s.cell("period")))
	if m.Year, m.Month = int(period/100), int(period%100); !ok || m.Year < 1900 || m.Year > 2100 || m.Month < 1 || m.Month > 12 {
		return m, "no month", s.problem("period", fmt.Sprintf("%q is no month", clip(s.cell("period"))), "yyyymm")
	}
	place := func(column string) string {
		text := s.cell(column)
		if code, ok := codes.ByISO3(text); ok {
			return code
		}
		return text
	}
	reporter, partner := place("reporter"), place("partner")
	if reporter == "" || partner == "" {
		return m, "no country code", s.problem("partner", "reporter or partner is empty", "ZZZ where none is given")
	}
	m.Line, m.Native = s.cell("hs6"), s.cell("native_code")
	if _, ok := digits([]byte(m.Line)); !ok || len(m.Line) != 6 {
		return m, "no six-digit customs code", s.problem("hs6", fmt.Sprintf("%q has not six digits", clip(m.Line)), "")
	}
	if m.Value, p = s.number("value_usd"); p != nil || !(m.Value >= 0) {
		return m, "no value", s.problem("value_usd", fmt.Sprintf("%q is no value", clip(s.cell("value_usd"))), "")
	}
	kg, p := s.number("qty_kg")
	if p != nil || kg < 0 {
		return m, "no quantity", s.problem("qty_kg", fmt.Sprintf("%q is no quantity", clip(s.cell("qty_kg"))), "kilograms, or empty")
	}
	m.Mass = kg / 1000
	if math.IsInf(m.Mass, 0) {
		m.Mass = math.NaN()
	}
	switch s.cell("flow") {
	case "import":
		m.Imported, m.From, m.To = true, partner, reporter
	case "export":
		m.From, m.To = reporter, partner
	default:
		return m, "no flow", s.problem("flow", fmt.Sprintf("%q is neither import nor export", clip(s.cell("flow"))), "")
	}
	return m, "", nil
}
