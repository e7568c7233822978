package cli

import (
	"encoding/json"

	"github.com/rogpeppe/go-internal/testscript"
)

// runOfCommand puts the name of the run that fleet submit has printed to a file into a variable: runof FILE NAME.
func runOfCommand(ts *testscript.TestScript, _ bool, args []string) {
	var run struct {
		ID string `json:"run"`
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &run))
	ts.Setenv(args[1], run.ID)
}
