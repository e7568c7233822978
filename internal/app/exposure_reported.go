package app

import (
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

// figures are the facts of one measure that give a number; at tells where each stands among the facts.
func figures(facts []trade.Fact, wanted func(f *trade.Fact) bool) (list []exposure.Figure, at []int) {
	for i := range facts {
		f := &facts[i]
		if !exposure.Known(f.Low) || !wanted(f) {
			continue
		}
		year, _ := strconv.Atoi(f.Period[:min(4, len(f.Period))]) // no year: never near
		list = append(list, exposure.Figure{Who: f.Origin, Year: year, Amount: exposure.Range{Low: f.Low, High: f.High}, Bound: strings.Contains(f.Basis, "capacity")})
		at = append(at, i)
	}
	return list, at
}

// reportedShare is the range of the import shares that were reported for the year, or for the nearest year that has any.
func reportedShare(facts []trade.Fact, supplierName string, year int) (exposure.Range, []string) {
	shares, at := figures(facts, func(f *trade.Fact) bool { return f.Measure == "import_share" && f.Origin == supplierName })
	r, used := exposure.Nearest(shares, year)
	var periods []string
	for _, i := range used {
		periods = append(periods, facts[at[i]].Period)
	}
	return exposure.Range{Low: r.Low / 100, High: r.High / 100}, periods
}

// reportedOutput adds up the reported output of a country's producers.
func (e *Exposure) reportedOutput(facts []trade.Fact, year int) (exposure.Range, string, bool) {
	outputs, at := figures(facts, func(f *trade.Fact) bool { return f.Measure == "domestic_output" && strings.HasPrefix(f.Unit, "tonne") })
	sum, used := exposure.AddUp(outputs, year)
	var names []string
	for _, i := range used {
		f := &facts[at[i]]
		name := f.Origin + " " + f.Period
		if outputs[i].Bound {
			name += " (" + report.Speaker{Lang: e.Lang}.Word(f.Basis) + ")"
		}
		names = append(names, name)
	}
	return sum, e.say("reported_output", "names", strings.Join(names, ", ")), len(names) > 0
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
			r.Output = exposure.Joined(r.Output, o.Amount)
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
