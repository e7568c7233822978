package report

import (
	"encoding/csv"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"lodestone/internal/enforce"
	"lodestone/internal/report/chart"
)

// figure prints a number that may be withheld.
func figure(x *float64, digits int) string {
	if x == nil {
		return "–"
	}
	return num(*x, digits)
}

// said is a word or sentence that the statistics give in English, in another language. The catalogue has it under its letters, with {1} and {2} for its
// numbers; names of laws, offices and periods are not there and stay as they are.
func said(lang, text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r < 'a' || r > 'z' })
	key := "enforcement.said." + strings.Join(words, "_")
	if _, ok := worded(lang, key); !ok {
		return text
	}
	var pairs []string
	for i, n := range strings.FieldsFunc(text, func(r rune) bool { return r < '0' || r > '9' }) {
		pairs = append(pairs, strconv.Itoa(i+1), n)
	}
	return Say(lang, key, pairs...)
}

// ratioText prints fine to value in all its ways, with the number behind it.
func ratioText(lang string, r enforce.RatioSummary) string {
	if r.MeanOfRatios == nil {
		return fmt.Sprintf("n = %d", r.N)
	}
	return Say(lang, "enforcement.ratio_all", "n", strconv.Itoa(r.N), "mean", figure(r.MeanOfRatios, 3), "pooled", figure(r.Pooled, 3), "median", figure(r.Median, 3),
		"q1", figure(r.Q1, 3), "q3", figure(r.Q3, 3), "low", figure(r.Low, 4), "high", figure(r.High, 3))
}

// statsHeading are the lines that say what was counted.
func statsHeading(lang string, s *enforce.Stats) []string {
	say := func(key string, pairs ...string) string { return Say(lang, "enforcement."+key, pairs...) }
	lines := []string{
		say("counted", "unit", said(lang, s.Unit), "inclusion", said(lang, s.Inclusion), "date", said(lang, s.DatedBy)),
		say("units", "cases", strconv.Itoa(s.Units.Cases), "pages", strconv.Itoa(s.Units.Pages), "parties", strconv.Itoa(s.Units.Parties), "lines", strconv.Itoa(s.Units.GoodsLines),
			"numbered", strconv.Itoa(s.Units.Decisions)),
		say("ratio_line", "ratio", ratioText(lang, s.Ratio)),
	}
	if s.KnownBy != 0 {
		lines = append(lines, say("known_by", "day", s.KnownBy.String()))
	}
	if len(s.Frames) > 0 {
		lines = append(lines, say("frames", "frames", counts(lang, s.Frames)))
	}
	if len(s.LeftOut) > 0 {
		lines = append(lines, say("left_out", "what", counts(lang, s.LeftOut)))
	}
	for _, m := range s.Merged {
		lines = append(lines, say("one_case", "pages", strings.Join(m.Pages, ", "), "by", said(lang, m.By)))
	}
	for _, n := range s.Notes {
		lines = append(lines, say("note", "note", said(lang, n)))
	}
	return lines
}

func counts(lang string, m map[string]int) string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, fmt.Sprintf("%s %d", said(lang, k), m[k]))
	}
	return strings.Join(parts, ", ")
}

// WriteStats prints statistics for people.
func WriteStats(w io.Writer, lang string, s *enforce.Stats) error {
	p := &printer{w: w}
	for _, line := range statsHeading(lang, s) {
		p.f("%s\n", line)
	}
	head := func(key string) string { return Say(lang, "enforcement."+key) }
	for _, t := range s.Tables {
		p.f("\n%s (%s; n = %d)\n", Say(lang, "enforcement.by", "by", said(lang, t.By)), said(lang, t.Definition), t.N)
		p.f("%s  %5s  %s  %s  %s\n", cell("", 34), "n", cell(head("share"), 9), cell(head("growth"), 18), head("ratio"))
		for _, r := range t.Rows {
			p.f("%s  %5d  %s  %s  %s\n", cell(said(lang, r.Key), 34), r.N, cell(figure(r.Share, 1), 9), cell(figure(r.Growth, 1), 18), strings.TrimSpace(ratioText(lang, r.Ratio)+"  "+said(lang, r.Why)))
		}
	}
	p.f("\n%s\n", head("published"))
	for _, c := range s.Crosswalk {
		p.f("%s  %5d  %s\n", cell(said(lang, c.Ours), 34), c.N, said(lang, c.Published))
	}
	return p.err
}

