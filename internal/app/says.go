package app

import "lodestone/internal/sentence"

// refused is a refusal with what it says, so that it can be said in other languages than English.
type refused struct {
	error       // an Invalid or a Conflict
	says  error // a sentence, or what went wrong
}

// Unwrap gives both.
func (t refused) Unwrap() []error { return []error{t.error, t.says} }

// invalid refuses what was given in a field.
func invalid(field, format string, args ...any) error {
	return InvalidBy(field, sentence.Of(format, args...))
}

// InvalidBy refuses what was given in a field for what went wrong with it.
func InvalidBy(field string, err error) error { return refused{Invalid{field, err.Error()}, err} }

// conflict refuses what cannot be done as things stand.
func conflict(format string, args ...any) error { return conflictBy(sentence.Of(format, args...)) }

func conflictBy(err error) error { return refused{Conflict{err.Error()}, err} }
