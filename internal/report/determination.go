// Package report holds the documents that the program gives out, and their printers: text, JSON, JSON Lines, CSV.
//
// Command line, API and pages show the same document. Determination is the answer for one row; Maker fills it from a decide.Result;
// Printers write many of them. The words that people see stand in catalogue/, one file a language. Start with Determination.
package report

import (
	"lodestone/internal/problem"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// Determination is the answer for one row, as docs/output.md describes it key by key. An empty list or word is left out.
type Determination struct {
	ID           string        `json:"id"`
	Line         int           `json:"line,omitempty"`
	SameAs       int           `json:"same_as,omitempty"` // line that states the part and has its reasons; 0: they stand here
	Outcome      string        `json:"outcome"`
	MayBe        string        `json:"may_be,omitempty"` // the most severe still open; empty: nothing is open
	Policy       string        `json:"policy,omitempty"`
	At           when.At       `json:"at"`
	Law          LawRef        `json:"law"`
	PartyLists   *ListsRef     `json:"party_lists,omitempty"` // nil: none was loaded beside those of the law
	Requirements []Requirement `json:"requirements,omitempty"`
	Asks         []Ask         `json:"asks,omitempty"`
	Shares       []Share       `json:"shares,omitempty"`
	Parties      []PartyHit    `json:"parties,omitempty"`
	Ownership    []Owned       `json:"ownership,omitempty"` // by a file of holdings
	Near         []Near        `json:"near,omitempty"`
	Duties       []Duty        `json:"duties,omitempty"`
	LicenceHeld  *LicenceHeld  `json:"licence_held,omitempty"` // nil: none is declared, or none is required
	NextChange   *Change       `json:"next_change,omitempty"`
	Timeline     []Stretch     `json:"timeline,omitempty"` // empty: not asked for
	NotAssessed  []Gap         `json:"not_assessed,omitempty"`
	Notes        []string      `json:"notes,omitempty"`
	Warnings     problem.List  `json:"warnings,omitempty"`
	Extra        []ExtraField  `json:"extra,omitempty"`
	Level        int           `json:"-"` // of a part, below the top of its structure
	Explained    bool          `json:"-"` // a table says below the line all that it rests on

	Mildest *Lead   `json:"mildest,omitempty"` // where the mildest answers to several questions together lead; nil: not asked for, or to no other end
	Given   *Given  `json:"-"`                 // what the row states, for sheets and pages; nil: not asked for
	Legend  *Legend `json:"-"`                 // what its reader must be told besides; nil: not asked for

	sealed string // JSON of all from Law to Notes; empty: it stands in those fields
}

// Given is what a row states, as sheets and pages show it beside the answer.
type Given struct {
	Description, HS, Supplier   string
	From, Destination, Shipment string
	Composition                 string       // as the row states it, and as answers do
	Words                       []string     // of the description, from which facts were read
	Facts                       []StatedFact // read from elsewhere than a column of their own; nil: not asked for
}

// Refused stands in the place of a Determination for a row that could not be read.
type Refused struct {
	ID      string          `json:"id,omitempty"`
	Line    int             `json:"line,omitempty"`
	Problem problem.Problem `json:"problem"`
}

// LawRef names the law an answer rests on.
type LawRef struct {
	Revision      string    `json:"revision"`
	AssessedUntil when.Date `json:"assessed_until"`
}

// ListsRef names the party lists, beside those of the law, on which an answer rests.
type ListsRef struct {
	Revision string `json:"revision" doc:"Digest of the lists: their names and their bytes."`
}

// Requirement is what one norm demands, or may demand.
type Requirement struct {
	Layer     string     `json:"layer"`
	Effect    string     `json:"effect"`
	Policy    string     `json:"policy,omitempty"`
	Standing  string     `json:"standing"`
	Certainty string     `json:"certainty"`    // yes: its condition holds; unknown: a fact is missing
	If        string     `json:"if,omitempty"` // for a branch of a standing that is not established: the outcome it would give
	Why       string     `json:"why,omitempty"`
	Until     when.Date  `json:"until,omitzero"`
	Norm      string     `json:"norm"`
	Act       string     `json:"act"`
	Code      string     `json:"code,omitempty"`
	Name      vocab.Text `json:"name"`
	Cite      string     `json:"cite"`
	Because   []Reason   `json:"because,omitempty"`
	Trace     *Trace     `json:"trace,omitempty"`
}

// Reason is a fact on which an answer rests.
type Reason struct {
	Fact   string `json:"fact"`
	Value  string `json:"value,omitempty"` // empty: not known
	Source string `json:"source,omitempty"`
	Words  string `json:"words,omitempty"` // the words it was read from
	Test   string `json:"test"`
	Truth  string `json:"truth"`
}

// Trace is the condition of a norm as it answered, whole.
type Trace struct {
	Op    string  `json:"op,omitempty"`
	Truth string  `json:"truth"`
	Fact  string  `json:"fact,omitempty"`
	Test  string  `json:"test,omitempty"`
	Value string  `json:"value,omitempty"`
	Steps []Trace `json:"steps,omitempty"`
}

// Ask is one question whose answer would settle norms.
type Ask struct {
	Fact     string   `json:"fact"`
	Question string   `json:"question"`
	Settles  []string `json:"settles"`
	Supplier string   `json:"supplier,omitempty"`
	Part     string   `json:"part,omitempty"`    // the part of the structure that is asked about; empty: the row itself
	Removes  string   `json:"removes,omitempty"` // how much of the width of the share the answer removes at most, in parts of one
	Why      string   `json:"why,omitempty"`     // why it matters; with Leads only where they are asked for
	Leads    []Lead   `json:"leads,omitempty"`   // where each answer leads, all else as it is; empty: answers cannot be listed

	Choices []string `json:"-"` // answers to choose from, which the reader of answers understands; empty: none can be listed
}

// Lead is where an answer leads: the line decided again with the answer put in.
type Lead struct {
	Answer  string `json:"answer"`
	Outcome string `json:"outcome"`
	MayBe   string `json:"may_be,omitempty"`

	Whatever bool `json:"-"` // every answer leads here
	Alone    bool `json:"-"` // by itself; with answers to other questions it matters
}

// Share is a content share with its threshold, in parts of one.
type Share struct {
	Rule      string `json:"rule"`
	Low       string `json:"low"`
	High      string `json:"high"`
	Threshold string `json:"threshold"`
	Truth     string `json:"truth"`
	Ask       string `json:"ask,omitempty"`
}

// PartyHit is a listing that a stated name matches.
type PartyHit struct {
	Field    string   `json:"field"`
	List     string   `json:"list"`
	Name     string   `json:"name"`
	Score    float64  `json:"score"`
	Standing string   `json:"standing"`
	Evidence string   `json:"evidence"`
	Entry    string   `json:"entry_id"`
	Notice   string   `json:"announcement"`
	Measures []string `json:"measures,omitempty"`
	Loaded   bool     `json:"loaded,omitempty"`  // of a loaded list, of which the law data says nothing
	Measure  string   `json:"measure,omitempty"` // what such a list says follows, in its words
	Source   string   `json:"source,omitempty"`  // where such a listing may be read
}

// Near is a norm that was close: it fails by one test, or guidance takes the thing out.
type Near struct {
	Norm   string `json:"norm"`
	Failed string `json:"failed"`
	Value  string `json:"value,omitempty"`
	Except string `json:"exception,omitempty"`
}

// Duty is something to be done with a requirement.
type Duty struct {
	Kind string `json:"kind"`
	Cite string `json:"cite"`           // "lodestone law show" prints what it says
	Role string `json:"role,omitempty"` // whose duty; empty: the exporter's
	Say  string `json:"say,omitempty"`  // what it says; empty unless a role is asked for
	Norm string `json:"-"`              // full id
}

// LicenceHeld says whether a declared licence covers the line.
type LicenceHeld struct {
	No     string   `json:"no,omitempty"`
	Fits   bool     `json:"fits"`
	Misses []string `json:"misses,omitempty"` // in what it does not fit
}

// Change is the next day on which the answer differs.
type Change struct {
	On       when.Date `json:"on"`
	Outcome  string    `json:"outcome"`
	MayBe    string    `json:"may_be,omitempty"`
	By       string    `json:"by,omitempty"`
	Standing string    `json:"standing,omitempty"`
}

// Stretch is a run of days on which the answer is the same, both ends included.
type Stretch struct {
	From    when.Date `json:"from,omitzero"` // zero: it reaches back before all that was read
	To      when.Date `json:"to,omitzero"`   // zero: nothing read ends it
	Outcome string    `json:"outcome"`
	MayBe   string    `json:"may_be,omitempty"`
	Policy  string    `json:"policy,omitempty"`
	By      string    `json:"by,omitempty"` // the act that makes the difference to the stretch before
}

// Gap is a layer that could not be judged.
type Gap struct {
	Layer   string `json:"layer"`
	Missing string `json:"missing"`
	Act     string `json:"act,omitempty"`
}

// ExtraField is an input column that the program does not know, passed through.
type ExtraField struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}
