package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"lodestone/internal/app"
	"lodestone/internal/cases"
	"lodestone/internal/law"
	"lodestone/internal/report"
	"lodestone/internal/sentence"
	"lodestone/internal/when"
)

// cases adds the pages of what somebody has to look at: the list, and one case with its reasons, its history and what may be done.
func (p *pages) cases(mux *http.ServeMux) {
	mux.HandleFunc("GET /cases", p.page(app.Read, p.casesPage))
	mux.HandleFunc("POST /cases", p.page(app.Screen, p.openCase))
	mux.HandleFunc("GET /cases/{id}", p.page(app.Read, func(a *ask) (*answer, error) { return p.casePage(a, nil) }))
	mux.HandleFunc("POST /cases/{id}", p.page(app.Screen, p.stepInCase))
}

const casesAPage = 50

type casesDoc struct {
	Cases  []report.Case `json:"cases"`
	Next   int64         `json:"next,omitempty"` // zero: these are the oldest
	States []string      `json:"-"`
	State  string        `json:"-"` // empty: all that are not closed; all: all
	Mine   bool          `json:"-"`
	Older  string        `json:"-"`
	People names         `json:"-"`
}

// openStates are those in which somebody has to do something.
var openStates = []string{string(cases.Open), string(cases.InReview), string(cases.AwaitingApproval)}

func (p *pages) casesPage(a *ask) (*answer, error) {
	before, err := a.before()
	if err != nil {
		return nil, err
	}
	doc := casesDoc{State: a.q("state"), Mine: a.q("mine") != ""}
	for _, s := range cases.States() {
		doc.States = append(doc.States, string(s))
	}
	q := app.CaseQuery{Item: a.q("q"), Before: before, Limit: casesAPage, States: []string{doc.State}}
	switch doc.State {
	case "":
		q.States = openStates
	case "all":
		q.States = nil
	}
	if doc.Mine {
		q.Assignee = a.Actor.Person
	}
	if doc.Cases, err = p.Instance.Cases(a.Context(), q); err != nil {
		return nil, err
	}
	if len(doc.Cases) == casesAPage {
		doc.Next = doc.Cases[len(doc.Cases)-1].N
		doc.Older = a.here("before", fmt.Sprint(doc.Next))
	}
	doc.People, err = p.names(a)
	return &answer{page: "cases", data: doc, json: document(doc), csv: allRows([]string{"case", "state", "holds", "item", "goods", "outcome", "may_be", "effective", "assignee", "changed_at"},
		func(before int64, limit int) ([]report.Case, error) {
			q.Before, q.Limit = before, limit
			return p.Instance.Cases(a.Context(), q)
		}, func(c *report.Case) int64 { return c.N },
		func(c *report.Case) []string {
			return []string{c.ID, c.State, yesNo(c.Holds), c.Item, c.Goods, c.Outcome, c.MayBe, c.At.Effective, doc.People.Of(c.Assignee), c.ChangedAt}
		})}, err
}

// openCase opens a case on a record.
func (p *pages) openCase(a *ask) (*answer, error) {
	c, err := p.Instance.OpenCase(a.Context(), a.Actor, a.PostFormValue("record"), a.PostFormValue("words"))
	return &answer{to: "/cases/" + c.ID}, err
}

// caseDoc is a case with what the one who looks at it may do.
type caseDoc struct {
	report.Case
	Shown    *report.Determination
	Question map[string]string
	People   names
	May      map[string]bool // steps that can be taken now, by this person
	Persons  []report.Person // to whom it can be given
	Outcomes []string
	Until    when.Date // proposed for a decision
}

// casePage shows a case; problem says what was wrong with the step that was tried.
func (p *pages) casePage(a *ask, problem error) (*answer, error) {
	c, err := p.Instance.Case(a.Context(), a.PathValue("id"))
	if err != nil {
		return nil, err
	}
	explained, err := p.Instance.Explained(a.Context(), c.Record, a.Lang)
	if err != nil {
		return nil, err
	}
	policy, err := p.Instance.GetCasePolicy(a.Context())
	if err != nil {
		return nil, err
	}
	doc := &caseDoc{Case: c, Shown: explained.Determination, Question: explained.Question, May: maySteps(&c, a.Actor, a.Today), Outcomes: slices.Collect(backwards(law.OutcomeWords())),
		Until: a.Today + when.Date(policy.Days)}
	all, err := p.Instance.People(a.Context())
	if err != nil {
		return nil, err
	}
	for _, x := range all {
		if !x.Disabled && slices.Contains(x.Scopes, string(app.Screen)) {
			doc.Persons = append(doc.Persons, x)
		}
	}
	if doc.People, err = p.names(a); err != nil {
		return nil, err
	}
	x := &answer{page: "case", title: a.t("case.page.title", "item", c.Item), data: doc, json: document(c)}
	return p.wrong(a, x, problem), nil
}

