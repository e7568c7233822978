package app

import (
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

	tradeRead  map[string]*exposure.Trade // by set and line
	sharesRead map[string][]trade.SupplyShare
	riskRead   map[string]map[string]float64
	usesRead   map[string][]trade.UseShare
	usgsRead   map[string][]trade.Statistic // by set, or by set and mineral
	linesRead  []trade.MineralLine
	factsRead  map[string][]trade.Fact
	comextRead map[string][]exposure.Flow
	groupsRead map[string]map[string]string
	sheets     []keptSheet // the newest last
}

// NewExposure opens the carried data; files in dir go before it (empty: none).
func NewExposure(dir string, v *vocab.Vocab, lang string) (*Exposure, error) {
	l, err := trade.OpenLibrary(dir)
	if err != nil {
		return nil, err
	}
	return &Exposure{Library: l, Vocab: v, Lang: lang, tradeRead: map[string]*exposure.Trade{}, sharesRead: map[string][]trade.SupplyShare{},
		riskRead: map[string]map[string]float64{}, usesRead: map[string][]trade.UseShare{}, usgsRead: map[string][]trade.Statistic{}, factsRead: map[string][]trade.Fact{},
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

// edition names a set as charts and lines do: whose it is, and which edition.
func (e *Exposure) edition(set string) string {
	s, _ := e.Library.Source(set)
	return s.Source + " " + s.Edition
}

// from names sets with their editions.
func (e *Exposure) from(sets ...string) []report.From {
	var out []report.From
	for _, name := range sets {
		s, _ := e.Library.Source(name)
		out = append(out, report.From{Set: name, Edition: s.Edition})
	}
	return out
}

// trade reads the flows of one line.
func (e *Exposure) trade(set, line string) (*exposure.Trade, error) {
	key := set + " " + line
	if t, ok := e.tradeRead[key]; ok {
		return t, nil
	}
	flows, _, err := e.Library.Flows(set, []string{line})
	if err != nil {
		return nil, err
	}
	e.tradeRead[key] = exposure.NewTrade(flows)
	return e.tradeRead[key], nil
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

// lines is the table of minerals and their customs lines.
func (e *Exposure) lines() (all []trade.MineralLine, err error) {
	if e.linesRead == nil {
		e.linesRead, _, err = e.Library.MineralLines()
	}
	return e.linesRead, err
}

func (e *Exposure) facts(set string) ([]trade.Fact, error) {
	if x, ok := e.factsRead[set]; ok {
		return x, nil
	}
	x, _, err := e.Library.Facts(set)
	if err == nil {
		e.factsRead[set] = x
	}
	return x, err
}

// chapters are the statistics of the chapters that hold a mineral, and perhaps those of others.
func (e *Exposure) chapters(set, mineral string) ([]trade.Statistic, error) {
	key := set + " " + mineral
	for _, have := range []string{set, key} {
		if x, ok := e.usgsRead[have]; ok {
			return x, nil
		}
	}
	x, whole, err := e.Library.USGSChapters(set, func(chapter, commodity string) bool { return inChapter(chapter, commodity, mineral) })
	switch {
	case err != nil:
		return nil, err
	case whole:
		key = set
	}
	e.usgsRead[key] = x
	return x, nil
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
