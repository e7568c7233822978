package app

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lodestone/internal/cases"
	"lodestone/internal/law"
	"lodestone/internal/report"
	"lodestone/internal/store"
	"lodestone/internal/when"
)

// office is an instance whose clock the test sets, with two persons.
type office struct {
	*Instance
	t        *testing.T
	clock    time.Time
	one, two *Actor // a screener and an approver
}

// novemberDay is a day on which a suspension is in force that ends on the 27th.
var novemberDay = time.Date(2026, 11, 25, 2, 0, 0, 0, time.UTC)

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, clock: novemberDay}
	o.reopen(t.TempDir(), nil)
	for role, to := range map[Role]**Actor{Screener: &o.one, Approver: &o.two} {
		p := store.Person{Login: string(role), Role: string(role), RecordedBy: store.Instance}
		if err := o.store.Write(t.Context(), func(tx *store.Tx) error { return tx.PutPerson(&p) }); err != nil {
			t.Fatal(err)
		}
		*to = actorOf(&p)
	}
	return o
}

// reopen opens the instance, with other law where some is given.
func (o *office) reopen(data string, book *law.Book) {
	o.t.Helper()
	if book == nil {
		var err error
		if book, _, err = LoadBook(""); err != nil {
			o.t.Fatal(err)
		}
	}
	i, err := OpenInstance(o.t.Context(), InstanceOptions{Data: data, Book: book, Now: func() time.Time { return o.clock }})
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { i.Close() })
	o.Instance = i
}

// ask answers an item on the day of the clock.
func (o *office) ask(item map[string]string) report.Record {
	o.t.Helper()
	r, err := o.Answer(o.t.Context(), o.one, &Question{Item: item, On: o.today(), Lang: "en"}, "")
	if err != nil {
		o.t.Fatal(err)
	}
	return r
}

// the is the one case of an item.
func (o *office) the(item string) report.Case {
	o.t.Helper()
	all, err := o.Cases(o.t.Context(), CaseQuery{Item: item, Limit: 10})
	if err != nil || len(all) != 1 {
		o.t.Fatal(len(all), err)
	}
	c, err := o.Case(o.t.Context(), all[0].ID)
	if err != nil {
		o.t.Fatal(err)
	}
	return c
}

// release has two persons release a case until a day.
func (o *office) release(id string, until when.Date) report.Case {
	o.t.Helper()
	c, err := o.ProposeDecision(o.t.Context(), o.one, id, Proposal{Kind: cases.Release, Until: until, Words: "licence on file"})
	if err == nil {
		c, err = o.ApproveDecision(o.t.Context(), o.two, id, c.Version, "papers seen")
	}
	if err != nil || !c.Holds {
		o.t.Fatal(c, err)
	}
	return c
}

func (o *office) recheck(want int) {
	o.t.Helper()
	if n, err := o.Recheck(o.t.Context()); n != want || err != nil {
		o.t.Errorf("recheck changed %d, want %d: %v", n, want, err)
	}
}

func wafersTo(country, id string) map[string]string {
	return map[string]string{"id": id, "description": "gallium arsenide wafers", "from": "CN", "destination": country}
}

// A suspension that runs out changes the answer without any new law: a release given before it does not outlive it.
func TestAReleaseEndsWithTheAnswerItRestedOn(t *testing.T) {
	o := newOffice(t)
	o.ask(wafersTo("US", "P-1"))
	o.ask(wafersTo("DE", "P-2"))
	until := o.today() + 60
	o.release(o.the("P-1").ID, until)
	o.release(o.the("P-2").ID, until)
	o.recheck(0)
	o.clock = o.clock.AddDate(0, 0, 4)
	if c := o.the("P-1"); c.Holds || c.WhyNot != otherAnswer || c.State != "released" {
		t.Errorf("before the recheck: %s %v %s", c.State, c.Holds, c.WhyNot)
	}
	if c := o.the("P-2"); !c.Holds {
		t.Errorf("nothing ended for %s: %s", c.Item, c.WhyNot)
	}
	o.recheck(1)
	c := o.the("P-1")
	if last := c.Steps[len(c.Steps)-1]; c.State != "open" || c.Decision != nil || last.Words != reasonLaw || last.By != store.Instance || c.Record == c.Steps[0].Record {
		t.Errorf("after the recheck: %+v", last)
	}
	o.recheck(0)
	if v, err := o.Verify(t.Context()); err != nil || v.Altered != "" || v.Replayed != 3 {
		t.Errorf("%+v %v", v, err)
	}
}

