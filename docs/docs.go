// Package docs carries the documents of the program, so that a server can show them, and turns them into pages.
//
// Start with Page. The documents are Markdown of a plain sort: headings, paragraphs, lists, tables, blocks of code, and within a line code, links and strong
// words; markdown.go reads that and nothing more. Text is never taken for HTML.
package docs

import (
	"embed"
	"html/template"
	"io/fs"
	"strings"
)

//go:embed *.md
var files embed.FS

// Document is a document as a page.
type Document struct {
	Name  string // of its file, without ending
	Title string
	Body  template.HTML
}

// first are the documents to begin with; the rest follow by their names.
var first = []string{"tutorial", "screen", "input", "columns", "output", "bom", "dossier", "parties", "enforcement", "exposure", "server", "records"}

// Page is a document; ok: there is one of that name.
func Page(name string) (d Document, ok bool) {
	text, err := files.ReadFile(name + ".md")
	if err != nil {
		return d, false
	}
	d.Name, d.Title = name, titleOf(string(text))
	d.Body = toHTML(string(text))
	return d, true
}

// List names all documents with their titles, those to begin with first.
func List() (list []Document) {
	seen := map[string]bool{}
	add := func(name string) {
		if text, err := files.ReadFile(name + ".md"); err == nil && !seen[name] {
			seen[name] = true
			list = append(list, Document{Name: name, Title: titleOf(string(text))})
		}
	}
	for _, name := range first {
		add(name)
	}
	names, _ := fs.Glob(files, "*.md") // the pattern is a good one
	for _, name := range names {
		add(strings.TrimSuffix(name, ".md"))
	}
	return list
}

func titleOf(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return strings.TrimSpace(strings.TrimLeft(line, "#"))
}
