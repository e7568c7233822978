package web

import (
	"net/http"

	"lodestone/docs"
	"lodestone/internal/app"
)

// docs adds the documents of the program. They are in English.
func (p *pages) docs(mux *http.ServeMux) {
	mux.HandleFunc("GET /docs", p.page(app.Read, p.docsPage))
	mux.HandleFunc("GET /docs/{name...}", p.page(app.Read, p.docsPage))
}

type docsDoc struct {
	docs.Document // without a name: the list
	Groups        []docs.Group
}

func (p *pages) docsPage(a *ask) (*answer, error) {
	name := a.PathValue("name")
	if name == "" {
		return &answer{page: "docs", data: docsDoc{Groups: docs.Groups()}}, nil
	}
	d, ok := docs.Page(name)
	if !ok {
		return nil, app.ErrUnknown
	}
	return &answer{page: "docs", title: d.Title, data: docsDoc{Document: d}}, nil
}
