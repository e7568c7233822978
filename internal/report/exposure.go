package report

import (
	"lodestone/internal/exposure"
	"lodestone/internal/ingest/trade"
	"lodestone/internal/problem"
	"lodestone/internal/when"
)

// Computed is a row of exposure compute: results under the names that the target file uses, the terms they came from, and the data sets.
type Computed struct {
	Set     string           `json:"set"`
	Key     string           `json:"key"`
	Results Fields           `json:"results,omitempty"`
	Terms   Fields           `json:"terms,omitempty"`
	Method  string           `json:"method,omitempty"`
	From    []From           `json:"from,omitempty"`
	Problem *problem.Problem `json:"problem,omitempty"` // why the row has no results
}

// From is a data set that numbers come from, with its edition.
type From struct {
	Set     string `json:"set"`
	Edition string `json:"edition"`
}

// Dependence answers how dependent an importer is on one supplier for one mineral or line.
type Dependence struct {
	Importer string `json:"importer"`
	Mineral  string `json:"mineral"`
	Supplier string `json:"supplier"`
	Year     int    `json:"year"`
	Judged
	Bands         exposure.Bands   `json:"bands"`
	Lines         []DependenceLine `json:"lines"`
	LinesNone     []string         `json:"lines_not_held"`          // customs lines of the mineral without flows
	World         []WorldExport    `json:"world_exports,omitempty"` // of lines that are not held
	Output        []Output         `json:"output"`
	Reported      []trade.Fact     `json:"reported"`
	ReportedShare exposure.Range   `json:"reported_share"` // of imports, over the sources of the year nearest; null: none is reported, or the grade does not rest on it
	Controls      []Control        `json:"controls,omitempty"`
	Notes         []string         `json:"notes,omitempty"`
	From          []From           `json:"from"`
}

// DependenceLine is one customs line of a mineral. Money in US dollars, mass in tonnes, shares from 0 to 1.
type DependenceLine struct {
	Line          string                 `json:"hs6"`
	Stage         string                 `json:"stage"`
	Basket        string                 `json:"basket"` // exact: this mineral only; bundle: several minerals
	Edition       string                 `json:"edition"`
	Imports       Amount                 `json:"imports"`
	Exports       Amount                 `json:"exports"`
	ShareValue    float64                `json:"supplier_share_value"`
	ShareMass     float64                `json:"supplier_share_mass"`
	NoMass        int                    `json:"flows_without_mass"`
	Concentration exposure.Concentration `json:"concentration"`
	Reliance      exposure.Reliance      `json:"reliance"`
	Basis         exposure.Basis         `json:"reliance_basis"`
	Output        exposure.Range         `json:"output"` // tonnes a year; null: not held
	Status        string                 `json:"status"`
	Quality       string                 `json:"evidence_grade"`
	Direct        float64                `json:"share_direct"`
	OneStep       float64                `json:"share_with_one_step"` // with what the suppliers in turn import from the supplier, by mass where held
	Screens       []exposure.Screen      `json:"screens"`
	Suppliers     []SupplierShare        `json:"suppliers"`
	Risk          *GeoPolRisk            `json:"geopolrisk,omitempty"` // where masses, own output and a world table of the stage are held
	Judged
}

// GeoPolRisk is the risk of a line's imports by the political stability of their origins. Ranges come from the range of own output.
type GeoPolRisk struct {
	ImportRisk exposure.Range `json:"import_risk"`      // Σ g·f/(p + F), g = (2.5 − political stability)/5
	HHI        exposure.Range `json:"hhi_world_output"` // the lumped rest left out, and as one country
	Score      exposure.Range `json:"score"`            // HHI times import risk
	Yale       float64        `json:"yale_concentration"`
	Year       int            `json:"governance_year"`  // of the political stability
	Without    []string       `json:"without_estimate"` // origins without one: between no risk and all of it
}

// Judged is a grade with its reasons, in the language of the answer.
type Judged struct {
	Grade    exposure.Grade `json:"grade"`
	MayBe    exposure.Grade `json:"may_be,omitempty"`   // the worst still open
	Evidence string         `json:"evidence,omitempty"` // computed: from flows held; reported: from figures that others published; a line has none of its own
	Because  []string       `json:"because"`
	Missing  []string       `json:"missing"` // what data would settle it
}

