package enforce

import (
	"fmt"
	"math/big"
	"slices"
	"sort"
	"strings"

	"lodestone/internal/when"
)

// LeastN is the number of cases under which no share, mean or growth is given.
const LeastN = 5

// Groupings are the ways to break a table down.
var Groupings = []string{"period", "class", "category", "customs", "basis", "leniency", "conduct"}

// DateKinds are the days by which a case can be dated; Periods the lengths of a period.
var (
	DateKinds = []string{"decision", "publication", "declaration"}
	Periods   = []string{"year", "half", "quarter"}
)

// Question is what a statistic is asked for. Zero values mean: all groupings, decision dates, half-years, no limits, as known now, export
// control only, pages of one case merged.
type Question struct {
	By       []string
	Date     string
	Period   string
	From, To when.Date // inclusive; a case without a date is left out when one is given
	KnownBy  when.Date
	All      bool     // decisions that are not export control as well
	Separate bool     // count pages, not cases
	Apart    []string // records that stay alone
}

// Stats is the answer: what was counted, by which definition, and each figure with its number.
type Stats struct {
	Unit      string          `json:"unit"` // case or page
	Inclusion string          `json:"inclusion"`
	DatedBy   string          `json:"dated_by"`
	KnownBy   when.Date       `json:"known_by,omitzero"`
	Frames    map[string]int  `json:"frames"` // cases by frame; "none" for records of no collection
	Units     Units           `json:"units"`
	LeftOut   map[string]int  `json:"left_out"`
	Merged    []Merged        `json:"merged"`
	Ratio     RatioSummary    `json:"fine_to_value"`
	Tables    []StatTable     `json:"tables"`
	Notes     []string        `json:"notes"`
	Crosswalk []CrosswalkLine `json:"crosswalk"`
}

// Units counts the same selection in other units, since published counts rarely say theirs.
type Units struct {
	Pages      int `json:"pages"`
	Cases      int `json:"cases"`
	Parties    int `json:"parties"`
	GoodsLines int `json:"goods_lines"`
	Decisions  int `json:"numbered_decisions"`
}

// Merged names the pages that were taken for one case, so that it can be undone.
type Merged struct {
	Pages []string `json:"pages"`
	By    string   `json:"by"`
}

// StatTable is one breakdown. Rows of an exclusive breakdown add up to N; those of others need not.
type StatTable struct {
	By         string    `json:"by"`
	Definition string    `json:"definition"`
	N          int       `json:"n"`
	Exclusive  bool      `json:"exclusive"`
	Rows       []StatRow `json:"rows"`
}

// StatRow is a line of a breakdown. A share or growth is nil where too few cases, or two frames, stand behind it; Why says which.
type StatRow struct {
	Key      string       `json:"key"`
	N        int          `json:"n"`
	Share    *float64     `json:"share_percent"`
	Growth   *float64     `json:"year_on_year_percent"`
	Why      string       `json:"why,omitempty"`
	Ratio    RatioSummary `json:"fine_to_value"`
	Evidence []string     `json:"cases"`
}

// RatioSummary is fine to value in every way that it is published, never one without the others. All are nil under LeastN.
type RatioSummary struct {
	N            int      `json:"n"`
	MeanOfRatios *float64 `json:"mean_of_ratios"`
	Pooled       *float64 `json:"pooled"` // sum of fines over sum of values
	Median       *float64 `json:"median"`
	Q1           *float64 `json:"quartile_1"`
	Q3           *float64 `json:"quartile_3"`
	Low          *float64 `json:"low"`
	High         *float64 `json:"high"`
}

// CrosswalkLine lays our figure beside the group of published counts that it belongs to.
type CrosswalkLine struct {
	Ours      string `json:"ours"`
	Published string `json:"published"`
	N         int    `json:"n"`
}

// Compute answers a question over records.
func Compute(t *Tables, records []Record, q Question) Stats {
	q.setDefaults()
	s := Stats{Unit: "case", Inclusion: "decisions on export of dual-use, military, restricted or prohibited goods", DatedBy: q.Date, KnownBy: q.KnownBy,
		Frames: map[string]int{}, LeftOut: map[string]int{}, Merged: []Merged{}, Notes: []string{}, Crosswalk: []CrosswalkLine{}}
	if q.All {
		s.Inclusion = "all decisions of customs, of import and export"
	}
	apart := q.Apart
	if q.Separate {
		s.Unit = "page"
		for _, r := range records {
			apart = append(apart, r.ID)
		}
	}
	var cases []Case
	for _, c := range Merge(s.known(records, q.KnownBy), apart) {
		if why := q.leaves(&c); why != "" {
			s.LeftOut[why]++
			continue
		}
		cases = append(cases, c)
		s.count(&c)
	}
	s.Ratio = summarise(cases)
	for _, by := range q.By {
		s.Tables = append(s.Tables, table(by, cases, q))
	}
	s.crosswalk(t, cases)
	s.note(cases, q)
	return s
}