// WriteStatsCSV prints every row of every table, each with its definition.
func WriteStatsCSV(w io.Writer, s *enforce.Stats) error {
	c := csv.NewWriter(w)
	rows := [][]string{{"by", "definition", "key", "n", "share_percent", "year_on_year_percent", "why", "ratio_n", "mean_of_ratios", "pooled", "median", "quartile_1", "quartile_3", "low", "high", "cases"}}
	for _, t := range s.Tables {
		for _, r := range t.Rows {
			f := func(x *float64) string {
				if x == nil {
					return ""
				}
				return strconv.FormatFloat(*x, 'g', 8, 64)
			}
			rows = append(rows, []string{t.By, t.Definition, inert(r.Key), strconv.Itoa(r.N), f(r.Share), f(r.Growth), r.Why, strconv.Itoa(r.Ratio.N), f(r.Ratio.MeanOfRatios), f(r.Ratio.Pooled),
				f(r.Ratio.Median), f(r.Ratio.Q1), f(r.Ratio.Q3), f(r.Ratio.Low), f(r.Ratio.High), inert(strings.Join(r.Evidence, "; "))})
		}
	}
	if err := c.WriteAll(rows); err != nil {
		return err
	}
	return c.Error()
}

// bars draws the counts of a table as bars with their numbers, below what was counted.
func bars(lang string, t enforce.StatTable) template.HTML {
	var all []chart.Bar
	for _, r := range t.Rows {
		all = append(all, chart.Bar{Name: said(lang, r.Key), Value: float64(r.N), Text: strconv.Itoa(r.N)})
	}
	return chart.Bars(Say(lang, "enforcement.by", "by", said(lang, t.By)), all).Figure(said(lang, t.Definition), fmt.Sprintf("n = %d", t.N)).HTML()
}

var statsTemplate = parsed("stats", template.FuncMap{"bars": bars, "figure": figure, "ratio": ratioText, "heading": statsHeading, "said": said,
	"say": func(lang, key string, pairs ...string) string { return Say(lang, "enforcement."+key, pairs...) }}, headTemplate+`{{template "page" .Head}}{{$l := .Lang}}<main><h1>{{say $l "title"}}</h1>
<ul>{{range heading $l .Stats}}<li>{{.}}</li>{{end}}</ul>
{{range .Stats.Tables}}<h2>{{say $l "by" "by" (said $l .By)}}</h2>{{with bars $l .}}{{.}}{{else}}<p>{{said $l .Definition}}; n = {{.N}}</p>{{end}}
<table tabindex="0"><tr><th>{{said $l .By}}<th>n<th>{{say $l "share"}}<th>{{say $l "growth"}}<th>{{say $l "ratio"}}<th>{{say $l "cases"}}</tr>
{{range .Rows}}<tr><td>{{said $l .Key}}<td>{{.N}}<td>{{figure .Share 1}}<td>{{figure .Growth 1}} {{said $l .Why}}<td>{{ratio $l .Ratio}}<td><small>{{range $i, $c := .Evidence}}{{if $i}}, {{end}}{{$c}}{{end}}</small></tr>{{end}}</table>{{end}}
<h2>{{say $l "published"}}</h2><table tabindex="0"><tr><th>{{say $l "here"}}<th>n<th>{{say $l "published_group"}}</tr>{{range .Stats.Crosswalk}}<tr><td>{{said $l .Ours}}<td>{{.N}}<td>{{said $l .Published}}</tr>{{end}}</table>
</main></body></html>
`)

// WriteStatsHTML prints statistics as one page with charts that needs no other file.
func WriteStatsHTML(w io.Writer, lang string, s *enforce.Stats) error {
	return statsTemplate().Execute(w, struct {
		Head  pageHead
		Lang  string
		Stats *enforce.Stats
	}{pageHead{Lang: lang, Title: Say(lang, "enforcement.title"), More: chart.Style}, lang, s})
}

