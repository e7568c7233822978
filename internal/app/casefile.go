package app

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"lodestone/internal/cases"
	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/party"
	"lodestone/internal/report"
	"lodestone/internal/store"
	"lodestone/internal/when"
)

// about is what a case needs of an answer: what it is about, and what of the answer a decision rests on.
type about struct {
	subject   string // digest of the item, its parties, its way and its shipment: one case each
	item      string // the id that the asker gave; empty: none
	party     string // as names are compared; empty: none is stated
	facts     string // digest of what was asked, without answers to questions
	answered  string // digest of those; empty: none
	norms     string // each between blanks
	substance string // digest of the answer without what differs from day to day
}

// maxNormsKept bounds the norms by which a case is found again.
const maxNormsKept = 40

func aboutOf(q *Question, it *fact.Item, doc *report.Determination, named bool) (a about, err error) {
	a.party = party.Folded(cmp.Or(it.EndUser, it.Consignee))
	thing := []string{"id", it.ID}
	if a.item = it.ID; !named {
		a.item = ""
		thing = []string{"goods", party.Folded(it.Description), it.HS, it.ControlCode}
	}
	if a.subject, err = digestOf(append(thing, party.Folded(it.EndUser), party.Folded(it.Consignee), it.From.String(), it.Destination.String(), it.Shipment)); err != nil {
		return a, err
	}
	if a.facts, err = q.facts(); err != nil {
		return a, err
	}
	if len(q.Answers) > 0 {
		if a.answered, err = digestOf(q.Answers); err != nil {
			return a, err
		}
	}
	a.norms = normsOf(doc)
	a.substance, err = digestOf(substanceOf(doc))
	return a, err
}

// facts is the digest of what a question states of its item.
func (q *Question) facts() (string, error) {
	stated := map[string]string{}
	for column, value := range q.Item {
		if value = strings.TrimSpace(value); value != "" {
			stated[strings.ToLower(strings.TrimSpace(column))] = value
		}
	}
	return digestOf(stated)
}

func digestOf(v any) (string, error) {
	text, err := json.Marshal(v)
	return store.Digest(string(text)), err
}

func normsOf(doc *report.Determination) string {
	var list []string
	for i := range doc.Requirements {
		if n := doc.Requirements[i].Norm; !slices.Contains(list, n) && len(list) < maxNormsKept {
			list = append(list, n)
		}
	}
	if list == nil {
		return ""
	}
	return " " + strings.Join(list, " ") + " "
}

// substanceOf is what a decision on an answer rests on. Where any of it differs the answer is another one, whatever the revision of the law.
func substanceOf(doc *report.Determination) any {
	type need struct{ Norm, Effect, Policy, Standing, Certainty, If string }
	type hit struct{ Field, List, Entry, Standing string }
	type gap struct{ Layer, Act string }
	s := struct {
		Outcome, MayBe, Policy string
		Needs                  []need
		Hits                   []hit
		Open                   []gap
	}{Outcome: doc.Outcome, MayBe: doc.MayBe, Policy: doc.Policy}
	for i := range doc.Requirements {
		r := &doc.Requirements[i]
		s.Needs = append(s.Needs, need{r.Norm, r.Effect, r.Policy, r.Standing, r.Certainty, r.If})
	}
	for i := range doc.Parties {
		h := &doc.Parties[i]
		s.Hits = append(s.Hits, hit{h.Field, h.List, h.Entry, h.Standing})
	}
	for _, g := range doc.NotAssessed {
		s.Open = append(s.Open, gap{g.Layer, g.Act})
	}
	return s
}

// worst is the most severe of an outcome and what it may be.
func worst(d *store.Determination) law.Outcome {
	o, _ := law.OutcomeOf(d.Outcome)
	m, _ := law.OutcomeOf(d.MayBe)
	return max(o, m)
}

// wanted says that a person wants a case, whatever the outcome.
type wanted struct{ by, words string }

// meetCase joins a recorded answer to the case of its subject, or opens one: because a person wants it (by is not nil), or because the outcome is at or
// above what the policy says. A decision on other facts, or on another answer, is taken back. It returns the case, or nil where there is none.
func meetCase(tx *store.Tx, d *store.Determination, a *about, by *wanted) (*store.CaseStep, error) {
	c, err := tx.CaseOf(a.subject)
	switch {
	case errors.Is(err, store.ErrNone):
		return openCase(tx, d, a, by)
	case err != nil:
		return nil, err
	case a.facts == c.Facts && (d.Effective < c.Effective || d.KnownBy < c.KnownBy):
		return &c, nil // a question about the past takes nothing back
	}
	rests := a.facts == c.Facts && a.answered == c.Answered && a.substance == c.Substance
	if a.facts == c.Facts && a.answered == "" && c.Answered != "" {
		rests = true // asked again without the answers that came meanwhile: what is known with them counts, and Recheck looks after it
	}
	switch {
	case by != nil && c.State == string(cases.Closed):
		step := cases.Step{Kind: cases.Reopened, By: by.by, Words: by.words}
		return &c, moveCase(tx, &c, step, d, a)
	case rests:
		return &c, nil
	}
	why := reasonFacts
	if a.facts == c.Facts {
		if why = reasonAnswers; a.answered == c.Answered {
			was, err := tx.Determination(c.Record)
			if err != nil {
				return nil, err
			}
			why = otherBy(&was, d)
		}
	}
	return &c, renewCase(tx, &c, why, d, a)
}

