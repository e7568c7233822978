package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"lodestone/internal/app"
	"lodestone/internal/bom"
	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/party"
	"lodestone/internal/problem"
	"lodestone/internal/report"
	"lodestone/internal/vocab"
)

type screenCmd struct {
	Files []string `arg:"" optional:"" help:"Item files: CSV, XLSX, XLS, JSON Lines, Parquet, declarations; - is standard input."`
	Item  string   `help:"One item instead of files: column=value pairs parted by semicolons." placeholder:"TEXT"`
	questionFlags
	Ownership string   `help:"Holdings: CSV or JSON Lines with owner,owned and, where known, percent,from,to." placeholder:"FILE"`
	Asks      string   `help:"Write the open questions to this Excel workbook, a sheet for each supplier." placeholder:"FILE.xlsx"`
	Answers   []string `help:"Workbooks of --asks that came back filled in." placeholder:"FILE.xlsx" sep:"none"`
	tableFlags
	rejectFlags
	dossierFlags
	FailOn string `help:"Exit with 3 where an outcome, or what it may be, is at or above this." placeholder:"OUTCOME"`
	Fleet  bool   `help:"Answer with many workers: those that listen to --nats, or a pool in this process. The output is the same."`
	fleetFlags
}

// questionFlags say how rows are to be answered.
type questionFlags struct {
	FromCountry string `help:"Exporting country of rows that name none." placeholder:"COUNTRY"`
	Destination string `help:"Destination of rows that name none." placeholder:"COUNTRY"`
	On          string `help:"Effective day of rows that name none (default: today)." placeholder:"DATE"`
	KnownBy     string `help:"Knowledge date (default: the newest day that was assessed)." placeholder:"DATE"`
	Role        string `help:"Whose duties to print: exporter (default), agent, importer, end_user." placeholder:"ROLE"`
	Rates       string `help:"Rates between the currencies of parts: CSV with the columns from,to,rate." placeholder:"FILE"`
	Timeline    bool   `help:"Add the answer over time, as the law was known on the knowledge date."`
	Explain     bool   `help:"Add the whole trace of every requirement, and where answers to questions lead; in a table, all that a line rests on (as for --item)."`
}

// screening is what the flags ask for.
func (c questionFlags) screening(r *run, format report.Format) (*app.Screening, error) {
	book, err := r.book()
	if err != nil {
		return nil, err
	}
	at, err := atFlags{c.On, c.KnownBy}.at(r, book)
	if err != nil {
		return nil, err
	}
	s := &app.Screening{Book: book, From: c.FromCountry, Destination: c.Destination, On: at.Effective, Lang: r.flags.Lang,
		Role: c.Role, Explain: c.Explain, Timeline: c.Timeline, Format: format, Width: r.env.Width}
	if c.KnownBy != "" {
		s.KnownBy = at.KnownBy
	}
	if err := s.Check(); err != nil {
		return nil, exit{exitUse, err}
	}
	s.Rates, err = readRates(c.Rates, book.Vocab)
	return s, err
}

func (c screenCmd) Run(r *run) error {
	r.data = c.Data // the law installed there, as that of the commands of law
	if (c.Item == "") == (len(c.Files) == 0) {
		return use("screen: give files (- for standard input) or --item")
	}
	if c.Fleet && (c.Item != "" || c.asked(r)) {
		return use("screen: --fleet is for files and their answers; one item, or a dossier, is made by one process")
	}
	if c.Item != "" && c.Rejects != "" {
		return use("screen: --rejects is for files; what is wrong with --item is said at once")
	}
	if r.format() == string(report.XLSX) && r.env.Terminal && r.flags.Out == "" {
		return use("screen: a workbook is no text for a terminal; give --out FILE.xlsx")
	}
	if err := c.dossierFlags.check(r); err != nil {
		return err
	}
	failOn, err := c.failOn()
	if err != nil {
		return err
	}
	format := report.Format(r.format())
	if c.asked(r) {
		format = report.DossierRows
	}
	s, err := c.screening(r, format)
	if err != nil {
		return err
	}
	s.Explain = s.Explain || c.Item != "" && format == report.Table // one line leaves room to say all that it rests on
	if err := c.answers(r, s); err != nil {
		return err
	}
	if c.Ownership != "" {
		lists, err := app.LoadParties(nil, s.Book, r.env.Today, "", r.flags.Lang)
		if err != nil {
			return err
		}
		if s.Ownership, err = r.ownership(c.Ownership, s.Book, lists, party.DefaultThreshold); err != nil {
			return err
		}
	}
	var sum report.Summary
	if c.asked(r) {
		sum, err = c.dossier(r, s)
	} else if c.Item != "" {
		sum, err = c.item(r, s)
	} else {
		sum, err = c.files(r, s)
	}
	if err == nil {
		err = c.writeAsks(r, s, &sum)
	}
	if err != nil {
		return err
	}
	if err = verdict(sum, failOn); err == nil && s.Ownership.SetAside() > 0 {
		return exit{exitRefused, nil}
	}
	return err
}

