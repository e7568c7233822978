package app

import (
	"fmt"
	"strings"

	"lodestone/internal/exposure"
	"lodestone/internal/ingest/trade"
	"lodestone/internal/report"
	"lodestone/internal/vocab"
)

// Exposure answers questions of dependence from trade and production data. It keeps what it has read, and belongs to one goroutine.
type Exposure struct {
	Library *trade.Library
	Vocab   *vocab.Vocab // names of countries and minerals
	Lang    string       // of sentences: en, zh, ko

	flowsRead  map[string][]exposure.Flow         // by set and line
	yearsRead  map[string]map[int][]exposure.Flow // the same, by year
	sharesRead map[string][]trade.SupplyShare
	riskRead   map[string]map[string]float64
	usesRead   map[string][]trade.UseShare
	usgsRead   map[string][]trade.Statistic
	comextRead map[string][]exposure.Flow
	groupsRead map[string]map[string]string
}

// NewExposure opens the carried data; files in dir go before it (empty: none).
func NewExposure(dir string, v *vocab.Vocab, lang string) (*Exposure, error) {
	l, err := trade.OpenLibrary(dir)
	if err != nil {
		return nil, err
	}
	return &Exposure{Library: l, Vocab: v, Lang: lang, flowsRead: map[string][]exposure.Flow{}, yearsRead: map[string]map[int][]exposure.Flow{}, sharesRead: map[string][]trade.SupplyShare{},
		riskRead: map[string]map[string]float64{}, usesRead: map[string][]trade.UseShare{}, usgsRead: map[string][]trade.Statistic{},
		comextRead: map[string][]exposure.Flow{}, groupsRead: map[string]map[string]string{}}, nil
}

// say is a sentence in the language of the answers.
func (e *Exposure) say(key string, pairs ...string) string {
	return report.Speaker{Lang: e.Lang, Vocab: e.Vocab}.Say(key, pairs...)
}

func (e *Exposure) judged(j exposure.Judgement) report.Judged {
	s := report.Speaker{Lang: e.Lang, Vocab: e.Vocab}
	return report.Judged{Grade: j.Grade, MayBe: j.MayBe, Because: s.Reasons(j.Because), Missing: s.Reasons(j.Missing)}
}

// Sources lists the carried data sets.
func (e *Exposure) Sources() []trade.Source { return e.Library.Sources }

// from names sets with their editions.
func (e *Exposure) from(sets ...string) []report.From {
	var out []report.From
	for _, name := range sets {
		s, _ := e.Library.Source(name)
		out = append(out, report.From{Set: name, Edition: s.Edition})
	}
	return out
}

// flows reads the flows of one line.
func (e *Exposure) flows(set, line string) ([]exposure.Flow, error) {
	key := set + " " + line
	if f, ok := e.flowsRead[key]; ok {
		return f, nil
	}
	f, _, err := e.Library.Flows(set, []string{line})
	if err != nil {
		return nil, err
	}
	e.flowsRead[key] = f
	return f, nil
}

// byYear are the flows of one line, year by year: questions about many years look at each year's flows only.
func (e *Exposure) byYear(set, line string) (map[int][]exposure.Flow, error) {
	key := set + " " + line
	if years, ok := e.yearsRead[key]; ok {
		return years, nil
	}
	flows, err := e.flows(set, line)
	if err != nil {
		return nil, err
	}
	years := map[int][]exposure.Flow{}
	for i := 0; i < len(flows); {
		j := i
		for j < len(flows) && flows[j].Year == flows[i].Year {
			j++
		}
		if year := flows[i].Year; years[year] == nil {
			years[year] = flows[i:j:j] // files go year by year: most years are one stretch, which is not copied
		} else {
			years[year] = append(years[year], flows[i:j]...)
		}
		i = j
	}
	e.yearsRead[key] = years
	return years, nil
}

