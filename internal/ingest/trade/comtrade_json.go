package trade

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"lodestone/internal/problem"
)

// comtradeAnswer reads the JSON answer of the Comtrade API, {"elapsedTime":…,"count":…,"data":[{…},…],"error":…}, record by record. Memory does
// not grow with the answer: a record is cut out by its braces, at most maxRecord bytes, before it is parsed.
type comtradeAnswer struct {
	name  string
	in    *bufio.Reader
	line  int
	buf   []byte
	names []string
	rest  map[string]any // what stands beside the data
	ended bool
	begun bool // a record has been read
	bare  bool // the data stand by themselves, as programs save them
}

// maxRecord bounds one record and what stands beside the records.
const maxRecord = 64 << 10

// openComtradeJSON reads up to the first record. Columns are those of v1, whatever a record leaves out.
func openComtradeJSON(name string, in *bufio.Reader) (*sheet, *comtradeAnswer, error) {
	a := &comtradeAnswer{name: name, in: in, line: 1, names: comtradeKeys, rest: map[string]any{}}
	s := &sheet{name: name, head: comtradeKeys, at: map[string]int{}}
	for i, k := range comtradeKeys {
		s.at[k] = i
	}
	s.record = a.next
	if err := a.open(); err != nil {
		return nil, nil, err
	}
	return s, a, nil
}

// comtradeKeys are the keys of a record that are read.
var comtradeKeys = []string{"refYear", "refMonth", "period", "flowCode", "reporterCode", "partnerCode", "partner2Code", "motCode", "customsCode", "cmdCode", "primaryValue", "netWgt",
	"classificationCode", "isNetWgtEstimated", "legacyEstimationFlag"}

func (a *comtradeAnswer) bad(text string) error {
	return unreadable(a.name, a.line, text, `the answer of the Comtrade API: {"count":…,"data":[{…}],"error":""}`)
}

// open reads the opening brace and the members before "data", or the bracket of data that stand by themselves.
func (a *comtradeAnswer) open() error {
	switch c, _ := a.sign(); c {
	case '{':
		return a.members()
	case '[':
		a.bare = true
		return nil
	}
	return a.bad("is no JSON object")
}

// members reads keys and values up to the bracket of "data", or to the end of the object.
func (a *comtradeAnswer) members() error {
	for {
		c, err := a.sign()
		switch {
		case err != nil:
			return a.bad("ends in the middle")
		case c == '}':
			a.ended = true
			return nil
		case c == ',':
			continue
		case c != '"':
			return a.bad("a key was expected")
		}
		key, err := a.text()
		if err != nil {
			return err
		}
		if c, err := a.sign(); err != nil || c != ':' {
			return a.bad(fmt.Sprintf("no value stands behind %q", clip(key)))
		}
		if key == "data" {
			if c, err := a.sign(); err != nil || c != '[' {
				return a.bad("data is no list")
			}
			return nil
		}
		if err := a.value(key); err != nil {
			return err
		}
	}
}

// sign is the next byte that is no blank.
func (a *comtradeAnswer) sign() (byte, error) {
	for {
		c, err := a.in.ReadByte()
		switch {
		case err != nil:
			return 0, err
		case c == '\n':
			a.line++
		case c != ' ' && c != '\t' && c != '\r' && c != 0xef && c != 0xbb && c != 0xbf:
			return c, nil
		}
	}
}

// text reads a string whose opening quote was read.
func (a *comtradeAnswer) text() (s string, err error) {
	a.buf = append(a.buf[:0], '"')
	if err := a.toQuote(); err != nil {
		return "", err
	}
	if err := json.Unmarshal(a.buf, &s); err != nil {
		return "", a.bad(err.Error())
	}
	return s, nil
}

// toQuote adds bytes up to the closing quote.
func (a *comtradeAnswer) toQuote() error {
	for escaped := false; ; {
		c, err := a.in.ReadByte()
		if err != nil {
			return a.bad("ends in the middle of a text")
		}
		if c == '\n' {
			a.line++
		}
		if len(a.buf) <= maxRecord {
			a.buf = append(a.buf, c)
		}
		switch {
		case escaped:
			escaped = false
		case c == '\\':
			escaped = true
		case c == '"':
			return nil
		}
	}
}

