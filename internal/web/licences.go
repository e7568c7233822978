package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"lodestone/internal/app"
	"lodestone/internal/licence"
	"lodestone/internal/quant"
	"lodestone/internal/report"
	"lodestone/internal/when"
	"lodestone/lawdata/licensing"
)

// licences adds the pages of licences held, with what is left on them, and of applications, with their papers and clocks.
func (p *pages) licences(mux *http.ServeMux) {
	mux.HandleFunc("GET /licences", p.page(app.Read, func(a *ask) (*answer, error) { return p.licencesPage(a, nil) }))
	mux.HandleFunc("POST /licences", p.page(app.Licence, p.enterLicence))
	mux.HandleFunc("GET /licences/{id}", p.page(app.Read, func(a *ask) (*answer, error) { return p.licencePage(a, nil) }))
	mux.HandleFunc("POST /licences/{id}/draw", p.page(app.Licence, p.drawLicence))
	mux.HandleFunc("POST /licences/{id}/draws/{draw}/reversal", p.page(app.Licence, p.reverseDraw))
	mux.HandleFunc("POST /applications", p.page(app.Licence, p.enterApplication))
	mux.HandleFunc("GET /applications/{id}", p.page(app.Read, func(a *ask) (*answer, error) { return p.applicationPage(a, nil) }))
	mux.HandleFunc("POST /applications/{id}", p.page(app.Licence, p.happened))
	mux.HandleFunc("POST /applications/{id}/papers/{paper}", p.page(app.Licence, p.putPaper))
}

// licencesShown is how many licences and applications a page shows.
const licencesShown = 100

type licencesDoc struct {
	Licences     []report.HeldLicence        `json:"licences"`
	Applications []report.LicenceApplication `json:"applications"`
	Kinds        []string                    `json:"-"`
	Types        []licence.Type              `json:"-"`
	Statements   []string                    `json:"-"`
	Entered      map[string]string           `json:"-"` // shown again where something was wrong
}

func (p *pages) licencesPage(a *ask, problem error) (*answer, error) {
	held, err := p.Instance.HeldLicences(a.Context(), 0, licencesShown, 0, a.Lang)
	if err != nil {
		return nil, err
	}
	applied, err := p.Instance.Applications(a.Context(), 0, licencesShown, a.Lang)
	if err != nil {
		return nil, err
	}
	rules, err := licensing.Rules()
	if err != nil {
		return nil, err
	}
	doc := licencesDoc{held, applied, p.Instance.Book.Vocab.TermWords("licence_kind"), rules.Types, licence.Statements(), map[string]string{}}
	for field := range a.PostForm {
		doc.Entered[field] = a.PostFormValue(field)
	}
	x := &answer{page: "licences", data: doc, json: document(doc), csv: rows([]string{"no", "kind", "state", "items", "end_user", "destination", "quantity", "used", "left", "unit", "exports", "from", "to", "days"},
		held, func(l *report.HeldLicence) []string {
			return []string{l.No, l.Kind, l.State, strings.Join(l.Items, " "), l.EndUser, l.Destination, l.Quantity, l.Used, l.Left, l.Unit, number(l.Exports), l.From.String(), l.To.String(), number(l.Days)}
		})}
	return x.wrong(problem), nil
}

// wrong says on the page what was wrong with what was tried; nil: nothing.
func (x *answer) wrong(problem error) *answer {
	if problem != nil {
		x.status, x.problem = http.StatusUnprocessableEntity, problem.Error()
	}
	return x
}

// ofPerson says that an error is about what a person tried, and is shown beside the form.
func ofPerson(err error) bool {
	var invalid app.Invalid
	var conflict app.Conflict
	return errors.As(err, &invalid) || errors.As(err, &conflict)
}

func (p *pages) enterLicence(a *ask) (*answer, error) {
	if err := a.ParseForm(); err != nil {
		return nil, app.Invalid{Field: "form", Text: err.Error()}
	}
	h, err := heldOf(a)
	var l report.HeldLicence
	if err == nil {
		l, err = p.Instance.EnterLicence(a.Context(), a.Actor, h, a.Lang)
	}
	if ofPerson(err) {
		return p.licencesPage(a, err)
	}
	return &answer{to: "/licences/" + l.ID}, err
}

// heldOf is a licence as the form has it.
func heldOf(a *ask) (h licence.Held, err error) {
	f := func(name string) string { return strings.TrimSpace(a.PostFormValue(name)) }
	h = licence.Held{Kind: f("kind"), No: f("no"), Exporter: f("exporter"), EndUser: f("end_user"), EndUse: f("end_use"), Destination: f("destination"), Unit: f("unit"), Words: f("words"),
		Items: strings.FieldsFunc(f("items"), func(r rune) bool { return r == ',' || r == ' ' || r == ';' || r == '，' })}
	if h.Quantity, err = quant.ParseDecimal(f("quantity")); err != nil {
		return h, app.Invalid{Field: "quantity", Text: err.Error()}
	}
	for _, d := range []struct {
		name string
		to   *when.Date
	}{{"from", &h.From}, {"to", &h.To}} {
		if *d.to, err = when.ParseDate(f(d.name)); err != nil {
			return h, app.Invalid{Field: d.name, Text: err.Error()}
		}
	}
	if text := f("batches"); text != "" {
		if h.Batches, err = strconv.Atoi(text); err != nil {
			return h, app.Invalid{Field: "batches", Text: "is no whole number"}
		}
	}
	return h, nil
}

type licenceDoc struct {
	report.HeldLicence
	Taken map[string]bool // draws that were taken back
}

