package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"lodestone/internal/exposure"
	"lodestone/internal/ingest/trade"
)

// num prints a number for people; a dash where it is not known.
func num(x float64, digits int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "–"
	}
	return strconv.FormatFloat(x, 'f', digits, 64)
}

func numRange(r exposure.Range, digits int) string {
	if r.Low == r.High || num(r.Low, digits) == num(r.High, digits) {
		return num(r.Low, digits)
	}
	return num(r.Low, digits) + " to " + num(r.High, digits)
}

// sparkline draws a series of fractions in eight heights; a blank where a number is missing.
func sparkline(x []float64) string {
	var b strings.Builder
	for _, v := range x {
		if math.IsNaN(v) {
			b.WriteByte(' ')
			continue
		}
		b.WriteRune([]rune("▁▂▃▄▅▆▇█")[min(7, max(0, int(v*8)))])
	}
	return b.String()
}

// WriteComputed prints computed rows, a line each.
func WriteComputed(w io.Writer, rows []Computed) error {
	for i := range rows {
		text := []byte(nil)
		var err error
		if rows[i].Problem != nil {
			text = append(text, rows[i].Problem.Error()...)
		} else if text, err = AppendNumbers(nil, rows[i].Results); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s  %s  %s\n", cell(rows[i].Set, 36), cell(rows[i].Key, 40), text); err != nil {
			return err
		}
	}
	return nil
}

