package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"lodestone/internal/cases"
	"lodestone/internal/decide"
	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/licence"
	"lodestone/internal/quant"
	"lodestone/internal/report"
	"lodestone/internal/store"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
	"lodestone/lawdata/licensing"
)

// warnDays is how long before its last day a licence is warned of.
const warnDays = 60

// Bounds on what is entered of a licence.
const (
	maxName     = 500 // bytes of a name or a number
	maxCodes    = 200
	maxCodeText = 60
)

// heldLicence is a licence of the register with what it says.
type heldLicence struct {
	store.Licence
	licence.Held
	draws []licence.Draw
}

func (i *Instance) held(ctx context.Context, row store.Licence) (h heldLicence, all []store.Draw, err error) {
	h.Licence = row
	if err := json.Unmarshal([]byte(row.Body), &h.Held); err != nil {
		return h, nil, fmt.Errorf("licence %s: %w", row.ID, err)
	}
	if all, err = i.store.Draws(ctx, row.ID); err != nil {
		return h, nil, err
	}
	h.draws, err = drawsOf(all)
	return h, all, err
}

// drawsOf are rows of draws as the rules see them.
func drawsOf(rows []store.Draw) ([]licence.Draw, error) {
	list := make([]licence.Draw, len(rows))
	for n, d := range rows {
		amount, err := quant.ParseDecimal(d.Quantity)
		if err != nil {
			return nil, fmt.Errorf("draw %s: %w", d.ID, err)
		}
		list[n] = licence.Draw{ID: d.ID, Reverses: d.Reverses, Quantity: amount}
	}
	return list, nil
}

// HeldLicences lists the licences of the register, the one last changed first; within: only those whose last day comes within so many days, or has passed,
// and that have not ended. Zero: all.
func (i *Instance) HeldLicences(ctx context.Context, before int64, limit, within int, lang string) ([]report.HeldLicence, error) {
	if before == 0 {
		before = lastPlace
	}
	list := []report.HeldLicence{}
	for len(list) < limit {
		rows, err := i.store.Licences(ctx, before, limit)
		if err != nil || len(rows) == 0 {
			return list, err
		}
		for _, row := range rows {
			before = row.N
			doc, _, err := i.licenceOf(ctx, row, lang)
			if err != nil {
				return nil, err
			}
			if within > 0 && (doc.Days > within || doc.State == licence.Ended) || len(list) == limit {
				continue
			}
			list = append(list, doc)
		}
	}
	return list, nil
}

// HeldLicence gives a licence with its draws, its versions and the rules on its use.
func (i *Instance) HeldLicence(ctx context.Context, id, lang string) (report.HeldLicence, error) {
	row, err := i.store.Licence(ctx, id)
	if err != nil {
		return report.HeldLicence{}, unknownIf(err)
	}
	doc, draws, err := i.licenceOf(ctx, row, lang)
	if err != nil {
		return doc, err
	}
	ids := []string{doc.ChangedBy}
	for _, d := range draws {
		doc.Draws = append(doc.Draws, drawOf(&d))
		ids = append(ids, d.RecordedBy)
	}
	versions, err := i.store.LicenceVersions(ctx, id)
	if err != nil {
		return doc, err
	}
	for _, v := range versions {
		var h licence.Held
		if err := json.Unmarshal([]byte(v.Body), &h); err != nil {
			return doc, err
		}
		doc.Versions = append(doc.Versions, report.LicenceVersion{Version: v.Version, State: v.State, Words: h.Words, At: v.RecordedAt, By: v.RecordedBy})
		ids = append(ids, v.RecordedBy)
	}
	rules, err := licensing.Rules()
	if err != nil {
		return doc, err
	}
	doc.Rules = licenceRules(rules, lang)
	doc.People, err = i.logins(ctx, ids)
	return doc, err
}

func drawOf(d *store.Draw) report.LicenceDraw {
	return report.LicenceDraw{ID: d.ID, N: d.N, Licence: d.Licence, Record: d.Record, Reverses: d.Reverses, Quantity: d.Quantity, Words: d.Words, At: d.RecordedAt, By: d.RecordedBy}
}

