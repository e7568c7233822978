package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"lodestone/internal/exposure"
)

// CriticalityPaper lays the terms of the EU assessment out, a stage a row.
func CriticalityPaper(docs []Criticality, s Speaker) Paper {
	p := Paper{Title: s.Say("criticality.title", "edition", fmt.Sprint(docs[0].Edition)), speaker: s}
	risk := &Grid{Name: "supply_risk", Columns: columns("material stage supply_used hhi_gs:2 hhi_eu:2 import_reliance:2 recycling:2 si:2 supply_risk:2 printed:1 gap:2 bottleneck critical")}
	importance := &Grid{Name: "importance", Columns: columns("material si:2 economic_importance:2 printed:1 gap:2 missing")}
	earlier := &Grid{Name: "earlier", Columns: columns("material year supply_risk_printed:1 importance_printed:1")}
	seen := ""
	for i := range docs {
		d := &docs[i]
		risk.add(d.Material, d.Stage, d.Used, d.HHIGlobal, d.HHIEU, d.ImportReliance, d.Recycling, d.SISupply, d.SupplyRisk, d.Printed, d.Gap, d.Bottleneck, d.Critical)
		if d.Material != seen {
			importance.add(d.Material, d.SIImportance, d.Importance, d.PrintedImportance, d.ImportanceGap, strings.Join(d.Missing, "; "))
			for _, x := range d.Earlier {
				earlier.add(d.Material, fmt.Sprint(x.Year), x.SupplyRisk, x.Importance)
			}
		}
		seen = d.Material
	}
	p.Sections = []Section{{Lines: []string{s.Say("criticality.risk"), s.Say("criticality.importance"), s.Say("criticality.gap")}, Grids: []*Grid{risk, importance, earlier}, Foot: s.sources(docs[0].From)}}
	supply, uses := criticalityTerms(docs)
	p.Files = []*Grid{risk, importance, earlier, supply, uses}
	if docs[0].Material == docs[len(docs)-1].Material {
		p.Sections[0].Lines = append(p.Sections[0].Lines, arithmetic(docs)...)
		p.Sections = append(p.Sections, Section{Grids: []*Grid{supply, uses}})
	}
	return p
}

// criticalityTerms are the countries and uses that concentration and importance are summed over.
func criticalityTerms(docs []Criticality) (supply, uses *Grid) {
	supply = &Grid{Name: "supply_terms", Columns: columns("material stage supply_used country share_pct:1 governance:2 t:1 weighed:4")}
	uses = &Grid{Name: "use_terms", Columns: columns("material application share_pct:1 added:0 share_of_added:0")}
	seen := ""
	for i := range docs {
		d := &docs[i]
		for _, side := range []struct {
			name    string
			sources []exposure.Sourcing
		}{{"GS", d.Global}, {"EU", d.EU}} {
			sorted := slices.SortedStableFunc(slices.Values(side.sources), func(a, b exposure.Sourcing) int { return cmp.Compare(b.Share, a.Share) })
			for _, x := range sorted {
				supply.add(d.Material, d.Stage, side.name, x.Country, 100*x.Share, x.Governance, x.Trade, x.Share*x.Share*x.Governance*x.Trade)
			}
		}
		if d.Material != seen {
			for _, x := range d.Uses {
				uses.add(d.Material, x.Application, 100*x.Share, x.Added, x.Share*x.Added)
			}
		}
		seen = d.Material
	}
	return supply, uses
}

// arithmetic writes supply risk and importance out with their numbers.
func arithmetic(docs []Criticality) (lines []string) {
	for i := range docs {
		d := &docs[i]
		rest := fmt.Sprintf("·(1 − %s)·%s = %s", num(d.Recycling, 2), num(d.SISupply, 2), num(d.SupplyRisk, 2))
		use, err := exposure.SupplyOf(d.Used)
		switch {
		case err != nil || !exposure.Known(d.SupplyRisk):
			continue
		case use == exposure.GlobalOnly:
			lines = append(lines, fmt.Sprintf("SR %s %s = %s%s", d.Material, d.Stage, num(d.HHIGlobal, 2), rest))
		case use == exposure.EUOnly:
			lines = append(lines, fmt.Sprintf("SR %s %s = %s%s", d.Material, d.Stage, num(d.HHIEU, 2), rest))
		default:
			half := num(d.ImportReliance, 2) + "/2"
			lines = append(lines, fmt.Sprintf("SR %s %s = [%s·%s + %s·(1 − %s)]%s", d.Material, d.Stage, num(d.HHIGlobal, 2), half, num(d.HHIEU, 2), half, rest))
		}
	}
	if d := &docs[0]; d.Uses != nil {
		sum := 0.0
		for _, x := range d.Uses {
			sum += x.Share * x.Added
		}
		lines = append(lines, fmt.Sprintf("EI %s = 10/%s·%s·%s = %s", d.Material, num(d.Largest, 0), num(sum, 0), num(d.SIImportance, 2), num(d.Importance, 2)))
	}
	return lines
}

// GeometricRiskPaper lays the risk for the United States out, with every term.
func GeometricRiskPaper(docs []GeometricRisk, s Speaker) Paper {
	p := Paper{Title: s.Say("us.title", "mineral", s.Mineral(docs[0].Mineral), "year", fmt.Sprint(docs[0].Year)), speaker: s}
	risk := &Grid{Name: "us_risk", Columns: columns("production reliance disruption:3 trade_exposure:2 vulnerability:2 risk:3 withheld")}
	terms := &Grid{Name: "us_terms", Columns: columns("production country share_pct:1 factor:3 term:4")}
	seen := ""
	for i := range docs {
		d := &docs[i]
		risk.add(d.Production, d.Reliance, d.Disruption, d.Exposure, d.Vulnerability, d.Risk, strings.Join(d.Withheld, ", "))
		if d.Production == seen {
			continue
		}
		seen = d.Production
		for _, t := range d.Terms {
			terms.add(d.Production, t.Country, 100*t.Share, t.Factor, t.Term)
		}
	}
	p.Sections = []Section{{Lines: []string{s.Say("us.formula"), s.Say("us.factor", "factors", docs[0].Factors)}, Grids: []*Grid{risk, terms}, Foot: s.Say("us.note") + " " + s.sources(docs[0].From)}}
	return p
}