// WorldExport is the supplier's place in the world exports of a line, by value, HS1992.
type WorldExport struct {
	Line     string  `json:"hs6"`
	Year     int     `json:"year"`
	Share    float64 `json:"supplier_share_of_world_exports"`
	HHI      float64 `json:"hhi"`
	Top      string  `json:"top"`
	TopShare float64 `json:"top_share"`
}

// Amount is trade on both bases.
type Amount struct {
	USD    float64 `json:"usd"`
	Tonnes float64 `json:"tonnes"`
}

// SupplierShare is one country's part.
type SupplierShare struct {
	Country string  `json:"country"`
	Value   float64 `json:"value"`
	Mass    float64 `json:"mass"`
}

// Output is a country's output of a mineral from one source, tonnes a year.
type Output struct {
	Stage  string         `json:"stage"`
	Amount exposure.Range `json:"tonnes"`
	World  float64        `json:"world_tonnes"`
	Year   string         `json:"year"`
	From   string         `json:"from"`
}

// Control is a norm of the law that bears on a mineral or line, and how it stands on the day.
type Control struct {
	Norm     string    `json:"norm"`
	Code     string    `json:"code,omitempty"`
	Name     string    `json:"name"`
	Standing string    `json:"standing"`
	Effect   string    `json:"effect"`
	On       when.Date `json:"on"`
	By       string    `json:"by"` // customs code or element that joins the two: a hint, never a verdict
}

// TrendDoc is the trend of one number of one line.
type TrendDoc struct {
	Importer   string                `json:"importer"`
	Supplier   string                `json:"supplier"`
	Line       string                `json:"hs6"`
	Mineral    string                `json:"mineral,omitempty"`
	Basis      exposure.Basis        `json:"basis"`
	Basket     string                `json:"basket"`
	Edition    string                `json:"edition"`
	FirstYear  int                   `json:"first_year"`
	LastYear   int                   `json:"last_year"`
	N          int                   `json:"n"`
	Shares     []float64             `json:"shares"` // of the supplier, a year each; null: no imports held
	HHI        []float64             `json:"hhi"`
	Verdict    string                `json:"verdict"` // rising, falling, flat
	WholeN     int                   `json:"n_whole_panel"`
	WholeP     float64               `json:"mk_p_whole_panel"`
	Whole      string                `json:"verdict_whole_panel"` // over all years that the panel holds
	Test       exposure.Trend        `json:"test"`
	BreakYear  int                   `json:"break_year"`
	Q          float64               `json:"q"` // Benjamini-Hochberg over the lines of this answer
	TestHHI    exposure.Trend        `json:"test_hhi"`
	HHIChange  float64               `json:"hhi_change"`
	Drivers    []exposure.Driver     `json:"drivers"`
	Margin     exposure.Margin       `json:"extensive_margin"`
	Split      *exposure.ShareChange `json:"share_change_of_mineral,omitempty"` // over all lines of this answer's mineral, first year to last
	DCI        float64               `json:"dependence_change"`                 // 1 − share(last three years)/share(first three)
	DCIOneStep float64               `json:"dependence_change_origin"`          // the same with one step of origin
	EarlyShare float64               `json:"share_first_three_years"`
	LateShare  float64               `json:"share_last_three_years"`
	Suppliers  Series                `json:"suppliers,omitzero"` // all years of the panel; left out in a sheet, which has it beside the trend
	From       []From                `json:"from"`
}

// WhatIf is a scenario and what it comes to. Days that lie beyond the horizon print as null.
type WhatIf struct {
	Scenario    exposure.Scenario   `json:"scenario"`
	Start       when.Date           `json:"start,omitzero"`
	Outcome     exposure.Outcome    `json:"outcome"`
	Course      []exposure.StockDay `json:"course"`
	StockOut    when.Date           `json:"first_stock_out,omitzero"` // left out: not within the horizon
	Ranking     []exposure.Gain     `json:"mitigations"`
	Tornado     []exposure.Swing    `json:"sensitivity"`
	Licensed    []LicensedShare     `json:"licensed,omitempty"` // delay only: how trade comes back
	Episode     []EpisodeMonth      `json:"episode,omitempty"`  // delay only: how it came back after the licence on gallium and germanium of August 2023
	Chance      *exposure.Chance    `json:"chance,omitempty"`
	Drawn       *exposure.Drawn     `json:"drawn,omitempty"`
	StockOutP10 when.Date           `json:"first_stock_out_p10,omitzero"`
	StockOutP50 when.Date           `json:"first_stock_out_p50,omitzero"`
	StockOutP90 when.Date           `json:"first_stock_out_p90,omitzero"`
}

