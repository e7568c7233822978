package trade

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

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
	year, period, month, flow, reporter, partner, partner2 string
	mode, customs, line, value, net, edition               string
	estimated, flag                                        string // weights: yes or no; a bit field in which 4 says so
	imports, exports                                       []string
}

var comtradeLayouts = []comtradeColumns{
	{layout: "Comtrade v1", year: "refYear", period: "period", month: "refMonth", flow: "flowCode", reporter: "reporterCode", partner: "partnerCode", partner2: "partner2Code", mode: "motCode",
		customs: "customsCode", line: "cmdCode", value: "primaryValue", net: "netWgt", edition: "classificationCode", estimated: "isNetWgtEstimated",
		flag: "legacyEstimationFlag", imports: []string{"M"}, exports: []string{"X"}},
	{layout: "Comtrade legacy", year: "Year", period: "Period", flow: "Trade Flow", reporter: "Reporter Code", partner: "Partner Code", partner2: "2nd Partner Code",
		mode: "Mode of Transport Code", customs: "Customs Proc. Code", line: "Commodity Code", value: "Trade Value (US$)", net: "Netweight (kg)",
		edition: "Classification", flag: "Flag", imports: []string{"Import", "Imports"}, exports: []string{"Export", "Exports"}},
}

// comtradeRow is a record that was kept.
type comtradeRow struct {
	flow     exposure.Flow
	imported bool
	monthly  bool
	line     int
}

// comtradeKey is what two records of the same flow share.
type comtradeKey struct {
	from, to, line string
	year           int
	imported       bool
	period         string // empty: the year
}

func (r *comtradeRow) key(period string) comtradeKey {
	return comtradeKey{r.flow.From, r.flow.To, r.flow.Line, r.flow.Year, r.imported, period}
}

// ReadComtrade reads a UN Comtrade extract: v1 as CSV or as the JSON answer of its API, or legacy CSV. Totals over partners, transport, customs
// procedures and second partners are guarded against, and months beside the year they are part of: what would be counted twice is set aside.
func ReadComtrade(name string, r io.Reader, codes *Codes) (Declared, Reading, error) {
	reading := Reading{Source: name, Currency: "USD"}
	s, answer, err := openComtrade(name, r)
	if err != nil {
		return Declared{}, reading, err
	}
	c := comtradeLayoutOf(s)
	if c == nil {
		return Declared{}, reading, unreadable(name, 1, "is no Comtrade extract", "the columns reporterCode, partnerCode, flowCode, cmdCode, refYear, primaryValue (v1)")
	}
	reading.Layout = c.layout
	var rows []comtradeRow
	seen, editions, estimated := map[comtradeKey]bool{}, map[string]int{}, 0
	err = s.each(&reading, func() (string, *problem.Problem) {
		row, period, why, p := c.row(s, codes)
		if p != nil {
			return why, p
		}
		key := row.key(period)
		if seen[key] {
			return "the same flow twice", s.problem("", "the same flow twice", "keep one row a flow: totals over transport, customs procedure and second partner")
		}
		seen[key] = true
		if e := s.cell(c.edition); e != "" {
			editions[e]++
		}
		if c.weightEstimated(s) && exposure.Known(row.flow.Mass) {
			estimated++
		}
		rows = append(rows, row)
		return "", nil
	})
	if answer != nil {
		reading.Layout += ", JSON"
		if err == nil {
			err = answer.check(&reading)
		}
	}
	if err != nil {
		return Declared{}, reading, err
	}
	reading.Edition = comtradeEdition(editions)
	comtradeNotes(&reading, len(editions), estimated)
	return declaredOf(rows, seen, &reading), reading, nil
}

// openComtrade tells JSON from CSV by the first byte that is no blank.
func openComtrade(name string, r io.Reader) (*sheet, *comtradeAnswer, error) {
	in := bufio.NewReader(&io.LimitedReader{R: r, N: maxSheet})
	head, _ := in.Peek(64)
	if text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n"); len(text) > 0 && (text[0] == '{' || text[0] == '[') {
		return openComtradeJSON(name, in)
	}
	s, err := openSheet(name, in)
	return s, nil, err
}

func comtradeLayoutOf(s *sheet) *comtradeColumns {
	for i := range comtradeLayouts {
		l := &comtradeLayouts[i]
		if s.has(l.reporter) && s.has(l.partner) && s.has(l.line) && s.has(l.value) && s.has(l.flow) && s.has(l.year) {
			return l
		}
	}
	return nil
}

