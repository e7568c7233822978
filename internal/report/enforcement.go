package report

import (
	"encoding/csv"
	"fmt"
	"html"
	"html/template"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"lodestone/internal/enforce"
)

// figure prints a number that may be withheld.
func figure(x *float64, digits int) string {
	if x == nil {
		return "–"
	}
	return num(*x, digits)
}

// ratioText prints fine to value in all its ways, with the number behind it.
func ratioText(r enforce.RatioSummary) string {
	if r.MeanOfRatios == nil {
		return fmt.Sprintf("n = %d", r.N)
	}
	return fmt.Sprintf("n = %d: mean of ratios %s, pooled %s, median %s, quartiles %s and %s, range %s to %s", r.N, figure(r.MeanOfRatios, 3), figure(r.Pooled, 3),
		figure(r.Median, 3), figure(r.Q1, 3), figure(r.Q3, 3), figure(r.Low, 4), figure(r.High, 3))
}

// heading are the lines that say what was counted.
func statsHeading(s *enforce.Stats) []string {
	lines := []string{
		fmt.Sprintf("Unit: %s. Included: %s. Dated by %s date.", s.Unit, s.Inclusion, s.DatedBy),
		fmt.Sprintf("%d cases on %d pages, %d parties, %d lines of goods, %d with a decision number.", s.Units.Cases, s.Units.Pages, s.Units.Parties, s.Units.GoodsLines, s.Units.Decisions),
		"Fine to value: " + ratioText(s.Ratio) + ".",
	}
	if s.KnownBy != 0 {
		lines = append(lines, "As the collection stood on "+s.KnownBy.String()+".")
	}
	lines = append(lines, "Frames: "+counts(s.Frames)+".")
	if len(s.LeftOut) > 0 {
		lines = append(lines, "Left out: "+counts(s.LeftOut)+".")
	}
	for _, m := range s.Merged {
		lines = append(lines, "One case: "+strings.Join(m.Pages, ", ")+" (by "+m.By+").")
	}
	for _, n := range s.Notes {
		lines = append(lines, "Note: "+n+".")
	}
	return lines
}

func counts(m map[string]int) string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, fmt.Sprintf("%s %d", k, m[k]))
	}
	return strings.Join(parts, ", ")
}

