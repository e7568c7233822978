// Package problem holds located diagnostics: what is wrong, where, and what was probably meant.
//
// A Problem is a value; printing it is the business of whoever shows it. Law files and item files use the same type, so that a
// message reads alike whether a lawyer or a forwarder made the mistake. Start with Problem; Nearest finds the suggestion.
package problem

import (
	"fmt"
	"strings"

	"lodestone/internal/sentence"
)

// Place says where in a text a problem stands. Zero numbers mean: not known, or the whole file.
type Place struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

func (p Place) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	default:
		return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
	}
}

// Problem is one thing wrong with an input.
type Problem struct {
	Place
	Field   string `json:"field,omitempty"`  // column or key; empty: the row or file as a whole
	Text    string `json:"text"`             // what is wrong
	Meant   string `json:"meant,omitempty"`  // what was probably meant, or what to do; empty: nothing to suggest
	Warning bool   `json:"warning,omitzero"` // true: the value is set aside, the row stays

	said *sentence.Sentence // what Text was made of; nil: it is said as it stands
}

// Saying is the problem with a sentence as its text.
func (p Problem) Saying(s sentence.Sentence) Problem {
	p.Text, p.said = s.String(), &s
	return p
}

// In is the problem in another language. What is put into its sentence may share memory with the row that it is about: call it while that is there.
func (p Problem) In(f sentence.Formats) Problem {
	if p.said != nil {
		p.Text, p.said = p.said.In(f), nil
	} else {
		p.Text = f.Of(p.Text)
	}
	p.Meant = f.Of(p.Meant)
	return p
}

// Error prints the problem on one line: place, field, what is wrong, what was probably meant.
func (p Problem) Error() string {
	var b strings.Builder
	if s := p.Place.String(); s != "" {
		b.WriteString(s)
		b.WriteString(": ")
	}
	if p.Field != "" {
		b.WriteString(p.Field)
		b.WriteString(": ")
	}
	b.WriteString(p.Text)
	if p.Meant != "" {
		b.WriteString(" (")
		b.WriteString(p.Meant)
		b.WriteString(")")
	}
	return b.String()
}

// List is several problems of one input.
type List []Problem

// Error prints one problem a line.
func (l List) Error() string {
	lines := make([]string, len(l))
	for i, p := range l {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Refusals counts the problems that are not warnings.
func (l List) Refusals() int {
	n := 0
	for _, p := range l {
		if !p.Warning {
			n++
		}
	}
	return n
}

// Nearest returns the candidate that word was probably meant to be, or "" when none is near: at most one edit in words of up to
// four letters, at most a third of the letters in longer ones. Of equally near candidates the first wins.
func Nearest(word string, candidates []string) string {
	const longest = 200 // bytes; no word that is meant is longer, and the search takes time for each letter
	if len(word) > longest {
		return ""
	}
	letters := []rune(strings.ToLower(word))
	limit := max(1, len(letters)/3)
	best, at := "", limit+1
	for _, c := range candidates {
		if d := distance(letters, []rune(strings.ToLower(c)), at); d < at {
			best, at = c, d
		}
	}
	return best
}

// Within says whether two words are at most so many edits apart, without regard to case. It is for where Nearest would be too lenient.
func Within(a, b string, edits int) bool {
	return distance([]rune(strings.ToLower(a)), []rune(strings.ToLower(b)), edits+1) <= edits
}

// distance is the number of edits (insert, delete, replace, swap of neighbours) between a and b; it may stop at limit.
func distance(a, b []rune, limit int) int {
	if d := len(a) - len(b); d >= limit || -d >= limit {
		return limit
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
