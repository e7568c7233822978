package decision

import (
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"lodestone/internal/sentence"
)

// around are parts of a page that are not the decision.
const around = "script, style, noscript, template, nav, header, footer, aside, form, iframe, svg, button, select, [hidden], [aria-hidden=true]"

// blocks end a line.
var blocks = map[string]bool{"p": true, "div": true, "br": true, "li": true, "tr": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true,
	"table": true, "section": true, "article": true, "ul": true, "ol": true, "dd": true, "dt": true, "title": true}

// fromHTML gives the text of the part of a page that holds the decision: the smallest element with most of the sentences.
func fromHTML(page string) (string, error) {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(page))
	if err != nil {
		return "", sentence.Of("the page cannot be read as HTML: %v", err)
	}
	body := doc.Find("body")
	body.Find(around).Remove()
	if body.Length() == 0 {
		return "", sentence.Of("the page has no body")
	}
	var b strings.Builder
	write(&b, main(body.Get(0)), 0)
	return strings.TrimSpace(b.String()), nil
}

// deepest bounds the walk: pages that nest deeper are damaged or hostile.
const deepest = 500

// main goes down as long as one child holds nearly all full stops.
func main(n *html.Node) *html.Node {
	for range deepest {
		all := stops(n, 0)
		var next *html.Node
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode && all > 2 && stops(c, 0)*10 >= all*9 {
				next = c
			}
		}
		if next == nil || next.Data == "p" || next.Data == "span" {
			return n
		}
		n = next
	}
	return n
}

func stops(n *html.Node, depth int) int {
	if n.Type == html.TextNode {
		return strings.Count(n.Data, "。")
	}
	sum := 0
	for c := n.FirstChild; c != nil && depth < deepest; c = c.NextSibling {
		sum += stops(c, depth+1)
	}
	return sum
}

func write(b *strings.Builder, n *html.Node, depth int) {
	if n.Type == html.TextNode {
		b.WriteString(strings.Join(strings.Fields(n.Data), " "))
		return
	}
	for c := n.FirstChild; c != nil && depth < deepest; c = c.NextSibling {
		write(b, c, depth+1)
		if c.Type == html.ElementNode && blocks[c.Data] {
			b.WriteByte('\n')
		}
	}
}
