package parties

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strings"
)

// detect tells from its beginning which list a file is, and who reads it; nil: nobody does.
func detect(s *source) (string, func(*source) error) {
	text := bytes.TrimSpace(s.head)
	switch text[0] {
	case '<':
		return detectXML(s.head)
	case '{', '[':
		return detectJSON(text)
	}
	return detectTable(s)
}

func detectXML(head []byte) (string, func(*source) error) {
	d := xml.NewDecoder(bytes.NewReader(head))
	for {
		t, err := d.Token()
		if err != nil {
			return "", nil
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "CONSOLIDATED_LIST":
			return "UN XML", readUN
		case "sdnList":
			return "OFAC XML", readOFACXML
		case "Sanctions":
			return "OFAC advanced XML", readOFACAdvanced
		case "export":
			return "EU XML", readEUXML
		case "Designations":
			return "UK XML", readUKXML
		}
		return "", nil
	}
}

func detectJSON(text []byte) (string, func(*source) error) {
	if text[0] == '[' {
		return "CSL JSON", readCSLArray
	}
	keys := firstKeys(text)
	switch {
	case keys["results"]:
		return "CSL JSON", readCSLResults
	case keys["schema"] && keys["properties"]:
		return "FollowTheMoney", readFTM
	case keys["names"]:
		return "JSON Lines", readNamesLines
	case keys["name"]:
		return "CSL JSON Lines", readCSLLines
	}
	return "", nil
}

// firstKeys are the keys of the first object, as far as the sample shows it.
func firstKeys(text []byte) map[string]bool {
	keys := map[string]bool{}
	d := json.NewDecoder(bytes.NewReader(text))
	if _, err := d.Token(); err != nil {
		return keys
	}
	for d.More() {
		t, err := d.Token()
		key, ok := t.(string)
		if err != nil || !ok {
			return keys
		}
		keys[key] = true
		var skip json.RawMessage
		if d.Decode(&skip) != nil {
			return keys
		}
	}
	return keys
}

func detectTable(s *source) (string, func(*source) error) {
	line := firstLine(s.head)
	lower := strings.ToLower(line)
	has := func(columns ...string) bool {
		for _, c := range columns {
			if !strings.Contains(lower, c) {
				return false
			}
		}
		return true
	}
	switch {
	case has("report date"):
		return "UK CSV", readUKCSV
	case has("unique id", "name 6"):
		return "UK CSV", readUKCSV
	case has("entity_", "namealias_wholename"):
		return "EU CSV", readEUCSV
	case has("source", "entity_number", "alt_names"):
		return "CSL CSV", readCSLCSV
	case has("list_id", "entity_name", "aliases"):
		return "notices CSV", readNotices
	case has("street_address", "effective_date"):
		return "BIS denied persons", readDPL
	case '0' <= line[0] && line[0] <= '9':
		return detectOFAC(line)
	case has("name"):
		return "CSV", readPlain
	}
	return "", nil
}

// firstLine is the first line that is not blank.
func firstLine(head []byte) string {
	text := strings.TrimLeft(string(head), " \t\r\n")
	line, _, _ := strings.Cut(text, "\n")
	return strings.TrimRight(line, "\r")
}
