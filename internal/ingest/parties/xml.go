package parties

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"lodestone/internal/party"
)

// elements calls start with every element by name until the document ends. A document that ends early is cut off.
func (s *source) elements(start func(d *xml.Decoder, e xml.StartElement) error) error {
	d := xml.NewDecoder(s)
	for {
		t, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err == nil {
			if e, ok := t.(xml.StartElement); ok {
				err = start(d, e)
			}
		}
		if err != nil {
			return xmlError(err, d)
		}
	}
}

func xmlError(err error, d *xml.Decoder) error {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) && syntax.Msg == "unexpected EOF" || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the file is cut off; fetch it again")
	}
	line, column := d.InputPos()
	return fmt.Errorf("line %d, column %d: %w", line, column, err)
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// unParty is an individual or an entity of the UN list.
type unParty struct {
	First      string    `xml:"FIRST_NAME"`
	Second     string    `xml:"SECOND_NAME"`
	Third      string    `xml:"THIRD_NAME"`
	Fourth     string    `xml:"FOURTH_NAME"`
	Original   string    `xml:"NAME_ORIGINAL_SCRIPT"`
	Number     string    `xml:"REFERENCE_NUMBER"`
	Programme  string    `xml:"UN_LIST_TYPE"`
	Listed     string    `xml:"LISTED_ON"`
	PersonAKA  []unAlias `xml:"INDIVIDUAL_ALIAS"`
	EntityAKA  []unAlias `xml:"ENTITY_ALIAS"`
	Nations    []string  `xml:"NATIONALITY>VALUE"`
	PersonFrom []string  `xml:"INDIVIDUAL_ADDRESS>COUNTRY"`
	EntityFrom []string  `xml:"ENTITY_ADDRESS>COUNTRY"`
	Births     []struct {
		Date string `xml:"DATE"`
		Year string `xml:"YEAR"`
	} `xml:"INDIVIDUAL_DATE_OF_BIRTH"`
	Documents []struct {
		Kind   string `xml:"TYPE_OF_DOCUMENT"`
		Number string `xml:"NUMBER"`
	} `xml:"INDIVIDUAL_DOCUMENT"`
}

type unAlias struct {
	Quality string `xml:"QUALITY"`
	Name    string `xml:"ALIAS_NAME"`
}

func readUN(s *source) error {
	s.list.Name = "UN"
	return s.elements(func(d *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "CONSOLIDATED_LIST":
			s.list.Date = date(attribute(e, "dateGenerated"))
		case "INDIVIDUAL", "ENTITY":
			var u unParty
			if err := d.DecodeElement(&u, &e); err != nil {
				return err
			}
			kind := party.Organization
			if e.Name.Local == "INDIVIDUAL" {
				kind = party.Person
			}
			return s.add(u.party(kind))
		}
		return nil
	})
}

func (u *unParty) party(kind party.Type) party.Party {
	p := party.Party{
		List: "UN", ID: strings.TrimSpace(u.Number), Type: kind, Names: names(joined(" ", u.First, u.Second, u.Third, u.Fourth), u.Original),
		Measure: u.Programme, Listed: date(u.Listed), Countries: list(strings.Join(append(append(u.Nations, u.PersonFrom...), u.EntityFrom...), "\n"), "\n"),
	}
	for _, a := range append(u.PersonAKA, u.EntityAKA...) {
		for _, name := range strings.Split(a.Name, ";") {
			p.Names = append(p.Names, party.Name{Text: name, Weak: a.Quality == "Low"})
		}
	}
	for _, b := range u.Births {
		if when := joined(" ", b.Date, b.Year); when != "" {
			p.Born = append(p.Born, when)
		}
	}
	for _, doc := range u.Documents {
		if doc.Number != "" {
			p.Identifiers = append(p.Identifiers, party.Identifier{Kind: doc.Kind, Value: doc.Number})
		}
	}
	return p
}

