// Package parties reads lists of parties: the US Consolidated Screening List (CSV, JSON, JSON Lines), OFAC's SDN and consolidated lists
// (XML, advanced XML, and the delimited files with their alias, address and remark files), the EU, UN and UK lists, BIS's list of denied persons,
// FollowTheMoney entities, the notices of METI and MOFCOM, and plain CSV. Any of them may be gzip.
//
// A list that is cut off, has a second heading line, or holds no party is refused by name: it must never answer as if whole. Start with Read,
// which takes all files of one question, because OFAC parts one list over four of them. Text must be UTF-8.
package parties

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"lodestone/internal/party"
	"lodestone/internal/when"
)

// Limits of one file. Real lists stay far below them.
const (
	maxBytes   = 4 << 30 // of text, after unpacking
	maxParties = 2_000_000
	maxNames   = 5_000 // of one party
	maxLine    = 16 << 20
	longName   = 1_000 // letters of a name that are kept
	sniffed    = 1 << 16
)

// Version is that of what the readers make of lists, to be raised with every change of it; a test compares.
const Version = 1

// File is a list file to be read.
type File struct {
	Name string // as the user calls it
	Open func() (io.ReadCloser, error)
	Most int // parties that are taken; zero: as many as a reader takes
}

// List is a list that was read whole.
type List struct {
	Name    string    // short: US CSL, EU, OFAC SDN
	File    string    // as the user calls it
	Format  string    // which reader read it
	Date    when.Date // the day the list is of; zero: neither the file nor its name says
	Digest  string    // sha256 of the file
	Parties []party.Party
	Names   int // of all parties together
}

// Read reads lists. OFAC's alias, address and remark files are joined, by entity number, to the other lists of the call and are not lists
// themselves. The error names the file and what to do.
func Read(files []File) ([]List, error) {
	var lists []List
	var more supplements
	for _, f := range files {
		l, extra, err := readFile(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		if extra != nil {
			more = append(more, *extra)
			continue
		}
		lists = append(lists, *l)
	}
	if err := more.join(lists); err != nil {
		return nil, err
	}
	for i := range lists {
		lists[i].count()
	}
	return lists, nil
}

func (l *List) count() {
	l.Names = 0
	for i := range l.Parties {
		l.Names += len(l.Parties[i].Names)
	}
}

// source is an open list file.
type source struct {
	*bufio.Reader
	name string
	head []byte
	list *List
	most int         // parties that are taken
	more *supplement // set by a reader of a file that is no list by itself
}

func readFile(f File) (l *List, more *supplement, err error) {
	in, err := f.Open()
	if err != nil {
		return nil, nil, err
	}
	defer in.Close()
	sum := sha256.New()
	s, err := open(f.Name, io.TeeReader(in, sum))
	if err != nil {
		return nil, nil, err
	}
	s.most = cmp.Or(f.Most, maxParties)
	format, read := detect(s)
	if read == nil {
		return nil, nil, errors.New("no list of parties that can be read: give CSL (CSV, JSON), OFAC (XML, CSV), EU, UN, UK, FollowTheMoney or CSV with a column name")
	}
	s.list.Format = format
	if err := read(s); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", format, err)
	}
	if err := drain(s, in, sum); err != nil {
		return nil, nil, err
	}
	s.list.Digest = fmt.Sprintf("sha256:%x", sum.Sum(nil))
	if s.more != nil {
		return nil, s.more, nil
	}
	if len(s.list.Parties) == 0 {
		return nil, nil, fmt.Errorf("%s: no party in it; an empty list would clear everybody, so it is refused: fetch it again", format)
	}
	if s.list.Date == 0 {
		s.list.Date = dateInName(f.Name)
	}
	return s.list, nil, nil
}

// drain reads what a reader left, so that the digest covers the file and a damaged end is seen.
func drain(s *source, in io.Reader, sum hash.Hash) error {
	if _, err := io.Copy(io.Discard, s); err != nil {
		return cutOff(err)
	}
	_, err := io.Copy(sum, in)
	return err
}

// cutOff words an error of a text that ends too early.
func cutOff(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return errors.New("the file is cut off; fetch it again")
	}
	return err
}

// open unpacks, drops a byte order mark and looks at the beginning.
func open(name string, in io.Reader) (*source, error) {
	r := bufio.NewReaderSize(in, sniffed)
	if head, _ := r.Peek(2); len(head) == 2 && head[0] == 0x1f && head[1] == 0x8b {
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, fmt.Errorf("damaged gzip: %w; fetch it again", err)
		}
		r = bufio.NewReaderSize(z, sniffed)
	}
	r = bufio.NewReaderSize(&limited{r: r, left: maxBytes}, sniffed)
	if head, _ := r.Peek(3); bytes.Equal(head, []byte("\xef\xbb\xbf")) {
		_, _ = r.Discard(3) // just seen
	}
	head, err := r.Peek(sniffed)
	if err != nil && err != io.EOF {
		return nil, cutOff(err)
	}
	if len(bytes.TrimSpace(head)) == 0 {
		return nil, errors.New("the file is empty; an empty list would clear everybody, so it is refused: fetch it again")
	}
	if !utf8.Valid(trimRune(head)) {
		return nil, errors.New("the text is not UTF-8; save it as UTF-8")
	}
	return &source{Reader: r, name: name, head: head, list: &List{File: name}}, nil
}

