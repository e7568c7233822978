package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"lodestone/internal/app"
	"lodestone/internal/law"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

// records adds the pages of what was answered and done: records, the log, and its proof.
func (p *pages) records(mux *http.ServeMux) {
	mux.HandleFunc("GET /records", p.page(app.Read, p.recordsPage))
	mux.HandleFunc("GET /records/{id}", p.page(app.Read, p.recordPage))
	mux.HandleFunc("GET /records/{id}/dossier", p.page(app.Read, p.recordDossier))
	mux.HandleFunc("GET /records/export", p.page(app.Read, p.exportRecords))
	mux.HandleFunc("GET /records/log", p.page(app.Read, p.logPage))
	mux.HandleFunc("POST /records/verify", p.page(app.Govern, p.verify))
}

const recordsAPage = 50

type recordsDoc struct {
	Records  []report.RecordLine `json:"records"`
	Next     int64               `json:"next,omitempty"` // zero: these are the oldest
	Filter   app.RecordFilter    `json:"-"`
	Outcomes []string            `json:"-"`
	People   names               `json:"-"`
	Older    string              `json:"-"`
	Newer    bool                `json:"-"`
}

// names are what persons are called, by id.
type names map[string]string

// Of is what a person is called; the program itself goes by its own word.
func (n names) Of(id string) string {
	if name := n[id]; name != "" {
		return name
	}
	return id
}

func (p *pages) names(a *ask) (names, error) {
	all, err := p.Instance.People(a.Context())
	n := names{"instance": a.t("records.instance")}
	for _, x := range all {
		n[x.ID] = x.Name
		if x.Name == "" {
			n[x.ID] = x.Login
		}
	}
	return n, err
}

func (p *pages) recordsPage(a *ask) (*answer, error) {
	before, err := a.before()
	if err != nil {
		return nil, err
	}
	doc := recordsDoc{Filter: app.RecordFilter{Item: a.q("q"), Outcome: a.q("outcome"), Person: a.q("by")}, Outcomes: slices.Collect(backwards(law.OutcomeWords())), Newer: before != newest}
	if doc.Records, err = p.Instance.NewestRecords(a.Context(), before, recordsAPage, doc.Filter); err != nil {
		return nil, err
	}
	if doc.People, err = p.names(a); err != nil {
		return nil, err
	}
	if len(doc.Records) == recordsAPage {
		doc.Next = doc.Records[len(doc.Records)-1].N
		doc.Older = a.here("before", fmt.Sprint(doc.Next))
	}
	return &answer{page: "records", data: doc, json: document(doc),
		csv: allRows([]string{"record", "n", "item", "description", "effective", "known_by", "outcome", "may_be", "revision", "recorded_at", "recorded_by"},
			func(before int64, limit int) ([]report.RecordLine, error) {
				return p.Instance.NewestRecords(a.Context(), before, limit, doc.Filter)
			}, func(r *report.RecordLine) int64 { return r.N }, func(r *report.RecordLine) []string {
				return []string{r.ID, fmt.Sprint(r.N), r.Item, r.Description, r.Effective, r.KnownBy, r.Outcome, r.MayBe, r.Revision, r.RecordedAt, doc.People.Of(r.RecordedBy)}
			})}, nil
}

// before is the place in the log before which a list begins.
func (a *ask) before() (int64, error) {
	n := int64(newest)
	if text := a.q("before"); text != "" {
		if _, err := fmt.Sscanf(text, "%d", &n); err != nil || n < 0 {
			return 0, app.Invalid{Field: "before", Text: "is no place in the log"}
		}
	}
	return n, nil
}

type recordDoc struct {
	report.Explained
	By string
}

func (p *pages) recordPage(a *ask) (*answer, error) {
	doc, err := p.Instance.Explained(a.Context(), a.PathValue("id"), a.Lang)
	if err != nil {
		return nil, err
	}
	people, err := p.names(a)
	return &answer{page: "record", title: a.t("record.title", "id", doc.Determination.ID), data: recordDoc{doc, people.Of(doc.Record.RecordedBy)}, json: document(doc.Record)}, err
}

