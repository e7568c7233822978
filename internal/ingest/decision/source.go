// Package decision reads penalty decisions: a file of text, HTML or PDF into characters, and the characters into a record in which every value
// keeps its place in the text.
//
// Start with Loader.Load, which gives the text of a file, and Reader.Read, which reads it. Reading follows the grammar of such decisions
// (docs/enforcement.md); it knows no case, firm or number by name. Limits: MaxFile bytes a file, MaxText characters a text.
package decision

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"lodestone/internal/sentence"
)

// Limits. A decision has a few thousand characters; a page around it some hundred thousand.
const (
	MaxFile = 16 << 20
	MaxText = 1 << 20
)

// Text is what a file holds, in characters, and what a reader of the record should know about how it was read.
type Text struct {
	Text  string
	Notes []string
}

// Loader turns files into text. The zero value works; it is safe for use by several goroutines.
type Loader struct {
	// Cache is a folder that keeps the compiled reader of PDF files; empty: it is compiled anew in each run that meets a PDF.
	Cache string

	pdf pdfReader
}

// Load turns the bytes of a file into text. The kind is told by the content, not by the name. An error says what the file is and what to do.
func (l *Loader) Load(b []byte) (Text, error) {
	if len(b) > MaxFile {
		return Text{}, sentence.Of("the file has more than %d bytes: cut it down to the decision", MaxFile)
	}
	if len(bytes.TrimSpace(b)) == 0 {
		return Text{}, sentence.Of("the file is empty")
	}
	if isPDF(b) {
		s, err := l.pdf.text(b, l.Cache)
		if err != nil {
			return Text{}, err
		}
		return checked(s, nil)
	}
	if bytes.HasPrefix(b, []byte("PK\x03\x04")) || bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0")) {
		return Text{}, sentence.Of("the file is an office document or an archive: save it as text, HTML or PDF")
	}
	s, notes, err := decode(b)
	if err != nil {
		return Text{}, err
	}
	if isHTML(s) {
		if s, err = fromHTML(s); err != nil {
			return Text{}, err
		}
	}
	return checked(s, notes)
}

func checked(s string, notes []string) (Text, error) {
	if n := utf8.RuneCountInString(s); n > MaxText {
		return Text{}, sentence.Of("the text has %d characters; at most %d are read: cut it down to the decision", n, MaxText)
	}
	if !strings.ContainsFunc(s, isHan) {
		return Text{}, sentence.Of("there is no Chinese text in the file")
	}
	return Text{Text: s, Notes: notes}, nil
}

// decode finds the encoding by the bytes. A label inside the file counts only as far as the bytes bear it out.
func decode(b []byte) (string, []string, error) {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		b = b[3:]
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")):
		return wide(b), nil, nil
	}
	if utf8.Valid(b) {
		if bytes.IndexByte(b, 0) >= 0 {
			return "", nil, sentence.Of("the file holds zero bytes: it is no text")
		}
		return string(b), nil, nil
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b)
	if err == nil && !bytes.ContainsRune(text, utf8.RuneError) && bytes.IndexByte(text, 0) < 0 {
		note := "read as GB18030: the bytes are no UTF-8"
		if label := bytes.ToLower(b[:min(len(b), 2048)]); bytes.Contains(label, []byte("charset")) && bytes.Contains(label, []byte("utf-8")) {
			note = "read as GB18030, though the file says it is UTF-8"
		}
		return string(text), []string{note}, nil
	}
	return "", nil, sentence.Of("the bytes are neither UTF-8, UTF-16 nor GB18030: save the file as UTF-8")
}

func wide(b []byte) string {
	big := b[0] == 0xfe
	var units []uint16
	for i := 2; i+1 < len(b); i += 2 {
		lo, hi := uint16(b[i]), uint16(b[i+1])
		if big {
			lo, hi = hi, lo
		}
		units = append(units, hi<<8|lo)
	}
	return string(utf16.Decode(units))
}

func isHTML(s string) bool {
	head := strings.ToLower(s[:min(len(s), 2048)])
	head = strings.TrimSpace(head)
	return strings.HasPrefix(head, "<!doctype html") || strings.HasPrefix(head, "<html") || strings.Contains(head, "<head") || strings.Contains(head, "<body") ||
		strings.HasPrefix(head, "<") && strings.Contains(head, "</")
}

func isPDF(b []byte) bool { return bytes.Contains(b[:min(len(b), 1024)], []byte("%PDF-")) }