// EpisodeMonth is what was seen of a licence that began: exports of a month over the same month a year before.
type EpisodeMonth struct {
	Mineral string  `json:"mineral"`
	Month   int     `json:"month"` // 1: the month in which the licence began
	Share   float64 `json:"share"`
}

// LicensedShare is the share of normal trade that licences let through on a day after the start.
type LicensedShare struct {
	Day   int     `json:"day"`
	Share float64 `json:"share"`
}

// Company is what a supplier table comes to.
type Company struct {
	Supplier    string        `json:"supplier"`
	Start       when.Date     `json:"start,omitzero"`
	Totals      []Spending    `json:"totals"`        // a currency each
	Spend       float64       `json:"spend"`         // null: the table has several currencies
	SpendAtRisk float64       `json:"spend_at_risk"` // null: the table has several currencies
	Portfolio   []Spent       `json:"portfolio"`     // what is spent by country of origin, the most first; empty: several currencies
	Items       []CompanyItem `json:"items"`
	Notes       []string      `json:"notes,omitempty"`
	Reading     trade.Reading `json:"reading"`
}

// Spending is what a company spends in one currency, in all and on what is cut.
type Spending struct {
	Currency    string  `json:"currency,omitempty"` // empty: the table names none
	Spend       float64 `json:"spend"`
	SpendAtRisk float64 `json:"spend_at_risk"`
	Controlled  float64 `json:"spend_at_risk_controlled"` // of that, on items to which a control in force leads: a hint, never a verdict
	NoValue     int     `json:"rows_without_value"`       // counted as nothing spent
}

// Spent is what a company spends on goods of one origin.
type Spent struct {
	Country string  `json:"country"`
	Spend   float64 `json:"spend"`
	Share   float64 `json:"share"` // of all that is spent
}

// CompanyItem is one item of a company. Quantities in the unit of the table.
type CompanyItem struct {
	Item         string         `json:"item"`
	Unit         string         `json:"unit,omitempty"`
	Currency     string         `json:"currency,omitempty"`
	Demand       float64        `json:"demand_per_year"`
	Cut          float64        `json:"from_supplier"` // made or processed in the country asked about
	Stock        float64        `json:"stock"`         // on hand, and in transit from others
	Spend        float64        `json:"spend"`
	SpendAtRisk  float64        `json:"spend_at_risk"`
	ExtraSpend   float64        `json:"extra_spend"`        // a year, at the price factor; null without elasticities
	NoStock      bool           `json:"stock_not_given"`    // counted as no stock
	Recover      float64        `json:"recover_days_given"` // null: the table gives none
	ByOrigin     []CountryShare `json:"share_by_origin"`
	ByProcessing []CountryShare `json:"share_by_processing"`
	Controlled   bool           `json:"controlled"`    // a control that the customs code, element or control code leads to is in force; a hint, never a verdict
	NotAsked     bool           `json:"law_not_asked"` // a row gives neither customs code, mineral nor control code: no control found says nothing
	Controls     []Control      `json:"controls"`
	Run          WhatIf         `json:"run"`
}

// CountryShare is one country's share, from 0 to 1.
type CountryShare struct {
	Country string  `json:"country"`
	Share   float64 `json:"share"`
}

// Loaded is what came of reading a file.
type Loaded struct {
	Reading trade.Reading `json:"reading"`
	Lines   []LoadedLine  `json:"lines"` // totals by customs line, where the file holds flows
}

// LoadedLine is the total of one line. Value in the currency of the reading.
type LoadedLine struct {
	Line     string  `json:"line"`
	Side     string  `json:"side"` // flows, imports, exports
	Rows     int     `json:"rows"`
	Value    float64 `json:"value"`
	Tonnes   float64 `json:"tonnes"`
	HHI      float64 `json:"hhi"`
	Top      string  `json:"top"`
	TopShare float64 `json:"top_share"`
}

