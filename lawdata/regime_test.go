package lawdata_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"lodestone/internal/law"
	"lodestone/lawdata"
)

// sharedFolder holds the facts from which the law data was written; it is no part of a checkout.
const sharedFolder = "../../shared/data/"

// shared reads a file of facts into to, or skips the test where there is none.
func shared(t *testing.T, name string, to any) {
	t.Helper()
	text, err := os.ReadFile(sharedFolder + name)
	if os.IsNotExist(err) {
		t.Skipf("the facts that the law data was written from are not here (%s): nothing to compare with", sharedFolder+name)
	}
	if err == nil {
		err = json.Unmarshal(text, to)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// entry is one controlled entry of the facts.
type entry struct {
	ID         string   `json:"id"`
	Instrument string   `json:"instrument"`
	Code       string   `json:"control_code"`
	NameEn     string   `json:"name_en"`
	NameZh     string   `json:"name_zh"`
	Criteria   string   `json:"criteria_state"`
	HS         []hsCode `json:"hs_codes"`
}

type hsCode struct {
	Code string `json:"code"`
}

// is says that a norm is the entry: it has its code, or where an act prints one code for many things, its name.
func (e *entry) is(n *law.Norm) bool {
	return e.Code != "" && slices.Contains(codes(n), e.Code) || n.Names.En == e.NameEn || n.Names.Zh == e.NameZh
}

// above says that a norm has the code of the level above: the entry's own level was not read.
func (e *entry) above(n *law.Norm) bool {
	level, _, part := strings.Cut(e.Code, "#")
	return part && slices.Contains(codes(n), level)
}

// codes are the control codes that a norm has had.
func codes(n *law.Norm) []string {
	codes := []string{n.Code}
	for _, c := range n.Carried {
		codes = append(codes, c.Code)
	}
	return codes
}

// excluded lists acts and codes that are deliberately not carried, with the reason.
type excluded struct {
	Excluded []struct {
		ID    string   `yaml:"id"`
		Acts  []string `yaml:"acts"`
		Codes []string `yaml:"codes"`
		Why   string   `yaml:"why"`
		Say   string   `yaml:"say"`
	} `yaml:"excluded"`
}

func readExcluded(t *testing.T) (list excluded) {
	t.Helper()
	text, err := os.ReadFile("excluded/README.yaml")
	if err == nil {
		err = yaml.Unmarshal(text, &list)
	}
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// leaves says that an entry is left out on purpose, and why.
func (x *excluded) leaves(act, code string) bool {
	for _, e := range x.Excluded {
		if slices.Contains(e.Acts, act) && slices.Contains(e.Codes, code) && e.Why != "" && e.Say != "" {
			return true
		}
	}
	return false
}

func embedded(t *testing.T) law.Files {
	t.Helper()
	files, err := lawdata.Files()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestEveryEntryOfTheFactsIsCarried(t *testing.T) {
	var facts struct {
		Entries []entry `json:"entries"`
	}
	shared(t, "regime/entries.json", &facts)
	left, files := readExcluded(t), embedded(t)
	for i := range facts.Entries {
		e := &facts.Entries[i]
		norms := normsOf(files, e)
		if len(norms) == 0 && !left.leaves(e.Instrument, e.Code) {
			t.Errorf("%s (%s) is no norm and does not stand in excluded", e.ID, e.NameEn)
			continue
		}
		for _, h := range e.HS {
			if !slices.ContainsFunc(norms, func(n *law.Norm) bool { return prints(n, h.Code) }) {
				t.Errorf("%s: customs code %s is not carried", e.ID, h.Code)
			}
		}
		if e.Criteria == "unread" && slices.ContainsFunc(norms, func(n *law.Norm) bool { return n.State == "" || n.State == "complete" }) {
			t.Errorf("%s: its limits were not read, and a norm of it is called complete", e.ID)
		}
	}
}

// normsOf finds the norms that are an entry, or else those of the level above it.
func normsOf(files law.Files, e *entry) []*law.Norm {
	var norms, above []*law.Norm
	for i := range files.Acts {
		a := &files.Acts[i]
		if a.ID != e.Instrument {
			continue
		}
		for j := range a.Norms {
			switch n := &a.Norms[j]; {
			case e.is(n):
				norms = append(norms, n)
			case e.above(n):
				above = append(above, n)
			}
		}
	}
	if norms == nil {
		return above
	}
	return norms
}

// prints says that a norm carries a customs code: as a hint, or, where the code decides, in its condition.
func prints(n *law.Norm, code string) bool {
	if slices.ContainsFunc(n.HS, func(h law.HS) bool { return h.Code == code }) {
		return true
	}
	return n.When != nil && slices.Contains(n.When.HS, code)
}

func TestEveryInstrumentOfTheFactsIsKnown(t *testing.T) {
	var facts struct {
		Instruments []struct {
			ID   string `json:"id"`
			Kind string `json:"kind"`
		} `json:"instruments"`
	}
	shared(t, "regime/instruments.json", &facts)
	known := map[string]bool{}
	files, left := embedded(t), readExcluded(t)
	for i := range files.Acts {
		known[files.Acts[i].ID] = true
	}
	for i := range files.Lists {
		for _, a := range files.Lists[i].Announcements {
			known[a.ID] = true
		}
	}
	for _, e := range left.Excluded {
		for _, a := range e.Acts {
			known[a] = true
		}
	}
	for _, x := range facts.Instruments {
		if !known[x.ID] {
			t.Errorf("%s (%s) is neither an act, nor an announcement of a list, nor excluded", x.ID, x.Kind)
		}
	}
}

func TestTheCustomsCodesOfTheFactsAreCarried(t *testing.T) {
	var facts struct {
		Goods struct {
			Codes []hsCode `json:"codes"`
		} `json:"goods_licence_catalogue_2026"`
		Directory struct {
			Codes []string `json:"codes"`
		} `json:"dual_use_directory_2026_codes"`
		Without struct {
			Codes []string `json:"codes"`
		} `json:"directory_codes_without_entry"`
	}
	shared(t, "regime/entries.json", &facts)
	files := embedded(t)
	conditions, directory, unread := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i := range files.Acts {
		for j := range files.Acts[i].Norms {
			if n := &files.Acts[i].Norms[j]; n.Layer == "goods_licence" && n.When != nil {
				for _, code := range codesOf(n) {
					conditions[code] = true
				}
			}
		}
	}
	for _, tariff := range files.Tariffs {
		for _, code := range tariff.Codes {
			directory[code] = true
		}
		for _, code := range tariff.Unread {
			unread[code] = true
		}
	}
	for _, x := range facts.Goods.Codes {
		if !conditions[x.Code] {
			t.Errorf("goods catalogue: %s is in no norm", x.Code)
		}
	}
	for _, code := range facts.Directory.Codes {
		if !directory[code] {
			t.Errorf("dual-use directory: %s is missing", code)
		}
	}
	for _, code := range facts.Without.Codes {
		if !unread[code] {
			t.Errorf("dual-use directory: %s belongs to no entry of the facts and is not called unread", code)
		}
	}
}

// codesOf lists the customs codes anywhere in the condition of a norm.
func codesOf(n *law.Norm) []string {
	codes := slices.Clone(n.When.HS)
	for _, part := range slices.Concat(n.When.All, n.When.Any) {
		codes = append(codes, codesOf(&law.Norm{When: &part})...)
	}
	return codes
}

// event is a change of a listing as the facts have it.
type event struct {
	Date  string `json:"date"`
	Event string `json:"event"` // listed, suspended, stopped, cancelled
	Until string `json:"until"` // of a suspension: its last day; empty: open
}

// history is what an announcement did, as events.
func history(a *law.Announcement) []event {
	published := a.Published
	if published == 0 {
		published = a.From
	}
	events := []event{{Date: published.String(), Event: "listed"}}
	for _, s := range a.Suspended {
		events = append(events, event{s.From.String(), "suspended", s.To.String()})
	}
	if e := a.Ended; e != nil {
		kind := e.Kind
		if kind == "removed" {
			kind = "cancelled"
		}
		events = append(events, event{Date: e.On.String(), Event: kind})
	}
	return events
}

func TestEveryListingOfTheFactsIsCarried(t *testing.T) {
	var facts struct {
		Listings []struct {
			ID       string   `json:"id"`
			List     string   `json:"list"`
			NameEn   string   `json:"name_en"`
			Measures []string `json:"measures"`
			From     string   `json:"effective_from"`
			History  []event  `json:"status_history"`
		} `json:"listings"`
	}
	shared(t, "law/parties_cn.json", &facts)
	type carried struct {
		*law.Announcement
		name string
	}
	listings := map[string]carried{}
	files := embedded(t)
	for i := range files.Lists {
		for j := range files.Lists[i].Announcements {
			a := &files.Lists[i].Announcements[j]
			for _, p := range a.Parties {
				listings[p.ID] = carried{a, p.Names.En}
			}
		}
	}
	for _, l := range facts.Listings {
		c, ok := listings[l.ID]
		if !ok {
			t.Errorf("%s (%s) of %s is missing", l.ID, l.NameEn, l.List)
			continue
		}
		if c.name != l.NameEn {
			t.Errorf("%s is called %q, printed is %q", l.ID, c.name, l.NameEn)
		}
		if got := history(c.Announcement); !slices.Equal(got, l.History) {
			t.Errorf("%s: history %v, the facts have %v", l.ID, got, l.History)
		}
		if from := c.From.String(); from != l.From {
			t.Errorf("%s: from %s, the facts have %s", l.ID, from, l.From)
		}
		for _, m := range l.Measures {
			if !slices.Contains(c.Measures, m) {
				t.Errorf("%s: measure %s is missing", l.ID, m)
			}
		}
	}
	if len(listings) != len(facts.Listings) {
		t.Errorf("%d listings are carried, the facts have %d", len(listings), len(facts.Listings))
	}
}
