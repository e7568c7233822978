package trade

import (
	"bytes"
	"fmt"
	"io"

	"lodestone/internal/problem"
)

// Large files are cut into blocks of whole lines, which workers read at the same time.

// block is some whole lines of a file.
type block struct {
	data   []byte
	line   int // of its first byte
	number int
}

// blockReader cuts a stream at line breaks.
type blockReader struct {
	r    io.Reader
	rest []byte // begun line of the block before
	line int
	rows int
	size int // of the next block: small files take small blocks
	done bool
}

func (in *blockReader) header() ([]byte, error) {
	var b block
	if err := in.fill(&b); err != nil {
		if err == io.EOF {
			return nil, fmt.Errorf("is empty")
		}
		return nil, err
	}
	data := bytes.TrimPrefix(b.data, []byte("\xef\xbb\xbf"))
	head, rest, _ := bytes.Cut(data, []byte{'\n'})
	in.rest = append([]byte(nil), rest...)
	in.line = 2
	return head, nil
}

// fill reads up to a block, without regard to lines.
func (in *blockReader) fill(b *block) error {
	if in.size == 0 {
		in.size = firstBlock
	}
	if cap(b.data) < in.size+maxFlowRow {
		b.data = make([]byte, 0, in.size+maxFlowRow)
	}
	in.size = min(2*in.size, blockSize)
	b.data = append(b.data[:0], in.rest...)
	in.rest = in.rest[:0]
	if in.done {
		if len(b.data) == 0 {
			return io.EOF
		}
		return nil
	}
	have := len(b.data)
	if cap(b.data)-have < in.size/2 {
		b.data = append(make([]byte, 0, have+in.size), b.data...)
	}
	n, err := io.ReadFull(in.r, b.data[have:cap(b.data)])
	b.data = b.data[:have+n]
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		in.done, err = true, nil
	}
	if err == nil && len(b.data) == 0 {
		return io.EOF
	}
	return err
}

// next fills a block with whole lines. A line that is longer than a block is set aside.
func (in *blockReader) next(b *block, r *Reading) error {
	for {
		if err := in.fill(b); err != nil {
			return err
		}
		b.line = in.line
		end := bytes.LastIndexByte(b.data, '\n') + 1
		if in.done {
			end = len(b.data)
		}
		if end == 0 {
			r.Rows++
			r.drop("row too long", problem.Problem{Place: problem.Place{Line: in.line}, Text: fmt.Sprintf("a row longer than %d bytes", maxFlowRow)}, nil)
			if err := in.skipLine(); err != nil {
				return err
			}
			continue
		}
		in.rest = append(in.rest[:0], b.data[end:]...)
		b.data = b.data[:end]
		lines := bytes.Count(b.data, []byte{'\n'})
		in.line += lines
		if in.rows += lines; in.rows > maxFlowRows {
			return fmt.Errorf("more than %d rows", maxFlowRows)
		}
		return nil
	}
}

func (in *blockReader) skipLine() error {
	var b block
	for !in.done {
		if err := in.fill(&b); err != nil {
			return err
		}
		if i := bytes.IndexByte(b.data, '\n'); i >= 0 {
			in.rest = append(in.rest[:0], b.data[i+1:]...)
			in.line++
			return nil
		}
	}
	return io.EOF
}
