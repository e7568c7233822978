// Package enforcement holds what the reading of penalty decisions must know, as text that people read and mend: offices and the prefixes of
// their numbers, names of laws, what articles say about leniency, shelves of goods, fine bands.
// Start with Tables. docs/enforcement.md tells what they are for.
package enforcement

import (
	"embed"
	"fmt"
	"sync"

	"github.com/goccy/go-yaml"

	"lodestone/internal/enforce"
	"lodestone/internal/when"
)

//go:embed offices.yaml taxonomy.yaml penalties.yaml
var text embed.FS

type taxonomy struct {
	Laws       []enforce.LawName  `yaml:"laws"`
	Leniency   []enforce.Article  `yaml:"leniency"`
	Smuggling  []enforce.Article  `yaml:"smuggling"`
	Floor      enforce.Article    `yaml:"floor"`
	Categories []enforce.Category `yaml:"categories"`
	Crosswalk  enforce.Crosswalk  `yaml:"crosswalk"`
}

// Tables reads the files once. An unknown key, a name that refers to nothing, or a word outside its list is an error with its place.
var Tables = sync.OnceValues(load)

func load() (*enforce.Tables, error) {
	var words taxonomy
	t := &enforce.Tables{}
	for _, f := range []struct {
		name string
		into any
	}{{"offices.yaml", &t.Offices}, {"taxonomy.yaml", &words}, {"penalties.yaml", &t.Penalties}} {
		b, err := text.ReadFile(f.name)
		if err != nil {
			return nil, err
		}
		if err := yaml.UnmarshalWithOptions(b, f.into, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("lawdata/enforcement/%s: %w", f.name, err)
		}
	}
	t.Laws, t.Leniency, t.Smuggling, t.Floor = words.Laws, words.Leniency, words.Smuggling, words.Floor
	t.Categories, t.Crosswalk = words.Categories, words.Crosswalk
	asOf, err := when.ParseDate(t.Penalties.AsOf)
	if err != nil {
		return nil, fmt.Errorf("lawdata/enforcement/penalties.yaml: as_of: %w", err)
	}
	t.AsOf = asOf
	if err := t.Check(); err != nil {
		return nil, fmt.Errorf("lawdata/enforcement: %w", err)
	}
	return t, nil
}
