package decide_test

import (
	"maps"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// An entry of a composition that cannot be read is a fact hidden: whatever it replaces, and wherever it stands, the answer only widens. So does a
// word for the family of an element in the place of the element.
func TestUnreadEntriesOnlyWidenTheAnswer(t *testing.T) {
	book := realLaw()
	rapid.Check(t, func(t *rapid.T) {
		more := drawItem(t, book)
		if more["composition"] == "" || contradicts(book, more) {
			t.Skip("no composition to hide from")
		}
		less := maps.Clone(more)
		parts := strings.Split(more["composition"], "; ")
		i := rapid.IntRange(0, len(parts)-1).Draw(t, "entry")
		symbol, amount, _ := strings.Cut(parts[i], " ")
		switch how := rapid.SampledFrom([]string{"unread", "unit", "family"}).Draw(t, "how"); {
		case how == "unit" && symbol != "rest" && symbol != "balance":
			parts[i] = symbol + " 5 furlongs"
		case how == "family" && strings.Contains(" Nd Dy Tb Sm Gd Ho ", " "+symbol+" ") && amount != "none":
			parts[i] = "稀土 " + amount
		default:
			parts[i] = "resin 5%"
		}
		less["composition"] = strings.Join(parts, "; ")
		widens(t, book, drawDay(t, book), more, less)
	})
}
