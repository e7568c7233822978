package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"lodestone/internal/exposure"
	"lodestone/internal/ingest/trade"
	"lodestone/internal/report/chart"
	"lodestone/internal/when"
)

// Network is how long a supply network meets its demand when parts of it stop. Times in days; null: not within the horizon, or not known.
type Network struct {
	Supplier string        `json:"supplier"`
	Start    when.Date     `json:"start,omitzero"`
	Horizon  int           `json:"horizon_days"`
	Recover  float64       `json:"recover_days_given"` // of sites whose rows do not say; null: not known
	Sites    []string      `json:"sites"`
	Country  *NetworkCut   `json:"country,omitempty"` // all sites of the supplier at once; left out: it has none
	Cuts     []NetworkCut  `json:"cuts"`              // each site by itself, the largest loss first
	Reading  trade.Reading `json:"reading"`
}

// NetworkCut is what a cut of some sites comes to.
type NetworkCut struct {
	Site     string            `json:"site,omitempty"` // empty: all sites of the country
	Country  string            `json:"country"`
	Survive  float64           `json:"time_to_survive_days"`
	Recover  float64           `json:"time_to_recover_days"`
	Act      bool              `json:"act"` // the first lies before the second; false as well where that is not known
	StockOut when.Date         `json:"first_stock_out,omitzero"`
	Lost     []exposure.Lost   `json:"lost"`        // over the time to recover
	Margin   float64           `json:"margin_lost"` // null: the time to recover is not known
	Scarce   []exposure.Scarce `json:"scarce"`      // things of which more in stock would carry the demand longer
}

// Paper lays a network out: the country at once, then site by site.
func (d *Network) Paper(s Speaker) Paper {
	p := Paper{Title: s.Say("network.title", "supplier", s.Country(d.Supplier), "start", orNone(d.Start.String())), speaker: s}
	first := Section{Foot: s.Say("network.note", "horizon", fmt.Sprint(d.Horizon))}
	if d.Country == nil {
		first.Lines = append(first.Lines, s.Say("network.untouched", "supplier", s.Country(d.Supplier)))
	} else {
		first.Lines = append(first.Lines, d.Country.lines(s, s.Say("network.all", "supplier", s.Country(d.Supplier)))...)
	}
	if slices.ContainsFunc(d.Cuts, func(c NetworkCut) bool { return !exposure.Known(c.Recover) }) {
		first.Lines = append(first.Lines, s.Say("network.no_recover"))
	}
	title := s.Say("network.chart")
	first.Charts = []chart.Figure{d.short(s, title).Figure(title, s.Say("network.chart_note"))}
	cuts := &Grid{Name: "cuts", Columns: columns("site country survive:1 recover:1 act first_out margin_lost:0 lost scarce")}
	lost := &Grid{Name: "lost", Columns: columns("site country item units:1 share_pct:1")}
	all := d.Cuts
	if d.Country != nil {
		all = append([]NetworkCut{*d.Country}, all...)
	}
	for i := range all {
		c := &all[i]
		cuts.add(verbatim(cmp.Or(c.Site, s.Word("all_sites"))), c.Country, c.Survive, c.Recover, c.acts(s), orNone(c.StockOut.String()), c.Margin, verbatim(c.lost()), verbatim(c.scarce(s)))
		for _, x := range c.Lost {
			lost.add(verbatim(cmp.Or(c.Site, s.Word("all_sites"))), c.Country, verbatim(x.Item), x.Units, 100*x.Share)
		}
	}
	first.Grids = []*Grid{cuts}
	p.Sections, p.Files = []Section{first}, []*Grid{cuts, lost}
	return p
}

// acts says whether to act; where the time to recover is not known that cannot be told.
func (c *NetworkCut) acts(s Speaker) string {
	switch {
	case c.Act:
		return s.Say("yes")
	case !exposure.Known(c.Recover) && exposure.Known(c.Survive):
		return "?"
	}
	return "–"
}

