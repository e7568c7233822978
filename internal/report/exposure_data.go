package report

import (
	"fmt"

	"lodestone/internal/ingest/trade"
)

// LoadedPaper lays out what came of reading files.
func LoadedPaper(docs []Loaded, s Speaker) Paper {
	p := Paper{Title: s.Say("load.title"), speaker: s}
	lines := &Grid{Name: "loaded", Columns: columns("file hs6 side rows value:0 currency tonnes:1 hhi:3 top top_share_pct:1")}
	dropped := &Grid{Name: "set_aside", Columns: columns("file rows why first")}
	var about []string
	for i := range docs {
		r := &docs[i].Reading
		about = append(about, s.Say("load.reading", "file", r.Source, "layout", r.Layout, "edition", orNone(r.Edition), "rows", fmt.Sprint(r.Rows), "kept", fmt.Sprint(r.Kept), "aside", fmt.Sprint(r.Refused())))
		about = append(about, r.Notes...)
		for _, l := range docs[i].Lines {
			lines.add(r.Source, l.Line, l.Side, l.Rows, l.Value, r.Currency, l.Tonnes, l.HHI, l.Top, 100*l.TopShare)
		}
		for _, x := range r.Dropped {
			dropped.add(r.Source, x.Rows, x.Why, x.First.Error())
		}
	}
	p.Sections = []Section{{Lines: about, Grids: []*Grid{lines, dropped}}}
	return p
}

func orNone(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// SourcesPaper lays the carried data sets out.
func SourcesPaper(sources []trade.Source, s Speaker) Paper {
	g := &Grid{Name: "sources", Columns: columns("set title source licence edition period units rows packed_bytes digest")}
	for _, x := range sources {
		g.add(x.Name, x.Title, x.Source, x.Licence, x.Edition, x.Period, x.Units, x.Rows, int(x.Packed), x.Digest)
	}
	return Paper{Title: s.Say("sources.title"), Sections: []Section{{Grids: []*Grid{g}}}, speaker: s}
}

// ComputedPaper lays recomputed rows out, a result a row.
func ComputedPaper(rows []Computed, s Speaker) Paper {
	g := &Grid{Name: "computed", Columns: columns("set key result value:6 method")}
	for _, r := range rows {
		if r.Problem != nil {
			g.add(r.Set, r.Key, s.Word("problem"), r.Problem.Error(), r.Method)
		}
		for _, f := range r.Results {
			g.add(r.Set, r.Key, f.Name, plainResult(f.Value), r.Method)
		}
	}
	return Paper{Title: s.Say("computed.title", "n", fmt.Sprint(len(rows))), Sections: []Section{{Grids: []*Grid{g}}}, speaker: s}
}

// plainResult is a result as one cell: text and numbers as they are, lists and objects as JSON.
func plainResult(v any) any {
	switch v.(type) {
	case float64, int, string:
		return v
	}
	text, err := AppendNumbers(nil, v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
