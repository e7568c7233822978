package report

import (
	"io"
	"strings"

	"lodestone/internal/law"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// CodeUse is what the law data has of a customs code on a day.
type CodeUse struct {
	Code        string       `json:"code"`
	At          when.At      `json:"at"`
	Law         LawRef       `json:"law"`
	Norms       []CodeNorm   `json:"norms"`
	Directories []CodeInList `json:"directories"`
	Said        string       `json:"said"` // what a code decides and what it does not
}

// CodeNorm is a norm for which the code is printed, or whose condition asks for it.
type CodeNorm struct {
	Norm     string     `json:"norm"`
	Layer    string     `json:"layer"`
	Control  string     `json:"control_code,omitempty"`
	Name     vocab.Text `json:"name"`
	Standing string     `json:"standing"`
	Printed  string     `json:"printed"`         // the code as it is printed there
	Grade    string     `json:"grade,omitempty"` // how it was read; empty for a condition
	Decides  bool       `json:"decides"`         // the code is part of the condition
	From     when.Date  `json:"from,omitzero"`
	To       when.Date  `json:"to,omitzero"`
	Note     string     `json:"note,omitempty"`
}

// CodeInList says whether the code stands in a year's list.
type CodeInList struct {
	Directory string    `json:"directory"`
	Act       string    `json:"act"`
	From      when.Date `json:"from,omitzero"`
	To        when.Date `json:"to,omitzero"`
	OnTheDay  bool      `json:"on_the_day"`
	Codes     []string  `json:"codes"`            // codes of the list that begin like it, or like which it begins
	Unread    []string  `json:"unread,omitempty"` // of those, codes that belong to no norm in the law data
}

// meets says that one customs code is the beginning of the other.
func meets(a, b string) bool { return strings.HasPrefix(a, b) || strings.HasPrefix(b, a) }

// CodeUse finds a customs code (digits only) in norms and lists.
func (m *Maker) CodeUse(code string, s *law.Snapshot) CodeUse {
	doc := CodeUse{Code: code, At: s.At, Law: LawRef{m.Book.Revision, m.Book.Assessed.Horizon}, Norms: []CodeNorm{}, Directories: []CodeInList{},
		Said: Say(m.Lang, "hs.said")}
	for n := range m.Book.Norms {
		doc.Norms = m.codeNorms(doc.Norms, n, code, s)
	}
	for i := range m.Book.Tariffs {
		t := &m.Book.Tariffs[i]
		in := CodeInList{Directory: t.ID, Act: t.Act, From: t.Valid.From, To: t.Valid.To, Codes: []string{},
			OnTheDay: s.At.Effective >= t.Valid.From && (t.Valid.To == 0 || s.At.Effective <= t.Valid.To)}
		for _, c := range t.Codes {
			if meets(c, code) {
				in.Codes = append(in.Codes, c)
			}
		}
		for _, c := range t.Unread {
			if meets(c, code) {
				in.Unread = append(in.Unread, c)
			}
		}
		doc.Directories = append(doc.Directories, in)
	}
	return doc
}

func (m *Maker) codeNorms(to []CodeNorm, n int, code string, s *law.Snapshot) []CodeNorm {
	c := &m.Book.Norms[n]
	control, _ := c.CodeOn(m.Book, s.At)
	line := CodeNorm{Norm: c.Ref, Layer: c.Layer, Control: control, Name: c.Names, Standing: s.Standings[n].State.String()}
	asked := map[string]bool{}
	for _, printed := range c.Marks.Codes {
		if meets(printed, code) && !asked[printed] && c.ID != law.UnreadCodes { // what of a directory was not read stands with it
			asked[printed] = true
			x := line
			x.Printed, x.Decides = printed, !c.DualUse
			to = append(to, x)
		}
	}
	for _, h := range c.HS {
		if meets(h.Code, code) && !asked[h.Code] {
			x := line
			x.Printed, x.Grade, x.From, x.To, x.Note = h.Code, h.Grade, h.From, h.To, h.Note
			to = append(to, x)
		}
	}
	return to
}

// WriteText prints the uses of a code for people.
func (u *CodeUse) WriteText(w io.Writer, lang string) error {
	p := &printer{w: w}
	p.f("%s\n", Say(lang, "hs.head", "code", u.Code, "on", u.At.Effective.String()))
	for _, n := range u.Norms {
		how := n.Grade
		if n.Decides {
			how = Say(lang, "hs.decides")
		}
		span := ""
		if n.From != 0 || n.To != 0 {
			span = "  " + n.From.String() + " –"
			if n.To != 0 {
				span += " " + n.To.String()
			}
		}
		p.f("  %s  %s  %s  %s  %s%s\n", cell(n.Printed, 10), cell(n.Norm, 30), cell(Say(lang, "standing."+n.Standing), 14), cell(how, 24), n.Name.In(lang), span)
	}
	if len(u.Norms) == 0 {
		p.f("  %s\n", Say(lang, "hs.no_norm"))
	}
	for _, d := range u.Directories {
		key := "hs.in_list"
		switch {
		case len(d.Codes) == 0:
			key = "hs.not_in_list"
		case len(d.Unread) > 0:
			key = "hs.in_list_unread"
		}
		p.f("%s\n", Say(lang, key, "directory", d.Directory, "from", d.From.String(), "to", d.To.String(), "codes", strings.Join(d.Codes, ", "),
			"unread", strings.Join(d.Unread, ", ")))
	}
	p.f("\n%s\n", u.Said)
	return p.err
}
