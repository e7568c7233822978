package tables

import (
	"bytes"
	"io"
	"unicode/utf8"

	"lodestone/internal/problem"
	"lodestone/internal/sentence"
)

// input holds the part of the text that is being looked at. It never holds more than a row may have and one read.
type input struct {
	r      io.Reader
	table  *Table
	legacy string // name of the encoding that the text was decoded from; empty: it is UTF-8 as it stands
	buf    []byte
	at     int   // where the rows that are not yet read begin
	end    int   // end of what has been read
	line   int   // physical line at which at lies
	done   bool  // nothing follows
	err    error // why reading broke off; nil: the text ended
}

const readSize = 256 << 10

func (in *input) pending() []byte { return in.buf[in.at:in.end] }

// more reads on behind what is pending, and says whether anything came.
func (in *input) more() bool {
	if in.done {
		return false
	}
	if in.at > 0 {
		in.end = copy(in.buf, in.buf[in.at:in.end])
		in.at = 0
	}
	if in.end == len(in.buf) {
		grown := make([]byte, min(max(2*len(in.buf), readSize), maxRow+readSize))
		copy(grown, in.buf[:in.end])
		in.buf = grown
	}
	for range 100 {
		n, err := in.r.Read(in.buf[in.end:])
		in.end += n
		if err != nil {
			in.done = true
			if err != io.EOF {
				in.err = err
			}
		}
		if n > 0 || in.done {
			return n > 0
		}
	}
	in.done, in.err = true, io.ErrNoProgress
	return false
}

// atEnd is the error behind the last row.
func (in *input) atEnd() error {
	if in.err != nil {
		return problem.List{{Place: problem.Place{File: in.table.Name, Line: in.line}, Text: "reading broke off: " + in.err.Error()}}
	}
	return io.EOF
}

// lineEnd is the length of the line at hand without its line break, and whether the break is there. Where it is not, the text has ended
// or the line is longer than a row may be.
func (in *input) lineEnd() (n int, whole bool) {
	from := 0
	for {
		if i := bytes.IndexByte(in.buf[in.at+from:in.end], '\n'); i >= 0 {
			return from + i, true
		}
		from = in.end - in.at
		if from > maxRow || !in.more() {
			return from, false
		}
	}
}

// take passes over n bytes.
func (in *input) take(n int) { in.at += n }

// takeLine passes over a line and its break.
func (in *input) takeLine(n int, whole bool) {
	in.at += n
	if whole {
		in.at++
		in.line++
	}
}

// skipLong passes over the line at hand, which is too long to hold, and returns its length.
func (in *input) skipLong() (length int64) {
	for {
		data := in.pending()
		if i := bytes.IndexByte(data, '\n'); i >= 0 {
			in.takeLine(i, true)
			return length + int64(i)
		}
		length += int64(len(data))
		in.take(len(data))
		if !in.more() {
			return length
		}
	}
}

// skipBlankLines goes to the first byte that is no blank, and says whether there is one.
func (in *input) skipBlankLines() bool {
	for {
		for in.at < in.end {
			switch in.buf[in.at] {
			case '\n':
				in.line++
				fallthrough
			case ' ', '\r':
				in.at++
			default:
				return true
			}
		}
		if !in.more() {
			return false
		}
	}
}

// problem is one with the row that begins at a line.
func (in *input) problem(line int, meant, format string, args ...any) problem.Problem {
	return problem.Problem{Place: problem.Place{File: in.table.Name, Line: line}, Meant: meant}.Saying(sentence.Of(format, args...))
}

// tooLong refuses a row by its length.
func (in *input) tooLong(line int, length int64) problem.Problem {
	return in.problem(line, "check for a missing line break or quote", "the row is %d bytes long; at most %d are read", length, maxRow)
}

var replaced = []byte("\uFFFD")

// spoilt refuses a row with bytes that no text has.
func (in *input) spoilt(line int, row []byte) (problem.Problem, bool) {
	if i := bytes.IndexByte(row, 0); i >= 0 {
		p := in.problem(line, "save the file as text again", "a zero byte in the row")
		p.Column = i + 1
		return p, true
	}
	if !utf8.Valid(row) {
		p := in.problem(line, "save the file as UTF-8, or name its encoding", "bytes that are not UTF-8")
		p.Column = invalidAt(row) + 1
		return p, true
	}
	if in.legacy != "" {
		if i := bytes.Index(row, replaced); i >= 0 {
			p := in.problem(line, "save the file as UTF-8, or name its encoding", "bytes that are not %s", in.legacy)
			p.Column = i + 1
			return p, true
		}
	}
	return problem.Problem{}, false
}

func invalidAt(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return 0
}
