package report

import (
	"fmt"
	"io"
	"strings"

	"lodestone/internal/fact"
	"lodestone/internal/report/pdf"
)

// WriteDossier lays a determination file out on paper, in the language of its question. Twin is the machine-readable file that goes with it, whose digest
// is printed; nil: none was written.
func WriteDossier(w io.Writer, d *Dossier, twin *SignedDossier, m *Maker) error {
	say := func(key string, pairs ...string) string { return Say(m.Lang, "dossier."+key, pairs...) }
	title := say("title")
	if one := d.one(); one != nil {
		title += " · " + one.ID
	}
	foot := say("foot", "revision", short(d.Answered.Law.Revision), "made", d.Made.String())
	doc, err := pdf.New(m.Lang, title, foot, d.Made)
	if err != nil {
		return err
	}
	p := dossierPaper{doc, m, d}
	doc.Title(title)
	p.head()
	p.decided(twin)
	for i := range d.Answered.Lines {
		p.line(i)
	}
	doc.Heading(say("decided"), "")
	if d.DecidedBy == "" {
		for _, key := range []string{"decision", "by", "day", "signature"} {
			doc.Blank(say(key))
		}
	} else {
		doc.Field(say("by"), d.DecidedBy)
		doc.Field(say("decision"), d.Decision)
		doc.Blank(say("signature"))
	}
	return doc.Write(w)
}

// one is the determination of a dossier of one line; nil: it has several.
func (d *Dossier) one() *Determination {
	if len(d.Answered.Lines) != 1 {
		return nil
	}
	return d.Answered.Lines[0].Determination
}

type dossierPaper struct {
	*pdf.Document
	m *Maker
	d *Dossier
}

func (p *dossierPaper) say(key string, pairs ...string) string { return Say(p.m.Lang, key, pairs...) }

// head says what was found, under which law, and what an answer is not.
func (p *dossierPaper) head() {
	a := &p.d.Answered
	if one := p.d.one(); one != nil {
		p.Field(p.say("xlsx.outcome"), p.outcome(one.Outcome))
		if one.MayBe != "" {
			p.Field(p.say("xlsx.may_be"), p.outcome(one.MayBe))
		}
		p.Field(p.say("xlsx.effective"), one.At.Effective.String())
	} else {
		p.Field(p.say("page.outcomes"), p.counts())
		for i := range a.Shipments {
			p.Field(p.say("xlsx.shipment"), shipmentText(p.m.Lang, &a.Shipments[i])+" ("+a.Shipments[i].ID+")")
		}
	}
	p.Field(p.say("xlsx.known_by"), a.KnownBy.String())
	p.Field(p.say("xlsx.assessed_until"), a.Law.AssessedUntil.String())
	p.Field(p.say("xlsx.revision"), a.Law.Revision)
	p.Field(p.say("dossier.made"), p.say("dossier.made_by", "day", p.d.Made.String(), "version", p.d.Program))
	for _, s := range p.d.Question.Sources {
		p.Field(p.say("dossier.source"), s.Name+" (sha256:"+s.SHA256+")")
	}
	p.Field(p.say("xlsx.not_advice"), a.Note)
}

// decided says who decided, and by which file the answer can be made again.
func (p *dossierPaper) decided(twin *SignedDossier) {
	if p.d.DecidedBy != "" {
		p.Field(p.say("dossier.by"), p.d.DecidedBy)
	}
	if twin != nil {
		p.Field(p.say("dossier.twin"), p.say("dossier.twin_is", "digest", twin.Digest(), "key", twin.Fingerprint()))
	}
}

func (p *dossierPaper) outcome(word string) string { return p.say("outcome." + word) }

func (p *dossierPaper) counts() string {
	var parts []string
	for _, x := range (&pagePrinter{lang: p.m.Lang}).tiles(&Summary{Outcomes: p.d.Answered.Outcomes, Refused: p.refused()}) {
		parts = append(parts, fmt.Sprintf("%d %s", x.Rows, x.Words))
	}
	return strings.Join(parts, "; ")
}

func (p *dossierPaper) refused() (n int) {
	for i := range p.d.Answered.Lines {
		if p.d.Answered.Lines[i].Refused != nil {
			n++
		}
	}
	return n
}

