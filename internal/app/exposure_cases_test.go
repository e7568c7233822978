package app

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lodestone/internal/exposure"
	"lodestone/internal/ingest/trade"
	"lodestone/internal/law"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

func dependence(t *testing.T, e *Exposure, importer, mineral string) (grade, mayBe exposure.Grade, evidence string) {
	t.Helper()
	d, err := e.Dependence(DependenceQuestion{Importer: importer, Mineral: mineral, Supplier: "CN", Year: 2024})
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Because)+len(d.Missing) == 0 {
		t.Errorf("%s %s: a grade without a reason", importer, mineral)
	}
	for _, l := range d.Lines {
		if l.Basket == "" || l.Edition == "" || l.Basis == "" {
			t.Errorf("%s %s %s: a number without basis, basket or edition", importer, mineral, l.Line)
		}
	}
	return d.Grade, d.MayBe, d.Evidence
}

// TestKorea holds what the data say of Korea: dependence on supply, not import share alone.
func TestKorea(t *testing.T) {
	e := newExposure(t)
	for _, c := range []struct {
		mineral  string
		grade    exposure.Grade
		mayBe    exposure.Grade
		evidence string
	}{
		{"silver", "low", "", "reported"},              // refines its own
		{"indium", "moderate", "high", "reported"},     // 93 % of imports, and refined at home
		{"antimony", "low", "moderate", "computed"},    // capacity at home bounds it
		{"gallium", "high", "", "reported"},            // almost no output
		{"magnesium", "high", "", "reported"},          // none
		{"850511", "high", "", "computed"},             // magnets
		{"720292", "low", "", "computed"},              // ferro-vanadium: a net exporter with 72 % Chinese imports
		{"283691", "low", "", "computed"},              // lithium carbonate comes from Chile
		{"hafnium", "cannot_tell", "high", "computed"}, // a bundle only, nothing reported: nothing bounds it
		{"rare_earths", "moderate", "", "reported"},    // sources of 2023: 54 to 62 %
		{"tellurium", "moderate", "", "reported"},      // capacity alone is no output
	} {
		if g, m, ev := dependence(t, e, "KR", c.mineral); g != c.grade || m != c.mayBe || ev != c.evidence {
			t.Errorf("%s: %s, may be %q, %s; want %s, may be %q, %s", c.mineral, g, m, ev, c.grade, c.mayBe, c.evidence)
		}
	}
	if g, _, _ := dependence(t, e, "JP", "silver"); g != exposure.CannotTell {
		t.Errorf("nothing is held on Japan's silver, yet it is %s", g)
	}
}

// TestGeoPolRisk: Korea's magnesium comes from China alone and is made nowhere at home, so the import risk is China's instability of 2021.
func TestGeoPolRisk(t *testing.T) {
	d, err := newExposure(t).Dependence(DependenceQuestion{Importer: "KR", Mineral: "magnesium", Supplier: "CN", Year: 2024, Risk: true})
	if err != nil || len(d.Lines) == 0 || d.Lines[0].Risk == nil {
		t.Fatal(d.Lines, err)
	}
	r := d.Lines[0].Risk
	if r.ImportRisk.High < 0.59 || r.ImportRisk.High > 0.60 || r.Year != 2021 || r.Score.High > r.ImportRisk.High*r.HHI.High+1e-9 || r.Yale < 90 {
		t.Errorf("%+v", r)
	}
}

// TestFarFigures: figures reported for one year say nothing of a year long before.
func TestFarFigures(t *testing.T) {
	d, err := newExposure(t).Dependence(DependenceQuestion{Importer: "KR", Mineral: "antimony", Supplier: "CN", Year: 2010})
	if err != nil || d.Grade != exposure.High || len(d.Lines) != 1 || exposure.Known(d.Lines[0].Output.High) {
		t.Errorf("a capacity of 2025 is set against 2010: %+v %v", d.Judged, err)
	}
}