func TestAReleaseEndsOnItsLastDay(t *testing.T) {
	o := newOffice(t)
	o.ask(wafersTo("DE", "P-1"))
	o.release(o.the("P-1").ID, o.today()+1)
	o.clock = o.clock.AddDate(0, 0, 1)
	o.recheck(0)
	if c := o.the("P-1"); !c.Holds {
		t.Errorf("on its last day: %s", c.WhyNot)
	}
	o.clock = o.clock.AddDate(0, 0, 1)
	if c := o.the("P-1"); c.Holds || c.WhyNot != notInTime {
		t.Errorf("after it: %v %s", c.Holds, c.WhyNot)
	}
	o.recheck(1)
	if c := o.the("P-1"); c.State != "open" || c.Steps[len(c.Steps)-1].Words != reasonExpired {
		t.Errorf("%+v", c)
	}
}

// Another revision of the law that says the same of an item leaves its decision; a proposal on an answer that has changed cannot be approved.
func TestAnotherRevisionOfTheLaw(t *testing.T) {
	o := newOffice(t)
	o.ask(wafersTo("DE", "P-1"))
	o.release(o.the("P-1").ID, o.today()+60)
	o.ask(wafersTo("US", "P-2"))
	waiting, err := o.ProposeDecision(t.Context(), o.one, o.the("P-2").ID, Proposal{Kind: cases.Override, Outcome: "not_controlled", Words: "test report"})
	if err != nil {
		t.Fatal(err)
	}
	book := *o.Book
	book.Revision = "sha256:another"
	o.Book, o.answerer = &book, newAnswerer(&book)
	if c := o.the("P-1"); !c.Holds {
		t.Errorf("the same answer under other law: %s", c.WhyNot)
	}
	o.recheck(2)
	if c := o.the("P-1"); !c.Holds || c.State != "released" || c.Revision != book.Revision || c.Steps[len(c.Steps)-1].Kind != "confirmed" {
		t.Errorf("%+v", c)
	}
	o.recheck(0)
	o.clock = o.clock.AddDate(0, 0, 4)
	var conflict Conflict
	if _, err := o.ApproveDecision(t.Context(), o.two, waiting.ID, o.the("P-2").Version, "agreed"); !errors.As(err, &conflict) {
		t.Errorf("approved on an answer that has changed: %v", err)
	}
	if c := o.the("P-2"); c.State != "open" {
		t.Errorf("%+v", c)
	}
}

// One question about a day of its own is no question about today.
func TestQuestionsAboutThePastTakeNothingBack(t *testing.T) {
	o := newOffice(t)
	o.ask(wafersTo("US", "P-1"))
	o.release(o.the("P-1").ID, o.today()+60)
	q := &Question{Item: wafersTo("US", "P-1"), On: when.Day(2025, 1, 10), Dated: true, Lang: "zh"}
	r, err := o.Answer(t.Context(), o.two, q, "")
	if err != nil || r.ID == o.the("P-1").Record {
		t.Fatal(r.ID, err)
	}
	if c := o.the("P-1"); !c.Holds {
		t.Errorf("taken back: %+v", c)
	}
	o.ask(wafersTo("US", "P-1"))
	if c := o.the("P-1"); !c.Holds || len(c.Steps) != 3 {
		t.Errorf("asked again: %+v", c.Steps)
	}
}

