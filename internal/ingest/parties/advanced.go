package parties

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"lodestone/internal/party"
	"lodestone/internal/when"
)

// OFAC's advanced XML (SDN_ADVANCED.XML, CONS_ADVANCED.XML) keeps words, places, documents, parties and listings in tables that refer to one another
// by number. Listings stand behind the parties, so parties wait until the end.

// advValue is a word of a table.
type advValue struct {
	ID      string `xml:"ID,attr"`
	ISO2    string `xml:"ISO2,attr"`
	PartyID string `xml:"PartyTypeID,attr"`
	Text    string `xml:",chardata"`
}

type advDate struct {
	Year  int `xml:"Year"`
	Month int `xml:"Month"`
	Day   int `xml:"Day"`
}

// String prints as much of the day as is stated.
func (d advDate) String() string {
	switch {
	case d.Year == 0:
		return ""
	case d.Month == 0:
		return fmt.Sprintf("%04d", d.Year)
	case d.Day == 0:
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

type advParty struct {
	Ref     string `xml:"FixedRef,attr"`
	Profile struct {
		ID         string `xml:"ID,attr"`
		SubType    string `xml:"PartySubTypeID,attr"`
		Identities []struct {
			ID      string `xml:"ID,attr"`
			Aliases []struct {
				Primary bool `xml:"Primary,attr"`
				Weak    bool `xml:"LowQuality,attr"`
				Names   []struct {
					Parts []struct {
						Group string `xml:"NamePartGroupID,attr"`
						Text  string `xml:",chardata"`
					} `xml:"DocumentedNamePart>NamePartValue"`
				} `xml:"DocumentedName"`
			} `xml:"Alias"`
			Groups []struct {
				ID   string `xml:"ID,attr"`
				Type string `xml:"NamePartTypeID,attr"`
			} `xml:"NamePartGroups>MasterNamePartGroup>NamePartGroup"`
		} `xml:"Identity"`
		Features []struct {
			Type     string `xml:"FeatureTypeID,attr"`
			Versions []struct {
				Detail    string `xml:"VersionDetail"`
				Locations []struct {
					ID string `xml:"LocationID,attr"`
				} `xml:"VersionLocation"`
				Periods []struct {
					Start struct {
						About bool    `xml:"Approximate,attr"`
						From  advDate `xml:"From"`
					} `xml:"Start"`
					End struct {
						To advDate `xml:"To"`
					} `xml:"End"`
				} `xml:"DatePeriod"`
			} `xml:"FeatureVersion"`
		} `xml:"Feature"`
	} `xml:"Profile"`
}

// advanced gathers the tables of a file.
type advanced struct {
	words    map[string]advValue // by table and number: "Country 11033"
	places   map[string][]string // countries by location
	papers   map[string][]party.Identifier
	parties  []*party.Party
	profiles map[string]*party.Party
}

var advTables = []string{"Country", "FeatureType", "IDRegDocType", "List", "NamePartType", "PartySubType", "PartyType", "SanctionsType"}

func readOFACAdvanced(s *source) error {
	s.list.Name = "OFAC"
	a := advanced{words: map[string]advValue{}, places: map[string][]string{}, papers: map[string][]party.Identifier{}, profiles: map[string]*party.Party{}}
	err := s.elements(func(d *xml.Decoder, e xml.StartElement) error {
		switch name := e.Name.Local; {
		case name == "DateOfIssue":
			var day advDate
			err := d.DecodeElement(&day, &e)
			s.list.Date = date(day.String())
			return err
		case slices.Contains(advTables, name):
			var v advValue
			err := d.DecodeElement(&v, &e)
			a.words[name+" "+v.ID] = v
			return err
		case name == "Location":
			return a.place(d, &e)
		case name == "IDRegDocument":
			return a.paper(d, &e)
		case name == "DistinctParty":
			return a.party(d, &e)
		case name == "SanctionsEntry":
			return a.listing(d, &e)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, p := range a.parties {
		if p.List == "" {
			return fmt.Errorf("party %s stands on no list in this file: it is cut off or damaged; fetch it again", p.ID)
		}
		if err := s.add(*p); err != nil {
			return err
		}
	}
	return nil
}

func (a *advanced) word(table, id string) string {
	return strings.TrimSpace(a.words[table+" "+id].Text)
}

func (a *advanced) place(d *xml.Decoder, e *xml.StartElement) error {
	var x struct {
		ID        string `xml:"ID,attr"`
		Countries []struct {
			ID string `xml:"CountryID,attr"`
		} `xml:"LocationCountry"`
	}
	if err := d.DecodeElement(&x, e); err != nil {
		return err
	}
	for _, c := range x.Countries {
		v := a.words["Country "+c.ID]
		if v.ISO2 == "" {
			v.ISO2 = strings.TrimSpace(v.Text)
		}
		a.places[x.ID] = append(a.places[x.ID], v.ISO2)
	}
	return nil
}

func (a *advanced) paper(d *xml.Decoder, e *xml.StartElement) error {
	var x struct {
		Type     string `xml:"IDRegDocTypeID,attr"`
		Identity string `xml:"IdentityID,attr"`
		Number   string `xml:"IDRegistrationNo"`
	}
	if err := d.DecodeElement(&x, e); err != nil {
		return err
	}
	if number := strings.TrimSpace(x.Number); number != "" {
		a.papers[x.Identity] = append(a.papers[x.Identity], party.Identifier{Kind: a.word("IDRegDocType", x.Type), Value: number})
	}
	return nil
}

func (a *advanced) party(d *xml.Decoder, e *xml.StartElement) error {
	var x advParty
	if err := d.DecodeElement(&x, e); err != nil {
		return err
	}
	kind := a.words["PartySubType "+x.Profile.SubType]
	p := &party.Party{ID: x.Ref, Type: TypeOf(kind.Text), Source: "https://sanctionslist.ofac.treas.gov/"}
	if p.Type == "" {
		p.Type = TypeOf(a.word("PartyType", kind.PartyID))
	}
	var others []party.Name
	for _, identity := range x.Profile.Identities {
		part := map[string]string{}
		for _, g := range identity.Groups {
			part[g.ID] = a.word("NamePartType", g.Type)
		}
		for _, alias := range identity.Aliases {
			for i, documented := range alias.Names {
				var last string
				var rest []string
				for _, v := range documented.Parts {
					if strings.EqualFold(part[v.Group], "last name") && last == "" {
						last = strings.TrimSpace(v.Text)
					} else {
						rest = append(rest, v.Text)
					}
				}
				name := party.Name{Text: commaName(last, joined(" ", rest...)), Weak: alias.Weak}
				if alias.Primary && i == 0 {
					p.Names = append(p.Names, name)
				} else {
					others = append(others, name)
				}
			}
		}
		p.Identifiers = append(p.Identifiers, a.papers[identity.ID]...)
	}
	p.Names = append(p.Names, others...)
	a.features(p, &x)
	a.parties = append(a.parties, p)
	a.profiles[x.Profile.ID] = p
	return nil
}

func (a *advanced) features(p *party.Party, x *advParty) {
	for _, f := range x.Profile.Features {
		kind := a.word("FeatureType", f.Type)
		for _, v := range f.Versions {
			for _, l := range v.Locations {
				addUnique(&p.Countries, a.places[l.ID]...)
			}
			switch {
			case strings.EqualFold(kind, "birthdate"):
				for _, period := range v.Periods {
					born := period.Start.From.String()
					if to := period.End.To.String(); to != born {
						born = joined(" to ", born, to)
					}
					if period.Start.About && born != "" {
						born = "circa " + born
					}
					addUnique(&p.Born, born)
				}
			case strings.Contains(strings.ToLower(kind), "tail number") && strings.TrimSpace(v.Detail) != "":
				p.Identifiers = append(p.Identifiers, party.Identifier{Kind: kind, Value: strings.TrimSpace(v.Detail)})
			}
		}
	}
}

// listing puts a party on its list: the first day of its entries, and the programmes among their measures.
func (a *advanced) listing(d *xml.Decoder, e *xml.StartElement) error {
	var x struct {
		Profile string `xml:"ProfileID,attr"`
		List    string `xml:"ListID,attr"`
		Events  []struct {
			Date advDate `xml:"Date"`
		} `xml:"EntryEvent"`
		Measures []struct {
			Type    string `xml:"SanctionsTypeID,attr"`
			Comment string `xml:"Comment"`
		} `xml:"SanctionsMeasure"`
	}
	if err := d.DecodeElement(&x, e); err != nil {
		return err
	}
	p := a.profiles[x.Profile]
	if p == nil {
		return fmt.Errorf("a listing of profile %q, which is not in the file", x.Profile)
	}
	if p.List = a.word("List", x.List); strings.HasPrefix(p.List, "SDN") || p.List == "" {
		p.List = "SDN"
	}
	var first when.Date
	for _, event := range x.Events {
		if day := date(event.Date.String()); day != 0 && (first == 0 || day < first) {
			first = day
		}
	}
	if first != 0 && (p.Listed == 0 || first < p.Listed) {
		p.Listed = first
	}
	for _, m := range x.Measures {
		if strings.EqualFold(a.word("SanctionsType", m.Type), "program") {
			p.Measure = joined(", ", p.Measure, m.Comment)
		}
	}
	return nil
}
