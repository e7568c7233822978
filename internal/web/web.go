// Package web serves the pages: what a person opens in a browser. Every page is a question of package app, shown as package report says it, in English,
// Chinese or Korean; its address holds its filters, and gives the same as JSON or CSV with ?format=json or ?format=csv.
//
// Start with New. A page is a file here (law.go) with its template beside it (templates/law.html); its handler returns an answer or an error, and answer.go
// turns either into what is sent. Nothing is loaded from elsewhere, and every page works without its script, which only makes it quicker to use.
package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"io"
	"io/fs"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"

	"lodestone/internal/app"
	"lodestone/internal/gate"
	"lodestone/internal/report"
	"lodestone/internal/report/chart"
	"lodestone/internal/when"
)

//go:embed static templates
var files embed.FS

// Options say what the pages show.
type Options struct {
	Instance *app.Instance
	Gate     *gate.Gate
	Today    func() when.Date // the day, for questions that name none
	Version  string
	Log      *slog.Logger
}

type pages struct {
	Options
	templates map[string]map[string]*template.Template // by language and page
	versions  map[string]string                        // of static files, by name
}

// New adds the pages to a mux.
func New(mux *http.ServeMux, o Options) {
	p := &pages{Options: o, versions: versions()}
	p.templates = p.parse()
	mux.Handle("GET /static/", lasting(http.FileServerFS(files)))
	mux.Handle("GET /static/chart.css", lasting(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "chart.css", time.Time{}, strings.NewReader(chart.Style))
	})))
	p.door(mux)
	p.today(mux)
	p.screen(mux)
	p.job(mux)
	p.products(mux)
	p.parties(mux)
	p.law(mux)
	p.exposure(mux)
	p.enforcement(mux)
	p.catalogues(mux)
	p.alerts(mux)
	p.deliveries(mux)
	p.cases(mux)
	p.licences(mux)
	p.records(mux)
	p.people(mux)
	p.docs(mux)
	mux.HandleFunc("/", p.page(nobody, func(*ask) (*answer, error) { return nil, app.ErrUnknown }))
}

// Open says whether a path needs no sign-in.
func Open(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/static/") || r.URL.Path == "/sign-in" || r.URL.Path == "/set-up"
}

// lasting lets browsers keep static files: their addresses change with what they hold.
func lasting(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("v") {
			w.Header().Set("Cache-Control", "max-age=31536000, immutable")
		}
		next.ServeHTTP(w, r)
	})
}

// versions are short digests of the static files.
func versions() map[string]string {
	sum := sha256.Sum256([]byte(chart.Style))
	all := map[string]string{"chart.css": hex.EncodeToString(sum[:6])}
	fs.WalkDir(files, "static", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			b, _ := files.ReadFile(name) // it is embedded
			sum := sha256.Sum256(b)
			all[strings.TrimPrefix(name, "static/")] = hex.EncodeToString(sum[:6])
		}
		return nil
	})
	return all
}

// static is the address of a static file.
func (p *pages) static(name string) string { return "/static/" + name + "?v=" + p.versions[name] }

// nobody is the scope of pages that anyone may see who has come in, and those of the way in.
const nobody app.Scope = ""

// maxForm bounds what a form without files may send.
const maxForm = 1 << 20

// ask is one request for a page.
type ask struct {
	*http.Request
	Lang  string
	Actor *app.Actor // nil: nobody has signed in
	Today when.Date

	sent io.ReadCloser // the body as it comes, without the bound of forms
}

// files are the parts of a form that sends files. Only pages that want some ask for them: whatever else is sent is bounded, since reading a form of parts puts
// what does not fit into memory on the disk.
func (a *ask) files() (*multipart.Reader, error) {
	a.Body = a.sent
	return a.MultipartReader()
}

// page serves one page to whoever has its scope.
func (p *pages) page(scope app.Scope, handle func(*ask) (*answer, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a := &ask{Request: r, Lang: language(w, r), Actor: gate.Actor(r.Context()), Today: p.Today()}
		if r.Method != http.MethodGet {
			a.sent = io.NopCloser(gate.Body(w, r)) // not too slowly
			r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		}
		if scope != nobody && (a.Actor == nil || !a.Actor.May(scope)) {
			p.fail(w, a, refused{scope})
			return
		}
		answer, err := handle(a)
		if err != nil {
			p.fail(w, a, err)
			return
		}
		p.show(w, a, answer)
	}
}

// The cookies in which a browser keeps what its person chose.
const (
	langCookie  = "lodestone_lang"
	themeCookie = "lodestone_theme"
	keptFor     = 365 * 24 * 3600 // seconds
)

// language is the language of a page: the one that the address names, which is then kept, else the one kept, else the browser's.
func language(w http.ResponseWriter, r *http.Request) string {
	if theme := r.URL.Query().Get("theme"); theme == "light" || theme == "dark" || theme == "auto" {
		keep(w, themeCookie, theme)
	}
	if lang := r.URL.Query().Get("lang"); known(lang) {
		keep(w, langCookie, lang)
		return lang
	}
	if c, err := r.Cookie(langCookie); err == nil && known(c.Value) {
		return c.Value
	}
	for _, part := range strings.Split(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		if lang, _, _ := strings.Cut(strings.ToLower(tag), "-"); known(lang) {
			return lang
		}
	}
	return report.Languages[0]
}

func keep(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: keptFor, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// theme is light, dark, or empty: as the machine has it.
func (a *ask) theme() string {
	if t := a.URL.Query().Get("theme"); t == "light" || t == "dark" {
		return t
	} else if t == "auto" {
		return ""
	}
	if c, err := a.Cookie(themeCookie); err == nil && (c.Value == "light" || c.Value == "dark") {
		return c.Value
	}
	return ""
}

// t is a text of the catalogue in the language of the page.
func (a *ask) t(key string, pairs ...string) string { return say(a.Lang, key, pairs...) }

// q is a value of the address, without blanks around it.
func (a *ask) q(name string) string { return strings.TrimSpace(a.URL.Query().Get(name)) }

// here is the address of the page with other values: pairs of name and value, of which an empty one is left out.
func (a *ask) here(pairs ...string) string {
	q := a.URL.Query()
	for _, once := range []string{"lang", "theme", "part", "format"} {
		q.Del(once)
	}
	return address(a.URL.Path, q, pairs...)
}

func address(path string, q url.Values, pairs ...string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		} else {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// day is a day of the address; without one it is other.
func (a *ask) day(name string, other when.Date) (when.Date, error) {
	text := a.q(name)
	if text == "" {
		return other, nil
	}
	d, err := when.ParseDate(text)
	if err != nil {
		return 0, app.InvalidBy(name, err)
	}
	return d, nil
}

// at are the two times of the address: today, and the newest day that was assessed, where it names none.
func (p *pages) at(a *ask) (at when.At, err error) {
	if at.Effective, err = a.day("on", a.Today); err != nil {
		return at, err
	}
	at.KnownBy, err = a.day("known_by", p.Instance.Book.Assessed.Horizon)
	return at, err
}
