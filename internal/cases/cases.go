// Package cases knows how a case stands and which step may follow: a determination that somebody has to look at, from the day it was opened to
// the decision of two persons, and what takes that decision back.
//
// Start with Case and its method Take. The package is pure: it knows no store, no clock and no roles, only who acts. That a person may act at all
// is decided by whoever calls. Limits: two logins of one human being are two persons here.
package cases

import (
	"errors"
	"slices"

	"lodestone/internal/law"
	"lodestone/internal/sentence"
	"lodestone/internal/when"
)

// State is how a case stands. Only Released lets anything go.
type State string

// States.
const (
	Open             State = "open"              // nobody has taken it
	InReview         State = "in_review"         // a person looks at it
	AwaitingApproval State = "awaiting_approval" // a decision is proposed; the second person is missing
	Released         State = "released"          // may go, by the decision of two persons
	Blocked          State = "blocked"           // must not go, by decision
	Closed           State = "closed"            // nothing is to be decided any more; nothing may go on it
)

// States lists the states in the order in which a case goes through them.
func States() []State { return []State{Open, InReview, AwaitingApproval, Released, Blocked, Closed} }

// Kind is a kind of step.
type Kind string

// Kinds of steps.
const (
	Opened    Kind = "opened"    // by an outcome, or by a person
	Assigned  Kind = "assigned"  // to a person, or to nobody
	Commented Kind = "commented" // changes nothing
	Proposed  Kind = "proposed"  // a release or an override, by the first person
	Approved  Kind = "approved"  // by the second person
	Rejected  Kind = "rejected"  // by another person
	Withdrawn Kind = "withdrawn" // by the first person
	Block     Kind = "blocked"   // by one person: stopping needs no second
	Close     Kind = "closed"    // nothing is to be decided any more
	Reopened  Kind = "reopened"  // the decision no longer holds: facts, law, or its last day
	Updated   Kind = "updated"   // rests on a newer answer; nothing had been decided
	Confirmed Kind = "confirmed" // answered again under other law, to the same end
)

// Changes are the kinds of steps that whoever waits for a decision must hear of.
func Changes() []Kind {
	return []Kind{Opened, Proposed, Approved, Rejected, Withdrawn, Block, Close, Reopened, Updated, Confirmed}
}

// Decisions are the kinds of steps that decide.
func Decisions() []Kind { return []Kind{Approved, Block} }

// Instance stands for the program itself where no person acts.
const Instance = "instance"

// Decision is what is proposed or decided beside a recorded answer, which stays as it is.
type Decision struct {
	Kind     string      // release, override, block; empty: there is none
	Outcome  law.Outcome // that it goes by
	Until    when.Date   // last day; zero: no end (blocks only)
	Proposed string      // id of the person who proposed or, for a block, decided
	Approved string      // id of the person who approved; empty: nobody has, or it needs nobody
}

// Kinds of decisions.
const (
	Release  = "release"  // it may go although the answer says what it says; the reason says why
	Override = "override" // the answer is another one
	Stop     = "block"    // it must not go
)

// Case is how a case stands, as far as steps depend on it.
type Case struct {
	State    State
	Assignee string // id of a person; empty: nobody
	Decision Decision
}

// Step is what somebody wants to do.
type Step struct {
	Kind     Kind
	By       string    // id of a person, or Instance
	Words    string    // comment or reason
	Assignee string    // for Assigned; empty: nobody
	Decision Decision  // for Proposed: Kind, Outcome, Until
	Today    when.Date // for Proposed
}

// Refusals, for programs; the sentences are for people.
var (
	ErrSamePerson = errors.New("who proposed a decision cannot approve or reject it: that takes a second person")
	ErrNoReason   = errors.New("give a reason")
	ErrState      = errors.New("the case does not stand so that this can be done")
	ErrProposal   = errors.New("this cannot be proposed")
)

// because is a refusal with its reason.
func because(refusal error, format string, args ...any) error {
	return sentence.Of("%v: %v", refusal, sentence.Of(format, args...))
}

