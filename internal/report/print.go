package report

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/mattn/go-runewidth"

	"lodestone/internal/problem"
	"lodestone/internal/quant"
)

// Format is a way to print determinations.
type Format string

const (
	Table Format = "table"
	JSONL Format = "jsonl"
	JSON  Format = "json"
	CSV   Format = "csv"
	HTML  Format = "html"
	XLSX  Format = "xlsx"

	DossierRows Format = "dossier" // what a determination file is made of; no format of a command
)

// ScreenFormats are the formats of screen.
var ScreenFormats = []Format{Table, JSONL, JSON, CSV, XLSX, HTML}

// Printer prints determinations one by one. Row is called by several goroutines, each with its own buffer; Open and Close are called once,
// before the first and after the last row, by the one that writes. Buffers of whole rows go, in order, to the writer that Open returns.
type Printer interface {
	Lines
	Open(w io.Writer) (rows io.Writer, err error)
	Row(b *bytes.Buffer, d *Determination) error
	Close(w io.Writer, s *Summary) error
}

// Lines is what all printers of rows have in common.
type Lines interface {
	Between() string // what stands between two rows
	Refused(b *bytes.Buffer, r *Refused) error
}

// NewPrinter makes the printer of a format; extra names the unknown columns that CSV passes through, width is that of the terminal (0: none).
func NewPrinter(f Format, lang string, extra []string, width int) (Printer, error) {
	switch f {
	case JSONL:
		return &jsonPrinter{}, nil
	case JSON:
		return &jsonPrinter{array: true}, nil
	case CSV:
		return &csvPrinter{lang: lang, extra: extra}, nil
	case XLSX:
		return &xlsxPrinter{lang: lang, extra: extra}, nil
	case HTML:
		return &pagePrinter{lang: lang}, nil
	case DossierRows:
		return dossierPrinter{}, nil
	case Table:
		p := &tablePrinter{lang: lang, because: wideBecause}
		if width > 0 {
			p.because = max(width-wideRest, narrowBecause)
		}
		return p, nil
	}
	return nil, fmt.Errorf("output %q is none of table, jsonl, json, csv, xlsx, html, pdf", f)
}

// jsonPrinter writes one object a line; as an array it puts {"rows":[…],"summary":…} around them.
type jsonPrinter struct{ array bool }

func (p *jsonPrinter) Open(w io.Writer) (io.Writer, error) {
	if !p.array {
		return w, nil
	}
	_, err := io.WriteString(w, "{\"rows\":[\n")
	return w, err
}

func (p *jsonPrinter) Between() string {
	if p.array {
		return ",\n"
	}
	return "\n"
}

func (p *jsonPrinter) Row(b *bytes.Buffer, d *Determination) error {
	_, err := b.Write(d.AppendJSON(b.AvailableBuffer()))
	return err
}

func (p *jsonPrinter) Refused(b *bytes.Buffer, r *Refused) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = b.Write(text)
	return err
}

func (p *jsonPrinter) Close(w io.Writer, s *Summary) error {
	end := "\n"
	if s.Rows+s.Refused == 0 && !p.array {
		end = ""
	}
	if p.array {
		text, err := json.Marshal(s)
		if err != nil {
			return err
		}
		end = "],\n\"summary\":" + string(text) + "}\n"
	}
	_, err := io.WriteString(w, end)
	return err
}

// csvPrinter writes one row a determination; lists are joined by "; ".
type csvPrinter struct {
	lang  string
	extra []string
}

var csvColumns = []string{"id", "line", "outcome", "may_be", "policy", "effective", "known_by", "norms", "codes", "cites", "because",
	"asks", "near", "parties", "duties", "next_change_on", "next_change_outcome", "next_change_by", "not_assessed", "notes", "shares", "timeline", "problem"}

func (p *csvPrinter) Open(w io.Writer) (io.Writer, error) {
	c := csv.NewWriter(w)
	if err := c.Write(append(append([]string{}, csvColumns...), p.extra...)); err != nil {
		return nil, err
	}
	c.Flush()
	return w, c.Error()
}

