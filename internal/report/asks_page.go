package report

import (
	_ "embed"
	"html/template"
	"io"
)

//go:embed asks.html
var asksPage string

var asksTemplate = parsed("asks", template.FuncMap{"say": func(lang, key string) string { return Say(lang, "asks."+key) }}, headTemplate+asksPage)

// WriteHTML writes the questions as a page to read, a table for each supplier. Answers come back in the workbook.
func (a *Asks) WriteHTML(w io.Writer, lang string, s *Summary) error {
	type group struct {
		Name string
		Rows []*AskRow
	}
	of := map[string][]*AskRow{}
	for i := range a.rows {
		of[a.rows[i].Supplier] = append(of[a.rows[i].Supplier], &a.rows[i])
	}
	var groups []group
	for _, name := range suppliersInOrder(of) {
		groups = append(groups, group{supplierName(lang, name), of[name]})
	}
	return asksTemplate().Execute(w, struct {
		Head      pageHead
		Lang      string
		Note      string
		Suppliers []group
	}{pageHead{Lang: lang, Title: Say(lang, "asks.title")}, lang, s.Note, groups})
}
