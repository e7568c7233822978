// Package enforce holds penalty decisions as records, the tables of law by which they are read, and what can be said of many of them: which
// pages tell one case, counts and ratios with the number behind each, the arithmetic of published figures, and what a case would cost.
//
// Everything here is pure: callers bring records, tables and the day. Start with Record, Compute, Audit and Estimate. A value that a text does not give is null, never zero: an empty pointer, or a nil list
// where the list as a whole is unknown.
package enforce

import (
	"bytes"
	"fmt"
	"math/big"

	"lodestone/internal/quant"
	"lodestone/internal/when"
)

// Number is an exact decimal that prints as a JSON number.
type Number struct{ quant.Decimal }

// ParseNumber reads digits with an optional decimal point.
func ParseNumber(s string) (Number, error) {
	d, err := quant.ParseDecimal(s)
	return Number{d}, err
}

// MarshalJSON prints a bare number.
func (n Number) MarshalJSON() ([]byte, error) { return n.Append(nil), nil }

// UnmarshalJSON reads a number; text is refused.
func (n *Number) UnmarshalJSON(b []byte) error {
	d, err := quant.ParseDecimal(string(b))
	if err != nil {
		return fmt.Errorf("%s is not a number", bytes.TrimSpace(b))
	}
	n.Decimal = d
	return nil
}

// Rat is the number as an exact fraction.
func (n Number) Rat() *big.Rat {
	r, ok := new(big.Rat).SetString(n.String())
	if !ok {
		return new(big.Rat) // no Decimal prints anything that is not a number
	}
	return r
}

// Float is the number for statistics, where the last of sixteen digits does not matter.
func (n Number) Float() float64 {
	f, _ := n.Rat().Float64()
	return f
}

// Record is one page about one case, with the keys of the labelled set. Words are in simplified characters as the text gives them.
type Record struct {
	ID                   string     `json:"id"`
	TextFile             string     `json:"text_file,omitempty"` // where it was read from; empty in a collection
	RecordType           string     `json:"record_type"`         // penalty_decision, no_penalty_decision, seizure_notice, criminal
	TextKind             string     `json:"text_kind"`           // decision_full, decision_partial, summary_full, summary_partial, not_a_decision
	Script               string     `json:"script"`              // hans, hant, hant_noisy
	DecisionNumber       *string    `json:"decision_number"`
	IssuingCustoms       *string    `json:"issuing_customs"`
	IssuingFrom          *string    `json:"issuing_customs_from"`
	SupervisingCustoms   *string    `json:"supervising_customs"`
	SupervisingFrom      *string    `json:"supervising_customs_from"`
	DecisionDate         *when.Date `json:"decision_date"`
	PublicationDate      *when.Date `json:"publication_date"`
	RepostDate           *when.Date `json:"repost_date"`
	CompilationMonth     *string    `json:"compilation_month"`
	Direction            string     `json:"direction"` // export, import, other
	Parties              []Party    `json:"parties"`
	Declarants           []string   `json:"declarants"`
	DeclarationDates     []string   `json:"declaration_dates"`
	Port                 *string    `json:"port"`
	TradeMode            *string    `json:"trade_mode"`
	Destination          *string    `json:"destination"`
	Origin               *string    `json:"origin"`
	Declared             []Goods    `json:"declared"`
	Actual               []Goods    `json:"actual"`
	ViolationValue       *Number    `json:"violation_value_rmb"`
	ViolationValueLabel  *string    `json:"violation_value_label"`
	OtherValues          []Labelled `json:"other_values_rmb"`
	ControlCodes         []string   `json:"control_codes"`
	Instruments          []string   `json:"instruments"`
	Conduct              []string   `json:"conduct"`
	ItemClass            string     `json:"item_class"`
	GoodsCategory        *string    `json:"goods_category"`
	ExportControl        bool       `json:"export_control"`
	LegalBasis           []Basis    `json:"legal_basis"`
	Leniency             *string    `json:"leniency"`
	LeniencyEvidence     *string    `json:"leniency_evidence"`
	LeniencyReasons      []string   `json:"leniency_reasons"`
	Penalty              Penalty    `json:"penalty"`
	FineToValue          *Number    `json:"fine_to_value_ratio"`
	BelowMinimum         *bool      `json:"fine_below_statutory_minimum"`
	LicenceLaterObtained *bool      `json:"licence_later_obtained"`
	AppealAuthority      *string    `json:"appeal_authority"`
	Court                *string    `json:"court"`
	HasLegalBasis        bool       `json:"has_legal_basis"`
	HasPenalty           bool       `json:"has_penalty"`
	Sources              []string   `json:"sources"`
	Notes                string     `json:"notes"`

	// Spans says where each value stands in the text: by path ("penalty.fines_rmb.0"), its start and end in characters. Derived names, for
	// values that do not stand in the text as such, the words or the other values that they follow from.
	Spans   map[string]Span     `json:"spans,omitempty"`
	Derived map[string][]string `json:"derived,omitempty"`

	Collected *Collected `json:"collected,omitempty"` // nil: of no collection
}

