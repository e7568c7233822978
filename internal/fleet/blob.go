package fleet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/klauspost/compress/s2"
)

// A blob is a text in a form that takes less room, since rows and answers say the same again and again: a row of pieces, each packed by itself while it is
// still in the processor's cache, with its length before it. The same text, written in the same pieces, always gives the same bytes. The first piece of an
// answer is what was counted in it, so that its rows can be printed one piece after another without the whole of them in memory.

// Bounds of what a blob holds.
const (
	maxBlob  = 1 << 30   // bytes as it is stored
	maxText  = 2 << 30   // bytes of its text
	maxPiece = 256 << 20 // bytes of the text of a piece
	perPiece = 4 << 20   // bytes of the pieces that longer texts are cut into
)

// errDamaged says that a blob is not what its name says.
var errDamaged = errors.New("it is not what was recorded")

// packer packs what is written to it.
type packer struct{ data, block []byte }

var packers = sync.Pool{New: func() any { return new(packer) }}

// pack gives the blob of what is written.
func pack(write func(io.Writer) error) ([]byte, error) {
	p := packers.Get().(*packer)
	defer packers.Put(p)
	p.data = p.data[:0]
	err := write(p)
	return bytes.Clone(p.data), err
}

// packAnswer gives the blob of an answer: the rows that are written, and before them what was counted.
func packAnswer(answer func(rows io.Writer) (counts []byte, err error)) ([]byte, error) {
	p := packers.Get().(*packer)
	defer packers.Put(p)
	p.data = p.data[:0]
	counts, err := answer(p)
	if err != nil {
		return nil, err
	}
	if len(counts) > maxPiece {
		return nil, fmt.Errorf("what is said of its refused rows and open questions takes more than %d bytes; submit it in shards of fewer rows", maxPiece)
	}
	rows := len(p.data)
	p.piece(counts)
	return slices.Concat(p.data[rows:], p.data[:rows]), nil
}

// Write packs a text, as one piece where it is not too long for that.
func (p *packer) Write(text []byte) (int, error) {
	for rest := text; len(rest) > 0; {
		n := min(len(rest), perPiece)
		p.piece(rest[:n])
		rest = rest[n:]
	}
	return len(text), nil
}

func (p *packer) piece(text []byte) {
	if need := s2.MaxEncodedLen(len(text)); cap(p.block) < need {
		p.block = make([]byte, need)
	}
	block := s2.Encode(p.block[:cap(p.block)], text)
	p.data = append(binary.AppendUvarint(p.data, uint64(len(block))), block...)
}

// pieces are those of a blob that are still to come.
type pieces struct {
	data  []byte
	given int // bytes of text so far
}

// next puts the text of the next piece behind a text; io.EOF after the last.
func (p *pieces) next(text []byte) ([]byte, error) {
	if len(p.data) == 0 {
		return text, io.EOF
	}
	size, n := binary.Uvarint(p.data)
	if n <= 0 || size > uint64(len(p.data)-n) {
		return text, errDamaged
	}
	block := p.data[n : n+int(size)]
	p.data = p.data[n+int(size):]
	long, err := s2.DecodedLen(block)
	if err != nil {
		return text, errors.Join(errDamaged, err)
	}
	if p.given += long; long > maxPiece || p.given > maxText {
		return text, fmt.Errorf("it unpacks to more than %d bytes, or a piece of it to more than %d", maxText, maxPiece)
	}
	text = slices.Grow(text, long)
	if _, err := s2.Decode(text[len(text):len(text)+long], block); err != nil {
		return text, errors.Join(errDamaged, err)
	}
	return text[:len(text)+long], nil
}

// unpack gives the whole text of a blob, in space where that is large enough.
func unpack(space, data []byte) (text []byte, err error) {
	text = space[:0]
	for p := (pieces{data: data}); err == nil; {
		text, err = p.next(text)
	}
	if err == io.EOF {
		err = nil
	}
	return text, err
}

// rows are those of an answer, as they are printed.
type rows struct {
	pieces
	space []byte // for the piece at hand
}

// unpackAnswer gives what was counted in an answer, and its rows.
func unpackAnswer(space, data []byte) (counts []byte, r *rows, err error) {
	r = &rows{pieces{data: data}, space}
	if counts, err = r.next(nil); err == io.EOF {
		err = errDamaged
	}
	return counts, r, err
}

// WriteTo writes the rows.
func (r *rows) WriteTo(w io.Writer) (n int64, err error) {
	for {
		r.space, err = r.next(r.space[:0])
		if err == io.EOF {
			return n, nil
		}
		if err == nil {
			_, err = w.Write(r.space)
		}
		if err != nil {
			return n, err
		}
		n += int64(len(r.space))
	}
}
