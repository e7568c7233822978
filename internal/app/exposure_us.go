package app

import (
	"fmt"
	"io"
	"strings"

	"lodestone/internal/exposure"
	"lodestone/internal/ingest/trade"
	"lodestone/internal/report"
)

// GeometricQuestion asks for the risk of a mineral for the United States.
type GeometricQuestion struct {
	Mineral       string
	Year          int
	Vulnerability exposure.Range     // 0 to 1 where it is not known
	Factors       map[string]float64 // by country: how likely it is not to supply; nil: political instability stands in
	FactorsFrom   string             // what to call them
}

// unitedStates is the country whose net import reliance the Mineral Commodity Summaries print.
const unitedStates = "US"

// GeometricRisk gives a document for each world table of the mineral and each statistic of net import reliance that is printed for the year.
func (e *Exposure) GeometricRisk(q GeometricQuestion) ([]report.GeometricRisk, error) {
	mineral, err := e.mineralNamed(q.Mineral)
	if err != nil {
		return nil, err
	}
	all, err := e.chapters(trade.NameUSGS, mineral)
	if err != nil {
		return nil, err
	}
	factors, from := q.Factors, q.FactorsFrom
	if factors == nil {
		year := 0
		if factors, year, err = e.instability(q.Year); err != nil {
			return nil, err
		}
		from = e.say("us.instability", "year", fmt.Sprint(year))
	}
	var docs []report.GeometricRisk
	for _, t := range worldTables(all, mineral, q.Year) {
		w, err := gatherWorld(all, trade.NameUSGS, t.Chapter, t.Detail, t.Year)
		if err != nil || w.Tonnes == 0 {
			continue
		}
		doc := report.GeometricRisk{Mineral: mineral, Year: q.Year, Production: strings.TrimSpace(t.Commodity) + ": " + t.Detail, Vulnerability: q.Vulnerability, Factors: from, Withheld: w.Withheld,
			From: e.from(trade.NameUSGS)}
		if q.Factors == nil {
			doc.From = append(doc.From, e.from(trade.NameWGI)...)
		}
		world, err := e.coded(&w)
		if err != nil {
			return nil, err
		}
		doc.Disruption, doc.Terms = exposure.Disruption(world.Parts, world.Rest, factors, unitedStates)
		for _, r := range reliances(all, mineral, q.Year) {
			one := doc
			one.Reliance, one.Exposure = r.statistic, r.share
			one.Risk = exposure.GeometricRiskRange(one.Disruption, one.Exposure, one.Vulnerability)
			docs = append(docs, one)
		}
	}
	if docs == nil {
		return nil, fmt.Errorf("the Mineral Commodity Summaries held have no world output of %s in %d in tonnes beside a net import reliance of the United States", mineral, q.Year)
	}
	return docs, nil
}

type reliance struct {
	statistic string
	share     exposure.Range
}

// reliances are the net import reliances of the United States that are printed of a mineral for a year.
func reliances(all []trade.Statistic, mineral string, year int) (found []reliance) {
	for i := range all {
		s := &all[i]
		if s.World() || !strings.HasPrefix(s.Kind, "Net import reliance") || strings.TrimSuffix(s.Year, "e") != fmt.Sprint(year) || !chapterOf(s, mineral) {
			continue
		}
		found = append(found, reliance{strings.TrimSpace(s.Commodity) + ": " + s.Detail, relianceOf(s)})
	}
	return found
}

// relianceOf reads a percentage as it is printed: a number, E for a net exporter, a bound, or withheld.
func relianceOf(s *trade.Statistic) exposure.Range {
	x, cell := s.Number()
	switch cell {
	case trade.CellNumber:
		return exposure.Exactly(min(1, max(0, x/100)))
	case trade.CellExporter:
		return exposure.Exactly(0)
	case trade.CellBound:
		if strings.HasPrefix(strings.TrimSpace(s.Text), "<") {
			return exposure.Range{Low: 0, High: min(1, x/100)}
		}
		return exposure.Range{Low: min(1, x/100), High: 1}
	}
	return exposure.Range{Low: 0, High: 1}
}

// Factors reads a table of country factors of the user's.
func (e *Exposure) Factors(name string, r io.Reader) (map[string]float64, error) {
	text, place, err := e.ownTable(name, r)
	if err != nil {
		return nil, err
	}
	factors, _, err := trade.ReadFactors(name, text, place)
	return factors, err
}
