package rule

import (
	"fmt"
	"strings"
)

// Text prints a condition in one line, as a lawyer would jot it down: "form: magnet; composition.Dy: present; not (…)".
func Text(n Node) string {
	switch n := n.(type) {
	case nil:
		return ""
	case All:
		return texts(n, "; ")
	case Any:
		return "(" + texts(n, " or ") + ")"
	case Negation:
		return "not (" + Text(n.Of) + ")"
	case *outside:
		return Text(Negation{n.inside})
	case Count:
		return fmt.Sprintf("at least %d of (%s)", n.N, texts(n.Of, "; "))
	case Leaf:
		return n.Fact() + ": " + n.Test()
	}
	return ""
}

func texts(nodes []Node, between string) string {
	parts := make([]string, len(nodes))
	for i, n := range nodes {
		parts[i] = Text(n)
	}
	return strings.Join(parts, between)
}
