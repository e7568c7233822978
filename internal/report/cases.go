package report

import (
	"cmp"
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"lodestone/internal/when"
)

// Case is a determination that somebody has to look at, or did. In lists the parts from Steps on are left out.
type Case struct {
	ID        string        `json:"case" doc:"The name of the case."`
	N         int64         `json:"n" doc:"Place in the log of its newest step; ask for earlier ones with before."`
	Version   int64         `json:"version" doc:"Number of the newest step; approving and rejecting name it, so that nobody approves what he has not seen."`
	State     string        `json:"state" enum:"open,in_review,awaiting_approval,released,blocked,closed" doc:"Only released lets anything go."`
	Holds     bool          `json:"holds" doc:"It may go today: released by two persons, not past its last day, and the same question has the same answer today."`
	WhyNot    string        `json:"why_not,omitempty" enum:"expired,answer" doc:"Why a released case does not hold; left out where it does."`
	Item      string        `json:"item,omitempty" doc:"The id that the asker gave; left out: none."`
	Goods     string        `json:"goods,omitempty" doc:"As the question describes them."`
	Parties   []string      `json:"parties,omitempty" doc:"End user and consignee, as the question states them."`
	Outcome   string        `json:"outcome" doc:"Of the recorded answer; a decision does not change it."`
	MayBe     string        `json:"may_be,omitempty"`
	At        CaseAt        `json:"at"`
	Revision  string        `json:"revision" doc:"Of the law."`
	Record    string        `json:"record" doc:"The recorded answer on which the case rests."`
	Norms     []string      `json:"norms,omitempty" doc:"That bear on it."`
	Assignee  string        `json:"assignee,omitempty" doc:"Id of a person; left out: nobody."`
	Decision  *CaseDecision `json:"decision,omitempty" doc:"Proposed or taken; left out: there is none."`
	ChangedAt string        `json:"changed_at"`
	ChangedBy string        `json:"changed_by" doc:"Id of a person; instance: the program itself."`

	Steps         []CaseStep        `json:"steps,omitempty" doc:"What was done, oldest first."`
	Precedents    []Precedent       `json:"precedents,omitempty" doc:"Earlier decisions on the same facts, item, party or norm, newest first."`
	Question      json.RawMessage   `json:"question,omitempty"`
	Determination Document          `json:"determination,omitempty" doc:"The recorded answer, byte for byte."`
	People        map[string]string `json:"people,omitempty" doc:"Logins of the persons named here, by id."`
}

// CaseAt are the two times of the recorded answer.
type CaseAt struct {
	Effective string `json:"effective"`
	KnownBy   string `json:"known_by"`
}

// CaseDecision is a decision beside the recorded answer.
type CaseDecision struct {
	Kind     string `json:"kind" enum:"release,override,block"`
	Outcome  string `json:"outcome" doc:"That the decision goes by: for a release that of the answer, for an override another."`
	Until    string `json:"until,omitempty" format:"date" doc:"Last day on which it holds; left out: it has no end."`
	Proposed string `json:"proposed_by" doc:"Id of a person."`
	Approved string `json:"approved_by,omitempty" doc:"Id of another person; left out: nobody yet, or it needs nobody."`
}

// CaseStep is something that was done in a case.
type CaseStep struct {
	N        int64         `json:"n"`
	Version  int64         `json:"version"`
	Kind     string        `json:"kind" enum:"opened,assigned,commented,proposed,approved,rejected,withdrawn,blocked,closed,reopened,updated,confirmed"`
	State    string        `json:"state" doc:"After the step."`
	Words    string        `json:"words,omitempty" doc:"Comment or reason."`
	Assignee string        `json:"assignee,omitempty"`
	Record   string        `json:"record" doc:"The recorded answer on which the case rested."`
	Decision *CaseDecision `json:"decision,omitempty"`
	At       string        `json:"at"`
	By       string        `json:"by" doc:"Id of a person; instance: the program itself."`
}

// CaseChange is a step of which whoever waits for a decision must hear.
type CaseChange struct {
	N    int64  `json:"n" doc:"Place in the log; acknowledge with it."`
	Kind string `json:"kind" doc:"The step that was taken."`
	At   string `json:"at"`
	Case Case   `json:"case" doc:"As it stands now."`
}

