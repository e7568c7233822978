// Package licensing holds the law on applying for, holding and using an export licence, as text that people read and mend.
// Start with Rules.
package licensing

import (
	"embed"
	"fmt"
	"sync"

	"github.com/goccy/go-yaml"

	"lodestone/internal/licence"
)

//go:embed cn.yaml
var text embed.FS

// Rules reads the file once. An unknown key, a reference to nothing, or a word outside its list is an error with its place.
var Rules = sync.OnceValues(func() (*licence.Rules, error) {
	const name = "cn.yaml"
	b, err := text.ReadFile(name)
	if err != nil {
		return nil, err
	}
	r := &licence.Rules{}
	if err := yaml.UnmarshalWithOptions(b, r, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("lawdata/licensing/%s: %w", name, err)
	}
	if err := r.Check(); err != nil {
		return nil, fmt.Errorf("lawdata/licensing/%s: %w", name, err)
	}
	return r, nil
})
