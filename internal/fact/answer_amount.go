package fact

import (
	"strings"
	"unicode"

	"lodestone/internal/problem"
	"lodestone/internal/quant"
)

// answerValue takes what one unit is worth: "1500 JPY", "CNY 12.5", "USD 3.10 / pcs". Without a currency that of the row is meant.
func (r *Reader) answerValue(it *Item, value string) *problem.Problem {
	meant := "an amount with its currency for one unit, such as 12.5 CNY"
	amount, per, each := strings.Cut(ordinary(value), "/")
	if per = strings.TrimSpace(per); each && !strings.EqualFold(per, it.Unit) {
		return wrong("the value of one unit as the row counts", "%q is the value of one %s, and the row counts in %q", clip(value), clip(per), it.Unit)
	}
	words := strings.Fields(parted(amount))
	code := ""
	for _, at := range []int{0, len(words) - 1} {
		if at >= 0 && len(words) > 1 && code == "" && numberEnd(words[at]) == 0 {
			if c, f := currency(words[at]); f == nil {
				code, words = c, append(words[:at:at], words[at+1:]...)
			} else {
				return f.meaning(meant)
			}
		}
	}
	worth, f := r.count(strings.Join(words, " "), meant)
	switch {
	case f != nil:
		return f.meaning(meant)
	case code == "" && it.Currency == "":
		return wrong(meant, "%q names no currency", clip(value))
	case code != "" && it.Currency != "" && code != it.Currency:
		return contradicts(value, it.Currency)
	case it.unitValue.HasLow:
		if it.unitValue.Apart(worth) {
			return contradicts(value, it.unitValue.String()+" "+it.Currency)
		}
	case it.Value.HasLow:
		return contradicts(value, it.Value.String()+" "+it.Currency)
	}
	it.unitValue = worth
	if code != "" {
		it.Currency = code
	}
	return nil
}

// answerQuantity takes an amount with its unit: "4 pcs", "0.5-0.6 g". Without a unit that of the row is meant.
func (r *Reader) answerQuantity(it *Item, value string) *problem.Problem {
	meant := "how much of it, with its unit: 4 pcs, 0.5 g"
	text := strings.TrimSpace(parted(ordinary(value)))
	unit := ""
	if at := strings.LastIndexByte(text, ' '); at >= 0 && numberEnd(text[at+1:]) == 0 {
		text, unit = strings.TrimSpace(text[:at]), text[at+1:]
	}
	n, f := r.count(text, meant)
	switch {
	case f != nil:
		return f.meaning(meant)
	case unit != "" && it.Unit != "" && !strings.EqualFold(unit, it.Unit):
		return contradicts(value, it.Unit)
	case it.Quantity.HasLow:
		if it.Quantity.Apart(n) {
			return contradicts(value, it.Quantity.String()+" "+it.Unit)
		}
	}
	it.Quantity = n
	if unit != "" {
		it.Unit = unit
	}
	return nil
}

// parted puts a blank between a number and the letters that touch it.
func parted(s string) string {
	var b strings.Builder
	last := rune(0)
	for _, c := range s {
		if unicode.IsDigit(last) && unicode.IsLetter(c) || unicode.IsLetter(last) && unicode.IsDigit(c) {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
		last = c
	}
	return b.String()
}

// answerParts takes what a part holds as a composition, where the row has none.
func (r *Reader) answerParts(it *Item, value string) *problem.Problem {
	meant := "all it holds, such as Fe 98 %; C 1 %; rest none; parts with numbers of their own are rows of the table"
	if len(it.Contents) > 0 || it.Closed {
		p := wrong("answer element by element", "the row has a composition: the row is taken")
		p.Warning = true
		return p
	}
	var said Item
	if f := r.composition(&said, value); f != nil {
		return f.meaning(meant)
	}
	if len(said.pending) > 0 {
		return refusing(said.pending[0], meant)
	}
	for i := range said.Contents {
		said.Contents[i].Source, said.Contents[i].Words = Answer, value
	}
	it.Contents, it.Closed, it.BalanceOf = append(it.Contents, said.Contents...), said.Closed, said.BalanceOf
	return nil
}

// Rate is what one unit of a currency is worth in another.
type Rate struct {
	From, To string
	Worth    quant.Decimal
}

// ReadRate reads "1 USD = 7.12 CNY".
func (r *Reader) ReadRate(text string) (x Rate, p *problem.Problem) {
	bad := wrong("1 USD = 7.12 CNY", "%q is no rate", clip(text))
	left, right, ok := strings.Cut(parted(ordinary(text)), "=")
	a, b := strings.Fields(left), strings.Fields(right)
	if !ok || len(a) != 2 || a[0] != "1" || len(b) != 2 {
		return x, bad
	}
	var f, g, h *fault
	x.From, f = currency(a[1])
	x.To, g = currency(b[1])
	x.Worth, h = number(b[0], r.DecimalComma)
	if f != nil || g != nil || h != nil {
		return x, bad
	}
	return x, nil
}
