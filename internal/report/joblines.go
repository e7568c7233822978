package report

import "lodestone/internal/when"

// JobLines is a stretch of the lines of a job that a question selects.
type JobLines struct {
	Job      string         `json:"job"`
	All      int            `json:"all"`      // lines of the job
	Matching int            `json:"matching"` // of them, how many the question selects
	From     int            `json:"from"`     // place of the first line below among those selected, from 0
	Lines    []JobLine      `json:"lines"`
	Outcomes map[string]int `json:"outcomes"` // of all lines, refused ones as "refused"
	MayBe    map[string]int `json:"may_be"`   // of all lines: the most severe still open

	Structured bool            `json:"structured,omitempty"` // lines are parts of one another
	Suppliers  []SupplierCount `json:"suppliers"`            // with questions open, most first
}

// JobLine is a line of a job as lists show it.
type JobLine struct {
	N           int       `json:"n"`    // place in the file, from 1
	Line        int       `json:"line"` // of the file
	ID          string    `json:"id"`
	Outcome     string    `json:"outcome"` // refused: the row could not be read
	MayBe       string    `json:"may_be,omitempty"`
	Description string    `json:"description,omitempty"`
	HS          string    `json:"hs,omitempty"`
	Supplier    string    `json:"supplier,omitempty"`
	Destination string    `json:"destination,omitempty"`
	Parent      string    `json:"parent,omitempty"`
	Quantity    string    `json:"quantity,omitempty"`
	Asks        int       `json:"asks,omitempty"`
	Changes     when.Date `json:"changes,omitzero"` // day of the next change; zero: none is known
}

// OutcomeSign tells an outcome apart without colour.
func OutcomeSign(outcome string) string { return outcomeSigns[outcome] }

// Line is a line of a job with its reasons.
type Line struct {
	JobLine
	Job           string         `json:"job"`
	Name          string         `json:"name"` // of the file
	All           int            `json:"all"`  // lines of the job
	Recorded      Document       `json:"recorded"`
	Refused       *Refused       `json:"-"` // nil: it was answered
	Determination *Determination `json:"-"` // as it is shown; nil: it was refused
}

// Explained is a record with its reasons.
type Explained struct {
	Record        Record
	Question      map[string]string // columns and values
	Determination *Determination    // as it is shown
}

// Told gives a determination that was read back what its reader must be told besides.
func (m *Maker) Told(d *Determination) {
	for i := range d.Asks {
		if d.Asks[i].Why == "" {
			d.Asks[i].Why = m.Why(&d.Asks[i])
		}
	}
	d.Legend = m.Legend(d)
}

// WordsRead are the words of the description from which facts were read.
func (d *Determination) WordsRead() (words []string) {
	for _, r := range d.Requirements {
		for _, x := range r.Because {
			if x.Words != "" {
				words = append(words, x.Words)
			}
		}
	}
	return words
}

// Prev is the place of the line before.
func (l *Line) Prev() int { return l.N - 1 }

// Next is the place of the line after.
func (l *Line) Next() int { return l.N + 1 }

// JobTree is a structure of parts with what was answered for each.
type JobTree struct {
	Job   string     `json:"job"`
	Name  string     `json:"name"`
	All   int        `json:"all"` // lines of the job; there may be more than are shown
	Parts []*JobPart `json:"parts"`
}

// JobPart is a line of a structure with the parts under it.
type JobPart struct {
	JobLine
	Shares []Share    `json:"shares,omitempty"`
	Parts  []*JobPart `json:"parts,omitempty"`
}

// Inert is a cell as tables for people hold it: no spreadsheet takes it for a formula.
func Inert(cell string) string { return inert(cell) }
