package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"lodestone/internal/app"
	"lodestone/internal/law"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

type lawCmd struct {
	Check    lawCheckCmd    `cmd:"" help:"Read and lint law files, evaluate every witness and case, sweep every day of change."`
	List     lawListCmd     `cmd:"" help:"List the acts and how their norms stand on a day."`
	Show     lawShowCmd     `cmd:"" help:"Show an act, a norm or a control code as it stands on a day."`
	Timeline lawTimelineCmd `cmd:"" help:"Draw the standing of a control code, norm or act over time."`
	Diff     lawDiffCmd     `cmd:"" help:"Show what stands differently at two points in time, and by which act."`
	HS       lawHSCmd       `cmd:"" name:"hs" help:"Show the norms and directories that print a customs code."`
	Search   lawSearchCmd   `cmd:"" help:"Find acts, norms and kinds of goods by words, in English, Chinese or Korean."`
	Coverage lawCoverageCmd `cmd:"" help:"Show what of the law was read, and what was not."`
	Status   lawStatusCmd   `cmd:"" help:"Show how old the law data are and what in them has ended or ends soon; exit code 3 where something has."`
	New      lawNewCmd      `cmd:"" help:"Write the scaffold of an act file, with its to-dos."`
	Pack     lawPackCmd     `cmd:"" help:"Check a law folder and write it as a signed pack."`
	Update   lawUpdateCmd   `cmd:"" help:"Verify a signed pack and install it in a data folder."`
}

// book is the embedded law or the one installed in the data folder that the command uses, with the user's folder if one is given.
func (r *run) book() (*law.Book, error) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // the law is kept whole: collecting while it is read only delays the start
	book, problems, err := app.LoadInstalledBook(r.data, r.flags.Law)
	if err != nil {
		return nil, exit{exitUse, err}
	}
	if problems.Refusals() > 0 {
		return nil, exit{exitUse, problems}
	}
	return book, nil
}

// heldLaw names the data folder whose installed law a command answers by that otherwise has none.
type heldLaw struct {
	Data string `help:"Data folder whose installed pack of law is used (default: none, the law that the program carries)." placeholder:"DIR" type:"path"`
}

func (f heldLaw) book(r *run) (*law.Book, error) {
	r.data = f.Data
	return r.book()
}

// atFlags are the two times of a question about the law.
type atFlags struct {
	On      string `help:"Effective day (default: today)." placeholder:"DATE"`
	KnownBy string `help:"Knowledge date (default: the newest day that was assessed)." placeholder:"DATE"`
}

func (f atFlags) at(r *run, b *law.Book) (when.At, error) {
	at := when.At{Effective: r.env.Today, KnownBy: b.Assessed.Horizon}
	for _, x := range []struct {
		flag, text string
		to         *when.Date
	}{{"--on", f.On, &at.Effective}, {"--known-by", f.KnownBy, &at.KnownBy}} {
		if x.text == "" {
			continue
		}
		d, err := when.ParseDate(x.text)
		if err != nil {
			return at, use("%s: %v", x.flag, err)
		}
		*x.to = d
	}
	return at, nil
}

type lawCheckCmd struct {
	Dir string `arg:"" optional:"" help:"Folder to check (default: the law that the program carries)."`
}

func (c lawCheckCmd) Run(r *run) error {
	result, err := app.CheckLaw(c.Dir)
	if err != nil {
		return exit{exitUse, err}
	}
	err = r.write(func(w io.Writer) error {
		if r.format() == "json" || r.format() == "jsonl" {
			return json.NewEncoder(w).Encode(result)
		}
		for _, p := range result.Problems {
			fmt.Fprintln(w, p.Error())
		}
		_, err := fmt.Fprintf(w, "%d acts, %d norms, %d witnesses, %d cases, %d days of change: %d problems\n", result.Acts, result.Norms,
			result.Witnesses, result.Cases, result.Days, len(result.Problems))
		return err
	})
	if err == nil && len(result.Problems) > 0 {
		return exit{exitFailed, nil}
	}
	return err
}

type lawListCmd struct {
	heldLaw
	atFlags
}

func (c lawListCmd) Run(r *run) error {
	book, err := c.book(r)
	if err != nil {
		return err
	}
	at, err := c.at(r, book)
	if err != nil {
		return err
	}
	maker := report.Maker{Book: book, Lang: r.flags.Lang}
	lines := maker.ActLines(book.At(at))
	return r.write(func(w io.Writer) error {
		return printDocs(w, r.format(), lines, func() error { return report.WriteActLines(w, lines, r.flags.Lang) })
	})
}

// printDocs prints documents as JSON, JSON Lines, or by text.
func printDocs[T any](w io.Writer, format string, docs []T, text func() error) error {
	switch format {
	case "table":
		return text()
	case "json":
		return report.WriteJSON(w, docs)
	case "jsonl":
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		for i := range docs {
			if err := e.Encode(&docs[i]); err != nil {
				return err
			}
		}
		return nil
	}
	return use("output %q: this command prints table, jsonl or json", format)
}

type lawShowCmd struct {
	heldLaw
	atFlags
	What string `arg:"" help:"An act, a norm (ACT/NORM) or a control code, as law list and screen print them."`
}

