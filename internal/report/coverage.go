package report

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"lodestone/internal/law"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// Coverage says what of the law was read, and what was not: by layer, by group of goods, by field of the control codes, and of the
// customs directories.
type Coverage struct {
	Law         LawRef          `json:"law"`
	Newest      Newest          `json:"newest"`
	Layers      []LayerCoverage `json:"layers"`
	Groups      []GroupCoverage `json:"groups"`
	Fields      []FieldCoverage `json:"fields"`
	Directories []DirectoryDoc  `json:"directories"`
	Open        []OpenDoc       `json:"open,omitempty"`      // what ends by its text, nothing read saying what follows
	Elsewhere   []vocab.Text    `json:"elsewhere,omitempty"` // what others decide
	Notes       []vocab.Text    `json:"notes,omitempty"`
}

// Newest is the newest day of each kind of reading.
type Newest struct {
	Material          when.Date `json:"material,omitzero"`
	OfficialText      when.Date `json:"official_text,omitzero"`
	OfficialTitle     when.Date `json:"official_title,omitzero"`
	OfficialStatement when.Date `json:"official_statement,omitzero"`
	PartySearch       when.Date `json:"party_search,omitzero"`
}

// Reading counts norms by how far their text was read.
type Reading struct {
	Complete int `json:"complete"`
	Partial  int `json:"partial"`
	Unread   int `json:"unread"`
}

func (r *Reading) count(state string) {
	switch state {
	case "unread":
		r.Unread++
	case "partial":
		r.Partial++
	default:
		r.Complete++
	}
}

func (r Reading) none() bool { return r == Reading{} }

// LayerCoverage is how far one layer was read.
type LayerCoverage struct {
	Layer   string               `json:"layer"`
	Name    vocab.Text           `json:"name"`
	State   string               `json:"state"`
	From    when.Date            `json:"from,omitzero"` // missing: not before the acts themselves
	To      when.Date            `json:"to,omitzero"`
	Norms   Reading              `json:"norms"`
	Lists   map[string]when.Date `json:"lists,omitempty"`
	Read    vocab.Text           `json:"read"`
	Missing vocab.Text           `json:"missing"`
}

// GroupCoverage is how far the norms on one group of goods were read.
type GroupCoverage struct {
	Group string     `json:"group"`
	Name  vocab.Text `json:"name"`
	State string     `json:"state"`          // complete, partial, unread
	From  when.Date  `json:"from,omitzero"`  // complete from this day
	Until when.Date  `json:"until,omitzero"` // complete to this day
	Norms Reading    `json:"norms"`
	// Earlier is an older act or list that is known to have been there and was not read.
	Earlier string `json:"earlier,omitempty"`
	Note    string `json:"note,omitempty"`
}

// FieldCoverage counts the control codes of one field, the first digit of a code.
type FieldCoverage struct {
	Field string  `json:"field"`
	Codes int     `json:"codes"`
	Norms Reading `json:"norms"`
	Kept  int     `json:"kept_free"` // places that an act numbers and leaves empty
}

// DirectoryDoc counts the customs codes of a year's list.
type DirectoryDoc struct {
	ID       string    `json:"id"`
	Act      string    `json:"act"`
	From     when.Date `json:"from,omitzero"`
	To       when.Date `json:"to,omitzero"`
	Complete bool      `json:"complete"`
	Codes    int       `json:"codes"`
	Unread   int       `json:"unread"` // codes that belong to no norm in the law data
}

// OpenDoc is a day on which something ends by its text.
type OpenDoc struct {
	On   when.Date  `json:"on"`
	Acts []string   `json:"acts"`
	By   string     `json:"by,omitempty"`
	Say  vocab.Text `json:"say"`
}

// Coverage makes the document from the law data. The field counts are of controls, as the newest list prints their codes.
func (m *Maker) Coverage() Coverage {
	b := m.Book
	n := b.Assessed.Newest
	doc := Coverage{Law: LawRef{b.Revision, b.Assessed.Horizon}, Newest: Newest(n), Notes: b.Assessed.Notes}
	for i := range b.Assessed.Layers {
		doc.Layers = append(doc.Layers, m.layerCoverage(&b.Assessed.Layers[i]))
	}
	for i := range b.Vocab.Groups {
		if g := m.groupCoverage(vocab.GroupID(i + 1)); !g.Norms.none() {
			doc.Groups = append(doc.Groups, g)
		}
	}
	doc.Fields = m.fields()
	for _, t := range b.Tariffs {
		doc.Directories = append(doc.Directories, DirectoryDoc{t.ID, t.Act, t.Valid.From, t.Valid.To, t.Complete, len(t.Codes), len(t.Unread)})
	}
	for _, o := range b.Assessed.Open {
		doc.Open = append(doc.Open, OpenDoc(o))
	}
	for _, e := range b.Assessed.Elsewhere {
		doc.Elsewhere = append(doc.Elsewhere, e.Say)
	}
	return doc
}

