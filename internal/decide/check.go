package decide

import (
	"cmp"
	"fmt"

	"lodestone/internal/bom"
	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/party"
	"lodestone/internal/problem"
	"lodestone/internal/rule"
	"lodestone/internal/when"
)

// Checked counts what Check evaluated.
type Checked struct {
	Witnesses, Cases, Days int
	Problems               problem.List
}

// Check evaluates what a law says of itself: every witness of every norm, every worked case, and on every day on which anything changes
// that no control code has two norms in force.
func Check(b *law.Book) Checked {
	k := checker{book: b, decider: New(b), reader: fact.NewReader(b.Vocab, fact.Defaults{}), parties: party.NewFinder(b)}
	for n := range b.Norms {
		k.witnesses(n)
	}
	for i := range b.Cases {
		k.try(&b.Cases[i])
	}
	for _, day := range b.Changes() {
		k.sweep(day)
	}
	return k.Checked
}

type checker struct {
	Checked
	book    *law.Book
	decider *Decider
	reader  *fact.Reader
	parties *party.Finder
}

func (k *checker) wrong(file, field, format string, args ...any) {
	k.Problems = append(k.Problems, problem.Problem{Place: problem.Place{File: file}, Field: field, Text: fmt.Sprintf(format, args...)})
}

// item reads the facts of a witness or a case as a row would state them.
func (k *checker) item(file, field string, facts law.Facts) (fact.Item, bool) {
	it, problems := k.reader.ReadFacts(facts)
	for _, p := range problems {
		k.wrong(file, field, "%s: %s", p.Field, p.Text)
	}
	k.parties.Find(&it)
	return it, len(problems) == 0
}

func (k *checker) witnesses(n int) {
	c := &k.book.Norms[n]
	for i, facts := range c.Holds {
		k.witness(n, fmt.Sprintf("%s holds[%d]", c.Ref, i), facts, rule.Yes)
	}
	for i, facts := range c.Fails {
		k.witness(n, fmt.Sprintf("%s fails[%d]", c.Ref, i), facts, rule.No)
	}
}

// witness evaluates a norm for facts on the first day on which it is in force, or on its first day where it never is.
func (k *checker) witness(n int, field string, facts law.Facts, want rule.Truth) {
	k.Witnesses++
	file := k.book.Norms[n].Act.File
	it, ok := k.item(file, field, facts)
	if !ok {
		return
	}
	day := k.decider.Day(&it)
	if day == 0 {
		day = k.firstDay(n)
	}
	k.decider.Decide(when.At{Effective: day}, &it)
	if got := k.decider.Answer(n); got != want {
		k.wrong(file, field, "is %s, not %s", got, want)
	}
}

func (k *checker) firstDay(n int) when.Date {
	days := k.book.DaysOf(n)
	known := k.book.Assessed.Horizon
	for _, d := range days {
		if k.book.Standing(n, when.At{Effective: d, KnownBy: known}).State == law.InForce {
			return d
		}
	}
	if len(days) > 0 {
		return days[0]
	}
	return known
}

func (k *checker) try(c *law.Case) {
	k.Cases++
	it, ok := k.item(c.File, c.Case, c.Facts)
	if !ok {
		return
	}
	day := c.On
	if day == 0 {
		day = k.decider.Day(&it)
	}
	k.decider.Parts = rule.Parts{}
	if len(c.Parts) > 0 && !k.structure(c, &it) {
		return
	}
	r := k.decider.Decide(when.At{Effective: day, KnownBy: c.KnownBy}, &it)
	k.decider.Parts = rule.Parts{}
	mayBe := ""
	if r.Open {
		mayBe = r.MayBe.String()
	}
	if r.Outcome.String() != c.Expect.Outcome || mayBe != c.Expect.MayBe {
		k.wrong(c.File, c.Case, "is %s may be %q, expected %s may be %q", r.Outcome, mayBe, c.Expect.Outcome, c.Expect.MayBe)
	}
}

// structure puts a case together with its parts, as the rows of a table would be.
func (k *checker) structure(c *law.Case, it *fact.Item) bool {
	contents := NewContents(k.book)
	b := bom.NewBuilder(contents.Counted())
	state := func(id string, it *fact.Item) (int32, *Part) {
		p := &Part{Facts: bom.Facts{Holdings: make([]bom.Holding, len(contents.List))}}
		contents.Part(it, p)
		n, _ := b.Part(id)
		b.State(n, &p.Facts)
		return n, p
	}
	whole, _ := state("", it)
	for i, facts := range c.Parts {
		part, ok := k.item(c.File, fmt.Sprintf("%s: parts[%d]", c.Case, i), facts)
		if !ok {
			return false
		}
		parent, _ := b.Part(part.Parent)
		n, p := state(cmp.Or(part.ID, fmt.Sprint(i)), &part)
		b.Link(parent, n, p.Quantity, p.Unit.Factor)
	}
	t := b.Build(nil)
	t.Roll()
	contents.Hold(t, t.Numbers[whole], it)
	contents.Of(t, t.Numbers[whole], &k.decider.Parts)
	return true
}

// sweep looks at one day: two norms in force with one control code are an error of the law files, unless one act parts the entry
// into several. A code whose level was only inferred may stand for several places of the list.
func (k *checker) sweep(day when.Date) {
	k.Days++
	s := k.decider.Snapshot(when.At{Effective: day})
	byCode := map[string]int{}
	for n := range k.book.Norms {
		c := &k.book.Norms[n]
		code, _ := c.CodeOn(k.book, s.At)
		if code == "" || c.CodeConfirmed != nil && !*c.CodeConfirmed || s.Standings[n].State != law.InForce || !c.Speaks {
			continue
		}
		if other, twice := byCode[code]; twice && k.book.Norms[other].Act != c.Act {
			k.wrong(c.Act.File, c.Ref, "on %s control code %s is in force twice: also %s", day, code, k.book.Norms[other].Ref)
		}
		byCode[code] = n
	}
}

// Answer is what a norm answers to the last question, within its scope: also one that raised no finding, or was not looked at because the answer
// was settled.
func (d *Decider) Answer(n int) rule.Truth {
	for i := range d.result.Findings {
		if f := &d.result.Findings[i]; f.Norm == n {
			return f.Truth
		}
	}
	c := &d.book.Norms[n]
	t := rule.Yes
	for _, node := range []rule.Node{c.When, c.Scope} {
		if node != nil {
			t = rule.And(t, node.Eval(&d.c))
		}
	}
	return t
}
