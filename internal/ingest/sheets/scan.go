package sheets

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// scanner takes the tags and texts of a part of a workbook apart. It is no XML parser: it does not look at whether tags close one another, knows no
// entities but those of the standard, and refuses document types. It gives parts of its buffer where encoding/xml makes several strings for
// each cell, which is most of the time that a sheet takes.
type scanner struct {
	r    io.Reader
	buf  []byte
	at   int
	end  int
	err  error  // why nothing more comes; nil: it may
	text []byte // a text with its entities read

	name   []byte // of a tag, without its prefix
	attrs  []byte // of an opening tag, as they stand
	closed bool   // the opening tag closes itself: its closing tag is given next
}

type token uint8

const (
	opening token = iota
	closing
	chars // in scanner.text
)

const scanSize = 64 << 10

var errDeclared = errors.New("declares entities or a document type, which no workbook does")

// next finds the next tag or text; io.EOF at the end.
func (s *scanner) next() (token, error) {
	if s.closed {
		s.closed = false
		return closing, nil
	}
	for {
		n, err := s.find('<', 0)
		if err != nil && n == 0 {
			return 0, err
		}
		if n > 0 {
			s.text = appendText(s.text[:0], s.buf[s.at:s.at+n])
			s.at += n
			return chars, nil
		}
		switch {
		case s.begins("<!--"):
			if err := s.skip("-->"); err != nil {
				return 0, err
			}
		case s.begins("<![CDATA["):
			n, err := s.findText("]]>", len("<![CDATA["))
			if err != nil {
				return 0, cut(err)
			}
			s.text = append(s.text[:0], s.buf[s.at+len("<![CDATA["):s.at+n]...)
			s.at += n + 3
			return chars, nil
		case s.begins("<?"):
			if err := s.skip("?>"); err != nil {
				return 0, err
			}
		case s.begins("<!"):
			return 0, errDeclared
		default:
			return s.tag()
		}
	}
}

// tag reads the tag at hand.
func (s *scanner) tag() (token, error) {
	n, err := s.find('>', 1)
	for err == nil && quoteOpen(s.buf[s.at:s.at+n]) {
		n, err = s.find('>', n+1)
	}
	if err != nil {
		return 0, cut(err)
	}
	inside := s.buf[s.at+1 : s.at+n]
	s.at += n + 1
	kind := opening
	if len(inside) > 0 && inside[0] == '/' {
		kind, inside = closing, inside[1:]
	} else if len(inside) > 0 && inside[len(inside)-1] == '/' {
		s.closed, inside = true, inside[:len(inside)-1]
	}
	end := bytes.IndexAny(inside, " \t\r\n")
	if end < 0 {
		end = len(inside)
	}
	s.name, s.attrs = inside[:end], inside[end:]
	if i := bytes.IndexByte(s.name, ':'); i >= 0 {
		s.name = s.name[i+1:]
	}
	return kind, nil
}

// quoteOpen says whether a tag so far ends within a quoted value.
func quoteOpen(tag []byte) bool {
	var quote byte
	for _, b := range tag {
		switch {
		case quote == 0 && (b == '"' || b == '\''):
			quote = b
		case b == quote:
			quote = 0
		}
	}
	return quote != 0
}

// attribute goes through the attributes of an opening tag: it takes the first off rest. ok is false at their end.
func attribute(rest []byte) (name, value, after []byte, ok bool) {
	rest = bytes.TrimLeft(rest, " \t\r\n")
	eq := bytes.IndexByte(rest, '=')
	if eq < 0 {
		return nil, nil, nil, false
	}
	name, rest = bytes.TrimRight(rest[:eq], " \t\r\n"), bytes.TrimLeft(rest[eq+1:], " \t\r\n")
	if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
		return nil, nil, nil, false
	}
	end := bytes.IndexByte(rest[1:], rest[0])
	if end < 0 {
		return nil, nil, nil, false
	}
	return name, rest[1 : end+1], rest[end+2:], true
}

// find is the place of a byte behind a place, counted from what is at hand. With an error it is the length of what is left.
func (s *scanner) find(b byte, from int) (int, error) {
	for {
		if i := bytes.IndexByte(s.buf[min(s.at+from, s.end):s.end], b); i >= 0 {
			return from + i, nil
		}
		from = s.end - s.at
		if err := s.more(); err != nil {
			return from, err
		}
	}
}

func (s *scanner) findText(text string, from int) (int, error) {
	for {
		if i := bytes.Index(s.buf[min(s.at+from, s.end):s.end], []byte(text)); i >= 0 {
			return from + i, nil
		}
		from = max(from, s.end-s.at-len(text))
		if err := s.more(); err != nil {
			return 0, err
		}
	}
}

// skip passes over what ends with a text, of any length.
func (s *scanner) skip(end string) error {
	n, err := s.findText(end, 0)
	if err != nil {
		return cut(err)
	}
	s.at += n + len(end)
	return nil
}

func (s *scanner) begins(with string) bool {
	for s.end-s.at < len(with) {
		if s.more() != nil {
			return false
		}
	}
	return string(s.buf[s.at:s.at+len(with)]) == with
}

// more reads on behind what is at hand. What is at hand may be as long as a cell, and not longer.
func (s *scanner) more() error {
	if s.err != nil {
		return s.err
	}
	if s.at > 0 {
		s.end = copy(s.buf, s.buf[s.at:s.end])
		s.at = 0
	}
	if s.end == len(s.buf) {
		if s.end > 8*maxCell {
			return fmt.Errorf("a tag or text is longer than %d MB", 8*maxCell>>20)
		}
		s.buf = append(s.buf, make([]byte, max(scanSize, len(s.buf)))...)
	}
	for range 100 {
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		s.err = err
		if n > 0 {
			return nil
		}
		if err != nil {
			return err
		}
	}
	s.err = io.ErrNoProgress
	return s.err
}

// cut is the error of a part that ends within a tag.
func cut(err error) error {
	if err == io.EOF {
		return errors.New("ends in the middle; the file is cut off")
	}
	return err
}

// appendText appends a text with its entities read. What is no entity stays as it is.
func appendText(to, text []byte) []byte {
	for {
		i := bytes.IndexByte(text, '&')
		if i < 0 {
			return append(to, text...)
		}
		to, text = append(to, text[:i]...), text[i:]
		end := bytes.IndexByte(text[:min(len(text), 12)], ';')
		if r, ok := entity(text[1:max(end, 1)]); ok && end > 0 {
			to, text = utf8.AppendRune(to, r), text[end+1:]
			continue
		}
		to, text = append(to, '&'), text[1:]
	}
}

func entity(name []byte) (rune, bool) {
	switch string(name) {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	digits, base := string(name[1:]), 10
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || n == 0 || n > utf8.MaxRune || !utf8.ValidRune(rune(n)) {
		return 0, false
	}
	return rune(n), true
}