// MaxDays bounds how long a release or an override holds.
const MaxDays = 366

// from says in which states a step may be taken.
var from = map[Kind][]State{
	Assigned:  {Open, InReview, AwaitingApproval},
	Proposed:  {Open, InReview, Blocked},
	Approved:  {AwaitingApproval},
	Rejected:  {AwaitingApproval},
	Withdrawn: {AwaitingApproval},
	Block:     {Open, InReview, AwaitingApproval, Released},
	Close:     {Open, InReview, Blocked},
	Reopened:  {AwaitingApproval, Released, Blocked, Closed},
	Updated:   {Open, InReview},
	Confirmed: States(),
	Commented: States(),
}

// reasoned are the steps that say why.
var reasoned = []Kind{Commented, Proposed, Approved, Rejected, Block, Close, Reopened}

// Take is the case after a step, or why the step cannot be taken.
func (c Case) Take(s Step) (Case, error) {
	if !slices.Contains(from[s.Kind], c.State) {
		return c, because(ErrState, "it is %s, and %s needs one of %v", c.State, s.Kind, from[s.Kind])
	}
	if s.Words == "" && slices.Contains(reasoned, s.Kind) {
		return c, ErrNoReason
	}
	switch s.Kind {
	case Assigned:
		c.Assignee = s.Assignee
		c.State = c.resting(c.State)
	case Proposed:
		if err := s.Decision.check(s.Today); err != nil {
			return c, err
		}
		c.State, c.Decision = AwaitingApproval, Decision{Kind: s.Decision.Kind, Outcome: s.Decision.Outcome, Until: s.Decision.Until, Proposed: s.By}
	case Approved:
		if s.By == c.Decision.Proposed || s.By == Instance {
			return c, ErrSamePerson
		}
		c.Decision.Approved = s.By
		c.State = c.Decision.ends()
	case Rejected:
		if s.By == c.Decision.Proposed {
			return c, ErrSamePerson
		}
		c = c.undecided()
	case Withdrawn:
		if s.By != c.Decision.Proposed {
			return c, because(ErrState, "only who proposed a decision can withdraw it; another person rejects it")
		}
		c = c.undecided()
	case Block:
		c.State, c.Decision = Blocked, Decision{Kind: Stop, Outcome: law.Prohibited, Proposed: s.By}
	case Close:
		c.State, c.Decision = Closed, Decision{}
	case Reopened:
		c = c.undecided()
	}
	return c, nil
}

// undecided is the case without its decision.
func (c Case) undecided() Case {
	c.Decision = Decision{}
	c.State = c.resting(Open)
	return c
}

// resting is the state of a case in which nothing is proposed or decided; other states stay.
func (c Case) resting(state State) State {
	switch {
	case state != Open && state != InReview:
		return state
	case c.Assignee == "":
		return Open
	}
	return InReview
}

// check says what is wrong with a proposal.
func (d Decision) check(today when.Date) error {
	switch {
	case d.Kind != Release && d.Kind != Override:
		return because(ErrProposal, "%q is none of %s and %s", d.Kind, Release, Override)
	case d.Until < today:
		return because(ErrProposal, "its last day %s lies before today, %s", d.Until, today)
	case d.Until > today+MaxDays:
		return because(ErrProposal, "its last day %s is more than %d days away", d.Until, MaxDays)
	}
	return nil
}

// ends is the state in which a decision that was approved leaves a case: an override to an outcome under which nothing may go blocks.
func (d Decision) ends() State {
	if d.Kind == Release || Goes(d.Outcome) {
		return Released
	}
	return Blocked
}

// Goes says whether goods of an outcome may go with no licence, as far as was assessed.
func Goes(o law.Outcome) bool { return o == law.NotControlled || o == law.Suspended }

// Holds says whether the case lets anything go on a day, as far as it depends on its decision: it is released, by two persons, and not past its last day.
func (c Case) Holds(on when.Date) bool {
	d := c.Decision
	return c.State == Released && d.Proposed != "" && d.Approved != "" && d.Proposed != d.Approved && d.Until >= on
}
