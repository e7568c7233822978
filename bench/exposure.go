package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"lodestone/internal/app"
	"lodestone/internal/exposure"
	"lodestone/internal/ingest/trade"
)

// benchExposure reads a BACI file of the size of a full year and totals it by exporter and line, as a user would, beside a plain reader that
// does the same with encoding/csv and a map; and makes the sheet of one country for eleven lines from the carried data, beside encoding/csv
// reading the same flows from compressed text.
func benchExposure(t *table, o options) error {
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
	if err := benchTotals(t, o, dir, binary); err != nil {
		return err
	}
	return benchSheet(t, o)
}

func benchTotals(t *table, o options, dir, binary string) error {
	name := filepath.Join(dir, "BACI_HS17_Y2024_V202601.csv")
	rows, err := flowsFile(name, o.flows)
	if err != nil {
		return err
	}
	var ours, base []cost
	for range max(1, o.repeat) {
		mine, err := load(binary, name)
		if err != nil {
			return err
		}
		from, cpu := time.Now(), processor()
		if _, err := plainTotals(name); err != nil {
			return err
		}
		ours, base = append(ours, mine), append(base, cost{wall: time.Since(from).Seconds(), cpu: processor() - cpu})
	}
	mine, plain := median(ours), median(base)
	what := "total " + thousands(rows) + " BACI rows"
	t.add(row{what, seconds, mine.wall, "encoding/csv and a map", plain.wall, bar{1.5, "ours"}})
	t.add(row{what + ", processor", seconds, mine.cpu, "encoding/csv and a map", plain.cpu, bar{}})
	t.add(row{what, megabytes, mine.peak, "", 0, bar{100, "ours"}})
	return nil
}

// flowsFile writes the flows of 2024 that the program carries again and again, to n rows.
func flowsFile(name string, n int) (int, error) {
	block, rows, err := flowsOfYear()
	if err != nil {
		return 0, err
	}
	f, err := os.Create(name)
	if err != nil {
		return 0, err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	fmt.Fprintln(w, "t,i,j,k,v,q")
	written := 0
	for ; written+rows <= n || written == 0; written += rows {
		w.Write(block)
	}
	err = w.Flush() // keeps the first error of the writes
	if errClose := f.Close(); err == nil {
		err = errClose
	}
	return written, err
}

// flowsOfYear is the text of the carried flows of 2024 as BACI prints them.
func flowsOfYear() ([]byte, int, error) {
	l, err := trade.OpenLibrary("")
	if err != nil {
		return nil, 0, err
	}
	codes, err := l.Codes()
	if err != nil {
		return nil, 0, err
	}
	flows, _, err := l.Flows(trade.NameFlows, nil)
	if err != nil {
		return nil, 0, err
	}
	number := map[string]int{}
	for n := range 1000 {
		if code, ok := codes.ByNumeric(n); ok {
			number[code] = n
		}
	}
	var b bytes.Buffer
	for _, f := range flows {
		mass := ""
		if exposure.Known(f.Mass) {
			mass = strconv.FormatFloat(f.Mass, 'f', 3, 64)
		}
		fmt.Fprintf(&b, "%d,%d,%d,%s,%.3f,%s\n", f.Year, number[f.From], number[f.To], f.Line, f.Value/1000, mass)
	}
	return b.Bytes(), len(flows), nil
}

// load runs the program over a flow file.
func load(binary, name string) (cost, error) { return program(binary, "exposure", "load", name) }

// exporterLine is what a total is kept by.
type exporterLine struct{ exporter, line string }

// plainTotals is the baseline: encoding/csv, strconv and a map.
func plainTotals(name string) (map[exporterLine]float64, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(bufio.NewReaderSize(f, 1<<20))
	r.ReuseRecord = true
	if _, err := r.Read(); err != nil {
		return nil, err
	}
	totals := map[exporterLine]float64{}
	for {
		record, err := r.Read()
		if err == io.EOF {
			return totals, nil
		}
		if err != nil {
			return nil, err
		}
		v, err := strconv.ParseFloat(record[4], 64)
		if err != nil {
			return nil, err
		}
		key := exporterLine{record[1], record[3]}
		if _, ok := totals[key]; !ok {
			key = exporterLine{strings.Clone(record[1]), strings.Clone(record[3])}
		}
		totals[key] += 1000 * v
	}
}

// sheetLines are the eleven lines of the sheet.
var sheetLines = []string{"850511", "810411", "811292", "810194", "811010", "720292", "282200", "280469", "283691", "251110", "250490"}

// benchSheet opens the carried data anew each time, as a first question does.
func benchSheet(t *table, o options) error {
	book, err := embedded()
	if err != nil {
		return err
	}
	texts, err := sheetTexts()
	if err != nil {
		return err
	}
	var ours, base []cost
	for range max(3, o.repeat) {
		from, cpu := time.Now(), processor()
		e, err := app.NewExposure("", book.Vocab, "en")
		if err != nil {
			return err
		}
		if _, err := e.Sheet(app.SheetQuestion{Importer: "KR", Supplier: "CN", Minerals: sheetLines, Year: 2024}); err != nil {
			return err
		}
		ours = append(ours, cost{wall: time.Since(from).Seconds(), cpu: processor() - cpu})
		from, cpu = time.Now(), processor()
		for _, text := range texts {
			if err := readText(text); err != nil {
				return err
			}
		}
		base = append(base, cost{wall: time.Since(from).Seconds(), cpu: processor() - cpu})
	}
	mine, plain := median(ours), median(base)
	const what, beside = "sheet of one country, eleven lines", "encoding/csv reads its flows"
	t.add(row{what, nanoseconds, 1e9 * mine.wall, beside, 1e9 * plain.wall, bar{100e6, "ours"}})
	t.add(row{what + ", processor", nanoseconds, 1e9 * mine.cpu, beside, 1e9 * plain.cpu, bar{}})
	return nil
}

// sheetTexts are the flows that the sheet is made of as compressed CSV, which is how they are published.
func sheetTexts() (texts [][]byte, err error) {
	l, err := trade.OpenLibrary("")
	if err != nil {
		return nil, err
	}
	for _, set := range []string{trade.NameFlows, trade.NamePanel} {
		flows, _, err := l.Flows(set, sheetLines)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		w := csv.NewWriter(z)
		for _, f := range flows {
			w.Write([]string{strconv.Itoa(f.Year), f.From, f.To, f.Line, strconv.FormatFloat(f.Value, 'f', -1, 64), strconv.FormatFloat(f.Mass, 'f', -1, 64)})
		}
		w.Flush() // a buffer takes all
		if err := z.Close(); err != nil {
			return nil, err
		}
		texts = append(texts, b.Bytes())
	}
	return texts, nil
}

// readText is the baseline of the sheet: its flows read by encoding/csv, and nothing more.
func readText(text []byte) error {
	z, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		return err
	}
	r := csv.NewReader(z)
	r.ReuseRecord = true
	for {
		if _, err := r.Read(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}