// WriteStatsWorkbook prints statistics as a workbook: what was counted, a sheet for each table, and the published groups.
func WriteStatsWorkbook(w io.Writer, lang string, s *enforce.Stats) error {
	book, err := newWorkbook()
	if err != nil {
		return err
	}
	say := func(key string) string { return Say(lang, "enforcement."+key) }
	taken := map[string]bool{}
	add := func(sh *sheet, cells ...any) {
		if err == nil {
			err = sh.add(cells...)
		}
	}
	summary := book.sheet(sheetName(say("summary"), taken), []column{{title: say("title"), width: 120}})
	for _, line := range statsHeading(lang, s) {
		add(summary, line)
	}
	for _, t := range s.Tables {
		columns := []column{{title: said(lang, t.By), width: 34}, {title: "n", width: 8}}
		for _, key := range []string{"share", "growth", "ratio_n", "ratio_mean", "ratio_pooled", "ratio_median", "ratio_q1", "ratio_q3", "ratio_low", "ratio_high"} {
			columns = append(columns, column{title: say(key), width: 12})
		}
		columns = append(columns, column{title: say("why"), width: 40}, column{title: say("cases"), width: 60})
		sh := book.sheet(sheetName(said(lang, t.By), taken), columns)
		sh.filters = true
		sh.above = [][]any{{fmt.Sprintf("%s: %s; n = %d", say("definition"), said(lang, t.Definition), t.N)}}
		for _, r := range t.Rows {
			add(sh, said(lang, r.Key), r.N, known(r.Share), known(r.Growth), r.Ratio.N, known(r.Ratio.MeanOfRatios), known(r.Ratio.Pooled), known(r.Ratio.Median), known(r.Ratio.Q1),
				known(r.Ratio.Q3), known(r.Ratio.Low), known(r.Ratio.High), said(lang, r.Why), strings.Join(r.Evidence, "; "))
		}
	}
	published := book.sheet(sheetName(say("published_group"), taken), []column{{title: say("here"), width: 34}, {title: "n", width: 8}, {title: say("published_group"), width: 34}})
	for _, c := range s.Crosswalk {
		add(published, said(lang, c.Ours), c.N, said(lang, c.Published))
	}
	if err != nil {
		return err
	}
	return book.write(w)
}

// known is a figure for a cell; one that is withheld leaves the cell empty, for it is not zero.
func known(x *float64) any {
	if x == nil {
		return ""
	}
	return *x
}

// AuditFinding is what an audit says of a claim, or of several together.
type AuditFinding struct {
	Report     string   `json:"report"`
	Claim      string   `json:"claim"`            // the claim judged; of several claims together, their group
	Claims     []string `json:"claims,omitempty"` // of a finding on several together
	Printed    string   `json:"printed,omitempty"`
	Verdict    string   `json:"verdict"`
	Arithmetic []string `json:"arithmetic"`
	Fits       []string `json:"fits,omitempty"` // what figures would fit
}

// AuditFindings are the findings of an audit in a language.
func AuditFindings(lang string, list []enforce.Finding) []AuditFinding {
	docs := make([]AuditFinding, len(list))
	for i, f := range list {
		docs[i] = AuditFinding{f.Report, f.Claim, f.Claims, f.Printed, f.Verdict, AllIn(lang, f.Arithmetic), AllIn(lang, f.Fits)}
	}
	return docs
}

// WriteFindings prints an audit for people.
func WriteFindings(w io.Writer, lang string, findings []AuditFinding) error {
	p := &printer{w: w}
	for _, f := range findings {
		p.f("%s  %s  %s\n", cell(said(lang, f.Verdict), 12), f.Report+"/"+f.Claim, f.Printed)
		for _, line := range f.Arithmetic {
			p.f("              %s\n", line)
		}
		if len(f.Fits) > 0 {
			p.f("              %s\n", Say(lang, "enforcement.would_fit", "fits", strings.Join(f.Fits, "; ")))
		}
	}
	return p.err
}