// WriteLoaded prints what came of reading files.
func WriteLoaded(w io.Writer, docs []Loaded) error {
	var b bytes.Buffer
	for _, d := range docs {
		r := d.Reading
		fmt.Fprintf(&b, "%s: %s, edition %s: %d rows, %d kept, %d set aside\n", r.Source, r.Layout, dash(r.Edition), r.Rows, r.Kept, r.Refused())
		for _, x := range r.Dropped {
			fmt.Fprintf(&b, "  %8d  %s; first: %s\n", x.Rows, x.Why, x.First.Error())
		}
		for _, l := range d.Lines {
			fmt.Fprintf(&b, "  %s %-8s %9d rows  %18s %s  %16s t  HHI %s  first %s %s\n", l.Line, l.Side, l.Rows, num(l.Value, 0), dash(r.Currency), num(l.Tonnes, 1),
				num(l.HHI, 3), l.Top, num(l.TopShare, 3))
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// WriteSources prints the carried data sets.
func WriteSources(w io.Writer, sources []trade.Source) error {
	for _, s := range sources {
		_, err := fmt.Fprintf(w, "%s\n  %s\n  source %s; licence %s; edition %s; period %s\n  %d rows, %d bytes packed, %s\n", s.Name, s.Title, s.Source, s.Licence, s.Edition,
			s.Period, s.Rows, s.Packed, s.Digest)
		if err != nil {
			return err
		}
	}
	return nil
}

// WriteText prints a dependence for people.
func (d *Dependence) WriteText(w io.Writer) error {
	var b bytes.Buffer
	d.text(&b)
	_, err := w.Write(b.Bytes())
	return err
}

func (d *Dependence) text(b *bytes.Buffer) {
	fmt.Fprintf(b, "%s on %s for %s, %d: %s", d.Importer, d.Supplier, d.Mineral, d.Year, d.Grade)
	if d.MayBe != "" {
		fmt.Fprintf(b, " (may be %s)", d.MayBe)
	}
	fmt.Fprintf(b, ", %s\n", d.Evidence)
	for _, x := range d.Because {
		fmt.Fprintf(b, "  because  %s\n", x)
	}
	for _, x := range d.Missing {
		fmt.Fprintf(b, "  missing  %s\n", x)
	}
	for i := range d.Lines {
		l := &d.Lines[i]
		fmt.Fprintf(b, "  %s %s (%s; %s)\n", l.Line, l.Stage, l.Basket, l.Edition)
		fmt.Fprintf(b, "    imports %s M USD, %s t; exports %s M USD, %s t; %s; evidence %s\n", num(l.Imports.USD/1e6, 2), num(l.Imports.Tonnes, 1), num(l.Exports.USD/1e6, 2),
			num(l.Exports.Tonnes, 1), l.Status, l.Quality)
		fmt.Fprintf(b, "    supplier's share %s by value, %s by mass; D %s by %s; with one step of origin %s; HHI %s, %s effective suppliers\n", num(l.ShareValue, 3),
			num(l.ShareMass, 3), numRange(l.Reliance.Dependence, 3), l.Basis, num(l.OneStep, 3), num(l.Concentration.HHI, 3), num(l.Concentration.Effective, 2))
		var flagged []string
		for _, s := range l.Screens {
			if s.Flagged {
				flagged = append(flagged, s.ID)
			}
		}
		if flagged != nil {
			fmt.Fprintf(b, "    screens: %s\n", strings.Join(flagged, ", "))
		}
	}
	for _, x := range d.World {
		fmt.Fprintf(b, "  world exports of %s, %d: %s has %s by value, HHI %s\n", x.Line, x.Year, d.Supplier, num(x.Share, 3), num(x.HHI, 3))
	}
	for _, f := range d.Reported {
		fmt.Fprintf(b, "  reported  %s %s: %s %s (%s; %s) %s\n", f.Period, f.Measure, numRange(exposure.Range{Low: f.Low, High: f.High}, -1), f.Unit, dash(f.Basis), f.Publisher, f.Source)
	}
	for _, c := range d.Controls {
		fmt.Fprintf(b, "  law  %s %s: %s on %s (%s)\n", c.Norm, c.Name, c.Standing, c.On, c.By)
	}
}

// WriteTrends prints trends with sparklines.
func WriteTrends(w io.Writer, docs []TrendDoc) error {
	var b bytes.Buffer
	for i := range docs {
		docs[i].text(&b)
	}
	_, err := w.Write(b.Bytes())
	return err
}

func (d *TrendDoc) text(b *bytes.Buffer) {
	fmt.Fprintf(b, "%s %s (%s): share of %s in imports of %s by %s, %d-%d, n %d: %s\n", d.Line, d.Mineral, d.Basket, d.Supplier, d.Importer, d.Basis, d.FirstYear, d.LastYear, d.N, d.Verdict)
	fmt.Fprintf(b, "  %s  first three years %s, last three %s; DCI %s, with one step of origin %s\n", sparkline(d.Shares), num(d.EarlyShare, 3), num(d.LateShare, 3), num(d.DCI, 3), num(d.DCIOneStep, 3))
	fmt.Fprintf(b, "  Sen %s a year; Mann-Kendall p %s (with continuity correction %s), q %s; break %d p %s\n", num(d.Test.Sen, 4), num(d.Test.P, 4), num(d.Test.PContinuity, 4), num(d.Q, 4), d.BreakYear, num(d.Test.PBreak, 4))
	if s := d.Split; s != nil {
		fmt.Fprintf(b, "  over all lines of the mineral: %s to %s; within lines %s, basket %s\n", num(s.From, 3), num(s.To, 3), num(s.Within, 3), num(s.Basket, 3))
	}
	if d.Whole != d.Verdict {
		fmt.Fprintf(b, "  over all %d years of the panel: %s (p %s)\n", d.WholeN, d.Whole, num(d.WholeP, 4))
	}
	for _, x := range d.Drivers {
		fmt.Fprintf(b, "  ΔHHI %s of %s by %s: %s to %s\n", num(x.Delta, 3), num(d.HHIChange, 3), x.Who, num(x.From, 3), num(x.To, 3))
	}
	fmt.Fprintf(b, "  %d suppliers above 5 %%, %d of them new in three years, survival %s; %s\n", d.Margin.Above, d.Margin.New, num(d.Margin.Survival, 2), d.Edition)
}

// WriteTrendCSV prints trends, a year a row.
func WriteTrendCSV(w io.Writer, docs []TrendDoc) error {
	c := csv.NewWriter(w)
	c.Write([]string{"importer", "supplier", "mineral", "hs6", "basis", "basket", "edition", "year", "share", "hhi", "n", "verdict", "sen", "mk_p", "q"})
	for _, d := range docs {
		for i := range d.Shares {
			c.Write([]string{d.Importer, d.Supplier, d.Mineral, d.Line, string(d.Basis), d.Basket, d.Edition, strconv.Itoa(d.FirstYear + i), plainNumber(d.Shares[i]), plainNumber(d.HHI[i]),
				strconv.Itoa(d.N), d.Verdict, plainNumber(d.Test.Sen), plainNumber(d.Test.P), plainNumber(d.Q)})
		}
	}
	c.Flush()
	return c.Error()
}

// plainNumber prints a number for programs; empty where it is not known.
func plainNumber(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return ""
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// WriteText prints a what-if run for people.
func (d *WhatIf) WriteText(w io.Writer) error {
	var b bytes.Buffer
	d.text(&b, "")
	_, err := w.Write(b.Bytes())
	return err
}

func (d *WhatIf) text(b *bytes.Buffer, in string) {
	s, o := d.Scenario, d.Outcome
	fmt.Fprintf(b, "%s%s from %s: demand %s a year, stock %s, %s %% from the source that is cut; looked %d days ahead\n", in, s.Kind, dash(d.Start.String()), num(s.Demand, -1), num(s.Stock, -1), num(100*s.Share, 1), s.Horizon)
	fmt.Fprintf(b, "%s  stock cover %s days; time to survive %s, time to recover %s; act: %v; first stock-out %s\n", in, num(o.Cover, 1), num(o.Survive, 1), num(o.Recover, 1), o.Act, dash(d.StockOut.String()))
	fmt.Fprintf(b, "%s  gap %s, unmet %s, loss %s; price factor %s\n", in, num(o.Gap, 2), num(o.Unmet, 2), num(o.Loss, 2), num(o.PriceFactor, 2))
	if x := d.Drawn; x != nil {
		fmt.Fprintf(b, "%s  %d draws, seed %d: unmet P50 %s, P90 %s; time to survive P10 %s, P50 %s; chance of a stock-out %s; first stock-out P10 %s, P50 %s\n", in, x.N, x.Seed, num(x.Unmet.P50, 2), num(x.Unmet.P90, 2),
			num(x.Survive.P10, 1), num(x.Survive.P50, 1), num(x.StockOut, 3), dash(d.StockOutP10.String()), dash(d.StockOutP50.String()))
	}
	for _, g := range d.Ranking {
		fmt.Fprintf(b, "%s  mitigation %s: %s days gained, %s units saved, %s days per cost\n", in, g.Name, num(g.DaysGained, 1), num(g.UnmetSaved, 2), num(g.DaysPerCost, 4))
	}
	for _, t := range d.Tornado {
		fmt.Fprintf(b, "%s  unmet at %s 20 %% lower %s, 20 %% higher %s\n", in, t.Input, num(t.Low, 2), num(t.High, 2))
	}
}

// WriteText prints a company's items for people.
func (d *Company) WriteText(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "spend %s, at risk from %s %s\n", num(d.Spend, 2), d.Supplier, num(d.SpendAtRisk, 2))
	for i := range d.Items {
		it := &d.Items[i]
		fmt.Fprintf(&b, "%s: by origin %s; by processing %s; spend at risk %s\n", it.Item, countryShares(it.ByOrigin), countryShares(it.ByProcessing), num(it.SpendAtRisk, 2))
		for _, c := range it.Controls {
			fmt.Fprintf(&b, "  law  %s %s: %s on %s (%s)\n", c.Norm, c.Name, c.Standing, c.On, c.By)
		}
		it.Run.text(&b, "  ")
	}
	_, err := w.Write(b.Bytes())
	return err
}

func countryShares(shares []CountryShare) string {
	var all []string
	for _, s := range shares {
		all = append(all, s.Country+" "+num(100*s.Share, 1)+" %")
	}
	return strings.Join(all, ", ")
}

// WriteText prints a sheet for people.
func (d *Sheet) WriteText(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s (%s) on %s (%s), %d\n", d.ImporterName, d.Importer, d.SupplierName, d.Supplier, d.Year)
	for i := range d.Minerals {
		m := &d.Minerals[i]
		b.WriteByte('\n')
		m.text(&b)
		for j := range m.Trends {
			m.Trends[j].text(&b)
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

// WriteCSV prints a sheet, a customs line a row; minerals without flows have a row without a line.
func (d *Sheet) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	c.Write([]string{"importer", "supplier", "mineral", "grade", "may_be", "evidence", "hs6", "stage", "basket", "edition", "year", "imports_usd", "imports_t", "exports_usd", "exports_t",
		"share_value", "share_mass", "d_low", "d_high", "d_basis", "hhi", "effective_suppliers", "status", "evidence_grade", "trend", "trend_n", "trend_q"})
	for i := range d.Minerals {
		m := &d.Minerals[i]
		head := []string{d.Importer, d.Supplier, m.Mineral, string(m.Grade), string(m.MayBe), m.Evidence}
		if len(m.Lines) == 0 {
			c.Write(append(head, make([]string, 21)...))
		}
		for j := range m.Lines {
			l := &m.Lines[j]
			row := append(append([]string{}, head...), l.Line, l.Stage, l.Basket, l.Edition, strconv.Itoa(m.Year), plainNumber(l.Imports.USD), plainNumber(l.Imports.Tonnes), plainNumber(l.Exports.USD),
				plainNumber(l.Exports.Tonnes), plainNumber(l.ShareValue), plainNumber(l.ShareMass), plainNumber(l.Reliance.Dependence.Low), plainNumber(l.Reliance.Dependence.High), string(l.Basis),
				plainNumber(l.Concentration.HHI), plainNumber(l.Concentration.Effective), l.Status, l.Quality)
			verdict, n, q := "", "", ""
			for _, t := range m.Trends {
				if t.Line == l.Line {
					verdict, n, q = t.Verdict, strconv.Itoa(t.N), plainNumber(t.Q)
				}
			}
			c.Write(append(row, verdict, n, q))
		}
	}
	c.Flush()
	return c.Error()
}

// WriteCriticality prints materials, a stage a line.
func WriteCriticality(w io.Writer, docs []Criticality) error {
	var b bytes.Buffer
	for i := range docs {
		d := &docs[i]
		fmt.Fprintf(&b, "%s  %s %d %s  SR %s = f(HHI global %s, EU %s; IR %s; EoL %s; SI %s), printed %s, gap %s;  EI %s (SI %s), printed %s", cell(d.Material, 22), d.Stage, d.Edition, cell(d.Used, 7),
			num(d.SupplyRisk, 2), num(d.HHIGlobal, 2), num(d.HHIEU, 2), num(d.ImportReliance, 2), num(d.Recycling, 2), num(d.SISupply, 2), num(d.Printed, 1), num(d.Gap, 2), num(d.Importance, 2),
			num(d.SIImportance, 2), num(d.PrintedImportance, 1))
		for _, x := range d.Missing {
			fmt.Fprintf(&b, "; missing: %s", x)
		}
		b.WriteByte('\n')
	}
	_, err := w.Write(b.Bytes())
	return err
}

// WriteReroutes prints the evidence line by line.
func WriteReroutes(w io.Writer, docs []Reroute) error {
	var b bytes.Buffer
	for i := range docs {
		docs[i].text(&b)
	}
	_, err := w.Write(b.Bytes())
	return err
}

func (d *Reroute) text(b *bytes.Buffer) {
	fmt.Fprintf(b, "%s %s %s to %s, %d against %d, by %s: direct %s, with one step %s, traced %s; hubs supply %s\n", d.Line, d.Mineral, d.Supplier, d.Importer, d.Year, d.FromYear, d.Basis, num(d.Direct, 3),
		num(d.OneStep, 3), num(d.Traced, 3), num(d.HubShare, 3))
	for _, c := range d.Connectors {
		word := "seen"
		if c.Candidate {
			word = "candidate"
		}
		fmt.Fprintf(b, "  %s %s: buys %s t more from %s, sells %s t more to %s; exports over imports %s, unit values %s; %d of %d tests\n", word, c.Country, num(c.FromSupply, 1), d.Supplier, num(c.ToImporter, 1),
			d.Importer, num(c.Pass, 2), num(c.UnitValues, 2), c.Tests, c.Made)
	}
	for _, g := range d.OriginGaps {
		mark := ""
		if g.RefinerOrHub {
			mark = ": refiner or hub"
		}
		fmt.Fprintf(b, "  origin gap %s: %s of exports, %s of output%s (%s)\n", g.Country, num(g.ExportShare, 3), num(g.OutputShare, 3), mark, d.OutputFrom)
	}
	for _, m := range d.Mirror {
		fmt.Fprintf(b, "  mirror %s: importer declares %s USD, exporter %s; gap %s to %s, %s (%s)\n", m.Partner, num(m.Imported, 0), num(m.Exported, 0), num(m.Low, 2), num(m.High, 2), m.Cause, d.MirrorSource)
	}
}
