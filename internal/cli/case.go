package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"lodestone/internal/app"
	"lodestone/internal/cases"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

type caseCmd struct {
	List      caseListCmd     `cmd:"" help:"List cases as they stand."`
	Show      caseShowCmd     `cmd:"" help:"Show a case with its history and precedents."`
	Open      caseOpenCmd     `cmd:"" help:"Open a case on a recorded answer."`
	Assign    caseAssignCmd   `cmd:"" help:"Give a case to a person."`
	Comment   caseSayCmd      `cmd:"" help:"Say something in a case."`
	Propose   caseProposeCmd  `cmd:"" help:"Propose to release, or to override the outcome."`
	Approve   caseApproveCmd  `cmd:"" help:"Approve what another person has proposed."`
	Reject    caseRejectCmd   `cmd:"" help:"Reject what another person has proposed."`
	Withdraw  caseWithdrawCmd `cmd:"" help:"Take your own proposal back."`
	Block     caseBlockCmd    `cmd:"" help:"Stop what a case is about."`
	Close     caseCloseCmd    `cmd:"" help:"End a case in which nothing is to be decided any more."`
	Reopen    caseReopenCmd   `cmd:"" help:"Take a decision back."`
	Changes   caseChangesCmd  `cmd:"" help:"What was done in cases after a place in the log."`
	Questions caseAsksCmd     `cmd:"" help:"Write the questions of cases to a workbook by supplier, or to a page."`
	Answers   caseAnswersCmd  `cmd:"" help:"Take a workbook of answers to questions of cases."`
	Rows      caseRowsCmd     `cmd:"" help:"Open cases for the rows of a job."`
	Policy    casePolicyCmd   `cmd:"" help:"Show or set which outcomes open a case, and how long a decision holds."`
	Recheck   caseRecheckCmd  `cmd:"" help:"Answer the questions of cases again, and take back decisions that no longer hold."`
	Text      caseTextCmd     `cmd:"" help:"A declaration or compliance notice, made from a recorded answer."`
}

// actFlags say on which instance somebody acts, and who: a token says so here as it does over HTTP.
type actFlags struct {
	placeFlags
	Token string `help:"Token of the person who acts (better: in LODESTONE_TOKEN); POST /api/v1/tokens makes one." env:"LODESTONE_TOKEN" placeholder:"TOKEN"`
}

// act does something as the person of the token.
func (f actFlags) act(r *run, do func(context.Context, *app.Instance, *app.Actor) error) error {
	return f.look(r, func(ctx context.Context, i *app.Instance) error {
		if f.Token == "" {
			return use("--token: say who acts: set LODESTONE_TOKEN to a token of yours")
		}
		by, err := i.ActorOfToken(ctx, f.Token)
		if err != nil {
			return err
		}
		return do(ctx, i, by)
	})
}

// look does something that needs nobody. What is wrong with what was entered is wrong use.
func (f placeFlags) look(r *run, do func(context.Context, *app.Instance) error) error {
	ctx := context.Background()
	i, err := f.open(r, ctx, false)
	if err != nil {
		return err
	}
	defer i.Close()
	err = do(ctx, i)
	var invalid app.Invalid
	if errors.As(err, &invalid) && flagOf[invalid.Field] != "" {
		err = app.Invalid{Field: flagOf[invalid.Field], Text: invalid.Text}
	}
	if errors.As(err, &invalid) || errors.Is(err, app.ErrUnknown) || errors.Is(err, app.ErrSignIn) {
		return exit{exitUse, err}
	}
	return err
}

// flagOf are the flags that fill fields of other names.
var flagOf = map[string]string{"words": "--reason", "confirmed": "--confirm"}

// lined is a document that can be printed as a line.
type lined[T any] interface {
	*T
	WriteText(w io.Writer, lang string) error
}

