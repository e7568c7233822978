package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"lodestone/internal/app"
	"lodestone/internal/enforce"
	"lodestone/internal/problem"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

type enforcementCmd struct {
	Read     enforcementReadCmd     `cmd:"" help:"Read penalty decisions (text, HTML or PDF) into records, each value with its place in the text."`
	Report   enforcementReportCmd   `cmd:"" help:"The report on a folder of decisions: tables, charts, definitions, and earlier figures judged; as HTML, PDF, XLSX, CSV, Markdown."`
	Stats    enforcementStatsCmd    `cmd:"" help:"Count decisions and measure fines, each figure with its number and definition."`
	Audit    enforcementAuditCmd    `cmd:"" help:"Check published figures for arithmetic, and what would fit."`
	Estimate enforcementEstimateCmd `cmd:"" help:"What a case would cost: the band of the law and the range seen in collected decisions."`
	Add      enforcementAddCmd      `cmd:"" help:"Add records to a collection of your own; natural persons are masked."`
}

type enforcementReadCmd struct {
	Paths       []string `arg:"" help:"Files or folders."`
	KeepPersons bool     `help:"Keep the names of natural persons; otherwise they are 某."`
	rejectFlags
}

func (c enforcementReadCmd) Run(r *run) error {
	if f := r.flags.Output; f != "" && f != "jsonl" && f != "json" {
		return use("output %q: this command prints jsonl or json", f)
	}
	book, err := r.book()
	if err != nil {
		return err
	}
	reading := app.DecisionReading{Book: book, Lang: r.flags.Lang, KeepPersons: c.KeepPersons}
	if !r.flags.Quiet && r.env.Watched {
		bar := progressbar.NewOptions64(-1, progressbar.OptionSetWriter(r.env.Err), progressbar.OptionSetDescription("files"),
			progressbar.OptionShowIts(), progressbar.OptionThrottle(200*time.Millisecond), progressbar.OptionClearOnFinish())
		reading.Progress = func(done, all int) {
			bar.ChangeMax(all)
			_ = bar.Set(done)
		}
		defer bar.Finish()
	}
	refused, err := c.open(r, nil)
	if err != nil {
		return err
	}
	all, unread := 0, 0
	err = refused.close(r.write(func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		if r.flags.Output == "json" {
			e.SetIndent("", "  ")
		}
		unread, err = reading.Run(c.Paths, func(doc any) error {
			if bad, ok := doc.(*app.UnreadDecision); ok {
				refused.add(report.Reject{Problem: bad.Problem})
			}
			all++
			return e.Encode(doc)
		})
		return err
	}))
	if err == nil && !r.flags.Quiet {
		fmt.Fprintln(r.env.Err, report.Say(r.flags.Lang, "enforcement.read_all", "n", fmt.Sprint(all), "read", fmt.Sprint(all-unread), "refused", fmt.Sprint(unread)))
	}
	switch {
	case err != nil:
		return exit{exitUse, err}
	case unread > 0:
		return exit{exitRefused, nil}
	}
	return nil
}

// records loads files of records, or the collection that the program carries, and names the lines that cannot be read.
func (r *run) records(files []string) ([]enforce.Record, problem.List, error) {
	records, problems, err := app.LoadDecisions(files)
	if err != nil {
		return nil, nil, exit{exitUse, err}
	}
	for _, p := range problems {
		r.refused(p)
	}
	return records, problems, nil
}

// refusedSome is the exit code of an answer that is there, though some rows were refused.
func refusedSome(err error, problems problem.List) error {
	if err == nil && len(problems) > 0 {
		return exit{exitRefused, nil}
	}
	return err
}

type enforcementStatsCmd struct {
	Files []string `arg:"" optional:"" help:"Files of records (JSON Lines); default: the collection that the program carries."`
	statsFlags
}

// statsFlags say what is counted.
type statsFlags struct {
	By       []string `help:"Break down by period, class, category, customs, basis, leniency, conduct (default: all)." placeholder:"GROUPING"`
	Date     string   `help:"Date a case by its decision, publication or declaration." default:"decision" enum:"decision,publication,declaration"`
	Period   string   `help:"Length of a period: year, half, quarter." default:"half" enum:"year,half,quarter"`
	From     string   `help:"First day; cases without a date are left out." placeholder:"DATE"`
	To       string   `help:"Last day; cases without a date are left out." placeholder:"DATE"`
	KnownBy  string   `help:"The table as the collection stood on a day." placeholder:"DATE"`
	All      bool     `help:"Count decisions that are not export control as well."`
	Separate bool     `help:"Count pages, not cases: nothing is merged."`
	Apart    []string `help:"Records that stay cases of their own (undoes a merge)." placeholder:"ID"`
}

func (c statsFlags) question() (q enforce.Question, err error) {
	q = enforce.Question{By: c.By, Date: c.Date, Period: c.Period, All: c.All, Separate: c.Separate, Apart: c.Apart}
	for _, by := range c.By {
		if !slices.Contains(enforce.Groupings, by) {
			return q, use("--by: %q is none of %s", by, strings.Join(enforce.Groupings, ", "))
		}
	}
	for _, x := range []struct {
		flag, text string
		to         *when.Date
	}{{"--from", c.From, &q.From}, {"--to", c.To, &q.To}, {"--known-by", c.KnownBy, &q.KnownBy}} {
		if x.text == "" {
			continue
		}
		if *x.to, err = when.ParseDate(x.text); err != nil {
			return q, use("%s: %v", x.flag, err)
		}
	}
	return q, nil
}

