package exposure

import (
	"math"
	"strconv"
	"strings"
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
	Grade   Grade
	MayBe   Grade // the worst still open; empty: nothing is open
	Because []Reason
	Missing []Reason // what data would settle it
}

// Reason is one sentence of a judgement: its key in the catalogues, and the values of its places, name and value in turn.
type Reason struct {
	Key   string
	Pairs []string
}

func (j *Judgement) say(key string, pairs ...string) {
	j.Because = append(j.Because, Reason{"why." + key, pairs})
}

func (j *Judgement) miss(key string) { j.Missing = append(j.Missing, Reason{Key: "missing." + key}) }

// LineFacts are what is held on one customs line of an importer. Balance is in tonnes, or in dollars where masses are missing.
type LineFacts struct {
	Balance     Balance
	Basis       Basis
	Other       float64 // the supplier's import share on the other basis; NaN: not held
	OutputKnown bool    // domestic output at this stage is held, be it as a range
	OutputFrom  string  // where it was read; without OutputKnown: output is held, but the balance is in dollars
}

// basesAgree is how far the shares by value and by mass may lie apart before a grade has to span both.
const basesAgree = 0.1

// share is the supplier's import share: on the basis of the balance, or over both bases where they disagree.
func (f *LineFacts) share(r Reliance) (s Range, disagree bool) {
	if math.Abs(f.Other-r.ImportShare) > basesAgree { // never where the other is not held
		return between(f.Other, r.ImportShare), true
	}
	return Exactly(r.ImportShare), false
}

// dependence is D with the shares of a range: D is the share times M/(P + M).
func (f *LineFacts) dependence(share Range) Range {
	m, p := f.Balance.Imports, f.Balance.Output
	return Range{share.Low * m / (p.High + m), share.High * m / (p.Low + m)}
}

// selfSupplied is the net import reliance up to which a country counts as supplied by itself.
const selfSupplied = 0.1

// exportsSmall is the cover M/X from which an importer is taken to have no export industry in a line, and so no large output of its own.
const exportsSmall = 2

// JudgeLine grades one line from computed numbers. A net exporter, and one with a net import reliance of at most 0.1, is low whatever its
// import shares say. Without figures on domestic output D lies between zero and the import share; where imports are at least twice the exports
// the share is taken for D, and the judgement says so.
func JudgeLine(f LineFacts, b Bands) Judgement {
	r := f.Balance.Reliance()
	j := Judgement{}
	span, disagree := f.share(r)
	share, basis := Percent(r.ImportShare), string(f.Basis)
	switch {
	case !Known(f.Balance.Imports) || f.Balance.Imports <= 0:
		j.Grade = CannotTell
		j.miss("imports")
	case r.NetExporting:
		j.Grade = Low
		j.say("net_exporter", "cover", cover(f.Balance.Exports, r.ImportCover), "basis", basis, "share", share)
	case f.OutputKnown && Known(r.NetImport.High) && r.NetImport.High <= selfSupplied:
		j.Grade = Low
		j.say("self_supplied", "reliance", Percent(r.NetImport.High), "from", f.OutputFrom, "share", share)
	case f.OutputKnown:
		d := f.dependence(span)
		j.Grade, j.MayBe = b.Between(d)
		j.say("dependence", "dependence", Percents(d), "basis", basis, "from", f.OutputFrom, "share", share)
		if j.MayBe != "" {
			j.miss("output_closer")
		}
	case f.OutputFrom != "":
		j.Grade, j.MayBe = b.Between(Range{0, span.High})
		j.say("no_masses", "share", Percents(span), "basis", basis, "from", f.OutputFrom)
		j.miss("masses")
	default:
		judgeShare(&j, f.Balance.Exports, span, r.ImportCover, basis, b)
	}
	if disagree && !r.NetExporting {
		j.say("bases", "basis", basis, "share", share, "other", Percent(f.Other))
	}
	return j
}

// judgeShare grades where nothing is held on domestic output.
func judgeShare(j *Judgement, exports float64, share Range, mx float64, basis string, b Bands) {
	pairs := []string{"share", Percents(share), "basis", basis, "cover", cover(exports, mx)}
	j.miss("output")
	switch {
	case b.of(share.High) == Low:
		j.Grade = Low
		j.say("share_low", pairs...)
	case exports == 0 || mx >= exportsSmall:
		j.Grade, j.MayBe = b.Between(share)
		j.say("share_taken", pairs...)
	default:
		j.Grade, j.MayBe = CannotTell, b.of(share.High)
		j.say("share_open", pairs...)
	}
}

// cover prints M/X, without bound where nothing is exported.
func cover(exports, x float64) string {
	switch {
	case exports == 0:
		return "∞"
	case !Known(x):
		return "–"
	}
	return strconv.FormatFloat(x, 'f', 1, 64)
}

// Percent prints a share for people.
func Percent(x float64) string {
	if !Known(x) {
		return "–"
	}
	return strconv.FormatFloat(100*x, 'f', 1, 64) + " %"
}

// Percents prints a range of shares; one number where its ends print alike.
func Percents(r Range) string {
	low, high := Percent(r.Low), Percent(r.High)
	if low == high {
		return low
	}
	return strings.TrimSuffix(low, " %") + " – " + high
}