func (e *Exposure) supplyShares(set string) ([]trade.SupplyShare, error) {
	if x, ok := e.sharesRead[set]; ok {
		return x, nil
	}
	x, _, err := e.Library.SupplyShares(set)
	if err != nil {
		return nil, err
	}
	e.sharesRead[set] = x
	return x, nil
}

// The window of the governance mean in the EU study of 2023: the years of its supply data.
const governanceFrom, governanceTo = 2016, 2020

// governance is the risk (0 best to 10 worst) by ISO3: the mean of all estimates of the window.
func (e *Exposure) governance(set string) (map[string]float64, error) {
	if x, ok := e.riskRead[set]; ok {
		return x, nil
	}
	all, _, err := e.Library.WGI(set)
	if err != nil {
		return nil, err
	}
	sum, n := map[string]float64{}, map[string]int{}
	for _, g := range all {
		if g.Year >= governanceFrom && g.Year <= governanceTo {
			sum[g.Country] += g.Sum
			n[g.Country] += g.Given
		}
	}
	risk := map[string]float64{}
	for c := range sum {
		risk[c] = exposure.GovernanceRisk(sum[c] / float64(n[c]))
	}
	e.riskRead[set] = risk
	return risk, nil
}

func (e *Exposure) uses(set string) ([]trade.UseShare, trade.Reading, error) {
	if x, ok := e.usesRead[set]; ok {
		return x, trade.Reading{}, nil
	}
	x, r, err := e.Library.UseShares(set)
	if err == nil {
		e.usesRead[set] = x
	}
	return x, r, err
}

func (e *Exposure) usgs(set string) ([]trade.Statistic, error) {
	if x, ok := e.usgsRead[set]; ok {
		return x, nil
	}
	x, _, err := e.Library.USGS(set)
	if err == nil {
		e.usgsRead[set] = x
	}
	return x, err
}

func (e *Exposure) comext(set, groupSet string) ([]exposure.Flow, map[string]string, error) {
	flows, ok := e.comextRead[set]
	if !ok {
		d, _, err := e.Library.Comext(set)
		if err != nil {
			return nil, nil, err
		}
		flows = d.Imports
		e.comextRead[set] = flows
	}
	groups, ok := e.groupsRead[groupSet]
	if !ok {
		list, _, err := e.Library.Groups(groupSet)
		if err != nil {
			return nil, nil, err
		}
		groups = map[string]string{}
		for _, g := range list {
			groups[g.Code] = g.Group
		}
		e.groupsRead[groupSet] = groups
	}
	return flows, groups, nil
}

// worldTable is one statistic of a world table: countries, the lumped rest, and who is withheld.
type worldTable struct {
	Detail   string
	Unit     string
	Tonnes   float64 // in one unit; zero: no mass
	Year     string
	Edition  string
	Parts    []exposure.Part // by name as printed
	Rest     float64
	Withheld []string
}

// worldTable gathers a world table of the Mineral Commodity Summaries. Only world tables count: the salient statistics of the United States
// use the same words.
func (e *Exposure) worldTable(set, commodity, detail, year string) (worldTable, error) {
	all, err := e.usgs(set)
	if err != nil {
		return worldTable{}, err
	}
	w := worldTable{Detail: detail, Year: year, Withheld: []string{}}
	found := false
	for i := range all {
		s := &all[i]
		if !s.World() || s.Chapter != commodity || s.Detail != detail || strings.TrimSuffix(s.Year, "e") != year {
			continue
		}
		found, w.Unit, w.Tonnes, w.Edition = true, s.Unit, s.Tonnes(), s.Edition
		if s.IsTotal() {
			continue
		}
		x, cell := s.Number()
		switch {
		case cell != trade.CellNumber:
			w.Withheld = append(w.Withheld, s.Country)
		case s.IsRest():
			w.Rest += x
		default:
			w.Parts = append(w.Parts, exposure.Part{Who: s.Country, Amount: x})
		}
	}
	if !found {
		return w, fmt.Errorf("%s has no world table %q of %s for %s", set, detail, commodity, year)
	}
	return w, nil
}
