package web

import (
	"cmp"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"lodestone/internal/app"
	"lodestone/internal/fact"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

// screen adds the pages where files and single items are given to be screened.
func (p *pages) screen(mux *http.ServeMux) {
	mux.HandleFunc("GET /screen", p.page(app.Read, p.screenPage))
	mux.HandleFunc("POST /screen", p.page(app.Screen, p.receive))
	mux.HandleFunc("GET /screen/file", p.page(app.Screen, p.filePage))
	mux.HandleFunc("POST /screen/file", p.page(app.Screen, p.startJob))
	mux.HandleFunc("POST /screen/example", p.page(app.Screen, p.startExample))
	mux.HandleFunc("GET /screen/item", p.page(app.Screen, p.itemPage))
	mux.HandleFunc("POST /screen/item", p.page(app.Screen, p.answerItem))
}

// jobsAPage is how many jobs the list shows at once.
const jobsAPage = 25

type screenDoc struct {
	Jobs []jobLine `json:"jobs"`
	Next int64     `json:"next,omitempty"` // zero: these are the oldest
}

func (p *pages) screenPage(a *ask) (*answer, error) {
	before, err := a.before()
	if err != nil {
		return nil, err
	}
	jobs, err := p.Instance.FileJobs(a.Context(), before, jobsAPage)
	if err != nil {
		return nil, err
	}
	doc := screenDoc{Jobs: linesOf(jobs)}
	if len(jobs) == jobsAPage {
		doc.Next = jobs[len(jobs)-1].N
	}
	return &answer{page: "screen", data: doc, json: document(doc),
		csv: allRows([]string{"id", "name", "state", "rows", "refused", "open", "recorded_at"},
			func(before int64, limit int) ([]jobLine, error) {
				jobs, err := p.Instance.FileJobs(a.Context(), before, limit)
				return linesOf(jobs), err
			}, func(j *jobLine) int64 { return j.N }, func(j *jobLine) []string {
				c := cmp.Or(j.Counts, &report.Summary{})
				return []string{j.ID, j.Name, j.State, number(c.Rows), number(c.Refused), number(c.Open), j.RecordedAt}
			})}, nil
}

// receive keeps a file that is sent, and goes on to what it looks like.
func (p *pages) receive(a *ask) (*answer, error) {
	parts, err := a.files()
	if err != nil {
		return nil, app.Invalid{Field: "file", Text: a.t("screen.choose")}
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, app.Invalid{Field: "file", Text: a.t("screen.choose")}
		}
		if err != nil {
			return nil, app.InvalidBy("file", err)
		}
		if part.FormName() == "file" && part.FileName() != "" {
			return p.received(part, "")
		}
	}
}

// received keeps a file and goes on to what it looks like. Catalogue is the name under which it is to be kept; empty: it is screened once.
func (p *pages) received(part *multipart.Part, catalogue string) (*answer, error) {
	digest, _, err := p.Instance.Keep(part)
	if err != nil {
		return nil, err
	}
	return &answer{to: address("/screen/file", url.Values{}, "f", digest, "name", clipBytes(part.FileName(), 100), "catalogue", catalogue)}, nil
}

// clipBytes shortens a name to so many bytes, keeping its end, which says what it is.
func clipBytes(s string, most int) string {
	for len(s) > most {
		_, s, _ = strings.Cut(s, s[:1])
		for len(s) > 0 && s[0]&0xc0 == 0x80 {
			s = s[1:]
		}
	}
	return s
}

// fileDoc is a file before it is screened, with what was chosen for it.
type fileDoc struct {
	report.Preview
	Map               map[string]string // known column: heading
	From, Destination string
	On, KnownBy       string
	Countries         []report.KnownColumn
	Shown             int    // columns that are shown
	Catalogue         string // name under which the file is to be kept; empty: it is screened once
}

