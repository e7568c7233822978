package docs

import (
	"fmt"
	"html"
	"html/template"
	"path"
	"regexp"
	"strings"
)

// toHTML turns the Markdown of a document in a folder into HTML.
func toHTML(dir, text string) template.HTML {
	w := &writer{dir: dir}
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		trimmed := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(trimmed, "```"):
			w.end()
			var code []string
			indent := len(line) - len(strings.TrimLeft(line, " "))
			for i++; i < len(lines) && !strings.HasPrefix(strings.TrimSpace(lines[i]), "```"); i++ {
				code = append(code, lines[i][min(indent, len(lines[i])-len(strings.TrimLeft(lines[i], " "))):])
			}
			w.put("<pre tabindex=\"0\"><code>%s</code></pre>\n", html.EscapeString(strings.Join(code, "\n")))
		case trimmed == "":
			w.end()
		case strings.HasPrefix(line, "#"):
			w.end()
			level := len(line) - len(strings.TrimLeft(line, "#"))
			words := strings.TrimSpace(line[level:])
			w.put("<h%d id=\"%s\">%s</h%d>\n", min(level, 6), slug(words), w.inline(words), min(level, 6))
		case strings.HasPrefix(trimmed, "|"):
			w.row(trimmed)
		case listItem.MatchString(trimmed):
			m := listItem.FindStringSubmatch(trimmed)
			kind := "ul"
			if m[1] != "-" && m[1] != "*" {
				kind = "ol"
			}
			w.item(kind, m[2])
		default:
			w.text(trimmed)
		}
	}
	w.end()
	return template.HTML(w.b.String())
}

var listItem = regexp.MustCompile(`^([-*]|\d+\.) +(.*)$`)

// writer gathers lines into paragraphs, lists and tables.
type writer struct {
	b    strings.Builder
	dir  string   // in which the document lies
	kind string   // of what is open: p, ul, ol, table; empty: nothing
	held []string // lines of the paragraph or item
	rows int      // of the table
}

func (w *writer) put(format string, args ...any) { fmt.Fprintf(&w.b, format, args...) }

func (w *writer) text(line string) {
	if w.kind == "table" {
		w.end()
	}
	if w.kind == "" {
		w.kind = "p"
	}
	w.held = append(w.held, line)
}

func (w *writer) item(kind, line string) {
	if w.kind != kind {
		w.end()
		w.kind = kind
		w.put("<%s>\n", kind)
	}
	w.flush()
	w.held = []string{line}
}

// flush writes the item that is held.
func (w *writer) flush() {
	if len(w.held) > 0 {
		w.put("<li>%s</li>\n", w.inline(strings.Join(w.held, " ")))
		w.held = nil
	}
}

func (w *writer) row(line string) {
	if w.kind != "table" {
		w.end()
		w.kind, w.rows = "table", 0
		w.put("<div class=\"scroll\" tabindex=\"0\"><table class=\"full\">\n")
	}
	cells := cellsOf(line)
	if strings.Trim(strings.Join(cells, ""), "-: ") == "" && w.rows == 1 {
		return // the line under the headings
	}
	cell := "td"
	if w.rows == 0 {
		cell = "th"
	}
	if w.rows++; strings.Join(cells, "") == "" {
		return // headings that say nothing
	}
	w.put("<tr>")
	for _, c := range cells {
		w.put("<%s>%s</%s>", cell, w.inline(c), cell)
	}
	w.put("</tr>\n")
}

// cellsOf parts a row; a bar behind a backslash is part of its cell.
func cellsOf(line string) []string {
	const bar = "\x00"
	line = strings.Trim(strings.ReplaceAll(line, `\|`, bar), "|")
	cells := strings.Split(line, "|")
	for i, c := range cells {
		cells[i] = strings.TrimSpace(strings.ReplaceAll(c, bar, "|"))
	}
	return cells
}

// end closes what is open.
func (w *writer) end() {
	switch w.kind {
	case "p":
		w.put("<p>%s</p>\n", w.inline(strings.Join(w.held, " ")))
		w.held = nil
	case "ul", "ol":
		w.flush()
		w.put("</%s>\n", w.kind)
	case "table":
		w.put("</table></div>\n")
	}
	w.kind = ""
}

var (
	codeOrNot = regexp.MustCompile("(`+)(.+?)`+|[^`]+|`")
	link      = regexp.MustCompile(`\[([^\]]*)\]\(([^)\s]+)\)`)
	strong    = regexp.MustCompile(`\*\*([^*]+)\*\*`)
	soft      = regexp.MustCompile(`\*([^*\s][^*]*)\*`)
)

// inline writes the words of a line: code as it stands, the rest with its links and strong words.
func (w *writer) inline(text string) string {
	var b strings.Builder
	for _, m := range codeOrNot.FindAllStringSubmatch(text, -1) {
		if m[1] != "" {
			b.WriteString("<code>" + html.EscapeString(m[2]) + "</code>")
			continue
		}
		s := html.EscapeString(m[0])
		s = link.ReplaceAllStringFunc(s, w.linked)
		s = strong.ReplaceAllString(s, "<strong>$1</strong>")
		b.WriteString(soft.ReplaceAllString(s, "<em>$1</em>"))
	}
	return b.String()
}

// linked leads to another document, to a place of this one, or to the web; what lies elsewhere in the repository is named and leads nowhere.
func (w *writer) linked(s string) string {
	m := link.FindStringSubmatch(s)
	name, place, _ := strings.Cut(m[2], "#")
	name, isDocument := strings.CutSuffix(name, ".md")
	switch {
	case strings.HasPrefix(m[2], "https://"):
		return `<a href="` + m[2] + `" rel="noreferrer">` + m[1] + "</a>"
	case m[2][0] == '#':
		return `<a href="` + m[2] + `">` + m[1] + "</a>"
	case isDocument && !strings.HasPrefix(path.Join(w.dir, name), ".."):
		name = path.Join(w.dir, name)
		if place != "" {
			name += "#" + place
		}
		return `<a href="/docs/` + name + `">` + m[1] + "</a>"
	}
	return m[1]
}

// slug is the place of a heading.
func slug(words string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(words), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }), "-")
}
