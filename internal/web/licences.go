package web

import (
	"errors"
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
	mux.HandleFunc("POST /licences/{id}", p.page(app.Licence, p.changeLicence))
	mux.HandleFunc("POST /licences/{id}/draw", p.page(app.Licence, p.drawLicence))
	mux.HandleFunc("POST /licences/{id}/draws/{draw}/reversal", p.page(app.Licence, p.reverseDraw))
	mux.HandleFunc("POST /applications", p.page(app.Licence, p.enterApplication))
	mux.HandleFunc("GET /applications/{id}", p.page(app.Read, func(a *ask) (*answer, error) { return p.applicationPage(a, nil) }))
	mux.HandleFunc("POST /applications/{id}", p.page(app.Licence, p.happened))
	mux.HandleFunc("POST /applications/{id}/statements", p.page(app.Licence, p.changeApplication))
	mux.HandleFunc("POST /applications/{id}/papers/{paper}", p.page(app.Licence, p.putPaper))
}

// licencesShown is how many licences and applications a page shows.
const licencesShown = 100

type licencesDoc struct {
	Licences     []report.HeldLicence        `json:"licences"`
	Applications []report.LicenceApplication `json:"applications"`
	Form         licenceForm                 `json:"-"`
	Types        []licence.Type              `json:"-"`
	Statements   []string                    `json:"-"`
	Entered      map[string]string           `json:"-"` // shown again where something was wrong
}

// licenceForm is the form of what is printed on a licence.
type licenceForm struct {
	Kinds, Uses, Countries []report.KnownColumn
	Entered                map[string]string // by field
}

func (p *pages) licenceForm(lang string, entered map[string]string) licenceForm {
	return licenceForm{p.terms(lang, "licence_kind"), p.terms(lang, "end_use"), p.countries(lang), entered}
}

// terms are the words of a vocabulary with what people call them.
func (p *pages) terms(lang, vocabulary string) (list []report.KnownColumn) {
	v := p.Instance.Book.Vocab
	for _, word := range v.TermWords(vocabulary) {
		list = append(list, report.KnownColumn{ID: word, Name: v.TermName(vocabulary, word).In(lang)})
	}
	return list
}

// entered is what a form that was sent says, by field.
func (a *ask) entered() map[string]string {
	said := map[string]string{}
	for field := range a.PostForm {
		said[field] = a.PostFormValue(field)
	}
	return said
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
	entered := a.entered()
	doc := licencesDoc{held, applied, p.licenceForm(a.Lang, entered), rules.Types, licence.Statements(), entered}
	x := &answer{page: "licences", data: doc, json: document(doc), csv: allRows([]string{"no", "kind", "state", "items", "end_user", "destination", "quantity", "used", "left", "unit", "exports", "from", "to", "days"},
		func(before int64, limit int) ([]report.HeldLicence, error) {
			return p.Instance.HeldLicences(a.Context(), before, limit, 0, a.Lang)
		}, func(l *report.HeldLicence) int64 { return l.N }, func(l *report.HeldLicence) []string {
			return []string{l.No, l.Kind, l.State, strings.Join(l.Items, " "), l.EndUser, l.Destination, l.Quantity, l.Used, l.Left, l.Unit, number(l.Exports), l.From.String(), l.To.String(), number(l.Days)}
		})}
	return p.wrong(a, x, problem), nil
}

