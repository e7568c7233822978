package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"lodestone/internal/law"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// LawDiff is what stands differently at two points in time.
type LawDiff struct {
	From     when.At         `json:"from"`
	To       when.At         `json:"to"`
	Law      LawRef          `json:"law"`
	Norms    []NormDiff      `json:"norms"`
	Listings []AnnounceDiff  `json:"listings"`
	Codes    []DirectoryDiff `json:"directories,omitempty"`
}

// NormDiff is a norm whose standing or control code differs.
type NormDiff struct {
	Norm   string     `json:"norm"`
	Act    string     `json:"act"`
	Code   string     `json:"code,omitempty"`
	Name   vocab.Text `json:"name"`
	Before string     `json:"before"`
	After  string     `json:"after"`
	Was    string     `json:"code_before,omitempty"` // the code it had, where that differs; empty: none was printed

	Recoded bool   `json:"recoded,omitempty"` // its control code differs
	By      string `json:"by"`                // act that makes the difference
}

// AnnounceDiff is an announcement of a party list whose measures stand differently.
type AnnounceDiff struct {
	List         string     `json:"list"`
	Announcement string     `json:"announcement"`
	Number       vocab.Text `json:"number"`
	Parties      int        `json:"parties"`
	Before       string     `json:"before"`
	After        string     `json:"after"`
	By           string     `json:"by,omitempty"` // source of the change; empty: its own text
}

// DirectoryDiff is a yearly list of customs codes that holds on one of the two days only.
type DirectoryDiff struct {
	Directory string `json:"directory"`
	Act       string `json:"act"`
	Before    bool   `json:"before"`
	After     bool   `json:"after"`
}

// LawDiff compares two snapshots of one book.
func (m *Maker) LawDiff(from, to *law.Snapshot) LawDiff {
	doc := LawDiff{From: from.At, To: to.At, Law: LawRef{m.Book.Revision, m.Book.Assessed.Horizon}, Norms: []NormDiff{}, Listings: []AnnounceDiff{}}
	for n := range m.Book.Norms {
		if d, ok := m.normDiff(n, from, to); ok {
			doc.Norms = append(doc.Norms, d)
		}
	}
	for i := range m.Book.Lists {
		l := &m.Book.Lists[i]
		for j := range l.Announcements {
			a := &l.Announcements[j]
			if x, y := from.Lists[a], to.Lists[a]; x != y {
				doc.Listings = append(doc.Listings, AnnounceDiff{List: l.ID, Announcement: a.ID, Number: a.Number, Parties: len(a.Parties),
					Before: x.String(), After: y.String(), By: changedBy(a, from.At, to.At)})
			}
		}
	}
	for _, t := range m.Book.Tariffs {
		holds := func(on when.Date) bool { return on >= t.Valid.From && (t.Valid.To == 0 || on <= t.Valid.To) }
		if x, y := holds(from.At.Effective), holds(to.At.Effective); x != y {
			doc.Codes = append(doc.Codes, DirectoryDiff{t.ID, t.Act, x, y})
		}
	}
	return doc
}

func (m *Maker) normDiff(n int, from, to *law.Snapshot) (NormDiff, bool) {
	c := &m.Book.Norms[n]
	x, y := from.Standings[n], to.Standings[n]
	was, _ := c.CodeOn(m.Book, from.At)
	code, list := c.CodeOn(m.Book, to.At)
	if x.State == y.State && x.By == y.By && was == code {
		return NormDiff{}, false
	}
	d := NormDiff{Norm: c.Ref, Act: c.Act.ID, Code: code, Name: c.Names, Before: x.State.String(), After: y.State.String(), By: c.Act.ID}
	if was != code {
		d.Was, d.Recoded = was, true
	}
	switch {
	case y.By >= 0:
		d.By = m.Book.Norms[y.By].Act.ID
	case x.By >= 0:
		d.By = m.Book.Norms[x.By].Act.ID
	case y.State == law.Over && c.Act.Ended != nil && c.Act.Ended.By != "":
		d.By = c.Act.Ended.By
	case x.State == y.State && list != nil:
		d.By = list.ID
	}
	return d, true
}

// changedBy finds the source of the newest change of an announcement between two points in time.
func changedBy(a *law.Announcement, from, to when.At) string {
	lo, hi := min(from.Effective, to.Effective), max(from.Effective, to.Effective)
	by := ""
	if e := a.Ended; e != nil && e.On > lo && e.On <= hi {
		return e.Source
	}
	for _, s := range a.Suspended {
		if s.From > lo && s.From <= hi || s.To != 0 && s.To+1 > lo && s.To+1 <= hi {
			by = s.Source
		}
	}
	return by
}

// WriteText prints what differs for people, norms of one act that change alike in one line.
func (d *LawDiff) WriteText(w io.Writer, lang string) error {
	p := &printer{w: w}
	p.f("%s\n", Say(lang, "diff.head", "from", d.From.String(), "to", d.To.String()))
	d.writeChanges(p, lang)
	return p.err
}

// writeChanges prints what differs, without its head.
func (d *LawDiff) writeChanges(p *printer, lang string) {
	for _, g := range d.Groups() {
		p.f("\n%s  %s → %s  (%s)\n", g.Head.Act, Say(lang, "standing."+g.Head.Before), Say(lang, "standing."+g.Head.After), g.Head.By)
		for _, n := range g.Norms {
			code := n.Code
			if n.Recoded {
				code = strings.TrimSpace(n.Was + " → " + code)
			}
			p.f("  %s  %s  %s\n", cell(strings.TrimPrefix(n.Norm, n.Act+"/"), 22), cell(code, 18), n.Name.In(lang))
		}
	}
	for _, l := range d.Listings {
		p.f("\n%s  %s  %s → %s  %s\n", l.List, l.Number.In("en"), Say(lang, "standing."+l.Before), Say(lang, "standing."+l.After),
			Say(lang, "diff.parties", "n", fmt.Sprint(l.Parties)))
		if l.By != "" {
			p.f("  %s\n", l.By)
		}
	}
	for _, x := range d.Codes {
		key := "diff.directory_ends"
		if x.After {
			key = "diff.directory_begins"
		}
		p.f("\n%s\n", Say(lang, key, "directory", x.Directory, "act", x.Act))
	}
	if len(d.Norms)+len(d.Listings)+len(d.Codes) == 0 {
		p.f("%s\n", Say(lang, "diff.none"))
	}
}

// NormGroup is norms of one act that change alike, by the same act.
type NormGroup struct {
	Head  NormDiff // the first of them
	Norms []NormDiff
}

// Groups puts norms of one act that change alike together.
func (d *LawDiff) Groups() []NormGroup {
	var groups []NormGroup
	for _, n := range d.Norms {
		i := slices.IndexFunc(groups, func(g NormGroup) bool {
			return g.Head.Act == n.Act && g.Head.Before == n.Before && g.Head.After == n.After && g.Head.By == n.By
		})
		if i < 0 {
			i = len(groups)
			groups = append(groups, NormGroup{Head: n})
		}
		groups[i].Norms = append(groups[i].Norms, n)
	}
	return groups
}
