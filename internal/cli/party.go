package cli

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lodestone/internal/app"
	"lodestone/internal/ingest/parties"
	"lodestone/internal/ingest/tables"
	"lodestone/internal/law"
	"lodestone/internal/party"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

type partyCmd struct {
	Search  partySearchCmd  `cmd:"" help:"Look for names on lists of parties."`
	Screen  partyScreenCmd  `cmd:"" help:"Look for the names of a file on lists of parties."`
	Compare partyCompareCmd `cmd:"" help:"Score pairs of names of a file."`
	Clear   partyClearCmd   `cmd:"" help:"Write the hits of answers as cleared hits, for one reason."`
	Refresh partyRefreshCmd `cmd:"" help:"Replace the lists of a folder by newer ones, if these are whole."`
	End     partyEndCmd     `cmd:"" help:"Take a party list out of an instance; its file stays for the answers that rest on it."`
	History partyHistoryCmd `cmd:"" help:"Show what refreshes of a folder of lists have changed."`
	Lists   partyListsCmd   `cmd:"" help:"Show which lists are loaded, how old they are and how many parties they hold."`
}

// listFlags name the lists of a question.
type listFlags struct {
	atFlags
	List      []string `help:"List file, or a folder of them: CSL, OFAC, EU, UN, UK, FollowTheMoney, CSV (default: the lists that the law carries). May be repeated." placeholder:"FILE" sep:"none"`
	Ownership string   `help:"CSV or JSON Lines of holdings: owner,owned and, where known, percent,from,to." placeholder:"FILE"`
	Indexes   string   `help:"Folder that keeps prebuilt indexes of lists; none: keep none (default: the user's cache folder)." placeholder:"DIR"`
	Cleared   string   `help:"CSV of hits that were set aside: query,list,name,matched_name,measure,reason,by,until." placeholder:"FILE"`
}

// load reads the lists. The law is needed only where no list is given, or where its rules on ownership are asked for. Threshold is the least score
// with which an owner may be a listed party.
func (f listFlags) load(r *run, threshold float64) (*app.Parties, *app.PartyQuestion, error) {
	files, err := listFiles(f.List)
	if err != nil {
		return nil, nil, exit{exitUse, err}
	}
	book := &law.Book{}
	if len(files) == 0 || f.Ownership != "" {
		if book, err = r.book(); err != nil {
			return nil, nil, err
		}
	}
	at, err := f.at(r, book)
	if err != nil {
		return nil, nil, err
	}
	p, err := app.LoadParties(files, book, r.env.Today, indexFolder(f.Indexes), r.flags.Lang)
	if err != nil {
		return nil, nil, exit{exitUse, err}
	}
	q := &app.PartyQuestion{Parties: p, At: at, Threshold: threshold, Text: r.format() == "table"}
	if q.Ownership, err = r.ownership(f.Ownership, book, p, threshold); err != nil {
		return nil, nil, err
	}
	if f.Cleared != "" {
		rows, end, err := r.rows(f.Cleared, app.ClearedColumns, "query")
		if err != nil {
			return nil, nil, err
		}
		defer end()
		if q.Cleared, err = app.ReadCleared(rows); err != nil {
			return nil, nil, use("%s: %v", f.Cleared, err)
		}
		if n := q.Cleared.Expired(at.Effective); n > 0 && !r.flags.Quiet {
			fmt.Fprintf(r.env.Err, "lodestone: note: %d of %d cleared hits in %s have expired and are back\n", n, len(q.Cleared), f.Cleared)
		}
	}
	return p, q, nil
}

// indexFolder is the folder of prebuilt indexes; empty: none.
func indexFolder(flag string) string {
	if flag == "none" {
		return ""
	}
	if flag != "" {
		return flag
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "lodestone", "indexes")
}

// ownership reads a file of holdings and names the rows that it sets aside; no name is none.
func (r *run) ownership(name string, book *law.Book, lists *app.Parties, threshold float64) (*app.Ownership, error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, exit{exitUse, err}
	}
	defer f.Close()
	o, err := app.LoadOwnership(name, f, book, lists, r.flags.Lang, threshold)
	if err != nil {
		return nil, exit{exitUse, err}
	}
	for _, p := range o.Problems {
		r.refused(p)
	}
	for _, note := range o.Notes {
		fmt.Fprintln(r.env.Err, "lodestone: note:", note)
	}
	return o, nil
}

