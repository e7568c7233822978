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
		if got := string(toHTML(".", text)); got != want {
			t.Errorf("%q:\n%s\nwant\n%s", text, got, want)
		}
	}
}

// A document in a folder leads to its neighbours and to those above it.
func TestLinksFromAFolder(t *testing.T) {
	got := string(toHTML("how-to", "[a](records.md) [b](../server.md#records) [c](../../README.md)"))
	if want := "<p><a href=\"/docs/how-to/records\">a</a> <a href=\"/docs/server#records\">b</a> c</p>\n"; got != want {
		t.Error(got)
	}
}

// Every document can be shown, and its links lead to documents that there are.
func TestEveryDocument(t *testing.T) {
	var list []Document
	for _, g := range Groups() {
		if len(g.Documents) == 0 {
			t.Errorf("group %s is empty", g.ID)
		}
		list = append(list, g.Documents...)
	}
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

// The documents that the order of a group names are there.
func TestOrders(t *testing.T) {
	for _, o := range orders {
		for _, name := range o.first {
			if _, ok := Page(name); !ok {
				t.Errorf("%s: %s is not there", o.id, name)
			}
		}
	}
}

// Every document of a statistic says what the figure is, how it is reckoned, in what unit, on how many, where it is shown and whence its method, and what to beware of.
func TestEveryStatistic(t *testing.T) {
	for _, name := range namesIn("statistics") {
		text, err := files.ReadFile(name + ".md")
		if err != nil {
			t.Fatal(err)
		}
		if name == "statistics/about" {
			for _, other := range namesIn("statistics") {
				if other != name && !strings.Contains(string(text), "("+strings.TrimPrefix(other, "statistics/")+".md)") {
					t.Errorf("%s does not lead to %s", name, other)
				}
			}
			continue
		}
		for _, part := range []string{"\n| definition | ", "\n| formula | ", "\n| unit | ", "\n| n | ", "\n| shown by | ", "\n| method | ", "\n## Pitfalls\n"} {
			if !strings.Contains(string(text), part) {
				t.Errorf("%s has no %q", name, strings.TrimSpace(part))
			}
		}
		if !columnsRow.Match(text) {
			t.Errorf("%s does not say where the figure is shown", name)
		}
	}
	if got := Definition("exposure", "hhi"); got != "statistics/exposure-hhi" {
		t.Errorf("the definition of exposure.hhi is %q", got)
	}
	if got := Definition("exposure", "country"); got != "" {
		t.Errorf("a country is defined by %q", got)
	}
}
