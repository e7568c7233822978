package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// row is one figure. Against and base are empty where there is nothing to compare with.
type row struct {
	name    string
	unit    unit
	ours    float64
	against string
	base    float64
	bar     bar
}

// unit prints a figure.
type unit string

const (
	nanoseconds unit = "ns"
	seconds     unit = "s"
	megabytes   unit = "MB"
	allocations unit = "allocs"

	milliseconds unit = "ms"
	perSecond    unit = "a second"
)

func (u unit) print(v float64) string {
	switch {
	case u == seconds, u == milliseconds && v < 100:
		return fmt.Sprintf("%.2f %s", v, u)
	case u == nanoseconds && v >= 10_000:
		return fmt.Sprintf("%.1f µs", v/1000)
	}
	return fmt.Sprintf("%.0f %s", v, u)
}

// bar is the most that the figure, or its ratio to the baseline, may be, or the least that the figure may be.
type bar struct {
	limit float64
	of    string // "ours", "ratio", "least"; empty: no bar
}

func (r *row) ratio() float64 { return r.ours / r.base }

func (r *row) met() bool {
	switch r.bar.of {
	case "ours":
		return r.ours <= r.bar.limit
	case "ratio":
		return r.ratio() <= r.bar.limit
	case "least":
		return r.ours >= r.bar.limit
	}
	return true
}

func (r *row) cells() (baseline, ratio, limit string) {
	if r.against != "" {
		baseline, ratio = r.against+": "+r.unit.print(r.base), "-"
	}
	if r.base > 0 {
		ratio = fmt.Sprintf("%.3g", r.ratio())
	}
	switch r.bar.of {
	case "ours":
		limit = "<= " + r.unit.print(r.bar.limit)
	case "ratio":
		limit = fmt.Sprintf("ratio <= %.3g", r.bar.limit)
	case "least":
		limit = ">= " + r.unit.print(r.bar.limit)
	}
	if !r.met() {
		limit += "  MISSED"
	}
	return baseline, ratio, limit
}

// table collects figures, and notes that stand below them.
type table struct {
	rows  []row
	notes []string
}

func (t *table) add(r row) { t.rows = append(t.rows, r) }

func (t *table) note(format string, args ...any) {
	t.notes = append(t.notes, fmt.Sprintf(format, args...))
}

func (t *table) met() bool {
	for i := range t.rows {
		if !t.rows[i].met() {
			return false
		}
	}
	return true
}

func (t *table) print(w io.Writer) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "\nname\tours\tbaseline\tratio\tbar")
	for i := range t.rows {
		r := &t.rows[i]
		baseline, ratio, limit := r.cells()
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\n", r.name, r.unit.print(r.ours), baseline, ratio, limit)
	}
	_ = tw.Flush() // standard output; nobody is left to tell
	for _, n := range t.notes {
		fmt.Fprintf(w, "\n%s\n", n)
	}
}