func (m *Maker) layerCoverage(l *law.LayerState) LayerCoverage {
	doc := LayerCoverage{Layer: l.Layer, Name: l.Names, State: l.State, From: l.From, To: l.To, Lists: l.Lists, Read: l.Read, Missing: l.Say}
	for n := range m.Book.Norms {
		if c := &m.Book.Norms[n]; c.Layer == l.Layer && states(c) {
			doc.Norms.count(c.State)
		}
	}
	return doc
}

// states says that a norm says something of things: its text can have been read or not.
func states(c *law.Compiled) bool { return c.Speaks || c.Kind == "list_entry" }

func (m *Maker) groupCoverage(id vocab.GroupID) GroupCoverage {
	g := &m.Book.Vocab.Groups[id-1]
	doc := GroupCoverage{Group: g.ID, Name: g.Names, Earlier: g.Earlier, Note: g.Note}
	for n := range m.Book.Norms {
		if c := &m.Book.Norms[n]; states(c) && slices.Contains(c.Groups, id) {
			doc.Norms.count(c.State)
		}
	}
	switch {
	case g.CompleteFrom != 0:
		doc.State, doc.From, doc.Until = "complete", g.CompleteFrom, g.CompleteUntil
	case doc.Norms.Complete+doc.Norms.Partial > 0:
		doc.State = "partial"
	default:
		doc.State = "unread"
	}
	return doc
}

// fields counts control codes by their first digit.
func (m *Maker) fields() []FieldCoverage {
	byDigit := map[string]*FieldCoverage{}
	codes := map[string]bool{}
	field := func(code string) *FieldCoverage {
		f, ok := byDigit[code[:1]]
		if !ok {
			f = &FieldCoverage{Field: code[:1]}
			byDigit[code[:1]] = f
		}
		return f
	}
	newest := when.At{Effective: m.Book.Assessed.Horizon, KnownBy: m.Book.Assessed.Horizon}
	for n := range m.Book.Norms {
		c := &m.Book.Norms[n]
		code, _ := c.CodeOn(m.Book, newest)
		if code == "" || !states(c) {
			continue
		}
		f := field(code)
		f.Norms.count(c.State)
		if !codes[code] {
			codes[code] = true
			f.Codes++
		}
	}
	for i := range m.Book.Acts {
		for _, r := range m.Book.Acts[i].Reserved {
			if r.Code != "" {
				field(r.Code).Kept++
			}
		}
	}
	var list []FieldCoverage
	for _, f := range byDigit {
		list = append(list, *f)
	}
	slices.SortFunc(list, func(x, y FieldCoverage) int { return strings.Compare(x.Field, y.Field) })
	return list
}

// WriteText prints the coverage for people.
func (c *Coverage) WriteText(w io.Writer, lang string) error {
	p := &printer{w: w}
	say := func(key string) string { return Say(lang, "coverage."+key) }
	p.f("%s\n", Say(lang, "coverage.head", "horizon", c.Law.AssessedUntil.String(), "text", c.Newest.OfficialText.String(),
		"title", c.Newest.OfficialTitle.String(), "parties", c.Newest.PartySearch.String()))
	p.f("\n%s\n", say("layers"))
	for _, l := range c.Layers {
		p.f("  %s  %s  %s\n", cell(l.Name.In(lang), 30), cell(Say(lang, "coverage."+l.State), 10), readingText(l.Norms, lang))
		p.f("    %s\n    %s\n", l.Read.In(lang), l.Missing.In(lang))
	}
	p.f("\n%s\n", say("groups"))
	for _, g := range c.Groups {
		span := ""
		if g.From != 0 {
			span = g.From.String() + " – " + g.Until.String()
		}
		p.f("  %s  %s  %s  %s\n", cell(g.Name.In(lang), 44), cell(Say(lang, "coverage."+g.State), 10), cell(span, 23), readingText(g.Norms, lang))
		if g.Earlier != "" {
			p.f("    %s\n", Say(lang, "coverage.earlier", "act", g.Earlier))
		}
	}
	p.f("\n%s\n", say("fields"))
	for _, f := range c.Fields {
		p.f("  %s  %s\n", f.Field, Say(lang, "coverage.field", "codes", strconv.Itoa(f.Codes), "norms", readingText(f.Norms, lang), "kept", strconv.Itoa(f.Kept)))
	}
	p.f("\n%s\n", say("directories"))
	for _, d := range c.Directories {
		p.f("  %s  %s – %s  %s\n", d.Act, d.From, d.To, Say(lang, "coverage.directory", "codes", strconv.Itoa(d.Codes), "unread", strconv.Itoa(d.Unread)))
	}
	p.f("\n%s\n", say("open"))
	for _, o := range c.Open {
		p.f("  %s  %s  %s\n", o.On, strings.Join(o.Acts, ", "), o.Say.In(lang))
	}
	p.f("\n%s\n", say("elsewhere"))
	for _, e := range c.Elsewhere {
		p.f("  %s\n", e.In(lang))
	}
	for _, n := range c.Notes {
		p.f("\n%s", n.In(lang))
	}
	p.f("\n")
	return p.err
}

func readingText(r Reading, lang string) string {
	return Say(lang, "coverage.reading", "complete", strconv.Itoa(r.Complete), "partial", strconv.Itoa(r.Partial), "unread", strconv.Itoa(r.Unread))
}