func (p *pages) licencePage(a *ask, problem error) (*answer, error) {
	l, err := p.Instance.HeldLicence(a.Context(), a.PathValue("id"), a.Lang)
	if err != nil {
		return nil, err
	}
	doc := licenceDoc{l, map[string]bool{}}
	for _, d := range l.Draws {
		doc.Taken[d.Reverses] = true
	}
	x := &answer{page: "licence", title: a.t("licence.page.title", "no", l.No), data: doc, json: document(l), csv: rows([]string{"draw", "record", "reverses", "quantity", "words", "at", "by"}, l.Draws, func(d *report.LicenceDraw) []string {
		return []string{d.ID, d.Record, d.Reverses, d.Quantity, d.Words, d.At, l.People[d.By]}
	})}
	return x.wrong(problem), nil
}

func (p *pages) drawLicence(a *ask) (*answer, error) {
	id := a.PathValue("id")
	_, err := p.Instance.DrawLicence(a.Context(), a.Actor, id, strings.TrimSpace(a.PostFormValue("record")), a.PostFormValue("words"), a.Lang)
	if errors.Is(err, app.ErrUnknown) {
		err = app.Invalid{Field: "record", Text: a.t("licence.no_record")}
	}
	if ofPerson(err) {
		return p.licencePage(a, err)
	}
	return &answer{to: "/licences/" + id}, err
}

func (p *pages) reverseDraw(a *ask) (*answer, error) {
	id := a.PathValue("id")
	_, err := p.Instance.ReverseDraw(a.Context(), a.Actor, id, a.PathValue("draw"), a.PostFormValue("words"))
	if ofPerson(err) {
		return p.licencePage(a, err)
	}
	return &answer{to: "/licences/" + id}, err
}

func (p *pages) enterApplication(a *ask) (*answer, error) {
	if err := a.ParseForm(); err != nil {
		return nil, app.Invalid{Field: "form", Text: err.Error()}
	}
	e := app.ApplicationEntry{Type: a.PostFormValue("type"), Reference: a.PostFormValue("reference"), States: map[string]string{}}
	for _, s := range licence.Statements() {
		if v := strings.TrimSpace(a.PostFormValue("s_" + s)); v != "" {
			e.States[s] = v
		}
	}
	d, err := p.Instance.EnterApplication(a.Context(), a.Actor, e, a.Lang)
	if ofPerson(err) {
		return p.licencesPage(a, err)
	}
	return &answer{to: "/applications/" + d.ID}, err
}

// events are what can happen to an application.
var events = []string{"filed", "accepted", "stopped", "not_accepted", "granted", "refused", "withdrawn"}

type applicationDoc struct {
	report.LicenceApplication
	Can         []string // events
	PaperStates []string
}

func (p *pages) applicationPage(a *ask, problem error) (*answer, error) {
	d, err := p.Instance.Application(a.Context(), a.PathValue("id"), a.Lang)
	if err != nil {
		return nil, err
	}
	x := &answer{page: "application", title: a.t("application.page.title", "type", d.TypeName), data: applicationDoc{d, events, licence.PaperStates()}, json: document(d),
		csv: rows([]string{"paper", "name", "required", "state", "done", "cite"}, d.Papers, func(l *report.PaperLine) []string {
			return []string{l.Paper, l.Name, yesNo(l.Required), l.State, yesNo(l.Done), l.Cite}
		})}
	return x.wrong(problem), nil
}

// version is that of a thing as the person has seen it.
func (a *ask) version() (int64, error) {
	n, err := strconv.ParseInt(a.PostFormValue("version"), 10, 64)
	if err != nil {
		return 0, app.Invalid{Field: "version", Text: "is no whole number"}
	}
	return n, nil
}

func (p *pages) happened(a *ask) (*answer, error) {
	id := a.PathValue("id")
	version, err := a.version()
	e := licence.Event{State: a.PostFormValue("state"), Words: a.PostFormValue("words")}
	if err == nil && !slices.Contains(events, e.State) {
		err = app.Invalid{Field: "state", Text: fmt.Sprintf("is none of %s", strings.Join(events, ", "))}
	}
	if err == nil {
		if e.On, err = when.ParseDate(a.PostFormValue("on")); err != nil {
			err = app.Invalid{Field: "on", Text: err.Error()}
		}
	}
	if err == nil {
		_, err = p.Instance.ApplicationHappened(a.Context(), a.Actor, id, version, e, a.PostFormValue("licence"), a.Lang)
	}
	if ofPerson(err) {
		return p.applicationPage(a, err)
	}
	return &answer{to: "/applications/" + id}, err
}

func (p *pages) putPaper(a *ask) (*answer, error) {
	if err := a.ParseForm(); err != nil {
		return nil, app.Invalid{Field: "form", Text: err.Error()}
	}
	id := a.PathValue("id")
	version, err := a.version()
	var before report.LicenceApplication
	if err == nil {
		before, err = p.Instance.Application(a.Context(), id, a.Lang)
	}
	if err == nil {
		f := licence.Filed{Paper: a.PathValue("paper"), State: a.PostFormValue("state"), Confirmed: a.PostForm["check"], Words: a.PostFormValue("words")}
		if n := slices.IndexFunc(before.Papers, func(l report.PaperLine) bool { return l.Paper == f.Paper }); n >= 0 {
			f.States = before.Papers[n].States // the form does not ask for them
		}
		_, err = p.Instance.PutPaper(a.Context(), a.Actor, id, version, f, a.Lang)
	}
	if ofPerson(err) {
		return p.applicationPage(a, err)
	}
	return &answer{to: "/applications/" + id}, err
}