// Precedent is an earlier decision of another case.
type Precedent struct {
	Case     string       `json:"case"`
	Item     string       `json:"item,omitempty"`
	Outcome  string       `json:"outcome"`
	Shares   []string     `json:"shares" doc:"What it has in common: facts (all of them), item, party, and norms by their ids."`
	Decision CaseDecision `json:"decision"`
	Words    string       `json:"words" doc:"The reason."`
	At       string       `json:"at"`
	SameLaw  bool         `json:"same_law" doc:"It was decided under the same revision of the law."`
}

// CasePolicy says when cases are opened by themselves and how long a decision holds if nobody says.
type CasePolicy struct {
	OpenAt string `json:"open_at" doc:"An answer whose outcome, or what it may be, is at or above this opens a case; never: none does." example:"licence"`
	Days   int    `json:"days" minimum:"1" maximum:"366" doc:"How long a release or an override holds where no last day is given." example:"90"`
}

// CasesOpened tells what came of opening cases for the rows of a job.
type CasesOpened struct {
	Rows    int    `json:"rows" doc:"Looked at."`
	Opened  int    `json:"opened"`
	Met     int    `json:"met" doc:"Had a case already."`
	Refused int    `json:"refused,omitempty" doc:"Could not be read, as the job said."`
	Next    int    `json:"next,omitempty" doc:"First row not yet looked at; ask again with it. Left out: all were."`
	Note    string `json:"note,omitempty"`
}

// CaseAnswered tells what answers did to a case.
type CaseAnswered struct {
	Case    string   `json:"case"`
	Item    string   `json:"item,omitempty"`
	Record  string   `json:"record,omitempty" doc:"The new recorded answer; left out: none, see problems."`
	Before  string   `json:"before" doc:"Outcome before the answers."`
	After   string   `json:"after,omitempty"`
	MayBe   string   `json:"may_be,omitempty"`
	State   string   `json:"state,omitempty" doc:"Of the case, afterwards."`
	Taken   int      `json:"taken" doc:"Answers that were put in."`
	Problem []string `json:"problems,omitempty" doc:"Answers that could not be taken, and why."`
}

// TextDocument is a text for people outside, made from a recorded answer.
type TextDocument struct {
	Kind   string    `json:"kind" enum:"declaration,notice"`
	Lang   string    `json:"lang"`
	Record string    `json:"record"`
	On     when.Date `json:"on"`
	Fit    bool      `json:"fit" doc:"False: the answer does not allow such a text; the text says what is open."`
	Text   string    `json:"text"`
}

// Answered is what an import of answers did.
type Answered struct {
	Cases    []CaseAnswered `json:"cases"`
	Problems []string       `json:"problems,omitempty" doc:"Answers that belong to no case, or cannot be read, by their cells."`
}

// outcomes says an outcome and what it may be.
func (c *Case) outcomes(lang string) string {
	text := Say(lang, "outcome."+c.Outcome)
	if c.MayBe != "" && c.MayBe != c.Outcome {
		text += " (" + Say(lang, "case.may_be", "outcome", Say(lang, "outcome."+c.MayBe)) + ")"
	}
	return text
}

// WriteText prints a case on one line.
func (c *Case) WriteText(w io.Writer, lang string) error {
	p := &printer{w: w}
	p.f("%s  %s  %s  %s\n", c.ID, cell(Say(lang, "case.state."+c.State), 20), cell(cmp.Or(c.Item, c.Goods), 16), c.outcomes(lang))
	return p.err
}

