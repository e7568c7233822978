package app

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"lodestone/internal/exposure"
	"lodestone/internal/ingest/trade"
	"lodestone/internal/problem"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

// NetworkQuestion asks how long a supply network meets its demand when a country, or one of its sites, stops.
type NetworkQuestion struct {
	Supplier string  // the country that is cut
	Recover  float64 // days until a site delivers again whose row does not say; NaN: not known
	Horizon  int     // days looked ahead
	Start    when.Date
}

// maxSites bounds a network: each of its sites is cut in turn.
const maxSites = 300

// Network reads a supply network (CSV in any of the encodings of item tables, or an Excel workbook), cuts all sites of a country at once and then each site by
// itself, and tells time to survive against time to recover.
func (e *Exposure) Network(name string, r io.Reader, q NetworkQuestion) (report.Network, error) {
	doc := report.Network{Start: q.Start, Horizon: q.Horizon, Recover: q.Recover}
	var err error
	if doc.Supplier, err = e.country(q.Supplier); err != nil {
		return doc, err
	}
	n, err := e.network(name, r, q, &doc)
	if err != nil {
		return doc, err
	}
	cut := make([]bool, len(n.Sites))
	for i, s := range n.Sites {
		cut[i] = s.Country == doc.Supplier
		if !slices.Contains(doc.Sites, s.Name) {
			doc.Sites = append(doc.Sites, s.Name)
		}
	}
	if slices.Contains(cut, true) {
		country := stressed(n, cut, q)
		country.Country = doc.Supplier
		doc.Country = &country
	}
	for _, site := range doc.Sites {
		for i, s := range n.Sites {
			cut[i] = s.Name == site
		}
		one := stressed(n, cut, q)
		one.Site, one.Country = site, n.Sites[slices.Index(cut, true)].Country
		doc.Cuts = append(doc.Cuts, one)
	}
	slices.SortStableFunc(doc.Cuts, func(a, b report.NetworkCut) int {
		return cmp.Or(cmp.Compare(known(b.Margin), known(a.Margin)), cmp.Compare(a.Survive, b.Survive))
	})
	return doc, nil
}

func (e *Exposure) network(name string, r io.Reader, q NetworkQuestion, doc *report.Network) (n exposure.Network, err error) {
	text, place, err := e.ownTable(name, r)
	if err != nil {
		return n, err
	}
	rows, reading, err := trade.ReadNetwork(name, text, place)
	doc.Reading = reading
	if err != nil {
		return n, err
	}
	if n, err = trade.NetworkOf(name, rows); err != nil {
		return n, err
	}
	if len(n.Sites) > maxSites {
		return n, fmt.Errorf("%s: %d sites; at most %d are cut in turn: join those that stand in for one another", name, len(n.Sites), maxSites)
	}
	for i := range n.Sites {
		if math.IsNaN(n.Sites[i].Recover) {
			n.Sites[i].Recover = q.Recover
		}
	}
	if err := n.Check(); err != nil {
		return n, fmt.Errorf("%s: %w", name, err)
	}
	return n, nil
}

func stressed(n exposure.Network, cut []bool, q NetworkQuestion) report.NetworkCut {
	s := n.Cut(cut, float64(q.Horizon))
	c := report.NetworkCut{Survive: s.Survive, Recover: s.Recover, Act: s.Act, Lost: s.Lost, Margin: s.Margin, Scarce: s.Scarce}
	c.StockOut = dayAfter(q.Start, s.Survive)
	return c
}

// LossesQuestion asks how a loss of some sectors spreads to others.
type LossesQuestion struct {
	Cut    []SectorCut
	Adjust float64 // part of the way to the new balance in a day; zero: the course is not told
	Days   int     // how long the cut lasts, for the course
	Follow int     // days followed
}

// SectorCut is the share of a sector's output that is lost at first.
type SectorCut struct {
	Sector string
	Share  float64
}

// Losses reads an input-output table and spreads a cut over it, backward to suppliers and forward to customers.
func (e *Exposure) Losses(name string, r io.Reader, q LossesQuestion) (report.Losses, error) {
	doc := report.Losses{Adjust: q.Adjust, Days: q.Days}
	text, _, err := e.ownTable(name, r)
	if err != nil {
		return doc, err
	}
	table, reading, err := trade.ReadInputOutput(name, text)
	doc.Reading = reading
	if err != nil {
		return doc, err
	}
	if err := table.Check(); err != nil {
		return doc, fmt.Errorf("%s: %w", name, err)
	}
	cut := make([]float64, len(table.Sectors))
	for _, c := range q.Cut {
		i := slices.Index(table.Sectors, c.Sector)
		if i < 0 {
			meant := problem.Nearest(c.Sector, table.Sectors)
			if meant == "" {
				meant = "one of " + strings.Join(table.Sectors[:min(5, len(table.Sectors))], ", ") + " …"
			}
			return doc, fmt.Errorf("%s: %q is no sector; %s was probably meant", name, c.Sector, meant)
		}
		cut[i] = c.Share
	}
	return doc, spread(&doc, table, cut, q)
}

func spread(doc *report.Losses, t exposure.InputOutput, cut []float64, q LossesQuestion) error {
	back, err := t.Spread(cut, exposure.Backward)
	if err != nil {
		return err
	}
	ahead, err := t.Spread(cut, exposure.Forward)
	if err != nil {
		return err
	}
	if q.Adjust > 0 {
		doc.Backward, doc.Forward = t.Follow(cut, exposure.Backward, q.Adjust, q.Days, q.Follow), t.Follow(cut, exposure.Forward, q.Adjust, q.Days, q.Follow)
	}
	for i, name := range t.Sectors {
		s := report.SectorLoss{Sector: name, Output: t.Output[i], Cut: cut[i], Direct: cut[i] * t.Output[i], Backward: back[i], Forward: ahead[i],
			BackwardLoss: back[i] * t.Output[i], ForwardLoss: ahead[i] * t.Output[i], BackwardAdded: exposure.Unknown(), ForwardAdded: exposure.Unknown()}
		if t.Added != nil {
			s.BackwardAdded, s.ForwardAdded = back[i]*t.Added[i], ahead[i]*t.Added[i]
		}
		doc.Direct += s.Direct
		doc.BackwardLoss += s.BackwardLoss
		doc.ForwardLoss += s.ForwardLoss
		doc.BackwardAdded += s.BackwardAdded
		doc.ForwardAdded += s.ForwardAdded
		doc.Beyond = doc.Beyond || back[i] > 1 || ahead[i] > 1
		doc.Sectors = append(doc.Sectors, s)
	}
	slices.SortStableFunc(doc.Sectors, func(a, b report.SectorLoss) int {
		return cmp.Compare(max(b.BackwardLoss, b.ForwardLoss), max(a.BackwardLoss, a.ForwardLoss))
	})
	return nil
}
