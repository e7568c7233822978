package report

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"lodestone/internal/decide"
	"lodestone/internal/law"
	"lodestone/internal/when"
)

// Impact is what a change of law does to one row.
type Impact struct {
	ID      string   `json:"id"`
	Line    int      `json:"line,omitempty"`
	Product string   `json:"product,omitempty"` // the part at the top that it is in; empty: the row stands by itself
	Changed bool     `json:"changed"`
	Before  Stand    `json:"before"`
	After   Stand    `json:"after"`
	By      []string `json:"by,omitempty"` // the acts that make the difference

	sealed string // from "changed" on, as JSON; empty: it is made when it is printed
}

// Stand is the answer for a row at one point in time, as far as impact compares it.
type Stand struct {
	At           when.At     `json:"at"`
	Outcome      string      `json:"outcome"`
	MayBe        string      `json:"may_be,omitempty"`
	Policy       string      `json:"policy,omitempty"`
	Requirements []StandNorm `json:"requirements,omitempty"`
	Duties       []string    `json:"duties,omitempty"` // norms that say what is to be done
	Listed       []StandHit  `json:"listed,omitempty"` // on loaded lists
}

// StandNorm is one requirement of a Stand.
type StandNorm struct {
	Norm      string `json:"norm"`
	Effect    string `json:"effect"`
	Standing  string `json:"standing"`
	Certainty string `json:"certainty"`
}

// StandHit is a listing of a loaded list that a party of a Stand matches.
type StandHit struct {
	Field     string `json:"field"`
	List      string `json:"list"`
	Entry     string `json:"entry"`     // the list's own number; where it gives none, the name that matched
	Certainty string `json:"certainty"` // yes: the two are one; unknown: they may be
}

// ImpactSummary counts the rows of an impact run.
type ImpactSummary struct {
	Rows     int          `json:"rows"`
	Refused  int          `json:"refused"`
	Touched  int          `json:"touched"` // evaluated, since a norm that changed may speak of them
	Changed  int          `json:"changed"`
	From     when.At      `json:"from"`
	To       when.At      `json:"to"`
	Law      LawRef       `json:"law"`
	Norms    int          `json:"norms"` // norms that stand otherwise
	Turns    []Turn       `json:"turns,omitempty"`
	Acts     []Count      `json:"acts,omitempty"`
	Products []Count      `json:"products,omitempty"` // by changed rows, at most MaxProducts
	Note     string       `json:"note"`
	Printed  int          `json:"-"` // rows in the output
	Lines    []Impact     `json:"-"` // the first changed rows, for the page
	turns    map[Turn]int // by the answers; their Rows are zero
	acts     map[string]int
	products map[string]int
}

// Turn counts the changed rows of one answer before and one after.
type Turn struct {
	Before      string `json:"before"`
	BeforeMayBe string `json:"before_may_be,omitempty"`
	After       string `json:"after"`
	AfterMayBe  string `json:"after_may_be,omitempty"`
	Rows        int    `json:"rows"`
}

// Count is a name with a number of rows.
type Count struct {
	Name string `json:"name"`
	Rows int    `json:"rows"`
}

// MaxProducts bounds the products that a summary lists, and MaxImpactLines the rows that a page shows.
const (
	MaxProducts    = 1000
	MaxImpactLines = 500
)

// StandOf is a result as impact compares it.
func (m *Maker) StandOf(r *decide.Result, required []decide.Finding, duties []int) Stand {
	s := Stand{At: r.At, Outcome: r.Outcome.String(), Policy: r.Policy.String()}
	if r.Open {
		s.MayBe = r.MayBe.String()
	}
	for i := range required {
		q := &required[i]
		s.Requirements = append(s.Requirements, StandNorm{m.Book.Norms[q.Norm].Ref, q.Effect.String(), q.State.String(), q.Truth.String()})
	}
	for _, n := range duties {
		s.Duties = append(s.Duties, m.Book.Norms[n].Ref)
	}
	for i := range r.Case.Loaded {
		if l := &r.Case.Loaded[i]; l.StandsOn(r.At.Effective) {
			s.Listed = append(s.Listed, StandHit{l.Field, l.List, cmp.Or(l.Entry, l.Name), decide.Same(l.Score).String()})
		}
	}
	slices.SortFunc(s.Listed, func(a, b StandHit) int {
		return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.List, b.List), cmp.Compare(a.Entry, b.Entry), cmp.Compare(a.Certainty, b.Certainty))
	})
	s.Listed = slices.Compact(s.Listed)
	slices.SortFunc(s.Requirements, func(a, b StandNorm) int { return cmp.Compare(a.Norm, b.Norm) })
	slices.Sort(s.Duties)
	return s
}

