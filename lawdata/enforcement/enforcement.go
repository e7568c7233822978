// Package enforcement holds what the reading of penalty decisions must know, as text that people read and mend: offices and the prefixes of
// their numbers, names of laws, what articles say about leniency, shelves of goods, fine bands; and a dated collection of decisions as facts.
// Start with Tables and Collection. docs/enforcement.md tells what they are for.
package enforcement

import (
	"bytes"
	"embed"
	"fmt"
	"sync"

	"github.com/goccy/go-yaml"

	"lodestone/internal/enforce"
	"lodestone/internal/when"
)

//go:embed offices.yaml taxonomy.yaml penalties.yaml decisions.jsonl
var text embed.FS

// CollectionFrame says how the records of the collection were found: public pages that could be read, no sample of all decisions.
const CollectionFrame = "dev-2026"

type taxonomy struct {
	Laws       []enforce.LawName  `yaml:"laws"`
	Leniency   []enforce.Article  `yaml:"leniency"`
	Smuggling  []enforce.Article  `yaml:"smuggling"`
	Floor      enforce.Article    `yaml:"floor"`
	Categories []enforce.Category `yaml:"categories"`
	Crosswalk  enforce.Crosswalk  `yaml:"crosswalk"`

	ConductTags map[string][]string `yaml:"conduct_tags"`
	LawClasses  map[string][]string `yaml:"law_classes"`
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
	t.ConductTags, t.LawClasses = words.ConductTags, words.LawClasses
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

// Collection reads the embedded records: facts of decisions, not their texts, with the pages they were read from.
func Collection() ([]enforce.Record, error) {
	b, err := text.ReadFile("decisions.jsonl")
	if err != nil {
		return nil, err
	}
	var records []enforce.Record
	for i, line := range bytes.Split(bytes.TrimSpace(b), []byte("\n")) {
		r, err := enforce.ReadRecord(line)
		if err != nil {
			return nil, fmt.Errorf("lawdata/enforcement/decisions.jsonl:%d: %w", i+1, err)
		}
		records = append(records, r)
	}
	return records, nil
}
