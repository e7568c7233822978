package exposure

import (
	"fmt"
	"math"
)

// Grade is how dependent a country's supply is on one supplier.
type Grade string

const (
	Low        Grade = "low"
	Moderate   Grade = "moderate"
	High       Grade = "high"
	CannotTell Grade = "cannot_tell"
)

// severity orders the grades; cannot_tell says nothing of how bad it is.
func (g Grade) severity() int { return map[Grade]int{Low: 1, Moderate: 2, High: 3}[g] }

// Bands are where grades begin, on effective dependence D. High begins at the benchmark of Regulation (EU) 2024/1252 for one third country;
// moderate begins at 0.3, below half of it. Scale is the share of world output from which own output counts as supply of weight: the same
// 5 % below which a country with large exports counts as a refiner or hub.
type Bands struct {
	Moderate float64 `json:"moderate"`
	High     float64 `json:"high"`
	Scale    float64 `json:"own_output_scale"`
}

// DefaultBands are the bands used unless a caller says otherwise.
var DefaultBands = Bands{Moderate: 0.3, High: 0.65, Scale: 0.05}

// of is the grade of one dependence.
func (b Bands) of(d float64) Grade {
	switch {
	case !Known(d):
		return CannotTell
	case d >= b.High:
		return High
	case d >= b.Moderate:
		return Moderate
	}
	return Low
}

// Between grades a range: the grade is that of its lower end, which is established, and mayBe that of its upper end where it is worse. A range
// from low to high establishes nothing.
func (b Bands) Between(d Range) (grade, mayBe Grade) {
	low, high := b.of(d.Low), b.of(d.High)
	switch {
	case low == high:
		return low, ""
	case low == Low && high == High:
		return CannotTell, High
	}
	return low, high
}

// Judgement is a grade with the worst it may be and the reasons.
type Judgement struct {
	Grade   Grade    `json:"grade"`
	MayBe   Grade    `json:"may_be,omitempty"` // the worst still open; empty: nothing is open
	Because []string `json:"because"`
	Missing []string `json:"missing"` // what data would settle it
}

func (j *Judgement) say(format string, args ...any) {
	j.Because = append(j.Because, fmt.Sprintf(format, args...))
}

func (j *Judgement) miss(format string, args ...any) {
	j.Missing = append(j.Missing, fmt.Sprintf(format, args...))
}

// LineFacts are what is held on one customs line of an importer. Balance is in tonnes, or in dollars where masses are missing.
type LineFacts struct {
	Balance     Balance
	Basis       Basis
	OutputKnown bool   // domestic output at this stage is held, be it as a range
	OutputFrom  string // where it was read
}

// exportsSmall is the cover M/X from which an importer is taken to have no export industry in a line, and so no large output of its own.
const exportsSmall = 2

// JudgeLine grades one line from computed numbers. A net exporter, and one with a net import reliance of at most 0.1, is low whatever its
// import shares say. Without figures on domestic output D lies between zero and the import share; where imports are at least twice the exports
// the share is taken for D, and the judgement says so.
func JudgeLine(f LineFacts, b Bands) Judgement {
	r := f.Balance.Reliance()
	j := Judgement{}
	share := r.ImportShare
	switch {
	case !Known(f.Balance.Imports) || f.Balance.Imports <= 0:
		j.Grade = CannotTell
		j.miss("imports of this line")
	case r.NetExporting:
		j.Grade = Low
		j.say("exports are at least imports (M/X %.2f, by %s): the country is a net exporter, so the supplier's %.0f %% of imports says little of its supply", r.ImportCover, f.Basis, 100*share)
	case f.OutputKnown && Known(r.NetImport.High) && r.NetImport.High <= 0.1:
		j.Grade = Low
		j.say("net import reliance is at most %.2f (own output from %s)", r.NetImport.High, f.OutputFrom)
	case f.OutputKnown:
		j.Grade, j.MayBe = b.Between(r.Dependence)
		j.say("effective dependence q/(P+M) is %s by %s (own output from %s); the import share is %.3f", between(r.Dependence), f.Basis, f.OutputFrom, share)
		if j.MayBe != "" {
			j.miss("own output at this stage, more closely")
		}
	default:
		judgeShare(&j, r, f.Basis, b)
	}
	return j
}

// judgeShare grades where nothing is held on domestic output.
func judgeShare(j *Judgement, r Reliance, basis Basis, b Bands) {
	share := r.ImportShare
	j.miss("domestic output at this stage: with it the share of supply, not of imports, can be computed")
	switch {
	case b.of(share) == Low:
		j.Grade = Low
		j.say("the supplier has %.3f of imports by %s; its share of supply can only be smaller", share, basis)
	case !Known(r.ImportCover) || r.ImportCover >= exportsSmall:
		j.Grade = b.of(share)
		j.say("the supplier has %.3f of imports by %s; no domestic output is held, and exports are small (M/X %s), so the share of imports is taken for the share of supply", share, basis, cover(r.ImportCover))
	default:
		j.Grade, j.MayBe = CannotTell, b.of(share)
		j.say("the supplier has %.3f of imports by %s, but exports are more than half of imports (M/X %s): there is output whose size is not held", share, basis, cover(r.ImportCover))
	}
}