// Open says that there are headings whose meaning can be chosen.
func (d *fileDoc) Open() bool {
	for _, c := range d.Columns {
		if c.ID == "" || d.Map[c.ID] == c.Heading {
			return true
		}
	}
	return false
}

// shownColumns bounds the columns that a page shows.
const shownColumns = 120

func (p *pages) filePage(a *ask) (*answer, error) {
	pairs := a.URL.Query()["m"]
	doc, err := p.Instance.Preview(a.q("name"), a.q("f"), pairs, a.Lang)
	if err != nil {
		return nil, err
	}
	d := &fileDoc{Preview: doc, Map: mapOf(pairs), From: a.q("from"), Destination: a.q("destination"), On: a.q("on"), KnownBy: a.q("known_by"),
		Countries: p.countries(a.Lang), Shown: min(len(doc.Columns), shownColumns), Catalogue: a.q("catalogue")}
	x := &answer{page: "file", title: a.t("file.title", "name", doc.Name), data: d, json: document(doc)}
	if !doc.Ready {
		x.status = http.StatusUnprocessableEntity
	}
	return x, nil
}

// mapOf is what pairs of column=heading say, by column.
func mapOf(pairs []string) map[string]string {
	m := map[string]string{}
	for _, pair := range pairs {
		id, heading, _ := strings.Cut(pair, "=")
		m[id] = heading
	}
	return m
}

// startJob starts to screen a file, or keeps it as a catalogue, or looks at it again where columns were given another meaning.
func (p *pages) startJob(a *ask) (*answer, error) {
	if err := a.ParseForm(); err != nil {
		return nil, app.InvalidBy("form", err)
	}
	var pairs []string
	for n := range shownColumns {
		if id := a.PostFormValue("column" + number(n)); id != "" {
			pairs = append(pairs, id+"="+a.PostFormValue("heading"+number(n)))
		}
	}
	slices.Sort(pairs)
	name, digest := a.PostFormValue("name"), a.PostFormValue("f")
	if a.PostFormValue("do") == "look" {
		q := url.Values{"m": pairs}
		for _, field := range []string{"f", "name", "catalogue", "from", "destination", "on", "known_by"} {
			if v := a.PostFormValue(field); v != "" {
				q.Set(field, v)
			}
		}
		return &answer{to: "/screen/file?" + q.Encode()}, nil
	}
	u := app.Upload{From: a.PostFormValue("from"), Destination: a.PostFormValue("destination"), On: a.Today, Lang: a.Lang, Map: pairs}
	var err error
	for _, x := range []struct {
		field string
		to    *when.Date
	}{{"on", &u.On}, {"known_by", &u.KnownBy}} {
		if text := a.PostFormValue(x.field); text != "" {
			if *x.to, err = when.ParseDate(text); err != nil {
				return nil, app.InvalidBy(x.field, err)
			}
		}
	}
	if catalogue := a.PostFormValue("catalogue"); catalogue != "" {
		c, err := p.Instance.CatalogueKept(a.Context(), a.Actor, catalogue, digest, u, a.Today)
		return &answer{to: "/catalogues/" + c.ID}, err
	}
	j, err := p.Instance.SubmitKept(a.Context(), a.Actor, name, digest, u)
	return &answer{to: "/jobs/" + j.ID}, err
}

// startExample screens the file that the program brings for a first try.
func (p *pages) startExample(a *ask) (*answer, error) {
	f, err := files.Open("static/example.csv")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	j, err := p.Instance.Submit(a.Context(), a.Actor, "example.csv", f, app.Upload{On: a.Today, Lang: a.Lang})
	return &answer{to: "/jobs/" + j.ID}, err
}

// itemFields are the columns of a single item that the form asks for at first sight; the rest stand behind them.
var itemFields = []string{"description", "hs", "composition", "form", "params", "from", "destination", "end_user", "end_use", "value", "currency"}

