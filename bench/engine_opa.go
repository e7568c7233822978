package main

import (
	"context"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
)

// regoRule has the kinds as a set in the policy: OPA's quickest form.
const regoRule = `package graphite

artificial := {"artificial_graphite", "isostatic_graphite", "fine_grain_graphite", "graphite_electrode"}

default controlled := false

controlled if {
	input.kind in artificial
	input.purity > 99.9
	input.strength > 30
	input.density > 1.73
	input.from == "CN"
	not input.packing
}
`

func newOPA(sample []piece) (engine, error) {
	ctx := context.Background()
	query, err := rego.New(rego.Query("data.graphite.controlled"), rego.Module("graphite.rego", regoRule)).PrepareForEval(ctx)
	if err != nil {
		return engine{}, err
	}
	inputs := make([]ast.Value, len(sample))
	for i := range sample {
		if inputs[i], err = ast.InterfaceToValue(sample[i].variables(true)); err != nil {
			return engine{}, err
		}
	}
	answer := func(i int) (bool, error) {
		set, err := query.Eval(ctx, rego.EvalParsedInput(inputs[i]))
		return set.Allowed(), err
	}
	set, err := query.Eval(ctx, rego.EvalInput(almost.variables(false)))
	if err != nil {
		return engine{}, err
	}
	return engine{"opa", answer, fmt.Sprintf("%v, as for a piece below the limit; without a default, nothing at all", set[0].Expressions[0].Value)}, nil
}
