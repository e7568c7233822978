package problem

import "fmt"

// Sentence is a text with what was put into it, so that it can be said in other languages: they know it by its English format.
type Sentence struct {
	Format string
	Args   []any // a Sentence or an error among them is said in the same language
}

// Sayf makes a sentence.
func Sayf(format string, args ...any) Sentence { return Sentence{format, args} }

func (s Sentence) String() string { return fmt.Sprintf(s.Format, s.Args...) }

// Formats gives the format of a sentence in a language by its English one; empty: the language has none, and English stands.
type Formats func(english string) string

// In is the sentence in another language.
func (s Sentence) In(f Formats) string {
	args := make([]any, len(s.Args))
	for i, a := range s.Args {
		switch a := a.(type) {
		case Sentence:
			args[i] = a.In(f)
		case error:
			args[i] = f.of(a.Error())
		default:
			args[i] = a
		}
	}
	return fmt.Sprintf(f.of(s.Format), args...)
}

func (f Formats) of(english string) string {
	if other := f(english); other != "" {
		return other
	}
	return english
}

// Saying is the problem with a sentence as its text.
func (p Problem) Saying(s Sentence) Problem {
	p.Text, p.said = s.String(), &s
	return p
}

// In is the problem in another language. What is put into its sentence may share memory with the row that it is about: call it while that is there.
func (p Problem) In(f Formats) Problem {
	if p.said != nil {
		p.Text, p.said = p.said.In(f), nil
	} else {
		p.Text = f.of(p.Text)
	}
	p.Meant = f.of(p.Meant)
	return p
}
