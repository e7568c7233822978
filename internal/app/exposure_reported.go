package app

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"lodestone/internal/exposure"
	"lodestone/internal/ingest/trade"
	"lodestone/internal/report"
)

// Figures that others reported: what is taken of them where flows do not cover a mineral.

// reported are the facts on an importer and mineral, in the order of the file.
func (e *Exposure) reported(importer, mineral string) ([]trade.Fact, error) {
	all, err := e.facts(trade.NameReported)
	if err != nil {
		return nil, err
	}
	facts := []trade.Fact{}
	for _, f := range all {
		if f.Importer == importer && f.Mineral == mineral {
			facts = append(facts, f)
		}
	}
	return facts, nil
}

// reportedShare is the range of the import shares that were reported for the year, or for the nearest year that has any.
func reportedShare(facts []trade.Fact, supplierName string, year int) (r exposure.Range, periods []string) {
	r = exposure.Range{Low: exposure.Unknown(), High: exposure.Unknown()}
	best := nearYears
	for _, f := range facts {
		if f.Measure == "import_share" && f.Origin == supplierName && exposure.Known(f.Low) {
			best = min(best, distance(f, year))
		}
	}
	for _, f := range facts {
		if f.Measure != "import_share" || f.Origin != supplierName || !exposure.Known(f.Low) || distance(f, year) != best {
			continue
		}
		if periods == nil {
			r = exposure.Range{Low: f.Low / 100, High: f.High / 100}
		}
		r.Low, r.High = min(r.Low, f.Low/100), max(r.High, f.High/100)
		periods = append(periods, f.Period)
	}
	return r, periods
}

// reportedOutput adds up the reported output of a country's producers, each with the figure nearest to the year. A capacity bounds the output
// from above only.
func (e *Exposure) reportedOutput(facts []trade.Fact, year int) (exposure.Range, string, bool) {
	var sum exposure.Range
	var names []string
	nearest := map[string]trade.Fact{}
	for _, f := range facts {
		if f.Measure != "domestic_output" || !exposure.Known(f.Low) || !strings.HasPrefix(f.Unit, "tonne") || distance(f, year) > nearYears {
			continue
		}
		old, ok := nearest[f.Origin]
		if !ok {
			names = append(names, f.Origin)
		}
		if !ok || distance(f, year) < distance(old, year) {
			nearest[f.Origin] = f
		}
	}
	for i, n := range names {
		f := nearest[n]
		names[i] = fmt.Sprintf("%s %s", n, f.Period)
		sum.High += f.High
		if strings.Contains(f.Basis, "capacity") {
			names[i] += " (" + report.Speaker{Lang: e.Lang}.Word(f.Basis) + ")"
			continue
		}
		sum.Low += f.Low
	}
	return sum, e.say("reported_output", "names", strings.Join(names, ", ")), len(names) > 0
}

// nearYears is how far from the year asked a reported figure may lie.
const nearYears = 5

func distance(f trade.Fact, year int) int {
	y, err := strconv.Atoi(f.Period[:min(4, len(f.Period))])
	if err != nil {
		return math.MaxInt32
	}
	if y > year {
		return y - year
	}
	return year - y
}

func (e *Exposure) judgeReported(doc *report.Dependence, share exposure.Range, periods []string, output exposure.Range, source string, produced bool) {
	r := exposure.ReportedFacts{Share: share, Output: exposure.Range{Low: exposure.Unknown(), High: exposure.Unknown()}, World: exposure.Unknown(), MostImport: exposure.Unknown()}
	if produced {
		r.Output = output
	} else {
		source = ""
	}
	for _, o := range doc.Output {
		if !exposure.Known(o.World) || o.World <= 0 {
			continue
		}
		if !exposure.Known(r.World) || o.Stage == "refined" {
			r.World, r.WorldStage = o.World, o.Stage
		}
		if o.Stage == "refined" && o.Amount.Low > 0 {
			if !exposure.Known(r.Output.Low) {
				r.Output = o.Amount
			}
			r.Output = joined(r.Output, o.Amount)
			source = strings.TrimPrefix(source+"; "+o.From, "; ")
		}
	}
	for _, l := range doc.Lines {
		if l.Stage == "metal" && exposure.Known(l.Imports.Tonnes) && !(r.MostImport < l.Imports.Tonnes) {
			r.MostImport = l.Imports.Tonnes
		}
	}
	doc.Judged = e.judged(exposure.JudgeReported(r, doc.Bands))
	doc.Evidence = "reported"
	if exposure.Known(r.Output.Low) {
		doc.Because = append(doc.Because, e.say("why.output_after", "source", source))
	}
	doc.ReportedShare = share
	if periods != nil {
		slices.Sort(periods)
		doc.Because = append(doc.Because, e.say("why.shares_for", "periods", strings.Join(slices.Compact(periods), ", ")))
	}
	for _, l := range doc.Lines {
		doc.Because = append(doc.Because, e.say("why.beside", "line", l.Line, "stage", l.Stage, "basket", l.Basket, "share", exposure.Percent(l.ShareValue), "status", l.Status))
	}
}

// joined is the range over two sources of the same output. An upper bound alone gives way to a figure.
func joined(a, b exposure.Range) exposure.Range {
	if a.Low == 0 {
		return exposure.Range{Low: b.Low, High: max(a.High, b.High)}
	}
	return exposure.Range{Low: min(a.Low, b.Low), High: max(a.High, b.High)}
}
