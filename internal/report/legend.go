package report

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"lodestone/internal/law"
)

// Legend is what a reader of determinations must be told besides: what norms are called and where their text is, and how facts, values and tests
// are said in the language of the maker. Its maps are not changed once they are given out.
type Legend struct {
	Norms map[string]NormRef
	Acts  map[string]string // number of an act by its id
	Facts map[string]string // name of a fact
	Texts map[string]string // by fact, "=" and a raw value or test: how it is said, where that differs
}

// NormRef is a norm as people find it.
type NormRef struct {
	Name  string   `json:"name"`
	Cite  string   `json:"cite"`
	Links []string `json:"links,omitempty"` // addresses of sources, the best first
}

func (l *Legend) add(m *Legend) {
	for _, pair := range []struct{ to, from *map[string]string }{{&l.Acts, &m.Acts}, {&l.Facts, &m.Facts}, {&l.Texts, &m.Texts}} {
		if *pair.to == nil {
			*pair.to = map[string]string{}
		}
		for k, v := range *pair.from {
			if len(*pair.to) < maxLegend {
				(*pair.to)[k] = v
			}
		}
	}
	if l.Norms == nil {
		l.Norms = map[string]NormRef{}
	}
	maps.Copy(l.Norms, m.Norms)
}

// maxLegend bounds each list of a legend; what does not fit is shown as it stands.
const maxLegend = 50_000

// Legend gathers what the reader of a determination must be told besides.
func (m *Maker) Legend(d *Determination) *Legend {
	l := &Legend{Norms: map[string]NormRef{}, Acts: map[string]string{}, Facts: map[string]string{}, Texts: map[string]string{}}
	for i := range d.Requirements {
		r := &d.Requirements[i]
		l.Norms[r.Norm] = m.normRef(r.Norm)
		for _, x := range r.Because {
			l.Facts[x.Fact] = m.FactName(x.Fact)
			m.shown(l, x.Fact, x.Value)
			m.shown(l, x.Fact, x.Test)
		}
	}
	for i := range d.Near {
		n := &d.Near[i]
		l.Norms[n.Norm] = m.normRef(n.Norm)
		if n.Except == "" {
			fact, test, _ := strings.Cut(n.Failed, " ")
			l.Facts[fact] = m.FactName(fact)
			m.shown(l, fact, n.Value)
			m.shown(l, fact, test)
		}
	}
	for i := range d.Duties {
		l.Norms[d.Duties[i].Norm] = m.normRef(d.Duties[i].Norm)
	}
	for i := range d.Shares {
		l.Norms[d.Shares[i].Rule] = m.normRef(d.Shares[i].Rule)
	}
	for _, t := range d.Timeline {
		if act := m.Book.Act(t.By); act != nil {
			l.Acts[t.By] = cmp.Or(act.Number.In(m.Lang), act.Title.In(m.Lang))
		}
	}
	return l
}

func (m *Maker) shown(l *Legend, fact, raw string) {
	if raw == "" || len(raw) > maxCell {
		return
	}
	if text := m.reasonText(fact, raw); text != raw {
		l.Texts[fact+"="+raw] = text
	}
}

// maxLinks bounds the sources that a norm is shown with.
const maxLinks = 3

// normRef finds a norm by its full id.
func (m *Maker) normRef(ref string) NormRef {
	if r, ok := m.norms[ref]; ok {
		return r
	}
	r := NormRef{Name: ref, Cite: ref}
	if n, ok := m.Book.NormNumber(ref); ok {
		c := &m.Book.Norms[n]
		r = NormRef{Name: c.Names.In(m.Lang), Cite: m.citeIn(c), Links: linksOf(c)}
	}
	if m.norms == nil {
		m.norms = map[string]NormRef{}
	}
	m.norms[ref] = r
	return r
}

// linksOf are the web addresses of a norm's sources, or of its act's where it names none, the best grade first.
func linksOf(c *law.Compiled) []string {
	var sources []law.Source
	for _, s := range c.Act.Sources {
		if len(c.Norm.Sources) == 0 || slices.Contains(c.Norm.Sources, s.ID) {
			sources = append(sources, s)
		}
	}
	grade := func(s law.Source) int {
		if i := slices.Index(law.Grades, s.Grade); i >= 0 {
			return i
		}
		return len(law.Grades)
	}
	slices.SortStableFunc(sources, func(a, b law.Source) int { return grade(a) - grade(b) })
	var links []string
	for _, s := range sources {
		if url := WebAddress(s.URL); url != "" && len(links) < maxLinks {
			links = append(links, url)
		}
	}
	return links
}

// WebAddress is an address that can be followed; law files leave the scheme out where it is the usual one. Anything but the web is none.
func WebAddress(url string) string {
	switch {
	case url == "" || strings.ContainsAny(url, " \t\n"):
		return ""
	case strings.HasPrefix(url, "https://"), strings.HasPrefix(url, "http://"):
		return url
	case strings.Contains(url, ":"):
		return ""
	}
	host, _, _ := strings.Cut(url, "/")
	if !strings.Contains(host, ".") {
		return ""
	}
	return "https://" + url
}