// sdnEntry is a party of OFAC's SDN.XML and CONSOLIDATED.XML.
type sdnEntry struct {
	UID       string   `xml:"uid"`
	First     string   `xml:"firstName"`
	Last      string   `xml:"lastName"`
	Type      string   `xml:"sdnType"`
	Remarks   string   `xml:"remarks"`
	Programs  []string `xml:"programList>program"`
	Countries []string `xml:"addressList>address>country"`
	Births    []string `xml:"dateOfBirthList>dateOfBirthItem>dateOfBirth"`
	AKA       []struct {
		Category string `xml:"category"`
		First    string `xml:"firstName"`
		Last     string `xml:"lastName"`
	} `xml:"akaList>aka"`
	IDs []struct {
		Kind   string `xml:"idType"`
		Number string `xml:"idNumber"`
	} `xml:"idList>id"`
}

func readOFACXML(s *source) error {
	s.list.Name = "OFAC"
	due := 0
	err := s.elements(func(d *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "Publish_Date":
			var day string
			err := d.DecodeElement(&day, &e)
			s.list.Date = date(day)
			return err
		case "Record_Count":
			return d.DecodeElement(&due, &e)
		case "sdnEntry":
			var entry sdnEntry
			if err := d.DecodeElement(&entry, &e); err != nil {
				return err
			}
			return s.add(entry.party())
		}
		return nil
	})
	if err == nil && len(s.list.Parties) < due {
		err = fmt.Errorf("it says %d parties and holds %d: the file is cut off; fetch it again", due, len(s.list.Parties))
	}
	return err
}

func (x *sdnEntry) party() party.Party {
	p := party.Party{
		List: "SDN", ID: x.UID, Type: TypeOf(x.Type), Names: names(commaName(x.Last, x.First)), Countries: x.Countries, Born: x.Births,
		Measure: strings.Join(x.Programs, ", "), Source: "https://sanctionslist.ofac.treas.gov/",
	}
	for _, a := range x.AKA {
		p.Names = append(p.Names, party.Name{Text: commaName(a.Last, a.First), Weak: a.Category == "weak"})
	}
	for _, id := range x.IDs {
		p.Identifiers = append(p.Identifiers, party.Identifier{Kind: id.Kind, Value: id.Number})
	}
	addRemarks(&p, x.Remarks)
	return p
}

// commaName writes a name as OFAC's delimited files print it: "LAST, First".
func commaName(last, first string) string { return joined(", ", last, first) }

// euEntity is a party of the EU's consolidated list.
type euEntity struct {
	Number  string `xml:"euReferenceNumber,attr"`
	Subject struct {
		Code string `xml:"code,attr"`
	} `xml:"subjectType"`
	Regulations []struct {
		Title     string `xml:"numberTitle,attr"`
		Programme string `xml:"programme,attr"`
		Published string `xml:"publicationDate,attr"`
		URL       string `xml:"publicationUrl"`
	} `xml:"regulation"`
	Aliases []struct {
		Whole  string `xml:"wholeName,attr"`
		Strong string `xml:"strong,attr"`
	} `xml:"nameAlias"`
	Births []struct {
		Day  string `xml:"birthdate,attr"`
		Year string `xml:"year,attr"`
	} `xml:"birthdate"`
	Citizen []struct {
		Country string `xml:"countryIso2Code,attr"`
	} `xml:"citizenship"`
	Addresses []struct {
		Country string `xml:"countryIso2Code,attr"`
	} `xml:"address"`
	IDs []struct {
		Kind   string `xml:"identificationTypeCode,attr"`
		Number string `xml:"number,attr"`
	} `xml:"identification"`
}

func readEUXML(s *source) error {
	s.list.Name = "EU"
	return s.elements(func(d *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "export":
			s.list.Date = date(attribute(e, "generationDate"))
		case "sanctionEntity":
			var x euEntity
			if err := d.DecodeElement(&x, &e); err != nil {
				return err
			}
			return s.add(x.party())
		}
		return nil
	})
}