func TestSubjectsOfCases(t *testing.T) {
	o := newOffice(t)
	base := func(more ...string) map[string]string {
		item := wafersTo("US", "")
		for n := 0; n < len(more); n += 2 {
			item[more[n]] = more[n+1]
		}
		return item
	}
	for _, item := range []map[string]string{
		base(), base("end_user", "Example Foundry Inc."), base("id", "P-1"), base("id", "P-1", "shipment", "S-1"), base("destination", "JP"), // five subjects
		base("description", "Gallium Arsenide  wafers"), base("end_user", "EXAMPLE FOUNDRY INC"), base("id", " P-1 "), base("id", "P-1", "shipment", "S-1", "quantity", "4"),
	} {
		o.ask(item)
	}
	all, err := o.Cases(t.Context(), CaseQuery{Limit: 100})
	if err != nil || len(all) != 5 {
		t.Errorf("%d cases: %v", len(all), err)
	}
}

// Whatever roles persons are given meanwhile, and however old what they hold is: a decision is approved by a person who may approve now, on the proposal of
// another who may screen now.
func TestFourEyesWhateverTheRoles(t *testing.T) {
	o := newOffice(t)
	people := make([]store.Person, 3)
	actors := make([]*Actor, 0, 9) // as persons were at some time: whoever holds one of these may try
	for n := range people {
		people[n] = store.Person{Login: string(rune('a' + n)), Role: string(Administrator), RecordedBy: store.Instance}
		if err := o.store.Write(t.Context(), func(tx *store.Tx) error { return tx.PutPerson(&people[n]) }); err != nil {
			t.Fatal(err)
		}
		actors = append(actors, actorOf(&people[n]))
	}
	may := func(id string, s Scope) bool {
		for _, p := range people {
			if p.ID == id {
				return !p.Disabled && slices.Contains(Role(p.Role).Scopes(), s)
			}
		}
		return false
	}
	tries := 0
	rapid.Check(t, func(t *rapid.T) {
		tries++
		item := fmt.Sprintf("F-%d", tries)
		o.ask(wafersTo("DE", item))
		id := o.the(item).ID
		stands := func() store.CaseStep {
			c, err := o.store.Case(o.t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		for range rapid.IntRange(3, 7).Draw(t, "steps") {
			by := rapid.SampledFrom(actors).Draw(t, "by")
			before := stands()
			var err error
			switch rapid.SampledFrom([]string{"propose", "propose", "approve", "approve", "approve", "reject", "reopen", "role"}).Draw(t, "step") {
			case "propose":
				_, err = o.ProposeDecision(o.t.Context(), by, id, Proposal{Kind: "release", Words: "why"})
				if err == nil && !may(by.Person, Screen) {
					t.Fatalf("proposed by %s, who may not screen", by.Login)
				}
			case "approve":
				_, err = o.ApproveDecision(o.t.Context(), by, id, before.Version, "why")
				if err == nil && (by.Person == before.ProposedBy || !may(by.Person, Approve) || !may(before.ProposedBy, Screen)) {
					t.Fatalf("approved by %s, proposed by %s", by.Person, before.ProposedBy)
				}
			case "reject":
				_, err = o.RejectDecision(o.t.Context(), by, id, before.Version, "why")
				if err == nil && (by.Person == before.ProposedBy || !may(by.Person, Approve)) {
					t.Fatalf("rejected by %s, proposed by %s", by.Person, before.ProposedBy)
				}
			case "reopen":
				_, err = o.ReopenCase(o.t.Context(), by, id, "why")
			case "role":
				p := &people[rapid.IntRange(0, len(people)-1).Draw(t, "person")]
				p.Role, p.Disabled = string(rapid.SampledFrom(Roles()).Draw(t, "role")), rapid.IntRange(0, 3).Draw(t, "shut") == 0
				if err := o.store.Write(o.t.Context(), func(tx *store.Tx) error { return tx.PutPerson(p) }); err != nil {
					t.Fatal(err)
				}
			}
			after := stands()
			if err != nil && after.Version != before.Version {
				t.Fatalf("a refused step changed the case: %v", err)
			}
			if after.State == "released" && (after.ApprovedBy == "" || after.ApprovedBy == after.ProposedBy) {
				t.Fatalf("released by %q and %q", after.ProposedBy, after.ApprovedBy)
			}
		}
	})
}
