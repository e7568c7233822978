package main

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// engine answers one rule about the pieces of a sample, each in the form that suits the engine best and that was made beforehand.
type engine struct {
	name    string
	answer  func(i int) (yes bool, err error)
	missing string // what it says of a piece whose density is not stated
}

// piece is a piece of graphite. The rule: artificial, purer than 99.9 %, stronger than 30 MPa, denser than 1.73 g/cm3, exported from
// China, and no packing.
type piece struct {
	kind                      string // as in vocab/kinds
	words                     string
	purity, strength, density float64
	from                      string
	packing                   bool
}

// artificial lists the kinds that are artificial graphite, for the engines that know no kinds.
var artificial = []string{"artificial_graphite", "isostatic_graphite", "fine_grain_graphite", "graphite_electrode"}

// pieces makes a sample in which every condition holds and fails, and many limits are hit exactly.
func pieces(n int) []piece {
	r := rand.New(rand.NewPCG(3, 4))
	words := map[string]string{
		"artificial_graphite": "artificial graphite", "isostatic_graphite": "isostatic graphite", "graphite_electrode": "graphite electrode",
		"natural_flake_graphite": "natural flake graphite", "amorphous_graphite": "amorphous graphite",
	}
	kinds := []string{"isostatic_graphite", "artificial_graphite", "isostatic_graphite", "graphite_electrode", "natural_flake_graphite", "amorphous_graphite"}
	sample := make([]piece, n)
	for i := range sample {
		kind := one(r, kinds)
		sample[i] = piece{
			kind: kind, words: words[kind],
			purity:   [...]float64{99.5, 99.9, 99.91, 99.95, 99.99}[r.IntN(5)],
			strength: [...]float64{12, 30, 30.1, 45, 60}[r.IntN(5)],
			density:  [...]float64{1.70, 1.73, 1.731, 1.80, 1.85}[r.IntN(5)],
			from:     one(r, []string{"CN", "CN", "CN", "JP"}), packing: r.IntN(5) == 0,
		}
	}
	return sample
}

// sampleSize is how many pieces the engines go round.
const sampleSize = 1000

func engines() ([]engine, error) {
	sample := pieces(sampleSize)
	var all []engine
	for _, make := range []func([]piece) (engine, error){newOurs, newCEL, newOPA} {
		e, err := make(sample)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

// benchEngines puts the same rule to our conditions, to CEL and to OPA.
func benchEngines(t *table, _ options) error {
	all, err := engines()
	if err != nil {
		return err
	}
	results := make([]testing.BenchmarkResult, len(all))
	for i, e := range all {
		results[i] = testing.Benchmark(func(b *testing.B) {
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				if _, err := e.answer(n % sampleSize); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	note := "A piece of which all is known but the density, and what each says of it:"
	for i, e := range all {
		note += fmt.Sprintf("\n  %-8s %s", e.name, e.missing)
		if i == 0 {
			continue
		}
		ours, theirs := results[0], results[i]
		t.add(row{"one rule, six conditions", nanoseconds, perOp(ours), e.name, perOp(theirs), bar{1, "ratio"}})
		t.add(row{"one rule, six conditions", allocations, float64(ours.AllocsPerOp()), e.name, float64(theirs.AllocsPerOp()), bar{0, "ours"}})
	}
	t.note("%s", note)
	return nil
}
