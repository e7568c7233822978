package rule

import (
	"lodestone/internal/vocab"
)

// Marks is what a condition speaks of: by these it is recognised that a norm bears on an item, even where its answer is unknown.
type Marks struct {
	Kinds    []vocab.KindID
	Elements vocab.Elements // of element leaves
	Forms    vocab.FormSet
	Codes    []string // of hs leaves
	Thing    bool     // it says something of what the thing is (kind, element, form, parameter, code, share)
	Party    bool     // it asks for a listed party
	Share    bool     // it asks for the share of a content
	Contents []string // keys of those contents
	Contains []string // keys of contents that it looks for among the parts
	Declared bool     // it asks for what the exporter declares to know
	Groups   []vocab.GroupID
	Norms    []int // caught leaves
	AnyGroup bool  // caught: group:*

	TopicKinds    []vocab.KindID // of about leaves: they speak only of what is said to be technology or software
	TopicElements vocab.Elements
}

// RestsOnOthers says that the condition asks what other norms answered.
func (m *Marks) RestsOnOthers() bool { return m.AnyGroup || m.Groups != nil || m.Norms != nil }

// MarksOf gathers the marks of a condition; what stands under a "not" marks nothing.
func MarksOf(n Node) Marks {
	var m Marks
	mark(n, &m)
	return m
}

func mark(n Node, m *Marks) {
	switch n := n.(type) {
	case All:
		for _, x := range n {
			mark(x, m)
		}
	case Any:
		for _, x := range n {
			mark(x, m)
		}
	case Count:
		for _, x := range n.Of {
			mark(x, m)
		}
	case *kind:
		m.Kinds, m.Thing = append(m.Kinds, n.ids...), true
	case *element:
		m.Elements.Add(n.of)
		m.Thing = true
	case *form:
		m.Forms |= n.set
		m.Thing = true
	case *about:
		m.TopicKinds, m.Thing = append(m.TopicKinds, n.kinds...), true
		m.TopicElements.Union(n.elements)
	case *param, *named:
		m.Thing = true
	case *share:
		m.Thing, m.Share = true, true
		m.Contents = append(m.Contents, n.content.Key)
	case *contains:
		m.Thing = true
		m.Contains = append(m.Contains, n.content.Key)
	case *prefix:
		m.Thing = true
		if n.fact == "hs" {
			m.Codes = append(m.Codes, n.codes...)
		}
	case *party:
		m.Party = true
	case *knowledge:
		m.Declared = true
	case *caught:
		m.Groups = append(m.Groups, n.groups...)
		m.Norms = append(m.Norms, n.norms...)
		m.AnyGroup = m.AnyGroup || n.any
	}
}
