// Package docs carries the documents of the program, so that a server can show them, and turns them into pages.
//
// Start with Page, Groups and Definition. The documents are Markdown of a plain sort: headings, paragraphs, lists, tables, blocks of code, and within a line code,
// links and strong words; markdown.go reads that and nothing more. Text is never taken for HTML.
package docs

import (
	"embed"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
)

//go:embed *.md how-to/*.md explanation/*.md statistics/*.md
var files embed.FS

// Document is a document as a page.
type Document struct {
	Name  string // of its file, with its folder, without ending
	Title string
	Body  template.HTML
}

// Group are documents of one sort, those to begin with first.
type Group struct {
	ID        string // tutorial, how-to, reference, explanation or statistics
	Documents []Document
}

// orders name the groups, and the documents of each that come before the others.
var orders = []struct {
	id    string
	first []string
}{
	{"tutorial", []string{"tutorial"}},
	{"how-to", []string{"how-to/classify", "how-to/status-on-a-date", "how-to/screen-parties", "how-to/application-pack", "how-to/licence-ledger", "how-to/declaration-text", "how-to/supplier-questions",
		"how-to/end-use-watch", "how-to/content-rules", "how-to/penalty-exposure", "how-to/records", "how-to/lead-time", "how-to/conflict-check", "how-to/compliance-programme"}},
	{"explanation", []string{"explanation/two-times", "explanation/unknown", "explanation/standing", "explanation/shares", "explanation/scores", "limitations", "architecture"}},
	{"statistics", []string{"statistics/about"}},
	{"reference", []string{"screen", "input", "columns", "output", "bom", "dossier", "parties", "enforcement", "exposure", "cases", "licences", "server", "records"}},
}

// Page is a document; ok: there is one of that name.
func Page(name string) (d Document, ok bool) {
	text, err := files.ReadFile(name + ".md")
	if err != nil {
		return d, false
	}
	d.Name, d.Title = name, titleOf(string(text))
	d.Body = toHTML(path.Dir(name), string(text))
	return d, true
}

// Groups are all documents with their titles.
func Groups() (groups []Group) {
	taken := map[string]bool{}
	for _, o := range orders {
		g := Group{ID: o.id}
		for _, name := range append(slices.Clone(o.first), namesIn(o.id)...) {
			if text, err := files.ReadFile(name + ".md"); err == nil && !taken[name] {
				taken[name] = true
				g.Documents = append(g.Documents, Document{Name: name, Title: titleOf(string(text))})
			}
		}
		groups = append(groups, g)
	}
	return groups
}

// namesIn names the documents in the folder of a group; those in none are for reference.
func namesIn(group string) (names []string) {
	pattern := group + "/*.md"
	if group == "reference" {
		pattern = "*.md"
	}
	found, _ := fs.Glob(files, pattern) // the patterns are good ones
	for _, name := range found {
		names = append(names, strings.TrimSuffix(name, ".md"))
	}
	return names
}

func titleOf(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return strings.TrimSpace(strings.TrimLeft(line, "#"))
}

// Definition is the name of the document that defines the statistic in a column of an area (enforcement, exposure), or under a name of its JSON; empty: it holds
// none. A document of a statistic is named after its area, and its rows "columns" and "in JSON" say where it is shown.
func Definition(area, column string) string { return definitions()[area+"."+column] }

var (
	columnsRow = regexp.MustCompile(`(?m)^\| (?:columns|in JSON) \|(.*)\|$`)
	codeWord   = regexp.MustCompile("`([^`]+)`")
)

var definitions = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, name := range namesIn("statistics") {
		text, err := files.ReadFile(name + ".md")
		if err != nil {
			continue // it was listed a moment ago
		}
		area, _, _ := strings.Cut(path.Base(name), "-")
		for _, row := range columnsRow.FindAllStringSubmatch(string(text), -1) {
			for _, word := range codeWord.FindAllStringSubmatch(row[1], -1) {
				all[area+"."+word[1]] = name
			}
		}
	}
	return all
})
