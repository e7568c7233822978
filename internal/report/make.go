package report

import (
	"slices"
	"strings"

	"lodestone/internal/decide"
	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/rule"
	"lodestone/internal/when"
)

// Maker turns results into determinations, in one language. It belongs to one goroutine.
type Maker struct {
	Book *law.Book
	Lang string // en, zh, ko
	Role string // whose duties are wanted; empty: the exporter's

	Lists     *ListsRef // loaded beside those of the law; nil: none
	ListNotes []string  // what every answer has to say of them: that one is old

	questions map[string]string // by fact and tests: files ask the same again and again
	key       []byte
	because   []Reason           // of the determination being made, one requirement after the other
	settles   []string           // the same of its questions
	norms     map[string]NormRef // as legends have them
}

// maxQuestions bounds the questions that a Maker keeps.
const maxQuestions = 4096

// Determination fills d from a result and its explanation. What d held before is gone; its memory is used again.
func (m *Maker) Determination(d *Determination, it *fact.Item, r *decide.Result, e *decide.Explanation) {
	*d = Determination{
		ID: it.ID, Line: it.Line, Outcome: r.Outcome.String(), Policy: r.Policy.String(), At: r.At,
		Law: LawRef{m.Book.Revision, m.Book.Assessed.Horizon}, PartyLists: m.Lists,
		Requirements: d.Requirements[:0], Asks: d.Asks[:0], Parties: d.Parties[:0], Ownership: d.Ownership[:0], Near: d.Near[:0], Duties: d.Duties[:0],
		NotAssessed: d.NotAssessed[:0], Notes: d.Notes[:0], Extra: d.Extra[:0],
	}
	m.because, m.settles = m.because[:0], m.settles[:0]
	if r.Open {
		d.MayBe = r.MayBe.String()
	}
	for i := range e.Requirements {
		d.Requirements = m.requirement(d.Requirements, it, r, &e.Requirements[i])
	}
	for i := range e.Asks {
		d.Asks = append(d.Asks, m.ask(&e.Asks[i], it))
	}
	d.Asks = m.kindAsks(d.Asks, it)
	for i := range e.Near {
		d.Near = append(d.Near, m.near(&e.Near[i]))
	}
	d.Duties = m.duties(d.Duties, e.Duties)
	d.LicenceHeld = m.licenceHeld(d, e.Held)
	d.Parties = m.parties(d.Parties, it, r)
	d.NotAssessed = m.gaps(d.NotAssessed, r, e)
	d.NextChange = m.change(e.Next)
	d.Notes = m.notes(d.Notes, r, e, it)
	d.Extra = extraFields(d.Extra, it)
}

// duties are those of the role that is asked for.
func (m *Maker) duties(to []Duty, norms []int) []Duty {
	for _, n := range norms {
		c := &m.Book.Norms[n]
		switch {
		case m.Role == "" && (c.Role == "" || c.Role == exporter):
			to = append(to, Duty{Kind: c.Duty, Cite: Cite(c), Norm: c.Ref})
		case m.Role != "" && (c.Role == m.Role || c.Role == "" && m.Role == exporter):
			to = append(to, Duty{Kind: c.Duty, Cite: Cite(c), Role: m.Role, Say: c.Say.In(m.Lang), Norm: c.Ref})
		}
	}
	return to
}

const exporter = "exporter"

// licenceHeld says how a declared licence fits. Where it does and is a general licence or a registration, that is the policy of the line.
func (m *Maker) licenceHeld(d *Determination, h *decide.Held) *LicenceHeld {
	if h == nil {
		return nil
	}
	doc := &LicenceHeld{No: h.No, Fits: len(h.Misses) == 0}
	for _, x := range h.Misses {
		has, want := x.Has, x.Want
		if has == "" {
			has = Say(m.Lang, "held.unstated")
		}
		if want == "" {
			want = Say(m.Lang, "held.unstated")
		}
		doc.Misses = append(doc.Misses, Say(m.Lang, "held."+x.What, "has", has, "want", want))
	}
	if doc.Fits && h.Policy != law.PolicyNone {
		d.Policy = h.Policy.String()
	}
	return doc
}