// TestLikeSilver: what makes Korea's silver low does so for any mineral and country with facts of the same kind, and only with them.
func TestLikeSilver(t *testing.T) {
	const head = "importer,mineral,period,measure,value,unit,basis,origin,publisher,source\n"
	book, _, err := LoadBook("")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		facts, importer, mineral string
		grade, mayBe             exposure.Grade
	}{
		"own output of weight":              {"DE,tellurium,2024,domestic_output,120,tonne,output,Works A,Gazette,https://example.org/1\n", "DE", "tellurium", exposure.Low, ""},
		"the same elsewhere":                {"IN,silver,2023,domestic_output,2400,tonne,output,Works A,Gazette,https://example.org/1\n", "IN", "silver", exposure.Low, ""},
		"two producers add up":              {"IN,silver,2023,domestic_output,800,tonne,output,Works A,Gazette,https://example.org/1\nIN,silver,2024,domestic_output,900,tonne,output,Works B,Gazette,https://example.org/2\n", "IN", "silver", exposure.Low, ""},
		"small output":                      {"IN,silver,2023,domestic_output,24,tonne,output,Works A,Gazette,https://example.org/1\n", "IN", "silver", exposure.CannotTell, exposure.High},
		"a capacity alone":                  {"IN,silver,2023,domestic_output,2400,tonne,capacity as reported,Works A,Gazette,https://example.org/1\n", "IN", "silver", exposure.CannotTell, exposure.High},
		"own output and Chinese imports":    {"IN,silver,2023,domestic_output,2400,tonne,output,Works A,Gazette,https://example.org/1\nIN,silver,2024,import_share,93,percent,weight,China,Gazette,https://example.org/2\n", "IN", "silver", exposure.Moderate, exposure.High},
		"Chinese imports and no own output": {"IN,silver,2024,import_share,93,percent,weight,China,Gazette,https://example.org/2\n", "IN", "silver", exposure.High, ""},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "korea_dependence_reported.csv"), []byte(head+c.facts), 0o644); err != nil {
			t.Fatal(err)
		}
		e, err := NewExposure(dir, book.Vocab, "en")
		if err != nil {
			t.Fatal(err)
		}
		if g, m, ev := dependence(t, e, c.importer, c.mineral); g != c.grade || m != c.mayBe || ev != "reported" {
			t.Errorf("%s: %s, may be %q, %s; want %s, may be %q, reported", name, g, m, ev, c.grade, c.mayBe)
		}
	}
}

// TestWordsAreThere: every document is printed in every form and language without a key that the catalogues lack.
func TestWordsAreThere(t *testing.T) {
	book, _, err := LoadBook("")
	if err != nil {
		t.Fatal(err)
	}
	at := when.At{Effective: when.Day(2026, 3, 1)}
	for _, lang := range report.Languages {
		e, err := NewExposure("", book.Vocab, lang)
		if err != nil {
			t.Fatal(err)
		}
		for name, paper := range papers(t, e, book, at) {
			for _, format := range []string{"table", "html", "csv", "xlsx"} {
				p := paper(report.Speaker{Lang: lang, Vocab: book.Vocab})
				var b bytes.Buffer
				if err := p.Write(&b, format); err != nil || b.Len() == 0 {
					t.Errorf("%s, %s, %s: %d bytes, %v", name, lang, format, b.Len(), err)
				}
				if i := strings.Index(b.String(), "exposure."); i >= 0 && format != "xlsx" {
					t.Errorf("%s, %s, %s: a key without words: %.60s", name, lang, format, b.String()[i:])
				}
			}
		}
	}
}

