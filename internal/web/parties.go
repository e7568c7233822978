package web

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"lodestone/internal/app"
	"lodestone/internal/party"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

// parties adds the page where names are looked for on the party lists.
func (p *pages) parties(mux *http.ServeMux) {
	mux.HandleFunc("GET /parties", p.page(app.Read, p.partiesPage))
	mux.HandleFunc("POST /parties/clear", p.page(app.Approve, p.clearHit))
	mux.HandleFunc("POST /parties/lists", p.page(app.Govern, p.loadList))
	mux.HandleFunc("POST /parties/lists/end", p.page(app.Govern, p.endList))
}

// Bounds on what one search asks.
const (
	maxNames     = 50
	hitsShown    = 20
	clearedUntil = 180 // days, where nobody says
)

// partiesDoc is what was found for some names.
type partiesDoc struct {
	Names   string               `json:"-"`
	On      when.Date            `json:"on"`
	Answers []report.PartyAnswer `json:"answers"`
	Lists   []report.PartyList   `json:"lists"`
	People  names                `json:"-"` // who loaded them
	Until   when.Date            `json:"-"` // proposed for a clearance
	Notes   []string             `json:"-"` // that several answers have, each once
}

func (p *pages) partiesPage(a *ask) (*answer, error) {
	on, err := a.day("on", a.Today)
	if err != nil {
		return nil, err
	}
	doc := partiesDoc{Names: strings.TrimSpace(a.URL.Query().Get("name")), On: on, Until: a.Today + clearedUntil, Answers: []report.PartyAnswer{}}
	if doc.Lists, err = p.Instance.PartyLists(a.Context(), a.Today, a.Lang); err != nil {
		return nil, err
	}
	if doc.People, err = p.names(a); err != nil {
		return nil, err
	}
	var queries []party.Query
	for name := range strings.Lines(doc.Names) {
		if name = strings.TrimSpace(name); name != "" {
			queries = append(queries, party.Query{Name: name})
		}
	}
	if len(queries) > maxNames {
		return nil, app.Invalid{Field: "name", Text: a.t("parties.most", "n", number(maxNames))}
	}
	if len(queries) > 0 {
		if doc.Answers, err = p.Instance.SearchParties(a.Context(), queries, on, a.Today, a.Lang, app.NamesAsked{Limit: hitsShown}); err != nil {
			return nil, err
		}
	}
	for _, x := range doc.Answers {
		for _, n := range x.Notes {
			if n != a.t("party.noclearance") && !slices.Contains(doc.Notes, n) {
				doc.Notes = append(doc.Notes, n)
			}
		}
	}
	return &answer{page: "parties", data: doc, json: document(doc), csv: func(add table) error {
		if err := add("query", "list", "entry_id", "name", "matched_name", "score", "standing", "measure", "evidence", "cleared"); err != nil {
			return err
		}
		for _, x := range doc.Answers {
			for _, m := range x.Matches {
				if err := add(x.Query, m.List, deref(m.EntryID), m.Name, m.MatchedName, shownScore(m.Score), m.Standing, m.Measure, strings.Join(m.Evidence, "; "), ""); err != nil {
					return err
				}
			}
			for _, c := range x.Cleared {
				if err := add(x.Query, c.List, deref(c.EntryID), c.Name, "", shownScore(c.Score), "", "", "", c.Reason); err != nil {
					return err
				}
			}
		}
		return nil
	}}, nil
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// clearHit sets a hit aside, and looks again.
func (p *pages) clearHit(a *ask) (*answer, error) {
	until, err := when.ParseDate(a.PostFormValue("until"))
	if err != nil {
		return nil, app.InvalidBy("until", err)
	}
	c := app.Clearing{Query: a.PostFormValue("query"), List: a.PostFormValue("list"), Name: a.PostFormValue("name"), MatchedName: a.PostFormValue("matched_name"),
		Measure: a.PostFormValue("measure"), Reason: a.PostFormValue("reason"), Until: until}
	if err := p.Instance.ClearHit(a.Context(), a.Actor, c); err != nil {
		return nil, err
	}
	return &answer{to: address("/parties", url.Values{}, "name", a.PostFormValue("names"))}, nil
}

// loadList loads the party list that is sent, in the place of the one that has its name.
func (p *pages) loadList(a *ask) (*answer, error) {
	parts, err := a.files()
	if err != nil {
		return nil, app.Invalid{Field: "file", Text: a.t("screen.choose")}
	}
	smaller := false
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) || err == nil && part.FormName() == "file" && part.FileName() == "" {
			return nil, app.Invalid{Field: "file", Text: a.t("screen.choose")}
		}
		if err != nil {
			return nil, app.Invalid{Field: "file", Text: err.Error()}
		}
		switch part.FormName() {
		case "smaller": // stands before the file in the form
			smaller = true
		case "file":
			_, err := p.Instance.LoadList(a.Context(), a.Actor, clipBytes(part.FileName(), 100), part, smaller, app.Once{})
			return &answer{to: "/parties#lists"}, err
		}
	}
}

func (p *pages) endList(a *ask) (*answer, error) {
	return &answer{to: "/parties#lists"}, p.Instance.EndList(a.Context(), a.Actor, a.PostFormValue("name"))
}
