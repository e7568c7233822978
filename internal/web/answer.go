package web

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strings"

	"lodestone/internal/app"
	"lodestone/internal/gate"
	"lodestone/internal/problem"
	"lodestone/internal/report"
)

// answer is what a handler gives: a page with its data, or the way to another page.
type answer struct {
	page    string // template; its key of the catalogue, with ".title", is the title
	title   string // in the place of that of the catalogue; empty: that one
	status  int    // zero: 200
	data    any    // what the template shows
	problem string // what was wrong with what was entered; empty: nothing
	to      string // address to go to instead; empty: the page

	json func(io.Writer) error     // the data of the page; nil: it has none
	csv  func(table) error         // the same, as rows
	text func(io.Writer) error     // the same, as CSV that package report writes
	file func(http.ResponseWriter) // in the place of a page; nil: none
}

// table takes the rows of a CSV, the heading first.
type table func(cells ...string) error

// document gives a document as JSON.
func document(doc any) func(io.Writer) error {
	return func(w io.Writer) error { return report.WriteJSON(w, doc) }
}

// rows gives a list as CSV.
func rows[T any](head []string, list []T, row func(*T) []string) func(table) error {
	return func(add table) error {
		if err := add(head...); err != nil {
			return err
		}
		for i := range list {
			if err := add(row(&list[i])...); err != nil {
				return err
			}
		}
		return nil
	}
}

// rowsAtOnce is how many rows of a long list are read at once for a CSV.
const rowsAtOnce = 500

// allRows gives a list as CSV that pages show in parts: more reads those before a place, place is that of the last.
func allRows[T any](head []string, more func(before int64, limit int) ([]T, error), place func(*T) int64, row func(*T) []string) func(table) error {
	return func(add table) error {
		if err := add(head...); err != nil {
			return err
		}
		for before := int64(newest); ; {
			list, err := more(before, rowsAtOnce)
			if err != nil || len(list) == 0 {
				return err
			}
			for i := range list {
				if err := add(row(&list[i])...); err != nil {
					return err
				}
			}
			before = place(&list[len(list)-1])
		}
	}
}

// view is what the frame of every page shows.
type view struct {
	Lang, Theme string
	Page, Title string
	Section     string // of the navigation
	Actor       *app.Actor
	Problem     string
	Data        any
	HasJSON     bool
	HasCSV      bool
	Version     string
	Until       string // assessed until
	Age         int    // days since then
	Note        string
	CanScreen   bool
	CanApprove  bool
	CanGovern   bool
	CanLicence  bool
	Today       string
	Nav         []navItem
	Languages   []navItem
	Themes      []navItem
	ask         *ask
	Provider    string // where people may sign in with a provider; empty: there is none
	Partial     bool
}

// navItem is a link of the frame.
type navItem struct {
	Key, Text, To string
	Current       bool
}

// sections are the pages of the navigation.
var sections = []section{{"today", "/", ""}, {"screen", "/screen", "/jobs"}, {"products", "/products", ""}, {"parties", "/parties", ""}, {"law", "/law", ""}, {"exposure", "/exposure", ""},
	{"enforcement", "/enforcement", ""}, {"catalogues", "/catalogues", "/alerts"}, {"cases", "/cases", ""}, {"licences", "/licences", "/applications"}, {"records", "/records", ""}}

// section is a page of the navigation.
type section struct{ key, path, also string } // also: pages elsewhere that belong to it; empty: none

func (s section) holds(path string) bool {
	return path == s.path || s.path != "/" && strings.HasPrefix(path, s.path+"/") || s.also != "" && (path == s.also || strings.HasPrefix(path, s.also+"/"))
}

// staleDays is the age from which the frame says that the law data are old.
const staleDays = 30