func (p *csvPrinter) Between() string { return "" }

func (p *csvPrinter) Row(b *bytes.Buffer, d *Determination) error {
	row := []string{d.ID, strconv.Itoa(d.Line), d.Outcome, d.MayBe, d.Policy, d.At.Effective.String(), d.At.KnownBy.String(),
		joined(d.Requirements, func(r *Requirement) string { return r.Norm }),
		joined(d.Requirements, func(r *Requirement) string { return r.Code }),
		joined(d.Requirements, func(r *Requirement) string { return r.Cite }),
		because(d, p.lang),
		joined(d.Asks, func(a *Ask) string { return a.Question }),
		joined(d.Near, func(n *Near) string { return strings.TrimSpace(n.Norm + " " + n.Failed + " " + n.Value) }),
		joined(d.Parties, func(h *PartyHit) string { return h.Name + " (" + h.List + ", " + h.Standing + ")" }),
		joined(d.Duties, func(x *Duty) string { return x.Kind }),
		"", "", "",
		joined(d.NotAssessed, func(g *Gap) string { return g.Layer + ": " + g.Missing }),
		strings.Join(d.Notes, "; "),
		joined(d.Shares, func(s *Share) string { return s.Rule + " " + s.Low + "-" + s.High + " " + s.Threshold + " " + s.Truth }),
		joined(d.Timeline, func(s *Stretch) string { return s.days() + " " + s.words() }), ""}
	if n := d.NextChange; n != nil {
		row[15], row[16], row[17] = n.On.String(), n.Outcome, n.By
	}
	for _, name := range p.extra {
		row = append(row, extraValue(d, name))
	}
	return writeRow(b, row)
}

func extraValue(d *Determination, name string) string {
	for _, x := range d.Extra {
		if x.Name == name {
			return x.Value
		}
	}
	return ""
}

func (p *csvPrinter) Refused(b *bytes.Buffer, r *Refused) error {
	row := make([]string, len(csvColumns)+len(p.extra))
	row[0], row[1], row[len(csvColumns)-1] = r.ID, strconv.Itoa(r.Line), r.Problem.Error()
	return writeRow(b, row)
}

func writeRow(b *bytes.Buffer, row []string) error {
	for i, cell := range row {
		row[i] = inert(cell)
	}
	c := csv.NewWriter(b)
	if err := c.Write(row); err != nil {
		return err
	}
	c.Flush()
	return c.Error()
}

