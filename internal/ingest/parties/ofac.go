package parties

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"lodestone/internal/party"
)

// OFAC's delimited files have no heading line, "-0-" for nothing, and a control character (0x1A) as their last line.
const (
	ofacNothing = "-0-"
	ofacEnd     = 0x1A
)

// supplement is an OFAC file that adds to parties of another file.
type supplement struct {
	name string
	kind string // alt, add, comments
	rows map[string][]ofacMore
}

type ofacMore struct {
	alias, country, remark string
	weak                   bool
}

type supplements []supplement

// detectOFAC tells OFAC's files apart by the number of their columns.
func detectOFAC(line string) (string, func(*source) error) {
	r := csv.NewReader(strings.NewReader(line))
	r.LazyQuotes = true
	row, err := r.Read()
	if err != nil && !errors.Is(err, io.EOF) {
		return "OFAC remarks", readOFACComments // a remark may run over the line
	}
	switch len(row) {
	case 12:
		return "OFAC CSV", readOFACPrimary
	case 5:
		return "OFAC aliases", readOFACAliases
	case 6:
		return "OFAC addresses", readOFACAddresses
	case 2:
		return "OFAC remarks", readOFACComments
	}
	return "", nil
}

// ofacRows calls f with each row, cleaned of "-0-", and sees to it that a file that
// should be marked ends with its end mark.
func (s *source) ofacRows(columns int, marked bool, f func(row []string) error) error {
	end := &endMark{r: s}
	r := csv.NewReader(end)
	r.FieldsPerRecord, r.ReuseRecord = -1, true
	for {
		row, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return tableError(err)
		}
		if len(row) == 1 && strings.TrimSpace(row[0]) == "" {
			continue
		}
		if len(row) != columns {
			line, _ := r.FieldPos(0)
			return fmt.Errorf("line %d: %d columns where %d are due; the file is cut off or damaged: fetch it again", line, len(row), columns)
		}
		for i := range row {
			row[i] = strings.TrimSpace(row[i])
			if row[i] == ofacNothing {
				row[i] = ""
			}
		}
		if err := f(row); err != nil {
			return err
		}
	}
	if marked && !end.seen {
		return errors.New("the end mark (0x1A) of OFAC's files is missing: the file is cut off; fetch it again")
	}
	return nil
}

// endMark drops the control character at the end and notes that it stood there.
type endMark struct {
	r    io.Reader
	seen bool
}

func (e *endMark) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	if i := bytes.IndexByte(p[:n], ofacEnd); i >= 0 {
		e.seen = true
		n = i
	}
	return n, err
}

func readOFACPrimary(s *source) error {
	s.list.Name = "OFAC"
	return s.ofacRows(12, true, func(row []string) error {
		p := party.Party{
			List: "SDN", ID: strings.Clone(row[0]), Type: TypeOf(row[2]), Names: names(strings.Clone(row[1])),
			Measure: strings.ReplaceAll(row[3], "] [", ", "), Source: "https://sanctionslist.ofac.treas.gov/",
		}
		if row[2] == "" {
			p.Type = party.Organization
		}
		if row[9] != "" {
			p.Countries = append(p.Countries, strings.Clone(row[9]))
		}
		addRemarks(&p, row[11])
		return s.add(p)
	})
}

// Facts in OFAC's remarks.
var (
	remarkAlias = regexp.MustCompile(`a\.k\.a\. '([^']*(?:'[^;,.' ][^']*)*)'`)
	remarkBirth = regexp.MustCompile(`DOB ([^;.]+)`)
	remarkID    = regexp.MustCompile(`(Passport|Tax ID No\.|Registration Number|Registration ID|Identification Number|National ID No\.|Vessel Registration Identification IMO|Legal Entity Number|Aircraft Tail Number|SWIFT/BIC|Unified Social Credit Code \(USCC\)|D-U-N-S Number) ([A-Z0-9-]{4,30})`)
)

// addRemarks takes weak aliases, dates of birth and identifiers out of a remark.
func addRemarks(p *party.Party, remark string) {
	for _, m := range remarkAlias.FindAllStringSubmatch(remark, -1) {
		p.Names = append(p.Names, party.Name{Text: strings.Clone(m[1]), Weak: true})
	}
	for _, m := range remarkBirth.FindAllStringSubmatch(remark, -1) {
		p.Born = append(p.Born, strings.Clone(m[1]))
	}
	for _, m := range remarkID.FindAllStringSubmatch(remark, -1) {
		p.Identifiers = append(p.Identifiers, party.Identifier{Kind: strings.Clone(m[1]), Value: strings.Clone(m[2])})
	}
}

func (s *source) supplement(kind string, columns int, more func(row []string) ofacMore) error {
	s.more = &supplement{name: s.name, kind: kind, rows: map[string][]ofacMore{}}
	marked := kind != "remarks" // some of those end without
	return s.ofacRows(columns, marked, func(row []string) error {
		id := strings.Clone(row[0])
		s.more.rows[id] = append(s.more.rows[id], more(row))
		return nil
	})
}

func readOFACAliases(s *source) error {
	return s.supplement("aliases", 5, func(row []string) ofacMore {
		return ofacMore{alias: strings.Clone(row[3]), weak: strings.Contains(row[2], "weak")}
	})
}

func readOFACAddresses(s *source) error {
	return s.supplement("addresses", 6, func(row []string) ofacMore { return ofacMore{country: strings.Clone(row[4])} })
}

func readOFACComments(s *source) error {
	return s.supplement("remarks", 2, func(row []string) ofacMore { return ofacMore{remark: strings.Clone(row[1])} })
}

// join adds the supplements to the parties they belong to. A supplement that belongs to none of the lists was given by mistake.
func (more supplements) join(lists []List) error {
	for _, m := range more {
		joined := 0
		for i := range lists {
			joined += m.joinList(&lists[i])
		}
		if joined == 0 {
			return fmt.Errorf("%s: OFAC %s without the list they belong to; give sdn.csv or the CSL as well", m.name, m.kind)
		}
	}
	return nil
}

// treasury says that a list numbers its parties as OFAC does.
func treasury(l *List) bool { return l.Name == "OFAC" || l.Name == "US CSL" }

func (m *supplement) joinList(l *List) (joined int) {
	if !treasury(l) {
		return 0
	}
	for i := range l.Parties {
		p := &l.Parties[i]
		rows := m.rows[p.ID]
		if p.ID == "" || rows == nil {
			continue
		}
		joined++
		for _, row := range rows {
			if row.alias != "" {
				p.Names = append(p.Names, party.Name{Text: row.alias, Weak: row.weak})
			}
			if row.country != "" {
				p.Countries = append(p.Countries, row.country)
			}
			addRemarks(p, row.remark)
		}
		p.Names = tidy(p.Names)
	}
	return joined
}