func (p *pages) view(a *ask, x *answer) *view {
	b := p.Instance.Book
	v := &view{Lang: a.Lang, Theme: a.theme(), Page: x.page, Title: x.title, Actor: a.Actor, Problem: x.problem, Data: x.data, HasJSON: x.json != nil, HasCSV: x.csv != nil || x.text != nil,
		Version: p.Version, Until: b.Assessed.Horizon.String(), Age: int(a.Today - b.Assessed.Horizon), Note: report.Disclaimer(a.Lang, len(b.Acts), b.Assessed.Horizon),
		Today: a.Today.String(), ask: a, Partial: a.q("part") != "", Provider: p.Gate.Elsewhere()}
	if v.Title == "" {
		v.Title = a.t(x.page + ".title")
	}
	for _, s := range sections {
		v.Nav = append(v.Nav, navItem{s.key, a.t("nav." + s.key), s.path, s.holds(a.URL.Path)})
	}
	for _, lang := range report.Languages {
		v.Languages = append(v.Languages, navItem{lang, say(lang, "frame.language"), a.here("lang", lang), lang == a.Lang})
	}
	for _, theme := range []string{"auto", "light", "dark"} {
		v.Themes = append(v.Themes, navItem{theme, a.t("frame.theme." + theme), a.here("theme", theme), theme == v.Theme || theme == "auto" && v.Theme == ""})
	}
	if a.Actor != nil {
		v.CanScreen, v.CanApprove, v.CanGovern, v.CanLicence = a.Actor.May(app.Screen), a.Actor.May(app.Approve), a.Actor.May(app.Govern), a.Actor.May(app.Licence)
	}
	return v
}

// Here is the address of the page with other values.
func (v *view) Here(pairs ...string) string { return v.ask.here(pairs...) }

// Again is the form of a single item, filled in.
func (v *view) Again(item map[string]string) string {
	q := url.Values{}
	for column, value := range item {
		q.Set(column, value)
	}
	return address("/screen/item", q)
}

// Stale says that the law data are old.
func (v *view) Stale() bool { return v.Age > staleDays }

// Q is a value of the address.
func (v *view) Q(name string) string { return v.ask.q(name) }

// parse reads the templates: frame and parts with each page, once a language.
func (p *pages) parse() map[string]map[string]*template.Template {
	names, err := files.ReadDir("templates")
	if err != nil {
		panic(err)
	}
	all := map[string]map[string]*template.Template{}
	for _, lang := range report.Languages {
		base := template.Must(template.New("").Funcs(p.functions(lang)).ParseFS(files, "templates/frame.html", "templates/parts.html"))
		all[lang] = map[string]*template.Template{}
		for _, f := range names {
			name := strings.TrimSuffix(f.Name(), path.Ext(f.Name()))
			if name != "frame" && name != "parts" {
				all[lang][name] = template.Must(template.Must(base.Clone()).ParseFS(files, "templates/"+f.Name()))
			}
		}
	}
	return all
}

// show sends a page, or its data in the form that the address asks for. A page is made whole before its first byte goes out.
func (p *pages) show(w http.ResponseWriter, a *ask, x *answer) {
	switch format := a.q("format"); {
	case x.to != "":
		http.Redirect(w, a.Request, x.to, http.StatusSeeOther)
	case x.file != nil:
		x.file(w)
	case format == "json" && x.json != nil:
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		p.sent(x.json(w))
	case format == "csv" && x.text != nil:
		p.sent(errors.Join(beginCSV(w, x.page), x.text(w)))
	case format == "csv" && x.csv != nil:
		p.sent(writeCSV(w, x.page, x.csv))
	case format != "" && format != "html":
		p.fail(w, a, app.Invalid{Field: "format", Text: a.t("error.format", "format", format)})
	default:
		p.html(w, a, x)
	}
}

// sent notes an answer that broke off: its head has gone out, so there is nothing to say to the reader.
func (p *pages) sent(err error) {
	if err != nil {
		p.Log.Warn("answer broke off", "error", err)
	}
}

