package exposure

import (
	"cmp"
	"math"
	"slices"
)

// Mirror compares what importer and exporter report of the same trade.
type Mirror struct {
	Low   float64 `json:"gap_low"`  // ln(M/(1+δ)) − ln X with the largest markup
	High  float64 `json:"gap_high"` // with the smallest
	Cause string  `json:"cause"`    // exporter_above, importer_above, hub_leg, unexplained, none
}

// MirrorGap gives the gap as a range over the CIF markups of low and high (fractions, 0.02 and 0.30 as a rule). A gap whose whole range lies
// beyond a factor of two is one; its cause is a class, not a finding. In public monthly flows half of the pairs differ that much.
func MirrorGap(imported, exported, low, high float64, hub bool) Mirror {
	m := Mirror{Low: math.Log(imported/(1+high)) - math.Log(exported), High: math.Log(imported/(1+low)) - math.Log(exported)}
	switch {
	case !Known(m.Low) || !Known(m.High):
		m.Low, m.High, m.Cause = Unknown(), Unknown(), "unexplained"
	case m.Low <= math.Ln2 && m.High >= -math.Ln2:
		m.Cause = "none"
	case hub:
		m.Cause = "hub_leg"
	case m.High < -math.Ln2:
		m.Cause = "exporter_above"
	default:
		m.Cause = "importer_above"
	}
	return m
}

// Hubs are places through which goods pass on a large scale; trade through them says little about origin.
var Hubs = []string{"AE", "BE", "CH", "GB", "HK", "MY", "NL", "PA", "SG"}

// OriginGap is export share minus production share of a country. A refiner or hub is one with a gap above 0.2 and less than 5 % of production.
func OriginGap(exportShare, productionShare float64) (gap float64, refinerOrHub bool) {
	gap = exportShare - productionShare
	return gap, gap > 0.2 && productionShare < 0.05
}

// CountryGap is a country's share of exports minus its share of output.
type CountryGap struct {
	Country      string  `json:"country"`
	ExportShare  float64 `json:"export_share"`
	OutputShare  float64 `json:"output_share"`
	Gap          float64 `json:"gap"`
	RefinerOrHub bool    `json:"refiner_or_hub"`
}

// OriginGaps compares the shares in exports and in output of an importer's suppliers with at least 5 % of its imports, the widest gap first; none where no
// output is held.
func OriginGaps(exports, suppliers, output []Part) (gaps []CountryGap) {
	if len(output) == 0 {
		return nil
	}
	for _, p := range suppliers {
		if p.Amount < 0.05*Total(suppliers) {
			continue
		}
		g := CountryGap{Country: p.Who, ExportShare: ShareOf(exports, 0, p.Who), OutputShare: ShareOf(output, 0, p.Who)}
		g.Gap, g.RefinerOrHub = OriginGap(g.ExportShare, g.OutputShare)
		gaps = append(gaps, g)
	}
	slices.SortStableFunc(gaps, func(a, b CountryGap) int { return cmp.Compare(b.Gap, a.Gap) })
	return gaps
}

// HubShare is the share of imports that comes by way of hubs.
func HubShare(suppliers []Part) (share float64) {
	for _, p := range suppliers {
		if slices.Contains(Hubs, p.Who) {
			share += p.Amount / Total(suppliers)
		}
	}
	return share
}

// CommonBasis is the mass where both years have masses for most of their flows, else the value: a year without masses would look like a year
// without trade.
func CommonBasis(a, b []Flow) Basis {
	for _, flows := range [][]Flow{a, b} {
		without := 0
		for i := range flows {
			if !Known(flows[i].Mass) {
				without++
			}
		}
		if without > len(flows)/10 {
			return ByValue
		}
	}
	return ByMass
}

// Connector is the evidence on one country between a supplier and an importer. It names a candidate, never an evasion.
type Connector struct {
	Country    string  `json:"country"`
	FromSupply float64 `json:"delta_imports_from_supplier"` // tonnes or dollars
	ToImporter float64 `json:"delta_exports_to_importer"`
	Pass       float64 `json:"exports_over_imports"`
	UnitValues float64 `json:"unit_value_ratio"` // out over in; NaN without masses
	Tests      int     `json:"tests_met"`        // of those that could be made
	Made       int     `json:"tests_made"`
	Candidate  bool    `json:"candidate"`
}

