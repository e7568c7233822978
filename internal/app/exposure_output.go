package app

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lodestone/internal/exposure"
	"lodestone/internal/ingest/trade"
	"lodestone/internal/report"
)

// Output of countries and of the world, from the tables of the Mineral Commodity Summaries.

// outputs gathers the output of a country from the world tables, newest edition first.
func (e *Exposure) outputs(country, mineral string, year int) ([]report.Output, error) {
	var out []report.Output
	for _, set := range []string{trade.NameUSGS, trade.NameUSGSOld} {
		all, err := e.chapters(set, mineral)
		if err != nil {
			return nil, err
		}
		for _, t := range worldTables(all, mineral, year) {
			w, err := gatherWorld(all, set, t.Chapter, t.Detail, t.Year)
			if err != nil || w.Tonnes == 0 {
				continue
			}
			world, err := e.coded(&w)
			if err != nil {
				return nil, err
			}
			o := report.Output{Stage: stageOf(t.Detail), Year: t.Year, From: w.Edition + ", " + strings.TrimSpace(t.Commodity) + ": " + t.Detail, World: world.Total() * w.Tonnes, Amount: world.Of(country)}
			o.Amount.Low *= w.Tonnes
			o.Amount.High *= w.Tonnes
			out = append(out, o)
		}
	}
	return out, nil
}

// coded gives the countries of a world table their codes; what is no country keeps its name.
func (e *Exposure) coded(w *worldTable) (exposure.World, error) {
	codes, err := e.Library.Codes()
	if err != nil {
		return exposure.World{}, err
	}
	code := func(name string) string {
		if c, ok := codes.ByName(strings.TrimSpace(name)); ok {
			return c
		}
		return name
	}
	world := exposure.World{Rest: w.Rest}
	for _, p := range w.Parts {
		world.Parts = append(world.Parts, exposure.Part{Who: code(p.Who), Amount: p.Amount})
	}
	for _, name := range w.Withheld {
		world.Withheld = append(world.Withheld, code(name))
	}
	return world, nil
}

// worldTables lists the production tables of a mineral for a year, one row of each.
func worldTables(all []trade.Statistic, mineral string, year int) []trade.Statistic {
	var found []trade.Statistic
	for i := range all {
		s := &all[i]
		if !s.World() || s.Kind != "Production" || s.IsTotal() || strings.TrimSuffix(s.Year, "e") != strconv.Itoa(year) {
			continue
		}
		if !chapterOf(s, mineral) {
			continue
		}
		if !slices.ContainsFunc(found, func(x trade.Statistic) bool { return x.Chapter == s.Chapter && x.Detail == s.Detail }) {
			found = append(found, *s)
		}
	}
	return found
}

// chapterOf says that a row is of a mineral's chapter, or of the mineral within the chapter of several.
func chapterOf(s *trade.Statistic, mineral string) bool {
	return inChapter(s.Chapter, s.Commodity, mineral)
}

func inChapter(chapter, commodity, mineral string) bool {
	name := strings.ToUpper(strings.ReplaceAll(mineral, "_", " "))
	if other, ok := chapterSpelling[mineral]; ok {
		name = other
	}
	chapter = strings.TrimSpace(chapter)
	return chapter == name || strings.HasPrefix(chapter, name+" ") || strings.EqualFold(strings.TrimSpace(commodity), name)
}

// chapterSpelling is how the survey spells minerals that the customs table spells otherwise.
var chapterSpelling = map[string]string{"baryte": "BARITE", "phosphorus": "PHOSPHATE ROCK"}

// stageOf is mine or refined, by the words of a statistic.
func stageOf(detail string) string {
	d := strings.ToLower(detail)
	if strings.Contains(d, "mine") {
		return "mine"
	}
	return "refined"
}

// stageFor says which output serves a customs line of a stage.
func stageFor(stage string) string {
	switch stage {
	case "ore", "mineral":
		return "mine"
	case "metal", "element", "gas", "alloy", "line":
		return "refined"
	}
	return "" // compounds and articles: no output table is of that stage
}

// worldTable is one statistic of a world table: countries, the lumped rest, and who is withheld.
type worldTable struct {
	Detail   string
	Unit     string
	Tonnes   float64 // in one unit; zero: no mass
	Year     string
	Edition  string
	Parts    []exposure.Part // by name as printed
	Rest     float64
	Withheld []string
}

// gatherWorld gathers a world table of the Mineral Commodity Summaries. Only world tables count: the salient statistics of the United States
// use the same words.
func gatherWorld(all []trade.Statistic, set, commodity, detail, year string) (worldTable, error) {
	w := worldTable{Detail: detail, Year: year, Withheld: []string{}}
	found := false
	for i := range all {
		s := &all[i]
		if !s.World() || s.Chapter != commodity || s.Detail != detail || strings.TrimSuffix(s.Year, "e") != year {
			continue
		}
		found, w.Unit, w.Tonnes, w.Edition = true, s.Unit, s.Tonnes(), s.Edition
		if s.IsTotal() {
			continue
		}
		x, cell := s.Number()
		switch {
		case cell != trade.CellNumber:
			w.Withheld = append(w.Withheld, s.Country)
		case s.IsRest():
			w.Rest += x
		default:
			w.Parts = append(w.Parts, exposure.Part{Who: s.Country, Amount: x})
		}
	}
	if !found {
		return w, fmt.Errorf("%s has no world table %q of %s for %s", set, detail, commodity, year)
	}
	return w, nil
}

// worldHHI is the concentration of world output at the stage of a line; not known where no table is of that stage.
func (e *Exposure) worldHHI(mineral, stage string, year int) (exposure.Range, error) {
	none := exposure.Range{Low: exposure.Unknown(), High: exposure.Unknown()}
	all, err := e.chapters(trade.NameUSGS, mineral)
	if err != nil {
		return none, err
	}
	for _, t := range worldTables(all, mineral, year) {
		w, err := gatherWorld(all, trade.NameUSGS, t.Chapter, t.Detail, t.Year)
		if err == nil && w.Tonnes > 0 && stageOf(t.Detail) == stageFor(stage) {
			k := exposure.Measure(w.Parts, w.Rest)
			return exposure.Range{Low: k.HHI, High: k.HHIUpper}, nil
		}
	}
	return none, nil
}

// worldOutput is the output of all countries at the stage of a line, in tonnes; none where no table is of that stage or the line is a bundle.
func (e *Exposure) worldOutput(l trade.MineralLine, year int) (parts []exposure.Part, from string, err error) {
	stage := stageFor(l.Stage)
	if stage == "" || !l.Exact {
		return nil, "", nil
	}
	codes, err := e.Library.Codes()
	if err != nil {
		return nil, "", err
	}
	all, err := e.chapters(trade.NameUSGS, l.Mineral)
	if err != nil {
		return nil, "", err
	}
	for _, t := range worldTables(all, l.Mineral, year) {
		w, err := gatherWorld(all, trade.NameUSGS, t.Chapter, t.Detail, t.Year)
		if err != nil || w.Tonnes == 0 || stageOf(t.Detail) != stage {
			continue
		}
		for _, p := range w.Parts {
			if code, ok := codes.ByName(strings.TrimSpace(p.Who)); ok {
				parts = append(parts, exposure.Part{Who: code, Amount: p.Amount * w.Tonnes})
			}
		}
		return parts, w.Edition + ", " + t.Detail, nil
	}
	return nil, "", nil
}
