package app

import (
	"lodestone/internal/exposure"
	"lodestone/internal/ingest/trade"
	"lodestone/internal/report"
)

// risks gives the lines of a dependence their GeoPolRisk, where masses, own output and a world table of the stage are held.
func (e *Exposure) risks(doc *report.Dependence) error {
	unstable, year, err := e.instability(doc.Year)
	if err != nil {
		return err
	}
	for i := range doc.Lines {
		l := &doc.Lines[i]
		if l.Basket != "exact" || l.Basis != exposure.ByMass || !exposure.Known(l.Output.High) {
			continue
		}
		world, err := e.worldHHI(doc.Mineral, l.Stage, doc.Year)
		if err != nil || !exposure.Known(world.Low) {
			return err
		}
		flows, err := e.trade(yearFile(doc.Year), l.Line)
		if err != nil {
			return err
		}
		imports, _ := flows.Imports(doc.Year, doc.Importer, exposure.ByMass)
		l.Risk = &report.GeoPolRisk{HHI: world, Yale: exposure.YaleConcentration(world.Low), Year: year}
		l.Risk.ImportRisk, l.Risk.Score, l.Risk.Without = exposure.GeoPolRange(imports, l.Output, world, unstable)
		doc.From = append(doc.From, e.from(trade.NameWGI)...)
	}
	return nil
}

// instability is (2.5 − political stability)/5 by country, 0 to 1, of the last year that the indicators give up to the one asked.
func (e *Exposure) instability(year int) (map[string]float64, int, error) {
	all, _, err := e.Library.WGI(trade.NameWGI)
	if err != nil {
		return nil, 0, err
	}
	codes, err := e.Library.Codes()
	if err != nil {
		return nil, 0, err
	}
	last := 0
	for _, g := range all {
		if g.Year <= year {
			last = max(last, g.Year)
		}
	}
	unstable := map[string]float64{}
	for _, g := range all {
		code, ok := codes.ByISO3(g.Country)
		if g.Year == last && ok && exposure.Known(g.Stable) {
			unstable[code] = min(1, max(0, (2.5-g.Stable)/5))
		}
	}
	return unstable, last, nil
}