// licenceRules are rules on the use of licences; without ids all of them.
func licenceRules(r *licence.Rules, lang string, ids ...string) (list []report.LicenceRule) {
	for _, u := range r.Use {
		if len(ids) == 0 || slices.Contains(ids, u.ID) {
			list = append(list, report.LicenceRule{ID: u.ID, Say: u.Say.In(lang), Cite: u.Basis.Cite, Grade: u.Basis.Grade})
		}
	}
	return list
}

func (i *Instance) licenceOf(ctx context.Context, row store.Licence, lang string) (report.HeldLicence, []store.Draw, error) {
	h, draws, err := i.held(ctx, row)
	if err != nil {
		return report.HeldLicence{}, nil, err
	}
	rules, err := licensing.Rules()
	if err != nil {
		return report.HeldLicence{}, nil, err
	}
	b, err := h.Balance(rules, h.draws)
	if err != nil {
		return report.HeldLicence{}, nil, err
	}
	doc := report.HeldLicence{ID: row.ID, N: row.N, Version: row.Version, State: row.State, Kind: h.Kind, No: h.Held.No, Items: h.Items, Exporter: h.Exporter, EndUser: h.EndUser,
		EndUse: h.EndUse, Destination: h.Destination, Quantity: h.Quantity.String(), Used: b.Used.String(), Left: b.Left.String(), Unit: h.Unit, Exports: b.Exports, Allowed: b.Allowed, Batches: h.Batches,
		From: h.From, To: h.To, Days: int(h.To - i.today()), Application: h.Application, Words: h.Words, ChangedAt: row.RecordedAt, ChangedBy: row.RecordedBy}
	doc.Warnings = licenceWarnings(&h, &b, &doc, rules, lang)
	return doc, draws, nil
}

func licenceWarnings(h *heldLicence, b *licence.Balance, doc *report.HeldLicence, r *licence.Rules, lang string) (list []report.Warning) {
	if h.State == licence.Ended {
		return nil
	}
	warn := func(kind string, pairs ...string) {
		list = append(list, report.Warning{Kind: kind, Text: report.Say(lang, "licence.warn."+kind, pairs...)})
	}
	switch {
	case doc.Days < 0:
		warn("expired", "day", h.To.String())
	case doc.Days <= warnDays:
		warn("expires", "day", h.To.String(), "days", strconv.Itoa(doc.Days))
	}
	tenth, err := h.Quantity.Quo(quant.Int(10))
	switch {
	case b.Left.Sign() == 0, b.Allowed > 0 && b.Exports >= b.Allowed:
		warn("used_up")
	case err == nil && b.Left.Cmp(tenth) < 0:
		warn("nearly_used", "left", b.Left.String(), "unit", h.Unit)
	}
	if months := h.TooLong(r); months > 0 {
		warn("too_long", "months", strconv.Itoa(months))
	}
	return list
}

// EnterLicence puts a licence into the register.
func (i *Instance) EnterLicence(ctx context.Context, by *Actor, h licence.Held, lang string) (report.HeldLicence, error) {
	row := store.Licence{State: licence.InHand, RecordedBy: by.Person}
	return i.putLicence(ctx, by, row, h, lang)
}

// ChangeLicence records another version of a licence: what was entered wrongly, an amendment, its end. Version is that of the licence as it was seen.
func (i *Instance) ChangeLicence(ctx context.Context, by *Actor, id string, version int64, state string, h licence.Held, lang string) (report.HeldLicence, error) {
	if !slices.Contains(licence.HeldStates(), state) {
		return report.HeldLicence{}, invalid("state", "%q is none of %s", state, strings.Join(licence.HeldStates(), ", "))
	}
	row, err := i.store.Licence(ctx, id)
	if err != nil {
		return report.HeldLicence{}, unknownIf(err)
	}
	if row.Version != version {
		return report.HeldLicence{}, conflict("the licence has gone on to version %d since version %d; look at it again", row.Version, version)
	}
	row.State, row.RecordedBy = state, by.Person
	return i.putLicence(ctx, by, row, h, lang)
}

