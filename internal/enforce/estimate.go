package enforce

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"lodestone/internal/problem"
	"lodestone/internal/sentence"
	"lodestone/internal/when"
)

// Facts are the case that is asked about. Empty fields are unknown.
type Facts struct {
	Conduct  []string
	Value    *Number  // of the goods in yuan; turnover and goods value alike
	Basis    []string // "ecl-34-1", "出口管制法 34", "出口管制法 34(1)"; empty: by conduct
	Class    string
	Category string
	Grounds  []string // grounds of leniency that are claimed, by their names in penalties.yaml
	On       when.Date
}

// Outlook is what the law says, and what was seen, of a case. It is no forecast.
type Outlook struct {
	Statement    string        `json:"statement"`
	On           when.Date     `json:"on"`
	Bands        []BandLine    `json:"bands"`
	Leniency     []TierLine    `json:"leniency"`
	Comparable   Comparison    `json:"comparable"`
	Consequences Consequences  `json:"consequences"`
	OwnReport    []Disclosure  `json:"own_report"`
	Concurrence  []Concurrence `json:"concurrence"`
	Limitation   []Limitation  `json:"limitation"`
	Notes        []string      `json:"notes"`
}

// BandLine is the band of one provision for the value given. Low and high are nil where they depend on a figure that is not given.
type BandLine struct {
	Provision string   `json:"provision"`
	Law       string   `json:"law"`
	Article   string   `json:"article"`
	Conduct   string   `json:"conduct"`
	Severity  string   `json:"severity,omitempty"` // the graver case that the band is for
	Rule      string   `json:"rule"`
	Low       *float64 `json:"low_rmb"`
	High      *float64 `json:"high_rmb"`
	Missing   string   `json:"missing,omitempty"` // the figure that would settle it
	Grade     string   `json:"grade"`
}

// TierLine is a step of the discretion benchmark with the grounds that were claimed for it.
type TierLine struct {
	Tier    string   `json:"tier"`
	Zh      string   `json:"zh"`
	Meaning string   `json:"meaning"`
	Grounds []Ground `json:"grounds"`
}

// Comparison is what was seen in collected decisions. The quantiles are nil under LeastN decisions.
type Comparison struct {
	N         int            `json:"n"`
	By        string         `json:"by"`
	Ratio     RatioSummary   `json:"fine_to_value"`
	Fines     FineSummary    `json:"fines"`
	NoPenalty int            `json:"no_penalty"`
	BelowLow  *int           `json:"below_statutory_minimum"` // of those whose article has one; nil if none
	Cases     []NearDecision `json:"cases"`
}

// FineSummary are quantiles of fines in yuan; nil under LeastN.
type FineSummary struct {
	N      int      `json:"n"`
	Low    *float64 `json:"low"`
	Q1     *float64 `json:"quartile_1"`
	Median *float64 `json:"median"`
	Q3     *float64 `json:"quartile_3"`
	High   *float64 `json:"high"`
}

// NearDecision is one of the decisions compared with.
type NearDecision struct {
	Case     string   `json:"case"`
	Conduct  []string `json:"conduct"`
	Category *string  `json:"category"`
	Value    *Number  `json:"value_rmb"`
	Fine     *Number  `json:"fine_rmb"`
	Ratio    *Number  `json:"fine_to_value_ratio"`
	Shares   []string `json:"shares"` // what it has in common with the case
	Sources  []string `json:"sources"`
	distance float64
}

// Consequences are what comes beside the fine.
type Consequences struct {
	ConfiscateGains bool         `json:"confiscation_of_gains"`
	ConfiscateGoods bool         `json:"confiscation_of_goods"`
	Warning         bool         `json:"warning"`
	Stop            bool         `json:"order_to_stop"`
	Serious         []string     `json:"in_serious_cases"`
	Also            []string     `json:"also"`
	Collateral      []Collateral `json:"collateral"`
	Criminal        []Offence    `json:"criminal"`
}

// mostNear is the number of decisions that a case is compared with.
const mostNear = 15

