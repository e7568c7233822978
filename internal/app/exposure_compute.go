package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"lodestone/internal/exposure"
	"lodestone/internal/ingest/trade"
	"lodestone/internal/problem"
	"lodestone/internal/report"
)

// targets is a file of recomputation targets. What it expects is not read: the answers come from inputs and data alone.
type targets struct {
	Format string      `json:"format"`
	Sets   []targetSet `json:"sets"`
}

type targetSet struct {
	ID      string              `json:"id"`
	Files   []string            `json:"files"`
	Aliases map[string][]string `json:"aliases"`
	Rows    []struct {
		Key    string          `json:"key"`
		Inputs json.RawMessage `json:"inputs"`
	} `json:"rows"`
}

// maxTargets bounds a target file in bytes.
const maxTargets = 64 << 20

// Compute answers every row of a target file, in order. A row is computed by the method that its inputs call for, so that rows of the same
// sort in other sets are answered too; a row that no method fits has a problem instead of results.
func (e *Exposure) Compute(name string, r io.Reader) ([]report.Computed, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxTargets+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxTargets {
		return nil, problem.List{{Place: problem.Place{File: name}, Text: fmt.Sprintf("is longer than %d MB", maxTargets>>20), Meant: "split it"}}
	}
	var t targets
	if err := json.Unmarshal(text, &t); err != nil {
		return nil, problem.List{{Place: problem.Place{File: name}, Text: "cannot be read: " + err.Error(), Meant: `{"sets":[{"id":…,"files":[…],"rows":[{"key":…,"inputs":{…}}]}]}`}}
	}
	if t.Sets == nil {
		return nil, problem.List{{Place: problem.Place{File: name}, Text: "has no sets", Meant: `{"sets":[{"id":…,"rows":[…]}]}`}}
	}
	var rows []report.Computed
	for i := range t.Sets {
		s := &t.Sets[i]
		for _, row := range s.Rows {
			c := report.Computed{Set: s.ID, Key: row.Key}
			if err := e.computeRow(s, row.Inputs, &c); err != nil {
				c = report.Computed{Set: s.ID, Key: row.Key, Problem: problemOf(name, s.ID+" "+row.Key, err)}
			}
			rows = append(rows, c)
		}
	}
	return rows, nil
}

func problemOf(file, field string, err error) *problem.Problem {
	var list problem.List
	if errors.As(err, &list) && len(list) > 0 {
		p := list[0]
		p.Field = field
		return &p
	}
	return &problem.Problem{Place: problem.Place{File: file}, Field: field, Text: err.Error()}
}

// method is a way to compute a row, and the inputs that call for it.
type method struct {
	name  string
	needs []string
	run   func(e *Exposure, s *targetSet, inputs json.RawMessage, c *report.Computed) error
}

var methods = []method{
	{"EU supply risk from printed terms", []string{"hhi_wgi_t_gs", "hhi_wgi_t_eu", "si_sr", "eol_rir"}, (*Exposure).supplyRiskFromTerms},
	{"EU supply risk from country shares", []string{"material", "stage", "supply_used", "si_sr"}, (*Exposure).supplyRiskFromShares},
	{"EU economic importance", []string{"material", "si_ei", "gva_max_million_eur"}, (*Exposure).economicImportance},
	{"net import reliance (USGS)", []string{"apparent_consumption", "domestic_terms"}, (*Exposure).netImportReliance},
	{"concentration of world production", []string{"commodity", "statistics_detail", "year"}, (*Exposure).productionConcentration},
	{"concentration of imports", []string{"importer_iso2", "hs6", "year"}, (*Exposure).importConcentration},
	{"concentration of exports and its trend", []string{"hs6", "years"}, (*Exposure).exportTrend},
	{"pooled and grouped concentration of imports", []string{"declarant"}, (*Exposure).groupedConcentration},
	{"geometric mean of three risks", []string{"disruption_potential", "trade_exposure", "economic_vulnerability"}, (*Exposure).geometricRisk},
	{"GeoPolRisk", []string{"flows", "hhi", "domestic_production_t"}, (*Exposure).geoPolRisk},
}

