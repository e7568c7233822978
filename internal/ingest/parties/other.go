package parties

import (
	"cmp"
	"encoding/json"
	"io"
	"path/filepath"
	"strings"

	"lodestone/internal/party"
)

// ftmTypes are the FollowTheMoney schemata that are parties; others (addresses, ownership, sanctions) are links between them.
var ftmTypes = map[string]party.Type{
	"Person": party.Person, "Company": party.Organization, "Organization": party.Organization, "PublicBody": party.Organization,
	"Vessel": party.Vessel, "Airplane": party.Aircraft, "LegalEntity": "",
}

func readFTM(s *source) error {
	s.list.Name = "FollowTheMoney"
	return s.lines(func(data []byte) error {
		var row struct {
			ID, Schema, Caption string
			Properties          map[string][]json.RawMessage
		}
		if err := json.Unmarshal(data, &row); err != nil {
			return err
		}
		kind, ok := ftmTypes[row.Schema]
		if !ok {
			return nil
		}
		get := func(property string) (out []string) {
			for _, raw := range row.Properties[property] {
				var text string
				if json.Unmarshal(raw, &text) == nil { // a nested entity is no text
					out = append(out, text)
				}
			}
			return out
		}
		p := party.Party{
			List: "FTM", ID: row.ID, Type: kind, Names: names(row.Caption, append(get("name"), get("alias")...)...), Born: get("birthDate"),
			Countries: append(get("country"), get("nationality")...), Measure: strings.Join(append(get("program"), get("topics")...), ", "),
		}
		for _, weak := range get("weakAlias") {
			p.Names = append(p.Names, party.Name{Text: weak, Weak: true})
		}
		for _, kind := range []string{"imoNumber", "leiCode", "uscCode", "registrationNumber", "passportNumber", "idNumber", "taxNumber", "innCode", "ogrnCode"} {
			for _, v := range get(kind) {
				p.Identifiers = append(p.Identifiers, party.Identifier{Kind: kind, Value: v})
			}
		}
		return s.add(p)
	})
}

// readNotices reads the layout in which notices of METI and MOFCOM are kept: aliases parted by " ; ".
func readNotices(s *source) error {
	t, err := newTable(s, ',', "entity_name")
	if err != nil {
		return err
	}
	for {
		if err := t.next(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if s.list.Name == "" {
			s.list.Name = strings.ToUpper(t.get("list_id"))
		}
		err := s.add(party.Party{
			List: t.get("list_id"), ID: t.get("id"), Type: TypeOf(t.get("entity_type")), Names: names(t.get("entity_name"), list(t.get("aliases"), " ; ")...),
			Countries: list(t.get("addresses"), "\n"), Measure: t.get("reason"), Listed: date(t.get("date_added")), Source: t.get("source_url"),
		})
		if err != nil {
			return err
		}
	}
}

// readDPL reads BIS's own text of the denied persons, one row an address.
func readDPL(s *source) error {
	s.list.Name = "BIS DPL"
	t, err := newTable(s, '\t', "name")
	if err != nil {
		return err
	}
	for {
		if err := t.next(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		p := party.Party{
			List: "DPL", Names: names(t.get("name")), Listed: date(t.get("effective_date")), Ended: date(t.get("expiration_date")), Measure: joined("; ", "denied export privileges", t.get("fr_citation")),
		}
		addUnique(&p.Countries, t.get("country"))
		if err := s.add(p); err != nil {
			return err
		}
	}
}

// readPlain reads CSV with a column "name": the user's own list.
func readPlain(s *source) error {
	comma := ','
	if line := firstLine(s.head); strings.Count(line, ";") > strings.Count(line, ",") {
		comma = ';'
	} else if strings.Count(line, "\t") > strings.Count(line, ",") {
		comma = '\t'
	}
	t, err := newTable(s, comma, "name")
	if err != nil {
		return err
	}
	s.list.Name = filepath.Base(s.name)
	for {
		if err := t.next(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		p := party.Party{
			List: cmp.Or(t.get("list"), "own"), ID: t.get("id"), Type: TypeOf(t.get("type")), Names: names(t.get("name"), list(t.get("aliases"), ";")...),
			Countries: list(t.get("country"), ";"), Measure: t.first("measure", "reason"), Listed: date(t.first("listed", "from")), Ended: date(t.first("ended", "to")),
		}
		if v := t.get("identifier"); v != "" {
			p.Identifiers = []party.Identifier{{Value: v}}
		}
		if err := s.add(p); err != nil {
			return err
		}
	}
}
