// Package sentence keeps what is said to people apart from the language in which it is said: an English format, and what is put into it.
//
// Whoever prints a Sentence looks its format up in another language; the core says things without knowing of languages. Start with Of.
package sentence

import (
	"errors"
	"fmt"
	"strings"
)

// Sentence is a text with what was put into it. The zero Sentence says nothing.
type Sentence struct {
	Format string // in English; other languages know the sentence by it
	Args   []any  // a Sentence or an error among them is said in the same language
}

// Of makes a sentence.
func Of(format string, args ...any) Sentence { return Sentence{format, args} }

// Join puts sentences one behind the other, with another between them.
func Join(list []Sentence, between Sentence) Sentence {
	var args []any
	for i, s := range list {
		if i > 0 {
			args = append(args, between)
		}
		args = append(args, s)
	}
	return Sentence{strings.Repeat("%s", len(args)), args}
}

// String is the sentence in English.
func (s Sentence) String() string { return fmt.Sprintf(s.Format, s.Args...) }

// Error makes a sentence an error, which can be said in other languages by whoever meets it.
func (s Sentence) Error() string { return s.String() }

// Error makes a sentence an error of its own, which errors.Is finds.
func Error(format string, args ...any) error { return &alone{Of(format, args...)} }

type alone struct{ Sentence }

// Unwrap gives the sentence.
func (e *alone) Unwrap() error { return e.Sentence }

// Unwrap gives the errors among what was put into a sentence.
func (s Sentence) Unwrap() (list []error) {
	for _, a := range s.Args {
		if err, ok := a.(error); ok {
			list = append(list, err)
		}
	}
	return list
}

// OfError is what an error says: itself, where a sentence is among what it wraps.
func OfError(err error) Sentence {
	var s Sentence
	if errors.As(err, &s) {
		return s
	}
	return Of("%v", err)
}

// Formats gives the format of a sentence in a language by its English one; empty: the language has none, and English stands.
type Formats func(english string) string

// Of is a text without holes in the language.
func (f Formats) Of(english string) string {
	if other := f(english); other != "" {
		return other
	}
	return english
}

// In is the sentence in another language.
func (s Sentence) In(f Formats) string {
	args := make([]any, len(s.Args))
	for i, a := range s.Args {
		switch a := a.(type) {
		case Sentence:
			args[i] = a.In(f)
		case error:
			args[i] = f.Of(a.Error())
		default:
			args[i] = a
		}
	}
	return fmt.Sprintf(f.Of(s.Format), args...)
}