// Connectors looks at every country that buys from the supplier and sells to the importer in a line, between two years, where both flows rose.
// It is a candidate where it bought at least half as much more as it sold more and, as far as they can be told, its exports over imports and
// the ratio of its unit values lie between 0.5 and 2. Its own output is not looked at: the origin gap does that.
func Connectors(flows []Flow, supplier, importer, line string, from, to int, b Basis) []Connector {
	amount := func(year int, a, z string) float64 {
		parts, _ := Origins(flows, Select{Year: year, From: a, To: z, Line: line}, b)
		return Total(parts)
	}
	via, _ := Origins(flows, Select{Year: to, To: importer, Line: line}, b)
	var found []Connector
	for _, p := range via {
		c := Connector{Country: p.Who}
		if p.Who == supplier || p.Who == importer {
			continue
		}
		c.FromSupply = amount(to, supplier, p.Who) - amount(from, supplier, p.Who)
		c.ToImporter = amount(to, p.Who, importer) - amount(from, p.Who, importer)
		if c.FromSupply <= 0 || c.ToImporter <= 0 {
			continue
		}
		c.Pass = amount(to, p.Who, "") / amount(to, "", p.Who)
		c.UnitValues = unitValue(flows, Select{Year: to, From: p.Who, Line: line}) / unitValue(flows, Select{Year: to, To: p.Who, Line: line})
		c.Tests, c.Made = 2, 3
		if c.FromSupply >= c.ToImporter/2 {
			c.Tests++
		}
		for _, x := range []float64{c.Pass, c.UnitValues} {
			if Known(x) {
				c.Made++
				if x >= 0.5 && x <= 2 {
					c.Tests++
				}
			}
		}
		c.Candidate = c.Tests == c.Made && c.Made > 3
		found = append(found, c)
	}
	slices.SortStableFunc(found, func(a, b Connector) int {
		return cmp.Or(cmp.Compare(b.Tests, a.Tests), cmp.Compare(b.ToImporter, a.ToImporter))
	})
	return found
}

// unitValue is dollars a tonne over the flows that have both.
func unitValue(flows []Flow, s Select) float64 {
	value, mass := 0.0, 0.0
	for i := range flows {
		f := &flows[i]
		if s.has(f) && Known(f.Mass) && Known(f.Value) && f.Mass > 0 {
			value += f.Value
			mass += f.Mass
		}
	}
	if mass == 0 {
		return Unknown()
	}
	return value / mass
}

// OneStep is the share of an importer's supply in a year that comes from an origin directly, and with what its suppliers in turn import from there.
func OneStep(t *Trade, year int, importer, origin string, b Basis) (direct, withOne float64) {
	parts, _ := t.Imports(year, importer, b)
	direct = ShareOf(parts, 0, origin)
	total := Total(parts)
	withOne = direct
	for _, p := range parts {
		if p.Who == origin || total == 0 {
			continue
		}
		their, _ := t.Imports(year, p.Who, b)
		if x := ShareOf(their, 0, origin); Known(x) {
			withOne += p.Amount / total * x
		}
	}
	return direct, withOne
}

// TraceOrigin follows an origin through all steps with proportional mixing (Kastner et al. 2011): the share of each country's supply
// (output and imports) that was made at the origin. Output is in the unit of the basis; a country that exports more than it has is given the
// difference as output, and is named in filled. Mixing repeats until nothing moves by more than 1e-12, at most a thousand times.
func TraceOrigin(flows []Flow, output []Part, origin string, s Select, b Basis) (share map[string]float64, filled []string) {
	t := newTrace(flows, output, s, b)
	filled = t.fill()
	now := make([]float64, len(t.names))
	for range 1000 {
		next, moved := t.mix(now, origin)
		now = next
		if moved < 1e-12 {
			break
		}
	}
	share = map[string]float64{}
	for i, name := range t.names {
		share[name] = now[i]
	}
	return share, filled
}

// trace is the network of one line and year.
type trace struct {
	names  []string
	number map[string]int
	output []float64
	in     [][]Part // imports of each country
	supply []float64
	sold   []float64
}

func newTrace(flows []Flow, output []Part, s Select, b Basis) *trace {
	t := &trace{number: map[string]int{}}
	for i := range flows {
		if f := &flows[i]; s.has(f) && Known(b.of(f)) {
			from, to := t.at(f.From), t.at(f.To)
			t.in[to] = append(t.in[to], Part{f.From, b.of(f)})
			t.supply[to] += b.of(f)
			t.sold[from] += b.of(f)
		}
	}
	for _, p := range output {
		if Known(p.Amount) {
			n := t.at(p.Who)
			t.output[n] += p.Amount
			t.supply[n] += p.Amount
		}
	}
	return t
}

func (t *trace) at(name string) int {
	n, ok := t.number[name]
	if !ok {
		n = len(t.names)
		t.number[name] = n
		t.names = append(t.names, name)
		t.output, t.supply, t.sold, t.in = append(t.output, 0), append(t.supply, 0), append(t.sold, 0), append(t.in, nil)
	}
	return n
}

// fill gives output to countries that sell more than they have.
func (t *trace) fill() (filled []string) {
	for i, name := range t.names {
		if lack := t.sold[i] - t.supply[i]; lack > 0 {
			t.output[i] += lack
			t.supply[i] += lack
			filled = append(filled, name)
		}
	}
	slices.Sort(filled)
	return filled
}

func (t *trace) mix(now []float64, origin string) (next []float64, moved float64) {
	next = make([]float64, len(now))
	for i, name := range t.names {
		if t.supply[i] <= 0 {
			continue
		}
		amount := 0.0
		if name == origin {
			amount = t.output[i]
		}
		for _, p := range t.in[i] {
			amount += p.Amount * now[t.number[p.Who]]
		}
		next[i] = amount / t.supply[i]
		moved = math.Max(moved, math.Abs(next[i]-now[i]))
	}
	return next, moved
}
