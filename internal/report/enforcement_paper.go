package report

import (
	"fmt"
	"strconv"
	"strings"

	"lodestone/internal/enforce"
	"lodestone/internal/problem"
	"lodestone/internal/report/chart"
)

// DecisionsReport is the report of a collection: what was counted, what earlier figures come to, and what could not be read.
type DecisionsReport struct {
	Stats    enforce.Stats  `json:"stats"`
	Previous []AuditFinding `json:"previous,omitempty"` // figures published before, judged; empty: none were given
	Unread   problem.List   `json:"unread,omitempty"`   // files and lines that could not be read
}

// Paper lays the report out: a section for each table, with its definition, its chart and its number.
func (d *DecisionsReport) Paper(s Speaker) Paper {
	s.Area = "enforcement"
	p := Paper{Title: s.Say("report_title"), speaker: s}
	p.Sections = append(p.Sections, Section{Lines: statsHeading(s.Lang, &d.Stats)})
	for i := range d.Stats.Tables {
		p.Sections = append(p.Sections, statsSection(s, &d.Stats.Tables[i]))
	}
	published := &Grid{Name: "published", Columns: columns("here n published_group")}
	for _, c := range d.Stats.Crosswalk {
		published.add(said(s.Lang, c.Ours), c.N, said(s.Lang, c.Published))
	}
	p.Sections = append(p.Sections, Section{Title: s.Say("published"), Grids: []*Grid{published}})
	p.Sections = append(p.Sections, d.previous(s))
	if len(d.Unread) > 0 {
		var lines []string
		for _, u := range d.Unread {
			lines = append(lines, u.Error())
		}
		p.Sections = append(p.Sections, Section{Title: s.Say("unread"), Grade: strconv.Itoa(len(lines)), Lines: lines})
	}
	return p
}

func statsSection(s Speaker, t *enforce.StatTable) Section {
	title := s.Say("by", "by", said(s.Lang, t.By))
	x := Section{Title: title, Grade: fmt.Sprintf("n = %d", t.N), Lines: []string{s.Say("definition") + ": " + said(s.Lang, t.Definition)}}
	var bars []chart.Bar
	g := &Grid{Name: "table", Columns: columns("group n share:1 growth:1 ratio_n ratio_mean:3 ratio_pooled:3 ratio_median:3 ratio_q1:3 ratio_q3:3 why")}
	for i := range t.Rows {
		r := &t.Rows[i]
		bars = append(bars, chart.Bar{Name: said(s.Lang, r.Key), Value: float64(r.N), Text: strconv.Itoa(r.N)})
		g.add(said(s.Lang, r.Key), r.N, withheld(r.Share), withheld(r.Growth), r.Ratio.N, withheld(r.Ratio.MeanOfRatios), withheld(r.Ratio.Pooled), withheld(r.Ratio.Median), withheld(r.Ratio.Q1),
			withheld(r.Ratio.Q3), said(s.Lang, r.Why))
	}
	x.Charts, x.Grids = []chart.Figure{chart.Bars(title, bars).Figure(fmt.Sprintf("n = %d", t.N), "")}, []*Grid{g}
	return x
}

// withheld is a figure for a cell; nil: it is withheld, which is not zero.
func withheld(x *float64) any {
	if x == nil {
		return nil
	}
	return *x
}

// previous are figures published before, with the arithmetic that judges them.
func (d *DecisionsReport) previous(s Speaker) Section {
	x := Section{Title: s.Say("previous")}
	if len(d.Previous) == 0 {
		x.Lines = []string{s.Say("no_previous")}
		return x
	}
	g := &Grid{Name: "previous", Columns: columns("claim printed verdict arithmetic fits")}
	for _, f := range d.Previous {
		g.add(f.Report+"/"+f.Claim, f.Printed, said(s.Lang, f.Verdict), strings.Join(f.Arithmetic, "; "), strings.Join(f.Fits, "; "))
	}
	x.Grids = []*Grid{g}
	return x
}