func (i *Instance) putLicence(ctx context.Context, by *Actor, row store.Licence, h licence.Held, lang string) (report.HeldLicence, error) {
	if err := i.checkHeld(&h); err != nil {
		return report.HeldLicence{}, err
	}
	rules, err := licensing.Rules()
	if err != nil {
		return report.HeldLicence{}, err
	}
	text, err := json.Marshal(h)
	if err != nil {
		return report.HeldLicence{}, err
	}
	row.No, row.Body = h.No, string(text)
	seen := row
	err = i.store.Write(ctx, func(tx *store.Tx) error {
		row = seen // the work may be done twice
		if err := allowed(tx, by, Licence); err != nil {
			return err
		}
		if row.ID != "" {
			now, err := tx.Licence(row.ID)
			if err != nil || now.Version != row.Version {
				return errors.Join(err, conflict("the licence was changed meanwhile; look at it again"))
			}
			draws, err := tx.Draws(row.ID)
			if err != nil {
				return err
			}
			drawn, err := drawsOf(draws)
			if err != nil {
				return err
			}
			if err := h.MayChange(rules, drawn); err != nil {
				return wrong(err)
			}
		}
		if err := tx.PutLicence(&row); errors.Is(err, store.ErrTaken) {
			return conflict("a licence of this number is in the register")
		} else if err != nil {
			return err
		}
		return nil
	})
	if err != nil {
		return report.HeldLicence{}, err
	}
	return i.HeldLicence(ctx, row.ID, lang)
}

// wrong turns what is wrong with something entered into a refusal for people.
func wrong(err error) error {
	var w licence.Wrong
	switch {
	case errors.As(err, &w):
		return InvalidBy(w.Field, w.Says)
	case errors.Is(err, licence.ErrNotEnough), errors.Is(err, licence.ErrExports), errors.Is(err, licence.ErrNoDraw), errors.Is(err, licence.ErrEnded), errors.Is(err, licence.ErrFiled):
		return conflictBy(err)
	}
	return err
}

func (i *Instance) checkHeld(h *licence.Held) error {
	for _, f := range []struct{ field, text string }{{"no", h.No}, {"end_user", h.EndUser}, {"exporter", h.Exporter}, {"unit", h.Unit}, {"application", h.Application}} {
		if len(f.text) > maxName || !utf8.ValidString(f.text) || strings.ContainsRune(f.text, 0) {
			return invalid(f.field, "give up to %d bytes of text", maxName)
		}
	}
	if err := checkWords("words", h.Words); err != nil {
		return err
	}
	if len(h.Items) > maxCodes || slices.ContainsFunc(h.Items, func(code string) bool { return len(code) > maxCodeText || strings.ContainsRune(code, 0) }) {
		return invalid("items", "give up to %d control codes of up to %d bytes", maxCodes, maxCodeText)
	}
	v := i.Book.Vocab
	if h.Destination != "" {
		c, ok := v.CountryOf(h.Destination)
		if !ok {
			return invalid("destination", "give two letters (ISO 3166) or the name of a country")
		}
		h.Destination = c.String()
	}
	if h.EndUse != "" {
		t, ok := v.Term("end_use", h.EndUse)
		if !ok {
			return invalid("end_use", "give one of %s", strings.Join(v.TermWords("end_use"), ", "))
		}
		h.EndUse = v.TermWord("end_use", t)
	}
	return wrong(h.Check(v.TermWords("licence_kind")))
}

// need is what a recorded shipment needs of a licence, compared with one.
type need struct {
	held        *decide.Held // nil: no licence is required in force
	outcome     law.Outcome
	worst       law.Outcome
	quantity    quant.Range
	unit        string
	destination string
	endUse      string // a word of the vocabulary; empty: not known
	about       about
}