// WriteStats prints statistics for people.
func WriteStats(w io.Writer, s *enforce.Stats) error {
	p := &printer{w: w}
	for _, line := range statsHeading(s) {
		p.f("%s\n", line)
	}
	for _, t := range s.Tables {
		p.f("\nBy %s (%s; n = %d)\n", t.By, t.Definition, t.N)
		p.f("%s  %5s  %7s  %8s  %s\n", cell("", 34), "n", "share %", "growth %", "fine to value")
		for _, r := range t.Rows {
			p.f("%s  %5d  %7s  %8s  %s\n", cell(r.Key, 34), r.N, figure(r.Share, 1), figure(r.Growth, 1), strings.TrimSpace(ratioText(r.Ratio)+"  "+r.Why))
		}
	}
	p.f("\nBeside the groups of published counts\n")
	for _, c := range s.Crosswalk {
		p.f("%s  %5d  %s\n", cell(c.Ours, 34), c.N, c.Published)
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

// bars draws the counts of a table as bars with their numbers.
func bars(t enforce.StatTable) template.HTML {
	most := 0
	for _, r := range t.Rows {
		most = max(most, r.N)
	}
	if most == 0 {
		return ""
	}
	var b strings.Builder
	for i, r := range t.Rows {
		y := float64(6 + 20*i)
		wide := float64(r.N) / float64(most) * (chartWide - 330)
		b.WriteString(label(270, y+11, "end", r.Key))
		fmt.Fprintf(&b, `<rect x="278" y="%.1f" width="%.1f" height="14" fill="%s"><title>%s: %d</title></rect>`, y, wide, chartColours[0], html.EscapeString(r.Key), r.N)
		b.WriteString(label(284+wide, y+11, "start", strconv.Itoa(r.N)))
	}
	return svg("Cases by "+t.By, 12+20*len(t.Rows), b.String())
}

var statsTemplate = template.Must(template.New("stats").Funcs(template.FuncMap{"bars": bars, "figure": figure, "ratio": ratioText, "heading": statsHeading}).Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Penalty decisions</title>
<style>
body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1c2128;background:#fff}
h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2.5rem;border-top:1px solid #d0d7de;padding-top:1rem}
table{border-collapse:collapse;font-size:.9rem;display:block;overflow-x:auto}th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #d0d7de;vertical-align:top}
svg{max-width:46rem;width:100%;height:auto}svg text{font:11px system-ui,sans-serif;fill:#1c2128}small{color:#57606a}
</style></head><body><h1>Penalty decisions</h1>
<ul>{{range heading .}}<li>{{.}}</li>{{end}}</ul>
{{range .Tables}}<h2>By {{.By}}</h2><p>{{.Definition}}; n = {{.N}}</p>{{bars .}}
<table><tr><th>{{.By}}<th>n<th>Share %<th>Year on year %<th>Fine to value<th>Cases</tr>
{{range .Rows}}<tr><td>{{.Key}}<td>{{.N}}<td>{{figure .Share 1}}<td>{{figure .Growth 1}} {{.Why}}<td>{{ratio .Ratio}}<td><small>{{range $i, $c := .Evidence}}{{if $i}}, {{end}}{{$c}}{{end}}</small></tr>{{end}}</table>{{end}}
<h2>Beside the groups of published counts</h2><table><tr><th>Here<th>n<th>Published group</tr>{{range .Crosswalk}}<tr><td>{{.Ours}}<td>{{.N}}<td>{{.Published}}</tr>{{end}}</table>
</body></html>
`))

// WriteStatsHTML prints statistics as one page with charts that needs no other file.
func WriteStatsHTML(w io.Writer, s *enforce.Stats) error { return statsTemplate.Execute(w, s) }

// WriteFindings prints an audit for people.
func WriteFindings(w io.Writer, findings []enforce.Finding) error {
	p := &printer{w: w}
	for _, f := range findings {
		p.f("%s  %s  %s\n", cell(f.Verdict, 12), f.Report+"/"+f.Claim, f.Printed)
		for _, line := range f.Arithmetic {
			p.f("              %s\n", line)
		}
		if len(f.Fits) > 0 {
			p.f("              would fit: %s\n", strings.Join(f.Fits, "; "))
		}
	}
	return p.err
}

// WriteOutlook prints an estimate for people.
func WriteOutlook(w io.Writer, o *enforce.Outlook) error {
	p := &printer{w: w}
	p.f("Law on %s; %s.\n\nBands\n", o.On, o.Statement)
	for _, b := range o.Bands {
		amount := "depends on " + b.Missing
		if b.Low != nil {
			amount = figure(b.Low, 2) + " to " + figure(b.High, 2) + " yuan"
		}
		p.f("%s  %s art. %s  %s  (%s%s; %s)\n", cell(b.Provision, 10), b.Law, b.Article, amount, b.Rule, severity(b.Severity), b.Grade)
	}
	c := &o.Comparable
	p.f("\nComparable decisions: n = %d, by %s\n", c.N, c.By)
	p.f("fine to value: %s\n", ratioText(c.Ratio))
	if c.Fines.Median != nil {
		p.f("fines: n = %d: median %s, quartiles %s and %s, range %s to %s yuan\n", c.Fines.N, figure(c.Fines.Median, 0), figure(c.Fines.Q1, 0), figure(c.Fines.Q3, 0), figure(c.Fines.Low, 0), figure(c.Fines.High, 0))
	}
	for _, d := range c.Cases {
		p.f("  %s  fine %s of value %s  %s\n", cell(d.Case, 28), orDash(d.Fine), orDash(d.Value), strings.Join(d.Conduct, ", "))
	}
	p.lines("\nLeniency that is claimed", o.Leniency, func(t enforce.TierLine) string {
		var grounds []string
		for _, g := range t.Grounds {
			grounds = append(grounds, g.ID+" ("+g.Basis+")")
		}
		return t.Tier + " " + t.Zh + ": " + t.Meaning + " By " + strings.Join(grounds, ", ")
	})
	p.consequences(&o.Consequences)
	for _, d := range o.OwnReport {
		p.f("own report: %s: %s (%s)\n", d.Route, d.Effect, d.Basis)
	}
	for _, n := range o.Notes {
		p.f("note: %s\n", n)
	}
	return p.err
}

func severity(s string) string {
	if s == "" {
		return ""
	}
	return ", where " + s
}

func orDash(n *enforce.Number) string {
	if n == nil {
		return "–"
	}
	return n.String()
}

func (p *printer) lines(title string, tiers []enforce.TierLine, show func(enforce.TierLine) string) {
	if len(tiers) == 0 {
		return
	}
	p.f("%s\n", title)
	for _, t := range tiers {
		p.f("  %s\n", show(t))
	}
}

func (p *printer) consequences(c *enforce.Consequences) {
	p.f("\nBeside the fine\n")
	for _, x := range []struct {
		so   bool
		text string
	}{{c.ConfiscateGains, "confiscation of gains"}, {c.ConfiscateGoods, "confiscation of goods"}, {c.Warning, "warning"}, {c.Stop, "order to stop"}} {
		if x.so {
			p.f("  %s\n", x.text)
		}
	}
	for _, s := range c.Also {
		p.f("  %s\n", strings.ReplaceAll(s, "_", " "))
	}
	for _, s := range c.Serious {
		p.f("  in serious cases: %s\n", strings.ReplaceAll(s, "_", " "))
	}
	for _, x := range c.Collateral {
		p.f("  %s (%s)\n", x.Effect, strings.TrimSpace(x.Basis+" "+x.Confidence))
	}
	for _, x := range c.Criminal {
		p.f("  criminal: art. %s, %s: %s\n", x.Article, x.Offence, x.Penalty)
	}
}
