// Package rule is the condition algebra of the law: leaves that read one fact each, joined by all, any, not and at-least-n, answering
// yes, no or unknown. There is no expression language.
//
// Spec is a condition as a law file states it; Compile makes a Node; Node.Eval answers for a Case. Each kind of leaf stands in a file
// of its own: what it means, which fact it reads, when it answers what, and what the index may know of it. Index picks, by bitmaps
// over necessary leaves, the conditions that a full scan would not answer no. Explain evaluates once more and keeps the tree.
//
// Two properties hold and are tested: hiding a fact never turns yes into no or no into yes; the index yields all that a full scan
// does not answer no.
package rule

import (
	"lodestone/internal/fact"
	"lodestone/internal/quant"
	"lodestone/internal/when"
)

// Case is what a condition is asked about: the facts of an item, the day, and what the law itself has to say of that item.
type Case struct {
	fact.Known
	On when.Date

	CodeOutside bool    // a customs code of eight digits or more is given and lies outside the year's dual-use directory
	Parties     []Party // listings that the stated parties match
	Caught      Caught  // what other norms answered; filled layer by layer
	Quoted      Quoted  // what Found has named since this was cleared
	Asked       Asked   // what Eval has asked of places and values since this was cleared
	Parts
}

// Parts is what a structure says of the parts of a thing; the zero Parts says nothing.
type Parts struct {
	Shares    []ShareFact
	Contained []ContainedFact
}

// Party is a listing that a stated party matches, on the day of the case.
type Party struct {
	List     int    // number of the list
	Measures uint64 // its measures, one bit a term
	State    Truth  // yes: in force; unknown: not established; no: suspended, ended, or not yet
	Listed   int    // index into Known.Listed
}

// Caught is what the norms evaluated so far say of the item, by what they are about: is it caught by a norm in force?
type Caught struct {
	Groups []Truth // by vocab.GroupID
	Norms  []Truth // by number of the norm
	Any    Truth   // by any dual-use control
}

// ShareFact is the share of a content, rolled up from parts, in percent.
type ShareFact struct {
	Key   string // of the Content
	Range quant.Range
}

// ContainedFact says whether some part is a content.
type ContainedFact struct {
	Key   string // of the Content
	Truth Truth
}

// Node is a compiled condition.
type Node interface {
	Eval(c *Case) Truth
}

// Leaf is a condition that reads one fact.
type Leaf interface {
	Node
	// Fact names what is read, as a column or a path below one: "composition.Dy", "param.purity", "destination".
	Fact() string
	// Test is what is required, in the notation of the law files: "present", "> 99.9 %", "magnet, alloy".
	Test() string
	// Found is what the case says of the fact; its zero value means that nothing is known.
	Found(c *Case) Found
	// necessary adds to n what an item must not be known to lack for the leaf to hold.
	necessary(n *Needs)
}

// said is what a leaf reads and requires, made once: answers quote it line after line.
type said struct{ fact, test string }

func (s *said) Fact() string { return s.fact }
func (s *said) Test() string { return s.test }

// Found is a fact as it was found.
type Found struct {
	Value  string
	Source fact.Source
	Words  string // the words it was read from; empty for columns
}

// All holds where every condition holds.
type All []Node

// Any holds where one condition holds.
type Any []Node

// Negation holds where its condition fails.
type Negation struct{ Of Node }

// Count holds where at least N of its conditions hold.
type Count struct {
	N  int
	Of []Node
}

func (a All) Eval(c *Case) Truth {
	t := Yes
	for _, n := range a {
		switch n.Eval(c) {
		case No:
			return No
		case Unknown:
			t = Unknown
		}
	}
	return t
}

func (a Any) Eval(c *Case) Truth {
	t := No
	for _, n := range a {
		switch n.Eval(c) {
		case Yes:
			return Yes
		case Unknown:
			t = Unknown
		}
	}
	return t
}

func (n Negation) Eval(c *Case) Truth { return Not(n.Of.Eval(c)) }

func (k Count) Eval(c *Case) Truth {
	yes, open := 0, 0
	for _, n := range k.Of {
		switch n.Eval(c) {
		case Yes:
			yes++
		case Unknown:
			open++
		}
	}
	switch {
	case yes >= k.N:
		return Yes
	case yes+open < k.N:
		return No
	}
	return Unknown
}

// Leaves calls f with every leaf below n, in the order of the law file.
func Leaves(n Node, f func(Leaf)) {
	switch n := n.(type) {
	case nil:
	case All:
		for _, m := range n {
			Leaves(m, f)
		}
	case Any:
		for _, m := range n {
			Leaves(m, f)
		}
	case Negation:
		Leaves(n.Of, f)
	case *outside:
		f(n.inside)
	case Count:
		for _, m := range n.Of {
			Leaves(m, f)
		}
	case Leaf:
		f(n)
	}
}

// Step is one node of a trace: how it answered, and why.
type Step struct {
	Op    string // all, any, not, at_least, or empty for a leaf
	Truth Truth
	Leaf  Leaf // nil for an operator
	Found Found
	Steps []Step
}

// Explain evaluates n once more and keeps the whole tree. Its answer is that of Eval.
func Explain(n Node, c *Case) Step {
	s := Step{Truth: n.Eval(c)}
	switch n := n.(type) {
	case All:
		s.Op, s.Steps = "all", explainAll(n, c)
	case Any:
		s.Op, s.Steps = "any", explainAll(n, c)
	case Negation:
		s.Op, s.Steps = "not", explainAll([]Node{n.Of}, c)
	case *outside:
		s.Op, s.Steps = "not", explainAll([]Node{n.inside}, c)
	case Count:
		s.Op, s.Steps = "at_least", explainAll(n.Of, c)
	case Leaf:
		s.Leaf, s.Found = n, n.Found(c)
	}
	return s
}

func explainAll(nodes []Node, c *Case) []Step {
	steps := make([]Step, len(nodes))
	for i, n := range nodes {
		steps[i] = Explain(n, c)
	}
	return steps
}

// Deciding calls f with the leaves on which the answer of n rests: those that make it yes, or make it no, or leave it unknown. In a
// yes, the branches of an "any" that do not hold are left out; in a no, the branches of an "all" that do not fail; in an unknown,
// the leaves that are settled.
func Deciding(n Node, c *Case, f func(Leaf, Truth)) {
	deciding(n, c, n.Eval(c), f)
}

func deciding(n Node, c *Case, answer Truth, f func(Leaf, Truth)) {
	switch n := n.(type) {
	case All:
		each(n, c, answer, f)
	case Any:
		each(n, c, answer, f)
	case Count:
		each(n.Of, c, answer, f)
	case Negation:
		deciding(n.Of, c, Not(answer), f)
	case *outside:
		if answer != Yes {
			f(n.inside, n.inside.Eval(c))
		}
	case Leaf:
		f(n, n.Eval(c))
	}
}

func each(nodes []Node, c *Case, answer Truth, f func(Leaf, Truth)) {
	for _, n := range nodes {
		if n.Eval(c) == answer {
			deciding(n, c, answer, f)
		}
	}
}

// Settles says that a "no" to leaf alone would make n no: the leaf is necessary.
func Settles(n Node, leaf Leaf) bool {
	switch n := n.(type) {
	case All:
		for _, m := range n {
			if Settles(m, leaf) {
				return true
			}
		}
	case Any:
		for _, m := range n {
			if !Settles(m, leaf) {
				return false
			}
		}
		return len(n) > 0
	case Leaf:
		return n == leaf || n.Fact() == leaf.Fact() && n.Test() == leaf.Test()
	}
	return false
}
