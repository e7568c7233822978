// Command quality is the gate on labelled truth. It screens the goods of real penalty decisions, and fails where the program would have let
// too many violations through, or stopped too much that was lawful; it reads the texts of those decisions, prints precision and recall by field, and
// fails where they are read worse than before; and it screens labelled names of parties, prints every kind of them, and fails where listed parties are
// missed or others taken for them too often.
//
//	go run ./quality [LABELS.json]
//
// Without an argument it looks for shared/data/enforcement/labels.json and shared/data/parties beside the repository and, where there is none, says so and
// passes. With one it screens those labels alone.
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
	labels, parties := "", ""
	if len(args) > 0 {
		labels = args[0]
	} else {
		labels, parties = findBeside(labelsPath), findBeside(partiesPath)
	}
	var err error
	if labels == "" {
		fmt.Println("left out: there is no", labelsPath, "beside the repository; give the labels as an argument")
	} else {
		err = backTest(labels)
	}
	switch {
	case parties != "":
		err = errors.Join(err, screenParties(parties, os.Stdout))
	case len(args) == 0:
		fmt.Println("left out: there is no", partiesPath, "beside the repository")
	}
	return err
}

// backTest screens the goods of the labelled decisions.
func backTest(path string) error {
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
