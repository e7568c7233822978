// Package web serves the pages. So far: the way in (one-time link, sign-in) and a start page that says what this instance is; the questions
// themselves are asked through the API and the command line.
//
// Start with New. Nothing is loaded from elsewhere, and the pages need no script.
package web

import (
	"bytes"
	"embed"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"strings"

	"lodestone/internal/app"
	"lodestone/internal/gate"
	"lodestone/internal/report"
)

//go:embed static templates
var files embed.FS

var templates = template.Must(template.ParseFS(files, "templates/*.html"))

// Options say what the pages show.
type Options struct {
	Instance *app.Instance
	Gate     *gate.Gate
	Version  string
	Log      *slog.Logger
}

type pages struct{ Options }

// New adds the pages to a mux.
func New(mux *http.ServeMux, o Options) {
	p := &pages{o}
	mux.Handle("GET /static/", http.FileServerFS(files))
	mux.HandleFunc("GET /{$}", p.start)
	mux.HandleFunc("GET /sign-in", p.signInPage)
	mux.HandleFunc("POST /sign-in", p.signIn)
	mux.HandleFunc("POST /sign-out", p.signOut)
	mux.HandleFunc("GET /set-up", p.setUpPage)
	mux.HandleFunc("POST /set-up", p.setUp)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		p.show(w, r, http.StatusNotFound, "missing", nil)
	})
}

// Open says whether a path needs no sign-in.
func Open(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/static/") || r.URL.Path == "/sign-in" || r.URL.Path == "/set-up"
}

// maxForm bounds what a form may send.
const maxForm = 16 << 10

// view is what every page shows.
type view struct {
	Version  string
	Actor    *app.Actor // nil: nobody has signed in
	Problem  string     // empty: none
	Key      string     // of a one-time link
	Login    string
	Name     string
	Role     app.Role
	Law      string // revision
	Until    string // assessed until
	Acts     int
	Note     string
	Provider string // where people may sign in with a provider; empty: there is none
}

func (p *pages) view(r *http.Request) *view {
	b := p.Instance.Book
	return &view{Version: p.Version, Actor: gate.Actor(r.Context()), Law: b.Revision, Until: b.Assessed.Horizon.String(), Acts: len(b.Acts),
		Provider: p.Gate.Elsewhere(), Note: report.Disclaimer("en", len(b.Acts), b.Assessed.Horizon)}
}

// show writes a page; it is made whole before the first byte goes out.
func (p *pages) show(w http.ResponseWriter, r *http.Request, status int, name string, v *view) {
	if v == nil {
		v = p.view(r)
	}
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, v); err != nil {
		p.Log.Error("page", "name", name, "error", err)
		http.Error(w, "The page could not be made.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(b.Bytes()) // a reader who is gone is no error
}

func (p *pages) start(w http.ResponseWriter, r *http.Request) {
	p.show(w, r, http.StatusOK, "start", nil)
}

func (p *pages) signInPage(w http.ResponseWriter, r *http.Request) {
	p.show(w, r, http.StatusOK, "sign-in", nil)
}

func (p *pages) signIn(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	_, err := p.Gate.SignIn(r.Context(), r.RemoteAddr, r.PostFormValue("login"), r.PostFormValue("password"))
	if err == nil {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	v := p.view(r)
	v.Login = r.PostFormValue("login")
	p.fail(w, r, "sign-in", v, err)
}

func (p *pages) signOut(w http.ResponseWriter, r *http.Request) {
	if err := p.Gate.SignOut(r.Context()); err != nil {
		p.fail(w, r, "start", p.view(r), err)
		return
	}
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
}

func (p *pages) setUpPage(w http.ResponseWriter, r *http.Request) {
	v := p.view(r)
	v.Key = r.URL.Query().Get("key")
	role, err := p.Instance.Invited(r.Context(), v.Key)
	if err != nil {
		v.Key = ""
		p.fail(w, r, "set-up", v, err)
		return
	}
	v.Role = role
	p.show(w, r, http.StatusOK, "set-up", v)
}

func (p *pages) setUp(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	v := p.view(r)
	v.Key, v.Login, v.Name = r.PostFormValue("key"), r.PostFormValue("login"), r.PostFormValue("name")
	a, err := p.Instance.Accept(r.Context(), v.Key, v.Login, v.Name, r.PostFormValue("password"))
	if err == nil {
		err = p.Gate.Begin(r.Context(), a)
	}
	if err == nil {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	if errors.Is(err, app.ErrLink) {
		v.Key = ""
	}
	p.fail(w, r, "set-up", v, err)
}

// fail shows a page again with what was wrong.
func (p *pages) fail(w http.ResponseWriter, r *http.Request, name string, v *view, err error) {
	status := http.StatusUnprocessableEntity
	var invalid app.Invalid
	switch {
	case errors.As(err, &invalid):
		v.Problem = invalid.Error()
	case errors.Is(err, app.ErrSignIn):
		status, v.Problem = http.StatusUnauthorized, err.Error()
	case errors.Is(err, gate.ErrTooOften):
		status, v.Problem = http.StatusTooManyRequests, err.Error()
	case errors.Is(err, app.ErrLink):
		status, v.Problem = http.StatusGone, err.Error()
	case errors.Is(err, app.ErrTaken):
		status, v.Problem = http.StatusConflict, err.Error()
	default:
		p.Log.Error("page", "name", name, "error", err)
		status, v.Problem = http.StatusInternalServerError, "something failed; the log of the server says what"
	}
	p.show(w, r, status, name, v)
}
