package web

import (
	"errors"
	"net/http"

	"lodestone/internal/app"
	"lodestone/internal/gate"
)

// door adds the pages of the way in.
func (p *pages) door(mux *http.ServeMux) {
	mux.HandleFunc("GET /sign-in", p.page(nobody, func(*ask) (*answer, error) { return &answer{page: "sign-in", data: entered{}}, nil }))
	mux.HandleFunc("POST /sign-in", p.page(nobody, p.signIn))
	mux.HandleFunc("POST /sign-out", p.page(nobody, p.signOut))
	mux.HandleFunc("GET /set-up", p.page(nobody, p.setUpPage))
	mux.HandleFunc("POST /set-up", p.page(nobody, p.setUp))
}

// entered is what a person entered on the way in, shown again where something was wrong.
type entered struct {
	Key   string   // of the one-time link; empty: the link does not hold
	Role  app.Role // that the link grants; empty: not known
	Login string
	Name  string
}

func (p *pages) signIn(a *ask) (*answer, error) {
	_, err := p.Gate.SignIn(a.Context(), a.RemoteAddr, a.PostFormValue("login"), a.PostFormValue("password"))
	if err == nil {
		return &answer{to: "/"}, nil
	}
	return p.again(a, "sign-in", entered{Login: a.PostFormValue("login")}, err)
}

func (p *pages) signOut(a *ask) (*answer, error) {
	return &answer{to: "/sign-in"}, p.Gate.SignOut(a.Context())
}

func (p *pages) setUpPage(a *ask) (*answer, error) {
	e := entered{Key: a.q("key")}
	var err error
	if e.Role, err = p.Instance.Invited(a.Context(), e.Key); err != nil {
		return p.again(a, "set-up", entered{}, err)
	}
	return &answer{page: "set-up", data: e}, nil
}

func (p *pages) setUp(a *ask) (*answer, error) {
	e := entered{Key: a.PostFormValue("key"), Login: a.PostFormValue("login"), Name: a.PostFormValue("name")}
	actor, err := p.Instance.Accept(a.Context(), e.Key, e.Login, e.Name, a.PostFormValue("password"))
	if err == nil {
		err = p.Gate.Begin(a.Context(), actor)
	}
	if err == nil && actor.Role == app.Administrator {
		return &answer{to: "/begin"}, nil
	}
	if err == nil {
		return &answer{to: "/"}, nil
	}
	if errors.Is(err, app.ErrLink) {
		e.Key = ""
	}
	return p.again(a, "set-up", e, err)
}

// again shows a form again with what was wrong in it; other errors are the frame's affair.
func (p *pages) again(a *ask, page string, data any, err error) (*answer, error) {
	x := &answer{page: page, data: data, status: http.StatusUnprocessableEntity}
	var invalid app.Invalid
	switch {
	case errors.As(err, &invalid):
		x.problem = a.t("error.entered") + " " + p.says(a.Lang, err)
	case errors.Is(err, app.ErrSignIn):
		x.status, x.problem = http.StatusUnauthorized, a.t("error.sign_in")
	case errors.Is(err, gate.ErrTooOften):
		x.status, x.problem = http.StatusTooManyRequests, a.t("error.too_often")
	case errors.Is(err, app.ErrLink):
		x.status, x.problem = http.StatusGone, a.t("error.link")
	case errors.Is(err, app.ErrTaken):
		x.status, x.problem = http.StatusConflict, a.t("error.taken")
	default:
		return nil, err
	}
	return x, nil
}