func (m *Maker) requirement(to []Requirement, it *fact.Item, r *decide.Result, q *decide.Requirement) []Requirement {
	c := &m.Book.Norms[q.Norm]
	code, list := c.CodeOn(m.Book, r.At)
	doc := Requirement{
		Layer: c.Layer, Effect: q.Effect.String(), Policy: c.Policy.String(), Standing: q.State.String(), Certainty: q.Truth.String(),
		Norm: c.Ref, Act: c.Act.ID, Code: code, Name: c.Names, Cite: Cite(c), Because: m.reasons(q.Because, it), Trace: trace(q.Trace),
	}
	if list != nil {
		doc.Cite += "; " + list.Number.In("en")
	}
	to = append(to, doc)
	if q.State != law.Unestablished {
		return to
	}
	for _, b := range r.Snapshot.Standings[q.Norm].Branches {
		branch := doc
		branch.Because, branch.Trace = nil, nil
		branch.Standing, branch.Until, branch.Why = b.Standing, b.Until, b.Why.In(m.Lang)
		branch.If = q.May.String()
		if b.Standing == "suspended" {
			branch.If = law.Suspended.String()
		}
		to = append(to, branch)
	}
	return to
}

// cite is the place of a norm as people cite it: "2025 No. 18, 4(1)4".
// Cite names a norm by its act and its place in there.
func Cite(c *law.Compiled) string {
	number := c.Act.Number.In("en")
	if number == "" {
		number = c.Act.Title.In("en")
	}
	if c.Cite == "" {
		return number
	}
	return number + ", " + c.Cite
}

func (m *Maker) reasons(list []decide.Reason, it *fact.Item) []Reason {
	first := len(m.because)
	for i := range list {
		r := &list[i]
		m.because = append(m.because,
			Reason{Fact: r.Fact, Value: r.Found.Value, Source: r.Found.Source.String(), Words: r.Found.Words, Test: r.Test, Truth: r.Truth.String()})
		for _, a := range it.Answers {
			if last := &m.because[len(m.because)-1]; a.Fact == r.Fact && r.Found.Value != "" {
				last.Source, last.Words = fact.Answer.String(), a.Words
			}
		}
	}
	return m.because[first:len(m.because):len(m.because)]
}

func trace(s *rule.Step) *Trace {
	if s == nil {
		return nil
	}
	t := &Trace{Op: s.Op, Truth: s.Truth.String()}
	if s.Leaf != nil {
		t.Fact, t.Test, t.Value = s.Leaf.Fact(), s.Leaf.Test(), s.Found.Value
	}
	for i := range s.Steps {
		t.Steps = append(t.Steps, *trace(&s.Steps[i]))
	}
	return t
}

func (m *Maker) ask(a *decide.Ask, it *fact.Item) Ask {
	first := len(m.settles)
	for _, n := range a.Settles[:min(len(a.Settles), maxSettles)] {
		m.settles = append(m.settles, m.Book.Norms[n].Ref)
	}
	question := m.question(a)
	if a.Fact == "hs" && len(it.HS) >= 8 {
		question = Say(m.Lang, "ask.hs.whole", "code", it.HS)
	}
	return Ask{Fact: a.Fact, Question: question, Settles: m.settles[first:len(m.settles):len(m.settles)], Supplier: it.Supplier}
}

// kindAsks adds what the vocabulary asks of the kinds that words name: whether the magnets of a motor can be taken out.
func (m *Maker) kindAsks(to []Ask, it *fact.Item) []Ask {
	for i := range it.Mentions {
		q := &m.Book.Vocab.Kinds[it.Mentions[i].Kind-1].Ask
		if q.Empty() {
			continue
		}
		if text := q.In(m.Lang); !slices.ContainsFunc(to, func(a Ask) bool { return a.Question == text }) {
			to = append(to, Ask{Fact: "kind", Question: text, Settles: []string{}, Supplier: it.Supplier})
		}
	}
	return to
}

// maxSettles bounds the norms that a question lists; a basket code can bear on dozens.
const maxSettles = 12

// question is one sentence in the language of the maker.
func (m *Maker) question(a *decide.Ask) string {
	m.key = append(m.key[:0], a.Fact...)
	for _, t := range a.Tests {
		m.key = append(append(m.key, 0), t...)
	}
	if q, ok := m.questions[string(m.key)]; ok {
		return q
	}
	if m.questions == nil || len(m.questions) >= maxQuestions {
		m.questions = map[string]string{}
	}
	q := m.phrase(a)
	m.questions[string(m.key)] = q
	return q
}

func (m *Maker) phrase(a *decide.Ask) string {
	family, rest, _ := strings.Cut(a.Fact, ".")
	tests := m.tests(a.Tests)
	switch family {
	case "composition":
		return m.sayAsk("composition", "symbol", rest, "name", m.elementName(rest), "tests", tests)
	case "params":
		return m.paramQuestion(rest, a.Tests)
	case "kind":
		tests = m.kindNames(a.Tests)
	case "description":
		tests = m.kindNames(strings.Split(strings.TrimPrefix(strings.Join(a.Tests, ", "), "names "), ", "))
	case "contains":
		return Say(m.Lang, "ask.contains", "names", m.groupNames(rest))
	case "form":
		tests = m.formNames(a.Tests)
	case "end_use", "end_user_kind", "procedure":
		tests = m.termNames(family, a.Tests)
	}
	return m.sayAsk(family, "tests", tests)
}