// beginCSV says that a file follows, with a mark by which spreadsheets know UTF-8.
func beginCSV(w http.ResponseWriter, name string) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="lodestone-%s.csv"`, name))
	_, err := io.WriteString(w, "\ufeff")
	return err
}

// plainNumber is a cell that is a number, which no spreadsheet takes for a formula whatever its sign.
var plainNumber = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// writeCSV writes rows and makes formulas inert.
func writeCSV(w http.ResponseWriter, name string, give func(table) error) error {
	if err := beginCSV(w, name); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	err := give(func(cells ...string) error {
		for i, c := range cells {
			if !plainNumber.MatchString(c) {
				cells[i] = report.Inert(c)
			}
		}
		return out.Write(cells)
	})
	out.Flush()
	return errors.Join(err, out.Error())
}

func (p *pages) html(w http.ResponseWriter, a *ask, x *answer) {
	v := p.view(a, x)
	name := "frame"
	if v.Partial {
		name = "content"
	}
	var b bytes.Buffer
	t := p.templates[a.Lang][x.page]
	if t == nil {
		t = p.templates[a.Lang]["error"]
	}
	if err := t.ExecuteTemplate(&b, name, v); err != nil {
		p.Log.Error("page", "name", x.page, "error", err)
		gate.Problem(w, http.StatusInternalServerError, "The page could not be made.")
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if x.status != 0 {
		w.WriteHeader(x.status)
	}
	w.Write(b.Bytes()) // a reader who is gone is no error
}

// refused is the error of a page that a person may not see.
type refused struct{ scope app.Scope }

func (r refused) Error() string { return "this needs the right to " + string(r.scope) }

// failure is what the error page shows.
type failure struct{ Says, Do, Detail string }

// fail shows what went wrong and what to do about it.
func (p *pages) fail(w http.ResponseWriter, a *ask, err error) {
	status, key, says := kindOf(err)
	detail := ""
	if says != nil {
		detail = p.says(a.Lang, says)
	}
	if a.Context().Err() != nil {
		return // nobody waits any more
	}
	if status == http.StatusInternalServerError {
		p.Log.Error("page", "path", a.URL.Path, "error", err)
	}
	if a.q("format") != "" {
		gate.Problem(w, status, a.t("error."+key)+" "+detail)
		return
	}
	f := failure{a.t("error." + key), a.t("error." + key + ".do"), detail}
	p.html(w, a, &answer{page: "error", title: f.Says, status: status, data: f})
}

// kindOf sorts errors: the status, the key of the sentence, and the error that says more where that helps (nil: none does).
func kindOf(err error) (status int, key string, says error) {
	var invalid app.Invalid
	var refusal app.Refusal
	var no refused
	var conflict app.Conflict
	var problems problem.List
	var large *http.MaxBytesError
	var broken gate.BodyError
	var lists app.ListsError
	switch {
	case errors.As(err, &invalid):
		return http.StatusUnprocessableEntity, "entered", err
	case errors.As(err, &refusal):
		return http.StatusUnprocessableEntity, "entered", err
	case errors.As(err, &problems):
		return http.StatusUnprocessableEntity, "file", err
	case errors.As(err, &conflict):
		return http.StatusConflict, "conflict", err
	case errors.As(err, &no):
		return http.StatusForbidden, "forbidden", nil
	case errors.Is(err, app.ErrUnknown):
		var named unknown
		if errors.As(err, &named) {
			says = named.error
		}
		return http.StatusNotFound, "missing", says
	case errors.Is(err, app.ErrSpace):
		return http.StatusInsufficientStorage, "space", nil
	case errors.Is(err, app.ErrVerifying):
		return http.StatusTooManyRequests, "verifying", nil
	case errors.Is(err, gate.ErrSlow):
		return http.StatusRequestTimeout, "slow", nil
	case errors.Is(err, gate.ErrStopping):
		return http.StatusServiceUnavailable, "stopping", nil
	case errors.As(err, &broken):
		return http.StatusBadRequest, "broken", nil
	case errors.As(err, &lists):
		return http.StatusServiceUnavailable, "lists", err
	case errors.Is(err, app.ErrLarge), errors.Is(err, app.ErrLargeList), errors.Is(err, app.ErrTable), errors.As(err, &large):
		return http.StatusRequestEntityTooLarge, "large", err
	}
	return http.StatusInternalServerError, "failed", nil
}
