package app

import (
	"fmt"
	"math"
	"strings"

	"lodestone/internal/exposure"
	"lodestone/internal/ingest/trade"
	"lodestone/internal/problem"
	"lodestone/internal/report"
)

// The thresholds of the EU assessments since 2017.
const supplyRiskLimit, importanceLimit = 1.0, 2.8

// standIn are the names under which the sourcing tables of 2023 lump materials (docs/exposure.md, Supply risk).
var standIn = map[string][]string{
	"Titanium ores": {"Titanium", "Titanium metal"},
	"Heavy Rare earths Elements": {"Dysprosium", "Erbium", "Europium", "Gadolinium", "Holmium", "Lutetium", "Terbium", "Thulium", "Ytterbium",
		"Yttrium"},
}

// Criticality recomputes the EU supply risk and economic importance of a material (empty: of all) in the edition of 2017 or 2023, and compares
// them with what the study printed. A gap is shown, not explained away.
func (e *Exposure) Criticality(material string, edition int) ([]report.Criticality, error) {
	set := map[int]string{2017: trade.NameStudy2017, 2023: trade.NameStudy2023}[edition]
	if set == "" {
		return nil, fmt.Errorf("edition %d: the carried studies are of 2017 and 2023", edition)
	}
	all, _, err := e.Library.StudyResults(set)
	if err != nil {
		return nil, err
	}
	scores, _, err := e.Library.Scores()
	if err != nil {
		return nil, err
	}
	var docs []report.Criticality
	var names []string
	for _, r := range all {
		names = append(names, r.Material)
		if material != "" && !strings.EqualFold(material, r.Material) {
			continue
		}
		doc, err := e.criticality(r, edition)
		if err != nil {
			return nil, err
		}
		doc.Earlier = []report.Score{}
		for _, x := range scores {
			if strings.EqualFold(x.Material, r.Material) {
				doc.Earlier = append(doc.Earlier, report.Score{Year: x.Year, SupplyRisk: x.SupplyRisk, Importance: x.Importance})
			}
		}
		docs = append(docs, doc)
	}
	if docs == nil {
		if meant := problem.Nearest(material, names); meant != "" {
			return nil, fmt.Errorf("%q is no material of the study; %s was probably meant", material, meant)
		}
		return nil, fmt.Errorf("%q is no material of the study; without --material all are listed", material)
	}
	markBottlenecks(docs)
	return docs, nil
}

func (e *Exposure) criticality(r trade.StudyResult, edition int) (report.Criticality, error) {
	doc := report.Criticality{Material: r.Material, Stage: r.Stage, Edition: edition, Used: r.Used, ImportReliance: r.ImportReliance, Recycling: r.Recycling, SISupply: r.SISupply,
		SIImportance: r.SIImportance, HHIGlobal: r.HHIGlobal, HHIEU: r.HHIEU, Printed: r.SupplyRisk, PrintedImportance: r.Importance,
		SupplyRisk: exposure.Unknown(), Importance: exposure.Unknown(), From: e.from(trade.NameStudy2017)}
	if edition == 2023 {
		doc.From = e.from(trade.NameStudy2023, trade.NameShares, trade.NameWGI, trade.NameUses)
		if err := e.computedTerms(&doc); err != nil {
			return doc, err
		}
	}
	use, err := exposure.SupplyOf(r.Used)
	if err != nil {
		doc.Missing = append(doc.Missing, err.Error())
		return doc, nil
	}
	t := exposure.SupplyRiskTerms{Use: use, HHIGlobal: doc.HHIGlobal, HHIEU: doc.HHIEU, ImportReliance: doc.ImportReliance, Recycling: doc.Recycling, Substitution: doc.SISupply}
	if doc.SupplyRisk, err = t.SupplyRisk(); err != nil {
		doc.Missing = append(doc.Missing, err.Error())
	}
	doc.Gap, doc.ImportanceGap = doc.SupplyRisk-doc.Printed, doc.Importance-doc.PrintedImportance
	doc.Critical = doc.SupplyRisk >= supplyRiskLimit && doc.Importance >= importanceLimit
	if edition == 2017 {
		doc.Critical = doc.SupplyRisk >= supplyRiskLimit && doc.PrintedImportance >= importanceLimit
	}
	return doc, nil
}

// computedTerms fills what the study of 2023 lets one compute: both concentrations and the economic importance.
func (e *Exposure) computedTerms(doc *report.Criticality) (err error) {
	s := &targetSet{Aliases: standIn}
	for _, side := range []struct {
		scope   string
		to      *float64
		sources *[]exposure.Sourcing
	}{{"global", &doc.HHIGlobal, &doc.Global}, {"eu_sourcing", &doc.HHIEU, &doc.EU}} {
		if *side.sources, err = e.sourcing(s, side.scope, doc.Material, doc.Stage); err != nil {
			return err
		}
		*side.to = exposure.Unknown()
		if *side.sources != nil {
			*side.to, _ = exposure.HHIGovernance(*side.sources)
		}
	}
	all, _, err := e.uses(trade.NameUses)
	if err != nil {
		return err
	}
	largest := 0.0
	var uses []exposure.Use
	for _, u := range all {
		largest = math.Max(largest, u.Added)
		if strings.EqualFold(u.Material, doc.Material) {
			uses = append(uses, exposure.Use{Application: u.Application, Share: u.Share, Added: u.Added})
		}
	}
	if uses == nil {
		doc.Missing = append(doc.Missing, "end uses with value added")
		return nil
	}
	doc.Uses = uses
	doc.Largest, doc.Importance = largest, exposure.EconomicImportance(uses, doc.SIImportance, largest)
	return nil
}

// markBottlenecks marks the stage with more risk of each material.
func markBottlenecks(docs []report.Criticality) {
	for i := range docs {
		docs[i].Bottleneck = exposure.Known(docs[i].SupplyRisk)
		for j := range docs {
			if docs[j].Material == docs[i].Material && docs[j].SupplyRisk > docs[i].SupplyRisk {
				docs[i].Bottleneck = false
			}
		}
	}
}
