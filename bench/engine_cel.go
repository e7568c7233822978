package main

import (
	"fmt"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
)

// celRule has typed variables and no map to look into: CEL's quickest form.
const celRule = `kind in artificial && purity > 99.9 && strength > 30.0 && density > 1.73 && from == "CN" && !packing`

func newCEL(sample []piece) (engine, error) {
	env, err := cel.NewEnv(
		cel.Variable("kind", cel.StringType), cel.Variable("from", cel.StringType), cel.Variable("packing", cel.BoolType),
		cel.Variable("purity", cel.DoubleType), cel.Variable("strength", cel.DoubleType), cel.Variable("density", cel.DoubleType),
		cel.Variable("artificial", cel.ListType(cel.StringType)),
	)
	if err != nil {
		return engine{}, err
	}
	ast, issues := env.Compile(celRule)
	if issues.Err() != nil {
		return engine{}, issues.Err()
	}
	program, err := env.Program(ast, cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		return engine{}, err
	}
	inputs := make([]map[string]any, len(sample))
	for i := range sample {
		inputs[i] = sample[i].variables(true)
	}
	answer := func(i int) (bool, error) {
		v, _, err := program.Eval(inputs[i])
		if err != nil {
			return false, err
		}
		return v.Value().(bool), nil
	}
	missing, err := celMissing(env, ast, program)
	return engine{"cel-go", answer, missing}, err
}

// celMissing asks twice: as programs usually do, and with the variable declared unknown beforehand, which CEL can trace.
func celMissing(env *cel.Env, ast *cel.Ast, program cel.Program) (string, error) {
	_, _, plain := program.Eval(almost.variables(false))
	partial, err := env.Program(ast, cel.EvalOptions(cel.OptPartialEval))
	if err != nil {
		return "", err
	}
	vars, err := cel.PartialVars(almost.variables(false), cel.AttributePattern("density"))
	if err != nil {
		return "", err
	}
	v, _, err := partial.Eval(vars)
	if err != nil {
		return "", err
	}
	unknown, ok := v.(*types.Unknown)
	if !ok {
		return "", fmt.Errorf("partial evaluation answers %v", v)
	}
	return fmt.Sprintf("error: %v; or, where the caller declares beforehand what may be missing, unknown: %v", plain, unknown), nil
}

// variables is the piece as CEL and OPA take it.
func (p piece) variables(density bool) map[string]any {
	m := map[string]any{
		"kind": p.kind, "purity": p.purity, "strength": p.strength, "from": p.from, "packing": p.packing, "artificial": artificial,
	}
	if density {
		m["density"] = p.density
	}
	return m
}