// listFiles opens folders up into their files, in the order of their names.
func listFiles(names []string) (files []parties.File, err error) {
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			return nil, err
		}
		all := []string{name}
		if info.IsDir() {
			entries, err := os.ReadDir(name)
			if err != nil {
				return nil, err
			}
			all = nil
			for _, e := range entries {
				if e.Type().IsRegular() && !strings.HasPrefix(e.Name(), ".") {
					all = append(all, filepath.Join(name, e.Name()))
				}
			}
			if all == nil {
				return nil, fmt.Errorf("%s: no file in this folder", name)
			}
			slices.Sort(all)
		}
		for _, path := range all {
			files = append(files, parties.File{Name: path, Open: func() (io.ReadCloser, error) { return os.Open(path) }})
		}
	}
	return files, nil
}

// scoreFlags say what counts as a hit.
type scoreFlags struct {
	Threshold float64 `help:"Least score of a hit, 0 to 1." default:"${threshold}" placeholder:"SCORE"`
	Limit     int     `help:"Most hits for a name." default:"10" placeholder:"N"`
}

func (f scoreFlags) check() error {
	if f.Threshold <= 0 || f.Threshold > 1 {
		return use("--threshold: %v is no score; give more than 0 and at most 1", f.Threshold)
	}
	if f.Limit < 1 || f.Limit > 1000 {
		return use("--limit: %d; give 1 to 1000", f.Limit)
	}
	return nil
}

// partyFormat checks the output format of the party commands.
func (r *run) partyFormat() error {
	if f := r.format(); f != "table" && f != "jsonl" {
		return use("output %q: this command prints table or jsonl", f)
	}
	return nil
}

type partySearchCmd struct {
	Names   []string `arg:"" help:"Names to look for."`
	Type    string   `help:"What the party is." enum:",person,organization,vessel,aircraft" default:"" placeholder:"TYPE"`
	Country string   `help:"Country of the party, two letters." placeholder:"COUNTRY"`
	Born    string   `help:"Day, month, year or range of years of birth." placeholder:"DATE"`
	Number  []string `help:"Identifier: IMO, LEI, USCC, passport, tail number. May be repeated." placeholder:"TEXT" sep:"none"`
	listFlags
	scoreFlags
}

func (c partySearchCmd) Run(r *run) error {
	if err := firstError(c.check(), r.partyFormat()); err != nil {
		return err
	}
	_, q, err := c.load(r, c.Threshold)
	if err != nil {
		return err
	}
	q.Limit = c.Limit
	var queries []party.Query
	for _, name := range c.Names {
		queries = append(queries, party.Query{Name: name, Type: party.Type(c.Type), Country: c.Country, Born: c.Born, Numbers: c.Number})
	}
	if err = r.write(func(w io.Writer) error { return q.Search(w, queries) }); err == nil && q.Ownership.SetAside() > 0 {
		return exit{exitRefused, nil}
	}
	return err
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

type partyScreenCmd struct {
	File string `arg:"" help:"File of names (id,name with optional type,country,aliases): CSV, XLSX, XLS, JSON Lines, Parquet; - is standard input."`
	listFlags
	scoreFlags
	rejectFlags
}

func (c partyScreenCmd) Run(r *run) error {
	if err := firstError(c.check(), r.partyFormat()); err != nil {
		return err
	}
	rows, close, err := r.rows(c.File, app.PartyColumns, "name", "query")
	if err != nil {
		return err
	}
	defer close()
	p, q, err := c.load(r, c.Threshold)
	if err != nil {
		return err
	}
	q.Limit = c.Limit
	refused, err := c.open(r, slices.Sorted(maps.Keys(app.PartyColumns)))
	if err != nil {
		return err
	}
	var sum app.PartySummary
	err = refused.close(r.write(func(w io.Writer) error {
		sum, err = q.Screen(rows, w, refused.add)
		return err
	}))
	if err == nil && !r.flags.Quiet {
		for _, note := range p.Notes() {
			fmt.Fprintln(r.env.Err, "lodestone: note:", note)
		}
		fmt.Fprintln(r.env.Err, report.Say(r.flags.Lang, "party.summary", "names", fmt.Sprint(sum.Rows), "hits", fmt.Sprint(sum.Hits),
			"least", fmt.Sprintf("%.2f", c.Threshold), "refused", fmt.Sprint(sum.Refused)))
	}
	sum.Refused += q.Ownership.SetAside()
	return partyVerdict(sum, err)
}

func partyVerdict(sum app.PartySummary, err error) error {
	if err == nil && sum.Refused > 0 {
		return exit{exitRefused, nil}
	}
	return err
}

// rows opens a file of names, or standard input.
func (r *run) rows(name string, columns map[string][]string, needed ...string) (*parties.Rows, func(), error) {
	in, shown, end := r.env.In, "standard input", func() {}
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, nil, exit{exitUse, err}
		}
		in, shown, end = f, name, func() { f.Close() }
	}
	rows, close, err := tables.OpenNamed(shown, in, columns, needed...)
	if err != nil {
		end()
		return nil, nil, exit{exitUse, err}
	}
	return rows, func() { close(); end() }, nil
}

