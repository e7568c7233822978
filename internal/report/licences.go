package report

import (
	"io"
	"strings"

	"lodestone/internal/when"
)

// HeldLicence is a licence that is held, with how far it is used.
type HeldLicence struct {
	ID          string    `json:"licence" doc:"The name of the licence here."`
	N           int64     `json:"n" doc:"Place in the log of its newest version; ask for earlier ones with before."`
	Version     int64     `json:"version"`
	State       string    `json:"state" enum:"held,amending,ended" doc:"amending: an amendment is being decided, and it is not used meanwhile."`
	Kind        string    `json:"kind" enum:"individual,general,registration,goods,technology"`
	No          string    `json:"no"`
	Items       []string  `json:"items" doc:"Control codes."`
	Exporter    string    `json:"exporter,omitempty"`
	EndUser     string    `json:"end_user"`
	EndUse      string    `json:"end_use,omitempty"`
	Destination string    `json:"destination,omitempty"`
	Quantity    string    `json:"quantity"`
	Used        string    `json:"used"`
	Left        string    `json:"left"`
	Unit        string    `json:"unit"`
	Exports     int       `json:"exports" doc:"Made so far."`
	Allowed     int       `json:"exports_allowed,omitempty" doc:"Left out: any number."`
	Batches     int       `json:"batches,omitempty" doc:"Exports that it says it allows; left out: as its kind does."`
	From        when.Date `json:"from"`
	To          when.Date `json:"to" doc:"Last day."`
	Days        int       `json:"days" doc:"From today to the last day; negative: it has run out."`
	Application string    `json:"application,omitempty"`
	Words       string    `json:"words,omitempty"`
	Warnings    []Warning `json:"warnings,omitempty"`
	ChangedAt   string    `json:"changed_at"`
	ChangedBy   string    `json:"changed_by"`

	Draws    []LicenceDraw     `json:"draws,omitempty" doc:"Oldest first; left out in lists."`
	Versions []LicenceVersion  `json:"versions,omitempty" doc:"Oldest first; left out in lists."`
	Rules    []LicenceRule     `json:"rules,omitempty" doc:"On how a licence may be used; left out in lists."`
	People   map[string]string `json:"people,omitempty" doc:"Logins of the persons named here, by id."`
}

// Warning is something that whoever keeps licences must see.
type Warning struct {
	Kind string `json:"kind" enum:"expires,expired,used_up,nearly_used,too_long,unclosed"`
	Text string `json:"text"`
}

// LicenceDraw is what was shipped on a licence, or the taking back of that.
type LicenceDraw struct {
	ID       string `json:"draw"`
	N        int64  `json:"n"`
	Licence  string `json:"licence"`
	Record   string `json:"record" doc:"The recorded answer on what was shipped."`
	Reverses string `json:"reverses,omitempty" doc:"The draw that is taken back; left out: it is a draw."`
	Quantity string `json:"quantity" doc:"In the unit of the licence."`
	Words    string `json:"words,omitempty"`
	At       string `json:"at"`
	By       string `json:"by"`
}

// LicenceVersion is a version of a licence in the register.
type LicenceVersion struct {
	Version int64  `json:"version"`
	State   string `json:"state"`
	Words   string `json:"words,omitempty"`
	At      string `json:"at"`
	By      string `json:"by"`
}

// LicenceRule is a rule of law on licences.
type LicenceRule struct {
	ID    string `json:"id"`
	Say   string `json:"say"`
	Cite  string `json:"cite"`
	Grade string `json:"grade,omitempty" doc:"How well it is known; left out: as well as its sources."`
}

// LicenceFit says whether a licence answers what a recorded answer demands.
type LicenceFit struct {
	Licence string        `json:"licence"`
	No      string        `json:"no"`
	Fits    bool          `json:"fits" doc:"Item, end user, quantity, validity and all else fit, and it is in hand."`
	Draws   string        `json:"draws,omitempty" doc:"What the shipment would draw, in the unit of the licence."`
	Left    string        `json:"left"`
	Misses  []string      `json:"misses,omitempty" doc:"In what it does not fit."`
	New     []string      `json:"new_licence_for,omitempty" doc:"Key elements in which the shipment differs: a change of one needs a new licence."`
	Rules   []LicenceRule `json:"rules,omitempty" doc:"The law on that."`
}

