package licence

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"lodestone/internal/party"
	"lodestone/internal/quant"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// Application is an application for a licence, as it stands.
type Application struct {
	Type      string            `json:"type"`              // id of a type of the rules
	Amends    string            `json:"amends,omitempty"`  // number of the licence that it is to change; empty: a new one
	Clock     string            `json:"clock"`             // id of the clock that its acceptance starts
	States    map[string]string `json:"states"`            // what it states, by Statements
	Papers    []Filed           `json:"papers,omitempty"`  // as far as anything is known of them
	Events    []Event           `json:"events,omitempty"`  // in order
	Licence   string            `json:"licence,omitempty"` // number of the licence that was granted; empty: none
	Reference string            `json:"reference,omitempty"`
}

// Statements are what an application and its papers state, and must state alike.
func Statements() []string {
	return []string{"item", "quantity", "exporter", "importer", "end_user", "end_use", "destination", "price", "contract"}
}

// Filed is a paper of an application.
type Filed struct {
	Paper     string            `json:"paper"`               // id of a paper of the rules
	State     string            `json:"state"`               // of PaperStates
	Confirmed []string          `json:"confirmed,omitempty"` // checks of the paper that a person has made
	States    map[string]string `json:"states,omitempty"`    // what it states, by Statements; what is left out is not compared
	Words     string            `json:"words,omitempty"`
}

// PaperStates are the states of a paper.
func PaperStates() []string { return []string{"missing", "drafted", "ready", "not_needed"} }

// Event is what happened to an application.
type Event struct {
	State string    `json:"state"`
	On    when.Date `json:"on"` // as the authority's paper has it
	Words string    `json:"words,omitempty"`
}

// States of an application.
const (
	Draft       = "draft"
	WasFiled    = "filed"
	Accepted    = "accepted"
	Stopped     = "stopped" // the clock stands still: expert opinion, verification, …
	Granted     = "granted"
	Refused     = "refused"
	NotAccepted = "not_accepted" // given back: incomplete, or not for this authority
	Withdrawn   = "withdrawn"
)

// follows says which states may follow.
var follows = map[string][]string{
	Draft:       {WasFiled, Withdrawn},
	WasFiled:    {Accepted, NotAccepted, Withdrawn},
	NotAccepted: {WasFiled, Withdrawn},
	Accepted:    {Stopped, Granted, Refused, Withdrawn},
	Stopped:     {Accepted, Granted, Refused, Withdrawn},
}

// Follows lists the states that may follow a state of an application; none: it is decided.
func Follows(state string) []string { return follows[state] }

// State is how an application stands.
func (a *Application) State() string {
	if len(a.Events) == 0 {
		return Draft
	}
	return a.Events[len(a.Events)-1].State
}

// Open says whether what an application and its papers state can still change.
func (a *Application) Open() bool { return a.State() == Draft || a.State() == NotAccepted }

// ErrFiled says that an application can no longer change.
var ErrFiled = errors.New("the application is filed; what was filed does not change")

// Check says what of an application cannot be.
func (a *Application) Check(r *Rules) error {
	if !slices.ContainsFunc(r.Types, func(t Type) bool { return t.ID == a.Type }) {
		return wrong("type", "%q is no type of licence of the rules", a.Type)
	}
	if c, ok := r.Clock(a.Clock); !ok || c.Unit != "working_day" && c.Unit != "day" {
		return wrong("clock", "%q is no clock of the rules that runs in days", a.Clock)
	}
	return checkStates(a.States)
}

// Bounds on what is entered.
const (
	maxStated = 500  // bytes of one statement
	maxSaid   = 4000 // bytes of words
)

func checkStates(states map[string]string) error {
	for key, value := range states {
		if !slices.Contains(Statements(), key) {
			return wrong("states", "%q is none of %s", key, strings.Join(Statements(), ", "))
		}
		if len(value) > maxStated || strings.ContainsRune(value, 0) {
			return wrong("states", "%s has more than %d bytes, or no text", key, maxStated)
		}
	}
	return nil
}

// paperIDs name the papers of the rules.
func (r *Rules) paperIDs() (ids []string) {
	for i := range r.Papers {
		ids = append(ids, r.Papers[i].ID)
	}
	return ids
}