// groupNames shows the groups of a contains leaf.
func (m *Maker) groupNames(words string) string {
	var names []string
	for _, w := range strings.Split(words, ",") {
		if g, ok := m.Book.Vocab.Group(strings.TrimPrefix(w, "group:")); ok {
			names = append(names, m.Book.Vocab.Groups[g-1].Names.In(m.Lang))
		}
	}
	return strings.Join(names, ", ")
}

func (m *Maker) tests(tests []string) string {
	var out []string
	for _, t := range tests {
		switch {
		case t == "present":
			t = Say(m.Lang, "test.present")
		case strings.HasSuffix(t, " by value"), strings.HasSuffix(t, " by mass"):
			i := strings.LastIndex(t, " by ")
			t = Say(m.Lang, "test.by_"+t[i+4:], "limit", limit(t[:i]))
		default:
			t = limit(t)
		}
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return strings.Join(out, "; ")
}

func (m *Maker) elementName(symbol string) string {
	for i := range m.Book.Vocab.Elements {
		if e := &m.Book.Vocab.Elements[i]; e.Symbol == symbol {
			return e.Names.First().In(m.Lang)
		}
	}
	return symbol
}

// maxNames bounds the names that one question spells out.
const maxNames = 8

func (m *Maker) kindNames(tests []string) string {
	return m.names(tests, func(id string) string {
		if k, ok := m.Book.Vocab.Kind(id); ok {
			return m.Book.Vocab.Kinds[k-1].Names.First().In(m.Lang)
		}
		return id
	})
}

func (m *Maker) formNames(tests []string) string {
	return m.names(tests, func(id string) string {
		for i := range m.Book.Vocab.Forms {
			if f := &m.Book.Vocab.Forms[i]; f.ID == id {
				return f.Names.First().In(m.Lang)
			}
		}
		return id
	})
}

// names shows the ids that tests list, each once.
func (m *Maker) names(tests []string, show func(string) string) string {
	var names []string
	for _, t := range tests {
		for _, id := range strings.Split(t, ", ") {
			if name := show(id); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	if len(names) > maxNames {
		names = append(names[:maxNames], "…")
	}
	return strings.Join(names, Say(m.Lang, "list.comma"))
}

func (m *Maker) near(n *decide.Near) Near {
	doc := Near{Norm: m.Book.Norms[n.Norm].Ref, Failed: strings.TrimSpace(n.Fact + " " + n.Test), Value: n.Found.Value}
	if n.Excepted >= 0 {
		x := &m.Book.Norms[n.Excepted]
		doc.Failed, doc.Except = x.Say.In(m.Lang), x.Ref
		if doc.Failed == "" {
			doc.Failed = x.Names.In(m.Lang)
		}
	}
	return doc
}

func (m *Maker) parties(to []PartyHit, it *fact.Item, r *decide.Result) []PartyHit {
	for i := range it.Listed {
		hit := &it.Listed[i]
		l := &m.Book.Listings[hit.Listing]
		to = append(to, PartyHit{
			Field: hit.Field, List: m.Book.Lists[l.List].Names.In(m.Lang), Name: hit.Name, Score: hit.Score,
			Standing: r.Snapshot.Lists[l.Announcement].String(), Evidence: strings.Join(AllIn(m.Lang, hit.Evidence), "; "), Entry: l.Party.ID,
			Notice: l.Announcement.Number.In("en"), Measures: l.Announcement.Measures,
		})
	}
	for i := range it.Loaded {
		hit := &it.Loaded[i]
		to = append(to, PartyHit{Field: hit.Field, List: hit.List, Name: hit.Name, Score: hit.Score, Standing: loadedStanding(hit, r.At.Effective),
			Evidence: strings.Join(AllIn(m.Lang, hit.Evidence), "; "), Entry: hit.Entry, Loaded: true, Measure: hit.Measure, Source: hit.Source})
	}
	return to
}

// loadedStanding is how a listing stands on a day, by what its list says.
func loadedStanding(l *fact.Loaded, day when.Date) string {
	switch {
	case l.StandsOn(day):
		return law.InForce.String()
	case day < l.From:
		return law.NotYet.String()
	}
	return law.Over.String()
}

func (m *Maker) gaps(to []Gap, r *decide.Result, e *decide.Explanation) []Gap {
	for _, g := range r.Gaps {
		doc := Gap{Layer: g.Layer}
		if g.Norm >= 0 {
			c := &m.Book.Norms[g.Norm]
			doc.Act = c.Act.ID
			doc.Missing = strings.TrimSpace(c.Say.In(m.Lang) + " " + c.Authority.In(m.Lang))
		} else {
			doc.Missing = Say(m.Lang, "gap."+g.Need)
		}
		to = append(to, doc)
	}
	if e.Early >= 0 {
		to = append(to, m.early(e.Early))
	}
	for _, i := range e.Unread {
		l := &m.Book.Assessed.Layers[i]
		to = append(to, Gap{Layer: l.Layer, Missing: l.Say.In(m.Lang)})
	}
	return to
}

// early says that a day lies before the first control on such goods that was read, and which older act is known to have been there.
func (m *Maker) early(n int) Gap {
	c := &m.Book.Norms[n]
	doc := Gap{Layer: c.Layer}
	for _, g := range c.Groups {
		if earlier := m.Book.Vocab.Groups[g-1].Earlier; earlier != "" && m.Book.Act(earlier) != c.Act {
			doc.Act = earlier
		}
	}
	doc.Missing = Say(m.Lang, "gap.early", "norm", c.Ref, "act", Cite(c), "on", m.Book.Begins(n).String())
	return doc
}

func (m *Maker) change(c *decide.Change) *Change {
	if c == nil {
		return nil
	}
	doc := &Change{On: c.On, Outcome: c.Outcome.String(), Standing: c.State.String()}
	if c.Open {
		doc.MayBe = c.MayBe.String()
	}
	if c.By != nil {
		doc.By = c.By.ID
	} else {
		doc.Standing = ""
	}
	return doc
}

// OverTime puts the answers over time into a determination.
func (m *Maker) OverTime(d *Determination, list []decide.Stretch) {
	for _, s := range list {
		doc := Stretch{From: s.On, To: s.To, Outcome: s.Outcome.String(), Policy: s.Policy.String()}
		if s.Open {
			doc.MayBe = s.MayBe.String()
		}
		if s.By != nil {
			doc.By = s.By.ID
		}
		d.Timeline = append(d.Timeline, doc)
	}
}

func (m *Maker) notes(to []string, r *decide.Result, e *decide.Explanation, it *fact.Item) []string {
	if e.Clash {
		to = append(to, Say(m.Lang, "note.clash"))
	}
	if e.Holds {
		to = append(to, Say(m.Lang, "note.holds"))
	}
	for i := range e.Requirements {
		q := &e.Requirements[i]
		c := &m.Book.Norms[q.Norm]
		if c.Unread() {
			to = append(to, Say(m.Lang, "note.unread", "norm", c.Ref, "missing", strings.Join(c.Missing, ", ")))
		}
		if q.Excepted >= 0 {
			x := &m.Book.Norms[q.Excepted]
			to = append(to, Say(m.Lang, "note.guidance", "act", Cite(x), "text", x.Say.In(m.Lang)))
		}
	}
	for i := range e.Requirements {
		if q := &e.Requirements[i]; q.BeforeExit {
			to = append(to, Say(m.Lang, "note.exit", "norm", Cite(&m.Book.Norms[q.Norm]), "declared", it.DeclarationDate.String(), "leaves", it.ShipDate.String()))
		}
	}
	for _, n := range e.Notices {
		c := &m.Book.Norms[n]
		to = append(to, Say(m.Lang, "note.guidance", "act", Cite(c), "text", c.Say.In(m.Lang)))
	}
	for _, flag := range r.Flags.Words() {
		to = append(to, Say(m.Lang, "flag."+flag))
	}
	if slices.ContainsFunc(it.Loaded, func(l fact.Loaded) bool { return l.StandsOn(r.At.Effective) }) {
		to = append(to, Say(m.Lang, "note.loaded"))
	}
	to = append(to, m.ListNotes...)
	for i := range it.Owned {
		to = append(to, it.Owned[i].Says)
	}
	if e.Held != nil {
		to = append(to, m.heldNote(e.Held))
	}
	if len(it.Listed) > 0 {
		to = append(to, Say(m.Lang, "note.countermeasures"))
	}
	if h := m.Book.Assessed.Horizon; h != 0 && r.At.Effective > h {
		to = append(to, Say(m.Lang, "note.beyond", "horizon", h.String()))
	}
	if e.Domestic {
		to = append(to, Say(m.Lang, "note.domestic"))
	}
	if e.Abroad {
		to = append(to, Say(m.Lang, "note.abroad"))
	}
	if e.Knowledge {
		to = append(to, Say(m.Lang, "note.knowledge"))
	}
	return slices.Compact(to)
}

// heldNote is the one line on a declared licence.
func (m *Maker) heldNote(h *decide.Held) string {
	if len(h.Misses) == 0 {
		return Say(m.Lang, "note.licence_held", "no", h.No)
	}
	return Say(m.Lang, "note.licence_misses", "no", h.No)
}
