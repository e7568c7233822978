// Package licensing holds the law on applying for, holding and using an export licence, as text that people read and mend.
// Start with Rules; Calendar is the days on which the authority works.
package licensing

import (
	"embed"
	"fmt"
	"sync"

	"github.com/goccy/go-yaml"

	"lodestone/internal/licence"
)

//go:embed cn.yaml holidays_cn.yaml
var text embed.FS

// Rules reads the rules once. An unknown key, a reference to nothing, or a word outside its list is an error with its place.
var Rules = sync.OnceValues(func() (*licence.Rules, error) { return read[licence.Rules]("cn.yaml") })

// Calendar reads the days on which the authority works, once.
var Calendar = sync.OnceValues(func() (*licence.Calendar, error) { return read[licence.Calendar]("holidays_cn.yaml") })

// read reads and checks a file.
func read[T any, P interface {
	*T
	Check() error
}](name string) (P, error) {
	b, err := text.ReadFile(name)
	if err != nil {
		return nil, err
	}
	doc := P(new(T))
	if err := yaml.UnmarshalWithOptions(b, doc, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("lawdata/licensing/%s: %w", name, err)
	}
	if err := doc.Check(); err != nil {
		return nil, fmt.Errorf("lawdata/licensing/%s: %w", name, err)
	}
	return doc, nil
}