// WriteOutlook prints an estimate for people.
func WriteOutlook(w io.Writer, lang string, o *enforce.Outlook) error {
	p := &printer{w: w}
	say := func(key string, pairs ...string) string { return Say(lang, "enforcement."+key, pairs...) }
	p.f("%s\n\n%s\n", say("law_on", "on", o.On.String(), "statement", said(lang, o.Statement)), say("bands"))
	for _, b := range o.Bands {
		amount, severity := say("depends", "what", said(lang, b.Missing)), ""
		if b.Low != nil {
			amount = say("amount", "low", figure(b.Low, 2), "high", figure(b.High, 2))
		}
		if b.Severity != "" {
			severity = say("where", "severity", said(lang, b.Severity))
		}
		p.f("%s  %s  %s  (%s%s; %s)\n", cell(b.Provision, 10), articleOf(lang, &b), amount, said(lang, b.Rule), severity, said(lang, b.Grade))
	}
	c := &o.Comparable
	p.f("\n%s\n", say("comparable", "n", strconv.Itoa(c.N), "by", said(lang, c.By)))
	p.f("%s\n", say("ratio_line", "ratio", ratioText(lang, c.Ratio)))
	if c.Fines.Median != nil {
		p.f("%s\n", say("fines", "n", strconv.Itoa(c.Fines.N), "median", figure(c.Fines.Median, 0), "q1", figure(c.Fines.Q1, 0), "q3", figure(c.Fines.Q3, 0), "low", figure(c.Fines.Low, 0), "high", figure(c.Fines.High, 0)))
	}
	for _, d := range c.Cases {
		p.f("  %s  %s  %s\n", cell(d.Case, 28), say("near", "fine", orDash(d.Fine), "value", orDash(d.Value)), strings.Join(saidAll(lang, d.Conduct), ", "))
	}
	if len(o.Leniency) > 0 {
		p.f("\n%s\n", say("claimed"))
	}
	for _, t := range o.Leniency {
		var grounds []string
		for _, g := range t.Grounds {
			grounds = append(grounds, said(lang, strings.ReplaceAll(g.ID, "_", " "))+" ("+g.Basis+")")
		}
		tier := t.Zh
		if word := said(lang, t.Tier); word != t.Zh {
			tier = word + " " + t.Zh
		}
		p.f("  %s: %s\n", tier, say("grounds", "meaning", said(lang, t.Meaning), "grounds", strings.Join(grounds, ", ")))
	}
	p.consequences(lang, &o.Consequences)
	for _, d := range o.OwnReport {
		p.f("%s\n", say("own_report", "route", said(lang, d.Route), "effect", said(lang, d.Effect), "basis", d.Basis))
	}
	for _, n := range o.Notes {
		p.f("%s\n", say("note", "note", said(lang, n)))
	}
	return p.err
}

// articleOf names the article of a band, with its paragraph where it has one.
func articleOf(lang string, b *enforce.BandLine) string {
	article, paragraph, ok := strings.Cut(b.Article, " para ")
	if !ok {
		return Say(lang, "enforcement.article", "law", b.Law, "article", article)
	}
	return Say(lang, "enforcement.paragraph", "law", b.Law, "article", article, "paragraph", paragraph)
}

func saidAll(lang string, words []string) (out []string) {
	for _, w := range words {
		out = append(out, said(lang, w))
	}
	return out
}

func orDash(n *enforce.Number) string {
	if n == nil {
		return "–"
	}
	return n.String()
}

func (p *printer) consequences(lang string, c *enforce.Consequences) {
	say := func(key string, pairs ...string) string { return Say(lang, "enforcement."+key, pairs...) }
	p.f("\n%s\n", say("beside"))
	for _, x := range []struct {
		so   bool
		text string
	}{{c.ConfiscateGains, "confiscation of gains"}, {c.ConfiscateGoods, "confiscation of goods"}, {c.Warning, "warning"}, {c.Stop, "order to stop"}} {
		if x.so {
			p.f("  %s\n", said(lang, x.text))
		}
	}
	for _, s := range c.Also {
		p.f("  %s\n", said(lang, strings.ReplaceAll(s, "_", " ")))
	}
	for _, s := range c.Serious {
		p.f("  %s\n", say("in_serious", "what", said(lang, strings.ReplaceAll(s, "_", " "))))
	}
	for _, x := range c.Collateral {
		p.f("  %s (%s)\n", said(lang, x.Effect), strings.TrimSpace(x.Basis+" "+x.Confidence))
	}
	for _, x := range c.Criminal {
		p.f("  %s\n", say("criminal", "article", x.Article, "offence", said(lang, x.Offence), "penalty", said(lang, x.Penalty)))
	}
}
