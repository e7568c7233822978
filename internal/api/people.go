package api

import (
	"context"
	"net/http"

	"lodestone/internal/app"
	"lodestone/internal/gate"
	"lodestone/internal/report"

	"github.com/danielgtaylor/huma/v2"
)

type signIn struct {
	Body struct {
		Login    string `json:"login" example:"officer"`
		Password string `json:"password"`
	}
	address string // where the request came from
}

// Resolve notes where the request came from.
func (in *signIn) Resolve(ctx huma.Context) []error {
	in.address = ctx.RemoteAddr()
	return nil
}

type setUp struct {
	Body struct {
		Key      string `json:"key" doc:"The key of the one-time link."`
		Login    string `json:"login" example:"officer"`
		Name     string `json:"name,omitempty"`
		Password string `json:"password" doc:"Twelve characters or more."`
	}
}

type newToken struct {
	Body struct {
		Name   string      `json:"name" doc:"What it is for." example:"ERP"`
		Scopes []app.Scope `json:"scopes" example:"[\"read\",\"screen\"]"`
		Days   int         `json:"days,omitempty" doc:"How long it holds." default:"90" minimum:"1" maximum:"366"`
	}
}

type ByID struct {
	ID string `path:"id" doc:"An id as the list gives it." example:"AAAAAAAAAAAAAAAAAAAAAAAAAA"`
}

type changePerson struct {
	ID   string `path:"id"`
	Body struct {
		Role     app.Role `json:"role" example:"screener"`
		Disabled bool     `json:"disabled,omitempty"`
	}
}

type invite struct {
	Body struct {
		Role app.Role `json:"role" example:"screener"`
	}
}

type invitation struct {
	Key  string `json:"key" doc:"Shown once. The page of the link is /set-up?key=KEY."`
	Role string `json:"role"`
}

func me(a *app.Actor) *body[report.Person] { return &body[report.Person]{a.Shown()} }

func (s *service) people() {
	const tag = "People"
	add(s, open, http.MethodPost, "/session", "Sign in", func(ctx context.Context, in *signIn) (*body[report.Person], error) {
		a, err := s.Gate.SignIn(ctx, in.address, in.Body.Login, in.Body.Password)
		if err != nil {
			return nil, err
		}
		return me(a), nil
	}, tag)
	add(s, open, http.MethodPost, "/set-up", "Use a one-time link: become the person it is for", func(ctx context.Context, in *setUp) (*body[report.Person], error) {
		a, err := s.Instance.Accept(ctx, in.Body.Key, in.Body.Login, in.Body.Name, in.Body.Password)
		if err != nil {
			return nil, err
		}
		return me(a), s.Gate.Begin(ctx, a)
	}, tag)
	add(s, app.Read, http.MethodGet, "/session", "Who am I", func(ctx context.Context, _ *struct{}) (*body[report.Person], error) {
		return me(gate.Actor(ctx)), nil
	}, tag)
	add(s, app.Read, http.MethodDelete, "/session", "Sign out", func(ctx context.Context, _ *struct{}) (*struct{}, error) {
		return nil, s.Gate.SignOut(ctx)
	}, tag)
	add(s, app.Govern, http.MethodGet, "/people", "List the people", func(ctx context.Context, _ *struct{}) (*body[[]report.Person], error) {
		all, err := s.Instance.People(ctx)
		return &body[[]report.Person]{all}, err
	}, tag)
	add(s, app.Govern, http.MethodPut, "/people/{id}", "Change a person's role, or shut the door", func(ctx context.Context, in *changePerson) (*body[report.Person], error) {
		p, err := s.Instance.ChangePerson(ctx, gate.Actor(ctx), in.ID, in.Body.Role, in.Body.Disabled)
		return &body[report.Person]{p}, err
	}, tag)
	add(s, app.Govern, http.MethodPost, "/invitations", "Make a one-time link for a new person", func(ctx context.Context, in *invite) (*body[invitation], error) {
		key, err := s.Instance.Invite(ctx, in.Body.Role, gate.Actor(ctx))
		return &body[invitation]{invitation{key, string(in.Body.Role)}}, err
	}, tag)
	add(s, app.Read, http.MethodGet, "/tokens", "List my tokens", func(ctx context.Context, _ *struct{}) (*body[[]report.Token], error) {
		all, err := s.Instance.Tokens(ctx, gate.Actor(ctx))
		return &body[[]report.Token]{all}, err
	}, tag)
	add(s, app.Read, http.MethodPost, "/tokens", "Make a token for a program", func(ctx context.Context, in *newToken) (*body[report.Token], error) {
		t, err := s.Instance.NewToken(ctx, gate.Actor(ctx), in.Body.Name, in.Body.Scopes, in.Body.Days)
		return &body[report.Token]{t}, err
	}, tag)
	add(s, app.Read, http.MethodDelete, "/tokens/{id}", "End a token", func(ctx context.Context, in *ByID) (*struct{}, error) {
		return nil, s.Instance.EndToken(ctx, gate.Actor(ctx), in.ID)
	}, tag)
}