// papers are one of each document.
func papers(t *testing.T, e *Exposure, book *law.Book, at when.At) map[string]func(report.Speaker) report.Paper {
	t.Helper()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	d, err := e.Dependence(DependenceQuestion{Importer: "KR", Supplier: "CN", Mineral: "indium", Year: 2024, Book: book, At: at})
	must(err)
	sheet, err := e.Sheet(SheetQuestion{Importer: "KR", Supplier: "CN", Minerals: []string{"antimony", "silver", "850511"}, Year: 2024, Book: book, At: at})
	must(err)
	mineral, err := e.MineralSheet(MineralQuestion{Mineral: "tungsten", Supplier: "CN", Year: 2024, Book: book, At: at})
	must(err)
	trends, err := e.Trend(TrendQuestion{Importer: "JP", Supplier: "CN", Mineral: "silicon", From: trendFrom, To: panelTo, Basis: exposure.ByValue})
	must(err)
	reroutes, err := e.Reroute(RerouteQuestion{Importer: "GB", Supplier: "CN", Mineral: "antimony", From: 2018, Year: 2024})
	must(err)
	critical, err := e.Criticality("", 2023)
	must(err)
	company, err := e.Company("own.csv", strings.NewReader(ownTable), CompanyQuestion{Supplier: "CN", Book: book, Start: at.Effective, At: at,
		Scenario: exposure.Scenario{Kind: exposure.QuotaK, Quota: 0.3, Horizon: 365}, Chance: exposure.Chance{Draws: 50, Seed: 7}})
	must(err)
	found := map[string]func(report.Speaker) report.Paper{"dependence": d.Paper, "sheet": sheet.Paper, "mineral": mineral.Paper, "company": company.Paper,
		"trend":       func(s report.Speaker) report.Paper { return report.TrendPaper(trends, s) },
		"reroute":     func(s report.Speaker) report.Paper { return report.ReroutePaper(reroutes, s) },
		"criticality": func(s report.Speaker) report.Paper { return report.CriticalityPaper(critical, s) },
		"sources":     func(s report.Speaker) report.Paper { return report.SourcesPaper(e.Sources(), s) }}
	for _, kind := range []exposure.Kind{exposure.Stop, exposure.QuotaK, exposure.Delay, exposure.PriceK} {
		run, err := e.WhatIf(exposure.Scenario{Kind: kind, Demand: 1000, Stock: 100, Share: 0.9, Quota: 0.5, Wait: 60, Spread: 0.5, Margin: 2, Supply: 0.2, Price: 0.3, WorldShare: 0.4, Horizon: 400,
			Alternatives: []exposure.Alternative{{Name: "scrap", Capacity: 100, Lead: 30}}}, exposure.Chance{Draws: 50, Seed: 1}, at.Effective)
		must(err)
		found["what if "+string(kind)] = run.Paper
	}
	return found
}

// TestEpisode replays the licence on gallium and germanium of August 2023 from the carried figures: two dead months, then a return to a small
// part of the year before. The wait is what traders named, the share approved the largest that was seen; the spread is the only free number.
func TestEpisode(t *testing.T) {
	e := newExposure(t)
	facts, _, err := e.Library.Facts(trade.NameEpisode)
	if err != nil {
		t.Fatal(err)
	}
	var wait, stockLow, stockHigh float64
	for _, f := range facts {
		switch f.Measure {
		case "licence_time_traders":
			wait = 30 * f.Low
		case "stock_outside_china":
			stockLow, stockHigh = 30*f.Low, 30*f.High
		}
	}
	months, err := e.episode()
	if err != nil || len(months) != 8 || wait != 60 {
		t.Fatalf("%+v, wait %v days, %v", months, wait, err)
	}
	const sigma = 0.4
	approved := 0.0
	for _, m := range months {
		approved = max(approved, m.Share)
	}
	for _, m := range months {
		model := exposure.Licensed(float64(30*m.Month-15), wait, sigma, approved)
		if m.Month <= 2 && model > 0.10 || m.Month > 2 && (model < 0.08 || model > 0.27) {
			t.Errorf("month %d after the start is %.2f of normal", m.Month, model)
		}
		if d := model - m.Share; d > 0.2 || d < -0.2 {
			t.Errorf("%s, month %d: model %.2f, observed %.2f", m.Mineral, m.Month, model, m.Share)
		}
	}
	// Stocks of two to three months bridge the wait that the traders named; one month does not.
	for stock, act := range map[float64]bool{stockLow + 1: false, stockHigh: false, 30: true} {
		s := exposure.Scenario{Kind: exposure.Delay, Demand: 365, Stock: stock, Share: 1, Wait: wait, Horizon: 200}
		if s.Run().Act != act {
			t.Errorf("a stock of %v days: act is %v", stock, !act)
		}
	}
}

func TestKoreaTrends(t *testing.T) {
	e := newExposure(t)
	for line, want := range map[string]string{"811010": "falling", "811292": "rising", "850511": "flat"} {
		docs, err := e.Trend(TrendQuestion{Importer: "KR", Supplier: "CN", Mineral: line, From: trendFrom, To: panelTo, Basis: exposure.ByValue})
		if err != nil || len(docs) != 1 {
			t.Fatal(line, err)
		}
		if d := docs[0]; d.Verdict != want || d.N != 17 || d.Basis == "" || d.Edition == "" {
			t.Errorf("%s: %s, n %d, want %s", line, d.Verdict, d.N, want)
		}
	}
}

