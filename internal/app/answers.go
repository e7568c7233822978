package app

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"lodestone/internal/bom"
	"lodestone/internal/fact"
	"lodestone/internal/ingest/answers"
	"lodestone/internal/problem"
	"lodestone/internal/sentence"
	"lodestone/internal/vocab"
)

// Answers are answers to questions, by the id of the line that they are about.
type Answers struct {
	byLine map[string][]*reply
	list   []*reply
}

// reply is an answer, and what became of it.
type reply struct {
	answers.Answer
	met   atomic.Bool // its line was found
	wrong atomic.Bool // it could not be taken, which was said
}

// NewAnswers puts answers in order. Of two that differ on the same fact of the same line the first is taken, and the other is a problem.
func NewAnswers(list []answers.Answer) (*Answers, problem.List) {
	a := &Answers{byLine: map[string][]*reply{}}
	var problems problem.List
	for i := range list {
		x := &reply{Answer: list[i]}
		if old := a.find(x.Line, x.Fact); old == nil {
			a.byLine[x.Line] = append(a.byLine[x.Line], x)
			a.list = append(a.list, x)
		} else if !strings.EqualFold(old.Value, x.Value) {
			problems = append(problems, problem.Problem{Place: x.Place, Field: x.Cell, Meant: "one answer; the first is taken"}.
				Saying(sentence.Of("answers %q, and %s of %s answers %q to the same question", x.Value, old.Cell, old.Place.File, old.Value)))
		}
	}
	return a, problems
}

func (a *Answers) find(line, fact string) *reply {
	for _, x := range a.byLine[line] {
		if x.Fact == fact {
			return x
		}
	}
	return nil
}

// put puts the answers to questions about a line into an item that is being read. What contradicts the row is a warning of the row; what cannot
// be taken is said once, by its cell.
func (a *Answers) put(r *fact.Reader, it *fact.Item, warn func(problem.Problem), refused func(problem.Problem)) {
	if a == nil {
		return
	}
	id := it.ID
	if id == "" {
		id = fmt.Sprint(it.Line)
	}
	for _, x := range a.byLine[id] {
		x.met.Store(true)
		if x.Fact == bom.AskCurrency {
			continue // a rate is no fact of a line: see Rates
		}
		p := r.Answer(it, x.Fact, x.Value, x.Words())
		if p == nil {
			continue
		}
		p.Place, p.Field = x.Place, x.Cell
		if p.Warning {
			warn(*p)
		} else if !x.wrong.Swap(true) {
			refused(*p)
		}
	}
}

// CanAnswer says whether an answer to a question about a fact can be taken back.
func CanAnswer(name string) bool { return name == bom.AskCurrency || fact.CanAnswer(name) }

// Rates adds to rates what answers say of the worth of currencies. Problems name the answers that cannot be taken.
func (a *Answers) Rates(to *bom.Rates, v *vocab.Vocab) (*bom.Rates, problem.List) {
	var problems problem.List
	r := fact.NewReader(v, fact.Defaults{})
	for _, x := range a.list {
		if x.Fact != bom.AskCurrency {
			continue
		}
		if to == nil {
			to = &bom.Rates{}
		}
		rate, p := r.ReadRate(x.Value)
		if p == nil {
			if err := to.Add(rate.From, rate.To, rate.Worth); err != nil {
				p = &problem.Problem{Text: err.Error(), Meant: "one rate for two currencies"}
			}
		}
		if p != nil {
			p.Place, p.Field = x.Place, x.Cell
			problems = append(problems, *p)
		}
	}
	return to, problems
}

// place says that some answer tells which assembly a line is part of.
func (a *Answers) place() bool {
	return a != nil && slices.ContainsFunc(a.list, func(x *reply) bool { return x.Fact == "parent" })
}

// Unmet lists, once the rows are read, the answers whose line was not among them.
func (a *Answers) Unmet() problem.List {
	var list problem.List
	for _, x := range a.list {
		if !x.met.Load() {
			list = append(list, problem.Problem{Place: x.Place, Field: x.Cell, Meant: "the file that the questions were asked of"}.
				Saying(sentence.Of("no row has the id %q", x.Line)))
		}
	}
	return list
}

func (d *desk) badAnswer(p problem.Problem) {
	if d.s.BadAnswer != nil {
		d.s.BadAnswer(p)
	}
}
