package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/mattn/go-runewidth"

	"lodestone/internal/problem"
	"lodestone/internal/when"
)

// PartyAnswer is what party search and screen print for a name.
type PartyAnswer struct {
	ID      string           `json:"id"`
	Query   string           `json:"query"`
	Matches []PartyMatch     `json:"matches"`
	Owned   []Owned          `json:"ownership,omitempty"` // what the file of holdings says of its owners
	Cleared []PartyCleared   `json:"cleared,omitempty"`   // hits that somebody has set aside
	Notes   []string         `json:"notes,omitempty"`
	Problem *problem.Problem `json:"problem,omitempty"` // why the row was refused; nil: it was not
}

// PartyMatch is a listing that the name may mean.
type PartyMatch struct {
	List        string   `json:"list"`
	EntryID     *string  `json:"entry_id"` // the list's own number; nil: it gives none
	Name        string   `json:"name"`     // primary name, as printed
	MatchedName string   `json:"matched_name"`
	Score       float64  `json:"score"`
	Evidence    []string `json:"evidence"`
	Standing    string   `json:"standing"`
	Measure     string   `json:"measure"`
	Source      string   `json:"source,omitempty"`
	Listed      string   `json:"listed,omitempty"`
}

// Owned is how a rule on ownership reaches a party by what a file of holdings says. The rule that it speaks of is not read off the lists: a
// party so reached is not listed itself.
type Owned struct {
	Field     string       `json:"field,omitempty"` // of a screened row: consignee, end_user
	Owned     string       `json:"owned"`           // as the file names it
	Score     float64      `json:"score"`           // of the name asked for with that name
	Lists     []string     `json:"lists"`           // of the owners
	Rule      string       `json:"rule,omitempty"`  // norm; empty: no rule in the data speaks of the lists
	Cite      string       `json:"cite,omitempty"`
	Standing  string       `json:"standing"` // of the rule on the day; none: there is no rule
	Threshold string       `json:"threshold"`
	Reached   string       `json:"reached"`            // yes, no, unknown
	Flag      bool         `json:"flag"`               // to be looked into: it does not count as listed by a rule in force
	Share     string       `json:"share"`              // that owners who count hold, as the rows have it
	Unstated  string       `json:"unstated,omitempty"` // share of which no row says who holds it
	Along     string       `json:"along_chains"`       // share of the listed parties multiplied along the chains; decides nothing
	Chains    []OwnedChain `json:"chains"`
	Says      string       `json:"says"`
	Notes     []string     `json:"notes,omitempty"`
}

// OwnedChain leads from the party to listed ones.
type OwnedChain struct {
	Links  []OwnedLink   `json:"links"`
	Listed []OwnedListed `json:"listed"`
}

// OwnedLink is one holding.
type OwnedLink struct {
	Owner    string `json:"owner"`
	Owned    string `json:"owned"`
	Percent  string `json:"percent,omitempty"`  // empty: not known
	Disputed bool   `json:"disputed,omitempty"` // rows of the file contradict one another
}

// OwnedListed is a listing that the owner at the top may mean.
type OwnedListed struct {
	List        string  `json:"list"`
	EntryID     *string `json:"entry_id"`
	Name        string  `json:"name"`
	MatchedName string  `json:"matched_name"`
	Score       float64 `json:"score"`
	Standing    string  `json:"standing"`
}

// PartyCleared is a hit that was looked into and set aside.
type PartyCleared struct {
	List    string    `json:"list"`
	EntryID *string   `json:"entry_id"`
	Name    string    `json:"name"`
	Score   float64   `json:"score"`
	Reason  string    `json:"reason"`
	By      string    `json:"by"`
	Until   when.Date `json:"until"`
}

// PartyPair is what party compare prints for two names.
type PartyPair struct {
	ID       string           `json:"id"`
	Score    float64          `json:"score"`
	Match    bool             `json:"match"`
	Evidence []string         `json:"evidence,omitempty"`
	Problem  *problem.Problem `json:"problem,omitempty"`
}

// PartyList is a loaded list as party lists prints it.
type PartyList struct {
	Name    string    `json:"name"`
	File    string    `json:"file,omitempty"`
	Format  string    `json:"format"`
	Date    when.Date `json:"date,omitzero"`
	AgeDays int       `json:"age_days"`
	Stale   bool      `json:"stale"`
	Parties int       `json:"parties"`
	Names   int       `json:"names"`
	Digest  string    `json:"digest,omitempty"`

	Size     int64  `json:"size,omitempty"`      // of the file, in bytes, of a list that was loaded into an instance
	LoadedAt string `json:"loaded_at,omitempty"` // when that was; empty: the list is of the law, or of a file of the command line
	LoadedBy string `json:"loaded_by,omitempty"` // id of a person
}

// LoadedList is a list that was loaded into an instance, and what differs from the one that it replaced.
type LoadedList struct {
	PartyList
	Before  int  `json:"before" doc:"Parties of the list that it replaced; 0: there was none."`
	Changed bool `json:"changed" doc:"Not so: the same bytes were there already."`
	Added   int  `json:"added"`
	Differ  int  `json:"differ" doc:"Listings that are there still and say something else."`
	Removed int  `json:"removed"`
}

