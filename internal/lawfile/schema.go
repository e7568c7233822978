package lawfile

import (
	"encoding/json"
	"reflect"
	"slices"

	"github.com/goccy/go-yaml"

	"lodestone/internal/law"
	"lodestone/internal/rule"
	"lodestone/internal/when"
)

// Schema is the JSON Schema (2020-12) of an act file, for editors: keys, closed words and shapes, from the struct types. It says less than
// Lint and refuses nothing that Read takes, but for empty keys. The same program gives the same bytes.
func Schema() []byte {
	b := schemaMaker{}
	root := map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"title":   "Lodestone law file: an act",
		"$ref":    b.of(reflect.TypeFor[law.Act]())["$ref"],
		"$defs":   b,
	}
	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic(err) // maps of texts and lists always marshal
	}
	return append(text, '\n')
}

// schemaMaker holds the definitions made so far, by the name of the type.
type schemaMaker map[string]any

// wordsOf names the keys whose values are closed words.
var wordsOf = map[string]closed{
	"Act.kind": actKinds, "Act.confidence": confidences, "Source.grade": grades,
	"Norm.kind": normKinds, "Norm.layer": layers, "Norm.effect": effects, "Norm.may": effects, "Norm.policy": policies, "Norm.state": states,
	"Norm.duty": duties, "Norm.role": roles, "Norm.to_grade": toGrades, "Norm.confidence": confidences, "After.standing": standings,
	"ShareSpec.by": oneOf("measure of a share", "value", "mass"),
}

// required is the keys that a type cannot do without.
var required = map[string][]string{
	"Act":    {"id", "kind", "number", "title", "issuers", "effective", "assessed_until", "confidence", "sources"},
	"Source": {"id", "grade"}, "Norm": {"id", "kind"}, "HS": {"code", "grade"}, "Carried": {"act", "from"}, "After": {"standing", "why"},
	"CountSpec": {"n", "of"}, "ElementSpec": {"of"}, "ParamSpec": {"name"}, "ShareSpec": {"by"}, "Reserved": {"code"},
}

// of returns the schema of a type; structs are defined once and referred to.
func (b schemaMaker) of(t reflect.Type) map[string]any {
	switch {
	case t == reflect.TypeFor[when.Date]():
		return map[string]any{"type": "string", "pattern": `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`}
	case t.Kind() == reflect.Pointer:
		return b.of(t.Elem())
	case t.Kind() == reflect.Slice:
		return map[string]any{"type": "array", "items": b.of(t.Elem())}
	case t.Kind() == reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": b.of(t.Elem())}
	case t.Kind() == reflect.Bool:
		return map[string]any{"type": "boolean"}
	case t.Kind() == reflect.Int:
		return map[string]any{"type": "integer", "minimum": 0}
	case t.Kind() == reflect.Struct:
		return b.object(t)
	}
	return map[string]any{"type": "string"}
}

func (b schemaMaker) object(t reflect.Type) map[string]any {
	ref := map[string]any{"$ref": "#/$defs/" + t.Name()}
	if _, known := b[t.Name()]; !known {
		definition := map[string]any{"type": "object", "additionalProperties": false}
		b[t.Name()] = definition
		b.properties(t, definition)
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[yaml.InterfaceUnmarshaler]()) { // the word alone will do
		return map[string]any{"anyOf": []any{map[string]any{"type": "string"}, ref}}
	}
	return ref
}

func (b schemaMaker) properties(t reflect.Type, definition map[string]any) {
	properties := map[string]any{}
	for key, index := range fieldsOf(t).byKey {
		property := b.of(t.FieldByIndex(index).Type)
		if words, closed := wordsOf[t.Name()+"."+key]; closed {
			property["enum"] = words.words
		}
		if _, bound := reflect.TypeFor[rule.Bounds]().FieldByName(t.FieldByIndex(index).Name); bound && len(index) > 1 {
			property["pattern"] = `^[+-]?[0-9]*\.?[0-9]+([eE][+-]?[0-9]+)?$`
		}
		properties[key] = property
	}
	definition["properties"] = properties
	if keys := required[t.Name()]; keys != nil {
		definition["required"] = slices.Sorted(slices.Values(keys))
	}
	if t == reflect.TypeFor[rule.Spec]() {
		definition["minProperties"], definition["maxProperties"] = 1, 1
	}
}