func (q *Question) setDefaults() {
	if len(q.By) == 0 {
		q.By = Groupings
	}
	if q.Date == "" {
		q.Date = DateKinds[0]
	}
	if q.Period == "" {
		q.Period = "half"
	}
}

// known leaves out what the collection did not hold on a day.
func (s *Stats) known(records []Record, by when.Date) (kept []Record) {
	for _, r := range records {
		if r.Known(by) {
			kept = append(kept, r)
		} else {
			s.LeftOut["not in the collection on that day"]++
		}
	}
	return kept
}

// leaves says why a case is not counted, or "".
func (q *Question) leaves(c *Case) string {
	switch day := c.day(q.Date); {
	case !c.Decision():
		return "no decision of customs (" + c.RecordType + ")"
	case !q.All && !c.ExportControl:
		return "not export control"
	case (q.From != 0 || q.To != 0) && day == 0:
		return "no " + q.Date + " date"
	case q.From != 0 && day < q.From, q.To != 0 && day > q.To:
		return "outside the dates asked for"
	}
	return ""
}

// day is the day by which a case is dated, or 0.
func (c *Case) day(kind string) when.Date {
	switch {
	case kind == "decision" && c.DecisionDate != nil:
		return *c.DecisionDate
	case kind == "publication" && c.PublicationDate != nil:
		return *c.PublicationDate
	case kind == "declaration" && len(c.DeclarationDates) > 0:
		if d, err := when.ParseDate(c.DeclarationDates[0]); err == nil {
			return d
		}
	}
	return 0
}

func (s *Stats) count(c *Case) {
	s.Units.Cases++
	s.Units.Pages += len(c.Pages)
	s.Units.Parties += len(c.Parties)
	s.Units.GoodsLines += max(len(c.Actual), len(c.Declared))
	if c.DecisionNumber != nil {
		s.Units.Decisions++
	}
	s.Frames[c.frame()]++
	if len(c.Pages) > 1 {
		s.Merged = append(s.Merged, Merged{c.Pages, c.By})
	}
}

func (c *Case) frame() string {
	if c.Collected == nil || c.Collected.Frame == "" {
		return "none"
	}
	return c.Collected.Frame
}

func (s *Stats) crosswalk(t *Tables, cases []Case) {
	for _, x := range []struct {
		to map[string]string
		of func(*Case) string
	}{
		{t.Crosswalk.Classes, func(c *Case) string { return c.ItemClass }},
		{t.Crosswalk.Goods, func(c *Case) string { return word(c.GoodsCategory) }},
	} {
		n := map[string]int{}
		for i := range cases {
			n[x.of(&cases[i])]++
		}
		for _, ours := range sortedKeys(x.to) {
			s.Crosswalk = append(s.Crosswalk, CrosswalkLine{ours, x.to[ours], n[ours]})
		}
	}
}

func (s *Stats) note(cases []Case, q Question) {
	dated := 0
	for i := range cases {
		if cases[i].day(q.Date) != 0 {
			dated++
		}
	}
	s.Notes = append(s.Notes, fmt.Sprintf("%d of %d cases have a %s date; periods count these only", dated, len(cases), q.Date),
		fmt.Sprintf("no share, mean or growth stands on fewer than %d cases", LeastN),
		"a collection is no sample: shares describe it, not all decisions; growth needs both periods searched in the same frame")
}

// keysOf are the rows of a breakdown that a case belongs to.
func keysOf(by string, c *Case, q Question) []string {
	switch by {
	case "period":
		return []string{periodOf(c.day(q.Date), q.Period)}
	case "class":
		return []string{c.ItemClass}
	case "category":
		return []string{word(c.GoodsCategory)}
	case "customs":
		return []string{word(c.SupervisingCustoms)}
	case "leniency":
		return leniencyKeys(c)
	case "basis":
		return basisKeys(c)
	}
	return c.Conduct
}

// leniencyKeys are the measure and how it is known: the share of lenient decisions doubles with the definition, so the two are kept apart.
func leniencyKeys(c *Case) []string {
	switch {
	case c.Leniency == nil:
		return []string{"unknown: the text breaks off"}
	case c.LeniencyEvidence == nil:
		return []string{*c.Leniency}
	}
	return []string{*c.Leniency + " by " + *c.LeniencyEvidence}
}

// basisKeys are the laws under which a penalty is imposed, each once.
func basisKeys(c *Case) (keys []string) {
	for _, b := range c.LegalBasis {
		if !slices.Contains(keys, b.Law) {
			keys = append(keys, b.Law)
		}
	}
	if len(keys) == 0 {
		return []string{"not named"}
	}
	return keys
}

func word(s *string) string {
	if s == nil {
		return "unknown"
	}
	return *s
}

