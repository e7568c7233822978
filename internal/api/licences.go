package api

import (
	"context"
	"net/http"

	"lodestone/internal/app"
	"lodestone/internal/gate"
	"lodestone/internal/licence"
	"lodestone/internal/quant"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

type licenceList struct {
	Lang
	Before int64 `query:"before" minimum:"0" doc:"Licences last changed before this place in the log; the newest if left out."`
	Within int   `query:"within" minimum:"0" maximum:"4000" doc:"Only those that run out within so many days or have run out; all if left out."`
	Limit  int   `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

type changedList struct {
	Lang
	Before int64 `query:"before" minimum:"0" doc:"Those last changed before this place in the log; the newest if left out."`
	Limit  int   `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

// ByIDIn names something, and the language of sentences.
type ByIDIn struct {
	Lang
	ID string `path:"id" doc:"An id as the list gives it."`
}

// Printed is a licence as it is printed. The fields are those of licence.Held.
type Printed struct {
	Kind        string        `json:"kind" enum:"individual,general,registration,goods,technology" example:"individual"`
	No          string        `json:"no" example:"26-000001"`
	Items       []string      `json:"items" doc:"Control codes, as GET /law lists them." example:"[\"CODE\"]"`
	Exporter    string        `json:"exporter,omitempty"`
	EndUser     string        `json:"end_user" example:"Example Foundry Inc."`
	EndUse      string        `json:"end_use,omitempty" doc:"A word of the vocabulary; left out: not stated."`
	Destination string        `json:"destination,omitempty" example:"DE"`
	Quantity    quant.Decimal `json:"quantity" example:"500"`
	Unit        string        `json:"unit" example:"kg"`
	From        when.Date     `json:"from" format:"date" example:"2026-01-01"`
	To          when.Date     `json:"to" format:"date" doc:"Last day." example:"2026-12-31"`
	Batches     int           `json:"batches,omitempty" minimum:"0" doc:"Exports that it allows; left out: as its kind does."`
	Application string        `json:"application,omitempty"`
	Words       string        `json:"words,omitempty" doc:"Conditions, or why it changed."`
}

type newLicence struct {
	Lang
	Body Printed
}

type changeLicence struct {
	ByIDIn
	Body struct {
		Printed
		Version int64  `json:"version" minimum:"1" doc:"Of the licence as you have seen it." example:"1"`
		State   string `json:"state" enum:"held,amending,ended" example:"amending"`
	}
}

type fitting struct {
	Lang
	Record string `query:"record" required:"true" maxLength:"60" doc:"A recorded answer on a shipment."`
}

type newDraw struct {
	Lang
	Body struct {
		Record  string `json:"record" maxLength:"60" doc:"A recorded answer on a shipment." example:"AAAAAAAAAAAAAAAAAAAAAAAAAA"`
		Licence string `json:"licence,omitempty" maxLength:"60" doc:"Left out: the one that fits and runs out first."`
		Words   string `json:"words,omitempty"`
	}
}

type reversal struct {
	ID   string `path:"id" doc:"A licence."`
	Draw string `path:"draw" doc:"A draw on it."`
	Body struct {
		Words string `json:"words" doc:"The reason." example:"The carrier was full."`
	}
}

// Applied is what a person enters of an application.
type Applied struct {
	Type      string            `json:"type" example:"individual"`
	Amends    string            `json:"amends,omitempty" doc:"Number of the licence that it is to change."`
	Clock     string            `json:"clock,omitempty" doc:"Left out: review, or amendment where it amends."`
	Reference string            `json:"reference,omitempty" doc:"Number that the authority gave it."`
	States    map[string]string `json:"states,omitempty" doc:"item, quantity, exporter, importer, end_user, end_use, destination, price, contract." example:"{\"end_user\":\"Example Foundry Inc.\",\"quantity\":\"500 kg\"}"`
}

type newApplication struct {
	Lang
	Body Applied
}

type changeApplication struct {
	ByIDIn
	Body struct {
		Applied
		Version int64 `json:"version" minimum:"1" example:"1"`
	}
}

type putPaper struct {
	ByIDIn
	Paper string `path:"paper" doc:"A paper as the checklist names it."`
	Body  struct {
		Version   int64             `json:"version" minimum:"1" doc:"Of the application as you have seen it." example:"1"`
		State     string            `json:"state" enum:"missing,drafted,ready,not_needed" example:"drafted"`
		Confirmed []string          `json:"confirmed,omitempty" doc:"Checks of the checklist that you have made."`
		States    map[string]string `json:"states,omitempty" doc:"What the paper states; what is left out is not compared."`
		Words     string            `json:"words,omitempty"`
	}
}

type happened struct {
	ByIDIn
	Body struct {
		Version int64     `json:"version" minimum:"1" doc:"Of the application as you have seen it." example:"1"`
		State   string    `json:"state" enum:"filed,accepted,stopped,not_accepted,granted,refused,withdrawn" example:"filed"`
		On      when.Date `json:"on" format:"date" doc:"The day on which it happened." example:"2026-03-02"`
		Licence string    `json:"licence,omitempty" doc:"Number of the licence, for a grant."`
		Words   string    `json:"words,omitempty" example:"One paper follows by courier."`
	}
}

func (s *service) licences() {
	const tag = "Licences"
	i := s.Instance
	one := func(l report.HeldLicence, err error) (*body[report.HeldLicence], error) {
		return &body[report.HeldLicence]{l}, err
	}
	drawn := func(d report.LicenceDraw, err error) (*body[report.LicenceDraw], error) {
		return &body[report.LicenceDraw]{d}, err
	}
	add(s, app.Read, http.MethodGet, "/licences", "Licences held, with what is left on them and what to look after", func(ctx context.Context, in *licenceList) (*body[page[report.HeldLicence]], error) {
		all, err := i.HeldLicences(ctx, in.Before, in.Limit, in.Within, in.Lang.Lang)
		p := page[report.HeldLicence]{Items: all}
		if len(all) == in.Limit {
			p.Next = &all[len(all)-1].N
		}
		return &body[page[report.HeldLicence]]{p}, err
	}, tag)
	add(s, app.Licence, http.MethodPost, "/licences", "Put a licence into the register", func(ctx context.Context, in *newLicence) (*body[report.HeldLicence], error) {
		return one(i.EnterLicence(ctx, gate.Actor(ctx), licence.Held(in.Body), in.Lang.Lang))
	}, tag)
	add(s, app.Read, http.MethodGet, "/licences/fitting", "Which licences answer a recorded shipment, and in what the others do not fit", func(ctx context.Context, in *fitting) (*body[[]report.LicenceFit], error) {
		all, err := i.FittingLicences(ctx, in.Record, in.Lang.Lang)
		return &body[[]report.LicenceFit]{all}, err
	}, tag)
	add(s, app.Licence, http.MethodPost, "/licences/draws", "Draw a recorded shipment on a licence that fits it", func(ctx context.Context, in *newDraw) (*body[report.LicenceDraw], error) {
		return drawn(i.DrawLicence(ctx, gate.Actor(ctx), in.Body.Licence, in.Body.Record, in.Body.Words, in.Lang.Lang))
	}, tag)
	add(s, app.Read, http.MethodGet, "/licences/{id}", "One licence with its draws and versions", func(ctx context.Context, in *ByIDIn) (*body[report.HeldLicence], error) {
		return one(i.HeldLicence(ctx, in.ID, in.Lang.Lang))
	}, tag)
	add(s, app.Licence, http.MethodPut, "/licences/{id}", "Record another version of a licence: a mistake mended, an amendment, its end", func(ctx context.Context, in *changeLicence) (*body[report.HeldLicence], error) {
		return one(i.ChangeLicence(ctx, gate.Actor(ctx), in.ID, in.Body.Version, in.Body.State, licence.Held(in.Body.Printed), in.Lang.Lang))
	}, tag)
	add(s, app.Licence, http.MethodPost, "/licences/{id}/draws/{draw}/reversal", "Take a draw back", func(ctx context.Context, in *reversal) (*body[report.LicenceDraw], error) {
		return drawn(i.ReverseDraw(ctx, gate.Actor(ctx), in.ID, in.Draw, in.Body.Words))
	}, tag)
	s.applications()
}

func (s *service) applications() {
	const tag = "Applications"
	i := s.Instance
	one := func(a report.LicenceApplication, err error) (*body[report.LicenceApplication], error) {
		return &body[report.LicenceApplication]{a}, err
	}
	entry := func(a Applied) app.ApplicationEntry { return app.ApplicationEntry(a) }
	add(s, app.Read, http.MethodGet, "/applications", "Applications for licences, with what is missing and when they are due", func(ctx context.Context, in *changedList) (*body[page[report.LicenceApplication]], error) {
		all, err := i.Applications(ctx, in.Before, in.Limit, in.Lang.Lang)
		p := page[report.LicenceApplication]{Items: all}
		if len(all) == in.Limit {
			p.Next = &all[len(all)-1].N
		}
		return &body[page[report.LicenceApplication]]{p}, err
	}, tag)
	add(s, app.Licence, http.MethodPost, "/applications", "Begin an application", func(ctx context.Context, in *newApplication) (*body[report.LicenceApplication], error) {
		return one(i.EnterApplication(ctx, gate.Actor(ctx), entry(in.Body), in.Lang.Lang))
	}, tag)
	add(s, app.Read, http.MethodGet, "/applications/{id}", "One application with its checklist and history", func(ctx context.Context, in *ByIDIn) (*body[report.LicenceApplication], error) {
		return one(i.Application(ctx, in.ID, in.Lang.Lang))
	}, tag)
	add(s, app.Licence, http.MethodPut, "/applications/{id}", "Change what an application states, as long as it is not filed", func(ctx context.Context, in *changeApplication) (*body[report.LicenceApplication], error) {
		return one(i.ChangeApplication(ctx, gate.Actor(ctx), in.ID, in.Body.Version, entry(in.Body.Applied), in.Lang.Lang))
	}, tag)
	add(s, app.Licence, http.MethodPut, "/applications/{id}/papers/{paper}", "Note what is known of a paper", func(ctx context.Context, in *putPaper) (*body[report.LicenceApplication], error) {
		f := licence.Filed{Paper: in.Paper, State: in.Body.State, Confirmed: in.Body.Confirmed, States: in.Body.States, Words: in.Body.Words}
		return one(i.PutPaper(ctx, gate.Actor(ctx), in.ID, in.Body.Version, f, in.Lang.Lang))
	}, tag)
	add(s, app.Licence, http.MethodPost, "/applications/{id}/events", "Note what happened to an application: filed, accepted, granted, …", func(ctx context.Context, in *happened) (*body[report.LicenceApplication], error) {
		e := licence.Event{State: in.Body.State, On: in.Body.On, Words: in.Body.Words}
		return one(i.ApplicationHappened(ctx, gate.Actor(ctx), in.ID, in.Body.Version, e, in.Body.Licence, in.Lang.Lang))
	}, tag)
}
