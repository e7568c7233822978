package licence

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"lodestone/internal/quant"
	"lodestone/internal/sentence"
	"lodestone/internal/when"
)

// Held is a licence that is held, as it is printed.
type Held struct {
	Kind        string        `json:"kind"` // a word of the vocabulary licence_kind
	No          string        `json:"no"`
	Items       []string      `json:"items"` // control codes
	Exporter    string        `json:"exporter,omitempty"`
	EndUser     string        `json:"end_user"`
	EndUse      string        `json:"end_use,omitempty"`     // empty: not stated
	Destination string        `json:"destination,omitempty"` // ISO 3166; empty: not stated
	Quantity    quant.Decimal `json:"quantity"`
	Unit        string        `json:"unit"`
	From        when.Date     `json:"from"`
	To          when.Date     `json:"to"`                    // last day
	Batches     int           `json:"batches,omitempty"`     // exports that it allows; zero: as its kind does
	Application string        `json:"application,omitempty"` // id of the application it came of; empty: none is recorded
	Words       string        `json:"words,omitempty"`       // conditions, or why it changed
}

// States of a licence that is held.
const (
	InHand   = "held"
	Amending = "amending" // an amendment was asked for: it is not used meanwhile
	Ended    = "ended"    // given back, taken back or used up
)

// HeldStates lists the states of a licence.
func HeldStates() []string { return []string{InHand, Amending, Ended} }

// Wrong says what is wrong with a field of something entered.
type Wrong struct {
	Field string
	Says  sentence.Sentence
}

func wrong(field, format string, args ...any) Wrong {
	return Wrong{field, sentence.Of(format, args...)}
}

func (e Wrong) Error() string { return e.Field + ": " + e.Says.String() }

// Unwrap gives what is said, for other languages.
func (e Wrong) Unwrap() error { return e.Says }

// Check says what of a licence cannot be.
func (h *Held) Check(kinds []string) error {
	for _, f := range []struct{ field, text string }{{"no", h.No}, {"end_user", h.EndUser}, {"unit", h.Unit}} {
		if strings.TrimSpace(f.text) == "" || strings.ContainsAny(f.text, ";；\n") {
			return wrong(f.field, "give it as printed, without semicolons and line ends")
		}
	}
	for _, code := range h.Items {
		if code == "" || strings.ContainsAny(code, ",，、/ ;；\n") {
			return wrong("items", "%q is no control code", code)
		}
	}
	switch {
	case !slices.Contains(kinds, h.Kind):
		return wrong("kind", "%q is no kind of licence; it is one of %s", h.Kind, strings.Join(kinds, ", "))
	case len(h.Items) == 0:
		return wrong("items", "give at least one control code")
	case h.Quantity.Sign() <= 0:
		return wrong("quantity", "give an amount over zero")
	case h.From == 0 || h.To < h.From:
		return wrong("to", "give the first and the last day of its validity")
	case h.Batches < 0:
		return wrong("batches", "give a number of exports, or nothing")
	}
	return nil
}

// exports is how many exports a licence allows; zero: any number.
func (h *Held) exports(r *Rules) int {
	if h.Batches > 0 {
		return h.Batches
	}
	for i := range r.Types {
		if t := &r.Types[i]; t.ID == h.Kind && t.Exports == "one" {
			return 1
		}
	}
	return 0
}

// TooLong is how many months a licence of this kind holds at most, where this one holds longer; zero: it does not, or no limit was read.
func (h *Held) TooLong(r *Rules) int {
	for i := range r.Types {
		if t := &r.Types[i]; t.ID == h.Kind && t.MaxMonths > 0 && h.To >= h.From.Months(t.MaxMonths) {
			return t.MaxMonths
		}
	}
	return 0
}

// Notation is the licence as an item's column licence_held has it, with an amount in the place of its quantity.
func (h *Held) Notation(amount quant.Decimal) string {
	return fmt.Sprintf("kind=%s; no=%s; items=%s; end_user=%s; quantity=%s %s; valid=%s..%s", h.Kind, h.No, strings.Join(h.Items, ", "), h.EndUser, amount, h.Unit, h.From, h.To)
}

// Draw is what was shipped on a licence, or the taking back of that.
type Draw struct {
	ID       string
	Reverses string // id of the draw that is taken back; empty: it is a draw
	Quantity quant.Decimal
}

// Balance is how far a licence is used.
type Balance struct {
	Used    quant.Decimal // by draws that were not taken back
	Left    quant.Decimal
	Exports int // draws that were not taken back
	Allowed int // exports that the licence allows; zero: any number
}

// Refusals of draws, for programs.
var (
	ErrNotEnough = errors.New("the licence has less left than that")
	ErrExports   = errors.New("the exports that the licence allows are made")
	ErrNoDraw    = errors.New("there is no such draw on this licence, or it was taken back")
	ErrEnded     = errors.New("the licence is not in hand: it has ended, or an amendment of it is being decided")
)

// Balance reckons how far a licence is used by draws.
func (h *Held) Balance(r *Rules, draws []Draw) (b Balance, err error) {
	b.Allowed = h.exports(r)
	for _, d := range standing(draws) {
		b.Exports++
		if b.Used, err = b.Used.Add(d.Quantity); err != nil {
			return b, err
		}
	}
	b.Left, err = h.Quantity.Sub(b.Used)
	return b, err
}

// standing are the draws that were not taken back.
func standing(draws []Draw) (list []Draw) {
	for _, d := range draws {
		if d.Reverses == "" && !slices.ContainsFunc(draws, func(x Draw) bool { return x.Reverses == d.ID }) {
			list = append(list, d)
		}
	}
	return list
}

// MayDraw says why an amount cannot be drawn; nil: it can.
func (h *Held) MayDraw(r *Rules, state string, draws []Draw, amount quant.Decimal) error {
	b, err := h.Balance(r, draws)
	switch {
	case err != nil:
		return err
	case state != InHand:
		return ErrEnded
	case amount.Sign() <= 0:
		return wrong("quantity", "give an amount over zero")
	case b.Allowed > 0 && b.Exports >= b.Allowed:
		return ErrExports
	case amount.Cmp(b.Left) > 0:
		return ErrNotEnough
	}
	return nil
}

// Reversal is the draw that takes another back, or why that cannot be.
func Reversal(draws []Draw, id string) (Draw, error) {
	for _, d := range standing(draws) {
		if d.ID == id {
			return Draw{Reverses: id, Quantity: d.Quantity}, nil
		}
	}
	return Draw{}, ErrNoDraw
}

// MayChange says why a licence cannot become another version of itself: what was drawn must stay covered.
func (h *Held) MayChange(r *Rules, draws []Draw) error {
	b, err := h.Balance(r, draws)
	switch {
	case err != nil:
		return err
	case b.Left.Sign() < 0:
		return wrong("quantity", "%s %s are drawn already", b.Used, h.Unit)
	case b.Allowed > 0 && b.Exports > b.Allowed:
		return wrong("batches", "%d exports are made already", b.Exports)
	}
	return nil
}
