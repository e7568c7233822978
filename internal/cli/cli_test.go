package cli

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"lodestone/internal/when"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"lodestone": func() {
			os.Exit(Run(os.Args[1:], Env{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Today: when.Day(2026, 11, 25), Version: "test"}))
		},
	})
}

// Each script in testdata/script is a page of commands and files; examples/ of the project is at $EXAMPLES.
func TestScripts(t *testing.T) {
	examples, err := filepath.Abs("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:  "testdata/script",
		Cmds: doorCommands,
		Setup: func(e *testscript.Env) error {
			e.Setenv("EXAMPLES", examples)
			return nil
		},
	})
}