// Put puts in what is known of a paper.
func (a *Application) Put(r *Rules, f Filed) error {
	if !a.Open() {
		return ErrFiled
	}
	i := slices.IndexFunc(r.Papers, func(p Paper) bool { return p.ID == f.Paper })
	if i < 0 {
		return wrong("paper", "%q is none of %s", f.Paper, strings.Join(r.paperIDs(), ", "))
	}
	if !slices.Contains(PaperStates(), f.State) {
		return wrong("state", "%q is none of %s", f.State, strings.Join(PaperStates(), ", "))
	}
	for _, c := range f.Confirmed {
		if !slices.ContainsFunc(r.Papers[i].Checks, func(t vocab.Text) bool { return t.En == c }) {
			return wrong("confirmed", "%q is no check of this paper; they are %s", c, checksOf(&r.Papers[i]))
		}
	}
	if len(f.Words) > maxSaid || strings.ContainsRune(f.Words, 0) {
		return wrong("words", "give up to %d bytes of text", maxSaid)
	}
	if err := checkStates(f.States); err != nil {
		return err
	}
	a.Papers = slices.DeleteFunc(slices.Clone(a.Papers), func(x Filed) bool { return x.Paper == f.Paper })
	a.Papers = append(a.Papers, f)
	return nil
}

// checksOf lists the checks of a paper as they are named.
func checksOf(p *Paper) string {
	var names []string
	for _, c := range p.Checks {
		names = append(names, strconv.Quote(c.En))
	}
	return strings.Join(names, ", ")
}

// Happen notes what happened to an application.
func (a *Application) Happen(e Event, today when.Date) error {
	last := when.Date(0)
	if n := len(a.Events); n > 0 {
		last = a.Events[n-1].On
	}
	switch {
	case !slices.Contains(follows[a.State()], e.State):
		return wrong("state", "after %s comes one of %v, not %q", a.State(), follows[a.State()], e.State)
	case e.On == 0 || e.On > today:
		return wrong("on", "give the day on which it happened, today at the latest")
	case e.On < last:
		return wrong("on", "the event before it is of %s", last)
	case len(e.Words) > maxSaid || strings.ContainsRune(e.Words, 0):
		return wrong("words", "give up to %d bytes of text", maxSaid)
	}
	a.Events = append(slices.Clone(a.Events), e)
	return nil
}

// Line is a line of the checklist of an application.
type Line struct {
	Paper    Paper
	Required bool // by the type; false: only in the case that the paper names, or on request
	State    string
	Filed    Filed
	Unmade   []string // checks that nobody has made
}

// Done says that nothing is missing of the line.
func (l *Line) Done() bool {
	switch l.State {
	case "ready":
		return len(l.Unmade) == 0
	case "not_needed":
		return !l.Required
	}
	return !l.Required && l.Paper.When == vocab.Text{}
}

// Checklist lists the papers of an application: those of its type, then those for a case that a person has to tell, and what was put in besides.
func (a *Application) Checklist(r *Rules) (list []Line) {
	var of, others []string
	for i := range r.Types {
		if r.Types[i].ID == a.Type {
			of = r.Types[i].Papers
		}
		others = append(others, r.Types[i].Papers...)
	}
	for i := range r.Papers {
		p := &r.Papers[i]
		at := slices.IndexFunc(a.Papers, func(f Filed) bool { return f.Paper == p.ID })
		required := slices.Contains(of, p.ID) && len(p.Seen) == 0
		if !slices.Contains(of, p.ID) && slices.Contains(others, p.ID) && at < 0 {
			continue // of another type
		}
		l := Line{Paper: *p, Required: required, State: "missing"}
		if at >= 0 {
			l.Filed, l.State = a.Papers[at], a.Papers[at].State
		}
		for _, c := range p.Checks {
			if !slices.Contains(l.Filed.Confirmed, c.En) {
				l.Unmade = append(l.Unmade, c.En)
			}
		}
		list = append(list, l)
	}
	return list
}

// Difference is a statement in which papers do not agree.
type Difference struct {
	Statement string
	Spelling  bool // the same but for its spelling; papers are refused for that as well
	Values    []Stated
}

