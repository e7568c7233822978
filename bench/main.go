// Command bench measures the engine and prints each figure beside a baseline that was measured in the same run, on the same machine: the
// ratio travels from one machine to another, the figure alone does not.
//
// Run it with make bench, or with go run . in this folder. It is a module of its own, so that the engines it compares with do not become
// dependencies of the product. Files made for it go to the temporary folder: about 2.5 GB for ten million lines (-more 0 leaves them out), 0.4 GB for a year of
// trade (-flows sets its rows) and for a folder of decisions (-decisions).
//
//	go run .                       all figures
//	go run . -only decide,engines  some
//	go run . lines 1000 > x.csv    lines as the screening is measured with; a second word (distinct, described) gives other sorts
//
// Exit codes: 0 every bar was met; 1 one was missed, or something failed.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// options are the flags.
type options struct {
	lines, more  int
	parts, links int
	names        int
	flows        int
	fleetMore    int
	faultLines   int
	faultPause   time.Duration
	parties      string
	decisions    int
	texts        string
	repeat       int
}

// measure is a group of figures that can be asked for by name.
type measure struct {
	name string
	run  func(*table, options) error
}

var measures = []measure{
	{"decide", benchDecide}, {"start", benchStart}, {"screen", benchScreen}, {"tree", benchTree}, {"impact", benchImpact}, {"engines", benchEngines},
	{"parties", benchParties}, {"decisions", benchDecisions}, {"exposure", benchExposure}, {"fleet", benchFleet}, {"faults", benchFaults}, {"server", benchServer},
}

func measureNames() string {
	names := make([]string, len(measures))
	for i, m := range measures {
		names[i] = m.name
	}
	return strings.Join(names, ",")
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
		return true, printLines(args[1], repeated)
	}
	if len(args) == 3 && args[0] == "lines" {
		if of := sort(args[2]); of == repeated || of == distinct || of == described {
			return true, printLines(args[1], of)
		}
		return false, fmt.Errorf("lines %s: there are %s, %s, %s", args[2], repeated, distinct, described)
	}
	var o options
	flags := flag.NewFlagSet("bench", flag.ExitOnError)
	flags.IntVar(&o.lines, "lines", 1_000_000, "lines to screen against the clock")
	flags.IntVar(&o.more, "more", 10_000_000, "lines to screen for memory alone; 0: leave it out")
	flags.IntVar(&o.parts, "parts", treeParts, "parts of the structure to roll up")
	flags.IntVar(&o.links, "links", treeLinks, "links between them")
	flags.IntVar(&o.names, "names", 1_000_000, "names of a customer file to screen against the lists of parties; 0: leave it out")
	flags.StringVar(&o.parties, "parties", filepath.Join("..", "..", "shared", "data", "parties"), "folder of the lists of parties and of labelled queries")
	flags.IntVar(&o.decisions, "decisions", 100_000, "penalty decisions of a folder to read; 0: leave it out")
	flags.StringVar(&o.texts, "texts", filepath.Join("..", "internal", "ingest", "decision", "testdata"), "folder of the decisions that those files repeat")
	flags.IntVar(&o.flows, "flows", 11_300_000, "rows of a BACI file to total")
	flags.IntVar(&o.fleetMore, "fleet-more", 0, "lines that the fleet screens beyond -lines, such as 10000000; 0: leave it out")
	flags.IntVar(&o.faultLines, "fault-lines", 1_000_000, "lines that a fleet answers while its parts fail")
	flags.DurationVar(&o.faultPause, "fault-pause", time.Minute, "how long a worker of it is stopped meanwhile")
	flags.IntVar(&o.repeat, "repeat", 3, "runs of each screening; the median counts")
	only := flags.String("only", measureNames(), "what to measure")
	_ = flags.Parse(args) // ExitOnError

	var t table
	fmt.Printf("%s, %s/%s, %d cores\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	for _, name := range strings.Split(*only, ",") {
		at := slices.IndexFunc(measures, func(m measure) bool { return m.name == name })
		if at < 0 {
			return false, fmt.Errorf("-only %s: there are %s", name, measureNames())
		}
		if err := measures[at].run(&t, o); err != nil {
			return false, fmt.Errorf("%s: %w", name, err)
		}
	}
	t.print(os.Stdout)
	return t.met(), nil
}

func printLines(count string, of sort) error {
	n, err := strconv.Atoi(count)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(os.Stdout)
	if err := writeLines(w, n, of); err != nil {
		return err
	}
	return w.Flush()
}