// Estimate answers for a case from the law and from collected decisions. An error says which word is wrong and what was probably meant.
func Estimate(t *Tables, records []Record, f Facts) (Outlook, error) {
	provisions, err := t.provisionsFor(&f)
	if err != nil {
		return Outlook{}, err
	}
	tiers, err := t.tiers(f.Grounds)
	if err != nil {
		return Outlook{}, err
	}
	p := &t.Penalties
	o := Outlook{On: f.On, Bands: []BandLine{}, Leniency: tiers, OwnReport: p.Disclosure, Concurrence: p.Concurrence, Limitation: p.Limitation, Notes: []string{}}
	o.Consequences = Consequences{Serious: []string{}, Also: []string{}, Collateral: p.Collateral, Criminal: p.Criminal}
	for _, v := range provisions {
		o.Bands = append(o.Bands, t.bands(v, f.Value)...)
		o.Consequences.add(v)
	}
	o.Comparable = compare(records, &f, provisions, t)
	o.Statement = fmt.Sprintf("the band of the law, and the range seen in %d collected decisions; not a forecast", o.Comparable.N)
	if o.Comparable.N < LeastN {
		o.Statement = fmt.Sprintf("the band of the law only: %d collected decisions are like it, fewer than %d", o.Comparable.N, LeastN)
	}
	o.note(&f, p)
	return o, nil
}

func (o *Outlook) note(f *Facts, p *Penalties) {
	if len(o.Bands) == 0 {
		o.Notes = append(o.Notes, "no fine band of the tables is for this conduct and class on that day: name the article with --basis")
	}
	if f.Value == nil {
		o.Notes = append(o.Notes, "no value is given: bands are those for a value that cannot be established, decisions are not compared by value")
	}
	for _, e := range p.Exempt {
		if f.Value != nil && e.ValueBelow > 0 && e.Affects == "licence_control" && f.Value.Rat().Cmp(whole(e.ValueBelow)) < 0 {
			o.Notes = append(o.Notes, fmt.Sprintf("under %d yuan a minor breach of licence control that is corrected may go without a penalty (secondary source)", e.ValueBelow))
		}
	}
}

// provisionsFor are the provisions named, or those of the tags of the conduct, that are in force and for the class.
func (t *Tables) provisionsFor(f *Facts) (found []*Provision, err error) {
	for _, c := range f.Conduct {
		if !slices.Contains(Conducts, c) {
			return nil, wrongWord("conduct", c, Conducts)
		}
	}
	if f.Class != "" && !slices.Contains(Classes, f.Class) {
		return nil, wrongWord("class", f.Class, Classes)
	}
	for _, b := range f.Basis {
		named, err := t.provisionsNamed(b)
		if err != nil {
			return nil, err
		}
		found = append(found, named...)
	}
	if len(f.Basis) > 0 {
		return found, nil
	}
	for i := range t.Penalties.Provisions {
		v := &t.Penalties.Provisions[i]
		if t.Penalties.inForce(v, f.On) && t.forClass(v, f.Class) && slices.ContainsFunc(f.Conduct, func(c string) bool { return meets(t.ConductTags[c], v.Tags) }) {
			found = append(found, v)
		}
	}
	return found, nil
}

func (t *Tables) forClass(v *Provision, class string) bool {
	classes, limited := t.LawClasses[v.Law]
	return !limited || class == "" || slices.Contains(classes, class)
}

// inForce says whether the law of a provision applied on a day; a law whose day is not known counts as in force.
func (p *Penalties) inForce(v *Provision, on when.Date) bool {
	from, err := when.ParseDate(p.law(v.Law).InForce)
	return err != nil || on == 0 || on >= from
}