// line is one row with its answer.
func (p *dossierPaper) line(i int) {
	l := &p.d.Answered.Lines[i]
	place := ""
	if i < len(p.d.Question.Places) {
		place = p.d.Question.Places[i]
	}
	if r := l.Refused; r != nil {
		p.Heading(r.ID, p.outcome("refused"))
		p.Sentence(r.Problem.Error())
		return
	}
	d := l.Determination
	name := d.ID
	if d.Given != nil && d.Given.Description != "" {
		name += " · " + clipRunes(d.Given.Description, 90)
	}
	words := p.outcome(d.Outcome)
	if d.MayBe != "" {
		words += "; " + p.say("page.may_be", "outcome", p.outcome(d.MayBe))
	}
	p.Heading(name, words)
	p.about(d, place)
	p.facts(l)
	p.reasons(d)
	p.asks(d)
	p.overTime(d)
	p.parties(d)
	p.further(d)
}

// about is what stands beside the outcome.
func (p *dossierPaper) about(d *Determination, place string) {
	if place != "" {
		p.Field(p.say("xlsx.line"), place)
	}
	if d.SameAs != 0 {
		p.Sentence(p.say("table.same", "line", fmt.Sprint(d.SameAs)))
	}
	p.Field(p.say("xlsx.effective"), d.At.Effective.String())
	if d.Policy != "" {
		p.Field(p.say("xlsx.policy"), p.say("policy."+d.Policy))
	}
	if c := d.NextChange; c != nil {
		then := p.outcome(c.Outcome)
		if c.MayBe != "" {
			then += "; " + p.say("page.may_be", "outcome", p.outcome(c.MayBe))
		}
		if c.By != "" {
			then += " (" + p.act(d, c.By) + ")"
		}
		p.Field(p.say("page.changes", "day", c.On.String()), then)
	}
	if h := d.LicenceHeld; h != nil {
		text := p.say("page.fits")
		if !h.Fits {
			text = p.say("page.misses") + ": " + strings.Join(h.Misses, "; ")
		}
		p.Field(p.say("page.licence_held"), strings.TrimSpace(h.No+" "+text))
	}
}

func (p *dossierPaper) facts(l *DossierLine) {
	var rows [][]string
	for _, f := range l.Facts {
		value := f.Value
		if f.Source != fact.Column.String() { // what a row states is shown as it stands there
			value = p.m.AnswerText(f.Fact, value)
		}
		rows = append(rows, []string{p.m.FactName(f.Fact), value, p.say("source." + f.Source), f.Words})
	}
	p.table("dossier.facts", "xlsx.fact xlsx.value xlsx.source xlsx.words", rows)
}

// reasons are the rules, each with the facts on which it rests.
func (p *dossierPaper) reasons(d *Determination) {
	if len(d.Requirements) == 0 {
		if d.SameAs == 0 {
			p.Sentence(p.say("page.no_reasons"))
		}
		return
	}
	p.Subheading(p.say("page.reasons"))
	for i := range d.Requirements {
		r := &d.Requirements[i]
		if r.If != "" {
			p.Sentence(p.say("page.if", "standing", p.say("standing."+r.Standing), "outcome", p.outcome(r.If)) + " " + r.Why)
			continue
		}
		ref := p.m.normRef(r.Norm)
		words := ref.Cite + ": " + ref.Name
		if r.Code != "" {
			words += " (" + r.Code + ")"
		}
		p.Sentence(words)
		p.Small(strings.Join([]string{p.say("layer." + r.Layer), p.say("page.demands", "outcome", p.outcome(r.Effect)), p.say("standing." + r.Standing), p.say("page.certainty." + r.Certainty), r.Norm}, " · "))
		for _, link := range ref.Links {
			p.Small(link)
		}
		var rows [][]string
		for _, x := range r.Because {
			found := saidOf(d, x.Fact, x.Value)
			if x.Value == "" {
				found = p.say("page.not_known")
			}
			rows = append(rows, []string{p.m.FactName(x.Fact), found, saidOf(d, x.Fact, x.Test), p.say("truth." + x.Truth), p.say("source." + x.Source), x.Words})
		}
		p.table("", "xlsx.fact xlsx.value xlsx.test xlsx.truth xlsx.source xlsx.words", rows)
	}
}

