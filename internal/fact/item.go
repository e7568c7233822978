// Package fact holds what is known of a shipped thing, its parties and its way: typed values, each with the source it came from.
//
// An empty field means *unknown*; "known to be none" is a value of its own (Content.None, Param.None); a misspelt value is refused
// or set aside when read and never becomes a fact. Start with Item; Reader turns the columns of a row into one. The package knows
// no file formats: rows come from ingest.
package fact

import (
	"slices"

	"lodestone/internal/problem"
	"lodestone/internal/quant"
	"lodestone/internal/sentence"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// Source says where a fact comes from.
type Source uint8

const (
	Nowhere     Source = iota // the fact is not known
	Column                    // a column of the row
	Flag                      // a flag of the command: the same for all rows
	Description               // words of the description
	Spec                      // a declared specification inside the description
	Parts                     // rolled up from the parts of a structure
	Answer                    // an answer to a question that was asked
	Holdings                  // a file of holdings
)

var sourceWords = [...]string{"", "column", "flag", "description", "specification", "parts", "answer", "holdings"}

func (s Source) String() string { return sourceWords[s] }

// Item is one thing to be screened: a line of a shipment or of a catalogue.
type Item struct {
	ID     string // own number; the line number where none is given
	Line   int    // line in the file, counted from 1; 0: not from a file
	Parent string // id of the assembly it is part of; empty: at the top

	Description string
	Mentions    []vocab.Mention // kinds named in the description, in order
	HS          string          // customs code, digits only; empty: unknown
	ControlCode string          // control code as declared; empty: none declared

	Forms     vocab.FormSet // forms stated by the column; what kinds add is in Known
	Worded    vocab.FormSet // forms that words of the description say, besides the kinds that they name; they rule no form out
	WordedBy  string        // the first of those words
	Contents  []Content     // one an element, in the order stated; elements not listed are unknown unless Closed
	Closed    bool          // the composition names all there is
	Unread    bool          // it has entries that could not be read: nothing closes the list
	BalanceOf vocab.Element // takes the remainder ("balance Fe"); zero: none does
	Params    []Param
	FormText  string // a form word that is not known, kept for the message

	Origin, MadeIn, TechOrigin vocab.Country
	From, Destination          vocab.Country
	Recipient                  vocab.Country // nationality of a recipient inside the country
	EndUse, EndUserKind        vocab.TermID
	Procedure                  vocab.TermID
	Knowledge                  []vocab.TermID // empty: none is declared

	Consignee, EndUser string
	Exporter, Supplier string
	Shipment           string
	Listed             []Listed // party listings that the names match; filled by whoever screens names
	Loaded             []Loaded // the same of lists beside those of the law; filled by the same
	Owned              []Owned  // what a file of holdings says of the parties' owners; filled by whoever screens names

	ShipDate, DeclarationDate when.Date
	Quantity, Value           quant.Range // not HasLow: unknown
	Unit, Currency            string
	ValueIsUnit               bool // Value is of one unit of quantity
	Licence                   *Licence

	FromFlag, DestinationFlag bool         // the value was given for all rows
	Answers                   []Answered   // facts that answers gave; empty: none did
	Extra                     []ExtraField // unknown columns, passed through

	unitValue quant.Range  // as stated; Finish joins it with Value
	pending   problem.List // warnings that Set found and Finish hands out
}

// MaxMentions bounds the kinds that a description names; a text with more is a catalogue, not a description.
const MaxMentions = 64

// Content is what is known of one element in the thing.
type Content struct {
	Element vocab.Element
	Share   quant.Range // mass percent; zero: present, share unknown
	None    bool        // known to be none
	Source  Source
	Words   string // the words it was read from
}

// Certain says that the element is contained: "present", or a share whose lower bound is over zero. "<0.01 %" may be nothing at all.
func (c *Content) Certain() bool {
	if c.None {
		return false
	}
	if !c.Share.HasLow {
		return !c.Share.HasHigh
	}
	return c.Share.Low.Sign() > 0 || c.Share.Over
}

// Param is one technical parameter.
type Param struct {
	ID     vocab.ParamID
	Value  quant.Range     // in the unit of the parameter's definition
	Sizes  []quant.Decimal // for dimensions: as stated
	Text   string          // for parameters whose values are words
	None   bool            // known not to have it (graphite powder has no flexural strength)
	Source Source
	Words  string
}

// Listed is a match of a stated party with a listing.
type Listed struct {
	Field    string // consignee, end_user, exporter
	Listing  int    // number of the listing in the book
	Score    float64
	Name     string              // the name that matched
	Evidence []sentence.Sentence // what speaks for it, and against
}

// Loaded is a match of a stated party with a listing of a list that somebody has loaded beside those that the law carries.
type Loaded struct {
	Field    string // consignee, end_user
	List     string // short code: SDN, EL, EU
	Entry    string // the list's own number; empty: it gives none
	Name     string // the name that matched
	Measure  string // what the list says follows; empty: nothing
	Source   string // where the listing may be read; empty: not given
	From, To when.Date
	Score    float64
	Evidence []sentence.Sentence // what speaks for it, and against
}

// StandsOn says whether the listing stands on a day, by what the list says of its days: From and To, zero where it does not say.
func (l *Loaded) StandsOn(day when.Date) bool { return day >= l.From && (l.To == 0 || day <= l.To) }

// Owned says that listed parties own a stated party, or may.
type Owned struct {
	Knowledge vocab.TermID // word of knowledge that a rule on ownership gives for it; zero: none
	Certain   bool         // the rule reaches the party, as it was enacted; false: that cannot be told
	Says      string       // for the answer
}

// Licence is a held licence as declared in licence_held.
type Licence struct {
	Kind     vocab.TermID
	No       string
	Items    []string
	EndUser  string
	Quantity quant.Range
	Unit     string
	Valid    when.Interval
}

// Answered is a fact that an answer gave, as questions name it.
type Answered struct {
	Fact  string
	Words string // the answer, and who gave it when, where that is known
}

// ExtraField is a column the program does not know.
type ExtraField struct{ Name, Value string }

// Reset makes the item empty and keeps its memory for the next row.
func (it *Item) Reset() {
	*it = Item{
		Mentions: it.Mentions[:0], Contents: it.Contents[:0], Params: it.Params[:0], Knowledge: it.Knowledge[:0],
		Listed: it.Listed[:0], Loaded: it.Loaded[:0], Owned: it.Owned[:0], Extra: it.Extra[:0], Answers: it.Answers[:0], pending: it.pending[:0],
	}
}

// Clone is a copy that shares no memory which reading changes.
func (it *Item) Clone() Item {
	c := *it
	c.Mentions, c.Contents, c.Params, c.Knowledge = slices.Clone(it.Mentions), slices.Clone(it.Contents), slices.Clone(it.Params), slices.Clone(it.Knowledge)
	c.Listed, c.Loaded, c.Extra, c.Answers, c.pending = slices.Clone(it.Listed), slices.Clone(it.Loaded), slices.Clone(it.Extra), slices.Clone(it.Answers), nil
	return c
}

// Day is the day whose law applies: customs acceptance for goods, else the day of export; zero where neither is given.
func (it *Item) Day() when.Date {
	if it.DeclarationDate != 0 {
		return it.DeclarationDate
	}
	return it.ShipDate
}