func cover(x float64) string {
	if !Known(x) {
		return "unbounded: no exports"
	}
	return fmt.Sprintf("%.1f", x)
}

func between(r Range) string {
	if r.Low == r.High {
		return fmt.Sprintf("%.3f", r.Low)
	}
	return fmt.Sprintf("%.3f to %.3f", r.Low, r.High)
}

// ReportedFacts are figures that others published, where flows do not allow a computation. NaN: not reported.
type ReportedFacts struct {
	Share      Range   // of the supplier in imports
	Output     Range   // own refined output, tonnes a year
	World      float64 // world output, tonnes a year
	MostImport float64 // upper bound of imports in tonnes, from a customs line that holds more than this mineral
}

// JudgeReported grades from reported figures. Own output at the scale of the world market and no sign of imports from the supplier is low; with
// an import share beside it, the share bounds the dependence from above only, and without the amount of imports more than moderate is not
// established. Without such output the reported share is taken for the dependence.
func JudgeReported(r ReportedFacts, b Bands) Judgement {
	j := Judgement{}
	own := r.Output.Low / r.World
	scale := Known(own) && own >= b.Scale
	if Known(r.Output.Low) {
		j.say("own output is reported at %s t a year%s", plainRange(r.Output), ofWorld(own))
	}
	switch {
	case scale && !Known(r.Share.High):
		j.Grade = Low
		j.say("no source held reports a share of the supplier in imports; own output of this size covers supply")
		j.miss("imports and exports of the mineral by partner, in tonnes: with them the share of supply can be computed")
		j.miss("apparent consumption, or sales at home beside output")
	case scale:
		judgeScale(&j, r, b)
	case Known(r.Share.High):
		j.Grade, j.MayBe = b.Between(r.Share)
		j.say("the supplier's share in imports is reported at %s; no own output of weight is held, so it is taken for the share of supply", between(r.Share))
		j.miss("flows of the lines that hold this mineral only, and domestic output")
	default:
		j.Grade = CannotTell
		j.miss("imports by partner, exports and domestic output, in tonnes")
	}
	return j
}

func judgeScale(j *Judgement, r ReportedFacts, b Bands) {
	j.say("the supplier's share in imports is reported at %s, but imports are only part of supply", between(r.Share))
	upper := r.Share.High
	if Known(r.MostImport) {
		upper = r.Share.High * r.MostImport / (r.Output.Low + r.MostImport)
		j.say("imports are at most %.0f t (a customs line that also holds other minerals), so effective dependence is at most %.2f", r.MostImport, upper)
	}
	j.miss("imports of this mineral alone in tonnes (national lines of eight or ten digits)")
	j.Grade = b.of(upper)
	if j.Grade == High {
		j.Grade, j.MayBe = Moderate, High
	}
}

func ofWorld(share float64) string {
	if !Known(share) || share == 0 {
		return ""
	}
	return fmt.Sprintf(", %.1f %% of world output", 100*share)
}

func plainRange(r Range) string {
	switch {
	case r.Low == r.High:
		return fmt.Sprintf("%.0f", r.Low)
	case r.Low == 0:
		return fmt.Sprintf("at most %.0f", r.High)
	}
	return fmt.Sprintf("%.0f to %.0f", r.Low, r.High)
}

// Worst is the more severe of two grades; what cannot be told gives way to what can.
func Worst(a, b Grade) Grade {
	if b.severity() > a.severity() {
		return b
	}
	return a
}

// Status is where a country stands in a line, in a word: net_exporter, self_supplied, diversified, single_source, captive.
func Status(c Concentration, r Reliance, outputKnown bool) string {
	switch {
	case r.NetExporting:
		return "net_exporter"
	case outputKnown && Known(r.NetImport.High) && r.NetImport.High <= 0.1:
		return "self_supplied"
	case c.TopShare >= 0.9:
		return "captive"
	case c.TopShare >= 0.5:
		return "single_source"
	}
	return "diversified"
}

// EvidenceGrade is A to D: A both bases and output, B both bases agree within 0.1, C one basis or bases that disagree, D reported only.
func EvidenceGrade(shareValue, shareMass float64, outputKnown bool) string {
	both := Known(shareValue) && Known(shareMass)
	switch {
	case both && outputKnown && math.Abs(shareValue-shareMass) <= 0.1:
		return "A"
	case both && math.Abs(shareValue-shareMass) <= 0.1:
		return "B"
	case Known(shareValue) || Known(shareMass):
		return "C"
	}
	return "D"
}
