package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"lodestone/internal/problem"
)

// Reject is a row that was refused, as its file has it.
type Reject struct {
	problem.Problem
	Cells []ExtraField // headings and what stands under them; empty: the row could not be told into cells
}

// rejectColumns stand behind the columns of the file. The program knows none of them, so a mended file may keep them.
var rejectColumns = []string{"refused_other", "refused_file", "refused_line", "refused_column", "refused_because", "refused_remedy"}

// Rejects writes refused rows as CSV: the columns of their files and the reason, to be mended there and read again.
type Rejects struct {
	csv   *csv.Writer
	place map[string]int // of a heading
}

// NewRejects writes the heading line. What stands under other headings goes to refused_other.
func NewRejects(w io.Writer, headings []string) (*Rejects, error) {
	r := &Rejects{csv.NewWriter(w), map[string]int{}}
	line := append(append([]string{}, headings...), rejectColumns...)
	for i, h := range headings {
		r.place[h] = i
		line[i] = inert(h)
	}
	return r, r.write(line)
}

// Add writes a refused row.
func (r *Rejects) Add(x *Reject) error {
	n := len(r.place)
	line := make([]string, n+len(rejectColumns))
	var other []string
	for _, c := range x.Cells {
		if i, ok := r.place[c.Name]; ok {
			line[i] = inert(c.Value)
		} else if c.Value != "" {
			other = append(other, c.Name+"="+c.Value)
		}
	}
	at := ""
	if x.Line > 0 {
		at = strconv.Itoa(x.Line)
	}
	copy(line[n:], []string{inert(strings.Join(other, "; ")), inert(x.File), at, inert(x.Field), inert(x.Text), inert(x.Meant)})
	return r.write(line)
}

func (r *Rejects) write(line []string) error {
	if err := r.csv.Write(line); err != nil {
		return err
	}
	r.csv.Flush()
	return r.csv.Error()
}