func (e *Exposure) computeRow(s *targetSet, inputs json.RawMessage, c *report.Computed) error {
	var given map[string]json.RawMessage
	if err := json.Unmarshal(inputs, &given); err != nil {
		return fmt.Errorf("inputs are no object: %w", err)
	}
	for _, m := range methods {
		all := true
		for _, n := range m.needs {
			if _, ok := given[n]; !ok {
				all = false
			}
		}
		if all {
			c.Method = m.name
			return m.run(e, s, inputs, c)
		}
	}
	var known []string
	for _, m := range methods {
		known = append(known, m.name+" ("+strings.Join(m.needs, ", ")+")")
	}
	return fmt.Errorf("no method fits the inputs; there are: %s", strings.Join(known, "; "))
}

// number is a JSON number that may be null: not known.
type number float64

func (n *number) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*n = number(math.NaN())
		return nil
	}
	return json.Unmarshal(b, (*float64)(n))
}

func (e *Exposure) supplyRiskFromTerms(_ *targetSet, inputs json.RawMessage, c *report.Computed) error {
	in := struct {
		Global    number `json:"hhi_wgi_t_gs"`
		EU        number `json:"hhi_wgi_t_eu"`
		Reliance  number `json:"import_reliance"`
		Recycling number `json:"eol_rir"`
		SI        number `json:"si_sr"`
		Used      string `json:"supply_data_used"`
	}{Reliance: number(math.NaN())}
	if err := json.Unmarshal(inputs, &in); err != nil {
		return err
	}
	use, err := exposure.SupplyOf(in.Used)
	if err != nil {
		return err
	}
	t := exposure.SupplyRiskTerms{Use: use, HHIGlobal: float64(in.Global), HHIEU: float64(in.EU), ImportReliance: float64(in.Reliance),
		Recycling: float64(in.Recycling), Substitution: float64(in.SI)}
	return supplyRisk(t, c)
}

// supplyRisk prints a supply risk with every term and the two one-sided variants that can be had.
func supplyRisk(t exposure.SupplyRiskTerms, c *report.Computed) error {
	sr, err := t.SupplyRisk()
	if err != nil {
		return err
	}
	c.Results = report.Fields{{Name: "supply_risk", Value: sr}}
	c.Terms = report.Fields{{Name: "supply_used", Value: string(t.Use)}, {Name: "hhi_wgi_t_gs", Value: t.HHIGlobal}, {Name: "hhi_wgi_t_eu", Value: t.HHIEU},
		{Name: "import_reliance", Value: t.ImportReliance}, {Name: "eol_rir", Value: t.Recycling}, {Name: "si_sr", Value: t.Substitution}}
	for _, v := range []struct {
		name string
		use  exposure.Supply
	}{{"sr_gs_only", exposure.GlobalOnly}, {"sr_eu_only", exposure.EUOnly}, {"sr_gs_eu", exposure.GlobalAndEU}} {
		other := t
		other.Use = v.use
		if x, err := other.SupplyRisk(); err == nil {
			c.Terms = append(c.Terms, report.Field{Name: v.name, Value: x})
		}
	}
	return nil
}

func (e *Exposure) supplyRiskFromShares(s *targetSet, inputs json.RawMessage, c *report.Computed) error {
	in := struct {
		Material  string `json:"material"`
		Stage     string `json:"stage"`
		Used      string `json:"supply_used"`
		Reliance  number `json:"import_reliance"`
		Recycling number `json:"eol_rir"`
		SI        number `json:"si_sr"`
	}{Reliance: number(math.NaN())}
	if err := json.Unmarshal(inputs, &in); err != nil {
		return err
	}
	use, err := exposure.SupplyOf(in.Used)
	if err != nil {
		return err
	}
	t := exposure.SupplyRiskTerms{Use: use, ImportReliance: float64(in.Reliance), Recycling: float64(in.Recycling), Substitution: float64(in.SI)}
	for _, side := range []struct {
		scope string
		to    *float64
	}{{"global", &t.HHIGlobal}, {"eu_sourcing", &t.HHIEU}} {
		if *side.to, err = e.governedHHI(s, side.scope, in.Material, in.Stage); err != nil {
			return err
		}
	}
	c.From = e.from(s.file("supply_shares", trade.NameShares), s.file("wgi", trade.NameWGI))
	return supplyRisk(t, c)
}

// file is the file of a set whose name holds a word; other where the set names none such.
func (s *targetSet) file(word, other string) string {
	for _, f := range s.Files {
		if strings.Contains(f, word) {
			return f
		}
	}
	return other
}

// governedHHI is Σ S²·WGI·t of a material's supply; NaN where the study has no shares for it.
func (e *Exposure) governedHHI(s *targetSet, scope, material, stage string) (float64, error) {
	sources, err := e.sourcing(s, scope, material, stage)
	if err != nil || sources == nil {
		return exposure.Unknown(), err
	}
	hhi, _ := exposure.HHIGovernance(sources)
	return hhi, nil
}

