package cli

import (
	"context"
	"io"

	"lodestone/internal/app"
	"lodestone/internal/report"
	"lodestone/internal/store"
)

type deliveryCmd struct {
	Add    deliveryAddCmd    `cmd:"" help:"Have alerts sent to a mail address or a webhook from now on, in the language of --lang; prints the secret of a webhook, this once."`
	List   deliveryListCmd   `cmd:"" help:"List where alerts go, and how that is doing."`
	Test   deliveryTestCmd   `cmd:"" help:"Have the server send a message that says only that it is a test; log says what came of it."`
	Pause  deliveryPauseCmd  `cmd:"" help:"Send nothing to a target for the time being; what comes waits."`
	Resume deliveryResumeCmd `cmd:"" help:"Send to a target again, first what has waited."`
	End    deliveryEndCmd    `cmd:"" help:"Send nothing to a target any more."`
	Log    deliveryLogCmd    `cmd:"" help:"List what was sent and what came of each try, newest first."`
}

type deliveryAddCmd struct {
	placeFlags
	asFlags
	Address string   `arg:"" help:"Mail address, or web address (https://…) of a webhook."`
	Kind    []string `help:"Only alerts of this kind, or of those that begin with it and a point; may be repeated (default: all)." placeholder:"KIND"`
}

func (c deliveryAddCmd) Run(r *run) error {
	return c.target(r, c.asFlags, func(ctx context.Context, i *app.Instance, by *app.Actor) (report.DeliveryTarget, error) {
		return i.AddTarget(ctx, by, c.Address, r.flags.Lang, c.Kind)
	})
}

// target does something with a target for a person, and prints how it stands after that.
func (f placeFlags) target(r *run, as asFlags, do func(context.Context, *app.Instance, *app.Actor) (report.DeliveryTarget, error)) error {
	return f.look(r, func(ctx context.Context, i *app.Instance) error {
		by, err := as.actor(ctx, i)
		if err != nil {
			return err
		}
		t, err := do(ctx, i, by)
		if err != nil {
			return err
		}
		return r.writeTargets([]report.DeliveryTarget{t})
	})
}

func (r *run) writeTargets(all []report.DeliveryTarget) error {
	return printLines(r, all, func(t *report.DeliveryTarget, w io.Writer) error { return t.WriteText(w, r.flags.Lang) })
}

func (r *run) writeDeliveries(all []report.Delivery) error {
	return printLines(r, all, func(d *report.Delivery, w io.Writer) error { return d.WriteText(w, r.flags.Lang) })
}

type deliveryListCmd struct{ placeFlags }

func (c deliveryListCmd) Run(r *run) error {
	return c.look(r, func(ctx context.Context, i *app.Instance) error {
		all, err := i.Targets(ctx)
		if err != nil {
			return err
		}
		return r.writeTargets(all)
	})
}

// targetFlags name a target and who acts on it.
type targetFlags struct {
	placeFlags
	asFlags
	Target string `arg:"" help:"Id of the target, as delivery list prints it."`
}

// set has the target stand otherwise.
func (f targetFlags) set(r *run, state string) error {
	return f.target(r, f.asFlags, func(ctx context.Context, i *app.Instance, by *app.Actor) (report.DeliveryTarget, error) {
		return i.SetTarget(ctx, by, f.Target, state)
	})
}

type (
	deliveryPauseCmd  struct{ targetFlags }
	deliveryResumeCmd struct{ targetFlags }
	deliveryEndCmd    struct{ targetFlags }
	deliveryTestCmd   struct{ targetFlags }
)

func (c deliveryPauseCmd) Run(r *run) error  { return c.set(r, store.Paused) }
func (c deliveryResumeCmd) Run(r *run) error { return c.set(r, store.Active) }
func (c deliveryEndCmd) Run(r *run) error    { return c.set(r, store.TargetEnded) }

func (c deliveryTestCmd) Run(r *run) error {
	return c.look(r, func(ctx context.Context, i *app.Instance) error {
		by, err := c.actor(ctx, i)
		if err != nil {
			return err
		}
		d, err := i.TestTarget(ctx, by, c.Target, r.flags.Lang)
		if err != nil {
			return err
		}
		return r.writeDeliveries([]report.Delivery{d})
	})
}

type deliveryLogCmd struct {
	placeFlags
	Target string `help:"Only what went to this target." placeholder:"TARGET"`
	Limit  int    `help:"At most so many." default:"50"`
}

func (c deliveryLogCmd) Run(r *run) error {
	return c.look(r, func(ctx context.Context, i *app.Instance) error {
		all, err := i.Deliveries(ctx, c.Target, 0, c.Limit, r.flags.Lang)
		if err != nil {
			return err
		}
		return r.writeDeliveries(all)
	})
}