// needOf answers a question as if a licence were declared with it.
func (a *answerer) needOf(q *Question, loaded *loadedLists, notation string) (n need, err error) {
	answered, ab, err := a.answer(q, loaded)
	if err != nil {
		return n, err
	}
	n.about = ab
	n.outcome, _ = law.OutcomeOf(answered.Outcome)
	n.worst = worst(&answered)
	d := a.desks.Get().(*desk)
	defer a.desks.Put(d)
	d.s = &Screening{Book: a.book, On: q.On, KnownBy: q.KnownBy, Lang: q.Lang, Format: report.JSONL}
	d.Reader.DecimalComma = q.DecimalComma
	it, _ := d.Reader.ReadFacts(q.Item)
	q.put(d.Reader, &it)
	column, _ := fact.ColumnNumber("licence_held")
	if p := d.Reader.Set(&it, column, notation); p != nil {
		return n, fmt.Errorf("the licence cannot be compared: %s", p.Text)
	}
	_, e := d.Explain(when.At{Effective: q.On, KnownBy: q.KnownBy}, &it, false)
	if held := e.Held; held != nil {
		copied := *held
		copied.Misses = slices.Clone(held.Misses)
		n.held = &copied
	}
	n.quantity, n.unit, n.destination = it.Quantity, it.Unit, it.Destination.String()
	if it.EndUse != 0 {
		n.endUse = a.book.Vocab.TermWord("end_use", it.EndUse)
	}
	return n, nil
}

// amount is what a shipment draws, in the unit of a licence.
func (n *need) amount(v *vocab.Vocab, unit string) (quant.Decimal, bool) {
	d, exact := n.quantity.Exact()
	if !exact || n.unit == "" {
		return d, false
	}
	if strings.EqualFold(n.unit, unit) {
		return d, true
	}
	u, ok := v.Unit(unit)
	if !ok {
		return d, false
	}
	in, err := v.Convert(n.quantity, n.unit, u.ID)
	return in.Low, err == nil
}

// question gives the question of a record, to be asked as of now: by all that is known, and for goods without a day of their own as of today.
func (i *Instance) question(d *store.Determination, lang string) (q Question, err error) {
	if err := json.Unmarshal([]byte(d.Question), &q); err != nil {
		return q, fmt.Errorf("determination %s: %w", d.ID, err)
	}
	if q.KnownBy = i.Book.Assessed.Horizon; !q.Dated {
		q.On = max(q.On, i.today())
	}
	if lang != "" {
		q.Lang = lang
	}
	return q, nil
}

