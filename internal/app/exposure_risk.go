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
		l.Risk = geoPolRisk(flows.To(doc.Year, doc.Importer), l.Output, world, unstable)
		l.Risk.Year = year
		doc.From = append(doc.From, e.from(trade.NameWGI)...)
	}
	return nil
}

func geoPolRisk(imports []exposure.Flow, output, world exposure.Range, unstable map[string]float64) *report.GeoPolRisk {
	r := &report.GeoPolRisk{HHI: world, Yale: exposure.YaleConcentration(world.Low), Without: []string{}}
	byMass, _ := exposure.Origins(imports, exposure.Select{}, exposure.ByMass)
	var least, most []exposure.GeoPolFlow
	for _, p := range byMass {
		g, ok := unstable[p.Who]
		worst := g
		if !ok {
			r.Without, worst = append(r.Without, p.Who), 1
		}
		least = append(least, exposure.GeoPolFlow{Mass: p.Amount, Instability: g})
		most = append(most, exposure.GeoPolFlow{Mass: p.Amount, Instability: worst})
	}
	low, high := exposure.GeoPolRisk(least, output.High, world.Low), exposure.GeoPolRisk(most, output.Low, world.High)
	r.ImportRisk = exposure.Range{Low: low.ImportRisk, High: high.ImportRisk}
	r.Score = exposure.Range{Low: low.Score, High: high.Score}
	return r
}

// worldHHI is the concentration of world output at the stage of a line; not known where no table is of that stage.
func (e *Exposure) worldHHI(mineral, stage string, year int) (exposure.Range, error) {
	none := exposure.Range{Low: exposure.Unknown(), High: exposure.Unknown()}
	all, err := e.chapters(trade.NameUSGS, mineral)
	if err != nil {
		return none, err
	}
	for _, t := range worldTables(all, mineral, year) {
		w, err := gatherWorld(all, trade.NameUSGS, t.Chapter, t.Detail, t.Year)
		if err == nil && w.Tonnes > 0 && stageOf(t.Detail) == stageFor(stage) {
			k := exposure.Measure(w.Parts, w.Rest)
			return exposure.Range{Low: k.HHI, High: k.HHIUpper}, nil
		}
	}
	return none, nil
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
