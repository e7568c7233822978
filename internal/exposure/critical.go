package exposure

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Supply says which of the two supplies an EU supply risk rests on.
type Supply string

const (
	GlobalAndEU Supply = "GS+EU"
	GlobalOnly  Supply = "GS"
	EUOnly      Supply = "EU"
)

// SupplyOf reads the words that the EU studies print: GS+EU, GS only, GSonly, EU only, EUonly.
func SupplyOf(s string) (Supply, error) {
	switch s {
	case "GS+EU", "GS + EU", "both":
		return GlobalAndEU, nil
	case "GS only", "GSonly", "GS":
		return GlobalOnly, nil
	case "EU only", "EUonly", "EU":
		return EUOnly, nil
	}
	return "", fmt.Errorf("supply used %q is none of GS+EU, GS only, EU only", s)
}

// Sourcing is one country's share in a supply, with what weighs it.
type Sourcing struct {
	Country    string  `json:"country"`
	Share      float64 `json:"share"`      // fraction
	Governance float64 `json:"governance"` // 2·(2.5 − mean of the six governance estimates), 0 best to 10 worst; NaN: no estimate
	Trade      float64 `json:"trade"`      // t: 0.8 EU and some agreements, 1 base, above 1 for export taxes, quotas, licences, bans
}

// GovernanceRisk turns the mean of the six Worldwide Governance Indicators (about −2.5 to 2.5) into the EU studies' risk of 0 to 10.
func GovernanceRisk(mean float64) float64 { return 2 * (2.5 - mean) }

// HHIGovernance is Σ S²·WGI·t, 0 to 10 and beyond. Countries without an estimate are left out and named.
func HHIGovernance(sources []Sourcing) (hhi float64, without []string) {
	for _, s := range sources {
		if !Known(s.Governance) {
			without = append(without, s.Country)
			continue
		}
		hhi += s.Share * s.Share * s.Governance * s.Trade
	}
	return hhi, without
}

// SupplyRiskTerms are what an EU supply risk is made of. A term that a variant does not use may be NaN.
type SupplyRiskTerms struct {
	Use            Supply
	HHIGlobal      float64
	HHIEU          float64
	ImportReliance float64 // fraction
	Recycling      float64 // EoL-RIR, fraction
	Substitution   float64 // SI_SR
}

// SupplyRisk is [HHI_GS·IR/2 + HHI_EU·(1 − IR/2)]·(1 − EoL_RIR)·SI_SR; with one supply only, its HHI stands alone in the bracket
// (European Commission 2017, methodology of the criticality assessments). The error names the term that is missing.
func (t SupplyRiskTerms) SupplyRisk() (float64, error) {
	need := map[string]float64{"EoL-RIR": t.Recycling, "SI_SR": t.Substitution}
	base := Unknown()
	switch t.Use {
	case GlobalAndEU:
		need["HHI of global supply"], need["HHI of EU sourcing"], need["import reliance"] = t.HHIGlobal, t.HHIEU, t.ImportReliance
		base = t.HHIGlobal*t.ImportReliance/2 + t.HHIEU*(1-t.ImportReliance/2)
	case GlobalOnly:
		need["HHI of global supply"], base = t.HHIGlobal, t.HHIGlobal
	case EUOnly:
		need["HHI of EU sourcing"], base = t.HHIEU, t.HHIEU
	}
	for _, name := range []string{"HHI of global supply", "HHI of EU sourcing", "import reliance", "EoL-RIR", "SI_SR"} {
		if x, ok := need[name]; ok && !Known(x) {
			return Unknown(), fmt.Errorf("supply risk needs %s, which is not given", name)
		}
	}
	return base * (1 - t.Recycling) * t.Substitution, nil
}

// Use is one use of a material: its share of all uses and the gross value added of the sector it serves (any unit, the same for all).
type Use struct {
	Application string  `json:"application"`
	Share       float64 `json:"share"`
	Added       float64 `json:"value_added"`
}

// EconomicImportance is 10/max Q · Σ A·Q · SI_EI.
func EconomicImportance(uses []Use, substitution, largest float64) float64 {
	sum := 0.0
	for _, u := range uses {
		sum += u.Share * u.Added
	}
	return 10 / largest * sum * substitution
}

// GeoPolFlow is an import for GeoPolRisk: mass, value, and the political instability of the origin on 0 to 1.
type GeoPolFlow struct {
	Mass, Value, Instability float64
}