// TestOneStep: Korea's antimony is 43.5 % Chinese directly by value, and about half when one step of origin is counted in.
func TestOneStep(t *testing.T) {
	docs, err := newExposure(t).Reroute(RerouteQuestion{Importer: "KR", Supplier: "CN", Mineral: "antimony", From: 2018, Year: 2024})
	if err != nil || len(docs) != 1 {
		t.Fatal(docs, err)
	}
	d := docs[0]
	if !(d.OneStep > d.Direct && d.OneStep < 0.55) || d.Traced <= 0 {
		t.Errorf("direct %v, one step %v, traced %v", d.Direct, d.OneStep, d.Traced)
	}
	if d.ConnectorBasis != exposure.ByValue {
		t.Error("the panel of 2018 has no masses: connectors go by value")
	}
	for _, c := range d.Connectors {
		if c.Country == "TH" && c.Candidate {
			t.Error("Thailand buys next to nothing from China: a processing origin, no candidate")
		}
	}
}

// TestCriticality: every term is there, and the failures of the printed tables show as gaps.
func TestCriticality(t *testing.T) {
	e := newExposure(t)
	docs, err := e.Criticality("gallium", 2023)
	if err != nil || len(docs) != 1 {
		t.Fatal(docs, err)
	}
	if d := docs[0]; !(d.SupplyRisk > 3.7 && d.SupplyRisk < 3.85) || !d.Critical || !d.Bottleneck || d.HHIGlobal < 4.9 || d.Importance < 3.6 {
		t.Errorf("%+v", d)
	}
	germanium, err := e.Criticality("germanium", 2023)
	if err != nil || len(germanium) == 0 {
		t.Fatal(err)
	}
	if _, err := e.Criticality("galium", 2023); err == nil || !strings.Contains(err.Error(), "Gallium was probably meant") {
		t.Errorf("got %v", err)
	}
}

const ownTable = `supplier,item,hs,origin,processed_in,mass,unit,value,currency,stock,in_transit,margin
Alpha,NdFeB magnets,85051110,CN,CN,900,kg,90000,USD,120,,40
Beta,NdFeB magnets,85051110,CN,VN,100,kg,12000,USD,,,40
Gamma,NdFeB magnets,85051110,JP,JP,200,kg,30000,USD,30,10,40
Delta,gallium,81129290,CN,CN,50,kg,20000,USD,10,,0
`

// TestCompany joins a supplier table with the law on a day and runs it against the clock.
func TestCompany(t *testing.T) {
	book, problems, err := LoadBook("")
	if err != nil || problems.Refusals() > 0 {
		t.Fatal(err, problems)
	}
	q := CompanyQuestion{Supplier: "CN", Book: book, Start: when.Day(2026, 3, 1), At: when.At{Effective: when.Day(2026, 3, 1)},
		Scenario: exposure.Scenario{Kind: exposure.Delay, Wait: 60, Spread: 0.5, Horizon: 365}, Chance: exposure.Chance{Draws: 500, Seed: 7}}
	doc, err := newExposure(t).Company("own.csv", strings.NewReader(ownTable), q)
	if err != nil || len(doc.Items) != 2 {
		t.Fatal(doc, err)
	}
	m := doc.Items[0]
	if m.SpendAtRisk != 102000 || m.Spend != 132000 || m.Cut != 1000 || m.Stock != 160 {
		t.Errorf("magnets: %+v", m)
	}
	if m.ByOrigin[0].Country != "CN" || m.ByProcessing[1].Country != "VN" {
		t.Errorf("shares %v, %v", m.ByOrigin, m.ByProcessing)
	}
	// 1000 of 1200 kg are cut: 1000/365 kg lack a day, and 160 kg last 58.4 days, less than the wait of 60.
	if o := m.Run.Outcome; !o.Act || o.Survive < 58.3 || o.Survive > 58.5 || m.Run.StockOut != when.Day(2026, 3, 1)+58 {
		t.Errorf("run %+v, stock-out %s", o, m.Run.StockOut)
	}
	if g := doc.Items[1]; !g.Controlled || len(g.Controls) == 0 {
		t.Errorf("gallium stands under a control on the day: %+v", g.Controls)
	}
	again, err := newExposure(t).Company("own.csv", strings.NewReader(ownTable), q)
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"html", "csv", "table"} {
		if a, b := printed(t, doc.Paper, format), printed(t, again.Paper, format); a == "" || a != b {
			t.Errorf("the same seed gave other bytes as %s", format)
		}
	}
}