// otherBy says why the same question has another answer.
func otherBy(was, now *store.Determination) string {
	before, _ := restedOn(was) // what cannot be read rests on none
	after, _ := restedOn(now)
	if was.Revision == now.Revision && before != after {
		return reasonLists
	}
	return reasonLaw
}

// Why the program itself takes a step. These words stand in records; pages and documents may say them in other languages by them.
const (
	reasonFacts   = "facts: the item was asked about with other facts"
	reasonLaw     = "law: the same question has another answer"
	reasonLists   = "lists: the same question has another answer, and the party lists are others"
	reasonAnswers = "answers: questions were answered"
	reasonExpired = "expired: the last day of the decision has passed"
	reasonSame    = "law: another revision gives the same answer"
)

func openCase(tx *store.Tx, d *store.Determination, a *about, by *wanted) (*store.CaseStep, error) {
	c := &store.CaseStep{Subject: a.subject, Kind: string(cases.Opened), State: string(cases.Open), RecordedBy: store.Instance}
	if by != nil {
		c.RecordedBy, c.Words = by.by, by.words
	} else if w := worst(d); w <= law.Suspended {
		return nil, nil
	} else if p, err := casePolicy(tx.Setting); err != nil || !p.opens(w) {
		return nil, err
	}
	restOn(c, d, a)
	return c, tx.PutCase(c)
}

// restOn lets a case rest on an answer.
func restOn(c *store.CaseStep, d *store.Determination, a *about) {
	c.Record, c.Item, c.Party, c.Facts, c.Answered, c.Norms, c.Substance = d.ID, a.item, a.party, a.facts, a.answered, a.norms, a.substance
	c.Outcome, c.MayBe, c.Revision, c.Effective, c.KnownBy = d.Outcome, d.MayBe, d.Revision, d.Effective, d.KnownBy
}

// renewCase lets a case rest on another answer. What was decided or proposed on the old one is taken back.
func renewCase(tx *store.Tx, c *store.CaseStep, why string, d *store.Determination, a *about) error {
	kind := cases.Reopened
	if s := cases.State(c.State); s == cases.Open || s == cases.InReview {
		kind = cases.Updated
	}
	return moveCase(tx, c, cases.Step{Kind: kind, By: store.Instance, Words: why}, d, a)
}

// moveCase takes a step and records it. With a determination the case rests on that from now on.
func moveCase(tx *store.Tx, c *store.CaseStep, s cases.Step, d *store.Determination, a *about) error {
	next, err := ruled(c).Take(s)
	if err != nil {
		return err
	}
	c.Kind, c.Words, c.RecordedBy = string(s.Kind), s.Words, s.By
	c.State, c.Assignee = string(next.State), next.Assignee
	c.Decision, c.Decided, c.Until, c.ProposedBy, c.ApprovedBy = "", "", "", "", ""
	if x := next.Decision; x.Kind != "" {
		c.Decision, c.Decided, c.Until, c.ProposedBy, c.ApprovedBy = x.Kind, x.Outcome.String(), x.Until.String(), x.Proposed, x.Approved
	}
	if d != nil {
		restOn(c, d, a)
	}
	return tx.PutCase(c)
}

// ruled is a case as its rules see it.
func ruled(c *store.CaseStep) cases.Case {
	r := cases.Case{State: cases.State(c.State), Assignee: c.Assignee}
	if c.Decision == "" {
		return r
	}
	outcome, _ := law.OutcomeOf(c.Decided)
	until, _ := when.ParseDate(c.Until) // a block has none
	r.Decision = cases.Decision{Kind: c.Decision, Outcome: outcome, Until: until, Proposed: c.ProposedBy, Approved: c.ApprovedBy}
	return r
}

// policyName is the name of the setting that holds the policy of cases.
const policyName = "cases"

// never is the word of a policy by which no outcome opens a case.
const never = "never"

// CasePolicy says when an outcome opens a case, and how long a decision holds if nobody says.
type CasePolicy struct {
	OpenAt string `json:"open_at"` // an outcome, or never
	Days   int    `json:"days"`
}

// defaultPolicy holds until another is set.
var defaultPolicy = CasePolicy{OpenAt: law.Licence.String(), Days: 90}

func casePolicy(setting func(string) (string, error)) (CasePolicy, error) {
	text, err := setting(policyName)
	if errors.Is(err, store.ErrNone) {
		return defaultPolicy, nil
	}
	if err != nil {
		return CasePolicy{}, err
	}
	var p CasePolicy
	return p, json.Unmarshal([]byte(text), &p)
}

func (p CasePolicy) opens(worst law.Outcome) bool {
	at, ok := law.OutcomeOf(p.OpenAt)
	return ok && worst >= at
}
