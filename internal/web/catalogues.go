package web

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"lodestone/internal/app"
	"lodestone/internal/report"
)

// catalogues adds the pages of files that are screened again whenever the law changes.
func (p *pages) catalogues(mux *http.ServeMux) {
	mux.HandleFunc("GET /catalogues", p.page(app.Read, p.cataloguesPage))
	mux.HandleFunc("POST /catalogues", p.page(app.Screen, p.keepCatalogue))
	mux.HandleFunc("GET /catalogues/{id}", p.page(app.Read, p.cataloguePage))
	mux.HandleFunc("POST /catalogues/{id}/end", p.page(app.Screen, p.endCatalogue))
}

type cataloguesDoc struct {
	Catalogues []report.Catalogue `json:"catalogues"`
}

func (p *pages) cataloguesPage(a *ask) (*answer, error) {
	all, err := p.Instance.Catalogues(a.Context())
	doc := cataloguesDoc{all}
	return &answer{page: "catalogues", data: doc, json: document(doc), csv: rows([]string{"catalogue", "name", "version", "ended", "recorded_at"}, all, func(c *report.Catalogue) []string {
		return []string{c.ID, c.Name, number(c.Version), yesNo(c.Ended), c.RecordedAt}
	})}, err
}

// maxField bounds a field that is sent beside a file.
const maxField = 1000

// keepCatalogue keeps the file that is sent, and goes on to what it looks like, as Screen does. The name of the catalogue stands before it in the form;
// without one it is called as the file.
func (p *pages) keepCatalogue(a *ask) (*answer, error) {
	parts, err := a.files()
	if err != nil {
		return nil, app.Invalid{Field: "file", Text: a.t("screen.choose")}
	}
	name := ""
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) || err == nil && part.FormName() == "file" && part.FileName() == "" {
			return nil, app.Invalid{Field: "file", Text: a.t("screen.choose")}
		}
		if err != nil {
			return nil, app.InvalidBy("file", err)
		}
		if part.FormName() == "file" {
			return p.received(part, cmp.Or(name, clipBytes(part.FileName(), 100)))
		}
		text, err := io.ReadAll(io.LimitReader(part, maxField))
		if err != nil {
			return nil, err
		}
		if part.FormName() == "name" {
			name = strings.TrimSpace(string(text))
		}
	}
}

// shownChanges bounds the changed rows that a page shows.
const shownChanges = 200

type catalogueDoc struct {
	report.Catalogue
	Job     string          `json:"job,omitempty"`     // the screening whose changes are shown; empty: none
	Changes []report.Impact `json:"changes,omitempty"` // the first of them
	More    int             `json:"more,omitempty"`    // changed rows beyond those
}

func (p *pages) cataloguePage(a *ask) (*answer, error) {
	c, err := p.Instance.Catalogue(a.Context(), a.PathValue("id"))
	if err != nil {
		return nil, err
	}
	doc := catalogueDoc{Catalogue: c, Job: a.q("job")}
	if doc.Job != "" {
		if err := p.changed(a, &doc); err != nil {
			return nil, err
		}
	}
	return &answer{page: "catalogue", title: c.Name, data: doc, json: document(doc), csv: func(add table) error {
		if err := add("id", "line", "before", "before_may_be", "after", "after_may_be", "by"); err != nil || doc.Job == "" {
			return err
		}
		return p.changes(a, doc.ID, doc.Job, func(x *report.Impact) error {
			return add(x.ID, number(x.Line), x.Before.Outcome, x.Before.MayBe, x.After.Outcome, x.After.MayBe, strings.Join(x.By, " "))
		})
	}}, nil
}

// changed reads the rows of a screening that stand otherwise than before: the first whole, the others counted.
func (p *pages) changed(a *ask, doc *catalogueDoc) error {
	return p.changes(a, doc.ID, doc.Job, func(x *report.Impact) error {
		if len(doc.Changes) < shownChanges {
			doc.Changes = append(doc.Changes, *x)
		} else {
			doc.More++
		}
		return nil
	})
}

// changes gives each row of a screening that stands otherwise than before, as it is read.
func (p *pages) changes(a *ask, catalogue, job string, give func(*report.Impact) error) error {
	write, err := p.Instance.Changes(a.Context(), catalogue, job)
	if err != nil {
		return err
	}
	r, w := io.Pipe()
	defer r.Close() // ends the writer where reading breaks off
	go func() { w.CloseWithError(write(w)) }()
	for d := json.NewDecoder(r); ; {
		var x report.Impact
		if err := d.Decode(&x); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := give(&x); err != nil {
			return err
		}
	}
}

func (p *pages) endCatalogue(a *ask) (*answer, error) {
	c, err := p.Instance.EndCatalogue(a.Context(), a.Actor, a.PathValue("id"))
	return &answer{to: "/catalogues/" + c.ID}, err
}
