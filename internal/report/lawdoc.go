package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/mattn/go-runewidth"

	"lodestone/internal/law"
	"lodestone/internal/rule"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// Act is an act as it stands for one At.
type Act struct {
	ID            string      `json:"id"`
	Kind          string      `json:"kind"`
	Number        vocab.Text  `json:"number"`
	Title         vocab.Text  `json:"title"`
	Issuers       []string    `json:"issuers,omitempty"`
	Published     when.Date   `json:"published,omitzero"`
	Parts         []Part      `json:"effective,omitempty"`
	AssessedUntil when.Date   `json:"assessed_until,omitzero"`
	Confidence    string      `json:"confidence,omitempty"`
	At            when.At     `json:"at"`
	Law           LawRef      `json:"law"`
	Norms         []Norm      `json:"norms,omitempty"`
	Notes         []string    `json:"notes,omitempty"`
	Sources       []SourceDoc `json:"sources,omitempty"`
}

// Part is the first day of a part of an act.
type Part struct {
	Part string    `json:"part"`
	From when.Date `json:"from,omitzero"`
}

// SourceDoc is where a text was read.
type SourceDoc struct {
	ID    string `json:"id"`
	URL   string `json:"url,omitempty"`
	Grade string `json:"grade"`
}

// Norm is a norm as it stands for one At.
type Norm struct {
	Norm      string     `json:"norm"`
	Kind      string     `json:"kind"`
	Layer     string     `json:"layer,omitempty"`
	Effect    string     `json:"effect,omitempty"`
	Policy    string     `json:"policy,omitempty"`
	Code      string     `json:"code,omitempty"`
	Name      vocab.Text `json:"name"`
	Cite      string     `json:"cite,omitempty"`
	Standing  string     `json:"standing"`
	By        string     `json:"by,omitempty"`       // suspension that is the reason
	Branches  []Branch   `json:"branches,omitempty"` // where the standing is not established
	Condition string     `json:"condition,omitempty"`
	Scope     string     `json:"scope,omitempty"`
	State     string     `json:"state,omitempty"`
	Missing   []string   `json:"missing,omitempty"`
	HS        []string   `json:"hs,omitempty"`
	Notes     []string   `json:"notes,omitempty"`
}

// Branch is what may hold where a standing is not established, and why.
type Branch struct {
	Standing string    `json:"standing"`
	Until    when.Date `json:"until,omitzero"`
	Why      string    `json:"why"`
	Source   string    `json:"source,omitempty"`
}

// Act makes the document of an act in a snapshot; only restricts it to norms for which it answers true (nil: all).
func (m *Maker) Act(a *law.Act, s *law.Snapshot, only func(n int) bool) Act {
	doc := Act{ID: a.ID, Kind: a.Kind, Number: a.Number, Title: a.Title, Issuers: a.Issuers, Published: a.Published,
		AssessedUntil: a.AssessedUntil, Confidence: a.Confidence, At: s.At, Law: LawRef{m.Book.Revision, m.Book.Assessed.Horizon}, Notes: a.Notes}
	for _, e := range a.Effective {
		part := e.Part
		if part == "" {
			part = "whole"
		}
		doc.Parts = append(doc.Parts, Part{part, e.From})
	}
	for _, x := range a.Sources {
		doc.Sources = append(doc.Sources, SourceDoc{x.ID, x.URL, x.Grade})
	}
	for n := range m.Book.Norms {
		if m.Book.Norms[n].Act == a && (only == nil || only(n)) {
			doc.Norms = append(doc.Norms, m.Norm(n, s))
		}
	}
	return doc
}

// Norm makes the document of a norm in a snapshot.
func (m *Maker) Norm(n int, s *law.Snapshot) Norm {
	c := &m.Book.Norms[n]
	code, _ := c.CodeOn(m.Book, s.At)
	st := s.Standings[n]
	doc := Norm{Norm: c.Ref, Kind: c.Kind, Layer: c.Layer, Effect: c.Norm.Effect, Policy: c.Norm.Policy, Code: code, Name: c.Names,
		Cite: Cite(c), Standing: st.State.String(), Condition: rule.Text(c.When), Scope: rule.Text(c.Scope), State: c.State,
		Missing: c.Missing, Notes: c.Notes}
	if st.By >= 0 {
		doc.By = m.Book.Norms[st.By].Act.ID
	}
	for _, b := range st.Branches {
		doc.Branches = append(doc.Branches, Branch{b.Standing, b.Until, b.Why.In(m.Lang), b.Source})
	}
	for _, h := range c.HS {
		if s.At.Effective >= h.From && (h.To == 0 || s.At.Effective <= h.To) {
			doc.HS = append(doc.HS, h.Code)
		}
	}
	return doc
}