// declaredOf sets months aside whose year the file holds as well, and parts the two sides.
func declaredOf(rows []comtradeRow, seen map[comtradeKey]bool, reading *Reading) (d Declared) {
	for i := range rows {
		r := &rows[i]
		if r.monthly && seen[r.key("")] {
			reading.Kept--
			reading.drop("month beside its year", problem.Problem{Place: problem.Place{Line: r.line}, Text: "a month of a year that stands there as a whole", Meant: "left out, or it would be counted twice"}, nil)
			continue
		}
		d.add(r.flow, r.imported)
	}
	return d
}

// nomenclatures are the codes of Comtrade for editions of the Harmonized System.
var nomenclatures = map[string]string{"H0": "HS1992", "H1": "HS1996", "H2": "HS2002", "H3": "HS2007", "H4": "HS2012", "H5": "HS2017", "H6": "HS2022"}

func comtradeEdition(editions map[string]int) string {
	var names []string
	for e := range editions {
		if name := nomenclatures[e]; name != "" {
			e = name
		}
		names = append(names, e)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// Comtrade answers at most so many records, without and with a key.
const answerWithoutKey, answerWithKey = 500, 250_000

func comtradeNotes(r *Reading, editions, estimated int) {
	if editions > 1 {
		r.Notes = append(r.Notes, "records of several nomenclatures ("+r.Edition+"): a line may mean other goods in each; read one at a time")
	}
	if estimated > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%d of %d weights are estimates of the publisher", estimated, r.Kept))
	}
	if r.Rows == answerWithoutKey || r.Rows == answerWithKey {
		r.Notes = append(r.Notes, fmt.Sprintf("%d records are as many as one call answers: the extract may be cut off", r.Rows))
	}
}

// row reads a record, or says why it is set aside. The period is empty for a whole year.
func (c *comtradeColumns) row(s *sheet, codes *Codes) (row comtradeRow, period, why string, p *problem.Problem) {
	f := &row.flow
	row.line = s.line
	if why, p := c.partOfTotal(s); p != nil {
		return row, "", why, p
	}
	switch flow := s.cell(c.flow); {
	case slices.Contains(c.imports, flow):
		row.imported = true
	case !slices.Contains(c.exports, flow):
		return row, "", "re-imports and re-exports", s.problem(c.flow, fmt.Sprintf("flow %q is neither import nor export", clip(flow)), "")
	}
	f.Line = s.cell(c.line)
	if _, ok := digits([]byte(f.Line)); !ok || len(f.Line) != 6 {
		return row, "", "customs code not of six digits", s.problem(c.line, fmt.Sprintf("%q has not six digits", clip(f.Line)), "totals of two and four digits are left out")
	}
	reporter, why, p := unCode(s, c.reporter, codes)
	if p != nil {
		return row, "", why, p
	}
	partner, why, p := unCode(s, c.partner, codes)
	if p != nil {
		return row, "", why, p
	}
	f.From, f.To = reporter, partner
	if row.imported {
		f.From, f.To = partner, reporter
	}
	if f.Year, p = s.year(c.year); p != nil {
		return row, "", "no year", p
	}
	period = c.monthOf(s)
	row.monthly = period != ""
	if f.Value, p = s.number(c.value); p != nil || !(f.Value > 0) {
		return row, "", "no value above zero", s.problem(c.value, fmt.Sprintf("%q is no value above zero", clip(s.cell(c.value))), "")
	}
	kg, _ := s.number(c.net)
	if kg <= 0 {
		kg = math.NaN() // Comtrade writes 0 where no weight was reported
	}
	f.Mass = kg / 1000
	return row, period, "", nil
}

// monthOf is the month of a monthly record; empty: the record is of a year, which is month 52 or a period of four digits.
func (c *comtradeColumns) monthOf(s *sheet) string {
	if p := s.cell(c.period); len(p) == 6 {
		return p
	}
	if m, err := strconv.Atoi(s.cell(c.month)); err == nil && m >= 1 && m <= 12 {
		return fmt.Sprintf("%s%02d", s.cell(c.year), m)
	}
	return ""
}

// weightEstimated says that the publisher estimated the weight of a record.
func (c *comtradeColumns) weightEstimated(s *sheet) bool {
	flag, err := strconv.Atoi(s.cell(c.flag))
	return err == nil && flag&4 != 0 || strings.EqualFold(s.cell(c.estimated), "true")
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
