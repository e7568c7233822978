// Package markup reads XML of strangers: declarations of customs and of materials. Document types and entities are refused, depth, size and
// number of elements are bounded, and every element knows its line. Start with NewDecoder; Element reads what one element holds.
package markup

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// Limits on a document.
const (
	maxDepth    = 100
	maxElements = 5_000_000
	maxText     = 1 << 20 // bytes of the text of one element
)

// Element is one element with what it holds. Names are without their namespaces, which differ from version to version of a standard.
type Element struct {
	Name     string
	Attr     []xml.Attr
	Text     string // directly within it, without blanks around
	Children []*Element
	Line     int
}

// Decoder reads a document.
type Decoder struct {
	d        *xml.Decoder
	depth    int
	elements int
}

// NewDecoder reads a document of at most so many bytes. The encoding is that of a byte order mark, else the declared one, else UTF-8.
func NewDecoder(r io.Reader, most int64) *Decoder {
	head := make([]byte, 3)
	n, _ := io.ReadFull(r, head)
	head = head[:n]
	r = io.MultiReader(bytes.NewReader(head), &limited{r, most})
	d := &Decoder{}
	if dec := decoderOf(head); dec != nil {
		d.d = xml.NewDecoder(dec.Reader(r))
		d.d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // decoded already
		return d
	}
	if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
		_, _ = io.ReadFull(r, head)
	}
	d.d = xml.NewDecoder(r)
	d.d.CharsetReader = func(name string, in io.Reader) (io.Reader, error) {
		e, err := htmlindex.Get(name)
		if err != nil {
			return nil, fmt.Errorf("the encoding %q is not known; save the document as UTF-8", name)
		}
		return e.NewDecoder().Reader(in), nil
	}
	return d
}

// decoderOf is the decoder for UTF-16, with a byte order mark or without; nil: it is not UTF-16.
func decoderOf(head []byte) *encoding.Decoder {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("<\x00")):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
	case bytes.HasPrefix(head, []byte("\xfe\xff")), bytes.HasPrefix(head, []byte("\x00<")):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder()
	}
	return nil
}

type limited struct {
	r    io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, fmt.Errorf("the document is larger than may be read")
	}
	n, err := l.r.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	return n, err
}

// Line is the line that reading has reached.
func (d *Decoder) Line() int {
	line, _ := d.d.InputPos()
	return line
}

// Next returns the next element that begins; io.EOF where none does. Its content is not read: Element does that, or Next goes into it.
func (d *Decoder) Next() (xml.StartElement, error) {
	for {
		t, err := d.token()
		if err != nil {
			return xml.StartElement{}, err
		}
		if e, ok := t.(xml.StartElement); ok {
			return e, nil
		}
	}
}

func (d *Decoder) token() (xml.Token, error) {
	t, err := d.d.Token()
	if err != nil {
		return nil, err
	}
	switch t.(type) {
	case xml.StartElement:
		d.depth++
		d.elements++
		if d.depth > maxDepth {
			return nil, fmt.Errorf("elements stand more than %d deep", maxDepth)
		}
		if d.elements > maxElements {
			return nil, fmt.Errorf("more than %d elements", maxElements)
		}
	case xml.EndElement:
		d.depth--
	case xml.Directive:
		return nil, fmt.Errorf("declares a document type or entities; such documents are not read")
	}
	return t, nil
}

// Element reads an element that has begun, to its end.
func (d *Decoder) Element(start xml.StartElement) (*Element, error) {
	e := &Element{Name: start.Name.Local, Attr: start.Attr, Line: d.Line()}
	var text strings.Builder
	for {
		t, err := d.token()
		if err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			child, err := d.Element(t)
			if err != nil {
				return nil, err
			}
			e.Children = append(e.Children, child)
		case xml.CharData:
			if text.Len()+len(t) > maxText {
				return nil, fmt.Errorf("the text of %s is longer than %d bytes", e.Name, maxText)
			}
			text.Write(t)
		case xml.EndElement:
			e.Text = strings.TrimSpace(text.String())
			return e, nil
		}
	}
}

// Get is the value of an attribute; empty where there is none.
func (e *Element) Get(attr string) string {
	for _, a := range e.Attr {
		if strings.EqualFold(a.Name.Local, attr) {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// Child is the first child of a name; nil: there is none.
func (e *Element) Child(name string) *Element {
	if e == nil {
		return nil
	}
	for _, c := range e.Children {
		if strings.EqualFold(c.Name, name) {
			return c
		}
	}
	return nil
}

// Of is the text of the first child of a name, or empty.
func (e *Element) Of(name string) string {
	if c := e.Child(name); c != nil {
		return c.Text
	}
	return ""
}

// Root is the name of the first element of a document, told from its beginning; empty: it is no XML.
func Root(head []byte) string {
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if len(trimmed) == 0 || trimmed[0] != '<' && decoderOf(head) == nil {
		return ""
	}
	if trimmed[0] == '<' {
		head = trimmed
	}
	d := NewDecoder(bytes.NewReader(head), int64(len(head)))
	d.d.Strict = false
	for {
		t, err := d.d.Token()
		if err != nil {
			return ""
		}
		if e, ok := t.(xml.StartElement); ok {
			return e.Name.Local
		}
	}
}