// value reads a value beside the data: text, number, or a word. Lists and objects have no place there.
func (a *comtradeAnswer) value(key string) error {
	c, err := a.sign()
	if err != nil {
		return a.bad("ends in the middle")
	}
	switch {
	case c == '"':
		a.rest[key], err = a.text()
		return err
	case c == '[' || c == '{':
		return a.bad(fmt.Sprintf("%q holds a list or an object", clip(key)))
	}
	a.buf = append(a.buf[:0], c)
	for {
		next, err := a.in.Peek(1)
		if err != nil || bytes.IndexByte([]byte(",}] \t\r\n"), next[0]) >= 0 {
			break
		}
		if len(a.buf) > maxRecord {
			return a.bad("a value longer than a record may be")
		}
		a.in.ReadByte()
		a.buf = append(a.buf, next[0])
	}
	var v any
	if err := json.Unmarshal(a.buf, &v); err != nil {
		return a.bad(fmt.Sprintf("%q: %v", clip(key), err))
	}
	a.rest[key] = v
	return nil
}

// next gives the cells of the next record.
func (a *comtradeAnswer) next() (cells []string, line int, bad *problem.Problem, err error) {
	if a.ended {
		return nil, a.line, nil, io.EOF
	}
	for {
		c, err := a.sign()
		switch {
		case err != nil:
			return nil, a.line, nil, a.bad("ends in the middle of data")
		case c == ',' && a.begun:
			continue
		case c == ']' && a.bare:
			a.ended = true
			return nil, a.line, nil, io.EOF
		case c == ']':
			if err := a.members(); err != nil {
				return nil, a.line, nil, err
			}
			if !a.ended {
				return nil, a.line, nil, a.bad("data stands twice")
			}
			return nil, a.line, nil, io.EOF
		case c != '{':
			return nil, a.line, nil, a.bad("a record was expected")
		}
		a.begun = true
		line = a.line
		if err := a.toBrace(); err != nil {
			return nil, line, nil, err
		}
		cells, bad := a.cells(line)
		return cells, line, bad, nil
	}
}

// toBrace adds bytes up to the brace that closes a record. Of a record that is too long the rest is passed over.
func (a *comtradeAnswer) toBrace() error {
	a.buf = append(a.buf[:0], '{')
	for depth := 1; depth > 0; {
		c, err := a.in.ReadByte()
		if err != nil {
			return a.bad("ends in the middle of a record")
		}
		if len(a.buf) <= maxRecord {
			a.buf = append(a.buf, c)
		}
		switch c {
		case '\n':
			a.line++
		case '{':
			depth++
		case '}':
			depth--
		case '"':
			if err := a.toQuote(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *comtradeAnswer) cells(line int) ([]string, *problem.Problem) {
	at := problem.Place{File: a.name, Line: line}
	if len(a.buf) > maxRecord {
		return nil, &problem.Problem{Place: at, Text: fmt.Sprintf("a record longer than %d bytes", maxRecord)}
	}
	var record map[string]json.RawMessage
	if err := json.Unmarshal(a.buf, &record); err != nil {
		return nil, &problem.Problem{Place: at, Text: "a record that cannot be read: " + err.Error()}
	}
	cells := make([]string, len(a.names))
	for i, k := range a.names {
		text := string(record[k])
		switch {
		case text == "null":
			text = ""
		case len(text) > 0 && text[0] == '"':
			if err := json.Unmarshal(record[k], &text); err != nil {
				return nil, &problem.Problem{Place: at, Field: k, Text: err.Error()}
			}
		}
		cells[i] = text
	}
	return cells, nil
}

// check compares what the answer says of itself with what was read.
func (a *comtradeAnswer) check(r *Reading) error {
	if text, _ := a.rest["error"].(string); text != "" {
		return unreadable(a.name, 0, "the answer is an error: "+clip(text), "ask again")
	}
	if n, ok := a.rest["count"].(float64); ok && n != float64(r.Rows) && n >= 0 {
		r.Notes = append(r.Notes, "the answer counts "+strconv.FormatFloat(n, 'f', -1, 64)+fmt.Sprintf(" records and holds %d: it may be cut off", r.Rows))
	}
	return nil
}