func (c enforcementStatsCmd) Run(r *run) error {
	q, err := c.question()
	if err != nil {
		return err
	}
	tables, err := app.DecisionTables()
	if err != nil {
		return err
	}
	records, problems, err := r.records(c.Files)
	if err != nil {
		return err
	}
	s := enforce.Compute(tables, records, q)
	err = r.write(func(w io.Writer) error {
		switch r.format() {
		case "csv":
			return report.WriteStatsCSV(w, &s)
		case "html":
			return report.WriteStatsHTML(w, r.flags.Lang, &s)
		case "xlsx":
			return report.WriteStatsWorkbook(w, r.flags.Lang, &s)
		}
		return printDocs(w, r.format(), []enforce.Stats{s}, func() error { return report.WriteStats(w, r.flags.Lang, &s) })
	})
	return refusedSome(err, problems)
}

type enforcementAuditCmd struct {
	File string `arg:"" help:"Published figures (JSON; docs/enforcement.md); - is standard input."`
}

func (c enforcementAuditCmd) Run(r *run) error {
	in, name := r.env.In, "standard input"
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return exit{exitUse, err}
		}
		defer f.Close()
		in, name = f, c.File
	}
	findings, err := app.AuditFile(name, in, r.flags.Lang)
	if err != nil {
		return exit{exitUse, err}
	}
	return r.write(func(w io.Writer) error {
		return printDocs(w, r.format(), findings, func() error { return report.WriteFindings(w, r.flags.Lang, findings) })
	})
}

type enforcementEstimateCmd struct {
	Files    []string `arg:"" optional:"" help:"Files of records to compare with; default: the collection that the program carries."`
	Conduct  []string `help:"What was done, main conduct first: no_licence, misdeclared_name, smuggling …" placeholder:"CONDUCT"`
	Value    string   `help:"Value of the goods in yuan." placeholder:"YUAN"`
	Basis    []string `help:"Article: an id (ecl-34-1) or a law and an article (出口管制法 34)." placeholder:"ARTICLE" sep:"none"`
	Class    string   `help:"Class of the goods: dual_use, military, restricted_or_prohibited." placeholder:"CLASS"`
	Category string   `help:"Shelf of goods: graphite, rare_earth_magnet, rare_metals …" placeholder:"SHELF"`
	Ground   []string `help:"Ground of leniency that is claimed: voluntary_report_to_customs, cooperated …" placeholder:"GROUND"`
	On       string   `help:"Day of the act (default: today)." placeholder:"DATE"`
}

func (c enforcementEstimateCmd) facts(r *run) (f enforce.Facts, err error) {
	f = enforce.Facts{Conduct: c.Conduct, Basis: c.Basis, Class: c.Class, Category: c.Category, Grounds: c.Ground, On: r.env.Today}
	if len(c.Conduct)+len(c.Basis) == 0 {
		return f, use("estimate: say what was done with --conduct, or under which article with --basis")
	}
	if c.On != "" {
		if f.On, err = when.ParseDate(c.On); err != nil {
			return f, use("--on: %v", err)
		}
	}
	if c.Value != "" {
		n, err := enforce.ParseNumber(strings.ReplaceAll(c.Value, ",", ""))
		if err != nil || n.Sign() < 0 {
			return f, use("--value: %q is no sum of yuan", c.Value)
		}
		f.Value = &n
	}
	return f, nil
}

func (c enforcementEstimateCmd) Run(r *run) error {
	f, err := c.facts(r)
	if err != nil {
		return err
	}
	tables, err := app.DecisionTables()
	if err != nil {
		return err
	}
	records, problems, err := r.records(c.Files)
	if err != nil {
		return err
	}
	o, err := enforce.Estimate(tables, records, f)
	if err != nil {
		return exit{exitUse, err}
	}
	err = r.write(func(w io.Writer) error {
		return printDocs(w, r.format(), []enforce.Outlook{o}, func() error { return report.WriteOutlook(w, r.flags.Lang, &o) })
	})
	return refusedSome(err, problems)
}

type enforcementAddCmd struct {
	Files []string `arg:"" help:"Files of records, as enforcement read prints them."`
	To    string   `required:"" help:"Collection file; made if it is not there." placeholder:"FILE"`
	Frame string   `required:"" help:"How the records were found: offices, months searched, method." placeholder:"NAME"`
	Seen  string   `help:"Day on which they were seen (default: today)." placeholder:"DATE"`
	rejectFlags
}

func (c enforcementAddCmd) Run(r *run) error {
	seen := r.env.Today
	if c.Seen != "" {
		d, err := when.ParseDate(c.Seen)
		if err != nil {
			return use("--seen: %v", err)
		}
		seen = d
	}
	records, problems, err := app.LoadDecisions(c.Files)
	if err != nil {
		return exit{exitUse, err}
	}
	refused, err := c.open(r, nil)
	if err != nil {
		return err
	}
	for _, p := range problems {
		refused.add(report.Reject{Problem: p})
	}
	added, err := app.AddDecisions(c.To, c.Frame, seen, records)
	if err != nil {
		return refused.close(exit{exitUse, err})
	}
	added.Refused = len(problems)
	err = r.write(func(w io.Writer) error {
		return printDocs(w, r.format(), []app.Added{added}, func() error {
			_, err := fmt.Fprintln(w, report.Say(r.flags.Lang, "enforcement.added", "new", fmt.Sprint(added.New), "again", fmt.Sprint(added.Again),
				"refused", fmt.Sprint(added.Refused), "n", fmt.Sprint(added.New+added.Again+added.Refused)))
			return err
		})
	})
	return refusedSome(refused.close(err), problems)
}