// printLines prints documents, a line or a few each.
func printLines[T any, P lined[T]](r *run, docs []T, write func(P, io.Writer) error) error {
	return r.write(func(w io.Writer) error {
		return printDocs(w, r.format(), docs, func() error {
			for n := range docs {
				if err := write(P(&docs[n]), w); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// shownCase prints one case whole.
func (r *run) shownCase(c report.Case, err error) error {
	if err != nil {
		return err
	}
	return printLines(r, []report.Case{c}, func(c *report.Case, w io.Writer) error { return c.WriteWhole(w, r.flags.Lang) })
}

type caseListCmd struct {
	placeFlags
	State []string `help:"Only cases in these states." placeholder:"STATE"`
	Item  string   `help:"Only cases of this item." placeholder:"ID"`
	Limit int      `help:"At most so many." default:"50"`
}

func (c caseListCmd) Run(r *run) error {
	return c.look(r, func(ctx context.Context, i *app.Instance) error {
		all, err := i.Cases(ctx, app.CaseQuery{States: c.State, Item: c.Item, Limit: c.Limit})
		if err != nil {
			return err
		}
		return printLines(r, all, func(c *report.Case, w io.Writer) error { return c.WriteText(w, r.flags.Lang) })
	})
}

type caseShowCmd struct {
	placeFlags
	Case string `arg:"" help:"A case, as list prints it."`
}

func (c caseShowCmd) Run(r *run) error {
	return c.look(r, func(ctx context.Context, i *app.Instance) error { return r.shownCase(i.Case(ctx, c.Case)) })
}

type caseOpenCmd struct {
	actFlags
	Record string `arg:"" help:"A recorded answer."`
	Reason string `help:"Why." placeholder:"TEXT"`
}

func (c caseOpenCmd) Run(r *run) error {
	return c.act(r, func(ctx context.Context, i *app.Instance, by *app.Actor) error {
		return r.shownCase(i.OpenCase(ctx, by, c.Record, c.Reason))
	})
}

type caseAssignCmd struct {
	actFlags
	Case string `arg:"" help:"A case."`
	To   string `help:"Id of a person; me: you; nobody if left out." placeholder:"PERSON"`
}

func (c caseAssignCmd) Run(r *run) error {
	return c.act(r, func(ctx context.Context, i *app.Instance, by *app.Actor) error {
		if c.To == "me" {
			c.To = by.Person
		}
		return r.shownCase(i.AssignCase(ctx, by, c.Case, c.To))
	})
}

// saidFlags are what steps take that only need a reason.
type saidFlags struct {
	actFlags
	Case   string `arg:"" help:"A case."`
	Reason string `help:"The comment, or the reason." required:"" placeholder:"TEXT"`
}

func (c saidFlags) say(r *run, do func(*app.Instance, context.Context, *app.Actor, string, string) (report.Case, error)) error {
	return c.act(r, func(ctx context.Context, i *app.Instance, by *app.Actor) error {
		return r.shownCase(do(i, ctx, by, c.Case, c.Reason))
	})
}

type (
	caseSayCmd      struct{ saidFlags }
	caseWithdrawCmd struct{ saidFlags }
	caseBlockCmd    struct{ saidFlags }
	caseCloseCmd    struct{ saidFlags }
	caseReopenCmd   struct{ saidFlags }
)

func (c caseSayCmd) Run(r *run) error      { return c.say(r, (*app.Instance).CommentCase) }
func (c caseWithdrawCmd) Run(r *run) error { return c.say(r, (*app.Instance).WithdrawDecision) }
func (c caseBlockCmd) Run(r *run) error    { return c.say(r, (*app.Instance).BlockCase) }
func (c caseCloseCmd) Run(r *run) error    { return c.say(r, (*app.Instance).CloseCase) }
func (c caseReopenCmd) Run(r *run) error   { return c.say(r, (*app.Instance).ReopenCase) }

type caseProposeCmd struct {
	saidFlags
	Override string `help:"Override: the outcome that the answer should have (default: propose a release, which leaves it)." placeholder:"OUTCOME"`
	Until    string `help:"Last day on which it holds (default: as the policy has it)." placeholder:"DATE"`
}

func (c caseProposeCmd) Run(r *run) error {
	p := app.Proposal{Kind: cases.Release, Words: c.Reason}
	if c.Override != "" {
		p.Kind, p.Outcome = cases.Override, c.Override
	}
	if c.Until != "" {
		day, err := when.ParseDate(c.Until)
		if err != nil {
			return use("--until: %v", err)
		}
		p.Until = day
	}
	return c.act(r, func(ctx context.Context, i *app.Instance, by *app.Actor) error {
		return r.shownCase(i.ProposeDecision(ctx, by, c.Case, p))
	})
}

// seenFlags name the step that the second person has seen.
type seenFlags struct {
	saidFlags
	Version int64 `help:"Version of the case as you have seen it." required:"" placeholder:"N"`
}

func (c seenFlags) decide(r *run, do func(*app.Instance, context.Context, *app.Actor, string, int64, string) (report.Case, error)) error {
	return c.act(r, func(ctx context.Context, i *app.Instance, by *app.Actor) error {
		return r.shownCase(do(i, ctx, by, c.Case, c.Version, c.Reason))
	})
}

type (
	caseApproveCmd struct{ seenFlags }
	caseRejectCmd  struct{ seenFlags }
)

func (c caseApproveCmd) Run(r *run) error { return c.decide(r, (*app.Instance).ApproveDecision) }
func (c caseRejectCmd) Run(r *run) error  { return c.decide(r, (*app.Instance).RejectDecision) }

type caseChangesCmd struct {
	actFlags
	After int64 `help:"After this place in the log (default: after what this token has acknowledged)." default:"-1" placeholder:"N"`
	Ack   bool  `help:"Acknowledge what is printed."`
	Limit int   `help:"At most so many." default:"50"`
}

func (c caseChangesCmd) Run(r *run) error {
	return c.act(r, func(ctx context.Context, i *app.Instance, by *app.Actor) error {
		all, err := i.CaseChanges(ctx, by, c.After, c.Limit)
		if err != nil {
			return err
		}
		err = printLines(r, all, func(x *report.CaseChange, w io.Writer) error { return x.WriteText(w, r.flags.Lang) })
		if err == nil && c.Ack && len(all) > 0 {
			_, err = i.AckChanges(ctx, by, all[len(all)-1].N)
		}
		return err
	})
}

type caseAsksCmd struct {
	placeFlags
	Case     string `help:"Questions of this case (default: of all in which nothing is decided)." placeholder:"CASE"`
	Supplier string `help:"Questions for this supplier." placeholder:"NAME"`
}

func (c caseAsksCmd) Run(r *run) error {
	format := r.flags.Output
	if format == "" {
		format = "xlsx"
	}
	if format == "xlsx" && r.flags.Out == "" && r.env.Terminal {
		return use("questions: name a file with --out, or print a page with --output html")
	}
	return c.look(r, func(ctx context.Context, i *app.Instance) error {
		all, err := i.GatherAsks(ctx, c.Case, c.Supplier, r.flags.Lang)
		if err != nil {
			return err
		}
		return r.write(func(w io.Writer) error { return all.Write(w, format, r.flags.Lang) })
	})
}

type caseAnswersCmd struct {
	actFlags
	File string `arg:"" help:"A workbook that questions wrote, filled in." type:"existingfile"`
}

func (c caseAnswersCmd) Run(r *run) error {
	return c.act(r, func(ctx context.Context, i *app.Instance, by *app.Actor) error {
		f, err := os.Open(c.File)
		if err != nil {
			return exit{exitUse, err}
		}
		defer f.Close()
		doc, err := i.ImportAnswers(ctx, by, shortName(c.File), f, r.flags.Lang)
		if err != nil {
			return err
		}
		return printLines(r, []report.Answered{doc}, func(x *report.Answered, w io.Writer) error { return x.WriteText(w, r.flags.Lang) })
	})
}

// shortName is the last part of a path, as much of it as a name may have.
func shortName(path string) string {
	name := path[strings.LastIndexAny(path, `/\`)+1:]
	return name[max(0, len(name)-100):]
}

type caseRowsCmd struct {
	actFlags
	Job string `arg:"" help:"A job."`
	Row int    `help:"First row, as next named it." placeholder:"N"`
	At  string `help:"Lowest outcome (default: as the policy has it)." placeholder:"OUTCOME"`
}

func (c caseRowsCmd) Run(r *run) error {
	return c.act(r, func(ctx context.Context, i *app.Instance, by *app.Actor) error {
		doc, err := i.OpenJobCases(ctx, by, c.Job, c.Row, c.At)
		if err != nil {
			return err
		}
		return printLines(r, []report.CasesOpened{doc}, func(x *report.CasesOpened, w io.Writer) error { return x.WriteText(w, r.flags.Lang) })
	})
}

type casePolicyCmd struct {
	actFlags
	OpenAt string `help:"Lowest outcome that opens a case, or never." placeholder:"OUTCOME"`
	Days   int    `help:"How long a decision holds if nobody says." placeholder:"N"`
}

func (c casePolicyCmd) Run(r *run) error {
	show := func(p report.CasePolicy, err error) error {
		if err != nil {
			return err
		}
		return printLines(r, []report.CasePolicy{p}, func(x *report.CasePolicy, w io.Writer) error { return x.WriteText(w, r.flags.Lang) })
	}
	if c.OpenAt == "" && c.Days == 0 {
		return c.look(r, func(ctx context.Context, i *app.Instance) error { return show(i.GetCasePolicy(ctx)) })
	}
	return c.act(r, func(ctx context.Context, i *app.Instance, by *app.Actor) error {
		p, err := i.GetCasePolicy(ctx)
		if err != nil {
			return err
		}
		if c.OpenAt != "" {
			p.OpenAt = c.OpenAt
		}
		if c.Days != 0 {
			p.Days = c.Days
		}
		return show(i.SetCasePolicy(ctx, by, p))
	})
}

type caseRecheckCmd struct{ placeFlags }

func (c caseRecheckCmd) Run(r *run) error {
	return c.look(r, func(ctx context.Context, i *app.Instance) error {
		n, err := i.Recheck(ctx)
		if err != nil {
			return err
		}
		doc := report.Rechecked{Changed: n}
		return printLines(r, []report.Rechecked{doc}, func(x *report.Rechecked, w io.Writer) error { return x.WriteText(w, r.flags.Lang) })
	})
}

type caseTextCmd struct {
	placeFlags
	Record string `arg:"" help:"A recorded answer."`
	Kind   string `help:"declaration: for customs; notice: for the next in the chain." enum:"declaration,notice" default:"declaration"`
}

func (c caseTextCmd) Run(r *run) error {
	return c.look(r, func(ctx context.Context, i *app.Instance) error {
		doc, err := i.Text(ctx, c.Record, c.Kind, r.flags.Lang)
		if err != nil {
			return err
		}
		return printLines(r, []report.TextDocument{doc}, func(x *report.TextDocument, w io.Writer) error { return x.WriteText(w, r.flags.Lang) })
	})
}
