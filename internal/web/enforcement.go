package web

import (
	"cmp"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"lodestone/internal/app"
	"lodestone/internal/enforce"
	"lodestone/internal/report"
	"lodestone/internal/sentence"
)

// enforcement adds the pages of penalty decisions: what was counted, one decision read, what a case would cost.
func (p *pages) enforcement(mux *http.ServeMux) {
	mux.HandleFunc("GET /enforcement", p.page(app.Read, p.statsPage))
	mux.HandleFunc("GET /enforcement/decision", p.page(app.Read, func(a *ask) (*answer, error) { return &answer{page: "decision", data: &decisionDoc{}}, nil }))
	mux.HandleFunc("POST /enforcement/decision", p.page(app.Read, p.readDecision))
	mux.HandleFunc("GET /enforcement/estimate", p.page(app.Read, p.estimatePage))
}

type statsDoc struct {
	*enforce.Stats
	Q         enforce.Question
	Groupings []string
	Dates     []string
	Periods   []string
	View      report.EnforcementView
}

var periods = []string{"half", "year", "quarter"}

func (p *pages) statsPage(a *ask) (*answer, error) {
	q := enforce.Question{Date: cmp.Or(a.q("date"), enforce.DateKinds[0]), Period: cmp.Or(a.q("period"), periods[0]), All: a.q("all") != ""}
	if by := a.q("by"); by != "" {
		q.By = []string{by}
	}
	for _, x := range []struct {
		field, value string
		words        []string
	}{{"by", a.q("by"), append([]string{""}, enforce.Groupings...)}, {"date", q.Date, enforce.DateKinds}, {"period", q.Period, periods}} {
		if !slices.Contains(x.words, x.value) {
			return nil, app.InvalidBy(x.field, sentence.Of("is none of %s", strings.Join(x.words, ", ")))
		}
	}
	var err error
	if q.From, err = a.day("from", 0); err != nil {
		return nil, err
	}
	if q.To, err = a.day("to", 0); err != nil {
		return nil, err
	}
	tables, records, err := decisions()
	if err != nil {
		return nil, err
	}
	s := enforce.Compute(tables, records, q)
	return &answer{page: "stats", data: statsDoc{&s, q, enforce.Groupings, enforce.DateKinds, periods, report.EnforcementView{Lang: a.Lang}}, json: document(s),
		csv: func(add table) error {
			if err := add("by", "definition", "key", "n", "share_percent", "year_on_year_percent", "why", "ratio_n", "mean_of_ratios", "pooled", "median", "cases"); err != nil {
				return err
			}
			for _, t := range s.Tables {
				for _, r := range t.Rows {
					if err := add(t.By, t.Definition, r.Key, number(r.N), plain(r.Share), plain(r.Growth), r.Why, number(r.Ratio.N), plain(r.Ratio.MeanOfRatios), plain(r.Ratio.Pooled), plain(r.Ratio.Median),
						strings.Join(r.Evidence, "; ")); err != nil {
						return err
					}
				}
			}
			return nil
		}}, nil
}

// decisions are the tables and the collection that the program carries.
func decisions() (*enforce.Tables, []enforce.Record, error) {
	tables, err := app.DecisionTables()
	if err != nil {
		return nil, nil, err
	}
	records, _, err := app.LoadDecisions(nil)
	return tables, records, err
}

// plain is a number for programs; empty where it is withheld.
func plain(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'g', 8, 64)
}

// decisionDoc is a decision that was read, with its text.
type decisionDoc struct {
	Text   string // as it was sent
	Record *enforce.Record
	Parts  []spanned
	Values []readValue
	View   report.EnforcementView
}

// spanned is a part of the text; Of are the values that stand there.
type spanned struct {
	Text string
	Of   string // empty: none
}

// readValue is a value of the record and the words from which it was read.
type readValue struct{ Path, Words string }

// readDecision reads a decision that is pasted or sent as a file. Nothing of it is kept.
func (p *pages) readDecision(a *ask) (*answer, error) {
	in, name, err := decisionSent(a)
	if err != nil {
		return nil, err
	}
	record, text, err := p.Instance.ReadDecision(a.Context(), name, in)
	var invalid app.Invalid
	if errors.As(err, &invalid) {
		return &answer{page: "decision", data: &decisionDoc{}, status: http.StatusUnprocessableEntity, problem: p.says(a.Lang, err)}, nil
	}
	if err != nil {
		return nil, err
	}
	doc := &decisionDoc{Record: record, View: report.EnforcementView{Lang: a.Lang}}
	doc.Parts, doc.Values = spansOf(text, record.Spans)
	return &answer{page: "decision", data: doc, json: document(record)}, nil
}

