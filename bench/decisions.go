package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"
)

// fewDecisions is the smaller folder, whose memory the larger one is held against.
const fewDecisions = 10_000

// perFolder is how many files stand in one folder: file systems are slow with more.
const perFolder = 1000

// benchDecisions has the built program read a folder of penalty decisions, as an analyst would. The baseline reads the same files and writes each
// again: the least that a program that looks at each must do.
func benchDecisions(t *table, o options) error {
	if o.decisions == 0 {
		return nil
	}
	dir, err := os.MkdirTemp("", "lodestone-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary, err := build(dir)
	if err != nil {
		return err
	}
	texts, err := decisionTexts(o.texts)
	if err != nil {
		return err
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
	var few cost
	for _, n := range []int{min(fewDecisions, o.decisions), o.decisions} {
		files := filepath.Join(dir, fmt.Sprint(n))
		size, err := writeDecisions(files, n, texts)
		if err != nil {
			return err
		}
		base, err := copyFiles(files, filepath.Join(dir, "copy"))
		if err != nil {
			return err
		}
		ours, err := program(binary, "enforcement", "read", files)
		if err != nil {
			return err
		}
		what := "read " + thousands(n) + " decisions"
		t.add(row{what + ", each", nanoseconds, ours.wall / float64(n) * 1e9, "copying the files", base.wall / float64(n) * 1e9, bar{}})
		t.add(row{what + ", each, processor", nanoseconds, ours.cpu / float64(n) * 1e9, "copying the files", base.cpu / float64(n) * 1e9, bar{mostProcessor, "ours"}})
		if few.peak == 0 {
			few = ours
			t.add(row{what, megabytes, ours.peak, "", 0, bar{}})
		} else {
			t.add(row{what, megabytes, ours.peak, "at " + thousands(fewDecisions), few.peak, bar{1.25, "ratio"}})
		}
		t.note("%s decisions of %d bytes each: %.0f documents a second on %d cores; copied one by one, %.0f a second.", thousands(n), size/n, float64(n)/ours.wall, cores, float64(n)/base.wall)
		if err := os.RemoveAll(files); err != nil {
			return err
		}
	}
	return nil
}

// mostProcessor is what 5,000 documents a second leave for each on two cores that do nothing else. The wall says less where a machine has other work.
const mostProcessor = cores * 1e9 / 5000

func decisionTexts(folder string) (texts [][]byte, err error) {
	names, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		texts = append(texts, b)
	}
	if texts == nil {
		return nil, fmt.Errorf("no texts (*.txt) in %s", folder)
	}
	return texts, nil
}

// writeDecisions fills a folder with files, no two of them alike, and says how many bytes they have.
func writeDecisions(folder string, n int, texts [][]byte) (size int, err error) {
	for i := range n {
		sub := filepath.Join(folder, fmt.Sprintf("%03d", i/perFolder))
		if i%perFolder == 0 {
			if err := os.MkdirAll(sub, 0o700); err != nil {
				return 0, err
			}
		}
		text := fmt.Appendf(slices.Clone(texts[i%len(texts)]), "\n%d\n", i)
		if err := os.WriteFile(filepath.Join(sub, fmt.Sprintf("d%06d.txt", i)), text, 0o600); err != nil {
			return 0, err
		}
		size += len(text)
	}
	return size, nil
}

// copyFiles is the baseline: each file is read whole and written again, one after the other.
func copyFiles(from, to string) (cost, error) {
	names, err := filepath.Glob(filepath.Join(from, "*", "*.txt"))
	if err != nil {
		return cost{}, err
	}
	if err := os.MkdirAll(to, 0o700); err != nil {
		return cost{}, err
	}
	defer os.RemoveAll(to)
	start, cpu := time.Now(), processor()
	for i, name := range names {
		if err := copyFile(name, filepath.Join(to, fmt.Sprint(i%perFolder))); err != nil {
			return cost{}, err
		}
	}
	return cost{wall: time.Since(start).Seconds(), cpu: processor() - cpu}, nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if errClose := out.Close(); err == nil {
		err = errClose
	}
	return err
}