// LicenceApplication is an application for a licence.
type LicenceApplication struct {
	ID        string            `json:"application"`
	N         int64             `json:"n"`
	Version   int64             `json:"version"`
	State     string            `json:"state" enum:"draft,filed,accepted,stopped,not_accepted,granted,refused,withdrawn"`
	Type      string            `json:"type"`
	TypeName  string            `json:"type_name"`
	Clock     string            `json:"clock,omitempty" doc:"Of the rules, that its acceptance starts."`
	Amends    string            `json:"amends,omitempty" doc:"Number of the licence that it is to change."`
	Reference string            `json:"reference,omitempty" doc:"Number that the authority gave it."`
	Licence   string            `json:"licence,omitempty" doc:"Number of the licence that was granted."`
	States    map[string]string `json:"states,omitempty" doc:"What it states: item, quantity, exporter, importer, end_user, end_use, destination, price, contract."`
	Ready     bool              `json:"ready" doc:"No paper is missing, every check is made, and all papers state the same."`
	Missing   int               `json:"missing" doc:"Papers that are not done."`
	Differ    []Differing       `json:"differences,omitempty"`
	Due       *LicenceDue       `json:"due,omitempty" doc:"When the authority has to decide; left out: no clock runs."`
	ChangedAt string            `json:"changed_at"`
	ChangedBy string            `json:"changed_by"`

	Papers       []PaperLine       `json:"papers,omitempty" doc:"The checklist; left out in lists."`
	Events       []LicenceEvent    `json:"events,omitempty"`
	Undertakings []string          `json:"undertakings,omitempty" doc:"What the end user undertakes."`
	Factors      []string          `json:"factors,omitempty" doc:"What the authority weighs."`
	Excluded     []string          `json:"excluded,omitempty" doc:"What does not count on the clock, or lifts its limit."`
	People       map[string]string `json:"people,omitempty"`
}

// Differing is a statement that is not made alike.
type Differing struct {
	Statement string        `json:"statement"`
	Spelling  bool          `json:"spelling,omitempty" doc:"The same but for its spelling."`
	Values    []StatedValue `json:"values"`
}

// StatedValue is what one paper states.
type StatedValue struct {
	Paper string `json:"paper,omitempty" doc:"Left out: the application itself."`
	Name  string `json:"name,omitempty" doc:"Of the paper, in the language asked for."`
	Value string `json:"value"`
}

// LicenceDue is the end of a clock.
type LicenceDue struct {
	Clock      string    `json:"clock"`
	Limit      int       `json:"limit"`
	Unit       string    `json:"unit"`
	On         when.Date `json:"on,omitzero" doc:"Last day; left out: it cannot be told, and note says why."`
	Left       int       `json:"left,omitempty" doc:"Working days still to count after the last day that is known."`
	KnownUntil when.Date `json:"known_until" doc:"Last day of which it is known whether the authority works."`
	Stands     bool      `json:"stands,omitempty" doc:"The clock stands still."`
	Cite       string    `json:"cite"`
	Note       string    `json:"note,omitempty"`
}

// PaperLine is a line of the checklist.
type PaperLine struct {
	Paper     string            `json:"paper"`
	Name      string            `json:"name"`
	Required  bool              `json:"required" doc:"By the type of licence; false: only in the case that it names, or on request."`
	When      string            `json:"when,omitempty" doc:"The only case that it is for."`
	By        []string          `json:"by" doc:"Who provides it."`
	State     string            `json:"state" enum:"missing,drafted,ready,not_needed"`
	Done      bool              `json:"done"`
	Checks    []PaperCheck      `json:"checks,omitempty"`
	States    map[string]string `json:"states,omitempty"`
	Words     string            `json:"words,omitempty"`
	Cite      string            `json:"cite"`
	Requested []string          `json:"requested,omitempty" doc:"What was asked for in practice."`
}

// PaperCheck is something that a paper must hold or agree with.
type PaperCheck struct {
	Check string `json:"check" doc:"By which it is confirmed."`
	Name  string `json:"name" doc:"In the language asked for."`
	Made  bool   `json:"made"`
}