// itemDoc is the form of a single item.
type itemDoc struct {
	First, Rest []itemField
	On, KnownBy string
	Countries   []report.KnownColumn
	Forms       []report.KnownColumn
}

type itemField struct{ ID, Name, Value, Example, List string }

// itemExamples show how a column is written; they are the same in every language.
var itemExamples = map[string]string{"description": "烧结钕铁硼磁体 / sintered NdFeB magnets / 네오디뮴 자석", "hs": "8505.11.10.00", "composition": "Nd 29.5%; Dy 0.1-0.3%", "form": "magnet",
	"params": "density=7.6 g/cm3", "from": "CN", "destination": "DE", "end_use": "civil", "value": "3348.25", "currency": "CNY", "ship_date": "2026-12-01", "origin": "CN"}

// itemLists are the lists of words that a column chooses from.
var itemLists = map[string]string{"from": "countries", "destination": "countries", "origin": "countries", "made_in": "countries", "tech_origin": "countries", "recipient_nationality": "countries",
	"form": "forms"}

func (p *pages) itemPage(a *ask) (*answer, error) {
	return &answer{page: "item", data: p.itemForm(a, a.URL.Query())}, nil
}

func (p *pages) itemForm(a *ask, values url.Values) itemDoc {
	doc := itemDoc{On: values.Get("on"), KnownBy: values.Get("known_by"), Countries: p.countries(a.Lang)}
	for _, f := range p.Instance.Book.Vocab.Forms {
		doc.Forms = append(doc.Forms, report.KnownColumn{ID: f.ID, Name: f.Names.First().In(a.Lang)})
	}
	for _, c := range p.Instance.Book.Vocab.Columns {
		f := itemField{c.ID, c.Names.First().In(a.Lang), values.Get(c.ID), itemExamples[c.ID], itemLists[c.ID]}
		if _, ok := fact.ColumnNumber(c.ID); !ok || c.ID == "parent" || c.ID == "id" {
			continue
		}
		if slices.Contains(itemFields, c.ID) {
			doc.First = append(doc.First, f)
		} else {
			doc.Rest = append(doc.Rest, f)
		}
	}
	slices.SortFunc(doc.First, func(x, y itemField) int { return slices.Index(itemFields, x.ID) - slices.Index(itemFields, y.ID) })
	return doc
}

// countries are the countries by their letters.
func (p *pages) countries(lang string) (list []report.KnownColumn) {
	for _, c := range p.Instance.Book.Vocab.Countries {
		list = append(list, report.KnownColumn{ID: c.Code, Name: c.Names.First().In(lang)})
	}
	return list
}

// answerItem answers a single item and records it.
func (p *pages) answerItem(a *ask) (*answer, error) {
	if err := a.ParseForm(); err != nil {
		return nil, app.InvalidBy("form", err)
	}
	q := &app.Question{Item: map[string]string{}, On: a.Today, Lang: a.Lang}
	var err error
	for column := range a.PostForm {
		value := strings.TrimSpace(a.PostFormValue(column))
		switch {
		case value == "":
		case column == "on":
			q.On, err = when.ParseDate(value)
		case column == "known_by":
			q.KnownBy, err = when.ParseDate(value)
		default:
			q.Item[column] = value
		}
		if err != nil {
			err = app.InvalidBy(column, err)
			break
		}
	}
	if err == nil && len(q.Item) == 0 {
		err = app.Invalid{Field: "description", Text: a.t("item.nothing")}
	}
	var r report.Record
	if err == nil {
		r, err = p.Instance.Answer(a.Context(), a.Actor, q, "")
	}
	var invalid app.Invalid
	var refusal app.Refusal
	if errors.As(err, &invalid) || errors.As(err, &refusal) {
		return &answer{page: "item", data: p.itemForm(a, a.PostForm), status: http.StatusUnprocessableEntity, problem: p.says(a.Lang, err)}, nil
	}
	return &answer{to: "/records/" + r.ID}, err
}