// Same says whether two stands differ in nothing that is compared.
func (s *Stand) Same(t *Stand) bool {
	return s.Outcome == t.Outcome && s.MayBe == t.MayBe && s.Policy == t.Policy && slices.Equal(s.Requirements, t.Requirements) && slices.Equal(s.Duties, t.Duties) &&
		slices.Equal(s.Listed, t.Listed)
}

// By names the acts that make the difference between two stands: those whose norms stand otherwise, or what makes them sleep; and the loaded lists
// on which a party stands in one of them only.
func (m *Maker) By(before, after *Stand, x, y *law.Snapshot) []string {
	var acts []string
	add := func(ref string) {
		n, ok := m.Book.NormNumber(ref)
		if !ok {
			return
		}
		act := m.Book.Norms[n].Act.ID
		for _, s := range []*law.Snapshot{x, y} {
			if by := s.Standings[n].By; by >= 0 && x.Standings[n].State != y.Standings[n].State {
				act = m.Book.Norms[by].Act.ID
			}
		}
		if !slices.Contains(acts, act) {
			acts = append(acts, act)
		}
	}
	for _, pair := range [][2]*Stand{{before, after}, {after, before}} {
		for _, q := range pair[0].Requirements {
			if !slices.Contains(pair[1].Requirements, q) {
				add(q.Norm)
			}
		}
		for _, ref := range pair[0].Duties {
			if !slices.Contains(pair[1].Duties, ref) {
				add(ref)
			}
		}
		for _, hit := range pair[0].Listed {
			if !slices.Contains(pair[1].Listed, hit) && !slices.Contains(acts, hit.List) {
				acts = append(acts, hit.List)
			}
		}
	}
	slices.Sort(acts)
	return acts
}

// Add counts a changed row.
func (s *ImpactSummary) Add(i *Impact) {
	if s.turns == nil {
		s.turns, s.acts, s.products = map[Turn]int{}, map[string]int{}, map[string]int{}
	}
	s.Changed++
	s.turns[Turn{Before: i.Before.Outcome, BeforeMayBe: i.Before.MayBe, After: i.After.Outcome, AfterMayBe: i.After.MayBe}]++
	for _, a := range i.By {
		s.acts[a]++
	}
	if i.Product != "" {
		s.products[i.Product]++
	}
	if len(s.Lines) < MaxImpactLines {
		s.Lines = append(s.Lines, *i)
	}
}

// Finish puts the counts in order, the most rows first.
func (s *ImpactSummary) Finish() {
	s.Turns = s.Turns[:0]
	for turn, n := range s.turns {
		turn.Rows = n
		s.Turns = append(s.Turns, turn)
	}
	slices.SortFunc(s.Turns, func(a, b Turn) int {
		return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Before, b.Before), cmp.Compare(a.After, b.After),
			cmp.Compare(a.BeforeMayBe, b.BeforeMayBe), cmp.Compare(a.AfterMayBe, b.AfterMayBe))
	})
	s.Acts, s.Products = sortedCounts(s.acts), sortedCounts(s.products)
	s.Products = s.Products[:min(len(s.Products), MaxProducts)]
}

func sortedCounts(of map[string]int) []Count {
	var list []Count
	for _, name := range slices.Sorted(maps.Keys(of)) {
		list = append(list, Count{name, of[name]})
	}
	slices.SortStableFunc(list, func(a, b Count) int { return cmp.Compare(b.Rows, a.Rows) })
	return list
}

// Text is the summary in words.
func (s *ImpactSummary) Text(lang string) string {
	lines := []string{Say(lang, "impact.rows", "rows", strconv.Itoa(s.Rows), "touched", strconv.Itoa(s.Touched), "changed", strconv.Itoa(s.Changed),
		"norms", strconv.Itoa(s.Norms), "from", s.From.String(), "to", s.To.String())}
	for _, t := range s.Turns {
		lines = append(lines, fmt.Sprintf("  %d  %s → %s", t.Rows, open(t.Before, t.BeforeMayBe), open(t.After, t.AfterMayBe)))
	}
	for _, a := range s.Acts {
		lines = append(lines, fmt.Sprintf("  %d  %s", a.Rows, a.Name))
	}
	if s.Refused > 0 {
		lines = append(lines, refusedText(lang, s.Rows, s.Refused))
	}
	return strings.Join(append(lines, s.Note), "\n")
}

// ImpactPrinter prints impacts. Row and Refused are called by several goroutines, each with its own buffer.
type ImpactPrinter interface {
	Lines
	Open(w io.Writer) error
	Row(b *bytes.Buffer, i *Impact) error
	Close(w io.Writer, s *ImpactSummary) error
}

