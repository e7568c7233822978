package main

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
)

// startRuns is how often the program is started; the median counts.
const startRuns = 21

// benchStart starts the program for one line. The baseline prints help: what the process and its libraries cost before any law is read.
func benchStart(t *table, _ options) error {
	dir, err := os.MkdirTemp("", "lodestone-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary, err := build(dir)
	if err != nil {
		return err
	}
	name := filepath.Join(dir, "line.csv")
	for _, line := range []struct{ what, text string }{
		{"one line", "description,from,destination,ship_date\nisostatic graphite 99.995%,CN,US,2026-10-01\n"},
		{"one line with an end user", "description,from,destination,ship_date,end_user\nisostatic graphite 99.995%,CN,US,2026-10-01,Example Optics Ltd\n"},
	} {
		if err := os.WriteFile(name, []byte(line.text), 0o600); err != nil {
			return err
		}
		ours, help := make([]cost, startRuns), make([]cost, startRuns)
		for i := range ours {
			if help[i], err = runProgram(cores, binary, "--help"); err != nil {
				return err
			}
			if ours[i], err = program(binary, "screen", name); err != nil {
				return err
			}
		}
		t.add(row{"start: screen " + line.what, seconds, median(ours).wall, "print help", median(help).wall, bar{0.06, "ours"}})
		t.add(row{"start: screen " + line.what + ", processor", seconds, leastCPU(ours), "print help", leastCPU(help), bar{}})
	}
	return nil
}

func leastCPU(runs []cost) float64 {
	return slices.MinFunc(runs, func(a, b cost) int { return cmp.Compare(a.cpu, b.cpu) }).cpu
}