// sourcing are the shares of a material's supply with what weighs them; nil where the study has none for it, under its name or under one that stands for it.
func (e *Exposure) sourcing(s *targetSet, scope, material, stage string) ([]exposure.Sourcing, error) {
	shares, err := e.supplyShares(s.file("supply_shares", trade.NameShares))
	if err != nil {
		return nil, err
	}
	risk, err := e.governance(s.file("wgi", trade.NameWGI))
	if err != nil {
		return nil, err
	}
	names := []string{material}
	for other, stands := range s.Aliases {
		for _, m := range stands {
			if m == material {
				names = append(names, other)
			}
		}
	}
	for _, name := range names {
		var sources []exposure.Sourcing
		for _, x := range shares {
			if x.Scope == scope && x.Stage == stage && strings.EqualFold(x.Material, name) {
				g, ok := risk[x.ISO3]
				if !ok {
					g = exposure.Unknown()
				}
				sources = append(sources, exposure.Sourcing{Country: x.ISO3, Share: x.Share, Governance: g, Trade: x.Trade})
			}
		}
		if sources != nil {
			return sources, nil
		}
	}
	return nil, nil
}

func (e *Exposure) economicImportance(s *targetSet, inputs json.RawMessage, c *report.Computed) error {
	var in struct {
		Material string `json:"material"`
		SI       number `json:"si_ei"`
		Largest  number `json:"gva_max_million_eur"`
	}
	if err := json.Unmarshal(inputs, &in); err != nil {
		return err
	}
	file := s.file("use_shares", trade.NameUses)
	all, _, err := e.uses(file)
	if err != nil {
		return err
	}
	var uses []exposure.Use
	for _, u := range all {
		if strings.EqualFold(u.Material, in.Material) {
			uses = append(uses, exposure.Use{Application: u.Application, Share: u.Share, Added: u.Added})
		}
	}
	if uses == nil {
		return fmt.Errorf("%s has no uses of %q", file, in.Material)
	}
	c.Results = report.Fields{{Name: "economic_importance", Value: exposure.EconomicImportance(uses, float64(in.SI), float64(in.Largest))}}
	c.Terms = report.Fields{{Name: "uses", Value: len(uses)}, {Name: "si_ei", Value: float64(in.SI)}, {Name: "gva_max_million_eur", Value: float64(in.Largest)}}
	c.From = e.from(file)
	return nil
}

func (e *Exposure) netImportReliance(_ *targetSet, inputs json.RawMessage, c *report.Computed) error {
	var in struct {
		Consumption number            `json:"apparent_consumption"`
		Terms       map[string]number `json:"domestic_terms"`
	}
	if err := json.Unmarshal(inputs, &in); err != nil {
		return err
	}
	var output []float64
	for name, x := range in.Terms {
		if !exposure.Known(float64(x)) {
			return fmt.Errorf("the output term %q is not known", name)
		}
		output = append(output, float64(x))
	}
	c.Results = report.Fields{{Name: "net_import_reliance_pct", Value: exposure.NetImportReliance(float64(in.Consumption), output)}}
	c.Terms = report.Fields{{Name: "apparent_consumption", Value: float64(in.Consumption)}, {Name: "domestic_terms", Value: len(output)}}
	return nil
}

func (e *Exposure) productionConcentration(s *targetSet, inputs json.RawMessage, c *report.Computed) error {
	var in struct {
		Commodity string `json:"commodity"`
		Detail    string `json:"statistics_detail"`
		Year      string `json:"year"`
	}
	if err := json.Unmarshal(inputs, &in); err != nil {
		return err
	}
	file := s.file("usgs", trade.NameUSGS)
	all, err := e.usgs(file)
	if err != nil {
		return err
	}
	w, err := gatherWorld(all, file, in.Commodity, in.Detail, in.Year)
	if err != nil {
		return err
	}
	k := exposure.Measure(w.Parts, w.Rest)
	c.Results = report.Fields{{Name: "hhi_lower", Value: k.HHI}, {Name: "hhi_upper", Value: k.HHIUpper},
		{Name: "china_share", Value: exposure.ShareOf(w.Parts, w.Rest, "China")}, {Name: "top", Value: k.Top}, {Name: "top_share", Value: k.TopShare},
		{Name: "withheld", Value: w.Withheld}}
	c.Terms = report.Fields{{Name: "listed", Value: k.Suppliers}, {Name: "total", Value: k.Total}, {Name: "rest", Value: w.Rest}, {Name: "unit", Value: w.Unit},
		{Name: "yale_concentration", Value: exposure.YaleConcentration(k.HHI)}}
	c.From = e.from(file)
	return nil
}

