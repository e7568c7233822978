package report

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"hash/fnv"
	"html/template"
	"io"
	"slices"
	"strings"
	"sync"

	"lodestone/internal/law"
	"lodestone/internal/when"
)

var (
	//go:embed page/screen.html
	screenPage string
	//go:embed page/screen.css
	screenStyle string
	//go:embed page/screen.js
	screenScript string

	screenTemplate = parsed("screen", template.FuncMap{"say": Say, "short": short}, screenPage)
)

// maxPageRows bounds the lines that a page carries: a browser holds them all. The counts are of all lines.
const maxPageRows = 100_000

// pagePrinter writes one page that needs no other file: the lines as JSON that a script draws from, and the summary as it stands. Rows stream;
// what they refer to (norms, acts, names of facts) is gathered and written once, at the end.
type pagePrinter struct {
	lang      string
	suppliers supplierCounts
	mu        sync.Mutex
	legend    Legend
	strings   map[uint64]string  // sentences that many lines say, by digest
	stops     map[string]*[2]int // by outcome: established, and may come to it
	out       io.Writer
	rows      int
	left      int // rows beyond maxPageRows
}

// outcomeSigns tell outcomes apart without colour.
var outcomeSigns = map[string]string{"prohibited": "✕", "deny": "⊘", "licence": "▲", "goods_licence": "△", "not_established": "◇", "review": "◈",
	"cannot_tell": "?", "suspended": "‖", "not_controlled": "○", "not_covered": "–", "refused": "!"}

// pageRow is a line as the script of the page knows it. Short keys, since there are many.
type pageRow struct {
	ID          string       `json:"id,omitempty"`
	Line        int          `json:"n,omitempty"`
	Outcome     string       `json:"o,omitempty"` // empty: refused
	MayBe       string       `json:"m,omitempty"`
	Description string       `json:"d,omitempty"`
	Words       []string     `json:"w,omitempty"` // of the description, from which facts were read
	HS          string       `json:"hs,omitempty"`
	Composition string       `json:"co,omitempty"`
	Supplier    string       `json:"su,omitempty"`
	From        string       `json:"fr,omitempty"`
	Destination string       `json:"to,omitempty"`
	Shipment    string       `json:"sh,omitempty"`
	On          string       `json:"on,omitempty"`
	Changes     string       `json:"ch,omitempty"` // day of the next change
	Needs       []pageNeed   `json:"r,omitempty"`
	Asks        []pageAsk    `json:"a,omitempty"`
	Mildest     string       `json:"ml,omitempty"`
	Timeline    []pageTurn   `json:"t,omitempty"`
	Near        []pageNear   `json:"ne,omitempty"`
	Duties      []pageDuty   `json:"du,omitempty"`
	Parties     []pageParty  `json:"pa,omitempty"`
	Shares      []pageShare  `json:"ss,omitempty"`
	Licence     *LicenceHeld `json:"li,omitempty"`
	Gaps        []any        `json:"ga,omitempty"`
	Notes       []any        `json:"no,omitempty"`
	Warnings    []string     `json:"wa,omitempty"`
	Extra       []ExtraField `json:"x,omitempty"`
	Problem     string       `json:"pr,omitempty"`
}

type pageNeed struct {
	Norm     string       `json:"n"`
	Code     string       `json:"c,omitempty"`
	Layer    string       `json:"l"`
	Effect   string       `json:"e"`
	Standing string       `json:"s"`
	Holds    string       `json:"h"`
	If       string       `json:"i,omitempty"`
	Why      any          `json:"y,omitempty"`
	Because  []pageReason `json:"b,omitempty"`
}

type pageReason struct {
	Fact   string `json:"f"`
	Value  string `json:"v,omitempty"`
	Source string `json:"s,omitempty"`
	Words  string `json:"w,omitempty"`
	Test   string `json:"t"`
	Holds  string `json:"h"`
}

type pageAsk struct {
	Question any        `json:"q"`
	Why      any        `json:"w,omitempty"`
	Leads    []pageLead `json:"l,omitempty"`
}

type pageLead struct {
	Answer  string `json:"a"`
	Outcome string `json:"o"`
	MayBe   string `json:"m,omitempty"`
}

type pageTurn struct {
	On      string `json:"on,omitempty"` // empty: before all others
	Outcome string `json:"o"`
	MayBe   string `json:"m,omitempty"`
	By      string `json:"by,omitempty"`
}

type pageNear struct {
	Norm   string `json:"n"`
	Fact   string `json:"f,omitempty"`
	Test   any    `json:"t"`
	Value  string `json:"v,omitempty"`
	Except string `json:"x,omitempty"`
}

type pageDuty struct {
	Kind string `json:"k"`
	Norm string `json:"n"`
	Say  string `json:"s,omitempty"`
}

type pageParty struct {
	Name     string `json:"n"`
	List     string `json:"l"`
	Standing string `json:"s"`
	Notice   string `json:"a"`
}