// WriteWhole prints a case with its history and precedents.
func (c *Case) WriteWhole(w io.Writer, lang string) error {
	say := func(key string, pairs ...string) string { return Say(lang, "case."+key, pairs...) }
	p := &printer{w: w}
	p.f("%s\n%s\n", say("head", "case", c.ID, "item", cmp.Or(c.Item, c.Goods), "state", say("state."+c.State)), c.outcomes(lang))
	if c.Goods != "" {
		p.f("%s\n", c.Goods)
	}
	if len(c.Parties) > 0 {
		p.f("%s\n", strings.Join(c.Parties, "; "))
	}
	p.f("%s\n", say("at", "effective", c.At.Effective, "known", c.At.KnownBy, "revision", c.Revision))
	if c.Decision != nil {
		p.f("%s\n", c.Decision.words(lang, c.People))
	}
	switch {
	case c.Holds:
		p.f("%s\n", say("holds"))
	case c.WhyNot != "":
		p.f("%s\n", say("not."+c.WhyNot))
	}
	p.f("\n%s\n", say("steps"))
	for _, s := range c.Steps {
		p.f("  %s  %s  %s  %s\n", s.At, cell(who(s.By, c.People), 16), cell(say("step."+s.Kind), 20), s.Words)
	}
	if len(c.Precedents) > 0 {
		p.f("\n%s\n", say("precedents"))
	}
	for _, x := range c.Precedents {
		p.f("  %s  %s  %s: %s (%s)\n", x.At[:10], cell(x.Item, 16), Say(lang, "case.decision."+x.Decision.Kind), x.Words, strings.Join(x.Shares, ", "))
	}
	return p.err
}

func (d *CaseDecision) words(lang string, people map[string]string) string {
	text := Say(lang, "case.decision", "kind", Say(lang, "case.decision."+d.Kind), "outcome", Say(lang, "outcome."+d.Outcome), "by", who(d.Proposed, people))
	if d.Until != "" {
		text += Say(lang, "case.decision.until", "day", d.Until)
	}
	if d.Approved != "" {
		text += Say(lang, "case.decision.approved", "by", who(d.Approved, people))
	}
	return text
}

// who is the login of a person; the id where it is not known.
func who(id string, people map[string]string) string {
	if login := people[id]; login != "" {
		return login
	}
	return id
}

// WriteText prints a change on a line.
func (c *CaseChange) WriteText(w io.Writer, lang string) error {
	p := &printer{w: w}
	p.f("%d  %s  %s  ", c.N, c.At, cell(Say(lang, "case.step."+c.Kind), 20))
	if p.err != nil {
		return p.err
	}
	return c.Case.WriteText(w, lang)
}

// WriteText says what came of answers.
func (a *Answered) WriteText(w io.Writer, lang string) error {
	p := &printer{w: w}
	for _, c := range a.Cases {
		after := c.After
		if after == "" {
			after = c.Before
		}
		p.f("%s\n", Say(lang, "case.answered", "item", c.Item, "case", c.Case, "n", strconv.Itoa(c.Taken), "before", Say(lang, "outcome."+c.Before), "after", Say(lang, "outcome."+after)))
		for _, x := range c.Problem {
			p.f("    ! %s\n", x)
		}
	}
	for _, x := range a.Problems {
		p.f("! %s\n", x)
	}
	return p.err
}

// WriteText says how many cases were opened.
func (o *CasesOpened) WriteText(w io.Writer, lang string) error {
	p := &printer{w: w}
	p.f("%s\n", Say(lang, "case.rows", "rows", strconv.Itoa(o.Rows), "opened", strconv.Itoa(o.Opened), "met", strconv.Itoa(o.Met), "refused", strconv.Itoa(o.Refused)))
	if o.Next > 0 {
		p.f("%s\n", Say(lang, "case.rows.next", "row", strconv.Itoa(o.Next)))
	}
	return p.err
}

// WriteText says the policy.
func (c *CasePolicy) WriteText(w io.Writer, lang string) error {
	p := &printer{w: w}
	at := Say(lang, "case.policy.never")
	if Has("outcome." + c.OpenAt) {
		at = Say(lang, "case.policy.at", "outcome", Say(lang, "outcome."+c.OpenAt))
	}
	p.f("%s\n", at+" "+Say(lang, "case.policy.days", "days", strconv.Itoa(c.Days)))
	return p.err
}

// Rechecked tells what a recheck of cases did.
type Rechecked struct {
	Changed int `json:"changed" doc:"Cases that now rest on another answer, or whose decision was taken back."`
}

// WriteText says it in words.
func (c *Rechecked) WriteText(w io.Writer, lang string) error {
	p := &printer{w: w}
	p.f("%s\n", Say(lang, "case.rechecked", "n", strconv.Itoa(c.Changed)))
	return p.err
}

// WriteText prints the text.
func (t *TextDocument) WriteText(w io.Writer, _ string) error {
	_, err := io.WriteString(w, t.Text)
	return err
}