func (e *Exposure) importConcentration(s *targetSet, inputs json.RawMessage, c *report.Computed) error {
	var in struct {
		Importer string `json:"importer_iso2"`
		Line     string `json:"hs6"`
		Year     int    `json:"year"`
	}
	if err := json.Unmarshal(inputs, &in); err != nil {
		return err
	}
	file := s.file("minerals", yearFile(in.Year))
	trade, err := e.trade(file, in.Line)
	if err != nil {
		return err
	}
	parts, _ := trade.Imports(in.Year, in.Importer, exposure.ByValue)
	if len(parts) == 0 {
		return fmt.Errorf("%s has no imports of %s by %s in %d", file, in.Line, in.Importer, in.Year)
	}
	k := exposure.Measure(parts, 0)
	c.Results = report.Fields{{Name: "hhi", Value: k.HHI}, {Name: "china_share", Value: exposure.ShareOf(parts, 0, "CN")}, {Name: "top_iso2", Value: k.Top},
		{Name: "top_share", Value: k.TopShare}, {Name: "import_value_usd", Value: k.Total}}
	c.Terms = report.Fields{{Name: "basis", Value: "value"}, {Name: "suppliers", Value: k.Suppliers}, {Name: "effective", Value: k.Effective}}
	c.From = e.from(file)
	return nil
}

// yearFile is the set that holds all flows of a year; the panel where none does.
func yearFile(year int) string {
	switch year {
	case 2024:
		return trade.NameFlows
	case 2022:
		return trade.NameFlows2022
	}
	return trade.NamePanel
}

func (e *Exposure) exportTrend(s *targetSet, inputs json.RawMessage, c *report.Computed) error {
	var in struct {
		Line  string `json:"hs6"`
		Years [2]int `json:"years"`
	}
	if err := json.Unmarshal(inputs, &in); err != nil {
		return err
	}
	if in.Years[0] < 1900 || in.Years[1] < in.Years[0] || in.Years[1] > 2100 {
		return fmt.Errorf("years %v are no first and last year", in.Years)
	}
	file := s.file("panel", trade.NamePanel)
	trade, err := e.trade(file, in.Line)
	if err != nil {
		return err
	}
	var hhi, china []float64
	var first, last []exposure.Part
	for y := in.Years[0]; y <= in.Years[1]; y++ {
		parts, _ := trade.Imports(y, "", exposure.ByValue)
		if len(parts) == 0 {
			return fmt.Errorf("%s has no exports of %s in %d", file, in.Line, y)
		}
		if y == in.Years[0] {
			first = parts
		}
		last = parts
		hhi = append(hhi, round(exposure.Measure(parts, 0).HHI, 3))
		china = append(china, round(100*exposure.ShareOf(parts, 0, "CN"), 1))
	}
	total, drivers := exposure.HHIChange(first, last)
	change := report.Fields{{Name: "c", Value: ""}, {Name: "pct", Value: exposure.Unknown()}, {Name: "dhhi", Value: total}}
	if len(drivers) > 0 && total != 0 {
		change = report.Fields{{Name: "c", Value: drivers[0].Who}, {Name: "pct", Value: round(100*drivers[0].Delta/total, 0)}, {Name: "dhhi", Value: round(total, 3)}}
	}
	c.Results = report.Fields{{Name: "hhi", Value: hhi}, {Name: "china_share_pct", Value: china}, {Name: "trend_hhi", Value: trendFields(hhi, in.Years[0])},
		{Name: "trend_china", Value: trendFields(china, in.Years[0])}, {Name: "hhi_change", Value: change}}
	a, z := exposure.TestTrend(hhi), exposure.TestTrend(china)
	c.Terms = report.Fields{{Name: "n", Value: a.N}, {Name: "basis", Value: "value over captured flows"}, {Name: "mk_p_corrected_hhi", Value: a.PContinuity},
		{Name: "mk_p_corrected_china", Value: z.PContinuity}}
	c.From = e.from(file)
	return nil
}

