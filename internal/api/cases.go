package api

import (
	"bytes"
	"context"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"lodestone/internal/app"
	"lodestone/internal/gate"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

type caseList struct {
	State    string `query:"state" maxLength:"200" doc:"States, parted by commas; any if left out." example:"open,in_review,awaiting_approval"`
	Assignee string `query:"assignee" maxLength:"60" doc:"Id of a person, or me."`
	Item     string `query:"item" maxLength:"500" doc:"The id that the asker gave."`
	Before   int64  `query:"before" minimum:"0" doc:"Cases whose newest step lies before this place in the log; the newest if left out."`
	Limit    int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

type changesPage struct {
	After int64 `query:"after" default:"-1" minimum:"-1" doc:"Changes after this place in the log; left out: after what was acknowledged with this token, or by this person." example:"-1"`
	Limit int   `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

type ack struct {
	Body struct {
		N int64 `json:"n" minimum:"0" doc:"The n of the last change that was taken over." example:"0"`
	}
}

type acked struct {
	N int64 `json:"n" doc:"All up to here is acknowledged."`
}

type newCase struct {
	Body struct {
		Record string `json:"record" maxLength:"60" doc:"A recorded answer." example:"AAAAAAAAAAAAAAAAAAAAAAAAAA"`
		Words  string `json:"words,omitempty" doc:"Why."`
	}
}

type assignCase struct {
	ID   string `path:"id"`
	Body struct {
		Assignee string `json:"assignee" maxLength:"60" doc:"Id of a person who may screen, or me; empty: nobody." example:"me"`
	}
}

type saidInCase struct {
	ID   string `path:"id"`
	Body struct {
		Words string `json:"words" example:"The test report of the supplier is on file."`
	}
}

type proposal struct {
	ID   string `path:"id"`
	Body struct {
		Kind    string    `json:"kind" enum:"release,override" example:"release" doc:"release: it may go although the answer says what it says; override: the answer is another one."`
		Outcome string    `json:"outcome,omitempty" doc:"Of an override."`
		Until   when.Date `json:"until,omitempty" format:"date" doc:"Last day; left out: as the policy has it."`
		Words   string    `json:"words" doc:"The reason." example:"Licence on file."`
	}
}

type approval struct {
	ID   string `path:"id"`
	Body struct {
		Version int64  `json:"version" minimum:"1" doc:"Of the case as you have seen it." example:"2"`
		Words   string `json:"words" doc:"The reason." example:"Papers seen."`
	}
}

type caseRules struct{ Body report.CasePolicy }

func (s *service) cases() {
	const tag = "Cases"
	one := func(c report.Case, err error) (*body[report.Case], error) { return &body[report.Case]{c}, err }
	add(s, app.Read, http.MethodGet, "/cases", "Cases as they stand, the one last touched first", s.listCases, tag)
	add(s, app.Read, http.MethodGet, "/cases/changes", "What was done in cases since you last asked, oldest first: opened, proposed, decided, taken back", s.caseChanges, tag)
	add(s, app.Read, http.MethodPost, "/cases/changes/ack", "Acknowledge changes: ask again, and those after them come", func(ctx context.Context, in *ack) (*body[acked], error) {
		n, err := s.Instance.AckChanges(ctx, gate.Actor(ctx), in.Body.N)
		return &body[acked]{acked{n}}, err
	}, tag)
	add(s, app.Read, http.MethodGet, "/cases/policy", "Which outcomes open a case, and how long a decision holds", func(ctx context.Context, _ *struct{}) (*body[report.CasePolicy], error) {
		p, err := s.Instance.GetCasePolicy(ctx)
		return &body[report.CasePolicy]{p}, err
	}, tag)
	add(s, app.Govern, http.MethodPut, "/cases/policy", "Set which outcomes open a case, and how long a decision holds", func(ctx context.Context, in *caseRules) (*body[report.CasePolicy], error) {
		p, err := s.Instance.SetCasePolicy(ctx, gate.Actor(ctx), in.Body)
		return &body[report.CasePolicy]{p}, err
	}, tag)
	add(s, app.Screen, http.MethodPost, "/cases", "Open a case on a recorded answer, or get the one there is", func(ctx context.Context, in *newCase) (*body[report.Case], error) {
		return one(s.Instance.OpenCase(ctx, gate.Actor(ctx), in.Body.Record, in.Body.Words))
	}, tag)
	add(s, app.Read, http.MethodGet, "/cases/{id}", "One case with its history, its precedents and the recorded answer", func(ctx context.Context, in *ByID) (*body[report.Case], error) {
		return one(s.Instance.Case(ctx, in.ID))
	}, tag)
	add(s, app.Screen, http.MethodPost, "/cases/{id}/assign", "Give a case to a person", func(ctx context.Context, in *assignCase) (*body[report.Case], error) {
		to := in.Body.Assignee
		if to == myself {
			to = gate.Actor(ctx).Person
		}
		return one(s.Instance.AssignCase(ctx, gate.Actor(ctx), in.ID, to))
	}, tag)
	add(s, app.Screen, http.MethodPost, "/cases/{id}/proposal", "Propose to release, or to override the outcome; another person approves", func(ctx context.Context, in *proposal) (*body[report.Case], error) {
		p := app.Proposal{Kind: in.Body.Kind, Outcome: in.Body.Outcome, Until: in.Body.Until, Words: in.Body.Words}
		return one(s.Instance.ProposeDecision(ctx, gate.Actor(ctx), in.ID, p))
	}, tag)
	decide := func(path, summary string, do func(context.Context, *app.Actor, string, int64, string) (report.Case, error)) {
		add(s, app.Approve, http.MethodPost, "/cases/{id}/"+path, summary, func(ctx context.Context, in *approval) (*body[report.Case], error) {
			return one(do(ctx, gate.Actor(ctx), in.ID, in.Body.Version, in.Body.Words))
		}, tag)
	}
	decide("approval", "Approve what another person has proposed", s.Instance.ApproveDecision)
	decide("rejection", "Reject what another person has proposed", s.Instance.RejectDecision)
	say := func(path, summary string, do func(context.Context, *app.Actor, string, string) (report.Case, error)) {
		add(s, app.Screen, http.MethodPost, "/cases/{id}/"+path, summary, func(ctx context.Context, in *saidInCase) (*body[report.Case], error) {
			return one(do(ctx, gate.Actor(ctx), in.ID, in.Body.Words))
		}, tag)
	}
	say("comments", "Say something in a case", s.Instance.CommentCase)
	say("withdrawal", "Take your own proposal back", s.Instance.WithdrawDecision)
	say("block", "Stop what the case is about; it needs no second person", s.Instance.BlockCase)
	say("close", "End a case in which nothing is to be decided any more; nothing may go on it", s.Instance.CloseCase)
	say("reopen", "Take a decision back", s.Instance.ReopenCase)
	s.moreCases(tag)
}

type gatherAsks struct {
	Lang
	Case     string `query:"case" maxLength:"60" doc:"Questions of this case only; of all in which nothing is decided if left out."`
	Supplier string `query:"supplier" maxLength:"500" doc:"Questions for this supplier only."`
	Output   string `query:"output" enum:"xlsx,html" default:"xlsx" doc:"A workbook that can be filled in and imported, or a page to read."`
}

type sentAnswers struct {
	Sent
	Lang
}

type openRows struct {
	ID   string `path:"id" doc:"A job."`
	From int    `query:"from" minimum:"0" doc:"First row, as next named it; 0: from the start."`
	At   string `query:"at" maxLength:"20" doc:"Lowest outcome; as the policy has it if left out." example:"licence"`
}

type textOf struct {
	ByIDIn
	Kind string `path:"text" enum:"declaration,notice" example:"declaration" doc:"What is written on a customs declaration, or the compliance notice to the next in the chain."`
}

// maxAnswers bounds a workbook of answers.
const maxAnswers = 64 << 20

// moreCases adds what is done with many cases at once, and texts.
func (s *service) moreCases(tag string) {
	add(s, app.Read, http.MethodGet, "/records/{id}/texts/{text}", "A text for people outside, made from a recorded answer", func(ctx context.Context, in *textOf) (*body[report.TextDocument], error) {
		doc, err := s.Instance.Text(ctx, in.ID, in.Kind, in.Lang.Lang)
		return &body[report.TextDocument]{doc}, err
	}, tag)
	add(s, app.Read, http.MethodGet, "/cases/asks", "The questions of cases, by supplier, as a workbook to be filled in or a page", func(ctx context.Context, in *gatherAsks) (*file, error) {
		all, err := s.Instance.GatherAsks(ctx, in.Case, in.Supplier, in.Lang.Lang)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		if err := all.Write(&b, in.Output, in.Lang.Lang); err != nil {
			return nil, err
		}
		name := mime.FormatMediaType("attachment", map[string]string{"filename": "questions." + in.Output})
		return &file{ContentType: app.MediaType(report.Format(in.Output)), Name: name, Cache: "no-store", Body: func(out huma.Context) {
			io.Copy(out.BodyWriter(), &b) // a reader who is gone is no error
		}}, nil
	}, tag)
	receive(s, app.Screen, maxAnswers, "/cases/answers", "Take a workbook of answers to questions of cases: each case is answered anew", func(ctx context.Context, in *sentAnswers) (*body[report.Answered], error) {
		doc, err := s.Instance.ImportAnswers(ctx, gate.Actor(ctx), in.Name, in.file, in.Lang.Lang)
		return &body[report.Answered]{doc}, err
	}, tag)
	add(s, app.Screen, http.MethodPost, "/jobs/{id}/cases", "Open a case for each row of a screening at or above an outcome; a row that has one gets no second", func(ctx context.Context, in *openRows) (*body[report.CasesOpened], error) {
		doc, err := s.Instance.OpenJobCases(ctx, gate.Actor(ctx), in.ID, in.From, in.At)
		return &body[report.CasesOpened]{doc}, err
	}, tag)
}

// myself stands for the person who asks.
const myself = "me"

func (s *service) listCases(ctx context.Context, in *caseList) (*body[page[report.Case]], error) {
	q := app.CaseQuery{Assignee: in.Assignee, Item: in.Item, Before: in.Before, Limit: in.Limit}
	if in.State != "" {
		q.States = strings.Split(in.State, ",")
	}
	if q.Assignee == myself {
		q.Assignee = gate.Actor(ctx).Person
	}
	all, err := s.Instance.Cases(ctx, q)
	p := page[report.Case]{Items: all}
	if len(all) == in.Limit {
		p.Next = &all[len(all)-1].N
	}
	return &body[page[report.Case]]{p}, err
}

func (s *service) caseChanges(ctx context.Context, in *changesPage) (*body[page[report.CaseChange]], error) {
	all, err := s.Instance.CaseChanges(ctx, gate.Actor(ctx), in.After, in.Limit)
	p := page[report.CaseChange]{Items: all}
	if len(all) == in.Limit {
		p.Next = &all[len(all)-1].N
	}
	return &body[page[report.CaseChange]]{p}, err
}
