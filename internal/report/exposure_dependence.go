package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"lodestone/internal/exposure"
)

// grade is a grade in words, with the worst still open.
func (s Speaker) grade(j *Judged, evidence string) string {
	text := s.gradeMark(j.Grade) + " " + s.Word(string(j.Grade))
	if j.MayBe != "" {
		text += " (" + s.Say("may_be", "grade", string(j.MayBe)) + ")"
	}
	return text + ", " + s.Word(evidence)
}

// LineNames says lines such as "261710 ore".
func (s Speaker) LineNames(lines []string) string {
	var names []string
	for _, l := range lines {
		line, stage, _ := strings.Cut(l, " ")
		names = append(names, line+" "+s.Word(stage))
	}
	return strings.Join(names, ", ")
}

func (s Speaker) line(l *DependenceLine) string { return l.Line + " " + s.Word(l.Stage) }

func (s Speaker) sources(from []From) string {
	var all []string
	for _, f := range from {
		all = append(all, f.Set+" ("+f.Edition+")")
	}
	return s.Say("sources", "sources", strings.Join(all, ", "))
}

// Paper lays a dependence out.
func (d *Dependence) Paper(s Speaker) Paper {
	title := s.Say("dependence.title", "importer", s.Country(d.Importer), "supplier", s.Country(d.Supplier), "mineral", s.Mineral(d.Mineral), "year", fmt.Sprint(d.Year))
	docs := []*Dependence{d}
	return Paper{Title: title + ": " + s.grade(&d.Judged, d.Evidence), Sections: d.sections(s), speaker: s,
		Files: []*Grid{lineGrid(docs, nil), supplierGrid(docs), screenGrid(docs), d.balanceGrid(s), d.outputGrid(), d.riskGrid(s), reportedGrid(docs), controlGrid(d.Controls)}}
}

func (d *Dependence) sections(s Speaker) []Section {
	why := Section{Lines: slices.Clone(d.Because)}
	for _, x := range d.Missing {
		why.Lines = append(why.Lines, s.Say("would_settle", "what", x))
	}
	held := Section{Grids: []*Grid{d.tradeGrid(s), d.shareGrid(s), d.balanceGrid(s), d.outputGrid(), d.riskGrid(s)}}
	for i := range d.Lines {
		l := &d.Lines[i]
		held.Lines = append(held.Lines, s.Say("suppliers", "line", s.line(l), "year", fmt.Sprint(d.Year), "suppliers", s.supplierNames(l)))
		if text := s.flagged(l); text != "" {
			held.Lines = append(held.Lines, s.Say("screens", "line", l.Line, "screens", text))
		}
	}
	for _, x := range d.World {
		held.Lines = append(held.Lines, s.Say("world_exports", "line", x.Line, "year", fmt.Sprint(x.Year), "supplier", s.Country(d.Supplier), "share", exposure.Percent(x.Share), "hhi", num(x.HHI, 3)))
	}
	held.Lines = append(held.Lines, d.Notes...)
	held.Foot = s.sources(d.From)
	if len(d.Lines) > 0 {
		held.Foot = s.Say("share_note") + " " + held.Foot
	}
	shown, more := s.controls(d.Controls)
	law := Section{Grids: []*Grid{shown}, Foot: more}
	return []Section{why, held, {Grids: []*Grid{reportedGrid([]*Dependence{d})}}, law}
}

func (s Speaker) supplierNames(l *DependenceLine) string {
	var all []string
	for _, x := range l.Suppliers[:min(5, len(l.Suppliers))] {
		all = append(all, s.Country(x.Country)+" "+exposure.Percent(x.Value))
	}
	return strings.Join(all, ", ")
}

// flagged names the screens that flag a line, with how long they have.
func (s Speaker) flagged(l *DependenceLine) string {
	var all []string
	for _, x := range l.Screens {
		if x.Flagged {
			all = append(all, fmt.Sprintf("%s (%d/%d)", x.ID, x.Years, x.Of))
		}
	}
	return strings.Join(all, ", ")
}

func (d *Dependence) tradeGrid(s Speaker) *Grid {
	g := &Grid{Name: "trade", Columns: columns("line basket imports_musd:2 imports_t:1 exports_musd:2 exports_t:1 cover:1 output_t:0 status evidence_grade")}
	for i := range d.Lines {
		l := &d.Lines[i]
		g.add(s.line(l), l.Basket, l.Imports.USD/1e6, l.Imports.Tonnes, l.Exports.USD/1e6, l.Exports.Tonnes, l.Reliance.ImportCover, l.Output, l.Status, l.Quality)
	}
	return g
}

func (d *Dependence) shareGrid(s Speaker) *Grid {
	g := &Grid{Name: "shares", Columns: columns("line share_value_pct:1 share_mass_pct:1 d_pct:1 d_basis one_step_pct:1 hhi:3 effective_suppliers:2 edition")}
	for i := range d.Lines {
		l := &d.Lines[i]
		g.add(s.line(l), 100*l.ShareValue, 100*l.ShareMass, percent(l.Reliance.Dependence), string(l.Basis), 100*l.OneStep, l.Concentration.HHI, l.Concentration.Effective, l.Edition)
	}
	return g
}

// balanceGrid has the reliance of the lines on which own output is held.
func (d *Dependence) balanceGrid(s Speaker) *Grid {
	g := &Grid{Name: "balance", Columns: columns("line consumption:0 nir_pct:1 eu_reliance_pct:1 d_upper_pct:1 d_basis")}
	for i := range d.Lines {
		if r := &d.Lines[i].Reliance; exposure.Known(r.Consumption.Low) || exposure.Known(r.Consumption.High) {
			g.add(s.line(&d.Lines[i]), r.Consumption, percent(r.NetImport), percent(r.EUReliance), percent(r.Upper), string(d.Lines[i].Basis))
		}
	}
	return g
}