type pageShare struct {
	Norm      string `json:"n"`
	Low       string `json:"low"`
	High      string `json:"high"`
	Threshold string `json:"t"`
}

func (p *pagePrinter) Open(w io.Writer) (io.Writer, error) {
	p.out = w
	err := screenTemplate().ExecuteTemplate(w, "open", struct {
		Lang   string
		Policy string
		Style  template.CSS
	}{p.lang, contentPolicy(baseStyle+screenStyle, screenScript), template.CSS(baseStyle + screenStyle)})
	if err == nil {
		_, err = io.WriteString(w, dataOpen)
	}
	return p, err
}

// The element that holds the lines is written around the templates, which cannot stop inside one.
const dataOpen, dataClose = `<script type="application/json" id="data">`, "</script>\n"

func (p *pagePrinter) Between() string { return "" }

func (p *pagePrinter) Row(b *bytes.Buffer, d *Determination) error {
	p.suppliers.add(d)
	p.gather(d)
	g := d.Given
	if g == nil {
		g = &Given{}
	}
	row := pageRow{ID: d.ID, Line: d.Line, Outcome: d.Outcome, MayBe: d.MayBe, Description: g.Description, Words: g.Words, HS: g.HS, Composition: g.Composition, Supplier: g.Supplier,
		From: g.From, Destination: g.Destination, Shipment: g.Shipment, On: d.At.Effective.String(), Licence: d.LicenceHeld, Warnings: warned(d), Extra: d.Extra,
		Mildest: mildestText(p.lang, d.Mildest)}
	if d.NextChange != nil {
		row.Changes = d.NextChange.On.String()
	}
	for i := range d.Requirements {
		row.Needs = append(row.Needs, p.needOf(&d.Requirements[i]))
	}
	for i := range d.Asks {
		a := pageAsk{Question: p.once(d.Asks[i].Question), Why: p.once(d.Asks[i].Why)}
		for _, l := range d.Asks[i].Leads {
			a.Leads = append(a.Leads, pageLead{l.Answer, l.Outcome, l.MayBe})
		}
		row.Asks = append(row.Asks, a)
	}
	if len(d.Timeline) > 1 {
		for _, t := range d.Timeline {
			row.Timeline = append(row.Timeline, pageTurn{dayText(t.From), t.Outcome, t.MayBe, t.By})
		}
	}
	for _, n := range d.Near {
		fact, test, _ := strings.Cut(n.Failed, " ")
		if n.Except != "" {
			fact, test = "", n.Failed
		}
		row.Near = append(row.Near, pageNear{n.Norm, fact, p.once(test), n.Value, n.Except})
	}
	for _, x := range d.Duties {
		row.Duties = append(row.Duties, pageDuty{x.Kind, x.Norm, x.Say})
	}
	for _, x := range d.Parties {
		row.Parties = append(row.Parties, pageParty{x.Name, x.List, x.Standing, x.Notice})
	}
	for _, x := range d.Shares {
		row.Shares = append(row.Shares, pageShare{x.Rule, x.Low, x.High, x.Threshold})
	}
	for _, x := range d.NotAssessed {
		row.Gaps = append(row.Gaps, p.once(Say(p.lang, "layer."+x.Layer)+": "+x.Missing))
	}
	for _, x := range d.Notes {
		row.Notes = append(row.Notes, p.once(x))
	}
	return p.put(b, &row)
}

func (p *pagePrinter) needOf(r *Requirement) pageNeed {
	n := pageNeed{Norm: r.Norm, Code: r.Code, Layer: r.Layer, Effect: r.Effect, Standing: r.Standing, Holds: r.Certainty, If: r.If, Why: p.once(r.Why)}
	for _, x := range r.Because {
		n.Because = append(n.Because, pageReason{x.Fact, x.Value, x.Source, x.Words, x.Test, x.Truth})
	}
	return n
}

// once keeps a sentence that many lines say in the legend, and returns the number by which the script finds it there: a digest, so that the page has
// the same bytes whoever comes first. Short ones, and those beyond what a legend holds, stay where they are.
func (p *pagePrinter) once(sentence string) any {
	switch {
	case sentence == "":
		return nil
	case len(sentence) < shortSentence:
		return sentence
	}
	h := fnv.New64a()
	io.WriteString(h, sentence)
	number := h.Sum64() >> 12 // JavaScript holds 53 bits
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.strings == nil {
		p.strings = map[uint64]string{}
	}
	known, ok := p.strings[number]
	switch {
	case !ok && len(p.strings) < maxLegend:
		p.strings[number] = strings.Clone(sentence)
	case known != sentence:
		return sentence
	}
	return number
}

// shortSentence is the length from which a sentence is kept in the legend.
const shortSentence = 24

