package sheets

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// tokens prints what a scanner finds; texts that come in pieces are joined.
func tokens(r io.Reader) string {
	s := scanner{r: r}
	var b strings.Builder
	for {
		t, err := s.next()
		if err != nil {
			return b.String() + fmt.Sprint("\n", err)
		}
		switch t {
		case chars:
			b.Write(s.text)
		case opening:
			fmt.Fprintf(&b, "\n<%s", s.name)
			for name, value, rest, ok := attribute(s.attrs); ok; name, value, rest, ok = attribute(rest) {
				fmt.Fprintf(&b, " %s=%s", name, value)
			}
		case closing:
			fmt.Fprintf(&b, "\n/%s ", s.name)
		}
	}
}

// Where the buffer ends makes no difference to what is found.
func FuzzScanner(f *testing.F) {
	for _, s := range []string{
		`<?xml version="1.0"?><a><!-- <b> --><x:c r='A1' s="2"/>text &lt; more<![CDATA[<d>]]></a>`, `<a b="c>d" e='f`, "a&amp;b&#1;&", "<!DOCTYPE a>", "<a/><b ", "<!-", "<![CDATA[x]]",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if whole, slow := tokens(strings.NewReader(text)), tokens(iotest.OneByteReader(strings.NewReader(text))); whole != slow {
			t.Errorf("%q:\n%s\nin pieces:\n%s", text, whole, slow)
		}
	})
}
