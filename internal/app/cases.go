package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"lodestone/internal/cases"
	"lodestone/internal/law"
	"lodestone/internal/report"
	"lodestone/internal/store"
	"lodestone/internal/when"
)

// Conflict says why something cannot be done as things stand now.
type Conflict struct{ Text string }

func (e Conflict) Error() string { return e.Text }

// Bounds on what is said in a case.
const (
	maxWords      = 4000 // bytes of a comment or a reason
	maxPrecedents = 10
)

// CaseQuery says which cases are wanted. The zero value of a field: any.
type CaseQuery struct {
	States   []string
	Assignee string // id of a person
	Item     string
	Before   int64 // newest step before this place in the log; zero: the newest
	Limit    int
}

// lastPlace is a place in the log after every other.
const lastPlace = 1 << 53

// Cases lists cases as they stand, the one last touched first.
func (i *Instance) Cases(ctx context.Context, q CaseQuery) ([]report.Case, error) {
	for _, s := range q.States {
		if !slices.Contains(cases.States(), cases.State(s)) {
			return nil, invalid("state", "%q is no state; it is one of %v", s, cases.States())
		}
	}
	if q.Before == 0 {
		q.Before = lastPlace
	}
	all, err := i.store.Cases(ctx, store.CaseFilter(q))
	if err != nil {
		return nil, err
	}
	list := make([]report.Case, len(all))
	for n := range all {
		if list[n], err = i.caseOf(ctx, &all[n]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Case gives a case with its history, its precedents and the recorded answer.
func (i *Instance) Case(ctx context.Context, id string) (report.Case, error) {
	c, err := i.store.Case(ctx, id)
	if err != nil {
		return report.Case{}, unknownIf(err)
	}
	doc, err := i.caseOf(ctx, &c)
	if err != nil {
		return doc, err
	}
	steps, err := i.store.CaseSteps(ctx, id)
	if err != nil {
		return doc, err
	}
	for n := range steps {
		doc.Steps = append(doc.Steps, caseStepOf(&steps[n]))
	}
	if doc.Precedents, err = i.precedents(ctx, &c); err != nil {
		return doc, err
	}
	d, err := i.store.Determination(ctx, c.Record)
	if err != nil {
		return doc, err
	}
	doc.Question, doc.Determination = json.RawMessage(d.Question), report.Document(d.Answer)
	doc.People, err = i.named(ctx, &doc)
	return doc, err
}

// named gives the logins of the persons that a case names.
func (i *Instance) named(ctx context.Context, c *report.Case) (map[string]string, error) {
	ids := []string{c.Assignee, c.ChangedBy}
	decided := func(d *report.CaseDecision) {
		if d != nil {
			ids = append(ids, d.Proposed, d.Approved)
		}
	}
	for n := range c.Steps {
		ids = append(ids, c.Steps[n].By, c.Steps[n].Assignee)
		decided(c.Steps[n].Decision)
	}
	for n := range c.Precedents {
		decided(&c.Precedents[n].Decision)
	}
	return i.logins(ctx, ids)
}

// logins gives the logins of persons by their ids; what is no id of a person is left out.
func (i *Instance) logins(ctx context.Context, ids []string) (map[string]string, error) {
	logins := map[string]string{}
	for _, id := range ids {
		if id == "" || id == store.Instance || logins[id] != "" {
			continue
		}
		p, err := i.store.Person(ctx, id)
		if errors.Is(err, store.ErrNone) {
			continue
		}
		if err != nil {
			return nil, err
		}
		logins[id] = p.Login
	}
	return logins, nil
}

func decisionOf(c *store.CaseStep) *report.CaseDecision {
	if c.Decision == "" {
		return nil
	}
	return &report.CaseDecision{Kind: c.Decision, Outcome: c.Decided, Until: c.Until, Proposed: c.ProposedBy, Approved: c.ApprovedBy}
}

func caseStepOf(c *store.CaseStep) report.CaseStep {
	return report.CaseStep{N: c.N, Version: c.Version, Kind: c.Kind, State: c.State, Words: c.Words, Assignee: c.Assignee, Record: c.Record, Decision: decisionOf(c),
		At: c.RecordedAt, By: c.RecordedBy}
}

// caseOf is a case as it stands today, without its history.
func (i *Instance) caseOf(ctx context.Context, c *store.CaseStep) (report.Case, error) {
	doc := report.Case{ID: c.ID, N: c.N, Version: c.Version, State: c.State, Item: c.Item, Outcome: c.Outcome, MayBe: c.MayBe,
		At: report.CaseAt{Effective: c.Effective, KnownBy: c.KnownBy}, Revision: c.Revision, Record: c.Record, Norms: strings.Fields(c.Norms), Assignee: c.Assignee,
		Decision: decisionOf(c), ChangedAt: c.RecordedAt, ChangedBy: c.RecordedBy}
	d, err := i.store.Determination(ctx, c.Record)
	if err != nil {
		return doc, err
	}
	var q Question
	if err := json.Unmarshal([]byte(d.Question), &q); err != nil {
		return doc, fmt.Errorf("determination %s: %w", d.ID, err)
	}
	doc.Goods, doc.Parties = i.answerer.goods(&q)
	if c.State == string(cases.Released) {
		doc.Holds, doc.WhyNot, err = i.holds(ctx, c, &q)
	}
	return doc, err
}

// Reasons why a released case does not hold.
const (
	notInTime   = "expired"
	otherAnswer = "answer"
)

// maxGoodsShown bounds the text by which the goods of a case are told, in bytes.
const maxGoodsShown = 300

// holds says whether a released case lets its item go today, and if not, why: the same question is answered again.
func (i *Instance) holds(ctx context.Context, c *store.CaseStep, q *Question) (bool, string, error) {
	today := i.today()
	if !ruled(c).Holds(today) {
		return false, notInTime, nil
	}
	_, a, err := i.again(ctx, q, today)
	if err != nil {
		return false, "", err
	}
	if a.substance != c.Substance {
		return false, otherAnswer, nil
	}
	return true, "", nil
}

// today is the Beijing day.
func (i *Instance) today() when.Date { return when.Of(i.now()) }

// again answers a question by all that is known, as of today unless it is about a day of its own.
func (i *Instance) again(ctx context.Context, q *Question, today when.Date) (store.Determination, about, error) {
	if q.KnownBy = i.Book.Assessed.Horizon; !q.Dated {
		q.On = max(q.On, today)
	}
	return i.determine(ctx, q)
}

// goods is what a question says of the goods and the parties, as it says it.
func (a *answerer) goods(q *Question) (goods string, parties []string) {
	d := a.desks.Get().(*desk)
	defer a.desks.Put(d)
	d.Reader.DecimalComma = q.DecimalComma
	it, _ := d.Reader.ReadFacts(q.Item)
	goods = it.Description
	for _, other := range []string{it.HS, it.ControlCode} {
		if goods == "" {
			goods = other
		}
	}
	if len(goods) > maxGoodsShown {
		goods = strings.ToValidUTF8(goods[:maxGoodsShown], "") + "…"
	}
	for _, name := range []string{it.EndUser, it.Consignee} {
		if name != "" && !slices.Contains(parties, name) {
			parties = append(parties, name)
		}
	}
	return goods, parties
}

// kinds are kinds of steps as the store has them.
func kinds(list []cases.Kind) []string {
	words := make([]string, len(list))
	for n, k := range list {
		words[n] = string(k)
	}
	return words
}

// precedents are earlier decisions that share something with a case.
func (i *Instance) precedents(ctx context.Context, c *store.CaseStep) ([]report.Precedent, error) {
	all, err := i.store.Precedents(ctx, c, kinds(cases.Decisions()), maxPrecedents)
	list := make([]report.Precedent, 0, len(all))
	for n := range all {
		p := &all[n]
		doc := report.Precedent{Case: p.ID, Item: p.Item, Outcome: p.Outcome, Decision: *decisionOf(p), Words: p.Words, At: p.RecordedAt, SameLaw: p.Revision == c.Revision}
		if p.Facts == c.Facts {
			doc.Shares = append(doc.Shares, "facts")
		}
		if p.Item == c.Item && c.Item != "" {
			doc.Shares = append(doc.Shares, "item")
		}
		if p.Party == c.Party && c.Party != "" {
			doc.Shares = append(doc.Shares, "party")
		}
		for _, norm := range strings.Fields(p.Norms) {
			if strings.Contains(c.Norms, " "+norm+" ") {
				doc.Shares = append(doc.Shares, norm)
			}
		}
		list = append(list, doc)
	}
	return list, err
}

// checkWords bounds a comment or a reason.
func checkWords(field, words string) error {
	if len(words) > maxWords || !utf8.ValidString(words) || strings.ContainsRune(words, 0) {
		return invalid(field, "give up to %d bytes of text", maxWords)
	}
	return nil
}

// OpenCase opens a case on a recorded answer because a person wants one, or gives the one there is. An answer under other law than that at hand is
// given anew first, and the case rests on the new one.
func (i *Instance) OpenCase(ctx context.Context, by *Actor, record, words string) (report.Case, error) {
	if err := checkWords("words", words); err != nil {
		return report.Case{}, err
	}
	d, err := i.store.Determination(ctx, record)
	if err != nil {
		return report.Case{}, unknownIf(err)
	}
	var q Question
	if err := json.Unmarshal([]byte(d.Question), &q); err != nil {
		return report.Case{}, err
	}
	rests, err := i.restsOnWhatIs(ctx, &d)
	if err != nil {
		return report.Case{}, err
	}
	fresh := !rests
	if fresh {
		q.KnownBy = i.Book.Assessed.Horizon
	}
	again, a, err := i.determine(ctx, &q)
	if err != nil {
		return report.Case{}, err
	}
	var c *store.CaseStep
	err = i.store.Write(ctx, func(tx *store.Tx) error {
		if err := allowed(tx, by, Screen); err != nil {
			return err
		}
		if fresh {
			d = again
			d.RecordedBy = by.Person
			if err := tx.PutDetermination(&d); err != nil {
				return err
			}
		}
		c, err = meetCase(tx, &d, &a, &wanted{by.Person, words})
		return err
	})
	if err != nil {
		return report.Case{}, err
	}
	return i.Case(ctx, c.ID)
}

// AssignCase gives a case to a person who may screen, or to nobody.
func (i *Instance) AssignCase(ctx context.Context, by *Actor, id, to string) (report.Case, error) {
	return i.step(ctx, by, Screen, id, cases.Step{Kind: cases.Assigned, Assignee: to}, 0)
}

// CommentCase says something in a case.
func (i *Instance) CommentCase(ctx context.Context, by *Actor, id, words string) (report.Case, error) {
	return i.step(ctx, by, Screen, id, cases.Step{Kind: cases.Commented, Words: words}, 0)
}

// Proposal is a decision that one person proposes and another has to approve.
type Proposal struct {
	Kind    string    // cases.Release or cases.Override
	Outcome string    // of an override
	Until   when.Date // last day; zero: as the policy has it
	Words   string    // the reason
}

// ProposeDecision proposes a release or an override.
func (i *Instance) ProposeDecision(ctx context.Context, by *Actor, id string, p Proposal) (report.Case, error) {
	s := cases.Step{Kind: cases.Proposed, Words: p.Words, Today: i.today(), Decision: cases.Decision{Kind: p.Kind, Until: p.Until}}
	switch o, known := law.OutcomeOf(p.Outcome); {
	case p.Kind == cases.Release && p.Outcome != "":
		return report.Case{}, invalid("outcome", "a release leaves the outcome as it is; an override names another")
	case p.Kind == cases.Override && !known:
		return report.Case{}, invalid("outcome", "%q is no outcome; it is one of %s", p.Outcome, strings.Join(law.OutcomeWords(), ", "))
	default:
		s.Decision.Outcome = o
	}
	return i.step(ctx, by, Screen, id, s, 0)
}

// ApproveDecision approves what another person has proposed. Version is that of the step that the approver has seen.
func (i *Instance) ApproveDecision(ctx context.Context, by *Actor, id string, version int64, words string) (report.Case, error) {
	if err := i.refresh(ctx, id); err != nil {
		return report.Case{}, err
	}
	return i.step(ctx, by, Approve, id, cases.Step{Kind: cases.Approved, Words: words}, version)
}

// RejectDecision rejects what another person has proposed.
func (i *Instance) RejectDecision(ctx context.Context, by *Actor, id string, version int64, words string) (report.Case, error) {
	return i.step(ctx, by, Approve, id, cases.Step{Kind: cases.Rejected, Words: words}, version)
}

// WithdrawDecision takes one's own proposal back.
func (i *Instance) WithdrawDecision(ctx context.Context, by *Actor, id, words string) (report.Case, error) {
	return i.step(ctx, by, Screen, id, cases.Step{Kind: cases.Withdrawn, Words: words}, 0)
}

// BlockCase stops what a case is about. It needs no second person.
func (i *Instance) BlockCase(ctx context.Context, by *Actor, id, words string) (report.Case, error) {
	return i.step(ctx, by, Screen, id, cases.Step{Kind: cases.Block, Words: words}, 0)
}

// CloseCase ends a case in which nothing is to be decided any more. Nothing may go on it.
func (i *Instance) CloseCase(ctx context.Context, by *Actor, id, words string) (report.Case, error) {
	return i.step(ctx, by, Screen, id, cases.Step{Kind: cases.Close, Words: words}, 0)
}

// ReopenCase takes a decision back.
func (i *Instance) ReopenCase(ctx context.Context, by *Actor, id, words string) (report.Case, error) {
	return i.step(ctx, by, Screen, id, cases.Step{Kind: cases.Reopened, Words: words}, 0)
}

// step takes a step of a person. What the person may do is asked as of the transaction: a role taken away meanwhile counts.
func (i *Instance) step(ctx context.Context, by *Actor, needs Scope, id string, s cases.Step, version int64) (report.Case, error) {
	if err := checkWords("words", s.Words); err != nil {
		return report.Case{}, err
	}
	s.By, s.Words = by.Person, strings.TrimSpace(s.Words)
	err := i.store.Write(ctx, func(tx *store.Tx) error {
		c, err := tx.Case(id)
		if err != nil {
			return unknownIf(err)
		}
		if version != 0 && version != c.Version {
			return conflict("the case has gone on to step %d since step %d; look at it again", c.Version, version)
		}
		if err := allowed(tx, by, needs); err != nil {
			return err
		}
		switch s.Kind {
		case cases.Assigned:
			err = assignable(tx, s.Assignee)
		case cases.Proposed:
			err = i.complete(tx, &s, &c)
		case cases.Approved:
			err = stillMay(tx, c.ProposedBy, Screen, "who proposed this may no longer screen; reject it, and let another person propose")
		}
		if err != nil {
			return err
		}
		return refusal(moveCase(tx, &c, s, nil, nil))
	})
	if err != nil {
		return report.Case{}, err
	}
	return i.Case(ctx, id)
}

// complete fills in what a proposal leaves out: the last day of the policy, and for a release the outcome of the answer.
func (i *Instance) complete(tx *store.Tx, s *cases.Step, c *store.CaseStep) error {
	if s.Decision.Until == 0 {
		p, err := casePolicy(tx.Setting)
		if err != nil {
			return err
		}
		s.Decision.Until = s.Today + when.Date(p.Days)
	}
	if s.Decision.Kind == cases.Release {
		s.Decision.Outcome, _ = law.OutcomeOf(c.Outcome)
	}
	return nil
}

// allowed says whether an actor may do something as of the transaction.
func allowed(tx *store.Tx, by *Actor, needs Scope) error {
	if !by.May(needs) {
		return conflict("this needs the scope %s", needs)
	}
	return stillMay(tx, by.Person, needs, "your role no longer allows this")
}

func stillMay(tx *store.Tx, person string, needs Scope, otherwise string) error {
	p, err := tx.Person(person)
	if err != nil && !errors.Is(err, store.ErrNone) {
		return err
	}
	if err != nil || p.Disabled || !slices.Contains(may[Role(p.Role)], needs) {
		return conflictBy(errors.New(otherwise))
	}
	return nil
}

func assignable(tx *store.Tx, person string) error {
	if person == "" {
		return nil
	}
	p, err := tx.Person(person)
	if errors.Is(err, store.ErrNone) || err == nil && (p.Disabled || !slices.Contains(may[Role(p.Role)], Screen)) {
		return invalid("assignee", "give the id of a person who may screen")
	}
	return err
}

// refusal turns a refusal of the rules of cases into one for people.
func refusal(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, cases.ErrNoReason):
		return InvalidBy("words", err)
	case errors.Is(err, cases.ErrState), errors.Is(err, cases.ErrSamePerson):
		return conflictBy(err)
	case errors.Is(err, cases.ErrProposal):
		return InvalidBy("decision", err)
	}
	return err
}

// GetCasePolicy gives the policy as it stands.
func (i *Instance) GetCasePolicy(ctx context.Context) (report.CasePolicy, error) {
	p, err := casePolicy(func(name string) (string, error) { return i.store.Setting(ctx, name) })
	return report.CasePolicy(p), err
}

// SetCasePolicy sets the policy for answers and proposals from now on.
func (i *Instance) SetCasePolicy(ctx context.Context, by *Actor, p report.CasePolicy) (report.CasePolicy, error) {
	if o, ok := law.OutcomeOf(p.OpenAt); p.OpenAt != never && (!ok || o <= law.Suspended) {
		return p, invalid("open_at", "give one of %s, or %s", strings.Join(law.OutcomeWords()[law.CannotTell:], ", "), never)
	}
	if p.Days < 1 || p.Days > cases.MaxDays {
		return p, invalid("days", "give 1 to %d", cases.MaxDays)
	}
	text, err := json.Marshal(CasePolicy(p))
	if err != nil {
		return p, err
	}
	return p, i.store.Write(ctx, func(tx *store.Tx) error {
		if err := allowed(tx, by, Govern); err != nil {
			return err
		}
		return tx.SetSetting(policyName, string(text), by.Person)
	})
}