func trendFields(y []float64, first int) report.Fields {
	t := exposure.TestTrend(y)
	direction := t.Direction()
	if direction == "flat" {
		direction = "flat/ns"
	}
	return report.Fields{{Name: "sen", Value: t.Sen}, {Name: "mk_p", Value: t.P}, {Name: "brk_year", Value: first + t.BreakAt}, {Name: "brk_p", Value: t.PBreak},
		{Name: "dir", Value: direction}}
}

// round rounds half to even, as the published series are.
func round(x float64, digits int) float64 {
	p := math.Pow(10, float64(digits))
	return math.RoundToEven(x*p) / p
}

func (e *Exposure) groupedConcentration(s *targetSet, inputs json.RawMessage, c *report.Computed) error {
	var in struct {
		Declarant string `json:"declarant"`
	}
	if err := json.Unmarshal(inputs, &in); err != nil {
		return err
	}
	file, groupFile := s.file("imports", trade.NameComext), s.file("groups", trade.NameGroups)
	flows, groups, err := e.comext(file, groupFile)
	if err != nil {
		return err
	}
	names, byGroup := []string{}, map[string][]exposure.Flow{}
	var mine []exposure.Flow
	for _, f := range flows {
		if f.To != in.Declarant {
			continue
		}
		mine = append(mine, f)
		g, ok := groups[f.Line]
		if !ok {
			return fmt.Errorf("%s has no group for %s", groupFile, f.Line)
		}
		if byGroup[g] == nil {
			names = append(names, g)
		}
		byGroup[g] = append(byGroup[g], f)
	}
	if mine == nil {
		return fmt.Errorf("%s has no imports by %s", file, in.Declarant)
	}
	pooled, _ := exposure.Origins(mine, exposure.Select{}, exposure.ByValue)
	a, total, b := exposure.Measure(pooled, 0).HHI, exposure.Total(pooled), 0.0
	for _, g := range names {
		parts, _ := exposure.Origins(byGroup[g], exposure.Select{}, exposure.ByValue)
		k := exposure.Measure(parts, 0)
		if k.Total > 0 {
			b += k.HHI * k.Total / total
		}
	}
	c.Results = report.Fields{{Name: "hhi_pooled", Value: a}, {Name: "hhi_group_weighted", Value: b}, {Name: "score", Value: (a + b) / 2}}
	c.Terms = report.Fields{{Name: "basis", Value: "value, EUR"}, {Name: "flows", Value: len(mine)}, {Name: "groups", Value: len(names)}, {Name: "total_eur", Value: total}}
	c.From = e.from(file, groupFile)
	return nil
}

func (e *Exposure) geometricRisk(_ *targetSet, inputs json.RawMessage, c *report.Computed) error {
	var in struct {
		Disruption    number `json:"disruption_potential"`
		Exposure      number `json:"trade_exposure"`
		Vulnerability number `json:"economic_vulnerability"`
	}
	if err := json.Unmarshal(inputs, &in); err != nil {
		return err
	}
	c.Results = report.Fields{{Name: "supply_risk", Value: exposure.GeometricRisk(float64(in.Disruption), float64(in.Exposure), float64(in.Vulnerability))}}
	return nil
}

func (e *Exposure) geoPolRisk(_ *targetSet, inputs json.RawMessage, c *report.Computed) error {
	var in struct {
		HHI      number `json:"hhi"`
		Domestic number `json:"domestic_production_t"`
		Flows    []struct {
			Value       number `json:"v_kusd"`
			Mass        number `json:"q_t"`
			Instability number `json:"instability"`
		} `json:"flows"`
	}
	if err := json.Unmarshal(inputs, &in); err != nil {
		return err
	}
	var flows []exposure.GeoPolFlow
	for _, f := range in.Flows {
		flows = append(flows, exposure.GeoPolFlow{Mass: float64(f.Mass), Value: float64(f.Value), Instability: float64(f.Instability)})
	}
	g := exposure.GeoPolRisk(flows, float64(in.Domestic), float64(in.HHI))
	c.Results = report.Fields{{Name: "numerator", Value: g.Numerator}, {Name: "total_import_t", Value: g.TotalImport}, {Name: "import_risk", Value: g.ImportRisk},
		{Name: "score", Value: g.Score}, {Name: "price_kusd_per_t", Value: g.Price}, {Name: "midpoint", Value: g.Midpoint}}
	c.Terms = report.Fields{{Name: "flows", Value: len(flows)}, {Name: "domestic_production_t", Value: float64(in.Domestic)}}
	return nil
}
