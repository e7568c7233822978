package app

import (
	"cmp"
	"fmt"
	"slices"

	"lodestone/internal/exposure"
	"lodestone/internal/ingest/trade"
	"lodestone/internal/law"
	"lodestone/internal/report"
	"lodestone/internal/sentence"
	"lodestone/internal/when"
)

// SheetQuestion asks for one sheet on a country.
type SheetQuestion struct {
	Importer, Supplier string
	Minerals           []string // minerals or six-digit lines; none: every mineral with flows or reported figures
	Year               int
	Bands              exposure.Bands // zero: the default bands
	Own                float64        // share of the supplier from which a screen of one's own flags; zero: none
	Book               *law.Book
	At                 when.At
}

// key is the same for the same question in the same language.
func (q *SheetQuestion) key(lang string) string {
	revision := ""
	if q.Book != nil {
		revision = q.Book.Revision
	}
	return fmt.Sprintf("%s %q %q %q %d %v %v %s %v", lang, q.Importer, q.Supplier, q.Minerals, q.Year, q.Bands, q.Own, revision, q.At)
}

// sheetsKept bounds the sheets that are kept: people turn back to the one they came from.
const sheetsKept = 24

// keptSheet is a sheet with the question that it answers.
type keptSheet struct {
	key   string
	sheet report.Sheet
}

// Sheet gathers dependence, trends and supplier series of a country. The sheets asked for last are kept: nobody may change what is given.
func (e *Exposure) Sheet(q SheetQuestion) (report.Sheet, error) {
	key := q.key(e.Lang)
	if n := slices.IndexFunc(e.sheets, func(k keptSheet) bool { return k.key == key }); n >= 0 {
		return e.sheets[n].sheet, nil
	}
	doc, err := e.newSheet(q)
	if err == nil {
		e.sheets = append(e.sheets[max(0, len(e.sheets)-sheetsKept+1):], keptSheet{key, doc})
	}
	return doc, err
}

func (e *Exposure) newSheet(q SheetQuestion) (report.Sheet, error) {
	doc := report.Sheet{Year: q.Year, On: q.At.Effective}
	var err error
	if doc.Importer, err = e.country(q.Importer); err != nil {
		return doc, sentence.Of("importer: %v", err)
	}
	if doc.Supplier, err = e.country(q.Supplier); err != nil {
		return doc, sentence.Of("supplier: %v", err)
	}
	codes, err := e.Library.Codes()
	if err != nil {
		return doc, err
	}
	doc.ImporterName, doc.SupplierName = codes.Name(doc.Importer), codes.Name(doc.Supplier)
	minerals := q.Minerals
	if len(minerals) == 0 {
		if minerals, err = e.Minerals(); err != nil {
			return doc, err
		}
	}
	for _, m := range minerals {
		s, ok, err := e.sheetMineral(&doc, m, q)
		if err != nil {
			return doc, err
		}
		if ok {
			doc.Minerals = append(doc.Minerals, s)
		}
	}
	e.sheetFlows(&doc)
	return doc, nil
}

func (e *Exposure) sheetMineral(doc *report.Sheet, mineral string, q SheetQuestion) (s report.SheetMineral, ok bool, err error) {
	s.Dependence, err = e.Dependence(DependenceQuestion{Importer: doc.Importer, Supplier: doc.Supplier, Mineral: mineral, Year: q.Year, Bands: q.Bands, Own: q.Own, Book: q.Book, At: q.At})
	if err != nil {
		return s, false, err
	}
	if len(s.Lines) == 0 && len(s.Reported) == 0 {
		return s, false, nil
	}
	for i := range s.Lines {
		l := &s.Lines[i]
		flows, err := e.trade(trade.NamePanel, l.Line)
		if err != nil {
			return s, false, err
		}
		s.Series = append(s.Series, seriesOf(flows, l.Line, doc.Importer, e.edition(trade.NamePanel)))
	}
	if len(s.Lines) > 0 {
		trends, err := e.Trend(TrendQuestion{Importer: doc.Importer, Supplier: doc.Supplier, Mineral: mineral, From: trendFrom, To: panelTo, Basis: exposure.ByValue})
		if err == nil { // a line of the year's file that the panel does not hold has no trend
			for i := range trends {
				trends[i].Suppliers = report.Series{} // stands beside them
			}
			s.Trends = trends
		}
	}
	return s, true, nil
}

// The years of the carried panel, and the year from which trends are tested unless asked otherwise: the first after the nomenclature of 2007.
const panelFrom, panelTo, trendFrom = 2002, 2024, 2008

// seriesOf is the yearly import shares, by value, of the six largest suppliers of all years together, and the rest; without an importer, the
// shares in all trade.
func seriesOf(flows *exposure.Trade, line, importer, edition string) report.Series {
	s := report.Series{Line: line, Edition: edition}
	s.Years, s.Countries = exposure.Largest(flows, importer, panelFrom, panelTo, shownSuppliers)
	return s
}

// shownSuppliers is how many suppliers a series names.
const shownSuppliers = 6

// sheetFlows adds up the flows of the sheet's lines into and out of the country, by value.
func (e *Exposure) sheetFlows(doc *report.Sheet) {
	var in, out []exposure.Part
	seen := map[string]bool{}
	add := func(parts *[]exposure.Part, more []exposure.Part) {
		for _, p := range more {
			i := slices.IndexFunc(*parts, func(x exposure.Part) bool { return x.Who == p.Who })
			if i < 0 {
				*parts = append(*parts, p)
			} else {
				(*parts)[i].Amount += p.Amount
			}
		}
	}
	for _, m := range doc.Minerals {
		for _, l := range m.Lines {
			if seen[l.Line] {
				continue
			}
			seen[l.Line] = true
			flows := e.tradeRead[yearFile(doc.Year)+" "+l.Line]
			bought, _ := flows.Imports(doc.Year, doc.Importer, exposure.ByValue)
			sold, _ := exposure.Customers(flows.Year(doc.Year), exposure.Select{From: doc.Importer}, exposure.ByValue)
			add(&in, bought)
			add(&out, sold)
		}
	}
	doc.Flows = append(partnerFlows(in, true), partnerFlows(out, false)...)
	doc.Origins = []report.CountryShare{}
	for _, p := range largestFirst(in) {
		doc.Origins = append(doc.Origins, report.CountryShare{Country: p.Who, Share: p.Amount / exposure.Total(in)})
	}
}

// partnerFlows are the eight largest partners and the rest as one.
func partnerFlows(parts []exposure.Part, imports bool) (list []report.PartnerFlow) {
	rest := 0.0
	for i, p := range largestFirst(parts) {
		if i < 8 {
			list = append(list, report.PartnerFlow{Partner: p.Who, Imports: imports, USD: p.Amount})
		} else {
			rest += p.Amount
		}
	}
	if rest > 0 {
		list = append(list, report.PartnerFlow{Partner: "others", Imports: imports, USD: rest})
	}
	return list
}

func largestFirst(parts []exposure.Part) []exposure.Part {
	return slices.SortedFunc(slices.Values(parts), func(a, b exposure.Part) int {
		return cmp.Or(cmp.Compare(b.Amount, a.Amount), cmp.Compare(a.Who, b.Who))
	})
}
