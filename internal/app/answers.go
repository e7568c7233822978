package app

import (
	"fmt"
	"strings"
	"sync/atomic"

	"lodestone/internal/fact"
	"lodestone/internal/ingest/answers"
	"lodestone/internal/problem"
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
			problems = append(problems, problem.Problem{Place: x.Place, Field: x.Cell, Text: fmt.Sprintf("answers %q, and %s of %s answers %q to the same question",
				x.Value, old.Cell, old.Place.File, old.Value), Meant: "one answer; the first is taken"})
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

// Unmet lists, once the rows are read, the answers whose line was not among them.
func (a *Answers) Unmet() problem.List {
	var list problem.List
	for _, x := range a.list {
		if !x.met.Load() {
			list = append(list, problem.Problem{Place: x.Place, Field: x.Cell, Text: fmt.Sprintf("no row has the id %q", x.Line), Meant: "the file that the questions were asked of"})
		}
	}
	return list
}

func (d *desk) badAnswer(p problem.Problem) {
	if d.s.BadAnswer != nil {
		d.s.BadAnswer(p)
	}
}