type partyCompareCmd struct {
	File string `arg:"" help:"File of pairs (id,left,right): CSV, XLSX, XLS, JSON Lines, Parquet; - is standard input."`
	scoreFlags
	rejectFlags
}

func (c partyCompareCmd) Run(r *run) error {
	if err := firstError(c.check(), r.partyFormat()); err != nil {
		return err
	}
	rows, close, err := r.rows(c.File, app.PairColumns, "left")
	if err != nil {
		return err
	}
	defer close()
	refused, err := c.open(r, slices.Sorted(maps.Keys(app.PairColumns)))
	if err != nil {
		return err
	}
	var sum app.PartySummary
	err = refused.close(r.write(func(w io.Writer) error {
		sum, err = app.ComparePairs(rows, w, r.flags.Lang, c.Threshold, r.format() == "table", refused.add)
		return err
	}))
	return partyVerdict(sum, err)
}

type partyListsCmd struct{ listFlags }

func (c partyListsCmd) Run(r *run) error {
	p, _, err := c.load(r, party.DefaultThreshold)
	if err != nil {
		return err
	}
	lists := p.Lists()
	return r.write(func(w io.Writer) error {
		return printDocs(w, r.format(), lists, func() error { return report.WritePartyLists(w, lists, r.flags.Lang) })
	})
}

type partyClearCmd struct {
	Answers string  `arg:"" help:"Answers of party search or screen (JSON Lines) that somebody has looked into; - is standard input."`
	Reason  string  `help:"Why the hits are set aside." required:"" placeholder:"TEXT"`
	By      string  `help:"Who has looked into them." required:"" placeholder:"TEXT"`
	Until   string  `help:"Last day." required:"" placeholder:"DATE"`
	Under   float64 `help:"Only hits under this score." placeholder:"SCORE"`
}

func (c partyClearCmd) Run(r *run) error {
	until, err := when.ParseDate(c.Until)
	if err != nil {
		return use("--until: %v", err)
	}
	if strings.TrimSpace(c.Reason) == "" || strings.TrimSpace(c.By) == "" {
		return use("--reason and --by say why and by whom the hits are set aside")
	}
	in, shown := r.env.In, "standard input"
	if c.Answers != "-" {
		f, err := os.Open(c.Answers)
		if err != nil {
			return exit{exitUse, err}
		}
		defer f.Close()
		in, shown = f, c.Answers
	}
	n := 0
	err = r.write(func(w io.Writer) error {
		n, err = app.ClearHits(shown, in, w, c.Reason, c.By, until, c.Under)
		return err
	})
	if err == nil && !r.flags.Quiet {
		fmt.Fprintf(r.env.Err, "%d hits set aside until %s\n", n, until)
	}
	return err
}