func meets(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

func wrongWord(what, word string, list []string) error {
	if meant := problem.Nearest(word, list); meant != "" {
		return sentence.Of("%s %q is none of %s; %s was probably meant", what, word, strings.Join(list, ", "), meant)
	}
	return sentence.Of("%s %q is none of %s", what, word, strings.Join(list, ", "))
}

// provisionsNamed reads "ecl-34-1", "出口管制法 34" or "出口管制法 34(1)".
func (t *Tables) provisionsNamed(text string) ([]*Provision, error) {
	var ids []string
	for i := range t.Penalties.Provisions {
		v := &t.Penalties.Provisions[i]
		if v.ID == text {
			return []*Provision{v}, nil
		}
		ids = append(ids, v.ID)
	}
	law, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	var article, item int
	if _, err := fmt.Sscanf(rest, "%d(%d)", &article, &item); err != nil && article == 0 {
		return nil, wrongWord("basis", text, ids)
	}
	found := t.provisionsOf(strings.TrimPrefix(law, "中华人民共和国"), article, item)
	if len(found) == 0 {
		return nil, sentence.Of("basis %q: the tables hold no provision of that article; a basis is an id (%s …) or a law and an article (出口管制法 34)", text, ids[0])
	}
	return found, nil
}

// bands are the bands of a provision for a value. A band whose limit needs a figure that is not given stands with what is missing.
func (t *Tables) bands(v *Provision, value *Number) (lines []BandLine) {
	law := t.Penalties.law(v.Law)
	for i := range v.Bands {
		b := &v.Bands[i]
		known := value
		if !valueMeasures[b.Measure] || !valueMeasures[b.Of] {
			known = nil // gains or tax: the value of the goods says nothing about them
		}
		if b.Measure != "" && valueMeasures[b.Measure] && !b.fits(known) {
			continue
		}
		line := BandLine{Provision: v.ID, Law: law.Zh, Article: articleText(v), Conduct: v.Conduct, Severity: b.Severity, Rule: b.rule(), Grade: v.Grade}
		if low, high, ok := b.amounts(known); ok {
			line.Low, line.High = floatOf(low), floatOf(high)
		} else {
			line.Missing = b.Of
		}
		lines = append(lines, line)
	}
	return lines
}

// valueMeasures are measures that the value of the goods stands for.
var valueMeasures = map[string]bool{"": true, "illegal_turnover": true, "goods_value": true, "declared_price": true}

func articleText(v *Provision) string {
	s := fmt.Sprint(v.Article)
	if v.Paragraph > 0 {
		s += fmt.Sprintf(" para %d", v.Paragraph)
	}
	if v.Item > 0 {
		s += fmt.Sprintf("(%d)", v.Item)
	}
	return s
}

// rule is a band in words.
func (b *Band) rule() string {
	var s string
	switch b.Unit {
	case "multiple":
		s = fmt.Sprintf("%d to %d times %s", b.Low, b.High, b.Of)
	case "percent":
		s = fmt.Sprintf("%d to %d percent of %s", b.Low, b.High, b.Of)
	default:
		s = fmt.Sprintf("%d to %d yuan", b.Low, b.High)
	}
	switch {
	case b.Measure == "":
	case b.AtLeast > 0:
		s += fmt.Sprintf(" where %s is at least %d", b.Measure, b.AtLeast)
	case b.Below > 0:
		s += fmt.Sprintf(" where %s is below %d", b.Measure, b.Below)
	}
	if b.OrNone {
		s += " or cannot be established"
	}
	return s
}

func floatOf(r *big.Rat) *float64 {
	f, _ := r.Float64()
	return &f
}

func (c *Consequences) add(v *Provision) {
	c.ConfiscateGains = c.ConfiscateGains || v.ConfiscateGains
	c.ConfiscateGoods = c.ConfiscateGoods || v.ConfiscateGoods
	c.Warning = c.Warning || v.Warning
	c.Stop = c.Stop || v.Stop
	for _, s := range v.Serious {
		if !slices.Contains(c.Serious, s) {
			c.Serious = append(c.Serious, s)
		}
	}
	for _, s := range v.Also {
		if !slices.Contains(c.Also, s) {
			c.Also = append(c.Also, s)
		}
	}
}

// tiers are the steps that the claimed grounds lead to, mildest first.
func (t *Tables) tiers(grounds []string) ([]TierLine, error) {
	lines := []TierLine{}
	var known []string
	left := slices.Clone(grounds)
	for _, tier := range t.Penalties.Tiers {
		line := TierLine{Tier: tier.ID, Zh: tier.Zh, Meaning: tier.Meaning}
		for _, g := range tier.Grounds {
			known = append(known, g.ID)
			if i := slices.Index(left, g.ID); i >= 0 {
				line.Grounds = append(line.Grounds, g)
				left = slices.Delete(left, i, i+1)
			}
		}
		if len(line.Grounds) > 0 {
			lines = append(lines, line)
		}
	}
	if len(left) > 0 {
		return nil, wrongWord("ground", left[0], known)
	}
	return lines, nil
}

// compare finds the nearest decisions. Smuggling and its absence are never compared; a named basis must be shared.
func compare(records []Record, f *Facts, provisions []*Provision, t *Tables) Comparison {
	c := Comparison{By: "kind of conduct (smuggling apart)", Cases: []NearDecision{}}
	if len(f.Basis) > 0 {
		c.By += " and article"
	}
	c.By += "; nearest by conduct, article, shelf of goods and value"
	type near struct {
		NearDecision
		Case
	}
	var all []near
	for _, k := range Merge(records, nil) {
		if !k.Decision() || !k.ExportControl || k.Penalty.Fines == nil || !k.Known(0) {
			continue
		}
		if d, ok := nearness(&k, f, provisions, t); ok {
			all = append(all, near{d, k})
		}
	}
	slices.SortStableFunc(all, func(a, b near) int { return cmp.Compare(a.distance, b.distance) })
	var cases []Case
	var fines []float64
	floored, below := 0, 0
	for _, n := range all[:min(len(all), mostNear)] {
		c.Cases = append(c.Cases, n.NearDecision)
		cases = append(cases, n.Case)
		if fine := n.NearDecision.Fine; fine != nil {
			fines = append(fines, fine.Float())
		}
		if n.Penalty.NoPenalty {
			c.NoPenalty++
		}
		if n.BelowMinimum != nil {
			floored++
			if *n.BelowMinimum {
				below++
			}
		}
	}
	c.N, c.Ratio, c.Fines = len(cases), summarise(cases), summariseFines(fines)
	if floored > 0 {
		c.BelowLow = &below
	}
	return c
}

func summariseFines(fines []float64) FineSummary {
	s := FineSummary{N: len(fines)}
	if s.N < LeastN {
		return s
	}
	slices.Sort(fines)
	for _, x := range []struct {
		to **float64
		at float64
	}{{&s.Low, 0}, {&s.Q1, 0.25}, {&s.Median, 0.5}, {&s.Q3, 0.75}, {&s.High, 1}} {
		v := Quantile(fines, x.at)
		*x.to = &v
	}
	return s
}

// nearness says how far a decision is from the case, and false where the two cannot be compared.
func nearness(k *Case, f *Facts, provisions []*Provision, t *Tables) (NearDecision, bool) {
	d := NearDecision{Case: k.ID, Conduct: k.Conduct, Category: k.GoodsCategory, Value: k.ViolationValue, Fine: k.Fine(), Ratio: k.FineToValue, Shares: []string{}, Sources: k.Sources}
	if k.DecisionNumber != nil {
		d.Case = *k.DecisionNumber
	}
	if len(f.Conduct) > 0 {
		if slices.Contains(k.Conduct, "smuggling") != slices.Contains(f.Conduct, "smuggling") || !meetsKind(k.Conduct, f.Conduct) {
			return d, false
		}
		common := 0
		for _, c := range f.Conduct {
			if slices.Contains(k.Conduct, c) {
				common++
			}
		}
		d.share("conduct", common > 0)
		d.distance += 2 * (1 - float64(common)/float64(len(f.Conduct)+len(k.Conduct)-common))
	}
	article := slices.ContainsFunc(k.LegalBasis, func(b Basis) bool {
		return slices.ContainsFunc(provisions, func(v *Provision) bool { return t.Penalties.law(v.Law).Zh == b.Law && v.Article == b.Article })
	})
	if len(f.Basis) > 0 && !article {
		return d, false
	}
	d.share("article", article)
	d.apart(article, 1)
	d.share("category", f.Category != "" && k.GoodsCategory != nil && *k.GoodsCategory == f.Category)
	d.apart(f.Category == "" || k.GoodsCategory != nil && *k.GoodsCategory == f.Category, 1)
	d.share("class", f.Class != "" && k.ItemClass == f.Class)
	d.apart(f.Class == "" || k.ItemClass == f.Class, 1)
	if f.Value != nil && f.Value.Sign() > 0 {
		if k.ViolationValue == nil || k.ViolationValue.Sign() <= 0 {
			d.distance += 2
		} else {
			d.distance += math.Abs(math.Log10(k.ViolationValue.Float() / f.Value.Float()))
		}
	}
	return d, true
}

func (d *NearDecision) share(what string, so bool) {
	if so {
		d.Shares = append(d.Shares, what)
	}
}

func (d *NearDecision) apart(near bool, by float64) {
	if !near {
		d.distance += by
	}
}

// meetsKind says whether two lists have conduct of one kind in common: export without a licence in either form, misdeclaration of anything.
func meetsKind(a, b []string) bool {
	kind := func(c string) string {
		head, _, _ := strings.Cut(c, "_")
		if head == "no" || head == "misdeclared" {
			return head
		}
		return c
	}
	return slices.ContainsFunc(a, func(x string) bool { return slices.ContainsFunc(b, func(y string) bool { return kind(x) == kind(y) }) })
}