// periodOf names the period of a day: 2025, 2025H1, 2025Q2.
func periodOf(d when.Date, length string) string {
	if d == 0 {
		return "no date"
	}
	month := int(d.String()[5]-'0')*10 + int(d.String()[6]-'0')
	switch length {
	case "year":
		return fmt.Sprint(d.Year())
	case "quarter":
		return fmt.Sprintf("%dQ%d", d.Year(), (month+2)/3)
	}
	return fmt.Sprintf("%dH%d", d.Year(), (month+5)/6)
}

var definitions = map[string]string{
	"period":   "by the %s date; cases without one are a row of their own",
	"class":    "dual-use, military, other restricted or prohibited",
	"category": "shelf of goods by the words of the decision",
	"customs":  "supervising (directly subordinate) customs; by the text, else by the organisation",
	"basis":    "laws cited; a case that cites several stands in several rows",
	"leniency": "by words and by article, kept apart; unstated: the operative part is there and says nothing",
	"conduct":  "a case with several kinds of conduct stands in several rows",
}

func table(by string, cases []Case, q Question) StatTable {
	t := StatTable{By: by, Definition: definitions[by], N: len(cases), Exclusive: by != "basis" && by != "conduct", Rows: []StatRow{}}
	if by == "period" {
		t.Definition = fmt.Sprintf(t.Definition, q.Date)
	}
	groups := map[string][]Case{}
	for _, c := range cases {
		for _, k := range keysOf(by, &c, q) {
			groups[k] = append(groups[k], c)
		}
	}
	for _, k := range sortedKeys(groups) {
		t.Rows = append(t.Rows, row(k, groups[k], len(cases)))
	}
	if by == "period" {
		t.yearOnYear(groups)
	} else {
		sort.SliceStable(t.Rows, func(i, j int) bool { return t.Rows[i].N > t.Rows[j].N })
	}
	return t
}

func row(key string, cases []Case, total int) StatRow {
	r := StatRow{Key: key, N: len(cases), Ratio: summarise(cases), Evidence: []string{}}
	for _, c := range cases {
		name := c.ID
		if c.DecisionNumber != nil {
			name = *c.DecisionNumber
		}
		r.Evidence = append(r.Evidence, name)
	}
	if total < LeastN {
		r.Why = fmt.Sprintf("no share: n = %d", total)
		return r
	}
	share := 100 * float64(len(cases)) / float64(total)
	r.Share = &share
	return r
}

// yearOnYear sets growth where the same period of the year before is there, large enough, and searched in the same frame.
func (t *StatTable) yearOnYear(groups map[string][]Case) {
	for i := range t.Rows {
		r := &t.Rows[i]
		if len(r.Key) < 4 || r.Key[0] < '0' || r.Key[0] > '9' {
			continue
		}
		var year int
		fmt.Sscanf(r.Key[:4], "%d", &year)
		before := groups[fmt.Sprint(year-1)+r.Key[4:]]
		switch {
		case len(before) == 0:
			r.Why = "no growth: no case of the year before"
		case !oneFrame(before, groups[r.Key]):
			r.Why = "no growth: the two periods were not searched in one frame"
		case len(before) < LeastN:
			r.Why = fmt.Sprintf("no growth: n = %d in the year before", len(before))
		default:
			growth := 100 * (float64(r.N)/float64(len(before)) - 1)
			r.Growth = &growth
		}
	}
}

func oneFrame(groups ...[]Case) bool {
	frame := ""
	for _, c := range slices.Concat(groups...) {
		f := c.frame()
		if f == "none" || frame != "" && f != frame {
			return false
		}
		frame = f
	}
	return true
}

// summarise computes fine to value of the cases that have both.
func summarise(cases []Case) RatioSummary {
	var ratios []float64
	fines, values := new(big.Rat), new(big.Rat)
	for i := range cases {
		if r := cases[i].Ratio(); r != nil {
			f, _ := r.Float64()
			ratios = append(ratios, f)
			fines.Add(fines, cases[i].Fine().Rat())
			values.Add(values, cases[i].ViolationValue.Rat())
		}
	}
	s := RatioSummary{N: len(ratios)}
	if s.N < LeastN {
		return s
	}
	slices.Sort(ratios)
	sum := 0.0
	for _, r := range ratios {
		sum += r
	}
	mean := sum / float64(s.N)
	pooled, _ := new(big.Rat).Quo(fines, values).Float64()
	s.MeanOfRatios, s.Pooled = &mean, &pooled
	for _, x := range []struct {
		to **float64
		at float64
	}{{&s.Low, 0}, {&s.Q1, 0.25}, {&s.Median, 0.5}, {&s.Q3, 0.75}, {&s.High, 1}} {
		v := Quantile(ratios, x.at)
		*x.to = &v
	}
	return s
}

// Quantile is the value below which a share of sorted values lies, by linear interpolation between neighbours (type 7).
func Quantile(sorted []float64, share float64) float64 {
	at := share * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, strings.Compare)
	return keys
}