func (x *euEntity) party() party.Party {
	p := party.Party{List: "EU", ID: x.Number, Type: TypeOf(x.Subject.Code)}
	for _, a := range x.Aliases {
		p.Names = append(p.Names, party.Name{Text: a.Whole, Weak: a.Strong == "false"})
	}
	for i, r := range x.Regulations {
		p.Measure = joined("; ", p.Measure, joined(" ", r.Programme, r.Title))
		if i == 0 {
			p.Source, p.Listed = r.URL, date(r.Published)
		}
	}
	for _, b := range x.Births {
		if b.Day != "" || b.Year != "" {
			p.Born = append(p.Born, joined("", b.Day, onlyIf(b.Day == "", b.Year)))
		}
	}
	for _, c := range append(x.Citizen, x.Addresses...) {
		if c.Country != "" && c.Country != "00" {
			p.Countries = append(p.Countries, c.Country)
		}
	}
	for _, id := range x.IDs {
		p.Identifiers = append(p.Identifiers, party.Identifier{Kind: id.Kind, Value: id.Number})
	}
	return p
}

func onlyIf(yes bool, text string) string {
	if yes {
		return text
	}
	return ""
}

// ukDesignation is a party of the UK Sanctions List.
type ukDesignation struct {
	Number     string   `xml:"UniqueID"`
	Regime     string   `xml:"RegimeName"`
	Kind       string   `xml:"IndividualEntityShip"`
	Imposed    string   `xml:"SanctionsImposed"`
	Designated string   `xml:"DateDesignated"`
	Scripts    []string `xml:"NonLatinNames>NonLatinName>NameNonLatinScript"`
	Countries  []string `xml:"Addresses>Address>AddressCountry"`
	Nations    []string `xml:"IndividualDetails>Individual>Nationalities>Nationality"`
	Births     []string `xml:"IndividualDetails>Individual>DOBs>DOB"`
	Passports  []string `xml:"IndividualDetails>Individual>PassportDetails>Passport>PassportNumber"`
	IMO        []string `xml:"ShipDetails>Ship>IMONumbers>IMONumber"`
	Names      []struct {
		One      string `xml:"Name1"`
		Two      string `xml:"Name2"`
		Three    string `xml:"Name3"`
		Four     string `xml:"Name4"`
		Five     string `xml:"Name5"`
		Six      string `xml:"Name6"`
		Type     string `xml:"NameType"`
		Strength string `xml:"AliasStrength"`
	} `xml:"Names>Name"`
}

func readUKXML(s *source) error {
	s.list.Name = "UK"
	return s.elements(func(d *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "DateGenerated":
			var day string
			err := d.DecodeElement(&day, &e)
			s.list.Date = ukDate(day)
			return err
		case "Designation":
			var x ukDesignation
			if err := d.DecodeElement(&x, &e); err != nil {
				return err
			}
			return s.add(x.party())
		}
		return nil
	})
}

func (x *ukDesignation) party() party.Party {
	p := party.Party{
		List: "UK", ID: x.Number, Type: TypeOf(x.Kind), Countries: append(x.Countries, x.Nations...), Born: x.Births,
		Measure: joined("; ", x.Regime, x.Imposed), Listed: ukDate(x.Designated),
	}
	var primary, others []party.Name
	for _, n := range x.Names {
		name := party.Name{Text: joined(" ", n.One, n.Two, n.Three, n.Four, n.Five, n.Six), Weak: strings.Contains(strings.ToLower(n.Strength), "low")}
		if strings.EqualFold(strings.TrimSpace(n.Type), "primary name") {
			primary = append(primary, name)
		} else {
			others = append(others, name)
		}
	}
	p.Names = append(primary, others...)
	for _, script := range x.Scripts {
		p.Names = append(p.Names, party.Name{Text: script})
	}
	for _, number := range x.Passports {
		p.Identifiers = append(p.Identifiers, party.Identifier{Kind: "Passport", Value: number})
	}
	for _, number := range x.IMO {
		p.Identifiers = append(p.Identifiers, party.Identifier{Kind: "IMO", Value: number})
	}
	return p
}
