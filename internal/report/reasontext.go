package report

import (
	"strings"
)

// factName is a fact as its reader calls it, where the determination was told so.
func (d *Determination) factName(fact string) string {
	if d.Legend != nil && d.Legend.Facts[fact] != "" {
		return d.Legend.Facts[fact]
	}
	return fact
}

// saidOf is a value or test of a reason as people say it, where the determination was told so.
func saidOf(d *Determination, fact, raw string) string {
	if d.Legend != nil {
		if text, ok := d.Legend.Texts[fact+"="+raw]; ok {
			return text
		}
	}
	return raw
}

// reasonText is a value or a test of a reason as people say it.
func (m *Maker) reasonText(fact, raw string) string {
	family, _, _ := strings.Cut(fact, ".")
	switch family {
	case "shares":
		return m.tests([]string{raw})
	case "caught":
		return m.joined(raw, m.catcherName)
	case "description":
		return m.descriptionTest(raw)
	case "end_user":
		return m.listTest(raw)
	case "hs", "control_code":
		return m.codeTest(raw)
	}
	return m.joined(raw, func(part string) string {
		if part == "present" && part != raw || part == "" {
			return part
		}
		return m.AnswerText(fact, part)
	})
}

// joined says each of the words that a comma parts.
func (m *Maker) joined(raw string, say func(string) string) string {
	parts := strings.Split(raw, ", ")
	for i, p := range parts {
		parts[i] = say(p)
	}
	return strings.Join(parts, Say(m.Lang, "list.comma"))
}

// catcherName is a control by which things are caught, or a group of them.
func (m *Maker) catcherName(word string) string {
	id, isGroup := strings.CutPrefix(word, "group:")
	switch {
	case id == "*":
		return Say(m.Lang, "test.any_control")
	case isGroup:
		return Say(m.Lang, "test.controls_on", "names", m.groupNames(word))
	}
	return m.normRef(word).Name
}

// descriptionTest is what a description is looked through for: kinds that it names, or what cannot be known from it.
func (m *Maker) descriptionTest(raw string) string {
	if kinds, ok := strings.CutPrefix(raw, "names "); ok {
		return Say(m.Lang, "test.names", "names", m.kindNames([]string{kinds}))
	}
	if raw == "which technology is meant" {
		return Say(m.Lang, "test.which_technology")
	}
	return m.kindNames([]string{raw})
}

// listTest is on which lists a party is looked for.
func (m *Maker) listTest(raw string) string {
	lists, ok := strings.CutPrefix(raw, "on ")
	if !ok {
		return raw // the name of a party
	}
	lists, measure, with := strings.Cut(lists, " with ")
	if lists == "a list" {
		lists = Say(m.Lang, "test.any_list")
	}
	names := m.joined(lists, m.listName)
	if with {
		return Say(m.Lang, "test.on_list_with", "lists", names, "measure", m.termNames("measure", []string{measure}))
	}
	return Say(m.Lang, "test.on_list", "lists", names)
}

func (m *Maker) listName(id string) string {
	for i := range m.Book.Lists {
		if l := &m.Book.Lists[i]; l.ID == id {
			return l.Names.In(m.Lang)
		}
	}
	return id
}

// codeTest is among which codes one is looked for, where they are too many to be named.
func (m *Maker) codeTest(raw string) string {
	rest, not := strings.CutPrefix(raw, "not ")
	key := "test.code"
	if not {
		key = "test.no_code"
	}
	count, many := strings.CutPrefix(rest, "one of ")
	count, ends := strings.CutSuffix(count, " codes")
	switch {
	case many && ends:
		return Say(m.Lang, key+"_of", "count", count)
	case not:
		return Say(m.Lang, key, "codes", rest)
	}
	return m.AnswerText("hs", raw)
}
