// Package licence knows how export licences are applied for, decided, held and used.
//
// Rules is what the law says of that: types of licence, papers, clocks, undertakings and duties, as the law data states them. Start there. Calendar
// counts working days, Application is one that is made ready, filed and decided, Held a licence with its balance. The package is pure. Limits: a
// clock that runs past the days that are known ends in no day.
package licence

import (
	"fmt"
	"slices"

	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// Rules is the law on applying for, holding and using a licence, in one country.
type Rules struct {
	Country      string       `yaml:"country"`
	AsOf         when.Date    `yaml:"as_of"` // day to which the facts were checked
	Sources      []Source     `yaml:"sources"`
	Authority    Authority    `yaml:"authority"`
	Types        []Type       `yaml:"types"`
	Use          []UseRule    `yaml:"use"`
	Clocks       []Clock      `yaml:"clocks"`
	Papers       []Paper      `yaml:"papers"`
	Undertakings []vocab.Text `yaml:"undertakings"` // what an end user undertakes
	KeyElements  []string     `yaml:"key_elements"` // a change of one needs a new licence
	Factors      []vocab.Text `yaml:"factors"`      // what the authority weighs
	Duties       []Duty       `yaml:"duties"`
}

// Source is where a rule was read.
type Source struct {
	ID    string `yaml:"id"`
	URL   string `yaml:"url"`
	Grade string `yaml:"grade"` // text_read, partly_read, secondary, unverified
}

// Authority says who decides and where one applies.
type Authority struct {
	Decides vocab.Text `yaml:"decides"`
	Issues  vocab.Text `yaml:"issues"`
	System  string     `yaml:"system"` // address of the filing system
}

// Basis is the place in the law on which a rule rests, and how well that is known.
type Basis struct {
	Cite    string   `yaml:"cite"`
	Sources []string `yaml:"sources"`
	Grade   string   `yaml:"grade"` // empty: that of its sources
}

// Type is a kind of licence. Its id is a word of the vocabulary licence_kind.
type Type struct {
	ID           string     `yaml:"id"`
	Names        vocab.Text `yaml:"names"`
	EndUsers     string     `yaml:"end_users"` // one, many, as_registered
	Exports      string     `yaml:"exports"`   // one, many
	MaxMonths    int        `yaml:"max_months"`
	LapsesOnDone bool       `yaml:"lapses_when_done"` // the licence ends when the export is done
	Needs        []string   `yaml:"needs"`            // conditions of the applicant
	Barred       []string   `yaml:"barred"`           // who may not use it
	Cases        []string   `yaml:"cases"`            // the only cases it is for; empty: any
	Papers       []string   `yaml:"papers"`           // ids of papers
	Basis        Basis      `yaml:"basis"`
	Notes        []string   `yaml:"notes"`
}

// UseRule is a rule on how a licence may be used.
type UseRule struct {
	ID    string     `yaml:"id"`
	Say   vocab.Text `yaml:"say"`
	Basis Basis      `yaml:"basis"`
}

// Clock is a limit of time from an event.
type Clock struct {
	ID         string       `yaml:"id"`
	Event      string       `yaml:"event"` // what starts it
	Limit      int          `yaml:"limit"`
	Unit       string       `yaml:"unit"` // working_day, day, month, year
	Outcome    vocab.Text   `yaml:"outcome"`
	Excluded   []vocab.Text `yaml:"excluded"`   // what does not count, or lifts the limit
	Extensions int          `yaml:"extensions"` // how often it can be renewed
	MaxMonths  int          `yaml:"max_months"` // in all; zero: not stated
	Suspended  string       `yaml:"suspended"`  // act by which the rule sleeps; empty: it does not
	Basis      Basis        `yaml:"basis"`
	Notes      []string     `yaml:"notes"`
}

// Paper is a document of an application.
type Paper struct {
	ID     string       `yaml:"id"`
	Names  vocab.Text   `yaml:"names"`
	By     []string     `yaml:"by"`     // who provides it
	Checks []vocab.Text `yaml:"checks"` // what it must agree with or hold; each is known by its English words
	When   vocab.Text   `yaml:"when"`   // the only case it is for; empty: any
	Seen   []vocab.Text `yaml:"seen"`   // what was asked for in practice
	Basis  Basis        `yaml:"basis"`
}

// Duty is what somebody owes under a licence or beside one.
type Duty struct {
	ID          string     `yaml:"id"`
	Who         []string   `yaml:"who"` // words of the vocabulary role, and person_in_country
	Say         vocab.Text `yaml:"say"`
	Basis       Basis      `yaml:"basis"`
	Penalties   []string   `yaml:"penalties"`   // ids of penal provisions
	Consequence string     `yaml:"consequence"` // other than a fine
}

// Closed words of the rules.
var (
	Grades   = []string{"text_read", "partly_read", "secondary", "unverified"}
	Units    = []string{"working_day", "day", "month", "year"}
	people   = []string{"exporter", "agent", "importer", "end_user", "person_in_country", "manufacturer", "government"}
	numbers  = []string{"one", "many", "as_registered"}
	elements = []string{"item_type", "destination", "end_user", "end_use"}
)

// Clock finds a clock by its id.
func (r *Rules) Clock(id string) (Clock, bool) {
	i := slices.IndexFunc(r.Clocks, func(c Clock) bool { return c.ID == id })
	if i < 0 {
		return Clock{}, false
	}
	return r.Clocks[i], true
}

// Check says what is wrong with the rules: a word outside its list, a reference to nothing, a rule without a basis.
func (r *Rules) Check() error {
	c := checker{grades: map[string]string{}, papers: map[string]bool{}}
	for _, s := range r.Sources {
		c.among("sources: "+s.ID+": grade", s.Grade, Grades)
		c.grades[s.ID] = s.Grade
	}
	for _, p := range r.Papers {
		c.papers[p.ID] = true
	}
	c.wants("country", len(r.Country) == 2)
	c.wants("as_of", r.AsOf != 0)
	for i := range r.Types {
		c.licence(&r.Types[i])
	}
	for _, u := range r.Use {
		c.basis("use: "+u.ID, &u.Basis)
		c.wants("use: "+u.ID+": say", u.Say.En != "")
	}
	for i := range r.Clocks {
		c.clock(&r.Clocks[i])
	}
	for _, p := range r.Papers {
		c.wants("papers: "+p.ID+": names", p.Names.En != "" && p.Names.Zh != "")
		for _, by := range p.By {
			c.among("papers: "+p.ID+": by", by, people)
		}
		c.basis("papers: "+p.ID, &p.Basis)
	}
	for _, k := range r.KeyElements {
		c.among("key_elements", k, elements)
	}
	for _, d := range r.Duties {
		for _, who := range d.Who {
			c.among("duties: "+d.ID+": who", who, people)
		}
		c.wants("duties: "+d.ID+": say", d.Say.En != "")
		c.basis("duties: "+d.ID, &d.Basis)
	}
	return c.err
}

// checker keeps the first thing that is wrong.
type checker struct {
	grades map[string]string
	papers map[string]bool
	err    error
}

func (c *checker) wants(place string, ok bool) {
	if !ok && c.err == nil {
		c.err = fmt.Errorf("%s is missing", place)
	}
}

func (c *checker) among(place, word string, list []string) {
	if !slices.Contains(list, word) && c.err == nil {
		c.err = fmt.Errorf("%s: %q is none of %v", place, word, list)
	}
}

func (c *checker) basis(place string, b *Basis) {
	c.wants(place+": basis: cite", b.Cite != "")
	c.wants(place+": basis: sources", len(b.Sources) > 0)
	for _, s := range b.Sources {
		if _, ok := c.grades[s]; !ok && c.err == nil {
			c.err = fmt.Errorf("%s: basis: %q is no source of this file", place, s)
		}
	}
	if b.Grade != "" {
		c.among(place+": basis: grade", b.Grade, Grades)
	}
}

func (c *checker) licence(t *Type) {
	place := "types: " + t.ID
	c.wants(place+": names", t.Names.En != "" && t.Names.Zh != "")
	c.among(place+": end_users", t.EndUsers, numbers)
	c.among(place+": exports", t.Exports, numbers)
	for _, p := range t.Papers {
		if !c.papers[p] && c.err == nil {
			c.err = fmt.Errorf("%s: %q is no paper of this file", place, p)
		}
	}
	c.basis(place, &t.Basis)
}

func (c *checker) clock(k *Clock) {
	place := "clocks: " + k.ID
	c.wants(place+": event", k.Event != "")
	c.wants(place+": limit", k.Limit > 0)
	c.among(place+": unit", k.Unit, Units)
	c.basis(place, &k.Basis)
}
