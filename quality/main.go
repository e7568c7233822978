// Command quality is the gate on labelled truth: it screens the goods of real penalty decisions and fails where the program would have let
// too many violations through, or stopped too much that was lawful; and it reads the texts of those decisions, prints precision and recall by field, and
// fails where they are read worse than before.
//
//	go run ./quality [LABELS.json]
//
// Without an argument it looks for shared/data/enforcement/labels.json beside the repository and, where there is none, says so and passes.
// What a row is, and what caught, firm and alarm mean, stands in backtest.go.
package main

import (
	"errors"
	"fmt"
	"os"

	"lodestone/internal/app"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "quality:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	path := ""
	if len(args) > 0 {
		path = args[0]
	} else if path = findLabels(); path == "" {
		fmt.Println("left out: there is no", labelsPath, "beside the repository; give the labels as an argument")
		return nil
	}
	book, _, err := app.LoadBook("")
	if err != nil {
		return err
	}
	cases, err := readCases(path)
	if err != nil {
		return err
	}
	result, err := screen(book, cases)
	if err != nil {
		return err
	}
	result.print(os.Stdout)
	return errors.Join(result.check(), readDecisions(book, path, os.Stdout))
}