// Span is a part of a text in characters, the end not included.
type Span [2]int

// Party is one to whom a decision is addressed. A nil name means that the text keeps it back.
type Party struct {
	Name        *string `json:"name"`
	Kind        string  `json:"kind"` // exporter, importer, agent, courier, consignee, individual, processor
	USCC        *string `json:"uscc"`
	CustomsCode *string `json:"customs_code"`
}

// Goods is a line of goods as declared or as found.
type Goods struct {
	Goods       string  `json:"goods"`
	HS          *string `json:"hs"`
	Quantity    *Number `json:"quantity"`
	Unit        *string `json:"unit"`
	Value       *Number `json:"value"`
	Currency    *string `json:"currency"`
	Terms       *string `json:"terms"`
	Destination *string `json:"destination"`
}

// Labelled is a value with the words that the text uses for it.
type Labelled struct {
	Label string `json:"label"`
	Value Number `json:"value"`
}

// Basis is a citation. Paragraph is 款, Item is 项; nil means not cited.
type Basis struct {
	Law       string `json:"law"`
	Article   int    `json:"article"`
	Paragraph *int   `json:"paragraph"`
	Item      *int   `json:"item"`
}

// Same says whether two citations are the same.
func (b Basis) Same(c Basis) bool {
	return b.Law == c.Law && b.Article == c.Article && same(b.Paragraph, c.Paragraph) && same(b.Item, c.Item)
}

func same[T comparable](a, b *T) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }

// Penalty is what was imposed. Fines are nil where the text does not reach them and empty where nothing was imposed.
type Penalty struct {
	NoPenalty          bool     `json:"no_penalty"`
	Warning            bool     `json:"warning"`
	Fines              []Number `json:"fines_rmb"`
	FineTotal          *Number  `json:"fine_total_rmb"`
	ConfiscatedGoods   []string `json:"confiscated_goods"`
	ConfiscatedGains   *Number  `json:"confiscated_gains_rmb"`
	GainsUnknownAmount bool     `json:"confiscated_gains_unknown_amount"`
	OtherMeasures      []string `json:"other_measures"`
}

// Decision says whether the record is a decision of customs, of whatever outcome. Notices and criminal cases are none.
func (r *Record) Decision() bool {
	return r.RecordType == PenaltyDecision || r.RecordType == NoPenaltyDecision
}

// Fine is what was imposed in yuan, or nil where the text does not say or nothing was imposed.
func (r *Record) Fine() *Number {
	if r.Penalty.FineTotal == nil || r.Penalty.FineTotal.Sign() == 0 {
		return nil
	}
	return r.Penalty.FineTotal
}

// Ratio is fine over value as an exact fraction, or nil where one is missing.
func (r *Record) Ratio() *big.Rat {
	fine, value := r.Fine(), r.ViolationValue
	if fine == nil || value == nil || value.Sign() <= 0 {
		return nil
	}
	return new(big.Rat).Quo(fine.Rat(), value.Rat())
}

// Complete fills in what is computed from the rest: the ratio, the comparison with the statutory floor, and the flags.
func (r *Record) Complete(t *Tables) {
	if r.Derived == nil {
		r.Derived = map[string][]string{}
	}
	r.HasLegalBasis = len(r.LegalBasis) > 0
	r.HasPenalty = r.Decision() && r.Penalty.Fines != nil
	r.ExportControl = r.Decision() && r.Direction == "export" && r.ItemClass != "other"
	if ratio := r.Ratio(); ratio != nil && r.Decision() {
		n, err := ParseNumber(ratio.FloatString(4))
		if err == nil { // a ratio of two figures of trade has fewer than 18 digits
			r.FineToValue = &n
			r.Derived["fine_to_value_ratio"] = []string{"penalty.fine_total_rmb", "violation_value_rmb"}
		}
	}
	if below, inputs := t.below(r); below != nil {
		r.BelowMinimum = below
		r.Derived["fine_below_statutory_minimum"] = inputs
	}
}

// below compares the fine with the floor of the article named in the tables: a multiple of the turnover, or a sum where that is small.
func (t *Tables) below(r *Record) (*bool, []string) {
	fine := r.Fine()
	at := -1
	for i, b := range r.LegalBasis {
		if b.Law == t.Floor.Law && b.Article == t.Floor.Article {
			at = i
		}
	}
	if fine == nil || at < 0 {
		return nil, nil
	}
	inputs := []string{"penalty.fine_total_rmb", fmt.Sprintf("legal_basis.%d", at)}
	if r.ViolationValue != nil {
		inputs = append(inputs, "violation_value_rmb")
	}
	for _, p := range t.provisionsOf(t.Floor.Law, t.Floor.Article, 0) {
		if low, ok := p.floor(r.ViolationValue); ok {
			below := fine.Rat().Cmp(low) < 0
			return &below, inputs
		}
	}
	return nil, nil
}

// Whole is a whole number.
func Whole(n int64) Number { return Number{quant.Int(n)} }