// Sheet is one country and its minerals.
type Sheet struct {
	Importer     string         `json:"importer"`
	ImporterName string         `json:"importer_name"`
	Supplier     string         `json:"supplier"`
	SupplierName string         `json:"supplier_name"`
	Year         int            `json:"year"`
	On           when.Date      `json:"on,omitzero"`
	Minerals     []SheetMineral `json:"minerals"`
	Flows        []PartnerFlow  `json:"flows"`
	Origins      []CountryShare `json:"origins"` // of the imports of all lines together, by value, the largest first
}

// SheetMineral is one mineral of a sheet.
type SheetMineral struct {
	Dependence
	Trends []TrendDoc `json:"trends"`
	Series []Series   `json:"series"`
}

// MineralSheet is one mineral across countries.
type MineralSheet struct {
	Mineral   string        `json:"mineral"`
	Supplier  string        `json:"supplier"`
	Year      int           `json:"year"`
	Lines     []MineralLine `json:"lines"`
	LinesNone []string      `json:"lines_not_held"`
	Output    []WorldOutput `json:"output"`
	Prices    []Price       `json:"prices"`
	Controls  []Control     `json:"controls,omitempty"`
	From      []From        `json:"from"`
}

// MineralLine is the world trade of one line.
type MineralLine struct {
	Line      string                 `json:"hs6"`
	Stage     string                 `json:"stage"`
	Basket    string                 `json:"basket"`
	Edition   string                 `json:"edition"`
	Traded    Amount                 `json:"traded"`
	Exporters exposure.Concentration `json:"exporters"`      // by value
	Share     float64                `json:"supplier_share"` // in world exports, by value
	Importers []ImporterRow          `json:"importers"`      // by import value, the largest first
	Series    Series                 `json:"series"`         // exporters' shares by year
	Shares    []float64              `json:"shares"`         // of the supplier in world exports, from 2008
	N         int                    `json:"n"`
	Trend     exposure.Trend         `json:"test"`
	Verdict   string                 `json:"verdict"` // empty: fewer than four years
	Flows     []PartnerFlow          `json:"flows"`   // imports: exporters into the market; else importers out of it
}

// ImporterRow is one importer of a line.
type ImporterRow struct {
	Importer   string  `json:"importer"`
	Imports    Amount  `json:"imports"`
	ShareValue float64 `json:"supplier_share_value"`
	ShareMass  float64 `json:"supplier_share_mass"`
	OneStep    float64 `json:"share_with_one_step"` // by value
	HHI        float64 `json:"hhi"`
	Top        string  `json:"top"`
	TopShare   float64 `json:"top_share"`
}

// Price is what the survey prints of prices, year by year, oldest first. Null: withheld or not available.
type Price struct {
	Statistic string    `json:"statistic"`
	Unit      string    `json:"unit"`
	Edition   string    `json:"edition"`
	Years     []int     `json:"years"`
	Prices    []float64 `json:"prices"`
	Change    float64   `json:"last_over_first"` // of the years that have a price
}

// WorldOutput is a world production table in brief.
type WorldOutput struct {
	Statistic string         `json:"statistic"`
	Unit      string         `json:"unit"`
	Year      string         `json:"year"`
	Edition   string         `json:"edition"`
	Total     float64        `json:"total"` // of the countries listed and the lumped rest
	Share     float64        `json:"supplier_share"`
	HHI       exposure.Range `json:"hhi"` // the rest left out, and squared as one country
	Top       string         `json:"top"`
	TopShare  float64        `json:"top_share"`
	Makers    []CountryShare `json:"makers"` // the six largest
	Withheld  []string       `json:"withheld"`
}

// Series is the yearly import shares of a line's largest suppliers, by value.
type Series struct {
	Line      string                    `json:"hs6"`
	Edition   string                    `json:"edition"`
	Years     []int                     `json:"years"`
	Countries []exposure.SupplierShares `json:"countries"`
}

// PartnerFlow is trade with one partner over all lines of a sheet.
type PartnerFlow struct {
	Partner string  `json:"partner"`
	Imports bool    `json:"imports"` // false: exports
	USD     float64 `json:"usd"`
}