// NewImpactPrinter makes the printer of a format: table, jsonl, json or html.
func NewImpactPrinter(f Format, lang string) (ImpactPrinter, error) {
	switch f {
	case JSONL:
		return &impactJSON{}, nil
	case JSON:
		return &impactJSON{jsonPrinter{array: true}}, nil
	case Table:
		return &impactTable{lang}, nil
	case HTML:
		return &impactHTML{lang: lang}, nil
	}
	return nil, fmt.Errorf("output %q: impact prints table, jsonl, json or html", f)
}

type impactJSON struct{ jsonPrinter }

func (p *impactJSON) Open(w io.Writer) error {
	_, err := p.jsonPrinter.Open(w)
	return err
}

func (p *impactJSON) Row(b *bytes.Buffer, i *Impact) error {
	_, err := b.Write(i.append(b.AvailableBuffer()))
	return err
}

// Seal makes ready what further rows of which the same is said share: all but their numbers, lines and products. It is the same text where all of
// that is the same.
func (i *Impact) Seal() string {
	i.sealed = string(bytes.TrimPrefix(marshalled(&Impact{Changed: i.Changed, Before: i.Before, After: i.After, By: i.By}, nil), []byte(`{"id":"",`)))
	return i.sealed
}

func (i *Impact) append(b []byte) []byte {
	if i.sealed == "" {
		return marshalled(i, b)
	}
	b = appendString(append(b, `{"id":`...), i.ID)
	if i.Line != 0 {
		b = strconv.AppendInt(append(b, `,"line":`...), int64(i.Line), 10)
	}
	b = optional(b, "product", i.Product)
	return append(append(b, ','), i.sealed...)
}

func (p *impactJSON) Close(w io.Writer, s *ImpactSummary) error {
	if !p.array {
		if s.Printed == 0 {
			return nil
		}
		_, err := io.WriteString(w, "\n")
		return err
	}
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "],\n\"summary\":%s}\n", text)
	return err
}

type impactTable struct{ lang string }

func (p *impactTable) Open(io.Writer) error { return nil }
func (p *impactTable) Between() string      { return "" }

func (p *impactTable) Row(b *bytes.Buffer, i *Impact) error {
	_, err := fmt.Fprintf(b, "%s  %s → %s  %s\n", cell(i.ID, wideID), cell(i.Before.words(), 2*wideOutcome), cell(i.After.words(), 2*wideOutcome), strings.Join(i.By, ", "))
	return err
}

func (s *Stand) words() string { return open(s.Outcome, s.MayBe) }

// open joins an outcome with what it may still be.
func open(outcome, mayBe string) string {
	if mayBe == "" {
		return outcome
	}
	return outcome + " / " + mayBe
}

func (p *impactTable) Refused(b *bytes.Buffer, r *Refused) error {
	_, err := fmt.Fprintf(b, "%s  %s\n", cell(r.ID, wideID), r.Problem.Error())
	return err
}

func (p *impactTable) Close(w io.Writer, s *ImpactSummary) error {
	_, err := fmt.Fprintf(w, "\n%s\n", s.Text(p.lang))
	return err
}

//go:embed impact.html
var impactPage string

var impactTemplate = parsed("impact", template.FuncMap{
	"say": func(lang, key string) string { return Say(lang, key) },
	"spoken": func(lang, outcome, mayBe string) string {
		words := Say(lang, "outcome."+outcome)
		if mayBe != "" {
			words += ", " + Say(lang, "page.may_be", "outcome", Say(lang, "outcome."+mayBe))
		}
		return words
	},
	"join": func(list []string) string { return strings.Join(list, ", ") },
}, headTemplate+impactPage)

// impactHTML prints one page: the counts, and the first changed rows.
type impactHTML struct{ lang string }

func (p *impactHTML) Open(io.Writer) error                  { return nil }
func (p *impactHTML) Between() string                       { return "" }
func (p *impactHTML) Row(*bytes.Buffer, *Impact) error      { return nil }
func (p *impactHTML) Refused(*bytes.Buffer, *Refused) error { return nil }
func (p *impactHTML) Close(w io.Writer, s *ImpactSummary) error {
	return impactTemplate().Execute(w, struct {
		*ImpactSummary
		Head pageHead
		Lang string
		Left int
	}{s, pageHead{Lang: p.lang, Title: Say(p.lang, "impact.title") + ": " + s.From.String() + " → " + s.To.String()}, p.lang, s.Changed - len(s.Lines)})
}
