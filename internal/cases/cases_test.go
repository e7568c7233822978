package cases_test

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lodestone/internal/cases"
	"lodestone/internal/law"
	"lodestone/internal/when"
)

var today = when.Day(2026, 3, 2)

func proposal(kind string, o law.Outcome) cases.Decision {
	return cases.Decision{Kind: kind, Outcome: o, Until: today + 30}
}

// The way of a case, told step by step: each step, who takes it, and how the case stands then or why it is refused.
func TestTheWayOfACase(t *testing.T) {
	type told struct {
		step cases.Step
		want cases.State
		err  error
	}
	release, override := proposal(cases.Release, law.Licence), proposal(cases.Override, law.NotControlled)
	for name, way := range map[string][]told{
		"released by two": {
			{cases.Step{Kind: cases.Assigned, By: "a", Assignee: "a"}, cases.InReview, nil},
			{cases.Step{Kind: cases.Proposed, By: "a", Words: "licence held", Decision: release}, cases.AwaitingApproval, nil},
			{cases.Step{Kind: cases.Approved, By: "a", Words: "yes"}, cases.AwaitingApproval, cases.ErrSamePerson},
			{cases.Step{Kind: cases.Rejected, By: "a", Words: "no"}, cases.AwaitingApproval, cases.ErrSamePerson},
			{cases.Step{Kind: cases.Approved, By: "b"}, cases.AwaitingApproval, cases.ErrNoReason},
			{cases.Step{Kind: cases.Approved, By: cases.Instance, Words: "yes"}, cases.AwaitingApproval, cases.ErrSamePerson},
			{cases.Step{Kind: cases.Approved, By: "b", Words: "papers seen"}, cases.Released, nil},
			{cases.Step{Kind: cases.Proposed, By: "a", Words: "again", Decision: release}, cases.Released, cases.ErrState},
			{cases.Step{Kind: cases.Close, By: "a", Words: "done"}, cases.Released, cases.ErrState},
			{cases.Step{Kind: cases.Block, By: "c", Words: "end use in doubt"}, cases.Blocked, nil},
			{cases.Step{Kind: cases.Approved, By: "b", Words: "once more"}, cases.Blocked, cases.ErrState},
			{cases.Step{Kind: cases.Proposed, By: "c", Words: "doubt settled", Decision: release}, cases.AwaitingApproval, nil},
			{cases.Step{Kind: cases.Approved, By: "c", Words: "me"}, cases.AwaitingApproval, cases.ErrSamePerson},
		},
		"overridden": {
			{cases.Step{Kind: cases.Proposed, By: "a", Decision: override}, cases.Open, cases.ErrNoReason},
			{cases.Step{Kind: cases.Proposed, By: "a", Words: "test report", Decision: override}, cases.AwaitingApproval, nil},
			{cases.Step{Kind: cases.Proposed, By: "b", Words: "other", Decision: override}, cases.AwaitingApproval, cases.ErrState},
			{cases.Step{Kind: cases.Withdrawn, By: "b"}, cases.AwaitingApproval, cases.ErrState},
			{cases.Step{Kind: cases.Withdrawn, By: "a"}, cases.Open, nil},
			{cases.Step{Kind: cases.Proposed, By: "a", Words: "stricter", Decision: proposal(cases.Override, law.Licence)}, cases.AwaitingApproval, nil},
			{cases.Step{Kind: cases.Approved, By: "b", Words: "agreed"}, cases.Blocked, nil},
		},
		"facts change under a proposal": {
			{cases.Step{Kind: cases.Proposed, By: "a", Words: "ok", Decision: release}, cases.AwaitingApproval, nil},
			{cases.Step{Kind: cases.Updated, By: cases.Instance}, cases.AwaitingApproval, cases.ErrState},
			{cases.Step{Kind: cases.Reopened, By: cases.Instance, Words: "facts"}, cases.Open, nil},
			{cases.Step{Kind: cases.Approved, By: "b", Words: "yes"}, cases.Open, cases.ErrState},
		},
		"closed": {
			{cases.Step{Kind: cases.Close, By: "a", Words: "order cancelled"}, cases.Closed, nil},
			{cases.Step{Kind: cases.Commented, By: "a", Words: "for the file"}, cases.Closed, nil},
			{cases.Step{Kind: cases.Assigned, By: "a", Assignee: "a"}, cases.Closed, cases.ErrState},
			{cases.Step{Kind: cases.Reopened, By: "a", Words: "order is back"}, cases.Open, nil},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := cases.Case{State: cases.Open}
			for i, x := range way {
				x.step.Today = today
				next, err := c.Take(x.step)
				if !errors.Is(err, x.err) || x.err == nil && err != nil || next.State != x.want {
					t.Fatalf("step %d, %s by %s: %s, %v; want %s, %v", i, x.step.Kind, x.step.By, next.State, err, x.want, x.err)
				}
				if err != nil && next != c {
					t.Fatalf("step %d was refused and changed the case", i)
				}
				c = next
			}
		})
	}
}