// The eleven lines of the Korea sheet.
var koreaLines = []string{"850511", "810411", "811292", "810194", "811010", "720292", "282200", "280469", "283691", "251110", "250490"}

func TestTheSheetsAskedForLastAreKept(t *testing.T) {
	e := newExposure(t)
	ask := func(lang, importer string) *report.SheetMineral {
		e.Lang = lang
		doc, err := e.Sheet(SheetQuestion{Importer: importer, Supplier: "CN", Minerals: []string{"antimony"}, Year: 2024})
		if err != nil || len(doc.Minerals) != 1 {
			t.Fatal(importer, len(doc.Minerals), err)
		}
		return &doc.Minerals[0]
	}
	first := ask("en", "KR")
	if ask("en", "KR") != first {
		t.Error("a sheet is made again that was asked for before")
	}
	if zh := ask("zh", "KR"); zh == first || slices.Equal(zh.Because, first.Because) {
		t.Error("a sheet in another language is that of the first")
	}
	e.Lang = "en"
	for year := 2000; year < 2000+sheetsKept; year++ {
		if _, err := e.Sheet(SheetQuestion{Importer: "KR", Supplier: "CN", Minerals: []string{"antimony"}, Year: year}); err != nil {
			t.Fatal(err)
		}
	}
	if len(e.sheets) != sheetsKept || ask("en", "KR") == first {
		t.Errorf("%d sheets are kept, or one for ever", len(e.sheets))
	}
}

func TestKoreaSheet(t *testing.T) {
	doc, err := newExposure(t).Sheet(SheetQuestion{Importer: "KR", Supplier: "CN", Minerals: koreaLines, Year: 2024})
	if err != nil || len(doc.Minerals) != len(koreaLines) {
		t.Fatal(len(doc.Minerals), err)
	}
	for i, want := range []struct{ musd, value, mass, hhi float64 }{ // docs of the source: imports M USD, shares, HHI
		{307.5, 0.874, 0.901, 0.776}, {57.9, 0.999, 1, 0.998}, {100.0, 0.924, 0.920, 0.856}, {7.0, 0.967, 0.977, 0.937}, {32.6, 0.434, 0.410, 0.353}, {47.2, 0.725, 0.717, 0.563},
		{82.0, 0.692, 0.596, 0.509}, {173.0, 0.838, 0.887, 0.713}, {425.2, 0.020, 0.021, 0.612}, {11.4, 0.953, 0.952, 0.909}, {1.2, 0.946, 0.998, 0.896},
	} {
		l := doc.Minerals[i].Lines[0]
		for _, x := range [][2]float64{{l.Imports.USD / 1e6, want.musd}, {l.ShareValue, want.value}, {l.ShareMass, want.mass}, {l.Concentration.HHI, want.hhi}} {
			if d := x[0] - x[1]; d > 0.06 || d < -0.06 {
				t.Errorf("%s: %v, want %v", l.Line, x[0], x[1])
			}
		}
	}
	page := printed(t, doc.Paper, "html")
	for _, want := range []string{"<svg", "<polygon", "<path", "<title>"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	for _, bad := range []string{"<script", "NaN", "src=", "<link", "exposure."} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %s", bad)
		}
	}
	if table := printed(t, doc.Paper, "csv"); strings.Count(table, "\n") != len(koreaLines)+1 {
		t.Error(table)
	}
}

// printed is a document as people get it.
func printed(t *testing.T, paper func(report.Speaker) report.Paper, format string) string {
	t.Helper()
	book, _, err := LoadBook("")
	if err != nil {
		t.Fatal(err)
	}
	p := paper(report.Speaker{Lang: "en", Vocab: book.Vocab})
	var b bytes.Buffer
	if err := p.Write(&b, format); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// BenchmarkKoreaSheet opens the carried data anew each time.
func BenchmarkKoreaSheet(b *testing.B) {
	v := newExposure(b).Vocab
	for b.Loop() {
		e, err := NewExposure("", v, "en")
		if err != nil {
			b.Fatal(err)
		}
		if _, err := e.Sheet(SheetQuestion{Importer: "KR", Supplier: "CN", Minerals: koreaLines, Year: 2024}); err != nil {
			b.Fatal(err)
		}
	}
}
