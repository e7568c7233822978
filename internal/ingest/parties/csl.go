package parties

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"lodestone/internal/party"
)

// cslRow is a party of the US Consolidated Screening List, as trade.gov names its fields.
type cslRow struct {
	Source    string   `json:"source"`
	List      string   `json:"list"`
	Number    string   `json:"entity_number"`
	Type      string   `json:"type"`
	Programs  texts    `json:"programs"`
	Name      string   `json:"name"`
	AltNames  texts    `json:"alt_names"`
	Countries []string `json:"countries"`
	Country   string   `json:"country"`
	Addresses []struct {
		Country string `json:"country"`
	} `json:"addresses"`
	Notice      string `json:"federal_register_notice"`
	Start       string `json:"start_date"`
	End         string `json:"end_date"`
	Requirement string `json:"license_requirement"`
	Policy      string `json:"license_policy"`
	Source_URL  string `json:"source_list_url"`
	Births      texts  `json:"dates_of_birth"`
	IDs         []struct {
		Type   string `json:"type"`
		Number string `json:"number"`
	} `json:"ids"`
}

// texts is a list of texts, or one text.
type texts []string

// UnmarshalJSON reads a list, a text of values parted by semicolons, or null.
func (t *texts) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '[' {
		var all []string
		err := json.Unmarshal(data, &all)
		*t = all
		return err
	}
	var one string
	if err := json.Unmarshal(data, &one); err != nil {
		return err
	}
	*t = list(one, ";")
	return nil
}

func (r *cslRow) party() party.Party {
	p := party.Party{
		List: r.List, ID: r.Number, Type: TypeOf(r.Type), Names: names(r.Name, r.AltNames...), Countries: r.Countries, Born: r.Births,
		Measure: joined("; ", strings.Join(r.Programs, ", "), r.Requirement, r.Policy), Source: r.Source_URL, Listed: date(r.Start), Ended: date(r.End),
	}
	if p.List == "" {
		p.List = sourceCode(r.Source)
	}
	if r.Country != "" {
		p.Countries = append(p.Countries, r.Country)
	}
	for _, a := range r.Addresses {
		if a.Country != "" {
			p.Countries = append(p.Countries, a.Country)
		}
	}
	for _, id := range r.IDs {
		p.Identifiers = append(p.Identifiers, party.Identifier{Kind: id.Type, Value: id.Number})
	}
	return p
}

// sourceWord is the short code in the name of a source: "Entity List (EL) - Bureau of Industry and Security".
var sourceWord = regexp.MustCompile(`\(([A-Z-]{2,8})\)`)

func sourceCode(source string) string {
	if m := sourceWord.FindStringSubmatch(source); m != nil {
		return m[1]
	}
	return source
}

func readCSLLines(s *source) error {
	s.list.Name = "US CSL"
	return s.lines(func(data []byte) error {
		var row cslRow
		if err := json.Unmarshal(data, &row); err != nil {
			return err
		}
		return s.add(row.party())
	})
}

// lines calls f with each line of JSON Lines.
func (s *source) lines(f func(data []byte) error) error {
	for line := 1; ; line++ {
		data, err := s.line()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
		if len(data) == 0 {
			continue
		}
		if err := f(data); err != nil {
			var syntax *json.SyntaxError
			if errors.As(err, &syntax) {
				if _, next := s.Peek(1); next == io.EOF {
					return fmt.Errorf("line %d: the last line is no whole object: the file is cut off; fetch it again", line)
				}
			}
			return fmt.Errorf("line %d: %w", line, err)
		}
	}
}

// line reads a line of any length up to the limit.
func (s *source) line() ([]byte, error) {
	var whole []byte
	for {
		part, err := s.ReadSlice('\n')
		if err == nil && whole == nil {
			return trimEnd(part), nil
		}
		whole = append(whole, part...)
		if len(whole) > maxLine {
			return nil, fmt.Errorf("longer than %d MB", maxLine>>20)
		}
		switch {
		case err == nil:
			return trimEnd(whole), nil
		case err == io.EOF && len(whole) > 0:
			return trimEnd(whole), nil
		case err.Error() == "bufio: buffer full":
		default:
			if err == io.EOF {
				return nil, io.EOF
			}
			return nil, cutOff(err)
		}
	}
}

func trimEnd(line []byte) []byte {
	for len(line) > 0 && (line[len(line)-1] == '\n' || line[len(line)-1] == '\r' || line[len(line)-1] == ' ') {
		line = line[:len(line)-1]
	}
	return line
}

func readCSLResults(s *source) error {
	s.list.Name = "US CSL"
	var total int
	d := json.NewDecoder(s)
	if _, err := d.Token(); err != nil {
		return cutOff(err)
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return cutOff(err)
		}
		switch key {
		case "results":
			if err := s.cslRows(d); err != nil {
				return err
			}
		case "total":
			err = d.Decode(&total)
		default:
			var skip json.RawMessage
			err = d.Decode(&skip)
		}
		if err != nil {
			return cutOff(err)
		}
	}
	if _, err := d.Token(); err != nil {
		return cutOff(err)
	}
	if total > len(s.list.Parties) {
		return fmt.Errorf("it says %d parties and holds %d: the file is cut off; fetch it again", total, len(s.list.Parties))
	}
	return nil
}

func readCSLArray(s *source) error {
	s.list.Name = "US CSL"
	return s.cslRows(json.NewDecoder(s))
}

// cslRows reads an array of parties.
func (s *source) cslRows(d *json.Decoder) error {
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return errors.New("a list of parties is wanted")
	}
	for n := 1; d.More(); n++ {
		var row cslRow
		if err := d.Decode(&row); err != nil {
			return fmt.Errorf("party %d: %w", n, cutOff(err))
		}
		if err := s.add(row.party()); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return cutOff(err)
}

// cslCountry is the country at the end of an address.
var cslCountry = regexp.MustCompile(`, ([A-Z]{2})$`)

func readCSLCSV(s *source) error {
	s.list.Name = "US CSL"
	t, err := newTable(s, ',', "source")
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
			List: sourceCode(t.get("source")), ID: t.get("entity_number"), Type: TypeOf(t.get("type")), Names: names(t.get("name"), list(t.get("alt_names"), ";")...),
			Born: list(t.get("dates_of_birth"), ";"), Measure: joined("; ", t.get("programs"), t.get("license_requirement"), t.get("license_policy")),
			Listed: date(t.get("start_date")), Ended: date(t.get("end_date")), Source: t.get("source_list_url"),
		}
		for _, a := range list(t.get("addresses"), ";") {
			if m := cslCountry.FindStringSubmatch(a); m != nil {
				p.Countries = append(p.Countries, m[1])
			}
		}
		for _, id := range list(t.get("ids"), ";") {
			if kind, value, ok := strings.Cut(id, ","); ok {
				value, _, _ = strings.Cut(strings.TrimSpace(value), ",")
				p.Identifiers = append(p.Identifiers, party.Identifier{Kind: kind, Value: value})
			}
		}
		if err := s.add(p); err != nil {
			return err
		}
	}
}
