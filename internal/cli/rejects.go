package cli

import (
	"fmt"
	"slices"

	"lodestone/internal/problem"
	"lodestone/internal/report"
)

// rejectFlags name the file that refused rows go to.
type rejectFlags struct {
	Rejects string `help:"Write the refused rows, each with its reason, to this CSV file, to be mended there and read again." placeholder:"FILE.csv"`
}

// rejects says refused rows on standard error and, where a file is named, writes them there.
type rejects struct {
	run  *run
	out  *output // nil: no file is named
	file *report.Rejects
	err  error // the first of writing
}

// open begins the file; headings may name a column more than once.
func (f rejectFlags) open(r *run, headings []string) (*rejects, error) {
	x := &rejects{run: r}
	if f.Rejects == "" {
		return x, nil
	}
	if f.Rejects == "-" {
		return nil, use("--rejects: give a file; standard output is for the answers")
	}
	var distinct []string
	for _, h := range headings {
		if !slices.Contains(distinct, h) {
			distinct = append(distinct, h)
		}
	}
	var err error
	if x.out, err = r.outputTo(f.Rejects); err != nil {
		return nil, exit{exitUse, fmt.Errorf("--rejects: %w", err)}
	}
	x.file, x.err = report.NewRejects(x.out, distinct)
	return x, nil
}

// add takes a refused row.
func (x *rejects) add(row report.Reject) {
	x.run.refused(row.Problem)
	if x.file != nil && x.err == nil {
		x.err = x.file.Add(&row)
	}
}

// close ends the file; it is there only if all went well.
func (x *rejects) close(err error) error {
	if err == nil {
		err = x.err
	}
	if x.out == nil {
		return err
	}
	if end := x.out.close(err == nil); err == nil {
		err = end
	}
	return err
}

func (r *run) refused(p problem.Problem) {
	fmt.Fprintf(r.env.Err, "lodestone: %s: %s\n", report.Say(r.flags.Lang, "table.refused"), p.Error())
}