func (c lawShowCmd) Run(r *run) error {
	book, err := c.book(r)
	if err != nil {
		return err
	}
	at, err := c.at(r, book)
	if err != nil {
		return err
	}
	docs, err := app.ShowLaw(book, c.What, at, r.flags.Lang)
	if err != nil {
		return exit{exitUse, err}
	}
	return r.write(func(w io.Writer) error {
		return printDocs(w, r.format(), docs, func() error {
			for i := range docs {
				if err := docs[i].WriteText(w, r.flags.Lang); err != nil {
					return err
				}
			}
			_, err := fmt.Fprintf(w, "\n%s\n", report.Disclaimer(r.flags.Lang, len(book.Acts), book.Assessed.Horizon))
			return err
		})
	})
}

type lawTimelineCmd struct {
	heldLaw
	KnownBy string `help:"Knowledge date (default: the newest day that was assessed)." placeholder:"DATE"`
	What    string `arg:"" help:"A control code, a norm (ACT/NORM) or an act."`
}

func (c lawTimelineCmd) Run(r *run) error {
	book, err := c.book(r)
	if err != nil {
		return err
	}
	at, err := atFlags{KnownBy: c.KnownBy}.at(r, book)
	if err != nil {
		return err
	}
	doc, err := app.LawTimeline(book, c.What, at.KnownBy, r.flags.Lang)
	if err != nil {
		return exit{exitUse, err}
	}
	return r.write(func(w io.Writer) error {
		return printDocs(w, r.format(), []report.Timeline{doc}, func() error { return doc.WriteText(w, r.flags.Lang) })
	})
}

type lawCoverageCmd struct{ heldLaw }

func (c lawCoverageCmd) Run(r *run) error {
	book, err := c.book(r)
	if err != nil {
		return err
	}
	doc := (&report.Maker{Book: book, Lang: r.flags.Lang}).Coverage()
	return printDoc(r, doc, func(w io.Writer) error { return doc.WriteText(w, r.flags.Lang) })
}

// printDoc prints one document as JSON or by text.
func printDoc[T any](r *run, doc T, text func(io.Writer) error) error {
	return r.write(func(w io.Writer) error {
		if r.format() == "json" {
			return report.WriteJSON(w, doc)
		}
		return printDocs(w, r.format(), []T{doc}, func() error { return text(w) })
	})
}

type lawDiffCmd struct {
	heldLaw
	From string `required:"" help:"First point in time: an effective day, with @ and a knowledge date if another than the newest." placeholder:"DATE[@KNOWN]"`
	To   string `required:"" help:"Second point in time." placeholder:"DATE[@KNOWN]"`
}

func (c lawDiffCmd) Run(r *run) error {
	book, err := c.book(r)
	if err != nil {
		return err
	}
	from, err := atOf("--from", c.From, book)
	if err != nil {
		return err
	}
	to, err := atOf("--to", c.To, book)
	if err != nil {
		return err
	}
	doc := (&report.Maker{Book: book, Lang: r.flags.Lang}).LawDiff(book.At(from), book.At(to))
	return printDoc(r, doc, func(w io.Writer) error { return doc.WriteText(w, r.flags.Lang) })
}

// atOf reads DATE or DATE@KNOWN.
func atOf(flag, text string, b *law.Book) (when.At, error) {
	day, known, both := strings.Cut(text, "@")
	at := when.At{KnownBy: b.Assessed.Horizon}
	var err error
	if at.Effective, err = when.ParseDate(day); err != nil {
		return at, use("%s: %v", flag, err)
	}
	if both {
		if at.KnownBy, err = when.ParseDate(known); err != nil {
			return at, use("%s: knowledge date: %v", flag, err)
		}
	}
	return at, nil
}

type lawHSCmd struct {
	heldLaw
	atFlags
	Code string `arg:"" help:"A customs code of four to ten digits; dots and blanks are allowed."`
}

func (c lawHSCmd) Run(r *run) error {
	book, err := c.book(r)
	if err != nil {
		return err
	}
	at, err := c.at(r, book)
	if err != nil {
		return err
	}
	doc, err := app.CustomsCode(book, c.Code, at, r.flags.Lang)
	if err != nil {
		return exit{exitUse, err}
	}
	return printDoc(r, doc, func(w io.Writer) error { return doc.WriteText(w, r.flags.Lang) })
}

type lawSearchCmd struct {
	heldLaw
	atFlags
	Limit int      `help:"At most so many answers; 0: all." default:"20"`
	Words []string `arg:"" help:"Words of a name, in English, Chinese or Korean."`
}

func (c lawSearchCmd) Run(r *run) error {
	book, err := c.book(r)
	if err != nil {
		return err
	}
	at, err := c.at(r, book)
	if err != nil {
		return err
	}
	found := (&report.Maker{Book: book, Lang: r.flags.Lang}).Search(strings.Join(c.Words, " "), book.At(at), c.Limit)
	return r.write(func(w io.Writer) error {
		return printDocs(w, r.format(), found, func() error { return report.WriteFound(w, found, r.flags.Lang) })
	})
}
