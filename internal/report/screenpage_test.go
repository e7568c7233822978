package report

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
)

// page prints documents as a page.
func page(t *testing.T, docs ...*Determination) string {
	t.Helper()
	var out, rows bytes.Buffer
	p := &pagePrinter{lang: "en"}
	w, err := p.Open(&out)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range docs {
		if err := p.Row(&rows, d); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Write(rows.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(&out, &Summary{Rows: len(docs), Outcomes: map[string]int{"licence": len(docs)}}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// element returns what stands in the first element that a pattern opens.
func element(t *testing.T, text, opens, closes string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, opens)
	inside, _, closed := strings.Cut(rest, closes)
	if !ok || !closed {
		t.Fatalf("no element %s", opens)
	}
	return inside
}

func TestPageLetsItsOwnStyleAndScriptThroughAndNothingElse(t *testing.T) {
	text := page(t, sample("1"))
	policy := element(t, text, `Content-Security-Policy" content="`, `"`)
	policy = strings.ReplaceAll(policy, "&#39;", "'")
	policy = strings.ReplaceAll(policy, "&#43;", "+")
	style, script := element(t, text, "<style>", "</style>"), element(t, text, "<script>", "</script>")
	for what, part := range map[string]string{"style": "style-src " + digest(style) + ";", "script": "script-src " + digest(script), "all else": "default-src 'none'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("the policy for %s is not %q: %s", what, part, policy)
		}
	}
	if hit := regexp.MustCompile(`(?i)<(link|img|iframe|object|embed|base)\b|\b(src|on[a-z]+)\s*=\s*["']|@import|url\(`).FindString(text); hit != "" {
		t.Errorf("the page holds %q", hit)
	}
}

func TestHostileTextStaysText(t *testing.T) {
	for _, hostile := range []string{"</script><script>taken=1</script>", "<!--<script>", "\"><img src=x onerror=taken=1>", "\u2028\u2029", "]]>", "{{.}}", "a\x00b", "\xff\xfe"} {
		d := sample(hostile)
		d.Given.Description, d.Given.Supplier, d.Asks[0].Supplier, d.Asks[0].Question = hostile, hostile, hostile, hostile
		d.Notes, d.Extra = []string{hostile}, []ExtraField{{hostile, hostile}}
		d.Legend = &Legend{Norms: map[string]NormRef{hostile: {Name: hostile}}, Facts: map[string]string{hostile: hostile}}
		text := page(t, d)
		if n := strings.Count(text, "</script>"); n != 3 {
			t.Errorf("%q: %d scripts end, not 3", hostile, n)
		}
		if strings.Contains(hostile, "<") && strings.Contains(text, hostile) {
			t.Errorf("%q stands in the page as it is", hostile)
		}
		var rows []pageRow
		if err := json.Unmarshal([]byte("["+element(t, text, dataOpen, "</script>")+"]"), &rows); err != nil || len(rows) != 1 {
			t.Fatalf("%q: the lines cannot be read back: %v", hostile, err)
		}
		if want := strings.ToValidUTF8(hostile, "\ufffd"); strings.ToValidUTF8(rows[0].Description, "\ufffd") != want && !strings.Contains(hostile, "\xff") {
			t.Errorf("%q comes back as %q", hostile, rows[0].Description)
		}
	}
}

func TestOnlyWebAddressesBecomeLinks(t *testing.T) {
	for in, want := range map[string]string{"https://example.org/a": "https://example.org/a", "example.org/a": "https://example.org/a", "javascript:alert(1)": "", "data:text/html,x": "",
		"": "", "a b.org": "", "nowhere": "", "//example.org": ""} {
		if got := WebAddress(in); got != want {
			t.Errorf("%q becomes %q, not %q", in, got, want)
		}
	}
}

// A page says how many lines it does not carry.
func TestPageIsBounded(t *testing.T) {
	var out bytes.Buffer
	p := &pagePrinter{lang: "en", rows: maxPageRows - 1}
	w, err := p.Open(&out)
	if err != nil {
		t.Fatal(err)
	}
	w.Write([]byte("{}\n{}\n{}\n"))
	if err := p.Close(&out, &Summary{Rows: maxPageRows + 2}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "2 further rows are counted above but not carried here: a page holds 100000") {
		t.Error("the page does not say what it leaves out")
	}
}
