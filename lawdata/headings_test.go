package lawdata_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"lodestone/lawdata"
)

var update = flag.Bool("update", false, "write the headings into docs/input.md")

// The headings that docs/input.md lists are those that are read.
func TestHeadingsAreDocumented(t *testing.T) {
	const page, begin, end = "../docs/input.md", "<!-- headings:", "<!-- end of headings -->"
	files, err := lawdata.Files()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("\n| column | English | Chinese | Korean |\n|---|---|---|---|\n")
	for _, c := range files.Vocab.Columns {
		list := func(names []string) string { return strings.ReplaceAll(strings.Join(names, ", "), "|", "\\|") }
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", c.ID, list(c.Names.En), list(c.Names.Zh), list(c.Names.Ko))
	}
	b.WriteString("\n")
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	doc := strings.ReplaceAll(string(text), "\r\n", "\n")
	from := strings.Index(doc, begin)
	to := strings.Index(doc, end)
	if from < 0 || to < from {
		t.Fatalf("%s has no place for the headings: %s … %s", page, begin, end)
	}
	from += strings.Index(doc[from:], "\n") + 1
	if doc[from:to] == b.String() {
		return
	}
	if !*update {
		t.Fatalf("%s does not list the headings of vocab/columns.yaml: go test ./lawdata -run Headings -update", page)
	}
	if err := os.WriteFile(page, []byte(doc[:from]+b.String()+doc[to:]), 0o644); err != nil {
		t.Fatal(err)
	}
}