func (p *dossierPaper) asks(d *Determination) {
	var rows [][]string
	for i := range d.Asks {
		a := &d.Asks[i]
		question := a.Question
		if a.Supplier != "" {
			question += " (" + a.Supplier + ")"
		}
		rows = append(rows, []string{question, a.Why, leadsText(p.m.Lang, a.Leads)})
	}
	p.table("page.questions", "xlsx.question xlsx.why xlsx.leads", rows)
	if d.Mildest != nil {
		p.Sentence(p.say("page.together", "answers", mildestText(p.m.Lang, d.Mildest)))
	}
}

func (p *dossierPaper) overTime(d *Determination) {
	if len(d.Timeline) < 2 {
		return
	}
	var rows [][]string
	for i := range d.Timeline {
		s := &d.Timeline[i]
		from := p.say("page.before")
		if s.From != 0 {
			from = s.From.String()
		}
		words := p.outcome(s.Outcome)
		if s.MayBe != "" {
			words += "; " + p.say("page.may_be", "outcome", p.outcome(s.MayBe))
		}
		rows = append(rows, []string{from, dayText(s.To), words, p.act(d, s.By)})
	}
	p.table("page.timeline", "dossier.from dossier.to xlsx.outcome xlsx.next_by", rows)
}

func (p *dossierPaper) act(d *Determination, id string) string {
	if d.Legend != nil && d.Legend.Acts[id] != "" {
		return d.Legend.Acts[id] + " (" + id + ")"
	}
	return id
}

func (p *dossierPaper) parties(d *Determination) {
	var rows [][]string
	for _, x := range d.Parties {
		rows = append(rows, []string{p.m.FactName(x.Field), x.Name, x.List, p.say("standing." + x.Standing), num(x.Score, 2), x.Evidence, x.Notice})
	}
	p.table("page.parties", "dossier.party xlsx.name dossier.list xlsx.standing dossier.score dossier.evidence dossier.notice", rows)
	for i := range d.Ownership {
		p.Sentence(p.m.FactName(d.Ownership[i].Field) + ": " + d.Ownership[i].Says)
	}
}

// further is what stands behind the reasons: shares, near misses, duties, gaps, notes.
func (p *dossierPaper) further(d *Determination) {
	var shares, near, duties, gaps [][]string
	for i := range d.Shares {
		shares = append(shares, []string{p.m.normRef(d.Shares[i].Rule).Cite, d.Shares[i].words(p.m.Lang)})
	}
	for _, x := range d.Near {
		ref := p.m.normRef(x.Norm)
		fact, test, _ := strings.Cut(x.Failed, " ")
		failed := p.m.FactName(fact) + " " + saidOf(d, fact, test)
		if x.Except != "" {
			failed = x.Failed
		}
		near = append(near, []string{ref.Cite, ref.Name, failed, saidOf(d, fact, x.Value)})
	}
	for _, x := range d.Duties {
		duties = append(duties, []string{x.Cite, p.say("duty." + x.Kind), x.Say})
	}
	for _, x := range d.NotAssessed {
		gaps = append(gaps, []string{p.say("layer." + x.Layer), x.Missing})
	}
	p.table("page.shares", "xlsx.norm dossier.share", shares)
	p.table("page.near", "xlsx.norm xlsx.name xlsx.test xlsx.value", near)
	p.table("page.duties", "xlsx.norm dossier.duty dossier.says", duties)
	p.table("page.not_assessed", "xlsx.layer dossier.missing", gaps)
	if len(d.Notes) > 0 {
		p.Subheading(p.say("page.notes"))
	}
	for _, n := range d.Notes {
		p.Sentence(n)
	}
	if len(d.Warnings) > 0 {
		p.Subheading(p.say("page.warnings"))
	}
	for _, text := range warned(d) {
		p.Sentence(text)
	}
}

// table writes rows under a title and headings; both are keys of the catalogue. No rows: nothing. Columns in which no row says anything are left out.
func (p *dossierPaper) table(title, heads string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	if title != "" {
		p.Subheading(p.say(title))
	}
	var names []string
	kept := make([][]string, len(rows))
	for i, key := range strings.Fields(heads) {
		said := false
		for _, r := range rows {
			said = said || r[i] != ""
		}
		if !said {
			continue
		}
		names = append(names, p.say(key))
		for n, r := range rows {
			kept[n] = append(kept[n], r[i])
		}
	}
	p.Table("", names, nil, kept)
}
