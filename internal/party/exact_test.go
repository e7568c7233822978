package party

import (
	"slices"
	"testing"

	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/lawdata"
)

func TestExact(t *testing.T) {
	files, err := lawdata.Files()
	if err != nil {
		t.Fatal(err)
	}
	book, err := law.Compile(files)
	if err != nil {
		t.Fatal(err)
	}
	x := NewExact(book)
	for _, c := range []struct {
		name, entry, kind string // an empty entry: not listed
	}{
		{"General Dynamics", "cn-ecl-2025-1-01", "exact"},
		{"GENERAL  DYNAMICS.", "cn-ecl-2025-1-01", "exact"},
		{"通用动力公司", "cn-ecl-2025-1-01", "exact"},
		{"L3Harris", "cn-ecl-2025-1-02", "alias"},
		{"Ｌ３Ｈａｒｒｉｓ", "cn-ecl-2025-1-02", "alias"},
		{"Raytheon Missiles and Defense", "cn-uel-2023-1-02", "exact"},
		{"General Dynamic", "", ""},
		{"Dynamics", "", ""},
		{"", "", ""},
	} {
		it := fact.Item{EndUser: c.name}
		x.Find(&it)
		switch {
		case c.entry == "" && len(it.Listed) > 0:
			t.Errorf("%q is found as %q", c.name, it.Listed[0].Name)
		case c.entry == "":
		case len(it.Listed) == 0:
			t.Errorf("%q is not found", c.name)
		default:
			if !slices.ContainsFunc(it.Listed, func(hit fact.Listed) bool {
				return book.Listings[hit.Listing].Party.ID == c.entry && hit.Kind == c.kind && hit.Field == "end_user"
			}) {
				t.Errorf("%q is found as %v, not as %s by %s", c.name, it.Listed, c.entry, c.kind)
			}
		}
	}
}

func TestAPartyThatIsBothIsFoundOnce(t *testing.T) {
	x := &Exact{byName: map[string][]entry{}}
	x.put("Example Works", entry{0, "Example Works", "exact"})
	x.put("Example Works", entry{0, "Example Works", "alias"})
	it := fact.Item{Consignee: "example works", EndUser: "example works"}
	x.Find(&it)
	if len(it.Listed) != 1 || it.Listed[0].Field != "consignee" {
		t.Errorf("found %v", it.Listed)
	}
}
