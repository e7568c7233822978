package cli

import (
	"context"
	"io"
	"strings"

	"lodestone/internal/app"
	"lodestone/internal/licence"
	"lodestone/internal/quant"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

type licenceCmd struct {
	List         licenceListCmd      `cmd:"" help:"List licences held, with what is left on them and what to look after."`
	Show         licenceShowCmd      `cmd:"" help:"Show a licence with its draws."`
	Enter        licenceEnterCmd     `cmd:"" help:"Put a licence into the register."`
	Change       licenceChangeCmd    `cmd:"" help:"Record another version of a licence: a mistake mended, an amendment, its end."`
	Fit          licenceFitCmd       `cmd:"" help:"Which licences answer a recorded shipment, and in what the others do not fit."`
	Draw         licenceDrawCmd      `cmd:"" help:"Draw a recorded shipment on a licence that fits it."`
	Reverse      licenceReverseCmd   `cmd:"" help:"Take a draw back."`
	Applications applicationListCmd  `cmd:"" help:"List applications, with what is missing and when they are due."`
	Application  applicationShowCmd  `cmd:"" help:"Show an application with its checklist and history."`
	Apply        applicationEnterCmd `cmd:"" help:"Begin an application."`
	Paper        applicationPaperCmd `cmd:"" help:"Note what is known of a paper of an application."`
	Event        applicationEventCmd `cmd:"" help:"Note what happened to an application: filed, accepted, granted, …"`
}

// shownLicence prints one licence whole.
func (r *run) shownLicence(l report.HeldLicence, err error) error {
	if err != nil {
		return err
	}
	return printLines(r, []report.HeldLicence{l}, func(l *report.HeldLicence, w io.Writer) error { return l.WriteWhole(w, r.flags.Lang) })
}

// shownApplication prints one application whole.
func (r *run) shownApplication(a report.LicenceApplication, err error) error {
	if err != nil {
		return err
	}
	return printLines(r, []report.LicenceApplication{a}, func(a *report.LicenceApplication, w io.Writer) error { return a.WriteWhole(w, r.flags.Lang) })
}

type licenceListCmd struct {
	placeFlags
	Within int `help:"Only those that run out within so many days, or have." placeholder:"DAYS"`
	Limit  int `help:"At most so many." default:"50"`
}

func (c licenceListCmd) Run(r *run) error {
	return c.look(r, func(ctx context.Context, i *app.Instance) error {
		all, err := i.HeldLicences(ctx, 0, c.Limit, c.Within, r.flags.Lang)
		if err != nil {
			return err
		}
		return printLines(r, all, func(l *report.HeldLicence, w io.Writer) error { return l.WriteText(w, r.flags.Lang) })
	})
}

type licenceShowCmd struct {
	placeFlags
	Licence string `arg:"" help:"A licence, as list prints it."`
}

func (c licenceShowCmd) Run(r *run) error {
	return c.look(r, func(ctx context.Context, i *app.Instance) error {
		return r.shownLicence(i.HeldLicence(ctx, c.Licence, r.flags.Lang))
	})
}

// heldFlags are what is printed on a licence.
type heldFlags struct {
	Kind        string   `help:"individual, general, registration, goods or technology." placeholder:"KIND"`
	No          string   `help:"Its number." placeholder:"NO"`
	Items       []string `help:"Control codes." placeholder:"CODE"`
	Exporter    string   `help:"Exporter, as printed." placeholder:"NAME"`
	EndUser     string   `help:"End user, as printed." placeholder:"NAME"`
	EndUse      string   `help:"A word of the vocabulary." placeholder:"WORD"`
	Destination string   `help:"Country." placeholder:"COUNTRY"`
	Quantity    string   `help:"With its unit: \"500 kg\"." placeholder:"AMOUNT"`
	From        string   `help:"First day of its validity." placeholder:"DATE"`
	To          string   `help:"Last day." placeholder:"DATE"`
	Batches     int      `help:"Exports that it allows (default: as its kind does)." placeholder:"N"`
	Reason      string   `help:"Conditions, or why it changed." placeholder:"TEXT"`
}

// put puts what was given into a licence; the rest stays.
func (f *heldFlags) put(h *licence.Held) error {
	for _, x := range []struct {
		text string
		to   *string
	}{{f.Kind, &h.Kind}, {f.No, &h.No}, {f.Exporter, &h.Exporter}, {f.EndUser, &h.EndUser}, {f.EndUse, &h.EndUse}, {f.Destination, &h.Destination}, {f.Reason, &h.Words}} {
		if x.text != "" {
			*x.to = x.text
		}
	}
	if len(f.Items) > 0 {
		h.Items = f.Items
	}
	if f.Batches != 0 {
		h.Batches = f.Batches
	}
	if f.Quantity != "" {
		amount, unit, ok := licence.Amount(f.Quantity)
		if !ok {
			return use("--quantity: %q is no amount with a unit, such as \"500 kg\"", f.Quantity)
		}
		h.Quantity, h.Unit = amount, unit
	}
	for _, x := range []struct {
		flag, text string
		to         *when.Date
	}{{"--from", f.From, &h.From}, {"--to", f.To, &h.To}} {
		if x.text == "" {
			continue
		}
		day, err := when.ParseDate(x.text)
		if err != nil {
			return use("%s: %v", x.flag, err)
		}
		*x.to = day
	}
	return nil
}

type licenceEnterCmd struct {
	actFlags
	heldFlags
}

func (c licenceEnterCmd) Run(r *run) error {
	var h licence.Held
	if err := c.put(&h); err != nil {
		return err
	}
	return c.act(r, func(ctx context.Context, i *app.Instance, by *app.Actor) error {
		return r.shownLicence(i.EnterLicence(ctx, by, h, r.flags.Lang))
	})
}

type licenceChangeCmd struct {
	actFlags
	heldFlags
	Licence string `arg:"" help:"A licence."`
	Version int64  `help:"Version of the licence as you have seen it." required:"" placeholder:"N"`
	State   string `help:"held, amending or ended (default: as it is)." placeholder:"STATE"`
}

func (c licenceChangeCmd) Run(r *run) error {
	return c.act(r, func(ctx context.Context, i *app.Instance, by *app.Actor) error {
		now, err := i.HeldLicence(ctx, c.Licence, r.flags.Lang)
		if err != nil {
			return err
		}
		quantity, err := quant.ParseDecimal(now.Quantity)
		if err != nil {
			return err
		}
		h := licence.Held{Kind: now.Kind, No: now.No, Items: now.Items, Exporter: now.Exporter, EndUser: now.EndUser, EndUse: now.EndUse, Destination: now.Destination,
			Quantity: quantity, Unit: now.Unit, From: now.From, To: now.To, Application: now.Application, Batches: c.Batches}
		if c.Batches == 0 {
			h.Batches = now.Batches
		}
		if err := c.put(&h); err != nil {
			return err
		}
		if c.State == "" {
			c.State = now.State
		}
		return r.shownLicence(i.ChangeLicence(ctx, by, c.Licence, c.Version, c.State, h, r.flags.Lang))
	})
}

type licenceFitCmd struct {
	placeFlags
	Record string `arg:"" help:"A recorded answer on a shipment."`
}

func (c licenceFitCmd) Run(r *run) error {
	return c.look(r, func(ctx context.Context, i *app.Instance) error {
		all, err := i.FittingLicences(ctx, c.Record, r.flags.Lang)
		if err != nil {
			return err
		}
		return printLines(r, all, func(f *report.LicenceFit, w io.Writer) error { return f.WriteText(w, r.flags.Lang) })
	})
}

type licenceDrawCmd struct {
	actFlags
	Record  string `arg:"" help:"A recorded answer on a shipment."`
	Licence string `help:"The licence (default: the one that fits and runs out first)." placeholder:"LICENCE"`
	Reason  string `help:"What is to be remembered of it." placeholder:"TEXT"`
}

func (c licenceDrawCmd) Run(r *run) error {
	return c.act(r, func(ctx context.Context, i *app.Instance, by *app.Actor) error {
		d, err := i.DrawLicence(ctx, by, c.Licence, c.Record, c.Reason, r.flags.Lang)
		if err != nil {
			return err
		}
		return r.shownLicence(i.HeldLicence(ctx, d.Licence, r.flags.Lang))
	})
}

type licenceReverseCmd struct {
	actFlags
	Licence string `arg:"" help:"A licence."`
	Draw    string `arg:"" help:"A draw on it, as show prints it with --output json."`
	Reason  string `help:"Why." required:"" placeholder:"TEXT"`
}

func (c licenceReverseCmd) Run(r *run) error {
	return c.act(r, func(ctx context.Context, i *app.Instance, by *app.Actor) error {
		if _, err := i.ReverseDraw(ctx, by, c.Licence, c.Draw, c.Reason); err != nil {
			return err
		}
		return r.shownLicence(i.HeldLicence(ctx, c.Licence, r.flags.Lang))
	})
}

type applicationListCmd struct {
	placeFlags
	Limit int `help:"At most so many." default:"50"`
}

func (c applicationListCmd) Run(r *run) error {
	return c.look(r, func(ctx context.Context, i *app.Instance) error {
		all, err := i.Applications(ctx, 0, c.Limit, r.flags.Lang)
		if err != nil {
			return err
		}
		return printLines(r, all, func(a *report.LicenceApplication, w io.Writer) error { return a.WriteText(w, r.flags.Lang) })
	})
}

type applicationShowCmd struct {
	placeFlags
	Application string `arg:"" help:"An application, as applications prints it."`
}

func (c applicationShowCmd) Run(r *run) error {
	return c.look(r, func(ctx context.Context, i *app.Instance) error {
		return r.shownApplication(i.Application(ctx, c.Application, r.flags.Lang))
	})
}

// statedFlags are what an application or a paper states.
type statedFlags struct {
	State []string `name:"states" help:"What it states: item, quantity, exporter, importer, end_user, end_use, destination, price, contract." placeholder:"WHAT=VALUE" sep:"none"`
}

func (f statedFlags) states() (map[string]string, error) {
	if len(f.State) == 0 {
		return nil, nil
	}
	states := map[string]string{}
	for _, s := range f.State {
		what, value, ok := strings.Cut(s, "=")
		if !ok {
			return nil, use("--states: %q has no =; say end_user=NAME", s)
		}
		states[strings.TrimSpace(what)] = strings.TrimSpace(value)
	}
	return states, nil
}

type applicationEnterCmd struct {
	actFlags
	statedFlags
	Type   string `arg:"" help:"individual, general or registration."`
	Amends string `help:"Number of the licence that it is to change." placeholder:"NO"`
	Clock  string `help:"Clock of the rules that its acceptance starts (default: review, or amendment where it amends)." placeholder:"CLOCK"`
}

func (c applicationEnterCmd) Run(r *run) error {
	states, err := c.states()
	if err != nil {
		return err
	}
	return c.act(r, func(ctx context.Context, i *app.Instance, by *app.Actor) error {
		return r.shownApplication(i.EnterApplication(ctx, by, app.ApplicationEntry{Type: c.Type, Amends: c.Amends, Clock: c.Clock, States: states}, r.flags.Lang))
	})
}

// versionFlags name the version of an application that was seen.
type versionFlags struct {
	actFlags
	Application string `arg:"" help:"An application."`
	Version     int64  `help:"Version of the application as you have seen it." required:"" placeholder:"N"`
}

type applicationPaperCmd struct {
	versionFlags
	statedFlags
	Paper   string   `arg:"" help:"A paper, as the checklist names it."`
	As      string   `help:"missing, drafted, ready or not_needed." default:"ready"`
	Confirm []string `help:"A check of the checklist that you have made; all: all of them." placeholder:"TEXT" sep:"none"`
	Reason  string   `help:"What is to be remembered of it." placeholder:"TEXT"`
}

func (c applicationPaperCmd) Run(r *run) error {
	states, err := c.states()
	if err != nil {
		return err
	}
	return c.act(r, func(ctx context.Context, i *app.Instance, by *app.Actor) error {
		if len(c.Confirm) == 1 && c.Confirm[0] == "all" {
			now, err := i.Application(ctx, c.Application, r.flags.Lang)
			if err != nil {
				return err
			}
			c.Confirm = nil
			for _, l := range now.Papers {
				for _, x := range l.Checks {
					if l.Paper == c.Paper {
						c.Confirm = append(c.Confirm, x.Check)
					}
				}
			}
		}
		f := licence.Filed{Paper: c.Paper, State: c.As, Confirmed: c.Confirm, States: states, Words: c.Reason}
		return r.shownApplication(i.PutPaper(ctx, by, c.Application, c.Version, f, r.flags.Lang))
	})
}

type applicationEventCmd struct {
	versionFlags
	State   string `arg:"" help:"filed, accepted, stopped, not_accepted, granted, refused or withdrawn."`
	On      string `help:"The day on which it happened (default: today)." placeholder:"DATE"`
	Licence string `help:"Number of the licence, for a grant." placeholder:"NO"`
	Reason  string `help:"What is to be remembered of it." placeholder:"TEXT"`
}

func (c applicationEventCmd) Run(r *run) error {
	e := licence.Event{State: c.State, On: r.env.Today, Words: c.Reason}
	if c.On != "" {
		day, err := when.ParseDate(c.On)
		if err != nil {
			return use("--on: %v", err)
		}
		e.On = day
	}
	return c.act(r, func(ctx context.Context, i *app.Instance, by *app.Actor) error {
		return r.shownApplication(i.ApplicationHappened(ctx, by, c.Application, c.Version, e, c.Licence, r.flags.Lang))
	})
}