func (c *NetworkCut) lines(s Speaker, who string) []string {
	pairs := []string{"who", who, "survive", num(c.Survive, 1), "recover", num(c.Recover, 0), "on", c.StockOut.String(), "margin", grouped(num(c.Margin, 2)), "lost", c.lost()}
	switch {
	case !exposure.Known(c.Survive):
		return []string{s.Say("network.survives", pairs...)}
	case !exposure.Known(c.Recover):
		return []string{s.Say("network.open", pairs...)}
	case c.Act:
		return []string{s.Say("network.act", pairs...), s.Say("network.lost", pairs...)}
	}
	return []string{s.Say("network.in_time", pairs...)}
}

func (c *NetworkCut) lost() string {
	var all []string
	for _, x := range c.Lost {
		all = append(all, fmt.Sprintf("%s %s (%s)", x.Item, grouped(num(x.Units, 1)), exposure.Percent(x.Share)))
	}
	return strings.Join(all, ", ")
}

func (c *NetworkCut) scarce(s Speaker) string {
	var all []string
	for _, x := range c.Scarce {
		all = append(all, s.Say("network.scarce", "item", x.Item, "units", grouped(significant(x.PerDay))))
	}
	return strings.Join(all, ", ")
}

// significant prints an amount of any size with three digits that say something.
func significant(x float64) string {
	digits := 2 - int(math.Floor(math.Log10(x)))
	return num(x, max(0, digits))
}

// shownCuts is how many sites a chart shows.
const shownCuts = 20

// short draws by how many days the demand falls short of each recovery.
func (d *Network) short(s Speaker, title string) chart.Drawing {
	var bars []chart.Bar
	for _, c := range d.Cuts {
		if c.Act && len(bars) < shownCuts {
			bars = append(bars, chart.Bar{Name: c.Site + " (" + s.Country(c.Country) + ")", Value: c.Recover - c.Survive, Text: num(c.Recover-c.Survive, 0)})
		}
	}
	return chart.Bars(title, bars)
}

// Losses is how a loss of some sectors spreads. Money in that of the table, shares from 0 to 1.
type Losses struct {
	Direct        float64         `json:"direct_loss"`
	BackwardLoss  float64         `json:"backward_loss"`        // with what suppliers lose, the direct loss included
	ForwardLoss   float64         `json:"forward_loss"`         // with what customers lose, the direct loss included
	BackwardAdded float64         `json:"backward_value_added"` // null: the table gives none
	ForwardAdded  float64         `json:"forward_value_added"`
	Beyond        bool            `json:"beyond_the_table"`         // a sector would lose more than it makes: the cut is too large for a linear answer
	Sectors       []SectorLoss    `json:"sectors"`                  // the largest loss first
	Adjust        float64         `json:"adjust_per_day,omitempty"` // zero: the course is not told
	Days          int             `json:"cut_days,omitempty"`
	Backward      exposure.Course `json:"backward_course,omitzero"`
	Forward       exposure.Course `json:"forward_course,omitzero"`
	Reading       trade.Reading   `json:"reading"`
}

// SectorLoss is what one sector loses in a year of the cut.
type SectorLoss struct {
	Sector        string  `json:"sector"`
	Output        float64 `json:"output"`
	Cut           float64 `json:"cut"` // share lost at first
	Direct        float64 `json:"direct_loss"`
	Backward      float64 `json:"backward"` // share lost in the end
	Forward       float64 `json:"forward"`
	BackwardLoss  float64 `json:"backward_loss"`
	ForwardLoss   float64 `json:"forward_loss"`
	BackwardAdded float64 `json:"backward_value_added"`
	ForwardAdded  float64 `json:"forward_value_added"`
}

