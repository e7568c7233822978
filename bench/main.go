// Command bench measures the engine and prints each figure beside a baseline that was measured in the same run, on the same machine: the
// ratio travels from one machine to another, the figure alone does not.
//
// Run it with make bench, or with go run . in this folder. It is a module of its own, so that the engines it compares with do not become
// dependencies of the product. Files made for it go to the temporary folder: about 2.5 GB for ten million lines (-more 0 leaves them out), 0.4 GB for a year of
// trade (-flows sets its rows).
//
//	go run .                       all figures
//	go run . -only decide,engines  some
//	go run . lines 1000 > x.csv    lines as the screening is measured with
//
// Exit codes: 0 every bar was met; 1 one was missed, or something failed.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// options are the flags.
type options struct {
	lines, more int
	flows       int
	repeat      int
}

func main() {
	met, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
	}
	if err != nil || !met {
		os.Exit(1)
	}
}

func run(args []string) (met bool, err error) {
	if len(args) == 2 && args[0] == "lines" {
		return true, printLines(args[1])
	}
	var o options
	flags := flag.NewFlagSet("bench", flag.ExitOnError)
	flags.IntVar(&o.lines, "lines", 1_000_000, "lines to screen against the clock")
	flags.IntVar(&o.more, "more", 10_000_000, "lines to screen for memory alone; 0: leave it out")
	flags.IntVar(&o.flows, "flows", 11_300_000, "rows of a BACI file to total")
	flags.IntVar(&o.repeat, "repeat", 3, "runs of each screening; the median counts")
	only := flags.String("only", "decide,screen,engines,exposure", "what to measure")
	_ = flags.Parse(args) // ExitOnError

	var t table
	fmt.Printf("%s, %s/%s, %d cores\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	for _, name := range strings.Split(*only, ",") {
		measure := map[string]func(*table, options) error{"decide": benchDecide, "screen": benchScreen, "engines": benchEngines, "exposure": benchExposure}[name]
		if measure == nil {
			return false, fmt.Errorf("-only %s: there are decide, screen, engines, exposure", name)
		}
		if err := measure(&t, o); err != nil {
			return false, fmt.Errorf("%s: %w", name, err)
		}
	}
	t.print(os.Stdout)
	return t.met(), nil
}

func printLines(count string) error {
	n, err := strconv.Atoi(count)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(os.Stdout)
	if err := writeLines(w, n); err != nil {
		return err
	}
	return w.Flush()
}