// WriteText prints an act for people.
func (a *Act) WriteText(w io.Writer, lang string) error {
	p := &printer{w: w}
	p.f("%s  %s\n", a.ID, a.Title.In(lang))
	p.f("%s · %s · %s\n", a.Number.In(lang), a.Kind, strings.Join(a.Issuers, ", "))
	for _, e := range a.Parts {
		p.f("  %-10s from %s\n", e.Part, e.From)
	}
	p.f("on %s, known by %s (assessed to %s)\n", a.At.Effective, a.At.KnownBy, a.Law.AssessedUntil)
	for i := range a.Norms {
		a.Norms[i].write(p, lang)
	}
	for _, n := range a.Notes {
		p.f("note: %s\n", n)
	}
	for _, s := range a.Sources {
		p.f("source: %s (%s) %s\n", s.ID, s.Grade, s.URL)
	}
	return p.err
}

func (n *Norm) write(p *printer, lang string) {
	p.f("\n%s  %s\n", n.Norm, n.Name.In(lang))
	p.f("  %s", Say(lang, "standing."+n.Standing))
	if n.By != "" {
		p.f(" (%s)", n.By)
	}
	for _, s := range []string{n.Code, n.Effect, n.Policy, n.Cite} {
		if s != "" {
			p.f(" · %s", s)
		}
	}
	p.f("\n")
	for _, b := range n.Branches {
		p.f("  either %s", Say(lang, "standing."+b.Standing))
		if b.Until != 0 {
			p.f(" until %s", b.Until)
		}
		p.f(": %s\n", b.Why)
	}
	for _, line := range []struct{ label, text string }{{"if", n.Condition}, {"scope", n.Scope}, {"customs codes", strings.Join(n.HS, ", ")},
		{"not read", strings.Join(n.Missing, "; ")}, {"note", strings.Join(n.Notes, "; ")}} {
		if line.text != "" {
			p.f("  %s: %s\n", line.label, line.text)
		}
	}
}

// printer keeps the first error of many writes.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) f(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

// ActLine is an act in a list.
type ActLine struct {
	ID        string         `json:"id"`
	Kind      string         `json:"kind"`
	Published when.Date      `json:"published,omitzero"`
	Title     vocab.Text     `json:"title"`
	Norms     int            `json:"norms"`
	Standings map[string]int `json:"standings,omitempty"` // how many norms stand how
}

