package docs

import (
	"regexp"
	"strings"
	"testing"
)

func TestToHTML(t *testing.T) {
	for text, want := range map[string]string{
		"# A `b` & c":                           "<h1 id=\"a-b-c\">A <code>b</code> &amp; c</h1>\n",
		"one\ntwo\n\nthree":                     "<p>one two</p>\n<p>three</p>\n",
		"- a\n  more\n- **b**":                  "<ul>\n<li>a more</li>\n<li><strong>b</strong></li>\n</ul>\n",
		"1. a\n2. *b*":                          "<ol>\n<li>a</li>\n<li><em>b</em></li>\n</ol>\n",
		"| a | b |\n|---|---|\n| 1 | `x\\|y` |": "<div class=\"scroll\" tabindex=\"0\"><table class=\"full\">\n<tr><th>a</th><th>b</th></tr>\n<tr><td>1</td><td><code>x|y</code></td></tr>\n</table></div>\n",
		"```sh\na <b>\n```":                     "<pre tabindex=\"0\"><code>a &lt;b&gt;</code></pre>\n",
		"[x](y.md#z) [l](../LICENSE)":           "<p><a href=\"/docs/y#z\">x</a> l</p>\n",
		"<script>alert(1)</script>":             "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n",
		"[x](javascript:alert)":                 "<p>x</p>\n",
		"```\nnever closed":                     "<pre tabindex=\"0\"><code>never closed</code></pre>\n",
	} {
		if got := string(toHTML(text)); got != want {
			t.Errorf("%q:\n%s\nwant\n%s", text, got, want)
		}
	}
}

// Every document can be shown, and its links lead to documents that there are.
func TestEveryDocument(t *testing.T) {
	list := List()
	if len(list) < 10 || list[0].Name != "tutorial" {
		t.Fatal(list)
	}
	leads := regexp.MustCompile(`href="/docs/([^"#]*)`)
	for _, d := range list {
		page, ok := Page(d.Name)
		if !ok || page.Title == "" || !strings.Contains(string(page.Body), "<h1") {
			t.Errorf("%s: %q", d.Name, page.Title)
		}
		for _, m := range leads.FindAllStringSubmatch(string(page.Body), -1) {
			if _, ok := Page(m[1]); !ok {
				t.Errorf("%s leads to %s, which is not there", d.Name, m[1])
			}
		}
	}
	if _, ok := Page("../README"); ok {
		t.Error("a file outside is shown")
	}
}
