package parties

import (
	"encoding/json"
	"io"
	"strings"
	"time"

	"lodestone/internal/party"
	"lodestone/internal/when"
)

// ukDate reads a day of the UK list, which puts the day before the month.
func ukDate(text string) when.Date {
	for _, layout := range []string{"02/01/2006", "02-Jan-2006", "2006-01-02"} {
		if t, err := time.Parse(layout, strings.TrimSpace(text)); err == nil {
			return when.Of(t)
		}
	}
	return 0
}

// groups gathers the rows of one party, which stand one after another or apart.
type groups struct {
	order []*party.Party
	byID  map[string]*party.Party
}

func (g *groups) get(id string) (p *party.Party, fresh bool) {
	if p, ok := g.byID[id]; ok {
		return p, false
	}
	if g.byID == nil {
		g.byID = map[string]*party.Party{}
	}
	p = &party.Party{ID: id}
	g.byID[id] = p
	g.order = append(g.order, p)
	return p, true
}

func (g *groups) addTo(s *source) error {
	for _, p := range g.order {
		if err := s.add(*p); err != nil {
			return err
		}
	}
	return nil
}

func readUKCSV(s *source) error {
	s.list.Name = "UK"
	if day, ok := strings.CutPrefix(firstLine(s.head), "Report Date:"); ok {
		s.list.Date = ukDate(strings.Trim(day, `, "`))
	}
	t, err := newTable(s, ',', "unique id")
	if err != nil {
		return err
	}
	var g groups
	for {
		err := t.next()
		if err == io.EOF {
			return g.addTo(s)
		}
		if err != nil {
			return err
		}
		p, fresh := g.get(t.get("unique id"))
		if fresh {
			p.List, p.Type = "UK", TypeOf(t.first("individual, entity, ship", "designation type"))
			p.Measure, p.Listed = joined("; ", t.get("regime name"), t.get("sanctions imposed")), ukDate(t.get("date designated"))
		}
		name := party.Name{
			Text: joined(" ", t.get("name 1"), t.get("name 2"), t.get("name 3"), t.get("name 4"), t.get("name 5"), t.get("name 6")),
			Weak: strings.Contains(strings.ToLower(t.get("alias strength")), "low"),
		}
		if strings.EqualFold(t.get("name type"), "primary name") {
			p.Names = append([]party.Name{name}, p.Names...)
		} else {
			p.Names = append(p.Names, name)
		}
		p.Names = append(p.Names, party.Name{Text: t.get("name non-latin script")})
		addUnique(&p.Countries, t.get("address country"), t.get("nationality(/ies)"))
		addUnique(&p.Born, t.get("d.o.b"))
		for column, kind := range map[string]string{"imo number": "IMO", "passport number": "Passport", "business registration number (s)": "Registration"} {
			if v := t.get(column); v != "" {
				p.Identifiers = append(p.Identifiers, party.Identifier{Kind: kind, Value: v})
			}
		}
	}
}

func addUnique(to *[]string, values ...string) {
next:
	for _, v := range values {
		if v == "" {
			continue
		}
		for _, have := range *to {
			if have == v {
				continue next
			}
		}
		*to = append(*to, v)
	}
}

func readEUCSV(s *source) error {
	s.list.Name = "EU"
	t, err := newTable(s, ';', "namealias_wholename")
	if err != nil {
		return err
	}
	var g groups
	for {
		err := t.next()
		if err == io.EOF {
			return g.addTo(s)
		}
		if err != nil {
			return err
		}
		id := t.first("entity_eu_referencenumber", "entity_logicalid")
		if id == "" {
			continue
		}
		if s.list.Date == 0 {
			s.list.Date = ukDate(t.get("filegenerationdate"))
		}
		p, fresh := g.get(id)
		if fresh {
			p.List, p.Type = "EU", TypeOf(t.first("entity_subjecttype", "entity_subjecttype_classificationcode"))
			p.Measure = joined(" ", t.get("entity_regulation_programme"), t.get("entity_regulation_numbertitle"))
			p.Source = t.get("entity_regulation_publicationurl")
		}
		p.Names = append(p.Names, party.Name{Text: t.get("namealias_wholename"), Weak: t.get("namealias_strong") == "false"})
		addUnique(&p.Countries, t.get("citizenship_countryiso2code"), t.get("address_countryiso2code"))
		addUnique(&p.Born, t.get("birthdate_birthdate"))
		if v := t.get("identification_number"); v != "" {
			p.Identifiers = append(p.Identifiers, party.Identifier{Kind: t.get("identification_typecode"), Value: v})
		}
	}
}

// readNamesLines reads JSON Lines with an array of names: the layout of the EU and UK lists in which this project keeps its test data.
func readNamesLines(s *source) error {
	return s.lines(func(data []byte) error {
		var row struct {
			List, ID, Type string
			Names          []struct {
				Name     string
				Weak     bool
				Strength string
			}
			Programmes      []string
			Regulation      string
			URL             string   `json:"publication_url"`
			Births          []string `json:"birth_dates"`
			Countries       []string
			Identifications []json.RawMessage
			Regime          string
			Designated      string   `json:"date_designated"`
			Imposed         []string `json:"sanctions_imposed"`
		}
		if err := json.Unmarshal(data, &row); err != nil {
			return err
		}
		if s.list.Name == "" {
			s.list.Name = row.List
		}
		p := party.Party{
			List: row.List, ID: row.ID, Type: TypeOf(row.Type), Countries: row.Countries, Born: row.Births, Source: row.URL, Listed: date(row.Designated),
			Measure: joined("; ", strings.Join(row.Programmes, ", "), row.Regulation, row.Regime, strings.Join(row.Imposed, ", ")),
		}
		for _, n := range row.Names {
			p.Names = append(p.Names, party.Name{Text: n.Name, Weak: n.Weak || strings.Contains(strings.ToLower(n.Strength), "low")})
		}
		for _, raw := range row.Identifications {
			if id, ok := identification(raw); ok {
				p.Identifiers = append(p.Identifiers, id)
			}
		}
		return s.add(p)
	})
}

// identification is a number, by itself or with its kind.
func identification(raw json.RawMessage) (party.Identifier, bool) {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return party.Identifier{Value: text}, text != ""
	}
	var id struct{ Type, Kind, Number, Value string }
	if json.Unmarshal(raw, &id) != nil {
		return party.Identifier{}, false
	}
	out := party.Identifier{Kind: joined("", id.Type, id.Kind), Value: joined("", id.Number, id.Value)}
	return out, out.Value != ""
}