// fit says whether a licence answers a recorded shipment as of now, and how much it draws.
func (i *Instance) fit(ctx context.Context, h *heldLicence, d *store.Determination, lang string) (doc report.LicenceFit, amount quant.Decimal, err error) {
	q, err := i.question(d, lang)
	if err != nil {
		return doc, amount, err
	}
	rules, err := licensing.Rules()
	if err != nil {
		return doc, amount, err
	}
	b, err := h.Balance(rules, h.draws)
	if err != nil {
		return doc, amount, err
	}
	loaded, err := i.listsNow(ctx)
	if err != nil {
		return doc, amount, err
	}
	n, err := i.answerer.needOf(&q, loaded, h.Notation(b.Left))
	if err != nil {
		return doc, amount, err
	}
	doc = report.LicenceFit{Licence: h.ID, No: h.Held.No, Left: b.Left.String() + " " + h.Unit}
	miss := func(what, key, has, want string, pairs ...string) {
		if slices.Contains(rules.KeyElements, what) {
			doc.New = append(doc.New, what)
		}
		unstated := report.Say(lang, "held.unstated")
		if has == "" {
			has = unstated
		}
		if want == "" {
			want = unstated
		}
		doc.Misses = append(doc.Misses, report.Say(lang, key, append(pairs, "has", has, "want", want)...))
	}
	if n.held == nil {
		miss("answer", "licence.miss.answer", report.Say(lang, "outcome."+n.outcome.String()), "")
	} else {
		for _, m := range n.held.Misses {
			what := m.What
			if what == "items" {
				what = "item_type"
			}
			miss(what, "held."+m.What, m.Has, m.Want)
		}
	}
	if h.Destination != "" && h.Destination != n.destination {
		miss("destination", "licence.miss.destination", h.Destination, n.destination)
	}
	if h.EndUse != "" && h.EndUse != n.endUse {
		miss("end_use", "licence.miss.end_use", h.EndUse, n.endUse)
	}
	if h.State != licence.InHand {
		miss("state", "licence.miss.state", report.Say(lang, "licence.state."+h.State), "")
	}
	if b.Allowed > 0 && b.Exports >= b.Allowed {
		miss("exports", "licence.miss.exports", "", "", "made", strconv.Itoa(b.Exports), "allowed", strconv.Itoa(b.Allowed))
	}
	amount, known := n.amount(i.Book.Vocab, h.Unit)
	switch {
	case !known || amount.Sign() <= 0:
		miss("quantity", "licence.miss.quantity", "", "")
	default:
		doc.Draws = amount.String() + " " + h.Unit
	}
	if n.worst > law.Licence && n.outcome <= law.Licence {
		released, err := i.releasedFor(ctx, &n)
		if err != nil {
			return doc, amount, err
		}
		if !released {
			miss("open", "licence.miss.open", report.Say(lang, "outcome."+n.worst.String()), "")
		}
	}
	if len(doc.New) > 0 {
		doc.Rules = licenceRules(rules, lang, "new_licence")
	}
	doc.Fits = len(doc.Misses) == 0
	return doc, amount, nil
}

// releasedFor says whether two persons have released what a shipment may still come to, on the answer as it is now.
func (i *Instance) releasedFor(ctx context.Context, n *need) (bool, error) {
	c, err := i.store.CaseOf(ctx, n.about.subject)
	if errors.Is(err, store.ErrNone) {
		return false, nil
	}
	return err == nil && ruled(&c).Holds(i.today()) && c.Facts == n.about.facts && c.Substance == n.about.substance && c.State == string(cases.Released), err
}

// FittingLicences compares the licences in hand with a recorded shipment, those that fit first, of these the one that runs out first.
func (i *Instance) FittingLicences(ctx context.Context, record, lang string) ([]report.LicenceFit, error) {
	d, err := i.store.Determination(ctx, record)
	if err != nil {
		return nil, unknownIf(err)
	}
	rows, err := i.store.Licences(ctx, lastPlace, maxCompared)
	if err != nil {
		return nil, err
	}
	type compared struct {
		doc report.LicenceFit
		to  when.Date
	}
	var all []compared
	for _, row := range rows {
		if row.State == licence.Ended {
			continue
		}
		h, _, err := i.held(ctx, row)
		if err != nil {
			return nil, err
		}
		doc, _, err := i.fit(ctx, &h, &d, lang)
		if err != nil {
			return nil, err
		}
		all = append(all, compared{doc, h.To})
	}
	slices.SortStableFunc(all, func(x, y compared) int {
		if x.doc.Fits != y.doc.Fits {
			if x.doc.Fits {
				return -1
			}
			return 1
		}
		if n := len(x.doc.Misses) - len(y.doc.Misses); n != 0 {
			return n
		}
		return int(x.to - y.to)
	})
	list := make([]report.LicenceFit, len(all))
	for n := range all {
		list[n] = all[n].doc
	}
	return list, nil
}

// maxCompared bounds the licences with which a shipment is compared.
const maxCompared = 1000