// wrong says on the page what was wrong with what was tried; nil: nothing.
func (p *pages) wrong(a *ask, x *answer, problem error) *answer {
	if problem != nil {
		x.status, x.problem = http.StatusUnprocessableEntity, p.says(a.Lang, problem)
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
		return nil, app.InvalidBy("form", err)
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
		return h, app.InvalidBy("quantity", err)
	}
	for _, d := range []struct {
		name string
		to   *when.Date
	}{{"from", &h.From}, {"to", &h.To}} {
		if *d.to, err = when.ParseDate(f(d.name)); err != nil {
			return h, app.InvalidBy(d.name, err)
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
	Taken  map[string]bool // draws that were taken back
	Form   licenceForm
	States []string
	Newest []report.RecordLine // that a shipment is chosen from
}

// offeredRecords is how many of the newest records are offered where one is asked for.
const offeredRecords = 30

// printed is a licence as its form has it.
func printed(l *report.HeldLicence) map[string]string {
	said := map[string]string{"kind": l.Kind, "no": l.No, "items": strings.Join(l.Items, ", "), "exporter": l.Exporter, "end_user": l.EndUser, "end_use": l.EndUse, "destination": l.Destination,
		"quantity": l.Quantity, "unit": l.Unit, "from": l.From.String(), "to": l.To.String(), "state": l.State}
	if l.Batches > 0 {
		said["batches"] = number(l.Batches)
	}
	return said
}

func (p *pages) licencePage(a *ask, problem error) (*answer, error) {
	l, err := p.Instance.HeldLicence(a.Context(), a.PathValue("id"), a.Lang)
	if err != nil {
		return nil, err
	}
	doc := licenceDoc{HeldLicence: l, Taken: map[string]bool{}, Form: p.licenceForm(a.Lang, printed(&l)), States: licence.HeldStates()}
	if a.PostForm.Has("no") {
		doc.Form.Entered = a.entered()
	}
	if doc.Newest, err = p.Instance.NewestRecords(a.Context(), newest, offeredRecords, app.RecordFilter{}); err != nil {
		return nil, err
	}
	for _, d := range l.Draws {
		doc.Taken[d.Reverses] = true
	}
	x := &answer{page: "licence", title: a.t("licence.page.title", "no", l.No), data: doc, json: document(l), csv: rows([]string{"draw", "record", "reverses", "quantity", "words", "at", "by"}, l.Draws, func(d *report.LicenceDraw) []string {
		return []string{d.ID, d.Record, d.Reverses, d.Quantity, d.Words, d.At, l.People[d.By]}
	})}
	return p.wrong(a, x, problem), nil
}

// changeLicence records another version of a licence. The application that it came of stays.
func (p *pages) changeLicence(a *ask) (*answer, error) {
	id := a.PathValue("id")
	version, err := a.version()
	var h licence.Held
	if err == nil {
		h, err = heldOf(a)
	}
	if err == nil {
		var now report.HeldLicence
		if now, err = p.Instance.HeldLicence(a.Context(), id, a.Lang); err == nil {
			h.Application = now.Application
			_, err = p.Instance.ChangeLicence(a.Context(), a.Actor, id, version, a.PostFormValue("state"), h, a.Lang)
		}
	}
	if ofPerson(err) {
		return p.licencePage(a, err)
	}
	return &answer{to: "/licences/" + id}, err
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
		return nil, app.InvalidBy("form", err)
	}
	e := app.ApplicationEntry{Type: a.PostFormValue("type"), Reference: a.PostFormValue("reference"), States: statesOf(a)}
	d, err := p.Instance.EnterApplication(a.Context(), a.Actor, e, a.Lang)
	if ofPerson(err) {
		return p.licencesPage(a, err)
	}
	return &answer{to: "/applications/" + d.ID}, err
}

// statesOf are the statements of a form.
func statesOf(a *ask) map[string]string {
	states := map[string]string{}
	for _, s := range licence.Statements() {
		if v := strings.TrimSpace(a.PostFormValue("s_" + s)); v != "" {
			states[s] = v
		}
	}
	return states
}

// changeApplication changes what an application states. Its type and its clock stay.
func (p *pages) changeApplication(a *ask) (*answer, error) {
	id := a.PathValue("id")
	version, err := a.version()
	if err == nil {
		var now report.LicenceApplication
		if now, err = p.Instance.Application(a.Context(), id, a.Lang); err == nil {
			e := app.ApplicationEntry{Type: now.Type, Amends: now.Amends, Clock: now.Clock, Reference: a.PostFormValue("reference"), States: statesOf(a)}
			_, err = p.Instance.ChangeApplication(a.Context(), a.Actor, id, version, e, a.Lang)
		}
	}
	if ofPerson(err) {
		return p.applicationPage(a, err)
	}
	return &answer{to: "/applications/" + id}, err
}

type applicationDoc struct {
	report.LicenceApplication
	Can         []string // events that may be next; none: it is decided
	PaperStates []string
	Statements  []string
	Open        bool     // what it states can still change
	Stating     []string // papers that state something
	Stated      []statedLine
}

// statedLine is one statement beside the same of the papers.
type statedLine struct {
	Statement string
	Differs   bool
	Spelling  bool     // only in spelling
	Values    []string // the application's own, then one for each paper that states anything
}

// compare lays out what the application and its papers state, a line a statement that anything makes.
func (d *applicationDoc) compare() {
	said := []map[string]string{d.States}
	for _, l := range d.Papers {
		if len(l.States) > 0 {
			d.Stating, said = append(d.Stating, l.Name), append(said, l.States)
		}
	}
	for _, s := range d.Statements {
		line := statedLine{Statement: s}
		for _, states := range said {
			line.Values = append(line.Values, states[s])
		}
		for _, x := range d.Differ {
			if x.Statement == s {
				line.Differs, line.Spelling = true, x.Spelling
			}
		}
		if slices.ContainsFunc(line.Values, func(v string) bool { return v != "" }) {
			d.Stated = append(d.Stated, line)
		}
	}
}

func (p *pages) applicationPage(a *ask, problem error) (*answer, error) {
	d, err := p.Instance.Application(a.Context(), a.PathValue("id"), a.Lang)
	if err != nil {
		return nil, err
	}
	doc := &applicationDoc{LicenceApplication: d, Can: licence.Follows(d.State), PaperStates: licence.PaperStates(), Statements: licence.Statements(),
		Open: d.State == licence.Draft || d.State == licence.NotAccepted}
	doc.compare()
	for n := range doc.Papers {
		if l := &doc.Papers[n]; problem != nil && l.Paper == a.PathValue("paper") {
			l.States = statesOf(a) // what was sent is not lost
		}
	}
	x := &answer{page: "application", title: a.t("application.page.title", "type", d.TypeName), data: doc, json: document(d),
		csv: rows([]string{"paper", "name", "required", "state", "done", "cite"}, d.Papers, func(l *report.PaperLine) []string {
			return []string{l.Paper, l.Name, yesNo(l.Required), l.State, yesNo(l.Done), l.Cite}
		})}
	return p.wrong(a, x, problem), nil
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
	if err == nil {
		if e.On, err = when.ParseDate(a.PostFormValue("on")); err != nil {
			err = app.InvalidBy("on", err)
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
		return nil, app.InvalidBy("form", err)
	}
	id := a.PathValue("id")
	version, err := a.version()
	if err == nil {
		f := licence.Filed{Paper: a.PathValue("paper"), State: a.PostFormValue("state"), Confirmed: a.PostForm["check"], States: statesOf(a), Words: a.PostFormValue("words")}
		_, err = p.Instance.PutPaper(a.Context(), a.Actor, id, version, f, a.Lang)
	}
	if ofPerson(err) {
		return p.applicationPage(a, err)
	}
	return &answer{to: "/applications/" + id}, err
}
