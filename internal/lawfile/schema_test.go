package lawfile

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

const schemaFile = "../../docs/law.schema.json"

func TestSchemaIsCommitted(t *testing.T) {
	committed, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(bytes.ReplaceAll(committed, []byte("\r\n"), []byte("\n")), Schema()) {
		t.Errorf("%s is not what the types say: run go generate ./lawdata", schemaFile)
	}
}

func TestSchemaTakesActs(t *testing.T) {
	schema := compiledSchema(t)
	texts := map[string]string{"good": goodAct, "suspension": world["acts/CN/2025-70.yaml"]}
	for _, name := range []string{"CN/2025-18", "CN/2024-46", "CN/2025-70"} {
		text, err := os.ReadFile("../../lawdata/acts/" + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = string(text)
	}
	for name, text := range texts {
		if err := schema.Validate(instance(t, text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSchemaRefuses(t *testing.T) {
	schema := compiledSchema(t)
	for name, change := range map[string][2]string{
		"unknown key":           {"issuers:", "issuer:"},
		"unknown kind":          {"kind: control", "kind: controls"},
		"unknown layer":         {"layer: dual_use", "layer: dualuse"},
		"day":                   {`published: "2025-01-02"`, `published: "2 January 2025"`},
		"threshold as a number": {`at_least: "97"`, `at_least: 97`},
		"threshold in words":    {`at_least: "97"`, `at_least: "97 %"`},
		"two leaves":            {"- element: Ga", "- {element: Ga, form: [oxide]}"},
		"no confidence":         {"confidence: high\n", ""},
	} {
		if !strings.Contains(goodAct, change[0]) {
			t.Fatalf("%s: the act does not hold %q", name, change[0])
		}
		if schema.Validate(instance(t, strings.Replace(goodAct, change[0], change[1], 1))) == nil {
			t.Errorf("%s: the schema takes it", name)
		}
	}
}

func compiledSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("law.schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("law.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// instance turns a YAML text into the values that a JSON text of the same meaning has.
func instance(t *testing.T, text string) any {
	t.Helper()
	asJSON, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(asJSON, &value); err != nil {
		t.Fatal(err)
	}
	return value
}