// trimRune drops a character that the end of a sample cuts in two.
func trimRune(head []byte) []byte {
	for n := 1; n < utf8.UTFMax && n <= len(head); n++ {
		if utf8.RuneStart(head[len(head)-n]) {
			if !utf8.FullRune(head[len(head)-n:]) {
				return head[:len(head)-n]
			}
			break
		}
	}
	return head
}

// limited fails where a text is longer than a limit; io.LimitReader would end it in silence.
type limited struct {
	r    io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, fmt.Errorf("more than %d GB of text; no list of parties is that long", maxBytes>>30)
	}
	n, err := l.r.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	return n, err
}

// add keeps a party that has a name.
func (s *source) add(p party.Party) error {
	p.Names = tidy(bothScripts(p.Names))
	if len(p.Names) == 0 {
		return nil
	}
	if len(s.list.Parties) >= s.most {
		return fmt.Errorf("more than %d parties; part the file", s.most)
	}
	if len(p.Names) > maxNames {
		return fmt.Errorf("%q has more than %d names", p.Names[0].Text, maxNames)
	}
	s.list.Parties = append(s.list.Parties, p)
	return nil
}

// bracketed is a name with something in brackets behind it.
var bracketed = regexp.MustCompile(`^(.+?)\s*[(（]([^()（）]+)[)）]$`)

// bothScripts adds, behind names that are written in Latin letters and in brackets once more in another script, the two by themselves.
func bothScripts(all []party.Name) []party.Name {
	for _, n := range all {
		m := bracketed.FindStringSubmatch(strings.TrimSpace(n.Text))
		if m == nil {
			continue
		}
		before, inside := lettersOf(m[1]), lettersOf(m[2])
		if before == latinOnly && inside == noLatin || before == noLatin && inside == latinOnly {
			all = append(all, party.Name{Text: m[1], Weak: n.Weak}, party.Name{Text: m[2], Weak: n.Weak})
		}
	}
	return all
}

// What letters a text has, one bit each.
const (
	latinOnly = 1 << iota
	noLatin
)

func lettersOf(text string) (kind int) {
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		if unicode.Is(unicode.Latin, r) {
			kind |= latinOnly
		} else {
			kind |= noLatin
		}
	}
	return kind
}

// tidy drops empty and repeated names and cuts what is no name any more.
func tidy(names []party.Name) []party.Name {
	kept := names[:0]
	for _, n := range names {
		n.Text = strings.TrimSpace(n.Text)
		if n.Text == "" {
			continue
		}
		if len(n.Text) > longName {
			n.Text = strings.ToValidUTF8(n.Text[:longName], "")
		}
		twice := false
		for _, have := range kept {
			twice = twice || have.Text == n.Text
		}
		if !twice {
			kept = append(kept, n)
		}
	}
	return kept
}

func names(primary string, aliases ...string) []party.Name {
	out := make([]party.Name, 0, 1+len(aliases))
	out = append(out, party.Name{Text: primary})
	for _, a := range aliases {
		out = append(out, party.Name{Text: a})
	}
	return out
}

// dateWord is a day or a month in a file name.
var dateWord = regexp.MustCompile(`(20\d\d)[-_]?(0[1-9]|1[0-2])(?:[-_]?(0[1-9]|[12]\d|3[01]))?`)

func dateInName(name string) when.Date {
	m := dateWord.FindStringSubmatch(name)
	if m == nil {
		return 0
	}
	day := m[3]
	if day == "" {
		day = "01"
	}
	return date(m[1] + "-" + m[2] + "-" + day)
}

// date reads the ways in which lists write days; zero: none of them, or no whole day.
func date(text string) when.Date {
	text = strings.TrimSpace(text)
	if len(text) > 10 && text[4] == '-' {
		text = text[:10] // the time of day
	}
	for _, layout := range []string{"2006-01-02", "01/02/2006", "02/01/2006", "02-Jan-2006", "02 Jan 2006", "2 Jan 2006", "02/01/06"} {
		if t, err := time.Parse(layout, text); err == nil {
			return when.Of(t)
		}
	}
	return 0
}

// TypeOf reads the words with which lists and users say what a party is; empty: none of them.
func TypeOf(text string) party.Type {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "individual", "person", "p":
		return party.Person
	case "entity", "enterprise", "organization", "organisation", "company", "legalentity", "publicbody", "e":
		return party.Organization
	case "vessel", "ship":
		return party.Vessel
	case "aircraft", "airplane":
		return party.Aircraft
	}
	return ""
}

// joined puts the parts of a sentence together that are not empty.
func joined(sep string, parts ...string) string {
	var out []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, sep)
}