// decisionSent is the file of the form, or the text that was pasted.
func decisionSent(a *ask) (io.Reader, string, error) {
	if kind, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type")); kind != "multipart/form-data" {
		return strings.NewReader(a.PostFormValue("text")), "pasted", nil
	}
	parts, err := a.files()
	if err != nil {
		return nil, "", app.InvalidBy("file", err)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, "", app.Invalid{Field: "text", Text: a.t("decision.nothing")}
		}
		if err != nil {
			return nil, "", app.InvalidBy("file", err)
		}
		if part.FormName() == "file" && part.FileName() != "" {
			return part, clipBytes(part.FileName(), 100), nil
		}
		if part.FormName() == "text" {
			text, err := io.ReadAll(io.LimitReader(part, maxForm))
			if err != nil || len(strings.TrimSpace(string(text))) > 0 {
				return strings.NewReader(string(text)), "pasted", err
			}
		}
	}
}

// spansOf parts a text at the spans of a record, in the order of the text; of spans that meet the one that begins first, and of these the longest, is
// marked, and the names of the others stand with it.
func spansOf(text string, spans map[string]enforce.Span) (parts []spanned, values []readValue) {
	runes := []rune(text)
	paths := make([]string, 0, len(spans))
	for path, s := range spans {
		if s[0] >= 0 && s[0] < s[1] && s[1] <= len(runes) {
			paths = append(paths, path)
		}
	}
	slices.SortFunc(paths, func(a, b string) int {
		x, y := spans[a], spans[b]
		return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(y[1], x[1]), cmp.Compare(a, b))
	})
	at := 0
	for _, path := range paths {
		s := spans[path]
		values = append(values, readValue{path, clip(string(runes[s[0]:s[1]]), 200)})
		if s[0] < at {
			if last := len(parts) - 1; last >= 0 && parts[last].Of != "" {
				parts[last].Of += ", " + path
			}
			continue
		}
		if s[0] > at {
			parts = append(parts, spanned{string(runes[at:s[0]]), ""})
		}
		parts, at = append(parts, spanned{string(runes[s[0]:s[1]]), path}), s[1]
	}
	if at < len(runes) {
		parts = append(parts, spanned{string(runes[at:]), ""})
	}
	return parts, values
}

// estimateDoc is a case with what it would cost.
type estimateDoc struct {
	Outlook    *enforce.Outlook // nil: nothing was asked yet
	Conducts   []string
	Classes    []string
	Categories []enforce.Category
	Grounds    []enforce.Ground
	Chosen     []string // grounds that are claimed
	View       report.EnforcementView
}

func (p *pages) estimatePage(a *ask) (*answer, error) {
	tables, records, err := decisions()
	if err != nil {
		return nil, err
	}
	doc := &estimateDoc{Conducts: enforce.Conducts, Classes: enforce.Classes, Categories: tables.Categories, Chosen: a.URL.Query()["ground"], View: report.EnforcementView{Lang: a.Lang}}
	for _, t := range tables.Penalties.Tiers {
		doc.Grounds = append(doc.Grounds, t.Grounds...)
	}
	x := &answer{page: "estimate", data: doc}
	if a.q("conduct") == "" && a.q("basis") == "" {
		return x, nil
	}
	f, err := factsOf(a, doc.Chosen)
	if err == nil {
		var o enforce.Outlook
		o, err = enforce.Estimate(tables, records, f)
		doc.Outlook, x.json = &o, document(o)
	}
	if err != nil {
		doc.Outlook, x.json = nil, nil
		x.status, x.problem = http.StatusUnprocessableEntity, p.says(a.Lang, err)
	}
	return x, nil
}

func factsOf(a *ask, grounds []string) (f enforce.Facts, err error) {
	f = enforce.Facts{Class: a.q("class"), Category: a.q("category"), Grounds: grounds}
	if c := a.q("conduct"); c != "" {
		f.Conduct = []string{c}
	}
	if b := a.q("basis"); b != "" {
		f.Basis = []string{b}
	}
	if f.On, err = a.day("on", a.Today); err != nil {
		return f, err
	}
	if v := strings.NewReplacer(",", "", " ", "").Replace(a.q("value")); v != "" {
		n, err := enforce.ParseNumber(v)
		if err != nil || n.Sign() < 0 {
			return f, app.InvalidBy("value", sentence.Of("%q is no sum of yuan", v))
		}
		f.Value = &n
	}
	return f, nil
}
