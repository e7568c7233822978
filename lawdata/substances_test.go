package lawdata_test

import (
	"testing"

	"lodestone/internal/vocab"
	"lodestone/lawdata"
)

// Common substances of magnets, alloys and oxides are known by number, and numbers that hide elements say that they do.
func TestSubstancesByNumber(t *testing.T) {
	files, err := lawdata.Files()
	if err != nil {
		t.Fatal(err)
	}
	v, err := vocab.Compile(files.Vocab)
	if err != nil {
		t.Fatal(err)
	}
	for cas, want := range map[string]struct {
		elements []string
		open     bool
	}{
		"7440-00-8": {[]string{"Nd"}, false}, "1308-87-8": {[]string{"Dy", "O"}, false}, "12037-01-3": {[]string{"Tb", "O"}, false},
		"12597-69-2": {[]string{"Fe"}, true}, "65997-17-3": {nil, true}, "22398-80-7": {[]string{"In", "P"}, false},
	} {
		var set vocab.Elements
		for _, s := range want.elements {
			e, _ := vocab.ElementOf(s)
			set.Add(e)
		}
		if got, ok := v.Stuff(cas); !ok || got != (vocab.Stuff{Elements: set, Open: want.open}) {
			t.Errorf("%s: %v %v", cas, got, ok)
		}
	}
	if _, ok := v.Stuff("0000-00-0"); ok {
		t.Error("0000-00-0 is no substance")
	}
}