func TestProposalsThatCannotBe(t *testing.T) {
	for name, d := range map[string]cases.Decision{
		"no kind":      {Outcome: law.Licence, Until: today},
		"block":        {Kind: cases.Stop, Until: today},
		"no last day":  {Kind: cases.Release},
		"over already": {Kind: cases.Release, Until: today - 1},
		"too long":     {Kind: cases.Override, Until: today + cases.MaxDays + 1},
	} {
		if c, err := (cases.Case{State: cases.Open}).Take(cases.Step{Kind: cases.Proposed, By: "a", Words: "x", Decision: d, Today: today}); !errors.Is(err, cases.ErrProposal) {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
}

// Whatever steps are taken by whom in which order, nothing is released but by a proposal of one person and the approval of another, both since
// the case was last opened anew.
func TestFourEyesCannotBeGoneAround(t *testing.T) {
	kinds := slices.Concat(cases.Changes(), []cases.Kind{cases.Assigned, cases.Commented})
	rapid.Check(t, func(t *rapid.T) {
		c := cases.Case{State: cases.Open}
		proposer := "" // of what stands proposed now
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			s := cases.Step{Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), By: rapid.SampledFrom([]string{"a", "b", "c", cases.Instance}).Draw(t, "by"),
				Words: rapid.SampledFrom([]string{"", "why"}).Draw(t, "words"), Assignee: rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "to"), Today: today,
				Decision: cases.Decision{Kind: rapid.SampledFrom([]string{"", cases.Release, cases.Override, cases.Stop}).Draw(t, "decision"),
					Outcome: law.Outcome(rapid.IntRange(0, int(law.Prohibited)).Draw(t, "outcome")), Until: today + when.Date(rapid.IntRange(-2, 400).Draw(t, "until")),
					Proposed: "b", Approved: "c"}} // what a step brings along of these must not count
			next, err := c.Take(s)
			if err != nil {
				if next != c {
					t.Fatalf("a refused step changed the case: %+v", s)
				}
				continue
			}
			was := c.State
			switch {
			case s.Kind == cases.Proposed:
				proposer = s.By
			case next.State == cases.Released && was != cases.Released:
				if s.Kind != cases.Approved || was != cases.AwaitingApproval || s.By == proposer || proposer == "" || s.Words == "" {
					t.Fatalf("released by %+v from %s, proposed by %q", s, was, proposer)
				}
			case next.State != cases.AwaitingApproval:
				proposer = ""
			}
			if next.Holds(today) && (next.Decision.Proposed == next.Decision.Approved || next.Decision.Approved == cases.Instance) {
				t.Fatalf("holds by one person: %+v", next)
			}
			if next.State != cases.Released && next.State != cases.Blocked && next.State != cases.AwaitingApproval && next.Decision != (cases.Decision{}) {
				t.Fatalf("%s with a decision: %+v", next.State, next.Decision)
			}
			c = next
		}
	})
}

func TestADecisionEnds(t *testing.T) {
	c := cases.Case{State: cases.Released, Decision: cases.Decision{Kind: cases.Release, Proposed: "a", Approved: "b", Until: today}}
	if !c.Holds(today) || c.Holds(today+1) {
		t.Error("the last day is the last on which a decision holds")
	}
}
