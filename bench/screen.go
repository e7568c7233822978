package main

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"time"
)

// cores is what the bars are set for.
const cores = 2

// benchScreen runs the built program on a file of lines, as a user would. The baseline reads the same file and writes it again, row by row,
// with encoding/csv: the least that a program that answers each row must do.
func benchScreen(t *table, o options) error {
	dir, err := os.MkdirTemp("", "lodestone-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary, err := build(dir)
	if err != nil {
		return err
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
	var peak float64 // of the realistic lines
	for _, of := range []sort{repeated, distinct, described} {
		p, err := benchLines(t, o, dir, binary, of)
		if err != nil {
			return err
		}
		if of == repeated {
			peak = p
		}
	}
	t.note("Goods of realistic lines repeat; distinct and described lines never do, though what is read of them does. Rows that say the same are answered once. "+
		"The program has %d "+
		"cores, the baseline uses one: its ratio of processor times is the higher. Where the machine has other work, processor time tells more.", cores)
	if o.more == 0 {
		return nil
	}
	name, err := linesFile(dir, o.more, repeated)
	if err != nil {
		return err
	}
	more, err := screen(binary, name)
	if err != nil {
		return err
	}
	// Memory that does not grow may still breathe with the collector.
	t.add(row{"screen " + thousands(o.more) + " lines", megabytes, more.peak, "at " + thousands(o.lines), peak, bar{1.25, "ratio"}})
	return nil
}

// benchLines adds the figures for a sort of lines, and returns the peak of memory.
func benchLines(t *table, o options, dir, binary string, of sort) (peak float64, err error) {
	name, err := linesFile(dir, o.lines, of)
	if err != nil {
		return 0, err
	}
	ours, base, err := race(binary, name, o.repeat)
	if err != nil {
		return 0, err
	}
	most := bar{}
	switch of {
	case repeated:
		most = bar{4, "ratio"}
	case described:
		most = bar{8, "ratio"}
	}
	what := "screen " + thousands(o.lines) + " " + string(of) + " lines"
	t.add(row{what, seconds, ours.wall, "encoding/csv copies them", base.wall, most})
	t.add(row{what + ", processor", seconds, ours.cpu, "encoding/csv copies them", base.cpu, bar{}})
	t.add(row{what, megabytes, ours.peak, "", 0, bar{256, "ours"}})
	return ours.peak, nil
}

// cost is what a run took: seconds on the wall and of the processors, and peak memory in MB.
type cost struct{ wall, cpu, peak float64 }

// race lets the program and the baseline take turns, and gives the median of each: by wall time, with the highest peak.
func race(binary, name string, repeat int) (ours, base cost, err error) {
	var screened, copied []cost
	for range max(1, repeat) {
		s, err := screen(binary, name)
		if err != nil {
			return ours, base, err
		}
		c, err := copyRows(name)
		if err != nil {
			return ours, base, err
		}
		screened, copied = append(screened, s), append(copied, c)
	}
	return median(screened), median(copied), nil
}

func median(runs []cost) cost {
	slices.SortFunc(runs, func(a, b cost) int { return cmp.Compare(a.wall, b.wall) })
	m := runs[len(runs)/2]
	for _, r := range runs {
		m.peak = max(m.peak, r.peak)
	}
	return m
}

func build(dir string) (string, error) {
	binary := filepath.Join(dir, "lodestone")
	c := exec.Command("go", "build", "-o", binary, "./cmd/lodestone")
	c.Dir = ".."
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return binary, nil
}

func linesFile(dir string, n int, of sort) (string, error) {
	f, err := os.Create(filepath.Join(dir, "lines.csv"))
	if err != nil {
		return "", err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	err = writeLines(w, n, of)
	if err == nil {
		err = w.Flush()
	}
	if errClose := f.Close(); err == nil {
		err = errClose
	}
	return f.Name(), err
}

// screen runs the program over a file.
func screen(binary, name string) (cost, error) {
	return program(binary, "screen", name, "--on", "2026-10-01")
}

// program runs a command of the program whose answers nobody reads.
func program(binary string, args ...string) (cost, error) {
	return runProgram(cores, binary, append(args, "--output", "jsonl", "--out", os.DevNull, "--quiet")...)
}

// runProgram runs the program on some cores.
func runProgram(cores int, binary string, args ...string) (cost, error) {
	c := exec.Command(binary, args...)
	c.Env = append(os.Environ(), fmt.Sprintf("GOMAXPROCS=%d", cores))
	c.Stderr = os.Stderr
	from := time.Now()
	if err := c.Start(); err != nil {
		return cost{}, err
	}
	done := make(chan error, 1)
	go func() { done <- c.Wait() }()
	peak, err := watch(c.Process.Pid, done)
	spent := cost{wall: time.Since(from).Seconds(), peak: peak}
	if s := c.ProcessState; s != nil {
		spent.cpu = (s.UserTime() + s.SystemTime()).Seconds()
	}
	return spent, err
}

// copyRows is the baseline of screening.
func copyRows(name string) (cost, error) {
	from, cpu := time.Now(), processor()
	in, err := os.Open(name)
	if err != nil {
		return cost{}, err
	}
	defer in.Close()
	out, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return cost{}, err
	}
	defer out.Close()
	err = copyAll(csv.NewWriter(out), csv.NewReader(in))
	return cost{wall: time.Since(from).Seconds(), cpu: processor() - cpu}, err
}

func copyAll(w *csv.Writer, r *csv.Reader) error {
	r.ReuseRecord = true
	for {
		record, err := r.Read()
		if err == io.EOF {
			w.Flush()
			return w.Error()
		}
		if err != nil {
			return err
		}
		if err := w.Write(record); err != nil {
			return err
		}
	}
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
