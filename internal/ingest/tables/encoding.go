package tables

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// sniffed is how much of a file is looked at to tell its encoding.
const sniffed = 64 << 10

// textEncoding is an encoding of a table. The decoder of UTF-8 is nil: its bytes are taken as they are and looked at row by row.
type textEncoding struct {
	name string
	bom  string
	enc  encoding.Encoding
}

var (
	utf8Text  = textEncoding{name: "utf-8", bom: "\xef\xbb\xbf"}
	utf16LE   = textEncoding{"utf-16le", "\xff\xfe", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)}
	utf16BE   = textEncoding{"utf-16be", "\xfe\xff", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)}
	chinese   = textEncoding{name: "gb18030", enc: simplifiedchinese.GB18030}
	koreanTxt = textEncoding{name: "cp949", enc: korean.EUCKR} // EUCKR of x/text holds all of code page 949
)

// encodingNames are what Options.Encoding may say.
var encodingNames = map[string]textEncoding{
	"utf-8": utf8Text, "utf8": utf8Text, "utf-16": utf16LE, "utf-16le": utf16LE, "utf-16be": utf16BE,
	"gb18030": chinese, "gbk": chinese, "gb2312": chinese, "cp949": koreanTxt, "euc-kr": koreanTxt, "ms949": koreanTxt,
}

func (e textEncoding) legacy() string {
	if e.enc == nil {
		return ""
	}
	return e.name
}

// reader gives the text as UTF-8, without a byte order mark. Bytes that the encoding does not have become U+FFFD.
func (e textEncoding) reader(r io.Reader) io.Reader {
	r = &withoutPrefix{r: r, prefix: e.bom}
	if e.enc == nil {
		return r
	}
	return e.enc.NewDecoder().Reader(r)
}

// withoutPrefix drops a byte order mark at the very beginning.
type withoutPrefix struct {
	r      io.Reader
	prefix string
}

func (w *withoutPrefix) Read(p []byte) (int, error) {
	if w.prefix == "" {
		return w.r.Read(p)
	}
	head := make([]byte, len(w.prefix))
	n, err := io.ReadFull(w.r, head)
	if string(head[:n]) == w.prefix {
		n = 0
	}
	w.prefix = ""
	w.r = io.MultiReader(bytes.NewReader(head[:n]), w.r)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return 0, err
	}
	return w.r.Read(p)
}

// encodingOf tells the encoding from the first bytes.
func (t *Table) encodingOf(head []byte) (textEncoding, error) {
	if name := strings.ToLower(t.opt.Encoding); name != "" {
		e, ok := encodingNames[name]
		if !ok {
			return e, t.unreadable(0, "utf-8, utf-16, gb18030 or cp949", "encoding %s is not known", name)
		}
		if name == "utf-16" && bytes.HasPrefix(head, []byte(utf16BE.bom)) {
			e = utf16BE
		}
		return e, nil
	}
	for _, e := range []textEncoding{utf16LE, utf16BE, utf8Text} {
		if bytes.HasPrefix(head, []byte(e.bom)) {
			return e, nil
		}
	}
	if e, ok := unmarkedUTF16(head); ok {
		return e, nil
	}
	if looksUTF8(head) {
		return utf8Text, nil
	}
	return t.eastAsian(head), nil
}

// looksUTF8 says whether the bytes are UTF-8, but for a few that are broken: one bad row is no reason to read all others as Chinese.
func looksUTF8(b []byte) bool {
	good, bad := 0, 0
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf {
			b = b[1:]
			continue
		}
		r, n := utf8.DecodeRune(b)
		switch {
		case r != utf8.RuneError || n > 1:
			good++
		case len(b) >= utf8.UTFMax || utf8.FullRune(b): // not just cut off at the end of the sample
			bad++
		}
		b = b[n:]
	}
	return bad == 0 || good > 10*bad
}

// eastAsian tells GB18030 from CP949, and text that is neither.
//
// Both write a character in two bytes of 0xA1 and above. Headings that are known in one of the two settle it. Else the first bytes do:
// Korean syllables begin with 0xB0 to 0xC8; of the common Chinese characters, which begin with 0xB0 to 0xD7, more than a third lie beyond.
func (t *Table) eastAsian(head []byte) textEncoding {
	line := head
	if i := bytes.IndexByte(head, '\n'); i >= 0 {
		line = head[:i]
	}
	zh, ko := t.knownHeadings(line, chinese), t.knownHeadings(line, koreanTxt)
	if zh != ko {
		if zh > ko {
			return chinese
		}
		return koreanTxt
	}
	pairs, alone, korean, beyond := 0, 0, 0, 0
	for i := 0; i < len(head); i++ {
		if head[i] < 0x80 {
			continue
		}
		if i+1 == len(head) || head[i+1] < 0x40 || head[i] == 0x80 || head[i] == 0xff {
			alone++
			continue
		}
		pairs++
		lead, trail := head[i], head[i+1]
		switch {
		case trail < 0xa1 && lead > 0xa0:
			alone++ // GBK has these, rarely; a Latin letter with an accent before an ASCII letter looks so too
		case lead >= 0xb0 && lead <= 0xc8:
			korean++
		case lead > 0xc8 && lead <= 0xf7:
			beyond++
		}
		i++
	}
	switch {
	case pairs == 0 || alone*5 > pairs:
		return utf8Text // and its rows are refused one by one
	case beyond*8 > korean:
		return chinese
	}
	return koreanTxt
}

// knownHeadings counts the known columns of a heading line in an encoding.
func (t *Table) knownHeadings(line []byte, e textEncoding) int {
	text, err := e.enc.NewDecoder().Bytes(line)
	if err != nil {
		return 0
	}
	n := 0
	for _, h := range strings.FieldsFunc(string(text), func(r rune) bool { return r == ',' || r == ';' || r == '\t' }) {
		if _, ok := t.v.Column(strings.Trim(h, "\" \r")); ok {
			n++
		}
	}
	return n
}