// PartyChange is what a refresh changed in a listing.
type PartyChange struct {
	On      when.Date `json:"on"` // day of the refresh
	File    string    `json:"file"`
	Change  string    `json:"change"` // added, changed, removed; loaded: the list was not there before
	List    string    `json:"list,omitempty"`
	EntryID string    `json:"entry_id,omitempty"`
	Name    string    `json:"name,omitempty"`    // primary name
	What    []string  `json:"what,omitempty"`    // of a change: what differs
	Parties int       `json:"parties,omitempty"` // of a list that was not there before
}

// Text writes a change for people.
func (c *PartyChange) Text(w io.Writer) error {
	text := fmt.Sprintf("%s  %-7s  %s %s  %s", c.On, c.Change, c.List, c.EntryID, c.Name)
	if c.Change == "loaded" {
		text = fmt.Sprintf("%s  %-7s  %s, %d parties", c.On, c.Change, c.File, c.Parties)
	}
	if len(c.What) > 0 {
		text += ": " + strings.Join(c.What, ", ")
	}
	_, err := fmt.Fprintln(w, text)
	return err
}

// AppendLine adds a document as one line of JSON, without HTML escapes.
func AppendLine(b *bytes.Buffer, doc any) error {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	return e.Encode(doc)
}

// Text writes an answer for people, in a language.
func (a *PartyAnswer) Text(b *bytes.Buffer, lang string) {
	say := func(key string, pairs ...string) string { return Say(lang, "party."+key, pairs...) }
	head := a.Query
	if a.ID != "" {
		head = a.ID + "  " + head
	}
	fmt.Fprintln(b, head)
	if a.Problem != nil {
		fmt.Fprintf(b, "  %s: %s\n", Say(lang, "table.refused"), a.Problem.Error())
	}
	for _, m := range a.Matches {
		id := ""
		if m.EntryID != nil {
			id = " " + *m.EntryID
		}
		fmt.Fprintf(b, "  %.2f  %s%s  %s  [%s]\n", m.Score, m.List, id, m.Name, Say(lang, "standing."+m.Standing))
		if m.MatchedName != m.Name {
			fmt.Fprintf(b, "        %s\n", say("as", "name", m.MatchedName))
		}
		fmt.Fprintf(b, "        %s\n", strings.Join(m.Evidence, "; "))
		if m.Measure != "" {
			fmt.Fprintf(b, "        %s\n", m.Measure)
		}
	}
	for i := range a.Owned {
		a.Owned[i].text(b)
	}
	for _, c := range a.Cleared {
		fmt.Fprintf(b, "  %s\n", say("cleared", "list", c.List, "name", c.Name, "by", c.By, "until", c.Until.String(), "reason", c.Reason))
	}
	for _, n := range a.Notes {
		fmt.Fprintf(b, "  %s\n", Say(lang, "table.warning", "text", n))
	}
}

// Text writes a pair for people, in a language.
func (p *PartyPair) Text(b *bytes.Buffer, lang string) {
	if p.Problem != nil {
		fmt.Fprintf(b, "%s  %s: %s\n", p.ID, Say(lang, "table.refused"), p.Problem.Error())
		return
	}
	word := Say(lang, "party.other")
	if p.Match {
		word = Say(lang, "party.same")
	}
	fmt.Fprintf(b, "%s  %.2f  %s  %s\n", p.ID, p.Score, word, strings.Join(p.Evidence, "; "))
}

// WritePartyLists writes lists for people, in a language.
func WritePartyLists(w io.Writer, lists []PartyList, lang string) error {
	wide := 0
	for _, l := range lists {
		wide = max(wide, runewidth.StringWidth(l.Name))
	}
	for _, l := range lists {
		age := Say(lang, "party.lists.undated")
		if l.Date != 0 {
			age = Say(lang, "party.lists.age", "day", l.Date.String(), "days", strconv.Itoa(l.AgeDays))
		}
		if l.Stale {
			age += Say(lang, "party.lists.stale")
		}
		counts := Say(lang, "party.lists.counts", "parties", strconv.Itoa(l.Parties), "names", strconv.Itoa(l.Names))
		line := fmt.Sprintf("%s  %s: %s (%s)  %s", runewidth.FillRight(l.Name, wide), age, counts, l.Format, l.File)
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " ")); err != nil {
			return err
		}
	}
	return nil
}

// text writes the answer of a file of holdings for people, each chain from the listed owner down.
func (o *Owned) text(b *bytes.Buffer) {
	fmt.Fprintf(b, "  %s\n", o.Says)
	for _, c := range o.Chains {
		last := len(c.Links) - 1
		b.WriteString("        " + c.Links[last].Owner)
		for i, l := range c.Listed {
			fmt.Fprintf(b, "%s%s %.2f %s", []string{" (", ", "}[min(i, 1)], l.List, l.Score, l.Standing)
		}
		if len(c.Listed) > 0 {
			b.WriteByte(')')
		}
		for i := last; i >= 0; i-- {
			percent := c.Links[i].Percent
			if percent == "" {
				percent = "? %"
			}
			fmt.Fprintf(b, " —%s→ %s", percent, c.Links[i].Owned)
		}
		b.WriteByte('\n')
	}
	for _, n := range o.Notes {
		fmt.Fprintf(b, "        %s\n", n)
	}
}
