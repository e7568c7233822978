package trade

import (
	"fmt"
	"io"
	"math"
	"strconv"

	"lodestone/internal/exposure"
	"lodestone/internal/problem"
)

// Declared is trade as the two sides declare it: imports by the importer, exports by the exporter. A balanced file (BACI) has Imports only.
type Declared struct {
	Imports []exposure.Flow
	Exports []exposure.Flow
}

func (d *Declared) add(f exposure.Flow, imported bool) {
	if imported {
		d.Imports = append(d.Imports, f)
	} else {
		d.Exports = append(d.Exports, f)
	}
}

// comtradeColumns are the columns that a Comtrade layout has, by what they hold.
type comtradeColumns struct {
	layout                                                 string
	year, flow, reporter, partner, partner2, mode, customs string
	line, value, net, edition, aggregate                   string
	imports, exports                                       []string
}

var comtradeLayouts = []comtradeColumns{
	{layout: "Comtrade v1", year: "refYear", flow: "flowCode", reporter: "reporterCode", partner: "partnerCode", partner2: "partner2Code", mode: "motCode",
		customs: "customsCode", line: "cmdCode", value: "primaryValue", net: "netWgt", edition: "classificationCode", aggregate: "isAggregate",
		imports: []string{"M"}, exports: []string{"X"}},
	{layout: "Comtrade legacy", year: "Year", flow: "Trade Flow", reporter: "Reporter Code", partner: "Partner Code", partner2: "2nd Partner Code",
		mode: "Mode of Transport Code", customs: "Customs Proc. Code", line: "Commodity Code", value: "Trade Value (US$)", net: "Netweight (kg)",
		edition: "Classification", imports: []string{"Import", "Imports"}, exports: []string{"Export", "Exports"}},
}

// ReadComtrade reads a UN Comtrade extract, v1 or legacy CSV. Totals over partners, transport, customs procedures and second partners are
// guarded against: what would be counted twice is set aside.
func ReadComtrade(name string, r io.Reader, codes *Codes) (Declared, Reading, error) {
	var d Declared
	reading := Reading{Source: name, Currency: "USD"}
	s, err := openSheet(name, r)
	if err != nil {
		return d, reading, err
	}
	var c *comtradeColumns
	for i := range comtradeLayouts {
		l := &comtradeLayouts[i]
		if s.has(l.reporter) && s.has(l.partner) && s.has(l.line) && s.has(l.value) && s.has(l.flow) && s.has(l.year) {
			c = l
		}
	}
	if c == nil {
		return d, reading, unreadable(name, 1, "is no Comtrade extract", "the columns reporterCode, partnerCode, flowCode, cmdCode, refYear, primaryValue (v1)")
	}
	reading.Layout = c.layout
	seen := map[string]bool{}
	err = s.each(&reading, func() (string, *problem.Problem) {
		f, imported, why, p := c.row(s, codes)
		if p != nil {
			return why, p
		}
		key := fmt.Sprint(imported, f.Year, f.From, f.To, f.Line)
		if seen[key] {
			return "the same flow twice", s.problem("", "the same flow twice", "keep one row a flow: totals over transport, customs procedure and second partner")
		}
		seen[key] = true
		reading.Edition = s.cell(c.edition)
		d.add(f, imported)
		return "", nil
	})
	return d, reading, err
}

// row reads a record, or says why it is set aside.
func (c *comtradeColumns) row(s *sheet, codes *Codes) (f exposure.Flow, imported bool, why string, p *problem.Problem) {
	if why, p := c.partOfTotal(s); p != nil {
		return f, false, why, p
	}
	switch flow := s.cell(c.flow); {
	case flow == c.imports[0] || flow == c.imports[len(c.imports)-1]:
		imported = true
	case flow == c.exports[0] || flow == c.exports[len(c.exports)-1]:
	default:
		return f, false, "re-imports and re-exports", s.problem(c.flow, fmt.Sprintf("flow %q is neither import nor export", clip(flow)), "")
	}
	line := s.cell(c.line)
	if len(line) != 6 {
		return f, false, "customs code not of six digits", s.problem(c.line, fmt.Sprintf("%q has not six digits", clip(line)), "totals of two and four digits are left out")
	}
	if _, ok := digits([]byte(line)); !ok {
		return f, false, "customs code not of six digits", s.problem(c.line, fmt.Sprintf("%q is no customs code", clip(line)), "")
	}
	reporter, why, p := unCode(s, c.reporter, codes)
	if p != nil {
		return f, false, why, p
	}
	partner, why, p := unCode(s, c.partner, codes)
	if p != nil {
		return f, false, why, p
	}
	if f.Year, p = s.year(c.year); p != nil {
		return f, false, "no year", p
	}
	if f.Value, p = s.number(c.value); p != nil || !(f.Value > 0) {
		return f, false, "no value above zero", s.problem(c.value, fmt.Sprintf("%q is no value above zero", clip(s.cell(c.value))), "")
	}
	kg, _ := s.number(c.net)
	if kg <= 0 {
		kg = math.NaN() // Comtrade writes 0 where no weight was reported
	}
	f.Line, f.Mass, f.From, f.To = line, kg/1000, partner, reporter
	if !imported {
		f.From, f.To = reporter, partner
	}
	return f, imported, "", nil
}

// partOfTotal says that a record is a part of another that the file also holds, or the sum over all partners.
func (c *comtradeColumns) partOfTotal(s *sheet) (string, *problem.Problem) {
	if s.cell(c.partner) == "0" {
		return "world total", s.problem(c.partner, "partner 0 is the world total", "left out, or it would be counted twice")
	}
	for _, x := range []struct{ column, total, what string }{
		{c.partner2, "0", "second partner"}, {c.mode, "0", "mode of transport"}, {c.customs, "C00", "customs procedure"},
	} {
		if v := s.cell(x.column); v != "" && v != x.total {
			return "part by " + x.what, s.problem(x.column, fmt.Sprintf("%q is a part by %s of a total", clip(v), x.what), "left out, or it would be counted twice")
		}
	}
	return "", nil
}

// notPlaces are partner codes of the UN that stand for no country.
var notPlaces = map[int]string{899: "areas not named", 839: "special categories", 837: "bunkers", 838: "free zones"}

func unCode(s *sheet, column string, codes *Codes) (code, why string, p *problem.Problem) {
	text := s.cell(column)
	n, err := strconv.Atoi(text)
	if err != nil {
		return "", "unknown country code", s.problem(column, fmt.Sprintf("%q is no UN country code", clip(text)), "numbers such as 410, 156, 251")
	}
	if what := notPlaces[n]; what != "" {
		return "", what, s.problem(column, fmt.Sprintf("code %d stands for %s", n, what), "set aside: it names no origin")
	}
	code, ok := codes.ByNumeric(n)
	if !ok {
		return "", "unknown country code", s.problem(column, fmt.Sprintf("UN code %d is not in the country table", n), "")
	}
	return code, "", nil
}