// Paper lays losses out.
func (d *Losses) Paper(s Speaker) Paper {
	money := func(x float64) string { return grouped(num(x, 1)) }
	pairs := []string{"direct", money(d.Direct), "backward", money(d.BackwardLoss), "forward", money(d.ForwardLoss), "by_backward", num(d.BackwardLoss/d.Direct, 2), "by_forward", num(d.ForwardLoss/d.Direct, 2),
		"added_backward", money(d.BackwardAdded), "added_forward", money(d.ForwardAdded), "n", fmt.Sprint(len(d.Sectors)), "days", fmt.Sprint(d.Days), "adjust", exposure.Percent(d.Adjust)}
	p := Paper{Title: s.Say("losses.title", pairs...), speaker: s}
	g := &Grid{Name: "losses", Columns: columns("sector output:1 cut_pct:2 direct_loss:1 backward_pct:3 backward_loss:1 forward_pct:3 forward_loss:1")}
	for _, x := range d.Sectors {
		g.add(verbatim(x.Sector), x.Output, 100*x.Cut, x.Direct, 100*x.Backward, x.BackwardLoss, 100*x.Forward, x.ForwardLoss)
	}
	first := Section{Lines: []string{s.Say("losses.backward", pairs...), s.Say("losses.forward", pairs...)}, Grids: []*Grid{g}, Foot: s.Say("losses.note")}
	if exposure.Known(d.BackwardAdded) {
		first.Lines = append(first.Lines, s.Say("losses.added", pairs...))
	}
	if d.Beyond {
		first.Lines = append(first.Lines, s.Say("losses.beyond"))
	}
	for _, x := range []struct {
		key  string
		loss func(SectorLoss) float64
	}{{"losses.chart_backward", func(x SectorLoss) float64 { return x.BackwardLoss - x.Direct }}, {"losses.chart_forward", func(x SectorLoss) float64 { return x.ForwardLoss - x.Direct }}} {
		title := s.Say(x.key)
		first.Charts = append(first.Charts, d.bars(title, x.loss).Figure(title, s.Say("losses.chart_note")))
	}
	p.Sections, p.Files = []Section{first}, []*Grid{g}
	if d.Adjust > 0 {
		p.Sections = append(p.Sections, d.course(s, pairs))
		p.Files = append(p.Files, d.daily())
	}
	return p
}

// shownSectors is how many sectors a chart shows; the table has all.
const shownSectors = 15

// bars draws the sectors that lose most, of what is told by loss.
func (d *Losses) bars(title string, loss func(SectorLoss) float64) chart.Drawing {
	sorted := slices.SortedStableFunc(slices.Values(d.Sectors), func(a, b SectorLoss) int { return cmp.Compare(loss(b), loss(a)) })
	var bars []chart.Bar
	for _, x := range sorted[:min(shownSectors, len(sorted))] {
		if v := loss(x); v > 0 {
			bars = append(bars, chart.Bar{Name: x.Sector, Value: v, Text: grouped(num(v, 1))})
		}
	}
	return chart.Bars(title, bars)
}

// course draws the loss of each day, both ways.
func (d *Losses) course(s Speaker, pairs []string) Section {
	title := s.Say("losses.course")
	var steps []string
	for day := range d.Backward.Daily {
		steps = append(steps, fmt.Sprint(day+1))
	}
	whole := func(c exposure.Course) string {
		sum := 0.0
		for _, x := range c.Daily {
			sum += x
		}
		return grouped(num(sum, 1))
	}
	back, ahead := whole(d.Backward), whole(d.Forward)
	lines := chart.Lines(title, steps, []chart.Layer{{Name: s.Word("backward"), Values: d.Backward.Daily, Text: "Σ " + back}, {Name: s.Word("forward"), Values: d.Forward.Daily, Text: "Σ " + ahead}},
		chart.Scale{Text: func(v float64) string { return grouped(num(v, -1)) }})
	return Section{Lines: []string{s.Say("losses.followed", append(pairs, "back", back, "ahead", ahead, "of", fmt.Sprint(len(steps)))...)}, Charts: []chart.Figure{lines.Figure(title, s.Say("losses.course_note", pairs...))}}
}

// daily is for files: a day a row.
func (d *Losses) daily() *Grid {
	g := &Grid{Name: "course", Columns: columns("day backward_loss:2 forward_loss:2")}
	for day := range d.Backward.Daily {
		g.add(day+1, d.Backward.Daily[day], d.Forward.Daily[day])
	}
	return g
}
