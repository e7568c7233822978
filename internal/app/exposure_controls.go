package app

import (
	"slices"
	"strings"

	"lodestone/internal/ingest/trade"
	"lodestone/internal/law"
	"lodestone/internal/report"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// The law beside the trade: which norms customs lines and elements lead to.

// controlQuestion asks which norms of a supplier's law bear on a mineral, on a day.
type controlQuestion struct {
	book     *law.Book
	at       when.At
	supplier string
	mineral  string // empty: customs lines alone are asked about
	lang     string
}

// controlsOf joins minerals and lines with the norms of a supplier's law: by customs code that a norm prints, or by an element that its group
// is about, where the norm is not about other elements only. Either is a hint, never a verdict.
func controlsOf(q controlQuestion, lines []trade.MineralLine) []report.Control {
	s := q.book.At(q.at)
	elements := elementsNamed(q.book.Vocab, q.mineral)
	out := []report.Control{}
	for n := range q.book.Norms {
		c := &q.book.Norms[n]
		if c.Kind != "control" || !strings.HasPrefix(c.Act.ID, q.supplier+"-") || s.Standings[n].State == law.Unknown {
			continue
		}
		if by := joinedBy(q, c, elements, lines); by != "" {
			out = append(out, q.control(n, s, by))
		}
	}
	return out
}

func (q *controlQuestion) control(n int, s *law.Snapshot, by string) report.Control {
	c := &q.book.Norms[n]
	code, _ := c.CodeOn(q.book, s.At)
	return report.Control{Norm: c.Ref, Code: code, Name: c.Names.In(q.lang), Standing: s.Standings[n].State.String(), Effect: c.Norm.Effect, On: q.at.Effective, By: by}
}

// controls are the norms that bear on a mineral, or on a line: where one mineral only has the line, on that mineral; else by customs code alone.
func (e *Exposure) controls(b *law.Book, at when.At, supplier, mineral string, lines []trade.MineralLine) ([]report.Control, error) {
	if isLine(mineral) {
		all, err := e.lines()
		if err != nil {
			return nil, err
		}
		mineral = onlyMineral(all, mineral)
	}
	return controlsOf(controlQuestion{b, at, supplier, mineral, e.Lang}, lines), nil
}

// elementsNamed are the elements of a mineral: itself where it is one, the seventeen of the rare earths (scandium, yttrium, lanthanum to
// lutetium), none for minerals that are not named for elements.
func elementsNamed(v *vocab.Vocab, mineral string) []string {
	if mineral == "rare_earths" {
		var all []string
		for _, e := range v.Elements {
			if e.Number == 21 || e.Number == 39 || e.Number >= 57 && e.Number <= 71 {
				all = append(all, e.Symbol)
			}
		}
		return all
	}
	if el, ok := v.ElementNamed(mineral); ok {
		return []string{el.String()}
	}
	return nil
}

func joinedBy(q controlQuestion, c *law.Compiled, elements []string, lines []trade.MineralLine) string {
	about, at := elementsOf(q.book, c), q.at
	var shared []string
	for _, e := range about {
		if slices.Contains(elements, e) {
			shared = append(shared, e)
		}
	}
	if elements != nil && len(about) > 0 && shared == nil {
		return "" // a line that several minerals share leads to the norms of the others
	}
	for _, h := range c.HS {
		if at.Effective < h.From || h.To != 0 && at.Effective > h.To {
			continue
		}
		for _, l := range lines {
			if elements != nil && len(about) == 0 && !l.Exact {
				continue // a line of several minerals leads to norms that are about none of them in particular
			}
			if strings.HasPrefix(h.Code, l.HS2022) || strings.HasPrefix(l.HS2022, h.Code) { // a company's own code may be longer
				return report.Say(q.lang, "exposure.joined.hs", "code", h.Code)
			}
		}
	}
	if shared != nil {
		return report.Say(q.lang, "exposure.joined.element", "element", strings.Join(shared, "/"))
	}
	return ""
}

// elementsOf lists the elements that a norm is about: those of its groups, and where its own condition names some of them, these alone. A group of seven rare
// earths has norms on samarium and others on dysprosium.
func elementsOf(b *law.Book, c *law.Compiled) []string {
	var all, own []string
	for _, g := range c.Groups {
		for _, symbol := range b.Vocab.Groups[g-1].Elements {
			all = append(all, symbol)
			if e, ok := vocab.ElementOf(symbol); ok && c.Marks.Elements.Has(e) {
				own = append(own, symbol)
			}
		}
	}
	if own != nil {
		return own
	}
	return all
}