// GeoPol is the GeoPolRisk of one importer (Gemechu et al. 2016, Koyamparambath et al. 2022).
type GeoPol struct {
	Numerator   float64 // Σ g·f, tonnes
	TotalImport float64 // F, tonnes
	ImportRisk  float64 // Σ g·f/(p + F)
	Score       float64 // HHI of production times import risk
	Price       float64 // Σ v/Σ q
	Midpoint    float64 // score times price
}

// GeoPolRisk computes it from imports, domestic output p (tonnes) and the HHI of world production.
func GeoPolRisk(flows []GeoPolFlow, domestic, hhi float64) GeoPol {
	g := GeoPol{}
	value := 0.0
	for _, f := range flows {
		g.Numerator += f.Mass * f.Instability
		g.TotalImport += f.Mass
		value += f.Value
	}
	g.ImportRisk = g.Numerator / (domestic + g.TotalImport)
	g.Score = hhi * g.ImportRisk
	g.Price = value / g.TotalImport
	g.Midpoint = g.Score * g.Price
	return g
}

// GeoPolRange is the import risk and the score over the ranges of domestic output and of the HHI. An origin without an estimate of its instability lies
// between no risk and all of it, and is named.
func GeoPolRange(imports []Part, output, hhi Range, unstable map[string]float64) (risk, score Range, without []string) {
	without = []string{}
	var least, most []GeoPolFlow
	for _, p := range imports {
		g, ok := unstable[p.Who]
		worst := g
		if !ok {
			without, worst = append(without, p.Who), 1
		}
		least = append(least, GeoPolFlow{Mass: p.Amount, Instability: g})
		most = append(most, GeoPolFlow{Mass: p.Amount, Instability: worst})
	}
	low, high := GeoPolRisk(least, output.High, hhi.Low), GeoPolRisk(most, output.Low, hhi.High)
	return Range{low.ImportRisk, high.ImportRisk}, Range{low.Score, high.Score}, without
}

// YaleConcentration is 17.5·ln(HHI) − 61.18 with HHI on 0 to 10 000: 100 at a monopoly (Graedel et al. 2012); below zero counts as zero.
func YaleConcentration(hhi float64) float64 {
	return math.Max(0, 17.5*math.Log(hhi*10000)-61.18)
}

// DisruptionTerm is one producer's part in a disruption potential.
type DisruptionTerm struct {
	Country string  `json:"country"`
	Share   float64 `json:"share"`
	Factor  Range   `json:"factor"`
	Term    Range   `json:"term"` // S²·f
}

// Disruption is a disruption potential, Σ S²·f over the countries that produce: f is how likely a country is not to supply, from 0 to 1. The country that
// asks does not disrupt itself: its factor is 0. A producer without a factor lies between 0 and 1, and a lumped rest between nothing and one country
// that is sure to fail. Terms stand by size.
func Disruption(parts []Part, rest float64, factor map[string]float64, own string) (whole Range, terms []DisruptionTerm) {
	total := Total(parts) + rest
	if total <= 0 {
		return Range{Unknown(), Unknown()}, nil
	}
	for _, p := range parts {
		if !Known(p.Amount) || p.Amount <= 0 {
			continue
		}
		t := DisruptionTerm{Country: p.Who, Share: p.Amount / total, Factor: Range{0, 1}}
		if f, ok := factor[p.Who]; ok {
			t.Factor = Exactly(f)
		}
		if p.Who == own {
			t.Factor = Exactly(0)
		}
		t.Term = Range{t.Share * t.Share * t.Factor.Low, t.Share * t.Share * t.Factor.High}
		whole.Low += t.Term.Low
		whole.High += t.Term.High
		terms = append(terms, t)
	}
	whole.High += rest / total * rest / total
	slices.SortStableFunc(terms, func(a, b DisruptionTerm) int {
		return cmp.Or(cmp.Compare(b.Term.High, a.Term.High), cmp.Compare(b.Share, a.Share))
	})
	return whole, terms
}

// GeometricRiskRange is GeometricRisk over ranges of its terms.
func GeometricRiskRange(disruption, exposure, vulnerability Range) Range {
	return Range{GeometricRisk(disruption.Low, exposure.Low, vulnerability.Low), GeometricRisk(disruption.High, exposure.High, vulnerability.High)}
}

// GeometricRisk is the cube root of three terms on 0 to 1: disruption potential, trade exposure and economic vulnerability, the outer
// form of Nassar et al. 2020. Their disruption potential weighs shares of production with a factor made of ability and willingness to supply, in a way that
// is not repeated here: Disruption takes any factor by country.
func GeometricRisk(disruption, exposure, vulnerability float64) float64 {
	return math.Cbrt(disruption * exposure * vulnerability)
}