// maySteps says which steps a person can take in a case as it stands.
func maySteps(c *report.Case, by *app.Actor, today when.Date) map[string]bool {
	stands := cases.Case{State: cases.State(c.State), Assignee: c.Assignee}
	outcome, _ := law.OutcomeOf(c.Outcome)
	if d := c.Decision; d != nil {
		o, _ := law.OutcomeOf(d.Outcome)
		stands.Decision = cases.Decision{Kind: d.Kind, Outcome: o, Proposed: d.Proposed, Approved: d.Approved}
		if until, err := when.ParseDate(d.Until); err == nil {
			stands.Decision.Until = until
		}
	}
	may := map[string]bool{}
	for kind, scope := range map[cases.Kind]app.Scope{cases.Assigned: app.Screen, cases.Commented: app.Screen, cases.Proposed: app.Screen, cases.Approved: app.Approve, cases.Rejected: app.Approve,
		cases.Withdrawn: app.Screen, cases.Block: app.Screen, cases.Close: app.Screen, cases.Reopened: app.Screen} {
		s := cases.Step{Kind: kind, By: by.Person, Words: "words", Assignee: by.Person, Today: today, Decision: cases.Decision{Kind: cases.Release, Outcome: outcome, Until: today}}
		if _, err := stands.Take(s); by.May(scope) && (err == nil || errors.Is(err, cases.ErrProposal)) {
			may[string(kind)] = true
		}
	}
	return may
}

// stepInCase takes a step, and shows the case as it stands then.
func (p *pages) stepInCase(a *ask) (*answer, error) {
	id, words := a.PathValue("id"), strings.TrimSpace(a.PostFormValue("words"))
	err := p.step(a, id, words)
	var invalid app.Invalid
	var conflict app.Conflict
	if errors.As(err, &invalid) || errors.As(err, &conflict) {
		return p.casePage(a, err)
	}
	return &answer{to: "/cases/" + id}, err
}

func (p *pages) step(a *ask, id, words string) error {
	say := func(do func(context.Context, *app.Actor, string, string) (report.Case, error)) error {
		_, err := do(a.Context(), a.Actor, id, words)
		return err
	}
	decide := func(do func(context.Context, *app.Actor, string, int64, string) (report.Case, error)) error {
		if !a.Actor.May(app.Approve) {
			return refused{app.Approve}
		}
		version, err := strconv.ParseInt(a.PostFormValue("version"), 10, 64)
		if err != nil {
			return app.Invalid{Field: "version", Text: "is no whole number"}
		}
		_, err = do(a.Context(), a.Actor, id, version, words)
		return err
	}
	switch do := a.PostFormValue("do"); do {
	case "assign":
		_, err := p.Instance.AssignCase(a.Context(), a.Actor, id, a.PostFormValue("assignee"))
		return err
	case "propose":
		return p.propose(a, id, words)
	case "comment":
		return say(p.Instance.CommentCase)
	case "withdraw":
		return say(p.Instance.WithdrawDecision)
	case "block":
		return say(p.Instance.BlockCase)
	case "close":
		return say(p.Instance.CloseCase)
	case "reopen":
		return say(p.Instance.ReopenCase)
	case "approve":
		return decide(p.Instance.ApproveDecision)
	case "reject":
		return decide(p.Instance.RejectDecision)
	default:
		return app.InvalidBy("do", sentence.Of("%q is no step", do))
	}
}

func (p *pages) propose(a *ask, id, words string) error {
	x := app.Proposal{Kind: cmp.Or(a.PostFormValue("kind"), cases.Release), Words: words}
	if x.Kind == cases.Override {
		x.Outcome = a.PostFormValue("outcome")
	}
	if text := a.PostFormValue("until"); text != "" {
		until, err := when.ParseDate(text)
		if err != nil {
			return app.InvalidBy("until", err)
		}
		x.Until = until
	}
	_, err := p.Instance.ProposeDecision(a.Context(), a.Actor, id, x)
	return err
}
