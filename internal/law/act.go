// Package law holds the law as data: acts, norms, suspensions, party lists, and what of them stands at a given At.
//
// The types of act.go and list.go are the law files, field by field (docs/law-format.md). Compile joins them into a Book; Book.At
// gives the Snapshot of one effective day and one knowledge date, in which every norm has a Standing. Start there. The package
// reads no disk; lawfile reads the text, lawdata embeds the compiled book. Limits: 1,024 norms.
package law

import (
	"lodestone/internal/rule"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// Act is one instrument: an announcement, a law, a list, a piece of guidance.
type Act struct {
	ID            string      `yaml:"id"`
	Kind          string      `yaml:"kind"`
	Number        vocab.Text  `yaml:"number"`
	Title         vocab.Text  `yaml:"title"`
	Issuers       []string    `yaml:"issuers"`
	Published     when.Date   `yaml:"published"` // zero: not read
	Recorded      when.Date   `yaml:"recorded"`  // first day one could know of it; zero: the day of issue
	Effective     []Effective `yaml:"effective"`
	Ended         *Ended      `yaml:"ended"` // nil: no end was read
	Basis         []string    `yaml:"basis"`
	AssessedUntil when.Date   `yaml:"assessed_until"`
	Confidence    string      `yaml:"confidence"` // high, medium, low
	Scope         *rule.Spec  `yaml:"scope"`      // condition that every norm of the act also needs; nil: none
	Sources       []Source    `yaml:"sources"`
	Notes         []string    `yaml:"notes"`
	Norms         []Norm      `yaml:"norms"`
	Reserved      []Reserved  `yaml:"reserved"` // places the act keeps free: they match nothing
	File          string      `yaml:"-"`        // path below the law folder
}

// Effective is the first day of a part of an act.
type Effective struct {
	Part string    `yaml:"part"` // empty: whole
	From when.Date `yaml:"from"` // zero: not read
	Note string    `yaml:"note"`
}

// Ended is the first day on which an act no longer applies.
type Ended struct {
	On when.Date `yaml:"on"`
	By string    `yaml:"by"`
}

// Source is where a text or a fact was read.
type Source struct {
	ID      string `yaml:"id"`
	URL     string `yaml:"url"`
	Grade   string `yaml:"grade"`
	Lang    string `yaml:"lang"`
	Note    string `yaml:"note"`
	ReadVia string `yaml:"read_via"`
}

// Reserved is a place in a list that the act keeps free.
type Reserved struct {
	Code string `yaml:"code"`
	Note string `yaml:"note"`
}

// Norm is one rule of an act.
type Norm struct {
	ID            string     `yaml:"id"`
	Kind          string     `yaml:"kind"`
	Layer         string     `yaml:"layer"`
	Effect        string     `yaml:"effect"`
	May           string     `yaml:"may"` // for effect review: the most severe that it may come to; empty: licence
	Policy        string     `yaml:"policy"`
	Part          string     `yaml:"part"` // part of the act whose dates it follows; empty: whole
	Code          string     `yaml:"code"` // control code printed for it; empty: none
	CodeConfirmed *bool      `yaml:"code_confirmed"`
	Carried       []Carried  `yaml:"carried"`
	Owned         *Owned     `yaml:"owned"` // of an ownership rule; nil: the norm is none
	Names         vocab.Text `yaml:"names"`
	Cite          string     `yaml:"cite"`
	Groups        []string   `yaml:"groups"`
	When          *rule.Spec `yaml:"when"`
	Scope         *rule.Spec `yaml:"scope"` // nil: the scope of the act
	HS            []HS       `yaml:"hs"`
	State         string     `yaml:"state"` // complete (empty too), partial, unread
	Missing       []string   `yaml:"missing"`
	Targets       []string   `yaml:"targets"`
	From          when.Date  `yaml:"from"`     // suspensions: first day asleep; others: overrides the part's first day
	To            when.Date  `yaml:"to"`       // suspensions: last day asleep; others: last day of application
	ToGrade       string     `yaml:"to_grade"` // printed (empty too), inferred
	After         []After    `yaml:"after"`
	Duty          string     `yaml:"duty"`
	Role          string     `yaml:"role"` // whose duty: a word of vocab role; empty: the exporter's
	Say           vocab.Text `yaml:"say"`
	Authority     vocab.Text `yaml:"authority"`
	Holds         []Facts    `yaml:"holds"`
	Fails         []Facts    `yaml:"fails"`
	Confidence    string     `yaml:"confidence"` // empty: that of the act
	Notes         []string   `yaml:"notes"`
	Sources       []string   `yaml:"sources"`
	Line          int        `yaml:"-"` // line it begins on; 0: not read from text
}

// Owned says how far a listing reaches those whom listed parties own. What an act does not say is false here, and unknown to whoever applies it.
type Owned struct {
	rule.Bounds `yaml:",inline"` // share in percent from which the owned party counts as listed
	Lists       []string         `yaml:"lists"`     // codes of lists, as the lists give them; empty: every list that no other rule names
	Together    bool             `yaml:"together"`  // what several listed parties hold counts together
	Through     bool             `yaml:"through"`   // who is reached counts as listed for all that it holds itself
	Knowledge   string           `yaml:"knowledge"` // word of knowledge that a party so owned answers; empty: none
}

// Facts are the columns of an item, as a row would state them.
type Facts map[string]string

// Carried says which list took a control over, with what code, from when.
type Carried struct {
	Act  string    `yaml:"act"`
	Code string    `yaml:"code"`
	From when.Date `yaml:"from"`
}

// HS is a customs code that an act or a directory prints for a norm: a hint, never a verdict.
type HS struct {
	Code    string    `yaml:"code"`
	Grade   string    `yaml:"grade"`
	From    when.Date `yaml:"from"`
	To      when.Date `yaml:"to"` // last day; zero: open
	Note    string    `yaml:"note"`
	Sources []string  `yaml:"sources"`
}

// After is one thing that may hold after the last day of a suspension.
type After struct {
	Standing string     `yaml:"standing"` // in_force, suspended
	Until    when.Date  `yaml:"until"`    // last day, where one is known
	Known    when.Date  `yaml:"known"`    // first day one could know of it; zero: with the suspension
	Source   string     `yaml:"source"`
	Why      vocab.Text `yaml:"why"`
}

// PartyList is a list of parties that an authority keeps by announcements.
type PartyList struct {
	ID            string         `yaml:"id"`
	Names         vocab.Text     `yaml:"names"`
	Authority     string         `yaml:"authority"`
	Basis         string         `yaml:"basis"`
	CoveredTo     when.Date      `yaml:"covered_to"`  // newest announcement found; later ones may exist
	SearchedTo    when.Date      `yaml:"searched_to"` // day to which later ones were looked for; zero: CoveredTo
	Sources       []Source       `yaml:"sources"`
	Notes         []string       `yaml:"notes"`
	Announcements []Announcement `yaml:"announcements"`
	File          string         `yaml:"-"`
}

// Announcement puts parties on a list.
type Announcement struct {
	ID           string       `yaml:"id"`
	Number       vocab.Text   `yaml:"number"`
	Published    when.Date    `yaml:"published"`
	From         when.Date    `yaml:"from"`
	Measures     []string     `yaml:"measures"`
	MeasuresRead *bool        `yaml:"measures_read"` // nil: true; false: the notice was not read
	Complete     *bool        `yaml:"complete"`      // nil: true; false: it names further parties
	Suspended    []Pause      `yaml:"suspended"`
	Ended        *ListingsEnd `yaml:"ended"`
	Source       string       `yaml:"source"`
	Notes        []string     `yaml:"notes"`
	Parties      []Party      `yaml:"parties"`
	Line         int          `yaml:"-"`
}

// Pause is an interval in which the measures sleep; To is the last day.
type Pause struct {
	From   when.Date `yaml:"from"`
	To     when.Date `yaml:"to"`
	Known  when.Date `yaml:"known"` // zero: From
	Source string    `yaml:"source"`
}

// ListingsEnd ends the measures of an announcement.
type ListingsEnd struct {
	On     when.Date `yaml:"on"`
	Kind   string    `yaml:"kind"`  // stopped, removed
	Known  when.Date `yaml:"known"` // zero: On
	Source string    `yaml:"source"`
}

// Party is one listed party.
type Party struct {
	ID      string     `yaml:"id"`
	Key     string     `yaml:"key"`
	Names   vocab.Text `yaml:"names"`
	Aliases []string   `yaml:"aliases"`
	Country string     `yaml:"country"` // empty: not clear
	Type    string     `yaml:"type"`
	Notes   []string   `yaml:"notes"`
}

// Tariff is a dated list of customs codes.
type Tariff struct {
	ID       string   `yaml:"id"`
	Act      string   `yaml:"act"`
	Valid    Valid    `yaml:"valid"`
	Use      string   `yaml:"use"`      // directory: the codes of the year's dual-use items
	Complete bool     `yaml:"complete"` // all codes of it were read
	Codes    []string `yaml:"codes"`
	Unread   []string `yaml:"unread"` // codes that belong to no norm in the law data
	Sources  []Source `yaml:"sources"`
	Notes    []string `yaml:"notes"`
}

// Valid is an interval by its first and last day.
type Valid struct {
	From when.Date `yaml:"from"`
	To   when.Date `yaml:"to"`
}

// Assessed says what of the law was looked at, layer by layer.
type Assessed struct {
	Horizon   when.Date    `yaml:"knowledge_horizon"` // newest day for which anything was read
	Home      string       `yaml:"home"`              // country whose customs accepts the declarations that the law speaks of; empty: none stated
	Newest    Newest       `yaml:"newest"`
	Open      []Open       `yaml:"open"`
	Layers    []LayerState `yaml:"layers"`
	Elsewhere []Elsewhere  `yaml:"elsewhere"`
	Notes     []vocab.Text `yaml:"notes"`
	Owned     *Owned       `yaml:"owned"` // holdings of listed parties that are pointed out where no rule on ownership speaks of the list; nil: none
}

// Newest is the newest day of each kind of reading.
type Newest struct {
	Material          when.Date `yaml:"material"`           // of any kind
	OfficialText      when.Date `yaml:"official_text"`      // read in full
	OfficialTitle     when.Date `yaml:"official_title"`     // known by title and summary
	OfficialStatement when.Date `yaml:"official_statement"` // of an authority, outside a document
	PartySearch       when.Date `yaml:"party_search"`       // to which party lists were searched
}

// Open is a day on which something ends by its text and nothing read says what follows.
type Open struct {
	On   when.Date  `yaml:"on"`
	Acts []string   `yaml:"acts"` // targets, as of a norm
	By   string     `yaml:"by"`
	Say  vocab.Text `yaml:"say"`
}

// Elsewhere is a field that others decide and that is not assessed here.
type Elsewhere struct {
	ID  string     `yaml:"id"`
	Say vocab.Text `yaml:"say"`
}

// LayerState is how far one layer was assessed.
type LayerState struct {
	Layer          string               `yaml:"id"`
	Names          vocab.Text           `yaml:"names"`
	State          string               `yaml:"state"` // complete, partial, unread, other_authority
	From           when.Date            `yaml:"from"`  // zero: not before the acts themselves
	To             when.Date            `yaml:"to"`    // newest day for which it was looked after
	CompleteGroups []string             `yaml:"complete_groups"`
	PartialGroups  []string             `yaml:"partial_groups"`
	Directory      string               `yaml:"directory"` // tariff list whose codes bound the layer; empty: none does
	Lists          map[string]when.Date `yaml:"lists"`     // newest announcement found, by party list
	Read           vocab.Text           `yaml:"read"`
	Say            vocab.Text           `yaml:"missing"` // said where the layer bears on a line
}

// Case is a worked case that a lawyer can read: facts, day, expected answer, and the article it proves.
type Case struct {
	Case    string    `yaml:"case"`
	Article string    `yaml:"article"`
	Facts   Facts     `yaml:"facts"`
	Parts   []Facts   `yaml:"parts"` // of the thing; one with a parent is part of the part with that id
	On      when.Date `yaml:"on"`
	KnownBy when.Date `yaml:"known_by"` // zero: the knowledge horizon
	Expect  Expect    `yaml:"expect"`
	File    string    `yaml:"-"`
	Line    int       `yaml:"-"`
}

// Expect is the answer a case expects; an empty MayBe means that nothing is open.
type Expect struct {
	Outcome string `yaml:"outcome"`
	MayBe   string `yaml:"may_be"`
}

// Files is a law folder as read: the input of Compile.
type Files struct {
	Acts     []Act
	Lists    []PartyList
	Tariffs  []Tariff
	Vocab    vocab.Data
	Assessed Assessed
	Cases    []Case
	Revision string // "sha256:…" of the files
}