// Criticality is a material at a stage in an EU study: every term, recomputed and printed. Shares from 0 to 1; null: not given.
type Criticality struct {
	Material          string              `json:"material"`
	Stage             string              `json:"stage"` // E extraction, P processing
	Edition           int                 `json:"edition"`
	Used              string              `json:"supply_used"`
	HHIGlobal         float64             `json:"hhi_wgi_t_gs"`
	HHIEU             float64             `json:"hhi_wgi_t_eu"`
	ImportReliance    float64             `json:"import_reliance"`
	Recycling         float64             `json:"eol_rir"`
	SISupply          float64             `json:"si_sr"`
	SIImportance      float64             `json:"si_ei"`
	Largest           float64             `json:"gva_max_million_eur,omitempty"`
	SupplyRisk        float64             `json:"supply_risk"`
	Printed           float64             `json:"supply_risk_printed"`
	Gap               float64             `json:"supply_risk_gap"`
	Importance        float64             `json:"economic_importance"` // 2017: not recomputed, its use shares are not carried
	PrintedImportance float64             `json:"economic_importance_printed"`
	ImportanceGap     float64             `json:"economic_importance_gap"`
	Bottleneck        bool                `json:"bottleneck"` // the stage with more risk
	Critical          bool                `json:"critical"`   // supply risk at least 1.0 and importance at least 2.8
	Missing           []string            `json:"missing"`
	Global            []exposure.Sourcing `json:"global_supply,omitempty"` // 2017: not carried
	EU                []exposure.Sourcing `json:"eu_supply,omitempty"`
	Uses              []exposure.Use      `json:"uses,omitempty"` // 2017: not carried
	Earlier           []Score             `json:"earlier"`        // of all EU assessments, by year; the method changed between 2014 and 2017
	From              []From              `json:"from"`
}

// GeometricRisk is the risk of a mineral for the United States in the form of Nassar et al. 2020: the cube root of disruption potential, trade exposure and
// economic vulnerability, each from 0 to 1. Not the published index: its country factor is not held.
type GeometricRisk struct {
	Mineral       string                    `json:"mineral"`
	Year          int                       `json:"year"`
	Production    string                    `json:"production"`    // the world table of the disruption potential
	Reliance      string                    `json:"reliance"`      // the statistic of the trade exposure
	Disruption    exposure.Range            `json:"disruption"`    // Σ S²·f
	Exposure      exposure.Range            `json:"exposure"`      // net import reliance; bounds where a bound is printed, 0 to 1 where it is withheld
	Vulnerability exposure.Range            `json:"vulnerability"` // 0 to 1 where it was not given
	Risk          exposure.Range            `json:"risk"`
	Factors       string                    `json:"factors"` // where f comes from
	Terms         []exposure.DisruptionTerm `json:"terms"`
	Withheld      []string                  `json:"withheld"` // producers whose output is not published: left out
	From          []From                    `json:"from"`
}

// Score is what one EU assessment printed. Null: not assessed, or not held.
type Score struct {
	Year       int     `json:"year"`
	SupplyRisk float64 `json:"supply_risk"`
	Importance float64 `json:"economic_importance"`
}

// Reroute is the evidence that a supplier's goods reach an importer by way of others, for one line. Candidates, never findings.
type Reroute struct {
	Importer       string                `json:"importer"`
	Supplier       string                `json:"supplier"`
	Mineral        string                `json:"mineral"`
	Line           string                `json:"hs6"`
	Stage          string                `json:"stage"`
	FromYear       int                   `json:"from_year"`
	Year           int                   `json:"year"`
	Basis          exposure.Basis        `json:"basis"`
	NoMass         int                   `json:"flows_without_mass"`
	Direct         float64               `json:"share_direct"`
	OneStep        float64               `json:"share_with_one_step"`
	Traced         float64               `json:"share_traced"`          // all steps, proportional mixing
	Filled         []string              `json:"output_filled"`         // countries that sell more than is held of their output: the difference was taken for output
	OutputFrom     string                `json:"output_from,omitempty"` // empty: no output of this stage is held
	HubShare       float64               `json:"share_of_hubs"`
	ConnectorBasis exposure.Basis        `json:"connectors_basis"` // value where one of the years has no masses
	Connectors     []exposure.Connector  `json:"connectors"`
	OriginGaps     []exposure.CountryGap `json:"origin_gaps"`
	Mirror         []MirrorPair          `json:"mirror"` // value, over the periods that both sides declare
	MirrorSource   string                `json:"mirror_source"`
	From           []From                `json:"from"`
}

// MirrorPair is what two sides declare of the same trade, US dollars.
type MirrorPair struct {
	Partner  string  `json:"partner"`
	Imported float64 `json:"declared_by_importer"`
	Exported float64 `json:"declared_by_exporter"`
	exposure.Mirror
}