// DrawLicence draws a recorded shipment on a licence; an empty id means: on the one that fits and runs out first.
func (i *Instance) DrawLicence(ctx context.Context, by *Actor, id, record, words, lang string) (report.LicenceDraw, error) {
	if err := checkWords("words", words); err != nil {
		return report.LicenceDraw{}, err
	}
	d, err := i.store.Determination(ctx, record)
	if err != nil {
		return report.LicenceDraw{}, unknownIf(err)
	}
	if id == "" {
		all, err := i.FittingLicences(ctx, record, lang)
		if err != nil {
			return report.LicenceDraw{}, err
		}
		if len(all) == 0 || !all[0].Fits {
			return report.LicenceDraw{}, conflict("no licence in hand fits: %s", misses(all))
		}
		id = all[0].Licence
	}
	row, err := i.store.Licence(ctx, id)
	if err != nil {
		return report.LicenceDraw{}, unknownIf(err)
	}
	h, _, err := i.held(ctx, row)
	if err != nil {
		return report.LicenceDraw{}, err
	}
	fit, amount, err := i.fit(ctx, &h, &d, lang)
	if err != nil {
		return report.LicenceDraw{}, err
	}
	if !fit.Fits {
		return report.LicenceDraw{}, conflict("the licence does not fit: %s", strings.Join(fit.Misses, "; "))
	}
	draw := store.Draw{Licence: id, Record: record, Quantity: amount.String(), Words: words, RecordedBy: by.Person}
	err = i.store.Write(ctx, func(tx *store.Tx) error {
		if err := allowed(tx, by, Licence); err != nil {
			return err
		}
		return draws(tx, &h, &draw, amount)
	})
	return drawOf(&draw), err
}

func misses(fits []report.LicenceFit) string {
	if len(fits) == 0 {
		return "none is in the register"
	}
	return fits[0].No + ": " + strings.Join(fits[0].Misses, "; ")
}

// draws records a draw if the licence, as of the transaction, bears it and the shipment is not drawn already.
func draws(tx *store.Tx, h *heldLicence, d *store.Draw, amount quant.Decimal) error {
	now, err := tx.Licence(h.ID)
	if err != nil {
		return err
	}
	if now.Version != h.Version {
		return conflict("the licence was changed meanwhile; compare again")
	}
	of, err := tx.DrawsOf(d.Record)
	if err != nil {
		return err
	}
	for _, x := range of {
		if x.Reverses == "" && !slices.ContainsFunc(of, func(y store.Draw) bool { return y.Reverses == x.ID }) {
			return conflict("the shipment is drawn already, on licence %s", x.Licence)
		}
	}
	rows, err := tx.Draws(h.ID)
	if err != nil {
		return err
	}
	drawn, err := drawsOf(rows)
	if err != nil {
		return err
	}
	rules, err := licensing.Rules()
	if err != nil {
		return err
	}
	if err := h.MayDraw(rules, now.State, drawn, amount); err != nil {
		return wrong(err)
	}
	return tx.PutDraw(d)
}

// ReverseDraw takes a draw back, with a reason. It can be taken back once.
func (i *Instance) ReverseDraw(ctx context.Context, by *Actor, id, draw, words string) (report.LicenceDraw, error) {
	if err := checkWords("words", words); err != nil {
		return report.LicenceDraw{}, err
	}
	if strings.TrimSpace(words) == "" {
		return report.LicenceDraw{}, invalid("words", "give a reason")
	}
	if _, err := i.store.Licence(ctx, id); err != nil {
		return report.LicenceDraw{}, unknownIf(err)
	}
	back := store.Draw{Licence: id, Words: words, RecordedBy: by.Person}
	err := i.store.Write(ctx, func(tx *store.Tx) error {
		if err := allowed(tx, by, Licence); err != nil {
			return err
		}
		rows, err := tx.Draws(id)
		if err != nil {
			return err
		}
		drawn, err := drawsOf(rows)
		if err != nil {
			return err
		}
		r, err := licence.Reversal(drawn, draw)
		if err != nil {
			return wrong(err)
		}
		for _, x := range rows {
			if x.ID == draw {
				back.Record = x.Record
			}
		}
		back.Reverses, back.Quantity = r.Reverses, r.Quantity.String()
		return tx.PutDraw(&back)
	})
	return drawOf(&back), err
}