// outputGrid has what each source gives of own output: editions that revise one another stand below one another.
func (d *Dependence) outputGrid() *Grid {
	g := &Grid{Name: "own_output", Columns: columns("stage year output_t:0 world_t:0 source")}
	for _, o := range d.Output {
		g.add(o.Stage, o.Year, o.Amount, o.World, o.From)
	}
	return g
}

func (d *Dependence) riskGrid(s Speaker) *Grid {
	g := &Grid{Name: "risk", Columns: columns("line import_risk:3 hhi_output:3 score:3 yale:1 governance_year without")}
	for i := range d.Lines {
		if r := d.Lines[i].Risk; r != nil {
			g.add(s.line(&d.Lines[i]), r.ImportRisk, r.HHI, r.Score, r.Yale, fmt.Sprint(r.Year), strings.Join(r.Without, ", "))
		}
	}
	return g
}

// percent is a range of shares in percent.
func percent(r exposure.Range) exposure.Range {
	return exposure.Range{Low: 100 * r.Low, High: 100 * r.High}
}

// lineGrid is for files: a customs line a row; minerals without flows have a row without a line.
func lineGrid(docs []*Dependence, trends []TrendDoc) *Grid {
	g := &Grid{Name: "lines", Columns: columns(`importer supplier mineral grade may_be evidence hs6 stage basket edition year imports_usd imports_t exports_usd exports_t
		share_value share_mass d d_basis hhi effective_suppliers status evidence_grade output_t one_step flows_without_mass trend trend_n trend_q`)}
	none := exposure.Range{Low: exposure.Unknown(), High: exposure.Unknown()}
	for _, d := range docs {
		head := []any{d.Importer, d.Supplier, d.Mineral, string(d.Grade), string(d.MayBe), d.Evidence}
		if len(d.Lines) == 0 {
			g.add(append(head, nil, nil, nil, nil, d.Year, nil, nil, nil, nil, nil, nil, none, nil, nil, nil, nil, nil, none, nil, nil, nil, nil, nil)...)
		}
		for i := range d.Lines {
			l := &d.Lines[i]
			row := append(slices.Clone(head), l.Line, l.Stage, l.Basket, l.Edition, d.Year, l.Imports.USD, l.Imports.Tonnes, l.Exports.USD, l.Exports.Tonnes, l.ShareValue, l.ShareMass, l.Reliance.Dependence,
				string(l.Basis), l.Concentration.HHI, l.Concentration.Effective, l.Status, l.Quality, l.Output, l.OneStep, l.NoMass)
			k := slices.IndexFunc(trends, func(t TrendDoc) bool { return t.Line == l.Line })
			if k < 0 {
				g.add(append(row, nil, nil, nil)...)
			} else {
				g.add(append(row, trends[k].Verdict, trends[k].N, trends[k].Q)...)
			}
		}
	}
	return g
}

func supplierGrid(docs []*Dependence) *Grid {
	g := &Grid{Name: "suppliers", Columns: columns("importer mineral hs6 year country share_value:3 share_mass:3")}
	for _, d := range docs {
		for i := range d.Lines {
			for _, x := range d.Lines[i].Suppliers {
				g.add(d.Importer, d.Mineral, d.Lines[i].Line, d.Year, x.Country, x.Value, x.Mass)
			}
		}
	}
	return g
}

func screenGrid(docs []*Dependence) *Grid {
	g := &Grid{Name: "screens", Columns: columns("importer mineral hs6 year screen rule value:3 limit:2 flagged mean_three_years:3 years_flagged years_held")}
	for _, d := range docs {
		for i := range d.Lines {
			for _, x := range d.Lines[i].Screens {
				g.add(d.Importer, d.Mineral, d.Lines[i].Line, d.Year, x.ID, x.Rule, x.Value, x.Limit, x.Flagged, x.Mean, x.Years, x.Of)
			}
		}
	}
	return g
}

func reportedGrid(docs []*Dependence) *Grid {
	g := &Grid{Name: "reported", Columns: columns("mineral period measure origin value:-1 unit basis publisher source")}
	for _, d := range docs {
		for _, f := range d.Reported {
			g.add(f.Mineral, f.Period, f.Measure, f.Origin, exposure.Range{Low: f.Low, High: f.High}, f.Unit, f.Basis, f.Publisher, Link{place(f.Source), f.Source})
		}
	}
	return g
}

// place is the host of an address, which is enough to read.
func place(address string) string {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		return address
	}
	host, _, _ := strings.Cut(rest, "/")
	return strings.TrimPrefix(host, "www.")
}

// shownControls is how many norms an answer for people lists; files hold all.
const shownControls = 20

// controls are the first norms, those in force before others, with what to know of them.
func (s Speaker) controls(all []Control) (*Grid, string) {
	if len(all) == 0 {
		return controlGrid(nil), ""
	}
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b Control) int {
		return cmp.Compare(inForceFirst(a.Standing), inForceFirst(b.Standing))
	})
	foot := s.Say("control_note")
	if len(all) > shownControls {
		foot = s.Say("control_more", "shown", fmt.Sprint(shownControls), "n", fmt.Sprint(len(all))) + " " + foot
	}
	return controlGrid(sorted[:min(shownControls, len(sorted))]), foot
}

func inForceFirst(standing string) int {
	if standing == "in_force" {
		return 0
	}
	return 1
}

func controlGrid(controls []Control) *Grid {
	g := &Grid{Name: "controls", Columns: columns("norm name standing on joined_by")}
	for _, c := range controls {
		g.add(c.Norm, c.Name, c.Standing, c.On, c.By)
	}
	return g
}