// LicenceEvent is what happened to an application.
type LicenceEvent struct {
	State string    `json:"state"`
	On    when.Date `json:"on"`
	Words string    `json:"words,omitempty"`
}

// WriteText prints a licence on a line, and its warnings.
func (l *HeldLicence) WriteText(w io.Writer, lang string) error {
	p := &printer{w: w}
	p.f("%s  %s  %s  %s\n", l.ID, cell(l.No, 18), cell(Say(lang, "licence.state."+l.State), 12),
		Say(lang, "licence.line", "left", l.Left, "quantity", l.Quantity, "unit", l.Unit, "user", l.EndUser, "to", l.To.String(), "items", strings.Join(l.Items, ", ")))
	for _, x := range l.Warnings {
		p.f("    ! %s\n", x.Text)
	}
	return p.err
}

// WriteWhole prints a licence with its draws.
func (l *HeldLicence) WriteWhole(w io.Writer, lang string) error {
	if err := l.WriteText(w, lang); err != nil {
		return err
	}
	p := &printer{w: w}
	for _, d := range l.Draws {
		key := "licence.drawn"
		if d.Reverses != "" {
			key = "licence.reversed"
		}
		p.f("  %s  %s  %s %s  %s\n", d.At, cell(Say(lang, key), 14), d.Quantity, l.Unit, d.Words)
	}
	return p.err
}

// WriteText prints a fit on a line.
func (f *LicenceFit) WriteText(w io.Writer, lang string) error {
	p := &printer{w: w}
	key := "licence.fits"
	if !f.Fits {
		key = "licence.misses"
	}
	p.f("%s  %s  %s\n", f.Licence, cell(f.No, 18), Say(lang, key, "draws", f.Draws, "misses", strings.Join(f.Misses, "; ")))
	for _, r := range f.Rules {
		p.f("    %s (%s)\n", r.Say, r.Cite)
	}
	return p.err
}

// WriteText prints an application on a line, with what is wrong and when it is due.
func (a *LicenceApplication) WriteText(w io.Writer, lang string) error {
	p := &printer{w: w}
	p.f("%s  %s  %s  %s\n", a.ID, cell(Say(lang, "application.state."+a.State), 14), cell(a.TypeName, 24), a.States["end_user"])
	if a.Due != nil {
		p.f("    %s\n", a.Due.text(lang))
	}
	for _, d := range a.Differ {
		p.f("    ! %s\n", d.text(lang))
	}
	return p.err
}

func (d *LicenceDue) text(lang string) string {
	if d.Note != "" {
		return d.Note
	}
	return Say(lang, "application.due", "day", d.On.String(), "cite", d.Cite)
}

func (d *Differing) text(lang string) string {
	var list []string
	for _, v := range d.Values {
		paper := v.Name
		if paper == "" {
			paper = Say(lang, "application.itself")
		}
		list = append(list, paper+": "+v.Value)
	}
	key := "application.differs"
	if d.Spelling {
		key = "application.spelling"
	}
	return Say(lang, key, "statement", Say(lang, "statement."+d.Statement), "values", strings.Join(list, "; "))
}

// widePaper is the room for the word by which commands name a paper.
const widePaper = 37

// box shows whether a line of a checklist is done.
func box(done bool) string {
	if done {
		return "■"
	}
	return "□"
}

// WriteWhole prints an application with its checklist, the checks of what is not done, and its history.
func (a *LicenceApplication) WriteWhole(w io.Writer, lang string) error {
	if err := a.WriteText(w, lang); err != nil {
		return err
	}
	p := &printer{w: w}
	for _, l := range a.Papers {
		line := box(l.Done) + " " + cell(l.Paper, widePaper) + "  " + cell(Say(lang, "application.paper."+l.State), 12) + "  " + l.Name
		if l.When != "" {
			line += " (" + l.When + ")"
		}
		p.f("  %s\n", line)
		for _, c := range l.Checks {
			if !l.Done {
				p.f("      %s %s\n", box(c.Made), c.Check)
			}
		}
	}
	for _, e := range a.Events {
		p.f("  %s  %s  %s\n", e.On, cell(Say(lang, "application.state."+e.State), 14), e.Words)
	}
	return p.err
}
