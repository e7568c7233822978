package main

import (
	"fmt"
	"strings"

	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/rule"
)

// graphiteRule is the rule as a law file has it.
var graphiteRule = rule.Spec{All: []rule.Spec{
	{Kind: []string{"artificial_graphite"}},
	{Param: &rule.ParamSpec{Name: "purity", Unit: "percent", Bounds: rule.Bounds{Over: "99.9"}}},
	{Param: &rule.ParamSpec{Name: "flexural_strength", Unit: "MPa", Bounds: rule.Bounds{Over: "30"}}},
	{Param: &rule.ParamSpec{Name: "density", Unit: "g/cm3", Bounds: rule.Bounds{Over: "1.73"}}},
	{From: []string{"CN"}},
	{Not: &rule.Spec{Named: []string{"graphite_seal"}}},
}}

func newOurs(sample []piece) (engine, error) {
	b, err := embedded()
	if err != nil {
		return engine{}, err
	}
	node, err := rule.Compile(&graphiteRule, rule.Scope{Vocab: b.Vocab})
	if err != nil {
		return engine{}, err
	}
	items := make([]*fact.Item, len(sample))
	for i := range sample {
		if items[i], err = item(b, sample[i].cells(true)); err != nil {
			return engine{}, err
		}
	}
	c := rule.Case{}
	answer := func(i int) (bool, error) {
		c.Prepare(b.Vocab, items[i])
		t := node.Eval(&c)
		if t == rule.Unknown {
			return false, fmt.Errorf("piece %d: all is stated and the answer is unknown", i)
		}
		return t == rule.Yes, nil
	}
	missing, err := oursMissing(b, node)
	return engine{"ours", answer, missing}, err
}

// oursMissing names the facts on which an unknown answer rests.
func oursMissing(b *law.Book, node rule.Node) (string, error) {
	it, err := item(b, almost.cells(false))
	if err != nil {
		return "", err
	}
	var c rule.Case
	c.Prepare(b.Vocab, it)
	var asks []string
	rule.Deciding(node, &c, func(l rule.Leaf, _ rule.Truth) { asks = append(asks, l.Fact()+" "+l.Test()) })
	return fmt.Sprintf("%s: %s", node.Eval(&c), strings.Join(asks, ", ")), nil
}

// almost is a piece that meets every condition.
var almost = piece{"isostatic_graphite", "isostatic graphite", 99.95, 35, 1.80, "CN", false}

// cells is the piece as a row.
func (p piece) cells(density bool) map[string]string {
	params := fmt.Sprintf("purity=%v %%; flexural_strength=%v MPa", p.purity, p.strength)
	if density {
		params += fmt.Sprintf("; density=%v g/cm3", p.density)
	}
	description := p.words
	if p.packing {
		description += ", graphite packing"
	}
	return map[string]string{"description": description, "params": params, "from": p.from}
}
