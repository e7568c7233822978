package app

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"strings"

	"lodestone/internal/exposure"
	"lodestone/internal/ingest/trade"
	"lodestone/internal/report"
)

// Load reads a file of any known layout and tells what came of it: rows kept, rows set aside and why, and totals by line where it holds flows.
// as names the layout (flows, comtrade, comext, usgs, monthly, wgi, suppliers, network); empty: the readers are tried in that order.
func (e *Exposure) Load(path, as string) (report.Loaded, error) {
	codes, err := e.Library.Codes()
	if err != nil {
		return report.Loaded{}, err
	}
	var first error
	for _, l := range layouts {
		if as != "" && as != l.name {
			continue
		}
		var doc report.Loaded
		err := trade.OpenFile(path, func(_ string, r io.Reader) (err error) {
			doc, err = l.read(e, path, r, codes)
			return err
		})
		if err == nil {
			return doc, nil
		}
		if first == nil {
			first = err
		}
		if as != "" || doc.Reading.Rows > 0 {
			return doc, err
		}
	}
	var names []string
	for _, l := range layouts {
		names = append(names, l.name)
	}
	if as != "" {
		return report.Loaded{}, fmt.Errorf("--as %q is no layout; there are: %s", as, strings.Join(names, ", "))
	}
	if errors.Is(first, fs.ErrNotExist) || errors.Is(first, fs.ErrPermission) {
		return report.Loaded{}, first
	}
	return report.Loaded{}, fmt.Errorf("%s: no reader knows its headings (%s); the layouts stand in docs/exposure.md", path, strings.Join(names, ", "))
}

var layouts = []struct {
	name string
	read func(e *Exposure, path string, r io.Reader, codes *trade.Codes) (report.Loaded, error)
}{
	{"flows", loadFlows},
	{"comtrade", func(_ *Exposure, path string, r io.Reader, codes *trade.Codes) (report.Loaded, error) {
		d, reading, err := trade.ReadComtrade(path, r, codes)
		return report.Loaded{Reading: reading, Lines: append(flowTotals(d.Imports, "imports"), flowTotals(d.Exports, "exports")...)}, err
	}},
	{"comext", func(_ *Exposure, path string, r io.Reader, _ *trade.Codes) (report.Loaded, error) {
		d, reading, err := trade.ReadComext(path, r)
		return report.Loaded{Reading: reading, Lines: append(flowTotals(d.Imports, "imports"), flowTotals(d.Exports, "exports")...)}, err
	}},
	{"usgs", func(_ *Exposure, path string, r io.Reader, _ *trade.Codes) (report.Loaded, error) {
		_, reading, err := trade.ReadUSGS(path, r)
		return report.Loaded{Reading: reading}, err
	}},
	{"monthly", func(_ *Exposure, path string, r io.Reader, codes *trade.Codes) (report.Loaded, error) {
		all, reading, err := trade.ReadMonthly(path, r, codes)
		var in, out []exposure.Flow
		for _, m := range all {
			if m.Imported {
				in = append(in, m.Flow)
			} else {
				out = append(out, m.Flow)
			}
		}
		return report.Loaded{Reading: reading, Lines: append(flowTotals(in, "imports"), flowTotals(out, "exports")...)}, err
	}},
	{"wgi", func(_ *Exposure, path string, r io.Reader, _ *trade.Codes) (report.Loaded, error) {
		_, reading, err := trade.ReadWGI(path, r)
		return report.Loaded{Reading: reading}, err
	}},
	{"suppliers", func(e *Exposure, path string, r io.Reader, _ *trade.Codes) (report.Loaded, error) {
		return loadOwn(e, path, r, func(text io.Reader, place func(string) (string, bool)) (trade.Reading, error) {
			_, reading, err := trade.ReadSuppliers(path, text, place)
			return reading, err
		})
	}},
	{"network", func(e *Exposure, path string, r io.Reader, _ *trade.Codes) (report.Loaded, error) {
		return loadOwn(e, path, r, func(text io.Reader, place func(string) (string, bool)) (trade.Reading, error) {
			_, reading, err := trade.ReadNetwork(path, text, place)
			return reading, err
		})
	}},
}

// loadOwn reads a table of a company's own, in any of its forms.
func loadOwn(e *Exposure, path string, r io.Reader, read func(text io.Reader, place func(string) (string, bool)) (trade.Reading, error)) (report.Loaded, error) {
	text, place, err := e.ownTable(path, r)
	if err != nil {
		return report.Loaded{}, err
	}
	reading, err := read(text, place)
	return report.Loaded{Reading: reading}, err
}

// loadFlows totals a flow file by line, with the largest exporter; files of millions of rows take no more memory than small ones.
func loadFlows(_ *Exposure, path string, r io.Reader, codes *trade.Codes) (report.Loaded, error) {
	totals, reading, err := trade.Totals(path, r, codes, runtime.GOMAXPROCS(0))
	doc := report.Loaded{Reading: reading}
	for i := 0; i < len(totals); {
		l := report.LoadedLine{Line: totals[i].Line, Side: "flows"}
		var parts []exposure.Part
		for ; i < len(totals) && totals[i].Line == l.Line; i++ {
			parts = append(parts, exposure.Part{Who: totals[i].Exporter, Amount: totals[i].Value})
			l.Rows += totals[i].Rows
			l.Tonnes += totals[i].Mass
		}
		doc.Lines = append(doc.Lines, loadedLine(l, parts))
	}
	return doc, err
}

func loadedLine(l report.LoadedLine, parts []exposure.Part) report.LoadedLine {
	k := exposure.Measure(parts, 0)
	l.Value, l.HHI, l.Top, l.TopShare = k.Total, k.HHI, k.Top, k.TopShare
	return l
}

// flowTotals adds flows up by line, in the order in which the lines are met.
func flowTotals(flows []exposure.Flow, side string) []report.LoadedLine {
	var lines []string
	at := map[string][]exposure.Flow{}
	for _, f := range flows {
		if at[f.Line] == nil {
			lines = append(lines, f.Line)
		}
		at[f.Line] = append(at[f.Line], f)
	}
	var out []report.LoadedLine
	for _, line := range lines {
		parts, _ := exposure.Origins(at[line], exposure.Select{}, exposure.ByValue)
		l := report.LoadedLine{Line: line, Side: side, Rows: len(at[line])}
		for _, f := range at[line] {
			if exposure.Known(f.Mass) {
				l.Tonnes += f.Mass
			}
		}
		out = append(out, loadedLine(l, parts))
	}
	return out
}