// recordDossier gives the determination file of a record: on paper, or with ?as=json for programs.
func (p *pages) recordDossier(a *ask) (*answer, error) {
	doc, signed, err := p.Instance.RecordDossier(a.Context(), a.PathValue("id"), a.Lang, p.Version, a.Today)
	if errors.Is(err, app.ErrOtherLaw) {
		return nil, app.InvalidBy("record", err)
	}
	if err != nil {
		return nil, err
	}
	kind, name, write := "application/pdf", "dossier.pdf", func(w io.Writer) error {
		return report.WriteDossier(w, doc, signed, &report.Maker{Book: p.Instance.Book, Lang: a.Lang})
	}
	if a.q("as") == "json" {
		kind, name, write = "application/json", "dossier.json", signed.Write
	}
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return nil, err
	}
	return &answer{file: func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
		_, err := b.WriteTo(w)
		p.sent(err)
	}}, nil
}

// exportRecords gives a file of records.
func (p *pages) exportRecords(a *ask) (*answer, error) {
	x := app.RecordExport{Format: report.Format(a.q("output")), Digests: a.q("digests") != ""}
	for _, d := range []struct {
		name string
		to   *when.Date
	}{{"from", &x.From}, {"to", &x.To}} {
		if a.q(d.name) == "" {
			continue
		}
		var err error
		if *d.to, err = when.ParseDate(a.q(d.name)); err != nil {
			return nil, app.Invalid{Field: d.name, Text: err.Error()}
		}
	}
	write, err := p.Instance.ExportRecords(a.Context(), x)
	if err != nil {
		return nil, err
	}
	return &answer{file: func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", app.RecordMedia(x.Format))
		w.Header().Set("Content-Disposition", `attachment; filename="lodestone-records.`+string(x.Format)+`"`)
		if err := write(w); err != nil {
			p.sent(err)
			panic(http.ErrAbortHandler) // what is cut off must not look whole
		}
	}}, nil
}

type logDoc struct {
	Lines  []report.LogLine `json:"lines"`
	Size   int64            `json:"size"`
	People names            `json:"-"`
	Older  string           `json:"-"`
	Newer  bool             `json:"-"`
}

func (p *pages) logPage(a *ask) (*answer, error) {
	before, err := a.before()
	if err != nil {
		return nil, err
	}
	doc := logDoc{Newer: before != newest}
	if doc.Size, err = p.Instance.LogSize(a.Context()); err != nil {
		return nil, err
	}
	before = min(before, doc.Size)
	from := max(0, before-recordsAPage)
	if doc.Lines, err = p.Instance.Log(a.Context(), from, int(before-from)); err != nil {
		return nil, err
	}
	slices.Reverse(doc.Lines)
	if doc.People, err = p.names(a); err != nil {
		return nil, err
	}
	if from > 0 {
		doc.Older = a.here("before", fmt.Sprint(from))
	}
	return &answer{page: "log", data: doc, json: document(doc), csv: allRows([]string{"n", "at", "who", "kind", "subject", "digest", "note"},
		func(before int64, limit int) ([]report.LogLine, error) {
			before = min(before, doc.Size)
			from := max(0, before-int64(limit))
			lines, err := p.Instance.Log(a.Context(), from, int(before-from))
			slices.Reverse(lines)
			return lines, err
		}, func(l *report.LogLine) int64 { return l.N }, func(l *report.LogLine) []string {
			return []string{fmt.Sprint(l.N), l.At, doc.People.Of(l.Who), l.Kind, l.Subject, l.Digest, l.Note}
		})}, nil
}

// verify proves the log and answers every recorded question again.
func (p *pages) verify(a *ask) (*answer, error) {
	v, err := p.Instance.Verify(a.Context())
	return &answer{page: "verified", data: &v, json: document(v)}, err
}