// ReportedFacts are figures that others published, where flows do not allow a computation. NaN: not reported.
type ReportedFacts struct {
	Share      Range   // of the supplier in imports
	Output     Range   // own refined output, tonnes a year
	World      float64 // world output, tonnes a year
	WorldStage string  // of that output: mine, refined
	MostImport float64 // upper bound of imports in tonnes, from a customs line that holds more than this mineral
}

// JudgeReported grades from reported figures. Own output at the scale of the world market and no sign of imports from the supplier is low; with
// an import share beside it, the share bounds the dependence from above only, and without the amount of imports more than moderate is not
// established. Without such output the reported share is taken for the dependence.
func JudgeReported(r ReportedFacts, b Bands) Judgement {
	j := Judgement{}
	own := r.Output.Low / r.World
	scale := Known(own) && own >= b.Scale
	switch {
	case r.Output.Low == 0 && Known(r.World):
		j.say("output_of_world", "output", Tonnes(r.Output), "world", "≤ "+Percent(r.Output.High/r.World), "stage", r.WorldStage)
	case Known(own):
		j.say("output_of_world", "output", Tonnes(r.Output), "world", Percent(own), "stage", r.WorldStage)
	case Known(r.Output.Low):
		j.say("output", "output", Tonnes(r.Output))
	}
	switch {
	case scale && !Known(r.Share.High):
		j.Grade = Low
		j.say("no_share_reported")
		j.miss("trade_by_partner")
		j.miss("consumption")
	case scale:
		judgeScale(&j, r, b)
	case Known(r.Share.High):
		j.Grade, j.MayBe = b.Between(r.Share)
		j.say("reported_share_taken", "share", Percents(r.Share))
		j.miss("own_lines")
	default:
		j.Grade, j.MayBe = CannotTell, High // nothing held bounds it
		j.miss("everything")
	}
	return j
}

func judgeScale(j *Judgement, r ReportedFacts, b Bands) {
	j.say("reported_share_part", "share", Percents(r.Share))
	upper := r.Share.High
	if Known(r.MostImport) {
		upper = r.Share.High * r.MostImport / (r.Output.Low + r.MostImport)
		j.say("most_import", "tonnes", strconv.FormatFloat(r.MostImport, 'f', 0, 64), "dependence", Percent(upper))
	}
	j.miss("imports_alone")
	j.Grade = b.of(upper)
	if j.Grade == High {
		j.Grade, j.MayBe = Moderate, High
	}
}

// Tonnes prints an output for people; an upper bound alone as such.
func Tonnes(r Range) string {
	low, high := strconv.FormatFloat(r.Low, 'f', 0, 64), strconv.FormatFloat(r.High, 'f', 0, 64)
	switch {
	case low == high:
		return low + " t"
	case r.Low == 0:
		return "≤ " + high + " t"
	}
	return low + " – " + high + " t"
}

// Worst is the more severe of two grades; what cannot be told gives way to what can.
func Worst(a, b Grade) Grade {
	if b.severity() > a.severity() {
		return b
	}
	return a
}

// WeighedLine is what a line of a mineral says, and what it weighs.
type WeighedLine struct {
	Grade, MayBe Grade
	Imports      float64 // US dollars
	Counts       bool    // set by JudgeLines: it has at least a tenth of the imports
}

// weightOfLine is the share in the imports held from which a line counts for the grade of its mineral.
const weightOfLine = 0.1

// JudgeLines is the grade of a mineral from its lines: the worst of those that count, and the worst that one of them may be.
func JudgeLines(lines []WeighedLine) (grade, mayBe Grade) {
	total := 0.0
	for _, l := range lines {
		total += l.Imports
	}
	grade = CannotTell
	for i := range lines {
		l := &lines[i]
		if l.Counts = l.Imports >= weightOfLine*total; l.Counts {
			grade, mayBe = Worst(grade, l.Grade), Worst(mayBe, l.MayBe)
		}
	}
	if mayBe != "" && Worst(grade, mayBe) == grade && grade != CannotTell {
		return grade, ""
	}
	return grade, mayBe
}

// Status is where a country stands in a line, in a word: net_exporter, self_supplied, diversified, single_source, captive.
func Status(c Concentration, r Reliance, outputKnown bool) string {
	switch {
	case r.NetExporting:
		return "net_exporter"
	case outputKnown && Known(r.NetImport.High) && r.NetImport.High <= selfSupplied:
		return "self_supplied"
	case c.TopShare >= 0.9:
		return "captive"
	case c.TopShare >= 0.5:
		return "single_source"
	}
	return "diversified"
}

// EvidenceGrade is A to D: A both bases agree within 0.1 and output is a figure, B both bases agree, C one basis or bases that disagree,
// D neither. An output of which only an upper bound is held is no figure.
func EvidenceGrade(shareValue, shareMass float64, output Range) string {
	agree := Known(shareValue) && Known(shareMass) && math.Abs(shareValue-shareMass) <= basesAgree
	switch {
	case agree && Known(output.Low) && (output.Low > 0 || output.High == 0):
		return "A"
	case agree:
		return "B"
	case Known(shareValue) || Known(shareMass):
		return "C"
	}
	return "D"
}