func dayText(d when.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// put writes a row on a line of its own. The encoder escapes what could end the element that holds it.
func (p *pagePrinter) put(b *bytes.Buffer, row *pageRow) error {
	text, err := json.Marshal(row)
	if err != nil {
		return err
	}
	b.Write(append(text, '\n'))
	return nil
}

func (p *pagePrinter) Refused(b *bytes.Buffer, r *Refused) error {
	return p.put(b, &pageRow{ID: r.ID, Line: r.Line, Problem: r.Problem.Error()})
}

// gather counts a line and keeps what its reader must be told besides.
func (p *pagePrinter) gather(d *Determination) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stops == nil {
		p.stops = map[string]*[2]int{}
	}
	for i, word := range []string{d.Outcome, d.MayBe} {
		if word == "" {
			continue
		}
		if p.stops[word] == nil {
			p.stops[word] = &[2]int{}
		}
		p.stops[word][i]++
	}
	if d.Legend != nil {
		p.legend.add(d.Legend)
	}
}

// Write takes rows, whole ones, into the page, with a comma between any two.
func (p *pagePrinter) Write(rows []byte) (int, error) {
	for line := range bytes.Lines(rows) {
		if p.rows >= maxPageRows {
			p.left++
			continue
		}
		if p.rows++; p.rows > 1 {
			if _, err := io.WriteString(p.out, ","); err != nil {
				return 0, err
			}
		}
		if _, err := p.out.Write(line); err != nil {
			return 0, err
		}
	}
	return len(rows), nil
}

// pageTile is an outcome with a number of lines.
type pageTile struct {
	Outcome, Sign, Words string
	Rows, Open           int
}

// pageShipment is a shipment with its outcome in words.
type pageShipment struct {
	ID, Words string
	Lines     int
}

// shownSuppliers bounds the suppliers of the summary.
const shownSuppliers = 50

func (p *pagePrinter) Close(w io.Writer, s *Summary) error {
	if _, err := io.WriteString(w, dataClose); err != nil {
		return err
	}
	suppliers := p.suppliers.list()
	return screenTemplate().ExecuteTemplate(w, "close", struct {
		Lang          string
		Summary       *Summary
		Legend        any
		Tiles, Stops  []pageTile
		Suppliers     []SupplierCount
		MoreSuppliers int
		Shipments     []pageShipment
		Left, Most    int
		Script        template.JS
	}{p.lang, s, p.legendOut(), p.tiles(s), p.stopping(), suppliers[:min(len(suppliers), shownSuppliers)], max(0, len(suppliers)-shownSuppliers), p.shipments(s),
		p.left, maxPageRows, template.JS(screenScript)})
}

// tiles are the outcomes by severity with the lines of each.
func (p *pagePrinter) tiles(s *Summary) []pageTile {
	var list []pageTile
	for _, word := range slices.Backward(law.OutcomeWords()) {
		if n := s.Outcomes[word]; n > 0 {
			list = append(list, pageTile{word, outcomeSigns[word], Say(p.lang, "outcome."+word), n, 0})
		}
	}
	if s.Refused > 0 {
		list = append(list, pageTile{"refused", outcomeSigns["refused"], Say(p.lang, "outcome.refused"), s.Refused, 0})
	}
	return list
}

// stopping are the outcomes without more that keep goods from going: how many lines have them, and how many may come to them.
func (p *pagePrinter) stopping() []pageTile {
	var list []pageTile
	for o := law.Prohibited; o >= law.GoodsLicence; o-- {
		if n := p.stops[o.String()]; n != nil {
			list = append(list, pageTile{o.String(), outcomeSigns[o.String()], Say(p.lang, "outcome."+o.String()), n[0], n[1]})
		}
	}
	return list
}

func (p *pagePrinter) shipments(s *Summary) []pageShipment {
	var list []pageShipment
	worst := slices.Clone(s.Shipments)
	slices.SortStableFunc(worst, func(x, y Shipment) int { return int(y.worst) - int(x.worst) })
	for _, x := range worst[:min(len(worst), shownSuppliers)] {
		list = append(list, pageShipment{x.ID, shipmentText(p.lang, &x), x.Lines})
	}
	return list
}

// legendOut is what the script looks up.
func (p *pagePrinter) legendOut() any {
	signs := map[string]any{"order": append(slices.Collect(backwards(law.OutcomeWords())), "refused")}
	for word, sign := range outcomeSigns {
		signs[word] = sign
	}
	words := map[string]string{}
	for key := range catalogues["en"]() {
		family, _, _ := strings.Cut(key, ".")
		switch family {
		case "page", "outcome", "standing", "layer", "truth", "source", "duty":
			words[key] = Say(p.lang, key)
		}
	}
	l := &p.legend
	return map[string]any{"words": words, "signs": signs, "norms": orEmpty(l.Norms), "acts": orEmpty(l.Acts), "facts": orEmpty(l.Facts), "texts": orEmpty(l.Texts), "strings": p.strings}
}

func orEmpty[T any](m map[string]T) map[string]T {
	if m == nil {
		return map[string]T{}
	}
	return m
}

func backwards[T any](list []T) func(yield func(T) bool) {
	return func(yield func(T) bool) {
		for _, x := range slices.Backward(list) {
			if !yield(x) {
				return
			}
		}
	}
}
