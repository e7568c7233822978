package main

import (
	"fmt"
	"testing"

	"lodestone/internal/decide"
	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/rule"
	"lodestone/internal/when"
	"lodestone/lawdata"
)

// known is an item of which everything is stated that a rule on magnets asks for.
var known = map[string]string{
	"id": "P-100", "description": "sintered NdFeB magnet, segment, 48H", "hs": "8505111000", "form": "magnet",
	"composition": "Nd 29.5%; Dy 3%; Fe 66.5%; B 1%; rest none",
	"origin":      "CN", "from": "CN", "destination": "KR", "quantity": "533", "unit": "kg", "value": "48210.50", "currency": "CNY",
	"consignee": "Hanbit Precision Materials Co., Ltd.", "end_user": "Hanbit Precision Materials Co., Ltd.",
	"end_user_kind": "civil", "end_use": "civil", "procedure": "general", "ship_date": "2026-03-02", "declaration_date": "2026-03-01",
}

func embedded() (*law.Book, error) {
	files, err := lawdata.Files()
	if err != nil {
		return nil, err
	}
	return law.Compile(files)
}

// item reads an item as a row would be; a problem with it is an error here.
func item(b *law.Book, cells map[string]string) (*fact.Item, error) {
	it, problems := fact.NewReader(b.Vocab, fact.Defaults{}).ReadFacts(cells)
	if len(problems) > 0 {
		return nil, problems
	}
	return &it, nil
}

// benchDecide measures one answer on the embedded law. The baseline asks every norm of the book in turn, as an engine without an index would.
func benchDecide(t *table, _ options) error {
	b, err := embedded()
	if err != nil {
		return err
	}
	it, err := item(b, known)
	if err != nil {
		return err
	}
	d := decide.New(b)
	at := when.At{Effective: it.Day()}
	ours := testing.Benchmark(func(bb *testing.B) {
		for bb.Loop() {
			d.Decide(at, it)
		}
	})
	scan := testing.Benchmark(func(bb *testing.B) {
		c := caseOf(b, it)
		for bb.Loop() {
			c.Prepare(b.Vocab, it)
			askAll(b, c)
		}
	})
	t.add(row{"decide, all facts known", nanoseconds, perOp(ours), fmt.Sprintf("asking all %d norms", len(b.Norms)), perOp(scan), bar{2000, "ours"}})
	t.add(row{"decide, all facts known", allocations, float64(ours.AllocsPerOp()), "asking all norms", float64(scan.AllocsPerOp()), bar{0, "ours"}})
	return nil
}

func perOp(r testing.BenchmarkResult) float64 { return float64(r.T.Nanoseconds()) / float64(r.N) }

// caseOf makes a case about which no other norm has said anything.
func caseOf(b *law.Book, it *fact.Item) *rule.Case {
	c := &rule.Case{On: it.Day(), Caught: rule.Caught{
		Groups: make([]rule.Truth, len(b.Vocab.Groups)+1), Norms: make([]rule.Truth, len(b.Norms)),
	}}
	c.Prepare(b.Vocab, it)
	return c
}

func askAll(b *law.Book, c *rule.Case) (open int) {
	for i := range b.Norms {
		if n := b.Norms[i].When; n != nil && n.Eval(c) != rule.No {
			open++
		}
	}
	return open
}