// Stated is what one paper states; the empty paper is the application itself.
type Stated struct{ Paper, Value string }

// Differences lists the statements that the application and its papers do not make alike. What a paper leaves out is not compared.
func (a *Application) Differences(v *vocab.Vocab) (list []Difference) {
	for _, s := range Statements() {
		var values []Stated
		add := func(paper, value string) {
			if value = strings.TrimSpace(value); value != "" {
				values = append(values, Stated{paper, value})
			}
		}
		add("", a.States[s])
		for _, f := range a.Papers {
			if f.State != "not_needed" {
				add(f.Paper, f.States[s])
			}
		}
		d := Difference{Statement: s, Spelling: true, Values: values}
		differ := false
		for _, x := range values[min(1, len(values)):] {
			same, alike := alike(v, s, values[0].Value, x.Value)
			differ = differ || !same
			d.Spelling = d.Spelling && alike
		}
		if differ {
			list = append(list, d)
		}
	}
	return list
}

// alike says whether two statements are the same, and whether they are but for their spelling.
func alike(v *vocab.Vocab, statement, a, b string) (same, butForSpelling bool) {
	if a == b {
		return true, true
	}
	switch statement {
	case "quantity":
		same = sameAmount(v, a, b)
		return same, same
	case "destination":
		x, known := v.CountryOf(a)
		y, also := v.CountryOf(b)
		same = known && also && x == y
		return same, same
	}
	return false, party.Folded(a) == party.Folded(b)
}

// sameAmount says whether two amounts with units are the same: "0.5 t" and "500 kg".
func sameAmount(v *vocab.Vocab, a, b string) bool {
	x, xUnit, ok := Amount(a)
	y, yUnit, also := Amount(b)
	if !ok || !also {
		return false
	}
	if strings.EqualFold(xUnit, yUnit) {
		return x.Cmp(y) == 0
	}
	unit, ok := v.Unit(yUnit)
	if !ok || xUnit == "" || yUnit == "" {
		return false
	}
	in, err := v.Convert(quant.Exactly(x), xUnit, unit.ID)
	return err == nil && in.Low.Cmp(y) == 0
}

// Amount reads an amount with its unit.
func Amount(s string) (d quant.Decimal, unit string, ok bool) {
	s = strings.TrimSpace(s)
	n := strings.IndexFunc(s, func(r rune) bool { return !strings.ContainsRune("0123456789.", r) })
	if n < 0 {
		n = len(s)
	}
	d, err := quant.ParseDecimal(s[:n])
	return d, strings.TrimSpace(s[n:]), err == nil
}

// Ready says whether an application can be filed as far as it is known here: no paper is missing, every check is made, and all state the same.
func (a *Application) Ready(r *Rules, v *vocab.Vocab) bool {
	for _, l := range a.Checklist(r) {
		if !l.Done() {
			return false
		}
	}
	return len(a.Differences(v)) == 0
}

// Due is when the authority has to decide; the second is false before the application is accepted and once it is decided.
func (a *Application) Due(r *Rules, c *Calendar) (Due, bool) {
	clock, ok := r.Clock(a.Clock)
	if s := a.State(); !ok || s != Accepted && s != Stopped {
		return Due{}, false
	}
	var start when.Date
	var still []when.Interval
	for _, e := range a.Events {
		switch {
		case e.State == Stopped:
			still = append(still, when.Interval{From: e.On})
		case e.State == Accepted && start != 0:
			still[len(still)-1].Until = e.On
		case e.State == Accepted:
			start = e.On
		}
	}
	if clock.Unit == "day" {
		return calendarDays(start, clock.Limit, still), true
	}
	return c.Count(start, clock.Limit, still), true
}

// calendarDays counts days of the calendar, which need no table.
func calendarDays(after when.Date, days int, still []when.Interval) Due {
	d := Due{Left: days, Counted: after}
	for d.Left > 0 {
		next := d.Counted + 1
		if i := slices.IndexFunc(still, func(s when.Interval) bool { return s.Has(next) }); i < 0 {
			d.Left--
		} else if still[i].Until == 0 {
			d.Stands = true
			return d
		}
		d.Counted = next
	}
	d.On = d.Counted
	return d
}
