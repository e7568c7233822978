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

// Status says how old the law data are on a day, and what in them has ended or is about to, with nothing read on what follows.
type Status struct {
	Law     LawRef    `json:"law"`
	On      when.Date `json:"on"`
	Age     int       `json:"age_days"` // from the newest day that was assessed to On; negative: On lies before it
	Within  int       `json:"within_days"`
	Newest  Newest    `json:"newest"`
	Windows []Window  `json:"windows"` // first to end first
	Pack    *LawPack  `json:"pack,omitempty"`
}

// LawPack is the pack of law that is installed in a data folder.
type LawPack struct {
	Name    string    `json:"name"`
	Made    when.Date `json:"made"`
	Horizon when.Date `json:"assessed_until,omitzero"` // by its own files; zero: they do not say
	Trusted string    `json:"trusted"`                 // key by which it was verified
	Whole   bool      `json:"whole"`                   // a law of its own; false: it stands beside the law that the program carries
	Yields  bool      `json:"yields"`                  // it is not used: the program carries law assessed to a later day
}

// Text says whether it is used.
func (p *LawPack) Text(lang string) string {
	key := "status.pack"
	if p.Yields {
		key = "status.pack.yields"
	}
	return Say(lang, key, "name", p.Name, "made", p.Made.String(), "until", p.Horizon.String())
}

// Window is something that ends by its text on a day of which nothing was read yet: a suspension, a catalogue of a year, a pause of
// listings, a customs directory.
type Window struct {
	Last    when.Date    `json:"last_day"`
	Days    int          `json:"days"`  // from the day asked about to the last day; negative: it has ended
	Ended   bool         `json:"ended"` // the last day lies before the day asked about
	Act     string       `json:"act"`
	Number  vocab.Text   `json:"number"`
	What    vocab.Text   `json:"what"`
	Touches []string     `json:"touches,omitempty"` // acts, parts and norms that stand otherwise afterwards
	Heard   []vocab.Text `json:"heard,omitempty"`   // what is known of the time after, short of a text
	Look    []Look       `json:"look,omitempty"`    // where it was read, and where what follows is likely to be printed
}

// Look is a source to look at.
type Look struct {
	URL   string `json:"url"`
	Grade string `json:"grade,omitempty"`
}

// Status lists what has ended since the law data were assessed, or ends within so many days of a day.
func (m *Maker) Status(on when.Date, within int) Status {
	b := m.Book
	doc := Status{Law: LawRef{b.Revision, b.Assessed.Horizon}, On: on, Age: int(on - b.Assessed.Horizon), Within: within, Newest: Newest(b.Assessed.Newest), Windows: []Window{}}
	add := func(last when.Date, w Window) {
		if last == 0 || last < b.Assessed.Horizon || last > on+when.Date(within) {
			return
		}
		w.Last, w.Days, w.Ended = last, int(last-on), last < on
		same := func(x Window) bool { return x.Act == w.Act && x.Last == last && x.What == w.What }
		if i := slices.IndexFunc(doc.Windows, same); i >= 0 {
			doc.Windows[i].Touches = append(doc.Windows[i].Touches, w.Touches...)
			return
		}
		doc.Windows = append(doc.Windows, w)
	}
	for i := range b.Norms {
		c := &b.Norms[i]
		w := Window{Act: c.Act.ID, Number: c.Act.Number, What: c.Names, Touches: slices.Clone(c.Targets), Look: looks(c.Act.Sources)}
		for _, after := range c.After {
			if !slices.Contains(w.Heard, after.Why) {
				w.Heard = append(w.Heard, after.Why)
			}
		}
		if c.Kind != "suspension" {
			w.What, w.Touches = c.Act.Title, []string{c.Ref}
		}
		add(c.To, w)
	}
	for i := range b.Lists {
		l := &b.Lists[i]
		for j := range l.Announcements {
			a := &l.Announcements[j]
			for _, p := range a.Suspended {
				add(p.To, Window{Act: a.ID, Number: a.Number, What: l.Names, Touches: []string{a.ID}, Look: []Look{{URL: p.Source}}})
			}
		}
	}
	for _, t := range b.Tariffs {
		w := Window{Act: t.Act, What: vocab.Text{En: t.ID}, Look: looks(t.Sources)}
		if a := b.Act(t.Act); a != nil {
			w.Number, w.What = a.Number, a.Title
		}
		add(t.Valid.To, w)
	}
	slices.SortStableFunc(doc.Windows, func(x, y Window) int { return int(x.Last - y.Last) })
	return doc
}

// looks are the official pages of an act, and what else there is where it has none.
func looks(sources []law.Source) (list []Look) {
	for _, official := range []bool{true, false} {
		for _, s := range sources {
			if strings.HasPrefix(s.Grade, "official") == official && s.URL != "" {
				list = append(list, Look{s.URL, s.Grade})
			}
		}
		if list != nil {
			return list
		}
	}
	return nil
}

// WriteText prints the status for people.
func (s *Status) WriteText(w io.Writer, lang string) error {
	p := &printer{w: w}
	p.f("%s\n", Say(lang, "status.head", "horizon", s.Law.AssessedUntil.String(), "on", s.On.String(), "age", strconv.Itoa(s.Age)))
	p.f("%s\n", Say(lang, "status.newest", "text", s.Newest.OfficialText.String(), "title", s.Newest.OfficialTitle.String(),
		"statement", s.Newest.OfficialStatement.String(), "parties", s.Newest.PartySearch.String()))
	if s.Pack != nil {
		p.f("%s\n", s.Pack.Text(lang))
	}
	for _, ended := range []bool{true, false} {
		key, any := map[bool]string{true: "status.ended", false: "status.ends"}[ended], false
		for i := range s.Windows {
			x := &s.Windows[i]
			if x.Ended != ended {
				continue
			}
			if !any {
				p.f("\n%s\n", Say(lang, key, "days", strconv.Itoa(s.Within)))
			}
			any = true
			p.f("  %s  %s  %s\n", x.Last, cell(x.Number.In(lang), 34), x.What.In(lang))
			if len(x.Touches) > 0 {
				p.f("    %s\n", Say(lang, "status.touches", "what", strings.Join(few(x.Touches), ", ")))
			}
			for _, h := range x.Heard {
				p.f("    %s\n", h.In(lang))
			}
			for _, l := range x.Look {
				p.f("    %s %s\n", l.URL, l.Grade)
			}
		}
	}
	if len(s.Windows) == 0 {
		p.f("\n%s\n", Say(lang, "status.none", "days", strconv.Itoa(s.Within)))
	}
	return p.err
}

// few keeps a list readable.
func few(list []string) []string {
	const most = 8
	if len(list) <= most {
		return list
	}
	return append(slices.Clone(list[:most]), "+ "+strconv.Itoa(len(list)-most))
}