func (c screenCmd) failOn() (law.Outcome, error) {
	if c.FailOn == "" {
		return law.Prohibited + 1, nil
	}
	o, ok := law.OutcomeOf(c.FailOn)
	if !ok {
		return 0, use("--fail-on: %q is no outcome; it is one of %s", c.FailOn, strings.Join(law.OutcomeWords(), ", "))
	}
	if o == law.Licence {
		o = law.GoodsLicence // a goods licence counts as a licence
	}
	return o, nil
}

// readRates reads a rate table; no name is none.
func readRates(name string, v *vocab.Vocab) (*bom.Rates, error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, exit{exitUse, err}
	}
	defer f.Close()
	rates, err := app.ReadRates(name, f, v)
	if err != nil {
		return nil, exit{exitUse, err}
	}
	return rates, nil
}

// verdict is the exit code of a screening that went through.
func verdict(sum report.Summary, failOn law.Outcome) error {
	switch {
	case sum.Worst >= failOn && sum.Rows > 0:
		return exit{exitFound, nil}
	case sum.Refused > 0:
		return exit{exitRefused, nil}
	}
	return nil
}

func (c screenCmd) item(r *run, s *app.Screening) (report.Summary, error) {
	columns, err := pairs(c.Item, s.Book.Vocab)
	if err != nil {
		return report.Summary{}, err
	}
	sum, problems, err := s.One(columns, r.write)
	for _, p := range problems {
		if !p.Warning || s.Format != report.Table { // a table shows warnings below the line
			fmt.Fprintln(r.env.Err, "lodestone:", p.Error())
		}
	}
	if err == nil && problems.Refusals() > 0 {
		err = exit{exitUse, nil}
	}
	return sum, err
}

// pairs reads "column=value; column=value". A semicolon begins a new pair only where the name or a heading of a column and an equals sign
// follow, so that a composition may hold semicolons. A name that is nearly that of a column is refused: as a part of the value before it,
// what it says would be lost.
func pairs(text string, v *vocab.Vocab) (map[string]string, error) {
	columns := map[string]string{}
	last := ""
	for _, part := range strings.Split(text, ";") {
		key, value, ok := strings.Cut(part, "=")
		name := strings.TrimSpace(key)
		if ok && isColumn(name, last, v) {
			if _, twice := columns[name]; twice {
				return nil, use("--item: %s is given twice", name)
			}
			columns[name], last = strings.TrimSpace(value), name
			continue
		}
		if last == "" {
			return nil, use("--item: %q is no column=value pair; for example --item \"description=graphite blocks; from=CN\"", strings.TrimSpace(part))
		}
		if meant := problem.Nearest(name, v.ColumnNames()); ok && meant != "" && last != "params" && last != "composition" {
			return nil, use("--item: %q is no column, did you mean %q?", name, meant)
		}
		columns[last] += ";" + part
	}
	return columns, nil
}

func (c screenCmd) files(r *run, s *app.Screening) (sum report.Summary, err error) {
	sources, err := c.tableFlags.open(r, c.Files, s.Book.Vocab)
	if err != nil {
		return sum, err
	}
	defer sources.close()
	if !r.flags.Quiet && r.env.Watched {
		bar := progressbar.NewOptions64(-1, progressbar.OptionSetWriter(r.env.Err), progressbar.OptionSetDescription("rows"),
			progressbar.OptionShowIts(), progressbar.OptionThrottle(200*time.Millisecond), progressbar.OptionClearOnFinish())
		s.Progress = func(rows int) { _ = bar.Set(rows) }
		defer bar.Finish()
	}
	refused, err := c.rejectFlags.open(r, sources.headings())
	if err != nil {
		return sum, err
	}
	s.Refused = refused.add
	screen := s.Run
	if c.Fleet {
		if screen, err = c.byFleet(r, s); err != nil {
			return sum, err
		}
	}
	err = refused.close(r.write(func(w io.Writer) error {
		sum, err = screen(sources.tables, w)
		return err
	}))
	if err == nil {
		sources.sayUnused(r)
	}
	if err == nil && !r.flags.Quiet && s.Format != report.Table {
		fmt.Fprintln(r.env.Err, sum.Text(r.flags.Lang))
	}
	return sum, err
}

// isColumn says whether a name begins a pair after the column last. Among parameters the name of one is no heading.
func isColumn(name, last string, v *vocab.Vocab) bool {
	if _, ok := fact.ColumnNumber(name); ok {
		return true
	}
	if _, ok := v.Param(name); ok && last == "params" {
		return false
	}
	_, ok := v.Column(name)
	return ok
}
