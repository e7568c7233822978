package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lodestone/internal/licence"
	"lodestone/internal/report"
	"lodestone/internal/store"
	"lodestone/internal/vocab"
	"lodestone/lawdata/licensing"
)

// Kinds of versions of an application.
const (
	appEntered = "entered"
	appChanged = "changed"
	appPaper   = "paper"
	appEvent   = "event"
)

// ApplicationEntry is what a person enters of an application.
type ApplicationEntry struct {
	Type      string
	Amends    string            // number of the licence that it is to change; empty: a new one
	Clock     string            // id of a clock of the rules; empty: review, or amendment where it amends
	Reference string            // number that the authority gave it; empty: none yet
	States    map[string]string // by licence.Statements
}

// Applications lists applications as they stand, the one last changed first.
func (i *Instance) Applications(ctx context.Context, before int64, limit int, lang string) ([]report.LicenceApplication, error) {
	if before == 0 {
		before = lastPlace
	}
	rows, err := i.store.Applications(ctx, before, limit)
	if err != nil {
		return nil, err
	}
	list := make([]report.LicenceApplication, len(rows))
	for n := range rows {
		if list[n], _, err = i.applicationOf(&rows[n], lang); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Application gives an application with its checklist and what happened to it.
func (i *Instance) Application(ctx context.Context, id, lang string) (report.LicenceApplication, error) {
	row, err := i.store.Application(ctx, id)
	if err != nil {
		return report.LicenceApplication{}, unknownIf(err)
	}
	doc, a, err := i.applicationOf(&row, lang)
	if err != nil {
		return doc, err
	}
	rules, err := licensing.Rules()
	if err != nil {
		return doc, err
	}
	for _, l := range a.Checklist(rules) {
		line := report.PaperLine{Paper: l.Paper.ID, Name: l.Paper.Names.In(lang), Required: l.Required, When: l.Paper.When.In(lang), By: l.Paper.By, State: l.State, Done: l.Done(),
			States: l.Filed.States, Words: l.Filed.Words, Cite: l.Paper.Basis.Cite, Requested: textsIn(l.Paper.Seen, lang)}
		for _, c := range l.Paper.Checks {
			line.Checks = append(line.Checks, report.PaperCheck{Check: c.En, Name: c.In(lang), Made: !slices.Contains(l.Unmade, c.En)})
		}
		doc.Papers = append(doc.Papers, line)
	}
	for _, e := range a.Events {
		doc.Events = append(doc.Events, report.LicenceEvent(e))
	}
	doc.Undertakings, doc.Factors = textsIn(rules.Undertakings, lang), textsIn(rules.Factors, lang)
	if c, ok := rules.Clock(a.Clock); ok {
		doc.Excluded = textsIn(c.Excluded, lang)
	}
	doc.People, err = i.logins(ctx, []string{doc.ChangedBy})
	return doc, err
}

// paperName is what people call a paper of the rules; empty: it is none.
func paperName(r *licence.Rules, id, lang string) string {
	for i := range r.Papers {
		if p := &r.Papers[i]; p.ID == id {
			return p.Names.In(lang)
		}
	}
	return ""
}

func textsIn(list []vocab.Text, lang string) (texts []string) {
	for _, t := range list {
		texts = append(texts, t.In(lang))
	}
	return texts
}

func (i *Instance) applicationOf(row *store.Application, lang string) (report.LicenceApplication, licence.Application, error) {
	doc := report.LicenceApplication{ID: row.ID, N: row.N, Version: row.Version, State: row.State, ChangedAt: row.RecordedAt, ChangedBy: row.RecordedBy}
	var a licence.Application
	if err := json.Unmarshal([]byte(row.Body), &a); err != nil {
		return doc, a, fmt.Errorf("application %s: %w", row.ID, err)
	}
	rules, err := licensing.Rules()
	if err != nil {
		return doc, a, err
	}
	doc.Clock, doc.Type, doc.Amends, doc.Reference, doc.Licence, doc.States = a.Clock, a.Type, a.Amends, a.Reference, a.Licence, a.States
	for _, t := range rules.Types {
		if t.ID == a.Type {
			doc.TypeName = t.Names.In(lang)
		}
	}
	for _, l := range a.Checklist(rules) {
		if !l.Done() {
			doc.Missing++
		}
	}
	for _, d := range a.Differences(i.Book.Vocab) {
		x := report.Differing{Statement: d.Statement, Spelling: d.Spelling}
		for _, v := range d.Values {
			x.Values = append(x.Values, report.StatedValue{Paper: v.Paper, Name: paperName(rules, v.Paper, lang), Value: v.Value})
		}
		doc.Differ = append(doc.Differ, x)
	}
	doc.Ready = a.Ready(rules, i.Book.Vocab)
	doc.Due, err = dueOf(&a, rules, lang)
	return doc, a, err
}

// dueOf is when the authority has to decide; nil: no clock runs.
func dueOf(a *licence.Application, r *licence.Rules, lang string) (*report.LicenceDue, error) {
	calendar, err := licensing.Calendar()
	if err != nil {
		return nil, err
	}
	due, runs := a.Due(r, calendar)
	if !runs {
		return nil, nil
	}
	clock, _ := r.Clock(a.Clock)
	doc := &report.LicenceDue{Clock: clock.ID, Limit: clock.Limit, Unit: clock.Unit, On: due.On, KnownUntil: calendar.KnownUntil, Stands: due.Stands, Cite: clock.Basis.Cite}
	if due.On == 0 {
		doc.Left = due.Left
		key := "application.due.unknown"
		if due.Stands {
			key = "application.due.stands"
		}
		doc.Note = report.Say(lang, key, "left", strconv.Itoa(due.Left), "day", calendar.KnownUntil.String(), "cite", clock.Basis.Cite)
	}
	return doc, nil
}

func (e *ApplicationEntry) put(a *licence.Application) {
	a.Type, a.Amends, a.Reference, a.States, a.Clock = e.Type, strings.TrimSpace(e.Amends), strings.TrimSpace(e.Reference), e.States, e.Clock
	if a.Clock == "" {
		a.Clock = "review"
		if a.Amends != "" {
			a.Clock = "amendment"
		}
	}
}

func (e *ApplicationEntry) check() error {
	for _, f := range []struct{ field, text string }{{"amends", e.Amends}, {"reference", e.Reference}} {
		if len(f.text) > maxName || strings.ContainsRune(f.text, 0) {
			return invalid(f.field, "give up to %d bytes of text", maxName)
		}
	}
	return nil
}

// EnterApplication begins an application.
func (i *Instance) EnterApplication(ctx context.Context, by *Actor, e ApplicationEntry, lang string) (report.LicenceApplication, error) {
	if err := e.check(); err != nil {
		return report.LicenceApplication{}, err
	}
	return i.putApplication(ctx, by, "", 0, appEntered, lang, func(a *licence.Application, r *licence.Rules) error {
		e.put(a)
		return a.Check(r)
	})
}

// ChangeApplication changes what an application states, as long as it is not filed. The number that the authority gave it can change later as well.
func (i *Instance) ChangeApplication(ctx context.Context, by *Actor, id string, version int64, e ApplicationEntry, lang string) (report.LicenceApplication, error) {
	if err := e.check(); err != nil {
		return report.LicenceApplication{}, err
	}
	return i.putApplication(ctx, by, id, version, appChanged, lang, func(a *licence.Application, r *licence.Rules) error {
		was := *a
		e.put(a)
		was.Reference = a.Reference
		if !a.Open() && !sameApplication(a, &was) {
			return licence.ErrFiled
		}
		return a.Check(r)
	})
}

func sameApplication(a, b *licence.Application) bool {
	x, err := json.Marshal(a)
	y, also := json.Marshal(b)
	return err == nil && also == nil && string(x) == string(y)
}

// PutPaper notes what is known of a paper of an application.
func (i *Instance) PutPaper(ctx context.Context, by *Actor, id string, version int64, f licence.Filed, lang string) (report.LicenceApplication, error) {
	return i.putApplication(ctx, by, id, version, appPaper, lang, func(a *licence.Application, r *licence.Rules) error { return a.Put(r, f) })
}

// ApplicationHappened notes what happened to an application. One that is not ready is filed only with a reason; a grant names the licence.
func (i *Instance) ApplicationHappened(ctx context.Context, by *Actor, id string, version int64, e licence.Event, granted, lang string) (report.LicenceApplication, error) {
	if len(granted) > maxName || strings.ContainsRune(granted, 0) {
		return report.LicenceApplication{}, invalid("licence", "give up to %d bytes of text", maxName)
	}
	return i.putApplication(ctx, by, id, version, appEvent, lang, func(a *licence.Application, r *licence.Rules) error {
		if e.State == licence.WasFiled && !a.Ready(r, i.Book.Vocab) && strings.TrimSpace(e.Words) == "" {
			return invalid("words", "papers are missing, unchecked, or do not state the same: say why it is filed all the same")
		}
		if (e.State == licence.Granted) != (granted != "") {
			return invalid("licence", "a grant, and nothing else, names the number of the licence")
		}
		if granted != "" {
			a.Licence = granted
		}
		return a.Happen(e, i.today())
	})
}

// putApplication changes an application and records the new version.
func (i *Instance) putApplication(ctx context.Context, by *Actor, id string, version int64, kind, lang string, change func(*licence.Application, *licence.Rules) error) (report.LicenceApplication, error) {
	rules, err := licensing.Rules()
	if err != nil {
		return report.LicenceApplication{}, err
	}
	var row store.Application
	err = i.store.Write(ctx, func(tx *store.Tx) error {
		row = store.Application{} // the work may be done twice
		if err := allowed(tx, by, Licence); err != nil {
			return err
		}
		var a licence.Application
		if kind != appEntered {
			var err error
			if row, err = tx.Application(id); err != nil {
				return unknownIf(err)
			}
			if row.Version != version {
				return conflict("the application has gone on to version %d since version %d; look at it again", row.Version, version)
			}
			if err := json.Unmarshal([]byte(row.Body), &a); err != nil {
				return err
			}
		}
		if err := change(&a, rules); err != nil {
			return wrong(err)
		}
		text, err := json.Marshal(a)
		if err != nil {
			return err
		}
		row.Kind, row.State, row.Body, row.RecordedBy = kind, a.State(), string(text), by.Person
		return tx.PutApplication(&row)
	})
	if err != nil {
		return report.LicenceApplication{}, err
	}
	return i.Application(ctx, row.ID, lang)
}
