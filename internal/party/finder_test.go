package party

import (
	"slices"
	"strings"
	"testing"

	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/lawdata"
)

func testBook(t *testing.T) *law.Book {
	files, err := lawdata.Files()
	if err != nil {
		t.Fatal(err)
	}
	book, err := law.Compile(files)
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func TestFinder(t *testing.T) {
	book := testBook(t)
	f := NewFinder(book)
	for _, c := range []struct {
		name, entry, kind string // an empty entry: not listed
		sure              bool
	}{
		{"General Dynamics", "cn-ecl-2025-1-01", "exact", true},
		{"GENERAL  DYNAMICS.", "cn-ecl-2025-1-01", "exact", true},
		{"通用动力公司", "cn-ecl-2025-1-01", "exact", true},
		{"L3Harris", "cn-ecl-2025-1-02", "alias", true},
		{"Ｌ３Ｈａｒｒｉｓ", "cn-ecl-2025-1-02", "alias", true},
		{"Raytheon Missiles and Defense", "cn-uel-2023-1-02", "exact", true},
		{"General Dynamic", "cn-ecl-2025-1-01", "general", false},
		{"Dynamics Research", "", "", false},
		{"", "", "", false},
	} {
		it := fact.Item{EndUser: c.name}
		f.Find(&it)
		switch {
		case c.entry == "" && len(it.Listed) > 0:
			t.Errorf("%q is found as %v", c.name, it.Listed[0])
		case c.entry == "":
		case len(it.Listed) == 0:
			t.Errorf("%q is not found", c.name)
		default:
			if !slices.ContainsFunc(it.Listed, func(hit fact.Listed) bool {
				return book.Listings[hit.Listing].Party.ID == c.entry && strings.Contains(said(hit.Evidence), c.kind) && hit.Field == "end_user" && hit.Score >= Sure == c.sure
			}) {
				t.Errorf("%q is found as %v, not as %s by %s", c.name, it.Listed, c.entry, c.kind)
			}
		}
	}
}

func TestAPartyThatIsBothIsFoundOnce(t *testing.T) {
	f := NewFinder(testBook(t))
	it := fact.Item{Consignee: "general dynamics", EndUser: "general dynamics"}
	f.Find(&it)
	if len(it.Listed) == 0 || slices.ContainsFunc(it.Listed, func(hit fact.Listed) bool { return hit.Field != "consignee" }) {
		t.Errorf("found %v", it.Listed)
	}
}