// inert keeps a spreadsheet from taking text for a formula.
func inert(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

func (p *csvPrinter) Close(io.Writer, *Summary) error { return nil }

func joined[T any](list []T, show func(*T) string) string {
	var parts []string
	for i := range list {
		if s := show(&list[i]); s != "" && (len(parts) == 0 || parts[len(parts)-1] != s) {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "; ")
}

// because is the deciding reason in one line: norm, its name, and the facts.
func because(d *Determination, lang string) string {
	if d.SameAs != 0 {
		return Say(lang, "table.same", "line", strconv.Itoa(d.SameAs))
	}
	if len(d.Requirements) == 0 {
		if len(d.Near) > 0 {
			fact, test, _ := strings.Cut(d.Near[0].Failed, " ")
			if d.Near[0].Except != "" || d.Legend == nil {
				return d.Near[0].Norm + ": " + d.Near[0].Failed + " (" + d.Near[0].Value + ")"
			}
			return d.Near[0].Norm + ": " + d.factName(fact) + " " + saidOf(d, fact, test) + " (" + saidOf(d, fact, d.Near[0].Value) + ")"
		}
		for _, g := range d.NotAssessed {
			if g.Layer == "dual_use" {
				return g.Missing
			}
		}
		return Say(lang, "outcome."+d.Outcome)
	}
	r := &d.Requirements[0]
	var facts []string
	for _, x := range r.Because {
		if x.Value != "" && x.Fact != "from" {
			facts = append(facts, d.factName(x.Fact)+" "+saidOf(d, x.Fact, x.Value))
		} else if x.Value == "" {
			facts = append(facts, d.factName(x.Fact)+" ?")
		}
	}
	return r.Cite + " " + r.Name.In(lang) + ": " + strings.Join(facts, ", ")
}

// tablePrinter writes lines for a terminal, in fixed widths so that it can stream.
type tablePrinter struct {
	lang    string
	because int // columns for the reason
}

const (
	wideID, wideOutcome, wideNext = 14, 16, 10
	wideRest                      = wideID + 2*wideOutcome + wideNext + 4*2
	wideBecause, narrowBecause    = 96, 24
)

func (p *tablePrinter) line(b io.Writer, id, outcome, mayBe, next, because string) error {
	_, err := fmt.Fprintf(b, "%s  %s  %s  %s  %s\n", cell(id, wideID), cell(outcome, wideOutcome), cell(mayBe, wideOutcome),
		cell(next, wideNext), strings.TrimRight(runewidth.Truncate(because, p.because, "…"), " "))
	return err
}

func cell(s string, width int) string {
	return runewidth.FillRight(runewidth.Truncate(s, width, "…"), width)
}

func (p *tablePrinter) Open(w io.Writer) (io.Writer, error) {
	say := func(key string) string { return Say(p.lang, "table."+key) }
	return w, p.line(w, say("id"), say("outcome"), say("may_be"), say("next"), say("because"))
}

func (p *tablePrinter) Between() string { return "" }

func (p *tablePrinter) Row(b *bytes.Buffer, d *Determination) error {
	next := ""
	if d.NextChange != nil {
		next = d.NextChange.On.String()
	}
	if err := p.line(b, strings.Repeat("  ", min(d.Level, maxIndent))+d.ID, d.Outcome, d.MayBe, next, because(d, p.lang)); err != nil {
		return err
	}
	p.below(b, d)
	return nil
}

// maxIndent bounds the levels that are shown by indent.
const maxIndent = 4

// below writes what a line has no room for: what of it was set aside, the duties of a role that was asked for, the shares of a part with their limits, the one part to ask about first, and the answers over time.
func (p *tablePrinter) below(b *bytes.Buffer, d *Determination) {
	say := func(text string) {
		fmt.Fprintf(b, "%*s%s\n", wideID+2, "", runewidth.Truncate(text, p.because+wideRest-wideID-2, "…"))
	}
	if d.Explained {
		p.explain(b, d)
	}
	for i := range d.Duties {
		if duty := &d.Duties[i]; duty.Say != "" { // a role was asked for
			fmt.Fprintf(b, "%*s%s: %s\n", wideID+2, "", duty.Cite, duty.Say)
		}
	}
	for i := range d.Shares {
		say(d.Shares[i].words(p.lang))
	}
	for _, w := range d.Warnings {
		w.Place = problem.Place{}
		fmt.Fprintf(b, "%*s%s\n", wideID+2, "", Say(p.lang, "table.warning", "text", w.Error())) // whole: what is set aside is not cut off
	}
	if at := slices.IndexFunc(d.Asks, func(a Ask) bool { return a.Part != "" }); at >= 0 && !d.Explained {
		whom := ""
		if s := d.Asks[at].Supplier; s != "" {
			whom = " (" + s + ")"
		}
		say(Say(p.lang, "table.ask", "question", d.Asks[at].Question+whom))
	}
	for i := range d.Timeline {
		s := &d.Timeline[i]
		say(s.days() + "  " + s.words())
	}
}

// explain writes all that a line rests on: rules with their facts, questions and where their answers lead, what is close, what was not judged, notes.
func (p *tablePrinter) explain(b *bytes.Buffer, d *Determination) {
	block := func(title string, lines []string) {
		if len(lines) > 0 {
			fmt.Fprintf(b, "%*s%s\n", wideID+2, "", Say(p.lang, "page."+title))
		}
		for _, line := range lines {
			fmt.Fprintf(b, "%*s%s\n", wideID+4, "", line)
		}
	}
	var reasons, asks, near, gaps, parties []string
	for i := range d.Requirements {
		reasons = append(reasons, p.reasons(&d.Requirements[i])...)
	}
	for i := range d.Asks {
		a := &d.Asks[i]
		asks = append(asks, a.Fact+": "+a.Question)
		for _, l := range a.Leads {
			asks = append(asks, "  "+l.Answer+" → "+open(l.Outcome, l.MayBe))
		}
	}
	for _, n := range d.Near {
		near = append(near, n.Norm+": "+cmp.Or(n.Failed, n.Except)+" ("+Say(p.lang, "page.here", "value", cmp.Or(n.Value, "–"))+")")
	}
	for _, h := range d.Parties {
		parties = append(parties, h.Field+": "+h.Name+", "+h.List+" ["+Say(p.lang, "standing."+h.Standing)+"]")
	}
	for _, g := range d.NotAssessed {
		gaps = append(gaps, Say(p.lang, "layer."+g.Layer)+": "+g.Missing)
	}
	block("reasons", reasons)
	block("parties", parties)
	block("questions", asks)
	block("near", near)
	block("not_assessed", gaps)
	block("notes", d.Notes)
}

// reasons are a requirement and the facts on which it rests.
func (p *tablePrinter) reasons(r *Requirement) []string {
	head := Say(p.lang, "page.certainty."+r.Certainty) + ": " + r.Name.In(p.lang)
	if r.Code != "" {
		head += " (" + r.Code + ")"
	}
	head += ", " + r.Cite + " [" + Say(p.lang, "standing."+r.Standing) + "]"
	if r.If != "" {
		head = Say(p.lang, "page.if", "standing", Say(p.lang, "standing."+r.Standing), "outcome", Say(p.lang, "outcome."+r.If))
	}
	lines := []string{head}
	for _, x := range r.Because {
		text := x.Fact + ": " + cmp.Or(x.Value, Say(p.lang, "page.not_known"))
		if x.Source != "" {
			text += " (" + Say(p.lang, "source."+x.Source) + ")"
		}
		lines = append(lines, "  "+text+"; "+Say(p.lang, "page.test")+": "+x.Test)
	}
	return lines
}

// words says what a share is, beside its limit.
func (s *Share) words(lang string) string {
	share := percentText(s.Low)
	if s.High != s.Low {
		share += " - " + percentText(s.High)
	}
	op, limit, _ := strings.Cut(s.Threshold, " ")
	return Say(lang, "table.share", "rule", s.Rule, "share", share, "limit", op+" "+percentText(limit), "truth", Say(lang, "table.share."+s.Truth))
}

// percentText prints parts of one in percent.
func percentText(ofOne string) string {
	d, err := quant.ParseDecimal(ofOne)
	if err == nil {
		d, err = d.Mul(quant.Int(100))
	}
	if err != nil {
		return ofOne
	}
	return d.String() + " %"
}

func (s *Stretch) days() string {
	const blank = "          "
	from, to := blank, blank
	if s.From != 0 {
		from = s.From.String()
	}
	if s.To != 0 {
		to = s.To.String()
	}
	return from + " .. " + to
}

func (s *Stretch) words() string {
	words := open(s.Outcome, s.MayBe)
	if s.By != "" {
		words += " (" + s.By + ")"
	}
	return words
}

func (p *tablePrinter) Refused(b *bytes.Buffer, r *Refused) error {
	return p.line(b, r.ID, Say(p.lang, "table.refused"), "", "", r.Problem.Error())
}

func (p *tablePrinter) Close(w io.Writer, s *Summary) error {
	_, err := fmt.Fprintf(w, "\n%s\n", s.Text(p.lang))
	return err
}