// ActLines lists the acts of a book in a snapshot.
func (m *Maker) ActLines(s *law.Snapshot) []ActLine {
	lines := make([]ActLine, 0, len(m.Book.Acts))
	for i := range m.Book.Acts {
		a := &m.Book.Acts[i]
		line := ActLine{ID: a.ID, Kind: a.Kind, Published: a.Published, Title: a.Title, Standings: map[string]int{}}
		for n := range m.Book.Norms {
			if m.Book.Norms[n].Act == a {
				line.Norms++
				line.Standings[s.Standings[n].State.String()]++
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// WriteActLines prints a list of acts for people.
func WriteActLines(w io.Writer, lines []ActLine, lang string) error {
	p := &printer{w: w}
	for _, l := range lines {
		var parts []string
		for _, state := range []string{"in_force", "not_established", "suspended", "not_yet", "ended", "unknown"} {
			if n := l.Standings[state]; n > 0 {
				parts = append(parts, fmt.Sprintf("%d %s", n, Say(lang, "standing."+state)))
			}
		}
		p.f("%s  %s  %s  %s\n", cell(l.ID, 18), cell(l.Published.String(), 10), cell(strings.Join(parts, ", "), 30), l.Title.In(lang))
	}
	return p.err
}

// Timeline is the standing of norms over time.
type Timeline struct {
	KnownBy when.Date     `json:"known_by"`
	Law     LawRef        `json:"law"`
	Norms   []TimelineRow `json:"norms"`
}

// TimelineRow is one norm's standing from day to day.
type TimelineRow struct {
	Norm string     `json:"norm"`
	Code string     `json:"code,omitempty"`
	Name vocab.Text `json:"name"`
	Span []Span     `json:"spans"`
}

// Span is a standing from its first day up to, not including, Until (missing: open).
type Span struct {
	From     when.Date `json:"from,omitzero"`
	Until    when.Date `json:"until,omitzero"`
	Standing string    `json:"standing"`
	By       string    `json:"by,omitempty"`
}

// Timeline makes the standing over time of norms, as known by a day.
func (m *Maker) Timeline(norms []int, knownBy when.Date) Timeline {
	doc := Timeline{KnownBy: knownBy, Law: LawRef{m.Book.Revision, m.Book.Assessed.Horizon}}
	for _, n := range norms {
		c := &m.Book.Norms[n]
		row := TimelineRow{Norm: c.Ref, Name: c.Names, Code: c.Code}
		for _, x := range c.Carried {
			row.Code = x.Code
		}
		row.Span = m.spans(n, knownBy)
		doc.Norms = append(doc.Norms, row)
	}
	return doc
}

func (m *Maker) spans(n int, knownBy when.Date) []Span {
	days := m.Book.DaysOf(n)
	var spans []Span
	at := func(d, sample when.Date) {
		st := m.Book.Standing(n, when.At{Effective: sample, KnownBy: knownBy})
		s := Span{From: d, Standing: st.State.String()}
		if st.By >= 0 {
			s.By = m.Book.Norms[st.By].Act.ID
		}
		if k := len(spans); k > 0 && spans[k-1].Standing == s.Standing && spans[k-1].By == s.By {
			return
		}
		if k := len(spans); k > 0 {
			spans[k-1].Until = d
		}
		spans = append(spans, s)
	}
	if len(days) == 0 { // its standing never changes
		at(0, knownBy)
		return spans
	}
	at(0, days[0]-1)
	for _, d := range days {
		at(d, d)
	}
	return spans
}

var marks = map[string]rune{"in_force": '█', "suspended": '░', "not_yet": '·', "ended": ' ', "not_established": '?', "unknown": ' '}

const barMonths = 60

// WriteText draws the timeline: a bar of a month a character over the last years, then each span in words.
func (t *Timeline) WriteText(w io.Writer, lang string) error {
	p := &printer{w: w}
	from, until := t.reach()
	p.f("%s\n", Say(lang, "timeline.head", "known", t.KnownBy.String(), "from", from.String()[:7], "until", until.String()[:7]))
	for i := range t.Norms {
		r := &t.Norms[i]
		p.f("\n%s  %s  %s\n", r.Norm, r.Code, r.Name.In(lang))
		p.f("  %s\n", r.bar(from, until))
		for _, s := range r.Span {
			if s.Standing == "unknown" || s.From == 0 && s.Standing != "in_force" {
				continue
			}
			end := Say(lang, "timeline.open")
			if s.Until != 0 {
				end = (s.Until - 1).String()
			}
			p.f("  %s  %s – %s  %s\n", runewidth.FillRight(Say(lang, "standing."+s.Standing), 16), s.From, end, s.By)
		}
	}
	p.f("\n%s\n", Say(lang, "timeline.legend"))
	return p.err
}

// reach is the months that the bars show: from the first change to a year after the last.
func (t *Timeline) reach() (from, until when.Date) {
	for _, r := range t.Norms {
		for _, s := range r.Span {
			if s.From == 0 {
				continue
			}
			if from == 0 || s.From < from {
				from = s.From
			}
			until = max(until, s.From)
		}
	}
	if from == 0 {
		from, until = t.Law.AssessedUntil, t.Law.AssessedUntil
	}
	from = when.Day(from.Year(), 1, 1)
	until = when.Day(until.Year()+1, 12, 31)
	return from, until
}

func (r *TimelineRow) bar(from, until when.Date) string {
	months := min((until.Year()-from.Year()+1)*12, barMonths)
	var b strings.Builder
	for i := range months {
		day := when.Day(from.Year()+i/12, i%12+1, 15)
		if i%12 == 0 && i > 0 {
			b.WriteByte('|')
		}
		b.WriteRune(marks[r.on(day)])
	}
	return b.String()
}

func (r *TimelineRow) on(day when.Date) string {
	state := "unknown"
	for _, s := range r.Span {
		if day >= s.From {
			state = s.Standing
		}
	}
	return state
}

// WriteJSON prints any document as indented JSON.
func WriteJSON(w io.Writer, doc any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(doc)
}
