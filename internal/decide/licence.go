package decide

import (
	"strings"

	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/party"
	"lodestone/internal/rule"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// Held says whether a declared licence covers what is required of a line. It never changes the outcome: a licence is required all the same.
type Held struct {
	No     string
	Policy law.Policy // of a general licence or a registration that fits; zero: none of its own
	Misses []Miss     // empty: it fits
}

// Miss is one thing in which a held licence does not fit.
type Miss struct {
	What string // kind, no, items, end_user, quantity, valid, policy, outcome, layer
	Has  string // what the licence says; empty: it says nothing
	Want string // what the line needs
}

// licenceWords are the kinds of licence that the engine tells apart.
type licenceWords struct{ individual, general, registration, goods, technology vocab.TermID }

func licenceWordsOf(v *vocab.Vocab) (w licenceWords) {
	for id, to := range map[string]*vocab.TermID{"individual": &w.individual, "general": &w.general, "registration": &w.registration,
		"goods": &w.goods, "technology": &w.technology} {
		*to, _ = v.Term("licence_kind", id)
	}
	return w
}

// held compares a declared licence with the requirements in force that ask for one.
func (d *Decider) held(it *fact.Item, required []Requirement) *Held {
	if it.Licence == nil {
		return nil
	}
	fit := licenceFit{d: d, it: it, of: it.Licence, held: Held{No: it.Licence.No}}
	asked := false
	for i := range required {
		q := &required[i]
		if q.Truth == rule.Yes && q.State == law.InForce && (q.Effect == law.Licence || q.Effect == law.GoodsLicence) {
			asked = true
			fit.covers(q)
		}
	}
	if !asked {
		return nil
	}
	fit.terms()
	return &fit.held
}

// licenceFit gathers what of a licence does not fit a line.
type licenceFit struct {
	d     *Decider
	it    *fact.Item
	of    *fact.Licence
	held  Held
	codes []string // control codes already looked for
}

func (f *licenceFit) miss(what, has, want string) {
	f.held.Misses = append(f.held.Misses, Miss{what, has, want})
}

// covers looks at kind and items for one requirement.
func (f *licenceFit) covers(q *Requirement) {
	c := &f.d.book.Norms[q.Norm]
	if !f.ofLayer(c.Layer) {
		for _, m := range f.held.Misses {
			if m.What == "layer" && m.Want == c.Layer {
				return
			}
		}
		f.miss("layer", f.kind(), c.Layer)
		return
	}
	code, _ := c.CodeOn(f.d.book, f.d.result.At)
	if code == "" || c.Layer != "dual_use" {
		return // the law printed no code on that day, or the requirement rests on another norm's item
	}
	for _, done := range f.codes {
		if done == code {
			return
		}
	}
	f.codes = append(f.codes, code)
	if !f.names(code) {
		f.miss("items", strings.Join(f.of.Items, ", "), code)
	}
}

// ofLayer says that a licence of this kind answers for requirements of a layer.
func (f *licenceFit) ofLayer(layer string) bool {
	w, k := &f.d.words.licences, f.of.Kind
	switch layer {
	case "goods_licence":
		return k == w.goods
	case "technology":
		return k == w.technology
	}
	return k == w.individual || k == w.general || k == w.registration || k == 0
}

// names says that the licence names a control code, or a level above it.
func (f *licenceFit) names(code string) bool {
	for _, item := range f.of.Items {
		if strings.EqualFold(item, code) || len(item) < len(code) && strings.EqualFold(item, code[:len(item)]) && strings.ContainsRune(".#", rune(code[len(item)])) {
			return true
		}
	}
	return false
}

func (f *licenceFit) kind() string { return f.d.book.Vocab.TermWord("licence_kind", f.of.Kind) }

// terms looks at what does not depend on a single requirement.
func (f *licenceFit) terms() {
	r := &f.d.result
	if r.Outcome > law.Licence {
		f.miss("outcome", "", r.Outcome.String())
	}
	if f.of.Kind == 0 {
		f.miss("kind", "", "")
	}
	if f.of.No == "" {
		f.miss("no", "", "")
	}
	f.policy()
	if f.of.EndUser == "" || f.it.EndUser == "" || party.Folded(f.of.EndUser) != party.Folded(f.it.EndUser) {
		f.miss("end_user", f.of.EndUser, f.it.EndUser)
	}
	f.quantity()
	if day := r.At.Effective; f.of.Valid.From == 0 || f.of.Valid.Until == 0 || !f.of.Valid.Has(day) {
		f.miss("valid", span(f.of.Valid), day.String())
	}
}

// policy looks whether a general licence or a registration is open to the line.
func (f *licenceFit) policy() {
	w, r := &f.d.words.licences, &f.d.result
	own := law.PolicyNone
	switch f.of.Kind {
	case w.general:
		own = law.PolicyGeneral
	case w.registration:
		own = law.PolicyRegistration
	}
	switch {
	case f.of.Kind == 0 || own == law.PolicyNone:
	case r.Policy > law.PolicyRegistration, own == law.PolicyRegistration && r.Policy != law.PolicyRegistration:
		f.miss("policy", own.String(), r.Policy.String())
	default:
		f.held.Policy = own
	}
}

// quantity looks whether the licence is enough for the line.
func (f *licenceFit) quantity() {
	has, want := f.of.Quantity, f.it.Quantity
	text := func(unit string, known bool, amount string) string {
		if !known {
			return ""
		}
		return strings.TrimSpace(amount + " " + unit)
	}
	hasText, wantText := text(f.of.Unit, has.HasLow, has.String()), text(f.it.Unit, want.HasLow, want.String())
	v := f.d.book.Vocab
	if unit, ok := v.Unit(f.it.Unit); ok && has.HasLow && want.HasHigh {
		if got, err := v.Convert(has, f.of.Unit, unit.ID); err == nil && want.High.Cmp(got.Low) <= 0 {
			return
		}
	} else if has.HasLow && want.HasHigh && strings.EqualFold(f.it.Unit, f.of.Unit) && want.High.Cmp(has.Low) <= 0 {
		return
	}
	f.miss("quantity", hasText, wantText)
}

// span is a validity in the notation of the column.
func span(i when.Interval) string {
	from, to := "", ""
	if i.From != 0 {
		from = i.From.String()
	}
	if i.Until != 0 {
		to = (i.Until - 1).String()
	}
	if from == "" && to == "" {
		return ""
	}
	return from + ".." + to
}
