package web

import (
	"net/http"
	"strconv"

	"lodestone/internal/app"
	"lodestone/internal/report"
)

// people adds the pages of those who may come in, and of oneself.
func (p *pages) people(mux *http.ServeMux) {
	mux.HandleFunc("GET /people", p.page(app.Govern, p.peoplePage))
	mux.HandleFunc("POST /people/invite", p.page(app.Govern, p.invite))
	mux.HandleFunc("POST /people/{id}", p.page(app.Govern, p.changePerson))
	mux.HandleFunc("GET /account", p.page(app.Read, p.accountPage))
	mux.HandleFunc("POST /account/tokens", p.page(app.Read, p.newToken))
	mux.HandleFunc("POST /account/tokens/{id}/end", p.page(app.Read, p.endToken))
}

type peopleDoc struct {
	People []report.Person `json:"people"`
	Roles  []app.Role      `json:"roles"`
	Link   string          `json:"-"` // just made; shown once
	Role   app.Role        `json:"-"` // that it grants
}

func (p *pages) peoplePage(a *ask) (*answer, error) {
	all, err := p.Instance.People(a.Context())
	doc := peopleDoc{People: all, Roles: app.Roles()}
	return &answer{page: "people", data: doc, json: document(doc), csv: rows([]string{"id", "login", "name", "role", "disabled"}, all, func(x *report.Person) []string {
		return []string{x.ID, x.Login, x.Name, x.Role, yesNo(x.Disabled)}
	})}, err
}

// invite makes a one-time link and shows it, this once.
func (p *pages) invite(a *ask) (*answer, error) {
	role := app.Role(a.PostFormValue("role"))
	key, err := p.Instance.Invite(a.Context(), role, a.Actor)
	if err != nil {
		return nil, err
	}
	x, err := p.peoplePage(a)
	if err != nil {
		return nil, err
	}
	doc := x.data.(peopleDoc)
	scheme := "http"
	if a.TLS != nil || a.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	doc.Link, doc.Role = scheme+"://"+a.Host+"/set-up?key="+key, role
	x.data, x.json, x.csv = doc, nil, nil
	return x, nil
}

func (p *pages) changePerson(a *ask) (*answer, error) {
	_, err := p.Instance.ChangePerson(a.Context(), a.Actor, a.PathValue("id"), app.Role(a.PostFormValue("role")), a.PostFormValue("disabled") != "")
	return &answer{to: "/people"}, err
}

type accountDoc struct {
	Me     report.Person
	Tokens []report.Token
	Scopes []app.Scope
	New    report.Token // just made; its key is shown once
}

func (p *pages) accountPage(a *ask) (*answer, error) {
	tokens, err := p.Instance.Tokens(a.Context(), a.Actor)
	return &answer{page: "account", data: accountDoc{a.Actor.Shown(), tokens, a.Actor.Role.Scopes(), report.Token{}}}, err
}

func (p *pages) newToken(a *ask) (*answer, error) {
	if err := a.ParseForm(); err != nil {
		return nil, app.InvalidBy("form", err)
	}
	days, err := strconv.Atoi(a.PostFormValue("days"))
	if err != nil {
		return nil, app.Invalid{Field: "days", Text: "is no whole number"}
	}
	var scopes []app.Scope
	for _, s := range a.PostForm["scope"] {
		scopes = append(scopes, app.Scope(s))
	}
	t, err := p.Instance.NewToken(a.Context(), a.Actor, a.PostFormValue("name"), scopes, days)
	if err != nil {
		return nil, err
	}
	x, err := p.accountPage(a)
	if err != nil {
		return nil, err
	}
	doc := x.data.(accountDoc)
	doc.New = t
	x.data = doc
	return x, nil
}

func (p *pages) endToken(a *ask) (*answer, error) {
	return &answer{to: "/account"}, p.Instance.EndToken(a.Context(), a.Actor, a.PathValue("id"))
}
